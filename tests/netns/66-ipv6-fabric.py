#!/usr/bin/env python3
"""Routing over an IPv6 underlay: evpnd's leaves with IPv6 VTEPs behind an evpnd that reflects."""

from types import SimpleNamespace

import lab
import wire
from routed import *
from topo import *
from wire import Capture

EVPN = ("advertise ipv4 unicast", "advertise ipv6 unicast")
D = Tenant("default", 5000, evpn=EVPN, v4=("redistribute kernel",), v6=("redistribute kernel",))
S100 = Subnet(100, D, ("10.1.0.0/24", "fd01::/64"))
S110 = Subnet(110, D, ("10.2.0.0/24", "fd02::/64"))


def setup(l):
    if standin():
        raise lab.Skip("FRR 8.4.4 has no IPv6 VTEPs")
    net = Underlay(l)
    e1, e2, e3 = leaves = [EvpndVtep(l, "e%d" % n, n, net) for n in (1, 2, 3)]
    rr = Evpnd(l, "rr", 100, net)
    rr.start(router(rr, [neighbor(h.ip6, client=True) for h in leaves], vtep=False))
    for h, subnets, style in ((e1, [S100], "made"), (e2, [S100, S110], "made"),
                              (e3, [S110], "adopted")):
        h.local = h.ip6
        start_leaf(h, [rr.ip6], [D], subnets, style=style)
    t = SimpleNamespace(lab=l, rr=rr, e1=e1, e2=e2, e3=e3, leaves=leaves)
    t.a1, t.a2 = Host(l, 11, e1, S100), Host(l, 12, e2, S100)
    t.b2, t.b3 = Host(l, 12, e2, S110), Host(l, 13, e3, S110)
    t.hosts = [t.a1, t.a2, t.b2, t.b3]
    return t


def case_sessions(t):
    """sessions over IPv6 come up; hosts reach their gateways"""
    t.rr.established(*[h.ip6 for h in t.leaves])
    for host in t.hosts:
        host.greet()


def case_host_routes(t):
    """IPv4 and IPv6 hosts are routed through IPv6 VTEPs"""
    for host in t.hosts:
        for leaf in t.leaves:
            if leaf is not host.at:
                for ip in host.addresses():
                    routed(leaf, D, host_route(ip), host.at)


def case_pings(t):
    """every host reaches every other one, over IPv4 and IPv6"""
    mesh(t.hosts)


def case_wire(t):
    """the tunnel's packets are IPv6, in the L3 VNI, to the router MAC"""
    capture = Capture(t.e1.ns, "eth0")
    t.a1.ping(t.b3.ip)
    t.a1.ping(t.b3.ip6)
    seen = {(vni, dst, wire.macs(f)[0]) for vni, dst, f in capture.inner() if wire.is_echo(f)}
    capture.close()
    equal(seen, {(5000, t.e3.ip6, t.e3.ns.link("br5000")["address"])}, "tunnel packets")


def case_type5(t):
    """prefixes of both families, in both directions, with ECMP"""
    for leaf in t.leaves:
        stub(leaf, D, "ext", "192.0.2.%d/32" % leaf.n)
    prefixes = "198.51.100.0/24", "2001:db8:100::/48"
    for leaf in (t.e2, t.e3):
        leaf.ns.batch("ip", ["route add %s dev ext" % p for p in prefixes])
    for p in prefixes:
        routed(t.e1, D, p, t.e2, t.e3)
    t.e2.ns.batch("ip", ["route del %s dev ext" % p for p in prefixes])
    t.e1.ns.batch("ip", ["route add 198.51.%d.0/24 dev ext" % n for n in (101, 102)])
    for p in prefixes:
        routed(t.e1, D, p, t.e3)
        routed(t.e2, D, p, t.e3)
    for leaf in (t.e2, t.e3):
        for n in (101, 102):
            routed(leaf, D, "198.51.%d.0/24" % n, t.e1)


def case_move(t):
    """a host that moves is followed"""
    for to in (t.e2, t.e1):
        t.a1.move(to)
        announce(t.a1)
        for leaf in t.leaves:
            for ip in t.a1.addresses():
                routed(leaf, D, host_route(ip), *([] if leaf is to else [to]))
        mesh(t.hosts)


def case_settled(t):
    """show evpn kernel differing is empty"""
    for h in t.leaves:
        h.settled()


lab.run()

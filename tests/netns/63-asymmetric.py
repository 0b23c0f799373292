#!/usr/bin/env python3
"""Asymmetric IRB: no L3 VNI, the VNIs of a VRF at every leaf, routed where a packet comes in."""

from types import SimpleNamespace

import lab
import wire
from routed import *
from topo import *
from wire import Capture, Pinger

D = Tenant("default")
S100 = Subnet(100, D, ("10.1.0.0/24", "fd01::/64"))
S110 = Subnet(110, D, ("10.2.0.0/24", "fd02::/64"))


def setup(l):
    net = Underlay(l)
    rr = reflector(l, net, ["10.99.0.%d" % n for n in (1, 2, 3)])
    e1 = start_leaf(evpnd_vtep(l, "e1", 1, net), [rr.ip], [D], [S100, S110])
    f2 = start_leaf(FrrVtep(l, "f2", 2, net), [rr.ip], [D], [S100, S110])
    e3 = start_leaf(evpnd_vtep(l, "e3", 3, net), [rr.ip], [D], [S100, S110], style="adopted")
    t = SimpleNamespace(lab=l, rr=rr, e1=e1, f2=f2, e3=e3, leaves=[e1, f2, e3])
    t.a1, t.b2, t.b3 = Host(l, 11, e1, S100), Host(l, 12, f2, S110), Host(l, 13, e3, S110)
    t.a2 = Host(l, 12, f2, S100)
    t.hosts = [t.a1, t.b2, t.b3, t.a2]
    return t


def case_sessions(t):
    """sessions come up; hosts reach their gateways"""
    t.rr.established(*[h.ip for h in t.leaves])
    for host in t.hosts:
        host.greet()


def neighbour(leaf, host, ip):
    """Whether a remote host is a neighbour of the leaf's SVI, behind its own leaf."""
    rows = [r for r in kernel(leaf).neighbours(host.subnet.bridge) if r["ip"] == ip]
    return rows and rows[0]["mac"] == host.mac and rows[0]["state"] == "NOARP" and \
        leaf.remote(host.mac, host.at.ip, host.subnet.vni)


def case_neighbours(t):
    """remote hosts are neighbours of the SVIs"""
    for host in t.hosts:
        for leaf in t.leaves:
            if leaf is not host.at:
                for ip in host.addresses():
                    wait_for("%s: neighbour %s" % (leaf.name, ip),
                             lambda: neighbour(leaf, host, ip))


def case_no_routes(t):
    """there are no host routes, and the type 2 routes have one label and no Router's MAC"""
    for leaf in t.leaves:
        mine = [r for r in routes(leaf, D) if r["dst"].startswith(("10.", "fd0"))]
        equal(mine, [], "routes at " + leaf.name)
    for key, paths in t.rr.routes(2).items():
        expect("Rmac" not in str(paths), "%s has a Router's MAC: %s" % (key, paths))


def case_pings(t):
    """every host reaches every other one, over IPv4 and IPv6"""
    mesh(t.hosts)


def case_ingress(t):
    """a packet crosses the fabric in the VNI of its destination, from the gateway's MAC"""
    capture = Capture(t.e1.ns, "eth0")
    t.a1.ping(t.b2.ip)
    t.a1.ping(t.b2.ip6)
    echoes = [(vni, dst, *wire.macs(f)) for vni, dst, f in capture.inner()
              if wire.is_echo(f) and f[6:12].hex(":") == ANYCAST]
    replies = {vni for vni, dst, f in capture.inner() if dst == t.e1.ip and not wire.is_echo(f)
               and wire.macs(f)[0] == t.a1.mac}
    capture.close()
    equal(set(echoes), {(110, t.f2.ip, t.b2.mac, ANYCAST)}, "requests")
    equal(replies, {100}, "VNIs of the replies")


def case_move(t):
    """a host that moves is reached through its new leaf, from every subnet"""
    gaps = []
    for to in (t.e3, t.f2, t.e1, t.e3):
        ping = Pinger(t.b2, t.a1.ip, interval=0.01)
        ping.more(20)
        t.a1.move(to)
        announce(t.a1)
        ping.more(50)
        gap, _ = ping.end()
        gaps.append("%s %.0f ms" % (to.name, gap))
        expect(to.kind == "frr" or gap < 1000 * lab.slow(), "gaps: " + ", ".join(gaps))
        t.a1.greet()
        for leaf in t.leaves:
            if leaf is not to:
                for ip in t.a1.addresses():
                    wait_for("%s: neighbour %s behind %s" % (leaf.name, ip, to.name),
                             lambda: neighbour(leaf, t.a1, ip))
    mesh(t.hosts)
    return ", ".join(gaps)


def case_settled(t):
    """show evpn kernel differing is empty"""
    if standin():
        raise lab.Skip("FRR stands in")
    t.e1.settled()
    t.e3.settled()


lab.run()

#!/usr/bin/env python3
"""Routing in the default VRF, which needs no device: symmetric IRB, type 5; evpnd and FRR."""

import re
from types import SimpleNamespace

import lab
import shape
from routed import *
from topo import *

D = Tenant("default", 5000, evpn=("advertise ipv4 unicast", "advertise ipv6 unicast"),
           v4=("redistribute kernel",), v6=("redistribute kernel",))
S100 = Subnet(100, D, ("10.1.0.0/24", "fd01::/64"))
S110 = Subnet(110, D, ("10.2.0.0/24", "fd02::/64"))
S120 = Subnet(120, D, ("10.3.0.0/24", "fd03::/64"))


def setup(l):
    """e1 has VNIs 100 and 120, f2 100 and 110, e3 120: none is everywhere."""
    net = Underlay(l)
    rr = reflector(l, net, ["10.99.0.%d" % n for n in (1, 2, 3)])
    e1 = start_leaf(evpnd_vtep(l, "e1", 1, net), [rr.ip], [D], [S100, S120])
    f2 = start_leaf(FrrVtep(l, "f2", 2, net), [rr.ip], [D], [S100, S110])
    e3 = start_leaf(evpnd_vtep(l, "e3", 3, net), [rr.ip], [D], [S120], style="adopted")
    t = SimpleNamespace(lab=l, rr=rr, e1=e1, f2=f2, e3=e3, leaves=[e1, f2, e3])
    t.a1, t.a2 = Host(l, 11, e1, S100), Host(l, 12, f2, S100)
    t.b2 = Host(l, 12, f2, S110)
    t.c1, t.c3 = Host(l, 11, e1, S120), Host(l, 13, e3, S120)
    t.hosts = [t.a1, t.a2, t.b2, t.c1, t.c3]
    return t


def case_sessions(t):
    """sessions come up; hosts reach their gateways"""
    t.rr.established(*[h.ip for h in t.leaves])
    for host in t.hosts:
        host.greet()


def two_labels(t, host):
    """The paths of a host's MAC/IP route at the reflector."""
    key = [k for k in t.rr.routes(2) if "[%s]" % host.mac in k[1] and "[%s]" % host.ip in k[1]]
    return t.rr.routes(2)[key[0]][0]["extendedCommunity"]["string"]


def case_type2(t):
    """MAC/IP routes carry both route targets and the Router's MAC"""
    for host in t.hosts:
        text = wait_for("reflector: route of %s" % host.name, lambda: two_labels(t, host),
                        until=lambda s: "Rmac" in s)
        for part in ("ET:8", "RT:65000:%d" % host.subnet.vni, "RT:65000:5000", "Rmac:"):
            expect(part in text, "%s: no %s in %s" % (host.name, part, text))


def case_host_routes(t):
    """every leaf has the remote hosts as /32 and /128 through the L3 VNI"""
    for host in t.hosts:
        for leaf in t.leaves:
            if leaf is not host.at:
                for ip in host.addresses():
                    routed(leaf, D, host_route(ip), host.at)


def case_local_hosts(t):
    """no leaf has a route for a host of its own"""
    for host in t.hosts:
        for ip in host.addresses():
            equal(routes(host.at, D, host_route(ip)), [], "route for %s at %s" % (ip, host.at.name))


def case_pings(t):
    """every host reaches every other one, over IPv4 and IPv6"""
    mesh(t.hosts)


# Commands whose documents at e1 and f2 have the same keys and types, and lines of their texts.
SHOWS = ["show evpn", "show evpn vni", "show evpn vni 5000", "show evpn vni 100",
         "show evpn rmac vni 5000", "show evpn rmac vni all", "show evpn next-hops vni 5000",
         "show evpn next-hops vni all", "show vrf vni", "show bgp l2vpn evpn vni",
         "show bgp l2vpn evpn vni 5000", "show bgp l2vpn evpn vni 100",
         "show bgp l2vpn evpn route type 2", "show bgp l2vpn evpn route"]


def case_shows(t):
    """the shows have FRR's keys and types"""
    wrong = []
    for command in SHOWS:
        command = command[5:]
        for d in shape.compare(t.f2.show(command), t.e1.show(command)):
            wrong.append("%s: %s" % (command, d))
    expect(not wrong, "%d differences: %s" % (len(wrong), "; ".join(wrong)))


def case_texts(t):
    """the texts have FRR's headings"""
    wrong = []
    for command in ("show evpn vni 5000", "show evpn rmac vni 5000", "show vrf vni",
                    "show evpn next-hops vni 5000", "show bgp l2vpn evpn vni 5000"):
        want = [words(x) for x in t.f2.text(command).splitlines()]
        have = [words(x) for x in t.e1.text(command).splitlines()]
        wrong += ["%s: %s" % (command, " ".join(x)) for x in want if x not in have]
    expect(not wrong, "missing: " + "; ".join(wrong))


def words(line):
    """What a line says of itself: a title, or headings without what differs between two hosts."""
    if re.match(r" *[\w-][\w -]*: ", line):
        return line.split(":")[0].split()
    return [w for w in line.split() if not any(c.isdigit() for c in w) and w.count(":") < 2]


def case_type5(t):
    """a kernel route of one leaf is a prefix at the others, and goes with it"""
    for n, leaf in enumerate(t.leaves):
        stub(leaf, D, "ext", "192.0.2.%d/32" % leaf.n)
        v4, v6 = "198.51.%d.0/24" % leaf.n, "2001:db8:%d::/48" % leaf.n
        leaf.ns.batch("ip", ["route add %s dev ext" % v4, "route add %s dev ext" % v6])
        others = [o for o in t.leaves if o is not leaf]
        for o in others:
            for prefix in (v4, v6):
                routed(o, D, prefix, leaf)
        leaf.ns.batch("ip", ["route del %s dev ext" % v4, "route del %s dev ext" % v6])
        for o in others:
            for prefix in (v4, v6):
                routed(o, D, prefix)


def case_import(t):
    """an import target that is all that changes takes effect at once, not with the next event"""
    if standin():
        raise lab.Skip("FRR stands in")
    where = ("router bgp 65000", "address-family l2vpn evpn")
    t.e3.configure(*where, "route-target import 65000:888")
    wait_for("no host route", lambda: not routed_there(t.e3, t.a1.ip))
    t.e3.settled()
    t.e3.configure(*where, "route-target import 65000:5000")
    wait_for("host route", lambda: routed_there(t.e3, t.a1.ip), 1)
    t.e3.configure(*where, "no route-target import 65000:888", "no route-target import 65000:5000")
    t.c3.reaches(t.a1.ip)


def routed_there(leaf, ip):
    return ip in leaf.ns.run("ip route show %s" % ip)


def case_settled(t):
    """show evpn kernel differing is empty"""
    if standin():
        raise lab.Skip("FRR stands in")
    t.e1.settled()
    t.e3.settled()


lab.run()

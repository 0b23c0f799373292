#!/usr/bin/env python3
"""Symmetric IRB with two tenants whose addresses overlap: evpnd and FRR behind FRR's reflector."""

from types import SimpleNamespace

import lab
import wire
from routed import *
from topo import *
from wire import Capture

needs = {"vrf"}

LINES = {"evpn": ("advertise ipv4 unicast",), "v4": ("redistribute kernel",)}
RED, BLUE = Tenant("red", 5001, 1001, **LINES), Tenant("blue", 5002, 1002, **LINES)
R100 = Subnet(100, RED, ("10.1.0.0/24", "fd01::/64"))
R110 = Subnet(110, RED, ("10.2.0.0/24", "fd02::/64"))
R120 = Subnet(120, RED, ("10.3.0.0/24", "fd03::/64"))
# blue has red's prefixes, the other way round, and one of its own
B200 = Subnet(200, BLUE, ("10.1.0.0/24", "fd01::/64"))
B210 = Subnet(210, BLUE, ("10.2.0.0/24", "fd02::/64"))
B220 = Subnet(220, BLUE, ("10.9.0.0/24", "fd09::/64"))


def setup(l):
    """Each VNI but 100 is at one leaf only."""
    net = Underlay(l)
    rr = reflector(l, net, ["10.99.0.%d" % n for n in (1, 2, 3)])
    e1 = start_leaf(evpnd_vtep(l, "e1", 1, net), [rr.ip], [RED, BLUE], [R100, B210])
    f2 = start_leaf(FrrVtep(l, "f2", 2, net), [rr.ip], [RED, BLUE], [R100, R110, B200])
    e3 = start_leaf(evpnd_vtep(l, "e3", 3, net), [rr.ip], [RED, BLUE], [R120, B220],
                    style="adopted")
    t = SimpleNamespace(lab=l, rr=rr, e1=e1, f2=f2, e3=e3, leaves=[e1, f2, e3])
    t.r1, t.r2, t.r3 = Host(l, 11, e1, R100), Host(l, 12, f2, R110), Host(l, 13, e3, R120)
    t.b1, t.b2, t.b3 = Host(l, 12, e1, B210), Host(l, 11, f2, B200), Host(l, 13, e3, B220)
    t.red, t.blue = [t.r1, t.r2, t.r3], [t.b1, t.b2, t.b3]
    return t


def case_sessions(t):
    """sessions come up; hosts reach their gateways"""
    t.rr.established(*[h.ip for h in t.leaves])
    for host in t.red + t.blue:
        host.greet()


def case_host_routes(t):
    """each VRF has its own tenant's remote hosts, through its own L3 VNI"""
    for host in t.red + t.blue:
        for leaf in t.leaves:
            if leaf is not host.at:
                for ip in host.addresses():
                    routed(leaf, host.subnet.tenant, host_route(ip), host.at)


def case_tables(t):
    """no table has a host of the other tenant"""
    for leaf in t.leaves:
        for tenant, hosts in ((RED, t.red), (BLUE, t.blue)):
            wanted = {host_route(ip) for h in hosts if h.at is not leaf for ip in h.addresses()}
            have = {r["dst"] for r in routes(leaf, tenant)
                    if any(dev == "br%d" % tenant.l3 for _, dev, _ in r["hops"])}
            equal(have, wanted, "routes of %s at %s through the L3 VNI" % (tenant.name, leaf.name))


def case_pings(t):
    """the hosts of a tenant reach each other, over IPv4 and IPv6"""
    mesh(t.red)
    mesh(t.blue)


def case_overlap(t):
    """of two hosts with the same address the one of the own tenant answers"""
    equal((t.r1.ip, t.r2.ip6), (t.b2.ip, t.b1.ip6), "addresses")
    for asking, right, wrong in ((t.r3, t.r1, t.b2), (t.b3, t.b2, t.r1), (t.r3, t.r2, t.b1),
                                 (t.b3, t.b1, t.r2), (t.r1, t.r2, t.b1), (t.b1, t.b2, t.r1)):
        for ip in right.addresses():
            captures = [Capture(h.ns, "eth0") for h in (right, wrong)]
            asking.ping(ip, count=2)
            seen = [sum(wire.is_echo(f) for f in c.frames()) for c in captures]
            for c in captures:
                c.close()
            equal(seen, [2, 0], "echo requests of %s at %s and %s" %
                  (asking.name, right.name, wrong.name))


def case_isolation(t):
    """nobody answers a host of the other tenant"""
    for asking, ip in ((t.r1, t.b3.ip), (t.b1, t.r3.ip), (t.r2, t.b3.ip6), (t.b2, t.r3.ip6)):
        expect(asking.fails(ip), "%s reaches %s" % (asking.name, ip))


def case_values(t):
    """the shows tell what the kernel has"""
    for leaf in t.leaves:
        links = kernel(leaf).links()
        vrfs = {r["vrf"]: r for r in leaf.show("vrf vni")["vrfs"]}
        macs, hops = leaf.show("evpn rmac vni all"), leaf.show("evpn next-hops vni all")
        for tenant in (RED, BLUE):
            row, svi = vrfs[tenant.name], "br%d" % tenant.l3
            equal((row["vni"], row["vxlanIntf"], row["sviIntf"], row["state"], row["routerMac"]),
                  (tenant.l3, "vxlan%d" % tenant.l3, svi, "Up", links[svi]["mac"]),
                  "row of %s at %s" % (tenant.name, leaf.name))
            wanted = {(rmac(leaf, tenant, o.ip), o.ip) for o in t.leaves if o is not leaf}
            have = {(m["routerMac"], m["vtepIp"]) for m in rows_of(macs, tenant)}
            equal(have, wanted, "router MACs of %s at %s" % (tenant.name, leaf.name))
            have = {(x["routerMac"], plain(x["nexthopIp"])) for x in rows_of(hops, tenant)}
            equal(have, wanted, "next hops of %s at %s" % (tenant.name, leaf.name))


def rows_of(doc, tenant):
    """The rows of a tenant's L3 VNI in a document about all of them."""
    return [r for r in doc[str(tenant.l3)].values() if isinstance(r, dict)]


def case_type5(t):
    """the same prefixes in both tenants, each to its own leaf"""
    for n, leaf in enumerate(t.leaves):
        stub(leaf, RED, "xr", "192.0.2.%d/32" % leaf.n)
        stub(leaf, BLUE, "xb", "192.0.2.%d/32" % leaf.n)
        leaf.ns.batch("ip", ["route add 172.16.%d.0/24 vrf red dev xr" % n,
                             "route add 172.16.%d.0/24 vrf blue dev xb" % ((n + 1) % 3)])
    for n, leaf in enumerate(t.leaves):
        for o in t.leaves:
            if o is not leaf:
                routed(o, RED, "172.16.%d.0/24" % n, leaf)
                routed(o, BLUE, "172.16.%d.0/24" % ((n + 1) % 3), leaf)


def both(leaf, tenant, *more):
    """Has a tenant of a leaf import the routes of both."""
    leaf.configure("router bgp 65000 vrf " + tenant.name, "address-family l2vpn evpn",
                   "route-target import 65000:5001", "route-target import 65000:5002", *more)


def case_leak(t):
    """a tenant that imports another one's route target reaches it through that one's L3 VNI"""
    if standin():
        raise lab.Skip("FRR 8.4.4 cannot")
    t.e1.ns.batch("ip", ["addr add 172.20.0.1/32 dev xb",
                         "route add 172.20.0.0/24 vrf blue dev xb"])
    both(t.e3, RED)
    both(t.e1, BLUE)
    wait_for("e3: blue's prefix in red", lambda: leaked(t.e3, RED, "172.20.0.0/24"),
             until=lambda hops: hops == [(t.e1.ip, "br5002")])
    wait_for("e1: red's host in blue", lambda: leaked(t.e1, BLUE, host_route(t.r3.ip)),
             until=lambda hops: hops == [(t.e3.ip, "br5001")])
    t.r3.reaches("172.20.0.1")
    expect(t.r2.fails("172.20.0.1"), "r2 reaches blue's prefix, and its leaf does not import it")


def leaked(leaf, tenant, prefix):
    return [h[:2] for r in routes(leaf, tenant, prefix) for h in r["hops"]]


def case_leak_here(t):
    """the same for two tenants of one leaf: the kernel's route is copied"""
    if standin():
        raise lab.Skip("FRR 8.4.4 cannot")
    both(t.e3, BLUE)
    for tenant in (RED, BLUE):
        t.e3.configure("router bgp 65000 vrf " + tenant.name, "address-family ipv4 unicast",
                       "redistribute connected")
    wait_for("blue's subnet in red", lambda: leaked(t.e3, RED, "10.9.0.0/24"),
             until=lambda hops: hops == [(None, "br220")])
    wait_for("red's subnet in blue", lambda: leaked(t.e3, BLUE, "10.3.0.0/24"),
             until=lambda hops: hops == [(None, "br120")])
    t.r3.reaches(t.b3.ip)
    for tenant in (RED, BLUE):
        t.e3.configure("router bgp 65000 vrf " + tenant.name, "address-family ipv4 unicast",
                       "no redistribute connected")
    wait_for("blue's subnet is not in red", lambda: not leaked(t.e3, RED, "10.9.0.0/24"))
    wait_for("red's subnet is not in blue", lambda: not leaked(t.e3, BLUE, "10.3.0.0/24"))
    for leaf, tenant in ((t.e3, RED), (t.e3, BLUE), (t.e1, BLUE)):
        leaf.configure("router bgp 65000 vrf " + tenant.name, "address-family l2vpn evpn",
                       "no route-target import 65000:5001", "no route-target import 65000:5002")
    wait_for("e3: nothing of blue in red", lambda: not leaked(t.e3, RED, "172.20.0.0/24"))
    routed(t.e3, RED, host_route(t.r1.ip), t.e1)


def case_goes(t):
    """a host that goes takes its routes along"""
    t.r2.at.ns.run("ip link set %s down" % t.r2.port)
    t.b1.at.ns.run("ip link set %s down" % t.b1.port)
    for host in (t.r2, t.b1):
        for leaf in t.leaves:
            if leaf is not host.at:
                for ip in host.addresses():
                    routed(leaf, host.subnet.tenant, host_route(ip), limit=30)
    for host in (t.r2, t.b1):
        host.at.ns.run("ip link set %s up" % host.port)
        host.greet()
    mesh([t.r1, t.r2])
    mesh([t.b1, t.b2])


def case_settled(t):
    """show evpn kernel differing is empty"""
    if standin():
        raise lab.Skip("FRR stands in")
    t.e1.settled()
    t.e3.settled()


lab.run()

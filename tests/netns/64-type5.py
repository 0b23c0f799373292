#!/usr/bin/env python3
"""Type 5 routes both ways, in the default VRF: evpnd and FRR, and a speaker of our own."""

import re
from types import SimpleNamespace

import lab
import speaker as bgp
import wire
from routed import *
from speaker import Raw, common, reach, type2, type5, update, unreach
from topo import *
from wire import Capture, Pinger

EVPN = ("advertise ipv4 unicast", "advertise ipv6 unicast")
REDISTRIBUTE = ("redistribute connected", "redistribute kernel", "redistribute static",
                "maximum-paths ibgp 4")
D = Tenant("default", 5000, evpn=EVPN, v4=REDISTRIBUTE, v6=REDISTRIBUTE)
S100 = Subnet(100, D, ("10.1.0.0/24", "fd01::/64"))
S110 = Subnet(110, D, ("10.2.0.0/24", "fd02::/64"))


def setup(l):
    """e1 has hosts; f2 and e3 the networks; x is the speaker, of no VNI."""
    net = Underlay(l)
    x = Node(l, "x", 4, net)
    rr = reflector(l, net, ["10.99.0.%d" % n for n in (1, 2, 3)])
    # FRR 8.4.4 forgets the gateway IP of a route that has a Router's MAC as well, as it sends them
    # itself, also when it reflects: f2 talks to the others directly, too.
    peers = [rr.ip, "10.99.0.2", neighbor(x.ip, extra=["passive"])]
    e1 = start_leaf(evpnd_vtep(l, "e1", 1, net), peers, [D], [S100])
    f2 = start_leaf(FrrVtep(l, "f2", 2, net), [rr.ip, "10.99.0.1", "10.99.0.3"], [D], [S100, S110])
    e3 = start_leaf(evpnd_vtep(l, "e3", 3, net), peers, [D], [S110])
    t = SimpleNamespace(lab=l, rr=rr, e1=e1, f2=f2, e3=e3, x=x, leaves=[e1, f2, e3])
    t.a1, t.a2 = Host(l, 11, e1, S100), Host(l, 12, f2, S100)
    t.b3 = Host(l, 13, e3, S110)
    t.hosts = [t.a1, t.a2, t.b3]
    rr.established(*[h.ip for h in t.leaves])
    for host in t.hosts:
        host.greet()
    for leaf in t.leaves:
        stub(leaf, D, "ext", "192.0.2.%d/32" % leaf.n)
    return t


def prefixes(t, *parts):
    """Type 5 routes at the reflector: {(VTEP, prefix)}."""
    out = set()
    for (_, key), paths in t.rr.routes(5).items():
        length, ip = re.fullmatch(r"\[5\]:\[\d+\]:\[(\d+)\]:\[(.*)\]", key).groups()
        if all(p in key for p in parts):
            out.add((paths[0]["nexthops"][0]["ip"], "%s/%s" % (ip, length)))
    return out


def both(leaf, verb, prefix, hop="dev ext"):
    leaf.ns.run("ip route %s %s %s" % (verb, prefix, hop))


def case_kernel(t):
    """routes of the kernel are prefixes at the other leaves, within a second, and go likewise"""
    times = []
    for leaf in t.leaves:
        other = t.e3 if leaf is not t.e3 else t.e1
        for prefix in ("198.51.%d.0/24" % leaf.n, "2001:db8:%d::/48" % leaf.n):
            for verb, wanted in (("add", [leaf.ip]), ("del", [])):
                both(leaf, verb, prefix)
                times.append(wire.stopwatch(lambda: via(other, D, prefix) == wanted,
                                            5 * lab.slow()))
                for o in t.leaves:
                    if o is not leaf:
                        routed(o, D, prefix, *wanted)
                expect(leaf.kind == "frr" or times[-1] < 1000 * lab.slow(),
                       "%s of %s at %s: %.0f ms" % (verb, prefix, leaf.name, times[-1]))
    return "%.0f ms at most" % max(times)


def case_protocols(t):
    """static and boot routes are redistributed, connected ones are too; link-local ones are not"""
    t.e1.ns.batch("ip", ["route add 198.18.1.0/24 dev ext proto static",
                         "route add 198.18.2.0/24 dev ext proto boot",
                         "addr add 198.18.3.1/24 dev ext"])
    for n in (1, 2, 3):
        routed(t.f2, D, "198.18.%d.0/24" % n, t.e1)
        routed(t.e3, D, "198.18.%d.0/24" % n, t.e1)
    wrong = [p for p in prefixes(t) if p[1].startswith(("fe80", "ff", "127.", "::1/", "169.254."))]
    expect(not wrong, "advertised: %s" % wrong)
    t.e1.ns.batch("ip", ["route del 198.18.1.0/24 dev ext proto static",
                         "route del 198.18.2.0/24 dev ext proto boot",
                         "addr del 198.18.3.1/24 dev ext"])
    for n in (1, 2, 3):
        routed(t.f2, D, "198.18.%d.0/24" % n)
        routed(t.e3, D, "198.18.%d.0/24" % n)


def case_loopback(t):
    """a prefix of full length, as of a loopback address at FRR"""
    for leaf in (t.e1, t.e3):
        routed(leaf, D, "192.0.2.2/32", t.f2)


def case_attributes(t):
    """evpnd's routes have FRR's attributes: ET, RT, Router's MAC, label, MED, origin"""
    for leaf in (t.f2, t.e1):
        both(leaf, "add", "198.51.100.0/24")
    keys = wait_for("both routes", lambda: t.rr.has("[24]:[198.51.100.0]", kind=5),
                    until=lambda ks: len(ks) == 2)
    docs = {}
    for key in keys:
        path = t.rr.routes(5)[key][0]
        docs[path["nexthops"][0]["ip"]] = path
    one, two = docs[t.e1.ip], docs[t.f2.ip]
    for word in ("metric", "locPrf", "origin", "path", "ethTag", "ipLen", "ip"):
        equal(one.get(word), two.get(word), word)
    for leaf, path in ((t.e1, one), (t.f2, two)):
        mac = leaf.ns.link("br5000")["address"]
        equal(sorted(path["extendedCommunity"]["string"].split()),
              sorted(["ET:8", "RT:65000:5000", "Rmac:" + mac]), "communities of " + leaf.name)
    for leaf in (t.f2, t.e1):
        both(leaf, "del", "198.51.100.0/24")


def case_network(t):
    """network advertises a prefix while the kernel has exactly that one"""
    unicast = ["router bgp 65000", "address-family ipv4 unicast"]
    for word in REDISTRIBUTE[:3]:
        t.e1.configure(*unicast, "no " + word)
    t.e1.configure(*unicast, "network 203.0.113.0/24")
    both(t.e1, "add", "203.0.113.0/25")
    t.e3.ns.run("true")
    expect(not prefixes(t, "[203.0.113.0]"), "advertised: %s" % prefixes(t, "[203.0.113.0]"))
    both(t.e1, "add", "203.0.113.0/24")
    for o in (t.f2, t.e3):
        routed(o, D, "203.0.113.0/24", t.e1)
    both(t.e1, "del", "203.0.113.0/24")
    for o in (t.f2, t.e3):
        routed(o, D, "203.0.113.0/24")
    equal(prefixes(t, "[203.0.113.0]"), set(), "what is advertised")
    both(t.e1, "del", "203.0.113.0/25")
    t.e1.configure(*unicast, "no network 203.0.113.0/24")
    for word in REDISTRIBUTE[:3]:
        t.e1.configure(*unicast, word)


def case_default(t):
    """default-originate, at evpnd and at FRR, for both families"""
    for leaf in (t.e1, t.f2):
        evpn = ["router bgp 65000", "address-family l2vpn evpn"]
        others = [o for o in t.leaves if o is not leaf]
        for word, prefix in (("ipv4", "0.0.0.0/0"), ("ipv6", "::/0")):
            leaf.configure(*evpn, "default-originate " + word)
            for o in others:
                routed(o, D, prefix, leaf)
        asking = t.b3
        both(leaf, "add", "100.64.0.0/10")
        asking.reaches("192.0.2.%d" % leaf.n)
        both(leaf, "del", "100.64.0.0/10")
        for word, prefix in (("ipv4", "0.0.0.0/0"), ("ipv6", "::/0")):
            leaf.configure(*evpn, "no default-originate " + word)
            for o in others:
                routed(o, D, prefix)


def case_ecmp(t):
    """a prefix of two leaves is one nexthop group; traffic goes on when one of them goes"""
    v4, v6 = "198.51.100.0/24", "2001:db8:100::/48"
    for leaf in (t.f2, t.e3):
        leaf.ns.batch("ip", ["addr add 198.51.100.1/24 dev ext",
                             "addr add 2001:db8:100::1/48 dev ext nodad"])
    for prefix in (v4, v6):
        routed(t.e1, D, prefix, t.f2, t.e3)
        row = routes(t.e1, D, prefix)
        equal(len(row), 1, "routes for " + prefix)
        group = kernel(t.e1).nexthops()[row[0]["nhid"]]
        equal(len(group["members"]), 2, "members of nexthop %d" % row[0]["nhid"])
    pings = [Pinger(t.a1, ip, interval=0.01) for ip in ("198.51.100.1", "2001:db8:100::1")]
    gaps = []
    for gone, left in ((t.f2, t.e3), (t.e3, t.f2)):
        for p in pings:
            p.more(20)
        delete = ["addr del 198.51.100.1/24 dev ext", "addr del 2001:db8:100::1/48 dev ext"]
        gone.ns.batch("ip", delete)
        for prefix in (v4, v6):
            routed(t.e1, D, prefix, left)
        for p in pings:
            p.more(20)
        gone.ns.batch("ip", ["addr add 198.51.100.1/24 dev ext",
                             "addr add 2001:db8:100::1/48 dev ext nodad"])
        for prefix in (v4, v6):
            routed(t.e1, D, prefix, t.f2, t.e3)
    for p in pings:
        gap, lost = p.end()
        gaps.append("%.0f ms" % gap)
        expect(gap < 1500 * lab.slow(), "gap of %.0f ms, %d lost" % (gap, lost))
    for leaf in (t.f2, t.e3):
        leaf.ns.batch("ip", delete)
    for prefix in (v4, v6):
        routed(t.e1, D, prefix)
    return "gaps " + ", ".join(gaps)


def case_not_back(t):
    """what was learned is not advertised again"""
    both(t.f2, "add", "198.51.100.0/24")
    both(t.e3, "add", "2001:db8:100::/48")
    routed(t.e1, D, "198.51.100.0/24", t.f2)
    routed(t.e1, D, "2001:db8:100::/48", t.e3)
    routed(t.e3, D, "198.51.100.0/24", t.f2)
    routed(t.f2, D, "2001:db8:100::/48", t.e3)
    t.e1.ns.run("ip route add 198.51.101.0/24 dev ext")  # and this round has been walked
    routed(t.e3, D, "198.51.101.0/24", t.e1)
    routed(t.f2, D, "198.51.101.0/24", t.e1)
    equal(prefixes(t, "[198.51.100.0]"), {(t.f2.ip, "198.51.100.0/24")}, "advertised by")
    equal(prefixes(t, "[2001:db8:100::]"), {(t.e3.ip, "2001:db8:100::/48")}, "advertised by")
    hosts = {p for p in prefixes(t) if p[1] in {host_route(ip) for h in t.hosts
                                                for ip in h.addresses()}}
    equal(hosts, set(), "host routes advertised as type 5")
    for leaf, prefix in ((t.f2, "198.51.100.0/24"), (t.e3, "2001:db8:100::/48"),
                         (t.e1, "198.51.101.0/24")):
        both(leaf, "del", prefix)


def case_kernel_first(t):
    """a route of the kernel's own for the same prefix stays, and ours comes when it goes"""
    both(t.e1, "add", "198.51.100.0/24")
    both(t.f2, "add", "198.51.100.0/24")
    routed(t.e3, D, "198.51.100.0/24", t.e1, t.f2)
    equal(via(t.e1, D, "198.51.100.0/24"), [], "route by EVPN besides the kernel's own")
    both(t.e1, "del", "198.51.100.0/24")
    routed(t.e1, D, "198.51.100.0/24", t.f2)
    both(t.f2, "del", "198.51.100.0/24")
    routed(t.e1, D, "198.51.100.0/24")


def case_more_specific(t):
    """the longer prefix takes the traffic, also against a host route's subnet"""
    both(t.f2, "add", "198.51.100.0/24")
    t.e3.ns.run("ip addr add 198.51.100.129/25 dev ext")
    routed(t.e1, D, "198.51.100.0/24", t.f2)
    routed(t.e1, D, "198.51.100.128/25", t.e3)
    t.a1.reaches("198.51.100.129")
    t.e3.ns.run("ip addr del 198.51.100.129/25 dev ext")
    both(t.f2, "del", "198.51.100.0/24")
    routed(t.e1, D, "198.51.100.0/24")


def overlay(leaf, prefix, gateway, dev):
    """Waits for a route through a gateway on a device of the leaf."""
    wait_for("%s: %s via %s on %s" % (leaf.name, prefix, gateway, dev),
             lambda: [r["hops"] for r in routes(leaf, D, prefix)],
             until=lambda rows: rows and all(h[:2] == (gateway, dev) for h in rows[0]))


def case_gateway_ip(t):
    """FRR's routes with a gateway IP are resolved through the host that has it"""
    t.f2.configure("router bgp 65000", "address-family l2vpn evpn",
                   "no advertise ipv4 unicast", "advertise ipv4 unicast gateway-ip")
    t.a2.ns.batch("ip", ["link add lo1 type veth peer name lo2", "link set lo1 up",
                         "link set lo2 up", "addr add 198.51.100.1/24 dev lo1"])
    both(t.f2, "add", "198.51.100.0/24", "via " + t.a2.ip)
    if not standin():
        overlay(t.e1, "198.51.100.0/24", t.a2.ip, "br100")
    # VNI 100 is not at e3: through the host route of the gateway
    routed(t.e3, D, "198.51.100.0/24", t.f2)
    t.a1.reaches("198.51.100.1")
    t.b3.reaches("198.51.100.1")
    both(t.f2, "del", "198.51.100.0/24", "via " + t.a2.ip)
    routed(t.e1, D, "198.51.100.0/24")
    t.f2.configure("router bgp 65000", "address-family l2vpn evpn",
                   "no advertise ipv4 unicast", "advertise ipv4 unicast")
    both(t.f2, "add", "198.51.100.0/24")
    routed(t.e1, D, "198.51.100.0/24", t.f2)
    both(t.f2, "del", "198.51.100.0/24")
    routed(t.e1, D, "198.51.100.0/24")


RMAC = "02:ff:00:00:00:04"


def communities(*more):
    return bgp.rt(65000, 5000) + bgp.encapsulation() + b"".join(more)


def speak(t):
    """The speaker's session with e1."""
    if standin():
        raise lab.Skip("FRR stands in")
    if not hasattr(t, "raw"):
        t.raw = Raw(t.x, t.e1.ip)
        t.rd = bgp.rd(t.x.ip, 9)
    return t.raw


def case_overlay_later(t):
    """a gateway IP that nobody has is waited for, and one that goes takes the route along"""
    raw = speak(t)
    nlri = type5(t.rd, "198.51.100.0/24", 5000, "10.1.0.77")
    raw.send(update(common(communities()), reach(t.x.ip, nlri)))
    wait_for("route of x", lambda: t.e1.has("[198.51.100.0]", kind=5))
    equal(routes(t.e1, D, "198.51.100.0/24"), [], "route without its gateway")
    host = Host(t.lab, 77, t.e1, S100)
    host.greet()
    overlay(t.e1, "198.51.100.0/24", "10.1.0.77", "br100")
    host.at.ns.run("ip link set %s down" % host.port)
    wait_for("the route goes", lambda: not routes(t.e1, D, "198.51.100.0/24"))
    raw.send(update(unreach(nlri)))


def case_interfaceful(t):
    """
    a route with neither gateway nor label goes through the EVI that has its Router's MAC; FRR's
    default route of that kind through the L3 VNI
    """
    raw = speak(t)
    mac = type2(bgp.rd(t.x.ip, 8), RMAC, 100)
    nlri = type5(t.rd, "198.51.100.0/24")
    default = type5(t.rd, "0.0.0.0/0")
    raw.send(update(common(communities(bgp.router_mac(RMAC))), reach(t.x.ip, nlri, default)))
    routed(t.e1, D, "0.0.0.0/0", t.x)
    equal(routes(t.e1, D, "198.51.100.0/24"), [], "route without its interface")
    raw.send(update(unreach(default)))
    raw.send(update(common(), reach(t.x.ip, mac)))
    overlay(t.e1, "198.51.100.0/24", t.x.ip, "br100")
    capture = Capture(t.e1.ns, "eth0")
    t.a1.fails("198.51.100.1")
    wait_for("a packet to x in VNI 100", lambda: [
        1 for vni, dst, f in capture.inner() if (vni, dst) == (100, t.x.ip) and
        wire.macs(f) == (RMAC, ANYCAST)])
    capture.close()
    raw.send(update(unreach(mac)))
    wait_for("the route goes", lambda: not routes(t.e1, D, "198.51.100.0/24"))
    raw.send(update(unreach(nlri)))


def case_interfaceless(t):
    """what the speaker says with label and Router's MAC goes through the L3 VNI"""
    raw = speak(t)
    nlri = [type5(t.rd, p, 5000) for p in ("198.51.100.0/24", "2001:db8:100::/48")]
    raw.send(update(common(communities(bgp.router_mac(RMAC))), reach(t.x.ip, *nlri)))
    routed(t.e1, D, "198.51.100.0/24", t.x)
    routed(t.e1, D, "2001:db8:100::/48", t.x)
    equal(rmac(t.e1, D, t.x.ip), RMAC, "router MAC of x")
    raw.send(update(unreach(*nlri)))
    routed(t.e1, D, "198.51.100.0/24")
    wait_for("nothing of x is left", lambda: not rmac(t.e1, D, t.x.ip) and
             not kernel(t.e1).fdb("vxlan5000", RMAC))


def case_unusable(t):
    """routes that cannot be used are kept, not installed, and said why"""
    raw = speak(t)
    odd = [(type5(t.rd, "198.51.100.0/24", 5999), communities(bgp.router_mac(RMAC))),
           (type5(t.rd, "198.51.101.0/24", 5000), communities()),
           (type5(t.rd, "198.51.102.0/24"), communities())]
    for nlri, text in odd:
        raw.send(update(common(text), reach(t.x.ip, nlri)))
    good = type5(t.rd, "198.51.103.0/24", 5000)
    raw.send(update(common(communities(bgp.router_mac(RMAC))), reach(t.x.ip, good)))
    routed(t.e1, D, "198.51.103.0/24", t.x)
    for n in (100, 101, 102):
        equal(routes(t.e1, D, "198.51.%d.0/24" % n), [], "route of 198.51.%d.0/24" % n)
    raw.send(update(unreach(good, *[n for n, _ in odd])))
    routed(t.e1, D, "198.51.103.0/24")


def case_settled(t):
    """show evpn kernel differing is empty; no next hop is left without a route"""
    if standin():
        raise lab.Skip("FRR stands in")
    for h in (t.e1, t.e3):
        h.settled()
        used = {r["nhid"] for r in kernel(h).routes() if r["nhid"]}
        rows = kernel(h).nexthops()
        used |= {i for u in used for i, _ in rows[u]["members"]}
        wait_for("%s: next hops that are used" % h.name,
                 lambda: {i for i, r in kernel(h).nexthops().items() if not r["fdb"]},
                 until=lambda ids: ids <= used)


lab.run()

#!/usr/bin/env python3
"""L3 VNIs: the JSON of evpnd against FRR's, for the same commands in the same lab."""

import re
from types import SimpleNamespace

import lab
import shape
from routed import *
from topo import *

BOTH = ("advertise ipv4 unicast", "advertise ipv6 unicast", "default-originate ipv4")
CONNECTED = ("redistribute connected", "network 198.51.100.0/24")
D = Tenant("default", 7000, evpn=BOTH, v4=CONNECTED, v6=("redistribute connected",))
SUBNETS = [Subnet(n, D, ("10.%d.0.0/24" % n, "fd01:%d::/64" % n)) for n in (1, 2, 3)]

# Places that FRR itself fills only at times.
# processScheduled: FRR's, of a route that waits for its decision.
NOT_OURS = ["*/vlan", "*/advertisedTo", "*/processScheduled"]


def setup(l):
    net = Underlay(l)
    rr = reflector(l, net, ["10.99.0.%d" % n for n in (1, 2, 3)])
    make = (evpnd_vtep, FrrVtep, FrrVtep)
    leaves = [start_leaf(make[n - 1](l, "ef"[n > 1] + str(n), n, net), [rr.ip], [D],
                         [SUBNETS[n - 1]]) for n in (1, 2, 3)]
    rr.established(*[h.ip for h in leaves])
    hosts = [Host(l, 10 + h.n, h, SUBNETS[h.n - 1]) for h in leaves]
    for host in hosts:
        host.greet()
    mesh(hosts)
    t = SimpleNamespace(lab=l, rr=rr, e1=leaves[0], f2=leaves[1], f3=leaves[2], hosts=hosts)
    for a, b in ((t.e1, t.f2), (t.f2, t.e1)):
        routed(a, D, "10.3.0.0/24", t.f3)
        routed(a, D, "10.3.0.13/32", t.f3)
        routed(a, D, SUBNETS[b.n - 1].prefixes[0], b)
        routed(a, D, host_route(hosts[b.n - 1].ip6), b)
    return t


def same(t, command, ours=None, ignore=()):
    """Compares a command's documents at e1 and f2."""
    want, have = t.f2.show(command), t.e1.show(ours or command)
    expect(want, "FRR's document is empty")
    wrong = shape.compare(want, have, list(NOT_OURS) + list(ignore))
    expect(not wrong, "%d differences: %s" % (len(wrong), "; ".join(wrong)))


def case_totals(t):
    """show evpn json"""
    same(t, "evpn")
    doc = t.e1.show("evpn")
    equal((doc["numL2Vnis"], doc["numL3Vnis"]), (1, 1), "VNIs")


def case_vnis(t):
    """show evpn vni, and of one, and in detail"""
    for words in ("evpn vni", "evpn vni 7000", "evpn vni detail"):
        same(t, words)
    row = t.e1.show("evpn vni")["7000"]
    equal((row["type"], row["numMacs"], row["tenantVrf"]), ("L3", 2, "default"), "row")


def case_rmacs(t):
    """show evpn rmac vni N and all, and of one MAC"""
    same(t, "evpn rmac vni 7000")
    same(t, "evpn rmac vni all")
    mac = rmac(t.e1, D, t.f3.ip)
    same(t, "evpn rmac vni 7000 mac " + mac)
    equal(t.e1.show("evpn rmac vni 7000 mac " + mac)["vtepIp"], t.f3.ip, "its VTEP")


def case_nexthops(t):
    """show evpn next-hops vni N and all, and of one address"""
    same(t, "evpn next-hops vni 7000")
    same(t, "evpn next-hops vni all")
    for ip in (t.f3.ip, "::ffff:" + t.f3.ip):
        same(t, "evpn next-hops vni 7000 ip " + ip)
    doc = t.e1.show("evpn next-hops vni 7000 ip " + t.f3.ip)
    want = t.f2.show("evpn next-hops vni 7000 ip " + t.f3.ip)
    # The default route is everybody's; the leaf that has two ways takes the lower VTEP, or both.
    differ = {p for p in set(doc["prefixList"]) ^ set(want["prefixList"]) if "0.0.0.0/0" not in p}
    expect(not differ, "prefixes %s" % differ)
    equal(doc["refCount"], len(doc["prefixList"]), "reference count")


def case_vrfs(t):
    """show vrf vni"""
    same(t, "vrf vni")


def case_bgp_vnis(t):
    """show bgp l2vpn evpn vni, and of one; show bgp vrf VRF vni"""
    same(t, "bgp l2vpn evpn vni")
    same(t, "bgp l2vpn evpn vni 7000")
    same(t, "bgp vrf default vni")


def case_import_rts(t):
    """show bgp l2vpn evpn import-rt, vrf-import-rt"""
    same(t, "bgp l2vpn evpn import-rt")
    same(t, "bgp l2vpn evpn vrf-import-rt")


def case_routes(t):
    """type 5 routes and type 2 routes with two labels, in a list and in detail"""
    for words in ("", " type 5", " type 2", " detail", " detail type 5", " detail type 2"):
        same(t, "bgp l2vpn evpn route" + words)
    for h in (t.e1, t.f2):
        text = h.text("show bgp l2vpn evpn route detail type 2")
        for host in t.hosts:
            expect(re.search(r"\[%s\]:\[32\]:\[%s\] VNI %d/7000" %
                             (host.mac, host.ip, host.subnet.vni), text),
                   "%s: no two labels for %s" % (h.name, host.ip))


def case_route_prefix(t):
    """show bgp l2vpn evpn route rd RD prefix P is the one route"""
    rd, name = t.e1.has("[10.3.0.0]", kind=5)[0]
    doc = t.e1.show("bgp l2vpn evpn route rd %s prefix 10.3.0.0/24" % rd)
    equal((doc["routeType"], doc["ip"], doc["ipLen"]), (5, "10.3.0.0", 24), "key")
    equal(len(doc[name]), 1, "paths")
    every = t.e1.show("bgp l2vpn evpn route rd all prefix 10.3.0.0/24")
    equal(every["numPrefix"], 1, "prefixes of all RDs")
    same(t, "bgp l2vpn evpn route rd " + rd)


def case_explain(t):
    """show evpn explain: a prefix and an address of the VRF, from route to kernel"""
    doc = t.e1.show("evpn explain vrf default prefix 10.3.0.0/24")
    row = doc["rows"][0]
    equal((row["winner"], row["nexthops"][0]["ip"]), ("remote", t.f3.ip), "who won")
    kinds = {k["kind"] for k in row["kernel"] if k["state"] == "installed"}
    equal(kinds, {"route", "nexthop", "neigh", "brfdb", "vxfdb"}, "kernel entries")
    expect([r for r in doc["routes"] if r["imported"]], "no imported route")
    rows = t.e1.show("evpn explain vni 7000 ip " + t.hosts[2].ip)["rows"]
    equal([r["prefix"] for r in rows][:2], ["10.3.0.13/32", "10.3.0.0/24"], "longest first")
    here = t.e1.show("evpn explain vrf default prefix 10.1.0.0/24")["rows"][0]
    equal((here["winner"], here["advertised"]), ("kernel", True), "our own prefix")
    none = t.e1.show("evpn explain vrf default prefix 192.0.2.0/24")
    equal((none["rows"], none["found"]), ([], False), "a prefix that nobody has")


def case_kernel(t):
    """show evpn kernel of the VRF and of the L3 VNI: routes with their next hops"""
    of_vrf = t.e1.show("evpn kernel vrf default")["rows"]
    of_vni = t.e1.show("evpn kernel vni 7000")["rows"]
    equal(len(of_vrf), len(of_vni), "rows")
    row = [r for r in of_vrf if r.get("prefix") == "10.3.0.0/24" and r["ours"]][0]
    hop = [r for r in of_vrf if r["kind"] == "nexthop" and str(r["id"]) in row["have"]][0]
    expect("via %s dev br7000 onlink" % t.f3.ip in hop["have"], hop["have"])
    expect("proto evpnd" in row["have"], row["have"])


def case_refused(t):
    """what is not there is refused in FRR's words"""
    for words in ("evpn rmac vni 1", "evpn next-hops vni 1", "bgp l2vpn evpn vni 77",
                  "evpn rmac vni 7000 mac 02:00:00:00:00:99",
                  "evpn next-hops vni 7000 ip 192.0.2.1", "evpn mac vni 7000",
                  "evpn arp-cache vni 7000", "bgp vrf nix vni"):
        said = [h.shell("show " + words)[1].strip().lstrip("% ") for h in (t.f2, t.e1)]
        equal(said[1], said[0], words)


def case_texts(t):
    """the texts have FRR's headings"""
    wrong = []
    for command in ("show evpn vni", "show evpn vni 7000", "show evpn rmac vni 7000",
                    "show evpn rmac vni all", "show evpn next-hops vni 7000",
                    "show evpn next-hops vni all", "show vrf vni", "show bgp l2vpn evpn vni",
                    "show bgp l2vpn evpn vrf-import-rt", "show bgp vrf default vni"):
        want = [x for x in t.f2.text(command).splitlines() if heading(x)]
        have = t.e1.text(command).splitlines()
        wrong += ["%s: %s" % (command, x) for x in want if x.split() not in [y.split() for y in have]]
    expect(not wrong, "missing: " + "; ".join(wrong))


def heading(line):
    """A line without anything that differs between two hosts."""
    return line.strip() and not any(c.isdigit() for c in line)


lab.run()

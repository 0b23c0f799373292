#!/usr/bin/env python3
"""
Distributed anycast gateways: two evpnd VTEPs that make them, one that finds FRR's sort (a macvlan)
on its bridge, and an FRR VTEP; two VNIs in the default VRF, routed between by every VTEP itself.
"""

import os
import re
from types import SimpleNamespace

import lab
import wire
from topo import *
from wire import Capture

SHARED = "00:00:5e:00:01:01"
LINKLOCAL = "fe80::200:5eff:fe00:101"
VNIS = (100, 200)


def gateways(vni):
    return ["10.%d.0.1/24" % (vni // 100), "fd%02d::1/64" % (vni // 100)]


def own(h, vni):
    """The SVI's own addresses, where the shared ones are on a macvlan."""
    return ["10.%d.0.%d/24" % (vni // 100, 240 + h.n), "fd%02d::%x/64" % (vni // 100, 240 + h.n)]


class Host(Vm):
    """A VM of a VNI: 10.V.0.n and fd0V::n, and its VTEP as default gateway."""

    def __init__(self, lab, n, at, vni=100, address=True):
        super().__init__(lab, n, at, "br%d" % vni, address=False)
        v = vni // 100
        self.vni = vni
        self.ip, self.ip6 = "10.%d.0.%d" % (v, n), "fd%02d::%x" % (v, n)
        self.gw, self.gw6 = [g.split("/")[0] for g in gateways(vni)]
        if address:
            self.address()

    def address(self):
        self.ns.run("ip addr add %s/24 dev eth0" % self.ip)
        self.ns.run("ip addr add %s/64 dev eth0 nodad" % self.ip6)
        self.ns.run("ip route add default via " + self.gw)
        self.ns.run("ip route add default via " + self.gw6)


def macvlans(h):
    """As FRR's documentation has it: the SVI's own address, the shared one on a macvlan."""
    for vni in VNIS:
        v = vni // 100
        h.devices(vni=vni)
        h.ns.run("ip link set br%d addrgenmode eui64 down" % vni)
        h.ns.run("ip link set br%d up" % vni)
        for a in own(h, vni):
            h.ns.run("ip addr add %s dev br%d%s" % (a, vni, " nodad" if ":" in a else ""))
        h.ns.run("ip link add vrr%d link br%d address %s type macvlan mode private" %
                 (v, vni, SHARED))
        h.ns.run("ip link set vrr%d addrgenmode none up" % v)
        for a in gateways(vni):
            h.ns.run("ip addr add %s dev vrr%d%s" % (a, v, " nodad" if ":" in a else ""))
        h.ns.run("bridge fdb replace %s dev br%d self local" % (SHARED, vni), ok=(0, 255))
    h.ns.sysctl("net/ipv4/ip_forward", 1)


def lines(vnis=VNIS, more=()):
    out = []
    for vni in vnis:
        out += ["vni %d" % vni, " bridge br%d" % vni]
        out += [" gateway " + g for g in gateways(vni)]
        out += [" " + x for x in more] + ["exit-vni"]
    return out


def vtep(t, h, make):
    h.quiet()
    h.ns.sysctl("net/ipv6/conf/all/forwarding", 1)
    if not make:
        macvlans(h)
    # VNI 200's gateway is nowhere in the configuration of the one that finds it.
    family = lines() if make else lines([100]) if h.kind == "evpnd" else ()
    text = router(h, [neighbor(t.rr.ip)], family=family)
    if h.kind == "evpnd":
        text = "vxlan\n source-address %s\n anycast-mac %s\nexit\n" % (h.ip, SHARED) + text
    h.start(text)
    for vni in VNIS:
        wait_for("%s: its bridge" % h.name, lambda: h.ns.link("br%d" % vni))
    return h


def setup(l):
    if standin():
        raise lab.Skip("FRR makes no gateways")
    net = Underlay(l)
    t = SimpleNamespace(lab=l, rr=reflector(l, net, ["10.99.0.%d" % n for n in (1, 2, 3, 4)]))
    t.e1 = vtep(t, EvpndVtep(l, "e1", 1, net), True)
    t.e2 = vtep(t, EvpndVtep(l, "e2", 2, net), True)
    t.f3 = vtep(t, FrrVtep(l, "f3", 3, net), False)
    t.e4 = vtep(t, EvpndVtep(l, "e4", 4, net), False)
    t.all = [t.e1, t.e2, t.f3, t.e4]
    t.evpnds = [t.e1, t.e2, t.e4]
    t.rr.established(*[h.ip for h in t.all])
    for h in t.all:
        for vni in VNIS:
            wait_for("%s: flood list" % h.name, lambda: h.floods(vni), 20,
                     until=lambda f: f == sorted(o.ip for o in t.all if o is not h))
    t.a = [Host(l, 10 + h.n, h, 100) for h in t.all]
    t.b = [Host(l, 20 + h.n, h, 200) for h in t.all]
    # FRR learns neighbours on the SVI only, not on the macvlan.
    for vm in [vm for vm in t.a + t.b if vm.at is t.f3]:
        for a in own(t.f3, vm.vni):
            ip = a.split("/")[0]
            wait_for("%s reaches %s" % (vm.name, ip), lambda: vm.ping(ip, count=1, wait=1))
    return t


def addresses(h, dev):
    rows = h.ns.json("ip -j addr show dev " + dev)
    return sorted("%s/%d" % (a["local"], a["prefixlen"]) for a in rows[0].get("addr_info", []))


def sysctl(h, key):
    return h.ns.run("cat /proc/sys/" + key).strip()


def captures(t):
    return [Capture(h.ns, "eth0") for h in t.all]


def questions(t, caps, ip):
    """ARP requests and neighbour solicitations for an address that crossed the fabric."""
    want = bytes.fromhex(hexip(ip))
    out = []
    for c in caps:
        for vni, dst, f in c.inner():
            if (wire.is_arp_request(f) and f[38:42] == want) or \
                    (wire.is_ns(f) and f[62:78] == want):
                out.append((vni, dst, f.hex()))
        c.close()
    return out


def case_made(t):
    """addresses, MAC, link-local address, forwarding and questions to user space are set"""
    for h in (t.e1, t.e2):
        for vni in VNIS:
            dev = "br%d" % vni
            wait_for("%s: addresses of %s" % (h.name, dev), lambda: addresses(h, dev),
                     until=lambda a: a == sorted(gateways(vni) + [LINKLOCAL + "/64"]))
            equal(h.ns.link(dev)["address"], SHARED, "MAC")
            for key in ("ipv4/conf/%s/forwarding", "ipv4/neigh/%s/app_solicit",
                        "ipv6/neigh/%s/app_solicit"):
                equal(sysctl(h, "net/" + key % dev), "1", key % dev)
            equal(sysctl(h, "net/ipv4/ip_forward"), "0", "ip_forward")
        text = h.ns.run("ip -6 addr show dev br100")
        expect("tentative" not in text and "dadfailed" not in text, text)
    for h in t.evpnds:
        h.settled()


def case_answers(t):
    """a host's gateway is its own VTEP: it answers, and no question about it crosses the fabric"""
    caps = {}
    for ip in (t.a[0].gw, t.a[0].gw6, t.b[0].gw, t.b[0].gw6):
        caps[ip] = captures(t)
    for vm in t.a + t.b:
        for ip in (vm.gw, vm.gw6):
            vm.forget()
            wait_for("%s reaches %s" % (vm.name, ip), lambda: vm.ping(ip, count=1, wait=1))
            if vm.at in (t.e1, t.e2):
                equal(vm.ns.neigh("eth0", ip)[0]["lladdr"], SHARED, "MAC of the gateway")
    for ip, c in caps.items():
        seen = questions(t, c, ip)
        expect(not seen, "%d questions about %s crossed the fabric, first %s" %
               (len(seen), ip, seen[:1]))


def case_routed(t):
    """hosts of two VNIs reach each other through their own VTEP, both families, all pairs"""
    for a in t.a:
        for b in t.b:
            for x, y in ((a, b), (b, a)):
                for ip in (y.ip, y.ip6):
                    wait_for("%s reaches %s" % (x.name, ip),
                             lambda: x.ping(ip, count=1, wait=1), 30)
    for h in t.evpnds:
        h.settled()


lab.run()

#!/usr/bin/env python3
"""
Anycast gateways on a VLAN-aware bridge: each VNI's SVI is a VLAN device with the shared MAC, which
the bridge knows to be its own.
"""

from types import SimpleNamespace

import lab
import wire
from topo import *
from wire import Capture

needs = {"vlan", "vlan-filtering"}

SHARED = "00:00:5e:00:01:01"
VNIS = {100: 10, 200: 20}  # and their VLANs


def gateways(vni):
    return ["10.%d.0.1/24" % (vni // 100), "fd%02d::1/64" % (vni // 100)]


class Host(Vm):
    def __init__(self, lab, n, at, vni):
        v = vni // 100
        self.vni, self.vlan = vni, VNIS[vni]
        self.gw, self.gw6 = [g.split("/")[0] for g in gateways(vni)]
        super().__init__(lab, n, at, "br0", address=False)
        at.ns.run("bridge vlan add dev %s vid %d pvid untagged" % (self.port, self.vlan))
        self.ip, self.ip6 = "10.%d.0.%d" % (v, n), "fd%02d::%x" % (v, n)
        self.ns.batch("ip", ["addr add %s/24 dev eth0" % self.ip,
                             "addr add %s/64 dev eth0 nodad" % self.ip6,
                             "route add default via " + self.gw,
                             "route add default via " + self.gw6])


def lines():
    out = []
    for vni, vlan in VNIS.items():
        out += ["vni %d" % vni, " bridge br0", " vlan %d" % vlan]
        out += [" gateway " + g for g in gateways(vni)] + ["exit-vni"]
    return out


def setup(l):
    if standin():
        raise lab.Skip("FRR makes no gateways")
    net = Underlay(l)
    t = SimpleNamespace(lab=l)
    t.e1, t.e2 = EvpndVtep(l, "e1", 1, net), EvpndVtep(l, "e2", 2, net)
    for h, other in ((t.e1, t.e2), (t.e2, t.e1)):
        h.quiet()
        h.ns.sysctl("net/ipv6/conf/all/forwarding", 1)
        h.start("vxlan\n source-address %s\n anycast-mac %s\nexit\n" % (h.ip, SHARED) +
                router(h, [neighbor(other.ip)], family=lines()))
    for h in (t.e1, t.e2):
        for vlan in VNIS.values():
            wait_for("%s: br0.%d" % (h.name, vlan), lambda: h.ns.link("br0.%d" % vlan), 60)
        h.settled(60)
    t.vms = {(h, vni): Host(l, 10 * (vni // 100) + h.n, h, vni)
             for h in (t.e1, t.e2) for vni in VNIS}
    t.e1.established(t.e2.ip, limit=60)
    for h in (t.e1, t.e2):
        for vni in VNIS:
            wait_for("%s: flood list" % h.name, lambda: h.floods(vni), 60, until=lambda f: f)
    return t


def addresses(h, dev):
    rows = h.ns.json("ip -j addr show dev " + dev)
    return sorted("%s/%d" % (a["local"], a["prefixlen"]) for a in rows[0].get("addr_info", []))


def own_entry(h, vlan):
    return [r for r in h.ns.fdb("br0", SHARED) if r.get("vlan") == vlan and
            r.get("state") == "permanent"]


def case_made(t):
    """addresses, MAC of the VLAN devices, and the bridge's entries for it"""
    for h in (t.e1, t.e2):
        for vni, vlan in VNIS.items():
            dev = "br0.%d" % vlan
            wait_for("addresses", lambda: addresses(h, dev), 30, until=lambda a: set(a) >= set(
                gateways(vni) + ["fe80::200:5eff:fe00:101/64"]))
            equal(h.ns.link(dev)["address"], SHARED, "MAC of " + dev)
            wait_for("entry of the bridge, VLAN %d" % vlan, lambda: own_entry(h, vlan), 30)
        expect(h.ns.link("br0")["address"] != SHARED, "the bridge itself has the shared MAC")


def case_routed(t):
    """hosts reach their gateway and each other; what is for the gateway stays on its VTEP"""
    captures = [Capture(h.ns, "eth0") for h in (t.e1, t.e2)]
    for vm in t.vms.values():
        for ip in (vm.gw, vm.gw6):
            wait_for("%s reaches %s" % (vm.name, ip), lambda: vm.ping(ip, count=1, wait=2), 60)
    for a in t.vms.values():
        for b in t.vms.values():
            for ip in (b.ip, b.ip6) if a is not b else ():
                wait_for("%s reaches %s" % (a.name, ip), lambda: a.ping(ip, count=1, wait=2), 60)
    shared = bytes.fromhex(SHARED.replace(":", ""))
    for c in captures:
        leaked = [f.hex() for _, _, f in c.inner() if f[:6] == shared]
        expect(not leaked, "%d frames to the shared MAC crossed the fabric, first %s" %
               (len(leaked), leaked[:1]))
        c.close()
    for h in (t.e1, t.e2):
        h.settled(60)


def case_mended(t):
    """the bridge's entry is deleted: it comes again; with the gateway it goes"""
    t.e1.ns.run("bridge fdb del %s dev br0 vlan 10 self" % SHARED)
    wait_for("entry", lambda: own_entry(t.e1, 10), 30)
    where = ["configure terminal", "router bgp 65000", "address-family l2vpn evpn", "vni 100"]
    t.e1.text(*where, *["no gateway " + g for g in gateways(100)])
    wait_for("no address", lambda: [a for a in addresses(t.e1, "br0.10") if a in gateways(100)],
             30, until=lambda a: not a)
    wait_for("no entry", lambda: not own_entry(t.e1, 10), 30)
    t.e1.text(*where, *["gateway " + g for g in gateways(100)])
    wait_for("entry", lambda: own_entry(t.e1, 10), 30)
    t.e1.settled(60)


lab.run()

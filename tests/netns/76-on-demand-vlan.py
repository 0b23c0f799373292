#!/usr/bin/env python3
"""
Resolution on demand on a VLAN-aware bridge: a sensor for each VLAN, the first frame and the first
routed packet of a cold pair are delivered, the other VLAN's rows stay away.
"""

from types import SimpleNamespace

import lab
import wire
from topo import *

needs = {"vlan", "vlan-filtering"}

SHARED = "00:00:5e:00:01:01"
VNIS = {100: 10, 200: 20}  # and their VLANs
FAMILY = ("router bgp 65000", "address-family l2vpn evpn")


class Host(Vm):
    """Host n in a VNI: 10.1.0.n or 10.2.0.n, with a gateway."""

    def __init__(self, lab, n, at, vni):
        v = vni // 100
        self.vni, self.vlan = vni, VNIS[vni]
        super().__init__(lab, n, at, "br0", address=False)
        at.ns.run("bridge vlan add dev %s vid %d pvid untagged" % (self.port, self.vlan))
        self.ip = "10.%d.0.%d" % (v, n)
        self.ns.batch("ip", ["addr add %s/24 dev eth0" % self.ip,
                             "route add default via 10.%d.0.1" % v])

    def announce(self):
        wire.send(self.ns, "eth0", wire.arp(1, self.mac, self.ip, to_ip=self.ip))


def lines():
    out = []
    for vni, vlan in VNIS.items():
        out += ["vni %d" % vni, " bridge br0", " vlan %d" % vlan, " resolution on-demand",
                " gateway 10.%d.0.1/24" % (vni // 100), "exit-vni"]
    return out


def setup(l):
    if standin():
        raise lab.Skip("FRR does not resolve on demand")
    net = Underlay(l)
    t = SimpleNamespace(lab=l)
    t.e1, t.e2 = EvpndVtep(l, "e1", 1, net), EvpndVtep(l, "e2", 2, net)
    for h, other in ((t.e1, t.e2), (t.e2, t.e1)):
        h.quiet()
        h.ns.sysctl("net/ipv4/ip_forward", 1)
        h.start("vxlan\n source-address %s\n anycast-mac %s\nexit\n" % (h.ip, SHARED) +
                router(h, [neighbor(other.ip)], family=lines()))
    for h in (t.e1, t.e2):
        for vlan in VNIS.values():
            wait_for("%s: br0.%d" % (h.name, vlan), lambda: h.ns.link("br0.%d" % vlan), 60)
    t.vms = {(h, vni): Host(l, 10 * (vni // 100) + h.n, h, vni)
             for h in (t.e1, t.e2) for vni in VNIS}
    t.e1.established(t.e2.ip, limit=60)
    return t


def served(h, vni):
    doc = h.show("evpn misses")["vnis"].get(str(vni), {})
    return doc.get("state", doc)


def rows(h, vni):
    return sorted({r["mac"] for r in h.ns.fdb("vxlan%d" % vni)
                   if "extern_learn" in r.get("flags", [])} - {"00:00:00:00:00:00"})


def case_sensors(t):
    """each VNI has a sensor in its VLAN, and its port floods no unknown unicast"""
    for h in (t.e1, t.e2):
        for vni, vlan in VNIS.items():
            dev = "sensor%d" % vni
            wait_for("%s: %s" % (h.name, dev), lambda: h.ns.link(dev), 60)
            wait_for("its VLAN", lambda: [v["vlan"] for r in h.ns.json("bridge -j vlan show dev " +
                     dev) for v in r["vlans"]], 60, until=lambda v: v == [vlan])
            wait_for("flood off", lambda: h.ns.link("vxlan%d" % vni)["linkinfo"][
                "info_slave_data"]["flood"] is False, 60)
        h.settled(60)


def known(t, h, vm):
    wait_for("%s knows %s" % (h.name, vm.ip), lambda: h.show(
        "evpn arp-cache vni %d" % vm.vni).get(vm.ip, {}).get("type") == "remote", 30)


def learn(t):
    for (h, vni), vm in t.vms.items():
        vm.announce()
        known(t, t.e2 if h is t.e1 else t.e1, vm)


def case_cold(t):
    """the first ping of a cold pair in a VLAN is delivered; the other VLAN gets no rows"""
    learn(t)
    a, b = t.vms[t.e1, 100], t.vms[t.e2, 100]
    equal(rows(t.e1, 100) + rows(t.e2, 100), [], "rows before")
    a.ping(b.ip, count=1, wait=lab.slow())
    equal((rows(t.e1, 100), rows(t.e2, 100)), ([b.mac], [a.mac]), "rows")
    equal(rows(t.e1, 200) + rows(t.e2, 200), [], "rows of the other VLAN")


def case_known_mac(t):
    """a frame to a MAC that the bridge does not know is not lost"""
    a, b = t.vms[t.e1, 200], t.vms[t.e2, 200]
    for x, y in ((a, b), (b, a)):
        x.ns.run("ip neigh replace %s lladdr %s dev eth0 nud permanent" % (y.ip, y.mac))
    equal(rows(t.e1, 200), [], "rows before")
    a.ping(b.ip, count=1, wait=lab.slow())
    equal((rows(t.e1, 200), rows(t.e2, 200)), ([b.mac], [a.mac]), "rows")


def case_routed(t):
    """the first packet routed from VLAN to VLAN, to a host that only BGP knows, is delivered"""
    a, b = t.vms[t.e1, 100], t.vms[t.e2, 200]
    for h in (t.e1, t.e2):
        for vni in VNIS:
            h.configure(*FAMILY, "vni %d" % vni, "resolution proactive")
        h.settled(60)
    a.ns.run("ip neigh flush all", ok=(0, 1))
    # Everything used goes with the mode: rows are there no more once nobody used them.
    for h in (t.e1, t.e2):
        for vni in VNIS:
            h.configure(*FAMILY, "vni %d" % vni, "resolution on-demand age 3")
    for h in (t.e1, t.e2):
        for vni in VNIS:
            wait_for("%s: no rows of %d" % (h.name, vni), lambda: rows(h, vni), 90,
                     until=lambda r: r == [])
            h.configure(*FAMILY, "vni %d" % vni, "resolution on-demand age 300")
    expect(not [n for n in t.e1.ns.neigh("br0.20", b.ip) if n.get("lladdr")], "a neighbour is left")
    # Its own gateway the host knows before.
    wire.send(a.ns, "eth0", wire.arp(1, a.mac, a.ip, to_ip="10.1.0.1"))
    a.ping("10.1.0.1", count=1, wait=lab.slow())
    a.ping(b.ip, count=1, wait=lab.slow())
    equal(rows(t.e1, 200), [b.mac], "rows")


def case_end(t):
    """nothing differs; proactive again, the sensors go"""
    for h in (t.e1, t.e2):
        h.settled(60)
        for vni in VNIS:
            h.configure(*FAMILY, "vni %d" % vni, "resolution proactive")
            wait_for("no sensor", lambda: h.ns.status("ip link show sensor%d" % vni)[0] != 0, 60)
            expect(h.ns.link("vxlan%d" % vni)["linkinfo"]["info_slave_data"]["flood"], "no flood")
        h.settled(60)


lab.run()

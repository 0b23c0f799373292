#!/usr/bin/env python3
"""
VLAN-aware bridges: a vxlan device per VNI (e1, made; FRR's f2, by hand) and one for all VNIs
(e3, made; e4, adopted as made with iproute2). Hosts on trunk ports, VLAN 10 is VNI 100 and VLAN 20
is VNI 200, with the same MAC in both.
"""

import socket
import struct
from types import SimpleNamespace

import lab
import wire
from topo import *

needs = {"vlan-filtering", "vlan", "vnifilter"}
VNIS = {10: 100, 20: 200}
FAMILY = ("router bgp 65000", "address-family l2vpn evpn")


class Trunk:
    """A host on a trunk port: 10.VLAN.0.n in each VLAN, the same MAC everywhere."""

    def __init__(self, lab, n, at, bridge="br0", member=True):
        self.n, self.name, self.at = n, "t%d" % n, at
        self.mac, self.port = "02:00:00:00:00:%02x" % n, "p%d" % n
        self.ns = lab.ns(self.name)
        lab.veth(at.ns, self.port, self.ns, "eth0", mac=self.mac)
        lines = []
        for vlan in VNIS:
            lines += ["link add link eth0 name eth0.%d type vlan id %d" % (vlan, vlan),
                      "addr add %s/24 dev eth0.%d" % (self.ip(vlan), vlan),
                      "link set eth0.%d up" % vlan]
        self.ns.batch("ip", lines)
        at.ns.run("ip link set %s addrgenmode none" % self.port)
        if member:
            at.ns.run("ip link set %s master %s" % (self.port, bridge))
            at.ns.batch("bridge", ["vlan add dev %s vid %d" % (self.port, v) for v in VNIS])

    def ip(self, vlan):
        return "10.%d.0.%d" % (vlan, self.n)

    def ping(self, ip):
        status, out = self.ns.status("ping -n -c 1 -W 1 %s" % ip)
        expect(status == 0, "%s -> %s: %s" % (self.name, ip, out.strip()[-200:]))
        return True

    def reaches(self, other, limit=15):
        for vlan in VNIS:
            wait_for("%s reaches %s in VLAN %d" % (self.name, other.name, vlan),
                     lambda: self.ping(other.ip(vlan)), limit)


def lines(h):
    """evpnd's part of the configuration: two VNIs on one trunk."""
    out = []
    for vlan, vni in VNIS.items():
        out += ["vni %d" % vni, " bridge br0", " vlan %d" % vlan, " port p1%d" % h.n]
        out += [" vxlan vxlan0"] if h.single else []
        out += ["exit-vni"]
    return out


def start(h, peers, family=()):
    text = router(h, [neighbor(p) for p in peers], family=family, vtep=not family)
    h.start((source(h.ip) if h.kind == "evpnd" else "") + text)


def by_hand(h):
    """Bridge, a vxlan device and a VLAN device per VNI, as FRR's users make them."""
    ip = ["link add br0 type bridge vlan_filtering 1 vlan_default_pvid 0 mcast_snooping 0",
          "link set br0 addrgenmode none", "link set br0 up"]
    bridge = []
    for vlan, vni in VNIS.items():
        ip += ["link add vx%d type vxlan id %d local %s dstport 4789 nolearning" % (vni, vni, h.ip),
               "link set vx%d addrgenmode none master br0" % vni, "link set vx%d up" % vni,
               "link add vlan%d link br0 type vlan id %d" % (vlan, vlan),
               "link set vlan%d up" % vlan,
               "addr add 10.%d.0.102/24 dev vlan%d" % (vlan, vlan)]
        bridge += ["link set dev vx%d neigh_suppress on learning off" % vni,
                   "vlan add dev vx%d vid %d pvid untagged" % (vni, vlan),
                   "vlan add dev br0 vid %d self" % vlan]
    h.ns.batch("ip", ip)
    h.ns.batch("bridge", bridge)


def single_by_hand(h):
    """The recipe of FRR's manual for one vxlan device."""
    h.ns.batch("ip", [
        "link add br0 type bridge vlan_filtering 1 vlan_default_pvid 0 mcast_snooping 0",
        "link add vxlan0 type vxlan dstport 4789 local %s nolearning external vnifilter" % h.ip,
        "link set br0 addrgenmode none", "link set vxlan0 addrgenmode none master br0",
        "link set vxlan0 up", "link set br0 up"])
    h.ns.batch("bridge", ["link set dev vxlan0 vlan_tunnel on neigh_suppress on learning off"])
    for vlan in VNIS:
        map_by_hand(h, vlan)
        h.ns.batch("ip", ["link add tenant%d link br0 type vlan id %d" % (vlan, vlan),
                          "link set tenant%d up" % vlan])


def map_by_hand(h, vlan):
    h.ns.batch("bridge", ["vlan add dev br0 vid %d self" % vlan,
                          "vlan add dev vxlan0 vid %d" % vlan,
                          "vni add dev vxlan0 vni %d" % VNIS[vlan],
                          "vlan add dev vxlan0 vid %d tunnel_info id %d" % (vlan, VNIS[vlan])])


def setup(l):
    if standin():
        raise lab.Skip("FRR stands in")
    net = Underlay(l)
    ips = ["10.99.0.%d" % n for n in (1, 2, 3, 4)]
    e1, f2 = EvpndVtep(l, "e1", 1, net), FrrVtep(l, "f2", 2, net)
    e3, e4 = EvpndVtep(l, "e3", 3, net), EvpndVtep(l, "e4", 4, net)
    t = SimpleNamespace(lab=l, e1=e1, f2=f2, e3=e3, e4=e4, all=(e1, f2, e3, e4), hosts=[])
    for h in t.all:
        h.quiet()
        h.single = h in (e3, e4)
    by_hand(f2)
    single_by_hand(e4)
    for h in t.all:
        t.hosts.append(Trunk(l, 10 + h.n, h, member=h in (f2, e4)))
        others = [ip for ip in ips if ip != h.ip]
        start(h, others, lines(h) if h in (e1, e3) else ())
    for h in t.all:
        h.established(*[ip for ip in ips if ip != h.ip], limit=40)
    return t


def pairs(t):
    return [(a, b) for i, a in enumerate(t.hosts) for b in t.hosts[i + 1:]]


def rest(t, only=None):
    """All talk to all in both VLANs, and nothing differs; or all to the host of one VTEP."""
    for a, b in pairs(t):
        if only in (None, a.at, b.at):
            a.reaches(b)
    for h in t.all:
        if h.kind == "evpnd" and only in (None, h):
            h.settled()


def case_talk(t):
    """hosts of all four VTEPs reach each other in both VLANs of their trunk ports"""
    rest(t)


def case_made(t):
    """what evpnd made: the bridge, the devices, the VLANs, the SVIs"""
    for h in (t.e1, t.e3):
        info = h.ns.link("br0")["linkinfo"]["info_data"]
        equal((info["vlan_filtering"], info["vlan_default_pvid"]), (1, 0), "bridge of " + h.name)
        for vlan in VNIS:
            svi = h.ns.link("br0.%d" % vlan)
            equal(svi["linkinfo"]["info_data"]["id"], vlan, "VLAN of the SVI")
            expect("UP" in svi["flags"], "SVI is down")
    info = t.e3.ns.link("vxlan0")["linkinfo"]["info_data"]
    expect(info.get("external") and info.get("vnifilter"), str(info))
    rows = t.e1.ns.json("bridge -j vlan show dev vxlan200")[0]["vlans"]
    equal(rows, [{"vlan": 20, "flags": ["PVID", "Egress Untagged"]}], "VLANs of vxlan200")


def case_shown(t):
    """MACs and addresses are shown per VNI, with the devices and the VLAN"""
    for vlan in VNIS:
        t.hosts[1].ping("10.%d.0.102" % vlan)  # else FRR does not know the address
    for h in (t.e1, t.e3, t.e4):
        for vlan, vni in VNIS.items():
            wait_for("%s: all addresses of %d" % (h.name, vni),
                     lambda: h.show("evpn arp-cache vni %d" % vni),
                     until=lambda doc: all(x.ip(vlan) in doc for x in t.hosts))
            macs = h.show("evpn mac vni %d" % vni)["macs"]
            for host in t.hosts:
                row = macs[host.mac]
                if host.at is h:
                    equal((row["type"], row["intf"], row["vlan"]),
                          ("local", host.port, vlan), str(row))
                else:
                    equal((row["type"], row["remoteVtep"]), ("remote", host.at.ip), str(row))
            equal(h.show("evpn vni %d" % vni)["vxlanInterface"],
                  "vxlan0" if h.single else "vxlan%d" % vni, "device of " + h.name)
    for vni in VNIS.values():
        wait_for("f2: MACs of %d" % vni, lambda: t.f2.show("evpn mac vni %d" % vni)["macs"],
                 until=lambda macs: all(x.mac in macs for x in t.hosts))


def case_suppressed(t):
    """ARP for known hosts is answered at the own VTEP, in each VLAN by that VLAN's addresses"""
    for h, host in zip(t.all, t.hosts):
        if h.kind == "frr":
            continue
        cap = wire.Capture(h.ns, "eth0")
        host.ns.run("ip neigh flush all nud all", ok=(0, 1))
        for other in t.hosts:
            if other is not host:
                for vlan in VNIS:
                    host.ping(other.ip(vlan))
        asked = [(vni, f) for vni, _, f in cap.inner() if wire.is_arp_request(f)
                 and wire.macs(f)[0] == "ff:ff:ff:ff:ff:ff" and wire.macs(f)[1] == host.mac]
        cap.close()
        equal(asked, [], "ARP requests of %s on the underlay" % host.name)


def case_apart(t):
    """broadcast of VLAN 10 is never seen in VLAN 20, and not without a tag"""
    for host in t.hosts:
        caps = {(o.name, dev): wire.Capture(o.ns, dev) for o in t.hosts if o is not host
                for dev in ("eth0.10", "eth0.20")}
        for vlan in VNIS:
            mark = b"only in %d from %d" % (vlan, host.n)
            wire.send(host.ns, "eth0.%d" % vlan, wire.broadcast(host.mac, mark))
            for (name, dev), cap in caps.items():
                if dev == "eth0.%d" % vlan:
                    wait_for("%s %s hears %s" % (name, dev, mark),
                             lambda: any(mark in f for f in cap.frames()))
        for (name, dev), cap in caps.items():
            for vlan in VNIS:
                mark = b"only in %d from %d" % (vlan, host.n)
                n = len([f for f in cap.frames() if mark in f])
                equal(n, 1 if dev == "eth0.%d" % vlan else 0,
                      "copies of '%s' at %s of %s" % (mark.decode(), dev, name))
            cap.close()


def tunnelled(vni, frame):
    return struct.pack("!BBHI", 8, 0, 0, vni << 8) + frame


def case_inner_tag(t):
    """a frame from the tunnel that has a tag inside is dropped, whatever the tag names"""
    for h, host in zip(t.all, t.hosts):
        if h.kind == "frr":
            continue
        caps = [wire.Capture(host.ns, d) for d in ("eth0.10", "eth0.20")]

        def go():
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            for vni in VNIS.values():
                for tpid in (0x8100, 0x88a8):
                    for vid in (0, 10, 20, 30):
                        f = wire.broadcast("02:00:00:00:00:77", b"tagged")
                        s.sendto(tunnelled(vni, f[:12] + struct.pack("!HH", tpid, vid) + f[12:]),
                                 (h.ip, 4789))
                plain = wire.broadcast("02:00:00:00:00:77", b"plain")
                s.sendto(tunnelled(vni, plain), (h.ip, 4789))
            s.close()
        t.f2.ns.inside(go)
        for cap in caps:
            wait_for("%s hears the frame without a tag" % host.name,
                     lambda: any(b"plain" in f for f in cap.frames()))
            equal([f for f in cap.frames() if b"tagged" in f], [], "tagged frames at " + host.name)
            cap.close()


def case_removed(t):
    """devices, VLANs and VNIs are taken away by hand: what evpnd made comes back"""
    for h, commands in (
            (t.e3, ("bridge vlan del dev vxlan0 vid 10", "bridge vni delete dev vxlan0 vni 200",
                    "bridge vlan del dev vxlan0 vid 20 tunnel_info id 200", "ip link del vxlan0",
                    "ip link del br0")),
            (t.e1, ("bridge vlan del dev vxlan100 vid 10", "bridge vlan del dev p11 vid 20",
                    "bridge vlan del dev br0 vid 10 self", "ip link del br0.20",
                    "ip link del vxlan200", "ip link set p11 nomaster", "ip link del br0"))):
        before = h.ns.json("bridge -j vlan show")
        for command in commands:
            h.ns.run(command)
            rest(t, h)
        equal(vlans(h.ns.json("bridge -j vlan show")), vlans(before), "VLANs of " + h.name)


def vlans(rows):
    return sorted((r["ifname"], str(r["vlans"])) for r in rows)


def case_adopted_removed(t):
    """VLANs, a VNI, the device itself are taken from the adopted one, and brought back"""
    def gone(vni):
        wait_for("VNI %d of e4 withdrawn" % vni, lambda: not [
            k for k in t.e1.has("[3]:", kind=3) if k[0] == "10.99.0.4:%d" % vni])
    ns = t.e4.ns
    ns.run("bridge vlan del dev vxlan0 vid 20")
    gone(200)
    t.hosts[0].ping(t.hosts[3].ip(10))
    map_by_hand(t.e4, 20)
    rest(t, t.e4)
    ns.run("bridge vni delete dev vxlan0 vni 100")
    gone(100)
    ns.run("bridge vni add dev vxlan0 vni 100")
    rest(t, t.e4)
    ns.run("ip link del vxlan0")
    gone(100)
    gone(200)
    ns.run("ip link del br0")
    single_by_hand(t.e4)
    ns.run("ip link set p14 master br0")
    ns.batch("bridge", ["vlan add dev p14 vid %d" % v for v in VNIS])
    rest(t, t.e4)


def case_unconfigured(t):
    """a VNI leaves the configuration: its VLAN goes from the ports, the other stays; and back"""
    for h in (t.e1, t.e3):
        h.configure(*FAMILY, "no vni 200")
        port = t.hosts[h.n - 1].port
        wait_for("%s: VLAN 20 gone" % h.name, lambda: [
            v["vlan"] for r in h.ns.json("bridge -j vlan show") for v in r["vlans"]],
            until=lambda v: 20 not in v)
        wait_for("%s: SVI gone" % h.name, lambda: h.ns.status("ip link show br0.20")[0] != 0)
        t.hosts[h.n - 1].ping(t.hosts[3].ip(10))
        h.settled()
        h.configure(*FAMILY, "vni 200", "bridge br0", "vlan 20", "port " + port,
                    *(["vxlan vxlan0"] if h.single else []))
        rest(t, h)


def case_restart(t):
    """a restart changes nothing"""
    for h in (t.e1, t.e3, t.e4):
        before = h.ns.json("bridge -j vlan show")
        h.restart()
        rest(t, h)
        equal(h.ns.json("bridge -j vlan show"), before, "VLANs of " + h.name)


lab.run()

#!/usr/bin/env python3
"""
Resolution on demand: the kernel holds what this host talks to and no more; the first packet
of a pair that was cold is delivered; what is not used goes.
"""

from types import SimpleNamespace

import lab
import wire
from topo import *

MANY = 2000
AGE = 3


def demand(*lines):
    def make(h):
        h.quiet()
        return {"vni_lines": list(lines)}
    return make


def prepared(*lines):
    def make(h):
        h.devices()
        return {"vni_lines": ["resolution on-demand"] + list(lines)}
    return make


def setup(l):
    if standin():
        raise lab.Skip("FRR does not resolve on demand")
    net = Underlay(l)
    rr = reflector(l, net, ["10.99.0.1", "10.99.0.2", "10.99.0.3"])
    e1 = start_vtep(EvpndVtep(l, "e1", 1, net), [rr.ip],
                    devices=demand("bridge br100", "resolution on-demand"))
    e2 = start_vtep(EvpndVtep(l, "e2", 2, net), [rr.ip], devices=prepared())
    f3 = start_vtep(FrrVtep(l, "f3", 3, net), [rr.ip], devices=adopted)
    t = SimpleNamespace(lab=l, net=net, rr=rr, e1=e1, e2=e2, f3=f3, vm1=Vm(l, 11, e1),
                        vm2=Vm(l, 12, e2), vm3=Vm(l, 13, f3), vm4=Vm(l, 14, e1), vm5=Vm(l, 15, e2))
    rr.established(e1.ip, e2.ip, f3.ip)
    e1.flooding(e2.ip, f3.ip)
    e2.flooding(e1.ip, f3.ip)
    for h in (e1, e2):
        wait_for("%s: its sensor" % h.name, lambda: ready(h))
    return t


def ready(h, vni=VNI):
    """The sensor is in place and the forwarding device's port floods no unknown unicast."""
    s, v = h.ns.link("sensor%d" % vni), h.ns.link("vxlan%d" % vni)
    if not s or not v:
        return False
    port = lambda x: x.get("linkinfo", {}).get("info_slave_data", {})
    return "UP" in s["flags"] and port(s).get("flood") and port(v).get("flood") is False


def rows(h):
    """Remote MACs of ours in the kernel: on the bridge and in the vxlan device."""
    fdb = [r for r in h.ns.fdb("vxlan100") if "extern_learn" in r.get("flags", [])]
    macs = {r["mac"] for r in fdb} - {"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"}
    return sorted(macs)


def known(h, *vms):
    for vm in vms:
        wait_for("%s knows %s" % (h.name, vm.ip),
                 lambda: h.show("evpn arp-cache vni 100").get(vm.ip, {}).get("type") == "remote")


def case_cold(t):
    """the first ping of a cold pair is delivered, both VTEPs on demand"""
    for vm in (t.vm1, t.vm2, t.vm3, t.vm4):
        wire.send(vm.ns, "eth0", wire.arp(1, vm.mac, vm.ip))
    known(t.e1, t.vm2)
    known(t.e2, t.vm1)
    equal(rows(t.e1), [], "rows of e1")
    equal(rows(t.e2), [], "rows of e2")
    t.vm1.ping(t.vm2.ip, count=1, wait=1)
    equal(rows(t.e1), [t.vm2.mac], "rows of e1")
    equal(rows(t.e2), [t.vm1.mac], "rows of e2")


def case_cold_frr(t):
    """... and with FRR at the other end, of which only the MAC is known"""
    wait_for("e1 knows vm3", lambda: t.e1.mac(t.vm3.mac))
    t.vm1.ping(t.vm3.ip, count=1, wait=1)
    equal(rows(t.e1), sorted([t.vm2.mac, t.vm3.mac]), "rows of e1")


def case_cold6(t):
    """... IPv6"""
    t.vm4.ping(t.vm2.ip6, count=1, wait=1)


def case_known_mac(t):
    """a frame to a MAC that the bridge does not know is not lost"""
    t.vm4.ns.run("ip neigh replace %s lladdr %s dev eth0 nud permanent" % (t.vm3.ip, t.vm3.mac))
    t.vm4.ping(t.vm3.ip, count=1, wait=1)


def vmac(n):
    return "06:00:00:00:%02x:%02x" % (n >> 8, n & 255)


def vip(n):
    return "10.1.%d.%d" % (100 + (n >> 8), n & 255)


def misses(h, key, vni=VNI):
    return h.show("evpn misses")["vnis"][str(vni)][key]


def orchestrated(h, verb, first, last, port):
    """Hosts that a platform announces, by number."""
    commands = ["evpn mac %s vni 100 mac %s ip %s port %s" % (verb, vmac(n), vip(n), port)
                for n in range(first, last + 1)]
    for i in range(0, len(commands), 200):
        h.text(*commands[i:i + 200])


def case_many(t):
    """of many routes only those used are in the kernel, whatever was asked before"""
    before = rows(t.e1)
    orchestrated(t.e2, "add", 1, MANY, t.vm5.port)
    wait_for("e1 has %d routes" % MANY, lambda: t.e1.show("evpn vni 100")["numMacs"] >= MANY, 30)
    equal(rows(t.e1), before, "rows of e1")
    for n in (5, 777, MANY):
        wire.send(t.vm1.ns, "eth0", wire.arp(1, t.vm1.mac, t.vm1.ip, to_ip=vip(n)))
    used = sorted(before + [vmac(n) for n in (5, 777, MANY)])
    wait_for("rows of e1", lambda: rows(t.e1), 5, until=lambda r: r == used)
    wait_for("neighbours", lambda: t.e1.ns.neigh("br100", vip(777)))
    expect(not t.e1.ns.neigh("br100", vip(778)), "a neighbour nobody asked for")


def case_answered(t):
    """a question is answered at once, by the host's own MAC"""
    capture = wire.Capture(t.vm4.ns, "eth0")
    wire.send(t.vm4.ns, "eth0", wire.arp(1, t.vm4.mac, t.vm4.ip, to_ip=vip(42)))

    def replies():
        return [f for f in capture.frames() if wire.ethertype(f) == 0x806 and f[21] == 2]
    got = wait_for("a reply", replies)
    equal(got[0][6:12].hex(), vmac(42).replace(":", ""), "who answers")
    capture.close()
    expect(misses(t.e1, "answered") > 0, "not counted")


def case_unknown_dropped(t):
    """... also when requests are not flooded; those for what nobody knows have no answer"""
    where = ("router bgp 65000", "address-family l2vpn evpn", "vni 100")
    t.e1.configure(*where, "neighbor-suppression unknown drop")
    wait_for("a filter", lambda: "bpf" in t.e1.ns.run("tc filter show dev vxlan100 egress"))
    underlay, host = wire.Capture(t.e1.ns, "eth0"), wire.Capture(t.vm4.ns, "eth0")
    for ip in ("10.1.0.222", vip(43)):
        wire.send(t.vm4.ns, "eth0", wire.arp(1, t.vm4.mac, t.vm4.ip, to_ip=ip))
    wire.send(t.vm4.ns, "eth0", wire.broadcast(t.vm4.mac, b"after that"))
    wait_for("a reply", lambda: any(f[6:12].hex() == vmac(43).replace(":", "")
                                    for f in host.frames()))
    wait_for("a broadcast", lambda: any(b"after that" in f for _, _, f in underlay.inner()))
    equal([f.hex() for _, _, f in underlay.inner() if wire.is_arp_request(f)
           and wire.macs(f)[1] == t.vm4.mac], [], "requests on the underlay")
    t.e1.configure(*where, "no neighbor-suppression unknown")
    underlay.close()
    host.close()


def case_withdrawn(t):
    """a withdrawn route takes its rows along at once; a moved one repoints them"""
    orchestrated(t.e2, "del", 5, 5, t.vm5.port)
    wait_for("row gone", lambda: vmac(5) not in rows(t.e1))
    expect(t.e1.remote(t.vm2.mac, t.e2.ip), "vm2 at e2")
    t.vm2.move(t.f3)
    wait_for("moved", lambda: (t.vm2.shout(t.vm2.mac), t.e1.remote(t.vm2.mac, t.f3.ip))[1])
    t.vm2.move(t.e2)
    wait_for("back", lambda: (t.vm2.shout(t.vm2.mac), t.e1.remote(t.vm2.mac, t.e2.ip))[1])


def case_ageing(t):
    """what is not used goes, what is used stays; then the first ping is delivered again"""
    t.vm1.ping(t.vm2.ip, count=1)
    t.e1.configure("router bgp 65000", "address-family l2vpn evpn", "vni 100",
                   "resolution on-demand age %d" % AGE)
    pinger = wire.Pinger(t.vm1, t.vm2.ip, 0.2)
    wait_for("only vm2's rows", lambda: rows(t.e1), 4 * AGE, until=lambda r: r == [t.vm2.mac])
    pinger.more()
    pinger.end()
    equal(pinger.missing, 0, "lost pings")
    expect(not t.e1.ns.neigh("br100", vip(777)), "a neighbour is left")
    wait_for("no rows", lambda: rows(t.e1), 4 * AGE, until=lambda r: r == [])
    t.vm1.ping(t.vm2.ip, count=1, wait=1)
    t.e1.configure("router bgp 65000", "address-family l2vpn evpn", "vni 100",
                   "resolution on-demand age 300")


def case_switching(t):
    """the mode is changed under ping: nothing lost, no route flaps"""
    t.vm1.ping(t.vm2.ip, count=1)
    sent = lambda: t.rr.neighbor(t.e1.ip)["messageStats"]["updatesRecv"]
    before = sent()
    pinger = wire.Pinger(t.vm1, t.vm2.ip, 0.005)
    where = ("router bgp 65000", "address-family l2vpn evpn", "vni 100")
    for _ in range(3):
        t.e1.configure(*where, "resolution proactive")
        wait_for("all rows", lambda: len(rows(t.e1)) >= MANY - 5, 20)
        wait_for("no sensor", lambda: t.e1.ns.status("ip link show sensor100")[0] != 0)
        port = t.e1.ns.link("vxlan100")["linkinfo"]["info_slave_data"]
        expect(port["flood"], "unknown unicast is not flooded")
        t.e1.configure(*where, "resolution on-demand age %d" % AGE)
        wait_for("sensor", lambda: ready(t.e1))
        wait_for("few rows", lambda: rows(t.e1), 30, until=lambda r: len(r) < 5)
    pinger.more()
    pinger.end()
    equal(pinger.missing, 0, "lost pings")
    equal(sent(), before, "updates sent")
    t.e1.settled()


def case_restart(t):
    """a restart keeps what is in use, and no more"""
    wait_for("routes", lambda: t.e1.show("evpn vni 100")["numMacs"] >= 3)
    t.vm1.ping(t.vm2.ip, count=1)
    watch = wire.Watch(t.e1.ns)
    t.e1.restart()
    t.rr.established(t.e1.ip)
    wait_for("sensor", lambda: ready(t.e1))
    wait_for("routes", lambda: t.e1.show("evpn vni 100")["numMacs"] >= 3, 30)
    t.e1.settled()
    equal(watch.deleted(t.vm2.mac), 0, "entries of vm2 deleted")
    t.vm1.ping(t.vm2.ip, count=1)
    expect(len(rows(t.e1)) < 10, "rows: %d" % len(rows(t.e1)))


def case_shown(t):
    """show evpn misses"""
    wire.send(t.vm1.ns, "eth0", wire.arp(1, t.vm1.mac, t.vm1.ip, to_ip=vip(99)))
    wait_for("resolved", lambda: misses(t.e1, "resolved"))
    doc = t.e1.show("evpn misses vni 100")["vnis"]["100"]
    for key in ("misses", "resolved", "negative", "suppressed", "outstanding", "rate"):
        expect(isinstance(doc[key], int), key)
    lat = doc["latencyUs"]
    expect(0 < lat["p50"] <= lat["p99"] <= lat["max"], "latencies: %s" % lat)
    print("# latency, us: %s" % lat)
    expect("resolved:" in t.e1.text("show evpn misses"), "text")


def case_direct(t):
    """a device that tells of misses by itself, as Docker made them, is served without a sensor"""
    ns = t.e2.ns
    where = ("router bgp 65000", "address-family l2vpn evpn", "vni 100")
    ns.run("ip link del vxlan100")
    wait_for("no sensor", lambda: ns.status("ip link show sensor100")[0] != 0)
    ns.run("ip link add vxlan100 type vxlan id 100 local %s dstport 4789 nolearning proxy "
           "l2miss l3miss" % t.e2.ip)
    ns.run("ip link set vxlan100 addrgenmode none master br100 up")
    wait_for("broadcast entries", lambda: ns.fdb("vxlan100", "ff:ff:ff:ff:ff:ff"))
    equal(t.e2.floods(), [], "default entries")
    expect(ns.status("ip link show sensor100")[0] != 0, "a sensor")
    wait_for("e2 knows vm1", lambda: t.e2.mac(t.vm1.mac))
    wire.send(t.vm1.ns, "eth0", wire.arp(1, t.vm1.mac, t.vm1.ip))
    known(t.e2, t.vm1)
    wire.send(t.vm2.ns, "eth0", wire.arp(1, t.vm2.mac, t.vm2.ip))
    known(t.e1, t.vm2)
    t.vm2.ns.run("ip neigh flush all")
    t.vm2.ping(t.vm1.ip, count=1, wait=1)
    t.e2.configure(*where, "resolution proactive")
    t.e2.flooding(t.e1.ip, t.f3.ip)
    t.e2.configure(*where, "resolution on-demand")
    wait_for("no default entries", lambda: not t.e2.floods())


def case_alone(t):
    """a vxlan device with an address of its own and no bridge"""
    ns = t.e2.ns
    for h in (t.e1, t.f3):
        h.ns.run("ip link set dev br100 type bridge mcast_snooping 0")
    ns.run("ip link add vx200 type vxlan id 200 local %s dstport 4789 nolearning proxy "
           "l2miss l3miss" % t.e2.ip)
    ns.run("ip addr add 10.2.0.2/24 dev vx200")
    ns.run("ip link set vx200 up")
    t.e2.configure("router bgp 65000", "address-family l2vpn evpn", "vni 200", "vxlan vx200",
                   "resolution on-demand")
    t.e1.configure("router bgp 65000", "address-family l2vpn evpn", "vni 200", "bridge br200",
                   "resolution on-demand")
    wait_for("e1: br200", lambda: t.e1.ns.status("ip link show sensor200")[0] == 0)
    vm = Vm(t.lab, 60, t.e1, bridge="br200", address=False)
    vm.ns.run("ip addr add 10.2.0.60/24 dev eth0")

    def told():  # again, until evpnd hears it: the port is new
        wire.send(vm.ns, "eth0", wire.arp(1, vm.mac, "10.2.0.60"))
        return t.e2.show("evpn arp-cache vni 200").get("10.2.0.60")
    wait_for("e2 knows it", told)
    wait_for("e1 knows e2", lambda: t.e1.show("evpn arp-cache vni 200").get("10.2.0.2"))
    equal([r for r in ns.fdb("vx200") if r["mac"] == vm.mac], [], "rows before")
    _, out = ns.status("ping -n -c 1 -W 1 10.2.0.60")
    expect("1 received" in out, "first ping from the device: %s" % out[-200:])
    vm.ping("10.2.0.2", count=1, wait=1)


if __name__ == "__main__":
    lab.run()

#!/usr/bin/env python3
"""
VXLAN without a control plane, as the well-known recipes build it with ip and bridge, then taken
over by evpnd: what worked goes on working, without a lost ping, and what is known comes by BGP.
Each case has two VTEPs of its own on one underlay.
"""

from types import SimpleNamespace

import lab
import wire
from topo import *
from wire import Pinger

ZERO = "00:00:00:00:00:00"


def setup(l):
    if standin():
        raise lab.Skip("FRR stands in")
    return SimpleNamespace(lab=l, net=Underlay(l), n=10)


class Pair:
    """Two VTEPs with a VM each, their vxlan device made by the recipe's words."""

    def __init__(self, t, words, v6=False, **more):
        self.t, self.v6 = t, v6
        self.ends = []
        for i in (0, 1):
            h = EvpndVtep(t.lab, "r%d" % (t.n + i), t.n + i, t.net)
            h.local = h.ip6 if v6 else h.ip
            self.ends.append(h)
        a, b = self.ends
        self.vms = []
        for h, o in ((a, b), (b, a)):
            h.quiet()
            h.ns.run("ip link add vxlan100 type vxlan id 100 dstport 4789 local %s %s" %
                     (h.local, words.format(remote=o.local)))
            h.ns.run("ip link add br100 type bridge mcast_snooping 0")
            h.ns.run("ip link set br100 addrgenmode none up")
            h.ns.run("ip link set vxlan100 addrgenmode none master br100 up")
            self.vms.append(Vm(t.lab, h.n + 100, h))
        t.n += 2

    def each(self):
        """Every end with the other one, and their VMs."""
        (a, b), (x, y) = self.ends, self.vms
        return ((a, b, x, y), (b, a, y, x))

    def flood(self):
        for h, o, _, _ in self.each():
            h.ns.run("bridge fdb append %s dev vxlan100 dst %s" % (ZERO, o.local))

    def take_over(self, *lines):
        """evpnd starts on both ends under a ping, and comes to rest."""
        a, b = self.ends
        x, y = self.vms
        x.reaches(y)
        ping = Pinger(x, y.ip6 if self.v6 else y.ip)
        for h, o, _, _ in self.each():
            text = router(h, [neighbor(o.ip)], vni_lines=list(lines) or None)
            h.start("vxlan\n source-address %s\nexit\n" % h.local + text)
        a.established(b.ip)
        for h in self.ends:
            h.settled()
        for vm in self.vms:
            vm.speak()
        for h, o, vm, far in self.each():
            wait_for("%s: %s by BGP" % (h.name, far.name), lambda: h.remote(far.mac, o.local))
            h.settled()
        ping.more(40)
        gap, lost = ping.end()
        expect(lost == 0, "%d pings lost, %.0f ms" % (lost, gap))
        x.forget()
        y.forget()
        x.reaches(y)
        self.once(x, y)
        return "longest silence %.0f ms" % gap

    def once(self, x, y):
        tap = wire.Capture(y.ns, "eth0")
        wire.send(x.ns, "eth0", wire.broadcast(x.mac, b"once"))

        def seen():
            return sum(b"\x88\xb5once" in f for f in tap.frames())
        wait_for("broadcast arrives", seen)
        x.ping(y.ip)
        equal(seen(), 1, "copies of a broadcast frame")
        tap.close()

    def device(self, h):
        return h.ns.link("vxlan100")["linkinfo"]["info_data"]


def pims(p, group):
    for h, o, _, _ in p.each():
        doc = h.show("evpn vni 100")
        equal(doc["mcastGroup"], group, "mcastGroup")
        equal({v["ip"]: v["flood"] for v in doc["remoteVteps"]}, {o.local: "PIM-SM"}, "VTEPs")
        equal([r["dst"] for r in h.ns.fdb("vxlan100", ZERO)], [group], "flood list")
        expect(not p.device(h)["learning"], "learning is on")


def case_multicast(t):
    """multicast group, learning: taken over as it is"""
    p = Pair(t, "group 239.1.2.1 dev eth0 ttl 5")
    note = p.take_over()
    pims(p, "239.1.2.1")
    equal(p.device(p.ends[0])["ttl"], 5, "ttl")
    return note


def case_multicast6(t):
    """multicast group over IPv6"""
    p = Pair(t, "group ff05::100 dev eth0 ttl 5", v6=True)
    note = p.take_over()
    pims(p, "ff05::100")
    return note


def case_multicast_to_her(t):
    """multicast group over IPv6, and the configuration says head-end replication; and a group"""
    p = Pair(t, "group ff05::101 dev eth0 ttl 5", v6=True)
    note = p.take_over("flooding head-end-replication")
    for h, o, _, _ in p.each():
        h.flooding(o.local)
        expect(not p.device(h).get("group6") and not p.device(h).get("group"), "group is there")
    for h in p.ends:
        h.configure("router bgp 65000", "address-family l2vpn evpn", "vni 100",
                    "flooding multicast ff05::102 eth0")
    for h in p.ends:
        wait_for("group", lambda: h.floods() == ["ff05::102"])
        h.settled()
    p.once(*p.vms)
    p.vms[0].reaches(p.vms[1])
    return note


def case_static_flooding(t):
    """unicast with static flooding, learning"""
    p = Pair(t, "")
    p.flood()
    note = p.take_over()
    for h, o, _, _ in p.each():
        h.flooding(o.local)
        expect(not p.device(h)["learning"], "learning is on")
    return note


def case_static_flooding_kept(t):
    """unicast with static flooding, which the configuration has too, with learning"""
    p = Pair(t, "")
    p.flood()
    note = p.take_over("learning")
    for h, o, _, _ in p.each():
        h.flooding(o.local)
        expect(p.device(h)["learning"], "learning is off")
    return note


def case_point_to_point(t):
    """remote: one VTEP"""
    p = Pair(t, "remote {remote}")
    note = p.take_over()
    for h, o, _, _ in p.each():
        h.flooding(o.local)
        equal(p.device(h)["remote"], o.local, "remote")
    return note


def case_static_l2(t):
    """unicast with static L2 entries: nolearning, MACs by hand"""
    p = Pair(t, "nolearning")
    p.flood()
    for h, o, vm, far in p.each():
        h.ns.run("bridge fdb append %s dev vxlan100 dst %s" % (far.mac, o.local))
    note = p.take_over()
    return note


def case_static_l3(t):
    """unicast with static L3 entries: nolearning proxy, MACs and neighbours by hand; the proxy
    knows what BGP knows"""
    p = Pair(t, "nolearning proxy")
    for h, o, vm, far in p.each():
        h.ns.run("bridge fdb append %s dev vxlan100 dst %s" % (far.mac, o.local))
        for ip in (far.ip, far.ip6):
            h.ns.run("ip neigh add %s lladdr %s dev vxlan100" % (ip, far.mac))
    (a, b), (x, y) = p.ends, p.vms
    x.reaches(y)
    ping = Pinger(x, y.ip)
    for h, o, _, _ in p.each():
        h.start(source(h.ip) + router(h, [neighbor(o.ip)], vni_lines=["no neighbor-suppression"]))
    a.established(b.ip)
    for vm in p.vms:
        vm.speak()
    for h, o, vm, far in p.each():
        wait_for("%s: %s by BGP" % (h.name, far.name), lambda: h.remote(far.mac, o.ip))
        wait_for("neighbour on vxlan100", lambda: h.ns.neigh("vxlan100", far.ip),
                 until=lambda n: n and "NOARP" in n[0]["state"])
        h.settled()
    ping.more(40)
    gap, lost = ping.end()
    expect(lost == 0, "%d pings lost, %.0f ms" % (lost, gap))
    # Asked again, the proxy answers: nothing of it is on the wire.
    tap = wire.Capture(a.ns, "eth0")
    x.forget()
    x.ping(y.ip)
    expect(not [f for _, _, f in tap.inner() if wire.is_arp_request(f)], "ARP on the wire")
    tap.close()
    for h in p.ends:
        h.configure("no router bgp 65000")
        wait_for("ours are gone", lambda: not [r for r in h.ns.fdb("vxlan100")
                                               if "extern_learn" in str(r)])
    return "longest silence %.0f ms" % gap


def case_dynamic(t):
    """dynamic: nolearning proxy l2miss l3miss, filled by a daemon on misses; then by evpnd"""
    p = Pair(t, "nolearning proxy l2miss l3miss")
    for h, o, vm, far in p.each():
        h.ns.run("bridge fdb add %s dev vxlan100 dst %s" % (far.mac, o.local))
        for ip in (far.ip, far.ip6):
            h.ns.run("ip neigh add %s lladdr %s dev vxlan100" % (ip, far.mac))
    note = p.take_over("resolution on-demand")
    (a, b), (x, _) = p.ends, p.vms
    doc = a.show("evpn misses")["vnis"]["100"]
    expect(doc["onDemand"], str(doc))
    expect(a.ns.status("ip link show sensor100")[0] != 0, "a sensor")
    z = Vm(t.lab, b.n + 110, b)
    wire.send(z.ns, "eth0", wire.arp(1, z.mac, z.ip))
    wait_for("a knows it", lambda: a.show("evpn arp-cache vni 100").get(z.ip))
    equal([r for r in a.ns.fdb("vxlan100") if r["mac"] == z.mac], [], "entries before")
    x.ping(z.ip, count=1, wait=1)
    return note


lab.run()

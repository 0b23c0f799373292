#!/usr/bin/env python3
"""
Every way a segment is flooded, changed under traffic: h1 and h2 are evpnd, f3 is FRR; p4 is a
VTEP of iproute2 alone, that speaks no BGP.
"""

from types import SimpleNamespace

import lab
import wire
from topo import *
from wire import Pinger

FAMILY = ("router bgp 65000", "address-family l2vpn evpn")
ZERO = "00:00:00:00:00:00"


class Plain(Vtep, Node):
    """A VTEP without BGP: what it knows was typed, or learned from the wire."""


def setup(l):
    if standin():
        raise lab.Skip("FRR stands in")
    net = Underlay(l)
    ips = ["10.99.0.1", "10.99.0.2", "10.99.0.3"]
    h1 = start_vtep(EvpndVtep(l, "h1", 1, net), ips[1:])
    h2 = start_vtep(EvpndVtep(l, "h2", 2, net), [ips[0], ips[2]])
    f3 = start_vtep(FrrVtep(l, "f3", 3, net), ips[:2], devices=adopted)
    p4 = Plain(l, "p4", 4, net)
    t = SimpleNamespace(lab=l, net=net, h1=h1, h2=h2, f3=f3, p4=p4, vm1=Vm(l, 11, h1),
                        vm2=Vm(l, 12, h2), vm3=Vm(l, 13, f3))
    h1.established(h2.ip, f3.ip)
    h2.established(f3.ip)
    return t


def vni(h, *lines):
    h.configure(*FAMILY, "vni 100", *lines)


def device(h):
    return h.ns.link("vxlan100")["linkinfo"]["info_data"]


def joined(h, group, dev="eth0"):
    maddr = h.ns.json("ip -j maddr show dev " + dev)
    return group in [m.get("address") for row in maddr for m in row.get("maddr", [])]


def hears(vm, *others):
    """A broadcast frame of vm comes to each of the others, once."""
    hears.count += 1
    mark = b"mark-%d" % hears.count
    taps = [(o, wire.Capture(o.ns, "eth0")) for o in others]
    wire.send(vm.ns, "eth0", wire.broadcast(vm.mac, mark))

    def seen(tap):
        return sum(mark in f for f in tap.frames())
    for o, tap in taps:
        wait_for("%s hears %s" % (o.name, vm.name), lambda: seen(tap))
    for o, tap in taps:
        equal(seen(tap), 1, "copies at %s of what %s said" % (o.name, vm.name))
        tap.close()


hears.count = 0


def deaf(vm, *others):
    """A broadcast frame of vm comes to none of the others. Another one, by the same way, that
    comes to a VM of the same bridge, tells when to look."""
    hears.count += 1
    mark = b"mark-%d" % hears.count
    taps = [(o, wire.Capture(o.ns, "eth0")) for o in others]
    wire.send(vm.ns, "eth0", wire.broadcast(vm.mac, mark))
    for o in others:
        vm.ping(o.ip, count=2)
    for o, tap in taps:
        equal(sum(mark in f for f in tap.frames()), 0, "copies at " + o.name)
        tap.close()


def tunnel(at, of):
    """The tunnel of a VTEP's type 3 route, as another shows it."""
    for part in at.text("show bgp l2vpn evpn route detail type 3").split("Route Distinguisher: "):
        if part.startswith(of.ip + ":"):
            return part[part.index("PMSI"):].split("\n")[0]
    return ""


def no_loss(pinger, what, lost=0):
    pinger.more(40)
    gap, n = pinger.end()
    expect(n <= lost, "%s: %d pings lost, %.0f ms" % (what, n, gap))
    return "longest silence %.0f ms" % gap


def case_her(t):
    """head-end replication: FRR and evpnd flood to each other, each frame once"""
    for h, others in ((t.h1, (t.h2, t.f3)), (t.h2, (t.h1, t.f3)), (t.f3, (t.h1, t.h2))):
        h.flooding(*[o.ip for o in others])
    t.vm1.reaches(t.vm2)
    t.vm1.reaches(t.vm3)
    hears(t.vm1, t.vm2, t.vm3)
    hears(t.vm3, t.vm1, t.vm2)
    rows = {v["ip"]: v["flood"] for v in t.h1.show("evpn vni 100")["remoteVteps"]}
    equal(rows, {t.h2.ip: "HER", t.f3.ip: "HER"}, "remote VTEPs")


def on_underlay(t, about):
    """Requests of vm1 for an address, IPv4 and IPv6, that h1 sent to other VTEPs; what is captured
    after them says that they were looked at."""
    tap = wire.Capture(t.h1.ns, "eth0")
    on_underlay.count += 1
    mark = b"asked-%d" % on_underlay.count
    ip, ip6 = "10.1.0.%d" % about, "fd01::%x" % about
    t.vm1.ns.status("ping -n -c 1 -W 0.1 %s" % ip)
    t.vm1.ns.status("ping -n -c 1 -W 0.1 %s" % ip6)
    wire.send(t.vm1.ns, "eth0", wire.broadcast(t.vm1.mac, mark))
    wait_for("the mark", lambda: any(mark in f for _, _, f in tap.inner()))
    frames = [f for _, _, f in tap.inner() if wire.macs(f)[1] == t.vm1.mac]
    tap.close()
    return (any(wire.is_arp_request(f) and hexip(ip) in f.hex() for f in frames),
            any(wire.is_ns(f) and hexip(ip6) in f.hex() for f in frames))


on_underlay.count = 0


def case_unknown(t):
    """requests for unknown addresses are flooded, or dropped; known ones are reached all the time"""
    def reqdrop():
        return "bpf" in t.h1.ns.run("tc filter show dev vxlan100 egress")
    t.vm1.ping(t.vm2.ip)
    equal(on_underlay(t, 201), (True, True), "flooded")
    vni(t.h1, "neighbor-suppression unknown drop")
    wait_for("a filter", reqdrop)
    t.h1.settled()
    t.h1.ns.run("tc qdisc del dev vxlan100 clsact")
    wait_for("the filter again", reqdrop)
    # from here on: to give the device its first filter the kernel stops it for a moment
    ping = Pinger(t.vm1, t.vm2.ip)
    equal(on_underlay(t, 202), (False, False), "flooded")
    equal(t.h1.show("evpn vni 100")["unknownNeighbors"], "dropped", "show evpn vni")
    expect("addresses: dropped" in t.h1.text("show evpn explain vni 100 ip 10.1.0.202"), "explain")
    t.h1.ns.run("tc filter del dev vxlan100 egress")
    wait_for("the filter again", reqdrop)
    vni(t.h1, "no neighbor-suppression")
    wait_for("no filter", lambda: not reqdrop())
    why = t.h1.show("evpn vni 100")
    equal(why["unknownNeighbors"], "flooded", str(why))
    vni(t.h1, "neighbor-suppression")
    wait_for("the filter again", reqdrop)
    vni(t.h1, "no neighbor-suppression unknown")
    wait_for("no filter", lambda: not reqdrop())
    equal(on_underlay(t, 203), (True, True), "flooded")
    said = no_loss(ping, "drop and back")
    vni(t.h1, "neighbor-suppression unknown drop")
    wait_for("a filter", reqdrop)
    t.vm1.forget()
    t.vm1.ping(t.vm2.ip, count=1)
    t.vm1.ping(t.vm2.ip6, count=1)
    t.h1.restart()  # its file does not say so
    t.h1.established(t.h2.ip, t.f3.ip)
    wait_for("what an earlier life left is gone", lambda: not reqdrop())
    t.h1.flooding(t.h2.ip, t.f3.ip)
    t.f3.flooding(t.h1.ip, t.h2.ip)
    t.vm1.reaches(t.vm2)
    t.vm1.reaches(t.vm3)
    return said


def case_disable(t):
    """flooding disable: no type 3 route, no list, known hosts still reach each other; and back"""
    ping = Pinger(t.vm1, t.vm2.ip)
    vni(t.h1, "flooding disable")
    wait_for("f3: no type 3 of h1", lambda: t.h1.ip not in t.f3.floods())
    t.h1.flooding()
    t.h2.flooding(t.f3.ip)
    deaf(t.vm1, t.vm2, t.vm3)
    vni(t.h1, "no flooding disable")
    t.h1.flooding(t.h2.ip, t.f3.ip)
    t.f3.flooding(t.h1.ip, t.h2.ip)
    hears(t.vm1, t.vm2, t.vm3)
    return no_loss(ping, "disable and back")


def multicast(t, group, ttl):
    """h1, then h2 go to a group under traffic; FRR's device has it, too."""
    ping = Pinger(t.vm1, t.vm2.ip)
    vni(t.h1, "flooding multicast %s eth0%s" % (group, ttl))
    wait_for("h1: group", lambda: device(t.h1).get("group"), until=lambda g: g == group)
    wait_for("joined", lambda: joined(t.h1, group))
    # h2 has no group: it still makes copies for h1, and h1 for it.
    wait_for("h2 knows", lambda: "PIM-SM" in tunnel(t.h2, t.h1))
    wait_for("h1's list", lambda: t.h2.ip in t.h1.floods() and t.h1.ip in t.h2.floods())
    hears(t.vm1, t.vm2)
    hears(t.vm2, t.vm1)
    vni(t.h2, "flooding multicast %s eth0%s" % (group, ttl))
    wait_for("h2: group", lambda: device(t.h2).get("group"), until=lambda g: g == group)
    wait_for("lists", lambda: t.h2.ip not in t.h1.floods() and t.h1.ip not in t.h2.floods())
    hears(t.vm1, t.vm2)
    hears(t.vm2, t.vm1)
    return ping


def case_multicast(t):
    """multicast, IPv4: the device joins, type 3 says PIM-SM; FRR's group device is in; no loss"""
    ping = multicast(t, "239.1.1.1", " ttl 9")
    equal(device(t.h1).get("ttl"), 9, "ttl")
    equal(device(t.h1).get("link"), "eth0", "link")
    # FRR reads the route, and does not make copies for us. (8.4.4 does not see that only the
    # tunnel of a route has changed: it is to get the route anew.)
    t.f3.text("clear bgp *")
    t.f3.established(t.h1.ip, t.h2.ip)
    for h in (t.h1, t.h2):
        wait_for("f3: flood PIM-SM", lambda: t.f3.text("show evpn vni 100"),
                 until=lambda v: "%s flood: PIM-SM" % h.ip in v)
    t.f3.flooding()
    wait_for("remote VTEPs", lambda: {v["ip"]: v["flood"] for v in
                                      t.h1.show("evpn vni 100")["remoteVteps"]},
             until=lambda v: v == {t.h2.ip: "PIM-SM", t.f3.ip: "HER"})
    equal(t.h1.show("evpn vni 100")["mcastGroup"], "239.1.1.1", "mcastGroup")
    t.f3.ns.run("ip link set vxlan100 type vxlan id 100 group 239.1.1.1 dev eth0")
    t.f3.ns.run("ip link set vxlan100 down")
    t.f3.ns.run("ip link set vxlan100 up")
    wait_for("f3 joined", lambda: joined(t.f3, "239.1.1.1"))
    # FRR sends no type 3 route any more: nobody makes copies.
    wait_for("h1: no copies", lambda: [f for f in t.h1.floods() if f != "239.1.1.1"] == [])
    for vm, others in ((t.vm1, (t.vm2, t.vm3)), (t.vm3, (t.vm1, t.vm2))):
        wait_for("all of them", lambda: hears(vm, *others) is None)
    t.vm1.reaches(t.vm3)
    return no_loss(ping, "to multicast")


def case_another_group(t):
    """another group on the living devices, several VNIs on one group"""
    ping = Pinger(t.vm1, t.vm2.ip)
    for h in (t.h1, t.h2):
        vni(h, "flooding multicast 239.1.1.2 eth0")
        wait_for("joined", lambda: joined(h, "239.1.1.2") and not joined(h, "239.1.1.1"))
        equal(device(h).get("ttl"), 64, "ttl")
    for h in (t.h1, t.h2):
        h.configure(*FAMILY, "vni 200", "bridge br200", "flooding multicast 239.1.1.2 eth0")
        wait_for("vxlan200", lambda: h.ns.link("vxlan200")["linkinfo"]["info_data"]["group"])
    a, b = Vm(t.lab, 31, t.h1, bridge="br200"), Vm(t.lab, 32, t.h2, bridge="br200")
    a.reaches(b)
    hears(a, b)
    hears(t.vm1, t.vm2)
    for h in (t.h1, t.h2):
        h.configure(*FAMILY, "no vni 200")
    wait_for("gone", lambda: t.h1.ns.status("ip link show vxlan200")[0])
    wait_for("still joined", lambda: joined(t.h1, "239.1.1.2"))
    hears(t.vm1, t.vm2)
    return no_loss(ping, "another group")


def case_back(t):
    """back to head-end replication: the group is left; no loss"""
    ping = Pinger(t.vm1, t.vm2.ip)
    for h in (t.h1, t.h2):
        vni(h, "no flooding")
        wait_for("no group", lambda: not device(h).get("group") and not joined(h, "239.1.1.2"))
    t.f3.ns.run("ip link del vxlan100")
    t.f3.ns.run("ip link add vxlan100 type vxlan id 100 local %s dstport 4789 nolearning" % t.f3.ip)
    t.f3.ns.run("ip link set vxlan100 addrgenmode none master br100 up")
    t.f3.ns.run("bridge link set dev vxlan100 neigh_suppress on learning off")
    t.f3.text("clear bgp *")
    t.f3.established(t.h1.ip, t.h2.ip)
    t.h1.flooding(t.h2.ip, t.f3.ip)
    t.h2.flooding(t.h1.ip, t.f3.ip)
    t.f3.flooding(t.h1.ip, t.h2.ip)
    hears(t.vm1, t.vm2, t.vm3)
    hears(t.vm3, t.vm1, t.vm2)
    for h in (t.h1, t.h2):
        h.settled()
    return no_loss(ping, "back")


def case_no_device(t):
    """multicast on a device that is not there yet: replicates until it comes"""
    vni(t.h1, "flooding multicast 239.1.1.3 late0")
    row = wait_for("told", t.h1.differing)
    expect("late0" in str(row), str(row))
    hears(t.vm1, t.vm2, t.vm3)
    t.h1.ns.run("ip link add late0 type veth peer name late1")
    t.h1.ns.run("ip link set late0 up")
    t.h1.ns.run("ip link set late1 up")
    wait_for("joined", lambda: joined(t.h1, "239.1.1.3", "late0"))
    vni(t.h1, "no flooding")
    wait_for("no group", lambda: not device(t.h1).get("group"))
    # A device that once had a link keeps it until it is made again: the kernel cannot take it.
    t.h1.ns.run("ip link del vxlan100")
    wait_for("made again", lambda: device(t.h1))
    t.h1.ns.run("ip link del late0")
    t.vm1.reaches(t.vm2)
    hears(t.vm1, t.vm2, t.vm3)
    t.h1.settled()


def plain(t):
    """p4 as the recipes have it: unicast with static flooding, learning."""
    ns = t.p4.ns
    t.p4.quiet()
    ns.run("ip link add vxlan100 type vxlan id 100 dstport 4789 local %s" % t.p4.ip)
    ns.run("ip link add br100 type bridge mcast_snooping 0")
    ns.run("ip link set vxlan100 addrgenmode none master br100 up")
    ns.run("ip link set br100 addrgenmode none up")
    for h in (t.h1, t.h2):
        ns.run("bridge fdb append %s dev vxlan100 dst %s" % (ZERO, h.ip))
    t.vm4 = Vm(t.lab, 14, t.p4)


def case_learning(t):
    """a VTEP without BGP: static flooding and learning, besides BGP; BGP wins, learning is next"""
    plain(t)
    ping = Pinger(t.vm1, t.vm2.ip)
    for h in (t.h1, t.h2):
        vni(h, "flooding static %s" % t.p4.ip, "learning")
        h.flooding(*[x.ip for x in (t.h1, t.h2, t.f3, t.p4) if x is not h])
    hears(t.vm1, t.vm2, t.vm3, t.vm4)
    hears(t.vm4, t.vm1, t.vm2)
    t.vm1.reaches(t.vm4)
    t.vm4.reaches(t.vm2)
    learned = wait_for("learned", lambda: [r for r in t.h1.ns.fdb("vxlan100", t.vm4.mac)
                                           if r.get("dst") == t.p4.ip])
    expect("extern_learn" not in str(learned), str(learned))
    expect(not t.h1.mac(t.vm4.mac) and not t.h2.has(t.vm4.mac) and not t.f3.has(t.vm4.mac),
           "what the data plane taught is advertised")
    # vm4's MAC in BGP: from FRR, where its cable goes.
    t.vm4.move(t.f3)
    t.vm4.speak()
    wait_for("BGP has it", lambda: t.h1.remote(t.vm4.mac, t.f3.ip))
    wait_for("taken over", lambda: all("extern_learn" in str(r) for r in
                                       t.h1.ns.fdb("vxlan100", t.vm4.mac)))
    t.vm1.reaches(t.vm4)
    # Back: FRR withdraws, learning has it again.
    t.vm4.move(t.p4)
    wait_for("withdrawn", lambda: not t.h1.has(t.vm4.mac))
    wait_for("learned again", lambda: t.vm4.speak() or
             [r for r in t.h1.ns.fdb("vxlan100", t.vm4.mac) if r.get("dst") == t.p4.ip])
    t.vm1.reaches(t.vm4)
    t.h1.settled()
    return no_loss(ping, "learning")


def case_static_mac(t):
    """mac vtep: entries of the configuration, also for neighbours; redistributed on request"""
    for h in (t.h1, t.h2):
        vni(h, "no learning")
        wait_for("learning off", lambda: not device(h)["learning"])
    line = "mac %s vtep %s" % (t.vm4.mac, t.p4.ip)
    vni(t.h1, line, line + " ip " + t.vm4.ip, line + " ip " + t.vm4.ip6)
    wait_for("h1 has it", lambda: t.h1.remote(t.vm4.mac, t.p4.ip))
    wait_for("neighbour", lambda: t.h1.ns.neigh("br100", t.vm4.ip))
    t.vm1.forget()
    t.vm1.reaches(t.vm4)
    row = t.h1.mac(t.vm4.mac)
    equal((row["type"], row["remoteVtep"]), ("remote", t.p4.ip), "show evpn mac")
    # Claimed here: it stays where the configuration has it.
    t.vm1.shout(t.vm4.mac)
    t.vm1.reaches(t.vm4)
    equal(t.h1.mac(t.vm4.mac)["type"], "remote", "type")
    expect(not t.h2.has(t.vm4.mac), "advertised unasked")
    t.h1.configure(*FAMILY, "redistribute static-mac")
    wait_for("h2 and f3 have it from h1", lambda: t.h2.remote(t.vm4.mac, t.p4.ip) and
             t.f3.remote(t.vm4.mac, t.p4.ip))
    t.vm2.forget()
    t.vm2.reaches(t.vm4)
    row = t.h2.show("evpn mac vni 100 detail")["macs"][t.vm4.mac]
    equal(row.get("stickyMac"), True, "sticky")
    t.h1.configure(*FAMILY, "no redistribute static-mac")
    wait_for("withdrawn", lambda: not t.h2.has(t.vm4.mac) and not t.f3.has(t.vm4.mac))
    vni(t.h1, "no mac " + t.vm4.mac)
    wait_for("gone", lambda: not t.h1.ns.fdb("vxlan100", t.vm4.mac) and
             not t.h1.ns.neigh("br100", t.vm4.ip))
    for h in (t.h1, t.h2):
        vni(h, "no flooding")
        h.settled()


def case_alone(t):
    """router bgp without neighbors: static flooding alone"""
    t.a5 = EvpndVtep(t.lab, "a5", 5, t.net)
    t.a5.quiet()
    t.a5.start(source(t.a5.ip) + router(t.a5, [], vni_lines=[
        "bridge br100", "flooding static " + t.p4.ip, "learning"]))
    t.p4.ns.run("bridge fdb append %s dev vxlan100 dst %s" % (ZERO, t.a5.ip))
    wait_for("bridge", lambda: t.a5.ns.link("br100"))
    t.vm5 = Vm(t.lab, 15, t.a5)
    t.vm5.reaches(t.vm4)
    hears(t.vm5, t.vm4)
    t.a5.settled()
    t.a5.stop()
    t.vm5.reaches(t.vm4)
    t.p4.ns.run("bridge fdb del %s dev vxlan100 dst %s" % (ZERO, t.a5.ip))


lab.run()

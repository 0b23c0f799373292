#!/usr/bin/env python3
"""evpnd and FRR VTEPs in one VNI behind FRR's reflector: two of each."""

from types import SimpleNamespace

import lab
import wire
from topo import *
from wire import Capture, Pinger


def setup(l):
    net = Underlay(l)
    rr = reflector(l, net, ["10.99.0.%d" % n for n in (1, 2, 3, 4)])
    e1 = start_vtep(evpnd_vtep(l, "e1", 1, net), [rr.ip])
    f2 = start_vtep(FrrVtep(l, "f2", 2, net), [rr.ip])
    e3 = start_vtep(evpnd_vtep(l, "e3", 3, net), [rr.ip], devices=adopted)
    f4 = start_vtep(FrrVtep(l, "f4", 4, net), [rr.ip])
    vteps = [e1, f2, e3, f4]
    # FRR learns a host's addresses from the bridge's neighbours: give it one, as its users do.
    for h in vteps if standin() else (f2, f4):
        h.ns.run("ip addr add 10.1.0.%d/24 dev br100" % (200 + h.n))
        h.ns.run("ip addr add fd01::%x/64 dev br100 nodad" % (0x200 + h.n))
    vms = [Vm(l, 10 + h.n, h) for h in vteps]
    return SimpleNamespace(lab=l, rr=rr, e1=e1, f2=f2, e3=e3, f4=f4, vteps=vteps, vms=vms)


def announce(vm):
    """Makes the VM say its addresses, so that its VTEP learns them."""
    vm.speak()
    if vm.at.kind == "frr":
        for ip in (vm.ip, vm.ip6):
            wait_for("%s pings %s" % (vm.at.name, ip),
                     lambda: vm.at.ns.status("ping -n -c 1 -W 1 " + ip)[0] == 0)
    else:
        vm.ns.status("ping -n -c 1 -W 0.01 fd01::ffff")


def case_sessions(t):
    """sessions and flood lists"""
    t.rr.established(*[h.ip for h in t.vteps])
    for h in t.vteps:
        h.flooding(*[o.ip for o in t.vteps if o is not h])


def case_ping(t):
    """every VM reaches every other one over IPv4 and IPv6"""
    for a in t.vms:
        for b in t.vms:
            if a is not b:
                a.reaches(b)


def case_macip(t):
    """the addresses of every VM are type 2 routes, on evpnd's bridges without address as well"""
    for vm in t.vms:
        announce(vm)
        for ip, bits in ((vm.ip, 32), (vm.ip6, 128)):
            wait_for("reflector: %s %s" % (vm.mac, ip),
                     lambda: t.rr.has("[%s]:[%d]:[%s]" % (vm.mac, bits, ip)))
    local = [k for k in t.rr.routes(2) if "[fe80:" in k[1] and k[0].startswith(t.e1.ip + ":")]
    if not standin():
        expect(not local, "link-local addresses are advertised: %s" % local)


def case_suppression(t):
    """ARP and ND for known hosts are answered locally: nothing on the underlay"""
    for vm, other in ((t.vms[0], t.vms[1]), (t.vms[0], t.vms[2]), (t.vms[2], t.vms[3])):
        h = vm.at
        for ip in (other.ip, other.ip6):
            wait_for("%s: neighbour %s in the kernel" % (h.name, ip),
                     lambda: h.ns.neigh("br100", ip))
        vm.forget()
        capture = Capture(h.ns, "eth0")
        vm.ping(other.ip)
        vm.ping(other.ip6)
        inner = [f for _, _, f in capture.inner()]
        capture.close()
        expect(any(wire.is_echo(f) for f in inner), "the capture saw no echo requests")
        asked = [f for f in inner if wire.macs(f)[1] == vm.mac and
                 (wire.is_arp_request(f) and hexip(other.ip) in f.hex() or
                  wire.is_ns(f) and f[:2] == b"\x33\x33" and hexip(other.ip6) in f.hex())]
        expect(not asked, "on the underlay of %s while %s pings %s: %s" %
               (h.name, vm.name, other.name, [f.hex() for f in asked[:3]]))


def case_neighbours_noarp(t):
    """suppression entries are NOARP and EXT_LEARNED"""
    if standin():
        raise lab.Skip("FRR stands in")
    row = t.e1.ns.neigh("br100", t.vms[1].ip)[0]
    equal(row["lladdr"], t.vms[1].mac, "lladdr")
    expect("NOARP" in row["state"] and "extern_learn" in row, str(row))


def case_bum(t):
    """a broadcast reaches the three other VTEPs, once each"""
    captures = [Capture(vm.ns, "eth0") for vm in t.vms]
    underlay = Capture(t.e1.ns, "eth0")
    frame = wire.broadcast(t.vms[0].mac, b"bum of e1")
    wire.send(t.vms[0].ns, "eth0", frame)
    for vm, c in list(zip(t.vms, captures))[1:]:
        wait_for("%s gets the broadcast" % vm.name, lambda: b"bum of e1" in b"".join(c.frames()))
    sent = sorted(dst for vni, dst, f in underlay.inner() if f[:len(frame)] == frame)
    equal(sent, sorted(h.ip for h in t.vteps[1:]), "copies on the underlay")
    for vm, c in list(zip(t.vms, captures))[1:]:
        equal(sum(f[:len(frame)] == frame for f in c.frames()), 1, "copies at " + vm.name)
    for c in captures + [underlay]:
        c.close()


ROAMER = "02:aa:00:00:00:01"


def moved(t, at, seq):
    """A MAC appears behind a VTEP; every other one has to see it there with this sequence."""
    to, mac = t.vteps[at], ROAMER
    t.vms[at].shout(mac)
    for h in t.vteps:
        if h is not to:
            wait_for("%s: %s behind %s" % (h.name, mac, to.name), lambda: h.remote(mac, to.ip))
            wait_for("%s: sequence of %s" % (h.name, mac),
                     lambda: int(h.mac(mac)["remoteSequence"]), until=lambda s: s == seq)
    row = to.mac(mac)
    equal(row["type"], "local", "type at " + to.name)
    equal(int(row["localSequence"]), seq, "local sequence at " + to.name)

    def advertised():
        return [k for k in t.rr.has("[48]:[%s]" % mac) if k[1].endswith("[%s]" % mac)]
    key = wait_for("only %s advertises %s" % (to.name, mac), advertised,
                   until=lambda ks: [k[0].split(":")[0] for k in ks] == [to.ip])[0]
    text = t.rr.routes(2)[key][0]["extendedCommunity"]["string"]
    expect(seq == 0 or "MM:%d" % seq in text, "MAC mobility of %s: %s" % (mac, text))
    if to.kind == "evpnd":  # FRR leaves it there
        wait_for("%s: no stale vxlan entry of %s" % (to.name, mac),
                 lambda: not to.ns.fdb("vxlan100", mac))


def case_move_to_frr(t):
    """a MAC moves from evpnd to FRR: sequence 1"""
    moved(t, 0, 0)
    moved(t, 1, 1)


def case_move_to_evpnd(t):
    """and back from FRR to evpnd: sequence 2, no stale vxlan entry"""
    moved(t, 0, 2)


def case_move_between_evpnd(t):
    """between two evpnd: sequences 3 and 4; to FRR: 5"""
    moved(t, 2, 3)
    moved(t, 0, 4)
    moved(t, 3, 5)


def case_gap(t):
    """a VM that is pinged while it moves is silent for less than 500 ms"""
    vm = t.vms[2]
    ping = Pinger(t.vms[0], vm.ip)
    ping.more(20)
    vm.move(t.f2)
    ping.more(50)
    vm.move(t.e3)
    ping.more(50)
    gap, lost = ping.end()
    expect(gap < 500 * lab.slow(), "gap of %.0f ms, %d lost" % (gap, lost))
    return "gap %.0f ms" % gap


def case_withdrawal(t):
    """a VM that goes is withdrawn with its addresses, and its kernel entries go"""
    for vm in (t.vms[0], t.vms[1]):
        vm.at.ns.run("ip link set %s down" % vm.port)
        wait_for("reflector: %s withdrawn" % vm.mac, lambda: not t.rr.has("[%s]" % vm.mac))
        for h in t.vteps:
            if h is not vm.at:
                wait_for("%s: entries of %s gone" % (h.name, vm.mac),
                         lambda: not h.ns.fdb("vxlan100", vm.mac))
                wait_for("%s: neighbour %s gone" % (h.name, vm.ip), lambda: not [
                    n for n in h.ns.neigh("br100", vm.ip) if n.get("lladdr") == vm.mac])
        vm.at.ns.run("ip link set %s up" % vm.port)
    t.vms[0].reaches(t.vms[1])


def case_settled(t):
    """show evpn kernel differing is empty"""
    if standin():
        raise lab.Skip("FRR stands in")
    t.e1.settled()
    t.e3.settled()


lab.run()

#!/usr/bin/env python3
"""
Graceful restart under traffic: a leaf, the reflector, FRR's bgpd are killed and come back.

LAB_CYCLES and LAB_COUNT: how often a leaf is killed, and how many remote MACs it has; 20 and
10000 are the full figures.
"""

import os
import signal
import time
from types import SimpleNamespace

import lab
from stream import Stream
from topo import *
from wire import Watch

CYCLES = int(os.environ.get("LAB_CYCLES", "3"))
COUNT = int(os.environ.get("LAB_COUNT", "1000"))
MACS = ["02:dd:00:%02x:%02x:%02x" % (i >> 16, i >> 8 & 255, i & 255) for i in range(COUNT)]


def setup(l):
    if standin():
        raise lab.Skip("about evpnd only")
    net = Underlay(l)
    rr = reflector(l, net, ["10.99.0.%d" % n for n in (1, 2, 3)], make=Evpnd)
    e1, e2 = [start_vtep(EvpndVtep(l, "e%d" % n, n, net), [rr.ip]) for n in (1, 2)]
    f3 = start_vtep(FrrVtep(l, "f3", 3, net), [rr.ip], top=[
        "bgp graceful-restart", "bgp graceful-restart preserve-fw-state"])
    t = SimpleNamespace(lab=l, rr=rr, e1=e1, e2=e2, f3=f3, leaves=[e1, e2])
    t.vm1, t.vm2, t.vm3 = [Vm(l, 10 + h.n, h) for h in (e1, e2, f3)]
    t.extra = Vm(l, 21, e1, address=False)
    e1.ns.batch("bridge", ["fdb add %s dev p21 master dynamic" % m for m in MACS])
    wait_for("%d MACs at e2" % COUNT, lambda: remote(e2), 60,
             until=lambda n: n == (COUNT, COUNT), every=0.2)
    for a, b in ((t.vm1, t.vm2), (t.vm1, t.vm3), (t.vm2, t.vm3)):
        a.reaches(b)
    return t


def remote(h):
    rows = [r for r in h.ns.fdb("vxlan100") if r["mac"].startswith("02:dd")]
    return sum("master" in r for r in rows), sum("dst" in r for r in rows)


def converged(h):
    """Its restart is over: it has what it waited for."""
    wait_for("%s: nothing is left of the earlier life" % h.name,
             lambda: all(p["gracefulRestartInfo"]["endOfRibRecv"] for p in
                         h.show("bgp neighbors").values()), 30)
    h.settled(60)


def through(t, what, streams, watched, do):
    """do() under traffic: nothing is lost, no entry is deleted."""
    watches = [(h, Watch(h.ns)) for h in watched]
    running = [Stream(a, b) for a, b in streams]
    do()
    lost = [(s.end(), s.sent, s) for s in running]
    gone = [(h.name, w.deleted("")) for h, w in watches]
    for n, _, s in lost:
        expect(n == 0, "%s: %s -> %s: %d of %d packets were lost, as %s; %s" % (
            what, s.a.name, s.b.name, n, s.sent, s.where, gone))
    for name, n in gone:
        expect(n == 0, "%s: %d entries were deleted at %s" % (what, n, name))
    return "0 of %d packets lost, 0 entries deleted" % sum(n for _, n, _ in lost)


def cycles(t, h, sig, times):
    def go():
        for _ in range(times):
            h.restart(sig)
            converged(h)
    both = [(t.vm1, t.vm2), (t.vm2, t.vm1)]
    start = time.monotonic()
    note = through(t, "restarts of " + h.name, both, t.leaves, go)
    return "%d cycles, %d remote MACs, %.1f s: %s" % (times, COUNT, time.monotonic() - start, note)


def case_killed(t):
    """a leaf is killed (-9) and started, again and again: no packet lost, no entry deleted"""
    note = cycles(t, t.e2, signal.SIGKILL, CYCLES)
    equal(remote(t.e2), (COUNT, COUNT), "entries at e2")
    return note


def case_planned(t):
    """SIGTERM and start: the same"""
    return cycles(t, t.e2, signal.SIGTERM, 1)


def case_stale(t):
    """while a leaf is away its routes are stale at the reflector, and told so"""
    t.e2.stop(signal.SIGKILL)
    key = wait_for("the reflector has a stale route", lambda: [
        k for k, paths in t.rr.routes(2).items() if t.vm2.mac in k[1] and paths[0].get("stale")])
    text = t.rr.text("show bgp l2vpn evpn route type 2")
    expect(any(x.startswith(" S>") or x.startswith("S") or " S" in x[:4] for x in text.splitlines()
               if t.vm2.mac in x), "no S before %s in:\n%s" % (key, text[-1500:]))
    gr = t.rr.show("bgp neighbors %s graceful-restart" % t.e2.ip)[t.e2.ip]
    expect(gr["timers"].get("restartTimerRemaining", 0) > 0, str(gr))
    expect(gr["l2VpnEvpn"]["timers"].get("stalePathTimerRemaining", 0) > 0, str(gr))
    text = t.rr.text("show bgp neighbors %s graceful-restart" % t.e2.ip)
    expect("Restart Time Remaining(sec)" in text and "Local GR Mode: Restart*" in text, text)
    expect(t.e1.remote(t.vm2.mac, t.e2.ip), "e1 lost vm2")
    t.e2.up()
    converged(t.e2)
    gr = t.rr.show("bgp neighbors %s graceful-restart" % t.e2.ip)[t.e2.ip]
    equal((gr["remoteGrMode"], gr["rBit"], gr["nBit"], gr["l2VpnEvpn"]["fBit"]),
          ("Restart", True, True, True), "mode, R, N and F")


def case_reflector(t):
    """the reflector is killed and started: the same"""
    def go():
        t.rr.restart(signal.SIGKILL)
        t.rr.established(t.e1.ip, t.e2.ip, t.f3.ip, limit=40)
        for h in t.leaves:
            converged(h)
    return through(t, "the reflector's restart", [(t.vm1, t.vm2), (t.vm2, t.vm1)], t.leaves, go)


def case_both(t):
    """two leaves are killed at once: the same"""
    def go():
        for h in t.leaves:
            h.stop(signal.SIGKILL)
        for h in t.leaves:
            h.up()
        for h in t.leaves:
            converged(h)
    return through(t, "both", [(t.vm1, t.vm2), (t.vm2, t.vm1)], t.leaves, go)


def case_sequence(t):
    """sequence numbers and addresses are what they were, also after SIGKILL"""
    mac, ip = "02:aa:00:00:00:77", "10.1.0.77"
    from wire import arp, send
    for vm in (t.vm1, t.vm2, t.vm1, t.vm2):
        send(vm.ns, "eth0", arp(1, mac, ip))
        other = t.e2 if vm is t.vm1 else t.e1
        wait_for("%s: %s behind %s" % (other.name, mac, vm.at.name),
                 lambda: other.remote(mac, vm.at.ip))

    def seen():
        return {k: p[0]["extendedCommunity"]["string"] for k, p in t.e1.routes(2).items()
                if mac in k[1]}
    before = wait_for("e1 has MAC and address", seen, until=lambda r: len(r) == 2)
    expect(all("MM:3" in x for x in before.values()), str(before))
    watch = Watch(t.e1.ns)
    time.sleep(1)  # what only we know is on file within that time
    t.e2.restart(signal.SIGKILL)
    converged(t.e2)
    equal(seen(), before, "routes of %s after the restart" % mac)
    equal(watch.deleted(mac), 0, "deletions at e1")


def case_frr(t):
    """FRR's bgpd is killed and started: what we send to its hosts all arrives"""
    def go():
        t.f3.procs["bgpd"].end(signal.SIGKILL)
        wait_for("rr: routes of f3 are stale", lambda: [
            k for k, p in t.rr.routes(3).items() if t.f3.ip in k[1] and p[0].get("stale")])
        time.sleep(1)
        t.f3.spawn("bgpd", os.path.join(t.lab.dir, "f3-bgpd.conf"),
                   os.path.join(t.f3.sock, "bgpd.vty"))
        t.f3.established(t.rr.ip, limit=60)
        wait_for("rr: nothing of f3 is stale", lambda: not [
            k for k, p in t.rr.routes().items() if p[0].get("stale")], 60)
        wait_for("f3 knows vm1", lambda: t.f3.remote(t.vm1.mac, t.e1.ip), 60)
    back = Stream(t.vm3, t.vm1, 7778)
    note = through(t, "bgpd", [(t.vm1, t.vm3)], t.leaves, go)
    lost = back.end()
    t.vm3.reaches(t.vm1)
    return note + "; FRR itself lost %d of %d" % (lost, back.sent)


def case_gone(t):
    """a leaf that is drained, or cleared, is not waited for"""
    t.e2.text("evpn drain")
    wait_for("e1: vm2 is gone", lambda: not t.e1.remote(t.vm2.mac, t.e2.ip), 5)
    t.e2.stop()
    t.e2.up()
    converged(t.e2)
    t.vm1.reaches(t.vm2)
    t.e2.stop(signal.SIGKILL)
    wait_for("the reflector noticed", lambda: t.rr.peers()[t.e2.ip]["state"] != "Established")
    t.rr.text("clear bgp " + t.e2.ip)
    wait_for("e1: vm2 is gone", lambda: not t.e1.remote(t.vm2.mac, t.e2.ip), 5)
    t.e2.up()
    converged(t.e2)


def case_settled(t):
    """show evpn kernel differing is empty"""
    for h in t.leaves:
        h.settled()


lab.run()

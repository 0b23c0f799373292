#!/usr/bin/env python3
"""
A leaf is killed under traffic behind reflectors that are not ours: GoBGP, which helps, and FRR,
which does not. LAB_CYCLES, LAB_COUNT: as in 43-graceful-restart.py.
"""

import os
import signal
from types import SimpleNamespace

import lab
from stream import Stream
from topo import *
from wire import Watch

CYCLES = int(os.environ.get("LAB_CYCLES", "2"))
COUNT = int(os.environ.get("LAB_COUNT", "1000"))
MACS = ["02:dd:00:%02x:%02x:%02x" % (i >> 16, i >> 8 & 255, i & 255) for i in range(COUNT)]


def fabric(l, net, rr, n, tag):
    """Two leaves behind a reflector, with a VM each and COUNT MACs at the first."""
    e1, e2 = [start_vtep(EvpndVtep(l, "%s%d" % (tag, k), n + k, net), [rr.ip]) for k in (1, 2)]
    f = SimpleNamespace(rr=rr, e1=e1, e2=e2, vm1=Vm(l, n + 11, e1), vm2=Vm(l, n + 12, e2))
    Vm(l, n + 15, e1, address=False)
    e1.ns.batch("bridge", ["fdb add %s dev p%d master dynamic" % (m, n + 15) for m in MACS])
    return f


def setup(l):
    if standin():
        raise lab.Skip("about evpnd only")
    lab.need("gobgpd")
    net = Underlay(l)
    gobgp = GoBgp(l, "gobgp", 100, net)
    gobgp.start(["10.99.0.1", "10.99.0.2"], graceful=True)
    frr = reflector(l, net, ["10.99.0.31", "10.99.0.32"], n=101, name="frr")
    t = SimpleNamespace(lab=l, gobgp=fabric(l, net, gobgp, 0, "g"), frr=fabric(l, net, frr, 30, "f"))
    for f in (t.gobgp, t.frr):
        for h in (f.e1, f.e2):
            h.established(f.rr.ip, limit=40)
        wait_for("%d MACs at %s" % (COUNT, f.e2.name), lambda: remote(f.e2), 60,
                 until=lambda n: n == (COUNT, COUNT), every=0.2)
        f.vm1.reaches(f.vm2)
    return t


def remote(h):
    rows = [r for r in h.ns.fdb("vxlan100") if r["mac"].startswith("02:dd")]
    return sum("master" in r for r in rows), sum("dst" in r for r in rows)


def cycles(f, sig, times):
    """Kills and starts the second leaf; the streams out and in, the deletions at both."""
    watches = [Watch(h.ns) for h in (f.e1, f.e2)]
    out, back = Stream(f.vm2, f.vm1), Stream(f.vm1, f.vm2)
    for _ in range(times):
        f.e2.restart(sig)
        f.e2.established(f.rr.ip, limit=40)
        wait_for("%s: the restart is over" % f.e2.name, lambda: f.e2.neighbor(f.rr.ip)[
            "gracefulRestartInfo"]["endOfRibRecv"], 40)
        f.e2.settled(60)
        wait_for("%s: vm2 is there" % f.e1.name, lambda: f.e1.remote(f.vm2.mac, f.e2.ip), 40)
    out.end()
    back.end()
    return out, back, [w.deleted("") for w in watches]


def case_gobgp(t):
    """GoBGP: kill -9 and start, again and again: no packet lost, no entry deleted"""
    out, back, gone = cycles(t.gobgp, signal.SIGKILL, CYCLES)
    equal((out.lost, back.lost, gone), (0, 0, [0, 0]), "packets lost out and in, deletions")
    equal(remote(t.gobgp.e2), (COUNT, COUNT), "entries")
    return "%d cycles, %d remote MACs, %d packets" % (CYCLES, COUNT, out.sent + back.sent)


def case_gobgp_planned(t):
    """GoBGP: SIGTERM and start: the same"""
    out, back, gone = cycles(t.gobgp, signal.SIGTERM, 1)
    equal((out.lost, back.lost, gone), (0, 0, [0, 0]), "packets lost out and in, deletions")


def case_frr(t):
    """
    FRR, which withdraws a leaf's routes at once: what the leaf sends all arrives, what is sent to
    it misses until it is back; none of its entries is deleted
    """
    out, back, gone = cycles(t.frr, signal.SIGKILL, CYCLES)
    equal((out.lost, gone[1]), (0, 0), "packets lost of what the leaf sends, deletions there")
    equal(remote(t.frr.e2), (COUNT, COUNT), "entries")
    return "%d cycles, %d remote MACs: to the leaf %d of %d packets lost, longest gap %d ms" % (
        CYCLES, COUNT, back.lost, back.sent, back.gap_ms)


def case_frr_planned(t):
    """FRR: SIGTERM and start: the same"""
    out, back, gone = cycles(t.frr, signal.SIGTERM, 1)
    equal((out.lost, gone[1]), (0, 0), "packets lost of what the leaf sends, deletions there")
    return "to the leaf %d of %d packets lost, longest gap %d ms" % (
        back.lost, back.sent, back.gap_ms)


lab.run()

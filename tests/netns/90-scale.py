#!/usr/bin/env python3
"""20,000 MACs through FRR's reflector into the kernel of the other side, and out again."""

import os
import signal
import time
from types import SimpleNamespace

import lab
from topo import *

COUNT = int(os.environ.get("LAB_COUNT", "20000"))
MACS = ["02:ee:00:%02x:%02x:%02x" % (i >> 16, i >> 8 & 255, i & 255) for i in range(COUNT)]


def setup(l):
    net = Underlay(l)
    rr = reflector(l, net, ["10.99.0.1", "10.99.0.2"])
    h1 = start_vtep(evpnd_vtep(l, "h1", 1, net), [rr.ip])
    h2 = start_vtep(evpnd_vtep(l, "h2", 2, net), [rr.ip])
    t = SimpleNamespace(lab=l, rr=rr, h1=h1, h2=h2, vm1=Vm(l, 11, h1), vm2=Vm(l, 12, h2))
    t.extra = Vm(l, 21, h1, address=False)
    t.vm1.reaches(t.vm2)
    return t


def remote(h):
    rows = [r for r in h.ns.fdb("vxlan100") if r["mac"].startswith("02:ee")]
    return sum("master" in r for r in rows), sum("dst" in r for r in rows)


def settled(t):
    if standin():
        return
    t.h1.settled(60)
    t.h2.settled(60)


def memory(h):
    """Resident KiB of evpnd."""
    if standin():
        return 0
    with open("/proc/%d/status" % h.proc.pid) as f:
        return int([x for x in f if x.startswith("VmRSS")][0].split()[1])


def load(t):
    start = time.monotonic()
    t.h1.ns.batch("bridge", ["fdb add %s dev p21 master dynamic" % m for m in MACS])
    learned = time.monotonic()
    wait_for("%d MACs at h2" % COUNT, lambda: remote(t.h2), 120,
             until=lambda n: n == (COUNT, COUNT), every=0.2)
    end = time.monotonic()
    settled(t)
    return "in the bridge after %.1f s, in the other kernel after %.1f s; RSS %d KiB, %d KiB" % (
        learned - start, end - start, memory(t.h1), memory(t.h2))


def unload(t):
    start = time.monotonic()
    if standin():  # FRR forgets some thousands when they go at once
        t.h1.ns.batch("bridge", ["fdb del %s dev p21 master" % m for m in MACS])
    else:
        t.h1.ns.run("ip link set p21 down")
    wait_for("none at h2", lambda: remote(t.h2), 120, until=lambda n: n == (0, 0), every=0.2)
    note = "gone after %.1f s" % (time.monotonic() - start)
    settled(t)
    t.h1.ns.run("ip link set p21 up")
    wait_for("p21 forwards again", lambda: t.h1.ns.run("bridge link show dev p21"),
             until=lambda text: "state forwarding" in text)
    return note


def case_in(t):
    """in: all of them in the kernel of the other side, nothing differs"""
    return load(t)


def case_tables(t):
    """the tables show them all"""
    for h, sort in ((t.h1, "local"), (t.h2, "remote")):
        doc = h.show("evpn mac vni 100")
        equal(sum(m.startswith("02:ee") and row["type"] == sort for m, row in
                  doc["macs"].items()), COUNT, "%s MACs at %s" % (sort, h.name))
        equal(doc["numMacs"], len(doc["macs"]), "numMacs at " + h.name)
    t.vm1.reaches(t.vm2)


def case_sessions_lived(t):
    """the sessions lived through it"""
    for h in (t.h1, t.h2):
        doc = h.neighbor(t.rr.ip)
        equal(doc["bgpState"], "Established", "state at " + h.name)


def case_out(t):
    """out: the port goes down, all of them leave"""
    return unload(t)


def case_again(t):
    """in and out again"""
    return load(t) + "; " + unload(t)


def case_session_flap(t):
    """loaded, the session is cleared: routes leave and come back, nothing differs at rest"""
    load(t)
    t.rr.text("clear bgp " + t.h2.ip)
    t.h2.established(t.rr.ip, limit=60)
    wait_for("%d MACs at h2" % COUNT, lambda: remote(t.h2), 120,
             until=lambda n: n == (COUNT, COUNT), every=0.2)
    settled(t)
    return unload(t)


def case_overrun(t):
    """events that the kernel could not deliver (ENOBUFS) lead to a resync, not to a loss"""
    if standin():
        raise lab.Skip("FRR stands in")
    few = MACS[:2000]
    before = t.h1.show("evpn kernel differing")["requests"]["resyncs"]
    t.h1.proc.send(signal.SIGSTOP)
    try:
        end = time.monotonic() + 5
        while time.monotonic() < end:  # the hold time is 9 s
            for verb in ("add", "del"):
                t.h1.ns.batch("bridge", ["fdb %s %s dev p21 master%s" % (
                    verb, m, " dynamic" if verb == "add" else "") for m in few])
        t.h1.ns.batch("bridge", ["fdb add %s dev p21 master dynamic" % m for m in few])
        t.h2.ns.run("bridge fdb flush dev vxlan100 self")
    finally:
        t.h1.proc.send(signal.SIGCONT)
    wait_for("2,000 MACs at h2", lambda: remote(t.h2), 60, until=lambda n: n == (2000, 2000),
             every=0.1)
    settled(t)
    after = t.h1.show("evpn kernel differing")["requests"]["resyncs"]
    t.h1.ns.run("ip link set p21 down")
    wait_for("none at h2", lambda: remote(t.h2), 60, until=lambda n: n == (0, 0), every=0.1)
    settled(t)
    return "%d resyncs" % (after - before)


lab.run()

#!/usr/bin/env python3
"""evpnd is restarted: forwarding goes on; what went away meanwhile is swept, also 10,000 routes."""

import signal
import time
from types import SimpleNamespace

import lab
from topo import *
from wire import Watch

COUNT = 10000
MACS = ["02:dd:00:%02x:%02x:%02x" % (i >> 16, i >> 8 & 255, i & 255) for i in range(COUNT)]


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
    """MACs of our 10,000 in the kernel: bridge entries, vxlan entries."""
    rows = [r for r in h.ns.fdb("vxlan100") if r["mac"].startswith("02:dd")]
    return sum("master" in r for r in rows), sum("dst" in r for r in rows)


def add(t):
    t.h1.ns.batch("bridge", ["fdb add %s dev p21 master dynamic" % m for m in MACS])


def case_load(t):
    """10,000 MACs arrive"""
    add(t)
    wait_for("10,000 at h2", lambda: remote(t.h2), 60, until=lambda n: n == (COUNT, COUNT),
             every=0.2)


def back(t):
    """After a start: sessions, routes, reachability, nothing differs."""
    t.h2.established(t.rr.ip)
    wait_for("h1: routes of h2", lambda: t.h1.remote(t.vm2.mac, t.h2.ip), 30)
    t.h2.settled(30)
    t.vm2.reaches(t.vm1)


def case_planned(t):
    """SIGTERM and start: no entry is touched"""
    if standin():
        raise lab.Skip("FRR stands in")
    watch = Watch(t.h2.ns)
    t.h2.stop()
    equal(remote(t.h2), (COUNT, COUNT), "entries while evpnd is away")
    expect(t.h2.remote(t.vm1.mac, t.h1.ip) and t.h2.floods() == [t.h1.ip], "vm1 or flood list")
    t.h2.up()
    back(t)
    equal(remote(t.h2), (COUNT, COUNT), "entries after the restart")
    gone = watch.deleted("02:dd")
    expect(not gone, "%d entries were deleted meanwhile" % gone)


def case_killed(t):
    """SIGKILL and start: the same"""
    if standin():
        raise lab.Skip("FRR stands in")
    watch = Watch(t.h2.ns)
    t.h2.restart(signal.SIGKILL)
    back(t)
    equal(remote(t.h2), (COUNT, COUNT), "entries after the restart")
    gone = watch.deleted("02:dd")
    expect(not gone, "%d entries were deleted meanwhile" % gone)


def case_swept(t):
    """10,000 routes that went away while evpnd was down are swept; what stayed stays"""
    if standin():
        raise lab.Skip("FRR never sweeps them")
    t.h2.stop()
    t.h1.ns.run("ip link set p21 down")
    wait_for("reflector: routes gone", lambda: "02:dd" not in
             t.rr.text("show bgp l2vpn evpn route type 2"), 60, every=0.3)
    equal(remote(t.h2), (COUNT, COUNT), "entries before the start")
    watch = Watch(t.h2.ns)
    start = time.monotonic()
    t.h2.up()
    wait_for("h2: swept", lambda: remote(t.h2), 60, until=lambda n: n == (0, 0), every=0.1)
    note = "swept %.1f s after the start" % (time.monotonic() - start)
    back(t)
    equal(t.h2.floods(), [t.h1.ip], "flood list")
    expect(not watch.deleted(t.vm1.mac), "vm1's entry was deleted meanwhile")
    return note


def case_local_gone(t):
    """a local VM that went while evpnd was down is withdrawn after the start"""
    if standin():
        raise lab.Skip("FRR stands in")
    t.h2.stop()
    t.h2.ns.run("ip link set %s down" % t.vm2.port)
    t.h2.up()
    wait_for("h1: vm2 gone", lambda: t.h1.mac(t.vm2.mac) is None, 40)
    t.h2.ns.run("ip link set %s up" % t.vm2.port)
    t.vm2.reaches(t.vm1)


def case_reload(t):
    """SIGHUP with an unchanged file: no session reset"""
    if standin():
        raise lab.Skip("FRR stands in")
    before = t.h2.neighbor(t.rr.ip)["connectionsEstablished"]
    t.h2.proc.send(signal.SIGHUP)
    t.vm1.reaches(t.vm2)
    t.h2.settled()
    equal(t.h2.neighbor(t.rr.ip)["connectionsEstablished"], before, "connectionsEstablished")


lab.run()

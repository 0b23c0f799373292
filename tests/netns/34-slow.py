#!/usr/bin/env python3
"""
Peers that do not keep up: one that stops reading, one that reads slowly and recovers, one that
sends a byte at a time, one whose cable is cut while hold time is 0, one that oscillates. The others
never wait.
"""

import socket
import time
from types import SimpleNamespace

import lab
import speaker as bgp
from speaker import Raw, common, reach, type2, update
from topo import *

COUNT = 40000


def setup(l):
    if standin():
        raise lab.Skip("about evpnd only")
    net = Underlay(l)
    e1 = Evpnd(l, "e1", 1, net)
    n = {i: Node(l, "n%d" % i, i, net) for i in (2, 3, 4, 5)}
    e1.start(router(e1, [
        neighbor(n[2].ip, extra=["passive", "timers 60 180"]),
        neighbor(n[3].ip, client=True, extra=["passive", "timers 0 0", "timers send-hold 6"]),
        neighbor(n[4].ip, client=True, extra=["passive", "timers 1 3"]),
        neighbor(n[5].ip, extra=["passive", "timers 0 0", "timers send-hold 3"]),
    ], vtep=False))
    t = SimpleNamespace(lab=l, net=net, e1=e1, n=n, feed=Raw(n[2], e1.ip, hold=180))
    t.feed.sock.settimeout(60)
    rd = bgp.rd(n[2].ip, 1)
    for i in range(0, COUNT, 50):
        t.feed.send(update(common(), reach(n[2].ip, *[
            type2(rd, "02:aa:00:00:%02x:%02x" % (k >> 8, k & 255)) for k in range(i, i + 50)])))
    wait_for("the feed", lambda: e1.peers()[n[2].ip]["pfxRcd"], until=lambda x: x == COUNT)
    return t


def stuck(t):
    """A client that has read its peer's OPEN and KEEPALIVE, and no more."""
    raw = Raw(t.n[3], t.e1.ip, start=False)
    raw.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.send(raw.opened())
    raw.until(bgp.OPEN)
    raw.send(bgp.message(bgp.KEEPALIVE))
    t.e1.established(t.n[3].ip)
    return raw


def state(t, i):
    return t.e1.peers()[t.n[i].ip]


def quick(t, seconds):
    """A client with hold time 3 s that reads all: it gets everything, and nobody waits."""
    raw = Raw(t.n[4], t.e1.ip, hold=3)
    end, got = time.monotonic() + seconds, set()
    while time.monotonic() < end or len(got) < COUNT:
        expect(time.monotonic() < end + 30 * lab.slow(), "%d routes came" % len(got))
        raw.send(bgp.message(bgp.KEEPALIVE))
        raw.read(0.3)
        expect(not raw.closed, "its session ended")
        for kind, body, _ in raw.got:
            if kind == bgp.UPDATE:
                got.update(bgp.nlri_of(body))
        raw.got.clear()
    raw.close()
    return got


def case_stops(t):
    """one stops reading, hold time 0: shown slow, its queue is bounded, the send hold timer ends it"""
    raw = stuck(t)
    start = time.monotonic()
    wait_for("it is slow", lambda: state(t, 3).get("slowPeer"), every=0.1)
    doc = t.e1.neighbor(t.n[3].ip)
    expect(0 < doc["outputQueueBytes"] <= 384 * 1024, "%s bytes wait" % doc["outputQueueBytes"])
    expect(state(t, 3)["outq"] > 0 and doc["messageStats"]["depthOutq"] > 0, "OutQ is 0")
    expect("Slow peer: " in t.e1.text("show bgp neighbors " + t.n[3].ip), "not in the text")
    equal(len(quick(t, 0)), COUNT, "routes of the quick one meanwhile")
    wait_for("the end", lambda: state(t, 3)["state"], until=lambda s: s != "Established", every=0.1)
    took = time.monotonic() - start
    reason = t.e1.neighbor(t.n[3].ip)["lastResetReason"]
    expect("send hold timer expired" in reason, reason)
    expect(5 < took < 12 * lab.slow(), "after %.1f s" % took)
    expect(": slow: " in t.e1.proc.text(), "not in the log")
    raw.close()


def case_recovers(t):
    """one reads late: all comes then, and it is slow no more"""
    # TCP asks a window of next to nothing at longer and longer intervals whether it has grown.
    t.e1.configure("router bgp 65000", "neighbor %s timers send-hold 60" % t.n[3].ip)
    raw = stuck(t)
    wait_for("it is slow", lambda: state(t, 3).get("slowPeer"), every=0.1)
    got = set()

    def drain():
        raw.read(0.2)
        for kind, body, _ in raw.got:
            if kind == bgp.UPDATE:
                got.update(bgp.nlri_of(body))
        raw.got.clear()
        return len(got)

    wait_for("all of them", drain, 30, until=lambda n: n == COUNT, every=0)
    wait_for("it is not slow", lambda: state(t, 3), until=lambda p: not p.get("slowPeer") and p["outq"] == 0)
    wait_for("said", lambda: "not slow any more" in t.e1.proc.text())
    equal(state(t, 3)["state"], "Established", "state")
    raw.close()


def case_drips(t):
    """one sends a byte at a time: what is no message does not keep a session; OPENs may drip"""
    raw = Raw(t.n[4], t.e1.ip, hold=3, start=False)
    for b in raw.opened():
        raw.send(bytes([b]))
    raw.until(bgp.OPEN)
    raw.send(bgp.message(bgp.KEEPALIVE))
    t.e1.established(t.n[4].ip)
    start = time.monotonic()
    for b in bgp.message(bgp.KEEPALIVE)[:18]:
        if raw.closed or time.monotonic() - start > 10 * lab.slow():
            break
        try:
            raw.send(bytes([b]))
        except lab.Failure:
            break
        raw.read(0.25)
    equal(raw.notified(), (4, 0), "NOTIFICATION")
    raw.close()


def case_half_open(t):
    """a cable cut with hold time 0: what is not acknowledged ends the session"""
    raw = Raw(t.n[5], t.e1.ip, hold=0)
    t.e1.established(t.n[5].ip)
    t.n[5].ns.run("ip link set eth0 down")
    t.feed.send(update(common(), reach(t.n[2].ip, type2(bgp.rd(t.n[2].ip, 2), "02:ab:00:00:00:01"))))
    t.e1.text("clear bgp %s soft" % t.n[5].ip)
    wait_for("the end", lambda: t.e1.neighbor(t.n[5].ip), 20,
             until=lambda d: d["bgpState"] != "Established" and "timed out" in d["lastResetReason"])
    t.n[5].ns.run("ip link set eth0 up")
    raw.close()


def oscillate(t):
    """A session that ends by a fault as soon as it is up."""
    raw = Raw(t.n[4], t.e1.ip, hold=3)
    t.e1.established(t.n[4].ip)
    raw.send(raw.opened())
    equal(raw.notified(), (5, 3), "NOTIFICATION")
    raw.close()


def case_oscillates(t):
    """one whose sessions end soon, time and again, is left alone for longer each time"""
    t.e1.text("clear bgp " + t.n[4].ip)
    left = []
    for i in range(6):
        oscillate(t)
        if state(t, 4)["state"] == "Idle (Damped)":
            left.append(t.e1.neighbor(t.n[4].ip)["nextStartTimerDueInMsecs"])
            raw = Raw(t.n[4], t.e1.ip, start=False)
            wait_for("the call is refused", lambda: raw.read(0.1) or raw.closed)
            equal([k for k, _, _ in raw.got], [], "messages of a refused call")
            raw.close()
            if len(left) < 2:
                wait_for("it is let in", lambda: state(t, 4)["state"], until=lambda s: s == "Active")
                continue
            break
    expect(len(left) == 2 and 1000 < left[0] <= 2000 and 2500 < left[1] <= 4000, "left %s" % left)
    text = t.e1.text("show bgp neighbors " + t.n[4].ip)
    expect("Next start timer due in" in text and "Sessions that ended soon: 5" in text, text[-500:])
    t.e1.text("clear bgp " + t.n[4].ip)
    raw = Raw(t.n[4], t.e1.ip, hold=3)
    t.e1.established(t.n[4].ip)
    raw.close()
    t.e1.configure("router bgp 65000", "no bgp damp-peer-oscillations")
    for i in range(5):
        oscillate(t)
    expect(state(t, 4)["state"] != "Idle (Damped)", "damped though it is off")
    t.e1.configure("router bgp 65000", "bgp damp-peer-oscillations")


lab.run()

#!/usr/bin/env python3
"""
Sessions under load: a feed of many routes, the kernel's tables written anew and shows that stream,
at once. Keepalives of a session with hold time 3 s and BFD at 3 x 300 ms (FRR's bfdd) and 100 ms
(a speaker's) do not wait. LAB_COUNT: how many routes.
"""

import os
import subprocess
import threading
import time
from types import SimpleNamespace

import lab
import speaker as bgp
from speaker import Bfd, Raw, common, reach, type2, update
from topo import *

COUNT = int(os.environ.get("LAB_COUNT", "50000"))
CHUNK = 100


def setup(l):
    if standin():
        raise lab.Skip("about evpnd only")
    net = Underlay(l)
    e1, frr = EvpndVtep(l, "e1", 1, net), Frr(l, "frr", 2, net)
    nodes = {n: Node(l, "n%d" % n, n, net) for n in (3, 4, 5)}
    feed, quick, watch = nodes.values()
    start_vtep(e1, [neighbor(frr.ip, extra=["bfd"]), neighbor(feed.ip, extra=["passive", "timers 0 0"]),
                    neighbor(quick.ip, extra=["passive", "timers 1 3"]),
                    neighbor(watch.ip, extra=["passive", "timers 0 0", "bfd 3 100 100"])])
    frr.start(router(frr, [neighbor(e1.ip, extra=["bfd"])], vtep=False))
    frr.spawn("bfdd", frr.file("bfdd.conf", ""), frr.sock + "/bfdd.vty")
    text = messages(feed)
    t = SimpleNamespace(lab=l, e1=e1, messages=text, frr=frr, feed=Raw(feed, e1.ip, hold=0),
                        quick=Raw(quick, e1.ip, hold=3), watch=Raw(watch, e1.ip, hold=0))
    t.bfd = Bfd(watch, e1.ip, interval=100000, mult=50)
    e1.established(frr.ip)
    for ip in (frr.ip, watch.ip):
        wait_for("BFD", lambda: e1.show("bfd peer " + ip)["status"], until=lambda s: s == "up")
    t.feed.sock.settimeout(None)
    return t


def messages(node):
    """The feed, encoded: COUNT MACs with addresses, CHUNK in a message."""
    rd, out = bgp.rd(node.ip, 1), []
    for i in range(0, COUNT, CHUNK):
        nlri = [type2(rd, "02:ad:00:%02x:%02x:%02x" % (k >> 16, k >> 8 & 255, k & 255),
                      ip="10.%d.%d.%d" % (64 + (k >> 16), k >> 8 & 255, k & 255))
                for k in range(i, min(i + CHUNK, COUNT))]
        out.append(update(common(), reach(node.ip, *nlri)))
    return out


class Quick(threading.Thread):
    """Answers keepalives of hold time 3 s and keeps the longest silence of the other side."""

    def __init__(self, raw):
        super().__init__(daemon=True)
        self.raw, self.longest, self.on = raw, 0.0, True
        self.start()

    def run(self):
        last = sent = time.monotonic()
        while self.on and not self.raw.closed:
            now = time.monotonic()
            if now - sent > 0.5:
                self.raw.send(bgp.message(bgp.KEEPALIVE))
                sent = now
            self.raw.read(0.1)
            if self.raw.got:
                now = time.monotonic()
                self.longest, last = max(self.longest, now - last), now
                self.raw.got.clear()


def stream(t, n=1):
    """A show of all routes, read by a program."""
    argv = [lab.binary("EVPNSH", "evpnsh"), "-s", t.e1.sock, "-c",
            "show bgp l2vpn evpn route json"]
    return [subprocess.Popen(t.e1.ns.argv(argv), stdout=subprocess.DEVNULL) for _ in range(n)]


def rows(t):
    return t.e1.show("evpn vni 100")["numMacs"]


def settled(t):
    """Nothing differs. Only the head is read: half a million rows would keep our threads waiting."""
    command = "%s -s %s -c 'show evpn kernel differing' 2>&1 | head -n 1" % (
        lab.binary("EVPNSH", "evpnsh"), t.e1.sock)
    wait_for("nothing differs", lambda: t.e1.ns.run(["sh", "-c", command]), 600,
             until=lambda text: text.startswith("Displayed 0 entries"), every=0.2)
    t.e1.settled()


def case_load(t):
    """all at once: no keepalive missed, BFD stays up, the tables are right"""
    quick, since = Quick(t.quick), len(t.bfd.got)
    before = {ip: t.e1.neighbor(ip)["connectionsDropped"] for ip in t.e1.peers()}
    start = time.monotonic()
    t.feed.send(*t.messages)
    shows = stream(t)
    wait_for("half of them", lambda: rows(t), 60, until=lambda n: n >= COUNT // 2, every=0.5)
    t.e1.text("clear evpn kernel")
    shows += stream(t)
    wait_for("all of them", lambda: rows(t), 60, until=lambda n: n >= COUNT, every=0.5)
    settled(t)
    took = time.monotonic() - start
    t.e1.text("clear evpn kernel")
    t.e1.text("clear bgp %s soft" % t.frr.ip)
    shows += stream(t)
    settled(t)
    for p in shows:
        equal(p.wait(600), 0, "status of a show")
    quick.on = False
    quick.join()
    gap = t.bfd.gap(since)
    print("#   %d routes in %.1f s; longest silence: keepalives %.2f s, BFD %.0f ms" % (
        COUNT, took, quick.longest, gap * 1000))
    expect(not t.quick.closed, "the session with hold time 3 s ended")
    expect(quick.longest < 3, "no keepalive for %.2f s" % quick.longest)
    for ip, n in before.items():
        equal(t.e1.neighbor(ip)["connectionsDropped"], n, "connectionsDropped of " + ip)
    for p in t.e1.show("bfd peers counters"):
        equal(p["session-down"], 0, "session-down of " + p["peer"])
    equal(t.frr.show("bfd peer %s counters" % t.e1.ip)["session-down"], 0, "session-down at FRR")
    expect(gap < 0.3 * lab.slow() + 0.1, "no BFD packet for %.0f ms" % (gap * 1000))


def case_out(t):
    """the feeder leaves: its routes go, nothing waits"""
    quick, since = Quick(t.quick), len(t.bfd.got)
    t.feed.close()
    wait_for("they go", lambda: rows(t), 600, until=lambda n: n == 0, every=0.2)
    settled(t)
    quick.on = False
    quick.join()
    gap = t.bfd.gap(since)
    print("#   longest silence: keepalives %.2f s, BFD %.0f ms" % (quick.longest, gap * 1000))
    expect(not t.quick.closed and quick.longest < 3, "no keepalive for %.2f s" % quick.longest)
    expect(gap < 0.3 * lab.slow() + 0.1, "no BFD packet for %.0f ms" % (gap * 1000))
    t.bfd.close()


lab.run()

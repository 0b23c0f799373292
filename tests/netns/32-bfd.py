#!/usr/bin/env python3
"""
BFD (RFC 5880 to 5883) between evpnd and FRR's bfdd, and a speaker of our own: single-hop and
multihop, IPv4 and IPv6; a cable that is cut silently, AdminDown, other timers, packets that lie.
"""

import signal
import time
from types import SimpleNamespace

import lab
from speaker import Bfd, Raw
from topo import *

FAST = 0.3 * 3
STATES = ["shutdown", "down", "init", "up"]


def setup(l):
    if standin():
        raise lab.Skip("about evpnd only")
    net = Underlay(l)
    e1, frr = Evpnd(l, "e1", 1, net), Frr(l, "frr", 2, net)
    n = Node(l, "n", 3, net)
    # Another address of each, a router away: out to the middle and back.
    net.ns.run("ip addr add 10.99.0.254/24 dev ul")
    net.ns.run("ip addr add fd99::fe/64 dev ul nodad")
    for key in ("net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding"):
        net.ns.sysctl(key, 1)
    net.ns.sysctl("net/ipv4/conf/ul/send_redirects", 0)
    far = {x: ("10.5.0.%d" % x.n, "fd05::%x" % x.n) for x in (e1, frr)}
    for x, y in ((e1, frr), (frr, e1)):
        for a, b, via in zip(far[x], far[y], ("10.99.0.254", "fd99::fe")):
            x.ns.run("ip addr add %s dev lo" % a)
            x.ns.run("ip route add %s via %s" % (b, via))
            net.ns.run("ip route add %s via %s" % (a, x.ip6 if ":" in a else x.ip))

    def config(x, y, extra=(), more=()):
        return router(x, [neighbor(y.ip, extra=["bfd 3 300 300"]), neighbor(y.ip6, extra=["bfd"])] + [
            neighbor(b, extra=["bfd 3 200 250", "update-source %s" % a])
            for a, b in zip(far[x], far[y])] + list(more), vtep=False, top=extra)

    e1.start(config(e1, frr, ["neighbor B peer-group", "neighbor B remote-as 65000",
                              "neighbor B passive", "neighbor B bfd 3 100 100",
                              "neighbor %s peer-group B" % n.ip], ),)
    e1.configure("router bgp 65000", "address-family l2vpn evpn", "neighbor B activate")
    frr.start(config(frr, e1))
    frr.spawn("bfdd", frr.file("bfdd.conf", ""), frr.sock + "/bfdd.vty")
    peers = [frr.ip, frr.ip6, *far[frr]]
    e1.established(*peers)
    return SimpleNamespace(lab=l, net=net, e1=e1, frr=frr, n=n, far=far, peers=peers)


def bfd(t, ip, node=None):
    return (node or t.e1).show("bfd peer " + ip)


def ups(t, *ips, limit=20):
    for ip in ips:
        wait_for("BFD with %s" % ip, lambda: bfd(t, ip)["status"], limit, until=lambda s: s == "up")


def case_up(t):
    """up with bfdd, single-hop and multihop, both families; keys and types are bfdd's"""
    ups(t, *t.peers)
    theirs = {p["peer"]: p for p in t.frr.show("bfd peers")}
    ours = {p["peer"]: p for p in t.e1.show("bfd peers")}
    for mine, yours in zip((t.e1.ip, t.e1.ip6, *t.far[t.e1]), t.peers):
        a, b = ours[yours], theirs[mine]
        equal(set(b) - set(a), set(), "keys missing for " + yours)
        for key in b:
            equal(type(a[key]), type(b[key]), "type of " + key)
        equal((a["id"], a["remote-id"]), (b["remote-id"], b["id"]), "discriminators")
        equal((a["multihop"], a["status"]), (b["multihop"], "up"), "multihop and status")
        equal(a["multihop"], yours in t.far[t.frr], "multihop")
        wait_for("the timers of %s" % yours, lambda: bfd(t, yours),
                 until=lambda x: x["remote-receive-interval"] == b["receive-interval"] and
                 x["remote-transmit-interval"] == b["transmit-interval"])
    equal(bfd(t, t.frr.ip)["detection-time"], 900, "detection time")
    equal(bfd(t, t.far[t.frr][0])["detection-time"], 750, "detection time of the far one")
    wait_for("bfdd knows our timers", lambda: t.frr.show("bfd peer " + t.e1.ip),
             until=lambda p: p["remote-transmit-interval"] == 300)


def case_text(t):
    """the text of the shows is bfdd's"""
    for command in ("show bfd peers", "show bfd peers brief", "show bfd peers counters",
                    "show bfd peer %s"):
        def shape(x, peer):
            text = x.text(command % peer if "%" in command else command)
            words = set()
            for line in text.splitlines():
                words.add(line.split(":")[0].rstrip() if line.startswith("\t\t") else "")
            return words
        missing = shape(t.frr, t.e1.ip) - shape(t.e1, t.frr.ip)
        equal(missing, set(), "lines missing in " + command)
    status, out = t.e1.shell("show bfd peer 192.0.2.99")
    equal((status, out.strip()), (1, "% Unable to find 'peer 192.0.2.99'"), "of an unknown peer")
    text = t.e1.text("show bgp neighbors " + t.frr.ip)
    expect("BFD: Type: single hop\n  Detect Multiplier: 3, Min Rx interval: 300, Min Tx "
           "interval: 300\n  Status: Up" in text, text[-400:])
    doc = t.e1.neighbor(t.far[t.frr][1])["peerBfdInfo"]
    equal((doc["type"], doc["rxMinInterval"], doc["txMinInterval"]), ("multi hop", 200, 250), "info")


def case_idle(t):
    """nothing is missed in a second's quiet: counters go on, no session goes down"""
    before = t.e1.show("bfd peers counters")
    time.sleep(1)
    for a, b in zip(before, t.e1.show("bfd peers counters")):
        expect(b["control-packet-input"] > a["control-packet-input"], "nothing came: %s" % b)
        expect(b["control-packet-output"] > a["control-packet-output"], "nothing sent: %s" % b)
        equal(b["session-down"], 0, "session-down of " + b["peer"])


def cut(t, down=True):
    t.net.ns.run("bridge link set dev frr-eth0 state %d" % (0 if down else 3))


def case_cut(t):
    """a silent cut: BFD down in its detection time, BGP with Cease/BFD Down; up when mended"""
    ups(t, *t.peers)
    cut(t)
    start = time.monotonic()
    took, end = {}, start + 5 * lab.slow()
    while len(took) < len(t.peers) and time.monotonic() < end:
        for p in t.e1.show("bfd peers"):
            if p["peer"] in t.peers and p["status"] != "up":
                took.setdefault(p["peer"], time.monotonic() - start)
    print("#   detected after " + ", ".join("%s %.2f s" % x for x in took.items()))
    equal(sorted(took), sorted(t.peers), "down")
    expect(max(took.values()) < FAST * lab.slow() + 0.3, "detected after %s" % took)
    for ip in t.peers:
        doc = wait_for("the reset", lambda: t.e1.neighbor(ip), until=lambda d: d["bgpState"] != "Established")
        equal((doc["lastErrorCodeSubcode"], doc["lastNotificationReason"]),
              ("060A", "Cease/BFD Down"), "of " + ip)
    equal(bfd(t, t.frr.ip)["diagnostic"], "control detection time expired", "diagnostic")
    cut(t, False)
    start = time.monotonic()
    ups(t, *t.peers)
    t.e1.established(*t.peers)
    print("#   BGP back %.1f s after the cable" % (time.monotonic() - start))
    equal(bfd(t, t.frr.ip)["diagnostic"], "ok", "diagnostic")


def case_seen_by_frr(t):
    """our end goes silent (stopped): FRR's Cease/BFD Down is understood and named"""
    t.e1.established(*t.peers)
    ups(t, *t.peers)
    before = t.frr.neighbor(t.e1.ip)["connectionsDropped"]
    t.e1.proc.send(signal.SIGSTOP)
    try:
        wait_for("FRR resets the session", lambda: t.frr.neighbor(t.e1.ip)["connectionsDropped"],
                 until=lambda n: n > before)
    finally:
        t.e1.proc.send(signal.SIGCONT)
    wait_for("we know why", lambda: t.e1.neighbor(t.frr.ip),
             until=lambda d: d.get("lastNotificationReason") == "Cease/BFD Down")
    t.e1.established(*t.peers)
    ups(t, *t.peers)


def case_timers(t):
    """other timers: agreed by a poll sequence, no session is lost"""
    before = bfd(t, t.frr.ip)["id"], t.e1.neighbor(t.frr.ip)["connectionsDropped"]
    for words, interval in (("bfd 4 600 500", 500), ("bfd 3 150 100", 100), ("bfd", 300)):
        t.e1.configure("router bgp 65000", "neighbor %s %s" % (t.frr.ip, words))
        wait_for("bfdd knows %s" % words, lambda: t.frr.show("bfd peer " + t.e1.ip),
                 until=lambda p: p["remote-transmit-interval"] == interval)
        equal(bfd(t, t.frr.ip)["status"], "up", "status after " + words)
    equal((bfd(t, t.frr.ip)["id"], t.e1.neighbor(t.frr.ip)["connectionsDropped"]), before, "session")


def case_admin_down(t):
    """no bfd: AdminDown, which is no reason to end BGP with us; back again"""
    ip = t.peers[1]
    t.e1.configure("router bgp 65000", "no neighbor %s bfd" % ip)
    wait_for("bfdd knows", lambda: t.frr.show("bfd peer " + t.e1.ip6),
             until=lambda p: p["status"] != "up" and p["remote-diagnostic"] == "administratively down")
    t.e1.configure("router bgp 65000", "neighbor %s bfd" % ip)
    t.e1.established(ip)
    ups(t, ip)
    dropped = t.e1.neighbor(t.frr.ip)["connectionsDropped"]
    t.frr.configure("bfd", "peer %s local-address %s interface eth0" % (t.e1.ip, t.frr.ip), "shutdown")
    wait_for("we know", lambda: bfd(t, t.frr.ip), until=lambda p: p["status"] == "down")
    equal(bfd(t, t.frr.ip)["diagnostic"], "neighbor signaled session down", "diagnostic")
    expect("the neighbor has switched it off" in t.e1.proc.text(), "not in the log")
    equal(t.e1.neighbor(t.frr.ip)["bgpState"], "Established", "BGP")
    t.frr.configure("bfd", "peer %s local-address %s interface eth0" % (t.e1.ip, t.frr.ip), "no shutdown")
    ups(t, t.frr.ip)


def case_by_hand(t):
    """a speaker's BFD: slow start, jitter, poll answered; lies dropped; the group's timers"""
    raw = Raw(t.n, t.e1.ip, hold=30)
    t.e1.established(t.n.ip)
    wait_for("the session", lambda: bfd(t, t.n.ip)["status"], until=lambda s: s == "down")
    equal(t.e1.neighbor(t.n.ip)["bgpState"], "Established", "BGP without BFD")
    b = Bfd(t.n, t.e1.ip)
    ups(t, t.n.ip)
    wait_for("packets", lambda: len([g for g in b.got if g[1] == 3]) > 20)
    got = list(b.got)
    slow = [g for g in got if g[1] != 3]
    expect(all(g[3] >= 1000000 for g in slow), "before Up: %s" % slow)
    steady = [g for g in got if g[1] == 3][4:]
    gaps = [y[0] - x[0] for x, y in zip(steady, steady[1:])]
    expect(max(gaps) < 0.1 * lab.slow() + 0.05 and min(gaps) > 0.05, "gaps %s" % gaps)
    expect(max(gaps) - min(gaps) > 0.005, "no jitter: %s" % gaps)
    b.send(b.packet(0x20))
    wait_for("the final bit", lambda: any(g[2] & 0x10 for g in b.got))
    expect(not any(g[2] & 0x10 and g[2] & 0x20 for g in b.got), "poll and final at once")
    before = bfd(t, t.n.ip)["remote-id"]
    rejected = t.e1.show("bfd peer %s counters" % t.n.ip)["rejected-ttl"]
    for what, data, ttl in (
            ("TTL 254", b.packet(state=1), 254), ("version 2", b.packet(state=1, version=2), 255),
            ("cut", b.packet(state=1)[:23], 255), ("length", b.packet(state=1, length=23), 255),
            ("long", b.packet(state=1, length=25), 255), ("mult 0", b.packet(state=1, mult=0), 255),
            ("my 0", b.packet(state=1, my=0), 255), ("your 0", b.packet(your=0, state=3), 255),
            ("another's", b.packet(state=1, your=12345), 255), ("auth", b.packet(4, state=1), 255),
            ("multipoint", b.packet(1, state=1), 255)):
        b.send(data, ttl)
        equal((bfd(t, t.n.ip)["status"], bfd(t, t.n.ip)["remote-id"]), ("up", before), what)
    wait_for("counted", lambda: t.e1.show("bfd peer %s counters" % t.n.ip)["rejected-ttl"],
             until=lambda n: n == rejected + 1)
    t.b, t.raw = b, raw


def case_down_signaled(t):
    """the neighbor says Down: Cease at once, long before the hold time"""
    t.b.state = 1
    t.b.send(t.b.packet(state=1, diag=1))
    equal(t.raw.notified(), (6, 10), "NOTIFICATION")
    t.b.close()
    t.raw.close()


def case_group(t):
    """a member may say no; shutdown takes BFD along"""
    raw = Raw(t.n, t.e1.ip, hold=30)
    t.e1.configure("router bgp 65000", "no neighbor %s bfd" % t.n.ip)
    wait_for("none", lambda: [p["peer"] for p in t.e1.show("bfd peers")],
             until=lambda p: t.n.ip not in p)
    expect("no neighbor %s bfd" % t.n.ip in t.e1.text("show running-config"), "not written")
    t.e1.configure("router bgp 65000", "neighbor %s bfd profile none" % t.n.ip,
                   "neighbor %s bfd check-control-plane-failure" % t.n.ip)
    wait_for("one", lambda: bfd(t, t.n.ip)["transmit-interval"], until=lambda n: n == 300)
    t.e1.configure("router bgp 65000", "neighbor %s shutdown" % t.n.ip)
    wait_for("none", lambda: [p["peer"] for p in t.e1.show("bfd peers")],
             until=lambda p: t.n.ip not in p)
    raw.close()


lab.run()

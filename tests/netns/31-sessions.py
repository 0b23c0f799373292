#!/usr/bin/env python3
"""
Lives of sessions: e1 is evpnd, everything else a speaker of our own. RFC 4271 (8, 6.8, 10), 9003,
2385, 5082; peer groups, listen ranges, and what a change of configuration costs.
"""

import socket
import time
from types import SimpleNamespace

import lab
import speaker as bgp
from speaker import Door, Raw, common, reach, sign, type2, update, unreach
from topo import *

CEASE = 6


def setup(l):
    if standin():
        raise lab.Skip("about evpnd only")
    net = Underlay(l)
    e1 = Evpnd(l, "e1", 50, net)
    # Below and above e1's BGP identifier.
    nodes = {n: Node(l, "n%d" % n, n, net) for n in (2, 3, 4, 5, 6, 7, 8, 60)}
    ip = {n: "10.99.0.%d" % n for n in range(70)}
    e1.start(router(e1, [
        neighbor(ip[2]), neighbor(ip[60]), neighbor(ip[3], extra=["passive"]),
        neighbor(ip[4], extra=["password first", "passive"]),
    ], vtep=False, top=[
        "neighbor %s remote-as 65000" % nodes[5].ip6, "neighbor %s passive" % nodes[5].ip6,
        "neighbor G peer-group", "neighbor G remote-as 65000", "neighbor G passive",
        "neighbor G timers 1 3", "neighbor G description of the group",
        "neighbor %s peer-group G" % ip[6],
        "neighbor D peer-group", "neighbor D remote-as external", "neighbor D password dyn",
        "bgp listen range 10.99.1.0/24 peer-group D", "bgp listen limit 2",
    ], family=["neighbor %s activate" % nodes[5].ip6, "neighbor G activate", "neighbor D activate",
               "neighbor G maximum-prefix 50"]))
    e2 = Evpnd(l, "e2", 61, net)
    squatter = e2.ns.inside(lambda: socket.create_server(("0.0.0.0", 179)))
    e2.start(router(e2, [neighbor(ip[8], extra=["passive"])], vtep=False))
    return SimpleNamespace(lab=l, e1=e1, e2=e2, n=nodes, ip=ip, squatter=squatter)


def bgp_lines(t, *lines):
    t.e1.configure("router bgp 65000", *lines)


def fresh(t, n, asn, *words, port=179):
    """A new neighbor that calls when all of it is said; where it calls."""
    bgp_lines(t, *["neighbor %s %s" % (n.ip, w) for w in (
        "remote-as %d" % asn, "shutdown", "timers connect 1", *words)],
        "address-family l2vpn evpn", "neighbor %s activate" % n.ip)
    door = Door(n, port)
    bgp_lines(t, "no neighbor %s shutdown" % n.ip)
    return door


def up(t, ip, limit=15):
    t.e1.established(ip, limit=limit)


def silent(raw, seconds=0.5):
    """Nothing ends this connection for so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        raw.read(0.1)
    expect(not raw.closed and not any(k == bgp.NOTIFICATION for k, _, _ in raw.got),
           "the session of %s ended: %s" % (raw.node.name, raw.got[-1:]))


def collide(t, n):
    """Both sides connect at once; returns e1's connection and ours, both with OPENs sent."""
    door = Door(t.n[n])
    theirs, _ = door.accept(start=False)
    theirs.until(bgp.OPEN)
    ours = Raw(t.n[n], t.e1.ip, start=False)
    ours.until(bgp.OPEN)
    theirs.send(theirs.opened())
    ours.send(ours.opened())
    return door, theirs, ours


def finish(t, n, winner, loser, door):
    equal(loser.notified(), (CEASE, 7), "NOTIFICATION of the loser")
    winner.send(bgp.message(bgp.KEEPALIVE))
    winner.until(bgp.KEEPALIVE)
    up(t, t.ip[n])
    for x in (winner, loser, door):
        x.close()
    wait_for("down", lambda: t.e1.peers()[t.ip[n]]["state"], until=lambda s: s != "Established")


def case_collision_ours(t):
    """collision, our identifier is the higher one: our connection survives"""
    door, theirs, ours = collide(t, 2)
    finish(t, 2, theirs, ours, door)


def case_collision_theirs(t):
    """collision, the neighbor's identifier is the higher one: its connection survives"""
    door, theirs, ours = collide(t, 60)
    finish(t, 60, ours, theirs, door)


def case_collision_established(t):
    """a second connection while the session is up: refused with a Cease, the session stays"""
    first = Raw(t.n[3], t.e1.ip)
    up(t, t.ip[3])
    second = Raw(t.n[3], t.e1.ip, start=False)
    second.send(second.opened())
    equal(second.notified(), (CEASE, 7), "NOTIFICATION")
    second.close()
    silent(first)
    first.close()


def case_keepalive_jitter(t):
    """keepalives at hold/3, a quarter less at most, never later"""
    raw = Raw(t.n[3], t.e1.ip, hold=3)
    at = []
    for _ in range(6):
        raw.until(bgp.KEEPALIVE, limit=3)
        at.append(time.monotonic())
        raw.send(bgp.message(bgp.KEEPALIVE))
    gaps = [b - a for a, b in zip(at, at[1:])]
    expect(all(0.7 < g < 1.0 + 0.15 * lab.slow() for g in gaps), "gaps: %s" % gaps)
    expect(max(gaps) - min(gaps) > 0.005, "no jitter: %s" % gaps)
    raw.close()


def case_hold_zero(t):
    """hold time 0: no keepalives, no hold timer"""
    raw = Raw(t.n[3], t.e1.ip, hold=0)
    up(t, t.ip[3])
    doc = t.e1.neighbor(t.ip[3])
    equal((doc["bgpTimerHoldTimeMsecs"], doc["bgpTimerKeepAliveIntervalMsecs"]), (0, 0), "timers")
    raw.got.clear()
    silent(raw, 3.5)
    expect(not any(k == bgp.KEEPALIVE for k, _, _ in raw.got), "a keepalive came")
    raw.close()


def case_hold_expires(t):
    """a silent neighbor: Hold Timer Expired after hold time"""
    raw = Raw(t.n[3], t.e1.ip, hold=3)
    start = time.monotonic()
    equal(raw.notified(), (4, 0), "NOTIFICATION")
    took = time.monotonic() - start
    expect(2.5 < took < 3.5 * lab.slow(), "after %g s" % took)
    raw.close()


def case_fsm_error(t):
    """an OPEN or UPDATE where there must be none: FSM error with the state's subcode"""
    raw = Raw(t.n[3], t.e1.ip, start=False)
    raw.send(update(unreach()))
    equal(raw.notified(), (5, 1), "UPDATE in OpenSent")
    raw.close()
    raw = Raw(t.n[3], t.e1.ip, start=False)
    raw.send(raw.opened(), update(unreach()))
    equal(raw.notified(), (5, 2), "UPDATE in OpenConfirm")
    raw.close()
    raw = Raw(t.n[3], t.e1.ip)
    raw.send(raw.opened())
    equal(raw.notified(), (5, 3), "OPEN in Established")
    raw.close()
    text = t.e1.text("show bgp neighbors " + t.ip[3])
    expect("OPEN received in state Established" in text, text)


def case_shutdown_received(t):
    """a shutdown message is shown: UTF-8, 255 octets, control characters made harmless"""
    for words in ("höher", "x" * 255, "a\x1b[2Jb\n"):
        raw = Raw(t.n[3], t.e1.ip)
        data = words.encode()
        raw.send(bgp.message(bgp.NOTIFICATION, bytes([CEASE, 2, len(data)]) + data))
        raw.close()
        wanted = words.replace("\x1b", "?").replace("\n", "?")
        wait_for("the message", lambda: t.e1.neighbor(t.ip[3]).get("lastShutdownDescription"),
                 until=lambda s: s and s[:120] == wanted[:120])
    text = t.e1.text("show bgp neighbors " + t.ip[3])
    expect("\x1b" not in text, "escape in the text")


def case_shutdown_broken(t):
    """a shutdown message whose length lies: the session ends, nothing breaks"""
    raw = Raw(t.n[3], t.e1.ip)
    raw.send(bgp.message(bgp.NOTIFICATION, bytes([CEASE, 2, 200]) + b"short"))
    wait_for("down", lambda: t.e1.peers()[t.ip[3]]["state"], until=lambda s: s != "Established")
    raw.close()


def case_shutdown_sent(t):
    """our shutdown message goes out, and a neighbor that is shut is not let in"""
    raw = Raw(t.n[3], t.e1.ip)
    bgp_lines(t, "neighbor %s shutdown message moving räcks" % t.ip[3])
    body = raw.until(bgp.NOTIFICATION)
    words = "moving räcks".encode()
    equal(body, bytes([CEASE, 2, len(words)]) + words, "NOTIFICATION")
    raw.close()
    raw = Raw(t.n[3], t.e1.ip, start=False)
    wait_for("closed", lambda: raw.read(0.1) or raw.closed)
    equal(t.e1.peers()[t.ip[3]]["state"], "Idle (Admin)", "state")
    bgp_lines(t, "no neighbor %s shutdown" % t.ip[3])
    raw.close()


def case_ipv6(t):
    """a session over IPv6; routes with IPv6 next hops"""
    n = t.n[5]
    raw = Raw(n, t.e1.ip6, source=n.ip6)
    up(t, n.ip6)
    nlri = type2(bgp.rd(n.ip, 1), "02:15:00:00:00:01")
    raw.send(update(common(), reach("fd99::77", nlri)))
    keys = wait_for("the route", lambda: t.e1.has("02:15:00:00:00:01"))
    equal(t.e1.routes()[keys[0]][0]["nexthops"][0]["ip"], "fd99::77", "next hop")
    raw.close()
    wait_for("the route goes", lambda: not t.e1.has("02:15:00:00:00:01"))


def case_update_source(t):
    """update-source: an address, an interface, an interface whose address comes later"""
    t.e1.ns.run("ip addr add 10.99.0.51/24 dev eth0")
    t.e1.ns.run("ip link add src0 type veth peer name src1")
    t.e1.ns.run("ip link set src0 up")
    door = fresh(t, t.n[7], 65000, "update-source 10.99.0.51")
    raw, who = door.accept()
    equal(who, "10.99.0.51", "source")
    raw.close()
    bgp_lines(t, "neighbor %s update-source src0" % t.ip[7])
    wait_for("told", lambda: "src0 has no IPv4 address" in t.e1.text("show bgp neighbors " + t.ip[7]))
    t.e1.ns.run("ip addr add 10.99.0.52/32 dev src0")
    end = time.monotonic() + 10 * lab.slow()
    while who != "10.99.0.52" and time.monotonic() < end:
        raw, who = door.accept(start=False)
        if who != "10.99.0.52":
            raw.close()
    equal(who, "10.99.0.52", "source")
    raw.close()
    door.close()
    bgp_lines(t, "no neighbor %s" % t.ip[7])


def case_port(t):
    """a neighbor's port"""
    door = fresh(t, t.n[7], 65000, "port 1790", port=1790)
    raw, _ = door.accept()
    up(t, t.ip[7])
    raw.close()
    door.close()
    bgp_lines(t, "no neighbor %s" % t.ip[7])


def case_group_inherited(t):
    """what a group says holds for its member"""
    t.g = Raw(t.n[6], t.e1.ip, hold=9)
    up(t, t.ip[6])
    doc = t.e1.neighbor(t.ip[6])
    equal((doc["peerGroup"], doc["nbrDesc"], doc["bgpTimerHoldTimeMsecs"], doc["remoteAs"]),
          ("G", "of the group", 3000, 65000), "of the group")
    equal(doc["addressFamilyInfo"]["l2VpnEvpn"]["prefixAllowedMax"], 50, "prefixAllowedMax")


def keep_alive(t, raw, n, what):
    """The session of raw has not ended, and is still the same."""
    raw.send(bgp.message(bgp.KEEPALIVE))
    silent(raw, 0.4)
    equal(t.e1.peers()[t.ip[n]]["state"], "Established", "state after " + what)


def case_group_changed(t):
    """changes of a group that concern no session leave it alone; the others reset it"""
    for line in ("neighbor G description another", "neighbor G timers 2 6",
                 "neighbor G timers connect 7", "no neighbor G passive", "neighbor G passive"):
        bgp_lines(t, line)
        keep_alive(t, t.g, 6, line)
    equal(t.e1.neighbor(t.ip[6])["nbrDesc"], "another", "description")
    bgp_lines(t, "address-family l2vpn evpn", "neighbor G maximum-prefix 60")
    keep_alive(t, t.g, 6, "maximum-prefix")
    bgp_lines(t, "address-family l2vpn evpn", "neighbor G next-hop-self")
    keep_alive(t, t.g, 6, "next-hop-self")
    bgp_lines(t, "address-family l2vpn evpn", "no neighbor G next-hop-self")
    bgp_lines(t, "neighbor %s description mine" % t.ip[6])
    keep_alive(t, t.g, 6, "a description of its own")
    equal(t.e1.neighbor(t.ip[6])["nbrDesc"], "mine", "description")
    bgp_lines(t, "neighbor G remote-as 65001")
    equal(t.g.notified(), (CEASE, 6), "after remote-as")
    t.g.close()
    t.g = Raw(t.n[6], t.e1.ip, asn=65001, hold=9)
    up(t, t.ip[6])


def case_group_shutdown(t):
    """a group that is shut shuts its members; its message goes out"""
    bgp_lines(t, "neighbor G shutdown message all of you")
    equal(t.g.until(bgp.NOTIFICATION), bytes([CEASE, 2, 10]) + b"all of you", "NOTIFICATION")
    t.g.close()
    equal(t.e1.peers()[t.ip[6]]["state"], "Idle (Admin)", "state")
    bgp_lines(t, "no neighbor G shutdown", "neighbor G remote-as 65000")
    t.g = Raw(t.n[6], t.e1.ip, hold=9)
    up(t, t.ip[6])


def case_others_untouched(t):
    """what is configured for one neighbor or VNI resets no other"""
    bgp_lines(t, "neighbor %s password x" % t.ip[2], "address-family l2vpn evpn",
              "vni 4444", "rd 1.1.1.1:1", "route-target import 1:1", "exit-vni", "no vni 4444")
    keep_alive(t, t.g, 6, "another's password")
    bgp_lines(t, "no neighbor %s password" % t.ip[2])
    t.g.close()


def case_md5(t):
    """TCP MD5: the right password; changed on both sides the session lives; taken away"""
    n = t.n[4]
    raw = Raw(n, t.e1.ip, password="first", hold=9)
    up(t, t.ip[4])
    before = t.e1.neighbor(t.ip[4])
    bgp_lines(t, "neighbor %s password second" % t.ip[4])
    time.sleep(1)  # the two sides are changed by two people
    sign(raw.sock, t.e1.ip, "second")
    raw.got.clear()
    start = time.monotonic()
    raw.send(bgp.message(bgp.KEEPALIVE), update(common(), reach(t.ip[4], type2(
        bgp.rd(t.ip[4], 1), "02:14:00:00:00:01"))))
    raw.until(bgp.KEEPALIVE)
    wait_for("a route", lambda: t.e1.has("[02:14:00:00:00:01]"))
    print("#   %.1f s after the second side's change" % (time.monotonic() - start))
    equal([t.e1.neighbor(t.ip[4])[k] for k in ("bgpState", "connectionsDropped")],
          ["Established", before["connectionsDropped"]], "state")
    expect("second" not in t.e1.proc.text(), "the password is in the log")
    bgp_lines(t, "neighbor %s password third" % t.ip[4])
    wait_for("one side only: the hold time ends it", lambda: t.e1.peers()[t.ip[4]]["state"],
             until=lambda s: s != "Established")
    raw.close()
    bgp_lines(t, "neighbor %s password second" % t.ip[4])
    try:
        Raw(n, t.e1.ip, password="first", wait=0, start=False)
        raise lab.Failure("the old password still works")
    except lab.Failure as e:
        expect("no connection" in str(e), str(e))
    raw = Raw(n, t.e1.ip, password="second")
    up(t, t.ip[4])
    bgp_lines(t, "no neighbor %s password" % t.ip[4])
    equal(raw.notified(), (CEASE, 6), "after it was taken away")
    raw.close()
    raw = Raw(n, t.e1.ip)
    up(t, t.ip[4])
    raw.close()


def case_port_in_use(t):
    """the port is somebody else's: said once, and taken when it is free"""
    wait_for("said", lambda: "port 179, IPv4: Address already in use" in t.e2.proc.text())
    t.squatter.close()
    raw = Raw(t.n[8], t.e2.ip)
    t.e2.established(t.ip[8])
    equal(t.e2.proc.text().count("Address already in use"), 1, "complaints")
    raw.close()


def case_own_address(t):
    """this host is no neighbor of itself: refused as FRR does"""
    for lines in (["neighbor %s remote-as 65000" % t.e1.ip], ["neighbor %s peer-group G" % t.e1.ip6]):
        status, out = t.e1.shell("configure terminal", "router bgp 65000", *lines)
        equal((status, "% Can not configure the local system as neighbor" in out), (1, True), out)


def case_listen_range(t):
    """a listen range: password, limit, group's changes; a neighbor goes with its session"""
    n, raws = t.n[8], []
    for i in (1, 2, 3):
        n.ns.run("ip addr add 10.99.1.%d/32 dev eth0" % i)
    t.e1.ns.run("ip route add 10.99.1.0/24 dev eth0")
    try:
        Raw(n, t.e1.ip, asn=65008, source="10.99.1.1", wait=0)
        raise lab.Failure("in without a password")
    except lab.Failure as e:
        expect("no connection" in str(e), str(e))
    for i in (1, 2):
        raws.append(Raw(n, t.e1.ip, asn=65008, source="10.99.1.%d" % i, password="dyn",
                        rid="10.99.1.%d" % i))
        up(t, "10.99.1.%d" % i)
    third = Raw(n, t.e1.ip, asn=65008, source="10.99.1.3", password="dyn", start=False)
    wait_for("the third is closed", lambda: third.read(0.1) or third.closed)
    third.close()
    expect("10.99.1.3" not in t.e1.peers(), "over the limit")
    doc = t.e1.show("bgp l2vpn evpn summary")
    equal((doc["dynamicPeers"], doc.get("subnetGroup") is None), (2, True), "dynamicPeers")
    raws[0].close()
    wait_for("it goes with its session", lambda: "10.99.1.1" not in t.e1.peers())
    third = Raw(n, t.e1.ip, asn=65008, source="10.99.1.3", password="dyn", rid="10.99.1.3")
    up(t, "10.99.1.3")
    bgp_lines(t, "neighbor D password other")
    for raw in (raws[1], third):
        sign(raw.sock, t.e1.ip, "other")
        raw.send(bgp.message(bgp.KEEPALIVE))
    silent(third)
    for ip in ("10.99.1.2", "10.99.1.3"):
        equal(t.e1.peers()[ip]["state"], "Established", "after the group's change")
    for raw in (raws[1], third):
        raw.close()
    raw = Raw(n, t.e1.ip, asn=65008, source="10.99.1.1", password="other")
    up(t, "10.99.1.1")
    # A neighbor of its own without a password, in the range of those who need one.
    n.ns.run("ip addr add 10.99.1.9/32 dev eth0")
    bgp_lines(t, "neighbor 10.99.1.9 remote-as 65008", "neighbor 10.99.1.9 passive",
              "address-family l2vpn evpn", "neighbor 10.99.1.9 activate")
    bare = Raw(n, t.e1.ip, asn=65008, source="10.99.1.9", rid="10.99.1.9")
    up(t, "10.99.1.9")
    up(t, "10.99.1.1")
    bgp_lines(t, "no neighbor 10.99.1.9")
    bare.close()
    try:
        Raw(n, t.e1.ip, asn=65008, source="10.99.1.9", wait=0)
        raise lab.Failure("in without a password")
    except lab.Failure as e:
        expect("no connection" in str(e), str(e))
    bgp_lines(t, "no bgp listen range 10.99.1.0/24 peer-group D")
    equal(raw.notified(), (CEASE, 3), "after the range went")
    raw.close()
    wait_for("gone", lambda: "10.99.1.1" not in t.e1.peers())


def case_ttl(t):
    """the TTL on the wire: eBGP 1, ebgp-multihop N, iBGP and ttl-security 255"""
    n = t.n[7]

    def seen(asn, *lines):
        """TTLs of what e1 sends."""
        cap = n.ns.inside(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP))
        cap.settimeout(5)
        door = fresh(t, n, asn, *lines)
        raw, _ = door.accept(asn=asn)
        up(t, n.ip)
        ttls, port = set(), raw.sock.getpeername()[1]
        cap.setblocking(False)
        while True:
            try:
                p = cap.recv(65536)
            except BlockingIOError:
                break
            if p[12:16] == socket.inet_aton(t.e1.ip) and int.from_bytes(p[20:22], "big") == port:
                ttls.add(p[8])
        for x in (cap, raw, door):
            x.close()
        bgp_lines(t, "no neighbor %s" % n.ip)
        return ttls
    equal(seen(65007), {1}, "eBGP")
    equal(seen(65007, "ebgp-multihop 7"), {7}, "ebgp-multihop 7")
    equal(seen(65007, "ebgp-multihop"), {255}, "ebgp-multihop")
    equal(seen(65007, "ttl-security hops 1"), {255}, "ttl-security")
    equal(seen(65000), {255}, "iBGP")


def case_warning_only(t):
    """maximum-prefix warning-only: the session stays, the log tells"""
    bgp_lines(t, "address-family l2vpn evpn", "neighbor %s maximum-prefix 10 50 warning-only" % t.ip[3])
    raw = Raw(t.n[3], t.e1.ip)
    rd = bgp.rd(t.ip[3], 1)
    routes = [type2(rd, "02:16:00:00:00:%02x" % n) for n in range(12)]
    raw.send(update(common(), reach(t.ip[3], *routes[:5])))
    wait_for("the threshold in the log", lambda: "5 routes, maximum-prefix 10" in t.e1.proc.text())
    raw.send(update(common(), reach(t.ip[3], *routes[5:])))
    wait_for("12 routes", lambda: t.e1.peers()[t.ip[3]]["pfxRcd"], until=lambda n: n == 12)
    silent(raw)
    bgp_lines(t, "address-family l2vpn evpn", "neighbor %s maximum-prefix 11" % t.ip[3])
    body = raw.until(bgp.NOTIFICATION)
    equal(body, bytes([CEASE, 1, 0, 25, 70, 0, 0, 0, 11]), "NOTIFICATION")
    raw.close()
    wait_for("Idle (PfxCt)", lambda: t.e1.peers()[t.ip[3]]["state"],
             until=lambda s: s == "Idle (PfxCt)")
    t.e1.text("clear bgp " + t.ip[3])
    raw = Raw(t.n[3], t.e1.ip)
    up(t, t.ip[3])
    bgp_lines(t, "address-family l2vpn evpn", "no neighbor %s maximum-prefix" % t.ip[3])
    silent(raw)
    raw.close()


def case_refresh(t):
    """clear soft in: a refresh request, enhanced; what does not come again is gone"""
    enhanced = bgp.capability(70)
    raw = Raw(t.n[3], t.e1.ip, more=enhanced)
    rd = bgp.rd(t.ip[3], 1)
    a, b = [type2(rd, "02:17:00:00:00:%02x" % n) for n in (1, 2)]
    raw.send(update(common(), reach(t.ip[3], a, b)))
    wait_for("both", lambda: len(t.e1.has("[02:17:")) == 2)
    t.e1.text("clear bgp %s soft in" % t.ip[3])
    equal(raw.until(bgp.REFRESH), bgp.EVPN, "ROUTE-REFRESH")
    answer = (bgp.message(bgp.REFRESH, b"\0\x19\1\x46"), update(common(), reach(t.ip[3], a)),
              bgp.message(bgp.REFRESH, b"\0\x19\2\x46"))
    raw.send(*answer)
    equal(raw.until(bgp.REFRESH), bgp.EVPN, "ROUTE-REFRESH, as something was not repeated")
    equal(len(t.e1.has("[02:17:")), 2, "routes until it is said again")
    raw.send(*answer)
    wait_for("one is gone", lambda: len(t.e1.has("[02:17:")) == 1)
    raw.got.clear()
    t.e1.text("clear bgp %s soft out" % t.ip[3])
    equal(raw.until(bgp.REFRESH)[2], 1, "begin of the refresh")
    equal(raw.until(bgp.REFRESH)[2], 2, "end of the refresh")
    raw.send(bgp.message(bgp.REFRESH, bgp.EVPN))
    equal(raw.until(bgp.REFRESH)[2], 1, "begin of the refresh")
    equal(raw.until(bgp.REFRESH)[2], 2, "end of the refresh")
    raw.send(bgp.message(bgp.REFRESH, b"\0\x19\7\x46"), bgp.message(bgp.REFRESH, b"\0\1\0\1"))
    silent(raw)
    raw.close()


def case_clear(t):
    """clear bgp * resets every session, of a group its members'"""
    a, b = Raw(t.n[3], t.e1.ip), Raw(t.n[6], t.e1.ip, hold=9)
    up(t, t.ip[3])
    up(t, t.ip[6])
    t.e1.text("clear bgp G")
    equal(b.notified(), (CEASE, 4), "NOTIFICATION")
    silent(a)
    b.close()
    b = Raw(t.n[6], t.e1.ip, hold=9)
    t.e1.text("clear bgp *")
    equal(a.notified(), (CEASE, 4), "NOTIFICATION")
    equal(b.notified(), (CEASE, 4), "NOTIFICATION")
    a.close()
    b.close()


def case_router_id(t):
    """another router-id: sessions again, with it"""
    raw = Raw(t.n[3], t.e1.ip)
    up(t, t.ip[3])
    bgp_lines(t, "bgp router-id 10.99.0.50")
    silent(raw)
    bgp_lines(t, "bgp router-id 10.99.0.49")
    equal(raw.notified(), (CEASE, 6), "NOTIFICATION")
    raw.close()
    raw = Raw(t.n[3], t.e1.ip, start=False)
    equal(raw.until(bgp.OPEN)[5:9].hex(), hexip("10.99.0.49"), "identifier")
    raw.close()
    bgp_lines(t, "bgp router-id 10.99.0.50")


def case_no_neighbor(t):
    """no neighbor: Cease, Peer De-configured; its routes go, and a group takes its members along"""
    raw, member = Raw(t.n[3], t.e1.ip), Raw(t.n[6], t.e1.ip, hold=9)
    raw.send(update(common(), reach(t.ip[3], type2(bgp.rd(t.ip[3], 1), "02:18:00:00:00:01"))))
    wait_for("the route", lambda: t.e1.has("[02:18:"))
    bgp_lines(t, "no neighbor %s" % t.ip[3])
    equal(raw.notified(), (CEASE, 3), "NOTIFICATION")
    wait_for("the route goes", lambda: not t.e1.has("[02:18:"))
    again = Raw(t.n[3], t.e1.ip, start=False)
    wait_for("closed", lambda: again.read(0.1) or again.closed)
    bgp_lines(t, "no neighbor G peer-group")
    equal(member.notified(), (CEASE, 3), "NOTIFICATION of the member")
    wait_for("gone", lambda: t.ip[6] not in t.e1.peers())
    for x in (raw, again, member):
        x.close()


def case_no_router(t):
    """no router bgp: Cease, and nobody listens; another AS: sessions with that"""
    bgp_lines(t, "neighbor %s remote-as 65000" % t.ip[3], "neighbor %s passive" % t.ip[3],
              "address-family l2vpn evpn", "neighbor %s activate" % t.ip[3])
    raw = Raw(t.n[3], t.e1.ip)
    t.e1.configure("no router bgp")
    equal(raw.notified()[0], CEASE, "NOTIFICATION")
    raw.close()
    try:
        Raw(t.n[3], t.e1.ip, wait=0, start=False)
        raise lab.Failure("still listening")
    except lab.Failure as e:
        expect("no connection" in str(e), str(e))
    t.e1.configure("router bgp 4200000001", "neighbor %s remote-as 65000" % t.ip[3],
                   "bgp router-id 10.99.0.50", "neighbor %s passive" % t.ip[3],
                   "neighbor %s ebgp-multihop" % t.ip[3],
                   "address-family l2vpn evpn", "neighbor %s activate" % t.ip[3])
    raw = Raw(t.n[3], t.e1.ip, start=False)
    raw.send(raw.opened())
    body = raw.until(bgp.OPEN)
    equal(int.from_bytes(body[1:3], "big"), 23456, "AS in the header")
    expect(bytes([65, 4]) + (4200000001).to_bytes(4, "big") in body, "AS in the capability")
    raw.send(bgp.message(bgp.KEEPALIVE))
    up(t, t.ip[3])
    raw.close()


lab.run()

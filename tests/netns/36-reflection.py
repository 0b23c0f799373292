#!/usr/bin/env python3
"""
What goes where: evpnd between clients, non-clients and external neighbors, all of them speakers
of our own; then ten thousand routes, a neighbor that stops reading, and fifty neighbors. RFC 1997,
4271 (5.1, 9.2), 4360, 4456, 7606, 8654.
"""

import socket
import struct
import threading
import time
from types import SimpleNamespace

import lab
import speaker as bgp
from speaker import Raw, common, reach, type2, type3, update, unreach
from topo import *

CLUSTER = "9.9.9.9"


def setup(l):
    if standin():
        raise lab.Skip("about evpnd only")
    net = Underlay(l)
    e1 = EvpndVtep(l, "e1", 50, net)
    names = ("c1", "c2", "n1", "n2", "x1", "x2")
    node = {name: Node(l, name, 1 + i, net) for i, name in enumerate(names)}
    node["many"] = Node(l, "many", 9, net)
    e1.devices()
    lines = []
    for name in names:
        asn = 65101 if name == "x1" else 65102 if name == "x2" else 65000
        lines.append(neighbor(node[name].ip, asn, client=name[0] == "c", extra=["passive"]))
    e1.start(source(e1.ip) + router(e1, lines, top=[
        "bgp cluster-id " + CLUSTER, "neighbor M peer-group", "neighbor M remote-as 65000",
        "bgp listen range 10.98.0.0/24 peer-group M"], family=[
        "neighbor M activate", "neighbor M route-reflector-client"]))
    wait_for("type 3 of e1", lambda: e1.has("[3]:", kind=3))
    t = SimpleNamespace(lab=l, e1=e1, node=node)
    t.raw = {}
    for name in names:
        asn = 65101 if name == "x1" else 65102 if name == "x2" else 65000
        t.raw[name] = Raw(node[name], e1.ip, asn=asn, extended=name == "c2")
    t.rd = bgp.rd(node["c1"].ip, 7)
    return t


def attrs_of(body):
    return {code: (flags, value) for flags, code, value in bgp.attributes(body)}


def path_of(*numbers):
    return struct.pack("!BB%dI" % len(numbers), 2, len(numbers), *numbers)


def spread(t, sender, wanted, nlri, *attributes):
    """Sends a route; it gets to exactly these. What each was sent."""
    t.raw[sender].send(update(*attributes, reach(t.node[sender].ip, nlri)))
    seen = {}
    for name in wanted:
        seen[name] = attrs_of(t.raw[name].route(nlri))
    # The peers' order is kept: what comes later has passed what did not come.
    probe = type2(bgp.rd("7.7.7.7", 1), "02:77:00:00:00:01")
    t.raw["c1" if sender != "c1" else "c2"].send(update(common(), reach("7.7.7.7", probe)))
    for name in t.raw:
        if name != ("c1" if sender != "c1" else "c2"):
            t.raw[name].route(probe)
    for name in t.raw:
        if name != sender and name not in wanted:
            expect(nlri not in t.raw[name].routes(), "%s got it" % name)
        t.raw[name].got.clear()
    origin = t.raw["c1" if sender != "c1" else "c2"]
    origin.send(update(unreach(probe)))
    for name in t.raw:
        if t.raw[name] is not origin:
            t.raw[name].route(probe, withdrawn=True)
    t.raw[sender].send(update(unreach(nlri)))
    for name in wanted:
        t.raw[name].route(nlri, withdrawn=True)
    return seen


def case_from_client(t):
    """a client's route goes to everybody else"""
    seen = spread(t, "c1", ["c2", "n1", "n2", "x1", "x2"], type2(t.rd, "02:21:00:00:00:01"),
                  common(), bgp.attribute(4, b"\0\0\0\7"))
    for name in ("c2", "n1", "n2"):
        equal(seen[name][9][1].hex(), hexip(t.node["c1"].ip), "ORIGINATOR_ID")
        equal(seen[name][10][1].hex(), hexip(CLUSTER), "CLUSTER_LIST")
        equal(seen[name][2][1], b"", "AS_PATH")
        equal(seen[name][4][1], b"\0\0\0\7", "MED")
    for name in ("x1", "x2"):
        equal(seen[name][2][1], path_of(65000), "AS_PATH")
        equal([c for c in (4, 5, 9, 10) if c in seen[name]], [], "inside attributes sent outside")
        equal(seen[name][14][1][4:8].hex(), hexip(t.node["c1"].ip), "next hop")


def case_from_non_client(t):
    """a non-client's route goes to clients and outside only"""
    seen = spread(t, "n1", ["c1", "c2", "x1", "x2"], type2(t.rd, "02:21:00:00:00:02"), common())
    equal(seen["c1"][9][1].hex(), hexip(t.node["n1"].ip), "ORIGINATOR_ID")


def case_from_outside(t):
    """an external route goes to everybody, LOCAL_PREF 100, nothing of reflection added"""
    seen = spread(t, "x1", ["c1", "c2", "n1", "n2", "x2"], type2(t.rd, "02:21:00:00:00:03"),
                  common(as_path=path_of(65101), local_pref=None))
    for name in ("c1", "n2"):
        equal(seen[name][5][1], struct.pack("!I", 100), "LOCAL_PREF")
        equal(seen[name][2][1], path_of(65101), "AS_PATH")
        equal([c for c in (9, 10) if c in seen[name]], [], "attributes of reflection")
        equal(seen[name][14][1][4:8].hex(), hexip(t.node["x1"].ip), "next hop")
    equal(seen["x2"][2][1], path_of(65000, 65101), "AS_PATH")


def case_reflected_twice(t):
    """ORIGINATOR_ID stays, our cluster goes in front of CLUSTER_LIST"""
    seen = spread(t, "c1", ["c2", "n1", "n2", "x1", "x2"], type2(t.rd, "02:21:00:00:00:04"),
                  common(), bgp.attribute(9, b"\1\2\3\4"), bgp.attribute(10, b"\5\5\5\5"))
    equal(seen["n1"][9][1], b"\1\2\3\4", "ORIGINATOR_ID")
    equal(seen["n1"][10][1].hex(), hexip(CLUSTER) + "05050505", "CLUSTER_LIST")


def case_no_advertise(t):
    """no-advertise goes nowhere, no-export not outside (RFC 1997)"""
    for code, wanted in ((0xffffff02, []), (0xffffff01, ["c2", "n1", "n2"]),
                         (0xffffff03, ["c2", "n1", "n2"])):
        spread(t, "c1", wanted, type2(t.rd, "02:21:00:00:00:05"), common(),
               bgp.attribute(8, struct.pack("!I", code)))


def case_became_no_advertise(t):
    """a route that becomes no-advertise is withdrawn"""
    nlri = type2(t.rd, "02:21:00:00:00:06")
    t.raw["c1"].send(update(common(), reach("10.99.0.1", nlri)))
    t.raw["x1"].route(nlri)
    t.raw["c1"].send(update(common(), bgp.attribute(8, struct.pack("!I", 0xffffff02)),
                            reach("10.99.0.1", nlri)))
    for name in ("c2", "n1", "x1"):
        t.raw[name].route(nlri, withdrawn=True)
    t.raw["c1"].send(update(unreach(nlri)))


def case_non_transitive(t):
    """non-transitive extended communities do not leave the AS (RFC 4360)"""
    soo = bgp.rt(65000, 100)
    private = b"\x40\x03" + b"\0" * 6
    seen = spread(t, "c1", ["c2", "x1"] + ["n1", "n2", "x2"], type2(t.rd, "02:21:00:00:00:07"),
                  common(communities=soo + private + bgp.encapsulation()))
    expect(private in seen["c2"][16][1], "not reflected")
    expect(private not in seen["x1"][16][1], "left the AS")


def case_inside_attributes(t):
    """LOCAL_PREF, ORIGINATOR_ID and CLUSTER_LIST from outside are disregarded (RFC 7606)"""
    seen = spread(t, "x1", ["c1", "c2", "n1", "n2", "x2"], type2(t.rd, "02:21:00:00:00:08"),
                  common(as_path=path_of(65101), local_pref=300), bgp.attribute(9, b"\1\2\3\4"),
                  bgp.attribute(10, bytes.fromhex(hexip(CLUSTER))))
    equal(seen["c1"][5][1], struct.pack("!I", 100), "LOCAL_PREF")


BAD = [  # what is wrong, in place of what, with which bytes (RFC 7606, 7)
    ("AS_PATH segment type 9", 2, bgp.attribute(2, struct.pack("!BBI", 9, 1, 65101))),
    ("AS_PATH too short", 2, bgp.attribute(2, struct.pack("!BBI", 2, 2, 65101))),
    ("AS_PATH empty segment", 2, bgp.attribute(2, struct.pack("!BB", 2, 0))),
    ("ORIGIN 7", 1, bgp.attribute(1, b"\7")),
    ("ORIGIN flags", 1, bgp.attribute(1, b"\0", 0xc0)),
    ("MED length", 4, bgp.attribute(4, b"\0\0")),
    ("LOCAL_PREF length", 5, bgp.attribute(5, b"\0\0")),
    ("communities length", 8, bgp.attribute(8, b"\0\0\0", 0xc0)),
    ("empty communities", 8, bgp.attribute(8, b"", 0xc0)),
    ("ORIGINATOR_ID length", 9, bgp.attribute(9, b"\1\2\3")),
    ("CLUSTER_LIST length", 10, bgp.attribute(10, b"\1\2\3\4\5")),
    ("PMSI tunnel length", 22, bgp.attribute(22, b"\0\6\0\0\1\1", 0xc0)),
    ("large communities length", 32, bgp.attribute(32, b"\0" * 13, 0xc0)),
]


def case_treat_as_withdraw(t):
    """RFC 7606: what is malformed withdraws its route, each kind of attribute"""
    sender, listener = t.raw["c1"], t.raw["n1"]
    for i, (what, code, wrong) in enumerate(BAD):
        nlri = type2(t.rd, "02:22:00:00:00:%02x" % i)
        sender.send(update(common(), reach("10.99.0.1", nlri)))
        listener.route(nlri)
        rest = [a for c, a in ((1, bgp.attribute(1, b"\0")), (2, bgp.attribute(2, b"")),
                               (5, bgp.attribute(5, b"\0\0\0\x64"))) if c != code]
        sender.send(update(*rest, wrong, reach("10.99.0.1", nlri)))
        try:
            listener.route(nlri, withdrawn=True, limit=3)
        except lab.Failure as e:
            raise lab.Failure("%s: %s" % (what, e)) from e
    equal(t.e1.peers()[t.node["c1"].ip]["state"], "Established", "state")
    expect(t.e1.neighbor(t.node["c1"].ip)["updatesMalformed"] >= len(BAD), "updatesMalformed")


def case_discarded(t):
    """RFC 7606: a malformed AGGREGATOR or ATOMIC_AGGREGATE costs itself only; a repeated one too"""
    for i, wrong in enumerate((bgp.attribute(7, b"\0\0\0", 0xc0), bgp.attribute(6, b"\1", 0x40),
                               bgp.attribute(1, b"\2"))):
        nlri = type2(t.rd, "02:23:00:00:00:%02x" % i)
        seen = spread(t, "c1", ["c2", "n1", "n2", "x1", "x2"], nlri, common(), wrong)
        expect(6 not in seen["n1"] and 7 not in seen["n1"], "passed on")
        equal(seen["n1"][1][1], b"\0", "ORIGIN")


def case_attribute_overrun(t):
    """an attribute longer than what is left: its routes, found before it, are withdrawn"""
    nlri = type2(t.rd, "02:23:00:00:00:10")
    t.raw["c1"].send(update(common(), reach("10.99.0.1", nlri)))
    t.raw["n1"].route(nlri)
    t.raw["c1"].send(update(reach("10.99.0.1", nlri), common(), b"\xc0\x08\x40\0\0"))
    t.raw["n1"].route(nlri, withdrawn=True)
    equal(t.e1.peers()[t.node["c1"].ip]["state"], "Established", "state")


def case_type_3(t):
    """a type 3 route with a PMSI tunnel of IPv6, and one of an unknown kind, are reflected"""
    t3 = type3(t.rd, "10.99.0.1")
    for pmsi in (b"\0\6\0\0\x64" + bytes(15) + b"\1", b"\0\x0b\0\0\x64\1\2\3"):
        seen = spread(t, "c1", ["c2", "n1", "n2", "x1", "x2"], t3, common(),
                      bgp.attribute(22, pmsi, 0xc0))
        equal(seen["n1"][22], (0xc0, pmsi), "PMSI tunnel")


def routes(kind, n, at=0):
    rd = bgp.rd("6.6.6.6", kind)
    return [type2(rd, "02:%02x:00:%02x:%02x:%02x" % (kind, i >> 16, i >> 8 & 255, i & 255))
            for i in range(at, at + n)]


def load(raw, nlri, withdraw=False, hop="10.99.0.1"):
    for i in range(0, len(nlri), 90):
        part = nlri[i:i + 90]
        raw.send(update(unreach(*part)) if withdraw else update(common(), reach(hop, *part)))


def drain(raw, nlri, code=14, limit=30):
    """Takes UPDATEs until all these routes were in them; their sizes and numbers of routes."""
    left, sizes = {bgp.key(n) for n in nlri}, []
    end = time.monotonic() + limit * lab.slow()
    while left:
        expect(time.monotonic() < end and not raw.closed, "%s: %d routes are missing" %
               (raw.node.name, len(left)))
        raw.read(0.2)
        for kind, body, size in raw.got:
            if kind == bgp.UPDATE:
                found = bgp.nlri_of(body, code)
                left.difference_update(map(bgp.key, found))
                if found:
                    sizes.append((size, len(found)))
        raw.got.clear()
    return sizes


def case_packing(t):
    """10,000 routes of equal attributes: messages are full, 65,535 octets where agreed"""
    nlri = routes(0x31, 10000)
    feeder = threading.Thread(target=load, args=(t.raw["c1"], nlri))
    feeder.start()
    small, large = drain(t.raw["n1"], nlri), drain(t.raw["c2"], nlri)
    feeder.join()
    for raw in t.raw.values():
        raw.read(0)
        raw.got.clear()
    # All there is, at once.
    t.raw["n1"].send(bgp.message(bgp.REFRESH, bgp.EVPN))
    t.raw["c2"].send(bgp.message(bgp.REFRESH, bgp.EVPN))
    small, large = drain(t.raw["n1"], nlri), drain(t.raw["c2"], nlri)
    expect(max(s for s, _ in small) <= 4096, "too long: %s" % (max(small),))
    expect(len(small) < 10000 / 90, "%d messages" % len(small))
    expect(max(s for s, _ in large) > 32768, "not long: %s" % (max(large),))
    expect(len(large) < 15, "%d long messages" % len(large))
    load(t.raw["c1"], nlri, withdraw=True)
    gone = drain(t.raw["n1"], nlri, 15)
    return "%d and %d messages, %d withdrawing" % (len(small), len(large), len(gone))


def memory(t):
    with open("/proc/%d/status" % t.e1.proc.pid) as f:
        return int(next(x for x in f if x.startswith("VmRSS")).split()[1])


def case_slow_neighbor(t):
    """a neighbor that stops reading: the others get everything, memory stays bounded"""
    nlri, rounds = routes(0x32, 10000), 15
    slow = t.raw["n2"]
    slow.read(0)
    slow.got.clear()
    slow.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    done = threading.Event()

    def chew():  # answers nothing, reads nothing, but says that it lives
        while not done.wait(1):
            slow.send(bgp.message(bgp.KEEPALIVE))
    threading.Thread(target=chew, daemon=True).start()
    load(t.raw["c1"], nlri)
    drain(t.raw["n1"], nlri)
    first = memory(t)
    for i in range(rounds):
        hop = "10.99.0.%d" % (30 + i)
        load(t.raw["c1"], nlri, hop=hop)
        drain(t.raw["n1"], nlri)
        for name in ("c2", "x1", "x2"):
            t.raw[name].read(0)
            t.raw[name].got.clear()
    grown = memory(t) - first
    equal(t.e1.peers()[slow.node.ip]["state"], "Established", "state of the slow one")
    load(t.raw["c1"], nlri, withdraw=True)
    drain(t.raw["n1"], nlri, 15)
    done.set()
    # Reading again, it ends with what is true.
    have, taken = set(), 0
    last = type2(bgp.rd("6.6.6.6", 1), "02:32:ff:ff:ff:ff")
    t.raw["c1"].send(update(common(), reach("10.99.0.1", last)))
    end = time.monotonic() + 20 * lab.slow()
    while bgp.key(last) not in have:
        expect(time.monotonic() < end, "the last route did not come")
        slow.read(0.2)
        for kind, body, _ in slow.got:
            if kind == bgp.UPDATE:
                found = bgp.nlri_of(body)
                taken += len(found)
                have.update(map(bgp.key, found))
                have.difference_update(map(bgp.key, bgp.nlri_of(body, 15)))
        slow.got.clear()
    left = [n for n in nlri if bgp.key(n) in have]
    equal(len(left), 0, "routes that are gone but not withdrawn")
    # A sanitizer keeps what was freed for a while.
    expect(grown < 6000 or lab.slow() > 1, "%d kB more" % grown)
    expect(taken < len(nlri) * rounds, "it was not slow: it was sent everything")
    return "%d kB more; it was sent %d of %d" % (grown, taken, len(nlri) * (rounds + 1))


def case_fifty(t):
    """fifty neighbors with a hold time of 3 s and 100,000 routes: no session is lost"""
    n, count, hold = t.node["many"], int(100000 / lab.slow()), int(3 * lab.slow())
    t.e1.ns.run("ip route add 10.98.0.0/24 dev eth0")
    n.ns.batch("ip", ["addr add 10.98.0.%d/32 dev eth0" % i for i in range(1, 51)])
    raws = [Raw(n, t.e1.ip, source="10.98.0.%d" % i, rid="10.98.0.%d" % i, hold=hold)
            for i in range(1, 51)]
    done, worst = threading.Event(), [0.0] * 50

    def serve():  # reads everything, answers every half second, notes the longest silence
        import select
        heard, spoke = [time.monotonic()] * 50, 0.0
        by = {r.sock: i for i, r in enumerate(raws)}
        while not done.is_set():
            for s in select.select(list(by), [], [], 0.1)[0]:
                i = by[s]
                data = s.recv(1 << 20)
                now = time.monotonic()
                worst[i] = max(worst[i], now - heard[i])
                heard[i] = now
                if not data:
                    raws[i].closed = True
                    del by[s]
            if time.monotonic() - spoke > 0.5:
                spoke = time.monotonic()
                for s in by:
                    s.setblocking(False)
                    try:
                        s.send(bgp.message(bgp.KEEPALIVE))
                    except OSError:
                        pass
    thread = threading.Thread(target=serve)
    thread.start()
    start = time.monotonic()
    nlri = routes(0x41, count)
    load(t.raw["c1"], nlri)

    before = t.e1.peers()[t.node["n1"].ip]["pfxSnt"]

    def sent():
        rows = t.e1.peers()
        return min(rows["10.98.0.%d" % i]["pfxSnt"] for i in range(1, 51))
    try:
        wait_for("all sent", sent, 120, until=lambda s: s >= count, every=0.5)
        took = time.monotonic() - start
        load(t.raw["c1"], nlri, withdraw=True)
        wait_for("all withdrawn", sent, 120, until=lambda s: s <= before + 10, every=0.5)
        closed = [r.source for r in raws if r.closed]
        equal(closed, [], "sessions lost")
    finally:
        done.set()
        thread.join()
    for r in raws:
        r.close()
    wait_for("they are gone", lambda: t.e1.show("bgp l2vpn evpn summary")["dynamicPeers"],
             until=lambda v: v == 0)
    return "%d x 50 in %.1f s, longest silence %.1f s" % (count, took, max(worst))


def case_no_router(t):
    """no router bgp: what was learned leaves the kernel"""
    mac = "02:24:00:00:00:01"
    pmsi = bgp.attribute(22, b"\0\6\0\0\x64\x0a\x63\0\1", 0xc0)
    # A second connection beside an Established one would be the collision's loser.
    t.raw["c1"].close()
    wait_for("c1 is down", lambda: t.e1.peers()[t.node["c1"].ip]["state"] != "Established")
    t.raw["c1"] = Raw(t.node["c1"], t.e1.ip)
    t.raw["c1"].send(update(common(), reach("10.99.0.1", type2(t.rd, mac))),
                     update(common(), pmsi, reach("10.99.0.1", type3(t.rd, "10.99.0.1"))))
    wait_for("kernel", lambda: t.e1.remote(mac, "10.99.0.1"))
    t.e1.flooding("10.99.0.1")
    t.e1.configure("no router bgp")
    equal(t.raw["c1"].notified()[0], 6, "NOTIFICATION")
    wait_for("the MAC goes", lambda: not t.e1.ns.fdb("vxlan100", mac))
    wait_for("the flood list goes", lambda: t.e1.floods() == [])


lab.run()

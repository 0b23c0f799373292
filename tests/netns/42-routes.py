#!/usr/bin/env python3
"""
What makes a route count: route targets, distinguishers, encapsulation, next hops, sequence numbers,
flags; changed while running. s4 is a speaker that says exactly what it is told.
"""

import socket
import struct
from types import SimpleNamespace

import lab
import speaker as s
from topo import *
from wire import Watch

IPS = ["10.99.0.%d" % n for n in range(1, 6)]
FAMILY = ("router bgp 65000", "address-family l2vpn evpn")
GATEWAY = bytes([3, 13, 0, 0, 0, 0, 0, 0])
BASE = s.rt(65000, 100) + s.encapsulation()


def setup(l):
    if standin():
        raise lab.Skip("FRR stands in")
    net = Underlay(l)
    e1 = start_vtep(EvpndVtep(l, "e1", 1, net), IPS[1:4])
    e2 = start_vtep(EvpndVtep(l, "e2", 2, net), [IPS[0], IPS[2]], devices=adopted)
    f3 = start_vtep(FrrVtep(l, "f3", 3, net), [IPS[0], IPS[1]])
    t = SimpleNamespace(lab=l, e1=e1, e2=e2, f3=f3, vm1=Vm(l, 11, e1), vm2=Vm(l, 12, e2),
                        vm3=Vm(l, 13, f3))
    e1.established(e2.ip, f3.ip)
    for a, b in ((t.vm1, t.vm2), (t.vm1, t.vm3), (t.vm2, t.vm3)):
        a.reaches(b)
    t.s4 = Node(l, "s4", 4, net)
    t.raw = s.Raw(t.s4, e1.ip)
    t.raw.end_of_rib()
    return t


def as4_rt(asn, number):
    return struct.pack("!BBIH", 2, 2, asn, number)


def ip_rt(ip, number):
    return struct.pack("!BB4sH", 1, 2, socket.inet_aton(ip), number)


def mobility(seq, sticky=False):
    return struct.pack("!BBBBI", 6, 0, 1 if sticky else 0, 0, seq)


def say(t, mac, communities=None, ip=None, hop=None, rd=None, esi=None, vni=100, **more):
    nlri = s.type2(rd or s.rd(t.s4.ip, 100), mac, vni, ip)
    t.raw.send(s.update(s.reach(hop or t.s4.ip, nlri), s.common(communities, **more)))
    return nlri


def unsay(t, *nlri):
    for n in nlri:
        t.raw.send(s.update(s.unreach(n)))


def remote_mac(n):
    return "02:42:00:00:00:%02x" % n


def explain(h, mac, vni=100):
    return h.text("show evpn explain vni %d mac %s" % (vni, mac))


def seen(h, mac, vtep, yes=True):
    wait_for("%s: %s %s" % (h.name, mac, "there" if yes else "not there"),
             lambda: h.remote(mac, vtep) if yes else not h.ns.fdb("vxlan100", mac))


def case_auto_import(t):
    """an automatic import target matches any AS and RFC 8365's form, no other VNI"""
    good = [s.rt(1, 100), as4_rt(4200000000, 100), s.rt(65000, 0x10000000 | 100),
            s.rt(7, 0x10000000 | 100)]
    bad = [s.rt(65000, 101), s.rt(65000, 0x20000000 | 100), ip_rt("10.0.0.1", 100)]
    sent = []
    for i, r in enumerate(good + bad):
        sent.append(say(t, remote_mac(i), r + s.encapsulation()))
    for i in range(len(good)):
        seen(t.e1, remote_mac(i), t.s4.ip)
    for i in range(len(good), len(good) + len(bad)):
        expect(not t.e1.ns.fdb("vxlan100", remote_mac(i)), "imported: %d" % i)
    t.e1.settled()
    unsay(t, *sent)
    for i in range(len(good)):
        seen(t.e1, remote_mac(i), t.s4.ip, False)


def case_encapsulation(t):
    """VXLAN or no encapsulation is programmed; others only are kept, shown, explained"""
    rt = s.rt(65000, 100)
    rows = [(rt, True), (rt + s.encapsulation(8), True),
            (rt + s.encapsulation(10), False), (rt + s.encapsulation(10) + s.encapsulation(8), True),
            (rt + s.encapsulation(9) + s.encapsulation(11), False)]
    sent = [say(t, remote_mac(i), c) for i, (c, _) in enumerate(rows)]
    for i, (_, ok) in enumerate(rows):
        wait_for("route %d" % i, lambda: t.e1.has("[%s]" % remote_mac(i)))
        if ok:
            seen(t.e1, remote_mac(i), t.s4.ip)
        else:
            expect(not t.e1.ns.fdb("vxlan100", remote_mac(i)), "programmed: %d" % i)
            text = explain(t.e1, remote_mac(i))
            expect("encapsulation" in text, "explain: " + text)
    t.e1.settled()
    unsay(t, *sent)
    wait_for("gone", lambda: not t.e1.has("[02:42:"))


def case_import_changed(t):
    """another import target: routes come and go, the kernel's other entries are not touched"""
    nlri = say(t, remote_mac(1), s.rt(65000, 999) + s.encapsulation())
    wait_for("route", lambda: t.e1.has("[%s]" % remote_mac(1)))
    expect(not t.e1.ns.fdb("vxlan100", remote_mac(1)), "imported too early")
    expect("import" in explain(t.e1, remote_mac(1)), explain(t.e1, remote_mac(1)))
    watch = Watch(t.e1.ns)
    # The VNI's own first: each line takes effect as it comes.
    t.e1.configure(*FAMILY, "vni 100", "route-target import 65000:100",
                   "route-target import 65000:999")
    seen(t.e1, remote_mac(1), t.s4.ip)
    expect(t.e1.remote(t.vm2.mac, t.e2.ip) and t.e1.remote(t.vm3.mac, t.f3.ip), "others lost")
    t.e1.settled()
    t.e1.configure(*FAMILY, "vni 100", "no route-target import 65000:999")
    seen(t.e1, remote_mac(1), t.s4.ip, False)
    t.e1.configure(*FAMILY, "vni 100", "no route-target import 65000:100")
    t.e1.settled()
    expect(t.e1.remote(t.vm2.mac, t.e2.ip) and t.e1.remote(t.vm3.mac, t.f3.ip), "others lost")
    equal(watch.deleted(t.vm2.mac), 0, "deletions of a MAC that stayed")
    t.vm1.reaches(t.vm2)
    unsay(t, nlri)


def mine(t, mac, h=None):
    """(RD, communities) of e1's routes of a MAC, as f3 has them."""
    out = []
    for (rd, prefix), paths in t.f3.routes(2).items():
        if "[48]:[%s]" % mac in prefix and paths[0]["nexthops"][0]["ip"] == (h or t.e1).ip:
            out.append((rd, paths[0].get("extendedCommunity", {}).get("string", "")))
    return sorted(set(out))


def case_export_changed(t):
    """another export target or RD: the routes are sent again, the old ones withdrawn"""
    wait_for("f3: automatic", lambda: mine(t, t.vm1.mac), until=lambda r: len(r) == 1 and
             r[0][0] == "10.99.0.1:100" and "RT:65000:100" in r[0][1])
    t.e1.configure(*FAMILY, "vni 100", "route-target export 65000:777",
                   "route-target export 65000:100")
    wait_for("f3: both targets", lambda: mine(t, t.vm1.mac), until=lambda r: len(r) == 1 and
             "RT:65000:777" in r[0][1] and "RT:65000:100" in r[0][1])
    t.e1.configure(*FAMILY, "vni 100", "rd 10.99.0.1:7777")
    wait_for("f3: new RD only", lambda: mine(t, t.vm1.mac), until=lambda r: len(r) == 1 and
             r[0][0] == "10.99.0.1:7777")
    wait_for("f3: type 3", lambda: [k for k in t.f3.routes(3) if t.e1.ip in k[1]],
             until=lambda k: [x[0] for x in k] == ["10.99.0.1:7777"])
    t.e1.configure(*FAMILY, "vni 100", "no rd", "no route-target export 65000:777",
                   "no route-target export 65000:100")
    wait_for("f3: automatic again", lambda: mine(t, t.vm1.mac), until=lambda r: len(r) == 1 and
             r[0][0] == "10.99.0.1:100" and "777" not in r[0][1] and "RT:65000:100" in r[0][1])
    t.vm3.reaches(t.vm1)
    t.e1.settled()


def case_own_next_hop(t):
    """routes with our own VTEP address are kept and shown, not programmed"""
    a = say(t, remote_mac(1), hop=t.e1.ip)
    b = s.type3(s.rd(t.s4.ip, 100), t.e1.ip)
    pmsi = s.attribute(22, b"\0\6" + (100).to_bytes(3, "big") + bytes(int(x) for x in t.e1.ip.split(".")))
    t.raw.send(s.update(s.reach(t.e1.ip, b), s.common(), pmsi))
    wait_for("route", lambda: t.e1.has("[%s]" % remote_mac(1)) and
             [k for k in t.e1.routes(3) if k[0] == "10.99.0.4:100"])
    expect(not t.e1.ns.fdb("vxlan100", remote_mac(1)), "programmed")
    expect("this host" in explain(t.e1, remote_mac(1)), explain(t.e1, remote_mac(1)))
    expect(t.e1.ip not in t.e1.floods(), "flood list has ourselves")
    t.e1.settled()
    unsay(t, a, b)


def case_flood(t):
    """a type 3 route of another tunnel kind is not flooded to"""
    nlri = s.type3(s.rd(t.s4.ip, 100), t.s4.ip)
    base = t.e1.floods()

    def pmsi(kind):
        return s.attribute(22, bytes([0, kind]) + (100).to_bytes(3, "big") + bytes([10, 99, 0, 4]))
    t.raw.send(s.update(s.reach(t.s4.ip, nlri), s.common(), pmsi(6)))
    t.e1.flooding(*base, t.s4.ip)
    t.raw.send(s.update(s.reach(t.s4.ip, nlri), s.common(), pmsi(3)))
    t.e1.flooding(*base)
    t.raw.send(s.update(s.reach(t.s4.ip, nlri), s.common(), pmsi(6)))
    t.e1.flooding(*base, t.s4.ip)
    unsay(t, nlri)
    t.e1.flooding(*base)
    t.e1.settled()


def case_sequence(t):
    """the highest sequence wins; equal ones go to the lower VTEP; a local move is one higher"""
    mac = remote_mac(9)
    a = say(t, mac, BASE + mobility(5))
    seen(t.e1, mac, t.s4.ip)
    b = say(t, mac, BASE + mobility(4), hop="10.99.0.77", rd=s.rd("10.99.0.77", 100))
    wait_for("two routes", lambda: len(t.e1.has("[%s]" % mac)) == 2)
    seen(t.e1, mac, t.s4.ip)
    say(t, mac, BASE + mobility(5), hop="10.99.0.77", rd=s.rd("10.99.0.77", 100))
    wait_for("explain tells why", lambda: "lower VTEP" in explain(t.e1, mac))
    seen(t.e1, mac, t.s4.ip)
    say(t, mac, BASE + mobility(6), hop="10.99.0.77", rd=s.rd("10.99.0.77", 100))
    seen(t.e1, mac, "10.99.0.77")
    t.vm1.shout(mac)
    wait_for("f3: MM 7", lambda: mine(t, mac), until=lambda r: len(r) == 1 and "MM:7" in r[0][1])
    equal(t.e1.mac(mac)["type"], "local", "type")
    # s4 says it has it, with the same sequence: the lower address stays
    say(t, mac, BASE + mobility(7))
    wait_for("told", lambda: "7" in explain(t.e1, mac))
    equal(t.e1.mac(mac)["type"], "local", "type after a tie")
    # the wrap-around end: 2^32-1 cannot be beaten, and nothing breaks
    say(t, mac, BASE + mobility(0xffffffff))
    seen(t.e1, mac, t.s4.ip)
    t.vm1.shout(mac)
    t.vm1.reaches(t.vm2)
    unsay(t, a, b)
    t.e1.ns.status("bridge fdb del %s dev p11 master" % mac)
    wait_for("gone", lambda: t.e1.mac(mac) is None)
    t.e1.settled()


def case_gateway(t):
    """a route with Default Gateway is programmed, and shown as such"""
    mac = remote_mac(10)
    n = [say(t, mac, BASE + GATEWAY), say(t, mac, BASE + GATEWAY, ip="10.1.0.250")]
    seen(t.e1, mac, t.s4.ip)
    wait_for("neighbour", lambda: t.e1.ns.neigh("br100", "10.1.0.250"))
    detail = t.e1.text("show bgp l2vpn evpn route detail")
    expect("Default Gateway" in detail or "default-gw" in detail.lower(), "not told")
    t.e1.settled()
    unsay(t, *n)
    seen(t.e1, mac, t.s4.ip, False)


def case_svi(t):
    """advertise-svi-ip and advertise-default-gw: FRR sees gateway and its flag"""
    t.e1.ns.run("ip addr add 10.1.0.201/24 dev br100")
    svi = t.e1.ns.link("br100")["address"]
    t.e1.configure(*FAMILY, "advertise-svi-ip")
    wait_for("f3: svi", lambda: t.f3.has("[%s]" % svi, "10.1.0.201"))
    t.e1.configure(*FAMILY, "no advertise-svi-ip", "advertise-default-gw")
    wait_for("f3: gateway", lambda: [c for _, c in mine(t, svi)],
             until=lambda c: c and "Default Gateway" in c[0])
    wait_for("f3: neighbour", lambda: t.f3.ns.neigh("br100", "10.1.0.201"))
    t.e1.configure(*FAMILY, "no advertise-default-gw")
    wait_for("withdrawn", lambda: not t.f3.has("[%s]" % svi))
    t.e1.ns.run("ip addr del 10.1.0.201/24 dev br100")
    t.e1.settled()


def case_static(t):
    """static and sticky MACs of a port, both ways"""
    a, b = remote_mac(11), remote_mac(12)
    t.e1.ns.run("bridge fdb add %s dev p11 master static" % a)
    t.e1.ns.run("bridge fdb add %s dev p11 master sticky static" % b)
    for mac, word in ((a, None), (b, "sticky")):
        text = wait_for("f3: " + mac, lambda: mine(t, mac))[0][1]
        expect(("sticky" in text) == bool(word), "%s: %s" % (mac, text))
        seen(t.e2, mac, t.e1.ip)
    t.vm2.shout(a)
    t.vm2.shout(b)
    t.vm2.reaches(t.vm1)
    equal(t.e1.mac(b)["type"], "local", "sticky")
    equal(t.e1.mac(a)["type"], "local", "static")
    for h in (t.e1, t.e2):
        h.settled()
    t.e1.ns.run("bridge fdb del %s dev p11 master" % a)
    t.e1.ns.run("bridge fdb del %s dev p11 master" % b)
    wait_for("sticky gone", lambda: not [1 for _ in mine(t, b)])
    t.e2.ns.status("bridge fdb del %s dev p12 master" % a)
    wait_for("both gone", lambda: not t.f3.has("[%s]" % a) and not t.f3.has("[%s]" % b))


def case_raw_sticky(t):
    """a sticky route is programmed sticky"""
    mac = remote_mac(13)
    n = say(t, mac, BASE + mobility(0, True))
    seen(t.e1, mac, t.s4.ip)
    t.vm1.shout(mac)
    t.vm1.reaches(t.vm2)
    seen(t.e1, mac, t.s4.ip)
    expect(not mine(t, mac), "advertised")
    unsay(t, n)
    t.e1.settled()


def case_session_lost(t):
    """a VTEP whose session ends takes everything of its own along, nothing else"""
    nlri = s.type3(s.rd(t.s4.ip, 100), t.s4.ip)
    pmsi = s.attribute(22, b"\0\6" + (100).to_bytes(3, "big") + bytes([10, 99, 0, 4]))
    t.raw.send(s.update(s.reach(t.s4.ip, nlri), s.common(), pmsi))
    for i in range(20):
        say(t, remote_mac(i), ip="10.1.0.%d" % (100 + i))
    seen(t.e1, remote_mac(19), t.s4.ip)
    t.e1.flooding(t.e2.ip, t.f3.ip, t.s4.ip)
    t.raw.close()
    seen(t.e1, remote_mac(19), t.s4.ip, False)
    t.e1.flooding(t.e2.ip, t.f3.ip)
    wait_for("nothing of s4", lambda: t.s4.ip not in str(t.e1.ns.fdb("vxlan100")) and
             not t.e1.ns.neigh("br100", "10.1.0.119"))
    wait_for("not in shows", lambda: t.s4.ip not in t.e1.text("show evpn vni 100"))
    t.e1.settled()
    t.vm1.reaches(t.vm2)


def case_link_lost(t):
    """a VTEP behind a dead link is gone when its hold time is over; and back"""
    t.f3.ns.run("ip link set eth0 down")
    t.e1.flooding(t.e2.ip, limit=25)
    wait_for("vm3 gone", lambda: not t.e1.ns.fdb("vxlan100", t.vm3.mac))
    t.e1.settled()
    t.f3.ns.run("ip link set eth0 up")
    t.e1.flooding(t.e2.ip, t.f3.ip, limit=40)
    t.vm1.reaches(t.vm3)
    t.e1.settled()


def case_source_address(t):
    """another VTEP address while running: device, own routes, and what comes back"""
    t.e1.ns.run("ip addr add 10.99.0.101/24 dev eth0")
    t.e1.configure("vxlan", "source-address 10.99.0.101")
    wait_for("device", lambda: t.e1.ns.link("vxlan100")["linkinfo"]["info_data"]["local"],
             until=lambda a: a == "10.99.0.101")
    t.f3.flooding("10.99.0.101", t.e2.ip)
    t.e2.flooding("10.99.0.101", t.f3.ip)
    t.vm1.reaches(t.vm2)
    t.vm1.reaches(t.vm3)
    t.e1.settled()
    t.e1.configure("vxlan", "source-address 10.99.0.1")
    t.f3.flooding("10.99.0.1", t.e2.ip)
    t.vm1.reaches(t.vm3)
    for h in (t.e1, t.e2):
        h.settled()


def case_freeze(t):
    """a frozen duplicate stays where it is until it is cleared"""
    mac = remote_mac(20)
    t.e1.configure(*FAMILY, "dup-addr-detection max-moves 5 time 180",
                   "dup-addr-detection freeze 30")
    raw = t.raw = s.Raw(t.s4, t.e1.ip)
    seq, n = 0, None
    for i in range(5):
        t.vm1.shout(mac)
        wait_for("local", lambda: t.e1.mac(mac)["type"] == "local" or t.e1.mac(mac).get("isDuplicate"))
        if t.e1.mac(mac).get("isDuplicate"):
            break
        seq += 2
        n = say(t, mac, BASE + mobility(seq))
        wait_for("remote", lambda: t.e1.mac(mac)["type"] == "remote" or t.e1.mac(mac).get("isDuplicate"))
        if t.e1.mac(mac).get("isDuplicate"):
            break
    wait_for("duplicate", lambda: t.e1.mac(mac).get("isDuplicate"))
    frozen = t.e1.mac(mac)["type"]
    say(t, mac, BASE + mobility(100))
    t.vm1.shout(mac)
    t.vm1.reaches(t.vm2)
    equal(t.e1.mac(mac)["type"], frozen, "type while frozen")
    t.e1.settled()
    expect("frozen" in explain(t.e1, mac), "explain does not tell")
    t.e1.text("clear evpn dup-addr vni 100 mac " + mac)
    seen(t.e1, mac, t.s4.ip)
    expect(not t.e1.mac(mac).get("isDuplicate"), "still duplicate")
    unsay(t, n)
    t.e1.ns.status("bridge fdb del %s dev p11 master" % mac)
    wait_for("gone", lambda: t.e1.mac(mac) is None)
    t.e1.settled()
    raw.close()


lab.run()

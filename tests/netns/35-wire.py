#!/usr/bin/env python3
"""
Bytes right and wrong: two speakers of our own, a and b, are reflector clients of evpnd, which is a
VTEP as well. RFC 4271, 4456, 4760, 7606, 8654.
"""

import struct
from types import SimpleNamespace

import lab
import speaker as bgp
from speaker import Raw, common, reach, type2, type3, update, unreach
from topo import *


def setup(l):
    if standin():
        raise lab.Skip("about evpnd only")
    net = Underlay(l)
    e1 = EvpndVtep(l, "e1", 1, net)
    nodes = [Node(l, name, n, net) for name, n in (("a", 2), ("b", 3), ("c", 4), ("d", 5))]
    e1.devices()
    e1.start(source(e1.ip) + router(e1, [
        neighbor(nodes[0].ip, client=True, extra=["passive"]),
        neighbor(nodes[1].ip, client=True, extra=["passive"]),
        neighbor(nodes[2].ip, extra=["passive"]),
        neighbor(nodes[3].ip, extra=["passive"], af=["maximum-prefix 3"])]))
    wait_for("type 3 of e1", lambda: e1.has("[3]:", kind=3))
    t = SimpleNamespace(lab=l, e1=e1, a_node=nodes[0], b_node=nodes[1], c=nodes[2], d=nodes[3])
    t.a, t.b = Raw(nodes[0], e1.ip, extended=True), Raw(nodes[1], e1.ip)
    t.rd = bgp.rd(nodes[0].ip, 7)
    return t


def alive(t):
    """Both sessions are up, and e1 still takes routes."""
    probe = type2(t.rd, "02:11:00:00:00:ff")
    t.a.send(update(common(), reach(t.a_node.ip, probe)))
    t.b.route(probe)
    t.a.send(update(unreach(probe)))
    t.b.route(probe, withdrawn=True)
    for n in (t.a_node, t.b_node):
        equal(t.e1.peers()[n.ip]["state"], "Established", "state of " + n.name)


def attrs_of(body):
    return {code: (flags, value) for flags, code, value in bgp.attributes(body)}


def case_initial(t):
    """after the session comes up: our own routes, then End-of-RIB"""
    t.b.until(bgp.UPDATE, lambda b: any(n[0] == 3 for n in bgp.nlri_of(b)))
    t.b.until(bgp.UPDATE, lambda b: not bgp.nlri_of(b) and
              (15, b"\x00\x19\x46") in [(c, v) for _, c, v in bgp.attributes(b)])


def case_capabilities(t):
    """what was agreed is shown"""
    caps = t.e1.neighbor(t.a_node.ip)["neighborCapabilities"]
    equal(caps["4byteAs"], "advertisedAndReceived", "4byteAs")
    expect("advertisedAndReceived" in str(caps["extendedMessage"]), str(caps))
    expect("l2VpnEvpn" in caps["multiprotocolExtensions"], str(caps))


def case_programmed(t):
    """a type 2 route is in the kernel, a type 3 route in the flood list"""
    t.a.send(update(common(), reach(t.a_node.ip, type2(t.rd, "02:11:00:00:00:01"))))
    pmsi = bgp.attribute(22, b"\0\6" + (100).to_bytes(3, "big") + b"\x0a\x63\x00\x02", 0xc0)
    t.a.send(update(common(), pmsi, reach(t.a_node.ip, type3(t.rd, t.a_node.ip))))
    wait_for("kernel", lambda: t.e1.remote("02:11:00:00:00:01", t.a_node.ip))
    t.e1.flooding(t.a_node.ip)


def case_reflected(t):
    """it is reflected with ORIGINATOR_ID and CLUSTER_LIST, the rest unchanged"""
    nlri = type2(t.rd, "02:11:00:00:00:02")
    t.a.send(update(common(), reach(t.a_node.ip, nlri)))
    seen = attrs_of(t.b.route(nlri))
    equal(seen[9][1].hex(), hexip(t.a_node.ip), "ORIGINATOR_ID")
    equal(seen[10][1].hex(), hexip(t.e1.ip), "CLUSTER_LIST")
    equal(seen[16][1], bgp.rt(65000, 100) + bgp.encapsulation(), "extended communities")
    equal(seen[14][1][4:8].hex(), hexip(t.a_node.ip), "next hop")
    equal(seen[5][1], struct.pack("!I", 100), "LOCAL_PREF")


def case_withdrawn(t):
    """a withdrawal is passed on, and the kernel entry goes"""
    nlri = type2(t.rd, "02:11:00:00:00:01")
    t.a.send(update(unreach(nlri)))
    t.b.route(nlri, withdrawn=True)
    wait_for("kernel", lambda: not t.e1.ns.fdb("vxlan100", "02:11:00:00:00:01"))


def case_unknown_type(t):
    """an EVPN route of an unknown type is reflected unchanged"""
    odd = bytes([11, 13]) + t.rd + b"\1\2\3\4\5"
    t.a.send(update(common(), reach(t.a_node.ip, odd)))
    t.b.route(odd)
    t.a.send(update(unreach(odd)))
    t.b.route(odd, withdrawn=True)
    alive(t)


def case_unknown_attribute(t):
    """an unknown transitive attribute is passed on, marked partial; a non-transitive one is not"""
    nlri = type2(t.rd, "02:11:00:00:00:03")
    t.a.send(update(common(), bgp.attribute(99, b"hello", 0xc0), bgp.attribute(98, b"x", 0x80),
                    reach(t.a_node.ip, nlri)))
    seen = attrs_of(t.b.route(nlri))
    equal(seen[99], (0xe0, b"hello"), "attribute 99")
    expect(98 not in seen, "attribute 98 was passed on")


def case_communities(t):
    """standard and large communities are passed on"""
    nlri = type2(t.rd, "02:11:00:00:00:04")
    large = struct.pack("!III", 65000, 1, 2)
    t.a.send(update(common(), bgp.attribute(8, b"\xfd\xe8\0\7", 0xc0),
                    bgp.attribute(32, large, 0xc0), reach(t.a_node.ip, nlri)))
    seen = attrs_of(t.b.route(nlri))
    equal((seen[8][1], seen[32][1]), (b"\xfd\xe8\0\7", large), "communities")


def case_bad_nlri(t):
    """a bad route among good ones: the good ones count, the session stays (RFC 7606)"""
    good, good2 = type2(t.rd, "02:11:00:00:00:05"), type2(t.rd, "02:11:00:00:00:06")
    bad = type2(t.rd, "02:11:00:00:00:07", mac_bits=40)
    t.a.send(update(common(), reach(t.a_node.ip, good, bad, good2)))
    wait_for("kernel", lambda: t.e1.remote("02:11:00:00:00:05", t.a_node.ip) and
             t.e1.remote("02:11:00:00:00:06", t.a_node.ip))
    expect(not t.e1.ns.fdb("vxlan100", "02:11:00:00:00:07"), "the bad one was programmed")
    alive(t)


def case_bad_origin(t):
    """a malformed ORIGIN is a withdrawal (RFC 7606)"""
    nlri = type2(t.rd, "02:11:00:00:00:05")
    t.a.send(update(common(origin=b"\0\0"), reach(t.a_node.ip, nlri)))
    t.b.route(nlri, withdrawn=True)
    wait_for("kernel", lambda: not t.e1.ns.fdb("vxlan100", "02:11:00:00:00:05"))
    alive(t)


def case_bad_communities(t):
    """extended communities of a wrong length are a withdrawal (RFC 7606)"""
    nlri = type2(t.rd, "02:11:00:00:00:06")
    t.a.send(update(common(communities=b"\0\2\xfd\xe8\0\0\0"), reach(t.a_node.ip, nlri)))
    t.b.route(nlri, withdrawn=True)
    alive(t)


def case_missing_attribute(t):
    """a missing mandatory attribute is a withdrawal (RFC 7606)"""
    nlri = type2(t.rd, "02:11:00:00:00:08")
    t.a.send(update(common(), reach(t.a_node.ip, nlri)))
    t.b.route(nlri)
    t.a.send(update(bgp.attribute(1, b"\0"), bgp.attribute(16, bgp.rt(65000, 100)),
                    reach(t.a_node.ip, nlri)))
    t.b.route(nlri, withdrawn=True)
    alive(t)


def case_other_encapsulation(t):
    """a route with only another encapsulation is kept and shown, not programmed"""
    mac = "02:11:00:00:00:09"
    nlri = type2(t.rd, mac)
    t.a.send(update(common(communities=bgp.rt(65000, 100) + bgp.encapsulation(10)),
                    reach(t.a_node.ip, nlri)))
    t.b.route(nlri)
    expect(t.e1.has("[%s]" % mac), "not shown")
    alive(t)
    expect(not t.e1.ns.fdb("vxlan100", mac), "programmed")


def case_rfc8365_target(t):
    """automatic import takes 0x10000000|VNI of any AS (RFC 8365)"""
    mac = "02:11:00:00:00:0a"
    t.a.send(update(common(communities=bgp.rt(64999, 0x10000064) + bgp.encapsulation()),
                    reach(t.a_node.ip, type2(t.rd, mac))))
    wait_for("kernel", lambda: t.e1.remote(mac, t.a_node.ip))


def case_other_target(t):
    """a route of another VNI's target is not imported"""
    mac = "02:11:00:00:00:0b"
    nlri = type2(t.rd, mac)
    t.a.send(update(common(communities=bgp.rt(65000, 101) + bgp.encapsulation()),
                    reach(t.a_node.ip, nlri)))
    t.b.route(nlri)
    alive(t)
    expect(not t.e1.ns.fdb("vxlan100", mac), "programmed")


def case_own_originator(t):
    """routes with our ORIGINATOR_ID, cluster or VTEP address are not taken"""
    macs = ["02:11:00:00:00:%02x" % n for n in (0x10, 0x11, 0x12)]
    own = bytes.fromhex(hexip(t.e1.ip))
    t.a.send(update(common(), bgp.attribute(9, own), reach(t.a_node.ip, type2(t.rd, macs[0]))),
             update(common(), bgp.attribute(10, own), reach(t.a_node.ip, type2(t.rd, macs[1]))),
             update(common(), reach(t.e1.ip, type2(t.rd, macs[2]))))
    alive(t)
    for m in macs:
        expect(not t.e1.ns.fdb("vxlan100", m), "%s was programmed" % m)


def case_loops(t):
    """a route that comes back in a loop replaces the one before like a withdrawal"""
    own = bytes.fromhex(hexip(t.e1.ip))
    loops = [bgp.attribute(9, own), bgp.attribute(10, own)]
    for i, loop in enumerate(loops + [None]):
        nlri = type2(t.rd, "02:11:00:00:01:%02x" % i)
        good, path = update(common(), reach(t.a_node.ip, nlri)), struct.pack("!BBI", 2, 1, 65000)
        bad = update(common(), loop, reach(t.a_node.ip, nlri)) if loop else \
            update(common(as_path=path), reach(t.a_node.ip, nlri))
        before = t.e1.neighbor(t.a_node.ip)["addressFamilyInfo"]["l2VpnEvpn"]["acceptedPrefixCounter"]
        t.a.send(good)
        t.b.route(nlri)
        t.a.send(bad)
        t.b.route(nlri, withdrawn=True)
        doc = t.e1.neighbor(t.a_node.ip)
        equal(doc["addressFamilyInfo"]["l2VpnEvpn"]["acceptedPrefixCounter"], before, "accepted")
        equal(t.e1.peers()[t.a_node.ip]["pfxRcd"], before, "pfxRcd")
    expect(doc["prefixesDenied"] >= 3, "prefixesDenied is %d" % doc["prefixesDenied"])
    family = ["router bgp 65000", "address-family l2vpn evpn"]
    t.e1.configure(*family, "neighbor %s allowas-in 1" % t.a_node.ip)
    equal(t.a.until(bgp.REFRESH), bgp.EVPN, "ROUTE-REFRESH")
    t.a.send(bad)
    t.b.route(nlri)
    t.e1.configure(*family, "no neighbor %s allowas-in" % t.a_node.ip)
    equal(t.a.until(bgp.REFRESH), bgp.EVPN, "ROUTE-REFRESH")
    t.a.send(bad)
    t.b.route(nlri, withdrawn=True)
    alive(t)


def case_refresh(t):
    """ROUTE-REFRESH brings everything again"""
    nlri = type2(t.rd, "02:11:00:00:00:02")
    t.b.got.clear()
    t.b.send(bgp.message(bgp.REFRESH, bgp.EVPN))
    t.b.route(nlri)


def case_packed(t):
    """many routes of equal attributes go out packed, none longer than 4096 octets"""
    nlri = [type2(t.rd, "02:12:00:00:%02x:%02x" % divmod(n, 256)) for n in range(600)]
    t.b.got.clear()
    for i in range(0, 600, 100):
        t.a.send(update(common(), reach(t.a_node.ip, *nlri[i:i + 100])))
    t.b.route(nlri[-1])
    seen = [(size, len(bgp.nlri_of(body))) for kind, body, size in t.b.got if kind == bgp.UPDATE]
    expect(all(size <= 4096 for size, _ in seen), "sizes: %s" % seen)
    expect(len(seen) < 100, "%d messages for 600 routes" % len(seen))
    t.a.send(*[update(unreach(*nlri[i:i + 100])) for i in range(0, 600, 100)])
    t.b.route(nlri[-1], withdrawn=True)


def case_extended(t):
    """a message of 30,000 octets is taken from a peer that agreed on it (RFC 8654)"""
    nlri = [type2(t.rd, "02:13:00:00:%02x:%02x" % divmod(n, 256)) for n in range(800)]
    data = update(common(), reach(t.a_node.ip, *nlri))
    expect(len(data) > 4096, "too short")
    t.b.got.clear()
    t.a.send(data)
    wait_for("all 800 at b", lambda: set(nlri) <= t.b.routes())
    expect(all(size <= 4096 for _, _, size in t.b.got), "b did not agree on long messages")
    t.a.send(update(unreach(*nlri)))
    wait_for("kernel", lambda: not [r for r in t.e1.ns.fdb("vxlan100")
                                    if r["mac"].startswith("02:13")])
    alive(t)


def refused(t, data, wanted, what):
    raw = Raw(t.c, t.e1.ip, start=False)
    raw.send(data)
    equal(raw.notified(), wanted, what)
    raw.close()


def case_bad_header(t):
    """bad marker, length, type: the RFC's NOTIFICATION"""
    good = bgp.message(bgp.OPEN, bgp.open_body(65000, t.c.ip))
    refused(t, b"\0" * 16 + good[16:], (1, 1), "bad marker")
    refused(t, good[:16] + struct.pack("!HB", 18, 1), (1, 2), "bad length")
    refused(t, bgp.MARKER + struct.pack("!HB", 19, 77), (1, 3), "bad type")


def case_bad_open(t):
    """bad version, AS, hold time, identifier: the RFC's NOTIFICATION"""
    def body(**more):
        return bgp.message(bgp.OPEN, bgp.open_body(more.pop("asn", 65000),
                                                   more.pop("rid", t.c.ip), **more))
    refused(t, body(version=3), (2, 1), "version 3")
    refused(t, body(asn=65009), (2, 2), "wrong AS")
    refused(t, body(rid="0.0.0.0"), (2, 3), "identifier 0")
    refused(t, body(hold=1), (2, 6), "hold time 1")


def case_no_evpn(t):
    """a peer without EVPN gets a session that is shown as such"""
    raw = Raw(t.c, t.e1.ip, evpn=False)
    doc = wait_for("Established", lambda: t.e1.neighbor(t.c.ip),
                   until=lambda d: d["bgpState"] == "Established")
    expect("advertisedAndReceived" not in str(
        doc["neighborCapabilities"].get("multiprotocolExtensions", {}).get("l2VpnEvpn")),
        str(doc["neighborCapabilities"]))
    raw.close()


def case_two_octets(t):
    """a peer without 4-octet AS numbers"""
    raw = Raw(t.c, t.e1.ip, as4=False)
    wait_for("Established", lambda: t.e1.peers()[t.c.ip]["state"],
             until=lambda s: s == "Established")
    raw.close()
    wait_for("gone", lambda: t.e1.peers()[t.c.ip]["state"], until=lambda s: s != "Established")


def case_maximum_prefix(t):
    """one route too many: Cease, maximum number of prefixes"""
    raw = Raw(t.d, t.e1.ip)
    raw.send(update(common(), reach(t.d.ip, *[type2(bgp.rd(t.d.ip, 9), "02:14:00:00:00:%02x" % n)
                                              for n in range(4)])))
    equal(raw.notified(), (6, 1), "NOTIFICATION")
    raw.close()
    wait_for("Idle (PfxCt)", lambda: t.e1.peers()[t.d.ip]["state"],
             until=lambda s: s == "Idle (PfxCt)")
    wait_for("routes gone", lambda: not t.e1.has("[02:14:"))


def case_truncated(t):
    """an UPDATE whose lengths do not fit: NOTIFICATION 3/1"""
    raw = Raw(t.c, t.e1.ip)
    raw.send(bgp.message(bgp.UPDATE, struct.pack("!HH", 0, 200) + b"\x40\1\1\0"))
    equal(raw.notified(), (3, 1), "NOTIFICATION")
    raw.close()


def case_end(t):
    """after all this: sessions up, kernel in order; a session that ends takes its routes"""
    alive(t)
    t.e1.settled()
    t.a.close()
    wait_for("kernel", lambda: not [r for r in t.e1.ns.fdb("vxlan100")
                                    if r["mac"].startswith("02:1")])
    wait_for("flood list", lambda: t.e1.floods() == [])
    t.e1.settled()


lab.run()

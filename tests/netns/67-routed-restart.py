#!/usr/bin/env python3
"""evpnd is restarted under routed traffic; two router MACs behind one VTEP are told."""

import re
import signal
import struct
from types import SimpleNamespace

import lab
import speaker as bgp
import wire
from routed import *
from speaker import Raw, common, reach, type5, update, unreach
from tables import Monitor
from topo import *
from wire import Capture, Pinger

EVPN = ("advertise ipv4 unicast", "advertise ipv6 unicast")
D = Tenant("default", 5000, evpn=EVPN, v4=("redistribute kernel",), v6=("redistribute kernel",))
S100 = Subnet(100, D, ("10.1.0.0/24", "fd01::/64"))
S110 = Subnet(110, D, ("10.2.0.0/24", "fd02::/64"))
V4, V6 = "198.51.100.0/24", "2001:db8:100::/48"


def setup(l):
    if standin():
        raise lab.Skip("about evpnd only")
    net = Underlay(l)
    x = Node(l, "x", 4, net)
    rr = reflector(l, net, ["10.99.0.%d" % n for n in (1, 2, 3)], make=Evpnd)
    e1 = start_leaf(EvpndVtep(l, "e1", 1, net), [rr.ip], [D], [S100])
    far = D.but(v4=D.v4 + ("network " + V4,), v6=D.v6 + ("network " + V6,))
    e2 = start_leaf(EvpndVtep(l, "e2", 2, net), [rr.ip], [far], [S110])
    e3 = start_leaf(EvpndVtep(l, "e3", 3, net), [rr.ip], [far], [S110])
    t = SimpleNamespace(lab=l, rr=rr, e1=e1, e2=e2, e3=e3, x=x, leaves=[e1, e2, e3])
    t.a1, t.b2, t.b3 = Host(l, 11, e1, S100), Host(l, 12, e2, S110), Host(l, 13, e3, S110)
    t.hosts = [t.a1, t.b2, t.b3]
    rr.established(*[h.ip for h in t.leaves])
    for leaf in (e2, e3):
        stub(leaf, D, "ext", "198.51.100.1/24", "2001:db8:100::1/48")
        leaf.ns.batch("ip", ["route add 198.51.101.0/24 dev ext"])
    stub(e1, D, "ext", "192.0.2.1/32")
    for host in t.hosts:
        host.greet()
    mesh(t.hosts)
    for p in (V4, V6, "198.51.101.0/24"):
        routed(e1, D, p, e2, e3)
    return t


def picture(h):
    """What forwarding stands on: routes with their nexthop ids, nexthops, entries of ours."""
    k = kernel(h)
    return SimpleNamespace(
        routes=sorted(map(str, routes(h, D))), nexthops=sorted(map(str, k.nexthops().values())),
        neighbours=sorted(str(r) for r in k.neighbours("br5000")),
        fdb=sorted(str(r) for r in k.fdb("vxlan5000") + k.fdb("vxlan100")))


def same(before, after, when):
    for what, rows in vars(before).items():
        equal(getattr(after, what), rows, "%s %s" % (what, when))


def unbroken(capture, what):
    """How many echo requests a host got; every one from the first to the last."""
    seqs = {struct.unpack_from("!H", f, 40 if wire.ethertype(f) == 0x0800 else 60)[0]
            for f in capture.frames() if wire.is_echo(f)}
    capture.close()
    missing = set(range(min(seqs), max(seqs) + 1)) - seqs
    expect(not missing, "%s did not get requests %s" % (what, sorted(missing)[:20]))
    return len(seqs)


def survived(t, restart):
    """
    A restart of e1 under traffic: nothing that it routes is lost, no row touched. What comes back
    is up to the other leaves, which forget e1's hosts while its session is down (RFC 4724's helper
    would keep them).
    """
    t.e1.settled()
    before = picture(t.e1)
    captures = [Capture(h.ns, "eth0") for h in (t.b2, t.b3)]
    pings = [Pinger(t.a1, ip, interval=0.01) for ip in (t.b2.ip, t.b3.ip6)]
    for p in pings:
        p.more(20)
    monitor = Monitor(t.e1.ns)
    restart(lambda: same(before, picture(t.e1), "while evpnd is away"))
    t.e1.established(t.rr.ip)
    for p in (V4, V6):
        routed(t.e1, D, p, t.e2, t.e3)
    routed(t.e2, D, host_route(t.a1.ip), t.e1)
    t.e1.settled(30)
    for p in pings:
        p.more(50)
    back = ", ".join("%.0f ms" % p.end()[0] for p in pings)
    same(before, picture(t.e1), "after the restart")
    equal(monitor.end(), {}, "changes of routes, nexthops and entries meanwhile")
    count = [unbroken(c, h.name) for c, h in zip(captures, (t.b2, t.b3))]
    return "%d and %d packets without a gap; replies missed for %s" % (*count, back)


def case_planned(t):
    """SIGTERM and start: no packet is lost, no kernel row is touched, nexthop ids stay"""
    return survived(t, lambda look: t.e1.restart(signal.SIGTERM, look))


def case_killed(t):
    """SIGKILL and start: the same"""
    return survived(t, lambda look: t.e1.restart(signal.SIGKILL, look))


def case_swept(t):
    """a prefix that went meanwhile is swept, with its next hops; ids of the others stay"""
    used = routes(t.e1, D, V6)[0]["nhid"]
    t.e1.stop()
    t.e3.ns.batch("ip", ["addr del 198.51.100.1/24 dev ext"])
    t.e2.ns.batch("ip", ["addr del 198.51.100.1/24 dev ext"])
    wait_for("reflector: withdrawn", lambda: not t.rr.has("[198.51.100.0]", kind=5))
    expect(via(t.e1, D, V4), "the route went with evpnd")
    t.e1.up()
    routed(t.e1, D, V4, limit=30)
    routed(t.e1, D, V6, t.e2, t.e3)
    equal(routes(t.e1, D, V6)[0]["nhid"], used, "nexthop id of " + V6)
    for leaf in (t.e2, t.e3):
        leaf.ns.batch("ip", ["addr add 198.51.100.1/24 dev ext"])
    routed(t.e1, D, V4, t.e2, t.e3)
    t.e1.settled()


def case_failed_leaf(t):
    """a leaf that dies for good is out of every route when its session ends"""
    ping = Pinger(t.a1, "198.51.100.1", interval=0.01)
    ping.more(20)
    t.e3.text("evpn drain")
    for p in (V4, V6):
        routed(t.e1, D, p, t.e2)
    ping.more(20)
    gap, _ = ping.end()
    t.e3.stop()
    t.e3.up()
    for p in (V4, V6):
        routed(t.e1, D, p, t.e2, t.e3)
    return "gap %.0f ms" % gap


ONE, TWO = "02:ff:00:00:00:41", "02:ff:00:00:00:42"


def case_two_macs(t):
    """two router MACs behind one VTEP: the one with more routes is used, the other one told"""
    top, family = neighbor(t.x.ip, extra=["passive"])
    t.e1.configure("router bgp 65000", *top, "address-family l2vpn evpn", *family)
    raw, rd = Raw(t.x, t.e1.ip), bgp.rd(t.x.ip, 9)

    def say(prefix, mac):
        nlri = type5(rd, prefix, 5000)
        raw.send(update(common(bgp.rt(65000, 5000) + bgp.encapsulation() + bgp.router_mac(mac)),
                        reach(t.x.ip, nlri)))
        return nlri
    said = [say("203.0.113.%d/32" % n, ONE) for n in (1, 2)] + [say("203.0.113.9/32", TWO)]
    for n in (1, 2):
        routed(t.e1, D, "203.0.113.%d/32" % n, t.x)
    equal(rmac(t.e1, D, t.x.ip), ONE, "router MAC in use")
    wait_for("told in the history", lambda: "second router MAC" in
             str(t.e1.show("evpn history vni 5000")))
    text = t.e1.text("show evpn vni 5000")
    expect(re.search(r"two router MACs: 1", text), text)
    macs = t.e1.show("evpn rmac vni 5000")
    expect(ONE in str(macs), "router MACs: %s" % macs)
    said += [say("203.0.113.%d/32" % n, TWO) for n in (10, 11)]
    wait_for("the other MAC has more routes", lambda: rmac(t.e1, D, t.x.ip),
             until=lambda mac: mac == TWO)
    for nlri in said:
        raw.send(update(unreach(nlri)))
    for n in (1, 2, 9, 10, 11):
        routed(t.e1, D, "203.0.113.%d/32" % n)
    wait_for("nothing of x is left", lambda: not rmac(t.e1, D, t.x.ip))
    raw.close()


def case_settled(t):
    """show evpn kernel differing is empty"""
    for h in t.leaves:
        h.settled()


lab.run()

#!/usr/bin/env python3
"""Two evpnd VTEPs over IPv6: session, tunnels, type 3 and PMSI; a third evpnd reflects to a fourth."""

from types import SimpleNamespace

import lab
from topo import *
from wire import Capture


def setup(l):
    if standin():
        raise lab.Skip("FRR 8.4.4 has no IPv6 VTEPs")
    net = Underlay(l)
    h1, h2, h3 = [EvpndVtep(l, "h%d" % n, n, net) for n in (1, 2, 3)]
    rr = Evpnd(l, "rr", 100, net)
    rr.start(router(rr, [neighbor(h.ip6, client=True) for h in (h1, h2, h3)], vtep=False))
    for h in (h1, h2, h3):
        h.quiet()
        peers = [neighbor(rr.ip6)]
        if h is h3:
            h.devices(local=h.ip6)
        h.start(source(h.ip6) + router(h, peers, vni_lines=None if h is h3 else ["bridge br100"]))
        wait_for("%s: its bridge" % h.name, lambda: h.ns.link("br100"))
    gobgp = GoBgp(l, "gobgp", 101, net)
    gobgp.start([h.ip6 for h in (h1, h2, h3)])
    return SimpleNamespace(lab=l, rr=rr, gobgp=gobgp, h1=h1, h2=h2, h3=h3, all=[h1, h2, h3],
                           vms=[Vm(l, 10 + h.n, h) for h in (h1, h2, h3)])


def case_sessions(t):
    """sessions over IPv6 come up"""
    t.rr.established(*[h.ip6 for h in t.all])


def case_device(t):
    """the vxlan device has an IPv6 local address and 70 bytes less MTU"""
    link = t.h1.ns.link("vxlan100")
    equal(link["linkinfo"]["info_data"].get("local6"), t.h1.ip6, "local6")
    equal(link["mtu"], 1430, "MTU")


def case_flood(t):
    """flood lists hold IPv6 VTEPs"""
    for h in t.all:
        h.flooding(*[o.ip6 for o in t.all if o is not h])


def case_ping(t):
    """VMs reach each other over IPv4 and IPv6"""
    for a in t.vms:
        for b in t.vms:
            if a is not b:
                a.reaches(b)


def case_wire(t):
    """the tunnel's packets are IPv6"""
    capture = Capture(t.h1.ns, "eth0")
    t.vms[0].ping(t.vms[1].ip)
    packets = capture.inner()
    capture.close()
    expect(packets and all(":" in dst for _, dst, _ in packets), "%d packets" % len(packets))


def case_routes(t):
    """type 3 has an IPv6 originator, type 2 an IPv6 next hop"""
    wait_for("type 3 of h2", lambda: t.h1.has("[128]:[%s]" % t.h2.ip6, kind=3))
    keys = wait_for("type 2 of vm2", lambda: t.h1.has("[%s]" % t.vms[1].mac))
    hop = t.h1.routes(2)[keys[0]][0]["nexthops"][0]
    equal((hop["ip"], hop["afi"]), (t.h2.ip6, "ipv6"), "next hop")


def case_move(t):
    """a MAC moves and comes back"""
    mac = "02:aa:00:00:00:01"
    for seq, at in enumerate((0, 1, 0, 2)):
        t.vms[at].shout(mac)
        for h in t.all:
            if h is not t.all[at]:
                wait_for("%s: %s behind %s" % (h.name, mac, t.all[at].name),
                         lambda: h.remote(mac, t.all[at].ip6))
                equal(int(h.mac(mac)["remoteSequence"]), seq, "sequence at " + h.name)
    for h in t.all:
        h.settled()


def case_gobgp(t):
    """GoBGP reflects IPv6 VTEPs just as well (FRR 8.4.4 refuses their PMSI attribute)"""
    for h in t.all:
        top, family = neighbor(t.gobgp.ip6)
        h.configure("router bgp 65000", *top, "neighbor %s shutdown" % t.rr.ip6,
                    "address-family l2vpn evpn", *family)
    for h in t.all:
        h.established(t.gobgp.ip6, limit=40)
        h.flooding(*[o.ip6 for o in t.all if o is not h])
    for a in t.vms:
        for b in t.vms:
            if a is not b:
                a.reaches(b)


lab.run()

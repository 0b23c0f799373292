#!/usr/bin/env python3
"""eBGP: two evpnd leaves and an FRR leaf, each its own AS, FRR's bgpd as the spine."""

from types import SimpleNamespace

import lab
from topo import *

SPINE = 65100


def cable(l, spine, leaf):
    """A link 10.99.n.0/31 of its own; VTEP address 10.0.0.n on the loopback."""
    n = leaf.n
    l.veth(spine.ns, "leaf%d" % n, leaf.ns, "eth0")
    spine.ns.run("ip addr add 10.99.%d.0/31 dev leaf%d" % (n, n))
    leaf.ns.run("ip addr add 10.99.%d.1/31 dev eth0" % n)
    leaf.ip, leaf.link, leaf.spine = "10.0.0.%d" % n, "10.99.%d.1" % n, "10.99.%d.0" % n
    leaf.ns.run("ip addr add %s/32 dev lo" % leaf.ip)
    leaf.ns.run("ip route add 10.0.0.0/24 via %s src %s" % (leaf.spine, leaf.ip))
    spine.ns.run("ip route add %s/32 via %s" % (leaf.ip, leaf.link))


def setup(l):
    spine = Frr(l, "spine", 100)
    spine.ns.sysctl("net/ipv4/ip_forward", 1)
    spine.ip = "10.0.0.100"
    leaves = [evpnd_vtep(l, "e1", 1), evpnd_vtep(l, "e2", 2), FrrVtep(l, "f3", 3)]
    for leaf in leaves:
        cable(l, spine, leaf)
    spine.start(router(spine, [neighbor(x.link, 65000 + x.n) for x in leaves], asn=SPINE,
                       vtep=False))
    words = [SPINE, "external", SPINE]
    for leaf, word in zip(leaves, words):
        start_vtep(leaf, [neighbor(leaf.spine, word)], asn=65000 + leaf.n)
    vms = [Vm(l, 10 + x.n, x) for x in leaves]
    return SimpleNamespace(lab=l, spine=spine, leaves=leaves, vms=vms)


def case_sessions(t):
    """eBGP sessions come up, one by `remote-as external`"""
    t.spine.established(*[x.link for x in t.leaves])
    for x in t.leaves:
        x.established(x.spine)


def case_flood(t):
    """every leaf has the two others in its flood list"""
    for x in t.leaves:
        x.flooding(*[o.ip for o in t.leaves if o is not x])


def case_ping(t):
    """every VM reaches every other one over IPv4 and IPv6"""
    for a in t.vms:
        for b in t.vms:
            if a is not b:
                a.reaches(b)


def case_path(t):
    """next hop unchanged, AS path spine and origin, route target of another AS imported"""
    e1, e2 = t.leaves[:2]
    keys = wait_for("e1: route of vm12", lambda: e1.has("[%s]" % t.vms[1].mac))
    path = e1.routes(2)[keys[0]][0]
    equal(path["nexthops"][0]["ip"], e2.ip, "next hop")
    equal(path["path"], "65100 65002", "AS path")
    equal(path["pathFrom"], "external", "pathFrom")
    expect("RT:65002:100" in path["extendedCommunity"]["string"], "communities: %s" % path)


def case_loop(t):
    """routes with our own AS in the path are not taken"""
    e1 = t.leaves[0]
    for (rd, prefix), paths in e1.routes().items():
        for p in paths:
            expect("65001" not in p["path"].split(), "%s %s: path %s" % (rd, prefix, p["path"]))


def case_move(t):
    """a MAC moves from evpnd to FRR, to the other evpnd and back"""
    mac = "02:aa:00:00:00:01"
    for seq, at in enumerate((0, 2, 1, 0)):
        t.vms[at].shout(mac)
        for x in t.leaves:
            if x is not t.leaves[at]:
                wait_for("%s: %s behind %s" % (x.name, mac, t.leaves[at].name),
                         lambda: x.remote(mac, t.leaves[at].ip))
                equal(int(x.mac(mac)["remoteSequence"]), seq, "sequence at " + x.name)


lab.run()

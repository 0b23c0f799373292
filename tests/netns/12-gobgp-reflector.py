#!/usr/bin/env python3
"""GoBGP as route reflector for two evpnd VTEPs and an FRR VTEP."""

from types import SimpleNamespace

import lab
from topo import *


def setup(l):
    lab.need("gobgpd")
    net = Underlay(l)
    rr = GoBgp(l, "rr", 100, net)
    rr.start(["10.99.0.1", "10.99.0.2", "10.99.0.3"])
    e1, e2 = [start_vtep(evpnd_vtep(l, "e%d" % n, n, net), [rr.ip]) for n in (1, 2)]
    f3 = start_vtep(FrrVtep(l, "f3", 3, net), [rr.ip])
    vms = [Vm(l, 10 + h.n, h) for h in (e1, e2, f3)]
    return SimpleNamespace(lab=l, rr=rr, e1=e1, e2=e2, f3=f3, vms=vms, vteps=[e1, e2, f3])


def case_sessions(t):
    """sessions with GoBGP come up"""
    for h in t.vteps:
        h.established(t.rr.ip, limit=40)


def case_flood(t):
    """every VTEP has the two others in its flood list"""
    for h in t.vteps:
        h.flooding(*[o.ip for o in t.vteps if o is not h])


def case_ping(t):
    """every VM reaches every other one over IPv4 and IPv6"""
    for a in t.vms:
        for b in t.vms:
            if a is not b:
                a.reaches(b)


def case_gobgp_understands(t):
    """GoBGP decodes evpnd's routes: types 2 and 3, communities"""
    text = wait_for("GoBGP has the MAC", lambda: t.rr.ns.run("gobgp global rib -a evpn"),
                    until=lambda s: t.vms[0].mac in s)
    row = [x for x in text.splitlines() if t.vms[0].mac in x][0]
    expect("65000:100" in row and "VXLAN" in row, "GoBGP shows: " + row)
    row = [x for x in text.splitlines() if "type:multicast" in x.lower() and t.e1.ip in x]
    expect(row, "no type 3 of e1 in: " + text[:800])


def case_move(t):
    """a MAC that moves between evpnd and FRR wins with a higher sequence number"""
    mac = "02:aa:00:00:00:01"
    for seq, at in enumerate((0, 2, 0, 1)):
        t.vms[at].shout(mac)
        for h in t.vteps:
            if h is not t.vteps[at]:
                wait_for("%s: %s behind %s" % (h.name, mac, t.vteps[at].name),
                         lambda: h.remote(mac, t.vteps[at].ip))
                equal(int(h.mac(mac)["remoteSequence"]), seq, "sequence at " + h.name)


def case_cable(t):
    """a VM whose cable is moved is reachable at its new place"""
    t.vms[0].move(t.f3)
    t.vms[0].speak()
    for vm in t.vms[1:]:
        vm.reaches(t.vms[0])
    t.vms[0].move(t.e1)
    t.vms[0].speak()
    for vm in t.vms[1:]:
        vm.reaches(t.vms[0])


lab.run()

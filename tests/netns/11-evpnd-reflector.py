#!/usr/bin/env python3
"""evpnd as route reflector for two FRR VTEPs and one evpnd VTEP."""

from types import SimpleNamespace

import lab
from topo import *


def setup(l):
    net = Underlay(l)
    rr = reflector(l, net, ["10.99.0.1", "10.99.0.2", "10.99.0.3"], make=evpnd_speaker)
    f1 = start_vtep(FrrVtep(l, "f1", 1, net), [rr.ip])
    f2 = start_vtep(FrrVtep(l, "f2", 2, net), [rr.ip])
    e3 = start_vtep(evpnd_vtep(l, "e3", 3, net), [rr.ip])
    vms = [Vm(l, 10 + h.n, h) for h in (f1, f2, e3)]
    return SimpleNamespace(lab=l, rr=rr, f1=f1, f2=f2, e3=e3, vms=vms, vteps=[f1, f2, e3])


def case_sessions(t):
    """sessions with the reflector come up, with the families agreed"""
    t.rr.established(*[h.ip for h in t.vteps])
    for h in t.vteps:
        h.established(t.rr.ip)
    caps = t.f1.neighbor(t.rr.ip)["neighborCapabilities"]
    expect("l2VpnEvpn" in caps["multiprotocolExtensions"], "FRR sees no EVPN capability: %s" % caps)


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


def case_attributes(t):
    """reflected routes carry ORIGINATOR_ID and CLUSTER_LIST, next hop and communities unchanged"""
    for h, vm, origin in ((t.f1, t.vms[1], t.f2), (t.f2, t.vms[2], t.e3), (t.e3, t.vms[0], t.f1)):
        keys = wait_for("%s: route of %s" % (h.name, vm.mac), lambda: h.has("[%s]" % vm.mac))
        path = h.routes(2)[keys[0]][0]
        equal(path["nexthops"][0]["ip"], origin.ip, "next hop")
        text = h.text("show bgp l2vpn evpn route rd %s mac %s" % (keys[0][0], vm.mac))
        expect("Originator: %s" % origin.ip in text, "no originator %s in: %s" % (origin.ip, text))
        expect("Cluster list: %s" % t.rr.ip in text, "no cluster list in: %s" % text)
        expect("RT:65000:100" in text and "ET:8" in text, "communities: %s" % text)


def case_type3_pmsi(t):
    """reflected type 3 routes keep their PMSI tunnel attribute"""
    for h in (t.f1, t.f2):
        wait_for("%s: type 3 of the others" % h.name, lambda: len(h.has(kind=3)), until=lambda n: n == 3)
        text = h.text("show bgp l2vpn evpn route detail type 3")
        expect(text.count("PMSI Tunnel Type: Ingress Replication") >= 2, text[:800])


def case_not_back(t):
    """a client takes none of its own routes back"""
    for h in t.vteps:
        mine = [(k, p) for k, p in h.routes().items() if k[0].startswith(h.ip + ":")]
        expect(mine, "%s has no routes of its own" % h.name)
        for (rd, prefix), paths in mine:
            equal(len(paths), 1, "%s: paths of %s %s" % (h.name, rd, prefix))


def case_withdrawal(t):
    """a VM that goes is withdrawn everywhere"""
    vm = t.vms[2]
    t.e3.ns.run("ip link set %s down" % vm.port)
    for h in (t.f1, t.f2):
        wait_for("%s: %s gone" % (h.name, vm.mac), lambda: not h.has("[%s]" % vm.mac))
        wait_for("%s: kernel entry gone" % h.name, lambda: not h.ns.fdb("vxlan100", vm.mac))
    t.e3.ns.run("ip link set %s up" % vm.port)
    t.vms[0].reaches(vm)


def case_vtep_lost(t):
    """a VTEP that dies takes everything of its own with it"""
    t.f2.procs["bgpd"].end(lab.signal.SIGKILL)
    for h in (t.f1, t.e3):
        h.flooding(*[o.ip for o in (t.f1, t.e3) if o is not h], limit=30)
        wait_for("%s: %s gone" % (h.name, t.vms[1].mac),
                 lambda: not h.ns.fdb("vxlan100", t.vms[1].mac))


lab.run()

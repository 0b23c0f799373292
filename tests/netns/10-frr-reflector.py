#!/usr/bin/env python3
"""Two evpnd VTEPs, FRR's bgpd as their route reflector; evpnd makes the devices itself."""

from types import SimpleNamespace

import lab
from topo import *


def setup(l):
    net = Underlay(l)
    rr = reflector(l, net, ["10.99.0.1", "10.99.0.2"])
    h1, h2 = [start_vtep(evpnd_vtep(l, "h%d" % n, n, net), [rr.ip]) for n in (1, 2)]
    return SimpleNamespace(lab=l, rr=rr, h1=h1, h2=h2, vm1=Vm(l, 11, h1), vm2=Vm(l, 12, h2))


def case_sessions(t):
    """sessions with the reflector come up"""
    t.rr.established(t.h1.ip, t.h2.ip)
    t.h1.established(t.rr.ip)
    t.h2.established(t.rr.ip)


def case_devices(t):
    """vxlan and bridge have what they need"""
    if standin():
        raise lab.Skip("FRR stands in")
    link = t.h1.ns.link("vxlan100")
    data = link["linkinfo"]["info_data"]
    equal(data["id"], 100, "VNI")
    equal(data.get("local"), t.h1.ip, "local address")
    equal(data.get("port"), 4789, "port")
    equal(data.get("learning"), False, "learning")
    equal(link.get("master"), "br100", "master")
    equal(link.get("mtu"), 1450, "MTU")
    port = t.h1.ns.json("bridge -d -j link show dev vxlan100")[0]
    equal(port.get("neigh_suppress"), True, "neigh_suppress")
    equal(port.get("learning"), False, "learning of the port")
    expect("UP" in t.h1.ns.link("br100")["flags"], "br100 is not up")


def case_flood(t):
    """each side has the other in its flood list"""
    t.h1.flooding(t.h2.ip)
    t.h2.flooding(t.h1.ip)


def case_type3(t):
    """type 3 routes arrive with PMSI and encapsulation"""
    wait_for("type 3 of both at h1", lambda: t.h1.routes(3), until=lambda r: len(r) == 2)
    route = [p for k, p in t.h1.routes(3).items() if t.h2.ip in k[1]][0][0]
    expect("RT:65000:100" in route["extendedCommunity"]["string"], "route target: %s" % route)
    expect("ET:8" in route["extendedCommunity"]["string"], "encapsulation: %s" % route)
    equal(route["nexthops"][0]["ip"], t.h2.ip, "next hop")


def case_ping(t):
    """VMs reach each other over IPv4 and IPv6, both ways"""
    t.vm1.reaches(t.vm2)
    t.vm2.reaches(t.vm1)
    for a, b in ((t.vm1, t.vm2), (t.vm2, t.vm1)):
        a.ping(b.ip)
        a.ping(b.ip6)


def case_macs(t):
    """each side has the other's MAC in its tables and in the kernel"""
    for h, vm, other in ((t.h1, t.vm2, t.h2), (t.h2, t.vm1, t.h1)):
        row = wait_for("%s: MAC %s" % (h.name, vm.mac), lambda: h.mac(vm.mac))
        equal(row["type"], "remote", "type")
        equal(row["remoteVtep"], other.ip, "remoteVtep")
        wait_for("%s: kernel entries of %s" % (h.name, vm.mac), lambda: h.remote(vm.mac, other.ip))
    row = t.h1.mac(t.vm1.mac)
    equal(row["type"], "local", "type")
    equal(row["intf"], t.vm1.port, "intf")


def case_reflector_view(t):
    """the reflector holds the routes unchanged in next hop and communities"""
    for vm, h in ((t.vm1, t.h1), (t.vm2, t.h2)):
        keys = wait_for("route of %s" % vm.mac, lambda: t.rr.has("[%s]" % vm.mac))
        for k in keys:
            path = t.rr.routes(2)[k][0]
            equal(path["nexthops"][0]["ip"], h.ip, "next hop of %s" % k[1])
            expect("RT:65000:100" in path["extendedCommunity"]["string"], str(path))


def case_settled(t):
    """show evpn kernel differing is empty"""
    if standin():
        raise lab.Skip("FRR stands in")
    t.h1.settled()
    t.h2.settled()


def case_session_loss(t):
    """a VTEP whose session is shut down takes its routes with it, and brings them back"""
    t.rr.configure("router bgp 65000", "neighbor %s shutdown" % t.h2.ip)
    wait_for("h1: MAC of vm2 gone", lambda: t.h1.mac(t.vm2.mac) is None)
    wait_for("h1: kernel entries gone", lambda: not t.h1.ns.fdb("vxlan100", t.vm2.mac))
    wait_for("h1: flood list empty", lambda: t.h1.floods() == [])
    t.rr.configure("router bgp 65000", "no neighbor %s shutdown" % t.h2.ip)
    wait_for("h1: MAC of vm2 back", lambda: t.h1.remote(t.vm2.mac, t.h2.ip), 30)
    t.vm1.reaches(t.vm2)


lab.run()

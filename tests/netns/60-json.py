#!/usr/bin/env python3
"""The JSON of evpnd against FRR's, for the same commands in the same lab: same keys, same types."""

from types import SimpleNamespace

import lab
import shape
from topo import *

# Places that FRR itself fills only at times, and what we do not offer.
# FRR begins every session with a reset of its own.
# processScheduled: FRR's, of a route that waits for its decision.
NOT_OURS = ["*/processScheduled", "*/estimatedRttInMsecs",
            "*/lastReset*", "*/addPath/l2VpnEvpn/rxAdvertisedAndReceived"]


def setup(l):
    net = Underlay(l)
    rr = reflector(l, net, ["10.99.0.1", "10.99.0.2", "10.99.0.3"])
    e1 = start_vtep(evpnd_vtep(l, "e1", 1, net), [rr.ip], devices=adopted)
    f2 = start_vtep(FrrVtep(l, "f2", 2, net), [rr.ip])
    f3 = start_vtep(FrrVtep(l, "f3", 3, net), [rr.ip])
    for h in (e1, f2, f3):
        h.ns.run("ip addr add 10.1.0.%d/24 dev br100" % (200 + h.n))
        h.ns.run("ip addr add fd01::%x/64 dev br100 nodad" % (0x200 + h.n))
    t = SimpleNamespace(lab=l, rr=rr, e1=e1, f2=f2, f3=f3, vms=[Vm(l, 10 + h.n, h) for h in (e1, f2, f3)])
    rr.established(e1.ip, f2.ip, f3.ip)
    for vm in t.vms:
        for ip in (vm.ip, vm.ip6):
            wait_for("%s pings %s" % (vm.at.name, ip),
                     lambda: vm.at.ns.status("ping -n -c 1 -W 1 " + ip)[0] == 0)
            bits = 128 if ":" in ip else 32
            for h in (e1, f2):
                wait_for("%s: route of %s" % (h.name, ip),
                         lambda: h.has("[%s]:[%d]:[%s]" % (vm.mac, bits, ip)))
    return t


def same(t, command, ours=None, ignore=()):
    """Compares a command's documents at e1 and f2."""
    want, have = t.f2.show(command), t.e1.show(ours or command)
    expect(want, "FRR's document is empty")
    wrong = shape.compare(want, have, list(NOT_OURS) + list(ignore))
    expect(not wrong, "%d differences: %s" % (len(wrong), "; ".join(wrong)))


def case_summary(t):
    """show bgp summary json"""
    same(t, "bgp summary")


def case_evpn_summary(t):
    """show bgp l2vpn evpn summary json"""
    same(t, "bgp l2vpn evpn summary")


def case_neighbors(t):
    """show bgp neighbors json"""
    same(t, "bgp neighbors")


def case_neighbor(t):
    """show bgp neighbors PEER json"""
    same(t, "bgp neighbors " + t.rr.ip)


def case_table(t):
    """show bgp l2vpn evpn json"""
    same(t, "bgp l2vpn evpn")


def case_route(t):
    """show bgp l2vpn evpn route json"""
    same(t, "bgp l2vpn evpn route")


def case_route_detail(t):
    """show bgp l2vpn evpn route detail json"""
    same(t, "bgp l2vpn evpn route detail")


def case_route_type2(t):
    """show bgp l2vpn evpn route type 2 json"""
    same(t, "bgp l2vpn evpn route type 2")


def case_route_type3(t):
    """show bgp l2vpn evpn route type 3 json"""
    same(t, "bgp l2vpn evpn route type 3")


def rd_of(h, vm):
    return h.has("[%s]" % vm.mac)[0][0]


def case_route_rd(t):
    """show bgp l2vpn evpn route rd RD json"""
    same(t, "bgp l2vpn evpn route rd " + rd_of(t.f2, t.vms[2]))


def case_route_rd_mac(t):
    """show bgp l2vpn evpn route rd RD mac MAC json"""
    vm = t.vms[2]
    same(t, "bgp l2vpn evpn route rd %s mac %s" % (rd_of(t.f2, vm), vm.mac))


def case_route_vni(t):
    """show bgp l2vpn evpn route vni N json"""
    same(t, "bgp l2vpn evpn route vni 100")


def case_routes_of_peer(t):
    """show bgp l2vpn evpn neighbors PEER routes json"""
    same(t, "bgp l2vpn evpn neighbors %s routes" % t.rr.ip)


def case_advertised(t):
    """show bgp l2vpn evpn neighbors PEER advertised-routes json"""
    same(t, "bgp l2vpn evpn neighbors %s advertised-routes" % t.rr.ip)


def case_bgp_vnis(t):
    """show bgp l2vpn evpn vni json"""
    same(t, "bgp l2vpn evpn vni")


def case_bgp_vni(t):
    """show bgp l2vpn evpn vni N json"""
    same(t, "bgp l2vpn evpn vni 100")


def case_import_rt(t):
    """show bgp l2vpn evpn import-rt json"""
    same(t, "bgp l2vpn evpn import-rt")


def case_evpn(t):
    """show evpn json"""
    same(t, "evpn")


def case_vnis(t):
    """show evpn vni json"""
    same(t, "evpn vni")


def case_vni(t):
    """show evpn vni N json"""
    same(t, "evpn vni 100")


def case_vni_detail(t):
    """show evpn vni detail json"""
    same(t, "evpn vni detail")


def case_macs(t):
    """show evpn mac vni N json"""
    same(t, "evpn mac vni 100")


def case_macs_all(t):
    """show evpn mac vni all json"""
    same(t, "evpn mac vni all")


def case_mac_local(t):
    """show evpn mac vni N mac M json, a local MAC"""
    same(t, "evpn mac vni 100 mac " + t.vms[1].mac, "evpn mac vni 100 mac " + t.vms[0].mac)


def case_mac_remote(t):
    """show evpn mac vni N mac M json, a remote MAC"""
    same(t, "evpn mac vni 100 mac " + t.vms[2].mac)


def case_mac_vtep(t):
    """show evpn mac vni N vtep IP json"""
    same(t, "evpn mac vni 100 vtep " + t.f3.ip)


def case_arp(t):
    """show evpn arp-cache vni N json"""
    same(t, "evpn arp-cache vni 100")


def case_arp_all(t):
    """show evpn arp-cache vni all json"""
    same(t, "evpn arp-cache vni all")


def case_arp_local(t):
    """show evpn arp-cache vni N ip IP json, a local address"""
    same(t, "evpn arp-cache vni 100 ip " + t.vms[1].ip, "evpn arp-cache vni 100 ip " + t.vms[0].ip)


def case_arp_remote(t):
    """show evpn arp-cache vni N ip IP json, a remote address"""
    same(t, "evpn arp-cache vni 100 ip " + t.vms[2].ip)


def case_texts(t):
    """the texts have FRR's headings"""
    wrong = []
    for command in ("show bgp l2vpn evpn summary", "show bgp l2vpn evpn route",
                    "show bgp l2vpn evpn vni", "show evpn", "show evpn vni",
                    "show evpn vni 100", "show evpn mac vni 100", "show evpn arp-cache vni 100"):
        want = [x for x in t.f2.text(command).splitlines() if heading(x)]
        have = t.e1.text(command).splitlines()
        wrong += ["%s: %s" % (command, x) for x in want if x.split() not in [y.split() for y in have]]
    expect(not wrong, "missing: " + "; ".join(wrong))


def heading(line):
    """A line without anything that differs between two hosts."""
    if line.startswith("  protodown"):
        return False
    return line.strip() and not any(c.isdigit() for c in line.replace("type-", ""))


lab.run()

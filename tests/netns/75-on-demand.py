#!/usr/bin/env python3
"""
Resolution on demand: the kernel holds what this host talks to and no more; the first packet
of a pair that was cold is delivered; what is not used goes.
"""

import json
from types import SimpleNamespace

import lab
import wire
from speaker import *
from topo import *

MANY = 2000
AGE = 3


def demand(*lines):
    return lambda h: {"vni_lines": list(lines) or ["resolution on-demand"]}


def prepared(*lines):
    def make(h):
        h.devices()
        return {"vni_lines": ["resolution on-demand"] + list(lines)}
    return make


def setup(l):
    if standin():
        raise lab.Skip("FRR does not resolve on demand")
    net = Underlay(l)
    rr = reflector(l, net, ["10.99.0.1", "10.99.0.2", "10.99.0.3"])
    e1 = start_vtep(EvpndVtep(l, "e1", 1, net), [rr.ip],
                    devices=demand("bridge br100", "resolution on-demand"))
    e2 = start_vtep(EvpndVtep(l, "e2", 2, net), [rr.ip], devices=prepared())
    f3 = start_vtep(FrrVtep(l, "f3", 3, net), [rr.ip], devices=adopted)
    t = SimpleNamespace(lab=l, net=net, rr=rr, e1=e1, e2=e2, f3=f3, vm1=Vm(l, 11, e1),
                        vm2=Vm(l, 12, e2), vm3=Vm(l, 13, f3), vm4=Vm(l, 14, e1))
    rr.established(e1.ip, e2.ip, f3.ip)
    e1.flooding(e2.ip, f3.ip)
    e2.flooding(e1.ip, f3.ip)
    for h in (e1, e2):
        wait_for("%s: its sensor" % h.name, lambda: ready(h))
    return t


def ready(h, vni=VNI):
    """The sensor is in place and the forwarding device's port floods no unknown unicast."""
    s, v = h.ns.link("sensor%d" % vni), h.ns.link("vxlan%d" % vni)
    if not s or not v:
        return False
    port = lambda x: x.get("linkinfo", {}).get("info_slave_data", {})
    return "UP" in s["flags"] and port(s).get("flood") and port(v).get("flood") is False


def rows(h):
    """Remote MACs of ours in the kernel: on the bridge and in the vxlan device."""
    fdb = [r for r in h.ns.fdb("vxlan100") if "extern_learn" in r.get("flags", [])]
    macs = {r["mac"] for r in fdb} - {"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"}
    return sorted(macs)


def known(h, *vms):
    for vm in vms:
        wait_for("%s knows %s" % (h.name, vm.ip),
                 lambda: h.show("evpn arp-cache vni 100").get(vm.ip, {}).get("type") == "remote")


def case_cold(t):
    """the first ping of a cold pair is delivered, both VTEPs on demand"""
    for vm in (t.vm1, t.vm2, t.vm3, t.vm4):
        wire.send(vm.ns, "eth0", wire.arp(1, vm.mac, vm.ip))
    known(t.e1, t.vm2)
    known(t.e2, t.vm1)
    equal(rows(t.e1), [], "rows of e1")
    equal(rows(t.e2), [], "rows of e2")
    t.vm1.ping(t.vm2.ip, count=1, wait=1)
    equal(rows(t.e1), [t.vm2.mac], "rows of e1")
    equal(rows(t.e2), [t.vm1.mac], "rows of e2")


def case_cold_frr(t):
    """... and with FRR at the other end, of which only the MAC is known"""
    wait_for("e1 knows vm3", lambda: t.e1.mac(t.vm3.mac))
    t.vm1.ping(t.vm3.ip, count=1, wait=1)
    equal(rows(t.e1), sorted([t.vm2.mac, t.vm3.mac]), "rows of e1")


def case_cold6(t):
    """... IPv6"""
    t.vm4.ping(t.vm2.ip6, count=1, wait=1)


def case_known_mac(t):
    """a frame to a MAC that the bridge does not know is not lost"""
    t.vm4.ns.run("ip neigh replace %s lladdr %s dev eth0 nud permanent" % (t.vm3.ip, t.vm3.mac))
    t.vm4.ping(t.vm3.ip, count=1, wait=1)


if __name__ == "__main__":
    lab.run()

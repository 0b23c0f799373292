#!/usr/bin/env python3
"""Devices come, go, change and come back under a running evpnd. e1 makes its own, e2 adopts."""

import signal
from types import SimpleNamespace

import lab
import wire
from topo import *
from wire import Watch, stopwatch

FAMILY = ("router bgp 65000", "address-family l2vpn evpn")
LIMIT_MS = 100


def setup(l):
    if standin():
        raise lab.Skip("FRR stands in")
    net = Underlay(l)
    ips = ["10.99.0.1", "10.99.0.2", "10.99.0.3"]
    e1 = start_vtep(EvpndVtep(l, "e1", 1, net), ips[1:])
    e2 = start_vtep(EvpndVtep(l, "e2", 2, net), [ips[0], ips[2]], devices=adopted)
    f3 = start_vtep(FrrVtep(l, "f3", 3, net), ips[:2])
    t = SimpleNamespace(lab=l, e1=e1, e2=e2, f3=f3, vm1=Vm(l, 11, e1), vm2=Vm(l, 12, e2),
                        vm3=Vm(l, 13, f3))
    e1.established(e2.ip, f3.ip)
    e2.established(f3.ip)
    rest(t)
    return t


def rest(t):
    """All talk to all, and nothing differs."""
    for a, b in ((t.vm1, t.vm2), (t.vm1, t.vm3), (t.vm2, t.vm3)):
        a.reaches(b)
    for h in (t.e1, t.e2):
        h.settled()


def withdrawn(t, h):
    wait_for("type 3 of %s withdrawn" % h.name, lambda: h.ip not in t.f3.floods())
    wait_for("its MACs too", lambda: h.ip not in str(t.f3.ns.fdb("vxlan100")))


def case_renamed(t):
    """an adopted vxlan device and bridge are renamed"""
    t.e2.ns.run("ip link set vxlan100 down")
    t.e2.ns.run("ip link set vxlan100 name vx-a")
    t.e2.ns.run("ip link set vx-a up")
    t.e2.ns.run("ip link set br100 down")
    t.e2.ns.run("ip link set br100 name bridge-a")
    t.e2.ns.run("ip link set bridge-a up")
    wait_for("shown", lambda: t.e2.show("evpn vni 100"),
             until=lambda d: d["vxlanInterface"] == "vx-a")
    rest(t)
    for old, new in (("vx-a", "vxlan100"), ("bridge-a", "br100")):
        t.e2.ns.run("ip link set %s down" % old)
        t.e2.ns.run("ip link set %s name %s" % (old, new))
        t.e2.ns.run("ip link set %s up" % new)
    rest(t)


def case_out_of_bridge(t):
    """an adopted vxlan device leaves the bridge: withdrawn; and back"""
    t.e2.ns.run("ip link set vxlan100 nomaster")
    withdrawn(t, t.e2)
    t.e2.settled()
    t.e2.ns.run("ip link set vxlan100 master br100")
    rest(t)


def case_other_bridge(t):
    """an adopted vxlan device goes to another bridge, with the VM, and back"""
    t.e2.ns.run("ip link add br-b type bridge mcast_snooping 0")
    t.e2.ns.run("ip link set br-b up")
    t.e2.ns.run("ip link set vxlan100 master br-b")
    t.e2.ns.run("ip link set p12 master br-b")
    rest(t)
    t.e2.ns.run("ip link set vxlan100 master br100")
    t.e2.ns.run("ip link set p12 master br100")
    t.e2.ns.run("ip link del br-b")
    rest(t)


def case_other_vni(t):
    """the same name with another VNI: the old VNI is withdrawn, the new one advertised; back"""
    ns = t.e2.ns
    ns.run("ip link del vxlan100")
    ns.run("ip link add vxlan100 type vxlan id 200 local %s dstport 4789 nolearning" % t.e2.ip)
    ns.run("ip link set vxlan100 addrgenmode none master br100 up")
    withdrawn(t, t.e2)
    wait_for("f3: VNI 200", lambda: t.f3.has("[3]:", kind=3) and
             [k for k in t.f3.routes(3) if k[0] == "10.99.0.2:200"])
    wait_for("vm2 in 200", lambda: t.vm2.speak() or t.e2.mac(t.vm2.mac, 200))
    t.e2.settled()
    wait_for("VNI 100 is gone", lambda: "100" not in t.e2.show("evpn vni"))
    ns.run("ip link del vxlan100")
    ns.run("ip link add vxlan100 type vxlan id 100 local %s dstport 4789 nolearning" % t.e2.ip)
    ns.run("ip link set vxlan100 addrgenmode none master br100 up")
    rest(t)


def case_no_local(t):
    """an adopted device without an address of its own gets source-address, learning off and
    suppression on"""
    ns = t.e2.ns
    ns.run("ip link del vxlan100")
    ns.run("ip link add vxlan100 type vxlan id 100 dstport 4789")
    ns.run("ip link set vxlan100 addrgenmode none master br100 up")
    rest(t)
    info = ns.link("vxlan100")["linkinfo"]["info_data"]
    equal(info.get("local"), t.e2.ip, "local")
    expect(not info.get("learning"), "learning is on")
    row = ns.json("bridge -d -j link show dev vxlan100")[0]
    expect(row["neigh_suppress"] and not row["learning"], str(row))


def case_carrier(t):
    """the bridge loses its carrier and gets it back"""
    for h, p in ((t.e1, "p11"), (t.e2, "p12")):
        h.ns.run("ip link set %s down" % p)
        h.ns.run("ip link set vxlan100 down")
        h.ns.run("ip link set %s up" % p)
        h.ns.run("ip link set vxlan100 up")
    rest(t)


def case_suppression(t):
    """no neighbor-suppression takes the flag away, and back"""
    def flag():
        return t.e1.ns.json("bridge -d -j link show dev vxlan100")[0]["neigh_suppress"]
    t.e1.configure(*FAMILY, "vni 100", "no neighbor-suppression")
    wait_for("off", lambda: not flag())
    wait_for("no neighbours", lambda: not t.e1.ns.neigh("br100", t.vm2.ip))
    rest(t)
    t.e1.configure(*FAMILY, "vni 100", "neighbor-suppression")
    wait_for("on", flag)
    wait_for("neighbours", lambda: t.e1.ns.neigh("br100", t.vm2.ip))
    rest(t)


def case_mtu(t):
    """MTU as configured, and the underlay's less the headers without"""
    def mtu():
        return t.e1.ns.link("vxlan100")["mtu"], t.e1.ns.link("br100")["mtu"]
    wait_for("automatic", mtu, until=lambda m: m == (1450, 1450))
    t.e1.configure(*FAMILY, "vni 100", "mtu 1400")
    wait_for("configured", mtu, until=lambda m: m == (1400, 1400))
    t.e1.ns.run("ip link set vxlan100 mtu 1300")
    wait_for("repaired", mtu, until=lambda m: m == (1400, 1400))
    t.e1.configure(*FAMILY, "vni 100", "no mtu")
    wait_for("automatic again", mtu, until=lambda m: m == (1450, 1450))
    rest(t)


def case_port(t):
    """a port named in the configuration is put in the bridge, also when it comes later"""
    t.e1.configure(*FAMILY, "vni 100", "port late1")
    rows = wait_for("told as missing", lambda: t.e1.differing())
    equal([(r["interface"], r["state"]) for r in rows], [("late1", "pending")], "differing")
    t.e1.ns.run("ip link add late1 type veth peer name late2")
    wait_for("in the bridge", lambda: t.e1.ns.link("late1").get("master") == "br100" and
             "UP" in t.e1.ns.link("late1")["flags"])
    t.e1.ns.run("ip link set late1 nomaster")
    wait_for("back in the bridge", lambda: t.e1.ns.link("late1").get("master") == "br100")
    t.e1.configure(*FAMILY, "vni 100", "no port late1")
    wait_for("out of the bridge", lambda: "master" not in t.e1.ns.link("late1"))
    t.e1.ns.run("ip link del late1")
    rest(t)


def case_appended(t):
    """another destination appended to a MAC by hand"""
    for h, vm, o in ((t.e1, t.vm2, t.e2), (t.e2, t.vm1, t.e1)):
        h.ns.run("bridge fdb append %s dev vxlan100 dst 10.99.0.77 self" % "00:00:00:00:00:00")
        h.settled()
        h.ns.run("bridge fdb append %s dev vxlan100 dst 10.99.0.77 self" % vm.mac)
        wait_for("%s right" % h.name, lambda: [r["dst"] for r in h.ns.fdb("vxlan100", vm.mac)
                                               if "dst" in r] == [o.ip])
        h.settled()
        expect("10.99.0.77" in str(h.ns.fdb("vxlan100", "00:00:00:00:00:00")),
               "the administrator's flood entry is gone")
        h.ns.run("bridge fdb del 00:00:00:00:00:00 dev vxlan100 dst 10.99.0.77 self")
    rest(t)


def case_foreign_bridge_entry(t):
    """an administrator's entries on ports of the bridge are left alone"""
    ns = t.e1.ns
    ns.run("bridge fdb add 02:46:00:00:00:01 dev vxlan100 master static")
    ns.run("bridge fdb add 02:46:00:00:00:01 dev vxlan100 dst 10.99.0.98 self static")
    ns.run("bridge fdb add 02:46:00:00:00:02 dev br100 self permanent")
    t.e1.settled()
    t.vm1.reaches(t.vm2)
    ns.run("ip link set vxlan100 down")
    rest(t)
    expect(len(ns.fdb("vxlan100", "02:46:00:00:00:01")) == 2, str(ns.fdb("vxlan100")))
    ns.run("bridge fdb del 02:46:00:00:00:01 dev vxlan100 master")
    ns.run("bridge fdb del 02:46:00:00:00:01 dev vxlan100 dst 10.99.0.98 self")
    ns.run("bridge fdb del 02:46:00:00:00:02 dev br100 self")


def case_vni_removed(t):
    """a VNI out of the configuration: withdrawn, what we made goes, what we adopted stays; back"""
    t.e1.configure(*FAMILY, "no vni 100")
    withdrawn(t, t.e1)
    # The bridge has a port that nobody told evpnd of: it stays.
    wait_for("vxlan100 gone", lambda: t.e1.ns.status("ip link show vxlan100")[0] != 0)
    equal(t.e1.ns.link("p11").get("master"), "br100", "master of p11")
    t.e1.settled()
    t.e1.configure(*FAMILY, "vni 100", "bridge br100", "port p11")
    rest(t)
    t.e1.configure(*FAMILY, "no vni 100")
    withdrawn(t, t.e1)
    wait_for("devices gone", lambda: t.e1.ns.status("ip link show vxlan100")[0] != 0 and
             t.e1.ns.status("ip link show br100")[0] != 0)
    expect(t.e1.ns.link("p11"), "the port is gone")
    t.e1.settled()
    t.e1.configure(*FAMILY, "vni 100", "bridge br100", "port p11")
    rest(t)
    t.e1.configure(*FAMILY, "vni 100", "no port p11")
    wait_for("p11 out of the bridge", lambda: "master" not in t.e1.ns.link("p11"))
    t.e1.ns.run("ip link set p11 master br100")
    t.e2.configure(*FAMILY, "vni 100", "bridge br100")
    rest(t)
    t.e2.configure(*FAMILY, "no vni 100")
    rest(t)
    t.e2.configure(*FAMILY, "no advertise-all-vni")
    withdrawn(t, t.e2)
    t.e2.ns.link("vxlan100")
    expect(not [r for r in t.e2.ns.fdb("vxlan100") if r.get("dst")], "entries left")
    t.e2.settled()
    t.e2.configure(*FAMILY, "advertise-all-vni")
    rest(t)


def case_late(t):
    """evpnd started before the devices exist"""
    t.e2.stop()
    t.e2.ns.run("ip link del vxlan100")
    t.e2.ns.run("ip link del br100")
    t.e2.up()
    t.e2.settled()
    t.e2.devices()
    t.e2.ns.run("ip link set p12 master br100")
    rest(t)


def case_killed(t):
    """SIGKILL and start: the entries of a MAC that stays are not deleted"""
    for h, vm in ((t.e1, t.vm2), (t.e2, t.vm1)):
        watch = Watch(h.ns)
        h.restart(signal.SIGKILL)
        h.established(t.f3.ip)
        rest(t)
        equal(watch.deleted(vm.mac), 0, "deletions")


def case_ten(t):
    """ten more VNIs in one evpnd, made and adopted, come and go"""
    lines = []
    for v in range(201, 211):
        lines += ["vni %d" % v, "bridge br%d" % v, "exit-vni"]
        t.e2.devices(vni=v)
    t.e1.configure(*FAMILY, *lines)
    for v in range(201, 211):
        wait_for("e1 %d" % v, lambda: t.e1.floods(v), until=lambda f: f == [t.e2.ip])
        wait_for("e2 %d" % v, lambda: t.e2.floods(v), until=lambda f: f == [t.e1.ip])
    a, b = Vm(t.lab, 31, t.e1, bridge="br205"), Vm(t.lab, 32, t.e2, bridge="br205")
    a.reaches(b)
    for h in (t.e1, t.e2):
        h.settled()
    expect(not t.e1.mac(a.mac, 206) and not t.e1.mac(a.mac, 100), "leaked")
    for v in range(201, 211):
        t.e2.ns.run("ip link del vxlan%d" % v)
    wait_for("e1: no floods", lambda: not any(t.e1.floods(v) for v in range(201, 211)))
    t.e1.configure(*FAMILY, *["no vni %d" % v for v in range(201, 211)])
    rest(t)


lab.run()

#!/usr/bin/env python3
"""
What an operator does to a running evpnd: VNIs come and go, addresses change, reflectors fail, it is
drained and taken down. e1 makes its devices, e2 adopts its own; r1 (FRR) and r2 (evpnd) reflect.
"""

from types import SimpleNamespace

import lab
from topo import *
from wire import Watch

EVPN = ("router bgp 65000", "address-family l2vpn evpn")


def setup(l):
    if standin():
        raise lab.Skip("about evpnd only")
    net = Underlay(l)
    ips = ["10.99.0.1", "10.99.0.2"]
    r1 = reflector(l, net, ips, n=101, name="r1")
    r2 = reflector(l, net, ips, make=Evpnd, n=102, name="r2")
    e1 = start_vtep(EvpndVtep(l, "e1", 1, net), [r1.ip, r2.ip])
    e2 = start_vtep(EvpndVtep(l, "e2", 2, net), [r1.ip, r2.ip], devices=adopted)
    t = SimpleNamespace(lab=l, r1=r1, r2=r2, e1=e1, e2=e2, vm1=Vm(l, 11, e1), vm2=Vm(l, 12, e2))
    t.vm1.reaches(t.vm2)
    return t


def in_order(t):
    for h in (t.e1, t.e2):
        h.settled()
    t.vm1.reaches(t.vm2)
    t.vm2.reaches(t.vm1)


def case_two_reflectors(t):
    """routes come from both reflectors; one that goes is not noticed in the kernel"""
    for h in (t.e1, t.e2):
        h.established(t.r1.ip, t.r2.ip)
    keys = wait_for("route of vm2", lambda: t.e1.has("[48]:[%s]" % t.vm2.mac))
    wait_for("two paths", lambda: len(t.e1.routes(2)[keys[0]]), until=lambda n: n == 2)
    watch = Watch(t.e1.ns)
    t.r1.configure("router bgp 65000", "neighbor %s shutdown" % t.e1.ip,
                   "neighbor %s shutdown" % t.e2.ip)
    wait_for("one path", lambda: len(t.e1.routes(2)[keys[0]]), until=lambda n: n == 1)
    in_order(t)
    equal(watch.deleted(t.vm2.mac), 0, "deleted entries of vm2")
    t.r1.configure("router bgp 65000", "no neighbor %s shutdown" % t.e1.ip,
                   "no neighbor %s shutdown" % t.e2.ip)
    t.e1.established(t.r1.ip)
    t.e2.established(t.r1.ip)


def case_second_vni(t):
    """a second VNI, made by configuration here and found in the kernel there"""
    t.e1.configure(*EVPN, "vni 200", "bridge br200")
    t.e2.devices(vni=200)
    t.e1.flooding(t.e2.ip)
    wait_for("flood list of VNI 200", lambda: t.e1.floods(200), until=lambda f: f == [t.e2.ip])
    wait_for("and there", lambda: t.e2.floods(200), until=lambda f: f == [t.e1.ip])
    a, b = Vm(t.lab, 31, t.e1, bridge="br200"), Vm(t.lab, 32, t.e2, bridge="br200")
    a.reaches(b)
    equal(t.e1.show("evpn")["numL2Vnis"], 2, "numL2Vnis")
    expect(not t.e1.ns.fdb("vxlan100", b.mac), "a MAC of VNI 200 is in VNI 100")
    in_order(t)


def case_same_mac_two_vnis(t):
    """the same MAC in two VNIs is two hosts"""
    mac = "02:aa:00:00:00:01"
    t.vm1.shout(mac)
    wait_for("VNI 100", lambda: t.e2.remote(mac, t.e1.ip))
    t.e2.ns.run("bridge fdb add %s dev p32 master dynamic" % mac)
    wait_for("VNI 200", lambda: t.e1.remote(mac, t.e2.ip, vni=200))
    equal(t.e1.mac(mac)["type"], "local", "in VNI 100 at e1")
    equal(t.e2.mac(mac)["type"], "remote", "in VNI 100 at e2")
    t.e2.ns.run("bridge fdb del %s dev p32 master" % mac)
    wait_for("gone from VNI 200", lambda: not t.e1.ns.fdb("vxlan200", mac))


def case_many_vnis(t):
    """a hundred VNIs at once, in and out"""
    vnis = range(1000, 1100)
    lines = []
    for v in vnis:
        lines += ["vni %d" % v, "bridge br%d" % v, "exit-vni"]
    t.e1.configure(*EVPN, *lines)
    t.e2.ns.batch("ip", [x for v in vnis for x in (
        "link add br%d type bridge" % v,
        "link add vxlan%d type vxlan id %d local %s dstport 4789 nolearning" % (v, v, t.e2.ip),
        "link set vxlan%d master br%d" % (v, v), "link set br%d up" % v,
        "link set vxlan%d up" % v)])

    def floods(h):
        rows = [r for r in h.ns.fdb() if r["mac"] == "00:00:00:00:00:00" and "dst" in r]
        return len([r for r in rows if len(r["ifname"]) == len("vxlan1000")])
    for h in (t.e1, t.e2):
        wait_for("%s: 100 flood entries" % h.name, lambda: floods(h), 30, until=lambda n: n == 100,
                 every=0.2)
    in_order(t)
    t.e2.ns.batch("ip", ["link del vxlan%d" % v for v in vnis])
    wait_for("e1: none", lambda: floods(t.e1), 30, until=lambda n: n == 0, every=0.2)
    t.e1.configure(*EVPN, *["no vni %d" % v for v in vnis])
    in_order(t)


def case_local_port(t):
    """a host that moves to another port of the same bridge keeps its route"""
    mac = "02:aa:00:00:00:02"
    other = Vm(t.lab, 13, t.e1)
    t.vm1.shout(mac)
    wait_for("at p11", lambda: t.e1.mac(mac)["intf"] == "p11" and t.e2.remote(mac, t.e1.ip))
    watch = Watch(t.e2.ns)
    other.shout(mac)
    wait_for("at p13", lambda: t.e1.mac(mac)["intf"], until=lambda i: i == "p13")
    equal(int(t.e1.mac(mac)["localSequence"]), 0, "sequence")
    in_order(t)
    equal(watch.deleted(mac), 0, "deletions at e2")


def case_flooding_modes(t):
    """flooding disable and static, and back"""
    t.e1.configure(*EVPN, "vni 100", "flooding disable")
    wait_for("e1 floods to nobody", lambda: t.e1.floods() == [])
    wait_for("e2 does not flood to e1", lambda: t.e2.floods() == [])
    t.e1.configure(*EVPN, "vni 100", "flooding static 10.99.0.2 10.99.0.77")
    t.e1.flooding("10.99.0.2", "10.99.0.77")
    t.e1.configure(*EVPN, "vni 100", "flooding head-end-replication")
    t.e1.flooding(t.e2.ip)
    t.e2.flooding(t.e1.ip)
    in_order(t)


def case_svi_ip(t):
    """advertise-svi-ip: the bridge's own address is a route, and none any more"""
    t.e2.ns.run("ip addr add 10.1.0.202/24 dev br100")
    t.e2.configure(*EVPN, "vni 100", "advertise-svi-ip")
    wait_for("route", lambda: t.e1.has("[32]:[10.1.0.202]"))
    wait_for("vm1 reaches it", lambda: t.vm1.ping("10.1.0.202", count=1, wait=0.5))
    t.e2.configure(*EVPN, "vni 100", "no advertise-svi-ip")
    wait_for("withdrawn", lambda: not t.e1.has("[32]:[10.1.0.202]"))
    t.e2.ns.run("ip addr del 10.1.0.202/24 dev br100")
    in_order(t)


def case_route_targets(t):
    """route targets are changed: routes go, and come back"""
    t.e1.configure(*EVPN, "vni 100", "route-target import 65000:999")
    wait_for("nothing imported", lambda: t.e1.floods() == [] and
             not t.e1.ns.fdb("vxlan100", t.vm2.mac))
    t.e1.configure(*EVPN, "vni 100", "no route-target import 65000:999")
    t.e1.flooding(t.e2.ip)
    t.e1.configure(*EVPN, "vni 100", "route-target export 65000:888")
    wait_for("e2: nothing imported of e1", lambda: t.e2.floods(), until=lambda f: f == [t.e1.ip] or
             f == [])
    t.e1.configure(*EVPN, "vni 100", "no route-target export 65000:888")
    t.e2.flooding(t.e1.ip)
    in_order(t)


def case_rd(t):
    """the route distinguisher is changed: old routes withdrawn, new ones there"""
    t.e1.configure(*EVPN, "vni 100", "rd 10.99.0.1:7777")
    wait_for("new RD", lambda: [k for k in t.e2.has("[%s]" % t.vm1.mac) if k[0] == "10.99.0.1:7777"])
    wait_for("old RD gone", lambda: not [k for k in t.e2.routes() if k[0] == "10.99.0.1:100"])
    t.e1.configure(*EVPN, "vni 100", "no rd 10.99.0.1:7777")
    wait_for("old RD", lambda: [k for k in t.e2.has("[%s]" % t.vm1.mac) if k[0] == "10.99.0.1:100"])
    in_order(t)


def case_source_changes(t):
    """the VTEP's address is changed: device and routes follow"""
    t.e1.ns.run("ip addr add 10.99.0.51/24 dev eth0")
    t.e1.configure("vxlan", "source-address 10.99.0.51")
    wait_for("device", lambda: t.e1.ns.link("vxlan100")["linkinfo"]["info_data"]["local"],
             until=lambda a: a == "10.99.0.51")
    t.e2.flooding("10.99.0.51")
    wait_for("MAC", lambda: t.e2.remote(t.vm1.mac, "10.99.0.51"))
    in_order(t)
    t.e1.configure("vxlan", "source-address %s" % t.e1.ip)
    t.e2.flooding(t.e1.ip)
    in_order(t)


def case_clear_kernel(t):
    """clear evpn kernel removes what is ours; what is wanted comes back"""
    t.e1.text("clear evpn kernel")
    wait_for("back", lambda: t.e1.remote(t.vm2.mac, t.e2.ip) and t.e1.floods() == [t.e2.ip])
    in_order(t)


def case_announced(t):
    """evpn mac add: a host is announced before its first packet, and taken back"""
    mac, ip = "02:aa:00:00:00:03", "10.1.0.77"
    t.e1.text("evpn mac add vni 100 mac %s ip %s port p11" % (mac, ip))
    wait_for("MAC at e2", lambda: t.e2.remote(mac, t.e1.ip))
    wait_for("address at e2", lambda: t.e2.has("[%s]:[32]:[%s]" % (mac, ip)))
    t.e1.text("evpn mac del vni 100 mac %s port p11" % mac)
    wait_for("gone at e2", lambda: not t.e2.has("[%s]" % mac))
    in_order(t)


def case_peer_group(t):
    """neighbors move into a peer-group; the session lives or comes back"""
    t.e1.configure("router bgp 65000", "neighbor RR peer-group", "neighbor RR remote-as 65000",
                   "neighbor RR timers 3 9", "address-family l2vpn evpn", "neighbor RR activate",
                   "exit-address-family", "no neighbor %s" % t.r2.ip,
                   "neighbor %s peer-group RR" % t.r2.ip)
    t.e1.established(t.r2.ip, limit=40)
    in_order(t)


def case_password(t):
    """a password is set on both sides while the session is up: it comes back"""
    t.e1.configure("router bgp 65000", "neighbor %s password hush" % t.r1.ip)
    t.r1.configure("router bgp 65000", "neighbor %s password hush" % t.e1.ip)
    t.e1.established(t.r1.ip, limit=60)
    in_order(t)


def case_drain(t):
    """evpn drain: own routes are withdrawn, sessions end with a Cease"""
    t.e1.text("write memory")
    t.e1.text("evpn drain")
    wait_for("e2: nothing of e1", lambda: t.e2.floods() == [] and
             not t.e2.ns.fdb("vxlan100", t.vm1.mac))
    reason = wait_for("r1 is told", lambda: t.r1.neighbor(t.e1.ip).get("lastNotificationReason"))
    expect(reason.startswith("Cease"), reason)
    t.e1.restart()
    t.e1.established(t.r1.ip, t.r2.ip, limit=40)
    in_order(t)


def case_no_router(t):
    """no router bgp: sessions end, entries go, what is not ours stays"""
    t.e2.ns.run("bridge fdb add 02:bb:00:00:00:01 dev vxlan100 dst 10.99.0.98 self permanent")
    t.e2.configure("no router bgp 65000")
    wait_for("entries gone", lambda: t.e2.floods() == [] and
             not t.e2.ns.fdb("vxlan100", t.vm1.mac))
    wait_for("e1: nothing of e2", lambda: t.e1.floods() == [] and
             not t.e1.ns.fdb("vxlan100", t.vm2.mac))
    expect(t.e2.ns.fdb("vxlan100", "02:bb:00:00:00:01"), "an administrator's entry is gone")
    expect(t.e2.ns.link("vxlan100"), "the adopted device is gone")
    t.e2.proc.send(lab.signal.SIGHUP)
    t.e2.established(t.r1.ip, t.r2.ip, limit=40)
    in_order(t)


lab.run()

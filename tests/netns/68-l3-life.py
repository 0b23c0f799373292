#!/usr/bin/env python3
"""An IP-VRF's devices and settings come and go at run time; evpnd is restarted. Default VRF."""

import signal
from types import SimpleNamespace

import lab
from routed import *
from topo import *

D = Tenant("default", 5000, evpn=("advertise ipv4 unicast", "advertise ipv6 unicast"),
           v4=("redistribute kernel",), v6=("redistribute kernel",))
S110 = Subnet(110, D, ("10.2.0.0/24", "fd02::/64"))
S120 = Subnet(120, D, ("10.3.0.0/24", "fd03::/64"))


def setup(l):
    """e1's devices are made by evpnd, e3's by us; each has a subnet of its own."""
    net = Underlay(l)
    rr = reflector(l, net, ["10.99.0.1", "10.99.0.3"])
    e1 = start_leaf(evpnd_vtep(l, "e1", 1, net), [rr.ip], [D], [S110])
    e3 = start_leaf(evpnd_vtep(l, "e3", 3, net), [rr.ip], [D], [S120], style="adopted")
    t = SimpleNamespace(lab=l, rr=rr, e1=e1, e3=e3, leaves=[e1, e3])
    t.a, t.b = Host(l, 11, e1, S110), Host(l, 13, e3, S120)
    stub(e3, D, "ext", "192.0.2.3/32")
    e3.ns.batch("ip", ["route add 198.51.3.0/24 dev ext"])
    return t


def up(t):
    """Everything is as it should be, both ways."""
    for host in (t.a, t.b):
        host.greet()
    for ip in t.b.addresses():
        routed(t.e1, D, host_route(ip), t.e3)
    routed(t.e1, D, "198.51.3.0/24", t.e3)
    for ip in t.a.addresses():
        routed(t.e3, D, host_route(ip), t.e1)
    t.a.reaches(t.b)
    for h in t.leaves:
        h.settled()


def down(t):
    for ip in t.b.addresses():
        routed(t.e1, D, host_route(ip))
    routed(t.e1, D, "198.51.3.0/24")


def ours(h):
    """Nexthops and routes of evpnd."""
    k = kernel(h)
    return [n for n in k.nexthops()], [r for r in k.routes(254) if r["proto"] == 91]


def case_up(t):
    """routes both ways"""
    up(t)


def case_made_again(t):
    """what evpnd made comes back when somebody deletes it"""
    for dev in ("vxlan5000", "br5000"):
        was = kernel(t.e1).links()[dev]
        t.e1.ns.run("ip link del " + dev)
        wait_for("%s is made again" % dev, lambda: kernel(t.e1).links().get(dev, was),
                 until=lambda now: now != was)
        up(t)


def case_adopted_again(t):
    """an administrator deletes the L3 VNI's devices, and makes them again in another order"""
    mac = router_mac(t.e3)
    t.e3.ns.batch("ip", ["link del vxlan5000", "link del br5000"])
    routed(t.e1, D, "198.51.3.0/24")
    routed(t.e1, D, host_route(t.b.ip))
    equal(routes(t.e3, D, host_route(t.a.ip)), [], "host route without an L3 VNI")
    t.e3.ns.batch("ip", [
        "link add vxlan5000 type vxlan id 5000 local %s dstport 4789 nolearning" % t.e3.ip,
        "link set vxlan5000 addrgenmode none up",
        "link add br5000 address %s type bridge mcast_snooping 0" % mac,
        "link set br5000 addrgenmode none up",
        "link set vxlan5000 master br5000"])
    up(t)


def case_flap(t):
    """the SVI and the vxlan device go down and come up"""
    for dev in ("br5000", "vxlan5000"):
        t.e3.ns.run("ip link set %s down" % dev)
        routed(t.e1, D, "198.51.3.0/24")
        t.e3.ns.run("ip link set %s up" % dev)
        up(t)


def case_router_mac(t):
    """another router MAC at e3"""
    t.e3.ns.run("ip link set br5000 address 02:ff:00:00:00:99")
    wait_for("e1: router MAC of e3", lambda: rmac(t.e1, D, t.e3.ip),
             until=lambda m: m == "02:ff:00:00:00:99")
    up(t)


def case_another_vni(t):
    """another L3 VNI at run time, and back"""
    t.e1.configure("vrf default", "no vni 5000")
    down(t)
    equal(ours(t.e1), ([], []), "nexthops and routes without an L3 VNI")
    t.e1.configure("vrf default", "vni 5000")
    up(t)


def case_no_vrf(t):
    """no vrf: nothing of it is left; and again"""
    t.e1.configure("no vrf default")
    down(t)
    wait_for("e1: its devices go", lambda: {"br5000", "vxlan5000"} & set(kernel(t.e1).links()),
             until=lambda left: not left)
    wait_for("e1: no nexthops and routes of ours", lambda: ours(t.e1),
             until=lambda got: got == ([], []))
    routed(t.e3, D, host_route(t.a.ip))
    wait_for("e1: the main table is not looked at any more",
             lambda: [r["key"] for r in t.e1.show("evpn kernel")["rows"] if r["kind"] == "route"],
             until=lambda rows: rows == [])
    t.e1.configure("vrf default", "vni 5000", "bridge br5000")
    up(t)


def case_l2_vni(t):
    """a VNI that is an L3 VNI is no L2 VNI"""
    for h in t.leaves:
        vnis = h.show("evpn vni")
        equal(vnis.get("5000", {}).get("type"), "L3", "%s: type of VNI 5000" % h.name)


def case_restart(t):
    """stopped and started: the kernel keeps everything, and the nexthops are the same"""
    before = ours(t.e1)
    expect(before[0] and before[1], "nothing to keep")
    for sig in (signal.SIGTERM, signal.SIGKILL):
        t.e1.stop(sig)
        equal(ours(t.e1), before, "while evpnd is away")
        t.e1.up()
        t.e1.established(t.rr.ip)
        up(t)
        equal(ours(t.e1), before, "after the start")


lab.run()

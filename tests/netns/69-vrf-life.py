#!/usr/bin/env python3
"""VRF devices come and go at run time, made by evpnd and by an administrator."""

from types import SimpleNamespace

import lab
from routed import *
from topo import *

needs = {"vrf"}

RED = Tenant("red", 5001, 1001, evpn=("advertise ipv4 unicast",), v4=("redistribute kernel",))
R110 = Subnet(110, RED, ("10.2.0.0/24", "fd02::/64"))
R120 = Subnet(120, RED, ("10.3.0.0/24", "fd03::/64"))


def setup(l):
    """e1's devices are made by evpnd, e3's by us."""
    net = Underlay(l)
    e1 = start_leaf(evpnd_vtep(l, "e1", 1, net), ["10.99.0.3"], [RED], [R110])
    e3 = start_leaf(evpnd_vtep(l, "e3", 3, net), ["10.99.0.1"], [RED], [R120], style="adopted")
    t = SimpleNamespace(lab=l, e1=e1, e3=e3, leaves=[e1, e3])
    t.a, t.b = Host(l, 11, e1, R110), Host(l, 13, e3, R120)
    stub(e3, RED, "ext", "192.0.2.3/32")
    e3.ns.batch("ip", ["route add 198.51.3.0/24 dev ext table 1001"])
    return t


def up(t, prefix=True, table=1001, own=1001):
    """Everything is as it should be, both ways."""
    for host in (t.a, t.b):
        host.greet()
    here, there = RED.but(table=own), RED.but(table=table)
    for ip in t.b.addresses():
        routed(t.e1, here, host_route(ip), t.e3)
    routed(t.e1, here, "198.51.3.0/24", *[t.e3] if prefix else [])
    for ip in t.a.addresses():
        routed(t.e3, there, host_route(ip), t.e1)
    t.a.reaches(t.b)
    for h in t.leaves:
        h.settled()


def case_up(t):
    """routes both ways"""
    t.e1.established(t.e3.ip)
    up(t)


def case_address(t):
    """an address without a network is announced as connected, one of a network is not"""
    v4 = ("router bgp 65000 vrf red", "address-family ipv4 unicast")
    t.e1.configure(*v4, "redistribute connected")
    t.e1.ns.run("ip addr add 192.0.2.77/32 dev red")
    routed(t.e3, RED, "192.0.2.77/32", t.e1)
    routed(t.e3, RED, "10.2.0.0/24", t.e1)
    equal(t.e1.has("[5]:[0]:[32]:[10.2.0.1]", kind=5), [], "the gateway's address by itself")
    t.e1.ns.run("ip addr del 192.0.2.77/32 dev red")
    routed(t.e3, RED, "192.0.2.77/32")
    t.e1.configure(*v4, "no redistribute connected")
    routed(t.e3, RED, "10.2.0.0/24")


def case_made_again(t):
    """the VRF device that evpnd made is deleted by somebody, and comes back"""
    was = kernel(t.e1).links()["red"]
    t.e1.ns.run("ip link del red")
    wait_for("red is made again", lambda: kernel(t.e1).links().get("red", was),
             until=lambda now: now != was)
    up(t)


def case_adopted_again(t):
    """an administrator makes the VRF anew, with another table"""
    t.e3.ns.run("ip link del red")
    routed(t.e1, RED, "198.51.3.0/24")
    routed(t.e1, RED, host_route(t.b.ip))
    t.e3.ns.batch("ip", ["link add red type vrf table 1009", "link set red up",
                         "link set br120 master red", "link set br5001 master red",
                         "link set ext master red"])
    # an IPv6 address of a device goes with its VRF
    t.e3.ns.batch("ip", ["addr replace %s dev br120 nodad" % g for g in R120.gateways() if ":" in g])
    up(t, prefix=False, table=1009)
    t.e3.ns.batch("ip", ["route add 198.51.3.0/24 dev ext table 1009"])
    up(t, table=1009)


def case_svi_out(t):
    """"vrf" of a VNI is taken back: its SVI leaves the VRF, and its hosts the VRF's routes"""
    index = kernel(t.e1).links()["br110"]["index"]
    t.e1.configure("router bgp 65000", "address-family l2vpn evpn", "vni 110", "no vrf red")
    for ip in t.a.addresses():
        routed(t.e3, RED.but(table=1009), host_route(ip))
    now = kernel(t.e1).links()["br110"]
    equal((now["index"], now["master"]), (index, None), "index and VRF of br110")
    t.e1.configure("router bgp 65000", "address-family l2vpn evpn", "vni 110", "vrf red")
    up(t, table=1009)


def case_no_vrf(t):
    """no vrf: its devices go, and its routes; and again"""
    t.e1.configure("no router bgp 65000 vrf red", "no vrf red")
    wait_for("e1: its devices go",
             lambda: {"red", "br5001", "vxlan5001"} & set(kernel(t.e1).links()),
             until=lambda left: not left)
    wait_for("e1: no nexthops", lambda: kernel(t.e1).nexthops(), until=lambda n: not n)
    for ip in t.a.addresses():
        routed(t.e3, RED.but(table=1009), host_route(ip))
    t.e1.configure("vrf red", "vni 5001", "table 1001")
    up(t, table=1009)


def case_table(t):
    """"table" is changed: the VRF device is made anew, unless somebody's device is in it"""
    ns = t.e1.ns
    t.e1.configure("vrf red", "table 1002")
    up(t, table=1009, own=1002)
    ns.batch("ip", ["link add foreign type dummy", "link set foreign master red up"])
    t.e1.configure("vrf red", "table 1003")
    wait_for("told", lambda: [f["text"] for f in t.e1.show("evpn audit")["findings"]],
             until=lambda texts: any("table 1002, wanted 1003" in x for x in texts))
    t.a.reaches(t.b)
    ns.run("ip link del foreign")
    up(t, table=1009, own=1003)


lab.run()

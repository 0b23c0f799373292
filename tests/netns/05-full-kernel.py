#!/usr/bin/env python3
"""What labs with VRFs, VLANs, dummies and delays take from the kernel: it is there and works."""

import os
import time
from types import SimpleNamespace

import features
import lab
from lab import equal, expect, wait_for

needs = set(features.PROBES)


def setup(l):
    """Two hosts on either side of a switch with VLANs; the same address twice in two VRFs."""
    a, b, sw = l.ns("a"), l.ns("b"), l.ns("sw")
    for side, n in ((a, 1), (b, 2)):
        l.veth(side, "eth0", sw, "port%d" % n)
        for vid in (10, 20):
            dev, vrf = "eth0.%d" % vid, "v%d" % vid
            side.run("ip link add link eth0 name %s type vlan id %d" % (dev, vid))
            side.run("ip link add %s type vrf table %d" % (vrf, vid))
            side.run("ip link set %s master %s" % (dev, vrf))
            side.run("ip addr add 192.0.2.%d/24 dev %s" % (n, dev))
            side.batch("ip", ["link set %s up" % d for d in (vrf, dev)])
    sw.run("ip link add sw0 type bridge vlan_filtering 1 vlan_default_pvid 0 mcast_snooping 0")
    sw.run("ip link set sw0 up")
    for port in ("port1", "port2"):
        sw.run("ip link set %s master sw0" % port)
        sw.run("bridge vlan add dev %s vid 10" % port)
    return SimpleNamespace(a=a, b=b, sw=sw)


def ping(ns, vrf, address="192.0.2.2"):
    return ns.status("ping -n -c 1 -W 1 -I %s %s" % (vrf, address))[0] == 0


def case_vlan_aware(t):
    """a VLAN-aware bridge carries the VLAN that its ports have, and no other"""
    wait_for("VLAN 10", lambda: ping(t.a, "v10"))
    expect(not ping(t.a, "v20"), "VLAN 20 passes a bridge that does not have it")
    for port in ("port1", "port2"):
        t.sw.run("bridge vlan add dev %s vid 20" % port)
    wait_for("VLAN 20", lambda: ping(t.a, "v20"))


def case_vrf(t):
    """a VRF has a table of its own"""
    rows = t.a.json("ip -j route show vrf v10")
    equal([r["dev"] for r in rows], ["eth0.10"], "devices of the routes in v10")
    equal(t.a.json("ip -j route show table main"), [], "main table")


def case_dummy(t):
    """a dummy's prefix is a route of its VRF"""
    t.b.run("ip link add d0 type dummy")
    t.b.run("ip link set d0 master v10 up")
    t.b.run("ip addr add 198.51.100.1/24 dev d0")
    t.a.run("ip route add 198.51.100.0/24 vrf v10 via 192.0.2.2")
    wait_for("ping of the dummy", lambda: ping(t.a, "v10", "198.51.100.1"))


def case_netem(t):
    """netem delays"""
    t.sw.run("tc qdisc add dev port1 root netem delay 300ms")
    start = time.monotonic()
    wait_for("ping with a delay", lambda: ping(t.a, "v10"))
    expect(time.monotonic() - start > 0.3, "no delay")
    t.sw.run("tc qdisc del dev port1 root")


def case_bond(t):
    """a bond takes a port"""
    t.a.run("ip link add bond1 type bond mode active-backup")
    t.a.run("ip link add p0 type veth peer name p1")
    t.a.run("ip link set p0 master bond1")
    equal(t.a.link("p0").get("master"), "bond1", "master of the port")


def case_single_device(t):
    """one vxlan device for all VNIs, with a filter"""
    t.sw.run("ip link add vx type vxlan dstport 4789 external vnifilter")
    t.sw.run("bridge vni add dev vx vni 100")
    rows = t.sw.json("bridge -j vni show dev vx")
    expect("100" in str(rows), "VNI 100 is not in %s" % rows)


def case_no_netfilter(t):
    """bridges do not hand frames to netfilter"""
    path = "/proc/sys/net/bridge/bridge-nf-call-iptables"
    if os.path.exists(path) and os.uname().nodename != "vm":
        raise lab.Skip("not in the VM")
    expect(not os.path.exists(path), "br_netfilter is loaded")


lab.run()

#!/usr/bin/env python3
"""What tools/demo --routed shows: two tenants with the same addresses; README's example."""

import os
import re
import sys

import lab as base
from demo import Show, finish, move
from topo import *

needs = {"vrf"}

# The VNIs of each tenant's two subnets.
TENANTS = {"red": (101, 102), "blue": (201, 202)}
SUBNETS = {1: "10.1.1", 2: "10.1.2"}
OUTSIDE = "203.0.113"


def example():
    """The routed configuration that README shows, for host 10.0.0.1."""
    with open(os.path.join(base.TREE, "README")) as f:
        blocks = re.findall(r"^  vxlan$.*?\n\n", f.read(), re.M | re.S)
    return next(re.sub("^  ", "", b, flags=re.M) for b in blocks if "vrf red" in b)


def config(h, rr, without=()):
    """README's configuration for a host, without some VNIs."""
    text = example().replace("10.0.0.100", rr.ip).replace("10.0.0.1\n", h.ip + "\n")
    for vni in without:
        text = re.sub(r"  vni %d\n.*?exit-vni\n" % vni, "", text, flags=re.S)
    return "hostname %s\n%s" % (h.name, text)


class TenantVm(Vm):
    """A VM of a tenant in one of its subnets, .10 and .20 there, with the gateway as way out."""

    def __init__(self, lab, n, at, tenant, subnet, host):
        vni = TENANTS[tenant][subnet - 1]
        super().__init__(lab, n, at, bridge="br%d" % vni, address=False)
        self.ip, self.ip6 = "%s.%d" % (SUBNETS[subnet], host), "fd00:%x::%x" % (subnet, host)
        self.name = "%s%d" % (tenant, subnet)
        gw = SUBNETS[subnet] + ".1"
        self.ns.run("ip addr add %s/24 dev eth0" % self.ip)
        self.ns.run("ip addr add %s/64 dev eth0 nodad" % self.ip6)
        self.ns.run("ip route add default via %s" % gw)
        self.ns.run("ip -6 route add default via fd00:%x::1" % subnet)


def build(s, l):
    s.title("Two hosts run evpnd, rr runs FRR's bgpd; tenants red and blue use the same addresses")
    net = Underlay(l)
    rr = Frr(l, "rr", 100, net)
    hosts = [EvpndVtep(l, "host%d" % n, n, net) for n in (1, 2)]
    for h in hosts:
        h.quiet()
        h.ns.sysctl("net/ipv4/ip_forward", 1)
        h.ns.sysctl("net/ipv6/conf/all/forwarding", 1)
    rr.start(router(rr, [neighbor(h.ip, client=True) for h in hosts], vtep=False))
    s.say("underlay: host1 %s, host2 %s, rr %s" % (hosts[0].ip, hosts[1].ip, rr.ip))
    s.say("host1 has both subnets of each tenant, host2 only the second")
    hosts[0].start(config(hosts[0], rr))
    hosts[1].start(config(hosts[1], rr, without=(101, 201)))
    s.file(hosts[0], hosts[0].conf)
    s.title("evpnd makes VRFs, bridges, vxlan devices and gateways by itself")
    for h in hosts:
        h.established(rr.ip)
        for vni in (102, 202, 5001, 5002):
            wait_for("%s: br%d" % (h.name, vni), lambda: h.ns.link("br%d" % vni), 60)
        h.settled(60)
    s.run(hosts[0], "ip -brief link")
    s.run(hosts[0], "ip -brief addr show dev br101")
    s.ask(hosts[0], "show evpn vni")
    s.ask(hosts[0], "show vrf vni")
    return rr, hosts


def tenants(s, l, hosts):
    s.title("VMs: one in each subnet of each tenant, and a network outside behind host2, red's")
    vms = {}
    n = 0
    for tenant in TENANTS:
        for subnet, at, host in ((1, hosts[0], 10), (2, hosts[1], 20)):
            n += 1
            vm = TenantVm(l, n, at, tenant, subnet, host)
            vms[vm.name] = vm
            s.say("%s behind %s: %s, %s, MAC %s" % (vm.name, at.name, vm.ip, vm.ip6, vm.mac))
    out = l.ns("outside")
    l.veth(hosts[1].ns, "uplink", out, "eth0")
    hosts[1].ns.run("ip link set uplink addrgenmode none master red up")
    hosts[1].ns.run("ip addr add %s.1/24 dev uplink" % OUTSIDE)
    out.run("ip addr add %s.10/24 dev eth0" % OUTSIDE)
    out.run("ip route add default via %s.1" % OUTSIDE)
    s.say("outside behind host2: %s.10, in VRF red" % OUTSIDE)
    return vms


def pings(s, vms):
    s.title("Within a tenant, from subnet to subnet over the fabric (symmetric IRB)")
    for tenant in TENANTS:
        a, b = vms[tenant + "1"], vms[tenant + "2"]
        a.reaches(b, limit=60)
        for ip in (b.ip, b.ip6):
            s.run(a, "ping -n -c 3 -i 0.2 " + ip)
    s.title("red reaches the network outside by a type 5 route; blue does not")
    target = OUTSIDE + ".10"
    wait_for("red1 reaches " + target, lambda: vms["red1"].ping(target, count=1, wait=1), 60)
    s.run(vms["red1"], "ping -n -c 3 -i 0.2 " + target)
    s.run(vms["blue1"], "ping -n -c 1 -W 1 " + target)
    status, _ = vms["blue1"].ns.status("ping -n -c 1 -W 1 " + target)
    expect(status != 0, "blue reaches red's network")


def tables(s, hosts):
    s.title("What became of it on host1")
    h = hosts[0]
    s.run(h, "ip route show vrf red")
    s.run(h, "ip route show vrf blue")
    for command in ("show bgp l2vpn evpn route type 5", "show evpn rmac vni all",
                    "show evpn next-hops vni all", "show evpn arp-cache vni all"):
        s.ask(h, command)


def moves(s, hosts, vms):
    s.title("red2 moves from host2 to host1 while red1 pings it, and back again")
    gaps = []
    for to in hosts:
        gaps.append(move(s, vms["red2"], to, vms["red1"]))
        if to is hosts[0]:
            s.run(to, "ip route show vrf red")
    for h in hosts:
        h.settled(60)
    return gaps


def show(s, l):
    """The whole demonstration; gives the verdict."""
    rr, hosts = build(s, l)
    vms = tenants(s, l, hosts)
    pings(s, vms)
    tables(s, hosts)
    there, back = moves(s, hosts, vms)
    if "--keep" in sys.argv:
        s.look_around(l, hosts, rr)
    return "works: two tenants routed over IPv4 and IPv6, kept apart; moving a VM cost " \
        "%.0f and %.0f ms" % (there, back)


if __name__ == "__main__":
    finish(show)

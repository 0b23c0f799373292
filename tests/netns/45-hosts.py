#!/usr/bin/env python3
"""
Hosts on a bridge without an address: their addresses are learned by listening to ARP and ND,
advertised, withdrawn with them; a silent host is asked before it is given up.
"""

from types import SimpleNamespace

import lab
import wire
from topo import *
from wire import Capture

AGEING = 5  # seconds


def setup(l):
    if standin():
        raise lab.Skip("FRR does not listen to ARP and ND")
    net = Underlay(l)
    rr = reflector(l, net, ["10.99.0.1", "10.99.0.2"])
    e1 = start_vtep(EvpndVtep(l, "e1", 1, net), [rr.ip], devices=adopted)
    f2 = start_vtep(FrrVtep(l, "f2", 2, net), [rr.ip])
    t = SimpleNamespace(lab=l, rr=rr, e1=e1, f2=f2, vm1=Vm(l, 11, e1), vm2=Vm(l, 12, f2),
                        vm3=Vm(l, 13, e1))
    rr.established(e1.ip, f2.ip)
    e1.flooding(f2.ip)
    return t


def macip(t, vm, ip):
    bits = 128 if ":" in ip else 32
    return t.rr.has("[%s]:[%d]:[%s]" % (vm.mac, bits, ip))


def no_address(t):
    rows = [a for i in t.e1.ns.json("ip -j addr show dev br100") for a in i["addr_info"]]
    equal(rows, [], "addresses of br100")


def case_arp(t):
    """an ARP request makes an IPv4 address known"""
    no_address(t)
    t.vm1.speak()
    wait_for("route", lambda: macip(t, t.vm1, t.vm1.ip))
    row = t.e1.show("evpn arp-cache vni 100")[t.vm1.ip]
    equal((row["type"], row["mac"]), ("local", t.vm1.mac), "arp-cache row")


def case_nd(t):
    """a neighbour solicitation makes an IPv6 address known; link-local ones are left out"""
    t.vm1.ns.status("ping -n -c 1 -W 0.01 fd01::ffff")
    wait_for("route", lambda: macip(t, t.vm1, t.vm1.ip6))
    expect(not t.rr.has("[fe80:"), "link-local addresses advertised: %s" % t.rr.has("[fe80:"))


def case_second_address(t):
    """a second address of the same host is a second route"""
    t.vm1.ns.run("ip addr add 10.1.0.111/24 dev eth0")
    wire.send(t.vm1.ns, "eth0", wire.arp(1, t.vm1.mac, "10.1.0.111"))
    wait_for("route", lambda: macip(t, t.vm1, "10.1.0.111"))
    expect(macip(t, t.vm1, t.vm1.ip), "the first one is gone")


def case_probe_not_learned(t):
    """an ARP probe (sender 0.0.0.0) makes no address known"""
    wire.send(t.vm3.ns, "eth0", wire.arp(1, t.vm3.mac, "0.0.0.0", to_ip="10.1.0.13"))
    wait_for("MAC of vm3", lambda: t.rr.has("[48]:[%s]" % t.vm3.mac))
    expect(not macip(t, t.vm3, "0.0.0.0"), "0.0.0.0 advertised")


def case_used_remotely(t):
    """FRR uses the addresses for suppression"""
    wait_for("f2: neighbour", lambda: t.f2.ns.neigh("br100", t.vm1.ip))
    t.vm2.reaches(t.vm1)


def case_address_moves(t):
    """an address that another host takes over goes with it"""
    ip = "10.1.0.111"
    t.vm1.ns.run("ip addr del %s/24 dev eth0" % ip)
    t.vm3.ns.run("ip addr add %s/24 dev eth0" % ip)
    wire.send(t.vm3.ns, "eth0", wire.arp(1, t.vm3.mac, ip))
    wait_for("route of vm3", lambda: macip(t, t.vm3, ip))
    wait_for("route of vm1 withdrawn", lambda: not macip(t, t.vm1, ip))


def case_port_down(t):
    """a host that goes takes its addresses along"""
    t.e1.ns.run("ip link set %s down" % t.vm1.port)
    wait_for("withdrawn", lambda: not t.rr.has("[%s]" % t.vm1.mac))
    expect(t.vm1.ip not in t.e1.show("evpn arp-cache vni 100"), "still in the arp-cache")
    t.e1.ns.run("ip link set %s up" % t.vm1.port)
    t.vm1.speak()
    wait_for("route", lambda: macip(t, t.vm1, t.vm1.ip))


def case_probed(t):
    """a silent host is probed before its bridge entry ages out, and keeps its routes"""
    t.e1.ns.run("ip link set br100 type bridge ageing_time %d" % (AGEING * 100))
    t.vm1.speak()
    wait_for("route", lambda: macip(t, t.vm1, t.vm1.ip))
    capture = Capture(t.vm1.ns, "eth0")
    first = t.e1.show("evpn mac vni 100")["macs"][t.vm1.mac]
    equal(first["type"], "local", "type")

    def probes():
        return [f for f in capture.frames() if wire.is_arp_request(f) and
                f[6:12] != bytes.fromhex(t.vm1.mac.replace(":", "")) and
                hexip(t.vm1.ip) == f[38:42].hex()]
    wait_for("a probe at vm1", probes, 6 * AGEING)
    wait_for("a second round of probes", lambda: len(probes()), 6 * AGEING, until=lambda n: n >= 2)
    expect(macip(t, t.vm1, t.vm1.ip), "the route was withdrawn though the host answers")
    capture.close()


def case_gone_silently(t):
    """a host that no longer answers is withdrawn"""
    t.vm1.ns.run("ip link set eth0 arp off")
    t.vm1.ns.run("ip addr flush dev eth0")
    wait_for("withdrawn", lambda: not macip(t, t.vm1, t.vm1.ip), 12 * AGEING, every=0.2)
    wait_for("MAC withdrawn", lambda: not t.rr.has("[%s]" % t.vm1.mac), 12 * AGEING, every=0.2)
    t.e1.settled()


def case_neighbour_table(t):
    """a bridge with an address: what the kernel's neighbour table has is advertised, no frame needed"""
    ip, ns = "10.1.0.77", t.e1.ns
    t.vm1.speak()
    wait_for("vm1 is local", lambda: (t.e1.mac(t.vm1.mac) or {}).get("type") == "local")
    ns.run("ip addr add 10.1.0.250/24 dev br100")
    ns.run("ip neigh replace %s lladdr %s dev br100 nud stale" % (ip, t.vm1.mac))
    wait_for("route", lambda: macip(t, t.vm1, ip))
    ns.run("ip neigh del %s dev br100" % ip)
    wait_for("withdrawn, after nobody answered", lambda: not macip(t, t.vm1, ip))
    ns.run("ip addr del 10.1.0.250/24 dev br100")


lab.run()

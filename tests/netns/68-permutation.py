#!/usr/bin/env python3
"""What routing stands on goes and comes back in any order, with the same end: default VRF."""

from types import SimpleNamespace

import lab
from permute import *
from routed import *
from topo import *

D = Tenant("default", 5000, evpn=("advertise ipv4 unicast", "advertise ipv6 unicast"),
           v4=("redistribute kernel",), v6=("redistribute kernel",))
NONE = Tenant("default")
S100 = Subnet(100, D, ("10.1.0.0/24", "fd01::/64"))
S110 = Subnet(110, D, ("10.2.0.0/24", "fd02::/64"))
BGP = ["router bgp 65000", "address-family l2vpn evpn"]
DEVICES = ["br100", "vxlan100", "br5000", "vxlan5000"]
MAC = "02:ff:00:00:00:01"


def adopted_pieces(h):
    """The administrator's devices, and FRR's configuration."""
    out = []
    for vni, mac in ((100, ANYCAST), (5000, MAC)):
        br, vx = "br%d" % vni, "vxlan%d" % vni
        suppress = "on" if vni == 100 else "off"
        out += [device(br, "%s address %s type bridge mcast_snooping 0" % (br, mac),
                       mode="eui64" if vni == 100 else "none"),
                device(vx, "%s type vxlan id %d local %s dstport 4789 nolearning" %
                       (vx, vni, h.ip)),
                port(vx, br, "link set %s type bridge_slave learning off neigh_suppress %s" %
                     (vx, suppress))]
    return out + [address("br100", g) for g in S100.gateways()]


def l3_config(h, *bridge):
    """The L3 VNI, in the words of each."""
    if h.kind == "frr":
        return config("vni 5000", ["vni 5000"], ["no vni 5000"])
    return config("vni 5000", ["vrf default", "vni 5000", *bridge],
                  ["vrf default", "no vni 5000"] + ["no " + b for b in bridge])


def bgp_pieces():
    out = [config("advertise-all-vni", BGP + ["advertise-all-vni"], BGP + ["no advertise-all-vni"])]
    for version in (4, 6):
        unicast = ["router bgp 65000", "address-family ipv%d unicast" % version]
        word = "advertise ipv%d unicast" % version
        out += [config(word, BGP + [word], BGP + ["no " + word]),
                config("redistribute %d" % version, unicast + ["redistribute kernel"],
                       unicast + ["no redistribute kernel"])]
    return out


def made_pieces():
    """evpnd's configuration; it makes the devices."""
    block = BGP + ["vni 100"]
    # the rest of a piece is gone with `no vni 100`, so that it is done again after it
    out = [config("vni 100", block + ["bridge br100"], BGP + ["no vni 100"])]
    for g in S100.gateways():
        out.append(config("gateway " + g, block + ["gateway " + g], block + ["no gateway " + g],
                          "vni 100"))
    # what evpnd heals by itself
    out += [Piece("heal " + d, (), ("link del " + d,), made=True) for d in DEVICES]
    return out


def setup(l):
    net = Underlay(l)
    rr = reflector(l, net, ["10.99.0.%d" % n for n in (1, 2, 3)])
    f2 = start_leaf(FrrVtep(l, "f2", 2, net), [rr.ip], [D], [S100, S110])
    stub(f2, D, "ext", "192.0.2.2/32")
    f2.ns.batch("ip", ["route add 198.51.2.0/24 dev ext", "route add 2001:db8:2::/48 dev ext"])
    t = SimpleNamespace(lab=l, net=net, rr=rr, f2=f2)
    t.a2, t.b2 = Host(l, 12, f2, S100), Host(l, 12, f2, S110)
    return t


def leaf(t, h):
    """An empty leaf: an address, a route of its own, no VRF, no VNI."""
    start_leaf(h, [t.rr.ip], [NONE], [], style="adopted")
    stub(h, D, "ext", "192.0.2.%d/32" % h.n)
    h.ns.batch("ip", ["route add 198.51.%d.0/24 dev ext" % h.n,
                      "route add 2001:db8:%d::/48 dev ext" % h.n])
    h.configure(*BGP, "no advertise-all-vni")
    t.rr.established(h.ip)
    return h


def seen(t, h):
    """The leaf's tables, and what it advertises."""
    out = picture(h, D, DEVICES)
    out["advertised"] = advertised(t.rr, h)
    return out


def whole(t, h, host):
    """Waits until everything is there, in the straight order."""
    host.greet()
    for remote in (t.a2, t.b2):
        remote.greet()
        for ip in remote.addresses():
            routed(h, D, host_route(ip), t.f2)
    routed(h, D, "198.51.2.0/24", t.f2)
    routed(h, D, "2001:db8:2::/48", t.f2)
    for prefix in [host_route(ip) for ip in host.addresses()] + [
            "198.51.%d.0/24" % h.n, "2001:db8:%d::/48" % h.n]:
        routed(t.f2, D, prefix, h)
    host.reaches(t.b2)


def cable(h, host):
    """The host's port, that goes with the bridge."""
    return Piece("cable", ("link set %s master br100" % host.port,),
                 ("link set %s nomaster" % host.port,), ("br100",))


def case_adopted(t):
    """devices of the administrator and FRR's configuration, in any order"""
    h = leaf(t, evpnd_vtep(t.lab, "e1", 1, t.net))
    pieces = adopted_pieces(h)
    build(h, pieces)
    host = Host(t.lab, 11, h, S100)
    more = [cable(h, host), l3_config(h)] + bgp_pieces()
    build(h, pieces + more, [p.name for p in pieces])
    whole(t, h, host)
    return rounds(h, pieces + more, lambda: seen(t, h), host.greet, 10)


def case_made(t):
    """devices that evpnd makes: configuration in any order, devices deleted meanwhile"""
    if standin():
        raise lab.Skip("FRR stands in")
    h = leaf(t, EvpndVtep(t.lab, "e3", 3, t.net))
    h.configure("vxlan", "anycast-mac " + ANYCAST)
    pieces = made_pieces()
    pieces += [l3_config(h, "bridge br5000")] + bgp_pieces()
    build(h, pieces)
    wait_for("br100", lambda: "br100" in kernel(h).links())
    host = Host(t.lab, 13, h, S100)
    t.made = h, pieces, host
    whole(t, h, host)

    def greet():
        wait_for("br100", lambda: "br100" in kernel(h).links())
        h.ns.batch("ip", cable(h, host).do)
        host.greet()
    return rounds(h, pieces, lambda: seen(t, h), greet, 10)


def case_nothing_left(t):
    """what is taken away for good leaves nothing of ours behind"""
    if standin():
        raise lab.Skip("FRR stands in")
    h, pieces, host = t.made
    cable(h, host).run(h, cable(h, host).undo)
    for p in reversed([p for p in pieces if p.config and not p.needs]):
        p.run(h, p.undo)
    wait_for("%s: nothing" % h.name, lambda: {k: v for k, v in picture(h, D, DEVICES).items()
                                              if k != "connected"},
             until=lambda all: not any(v for k, v in all.items() if k != "routes"))
    equal([r for r in routes(h, D) if r["nhid"]], [], "routes")
    wait_for("nothing advertised", lambda: not advertised(t.rr, h))


lab.run()

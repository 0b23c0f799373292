"""
permute - what a leaf stands on, in pieces that can go and come in any order.

A piece is done by lines for `ip` or for the configuration, and undone by others. It needs other
pieces: it goes when they go (a port leaves a bridge that is deleted), and cannot come before them.
A round takes some pieces away and brings them back, both in an order that a seed decides. The end
must be the same as it was in the straight order: picture() has no ifindex and no nexthop id.
"""

import dataclasses
import os
import random
from types import SimpleNamespace

from routed import *
from topo import *

RTPROT_KERNEL = 2


@dataclasses.dataclass(frozen=True)
class Piece:
    name: str
    do: tuple
    undo: tuple
    needs: tuple = ()
    config: bool = False
    made: bool = False  # by evpnd, if it is there at that moment

    def run(self, h, lines):
        if not lines:
            return
        if self.config:
            h.configure(*lines)
        elif self.made:
            h.ns.run(["ip", "-force", "-batch", "-"], input="\n".join(lines) + "\n", ok=(0, 1))
        else:
            h.ns.batch("ip", lines)


def device(name, add, *needs, mode="none"):
    """A network device, up."""
    return Piece(name, ("link add " + add, "link set %s addrgenmode %s up" % (name, mode)),
                 ("link del " + name,), needs)


def port(dev, master, *after):
    """A device in a bridge or a VRF; after: what else is lost with the membership."""
    return Piece("%s in %s" % (dev, master), ("link set %s master %s" % (dev, master),) + after,
                 ("link set %s nomaster" % dev,), (dev, master))


def address(dev, ip):
    return Piece("%s on %s" % (ip, dev), ("addr add %s dev %s" % (ip, dev),),
                 ("addr del %s dev %s" % (ip, dev),), (dev,))


def config(name, do, undo, *needs):
    return Piece(name, tuple(do), tuple(undo), needs, True)


def seed():
    return int(os.environ.get("LAB_SEED", "1"))


def dependents(pieces, gone):
    """Everything that goes with these names."""
    gone = set(gone)
    while True:
        more = {p.name for p in pieces if set(p.needs) & gone} - gone
        if not more:
            return gone
        gone |= more


def build(h, pieces, present=(), rng=None):
    """Brings all pieces that are not present, in the order given or in one of rng's."""
    present, done = set(present), []
    left = [p for p in pieces if p.name not in present]
    while left:
        ready = [p for p in left if set(p.needs) <= present]
        p = rng.choice(ready) if rng else ready[0]
        p.run(h, p.do)
        done.append("+ " + p.name)
        present.add(p.name)
        left.remove(p)
    return done


def tear(h, pieces, rng, count):
    """Takes away some pieces and what hangs on them; gives what is left, and what was done."""
    present, done = {p.name for p in pieces}, []
    for p in rng.sample([p for p in pieces if p.undo], count):
        if p.name in present:
            p.run(h, p.undo)
            done.append("- " + p.name)
            present -= dependents(pieces, [p.name])
    return present, done


def picture(h, tenant, devices, addresses=True):
    """What the kernel of a leaf has, in words that do not change when devices are made again."""
    k = kernel(h).all()
    ids = {i: "%s %s" % (r["via"], r["dev"]) for i, r in k.nexthops.items()}

    def hop(r):
        if not r["nhid"]:
            return r["hops"]
        members = k.nexthops[r["nhid"]]["members"]
        return sorted(ids[i] for i, _ in members) or ids[r["nhid"]]
    out = {
        "links": {n: (r["kind"], r["master"], r["kind"] == "bridge" and r["mac"],
                      r["up"]) for n, r in k.links.items()
                  if n in devices},
        "routes": {(r["dst"], r["proto"], r["metric"], str(hop(r))) for r in routes(h, tenant)},
        "connected": {(r["dst"], str(r["hops"])) for r in k.routes
                      if r["table"] == tenant.table and r["proto"] == RTPROT_KERNEL and
                      r["hops"][0][1] in devices and not r["dst"].startswith(("ff", "fe80"))},
        "neighbours": {(r["dev"], r["ip"], r["mac"], r["state"]) for r in k.neighbours
                       if r["extern"]},
        "entries": {(r["dev"], r["mac"], r["dst"], r["master"]) for r in k.fdb
                    if r["extern"] or r["mac"] == "00:00:00:00:00:00"},
        "nexthops": sorted(ids[i] for i, r in k.nexthops.items() if not r["members"]),
    }
    if addresses:
        out["addresses"] = {(r["dev"], r["ip"]) for r in k.addresses if r["dev"] in devices and
                            not r["ip"].startswith("fe80")}
    return out


def advertised(rr, h):
    """What a leaf advertises, at the reflector: prefixes with their communities."""
    out = set()
    for kind in (2, 3, 5):
        for (_, prefix), paths in rr.routes(kind).items():
            if paths[0]["nexthops"][0]["ip"] == vtep(h):
                text = paths[0].get("extendedCommunity", {}).get("string", "")
                words = sorted(w for w in text.split() if not w.startswith("MM:"))
                out.add((prefix, " ".join(words)))
    return out


def differs(wanted, have):
    """The first things that are different, in words."""
    out = []
    for what in wanted:
        a, b = wanted[what], have[what]
        if a == b:
            continue
        if isinstance(a, dict):
            a, b = set(a.items()), set(b.items())
        out.append("%s: missing %s, too many %s" % (
            what, sorted(map(str, set(a) - set(b)))[:4], sorted(map(str, set(b) - set(a)))[:4]))
    return "; ".join(out)


def rounds(h, pieces, look, greet, count, most=5, limit=30):
    """
    Takes away and brings back, count times; look() has to see the same as at the beginning.
    greet() makes the local hosts say themselves again.
    """
    wanted = wait_for("a picture", look)
    count = int(os.environ.get("LAB_ROUNDS", count))
    for n in range(count):
        number = seed() * 1000 + n
        rng = random.Random(number)
        present, done = tear(h, pieces, rng, rng.randint(1, min(most, len(pieces))))
        done += build(h, pieces, present, rng)
        try:
            greet()
            wait_for("the same", lambda: differs(wanted, look()), limit, until=lambda d: not d,
                     every=0.1)
        except Failure as e:
            raise Failure("LAB_SEED=%d, round %d (%s): %s" %
                          (seed(), n, ", ".join(done), e)) from None
    return "%d rounds" % count


# A leaf that routes, in pieces. Its neighbour f2, FRR, does not change.

MAC = "02:ff:00:00:00:01"
BGP = ["router bgp 65000", "address-family l2vpn evpn"]


def fabric(lab, tenant, near, far):
    """A reflector, and f2 with both subnets, a host in each, and two prefixes."""
    net = Underlay(lab)
    rr = reflector(lab, net, ["10.99.0.%d" % n for n in (1, 2, 3)])
    f2 = start_leaf(FrrVtep(lab, "f2", 2, net), [rr.ip], [tenant], [near, far])
    stub(f2, tenant, "ext", "192.0.2.2/32")
    in_vrf = "" if tenant.default else " vrf " + tenant.name
    f2.ns.batch("ip", ["route add %s dev ext%s" % (p, in_vrf) for p in prefixes_of(f2)])
    return SimpleNamespace(lab=lab, net=net, rr=rr, f2=f2, tenant=tenant, near=near,
                           hosts=[Host(lab, 12, f2, near), Host(lab, 12, f2, far)],
                           devices=["br%d" % near.vni, "vxlan%d" % near.vni, "br%d" % tenant.l3,
                                    "vxlan%d" % tenant.l3])


def prefixes_of(h):
    return "198.51.%d.0/24" % h.n, "2001:db8:%d::/48" % h.n


def empty_leaf(t, h):
    """A leaf without VRF and VNI; with a device for a network behind it."""
    nothing = Tenant("default")
    start_leaf(h, [t.rr.ip], [nothing], [], style="adopted")
    stub(h, nothing, "ext", "192.0.2.%d/32" % h.n)
    if t.tenant.default:
        h.ns.batch("ip", ["route add %s dev ext" % p for p in prefixes_of(h)])
    h.configure(*BGP, "no advertise-all-vni")
    t.rr.established(h.ip)
    return h


def network(t, h):
    """The network behind a leaf, in the tenant's VRF."""
    name = t.tenant.name
    return Piece("ext in VRF", ("link set ext master " + name,) + tuple(
        "route replace %s dev ext vrf %s" % (p, name) for p in prefixes_of(h)),
        ("link set ext nomaster",), (name,))


def adopted_pieces(t, h):
    """The administrator's devices, and FRR's configuration."""
    out, vrf = [], []
    if not t.tenant.default:
        vrf = [t.tenant.name]
        out.append(device(vrf[0], "%s type vrf table %d" % (vrf[0], t.tenant.table)))
        out.append(network(t, h))
    for vni, mac in ((t.near.vni, ANYCAST), (t.tenant.l3, MAC)):
        br, vx = "br%d" % vni, "vxlan%d" % vni
        suppress = "on" if mac == ANYCAST else "off"
        out += [device(br, "%s address %s type bridge mcast_snooping 0" % (br, mac),
                       mode="eui64" if mac == ANYCAST else "none"),
                device(vx, "%s type vxlan id %d local %s dstport 4789 nolearning" %
                       (vx, vni, h.ip)),
                port(vx, br, "link set %s type bridge_slave learning off neigh_suppress %s" %
                     (vx, suppress))]
        out += [port(br, name) for name in vrf]
    br = t.near.bridge
    # with the VRF a device loses its IPv6 addresses
    return out + [Piece("%s on %s" % (g, br), ("addr replace %s dev %s" % (g, br),),
                        ("addr del %s dev %s" % (g, br),), ("%s in %s" % (br, vrf[0]) if vrf
                                                            else br,))
                  for g in t.near.gateways()]


def made_pieces(t):
    """evpnd's configuration; it makes the devices."""
    block = BGP + ["vni %d" % t.near.vni]
    name = "vni %d" % t.near.vni
    out = [config(name, block + ["bridge " + t.near.bridge], BGP + ["no " + name])]
    lines = ["gateway " + g for g in t.near.gateways()]
    healed = list(t.devices)
    if not t.tenant.default:
        vrf = ["vrf " + t.tenant.name]
        lines += vrf
        healed.append(t.tenant.name)
        table = "table %d" % t.tenant.table
        out.append(config(table, vrf + [table], vrf + ["no " + table]))
    out += [config(x, block + [x], block + ["no " + x], name) for x in lines]
    return out + [Piece("heal " + d, (), ("link del " + d,), made=True) for d in healed]


def l3_piece(t, h, made=False):
    """The L3 VNI, in the words of each."""
    vni, vrf = "vni %d" % t.tenant.l3, ["vrf " + t.tenant.name]
    if h.kind == "frr" and t.tenant.default:
        return config(vni, [vni], ["no " + vni])
    bridge = ["bridge br%d" % t.tenant.l3] if made and t.tenant.default else []
    return config("L3 " + vni, vrf + [vni] + bridge,
                  vrf + ["no " + vni] + ["no " + b for b in bridge])


def bgp_pieces(t):
    out = [config("advertise-all-vni", BGP + ["advertise-all-vni"], BGP + ["no advertise-all-vni"])]
    top = ["router bgp 65000" + ("" if t.tenant.default else " vrf " + t.tenant.name)]
    needs = []
    if not t.tenant.default:
        needs = [top[0]]
        out.append(config(top[0], top, ["no " + top[0]]))
    evpn = top + ["address-family l2vpn evpn"]
    for version in (4, 6):
        unicast = top + ["address-family ipv%d unicast" % version]
        word = "advertise ipv%d unicast" % version
        out += [config(word, evpn + [word], evpn + ["no " + word], *needs),
                config("redistribute %d" % version, unicast + ["redistribute kernel"],
                       unicast + ["no redistribute kernel"], *needs)]
    return out


def cable(h, host):
    """The host's port, that goes with the bridge."""
    return Piece("cable", ("link set %s master %s" % (host.port, host.bridge),),
                 ("link set %s nomaster" % host.port,), (host.bridge,))


def seen(t, h):
    """The leaf's tables, and what it advertises."""
    out = picture(h, t.tenant, t.devices)
    out["advertised"] = advertised(t.rr, h)
    return out


def whole(t, h, host):
    """Waits until everything is there, in the straight order."""
    host.greet()
    for remote in t.hosts:
        remote.greet()
        for ip in remote.addresses():
            routed(h, t.tenant, host_route(ip), t.f2)
    for prefix in prefixes_of(t.f2):
        routed(h, t.tenant, prefix, t.f2)
    for prefix in [host_route(ip) for ip in host.addresses()] + list(prefixes_of(h)):
        routed(t.f2, t.tenant, prefix, h)
    host.reaches(t.hosts[1])


def permute_adopted(t, h, count):
    """Devices of the administrator and FRR's configuration."""
    empty_leaf(t, h)
    pieces = adopted_pieces(t, h)
    build(h, pieces)
    host = Host(t.lab, 10 + h.n, h, t.near)
    pieces += [cable(h, host), l3_piece(t, h)] + bgp_pieces(t)
    build(h, pieces, [p.name for p in adopted_pieces(t, h)])
    whole(t, h, host)
    return rounds(h, pieces, lambda: seen(t, h), host.greet, count)


def permute_made(t, h, count):
    """Devices that evpnd makes. At the end all is taken away, and nothing of ours is left."""
    empty_leaf(t, h)
    h.configure("vxlan", "anycast-mac " + ANYCAST)
    pieces = made_pieces(t) + [l3_piece(t, h, made=True)] + bgp_pieces(t)
    build(h, pieces)
    there = {t.near.bridge} | ({t.tenant.name} - {"default"})
    wait_for("%s: %s" % (h.name, there), lambda: there <= set(kernel(h).links()))
    host = Host(t.lab, 10 + h.n, h, t.near)

    def greet():
        wait_for("%s: %s" % (h.name, there), lambda: there <= set(kernel(h).links()))
        h.ns.batch("ip", cable(h, host).do + (() if t.tenant.default else network(t, h).do))
        host.greet()
    greet()
    whole(t, h, host)
    note = rounds(h, pieces, lambda: seen(t, h), greet, count)
    h.ns.batch("ip", cable(h, host).undo)
    if not t.tenant.default:
        h.ns.batch("ip", network(t, h).undo)
    for p in reversed([p for p in pieces if p.config and not p.needs]):
        p.run(h, p.undo)
    wait_for("%s: nothing" % h.name, lambda: {
        k: v for k, v in picture(h, t.tenant, t.devices + [t.tenant.name]).items()
        if k not in ("connected", "routes")}, until=lambda all: not any(all.values()))
    equal([r for r in routes(h, t.tenant) if r["nhid"]], [], "routes")
    wait_for("nothing advertised", lambda: not advertised(t.rr, h))
    return note


__all__ = ["fabric", "permute_adopted", "permute_made"]

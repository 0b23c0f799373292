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

from lab import Failure, wait_for
from routed import kernel, routes, vtep

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
    """Takes away some pieces and what hangs on them; gives what is still there, and what was done."""
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


__all__ = ["Piece", "address", "advertised", "build", "config", "device", "differs", "dependents",
           "picture", "port", "rounds", "seed", "tear"]

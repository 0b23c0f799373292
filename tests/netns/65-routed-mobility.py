#!/usr/bin/env python3
"""A host that is routed to moves between evpnd and FRR; a third leaf, without its VNI, follows."""

from types import SimpleNamespace

import lab
from routed import *
from topo import *
from wire import Pinger

D = Tenant("default", 5000)
S100 = Subnet(100, D, ("10.1.0.0/24", "fd01::/64"))
S110 = Subnet(110, D, ("10.2.0.0/24", "fd02::/64"))


def setup(l):
    net = Underlay(l)
    rr = reflector(l, net, ["10.99.0.%d" % n for n in (1, 2, 3)])
    e1 = start_leaf(evpnd_vtep(l, "e1", 1, net), [rr.ip], [D], [S100])
    f2 = start_leaf(FrrVtep(l, "f2", 2, net), [rr.ip], [D], [S100])
    e3 = start_leaf(evpnd_vtep(l, "e3", 3, net), [rr.ip], [D], [S110])
    t = SimpleNamespace(lab=l, rr=rr, e1=e1, f2=f2, e3=e3, leaves=[e1, f2, e3])
    t.vm, t.a1, t.a2 = Host(l, 10, e1, S100), Host(l, 11, e1, S100), Host(l, 12, f2, S100)
    t.b3 = Host(l, 13, e3, S110)
    rr.established(*[h.ip for h in t.leaves])
    for host in (t.vm, t.a1, t.a2, t.b3):
        host.greet()
    mesh([t.vm, t.a1, t.a2, t.b3])
    return t


def advertised(t):
    """Who advertises the host's address, and with which sequence."""
    out = []
    for key, paths in t.rr.routes(2).items():
        if "[%s]" % t.vm.mac in key[1] and "[32]:[%s]" % t.vm.ip in key[1]:
            text = paths[0]["extendedCommunity"]["string"]
            seq = [int(w[3:].rstrip(",")) for w in text.split() if w.startswith("MM:")]
            out.append((paths[0]["nexthops"][0]["ip"], seq[0] if seq else 0))
    return out


def case_before(t):
    """the third leaf and the other one have host routes"""
    for leaf in (t.f2, t.e3):
        for ip in t.vm.addresses():
            routed(leaf, D, host_route(ip), t.e1)


def move(t, to):
    """
    Moves the host while two others ping it. Says how long they waited. The sequence is higher only
    where the host is heard before its old place has taken its route back.
    """
    source = t.vm.at
    pings = [Pinger(h, ip, interval=0.01) for h, ip in
             ((t.b3, t.vm.ip), (t.b3, t.vm.ip6), (t.a1, t.vm.ip))]
    for p in pings:
        p.more(20)
    t.vm.move(to)
    announce(t.vm)
    for p in pings:
        p.more(30, limit=40)
    t.vm.greet()
    gaps = [p.end()[0] for p in pings]
    for leaf in t.leaves:
        for ip in t.vm.addresses():
            routed(leaf, D, host_route(ip), *([] if leaf is to else [to]))
    wait_for("only %s advertises it" % to.name, lambda: advertised(t),
             until=lambda rows: [ip for ip, seq in rows] == [to.ip])
    wait_for("%s: no neighbour left" % source.name, lambda: not [
        r for r in kernel(source).neighbours("br100") if r["ip"] == t.vm.ip and not r["extern"]])
    mesh([t.vm, t.a1, t.a2, t.b3])
    text = "from another subnet %.0f ms, IPv6 %.0f ms; from its own %.0f ms" % tuple(gaps)
    # FRR notices an address only when the host talks to the gateway
    expect(to.kind == "frr" or max(gaps) < 1500 * lab.slow(), text)
    return text


def case_to_frr(t):
    """from evpnd to FRR"""
    return move(t, t.f2)


def case_to_evpnd(t):
    """from FRR to evpnd"""
    return move(t, t.e1)


def case_again(t):
    """and both ways once more"""
    return move(t, t.f2) + " | " + move(t, t.e1)


def case_settled(t):
    """show evpn kernel differing is empty"""
    if standin():
        raise lab.Skip("FRR stands in")
    t.e1.settled()
    t.e3.settled()


lab.run()

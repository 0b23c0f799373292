#!/usr/bin/env python3
"""Sticky MACs, ties, duplicates: evpnd and FRR behind FRR's reflector."""

import time
from types import SimpleNamespace

import lab
from topo import *

M = "02:aa:00:00:00:01"


def setup(l):
    net = Underlay(l)
    rr = reflector(l, net, ["10.99.0.1", "10.99.0.2", "10.99.0.3"])
    e1 = start_vtep(evpnd_vtep(l, "e1", 1, net), [rr.ip])
    f2 = start_vtep(FrrVtep(l, "f2", 2, net), [rr.ip])
    e3 = start_vtep(evpnd_vtep(l, "e3", 3, net), [rr.ip])
    vms = [Vm(l, 10 + h.n, h) for h in (e1, f2, e3)]
    rr.established(e1.ip, f2.ip, e3.ip)
    for h in (e1, f2, e3):
        h.flooding(*[o.ip for o in (e1, f2, e3) if o is not h])
    return SimpleNamespace(lab=l, rr=rr, e1=e1, f2=f2, e3=e3, vms=vms)


def communities(t, mac, ip):
    """The extended communities under which a VTEP advertises a MAC at the reflector."""
    keys = [k for k in t.rr.has("[48]:[%s]" % mac) if k[0].startswith(ip + ":")]
    return t.rr.routes(2)[keys[0]][0]["extendedCommunity"]["string"]


def case_sticky(t):
    """a sticky MAC on an access port is advertised sticky, and FRR sees it so"""
    t.e1.ns.run("bridge fdb replace %s dev p11 master static sticky" % M)
    text = wait_for("route of " + M, lambda: communities(t, M, t.e1.ip))
    expect("sticky" in text, "communities: " + text)
    wait_for("f2: %s" % M, lambda: t.f2.remote(M, t.e1.ip))
    row = [r for r in t.f2.ns.fdb("vxlan100", M) if "master" in r][0]
    expect("sticky" in row.get("flags", []) or row.get("state") == "static" or "sticky" in row,
           "FRR made no sticky entry: %s" % row)


def case_sticky_holds(t):
    """a frame with a sticky MAC's address elsewhere moves nothing"""
    wait_for("e3: " + M, lambda: t.e3.remote(M, t.e1.ip))
    t.vms[2].shout(M)
    t.vms[1].shout(M)
    t.vms[2].reaches(t.vms[0])
    expect("sticky" in communities(t, M, t.e1.ip), "e1 no longer advertises it sticky")
    wait_for("e3: still behind e1", lambda: t.e3.remote(M, t.e1.ip))
    t.e1.ns.run("bridge fdb del %s dev p11 master" % M)
    wait_for("withdrawn", lambda: not t.rr.has("[%s]" % M))


def case_remote_sticky(t):
    """FRR's sticky MAC is taken over as sticky"""
    mac = "02:aa:00:00:00:02"
    t.f2.ns.run("bridge fdb replace %s dev p12 master static sticky" % mac)
    wait_for("e1: " + mac, lambda: t.e1.remote(mac, t.f2.ip))
    t.vms[0].shout(mac)
    t.vms[0].reaches(t.vms[2])
    wait_for("e1: still remote", lambda: t.e1.remote(mac, t.f2.ip))
    keys = [k for k in t.rr.has("[48]:[%s]" % mac) if k[0].startswith(t.e1.ip + ":")]
    expect(not keys, "e1 advertises a MAC that is sticky elsewhere")
    t.f2.ns.run("bridge fdb del %s dev p12 master" % mac)
    wait_for("withdrawn", lambda: not t.rr.has("[%s]" % mac))


def case_tie(t):
    """a MAC seen in two places at once settles at one, the same everywhere"""
    mac = "02:aa:00:00:00:03"
    t.vms[0].shout(mac)
    t.vms[2].shout(mac)

    def owners():
        out = {}
        for h in (t.e1, t.f2, t.e3):
            row = h.mac(mac)
            out[h.name] = h.ip if row["type"] == "local" else row["remoteVtep"]
        return out
    wait_for("one owner", owners, until=lambda o: len(set(o.values())) == 1)


def duplicate(h, mac):
    return (h.mac(mac) or {}).get("isDuplicate") is True


def flap(t, mac):
    """Until both sides have seen the MAC move often enough: frames from two VMs in turn."""
    def found():
        return duplicate(t.e1, mac) or duplicate(t.e3, mac)

    def kind(h):
        return (h.mac(mac) or {}).get("type")
    t.vms[0].shout(mac)
    wait_for("e1: local", lambda: kind(t.e1) == "local")
    for _ in range(10):
        for vm, h in ((t.vms[2], t.e3), (t.vms[0], t.e1)):
            # A frame before the news of the last move would only refresh what is there.
            wait_for("%s: remote" % h.name, lambda: kind(h) == "remote" or found())
            vm.shout(mac)
            wait_for("%s: local" % h.name, lambda: kind(h) == "local" or found())
            if found():
                return
    raise Failure("twenty moves and no duplicate")


def case_duplicate(t):
    """five moves in 180 s are a duplicate address: shown, and cleared by command"""
    mac = "02:aa:00:00:00:04"
    flap(t, mac)
    h = t.e1 if duplicate(t.e1, mac) else t.e3
    doc = h.show("evpn mac vni 100 duplicate")
    expect(mac in str(doc), "not in `show evpn mac vni 100 duplicate`: %s" % str(doc)[:200])
    h.text("clear evpn dup-addr vni 100 mac " + mac)
    wait_for("cleared", lambda: h.mac(mac).get("isDuplicate") is not True)


def case_freeze(t):
    """with freeze, a duplicate address no longer moves until it is cleared"""
    if standin():
        raise lab.Skip("FRR stands in")
    mac = "02:aa:00:00:00:05"
    for h in (t.e1, t.e3):
        h.configure("router bgp 65000", "address-family l2vpn evpn",
                    "dup-addr-detection freeze permanent")
    flap(t, mac)
    h = t.e1 if duplicate(t.e1, mac) else t.e3
    expect(duplicate(h, mac), "not frozen")
    h.text("clear evpn dup-addr vni all")
    wait_for("cleared", lambda: h.mac(mac).get("isDuplicate") is not True)


def case_freeze_time(t):
    """with a freeze time, a duplicate address moves again when it is over"""
    if standin():
        raise lab.Skip("FRR stands in")
    mac = "02:aa:00:00:00:06"
    for h in (t.e1, t.e3):
        h.configure("router bgp 65000", "address-family l2vpn evpn",
                    "dup-addr-detection freeze 30")
    flap(t, mac)
    h, other = (t.e1, t.vms[2]) if duplicate(t.e1, mac) else (t.e3, t.vms[0])
    began = time.monotonic()
    wait_for("%s: thawed" % h.name, lambda: not duplicate(h, mac), 60)
    took = time.monotonic() - began
    expect(took > 20, "after %.0f s already" % took)
    other.shout(mac)
    wait_for("it moves again", lambda: (h.mac(mac) or {}).get("type") == "remote")
    return "%.0f s" % took


def case_settled(t):
    """show evpn kernel differing is empty"""
    if standin():
        raise lab.Skip("FRR stands in")
    t.e1.settled()
    t.e3.settled()


lab.run()

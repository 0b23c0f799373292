#!/usr/bin/env python3
"""What a VM may not do: floods of MACs and addresses, the gateway's MAC or address claimed."""

import shlex
from types import SimpleNamespace

import lab
import speaker as bgp
import wire
from topo import *

FAMILY = ("router bgp 65000", "address-family l2vpn evpn")
GATEWAY, SHARED = "10.1.0.1", "00:00:5e:00:01:01"


def setup(l):
    """h1 has the gateway, a bad VM (11) and a good one (12); h2 another good one (13)."""
    if standin():
        raise lab.Skip("FRR stands in")
    net = Underlay(l)
    h1, h2 = EvpndVtep(l, "h1", 1, net), EvpndVtep(l, "h2", 2, net)
    start_vtep(h1, [h2.ip])
    start_vtep(h2, [h1.ip])
    h1.established(h2.ip)
    h1.configure(*FAMILY, "vni 100", "gateway %s/24 mac %s" % (GATEWAY, SHARED))
    t = SimpleNamespace(lab=l, net=net, h1=h1, h2=h2, bad=Vm(l, 11, h1), good=Vm(l, 12, h1), far=Vm(l, 13, h2))
    t.good.reaches(t.far)
    t.bad.reaches(t.far)
    return t


def findings(h, what):
    return [f for f in h.show("evpn audit")["findings"] if f["what"] == what]


def local(h, kind):
    """Local MACs, or their addresses, of VNI 100."""
    if kind == "mac":
        rows = h.show("evpn mac vni 100")["macs"]
    else:
        rows = {k: v for k, v in h.show("evpn arp-cache vni 100").items() if isinstance(v, dict)}
    return sorted(k for k, v in rows.items() if v["type"] == "local")


def told(h, words):
    return h.proc.text().count(words)


def events(h, name):
    return [e for e in h.show("evpn history vni 100")["events"] if e["event"] == name]


def good(t):
    """The good VM is as it was: known, advertised, reached."""
    expect(t.good.mac in local(t.h1, "mac"), "the good VM is not known")
    expect(t.h2.remote(t.good.mac, t.h1.ip), "the good VM is not advertised")
    t.good.ping(t.far.ip)


def mac(n):
    return "02:66:00:00:%02x:%02x" % (n // 256, n % 256)


def flood(t, kind, n=1000):
    frames = [wire.broadcast(mac(i)) if kind == "mac" else
              wire.arp(1, t.bad.mac, "10.1.%d.%d" % (1 + i // 250, 1 + i % 250), to_ip="10.1.0.254")
              for i in range(n)]
    wire.send(t.bad.ns, "eth0", *frames)


def limited(t, kind, word, event):
    """A flood fills the port and no more; it is told; with room it is over."""
    h, port = t.h1, "port p11"
    h.configure(*FAMILY, "vni 100", "%s 60 port 20" % word)
    flood(t, kind)
    wait_for("the limit is told", lambda: findings(h, word))
    equal(len([m for m in local(h, kind) if m not in (t.good.mac, t.good.ip, t.good.ip6)]), 20,
          "of the bad VM's port")
    good(t)
    expect(t.bad.mac in local(h, "mac"), "who was known is not any more")
    flood(t, kind)
    equal((told(h, "%s: %s 20 reached" % (port, word)), len(events(h, event))), (1, 1), "told")
    f = findings(h, word)
    equal((len(f), f[0]["interface"]), (1, "p11"), "findings")
    # The audit's command makes room; what the kernel knows comes in at once.
    status, out = h.shell(*[w for w in shlex.split(f[0]["command"])[1:] if w != "-c"])
    equal(status, 0, out)
    wait_for("more are known", lambda: len(local(h, kind)) > 30 or flood(t, kind))
    return h


def over(t, word, kind):
    """The rest of it goes."""
    t.h1.ns.run("ip link set p11 down")
    t.h1.ns.run("ip link set p11 up")
    wait_for("the bad VM's hosts go", lambda: len(local(t.h1, kind)), 30, until=lambda n: n < 10)
    wait_for("nothing is wrong", lambda: findings(t.h1, word) == [])
    t.h1.configure(*FAMILY, "vni 100", "no " + word)
    t.bad.reaches(t.far)


def case_macs(t):
    """a flood of MACs: the port's room is filled, others are unharmed, and it heals"""
    limited(t, "mac", "mac-limit", "MAC limit reached")
    over(t, "mac-limit", "mac")


def case_addresses(t):
    """a flood of addresses by ARP: the same"""
    limited(t, "ip", "host-limit", "host limit reached")
    over(t, "host-limit", "ip")


def case_vni(t):
    """the VNI's own limit"""
    t.h1.configure(*FAMILY, "vni 100", "mac-limit 10 port 100")
    flood(t, "mac", 50)
    wait_for("told", lambda: [f.get("interface") for f in findings(t.h1, "mac-limit")],
             until=lambda i: i == [None])
    equal(len(local(t.h1, "mac")), 10, "MACs")
    equal(told(t.h1, "vni 100: mac-limit 10 reached"), 1, "told")
    good(t)
    over(t, "mac-limit", "mac")


def case_gateway_here(t):
    """a VM says that it is the gateway: not believed, told once"""
    def spoof():
        # After a flood the port is not looked at for the rest of the second.
        wire.send(t.bad.ns, "eth0", wire.arp(2, t.bad.mac, GATEWAY, to_ip=GATEWAY),
                  wire.arp(2, SHARED, "10.1.0.77", to_ip="10.1.0.77"))
        return len(findings(t.h1, "spoofed-gateway"))
    wait_for("told", spoof, until=lambda n: n == 2)
    spoof()
    equal((told(t.h1, "claims to be a gateway"), len(events(t.h1, "gateway spoofed"))), (2, 2), "told")
    expect(GATEWAY not in local(t.h1, "ip"), "the gateway is a host")
    equal(t.h2.ns.neigh("br100", GATEWAY), [], "at h2")
    equal([k for k in t.h2.routes(2) if "[%s]" % GATEWAY in k[1]], [], "routes")
    equal(t.h1.ns.link("br100")["address"], SHARED, "the gateway's MAC")
    good(t)


def case_gateway_there(t):
    """another VTEP says it of a host: not programmed, told"""
    wire.send(t.far.ns, "eth0", wire.arp(1, t.far.mac, GATEWAY, to_ip="10.1.0.254"))
    wait_for("the route", lambda: [k for k in t.h1.routes(2) if "[%s]" % GATEWAY in k[1]])
    f = wait_for("told", lambda: [f for f in findings(t.h1, "spoofed-gateway") if t.h2.ip in f["text"]])
    equal(len(f), 1, "findings")
    equal(told(t.h1, "VTEP %s: %s with %s claims" % (t.h2.ip, t.far.mac, GATEWAY)), 1, "told")
    equal(t.h1.ns.neigh("br100", GATEWAY), [], "neighbour")
    t.good.forget()
    t.good.ping(GATEWAY)
    good(t)
    t.h1.settled()


def case_routes(t):
    """a peer sends more routes than bgp rib-limit has room for: told, refused, asked for again"""
    n = Node(t.lab, "n9", 9, t.net)
    t.h1.configure("router bgp 65000", "bgp rib-limit 1", "neighbor %s remote-as 65000" % n.ip,
                   "neighbor %s passive" % n.ip, "address-family l2vpn evpn",
                   "neighbor %s activate" % n.ip)
    raw = bgp.Raw(n, t.h1.ip)
    rd = bgp.rd(n.ip, 1)
    routes = [bgp.type2(rd, mac(i), ip="10.%d.%d.%d" % (64 + i // 65536, i // 256 % 256, i % 256))
              for i in range(12000)]
    parts = [routes[i:i + 50] for i in range(0, len(routes), 50)]
    for p in parts:
        raw.send(bgp.update(bgp.common(), bgp.reach(n.ip, *p)))
    raw.end_of_rib()
    f = wait_for("told", lambda: findings(t.h1, "rib-limit"))
    wait_for("all are read", lambda: "End-of-RIB received" in t.h1.proc.text().split(n.ip)[-1])
    kept = t.h1.peers()[n.ip]["pfxRcd"]
    expect(1000 < kept < 11000, "%d routes are kept" % kept)
    equal(told(t.h1, "rib-limit 1 MiB: new ones are not kept"), 1, "told")
    expect("bgp rib-limit 2" in f[0]["command"], f[0]["command"])
    good(t)
    for p in parts[:len(parts) // 2]:
        raw.send(bgp.update(bgp.unreach(*p)))
    raw.until(5)  # ROUTE-REFRESH: there is room again
    wait_for("no finding", lambda: findings(t.h1, "rib-limit") == [])
    raw.send(bgp.update(bgp.common(), bgp.reach(n.ip, *routes[-50:])))
    wait_for("they are kept", lambda: t.h1.has("[%s]" % mac(11999)))
    raw.close()
    good(t)


lab.run()

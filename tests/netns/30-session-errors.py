#!/usr/bin/env python3
"""
What goes wrong between neighbors, and what `show bgp neighbors` says then: e1 is evpnd, every
fN an FRR with one thing different.
"""

import signal
from types import SimpleNamespace

import lab
from topo import *

ME = 65001


def setup(l):
    net = Underlay(l)
    e1 = evpnd_speaker(l, "e1", 1, net)

    def frr(n, mine=None, asn=None, extra=()):
        f = Frr(l, "f%d" % n, n, net)
        f.start(router(f, [neighbor(e1.ip, mine or ME, extra=extra)], asn=asn or 65000 + n,
                       vtep=False))
        return f
    ip = ["10.99.0.%d" % n for n in range(12)]
    frrs = {2: frr(2, extra=["password secret"]), 3: frr(3, extra=["password other"]),
            4: frr(4, extra=["ttl-security hops 1"]), 5: frr(5), 6: frr(6, asn=65066),
            7: frr(7, mine=65099), 8: frr(8, asn=ME), 9: frr(9)}
    e1.start(router(e1, [
        neighbor(ip[2], 65002, extra=["password secret"]),
        neighbor(ip[3], 65003, extra=["password secret"]),
        neighbor(ip[4], 65004, extra=["ttl-security hops 1"]),
        neighbor(ip[5], 65005, extra=["ttl-security hops 1"]),
        neighbor(ip[6], 65006), neighbor(ip[7], 65007), neighbor(ip[8], "internal"),
    ], asn=ME, vtep=False, top=["neighbor DYN peer-group", "neighbor DYN remote-as external",
                                "bgp listen range 10.99.0.9/32 peer-group DYN"],
        family=["neighbor DYN activate"]))
    return SimpleNamespace(lab=l, e1=e1, f=frrs, ip=ip)


def down_with(t, n, *words):
    """Neighbor n is not up, and JSON and text name the reason with all these words."""
    def told():
        doc = t.e1.neighbor(t.ip[n])
        text = t.e1.text("show bgp neighbors " + t.ip[n])
        return {"state": doc["bgpState"], "json": {k: v for k, v in doc.items() if k.startswith("last")},
                "text": [x.strip() for x in text.splitlines() if "reset" in x or "otification" in x
                         or any(w.lower() in x.lower() for w in words)]}

    def right(seen):
        return seen["state"] != "Established" and \
            all(w.lower() in str(seen["json"]).lower() for w in words) and \
            all(w.lower() in str(seen["text"]).lower() for w in words)
    wait_for("e1: the reason for %s" % t.ip[n], told, 20, until=right)


def case_md5(t):
    """the right password: the session is up"""
    t.e1.established(t.ip[2])


def case_wrong_password(t):
    """a wrong password is said to be one"""
    if standin():
        raise lab.Skip("FRR says nothing")
    down_with(t, 3, "MD5")


def case_password_mended(t):
    """a password that is set right brings the session up"""
    t.f[3].configure("router bgp 65003", "neighbor %s password secret" % t.e1.ip)
    t.e1.established(t.ip[3], limit=40)


def case_gtsm(t):
    """ttl-security on both sides: the session is up"""
    t.e1.established(t.ip[4])


def case_gtsm_violated(t):
    """a neighbor whose packets have a low TTL is told so"""
    if standin():
        raise lab.Skip("FRR says nothing")
    down_with(t, 5, "TTL")


def case_wrong_as(t):
    """a neighbor of another AS than configured: Bad Peer AS, sent"""
    down_with(t, 6, "Bad Peer AS", "sent" if not standin() else "")


def case_wrong_as_theirs(t):
    """we are of another AS than the neighbor expects: Bad Peer AS, received"""
    down_with(t, 7, "Bad Peer AS", "received")


def case_as_mended(t):
    """remote-as set right brings the session up"""
    t.e1.configure("router bgp %d" % ME, "neighbor %s remote-as 65066" % t.ip[6])
    t.e1.established(t.ip[6], limit=40)


def case_internal(t):
    """remote-as internal"""
    t.e1.established(t.ip[8])


def case_listen_range(t):
    """a neighbor out of a listen range comes up, shown as dynamic"""
    t.e1.established(t.ip[9])
    doc = t.e1.show("bgp l2vpn evpn summary")
    equal(doc["dynamicPeers"], 1, "dynamicPeers")
    equal(doc["peers"][t.ip[9]]["remoteAs"], 65009, "remoteAs")


def case_shutdown_theirs(t):
    """the neighbor shuts us down with a message: shown"""
    t.f[2].configure("router bgp 65002", "neighbor %s shutdown message moving racks" % t.e1.ip)
    wait_for("e1: the message", lambda: t.e1.neighbor(t.ip[2]).get("lastShutdownDescription"),
             until=lambda s: s == "moving racks")
    t.f[2].configure("router bgp 65002", "no neighbor %s shutdown" % t.e1.ip)
    t.e1.established(t.ip[2], limit=40)


def case_shutdown_ours(t):
    """we shut a neighbor down with a message: FRR gets it, and we show Idle (Admin)"""
    t.e1.configure("router bgp %d" % ME, "neighbor %s shutdown message lunch" % t.ip[2])
    wait_for("FRR shows the message", lambda: t.f[2].neighbor(t.e1.ip).get(
             "lastShutdownDescription"), until=lambda s: s == "lunch")
    wait_for("Idle (Admin)", lambda: t.e1.peers()[t.ip[2]]["state"],
             until=lambda s: s == "Idle (Admin)")
    t.e1.configure("router bgp %d" % ME, "no neighbor %s shutdown" % t.ip[2])
    t.e1.established(t.ip[2], limit=40)


def case_hold_timer(t):
    """a neighbor that falls silent: hold timer expired; it comes back"""
    p = t.f[8].procs["bgpd"]
    p.send(signal.SIGSTOP)
    try:
        down_with(t, 8, "Hold Timer Expired")
    finally:
        p.send(signal.SIGCONT)
    t.e1.established(t.ip[8], limit=40)


def case_clear(t):
    """clear bgp resets a session, and it comes up again"""
    before = t.e1.neighbor(t.ip[2])["connectionsEstablished"]
    t.e1.text("clear bgp " + t.ip[2])
    wait_for("a new session", lambda: t.e1.neighbor(t.ip[2]), 40, until=lambda d:
             d["bgpState"] == "Established" and d["connectionsEstablished"] > before)


def case_soft_clear(t):
    """clear bgp soft in asks for a route refresh and keeps the session"""
    doc = t.e1.neighbor(t.ip[2])
    t.e1.text("clear bgp %s soft in" % t.ip[2])
    wait_for("route refresh sent", lambda: t.e1.neighbor(t.ip[2])["messageStats"],
             until=lambda m: m["routeRefreshSent"] > doc["messageStats"]["routeRefreshSent"])
    equal(t.e1.neighbor(t.ip[2])["connectionsEstablished"], doc["connectionsEstablished"],
          "connectionsEstablished")


def case_removed(t):
    """a neighbor that is removed is gone; FRR hears why"""
    t.e1.configure("router bgp %d" % ME, "no neighbor " + t.ip[4])
    wait_for("gone", lambda: t.ip[4] not in t.e1.peers())
    wait_for("FRR hears it", lambda: t.f[4].text("show bgp neighbors"),
             until=lambda s: "Peer Unconfigured" in s or "Peer De-configured" in s)


lab.run()

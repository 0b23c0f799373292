#!/usr/bin/env python3
"""
A reload touches what differs and nothing else: netlink events in e1's namespace and BGP messages
on its two sessions are counted while it reads its configuration again, by SIGHUP and by
`configure replace`.
"""

import re
import signal
import socket
import struct
from types import SimpleNamespace

import lab
from topo import *

# link, neigh, tc, IPv4 address and route, IPv6 address and route, IPv6 prefix, rules
GROUPS = [1, 3, 4, 5, 7, 8, 9, 11, 19, 32, 33, 34]
SOL_NETLINK, ADD_MEMBERSHIP = 270, 1
NAMES = {16: "newlink", 17: "dellink", 20: "newaddr", 21: "deladdr", 24: "newroute",
         25: "delroute", 28: "newneigh", 29: "delneigh", 36: "newqdisc", 37: "delqdisc",
         44: "newtfilter", 45: "deltfilter", 104: "newnexthop", 105: "delnexthop",
         112: "newvlan", 113: "delvlan", 120: "newtunnel", 121: "deltunnel"}

CONF = """! first
hostname e1
vxlan
 source-address 10.99.0.1
 anycast-mac 00:00:5e:00:01:01
exit
vrf default
 vni 7000
 bridge br7000
exit-vrf
router bgp 65000
 bgp router-id 10.99.0.1
 neighbor F peer-group
 neighbor F remote-as 65000
 neighbor F timers 3 9
 neighbor F timers connect 1
 neighbor 10.99.0.2 peer-group F
 neighbor 10.99.0.3 peer-group F
 neighbor 10.99.0.77 remote-as 65000
 neighbor 10.99.0.77 passive
 address-family ipv4 unicast
  network 10.7.0.0/16
  network 10.8.0.0/16
  redistribute connected
 exit-address-family
 address-family l2vpn evpn
  neighbor F activate
  neighbor 10.99.0.77 activate
  vni 100
   rd 10.99.0.1:100
   route-target import 65000:1
   route-target import 65000:100
   route-target export 65000:100
   route-target export 65000:101
   flooding static 10.99.0.98 10.99.0.99
   mac 02:00:00:00:0a:01 vtep 10.99.0.98 ip 10.1.0.71
   mac 02:00:00:00:0a:02 vtep 10.99.0.98
   bridge br100
   port q1
   port q2
   gateway 10.1.0.1/24
   gateway fd01::1/64
   gateway 10.1.9.1/24
  exit-vni
  vni 200
   bridge br200
  exit-vni
  advertise ipv4 unicast
 exit-address-family
exit
"""


class Events:
    """What the kernel tells of a namespace, in words."""

    def __init__(self, ns):
        self.ns = ns
        self.sock = ns.inside(self.open)
        self.names = {}
        self.delayed = set()

    def open(self):
        s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        s.bind((0, 0))
        for g in GROUPS:
            s.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP, g)
        s.setblocking(False)
        return s

    def name(self, ifindex):
        if ifindex not in self.names:
            self.names = {i["ifindex"]: i["ifname"] for i in self.ns.json("ip -j link show")}
        return self.names.get(ifindex, str(ifindex))

    def one(self, kind, body):
        what = NAMES.get(kind, "type %d" % kind)
        if kind in (24, 25):
            return "%s table %d dst %s" % (what, body[4], body[12:40].hex())
        at = 4 if kind in (16, 17, 20, 21, 28, 29, 36, 37, 44, 45, 112, 113) else 0
        index = struct.unpack("=i", body[at:at + 4])[0]
        more = ""
        if kind == 16 and body[0] == socket.AF_BRIDGE:
            what = "newport"
        if kind in (28, 29):
            state, flags = struct.unpack("=HB", body[8:11])
            more = " family %d state %#x flags %#x" % (body[0], state, flags)
        return "%s %s%s" % (what, self.name(index), more)

    def kernels(self, event):
        """
        Neighbours of the underlay do as they like; and of each port of a bridge the kernel tells
        once more when its forward delay of 15 s is over.
        """
        if event.startswith("newport ") and event not in self.delayed:
            self.delayed.add(event)
            return True
        return re.search(r"neigh (eth0|lo|vm\d|p\d+) ", event)

    def read(self):
        """All since the last time that the kernel would not say by itself."""
        out = []
        while True:
            try:
                data = self.sock.recv(1 << 17)
            except BlockingIOError:
                return [x for x in out if not self.kernels(x)]
            while len(data) >= 16:
                size, kind = struct.unpack("=IH", data[:6])
                out.append(self.one(kind, data[16:size]))
                data = data[(size + 3) & ~3:]


def setup(l):
    if standin():
        raise lab.Skip("FRR stands in")
    net = Underlay(l)
    e1, e3, f2 = EvpndVtep(l, "e1", 1, net), EvpndVtep(l, "e3", 3, net), FrrVtep(l, "f2", 2, net)
    start_vtep(f2, [e1.ip])
    start_vtep(e3, [e1.ip])
    e1.quiet()
    for q in ("q1", "q2"):
        e1.ns.run("ip link add %s type veth peer name %sp" % (q, q))
        e1.ns.run("ip link set %s up" % q)
        e1.ns.run("ip link set %sp up" % q)
    e1.start(CONF)
    t = SimpleNamespace(lab=l, e1=e1, f2=f2, e3=e3, vm2=Vm(l, 12, f2), vm3=Vm(l, 13, e3))
    e1.established(f2.ip, e3.ip)
    for vm in (t.vm2, t.vm3):
        vm.speak()
        wait_for("e1: %s" % vm.name, lambda: e1.remote(vm.mac, vm.at.ip))
    wait_for("e1: its L3 VNI", lambda: e1.show("vrf vni")["vrfs"][0]["state"] == "Up")
    e1.settled()
    t.events = Events(e1.ns)
    return t


def counters(t):
    """BGP messages of both sessions, but keepalives, seen from both ends."""
    out = {}
    for h, peer in ((t.e1, t.f2.ip), (t.e1, t.e3.ip), (t.f2, t.e1.ip), (t.e3, t.e1.ip)):
        n = h.neighbor(peer)
        stats = {k: v for k, v in n["messageStats"].items()
                 if re.match(r"(opens|notifications|updates|routeRefresh)", k)}
        expect(len(stats) >= 8, "counters: %s" % stats)
        out[h.name, peer] = (n["connectionsEstablished"], stats)
    return out


def steady(t):
    """No event since the last look, everything is as it should be."""
    t.e1.settled()
    wait_for("quiet", lambda: t.e1.text("show version") and not t.events.read())


def reloaded(t, text, how):
    path = t.e1.file("evpnd.conf", text)
    if how == "replace":
        t.e1.text("configure replace " + path)
    else:
        before = t.e1.proc.text().count("read again")
        t.e1.proc.send(signal.SIGHUP)
        wait_for("the reload", lambda: t.e1.proc.text().count("read again") > before)
        expect("not read again" not in t.e1.proc.text(), "refused")
    t.e1.settled()
    for _ in range(5):
        t.e1.text("show evpn kernel differing")


def change(t, text, allowed="$^", how="hup", bgp=False):
    """Reads TEXT; events that do not match ALLOWED and BGP messages unless BGP are failures."""
    steady(t)
    before = counters(t)
    reloaded(t, text, how)
    found = t.events.read()
    wrong = [x for x in found if not re.search(allowed, x)]
    expect(not wrong, "%d events: %s" % (len(wrong), "; ".join(sorted(set(wrong))[:8])))
    if not bgp:
        equal(counters(t), before, "BGP messages")
    return len(found)


def reordered(text):
    """The same, blocks and lines the other way round where the grammar lets them."""
    lines = text.splitlines()

    def flip(a, b):
        i = next(n for n, x in enumerate(lines) if x.strip() == a)
        k = next(n for n, x in enumerate(lines) if x.strip() == b)
        lines[i], lines[k] = lines[k], lines[i]

    flip("network 10.7.0.0/16", "network 10.8.0.0/16")
    flip("route-target import 65000:1", "route-target import 65000:100")
    flip("route-target export 65000:100", "route-target export 65000:101")
    flip("port q1", "port q2")
    flip("gateway 10.1.0.1/24", "gateway 10.1.9.1/24")
    flip("neighbor 10.99.0.2 peer-group F", "neighbor 10.99.0.3 peer-group F")
    flip("flooding static 10.99.0.98 10.99.0.99", "bridge br100")
    flip("mac 02:00:00:00:0a:01 vtep 10.99.0.98 ip 10.1.0.71",
         "mac 02:00:00:00:0a:02 vtep 10.99.0.98")
    return "\n".join(lines).replace("10.99.0.98 10.99.0.99", "10.99.0.99 10.99.0.98") + "\n"


def case_same(t):
    """the same file, a comment changed, lines in another order: no event, no message"""
    for how in ("hup", "replace"):
        change(t, CONF, how=how)
        change(t, CONF.replace("! first", "! second\n!\n# third"), how=how)
        change(t, reordered(CONF), how=how)
        change(t, CONF, how=how)


def case_neighbor(t):
    """another neighbor added, changed and removed: no event, no message of the others"""
    more = CONF.replace(" address-family ipv4 unicast", " neighbor 10.99.0.78 remote-as 65001\n"
                        " neighbor 10.99.0.78 passive\n address-family ipv4 unicast")
    change(t, more)
    change(t, more.replace("neighbor 10.99.0.78 passive", "neighbor 10.99.0.78 timers 5 15"))
    change(t, CONF, how="replace")
    member = " neighbor 10.99.0.2 peer-group F\n"
    change(t, CONF.replace(member, member + " neighbor 10.99.0.2 description words\n"))
    change(t, CONF)


def case_vni(t):
    """another VNI added, changed and removed: events of its devices alone, sessions stay"""
    mine = r"\b(br300|vxlan300)\b"
    more = CONF.replace("  vni 200\n", "  vni 300\n   bridge br300\n  exit-vni\n  vni 200\n")
    sessions = [c for c, _ in counters(t).values()]
    before = counters(t)["e1", t.f2.ip][1]["updatesSent"]
    n = change(t, more, mine + "|newroute|newneigh lo", bgp=True)
    expect(n > 0, "no event of a new VNI")
    # One type 3 route to each neighbor; withdrawn, and announced with other targets.
    wait_for("its route", lambda: t.f2.has("[10.99.0.1]", kind=3))
    equal(counters(t)["e1", t.f2.ip][1]["updatesSent"] - before, 1, "UPDATEs of a new VNI")
    # The kernel tells of a new bridge's state up to a second later.
    change(t, more.replace("   bridge br300\n", "   bridge br300\n   route-target export 1:1\n"),
           "^new(link|port) (br300|vxlan300)$", bgp=True)
    change(t, more.replace("   bridge br300\n", "   bridge br300\n   gateway 10.3.0.1/24\n"),
           mine + "|route", bgp=True)
    change(t, CONF, mine + "|route", how="replace", bgp=True)
    equal([c for c, _ in counters(t).values()], sessions, "sessions")


def case_settings(t):
    """host name, log and dup-addr-detection: no event, no message"""
    change(t, CONF.replace("hostname e1", "hostname other"))
    change(t, CONF.replace("hostname e1", "hostname e1\nlog syslog debugging\nlog stdout"))
    change(t, CONF.replace("  vni 200\n", "  dup-addr-detection max-moves 9 time 99\n  vni 200\n"))
    change(t, CONF)


lab.run()

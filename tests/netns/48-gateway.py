#!/usr/bin/env python3
"""
Distributed anycast gateways: two evpnd VTEPs that make them, one that finds FRR's sort (a macvlan)
on its bridge, and an FRR VTEP; two VNIs in the default VRF, routed between by every VTEP itself.
"""

import os
from types import SimpleNamespace

import lab
import wire
from topo import *
from wire import Capture

SHARED = "00:00:5e:00:01:01"
LINKLOCAL = "fe80::200:5eff:fe00:101"
VNIS = (100, 200)


def gateways(vni):
    return ["10.%d.0.1/24" % (vni // 100), "fd%02d::1/64" % (vni // 100)]


def own(h, vni):
    """The SVI's own addresses, where the shared ones are on a macvlan."""
    return ["10.%d.0.%d/24" % (vni // 100, 240 + h.n), "fd%02d::%x/64" % (vni // 100, 240 + h.n)]


class Host(Vm):
    """A VM of a VNI: 10.V.0.n and fd0V::n, and its VTEP as default gateway."""

    def __init__(self, lab, n, at, vni=100, address=True):
        super().__init__(lab, n, at, "br%d" % vni, address=False)
        v = vni // 100
        self.vni = vni
        self.ip, self.ip6 = "10.%d.0.%d" % (v, n), "fd%02d::%x" % (v, n)
        self.gw, self.gw6 = [g.split("/")[0] for g in gateways(vni)]
        if address:
            self.address()

    def address(self):
        self.ns.run("ip addr add %s/24 dev eth0" % self.ip)
        self.ns.run("ip addr add %s/64 dev eth0 nodad" % self.ip6)
        self.ns.run("ip route add default via " + self.gw)
        self.ns.run("ip route add default via " + self.gw6)


def macvlans(h):
    """As FRR's documentation has it: the SVI's own address, the shared one on a macvlan."""
    for vni in VNIS:
        v = vni // 100
        h.devices(vni=vni)
        h.ns.run("ip link set br%d addrgenmode eui64 down" % vni)
        h.ns.run("ip link set br%d up" % vni)
        for a in own(h, vni):
            h.ns.run("ip addr add %s dev br%d%s" % (a, vni, " nodad" if ":" in a else ""))
        h.ns.run("ip link add vrr%d link br%d address %s type macvlan mode private" %
                 (v, vni, SHARED))
        h.ns.run("ip link set vrr%d addrgenmode none up" % v)
        for a in gateways(vni):
            h.ns.run("ip addr add %s dev vrr%d%s" % (a, v, " nodad" if ":" in a else ""))
        h.ns.run("bridge fdb replace %s dev br%d self local" % (SHARED, vni), ok=(0, 255))
    h.ns.sysctl("net/ipv4/ip_forward", 1)


def lines(vnis=VNIS, more=()):
    out = []
    for vni in vnis:
        out += ["vni %d" % vni, " bridge br%d" % vni]
        out += [" gateway " + g for g in gateways(vni)]
        out += [" " + x for x in more] + ["exit-vni"]
    return out


def vtep(t, h, make):
    h.quiet()
    h.ns.sysctl("net/ipv6/conf/all/forwarding", 1)
    if not make:
        macvlans(h)
    # VNI 200's gateway is nowhere in the configuration of the one that finds it.
    family = lines() if make else lines([100]) if h.kind == "evpnd" else ()
    text = router(h, [neighbor(t.rr.ip)], family=family)
    if h.kind == "evpnd":
        text = "vxlan\n source-address %s\n anycast-mac %s\nexit\n" % (h.ip, SHARED) + text
    h.start(text)
    for vni in VNIS:
        wait_for("%s: its bridge" % h.name, lambda: h.ns.link("br%d" % vni))
    return h


def setup(l):
    if standin():
        raise lab.Skip("FRR makes no gateways")
    net = Underlay(l)
    t = SimpleNamespace(lab=l, rr=reflector(l, net, ["10.99.0.%d" % n for n in (1, 2, 3, 4)]))
    t.e1 = vtep(t, EvpndVtep(l, "e1", 1, net), True)
    t.e2 = vtep(t, EvpndVtep(l, "e2", 2, net), True)
    t.f3 = vtep(t, FrrVtep(l, "f3", 3, net), False)
    t.e4 = vtep(t, EvpndVtep(l, "e4", 4, net), False)
    t.all = [t.e1, t.e2, t.f3, t.e4]
    t.evpnds = [t.e1, t.e2, t.e4]
    t.rr.established(*[h.ip for h in t.all])
    for h in t.all:
        for vni in VNIS:
            wait_for("%s: flood list" % h.name, lambda: h.floods(vni), 20,
                     until=lambda f: f == sorted(o.ip for o in t.all if o is not h))
    t.a = [Host(l, 10 + h.n, h, 100) for h in t.all]
    t.b = [Host(l, 20 + h.n, h, 200) for h in t.all]
    # FRR learns neighbours on the SVI only, not on the macvlan.
    for vm in [vm for vm in t.a + t.b if vm.at is t.f3]:
        for a in own(t.f3, vm.vni):
            ip = a.split("/")[0]
            wait_for("%s reaches %s" % (vm.name, ip), lambda: vm.ping(ip, count=1, wait=1))
    return t


def addresses(h, dev):
    rows = h.ns.json("ip -j addr show dev " + dev)
    return sorted("%s/%d" % (a["local"], a["prefixlen"]) for a in rows[0].get("addr_info", []))


def sysctl(h, key):
    return h.ns.run("cat /proc/sys/" + key).strip()


def captures(t):
    return [Capture(h.ns, "eth0") for h in t.all]


def questions(t, caps, ip):
    """ARP requests and neighbour solicitations for an address that crossed the fabric."""
    want = bytes.fromhex(hexip(ip))
    out = []
    for c in caps:
        for vni, dst, f in c.inner():
            if (wire.is_arp_request(f) and f[38:42] == want) or \
                    (wire.is_ns(f) and f[62:78] == want):
                out.append((vni, dst, f.hex()))
        c.close()
    return out


def case_made(t):
    """addresses, MAC, link-local address, forwarding and questions to user space are set"""
    for h in (t.e1, t.e2):
        for vni in VNIS:
            dev = "br%d" % vni
            wait_for("%s: addresses of %s" % (h.name, dev), lambda: addresses(h, dev),
                     until=lambda a: a == sorted(gateways(vni) + [LINKLOCAL + "/64"]))
            equal(h.ns.link(dev)["address"], SHARED, "MAC")
            for key in ("ipv4/conf/%s/forwarding", "ipv4/neigh/%s/app_solicit",
                        "ipv6/neigh/%s/app_solicit"):
                equal(sysctl(h, "net/" + key % dev), "1", key % dev)
            equal(sysctl(h, "net/ipv4/ip_forward"), "0", "ip_forward")
        text = h.ns.run("ip -6 addr show dev br100")
        expect("tentative" not in text and "dadfailed" not in text, text)
    for h in t.evpnds:
        h.settled()


def case_answers(t):
    """a host's gateway is its own VTEP: it answers, and no question about it crosses the fabric"""
    caps = {}
    for ip in (t.a[0].gw, t.a[0].gw6, t.b[0].gw, t.b[0].gw6):
        caps[ip] = captures(t)
    for vm in t.a + t.b:
        for ip in (vm.gw, vm.gw6):
            vm.forget()
            wait_for("%s reaches %s" % (vm.name, ip), lambda: vm.ping(ip, count=1, wait=1))
            if vm.at in (t.e1, t.e2):
                equal(vm.ns.neigh("eth0", ip)[0]["lladdr"], SHARED, "MAC of the gateway")
    for ip, c in caps.items():
        seen = questions(t, c, ip)
        expect(not seen, "%d questions about %s crossed the fabric, first %s" %
               (len(seen), ip, seen[:1]))


def case_routed(t):
    """hosts of two VNIs reach each other through their own VTEP, both families, all pairs"""
    for a in t.a:
        for b in t.b:
            for x, y in ((a, b), (b, a)):
                for ip in (y.ip, y.ip6):
                    wait_for("%s reaches %s" % (x.name, ip),
                             lambda: x.ping(ip, count=1, wait=1), 30)
    for h in t.evpnds:
        h.settled()


def case_adopted(t):
    """a gateway that the administrator made is left as it is, configured or not, and known"""
    for vni, dev in ((100, "vrr1"), (200, "vrr2")):
        br = "br%d" % vni
        expect(t.e4.ns.link(br)["address"] != SHARED, "%s has the shared MAC" % br)
        mine = [a for a in addresses(t.e4, br) if not a.startswith("fe80")]
        equal(mine, sorted(own(t.e4, vni)), "addresses of " + br)
        there = [a for a in addresses(t.e4, dev) if not a.startswith("fe80")]
        equal(there, sorted(gateways(vni)), "addresses of " + dev)
        equal(t.e4.mac(SHARED, vni), None, "row of the shared MAC")
        rows = t.e4.show("evpn arp-cache vni %d" % vni)
        for g in gateways(vni):
            expect(g.split("/")[0] not in rows, "%s is taken for a host" % g)


class Listener:
    """ARP requests and neighbour solicitations that a VM sends for its gateway, from now on."""

    def __init__(self, vm):
        self.vm, self.capture = vm, Capture(vm.ns, "eth0")

    def asked(self):
        mac = bytes.fromhex(self.vm.mac.replace(":", ""))
        want = [bytes.fromhex(hexip(ip)) for ip in (self.vm.gw, self.vm.gw6)]
        found = [f for f in self.capture.frames() if f[6:12] == mac and f[:1] in b"\xff\x33" and
                 ((wire.is_arp_request(f) and f[38:42] in want) or
                  (wire.is_ns(f) and f[62:78] in want))]
        self.capture.close()
        return found


def case_moves(t):
    """a VM that moves keeps its gateway: same entry, no question to all, nothing lost for long"""
    vm, far = t.a[0], t.b[2]
    # A virtual machine does not see that its cable is somewhere else.
    vm.ns.sysctl("net/ipv4/conf/eth0/arp_evict_nocarrier", 0)
    vm.ns.sysctl("net/ipv6/conf/eth0/ndisc_evict_nocarrier", 0)
    for ip in (vm.gw, vm.gw6, far.ip, far.ip6):
        vm.ping(ip)
    listener = Listener(vm)
    for to in (t.e2, t.e1):
        vm.move(to)
        vm.speak()
        for ip in (vm.gw, vm.gw6):
            # The first answer may go where the VM was: it is heard of with its first frame.
            vm.ping(ip, count=3, wait=1, lost=1)
            equal(vm.ns.neigh("eth0", ip)[0]["lladdr"], SHARED, "MAC of the gateway")
        for ip in (far.ip, far.ip6):
            wait_for("%s reaches %s" % (vm.name, ip), lambda: vm.ping(ip, count=1, wait=1))
    asked = listener.asked()
    expect(not asked, "%d questions for the gateway" % len(asked))
    for h in t.evpnds:
        h.settled()


RADVD = """interface %s {
 AdvSendAdvert on;
 MinRtrAdvInterval 3;
 MaxRtrAdvInterval 4;
 prefix %s { };
};
"""


def case_advertised_router(t):
    """radvd on the SVIs: a host configures itself, and its router is the same wherever it moves"""
    for h in (t.e1, t.e2):
        conf = h.file("radvd.conf", RADVD % ("br100", "fd01::/64"))
        lab.Proc(h.ns, "radvd", [lab.need("radvd"), "-n", "-C", conf, "-m", "stderr",
                                 "-p", os.path.join(h.ns.dir, "radvd.pid")])
    vm = t.auto = Host(t.lab, 31, t.e1, address=False)
    ip = "fd01::ff:fe00:1f"
    wait_for("an address by autoconfiguration", lambda: [a for a in addresses(vm, "eth0")
                                                         if a.startswith(ip + "/")], 20)

    def routers():
        rows = vm.ns.json("ip -6 -j route show default")
        return sorted({r.get("gateway") for r in rows} |
                      {n.get("gateway") for r in rows for n in r.get("nexthops", [])} - {None})
    wait_for("its router", routers, until=lambda r: r == [LINKLOCAL])
    far = t.b[1]
    for to in (t.e1, t.e2):
        if vm.at is not to:
            vm.move(to)
        for target in (LINKLOCAL + "%eth0", vm.gw6, far.ip6):
            wait_for("%s reaches %s" % (vm.name, target),
                     lambda: vm.ping(target, count=1, wait=1), 20)
        equal(routers(), [LINKLOCAL], "routers")


def case_known(t):
    """the neighbour of a remote host is lost: the first packet is delivered, nobody is asked"""
    a, b = t.a[0], t.b[1]
    for ip in (b.ip, b.ip6):
        wait_for("%s reaches %s" % (a.name, ip), lambda: a.ping(ip, count=1, wait=1))
        caps = captures(t)
        t.e1.ns.run("ip neigh del %s dev br200" % ip)
        a.ping(ip, count=1, wait=1)
        seen = questions(t, caps, ip)
        expect(not seen, "questions: %s" % seen[:1])
        rows = t.e1.ns.neigh("br200", ip)
        expect(rows and "NOARP" in rows[0]["state"], "neighbour: %s" % rows)


def silent(t, vm):
    """Makes a host unknown: nothing that it ever said is remembered anywhere."""
    br = "br%d" % vm.vni
    vm.at.ns.run("ip link set %s down" % vm.port)
    wait_for("%s is gone" % vm.name, lambda: not t.rr.has("[%s]" % vm.mac))

    def forgotten(h):
        found = [r for ip in (vm.ip, vm.ip6) for r in h.ns.neigh(br, ip)]
        for r in found:
            h.ns.status("ip neigh del %s dev %s" % (r["dst"], br))
        return not found
    for h in t.evpnds:
        wait_for("%s: neighbours are gone" % h.name, lambda: forgotten(h))
    vm.at.ns.run("ip link set %s up" % vm.port)
    wait_for("the port forwards", lambda: vm.at.ns.json(
        "bridge -j link show dev " + vm.port)[0]["state"], until=lambda x: x == "forwarding")


def case_silent(t):
    """a silent local host: found by ARP and ND at once, the first packet is delivered"""
    worst = 0
    for a, b in ((t.a[0], t.b[0]), (t.a[1], t.b[1])):
        for n in (0, 1):
            silent(t, b)
            times = a.ping((b.ip, b.ip6)[n], count=1, wait=1)
            expect(times[0] < 500, "answered after %g ms: by the kernel's question, not ours" %
                   times[0])
            worst = max(worst, times[0])
    return "worst %.1f ms" % worst


def case_silent_remote(t):
    """a silent host behind another VTEP: its answer there becomes a route, and the packet arrives"""
    worst = 0
    for b in (t.b[1], t.b[3]):
        for n in (0, 1):
            silent(t, b)
            times = t.a[0].ping((b.ip, b.ip6)[n], count=1, wait=1)
            worst = max(worst, times[0])
    return "worst %.1f ms" % worst


def case_scan(t):
    """a scan of a /16 that is routed: what evpnd asks is bounded, and it answers"""
    t.e1.ns.run("ip addr add 10.77.0.1/16 dev br200")
    capture = Capture(t.e1.ns, "br200")
    addrs = ["10.77.%d.%d" % (n // 250, n % 250 + 2) for n in range(5000)]

    def go():
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for a in addrs:
            s.sendto(b"scan", (a, 9))
        s.close()
    t.a[0].ns.inside(go)
    t.e1.show("evpn")
    t.a[0].ping(t.a[0].gw)
    asked = [f for f in capture.frames() if wire.is_arp_request(f) and f[38:40] == b"\x0a\x4d"]
    capture.close()
    expect(len(asked) < 3000, "%d questions" % len(asked))
    t.e1.ns.run("ip addr del 10.77.0.1/16 dev br200")
    t.e1.settled()


def case_mended(t):
    """address deleted, MAC changed, forwarding switched off, bridge down: put right"""
    ns = t.e1.ns
    for a in gateways(100) + [LINKLOCAL + "/64"]:
        ns.run("ip addr del %s dev br100" % a)
        wait_for(a, lambda: a in addresses(t.e1, "br100"))
    ns.run("ip link set br100 address 02:00:00:00:77:77")
    wait_for("MAC", lambda: ns.link("br100")["address"], until=lambda m: m == SHARED)
    ns.sysctl("net/ipv4/conf/br100/forwarding", 0)
    wait_for("forwarding", lambda: sysctl(t.e1, "net/ipv4/conf/br100/forwarding") == "1")
    ns.sysctl("net/ipv4/ip_forward", 1)
    ns.sysctl("net/ipv4/ip_forward", 0)
    wait_for("forwarding", lambda: sysctl(t.e1, "net/ipv4/conf/br100/forwarding") == "1")
    ns.run("ip link set br100 down")
    wait_for("all addresses", lambda: addresses(t.e1, "br100"),
             until=lambda a: a == sorted(gateways(100) + [LINKLOCAL + "/64"]))
    t.e1.settled()
    t.a[0].ping(t.a[0].gw)


def case_anew(t):
    """the bridge goes and comes: the gateway with it, questions to user space too"""
    ns = t.e1.ns
    ns.run("ip link del br200")
    wait_for("a new bridge", lambda: addresses(t.e1, "br200"),
             until=lambda a: a == sorted(gateways(200) + [LINKLOCAL + "/64"]))
    ns.run("ip link set %s master br200 up" % t.b[0].port)
    wait_for("app_solicit", lambda: sysctl(t.e1, "net/ipv4/neigh/br200/app_solicit") == "1" and
             sysctl(t.e1, "net/ipv6/neigh/br200/app_solicit") == "1")
    t.e1.settled()
    wait_for("gateway answers", lambda: t.b[0].ping(t.b[0].gw, count=1, wait=1))


def events(t, what):
    """Lines of `ip monitor address` while what() runs."""
    p = lab.Proc(t.e1.ns, "monitor", ["ip", "monitor", "address", "link", "dev", "br100"])
    wait_for("monitor", lambda: b"socket" in b"".join(
        os.readlink("/proc/%d/fd/%s" % (p.pid, f)).encode()
        for f in os.listdir("/proc/%d/fd" % p.pid)))
    what()
    p.end()
    return [x for x in p.text().splitlines() if x.strip()]


def case_restart(t):
    """evpnd restarted: the gateway's addresses stay, nothing flaps"""
    def restart():
        t.e1.restart()
        t.e1.established(t.rr.ip)
        t.e1.settled()
    seen = events(t, restart)
    gone = [x for x in seen if x.startswith("Deleted")]
    expect(not gone, "deleted: %s" % gone)
    equal([x for x in seen if "inet" in x], [], "addresses told of")
    t.a[0].ping(t.a[0].gw)


def case_changed(t):
    """gateways are changed, taken away and given back while evpnd runs"""
    where = ["configure terminal", "router bgp 65000", "address-family l2vpn evpn", "vni 100"]
    t.e1.text(*where, "gateway 10.1.0.9/24", "no gateway 10.1.0.1/24", "no gateway fd01::1/64")
    wait_for("one address", lambda: addresses(t.e1, "br100"), until=lambda a: a == ["10.1.0.9/24"])
    wait_for("IPv6 no more", lambda: sysctl(t.e1, "net/ipv6/neigh/br100/app_solicit") == "0")
    t.e1.text(*where, "gateway 10.1.0.9/24 mac 00:00:5e:00:01:09")
    wait_for("MAC", lambda: t.e1.ns.link("br100")["address"],
             until=lambda m: m == "00:00:5e:00:01:09")
    t.e1.text(*where, "no gateway 10.1.0.9/24")
    wait_for("no address", lambda: addresses(t.e1, "br100"), until=lambda a: a == [])
    solicit = "net/ipv4/neigh/br100/app_solicit"
    wait_for("app_solicit", lambda: sysctl(t.e1, solicit) == "0")
    wait_for("the MAC that the kernel chooses", lambda: t.e1.ns.link("br100")["address"],
             until=lambda m: m == min(l["address"] for l in t.e1.ns.json(
                 "ip -j link show master br100")))
    # An administrator's MAC and setting come back.
    t.e1.ns.run("ip link set br100 address 02:bb:00:00:00:01")
    t.e1.ns.sysctl(solicit, 3)
    t.e1.text(*where, "gateway 10.1.0.9/24")
    wait_for("asked", lambda: sysctl(t.e1, solicit) == "1")
    wait_for("MAC", lambda: t.e1.ns.link("br100")["address"], until=lambda m: m == SHARED)
    t.e1.text(*where, "no gateway 10.1.0.9/24")
    wait_for("his own", lambda: (sysctl(t.e1, solicit), t.e1.ns.link("br100")["address"]),
             until=lambda v: v == ("3", "02:bb:00:00:00:01"))
    t.e1.text(*where, *["gateway " + g for g in gateways(100)])
    wait_for("all addresses", lambda: addresses(t.e1, "br100"),
             until=lambda a: a == sorted(gateways(100) + [LINKLOCAL + "/64"]))
    wait_for("MAC", lambda: t.e1.ns.link("br100")["address"], until=lambda m: m == SHARED)
    t.e1.settled()
    wait_for("gateway answers", lambda: t.a[0].ping(t.a[0].gw, count=1, wait=1))


FAMILY = ["router bgp 65000", "address-family l2vpn evpn"]


def own_macip(t, h, ip):
    """Communities of the reflector's routes for an address, that VTEP's."""
    keys = [k for k in t.rr.has("[%s]" % ip) if k[0].startswith(h.ip + ":")]
    return [t.rr.routes(2)[k][0]["extendedCommunity"]["string"] for k in keys]


def case_svi_ip(t):
    """advertise-svi-ip: an SVI's own address, never the shared one; both ways with FRR"""
    mine, theirs = [own(h, 100)[0].split("/")[0] for h in (t.e4, t.f3)]
    for h in (t.e1, t.e4):
        h.configure(*FAMILY, "advertise-svi-ip")
    t.f3.configure(*FAMILY, "advertise-svi-ip")
    wait_for("e4's address", lambda: own_macip(t, t.e4, mine))
    wait_for("f3's address", lambda: own_macip(t, t.f3, theirs))
    svi = t.f3.ns.link("br100")["address"]
    wait_for("e1: neighbour", lambda: t.e1.ns.neigh("br100", theirs),
             until=lambda r: r and r[0]["lladdr"] == svi)
    wait_for("f3: neighbour", lambda: t.f3.ns.neigh("br100", mine))
    t.a[0].ping(theirs)
    t.a[2].ping(mine)
    for h in (t.e1, t.e4):
        equal(own_macip(t, h, "10.1.0.1"), [], "%s: routes for the shared address" % h.name)
    for h in (t.e1, t.e4, t.f3):
        h.configure(*FAMILY, "no advertise-svi-ip")
    wait_for("withdrawn", lambda: not own_macip(t, t.e4, mine))
    t.e1.settled()


def case_default_gw(t):
    """advertise-default-gw: with its community; ours is refused by who has it, FRR's likewise"""
    for h in (t.e1, t.e4, t.f3):
        h.configure(*FAMILY, "advertise-default-gw")
    for h in (t.e1, t.e4, t.f3):
        text = wait_for("%s: route of the gateway" % h.name, lambda: own_macip(t, h, "10.1.0.1"))
        expect("Default Gateway" in text[0], "communities: %s" % text)
        wait_for("%s: IPv6" % h.name, lambda: own_macip(t, h, "fd01::1"))
    mine, theirs = [own(h, 100)[0].split("/")[0] for h in (t.e4, t.f3)]
    wait_for("e4: of its SVI as well", lambda: own_macip(t, t.e4, mine))
    svi = t.f3.ns.link("br100")["address"]
    wait_for("f3's SVI is known to e1", lambda: t.e1.remote(svi, t.f3.ip))
    row = [r for r in t.e1.ns.fdb("vxlan100", svi) if "master" in r][0]
    expect("sticky" in str(row), "not sticky: %s" % row)
    for h in (t.e1, t.e2, t.e4):
        expect((h.mac(SHARED) or {}).get("type") != "remote", "%s: shared MAC is remote" % h.name)
        expect(not [r for r in h.ns.fdb("vxlan100", SHARED)], "%s: entry of the shared MAC" % h.name)
    wait_for("f3: e4's SVI", lambda: t.f3.remote(t.e4.ns.link("br100")["address"], t.e4.ip))
    for vm in t.a:
        for ip in (vm.gw, vm.gw6):
            vm.ping(ip)
    for h in (t.e1, t.e4, t.f3):
        h.configure(*FAMILY, "no advertise-default-gw")
    for h in (t.e1, t.e4, t.f3):
        wait_for("withdrawn", lambda: not own_macip(t, h, "10.1.0.1"))
    for h in t.evpnds:
        h.settled()


def case_gone(t):
    """no router bgp: addresses, questions and bridges that were made go; the macvlan stays"""
    for h in t.evpnds:
        h.configure("no router bgp 65000")
    for h in (t.e1, t.e2):
        for vni in VNIS:
            # A bridge with somebody else's port stays.
            wait_for("%s: br%d" % (h.name, vni), lambda: h.ns.status(
                "ip link show br%d" % vni)[0] != 0 or addresses(h, "br%d" % vni) == [])
    equal(sorted(a for a in addresses(t.e4, "vrr1") if not a.startswith("fe80")),
          sorted(gateways(100)), "addresses of vrr1")
    wait_for("app_solicit", lambda: sysctl(t.e4, "net/ipv4/neigh/br100/app_solicit") == "0")


lab.run()

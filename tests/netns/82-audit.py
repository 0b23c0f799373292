#!/usr/bin/env python3
"""The underlay's MTU is followed; "show evpn audit" names what is wrong, and its commands mend it."""

import threading
from types import SimpleNamespace

import lab
from topo import *

FAMILY = ("router bgp 65000", "address-family l2vpn evpn")


def setup(l):
    if standin():
        raise lab.Skip("FRR stands in")
    net = Underlay(l)
    h1 = start_vtep(EvpndVtep(l, "h1", 1, net), ["10.99.0.2"])
    # Devices that nobody prepared: what evpnd may set it sets, the rest it tells.
    h2 = EvpndVtep(l, "h2", 2, net)
    h2.quiet()
    h2.ns.run("ip link add br100 type bridge mcast_snooping 0")
    h2.ns.run("ip link set br100 addrgenmode none up")
    h2.ns.run("ip link add vxlan100 type vxlan id 100 local %s proxy dstport 8472" % h2.ip)
    h2.ns.run("ip link set vxlan100 addrgenmode none master br100 up")
    h2.start(source(h2.ip) + router(h2, [neighbor(h1.ip)]))
    h1.established(h2.ip)
    h2.established(h1.ip)
    return SimpleNamespace(lab=l, h1=h1, h2=h2)


def audit(h):
    return h.show("evpn audit")["findings"]


def words(h):
    return sorted({f["what"] for f in audit(h)})


def case_mtu(t):
    """devices that we made follow the underlay's MTU, down and up"""
    def mtus():
        return [t.h1.ns.link(d)["mtu"] for d in ("vxlan100", "br100")]
    wait_for("1450", mtus, until=lambda m: m == [1450, 1450])
    for underlay in (1400, 1500):
        t.h1.ns.run("ip link set eth0 mtu %d" % underlay)
        wait_for("follows", mtus, until=lambda m: m == [underlay - 50] * 2)
    # A route's own MTU counts once something makes evpnd look again.
    t.h1.ns.run("ip route add %s/32 dev eth0 mtu 1300" % t.h2.ip)
    t.h1.ns.run("ip addr add 10.98.0.1/32 dev lo")
    wait_for("the route's", mtus, until=lambda m: m == [1250, 1250])
    t.h1.ns.run("ip route del %s/32 dev eth0" % t.h2.ip)
    t.h1.ns.run("ip addr del 10.98.0.1/32 dev lo")
    wait_for("the device's", mtus, until=lambda m: m == [1450, 1450])


def case_fine(t):
    """nothing is wrong: it says so"""
    equal(audit(t.h1), [], "findings")
    expect("Nothing is wrong around 1 VNIs" in t.h1.text("show evpn audit"), "no such words")


def case_wrong(t):
    """what is wrong is found, on the devices and on the host"""
    ns = t.h2.ns
    wait_for("devices", lambda: words(t.h2), until=lambda w: w == ["mtu", "proxy", "udp-port"])
    ns.sysctl("net/ipv4/conf/eth0/rp_filter", 1)
    ns.sysctl("net/bridge/bridge-nf-call-iptables", 1)
    ns.run("ethtool -K eth0 tx-udp_tnl-segmentation off")
    ns.run("bridge link set dev vxlan100 bcast_flood off")
    ns.run("ip link set dev vxlan100 type vxlan id 100 local 10.99.9.9")
    wait_for("all of it", lambda: words(t.h2), until=lambda w: w == sorted([
        "bridge-netfilter", "local-address", "mtu", "other-local-address", "port-flood", "proxy",
        "rp-filter", "segmentation-offload", "udp-port"]))
    text = t.h2.text("show evpn audit")
    for f in audit(t.h2):
        expect(f["text"] in text and f["command"] in text, "not in the text: %s" % f)


def case_mended(t):
    """the commands that it names mend it"""
    for f in audit(t.h2):
        if f["what"] in ("local-address", "udp-port"):
            continue  # the other ones of these devices do that
        for command in f["command"].split("; "):
            t.h2.ns.run(command)
    t.h2.ns.run("ip link set vxlan100 addrgenmode none master br100 up")
    wait_for("mtu is left", lambda: words(t.h2), until=lambda w: w in ([], ["mtu"]))
    for f in audit(t.h2):
        for command in f["command"].split("; "):
            t.h2.ns.run(command)
    wait_for("nothing", lambda: audit(t.h2) == [])
    t.h2.flooding(t.h1.ip)


def case_gateways(t):
    """IPv6 gateways without forwarding, a macvlan whose MAC the bridge does not know: mended"""
    ns = t.h1.ns
    ns.sysctl("net/ipv6/conf/all/forwarding", 0)
    ns.run("ip link add link br100 name mv100 address 00:00:5e:00:01:01 type macvlan mode private")
    ns.run("ip link set mv100 up")
    t.h1.configure(*FAMILY, "vni 100", "gateway fd05::1/64 mac 00:00:5e:00:01:01")
    wait_for("both", lambda: words(t.h1), until=lambda w: w == [
        "ipv6-forwarding", "macvlan-entry"])
    for f in audit(t.h1):
        ns.run(f["command"])
    wait_for("nothing", lambda: audit(t.h1) == [])


def mend(h):
    """Runs every command that the audit names."""
    for f in audit(h):
        for command in f["command"].split("; "):
            h.ns.run(command)


def found(h, *what, limit=15):
    wait_for(" ".join(what), lambda: words(h), limit, until=lambda w: w == sorted(what))


def case_flags(t):
    """somebody sets again and again what evpnd mends: it is told while it is so"""
    wanted = {"learning", "port-learning", "neigh-suppress"}
    seen, ended = set(), threading.Event()

    def spoil():
        while not ended.is_set():
            t.h2.ns.batch("ip", ["link set vxlan100 type bridge_slave learning on neigh_suppress "
                                 "off", "link set vxlan100 type vxlan id 100 learning"] * 100)
    spoiler = threading.Thread(target=spoil)
    spoiler.start()
    try:
        wait_for("the flags", lambda: seen.update(words(t.h2)) or seen >= wanted, 40)
    finally:
        ended.set()
        spoiler.join()
    found(t.h2)


def case_neighbor_limit(t):
    """more hosts than the kernel has room for"""
    where = "/proc/sys/net/ipv4/neigh"
    own = ["nsenter", "-t", str(t.h2.proc.pid), "-m"]
    with open(t.h2.file("gc_thresh3", "1\n")) as f:
        # These are the machine's, and hidden in a namespace: evpnd is shown other ones.
        t.h2.ns.run(own + ["mount", "-t", "tmpfs", "none", where])
        t.h2.ns.run(own + ["mkdir", where + "/default"])
        t.h2.ns.run(own + ["cp", f.name, where + "/default/gc_thresh3"])
    vm = Vm(t.lab, 12, t.h2)
    wait_for("neighbor-limit", lambda: vm.speak() or words(t.h2),
             until=lambda w: w == ["neighbor-limit"])
    for f in audit(t.h2):
        t.h2.ns.run(own + f["command"].split())
    found(t.h2)
    t.h2.ns.run(own + ["umount", where])


def case_down(t):
    """a VNI that is down, and why"""
    ns = t.h2.ns
    t.h2.configure(*FAMILY, "vni 100")
    for command, why in [("vxlan100 down", "the vxlan device is down"),
                         ("br100 down", "the bridge is down"),
                         ("vxlan100 nomaster", "the vxlan device is in no bridge")]:
        ns.run("ip link set " + command)
        wait_for(why, lambda: [f["text"] for f in audit(t.h2)],
                 until=lambda texts: texts == ["it is down: " + why])
        mend(t.h2)
        found(t.h2)
    ns.run("ip link del vxlan100")
    found(t.h2, "vni-down")
    mend(t.h2)
    wait_for("not down", lambda: words(t.h2), until=lambda w: w in ([], ["mtu"]))
    mend(t.h2)
    found(t.h2)
    t.h2.flooding(t.h1.ip)


def case_down_vrf(t):
    """a VRF that is down, and why; the devices of an L3 VNI are looked at, too"""
    ns = t.h2.ns
    t.h2.configure("vrf default", "vni 5000")
    found(t.h2, "vrf-down")
    while "vrf-down" in words(t.h2):
        mend(t.h2)
    wait_for("left", lambda: words(t.h2), until=lambda w: w == ["mtu", "port-learning"])
    mend(t.h2)
    found(t.h2)
    ns.run("ip link set br5000 down")
    found(t.h2, "vrf-down")
    mend(t.h2)
    found(t.h2)
    t.h2.configure("vrf red", "vni 5001")
    found(t.h2, "vrf-down")
    equal([f["command"] for f in audit(t.h2)],
          ["ip link add red type vrf table 5001; ip link set red up"], "command")
    t.h2.configure("no vrf red")
    found(t.h2)


def case_link_local(t):
    """an IPv6 address, and no link-local one"""
    t.h2.ns.run("ip addr add fd07::1/64 dev br100 nodad")
    found(t.h2, "no-link-local")
    mend(t.h2)
    found(t.h2)


def case_device(t):
    """a device of another kind has the name of one that evpnd would make"""
    t.h1.ns.run("ip link add vxlan200 type veth peer name other")
    t.h1.configure(*FAMILY, "vni 200", "bridge br200")
    found(t.h1, "device", "vni-down")
    for f in audit(t.h1):
        if f["what"] == "device":
            t.h1.ns.run(f["command"])
    found(t.h1)


lab.run()

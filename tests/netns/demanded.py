"""
demanded - the checks of on-demand resolution with gateways, in the default VRF or in another one:
the first packet that a gateway routes to a host which only BGP knows is delivered.
"""

from types import SimpleNamespace

from lab import Skip, equal, slow, wait_for
from routed import *
from topo import *

AGE = 3
FAMILY = ("router bgp 65000", "address-family l2vpn evpn")


def stage(l, tenant):
    """Two VNIs at evpnd and FRR."""
    if standin():
        raise Skip("FRR does not resolve on demand")
    s100 = Subnet(100, tenant, ("10.1.0.0/24", "fd01::/64"), ("resolution on-demand",))
    s110 = Subnet(110, tenant, ("10.2.0.0/24", "fd02::/64"), ("resolution on-demand",))
    net = Underlay(l)
    ips = ["10.99.0.%d" % n for n in (1, 2, 3)]
    rr = reflector(l, net, ips)
    e1 = start_leaf(EvpndVtep(l, "e1", 1, net), [rr.ip], [tenant], [s100, s110])
    e2 = start_leaf(EvpndVtep(l, "e2", 2, net), [rr.ip], [tenant], [s100, s110])
    f3 = start_leaf(FrrVtep(l, "f3", 3, net), [rr.ip], [tenant], [s100, s110])
    t = SimpleNamespace(lab=l, rr=rr, e1=e1, e2=e2, f3=f3, tenant=tenant, leaves=[e1, e2, f3])
    t.a = Host(l, 11, e1, s100)
    t.b, t.c = Host(l, 12, e2, s110), Host(l, 13, f3, s110)
    t.hosts = [t.a, t.b, t.c]
    return t


def rows(h, vni):
    """MACs of remote hosts in a VNI's vxlan device."""
    return sorted({r["mac"] for r in h.ns.fdb("vxlan%d" % vni)
                   if "extern_learn" in r.get("flags", [])} - {"00:00:00:00:00:00", ANYCAST})


def neighbours(h, vni):
    return sorted(r["ip"] for r in kernel(h).neighbours("br%d" % vni) if r["extern"])


def cold(t):
    """Waits until neither leaf has a row left of the other one's hosts."""
    for h in (t.e1, t.e2):
        for vni in (100, 110):
            h.configure(*FAMILY, "vni %d" % vni, "resolution on-demand age %d" % AGE)
    for h in (t.e1, t.e2):
        for vni in (100, 110):
            wait_for("%s: no rows of %d" % (h.name, vni),
                     lambda: (rows(h, vni), neighbours(h, vni)),
                     60 * slow(), until=lambda r: r == ([], []))
            h.configure(*FAMILY, "vni %d" % vni, "resolution on-demand age 300")


def case_sessions(t):
    """sessions come up; hosts reach their gateways; BGP knows them"""
    t.rr.established(*[h.ip for h in t.leaves])
    for host in t.hosts:
        host.greet()
    for host in (t.b, t.c):
        for ip in host.addresses():
            wait_for("e1 knows " + ip, lambda: t.e1.show("evpn arp-cache vni 110").get(ip), 30)
    for h in (t.e1, t.e2):
        for vni in (100, 110):
            wait_for("%s: sensor" % h.name, lambda: h.ns.status("ip link show sensor%d" % vni)[0]
                     == 0, 30)


def first(t, host, version):
    """A ping as the first packet ever to a host in the other VNI; its gateway is known."""
    ip = host.ip if version == 4 else host.ip6
    t.a.ping(t.a.subnet.address(1, version), count=1, wait=slow())
    equal([r for r in neighbours(t.e1, 110) if r == ip], [], "neighbours before")
    got = t.a.ping(ip, count=1, wait=slow())
    return "%.1f ms" % got[0]


def case_first(t):
    """the first packet that e1 routes to a cold host of e2 is delivered, IPv4"""
    cold(t)
    return first(t, t.b, 4)


def case_first6(t):
    """... and IPv6"""
    cold(t)
    return first(t, t.b, 6)


def case_first_frr(t):
    """... and to a host of FRR"""
    cold(t)
    return first(t, t.c, 4)


def case_few(t):
    """the kernel holds the pair that talked"""
    cold(t)
    first(t, t.b, 4)
    if not t.tenant.l3:
        equal(neighbours(t.e1, 110), [t.b.ip], "neighbours")
        equal(rows(t.e1, 110), [t.b.mac], "rows")


def case_unknown(t):
    """hosts that nobody knows are asked for on the link, and counted"""
    def gateway(key):
        return t.e1.show("evpn misses vni 110")["vnis"]["110"].get("gateway", {}).get(key, 0)
    missed, asked = gateway("misses"), gateway("asked")
    for n in range(200, 205):
        t.a.ns.status("ping -n -c 1 -W 0.05 10.2.0.%d" % n)
    wait_for("missed", lambda: gateway("misses") >= missed + 5)
    expect(gateway("asked") >= asked + 5, "asked: %d" % gateway("asked"))
    expect("asked for on the link: " in t.e1.text("show evpn misses vni 110"), "text")


def case_settled(t):
    """nothing differs; also after going back to proactive"""
    t.e1.settled()
    for h in (t.e1, t.e2):
        for vni in (100, 110):
            h.configure(*FAMILY, "vni %d" % vni, "resolution proactive")
        h.settled(30)
    mesh([t.a, t.b, t.c])


# In the order they are written: it is the order in which they run.
__all__ = [n for n in list(globals()) if not n.startswith("_")]

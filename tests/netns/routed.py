"""
routed - what stands in a lab that routes: tenants, subnets with an anycast gateway, leaves, hosts.

A leaf is a VTEP of topo.py that routes. Its devices are made by evpnd from its configuration
("made"), or by us as FRR's users prepare them ("adopted"; always so for FRR): per VNI brN with
vxlanN, the L2 ones with the gateway's addresses and MAC, the L3 ones without any address. Tenants
of the name "default" live in the default VRF: for these no VRF device is needed.
"""

import dataclasses
import ipaddress

import wire
from lab import slow, wait_for
from tables import Kernel
from topo import AS, Evpnd, Vm, neighbor, source

ANYCAST = "00:00:5e:00:01:01"
RTPROT_KERNEL = 2


@dataclasses.dataclass(frozen=True)
class Tenant:
    """A VRF; l3 is its L3 VNI or None. evpn, v4, v6: lines of its address families in BGP."""
    name: str
    l3: int = None
    table: int = 254
    evpn: tuple = ()
    v4: tuple = ()
    v6: tuple = ()
    only_prefixes: bool = False
    top: tuple = ()

    @property
    def default(self):
        return self.name == "default"

    def but(self, **changes):
        """The same with other lines, at some leaf."""
        return dataclasses.replace(self, **changes)


@dataclasses.dataclass(frozen=True)
class Subnet:
    """A VNI with its prefixes; the gateway has the first address of each."""
    vni: int
    tenant: Tenant
    prefixes: tuple
    lines: tuple = ()

    @property
    def bridge(self):
        return "br%d" % self.vni

    @property
    def vxlan(self):
        return "vxlan%d" % self.vni

    def address(self, n, version=4):
        """Address n of it, or nothing when it has no such prefix."""
        for p in map(ipaddress.ip_network, self.prefixes):
            if p.version == version:
                return str(p[n])
        return None

    def gateways(self):
        return ["%s/%d" % (p[1], p.prefixlen) for p in map(ipaddress.ip_network, self.prefixes)]


def vtep(h):
    """A leaf's tunnel address: IPv4, unless it was given another one in h.local."""
    return getattr(h, "local", h.ip)


def router_mac(h):
    """The router MAC of a leaf that we prepare: one for all its L3 VNIs."""
    return "02:ff:00:00:00:%02x" % h.n


def vrf_lines(tenant):
    """`ip` lines for a VRF device with routes of last resort, as the kernel's documentation has."""
    if tenant.default:
        return []
    return ["link add %s type vrf table %d" % (tenant.name, tenant.table),
            "link set %s up" % tenant.name]


def pair_lines(h, vni, tenant, mac, extra=""):
    """`ip` lines for a bridge with its vxlan device, in the tenant's VRF."""
    br, vx = "br%d" % vni, "vxlan%d" % vni
    master = "" if tenant.default else " master " + tenant.name
    return ["link add %s address %s type bridge mcast_snooping 0" % (br, mac),
            "link set %s addrgenmode %s%s" % (br, "none" if mac != ANYCAST else "eui64", master),
            "link add %s type vxlan id %d local %s dstport 4789 nolearning" %
            (vx, vni, vtep(h)),
            "link set %s addrgenmode none master %s" % (vx, br),
            "link set %s type bridge_slave learning off neigh_suppress %s" %
            (vx, "on" if mac == ANYCAST else "off"),
            "link set %s up" % br, "link set %s up" % vx]


def forwarding(h):
    """What a router needs besides EVPN."""
    h.quiet()
    for key in ("net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding"):
        h.ns.sysctl(key, 1)
    h.ns.sysctl("net/ipv4/conf/default/rp_filter", 0)


def prepare(h, tenants, subnets):
    """The devices of a leaf, as FRR's users make them."""
    lines = []
    for t in tenants:
        lines += vrf_lines(t)
    for t in tenants:
        if t.l3:
            lines += pair_lines(h, t.l3, t, router_mac(h))
    for s in subnets:
        lines += pair_lines(h, s.vni, s.tenant, ANYCAST)
        lines += ["addr add %s dev %s%s" % (g, s.bridge, " nodad" if ":" in g else "")
                  for g in s.gateways()]
    h.ns.batch("ip", lines)


def indent(lines, n=1):
    return [" " * n + x for x in lines]


def family(name, lines):
    return indent(["address-family " + name] + indent(lines) + ["exit-address-family"]) \
        if lines else []


def vni_block(h, s, style):
    """What evpnd is told of an L2 VNI; an adopted one needs nothing."""
    lines = list(s.lines)
    if h.kind == "evpnd" and style == "made":
        lines = ["bridge " + s.bridge] + ["gateway " + g for g in s.gateways()] + lines
        if not s.tenant.default:
            lines.append("vrf " + s.tenant.name)
    return ["vni %d" % s.vni] + indent(lines) + ["exit-vni"] if lines else []


def vrf_block(h, t, style):
    """`vrf NAME`; FRR has the default VRF's VNI at the top level."""
    if not t.l3 and (t.default or h.kind == "frr" or style != "made"):
        return []
    vni = ["vni %d%s" % (t.l3, " prefix-routes-only" if t.only_prefixes else "")] if t.l3 else []
    if h.kind == "frr" and t.default:
        return vni
    if h.kind == "evpnd" and style == "made":
        vni.append("bridge br%d" % t.l3 if t.default else "table %d" % t.table)
    return ["vrf " + t.name] + indent(vni) + ["exit-vrf"]


def bgp_block(h, peers, tenants, subnets, style, top=(), af=()):
    """`router bgp` of the fabric, and one for each named tenant."""
    peers = [neighbor(p) if isinstance(p, str) else p for p in peers]
    evpn = [x for _, lines in peers for x in lines] + ["advertise-all-vni"] + list(af)
    for s in subnets:
        evpn += vni_block(h, s, style)
    v4, v6 = [], []
    out = ["router bgp %d" % AS] + indent(
        ["bgp router-id " + h.ip, "no bgp default ipv4-unicast", "no bgp ebgp-requires-policy"] +
        list(top) + [x for lines, _ in peers for x in lines])
    for t in tenants:
        if t.default:
            out += indent(t.top)
            evpn += t.evpn
            v4, v6 = t.v4, t.v6
    out += family("l2vpn evpn", evpn) + family("ipv4 unicast", v4) + family("ipv6 unicast", v6)
    out.append("exit")
    for t in tenants:
        if t.default or not t.l3 and not (t.evpn or t.v4 or t.v6):
            continue
        # FRR would take a gateway's address, which all leaves have, and so the same RD for all.
        out += ["router bgp %d vrf %s" % (AS, t.name)]
        out += indent((["bgp router-id " + h.ip] if h.kind == "frr" else []) + list(t.top))
        out += family("l2vpn evpn", t.evpn) + family("ipv4 unicast", t.v4) + \
            family("ipv6 unicast", t.v6) + ["exit"]
    return out


def configuration(h, peers, tenants, subnets, style="made", top=(), af=()):
    """The whole text for a leaf."""
    vrfs = [x for t in tenants for x in vrf_block(h, t, style)]
    bgp = ["hostname " + h.name] + bgp_block(h, peers, tenants, subnets, style, top, af)
    if h.kind == "frr":
        return "\n".join(bgp) + "\n", "\n".join(vrfs) + "\n"
    mine = source(vtep(h))
    if style == "made":
        mine = mine.replace("exit\n", " anycast-mac %s\nexit\n" % ANYCAST)
    return mine + "\n".join(vrfs + bgp) + "\n", ""


def start_leaf(h, peers, tenants, subnets, style="made", top=(), af=()):
    """Devices, configuration, daemon. style: "made" by evpnd, or "adopted"."""
    h.tenants, h.subnets, h.style = list(tenants), list(subnets), style
    forwarding(h)
    if h.kind == "frr" or style == "adopted":
        prepare(h, tenants, subnets)
    text, zebra = configuration(h, peers, tenants, subnets, style, top, af)
    if isinstance(h, Evpnd):
        h.start(text)
    else:
        h.start(text, zebra)
    bridges = [s.bridge for s in subnets] + ["br%d" % t.l3 for t in tenants if t.l3]
    wait_for("%s: its bridges" % h.name, lambda: set(bridges) <= set(kernel(h).links()))
    return h


# What the kernel of a leaf has.

def plain(ip):
    """An IPv4 address without its ::ffff: of IPv6 next hops."""
    a = ipaddress.ip_address(ip)
    mapped = getattr(a, "ipv4_mapped", None)
    return str(mapped or a)


def linklocal(ip):
    return ipaddress.ip_address(ip).is_link_local


def kernel(h):
    """The reader of a leaf's tables, made when first asked for."""
    if not hasattr(h, "tables"):
        h.tables = Kernel(h.ns)
    return h.tables


def routes(h, tenant, prefix=None, version=None):
    """Unicast routes of a tenant's table but those of the kernel itself; of one prefix, or all."""
    return [r for r in kernel(h).routes(tenant.table)
            if r["type"] == "unicast" and r["proto"] != RTPROT_KERNEL and
            prefix in (None, r["dst"]) and version in (None, 6 if ":" in r["dst"] else 4)]


def behind(h, tenant, mac):
    """The VTEP that the L3 VNI's devices have a router MAC behind, or nothing."""
    fdb = kernel(h).fdb("vxlan%d" % tenant.l3, mac)
    found = [r["dst"] for r in fdb if r["dst"]]
    return found[0] if found and any(r["master"] for r in fdb) else None


def via(h, tenant, prefix):
    """
    The VTEPs that a prefix goes to through the tenant's L3 VNI. The gateway is the VTEP's address;
    for IPv6 VTEPs any link-local one, whose neighbour tells.
    """
    dev = "br%d" % tenant.l3
    hops = [ip for r in routes(h, tenant, prefix) for ip, d, _ in r["hops"] if ip and d == dev]
    macs = {r["ip"]: r["mac"] for r in kernel(h).neighbours(dev)} if any(
        linklocal(ip) for ip in hops) else {}
    return sorted(str(behind(h, tenant, macs[ip])) if ip in macs else plain(ip) for ip in hops)


def rmac(h, tenant, remote, version=4):
    """The router MAC that the kernel of h knows for a VTEP on the L3 SVI, complete or nothing."""
    ip = "::ffff:" + remote if version == 6 and ":" not in remote else remote
    for r in kernel(h).neighbours("br%d" % tenant.l3):
        named = r["ip"] == ip or ":" in remote and linklocal(r["ip"])
        if named and r["state"] == "NOARP" and r["extern"] and \
                behind(h, tenant, r["mac"]) == remote:
            return r["mac"]
    return None


def routed(h, tenant, prefix, *vteps, limit=20):
    """Waits until a prefix goes to exactly these VTEPs, with everything that it needs."""
    wanted = sorted(v if isinstance(v, str) else vtep(v) for v in vteps)
    what = "%s: %s in VRF %s via %s" % (h.name, prefix, tenant.name, " ".join(wanted) or "nobody")
    wait_for(what, lambda: via(h, tenant, prefix), limit, until=lambda got: got == wanted)
    version = ipaddress.ip_network(prefix).version
    for v in wanted:
        wait_for("%s: router MAC of %s in VRF %s" % (h.name, v, tenant.name),
                 lambda: rmac(h, tenant, v, version), limit)


def host_route(ip):
    return "%s/%d" % (ip, ipaddress.ip_address(ip).max_prefixlen)


class Host(Vm):
    """Host n of a subnet: its addresses are number n in it, its routers the gateways."""

    def __init__(self, lab, n, at, subnet, name=None, mac=None, mtu=None):
        self.lab, self.n, self.subnet = lab, n, subnet
        self.name = name or "h%d-%d" % (subnet.vni, n)
        self.mac = mac or "02:00:00:00:%02x:%02x" % (subnet.vni & 255, n)
        self.ip, self.ip6 = subnet.address(n), subnet.address(n, 6)
        self.port, self.bridge = "p%d-%d" % (subnet.vni, n), subnet.bridge
        self.ns = lab.ns(self.name)
        self.at = at
        size = " mtu %d" % mtu if mtu else ""
        at.ns.batch("ip", [
            "link add %s%s type veth peer name eth0 address %s%s netns %s" %
            (self.port, size, self.mac, size, self.ns.full),
            "link set %s addrgenmode none master %s up" % (self.port, self.bridge)])
        lines = ["link set eth0 up"]
        for version, ip in ((4, self.ip), (6, self.ip6)):
            if ip:
                length = [p for p in map(ipaddress.ip_network, subnet.prefixes)
                          if p.version == version][0].prefixlen
                lines += ["addr add %s/%d dev eth0%s" % (ip, length, " nodad" * (version == 6)),
                          "route add %s via %s" % ("0.0.0.0/0" if version == 4 else "::/0",
                                                   subnet.address(1, version))]
        self.ns.batch("ip", lines)

    def addresses(self):
        return [ip for ip in (self.ip, self.ip6) if ip]

    def move(self, to):
        self.at.ns.run("ip link set %s netns %s" % (self.port, to.ns.full))
        to.ns.run("ip link set %s addrgenmode none master %s up" % (self.port, self.bridge))
        self.at = to

    def greet(self):
        """Pings its gateways: so its leaf learns its addresses."""
        for version in (4, 6):
            gw = self.subnet.address(1, version)
            if gw:
                wait_for("%s pings its gateway %s" % (self.name, gw),
                         lambda: self.ping(gw, count=1, wait=slow()))

    def reaches(self, other, limit=20):
        """Waits until every address of another host (or just an address) answers."""
        for ip in [other] if isinstance(other, str) else other.addresses():
            wait_for("%s reaches %s" % (self.name, ip),
                     lambda: self.ping(ip, count=1, wait=slow()), limit)

    def fails(self, ip, count=1):
        """True when nobody answers."""
        return self.ns.status("ping -n -c %d -i 0.1 -W 0.3 %s" % (count, ip))[0] != 0


def learned(host, ip):
    """Whether the kernel of a host's leaf knows an address of the host by itself."""
    rows = [r for r in kernel(host.at).neighbours(host.subnet.bridge) if r["ip"] == ip]
    return rows and not rows[0]["extern"] and rows[0]["mac"] == host.mac


def announce(host):
    """
    What a host says that came to another leaf: that its addresses are here, unasked. FRR takes no
    notice of it while it believes the host elsewhere: the host has to talk to its gateway until
    FRR has asked it.
    """
    if host.at.kind == "evpnd":
        wire.send(host.ns, "eth0", wire.arp(1, host.mac, host.ip),
                  *[wire.advertisement(host.mac, ip) for ip in [host.ip6] if ip])
        return
    for version, ip in ((4, host.ip), (6, host.ip6)):
        gw = host.subnet.address(1, version)
        if ip:
            wait_for("%s asks for %s" % (host.at.name, ip), lambda: host.ping(
                gw, count=1, wait=0.3) and learned(host, ip), every=0.1)


def mesh(hosts, limit=20):
    """Every host reaches every other one."""
    for a in hosts:
        for b in hosts:
            if a is not b:
                a.reaches(b, limit)


def stub(h, tenant, name, *addresses):
    """A network behind a leaf: a device with these addresses in the tenant's VRF."""
    lines = ["link add %s type veth peer name %s-" % (name, name)]
    if not tenant.default:
        lines.append("link set %s master %s" % (name, tenant.name))
    lines += ["link set %s addrgenmode none up" % d for d in (name + "-", name)]
    h.ns.batch("ip", lines + ["addr add %s dev %s%s" % (a, name, " nodad" if ":" in a else "")
                              for a in addresses])


__all__ = [n for n in dir() if not n.startswith("_")]

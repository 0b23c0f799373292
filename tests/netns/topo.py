"""
topo - what stands in a lab: an underlay, VTEPs (evpnd or FRR), route reflectors, VMs.

A VTEP's commands are the same for evpnd and FRR: show() takes FRR's words and gives FRR's JSON.
LAB_STANDIN=frr lets FRR stand wherever evpnd would, to tell a wrong lab from a wrong evpnd.
"""

import ipaddress
import json
import os
import re
import shutil
import signal

import lab as base
import wire
from lab import Failure, equal, expect, wait_for

AS = 65000
VNI = 100


def standin():
    return os.environ.get("LAB_STANDIN") == "frr"


class Underlay:
    """A namespace with a switch: every attached node reaches every other one."""

    def __init__(self, lab, name="net", mtu=None):
        self.lab, self.mtu = lab, mtu
        self.ns = lab.ns(name)
        self.ns.sysctl("net/bridge/bridge-nf-call-iptables", 0)
        self.ns.run("ip link add ul type bridge mcast_snooping 0")
        self.ns.run("ip link set ul up")

    def attach(self, ns, *addresses, dev="eth0"):
        port = "%s-%s" % (ns.name, dev)
        self.lab.veth(self.ns, port, ns, dev)
        for d, where in ((port, self.ns), (dev, ns)):
            if self.mtu:
                where.run("ip link set %s mtu %d" % (d, self.mtu))
        self.ns.run("ip link set %s master ul" % port)
        for a in addresses:
            ns.run("ip addr add %s dev %s%s" % (a, dev, " nodad" if ":" in a else ""))


class Node:
    """Something with a namespace on the underlay, number n: 10.99.0.n and fd99::n."""

    def __init__(self, lab, name, n, net=None):
        self.lab, self.name, self.n = lab, name, n
        self.ip, self.ip6 = "10.99.0.%d" % n, "fd99::%x" % n
        self.ns = lab.ns(name)
        if net:
            net.attach(self.ns, self.ip + "/24", self.ip6 + "/64")

    def file(self, name, text):
        path = os.path.join(self.lab.dir, "%s-%s" % (self.name, name))
        with open(path, "w") as f:
            f.write(text)
        os.chmod(path, 0o644)
        return path


# Configuration, in the words that FRR and evpnd share.

def neighbor(ip, asn=AS, client=False, extra=(), af=()):
    """A neighbor: its lines in `router bgp` and its lines in the address family."""
    top = ["neighbor %s remote-as %s" % (ip, asn), "neighbor %s timers 3 9" % ip,
           "neighbor %s timers connect 1" % ip] + ["neighbor %s %s" % (ip, x) for x in extra]
    family = ["neighbor %s activate" % ip] + ["neighbor %s %s" % (ip, x) for x in af]
    if client:
        family.append("neighbor %s route-reflector-client" % ip)
    return top, family


def router(node, neighbors, asn=AS, vtep=True, top=(), family=(), vni_lines=None):
    """`router bgp`: vni_lines are the lines of `vni 100` (evpnd only)."""
    out = ["hostname " + node.name, "router bgp %s" % asn, " bgp router-id " + node.ip,
           " no bgp default ipv4-unicast", " no bgp ebgp-requires-policy"]
    out += [" " + x for x in top]
    for t, _ in neighbors:
        out += [" " + x for x in t]
    out.append(" address-family l2vpn evpn")
    for _, f in neighbors:
        out += ["  " + x for x in f]
    if vtep:
        out.append("  advertise-all-vni")
    out += ["  " + x for x in family]
    if vni_lines is not None:
        out += ["  vni %d" % VNI] + ["   " + x for x in vni_lines] + ["  exit-vni"]
    return "\n".join(out + [" exit-address-family", "exit", ""])


class Speaker(Node):
    """A node that talks BGP and answers FRR's show commands; see Frr and Evpnd."""

    def text(self, *commands):
        status, out = self.shell(*commands)
        if status != 0 or out.startswith("%"):
            raise Failure("%s: %s: %s" % (self.name, " / ".join(commands), out.strip()[:300]))
        return out

    def show(self, command):
        out = self.text("show %s json" % command)
        try:
            return json.loads(out)
        except ValueError:
            raise Failure("%s: show %s json printed no JSON: %s" %
                          (self.name, command, out[:200])) from None

    def configure(self, *lines):
        self.text("configure terminal", *lines)

    def peers(self):
        return self.show("bgp l2vpn evpn summary").get("peers", {})

    def neighbor(self, ip):
        return self.show("bgp neighbors %s" % ip)[str(ip)]

    def established(self, *peers, limit=20):
        for p in peers:
            wait_for("%s: session with %s" % (self.name, p), lambda: self.peers()[p]["state"],
                     limit, until=lambda s: s == "Established")

    def mac(self, mac, vni=VNI):
        """A MAC's row in `show evpn mac vni N json`, or nothing."""
        return self.show("evpn mac vni %d" % vni).get("macs", {}).get(mac)

    def routes(self, kind=None):
        """Every route: {(rd, prefix): [paths]}."""
        extra = " type %d" % kind if kind else ""
        out = {}
        for rd, entry in self.show("bgp l2vpn evpn route" + extra).items():
            for prefix, body in entry.items() if isinstance(entry, dict) else []:
                if isinstance(body, dict) and "paths" in body:
                    # 8.4.4 nests every path in an array of its own
                    paths = [p for x in body["paths"] for p in (x if isinstance(x, list) else [x])]
                    out[rd, prefix] = paths
        return out

    def has(self, *parts, kind=2):
        """Prefixes that contain every part, as "[aa:bb:..]"."""
        return [k for k in self.routes(kind) if all(p in k[1] for p in parts)]


class Frr(Speaker):
    """FRR's zebra and bgpd, as Debian ships them."""

    kind = "frr"

    def start(self, config, zebra=""):
        self.sock = os.path.join(self.ns.dir, "vty")
        os.makedirs(self.sock, exist_ok=True)
        for d in (self.ns.dir, self.sock):
            shutil.chown(d, "frr", "frr")
        vtysh = os.path.join(self.sock, "vtysh.conf")
        with open(vtysh, "w") as f:
            f.write("no service integrated-vtysh-config\n")
        zebra = self.file("zebra.conf", "hostname %s\n%s\n" % (self.name, zebra))
        bgpd = self.file("bgpd.conf", config)
        self.zserv = os.path.join(self.ns.dir, "zserv.api")
        self.procs = {}
        self.spawn("zebra", zebra, self.zserv)
        self.spawn("bgpd", bgpd, os.path.join(self.sock, "bgpd.vty"))
        self.lab.dumpers.append((self.name, self.everything))

    def spawn(self, daemon, config, ready):
        """Starts one; it is there when its socket is."""
        argv = [base.need(daemon), "-f", config, "-z", self.zserv,
                "-i", os.path.join(self.ns.dir, daemon + ".pid"), "--vty_socket", self.sock, "-A", "127.0.0.1", "--log", "stdout"]
        p = self.procs[daemon] = base.Proc(self.ns, daemon, argv)
        wait_for("%s: %s" % (self.name, daemon), lambda: p.must_live() and os.path.exists(ready))

    def stop(self):
        for p in self.procs.values():
            p.end()

    def shell(self, *commands):
        argv = [base.need("vtysh"), "--vty_socket", self.sock, "--config_dir", self.sock]
        for c in commands:
            argv += ["-c", c]
        status, out = self.ns.status(argv)
        lost = re.compile(r"^(Exiting: failed to connect|% Can't open configuration).*\n?", re.M)
        return status, lost.sub("", out)

    def everything(self):
        return "\n".join("# %s\n%s" % (c, self.shell(c)[1][:300000]) for c in SHOWN)


SHOWN = ["show running-config", "show bgp l2vpn evpn summary", "show bgp neighbors",
         "show bgp l2vpn evpn route", "show bgp l2vpn evpn vni", "show evpn vni detail",
         "show evpn mac vni all", "show evpn arp-cache vni all"]


class Evpnd(Speaker):
    """The daemon under test."""

    kind = "evpnd"

    def start(self, config, port=None):
        self.sock = os.path.join(self.ns.dir, "evpnd.sock")
        self.conf = self.file("evpnd.conf", config)
        self.port = port
        self.proc = None
        self.lab.dumpers.append((self.name, self.everything))
        self.up()

    def up(self):
        argv = base.wrap() + [base.binary("EVPND", "evpnd"), "-f", self.conf, "-s", self.sock]
        if self.port is not None:
            argv += ["-p", str(self.port)]
        env = {"ASAN_OPTIONS": "detect_leaks=1:exitcode=98:" + os.environ.get("ASAN_OPTIONS", ""),
               "UBSAN_OPTIONS": "print_stacktrace=1"}
        self.proc = base.Proc(self.ns, "evpnd", argv, env, checked=True)
        wait_for("%s: evpnd answers" % self.name, self.answers)

    def answers(self):
        self.proc.must_live()
        status, out = self.shell("show version")
        if status != 0:
            raise Failure("status %d: %s" % (status, out.strip()[:200]))
        return True

    def stop(self, sig=signal.SIGTERM):
        """Ends it; a Failure when it did not end as it should."""
        proc = self.proc
        status = proc.end(sig)
        if sig != signal.SIGKILL:
            word = proc.verdict(status)
            if word:
                raise Failure("%s: %s" % (self.name, word))

    def restart(self, sig=signal.SIGTERM, between=lambda: None):
        self.stop(sig)
        between()
        self.up()

    def shell(self, *commands):
        argv = [base.binary("EVPNSH", "evpnsh"), "-s", self.sock]
        for c in commands:
            argv += ["-c", c]
        return self.ns.status(argv)

    def everything(self):
        shown = SHOWN + ["show evpn kernel differing", "show evpn kernel"]
        return "\n".join("# %s\n%s" % (c, self.shell(c)[1][:300000]) for c in shown)

    def differing(self):
        """Rows and links of `show evpn kernel differing json`; also that it has no more to read."""
        doc = self.show("evpn kernel differing")
        return doc["rows"] + doc["links"] + ([] if doc["synced"] else ["not synced"])

    def settled(self, limit=15):
        wait_for("%s: show evpn kernel differing is empty" % self.name, self.differing, limit,
                 until=lambda rows: not rows)


class Vtep:
    """What a VTEP has besides BGP: a bridge, a vxlan device, ports. Mixed into Frr or Evpnd."""

    def devices(self, local=None, vni=VNI, port=4789, address=None, suppress=True):
        """br100 and vxlan100, as an FRR user prepares them."""
        local = local or self.ip
        ns = self.ns
        br, vx = "br%d" % vni, "vxlan%d" % vni
        self.quiet()
        ns.run("ip link add %s type bridge mcast_snooping 0" % br)
        ns.run("ip link set %s addrgenmode none" % br)
        ns.run("ip link add %s type vxlan id %d local %s dstport %d nolearning" %
               (vx, vni, local, port))
        ns.run("ip link set %s addrgenmode none" % vx)
        ns.run("ip link set %s master %s" % (vx, br))
        if suppress:
            ns.run("bridge link set dev %s neigh_suppress on learning off" % vx)
        if address:
            ns.run("ip addr add %s dev %s" % (address, br))
        ns.run("ip link set %s up" % br)
        ns.run("ip link set %s up" % vx)

    def quiet(self):
        self.ns.sysctl("net/bridge/bridge-nf-call-iptables", 0)
        self.ns.sysctl("net/bridge/bridge-nf-call-ip6tables", 0)
        self.ns.sysctl("net/bridge/bridge-nf-call-arptables", 0)

    def remote(self, mac, vtep, vni=VNI):
        """True when the kernel has a remote MAC complete: bridge entry and vxlan entry."""
        rows = self.ns.fdb("vxlan%d" % vni, mac)
        return any("master" in r for r in rows) and any(r.get("dst") == vtep for r in rows)

    def floods(self, vni=VNI):
        """VTEPs in the flood list."""
        rows = self.ns.fdb("vxlan%d" % vni, "00:00:00:00:00:00")
        return sorted(r["dst"] for r in rows if "dst" in r)

    def flooding(self, *vteps, limit=20):
        wait_for("%s: flood list" % self.name, self.floods, limit,
                 until=lambda f: f == sorted(vteps))


class FrrVtep(Vtep, Frr):
    pass


class EvpndVtep(Vtep, Evpnd):
    pass


def evpnd_vtep(*args):
    """An evpnd VTEP, or FRR in its place when LAB_STANDIN=frr."""
    return (FrrVtep if standin() else EvpndVtep)(*args)


def evpnd_speaker(*args):
    return (Frr if standin() else Evpnd)(*args)


def source(ip):
    """evpnd's own lines: where its tunnels start."""
    return "" if standin() else "vxlan\n source-address %s\nexit\n" % ip


def reflector(lab, net, clients, make=Frr, n=100, name="rr"):
    """A route reflector, FRR's unless told; clients are addresses."""
    rr = make(lab, name, n, net)
    rr.start(router(rr, [neighbor(c, client=True) for c in clients], vtep=False,
                    top=["bgp cluster-id %s" % rr.ip]))
    return rr


def adopted(h):
    """What a VTEP adds to its configuration when its devices are prepared: nothing."""
    h.devices()
    return {}


def made(h):
    """... when evpnd makes the devices."""
    h.quiet()
    if h.kind == "frr":
        h.devices()
        return {}
    return {"vni_lines": ["bridge br%d" % VNI]}


def start_vtep(h, peers, devices=made, **more):
    """Devices, configuration, daemon; peers are addresses."""
    extra = devices(h)
    text = router(h, [neighbor(p) if isinstance(p, str) else p for p in peers], **extra, **more)
    h.start((source(h.ip) if h.kind == "evpnd" else "") + text)
    wait_for("%s: its bridge" % h.name, lambda: h.ns.link("br%d" % VNI))
    return h


class GoBgp(Node):
    """GoBGP's daemon as a route reflector."""

    GRACEFUL = " [neighbors.graceful-restart.config]\n  enabled = true\n  restart-time = 120\n"

    def start(self, clients, asn=AS, graceful=False):
        text = "[global.config]\n as = %d\n router-id = \"%s\"\n" % (asn, self.ip)
        for c in clients:
            text += ("[[neighbors]]\n [neighbors.config]\n  neighbor-address = \"%s\"\n"
                     "  peer-as = %d\n [neighbors.timers.config]\n  connect-retry = 1\n"
                     "  hold-time = 9\n  keepalive-interval = 3\n"
                     " [neighbors.transport.config]\n  passive-mode = true\n"
                     "%s [neighbors.route-reflector.config]\n  route-reflector-client = true\n"
                     "  route-reflector-cluster-id = \"%s\"\n [[neighbors.afi-safis]]\n"
                     "  [neighbors.afi-safis.config]\n   afi-safi-name = \"l2vpn-evpn\"\n" %
                     (c, asn, self.GRACEFUL if graceful else "", self.ip))
            if graceful:
                text += "  [neighbors.afi-safis.mp-graceful-restart.config]\n   enabled = true\n"
        conf = self.file("gobgpd.toml", text)
        base.Proc(self.ns, "gobgpd", [base.need("gobgpd"), "-f", conf,
                                      "--api-hosts", "127.0.0.1:50051"])
        wait_for("gobgpd answers", lambda: self.ns.status(["gobgp", "neighbor"])[0] == 0)
        self.lab.dumpers.append((self.name, lambda: self.ns.status(
            "gobgp global rib -a evpn")[1]))

    def routes(self):
        return self.ns.json("gobgp global rib -a evpn -j")


class Vm:
    """A host behind a VTEP: 10.1.0.n, fd01::n, MAC 02:00:00:00:00:n; its cable can be moved."""

    def __init__(self, lab, n, at, bridge="br%d" % VNI, address=True):
        self.lab, self.n, self.name = lab, n, "vm%d" % n
        self.mac = "02:00:00:00:00:%02x" % n
        self.ip, self.ip6 = "10.1.0.%d" % n, "fd01::%x" % n
        self.port, self.bridge = "p%d" % n, bridge
        self.ns = lab.ns(self.name)
        lab.veth(at.ns, self.port, self.ns, "eth0", mac=self.mac)
        self.at = at
        at.ns.run("ip link set %s addrgenmode none master %s" % (self.port, bridge))
        if address:
            self.ns.run("ip addr add %s/24 dev eth0" % self.ip)
            self.ns.run("ip addr add %s/64 dev eth0 nodad" % self.ip6)

    def move(self, to):
        """Pulls the cable out of one VTEP and puts it into another."""
        self.at.ns.run("ip link set %s netns %s" % (self.port, to.ns.full))
        to.ns.run("ip link set %s addrgenmode none master %s up" % (self.port, self.bridge))
        self.at = to

    def shout(self, mac):
        """A broadcast frame from another MAC: that is what a MAC that moved here looks like."""
        wire.send(self.ns, "eth0", wire.broadcast(mac))

    def ping(self, ip, count=3, interval=0.05, wait=2, lost=0):
        """Pings; a Failure when more than `lost` replies are missing. Gives ms of each reply."""
        _, out = self.ns.status("ping -n -c %d -i %g -W %g %s" % (count, interval, wait, ip))
        times = [float(x) for x in re.findall(r"time=([\d.]+) ms", out)]
        expect(len(set(re.findall(r"icmp_seq=(\d+) ttl", out))) >= count - lost,
               "%s -> %s: %s" % (self.name, ip, out.strip()[-300:].replace("\n", " | ")))
        return times

    def reaches(self, other, limit=15):
        """Waits until both families of addresses of another VM answer."""
        for ip in (other.ip, other.ip6):
            wait_for("%s reaches %s" % (self.name, ip),
                     lambda: self.ping(ip, count=1, wait=0.5), limit)

    def forget(self):
        """Empties the neighbour cache, so that the next packet asks."""
        self.ns.run("ip neigh flush dev eth0 nud all", ok=(0, 1))

    def speak(self, to="10.1.0.254"):
        """Sends one frame, an ARP request."""
        wire.send(self.ns, "eth0", wire.arp(1, self.mac, self.ip, to_ip=to))


def hexip(ip):
    return ipaddress.ip_address(ip).packed.hex()


__all__ = [n for n in dir() if not n.startswith("_")] + ["equal", "expect", "wait_for"]

#!/usr/bin/env python3
"""What tools/demo shows, step by step."""

import os
import sys
import time

import lab as base
from topo import *
from wire import Pinger

GAP_LIMIT_MS = 1000


class Show:
    """Numbered steps; every command, its output below it."""

    def __init__(self):
        self.step = 0

    def title(self, text):
        self.step += 1
        print("\n%d. %s" % (self.step, text), flush=True)

    def say(self, text):
        print("   " + text, flush=True)

    def output(self, where, command, text, limit=60):
        print("\n   %s# %s" % (where, command))
        lines = text.rstrip().splitlines()
        for row in lines[:limit]:
            print("     " + row[:150])
        if len(lines) > limit:
            print("     ... (%d more lines)" % (len(lines) - limit))
        sys.stdout.flush()

    def ask(self, node, command):
        name = "vtysh" if node.kind == "frr" else "evpnsh"
        self.output(node.name, "%s -c '%s'" % (name, command), node.text(command))

    def run(self, node, command):
        self.output(node.name, command, node.ns.status(command)[1])

    def file(self, node, path):
        with open(path) as f:
            self.output(node.name, "cat " + os.path.basename(path), f.read())


    def look_around(self, l, hosts, rr):
        shell = base.binary("EVPNSH", "evpnsh") if not standin() else "evpnsh"
        self.title("The lab stays up. Look around:")
        for h in hosts:
            self.say("ip netns exec %s %s -s %s" % (h.ns.full, shell, h.sock))
        self.say("ip netns exec %s vtysh --vty_socket %s" % (rr.ns.full, rr.sock))
        self.say("ip netns exec %s bridge fdb" % hosts[0].ns.full)
        self.say("files and logs: %s" % l.dir)
        self.say("remove it: tools/demo --clean")


def build(s, l):
    s.title("Three namespaces on one underlay: host1 and host2 run evpnd, rr runs FRR's bgpd")
    net = Underlay(l)
    rr = Frr(l, "rr", 100, net)
    hosts = [evpnd_vtep(l, "host%d" % n, n, net) for n in (1, 2)]
    for h in hosts:
        h.quiet()
        if standin():
            h.devices()
    s.say("underlay: host1 %s, host2 %s, rr %s" % (hosts[0].ip, hosts[1].ip, rr.ip))
    s.title("FRR's bgpd as route reflector")
    rr.start(router(rr, [neighbor(h.ip, client=True) for h in hosts], vtep=False))
    s.file(rr, os.path.join(l.dir, "rr-bgpd.conf"))
    s.title("evpnd on both hosts; it makes bridge and vxlan device by itself")
    for h in hosts:
        h.start(source(h.ip) + router(h, [neighbor(rr.ip)],
                                      vni_lines=None if standin() else ["bridge br100"]))
    if not standin():
        s.file(hosts[0], hosts[0].conf)
    wait_for("br100 on both hosts", lambda: [h.ns.link("br100") for h in hosts])
    s.run(hosts[0], "ip -brief link")
    vms = [Vm(l, n, h) for n, h in zip((1, 2), hosts)]
    for vm in vms:
        s.say("%s behind %s: %s, %s, MAC %s" % (vm.name, vm.at.name, vm.ip, vm.ip6, vm.mac))
    return rr, hosts, vms


def sessions(s, rr, hosts):
    s.title("The BGP sessions come up, and each host learns where to flood")
    for h in hosts:
        h.established(rr.ip)
    hosts[0].flooding(hosts[1].ip)
    hosts[1].flooding(hosts[0].ip)
    s.ask(hosts[0], "show bgp l2vpn evpn summary")
    s.ask(hosts[0], "show bgp l2vpn evpn route type 3")
    s.run(hosts[0], "bridge fdb show dev vxlan100")


def pings(s, vms):
    s.title("The VMs ping each other, over IPv4 and IPv6")
    vms[0].reaches(vms[1])
    for ip in (vms[1].ip, vms[1].ip6):
        s.run(vms[0], "ping -n -c 3 -i 0.2 " + ip)


def tables(s, hosts, vms):
    s.title("What became of it: MAC tables, routes, kernel entries")
    for h, vm, other in ((hosts[0], vms[1], hosts[1]), (hosts[1], vms[0], hosts[0])):
        wait_for("%s: kernel entries of %s" % (h.name, vm.name),
                 lambda: h.remote(vm.mac, other.ip))
        s.ask(h, "show evpn mac vni 100")
    s.ask(hosts[0], "show evpn arp-cache vni 100")
    s.ask(hosts[0], "show bgp l2vpn evpn route type 2")
    s.run(hosts[0], "bridge fdb show dev vxlan100")
    if not standin():
        s.ask(hosts[0], "show evpn kernel vni 100")


def move(s, vm, to, pinger):
    """Moves a VM that is being pinged; gives the gap in ms."""
    source = vm.at
    ping = Pinger(pinger, vm.ip, interval=0.005)
    ping.more(40)
    start = time.time()
    vm.move(to)
    plugged = time.time()
    ping.more(100)
    gap, lost = ping.end()
    s.say("%s moved from %s to %s: the longest silence was %.0f ms (%d pings at 5 ms lost);" %
          (vm.name, source.name, to.name, gap, lost))
    s.say("taking its cable from one host to the other took %.0f ms" % ((plugged - start) * 1000))
    expect(gap < GAP_LIMIT_MS * base.slow(), "the gap was %.0f ms" % gap)
    return gap


def moves(s, hosts, vms):
    h1, h2 = hosts
    s.title("vm2 moves from host2 to host1 while vm1 pings it, and back again")
    there = move(s, vms[1], h1, vms[0])
    wait_for("host2: vm2 is remote", lambda: h2.remote(vms[1].mac, h1.ip))
    s.ask(h2, "show evpn mac vni 100 mac " + vms[1].mac)
    back = move(s, vms[1], h2, vms[0])
    wait_for("host1: vm2 is remote", lambda: h1.remote(vms[1].mac, h2.ip))
    s.ask(h1, "show evpn mac vni 100")
    if not standin():
        h1.settled()
        h2.settled()
    return there, back


def show(s, l):
    """The whole demonstration; gives the verdict."""
    rr, hosts, vms = build(s, l)
    sessions(s, rr, hosts)
    pings(s, vms)
    tables(s, hosts, vms)
    there, back = moves(s, hosts, vms)
    if "--keep" in sys.argv:
        s.look_around(l, hosts, rr)
    return "works: sessions, routes, pings over IPv4 and IPv6; moving a VM cost %.0f and %.0f ms" \
        % (there, back)


def finish(show):
    """Runs a demonstration, cleans up, says how it ended, and ends."""
    s, l, word, code = Show(), base.Lab("demo"), None, 1
    try:
        word = show(s, l)
        code = 0
    except base.Ended as e:
        word = "ended by %s" % e
    except (Failure, base.Skip) as e:
        word = "FAILED: %s" % e
        print("\n   logs and state: %s" % l.dump("failed"))
        l.tails()
    finally:
        if code == 0 and "--keep" in sys.argv:
            base.keep(l)
        else:
            s.title("Cleaning up")
            for wrong in l.close():
                word, code = "FAILED: " + wrong, 1
    print("\ndemo: %s" % word)
    sys.exit(code)


if __name__ == "__main__":
    finish(show)

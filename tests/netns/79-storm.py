#!/usr/bin/env python3
"""
A VM that scans a /16 and floods random MACs as fast as one processor can, where misses are
resolved on demand: sessions with a hold time of 3 s stand, other VNIs learn and resolve as ever,
memory and time are bounded.
"""

import os
import re
import subprocess
import sys
import time
from types import SimpleNamespace

import lab
import wire
from topo import *

SECONDS = 4
HOSTS = 45  # looked at during a storm, at most
MEMORY = 8192  # KiB
BLAST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "blast.py")


def demand(h):
    h.quiet()
    return {"vni_lines": ["bridge br100", "resolution on-demand"]}


def setup(l):
    if standin():
        raise lab.Skip("FRR does not resolve on demand")
    net = Underlay(l)
    short = ["timers 1 3"]
    rr = EvpndVtep(l, "rr", 100, net)
    rr.quiet()
    ips = ["10.99.0.1", "10.99.0.2"]
    rr.start(source(rr.ip) + router(rr, [neighbor(ip, client=True, extra=short) for ip in ips],
                                    vtep=False))
    e1, e2 = (EvpndVtep(l, "e%d" % n, n, net) for n in (1, 2))
    for h in (e1, e2):
        demand(h)
        h.start(source(h.ip) + router(h, [neighbor(rr.ip, extra=short)],
                                      vni_lines=demand(h)["vni_lines"]))
        h.configure("router bgp 65000", "address-family l2vpn evpn", "vni 200", "bridge br200",
                    "resolution on-demand")
    t = SimpleNamespace(lab=l, rr=rr, e1=e1, e2=e2)
    rr.established(e1.ip, e2.ip)
    equal(e1.neighbor(rr.ip)["bgpTimerHoldTimeMsecs"], 3000, "hold time")
    for h in (e1, e2):
        for vni in (100, 200):
            wait_for("%s: a sensor" % h.name,
                     lambda: h.ns.status("ip link show sensor%d" % vni)[0] == 0)
    t.bad, t.vm1 = Vm(l, 66, e1), Vm(l, 11, e1, bridge="br200")
    t.vm2 = Vm(l, 12, e2, bridge="br200")
    t.vm1.reaches(t.vm2)
    return t


def usage(h):
    """Seconds of processor, KiB of memory."""
    with open("/proc/%d/stat" % h.proc.popen.pid) as f:
        words = f.read().rsplit(")", 1)[1].split()
    with open("/proc/%d/status" % h.proc.popen.pid) as f:
        kib = int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1))
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK"), kib


def cold(t, n):
    """A new host in VNI 200: e2 learns it, e1 resolves it at the first ping."""
    ip, mac = "10.1.0.%d" % n, "02:00:00:00:02:%02x" % n
    t.vm2.ns.run("ip link add link eth0 name m%d address %s type macvlan mode bridge" % (n, mac))
    t.vm2.ns.run("ip addr add %s/32 dev m%d" % (ip, n))
    t.vm2.ns.run("ip link set m%d up" % n)
    start = time.monotonic()
    wire.send(t.vm2.ns, "m%d" % n, wire.arp(1, mac, ip))
    wait_for("e1 knows %s" % mac, lambda: t.e1.mac(mac, 200), 5)
    learned = time.monotonic() - start
    t.vm1.ping(ip, count=1, wait=1)
    return learned


def storm(t, what, n):
    t.vm1.ping(t.vm2.ip, count=1)
    dropped = lambda: [h.neighbor(t.rr.ip)["connectionsDropped"] for h in (t.e1, t.e2)]
    drops, (cpu, kib) = dropped(), usage(t.e1)
    blast = subprocess.Popen(t.bad.ns.argv([sys.executable, BLAST, "eth0", what, str(SECONDS),
                                            t.bad.mac]), stdout=subprocess.PIPE, text=True)
    pinger = wire.Pinger(t.vm1, t.vm2.ip, 0.02)
    learned, i = [], 0
    while blast.poll() is None and i < HOSTS:
        learned.append(cold(t, n + i))
        i += 1
    sent, took, own = map(float, blast.stdout.read().split())
    cpu2, kib2 = usage(t.e1)
    pinger.more(5)
    gap, _ = pinger.end()
    doc = t.e1.show("evpn misses")
    print("# %s: %d frames/s for %.1f s, %d a second of the sender's CPU; evpnd %.2f s of CPU, "
          "%+d KiB, muted %d" % (what, sent / took, took, sent / max(own, 0.01), cpu2 - cpu,
                                 kib2 - kib, doc["kernelMuted"]))
    print("# meanwhile in another VNI: %d new hosts, known after %.2f s at most; %d pings lost, "
          "longest silence %.0f ms" % (i, max(learned), pinger.missing, gap))
    equal(dropped(), drops, "sessions dropped")
    # a sanitizer keeps for a while what was freed
    expect(kib2 - kib < MEMORY * lab.slow(), "memory grew by %d KiB" % (kib2 - kib))
    expect(cpu2 - cpu < 0.6 * took * lab.slow(), "%.2f s of CPU" % (cpu2 - cpu))
    expect(doc["vnis"]["100"]["negativeCached"] <= 1024, "negative cache")
    expect(i > 0, "nothing could be looked at")
    return doc["vnis"]["100"]


def case_random(t):
    """frames to random MACs"""
    doc = storm(t, "random", 100)
    expect(doc["misses"] > 1000, "misses: %s" % doc)


def case_scan(t):
    """a scan of a /16"""
    before = t.e1.show("evpn misses")["vnis"]["100"]["misses"]
    doc = storm(t, "scan", 150)
    expect(doc["misses"] - before > 1000, "misses: %s" % doc)


def case_after(t):
    """the VNI of the storm resolves again at once"""
    vm = Vm(t.lab, 70, t.e2)
    wire.send(vm.ns, "eth0", wire.arp(1, vm.mac, vm.ip))
    wait_for("e1 knows it", lambda: t.e1.mac(vm.mac))
    t.bad.ping(vm.ip, count=1, wait=1)
    t.e1.settled()


if __name__ == "__main__":
    lab.run()

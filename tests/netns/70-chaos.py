#!/usr/bin/env python3
"""
Rounds of random mishaps over three evpnd and an FRR, and a rest after each: then everything has to be
as if nothing had happened. LAB_SEED repeats a run, LAB_ROUNDS makes it longer.
"""

import os
import random
import signal
import time
from types import SimpleNamespace

import lab
from topo import *

ROUNDS = int(os.environ.get("LAB_ROUNDS", "12"))
SLOW = 5.0  # seconds of a rest that are worth a line
SEED = int(os.environ.get("LAB_SEED", "0")) or random.randrange(1, 10 ** 6)


def setup(l):
    if standin():
        raise lab.Skip("FRR does not survive this")
    net = Underlay(l)
    ips = ["10.99.0.%d" % n for n in (1, 2, 3, 4)]
    rr = reflector(l, net, ips)
    e = [start_vtep(EvpndVtep(l, "e%d" % n, n, net), [rr.ip], devices=adopted if n == 2 else made)
         for n in (1, 2, 3)]
    f = start_vtep(FrrVtep(l, "f4", 4, net), [rr.ip])
    vms = [Vm(l, 10 + n, e[n % 3]) for n in range(6)] + [Vm(l, 20, f)]
    rr.established(*ips)
    return SimpleNamespace(lab=l, rr=rr, e=e, f=f, vms=vms, random=random.Random(SEED))


def any_entry(t, h):
    rows = [r for r in h.ns.fdb("vxlan100") if "dst" in r]
    return t.random.choice(rows) if rows else None


# Mishaps: each gets the lab and one of its evpnd.

def vm_moves(t, h):
    vm = t.random.choice(t.vms[:6])
    if vm.at is not h:
        vm.move(h)
        vm.speak()


def vm_link_flaps(t, h):
    vm = t.random.choice(t.vms)
    vm.at.ns.run("ip link set %s down" % vm.port)
    vm.at.ns.run("ip link set %s up" % vm.port)


def roaming_frame(t, h):
    t.random.choice(t.vms).shout("02:aa:00:00:00:%02x" % t.random.randrange(4))


def vxlan_down_up(t, h):
    h.ns.run("ip link set vxlan100 down")
    h.ns.run("ip link set vxlan100 up")


def bridge_down_up(t, h):
    h.ns.run("ip link set br100 down")
    h.ns.run("ip link set br100 up")


def vxlan_deleted(t, h):
    if h is not t.e[1]:
        h.ns.run("ip link del vxlan100", ok=(0, 1))


def fdb_flushed(t, h):
    h.ns.run("bridge fdb flush dev vxlan100 %s" % t.random.choice(["self", "master"]), ok=(0, 255))


def entry_deleted(t, h):
    row = any_entry(t, h)
    if row:
        h.ns.run("bridge fdb del %s dev vxlan100 dst %s self" % (row["mac"], row["dst"]),
                 ok=(0, 255))


def entry_changed(t, h):
    row = any_entry(t, h)
    if row and row["mac"] != "00:00:00:00:00:00":
        h.ns.run("bridge fdb replace %s dev vxlan100 dst 10.99.0.88 self extern_learn" % row["mac"],
                 ok=(0, 255))


def neighbours_flushed(t, h):
    h.ns.run("ip neigh flush dev br100 nud all", ok=(0, 1, 255))


def session_cleared(t, h):
    t.rr.text("clear bgp %s" % t.random.choice([x.ip for x in t.e] + [t.f.ip]))


def soft_clear(t, h):
    h.shell("clear bgp * soft in")


def restarted(t, h):
    h.restart(signal.SIGTERM)


def killed(t, h):
    h.restart(signal.SIGKILL)


def kernel_cleared(t, h):
    h.text("clear evpn kernel")


def reloaded(t, h):
    h.proc.send(signal.SIGHUP)


MISHAPS = [vm_moves] * 4 + [vm_link_flaps] * 2 + [roaming_frame] * 4 + [
    vxlan_down_up, bridge_down_up, vxlan_deleted, fdb_flushed, fdb_flushed, entry_deleted,
    entry_deleted, entry_changed, entry_changed, neighbours_flushed, session_cleared, soft_clear,
    restarted, killed, kernel_cleared, reloaded]


def wrong_entries(t, h):
    """Where h's kernel differs from where the VMs are."""
    out = []
    rows = h.ns.fdb("vxlan100")
    others = sorted(x.ip for x in t.e + [t.f] if x is not h)
    if h.floods() != others:
        out.append("%s floods to %s" % (h.name, h.floods()))
    for vm in t.vms:
        dst = [r["dst"] for r in rows if r["mac"] == vm.mac and "dst" in r]
        brd = [r for r in rows if r["mac"] == vm.mac and "master" in r]
        want = [] if vm.at is h else [vm.at.ip]
        if dst != want or len(brd) != len(want):
            out.append("%s: %s is at %s, vxlan has %s, bridge %d" %
                       (h.name, vm.name, vm.at.name, dst, len(brd)))
    return out


def rest(t):
    """Everybody says something; then every kernel has to be right and every VM reachable."""
    for vm in t.vms:
        vm.speak()
    for h in t.e:
        wait_for("%s: everything in its place" % h.name, lambda: wrong_entries(t, h), 40,
                 until=lambda w: not w)
        h.settled(30)
        wait_for("%s: still so" % h.name, lambda: wrong_entries(t, h), 10, until=lambda w: not w)
    for a in t.vms:
        b = t.random.choice([v for v in t.vms if v is not a])
        a.reaches(b)


def case_chaos(t):
    """random mishaps, and everything in its place after each round"""
    done = []
    rest(t)
    for _ in range(ROUNDS):
        this = []
        for _ in range(t.random.randrange(1, 6)):
            mishap, h = t.random.choice(MISHAPS), t.random.choice(t.e)
            this.append("%s %s" % (mishap.__name__, h.name))
            mishap(t, h)
        done.append(this)
        start = time.monotonic()
        try:
            rest(t)
        except Failure as e:
            raise Failure("LAB_SEED=%d, round %d %s: %s" % (SEED, len(done), this, e)) from e
        if time.monotonic() - start > SLOW:
            print("# round %d took %.1f s to come to rest: %s" %
                  (len(done), time.monotonic() - start, ", ".join(this)), flush=True)
    return "seed %d, %d mishaps" % (SEED, sum(len(x) for x in done))


lab.run()

#!/usr/bin/env python3
"""Bad configuration lines: reported with file, line and column; commands; running-config; reload."""

import os
import re
import signal
import socket
from types import SimpleNamespace

import lab
from topo import *

GOOD = """hostname leaf1
vxlan
 source-address 10.99.0.1
exit
router bgp 65000
 bgp router-id 10.99.0.1
 neighbor RR peer-group
 neighbor RR remote-as 65000
 neighbor RR timers 3 9
 neighbor 10.99.0.2 peer-group RR
 neighbor 10.99.0.2 timers connect 1
 address-family l2vpn evpn
  neighbor RR activate
  advertise-all-vni
  vni 100
   rd 10.99.0.1:100
   route-target import 65000:100
   bridge br100
  exit-vni
 exit-address-family
exit
"""

# What is bad, the text, line and column of the fault.
BAD = [
    ("unknown word", "router bgp 65000\n neighbour 10.0.0.1 remote-as 1\n", 2, 2),
    ("bad address", "router bgp 65000\n bgp router-id 10.0.0.300\n", 2, 16),
    ("AS too large", "router bgp 4294967296\n", 1, 12),
    ("VNI too large", "router bgp 1\n address-family l2vpn evpn\n  vni 16777216\n", 3, 7),
    ("bad RD", "router bgp 1\n address-family l2vpn evpn\n  vni 1\n   rd nonsense\n", 4, 7),
    ("bad MAC", "vxlan\n anycast-mac 00:00:5e:00:01\n", 2, 14),
    ("incomplete", "router bgp 65000\n neighbor 10.0.0.1 remote-as\n", 2, None),
    ("too many words", "router bgp 65000\n bgp router-id 10.0.0.1 10.0.0.2\n", 2, 25),
    ("command of another mode", "advertise-all-vni\n", 1, 1),
    ("port out of range", "vxlan\n udp-port 70000\n", 2, 11),
]


def setup(l):
    if standin():
        raise lab.Skip("FRR stands in")
    net = Underlay(l)
    e1, f2 = EvpndVtep(l, "e1", 1, net), Frr(l, "f2", 2, net)
    f2.start(router(f2, [neighbor(e1.ip)], vtep=False))
    e1.quiet()
    e1.start(GOOD)
    return SimpleNamespace(lab=l, e1=e1, f2=f2)


def check(t, text):
    """Status and output of evpnd -t, and the file's name."""
    path = t.e1.file("check.conf", text)
    status, out = t.e1.ns.status([lab.binary("EVPND", "evpnd"), "-t", "-f", path])
    return status, out, path


def case_good(t):
    """evpnd -t accepts a good file silently"""
    status, out, _ = check(t, GOOD)
    equal((status, out), (0, ""), "status and output")


def case_bad(t):
    """evpnd -t refuses bad lines with file, line, column and what was expected"""
    wrong = []
    for what, text, line, column in BAD:
        status, out, path = check(t, text)
        m = re.search(re.escape(path) + r":(\d+):(\d+): (.*)", out)
        if status != 1 or not m:
            wrong.append("%s: status %d, %s" % (what, status, out.strip()))
        elif int(m.group(1)) != line or (column and int(m.group(2)) != column):
            wrong.append("%s: %s:%s, not %s:%s" % (what, m.group(1), m.group(2), line, column))
        elif len(m.group(3)) < 12:
            wrong.append("%s: says only %s" % (what, m.group(3)))
    expect(not wrong, "; ".join(wrong))


def case_all_reported(t):
    """every bad line of a file is reported, not only the first"""
    status, out, path = check(t, GOOD + "bogus one\nrouter bgp 65000\n bogus two\n")
    first = GOOD.count("\n") + 1
    equal(status, 1, "status")
    equal(re.findall(r":(\d+):\d+: ", out), [str(first), str(first + 2)], "lines")


def case_missing(t):
    """evpnd -t of a file that is not there"""
    status, out = t.e1.ns.status([lab.binary("EVPND", "evpnd"), "-t", "-f", "/nonexistent/x"])
    equal(status, 1, "status")
    expect("/nonexistent/x" in out and "No such file" in out, out)


def case_frr_lines(t):
    """lines of FRR that mean nothing here are warnings"""
    text = "frr version 8.4.4\nfrr defaults traditional\nservice integrated-vtysh-config\n" + \
        "log syslog informational\n" + GOOD + \
        "router bgp 65000\n no bgp default ipv4-unicast\n no bgp ebgp-requires-policy\n" \
        " address-family ipv4 unicast\n  network 10.0.0.1/32\n exit-address-family\nexit\n" \
        "line vty\nexit\n"
    status, out, _ = check(t, text)
    equal(status, 0, "status (%s)" % out.strip())


def case_frr_whole(t):
    """FRR's whole configuration of symmetric IRB is accepted as it is, with warnings"""
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "../data/frr/symmetric.conf")) as f:
        status, out, _ = check(t, f.read())
    equal(status, 0, "status (%s)" % out.strip())
    wrong = [x for x in out.splitlines() if "warning: Ignored" not in x]
    equal(wrong, [], "other complaints")


def case_doubts(t):
    """what may not work is told by evpnd -t, and is no error"""
    status, out, path = check(t, GOOD + "router bgp 65000 vrf red\n address-family l2vpn evpn\n"
                              "  advertise ipv4 unicast\n")
    equal(status, 0, "status")
    expect(path + ": warning: VRF red advertises nothing" in out, out)


def case_secrets(t):
    """a file with passwords that everybody may read is told of"""
    path = t.e1.file("secret.conf", "router bgp 1\n neighbor 10.0.0.1 remote-as 2\n"
                     " neighbor 10.0.0.1 password hush\n")
    for mode, words in ((0o644, "it has passwords"), (0o640, "")):
        os.chmod(path, mode)
        status, out = t.e1.ns.status([lab.binary("EVPND", "evpnd"), "-t", "-f", path])
        equal((status, words in out, bool(out)), (0, True, bool(words)), out)


def case_start(t):
    """a configuration with a bad line is not started with: status 1, the line, the kernel as it was"""
    t.e1.established(t.f2.ip)
    t.e1.stop()
    before = t.e1.ns.run("bridge fdb show")
    path = t.e1.file("evpnd.conf", GOOD + "no such command\n")
    status, out = t.e1.ns.status([lab.binary("EVPND", "evpnd"), "-f", path, "-s", t.e1.sock])
    equal(status, 1, "status")
    expect("%s:%d:" % (path, GOOD.count("\n") + 1) in out and "not started" in out, out)
    equal(t.e1.ns.run("bridge fdb show"), before, "FDB")
    t.e1.file("evpnd.conf", GOOD)
    t.e1.up()
    t.e1.established(t.f2.ip)


def case_running(t):
    """show running-config parses back to the same"""
    first = t.e1.text("show running-config")
    status, out, path = check(t, first)
    equal((status, out), (0, ""), "evpnd -t of it")
    expect("neighbor 10.99.0.2 peer-group RR" in first and "bridge br100" in first, first)


def case_write(t):
    """write memory writes what runs"""
    t.e1.text("write memory")
    with open(t.e1.conf) as f:
        text = f.read()
    expect("neighbor RR remote-as 65000" in text, text[:600])
    before = t.e1.text("show running-config")
    t.e1.proc.send(signal.SIGHUP)
    t.e1.established(t.f2.ip)
    equal(t.e1.text("show running-config"), before, "running-config after a reload")


def case_commands(t):
    """commands: FRR's messages for unknown, incomplete and ambiguous ones, exit status 1"""
    for command, message in (("show bogus", "% Unknown command"),
                             ("show evpn mac vni", "% Command incomplete"),
                             ("show bgp l2vpn evpn route type m", "% Ambiguous command")):
        status, out = t.e1.shell(command)
        equal(status, 1, "status of `%s`" % command)
        expect(message in out, "`%s` says: %s" % (command, out))


def case_configure(t):
    """a refused line changes nothing; an accepted one is in force at once"""
    before = t.e1.text("show running-config")
    status, out = t.e1.shell("configure terminal", "router bgp 65000", "neighbor 10.99.0.2 bogus")
    equal(status, 1, "status")
    equal(t.e1.text("show running-config"), before, "running-config")
    t.e1.configure("router bgp 65000", "neighbor 10.99.0.33 remote-as 65001",
                   "neighbor 10.99.0.33 description spare")
    expect("10.99.0.33" in t.e1.text("show bgp neighbors 10.99.0.33"), "no such neighbor")
    t.e1.configure("router bgp 65000", "no neighbor 10.99.0.33")
    equal(t.e1.text("show running-config"), before, "running-config at the end")


def case_reload_bad(t):
    """a reload with a bad line applies nothing and keeps the session"""
    t.e1.established(t.f2.ip)
    before = t.e1.neighbor(t.f2.ip)["connectionsEstablished"]
    running = t.e1.text("show running-config")
    t.e1.file("evpnd.conf", GOOD + "hostname other\ngarbage here\n")
    t.e1.proc.send(signal.SIGHUP)
    line = GOOD.count("\n") + 2
    wait_for("the complaint", lambda: "%s:%d:" % (t.e1.conf, line) in t.e1.proc.text() and
             "nothing of it is applied" in t.e1.proc.text())
    equal(t.e1.text("show running-config"), running, "running-config")
    equal(t.e1.peers()[t.f2.ip]["state"], "Established", "state")
    equal(t.e1.neighbor(t.f2.ip)["connectionsEstablished"], before, "connectionsEstablished")


def case_vni_removed(t):
    """a VNI taken out of the configuration is withdrawn, its devices of ours go; and back"""
    wait_for("f2: type 3", lambda: t.f2.has("[3]:", kind=3))
    t.e1.configure("router bgp 65000", "address-family l2vpn evpn", "no vni 100")
    wait_for("f2: withdrawn", lambda: not t.f2.has("[3]:", kind=3))
    wait_for("its devices of ours go", lambda: not {"br100", "vxlan100"} &
             {i["ifname"] for i in t.e1.ns.json("ip -j link show")})
    t.e1.configure("router bgp 65000", "address-family l2vpn evpn", "vni 100", "bridge br100")
    wait_for("f2: type 3", lambda: t.f2.has("[3]:", kind=3))
    t.e1.settled()


def case_l3vni(t):
    """an L3 VNI typed, kept over write and reload, refused twice, taken back with its devices"""
    before = t.e1.text("show running-config")
    t.e1.configure("vrf default", "vni 7000", "bridge br7000")
    wait_for("L3 VNI 7000", lambda: t.e1.show("vrf vni")["vrfs"][0]["state"] == "Up")
    t.e1.configure("router bgp 65000", "address-family ipv4 unicast", "redistribute connected",
                   "exit-address-family", "address-family l2vpn evpn", "advertise ipv4 unicast")
    wait_for("our prefix", lambda: t.e1.has("[10.99.0.0]", kind=5))
    running = t.e1.text("show running-config")
    for lines, message in (
            (("router bgp 65000", "address-family l2vpn evpn", "vni 7000"), "the L3 VNI of VRF"),
            (("vrf red", "vni 100"), "VNI 100 is an L2 VNI"), (("vrf red", "table 255"), "local")):
        status, out = t.e1.shell("configure terminal", *lines)
        equal((status, message in out), (1, True), "%s: %s" % (lines[-1], out))
    t.e1.configure("no vrf red")
    equal(t.e1.text("show running-config"), running, "running-config after refusals")
    t.e1.text("write memory")
    t.e1.proc.send(signal.SIGHUP)
    t.e1.established(t.f2.ip)
    equal(t.e1.text("show running-config"), running, "running-config after a reload")
    t.e1.configure("no vni 7000", "no vrf default", "router bgp 65000",
                   "address-family ipv4 unicast", "no redistribute connected",
                   "exit-address-family", "address-family l2vpn evpn", "no advertise ipv4 unicast")
    wait_for("its devices go", lambda: not {"br7000", "vxlan7000"} &
             {i["ifname"] for i in t.e1.ns.json("ip -j link show")})
    wait_for("the prefix is withdrawn", lambda: not t.e1.has("[10.99.0.0]", kind=5))
    equal(t.e1.text("show running-config"), before, "running-config at the end")


def case_service_manager(t):
    """a service manager is told of the start, of a reload, of the end, and that the loop runs"""
    path = os.path.join(t.lab.dir, "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
        s.bind(path)
        s.settimeout(15 * lab.slow())
        said = lambda: s.recv(256).decode().split("\n")[0]
        ns = t.lab.ns("n1")
        conf = os.path.join(ns.dir, "evpnd.conf")
        with open(conf, "w") as f:
            f.write("hostname n1\n")
        argv = lab.wrap() + [lab.binary("EVPND", "evpnd"), "-f", conf,
                             "-s", os.path.join(ns.dir, "evpnd.sock")]
        proc = lab.Proc(ns, "evpnd", argv, {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "200000"},
                        checked=True)
        equal(said(), "READY=1", "first")
        for _ in range(3):
            equal(said(), "WATCHDOG=1", "while it runs")
        proc.send(signal.SIGHUP)
        equal([w for w in iter(said, "READY=1") if w != "WATCHDOG=1"], ["RELOADING=1"], "reload")
        proc.end()
        equal([w for w in iter(said, "STOPPING=1") if w != "WATCHDOG=1"], [], "end")


def case_no_daemon(t):
    """evpnsh without a daemon: exit status 2"""
    status, _ = t.e1.ns.status([lab.binary("EVPNSH", "evpnsh"), "-s", "/nonexistent/sock",
                                "-c", "show version"])
    equal(status, 2, "status")


lab.run()

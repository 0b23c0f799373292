#!/usr/bin/env python3
"""
The control socket, as programs use it and as nobody should: what is not a request is refused, who
may not change things may look, and nobody holds up anybody.
"""

import json
import os
import resource
import select
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import lab
from control import *
from lab import call
from topo import *

GROUP, USER = 54321, 54322


def crowd(path, n):
    """In a child: N connections at once, all held; tells how many were turned away."""
    def run(child):
        all, told, poll = {}, 0, select.poll()
        for _ in range(n):
            s = socket.socket(socket.AF_UNIX)
            s.connect(path)
            all[s.fileno()] = s
            poll.register(s, select.POLLIN)
        while told < n - 64:
            for fd, _ in poll.poll(20000):
                told += b"Too many" in all[fd].recv(200)
                poll.unregister(fd)
        child.tell(told)
    return run


def setup(l):
    if standin():
        raise lab.Skip("about evpnd only")
    net = Underlay(l)
    e1, e2 = EvpndVtep(l, "e1", 1, net), EvpndVtep(l, "e2", 2, net)
    start_vtep(e1, [neighbor(e2.ip, extra=["password hush-hush"])])
    start_vtep(e2, [neighbor(e1.ip, extra=["password hush-hush"])])
    t = SimpleNamespace(lab=l, e1=e1, e2=e2, vm1=Vm(l, 11, e1), vm2=Vm(l, 12, e2))
    e1.established(e2.ip)
    t.vm1.reaches(t.vm2)
    os.chown(e1.sock, 0, GROUP)
    return t


def case_session(t):
    """a session: answers in order, the context comes back, a bad command does no harm"""
    c = Control(t.e1.sock)
    head, doc = c.ask("show evpn vni json")
    expect(head["status"] == 0 and head["host"] == "e1" and "100" in doc, "%s %s" % (head, doc))
    head, _ = c.ask("show nothing")
    equal((head["status"], head["message"]), (1, "% Unknown command: show nothing"), "answer")
    ctx = c.ask("configure terminal")[0]["ctx"]
    ctx = c.ask("router bgp 65000", ctx=ctx)[0]["ctx"]
    equal(ctx, {"mode": "bgp"}, "context")
    head, _ = c.ask("do show version", ctx=ctx)
    equal(head["ctx"], ctx, "context after do")
    c.send("show version")
    c.send("show evpn json")
    for _ in range(2):
        expect(c.head()["data"], "no document")
        expect(json.loads(b"".join(c.pieces())), "empty document")
    c.close()


def examples():
    """The Python in evpnd-control(7), by way of the page."""
    page = os.path.join(lab.TREE, "man", "evpnd-control.7")
    with open(page) as f:
        text = f.read().partition(".Sh EXAMPLES")[2]
    return [x.partition(".Ed")[0].replace("\\en", "\\n") for x in text.split(".Bd -literal\n")[1:]]


def case_manual(t):
    """the examples of evpnd-control(7) run as they are printed there"""
    look, change = [x.replace("/run/evpnd/evpnd.sock", t.e1.sock) for x in examples()]
    expect(len(look.splitlines()) <= 13, "the example has become long")

    def run(text):
        return call([sys.executable, "-c", text])
    equal(run(look).split()[:2], ["100", "vxlan100"], "what it printed")
    run(look + change)
    expect("neighbor 10.0.0.9 remote-as 65000" in t.e1.text("show running-config"), "no change")
    t.e1.configure("router bgp 65000", "no neighbor 10.0.0.9")


def case_announced(t):
    """evpn mac add: what is announced stays until it is taken back, apart from what is learned"""
    mac, ip, e1, e2 = "02:aa:00:00:00:0a", "10.1.0.77", t.e1, t.e2
    words = "vni 100 mac %s ip %s port p11" % (mac, ip)
    for bad, why in (("vni 999 mac %s port p11" % mac, "% VNI 999, MAC 02:aa:00:00:00:0a: the VNI does "
                      "not exist"), ("vni 100 mac %s port eth0" % mac, "% VNI 100, MAC 02:aa:00:00:00:0a: "
                      "the interface is no port of the VNI's bridge"),
                     ("vni 100 mac 01:00:5e:00:00:01 port p11", "% A host has a unicast MAC address"),
                     ("vni 100 mac %s port nowhere" % mac, "% Interface nowhere does not exist"),
                     ("vni 100 mac %s ip 224.0.0.1 port p11" % mac, "% VNI 100, MAC 02:aa:00:00:00:0a: "
                      "the IP address is no host's")):
        status, out = e1.shell("evpn mac add " + bad)
        equal((status, out.strip()), (1, why), "answer to " + bad)
    e1.text("evpn mac add " + words)

    def there():
        return e2.remote(mac, e1.ip) and e2.has("[%s]:[32]:[%s]" % (mac, ip))
    wait_for("at e2", there)
    own = e1.show("evpn explain vni 100 mac " + mac)["rows"][0]["candidates"][0]
    equal((own["from"], own["interface"], own["advertised"]), (["announced"], "p11", True), "candidate")
    e1.text("clear bgp *")
    e1.established(e2.ip)
    wait_for("after a session", there)
    e1.ns.run("ip link set p11 down")
    e1.ns.run("ip link set p11 up")
    e1.text("clear evpn kernel")
    wait_for("after a link was down", there)
    e1.ns.run("ip link del vxlan100")
    wait_for("made again", lambda: e1.ns.link("vxlan100") and there())
    t.vm1.shout(mac)
    wait_for("learned, too", lambda: e1.show("evpn explain vni 100 mac " + mac)["rows"][0]["candidates"]
             [0]["from"], until=lambda f: f == ["learned", "announced"])
    e1.ns.run("bridge fdb del %s dev p11 master" % mac)
    wait_for("learned no more", lambda: e1.show("evpn explain vni 100 mac " + mac)["rows"][0]
             ["candidates"][0]["from"], until=lambda f: f == ["announced"])
    t.vm2.shout(mac)
    wait_for("it moves", lambda: e1.remote(mac, e2.ip))
    e1.text("evpn mac add " + words)
    wait_for("it moves back", there)
    e1.text("evpn mac del vni 100 mac %s port p11" % mac)
    wait_for("taken back", lambda: not e2.has("[%s]:[32]:[%s]" % (mac, ip)))
    e1.ns.run("ip link add p99 master br100 type veth peer name q99")
    wait_for("a port more", lambda: not e1.text("evpn mac add vni 100 mac %s port p99" % mac))
    wait_for("announced there", lambda: e2.has("[%s]" % mac))
    e1.ns.run("ip link del p99")
    wait_for("gone with its port", lambda: not e2.has("[%s]" % mac))


def case_bad_requests(t):
    """what is not a request is refused, in words, and ends the session"""
    one = "% A request is one JSON object on one line"
    rows = [
        ("no JSON", b"hello\n", one),
        ("nothing", b"\n", one),
        ("an array", b"[]\n", one),
        ("more after it", b'{"command":"show version"} x\n', one),
        ("two objects", b'{"command":"a"}{"command":"b"}\n', one),
        ("single quotes", b"{'command':'a'}\n", one),
        ("a NUL after it", b'{"command":"show version"}\0\n', one),
        ("a NUL in it", b'{"command":"show\0version"}\n', one),
        ("deep", b'{"command":' + b"[" * 2000 + b"\n", one),
        ("no UTF-8", b'{"command":"\xc3\x28"}\n', "% A request is UTF-8"),
        ("a NUL as an escape", b'{"command":"a\\u0000b"}\n', "% A command is one line of text"),
        ("two lines", b'{"command":"a\\nb"}\n', "% A command is one line of text"),
        ("a number", b'{"command":5}\n', "% A command is one line of text"),
        ("null", b'{"command":null}\n', "% A command is one line of text"),
        ("no command", b'{"kommando":"x"}\n', '% A request is {"command":"..."}'),
        ("no array", b'{"commands":"x"}\n', '% "commands" is an array of strings'),
        ("too many", b'{"commands":[' + b",".join([b'"a"'] * 1001) + b"]}\n", "% Too many commands"),
        ("a mode of null", b'{"command":"","ctx":{"mode":null}}\n', "% Bad ctx"),
        ("a VRF of null", b'{"command":"","ctx":{"vrf":null}}\n', "% Bad ctx"),
        ("a VRF too long", b'{"command":"","ctx":{"vrf":"' + b"x" * 99 + b'"}}\n', "% Bad ctx"),
        ("a VNI too high", b'{"command":"","ctx":{"vni":16777216}}\n', "% Bad ctx"),
        ("a VNI of text", b'{"command":"","ctx":{"vni":"7"}}\n', "% Bad ctx"),
        ("no such mode", b'{"command":"","ctx":{"mode":"x"}}\n', "% Bad ctx"),
        ("ctx of text", b'{"command":"","ctx":"exec"}\n', "% Bad ctx"),
        ("a huge line", b'{"command":"' + b"x" * 5000000, "% Request too long"),
    ]
    for what, data, words in rows:
        try:
            equal(refusal(t.e1.sock, data), (words, True), what)
        except TimeoutError:
            raise lab.Failure("%s: no answer" % what) from None
    equal(refusal(t.e1.sock, b'{"comm', finish=True), ("% Request incomplete", True), "half of one")
    t.e1.answers()


def case_who(t):
    """the socket's group may look; others are told that they may not even that"""
    sock = t.e1.sock
    equal(stat.S_IMODE(os.stat(sock).st_mode), 0o660, "mode of the socket")
    for gid, groups in ((GROUP, ()), (USER, (GROUP,))):
        show, conf, change, mac, debug = as_user(
            sock, USER, gid, "show running-config", "configure terminal", "config@hostname pirate",
            "evpn mac add vni 100 mac 02:aa:00:00:00:09 port p11", "clear bgp *", groups=groups)
        expect("neighbor 10.99.0.2 has a password" in show["text"], show["text"])
        expect("hush" not in show["text"], "the group sees passwords")
        for answer in (conf, change, mac, debug):
            equal((answer["status"], answer["message"]),
                  (1, "% Only root and the daemon's user may do this"), "answer")
    equal(t.e1.show("version")["hostname"], "e1", "hostname")
    expect("password hush-hush" in t.e1.text("show running-config"), "root sees no password")
    expect("Permission" in as_user(sock, USER, USER, "show version"), "a stranger connected")
    os.chmod(sock, 0o666)
    answer = as_user(sock, USER, USER, "show version")
    os.chmod(sock, 0o660)
    equal(answer, [{"status": 1, "message":
                    "% Only root, the daemon's user and the socket's group may ask"}], "stranger")


def case_crowd(t):
    """a thousand connections: most are turned away, owners still get in, then all is as before"""
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    child = Child(crowd(t.e1.sock, 1000), USER, GROUP)
    told = child.value()
    equal(told, 936, "connections turned away")
    t.e1.answers()
    equal(as_user(t.e1.sock, USER, GROUP, "show version")[0]["message"], "% Too many sessions",
          "one more of the group")
    child.release()
    child.end()
    wait_for("the group is let in again", lambda: as_user(
        t.e1.sock, USER, GROUP, "show version")[0]["status"] == 0)
    return "%d of 1,000 turned away" % told


def case_rude(t):
    """clients that read nothing, leave in the middle of an answer, or never finish a request"""
    before = len(os.listdir("/proc/%d/fd" % t.e1.proc.pid))
    deaf, halves = [], []
    for _ in range(8):
        c = Control(t.e1.sock)
        c.raw(b'{"command":"show bgp l2vpn evpn route detail json"}\n' * 500)
        deaf.append(c)
        h = Control(t.e1.sock)
        h.raw(b'{"command":"show ver')
        halves.append(h)
    for _ in range(100):
        c = Control(t.e1.sock)
        c.send("show evpn kernel json")
        c.sock.recv(10)
        c.close()
    for _ in range(100):
        c = Control(t.e1.sock)
        c.raw(b'{"comm')
        c.close()
    started = time.monotonic()
    t.e1.answers()
    expect(time.monotonic() - started < 2 * lab.slow(), "an answer took long")
    halves[0].raw(b'sion"}\n')
    expect(halves[0].head()["data"], "half a request and the other half")
    for c in deaf + halves:
        c.close()
    wait_for("all descriptors are free again", lambda: len(os.listdir(
        "/proc/%d/fd" % t.e1.proc.pid)), until=lambda n: n <= before)
    t.e1.established(t.e2.ip, limit=1)


def case_monitor(t):
    """monitor: sessions, best paths, MACs, VNIs, flood lists, kernel entries, as they happen"""
    mac, e1, e2 = "02:aa:00:00:00:01", t.e1, t.e2
    c = Control(e2.sock)
    events = c.events()
    t.vm1.shout(mac)
    e = until(events, "route", subject="bgp", event="best path", prefix=lambda p: mac in p)
    equal((e["peer"], e["nexthop"], e["selectionReason"]),
          (e1.ip, e1.ip, "First path received"), "best path")
    e = until(events, "MAC", subject="evpn", event="remote added", mac=mac, vni=100)
    equal(e["vtep"], e1.ip, "VTEP")
    expect(abs(time.time() - e["epochMs"] / 1000) < 60, "time %s" % e)
    until(events, "entry", subject="kernel", event="written", kind="vxfdb", mac=mac, vni=100,
          interface="vxlan100", value=lambda v: e1.ip in v)
    wait_for("all there", lambda: e2.remote(mac, e1.ip))
    e2.ns.run("bridge fdb del %s dev vxlan100 self" % mac)
    until(events, "lost", subject="kernel", event="lost", kind="vxfdb", mac=mac)
    until(events, "repaired", subject="kernel", event="repaired", kind="vxfdb", mac=mac)
    t.vm2.shout(mac)
    e = until(events, "move", subject="evpn", event="moved here", mac=mac)
    equal((e["interface"], e["sequence"]), ("p12", 1), "port and sequence")
    e1.configure("router bgp 65000", "neighbor %s shutdown" % e2.ip)
    e = until(events, "down", subject="bgp", event="session down", peer=e1.ip)
    expect("Administrative" in e["reason"], e)
    until(events, "flood list", subject="evpn", event="VTEP withdrawn", vtep=e1.ip, vni=100)
    e1.configure("router bgp 65000", "no neighbor %s shutdown" % e2.ip)
    until(events, "up", subject="bgp", event="session up", peer=e1.ip)
    until(events, "flood list", subject="evpn", event="VTEP added", vtep=e1.ip, vni=100)
    e2.ns.run("ip link del vxlan100")
    until(events, "VNI", subject="evpn", event="VNI down", vni=100)
    until(events, "VNI", subject="evpn", event="VNI up", vni=100)
    only = Control(e2.sock)
    kernel = only.events("monitor kernel json")
    t.vm1.shout(mac)
    until(events, "move", subject="evpn", event="moved away", mac=mac)
    expect(next(kernel)["subject"] == "kernel", "monitor kernel shows something else")
    only.close()
    c.close()


def case_monitor_text(t):
    """evpnsh monitor: a line an event, at once; it ends with the shell"""
    argv = t.e1.ns.argv([lab.binary("EVPNSH", "evpnsh"), "-s", t.e1.sock, "-c", "monitor evpn"])
    p = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    lines = []
    threading.Thread(target=lambda: lines.extend(p.stdout), daemon=True).start()

    tries = iter(range(1, 250))

    def told():
        t.vm1.shout("02:aa:00:00:01:%02x" % next(tries))
        return [x for x in lines if "evpn: learned VNI 100 MAC 02:aa:" in x and "dev p11" in x]
    wait_for("a line", told, every=0.1)
    p.send_signal(signal.SIGINT)
    p.wait(10)


def case_slow_monitor(t):
    """who reads slowly is told how much was missed, and the daemon is not held up"""
    macs, e2 = 7000, t.e2
    slow, fast = Control(e2.sock), Control(e2.sock)
    lazy = slow.events()
    quick = fast.events("monitor evpn json")
    before = rss(e2.proc.pid)
    t.e1.ns.batch("bridge", ["fdb add 02:cc:%02x:%02x:00:00 dev p11 master dynamic" %
                             divmod(i, 256) for i in range(macs)])
    until(quick, "the last", event="remote added", mac="02:cc:1b:57:00:00")
    e2.settled(30)
    grown = rss(e2.proc.pid) - before
    got = missed = 0
    for e in lazy:
        missed += e.get("missed", 0)
        got += "missed" not in e
        if missed and e["event"] == "written" and e.get("mac") == "02:cc:1b:57:00:00":
            break
    expect(missed > 0, "nothing was missed: %d events came" % got)
    t.e1.ns.batch("bridge", ["fdb del 02:cc:%02x:%02x:00:00 dev p11 master" %
                             divmod(i, 256) for i in range(macs)])
    until(quick, "withdrawn", event="remote withdrawn", mac="02:cc:1b:57:00:00")
    slow.close()
    fast.close()
    t.e1.established(e2.ip, limit=1)
    return "%d read, %d missed, memory +%d KiB" % (got, missed, grown >> 10)


def case_explain(t):
    """show evpn explain: why an address is not reached, why it goes where it goes, since when"""
    nobody, mac, e2 = "02:dd:00:00:00:01", "02:dd:00:00:00:02", t.e2

    def explain(what):
        return e2.show("evpn explain vni 100 " + what)
    doc = explain("mac " + nobody)
    expect(not doc["found"] and not doc["problems"] and not doc["events"], doc)
    needed = "\n".join(doc["needed"])
    for part in ("a port of br100: p12;", "route target *:100; no neighbor has sent one",
                 "flooded to 1 VTEP,"):
        expect(part in needed, "%r is not in %s" % (part, needed))
    expect("What would make it known:" in e2.text("show evpn explain vni 100 mac " + nobody), "text")
    t.vm1.shout(mac)
    wait_for("there", lambda: e2.remote(mac, t.e1.ip))
    doc = explain("mac " + mac)
    row, route = doc["rows"][0], doc["routes"][0]
    equal((row["winner"], row["rule"], row["vtep"]), ("remote", "the only candidate", t.e1.ip), "row")
    equal([k["state"] for k in row["kernel"]], ["installed"] * 2, "kernel entries")
    expect(route["imported"] and route["rtMatched"] and route["peer"] == t.e1.ip, route)
    equal([(x["subject"], x["event"]) for x in doc["events"]],
          [("evpn", "remote added"), ("kernel", "written"), ("kernel", "written")], "events")
    expect("needed" not in doc, "what is there needs nothing")
    e2.configure("router bgp 65000", "address-family l2vpn evpn", "vni 100",
                 "route-target import 65000:999")
    wait_for("gone", lambda: not e2.remote(mac, t.e1.ip))
    doc = explain("mac " + mac)
    route = doc["routes"][0]
    equal((route["imported"], route["rtMatched"], route["whyNot"]),
          (False, False, "the VNI imports none of its route targets"), "route")
    expect("route target 65000:999; those that there are do not count" in str(doc["needed"]), doc)
    equal(doc["events"][-1]["event"], "removed", "last event")
    e2.configure("router bgp 65000", "address-family l2vpn evpn", "vni 100",
                 "no route-target import 65000:999")
    wait_for("back", lambda: e2.remote(mac, t.e1.ip))
    e2.configure("router bgp 65000", "neighbor %s shutdown" % t.e1.ip)
    wait_for("lost", lambda: not e2.remote(mac, t.e1.ip))
    equal(explain("mac " + mac)["problems"],
          ["neighbor %s is shut down by the configuration" % t.e1.ip], "problems")
    history = [x["event"] for x in e2.show("evpn history vni 100 mac " + mac)["events"]]
    equal((history.count("written"), history.count("removed")), (4, 4), "entries in the history")
    equal([x for x in history if x.startswith("remote")], ["remote added", "remote withdrawn"] * 2,
          "what it was told")
    e2.configure("router bgp 65000", "no neighbor %s shutdown" % t.e1.ip)
    e2.established(t.e1.ip)


def case_self(t):
    """show logging and show memory: where lines go, what is held for whom"""
    text = t.e1.text("show logging")
    for line in ("Syslog logging: disabled", "Stdout logging: disabled", "File logging: disabled",
                 "Stderr logging: level informational, as no other is configured",
                 "notice: peer %s: up" % t.e2.ip):
        expect(line in text, "%r is not in %s" % (line, text))
    others = [Control(t.e1.sock) for _ in range(3)]
    rows = {x["name"]: x["rows"] for x in t.e1.show("memory")["tables"]}
    expect(rows["Control sessions"] == 4 and rows["Neighbors"] == 1 and rows["Paths"] > 2, rows)
    for c in others:
        c.close()
    expect(["Type", ":", "Current#", "Size", "Total"] in
           [line.split() for line in t.e1.text("show memory").splitlines()], "heading")


def case_debug(t):
    """debug: lines of what was asked for only, kept in the configuration as typed there"""
    mac, e1 = "02:aa:00:00:00:42", t.e1

    def lines(*parts):
        return [x for x in e1.show("logging")["lines"] if " debug: " in x and
                all(p in x for p in parts)]
    status, out = e1.shell("debug evpn mac " + mac.upper())
    equal((status, out[:26]), (0, "% No log takes debug lines"), "warning")
    equal(e1.shell("debug bgp keepalives %s" % t.e2.ip)[0], 0, "status")
    e1.configure("debug bgp updates out", "debug bgp neighbor-events")
    t.vm1.shout(mac)
    wait_for("the MAC", lambda: lines("vni 100: MAC %s: learned, on p11" % mac))
    wait_for("the route", lambda: lines("peer %s: sent: RD 10.99.0.1:100 [2]" % t.e2.ip, mac))
    t.vm2.shout(mac)
    wait_for("it moves", lambda: lines(mac + ": moved away, VTEP " + t.e2.ip))
    wait_for("its entry", lambda: lines("kernel: written vxfdb " + mac, "vxlan100"))
    wait_for("the withdrawal", lambda: lines("peer %s: sent: withdrawn:" % t.e2.ip, mac))
    equal(lines("received: RD"), [], "lines of updates in")
    t.vm1.shout("02:aa:00:00:00:43")
    wait_for("another MAC", lambda: t.e2.remote("02:aa:00:00:00:43", e1.ip))
    equal([x for x in lines("02:aa:00:00:00:43") if "sent:" not in x], [], "lines of another MAC")
    wait_for("keepalives", lambda: lines("KEEPALIVE sent") and lines("KEEPALIVE received"))
    e1.text("clear bgp *")
    wait_for("states", lambda: lines("connection: Established"), limit=20)
    text = e1.text("show running-config")
    expect("debug bgp updates out\n" in text and "debug bgp neighbor-events\n" in text, text)
    expect("debug evpn" not in text, "what was not configured is written")
    equal([(x["debug"], x["configured"]) for x in e1.show("debugging")["debugs"]],
          [("debug bgp keepalives 10.99.0.2", False), ("debug bgp neighbor-events", True),
           ("debug bgp updates out", True), ("debug evpn mac " + mac, False)], "show debugging")
    e1.configure("no debug bgp updates")
    e1.text("no debug all")
    equal(e1.text("show debugging").strip(), "No debug switch is on.", "show debugging")
    e1.configure("no debug all", "log stdout debugging")
    equal(e1.shell("debug zebra kernel msgdump"), (0, ""), "answer when a log takes them")
    e1.text("clear evpn kernel")
    wait_for("in the log", lambda: "debug: kernel: removed vxfdb" in e1.proc.text())
    e1.text("no debug zebra kernel")
    e1.configure("no log stdout")
    e1.established(t.e2.ip)


lab.run()

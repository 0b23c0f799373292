#!/usr/bin/env python3
"""Candidates: who holds the configuration, check, diff, commit, confirmed, roll back, replace, write."""

import json
import os
import signal
import socket
import stat
from types import SimpleNamespace

import lab
from topo import *

START = """hostname leaf1
vxlan
 source-address 10.99.0.1
exit
router bgp 65000
 bgp router-id 10.99.0.1
 neighbor 10.99.0.2 remote-as 65000
 neighbor 10.99.0.2 password hush
 address-family l2vpn evpn
  neighbor 10.99.0.2 activate
 exit-address-family
exit
"""


class Session:
    """One connection of the control socket, as evpnsh has it."""

    def __init__(self, h):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(20)
        self.sock.connect(h.sock)
        self.f = self.sock.makefile("rb")
        self.ctx = None

    def ask(self, command):
        """Refused or not, message, document."""
        r = {"command": command}
        if self.ctx:
            r["ctx"] = self.ctx
        self.sock.sendall(json.dumps(r).encode() + b"\n")
        a = json.loads(self.f.readline())
        self.ctx = a.get("ctx")
        text = b""
        while a.get("data"):
            n = int(self.f.readline())
            if n == 0:
                break
            text += self.f.read(n)
        return a["status"] != 0, a.get("message", ""), json.loads(text) if text else None

    def ok(self, *commands):
        for c in commands:
            refused, message, doc = self.ask(c)
            expect(not refused, "%s: %s" % (c, message))
        return doc["text"] if doc else message

    def refused(self, command, words):
        refused, message, _ = self.ask(command)
        expect(refused and words in message, "%s: %s, %s" % (command, refused, message))

    def close(self):
        self.f.close()
        self.sock.close()


def setup(l):
    if standin():
        raise lab.Skip("FRR stands in")
    net = Underlay(l)
    e1 = EvpndVtep(l, "e1", 1, net)
    e1.quiet()
    e1.start(START)
    return SimpleNamespace(lab=l, e1=e1)


def running(t):
    return t.e1.text("show running-config")


def case_candidate(t):
    """lines of a candidate are not in force before commit; check, diff and candidate show them"""
    before, s = running(t), Session(t.e1)
    s.ok("configure exclusive", "hostname leaf2", "vrf red", "vni 5000", "exit-vrf",
         "router bgp 65000 vrf red", "address-family l2vpn evpn", "advertise ipv4 unicast",
         "no advertise ipv4 unicast", "advertise ipv6 unicast")
    equal(running(t), before, "running-config")
    equal(s.ok("show configuration diff"),
          "-hostname leaf1\n+hostname leaf2\n+vrf red\n+ vni 5000\n+exit-vrf\n"
          "+router bgp 65000 vrf red\n+ address-family l2vpn evpn\n+  advertise ipv6 unicast\n"
          "+ exit-address-family\n+exit\n", "diff")
    expect("vni 5000" in s.ok("show configuration candidate"), "no VRF in the candidate")
    equal(s.ok("commit check"), "Candidate configuration validated successfully.", "check")
    s.ok("router bgp 65000", "address-family l2vpn evpn", "vni 1", "vrf nowhere")
    expect("VRF nowhere is not configured" in s.ok("commit check"), "no doubt about the VRF")
    s.refused("end", "Not committed yet")
    s.ok("exit", "no vni 1")
    equal(s.ok("commit"), "Configuration committed.", "commit")
    after = running(t)
    expect("hostname leaf2\n" in after and "vni 5000" in after, after)
    equal(s.ok("commit"), "No configuration changes to commit.", "second commit")
    s.ok("rollback 1")
    equal(s.ok("commit"), "Configuration committed.", "commit of what was before")
    equal(running(t), before, "running-config")
    s.ok("end")
    equal((s.ctx["mode"], "exclusive" in s.ctx), ("exec", False), "context")
    s.close()


def case_held(t):
    """others are told who holds the configuration, and change nothing; it goes with its holder"""
    s, o, before = Session(t.e1), Session(t.e1), running(t)
    s.ok("configure exclusive", "hostname mine")
    held = "held by root (process %d)" % os.getpid()
    for command in ("configure terminal", "configure exclusive", "rollback configuration 1"):
        o.refused(command, held)
    o.ctx = {"mode": "config"}
    o.refused("hostname theirs", held)
    status, out = t.e1.shell("configure terminal", "hostname theirs")
    equal((status, held in out), (1, True), "evpnsh: " + out)
    t.e1.file("evpnd.conf", START + "hostname file\n")
    t.e1.proc.send(signal.SIGHUP)
    wait_for("the reload is refused", lambda: held in t.e1.proc.text())
    s.ctx = {"mode": "config"}
    s.refused("hostname around", held)
    shown = o.ask("do show configuration transaction json")[2]
    equal(shown["heldBy"], held[len("held by "):], "who holds it")
    s.close()
    o.ctx = None
    wait_for("it is free", lambda: not o.ask("configure terminal")[0])
    o.close()
    equal(running(t), before, "running-config")
    t.e1.file("evpnd.conf", START)
    s = Session(t.e1)
    s.ctx = {"mode": "config", "exclusive": True}
    s.refused("hostname x", "The candidate went with")
    equal(s.ctx, {"mode": "exec"}, "context")
    s.close()


def case_confirmed(t):
    """a commit that is not confirmed is rolled back, also when its session is gone"""
    s, before = Session(t.e1), running(t)
    s.ok("configure exclusive", "hostname soon", "commit confirmed 1")
    expect("hostname soon\n" in running(t), "not in force")
    equal(s.ok("commit"), "Commit confirmed.", "confirmation")
    s.ok("hostname gone", "commit confirmed seconds 2")
    s.close()
    status, out = t.e1.shell("write memory")
    equal((status, "is rolled back in" in out), (1, True), out)
    status, out = t.e1.shell("configure terminal", "hostname other")
    equal((status, "unless it is confirmed" in out), (1, True), out)
    wait_for("roll back", lambda: "hostname soon\n" in running(t))
    expect("was not confirmed and is rolled back" in t.e1.proc.text(), "not told")
    t.e1.configure("hostname leaf1")
    equal(running(t), before, "running-config")


def case_confirmed_by_another(t):
    """another session may confirm, or go back at once"""
    s, o, before = Session(t.e1), Session(t.e1), running(t)
    s.ok("configure exclusive", "hostname soon", "commit confirmed 30", "end")
    o.ok("configure exclusive")
    equal(o.ok("commit"), "Commit confirmed.", "confirmation")
    o.ok("end")
    s.ok("configure exclusive", "hostname later", "commit confirmed 30", "end")
    o.ok("configure exclusive", "rollback 2", "commit", "end")
    equal(running(t), before, "running-config")
    s.close()
    o.close()


def case_history(t):
    """lines of one session are one revision; roll back at once; differences"""
    before = running(t)
    t.e1.configure("hostname a", "vxlan", "udp-port 4790")
    t.e1.configure("hostname b")
    equal(t.e1.text("show configuration diff rollback 2"),
          "-hostname leaf1\n+hostname b\n vxlan\n+ udp-port 4790\n", "diff")
    rows = t.e1.show("configuration transaction")["revisions"]
    equal([r["how"] for r in rows[:2]], ["configure terminal"] * 2, "how")
    t.e1.text("rollback configuration 2")
    equal(running(t), before, "running-config")
    status, out = t.e1.shell("configure exclusive", "rollback 20")
    equal((status, "no revision 20" in out), (1, True), out)


def case_replace(t):
    """configure replace: a file, all of it or nothing; with file, line and column"""
    before = running(t)
    path = t.e1.file("new.conf", START + "vrf red\n vni 5000\nend\n")
    status, out = t.e1.shell("configure replace %s" % path)
    equal((status, out.strip()), (0, "Configuration committed."), "replace")
    expect("vni 5000" in running(t), "no VRF")
    bad = t.e1.file("bad.conf", "hostname x\nvxlan\n udp-port 70000\n")
    was = running(t)
    status, out = t.e1.shell("configure replace %s" % bad)
    equal(status, 1, "status")
    expect("%s:3:11: % Unknown" .replace("%s", bad) in out and "Nothing of" in out, out)
    equal(running(t), was, "running-config")
    status, out = t.e1.shell("configure replace /nonexistent/x")
    equal((status, "No such file" in out), (1, True), out)
    t.e1.file("new.conf", START)
    t.e1.shell("configure replace %s confirmed 5" % path)
    status, out = t.e1.shell("configure exclusive", "commit", "end")
    equal((status, out.strip()), (0, "Commit confirmed."), "confirmation")
    equal(running(t), before, "running-config")


def case_write(t):
    """write memory keeps mode and owner, and a link"""
    def write():
        status, out = t.e1.shell("write memory")
        equal(status, 0, out)
        st = os.stat(t.e1.conf)
        return out, (stat.S_IMODE(st.st_mode), st.st_uid, st.st_gid)

    def text():
        with open(t.e1.conf) as f:
            return f.read()

    for mode in (0o600, 0o640, 0o664):
        os.chmod(t.e1.conf, mode)
        equal(write()[1], (mode, 0, 0), "mode and owner")
    # It has no right to give files away; a group it cannot give does not read its own.
    os.chown(t.e1.conf, 65534, 65534)
    os.chmod(t.e1.conf, 0o640)
    out, kept = write()
    expect(kept in ((0o640, 65534, 65534), (0o600, 0, 0)), "mode and owner: %s" % (kept,))
    equal("could not be kept" in out, kept[1] == 0, out)
    t.e1.configure("hostname written")
    os.unlink(t.e1.conf)
    equal(write()[1][0], 0o600, "mode of a new file")
    expect("hostname written\n" in text(), "not written")
    real = t.e1.conf + ".real"
    os.rename(t.e1.conf, real)
    os.symlink(real, t.e1.conf)
    write()
    expect(os.path.islink(t.e1.conf), "the link is gone")
    os.unlink(t.e1.conf)
    os.rename(real, t.e1.conf)
    left = [x for x in os.listdir(os.path.dirname(t.e1.conf)) if "evpnd.conf." in x]
    equal(left, [], "temporary files")
    t.e1.configure("hostname leaf1")


def case_write_fails(t):
    """a full disk and one that is read only: the error is clear, the old file stays"""
    where = t.e1.conf + ".d"
    os.mkdir(where)
    t.e1.ns.run("mount -t tmpfs -o size=16k none %s" % where)
    try:
        with open(t.e1.conf) as f:
            old = f.read()
        os.unlink(t.e1.conf)
        os.symlink(where + "/evpnd.conf", t.e1.conf)
        with open(t.e1.conf, "w") as f:
            f.write(old)
        for prepare, why in (("dd if=/dev/zero of=%s/full bs=4k" % where, "No space left"),
                             ("mount -o remount,ro %s" % where, "Read-only file system")):
            t.e1.ns.run(prepare, ok=(0, 1))
            status, out = t.e1.shell("write memory")
            equal((status, why in out, "as it was" in out), (1, True, True), out)
            with open(t.e1.conf) as f:
                equal(f.read(), old, "the file")
            equal([x for x in os.listdir(where) if "." in x], ["evpnd.conf"], "files")
    finally:
        t.e1.ns.run("umount " + where)
        os.unlink(t.e1.conf)
        os.rmdir(where)
    t.e1.file("evpnd.conf", START)


def case_untrusted(t):
    """who is not the owner sees no password and changes nothing"""
    os.chmod(t.e1.sock, 0o666)

    def other():
        os.setgroups([])
        os.setuid(65534)
        s = Session(t.e1)
        text = s.ok("show running-config")
        expect("hush" not in text and "has a password" in text, text)
        for command in ("configure terminal", "configure exclusive", "write memory"):
            s.refused(command, "Only root")

    pid = os.fork()
    if pid == 0:
        try:
            other()
            os._exit(0)
        except BaseException as e:
            print("untrusted:", e, flush=True)
            os._exit(1)
    equal(os.waitpid(pid, 0)[1], 0, "status")
    os.chmod(t.e1.sock, 0o660)
    expect("hush" in running(t), "root sees no password")


lab.run()

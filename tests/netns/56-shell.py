#!/usr/bin/env python3
"""The shell on a terminal: prompts, TAB, ?, history, ^C, ^Z, filters, pager, watch, pasting; scripts."""

import os
import re
import select
import shlex
import stat
import subprocess
from types import SimpleNamespace

import lab
from term import Term
from topo import *

CONF = """hostname leaf1
vxlan
 source-address 10.99.0.1
exit
router bgp 65000
 bgp router-id 10.99.0.1
 neighbor RR peer-group
 neighbor RR remote-as 65000
 neighbor 10.99.0.100 peer-group RR
 address-family l2vpn evpn
  neighbor RR activate
  vni 100
   bridge br100
  exit-vni
 exit-address-family
exit
vrf red
 table 1001
exit-vrf
"""
MAC = "02:00:00:00:00:77"


def setup(l):
    if standin():
        raise lab.Skip("FRR stands in")
    net = Underlay(l)
    e = EvpndVtep(l, "e1", 1, net)
    e.quiet()
    e.start(CONF)
    e.ns.run("ip link add p1 type veth peer name p1b")
    e.ns.run("ip link set p1 master br100 up")
    e.ns.run("ip link set p1b up")
    e.ns.run("bridge fdb add %s dev p1 master static" % MAC)
    wait_for("the MAC", lambda: e.mac(MAC))
    home = os.path.join(e.ns.dir, "home")
    os.mkdir(home)
    return SimpleNamespace(lab=l, e1=e, home=home, terms=[])


def shell(t, rows=40, columns=100, **env):
    """An interactive shell at its prompt."""
    env = dict({"HOME": t.home, "EVPNSH_PAGER": ""}, **env)
    term = Term(t.e1.ns, [lab.binary("EVPNSH", "evpnsh"), "-s", t.e1.sock], env, rows, columns)
    term.wait(r"^leaf1# ")
    return term


def drop(term):
    """^C: the line goes, a prompt comes."""
    term.ask("\x03", r"\^C\n.*# $")


def leave(term):
    """^C drops the line; "end" and "exit" leave."""
    drop(term)
    term.ask("end\r", r"^leaf1# ")
    term.send("exit\r")
    equal(term.end(), 0, "exit status")


def script(t, *argv, text="", env=None):
    """(status, stdout, stderr) of evpnsh."""
    p = subprocess.run(t.e1.ns.argv([lab.binary("EVPNSH", "evpnsh"), "-s", t.e1.sock, *argv]),
                       input=text.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       env=dict(os.environ, **(env or {})), timeout=60)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def case_modes(t):
    """modes and prompts as in vtysh; abbreviations, do, exit, end, ^Z; an outer mode's command"""
    s = shell(t)
    for keys, prompt in (
            ("conf t", "(config)"), ("rou b 65000", "(config-router)"),
            ("add l2 e", "(config-router-af)"), ("vni 100", "(config-router-af-vni)"),
            ("exit-vni", "(config-router-af)"), ("exit", "(config-router)"),
            ("address-family ipv4 unicast", "(config-router-af)"), ("quit", "(config-router)"),
            ("vrf red", "(config-vrf)"), ("vxlan", "(config-vxlan)"),
            ("router bgp 65000 vrf red", "(config-router)"), ("hostname leaf1", "(config)"),
            ("do show version", "(config)"), ("no hostname nobody", "(config)"),
            ("hostname leaf1", "(config)"), ("end", ""), ("conf t", "(config)")):
        s.ask(keys + "\r", r"^(leaf1|e1|\S+)%s# $" % re.escape(prompt))
    s.ask("half a line\x1a", r"^leaf1# $")
    leave(s)


def case_complete(t):
    """TAB completes words and has the values there are: neighbors, groups, VNIs, MACs, RDs, VRFs"""
    s = shell(t)
    for keys, line in (
            ("sh\tev\tmac vni 10\tmac 02:00:00:00\t", "show evpn mac vni 100 mac %s " % MAC),
            ("show evpn explain vni \t", r"show evpn explain vni 100 "),
            ("show bgp neighbors 10.\t", "show bgp neighbors 10.99.0.100 "),
            ("show bgp l2vpn evpn route rd 1\t", "show bgp l2vpn evpn route rd 10.99.0.1:100 "),
            ("show bgp vrf r\t", "show bgp vrf red "),
            ("evpn mac add vni 100 mac 02:00:00:00:00:01 port p1b\t",
             "evpn mac add vni 100 mac 02:00:00:00:00:01 port p1b "),
            ("show version | inc\t", r"show version \| include ")):
        s.ask(keys, line + "$")
        drop(s)
    s.ask("conf t\r", r"\(config\)# $")
    s.ask("router bgp 65000\r", r"-router\)# $")
    s.ask("neighbor R\t", "neighbor RR $")
    drop(s)
    found = s.ask("neighbor 10.99.0.100 p\t", r"passive[^#]*# neighbor 10.99.0.100 p$")
    for word in ("passive", "password", "peer-group", "port"):
        expect(word in found, "%s is not offered: %r" % (word, found))
    leave(s)


def case_help(t):
    """? anywhere: words with help, values, <cr>, in the middle of a word; the line stays"""
    s = shell(t)
    found = s.ask("show evpn m?", r"misses[^#]*# show evpn m$")
    expect("mac " in found and "MAC addresses" in found and "misses" in found, found)
    found = s.ask("ac vni ?", r"identifier[^#]*# show evpn mac vni $")
    expect("VXLAN network identifier" in found and "     100\n" in found, found)
    found = s.ask("100 ?", r"<cr>[^#]*# show evpn mac vni 100 $")
    expect("<cr>" in found and "json" in found, found)
    found = s.ask("\r", r"^leaf1# $")
    expect("Number of MACs" in found and MAC in found, "the line that ? was asked in: " + found)
    found = s.ask("show evpn vni?", r"VNIs with[^#]*# show evpn vni$")
    expect("VNIs with their devices" in found, found)
    drop(s)
    found = s.ask("?", r"^leaf1# $")
    expect("configure" in found and "show" in found, found)
    leave(s)


def case_history(t):
    """history goes on in the next session, for the owner only, without passwords; ^R looks back"""
    s = shell(t)
    s.ask("show version\r", r"^leaf1# $")
    s.ask("conf t\r", r"\(config\)# $")
    s.ask("router bgp 65000\r", r"-router\)# $")
    s.ask("neighbor RR password hush-hush\r", r"-router\)# $")
    s.ask("no neighbor RR password\r", r"-router\)# $")
    s.ask("neighbor RR passwort hush-hush\r", r"-router\)# $")
    leave(s)
    path = os.path.join(t.home, ".evpnsh_history")
    equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, "mode")
    with open(path) as f:
        text = f.read()
    expect("show version\n" in text and "hush" not in text, text)
    s = shell(t)
    s.ask("\x1b[A\x1b[A", "end$")
    drop(s)
    s.ask("\x12show ver", "show version")
    s.ask("\r", r"^evpnd .* up ")
    leave(s)


def case_filters(t):
    """filters, several in a row; a bad regular expression is told; also with -c"""
    s = shell(t)
    found = s.ask("show running-config | include neighbor | exclude peer-group | count\r",
                  r"^leaf1# $")
    expect("\n2\n" in found, found)
    found = s.ask("show running-config | section ^vrf\r", r"^leaf1# $")
    expect("vrf red\n table 1001\nleaf1#" in found, found)
    s.ask("show version | include (\r", r'% Bad regular expression "\("')
    s.ask("show version | frobnicate x\r", r"% Unknown filter: frobnicate")
    s.ask("conf t\r", r"\(config\)# $")
    s.ask("do show running-config | begin exit-vrf\r", r"^exit-vrf")
    leave(s)
    equal(script(t, "-c", "show running-config | include ^vrf red|^vxlan | count"),
          (0, "2\n", ""), "with -c")
    status, out, err = script(t, "-c", "show version | include [")
    equal((status, out), (1, ""), "status and output")
    expect(err.startswith("% Bad regular expression"), err)


def case_pager(t):
    """a pager takes what is longer than a page, terminal length says how long that is"""
    pager = t.e1.file("pager", "#!/bin/sh\nsed 's/^/paged: /'\n")
    os.chmod(pager, 0o755)
    s = shell(t, rows=10, EVPNSH_PAGER=pager)
    s.ask("show running-config\r", r"^paged: hostname leaf1")
    s.ask("show version\r", r"^evpnd ")
    s.ask("terminal length 0\r", r"^leaf1# $")
    s.ask("show running-config\r", r"^hostname leaf1")
    s.ask("terminal length 3\r", r"^leaf1# $")
    s.ask("show running-config | include neighbor\r", r"^paged: ")
    s.ask("terminal no length\r", r"^leaf1# $")
    s.resize(60, 100)
    s.ask("show running-config\r", r"^hostname leaf1")
    s.wait(r"^leaf1# $")
    leave(s)


def case_colour(t):
    """colours on a terminal, unless NO_COLOR is set, and never into a pipe"""
    s = shell(t)
    s.ask("show bgp summary\r", r"Total number")
    expect("\x1b[33mActive\x1b[0m" in s.raw or "\x1b[33mConnect\x1b[0m" in s.raw or
           "\x1b[31mIdle\x1b[0m" in s.raw, "no colour: %r" % s.raw[-800:])
    s.wait(r"^leaf1# $")
    leave(s)
    s = shell(t, NO_COLOR="1")
    s.ask("show bgp summary\r", r"Total number")
    expect("\x1b[3" not in s.raw, "colours in spite of NO_COLOR")
    leave(s)
    expect("\x1b" not in script(t, "-c", "show bgp summary")[1], "colours in a pipe")


def case_interrupt(t):
    """^C ends a monitor and a watch, not the shell; a watch marks what has changed"""
    s = shell(t)
    s.send("monitor json\r")

    def event():
        """The monitor may not be there yet when it happens first."""
        t.e1.ns.run("bridge fdb del 02:00:00:00:00:78 dev p1 master", ok=(0, 2, 255))
        t.e1.ns.run("bridge fdb add 02:00:00:00:00:78 dev p1 master static")
        s.read(0.1)
        return "02:00:00:00:00:78" in s.screen.text()
    wait_for("an event", event)
    s.ask("\x03", r"^leaf1# $")
    s.send("watch 1 show evpn mac vni 100 | include 02:00\r")
    s.wait(r"Every 1 s: show evpn mac vni 100")
    s.wait("02:00:00:00:00:78")
    t.e1.ns.run("bridge fdb del 02:00:00:00:00:78 dev p1 master")
    t.e1.ns.run("bridge fdb add 02:00:00:00:00:79 dev p1 master static")
    wait_for("the mark", lambda: s.read(0.1) and "\x1b[7m9\x1b[0m" in s.raw)
    s.ask("\x03", r"^leaf1# $")
    s.ask("show version\r", r"^evpnd ")
    s.ask("watch write memory\r", r"% Only a show can be watched")
    leave(s)


def case_resize(t):
    """a terminal of another size, in the middle of a line"""
    s = shell(t, columns=60)
    s.ask("show evpn mac", "show evpn mac")
    s.resize(40, 132)
    s.ask(" vni 100 | count 02:00:00:00:00:77\r", r"^1\n(.*\n)*leaf1# $")
    leave(s)


def case_paste(t):
    """a whole configuration is pasted, tabs and question marks too; a bad line is named"""
    s = shell(t)
    before = t.e1.text("show running-config")
    lines = ["configure terminal", "router bgp 65000"]
    for i in range(1, 60):
        lines += ["\tneighbor 10.99.1.%d remote-as 65001" % i,
                  " neighbor 10.99.1.%d description what? number %d" % (i, i)]
    lines += [" neighbour 10.99.1.99 remote-as 1", "address-family l2vpn evpn"]
    lines += ["  neighbor 10.99.1.%d activate" % i for i in range(1, 60)]
    lines += ["end", "show version | count evpnd"]
    s.send("\r".join(lines) + "\r")
    s.wait(r"% Unknown command: +neighbour 10.99.1.99 remote-as 1", limit=30)
    s.wait(r'did you mean "neighbor"')
    s.wait(r"^1\nleaf1# $", limit=30)
    text = t.e1.text("show running-config")
    for i in (1, 33, 59):
        expect(" neighbor 10.99.1.%d remote-as 65001\n" % i in text, text)
        expect(" neighbor 10.99.1.%d description what? number %d\n" % (i, i) in text, text)
        expect("  neighbor 10.99.1.%d activate\n" % i in text, text)
    leave(s)
    t.e1.configure("router bgp 65000", *["no neighbor 10.99.1.%d" % i for i in range(1, 60)])
    equal(t.e1.text("show running-config"), before, "running-config at the end")


def case_candidate(t):
    """a candidate shows in the prompt, and outlives ^C in the middle of an answer"""
    s = shell(t)
    s.ask("configure exclusive\r", r"^leaf1\(config\)\*# $")
    s.ask("hostname leaf9\r", r"^leaf1\(config\)\*# $")
    s.send("do show running-config\r\x03")
    s.wait(r"\*# $")
    found = s.ask("show configuration diff | include hostname\r", r"\*# $")
    expect("leaf9" in found, found)
    s.ask("abort\r", r"^leaf1# $")
    leave(s)


def case_daemon_goes(t):
    """a daemon that goes away is told of; the shell goes on with the next one, ^D leaves"""
    s = shell(t)
    s.ask("conf t\r", r"\(config\)# $")
    t.e1.stop()
    s.ask("hostname leaf1\r", r"% Can't reach evpnd at ")
    s.wait(r"\(config\)# $")
    status, _, err = script(t, "-c", "show version")
    equal(status, 2, "status without a daemon (%s)" % err)
    t.e1.up()
    s.ask("do show version\r", r"^evpnd ")
    s.send("\x04")
    equal(s.end(), 0, "exit status")
    wait_for("the MAC", lambda: t.e1.mac(MAC))


def case_midway(t):
    """a daemon that goes in the middle of an answer: status 2, said on stderr"""
    p = subprocess.Popen(t.e1.ns.argv([lab.binary("EVPNSH", "evpnsh"), "-s", t.e1.sock,
                                       "-c", "monitor"]), stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE)

    def event():
        """Something happens until the monitor, which may not be there yet, tells of it."""
        for verb in ("add", "del"):
            t.e1.ns.run("bridge fdb %s 02:00:00:00:00:7a dev p1 master%s" % (
                verb, " static" if verb == "add" else ""))
        return select.select([p.stdout], [], [], 0.1)[0]
    wait_for("an event", event)
    t.e1.stop()
    _, err = p.communicate(timeout=30)
    equal(p.returncode, 2, "status")
    expect(b"closed the connection" in err, err.decode())
    t.e1.up()


def case_scripts(t):
    """standard input, -f and -c: statuses, places of errors with a mark"""
    status, out, err = script(t, text="show version\nshow bogus\nshow evpn vni\n")
    equal(status, 1, "status")
    expect("evpnd " in out and "VxLAN IF" in out, out)
    expect(err.startswith("stdin:2: % Unknown command: show bogus"), err)
    path = t.e1.file("bad.conf", "router bgp 65000\n bgp router-id 10.0.0.300\n"
                     " neighbour 10.0.0.1 remote-as 1\n")
    status, out, err = script(t, "-f", path)
    equal((status, out), (1, ""), "status and output of -f")
    for part in (path + ":2:16: % Unknown command", "\n   bgp router-id 10.0.0.300\n" +
                 " " * 17 + "^\n", path + ":3:2: ", 'did you mean "neighbor"?'):
        expect(part in err, "%r is not in: %s" % (part, err))
    equal(script(t, "-c", "conf t", "-c", "router bgp 65000", "-c", "bogus", "-c", "end")[0], 1,
          "status of a bad -c")
    equal(script(t, "-f", "/nonexistent")[0], 1, "status of a file that is not there")
    status, out, _ = script(t, "--help")
    expect(status == 0 and "--command" in out, out)
    expect(script(t, "--version")[1].startswith("evpnsh "), "--version")
    equal(script(t, "--bogus")[0], 1, "status of a bad option")


def case_exporter(t):
    """what frr_exporter asks is answered as FRR does, or refused"""
    for family, peers in (("ipv4 unicast", None), ("ipv6 unicast", None), ("l2vpn evpn", 1)):
        doc = t.e1.show("bgp vrf all %s summary" % family)
        equal(list(doc), ["default"], "VRFs")
        equal(doc["default"].get("peerCount"), peers, "neighbors of " + family)
    equal(t.e1.show("bgp vrf red l2vpn evpn summary"), {}, "a tenant's neighbors")
    equal(t.e1.show("bgp vrf all l2vpn evpn summary")["default"]["peers"].keys(),
          t.e1.peers().keys(), "neighbors")
    expect("No IPv4 Unicast neighbor" in t.e1.text("show bgp ipv4 unicast summary"), "text")
    expect("10.99.0.100" in t.e1.text("show bgp vrf all l2vpn evpn summary"), "text")
    expect(re.search(r"on .+\.$", t.e1.text("show version").split("\n")[0]), "show version")
    for command in ("show vrrp json", "show ip ospf vrf all json"):
        status, out, err = script(t, "-c", command)
        equal((status, out), (1, ""), "status and output of " + command)
        expect(err.startswith("% Unknown command: " + command), err)


def case_bash(t):
    """bash completes options, words and values from the shell itself"""
    here = os.path.dirname(os.path.abspath(__file__))
    folder = os.path.dirname(lab.binary("EVPNSH", "evpnsh"))

    def words(*line):
        code = 'PATH=%s:$PATH; source %s/../../etc/evpnsh.bash; COMP_WORDS=(%s); ' \
            'COMP_CWORD=%d; _evpnsh; printf "%%s\\n" "${COMPREPLY[@]}"' % (
                folder, here, " ".join(shlex.quote(w) for w in line), len(line) - 1)
        return t.e1.ns.run(["bash", "--norc", "-c", code]).split("\n")[:-1]
    expect("--help" in words("evpnsh", "--h"), "no --help")
    equal(words("evpnsh", "-c", "show evpn mi"), ["show evpn misses"], "a word")
    equal(words("evpnsh", "-s", t.e1.sock, "-c", "show bgp neighbors 10"),
          ["show bgp neighbors 10.99.0.100"], "a value")
    equal(words("evpnsh", "-c", "conf t", "-c", "router bgp 65000", "-c", "nei"), ["neighbor"],
          "a word of a mode")


lab.run()

#!/usr/bin/env python3
"""tests/vm/run itself: what a script finds in the VM, what comes back, how it ends."""

import glob
import os
import signal
import subprocess
import sys
from types import SimpleNamespace

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "netns"))

import lab
from lab import equal, expect, wait_for

SCRIPT = r"""
echo "$PWD|$(id -u)|$1|$2|$COLOUR"
echo words for errors >/dev/stderr
read -r line && echo "there is input"
touch "$3/kept" lost
ip -br link show up
for m in vrf vxlan bridge 8021q dummy bonding veth sch_netem; do modprobe "$m" || echo "no $m"; done
sleep 1000 &
exit 42
"""


def start(*args, **more):
    return subprocess.Popen([os.path.join(HERE, "run"), *args], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def jobs():
    return set(glob.glob(os.path.join(os.environ["VM_CACHE"], "job.*")))


def setup(l):
    """A directory for the files, and the script's run in the VM."""
    os.environ.setdefault("VM_CACHE", os.path.join(lab.TREE, "build", "vm"))
    back = os.path.join(l.dir, "back")
    work = os.path.join(lab.TREE, "build")
    os.mkdir(back)
    before = jobs()
    p = start("-o", back, "bash", "-c", SCRIPT, "zero", "one", "two words", back, cwd=work,
              env=dict(os.environ, COLOUR="deep blue"))
    out, err = p.communicate(timeout=300)
    return SimpleNamespace(lab=l, status=p.returncode, out=out.split("\n"), err=err, back=back,
                           work=work, left=jobs() - before)


def case_status(t):
    """the script's status is the status"""
    equal(t.status, 42, "status (errors: %s)" % t.err[-600:])


def case_surroundings(t):
    """directory, user, arguments and environment are those of the caller"""
    equal(t.out[0], "%s|0|one|two words|deep blue" % t.work, "first line")


def case_outputs(t):
    """output and errors are apart, without carriage returns; there is no input"""
    expect("words for errors\n" in t.err, "errors: %r" % t.err)
    expect("words for errors" not in "".join(t.out), "errors in the output")
    expect("\r" not in t.err + "".join(t.out), "carriage returns")
    expect("there is input" not in t.out, "standard input is not empty")


def case_kernel(t):
    """loopback is up, the modules for labs load"""
    expect(any(line.startswith("lo ") for line in t.out), "no loopback: %s" % t.out)
    equal([line for line in t.out if line.startswith("no ")], [], "modules")


def case_files(t):
    """what is written to the -o directory stays, all else is gone"""
    equal(os.listdir(t.back), ["kept"], t.back)
    expect(not os.path.exists(os.path.join(t.work, "lost")), "the machine's files were written to")


def case_clean(t):
    """no job directory is left"""
    equal(t.left, set(), "left over")


def case_limit(t):
    """at the time limit it ends with status 124"""
    before = jobs()
    p = start("-t", "2", "true")
    p.communicate(timeout=60)
    equal(p.returncode, 124, "status")
    equal(jobs() - before, set(), "left over")


def case_signal(t):
    """a signal ends it, QEMU and all"""
    before = jobs()
    p = start("true")
    job = wait_for("the job's directory", lambda: jobs() - before).pop()
    wait_for("QEMU", lambda: os.path.exists(os.path.join(job, "console")))
    p.send_signal(signal.SIGTERM)
    p.communicate(timeout=60)
    equal(p.returncode, 143, "status")
    expect(not os.path.exists(job), "%s is left over" % job)
    running = subprocess.run(["pgrep", "-f", job], stdout=subprocess.PIPE, text=True).stdout
    equal(running, "", "processes left over")


lab.run()

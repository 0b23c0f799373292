"""
lab - network namespaces, processes and checks for the labs in this directory.

Keeps: one run directory under /run/evpnd-lab, held by a lock; every namespace and every process of
the run is named after it. Always: a run that ends, by success, failure or signal, leaves no
namespace and no process; what a killed run left is swept by the next one.

A lab file defines setup(lab), which returns what its cases get, and functions case_*(t) whose
docstring is the name of the check; it ends with lab.run(). It may define needs, a set of
features.py's words. Exit status: 0, 1 (something failed), 77 (skipped), 78 (the kernel lacks what
the lab needs).
"""

import ctypes
import fcntl
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time

import features

RUN_ROOT = "/run/evpnd-lab"
PREFIX = "evl"
CLONE_NEWNET = 0x40000000
HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))
VALGRIND = ("valgrind -q --suppressions=%s/tests/valgrind.supp --leak-check=full "
            "--errors-for-leak-kinds=definite --error-exitcode=99" % shlex.quote(TREE))
# What a sanitizer or valgrind says on standard error when it found something.
COMPLAINT = re.compile(
    r"(ERROR|WARNING): \w*Sanitizer|runtime error:|^==\d+== (Invalid|Conditional|Use of|Syscall|"
    r"Mismatched|Process terminating|\d[\d,]* (\(.*\) )?bytes in)|Assertion .* failed", re.M)


class Failure(Exception):
    """A check that did not hold."""


class Dead(Failure):
    """A daemon ended by itself: no use waiting for what it should do."""


class Skip(Exception):
    """This machine lacks what the lab or the case needs."""


class Ended(BaseException):
    """SIGINT, SIGTERM or SIGHUP arrived."""


def wrap():
    """The command that evpnd is run under, as a list."""
    text = os.environ.get("EVPND_WRAP", "")
    if not text and os.environ.get("VALGRIND", "") not in ("", "0"):
        text = VALGRIND
    return shlex.split(text)


def slow():
    """How much longer things may take: 1, or more under valgrind or a sanitizer."""
    if "LAB_SLOW" in os.environ:
        return float(os.environ["LAB_SLOW"])
    return 10.0 if wrap() else 1.0


def binary(env, path):
    """A built program: from the environment, or from the build directory."""
    found = os.environ.get(env) or os.path.join(TREE, "build", path)
    if not os.access(found, os.X_OK):
        raise Failure("%s is not there: build first, or set %s" % (found, env))
    return found


def need(program):
    for folder in os.environ.get("PATH", "").split(":") + ["/usr/lib/frr", "/usr/sbin", "/sbin"]:
        path = os.path.join(folder, program)
        if os.access(path, os.X_OK):
            return path
    raise Skip("%s is not installed" % program)


def wait_for(what, fn, limit=15.0, until=None, every=0.02):
    """
    Calls fn until its value is true (or until(value) is) and returns the value. An error in fn
    counts as "not yet". After limit seconds (times slow()): Failure with what was last seen.
    """
    end = time.monotonic() + limit * slow()
    while True:
        try:
            value = fn()
            if (until(value) if until else value):
                return value
            seen = value
        except Dead:
            raise
        except (Failure, KeyError, IndexError, TypeError, ValueError, OSError) as e:
            seen = "%s: %s" % (type(e).__name__, e)
        if time.monotonic() > end:
            text = seen if isinstance(seen, str) else json.dumps(seen, default=str)
            raise Failure("%s: not within %g s; last seen: %s" % (what, limit * slow(), text[:600]))
        time.sleep(every)


def expect(fact, why):
    if not fact:
        raise Failure(why)


def equal(got, wanted, what):
    if got != wanted:
        raise Failure("%s is %r, not %r" % (what, got, wanted))


class Proc:
    """A daemon: started in a namespace, ended by its process id, its output in a log file."""

    def __init__(self, ns, name, argv, env=None, checked=False):
        self.ns, self.name, self.checked = ns, name, checked
        self.log = os.path.join(ns.lab.dir, "%s-%s.log" % (ns.name, name))
        with open(self.log, "ab") as out:
            self.popen = subprocess.Popen(
                ns.argv(argv), stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=ns.dir,
                env=dict(os.environ, **(env or {})), start_new_session=True)
        self.pid = self.popen.pid
        ns.lab.procs.append(self)

    def alive(self):
        return self.popen.poll() is None

    def must_live(self):
        if not self.alive():
            raise Dead("%s in %s ended by itself, status %d: %s" %
                       (self.name, self.ns.name, self.popen.returncode, self.text()[-400:]))
        return True

    def text(self):
        with open(self.log, errors="replace") as f:
            return f.read()

    def send(self, sig):
        if self.alive():
            os.kill(self.pid, sig)

    def end(self, sig=signal.SIGTERM, limit=10.0):
        """Ends it (sig None: it was told) and gives its exit status; None: it had to be killed."""
        if sig:
            self.send(sig)
        try:
            status = self.popen.wait(limit * (slow() if self.checked else 1))
        except subprocess.TimeoutExpired:
            status = None
            self.popen.kill()
            self.popen.wait()
        self.forget()
        return status

    def forget(self):
        if self in self.ns.lab.procs:
            self.ns.lab.procs.remove(self)

    def verdict(self, status):
        """What is wrong with the way a checked program ended, or nothing."""
        found = COMPLAINT.search(self.text())
        if found:
            return "%s said: %s" % (self.name, found.group(0))
        if status is None:
            return "%s did not end when asked to" % self.name
        if status != 0:
            return "%s ended with status %d" % (self.name, status)
        return None


class Ns:
    """A network namespace, and what is run and read in it."""

    def __init__(self, lab, name):
        self.lab, self.name = lab, name
        self.full = "%s-%s" % (lab.id, name)
        self.dir = os.path.join(lab.dir, name)
        os.mkdir(self.dir)
        os.chmod(self.dir, 0o777)
        call(["ip", "netns", "add", self.full])
        self.run("ip link set lo up")
        self.sysctl("net/ipv6/conf/all/accept_dad", 0)
        self.sysctl("net/ipv6/conf/default/accept_dad", 0)
        self.sysctl("net/ipv4/conf/all/rp_filter", 0)

    def argv(self, argv):
        return ["nsenter", "--net=/run/netns/" + self.full, "--"] + list(argv)

    def run(self, command, input=None, limit=60, ok=(0,)):
        argv = shlex.split(command) if isinstance(command, str) else command
        return call(self.argv(argv), input, limit, ok)

    def status(self, command, limit=60):
        """(exit status, output and errors), whatever the status is."""
        argv = shlex.split(command) if isinstance(command, str) else command
        p = subprocess.run(self.argv(argv), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, timeout=limit)
        return p.returncode, p.stdout.decode(errors="replace")

    def json(self, command, limit=60):
        text = self.run(command, limit=limit)
        try:
            return json.loads(text or "[]")
        except ValueError:
            raise Failure("%s printed no JSON: %s" % (command, text[:200])) from None

    def inside(self, fn):
        """Calls fn in a thread that is in this namespace: sockets it makes stay here."""
        out, err = [], []

        def body():
            try:
                fd = os.open("/run/netns/" + self.full, os.O_RDONLY)
                libc = ctypes.CDLL(None, use_errno=True)
                if libc.setns(fd, CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), "setns")
                os.close(fd)
                out.append(fn())
            except Exception as e:  # carried to the caller
                err.append(e)

        thread = threading.Thread(target=body)
        thread.start()
        thread.join()
        if err:
            raise err[0]
        return out[0]

    def sysctl(self, key, value):
        def write():
            path = "/proc/sys/" + key
            if os.path.exists(path):
                with open(path, "w") as f:
                    f.write("%s\n" % value)
        self.inside(write)

    def link(self, dev):
        return self.json("ip -d -j link show dev " + dev)[0]

    def fdb(self, dev=None, mac=None):
        rows = self.json("bridge -j fdb show" + (" dev " + dev if dev else ""))
        return [r for r in rows if mac is None or r.get("mac") == mac]

    def neigh(self, dev, ip=None):
        rows = self.json("ip -j neigh show dev %s nud all" % dev)
        return [r for r in rows if ip is None or r.get("dst") == ip]

    def batch(self, program, lines):
        """Many lines to `ip` or `bridge` in one process."""
        self.run([program, "-batch", "-"], input="\n".join(lines) + "\n", limit=300)

    def pids(self):
        return [int(p) for p in call(["ip", "netns", "pids", self.full]).split()]


def call(argv, input=None, limit=60, ok=(0,)):
    try:
        p = subprocess.run(argv, input=input.encode() if input is not None else b"",
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=limit)
    except subprocess.TimeoutExpired:
        raise Failure("%s: no end after %d s" % (" ".join(argv), limit)) from None
    if p.returncode not in ok:
        shown = [a for a in argv if not a.startswith("--net=") and a not in ("nsenter", "--")]
        raise Failure("%s: status %d: %s" % (" ".join(shown)[:300], p.returncode,
                      (p.stderr + p.stdout).decode(errors="replace").strip()[:400]))
    return p.stdout.decode(errors="replace")


def sweep(ids):
    """Ends the processes and removes the namespaces of these runs."""
    names = call(["ip", "netns", "list"]).split("\n")
    names = [n.split()[0] for n in names if n.strip() and n.split("-")[0] in ids]
    for name in names:
        for pid in call(["ip", "netns", "pids", name], ok=(0, 1)).split():
            try:
                os.kill(int(pid), signal.SIGKILL)
            except OSError:
                pass
        call(["ip", "netns", "del", name], ok=(0, 1))
    for i in ids:
        shutil.rmtree(os.path.join(RUN_ROOT, i), ignore_errors=True)


def leftovers(kept=False):
    """Runs whose lab has died (and, if asked for, those that were kept)."""
    found = []
    for i in sorted(os.listdir(RUN_ROOT)) if os.path.isdir(RUN_ROOT) else []:
        folder = os.path.join(RUN_ROOT, i)
        try:
            fd = os.open(os.path.join(folder, "lock"), os.O_RDWR | os.O_CREAT)
        except OSError:
            continue
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if kept == os.path.exists(os.path.join(folder, "kept")):
                found.append(i)
        except OSError:
            pass  # still running
        os.close(fd)
    return found


class Lab:
    def __init__(self, name):
        self.name = name
        self.procs, self.spaces, self.dumpers = [], {}, []
        self.keep = False
        sweep(leftovers())
        self.id = "%s%d" % (PREFIX, os.getpid())
        self.dir = os.path.join(RUN_ROOT, self.id)
        os.makedirs(self.dir)
        self.lock = os.open(os.path.join(self.dir, "lock"), os.O_RDWR | os.O_CREAT)
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        top = os.environ.get("LAB_LOGS") or os.path.join(TREE, "build", "test-logs", "netns")
        self.logs = os.path.join(top, name)
        shutil.rmtree(self.logs, ignore_errors=True)
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sig, self.ended)

    def ended(self, sig, _frame):
        raise Ended(signal.Signals(sig).name)

    def ns(self, name):
        self.spaces[name] = Ns(self, name)
        return self.spaces[name]

    def veth(self, a, adev, b, bdev, mac=None):
        """A cable between two namespaces, up at both ends."""
        a.run("ip link add %s type veth peer name %s netns %s" % (adev, bdev, b.full))
        if mac:
            b.run("ip link set %s address %s" % (bdev, mac))
        a.run("ip link set %s up" % adev)
        b.run("ip link set %s up" % bdev)

    def dump(self, tag):
        """Writes down what there is to see, for a person; returns the folder."""
        folder = os.path.join(self.logs, re.sub(r"[^\w.-]+", "-", tag)[:60])
        os.makedirs(folder, exist_ok=True)
        for ns in list(self.spaces.values()):
            commands = ["ip -d link", "ip addr", "ip route", "bridge fdb", "ip neigh show nud all",
                        "bridge -d link", "ss -tinp"]
            with open(os.path.join(folder, ns.name + ".state"), "w") as f:
                for c in commands:
                    try:
                        f.write("# %s\n%s\n" % (c, ns.status(c)[1][:400000]))
                    except (OSError, subprocess.SubprocessError) as e:
                        f.write("# %s: %s\n" % (c, e))
        for name, fn in self.dumpers:
            try:
                with open(os.path.join(folder, name + ".show"), "w") as f:
                    f.write(fn())
            except (Failure, OSError, subprocess.SubprocessError) as e:
                print("#   (no show commands of %s: %s)" % (name, str(e)[:100]))
        for p in [f for f in os.listdir(self.dir) if f.endswith((".log", ".conf"))]:
            shutil.copy(os.path.join(self.dir, p), folder)
        return folder

    def close(self):
        """Ends everything; returns complaints about checked programs."""
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sig, signal.SIG_IGN)
        wrong = []
        procs = list(self.procs)
        for p in procs:
            if p.checked and not p.alive():
                wrong.append("%s in %s ended by itself, status %d" %
                             (p.name, p.ns.name, p.popen.returncode))
            p.send(signal.SIGTERM)
        for p in procs:
            status = p.end(None)
            if p.checked:
                word = p.verdict(status)
                if word:
                    wrong.append("%s: %s" % (p.ns.name, word))
        if wrong:
            os.makedirs(self.logs, exist_ok=True)
        for f in os.listdir(self.dir) if wrong else []:
            if f.endswith(".log"):
                shutil.copy(os.path.join(self.dir, f), self.logs)
        sweep([self.id])
        os.close(self.lock)
        return wrong

    def tails(self, lines=12):
        for p in self.procs:
            if p.checked:
                print("# last lines of %s" % p.log)
                for line in p.text().splitlines()[-lines:]:
                    print("#   " + line[:200])


def keep(lab):
    """Leaves everything running; `lab.py clean` ends it."""
    with open(os.path.join(lab.dir, "kept"), "w") as f:
        f.write(lab.name + "\n")


def line(kind, name, rest=""):
    try:
        print("%s %s%s" % (kind, name, rest), flush=True)
    except BrokenPipeError:  # nobody reads any more; what was started still has to end
        sys.stdout = open(os.devnull, "w")


class Tally:
    def __init__(self):
        self.ok = self.bad = self.skipped = 0

    def one(self, name, fn, on_failure):
        start = time.monotonic()
        try:
            note = fn()
            self.ok += 1
            line("ok", name, " (%.1f s%s)" % (time.monotonic() - start,
                                             ", " + note if isinstance(note, str) else ""))
            return True
        except Skip as e:
            self.skipped += 1
            line("ok", name, " # SKIP %s" % e)
            return True
        except (Failure, KeyError, IndexError, TypeError, ValueError, AttributeError, OSError,
                subprocess.SubprocessError) as e:
            self.bad += 1
            why = str(e) if isinstance(e, Failure) else "%s: %s" % (type(e).__name__, e)
            if not isinstance(e, Failure):
                frame = e.__traceback__
                while frame.tb_next:
                    frame = frame.tb_next
                why += " (%s:%d)" % (os.path.basename(frame.tb_frame.f_code.co_filename),
                                     frame.tb_lineno)
            line("not ok", name, ": " + why.replace("\n", " | "))
            on_failure(name)
            return False


def title(fn):
    return " ".join((fn.__doc__ or fn.__name__[5:].replace("_", " ")).split())


def run():
    """Runs the lab that is __main__."""
    main = sys.modules["__main__"]
    name = os.path.basename(main.__file__)[:-3]
    cases = [f for n, f in vars(main).items() if n.startswith("case_")]
    args = sys.argv[1:]
    if "--list" in args:
        print("\n".join(title(c) for c in cases))
        return
    only = [a for a in args if not a.startswith("-")]
    if os.geteuid() != 0:
        print("skip: needs root")
        sys.exit(77)
    lacking = features.lacking(getattr(main, "needs", ()))
    if lacking:
        print("skip: this kernel lacks %s: tests/vm/run has it" % ", ".join(lacking))
        sys.exit(features.LACKING)
    tally, lab, state = Tally(), None, None
    code, skipped = 1, None
    try:
        lab = Lab(name)

        def failed(what):
            print("# kept for you: %s" % lab.dump(what))
            if tally.bad == 1:
                lab.tails()

        def prepare():
            nonlocal state
            try:
                state = main.setup(lab)
            except Skip as e:
                nonlocal skipped
                skipped = str(e)
        if tally.one("setup", prepare, failed) and skipped is None:
            for c in cases:
                if not only or any(o in c.__name__ or o in title(c) for o in only):
                    tally.one(title(c), lambda c=c: c(state), failed)
    except Ended as e:
        tally.bad += 1
        line("not ok", "lab", ": ended by %s" % e)
    finally:
        if lab and "--keep" in args:
            keep(lab)
            print("# namespaces %s-*, files %s; remove with: %s clean" %
                  (lab.id, lab.dir, os.path.abspath(__file__)))
        elif lab:
            checked = any(p.checked for p in lab.procs)
            wrong = lab.close()
            for w in wrong:
                tally.bad += 1
                line("not ok", "ends clean", ": " + w)
            if checked and not wrong:
                tally.ok += 1
                line("ok", "ends clean")
    if skipped is not None:
        print("skip: " + skipped)
        code = 77
    else:
        code = 1 if tally.bad else 0
    print("%d passed, %d failed, %d skipped" % (tally.ok, tally.bad, tally.skipped), flush=True)
    sys.exit(code)


if __name__ == "__main__":
    if sys.argv[1:] == ["clean"]:
        sweep(leftovers() + leftovers(kept=True))
    else:
        print("usage: lab.py clean")
        sys.exit(2)

"""
control - a client of the control socket (evpnd-control(7)), and ill-mannered ones.
"""

import json
import os
import socket

from lab import Failure, expect


class Control:
    """A session: ask() gives the answer's head and, when there is one, its document."""

    def __init__(self, path, limit=20):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(limit)
        self.sock.connect(path)
        self.file = self.sock.makefile("rb")

    def raw(self, data):
        self.sock.sendall(data)

    def send(self, command, **more):
        self.raw(json.dumps(dict(more, command=command)).encode() + b"\n")

    def head(self):
        """The next line as JSON; None: the daemon hung up."""
        try:
            line = self.file.readline()
        except ConnectionResetError:
            return None
        return json.loads(line) if line else None

    def pieces(self):
        while True:
            n = int(self.file.readline())
            if n == 0:
                return
            yield self.file.read(n)

    def events(self, command="monitor json"):
        """Starts a stream; gives its events as they come."""
        self.send(command)
        expect(self.head()["stream"], "no stream")
        return (json.loads(line) for piece in self.pieces() for line in piece.splitlines())

    def ask(self, command, **more):
        self.send(command, **more)
        head = self.head()
        return head, json.loads(b"".join(self.pieces())) if head.get("data") else None

    def close(self):
        self.file.close()
        self.sock.close()


def refusal(path, data, finish=False):
    """What the daemon says to these bytes, and that it hangs up then."""
    c = Control(path)
    try:
        c.raw(data)
    except (BrokenPipeError, ConnectionResetError):
        pass
    if finish:
        c.sock.shutdown(socket.SHUT_WR)
    head = c.head()
    gone = c.head() is None
    c.close()
    return (head or {}).get("message"), gone


class Child:
    """A process of another user: fn's value comes back as JSON, by value(). May tell() before."""

    def __init__(self, fn, uid, gid, groups=()):
        self.out, self.there = os.pipe()
        self.hold, self.go = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            status = 1
            try:
                os.close(self.go)
                os.setgroups(list(groups))
                os.setgid(gid)
                os.setuid(uid)
                os.write(self.there, json.dumps(fn(self)).encode() + b"\n")
                status = 0
            except Exception as e:
                os.write(self.there, json.dumps("%s: %s" % (type(e).__name__, e)).encode() + b"\n")
            finally:
                os._exit(status)
        os.close(self.there)
        os.close(self.hold)
        self.file = os.fdopen(self.out)

    def tell(self, value):
        """In the child: a value at once, and waits for release()."""
        os.write(self.there, json.dumps(value).encode() + b"\n")
        os.read(self.hold, 1)

    def value(self):
        return json.loads(self.file.readline())

    def release(self):
        os.close(self.go)

    def end(self):
        self.file.close()
        os.waitpid(self.pid, 0)


def as_user(path, uid, gid, *commands, groups=()):
    """Answers to commands ("MODE@COMMAND" for a configuration mode) of another user."""
    def talk(_):
        c, all = Control(path), []
        for command in commands:
            mode, _, command = command.rpartition("@")
            try:
                c.send(command, ctx={"mode": mode or "exec"})
            except OSError:
                pass
            all.append(c.head())
            if all[-1].get("data"):
                all[-1]["text"] = b"".join(c.pieces()).decode()
        return all
    child = Child(talk, uid, gid, groups)
    value = child.value()
    child.release()
    child.end()
    return value


def rss(pid):
    """Resident memory of a process, bytes."""
    with open("/proc/%d/statm" % pid) as f:
        return int(f.read().split()[1]) * 4096


def until(events, what, **members):
    """Reads events up to one that has these members (a function: is true of it); gives it."""
    seen = []
    try:
        for e in events:
            seen.append(e)
            if all(m(e.get(k)) if callable(m) else e.get(k) == m for k, m in members.items()):
                return e
    except TimeoutError:
        pass
    raise Failure("%s: no event %s; last seen: %s" % (what, members, seen[-5:]))

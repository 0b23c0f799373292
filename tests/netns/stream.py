"""
stream - a thousand numbered packets a second from one host to another, and which of them came.

A process of its own on either side, so that what a lab does meanwhile costs no packet:
  python3 stream.py send ADDRESS PORT RATE      until SIGTERM; prints how many were sent
  python3 stream.py receive PORT                until SIGTERM; prints what came, as JSON
"""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time

from lab import Failure, expect, wait_for

PORT = 7777
RATE = 1000


class Stop(Exception):
    pass


def stop(*_):
    raise Stop


def send(address, port, rate):
    s = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
    start, n, over = time.monotonic(), 0, []
    signal.signal(signal.SIGTERM, lambda *_: over.append(1))
    while not over:
        wait = start + n / rate - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        s.sendto(struct.pack("!Q", n), (address, port))
        n += 1
        if n == 1:
            print("go", flush=True)
    print(json.dumps({"sent": n}))


def receive(port):
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)  # SO_RCVBUFFORCE
    s.bind(("::", port))
    signal.signal(signal.SIGTERM, stop)
    seen, twice, gap, last = bytearray(), 0, 0.0, None
    try:
        while True:
            (n,) = struct.unpack_from("!Q", s.recv(64))
            now = time.monotonic()
            if n >= len(seen):
                seen.extend(bytes(n + 1 - len(seen)))
            twice += seen[n]
            seen[n] = 1
            gap, last = max(gap, now - last if last else 0), now
    except Stop:
        missing = [i for i, x in enumerate(seen) if not x]
        print(json.dumps({"received": len(seen) - len(missing), "twice": twice,
                          "gap_ms": round(gap * 1000), "missing": len(missing),
                          "first_missing": missing[:10], "next": len(seen)}))


class Stream:
    """From one Vm to another until end()."""

    def __init__(self, a, b, port=PORT):
        self.a, self.b = a, b
        self.receiver = self.spawn(b, "receive", port)
        wait_for("%s: receiver" % b.name, lambda: ":%d " % port in b.ns.run("ss -Hlun"))
        self.sender = self.spawn(a, "send", b.ip, port, RATE)
        expect(self.sender.stdout.readline() == "go\n", "%s: does not send" % a.name)

    def spawn(self, vm, *words):
        argv = [sys.executable, os.path.abspath(__file__)] + [str(w) for w in words]
        return subprocess.Popen(vm.ns.argv(argv), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, text=True)

    @staticmethod
    def finish(p):
        p.send_signal(signal.SIGTERM)
        out, _ = p.communicate(timeout=20)
        try:
            return json.loads(out)
        except ValueError:
            raise Failure("stream: %r" % out) from None

    def end(self):
        """How many were lost; in self what is known besides."""
        sent = self.finish(self.sender)
        time.sleep(0.3)  # what is under way arrives; there is nothing else to wait for
        got = self.finish(self.receiver)
        self.sent, self.gap_ms = sent["sent"], got["gap_ms"]
        self.lost = sent["sent"] - got["received"]
        self.where = got["first_missing"] or list(range(got["next"], sent["sent"]))[:10]
        return self.lost


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.argv[1] == "send":
        send(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        receive(int(sys.argv[2]))

"""
wire - frames: a capture that is on when it says so, VXLAN taken apart, ping with a clock.
"""

import re
import select
import signal
import socket
import struct
import subprocess
import time

from lab import Failure, wait_for

ETH_P_ALL = 3
SO_RCVBUFFORCE = 33
RTMGRP_NEIGH, RTM_DELNEIGH, NDA_LLADDR = 4, 29, 2


class Capture:
    """
    Everything a device sends and receives, from now until frames() is called. The socket is bound
    when the constructor returns, and the kernel keeps the frames: nothing is missed between.
    """

    def __init__(self, ns, dev):
        def make():
            s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
            s.bind((dev, ETH_P_ALL))
            return s
        self.sock = ns.inside(make)
        self.sock.setblocking(False)
        self.kept = []

    def frames(self):
        while True:
            try:
                self.kept.append(self.sock.recv(65535))
            except BlockingIOError:
                return self.kept

    def inner(self, port=4789):
        """What is inside the VXLAN packets seen: (VNI, outer destination, frame)."""
        return [x for x in (unwrap(f, port) for f in self.frames()) if x]

    def close(self):
        self.sock.close()


def unwrap(frame, port=4789):
    kind = ethertype(frame)
    if kind == 0x0800 and frame[23] == 17:
        at, dst = 14 + (frame[14] & 15) * 4, socket.inet_ntop(socket.AF_INET, frame[30:34])
    elif kind == 0x86dd and frame[20] == 17:
        at, dst = 54, socket.inet_ntop(socket.AF_INET6, frame[38:54])
    else:
        return None
    if len(frame) < at + 16 or struct.unpack_from("!H", frame, at + 2)[0] != port:
        return None
    vni = int.from_bytes(frame[at + 12:at + 15], "big")
    return vni, dst, frame[at + 16:]


def ethertype(frame):
    return struct.unpack_from("!H", frame, 12)[0] if len(frame) >= 14 else 0


def is_arp_request(frame):
    return ethertype(frame) == 0x0806 and frame[20:22] == b"\0\1"


def is_ns(frame):
    """An IPv6 neighbour solicitation."""
    return ethertype(frame) == 0x86dd and len(frame) > 54 and frame[20] == 58 and frame[54] == 135


def is_echo(frame):
    """An ICMP or ICMPv6 echo request."""
    return (ethertype(frame) == 0x0800 and frame[23] == 1 and frame[34] == 8) or \
        (ethertype(frame) == 0x86dd and frame[20] == 58 and frame[54] == 128)


def macs(frame):
    """Destination and source."""
    return frame[:6].hex(":"), frame[6:12].hex(":")


def send(ns, dev, *frames):
    def go():
        s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        s.bind((dev, 0))
        for f in frames:
            s.send(f)
        s.close()
    ns.inside(go)


def arp(op, mac, ip, to_mac="ff:ff:ff:ff:ff:ff", to_ip=None):
    """An ARP frame; without to_ip a gratuitous one."""
    src = bytes.fromhex(mac.replace(":", ""))
    dst = bytes.fromhex(to_mac.replace(":", ""))
    target = b"\0" * 6 if op == 1 else dst
    return dst + src + struct.pack("!HHHBBH", 0x0806, 1, 0x0800, 6, 4, op) + src + \
        socket.inet_aton(ip) + target + socket.inet_aton(to_ip or ip)


def checksum(data):
    """The Internet checksum (RFC 1071)."""
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total ^ 0xffff


def advertisement(mac, ip):
    """An unsolicited IPv6 neighbour advertisement, to all nodes (RFC 4861, 7.2.6)."""
    src, to = socket.inet_pton(socket.AF_INET6, ip), socket.inet_pton(socket.AF_INET6, "ff02::1")
    lladdr_option = b"\2\1" + bytes.fromhex(mac.replace(":", ""))
    body = struct.pack("!BBHI", 136, 0, 0, 0x20000000) + src + lladdr_option
    pseudo = src + to + struct.pack("!II", len(body), 58)
    body = body[:2] + struct.pack("!H", checksum(pseudo + body)) + body[4:]
    return b"\x33\x33\0\0\0\1" + bytes.fromhex(mac.replace(":", "")) + b"\x86\xdd" + \
        struct.pack("!IHBB", 6 << 28, len(body), 58, 255) + src + to + body


def broadcast(mac, payload=b"lab"):
    """A broadcast frame of an ethertype for experiments."""
    return b"\xff" * 6 + bytes.fromhex(mac.replace(":", "")) + b"\x88\xb5" + payload.ljust(50, b"\0")


class Pinger:
    """
    ping that runs while other things happen; then tells the longest silence, and in missing how
    many requests between the first reply and the last had none.
    """

    def __init__(self, vm, ip, interval=0.005):
        self.popen = subprocess.Popen(
            vm.ns.argv(["ping", "-n", "-D", "-i", "%g" % interval, "-W", "5", ip]),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.times, self.seqs, self.rest = [], [], b""
        wait_for("%s: first reply of %s" % (vm.name, ip), self.read)

    def read(self):
        """Takes what ping has printed so far; the number of replies."""
        while select.select([self.popen.stdout], [], [], 0)[0]:
            data = self.popen.stdout.read1(65536)
            if not data:
                break
            lines = (self.rest + data).split(b"\n")
            self.rest = lines.pop()
            for text in lines:
                m = re.match(rb"\[([\d.]+)\] \d+ bytes .*icmp_seq=(\d+)", text)
                if m and b"DUP" not in text:
                    self.times.append(float(m.group(1)))
                    self.seqs.append(int(m.group(2)))
        return len(self.times)

    def more(self, count=20, limit=20):
        """Waits for that many more replies than at the call."""
        have = self.read()
        wait_for("%d more replies" % count, self.read, limit, until=lambda n: n >= have + count)

    def end(self):
        """Longest time between two replies (ms), and how many requests in it went unanswered."""
        self.popen.send_signal(signal.SIGINT)
        try:
            self.popen.wait(10)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
        self.read()
        if len(self.times) < 2:
            raise Failure("ping got %d replies" % len(self.times))
        self.missing = self.seqs[-1] - self.seqs[0] + 1 - len(set(self.seqs))
        gap, at = max((b - a, i) for i, (a, b) in enumerate(zip(self.times, self.times[1:])))
        return gap * 1000, max(0, self.seqs[at + 1] - self.seqs[at] - 1)


class Watch:
    """Counts the kernel's RTM_DELNEIGH messages from now on."""

    def __init__(self, ns):
        def make():
            s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
            s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
            s.bind((0, RTMGRP_NEIGH))
            return s
        self.sock = ns.inside(make)
        self.sock.setblocking(False)

    def deleted(self, prefix):
        """How many entries of MACs with this beginning were deleted until now; ends the watch."""
        count = 0
        while True:
            try:
                data = self.sock.recv(65536)
            except BlockingIOError:
                self.sock.close()
                return count
            while len(data) >= 16:
                size, kind = struct.unpack_from("=IH", data)
                count += kind == RTM_DELNEIGH and lladdr(data[28:size]).startswith(prefix)
                data = data[(size + 3) & ~3:]


def lladdr(attributes):
    """NDA_LLADDR among the attributes of a neighbour message."""
    while len(attributes) >= 4:
        size, kind = struct.unpack_from("=HH", attributes)
        if kind == NDA_LLADDR:
            return attributes[4:size].hex(":")
        attributes = attributes[max(4, (size + 3) & ~3):]
    return ""


def stopwatch(fn, limit=5.0):
    """Calls fn in a tight loop until it is true; ms that took. Failure after limit seconds."""
    start = time.monotonic()
    while True:
        if fn():
            return (time.monotonic() - start) * 1000
        if time.monotonic() - start > limit:
            raise Failure("not so after %g s" % limit)

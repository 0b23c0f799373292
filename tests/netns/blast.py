#!/usr/bin/env python3
"""
Sends frames as fast as one processor can: blast.py IFNAME random|scan SECONDS MAC

random: unicast frames to random MACs; scan: ARP requests for all of 10.77.0.0/16. 16384 (65536)
frames are made beforehand and sent 512 in a system call, past the queueing discipline. Prints how
many, in what time, and the time of the processor that it got.
"""

import ctypes
import os
import socket
import sys
import time

SOL_PACKET, PACKET_QDISC_BYPASS = 263, 20
BATCH = 512


class Iovec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("len", ctypes.c_size_t)]


class Msghdr(ctypes.Structure):
    _fields_ = [("name", ctypes.c_void_p), ("namelen", ctypes.c_uint), ("iov", ctypes.c_void_p),
                ("iovlen", ctypes.c_size_t), ("control", ctypes.c_void_p),
                ("controllen", ctypes.c_size_t), ("flags", ctypes.c_int)]


class Mmsghdr(ctypes.Structure):
    _fields_ = [("hdr", Msghdr), ("len", ctypes.c_uint)]


def frames(what, mac):
    if what == "random":
        return [b"\x0a" + os.urandom(5) + mac + b"\x88\xb5" + bytes(50) for _ in range(16384)]
    head = b"\xff" * 6 + mac + b"\x08\x06\0\1\x08\0\6\4\0\1" + mac + bytes([10, 77, 0, 1]) + bytes(6)
    return [head + bytes([10, 77, n >> 8, n & 255]) + bytes(18) for n in range(65536)]


def main():
    dev, what, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    send = frames(what, bytes.fromhex(sys.argv[4].replace(":", "")))
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    s.bind((dev, 0))
    s.setsockopt(SOL_PACKET, PACKET_QDISC_BYPASS, 1)
    size, n = len(send[0]), len(send)
    data = ctypes.create_string_buffer(b"".join(send))
    iov, msgs = (Iovec * n)(), (Mmsghdr * n)()
    for i in range(n):
        iov[i] = Iovec(ctypes.addressof(data) + i * size, size)
        msgs[i].hdr.iov = ctypes.addressof(iov) + i * ctypes.sizeof(Iovec)
        msgs[i].hdr.iovlen = 1
    sendmmsg, at, sent = ctypes.CDLL(None, use_errno=True).sendmmsg, 0, 0
    start, cpu = time.monotonic(), time.process_time()
    while time.monotonic() - start < seconds:
        got = sendmmsg(s.fileno(), ctypes.byref(msgs, at * ctypes.sizeof(Mmsghdr)),
                       min(BATCH, n - at), 0)
        sent += max(got, 0)
        at = (at + BATCH) % n
    print(sent, time.monotonic() - start, time.process_time() - cpu)


if __name__ == "__main__":
    main()

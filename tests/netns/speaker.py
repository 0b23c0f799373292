"""
speaker - a BGP speaker that does exactly what a lab says, right or wrong: bytes out, messages in.
"""

import ipaddress
import random
import select
import socket
import struct
import threading
import time

from lab import Failure, slow

OPEN, UPDATE, NOTIFICATION, KEEPALIVE, REFRESH = 1, 2, 3, 4, 5
SO_TIMESTAMPNS = 35
MARKER = b"\xff" * 16
EVPN = struct.pack("!HBB", 25, 0, 70)  # AFI, reserved, SAFI


def message(kind, body=b""):
    return MARKER + struct.pack("!HB", 19 + len(body), kind) + body


def capability(code, value=b""):
    return bytes([code, len(value)]) + value


def open_body(asn, router_id, hold=0, evpn=True, as4=True, version=4, more=b"", extended=False):
    caps = capability(1, EVPN) if evpn else capability(1, struct.pack("!HBB", 1, 0, 1))
    if as4:
        caps += capability(65, struct.pack("!I", asn))
    caps += capability(2) + capability(70) + capability(64, b"\0\0")
    if extended:
        caps += capability(6)
    caps += more
    param = bytes([2, len(caps)]) + caps
    return struct.pack("!BHH4sB", version, asn if asn < 65536 else 23456, hold,
                       socket.inet_aton(router_id), len(param)) + param


def attribute(code, value, flags=None):
    """A path attribute; flags are those the RFCs give it unless told."""
    if flags is None:
        flags = {1: 0x40, 2: 0x40, 3: 0x40, 5: 0x40}.get(code, 0xc0 if code in (8, 16, 22) else 0x80)
    if len(value) > 255:
        return struct.pack("!BBH", flags | 0x10, code, len(value)) + value
    return bytes([flags, code, len(value)]) + value


def rt(asn, number):
    return struct.pack("!BBHI", 0, 2, asn, number)


def encapsulation(kind=8):
    return struct.pack("!BBIH", 3, 12, 0, kind)


def rd(ip, number):
    return struct.pack("!H4sH", 1, socket.inet_aton(ip), number)


def mac_bytes(mac):
    return bytes.fromhex(mac.replace(":", ""))


def router_mac(mac):
    """The Router's MAC community (RFC 9135, 8.1)."""
    return b"\x06\x03" + mac_bytes(mac)


def mobility(sequence, sticky=False):
    return struct.pack("!BBBBI", 6, 0, sticky, 0, sequence)


def type2(rd_bytes, mac, vni=100, ip=None, mac_bits=48, l3=None):
    """A MAC/IP advertisement, with its type and length; l3: the second label."""
    packed = ipaddress.ip_address(ip).packed if ip else b""
    body = rd_bytes + bytes(10) + bytes(4) + bytes([mac_bits]) + mac_bytes(mac) + \
        bytes([len(packed) * 8]) + packed + (vni).to_bytes(3, "big")
    if l3 is not None:
        body += l3.to_bytes(3, "big")
    return bytes([2, len(body)]) + body


def type3(rd_bytes, ip):
    packed = ipaddress.ip_address(ip).packed
    body = rd_bytes + bytes(4) + bytes([len(packed) * 8]) + packed
    return bytes([3, len(body)]) + body


def type5(rd_bytes, prefix, vni=0, gateway=None, esi=bytes(10)):
    """An IP prefix route (RFC 9136, 3.1)."""
    net = ipaddress.ip_network(prefix)
    gw = ipaddress.ip_address(gateway).packed if gateway else bytes(net.max_prefixlen // 8)
    body = rd_bytes + esi + bytes(4) + bytes([net.prefixlen]) + net.network_address.packed + \
        gw + vni.to_bytes(3, "big")
    return bytes([5, len(body)]) + body


def reach(hop, *nlri):
    packed = ipaddress.ip_address(hop).packed
    return attribute(14, struct.pack("!HBB", 25, 70, len(packed)) + packed + b"\0" + b"".join(nlri))


def unreach(*nlri):
    return attribute(15, struct.pack("!HB", 25, 70) + b"".join(nlri))


def common(communities=None, origin=b"\0", as_path=b"", local_pref=100):
    out = attribute(1, origin) + attribute(2, as_path)
    if local_pref is not None:
        out += attribute(5, struct.pack("!I", local_pref))
    return out + attribute(16, rt(65000, 100) + encapsulation() if communities is None
                           else communities)


def update(*attributes):
    body = b"".join(attributes)
    return message(UPDATE, struct.pack("!HH", 0, len(body)) + body)


def attributes(body):
    """The path attributes of an UPDATE: [(flags, code, value)]."""
    at = 2 + struct.unpack_from("!H", body)[0]
    end = at + 2 + struct.unpack_from("!H", body, at)[0]
    at += 2
    out = []
    while at < end:
        flags, code = body[at], body[at + 1]
        if flags & 0x10:
            size, at = struct.unpack_from("!H", body, at + 2)[0], at + 4
        else:
            size, at = body[at + 2], at + 3
        out.append((flags, code, body[at:at + size]))
        at += size
    return out


def nlri_of(body, code=14):
    """The EVPN routes in MP_REACH (14) or MP_UNREACH (15): [type, length and body as bytes]."""
    out = []
    for _, c, value in attributes(body):
        if c == code:
            at = 3 if code == 15 else 5 + value[3]
            while at + 2 <= len(value):
                out.append(value[at:at + 2 + value[at + 1]])
                at += 2 + value[at + 1]
    return out


def key(nlri):
    """What identifies a route: of type 2 neither ESI nor label (RFC 7432, 7.2)."""
    if nlri[0] == 2 and len(nlri) >= 35:
        return nlri[:10] + nlri[20:32 + nlri[31] // 8]
    return nlri


def sign(sock, ip, password):
    """Gives a socket a TCP MD5 key for an address: struct tcp_md5sig of linux/tcp.h."""
    ip = ipaddress.ip_address(ip)
    family = socket.AF_INET if ip.version == 4 else socket.AF_INET6
    address = struct.pack("=HH", family, 0) + (b"" if ip.version == 4 else bytes(4)) + ip.packed
    sock.setsockopt(socket.IPPROTO_TCP, 14, address.ljust(128, b"\0") + struct.pack(
        "=BBHI", 0, 0, len(password), 0) + password.encode().ljust(80, b"\0"))


class Raw:
    """
    A connection to a BGP daemon: made by us, or taken over (sock). Source: our address if not
    the node's; rid: our BGP identifier.
    """

    def __init__(self, node, to=None, asn=65000, start=True, wait=15, source=None, password=None,
                 sock=None, rid=None, **more):
        self.node, self.got, self.rest, self.closed = node, [], b"", False
        self.opened = lambda: message(OPEN, open_body(asn, rid or node.ip, **more))
        self.source, self.password = source or node.ip, password
        self.sock = sock or node.ns.inside(lambda: self.dial(to, wait))
        if start:
            self.send(self.opened())
            self.until(OPEN)
            self.send(message(KEEPALIVE))
            self.until(KEEPALIVE)

    def dial(self, to, wait):
        end = time.monotonic() + wait * slow()
        while True:
            sock = socket.socket(socket.AF_INET6 if ":" in to else socket.AF_INET)
            try:
                sock.settimeout(3)
                if self.password:
                    sign(sock, to, self.password)
                sock.bind((self.source, 0))
                sock.connect((to, 179))
                return sock
            except OSError as e:
                sock.close()
                if time.monotonic() > end:
                    raise Failure("%s: no connection to %s: %s" % (self.node.name, to, e)) from e
                time.sleep(0.05)

    def send(self, *data):
        try:
            self.sock.sendall(b"".join(data))
        except OSError as e:
            raise Failure("%s: %s" % (self.node.name, e)) from e

    def read(self, timeout):
        """Takes what is there, waiting at most so long for it; answers keepalives."""
        if self.closed or not select.select([self.sock], [], [], timeout)[0]:
            return
        try:
            data = self.sock.recv(262144)
        except ConnectionError:
            data = b""
        if not data:
            self.closed = True
        self.rest += data
        while len(self.rest) >= 19:
            size, kind = struct.unpack_from("!HB", self.rest, 16)
            if len(self.rest) < size:
                break
            self.got.append((kind, self.rest[19:size], size))
            self.rest = self.rest[size:]

    def until(self, kind, test=lambda body: True, limit=10):
        """The first message of that kind that passes the test, taken out of what came."""
        end = time.monotonic() + limit * slow()
        while True:
            for i, (k, body, _) in enumerate(self.got):
                if k == kind and test(body):
                    del self.got[i]
                    return body
                if k == NOTIFICATION and kind != NOTIFICATION:
                    raise Failure("%s got NOTIFICATION %d/%d" % (self.node.name, body[0], body[1]))
            left = end - time.monotonic()
            if left <= 0 or self.closed:
                raise Failure("%s: message %d did not come%s; got %s" % (
                    self.node.name, kind, " (closed)" if self.closed else "",
                    [(k, b[:40].hex()) for k, b, _ in self.got[-5:]]))
            self.read(min(left, 0.5))

    def notified(self):
        """Code and subcode of the NOTIFICATION that ends the session."""
        body = self.until(NOTIFICATION)
        return body[0], body[1]

    def route(self, nlri, withdrawn=False, limit=10):
        """The UPDATE that brings exactly this route, or that withdraws it."""
        def match(body):
            if withdrawn:
                return key(nlri) in [key(n) for n in nlri_of(body, 15)]
            return nlri in nlri_of(body)
        return self.until(UPDATE, match, limit)

    def routes(self):
        """Every route in the UPDATEs not taken yet."""
        self.read(0)
        return {n for kind, body, _ in self.got if kind == UPDATE for n in nlri_of(body)}

    def end_of_rib(self):
        self.send(update(unreach()))

    def close(self):
        self.sock.close()


class Door:
    """A node's listening socket."""

    def __init__(self, node, port=179, ip=None):
        self.node = node
        self.sock = node.ns.inside(lambda: socket.create_server(
            (ip or node.ip, port), family=socket.AF_INET6 if ":" in (ip or "") else socket.AF_INET))
        self.sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 255)

    def accept(self, limit=15, **more):
        """The next connection as a Raw, and who made it."""
        self.sock.settimeout(limit * slow())
        try:
            sock, who = self.sock.accept()
        except OSError as e:
            raise Failure("%s: nobody connected: %s" % (self.node.name, e)) from e
        sock.settimeout(3)
        return Raw(self.node, sock=sock, **more), who[0]

    def close(self):
        self.sock.close()


class Bfd:
    """
    BFD by hand, single-hop over IPv4: sends what it is told; what comes is kept with the time at
    which the kernel had it: (time, state, flags, min tx, min rx).
    """

    def __init__(self, node, to, disc=7, state=1, interval=100000, mult=3, ttl=255):
        self.to, self.disc, self.state, self.mult, self.ttl = to, disc, state, mult, ttl
        self.interval, self.your, self.got, self.on = interval, 0, [], True
        self.final = False
        self.sock = node.ns.inside(lambda: self.opened(node))
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def opened(self, node):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind((node.ip, 3784))
        s.settimeout(0.02)
        s.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.out.bind((node.ip, random.randint(49152, 65535)))
        return s

    def packet(self, flags=0, **kw):
        v = dict(version=1, diag=0, mult=self.mult, length=24, my=self.disc, your=self.your,
                 state=self.state)
        v.update(kw)
        return struct.pack("!BBBBIIIII", v["version"] << 5 | v["diag"], v["state"] << 6 | flags,
                           v["mult"], v["length"], v["my"], v["your"], self.interval,
                           self.interval, 0)

    def send(self, data, ttl=None):
        self.out.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl or self.ttl)
        self.out.sendto(data, (self.to, 3784))

    def run(self):
        due = 0
        while self.on:
            now = time.monotonic()
            if now >= due:
                self.send(self.packet())
                due = now + self.interval / 1e6 * 0.8
            try:
                data, ancillary, _, _ = self.sock.recvmsg(100, 64)
            except (TimeoutError, OSError):
                continue
            at = sum(x * y for x, y in zip(struct.unpack("qq", ancillary[0][2][:16]), (1, 1e-9)))
            _, flags, mult, _, my, your, tx, rx, _ = struct.unpack("!BBBBIIIII", data[:24])
            self.got.append((at, flags >> 6, flags & 0x3f, tx, rx))
            self.your = my
            if self.state != 0:
                self.state = 2 if flags >> 6 == 1 else 3
            if flags & 0x20:
                self.send(self.packet(0x10))

    def close(self):
        self.on = False
        self.thread.join()
        self.sock.close()
        self.out.close()


    def gap(self, since=0):
        """The longest time between two packets from index since on, s."""
        at = [g[0] for g in self.got[since:]]
        return max((y - x for x, y in zip(at, at[1:])), default=0)

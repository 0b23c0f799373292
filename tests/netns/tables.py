"""
tables - what the kernel of a namespace has, read by netlink in this process: links, addresses,
routes, nexthops, neighbours, bridge and vxlan entries. In the VM a program takes a hundred
milliseconds to start; this takes a few.

Monitor counts the changes. Rows are dicts of plain values, devices are names, addresses are text
("10.1.0.5", "10.1.0.0/24").
"""

import socket
import struct
from types import SimpleNamespace

from lab import Failure

REQUEST_DUMP = 0x301
ERROR, DONE = 2, 3
NEWLINK, GETLINK, GETADDR, GETROUTE, GETNEIGH, GETNEXTHOP = 16, 18, 22, 26, 30, 106
AF_BRIDGE = 7
SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, SO_RCVBUFFORCE = 270, 1, 33
PROTOCOLS = {2: "kernel", 3: "boot", 4: "static", 11: "zebra", 16: "dhcp", 186: "bgp",
             196: "static"}
STATES = {0x01: "INCOMPLETE", 0x02: "REACHABLE", 0x04: "STALE", 0x08: "DELAY", 0x10: "PROBE",
          0x20: "FAILED", 0x40: "NOARP", 0x80: "PERMANENT"}
ROUTE_TYPES = {1: "unicast", 2: "local", 3: "broadcast", 4: "anycast", 5: "multicast",
               6: "blackhole", 7: "unreachable", 8: "prohibit"}
NTF_SELF, NTF_MASTER, NTF_EXT_LEARNED, NTF_STICKY = 2, 4, 16, 64
RTNH_F_ONLINK = 4


def attributes(data):
    """Netlink attributes: {type: value}, the last of each type."""
    out = {}
    while len(data) >= 4:
        size, kind = struct.unpack_from("=HH", data)
        out[kind & 0x3fff] = data[4:size]
        data = data[max(4, (size + 3) & ~3):]
    return out


def u32(data):
    return struct.unpack("=I", data)[0] if data else None


def address(data):
    """An address of either family as text, or None."""
    if not data:
        return None
    return socket.inet_ntop(socket.AF_INET if len(data) == 4 else socket.AF_INET6, data)


def dump(sock, kind, header):
    """The bodies of a dump's messages; a dump that was interrupted is taken again."""
    while True:
        message = struct.pack("=IHHII", 16 + len(header), kind, REQUEST_DUMP, 1, 0) + header
        sock.send(message)
        out, torn = [], False
        done = False
        while not done:
            data = sock.recv(1 << 20)
            while len(data) >= 16:
                size, what, flags = struct.unpack_from("=IHH", data)
                torn |= bool(flags & 0x10)
                if what == ERROR:
                    raise Failure("netlink: error %d" % struct.unpack_from("=i", data, 16))
                if what == DONE:
                    done = True
                    break
                out.append(data[16:size])
                data = data[(size + 3) & ~3:]
        if not torn:
            return out


class Kernel:
    """Reads one namespace. Every method is a look at this moment."""

    def __init__(self, ns):
        def make():
            s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
            s.bind((0, 0))
            return s
        self.sock = ns.inside(make)

    def links(self):
        """{name: row}"""
        rows = {}
        for m in dump(self.sock, GETLINK, struct.pack("=BxHiII", 0, 0, 0, 0, 0) +
                      struct.pack("=HHI", 8, 29, 8)):
            index, flags = struct.unpack_from("=iI", m, 4)
            a = attributes(m[16:])
            info = attributes(a.get(18, b""))
            rows[index] = dict(index=index, name=a[3].rstrip(b"\0").decode(),
                               mac=a.get(1, b"").hex(":"), up=bool(flags & 1),
                               carrier=bool(flags & 0x10000), master=u32(a.get(10)),
                               kind=info.get(1, b"").rstrip(b"\0").decode(), mtu=u32(a.get(4)))
        for r in rows.values():
            r["master"] = rows[r["master"]]["name"] if r["master"] in rows else None
        return {r["name"]: r for r in rows.values()}

    def names(self):
        return {r["index"]: r["name"] for r in self.links().values()}

    def addresses(self):
        """[{dev, ip}], ip with its length."""
        names, out = self.names(), []
        for m in dump(self.sock, GETADDR, bytes(8)):
            length, index = m[1], u32(m[4:8])
            a = attributes(m[8:])
            out.append(dict(dev=names.get(index), proto=a[11][0] if 11 in a else 0,
                            ip="%s/%d" % (address(a.get(2) or a[1]), length)))
        return out

    def nexthops(self):
        """{id: row}; a group has members: [(id, weight)]."""
        names, out = self.names(), {}
        for m in dump(self.sock, GETNEXTHOP, bytes(8)):
            a, flags = attributes(m[8:]), u32(m[4:8])
            group = a.get(2, b"")
            out[u32(a[1])] = dict(
                id=u32(a[1]), proto=m[2], via=address(a.get(6)), dev=names.get(u32(a.get(5))),
                onlink=bool(flags & RTNH_F_ONLINK), fdb=11 in a,
                members=[struct.unpack_from("=IB", group, i) for i in range(0, len(group), 8)])
        return out

    def routes(self, table=None):
        """[{table, dst, type, proto, metric, nhid, hops: [(via, dev, onlink)]}]"""
        names, out = self.names(), []
        for m in dump(self.sock, GETROUTE, bytes(12)):
            family, length, _, _, small, proto, _, kind, flags = struct.unpack_from("=8BI", m)
            if family not in (socket.AF_INET, socket.AF_INET6):
                continue
            a = attributes(m[12:])
            number = u32(a.get(15)) or small
            if table is not None and number != table or flags & 0x200:
                continue
            zero = bytes(4 if family == socket.AF_INET else 16)
            hops = []
            multi = a.get(9, b"")
            while len(multi) >= 8:
                size, f, _, index = struct.unpack_from("=HBBi", multi)
                b = attributes(multi[8:size])
                hops.append((hop_of(b), names.get(index), bool(f & RTNH_F_ONLINK)))
                multi = multi[(size + 3) & ~3:]
            if not hops:
                hops = [(hop_of(a), names.get(u32(a.get(4))), bool(flags & RTNH_F_ONLINK))]
            out.append(dict(table=number, dst="%s/%d" % (address(a.get(1, zero)), length),
                            type=ROUTE_TYPES.get(kind, kind), proto=proto, metric=u32(a.get(6)),
                            nhid=u32(a.get(30)), hops=sorted(hops, key=str)))
        return out

    def neighbours(self, dev=None):
        """[{dev, ip, mac, state, extern, proto}]"""
        names, out = self.names(), []
        for m in dump(self.sock, GETNEIGH, bytes(12)):
            index, state = struct.unpack_from("=iH", m, 4)
            a = attributes(m[12:])
            if m[0] not in (socket.AF_INET, socket.AF_INET6):
                continue
            if dev is None or names.get(index) == dev:
                out.append(dict(dev=names.get(index), ip=address(a.get(1)),
                                mac=a.get(2, b"").hex(":"), state=STATES.get(state, state),
                                extern=bool(m[10] & NTF_EXT_LEARNED),
                                proto=a[12][0] if 12 in a else 0))
        return out

    def fdb(self, dev=None, mac=None):
        """[{dev, mac, self, master, extern, sticky, dst, vlan, nhid, state}]"""
        names, out = self.names(), []
        for m in dump(self.sock, GETNEIGH, struct.pack("=BxHiII", AF_BRIDGE, 0, 0, 0, 0)):
            index, state, flags = struct.unpack_from("=iHB", m, 4)
            a = attributes(m[12:])
            row = dict(dev=names.get(index), mac=a.get(2, b"").hex(":"),
                       self=bool(flags & NTF_SELF), master=9 in a,
                       extern=bool(flags & NTF_EXT_LEARNED), sticky=bool(flags & NTF_STICKY),
                       dst=address(a.get(1)), nhid=u32(a.get(13)),
                       vlan=struct.unpack("=H", a[5])[0] if 5 in a else None,
                       state=STATES.get(state, state))
            if (dev is None or row["dev"] == dev) and (mac is None or row["mac"] == mac):
                out.append(row)
        return out

    def all(self):
        return SimpleNamespace(links=self.links(), addresses=self.addresses(),
                               nexthops=self.nexthops(), routes=self.routes(),
                               neighbours=self.neighbours(), fdb=self.fdb())


class Monitor:
    """Counts what the kernel tells of routes, nexthops and entries of daemons, from now on."""

    NAMES = {24: "newroute", 25: "delroute", 104: "newnexthop", 105: "delnexthop", 29: "delneigh"}

    def __init__(self, ns):
        def make():
            s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
            s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
            s.bind((0, 0))
            for group in (3, 7, 11, 32):  # RTNLGRP_NEIGH, IPV4_ROUTE, IPV6_ROUTE, NEXTHOP
                s.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group)
            return s
        self.sock = ns.inside(make)
        self.sock.setblocking(False)

    def end(self):
        """{name: how many}; of neighbours and bridge entries those that a daemon made."""
        out = {}
        while True:
            try:
                data = self.sock.recv(1 << 20)
            except BlockingIOError:
                self.sock.close()
                return out
            while len(data) >= 16:
                size, kind = struct.unpack_from("=IH", data)
                name = self.NAMES.get(kind)
                if name and (kind != 29 or data[16 + 10] & NTF_EXT_LEARNED):
                    out[name] = out.get(name, 0) + 1
                data = data[(size + 3) & ~3:]


def hop_of(a):
    """The gateway among a route's attributes: RTA_GATEWAY, or RTA_VIA of the other family."""
    return address(a[5]) if 5 in a else address(a[18][2:]) if 18 in a else None


if __name__ == "__main__":
    here = SimpleNamespace(inside=lambda fn: fn())
    for kind, rows in vars(Kernel(here).all()).items():
        print("# %s" % kind)
        for row in rows.values() if isinstance(rows, dict) else rows:
            print(row)

"""
shape - compares two JSON documents by shape: which keys there are, and of which types.

Keys that name a thing (a MAC, an IP, an RD, a VNI, a route) stand for their kind, so that tables
with other rows compare; rows that say what they are ("type", "routeType", "pathFrom") compare with
rows of the same sort only. Keys that only the second document has are allowed.

  differences = compare(frrs, ours)          ["/<vni>/numMacs: string instead of number", ...]
  shape.py FRR.json OURS.json                prints them; exit status 1 when there are any
"""

import fnmatch
import ipaddress
import json
import re
import sys

MAC = re.compile(r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}$", re.I)
RD = re.compile(r"^(\d+|\d+\.\d+\.\d+\.\d+):\d+$")
SORTS = ("type", "routeType", "pathFrom")


def kind(key):
    """What a key names, or the key itself when it is a word."""
    if key.isdigit():
        return "<vni>"
    if MAC.match(key):
        return "<mac>"
    if key.startswith("["):
        return "<route %s>" % key[1:].split("]")[0]
    if RD.match(key):
        return "<rd>"
    try:
        ipaddress.ip_address(key)
        return "<ip>"
    except ValueError:
        return key


def sort(key, value):
    """The kind of a key, and for a row also the sort of the row."""
    name = kind(key)
    if name.startswith("<") and isinstance(value, dict):
        said = [str(value[s]) for s in SORTS if isinstance(value.get(s), (str, int))]
        if "Established" in (value.get("bgpState"), value.get("state")):
            said.append("Established")
        if said:
            return "%s %s>" % (name[:-1], " ".join(said))
    return name


def type_of(value):
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")


class Shape:
    """The types seen at one place, with the shapes of what is inside."""

    def __init__(self):
        self.types, self.keys, self.items = set(), {}, None
        self.seen = 0

    def add(self, value):
        self.types.add(type_of(value))
        self.seen += 1
        if isinstance(value, dict):
            for k, v in value.items():
                self.keys.setdefault(sort(k, v), Shape()).add(v)
        elif isinstance(value, list):
            for v in value:
                self.items = self.items or Shape()
                self.items.add(v)
        return self


def walk(want, have, path, out):
    wrong = have.types - want.types
    if wrong:
        out.append("%s: %s instead of %s" %
                   (path or "/", "|".join(sorted(wrong)), "|".join(sorted(want.types))))
        return
    for k, sub in sorted(want.keys.items()):
        if k in have.keys:
            walk(sub, have.keys[k], path + "/" + k, out)
        elif "object" in have.types:
            out.append("%s/%s: missing" % (path, k))
    if want.items and have.items:
        walk(want.items, have.items, path + "[]", out)


def compare(frr, ours, ignore=()):
    """
    What the second document lacks or has of another type; a sort of rows that only the first
    one has is told too. IGNORE: patterns of places, as "*/vrfId" or "*<mac local>*".
    """
    out = []
    walk(Shape().add(frr), Shape().add(ours), "", out)
    return [d for d in out
            if not any(fnmatch.fnmatchcase(d.rsplit(": ", 1)[0], p.replace("[", "[[]"))
                       for p in ignore)]


if __name__ == "__main__":
    with open(sys.argv[1]) as a, open(sys.argv[2]) as b:
        found = compare(json.load(a), json.load(b), sys.argv[3:])
    print("\n".join(found))
    sys.exit(1 if found else 0)

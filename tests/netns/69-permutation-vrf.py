#!/usr/bin/env python3
"""What routing stands on goes and comes back in any order, with the same end: in a VRF."""

import lab
from permute import *
from routed import Subnet, Tenant
from topo import *

needs = {"vrf"}

RED = Tenant("red", 5001, 1001, evpn=("advertise ipv4 unicast", "advertise ipv6 unicast"),
             v4=("redistribute kernel",), v6=("redistribute kernel",))


def setup(l):
    return fabric(l, RED, Subnet(100, RED, ("10.1.0.0/24", "fd01::/64")),
                  Subnet(110, RED, ("10.2.0.0/24", "fd02::/64")))


def case_adopted(t):
    """devices of the administrator and FRR's configuration, in any order"""
    if standin():
        raise lab.Skip("FRR stands in: it leaves entries behind in some orders")
    return permute_adopted(t, EvpndVtep(t.lab, "e1", 1, t.net), 3)


def case_made(t):
    """devices that evpnd makes: configuration in any order, devices deleted; nothing is left"""
    if standin():
        raise lab.Skip("FRR stands in")
    return permute_made(t, EvpndVtep(t.lab, "e3", 3, t.net), 3)


lab.run()

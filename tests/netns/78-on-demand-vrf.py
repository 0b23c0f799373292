#!/usr/bin/env python3
"""Resolution on demand with gateways in a VRF of its own with an L3 VNI."""

import lab
from demanded import *

needs = {"vrf"}


def setup(l):
    return stage(l, Tenant("red", 5001, 1001))


lab.run()

#!/usr/bin/env python3
"""Resolution on demand with gateways, without an L3 VNI, in the default VRF."""

import lab
from demanded import *


def setup(l):
    return stage(l, Tenant("default"))


lab.run()

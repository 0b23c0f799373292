"""
features - what a lab may ask of the kernel, and how to see whether it is there.

A lab says `needs = {"vrf", "dummy"}`. Where the kernel lacks one of them the lab ends with status
LACKING before it starts, and tools/test runs it in a VM with Debian's kernel (tests/vm/run).
"""

import subprocess

LACKING = 78

# The commands work where the feature is. They are run in a network namespace of their own.
PROBES = {
    "bonding": "ip link add x type bond",
    "dummy": "ip link add x type dummy",
    "netem": "ip link add x type veth peer name y && tc qdisc add dev x root netem delay 1ms",
    "vlan": "ip link add x type veth peer name y && ip link add link x name x.5 type vlan id 5",
    "vlan-filtering": "ip link add x type bridge vlan_filtering 1 &&"
                      " bridge vlan add dev x vid 5 self",
    "vnifilter": "ip link add x type vxlan dstport 4789 external vnifilter",
    "vrf": "ip link add x type vrf table 5",
}


def present(feature):
    p = subprocess.run(["unshare", "--net", "sh", "-c", PROBES[feature]], timeout=60,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    return p.returncode == 0


def lacking(needs):
    """Those of needs that this kernel has not, in order."""
    return [f for f in sorted(needs) if not present(f)]

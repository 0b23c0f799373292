# One archive per layer, upper layers first (link order).
include lib/base/local.mk
include lib/bfd/local.mk
include lib/bgp/local.mk
include lib/rib/local.mk
include lib/kern/local.mk
include lib/evpn/local.mk
include lib/cli/local.mk
include lib/conf/local.mk

# src
include src/evpnsh/evpnsh.mk
include src/evpnd/bgp.mk

# src
include src/evpnsh/evpnsh.mk

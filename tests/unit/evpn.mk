# Unit tests of lib/evpn.

# Unit tests of lib/bgp.

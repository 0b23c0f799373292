# Unit tests of lib/rib.

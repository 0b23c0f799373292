# Unit tests of lib/kern.

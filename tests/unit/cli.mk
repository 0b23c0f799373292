# Unit tests of lib/cli.

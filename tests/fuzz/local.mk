# One target per decoder. With --enable-fuzzers (clang) they are libFuzzer programs; without,
# tests/fuzz/runner.c feeds each the files of its corpus, which is what make check does.
include tests/fuzz/bgp.mk
include tests/fuzz/kern.mk
include tests/fuzz/cli.mk

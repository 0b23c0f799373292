# One target per decoder, f_NAME.c, with seeds in corpus/NAME. A target says
#
#	fuzz_programs += f_NAME
#	f_NAME_SOURCES = tests/fuzz/f_NAME.c tests/fuzz/fuzz.h $(FUZZ_RUNNER)
#	f_NAME_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
#	f_NAME_LDADD = (its layer's libraries)
#
# Without --enable-fuzzers, runner.c feeds each target the files of its corpus: that is what
# make check does. With it (clang) they are libFuzzer programs, to be run by hand:
#
#	mkdir new && ./f_NAME -max_total_time=60 new $srcdir/tests/fuzz/corpus/NAME
fuzz_programs =
if FUZZERS
FUZZ_RUNNER =
noinst_PROGRAMS += $(fuzz_programs)
else
FUZZ_RUNNER = tests/fuzz/runner.c
check_PROGRAMS += $(fuzz_programs)
endif
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/runner.c
include tests/fuzz/bfd.mk
include tests/fuzz/bgp.mk
include tests/fuzz/kern.mk
include tests/fuzz/cli.mk
include tests/fuzz/world.mk

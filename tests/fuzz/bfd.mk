# Fuzz target of lib/bfd.
fuzz_programs += f_bfd
f_bfd_SOURCES = tests/fuzz/f_bfd.c tests/fuzz/fuzz.h $(FUZZ_RUNNER)
f_bfd_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
f_bfd_LDADD = $(BFD_LIBS)

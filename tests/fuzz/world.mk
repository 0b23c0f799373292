# All of lib together, against a kernel in memory.
fuzz_programs += f_world
f_world_SOURCES = tests/fuzz/f_world.c tests/fuzz/fuzz.h tests/unit/world.h $(FUZZ_RUNNER)
f_world_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests/unit
f_world_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
f_world_LDADD = lib/librib.a $(EVPN_LIBS)

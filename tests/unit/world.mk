# All of lib together, against a kernel in memory.
if HAVE_CHECK
check_PROGRAMS += t_world
t_world_SOURCES = tests/unit/t_world.c tests/unit/world.h tests/unit/unit.h
t_world_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_world_LDADD = lib/librib.a $(EVPN_LIBS) $(CHECK_LIBS)
endif

# Unit tests of lib/evpn: flooding and hosts of the configuration.
if HAVE_CHECK
check_PROGRAMS += t_flood t_static t_recall
t_recall_SOURCES = tests/unit/t_recall.c tests/unit/evpnkit.h tests/unit/unit.h
t_recall_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_recall_LDADD = $(EVPN_LIBS) $(CHECK_LIBS)
t_flood_SOURCES = tests/unit/t_flood.c tests/unit/evpnkit.h tests/unit/unit.h
t_flood_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_flood_LDADD = $(EVPN_LIBS) $(CHECK_LIBS)
t_static_SOURCES = tests/unit/t_static.c tests/unit/evpnkit.h tests/unit/unit.h
t_static_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_static_LDADD = $(EVPN_LIBS) $(CHECK_LIBS)
endif

# Unit tests of lib/bfd.
if HAVE_CHECK
check_PROGRAMS += t_bfd t_packet
t_bfd_SOURCES = tests/unit/t_bfd.c tests/unit/unit.h
t_bfd_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_bfd_LDADD = $(BFD_LIBS) $(CHECK_LIBS)
t_packet_SOURCES = tests/unit/t_packet.c tests/unit/hex.h tests/unit/unit.h
t_packet_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_packet_LDADD = $(BFD_LIBS) $(CHECK_LIBS)
endif

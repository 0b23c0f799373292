# Unit tests of lib/bgp.
if HAVE_CHECK
check_PROGRAMS += t_error t_nlri
t_error_SOURCES = tests/unit/t_error.c tests/unit/unit.h
t_error_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_error_LDADD = $(BGP_LIBS) $(CHECK_LIBS)
t_nlri_SOURCES = tests/unit/t_nlri.c tests/unit/hex.h tests/unit/unit.h
t_nlri_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_nlri_LDADD = $(BGP_LIBS) $(CHECK_LIBS)
endif

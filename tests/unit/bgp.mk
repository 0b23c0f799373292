# Unit tests of lib/bgp.
if HAVE_CHECK
check_PROGRAMS += t_attrs t_error t_extcomm t_nlri t_update
t_attrs_SOURCES = tests/unit/t_attrs.c tests/unit/unit.h
t_attrs_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_attrs_LDADD = $(BGP_LIBS) $(CHECK_LIBS)
t_error_SOURCES = tests/unit/t_error.c tests/unit/unit.h
t_error_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_error_LDADD = $(BGP_LIBS) $(CHECK_LIBS)
t_extcomm_SOURCES = tests/unit/t_extcomm.c tests/unit/hex.h tests/unit/unit.h
t_extcomm_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_extcomm_LDADD = $(BGP_LIBS) $(CHECK_LIBS)
t_nlri_SOURCES = tests/unit/t_nlri.c tests/unit/hex.h tests/unit/unit.h
t_nlri_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_nlri_LDADD = $(BGP_LIBS) $(CHECK_LIBS)
t_update_SOURCES = tests/unit/t_update.c tests/unit/hex.h tests/unit/unit.h
t_update_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_update_LDADD = $(BGP_LIBS) $(CHECK_LIBS)
endif

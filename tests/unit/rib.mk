# Unit tests of lib/rib.
if HAVE_CHECK
check_PROGRAMS += t_rib t_decide t_policy t_adjout
t_rib_SOURCES = tests/unit/t_rib.c tests/unit/ribkit.h tests/unit/unit.h
t_rib_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_rib_LDADD = $(RIB_LIBS) $(CHECK_LIBS)
t_decide_SOURCES = tests/unit/t_decide.c tests/unit/ribkit.h tests/unit/unit.h
t_decide_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_decide_LDADD = $(RIB_LIBS) $(CHECK_LIBS)
t_policy_SOURCES = tests/unit/t_policy.c tests/unit/ribkit.h tests/unit/unit.h
t_policy_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_policy_LDADD = $(RIB_LIBS) $(CHECK_LIBS)
t_adjout_SOURCES = tests/unit/t_adjout.c tests/unit/ribkit.h tests/unit/unit.h
t_adjout_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_adjout_LDADD = $(RIB_LIBS) $(CHECK_LIBS)
endif

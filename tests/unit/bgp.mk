# Unit tests of lib/bgp.
if HAVE_CHECK
check_PROGRAMS += \
	t_aspath \
	t_attr \
	t_attrin \
	t_attrs \
	t_caps \
	t_community \
	t_error \
	t_extcomm \
	t_fsm \
	t_msg \
	t_nlri \
	t_update
t_aspath_SOURCES = tests/unit/t_aspath.c tests/unit/hex.h tests/unit/unit.h
t_aspath_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_aspath_LDADD = $(BGP_LIBS) $(CHECK_LIBS)
t_attr_SOURCES = tests/unit/t_attr.c tests/unit/hex.h tests/unit/unit.h
t_attr_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_attr_LDADD = $(BGP_LIBS) $(CHECK_LIBS)
t_attrin_SOURCES = tests/unit/t_attrin.c tests/unit/hex.h tests/unit/unit.h
t_attrin_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_attrin_LDADD = $(BGP_LIBS) $(CHECK_LIBS)
t_attrs_SOURCES = tests/unit/t_attrs.c tests/unit/unit.h
t_attrs_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_attrs_LDADD = $(BGP_LIBS) $(CHECK_LIBS)
t_caps_SOURCES = tests/unit/t_caps.c tests/unit/hex.h tests/unit/unit.h
t_caps_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_caps_LDADD = $(BGP_LIBS) $(CHECK_LIBS)
t_community_SOURCES = tests/unit/t_community.c tests/unit/hex.h tests/unit/unit.h
t_community_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_community_LDADD = $(BGP_LIBS) $(CHECK_LIBS)
t_error_SOURCES = tests/unit/t_error.c tests/unit/unit.h
t_error_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_error_LDADD = $(BGP_LIBS) $(CHECK_LIBS)
t_extcomm_SOURCES = tests/unit/t_extcomm.c tests/unit/hex.h tests/unit/unit.h
t_extcomm_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_extcomm_LDADD = $(BGP_LIBS) $(CHECK_LIBS)
t_fsm_SOURCES = tests/unit/t_fsm.c tests/unit/unit.h
t_fsm_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_fsm_LDADD = $(BGP_LIBS) $(CHECK_LIBS)
t_msg_SOURCES = tests/unit/t_msg.c tests/unit/hex.h tests/unit/unit.h
t_msg_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_msg_LDADD = $(BGP_LIBS) $(CHECK_LIBS)
t_nlri_SOURCES = tests/unit/t_nlri.c tests/unit/hex.h tests/unit/unit.h
t_nlri_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_nlri_LDADD = $(BGP_LIBS) $(CHECK_LIBS)
t_update_SOURCES = tests/unit/t_update.c tests/unit/hex.h tests/unit/unit.h
t_update_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_update_LDADD = $(BGP_LIBS) $(CHECK_LIBS)
endif
EXTRA_DIST += tests/data/frr-8.4.4.hex

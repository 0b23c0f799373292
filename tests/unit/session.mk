# The sessions of src/evpnd without the rest of the daemon.
if HAVE_CHECK
check_PROGRAMS += t_session
t_session_SOURCES = tests/unit/t_session.c tests/unit/unit.h $(EVPND_BGP_SOURCES) \
	src/evpnd/nlsock.c src/evpnd/nlsock.h
t_session_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/src
t_session_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(EVENT_CFLAGS) $(NL_CFLAGS)
t_session_LDADD = $(CONF_LIBS) lib/libbfd.a $(RIB_LIBS) $(EVENT_LIBS) $(NL_LIBS) $(CHECK_LIBS)
endif

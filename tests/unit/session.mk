# The sessions of src/evpnd without the rest of the daemon.
if HAVE_CHECK
check_PROGRAMS += t_session
t_session_SOURCES = tests/unit/t_session.c tests/unit/unit.h $(EVPND_BGP_SOURCES)
t_session_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/src
t_session_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(EVENT_CFLAGS)
t_session_LDADD = $(CONF_LIBS) $(RIB_LIBS) $(EVENT_LIBS) $(CHECK_LIBS)
endif

# The sessions of src/evpnd without the rest of the daemon.
if HAVE_CHECK
check_PROGRAMS += t_session t_peer_gr
T_SESSION_SOURCES = tests/unit/sessionkit.h tests/unit/unit.h $(EVPND_BGP_SOURCES) \
	src/evpnd/nlsock.c src/evpnd/nlsock.h
T_SESSION_LIBS = $(CONF_LIBS) lib/libbfd.a $(RIB_LIBS) $(EVENT_LIBS) $(NL_LIBS) $(CHECK_LIBS)
t_session_SOURCES = tests/unit/t_session.c $(T_SESSION_SOURCES)
t_session_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/src
t_session_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(EVENT_CFLAGS) $(NL_CFLAGS)
t_session_LDADD = $(T_SESSION_LIBS)
t_peer_gr_SOURCES = tests/unit/t_peer_gr.c $(T_SESSION_SOURCES)
t_peer_gr_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/src
t_peer_gr_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(EVENT_CFLAGS) $(NL_CFLAGS)
t_peer_gr_LDADD = $(T_SESSION_LIBS)
endif

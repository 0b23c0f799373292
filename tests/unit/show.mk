# Unit tests of the pure parts of src/: requests of the control socket, the JSON writer, JSON -> FRR's text.
EXTRA_DIST += tests/data/frr/README tests/data/frr/reflector.txt tests/data/frr/vtep.txt \
	tests/data/frr/symmetric.conf tests/data/frr/symmetric.txt
if HAVE_CHECK
check_PROGRAMS += t_ctl_request t_jout t_render
t_jout_SOURCES = tests/unit/t_jout.c tests/unit/unit.h src/evpnd/jout.c src/evpnd/jout.h
t_jout_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/src $(EVENT_CFLAGS)
t_jout_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_jout_LDADD = $(EVENT_LIBS) $(CHECK_LIBS)
t_ctl_request_SOURCES = tests/unit/t_ctl_request.c tests/unit/unit.h \
	src/evpnd/ctl_request.c src/evpnd/ctl_request.h
t_ctl_request_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/src/evpnd $(JSON_CFLAGS)
t_ctl_request_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_ctl_request_LDADD = $(CONF_LIBS) $(JSON_LIBS) $(CHECK_LIBS)
t_render_SOURCES = tests/unit/t_render.c tests/unit/unit.h \
	src/evpnsh/slice.c src/evpnsh/slice.h $(EVPNSH_RENDER_SOURCES)
t_render_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/src $(JSON_CFLAGS)
t_render_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_render_LDADD = $(CLI_LIBS) $(JSON_LIBS) $(CHECK_LIBS)
endif

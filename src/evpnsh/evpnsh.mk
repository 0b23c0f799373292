bin_PROGRAMS += evpnsh
include src/evpnsh/render.mk
evpnsh_SOURCES = \
	src/evpnsh/complete.c src/evpnsh/complete.h \
	src/evpnsh/history.c src/evpnsh/history.h \
	src/evpnsh/line.c src/evpnsh/line.h \
	src/evpnsh/link.c src/evpnsh/link.h \
	src/evpnsh/load.c src/evpnsh/load.h \
	src/evpnsh/main.c \
	src/evpnsh/output.c src/evpnsh/output.h \
	src/evpnsh/paint.c src/evpnsh/paint.h \
	src/evpnsh/pretty.c src/evpnsh/pretty.h \
	src/evpnsh/replace.c src/evpnsh/replace.h \
	src/evpnsh/shell.c src/evpnsh/shell.h \
	src/evpnsh/slice.c src/evpnsh/slice.h \
	src/evpnsh/stop.c src/evpnsh/stop.h \
	src/evpnsh/watch.c src/evpnsh/watch.h \
	$(EVPNSH_RENDER_SOURCES)
evpnsh_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/src $(JSON_CFLAGS) $(EDIT_CFLAGS)
evpnsh_LDADD = $(CLI_LIBS) $(JSON_LIBS) $(EDIT_LIBS)

bin_PROGRAMS += evpnsh
include src/evpnsh/render.mk
evpnsh_SOURCES = \
	src/evpnsh/line.c src/evpnsh/line.h \
	src/evpnsh/link.c src/evpnsh/link.h \
	src/evpnsh/main.c \
	src/evpnsh/output.c src/evpnsh/output.h \
	src/evpnsh/pretty.c src/evpnsh/pretty.h \
	src/evpnsh/replace.c src/evpnsh/replace.h \
	src/evpnsh/shell.c src/evpnsh/shell.h \
	$(EVPNSH_RENDER_SOURCES)
evpnsh_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/src $(JSON_CFLAGS) $(EDIT_CFLAGS)
evpnsh_LDADD = $(CLI_LIBS) $(JSON_LIBS) $(EDIT_LIBS)

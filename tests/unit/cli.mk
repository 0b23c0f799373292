# Unit tests of lib/cli, lib/conf and the pure parts of evpnsh.
if HAVE_CHECK
check_PROGRAMS += t_cli t_conf t_diff t_pretty t_text
t_cli_SOURCES = tests/unit/t_cli.c tests/unit/unit.h
t_cli_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_cli_LDADD = $(CLI_LIBS) $(CHECK_LIBS)
t_conf_SOURCES = tests/unit/t_conf.c tests/unit/confkit.h tests/unit/unit.h
t_conf_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_conf_LDADD = $(CONF_LIBS) $(CHECK_LIBS)
t_diff_SOURCES = tests/unit/t_diff.c tests/unit/unit.h
t_diff_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_diff_LDADD = $(CONF_LIBS) $(CHECK_LIBS)
t_pretty_SOURCES = tests/unit/t_pretty.c tests/unit/unit.h \
	src/evpnsh/output.c src/evpnsh/output.h \
	src/evpnsh/paint.c src/evpnsh/paint.h \
	src/evpnsh/pretty.c src/evpnsh/pretty.h
t_pretty_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/src
t_pretty_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_pretty_LDADD = $(BASE_LIBS) $(CHECK_LIBS)
t_text_SOURCES = tests/unit/t_text.c tests/unit/unit.h
t_text_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_text_LDADD = $(CONF_LIBS) $(CHECK_LIBS)
endif
EXTRA_DIST += tests/conf.t tests/data/frr/conf/border.conf tests/data/frr/conf/border.out \
	tests/data/frr/conf/hypervisor.conf tests/data/frr/conf/hypervisor.out \
	tests/data/frr/conf/leaf.conf tests/data/frr/conf/leaf.out \
	tests/data/frr/conf/reflector.conf tests/data/frr/conf/reflector.out \
	tests/data/frr/conf/unnumbered.conf tests/data/frr/conf/unnumbered.out

# Unit tests of lib/cli and lib/conf.
if HAVE_CHECK
check_PROGRAMS += t_cli t_text
t_cli_SOURCES = tests/unit/t_cli.c tests/unit/unit.h
t_cli_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_cli_LDADD = $(CLI_LIBS) $(CHECK_LIBS)
t_text_SOURCES = tests/unit/t_text.c tests/unit/unit.h
t_text_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
t_text_LDADD = $(CONF_LIBS) $(CHECK_LIBS)
endif
EXTRA_DIST += tests/conf.t

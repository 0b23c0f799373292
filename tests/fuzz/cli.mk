# Fuzz targets of lib/cli and lib/conf.
fuzz_programs += f_cli f_conf
f_cli_SOURCES = tests/fuzz/f_cli.c tests/fuzz/fuzz.h $(FUZZ_RUNNER)
f_cli_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
f_cli_LDADD = $(CLI_LIBS)
f_conf_SOURCES = tests/fuzz/f_conf.c tests/fuzz/fuzz.h $(FUZZ_RUNNER)
f_conf_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
f_conf_LDADD = $(CONF_LIBS)

# Fuzz targets of lib/cli, lib/conf and the control protocol.
fuzz_programs += f_cli f_conf
f_cli_SOURCES = tests/fuzz/f_cli.c tests/fuzz/fuzz.h $(FUZZ_RUNNER)
f_cli_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
f_cli_LDADD = $(CLI_LIBS)
f_conf_SOURCES = tests/fuzz/f_conf.c tests/fuzz/fuzz.h $(FUZZ_RUNNER)
f_conf_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
f_conf_LDADD = $(CONF_LIBS)
# The control protocol's requests.
fuzz_programs += f_ctl
f_ctl_SOURCES = tests/fuzz/f_ctl.c tests/fuzz/fuzz.h $(FUZZ_RUNNER) \
	src/evpnd/ctl_request.c src/evpnd/ctl_request.h
f_ctl_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/src/evpnd $(JSON_CFLAGS)
f_ctl_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
f_ctl_LDADD = $(CONF_LIBS) $(JSON_LIBS)

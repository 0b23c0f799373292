noinst_LIBRARIES += lib/libcli.a
lib_libcli_a_SOURCES = \
	lib/cli/cli.h
CLI_LIBS = lib/libcli.a $(BASE_LIBS)

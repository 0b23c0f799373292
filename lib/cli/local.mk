noinst_LIBRARIES += lib/libcli.a
lib_libcli_a_SOURCES = \
	lib/cli/cli.h \
	lib/cli/grammar.c lib/cli/grammar.h
CLI_LIBS = lib/libcli.a $(BASE_LIBS)

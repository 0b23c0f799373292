noinst_LIBRARIES += lib/libcli.a
lib_libcli_a_SOURCES = \
	lib/cli/candidates.c \
	lib/cli/cli.c lib/cli/cli.h \
	lib/cli/grammar.c lib/cli/grammar.h \
	lib/cli/search.c lib/cli/search.h \
	lib/cli/synopsis.c lib/cli/synopsis.h \
	lib/cli/types.c lib/cli/types.h
CLI_LIBS = lib/libcli.a $(BASE_LIBS)

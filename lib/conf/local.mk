noinst_LIBRARIES += lib/libconf.a
lib_libconf_a_SOURCES = \
	lib/conf/conf.h \
	lib/conf/text.h
CONF_LIBS = lib/libconf.a $(CLI_LIBS)

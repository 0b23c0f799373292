noinst_LIBRARIES += lib/libconf.a
lib_libconf_a_SOURCES = \
	lib/conf/check.c lib/conf/check.h \
	lib/conf/clash.c \
	lib/conf/conf.c lib/conf/conf.h \
	lib/conf/debug.c lib/conf/debug.h \
	lib/conf/diff.c lib/conf/diff.h \
	lib/conf/edit.h \
	lib/conf/set_bgp.c \
	lib/conf/set_evpn.c \
	lib/conf/set_global.c \
	lib/conf/set_peer.c \
	lib/conf/set_vni.c \
	lib/conf/set_vrf.c \
	lib/conf/text.c lib/conf/text.h \
	lib/conf/write.c \
	lib/conf/write_vni.c \
	lib/conf/write_vrf.c
CONF_LIBS = lib/libconf.a $(CLI_LIBS)

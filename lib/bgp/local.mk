noinst_LIBRARIES += lib/libbgp.a
lib_libbgp_a_SOURCES = \
	lib/bgp/attr.h \
	lib/bgp/caps.h \
	lib/bgp/error.c lib/bgp/error.h \
	lib/bgp/extcomm.h \
	lib/bgp/fsm.h \
	lib/bgp/msg.h \
	lib/bgp/nlri.c lib/bgp/nlri.h \
	lib/bgp/update.h
BGP_LIBS = lib/libbgp.a $(BASE_LIBS)

noinst_LIBRARIES += lib/libbgp.a
lib_libbgp_a_SOURCES = \
	lib/bgp/aspath.c lib/bgp/aspath.h \
	lib/bgp/attr.c lib/bgp/attr.h \
	lib/bgp/attrin.c lib/bgp/attrin.h \
	lib/bgp/attrs.c \
	lib/bgp/caps.c lib/bgp/caps.h \
	lib/bgp/community.c \
	lib/bgp/error.c lib/bgp/error.h \
	lib/bgp/extcomm.c lib/bgp/extcomm.h \
	lib/bgp/fsm.c lib/bgp/fsm.h \
	lib/bgp/msg.c lib/bgp/msg.h \
	lib/bgp/nlri.c lib/bgp/nlri.h \
	lib/bgp/update.c lib/bgp/update.h
BGP_LIBS = lib/libbgp.a $(BASE_LIBS)

noinst_LIBRARIES += lib/librib.a
lib_librib_a_SOURCES = \
	lib/rib/adjout.c lib/rib/adjout.h \
	lib/rib/decide.c lib/rib/decide.h \
	lib/rib/policy.c lib/rib/policy.h \
	lib/rib/rib.c lib/rib/rib.h
RIB_LIBS = lib/librib.a $(BGP_LIBS)

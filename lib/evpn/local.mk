noinst_LIBRARIES += lib/libevpn.a
lib_libevpn_a_SOURCES = \
	lib/evpn/evi.h \
	lib/evpn/evpn.h \
	lib/evpn/macip.h
EVPN_LIBS = lib/libevpn.a lib/libkern.a $(BGP_LIBS) $(NL_LIBS)

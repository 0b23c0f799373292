noinst_LIBRARIES += lib/libevpn.a
lib_libevpn_a_SOURCES = \
	lib/evpn/answer.c \
	lib/evpn/demand.c \
	lib/evpn/demand.h \
	lib/evpn/device.c \
	lib/evpn/evi.c \
	lib/evpn/evi.h \
	lib/evpn/evpn.c \
	lib/evpn/evpn.h \
	lib/evpn/flood.c \
	lib/evpn/gateway.c \
	lib/evpn/guard.c \
	lib/evpn/history.c \
	lib/evpn/import.c \
	lib/evpn/import.h \
	lib/evpn/ipvrf.c \
	lib/evpn/ipvrf.h \
	lib/evpn/local.c \
	lib/evpn/macip.c \
	lib/evpn/macip.h \
	lib/evpn/member.c \
	lib/evpn/miss.c \
	lib/evpn/mobility.c \
	lib/evpn/origin.c \
	lib/evpn/place.c \
	lib/evpn/probe.c \
	lib/evpn/project.c \
	lib/evpn/recall.c \
	lib/evpn/rt.c \
	lib/evpn/sensor.c \
	lib/evpn/state.h \
	lib/evpn/static.c \
	lib/evpn/unknown.c \
	lib/evpn/use.c \
	lib/evpn/use.h \
	lib/evpn/vrfdev.c \
	lib/evpn/vrfgw.c \
	lib/evpn/vrforigin.c \
	lib/evpn/vrfpick.c \
	lib/evpn/vrfproject.c \
	lib/evpn/vrfroute.c \
	lib/evpn/vrfvia.c \
	lib/evpn/vrfwalk.c \
	lib/evpn/vrfwish.c \
	lib/evpn/walk.c \
	lib/evpn/wish.c
EVPN_LIBS = lib/libevpn.a lib/libkern.a $(BGP_LIBS) $(NL_LIBS)

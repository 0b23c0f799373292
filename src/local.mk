include src/evpnd/bgp.mk
include src/evpnd/ctl.mk
include src/evpnd/show.mk
include src/evpnsh/evpnsh.mk

sbin_PROGRAMS += evpnd
evpnd_SOURCES = \
	src/evpnd/apply.c src/evpnd/apply.h \
	src/evpnd/evpnd.h \
	src/evpnd/log.c src/evpnd/log.h \
	src/evpnd/main.c \
	src/evpnd/netlink.c src/evpnd/netlink.h \
	src/evpnd/netlink_dump.c src/evpnd/netlink_int.h \
	src/evpnd/replay.c src/evpnd/replay.h \
	src/evpnd/resume.c src/evpnd/resume.h \
	src/evpnd/netlink_miss.c \
	src/evpnd/netlink_request.c \
	src/evpnd/nlsock.c src/evpnd/nlsock.h \
	src/evpnd/notify.c src/evpnd/notify.h \
	src/evpnd/packet.c src/evpnd/packet.h \
	src/evpnd/pipeline.c src/evpnd/pipeline.h \
	src/evpnd/priv.c src/evpnd/priv.h \
	src/evpnd/snoop.c src/evpnd/snoop.h \
	src/evpnd/underlay.c src/evpnd/underlay.h \
	$(EVPND_BGP_SOURCES) $(EVPND_CTL_SOURCES) $(EVPND_SHOW_SOURCES)
evpnd_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/src/evpnd $(EVENT_CFLAGS) $(JSON_CFLAGS) \
	$(CAPNG_CFLAGS)
evpnd_LDADD = $(CONF_LIBS) lib/libbfd.a lib/librib.a $(EVPN_LIBS) $(EVENT_LIBS) $(JSON_LIBS) \
	$(CAPNG_LIBS)

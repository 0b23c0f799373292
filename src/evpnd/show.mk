# The show commands: one JSON document each.
EVPND_SHOW_SOURCES = \
	src/evpnd/jout.c src/evpnd/jout.h \
	src/evpnd/show.c src/evpnd/show.h \
	src/evpnd/show_int.h \
	src/evpnd/audit.h \
	src/evpnd/audit_down.c \
	src/evpnd/audit_guard.c \
	src/evpnd/audit_host.c \
	src/evpnd/show_audit.c \
	src/evpnd/show_bfd.c \
	src/evpnd/show_bgp_vni.c \
	src/evpnd/show_conf.c \
	src/evpnd/show_evpn.c \
	src/evpnd/show_misses.c \
	src/evpnd/explain_need.c \
	src/evpnd/feed.c src/evpnd/feed.h \
	src/evpnd/show_debug.c \
	src/evpnd/show_event.c src/evpnd/show_event.h \
	src/evpnd/show_explain.c \
	src/evpnd/show_gr.c \
	src/evpnd/show_kernel.c \
	src/evpnd/show_mac.c \
	src/evpnd/show_neighbor.c \
	src/evpnd/show_path.c src/evpnd/show_path.h \
	src/evpnd/show_peer.c src/evpnd/show_peer.h \
	src/evpnd/show_prefix.c \
	src/evpnd/show_route.c \
	src/evpnd/show_values.c \
	src/evpnd/show_vniroute.c \
	src/evpnd/show_vrf.c src/evpnd/show_vrf.h

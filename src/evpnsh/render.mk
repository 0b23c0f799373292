# JSON -> FRR's text: every form in its own file.
EVPNSH_RENDER_SOURCES = \
	src/evpnsh/render.c src/evpnsh/render.h \
	src/evpnsh/render_audit.c \
	src/evpnsh/render_bfd.c \
	src/evpnsh/render_bgp.c \
	src/evpnsh/render_event.c \
	src/evpnsh/render_evpn.c \
	src/evpnsh/render_explain.c \
	src/evpnsh/render_gr.c \
	src/evpnsh/render_int.c src/evpnsh/render_int.h \
	src/evpnsh/render_neighbor.c \
	src/evpnsh/render_own.c \
	src/evpnsh/render_route.c \
	src/evpnsh/render_vrf.c

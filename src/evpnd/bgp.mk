# Everything of BGP between TCP and the RIB.
EVPND_BGP_SOURCES = \
	src/evpnd/bfd.c src/evpnd/bfd.h \
	src/evpnd/bfd_sock.c src/evpnd/bfd_sock.h \
	src/evpnd/bgpnews.c src/evpnd/bgpnews.h \
	src/evpnd/linger.c src/evpnd/linger.h \
	src/evpnd/listen.c src/evpnd/listen.h \
	src/evpnd/peer.c src/evpnd/peer.h \
	src/evpnd/peer_bfd.c \
	src/evpnd/peer_conf.c \
	src/evpnd/peer_gr.c \
	src/evpnd/peer_damp.c \
	src/evpnd/peer_in.c \
	src/evpnd/peer_int.h \
	src/evpnd/peer_out.c \
	src/evpnd/peer_past.c \
	src/evpnd/peer_session.c \
	src/evpnd/ration.c src/evpnd/ration.h \
	src/evpnd/session.c src/evpnd/session.h \
	src/evpnd/session_in.c src/evpnd/session_int.h \
	src/evpnd/sockaddr.c src/evpnd/sockaddr.h \
	src/evpnd/tcp.c src/evpnd/tcp.h

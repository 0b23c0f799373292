/*
 * bfd_sock - UDP sockets as BFD wants them (RFC 5881, RFC 5883): ports 3784 and 4784, TTL 255,
 * a source port of its own for each session; and how far a neighbor is.
 *
 * All are non-blocking and closed on exec. Functions return a descriptor or 0, or -errno.
 */
#ifndef EVPND_BFD_SOCK_H
#define EVPND_BFD_SOCK_H

#include "base/addr.h"

/* A packet that came. */
struct bfd_datagram {
	uint8_t data[512]; /* one longer than that is none of BFD */
	size_t len;
	struct ip from, to;
	uint32_t ifindex;
	uint8_t ttl; /* 0: not told */
};

/* FAMILY 4 or 6; all addresses of this host. */
int bfd_sock_listen(uint8_t family, bool multihop);
/* -EAGAIN: there is no more. */
int bfd_sock_recv(int fd, struct bfd_datagram *out);
/* To send from LOCAL to REMOTE. */
int bfd_sock_connect(const struct ip *local, const struct ip *remote, bool multihop);
/* An error that a packet before this one caused is not this one's. */
int bfd_sock_send(int fd, const void *data, size_t len);

struct bfd_way {
	uint32_t ifindex; /* through this device */
	bool direct;      /* no router in between */
};
/* How packets from LOCAL to REMOTE go, as the kernel's routes are now. */
int bfd_sock_way(const struct ip *local, const struct ip *remote, struct bfd_way *out);

#endif

/*
 * tcp - sockets as BGP wants them: source address, TTL (RFC 5082), MD5 (RFC 2385).
 *
 * All are non-blocking and closed on exec. Functions return a descriptor or 0, or -errno.
 */
#ifndef EVPND_TCP_H
#define EVPND_TCP_H

#include "base/addr.h"

#define TCP_PASSWORD_MAX 80 /* the kernel's limit for a TCP MD5 key */

struct tcp_opts {
	struct ip local;      /* source address; none: the kernel's choice */
	const char *ifname;   /* whose address is the source; "": LOCAL counts */
	const char *password; /* NULL: none. Both are somebody else's memory */
	uint8_t ttl;          /* of what we send; 0: the kernel's choice */
	uint8_t min_ttl;      /* less is dropped by the kernel; 0: nothing is */
};

/* Where a connection begins and ends. */
struct tcp_ends {
	struct ip local, remote;
	uint16_t local_port, remote_port;
};

/* Begins to connect; the descriptor becomes writable when it is decided. */
int tcp_connect(const struct ip *to, uint16_t port, const struct tcp_opts *opts);
/* How the attempt ended: 0 or -errno. */
int tcp_result(int fd);
/* Sets OPTS (but the source address) on a connection that was accepted. */
int tcp_adopt(int fd, const struct tcp_opts *opts);
/*
 * Ends the connection when sent bytes are not acknowledged, or none may be sent, for so long;
 * PROBE: the other side is asked from time to time when there is nothing to send.
 */
void tcp_guard(int fd, unsigned limit_ms, bool probe);
/* FAMILY 4 or 6; all addresses of this host. */
int tcp_listen(uint8_t family, uint16_t port);
int tcp_accept(int fd, struct tcp_ends *out);
int tcp_ends(int fd, struct tcp_ends *out);
/* What comes from PEERS has to be signed with PASSWORD; NULL: need not. */
int tcp_password(int fd, const struct prefix *peers, const char *password);
/* Writes what it can, never raising SIGPIPE: bytes written, or -errno. */
struct evbuffer;
int tcp_write(int fd, struct evbuffer *out);

/* Segments this network namespace has dropped, ever, and why. */
struct tcp_drops {
	uint64_t md5; /* not signed, or wrongly, or without need */
	uint64_t ttl; /* less than min_ttl */
};
struct tcp_drops tcp_drops(void);
/* The first address of a device that could be a source towards FAMILY. */
bool tcp_device_address(const char *name, uint8_t family, struct ip *out);

#endif

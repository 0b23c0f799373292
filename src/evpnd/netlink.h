/*
 * netlink - the kernel's end of the tables: reads links, FDB, neighbours and addresses into
 * klinks and ktab, writes what they want.
 *
 * Two event sockets (one for learning, one reserved for misses; each with a BPF filter on
 * the message type and without the echo of our own writes), one for dumps, one for
 * requests: batches without acknowledgement but on the last, errors matched by sequence
 * number. Never blocks, never sleeps; a lost event (ENOBUFS) becomes ktab_resync().
 */
#ifndef EVPND_NETLINK_H
#define EVPND_NETLINK_H

#include "kern/klink.h"
#include "kern/ktab.h"

struct event_base;
struct netlink;

/* Where netlink writes to and reads from; WAKE is called when something has changed. */
struct netlink_env {
	struct event_base *base;
	struct ktab *ktab;
	struct klinks *klinks;
	void (*wake)(void *arg);
	void (*log)(int level, const char *text); /* syslog levels */
	/*
	 * The kernel does not know a neighbour (KEY: KOBJ_NEIGH) or a vxlan device a MAC
	 * (KOBJ_VXFDB). SOLICIT: it holds the packet until the neighbour is there, and asks
	 * again (app_solicit). One call a message, up to one a packet without SOLICIT. May be
	 * NULL.
	 */
	void (*missed)(void *arg, const struct kkey *key, bool solicit);
	/* All that had come were told: what became wanted can be written. May be NULL. */
	void (*read)(void *arg);
	void *arg;
	int rcvbuf; /* bytes of the events' buffer; 0: the default of 8 MiB */
};

struct netlink_stats {
	uint64_t events, misses, overruns, requests, batches, errors, dumps;
	uint64_t muted; /* misses of devices that had too many */
};

/* Opens the sockets and asks for all links. NULL with errno set when it cannot. */
struct netlink *netlink_new(const struct netlink_env *env);
void netlink_free(struct netlink *nl);
/*
 * Starts what the tables want: dumps due, link steps, rows. Call once a turn; what is left,
 * or refused and due later, goes on by itself.
 */
void netlink_flush(struct netlink *nl);
/* What is due now is written, and the answers read, which the kernel gives within send(). */
void netlink_hurry(struct netlink *nl);
/* The first dump of links has been read. */
bool netlink_ready(const struct netlink *nl);
/* Requests not yet answered. */
bool netlink_busy(const struct netlink *nl);
void netlink_stats(const struct netlink *nl, struct netlink_stats *out);
/*
 * The device on the way to TO, and what fits: the route's MTU, or the device's. False: no
 * route.
 */
bool netlink_route_mtu(
    struct netlink *nl, const struct ip *to, uint32_t *out_mtu, uint32_t *out_ifindex);

/* How long ago an FDB entry was last used. False: it is not there. */
bool netlink_idle(struct netlink *nl, const struct kkey *key, uint32_t *out_ms);

#endif

/*
 * bgpnews - what happens to sessions and to best paths, for "monitor": the last of it, in a
 * ring that exists only while somebody listens.
 */
#ifndef EVPND_BGPNEWS_H
#define EVPND_BGPNEWS_H

#include "rib/rib.h"

struct evpnd;
struct peer;

enum bgpnews_kind {
	BGPNEWS_UP,
	BGPNEWS_DOWN,
	BGPNEWS_BEST,
	BGPNEWS_WITHDRAWN,
};

struct bgpnews_event {
	uint64_t at_ms;
	uint8_t kind;       /* enum bgpnews_kind */
	uint8_t reason;     /* BEST: enum decide_reason */
	bool own;           /* BEST: our own route */
	uint32_t as;        /* UP */
	char peer[64];      /* its name; "" of a route that is our own or withdrawn */
	char why[160];      /* DOWN */
	struct nlri nlri;   /* of a route */
	struct ip next_hop; /* BEST */
};

struct bgpnews;

/* Somebody begins to listen, or ends: events are kept from the first to the last one. */
void bgpnews_listen(struct evpnd *d);
void bgpnews_leave(struct evpnd *d);
/* Nothing happens without listeners. */
void bgpnews_session(struct evpnd *d, const struct peer *p, bool up);
/* DEST is being carried, in the turn of NOW; its old best path is in CARRIED. */
void bgpnews_dest(struct evpnd *d, const struct dest *dest, uint64_t now);
/* As kevent_read(). */
unsigned bgpnews_read(
    const struct evpnd *d, uint64_t *seq, struct bgpnews_event *out, unsigned n);
const char *bgpnews_name(enum bgpnews_kind kind);

#endif

/*
 * adjout - what we tell peers: one adj-RIB-out per group of peers with equal policy.
 *
 * A group holds one adj per dest it advertises, in a list ordered by the time of the last
 * change, newest last. Each peer has a marker in that list: everything after it is still to
 * be sent to that peer. A changed dest moves its adj to the end, so a slow peer gets only
 * the latest state, and a new peer starts at the head and gets everything. A withdrawn adj
 * stays as a tombstone until every marker has passed it.
 *
 * Messages are encoded once for all peers that stand at the same marker.
 */
#ifndef RIB_ADJOUT_H
#define RIB_ADJOUT_H

#include "bgp/update.h"
#include "rib/policy.h"

struct adj {
	struct adj *next;	  /* of the same dest, other groups */
	TAILQ_ENTRY(adj) link;	  /* in the group's list, by last change */
	struct adjout *group;	  /* NULL: this is a marker */
	struct dest *dest;
	struct attrs *attrs;	  /* one reference; NULL: withdrawn */
	uint16_t source;	  /* id of the peer it came from */
	uint16_t prev_source;	  /* who it came from when last sent; that peer gets a withdrawal */
};

struct adjout;

/* A peer's place in a group; embedded in the caller's peer. */
struct adjout_peer {
	struct adj marker;
	struct adjout *group; /* NULL: in none */
	uint16_t id;	      /* struct rib_peer's id */
	bool eor_due;	      /* End-of-RIB follows when the marker reaches the end first */
};

struct adjout *adjout_new(struct rib *r, struct attr_table *t,
    const struct policy_out *policy);
/* No peers may be left. */
void adjout_free(struct adjout *g);
const struct policy_out *adjout_policy(const struct adjout *g);

/*
 * Carries a changed dest into the group: called for each group for every dest of
 * rib_changed().
 */
void adjout_dest(struct adjout *g, struct dest *d);
/* A new group learns what is in the RIB already: at most BUDGET a call, true when done. */
bool adjout_fill(struct adjout *g, struct nlri *from, unsigned budget);

/* Joins at the head of the list: everything is to be sent, then End-of-RIB. */
void adjout_join(struct adjout *g, struct adjout_peer *p);
void adjout_leave(struct adjout_peer *p);
/* Everything again (route refresh). */
void adjout_restart(struct adjout_peer *p);
bool adjout_pending(const struct adjout_peer *p);

/*
 * Encodes the next messages for P into B, as many as fit, and moves its marker. Returns the
 * number of routes encoded, withdrawals included; 0: nothing to send. Other peers that stood
 * at the same marker and for whom the bytes are the same are moved along and named through
 * SHARE, which appends the bytes to their outputs (and may be NULL).
 */
unsigned adjout_encode(struct adjout_peer *p, struct builder *b,
    bool (*share)(struct adjout_peer *other, void *arg), void *arg);

/* What is advertised of D in this group: NULL when nothing. For shows. */
const struct adj *adjout_find(const struct adjout *g, const struct dest *d);
uint32_t adjout_count(const struct adjout *g);

#endif

/*
 * adjout - what we tell peers: one adj-RIB-out per group of peers with equal policy.
 *
 * A group holds one adj per dest it advertises, in a list ordered by the time of the last
 * change, newest last. Each peer has a marker in that list: everything after it is still to
 * be sent to that peer. A changed dest moves its adj to the end, so a slow peer gets only
 * the latest state, and a new peer starts at the head and gets everything. A withdrawn adj
 * stays as a tombstone until every peer that may know the route has passed it.
 *
 * Messages are encoded once for all peers that stand at the same marker. No peer is told of
 * a route that came from itself: it gets nothing, or a withdrawal if it was told of that
 * route when it came from somebody else. When a group has one peer only, that peer's own
 * routes have no adj at all.
 */
#ifndef RIB_ADJOUT_H
#define RIB_ADJOUT_H

#include "bgp/update.h"
#include "rib/policy.h"

struct adj {
	struct adj *next;      /* of the same dest, other groups */
	TAILQ_ENTRY(adj) link; /* in the group's list, by last change */
	struct adjout *group;  /* NULL: this is a marker */
	struct dest *dest;
	struct attrs *attrs; /* one reference; NULL: withdrawn */
	uint32_t seq;    /* of the last change; a marker's: of what it passed last */
	uint16_t source; /* id of the peer it came from */
	uint16_t
	    mixed : 1; /* came from others before: SOURCE may have been told of it */
	uint16_t waiting : 15; /* withdrawn: peers who have yet to pass it */
};

struct adjout;

/* A peer's place in a group; embedded in the caller's peer. */
struct adjout_peer {
	struct adj marker;    /* first: a marker in the list is its peer */
	struct adjout *group; /* NULL: in none */
	LIST_ENTRY(adjout_peer) group_link;
	uint32_t seen; /* withdrawals up to this change are done or do not concern it */
	uint16_t id;   /* struct rib_peer's id, set before joining */
	bool eor_due;  /* End-of-RIB follows when the marker reaches the end first */
	bool eor_held; /* ... but not yet: what others are to tell is awaited */
};

struct adjout *adjout_new(
    struct rib *r, struct attr_table *t, const struct policy_out *policy);
/* Takes what is left at once; see adjout_drain(). No peers may be left. */
void adjout_free(struct adjout *g);
const struct policy_out *adjout_policy(const struct adjout *g);
unsigned adjout_peers(const struct adjout *g);

/*
 * Carries a changed dest into the group: called for each group for every dest of
 * rib_changed(), between that and rib_carried().
 */
void adjout_dest(struct adjout *g, struct dest *d);
/*
 * A group learns what is in the RIB already (it is new, or a second peer joined): at most
 * BUDGET dests a call, true when done. No End-of-RIB is sent before.
 */
bool adjout_fill(struct adjout *g, unsigned budget);
/* Gives up what a group without peers holds: at most BUDGET a call, true when empty. */
bool adjout_drain(struct adjout *g, unsigned budget);

/* Joins at the head of the list: everything is to be sent, then End-of-RIB. */
void adjout_join(struct adjout *g, struct adjout_peer *p);
void adjout_leave(struct adjout_peer *p);
/* Everything again (route refresh). */
void adjout_restart(struct adjout_peer *p);
bool adjout_pending(const struct adjout_peer *p);

/*
 * Encodes the next messages for P into B, as many as fit, and moves its marker. Returns the
 * number of routes encoded, withdrawals included; End-of-RIB may follow them. Nothing in B
 * and adjout_pending() still true: ask again, there was much to pass over. B must have room
 * for a largest message. Other peers that stood at the same marker and for whom the bytes
 * are the same are named through SHARE (which may be NULL): it appends B, as it is then, to
 * their outputs and returns true, and they are moved along; false leaves them where they
 * are. SHARE must not make anybody leave or join.
 */
unsigned adjout_encode(struct adjout_peer *p, struct builder *b,
    bool (*share)(struct adjout_peer *other, void *arg), void *arg);

/* What is advertised of D in this group: NULL when nothing. For shows. */
const struct adj *adjout_find(const struct adjout *g, const struct dest *d);
/* Is A what this peer gets to see, not one of its own routes? */
bool adjout_told(const struct adjout_peer *p, const struct adj *a);
/* Routes advertised, own routes of the peers counted. */
uint32_t adjout_count(const struct adjout *g);

#endif

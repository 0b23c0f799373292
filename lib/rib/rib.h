/*
 * rib - what peers told us: one dest per NLRI, one path per peer, best path first.
 *
 * Our own routes are paths of a peer like any other ("self"). A change links the dest once to
 * the changed queue; rib_changed() decides it (decide.h) and hands it out for the consumers:
 * the EVPN tables and the adj-RIBs-out. A dest without paths lives until it was handed out
 * and no adj-RIB-out refers to it.
 */
#ifndef RIB_RIB_H
#define RIB_RIB_H

#include "base/table.h"
#include "bgp/attr.h"
#include "bgp/nlri.h"

struct adj;

/* What the decision process knows of a peer. Owned by the caller; outlives its paths. */
struct rib_peer {
	struct ip addr;
	uint32_t router_id; /* host order */
	uint32_t as;
	bool self; /* our own routes */
	bool ibgp;
	bool rr_client;
	uint16_t id;       /* small number, unique among living peers */
	uint32_t paths;    /* kept by rib */
	uint32_t unusable; /* of these: with PATH_LOOP or PATH_NEXTHOP; kept by rib */
	bool sweeping; /* kept by rib: a sweep has begun, SWEEP is where it stands */
	struct path *sweep;
	LIST_HEAD(, path) list;
};

enum {
	PATH_STALE =
	    1 << 0, /* graceful restart or refresh under way: not confirmed yet */
	PATH_LOOP = 1
	    << 1, /* our AS, cluster or originator in it: never best, if kept at all */
	PATH_NEXTHOP =
	    1 << 2,         /* kept but never best: next hop is ourselves or useless */
	PATH_LLGR = 1 << 3, /* has the community LLGR_STALE: any other is better */
};

/* Why the best path is best: against the second; FRR's words in decide.c. */
enum decide_reason {
	DECIDE_NONE,
	DECIDE_FIRST, /* "First path received" */
	DECIDE_LOCAL_PREF,
	DECIDE_LOCAL, /* own route */
	DECIDE_AS_PATH,
	DECIDE_ORIGIN,
	DECIDE_MED,
	DECIDE_PEER_TYPE,
	DECIDE_STICKY,   /* "EVPN Sticky Mac" */
	DECIDE_SEQUENCE, /* "EVPN sequence number" */
	DECIDE_LOWER_IP, /* "EVPN lower IP" */
	DECIDE_ROUTER_ID,
	DECIDE_CLUSTER_LENGTH,
	DECIDE_PEER_IP,
	DECIDE_STALE,
};

struct path {
	struct path *next; /* of the same dest, best first once decided */
	LIST_ENTRY(path) peer_link;
	struct dest *dest;
	struct rib_peer *peer;
	struct attrs *attrs; /* one reference */
	uint32_t label[2];
	uint32_t since_s;
	uint8_t labels;
	uint8_t flags; /* PATH_* */
};

struct dest {
	RB_ENTRY(dest) link;
	STAILQ_ENTRY(dest) changed_link; /* valid while CHANGED */
	struct nlri nlri;
	struct path *paths;
	struct adj *adjs; /* what adj-RIBs-out hold of it, see adjout.h */
	/* Of the path last handed out: attributes (one reference; NULL: none) and labels. */
	struct attrs *carried;
	uint8_t label[2][3]; /* as on the wire */
	uint8_t labels : 2;  /* how many of LABEL are there */
	uint8_t reason : 6;  /* enum decide_reason, of the best path */
	uint8_t changed : 1; /* in the changed queue */
	uint8_t
	    touched : 1; /* the best path itself changed, or somebody wants it again */
	uint8_t
	    relabelled : 1; /* valid while handed out: the labels are not LABEL any more */
};

struct rib_stats {
	uint64_t dests, paths;
	size_t bytes; /* all; of these: */
	size_t dest_bytes, path_bytes;
};

struct rib;

struct rib *rib_new(struct attr_table *attrs);
void rib_free(struct rib *r);

/*
 * A route from PEER: replaces its earlier path for KEY. Takes its own reference to A. FLAGS
 * are PATH_*. Equal to what is there: only clears PATH_STALE. NOW in ms.
 */
void rib_update(struct rib *r, struct rib_peer *peer, const struct nlri *key,
    const struct nlri_info *info, struct attrs *a, uint8_t flags, uint64_t now);
void rib_withdraw(struct rib *r, struct rib_peer *peer, const struct nlri *key);
/*
 * The key of a route of unknown type: gives RAW (its bytes on the wire) its number. The same
 * bytes get the same key as long as a dest holds it.
 */
struct nlri rib_opaque(struct rib *r, const struct nlri_info *info, uint8_t type);
const uint8_t *rib_opaque_raw(
    const struct rib *r, const struct nlri *key, uint8_t *out_len);

/* Session loss: drops at most BUDGET of PEER's paths; true when none is left. */
bool rib_peer_flush(struct rib *r, struct rib_peer *peer, unsigned budget);
/* Refresh and graceful restart: marks all paths of PEER stale; drops those still so. */
void rib_peer_mark(struct rib *r, struct rib_peer *peer);
bool rib_peer_sweep(struct rib *r, struct rib_peer *peer, unsigned budget);
/*
 * RFC 9494, 4.2: what is stale gets the community LLGR_STALE, or goes if it has NO_LLGR. At
 * most BUDGET paths a call, true when done.
 */
bool rib_peer_llgr(struct rib *r, struct rib_peer *peer, unsigned budget);

/*
 * The next dest whose paths changed, decided: its best path (or none) comes first. The caller
 * carries it to the consumers, then calls rib_carried() with it.
 */
struct dest *rib_changed(struct rib *r);
void rib_carried(struct rib *r, struct dest *d);
/* The path to use, or NULL: the first one, if nothing forbids it. */
struct path *dest_best(const struct dest *d);
/* Queues every dest again (policy or import targets changed): at most BUDGET a call. */
bool rib_requeue(struct rib *r, struct nlri *from, unsigned budget);

struct dest *rib_find(const struct rib *r, const struct nlri *key);
/* The first dest at or after KEY, the next; NULL at the end. For shows that resume by key. */
struct dest *rib_from(const struct rib *r, const struct nlri *key);
struct dest *rib_after(struct dest *d);
void rib_stats(const struct rib *r, struct rib_stats *out);
/* adjout: the dest may be freed when it has neither paths nor adjs. */
void rib_dest_release(struct rib *r, struct dest *d);

#endif

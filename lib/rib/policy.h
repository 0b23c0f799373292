/*
 * policy - what of a path goes to which kind of peer, and how its attributes change on the
 * way (RFC 4271, 9.1.3 and 5; RFC 4456 reflection; RFC 1997 well-known communities).
 */
#ifndef RIB_POLICY_H
#define RIB_POLICY_H

#include "rib/rib.h"

/* What is equal for all peers of an adj-RIB-out. No padding: compared by memcmp. */
struct policy_out {
	uint32_t local_as;
	uint32_t cluster_id; /* host order */
	uint32_t router_id;
	uint32_t
	    as; /* eBGP: routes with this AS in the path are not sent; 0: all are */
	uint32_t msg_max;
	struct ip local; /* for next_hop_self */
	bool ibgp;
	bool rr_client;
	bool as4;
	bool
	    next_hop_self; /* eBGP keeps the next hop by default, as FRR does for EVPN */
	bool allowas_in;
	bool llgr; /* they know what LLGR_STALE means */
	uint8_t zero;
};
_Static_assert(sizeof(struct policy_out) == 44, "struct policy_out has padding");

/*
 * May P go out under POLICY? If so OUT is what to send: a new reference to interned
 * attributes (P's own when nothing changes). RAW attributes of reflection are added here.
 */
bool policy_export(const struct policy_out *policy, struct attr_table *t,
    const struct path *p, struct attrs **out);

/*
 * The PATH_* flags of a route received by us: loops of AS, originator and cluster; stale
 * elsewhere (LLGR_STALE).
 */
uint8_t policy_import(const struct attr_value *v, uint32_t local_as, unsigned allowas,
    uint32_t router_id, uint32_t cluster_id);

#endif

/*
 * show_path - one path of a route as FRR's JSON has it, in a list or in detail.
 */
#ifndef EVPND_SHOW_PATH_H
#define EVPND_SHOW_PATH_H

#include "show_int.h"

/* A path of the RIB, or a candidate of a VNI's table: a view for the time of one row. */
struct show_path {
	const struct nlri *key; /* as shown: in a VNI's table its RD is zero */
	const struct attrs *attrs;
	const uint32_t *label;
	uint8_t labels;
	const struct rib_peer *peer; /* NULL: gone meanwhile */
	uint16_t peer_id;
	uint32_t since_s;
	bool best, valid, stale;
	const char *reason;        /* of the best path */
	const struct rd *imported; /* a VNI's table: where it came from; NULL: own */
};

struct show_path show_path_of(const struct path *p);
/* The members that name the route: routeType, ethTag, macLen ... */
void show_key_members(struct show *s, const struct nlri *key);
/* A path as an object: of a list, or with everything that is known. */
void show_path_short(struct show *s, const struct show_path *p);
void show_path_detail(struct show *s, const struct show_path *p);
const char *show_origin(uint8_t origin);

/* --- show_route.c: walking over the RIB --- */
/*
 * The first dest at or after s->nlri of TYPE (0: any) and of the RD asked for. NULL: no more,
 * or, when s->left is 0, the budget is used up and s->nlri is where to go on.
 */
struct dest *show_route_next(struct show *s, uint8_t type);
/* The next one is looked for after KEY. */
void show_route_after(struct show *s, const struct nlri *key);

/* --- show_vniroute.c --- */
/* Why the winner of a row won, in FRR's words (RFC 7432, 15). There must be one. */
const char *show_row_reason(const struct macip *m);

#endif

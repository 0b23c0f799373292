/*
 * update - the UPDATE message (RFC 4271, 4.3; RFC 4760; RFC 7606).
 *
 * Decoding makes no copy and allocates nothing: attributes land in a draft whose blobs point
 * into the message, NLRI are taken one by one from cursors with nlri_get().
 */
#ifndef BGP_UPDATE_H
#define BGP_UPDATE_H

#include "bgp/attr.h"
#include "bgp/msg.h"
#include "bgp/nlri.h"

struct update {
	enum bgp_verdict verdict; /* the worst of all attributes */
	struct bgp_error err;     /* why, when not BGP_OK */
	struct attr_draft draft;  /* valid when verdict < BGP_WITHDRAW */
	bool has_reach, has_unreach;
	uint16_t reach_afi, unreach_afi;
	uint8_t reach_safi, unreach_safi;
	struct cursor reach;                 /* NLRI of MP_REACH */
	struct cursor unreach;               /* NLRI of MP_UNREACH */
	struct cursor v4_withdrawn, v4_nlri; /* IPv4 unicast of the base message */
	bool eor; /* End-of-RIB, RFC 4724, 2; of unreach_afi/safi, or 1/1 */
	/*
	 * Room for what the draft's blobs cannot find in the message as it is: an AS_PATH of
	 * 2-byte AS numbers widened, with AS4_PATH merged in; unknown attributes, gathered
	 * and marked partial. What does not fit is treated as withdraw (a path), or
	 * discarded (the unknown). Not initialised.
	 */
	uint8_t aspath[2 * MSG_MAX];
	uint8_t unknown[MSG_MAX];
};

/*
 * BODY: after the header. OUT need not be initialised; it is filled as far as it could be
 * read, whatever the verdict, and points into BODY. Routes of other address families than
 * 25/70 are located, not looked at.
 */
enum bgp_verdict update_decode(
    struct cursor *body, const struct attr_ctx *ctx, struct update *out);

/*
 * Encoding: MP_REACH is written first (RFC 7606, 5.1), with its routes, the other attributes
 * by update_end(). One message of reachable routes with equal attributes, or one of withdrawals.
 * update_begin_*() starts it in B (room for MAX bytes), update_add() adds a route and returns
 * false, changing nothing, when it would not fit; update_end() completes the message, or
 * takes it back when it has no routes. A message that takes not even one route means that
 * the attributes are too large for MAX: it can never be sent.
 */
struct update_writer {
	struct builder *b;
	size_t msg, attrs, mp; /* marks */
	size_t max;
	size_t rest; /* bytes of the attributes after MP_REACH */
	const struct attr_value *value;
	struct attr_ctx ctx;
	bool reach;
	unsigned routes;
};

/* ATTRS must stay until update_end(); MAX as in msg.h, and B has that much room. */

void update_begin_reach(struct update_writer *w, struct builder *b, size_t max,
    const struct attr_value *attrs, const struct attr_ctx *ctx);
void update_begin_unreach(
    struct update_writer *w, struct builder *b, size_t max, const struct attr_ctx *ctx);
bool update_add(
    struct update_writer *w, const struct nlri *key, const struct nlri_info *info);
void update_end(struct update_writer *w);
/* End-of-RIB for 25/70. */
void update_put_eor(struct builder *b);

#endif

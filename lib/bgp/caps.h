/*
 * caps - capabilities of an OPEN (RFC 5492), ours and the peer's, as one struct.
 */
#ifndef BGP_CAPS_H
#define BGP_CAPS_H

#include "base/bytes.h"
#include "bgp/error.h"

#define CAPS_NAME 65
#define CAPS_FAMILIES 16

struct caps_family {
	uint16_t afi;
	uint8_t safi;
	uint8_t gr_flags; /* graceful restart: CAPS_FORWARDING; valid when gr_listed */
	bool gr_listed;   /* graceful restart names it */
	bool llgr_listed; /* long-lived graceful restart names it */
	uint8_t llgr_flags;          /* as GR_FLAGS; valid when llgr_listed */
	uint32_t llgr_s;             /* long-lived stale time; the same */
	bool addpath_rx, addpath_tx; /* as the sender of the OPEN said it */
};

struct caps {
	struct caps_family family[CAPS_FAMILIES]; /* multiprotocol, RFC 4760 */
	uint8_t families;
	bool as4; /* RFC 6793; AS valid */
	uint32_t as;
	bool refresh;             /* RFC 2918 */
	bool enhanced_refresh;    /* RFC 7313 */
	bool extended_message;    /* RFC 8654 */
	bool extended_nexthop;    /* RFC 8950, listed for 25/70 or any */
	bool graceful_restart;    /* RFC 4724 */
	bool llgr;                /* RFC 9494 */
	bool gr_restarting;       /* R bit */
	bool gr_notification;     /* N bit, RFC 8538 */
	uint16_t gr_time;         /* seconds */
	char hostname[CAPS_NAME]; /* FQDN capability, "" when absent */
	char domain[CAPS_NAME];
};

#define CAPS_FORWARDING 0x80   /* in GR_FLAGS and LLGR_FLAGS: forwarding was kept */
#define CAPS_LLGR_MAX 0xffffff /* the field's size, seconds */

#define AFI_L2VPN 25
#define SAFI_EVPN 70

/* The parameters field of an OPEN; unknown capabilities are passed over. */
enum bgp_verdict caps_get(
    struct cursor *params, struct caps *out, struct bgp_error *err);
void caps_put(struct builder *b, const struct caps *caps);
const struct caps_family *caps_find(
    const struct caps *caps, uint16_t afi, uint8_t safi);

#endif

/*
 * msg - BGP messages but UPDATE: framing, OPEN, NOTIFICATION, ROUTE-REFRESH (RFC 4271, 4;
 * RFC 9072 extended OPEN parameters; RFC 7313; RFC 9003).
 */
#ifndef BGP_MSG_H
#define BGP_MSG_H

#include "bgp/caps.h"

enum msg_type {
	MSG_OPEN = 1,
	MSG_UPDATE = 2,
	MSG_NOTIFICATION = 3,
	MSG_KEEPALIVE = 4,
	MSG_REFRESH = 5,
};

#define MSG_HEADER 19
#define MSG_MAX 4096
#define MSG_MAX_EXTENDED 65535 /* RFC 8654 */

struct msg_open {
	uint32_t as; /* the capability's when there, else the header's */
	uint16_t hold_s;
	uint32_t router_id; /* host order */
	struct caps caps;
};

struct msg_refresh {
	uint16_t afi;
	uint8_t subtype; /* 0 request, 1 begin, 2 end (RFC 7313) */
	uint8_t safi;
};

/*
 * Looks at the start of a stream of LEN bytes. Returns the length of the first message, 0
 * when more bytes are needed for it, or -1 with ERR filled (marker, length, type). MAX is
 * MSG_MAX or MSG_MAX_EXTENDED; OPEN and KEEPALIVE never exceed MSG_MAX.
 */
int msg_frame(const uint8_t *p, size_t len, size_t max, enum msg_type *out_type,
    struct bgp_error *err);

/* Bodies, after the header. LOCAL_AS etc. are checked by the session, not here. */
enum bgp_verdict msg_open_get(
    struct cursor *c, struct msg_open *out, struct bgp_error *err);
enum bgp_verdict msg_refresh_get(
    struct cursor *c, struct msg_refresh *out, struct bgp_error *err);
/* Fills OUT with code, subcode, data and, for a shutdown, its message (RFC 9003). */
enum bgp_verdict msg_notification_get(
    struct cursor *c, struct bgp_error *out, struct bgp_error *err);

/* Whole messages, header included. */
void msg_open_put(struct builder *b, const struct msg_open *open);
void msg_keepalive_put(struct builder *b);
void msg_refresh_put(struct builder *b, const struct msg_refresh *refresh);
void msg_notification_put(struct builder *b, const struct bgp_error *err);

/* For update.c: starts a message and, when done, fills its length in. */
size_t msg_begin(struct builder *b, enum msg_type type);
void msg_end(struct builder *b, size_t mark);

#endif

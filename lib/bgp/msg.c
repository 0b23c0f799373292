/* msg - see msg.h. */
#include "bgp/msg.h"

#include <stdio.h>
#include <string.h>

#include "bgp/aspath.h"

#define MARKER 16
#define VERSION 4
#define HOLD_MIN 3 /* RFC 4271, 4.2: zero, or at least this */

/* Lengths of whole messages; MAX 0: what the session allows. */
static const struct {
	uint16_t min, max;
	const char *name;
} types[] = {
	/* clang-format off */
	[MSG_OPEN]	   = { 29, MSG_MAX,    "OPEN" },
	[MSG_UPDATE]	   = { 23, 0,	       "UPDATE" },
	[MSG_NOTIFICATION] = { 21, 0,	       "NOTIFICATION" },
	[MSG_KEEPALIVE]	   = { 19, MSG_HEADER, "KEEPALIVE" },
	[MSG_REFRESH]	   = { 23, 0,	       "ROUTE-REFRESH" },
	/* clang-format on */
};

static const uint8_t marker[MARKER] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

int
msg_frame(const uint8_t *p, size_t len, size_t max, enum msg_type *out_type,
    struct bgp_error *err)
{
	struct cursor c = cursor_of(p, len);
	const uint8_t *head = get_ptr(&c, MARKER);
	const uint8_t *at_length = c.p;
	size_t total = get_u16(&c);
	uint8_t type = get_u8(&c);

	if (c.bad)
		return 0;
	if (memcmp(head, marker, MARKER) != 0) {
		bgp_error_set(err, BGP_ERR_HEADER, BGP_HEADER_SYNC, NULL, 0,
		    "message header: marker is not all ones");
		return -1;
	}
	if (total < MSG_HEADER || total > max) {
		bgp_error_set(err, BGP_ERR_HEADER, BGP_HEADER_LENGTH, at_length, 2,
		    "message header: length %zu, at most %zu", total, max);
		return -1;
	}
	if (type >= sizeof(types) / sizeof(types[0]) || types[type].name == NULL) {
		bgp_error_set(err, BGP_ERR_HEADER, BGP_HEADER_TYPE, &type, 1,
		    "message header: type %u", type);
		return -1;
	}
	if (total < types[type].min ||
	    (types[type].max > 0 && total > types[type].max)) {
		bgp_error_set(err, BGP_ERR_HEADER, BGP_HEADER_LENGTH, at_length, 2,
		    "message header: %s of length %zu", types[type].name, total);
		return -1;
	}
	*out_type = (enum msg_type)type;
	return total <= len ? (int)total : 0;
}

/* RFC 4271, 6.2; RFC 6793, 4.2.1 and RFC 7607 for the AS. */
static enum bgp_verdict
open_check(const struct msg_open *o, uint16_t as2, struct bgp_error *err)
{
	uint8_t wire[2] = { (uint8_t)(as2 >> 8), (uint8_t)as2 };
	bool mixed = o->caps.as4 && as2 != AS_TRANS && as2 != o->caps.as;

	if (o->as == 0 || as2 == 0 || mixed)
		return bgp_error_set(err, BGP_ERR_OPEN, BGP_OPEN_AS, wire, sizeof(wire),
		    "OPEN: AS %u in the header, %u in the capability", as2,
		    o->caps.as4 ? o->caps.as : as2);
	if (o->hold_s > 0 && o->hold_s < HOLD_MIN)
		return bgp_error_set(err, BGP_ERR_OPEN, BGP_OPEN_HOLD, NULL, 0,
		    "OPEN: hold time %u s", o->hold_s);
	if (o->router_id == 0)
		return bgp_error_set(err, BGP_ERR_OPEN, BGP_OPEN_ID, NULL, 0,
		    "OPEN: BGP identifier 0.0.0.0");
	return BGP_OK;
}

enum bgp_verdict
msg_open_get(struct cursor *c, struct msg_open *out, struct bgp_error *err)
{
	static const uint8_t version_data[2] = { 0, VERSION };
	uint8_t version = get_u8(c);
	enum bgp_verdict verdict;
	uint16_t as2;

	*out = (struct msg_open){ 0 };
	as2 = get_u16(c);
	out->hold_s = get_u16(c);
	out->router_id = get_u32(c);
	if (c->bad || get_left(c) == 0)
		return bgp_error_set(err, BGP_ERR_OPEN, 0, NULL, 0, "OPEN: cut short");
	if (version != VERSION)
		return bgp_error_set(err, BGP_ERR_OPEN, BGP_OPEN_VERSION, version_data,
		    sizeof(version_data), "OPEN: version %u", version);
	verdict = caps_get(c, &out->caps, err);
	if (verdict != BGP_OK)
		return verdict;
	out->as = out->caps.as4 ? out->caps.as : as2;
	return open_check(out, as2, err);
}

enum bgp_verdict
msg_refresh_get(struct cursor *c, struct msg_refresh *out, struct bgp_error *err)
{
	const uint8_t *body = c->p;
	size_t len = get_left(c);

	out->afi = get_u16(c);
	out->subtype = get_u8(c);
	out->safi = get_u8(c);
	/* RFC 7313, 5; a request may have filters behind it, which nobody was offered. */
	if (c->bad || (out->subtype != 0 && get_left(c) > 0))
		return bgp_error_set(err, BGP_ERR_REFRESH, 1, body, len,
		    "ROUTE-REFRESH: %zu bytes, expected 4", len);
	get_skip(c, get_left(c));
	return out->subtype <= 2 ? BGP_OK : BGP_DISCARD;
}

/* Bytes of a peer's words; those that a terminal would obey become '?'. */
static void
words_get(struct cursor c, char *out, size_t room)
{
	size_t n = 0;

	while (get_left(&c) > 0 && n < room - 1) {
		uint8_t ch = get_u8(&c);

		out[n++] = (char)(ch < 0x20 || ch == 0x7f ? '?' : ch);
	}
	out[n] = '\0';
}

/* RFC 9003, 2: shutdown and reset say why, after a length octet. */
static bool
has_words(const struct bgp_error *e)
{
	return e->code == BGP_ERR_CEASE &&
	    (e->subcode == BGP_CEASE_SHUTDOWN || e->subcode == BGP_CEASE_RESET);
}

enum bgp_verdict
msg_notification_get(struct cursor *c, struct bgp_error *out, struct bgp_error *err)
{
	uint8_t code = get_u8(c), subcode = get_u8(c);
	size_t len = get_left(c);
	const uint8_t *data = get_ptr(c, len);
	bool hard;

	if (c->bad)
		return bgp_error_set(err, BGP_ERR_HEADER, BGP_HEADER_LENGTH, NULL, 0,
		    "NOTIFICATION: cut short");
	/* RFC 8538, 3.1: what a Hard Reset stands for is in its data; it may be empty. */
	hard = code == BGP_ERR_CEASE && subcode == BGP_CEASE_HARD && len >= 2;
	if (hard) {
		code = data[0];
		subcode = data[1];
		data += 2;
		len -= 2;
	}
	bgp_error_set(out, code, subcode, data, len, "%s", "");
	out->hard = hard;
	if (has_words(out)) {
		struct cursor at = cursor_of(out->data, out->len);

		words_get(get_sub(&at, get_u8(&at)), out->text, sizeof(out->text));
	}
	return BGP_OK;
}

size_t
msg_begin(struct builder *b, enum msg_type type)
{
	size_t mark = put_len(b);

	put_bytes(b, marker, MARKER);
	put_u16(b, 0);
	put_u8(b, (uint8_t)type);
	return mark;
}

void
msg_end(struct builder *b, size_t mark)
{
	struct builder at;

	if (b->full)
		return;
	at = builder_of(b->start + mark + MARKER, 2);
	put_u16(&at, (uint16_t)(put_len(b) - mark));
}

void
msg_open_put(struct builder *b, const struct msg_open *open)
{
	size_t mark = msg_begin(b, MSG_OPEN);

	put_u8(b, VERSION);
	put_u16(b, open->as > UINT16_MAX ? AS_TRANS : (uint16_t)open->as);
	put_u16(b, open->hold_s);
	put_u32(b, open->router_id);
	caps_put(b, &open->caps);
	msg_end(b, mark);
}

void
msg_keepalive_put(struct builder *b)
{
	msg_end(b, msg_begin(b, MSG_KEEPALIVE));
}

void
msg_refresh_put(struct builder *b, const struct msg_refresh *refresh)
{
	size_t mark = msg_begin(b, MSG_REFRESH);

	put_u16(b, refresh->afi);
	put_u8(b, refresh->subtype);
	put_u8(b, refresh->safi);
	msg_end(b, mark);
}

void
msg_notification_put(struct builder *b, const struct bgp_error *err)
{
	size_t mark = msg_begin(b, MSG_NOTIFICATION);

	if (err->hard) {
		put_u8(b, BGP_ERR_CEASE);
		put_u8(b, BGP_CEASE_HARD);
	}
	put_u8(b, err->code);
	put_u8(b, err->subcode);
	put_bytes(b, err->data, err->len);
	msg_end(b, mark);
}

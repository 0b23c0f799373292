/* update - see update.h. Attributes are attr.c's and attrin.c's work, routes nlri.c's. */
#include "bgp/update.h"

#include <string.h>

#include "bgp/attrin.h"

#define AFI_IPV4 1
#define SAFI_UNICAST 1

/* MP_REACH or MP_UNREACH while its length is not known: flags, type, length in two bytes. */
#define MP_HEAD 4

/* All but the scratch buffers, which would cost more to clear than most messages to read. */
static void
update_init(struct update *u)
{
	u->verdict = BGP_OK;
	u->err.code = u->err.subcode = u->err.len = 0;
	u->err.text[0] = '\0';
	u->draft = (struct attr_draft){ 0 };
	u->has_reach = u->has_unreach = u->eor = false;
	u->reach_afi = u->unreach_afi = 0;
	u->reach_safi = u->unreach_safi = 0;
	u->reach = u->unreach = u->v4_withdrawn = u->v4_nlri = (struct cursor){ 0 };
}

static bool
announces(const struct update *u)
{
	return u->has_reach || get_left(&u->v4_nlri) > 0;
}

/* RFC 7606, 3.d. LOCAL_PREF is not insisted on: its absence has a sensible meaning. */
static void
mandatory_check(const struct attr_in *in)
{
	static const uint8_t types[] = { ATTR_ORIGIN, ATTR_AS_PATH, ATTR_NEXT_HOP };
	struct update *u = in->u;

	if (!announces(u))
		return;
	for (size_t i = 0; i < sizeof(types); i++) {
		/* MP_REACH has a next hop of its own. */
		if (types[i] == ATTR_NEXT_HOP && get_left(&u->v4_nlri) == 0)
			continue;
		if (!attr_in_seen(in, types[i]))
			update_fault(u, BGP_WITHDRAW, BGP_UPDATE_MISSING, &types[i], 1,
			    "attribute %s (%u) is missing", attr_name(types[i]),
			    types[i]);
	}
}

enum bgp_verdict
update_decode(struct cursor *body, const struct attr_ctx *ctx, struct update *out)
{
	struct cursor attrs;
	struct attr_in in;

	update_init(out);
	out->v4_withdrawn = get_sub(body, get_u16(body));
	attrs = get_sub(body, get_u16(body));
	if (body->bad) {
		out->v4_withdrawn = (struct cursor){ 0 };
		update_fault(out, BGP_RESET, BGP_UPDATE_LIST, NULL, 0,
		    "UPDATE: lengths inside exceed the message");
		return out->verdict;
	}
	out->v4_nlri = get_sub(body, get_left(body));
	if (get_left(&attrs) == 0 && get_left(&out->v4_withdrawn) == 0 &&
	    !announces(out)) {
		out->eor = true;
		out->unreach_afi = AFI_IPV4;
		out->unreach_safi = SAFI_UNICAST;
		return out->verdict;
	}
	attr_in_init(&in, ctx, out);
	while (get_left(&attrs) > 0 && attr_get(&in, &attrs))
		;
	attr_in_finish(&in);
	mandatory_check(&in);
	out->eor = out->has_unreach && get_left(&out->unreach) == 0 &&
	    get_left(&out->v4_withdrawn) == 0 && !announces(out);
	/* RFC 7606, 5.2: routes that were not found cannot be withdrawn. */
	if (out->verdict == BGP_WITHDRAW && !announces(out))
		out->verdict = BGP_RESET;
	return out->verdict;
}

static void
begin(struct update_writer *w, struct builder *b, size_t max,
    const struct attr_ctx *ctx, uint8_t type)
{
	*w = (struct update_writer){ .b = b, .max = max, .ctx = *ctx };
	w->msg = msg_begin(b, MSG_UPDATE);
	put_u16(b, 0); /* withdrawn IPv4 routes */
	w->attrs = put_mark16(b);
	w->mp = put_len(b);
	put_u8(b, ATTR_OPTIONAL | ATTR_EXTENDED);
	put_u8(b, type);
	put_u16(b, 0);
	put_u16(b, AFI_L2VPN);
	put_u8(b, SAFI_EVPN);
}

void
update_begin_reach(struct update_writer *w, struct builder *b, size_t max,
    const struct attr_value *attrs, const struct attr_ctx *ctx)
{
	size_t start = put_len(b), rest;

	attrs_put(b, attrs, ctx);
	rest = b->full ? max : put_len(b) - start;
	put_cut(b, start);
	begin(w, b, max, ctx, ATTR_MP_REACH);
	w->reach = true;
	w->value = attrs;
	w->rest = rest;
	put_u8(b, (uint8_t)(ip_len(&attrs->nexthop) + ip_len(&attrs->nexthop_ll)));
	put_bytes(b, attrs->nexthop.b, ip_len(&attrs->nexthop));
	put_bytes(b, attrs->nexthop_ll.b, ip_len(&attrs->nexthop_ll));
	put_u8(b, 0);
}

void
update_begin_unreach(
    struct update_writer *w, struct builder *b, size_t max, const struct attr_ctx *ctx)
{
	begin(w, b, max, ctx, ATTR_MP_UNREACH);
}

bool
update_add(
    struct update_writer *w, const struct nlri *key, const struct nlri_info *info)
{
	struct builder *b = w->b;
	size_t before = put_len(b);

	if (w->ctx.addpath)
		put_u32(b, info != NULL ? info->path_id : 0);
	nlri_put(b, key, info);
	if (b->full || put_len(b) - w->msg + w->rest > w->max ||
	    put_room(b) < w->rest) {
		put_cut(b, before);
		return false;
	}
	w->routes++;
	return true;
}

/* The length of MP_*, known now: two bytes of it become one where that does. */
static void
mp_finish(struct update_writer *w)
{
	struct builder *b = w->b;
	uint8_t *head = b->start + w->mp;
	size_t len = put_len(b) - w->mp - MP_HEAD;
	struct builder at = builder_of(head, MP_HEAD);

	if (len <= UINT8_MAX) {
		memmove(head + MP_HEAD - 1, head + MP_HEAD, len);
		put_cut(b, put_len(b) - 1);
	}
	attr_head_put(
	    &at, ATTR_OPTIONAL, w->reach ? ATTR_MP_REACH : ATTR_MP_UNREACH, len);
}

void
update_end(struct update_writer *w)
{
	struct builder *b = w->b;

	if (w->routes == 0) {
		put_cut(b, w->msg);
		return;
	}
	mp_finish(w);
	if (w->reach)
		attrs_put(b, w->value, &w->ctx);
	put_fill16(b, w->attrs);
	msg_end(b, w->msg);
}

void
update_put_eor(struct builder *b)
{
	size_t msg = msg_begin(b, MSG_UPDATE), attrs;

	put_u16(b, 0);
	attrs = put_mark16(b);
	attr_head_put(b, ATTR_OPTIONAL, ATTR_MP_UNREACH, 3);
	put_u16(b, AFI_L2VPN);
	put_u8(b, SAFI_EVPN);
	put_fill16(b, attrs);
	msg_end(b, msg);
}

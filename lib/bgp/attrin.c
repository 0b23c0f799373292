/*
 * attrin - see attrin.h.
 *
 * One attribute at a time: framed, looked up, checked by its row of the table, read. The
 * verdict of the message is the worst so far, and the error kept is the one that made it so.
 */
#include "bgp/attrin.h"

#include <stdarg.h>
#include <stdio.h>

#include "bgp/aspath.h"

/* The flags that an attribute's definition fixes. */
#define SPECIFIED (ATTR_OPTIONAL | ATTR_TRANSITIVE)

const char *
attr_keep(struct attr_in *in, uint8_t type, uint8_t flags, const struct cursor *c)
{
	size_t mark = put_len(&in->unknown);

	attr_head_put(&in->unknown, flags & (uint8_t)~ATTR_EXTENDED, type, get_left(c));
	put_bytes(&in->unknown, c->p, get_left(c));
	if (in->unknown.full) {
		put_cut(&in->unknown, mark);
		return "too large to keep";
	}
	in->u->draft.v.unknown =
	    (struct blob){ in->unknown.start, (uint16_t)put_len(&in->unknown) };
	return NULL;
}

void
attr_in_init(struct attr_in *in, const struct attr_ctx *ctx, struct update *u)
{
	*in = (struct attr_in){ .ctx = ctx, .u = u };
	in->aspath = builder_of(u->aspath, sizeof(u->aspath));
	in->unknown = builder_of(u->unknown, sizeof(u->unknown));
}

bool
attr_in_seen(const struct attr_in *in, uint8_t type)
{
	return in->seen[type / 8] >> type % 8 & 1;
}

void
update_fault(struct update *u, enum bgp_verdict verdict, uint8_t subcode,
    const void *data, size_t len, const char *fmt, ...)
{
	char text[sizeof(u->err.text)];
	va_list ap;

	if (verdict <= u->verdict)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	u->verdict = verdict;
	bgp_error_set(&u->err, BGP_ERR_UPDATE, subcode, data, len, "%s", text);
}

/* One attribute as it stands in the message. */
struct attr_wire {
	const uint8_t *start;
	size_t len; /* of all */
	uint8_t flags;
	uint8_t type;
	struct cursor value;
};

static void
attr_fault(struct update *u, const struct attr_wire *a, enum bgp_verdict verdict,
    uint8_t subcode, const char *why)
{
	update_fault(u, verdict, subcode, a->start, a->len, "attribute %s (%u): %s",
	    attr_name(a->type), a->type, why);
}

/* RFC 4271, 5; an unknown attribute that is passed on is marked partial. */
static void
unknown_get(struct attr_in *in, const struct attr_wire *a)
{
	const char *why;

	if (!(a->flags & ATTR_OPTIONAL)) {
		attr_fault(in->u, a, BGP_RESET, BGP_UPDATE_WELLKNOWN,
		    "marked well-known, but not known");
		return;
	}
	if (!(a->flags & ATTR_TRANSITIVE))
		return;
	why = attr_keep(
	    in, a->type, ATTR_OPTIONAL | ATTR_TRANSITIVE | ATTR_PARTIAL, &a->value);
	if (why != NULL)
		attr_fault(in->u, a, BGP_DISCARD, BGP_UPDATE_OPTIONAL, why);
	else if (a->flags & ATTR_PARTIAL)
		in->u->draft.v.flags |= ATTRS_PARTIAL;
}

/* Is the length what the row wants? Else a text in BUF. */
static bool
length_check(const struct attr_desc *d, size_t len, char *buf, size_t room)
{
	if (len >= d->min && len <= d->max && len % d->unit == 0)
		return true;
	if (d->min == d->max)
		snprintf(buf, room, "length %zu, expected %u", len, d->min);
	else if (len < d->min)
		snprintf(buf, room, "length %zu, expected %u or more", len, d->min);
	else if (len > d->max)
		snprintf(buf, room, "length %zu, expected %u at most", len, d->max);
	else
		snprintf(buf, room, "length %zu is no multiple of %u", len, d->unit);
	return false;
}

static void
known_get(struct attr_in *in, const struct attr_desc *d, struct attr_wire *a)
{
	const char *why;
	char text[80];

	if (d->ibgp && !in->ctx->ibgp) {
		attr_fault(in->u, a, BGP_DISCARD, BGP_UPDATE_OPTIONAL,
		    "from an external peer");
		return;
	}
	/* RFC 7606, 3.c. The contents still count: routes are to be found in MP_*. */
	if ((a->flags & SPECIFIED) != d->flags) {
		snprintf(text, sizeof(text), "flags 0x%02x, expected 0x%02x",
		    a->flags & SPECIFIED, d->flags);
		attr_fault(in->u, a, BGP_WITHDRAW, BGP_UPDATE_FLAGS, text);
	}
	if (!length_check(d, get_left(&a->value), text, sizeof(text))) {
		attr_fault(in->u, a, d->on_error, BGP_UPDATE_LENGTH, text);
		return;
	}
	why = d->get(in, &a->value);
	if (why != NULL)
		attr_fault(in->u, a, d->on_error, d->subcode, why);
}

/* RFC 7606, 3.g. */
static void
duplicate(struct update *u, const struct attr_wire *a)
{
	bool mp = a->type == ATTR_MP_REACH || a->type == ATTR_MP_UNREACH;

	attr_fault(u, a, mp ? BGP_RESET : BGP_DISCARD, BGP_UPDATE_LIST, "repeated");
}

bool
attr_get(struct attr_in *in, struct cursor *c)
{
	struct attr_wire a = { .start = c->p };
	const struct attr_desc *d;
	size_t left = get_left(c);

	a.flags = get_u8(c);
	a.type = get_u8(c);
	a.value = get_sub(c, a.flags & ATTR_EXTENDED ? get_u16(c) : get_u8(c));
	a.len = (size_t)(c->p - a.start);
	if (a.value.bad) {
		update_fault(in->u, BGP_WITHDRAW, BGP_UPDATE_LIST, a.start, left,
		    "attribute %s (%u): longer than the %zu bytes left",
		    attr_name(a.type), a.type, left);
		return false;
	}
	if (attr_in_seen(in, a.type)) {
		duplicate(in->u, &a);
		return true;
	}
	in->seen[a.type / 8] |= (uint8_t)(1 << a.type % 8);
	d = attr_find(a.type);
	if (d != NULL)
		known_get(in, d, &a);
	else
		unknown_get(in, &a);
	return true;
}

/*
 * RFC 6793, 4.2.3: an AGGREGATOR with a real AS says that somebody who knows only two bytes
 * aggregated after AS4_PATH was made: both AS4 attributes are out of date then.
 */
void
attr_in_finish(struct attr_in *in)
{
	struct attr_value *v = &in->u->draft.v;
	bool stale = in->as4_aggregator && (v->flags & ATTRS_AGGREGATOR) &&
	    v->aggregator_as != AS_TRANS;

	if (in->as4_aggregator && (v->flags & ATTRS_AGGREGATOR) && !stale) {
		v->aggregator_as = in->as4_aggregator_as;
		v->aggregator_id = in->as4_aggregator_id;
	}
	if (in->as4_path.len > 0 && v->aspath.len > 0 && !stale) {
		aspath_merge(&in->aspath, &in->as4_path);
		if (in->aspath.full)
			update_fault(in->u, BGP_WITHDRAW, BGP_UPDATE_AS_PATH, NULL, 0,
			    "attribute AS_PATH (2): too long");
		v->aspath.len = (uint16_t)put_len(&in->aspath);
	}
	attr_draft_scan(&in->u->draft);
}

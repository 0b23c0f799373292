/*
 * vrfpick - which candidates of a prefix are used, and why the others are not.
 *
 * First what stands above all routes: the kernel's own route of the prefix, a host that is
 * here. Then candidates that cannot be used, and those that one of their kind beats: a type
 * 2 route by a later move of the host (RFC 7432, 7.7), any by the MED of its own neighboring
 * AS (RFC 4271, 9.1.2.2, c). What is left goes through steps[]; those equal to the best
 * share the traffic if they are type 5 routes, or type 2 routes of one Ethernet segment,
 * lowest VTEP first, as many as a group of next hops has.
 */
#include "evpn/state.h"

#include <linux/rtnetlink.h>

#define LOCAL_PREF_DEFAULT 100
#define LAST_RESORT 65536 /* metric of a route that is there to be beaten */

/* --- the row --- */

/*
 * The kernel's documentation of VRFs advises an unreachable default route of a very high
 * metric: that one does not stand for a network.
 */
bool
vrfpick_is_last_resort(const struct vrfroute_local *l)
{
	return l->val.flags != RTN_UNICAST && l->metric >= LAST_RESORT;
}

static bool
is_host_prefix(const struct prefix *p)
{
	return p->len == ip_len(&p->ip) * 8;
}

static bool
is_here(struct evi *evi, const struct ip *ip)
{
	for (struct macip *m = macip_by_ip(evi, ip); m != NULL; m = macip_ip_after(m))
		if (m->holder && m->state == MACIP_LOCAL)
			return true;
	return false;
}

/* Why no route of this prefix is used, in words; NULL: one can be. */
static const char *
blocked(const struct vrfroute *r)
{
	struct ipvrf *v = r->vrf;

	if (!v->programmed)
		return v->down != NULL ? v->down : "the IP-VRF is about to change";
	if (r->local != NULL && !vrfpick_is_last_resort(r->local))
		return "the kernel has a route of its own";
	if (!is_host_prefix(&r->prefix))
		return NULL;
	for (struct evi *evi = ipvrf_evi_first(v); evi != NULL;
	     evi = ipvrf_evi_after(evi)) {
		if (is_here(evi, &r->prefix.ip))
			return "the host is here";
		if (gateway_is_addr(evi, &r->prefix.ip))
			return "the address is this host's";
	}
	return NULL;
}

/* --- candidates --- */

static int
cmp_u32(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static uint32_t
local_pref(const struct vrfroute_remote *r)
{
	const struct attr_value *v = &r->attrs->v;

	return v->flags & ATTRS_LOCAL_PREF ? v->local_pref : LOCAL_PREF_DEFAULT;
}

static int
cmp_pref(const struct vrfroute_remote *a, const struct vrfroute_remote *b)
{
	return cmp_u32(local_pref(a), local_pref(b));
}

static int
cmp_self(const struct vrfroute_remote *a, const struct vrfroute_remote *b)
{
	return a->self - b->self;
}

static int
cmp_aspath(const struct vrfroute_remote *a, const struct vrfroute_remote *b)
{
	return b->attrs->v.aspath_len - a->attrs->v.aspath_len;
}

static int
cmp_origin(const struct vrfroute_remote *a, const struct vrfroute_remote *b)
{
	return b->attrs->v.origin - a->attrs->v.origin;
}

/* > 0: A is better. What is equal in all of these is as good. */
static const struct {
	const char *why;
	int (*cmp)(const struct vrfroute_remote *a, const struct vrfroute_remote *b);
} steps[] = {
	{ "another route has a higher local preference", cmp_pref },
	{ "another route is of a VRF here", cmp_self },
	{ "another route has a shorter AS path", cmp_aspath },
	{ "another route has a better origin", cmp_origin },
};

static int
compare(const struct vrfroute_remote *a, const struct vrfroute_remote *b,
    const char **out_why)
{
	int c = 0;

	for (size_t i = 0; c == 0 && i < sizeof(steps) / sizeof(steps[0]); i++) {
		c = steps[i].cmp(a, b);
		*out_why = steps[i].why;
	}
	return c;
}

/* Only to make the order total. */
static int
compare_place(const struct vrfroute_remote *a, const struct vrfroute_remote *b)
{
	int c = ip_cmp(&b->attrs->v.nexthop, &a->attrs->v.nexthop);

	if (c == 0)
		c = b->type - a->type;
	if (c == 0)
		c = rd_cmp(&b->rd, &a->rd);
	if (c == 0)
		c = memcmp(b->etag, a->etag, sizeof(a->etag));
	return c != 0 ? c : mac_cmp(&b->mac, &a->mac);
}

static bool
is_usable(const struct vrfroute_remote *r)
{
	return r->via != NULL || r->self;
}

static uint32_t
sequence(const struct vrfroute_remote *r)
{
	const struct attr_value *v = &r->attrs->v;

	return v->flags & ATTRS_MOBILITY ? v->mm_seq : 0;
}

static const char *
beats(const struct vrfroute_remote *q, const struct vrfroute_remote *r)
{
	const struct attr_value *a = &q->attrs->v, *b = &r->attrs->v;
	const char *why;

	if (q->type == NLRI_MACIP && r->type == NLRI_MACIP) {
		int c = !!(a->flags & ATTRS_STICKY) - !!(b->flags & ATTRS_STICKY);

		if (c > 0)
			return "another route says that the host does not move";
		if (c == 0 && sequence(q) > sequence(r))
			return "another route has a higher sequence number";
	}
	if (a->med < b->med && aspath_first(&a->aspath) == aspath_first(&b->aspath) &&
	    compare(q, r, &why) == 0)
		return "another route has a lower MED";
	return NULL;
}

/* By which rule another candidate of its kind is better; NULL: none is. */
static const char *
beaten(const struct vrfroute_remote *r)
{
	const char *why = NULL;

	for (struct vrfroute_remote *q = r->row->remotes; q != NULL && why == NULL;
	     q = q->next)
		if (q != r && is_usable(q))
			why = beats(q, r);
	return why;
}

static struct vrfroute_remote *
best_of(struct vrfroute *row)
{
	struct vrfroute_remote *best = NULL;
	const char *why;

	for (struct vrfroute_remote *r = row->remotes; r != NULL; r = r->next) {
		int c = 1;

		if (!is_usable(r) || (row->remotes->next != NULL && beaten(r) != NULL))
			continue;
		if (best != NULL)
			c = compare(r, best, &why);
		if (c > 0 || (c == 0 && compare_place(r, best) > 0))
			best = r;
	}
	return best;
}

/* May both be used at the same time? */
static bool
is_shared(const struct vrfroute_remote *a, const struct vrfroute_remote *b)
{
	const struct esi *x = &a->attrs->v.esi, *y = &b->attrs->v.esi;

	if (a->self || b->self || a->type != b->type)
		return false;
	if (a->type == NLRI_PREFIX)
		return true;
	return mac_cmp(&a->mac, &b->mac) == 0 && !esi_is_zero(x) &&
	    memcmp(x, y, sizeof(*x)) == 0;
}

/* --- the pick --- */

/* By VTEP; one with the nexthop object of another is not told apart by the kernel. */
static void
add_via(struct vrfpick *p, struct vrfvia *n)
{
	unsigned at = p->n;

	for (unsigned i = 0; i < p->n; i++)
		if (p->vias[i]->id == n->id)
			return;
	while (at > 0 && ip_cmp(&p->vias[at - 1]->vtep, &n->vtep) > 0)
		at--;
	if (at == VRFROUTE_VIAS)
		return;
	if (p->n < VRFROUTE_VIAS)
		p->n++;
	memmove(&p->vias[at + 1], &p->vias[at], (p->n - at - 1) * sizeof(p->vias[0]));
	p->vias[at] = n;
}

static bool
is_picked(const struct vrfpick *p, const struct vrfroute_remote *r)
{
	for (unsigned i = 0; r->via != NULL && i < p->n; i++)
		if (p->vias[i]->id == r->via->id)
			return true;
	return false;
}

/* As good as the best, and to be used with it. */
static bool
is_equal(const struct vrfroute_remote *r, const struct vrfroute_remote *best)
{
	const char *why;

	if (r == best)
		return true;
	return r->via != NULL && is_shared(r, best) && beaten(r) == NULL &&
	    compare(r, best, &why) == 0;
}

void
vrfpick(struct vrfroute *row, struct vrfpick *out)
{
	struct vrfroute_remote *r, *best = NULL;

	*out = (struct vrfpick){ 0 };
	if (blocked(row) == NULL)
		best = best_of(row);
	if (best != NULL && best->self)
		out->copy = best;
	for (r = row->remotes; best != NULL && r != NULL; r = r->next)
		if (r->via != NULL && is_equal(r, best))
			add_via(out, r->via);
	for (r = row->remotes; r != NULL; r = r->next)
		r->used = best != NULL && is_equal(r, best) &&
		    (r == out->copy || is_picked(out, r));
}

const char *
vrfroute_why_not(struct vrfroute_remote *r)
{
	const struct vrfroute_remote *best;
	const char *why = NULL;

	if (r->used)
		return NULL;
	if ((why = vrfgw_why_not(r)) != NULL || (why = blocked(r->row)) != NULL ||
	    (why = beaten(r)) != NULL)
		return why;
	best = best_of(r->row);
	if (best == NULL || best == r)
		return "it is about to be used";
	if (compare(best, r, &why) != 0)
		return why;
	if (is_shared(best, r))
		return "more next hops are as good than can be used together";
	return "another route has a lower VTEP";
}

/*
 * policy - what of a path goes to which kind of peer, and how it changes on the way.
 *
 * Two questions. May it go (gates, a table: each may refuse)? What does it look like there
 * (one function per kind of peer over a draft)? Next hop, PMSI tunnel, communities and
 * unknown transitive attributes stay as they are, so that a route reflector or a spine is
 * invisible to the VTEPs behind it.
 */
#include "rib/policy.h"

#include <stdlib.h>

#include "base/mem.h"
#include "bgp/extcomm.h"

#define LOCAL_PREF_DEFAULT 100

#define ECOM_NON_TRANSITIVE 0x40 /* RFC 4360, 2: in the type's first octet */

/* RFC 1997. */
static bool
gate_community(const struct policy_out *policy, const struct path *p)
{
	const struct attr_value *v = &p->attrs->v;

	if (v->community.len == 0)
		return true;
	if (community_has(&v->community, COMMUNITY_NO_ADVERTISE))
		return false;
	return policy->ibgp ||
	    (!community_has(&v->community, COMMUNITY_NO_EXPORT) &&
		!community_has(&v->community, COMMUNITY_NO_EXPORT_SUBCONFED));
}

/* RFC 9494, 4.3: only to those who know what it means. */
static bool
gate_llgr(const struct policy_out *policy, const struct path *p)
{
	return policy->llgr || !(p->flags & PATH_LLGR);
}

/* RFC 4271, 9.2.1: nothing from inside to inside, but by reflection (RFC 4456, 6). */
static bool
gate_split_horizon(const struct policy_out *policy, const struct path *p)
{
	return !policy->ibgp || !p->peer->ibgp || p->peer->self || p->peer->rr_client ||
	    policy->rr_client;
}

static bool
gate_peer_as(const struct policy_out *policy, const struct path *p)
{
	return policy->ibgp || policy->as == 0 || policy->allowas_in ||
	    !aspath_contains(&p->attrs->v.aspath, policy->as);
}

static bool (*const gates[])(const struct policy_out *, const struct path *) = {
	gate_community,
	gate_llgr,
	gate_split_horizon,
	gate_peer_as,
};

/* A blob of our own being made: on the stack while small. */
struct scratch {
	uint8_t small[512];
	uint8_t *p;
};

static uint8_t *
scratch_get(struct scratch *s, size_t len)
{
	s->p = len > sizeof(s->small) ? xmalloc(len) : s->small;
	return s->p;
}

static void
scratch_fini(struct scratch *s)
{
	if (s->p != s->small)
		free(s->p);
}

/* RFC 4456, 8: who brought it into our AS, and that it passed here. */
static void
reflect(const struct policy_out *policy, const struct path *p, struct attr_value *v,
    struct scratch *s)
{
	struct builder b;

	if (!(v->flags & ATTRS_ORIGINATOR_ID)) {
		v->flags |= ATTRS_ORIGINATOR_ID;
		v->originator_id = p->peer->router_id;
	}
	b = builder_of(scratch_get(s, v->cluster.len + 4u), v->cluster.len + 4u);
	put_u32(&b, policy->cluster_id);
	put_bytes(&b, v->cluster.p, v->cluster.len);
	v->cluster = (struct blob){ .p = b.start, .len = (uint16_t)put_len(&b) };
}

/* RFC 4360, 6: non-transitive communities stay in the AS. Copies only if there are any. */
static void
strip_ext(struct attr_value *v, struct scratch *s)
{
	struct builder b;
	struct ecom e;
	unsigned i;

	for (i = 0; ecom_get(&v->ext, i, &e); i++) {
		if (e.b[0] & ECOM_NON_TRANSITIVE)
			break;
	}
	if (!ecom_get(&v->ext, i, &e))
		return;
	b = builder_of(scratch_get(s, v->ext.len), v->ext.len);
	for (i = 0; ecom_get(&v->ext, i, &e); i++) {
		if (!(e.b[0] & ECOM_NON_TRANSITIVE))
			put_bytes(&b, e.b, sizeof(e.b));
	}
	v->ext = (struct blob){ .p = b.start, .len = (uint16_t)put_len(&b) };
}

static void
next_hop_self(const struct policy_out *policy, struct attr_value *v)
{
	v->nexthop = policy->local;
	v->nexthop_ll = (struct ip){ 0 };
}

static void
to_ibgp(const struct policy_out *policy, const struct path *p, struct attr_draft *d,
    struct scratch *s)
{
	struct attr_value *v = &d->v;

	if (!(v->flags & ATTRS_LOCAL_PREF)) { /* RFC 4271, 5.1.5 */
		v->flags |= ATTRS_LOCAL_PREF;
		v->local_pref = LOCAL_PREF_DEFAULT;
	}
	if (p->peer->ibgp && !p->peer->self)
		reflect(policy, p, v, s);
	else if (policy->next_hop_self && !p->peer->self)
		next_hop_self(policy, v);
}

static void
to_ebgp(const struct policy_out *policy, const struct path *p, struct attr_draft *d,
    struct scratch *s, struct scratch *ext)
{
	struct attr_value *v = &d->v;
	uint8_t *buf = scratch_get(s, v->aspath.len + 6u);

	v->aspath.len = aspath_prepend(buf, &v->aspath, policy->local_as);
	v->aspath.p = buf;
	v->flags &= ~(ATTRS_LOCAL_PREF | ATTRS_ORIGINATOR_ID);
	v->local_pref = 0;
	v->originator_id = 0;
	v->cluster = (struct blob){ 0 };
	if (!p->peer->self) { /* RFC 4271, 5.1.4: another AS's MED goes no further */
		v->flags &= ~ATTRS_MED;
		v->med = 0;
	}
	if (policy->next_hop_self && !p->peer->self)
		next_hop_self(policy, v);
	strip_ext(v, ext);
}

/* Would to_ibgp() change nothing? True of our own routes made with LOCAL_PREF. */
static bool
unchanged(const struct policy_out *policy, const struct path *p)
{
	return policy->ibgp && p->peer->self && (p->attrs->v.flags & ATTRS_LOCAL_PREF);
}

bool
policy_export(const struct policy_out *policy, struct attr_table *t,
    const struct path *p, struct attrs **out)
{
	struct scratch s = { .p = s.small }, ext = { .p = ext.small };
	struct attr_draft d = { .v = p->attrs->v };
	size_t i;

	for (i = 0; i < sizeof(gates) / sizeof(gates[0]); i++) {
		if (!gates[i](policy, p))
			return false;
	}
	if (unchanged(policy, p)) {
		*out = attrs_ref(p->attrs);
		return true;
	}
	if (policy->ibgp)
		to_ibgp(policy, p, &d, &s);
	else
		to_ebgp(policy, p, &d, &s, &ext);
	attr_draft_scan(&d);
	*out = attrs_intern(t, &d);
	scratch_fini(&s);
	scratch_fini(&ext);
	return true;
}

static unsigned
count_as(const struct blob *aspath, uint32_t as)
{
	struct cursor c = cursor_of(aspath->p, aspath->len);
	unsigned n, found = 0;

	while (get_left(&c) > 0) {
		get_u8(&c);
		for (n = get_u8(&c); n > 0 && !c.bad; n--)
			found += get_u32(&c) == as && !c.bad;
	}
	return found;
}

static bool
in_cluster(const struct blob *cluster, uint32_t id)
{
	struct cursor c = cursor_of(cluster->p, cluster->len);

	while (get_left(&c) >= 4) {
		if (get_u32(&c) == id)
			return true;
	}
	return false;
}

uint8_t
policy_import(const struct attr_value *v, uint32_t local_as, unsigned allowas,
    uint32_t router_id, uint32_t cluster_id)
{
	uint8_t flags = 0;

	if (v->community.len > 0 && community_has(&v->community, COMMUNITY_LLGR_STALE))
		flags |= PATH_LLGR;
	/* RFC 4271, 9.1.2; RFC 4456, 8. */
	if (count_as(&v->aspath, local_as) > allowas ||
	    ((v->flags & ATTRS_ORIGINATOR_ID) && v->originator_id == router_id) ||
	    in_cluster(&v->cluster, cluster_id))
		flags |= PATH_LOOP;
	return flags;
}

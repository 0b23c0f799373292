/*
 * origin - our own routes: local rows -> the queue that evpn_origin() empties.
 *
 * Keeps: one struct origin per route that the RIB has or is about to get. Its owner (a local
 * candidate, an EVI) points to it; a change queues it once; a withdrawn one has no owner and
 * is freed when the RIB was told. The key is kept as announced, so that a changed RD first
 * withdraws the old route.
 *
 * Attributes are the same for all routes of an EVI with the same sequence number and kind:
 * made once (evi->attrs), not once a route. Extended communities in FRR's order:
 * encapsulation, targets of the EVI, then of the IP-VRF, router's MAC, default gateway,
 * mobility, ND.
 *
 * A host with an address that can be routed to is announced for the IP-VRF as well, when its
 * EVI is in a live one: the L3 VNI is the second label (RFC 9135, 6.1).
 */
#include "evpn/state.h"

#include <stdlib.h>

#include "base/mem.h"
#include "bgp/extcomm.h"

enum { /* kinds of own routes, for their attributes */
	ORIGIN_STICKY = 1 << 0,
	ORIGIN_GATEWAY = 1 << 1,
	ORIGIN_ROUTER = 1 << 2,
	ORIGIN_IMET = 1 << 3,
	ORIGIN_L3 = 1 << 4, /* for the IP-VRF, too */
};

/* --- attributes --- */

static void
put_ecom(struct builder *b, struct ecom c)
{
	put_bytes(b, c.b, sizeof(c.b));
}

static bool
has_rt(const struct rt_set *s, const struct ecom *rt)
{
	for (unsigned i = 0; i < s->n; i++)
		if (memcmp(&s->rt[i], rt, sizeof(*rt)) == 0)
			return true;
	return false;
}

/* RFC 6514, 5: of a PIM tree the sender and the group. */
static void
put_pmsi(const struct evi *evi, struct attr_draft *d, uint8_t *id)
{
	size_t n = ip_len(&evi->group);

	d->v.flags |= ATTRS_PMSI;
	d->v.pmsi = (struct pmsi){
		.type = PMSI_INGRESS, .label = evi->vni, .tunnel = evi->local
	};
	if (evi_flooding(evi) != EVI_FLOOD_MULTICAST ||
	    evi->group.family != evi->local.family)
		return;
	d->v.pmsi.type = PMSI_PIM_SM;
	d->v.pmsi.tunnel = evi->group;
	memcpy(id, evi->local.b, n);
	memcpy(id + n, evi->group.b, n);
	d->v.tunnel = (struct blob){ id, (uint16_t)(2 * n) };
}

static struct attrs *
attrs_make(struct evi *evi, const struct ip *nexthop, uint32_t seq, uint8_t flags)
{
	uint8_t id[2 * sizeof(evi->local.b)];
	const struct rt_set *l2 = &evi->imp.export;
	static const struct rt_set none;
	const struct rt_set *l3 = flags & ORIGIN_L3 ? &evi->ipvrf->imp.export : &none;
	struct attr_draft d = { 0 };
	size_t room = ((size_t)l2->n + l3->n + 5) * sizeof(struct ecom);
	uint8_t *buf = xmalloc(room);
	struct builder b = builder_of(buf, room);
	struct attrs *a;

	put_ecom(&b, ecom_encap(ENCAP_VXLAN));
	for (unsigned i = 0; i < l2->n; i++)
		put_ecom(&b, l2->rt[i]);
	for (unsigned i = 0; i < l3->n; i++)
		if (!has_rt(l2, &l3->rt[i]))
			put_ecom(&b, l3->rt[i]);
	if (flags & ORIGIN_L3)
		put_ecom(&b, ecom_rmac(&evi->face.rmac));
	if (flags & ORIGIN_GATEWAY)
		put_ecom(&b, ecom_default_gw());
	if (seq > 0 || (flags & ORIGIN_STICKY))
		put_ecom(&b, ecom_mobility(seq, flags & ORIGIN_STICKY));
	if (flags & ORIGIN_ROUTER)
		put_ecom(&b, ecom_nd(true, false, false));
	d.v.ext = (struct blob){ buf, (uint16_t)put_len(&b) };
	d.v.nexthop = *nexthop;
	if (flags & ORIGIN_IMET)
		put_pmsi(evi, &d, id);
	attr_draft_scan(&d);
	a = attrs_intern(evi->evpn->attrs, &d);
	free(buf);
	return a;
}

/* The EVI keeps the reference. */
static struct attrs *
attrs_of(struct evi *evi, uint32_t seq, uint8_t flags)
{
	struct evi_attrs *s;

	for (unsigned i = 0; i < EVI_ATTRS; i++) {
		s = &evi->attrs[i];
		if (s->attrs != NULL && s->seq == seq && s->flags == flags)
			return s->attrs;
	}
	s = &evi->attrs[evi->attrs_next++ % EVI_ATTRS];
	if (s->attrs != NULL)
		attrs_unref(evi->evpn->attrs, s->attrs);
	*s = (struct evi_attrs){ seq, flags, attrs_make(evi, &evi->local, seq, flags) };
	return s->attrs;
}

struct attrs *
origin_static_attrs(struct evi *evi, const struct ip *vtep)
{
	return attrs_make(evi, vtep, 0, ORIGIN_STICKY);
}

void
origin_forget_attrs(struct evi *evi)
{
	for (unsigned i = 0; i < EVI_ATTRS; i++) {
		if (evi->attrs[i].attrs != NULL)
			attrs_unref(evi->evpn->attrs, evi->attrs[i].attrs);
		evi->attrs[i] = (struct evi_attrs){ 0 };
	}
}

/* --- the queue --- */

static void
queue(struct evpn *e, struct origin *o)
{
	if (o->queued)
		return;
	o->queued = true;
	TAILQ_INSERT_TAIL(&e->origins, o, link);
}

static void
origin_free(struct evpn *e, struct origin *o)
{
	if (o->queued)
		TAILQ_REMOVE(&e->origins, o, link);
	if (o->attrs != NULL)
		attrs_unref(e->attrs, o->attrs);
	e->norigins--;
	free(o);
}

void
origin_gone(struct evpn *e, struct origin **slot)
{
	struct origin *o = *slot;

	*slot = NULL;
	if (o == NULL)
		return;
	if (!o->told) {
		origin_free(e, o);
		return;
	}
	if (o->attrs != NULL)
		attrs_unref(e->attrs, o->attrs);
	o->attrs = NULL;
	queue(e, o);
}

static void
announce(struct evpn *e, struct origin **slot, const struct nlri *key, struct attrs *a,
    const struct nlri_info *info)
{
	struct origin *o;

	if (*slot != NULL && nlri_cmp(&(*slot)->key, key) != 0)
		origin_gone(e, slot);
	o = *slot;
	if (o != NULL && o->attrs == a && o->labels == info->labels &&
	    memcmp(o->label, info->label, sizeof(o->label)) == 0)
		return;
	if (o == NULL) {
		o = xcalloc(1, sizeof(*o));
		o->key = *key;
		e->norigins++;
		*slot = o;
	} else {
		attrs_unref(e->attrs, o->attrs);
	}
	o->attrs = attrs_ref(a);
	memcpy(o->label, info->label, sizeof(o->label));
	o->labels = info->labels;
	queue(e, o);
}

void
origin_announce(struct evpn *e, struct origin **slot, const struct nlri *key,
    struct attrs *a, uint32_t label, uint8_t labels)
{
	struct nlri_info info = { .label = { label }, .labels = labels };

	announce(e, slot, key, a, &info);
}

bool
evpn_origin(struct evpn *e, struct evpn_origin *out)
{
	struct origin *o = TAILQ_FIRST(&e->origins);

	if (o == NULL)
		return false;
	TAILQ_REMOVE(&e->origins, o, link);
	o->queued = false;
	*out = (struct evpn_origin){ .key = o->key };
	memcpy(out->info.label, o->label, sizeof(o->label));
	out->info.labels = o->labels;
	if (o->attrs == NULL) {
		origin_free(e, o);
		return true;
	}
	out->attrs = attrs_ref(o->attrs);
	o->told = true;
	return true;
}

/* --- what is announced --- */

/* Has this row a route? The SVI's own MAC has none without an address, as with FRR. */
static bool
is_announced(const struct macip *m)
{
	uint8_t from;

	if (!m->evi->live || m->state != MACIP_LOCAL || m->local == NULL)
		return false;
	from = m->local->from;
	if (ip_is_set(&m->ip))
		return m->holder;
	return from == 0 || (from & ~(LOCAL_SVI | LOCAL_GATEWAY));
}

static bool
is_routed(const struct macip *m)
{
	return m->evi->face.l3vni != 0 && m->evi->ipvrf != NULL && ip_is_set(&m->ip) &&
	    !ip_is_linklocal(&m->ip);
}

static void
announce_local(struct macip *m)
{
	struct evi *evi = m->evi;
	struct macip *own = macip_own(m);
	struct nlri key = { .type = NLRI_MACIP };
	struct nlri_info info = { .label = { evi->vni }, .labels = 1 };
	uint8_t flags = 0;

	if (m->local == NULL)
		return;
	if (!is_announced(m) || own->local == NULL) {
		origin_gone(evi->evpn, &m->local->adv);
		m->local->advertised = false;
		return;
	}
	key.rd = evi->rd;
	key.mac = m->mac;
	key.ip = m->ip;
	if (own->local->from & LOCAL_STICKY)
		flags |= ORIGIN_STICKY;
	if (ip_is_set(&m->ip) && (m->local->from & LOCAL_GATEWAY))
		flags |= ORIGIN_GATEWAY;
	if (ip_is_set(&m->ip) && m->local->router && m->ip.family == 6)
		flags |= ORIGIN_ROUTER;
	if (is_routed(m)) {
		flags |= ORIGIN_L3;
		info.label[info.labels++] = evi->face.l3vni;
	}
	announce(evi->evpn, &m->local->adv, &key, attrs_of(evi, own->local_seq, flags),
	    &info);
	m->local->advertised = true;
}

/* What goes before what comes: both may have the same key. */
void
origin_macip(struct macip *m)
{
	bool configured = static_is_told(m);

	if (!configured && m->evi->nstatics > 0)
		static_origin(m);
	announce_local(m);
	if (configured)
		static_origin(m);
}

void
origin_imet(struct evi *evi)
{
	struct nlri key = { .type = NLRI_IMET };
	enum evi_flood f = evi_flooding(evi);

	if (!evi->live || f == EVI_FLOOD_DISABLE) {
		origin_gone(evi->evpn, &evi->imet);
		evi->advertised = false;
		return;
	}
	key.rd = evi->rd;
	key.ip = evi->local;
	origin_announce(
	    evi->evpn, &evi->imet, &key, attrs_of(evi, 0, ORIGIN_IMET), 0, 0);
	evi->advertised = true;
}

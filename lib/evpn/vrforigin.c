/*
 * vrforigin - our own type 5 routes (RFC 9136, 4.4.1: interface-less).
 *
 * A prefix is announced because the kernel's table has it and "redistribute" names its
 * source, because "network" names it (and the table has it, unless the check is off), or as
 * the default route of default-originate; only where the family is advertised. Routes of
 * ours are no local candidates of a row, so what came from elsewhere never goes out again.
 *
 * Attributes are made once per VRF and kind.
 */
#include "evpn/state.h"

#include <stdlib.h>

#include <linux/rtnetlink.h>

#include "base/mem.h"
#include "bgp/extcomm.h"

#define ORIGIN_IGP 0
#define ORIGIN_INCOMPLETE 2

static void
put_ecom(struct builder *b, struct ecom c)
{
	put_bytes(b, c.b, sizeof(c.b));
}

static struct attrs *
attrs_make(const struct ipvrf *v, unsigned kind)
{
	const struct rt_set *rts = &v->imp.export;
	struct attr_draft d = { 0 };
	size_t room = ((size_t)rts->n + 2) * sizeof(struct ecom);
	uint8_t *buf = xmalloc(room);
	struct builder b = builder_of(buf, room);
	struct attrs *a;

	put_ecom(&b, ecom_encap(ENCAP_VXLAN));
	for (unsigned i = 0; i < rts->n; i++)
		put_ecom(&b, rts->rt[i]);
	put_ecom(&b, ecom_rmac(&v->rmac));
	d.v.ext = (struct blob){ buf, (uint16_t)put_len(&b) };
	d.v.nexthop = v->local;
	d.v.origin = kind == IPVRF_NETWORK ? ORIGIN_IGP : ORIGIN_INCOMPLETE;
	d.v.flags = ATTRS_MED;
	attr_draft_scan(&d);
	a = attrs_intern(v->evpn->attrs, &d);
	free(buf);
	return a;
}

/* The VRF keeps the reference. */
static struct attrs *
attrs_of(struct ipvrf *v, unsigned kind)
{
	if (v->attrs[kind] == NULL)
		v->attrs[kind] = attrs_make(v, kind);
	return v->attrs[kind];
}

void
vrforigin_forget_attrs(struct ipvrf *v)
{
	for (unsigned i = 0; i < IPVRF_ORIGINS; i++) {
		if (v->attrs[i] != NULL)
			attrs_unref(v->evpn->attrs, v->attrs[i]);
		v->attrs[i] = NULL;
	}
}

/* --- what is announced --- */

/* The connected network that an address of ours is part of; NULL: it has none. */
static const struct vrfroute *
network_of(const struct vrfroute *r)
{
	struct prefix p = r->prefix;

	while (p.len-- > 0) {
		const struct vrfroute *n;

		prefix_mask(&p);
		n = vrfroute_find(r->vrf, &p);
		if (n != NULL && n->local != NULL &&
		    n->local->val.port == r->local->val.port &&
		    kval_route_source(&n->local->val) == KROUTE_CONNECTED)
			return n;
	}
	return NULL;
}

static bool
is_redistributed(const struct vrfroute *r, uint8_t sources)
{
	static const struct {
		enum kroute_source source;
		uint8_t bit;
	} bits[] = {
		{ KROUTE_CONNECTED, IPVRF_CONNECTED },
		{ KROUTE_STATIC, IPVRF_STATIC },
		{ KROUTE_KERNEL, IPVRF_KERNEL },
	};
	const struct kval *val = &r->local->val;
	enum kroute_source source = kval_route_source(val);

	if (val->flags == RTN_LOCAL &&
	    (source != KROUTE_CONNECTED || network_of(r) != NULL))
		return false;
	/*
	 * A route to nowhere stands for a network only if an administrator made it, and not
	 * to be beaten by any other.
	 */
	if (val->flags >= RTN_BLACKHOLE &&
	    ((source != KROUTE_STATIC && val->proto != RTPROT_BOOT) ||
		vrfpick_is_last_resort(r->local)))
		return false;
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (bits[i].source == source)
			return sources & bits[i].bit;
	return false;
}

static bool
is_announceable(const struct prefix *p)
{
	return !ip_is_linklocal(&p->ip) && !ip_is_multicast(&p->ip) &&
	    !ip_is_loopback(&p->ip);
}

/* The kind of our route of this prefix; IPVRF_ORIGINS: there is none. */
static unsigned
kind_of(const struct vrfroute *r)
{
	const struct ipvrf *v = r->vrf;
	unsigned family = r->prefix.ip.family == 6 ? IPVRF_V6 : IPVRF_V4;

	if (!v->live || !v->conf.advertise[family] || !is_announceable(&r->prefix))
		return IPVRF_ORIGINS;
	if (r->originate)
		return IPVRF_NETWORK;
	if (r->network && (r->local != NULL || v->conf.no_import_check))
		return IPVRF_NETWORK;
	if (r->local != NULL && is_redistributed(r, v->conf.redistribute[family]))
		return IPVRF_REDISTRIBUTED;
	return IPVRF_ORIGINS;
}

void
vrforigin_route(struct vrfroute *r)
{
	struct ipvrf *v = r->vrf;
	unsigned kind = kind_of(r);
	struct nlri key = { .type = NLRI_PREFIX };

	if (kind == IPVRF_ORIGINS) {
		origin_gone(v->evpn, &r->adv);
		return;
	}
	key.rd = v->rd;
	key.ip = r->prefix.ip;
	key.plen = r->prefix.len;
	origin_announce(v->evpn, &r->adv, &key, attrs_of(v, kind), v->vni, 1);
}

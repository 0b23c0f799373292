/*
 * vrfgw - what the next hop of a candidate is (RFC 9135, 9.1.1; RFC 9136, 4.4).
 *
 *   its label        over the IP-VRF here that has this L3 VNI, to its VTEP and router MAC;
 *                    also into another VRF's table (leaking)
 *   gateway address  through an EVI of the VRF that knows the address; else as the VRF's host
 *                    route of it goes (a type 2 route, so that nothing can go in circles)
 *   router MAC only  through the EVI of the VRF where that MAC is elsewhere (unnumbered);
 *                    a default route otherwise over the VRF's own L3 VNI
 *   of this host     the kernel's route of the VRF that announced it is copied
 *
 * Keeps: per gateway address, or MAC, the candidates that depend on it. Always: a candidate
 * that cannot be used names no next hop; why not is said in words, each time it is asked.
 */
#include "evpn/state.h"

#include <stdlib.h>

#include "base/mem.h"

struct target {
	struct ipvrf *vrf;
	struct ip hop;
	struct mac rmac;
	struct evi *evi;
	struct vrfvia *as; /* another route's next hop; then nothing else counts */
};

static int
vrfgw_cmp(const struct vrfgw *a, const struct vrfgw *b)
{
	int c = ip_cmp(&a->ip, &b->ip);

	return c != 0 ? c : mac_cmp(&a->mac, &b->mac);
}

RB_PROTOTYPE(vrfgw_tree, vrfgw, link, vrfgw_cmp)
RB_GENERATE(vrfgw_tree, vrfgw, link, vrfgw_cmp)

/* --- what depends on an address --- */

static uint32_t
label_of(const struct vrfroute_remote *r)
{
	unsigned at = r->type == NLRI_MACIP ? 1 : 0;

	return r->labels > at ? r->label[at] : 0;
}

static bool
has_gateway(const struct vrfroute_remote *r)
{
	const struct ip *gw = &r->attrs->v.gateway;

	return r->type == NLRI_PREFIX && ip_is_set(gw) && !ip_is_any(gw);
}

static bool
is_unnumbered(const struct vrfroute_remote *r)
{
	return r->type == NLRI_PREFIX && !has_gateway(r) && label_of(r) == 0;
}

void
vrfgw_file(struct vrfroute_remote *r)
{
	struct ipvrf *v = r->row->vrf;
	struct vrfgw k = { 0 };

	if (has_gateway(r))
		k.ip = r->attrs->v.gateway;
	else if (is_unnumbered(r) && !r->self)
		k.mac = r->attrs->v.rmac;
	else
		return;
	r->gw = RB_FIND(vrfgw_tree, &v->gws, &k);
	if (r->gw == NULL) {
		r->gw = xcalloc(1, sizeof(*r->gw));
		r->gw->ip = k.ip;
		r->gw->mac = k.mac;
		RB_INSERT(vrfgw_tree, &v->gws, r->gw);
	}
	LIST_INSERT_HEAD(&r->gw->routes, r, gw_link);
}

void
vrfgw_unfile(struct vrfroute_remote *r)
{
	struct vrfgw *gw = r->gw;

	if (gw == NULL)
		return;
	LIST_REMOVE(r, gw_link);
	r->gw = NULL;
	if (!LIST_EMPTY(&gw->routes))
		return;
	RB_REMOVE(vrfgw_tree, &r->row->vrf->gws, gw);
	free(gw);
}

void
vrfgw_changed(struct ipvrf *v, const struct ip *ip, const struct mac *mac)
{
	struct vrfgw k = { 0 }, *gw;
	struct vrfroute_remote *r;

	if (ip != NULL)
		k.ip = *ip;
	if (mac != NULL)
		k.mac = *mac;
	gw = RB_FIND(vrfgw_tree, &v->gws, &k);
	if (gw == NULL)
		return;
	LIST_FOREACH (r, &gw->routes, gw_link)
		vrfroute_changed(r->row);
}

/* --- of this host --- */

struct vrfroute *
vrfgw_source(const struct vrfroute_remote *r)
{
	struct ipvrf *own = r->row->vrf;

	for (struct ipvrf *v = ipvrf_first(own->evpn); v != NULL; v = ipvrf_after(v))
		if (v != own && rd_cmp(&v->rd, &r->rd) == 0)
			return vrfroute_find(v, &r->row->prefix);
	return NULL;
}

static const char *
self_why_not(const struct vrfroute_remote *r)
{
	struct vrfroute *from = vrfgw_source(r);

	if (from == NULL || from->local == NULL)
		return "the VRF here that announced it has no such route itself";
	if (from->local->val.state & KROUTE_MULTI)
		return "the kernel's route has several next hops, which are not copied";
	return NULL;
}

/* --- to find the next hop --- */

/* Where the VRF has a host of that address, here or elsewhere. */
static struct evi *
evi_with_ip(struct ipvrf *v, const struct ip *ip)
{
	for (struct evi *evi = ipvrf_evi_first(v); evi != NULL;
	     evi = ipvrf_evi_after(evi)) {
		struct macip *m = macip_by_ip(evi, ip);

		while (m != NULL && !m->holder)
			m = macip_ip_after(m);
		if (m != NULL && evi->programmed && evi->on.svi != 0)
			return evi;
	}
	return NULL;
}

static struct evi *
evi_with_mac(struct ipvrf *v, const struct mac *mac)
{
	for (struct evi *evi = ipvrf_evi_first(v); evi != NULL;
	     evi = ipvrf_evi_after(evi)) {
		struct macip *m = macip_find(evi, mac, NULL);

		if (m != NULL && m->state == MACIP_REMOTE && evi->programmed &&
		    evi->on.svi != 0)
			return evi;
	}
	return NULL;
}

/* Goes to the gateway as a host route of the VRF does. */
static struct vrfvia *
as_host_route(const struct vrfroute_remote *r, const struct ip *gw)
{
	struct prefix p = { .ip = *gw, .len = (uint8_t)(ip_len(gw) * 8) };
	struct vrfroute *row = vrfroute_find(r->row->vrf, &p);

	if (row == NULL || row == r->row || row->nvias == 0)
		return NULL;
	for (struct vrfroute_remote *c = row->remotes; c != NULL; c = c->next)
		if (c->used && c->type == NLRI_MACIP && c->via != NULL)
			return c->via;
	return NULL;
}

static const char *
to_gateway(const struct vrfroute_remote *r, struct target *out)
{
	const struct ip *gw = &r->attrs->v.gateway;

	if (gw->family != r->row->prefix.ip.family)
		return "its gateway is of another address family";
	out->vrf = r->row->vrf;
	out->hop = *gw;
	out->evi = evi_with_ip(out->vrf, gw);
	if (out->evi != NULL)
		return NULL;
	out->as = as_host_route(r, gw);
	return out->as != NULL ? NULL : "its gateway is no host that the VRF knows";
}

/* Over the IP-VRF here that has this L3 VNI. */
static const char *
to_vtep(const struct vrfroute_remote *r, uint32_t l3vni, struct target *out)
{
	const struct attr_value *a = &r->attrs->v;
	struct ipvrf *v = r->row->vrf;

	if (!(a->flags & ATTRS_RMAC))
		return "it has no router's MAC";
	if (v->vni != l3vni)
		v = ipvrf_by_vni(v->evpn, l3vni);
	if (v == NULL)
		return "its label is the L3 VNI of no IP-VRF here";
	if (!v->programmed || v->on.svi == 0)
		return "the IP-VRF of its label is down";
	if (mac_cmp(&a->rmac, &v->rmac) == 0)
		return "its router's MAC is our own";
	out->vrf = v;
	out->hop = a->nexthop;
	out->rmac = a->rmac;
	return NULL;
}

/*
 * FRR 8.4.4 sends its default-originate route without a label, and means the L3 VNI of
 * whoever imports it: so is a default route taken whose MAC no EVI knows.
 */
static const char *
to_mac(const struct vrfroute_remote *r, struct target *out)
{
	const struct attr_value *a = &r->attrs->v;
	struct ipvrf *v = r->row->vrf;

	if (!(a->flags & ATTRS_RMAC))
		return "it has neither label, gateway nor router's MAC";
	out->evi = evi_with_mac(v, &a->rmac);
	if (out->evi == NULL && r->row->prefix.len == 0)
		return to_vtep(r, v->vni, out);
	if (out->evi == NULL)
		return "its router's MAC is in no VNI of the VRF";
	out->vrf = v;
	out->hop = a->nexthop;
	out->rmac = a->rmac;
	return NULL;
}

static const char *
target_of(const struct vrfroute_remote *r, struct target *out)
{
	const struct attr_value *a = &r->attrs->v;
	const struct ip *local = &r->row->vrf->local;

	*out = (struct target){ 0 };
	if (r->self)
		return self_why_not(r);
	if (evpn_is_own_ip(r->row->vrf->evpn, &a->nexthop) ||
	    ip_cmp(&a->nexthop, local) == 0)
		return "its next hop is this host";
	if (ip_is_set(local) && a->nexthop.family != local->family)
		return "its next hop is of another address family than our VTEP";
	if (has_gateway(r))
		return to_gateway(r, out);
	if (r->type == NLRI_PREFIX && !esi_is_zero(&a->esi))
		return "its overlay index is an Ethernet segment";
	return is_unnumbered(r) ? to_mac(r, out) : to_vtep(r, label_of(r), out);
}

const char *
vrfgw_why_not(struct vrfroute_remote *r)
{
	struct target t;

	return target_of(r, &t);
}

/* Routes of which another IP-VRF's life is to be followed are counted. */
static void
set_foreign(struct vrfroute_remote *r, bool on)
{
	if (r->foreign != on)
		r->row->vrf->nforeign += on ? 1 : (uint32_t)-1;
	r->foreign = on;
}

void
vrfgw_release(struct vrfroute_remote *r, uint64_t now)
{
	struct vrfvia *old = r->via;

	r->via = NULL;
	if (old != NULL)
		vrfvia_put(old, now);
	set_foreign(r, false);
}

/* Is that its next hop already? */
static bool
is_via(const struct vrfvia *n, const struct target *t, bool v6)
{
	if (n == NULL || t->as != NULL)
		return n != NULL && n == t->as;
	return n->vrf == t->vrf && n->evi == t->evi && ip_cmp(&n->vtep, &t->hop) == 0 &&
	    mac_cmp(&n->rmac, &t->rmac) == 0 &&
	    n->family == (v6 || t->hop.family == 6 ? IPVRF_V6 : IPVRF_V4);
}

static void
set_via(struct vrfroute_remote *r, const struct target *t, uint64_t now)
{
	bool v6 = r->row->prefix.ip.family == 6;
	struct vrfvia *old = r->via;

	if (is_via(old, t, v6)) {
		vrfvia_check(old, now);
		return;
	}
	if (t->as != NULL)
		r->via = vrfvia_ref(t->as, now);
	else
		r->via = vrfvia_get(t->vrf, &t->hop, &t->rmac, t->evi, v6, now);
	if (old != NULL)
		vrfvia_put(old, now);
}

const char *
vrfgw_resolve(struct vrfroute_remote *r, uint64_t now)
{
	struct target t;
	const char *why = target_of(r, &t);
	uint32_t label = label_of(r);

	if (why == NULL && !r->self)
		set_via(r, &t, now);
	else
		vrfgw_release(r, now);
	set_foreign(
	    r, r->self || (label != 0 && !has_gateway(r) && label != r->row->vrf->vni));
	return why;
}

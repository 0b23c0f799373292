/*
 * vrfroute - rows of IP-VRFs: prefixes, who has them, and what is done about it.
 *
 * Keeps: per IP-VRF one row per prefix that a route was imported for (a candidate per RD,
 * tag, type and MAC), that the kernel's table has of others', or that the configuration
 * announces. A change queues the row; vrfroute_decide() finds each candidate's next hop
 * (vrfgw.c), picks (vrfpick.c), and carries on: next hops in force (vrfvia.c), the kernel's
 * route (vrfproject.c), our own route (vrforigin.c), and rows that depend on this one.
 *
 * Always: a row with nothing left is freed by the decision that follows. A row that others
 * depend on (as gateway's host route, as source of a copy) queues these when it changes.
 */
#include "evpn/state.h"

#include <stdlib.h>

#include <linux/rtnetlink.h>

#include "base/mem.h"

static int
vrfroute_cmp(const struct vrfroute *a, const struct vrfroute *b)
{
	return memcmp(&a->prefix, &b->prefix, sizeof(a->prefix));
}

RB_GENERATE(vrfroute_tree, vrfroute, link, vrfroute_cmp)

/* --- rows --- */

struct vrfroute *
vrfroute_find(struct ipvrf *v, const struct prefix *p)
{
	struct vrfroute k;

	k.prefix = *p;
	return RB_FIND(vrfroute_tree, &v->routes, &k);
}

struct vrfroute *
vrfroute_from(struct ipvrf *v, const struct prefix *p)
{
	struct vrfroute k;

	k.prefix = *p;
	return RB_NFIND(vrfroute_tree, &v->routes, &k);
}

struct vrfroute *
vrfroute_after(struct vrfroute *r)
{
	return RB_NEXT(vrfroute_tree, NULL, r);
}

static struct vrfroute *
row_get(struct ipvrf *v, const struct prefix *p)
{
	struct vrfroute *r = vrfroute_find(v, p);

	if (r != NULL)
		return r;
	r = xcalloc(1, sizeof(*r));
	r->vrf = v;
	r->prefix = *p;
	RB_INSERT(vrfroute_tree, &v->routes, r);
	v->nroutes++;
	v->evpn->nvrfroutes++;
	return r;
}

static void
row_free(struct vrfroute *r)
{
	struct ipvrf *v = r->vrf;

	if (r->changed)
		TAILQ_REMOVE(&v->evpn->vrfroutes, r, changed_link);
	RB_REMOVE(vrfroute_tree, &v->routes, r);
	v->nroutes--;
	v->evpn->nvrfroutes--;
	free(r);
}

static void
reap(struct vrfroute *r)
{
	if (r->remotes == NULL && r->local == NULL && r->adv == NULL && !r->network &&
	    !r->originate && r->nvias == 0 && r->copy == NULL)
		row_free(r);
}

void
vrfroute_changed(struct vrfroute *r)
{
	if (r->changed)
		return;
	r->changed = true;
	TAILQ_INSERT_TAIL(&r->vrf->evpn->vrfroutes, r, changed_link);
}

/* --- remote candidates --- */

const char *
vrfroute_why_not_at_all(
    const struct ipvrf *v, const struct nlri *key, const struct evpn_path *p)
{
	const struct attr_value *a = &p->attrs->v;

	if (key->opaque || (key->type != NLRI_PREFIX && key->type != NLRI_MACIP))
		return "routes of this type are not for an IP-VRF";
	if (p->self && (key->type != NLRI_PREFIX || rd_cmp(&key->rd, &v->rd) == 0))
		return "it is our own route";
	if (key->type == NLRI_PREFIX)
		return NULL;
	if (!ip_is_set(&key->ip) || ip_is_linklocal(&key->ip))
		return "it has no address to be routed to";
	if (p->labels < 2)
		return "it has no L3 VNI";
	if (!(a->flags & ATTRS_RMAC))
		return "it has no router's MAC";
	/* As of the last refresh: its changes are followed by a reimport. */
	if (v->face.prefix_routes_only)
		return "the VRF takes prefix routes only";
	return NULL;
}

static struct prefix
prefix_of(const struct nlri *key)
{
	struct prefix p = { .ip = key->ip, .len = key->plen };

	if (key->type == NLRI_MACIP)
		p.len = (uint8_t)(ip_len(&key->ip) * 8);
	return p;
}

static struct vrfroute_remote **
remote_slot(struct vrfroute *row, const struct nlri *key)
{
	struct vrfroute_remote **slot = &row->remotes;

	while (*slot != NULL &&
	    (rd_cmp(&(*slot)->rd, &key->rd) != 0 || (*slot)->type != key->type ||
		memcmp((*slot)->etag, key->etag, sizeof(key->etag)) != 0 ||
		mac_cmp(&(*slot)->mac, &key->mac) != 0))
		slot = &(*slot)->next;
	return slot;
}

/* Sets what P says; false: as it was. */
static bool
remote_set(struct vrfroute_remote *r, const struct evpn_path *p)
{
	struct ipvrf *v = r->row->vrf;
	struct attrs *old = r->attrs;
	bool same = old == p->attrs && r->labels == p->labels && r->self == p->self;

	r->gen = v->imp.gen;
	r->peer = p->peer;
	for (unsigned i = 0; i < p->labels && i < 2; i++)
		same = same && r->label[i] == p->label[i];
	if (same)
		return false;
	vrfgw_unfile(r);
	r->labels = p->labels;
	for (unsigned i = 0; i < 2; i++)
		r->label[i] = i < p->labels ? p->label[i] : 0;
	r->self = p->self;
	r->attrs = attrs_ref(p->attrs);
	if (old != NULL)
		attrs_unref(v->evpn->attrs, old);
	vrfgw_file(r);
	return true;
}

static struct vrfroute_remote *
remote_new(struct vrfroute *row, const struct nlri *key, uint64_t now)
{
	struct vrfroute_remote *r = xcalloc(1, sizeof(*r));

	r->row = row;
	r->rd = key->rd;
	r->type = key->type;
	r->mac = key->mac;
	memcpy(r->etag, key->etag, sizeof(r->etag));
	r->since_s = now_s(now);
	row->vrf->evpn->nvrfremotes++;
	return r;
}

static void
remote_drop(struct vrfroute_remote **slot, uint64_t now)
{
	struct vrfroute_remote *r = *slot;
	struct evpn *e = r->row->vrf->evpn;

	*slot = r->next;
	vrfgw_unfile(r);
	vrfgw_release(r, now);
	vrfroute_changed(r->row);
	attrs_unref(e->attrs, r->attrs);
	e->nvrfremotes--;
	free(r);
}

void
vrfroute_import(
    struct ipvrf *v, const struct nlri *key, const struct evpn_path *p, uint64_t now)
{
	struct prefix to = prefix_of(key);
	struct vrfroute_remote **slot;
	struct vrfroute *row;

	if (p != NULL && vrfroute_why_not_at_all(v, key, p) != NULL)
		p = NULL;
	row = p != NULL ? row_get(v, &to) : vrfroute_find(v, &to);
	if (row == NULL)
		return;
	slot = remote_slot(row, key);
	if (p == NULL) {
		if (*slot != NULL)
			remote_drop(slot, now);
		return;
	}
	if (*slot == NULL)
		*slot = remote_new(row, key, now);
	if (remote_set(*slot, p))
		vrfroute_changed(row);
}

/* --- what the kernel has --- */

/* Rows of other VRFs that may copy this one. */
static void
copies_changed(struct vrfroute *r)
{
	struct ipvrf *own = r->vrf;

	for (struct ipvrf *v = ipvrf_first(own->evpn); v != NULL; v = ipvrf_after(v)) {
		struct vrfroute *copy = NULL;

		if (v != own && v->nforeign > 0)
			copy = vrfroute_find(v, &r->prefix);
		if (copy != NULL && copy->remotes != NULL)
			vrfroute_changed(copy);
	}
}

/* Addresses of ours in a connected network are announced with it, or else by themselves. */
static void
addresses_changed(const struct vrfroute *net)
{
	struct vrfroute *r = vrfroute_after((struct vrfroute *)(uintptr_t)net);

	for (; r != NULL && prefix_contains(&net->prefix, &r->prefix.ip);
	     r = vrfroute_after(r))
		if (r->local != NULL && r->local->val.flags == RTN_LOCAL)
			vrfroute_changed(r);
}

static void
local_drop(struct vrfroute_local **slot)
{
	struct vrfroute_local *l = *slot;

	*slot = l->next;
	free(l);
}

static struct vrfroute_local *
local_get(struct vrfroute *row, uint32_t metric)
{
	struct vrfroute_local **slot = &row->local, *l;

	while (*slot != NULL && (*slot)->metric < metric)
		slot = &(*slot)->next;
	if (*slot != NULL && (*slot)->metric == metric)
		return *slot;
	l = xcalloc(1, sizeof(*l));
	l->metric = metric;
	l->next = *slot;
	return *slot = l;
}

void
vrfroute_heard(struct ipvrf *v, const struct krow *r, uint64_t now)
{
	struct prefix to = kkey_prefix(KROW_KEY(r));
	struct vrfroute *row;
	struct vrfroute_local *l;
	bool connected = kval_route_source(KROW_HAVE(r)) == KROUTE_CONNECTED;

	(void)now;
	if (krow_is_local(r)) {
		row = row_get(v, &to);
		l = local_get(row, KROW_KEY(r)->id);
		l->gen = v->scan_gen;
		if (memcmp(&l->val, KROW_HAVE(r), sizeof(l->val)) == 0)
			return;
		l->val = krow_have(r);
	} else {
		struct vrfroute_local **slot;

		row = vrfroute_find(v, &to);
		if (row == NULL)
			return;
		for (slot = &row->local; *slot != NULL; slot = &(*slot)->next)
			if ((*slot)->metric == KROW_KEY(r)->id)
				break;
		if (*slot == NULL)
			return;
		connected = kval_route_source(&(*slot)->val) == KROUTE_CONNECTED;
		local_drop(slot);
	}
	vrfroute_changed(row);
	copies_changed(row);
	if (connected && to.ip.family == 4)
		addresses_changed(row);
}

/* --- what else rows depend on --- */

void
vrfroute_host(struct ipvrf *v, const struct ip *ip)
{
	struct prefix p = { .ip = *ip, .len = (uint8_t)(ip_len(ip) * 8) };
	struct vrfroute *row = vrfroute_find(v, &p);

	if (row != NULL)
		vrfroute_changed(row);
	vrfgw_changed(v, ip, NULL);
}

void
vrfroute_mac(struct ipvrf *v, const struct mac *mac)
{
	vrfgw_changed(v, NULL, mac);
}

void
vrfroute_others(struct ipvrf *own)
{
	for (struct ipvrf *v = ipvrf_first(own->evpn); v != NULL; v = ipvrf_after(v))
		if (v != own && v->nforeign > 0)
			ipvrf_walk(v);
}

static bool
is_in(const struct prefix *list, unsigned n, const struct prefix *p)
{
	for (unsigned i = 0; i < n; i++)
		if (memcmp(&list[i], p, sizeof(*p)) == 0)
			return true;
	return false;
}

static void
set_originate(struct ipvrf *v, unsigned family, bool on)
{
	struct prefix any = { .ip.family = family == IPVRF_V6 ? 6 : 4 };
	struct vrfroute *row = on ? row_get(v, &any) : vrfroute_find(v, &any);

	if (row == NULL || row->originate == on)
		return;
	row->originate = on;
	vrfroute_changed(row);
}

static void
set_network(struct ipvrf *v, const struct prefix *p, bool on)
{
	struct vrfroute *row = on ? row_get(v, p) : vrfroute_find(v, p);

	if (row == NULL || row->network == on)
		return;
	row->network = on;
	vrfroute_changed(row);
}

void
vrfroute_conf(struct ipvrf *v, uint64_t now)
{
	const struct ipvrf_conf *c = &v->conf;

	(void)now;
	for (unsigned i = 0; i < v->nnetworks; i++)
		if (!is_in(c->networks, c->nnetworks, &v->networks[i]))
			set_network(v, &v->networks[i], false);
	free(v->networks);
	v->networks = NULL;
	v->nnetworks = c->nnetworks;
	if (c->nnetworks > 0) {
		v->networks = xcalloc(c->nnetworks, sizeof(*v->networks));
		memcpy(v->networks, c->networks, c->nnetworks * sizeof(*v->networks));
	}
	for (unsigned i = 0; i < v->nnetworks; i++)
		set_network(v, &v->networks[i], true);
	for (unsigned family = 0; family < IPVRF_FAMILIES; family++)
		set_originate(v, family, c->originate[family]);
}

/* --- the decision, carried on --- */

/* The route of another VRF here that is to be copied, if it is a new one. */
static bool
set_copy(struct vrfroute *r, const struct vrfroute_remote *from)
{
	struct vrfroute *source = from != NULL ? vrfgw_source(from) : NULL;
	struct kval *old = r->copy;
	bool same;

	r->copy = NULL;
	if (source != NULL && source->local != NULL) {
		r->copy = xmalloc(sizeof(*r->copy));
		*r->copy = source->local->val;
	}
	same = old == NULL || r->copy == NULL ? old == r->copy
					      : memcmp(old, r->copy, sizeof(*old)) == 0;
	free(old);
	return !same;
}

/* The picked next hops are in force from now on; true: they were others before. */
static bool
set_vias(struct vrfroute *r, const struct vrfpick *p, uint64_t now)
{
	struct evpn *e = r->vrf->evpn;
	struct vrfvia *old[VRFROUTE_VIAS];
	uint32_t old_group = r->group;
	unsigned nold = r->nvias;
	bool same =
	    nold == p->n && memcmp(r->vias, p->vias, p->n * sizeof(p->vias[0])) == 0;

	if (same && p->n < 2)
		return false;
	memcpy(old, r->vias, sizeof(old));
	memcpy(r->vias, p->vias, sizeof(r->vias));
	r->nvias = (uint8_t)p->n;
	for (unsigned i = 0; i < p->n; i++)
		vrfvia_use(r->vias[i], true, now);
	r->group = p->n > 1 ? vrfvia_group(e, r->vias, p->n, now) : 0;
	for (unsigned i = 0; i < nold; i++)
		vrfvia_use(old[i], false, now);
	if (old_group != 0)
		vrfvia_group_put(e, old_group, now);
	return !same;
}

static void
apply(struct vrfroute *r, const struct vrfpick *p, uint64_t now)
{
	struct ipvrf *v = r->vrf;
	bool was = r->nvias > 0 || r->copy != NULL, is;
	bool changed = set_copy(r, p->copy);

	changed = set_vias(r, p, now) || changed;
	is = r->nvias > 0 || r->copy != NULL;
	v->ninstalled += (uint32_t)(is - was);
	vrfproject_route(r, now);
	if (!changed)
		return;
	r->since_s = now_s(now);
	if (r->prefix.len == ip_len(&r->prefix.ip) * 8)
		vrfgw_changed(v, &r->prefix.ip, NULL);
}

void
vrfroute_decide(struct vrfroute *r, uint64_t now)
{
	struct vrfpick pick;

	for (struct vrfroute_remote *c = r->remotes; c != NULL; c = c->next)
		vrfgw_resolve(c, now);
	vrfpick(r, &pick);
	apply(r, &pick, now);
	vrforigin_route(r);
	reap(r);
}

void
vrfroute_sweep(struct vrfroute *r, bool sweep, bool all, uint64_t now)
{
	struct vrfroute_remote **slot = &r->remotes;
	struct vrfroute_local **local = &r->local;
	struct ipvrf *v = r->vrf;

	while (*slot != NULL)
		if (all || (sweep && (*slot)->gen != v->imp.gen))
			remote_drop(slot, now);
		else
			slot = &(*slot)->next;
	while (*local != NULL)
		if (all || (v->scanned && (*local)->gen != v->scan_gen))
			local_drop(local);
		else
			local = &(*local)->next;
	if (all)
		r->network = r->originate = false;
}

/* --- ends --- */

static bool
depends(const struct vrfroute *r, const struct ipvrf *v, const struct evi *evi)
{
	for (const struct vrfroute_remote *c = r->remotes; c != NULL; c = c->next)
		if (c->via != NULL &&
		    (v != NULL ? c->via->vrf == v : c->via->evi == evi))
			return true;
	for (unsigned i = 0; i < r->nvias; i++)
		if (v != NULL ? r->vias[i]->vrf == v : r->vias[i]->evi == evi)
			return true;
	return false;
}

static void
forget(struct ipvrf *in, const struct ipvrf *v, const struct evi *evi, uint64_t now)
{
	struct vrfroute *r, *next;

	RB_FOREACH_SAFE (r, vrfroute_tree, &in->routes, next)
		if (depends(r, v, evi))
			vrfroute_decide(r, now);
}

void
vrfroute_forget(struct ipvrf *own, uint64_t now)
{
	if (vrfvia_first(own) == NULL)
		return;
	for (struct ipvrf *v = ipvrf_first(own->evpn); v != NULL; v = ipvrf_after(v))
		if (v == own || v->nforeign > 0)
			forget(v, own, NULL, now);
}

void
vrfroute_forget_evi(struct ipvrf *v, const struct evi *evi, uint64_t now)
{
	for (struct vrfvia *n = vrfvia_first(v); n != NULL; n = vrfvia_after(n))
		if (n->evi == evi) {
			forget(v, NULL, evi, now);
			return;
		}
}

void
vrfroute_clear(struct ipvrf *v, uint64_t now)
{
	struct vrfroute *r, *next;

	RB_FOREACH_SAFE (r, vrfroute_tree, &v->routes, next) {
		vrfroute_sweep(r, false, true, now);
		vrfroute_decide(r, now);
	}
	free(v->networks);
	v->networks = NULL;
	v->nnetworks = 0;
	vrforigin_forget_attrs(v);
}

/*
 * evpn - see evpn.h: the root, routes in, and the turn that carries changes on.
 */
#include "evpn/state.h"

#include <stdlib.h>

#include "base/mem.h"

/* --- life --- */

struct evpn *
evpn_new(struct attr_table *attrs, struct ktab *ktab, struct klinks *klinks)
{
	struct evpn *e = xcalloc(1, sizeof(*e));

	e->attrs = attrs;
	e->ktab = ktab;
	e->klinks = klinks;
	RB_INIT(&e->evis);
	RB_INIT(&e->refs);
	RB_INIT(&e->vrfs);
	RB_INIT(&e->vrf_vnis);
	RB_INIT(&e->vrf_tables);
	RB_INIT(&e->rts);
	RB_INIT(&e->devs);
	RB_INIT(&e->dev_keys);
	RB_INIT(&e->tunnels);
	RB_INIT(&e->tunnel_vnis);
	RB_INIT(&e->timers);
	RB_INIT(&e->memos);
	TAILQ_INIT(&e->changed_evis);
	TAILQ_INIT(&e->walks);
	TAILQ_INIT(&e->changed_vrfs);
	TAILQ_INIT(&e->vrf_walks);
	TAILQ_INIT(&e->vrfroutes);
	slab_init(&e->row_slab, sizeof(struct macip), e);
	slab_init(&e->remote_slab, sizeof(struct macip_remote), e);
	TAILQ_INIT(&e->origins);
	TAILQ_INIT(&e->probes);
	TAILQ_INIT(&e->asks);
	TAILQ_INIT(&e->snoops);
	TAILQ_INIT(&e->thaws);
	RB_INIT(&e->demand_timers);
	TAILQ_INIT(&e->outstanding);
	TAILQ_INIT(&e->questions);
	e->events = xcalloc(HISTORY_EVENTS, sizeof(*e->events));
	for (struct klink *l = klink_first(klinks); l != NULL; l = klink_after(l))
		evpn_link(e, l);
	return e;
}

void
evpn_free(struct evpn *e)
{
	struct evpn_origin o;
	struct evpn_probe p;
	struct evpn_ask ask;
	struct evdev *d;
	struct evi *evi;

	if (e == NULL)
		return;
	e->closing = true;
	ipvrf_close_all(e);
	while ((evi = evi_first(e)) != NULL) {
		evi->on =
		    (struct evi_devs){ 0 }; /* what is in the kernel stays there */
		evi_free(evi);
	}
	while (evpn_origin(e, &o))
		if (o.attrs != NULL)
			attrs_unref(e->attrs, o.attrs);
	while (evpn_probe(e, &p))
		;
	while (evpn_ask(e, &ask))
		;
	while ((d = evdev_any(e)) != NULL) {
		if (d->snoop_queued)
			TAILQ_REMOVE(&e->snoops, d, snoop_link);
		d->there = d->snoop_queued = false;
		evdev_release(e, d);
	}
	answer_fini(e);
	place_fini(e);
	evpn_recall_end(e);
	slab_fini(&e->row_slab);
	slab_fini(&e->remote_slab);
	free(e->own_ips);
	free(e->events);
	free(e);
}

/* --- settings --- */

void
evpn_configure(struct evpn *e, const struct evpn_conf *c)
{
	struct evpn_conf was = e->conf;

	e->conf = *c;
	if (e->conf.dad_moves == 0)
		e->conf.dad_moves = 5;
	if (e->conf.dad_time_s == 0)
		e->conf.dad_time_s = 180;
	for (struct evi *evi = evi_first(e); evi != NULL; evi = evi_after(evi))
		if (!evi->conf.explicit)
			evi->conf = evi_conf_default(&e->conf);
	if (c->on && c->advertise_all_vni && !(was.on && was.advertise_all_vni))
		device_find_all(e);
	if (c->on) {
		/*
		 * Without VRFs, too: with a nexthop that an earlier life left, and that
		 * is deleted, the kernel deletes its routes.
		 */
		ktab_manage(e->ktab, KOBJ_NEXTHOP, 0, true);
		ktab_manage(e->ktab, KOBJ_NHGROUP, 0, true);
	}
	evi_touch_all(e);
	ipvrf_touch_all(e);
}

const struct evpn_conf *
evpn_settings(const struct evpn *e)
{
	return &e->conf;
}

void
evpn_configure_vni(struct evpn *e, uint32_t vni, const struct evi_conf *c)
{
	struct evi *evi = c != NULL ? evi_get(e, vni) : evi_find(e, vni);
	struct evi_conf old;

	if (evi == NULL)
		return;
	old = evi->conf;
	if (c != NULL) {
		evi_conf_copy(&evi->conf, c);
		evi->conf.explicit = true;
	} else {
		evi->conf = evi_conf_default(&e->conf);
	}
	flood_static(evi, &old, 0);
	guard_conf(evi);
	vrfdev_bridge(e, old.bridge);
	vrfdev_bridge(e, evi->conf.bridge);
	if (old.on_demand_age_s != evi->conf.on_demand_age_s)
		demand_retime(evi);
	evi_conf_fini(&old);
	evi_touch(evi);
}

/* --- routes --- */

static bool
is_of_a_table(const struct nlri *key)
{
	return !key->opaque &&
	    (key->type == NLRI_MACIP || key->type == NLRI_IMET ||
		key->type == NLRI_PREFIX);
}

/* Why a route cannot be in any table, whatever its targets; NULL: it can. */
static const char *
why_not_any(const struct nlri *key, const struct evpn_path *p)
{
	const struct attr_value *v = &p->attrs->v;

	if (!is_of_a_table(key))
		return "routes of this type are not imported";
	if (p->self && key->type != NLRI_PREFIX)
		return "it is our own route";
	if ((v->flags & ATTRS_ENCAP) && !(v->flags & ATTRS_VXLAN))
		return "its encapsulation is not VXLAN";
	if (!ip_is_set(&v->nexthop))
		return "it has no next hop";
	if (key->type == NLRI_MACIP &&
	    (mac_is_multicast(&key->mac) || mac_is_zero(&key->mac)))
		return "its MAC is no host's";
	return NULL;
}

static const char *
why_not_here(const struct evi *evi, const struct nlri *key, const struct evpn_path *p)
{
	if (key->type == NLRI_PREFIX)
		return "it is a prefix, which is for an IP-VRF";
	if (key->type == NLRI_MACIP && (p->labels == 0 || p->label[0] != evi->vni))
		return "its label is another VNI";
	return NULL;
}

static void
import_evi(
    struct evi *evi, const struct nlri *key, const struct evpn_path *p, uint64_t now)
{
	if (p != NULL && why_not_here(evi, key, p) != NULL)
		p = NULL;
	if (key->type == NLRI_IMET)
		flood_route(evi, key, p, now);
	else if (key->type == NLRI_MACIP)
		macip_remote(evi, key, p, now);
}

/* Imports the route, or takes it out when P is NULL. */
static void
import(struct importer *imp, const struct nlri *key, const struct evpn_path *p,
    uint64_t now)
{
	if (!imp->l3)
		import_evi(evi_of(imp), key, p, now);
	else if (key->type == NLRI_PREFIX ||
	    (key->type == NLRI_MACIP && ip_is_set(&key->ip)))
		vrfroute_import(ipvrf_of(imp), key, p, now);
}

struct import {
	struct evpn *e;
	const struct nlri *key;
	const struct evpn_path *path;
	uint64_t now;
};

/* Once per route and importer, however many targets match. */
static bool
first_time(const struct evpn *e, struct importer *imp)
{
	if (imp->stamp == e->stamp)
		return false;
	imp->stamp = e->stamp;
	return true;
}

static void
each_new(struct importer *imp, void *arg)
{
	const struct import *i = arg;

	if (first_time(i->e, imp))
		import(imp, i->key, i->path, i->now);
}

static void
each_old(struct importer *imp, void *arg)
{
	const struct import *i = arg;

	if (first_time(i->e, imp))
		import(imp, i->key, NULL, i->now);
}

void
evpn_route(struct evpn *e, const struct nlri *key, const struct attrs *old,
    const struct evpn_path *new_path, uint64_t now)
{
	struct import i = { .e = e, .key = key, .path = new_path, .now = now };

	if (!is_of_a_table(key))
		return;
	e->stamp++;
	if (new_path != NULL && why_not_any(key, new_path) == NULL &&
	    rt_index_match(e, new_path->attrs, each_new, &i) == 0)
		e->unmatched++;
	if (old != NULL)
		rt_index_match(e, old, each_old, &i);
}

/* --- routes that are in the RIB already --- */

bool
evpn_wants_reimport(const struct evpn *e)
{
	return e->nreimports > 0;
}

static void
each_waiting(struct importer *imp, void *arg)
{
	const struct import *i = arg;

	if (imp->in_round && first_time(i->e, imp))
		import(imp, i->key, i->path, i->now);
}

void
evpn_reimport(
    struct evpn *e, const struct nlri *key, const struct evpn_path *p, uint64_t now)
{
	struct import i = { .e = e, .key = key, .path = p, .now = now };

	import_round_begin(e);
	e->stamp++;
	if (p != NULL && why_not_any(key, p) == NULL)
		rt_index_match(e, p->attrs, each_waiting, &i);
}

void
evpn_reimport_done(struct evpn *e)
{
	import_round_end(e);
}

static const char *
why_not_evi(struct evi *evi, const struct nlri *key, const struct evpn_path *p)
{
	const char *why;

	if (!rt_index_matches(evi->evpn, p->attrs, &evi->imp))
		return "the VNI imports none of its route targets";
	if ((why = why_not_here(evi, key, p)) != NULL)
		return why;
	if (key->type == NLRI_IMET)
		return flood_unusable(evi, &key->ip, p->attrs);
	return macip_unusable(evi, &key->mac, p->attrs);
}

static const char *
why_not_vrf(struct ipvrf *v, const struct nlri *key, const struct evpn_path *p)
{
	struct prefix to = { .ip = key->ip };
	struct vrfroute_remote *r;
	struct vrfroute *row;
	const char *why;

	if (!rt_index_matches(v->evpn, p->attrs, &v->imp))
		return "the VRF imports none of its route targets";
	if ((why = vrfroute_why_not_at_all(v, key, p)) != NULL)
		return why;
	to.len = key->type == NLRI_PREFIX ? key->plen : (uint8_t)(ip_len(&to.ip) * 8);
	prefix_mask(&to);
	row = vrfroute_find(v, &to);
	for (r = row != NULL ? row->remotes : NULL; r != NULL; r = r->next)
		if (r->type == key->type && rd_cmp(&r->rd, &key->rd) == 0 &&
		    memcmp(r->etag, key->etag, sizeof(r->etag)) == 0 &&
		    mac_cmp(&r->mac, &key->mac) == 0)
			return vrfroute_why_not(r);
	return "it is being looked at";
}

bool
evpn_rt_matches(struct evpn *e, uint32_t vni, const struct attrs *a)
{
	struct ipvrf *v = ipvrf_by_vni(e, vni);
	struct evi *evi = evi_find(e, vni);

	if (v != NULL)
		return rt_index_matches(e, a, &v->imp);
	return evi != NULL && rt_index_matches(e, a, &evi->imp);
}

const char *
evpn_why_not(
    struct evpn *e, uint32_t vni, const struct nlri *key, const struct evpn_path *p)
{
	struct ipvrf *v = ipvrf_by_vni(e, vni);
	struct evi *evi = evi_find(e, vni);
	const char *why;

	if (evi == NULL && v == NULL)
		return "there is no such VNI here";
	if ((why = why_not_any(key, p)) != NULL)
		return why;
	return v != NULL ? why_not_vrf(v, key, p) : why_not_evi(evi, key, p);
}

/* --- the turn --- */

/* Facts first: rows are decided once, on what is so then. */
static bool
step_changed(struct evpn *e, uint64_t now)
{
	struct ipvrf *v = TAILQ_FIRST(&e->changed_vrfs);
	struct evi *evi = TAILQ_FIRST(&e->changed_evis);

	if (v != NULL) {
		TAILQ_REMOVE(&e->changed_vrfs, v, changed_link);
		v->changed = false;
		ipvrf_refresh(v, now);
	} else if (evi != NULL) {
		TAILQ_REMOVE(&e->changed_evis, evi, changed_link);
		evi->changed = false;
		evi_refresh(evi, now);
	}
	return v != NULL || evi != NULL;
}

static bool
step_walk(struct evpn *e, bool vrfs_first, uint64_t now)
{
	struct ipvrf *v = TAILQ_FIRST(&e->vrf_walks);
	struct evi *evi = TAILQ_FIRST(&e->walks);

	if (v != NULL && (vrfs_first || evi == NULL))
		ipvrf_walk_step(v, now);
	else if (evi != NULL)
		evi_walk_step(evi, now);
	return v != NULL || evi != NULL;
}

/* MAC and IP rows before the routes that depend on them. */
static bool
step_row(struct evpn *e, uint64_t now)
{
	struct macip *m = macip_next_changed(e);
	struct vrfroute *r = TAILQ_FIRST(&e->vrfroutes);

	if (m != NULL) {
		macip_decide(m, now);
	} else if (r != NULL) {
		TAILQ_REMOVE(&e->vrfroutes, r, changed_link);
		r->changed = false;
		vrfroute_decide(r, now);
	}
	return m != NULL || r != NULL;
}

/* One thing of what is to be done; false: there is nothing. */
static bool
step(struct evpn *e, unsigned turn, uint64_t now)
{
	if (step_changed(e, now))
		return true;
	if ((turn & 1) && step_walk(e, turn & 2, now))
		return true;
	return step_row(e, now) || step_walk(e, turn & 2, now);
}

bool
evpn_drain(struct evpn *e, unsigned budget, uint64_t now)
{
	while (budget-- > 0) {
		if (e->rds_dirty)
			evi_number(e);
		if (!step(e, budget, now))
			return true;
	}
	return TAILQ_EMPTY(&e->changed_evis) && e->rows_first == 0 &&
	    TAILQ_EMPTY(&e->walks) && TAILQ_EMPTY(&e->changed_vrfs) &&
	    TAILQ_EMPTY(&e->vrf_walks) && TAILQ_EMPTY(&e->vrfroutes) && !e->rds_dirty;
}

uint64_t
evpn_tick(struct evpn *e, uint64_t now)
{
	uint64_t a = probe_tick(e, now), b = macip_thaw_tick(e, now);
	uint64_t c = evi_tick(e, now), d = demand_deadline(e);

	a = a < b ? a : b;
	c = c < d ? c : d;
	return a < c ? a : c;
}

/* --- for shows --- */

static void
dup_clear_vni(struct evi *evi, const struct mac *mac, const struct ip *ip, uint64_t now)
{
	struct macip *m;

	for (m = macip_from(evi, &(struct mac){ 0 }, NULL); m != NULL;
	     m = macip_after(m)) {
		if (!m->duplicate || (mac != NULL && mac_cmp(&m->mac, mac) != 0) ||
		    (ip != NULL && ip_is_set(ip) && ip_cmp(&m->ip, ip) != 0))
			continue;
		macip_thaw(m, now);
		macip_changed(macip_own(m));
		macip_changed(m);
	}
}

void
evpn_dup_clear(struct evpn *e, uint32_t vni, const struct mac *mac, const struct ip *ip,
    uint64_t now)
{
	for (struct evi *evi = evi_first(e); evi != NULL; evi = evi_after(evi))
		if (vni == 0 || evi->vni == vni)
			dup_clear_vni(evi, mac, ip, now);
}

void
evpn_stats(const struct evpn *e, struct evpn_stats *out)
{
	*out = (struct evpn_stats){ .l2vnis = e->nevis,
		.l3vnis = e->nvrfs,
		.imported = e->nremotes + e->nvrfremotes,
		.unmatched = e->unmatched,
		.rows = e->nrows };
	/* A row stands in one hash table, with about a place of four bytes each. */
	out->row_bytes = slab_bytes(&e->row_slab) + e->nrows * sizeof(uint32_t) +
	    e->nlocals * sizeof(struct macip_local);
	out->import_bytes = slab_bytes(&e->remote_slab) +
	    e->nvrfremotes * sizeof(struct vrfroute_remote);
	out->bytes = sizeof(*e) + HISTORY_EVENTS * sizeof(struct evpn_event) +
	    e->nevis * sizeof(struct evi) + e->norigins * sizeof(struct origin) +
	    e->nvrfs * sizeof(struct ipvrf) + e->nvrfroutes * sizeof(struct vrfroute);
}

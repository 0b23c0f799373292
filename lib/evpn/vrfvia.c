/*
 * vrfvia - next hops of rows: a VTEP with its router MAC, or a gateway, shared by all rows.
 *
 * Keeps: per IP-VRF one next hop per VTEP, family of the kernel's gateway, SVI and router
 * MAC, as long as a candidate names it or a row has it in force; all over, the groups of
 * next hops that rows have in force, and the ids of nexthop objects that are taken.
 *
 * Always: next hops that differ by the router MAC only have one id, and at most one of them
 * has kernel rows: the one that most candidates name, of equal ones the lower MAC. So a VTEP
 * that changes its router MAC costs a neighbour and an FDB entry, not its routes.
 *
 * Ids are hashes of what they stand for in a range of our own, with linear probing: a
 * restart finds its objects again. What the kernel has as somebody else's is passed over.
 */
#include "evpn/state.h"

#include <stdlib.h>

#include "base/mem.h"

#define IDS_NEXTHOP 0x5b000000
#define IDS_GROUP 0x5b800000
#define IDS_MASK 0x7fffff

struct vrfid {
	RB_ENTRY(vrfid) link;
	uint32_t id;
	uint32_t users;
	uint32_t members[VRFROUTE_VIAS]; /* of a group */
};

struct vrfgroup {
	RB_ENTRY(vrfgroup) link;
	uint32_t members[VRFROUTE_VIAS]; /* ids in ascending order, zeros after them */
	uint32_t id;
	uint32_t rows;
};

static int
cmp_u32(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static int
station_cmp(const struct vrfvia *a, const struct vrfvia *b)
{
	uint32_t x = a->evi != NULL ? a->evi->vni : 0;
	uint32_t y = b->evi != NULL ? b->evi->vni : 0;
	int c = ip_cmp(&a->vtep, &b->vtep);

	if (c == 0)
		c = a->family - b->family;
	return c != 0 ? c : cmp_u32(x, y);
}

static int
vrfvia_cmp(const struct vrfvia *a, const struct vrfvia *b)
{
	int c = station_cmp(a, b);

	return c != 0 ? c : mac_cmp(&a->rmac, &b->rmac);
}

static int
vrfid_cmp(const struct vrfid *a, const struct vrfid *b)
{
	return cmp_u32(a->id, b->id);
}

static int
vrfgroup_cmp(const struct vrfgroup *a, const struct vrfgroup *b)
{
	return memcmp(a->members, b->members, sizeof(a->members));
}

RB_GENERATE(vrfvia_tree, vrfvia, link, vrfvia_cmp)
RB_PROTOTYPE(vrfid_tree, vrfid, link, vrfid_cmp)
RB_GENERATE(vrfid_tree, vrfid, link, vrfid_cmp)
RB_PROTOTYPE(vrfgroup_tree, vrfgroup, link, vrfgroup_cmp)
RB_GENERATE(vrfgroup_tree, vrfgroup, link, vrfgroup_cmp)

struct vrfvia *
vrfvia_first(struct ipvrf *v)
{
	return RB_MIN(vrfvia_tree, &v->vias);
}

struct vrfvia *
vrfvia_after(struct vrfvia *n)
{
	return RB_NEXT(vrfvia_tree, NULL, n);
}

/* --- ids --- */

/* FNV-1a. */
static uint32_t
hash(uint32_t h, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	while (len-- > 0)
		h = (h ^ *p++) * 16777619;
	return h;
}

static bool
is_foreign(struct evpn *e, uint32_t id)
{
	struct kkey nh = kkey_nexthop(id), group = kkey_nhgroup(id);
	struct krow *a = ktab_find(e->ktab, &nh), *b = ktab_find(e->ktab, &group);

	return (a != NULL && krow_is_local(a)) || (b != NULL && krow_is_local(b));
}

static uint32_t
id_take(struct evpn *e, uint32_t range, uint32_t h)
{
	struct vrfid *i = xcalloc(1, sizeof(*i));

	for (i->id = range | (h & IDS_MASK);
	     is_foreign(e, i->id) || RB_INSERT(vrfid_tree, &e->vrfids, i) != NULL;)
		i->id = range | (++h & IDS_MASK);
	i->users = 1;
	return i->id;
}

static struct vrfid *
id_find(struct evpn *e, uint32_t id)
{
	struct vrfid k = { .id = id };

	return RB_FIND(vrfid_tree, &e->vrfids, &k);
}

static void
id_drop(struct evpn *e, uint32_t id)
{
	struct vrfid *i = id_find(e, id);

	if (i == NULL || --i->users > 0)
		return;
	RB_REMOVE(vrfid_tree, &e->vrfids, i);
	free(i);
}

static uint32_t
via_id(const struct vrfvia *n)
{
	uint32_t vni = n->evi != NULL ? n->evi->vni : n->vrf->vni;
	uint32_t h = hash(2166136261, &vni, sizeof(vni));

	h = hash(h, &n->vtep, sizeof(n->vtep));
	h = hash(h, &n->family, sizeof(n->family));
	return id_take(n->vrf->evpn, IDS_NEXTHOP, h);
}

/* --- which router MAC of a VTEP is in force --- */

/* The next hops of one VTEP lie side by side. */
static struct vrfvia *
station_first(struct vrfvia *n)
{
	struct vrfvia k = *n;

	k.rmac = (struct mac){ 0 };
	return RB_NFIND(vrfvia_tree, &n->vrf->vias, &k);
}

static struct vrfvia *
station_next(struct vrfvia *n)
{
	struct vrfvia *next = vrfvia_after(n);

	return next != NULL && station_cmp(n, next) == 0 ? next : NULL;
}

static bool
is_ahead(const struct vrfvia *a, const struct vrfvia *b)
{
	bool used = a->refs > 0, other = b->refs > 0;

	/* One that no candidate names any more only waits for its rows to go. */
	return used != other ? used : a->refs > b->refs;
}

static void
set_conflict(struct vrfvia *n, bool on, uint64_t now)
{
	if (n->conflict == on)
		return;
	n->conflict = on;
	n->vrf->nconflicts += on ? 1 : (uint32_t)-1;
	history_rmac(n, on ? EV_RMAC_CONFLICT : EV_RMAC_OVER, now);
}

/* After any change of a next hop: what the kernel is to have of its VTEP. */
static void
station_update(struct vrfvia *any, uint64_t now)
{
	struct vrfvia *first = station_first(any), *force = first;
	uint32_t rows = 0;

	for (struct vrfvia *n = first; n != NULL; n = station_next(n)) {
		rows += n->rows;
		if (is_ahead(n, force))
			force = n;
	}
	for (struct vrfvia *n = first; n != NULL; n = station_next(n)) {
		struct ipvrf_devs devs = vrfproject_devs(n);
		bool stays =
		    n == force && rows > 0 && memcmp(&devs, &n->on, sizeof(devs)) == 0;

		set_conflict(n, n != force && n->refs > 0, now);
		if (n->projected && !stays)
			vrfproject_via(n, false, now);
	}
	if (rows > 0 && !force->projected)
		vrfproject_via(force, true, now);
}

/* --- life --- */

struct vrfvia *
vrfvia_get(struct ipvrf *v, const struct ip *vtep, const struct mac *rmac,
    struct evi *evi, bool v6, uint64_t now)
{
	struct vrfvia k = { .vrf = v, .vtep = *vtep, .evi = evi }, *n, *sibling;

	k.family = v6 || vtep->family == 6 ? IPVRF_V6 : IPVRF_V4;
	k.rmac = *rmac;
	n = RB_FIND(vrfvia_tree, &v->vias, &k);
	if (n == NULL) {
		n = xmalloc(sizeof(*n));
		*n = k;
		sibling = station_first(n);
		if (sibling != NULL && station_cmp(sibling, n) == 0) {
			n->id = sibling->id;
			id_find(v->evpn, n->id)->users++;
		} else {
			n->id = via_id(n);
		}
		RB_INSERT(vrfvia_tree, &v->vias, n);
	}
	return vrfvia_ref(n, now);
}

struct vrfvia *
vrfvia_ref(struct vrfvia *n, uint64_t now)
{
	n->refs++;
	station_update(n, now);
	return n;
}

/* Frees it when nobody is left. */
static void
reap(struct vrfvia *n, uint64_t now)
{
	struct vrfvia *other = NULL;

	if (n->refs > 0 || n->rows > 0) {
		station_update(n, now);
		return;
	}
	if (n->projected)
		vrfproject_via(n, false, now);
	set_conflict(n, false, now);
	RB_REMOVE(vrfvia_tree, &n->vrf->vias, n);
	other = station_first(n);
	if (other != NULL && station_cmp(other, n) == 0)
		station_update(other, now);
	id_drop(n->vrf->evpn, n->id);
	free(n);
}

void
vrfvia_put(struct vrfvia *n, uint64_t now)
{
	n->refs--;
	reap(n, now);
}

void
vrfvia_use(struct vrfvia *n, bool on, uint64_t now)
{
	n->rows += on ? 1 : (uint32_t)-1;
	if (on ? n->rows == 1 : n->rows == 0)
		reap(n, now);
}

void
vrfvia_check(struct vrfvia *n, uint64_t now)
{
	struct ipvrf_devs devs = vrfproject_devs(n);

	if (n->projected && memcmp(&devs, &n->on, sizeof(devs)) != 0)
		station_update(n, now);
}

/* --- groups --- */

uint32_t
vrfvia_group(struct evpn *e, struct vrfvia *const *vias, unsigned n, uint64_t now)
{
	uint32_t ids[VRFROUTE_VIAS];
	struct kval val;
	struct vrfgroup k = { 0 }, *g;

	for (unsigned i = 0; i < n; i++)
		ids[i] = vias[i]->id;
	val = kval_nhgroup(ids, n, false); /* sorts them */
	memcpy(k.members, val.members, sizeof(k.members));
	g = RB_FIND(vrfgroup_tree, &e->vrfgroups, &k);
	if (g == NULL) {
		g = xmalloc(sizeof(*g));
		*g = k;
		g->id = id_take(
		    e, IDS_GROUP, hash(2166136261, k.members, sizeof(k.members)));
		memcpy(id_find(e, g->id)->members, k.members, sizeof(k.members));
		RB_INSERT(vrfgroup_tree, &e->vrfgroups, g);
		vrfproject_group(e, g->id, ids, n, now);
	}
	g->rows++;
	return g->id;
}

void
vrfvia_group_put(struct evpn *e, uint32_t group, uint64_t now)
{
	struct vrfid *i = id_find(e, group);
	struct vrfgroup k = { 0 }, *g;

	if (i == NULL)
		return;
	memcpy(k.members, i->members, sizeof(k.members));
	g = RB_FIND(vrfgroup_tree, &e->vrfgroups, &k);
	if (g == NULL || --g->rows > 0)
		return;
	vrfproject_group(e, g->id, NULL, 0, now);
	RB_REMOVE(vrfgroup_tree, &e->vrfgroups, g);
	id_drop(e, g->id);
	free(g);
}

/* --- ids that are another's --- */

/* The next hops of a VRF that have this id get another. */
static bool
renumber(struct ipvrf *v, uint32_t id, uint64_t now)
{
	uint32_t other = 0;

	for (struct vrfvia *n = vrfvia_first(v); n != NULL; n = vrfvia_after(n)) {
		if (n->id != id)
			continue;
		if (n->projected)
			vrfproject_via(n, false, now);
		if (other == 0)
			other = via_id(n);
		else
			id_find(v->evpn, other)->users++;
		n->id = other;
		id_drop(v->evpn, id);
		station_update(n, now);
	}
	return other != 0;
}

/* Rows that have this group make a new one. */
static bool
regroup(struct evpn *e, uint32_t id, uint64_t now)
{
	struct vrfgroup *g;

	RB_FOREACH (g, vrfgroup_tree, &e->vrfgroups)
		if (g->id == id)
			break;
	if (g == NULL)
		return false;
	vrfproject_group(e, id, NULL, 0, now);
	RB_REMOVE(vrfgroup_tree, &e->vrfgroups, g);
	id_drop(e, id);
	free(g);
	return true;
}

void
vrfvia_heard(struct evpn *e, const struct krow *r, uint64_t now)
{
	bool renumbered = false;

	if (!krow_is_local(r) || id_find(e, KROW_KEY(r)->id) == NULL)
		return;
	for (struct ipvrf *v = ipvrf_first(e); v != NULL; v = ipvrf_after(v))
		renumbered = renumber(v, KROW_KEY(r)->id, now) || renumbered;
	if (!regroup(e, KROW_KEY(r)->id, now) && !renumbered)
		return;
	for (struct ipvrf *v = ipvrf_first(e); v != NULL; v = ipvrf_after(v))
		ipvrf_walk(v);
}

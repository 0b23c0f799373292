/*
 * ipvrf - see ipvrf.h: the life of an IP-VRF.
 *
 * As with EVIs: an event only touches an IP-VRF (ipvrf_touch); ipvrf_refresh() then derives
 * everything anew from configuration and devices, and compares all that rows, own routes and
 * the EVIs in the VRF depend on (its "face") with what it was. A difference starts a walk
 * over its rows (vrfwalk.c) and touches its EVIs.
 *
 * Always: an L3 VNI and a table name one IP-VRF each; of two that say the same the first
 * has it, and the other one is down until it goes. While an IP-VRF has the VNI, no EVI
 * works with it.
 */
#include "evpn/state.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

/* --- finding --- */

static int
ipvrf_cmp(const struct ipvrf *a, const struct ipvrf *b)
{
	return strcmp(a->name, b->name);
}

static int
ipvrf_vni_cmp(const struct ipvrf *a, const struct ipvrf *b)
{
	return a->vni < b->vni ? -1 : a->vni > b->vni;
}

static int
ipvrf_table_cmp(const struct ipvrf *a, const struct ipvrf *b)
{
	return a->table < b->table ? -1 : a->table > b->table;
}

RB_PROTOTYPE(ipvrf_tree, ipvrf, link, ipvrf_cmp)
RB_GENERATE(ipvrf_tree, ipvrf, link, ipvrf_cmp)
RB_PROTOTYPE(ipvrf_vni_tree, ipvrf, vni_link, ipvrf_vni_cmp)
RB_GENERATE(ipvrf_vni_tree, ipvrf, vni_link, ipvrf_vni_cmp)
RB_PROTOTYPE(ipvrf_table_tree, ipvrf, table_link, ipvrf_table_cmp)
RB_GENERATE(ipvrf_table_tree, ipvrf, table_link, ipvrf_table_cmp)

struct ipvrf *
ipvrf_first(struct evpn *e)
{
	return RB_MIN(ipvrf_tree, &e->vrfs);
}

struct ipvrf *
ipvrf_after(struct ipvrf *v)
{
	return RB_NEXT(ipvrf_tree, NULL, v);
}

struct ipvrf *
ipvrf_find(struct evpn *e, const char *name)
{
	struct ipvrf k;

	snprintf(k.name, sizeof(k.name), "%s", name);
	return RB_FIND(ipvrf_tree, &e->vrfs, &k);
}

struct ipvrf *
ipvrf_vni_first(struct evpn *e)
{
	return RB_MIN(ipvrf_vni_tree, &e->vrf_vnis);
}

struct ipvrf *
ipvrf_vni_after(struct ipvrf *v)
{
	return RB_NEXT(ipvrf_vni_tree, NULL, v);
}

struct ipvrf *
ipvrf_by_vni(struct evpn *e, uint32_t vni)
{
	struct ipvrf k;

	k.vni = vni;
	return RB_FIND(ipvrf_vni_tree, &e->vrf_vnis, &k);
}

struct ipvrf *
ipvrf_by_table(struct evpn *e, uint32_t table)
{
	struct ipvrf k;

	k.table = table;
	return RB_FIND(ipvrf_table_tree, &e->vrf_tables, &k);
}

struct evi *
ipvrf_evi_first(struct ipvrf *v)
{
	return LIST_FIRST(&v->evis);
}

struct evi *
ipvrf_evi_after(struct evi *evi)
{
	return LIST_NEXT(evi, ipvrf_link);
}

/* --- EVIs --- */

/*
 * The VRF that its SVI is in, if it is one of ours, and the one that the configuration wants:
 * a tenant whose VRF is missing yet is not the default VRF's.
 */
static struct ipvrf *
ipvrf_of_svi(struct evi *evi)
{
	const struct klink *svi = device_link_of(evi->evpn, evi->svi), *master;
	struct ipvrf *v;

	if (svi == NULL || evi->dying || evi->l3)
		return NULL;
	master = device_link_of(evi->evpn, svi->master);
	if (svi->master == 0)
		v = ipvrf_find(evi->evpn, IPVRF_DEFAULT);
	else if (master != NULL && master->kind == KLINK_VRF)
		v = ipvrf_find(evi->evpn, master->name);
	else
		v = NULL;
	if (v == NULL || !v->configured)
		return NULL;
	return evi->conf.vrf[0] == '\0' || strcmp(evi->conf.vrf, v->name) == 0 ? v
									       : NULL;
}

void
ipvrf_attach(struct evi *evi, uint64_t now)
{
	struct ipvrf *v = ipvrf_of_svi(evi);

	if (v == evi->ipvrf)
		return;
	ipvrf_detach(evi, now);
	evi->ipvrf = v;
	if (v != NULL) {
		LIST_INSERT_HEAD(&v->evis, evi, ipvrf_link);
		ipvrf_walk(v);
	}
}

void
ipvrf_detach(struct evi *evi, uint64_t now)
{
	struct ipvrf *v = evi->ipvrf;

	if (v == NULL)
		return;
	LIST_REMOVE(evi, ipvrf_link);
	evi->ipvrf = NULL;
	vrfroute_forget_evi(v, evi, now);
	ipvrf_walk(v);
}

/* --- who has a VNI, who has a table --- */

static void
touch_waiting(struct evpn *e)
{
	for (struct ipvrf *v = ipvrf_first(e); v != NULL; v = ipvrf_after(v))
		if (v->configured && (v->vni != v->conf.vni || v->table == 0))
			ipvrf_touch(v);
}

static void
file_vni(struct ipvrf *v)
{
	struct evpn *e = v->evpn;
	uint32_t was = v->vni, vni = v->configured ? v->conf.vni : 0;
	struct evi *evi;

	if (was == vni)
		return;
	if (was != 0)
		RB_REMOVE(ipvrf_vni_tree, &e->vrf_vnis, v);
	v->vni = vni;
	if (vni != 0 && RB_INSERT(ipvrf_vni_tree, &e->vrf_vnis, v) != NULL)
		v->vni = 0;
	if (v->vni == was)
		return;
	e->rds_dirty = true;
	e->nvrfs += (v->vni != 0) - (was != 0);
	if (was != 0) {
		device_touch_vni(e, was);
		touch_waiting(e);
	}
	if (v->vni != 0 && (evi = evi_find(e, v->vni)) != NULL)
		evi_touch(evi);
	vrfroute_others(v);
}

static void
file_table(struct ipvrf *v, uint32_t table)
{
	struct evpn *e = v->evpn;
	uint32_t was = v->table;

	if (was == table)
		return;
	if (was != 0)
		RB_REMOVE(ipvrf_table_tree, &e->vrf_tables, v);
	v->table = table;
	if (table != 0 && RB_INSERT(ipvrf_table_tree, &e->vrf_tables, v) != NULL)
		v->table = 0;
	if (was != 0)
		touch_waiting(e);
}

/* --- birth, change, death --- */

void
ipvrf_touch(struct ipvrf *v)
{
	v->stale = true;
	if (v->changed)
		return;
	v->changed = true;
	TAILQ_INSERT_TAIL(&v->evpn->changed_vrfs, v, changed_link);
}

void
ipvrf_touch_all(struct evpn *e)
{
	for (struct ipvrf *v = ipvrf_first(e); v != NULL; v = ipvrf_after(v))
		ipvrf_touch(v);
}

static struct ipvrf *
ipvrf_get(struct evpn *e, const char *name)
{
	struct ipvrf *v = ipvrf_find(e, name);

	if (v != NULL)
		return v;
	v = xcalloc(1, sizeof(*v));
	v->evpn = e;
	snprintf(v->name, sizeof(v->name), "%s", name);
	v->imp.l3 = true;
	v->down = "it is new";
	LIST_INIT(&v->evis);
	RB_INIT(&v->routes);
	RB_INIT(&v->vias);
	RB_INSERT(ipvrf_tree, &e->vrfs, v);
	return v;
}

static void
conf_fini(struct ipvrf_conf *c)
{
	rt_set_fini(&c->import);
	rt_set_fini(&c->export);
	free(c->networks);
	*c = (struct ipvrf_conf){ 0 };
}

static void
conf_copy(struct ipvrf_conf *to, const struct ipvrf_conf *from)
{
	*to = *from;
	to->import = rt_set_copy(&from->import);
	to->export = rt_set_copy(&from->export);
	to->networks = NULL;
	if (from->nnetworks > 0) {
		to->networks = xcalloc(from->nnetworks, sizeof(*to->networks));
		memcpy(to->networks, from->networks,
		    from->nnetworks * sizeof(*to->networks));
	}
}

void
evpn_configure_vrf(struct evpn *e, const char *name, const struct ipvrf_conf *c)
{
	struct ipvrf *v = c != NULL ? ipvrf_get(e, name) : ipvrf_find(e, name);
	bool was;

	if (v == NULL)
		return;
	was = v->configured;
	conf_fini(&v->conf);
	if (c != NULL)
		conf_copy(&v->conf, c);
	v->configured = c != NULL;
	file_vni(v);
	ipvrf_touch(v);
	if (was != v->configured)
		evi_touch_all(e); /* to be filed under it, or no longer */
}

static void
ipvrf_free(struct ipvrf *v)
{
	struct evpn *e = v->evpn;

	import_retire(e, &v->imp);
	if (v->changed)
		TAILQ_REMOVE(&e->changed_vrfs, v, changed_link);
	if (v->walking)
		TAILQ_REMOVE(&e->vrf_walks, v, walk_link);
	RB_REMOVE(ipvrf_tree, &e->vrfs, v);
	file_table(v, 0);
	evi_own_ip(e, &v->face.local, -1);
	free(v->wishes);
	free(v);
}

/* Nothing is decided any more: it has no routes, and nobody has routes through it. */
static void
ipvrf_close(struct ipvrf *v, uint64_t now)
{
	struct evi *evi;

	conf_fini(&v->conf);
	v->configured = v->live = v->programmed = false;
	file_vni(v);
	while ((evi = LIST_FIRST(&v->evis)) != NULL)
		ipvrf_detach(evi, now);
	vrfroute_forget(v, now);
	vrfroute_clear(v, now);
}

void
ipvrf_end(struct ipvrf *v, uint64_t now)
{
	ipvrf_close(v, now);
	ipvrf_free(v);
}

void
ipvrf_close_all(struct evpn *e)
{
	struct ipvrf *v;

	for (v = ipvrf_first(e); v != NULL; v = ipvrf_after(v))
		ipvrf_close(v, 0);
	while ((v = ipvrf_first(e)) != NULL)
		ipvrf_free(v);
}

/* --- what follows from configuration and devices --- */

static void
derive(struct ipvrf *v)
{
	static const struct rd none;
	const struct ipvrf_conf *c = &v->conf;

	if (v->vni == 0)
		import_retire(v->evpn, &v->imp);
	else
		import_derive(v->evpn, &v->imp, v->vni, &c->import, &c->export);
	v->rd = memcmp(&c->rd, &none, sizeof(none)) != 0
	    ? c->rd
	    : rd_of_ip(v->evpn->conf.router_id, v->rd_number);
}

static uint32_t
announce_hash(const struct ipvrf *v)
{
	const struct ipvrf_conf *c = &v->conf;
	uint32_t h = bytes_hash(1, c->advertise, sizeof(c->advertise));

	h = bytes_hash(h, c->originate, sizeof(c->originate));
	h = bytes_hash(h, c->redistribute, sizeof(c->redistribute));
	h = bytes_hash(h, &c->no_import_check, sizeof(c->no_import_check));
	return bytes_hash(h, c->networks, c->nnetworks * sizeof(*c->networks));
}

static struct ipvrf_face
face_of(const struct ipvrf *v)
{
	struct ipvrf_face f;

	memset(&f, 0, sizeof(f));
	f.devs = v->devs;
	f.local = v->local;
	f.rmac = v->rmac;
	f.rd = v->rd;
	f.vni = v->vni;
	f.live = v->live;
	f.prefix_routes_only = v->conf.prefix_routes_only;
	f.export =
	    bytes_hash(2, v->imp.export.rt, v->imp.export.n * sizeof(struct ecom));
	f.announce = announce_hash(v);
	return f;
}

/* Does what EVIs say of their hosts change with it? */
static bool
matters_to_evis(const struct ipvrf_face *a, const struct ipvrf_face *b)
{
	return a->live != b->live || a->vni != b->vni || a->export != b->export ||
	    a->prefix_routes_only != b->prefix_routes_only ||
	    mac_cmp(&a->rmac, &b->rmac) != 0;
}

/* What depends on the old face and needs no walk. */
static void
turn(struct ipvrf *v, const struct ipvrf_face *f, uint64_t now)
{
	struct ipvrf_face was = v->face;

	v->face = *f;
	if (f->live != was.live)
		history_vni(v->evpn, f->live ? f->vni : was.vni,
		    f->live ? EV_VNI_UP : EV_VNI_DOWN, f->live ? &f->local : &was.local,
		    now);
	if (ip_cmp(&f->local, &was.local) != 0) {
		evi_own_ip(v->evpn, &was.local, -1);
		evi_own_ip(v->evpn, &f->local, 1);
	}
	if (f->devs.table != was.devs.table)
		ipvrf_rescan(v);
	if (f->prefix_routes_only != was.prefix_routes_only)
		import_again(v->evpn, &v->imp);
	v->programmed = f->live && memcmp(&f->devs, &v->on, sizeof(v->on)) == 0;
	vrforigin_forget_attrs(v);
	vrfroute_conf(v, now);
	if (matters_to_evis(f, &was))
		for (struct evi *evi = LIST_FIRST(&v->evis); evi != NULL;
		     evi = LIST_NEXT(evi, ipvrf_link))
			evi_touch(evi);
	vrfroute_others(v);
	ipvrf_walk(v);
}

/* Nobody wants it: it imports nothing and has no devices from now on. */
static void
retire(struct ipvrf *v)
{
	import_retire(v->evpn, &v->imp);
	ipvrf_walk(v);
}

void
ipvrf_refresh(struct ipvrf *v, uint64_t now)
{
	struct ipvrf_face f;

	if (!v->stale)
		return;
	v->stale = false;
	v->dying = !v->configured;
	file_vni(v);
	vrfdev_facts(v);
	file_table(v, v->devs.table);
	if (v->dying)
		retire(v);
	else
		derive(v);
	v->down = vrfdev_why_down(v);
	v->live = v->down == NULL;
	vrfwish_update(v);
	vrfdev_manage(v);
	f = face_of(v);
	if (memcmp(&f, &v->face, sizeof(f)) != 0)
		turn(v, &f, now);
}

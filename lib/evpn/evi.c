/*
 * evi - see evi.h: the life of a MAC-VRF.
 *
 * An event only touches an EVI (evi_touch); evi_refresh() then derives everything anew from
 * configuration and devices, and compares all that kernel rows and own routes depend on (its
 * "face") with what it was. A difference starts a walk: every row is decided, projected and
 * announced again (walk.c).
 *
 * Automatic RDs are ROUTER-ID:VNI. VNIs above 65535 take the low 16 bits, and where a smaller
 * VNI has that number already, the next free one in steps of RD_STEP: numbers depend on the
 * set of VNIs, L2 and L3, only, not on the order in which they came.
 */
#include "evpn/state.h"

#include <stdlib.h>

#include "base/mem.h"

#define RD_STEP 0x9e37
#define LINGER_MS 5000

/* --- finding --- */

static int
evi_cmp(const struct evi *a, const struct evi *b)
{
	return a->vni < b->vni ? -1 : a->vni > b->vni;
}

static int
evi_ref_cmp(const struct evi_ref *a, const struct evi_ref *b)
{
	if (a->what != b->what)
		return a->what < b->what ? -1 : 1;
	if (a->ifindex != b->ifindex)
		return a->ifindex < b->ifindex ? -1 : 1;
	return a->sub < b->sub ? -1 : a->sub > b->sub;
}

RB_PROTOTYPE(evi_tree, evi, link, evi_cmp)
RB_GENERATE(evi_tree, evi, link, evi_cmp)
RB_PROTOTYPE(evi_ref_tree, evi_ref, link, evi_ref_cmp)
RB_GENERATE(evi_ref_tree, evi_ref, link, evi_ref_cmp)

struct evi *
evi_first(struct evpn *e)
{
	return RB_MIN(evi_tree, &e->evis);
}

struct evi *
evi_after(struct evi *evi)
{
	return RB_NEXT(evi_tree, NULL, evi);
}

struct evi *
evi_find(struct evpn *e, uint32_t vni)
{
	struct evi k;

	k.vni = vni;
	return RB_FIND(evi_tree, &e->evis, &k);
}

static struct evi *
ref_find(struct evpn *e, enum evi_ref_what what, uint32_t ifindex, uint32_t sub)
{
	struct evi_ref k = { .what = (uint8_t)what, .ifindex = ifindex, .sub = sub };
	struct evi_ref *r = RB_FIND(evi_ref_tree, &e->refs, &k);

	return r != NULL ? r->evi : NULL;
}

struct evi *
evi_by_vxlan(struct evpn *e, uint32_t ifindex, uint32_t key_vni)
{
	return ref_find(e, EVI_REF_VXLAN, ifindex, key_vni);
}

struct evi *
evi_by_bridge(struct evpn *e, uint32_t ifindex, uint16_t vlan)
{
	return ref_find(e, EVI_REF_BRIDGE, ifindex, vlan);
}

struct evi *
evi_by_svi(struct evpn *e, uint32_t ifindex)
{
	return ref_find(e, EVI_REF_SVI, ifindex, 0);
}

struct evi_ref *
evi_ref_first(struct evpn *e, enum evi_ref_what what, uint32_t ifindex)
{
	struct evi_ref k = { .what = (uint8_t)what, .ifindex = ifindex };
	struct evi_ref *r = RB_NFIND(evi_ref_tree, &e->refs, &k);

	return r != NULL && r->what == k.what && r->ifindex == ifindex ? r : NULL;
}

struct evi_ref *
evi_ref_after(struct evi_ref *r)
{
	struct evi_ref *n = RB_NEXT(evi_ref_tree, NULL, r);

	return n != NULL && n->what == r->what && n->ifindex == r->ifindex ? n : NULL;
}

bool
evi_ref_set(struct evi *evi, enum evi_ref_what what, uint32_t ifindex, uint32_t sub)
{
	struct evi_ref *r = &evi->refs[what], *other;

	if (r->ifindex == ifindex && r->sub == sub)
		return true;
	if (r->ifindex != 0) {
		RB_REMOVE(evi_ref_tree, &evi->evpn->refs, r);
		if (evi->evpn->conflicts)
			evi_touch_all(evi->evpn);
		evi->evpn->conflicts = false;
	}
	*r = (struct evi_ref){
		.evi = evi, .what = (uint8_t)what, .ifindex = ifindex, .sub = sub
	};
	if (ifindex == 0)
		return true;
	other = RB_INSERT(evi_ref_tree, &evi->evpn->refs, r);
	if (other != NULL) {
		r->ifindex = 0;
		evi->evpn->conflicts = true;
	}
	return other == NULL;
}

/* --- configuration --- */

struct evi_conf
evi_conf_default(const struct evpn_conf *c)
{
	return (struct evi_conf){
		.flood = c->flooding_disable ? EVI_FLOOD_DISABLE : EVI_FLOOD_HER,
		.advertise_svi_ip = c->advertise_svi_ip,
		.advertise_default_gw = c->advertise_default_gw,
		.suppression = true,
		.udp_port = c->udp_port,
	};
}

static void *
array_copy(const void *from, size_t n, size_t size)
{
	void *to = NULL;

	if (n > 0) {
		to = xcalloc(n, size);
		memcpy(to, from, n * size);
	}
	return to;
}

void
evi_conf_copy(struct evi_conf *to, const struct evi_conf *from)
{
	*to = *from;
	to->import = rt_set_copy(&from->import);
	to->export = rt_set_copy(&from->export);
	to->vteps = array_copy(from->vteps, from->nvteps, sizeof(struct ip));
	to->gateways =
	    array_copy(from->gateways, from->ngateways, sizeof(*from->gateways));
	to->statics = array_copy(from->statics, from->nstatics, sizeof(*from->statics));
	if (to->nstatics > 0)
		qsort(to->statics, to->nstatics, sizeof(*to->statics), static_cmp);
	to->ports = array_copy(from->ports, from->nports, sizeof(*from->ports));
}

void
evi_conf_fini(struct evi_conf *c)
{
	rt_set_fini(&c->import);
	rt_set_fini(&c->export);
	free(c->vteps);
	free(c->statics);
	free(c->gateways);
	free(c->ports);
	*c = (struct evi_conf){ 0 };
}

/*
 * A group counts once the device has it: until then the VNI replicates, so that nothing is
 * lost in between, nor when the device cannot have it.
 */
enum evi_flood
evi_flooding(const struct evi *evi)
{
	enum evi_flood f = evi->conf.flood;

	if (!evi->conf.explicit && evi->evpn->conf.flooding_disable)
		return EVI_FLOOD_DISABLE;
	if (f == EVI_FLOOD_MULTICAST)
		return ip_is_set(&evi->group) ? f : EVI_FLOOD_HER;
	if (f == EVI_FLOOD_HER && !evi->conf.flood_said && ip_is_set(&evi->group))
		return EVI_FLOOD_MULTICAST; /* the device floods by itself */
	return f;
}

const char *
evi_why_not_alone(const struct evi *evi)
{
	const struct klink *vx = device_link_of(evi->evpn, evi->vxlan);

	if (vx == NULL || !vx->vxlan.external)
		return NULL;
	if (evi->conf.flood == EVI_FLOOD_MULTICAST)
		return "a group needs a vxlan device for the VNI alone: copies are "
		       "sent instead";
	if (evi->conf.learning)
		return "learning needs a vxlan device for the VNI alone: nothing is "
		       "learned";
	return NULL;
}

/* --- birth, change, death --- */

static void
enqueue(struct evi *evi)
{
	if (evi->changed)
		return;
	evi->changed = true;
	TAILQ_INSERT_TAIL(&evi->evpn->changed_evis, evi, changed_link);
}

void
evi_touch(struct evi *evi)
{
	evi->stale = true;
	enqueue(evi);
}

void
evi_touch_flood(struct evi *evi)
{
	evi->flood_changed = true;
	enqueue(evi);
}

void
evi_touch_all(struct evpn *e)
{
	for (struct evi *evi = evi_first(e); evi != NULL; evi = evi_after(evi))
		evi_touch(evi);
}

struct evi *
evi_get(struct evpn *e, uint32_t vni)
{
	struct evi *evi = evi_find(e, vni);

	if (evi != NULL)
		return evi;
	evi = xcalloc(1, sizeof(*evi));
	evi->evpn = e;
	evi->vni = vni;
	evi->conf = evi_conf_default(&e->conf);
	evi->down = "it is new";
	RB_INIT(&evi->vteps);
	RB_INSERT(evi_tree, &e->evis, evi);
	e->nevis++;
	e->rds_dirty = true;
	evi_touch(evi);
	return evi;
}

/* Frees what is left of the rows; nothing is decided any more. */
static void
rows_free(struct evi *evi)
{
	struct macip *m, *own, *next;

	for (m = macip_from(evi, &(struct mac){ 0 }, NULL); m != NULL; m = next) {
		next = macip_after(m);
		if (m->local != NULL)
			local_clear(m, 0xff);
	}
	/* A MAC's own row goes last. */
	while ((own = macip_from(evi, &(struct mac){ 0 }, NULL)) != NULL) {
		m = macip_sibling(own) != NULL ? macip_sibling(own) : own;
		macip_sweep(m, true);
		m->state = MACIP_NONE;
		macip_reap(m);
	}
	lhash_fini(&evi->macs);
	lhash_fini(&evi->ips);
	flood_sweep(evi, true);
	flood_update(evi, true, 0);
}

void
evi_own_ip(struct evpn *e, const struct ip *ip, int by)
{
	unsigned i;

	if (!ip_is_set(ip))
		return;
	for (i = 0; i < e->nown_ips && ip_cmp(&e->own_ips[i].ip, ip) != 0; i++)
		;
	if (i == e->nown_ips) {
		e->own_ips =
		    xreallocarray(e->own_ips, (size_t)i + 1, sizeof(*e->own_ips));
		e->own_ips[e->nown_ips++] = (struct own_ip){ .ip = *ip };
	}
	e->own_ips[i].refs += (uint32_t)by;
	if (e->own_ips[i].refs == 0)
		e->own_ips[i] = e->own_ips[--e->nown_ips];
	else if (e->own_ips[i].refs != 1 || by < 0)
		return;
	/* A new address, or one less: whose routes are our own has changed. */
	for (struct evi *evi = evi_first(e); evi != NULL; evi = evi_after(evi))
		evi_walk(evi);
	for (struct ipvrf *v = ipvrf_first(e); v != NULL; v = ipvrf_after(v))
		ipvrf_walk(v);
}

void
evi_free(struct evi *evi)
{
	struct evpn *e = evi->evpn;

	rows_free(evi);
	ipvrf_detach(evi, 0);
	import_retire(e, &evi->imp);
	if (evi->linger_ms != 0)
		e->nlingers--;
	for (int what = 0; what < EVI_REFS; what++)
		evi_ref_set(evi, (enum evi_ref_what)what, 0, 0);
	if (evi->changed)
		TAILQ_REMOVE(&e->changed_evis, evi, changed_link);
	if (evi->walking)
		TAILQ_REMOVE(&e->walks, evi, walk_link);
	demand_set(evi, false);
	origin_gone(e, &evi->imet);
	origin_forget_attrs(evi);
	RB_REMOVE(evi_tree, &e->evis, evi);
	evi_own_ip(e, &evi->face.local, -1);
	e->nevis--;
	e->rds_dirty = true;
	evi_conf_fini(&evi->conf);
	static_free(evi);
	free(evi->addrs);
	free(evi->own_macs);
	free(evi->gateway_keys);
	free(evi->svi_told);
	free(evi->wishes);
	free(evi->members);
	free(evi);
}

/* --- what follows from configuration --- */

/* The number of an automatic RD, given those that are taken. */
static uint16_t
pick_number(uint32_t vni, uint8_t *taken)
{
	uint16_t n = (uint16_t)vni;

	if (vni > UINT16_MAX)
		while (n == 0 || (taken[n / 8] & 1 << n % 8))
			n = (uint16_t)(n + RD_STEP);
	taken[n / 8] |= (uint8_t)(1 << n % 8);
	return n;
}

void
evi_number(struct evpn *e)
{
	struct evi *evi = evi_first(e);
	struct ipvrf *v = ipvrf_vni_first(e);
	uint8_t taken[8192] = { 0 };

	e->rds_dirty = false;
	while (evi != NULL || v != NULL) {
		bool l2 = evi != NULL && (v == NULL || evi->vni <= v->vni);
		bool l3 = v != NULL && (evi == NULL || v->vni <= evi->vni);
		uint16_t n = pick_number(l2 ? evi->vni : v->vni, taken);

		if (l2) {
			if (n != evi->rd_number)
				evi_touch(evi);
			evi->rd_number = n;
			evi = evi_after(evi);
		}
		if (l3) {
			if (n != v->rd_number)
				ipvrf_touch(v);
			v->rd_number = n;
			v = ipvrf_vni_after(v);
		}
	}
}

static void
derive(struct evi *evi)
{
	static const struct rd none;
	const struct evpn_conf *c = &evi->evpn->conf;

	import_derive(
	    evi->evpn, &evi->imp, evi->vni, &evi->conf.import, &evi->conf.export);
	evi->rd = memcmp(&evi->conf.rd, &none, sizeof(none)) != 0
	    ? evi->conf.rd
	    : rd_of_ip(c->router_id, evi->rd_number);
}

/* What the hosts' routes say of the IP-VRF, as that was last refreshed. */
static void
face_l3(const struct evi *evi, struct evi_face *f)
{
	const struct ipvrf *v = evi->ipvrf;

	if (v == NULL || !v->face.live || v->face.prefix_routes_only)
		return;
	f->l3vni = v->face.vni;
	f->l3_export = v->face.export;
	f->rmac = v->face.rmac;
}

static struct evi_face
face_of(const struct evi *evi)
{
	struct evi_face f;

	memset(&f, 0, sizeof(f));
	f.devs = (struct evi_devs){ evi->refs[EVI_REF_VXLAN].ifindex,
		evi->refs[EVI_REF_BRIDGE].ifindex, evi->refs[EVI_REF_SVI].ifindex,
		evi->vlan, evi->key_vni };
	f.local = evi->local;
	f.group = evi->group;
	f.svi_mac = evi->svi_mac;
	f.rd = evi->rd;
	f.live = evi->live;
	f.demand = evi->demand != NULL;
	f.direct = evi->direct;
	f.alone = evi->alone;
	f.svi_addr = evi->svi_addr;
	f.suppression = evi->conf.suppression;
	f.proxy = evi->proxy;
	f.static_mac = evi->evpn->conf.static_mac;
	f.flood = (uint8_t)evi_flooding(evi);
	f.addrs = bytes_hash(1, evi->addrs, evi->naddrs * sizeof(*evi->addrs));
	f.macs = bytes_hash(4, evi->own_macs, evi->nown_macs * sizeof(struct mac));
	f.vteps = bytes_hash(2, evi->conf.vteps, evi->conf.nvteps * sizeof(struct ip));
	f.export =
	    bytes_hash(3, evi->imp.export.rt, evi->imp.export.n * sizeof(struct ecom));
	face_l3(evi, &f);
	return f;
}

static void
linger(struct evi *evi, uint64_t until)
{
	if ((evi->linger_ms != 0) != (until != 0))
		evi->evpn->nlingers += until != 0 ? 1 : (uint32_t)-1;
	evi->linger_ms = until;
}

/*
 * Does anything say that the EVI should be? One that was found in the kernel stays a while
 * when its device goes, for devices are made anew: addresses that were only snooped would
 * be lost, and all routes be imported again.
 */
static bool
is_wanted(struct evi *evi, uint64_t now)
{
	const struct evpn_conf *c = &evi->evpn->conf;
	bool found = c->on && c->advertise_all_vni && !evi->l3;

	if (evi->conf.explicit || !found || evi->bridged)
		linger(evi, 0);
	else if (evi->linger_ms == 0 && evi->face.devs.bridge != 0)
		linger(evi, now + LINGER_MS);
	else if (evi->linger_ms <= now)
		linger(evi, 0);
	return evi->conf.explicit || (found && (evi->bridged || evi->linger_ms != 0));
}

uint64_t
evi_tick(struct evpn *e, uint64_t now)
{
	uint64_t next = UINT64_MAX;

	if (e->nlingers == 0)
		return next;
	for (struct evi *evi = evi_first(e); evi != NULL; evi = evi_after(evi)) {
		if (evi->linger_ms == 0)
			continue;
		if (evi->linger_ms <= now)
			evi_touch(evi);
		else if (evi->linger_ms < next)
			next = evi->linger_ms;
	}
	return next;
}

/* What depends on the old face and needs no walk. */
static void
turn(struct evi *evi, const struct evi_face *f, uint64_t now)
{
	struct evi_face was = evi->face;

	evi->face = *f;
	if (f->live != was.live)
		history_evi(evi, f->live ? EV_VNI_UP : EV_VNI_DOWN, &evi->local, now);
	if (ip_cmp(&f->local, &was.local) != 0) {
		evi_own_ip(evi->evpn, &was.local, -1);
		evi_own_ip(evi->evpn, &f->local, 1);
	}
	if (memcmp(&f->devs, &was.devs, sizeof(f->devs)) != 0) {
		evi_rescan(evi);
		if (was.devs.bridge != f->devs.bridge)
			device_snoop(evi->evpn, was.devs.bridge);
	}
	origin_forget_attrs(evi);
	device_snoop(evi->evpn, f->devs.bridge);
	device_tap(evi);
	evi->programmed = f->live && memcmp(&f->devs, &evi->on, sizeof(evi->on)) == 0;
	evi_walk(evi);
}

/* Nobody wants it: it imports nothing and has no devices from now on. */
static void
retire(struct evi *evi)
{
	import_retire(evi->evpn, &evi->imp);
	for (int what = 0; what < EVI_REFS; what++)
		evi_ref_set(evi, (enum evi_ref_what)what, 0, 0);
	evi_walk(evi);
}

/* While the VNI is down what was in use stays in use. */
static void
demand_update(struct evi *evi)
{
	evi->proactive = evi->conf.on_demand ? sensor_why_not(evi) : NULL;
	if (evi->live || !evi->conf.on_demand)
		demand_set(evi, evi->conf.on_demand && evi->proactive == NULL);
}

static void
refresh(struct evi *evi, uint64_t now)
{
	struct evi_face f;

	evi->stale = false;
	evi->l3 = ipvrf_by_vni(evi->evpn, evi->vni) != NULL;
	device_facts(evi);
	evi->dying = !is_wanted(evi, now);
	if (evi->dying)
		retire(evi);
	else
		derive(evi);
	ipvrf_attach(evi, now);
	evi->down = device_why_down(evi);
	evi->live = evi->down == NULL;
	demand_update(evi);
	wish_update(evi);
	device_manage(
	    evi); /* again, too, when one went and came under the same number */
	member_update(evi, now);
	unknown_update(evi, now);
	gateway_update(evi, now);
	local_svi(evi, now);
	static_update(evi, now);
	f = face_of(evi);
	if (memcmp(&f, &evi->face, sizeof(f)) != 0)
		turn(evi, &f, now);
	origin_imet(evi);
}

void
evi_refresh(struct evi *evi, uint64_t now)
{
	if (evi->stale)
		refresh(evi, now);
	if (evi->flood_changed)
		flood_update(evi, false, now);
}

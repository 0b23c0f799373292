/*
 * device - the kernel's devices -> facts about EVIs.
 *
 * Keeps: per device that matters its role (vxlan of a VNI, port of a bridge, VLAN device on
 * a bridge), findable both ways, so that an event touches only the EVIs it concerns. All
 * facts are taken anew from the mirror (klink) when an EVI is refreshed: the order of events
 * does not matter.
 */
#include "evpn/state.h"

#include <stdlib.h>

#include "base/mem.h"

/* --- devices by role --- */

static int
evdev_cmp(const struct evdev *a, const struct evdev *b)
{
	return a->ifindex < b->ifindex ? -1 : a->ifindex > b->ifindex;
}

static int
evdev_key_cmp(const struct evdev *a, const struct evdev *b)
{
	if (a->role != b->role)
		return a->role < b->role ? -1 : 1;
	if (a->of != b->of)
		return a->of < b->of ? -1 : 1;
	return evdev_cmp(a, b);
}

RB_PROTOTYPE(evdev_tree, evdev, link, evdev_cmp)
RB_GENERATE(evdev_tree, evdev, link, evdev_cmp)
RB_PROTOTYPE(evdev_key_tree, evdev, key_link, evdev_key_cmp)
RB_GENERATE(evdev_key_tree, evdev, key_link, evdev_key_cmp)

struct evdev *
evdev_find(struct evpn *e, uint32_t ifindex)
{
	struct evdev k = { .ifindex = ifindex };

	return RB_FIND(evdev_tree, &e->devs, &k);
}

struct evdev *
evdev_get(struct evpn *e, uint32_t ifindex)
{
	struct evdev *d = evdev_find(e, ifindex);

	if (d != NULL)
		return d;
	d = xcalloc(1, sizeof(*d));
	d->ifindex = ifindex;
	d->up = true; /* until we are told */
	LIST_INIT(&d->locals);
	RB_INSERT(evdev_tree, &e->devs, d);
	RB_INSERT(evdev_key_tree, &e->dev_keys, d);
	return d;
}

void
evdev_release(struct evpn *e, struct evdev *d)
{
	if (d->there || d->snoop_queued || d->hosts[0] + d->hosts[1] > 0)
		return;
	RB_REMOVE(evdev_tree, &e->devs, d);
	RB_REMOVE(evdev_key_tree, &e->dev_keys, d);
	free(d);
}

struct evdev *
evdev_any(struct evpn *e)
{
	return RB_ROOT(&e->devs);
}

struct evdev *
evdev_after(struct evdev *d)
{
	struct evdev *n = RB_NEXT(evdev_key_tree, NULL, d);

	return n != NULL && n->role == d->role && n->of == d->of ? n : NULL;
}

struct evdev *
evdev_first(struct evpn *e, enum evdev_role role, uint32_t of)
{
	struct evdev k = { .role = (uint8_t)role, .of = of }, *d;

	d = RB_NFIND(evdev_key_tree, &e->dev_keys, &k);
	return d != NULL && d->role == role && d->of == of ? d : NULL;
}

struct klink *
device_link_of(struct evpn *e, uint32_t ifindex)
{
	struct klink *l = ifindex != 0 ? klink_find(e->klinks, ifindex) : NULL;

	return l != NULL && !l->gone ? l : NULL;
}

/* --- snooping --- */

static void
snoop_set(struct evpn *e, struct evdev *d, bool on)
{
	d->snoop = on;
	if (d->snoop == d->snoop_told || d->snoop_queued)
		return;
	d->snoop_queued = true;
	TAILQ_INSERT_TAIL(&e->snoops, d, snoop_link);
}

/*
 * A port that is down stays listened to: what a host says in the moment it comes up is often
 * the only thing it says for long.
 */
void
device_snoop(struct evpn *e, uint32_t bridge)
{
	const struct klink *br = device_link_of(e, bridge);
	bool live = false;

	for (struct evi_ref *r = evi_ref_first(e, EVI_REF_BRIDGE, bridge); r != NULL;
	     r = evi_ref_after(r))
		live = live || r->evi->live;
	for (struct evdev *d = evdev_first(e, EVDEV_PORT, bridge); d != NULL;
	     d = evdev_after(d)) {
		snoop_set(e, d, live);
		if (live && br != NULL && br->vlan_filtering)
			ktab_manage(e->ktab, KOBJ_BRVLAN, d->ifindex, true);
	}
}

/* Frames that are dropped at the sensor of an EVI on demand can be saved. */
void
device_tap(struct evi *evi)
{
	struct evdev *d = evdev_first(evi->evpn, EVDEV_SENSOR, evi->vni);

	if (d != NULL)
		snoop_set(evi->evpn, d, evi->demand != NULL && !evi->direct);
}

bool
evpn_is_sensor(const struct evpn *e, uint32_t ifindex)
{
	const struct evdev *d = evdev_find((struct evpn *)(uintptr_t)e, ifindex);

	return d != NULL && d->role == EVDEV_SENSOR;
}

bool
evpn_snoop_port(struct evpn *e, uint32_t *out_port, bool *out_on)
{
	struct evdev *d;

	while ((d = TAILQ_FIRST(&e->snoops)) != NULL) {
		bool news = d->snoop != d->snoop_told;

		TAILQ_REMOVE(&e->snoops, d, snoop_link);
		d->snoop_queued = false;
		d->snoop_told = d->snoop;
		*out_port = d->ifindex;
		*out_on = d->snoop;
		evdev_release(e, d);
		if (news)
			return true;
	}
	return false;
}

/* --- events --- */

static void
role_of(const struct klink *l, struct evdev *out)
{
	*out = (struct evdev){ .role = EVDEV_NONE };
	if (l->gone)
		return;
	if (l->kind == KLINK_VXLAN && l->vxlan.external) {
		out->role = EVDEV_SHARED;
		out->of = l->is_port ? l->master : 0;
	} else if (l->kind == KLINK_VXLAN) {
		out->role = sensor_is(l) ? EVDEV_SENSOR : EVDEV_VXLAN;
		out->of = l->vxlan.vni;
	} else if (l->is_port) {
		out->role = EVDEV_PORT;
		out->of = l->master;
	} else if (l->kind == KLINK_VLAN) {
		out->role = EVDEV_VLAN;
		out->of = l->lower;
		out->vlan = l->vlan;
	} else if (l->kind == KLINK_MACVLAN) {
		out->role = EVDEV_MACVLAN;
		out->of = l->lower;
	}
}

void
device_touch_vni(struct evpn *e, uint32_t vni)
{
	struct evi *evi = vni != 0 ? evi_find(e, vni) : NULL;
	struct ipvrf *v = vni != 0 ? ipvrf_by_vni(e, vni) : NULL;
	bool all = e->conf.advertise_all_vni && e->conf.on;

	if (vni != 0 && evi == NULL && v == NULL && all)
		evi = evi_get(e, vni);
	if (evi != NULL)
		evi_touch(evi);
	if (v != NULL)
		ipvrf_touch(v);
}

/* Touches the EVIs to which a device in this role matters. */
static void
touch_role(struct evpn *e, const struct evdev *d)
{
	struct evi *evi;

	if (d->role == EVDEV_VXLAN)
		device_touch_vni(e, d->of);
	else if (d->role == EVDEV_SENSOR && (evi = evi_find(e, d->of)) != NULL)
		evi_touch(evi);
	else if (d->role == EVDEV_VLAN &&
	    (evi = evi_by_bridge(e, d->of, d->vlan)) != NULL)
		evi_touch(evi);
	else if (d->role == EVDEV_MACVLAN && (evi = evi_by_svi(e, d->of)) != NULL)
		evi_touch(evi);
}

static void
touch_refs(struct evpn *e, enum evi_ref_what what, uint32_t ifindex)
{
	for (struct evi_ref *r = evi_ref_first(e, what, ifindex); r != NULL;
	     r = evi_ref_after(r))
		evi_touch(r->evi);
}

/* Touches those that use the device already, or name it. */
static void
touch_users(struct evpn *e, const struct klink *l)
{
	struct evi *evi;

	for (int what = 0; what < EVI_REFS; what++)
		touch_refs(e, (enum evi_ref_what)what, l->ifindex);
	if (l->kind != KLINK_VRF && l->kind != KLINK_VXLAN && l->kind != KLINK_BRIDGE)
		return;
	for (evi = evi_first(e); evi != NULL; evi = evi_after(evi))
		if (l->kind == KLINK_VRF || strcmp(evi->conf.vxlan, l->name) == 0 ||
		    strcmp(evi->conf.bridge, l->name) == 0)
			evi_touch(evi);
}

/* A port came to a bridge: it may be one that the configuration names. */
static void
touch_port(struct evpn *e, const struct klink *l)
{
	for (struct evi *evi = evi_first(e); evi != NULL; evi = evi_after(evi))
		for (unsigned i = 0; i < evi->conf.nports; i++)
			if (strcmp(evi->conf.ports[i].name, l->name) == 0)
				evi_touch(evi);
}

/* The VLANs and VNIs of a device for all VNIs say which VNIs there are. */
static void
mirror_shared(struct evpn *e, const struct evdev *d)
{
	bool on = d->role == EVDEV_SHARED && d->of != 0;

	if (d->there && d->role == EVDEV_SHARED) {
		ktab_manage(e->ktab, KOBJ_BRVLAN, d->ifindex, on);
		ktab_manage(e->ktab, KOBJ_VNI, d->ifindex, on);
	}
}

/* A port came to life or to a bridge: what the kernel has there may be news again. */
static void
rescan(struct evpn *e, uint32_t bridge)
{
	for (struct evi_ref *r = evi_ref_first(e, EVI_REF_BRIDGE, bridge); r != NULL;
	     r = evi_ref_after(r))
		evi_rescan(r->evi);
}

static void
device_link(struct evpn *e, const struct klink *l)
{
	struct evdev *d =
	    l->gone ? evdev_find(e, l->ifindex) : evdev_get(e, l->ifindex);
	struct evdev now, was;

	if (d == NULL)
		return;
	was = *d;
	role_of(l, &now);
	touch_role(e, d);
	RB_REMOVE(evdev_key_tree, &e->dev_keys, d);
	d->role = now.role;
	d->of = now.of;
	d->vlan = now.vlan;
	RB_INSERT(evdev_key_tree, &e->dev_keys, d);
	d->there = !l->gone;
	d->up = !l->gone && l->up && l->running;
	touch_role(e, d);
	touch_users(e, l);
	mirror_shared(e, d);
	if (d->role != EVDEV_PORT && d->role != EVDEV_SENSOR)
		snoop_set(e, d, false);
	if (was.role == EVDEV_PORT)
		device_snoop(e, was.of);
	if (d->role == EVDEV_PORT) {
		device_snoop(e, d->of);
		if (was.of != d->of)
			touch_port(e, l);
		if (d->up && (!was.up || was.of != d->of))
			rescan(e, d->of);
	}
	if (!d->up || (was.there && (d->role != was.role || d->of != was.of)))
		local_port_down(e, d, l->gone || (was.there && was.of != d->of));
	else
		evdev_release(e, d);
}

void
device_find_all(struct evpn *e)
{
	struct evdev *d;

	RB_FOREACH (d, evdev_tree, &e->devs)
		if (d->role == EVDEV_VXLAN)
			device_touch_vni(e, d->of);
	place_each_vni(e, device_touch_vni);
}

void
evpn_link(struct evpn *e, const struct klink *l)
{
	device_link(e, l);
	vrfdev_link(e, l);
}

/* --- facts --- */

static void
name_of(char *to, const struct klink *l)
{
	memset(to, 0, KLINK_NAME);
	if (l != NULL)
		memcpy(to, l->name, strnlen(l->name, KLINK_NAME - 1));
}

struct ip
device_vtep(const struct evpn *e, const struct klink *vx)
{
	const struct evpn_conf *c = &e->conf;

	if (vx == NULL)
		return (struct ip){ 0 };
	if (ip_is_set(&vx->vxlan.local) && !ip_is_any(&vx->vxlan.local))
		return vx->vxlan.local;
	if (ip_is_set(&c->source))
		return c->source;
	return c->router_id != 0 ? ip_of_v4(c->router_id) : (struct ip){ 0 };
}

const char *
device_why_down(const struct evi *evi)
{
	static const struct rd none;
	const struct evpn_conf *c = &evi->evpn->conf;
	const struct klink *vx = device_link_of(evi->evpn, evi->vxlan);
	const struct klink *br = device_link_of(evi->evpn, evi->bridge);

	if (evi->dying)
		return "it is not configured any more";
	if (!c->on)
		return "BGP is not configured";
	if (!evi->conf.explicit && !c->advertise_all_vni)
		return "advertise-all-vni is off";
	if (evi->l3)
		return "it is an L3 VNI";
	if (evi->misplaced != NULL)
		return evi->misplaced;
	if (vx == NULL || !vx->up)
		return "the vxlan device is down";
	if (!evi->alone && (br == NULL || !br->up))
		return "the bridge is down";
	if ((!evi->alone && evi->refs[EVI_REF_BRIDGE].ifindex == 0) ||
	    evi->refs[EVI_REF_VXLAN].ifindex == 0)
		return "another VNI has the same bridge and VLAN";
	if (!ip_is_set(&evi->local))
		return "there is no local VTEP address";
	if (c->router_id == 0 && memcmp(&evi->conf.rd, &none, sizeof(none)) == 0)
		return "there is no router identifier";
	return NULL;
}

/*
 * A vxlan device that the configuration names, and no bridge: a host of its own, with the
 * device's addresses, which is what the neighbours go to, too.
 */
static void
alone_facts(struct evi *evi, const struct klink *vx)
{
	const struct evi_conf *c = &evi->conf;
	const struct klink *vrf;

	evi->alone = vx != NULL && !vx->is_port && !vx->vxlan.external && c->explicit &&
	    c->vxlan[0] != '\0' && c->bridge[0] == '\0' && c->vlan == 0;
	if (!evi->alone)
		return;
	vrf = device_link_of(evi->evpn, vx->master);
	if (vrf != NULL && vrf->kind != KLINK_VRF)
		vrf = NULL;
	evi->misplaced = NULL;
	evi->svi = vx->ifindex;
	evi->svi_mac = vx->mac;
	evi->vrf_ifindex = vrf != NULL ? vrf->ifindex : 0;
	name_of(evi->vrf, vrf);
	name_of(evi->svi_name, vx);
}

void
device_facts(struct evi *evi)
{
	struct evpn *e = evi->evpn;
	struct place p = place_of(e, evi->vni, evi->conf.vxlan, evi->conf.vlan);
	const struct klink *vx = p.vxlan, *br = p.bridge, *svi = p.svi, *vrf;

	evi->in_kernel = vx != NULL;
	evi->vxlan = vx != NULL ? vx->ifindex : 0;
	evi->bridged = vx != NULL && vx->is_port;
	evi->bridge = evi->bridged ? vx->master : 0;
	evi->vlan = p.vlan;
	evi->key_vni = p.key_vni;
	evi->misplaced = p.why;
	if (p.vlan == 0 && br != NULL && br->vlan_filtering)
		evi->bridge = 0; /* no VLAN of it is the VNI's */
	evi->svi = svi != NULL ? svi->ifindex : 0;
	evi->svi_mac = svi != NULL ? svi->mac : (struct mac){ 0 };
	vrf = svi != NULL ? device_link_of(e, svi->master) : NULL;
	if (vrf != NULL && vrf->kind != KLINK_VRF)
		vrf = NULL;
	evi->vrf_ifindex = vrf != NULL ? vrf->ifindex : 0;
	name_of(evi->vrf, vrf);
	name_of(evi->vxlan_name, vx);
	name_of(evi->bridge_name, br);
	name_of(evi->svi_name, svi);
	evi->local = device_vtep(e, vx);
	evi->group = (struct ip){ 0 };
	if (vx != NULL && ip_is_multicast(&vx->vxlan.group))
		evi->group = vx->vxlan.group;
	evi->proxy = vx != NULL && vx->vxlan.proxy;
	evi->direct = evi->conf.on_demand && vx != NULL && vx->vxlan.l2miss &&
	    !vx->vxlan.external;
	alone_facts(evi, vx);
	evi_ref_set(evi, EVI_REF_VXLAN, evi->vxlan, evi->key_vni);
	evi_ref_set(evi, EVI_REF_BRIDGE, evi->bridge, evi->vlan);
	evi_ref_set(evi, EVI_REF_SVI, evi->svi, 0);
	gateway_facts(evi);
}

/* --- what the kernel has on them --- */

static void
manage(struct evpn *e, const struct evi_devs *d, bool on)
{
	if (d->bridge != 0)
		ktab_manage(e->ktab, KOBJ_BRFDB, d->bridge, on);
	if (d->vxlan != 0)
		ktab_manage(e->ktab, KOBJ_VXFDB, d->vxlan, on);
	if (d->vxlan != 0 && !on)
		ktab_manage(e->ktab, KOBJ_NEIGH, d->vxlan, on);
	if (d->svi != 0) {
		ktab_manage(e->ktab, KOBJ_NEIGH, d->svi, on);
		ktab_manage(e->ktab, KOBJ_ADDR, d->svi, on);
	}
}

void
device_manage(struct evi *evi)
{
	struct evi_devs d = { .vxlan = evi->refs[EVI_REF_VXLAN].ifindex,
		.bridge = evi->refs[EVI_REF_BRIDGE].ifindex,
		.svi = evi->refs[EVI_REF_SVI].ifindex };

	manage(evi->evpn, &d, true);
	if (evi->proxy && d.vxlan != 0)
		ktab_manage(evi->evpn->ktab, KOBJ_NEIGH, d.vxlan, true);
}

/* What exists stays mirrored, so that the entries we want no more can be removed. */
void
device_unmanage(struct evi *evi, const struct evi_devs *old)
{
	struct evpn *e = evi->evpn;
	struct evi_devs d = *old;

	if (device_link_of(e, d.vxlan) != NULL)
		d.vxlan = 0;
	if (device_link_of(e, d.bridge) != NULL)
		d.bridge = 0;
	if (device_link_of(e, d.svi) != NULL)
		d.svi = 0;
	manage(e, &d, false);
}

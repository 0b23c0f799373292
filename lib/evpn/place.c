/*
 * place - where a VNI is on this host: its vxlan device, bridge, VLAN and SVI.
 *
 * Three sorts: a vxlan device in a bridge that knows no VLANs; one in a VLAN-aware bridge,
 * where the port's pvid is the VNI's VLAN; and one device for all VNIs ("external"), where
 * the port's tunnel_info says which VLAN is which VNI. Of the last sort a map is kept here,
 * by VNI and by port, fed with what the kernel says of the ports' VLANs (KOBJ_BRVLAN rows of
 * every external device in a bridge are mirrored, see device.c).
 */
#include "evpn/state.h"

#include <stdlib.h>

#include "base/mem.h"

static int
tunnel_cmp(const struct tunnel *a, const struct tunnel *b)
{
	if (a->ifindex != b->ifindex)
		return a->ifindex < b->ifindex ? -1 : 1;
	return a->vlan < b->vlan ? -1 : a->vlan > b->vlan;
}

static int
tunnel_vni_cmp(const struct tunnel *a, const struct tunnel *b)
{
	if (a->vni != b->vni)
		return a->vni < b->vni ? -1 : 1;
	return tunnel_cmp(a, b);
}

RB_PROTOTYPE(tunnel_tree, tunnel, link, tunnel_cmp)
RB_GENERATE(tunnel_tree, tunnel, link, tunnel_cmp)
RB_PROTOTYPE(tunnel_vnis, tunnel, vni_link, tunnel_vni_cmp)
RB_GENERATE(tunnel_vnis, tunnel, vni_link, tunnel_vni_cmp)

/* --- the map --- */

static struct tunnel *
tunnel_find(struct evpn *e, uint32_t ifindex, uint16_t vlan)
{
	struct tunnel k = { .ifindex = ifindex, .vlan = vlan };

	return RB_FIND(tunnel_tree, &e->tunnels, &k);
}

/* The first VLAN that is VNI, on whatever device. */
static struct tunnel *
tunnel_of_vni(struct evpn *e, uint32_t vni)
{
	struct tunnel k = { .vni = vni }, *t;

	t = RB_NFIND(tunnel_vnis, &e->tunnel_vnis, &k);
	return t != NULL && t->vni == vni ? t : NULL;
}

static void
tunnel_set(struct evpn *e, uint32_t ifindex, uint16_t vlan, uint32_t vni)
{
	struct tunnel *t = tunnel_find(e, ifindex, vlan);
	uint32_t was = t != NULL ? t->vni : 0;

	if (was == vni)
		return;
	if (t == NULL) {
		t = xcalloc(1, sizeof(*t));
		t->ifindex = ifindex;
		t->vlan = vlan;
		RB_INSERT(tunnel_tree, &e->tunnels, t);
	} else {
		RB_REMOVE(tunnel_vnis, &e->tunnel_vnis, t);
	}
	t->vni = vni;
	if (vni != 0) {
		RB_INSERT(tunnel_vnis, &e->tunnel_vnis, t);
	} else {
		RB_REMOVE(tunnel_tree, &e->tunnels, t);
		free(t);
	}
	device_touch_vni(e, was);
	device_touch_vni(e, vni);
}

void
place_heard(struct evpn *e, const struct krow *r)
{
	if (KROW_KEY(r)->kind == KOBJ_BRVLAN)
		tunnel_set(e, KROW_KEY(r)->ifindex, KROW_KEY(r)->vlan,
		    r->present ? krow_have(r).vni : 0);
	else
		device_touch_vni(e, KROW_KEY(r)->id);
}

void
place_each_vni(struct evpn *e, void (*each)(struct evpn *e, uint32_t vni))
{
	struct tunnel *t;

	RB_FOREACH (t, tunnel_vnis, &e->tunnel_vnis)
		each(e, t->vni);
}

void
place_fini(struct evpn *e)
{
	struct tunnel *t;

	while ((t = RB_ROOT(&e->tunnels)) != NULL) {
		RB_REMOVE(tunnel_tree, &e->tunnels, t);
		free(t);
	}
	RB_INIT(&e->tunnel_vnis);
}

/* --- the place --- */

/* A vxlan device of the VNI alone; one that is in a bridge before one that is not. */
static struct klink *
own_device(struct evpn *e, uint32_t vni, const char *name)
{
	struct klink *best = NULL;

	for (struct evdev *d = evdev_first(e, EVDEV_VXLAN, vni); d != NULL;
	     d = evdev_after(d)) {
		struct klink *l = device_link_of(e, d->ifindex);

		if (l == NULL || (name[0] != '\0' && strcmp(l->name, name) != 0))
			continue;
		if (best == NULL || (l->is_port && !best->is_port))
			best = l;
	}
	return best;
}

/* A device for all VNIs: the one named, or that which has the VNI. */
static struct klink *
shared_device(struct evpn *e, uint32_t vni, const char *name)
{
	struct tunnel *t = name[0] == '\0' ? tunnel_of_vni(e, vni) : NULL;
	struct klink *l = name[0] != '\0' ? klink_by_name(e->klinks, name)
	    : t != NULL                   ? device_link_of(e, t->ifindex)
					  : NULL;

	return l != NULL && l->kind == KLINK_VXLAN && l->vxlan.external ? l : NULL;
}

/* The device with the addresses of the VNI: the bridge, or its VLAN device. */
static struct klink *
svi_of(struct evpn *e, const struct place *p)
{
	if (p->bridge == NULL || !p->bridge->vlan_filtering)
		return p->bridge;
	if (p->vlan == 0)
		return NULL;
	for (struct evdev *d = evdev_first(e, EVDEV_VLAN, p->bridge->ifindex);
	     d != NULL; d = evdev_after(d))
		if (d->vlan == p->vlan)
			return device_link_of(e, d->ifindex);
	return NULL;
}

/* The VLAN on a device for all VNIs, and what it lacks. */
static void
place_shared(struct evpn *e, struct place *p, uint32_t vni, uint16_t vlan)
{
	const struct klink *vx = p->vxlan;
	struct kkey filter = kkey_vni(vx->ifindex, vni);
	struct tunnel *t;
	struct krow *r;

	t = vlan != 0 ? tunnel_find(e, vx->ifindex, vlan) : tunnel_of_vni(e, vni);
	while (t != NULL && vlan == 0 && t->ifindex != vx->ifindex) {
		t = RB_NEXT(tunnel_vnis, &e->tunnel_vnis, t);
		t = t != NULL && t->vni == vni ? t : NULL;
	}
	p->key_vni = vni;
	p->vlan = vlan != 0 ? vlan : t != NULL ? t->vlan : 0;
	r = vx->vxlan.vnifilter ? ktab_find(e->ktab, &filter) : NULL;
	if (!p->bridge->vlan_filtering)
		p->why = "the bridge is not VLAN-aware";
	else if (p->vlan == 0)
		p->why = "no VLAN of the vxlan device is mapped to it";
	else if (!vx->port.vlan_tunnel)
		p->why = "vlan_tunnel is off at the port of the vxlan device";
	else if (t == NULL || t->vni != vni)
		p->why = "its VLAN is not mapped to it at the vxlan device";
	else if (vx->vxlan.vnifilter && (r == NULL || !r->present))
		p->why = "the vnifilter of the vxlan device lacks it";
}

static void
place_own(struct place *p, uint16_t vlan)
{
	uint16_t pvid = p->vxlan->port.pvid;

	if (!p->bridge->vlan_filtering) {
		if (vlan != 0)
			p->why = "the bridge is not VLAN-aware";
		return;
	}
	p->vlan = vlan != 0 ? vlan : pvid;
	if (p->vlan == 0)
		p->why = "the port of the vxlan device has no VLAN (pvid)";
	else if (p->vlan != pvid)
		p->why = "its VLAN is not the pvid of the vxlan device's port";
}

struct place
place_of(struct evpn *e, uint32_t vni, const char *vxlan, uint16_t vlan)
{
	struct place p = { .vxlan = own_device(e, vni, vxlan) };

	if (p.vxlan == NULL)
		p.vxlan = shared_device(e, vni, vxlan);
	if (p.vxlan == NULL) {
		p.why = "there is no vxlan device";
		return p;
	}
	p.key_vni = p.vxlan->vxlan.external ? vni : 0;
	if (p.vxlan->is_port)
		p.bridge = device_link_of(e, p.vxlan->master);
	if (!p.vxlan->is_port)
		p.why = "the vxlan device is in no bridge";
	else if (p.bridge == NULL)
		p.why = "the bridge is down";
	else if (p.vxlan->vxlan.external)
		place_shared(e, &p, vni, vlan);
	else
		place_own(&p, vlan);
	p.svi = svi_of(e, &p);
	return p;
}

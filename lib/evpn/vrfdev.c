/*
 * vrfdev - the kernel's devices -> facts about IP-VRFs.
 *
 * An IP-VRF needs a routing table: that of the VRF device of its name, or the main one for
 * the default VRF; and the vxlan device of its L3 VNI in a bridge whose SVI (the bridge, or
 * the VLAN device of the port's pvid) is in that VRF: in none, for the default VRF. The
 * SVI's MAC is the router's MAC. All facts are taken anew from the mirror whenever a device
 * may matter: the order of events does not.
 */
#include "evpn/state.h"

#include <stdlib.h>

/* --- events --- */

/* May the device be one of its, or become one? */
static bool
concerns(const struct ipvrf *v, const struct klink *l)
{
	const struct ipvrf_devs *d = &v->devs;
	const struct klink *vx = device_link_of(v->evpn, d->vxlan);
	uint32_t i = l->ifindex;

	if (vx != NULL && i == vx->master)
		return true;
	if (i == v->ifindex || i == d->vxlan || i == d->bridge || i == d->svi)
		return true;
	if (l->kind == KLINK_VRF)
		return strcmp(l->name, v->name) == 0;
	if (l->kind == KLINK_VXLAN)
		return l->vxlan.external || l->vxlan.vni == v->vni;
	return l->kind == KLINK_VLAN && l->lower == d->bridge;
}

void
vrfdev_link(struct evpn *e, const struct klink *l)
{
	for (struct ipvrf *v = ipvrf_first(e); v != NULL; v = ipvrf_after(v))
		if (concerns(v, l))
			ipvrf_touch(v);
}

/* A VNI names the bridge, or did: whoever names it, too, has to look. */
void
vrfdev_bridge(struct evpn *e, const char *name)
{
	if (name[0] == '\0')
		return;
	for (struct ipvrf *v = ipvrf_first(e); v != NULL; v = ipvrf_after(v))
		if (strcmp(v->conf.bridge, name) == 0)
			ipvrf_touch(v);
}

/* --- facts --- */

static bool
is_default(const struct ipvrf *v)
{
	return strcmp(v->name, IPVRF_DEFAULT) == 0;
}

static void
name_of(char *to, const struct klink *l)
{
	memset(to, 0, KLINK_NAME);
	if (l != NULL)
		memcpy(to, l->name, strnlen(l->name, KLINK_NAME - 1));
}

static struct klink *
vrf_device(const struct ipvrf *v)
{
	struct klink *l = klink_by_name(v->evpn->klinks, v->name);

	return l != NULL && !l->gone && l->kind == KLINK_VRF && !is_default(v) ? l
									       : NULL;
}

void
vrfdev_facts(struct ipvrf *v)
{
	struct evpn *e = v->evpn;
	const struct klink *vrf = vrf_device(v);
	struct place p = v->vni != 0 ? place_of(e, v->vni, "", 0) : (struct place){ 0 };
	const struct klink *vx = p.vxlan, *br = p.bridge, *svi = p.svi;
	struct ipvrf_devs d = { .vlan = p.vlan, .key_vni = p.key_vni };

	d.vxlan = vx != NULL ? vx->ifindex : 0;
	d.bridge = br != NULL ? br->ifindex : 0;
	d.svi = svi != NULL ? svi->ifindex : 0;
	if (v->vni != 0)
		d.table = vrf != NULL ? vrf->table : 0;
	if (v->vni != 0 && is_default(v))
		d.table = IPVRF_MAIN_TABLE;
	v->ifindex = vrf != NULL ? vrf->ifindex : 0;
	v->devs = d;
	v->misplaced = p.why;
	v->local = device_vtep(e, vx);
	v->rmac = svi != NULL ? svi->mac : (struct mac){ 0 };
	name_of(v->vxlan_name, vx);
	name_of(v->bridge_name, br);
	name_of(v->svi_name, svi);
}

/* --- why not --- */

static const char *
vrf_why_down(const struct ipvrf *v)
{
	const struct klink *vrf = vrf_device(v);

	if (is_default(v))
		return v->table == 0 ? "another VRF has the same table" : NULL;
	if (vrf == NULL)
		return "there is no VRF device";
	if (!vrf->up)
		return "the VRF device is down";
	if (v->table == 0)
		return "another VRF has the same table";
	return NULL;
}

static const char *
vxlan_why_down(const struct ipvrf *v)
{
	const struct klink *vx = device_link_of(v->evpn, v->devs.vxlan);
	const struct klink *br = device_link_of(v->evpn, v->devs.bridge);

	if (vrfwish_is_taken(v))
		return "the bridge is that of an L2 VNI";
	if (v->misplaced != NULL)
		return v->misplaced;
	if (vx == NULL || !vx->up)
		return "the vxlan device is down";
	if (br == NULL || !br->up)
		return "the bridge is down";
	return NULL;
}

static const char *
svi_why_down(const struct ipvrf *v)
{
	const struct klink *svi = device_link_of(v->evpn, v->devs.svi);

	if (svi == NULL)
		return "there is no SVI";
	if (!svi->up)
		return "the SVI is down";
	if (svi->master != v->ifindex)
		return "the SVI is not in the VRF";
	if (mac_is_zero(&v->rmac))
		return "there is no router's MAC";
	return NULL;
}

const char *
vrfdev_why_down(const struct ipvrf *v)
{
	static const struct rd none;
	const struct evpn_conf *c = &v->evpn->conf;
	const char *why;

	if (v->dying)
		return "it is not configured any more";
	if (!c->on)
		return "BGP is not configured";
	if (v->conf.vni == 0)
		return "there is no L3 VNI";
	if (v->vni == 0)
		return "another VRF has the same L3 VNI";
	if ((why = vrf_why_down(v)) != NULL || (why = vxlan_why_down(v)) != NULL ||
	    (why = svi_why_down(v)) != NULL)
		return why;
	if (!ip_is_set(&v->local))
		return "there is no local VTEP address";
	if (c->router_id == 0 && memcmp(&v->conf.rd, &none, sizeof(none)) == 0)
		return "there is no router identifier";
	return NULL;
}

/* --- what the kernel has on them --- */

static void
manage(struct evpn *e, const struct ipvrf_devs *d, bool on)
{
	if (d->table != 0)
		ktab_manage(e->ktab, KOBJ_ROUTE, d->table, on);
	if (d->bridge != 0)
		ktab_manage(e->ktab, KOBJ_BRFDB, d->bridge, on);
	if (d->vxlan != 0)
		ktab_manage(e->ktab, KOBJ_VXFDB, d->vxlan, on);
	if (d->svi != 0) {
		ktab_manage(e->ktab, KOBJ_NEIGH, d->svi, on);
		ktab_manage(e->ktab, KOBJ_ADDR, d->svi, on);
	}
}

void
vrfdev_manage(struct ipvrf *v)
{
	if (!v->dying && v->vni != 0)
		manage(v->evpn, &v->devs, true);
}

/* Does a VRF device of that table exist, or is it the main one? */
static bool
table_exists(struct evpn *e, uint32_t table)
{
	if (table == IPVRF_MAIN_TABLE)
		return true;
	for (struct klink *l = klink_first(e->klinks); l != NULL; l = klink_after(l))
		if (!l->gone && l->kind == KLINK_VRF && l->table == table)
			return true;
	return false;
}

/*
 * What exists stays mirrored, so that the entries we want no more can be removed; a table,
 * which may be large, until then.
 */
void
vrfdev_unmanage(struct ipvrf *v, const struct ipvrf_devs *old)
{
	struct evpn *e = v->evpn;
	struct ipvrf_devs d = *old;

	if (device_link_of(e, d.vxlan) != NULL)
		d.vxlan = 0;
	if (device_link_of(e, d.bridge) != NULL)
		d.bridge = 0;
	if (device_link_of(e, d.svi) != NULL)
		d.svi = 0;
	if (d.table != 0 && ipvrf_by_table(e, d.table) != NULL) {
		d.table = 0;
	} else if (d.table != 0 && table_exists(e, d.table)) {
		ktab_leave(e->ktab, KOBJ_ROUTE, d.table);
		d.table = 0;
	}
	manage(e, &d, false);
}

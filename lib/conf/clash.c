/*
 * clash - what cannot be together in one configuration, whatever the kernel has.
 *
 * Each check is made by every setter that can bring the two about, so that the order of the
 * lines does not matter; what may work, or not, is check.c's.
 */
#include "conf/edit.h"

#include <string.h>

/* A VNI is either bridged (L2) or routed (L3). */
bool
clash_l2(struct edit *e, uint32_t vni)
{
	const struct conf_vrf *v;

	TAILQ_FOREACH (v, &e->c->vrfs, link)
		if (v->vni == vni)
			return edit_refuse(
			    e, "VNI %u is the L3 VNI of VRF %s", vni, v->name);
	return true;
}

bool
clash_l3(struct edit *e, const struct conf_vrf *v, uint32_t vni)
{
	const struct conf_vrf *o;

	TAILQ_FOREACH (o, &e->c->vrfs, link)
		if (o != v && o->vni == vni)
			return edit_refuse(e,
			    "VNI %u is already configured under VRF %s", vni, o->name);
	if (conf_vni_find(e->c, vni) != NULL)
		return edit_refuse(
		    e, "VNI %u is an L2 VNI of address-family l2vpn evpn", vni);
	return true;
}

/* The kernel's own tables: default, main, local. */
bool
clash_table(struct edit *e, const struct conf_vrf *v, uint32_t table)
{
	static const char *const reserved[] = { "default", "main", "local" };
	const struct conf_vrf *o;

	if (table >= 253 && table <= 255)
		return edit_refuse(e, "Table %u is the kernel's table \"%s\"", table,
		    reserved[table - 253]);
	TAILQ_FOREACH (o, &e->c->vrfs, link)
		if (o != v && o->table == table)
			return edit_refuse(
			    e, "Table %u is that of VRF %s", table, o->name);
	return true;
}

/* The VRF of V, as said; without a word it is the SVI's master's, which may be any. */
static bool
same_vrf(const struct conf_vni *v, const char *vrf)
{
	return vrf[0] != '\0' && strcmp(v->vrf, vrf) == 0;
}

static bool
gateway_elsewhere(struct edit *e, const struct conf_vni *v, const char *vrf,
    const struct conf_gateway *g)
{
	const struct conf_vni *o;
	int i;

	TAILQ_FOREACH (o, &e->c->bgp.evpn.vnis, link) {
		if (o == v || !same_vrf(o, vrf))
			continue;
		for (i = 0; i < o->ngateways; i++)
			if (ip_cmp(&o->gateways[i].ip, &g->ip) == 0)
				return edit_refuse(e,
				    "%s is a gateway of VNI %u already, in the same "
				    "VRF %s",
				    IPSTR(&g->ip), o->vni, vrf);
	}
	return true;
}

bool
clash_gateway(struct edit *e, const struct conf_vni *v, const struct conf_gateway *g)
{
	return gateway_elsewhere(e, v, v->vrf, g);
}

bool
clash_vrf(struct edit *e, const struct conf_vni *v, const char *vrf)
{
	int i;

	for (i = 0; i < v->ngateways; i++)
		if (!gateway_elsewhere(e, v, vrf, &v->gateways[i]))
			return false;
	return true;
}

/* One VLAN of a bridge is one VNI. */
bool
clash_vlan(struct edit *e, const struct conf_vni *v, const char *bridge, uint16_t vlan)
{
	const struct conf_vni *o;

	if (bridge[0] == '\0' || vlan == 0)
		return true;
	TAILQ_FOREACH (o, &e->c->bgp.evpn.vnis, link)
		if (o != v && o->vlan == vlan && strcmp(o->bridge, bridge) == 0)
			return edit_refuse(
			    e, "VLAN %u of %s is VNI %u already", vlan, bridge, o->vni);
	return true;
}

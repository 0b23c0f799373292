/*
 * vrfwish - what an IP-VRF's devices should be like, told to the link table (klink_want).
 *
 * With "table" the VRF device is made, and with it, or with "bridge", the L3 VNI's bridge
 * and vxlan device: no addresses come by themselves on them, nothing is learned or
 * suppressed, and the bridge's MAC, which is the router's MAC, is made of the VTEP address:
 * the same on all L3 VNIs of this host and after every restart. An administrator's vxlan
 * device that is in a bridge already is adopted: only what EVPN cannot do without is set.
 */
#include "evpn/state.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

static void
set_name(char *to, const char *from)
{
	memcpy(to, from, strnlen(from, KLINK_NAME - 1));
}

/* Locally administered; IPv4: the address is in it. */
static struct mac
router_mac(const struct ip *vtep)
{
	struct mac m = { { 2, 0x45 } };
	uint32_t h;

	if (vtep->family == 4) {
		memcpy(m.b + 2, vtep->b, 4);
		return m;
	}
	h = bytes_hash(1, vtep->b, 16);
	m.b[1] = 0x46;
	for (int i = 0; i < 4; i++)
		m.b[2 + i] = (uint8_t)(h >> 8 * i);
	return m;
}

/* Is its bridge one that EVIs have VLANs on? Then they say what it is like. */
static bool
is_vlan_bridge(const struct ipvrf *v)
{
	const struct klink *l = klink_by_name(v->evpn->klinks, v->conf.bridge);

	if (l != NULL && l->vlan_filtering)
		return true;
	for (struct evi *evi = evi_first(v->evpn); evi != NULL; evi = evi_after(evi))
		if (evi->conf.vlan != 0 &&
		    strcmp(evi->conf.bridge, v->conf.bridge) == 0)
			return true;
	return false;
}

/*
 * Is the bridge that it names a VNI's of its own? Two VNIs would be one segment there, and
 * the SVI a router's and a gateway's at once.
 */
bool
vrfwish_is_taken(const struct ipvrf *v)
{
	if (v->conf.bridge[0] == '\0')
		return false;
	for (struct evi *evi = evi_first(v->evpn); evi != NULL; evi = evi_after(evi))
		if (evi->vni != v->vni && evi->conf.vlan == 0 &&
		    strcmp(evi->conf.bridge, v->conf.bridge) == 0)
			return true;
	return false;
}

/* Are bridge and vxlan device ours to make? */
static bool
makes_devices(const struct ipvrf *v)
{
	const struct klink *vx = device_link_of(v->evpn, v->devs.vxlan);
	bool adopts = vx != NULL && vx->is_port && !vx->ours;

	if (v->vni == 0)
		return false;
	if (v->conf.bridge[0] != '\0')
		return !is_vlan_bridge(v) && !vrfwish_is_taken(v);
	return v->conf.table != 0 && !adopts;
}

static void
wish_vrf(struct wishes *w, struct ipvrf *v)
{
	struct klink_want want = { .kind = KLINK_VRF,
		.what = KLINK_WANT_CREATE | KLINK_WANT_UP,
		.table = v->conf.table };

	if (v->conf.table == 0 || strcmp(v->name, IPVRF_DEFAULT) == 0)
		return;
	set_name(want.name, v->name);
	wish_add(w, &want);
}

static void
bridge_name(const struct ipvrf *v, char *to)
{
	if (v->conf.bridge[0] != '\0')
		set_name(to, v->conf.bridge);
	else
		snprintf(to, KLINK_NAME, "br%u", v->vni);
}

static void
wish_bridge(struct wishes *w, struct ipvrf *v)
{
	const struct evpn_conf *c = &v->evpn->conf;
	struct klink_want b = { .kind = KLINK_BRIDGE,
		.what = KLINK_WANT_CREATE | KLINK_WANT_NOADDRGEN | KLINK_WANT_UP |
		    KLINK_WANT_FORWARD,
		.mtu = wish_mtu(v->evpn) };

	bridge_name(v, b.name);
	if (ip_is_set(&c->source)) {
		b.what |= KLINK_WANT_MAC;
		b.mac = router_mac(&c->source);
	}
	if (strcmp(v->name, IPVRF_DEFAULT) != 0) {
		b.what |= KLINK_WANT_MASTER;
		set_name(b.master, v->name);
	}
	if (b.mtu != 0)
		b.what |= KLINK_WANT_MTU;
	wish_add(w, &b);
}

static void
wish_vxlan(struct wishes *w, struct ipvrf *v, bool make)
{
	const struct evpn_conf *c = &v->evpn->conf;
	const struct klink *l = device_link_of(v->evpn, v->devs.vxlan);
	struct klink_want x = { .kind = KLINK_VXLAN,
		.what = KLINK_WANT_NOLEARN,
		.vxlan = { .vni = v->vni, .port = c->udp_port, .local = c->source } };

	if (l != NULL)
		set_name(x.name, l->name);
	else
		snprintf(x.name, sizeof(x.name), "vxlan%u", v->vni);
	if (make) {
		x.what |= KLINK_WANT_CREATE | KLINK_WANT_MASTER | KLINK_WANT_UP |
		    KLINK_WANT_PORT | KLINK_WANT_NOADDRGEN;
		bridge_name(v, x.master);
		x.mtu = wish_mtu(v->evpn);
	}
	if (ip_is_set(&c->source) &&
	    (make || (l != NULL && !ip_is_set(&l->vxlan.local))))
		x.what |= KLINK_WANT_LOCAL;
	if (x.mtu != 0)
		x.what |= KLINK_WANT_MTU;
	wish_add(w, &x);
}

void
vrfwish_update(struct ipvrf *v)
{
	struct wishes w = { .evpn = v->evpn };
	const struct klink *vx = device_link_of(v->evpn, v->devs.vxlan);
	bool make = makes_devices(v);

	if (!v->dying && v->evpn->conf.on) {
		wish_vrf(&w, v);
		if (make)
			wish_bridge(&w, v);
		/* A device for all VNIs is the EVIs' business. */
		if (make ||
		    (vx != NULL && !vx->vxlan.external && !wish_is_over(v->evpn, vx)))
			wish_vxlan(&w, v, make);
	}
	wish_end(&w, &v->wishes, &v->nwishes);
}

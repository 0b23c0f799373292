/*
 * wish - what an EVI's devices should be like, told to the link table (klink_want).
 *
 * Where the configuration names a bridge, devices are created, put together and set up as
 * needed; where it does not, the administrator's devices are adopted: only what EVPN cannot
 * do without is set (no learning unless asked for, suppression, a local address if there is
 * none, the group if one is configured). With a wish
 * that is no longer there goes what was made for it; what was adopted stays as it is.
 *
 * A bridge with VLANs, and a vxlan device for all VNIs, is wished for by several EVIs: what
 * they say of it must be the same, so it is computed of all of them.
 */
#include "evpn/state.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

#define OVERHEAD4 50 /* Ethernet, IPv4, UDP and VXLAN headers */
#define OVERHEAD6 70
#define TTL 64 /* to a group; the kernel's own default is 1 */

static bool
wish_same(const struct klink_want *a, const struct klink_want *b)
{
	return a->kind == b->kind && a->what == b->what && a->mtu == b->mtu &&
	    mac_cmp(&a->mac, &b->mac) == 0 && strcmp(a->master, b->master) == 0 &&
	    a->table == b->table && a->vxlan.vni == b->vxlan.vni &&
	    a->vxlan.port == b->vxlan.port && a->vxlan.external == b->vxlan.external &&
	    ip_cmp(&a->vxlan.local, &b->vxlan.local) == 0 &&
	    a->vlan_filtering == b->vlan_filtering && a->vlan == b->vlan &&
	    strcmp(a->lower, b->lower) == 0 &&
	    a->port.vlan_tunnel == b->port.vlan_tunnel &&
	    ip_cmp(&a->vxlan.group, &b->vxlan.group) == 0 &&
	    a->vxlan.ttl == b->vxlan.ttl && a->vxlan.l2miss == b->vxlan.l2miss &&
	    a->port.learning == b->port.learning && a->port.flood == b->port.flood &&
	    a->port.neigh_suppress == b->port.neigh_suppress;
}

/*
 * Was the device to be in a VRF by our last wish, and is it there still, or on its way out?
 * Then it leaves: taking "vrf" back undoes it.
 */
static bool
is_to_leave(struct klinks *k, const struct klink_want *have)
{
	const struct klink *l = klink_by_name(k, have->name);
	const struct klink *master = klink_by_name(k, have->master);

	if (l == NULL || l->master == 0 || !(have->what & KLINK_WANT_MASTER) ||
	    (have->kind != KLINK_BRIDGE && have->kind != KLINK_VLAN))
		return false;
	return have->master[0] == '\0' ||
	    (master != NULL && l->master == master->ifindex);
}

void
wish_add(struct wishes *w, const struct klink_want *want)
{
	struct klinks *k = w->evpn->klinks;
	struct klink_want *have = klink_want_find(k, want->name), now = *want;

	w->names = xreallocarray(w->names, (size_t)w->n + 1, sizeof(*w->names));
	memcpy(w->names[w->n++], want->name, sizeof(*w->names));
	if (have != NULL && !(now.what & KLINK_WANT_MASTER) && is_to_leave(k, have))
		now.what |= KLINK_WANT_MASTER; /* none */
	if (have == NULL || !wish_same(have, &now))
		klink_want(k, &now);
}

static void
set_name(char *to, const char *from)
{
	memcpy(to, from, strnlen(from, KLINK_NAME - 1));
}

uint32_t
wish_mtu(const struct evpn *e)
{
	const struct evpn_conf *c = &e->conf;
	uint32_t overhead = c->source.family == 6 ? OVERHEAD6 : OVERHEAD4;

	return c->underlay_mtu > overhead ? c->underlay_mtu - overhead : 0;
}

/* MTU of what we set up: as configured, or what the underlay leaves. */
static uint32_t
mtu_of(const struct evi *evi)
{
	return evi->conf.mtu != 0 ? evi->conf.mtu : wish_mtu(evi->evpn);
}

/* The device that EVI's configuration names for all VNIs, or uses; also O's? */
static bool
shares_vxlan(const struct evi *evi, const struct evi *o)
{
	if (evi->conf.external)
		return o->conf.external && strcmp(evi->conf.vxlan, o->conf.vxlan) == 0;
	return evi->vxlan != 0 && o->vxlan == evi->vxlan;
}

static bool
shares_bridge(const struct evi *evi, const struct evi *o)
{
	return evi->conf.bridge[0] != '\0' &&
	    strcmp(evi->conf.bridge, o->conf.bridge) == 0;
}

/* The largest of those who share a device; 0: not known. */
static uint32_t
shared_mtu(struct evi *evi, bool (*shares)(const struct evi *evi, const struct evi *o))
{
	uint32_t mtu = mtu_of(evi), other;

	for (struct evi *o = evi_first(evi->evpn); o != NULL; o = evi_after(o))
		if (shares(evi, o) && (other = mtu_of(o)) > mtu)
			mtu = other;
	return mtu;
}

/* Who does not suppress has no neighbours there: it does no harm. */
static bool
shared_suppression(struct evi *evi)
{
	for (struct evi *o = evi_first(evi->evpn); o != NULL; o = evi_after(o))
		if (shares_vxlan(evi, o) && o->conf.suppression)
			return true;
	return evi->conf.suppression;
}

/*
 * Did we make it for a configuration that is no longer there? Then it is not to be adopted:
 * advertise-all-vni would find it and keep the VNI alive. What an earlier life left is.
 */
bool
wish_is_over(struct evpn *e, const struct klink *l)
{
	const struct klink_want *have = klink_want_find(e->klinks, l->name);

	return l->ours && have != NULL &&
	    (have->what & (KLINK_WANT_CREATE | KLINK_WANT_GONE));
}

/* What differs on a device for all VNIs; L: as it is, or NULL. */
static void
wish_shared(struct evi *evi, const struct klink *l, struct klink_want *v)
{
	v->vxlan.vni = 0;
	v->vxlan.external = true;
	v->vxlan.vnifilter = l == NULL || l->vxlan.vnifilter;
	v->port.neigh_suppress = shared_suppression(evi);
	v->what = (v->what & ~(uint32_t)KLINK_WANT_LEARN) | KLINK_WANT_NOLEARN;
	v->port.learning = false;
	if (!evi->conf.explicit)
		return;
	v->what |= KLINK_WANT_TUNNEL;
	v->port.vlan_tunnel = true;
	v->mtu = v->mtu != 0 ? shared_mtu(evi, shares_vxlan) : 0;
}

static uint32_t
group_bits(const struct evi *evi)
{
	return KLINK_WANT_GROUP |
	    (evi->evpn->conf.group_rejoins ? 0 : KLINK_WANT_REJOIN);
}

/*
 * The group it floods to, if any. What stands on a device that somebody else made stays
 * unless the VNI's block says how to flood, or did.
 */
static void
wish_group(struct evi *evi, const struct klink *l, struct klink_want *v)
{
	bool made = l == NULL || l->ours;

	if (evi->conf.external || (l != NULL && l->vxlan.external))
		return;
	if (evi->conf.flood == EVI_FLOOD_MULTICAST) {
		v->what |= group_bits(evi);
		v->vxlan.group = evi->conf.group;
		v->vxlan.ttl = evi->conf.group_ttl != 0 ? evi->conf.group_ttl : TTL;
		set_name(v->lower, evi->conf.group_ifname);
		evi->group_set = true;
		return;
	}
	if (made || evi->conf.flood_said || evi->group_set)
		v->what |= group_bits(evi);
	if (l == NULL || !ip_is_set(&l->vxlan.group))
		evi->group_set = false;
}

static void
wish_vxlan(struct wishes *w)
{
	struct evi *evi = w->evi;
	const struct evpn_conf *c = &evi->evpn->conf;
	const struct klink *l = device_link_of(evi->evpn, evi->vxlan);
	bool make = evi->conf.bridge[0] != '\0';
	struct klink_want v = { .kind = KLINK_VXLAN };

	if (!make && (l == NULL || wish_is_over(evi->evpn, l)))
		return;
	if (l != NULL)
		set_name(v.name, l->name);
	else if (evi->conf.vxlan[0] != '\0')
		set_name(v.name, evi->conf.vxlan);
	else
		snprintf(v.name, sizeof(v.name), "vxlan%u", evi->vni);
	v.what = KLINK_WANT_PORT |
	    (evi->conf.learning ? KLINK_WANT_LEARN : KLINK_WANT_NOLEARN);
	v.port.learning = evi->conf.learning;
	v.port.neigh_suppress = evi->conf.suppression;
	wish_group(evi, l, &v);
	v.vxlan.vni = evi->vni;
	v.vxlan.port = evi->conf.udp_port != 0 ? evi->conf.udp_port : c->udp_port;
	v.vxlan.local = c->source;
	if (make) {
		v.what |= KLINK_WANT_CREATE | KLINK_WANT_MASTER | KLINK_WANT_UP;
		set_name(v.master, evi->conf.bridge);
	}
	if (ip_is_set(&c->source) &&
	    (make || (l != NULL && !ip_is_set(&l->vxlan.local))))
		v.what |= KLINK_WANT_LOCAL;
	v.mtu = make || evi->conf.mtu != 0 ? mtu_of(evi) : 0;
	if (evi->conf.external || (l != NULL && l->vxlan.external))
		wish_shared(evi, l, &v);
	if (v.mtu != 0)
		v.what |= KLINK_WANT_MTU;
	sensor_port_wish(evi, &v);
	wish_add(w, &v);
}

/* The VRF that the SVI is to be in, if the configuration says. */
static bool
wish_vrf(const struct evi *evi, struct klink_want *svi)
{
	if (evi->conf.vrf[0] == '\0')
		return false;
	svi->what |= KLINK_WANT_MASTER;
	if (strcmp(evi->conf.vrf, IPVRF_DEFAULT) != 0)
		set_name(svi->master, evi->conf.vrf);
	return true;
}

static void
wish_bridge(struct wishes *w)
{
	struct evi *evi = w->evi;
	struct klink_want b = { .kind = KLINK_BRIDGE,
		.what = KLINK_WANT_CREATE | KLINK_WANT_UP };
	const struct klink *l = klink_by_name(evi->evpn->klinks, evi->conf.bridge);

	if (evi->conf.bridge[0] == '\0')
		return;
	if (evi->conf.vlan != 0) {
		b.what |= KLINK_WANT_FILTERING; /* and no VLAN for ports unasked */
		b.vlan_filtering = true;
	} else if (l == NULL || !l->vlan_filtering) {
		gateway_wish(evi, true, &b);
		wish_vrf(evi, &b);
	}
	set_name(b.name, evi->conf.bridge);
	b.mtu = shared_mtu(evi, shares_bridge);
	if (b.mtu != 0)
		b.what |= KLINK_WANT_MTU;
	wish_add(w, &b);
}

/* The VLAN device of a VLAN-aware bridge that the configuration names; FALSE: it has none. */
static bool
wish_vlan(struct wishes *w, const struct klink *l)
{
	struct evi *evi = w->evi;
	struct klink_want s = { .kind = KLINK_VLAN,
		.what = KLINK_WANT_CREATE | KLINK_WANT_UP,
		.vlan = evi->conf.vlan,
		.mtu = mtu_of(evi) };
	const struct klink *br = klink_by_name(evi->evpn->klinks, evi->conf.bridge);
	char vlan[8];

	if (evi->conf.bridge[0] == '\0' || evi->conf.vlan == 0)
		return false;
	if (br != NULL && !br->vlan_filtering)
		return true;
	set_name(s.lower, evi->conf.bridge);
	snprintf(vlan, sizeof(vlan), ".%u", evi->conf.vlan);
	if (l != NULL)
		set_name(s.name, l->name);
	else
		snprintf(s.name, sizeof(s.name), "%.*s%s",
		    (int)(sizeof(s.name) - 1 - strlen(vlan)), evi->conf.bridge, vlan);
	if (s.mtu != 0)
		s.what |= KLINK_WANT_MTU;
	gateway_wish(evi, true, &s);
	wish_vrf(evi, &s);
	wish_add(w, &s);
	return true;
}

/* The SVI that somebody else made, when it is to be a gateway or in a VRF. */
static void
wish_svi(struct wishes *w)
{
	struct evi *evi = w->evi;
	const struct klink *l = device_link_of(evi->evpn, evi->svi);
	struct klink_want s = { .what = 0 };
	bool wanted;

	if (wish_vlan(w, l) || l == NULL || strcmp(l->name, evi->conf.bridge) == 0)
		return;
	wanted = gateway_wish(evi, false, &s);
	if (!wish_vrf(evi, &s) && !wanted)
		return;
	s.kind = l->kind;
	set_name(s.name, l->name);
	wish_add(w, &s);
}

static void
wish_ports(struct wishes *w)
{
	struct evi *evi = w->evi;
	const char *bridge =
	    evi->conf.bridge[0] != '\0' ? evi->conf.bridge : evi->bridge_name;

	for (unsigned i = 0; bridge[0] != '\0' && i < evi->conf.nports; i++) {
		struct klink_want p = { .kind = KLINK_OTHER,
			.what = KLINK_WANT_MASTER | KLINK_WANT_UP };

		set_name(p.name, evi->conf.ports[i].name);
		set_name(p.master, bridge);
		wish_add(w, &p);
	}
}

static bool
wished(char (*names)[16], unsigned n, const char *name)
{
	for (unsigned i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* Does an EVI or IP-VRF wish for this device? */
static bool
wished_elsewhere(struct evpn *e, char (*but)[16], const char *name)
{
	for (struct evi *o = evi_first(e); o != NULL; o = evi_after(o))
		if (o->wishes != but && wished(o->wishes, o->nwishes, name))
			return true;
	for (struct ipvrf *v = ipvrf_first(e); v != NULL; v = ipvrf_after(v))
		if (v->wishes != but && wished(v->wishes, v->nwishes, name))
			return true;
	return false;
}

void
wish_end(struct wishes *w, char (**names)[16], uint16_t *n)
{
	for (unsigned i = 0; i < *n; i++)
		if (!wished(w->names, w->n, (*names)[i]) &&
		    !wished_elsewhere(w->evpn, *names, (*names)[i]))
			klink_unwant(w->evpn->klinks, (*names)[i]);
	free(*names);
	*names = w->names;
	*n = w->n;
}

void
wish_update(struct evi *evi)
{
	struct wishes w = { .evpn = evi->evpn, .evi = evi };

	if (!evi->dying && !evi->l3 && evi->evpn->conf.on) {
		wish_bridge(&w);
		wish_vxlan(&w);
		wish_ports(&w);
		wish_svi(&w);
		sensor_wish(&w);
	}
	wish_end(&w, &evi->wishes, &evi->nwishes);
}

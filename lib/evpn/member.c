/*
 * member - which ports are in a VNI's VLAN, on a VLAN-aware bridge.
 *
 * Keeps: per EVI the keys of the rows it wants (KOBJ_BRVLAN, KOBJ_VNI, KOBJ_TAGDROP). Where
 * the configuration says no "vlan", memberships are the administrator's business.
 *
 *   vxlan port       pvid, untagged: what comes out of the tunnel has no tag; or, on a
 *                    device for all VNIs, tagged with tunnel_info, and the VNI in its filter
 *   the bridge       tagged: that is what its VLAN device (the SVI) hears
 *   "port IFNAME"    pvid, untagged; or tagged
 *
 * On every vxlan device of a VLAN frames with a tag of their own are dropped, whoever made
 * it: the tag would choose the VLAN past the VNI.
 *
 * What is in a VLAN already as wanted stays the administrator's when the wish ends, but on
 * devices that we made and on ports that the configuration names. The VLAN that a bridge
 * gives every port by itself (default_pvid) is taken from the vxlan port and from untagged
 * ports: it would join them.
 */
#include "evpn/state.h"

#include <stdlib.h>

#include "base/mem.h"

struct members {
	struct evi *evi;
	struct kkey *keys;
	uint16_t n;
	uint64_t now;
};

static void
member(struct members *m, const struct kkey *key, struct kval val, bool claimed)
{
	struct ktab *t = m->evi->evpn->ktab;

	if (claimed)
		val = kval_claimed(val);
	ktab_manage(t, key->kind, key->ifindex, true);
	ktab_want(t, key, &val, m->now);
	m->keys = xreallocarray(m->keys, (size_t)m->n + 1, sizeof(*m->keys));
	m->keys[m->n++] = *key;
}

/* Is a VLAN of the port wanted so that the bridge's own default must not be there, too? */
static bool
is_exclusive(struct evpn *e, const struct klink *port)
{
	struct kkey key = kkey_brvlan(port->ifindex, 0);
	struct krow *r = ktab_from(e->ktab, &key);

	for (; r != NULL && KROW_KEY(r)->kind == KOBJ_BRVLAN &&
	     KROW_KEY(r)->ifindex == port->ifindex;
	     r = ktab_after(r))
		if (r->wanted &&
		    (port->kind == KLINK_VXLAN || (krow_want(r).flags & KVLAN_PVID)))
			return true;
	return false;
}

/* Takes the bridge's default VLAN from the port where it must not be. */
static void
evict_default(struct evpn *e, const struct klink *port, uint64_t now)
{
	const struct klink *br = port->is_port ? device_link_of(e, port->master) : NULL;
	struct kkey key;
	struct krow *r;

	if (br == NULL || !br->vlan_filtering || br->default_pvid == 0)
		return;
	key = kkey_brvlan(port->ifindex, br->default_pvid);
	r = ktab_find(e->ktab, &key);
	if (r != NULL && r->present && !r->ours && !r->wanted && is_exclusive(e, port))
		ktab_evict(e->ktab, &key, now);
}

void
member_heard(struct evpn *e, const struct krow *r, uint64_t now)
{
	const struct klink *l = device_link_of(e, KROW_KEY(r)->ifindex);

	if (l != NULL && r->present && !r->wanted)
		evict_default(e, l, now);
}

static void
member_vxlan(struct members *m, const struct klink *vx)
{
	struct evi *evi = m->evi;
	struct kkey vlan = kkey_brvlan(vx->ifindex, evi->conf.vlan);
	struct kkey vni = kkey_vni(vx->ifindex, evi->vni);

	if (!vx->vxlan.external) {
		member(m, &vlan, kval_brvlan(KVLAN_PVID | KVLAN_UNTAGGED, 0), vx->ours);
		return;
	}
	if (vx->vxlan.vnifilter)
		member(m, &vni, kval_vni(), vx->ours);
	if (vx->port.vlan_tunnel) /* else it is refused */
		member(m, &vlan, kval_brvlan(0, evi->vni), vx->ours);
}

static void
member_ports(struct members *m, const struct klink *br)
{
	const struct evi_conf *c = &m->evi->conf;

	for (unsigned i = 0; i < c->nports; i++) {
		struct klink *l = klink_by_name(m->evi->evpn->klinks, c->ports[i].name);
		uint8_t flags = c->ports[i].tagged ? 0 : KVLAN_PVID | KVLAN_UNTAGGED;
		struct kkey key;

		if (l == NULL || !l->is_port || l->master != br->ifindex)
			continue;
		key = kkey_brvlan(l->ifindex, c->vlan);
		member(m, &key, kval_brvlan(flags, 0), true);
		evict_default(m->evi->evpn, l, m->now);
	}
}

static void
member_all(struct members *m)
{
	struct evi *evi = m->evi;
	struct klinks *k = evi->evpn->klinks;
	struct klink *vx = device_link_of(evi->evpn, evi->vxlan), *br = NULL, *s;
	struct kkey self;

	if (evi->conf.bridge[0] != '\0')
		br = klink_by_name(k, evi->conf.bridge);
	else if (vx != NULL && vx->is_port)
		br = device_link_of(evi->evpn, vx->master);
	if (br == NULL || !br->vlan_filtering)
		return;
	self = kkey_brvlan(br->ifindex, evi->conf.vlan);
	member(m, &self, kval_brvlan(KVLAN_SELF, 0), br->ours);
	member_ports(m, br);
	if (vx == NULL || !vx->is_port || vx->master != br->ifindex)
		return;
	member_vxlan(m, vx);
	evict_default(evi->evpn, vx, m->now);
	s = sensor_of(evi);
	if (s == NULL || !s->is_port || s->master != br->ifindex)
		return;
	self = kkey_brvlan(s->ifindex, evi->conf.vlan);
	member(m, &self, kval_brvlan(KVLAN_PVID | KVLAN_UNTAGGED, 0), true);
	evict_default(evi->evpn, s, m->now);
}

/* The tag filter of a device for all VNIs is wanted by each of them. */
static bool
held_elsewhere(struct evi *evi, const struct kkey *key)
{
	for (struct evi *o = evi_first(evi->evpn); o != NULL; o = evi_after(o))
		if (o != evi && kkey_among(o->members, o->nmembers, key))
			return true;
	return false;
}

void
member_update(struct evi *evi, uint64_t now)
{
	struct members m = { .evi = evi, .now = now };
	struct kkey tags = kkey_tagdrop(evi->vxlan);

	if (!evi->dying && evi->evpn->conf.on) {
		if (evi->vlan != 0 && device_link_of(evi->evpn, evi->vxlan) != NULL)
			member(&m, &tags, kval_tagdrop(), false);
		if (evi->conf.explicit && evi->conf.vlan != 0)
			member_all(&m);
	}
	for (unsigned i = 0; i < evi->nmembers; i++)
		if (!kkey_among(m.keys, m.n, &evi->members[i]) &&
		    !held_elsewhere(evi, &evi->members[i]))
			ktab_want(evi->evpn->ktab, &evi->members[i], NULL, now);
	free(evi->members);
	evi->members = m.keys;
	evi->nmembers = m.n;
}

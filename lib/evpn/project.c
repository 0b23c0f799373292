/*
 * project - rows -> wanted kernel rows; the only file that knows what Linux needs.
 *
 *   a MAC elsewhere      bridge FDB: MAC -> the vxlan port; vxlan FDB: MAC -> VTEP
 *                        (a default gateway's like a sticky one, as FRR does it)
 *   its address          neighbour on the SVI (the bridge, or its VLAN device): for
 *                        suppression, and for routing where the SVI has an address
 *                        and on a vxlan device with "proxy", which answers for what it knows
 *   a VTEP that floods   vxlan FDB: the all-zero MAC -> VTEP
 *                        (under ff:ff:ff:ff:ff:ff where the device is to tell of unknown
 *                        MACs: an entry for the all-zero one makes it know them all)
 *   a MAC here           nothing: the bridge knows; what stood there is wanted no more, so
 *                        the stale vxlan entry of a host that moved here goes
 *
 * Of a VNI on demand only what is in use is wanted: demand.c.
 *
 * Keys are made of evi->on, the devices that the rows are projected on; values are wanted
 * while evi->programmed. To change devices, all rows are projected with PROGRAMMED false,
 * ON is changed, and they are projected again (evi.c).
 */
#include "evpn/state.h"

static void
want(struct evi *evi, const struct kkey *key, const struct kval *val, bool on,
    uint64_t now)
{
	if (key->ifindex != 0)
		ktab_want(
		    evi->evpn->ktab, key, on && evi->programmed ? val : NULL, now);
}

void
project_mac(struct macip *own, uint64_t now)
{
	struct evi *evi = own->evi;
	const struct evi_devs *on = &evi->on;
	bool known = own->state == MACIP_REMOTE && own->best != NULL;
	bool remote = demand_mac(evi, &own->mac, known, now);
	struct kkey br = kkey_brfdb(on->bridge, (uint16_t)on->vlan, &own->mac);
	struct kkey vx = kkey_vxfdb(on->vxlan, on->key_vni, &own->mac);
	struct kval port = { 0 }, dst = { 0 };

	if (remote) {
		const struct attr_value *v = &own->best->attrs->v;

		port = kval_remote_mac(
		    on->vxlan, v->flags & (ATTRS_STICKY | ATTRS_DEFAULT_GW));
		dst = kval_vxlan_dst(&v->nexthop);
	}
	if (!gateway_is_mac(evi, &own->mac)) /* that entry is gateway.c's */
		want(evi, &br, &port, remote, now);
	want(evi, &vx, &dst, remote, now);
}

void
project_ip(
    struct evi *evi, const struct ip *ip, const struct macip *holder, uint64_t now)
{
	struct kkey key = kkey_neigh(evi->on.svi, ip);
	bool remote = holder != NULL && holder->state == MACIP_REMOTE &&
	    !gateway_is_addr(evi, ip);
	struct kval val = { 0 };
	bool on;

	remote = demand_ip(evi, ip, remote ? holder : NULL, now);
	on = remote && (evi->conf.suppression || evi->svi_addr);

	if (remote)
		val = kval_remote_neigh(
		    &holder->mac, holder->best->attrs->v.flags & ATTRS_ROUTER);
	want(evi, &key, &val, on, now);
	if (key.ifindex == evi->on.vxlan)
		return;
	key.ifindex = evi->on.vxlan;
	if (evi->proxy || ktab_managed(evi->evpn->ktab, KOBJ_NEIGH, key.ifindex))
		want(evi, &key, &val, remote && evi->proxy, now);
}

void
project_vtep(struct evi *evi, const struct ip *vtep, bool on, uint64_t now)
{
	struct kkey key = kkey_flood(evi->on.vxlan, evi->on.key_vni, vtep);
	struct kval val = kval_flood();
	bool direct = evi->direct && evi->demand != NULL;

	want(evi, &key, &val, on && !direct, now);
	memset(&key.mac, 0xff, sizeof(key.mac));
	want(evi, &key, &val, on && direct, now);
}

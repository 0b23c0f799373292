/*
 * vrfproject - rows of IP-VRFs and their next hops -> wanted kernel rows.
 *
 *   next hop: VTEP       nexthop "via VTEP dev SVI onlink" on the L3 VNI's SVI; neighbour
 *                        VTEP -> router MAC there; bridge FDB: router MAC -> vxlan port;
 *                        vxlan FDB: router MAC -> VTEP
 *   IPv6 over IPv4 VTEP  the same with the gateway ::ffff:a.b.c.d (as FRR)
 *   IPv6 VTEP            the same with a link-local gateway made of the VTEP's address: the
 *                        kernel refuses a gateway that the table of its device routes
 *                        elsewhere (6.18; ip6_route_check_nh_onlink(); not so IPv4), as the
 *                        main table does with all VTEPs, and a tenant's may
 *   next hop: gateway    nexthop "via GW dev SVI onlink" on the SVI of its EVI, where the EVI
 *                        itself writes the neighbour; unnumbered: a neighbour of our own
 *   a prefix             route of metric 20 in the VRF's table, by nexthop or group; a copy
 *                        of the kernel's route where it comes from another VRF here
 *
 * Router MACs of next hops with different families, or even VTEPs, share FDB entries: each
 * change asks all next hops of the VRF who wants the entry; the lowest VTEP has it.
 */
#include "evpn/state.h"

static void
want(struct evpn *e, const struct kkey *key, const struct kval *val, uint64_t now)
{
	if (!e->closing)
		ktab_want(e->ktab, key, val, now);
}

/* "fe80:" and the address, its first 16 bits in the next ones: fe80:fd99::2 for fd99::2. */
static struct ip
linklocal(const struct ip *vtep)
{
	struct ip ip = *vtep;

	ip.b[2] ^= ip.b[0];
	ip.b[3] ^= ip.b[1];
	ip.b[0] = 0xfe;
	ip.b[1] = 0x80;
	return ip;
}

/* The address that the kernel knows the next hop by. */
static struct ip
gateway(const struct vrfvia *n)
{
	uint8_t mapped[16] = { [10] = 0xff, [11] = 0xff };

	if (n->vtep.family == 6 && !mac_is_zero(&n->rmac))
		return linklocal(&n->vtep);
	if (n->vtep.family == 6 || n->family == IPVRF_V4)
		return n->vtep;
	memcpy(mapped + 12, n->vtep.b, 4);
	return ip_of(mapped, sizeof(mapped));
}

struct ipvrf_devs
vrfproject_devs(const struct vrfvia *n)
{
	if (n->evi != NULL)
		return (struct ipvrf_devs){ .svi = n->evi->on.svi };
	return n->vrf->on;
}

/* Who wants an FDB entry of this router MAC: the one of the lowest VTEP. */
static const struct vrfvia *
fdb_owner(const struct vrfvia *n)
{
	for (struct vrfvia *o = vrfvia_first(n->vrf); o != NULL; o = vrfvia_after(o))
		if (o->projected && o->evi == NULL &&
		    mac_cmp(&o->rmac, &n->rmac) == 0 &&
		    memcmp(&o->on, &n->on, sizeof(n->on)) == 0)
			return o;
	return NULL;
}

static void
project_fdb(const struct vrfvia *n, uint64_t now)
{
	const struct ipvrf_devs *on = &n->on;
	const struct vrfvia *owner = fdb_owner(n);
	struct kkey br = kkey_brfdb(on->bridge, (uint16_t)on->vlan, &n->rmac);
	struct kkey vx = kkey_vxfdb(on->vxlan, on->key_vni, &n->rmac);
	struct kval port = kval_remote_mac(on->vxlan, false), dst = { 0 };

	if (owner != NULL)
		dst = kval_vxlan_dst(&owner->vtep);
	want(n->vrf->evpn, &br, owner != NULL ? &port : NULL, now);
	want(n->vrf->evpn, &vx, owner != NULL ? &dst : NULL, now);
}

/* A host of the EVI has the VTEP's address: then its neighbour is the EVI's. */
static bool
is_host(const struct vrfvia *n, const struct ip *ip)
{
	return n->evi != NULL && macip_by_ip(n->evi, ip) != NULL;
}

void
vrfproject_via(struct vrfvia *n, bool on, uint64_t now)
{
	struct evpn *e = n->vrf->evpn;
	struct kkey nexthop = kkey_nexthop(n->id), neigh;
	struct kval hop, mac = kval_remote_neigh(&n->rmac, false);
	struct ip gw;

	if (on)
		n->on = vrfproject_devs(n);
	gw = gateway(n);
	n->projected = on && n->on.svi != 0;
	hop = kval_nexthop(&gw, n->on.svi, true);
	neigh = kkey_neigh(n->on.svi, &gw);
	want(e, &nexthop, n->projected ? &hop : NULL, now);
	if (!mac_is_zero(&n->rmac) && !is_host(n, &gw))
		want(e, &neigh, n->projected ? &mac : NULL, now);
	if (n->evi == NULL)
		project_fdb(n, now);
}

void
vrfproject_group(
    struct evpn *e, uint32_t id, const uint32_t *ids, unsigned n, uint64_t now)
{
	struct kkey key = kkey_nhgroup(id);
	struct kval val = kval_nhgroup(ids, n, false);

	want(e, &key, n > 0 ? &val : NULL, now);
}

void
vrfproject_route(struct vrfroute *r, uint64_t now)
{
	struct ipvrf *v = r->vrf;
	struct kkey key = kkey_route(v->on.table, &r->prefix, IPVRF_METRIC);
	struct kval val = { 0 };
	bool on = v->programmed && (r->nvias > 0 || r->copy != NULL);

	if (v->on.table == 0)
		return;
	if (r->copy != NULL) {
		val = *r->copy;
		val.proto = KOBJ_PROTO;
	} else if (r->nvias > 0) {
		val = kval_route_nhid(r->group != 0 ? r->group : r->vias[0]->id);
	}
	want(v->evpn, &key, on ? &val : NULL, now);
}

/*
 * local - what is behind our own ports: the kernel's tables, snooped ARP and ND, a platform's
 * word -> local candidates.
 *
 * Where a MAC is says the bridge (or the platform); snooping and neighbours only say which
 * addresses it has, so a row with an IP counts once its MAC is local too, whatever came
 * first. Sources are bits (LOCAL_*): a candidate lives until the last one is gone.
 *
 *   the bridge forgets a MAC     its addresses are probed; without any it goes at once
 *   a neighbour goes or fails    the address is probed
 *   a port goes or loses carrier what was learned there goes at once
 *   a MAC is lost to a route     the same, see mobility.c
 */
#include "evpn/state.h"

#include <stdlib.h>

#include <linux/neighbour.h>

#include "base/mem.h"

#define OF_SVI (LOCAL_SVI | LOCAL_GATEWAY)

/* --- candidates --- */

static struct macip_local *
local_new(struct macip *m, uint64_t now)
{
	struct macip_local *l = xcalloc(1, sizeof(*l));
	struct macip *own = macip_own(m);

	l->row = m;
	l->since_s = l->heard_s = now_s(now);
	m->local = l;
	m->evi->evpn->nlocals++;
	guard_count(m->evi, ip_is_set(&m->ip), 1);
	if (own != m && own->local != NULL)
		own->local->ips++;
	for (struct macip *ip = macip_sibling(m); own == m && ip != NULL;
	     ip = macip_sibling(ip))
		l->ips += ip->local != NULL;
	macip_changed(m);
	return l;
}

static void
leave_port(struct macip_local *l)
{
	bool ip = ip_is_set(&l->row->ip);
	struct evdev *d = l->dev;

	if (d == NULL)
		return;
	if (!ip)
		LIST_REMOVE(l, port_link);
	l->dev = NULL;
	guard_count_port(l->row->evi, d, ip, -1);
	evdev_release(l->row->evi->evpn, d);
}

/* It counts as a host of that port. */
static void
join_port(struct macip_local *l, uint32_t port)
{
	bool ip = ip_is_set(&l->row->ip);

	if (port == 0 || (l->dev != NULL && l->dev->ifindex == port))
		return;
	leave_port(l);
	l->dev = evdev_get(l->row->evi->evpn, port);
	guard_count_port(l->row->evi, l->dev, ip, 1);
	if (!ip)
		LIST_INSERT_HEAD(&l->dev->locals, l, port_link);
}

/* The MAC's own row: it is behind this port; 0: behind none. */
static void
set_port(struct macip_local *l, uint32_t port)
{
	if (l->port == port && (l->dev != NULL || port == 0))
		return;
	leave_port(l);
	l->port = port;
	join_port(l, port);
}

static void
local_free(struct macip *m)
{
	struct macip_local *l = m->local;
	struct macip *own = macip_own(m);

	probe_stop(m);
	leave_port(l);
	origin_gone(m->evi->evpn, &l->adv);
	m->evi->evpn->nlocals--;
	m->local = NULL;
	guard_count(m->evi, ip_is_set(&m->ip), -1);
	macip_changed(m);
	free(l);
	if (own == m || own->local == NULL)
		return;
	if (--own->local->ips == 0 && own->local->from == 0)
		local_free(own);
}

void
local_clear(struct macip *m, uint8_t flags)
{
	struct macip_local *l = m->local;

	l->from &= (uint8_t)~flags;
	if ((l->from & LOCAL_SOFT) == 0)
		probe_stop(m);
	if (l->from == 0 && l->ips == 0)
		local_free(m);
	else
		macip_changed(m);
}

/* All rows of a MAC lose these flags, those with an address first. */
static void
clear_mac(struct macip *own, uint8_t flags)
{
	struct macip *m;

	for (m = macip_sibling(own); m != NULL; m = macip_sibling(m))
		if (m->local != NULL)
			local_clear(m, flags);
	if (own->local != NULL)
		local_clear(own, flags);
}

/* --- evidence --- */

static bool
mac_is_host(const struct evi *evi, const struct mac *mac)
{
	return !mac_is_zero(mac) && !mac_is_multicast(mac) && !gateway_is_mac(evi, mac);
}

static bool
ip_is_host(const struct evi *evi, const struct ip *ip)
{
	if (!ip_is_set(ip) || ip_is_any(ip) || ip_is_multicast(ip) ||
	    ip_is_loopback(ip))
		return false;
	if (ip->family == 6 && ip_is_linklocal(ip))
		return false;
	if (ip->family == 4 && ip_v4(ip) == 0xffffffff)
		return false;
	return !gateway_is_addr(evi, ip);
}

/* FROM replaces those of the flags OF that are there. */
struct macip *
local_mac_set(struct evi *evi, const struct mac *mac, uint32_t port, uint8_t from,
    uint8_t of, uint64_t now)
{
	struct macip *own = macip_get(evi, mac, NULL);
	struct macip_local *l = own->local;
	bool found = l == NULL;
	uint8_t was;

	if (found)
		l = local_new(own, now);
	was = l->from;
	l->from = (uint8_t)((was & ~of) | from);
	l->heard_s = now_s(now);
	if (of == LOCAL_FDB)
		l->gen = evi->scan_gen;
	set_port(l, port);
	if (found)
		recall_host(own, now);
	if (l->from != was)
		macip_changed(own);
	if (own->state != MACIP_LOCAL && !(from & OF_SVI))
		macip_bump(own, now);
	return own;
}

struct macip *
local_ip_set(struct evi *evi, const struct mac *mac, const struct ip *ip, uint32_t port,
    uint8_t from, uint64_t now)
{
	struct macip *m = macip_get(evi, mac, ip), *own = macip_own(m);
	struct macip_local *l = m->local;

	if (l == NULL)
		l = local_new(m, now);
	join_port(l, port != 0 || own->local == NULL ? port : own->local->port);
	if ((l->from & from) != from)
		macip_changed(m);
	l->from |= from;
	if (from & (LOCAL_NEIGH | LOCAL_STATIC))
		l->gen = evi->scan_gen;
	if (port != 0)
		l->port = port;
	if (from & LOCAL_SOFT)
		probe_alive(m, now);
	return m;
}

/* Is the candidate there, or may it come to be? PORT 0: where the MAC is. */
static bool
is_admitted(struct evi *evi, const struct mac *mac, const struct ip *ip, uint32_t port,
    uint64_t now)
{
	struct macip *own = macip_find(evi, mac, NULL), *m;

	m = ip != NULL && own != NULL ? macip_find(evi, mac, ip) : own;
	if (m != NULL && m->local != NULL)
		return true;
	if (port == 0 && own != NULL && own->local != NULL)
		port = own->local->port;
	return guard_admits(evi, ip, port, now);
}

/* --- from the kernel --- */

/* Is something there that can have hosts behind it? */
static bool
is_access(struct evi *evi, uint32_t port)
{
	const struct evdev *d = evdev_find(evi->evpn, port);

	return port != 0 && port != evi->vxlan && port != evi->bridge &&
	    (d == NULL ||
		(d->role != EVDEV_VXLAN && d->role != EVDEV_SHARED &&
		    d->role != EVDEV_SENSOR));
}

/* The bridge has forgotten a MAC, or has it elsewhere. */
static void
mac_lost(struct evi *evi, const struct mac *mac, uint64_t now)
{
	struct macip *own = macip_find(evi, mac, NULL), *m;
	bool down;

	if (own == NULL || own->local == NULL || !(own->local->from & LOCAL_FDB))
		return;
	down = own->local->dev != NULL && !own->local->dev->up;
	for (m = macip_sibling(own); m != NULL; m = macip_sibling(m)) {
		if (m->local == NULL || !(m->local->from & LOCAL_SOFT))
			continue;
		if (down)
			local_clear(m, LOCAL_SOFT);
		else
			probe_doubt(m, now);
	}
	if (own->local != NULL)
		local_clear(own, LOCAL_FDB);
}

static void
heard_fdb(struct evi *evi, const struct krow *r, uint64_t now)
{
	const struct mac *mac = &KROW_KEY(r)->mac;
	uint8_t from = LOCAL_LEARNED;

	if (!mac_is_host(evi, mac)) {
		if (krow_is_local(r) && !kval_is_own(KROW_KEY(r), KROW_HAVE(r)) &&
		    !kval_is_static(KROW_KEY(r), KROW_HAVE(r)) &&
		    is_access(evi, krow_have(r).port))
			guard_local(evi, mac, NULL, krow_have(r).port, now);
		return;
	}
	if (!krow_is_local(r) || kval_is_own(KROW_KEY(r), KROW_HAVE(r)) ||
	    !is_access(evi, krow_have(r).port)) {
		mac_lost(evi, mac, now);
		return;
	}
	if (kval_is_static(KROW_KEY(r), KROW_HAVE(r)))
		from = LOCAL_STATIC;
	if (krow_have(r).flags & NTF_STICKY)
		from |= LOCAL_STICKY;
	if (from == LOCAL_LEARNED &&
	    !is_admitted(evi, mac, NULL, krow_have(r).port, now))
		return;
	local_mac_set(evi, mac, krow_have(r).port, from, LOCAL_FDB, now);
}

/* The neighbour table no longer says that the address is there. */
static void
ip_lost(struct macip *m, uint64_t now)
{
	if (m->local->from & LOCAL_STATIC)
		local_clear(m, LOCAL_STATIC);
	else if (m->local->from & LOCAL_NEIGH)
		probe_doubt(m, now);
}

/* ... that IP is at any MAC but KEEP. */
static void
neigh_lost(struct evi *evi, const struct ip *ip, const struct mac *keep, uint64_t now)
{
	for (struct macip *m = macip_by_ip(evi, ip); m != NULL; m = macip_ip_after(m))
		if (m->local != NULL && (keep == NULL || mac_cmp(&m->mac, keep) != 0))
			ip_lost(m, now);
}

void
local_sweep(struct macip *own, uint64_t now)
{
	for (struct macip *m = macip_sibling(own); m != NULL; m = macip_sibling(m))
		if (m->local != NULL && m->local->gen != m->evi->scan_gen)
			ip_lost(m, now);
	if (own->local != NULL && own->local->gen != own->evi->scan_gen)
		mac_lost(own->evi, &own->mac, now);
}

static void
heard_neigh(struct evi *evi, const struct krow *r, uint64_t now)
{
	const struct kval *v = KROW_HAVE(r);
	bool valid = krow_is_local(r) && kval_neigh_valid(v) &&
	    !(v->flags & (NTF_EXT_LEARNED | NTF_PROXY)) && mac_is_host(evi, &v->mac);
	struct macip *m;

	neigh_lost(evi, &KROW_KEY(r)->ip, valid ? &v->mac : NULL, now);
	if (!valid || !ip_is_host(evi, &KROW_KEY(r)->ip))
		return;
	if (!(v->state & (NUD_PERMANENT | NUD_NOARP)) &&
	    !is_admitted(evi, &v->mac, &KROW_KEY(r)->ip, 0, now))
		return;
	m = local_ip_set(evi, &v->mac, &KROW_KEY(r)->ip, 0,
	    v->state & (NUD_PERMANENT | NUD_NOARP) ? LOCAL_STATIC : LOCAL_NEIGH, now);
	if (m->local->router != ((v->flags & NTF_ROUTER) != 0)) {
		m->local->router = v->flags & NTF_ROUTER;
		macip_changed(m);
	}
}

void
local_heard(struct evi *evi, const struct krow *r, uint64_t now)
{
	if (KROW_KEY(r)->kind == KOBJ_BRFDB)
		heard_fdb(evi, r, now);
	else if (KROW_KEY(r)->kind == KOBJ_NEIGH)
		heard_neigh(evi, r, now);
	else if (KROW_KEY(r)->kind == KOBJ_ADDR)
		evi_touch(evi);
}

void
evpn_heard(struct evpn *e, const struct krow *r, uint64_t now)
{
	const struct evdev *d;
	struct ipvrf *v;
	struct evi *evi;

	if (KROW_KEY(r)->kind == KOBJ_NEXTHOP || KROW_KEY(r)->kind == KOBJ_NHGROUP) {
		vrfvia_heard(e, r, now);
		return;
	}
	if (KROW_KEY(r)->kind == KOBJ_ROUTE) {
		if ((v = ipvrf_by_table(e, KROW_KEY(r)->ifindex)) != NULL)
			vrfroute_heard(v, r, now);
		return;
	}
	if (KROW_KEY(r)->kind == KOBJ_BRVLAN || KROW_KEY(r)->kind == KOBJ_VNI) {
		place_heard(e, r);
		member_heard(e, r, now);
		return;
	}
	evi = KROW_KEY(r)->kind == KOBJ_BRFDB
	    ? evi_by_bridge(e, KROW_KEY(r)->ifindex, KROW_KEY(r)->vlan)
	    : evi_by_svi(e, KROW_KEY(r)->ifindex);
	if (evi == NULL && KROW_KEY(r)->kind == KOBJ_ADDR &&
	    (d = evdev_find(e, KROW_KEY(r)->ifindex)) != NULL &&
	    d->role == EVDEV_MACVLAN)
		evi = evi_by_svi(e, d->of);
	if (evi != NULL)
		local_heard(evi, r, now);
}

void
local_port_down(struct evpn *e, struct evdev *d, bool gone)
{
	uint8_t flags = gone ? (uint8_t)~OF_SVI : LOCAL_SOFT;
	uint32_t ifindex = d->ifindex;
	struct macip_local *l, *next;

	for (l = LIST_FIRST(&d->locals); l != NULL; l = next) {
		next = LIST_NEXT(l, port_link);
		clear_mac(l->row, flags);
	}
	d = evdev_find(e, ifindex);
	if (d != NULL)
		evdev_release(e, d);
}

/* --- snooped --- */

/* A tag on a port that is not in that VLAN: the bridge drops it, and so do we. */
static bool
is_member(struct evpn *e, uint32_t port, uint16_t vlan)
{
	struct kkey key = kkey_brvlan(port, vlan);
	struct krow *r = ktab_find(e->ktab, &key);

	return !ktab_managed(e->ktab, KOBJ_BRVLAN, port) ||
	    ktab_dump_due(e->ktab, KOBJ_BRVLAN, port) || (r != NULL && r->present);
}

void
evpn_snooped(struct evpn *e, uint32_t port, uint16_t vlan, const struct mac *mac,
    const struct ip *ip, uint64_t now)
{
	struct evdev *d = evdev_find(e, port);
	struct klink *br, *l;
	struct evi *evi;

	if (d == NULL || d->role != EVDEV_PORT)
		return;
	br = klink_find(e->klinks, d->of);
	l = klink_find(e->klinks, port);
	if (vlan == 0 && br != NULL && br->vlan_filtering && l != NULL)
		vlan = l->port.pvid;
	else if (br != NULL && br->vlan_filtering && !is_member(e, port, vlan))
		return;
	evi = evi_by_bridge(e, d->of, vlan);
	if (evi == NULL || !guard_local(evi, mac, ip, port, now) ||
	    !mac_is_host(evi, mac) || !ip_is_host(evi, ip) ||
	    !is_admitted(evi, mac, ip, port, now))
		return;
	local_ip_set(evi, mac, ip, port, LOCAL_SNOOPED, now);
}

/* --- told --- */

static void
api_del(struct evi *evi, const struct mac *mac, const struct ip *ip)
{
	struct macip *own = macip_find(evi, mac, NULL), *m;
	bool others = false;

	if (own == NULL)
		return;
	if (ip == NULL || !ip_is_set(ip)) {
		clear_mac(own, LOCAL_API);
		return;
	}
	m = macip_find(evi, mac, ip);
	if (m == NULL || m->local == NULL || !(m->local->from & LOCAL_API))
		return;
	local_clear(m, LOCAL_API);
	for (m = macip_sibling(own); m != NULL; m = macip_sibling(m))
		others = others || (m->local != NULL && (m->local->from & LOCAL_API));
	if (!others && own->local != NULL)
		local_clear(own, LOCAL_API);
}

static bool
is_port_of(const struct evi *evi, uint32_t port)
{
	const struct klink *l = klink_find(evi->evpn->klinks, port);

	return evi->on.bridge != 0 && l != NULL && l->master == evi->on.bridge;
}

const char *
evpn_api_mac(struct evpn *e, uint32_t vni, const struct mac *mac, const struct ip *ip,
    uint32_t port, bool add, uint64_t now)
{
	struct evi *evi = evi_find(e, vni);

	if (evi == NULL || evi->dying)
		return "the VNI does not exist";
	if (!add) {
		api_del(evi, mac, ip);
		return NULL;
	}
	if (!mac_is_host(evi, mac))
		return "the MAC is no host's";
	if (ip != NULL && !ip_is_host(evi, ip))
		return "the IP address is no host's";
	if (!is_port_of(evi, port))
		return evi->on.bridge != 0
		    ? "the interface is no port of the VNI's bridge"
		    : "the VNI has no bridge";
	local_mac_set(evi, mac, port, LOCAL_API, LOCAL_API, now);
	if (ip != NULL)
		local_ip_set(evi, mac, ip, port, LOCAL_API, now);
	return NULL;
}

/* --- our own addresses --- */

/* As what an address of the SVI is advertised; 0: not at all. */
static uint8_t
advertised_as(const struct evi *evi, const struct evi_addr *a)
{
	uint8_t as = 0;

	if (evi->dying || mac_is_zero(&a->mac))
		return 0;
	/* What other VTEPs have as well is not this one's own. */
	if ((evi->conf.advertise_svi_ip || evi->alone) &&
	    !(a->flags & EVI_ADDR_GATEWAY))
		as |= LOCAL_SVI;
	if (evi->conf.advertise_default_gw)
		as |= LOCAL_GATEWAY;
	return as;
}

/* Rows of addresses, and of their MACs, keep of OF_SVI only what is still so. */
static void
svi_clear(struct evi *evi, const struct evi_addr *told, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct macip *m = macip_find(evi, &told[i].mac, &told[i].ip), *own;
		uint8_t as = 0, mac_as = 0;

		for (unsigned k = 0; k < evi->naddrs; k++) {
			const struct evi_addr *a = &evi->addrs[k];

			if (mac_cmp(&a->mac, &told[i].mac) != 0)
				continue;
			mac_as |= advertised_as(evi, a);
			if (ip_cmp(&a->ip, &told[i].ip) == 0)
				as = advertised_as(evi, a);
		}
		if (m != NULL && m->local != NULL && (m->local->from & OF_SVI & ~as))
			local_clear(m, OF_SVI & ~as);
		own = macip_find(evi, &told[i].mac, NULL);
		if (own != NULL && own->local != NULL &&
		    (own->local->from & OF_SVI & ~mac_as))
			local_clear(own, OF_SVI & ~mac_as);
	}
}

void
local_svi(struct evi *evi, uint64_t now)
{
	struct evi_addr *told = NULL;
	unsigned n = 0;

	svi_clear(evi, evi->svi_told, evi->nsvi_told);
	for (unsigned i = 0; i < evi->naddrs; i++) {
		const struct evi_addr *a = &evi->addrs[i];
		uint8_t as = advertised_as(evi, a);

		if (as == 0)
			continue;
		local_mac_set(evi, &a->mac, 0, as, 0, now);
		local_ip_set(evi, &a->mac, &a->ip, 0, as, now);
		told = xreallocarray(told, n + 1, sizeof(*told));
		told[n++] = *a;
	}
	free(evi->svi_told);
	evi->svi_told = told;
	evi->nsvi_told = (uint16_t)n;
}

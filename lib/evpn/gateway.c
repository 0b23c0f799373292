/*
 * gateway - distributed anycast gateways: the same address and MAC on the SVI of every VTEP
 * (RFC 9135, 4.1), and what else the SVI answers for.
 *
 * Keeps: per EVI the addresses of its SVI, with their MACs: those that the kernel has, those
 * of macvlan devices on the SVI (as FRR's users make anycast gateways), and those that the
 * configuration wants there ("gateway"). Of a host they are never learned, nor imported.
 *
 * What is configured becomes wanted: rows for the addresses, with our mark, and a wish for
 * the SVI's MAC, being up and forwarding of IPv4 (for IPv6 that is one sysctl for all
 * devices, and the administrator's); with an IPv6 gateway also the link-local address that
 * the MAC makes, for hosts that got their gateway by router advertisement know nothing else
 * of it. An address that somebody else set stays as it is and his. A macvlan on the SVI
 * with the gateway's MAC is the gateway: the SVI's MAC stays as it is then, and an address
 * goes onto the macvlan if it is not there.
 */
#include "evpn/state.h"

#include <stdlib.h>

#include "base/mem.h"

/* --- facts --- */

static struct evi_addr *
addr_find(struct evi *evi, const struct ip *ip)
{
	for (unsigned i = 0; i < evi->naddrs; i++)
		if (ip_cmp(&evi->addrs[i].ip, ip) == 0)
			return &evi->addrs[i];
	return NULL;
}

static void
addr_add(struct evi *evi, const struct ip *ip, uint8_t plen, const struct mac *mac,
    uint8_t flags)
{
	struct evi_addr *a = addr_find(evi, ip);

	if (a != NULL) {
		a->flags |= flags;
		return;
	}
	evi->addrs =
	    xreallocarray(evi->addrs, (size_t)evi->naddrs + 1, sizeof(*evi->addrs));
	evi->addrs[evi->naddrs++] =
	    (struct evi_addr){ .ip = *ip, .mac = *mac, .plen = plen, .flags = flags };
}

/* What the kernel has on a device; link-local addresses do not count. */
static void
addrs_of(struct evi *evi, uint32_t ifindex, const struct mac *mac, uint8_t flags)
{
	struct kkey key = { .kind = KOBJ_ADDR, .ifindex = ifindex };
	struct krow *r = ifindex != 0 ? ktab_from(evi->evpn->ktab, &key) : NULL;

	for (; r != NULL && KROW_KEY(r)->kind == KOBJ_ADDR &&
	     KROW_KEY(r)->ifindex == ifindex;
	     r = ktab_after(r))
		if (r->present && !ip_is_linklocal(&KROW_KEY(r)->ip))
			addr_add(evi, &KROW_KEY(r)->ip, KROW_KEY(r)->plen, mac, flags);
}

static void
mac_add(struct evi *evi, const struct mac *mac)
{
	if (mac_is_zero(mac) || gateway_is_mac(evi, mac))
		return;
	evi->own_macs = xreallocarray(
	    evi->own_macs, (size_t)evi->nown_macs + 1, sizeof(*evi->own_macs));
	evi->own_macs[evi->nown_macs++] = *mac;
}

/* The MAC of a configured gateway; zero: nothing says which. */
static struct mac
mac_of(const struct evi *evi, const struct evi_gateway *g)
{
	return mac_is_zero(&g->mac) ? evi->evpn->conf.anycast_mac : g->mac;
}

static bool
is_on(const struct evi *evi)
{
	return evi->svi != 0 && evi->refs[EVI_REF_SVI].ifindex == evi->svi &&
	    evi->evpn->conf.on && evi->conf.ngateways > 0;
}

/* A macvlan on the SVI; the next one. */
static struct klink *
macvlan_from(struct evi *evi, struct evdev *d)
{
	struct klink *l = NULL;

	while (d != NULL && (l = device_link_of(evi->evpn, d->ifindex)) == NULL)
		d = evdev_after(d);
	return l;
}

static struct klink *
macvlan_first(struct evi *evi)
{
	if (evi->svi == 0)
		return NULL;
	return macvlan_from(evi, evdev_first(evi->evpn, EVDEV_MACVLAN, evi->svi));
}

static struct klink *
macvlan_after(struct evi *evi, const struct klink *l)
{
	return macvlan_from(evi, evdev_after(evdev_find(evi->evpn, l->ifindex)));
}

/* The macvlan that somebody made to be this gateway: it has the MAC. NULL: there is none. */
static struct klink *
macvlan_of(struct evi *evi, const struct evi_gateway *g)
{
	struct mac mac = mac_of(evi, g);
	struct klink *l;

	for (l = macvlan_first(evi); l != NULL; l = macvlan_after(evi, l))
		if (mac_is_zero(&mac) || mac_cmp(&l->mac, &mac) == 0)
			break;
	return l;
}

static void
configured(struct evi *evi, const struct evi_gateway *g)
{
	const struct klink *l = macvlan_of(evi, g);
	struct mac mac = mac_of(evi, g);

	mac_add(evi, &mac);
	if (ip_is_linklocal(&g->ip))
		return;
	addr_add(evi, &g->ip, g->plen, l != NULL ? &l->mac : &evi->svi_mac,
	    l != NULL ? EVI_ADDR_GATEWAY | EVI_ADDR_MACVLAN : EVI_ADDR_GATEWAY);
}

void
gateway_facts(struct evi *evi)
{
	evi->naddrs = evi->nown_macs = 0;
	mac_add(evi, &evi->svi_mac);
	addrs_of(evi, evi->svi, &evi->svi_mac, 0);
	for (const struct klink *l = macvlan_first(evi); l != NULL;
	     l = macvlan_after(evi, l)) {
		ktab_manage(evi->evpn->ktab, KOBJ_ADDR, l->ifindex, true);
		mac_add(evi, &l->mac);
		addrs_of(evi, l->ifindex, &l->mac, EVI_ADDR_GATEWAY | EVI_ADDR_MACVLAN);
	}
	for (unsigned i = 0; is_on(evi) && i < evi->conf.ngateways; i++)
		configured(evi, &evi->conf.gateways[i]);
	evi->svi_addr = evi->naddrs > 0;
}

bool
gateway_is_mac(const struct evi *evi, const struct mac *mac)
{
	for (unsigned i = 0; i < evi->nown_macs; i++)
		if (mac_cmp(&evi->own_macs[i], mac) == 0)
			return true;
	return false;
}

bool
gateway_is_addr(const struct evi *evi, const struct ip *ip)
{
	return addr_find((struct evi *)(uintptr_t)evi, ip) != NULL;
}

/* --- wishes --- */

/* The MAC that the SVI is to have; false: as it is. */
static bool
svi_mac_wanted(struct evi *evi, struct mac *out)
{
	for (unsigned i = 0; i < evi->conf.ngateways; i++) {
		*out = mac_of(evi, &evi->conf.gateways[i]);
		if (!mac_is_zero(out))
			return macvlan_of(evi, &evi->conf.gateways[i]) == NULL;
	}
	return false;
}

static bool
has_family(const struct evi *evi, uint8_t family)
{
	for (unsigned i = 0; i < evi->conf.ngateways; i++)
		if (evi->conf.gateways[i].ip.family == family)
			return true;
	return false;
}

bool
gateway_wish(struct evi *evi, bool make, struct klink_want *w)
{
	if (evi->conf.ngateways == 0)
		return false;
	w->what |= KLINK_WANT_UP;
	if (has_family(evi, 4))
		w->what |= KLINK_WANT_FORWARD;
	if (svi_mac_wanted(evi, &w->mac))
		w->what |= KLINK_WANT_MAC;
	if (make && has_family(evi, 6))
		w->what |= KLINK_WANT_NOADDRGEN;
	return true;
}

/* --- rows --- */

struct wants {
	struct kkey *keys;
	uint16_t n;
};

static void
want_key(struct wants *w, const struct kkey *key)
{
	w->keys = xreallocarray(w->keys, (size_t)w->n + 1, sizeof(*w->keys));
	w->keys[w->n++] = *key;
}

/* On the gateway's macvlan, or on the SVI if it is not on some other macvlan already. */
static void
want_addr(struct evi *evi, struct wants *w, const struct evi_gateway *g)
{
	const struct klink *l = macvlan_of(evi, g);
	const struct evi_addr *a = addr_find(evi, &g->ip);
	struct kkey key = kkey_addr(l != NULL ? l->ifindex : evi->svi, &g->ip, g->plen);

	if (l != NULL || a == NULL || !(a->flags & EVI_ADDR_MACVLAN))
		want_key(w, &key);
}

static void
want_linklocal(struct evi *evi, struct wants *w)
{
	struct kkey key;
	struct mac mac;
	struct ip ip;

	for (unsigned i = 0; i < evi->conf.ngateways; i++)
		if (ip_is_linklocal(&evi->conf.gateways[i].ip))
			return;
	if (!has_family(evi, 6) || !svi_mac_wanted(evi, &mac))
		return;
	ip = ip_of_mac(&mac);
	key = kkey_addr(evi->svi, &ip, 64);
	want_key(w, &key);
}

/* A VLAN device with another MAC than its bridge: that one has to know it. */
static void
want_own_mac(struct evi *evi, struct wants *w)
{
	struct mac mac;
	struct kkey key;

	if (evi->svi == evi->bridge || !svi_mac_wanted(evi, &mac))
		return;
	key = kkey_brfdb(evi->bridge, evi->vlan, &mac);
	want_key(w, &key);
}

static bool
has_addr(const struct evi *evi, uint8_t family)
{
	for (unsigned i = 0; i < evi->naddrs; i++)
		if (evi->addrs[i].ip.family == family)
			return true;
	return false;
}

/* The kernel is to ask us first, and to hold the packet: see miss.c. */
static void
want_ask(struct evi *evi, struct wants *w, uint8_t family)
{
	struct kkey key = kkey_ask(evi->svi, family);
	bool demanded = evi->demand != NULL && has_addr(evi, family);

	if (!evi->live || evi->svi == 0 || !(has_family(evi, family) || demanded))
		return;
	ktab_manage(evi->evpn->ktab, KOBJ_ASK, evi->svi, true);
	want_key(w, &key);
}

void
gateway_update(struct evi *evi, uint64_t now)
{
	struct ktab *t = evi->evpn->ktab;
	struct kval vals[] = { [KOBJ_ADDR] = kval_gateway(),
		[KOBJ_ASK] = kval_ask(),
		[KOBJ_BRFDB] = kval_own_mac(evi->bridge) };
	struct wants w = { 0 };

	if (is_on(evi) && !evi->dying) {
		for (unsigned i = 0; i < evi->conf.ngateways; i++)
			want_addr(evi, &w, &evi->conf.gateways[i]);
		want_linklocal(evi, &w);
		want_own_mac(evi, &w);
	}
	if ((is_on(evi) || evi->demand != NULL) && !evi->dying) {
		want_ask(evi, &w, 4);
		want_ask(evi, &w, 6);
	}
	for (unsigned i = 0; i < evi->ngateway_keys; i++)
		if (!kkey_among(w.keys, w.n, &evi->gateway_keys[i]))
			ktab_want(t, &evi->gateway_keys[i], NULL, now);
	for (unsigned i = 0; i < w.n; i++)
		ktab_want(t, &w.keys[i], &vals[w.keys[i].kind], now);
	free(evi->gateway_keys);
	evi->gateway_keys = w.keys;
	evi->ngateway_keys = w.n;
}

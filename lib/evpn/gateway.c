/*
 * gateway - distributed anycast gateways: the same address and MAC on the SVI of every VTEP
 * (RFC 9135, 4.1), and what else the SVI answers for.
 *
 * Keeps: per EVI the addresses of its SVI, with their MACs: those that the kernel has, those
 * of macvlan devices on the SVI (as FRR's users make anycast gateways), and those that the
 * configuration wants there ("gateway"). Of a host they are never learned, nor imported.
 *
 * What is configured becomes wanted: rows for the addresses, with our mark, and a wish for
 * the SVI's MAC; with an IPv6 gateway also the link-local address that the MAC makes, for
 * hosts that got their gateway by router advertisement know nothing else of it. An address
 * that somebody else set stays as it is and his; one that stands on a macvlan is not set
 * again on the SVI, and leaves the SVI's MAC alone.
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

	for (; r != NULL && r->key.kind == KOBJ_ADDR && r->key.ifindex == ifindex;
	     r = ktab_after(r))
		if (r->present && !ip_is_linklocal(&r->key.ip))
			addr_add(evi, &r->key.ip, r->key.plen, mac, flags);
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

void
gateway_facts(struct evi *evi)
{
	struct evpn *e = evi->evpn;

	evi->naddrs = evi->nown_macs = 0;
	mac_add(evi, &evi->svi_mac);
	addrs_of(evi, evi->svi, &evi->svi_mac, 0);
	for (struct evdev *d = evdev_first(e, EVDEV_MACVLAN, evi->svi);
	     d != NULL && evi->svi != 0; d = evdev_after(d)) {
		struct klink *l = device_link_of(e, d->ifindex);

		if (l == NULL)
			continue;
		ktab_manage(e->ktab, KOBJ_ADDR, d->ifindex, true);
		mac_add(evi, &l->mac);
		addrs_of(evi, d->ifindex, &l->mac, EVI_ADDR_GATEWAY | EVI_ADDR_MACVLAN);
	}
	for (unsigned i = 0; is_on(evi) && i < evi->conf.ngateways; i++) {
		const struct evi_gateway *g = &evi->conf.gateways[i];
		struct mac mac = mac_of(evi, g);

		mac_add(evi, &mac);
		if (!ip_is_linklocal(&g->ip))
			addr_add(evi, &g->ip, g->plen, &evi->svi_mac, EVI_ADDR_GATEWAY);
	}
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

/* Does a macvlan on the SVI have a configured gateway's address? Then it is the gateway. */
static bool
on_macvlan(struct evi *evi)
{
	for (unsigned i = 0; i < evi->conf.ngateways; i++) {
		const struct evi_addr *a = addr_find(evi, &evi->conf.gateways[i].ip);

		if (a != NULL && (a->flags & EVI_ADDR_MACVLAN))
			return true;
	}
	return false;
}

static bool
svi_mac_wanted(struct evi *evi, struct mac *out)
{
	for (unsigned i = 0; i < evi->conf.ngateways; i++) {
		*out = mac_of(evi, &evi->conf.gateways[i]);
		if (!mac_is_zero(out))
			return !on_macvlan(evi);
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
want(struct evi *evi, struct wants *w, const struct ip *ip, uint8_t plen)
{
	const struct evi_addr *a = addr_find(evi, ip);

	if (a != NULL && (a->flags & EVI_ADDR_MACVLAN))
		return;
	w->keys = xreallocarray(w->keys, (size_t)w->n + 1, sizeof(*w->keys));
	w->keys[w->n++] = kkey_addr(evi->svi, ip, plen);
}

/* Appendix A of RFC 4291: the link-local address with the modified EUI-64 of a MAC. */
static struct ip
linklocal_of(const struct mac *m)
{
	return (struct ip){ .family = 6,
		.b = { 0xfe, 0x80, [8] = m->b[0] ^ 2, m->b[1], m->b[2], 0xff, 0xfe,
		    m->b[3], m->b[4], m->b[5] } };
}

static void
want_linklocal(struct evi *evi, struct wants *w)
{
	struct mac mac;
	struct ip ip;

	for (unsigned i = 0; i < evi->conf.ngateways; i++)
		if (ip_is_linklocal(&evi->conf.gateways[i].ip))
			return;
	if (!has_family(evi, 6) || !svi_mac_wanted(evi, &mac))
		return;
	ip = linklocal_of(&mac);
	want(evi, w, &ip, 64);
}

static bool
has_key(const struct kkey *keys, unsigned n, const struct kkey *key)
{
	for (unsigned i = 0; i < n; i++)
		if (kkey_cmp(&keys[i], key) == 0)
			return true;
	return false;
}

void
gateway_update(struct evi *evi, uint64_t now)
{
	struct ktab *t = evi->evpn->ktab;
	struct kval val = kval_gateway();
	struct wants w = { 0 };

	if (is_on(evi) && !evi->dying) {
		for (unsigned i = 0; i < evi->conf.ngateways; i++)
			want(evi, &w, &evi->conf.gateways[i].ip,
			    evi->conf.gateways[i].plen);
		want_linklocal(evi, &w);
	}
	for (unsigned i = 0; i < evi->ngateway_keys; i++)
		if (!has_key(w.keys, w.n, &evi->gateway_keys[i]))
			ktab_want(t, &evi->gateway_keys[i], NULL, now);
	for (unsigned i = 0; i < w.n; i++)
		ktab_want(t, &w.keys[i], &val, now);
	free(evi->gateway_keys);
	evi->gateway_keys = w.keys;
	evi->ngateway_keys = w.n;
}

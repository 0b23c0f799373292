/*
 * miss - the kernel asks for a neighbour and holds the packet meanwhile: what is done so that
 * it need not wait.
 *
 * On SVIs with a gateway the kernel asks here first, and the link a second later (KOBJ_ASK,
 * gateway.c). An address that BGP knows elsewhere has a neighbour row: if the kernel asks, it
 * has lost it, and it is written again. Whatever else is asked for is asked on the link at
 * once, by a broadcast (or solicited-node multicast) from the SVI: a silent host answers in
 * less than a millisecond, and the packet that was meant for it is delivered.
 *
 * Bounds: ASK_RATE questions a second and VNI, whatever is being scanned; the kernel's own
 * question, a second later, is not held up by that. No more than ASKS_MAX wait.
 */
#include "evpn/state.h"

#include <stdlib.h>

#include "base/mem.h"

#define ASK_RATE 200 /* a second */
#define ASK_BURST 200
#define ASKS_MAX 4096

/* Does some route say where IP is? */
static bool
is_remote(struct evi *evi, const struct ip *ip)
{
	for (struct macip *m = macip_by_ip(evi, ip); m != NULL; m = macip_ip_after(m))
		if (m->holder && m->state == MACIP_REMOTE)
			return true;
	return false;
}

/*
 * Who asks: the SVI by its address in the network of IP, else by any; by none IPv4 is asked
 * as a probe (RFC 5227), IPv6 from the link-local address.
 */
static struct ip
asker(const struct evi *evi, const struct ip *ip)
{
	struct ip any = { 0 };

	for (unsigned i = 0; i < evi->naddrs; i++) {
		const struct evi_addr *a = &evi->addrs[i];
		struct prefix p = { a->ip, a->plen };

		if ((a->flags & EVI_ADDR_MACVLAN) || a->ip.family != ip->family)
			continue;
		prefix_mask(&p);
		if (prefix_contains(&p, ip))
			return a->ip;
		any = a->ip;
	}
	return any;
}

static void
ask(struct evi *evi, const struct ip *ip)
{
	struct evpn *e = evi->evpn;
	struct ask *a = xcalloc(1, sizeof(*a));

	a->ask = (struct evpn_ask){ .ifindex = evi->svi,
		.mac = evi->svi_mac,
		.from = asker(evi, ip),
		.ip = *ip };
	TAILQ_INSERT_TAIL(&e->asks, a, link);
	e->nasks++;
}

void
evpn_missed(struct evpn *e, const struct kkey *key, uint64_t now)
{
	struct evi *evi = key->kind == KOBJ_NEIGH ? evi_by_svi(e, key->ifindex) : NULL;
	struct krow *r;

	if (evi == NULL || !evi->live || mac_is_zero(&evi->svi_mac))
		return;
	evi->misses.missed++;
	if (is_remote(evi, &key->ip)) {
		evi->misses.known++;
		r = ktab_find(e->ktab, key);
		if (r != NULL && r->wanted)
			ktab_have(e->ktab, key, NULL, now);
		return;
	}
	if (e->nasks >= ASKS_MAX ||
	    !bucket_take(&evi->asks, ASK_RATE, ASK_BURST, now)) {
		evi->misses.limited++;
		return;
	}
	evi->misses.asked++;
	ask(evi, &key->ip);
}

bool
evpn_ask(struct evpn *e, struct evpn_ask *out)
{
	struct ask *a = TAILQ_FIRST(&e->asks);

	if (a == NULL)
		return false;
	TAILQ_REMOVE(&e->asks, a, link);
	e->nasks--;
	*out = a->ask;
	free(a);
	return true;
}

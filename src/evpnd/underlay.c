/*
 * underlay - see underlay.h. The kernel is asked for the route to every BGP neighbor and to
 * the VTEPs of the VNIs, at most LOOKUPS_MAX of them: they are on the same fabric. A group
 * is sent by its device.
 */
#include "underlay.h"

#include <string.h>

#include "evpnd.h"
#include "netlink.h"

#define LOOKUPS_MAX 64
#define SOON_MS 2000

static void
add(struct underlay *u, uint32_t ifindex, uint32_t mtu)
{
	unsigned i;

	if (mtu == 0)
		return;
	if (u->mtu == 0 || mtu < u->mtu)
		u->mtu = mtu;
	for (i = 0; i < u->n && u->ways[i].ifindex != ifindex; i++)
		;
	if (i == UNDERLAY_WAYS)
		return;
	if (i == u->n) {
		u->n++;
		u->ways[i].mtu = mtu;
	}
	u->ways[i].ifindex = ifindex;
	if (mtu < u->ways[i].mtu)
		u->ways[i].mtu = mtu;
}

/* False: enough of them. */
static bool
look_up(struct evpnd *d, struct underlay *u, unsigned *left, const struct ip *to)
{
	uint32_t mtu, ifindex;

	if (*left == 0)
		return false;
	(*left)--;
	if (!ip_is_loopback(to) && netlink_route_mtu(d->netlink, to, &mtu, &ifindex))
		add(u, ifindex, mtu);
	return true;
}

static void
look_neighbors(struct evpnd *d, struct underlay *u, unsigned *left)
{
	const struct conf_peer *p;

	TAILQ_FOREACH (p, &d->conf->bgp.peers, link)
		if (!p->is_group && !look_up(d, u, left, &p->addr))
			return;
}

static void
look_vteps(struct evpnd *d, struct underlay *u, unsigned *left)
{
	struct evi *evi;
	unsigned i;

	for (evi = evi_first(d->evpn); evi != NULL && *left > 0; evi = evi_after(evi)) {
		const struct klink *l =
		    klink_by_name(d->klinks, evi->conf.group_ifname); /* "": none */

		if (l != NULL)
			add(u, l->ifindex, l->mtu);
		for (struct vtep *v = evi_vtep_first(evi); v != NULL && *left > 0;
		     v = evi_vtep_after(v))
			look_up(d, u, left, &v->ip);
		for (i = 0; i < evi->conf.nvteps; i++)
			if (!look_up(d, u, left, &evi->conf.vteps[i]))
				return;
	}
}

void
underlay_look(struct evpnd *d, uint64_t now)
{
	struct underlay u = { .look_ms = now };
	unsigned left = LOOKUPS_MAX;

	look_neighbors(d, &u, &left);
	look_vteps(d, &u, &left);
	d->underlay = u;
}

void
underlay_link(struct evpnd *d, const struct klink *l)
{
	struct underlay *u = &d->underlay;

	for (unsigned i = 0; i < u->n; i++)
		if (u->ways[i].ifindex == l->ifindex)
			u->due = true;
}

bool
underlay_turn(struct evpnd *d, uint64_t now)
{
	uint32_t before = d->underlay.mtu;

	if (now < underlay_deadline(d))
		return false;
	underlay_look(d, now);
	return d->underlay.mtu != before;
}

uint64_t
underlay_deadline(const struct evpnd *d)
{
	const struct underlay *u = &d->underlay;

	if (u->due)
		return 0;
	return u->soon ? u->look_ms + SOON_MS : UINT64_MAX;
}

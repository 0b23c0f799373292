/*
 * vrfwalk - all rows of an IP-VRF decided, projected and announced again, one a step.
 *
 * As walk.c does for EVIs: when the devices change there are two walks, the first takes
 * everything off the old devices (ON; PROGRAMMED is false), the second puts it onto the new
 * ones. One that is not configured any more is walked once more to take everything back,
 * then freed. Before the rows, what the kernel has in the table is heard again if need be
 * (RESCAN).
 */
#include "evpn/state.h"

void
ipvrf_walk(struct ipvrf *v)
{
	v->walk_at = (struct prefix){ 0 };
	if (v->walking)
		return;
	v->walking = true;
	TAILQ_INSERT_TAIL(&v->evpn->vrf_walks, v, walk_link);
}

void
ipvrf_rescan(struct ipvrf *v)
{
	v->rescan = true;
	v->scanned = false;
	v->scan_gen++;
	v->scan_key = (struct kkey){ 0 };
	ipvrf_walk(v);
}

/* Hears one row of the table. */
static void
scan_step(struct ipvrf *v, uint64_t now)
{
	uint32_t table = v->face.devs.table;
	struct kkey *k = &v->scan_key;
	struct krow *r;

	if (k->ifindex == 0)
		*k = (struct kkey){ .kind = KOBJ_ROUTE, .ifindex = table };
	r = table != 0 ? ktab_from(v->evpn->ktab, k) : NULL;
	if (r != NULL && KROW_KEY(r)->kind == k->kind &&
	    KROW_KEY(r)->ifindex == k->ifindex) {
		*k = krow_key(r);
		k->pad = 1; /* just behind it */
		if (krow_is_local(r))
			vrfroute_heard(v, r, now);
	} else {
		*k = (struct kkey){ 0 };
		v->rescan = false;
		v->scanned = true;
	}
}

/* Every row was seen. */
static void
walk_end(struct ipvrf *v, uint64_t now)
{
	struct ipvrf_devs old = v->on;

	TAILQ_REMOVE(&v->evpn->vrf_walks, v, walk_link);
	v->walking = false;
	v->imp.sweep = v->scanned = false;
	for (struct vrfvia *n = vrfvia_first(v); n != NULL; n = vrfvia_after(n))
		vrfvia_check(n, now);
	if (v->dying && !v->stale) {
		vrfdev_unmanage(v, &old);
		ipvrf_end(v, now);
		return;
	}
	if (memcmp(&v->on, &v->face.devs, sizeof(old)) != 0) {
		v->on = v->face.devs;
		v->programmed = v->live;
		vrfdev_unmanage(v, &old);
		vrfroute_others(v);
		ipvrf_walk(v);
	}
}

void
ipvrf_walk_step(struct ipvrf *v, uint64_t now)
{
	struct vrfroute *r, *next;

	if (v->rescan && !v->dying) {
		scan_step(v, now);
		return;
	}
	r = vrfroute_from(v, &v->walk_at);
	next = r != NULL ? vrfroute_after(r) : NULL;
	if (next != NULL)
		v->walk_at = next->prefix;
	if (r != NULL) {
		if (v->imp.sweep || v->scanned || v->dying)
			vrfroute_sweep(r, v->imp.sweep, v->dying, now);
		vrfroute_decide(r, now);
	}
	if (next == NULL)
		walk_end(v, now);
}

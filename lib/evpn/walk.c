/*
 * walk - all rows of an EVI decided, projected and announced again, one MAC a step.
 *
 * Started by evi_refresh() when the EVI changed, and by evpn_reimport_done() to drop the
 * routes that its new targets no longer match. When the devices change there are two walks:
 * the first takes the rows off the old devices (ON; PROGRAMMED is false), the second puts
 * them onto the new ones. An EVI that nobody wants any more is walked once more to take
 * everything back, then freed. Before the rows, what the kernel has on the devices is heard
 * again if need be (RESCAN).
 */
#include "evpn/state.h"

void
evi_walk(struct evi *evi)
{
	evi->walk_begun = false;
	if (evi->walking)
		return;
	evi->walking = true;
	TAILQ_INSERT_TAIL(&evi->evpn->walks, evi, walk_link);
}

void
evi_rescan(struct evi *evi)
{
	evi->rescan = true;
	evi->scanned = false;
	evi->scan_gen++;
	evi->scan_key = (struct kkey){ 0 };
	evi_walk(evi);
}

/* Hears one row that the kernel has on the EVI's devices. */
static void
scan_step(struct evi *evi, uint64_t now)
{
	const struct evi_devs *d = &evi->face.devs;
	struct kkey *k = &evi->scan_key;
	struct krow *r;

	if (k->ifindex == 0)
		*k = (struct kkey){ .kind = KOBJ_BRFDB,
			.ifindex = d->bridge,
			.vlan = (uint16_t)d->vlan };
	r = k->ifindex != 0 ? ktab_from(evi->evpn->ktab, k) : NULL;
	if (r != NULL && KROW_KEY(r)->kind == k->kind &&
	    KROW_KEY(r)->ifindex == k->ifindex && KROW_KEY(r)->vlan == k->vlan) {
		*k = krow_key(r);
		k->pad = 1; /* just behind it */
		if (krow_is_local(r))
			local_heard(evi, r, now);
	} else if (k->kind == KOBJ_BRFDB && d->svi != 0) {
		*k = (struct kkey){ .kind = KOBJ_NEIGH, .ifindex = d->svi };
	} else {
		*k = (struct kkey){ 0 };
		evi->rescan = false;
		evi->scanned = d->bridge != 0; /* else we know nothing */
	}
}

/* All rows of one MAC. */
static void
visit(struct evi *evi, struct macip *own, uint64_t now)
{
	if (evi->imp.sweep || evi->dying)
		for (struct macip *m = own; m != NULL; m = macip_sibling(m)) {
			macip_sweep(m, evi->dying);
			if (evi->dying && m->local != NULL)
				local_clear(m, 0xff);
		}
	if (evi->scanned && !evi->dying)
		local_sweep(own, now);
	macip_decide(own, now);
}

/* Every row was seen. */
static void
walk_end(struct evi *evi, uint64_t now)
{
	struct evi_devs old = evi->on;

	TAILQ_REMOVE(&evi->evpn->walks, evi, walk_link);
	evi->walking = false;
	if (evi->imp.sweep || evi->dying)
		flood_sweep(evi, evi->dying);
	evi->imp.sweep = evi->scanned = false;
	flood_update(evi, true, now);
	if (evi->dying && !evi->stale) {
		device_unmanage(evi, &old);
		evi_free(evi);
		return;
	}
	if (memcmp(&evi->on, &evi->face.devs, sizeof(old)) != 0) {
		evi->on = evi->face.devs;
		evi->programmed = evi->live;
		device_unmanage(evi, &old);
		evi_walk(evi);
		return;
	}
	demand_walked(evi);
}

void
evi_walk_step(struct evi *evi, uint64_t now)
{
	struct macip *own;

	if (evi->rescan && !evi->dying) {
		scan_step(evi, now);
		return;
	}
	own = evi->walk_begun ? macip_behind(evi, &evi->walk_mac)
			      : macip_from(evi, &(struct mac){ 0 }, NULL);
	if (own != NULL) {
		evi->walk_begun = true;
		evi->walk_mac = own->mac;
		visit(evi, own, now);
		return;
	}
	walk_end(evi, now);
}

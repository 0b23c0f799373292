/*
 * flood - where a VNI's broadcast goes: one VTEP per originator of type 3 routes (RFC 8365,
 * 5.1.3; RFC 7432, 11).
 *
 * Keeps: per EVI, VTEPs in address order, each with the routes that name it. Always: a VTEP
 * with no route left is gone after the next flood_update(). Feeds: project.c, one all-zero
 * FDB entry per usable VTEP that does not hear the group we send to. Static VTEPs of the
 * configuration are wanted besides.
 *
 * The VTEP is the originator's address in the route's key, as FRR has it. A route without
 * PMSI attribute is taken as ingress replication (FRR's reading too). One with a PIM tree
 * says that the VTEP hears this group: when it is ours no copy is made for it; otherwise it
 * gets one, so that VTEPs with and without multicast make one segment. One with a tunnel of
 * another type, or with another VNI, is kept to be shown but not used.
 */
#include "evpn/state.h"

#include <stdlib.h>

#include "base/mem.h"

static bool
is_pim(const struct attr_value *v)
{
	return v->pmsi.type >= PMSI_PIM_SSM && v->pmsi.type <= PMSI_BIDIR_PIM;
}

static int
vtep_cmp(const struct vtep *a, const struct vtep *b)
{
	return ip_cmp(&a->ip, &b->ip);
}

RB_GENERATE(vtep_tree, vtep, link, vtep_cmp)

struct vtep *
evi_vtep_first(struct evi *evi)
{
	return RB_MIN(vtep_tree, &evi->vteps);
}

struct vtep *
evi_vtep_after(struct vtep *v)
{
	return RB_NEXT(vtep_tree, NULL, v);
}

static struct vtep *
vtep_find(struct evi *evi, const struct ip *ip)
{
	struct vtep k = { .ip = *ip };

	return RB_FIND(vtep_tree, &evi->vteps, &k);
}

static void
vtep_changed(struct evi *evi, struct vtep *v)
{
	v->changed = true;
	evi_touch_flood(evi);
}

const char *
flood_unusable(const struct evi *evi, const struct ip *vtep, const struct attrs *a)
{
	const struct attr_value *v = &a->v;

	if (evpn_is_own_ip(evi->evpn, vtep))
		return "its originator is this host";
	if (ip_is_set(&evi->local) && vtep->family != evi->local.family)
		return "its originator is of another address family than our VTEP";
	if (!(v->flags & ATTRS_PMSI))
		return NULL;
	if (v->pmsi.type != PMSI_INGRESS && !is_pim(v))
		return "its tunnel is neither ingress replication nor PIM";
	if (v->pmsi.label != evi->vni && v->pmsi.label != 0)
		return "its tunnel has another VNI";
	return NULL;
}

static void
drop(struct evi *evi, struct vtep *v, struct macip_remote **slot)
{
	struct macip_remote *r = *slot;

	*slot = r->next;
	r->next = NULL;
	macip_remotes_free(evi->evpn, r);
	v->routes--;
	vtep_changed(evi, v);
}

void
flood_route(
    struct evi *evi, const struct nlri *key, const struct evpn_path *p, uint64_t now)
{
	struct vtep *v = vtep_find(evi, &key->ip);
	struct macip_remote **slot;

	if (v == NULL && p == NULL)
		return;
	if (v == NULL) {
		v = xcalloc(1, sizeof(*v));
		v->ip = key->ip;
		v->since_s = now_s(now);
		RB_INSERT(vtep_tree, &evi->vteps, v);
	}
	slot = macip_remote_slot(&v->remotes, key);
	if (p == NULL) {
		if (*slot != NULL)
			drop(evi, v, slot);
		return;
	}
	if (*slot == NULL) {
		*slot = macip_remote_new(evi, key, p, now);
		v->routes++;
		vtep_changed(evi, v);
	} else if (macip_remote_set(evi, *slot, p)) {
		vtep_changed(evi, v);
	}
}

void
flood_sweep(struct evi *evi, bool all)
{
	struct vtep *v;

	RB_FOREACH (v, vtep_tree, &evi->vteps) {
		struct macip_remote **slot = &v->remotes;

		while (*slot != NULL)
			if (all || (*slot)->gen != evi->imp.gen)
				drop(evi, v, slot);
			else
				slot = &(*slot)->next;
	}
}

/* Does the VTEP that sent this hear the group that we send to? */
static bool
hears_group(const struct evi *evi, const struct attrs *a)
{
	const struct attr_value *v = &a->v;

	return evi_flooding(evi) == EVI_FLOOD_MULTICAST && (v->flags & ATTRS_PMSI) &&
	    is_pim(v) && ip_cmp(&v->pmsi.tunnel, &evi->group) == 0;
}

/* A VTEP of the configuration; one of the other family the kernel cannot have. */
static bool
is_static(const struct evi *evi, const struct ip *ip)
{
	if (evi->conf.flood != EVI_FLOOD_STATIC || evpn_is_own_ip(evi->evpn, ip) ||
	    ip->family != evi->local.family)
		return false;
	for (unsigned i = 0; i < evi->conf.nvteps; i++)
		if (ip_cmp(&evi->conf.vteps[i], ip) == 0)
			return true;
	return false;
}

/* Does the kernel get entries per VTEP? */
static bool
replicates(const struct evi *evi)
{
	return evi_flooding(evi) != EVI_FLOOD_DISABLE;
}

static void
vtep_update(struct evi *evi, struct vtep *v, uint64_t now)
{
	bool was = v->usable;

	v->changed = false;
	v->usable = v->grouped = false;
	for (struct macip_remote *r = v->remotes; r != NULL; r = r->next) {
		if (flood_unusable(evi, &v->ip, r->attrs) != NULL)
			continue;
		v->usable = true;
		v->grouped = v->grouped || hears_group(evi, r->attrs);
	}
	v->peer = v->remotes != NULL ? v->remotes->peer : 0;
	if (was != v->usable) {
		history_evi(evi, v->usable ? EV_VTEP_ADD : EV_VTEP_DEL, &v->ip, now);
		evi->nvteps += v->usable ? 1 : (uint32_t)-1;
		v->since_s = now_s(now);
	}
	project_vtep(evi, &v->ip,
	    replicates(evi) && ((v->usable && !v->grouped) || is_static(evi, &v->ip)),
	    now);
	if (v->routes == 0) {
		RB_REMOVE(vtep_tree, &evi->vteps, v);
		free(v);
	}
}

void
flood_update(struct evi *evi, bool all, uint64_t now)
{
	struct vtep *v, *next;

	evi->flood_changed = false;
	RB_FOREACH_SAFE (v, vtep_tree, &evi->vteps, next)
		if (all || v->changed)
			vtep_update(evi, v, now);
	if (!all || evi->conf.flood != EVI_FLOOD_STATIC)
		return;
	for (unsigned i = 0; i < evi->conf.nvteps; i++)
		if (vtep_find(evi, &evi->conf.vteps[i]) == NULL)
			project_vtep(evi, &evi->conf.vteps[i],
			    replicates(evi) && is_static(evi, &evi->conf.vteps[i]),
			    now);
}

void
flood_static(struct evi *evi, const struct evi_conf *old, uint64_t now)
{
	if (old->flood != EVI_FLOOD_STATIC)
		return;
	for (unsigned i = 0; i < old->nvteps; i++)
		if (vtep_find(evi, &old->vteps[i]) == NULL &&
		    !is_static(evi, &old->vteps[i]))
			project_vtep(evi, &old->vteps[i], false, now);
}

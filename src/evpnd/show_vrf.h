/*
 * show_vrf.h - going over VRFs and their rows, for the shows that have L3 VNIs in them.
 */
#ifndef EVPND_SHOW_VRF_H
#define EVPND_SHOW_VRF_H

#include "evpn/ipvrf.h"
#include "show_int.h"

/* FRR's word for a device that is not there. */
const char *show_or_none(const char *name);
/*
 * The next VRF with an L3 VNI, of those asked for; NULL: no more. show_ipvrf_done() goes past
 * it.
 */
struct ipvrf *show_ipvrf(struct show *s);
void show_ipvrf_done(struct show *s, const struct ipvrf *v);
/* The next row of V in s->prefix's order, counted against the budget; NULL: no more. */
struct vrfroute *show_vrfroute(struct show *s, struct ipvrf *v);

/* The router MAC, "None" when it is not known; the L2 VNIs of a VRF, as a list. */
void show_rmac(struct show *s, const char *key, const struct ipvrf *v);
void show_l2vnis(struct show *s, const char *key, struct ipvrf *v);

/* What "show evpn rmac" and "show evpn next-hops" have a line for. */
struct show_via {
	struct ip ip; /* the next hop of prefixes */
	struct ip vtep;
	struct mac rmac;
	bool conflict;
};

/* The address of a next hop as the kernel has it. */
struct ip show_via_ip(const struct vrfvia *n);
/* How many router MACs, or next hops, each once. */
size_t show_count_vias(struct ipvrf *v, bool by_ip);

/* show_prefix.c: a step of "show evpn explain" for a VRF. */
bool show_explain_prefix(struct show *s);
/* show_explain.c: a route of the RIB, and why VNI has not got it. */
void show_explain_route(struct show *s, const struct path *p, uint32_t vni);

/* explain_need.c: what keeps an address from being reached; what it would take. */
void show_explain_problems(struct show *s, const char *vni_down);
void show_explain_needed(struct show *s, struct evi *evi);

#endif

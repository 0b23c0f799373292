/*
 * show_vrf - L3 VNIs and their VRFs: "show vrf vni", "show bgp vrf VRF vni", router MACs and
 * next hops.
 *
 * FRR's router MACs and next hops are views of the same thing, our vrfvia: one who is in
 * force for some prefix has a router MAC behind a VTEP; what of another VTEP's would need the
 * MAC that the VTEP has already is told as a conflict.
 */
#include "show_vrf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const char *
show_or_none(const char *name)
{
	return name[0] != '\0' ? name : "None";
}

struct ipvrf *
show_ipvrf(struct show *s)
{
	struct ipvrf *v;

	if (s->a.has_vni) {
		v = ipvrf_by_vni(s->d->evpn, s->a.vni);
		return v != NULL && strcmp(v->name, s->vrf) > 0 ? v : NULL;
	}
	for (v = ipvrf_first(s->d->evpn); v != NULL; v = ipvrf_after(v))
		if (v->conf.vni != 0 && strcmp(v->name, s->vrf) > 0 &&
		    (!s->a.has_vrf || strcmp(v->name, s->a.vrf) == 0))
			return v;
	return NULL;
}

void
show_ipvrf_done(struct show *s, const struct ipvrf *v)
{
	memcpy(s->vrf, v->name, sizeof(s->vrf));
	if (s->left > 0)
		s->left--;
}

void
show_rmac(struct show *s, const char *key, const struct ipvrf *v)
{
	jout_str(&s->j, key, mac_is_zero(&v->rmac) ? "None" : MACSTR(&v->rmac));
}

void
show_l2vnis(struct show *s, const char *key, struct ipvrf *v)
{
	struct evi *evi;

	jout_open(&s->j, key, '[');
	for (evi = ipvrf_evi_first(v); evi != NULL; evi = ipvrf_evi_after(evi))
		jout_int(&s->j, NULL, evi->vni);
	jout_close(&s->j, ']');
}

/* --- router MACs and next hops --- */

struct ip
show_via_ip(const struct vrfvia *n)
{
	static const uint8_t prefix[12] = { [10] = 0xff, [11] = 0xff };
	struct ip ip = n->vtep;

	if (n->family == IPVRF_V4 || n->vtep.family == 6)
		return ip;
	/* An IPv6 prefix over an IPv4 VTEP has an IPv4-mapped next hop. */
	ip = (struct ip){ .family = 6 };
	memcpy(ip.b, prefix, sizeof(prefix));
	memcpy(ip.b + sizeof(prefix), n->vtep.b, 4);
	return ip;
}

/* Over the L3 VNI, and of use or in conflict for some prefix. */
static bool
is_shown(const struct vrfvia *n)
{
	return n->evi == NULL && (n->rows > 0 || n->conflict);
}

static int
cmp_mac(const void *a, const void *b)
{
	const struct show_via *x = a, *y = b;
	int c = mac_cmp(&x->rmac, &y->rmac);

	return c != 0 ? c : ip_cmp(&x->vtep, &y->vtep);
}

static int
cmp_ip(const void *a, const void *b)
{
	const struct show_via *x = a, *y = b;

	return ip_cmp(&x->ip, &y->ip);
}

static bool
same_key(const struct show_via *a, const struct show_via *b, bool by_ip)
{
	return by_ip ? ip_cmp(&a->ip, &b->ip) == 0 : mac_cmp(&a->rmac, &b->rmac) == 0;
}

/* Router MACs, or next hops, in order, each once; the caller frees OUT. */
static size_t
show_vias(struct ipvrf *v, bool by_ip, struct show_via **out)
{
	struct show_via *list;
	struct vrfvia *n;
	size_t all = 0, i, kept = 0;

	for (n = vrfvia_first(v); n != NULL; n = vrfvia_after(n))
		all += is_shown(n) && !(by_ip && n->conflict);
	*out = list = xcalloc(all + 1, sizeof(*list));
	for (n = vrfvia_first(v), i = 0; n != NULL; n = vrfvia_after(n))
		if (is_shown(n) && !(by_ip && n->conflict))
			list[i++] = (struct show_via){ .ip = show_via_ip(n),
				.vtep = n->vtep,
				.rmac = n->rmac,
				.conflict = n->conflict };
	qsort(list, all, sizeof(*list), by_ip ? cmp_ip : cmp_mac);
	for (i = 0; i < all; i++)
		if (kept == 0 || !same_key(&list[kept - 1], &list[i], by_ip))
			list[kept++] = list[i];
	return kept;
}

size_t
show_count_vias(struct ipvrf *v, bool by_ip)
{
	struct show_via *list;
	size_t n = show_vias(v, by_ip, &list);

	free(list);
	return n;
}

static void
put_via(struct show *s, const struct show_via *n, bool by_ip)
{
	struct jout *j = &s->j;

	jout_open(j, by_ip ? IPSTR(&n->ip) : MACSTR(&n->rmac), '{');
	if (by_ip)
		jout_str(j, "nexthopIp", IPSTR(&n->ip));
	jout_str(j, "routerMac", MACSTR(&n->rmac));
	if (!by_ip) {
		jout_str(j, "vtepIp", IPSTR(&n->vtep));
		if (n->conflict)
			jout_bool(j, "conflict", true);
	}
	jout_close(j, '}');
}

/* All of one VRF: as many as there are VTEPs. */
static void
put_vias(struct show *s, struct ipvrf *v, bool by_ip)
{
	struct show_via *list;
	size_t n = show_vias(v, by_ip, &list), i;
	char vni[16];

	snprintf(vni, sizeof(vni), "%u", v->conf.vni);
	if (!s->a.has_vni && n > 0)
		jout_open(&s->j, vni, '{');
	if (s->a.has_vni || n > 0)
		jout_int(&s->j, by_ip ? "numNextHops" : "numRmacs", (int64_t)n);
	for (i = 0; i < n; i++)
		put_via(s, &list[i], by_ip);
	if (!s->a.has_vni && n > 0)
		jout_close(&s->j, '}');
	s->left = n < s->left ? s->left - (unsigned)n : 0;
	free(list);
}

static bool
start_l3(struct show *s, char *msg, size_t len)
{
	if (!s->a.has_vni || ipvrf_by_vni(s->d->evpn, s->a.vni) != NULL)
		return true;
	snprintf(msg, len, "%% L3-VNI %u does not exist", s->a.vni);
	return false;
}

static bool
step_vias(struct show *s)
{
	bool by_ip = s->desc->op == OP_SHOW_EVPN_NEXTHOPS;
	struct ipvrf *v;

	if (!s->open)
		jout_open(&s->j, NULL, '{');
	s->open = true;
	while (s->left > 0 && (v = show_ipvrf(s)) != NULL) {
		put_vias(s, v, by_ip);
		show_ipvrf_done(s, v);
	}
	if (s->left == 0)
		return false;
	jout_close(&s->j, '}');
	return true;
}

/* "show evpn rmac vni N mac M" */
static bool
start_rmac(struct show *s, char *msg, size_t len)
{
	struct vrfvia *n;

	if (!start_l3(s, msg, len))
		return false;
	if (!s->a.has_mac)
		return true;
	n = vrfvia_first(ipvrf_by_vni(s->d->evpn, s->a.vni));
	for (; n != NULL; n = vrfvia_after(n))
		if (is_shown(n) && mac_cmp(&n->rmac, &s->a.mac) == 0)
			return true;
	snprintf(msg, len, "%% Requested RMAC doesn't exist in L3-VNI %u", s->a.vni);
	return false;
}

static void
put_rmac(struct show *s, struct ipvrf *v)
{
	struct jout *j = &s->j;
	struct vrfvia *n, *first = NULL;
	struct ip ip;

	for (n = vrfvia_first(v); n != NULL; n = vrfvia_after(n)) {
		if (!is_shown(n) || mac_cmp(&n->rmac, &s->a.mac) != 0)
			continue;
		if (first == NULL) {
			jout_str(j, "routerMac", MACSTR(&n->rmac));
			jout_str(j, "vtepIp", IPSTR(&n->vtep));
			if (n->conflict)
				jout_bool(j, "conflict", true);
			jout_open(j, "nexthops", '[');
			first = n;
		}
		ip = show_via_ip(n);
		jout_str(j, NULL, IPSTR(&ip));
	}
	if (first != NULL)
		jout_close(j, ']');
}

static bool
step_rmac(struct show *s)
{
	struct ipvrf *v;

	if (!s->a.has_mac)
		return step_vias(s);
	v = ipvrf_by_vni(s->d->evpn, s->a.vni);
	jout_open(&s->j, NULL, '{');
	if (v != NULL)
		put_rmac(s, v);
	jout_close(&s->j, '}');
	return true;
}

/* --- "show evpn next-hops vni N ip IP": the next hop's prefixes --- */

static struct vrfvia *
via_by_ip(struct ipvrf *v, const struct ip *ip)
{
	struct vrfvia *n = v != NULL ? vrfvia_first(v) : NULL;

	for (; n != NULL; n = vrfvia_after(n)) {
		struct ip shown = show_via_ip(n);

		if (is_shown(n) && !n->conflict && ip_cmp(&shown, ip) == 0)
			return n;
	}
	return NULL;
}

static bool
start_nexthops(struct show *s, char *msg, size_t len)
{
	struct ipvrf *v;

	if (!start_l3(s, msg, len))
		return false;
	if (!s->a.has_ip)
		return true;
	v = ipvrf_by_vni(s->d->evpn, s->a.vni);
	if (via_by_ip(v, &s->a.ip) != NULL)
		return true;
	snprintf(msg, len, "%% Requested next-hop not present for L3-VNI %u", s->a.vni);
	return false;
}

static bool
goes_via(const struct vrfroute *r, const struct vrfvia *n)
{
	for (unsigned i = 0; i < r->nvias; i++) {
		struct ip shown = show_via_ip(r->vias[i]), ip = show_via_ip(n);

		if (r->vias[i]->vrf == n->vrf && r->vias[i]->evi == NULL &&
		    ip_cmp(&shown, &ip) == 0)
			return true;
	}
	return false;
}

static bool
step_nexthop(struct show *s)
{
	struct ipvrf *v = ipvrf_by_vni(s->d->evpn, s->a.vni);
	struct vrfvia *n = via_by_ip(v, &s->a.ip);
	struct vrfroute *r;

	if (!s->open) {
		jout_open(&s->j, NULL, '{');
		jout_str(&s->j, "ip", IPSTR(&s->a.ip));
		if (n != NULL)
			jout_str(&s->j, "routerMac", MACSTR(&n->rmac));
		jout_open(&s->j, "prefixList", '[');
	}
	s->open = true;
	/* The next hop may go while we look. */
	while (n != NULL && s->left > 0 && (r = show_vrfroute(s, v)) != NULL) {
		if (!goes_via(r, n))
			continue;
		jout_str(&s->j, NULL, PREFIXSTR(&r->prefix));
		s->rows++;
	}
	if (n != NULL && s->left == 0)
		return false;
	jout_close(&s->j, ']');
	jout_int(&s->j, "refCount", (int64_t)s->rows);
	jout_close(&s->j, '}');
	return true;
}

static bool
step_nexthops(struct show *s)
{
	return s->a.has_ip ? step_nexthop(s) : step_vias(s);
}

struct vrfroute *
show_vrfroute(struct show *s, struct ipvrf *v)
{
	struct vrfroute *r = vrfroute_from(v, &s->prefix);

	if (r != NULL && s->past &&
	    memcmp(&r->prefix, &s->prefix, sizeof(r->prefix)) == 0)
		r = vrfroute_after(r);
	if (r == NULL)
		return NULL;
	s->prefix = r->prefix;
	s->past = true;
	s->left--;
	return r;
}

/* --- "show vrf vni" --- */

static bool
start_vrf(struct show *s, char *msg, size_t len)
{
	const struct ipvrf *v;

	if (!s->a.has_vrf)
		return true;
	v = ipvrf_find(s->d->evpn, s->a.vrf);
	if (v != NULL)
		return true;
	snprintf(msg, len, "%% VRF %s is not configured", s->a.vrf);
	return false;
}

static bool
step_vrf(struct show *s)
{
	struct jout *j = &s->j;
	struct ipvrf *v;

	if (!s->open) {
		jout_open(j, NULL, '{');
		jout_open(j, "vrfs", '[');
	}
	s->open = true;
	while (s->left > 0 && (v = show_ipvrf(s)) != NULL) {
		jout_open(j, NULL, '{');
		jout_str(j, "vrf", v->name);
		jout_int(j, "vni", v->conf.vni);
		jout_str(j, "vxlanIntf", show_or_none(v->vxlan_name));
		jout_str(j, "sviIntf", show_or_none(v->svi_name));
		jout_str(j, "state", v->live ? "Up" : "Down");
		show_rmac(s, "routerMac", v);
		jout_int(j, "table", v->devs.table);
		if (v->down != NULL)
			jout_str(j, "down", v->down);
		jout_close(j, '}');
		show_ipvrf_done(s, v);
	}
	if (s->left == 0)
		return false;
	jout_close(j, ']');
	jout_close(j, '}');
	return true;
}

/* --- "show bgp vrf VRF vni" --- */

static void
put_rts(struct show *s, const char *key, const struct rt_set *rts)
{
	unsigned i;

	jout_open(&s->j, key, '[');
	for (i = 0; i < rts->n; i++)
		jout_fmt(&s->j, NULL, "RT:%s", RTSTR(&rts->rt[i]));
	jout_close(&s->j, ']');
}

static bool
start_bgp_vrf(struct show *s, char *msg, size_t len)
{
	if (ipvrf_find(s->d->evpn, s->a.vrf) != NULL)
		return true;
	snprintf(msg, len, "BGP instance for VRF %s not found", s->a.vrf);
	return false;
}

static bool
step_bgp_vrf(struct show *s)
{
	struct ipvrf *v = ipvrf_find(s->d->evpn, s->a.vrf);
	struct jout *j = &s->j;

	jout_open(j, NULL, '{');
	if (v != NULL) {
		jout_str(j, "vrf", v->name);
		jout_str(
		    j, "local-ip", ip_is_set(&v->local) ? IPSTR(&v->local) : "0.0.0.0");
		jout_int(j, "l3vni", v->conf.vni);
		jout_str(j, "rmac", MACSTR(&v->rmac));
		jout_str(j, "vniFilter",
		    v->conf.prefix_routes_only ? "prefix-routes-only" : "none");
		show_l2vnis(s, "l2vnis", v);
		put_rts(s, "export-rts", &v->imp.export);
		put_rts(s, "import-rts", &v->imp.import);
		jout_str(j, "rd", RDSTR(&v->rd));
	}
	jout_close(j, '}');
	return true;
}

const struct show_desc show_vrf_descs[] = {
	{ OP_SHOW_EVPN_RMAC, start_rmac, step_rmac, "{}" },
	{ OP_SHOW_EVPN_NEXTHOPS, start_nexthops, step_nexthops, "{}" },
	{ OP_SHOW_VRF_VNI, start_vrf, step_vrf, "{\"vrfs\":[]}" },
	{ OP_SHOW_BGP_VRF_VNI, start_bgp_vrf, step_bgp_vrf,
	    "{\"warning\":\"BGP instance not found\"}" },
	{ 0, NULL, NULL, NULL },
};

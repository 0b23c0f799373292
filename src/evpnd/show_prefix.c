/*
 * show_prefix - the story of one prefix, or one address, of a VRF: "show evpn explain vrf",
 * and "show evpn explain vni" of an L3 VNI.
 *
 * What the VRF's rows say (who has a route, who won and why, over which next hops, and what
 * the kernel was told), then every route of the RIB that names it. For an address these are
 * the rows of all prefixes that hold it, the longest first.
 */
#include <string.h>

#include "bgp/extcomm.h"
#include "show_event.h"
#include "show_path.h"
#include "show_vrf.h"

enum { STAGE_ROWS, STAGE_ROUTES };

static struct ipvrf *
vrf_of(struct show *s)
{
	if (s->a.has_vrf)
		return ipvrf_find(s->d->evpn, s->a.vrf);
	return ipvrf_by_vni(s->d->evpn, s->a.vni);
}

static void
put_age(struct show *s, const char *key, uint32_t since_s)
{
	jout_str(
	    &s->j, key, show_uptime((char[SHOW_UPTIME]){ 0 }, show_age(s, since_s)));
}

/* --- candidates --- */

static void
put_decision(struct show *s, const struct attr_value *v)
{
	struct jout *j = &s->j;

	jout_int(j, "locPrf", v->flags & ATTRS_LOCAL_PREF ? v->local_pref : 100);
	jout_int(j, "asPathLength", v->aspath_len);
	jout_str(j, "origin", show_origin(v->origin));
	jout_int(j, "metric", v->flags & ATTRS_MED ? v->med : 0);
	if (v->flags & ATTRS_MOBILITY)
		jout_int(j, "sequence", v->mm_seq);
}

static void
put_candidate(struct show *s, struct vrfroute_remote *r)
{
	const struct attr_value *v = &r->attrs->v;
	const char *why = vrfroute_why_not(r);
	struct jout *j = &s->j;
	char text[1024];

	jout_open(j, NULL, '{');
	jout_str(j, "source", r->self ? "another VRF here" : "remote");
	jout_str(j, "rd", RDSTR(&r->rd));
	jout_int(j, "routeType", r->type);
	if (r->type == NLRI_MACIP)
		jout_str(j, "mac", MACSTR(&r->mac));
	if (!r->self)
		jout_str(j, "peer", show_peer_name(s, r->peer));
	jout_str(j, "vtep", IPSTR(&v->nexthop));
	if (ip_is_set(&v->gateway) && !ip_is_any(&v->gateway))
		jout_str(j, "gatewayIP", IPSTR(&v->gateway));
	if (r->labels > 0)
		jout_int(j, "label", r->label[r->labels - 1]);
	if (v->flags & ATTRS_RMAC)
		jout_str(j, "routerMac", MACSTR(&v->rmac));
	put_decision(s, v);
	jout_str(j, "extendedCommunity", extcomm_str(text, sizeof(text), &v->ext));
	put_age(s, "since", r->since_s);
	jout_bool(j, "used", why == NULL);
	if (why != NULL)
		jout_str(j, "whyNot", why);
	jout_close(j, '}');
}

/* --- who won --- */

/* By which rule: what the first one that lost has against it. */
static const char *
rule_of(struct vrfroute *r)
{
	struct vrfroute_remote *c;
	const char *why = NULL;

	for (c = r->remotes; c != NULL && why == NULL; c = c->next)
		why = vrfroute_why_not(c);
	if (why != NULL)
		return why;
	if (r->remotes == NULL)
		return r->local != NULL ? "the only candidate"
					: "nobody has a route to it";
	return r->remotes->next != NULL ? "all are equal" : "the only candidate";
}

/* The kernel's own route wins unless a route is used in spite of it (vrfpick.c). */
static const char *
winner_of(struct vrfroute *r)
{
	struct vrfroute_remote *c;

	for (c = r->remotes; c != NULL; c = c->next)
		if (vrfroute_why_not(c) == NULL)
			return c->self ? "another VRF here" : "remote";
	return r->local != NULL ? "kernel" : "none";
}

static void
put_nexthops(struct show *s, const struct vrfroute *r)
{
	struct jout *j = &s->j;

	jout_open(j, "nexthops", '[');
	for (unsigned i = 0; i < r->nvias; i++) {
		const struct vrfvia *n = r->vias[i];
		struct ip ip = show_via_ip(n);

		jout_open(j, NULL, '{');
		jout_str(j, "ip", IPSTR(&ip));
		if (n->evi == NULL)
			jout_int(j, "vni", n->vrf->conf.vni);
		else
			jout_int(j, "vni", n->evi->vni);
		if (!mac_is_zero(&n->rmac))
			jout_str(j, "routerMac", MACSTR(&n->rmac));
		jout_str(j, "interface",
		    n->evi == NULL ? n->vrf->svi_name : n->evi->svi_name);
		jout_int(j, "id", n->id);
		jout_close(j, '}');
	}
	jout_close(j, ']');
}

/* --- the kernel --- */

static void
put_krow(struct show *s, struct kkey key)
{
	const struct krow *r = ktab_find(s->d->ktab, &key);

	if (r != NULL)
		show_krow(s, r);
}

static void
put_via_rows(struct show *s, const struct vrfvia *n)
{
	const struct ipvrf_devs *on = &n->vrf->on;
	struct ip ip = show_via_ip(n);

	put_krow(s, kkey_nexthop(n->id));
	if (n->evi != NULL) {
		put_krow(s, kkey_neigh(n->evi->on.svi, &ip));
		return;
	}
	put_krow(s, kkey_neigh(on->svi, &ip));
	put_krow(s, kkey_brfdb(on->bridge, (uint16_t)on->vlan, &n->rmac));
	put_krow(s, kkey_vxfdb(on->vxlan, on->key_vni, &n->rmac));
}

static void
put_kernel(struct show *s, const struct vrfroute *r)
{
	const struct ipvrf *v = r->vrf;
	bool ours = true;

	jout_open(&s->j, "kernel", '[');
	if (r->local != NULL) {
		put_krow(s, kkey_route(v->on.table, &r->prefix, r->local->metric));
		ours = r->local->metric != IPVRF_METRIC;
	}
	if (ours)
		put_krow(s, kkey_route(v->on.table, &r->prefix, IPVRF_METRIC));
	if (r->group != 0)
		put_krow(s, kkey_nhgroup(r->group));
	for (unsigned i = 0; i < r->nvias; i++)
		put_via_rows(s, r->vias[i]);
	jout_close(&s->j, ']');
}

/* --- rows --- */

static void
put_local(struct show *s, const struct vrfroute *r)
{
	static const char *const sources[] = {
		[KROUTE_OTHER] = "other",
		[KROUTE_OURS] = "ours",
		[KROUTE_CONNECTED] = "connected",
		[KROUTE_STATIC] = "static",
		[KROUTE_KERNEL] = "kernel",
	};
	const struct vrfroute_local *l = r->local;
	struct jout *j = &s->j;

	jout_open(j, "local", '{');
	jout_str(j, "source", sources[kval_route_source(&l->val)]);
	jout_int(j, "metric", l->metric);
	if (ip_is_set(&l->val.ip))
		jout_str(j, "gateway", IPSTR(&l->val.ip));
	if (l->val.port != 0)
		jout_str(j, "interface", show_ifname(s, l->val.port));
	jout_close(j, '}');
}

static void
put_row(struct show *s, struct vrfroute *r)
{
	struct vrfroute_remote *c;
	struct jout *j = &s->j;

	jout_open(j, NULL, '{');
	jout_str(j, "prefix", PREFIXSTR(&r->prefix));
	jout_str(j, "winner", winner_of(r));
	jout_str(j, "rule", rule_of(r));
	if (r->since_s != 0) /* 0: nothing was ever installed */
		put_age(s, "since", r->since_s);
	put_nexthops(s, r);
	if (r->local != NULL)
		put_local(s, r);
	jout_bool(j, "network", r->network);
	jout_bool(j, "advertised", r->adv != NULL);
	jout_open(j, "candidates", '[');
	for (c = r->remotes; c != NULL; c = c->next)
		put_candidate(s, c);
	jout_close(j, ']');
	put_kernel(s, r);
	jout_close(j, '}');
	s->rows++;
}

static void
put_rows(struct show *s, struct ipvrf *v)
{
	struct prefix p = s->a.prefix;
	struct vrfroute *r;
	int len;

	if (s->a.has_prefix) {
		if ((r = vrfroute_find(v, &p)) != NULL)
			put_row(s, r);
		return;
	}
	for (len = s->a.ip.family == 4 ? 32 : 128; len >= 0; len--) {
		p = (struct prefix){ .ip = s->a.ip, .len = (uint8_t)len };
		prefix_mask(&p);
		if ((r = vrfroute_find(v, &p)) != NULL)
			put_row(s, r);
	}
}

/* --- routes of the RIB --- */

static bool
names_it(const struct show *s, const struct nlri *k)
{
	struct prefix p = { .ip = k->ip, .len = k->plen };
	const struct prefix *asked = &s->a.prefix;

	if (k->opaque)
		return false;
	if (k->type == NLRI_MACIP) {
		if (!s->a.has_prefix)
			return ip_cmp(&k->ip, &s->a.ip) == 0;
		return asked->len == ip_len(&asked->ip) * 8 &&
		    ip_cmp(&k->ip, &asked->ip) == 0;
	}
	if (k->type != NLRI_PREFIX)
		return false;
	if (s->a.has_prefix)
		return memcmp(&p, asked, sizeof(p)) == 0;
	return prefix_contains(&p, &s->a.ip);
}

static void
put_head(struct show *s, struct ipvrf *v)
{
	struct jout *j = &s->j;

	jout_open(j, NULL, '{');
	jout_str(j, "vrf", v != NULL ? v->name : s->a.vrf);
	if (v != NULL) {
		jout_int(j, "vni", v->conf.vni);
		jout_int(j, "table", v->devs.table);
		if (v->down != NULL)
			jout_str(j, "vrfDown", v->down);
	}
	if (s->a.has_prefix)
		jout_str(j, "prefix", PREFIXSTR(&s->a.prefix));
	else
		jout_str(j, "ip", IPSTR(&s->a.ip));
	jout_open(j, "rows", '[');
	if (v != NULL)
		put_rows(s, v);
	jout_close(j, ']');
	jout_open(j, "routes", '[');
}

bool
show_explain_prefix(struct show *s)
{
	struct ipvrf *v = vrf_of(s);
	const struct dest *d;
	const struct path *p;

	if (s->stage == STAGE_ROWS)
		put_head(s, v);
	s->stage = STAGE_ROUTES;
	while ((d = show_route_next(s, 0)) != NULL) {
		show_route_after(s, &d->nlri);
		for (p = d->paths; p != NULL && names_it(s, &d->nlri); p = p->next)
			show_explain_route(s, p, v != NULL ? v->conf.vni : 0);
	}
	if (s->left == 0)
		return false;
	jout_close(&s->j, ']');
	jout_bool(&s->j, "found", s->rows + s->paths > 0);
	show_explain_problems(s, v != NULL ? v->down : NULL);
	show_event_last(s, "events");
	jout_close(&s->j, '}');
	return true;
}

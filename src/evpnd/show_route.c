/*
 * show_route - the tables of EVPN routes: all, by RD, by neighbor.
 *
 * A walk over the RIB in its own order, some rows a step; types that are not wanted are
 * jumped over. What is in a VNI's table is in show_vniroute.c.
 */
#include <stdio.h>
#include <string.h>

#include "peer.h"
#include "show_path.h"

/* --- walking --- */

/* The first key of the next RD; false: there is none. */
static bool
next_rd(struct nlri *key)
{
	struct nlri next = { .rd = key->rd };
	size_t i = sizeof(next.rd.b);

	while (i > 0 && ++next.rd.b[i - 1] == 0)
		i--;
	*key = next;
	return i > 0;
}

struct dest *
show_route_next(struct show *s, uint8_t type)
{
	while (s->left > 0) {
		struct dest *d = rib_from(s->d->rib, &s->nlri);

		if (d == NULL || (s->a.has_rd && rd_cmp(&d->nlri.rd, &s->a.rd) != 0))
			return NULL;
		s->left--;
		s->nlri = d->nlri;
		if (type == 0 || d->nlri.type == type)
			return d;
		if (d->nlri.type < type)
			s->nlri = (struct nlri){ .rd = d->nlri.rd, .type = type };
		else if (!next_rd(&s->nlri)) {
			memset(&s->nlri, 0xff, sizeof(s->nlri));
			return NULL;
		}
	}
	return NULL;
}

/* Keys are compared as bytes, so nothing lies between KEY and KEY plus one. */
void
show_route_after(struct show *s, const struct nlri *key)
{
	uint8_t *b = (uint8_t *)&s->nlri;
	size_t i = sizeof(s->nlri);

	s->nlri = *key;
	while (i > 0 && ++b[i - 1] == 0)
		i--;
}

/* --- containers --- */

static void
close_rd(struct show *s)
{
	if (s->open)
		jout_close(&s->j, '}');
	s->open = false;
}

static void
open_rd(struct show *s, const struct rd *rd)
{
	if (s->open && rd_cmp(&s->rd, rd) == 0)
		return;
	close_rd(s);
	s->rd = *rd;
	s->open = true;
	jout_open(&s->j, RDSTR(rd), '{');
	jout_str(&s->j, "rd", RDSTR(rd));
}

/* --- one route --- */

static void
put_advertised_to(struct show *s, const struct dest *d)
{
	struct jout *j = &s->j;
	struct peer *p;
	bool any = false;

	for (p = peers_first(s->d->peers); p != NULL; p = peers_after(p)) {
		if (peer_advertised(p, d) == NULL)
			continue;
		if (!any)
			jout_open(j, "advertisedTo", '{');
		any = true;
		jout_open(j, p->conf.name, '{');
		if (p->open.caps.hostname[0] != '\0')
			jout_str(j, "hostname", p->open.caps.hostname);
		jout_close(j, '}');
	}
	if (any)
		jout_close(j, '}');
}

/*
 * Is a path to be shown? What came back to us in a loop may be kept (soft-reconfiguration),
 * but FRR would not have it; "show evpn explain" tells of it.
 */
static bool
shown(const struct show *s, const struct path *p)
{
	if (p->flags & PATH_LOOP)
		return false;
	return !s->a.has_peer || p->peer->id == s->peer_id;
}

static bool
any_shown(const struct show *s, const struct dest *d)
{
	const struct path *p = d->paths;

	while (p != NULL && !shown(s, p))
		p = p->next;
	return p != NULL;
}

/* FRR nests every path in an array of its own, except where it does not (FLAT). */
static void
put_paths(struct show *s, const struct dest *d, const char *key, bool detail, bool flat)
{
	const struct path *p;
	struct jout *j = &s->j;

	jout_open(j, key, '[');
	for (p = d->paths; p != NULL; p = p->next) {
		struct show_path view = show_path_of(p);

		if (!shown(s, p))
			continue;
		if (!flat)
			jout_open(j, NULL, '[');
		if (detail)
			show_path_detail(s, &view);
		else
			show_path_short(s, &view);
		if (!flat)
			jout_close(j, ']');
		s->paths++;
	}
	jout_close(j, ']');
}

static void
put_route(struct show *s, const struct dest *d, bool detail, bool flat)
{
	struct jout *j = &s->j;
	char prefix[NLRI_STRLEN];

	nlri_str(prefix, &d->nlri);
	open_rd(s, &d->nlri.rd);
	jout_open(j, prefix, '{');
	jout_str(j, "prefix", prefix);
	jout_int(j, "prefixLen", nlri_prefixlen(&d->nlri));
	if (detail) {
		jout_str(j, "rd", RDSTR(&d->nlri.rd));
		show_key_members(s, &d->nlri);
		put_advertised_to(s, d);
	}
	put_paths(s, d, "paths", detail, flat);
	jout_close(j, '}');
	s->rows++;
}

/* --- "show bgp l2vpn evpn route" --- */

/* The one route that the arguments name, by RD and address; false: they name none. */
static bool
key_of(const struct show_args *a, struct nlri *out)
{
	*out = (struct nlri){ .rd = a->rd };
	if (a->has_prefix) {
		out->type = NLRI_PREFIX;
		out->plen = a->prefix.len;
		out->ip = a->prefix.ip;
	} else {
		out->type = NLRI_MACIP;
		out->mac = a->mac;
		out->ip = a->ip;
	}
	return a->has_rd && (a->has_mac || a->has_prefix);
}

static bool
step_one(struct show *s, const struct nlri *key)
{
	const struct dest *d = rib_find(s->d->rib, key);
	struct jout *j = &s->j;

	jout_open(j, NULL, '{');
	if (d != NULL && any_shown(s, d)) {
		jout_str(j, "rd", RDSTR(&d->nlri.rd));
		show_key_members(s, &d->nlri);
		put_advertised_to(s, d);
		put_paths(s, d, NLRISTR(&d->nlri), true, false);
		jout_int(j, "numPaths", (int64_t)s->paths);
	}
	jout_close(j, '}');
	return true;
}

static bool
start_route(struct show *s, char *msg, size_t len)
{
	const struct dest *d;
	struct nlri key;

	if (!key_of(&s->a, &key))
		return true;
	d = rib_find(s->d->rib, &key);
	if (d != NULL && any_shown(s, d))
		return true;
	snprintf(msg, len, "%% Network not in table");
	return false;
}

/* "rd all mac MAC [ip IP]", "rd all prefix PREFIX": from every RD. */
static bool
is_wanted(const struct show *s, const struct nlri *key)
{
	if (s->a.has_mac && (key->type != NLRI_MACIP || mac_cmp(&key->mac, &s->a.mac)))
		return false;
	if (s->a.has_prefix &&
	    (key->type != NLRI_PREFIX || key->plen != s->a.prefix.len ||
		ip_cmp(&key->ip, &s->a.prefix.ip) != 0))
		return false;
	return !s->a.has_ip || ip_cmp(&key->ip, &s->a.ip) == 0;
}

/* The head, the routes; true: all were written. */
static bool
step_table(struct show *s, bool detail, bool flat)
{
	struct dest *d;

	if (s->stage == 0) {
		s->stage = 1;
		s->nlri = (struct nlri){ .rd = s->a.rd };
		jout_open(&s->j, NULL, '{');
		show_bgp_head(s);
	}
	while ((d = show_route_next(s, s->a.type)) != NULL) {
		show_route_after(s, &d->nlri);
		if (any_shown(s, d) && is_wanted(s, &d->nlri))
			put_route(s, d, detail, flat);
	}
	if (s->left == 0)
		return false;
	close_rd(s);
	return true;
}

static bool
step_route(struct show *s)
{
	/* As FRR: routes of one RD come in detail. */
	bool detail = s->a.detail || s->a.has_rd;
	struct nlri key;

	if (key_of(&s->a, &key))
		return step_one(s, &key);
	if (!step_table(s, detail, false))
		return false;
	jout_int(&s->j, "numPrefix", (int64_t)s->rows);
	jout_int(&s->j, "numPaths", (int64_t)s->paths);
	jout_close(&s->j, '}');
	return true;
}

/* --- "show bgp l2vpn evpn", "... neighbors PEER routes" --- */

static bool
start_peer(struct show *s, char *msg, size_t len)
{
	const struct peer *p = peers_find(s->d->peers, s->a.peer);

	if (p == NULL) {
		snprintf(msg, len, "%% No such neighbor in this view/vrf");
		return false;
	}
	s->peer_id = p->rp.id;
	return true;
}

static void
end_flat(struct show *s)
{
	struct rib_stats rs;

	rib_stats(s->d->rib, &rs);
	jout_int(&s->j, "numPrefix", (int64_t)s->rows);
	jout_int(&s->j, "totalPrefix", (int64_t)rs.dests);
	jout_close(&s->j, '}');
}

static bool
step_all(struct show *s)
{
	if (!step_table(s, false, true))
		return false;
	end_flat(s);
	return true;
}

static bool
step_peer_routes(struct show *s)
{
	struct dest *d;

	if (s->stage == 0) {
		s->stage = 1;
		jout_open(&s->j, NULL, '{');
		show_bgp_head(s);
	}
	while ((d = show_route_next(s, 0)) != NULL) {
		show_route_after(s, &d->nlri);
		if (any_shown(s, d))
			put_route(s, d, false, true);
	}
	if (s->left == 0)
		return false;
	close_rd(s);
	end_flat(s);
	return true;
}

/* --- "... neighbors PEER advertised-routes" --- */

static void
put_codes(struct show *s)
{
	static const char *const codes[][3] = {
		{ "bgpStatusCodes", "suppressed", "s" },
		{ "bgpStatusCodes", "damped", "d" },
		{ "bgpStatusCodes", "history", "h" },
		{ "bgpStatusCodes", "valid", "*" },
		{ "bgpStatusCodes", "best", ">" },
		{ "bgpStatusCodes", "internal", "i" },
		{ "bgpOriginCodes", "igp", "i" },
		{ "bgpOriginCodes", "egp", "e" },
		{ "bgpOriginCodes", "incomplete", "?" },
	};
	struct jout *j = &s->j;
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (i == 0 || strcmp(codes[i][0], codes[i - 1][0]) != 0) {
			if (i > 0)
				jout_close(j, '}');
			jout_open(j, codes[i][0], '{');
		}
		jout_str(j, codes[i][1], codes[i][2]);
	}
	jout_close(j, '}');
}

static void
put_advertised(struct show *s, const struct dest *d, const struct adj *a)
{
	const struct attr_value *v = &a->attrs->v;
	static const char *const origins[] = { "i", "e", "?" };
	struct jout *j = &s->j;
	char text[1024];

	open_rd(s, &d->nlri.rd);
	jout_open(j, NLRISTR(&d->nlri), '{');
	show_key_members(s, &d->nlri);
	jout_str(j, "nextHop", IPSTR(&v->nexthop));
	if (v->flags & ATTRS_MED)
		jout_int(j, "metric", v->med);
	jout_int(j, "locPrf", v->flags & ATTRS_LOCAL_PREF ? v->local_pref : 100);
	jout_int(j, "weight", a->source == s->d->self.id ? 32768 : 0);
	jout_str(j, "path", aspath_str(text, sizeof(text), &v->aspath));
	jout_str(j, "bgpOriginCode", origins[v->origin < 3 ? v->origin : 2]);
	jout_open(j, "appliedStatusSymbols", '{');
	jout_bool(j, "*", true);
	jout_bool(j, ">", true);
	jout_close(j, '}');
	jout_close(j, '}');
	s->rows++;
}

static bool
step_peer_advertised(struct show *s)
{
	const struct peer *peer = peers_find(s->d->peers, s->a.peer);
	struct dest *d;

	if (s->stage == 0) {
		s->stage = 1;
		jout_open(&s->j, NULL, '{');
		show_bgp_head(s);
		put_codes(s);
		jout_open(&s->j, "advertisedRoutes", '{');
	}
	while (peer != NULL && (d = show_route_next(s, 0)) != NULL) {
		const struct adj *a = peer_advertised(peer, d);

		show_route_after(s, &d->nlri);
		if (a != NULL && a->attrs != NULL)
			put_advertised(s, d, a);
	}
	if (s->left == 0)
		return false;
	close_rd(s);
	jout_close(&s->j, '}');
	jout_int(&s->j, "totalPrefixCounter", (int64_t)s->rows);
	jout_close(&s->j, '}');
	return true;
}

const struct show_desc show_route_descs[] = {
	{ OP_SHOW_BGP_EVPN, NULL, step_all, NULL },
	{ OP_SHOW_BGP_EVPN_ROUTE, start_route, step_route, "{}" },
	{ OP_SHOW_BGP_EVPN_PEER_ROUTES, start_peer, step_peer_routes,
	    "{\"warning\":\"No such neighbor in this view/vrf\"}" },
	{ OP_SHOW_BGP_EVPN_PEER_ADVERTISED, start_peer, step_peer_advertised,
	    "{\"warning\":\"No such neighbor in this view/vrf\"}" },
	{ 0, NULL, NULL, NULL },
};

/*
 * show_vniroute - "show bgp l2vpn evpn route vni": what a VNI has imported, and its own.
 *
 * A VNI keeps no table of routes of its own: types 2 are read off its MAC and MAC/IP rows and
 * types 3 off its VTEPs, whose candidates are routes. The best path here is the one that the
 * VNI uses, whatever its RD.
 */
#include <stdio.h>

#include "peer.h"
#include "show_path.h"

/* --- one row of a VNI --- */

static const struct rib_peer *
peer_of(const struct show *s, uint16_t id)
{
	const struct peer *p = peers_by_id(s->d->peers, id);

	return p != NULL ? &p->rp : NULL;
}

/* By which rule one claim wins over another, in FRR's words; NULL: they are equal. */
static const char *
rule(const struct macip_claim *win, const struct macip_claim *other)
{
	if (win->fixed || win->sticky != other->sticky)
		return "EVPN Sticky Mac";
	if (win->seq != other->seq)
		return "EVPN sequence number";
	return ip_cmp(&win->vtep, &other->vtep) != 0 ? "EVPN lower IP" : NULL;
}

const char *
show_row_reason(const struct macip *m)
{
	struct macip *own = macip_own((struct macip *)m);
	const char *reason = NULL;
	struct macip_claim win, other;
	const struct macip_remote *r;

	if (m->best_local && own->local != NULL)
		win = macip_claim_local(own);
	else if (m->best != NULL)
		win = macip_claim_of(m->best);
	else
		return "";
	for (r = m->remotes; r != NULL && reason == NULL; r = r->next) {
		if (!m->best_local && r == m->best)
			continue;
		other = macip_claim_of(r);
		reason = rule(&win, &other);
	}
	if (reason == NULL && !m->best_local && own->local != NULL) {
		other = macip_claim_local(own);
		reason = rule(&win, &other);
	}
	return reason != NULL ? reason : "First path received";
}

static const struct path *
self_path(const struct dest *d)
{
	const struct path *p = d != NULL ? d->paths : NULL;

	while (p != NULL && !p->peer->self)
		p = p->next;
	return p;
}

/* Our own route of a row; false: it is not in the RIB. */
static bool
own_path(struct show *s, const struct macip *m, struct show_path *out)
{
	struct nlri key = {
		.rd = m->evi->rd, .type = NLRI_MACIP, .mac = m->mac, .ip = m->ip
	};
	const struct path *p;

	if (m->local == NULL || !m->local->advertised)
		return false;
	p = self_path(rib_find(s->d->rib, &key));
	if (p == NULL)
		return false;
	*out = show_path_of(p);
	out->best = m->best_local;
	out->reason = show_row_reason(m);
	return true;
}

static struct show_path
route_view(struct show *s, const struct macip_remote *r, const struct nlri *key)
{
	return (struct show_path){
		.key = key,
		.attrs = r->attrs,
		.label = r->label,
		.labels = r->labels,
		.peer = peer_of(s, r->peer),
		.peer_id = r->peer,
		.since_s = r->since_s,
		.valid = true,
		.reason = "",
		.imported = &r->rd,
	};
}

static bool
wanted_vtep(const struct show *s, const struct attrs *a)
{
	return !s->a.has_vtep || ip_cmp(&a->v.nexthop, &s->a.vtep) == 0;
}

static void
put_path(struct show *s, const struct show_path *p, bool detail)
{
	jout_open(&s->j, NULL, '[');
	if (detail)
		show_path_detail(s, p);
	else
		show_path_short(s, p);
	jout_close(&s->j, ']');
	s->paths++;
}

static void
put_macip_paths(
    struct show *s, const struct macip *m, const struct nlri *key, bool detail)
{
	const struct macip_remote *r;
	struct show_path p;

	jout_open(&s->j, "paths", '[');
	if (own_path(s, m, &p) && wanted_vtep(s, p.attrs)) {
		p.key = key;
		put_path(s, &p, detail);
	}
	for (r = m->remotes; r != NULL; r = r->next) {
		if (!wanted_vtep(s, r->attrs))
			continue;
		p = route_view(s, r, key);
		p.best = !m->best_local && m->best == r;
		if (p.best)
			p.reason = show_row_reason(m);
		put_path(s, &p, detail);
	}
	jout_close(&s->j, ']');
}

static bool
has_route(struct show *s, const struct macip *m)
{
	const struct macip_remote *r;
	struct show_path p;

	if (own_path(s, m, &p) && wanted_vtep(s, p.attrs))
		return true;
	for (r = m->remotes; r != NULL; r = r->next)
		if (wanted_vtep(s, r->attrs))
			return true;
	return false;
}

static void
open_route(struct show *s, const struct nlri *key)
{
	jout_open(&s->j, NLRISTR(key), '{');
	jout_str(&s->j, "prefix", NLRISTR(key));
	jout_int(&s->j, "prefixLen", nlri_prefixlen(key));
	if (s->a.detail) {
		jout_str(&s->j, "rd", "");
		show_key_members(s, key);
	}
	s->rows++;
}

static void
put_macip(struct show *s, const struct macip *m)
{
	struct nlri key = { .type = NLRI_MACIP, .mac = m->mac, .ip = m->ip };

	if (!has_route(s, m))
		return;
	open_route(s, &key);
	put_macip_paths(s, m, &key, s->a.detail);
	jout_close(&s->j, '}');
}

/* --- type 3 --- */

static struct nlri
imet_key(const struct ip *originator)
{
	return (struct nlri){ .type = NLRI_IMET, .ip = *originator };
}

static void
put_own_imet(struct show *s, struct evi *evi)
{
	struct nlri key = imet_key(&evi->local), full = key;
	const struct path *path;
	struct show_path p;

	full.rd = evi->rd;
	path = self_path(rib_find(s->d->rib, &full));
	if (path == NULL || !wanted_vtep(s, path->attrs))
		return;
	p = show_path_of(path);
	p.key = &key;
	open_route(s, &key);
	jout_open(&s->j, "paths", '[');
	put_path(s, &p, s->a.detail);
	jout_close(&s->j, ']');
	jout_close(&s->j, '}');
}

static void
put_vtep_paths(
    struct show *s, const struct vtep *v, const struct nlri *key, bool detail)
{
	const struct macip_remote *r;

	jout_open(&s->j, "paths", '[');
	for (r = v->remotes; r != NULL; r = r->next) {
		struct show_path p = route_view(s, r, key);

		p.best = r == v->remotes;
		p.reason = "First path received";
		put_path(s, &p, detail);
	}
	jout_close(&s->j, ']');
}

static void
put_imets(struct show *s, struct evi *evi)
{
	struct vtep *v;

	put_own_imet(s, evi);
	for (v = evi_vtep_first(evi); v != NULL; v = evi_vtep_after(v)) {
		struct nlri key = imet_key(&v->ip);

		if (v->remotes == NULL || !wanted_vtep(s, v->remotes->attrs))
			continue;
		open_route(s, &key);
		put_vtep_paths(s, v, &key, s->a.detail);
		jout_close(&s->j, '}');
	}
}

/* --- the document --- */

/* Type 2 rows of a VNI; true: all of them. */
static bool
step_macip(struct show *s, struct evi *evi)
{
	struct macip *m;

	for (m = macip_from(evi, &s->mac, &s->ip); m != NULL; m = macip_after(m)) {
		if (s->left == 0) {
			s->mac = m->mac;
			s->ip = m->ip;
			return false;
		}
		s->left--;
		put_macip(s, m);
	}
	return true;
}

/* One VNI's table; true: complete. */
static bool
step_evi(struct show *s, struct evi *evi)
{
	bool macip = s->a.type == 0 || s->a.type == NLRI_MACIP;
	bool imet = s->a.type == 0 || s->a.type == NLRI_IMET;

	if (s->in_vni == 0) {
		show_vni_open(s, evi);
		if (!s->a.has_vni)
			jout_int(&s->j, "vni", evi->vni);
		show_bgp_head(s);
	}
	if (macip && !step_macip(s, evi))
		return false;
	if (imet)
		put_imets(s, evi);
	jout_int(&s->j, "numPrefix", (int64_t)s->rows);
	jout_int(&s->j, "numPaths", (int64_t)s->paths);
	return true;
}

static const struct vtep *
find_vtep(struct evi *evi, const struct ip *ip)
{
	struct vtep *v = evi_vtep_first(evi);

	while (v != NULL && ip_cmp(&v->ip, ip) != 0)
		v = evi_vtep_after(v);
	return v;
}

static bool
start(struct show *s, char *msg, size_t len)
{
	struct evi *evi = s->a.has_vni ? evi_find(s->d->evpn, s->a.vni) : NULL;
	const struct macip *m;

	if (s->a.has_vni && evi == NULL) {
		snprintf(msg, len, "%% VNI not found");
		return false;
	}
	if (evi == NULL || (!s->a.has_mac && !s->a.has_multicast))
		return true;
	if (s->a.has_multicast && find_vtep(evi, &s->a.multicast) != NULL)
		return true;
	m = s->a.has_mac ? macip_find(evi, &s->a.mac, &s->a.ip) : NULL;
	if (m != NULL && has_route(s, m))
		return true;
	snprintf(msg, len, "%% Network not in table");
	return false;
}

/* One route in detail, as FRR: its members are the document's. */
static void
put_one(struct show *s, struct evi *evi)
{
	struct nlri key = { .type = NLRI_MACIP, .mac = s->a.mac, .ip = s->a.ip };
	const struct macip *m = macip_find(evi, &s->a.mac, &s->a.ip);

	if (m == NULL || !has_route(s, m))
		return;
	jout_str(&s->j, "rd", "");
	show_key_members(s, &key);
	put_macip_paths(s, m, &key, true);
	jout_int(&s->j, "numPaths", (int64_t)s->paths);
}

static void
put_one_imet(struct show *s, struct evi *evi)
{
	struct nlri key = imet_key(&s->a.multicast);
	const struct vtep *v = find_vtep(evi, &key.ip);

	if (v == NULL)
		return;
	jout_str(&s->j, "rd", "");
	show_key_members(s, &key);
	put_vtep_paths(s, v, &key, true);
	jout_int(&s->j, "numPaths", (int64_t)s->paths);
}

static bool
step(struct show *s)
{
	struct evi *evi;

	if (!s->open)
		jout_open(&s->j, NULL, '{');
	s->open = true;
	while ((evi = show_evi(s)) != NULL) {
		if (s->a.has_vni && s->a.has_mac)
			put_one(s, evi);
		else if (s->a.has_vni && s->a.has_multicast)
			put_one_imet(s, evi);
		else if (!step_evi(s, evi))
			return false;
		show_evi_done(s, evi);
		if (s->left == 0)
			return false;
	}
	jout_close(&s->j, '}');
	return true;
}

const struct show_desc show_vniroute_descs[] = {
	{ OP_SHOW_BGP_EVPN_ROUTE_VNI, start, step, "{}" },
	{ 0, NULL, NULL, NULL },
};

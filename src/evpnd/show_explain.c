/*
 * show_explain - the story of one address: "show evpn explain".
 *
 * Explain has two parts: what a VNI's rows say (who claims the address, who won and why,
 * what the kernel was told), then every route of the RIB that names it, imported or not.
 */
#include <stdio.h>
#include <string.h>

#include "bgp/extcomm.h"
#include "peer.h"
#include "rib/decide.h"
#include "show_event.h"
#include "show_path.h"
#include "show_vrf.h"

enum { STAGE_ROWS, STAGE_ROUTES };

/* --- candidates --- */

static const struct {
	uint8_t bit;
	const char *name;
} sources[] = {
	{ LOCAL_LEARNED, "learned" },
	{ LOCAL_STATIC, "static" },
	{ LOCAL_STICKY, "sticky" },
	{ LOCAL_NEIGH, "neighbor" },
	{ LOCAL_SNOOPED, "snooped" },
	{ LOCAL_API, "announced" },
	{ LOCAL_SVI, "svi" },
	{ LOCAL_GATEWAY, "gateway" },
};

static void
put_age(struct show *s, const char *key, uint32_t since_s)
{
	jout_str(
	    &s->j, key, show_uptime((char[SHOW_UPTIME]){ 0 }, show_age(s, since_s)));
}

static void
put_local(struct show *s, struct macip *m)
{
	const struct macip_local *l = m->local, *own = macip_own(m)->local;
	struct jout *j = &s->j;
	size_t i;

	jout_open(j, NULL, '{');
	jout_str(j, "source", "local");
	if (own != NULL)
		jout_str(j, "interface", show_ifname(s, own->port));
	jout_open(j, "from", '[');
	for (i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (l->from & sources[i].bit)
			jout_str(j, NULL, sources[i].name);
	jout_close(j, ']');
	jout_int(j, "sequence", macip_own(m)->local_seq);
	jout_bool(j, "advertised", l->advertised);
	put_age(s, "since", l->since_s);
	put_age(s, "heard", l->heard_s);
	if (l->probes > 0)
		jout_int(j, "probesUnanswered", l->probes);
	jout_bool(j, "best", m->best_local);
	jout_close(j, '}');
}

static void
put_remote(struct show *s, const struct macip *m, const struct macip_remote *r)
{
	const struct attr_value *v = &r->attrs->v;
	const char *unusable = macip_unusable(m->evi, &m->mac, r->attrs);
	struct jout *j = &s->j;
	char text[1024];

	jout_open(j, NULL, '{');
	jout_str(j, "source", "remote");
	jout_str(j, "rd", RDSTR(&r->rd));
	if (macip_claim_of(r).configured)
		jout_bool(j, "configured", true);
	else
		jout_str(j, "peer", show_peer_name(s, r->peer));
	jout_str(j, "vtep", IPSTR(&v->nexthop));
	jout_int(j, "sequence", v->flags & ATTRS_MOBILITY ? v->mm_seq : 0);
	if (v->flags & ATTRS_STICKY)
		jout_bool(j, "sticky", true);
	if (r->labels > 0)
		jout_int(j, "label", r->label[0]);
	jout_str(j, "extendedCommunity", extcomm_str(text, sizeof(text), &v->ext));
	put_age(s, "since", r->since_s);
	if (unusable != NULL)
		jout_str(j, "unusable", unusable);
	jout_bool(j, "best", !m->best_local && m->best == r);
	jout_close(j, '}');
}

/* --- who won --- */

/* The strongest claim besides the winner's; false: there is no other. */
static bool
runner_up(struct macip *m, struct macip_claim *out)
{
	struct macip *own = macip_own(m);
	const struct macip_remote *r;
	bool any = false;

	for (r = m->remotes; r != NULL; r = r->next) {
		struct macip_claim c;

		if ((!m->best_local && r == m->best) ||
		    macip_unusable(m->evi, &m->mac, r->attrs) != NULL)
			continue;
		c = macip_claim_of(r);
		if (!any || macip_cmp(&c, out, NULL) > 0)
			*out = c;
		any = true;
	}
	if (!m->best_local && m->local != NULL && own->local != NULL) {
		struct macip_claim c = macip_claim_local(own);

		if (!any || macip_cmp(&c, out, NULL) > 0)
			*out = c;
		any = true;
	}
	return any;
}

static const char *
rule_of(struct macip *m)
{
	struct macip *own = macip_own(m);
	struct macip_claim win, other;
	const char *why = "";

	if (m->best_local && own->local != NULL)
		win = macip_claim_local(own);
	else if (m->best != NULL)
		win = macip_claim_of(m->best);
	else if (own->frozen)
		return "frozen as duplicate";
	else
		return m->remotes != NULL ? "no route is usable" : "nobody claims it";
	if (!runner_up(m, &other))
		return "the only candidate";
	macip_cmp(&win, &other, &why);
	return why;
}

static bool
has_winner(struct macip *m)
{
	return (m->best_local && macip_own(m)->local != NULL) || m->best != NULL;
}

static void
put_verdict(struct show *s, struct macip *m)
{
	const struct macip *own = macip_own(m);
	struct jout *j = &s->j;

	if (m->best_local && own->local != NULL) {
		jout_str(j, "winner", "local");
		jout_str(j, "interface", show_ifname(s, own->local->port));
	} else if (m->best != NULL) {
		jout_str(j, "winner", "remote");
		jout_str(j, "vtep", IPSTR(&m->best->attrs->v.nexthop));
	} else
		jout_str(j, "winner", "none");
	s->shown += has_winner(m);
	jout_str(j, "rule", rule_of(m));
	if (ip_is_set(&m->ip))
		jout_bool(j, "holdsIp", m->holder);
	jout_int(j, "localSequence", own->local_seq);
	jout_int(j, "remoteSequence", own->remote_seq);
	jout_int(j, "detectionCount", own->moves);
	jout_bool(j, "isDuplicate", own->duplicate);
	if (own->frozen)
		jout_bool(j, "isFrozen", true);
	put_age(s, "since", m->since_s);
}

/* --- the kernel --- */

static void
put_kernel_row(struct show *s, const struct kkey *key)
{
	const struct krow *r = ktab_find(s->d->ktab, key);

	if (r != NULL)
		show_krow(s, r);
}

static void
put_kernel(struct show *s, const struct macip *m)
{
	const struct evi *evi = m->evi;
	struct kkey key;

	if (m->best != NULL && !m->best_local && evi->demand != NULL)
		jout_bool(&s->j, "onDemand", true);
	jout_open(&s->j, "kernel", '[');
	if (ip_is_set(&m->ip)) {
		key = kkey_neigh(evi->on.svi, &m->ip);
		put_kernel_row(s, &key);
	} else {
		key = kkey_brfdb(evi->on.bridge, (uint16_t)evi->on.vlan, &m->mac);
		put_kernel_row(s, &key);
		key = kkey_vxfdb(evi->on.vxlan, 0, &m->mac);
		put_kernel_row(s, &key);
	}
	jout_close(&s->j, ']');
}

/* --- rows of the VNI --- */

static void
put_row(struct show *s, struct macip *m)
{
	const struct macip_remote *r;
	struct jout *j = &s->j;

	jout_open(j, NULL, '{');
	jout_str(j, "mac", MACSTR(&m->mac));
	if (ip_is_set(&m->ip))
		jout_str(j, "ip", IPSTR(&m->ip));
	put_verdict(s, m);
	jout_open(j, "candidates", '[');
	if (m->local != NULL)
		put_local(s, m);
	for (r = m->remotes; r != NULL; r = r->next)
		put_remote(s, m, r);
	jout_close(j, ']');
	put_kernel(s, m);
	jout_close(j, '}');
	s->rows++;
}

static void
put_rows(struct show *s, struct evi *evi)
{
	struct macip *m;

	if (s->a.has_mac) {
		m = macip_find(evi, &s->a.mac, &(struct ip){ 0 });
		for (; m != NULL && mac_cmp(&m->mac, &s->a.mac) == 0;
		     m = macip_after(m))
			put_row(s, m);
		return;
	}
	for (m = macip_by_ip(evi, &s->a.ip); m != NULL; m = macip_ip_after(m)) {
		put_row(s, macip_own(m));
		put_row(s, m);
	}
}

/* --- routes of the RIB --- */

static const char *
why_not(struct show *s, const struct path *p, uint32_t vni)
{
	const struct dest *d = p->dest;
	struct evpn_path view = { .attrs = p->attrs,
		.label = p->label,
		.labels = p->labels,
		.peer = p->peer->id,
		.self = p->peer->self };

	if (p->flags & PATH_LOOP)
		return "our AS, cluster or router identifier is in its path";
	if (p->flags & PATH_NEXTHOP)
		return evpn_is_own_ip(s->d->evpn, &p->attrs->v.nexthop)
		    ? "its next hop is this host"
		    : "its next hop is of no use";
	if (p != dest_best(d))
		return "another path of the same route is better";
	return evpn_why_not(s->d->evpn, vni, &d->nlri, &view);
}

void
show_explain_route(struct show *s, const struct path *p, uint32_t vni)
{
	const struct dest *d = p->dest;
	struct jout *j = &s->j;
	const char *why;
	char text[1024];

	jout_open(j, NULL, '{');
	jout_str(j, "rd", RDSTR(&d->nlri.rd));
	jout_str(j, "prefix", NLRISTR(&d->nlri));
	jout_str(j, "vtep", IPSTR(&p->attrs->v.nexthop));
	jout_str(
	    j, "extendedCommunity", extcomm_str(text, sizeof(text), &p->attrs->v.ext));
	put_age(s, "since", p->since_s);
	if (p == dest_best(d))
		jout_str(j, "selectionReason", decide_reason_name(d->reason));
	if (p->peer->self) {
		jout_bool(j, "own", true);
	} else {
		jout_str(j, "peer", show_peer_name(s, p->peer->id));
		jout_bool(j, "rtMatched", evpn_rt_matches(s->d->evpn, vni, p->attrs));
		why = why_not(s, p, vni);
		jout_bool(j, "imported", why == NULL);
		if (why != NULL)
			jout_str(j, "whyNot", why);
	}
	jout_close(j, '}');
	s->paths++;
}

/*
 * The next type 2 route that names the address. A MAC is jumped to within each RD and
 * Ethernet tag; an IP is looked for in all routes.
 */
static const struct dest *
next_route(struct show *s)
{
	const struct dest *d;

	while ((d = show_route_next(s, NLRI_MACIP)) != NULL) {
		int c = s->a.has_mac ? mac_cmp(&d->nlri.mac, &s->a.mac) : 0;

		show_route_after(s, &d->nlri);
		if (c > 0)
			memset(&s->nlri.mac, 0xff,
			    sizeof(s->nlri) - offsetof(struct nlri, mac));
		else if (c < 0)
			s->nlri = (struct nlri){
				.rd = d->nlri.rd, .type = NLRI_MACIP, .mac = s->a.mac
			};
		if (c < 0)
			memcpy(s->nlri.etag, d->nlri.etag, sizeof(s->nlri.etag));
		if (c == 0 && (s->a.has_mac || ip_cmp(&d->nlri.ip, &s->a.ip) == 0))
			return d;
	}
	return NULL;
}

/* --- the document --- */

static void
put_head(struct show *s, struct evi *evi)
{
	struct jout *j = &s->j;

	jout_open(j, NULL, '{');
	jout_int(j, "vni", s->a.vni);
	if (s->a.has_mac)
		jout_str(j, "mac", MACSTR(&s->a.mac));
	else
		jout_str(j, "ip", IPSTR(&s->a.ip));
	if (evi != NULL && evi->down != NULL)
		jout_str(j, "vniDown", evi->down);
	if (evi != NULL && s->a.has_ip)
		show_unknown(s, evi);
	jout_open(j, "rows", '[');
	if (evi != NULL)
		put_rows(s, evi);
	jout_close(j, ']');
	jout_open(j, "routes", '[');
}

static bool
step_explain(struct show *s)
{
	const struct dest *d;
	struct evi *evi;
	const struct path *p;

	if (s->l3)
		return show_explain_prefix(s);
	if (s->stage == STAGE_ROWS)
		put_head(s, evi_find(s->d->evpn, s->a.vni));
	s->stage = STAGE_ROUTES;
	while ((d = next_route(s)) != NULL)
		for (p = d->paths; p != NULL; p = p->next)
			show_explain_route(s, p, s->a.vni);
	if (s->left == 0)
		return false;
	jout_close(&s->j, ']');
	jout_bool(&s->j, "found", s->rows + s->paths > 0);
	evi = evi_find(s->d->evpn, s->a.vni);
	show_explain_problems(s, evi != NULL ? evi->down : "it is gone");
	if (s->shown == 0 && evi != NULL)
		show_explain_needed(s, evi);
	show_event_last(s, "events");
	jout_close(&s->j, '}');
	return true;
}

static bool
start_explain(struct show *s, char *msg, size_t len)
{
	s->l3 = s->a.has_vni && ipvrf_by_vni(s->d->evpn, s->a.vni) != NULL;
	if (s->l3 && s->a.has_mac) {
		snprintf(msg, len,
		    "%% VNI %u is an L3 VNI: its hosts' MACs are in L2 VNIs", s->a.vni);
		return false;
	}
	return show_start_any_vni(s, msg, len);
}

const struct show_desc show_explain_descs[] = {
	{ OP_SHOW_EVPN_EXPLAIN, start_explain, step_explain, "{}" },
	{ OP_SHOW_EVPN_EXPLAIN_PREFIX, start_explain, show_explain_prefix, "{}" },
	{ 0, NULL, NULL, NULL },
};

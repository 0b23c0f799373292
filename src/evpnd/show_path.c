/* show_path - see show_path.h. */
#include "show_path.h"

#include <stdio.h>

#include "base/bytes.h"
#include "bgp/extcomm.h"
#include "peer.h"
#include "rib/decide.h"

#define LOCAL_WEIGHT 32768

struct show_path
show_path_of(const struct path *p)
{
	const struct dest *d = p->dest;

	return (struct show_path){
		.key = &d->nlri,
		.attrs = p->attrs,
		.label = p->label,
		.labels = p->labels,
		.peer = p->peer,
		.peer_id = p->peer->id,
		.since_s = p->since_s,
		.best = p == dest_best(d),
		.valid = (p->flags & (PATH_LOOP | PATH_NEXTHOP)) == 0,
		.stale = (p->flags & PATH_STALE) != 0,
		.reason = decide_reason_name(d->reason),
	};
}

const char *
show_origin(uint8_t origin)
{
	static const char *const names[] = { "IGP", "EGP", "incomplete" };

	return origin < 3 ? names[origin] : "incomplete";
}

static bool
is_own(const struct show_path *p)
{
	return p->peer != NULL && p->peer->self;
}

/* The host name of who sent it; NULL when it is not known. */
static const char *
host_of(const struct show *s, const struct show_path *p)
{
	const struct peer *peer;

	if (is_own(p))
		return s->d->hostname[0] != '\0' ? s->d->hostname : NULL;
	peer = peers_by_id(s->d->peers, p->peer_id);
	if (peer == NULL || peer->state != FSM_ESTABLISHED ||
	    peer->open.caps.hostname[0] == '\0')
		return NULL;
	return peer->open.caps.hostname;
}

void
show_key_members(struct show *s, const struct nlri *key)
{
	struct jout *j = &s->j;

	jout_int(j, "routeType", key->type);
	if (key->opaque)
		return;
	if (key->type == NLRI_EAD || key->type == NLRI_ES)
		jout_str(j, "esi", ESISTR(&key->esi));
	if (key->type != NLRI_ES)
		jout_int(j, "ethTag", nlri_etag(key));
	if (key->type == NLRI_MACIP) {
		jout_int(j, "macLen", 48);
		jout_str(j, "mac", MACSTR(&key->mac));
	}
	if (key->type == NLRI_PREFIX)
		jout_int(j, "ipLen", key->plen);
	else if (ip_is_set(&key->ip))
		jout_int(j, "ipLen", (int64_t)ip_len(&key->ip) * 8);
	if (ip_is_set(&key->ip))
		jout_str(j, "ip", IPSTR(&key->ip));
}

static void
put_metrics(struct show *s, const struct show_path *p)
{
	const struct attr_value *v = &p->attrs->v;

	if (v->flags & ATTRS_MED)
		jout_int(&s->j, "metric", v->med);
	/* Our own routes have one only on the wire. */
	if ((v->flags & ATTRS_LOCAL_PREF) && !is_own(p))
		jout_int(&s->j, "locPrf", v->local_pref);
}

static void
put_communities(struct show *s, const struct attr_value *v)
{
	static const struct {
		const char *key;
		size_t blob;
		char *(*str)(char *buf, size_t len, const struct blob *b);
	} kinds[] = {
		{ "community", offsetof(struct attr_value, community), community_str },
		{ "extendedCommunity", offsetof(struct attr_value, ext), extcomm_str },
		{ "largeCommunity", offsetof(struct attr_value, large), large_str },
	};
	char text[2048];
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct blob *b =
		    (const struct blob *)((const char *)v + kinds[i].blob);

		if (b->len == 0)
			continue;
		jout_open(&s->j, kinds[i].key, '{');
		jout_str(&s->j, "string", kinds[i].str(text, sizeof(text), b));
		jout_close(&s->j, '}');
	}
}

static void
put_nexthop(struct show *s, const struct show_path *p, bool detail)
{
	const struct ip *nh = &p->attrs->v.nexthop;
	const char *host = host_of(s, p);
	struct jout *j = &s->j;

	jout_open(j, "nexthops", '[');
	jout_open(j, NULL, '{');
	jout_str(j, "ip", ip_is_set(nh) ? IPSTR(nh) : "0.0.0.0");
	if (host != NULL)
		jout_str(j, "hostname", host);
	jout_str(j, "afi", nh->family == 6 ? "ipv6" : "ipv4");
	if (detail) {
		jout_int(j, "metric", 0);
		jout_bool(j, "accessible", p->valid);
	}
	jout_bool(j, "used", true);
	jout_close(j, '}');
	jout_close(j, ']');
}

/* A path that can never be best says so. */
static void
put_flags(struct show *s, const struct show_path *p)
{
	if (p->valid)
		jout_bool(&s->j, "valid", true);
	if (p->stale)
		jout_bool(&s->j, "stale", true);
}

void
show_path_short(struct show *s, const struct show_path *p)
{
	const struct attr_value *v = &p->attrs->v;
	struct jout *j = &s->j;
	char text[1024];
	bool own = is_own(p);

	jout_open(j, NULL, '{');
	put_flags(s, p);
	if (p->best) {
		jout_bool(j, "bestpath", true);
		jout_str(j, "selectionReason", p->reason);
	}
	jout_str(j, "pathFrom",
	    !own && p->peer != NULL && p->peer->ibgp ? "internal" : "external");
	show_key_members(s, p->key);
	put_metrics(s, p);
	jout_int(j, "weight", own ? LOCAL_WEIGHT : 0);
	if (own)
		jout_str(j, "peerId", "(unspec)");
	else
		jout_str(j, "peerId", p->peer != NULL ? IPSTR(&p->peer->addr) : "");
	jout_str(j, "path", aspath_str(text, sizeof(text), &v->aspath));
	jout_str(j, "origin", show_origin(v->origin));
	if (!esi_is_zero(&v->esi))
		jout_str(j, "esi", ESISTR(&v->esi));
	put_communities(s, v);
	put_nexthop(s, p, false);
	jout_close(j, '}');
}

/* --- detail --- */

static void
put_labels(struct show *s, const struct show_path *p)
{
	const struct attr_value *v = &p->attrs->v;
	char text[32];

	if (p->labels > 1)
		snprintf(text, sizeof(text), "%u/%u", p->label[0], p->label[1]);
	else if (p->labels > 0)
		snprintf(text, sizeof(text), "%u", p->label[0]);
	else if (p->key->type == NLRI_IMET && is_own(p) && (v->flags & ATTRS_PMSI))
		snprintf(text, sizeof(text), "%u", v->pmsi.label);
	else
		return;
	jout_str(&s->j, "VNI", text);
	jout_str(&s->j, "vni", text);
}

static void
put_aspath(struct show *s, const struct attr_value *v)
{
	static const char *const types[] = { "", "as-set", "as-sequence",
		"as-confed-sequence", "as-confed-set" };
	struct cursor c = cursor_of(v->aspath.p, v->aspath.len);
	struct jout *j = &s->j;
	char text[1024];

	aspath_str(text, sizeof(text), &v->aspath);
	jout_open(j, "aspath", '{');
	jout_str(j, "string", text[0] != '\0' ? text : "Local");
	jout_open(j, "segments", '[');
	while (get_left(&c) > 0 && !c.bad) {
		uint8_t type = get_u8(&c), n = get_u8(&c);

		jout_open(j, NULL, '{');
		jout_str(j, "type", type < 5 ? types[type] : "");
		jout_open(j, "list", '[');
		while (n-- > 0 && !c.bad)
			jout_int(j, NULL, get_u32(&c));
		jout_close(j, ']');
		jout_close(j, '}');
	}
	jout_close(j, ']');
	jout_int(j, "length", v->aspath_len);
	jout_close(j, '}');
}

static void
put_reflection(struct show *s, const struct attr_value *v)
{
	struct cursor c = cursor_of(v->cluster.p, v->cluster.len);
	struct jout *j = &s->j;

	if (v->flags & ATTRS_ORIGINATOR_ID)
		show_router_id(s, "originatorId", v->originator_id);
	if (v->cluster.len == 0)
		return;
	jout_open(j, "clusterList", '{');
	jout_open(j, "list", '[');
	while (get_left(&c) >= 4)
		show_router_id(s, NULL, get_u32(&c));
	jout_close(j, ']');
	jout_close(j, '}');
}

static void
put_pmsi(struct show *s, const struct pmsi *pmsi)
{
	static const char *const types[] = { "No info", "RSVP-TE P2MP", "mLDP P2MP",
		"PIM-SSM", "PIM-SM", "PIM-BIDIR", "Ingress Replication", "mLDP MP2MP" };
	struct jout *j = &s->j;

	jout_open(j, "pmsi", '{');
	jout_str(j, "tunnelType", pmsi->type < 8 ? types[pmsi->type] : "Unknown");
	if (pmsi->type == 6)
		jout_int(j, "label", pmsi->label);
	if (ip_is_set(&pmsi->tunnel))
		jout_str(j, "tunnelIp", IPSTR(&pmsi->tunnel));
	jout_close(j, '}');
}

static void
put_peer(struct show *s, const struct show_path *p)
{
	const char *host = host_of(s, p);
	struct jout *j = &s->j;

	jout_open(j, "peer", '{');
	if (is_own(p)) {
		jout_str(j, "peerId", "0.0.0.0");
		show_router_id(s, "routerId", s->d->router_id);
	} else if (p->peer != NULL) {
		jout_str(j, "peerId", IPSTR(&p->peer->addr));
		show_router_id(s, "routerId", p->peer->router_id);
		if (host != NULL)
			jout_str(j, "hostname", host);
		jout_str(j, "type", p->peer->ibgp ? "internal" : "external");
	}
	jout_close(j, '}');
}

static void
put_update_time(struct show *s, const struct show_path *p)
{
	struct jout *j = &s->j;
	int64_t epoch = show_epoch(s, (uint64_t)p->since_s * 1000);

	jout_open(j, "lastUpdate", '{');
	jout_int(j, "epoch", epoch);
	jout_fmt(j, "string", "%s\n", show_ctime((char[SHOW_UPTIME]){ 0 }, epoch));
	jout_close(j, '}');
}

static void
put_imported(struct show *s, const struct show_path *p)
{
	struct nlri key = *p->key;

	if (p->imported == NULL)
		return;
	key.rd = *p->imported;
	jout_fmt(&s->j, "importedFrom", "%s:%s", RDSTR(&key.rd), NLRISTR(&key));
}

void
show_path_detail(struct show *s, const struct show_path *p)
{
	const struct attr_value *v = &p->attrs->v;
	struct jout *j = &s->j;

	jout_open(j, NULL, '{');
	put_labels(s, p);
	put_imported(s, p);
	if (!esi_is_zero(&v->esi))
		jout_str(j, "esi", ESISTR(&v->esi));
	if (p->key->type == NLRI_PREFIX)
		jout_str(j, "gatewayIP",
		    ip_is_set(&v->gateway) ? IPSTR(&v->gateway) : "0.0.0.0");
	put_aspath(s, v);
	if (p->peer != NULL && p->peer->rr_client)
		jout_bool(j, "rxedFromRrClient", true);
	jout_str(j, "origin", show_origin(v->origin));
	put_metrics(s, p);
	if (is_own(p))
		jout_int(j, "weight", LOCAL_WEIGHT);
	put_flags(s, p);
	jout_int(j, "version", 0);
	if (is_own(p)) {
		jout_bool(j, "sourced", true);
		jout_bool(j, "local", true);
	}
	if (p->best) {
		jout_open(j, "bestpath", '{');
		jout_bool(j, "overall", true);
		jout_str(j, "selectionReason", p->reason);
		jout_close(j, '}');
	}
	put_communities(s, v);
	put_reflection(s, v);
	put_update_time(s, p);
	if (v->flags & ATTRS_PMSI)
		put_pmsi(s, &v->pmsi);
	put_nexthop(s, p, true);
	put_peer(s, p);
	jout_close(j, '}');
}

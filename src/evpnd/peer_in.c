/*
 * peer_in - what neighbors tell us: UPDATE and ROUTE-REFRESH into the RIB.
 *
 * The verdicts of RFC 7606 end here: an UPDATE whose attributes are bad withdraws its routes,
 * a bad NLRI that could be delimited withdraws itself, an unknown route type is kept to be
 * reflected. Only what cannot be delimited costs the session.
 */
#include "debug.h"
#include "peer_int.h"

#include "rib/policy.h"

#define COMPLAIN_MS 10000

/* One UPDATE on its way in. */
struct intake {
	struct peer *p;
	const struct update *u;
	struct attrs *attrs;   /* of the message; NULL: not interned yet */
	struct attrs *variant; /* with ESI and GATEWAY in; NULL: none yet */
	struct esi esi;
	struct ip gateway;
	uint8_t flags; /* PATH_* */
	uint64_t now;
};

/* At most one line per neighbor in ten seconds. */
static void
complain(struct peer *p, const char *fate, const char *why)
{
	uint64_t now = evpnd_now();

	if (p->complained_ms != 0 && now - p->complained_ms < COMPLAIN_MS)
		return;
	p->complained_ms = now;
	peer_log(p, LOG_WARNING, "%s: %s (%llu bad UPDATEs, %llu bad routes so far)",
	    fate, why, (unsigned long long)p->counts.updates_bad,
	    (unsigned long long)p->counts.nlri_bad);
}

/* A next hop nobody can send to, or that leads back to us. */
static bool
useless_nexthop(const struct peer *p, const struct ip *nh)
{
	return !ip_is_set(nh) || ip_is_any(nh) || ip_is_multicast(nh) ||
	    ip_is_loopback(nh) || ip_cmp(nh, &p->local) == 0;
}

static uint8_t
path_flags(const struct peer *p, const struct attr_value *v)
{
	const struct peer_globals *g = &p->peers->globals;
	uint8_t flags = policy_import(
	    v, p->local_as, p->conf.allowas_in, g->router_id, g->cluster_id);

	return useless_nexthop(p, &v->nexthop) ? flags | PATH_NEXTHOP : flags;
}

/* The attributes for a route with INFO: ESI and gateway are part of them. */
static struct attrs *
attrs_for(struct intake *in, const struct nlri_info *info)
{
	struct attr_table *t = in->p->peers->d->attrs;
	struct attr_draft d = in->u->draft;

	if (esi_is_zero(&info->esi) && !ip_is_set(&info->gateway)) {
		if (in->attrs == NULL)
			in->attrs = attrs_intern(t, &d);
		return in->attrs;
	}
	if (in->variant != NULL && memcmp(&in->esi, &info->esi, sizeof(in->esi)) == 0 &&
	    ip_cmp(&in->gateway, &info->gateway) == 0)
		return in->variant;
	if (in->variant != NULL)
		attrs_unref(t, in->variant);
	in->esi = d.v.esi = info->esi;
	in->gateway = d.v.gateway = info->gateway;
	in->variant = attrs_intern(t, &d);
	return in->variant;
}

static void
take_route(struct intake *in, const struct nlri *key, const struct nlri_info *info)
{
	struct peer *p = in->p;
	bool lose;

	if (!ration_admits(p, key, &lose)) {
		if (lose)
			rib_withdraw(p->peers->d->rib, &p->rp, key);
		return;
	}
	p->repeated++;
	rib_update(p->peers->d->rib, &p->rp, key, info, attrs_for(in, info), in->flags,
	    in->now);
}

static void
lose_route(struct intake *in, const struct nlri *key)
{
	rib_withdraw(in->p->peers->d->rib, &in->p->rp, key);
}

/*
 * All NLRI of one section; USABLE: they come with attributes that let them be kept. False:
 * they could not be told apart to the end.
 */
static bool
take_section(struct intake *in, struct cursor c, bool usable, struct bgp_error *err)
{
	struct peer *p = in->p;
	enum nlri_result result;
	struct nlri_info info;
	const char *why = "";
	struct nlri key;

	while ((result = nlri_get(&c, false, &key, &info, &why)) != NLRI_END) {
		switch (result) {
		case NLRI_UNKNOWN:
			p->counts.nlri_unknown++;
			key = rib_opaque(p->peers->d->rib, &info, key.type);
			/* FALLTHROUGH */
		case NLRI_OK:
			if (usable)
				take_route(in, &key, &info);
			else
				lose_route(in, &key);
			p->counts.prefixes_denied += !usable && in->flags != 0;
			break;
		case NLRI_BAD:
			p->counts.nlri_bad++;
			if (key.type != 0)
				lose_route(in, &key);
			complain(p, "route ignored", why);
			break;
		case NLRI_BROKEN:
			/* RFC 7606, 5.3: nothing after this can be trusted. */
			bgp_error_set(err, BGP_ERR_UPDATE, BGP_UPDATE_OPTIONAL, NULL, 0,
			    "UPDATE: %s", why);
			return false;
		case NLRI_END:
			break;
		}
	}
	return true;
}

static bool
is_evpn(uint16_t afi, uint8_t safi)
{
	return afi == AFI_L2VPN && safi == SAFI_EVPN;
}

static void
intake_fini(struct intake *in)
{
	struct attr_table *t = in->p->peers->d->attrs;

	if (in->attrs != NULL)
		attrs_unref(t, in->attrs);
	if (in->variant != NULL)
		attrs_unref(t, in->variant);
}

static void
take_eor(struct peer *p)
{
	if (p->eor_received)
		return;
	p->eor_received = true;
	peer_log(p, LOG_INFO, "End-of-RIB received, %u routes", p->rp.paths);
	peer_gr_eor(p);
}

/* What went in a circle is as good as withdrawn, unless all that comes is to be kept. */
static bool
may_keep(const struct peer *p, uint8_t flags)
{
	return !(flags & PATH_LOOP) || p->conf.soft_reconfiguration == CONF_YES;
}

static enum bgp_verdict
take_routes(struct peer *p, const struct update *u, struct bgp_error *err)
{
	bool usable = u->verdict < BGP_WITHDRAW, good = true;
	struct intake in = { .p = p, .u = u, .now = evpnd_now() };

	if (u->has_unreach && is_evpn(u->unreach_afi, u->unreach_safi))
		good = take_section(&in, u->unreach, false, err);
	if (usable) {
		in.flags = path_flags(p, &u->draft.v);
		usable = may_keep(p, in.flags);
	}
	if (good && u->has_reach && is_evpn(u->reach_afi, u->reach_safi))
		good = take_section(&in, u->reach, usable, err);
	intake_fini(&in);
	if (u->eor && is_evpn(u->unreach_afi, u->unreach_safi))
		take_eor(p);
	p->accepted = p->rp.paths - p->rp.unusable;
	pipeline_wake(p->peers->d);
	return good ? peer_check_limit(p, err) : BGP_RESET;
}

static enum bgp_verdict
take_update(struct peer *p, struct cursor *body, struct bgp_error *err)
{
	struct attr_ctx ctx = { .as4 = p->open.caps.as4, .ibgp = p->rp.ibgp };
	struct update u;

	switch (update_decode(body, &ctx, &u)) {
	case BGP_RESET:
		p->counts.updates_bad++;
		*err = u.err;
		return BGP_RESET;
	case BGP_WITHDRAW:
		p->counts.updates_bad++;
		complain(p, "UPDATE treated as withdraw", u.err.text);
		break;
	case BGP_DISCARD:
		complain(p, "attribute discarded", u.err.text);
		break;
	case BGP_OK:
		break;
	}
	p->last_update_ms = evpnd_now();
	debug_update(p, &u, false);
	/* Families not agreed on, IPv4 unicast of the base message too, are passed over. */
	return p->evpn ? take_routes(p, &u, err) : BGP_OK;
}

/* RFC 7313: what was not repeated between begin and end is gone. */
static void
refresh_begin(struct peer *p)
{
	p->sweeping = false;
	p->repeat_due = p->rp.paths;
	p->repeated = 0;
	rib_peer_mark(p->peers->d->rib, &p->rp);
}

/*
 * FRR 8.4.4 forgets a refresh that is due when another neighbor's session ends just then: begin
 * and end come, and nothing in between. To believe that would lose all that it has. Whoever
 * repeats less than it had is asked once more, and then believed.
 */
static void
refresh_end(struct peer *p)
{
	if (p->repeated < p->repeat_due && !p->doubted) {
		p->doubted = true;
		peer_send_refresh(p, 0);
		return;
	}
	p->doubted = false;
	p->sweeping = true;
	pipeline_wake(p->peers->d);
}

static enum bgp_verdict
take_refresh(struct peer *p, struct cursor *body, struct bgp_error *err)
{
	static void (*const take[])(struct peer *) = {
		peer_send_again,
		refresh_begin,
		refresh_end,
	};
	struct msg_refresh m;
	enum bgp_verdict verdict = msg_refresh_get(body, &m, err);

	if (verdict != BGP_OK || !p->evpn || !is_evpn(m.afi, m.safi))
		return verdict;
	take[m.subtype](p);
	return BGP_OK;
}

enum bgp_verdict
peer_message(
    struct peer *p, enum msg_type type, struct cursor *body, struct bgp_error *err)
{
	if (type == MSG_REFRESH)
		return take_refresh(p, body, err);
	return take_update(p, body, err);
}

/* RFC 4486, 4: family and limit go along. */
static enum bgp_verdict
exceed(struct peer *p, struct bgp_error *err)
{
	uint8_t data[7];
	struct builder b = builder_of(data, sizeof(data));

	put_u16(&b, AFI_L2VPN);
	put_u8(&b, SAFI_EVPN);
	put_u32(&b, p->conf.max_prefix);
	p->over_limit = true;
	bgp_error_set(err, BGP_ERR_CEASE, BGP_CEASE_MAXPREFIX, data, sizeof(data),
	    "%u routes, maximum-prefix %u", p->rp.paths, p->conf.max_prefix);
	peer_gr_harden(p, err);
	return BGP_RESET;
}

enum bgp_verdict
peer_check_limit(struct peer *p, struct bgp_error *err)
{
	uint32_t max = p->conf.max_prefix;
	unsigned percent = p->conf.max_prefix_warn != 0 ? p->conf.max_prefix_warn : 75;

	if (max == 0)
		return BGP_OK;
	if (p->rp.paths > max && p->conf.max_prefix_warning_only != CONF_YES)
		return exceed(p, err);
	if ((uint64_t)p->rp.paths * 100 < (uint64_t)max * percent) {
		p->warned = false;
	} else if (!p->warned) {
		p->warned = true;
		peer_log(
		    p, LOG_WARNING, "%u routes, maximum-prefix %u", p->rp.paths, max);
	}
	return BGP_OK;
}

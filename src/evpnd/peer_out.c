/*
 * peer_out - what neighbors are sent: groups of equal policy, pulled by sockets with room.
 *
 * A neighbor that is up with 25/70 is a member of the one group whose struct policy_out
 * equals its own. A group without members is drained in pieces and then freed.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "debug.h"
#include "peer_int.h"

static struct policy_out
policy_of(const struct peer *p)
{
	const struct peer_globals *g = &p->peers->globals;
	struct policy_out policy = {
		.local_as = p->local_as,
		.cluster_id = g->cluster_id,
		.router_id = g->router_id,
		.msg_max = session_extended(p->session) ? MSG_MAX_EXTENDED : MSG_MAX,
		.ibgp = p->rp.ibgp,
		.rr_client = p->rp.rr_client,
		.as4 = p->open.caps.as4,
		.llgr = p->open.caps.llgr,
		.next_hop_self = p->conf.next_hop_self == CONF_YES,
	};

	if (policy.next_hop_self)
		policy.local = p->local;
	return policy;
}

static struct peer_group *
group_get(struct peers *ps, const struct policy_out *policy)
{
	struct peer_group *g;

	TAILQ_FOREACH (g, &ps->groups, link) {
		if (memcmp(adjout_policy(g->out), policy, sizeof(*policy)) == 0)
			return g;
	}
	g = xcalloc(1, sizeof(*g));
	g->out = adjout_new(ps->d->rib, ps->d->attrs, policy);
	TAILQ_INSERT_TAIL(&ps->groups, g, link);
	return g;
}

static void
group_free(struct peers *ps, struct peer_group *g)
{
	TAILQ_REMOVE(&ps->groups, g, link);
	adjout_free(g->out);
	free(g);
}

void
peer_groups_free(struct peers *ps)
{
	while (!TAILQ_EMPTY(&ps->groups))
		group_free(ps, TAILQ_FIRST(&ps->groups));
}

void
peer_join(struct peer *p)
{
	struct policy_out policy = policy_of(p);
	struct peer_group *g = group_get(p->peers, &policy);

	p->out.id = p->rp.id;
	p->out.eor_held = p->peers->npast > 0;
	adjout_join(g->out, &p->out);
	g->filling = true;
	pipeline_wake(p->peers->d);
}

void
peer_leave(struct peer *p)
{
	if (p->out.group == NULL)
		return;
	adjout_leave(&p->out);
	p->refreshing = false;
	pipeline_wake(p->peers->d);
}

/*
 * What the groups let through is the same (a change of that resets the session), so the new
 * one overwrites what the old one sent. But withdrawals still due are known to the old one
 * only.
 */
void
peer_regroup(struct peer *p)
{
	struct policy_out policy;
	struct bgp_error err;

	if (p->out.group == NULL)
		return;
	policy = policy_of(p);
	if (memcmp(adjout_policy(p->out.group), &policy, sizeof(policy)) == 0)
		return;
	if (adjout_pending(&p->out)) {
		err = peer_cease(BGP_CEASE_CONFIG, NULL, "outbound policy changed");
		peer_stop(p, &err);
		return;
	}
	peer_leave(p);
	peer_join(p);
}

void
peer_send_refresh(struct peer *p, uint8_t subtype)
{
	struct msg_refresh refresh = {
		.afi = AFI_L2VPN,
		.subtype = subtype,
		.safi = SAFI_EVPN,
	};
	uint8_t buf[64];
	struct builder b = builder_of(buf, sizeof(buf));

	msg_refresh_put(&b, &refresh);
	session_send(p->session, buf, put_len(&b));
}

void
peer_send_again(struct peer *p)
{
	if (p->out.group == NULL)
		return;
	if (p->open.caps.enhanced_refresh && p->eor_sent) {
		peer_send_refresh(p, 1);
		p->refreshing = true;
	}
	adjout_restart(&p->out);
	pipeline_wake(p->peers->d);
}

void
peers_dest(struct peers *ps, struct dest *d)
{
	struct peer_group *g;

	TAILQ_FOREACH (g, &ps->groups, link)
		adjout_dest(g->out, d);
}

static struct peer *
peer_of(struct adjout_peer *out)
{
	return (struct peer *)((char *)out - offsetof(struct peer, out));
}

/* Bytes encoded for one peer suit another one as well. */
static bool
share(struct adjout_peer *other, void *arg)
{
	struct peer *p = peer_of(other);
	const struct builder *b = arg;

	if (!session_has_room(p->session))
		return false;
	session_send(p->session, b->start, put_len(b));
	debug_sent(p, b->start, put_len(b));
	return true;
}

static bool
wants_output(const struct peer *p)
{
	return p->out.group != NULL && adjout_pending(&p->out) &&
	    session_has_room(p->session);
}

/* One buffer for P. */
static unsigned
send_some(struct peer *p)
{
	struct builder b = builder_of(p->peers->buf, PEER_BUF);
	bool eor_due = p->out.eor_due;
	unsigned routes = adjout_encode(&p->out, &b, share, &b);

	if (put_len(&b) > 0)
		session_send(p->session, b.start, put_len(&b));
	debug_sent(p, b.start, put_len(&b));
	if (eor_due && !p->out.eor_due) {
		p->eor_sent = true;
		peer_log(p, LOG_DEBUG, "End-of-RIB sent");
	}
	if (p->refreshing && !adjout_pending(&p->out)) {
		p->refreshing = false;
		peer_send_refresh(p, 2);
	}
	return routes;
}

bool
peers_flush(struct peers *ps, unsigned budget)
{
	struct peer *p = ps->next_out != NULL ? ps->next_out : TAILQ_FIRST(&ps->list);
	struct peer *first = p;
	unsigned used = 0;

	if (p == NULL)
		return true;
	do {
		while (wants_output(p)) {
			used += send_some(p) + 16;
			if (used >= budget) {
				ps->next_out = peers_after(p);
				return false;
			}
		}
		p = peers_after(p);
		if (p == NULL)
			p = TAILQ_FIRST(&ps->list);
	} while (p != first);
	ps->next_out = NULL;
	return true;
}

/* Fills groups that are new, drains those left. True: nothing to do. */
static bool
work_groups(struct peers *ps, unsigned budget)
{
	struct peer_group *g, *next;
	bool done = true;

	for (g = TAILQ_FIRST(&ps->groups); g != NULL; g = next) {
		next = TAILQ_NEXT(g, link);
		if (adjout_peers(g->out) == 0) {
			if (adjout_drain(g->out, budget))
				group_free(ps, g);
			else
				done = false;
		} else if (g->filling) {
			g->filling = !adjout_fill(g->out, budget);
			done = done && !g->filling;
		}
	}
	return done;
}

static bool
work_peer(struct peer *p, unsigned budget)
{
	struct rib *r = p->peers->d->rib;

	if (p->flushing)
		p->flushing = !rib_peer_flush(r, &p->rp, budget);
	else if (p->lingering)
		p->lingering = !rib_peer_llgr(r, &p->rp, budget);
	else if (p->sweeping)
		p->sweeping = !rib_peer_sweep(r, &p->rp, budget);
	else
		return true;
	p->accepted = p->rp.paths - p->rp.unusable;
	return !p->flushing && !p->lingering && !p->sweeping;
}

bool
peers_work(struct peers *ps, unsigned budget)
{
	struct peer *p, *next;
	bool done = work_groups(ps, budget);

	peers_past_look(ps);
	TAILQ_FOREACH (p, &ps->list, link)
		done &= work_peer(p, budget);
	for (p = TAILQ_FIRST(&ps->dying); p != NULL; p = next) {
		next = TAILQ_NEXT(p, link);
		if (work_peer(p, budget))
			peer_destroy(p);
		else
			done = false;
	}
	return done;
}

const struct adj *
peer_advertised(const struct peer *peer, const struct dest *d)
{
	const struct adj *a;

	if (peer->out.group == NULL)
		return NULL;
	a = adjout_find(peer->out.group, d);
	return a != NULL && adjout_told(&peer->out, a) ? a : NULL;
}

/*
 * mobility - who has a MAC, and who has an IP (RFC 7432, 7.7, 15; RFC 9135, 7; RFC 9161, 3.7).
 *
 * The decision is taken per MAC, over the routes of all its rows and this host's own claim:
 * steps[] below, in order. What follows for each row is then carried on: kernel rows, own
 * routes, events. A row with an IP goes with its MAC: it counts when its MAC is here and so
 * is the address, or when one of its routes comes from where the MAC is.
 *
 * Sequence numbers: a MAC heard here while routes exist gets their highest plus one. A MAC
 * that is lost to a route forgets what was learned here; if the host is here after all, its
 * next frame makes the bridge tell us again, and it comes back with a higher number. Such
 * moves between here and elsewhere are counted: too many in a time make a duplicate, which
 * is told, and with "freeze" stays where it is until the time is over or it is cleared.
 */
#include "evpn/state.h"

#include <stdlib.h>

#include "base/mem.h"

/* --- the decision --- */

static int
cmp_configured(const struct macip_claim *a, const struct macip_claim *b)
{
	return a->configured - b->configured;
}

static int
cmp_fixed(const struct macip_claim *a, const struct macip_claim *b)
{
	return a->fixed - b->fixed;
}

static int
cmp_sticky(const struct macip_claim *a, const struct macip_claim *b)
{
	return a->sticky - b->sticky;
}

static int
cmp_seq(const struct macip_claim *a, const struct macip_claim *b)
{
	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

static int
cmp_vtep(const struct macip_claim *a, const struct macip_claim *b)
{
	return ip_cmp(&b->vtep, &a->vtep);
}

static int
cmp_rd(const struct macip_claim *a, const struct macip_claim *b)
{
	return rd_cmp(&b->rd, &a->rd);
}

static const struct {
	const char *why;
	int (*cmp)(const struct macip_claim *a, const struct macip_claim *b);
} steps[] = {
	{ "configured", cmp_configured },
	{ "static here", cmp_fixed },
	{ "sticky", cmp_sticky },
	{ "higher sequence number", cmp_seq },
	{ "lower VTEP address", cmp_vtep },
	{ "lower route distinguisher", cmp_rd },
};

int
macip_cmp(
    const struct macip_claim *a, const struct macip_claim *b, const char **out_why)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		int c = steps[i].cmp(a, b);

		if (out_why != NULL)
			*out_why = steps[i].why;
		if (c != 0)
			return c;
	}
	if (out_why != NULL)
		*out_why = "the same";
	return 0;
}

struct macip_claim
macip_claim_of(const struct macip_remote *r)
{
	const struct attr_value *v = &r->attrs->v;

	return (struct macip_claim){ .configured = static_is(r),
		.sticky = v->flags & ATTRS_STICKY,
		.seq = v->flags & ATTRS_MOBILITY ? v->mm_seq : 0,
		.vtep = v->nexthop,
		.rd = r->rd };
}

struct macip_claim
macip_claim_local(const struct macip *m)
{
	uint8_t from = m->local->from;

	return (struct macip_claim){ .fixed = from &
		    (LOCAL_STATIC | LOCAL_STICKY | LOCAL_SVI | LOCAL_GATEWAY),
		.sticky = from & LOCAL_STICKY,
		.seq = m->local_seq,
		.vtep = m->evi->local,
		.rd = m->evi->rd };
}

bool
evpn_is_own_ip(const struct evpn *e, const struct ip *ip)
{
	for (unsigned i = 0; i < e->nown_ips; i++)
		if (ip_cmp(&e->own_ips[i].ip, ip) == 0)
			return true;
	return false;
}

const char *
macip_unusable(const struct evi *evi, const struct mac *mac, const struct attrs *a)
{
	const struct ip *nh = &a->v.nexthop;

	if (evpn_is_own_ip(evi->evpn, nh))
		return "its next hop is this host";
	if (ip_is_set(&evi->local) && nh->family != evi->local.family)
		return "its next hop is of another address family than our VTEP";
	if (mac != NULL && gateway_is_mac(evi, mac))
		return "its MAC is our own gateway's";
	return NULL;
}

/* Best usable route of a row that beats *BEST, if there is one. */
static void
best_of(const struct macip *m, struct macip_remote **best, struct macip_claim *claim)
{
	for (struct macip_remote *r = m->remotes; r != NULL; r = r->next) {
		struct macip_claim c;

		if (macip_unusable(m->evi, &m->mac, r->attrs) != NULL)
			continue;
		c = macip_claim_of(r);
		if (*best == NULL || macip_cmp(&c, claim, NULL) > 0) {
			*best = r;
			*claim = c;
		}
	}
}

/* Best route of any row of the MAC; notes the highest sequence number seen. */
static struct macip_remote *
best_remote(struct macip *own, struct macip_claim *claim, uint64_t now)
{
	struct macip_remote *best = NULL;

	own->remote_seq = 0;
	for (struct macip *m = own; m != NULL; m = macip_sibling(m)) {
		best_of(m, &best, claim);
		for (struct macip_remote *r = m->remotes; r != NULL; r = r->next) {
			guard_remote(m->evi, m, r->attrs, now);
			if (r->attrs->v.mm_seq > own->remote_seq)
				own->remote_seq = r->attrs->v.mm_seq;
		}
	}
	return best;
}

void
macip_bump(struct macip *own, uint64_t now)
{
	struct macip_claim c = { 0 };
	struct macip_remote *r = best_remote(own, &c, now);

	if (r != NULL && c.sticky)
		history_mac(own, EV_REFUSED, &c.vtep, now);
	if (r == NULL || c.sticky || c.seq < own->local_seq)
		return;
	own->local_seq = c.seq + 1;
	macip_changed(own);
}

/* --- duplicates --- */

void
macip_thaw(struct macip *m, uint64_t now)
{
	struct evpn *e = m->evi->evpn;
	struct thaw *t, *next;

	if (m->duplicate && now != 0)
		history_mac(m, EV_DUP_CLEARED, NULL, now);
	if (m->frozen)
		TAILQ_FOREACH_SAFE (t, &e->thaws, link, next)
			if (t->row == m) {
				TAILQ_REMOVE(&e->thaws, t, link);
				free(t);
			}
	m->frozen = m->duplicate = false;
	m->moves = 0;
}

uint64_t
macip_thaw_tick(struct evpn *e, uint64_t now)
{
	uint64_t next = UINT64_MAX;
	struct thaw *t, *after;

	for (t = TAILQ_FIRST(&e->thaws); t != NULL; t = after) {
		after = TAILQ_NEXT(t, link);
		if (t->at_ms <= now) {
			struct macip *m = t->row;

			macip_thaw(m, now);
			macip_changed(m);
			macip_changed(macip_own(m));
		} else if (t->at_ms < next) {
			next = t->at_ms;
		}
	}
	return next;
}

/* A move between here and elsewhere; true: the row is frozen from now on. */
static bool
moved(struct macip *m, uint64_t now)
{
	struct evpn *e = m->evi->evpn;
	const struct evpn_conf *c = &e->conf;

	if (c->dad_off || m->duplicate)
		return false;
	if (m->moves == 0 || now_s(now) - m->moves_from_s > c->dad_time_s) {
		m->moves = 0;
		m->moves_from_s = now_s(now);
	}
	if (++m->moves < c->dad_moves)
		return false;
	m->duplicate = true;
	m->frozen = c->dad_freeze;
	history_mac(m, EV_DUPLICATE, NULL, now);
	if (m->frozen && c->dad_freeze_s != 0) {
		struct thaw *t = xcalloc(1, sizeof(*t));

		t->row = m;
		t->at_ms = now + (uint64_t)c->dad_freeze_s * 1000;
		TAILQ_INSERT_TAIL(&e->thaws, t, link);
	}
	return m->frozen;
}

/* --- an address among several MACs --- */

/* The claim of a row to its IP; false: it has none (any more). */
static bool
row_claim(struct macip *m, struct macip_claim *out)
{
	struct macip *own = macip_own(m);

	if (m->state == MACIP_REMOTE && m->best != NULL) {
		*out = macip_claim_of(m->best);
		return true;
	}
	if (m->state != MACIP_LOCAL || m->local == NULL || own->local == NULL)
		return false;
	*out = macip_claim_local(own);
	out->fixed = m->local->from & (LOCAL_STATIC | LOCAL_SVI | LOCAL_GATEWAY);
	return true;
}

/* The row that has the IP, as last settled. */
static struct macip *
holder_of(struct evi *evi, const struct ip *ip)
{
	struct macip *m;

	for (m = macip_by_ip(evi, ip); m != NULL; m = macip_ip_after(m))
		if (m->holder)
			break;
	return m;
}

/* M comes to speak for an IP that another MAC had: it follows it (RFC 9135, 7). */
static void
take_over(struct macip *m, uint64_t now)
{
	struct macip *own = macip_own(m), *h = holder_of(m->evi, &m->ip);
	struct macip_claim c;

	if (h == NULL || h == m || !row_claim(h, &c) || c.fixed)
		return;
	if (moved(m, now) || own->local_seq > c.seq)
		return;
	own->local_seq = c.seq + 1;
	macip_changed(own);
}

/* Decides who has an IP, and carries it on. */
static void
settle(struct evi *evi, const struct ip *ip, uint64_t now)
{
	struct macip *win = NULL, *m;
	struct macip_claim best = { 0 }, c;

	for (m = macip_by_ip(evi, ip); m != NULL; m = macip_ip_after(m)) {
		if (!row_claim(m, &c))
			continue;
		if (win == NULL || macip_cmp(&c, &best, NULL) > 0) {
			win = m;
			best = c;
		}
	}
	for (m = macip_by_ip(evi, ip); m != NULL; m = macip_ip_after(m)) {
		bool lost = m->holder && win != NULL && m != win;

		m->holder = m == win;
		if (lost && m->state == MACIP_LOCAL) {
			local_clear(m, LOCAL_SOFT);
			macip_changed(m);
		}
		origin_macip(m);
	}
	project_ip(evi, ip, win, now);
	if (evi->ipvrf != NULL)
		vrfroute_host(evi->ipvrf, ip);
}

/* --- rows --- */

/* What it is called when a row goes from one state to another. */
static const uint8_t events[3][3] = {
	/* clang-format off */
	[MACIP_NONE] =	 { [MACIP_LOCAL] = EV_LEARNED, [MACIP_REMOTE] = EV_REMOTE_ADD },
	[MACIP_LOCAL] =	 { [MACIP_NONE] = EV_AGED, [MACIP_REMOTE] = EV_MOVED_AWAY },
	[MACIP_REMOTE] = { [MACIP_NONE] = EV_REMOTE_DEL, [MACIP_LOCAL] = EV_MOVED_HERE },
	/* clang-format on */
};

static uint32_t *
counter(struct macip *m)
{
	struct evi *evi = m->evi;
	bool mac = !ip_is_set(&m->ip);

	switch ((enum macip_state)m->state) {
	case MACIP_LOCAL:
		return mac ? &evi->nmacs_local : &evi->nips_local;
	case MACIP_REMOTE:
		return mac ? &evi->nmacs_remote : &evi->nips_remote;
	case MACIP_NONE:
		break;
	}
	return NULL;
}

static void
row_set(
    struct macip *m, enum macip_state state, struct macip_remote *best, uint64_t now)
{
	uint32_t *n;

	if (m->state != state || (state == MACIP_REMOTE && m->best != best))
		m->since_s = now_s(now);
	n = counter(m);
	if (n != NULL)
		(*n)--;
	m->state = state;
	m->best_local = state == MACIP_LOCAL;
	m->best = state == MACIP_REMOTE ? best : NULL;
	n = counter(m);
	if (n != NULL)
		(*n)++;
}

static bool
same_place(const struct macip_remote *a, const struct macip_remote *b)
{
	return ip_cmp(&a->attrs->v.nexthop, &b->attrs->v.nexthop) == 0 ||
	    (!esi_is_zero(&a->attrs->v.esi) &&
		memcmp(&a->attrs->v.esi, &b->attrs->v.esi, sizeof(a->attrs->v.esi)) ==
		    0);
}

/* The best route of a row among those that come from where the MAC is. */
static struct macip_remote *
best_there(const struct macip *m, const struct macip_remote *there)
{
	struct macip_remote *best = NULL;
	struct macip_claim claim = { 0 };

	for (struct macip_remote *r = m->remotes; r != NULL; r = r->next) {
		struct macip_claim c = macip_claim_of(r);

		if (!same_place(r, there) ||
		    macip_unusable(m->evi, &m->mac, r->attrs) != NULL)
			continue;
		if (best == NULL || macip_cmp(&c, &claim, NULL) > 0) {
			best = r;
			claim = c;
		}
	}
	return best;
}

/* What the MAC's decision means for a row with an IP. */
static void
apply_ip(struct macip *m, const struct macip *own, uint64_t now)
{
	struct macip_remote *best = NULL;
	enum macip_state was = m->state, state = MACIP_NONE;

	if (own->state == MACIP_LOCAL && m->local != NULL) {
		state = MACIP_LOCAL;
	} else if (own->state == MACIP_REMOTE && own->best != NULL) {
		best = best_there(m, own->best);
		state = best != NULL ? MACIP_REMOTE : MACIP_NONE;
	}
	if (state == MACIP_LOCAL && was != MACIP_LOCAL) {
		if (!m->frozen)
			take_over(m, now);
		if (m->frozen)
			state = MACIP_NONE;
	}
	row_set(m, state, best, now);
	if (state != was)
		history_mac(m, events[was][state],
		    best != NULL ? &best->attrs->v.nexthop : NULL, now);
	settle(m->evi, &m->ip, now);
}

static void
apply_own(
    struct macip *own, enum macip_state state, struct macip_remote *best, uint64_t now)
{
	row_set(own, state, best, now);
	project_mac(own, now);
	origin_macip(own);
	if (own->evi->ipvrf != NULL)
		vrfroute_mac(own->evi->ipvrf, &own->mac);
}

/* --- the MAC --- */

/* Frozen: the place it had, as long as that is there. */
static enum macip_state
frozen_winner(struct macip *own, struct macip_remote **best)
{
	*best = own->best;
	if (own->state == MACIP_LOCAL && own->local != NULL)
		return MACIP_LOCAL;
	if (own->state == MACIP_REMOTE && own->best != NULL &&
	    macip_unusable(own->evi, &own->mac, own->best->attrs) == NULL)
		return MACIP_REMOTE;
	return MACIP_NONE;
}

static enum macip_state
winner(struct macip *own, struct macip_remote **best, uint64_t now)
{
	struct macip_claim remote = { 0 }, here;

	if (own->frozen)
		return frozen_winner(own, best);
	*best = best_remote(own, &remote, now);
	if (own->local == NULL)
		return *best != NULL ? MACIP_REMOTE : MACIP_NONE;
	here = macip_claim_local(own);
	if (*best == NULL || macip_cmp(&here, &remote, NULL) > 0)
		return MACIP_LOCAL;
	return MACIP_REMOTE;
}

/* Tells what happened to the MAC; called once its new state is set. */
static void
tell(struct macip *own, enum macip_state was, const struct ip *vtep, uint64_t now)
{
	const struct ip *to = own->best != NULL ? &own->best->attrs->v.nexthop : vtep;

	if (was != own->state)
		history_mac(own, events[was][own->state], to, now);
	else if (was == MACIP_REMOTE && ip_cmp(to, vtep) != 0)
		history_mac(own, EV_MOVED_REMOTE, to, now);
}

/* What was learned here is forgotten, with the MAC's addresses. */
static void
forget(struct macip *own)
{
	for (struct macip *m = own; m != NULL; m = macip_sibling(m))
		if (m->local != NULL)
			local_clear(m, LOCAL_SOFT);
}

/* Frees what is left empty of a MAC, its own row last. */
static void
reap(struct macip *own)
{
	struct macip *m, *next;

	for (m = macip_sibling(own); m != NULL; m = next) {
		next = macip_sibling(m);
		macip_reap(m);
	}
	macip_reap(own);
}

static void
decide_mac(struct macip *own, uint64_t now)
{
	enum macip_state was = own->state, state, stay;
	struct macip_remote *best, *old;
	struct ip vtep = { 0 };

	if (own->best != NULL)
		vtep = own->best->attrs->v.nexthop;
	state = winner(own, &best, now);
	if (state != MACIP_NONE && was != MACIP_NONE && state != was &&
	    moved(own, now) && (stay = frozen_winner(own, &old)) != MACIP_NONE) {
		state = stay;
		best = old;
	}
	if (was == MACIP_LOCAL && state == MACIP_REMOTE)
		forget(own);
	apply_own(own, state, best, now);
	tell(own, was, &vtep, now);
	for (struct macip *m = macip_sibling(own); m != NULL; m = macip_sibling(m))
		apply_ip(m, own, now);
	reap(own);
}

/* May M's routes change where the MAC is? */
static bool
matters(struct macip *own, const struct macip *m)
{
	struct macip_claim have, claim = { 0 };
	struct macip_remote *best = NULL;

	for (struct macip_remote *r = m->remotes; r != NULL; r = r->next)
		if (r->attrs->v.mm_seq > own->remote_seq)
			own->remote_seq = r->attrs->v.mm_seq;
	if (own->state == MACIP_NONE ||
	    (own->state == MACIP_LOCAL && own->local == NULL) ||
	    (own->state == MACIP_REMOTE && own->best == NULL))
		return true;
	if (own->frozen)
		return false;
	best_of(m, &best, &claim);
	if (best == NULL || best == own->best)
		return false;
	have = own->state == MACIP_LOCAL ? macip_claim_local(own)
					 : macip_claim_of(own->best);
	return macip_cmp(&claim, &have, NULL) > 0;
}

void
macip_decide(struct macip *m, uint64_t now)
{
	struct macip *own = macip_own(m);

	if (m == own || matters(own, m)) {
		decide_mac(own, now);
		return;
	}
	apply_ip(m, own, now);
	macip_reap(m);
}

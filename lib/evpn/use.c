/*
 * use - addresses that somebody here has asked for, in VNIs that resolve on demand.
 *
 * Keeps: per EVI one use for a MAC or an IP, in a tree; those that are UNKNOWN in the order in
 * which they came, those that wait for the kernel in another; and one tree over all EVIs of
 * those with a time at which something is due. Always: the counters of demand_stats that
 * count what there is now (macs, ips, unknown, outstanding) agree with the tree.
 */
#include "evpn/use.h"

#include <stdlib.h>

#include "base/mem.h"

#define AGE_S 300
#define UNKNOWN_MS 10000
#define UNKNOWN_MAX 1024

static int
use_cmp(const struct use *a, const struct use *b)
{
	int c = ip_cmp(&a->ip, &b->ip);

	return c != 0 ? c : mac_cmp(&a->mac, &b->mac);
}

static int
timer_cmp(const struct use *a, const struct use *b)
{
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms ? -1 : 1;
	return a < b ? -1 : a > b;
}

RB_GENERATE(uses, use, link, use_cmp)
RB_GENERATE(demand_timers, use, timer, timer_cmp)

static const struct mac no_mac;
static const struct ip no_ip;

struct use *
use_find(struct demand *d, const struct mac *mac, const struct ip *ip)
{
	struct use k;

	k.mac = mac != NULL ? *mac : no_mac;
	k.ip = ip != NULL ? *ip : no_ip;
	return RB_FIND(uses, &d->uses, &k);
}

void
use_set_timer(struct use *u, uint64_t due_ms)
{
	struct evpn *e = u->evi->evpn;

	if (u->due_ms != 0)
		RB_REMOVE(demand_timers, &e->demand_timers, u);
	u->due_ms = due_ms;
	if (due_ms != 0)
		RB_INSERT(demand_timers, &e->demand_timers, u);
}

void
use_set_outstanding(struct use *u, uint64_t now_us)
{
	struct evpn *e = u->evi->evpn;

	if (u->missed_us != 0) {
		TAILQ_REMOVE(&e->outstanding, u, outstanding_link);
		e->noutstanding--;
		u->evi->demand->stats.outstanding--;
	}
	u->missed_us = now_us;
	if (now_us != 0) {
		TAILQ_INSERT_TAIL(&e->outstanding, u, outstanding_link);
		e->noutstanding++;
		u->evi->demand->stats.outstanding++;
	}
}

static uint32_t *
use_counter(struct use *u)
{
	struct demand_stats *s = &u->evi->demand->stats;

	if (u->state == USE_UNKNOWN)
		return &s->unknown;
	return ip_is_set(&u->ip) ? &s->ips : &s->macs;
}

void
use_free(struct use *u)
{
	struct demand *d = u->evi->demand;

	--*use_counter(u);
	if (u->state == USE_UNKNOWN)
		TAILQ_REMOVE(&d->unknown, u, unknown_link);
	use_set_outstanding(u, 0);
	use_set_timer(u, 0);
	RB_REMOVE(uses, &d->uses, u);
	free(u);
}

uint32_t
evi_demand_age_s(const struct evi *evi)
{
	return evi->conf.on_demand_age_s != 0 ? evi->conf.on_demand_age_s : AGE_S;
}

uint64_t
use_age_ms(const struct evi *evi)
{
	return evi_demand_age_s(evi) * UINT64_C(1000);
}

/* An address nobody knows (any more) is forgotten after a while, the oldest at once. */
static void
use_unknown(struct use *u, uint64_t now)
{
	struct demand *d = u->evi->demand;

	u->state = USE_UNKNOWN;
	TAILQ_INSERT_TAIL(&d->unknown, u, unknown_link);
	use_set_timer(u, now + UNKNOWN_MS);
	if (++d->stats.unknown > UNKNOWN_MAX)
		use_free(TAILQ_FIRST(&d->unknown));
}

static void
use_wanted(struct use *u, uint64_t now)
{
	u->state = USE_WANTED;
	u->since_s = now_s(now);
	++*use_counter(u);
	use_set_timer(u, ip_is_set(&u->ip) ? 0 : now + use_age_ms(u->evi));
}

struct use *
use_new(struct evi *evi, const struct mac *mac, const struct ip *ip,
    enum use_state state, uint64_t now)
{
	struct use *u = xcalloc(1, sizeof(*u));

	u->evi = evi;
	u->mac = mac != NULL ? *mac : no_mac;
	u->ip = ip != NULL ? *ip : no_ip;
	RB_INSERT(uses, &evi->demand->uses, u);
	if (state == USE_WANTED)
		use_wanted(u, now);
	else
		use_unknown(u, now);
	return u;
}

void
use_turn(struct use *u, enum use_state state, uint64_t now)
{
	if (u->state == state)
		return;
	--*use_counter(u);
	if (u->state == USE_UNKNOWN)
		TAILQ_REMOVE(&u->evi->demand->unknown, u, unknown_link);
	if (state == USE_WANTED) {
		use_wanted(u, now);
	} else {
		use_set_outstanding(u, 0);
		use_unknown(u, now);
	}
}

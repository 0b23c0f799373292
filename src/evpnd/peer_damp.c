/*
 * peer_damp - how long a neighbor is left alone when a session has ended: RFC 4271, 8.1.1,
 * IdleHoldTime and DampPeerOscillations.
 *
 * Two counts. Sessions that do not come up double the time from one second to thirty; calls
 * of the neighbor are taken meanwhile. Sessions that come up and end within a minute by a
 * fault, time and again, double it to a minute, and calls are refused: a neighbor that
 * oscillates costs us, and whoever hears of its routes through us, no more than that. A
 * connection lost without a NOTIFICATION by one that speaks graceful restart is a restart.
 * Each time is up to a quarter shorter, so that neighbors do not go in step.
 */
#include <event2/event.h>
#include <stdlib.h>

#include "peer_int.h"

#define START_MIN_MS 1000
#define START_MAX_MS 30000
#define DAMP_MAX_MS 60000
#define STABLE_MS 60000 /* a session that lived so long makes up for all */
#define FLAPS_FREE 3    /* that cost nothing */

static bool
damps(const struct peer *p)
{
	return !p->peers->d->conf->bgp.no_damping;
}

/* Somebody's wish, not a fault. */
static bool
is_wish(const struct bgp_error *e)
{
	static const uint8_t wishes[] = { BGP_CEASE_SHUTDOWN, BGP_CEASE_DECONFIGURED,
		BGP_CEASE_RESET, BGP_CEASE_CONFIG, BGP_CEASE_COLLISION };
	size_t i;

	if (e->code != BGP_ERR_CEASE)
		return false;
	for (i = 0; i < sizeof(wishes); i++)
		if (e->subcode == wishes[i])
			return true;
	return false;
}

void
peer_damp_count(struct peer *p, const struct bgp_error *err, uint64_t lived_ms)
{
	p->failures = 0;
	if (lived_ms >= STABLE_MS)
		p->flaps = 0;
	if (is_wish(err) || (err->code == 0 && p->open.caps.graceful_restart))
		return;
	p->flaps++;
}

void
peer_damp_forget(struct peer *p)
{
	p->failures = p->flaps = 0;
}

static uint64_t
doubled(uint64_t ms, unsigned times, uint64_t most)
{
	while (times-- > 0 && ms < most)
		ms *= 2;
	return ms < most ? ms : most;
}

void
peer_damp_hold(struct peer *p)
{
	uint64_t ms = doubled(START_MIN_MS, p->failures, START_MAX_MS), damped;
	struct timeval tv;

	p->held = damps(p) && p->flaps > FLAPS_FREE;
	if (p->held) {
		damped = doubled(START_MIN_MS, p->flaps - FLAPS_FREE, DAMP_MAX_MS);
		if (damped > ms)
			ms = damped;
		peer_log(p, LOG_NOTICE,
		    "oscillates: %u sessions ended soon; left alone for %u s", p->flaps,
		    (unsigned)(ms / 1000));
	}
	ms -= arc4random_uniform((uint32_t)ms / 4 + 1);
	p->start_ms = evpnd_now() + ms;
	tv = (struct timeval){ (time_t)(ms / 1000), (suseconds_t)(ms % 1000 * 1000) };
	evtimer_add(p->start, &tv);
}

bool
peer_damped(const struct peer *p)
{
	return p->held && p->session == NULL && evtimer_pending(p->start, NULL);
}

uint64_t
peer_damp_left(const struct peer *p)
{
	uint64_t now = evpnd_now();

	if (p->session != NULL || !evtimer_pending(p->start, NULL))
		return 0;
	return p->start_ms > now ? p->start_ms - now : 0;
}

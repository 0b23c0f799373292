/*
 * peer_past - our own restart, as far as neighbors see it (RFC 4724, 4.1).
 *
 * No session begins before the kernel was read and our own routes are in the RIB. Who passes
 * routes on (a reflector, a spine) sends End-of-RIB only when the neighbors of the earlier
 * life have sent theirs: whoever keeps our routes as stale would else drop those that have
 * yet to come. Not waited for: a neighbor that does not know End-of-RIB, one that was deleted,
 * for long one that restarts as well (it may wait for us); nobody longer than
 * select-defer-time.
 */
#include <event2/event.h>
#include <stdlib.h>

#include "base/mem.h"
#include "peer_int.h"

#define DEFER_S 120
#define LOOK_MS 500
#define RESTARTS_MS 5000 /* so long a neighbor that restarts as well is waited for */

void
peers_hold(struct peers *ps)
{
	ps->held = true;
}

/* Does anything that one neighbor tells us go to another? */
static bool
passes_on(const struct conf *c)
{
	const struct conf_peer *cp;

	TAILQ_FOREACH (cp, &c->bgp.peers, link) {
		if (cp->rr_client == CONF_YES || cp->as_kind == CONF_AS_EXTERNAL ||
		    (cp->as_kind == CONF_AS_NUMBER && cp->as != c->bgp.as))
			return true;
	}
	return false;
}

static void
on_look(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	peers_past_look(arg);
}

void
peers_go(struct peers *ps, const struct ip *past, unsigned n)
{
	const struct conf *c = ps->d->conf;
	static const struct timeval every = { .tv_usec = LOOK_MS * 1000 };
	uint16_t defer_s = c->bgp.gr_defer_s != 0 ? c->bgp.gr_defer_s : DEFER_S;
	struct peer *p;

	ps->held = false;
	if (n > 0 && passes_on(c)) {
		ps->past = xreallocarray(NULL, n, sizeof(*past));
		memcpy(ps->past, past, n * sizeof(*past));
		ps->npast = n;
		ps->past_until_ms = evpnd_now() + defer_s * 1000ull;
		ps->past_timer = event_new(ps->d->base, -1, EV_PERSIST, on_look, ps);
		event_add(ps->past_timer, &every);
	}
	listener_apply(ps->listener);
	TAILQ_FOREACH (p, &ps->list, link)
		peer_start(p);
}

void
peers_past(const struct peers *ps, void (*each)(const struct ip *, void *), void *arg)
{
	const struct peer *p;
	unsigned i;

	TAILQ_FOREACH (p, &ps->list, link) {
		if ((p->state == FSM_ESTABLISHED && p->evpn) || p->stale != STALE_NONE)
			each(&p->conf.addr, arg);
	}
	for (i = 0; i < ps->npast; i++)
		each(&ps->past[i], arg);
}

/* Has it told all it has, or will it never say so? */
static bool
is_done(struct peers *ps, const struct ip *addr)
{
	const struct peer *p = peers_by_addr(ps, addr);

	if (p == NULL || p->state != FSM_ESTABLISHED)
		return !peers_expect(ps, addr);
	if (!p->evpn || p->eor_received || !p->open.caps.graceful_restart)
		return true;
	/* FRR says so in its first minutes, and sends its routes all the same. */
	return p->open.caps.gr_restarting && evpnd_now() - p->changed_ms > RESTARTS_MS;
}

void
peers_past_look(struct peers *ps)
{
	struct peer *p;

	if (ps->npast == 0)
		return;
	if (evpnd_now() >= ps->past_until_ms)
		ps->npast = 0;
	while (ps->npast > 0 && is_done(ps, &ps->past[ps->npast - 1]))
		ps->npast--;
	if (ps->npast > 0)
		return;
	event_free(ps->past_timer);
	ps->past_timer = NULL;
	free(ps->past);
	ps->past = NULL;
	log_info("restart: the neighbors are back, or were waited for long enough");
	TAILQ_FOREACH (p, &ps->list, link)
		p->out.eor_held = false;
	pipeline_wake(ps->d);
}

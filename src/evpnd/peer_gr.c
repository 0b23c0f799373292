/*
 * peer_gr - graceful restart: what becomes of a neighbor's routes when its session is lost.
 *
 * A neighbor that asked for it (RFC 4724) and went without a NOTIFICATION, or with one if both
 * sides know RFC 8538, keeps its routes: marked stale, used as before. They go when
 *
 *   it does not come back in its restart time, or in our stalepath-time;
 *   it comes back without having kept its forwarding, or as somebody else;
 *   it comes back and has not repeated them by its End-of-RIB, or by the stalepath-time;
 *   it is deleted, shut down or cleared; a Hard Reset ends the session.
 *
 * With long-lived graceful restart (RFC 9494) on both sides they stay, instead of going at the
 * end of the restart time, as a last resort until the stale time is over.
 *
 * FRR names l2vpn evpn only with "bgp graceful-restart", and says that forwarding was kept only
 * with "preserve-fw-state". Where our configuration says `neighbor X graceful-restart` of just
 * this neighbor, its routes are kept all the same: whoever writes it knows that the neighbor
 * goes on forwarding.
 */
#include <event2/event.h>

#include "peer_int.h"

#define RESTART_S 120
#define STALEPATH_S 360

static const struct conf_bgp *
conf_of(const struct peer *p)
{
	return &p->peers->d->conf->bgp;
}

enum conf_gr
peer_gr_mode(const struct peer *p)
{
	const struct conf_bgp *b = conf_of(p);

	if (p->conf.gr != CONF_GR_UNSET)
		return p->conf.gr;
	if (b->gr_disable)
		return CONF_GR_DISABLE;
	return b->gr == CONF_NO ? CONF_GR_HELPER : CONF_GR_RESTART;
}

void
peer_gr_open(const struct peer *p, struct caps *caps)
{
	const struct conf_bgp *b = conf_of(p);
	const struct evpnd *d = p->peers->d;
	enum conf_gr mode = peer_gr_mode(p);
	uint8_t forwarding =
	    d->forwarding && b->gr_preserve_fw != CONF_NO ? CAPS_FORWARDING : 0;

	if (mode == CONF_GR_DISABLE)
		return;
	caps->graceful_restart = true;
	caps->gr_restarting = d->restarting;
	caps->gr_notification = b->gr_notification != CONF_NO;
	caps->gr_time = b->gr_restart_s != 0 ? b->gr_restart_s : RESTART_S;
	caps->llgr = b->llgr_s != 0;
	for (unsigned i = 0; i < caps->families && mode == CONF_GR_RESTART; i++) {
		struct caps_family *f = &caps->family[i];

		f->gr_listed = true;
		f->gr_flags = forwarding;
		f->llgr_listed = caps->llgr;
		f->llgr_flags = forwarding;
		f->llgr_s = b->llgr_s < CAPS_LLGR_MAX ? b->llgr_s : CAPS_LLGR_MAX;
	}
}

static const struct caps_family *
family_of(const struct peer *p)
{
	return caps_find(&p->open.caps, AFI_L2VPN, SAFI_EVPN);
}

/* Does the neighbor ask to have its routes kept, or does the configuration for it? */
static bool
is_asked(const struct peer *p)
{
	const struct caps_family *f = family_of(p);

	if (!p->open.caps.graceful_restart || f == NULL)
		return false;
	return f->gr_listed || p->conf.gr == CONF_GR_RESTART;
}

/* Is this end one that its routes outlive? RFC 4724, 4.2; RFC 8538, 4. */
static bool
is_survived(const struct peer *p, const struct session_end *end)
{
	const struct bgp_error *e = &end->err;
	bool cease = e->code == BGP_ERR_CEASE;

	if (p->peers->stopped || p->deleted || p->over_limit ||
	    p->conf.shutdown == CONF_YES || p->rp.paths == 0)
		return false;
	if (e->code == 0)
		return true;
	if (!p->open.caps.gr_notification || conf_of(p)->gr_notification == CONF_NO)
		return false;
	/* What we end on purpose is over. */
	return !e->hard && (!cease || (!end->sent && e->subcode != BGP_CEASE_HARD));
}

static void
arm(struct peer *p, uint64_t ms)
{
	struct timeval tv = {
		.tv_sec = (time_t)(ms / 1000),
		.tv_usec = (suseconds_t)(ms % 1000 * 1000),
	};

	evtimer_add(p->gr_timer, &tv);
}

static uint32_t
stalepath_s(const struct peer *p)
{
	const struct conf_bgp *b = conf_of(p);

	return b->gr_stalepath_s != 0 ? b->gr_stalepath_s : STALEPATH_S;
}

/* The lower of what both sides say; 0: one of them does not want it. */
static uint32_t
llgr_agreed(const struct peer *p)
{
	const struct caps_family *f = family_of(p);
	uint32_t ours = conf_of(p)->llgr_s;

	if (f == NULL || !f->llgr_listed)
		return 0;
	return f->llgr_s < ours ? f->llgr_s : ours;
}

static void
over(struct peer *p)
{
	p->stale = STALE_NONE;
	evtimer_del(p->gr_timer);
}

/* The restart time is over, or there is none. */
static void
linger_or_forget(struct peer *p)
{
	if (p->llgr_s == 0) {
		peer_log(
		    p, LOG_NOTICE, "did not come back: its %u routes go", p->rp.paths);
		peer_gr_forget(p);
		return;
	}
	p->stale = STALE_LLGR;
	p->stale_until_ms = evpnd_now() + p->llgr_s * 1000ull;
	p->lingering = true;
	arm(p, p->llgr_s * 1000ull);
	peer_log(p, LOG_NOTICE,
	    "did not come back: its %u routes stay as a last "
	    "resort, for %u s",
	    p->rp.paths, p->llgr_s);
	pipeline_wake(p->peers->d);
}

bool
peer_gr_keep(struct peer *p, const struct session_end *end)
{
	bool again = p->stale != STALE_NONE || p->sweeping;
	uint32_t wait_s = p->open.caps.gr_time;

	over(p);
	p->lingering = false;
	if (peer_gr_mode(p) == CONF_GR_DISABLE || !p->evpn || !is_asked(p) ||
	    !is_survived(p, end))
		return false;
	/* RFC 4724, 4.2: what was not repeated since the last restart goes. */
	while (again)
		again = !rib_peer_sweep(p->peers->d->rib, &p->rp, 4096);
	rib_peer_mark(p->peers->d->rib, &p->rp);
	p->llgr_s = llgr_agreed(p);
	p->stale = STALE_GR;
	p->stale_until_ms = evpnd_now() + stalepath_s(p) * 1000ull;
	if (wait_s > stalepath_s(p))
		wait_s = stalepath_s(p);
	p->gr_until_ms = evpnd_now() + wait_s * 1000ull;
	if (wait_s > 0) {
		arm(p, wait_s * 1000ull);
		peer_log(p, LOG_NOTICE,
		    "its %u routes are kept: it has %u s to come back", p->rp.paths,
		    wait_s);
	} else {
		linger_or_forget(p);
	}
	return true;
}

/* The same speaker as before, to the decision process? */
static bool
is_same(const struct peer *p)
{
	bool ibgp = p->open.as == p->local_as;

	return p->rp.router_id == p->open.router_id && p->rp.as == p->open.as &&
	    p->rp.ibgp == ibgp &&
	    p->rp.rr_client == (ibgp && p->conf.rr_client == CONF_YES);
}

/* Has it kept its forwarding? RFC 4724, 4.2; RFC 9494, 4.2. */
static bool
has_kept(const struct peer *p)
{
	const struct caps_family *f = family_of(p);

	if (!p->evpn || !p->open.caps.graceful_restart || f == NULL)
		return false;
	if (p->conf.gr == CONF_GR_RESTART && p->stale == STALE_GR)
		return true;
	if (p->stale == STALE_LLGR)
		return f->llgr_listed && (f->llgr_flags & CAPS_FORWARDING);
	return f->gr_flags & CAPS_FORWARDING;
}

void
peer_gr_up(struct peer *p)
{
	uint64_t now = evpnd_now();

	if (p->stale == STALE_NONE)
		return;
	if (!is_same(p)) {
		while (!rib_peer_flush(p->peers->d->rib, &p->rp, 4096))
			;
		over(p);
		p->lingering = false;
	} else if (!has_kept(p)) {
		peer_log(p, LOG_NOTICE,
		    "is back without its forwarding: its %u routes go", p->rp.paths);
		over(p);
		p->sweeping = true;
		pipeline_wake(p->peers->d);
	} else if (p->stale == STALE_GR) {
		arm(p, p->stale_until_ms > now ? p->stale_until_ms - now : 1);
	}
}

void
peer_gr_eor(struct peer *p)
{
	if (p->stale == STALE_NONE)
		return;
	over(p);
	p->sweeping = true;
	pipeline_wake(p->peers->d);
}

void
peer_gr_forget(struct peer *p)
{
	if (p->stale == STALE_NONE)
		return;
	over(p);
	p->lingering = false;
	p->flushing = true;
	pipeline_wake(p->peers->d);
	if (p->dynamic && p->session == NULL && !p->deleted)
		peer_delete(p, NULL);
}

void
peer_on_gr(evutil_socket_t fd, short what, void *arg)
{
	struct peer *p = arg;

	(void)fd;
	(void)what;
	if (p->state == FSM_ESTABLISHED) {
		peer_log(
		    p, LOG_NOTICE, "sent no End-of-RIB: what it did not repeat goes");
		peer_gr_eor(p);
	} else if (p->stale == STALE_GR) {
		linger_or_forget(p);
	} else {
		peer_log(
		    p, LOG_NOTICE, "did not come back: its %u routes go", p->rp.paths);
		peer_gr_forget(p);
	}
}

void
peer_gr_harden(const struct peer *p, struct bgp_error *err)
{
	if (p->state == FSM_ESTABLISHED && err->code == BGP_ERR_CEASE &&
	    p->open.caps.gr_notification && peer_gr_mode(p) != CONF_GR_DISABLE &&
	    conf_of(p)->gr_notification != CONF_NO)
		err->hard = true;
}

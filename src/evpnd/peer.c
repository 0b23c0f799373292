/*
 * peer - see peer.h. The lives of neighbors and of their sessions.
 *
 * Always: a neighbor that may have a session has one, or its START timer runs. SESSION is
 * the one shown; OTHER exists only while two connections compete (RFC 4271, 6.8). A neighbor
 * that lost its session keeps its paths until peers_work() has flushed them; one that was
 * deleted moves to DYING for that time, so that nothing in the RIB points to freed memory.
 */
#include "peer.h"

#include <event2/event.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bfd.h"
#include "peer_int.h"

#define IDS_MAX 32767 /* adjout counts the peers of a group in 15 bits */
#define WATCH_S 5

void
peer_log(const struct peer *p, int level, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	log_line(level, "peer %s: %s", p->conf.name, text);
}

/* Why there is no session, for people. */
void
peer_note(struct peer *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(p->last_reset, sizeof(p->last_reset), fmt, ap);
	va_end(ap);
	p->last_reset_ms = evpnd_now();
}

bool
peer_active(const struct peer *p)
{
	if (p->conf.activate == CONF_UNSET)
		return p->peers->d->conf->bgp.default_l2vpn_evpn;
	return p->conf.activate == CONF_YES;
}

bool
peer_may_run(const struct peer *p)
{
	const struct peers *ps = p->peers;

	return !ps->stopped && !ps->held && !p->deleted && ps->globals.router_id != 0 &&
	    p->conf.shutdown != CONF_YES && p->conf.as_kind != CONF_AS_NONE &&
	    !p->over_limit;
}

/* Neighbors. */

static uint16_t
id_get(struct peers *ps, struct peer *p)
{
	unsigned i = 1;

	while (i < ps->ids && ps->by_id[i] != NULL)
		i++;
	if (i >= ps->ids) {
		unsigned n = ps->ids == 0 ? 16 : 2 * ps->ids;

		ps->by_id = xreallocarray(ps->by_id, n, sizeof(struct peer *));
		memset(ps->by_id + ps->ids, 0, (n - ps->ids) * sizeof(struct peer *));
		i = ps->ids == 0 ? 1 : ps->ids;
		ps->ids = n;
	}
	ps->by_id[i] = p;
	return (uint16_t)i;
}

struct peer *
peer_new(struct peers *ps, const struct ip *addr, bool dynamic)
{
	struct peer *p = xcalloc(1, sizeof(*p));

	p->peers = ps;
	p->dynamic = dynamic;
	p->rp.addr = *addr;
	p->rp.id = id_get(ps, p);
	LIST_INIT(&p->rp.list);
	p->start = evtimer_new(ps->d->base, peer_on_start, p);
	p->restart = evtimer_new(ps->d->base, peer_on_restart, p);
	p->gr_timer = evtimer_new(ps->d->base, peer_on_gr, p);
	TAILQ_INSERT_TAIL(&ps->list, p, link);
	return p;
}

/* P is in no list. */
void
peer_destroy(struct peer *p)
{
	struct peers *ps = p->peers;

	TAILQ_REMOVE(&ps->dying, p, link);
	ps->by_id[p->rp.id] = NULL;
	event_free(p->start);
	event_free(p->restart);
	event_free(p->gr_timer);
	peer_conf_fini(&p->conf);
	free(p);
}

void
peer_delete(struct peer *p, const struct bgp_error *err)
{
	struct peers *ps = p->peers;

	p->deleted = true; /* nothing starts again */
	peer_stop(p, err);
	session_free(p->other);
	session_free(p->session);
	p->session = p->other = NULL;
	peer_bfd_apply(p);
	evtimer_del(p->start);
	evtimer_del(p->restart);
	evtimer_del(p->gr_timer);
	p->stale = STALE_NONE;
	p->lingering = false;
	if (ps->next_out == p)
		ps->next_out = NULL;
	TAILQ_REMOVE(&ps->list, p, link);
	TAILQ_INSERT_TAIL(&ps->dying, p, link);
	p->flushing = true;
	pipeline_wake(ps->d);
}

struct evpnd *
peers_daemon(struct peers *ps)
{
	return ps->d;
}

struct peer *
peers_first(struct peers *ps)
{
	return TAILQ_FIRST(&ps->list);
}

struct peer *
peers_after(struct peer *p)
{
	return TAILQ_NEXT(p, link);
}

struct peer *
peers_by_addr(struct peers *ps, const struct ip *addr)
{
	struct peer *p;

	TAILQ_FOREACH (p, &ps->list, link) {
		if (ip_cmp(&p->conf.addr, addr) == 0)
			return p;
	}
	return NULL;
}

struct peer *
peers_find(struct peers *ps, const char *name)
{
	struct peer *p;
	struct ip ip;

	if (ip_parse(name, &ip))
		return peers_by_addr(ps, &ip);
	TAILQ_FOREACH (p, &ps->list, link) {
		if (strcmp(p->conf.name, name) == 0)
			return p;
	}
	return NULL;
}

struct peer *
peers_by_id(struct peers *ps, uint16_t id)
{
	return id < ps->ids ? ps->by_id[id] : NULL;
}

bool
peers_converged(const struct peers *ps)
{
	const struct peer *p;

	TAILQ_FOREACH (p, &ps->list, link) {
		bool silent = p->state == FSM_ESTABLISHED && !p->evpn;

		if (peer_active(p) && peer_may_run(p) && !p->eor_received && !silent)
			return false;
	}
	return true;
}

/*
 * The kernel's counters do not say whose segments were dropped. Whoever has no session when
 * one moves may be concerned: those with ttl-security, those with a password.
 */
static void
on_watch(evutil_socket_t fd, short what, void *arg)
{
	struct peers *ps = arg;
	struct tcp_drops drops = tcp_drops(), before = ps->drops;
	struct peer *p;
	bool blamed = false;

	(void)fd;
	(void)what;
	listener_retry(ps->listener);
	bfds_retry(ps->bfds);
	ration_check(ps);
	ps->drops = drops;
	TAILQ_FOREACH (p, &ps->list, link) {
		if (p->state == FSM_ESTABLISHED || !peer_may_run(p))
			continue;
		if (drops.ttl > before.ttl && p->conf.ttl_hops != 0)
			peer_blame_ttl(p);
		else if (drops.md5 > before.md5 && p->conf.password != NULL)
			peer_blame_md5(p);
		else
			continue;
		blamed = true;
	}
	if (drops.md5 > before.md5 && !blamed)
		log_info("listen: TCP MD5: %llu segments without or with a wrong "
			 "password were dropped",
		    (unsigned long long)(drops.md5 - before.md5));
}

struct peers *
peers_new(struct evpnd *d)
{
	static const struct timeval every = { .tv_sec = WATCH_S };
	struct peers *ps = xcalloc(1, sizeof(*ps));

	ps->d = d;
	TAILQ_INIT(&ps->list);
	TAILQ_INIT(&ps->dying);
	TAILQ_INIT(&ps->groups);
	ps->buf = xmalloc(PEER_BUF);
	ps->listener = listener_new(ps);
	ps->lingers = lingers_new(d->base);
	ps->bfds = bfds_new(d->base);
	ps->drops = tcp_drops();
	ps->watch = event_new(d->base, -1, EV_PERSIST, on_watch, ps);
	event_add(ps->watch, &every);
	return ps;
}

void
peers_free(struct peers *ps)
{
	struct peer *p;

	if (ps == NULL)
		return;
	ps->stopped = true;
	while ((p = TAILQ_FIRST(&ps->list)) != NULL)
		peer_delete(p, NULL);
	bfds_free(ps->bfds);
	while ((p = TAILQ_FIRST(&ps->dying)) != NULL) {
		while (!rib_peer_flush(ps->d->rib, &p->rp, 4096))
			;
		peer_destroy(p);
	}
	peer_groups_free(ps);
	listener_free(ps->listener);
	lingers_free(ps->lingers);
	event_free(ps->watch);
	if (ps->past_timer != NULL)
		event_free(ps->past_timer);
	free(ps->past);
	free(ps->by_id);
	free(ps->buf);
	free(ps);
}

void
peers_stop(struct peers *ps, bool cease)
{
	struct bgp_error err = peer_cease(
	    BGP_CEASE_SHUTDOWN, "leaving", "administratively shut down: leaving");
	struct peer *p, *next;

	ps->stopped = true;
	listener_apply(ps->listener);
	for (p = TAILQ_FIRST(&ps->list); p != NULL; p = next) {
		next = peers_after(p);
		peer_stop(p, cease ? &err : NULL);
	}
}

static void
clear_hard(struct peer *p)
{
	struct bgp_error err =
	    peer_cease(BGP_CEASE_RESET, NULL, "cleared by the operator");

	p->over_limit = false;
	peer_damp_forget(p);
	evtimer_del(p->restart);
	peer_stop(p, &err);
	peer_gr_forget(p);
	if (!p->dynamic)
		peer_start(p);
}

bool
peer_refresh(struct peer *p)
{
	if (!p->evpn || !p->open.caps.refresh)
		return false;
	peer_send_refresh(p, 0);
	return true;
}

static void
clear_soft_in(struct peer *p)
{
	(void)peer_refresh(p);
}

void
peer_clear(struct peers *ps, struct peer *one, enum peer_clear how)
{
	static void (*const clear[])(struct peer *) = {
		[PEER_CLEAR_HARD] = clear_hard,
		[PEER_CLEAR_SOFT_IN] = clear_soft_in,
		[PEER_CLEAR_SOFT_OUT] = peer_send_again,
	};
	struct peer *p, *next;

	for (p = TAILQ_FIRST(&ps->list); p != NULL; p = next) {
		next = peers_after(p);
		if (one == NULL || one == p)
			clear[how](p);
	}
}

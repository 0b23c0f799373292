/*
 * pipeline - carries changes from table to table. Read this first.
 *
 *	peers ──► RIB ──► EVPN tables ──► ktab ──► kernel
 *	  ▲        ▲           ▲            │
 *	  └────────┴─ own routes ◄── heard ─┘
 *
 * Every table queues its own changed rows and calls nobody. A turn takes a bounded number of
 * rows off each queue, in the order of the path, and hands them to the next table; what is
 * left waits for the next turn, and in between the event loop serves the sockets, so that no
 * amount of work makes a keepalive late. When all queues are empty the pipeline sleeps until
 * pipeline_wake(), or until the earliest deadline of a table.
 */
#include "pipeline.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>

#include "apply.h"
#include "base/mem.h"
#include "bgpnews.h"
#include "ctl.h"
#include "debug.h"
#include "evpnd.h"
#include "log.h"
#include "netlink.h"
#include "peer.h"
#include "replay.h"
#include "resume.h"
#include "snoop.h"

/* Rows a stage may take in one turn: some 2 ms of work at the most. */
#define BUDGET 2048

/* FDB entries whose age is asked for in one turn. */
#define CHECKS 64

/* A stage that takes so long is worth a line. */
#define LONG_MS 250

/* How long entries of an earlier life are kept when the peers do not come back. */
#define RELEASE_S 300

/* Sessions wait for the kernel to be read, but not for longer than this. */
#define GO_MS (30 * 1000)

struct pipeline {
	struct evpnd *d;
	struct event *turn;  /* fires at once when awake */
	struct event *timer; /* fires at the earliest deadline */
	bool awake;
	bool gone;        /* peers_go() was called */
	bool released;    /* ktab_release() was called */
	bool reimporting; /* a walk over the RIB is under way ... */
	struct nlri walk; /* ... and goes on here */
	uint64_t logged;  /* events that evpn_to_log() has seen */
};

/* Stages: each takes at most BUDGET rows and says true when its queue is empty. */

static bool
links_to_evpn(struct evpnd *d, uint64_t now)
{
	struct klink *l;
	unsigned n = 0;

	(void)now;
	apply_forwarding(d);
	while (n++ < BUDGET && (l = klink_changed(d->klinks)) != NULL) {
		apply_link(d, l);
		evpn_link(d->evpn, l);
	}
	return n <= BUDGET;
}

static bool
heard_to_evpn(struct evpnd *d, uint64_t now)
{
	struct krow *r;
	unsigned n = 0;

	while (n++ < BUDGET && (r = ktab_heard(d->ktab)) != NULL) {
		if (KROW_KEY(r)->kind == KOBJ_ADDR)
			apply_addresses(d);
		evpn_heard(d->evpn, r, now);
	}
	return n <= BUDGET;
}

/* The view of a path that the EVPN tables want. */
static struct evpn_path
path_view(const struct path *p)
{
	return (struct evpn_path){
		.attrs = p->attrs,
		.label = p->label,
		.labels = p->labels,
		.peer = p->peer->id,
		.self = p->peer->self,
	};
}

static bool
rib_to_evpn_and_peers(struct evpnd *d, uint64_t now)
{
	struct dest *dest;
	unsigned n = 0;

	while (n++ < BUDGET && (dest = rib_changed(d->rib)) != NULL) {
		struct path *best = dest_best(dest);
		struct evpn_path view;

		if (best != NULL)
			view = path_view(best);
		if (dest->nlri.type == NLRI_IMET)
			d->underlay.soon = true; /* a VTEP more, or less */
		bgpnews_dest(d, dest, now);
		evpn_route(d->evpn, &dest->nlri, dest->carried,
		    best != NULL ? &view : NULL, now);
		peers_dest(d->peers, dest);
		rib_carried(d->rib, dest);
	}
	return n <= BUDGET;
}

/* VNIs that came after the routes: one walk over the RIB for all of them. */
static bool
rib_to_new_evis(struct evpnd *d, uint64_t now)
{
	struct pipeline *p = d->pipeline;
	struct dest *dest;
	unsigned n = 0;

	if (!p->reimporting && !evpn_wants_reimport(d->evpn))
		return true;
	if (!p->reimporting)
		p->walk = (struct nlri){ 0 };
	p->reimporting = true;
	for (dest = rib_from(d->rib, &p->walk); dest != NULL; dest = rib_after(dest)) {
		struct path *best = dest_best(dest);

		if (n++ == BUDGET) {
			p->walk = dest->nlri;
			return false;
		}
		if (dest->changed) {
			dest->touched = 1; /* its own turn carries it, changed or not */
		} else if (best != NULL) {
			struct evpn_path view = path_view(best);

			evpn_reimport(d->evpn, &dest->nlri, &view, now);
		}
	}
	p->reimporting = false;
	evpn_reimport_done(d->evpn);
	return true;
}

static bool
underlay_to_evpn(struct evpnd *d, uint64_t now)
{
	apply_underlay(d, now);
	return true;
}

static bool
evpn_rows(struct evpnd *d, uint64_t now)
{
	/* What is to be imported again waits for an earlier stage: the next turn's. */
	return evpn_drain(d->evpn, BUDGET, now) && !evpn_wants_reimport(d->evpn);
}

/* May it concern what the next life has to be told of hosts? */
static bool
is_remembered(const struct evpn_origin *o)
{
	return o->key.type == NLRI_MACIP &&
	    (o->attrs == NULL || ip_is_set(&o->key.ip) || o->attrs->v.mm_seq > 0);
}

static bool
origin_to_rib(struct evpnd *d, uint64_t now)
{
	struct evpn_origin o;
	unsigned n = 0;

	while (n++ < BUDGET && evpn_origin(d->evpn, &o)) {
		if (is_remembered(&o))
			resume_dirty(d->resume);
		if (o.attrs == NULL) {
			rib_withdraw(d->rib, &d->self, &o.key);
			continue;
		}
		rib_update(d->rib, &d->self, &o.key, &o.info, o.attrs, 0, now);
		attrs_unref(d->attrs, o.attrs);
	}
	return n <= BUDGET;
}

static bool
evpn_to_snoop(struct evpnd *d, uint64_t now)
{
	struct evpn_probe probe;
	struct evpn_ask ask;
	uint32_t port;
	bool on;

	(void)now;
	while (evpn_snoop_port(d->evpn, &port, &on)) {
		bool sensor = evpn_is_sensor(d->evpn, port);

		snoop_port(d->snoop, port, on && !sensor);
		replay_device(d->replay, port, on && sensor);
	}
	while (evpn_probe(d->evpn, &probe))
		snoop_probe(d->snoop, probe.port, probe.vlan, &probe.mac, &probe.ip);
	while (evpn_ask(d->evpn, &ask))
		snoop_ask(d->snoop, ask.ifindex, &ask.mac, &ask.from, &ask.ip);
	return true;
}

/* Rows that were missed are there: whoever asked for them is answered. */
static bool
acks_to_hosts(struct evpnd *d, uint64_t now)
{
	struct demand_answer a;

	evpn_demand_acked(d->evpn, evpnd_now_us());
	while (evpn_answer(d->evpn, now, &a)) {
		struct frame_question q = { .mac = a.to.mac,
			.ip = a.to.ip,
			.about = a.to.about,
			.vlan = a.to.vlan };

		snoop_answer(d->snoop, a.to.port, &q, &a.mac, a.router);
	}
	replay_send(d->replay, now);
	return true;
}

/* Not a turn later: the packet after the one that was missed may come in microseconds. */
void
pipeline_hurry(struct evpnd *d)
{
	netlink_hurry(d->netlink);
	(void)acks_to_hosts(d, evpnd_now());
}

static bool
idle_rows(struct evpnd *d, uint64_t now)
{
	struct kkey key;
	uint32_t idle_ms;

	for (unsigned n = 0; n < CHECKS && evpn_check(d->evpn, now, &key); n++)
		if (netlink_idle(d->netlink, &key, &idle_ms))
			evpn_checked(d->evpn, &key, idle_ms, now);
	return true; /* the next ones have a deadline */
}

static bool
peers_long_work(struct evpnd *d, uint64_t now)
{
	(void)now;
	return peers_work(d->peers, BUDGET);
}

static bool
peers_output(struct evpnd *d, uint64_t now)
{
	(void)now;
	return peers_flush(d->peers, BUDGET);
}

static bool
ktab_to_kernel(struct evpnd *d, uint64_t now)
{
	bool done = ktab_work(d->ktab, BUDGET, now);

	netlink_flush(d->netlink);
	return done;
}

/* Where in the VNI: "", or the port. */
static const char *
log_port(struct evpnd *d, const struct evpn_event *ev, char *buf, size_t len)
{
	const struct klink *l = ev->port != 0 ? klink_find(d->klinks, ev->port) : NULL;

	snprintf(
	    buf, len, "%s%s", l != NULL ? ", port " : "", l != NULL ? l->name : "");
	return buf;
}

static void
log_limit(struct evpnd *d, const struct evpn_event *ev)
{
	struct evi *evi = evi_find(d->evpn, ev->vni);
	bool ip = ev->kind == EV_IP_LIMIT;
	enum evi_limit limit = ip ? EVI_LIMIT_IPS : EVI_LIMIT_MACS;
	char port[32];

	if (evi != NULL)
		log_line(LOG_WARNING,
		    "vni %u%s: %s-limit %u reached: no more are learned", ev->vni,
		    log_port(d, ev, port, sizeof(port)), ip ? "host" : "mac",
		    evi_limit(evi, ev->port != 0 ? limit + 1 : limit));
}

static void
log_spoof(struct evpnd *d, const struct evpn_event *ev)
{
	bool remote = ip_is_set(&ev->vtep);
	char port[32];

	log_line(LOG_WARNING, "vni %u%s%s%s: %s%s%s claims to be a gateway of ours",
	    ev->vni, log_port(d, ev, port, sizeof(port)), remote ? ", VTEP " : "",
	    remote ? IPSTR(&ev->vtep) : "", MACSTR(&ev->mac),
	    ip_is_set(&ev->ip) ? " with " : "",
	    ip_is_set(&ev->ip) ? IPSTR(&ev->ip) : "");
}

static void
log_event(struct evpnd *d, const struct evpn_event *ev)
{
	const char *vtep = IPSTR(&ev->vtep), *mac = MACSTR(&ev->mac);

	if (ev->kind == EV_DUPLICATE)
		log_line(LOG_WARNING,
		    "vni %u: MAC %s has moved too often: a duplicate address", ev->vni,
		    mac);
	else if (ev->kind == EV_DUP_CLEARED)
		log_line(LOG_NOTICE, "vni %u: MAC %s is no duplicate address any more",
		    ev->vni, mac);
	else if (ev->kind == EV_RMAC_CONFLICT)
		log_line(LOG_WARNING,
		    "vni %u: VTEP %s has two router MACs: %s is not used", ev->vni,
		    vtep, mac);
	else if (ev->kind == EV_RMAC_OVER)
		log_line(LOG_NOTICE,
		    "vni %u: VTEP %s: %s is no second router MAC any more", ev->vni,
		    vtep, mac);
	else if (ev->kind == EV_MAC_LIMIT || ev->kind == EV_IP_LIMIT)
		log_limit(d, ev);
	else if (ev->kind == EV_SPOOFED)
		log_spoof(d, ev);
}

/*
 * What an administrator should know of without asking; the rest is in the history. All of
 * it, before a flood of others overwrites it.
 */
static bool
evpn_to_log(struct evpnd *d, uint64_t now)
{
	struct evpn_event ev[64];
	unsigned n;

	(void)now;
	do {
		n = evpn_events(d->evpn, &d->pipeline->logged, ev, 64);
		for (unsigned i = 0; i < n; i++)
			log_event(d, &ev[i]);
	} while (n == 64);
	return true;
}

static bool
events_to_debug(struct evpnd *d, uint64_t now)
{
	(void)now;
	return debug_events(d);
}

static bool
events_to_clients(struct evpnd *d, uint64_t now)
{
	(void)now;
	ctl_wake(d->ctl);
	return true;
}

/* The path, in its order. */
static const struct {
	bool (*run)(struct evpnd *, uint64_t);
	const char *name;
} stages[] = {
	{ links_to_evpn, "links to EVPN" },
	{ acks_to_hosts, "acks to hosts" },
	{ heard_to_evpn, "heard to evpn" },
	{ peers_long_work, "peers long work" },
	{ rib_to_evpn_and_peers, "rib to evpn and peers" },
	{ rib_to_new_evis, "rib to new evis" },
	{ underlay_to_evpn, "underlay to evpn" },
	{ evpn_rows, "evpn rows" },
	{ origin_to_rib, "origin to rib" },
	/* Own routes go on to the peers in the turn in which they were made. */
	{ rib_to_evpn_and_peers, "rib to evpn and peers" },
	{ evpn_to_snoop, "evpn to snoop" },
	{ evpn_to_log, "evpn to log" },
	{ peers_output, "peers output" },
	{ idle_rows, "idle rows" },
	{ ktab_to_kernel, "ktab to kernel" },
	{ events_to_debug, "events to debug" },
	{ events_to_clients, "events to clients" },
};

/*
 * The kernel was read, what is here was learned from it, and our routes are in the RIB: now
 * we can tell peers what we have, and that it is all.
 */
static void
maybe_go(struct pipeline *p, bool idle, uint64_t now)
{
	struct evpnd *d = p->d;
	const struct resume_past *past = resume_past(d->resume);

	if (p->gone)
		return;
	if (!(idle && netlink_ready(d->netlink) && ktab_synced(d->ktab)) &&
	    now - d->started_ms < GO_MS)
		return;
	p->gone = true;
	d->forwarding = past->lived && (!past->forwarded || ktab_adopts(d->ktab));
	if (past->lived)
		log_notice(
		    "restart: forwarding was %s", d->forwarding ? "kept" : "lost");
	peers_go(d->peers, past->peers, past->npeers);
}

static uint64_t
release_ms(const struct evpnd *d)
{
	uint16_t s = d->conf->bgp.gr_rib_stale_s;

	return (s != 0 ? s : RELEASE_S) * 1000ull;
}

/*
 * Entries of an earlier life go when all that is to come has come: the peers have said what
 * they have (End-of-RIB), the kernel was read, and every queue is empty.
 */
static void
maybe_release(struct pipeline *p, bool idle, uint64_t now)
{
	struct evpnd *d = p->d;

	if (p->released || !p->gone || !netlink_ready(d->netlink) ||
	    !ktab_synced(d->ktab))
		return;
	if ((idle && peers_converged(d->peers)) ||
	    now - d->started_ms >= release_ms(d)) {
		p->released = true;
		d->restarting = false;
		d->forwarding = true;
		evpn_recall_end(d->evpn);
		resume_dirty(d->resume);
		ktab_release(d->ktab, now);
		pipeline_wake(d);
	}
}

static uint64_t
earliest(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void
sleep_until(struct pipeline *p, uint64_t deadline, uint64_t now)
{
	struct timeval tv;
	uint64_t ms;

	if (!p->released)
		deadline = earliest(deadline, now + 1000);
	if (deadline == UINT64_MAX) {
		evtimer_del(p->timer);
		return;
	}
	ms = deadline > now ? deadline - now : 1;
	tv = (struct timeval){ .tv_sec = (time_t)(ms / 1000),
		.tv_usec = (suseconds_t)(ms % 1000 * 1000) };
	evtimer_add(p->timer, &tv);
}

/* Keepalives and BFD waited so long: a budget is wrong, or the machine is not ours alone. */
static void
tell_if_long(const char *stage, uint64_t ms)
{
	if (ms >= LONG_MS)
		log_line(LOG_WARNING, "pipeline: %s took %u ms", stage, (unsigned)ms);
}

static void
on_turn(evutil_socket_t fd, short what, void *arg)
{
	struct pipeline *p = arg;
	struct evpnd *d = p->d;
	uint64_t now = evpnd_now();
	uint64_t deadline;
	bool idle = true;

	(void)fd;
	(void)what;
	p->awake = false;
	(void)evpn_tick(d->evpn, now);
	for (unsigned i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
		uint64_t began = evpnd_now();

		if (!stages[i].run(d, now))
			idle = false;
		tell_if_long(stages[i].name, evpnd_now() - began);
	}
	/* Again: the stages may have started timers. */
	deadline = earliest(evpn_tick(d->evpn, now), ktab_deadline(d->ktab));
	deadline = earliest(deadline, klinks_deadline(d->klinks));
	deadline = earliest(deadline, underlay_deadline(d));
	maybe_go(p, idle && !p->awake, now);
	maybe_release(p, idle && !p->awake, now);
	resume_look(d->resume);
	if (!idle)
		pipeline_wake(d);
	sleep_until(p, deadline, now);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	pipeline_wake(((struct pipeline *)arg)->d);
}

/*
 * A timer of zero and not event_active(): libevent serves the sockets once between two turns.
 */
void
pipeline_wake(struct evpnd *d)
{
	static const struct timeval at_once;

	if (d->pipeline == NULL || d->pipeline->awake)
		return;
	d->pipeline->awake = true;
	evtimer_add(d->pipeline->turn, &at_once);
}

struct pipeline *
pipeline_new(struct evpnd *d)
{
	struct pipeline *p = xcalloc(1, sizeof(*p));

	p->d = d;
	p->turn = evtimer_new(d->base, on_turn, p);
	p->timer = evtimer_new(d->base, on_timer, p);
	return p;
}

void
pipeline_free(struct pipeline *p)
{
	if (p == NULL)
		return;
	event_free(p->turn);
	event_free(p->timer);
	free(p);
}

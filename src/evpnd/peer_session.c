/*
 * peer_session - the sessions of a neighbor: when one begins, which of two survives, what is
 * checked in the peer's OPEN, what happens when one is up and when it ends.
 */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bgpnews.h"
#include "debug.h"
#include "peer_int.h"

#define SETTLE_MS 5000
#define CONNECT_S 120 /* FRR 8.4.4's defaults */
#define HOLD_S 180
#define KEEPALIVE_S 60
#define BGP_PORT 179

static const struct session_ops session_ops;

/* Making a session. */

static struct msg_open
our_open(const struct peer *p)
{
	const struct peers *ps = p->peers;
	const struct conf_bgp *bgp = &ps->d->conf->bgp;
	struct msg_open o = {
		.as = p->local_as,
		.router_id = ps->globals.router_id,
		.hold_s = HOLD_S,
		.caps = {
			.as4 = true,
			.as = p->local_as,
			.refresh = true,
			.enhanced_refresh = true,
			.extended_message = true,
		},
	};

	if (bgp->timers)
		o.hold_s = bgp->hold_s;
	if (p->conf.timers)
		o.hold_s = p->conf.hold_s;
	if (peer_active(p)) {
		o.caps.families = 1;
		o.caps.family[0] = (struct caps_family){
			.afi = AFI_L2VPN,
			.safi = SAFI_EVPN,
		};
	}
	peer_gr_open(p, &o.caps);
	_Static_assert(
	    sizeof(o.caps.hostname) >= sizeof(ps->d->hostname), "hostname is cut");
	memcpy(o.caps.hostname, ps->d->hostname, sizeof(ps->d->hostname));
	return o;
}

/* RFC 5082 for ttl-security; external neighbors are one hop away unless told otherwise. */
static void
set_ttl(const struct peer *p, struct tcp_opts *tcp)
{
	tcp->ttl = 255;
	if (p->conf.ttl_hops != 0)
		tcp->min_ttl = (uint8_t)(256 - p->conf.ttl_hops);
	else if (!p->rp.ibgp)
		tcp->ttl = p->conf.ebgp_multihop != 0 ? p->conf.ebgp_multihop : 1;
}

static uint16_t
keepalive_of(const struct peer *p)
{
	const struct conf_bgp *bgp = &p->peers->d->conf->bgp;

	if (p->conf.timers)
		return p->conf.keepalive_s;
	return bgp->timers ? bgp->keepalive_s : KEEPALIVE_S;
}

static struct session *
make_session(struct peer *p, bool once)
{
	struct peers *ps = p->peers;
	struct session_opts o = {
		.base = ps->d->base,
		.lingers = ps->lingers,
		.ops = &session_ops,
		.arg = p,
		.addr = p->conf.addr,
		.port = p->conf.port != 0 ? p->conf.port : BGP_PORT,
		.tcp = { .local = p->conf.update_source,
		    .ifname = p->conf.update_source_ifname,
		    .password = p->conf.password },
		.passive = p->conf.passive == CONF_YES || p->dynamic,
		.once = once || p->dynamic,
		.keepalive_s = keepalive_of(p),
		.connect_s = p->conf.connect_s != 0 ? p->conf.connect_s : CONNECT_S,
		.send_hold_s = p->conf.send_hold_s,
		.open = our_open(p),
	};

	set_ttl(p, &o.tcp);
	return session_new(&o);
}

static void
mark_drops(struct peer *p)
{
	struct tcp_drops drops = tcp_drops();

	p->md5_mark = drops.md5;
	p->ttl_mark = drops.ttl;
}

static void
start_now(struct peer *p)
{
	if (p->session != NULL || p->dynamic || !peer_may_run(p))
		return;
	mark_drops(p);
	p->session = make_session(p, false);
	session_start(p->session);
}

void
peer_on_start(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	start_now(arg);
}

void
peer_on_restart(evutil_socket_t fd, short what, void *arg)
{
	struct peer *p = arg;

	(void)fd;
	(void)what;
	p->over_limit = false;
	start_now(p);
}

void
peer_start(struct peer *p)
{
	static const struct timeval now = { 0 };

	if (p->session == NULL && peer_may_run(p) && !p->dynamic)
		evtimer_add(p->start, &now);
}

/* Ends of sessions. */

static void
forget_session(struct peer *p, struct session *s)
{
	if (s == p->other) {
		p->other = NULL;
	} else {
		p->session = p->other;
		p->other = NULL;
		p->state = p->session != NULL ? session_state(p->session) : FSM_IDLE;
	}
	session_free(s);
}

/* The end in words: more of them where a NOTIFICATION alone leaves people guessing. */
static const char *
explain(const struct peer *p, const struct session_end *end, char *buf, size_t len)
{
	const struct bgp_error *e = &end->err;

	if (!end->sent && e->code == BGP_ERR_OPEN && e->subcode == BGP_OPEN_AS)
		snprintf(
		    buf, len, "it does not expect AS %u, which we are", p->local_as);
	else if (end->sent && e->code == BGP_ERR_HOLD && p->conf.ttl_hops != 0 &&
	    p->state != FSM_ESTABLISHED)
		snprintf(buf, len,
		    "%s; segments with a TTL below %u are dropped: check `neighbor %s "
		    "ttl-security hops` on both sides",
		    end->text, 256u - p->conf.ttl_hops, p->conf.name);
	else
		return end->text;
	return buf;
}

static void
note_end(struct peer *p, const struct session_end *end)
{
	const char *sub = bgp_error_subcode_name(end->err.code, end->err.subcode);
	char buf[200];
	const char *text = explain(p, end, buf, sizeof(buf));

	p->last_error = end->err;
	p->last_error_sent = end->sent;
	if (end->err.code == 0)
		peer_note(p, "%s", text[0] != '\0' ? text : "closed");
	else
		peer_note(p, "NOTIFICATION %s: %s%s%s%s%s",
		    end->sent ? "sent" : "received", bgp_error_code_name(end->err.code),
		    sub, end->err.hard ? " (Hard Reset)" : "",
		    text[0] != '\0' ? ": " : "", text);
}

/* The session was up: everything learned goes, in pieces, or is kept for a while. */
static void
lost(struct peer *p, const struct session_end *end)
{
	peer_leave(p);
	if (!peer_gr_keep(p, end))
		p->flushing = true;
	p->evpn = false;
	p->eor_received = p->eor_sent = false;
	p->sweeping = p->doubted = false;
	p->peers->d->peers_moved = true;
	p->dropped++;
	p->changed_ms = evpnd_now();
	pipeline_wake(p->peers->d);
}

static void
arm_restart(struct peer *p)
{
	struct timeval tv = { .tv_sec = 60 * (time_t)p->conf.max_prefix_restart_min };

	if (tv.tv_sec > 0)
		evtimer_add(p->restart, &tv);
}

static void
session_down(void *arg, struct session *s, const struct session_end *end)
{
	struct peer *p = arg;
	bool rivals = p->session != NULL && p->other != NULL;
	bool was_up = s == p->session && p->state == FSM_ESTABLISHED;

	if (!was_up && rivals &&
	    (end->err.code == 0 || end->err.code == BGP_ERR_CEASE)) {
		forget_session(p, s); /* the other connection goes on */
		return;
	}
	note_end(p, end);
	if (was_up)
		peer_damp_count(p, &end->err, evpnd_now() - p->changed_ms);
	else
		p->failures++;
	if (was_up) {
		peer_log(p, LOG_NOTICE, "down: %s", p->last_reset);
		bgpnews_session(p->peers->d, p, false);
		lost(p, end);
	} else {
		peer_log(p, LOG_INFO, "%s", p->last_reset);
	}
	forget_session(p, s);
	if (p->session != NULL)
		return;
	if (p->over_limit)
		arm_restart(p);
	else if (p->dynamic && !p->deleted && p->stale == STALE_NONE)
		peer_delete(p, NULL);
	else if (peer_may_run(p))
		peer_damp_hold(p);
}

void
peer_stop(struct peer *p, const struct bgp_error *err)
{
	struct bgp_error hard;

	evtimer_del(p->start);
	if (p->other != NULL)
		session_stop(p->other, err);
	if (err != NULL) {
		hard = *err;
		peer_gr_harden(p, &hard);
		err = &hard;
	}
	if (p->session != NULL)
		session_stop(p->session, err);
}

/* What is shown changed? Then it is worth a line. */
static void
log_news(struct peer *p, const char *before)
{
	if (strcmp(before, p->last_reset) != 0)
		peer_log(p, LOG_WARNING, "%s", p->last_reset);
}

void
peer_blame_md5(struct peer *p)
{
	char before[sizeof(p->last_reset)];

	memcpy(before, p->last_reset, sizeof(before));
	peer_note(p,
	    "TCP MD5: segments without or with a wrong password were dropped; check "
	    "`neighbor %s password` on both sides",
	    p->conf.name);
	log_news(p, before);
}

void
peer_blame_ttl(struct peer *p)
{
	char before[sizeof(p->last_reset)];

	memcpy(before, p->last_reset, sizeof(before));
	peer_note(p,
	    "segments with a TTL below %u were dropped; check `neighbor %s "
	    "ttl-security hops` on both sides",
	    256 - p->conf.ttl_hops, p->conf.name);
	log_news(p, before);
}

/* Nothing came back: what we know of may be why. */
static void
note_silence(struct peer *p, const char *why)
{
	if (p->conf.password != NULL)
		peer_note(p,
		    "%s; the other side drops what is not signed with its password: "
		    "check `neighbor %s password` on both sides",
		    why, p->conf.name);
	else if (p->conf.ttl_hops != 0)
		peer_note(p,
		    "%s; segments with a TTL below %u are dropped: check `neighbor %s "
		    "ttl-security hops` on both sides",
		    why, 256 - p->conf.ttl_hops, p->conf.name);
	else
		peer_note(p, "%s", why);
}

/* An attempt to connect failed, or the other side closed before it was up. */
static void
session_failed(void *arg, struct session *s, const char *why)
{
	struct peer *p = arg;
	bool silence = strstr(why, "timed out") != NULL;
	struct tcp_drops drops = tcp_drops();
	char before[sizeof(p->last_reset)];

	(void)s;
	memcpy(before, p->last_reset, sizeof(before));
	if (drops.ttl > p->ttl_mark && p->conf.ttl_hops != 0)
		peer_blame_ttl(p);
	else if (drops.md5 > p->md5_mark && (silence || p->conf.password != NULL))
		peer_blame_md5(p);
	else if (silence)
		note_silence(p, why);
	else if (p->last_error.code == 0) /* a NOTIFICATION says more */
		peer_note(p, "%s", why);
	p->md5_mark = drops.md5;
	p->ttl_mark = drops.ttl;
	log_news(p, before);
}

/* OPEN. */

static bool
as_is_right(const struct peer *p, uint32_t as)
{
	switch (p->conf.as_kind) {
	case CONF_AS_NUMBER:
		return as == p->conf.as;
	case CONF_AS_INTERNAL:
		return as == p->local_as;
	case CONF_AS_EXTERNAL:
		return as != p->local_as;
	case CONF_AS_NONE:
		break;
	}
	return false;
}

static enum bgp_verdict
check_open(const struct peer *p, const struct msg_open *o, struct bgp_error *err)
{
	uint32_t as = p->conf.as_kind == CONF_AS_NUMBER ? p->conf.as : p->local_as;
	struct builder b;
	uint8_t data[4];

	if (!as_is_right(p, o->as)) {
		b = builder_of(data, sizeof(data));
		put_u16(&b, o->as > UINT16_MAX ? 23456 : (uint16_t)o->as);
		return bgp_error_set(err, BGP_ERR_OPEN, BGP_OPEN_AS, data, put_len(&b),
		    "OPEN has AS %u, expected %s%u", o->as,
		    p->conf.as_kind == CONF_AS_EXTERNAL ? "any but " : "", as);
	}
	/* RFC 6286: unique within an AS. */
	if (o->router_id == p->peers->globals.router_id && o->as == p->local_as) {
		struct ip id = ip_of_v4(o->router_id);

		return bgp_error_set(err, BGP_ERR_OPEN, BGP_OPEN_ID, id.b, 4,
		    "OPEN has BGP identifier %s, which is ours", IPSTR(&id));
	}
	return BGP_OK;
}

/*
 * RFC 4271, 6.8 and RFC 6286: of two connections the one made by the side with the higher
 * identifier stays, of equal identifiers by that with the higher AS. Of two from the same
 * side the later one: the other must be dead.
 */
static bool
survives(const struct peer *p, const struct session *s, const struct session *rival,
    const struct msg_open *o)
{
	const struct peer_globals *g = &p->peers->globals;
	bool we_win = g->router_id != o->router_id ? g->router_id > o->router_id
						   : p->local_as > o->as;

	if (session_is_ours(s) == session_is_ours(rival))
		return true;
	return session_is_ours(s) == we_win;
}

/*
 * RFC 4724, 4.2: who restarts and calls again has lost the old connection. But what comes right
 * after the session is up is the other half of a collision.
 */
static bool
restarts(const struct peer *p, const struct msg_open *o)
{
	if (!p->open.caps.graceful_restart || !o->caps.graceful_restart)
		return false;
	return o->caps.gr_restarting || evpnd_now() - p->changed_ms > SETTLE_MS;
}

static enum bgp_verdict
collide(
    struct peer *p, struct session *s, const struct msg_open *o, struct bgp_error *err)
{
	struct session *rival = s == p->session ? p->other : p->session;
	enum fsm_state state = rival != NULL ? session_state(rival) : FSM_IDLE;
	struct bgp_error loss;
	bool wins;

	/*
	 * The identifier is the peer's, whichever connection told it: both that are open can
	 * be judged by it, and both sides come to the same end.
	 */
	if (state < FSM_OPENSENT)
		return BGP_OK;
	bgp_error_set(&loss, BGP_ERR_CEASE, BGP_CEASE_COLLISION, NULL, 0,
	    "another connection of the same neighbor");
	wins = state == FSM_ESTABLISHED ? restarts(p, o) : survives(p, s, rival, o);
	if (!wins) {
		*err = loss;
		return BGP_RESET;
	}
	session_stop(rival, state == FSM_ESTABLISHED ? NULL : &loss);
	return BGP_OK;
}

static enum bgp_verdict
session_open(
    void *arg, struct session *s, const struct msg_open *open, struct bgp_error *err)
{
	struct peer *p = arg;
	enum bgp_verdict verdict = check_open(p, open, err);

	if (debug_on(p->peers->d, DEBUG_BGP_EVENTS, p->conf.name))
		debug_line(p->peers->d,
		    "peer %s: OPEN received: AS %u, hold time %u s, "
		    "identifier %u.%u.%u.%u",
		    p->conf.name, open->as, open->hold_s, open->router_id >> 24,
		    open->router_id >> 16 & 255, open->router_id >> 8 & 255,
		    open->router_id & 255);
	if (verdict == BGP_OK)
		verdict = collide(p, s, open, err);
	if (verdict == BGP_OK && p->state != FSM_ESTABLISHED)
		p->open = *open;
	return verdict;
}

/* Up. */

static void
set_rib_peer(struct peer *p)
{
	p->rp.addr = p->conf.addr;
	p->rp.as = p->open.as;
	p->rp.router_id = p->open.router_id;
	p->rp.ibgp = p->open.as == p->local_as;
	p->rp.rr_client = p->rp.ibgp && p->conf.rr_client == CONF_YES;
}

static void
drop_rival(struct peer *p)
{
	struct session *rival = p->other;
	struct bgp_error err;

	if (rival == NULL)
		return;
	bgp_error_set(&err, BGP_ERR_CEASE, BGP_CEASE_COLLISION, NULL, 0,
	    "another connection of the same neighbor");
	session_stop(rival, &err);
}

static void
session_up(void *arg, struct session *s)
{
	struct peer *p = arg;
	const struct tcp_ends *ends = session_ends(s);

	if (s == p->other) {
		p->other = p->session;
		p->session = s;
	}
	drop_rival(p);
	/* What a lost session left must not mix with what comes now. */
	while (p->flushing)
		p->flushing = !rib_peer_flush(p->peers->d->rib, &p->rp, 4096);
	p->evpn =
	    peer_active(p) && caps_find(&p->open.caps, AFI_L2VPN, SAFI_EVPN) != NULL;
	peer_gr_up(p);
	set_rib_peer(p);
	p->peers->d->peers_moved = true;
	p->local = ends->local;
	p->remote = ends->remote;
	p->local_port = ends->local_port;
	p->remote_port = ends->remote_port;
	p->hold_s = session_hold(s);
	p->keepalive_s = session_keepalive(s);
	p->changed_ms = evpnd_now();
	p->established++;
	p->failures = 0;
	p->warned = p->eor_received = p->eor_sent = false;
	p->accepted = p->rp.paths - p->rp.unusable;
	peer_log(p, LOG_NOTICE, "up: AS %u, hold time %u s%s", p->open.as, p->hold_s,
	    p->evpn ? "" : ", without l2vpn evpn");
	bgpnews_session(p->peers->d, p, true);
	p->state = FSM_ESTABLISHED;
	if (p->evpn)
		peer_join(p);
	peer_bfd_apply(p);
}

static void
session_changed(void *arg, struct session *s)
{
	struct peer *p = arg;

	if (debug_on(p->peers->d, DEBUG_BGP_EVENTS, p->conf.name))
		debug_line(p->peers->d, "peer %s: %s connection: %s", p->conf.name,
		    session_is_ours(s) ? "our" : "its",
		    fsm_state_name(session_state(s)));
	if (s == p->session)
		p->state = session_state(s);
}

static void
session_counted(void *arg, struct session *s, enum msg_type type, bool sent)
{
	struct peer *p = arg;
	uint64_t *counts = sent ? p->counts.sent : p->counts.received;

	(void)s;
	if (type == MSG_KEEPALIVE &&
	    debug_on(p->peers->d, DEBUG_BGP_KEEPALIVES, p->conf.name))
		debug_line(p->peers->d, "peer %s: KEEPALIVE %s", p->conf.name,
		    sent ? "sent" : "received");
	counts[0]++;
	counts[type]++;
	*(sent ? &p->last_write_ms : &p->last_read_ms) = evpnd_now();
}

static enum bgp_verdict
session_message(void *arg, struct session *s, enum msg_type type, struct cursor *body,
    struct bgp_error *err)
{
	(void)s;
	return peer_message(arg, type, body, err);
}

static void
session_writable(void *arg, struct session *s)
{
	struct peer *p = arg;

	(void)s;
	pipeline_wake(p->peers->d);
}

static void
session_slow(void *arg, struct session *s, bool slow)
{
	struct session_queue q = session_queue(s);

	if (slow)
		peer_log(arg, LOG_WARNING,
		    "slow: it reads hardly anything; %u messages, %zu bytes wait",
		    q.messages, q.bytes);
	else
		peer_log(arg, LOG_NOTICE, "not slow any more");
}

static const struct session_ops session_ops = {
	.open = session_open,
	.up = session_up,
	.message = session_message,
	.down = session_down,
	.failed = session_failed,
	.state = session_changed,
	.counted = session_counted,
	.slow = session_slow,
	.writable = session_writable,
};

/*
 * A connection from the neighbor. One that waits for it takes it; one that is connecting
 * itself gets a rival, and the OPENs decide.
 */
void
peer_accept(struct peer *p, int fd)
{
	if (!peer_may_run(p) || peer_damped(p)) {
		close(fd);
		return;
	}
	evtimer_del(p->start);
	if (p->session != NULL && !session_has_tcp(p->session)) {
		session_accept(p->session, fd);
		return;
	}
	if (p->session == NULL) {
		p->session = make_session(p, false);
		session_accept(p->session, fd);
		return;
	}
	session_free(p->other);
	p->other = make_session(p, true);
	session_accept(p->other, fd);
}

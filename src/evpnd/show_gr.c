/*
 * show_gr - "show bgp neighbors graceful-restart".
 *
 * Keys and types are those of FRR 8.4.4, with "l2VpnEvpn" as its family and what FRR does not
 * know added: the mode of all ("globalGrMode"), what is kept of a neighbor that went.
 */
#include <stdio.h>

#include "show_peer.h"

#define RESTART_S 120
#define STALEPATH_S 360
#define DEFER_S 120

const char *
show_gr_local(const struct peer *p)
{
	/* The asterisk: as for all. */
	static const char *const names[][2] = {
		[CONF_GR_RESTART] = { "Restart*", "Restart" },
		[CONF_GR_HELPER] = { "Helper*", "Helper" },
		[CONF_GR_DISABLE] = { "Disable*", "Disable" },
	};

	return names[peer_gr_mode(p)][p->conf.gr != CONF_GR_UNSET];
}

static const struct caps_family *
family_of(const struct peer *p)
{
	return caps_find(&p->open.caps, AFI_L2VPN, SAFI_EVPN);
}

const char *
show_gr_remote(const struct peer *p)
{
	const struct caps_family *f = family_of(p);

	if (!show_peer_up(p))
		return "NotApplicable";
	if (!p->open.caps.graceful_restart)
		return "Disable";
	return f != NULL && f->gr_listed ? "Restart" : "Helper";
}

static const char *
global_mode(const struct conf_bgp *b)
{
	if (b->gr_disable)
		return "Disable";
	return b->gr == CONF_NO ? "Helper" : "Restart";
}

static uint16_t
or_default(uint16_t configured, uint16_t otherwise)
{
	return configured != 0 ? configured : otherwise;
}

static int64_t
left_s(const struct show *s, uint64_t until_ms)
{
	return until_ms > s->now ? (int64_t)((until_ms - s->now + 999) / 1000) : 0;
}

void
show_gr_timers(struct show *s, const struct peer *p)
{
	const struct conf_bgp *b = &s->d->conf->bgp;
	struct jout *j = &s->j;

	jout_open(j, "timers", '{');
	jout_int(j, "configuredRestartTimer", or_default(b->gr_restart_s, RESTART_S));
	jout_int(j, "receivedRestartTimer",
	    show_peer_up(p) || p->stale != STALE_NONE ? p->open.caps.gr_time : 0);
	if (p->stale == STALE_GR && !show_peer_up(p))
		jout_int(j, "restartTimerRemaining", left_s(s, p->gr_until_ms));
	jout_close(j, '}');
}

static void
put_family(struct show *s, const struct peer *p)
{
	const struct conf_bgp *b = &s->d->conf->bgp;
	const struct caps_family *f = family_of(p);
	bool up = show_peer_up(p);
	struct jout *j = &s->j;

	jout_open(j, "l2VpnEvpn", '{');
	jout_bool(j, "fBit", up && f != NULL && (f->gr_flags & CAPS_FORWARDING));
	jout_open(j, "endOfRibStatus", '{');
	jout_bool(j, "endOfRibSend", up && p->eor_sent);
	jout_bool(j, "endOfRibSentAfterUpdate", up && p->eor_sent);
	jout_bool(j, "endOfRibRecv", up && p->eor_received);
	jout_close(j, '}');
	jout_open(j, "timers", '{');
	jout_int(j, "stalePathTimer", or_default(b->gr_stalepath_s, STALEPATH_S));
	if (p->stale == STALE_GR)
		jout_int(j, "stalePathTimerRemaining", left_s(s, p->stale_until_ms));
	if (peer_gr_mode(p) == CONF_GR_RESTART)
		jout_int(
		    j, "selectionDeferralTimer", or_default(b->gr_defer_s, DEFER_S));
	if (b->llgr_s != 0)
		jout_int(j, "llgrStaleTimer", b->llgr_s);
	if (p->stale == STALE_LLGR)
		jout_int(j, "llgrStaleTimerRemaining", left_s(s, p->stale_until_ms));
	jout_close(j, '}');
	if (p->stale != STALE_NONE)
		jout_int(j, "stalePaths", p->rp.paths);
	jout_close(j, '}');
}

static void
put_neighbor(struct show *s, const struct peer *p)
{
	struct jout *j = &s->j;

	jout_open(j, p->conf.name, '{');
	jout_str(j, "neighborAddr", p->conf.name);
	jout_str(j, "globalGrMode", global_mode(&s->d->conf->bgp));
	jout_str(j, "localGrMode", show_gr_local(p));
	jout_str(j, "remoteGrMode", show_gr_remote(p));
	jout_bool(j, "rBit", show_peer_up(p) && p->open.caps.gr_restarting);
	jout_bool(j, "nBit", show_peer_up(p) && p->open.caps.gr_notification);
	show_gr_timers(s, p);
	put_family(s, p);
	jout_close(j, '}');
}

static bool
start(struct show *s, char *msg, size_t len)
{
	if (!show_start_bgp(s, msg, len))
		return false;
	if (!s->a.has_peer || peers_find(s->d->peers, s->a.peer) != NULL)
		return true;
	snprintf(msg, len, "%% No such neighbor");
	return false;
}

static bool
step(struct show *s)
{
	struct peer *one = s->a.has_peer ? peers_find(s->d->peers, s->a.peer) : NULL,
		    *p;

	jout_open(&s->j, NULL, '{');
	for (p = peers_first(s->d->peers); p != NULL; p = peers_after(p))
		if (!s->a.has_peer || p == one)
			put_neighbor(s, p);
	jout_close(&s->j, '}');
	return true;
}

const struct show_desc show_gr_descs[] = {
	{ OP_SHOW_BGP_GR, start, step, "{\"bgpNoSuchNeighbor\":true}" },
	{ 0, NULL, NULL, NULL },
};

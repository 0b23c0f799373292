/*
 * show_peer - "show bgp summary" and "show bgp l2vpn evpn summary".
 *
 * There are no more neighbors than the configuration and the listen limit allow, so each
 * document is one step.
 */
#include <stdio.h>
#include <string.h>

#include "bgp/error.h"
#include "peer_int.h"
#include "show_peer.h"

/* --- what a summary says too --- */

/* FRR's numbers of reasons for the end of a session, and words. */
enum {
	DOWN_SHUTDOWN = 11,
	DOWN_NOTIFICATION_RECEIVED = 13,
	DOWN_NOTIFICATION_SENT = 14,
	DOWN_CLOSED = 15,
	DOWN_WAITING = 32,
};

/* How peer_session.c begins its note when one was sent or received. */
#define NOTIFIED "NOTIFICATION "

bool
show_peer_up(const struct peer *p)
{
	return p->state == FSM_ESTABLISHED;
}

bool
show_peer_shut(const struct peer *p)
{
	return p->conf.shutdown == CONF_YES;
}

static const char *
state_name(const struct peer *p)
{
	if (show_peer_shut(p))
		return "Idle (Admin)";
	if (p->over_limit)
		return "Idle (PfxCt)";
	if (peer_damped(p))
		return "Idle (Damped)";
	return fsm_state_name(p->state);
}

static const char *
peer_state(const struct peer *p)
{
	if (show_peer_shut(p))
		return "Admin";
	return p->over_limit ? "PfxCt" : peer_damped(p) ? "Damped" : "OK";
}

static bool
has_evpn(const struct show *s, const struct peer *p)
{
	return p->conf.activate == CONF_YES ||
	    (p->conf.activate == CONF_UNSET && s->d->conf->bgp.default_l2vpn_evpn);
}

uint32_t
show_sent_prefixes(const struct peer *p)
{
	return show_peer_up(p) && p->out.group != NULL ? adjout_count(p->out.group) : 0;
}

struct session_queue
show_queue(const struct peer *p)
{
	if (!show_peer_up(p) || p->session == NULL)
		return (struct session_queue){ 0 };
	return session_queue(p->session);
}

static void
put_uptime(struct show *s, const struct peer *p)
{
	struct jout *j = &s->j;
	uint64_t ms = p->changed_ms == 0 ? 0 : s->now - p->changed_ms;

	jout_str(j, "peerUptime",
	    p->changed_ms == 0 ? "never"
			       : show_uptime((char[SHOW_UPTIME]){ 0 }, ms / 1000));
	jout_int(j, "peerUptimeMsec", (int64_t)(ms / 1000 * 1000));
	if (show_peer_up(p))
		jout_int(j, "peerUptimeEstablishedEpoch", show_epoch(s, p->changed_ms));
}

/* Why the last session ended, or the present one does not come up. */
void
show_reset(struct show *s, const struct peer *p)
{
	struct jout *j = &s->j;
	const struct bgp_error *e = &p->last_error;
	/* An error stays known when something else ended a later session. */
	bool notified =
	    e->code != 0 && strncmp(p->last_reset, NOTIFIED, sizeof(NOTIFIED) - 1) == 0;

	if (show_peer_shut(p) && !notified) {
		jout_str(j, "lastResetDueTo", "Admin. shutdown");
		jout_int(j, "lastResetCode", DOWN_SHUTDOWN);
	} else if (notified) {
		jout_fmt(j, "lastErrorCodeSubcode", "%02X%02X", e->code, e->subcode);
		jout_fmt(j, "lastNotificationReason", "%s%s",
		    bgp_error_code_name(e->code),
		    bgp_error_subcode_name(e->code, e->subcode));
		jout_bool(j, "lastNotificationHardReset",
		    e->hard ||
			(e->code == BGP_ERR_CEASE && e->subcode == BGP_CEASE_HARD));
		jout_str(j, "lastResetDueTo",
		    p->last_error_sent ? "BGP Notification send"
				       : "BGP Notification received");
		jout_int(j, "lastResetCode",
		    p->last_error_sent ? DOWN_NOTIFICATION_SENT
				       : DOWN_NOTIFICATION_RECEIVED);
		if (!p->last_error_sent && e->text[0] != '\0' &&
		    e->code == BGP_ERR_CEASE)
			jout_str(j, "lastShutdownDescription", e->text);
	} else if (p->last_reset[0] != '\0') {
		jout_str(j, "lastResetDueTo", p->last_reset);
		jout_int(j, "lastResetCode", DOWN_CLOSED);
	} else {
		jout_str(j, "lastResetDueTo", "Waiting for peer OPEN");
		jout_int(j, "lastResetCode", DOWN_WAITING);
	}
	if (p->last_reset[0] != '\0')
		jout_str(j, "lastResetReason", p->last_reset);
}

/* --- summary --- */

static void
put_summary_failed(struct show *s, const struct peer *p)
{
	struct jout *j = &s->j;

	jout_int(j, "connectionsEstablished", p->established);
	jout_int(j, "connectionsDropped", p->dropped);
	put_uptime(s, p);
	show_reset(s, p);
}

static void
put_summary_row(struct show *s, const struct peer *p)
{
	struct jout *j = &s->j;

	if (p->dynamic)
		jout_bool(j, "dynamicPeer", true);
	if (show_peer_up(p) && p->open.caps.hostname[0] != '\0')
		jout_str(j, "hostname", p->open.caps.hostname);
	jout_int(j, "remoteAs", p->rp.as != 0 ? p->rp.as : p->conf.as);
	jout_int(j, "localAs", p->local_as);
	jout_int(j, "version", 4);
	jout_int(j, "msgRcvd", (int64_t)p->counts.received[0]);
	jout_int(j, "msgSent", (int64_t)p->counts.sent[0]);
	jout_int(j, "tableVersion", 0);
	jout_int(j, "outq", show_queue(p).messages);
	jout_int(j, "inq", 0);
	put_uptime(s, p);
	jout_int(j, "pfxRcd", show_peer_up(p) ? p->accepted : 0);
	jout_int(j, "pfxSnt", show_sent_prefixes(p));
	if (show_peer_up(p) && !p->evpn)
		jout_bool(j, "noEvpn", true);
	jout_str(j, "state", state_name(p));
	jout_str(j, "peerState", peer_state(p));
	if (show_queue(p).slow)
		jout_bool(j, "slowPeer", true);
	jout_int(j, "connectionsEstablished", p->established);
	jout_int(j, "connectionsDropped", p->dropped);
	if (p->conf.description != NULL)
		jout_str(j, "desc", p->conf.description);
}

static bool
wanted_in_summary(const struct show *s, const struct peer *p)
{
	return has_evpn(s, p) && !(s->a.established && !show_peer_up(p)) &&
	    !(s->a.failed && show_peer_up(p));
}

struct summary_count {
	int64_t all, up, shown, dynamic, groups;
};

static struct summary_count
count_peers(struct show *s)
{
	struct summary_count n = { 0 };
	struct conf_peer *c;
	struct peer *p;

	for (p = peers_first(s->d->peers); p != NULL; p = peers_after(p)) {
		if (!has_evpn(s, p))
			continue;
		n.all++;
		n.up += show_peer_up(p);
		n.dynamic += p->dynamic;
		n.shown += wanted_in_summary(s, p);
	}
	TAILQ_FOREACH (c, &s->d->conf->bgp.peers, link)
		n.groups += c->is_group;
	return n;
}

static void
put_summary_head(struct show *s, const struct summary_count *n)
{
	struct jout *j = &s->j;
	struct rib_stats rs;

	rib_stats(s->d->rib, &rs);
	show_router_id(s, "routerId", s->d->router_id);
	jout_int(j, "as", s->d->conf->bgp.as);
	jout_int(j, "vrfId", 0);
	jout_str(j, "vrfName", "default");
	jout_int(j, "tableVersion", 0);
	jout_int(j, "ribCount", (int64_t)rs.dests);
	jout_int(j, "ribMemory", (int64_t)rs.bytes);
	jout_int(j, "peerCount", n->all);
	jout_int(j, "peerMemory", n->all * (int64_t)sizeof(struct peer));
	if (n->groups > 0) {
		jout_int(j, "peerGroupCount", n->groups);
		jout_int(j, "peerGroupMemory",
		    n->groups * (int64_t)sizeof(struct conf_peer));
	}
}

static void
put_summary(struct show *s)
{
	struct summary_count n = count_peers(s);
	struct jout *j = &s->j;
	struct peer *p;

	put_summary_head(s, &n);
	jout_open(j, "peers", '{');
	for (p = peers_first(s->d->peers); p != NULL; p = peers_after(p)) {
		if (!wanted_in_summary(s, p))
			continue;
		jout_open(j, p->conf.name, '{');
		if (s->a.failed)
			put_summary_failed(s, p);
		else
			put_summary_row(s, p);
		jout_str(j, "idType", p->rp.addr.family == 6 ? "ipv6" : "ipv4");
		jout_close(j, '}');
	}
	jout_close(j, '}');
	jout_int(j, "failedPeers", n.all - n.up);
	jout_int(j, "displayedPeers", n.shown);
	jout_int(j, "totalPeers", n.all);
	jout_int(j, "dynamicPeers", n.dynamic);
	if (n.dynamic > 0)
		jout_int(j, "dynamicPeersLimit",
		    s->d->conf->bgp.listen_limit != 0 ? s->d->conf->bgp.listen_limit
						      : 100);
	jout_open(j, "bestPath", '{');
	jout_str(j, "multiPathRelax", "false");
	jout_close(j, '}');
}

bool
show_start_bgp(struct show *s, char *msg, size_t len)
{
	if (s->d->conf->bgp.on)
		return true;
	snprintf(msg, len, "%% Default BGP instance not found");
	return false;
}

static bool
step_summary(struct show *s)
{
	bool wrapped = s->desc->op == OP_SHOW_BGP_SUMMARY;

	jout_open(&s->j, NULL, '{');
	if (wrapped)
		jout_open(&s->j, "l2VpnEvpn", '{');
	put_summary(s);
	if (wrapped)
		jout_close(&s->j, '}');
	jout_close(&s->j, '}');
	return true;
}

/*
 * "show bgp vrf all ipv4 unicast summary" and its like, as monitoring asks: all neighbors are
 * in the default VRF and speak EVPN. Others have FRR's empty documents.
 */
static bool
step_vrf_summary(struct show *s)
{
	struct jout *j = &s->j;
	bool empty = s->a.unicast || (s->a.has_vrf && strcmp(s->a.vrf, "default") != 0);

	jout_open(j, NULL, '{');
	if (s->a.all)
		jout_open(j, "default", '{');
	if (!empty && !s->a.l2vpn)
		jout_open(j, "l2VpnEvpn", '{');
	if (!empty)
		put_summary(s);
	if (!empty && !s->a.l2vpn)
		jout_close(j, '}');
	if (s->a.all)
		jout_close(j, '}');
	jout_close(j, '}');
	return true;
}

const struct show_desc show_peer_descs[] = {
	{ OP_SHOW_BGP_VRF_SUMMARY, show_start_bgp, step_vrf_summary, "{}" },
	{ OP_SHOW_BGP_SUMMARY, show_start_bgp, step_summary, "{}" },
	{ OP_SHOW_BGP_EVPN_SUMMARY, show_start_bgp, step_summary, "{}" },
	{ 0, NULL, NULL, NULL },
};

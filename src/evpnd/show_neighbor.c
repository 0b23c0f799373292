/*
 * show_neighbor - "show bgp neighbors": all that is known of a neighbor.
 *
 * Keys and types are those of FRR 8.4.4, its spelling included.
 */
#include <stdio.h>
#include <string.h>

#include "bfd.h"
#include "peer_int.h"
#include "show_peer.h"

#define CONNECT_RETRY_S 120

/* --- capabilities --- */

static const struct {
	uint16_t afi;
	uint8_t safi;
	const char *name;
} families[] = {
	{ 1, 1, "ipv4Unicast" },
	{ 1, 2, "ipv4Multicast" },
	{ 1, 4, "ipv4LabeledUnicast" },
	{ 1, 128, "ipv4Vpn" },
	{ 1, 133, "ipv4Flowspec" },
	{ 2, 1, "ipv6Unicast" },
	{ 2, 2, "ipv6Multicast" },
	{ 2, 4, "ipv6LabeledUnicast" },
	{ 2, 128, "ipv6Vpn" },
	{ 2, 133, "ipv6Flowspec" },
	{ AFI_L2VPN, SAFI_EVPN, "l2VpnEvpn" },
};

static const char *
family_name(char *buf, size_t len, const struct caps_family *f)
{
	size_t i;

	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (families[i].afi == f->afi && families[i].safi == f->safi)
			return families[i].name;
	snprintf(buf, len, "afi%usafi%u", f->afi, f->safi);
	return buf;
}

static const char *
both(bool received)
{
	return received ? "advertisedAndReceived" : "advertised";
}

static void
put_families(struct show *s, const struct caps *c)
{
	struct jout *j = &s->j;
	char name[32];
	unsigned i;
	bool ours = false, addpath = false;

	for (i = 0; i < c->families; i++)
		addpath |= c->family[i].addpath_rx || c->family[i].addpath_tx;
	if (addpath) {
		jout_open(j, "addPath", '{');
		for (i = 0; i < c->families; i++) {
			const struct caps_family *f = &c->family[i];

			if (!f->addpath_rx && !f->addpath_tx)
				continue;
			jout_open(j, family_name(name, sizeof(name), f), '{');
			if (f->addpath_tx)
				jout_bool(j, "txReceived", true);
			if (f->addpath_rx)
				jout_bool(j, "rxReceived", true);
			jout_close(j, '}');
		}
		jout_close(j, '}');
	}
	jout_open(j, "multiprotocolExtensions", '{');
	for (i = 0; i < c->families; i++) {
		const struct caps_family *f = &c->family[i];
		bool evpn = f->afi == AFI_L2VPN && f->safi == SAFI_EVPN;

		ours |= evpn;
		jout_open(j, family_name(name, sizeof(name), f), '{');
		jout_bool(j, evpn ? "advertisedAndReceived" : "received", true);
		jout_close(j, '}');
	}
	if (!ours) {
		jout_open(j, "l2VpnEvpn", '{');
		jout_bool(j, "advertised", true);
		jout_close(j, '}');
	}
	jout_close(j, '}');
}

static const char *
name_or_na(const char *s)
{
	return s[0] != '\0' ? s : "n/a";
}

static void
put_graceful(struct show *s, const struct peer *p)
{
	const struct caps *c = &p->open.caps;
	struct jout *j = &s->j;
	char name[32];
	unsigned i, listed = 0;

	if (peer_gr_mode(p) != CONF_GR_DISABLE)
		jout_str(j, "gracefulRestart", both(c->graceful_restart));
	else if (c->graceful_restart)
		jout_str(j, "gracefulRestart", "received");
	if (!c->graceful_restart)
		return;
	jout_int(j, "gracefulRestartRemoteTimerMsecs", c->gr_time * 1000);
	for (i = 0; i < c->families; i++)
		listed += c->family[i].gr_listed;
	if (listed == 0) {
		jout_str(j, "addressFamiliesByPeer", "none");
		return;
	}
	jout_open(j, "addressFamiliesByPeer", '{');
	for (i = 0; i < c->families; i++) {
		const struct caps_family *f = &c->family[i];

		if (!f->gr_listed)
			continue;
		jout_open(j, family_name(name, sizeof(name), f), '{');
		if (f->gr_flags & 0x80)
			jout_bool(j, "preserved", true);
		jout_close(j, '}');
	}
	jout_close(j, '}');
}

static void
put_caps(struct show *s, const struct peer *p)
{
	const struct caps *c = &p->open.caps;
	struct jout *j = &s->j;

	jout_open(j, "neighborCapabilities", '{');
	jout_str(j, "4byteAs", both(c->as4));
	jout_str(j, "extendedMessage", both(c->extended_message));
	put_families(s, c);
	if (c->llgr || s->d->conf->bgp.llgr_s != 0)
		jout_str(j, "longLivedGracefulRestart",
		    s->d->conf->bgp.llgr_s == 0 ? "received" : both(c->llgr));
	if (c->llgr) {
		jout_open(j, "longLivedGracefulRestartByPeer", '{');
		jout_close(j, '}');
	}
	jout_str(
	    j, "routeRefresh", c->refresh ? "advertisedAndReceivedNew" : "advertised");
	jout_str(j, "enhancedRouteRefresh", both(c->enhanced_refresh));
	jout_open(j, "hostName", '{');
	jout_str(j, "advHostName", name_or_na(s->d->hostname));
	jout_str(j, "advDomainName", "n/a");
	jout_str(j, "rcvHostName", name_or_na(c->hostname));
	jout_str(j, "rcvDomainName", name_or_na(c->domain));
	jout_close(j, '}');
	put_graceful(s, p);
	jout_close(j, '}');
}

/* --- the rest --- */

/* The range that a dynamic neighbor called from. */
static void
put_range(struct show *s, const struct peer *p)
{
	const struct conf_listen *l;

	TAILQ_FOREACH (l, &s->d->conf->bgp.listens, link) {
		if (strcmp(l->group, p->conf.group) != 0 ||
		    !prefix_contains(&l->range, &p->rp.addr))
			continue;
		jout_str(&s->j, "peerSubnetRangeGroup", PREFIXSTR(&l->range));
		return;
	}
}

static void
put_neighbor_head(struct show *s, const struct peer *p)
{
	struct jout *j = &s->j;
	uint32_t as = p->rp.as != 0 ? p->rp.as : p->conf.as;

	jout_int(j, "remoteAs", as);
	jout_int(j, "localAs", p->local_as);
	jout_bool(j, p->rp.ibgp ? "nbrInternalLink" : "nbrExternalLink", true);
	jout_str(j, "localRole", "undefined");
	jout_str(j, "remoteRole", "undefined");
	if (p->conf.description != NULL)
		jout_str(j, "nbrDesc", p->conf.description);
	if (show_peer_up(p) && p->open.caps.hostname[0] != '\0')
		jout_str(j, "hostname", p->open.caps.hostname);
	if (p->dynamic)
		jout_bool(j, "dynamicPeer", true);
	if (p->conf.group[0] != '\0')
		jout_str(j, "peerGroup", p->conf.group);
	if (p->dynamic)
		put_range(s, p);
	if (show_peer_shut(p))
		jout_bool(j, "adminShutDown", true);
	if (show_peer_shut(p) && p->conf.shutdown_message != NULL)
		jout_str(j, "adminShutDownMessage", p->conf.shutdown_message);
	jout_int(j, "bgpVersion", 4);
	show_router_id(s, "remoteRouterId", show_peer_up(p) ? p->open.router_id : 0);
	show_router_id(s, "localRouterId", s->d->router_id);
	jout_str(j, "bgpState", fsm_state_name(p->state));
	if (p->over_limit)
		jout_bool(j, "prefixOverflow", true);
}

static int64_t
ms_since(const struct show *s, uint64_t at_ms)
{
	if (at_ms == 0)
		at_ms = s->d->started_ms; /* never yet */
	return (int64_t)((s->now - at_ms) / 1000 * 1000);
}

static void
put_timers(struct show *s, const struct peer *p)
{
	const struct conf_bgp *b = &s->d->conf->bgp;
	int64_t hold = 180, keepalive = 60;
	struct jout *j = &s->j;

	if (p->conf.timers || b->timers) {
		hold = p->conf.timers ? p->conf.hold_s : b->hold_s;
		keepalive = p->conf.timers ? p->conf.keepalive_s : b->keepalive_s;
	}
	if (show_peer_up(p)) {
		uint64_t up = s->now - p->changed_ms;

		jout_int(j, "bgpTimerUpMsec", (int64_t)(up / 1000 * 1000));
		jout_str(j, "bgpTimerUpString",
		    show_uptime((char[SHOW_UPTIME]){ 0 }, up / 1000));
		jout_int(j, "bgpTimerUpEstablishedEpoch", show_epoch(s, p->changed_ms));
	}
	jout_int(j, "bgpTimerLastRead", ms_since(s, p->last_read_ms));
	jout_int(j, "bgpTimerLastWrite", ms_since(s, p->last_write_ms));
	if (p->last_write_ms == 0)
		jout_bool(j, "neverWritten", true);
	jout_int(j, "bgpInUpdateElapsedTimeMsecs", ms_since(s, p->last_update_ms));
	jout_int(j, "bgpTimerConfiguredHoldTimeMsecs", hold * 1000);
	jout_int(j, "bgpTimerConfiguredKeepAliveIntervalMsecs", keepalive * 1000);
	jout_int(j, "bgpTimerHoldTimeMsecs",
	    (show_peer_up(p) ? p->hold_s : hold) * (int64_t)1000);
	jout_int(j, "bgpTimerKeepAliveIntervalMsecs",
	    (show_peer_up(p) ? p->keepalive_s : keepalive) * (int64_t)1000);
	jout_bool(j, "extendedOptionalParametersLength", false);
	jout_int(j, "bgpTimerConfiguredConditionalAdvertisementsSec", 60);
}

static void
put_eor(struct jout *j, const char *key, bool seen)
{
	jout_open(j, key, '{');
	if (seen)
		jout_bool(j, "l2VpnEvpn", true);
	jout_close(j, '}');
}

static void
put_restart(struct show *s, const struct peer *p)
{
	struct jout *j = &s->j;

	jout_open(j, "gracefulRestartInfo", '{');
	put_eor(j, "endOfRibSend", show_peer_up(p) && p->eor_sent);
	put_eor(j, "endOfRibRecv", show_peer_up(p) && p->eor_received);
	jout_str(j, "localGrMode", show_gr_local(p));
	jout_str(j, "remoteGrMode", show_gr_remote(p));
	jout_bool(j, "rBit", show_peer_up(p) && p->open.caps.gr_restarting);
	jout_bool(j, "nBit", show_peer_up(p) && p->open.caps.gr_notification);
	show_gr_timers(s, p);
	jout_close(j, '}');
}

/* Only while something waits. */
static void
put_queue(struct show *s, const struct peer *p)
{
	struct session_queue q = show_queue(p);
	struct jout *j = &s->j;

	if (q.bytes == 0)
		return;
	jout_int(j, "outputQueueBytes", (int64_t)q.bytes);
	jout_int(j, "outputStalledMsecs", (int64_t)q.stalled_ms);
	jout_bool(j, "slowPeer", q.slow);
}

static void
put_counts(struct show *s, const struct peer *p)
{
	static const struct {
		int type;
		const char *sent, *received;
	} rows[] = {
		{ MSG_OPEN, "opensSent", "opensRecv" },
		{ MSG_NOTIFICATION, "notificationsSent", "notificationsRecv" },
		{ MSG_UPDATE, "updatesSent", "updatesRecv" },
		{ MSG_KEEPALIVE, "keepalivesSent", "keepalivesRecv" },
		{ MSG_REFRESH, "routeRefreshSent", "routeRefreshRecv" },
	};
	const struct peer_counts *c = &p->counts;
	struct jout *j = &s->j;
	size_t i;

	jout_open(j, "messageStats", '{');
	jout_int(j, "depthInq", 0);
	jout_int(j, "depthOutq", show_queue(p).messages);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		jout_int(j, rows[i].sent, (int64_t)c->sent[rows[i].type]);
		jout_int(j, rows[i].received, (int64_t)c->received[rows[i].type]);
	}
	jout_int(j, "capabilitySent", 0);
	jout_int(j, "capabilityRecv", 0);
	jout_int(j, "totalSent", (int64_t)c->sent[0]);
	jout_int(j, "totalRecv", (int64_t)c->received[0]);
	jout_close(j, '}');
	jout_int(j, "updatesMalformed", (int64_t)c->updates_bad);
	jout_int(j, "nlriMalformed", (int64_t)c->nlri_bad);
	jout_int(j, "nlriUnknownType", (int64_t)c->nlri_unknown);
	jout_int(j, "prefixesDenied", (int64_t)c->prefixes_denied);
}

/* Is this the first peer of its group? */
static bool
leads_group(const struct peer *p)
{
	const struct peer *q = peers_first(p->peers);

	while (q != p && q->out.group != p->out.group)
		q = peers_after((struct peer *)q);
	return q == p;
}

/* Groups have no numbers of their own: counted in the order of their first peers. */
static int
group_number(const struct peer *p)
{
	struct peer *q;
	int n = 0;

	for (q = peers_first(p->peers); q != NULL; q = peers_after(q)) {
		n += q->out.group != NULL && leads_group(q);
		if (q->out.group == p->out.group)
			break;
	}
	return n;
}

static void
put_family(struct show *s, const struct peer *p)
{
	const struct conf_peer *c = &p->conf;
	struct jout *j = &s->j;

	jout_open(j, "addressFamilyInfo", '{');
	jout_open(j, "l2VpnEvpn", '{');
	if (c->group[0] != '\0')
		jout_str(j, "peerGroupMember", c->group);
	if (show_peer_up(p) && p->out.group != NULL) {
		jout_int(j, "updateGroupId", group_number(p));
		jout_int(j, "subGroupId", group_number(p));
		jout_int(j, "packetQueueLength", 0);
	}
	if (show_peer_up(p) && !p->evpn)
		jout_bool(j, "notNegotiated", true);
	if (c->rr_client == CONF_YES)
		jout_bool(j, "routeReflectorClient", true);
	if (c->soft_reconfiguration == CONF_YES)
		jout_bool(j, "inboundSoftConfigPermit", true);
	if (c->next_hop_self == CONF_YES)
		jout_bool(j, "routerAlwaysNextHop", true);
	else
		jout_bool(j, "unchangedNextHopPropogatedToNbr", true);
	jout_str(j, "commAttriSentToNbr", "extendedAndStandard");
	if (s->d->conf->bgp.evpn.advertise_all_vni)
		jout_bool(j, "advertiseAllVnis", true);
	if (c->allowas_in > 0)
		jout_int(j, "allowAsInCount", c->allowas_in);
	jout_int(j, "acceptedPrefixCounter", show_peer_up(p) ? p->accepted : 0);
	if (show_peer_up(p))
		jout_int(j, "sentPrefixCounter", show_sent_prefixes(p));
	if (c->max_prefix > 0) {
		jout_int(j, "prefixAllowedMax", c->max_prefix);
		if (c->max_prefix_warning_only == CONF_YES)
			jout_bool(j, "prefixAllowedMaxWarning", true);
		jout_int(j, "prefixAllowedWarningThresh",
		    c->max_prefix_warn > 0 ? c->max_prefix_warn : 75);
		if (c->max_prefix_restart_min > 0)
			jout_int(j, "prefixAllowedRestartIntervalMsecs",
			    c->max_prefix_restart_min * 60000);
	}
	jout_close(j, '}');
	jout_close(j, '}');
}

static void
put_last_reset(struct show *s, const struct peer *p)
{
	struct jout *j = &s->j;

	jout_int(j, "connectionsEstablished", p->established);
	jout_int(j, "connectionsDropped", p->dropped);
	if (p->last_reset[0] == '\0' && p->last_error.code == 0 && show_peer_up(p)) {
		jout_str(j, "lastReset", "never");
		return;
	}
	jout_int(j, "lastResetTimerMsecs", ms_since(s, p->last_reset_ms));
	show_reset(s, p);
}

static int
max_hops(const struct peer *p)
{
	if (p->conf.ttl_hops > 0)
		return p->conf.ttl_hops;
	if (p->conf.ebgp_multihop > 0)
		return p->conf.ebgp_multihop;
	return p->rp.ibgp ? 255 : 1;
}

static void
put_transport(struct show *s, const struct peer *p)
{
	struct jout *j = &s->j;
	bool up = show_peer_up(p), v6 = p->local.family == 6;

	jout_int(j,
	    p->rp.ibgp ? "internalBgpNbrMaxHopsAway" : "externalBgpNbrMaxHopsAway",
	    max_hops(p));
	if (p->conf.ttl_hops > 0)
		jout_bool(j, "ttlSecurity", true);
	jout_str(j, "hostLocal", up ? IPSTR(&p->local) : "Unknown");
	jout_int(j, "portLocal", up ? p->local_port : -1);
	jout_str(j, "hostForeign", up ? IPSTR(&p->remote) : "Unknown");
	jout_int(j, "portForeign", up ? p->remote_port : -1);
	if (up) {
		jout_str(j, "nexthop", v6 ? "0.0.0.0" : IPSTR(&p->local));
		jout_str(j, "nexthopGlobal", v6 ? IPSTR(&p->local) : "::");
		jout_str(j, "nexthopLocal", "::");
		jout_str(j, "bgpConnection", "sharedNetwork");
	}
	jout_int(j, "connectRetryTimer",
	    p->conf.connect_s != 0 ? p->conf.connect_s : CONNECT_RETRY_S);
	if (peer_damp_left(p) > 0)
		jout_int(j, "nextStartTimerDueInMsecs", (int64_t)peer_damp_left(p));
	if (p->flaps > 0)
		jout_int(j, "oscillations", p->flaps);
	if (p->conf.password != NULL)
		jout_int(j, "authenticationEnabled", 1);
	jout_str(j, "readThread", up ? "on" : "off");
	jout_str(j, "writeThread", up ? "on" : "off");
}

static void
put_bfd(struct show *s, const struct peer *p)
{
	const struct bfd *b = p->bfd != NULL ? &p->bfd->b : NULL;
	struct bfd_timers t;
	struct jout *j = &s->j;
	uint64_t age;

	if (p->conf.bfd != CONF_YES)
		return;
	peer_bfd_timers(p, &t);
	jout_open(j, "peerBfdInfo", '{');
	jout_str(j, "type",
	    p->bfd != NULL && p->bfd->o.multihop ? "multi hop" : "single hop");
	jout_int(j, "detectMultiplier", t.mult);
	jout_int(j, "rxMinInterval", t.rx_us / 1000);
	jout_int(j, "txMinInterval", t.tx_us / 1000);
	jout_str(j, "status",
	    b == NULL                ? "Unknown"
		: b->state == BFD_UP ? "Up"
				     : "Down");
	age = b != NULL ? (evpnd_now_us() - b->changed_us) / 1000000 : 0;
	jout_fmt(j, "lastUpdate", "%u:%02u:%02u:%02u", (unsigned)(age / 86400),
	    (unsigned)(age / 3600 % 24), (unsigned)(age / 60 % 60),
	    (unsigned)(age % 60));
	jout_close(j, '}');
}

static void
put_neighbor(struct show *s, const struct peer *p)
{
	struct jout *j = &s->j;

	jout_open(j, p->conf.name, '{');
	put_neighbor_head(s, p);
	put_timers(s, p);
	if (show_peer_up(p))
		put_caps(s, p);
	put_restart(s, p);
	put_counts(s, p);
	put_queue(s, p);
	jout_int(j, "minBtwnAdvertisementRunsTimerMsecs", 0);
	put_family(s, p);
	put_last_reset(s, p);
	put_transport(s, p);
	put_bfd(s, p);
	jout_close(j, '}');
}

static bool
start_neighbors(struct show *s, char *msg, size_t len)
{
	if (!show_start_bgp(s, msg, len))
		return false;
	if (!s->a.has_peer || peers_find(s->d->peers, s->a.peer) != NULL)
		return true;
	snprintf(msg, len, "%% No such neighbor in this view/vrf");
	return false;
}

static bool
step_neighbors(struct show *s)
{
	struct peer *p;

	jout_open(&s->j, NULL, '{');
	if (s->a.has_peer) {
		p = peers_find(s->d->peers, s->a.peer);
		if (p != NULL)
			put_neighbor(s, p);
	} else {
		for (p = peers_first(s->d->peers); p != NULL; p = peers_after(p))
			put_neighbor(s, p);
	}
	jout_close(&s->j, '}');
	return true;
}

const struct show_desc show_neighbor_descs[] = {
	{ OP_SHOW_BGP_NEIGHBORS, start_neighbors, step_neighbors,
	    "{\"bgpNoSuchNeighbor\":true}" },
	{ 0, NULL, NULL, NULL },
};

/*
 * write - struct conf to text: globals, BGP and neighbors, in FRR's order and words.
 *
 * Everything that was said is written once; defaults that were not said are not. Reading the
 * text again gives an equal configuration.
 */
#include "conf/edit.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
out(const struct writer *w, const char *fmt, ...)
{
	char buf[CLI_LINE + 64];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	w->put(buf, w->arg);
}

static void
write_log_level(const struct writer *w, const char *where, uint8_t level)
{
	const char *name;

	if (level == 0)
		return;
	name = conf_log_level(level - 1u);
	out(w, "log %s", where);
	/* The last one, everything, is what a line without a level means. */
	if (name != NULL && conf_log_level(level) != NULL)
		out(w, " %s", name);
	out(w, "\n");
}

static void
write_log(const struct writer *w, const struct conf_log *l)
{
	char file[CLI_LINE];

	if (l->file != NULL) {
		snprintf(file, sizeof(file), "file %s", l->file);
		write_log_level(w, file, l->file_level);
	}
	write_log_level(w, "stdout", l->stdout_level);
	write_log_level(w, "syslog", l->syslog_level);
}

static void
write_debugs(const struct writer *w, const struct conf_debugs *d)
{
	char text[CONF_DEBUG_STRLEN];

	for (uint16_t i = 0; i < d->n; i++)
		out(w, "%s\n", conf_debug_str(text, &d->list[i]));
}

static void
write_vxlan(const struct writer *w, const struct conf_vxlan *v)
{
	if (!ip_is_set(&v->source) && v->source_ifname[0] == '\0' && v->udp_port == 0 &&
	    mac_is_zero(&v->anycast_mac) && !v->vtep_groups)
		return;
	out(w, "vxlan\n");
	if (ip_is_set(&v->source))
		out(w, " source-address %s\n", IPSTR(&v->source));
	if (v->source_ifname[0] != '\0')
		out(w, " source-interface %s\n", v->source_ifname);
	if (v->udp_port != 0)
		out(w, " udp-port %u\n", v->udp_port);
	if (!mac_is_zero(&v->anycast_mac))
		out(w, " anycast-mac %s\n", MACSTR(&v->anycast_mac));
	if (v->vtep_groups)
		out(w, " vtep-groups\n");
	out(w, "exit\n!\n");
}

void
write_rts(const struct writer *w, const char *indent, const struct conf_rts *import,
    const struct conf_rts *export)
{
	int i;

	for (i = 0; i < import->n; i++)
		out(w, "%sroute-target import %s\n", indent, RTSTR(&import->rt[i]));
	for (i = 0; i < export->n; i++)
		out(w, "%sroute-target export %s\n", indent, RTSTR(&export->rt[i]));
}

static void
write_tri(const struct writer *w, const char *indent, const struct conf_peer *p,
    enum conf_tri t, const char *words)
{
	if (t != CONF_UNSET)
		out(w, "%s%sneighbor %s %s\n", indent, t == CONF_NO ? "no " : "",
		    p->name, words);
}

static void
write_peer_identity(const struct writer *w, const struct conf_peer *p)
{
	static const char *const kinds[] = {
		[CONF_AS_INTERNAL] = "internal",
		[CONF_AS_EXTERNAL] = "external",
	};

	if (p->is_group)
		out(w, " neighbor %s peer-group\n", p->name);
	if (p->as_kind == CONF_AS_NUMBER)
		out(w, " neighbor %s remote-as %u\n", p->name, p->as);
	else if (p->as_kind != CONF_AS_NONE)
		out(w, " neighbor %s remote-as %s\n", p->name, kinds[p->as_kind]);
	if (p->group[0] != '\0')
		out(w, " neighbor %s peer-group %s\n", p->name, p->group);
}

static void
write_peer_transport(const struct writer *w, const struct conf_peer *p)
{
	if (p->port != 0)
		out(w, " neighbor %s port %u\n", p->name, p->port);
	if (p->password != NULL && w->secrets)
		out(w, " neighbor %s password %s\n", p->name, p->password);
	else if (p->password != NULL)
		out(w, " ! neighbor %s has a password\n", p->name);
	if (p->ebgp_multihop == 255)
		out(w, " neighbor %s ebgp-multihop\n", p->name);
	else if (p->ebgp_multihop != 0)
		out(w, " neighbor %s ebgp-multihop %u\n", p->name, p->ebgp_multihop);
	if (p->ttl_hops != 0)
		out(w, " neighbor %s ttl-security hops %u\n", p->name, p->ttl_hops);
	if (ip_is_set(&p->update_source))
		out(w, " neighbor %s update-source %s\n", p->name,
		    IPSTR(&p->update_source));
	else if (p->update_source_ifname[0] != '\0')
		out(w, " neighbor %s update-source %s\n", p->name,
		    p->update_source_ifname);
	if (p->timers)
		out(w, " neighbor %s timers %u %u\n", p->name, p->keepalive_s,
		    p->hold_s);
	if (p->connect_s != 0)
		out(w, " neighbor %s timers connect %u\n", p->name, p->connect_s);
	if (p->send_hold_s != 0)
		out(w, " neighbor %s timers send-hold %u\n", p->name, p->send_hold_s);
}

static void
write_bfd(const struct writer *w, const struct conf_peer *p)
{
	if (p->bfd == CONF_YES && p->bfd_mult != 0)
		out(w, " neighbor %s bfd %u %u %u\n", p->name, p->bfd_mult,
		    p->bfd_rx_ms, p->bfd_tx_ms);
	else
		write_tri(w, " ", p, p->bfd, "bfd");
	if (p->bfd_check_control_plane)
		out(w, " neighbor %s bfd check-control-plane-failure\n", p->name);
	if (p->bfd_profile[0] != '\0')
		out(w, " neighbor %s bfd profile %s\n", p->name, p->bfd_profile);
}

static void
write_peer_gr(const struct writer *w, const struct conf_peer *p)
{
	static const char *const words[] = {
		[CONF_GR_RESTART] = "graceful-restart",
		[CONF_GR_HELPER] = "graceful-restart-helper",
		[CONF_GR_DISABLE] = "graceful-restart-disable",
	};

	if (p->gr != CONF_GR_UNSET)
		out(w, " neighbor %s %s\n", p->name, words[p->gr]);
}

static void
write_peer(const struct writer *w, const struct conf_peer *p)
{
	write_peer_identity(w, p);
	if (p->description != NULL)
		out(w, " neighbor %s description %s\n", p->name, p->description);
	if (p->shutdown == CONF_YES && p->shutdown_message != NULL)
		out(w, " neighbor %s shutdown message %s\n", p->name,
		    p->shutdown_message);
	else
		write_tri(w, " ", p, p->shutdown, "shutdown");
	write_tri(w, " ", p, p->passive, "passive");
	write_bfd(w, p);
	write_tri(
	    w, " ", p, p->capability_extended_nexthop, "capability extended-nexthop");
	write_peer_gr(w, p);
	write_peer_transport(w, p);
}

void
write_peers(const struct writer *w, const struct conf *c)
{
	const struct conf_peer *p;

	TAILQ_FOREACH (p, &c->bgp.peers, link)
		write_peer(w, p);
}

static void
write_max_prefix(const struct writer *w, const struct conf_peer *p)
{
	if (p->max_prefix == 0)
		return;
	out(w, "  neighbor %s maximum-prefix %u", p->name, p->max_prefix);
	if (p->max_prefix_warn != 0)
		out(w, " %u", p->max_prefix_warn);
	if (p->max_prefix_warning_only == CONF_YES)
		out(w, " warning-only");
	else if (p->max_prefix_restart_min != 0)
		out(w, " restart %u", p->max_prefix_restart_min);
	out(w, "\n");
}

void
write_peers_evpn(const struct writer *w, const struct conf *c)
{
	const struct conf_peer *p;

	TAILQ_FOREACH (p, &c->bgp.peers, link) {
		write_tri(w, "  ", p, p->activate, "activate");
		write_tri(w, "  ", p, p->rr_client, "route-reflector-client");
		write_tri(w, "  ", p, p->next_hop_self, "next-hop-self");
		write_tri(w, "  ", p, p->soft_reconfiguration,
		    "soft-reconfiguration inbound");
		if (p->allowas_in != 0)
			out(w, "  neighbor %s allowas-in %u\n", p->name, p->allowas_in);
		write_max_prefix(w, p);
	}
}

static void
write_gr(const struct writer *w, const struct conf_bgp *b)
{
	const struct {
		const char *words;
		enum conf_tri t;
	} tris[] = {
		{ "", b->gr },
		{ " notification", b->gr_notification },
		{ " preserve-fw-state", b->gr_preserve_fw },
	};
	const struct {
		const char *words;
		uint16_t s;
	} times[] = {
		{ "stalepath-time", b->gr_stalepath_s },
		{ "restart-time", b->gr_restart_s },
		{ "select-defer-time", b->gr_defer_s },
		{ "rib-stale-time", b->gr_rib_stale_s },
	};

	for (size_t i = 0; i < sizeof(tris) / sizeof(tris[0]); i++)
		if (tris[i].t != CONF_UNSET)
			out(w, " %sbgp graceful-restart%s\n",
			    tris[i].t == CONF_NO ? "no " : "", tris[i].words);
	if (b->gr_disable)
		out(w, " bgp graceful-restart-disable\n");
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		if (times[i].s != 0)
			out(w, " bgp graceful-restart %s %u\n", times[i].words,
			    times[i].s);
	if (b->llgr_s != 0)
		out(w, " bgp long-lived-graceful-restart stale-time %u\n", b->llgr_s);
}

static void
write_bgp_settings(
    const struct writer *w, const struct conf_bgp *b, bool no_import_check)
{
	struct ip id = ip_of_v4(b->router_id), cluster = ip_of_v4(b->cluster_id);

	if (b->router_id != 0)
		out(w, " bgp router-id %s\n", IPSTR(&id));
	if (b->ebgp_requires_policy)
		out(w, " bgp ebgp-requires-policy\n");
	if (b->no_damping)
		out(w, " no bgp damp-peer-oscillations\n");
	if (b->default_l2vpn_evpn)
		out(w, " bgp default l2vpn-evpn\n");
	if (b->cluster_id != 0)
		out(w, " bgp cluster-id %s\n", IPSTR(&cluster));
	if (b->rib_limit_mib != 0)
		out(w, " bgp rib-limit %u\n", b->rib_limit_mib);
	write_gr(w, b);
	if (no_import_check)
		out(w, " no bgp network import-check\n");
	if (b->timers)
		out(w, " timers bgp %u %u\n", b->keepalive_s, b->hold_s);
}

static void
write_bgp(const struct writer *w, const struct conf *c)
{
	const struct conf_bgp *b = &c->bgp;
	const struct conf_vrf *v = conf_vrf_find(c, CONF_DEFAULT_VRF);
	const struct conf_listen *l;

	if (!b->on)
		return;
	out(w, "router bgp %u\n", b->as);
	write_bgp_settings(w, b, v != NULL && v->no_import_check);
	write_peers(w, c);
	if (b->listen_limit != 0)
		out(w, " bgp listen limit %u\n", b->listen_limit);
	TAILQ_FOREACH (l, &b->listens, link)
		out(w, " bgp listen range %s peer-group %s\n", PREFIXSTR(&l->range),
		    l->group);
	write_vrf_unicast(w, v);
	out(w, " !\n address-family l2vpn evpn\n");
	write_peers_evpn(w, c);
	write_vnis(w, &b->evpn);
	write_vrf_evpn(w, v);
	out(w, " exit-address-family\nexit\n!\n");
}

void
conf_write(const struct conf *c, bool secrets, void (*put)(const char *s, void *arg),
    void *arg)
{
	struct writer w = { .put = put, .arg = arg, .secrets = secrets };

	if (c->hostname[0] != '\0')
		out(&w, "hostname %s\n", c->hostname);
	write_log(&w, &c->log);
	write_debugs(&w, &c->debugs);
	out(&w, "!\n");
	write_vxlan(&w, &c->vxlan);
	write_vrfs(&w, c);
	write_bgp(&w, c);
	write_vrfs_bgp(&w, c);
}

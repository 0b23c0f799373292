/* exec - commands that do something at once: one row each. */
#include "exec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "cli/grammar.h"
#include "debug.h"
#include "evpnd.h"
#include "log.h"
#include "peer.h"
#include "save.h"

/* --- clear bgp --- */

static void
clear_one(struct evpnd *d, struct peer *p, const struct cli_match *m)
{
	bool soft = cli_arg(m, "soft") != NULL;
	bool in = cli_arg(m, "in") != NULL, out = cli_arg(m, "out") != NULL;

	if (!soft && !in && !out) {
		peer_clear(d->peers, p, PEER_CLEAR_HARD);
		return;
	}
	if (in || !out)
		peer_clear(d->peers, p, PEER_CLEAR_SOFT_IN);
	if (out || !in)
		peer_clear(d->peers, p, PEER_CLEAR_SOFT_OUT);
}

/* A peer-group's name means all its members. */
static bool
clear_group(struct evpnd *d, const char *name, const struct cli_match *m)
{
	struct peer *p, *next;
	bool any = false;

	for (p = peers_first(d->peers); p != NULL; p = next) {
		next = peers_after(p);
		if (strcmp(p->conf.group, name) != 0)
			continue;
		clear_one(d, p, m);
		any = true;
	}
	return any;
}

static bool
clear_bgp(struct evpnd *d, const struct cli_match *m, char *msg, size_t len)
{
	const char *name = cli_arg(m, "PEER");
	struct peer *p;

	if (!d->conf->bgp.on) {
		snprintf(msg, len, "%% BGP instance not found");
		return false;
	}
	if (name == NULL) {
		clear_one(d, NULL, m);
		return true;
	}
	p = peers_find(d->peers, name);
	if (p != NULL) {
		clear_one(d, p, m);
		return true;
	}
	if (clear_group(d, name, m))
		return true;
	snprintf(msg, len, "%%BGP: Unknown neighbor - \"%s\"", name);
	return false;
}

/* --- evpn --- */

static uint32_t
vni_of(const struct cli_match *m)
{
	const char *text = cli_arg(m, "VNI");

	return text != NULL ? (uint32_t)strtoul(text, NULL, 10) : 0;
}

static bool
clear_dup_addr(struct evpnd *d, const struct cli_match *m, char *msg, size_t len)
{
	const char *mac_text = cli_arg(m, "MAC"), *ip_text = cli_arg(m, "IP");
	uint32_t vni = vni_of(m);
	struct mac mac;
	struct ip ip;

	if (vni != 0 && evi_find(d->evpn, vni) == NULL) {
		snprintf(msg, len, "%% VNI %u does not exist", vni);
		return false;
	}
	if (mac_text != NULL && !mac_parse(mac_text, &mac))
		return false;
	if (ip_text != NULL && !ip_parse(ip_text, &ip))
		return false;
	evpn_dup_clear(d->evpn, vni, mac_text != NULL ? &mac : NULL,
	    ip_text != NULL ? &ip : NULL, evpnd_now());
	return true;
}

static bool
evpn_mac(struct evpnd *d, const struct cli_match *m, char *msg, size_t len)
{
	const char *ip_text = cli_arg(m, "IP"), *port = cli_arg(m, "IFNAME");
	bool add = m->cmd->op == OP_EVPN_MAC_ADD;
	const struct klink *l = klink_by_name(d->klinks, port);
	struct mac mac;
	struct ip ip = { 0 };
	const char *why;

	if (!mac_parse(cli_arg(m, "MAC"), &mac) || mac_is_multicast(&mac) ||
	    mac_is_zero(&mac)) {
		snprintf(msg, len, "%% A host has a unicast MAC address");
		return false;
	}
	if (ip_text != NULL && !ip_parse(ip_text, &ip))
		return false;
	if (l == NULL && add) {
		snprintf(msg, len, "%% Interface %s does not exist", port);
		return false;
	}
	why = evpn_api_mac(d->evpn, vni_of(m), &mac, ip_text != NULL ? &ip : NULL,
	    l != NULL ? l->ifindex : 0, add, evpnd_now());
	if (why != NULL)
		snprintf(
		    msg, len, "%% VNI %u, MAC %s: %s", vni_of(m), MACSTR(&mac), why);
	return why == NULL;
}

static bool
drain(struct evpnd *d, const struct cli_match *m, char *msg, size_t len)
{
	(void)m;
	(void)msg;
	(void)len;
	log_notice("draining: all sessions end");
	peers_stop(d->peers, true);
	return true;
}

static bool
clear_kernel(struct evpnd *d, const struct cli_match *m, char *msg, size_t len)
{
	(void)m;
	(void)msg;
	(void)len;
	ktab_renew(d->ktab, evpnd_now());
	return true;
}

static bool
write_file(struct evpnd *d, const struct cli_match *m, char *msg, size_t len)
{
	(void)m;
	return change_settled(d->change, msg, len) &&
	    save_conf(d->conf, d->conf_path, msg, len);
}

/* A line of FRR's. */
static bool
ignored(struct evpnd *d, const struct cli_match *m, char *msg, size_t len)
{
	(void)d;
	snprintf(msg, len, "%% Ignored, has no meaning here: %s", m->cmd->syntax);
	return true;
}

/* The client's own commands: nothing is to be done here. */
static bool
nothing(struct evpnd *d, const struct cli_match *m, char *msg, size_t len)
{
	(void)d;
	(void)m;
	(void)msg;
	(void)len;
	return true;
}

static bool (*const actions[OP_COUNT])(
    struct evpnd *d, const struct cli_match *m, char *msg, size_t len) = {
	/* clang-format off */
	[OP_CLEAR_BGP]		= clear_bgp,
	[OP_CLEAR_DUP_ADDR]	= clear_dup_addr,
	[OP_CLEAR_EVPN_KERNEL]	= clear_kernel,
	[OP_EVPN_MAC_ADD]	= evpn_mac,
	[OP_EVPN_MAC_DEL]	= evpn_mac,
	[OP_EVPN_DRAIN]		= drain,
	[OP_WRITE]		= write_file,
	[OP_DEBUG_KEEPALIVES]	= debug_run,
	[OP_DEBUG_EVENTS]	= debug_run,
	[OP_DEBUG_UPDATES]	= debug_run,
	[OP_DEBUG_EVPN]		= debug_run,
	[OP_DEBUG_MAC]		= debug_run,
	[OP_DEBUG_VNI]		= debug_run,
	[OP_DEBUG_KERNEL]	= debug_run,
	[OP_DEBUG_ALL]		= debug_run,
	[OP_IGNORED]		= ignored,
	[OP_EXIT]		= nothing,
	[OP_END]		= nothing,
	[OP_LIST]		= nothing,
	[OP_TERMINAL_LENGTH]	= nothing,
	[OP_WATCH]		= nothing,
	/* clang-format on */
};

bool
exec_known(const struct cli_match *m)
{
	return actions[m->cmd->op] != NULL;
}

bool
exec_run(struct evpnd *d, const struct cli_match *m, char *msg, size_t len)
{
	msg[0] = '\0';
	if (!actions[m->cmd->op](d, m, msg, len))
		return false;
	pipeline_wake(d);
	return true;
}

/* debug - see debug.h. Lines are made of what "monitor" tells, and of UPDATEs. */
#include "debug.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bgp/msg.h"
#include "bgp/update.h"
#include "log.h"
#include "peer.h"

bool
debug_wanted(const struct evpnd *d, enum conf_debug_what what, const char *only)
{
	return conf_debug_match(&d->debug, what, only);
}

void
debug_line(struct evpnd *d, const char *fmt, ...)
{
	uint64_t second = evpnd_now() / 1000;
	char text[512];
	va_list ap;

	if (second != d->debug_second) {
		if (d->debug_lines > DEBUG_RATE)
			log_asked("debug: %u lines left out, at most %u a second",
			    d->debug_lines - DEBUG_RATE, DEBUG_RATE);
		d->debug_second = second;
		d->debug_lines = 0;
	}
	if (d->debug_lines++ >= DEBUG_RATE)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	log_asked("%s", text);
}

/* --- switches --- */

void
debug_apply(struct evpnd *d, const struct conf *now, const struct conf *before)
{
	uint16_t i;

	for (i = 0; before != NULL && i < before->debugs.n; i++)
		if (!conf_debug_has(&now->debugs, &before->debugs.list[i]))
			conf_debug_set(&d->debug, &before->debugs.list[i], false);
	for (i = 0; i < now->debugs.n; i++)
		if (before == NULL ||
		    !conf_debug_has(&before->debugs, &now->debugs.list[i]))
			conf_debug_set(&d->debug, &now->debugs.list[i], true);
}

bool
debug_run(struct evpnd *d, const struct cli_match *m, char *msg, size_t len)
{
	if (!conf_debug_command(&d->debug, m)) {
		snprintf(msg, len, "%% More than %d debug switches", CONF_DEBUGS);
		return false;
	}
	if (d->debug.n > 0 && !log_takes(LOG_DEBUG))
		snprintf(msg, len,
		    "%% No log takes debug lines (\"log stdout debugging\"): \"show "
		    "logging\" has the last ones");
	return true;
}

void
debug_fini(struct evpnd *d)
{
	conf_debug_fini(&d->debug);
}

/* --- updates --- */

static void
tell_section(const struct peer *p, const struct update *u, struct cursor c, bool reach,
    const char *way)
{
	struct evpnd *d = peers_daemon(p->peers);
	enum nlri_result result;
	struct nlri_info info;
	const char *why = "";
	struct nlri key;

	while ((result = nlri_get(&c, false, &key, &info, &why)) != NLRI_END &&
	    result != NLRI_BROKEN) {
		if (result != NLRI_OK)
			debug_line(d, "peer %s: %s: route of type %u%s%s", p->conf.name,
			    way, key.type, result == NLRI_BAD ? ": " : "", why);
		else if (reach)
			debug_line(d, "peer %s: %s: RD %s %s, next hop %s%s",
			    p->conf.name, way, RDSTR(&key.rd), NLRISTR(&key),
			    IPSTR(&u->draft.v.nexthop),
			    u->verdict >= BGP_WITHDRAW ? ", treated as withdrawn" : "");
		else
			debug_line(d, "peer %s: %s: withdrawn: RD %s %s", p->conf.name,
			    way, RDSTR(&key.rd), NLRISTR(&key));
	}
}

void
debug_update(const struct peer *p, const struct update *u, bool out)
{
	const char *way = out ? "sent" : "received";

	if (!debug_on(peers_daemon(p->peers),
		out ? DEBUG_BGP_UPDATES_OUT : DEBUG_BGP_UPDATES_IN, p->conf.name))
		return;
	if (u->eor)
		debug_line(peers_daemon(p->peers), "peer %s: %s: End-of-RIB",
		    p->conf.name, way);
	if (u->has_unreach && u->unreach_afi == AFI_L2VPN)
		tell_section(p, u, u->unreach, false, way);
	if (u->has_reach && u->reach_afi == AFI_L2VPN)
		tell_section(p, u, u->reach, true, way);
}

void
debug_sent(const struct peer *p, const uint8_t *bytes, size_t len)
{
	struct attr_ctx ctx = { .as4 = p->open.caps.as4, .ibgp = p->rp.ibgp };
	struct cursor c = cursor_of(bytes, len), body;
	struct update u;
	uint8_t type;

	if (!debug_on(peers_daemon(p->peers), DEBUG_BGP_UPDATES_OUT, p->conf.name))
		return;
	while (get_left(&c) >= MSG_HEADER) {
		get_skip(&c, 16);
		len = get_u16(&c);
		type = get_u8(&c);
		body = get_sub(&c, len - MSG_HEADER);
		if (type == MSG_UPDATE && update_decode(&body, &ctx, &u) < BGP_RESET)
			debug_update(p, &u, true);
	}
}

/* --- events --- */

static bool
is_about(const struct evpnd *d, uint32_t vni, const struct mac *mac)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", vni);
	return debug_on(d, DEBUG_EVPN, "") ||
	    (vni != 0 && debug_on(d, DEBUG_EVPN_VNI, number)) ||
	    (!mac_is_zero(mac) && debug_on(d, DEBUG_EVPN_MAC, MACSTR(mac)));
}

static void
tell_evpn(struct evpnd *d, const struct evpn_event *e)
{
	const struct klink *l = klink_find(d->klinks, e->port);
	char mac[32] = "", ip[64] = "", where[96] = "";

	if (!is_about(d, e->vni, &e->mac))
		return;
	if (!mac_is_zero(&e->mac))
		snprintf(mac, sizeof(mac), " MAC %s", MACSTR(&e->mac));
	if (ip_is_set(&e->ip))
		snprintf(ip, sizeof(ip), " IP %s", IPSTR(&e->ip));
	if (ip_is_set(&e->vtep))
		snprintf(where, sizeof(where), ", VTEP %s", IPSTR(&e->vtep));
	else if (l != NULL)
		snprintf(where, sizeof(where), ", on %s", l->name);
	debug_line(d, "vni %u:%s%s: %s%s, sequence %u", e->vni, mac, ip,
	    evpn_event_name(e->kind), where, e->seq);
}

static void
tell_kernel(struct evpnd *d, const struct kevent *e)
{
	const struct mac *mac = e->key.kind == KOBJ_NEIGH ? &e->val.mac : &e->key.mac;
	const struct klink *l = klink_find(d->klinks, e->key.ifindex);
	char key[KOBJ_STRLEN], val[KOBJ_STRLEN];

	if (!debug_on(d, DEBUG_KERNEL, "") && !is_about(d, 0, mac))
		return;
	debug_line(d, "kernel: %s %s %s%s%s: %s%s%s", kevent_name(e->kind),
	    kkind_name(e->key.kind), kkey_str(key, &e->key),
	    kkind_on_device(e->key.kind) && l != NULL ? " is " : "",
	    kkind_on_device(e->key.kind) && l != NULL ? l->name : "",
	    kval_str(val, &e->key, &e->val), e->error != 0 ? ": " : "",
	    e->error != 0 ? strerror(-e->error) : "");
}

/* Past the end: where a reader begins who was not interested so far. */
static void
skip(struct evpnd *d)
{
	d->debug_evpn = d->debug_kernel = UINT64_MAX;
}

bool
debug_events(struct evpnd *d)
{
	struct evpn_event e[64];
	struct kevent k[64];
	unsigned n, nk, i;

	if (d->debug.n == 0) {
		skip(d);
		return true;
	}
	n = evpn_events(d->evpn, &d->debug_evpn, e, 64);
	for (i = 0; i < n; i++)
		tell_evpn(d, &e[i]);
	nk = kevent_read(ktab_events(d->ktab), &d->debug_kernel, k, 64);
	for (i = 0; i < nk; i++)
		tell_kernel(d, &k[i]);
	return n < 64 && nk < 64;
}

/*
 * guard - what local hosts and other VTEPs may not do: more MACs and addresses than there is
 * room for, and a gateway's MAC or address, which is ours.
 *
 * Limits: per VNI and per port, for MACs and for addresses (evi_conf.limits). They count all
 * local candidates and refuse new ones that the bridge, the neighbour table, ARP or ND tell
 * of: what is known stays known, and what an administrator or a platform says is always
 * taken. What is refused is not advertised; the bridge still forwards it on this host. Once
 * an eighth of the room is free again the kernel's tables are heard anew.
 *
 * Spoofs: the last ones are kept for EVI_SPOOF_MS after they were last seen. Each limit
 * reached and each spoof is told once, in the history.
 */
#include "evpn/state.h"

/* A port may lead to a switch or to nested hypervisors: what these have must fit. */
static const uint32_t defaults[EVI_LIMITS] = {
	[EVI_LIMIT_MACS] = 262144,
	[EVI_LIMIT_PORT_MACS] = 65536,
	[EVI_LIMIT_IPS] = 524288,
	[EVI_LIMIT_PORT_IPS] = 131072,
};

uint32_t
evi_limit(const struct evi *evi, enum evi_limit which)
{
	return evi->conf.limits[which] != 0 ? evi->conf.limits[which] : defaults[which];
}

/* --- limits --- */

/* Addresses have the second pair of limits. */
static enum evi_limit
limit_of(bool ip, bool port)
{
	return (ip ? EVI_LIMIT_IPS : EVI_LIMIT_MACS) + (port ? 1 : 0);
}

static bool
has_room(struct evi *evi, enum evi_limit which, uint32_t n, bool over)
{
	uint32_t limit = evi_limit(evi, which);

	if (!over)
		return n < limit;
	return n <= limit - (limit + 7) / 8;
}

static void
refused(struct evi *evi, bool ip, uint32_t port, bool *over, uint64_t now)
{
	evi->guard.refused[ip]++;
	if (*over)
		return;
	*over = true;
	history_guard(
	    evi, ip ? EV_IP_LIMIT : EV_MAC_LIMIT, NULL, NULL, NULL, port, now);
}

bool
guard_admits(struct evi *evi, const struct ip *ip, uint32_t port, uint64_t now)
{
	struct evdev *d = port != 0 ? evdev_find(evi->evpn, port) : NULL;
	struct evi_guard *g = &evi->guard;
	bool is_ip = ip != NULL;

	if (d != NULL &&
	    !has_room(evi, limit_of(is_ip, true), d->hosts[is_ip], d->over[is_ip])) {
		refused(evi, is_ip, port, &d->over[is_ip], now);
		return false;
	}
	if (!has_room(evi, limit_of(is_ip, false), g->hosts[is_ip], g->over[is_ip])) {
		refused(evi, is_ip, 0, &g->over[is_ip], now);
		return false;
	}
	return true;
}

/* There is room again: whoever was refused may come in. */
static void
relax(struct evi *evi, bool ip, struct evdev *d, bool *over, uint32_t n)
{
	if (!*over || evi->evpn->closing ||
	    !has_room(evi, limit_of(ip, d != NULL), n, true))
		return;
	*over = false;
	evi_rescan(evi);
}

void
guard_count(struct evi *evi, bool ip, int by)
{
	struct evi_guard *g = &evi->guard;

	g->hosts[ip] += (uint32_t)by;
	if (by < 0)
		relax(evi, ip, NULL, &g->over[ip], g->hosts[ip]);
}

void
guard_count_port(struct evi *evi, struct evdev *d, bool ip, int by)
{
	d->hosts[ip] += (uint32_t)by;
	if (by < 0)
		relax(evi, ip, d, &d->over[ip], d->hosts[ip]);
}

void
guard_conf(struct evi *evi)
{
	struct evdev *d = evdev_first(evi->evpn, EVDEV_PORT, evi->bridge);
	struct evi_guard *g = &evi->guard;

	for (int ip = 0; ip < 2; ip++)
		relax(evi, ip, NULL, &g->over[ip], g->hosts[ip]);
	for (; d != NULL; d = evdev_after(d))
		for (int ip = 0; ip < 2; ip++)
			relax(evi, ip, d, &d->over[ip], d->hosts[ip]);
}

unsigned
evi_port_over(struct evi *evi, unsigned n, uint32_t *out_port)
{
	struct evdev *d = evdev_first(evi->evpn, EVDEV_PORT, evi->bridge);

	while (d != NULL && ((!d->over[0] && !d->over[1]) || n-- > 0))
		d = evdev_after(d);
	if (d == NULL)
		return 0;
	*out_port = d->ifindex;
	return (d->over[0] ? 1 : 0) | (d->over[1] ? 2 : 0);
}

/* --- spoofs --- */

static bool
same_spoof(const struct evi_spoof *a, const struct evi_spoof *b)
{
	return mac_cmp(&a->mac, &b->mac) == 0 && ip_cmp(&a->ip, &b->ip) == 0 &&
	    ip_cmp(&a->vtep, &b->vtep) == 0 && a->port == b->port;
}

static void
spoofed(struct evi *evi, const struct evi_spoof *s)
{
	struct evi_spoof *list = evi->guard.spoofs, *oldest = list;

	for (unsigned i = 0; i < EVI_SPOOFS; i++) {
		if (list[i].at_ms != 0 && same_spoof(&list[i], s) &&
		    s->at_ms - list[i].at_ms < EVI_SPOOF_MS) {
			list[i].at_ms = s->at_ms;
			return;
		}
		if (list[i].at_ms < oldest->at_ms)
			oldest = &list[i];
	}
	evi->guard.nspoofs++;
	/* Many at a time are one: who changes his MAC with each frame fills no history. */
	if (oldest->at_ms == 0 || s->at_ms - oldest->at_ms >= EVI_SPOOF_MS) {
		*oldest = *s;
		history_guard(
		    evi, EV_SPOOFED, &s->mac, &s->ip, &s->vtep, s->port, s->at_ms);
	}
}

bool
guard_local(struct evi *evi, const struct mac *mac, const struct ip *ip, uint32_t port,
    uint64_t now)
{
	struct evi_spoof s = { .mac = *mac, .port = port, .at_ms = now };
	bool is_addr = ip != NULL && gateway_is_addr(evi, ip);

	if (!gateway_is_mac(evi, mac) && !is_addr)
		return true;
	if (ip != NULL)
		s.ip = *ip;
	spoofed(evi, &s);
	return false;
}

void
guard_remote(
    struct evi *evi, const struct macip *m, const struct attrs *a, uint64_t now)
{
	struct evi_spoof s = {
		.mac = m->mac, .ip = m->ip, .vtep = a->v.nexthop, .at_ms = now
	};

	/* Others that have the gateway, too, say so. */
	if (a->v.flags & ATTRS_DEFAULT_GW || evpn_is_own_ip(evi->evpn, &a->v.nexthop))
		return;
	if (gateway_is_mac(evi, &m->mac) ||
	    (ip_is_set(&m->ip) && gateway_is_addr(evi, &m->ip)))
		spoofed(evi, &s);
}

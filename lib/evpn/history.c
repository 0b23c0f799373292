/*
 * history - the last events of hosts and VTEPs, for "show evpn history" and "monitor".
 *
 * Keeps: a ring of HISTORY_EVENTS. Events are numbered from 0; a reader keeps the number of
 * the next one it wants and may have missed those that were overwritten.
 */
#include "evpn/state.h"

static const char *const names[] = {
	[EV_LEARNED] = "learned",
	[EV_AGED] = "aged",
	[EV_MOVED_HERE] = "moved here",
	[EV_MOVED_AWAY] = "moved away",
	[EV_MOVED_REMOTE] = "moved remotely",
	[EV_REMOTE_ADD] = "remote added",
	[EV_REMOTE_DEL] = "remote withdrawn",
	[EV_DUPLICATE] = "duplicate",
	[EV_DUP_CLEARED] = "duplicate cleared",
	[EV_PROBED] = "probed",
	[EV_VTEP_ADD] = "VTEP added",
	[EV_VTEP_DEL] = "VTEP withdrawn",
	[EV_VNI_UP] = "VNI up",
	[EV_VNI_DOWN] = "VNI down",
	[EV_REFUSED] = "refused, sticky elsewhere",
	[EV_RMAC_CONFLICT] = "second router MAC of a VTEP",
	[EV_RMAC_OVER] = "one router MAC of a VTEP again",
	[EV_MAC_LIMIT] = "MAC limit reached",
	[EV_IP_LIMIT] = "host limit reached",
	[EV_SPOOFED] = "gateway spoofed",
};

const char *
evpn_event_name(enum evpn_event_kind kind)
{
	if ((size_t)kind >= sizeof(names) / sizeof(names[0]))
		return "unknown";
	return names[kind];
}

static void
add(struct evpn *e, const struct evpn_event *ev)
{
	e->events[e->nevents++ % HISTORY_EVENTS] = *ev;
}

void
history_mac(
    struct macip *m, enum evpn_event_kind kind, const struct ip *vtep, uint64_t now)
{
	struct macip *own = macip_own(m);
	struct evpn_event ev = { .at_ms = now,
		.kind = (uint8_t)kind,
		.vni = m->evi->vni,
		.mac = m->mac,
		.ip = m->ip };

	if (vtep != NULL)
		ev.vtep = *vtep;
	if (own != NULL) {
		ev.seq = own->best_local ? own->local_seq : own->remote_seq;
		if (own->local != NULL)
			ev.port = own->local->port;
	}
	add(m->evi->evpn, &ev);
}

void
history_evi(
    struct evi *evi, enum evpn_event_kind kind, const struct ip *vtep, uint64_t now)
{
	struct evpn_event ev = { .at_ms = now, .kind = (uint8_t)kind, .vni = evi->vni };

	if (vtep != NULL)
		ev.vtep = *vtep;
	add(evi->evpn, &ev);
}

void
history_guard(struct evi *evi, enum evpn_event_kind kind, const struct mac *mac,
    const struct ip *ip, const struct ip *vtep, uint32_t port, uint64_t now)
{
	struct evpn_event ev = {
		.at_ms = now, .kind = (uint8_t)kind, .vni = evi->vni, .port = port
	};

	if (mac != NULL)
		ev.mac = *mac;
	if (ip != NULL)
		ev.ip = *ip;
	if (vtep != NULL)
		ev.vtep = *vtep;
	add(evi->evpn, &ev);
}

void
history_rmac(const struct vrfvia *n, enum evpn_event_kind kind, uint64_t now)
{
	struct evpn_event ev = { .at_ms = now,
		.kind = (uint8_t)kind,
		.vni = n->evi != NULL ? n->evi->vni : n->vrf->vni,
		.mac = n->rmac,
		.vtep = n->vtep };

	add(n->vrf->evpn, &ev);
}

void
history_vni(struct evpn *e, uint32_t vni, enum evpn_event_kind kind,
    const struct ip *vtep, uint64_t now)
{
	struct evpn_event ev = {
		.at_ms = now, .kind = (uint8_t)kind, .vni = vni, .vtep = *vtep
	};

	add(e, &ev);
}

unsigned
evpn_events(const struct evpn *e, uint64_t *seq, struct evpn_event *out, unsigned n)
{
	unsigned copied = 0;

	if (e->nevents > HISTORY_EVENTS && *seq < e->nevents - HISTORY_EVENTS)
		*seq = e->nevents - HISTORY_EVENTS;
	if (*seq > e->nevents)
		*seq = e->nevents;
	while (copied < n && *seq < e->nevents)
		out[copied++] = e->events[(*seq)++ % HISTORY_EVENTS];
	return copied;
}

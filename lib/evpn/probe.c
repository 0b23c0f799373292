/*
 * probe - is a host still there? Local addresses that are in doubt, or were not heard for
 * long, are asked before their routes are withdrawn.
 *
 * Keeps: one timer per local address, in order of time. PROBES questions, a second apart;
 * any sign of life ends the doubt, no answer to the last ends the candidate. What was set by
 * hand or by a platform is not asked. The advertisement stays until the verdict.
 */
#include "evpn/state.h"

#include <stdlib.h>

#include "base/mem.h"

#define PROBES 3
#define PROBE_S 1
#define QUIET_S 300 /* not heard for so long: in doubt */

static int
macip_timer_cmp(const struct macip_local *a, const struct macip_local *b)
{
	int c;

	if (a->probe_at_s != b->probe_at_s)
		return a->probe_at_s < b->probe_at_s ? -1 : 1;
	if (a->row->evi->vni != b->row->evi->vni)
		return a->row->evi->vni < b->row->evi->vni ? -1 : 1;
	c = mac_cmp(&a->row->mac, &b->row->mac);
	return c != 0 ? c : ip_cmp(&a->row->ip, &b->row->ip);
}

RB_GENERATE(macip_timers, macip_local, timer, macip_timer_cmp)

void
probe_stop(struct macip *m)
{
	struct macip_local *l = m->local;

	if (l->probe_at_s != 0)
		RB_REMOVE(macip_timers, &m->evi->evpn->timers, l);
	l->probe_at_s = 0;
	l->probes = 0;
}

static void
start(struct macip *m, uint32_t at_s)
{
	struct macip_local *l = m->local;

	if (l->probe_at_s != 0)
		RB_REMOVE(macip_timers, &m->evi->evpn->timers, l);
	l->probe_at_s = at_s;
	RB_INSERT(macip_timers, &m->evi->evpn->timers, l);
}

/* Asks once more, or gives up. */
static void
ask(struct macip *m, uint64_t now)
{
	struct macip *own = macip_own(m);
	struct evpn *e = m->evi->evpn;
	const struct klink *port;
	struct probe *p;

	if (m->local->probes >= PROBES || own->local == NULL || own->local->port == 0) {
		local_clear(m, LOCAL_SOFT);
		return;
	}
	port = device_link_of(e, own->local->port);
	p = xcalloc(1, sizeof(*p));
	p->probe = (struct evpn_probe){ .port = own->local->port,
		.vlan = m->evi->vlan,
		.mac = m->mac,
		.ip = m->ip };
	if (port != NULL && port->port.pvid == m->evi->vlan)
		p->probe.vlan = 0; /* untagged there */
	TAILQ_INSERT_TAIL(&e->probes, p, link);
	if (m->local->probes++ == 0)
		history_mac(m, EV_PROBED, NULL, now);
	start(m, now_s(now) + PROBE_S);
}

void
probe_doubt(struct macip *m, uint64_t now)
{
	m->local->from &= (uint8_t)~LOCAL_NEIGH;
	if (m->local->probes == 0)
		ask(m, now);
}

void
probe_alive(struct macip *m, uint64_t now)
{
	struct macip_local *l = m->local;

	l->heard_s = now_s(now);
	if (l->probes == 0 && l->probe_at_s != 0)
		return; /* the timer finds out by itself */
	l->probes = 0;
	start(m, l->heard_s + QUIET_S);
}

void
probe_soon(struct macip *m, uint32_t seconds, uint64_t now)
{
	m->local->heard_s = now_s(now) + seconds - QUIET_S;
	m->local->probes = 0;
	start(m, now_s(now) + seconds);
}

uint64_t
probe_tick(struct evpn *e, uint64_t now)
{
	struct macip_local *l;

	while ((l = RB_MIN(macip_timers, &e->timers)) != NULL &&
	    l->probe_at_s <= now_s(now)) {
		if (l->probes == 0 && l->heard_s + QUIET_S > now_s(now))
			start(l->row, l->heard_s + QUIET_S);
		else
			ask(l->row, now);
	}
	return l != NULL ? (uint64_t)l->probe_at_s * 1000 : UINT64_MAX;
}

bool
evpn_probe(struct evpn *e, struct evpn_probe *out)
{
	struct probe *p = TAILQ_FIRST(&e->probes);

	if (p == NULL)
		return false;
	TAILQ_REMOVE(&e->probes, p, link);
	*out = p->probe;
	free(p);
	return true;
}

/*
 * answer - ARP and ND questions of hosts about addresses that are being resolved on demand.
 *
 * The bridge answers for the neighbours it has. The first question about an address comes
 * before its rows are there: it is flooded like any unknown one, and here it is answered by
 * us as soon as the kernel has the rows, so that the host need not wait for the far host's
 * answer (or, where nothing is flooded, for its own next try a second later), and the packet
 * that follows finds its way.
 *
 * Always: no answer before the rows are there, none for an address that is not elsewhere. At
 * most QUESTIONS wait, each for WAIT_MS. Answers are those that a bridge with neigh_suppress
 * gives; duplicate address detection is not answered (RFC 9161, 3.6 leaves that to the owner).
 */
#include <stdlib.h>

#include "base/mem.h"
#include "evpn/state.h"

#define QUESTIONS 1024
#define WAIT_MS 500

struct question {
	TAILQ_ENTRY(question) link;
	struct demand_question asked;
	uint32_t vni;
	uint64_t until_ms;
};

/* The frame came in on a port: the VNI is that of the port's bridge and VLAN. */
static struct evi *
evi_of_port(struct evpn *e, const struct demand_question *q)
{
	struct evdev *d = evdev_find(e, q->port);
	const struct klink *br, *l;
	uint16_t vlan = q->vlan;

	if (d == NULL || d->role != EVDEV_PORT)
		return NULL;
	br = klink_find(e->klinks, d->of);
	l = klink_find(e->klinks, q->port);
	if (vlan == 0 && br != NULL && br->vlan_filtering && l != NULL)
		vlan = l->port.pvid;
	return evi_by_bridge(e, d->of, vlan);
}

bool
evpn_asked(struct evpn *e, const struct demand_question *q, uint64_t now_us)
{
	struct evi *evi = evi_of_port(e, q);
	const struct macip *holder = NULL;
	struct question *n;

	if (evi == NULL || !demand_asked(evi, &q->about, now_us, &holder) ||
	    !evi->conf.suppression || mac_cmp(&holder->mac, &q->mac) == 0)
		return false;
	if (e->nquestions >= QUESTIONS) {
		demand_count(evi)->limited++;
		return false;
	}
	n = xcalloc(1, sizeof(*n));
	n->asked = *q;
	n->vni = evi->vni;
	n->until_ms = now_us / 1000 + WAIT_MS;
	TAILQ_INSERT_TAIL(&e->questions, n, link);
	e->nquestions++;
	return true;
}

static void
question_free(struct evpn *e, struct question *q)
{
	TAILQ_REMOVE(&e->questions, q, link);
	e->nquestions--;
	free(q);
}

/* The row that answers it now; NULL: none, or not yet in the kernel. */
static const struct macip *
ready(struct evpn *e, const struct question *q, struct evi **out)
{
	const struct macip *m;

	*out = evi_find(e, q->vni);
	if (*out == NULL || demand_count(*out) == NULL)
		return NULL;
	for (m = macip_by_ip(*out, &q->asked.about); m != NULL;
	     m = macip_ip_after((struct macip *)(uintptr_t)m))
		if (m->holder && m->state == MACIP_REMOTE && m->best != NULL &&
		    demand_installed(*out, &m->mac, &m->ip))
			return m;
	return NULL;
}

bool
evpn_answer(struct evpn *e, uint64_t now, struct demand_answer *out)
{
	struct question *q, *next;
	const struct macip *m;
	struct evi *evi;

	TAILQ_FOREACH_SAFE (q, &e->questions, link, next) {
		m = ready(e, q, &evi);
		if (m == NULL && now < q->until_ms)
			continue;
		if (m == NULL) {
			question_free(e, q);
			continue;
		}
		demand_count(evi)->answered++;
		*out = (struct demand_answer){ .to = q->asked,
			.mac = m->mac,
			.router = m->best->attrs->v.flags & ATTRS_ROUTER };
		question_free(e, q);
		return true;
	}
	return false;
}

void
answer_fini(struct evpn *e)
{
	struct question *q;

	while ((q = TAILQ_FIRST(&e->questions)) != NULL)
		question_free(e, q);
}

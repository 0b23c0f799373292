/*
 * peer_bfd - BFD for neighbors (RFC 5882): which session a neighbor has, and what it means to
 * BGP that it goes down.
 *
 * The BFD session is made when the BGP session comes up, between the two ends of that; BGP
 * never waits for it. It outlives the BGP session, so that BFD can say when the way is there
 * again, and ends with the setting, the neighbor or its shutdown. What BFD says of the way
 * counts; that the other side has switched BFD off (AdminDown) says nothing (RFC 5882, 3.2).
 */
#include "bfd.h"
#include "bfd_sock.h"
#include "peer_int.h"

#define HOPS_ANY 255 /* iBGP: any distance */

/* BFD was up and is not: the way is broken. */
static void
way_lost(struct peer *p)
{
	const struct bfd *b = &p->bfd->b;
	struct bgp_error err;

	/* The neighbor's BFD restarts with its BGP: down may mean that only. */
	if (p->state != FSM_ESTABLISHED) {
		peer_log(p, LOG_INFO, "BFD down: %s", bfd_diag_name(b->diag));
		return;
	}
	peer_log(p, LOG_WARNING, "BFD down: %s", bfd_diag_name(b->diag));
	err = peer_cease(BGP_CEASE_BFD, NULL, bfd_diag_name(b->diag));
	peer_stop(p, &err);
}

static void
bfd_changed(void *arg, enum bfd_state before)
{
	struct peer *p = arg;
	const struct bfd *b = &p->bfd->b;

	if (b->state == BFD_UP) {
		peer_log(p, LOG_NOTICE, "BFD up");
		if (p->session == NULL && !peer_damped(p))
			peer_start(p);
		else if (p->session != NULL)
			session_hurry(p->session);
	} else if (before == BFD_UP && b->remote_state == BFD_ADMIN_DOWN) {
		peer_log(p, LOG_NOTICE, "BFD down: the neighbor has switched it off");
	} else if (before == BFD_UP) {
		way_lost(p);
	}
}

/* How many hops away it may be, FRR's rules; 1: single-hop. */
static uint8_t
hops_of(const struct peer *p, bool direct)
{
	if (p->rp.ibgp)
		return direct ? 1 : p->conf.ttl_hops > 0 ? p->conf.ttl_hops : HOPS_ANY;
	if (p->conf.ttl_hops > 1)
		return p->conf.ttl_hops;
	return p->conf.ebgp_multihop > 1 ? p->conf.ebgp_multihop : 1;
}

static struct bfd_session_opts
opts_of(struct peer *p)
{
	struct bfd_session_opts o = {
		.local = p->local,
		.remote = p->remote,
		.independent = p->conf.bfd_check_control_plane,
		.changed = bfd_changed,
		.arg = p,
	};
	struct bfd_way way;
	uint8_t hops;

	if (bfd_sock_way(&o.local, &o.remote, &way) < 0)
		way = (struct bfd_way){ .direct = !p->rp.ibgp };
	hops = hops_of(p, way.direct);
	o.multihop = hops > 1;
	if (o.multihop)
		o.min_ttl = (uint8_t)(256 - hops);
	else
		o.ifindex = way.ifindex;
	peer_bfd_timers(p, &o.timers);
	return o;
}

void
peer_bfd_timers(const struct peer *p, struct bfd_timers *out)
{
	uint16_t rx = p->conf.bfd_rx_ms, tx = p->conf.bfd_tx_ms;

	out->mult = p->conf.bfd_mult != 0 ? p->conf.bfd_mult : BFD_MULT;
	out->rx_us = (rx != 0 ? rx : BFD_INTERVAL_MS) * 1000u;
	out->tx_us = (tx != 0 ? tx : BFD_INTERVAL_MS) * 1000u;
}

static bool
same_ends(const struct bfd_session_opts *a, const struct bfd_session_opts *b)
{
	return a->multihop == b->multihop && a->min_ttl == b->min_ttl &&
	    ip_cmp(&a->local, &b->local) == 0 && ip_cmp(&a->remote, &b->remote) == 0;
}

void
peer_bfd_apply(struct peer *p)
{
	struct bfd_session_opts o;

	if (p->conf.bfd != CONF_YES || p->deleted || p->peers->stopped ||
	    p->conf.shutdown == CONF_YES) {
		bfd_session_free(p->bfd);
		p->bfd = NULL;
		return;
	}
	if (p->state != FSM_ESTABLISHED) {
		if (p->bfd != NULL) {
			peer_bfd_timers(p, &o.timers);
			bfd_session_configure(
			    p->bfd, &o.timers, p->conf.bfd_check_control_plane);
		}
		return;
	}
	o = opts_of(p);
	if (p->bfd != NULL && same_ends(&p->bfd->o, &o)) {
		p->bfd->o.ifindex = o.ifindex;
		bfd_session_configure(p->bfd, &o.timers, o.independent);
		return;
	}
	bfd_session_free(p->bfd);
	p->bfd = bfd_session_new(p->peers->bfds, &o);
}

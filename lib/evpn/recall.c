/*
 * recall - what one life of the daemon tells the next of the hosts here.
 *
 * The kernel keeps which MACs are behind which port, and neighbours of the SVI. It keeps
 * neither the sequence number of a MAC (RFC 7432, 7.7) nor addresses that were only heard in
 * ARP and ND. These are memos: the daemon writes them down, and gives them back after a
 * restart. A memo waits for its MAC to be found in the bridge; then it counts, and the address
 * is asked for soon, as nobody knows what the host did meanwhile. What has not been found when
 * the restart is over is forgotten.
 */
#include "evpn/state.h"

#include <stdlib.h>

#include "base/mem.h"

#define ASK_S 2 /* addresses are asked for between ASK_S and ... */
#define ASK_SPREAD_S 16

static int
memo_cmp(const struct memo *a, const struct memo *b)
{
	int c;

	if (a->memo.vni != b->memo.vni)
		return a->memo.vni < b->memo.vni ? -1 : 1;
	c = mac_cmp(&a->memo.mac, &b->memo.mac);
	return c != 0 ? c : ip_cmp(&a->memo.ip, &b->memo.ip);
}

RB_PROTOTYPE(memo_tree, memo, link, memo_cmp)
RB_GENERATE(memo_tree, memo, link, memo_cmp)

static void
memo_free(struct evpn *e, struct memo *m)
{
	RB_REMOVE(memo_tree, &e->memos, m);
	free(m);
}

void
evpn_recall(struct evpn *e, const struct evpn_memo *memo)
{
	struct memo *m = xcalloc(1, sizeof(*m)), *old;

	m->memo = *memo;
	old = RB_INSERT(memo_tree, &e->memos, m);
	if (old == NULL)
		return;
	old->memo.seq = memo->seq;
	free(m);
}

void
evpn_recall_end(struct evpn *e)
{
	struct memo *m;

	while ((m = RB_ROOT(&e->memos)) != NULL)
		memo_free(e, m);
}

void
recall_host(struct macip *own, uint64_t now)
{
	struct evi *evi = own->evi;
	struct evpn *e = evi->evpn;
	struct memo like = { .memo = { .vni = evi->vni, .mac = own->mac } }, *m, *next;
	struct macip *row;

	if (RB_EMPTY(&e->memos))
		return;
	for (m = RB_NFIND(memo_tree, &e->memos, &like); m != NULL; m = next) {
		next = RB_NEXT(memo_tree, &e->memos, m);
		if (m->memo.vni != evi->vni || mac_cmp(&m->memo.mac, &own->mac) != 0)
			break;
		if (m->memo.seq > own->local_seq)
			own->local_seq = m->memo.seq;
		if (ip_is_set(&m->memo.ip)) {
			row = local_ip_set(evi, &own->mac, &m->memo.ip,
			    own->local->port, LOCAL_SNOOPED, now);
			probe_soon(row, ASK_S + row->mac.b[5] % ASK_SPREAD_S, now);
		}
		memo_free(e, m);
	}
}

static bool
is_worth_it(const struct macip *m)
{
	if (m->local == NULL)
		return false;
	return ip_is_set(&m->ip) ? m->local->from & LOCAL_SNOOPED : m->local_seq > 0;
}

/* The first row behind AT, in its EVI or a later one. */
static struct macip *
row_behind(struct evpn *e, const struct evpn_memo *at)
{
	static const struct mac none;
	struct macip *m;

	for (struct evi *evi = evi_first(e); evi != NULL; evi = evi_after(evi)) {
		if (evi->vni < at->vni)
			continue;
		m = macip_from(evi, evi->vni == at->vni ? &at->mac : &none,
		    evi->vni == at->vni ? &at->ip : NULL);
		if (m != NULL && evi->vni == at->vni && macip_same(m, &at->mac) &&
		    ip_cmp(&m->ip, &at->ip) == 0)
			m = macip_after(m);
		if (m != NULL)
			return m;
	}
	return NULL;
}

bool
evpn_memo_next(struct evpn *e, struct evpn_memo *at, unsigned *budget)
{
	struct macip *m = NULL;

	for (; *budget > 0; --*budget) {
		if (m != NULL)
			m = macip_after(m);
		if (m == NULL)
			m = row_behind(e, at);
		if (m == NULL)
			return false;
		*at = (struct evpn_memo){ .vni = m->evi->vni,
			.mac = m->mac,
			.ip = m->ip,
			.seq = ip_is_set(&m->ip) ? 0 : m->local_seq };
		if (is_worth_it(m)) {
			--*budget;
			return true;
		}
	}
	return false;
}

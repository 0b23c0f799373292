/*
 * macip - see macip.h: the rows and their remote candidates.
 *
 * Always: a MAC's own row exists as long as any row of that MAC does; a row with neither a
 * remote nor a local candidate is freed by the decision that follows (mobility.c).
 */
#include "evpn/state.h"

#include <stdlib.h>

#include "base/mem.h"

static int
macip_row_cmp(const struct macip *a, const struct macip *b)
{
	int c = mac_cmp(&a->mac, &b->mac);

	return c != 0 ? c : ip_cmp(&a->ip, &b->ip);
}

static int
macip_ip_cmp(const struct macip *a, const struct macip *b)
{
	int c = ip_cmp(&a->ip, &b->ip);

	return c != 0 ? c : mac_cmp(&a->mac, &b->mac);
}

RB_GENERATE(macip_tree, macip, link, macip_row_cmp)
RB_GENERATE(macip_ip_tree, macip, ip_link, macip_ip_cmp)

static const struct ip no_ip;

struct macip *
macip_find(struct evi *evi, const struct mac *mac, const struct ip *ip)
{
	struct macip k;

	k.mac = *mac;
	k.ip = ip != NULL ? *ip : no_ip;
	return RB_FIND(macip_tree, &evi->macs, &k);
}

struct macip *
macip_from(struct evi *evi, const struct mac *mac, const struct ip *ip)
{
	struct macip k;

	k.mac = *mac;
	k.ip = ip != NULL ? *ip : no_ip;
	return RB_NFIND(macip_tree, &evi->macs, &k);
}

struct macip *
macip_after(struct macip *m)
{
	return RB_NEXT(macip_tree, NULL, m);
}

bool
macip_same(const struct macip *m, const struct mac *mac)
{
	return m != NULL && mac_cmp(&m->mac, mac) == 0;
}

struct macip *
macip_own(struct macip *m)
{
	return ip_is_set(&m->ip) ? macip_find(m->evi, &m->mac, NULL) : m;
}

struct macip *
macip_by_ip(struct evi *evi, const struct ip *ip)
{
	struct macip k, *m;

	k.mac = (struct mac){ 0 };
	k.ip = *ip;
	m = RB_NFIND(macip_ip_tree, &evi->ips, &k);
	return m != NULL && ip_cmp(&m->ip, ip) == 0 ? m : NULL;
}

struct macip *
macip_ip_after(struct macip *m)
{
	struct macip *n = RB_NEXT(macip_ip_tree, NULL, m);

	return n != NULL && ip_cmp(&n->ip, &m->ip) == 0 ? n : NULL;
}

static struct macip *
row_new(struct evi *evi, const struct mac *mac, const struct ip *ip)
{
	struct macip *m = xcalloc(1, sizeof(*m));

	m->evi = evi;
	m->mac = *mac;
	m->ip = *ip;
	RB_INSERT(macip_tree, &evi->macs, m);
	if (ip_is_set(ip))
		RB_INSERT(macip_ip_tree, &evi->ips, m);
	evi->evpn->nrows++;
	return m;
}

struct macip *
macip_get(struct evi *evi, const struct mac *mac, const struct ip *ip)
{
	struct macip *m = macip_find(evi, mac, ip);

	if (m != NULL)
		return m;
	if (ip != NULL && ip_is_set(ip) && macip_find(evi, mac, NULL) == NULL)
		row_new(evi, mac, &no_ip);
	return row_new(evi, mac, ip != NULL ? ip : &no_ip);
}

void
macip_changed(struct macip *m)
{
	if (m->changed)
		return;
	m->changed = true;
	TAILQ_INSERT_TAIL(&m->evi->evpn->rows, m, changed_link);
}

bool
macip_reap(struct macip *m)
{
	struct evi *evi = m->evi;

	if (m->remotes != NULL || m->local != NULL || m->state != MACIP_NONE)
		return false;
	if (!ip_is_set(&m->ip) && macip_same(macip_after(m), &m->mac))
		return false;
	if (m->changed)
		TAILQ_REMOVE(&evi->evpn->rows, m, changed_link);
	macip_thaw(m, 0);
	RB_REMOVE(macip_tree, &evi->macs, m);
	if (ip_is_set(&m->ip))
		RB_REMOVE(macip_ip_tree, &evi->ips, m);
	evi->evpn->nrows--;
	free(m);
	return true;
}

/* --- remote candidates --- */

struct macip_remote **
macip_remote_slot(struct macip_remote **list, const struct nlri *key)
{
	while (*list != NULL &&
	    (rd_cmp(&(*list)->rd, &key->rd) != 0 ||
		memcmp((*list)->etag, key->etag, sizeof(key->etag)) != 0))
		list = &(*list)->next;
	return list;
}

bool
macip_remote_set(struct evi *evi, struct macip_remote *r, const struct evpn_path *p)
{
	bool same = r->attrs == p->attrs && r->labels == p->labels;

	r->gen = evi->imp.gen;
	r->peer = p->peer;
	for (unsigned i = 0; i < p->labels && i < 2; i++) {
		same = same && r->label[i] == p->label[i];
		r->label[i] = p->label[i];
	}
	r->labels = p->labels;
	if (r->attrs != p->attrs) {
		struct attrs *old = r->attrs;

		r->attrs = attrs_ref(p->attrs);
		if (old != NULL)
			attrs_unref(evi->evpn->attrs, old);
	}
	return !same;
}

struct macip_remote *
macip_remote_new(
    struct evi *evi, const struct nlri *key, const struct evpn_path *p, uint64_t now)
{
	struct macip_remote *r = xcalloc(1, sizeof(*r));

	r->rd = key->rd;
	memcpy(r->etag, key->etag, sizeof(r->etag));
	r->since_s = now_s(now);
	macip_remote_set(evi, r, p);
	evi->evpn->nremotes++;
	return r;
}

static void
remote_free(struct evpn *e, struct macip_remote *r)
{
	attrs_unref(e->attrs, r->attrs);
	e->nremotes--;
	free(r);
}

void
macip_remotes_free(struct evpn *e, struct macip_remote *r)
{
	while (r != NULL) {
		struct macip_remote *next = r->next;

		remote_free(e, r);
		r = next;
	}
}

/* Takes a candidate out; whoever won by it is to be decided again. */
static void
remote_drop(struct macip *m, struct macip_remote **slot)
{
	struct macip_remote *r = *slot;
	struct macip *own = macip_own(m);

	*slot = r->next;
	if (m->best == r)
		m->best = NULL;
	if (own->best == r)
		own->best = NULL;
	macip_changed(m);
	remote_free(m->evi->evpn, r);
}

void
macip_remote(
    struct evi *evi, const struct nlri *key, const struct evpn_path *p, uint64_t now)
{
	struct macip *m = p != NULL ? macip_get(evi, &key->mac, &key->ip)
				    : macip_find(evi, &key->mac, &key->ip);
	struct macip_remote **slot;

	if (m == NULL)
		return;
	slot = macip_remote_slot(&m->remotes, key);
	if (p != NULL)
		guard_remote(evi, m, p->attrs, now);
	if (p == NULL) {
		if (*slot != NULL)
			remote_drop(m, slot);
		return;
	}
	if (*slot == NULL) {
		*slot = macip_remote_new(evi, key, p, now);
		macip_changed(m);
	} else if (macip_remote_set(evi, *slot, p)) {
		struct macip *own = macip_own(m);

		if (own->best == *slot)
			macip_changed(own);
		macip_changed(m);
	}
}

void
macip_sweep(struct macip *m, bool all)
{
	struct macip_remote **slot = &m->remotes;

	while (*slot != NULL)
		if (all || ((*slot)->gen != m->evi->imp.gen && !static_is(*slot)))
			remote_drop(m, slot);
		else
			slot = &(*slot)->next;
}

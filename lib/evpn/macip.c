/*
 * macip - see macip.h: the rows and their remote candidates.
 *
 * Always: a MAC's own row exists as long as any row of that MAC does; a row with neither a
 * remote nor a local candidate is freed by the decision that follows (mobility.c).
 */
#include "evpn/state.h"

static const struct ip no_ip;

/* What a row is looked up by. */
struct look {
	struct mac mac;
	struct ip ip;
	bool behind; /* it is passed over itself */
};

static void *
row_at(void *evpn, uint32_t number)
{
	return slab_at(&((struct evpn *)evpn)->row_slab, number);
}

static uint32_t
mac_hash(const void *row)
{
	const struct macip *m = row;

	return lhash_of(&m->mac, sizeof(m->mac));
}

static int
mac_order(const void *row, const void *key)
{
	const struct look *l = key;
	int c = mac_cmp(&((const struct macip *)row)->mac, &l->mac);

	return c == 0 && l->behind ? -1 : c;
}

static uint32_t
ip_hash(const void *row)
{
	const struct macip *m = row;

	return lhash_of(m->ip.b, sizeof(m->ip.b));
}

static int
ip_order(const void *row, const void *key)
{
	const struct macip *m = row;
	const struct look *l = key;
	int c = ip_cmp(&m->ip, &l->ip);

	return c != 0 ? c : mac_cmp(&m->mac, &l->mac);
}

static const struct lhash_ops by_mac = { row_at, mac_hash, mac_order };
static const struct lhash_ops by_ip = { row_at, ip_hash, ip_order };

static struct macip *
own_find(struct evi *evi, const struct mac *mac)
{
	struct look l = { .mac = *mac };

	return lhash_find(
	    &evi->macs, &by_mac, evi->evpn, lhash_of(mac, sizeof(*mac)), &l);
}

struct macip *
macip_find(struct evi *evi, const struct mac *mac, const struct ip *ip)
{
	struct look l = { .mac = *mac };

	if (ip == NULL || !ip_is_set(ip))
		return own_find(evi, mac);
	l.ip = *ip;
	return lhash_find(
	    &evi->ips, &by_ip, evi->evpn, lhash_of(ip->b, sizeof(ip->b)), &l);
}

static struct macip *
own_from(struct evi *evi, const struct mac *mac, bool behind)
{
	struct look l = { .mac = *mac, .behind = behind };

	return row_at(evi->evpn,
	    lhash_from(
		&evi->macs, &by_mac, evi->evpn, lhash_of(mac, sizeof(*mac)), &l));
}

struct macip *
macip_behind(struct evi *evi, const struct mac *mac)
{
	return own_from(evi, mac, true);
}

struct macip *
macip_from(struct evi *evi, const struct mac *mac, const struct ip *ip)
{
	struct macip *own = own_from(evi, mac, false), *m;

	if (ip == NULL || !ip_is_set(ip) || !macip_same(own, mac))
		return own;
	m = macip_find(evi, mac, ip);
	if (m != NULL)
		return m;
	for (m = macip_sibling(own); m != NULL; m = macip_sibling(m))
		if (ip_cmp(&m->ip, ip) > 0)
			return m;
	return macip_behind(evi, mac);
}

struct macip *
macip_sibling(struct macip *m)
{
	return row_at(m->evi->evpn, m->next);
}

struct macip *
macip_after(struct macip *m)
{
	struct evi *evi = m->evi;

	if (m->next != 0)
		return macip_sibling(m);
	return row_at(evi->evpn, lhash_after(&evi->macs, &by_mac, macip_own(m)));
}

bool
macip_same(const struct macip *m, const struct mac *mac)
{
	return m != NULL && mac_cmp(&m->mac, mac) == 0;
}

struct macip *
macip_own(struct macip *m)
{
	return ip_is_set(&m->ip) ? m->own : m;
}

struct macip *
macip_by_ip(struct evi *evi, const struct ip *ip)
{
	struct look l = { .ip = *ip };
	struct macip *m = row_at(evi->evpn,
	    lhash_from(
		&evi->ips, &by_ip, evi->evpn, lhash_of(ip->b, sizeof(ip->b)), &l));

	return m != NULL && ip_cmp(&m->ip, ip) == 0 ? m : NULL;
}

/* Rows with the same address have the same hash, so they follow each other in one chain. */
struct macip *
macip_ip_after(struct macip *m)
{
	struct macip *n = row_at(m->evi->evpn, m->chain);

	return n != NULL && ip_cmp(&n->ip, &m->ip) == 0 ? n : NULL;
}

static struct macip *
row_new(struct evi *evi, const struct mac *mac, const struct ip *ip)
{
	struct macip *m = slab_alloc(&evi->evpn->row_slab);

	m->evi = evi;
	m->mac = *mac;
	m->ip = *ip;
	evi->evpn->nrows++;
	return m;
}

static struct macip *
own_get(struct evi *evi, const struct mac *mac)
{
	struct macip *m = own_find(evi, mac);
	struct look l = { .mac = *mac };

	if (m != NULL)
		return m;
	m = row_new(evi, mac, &no_ip);
	lhash_insert(&evi->macs, &by_mac, evi->evpn, mac_hash(m), &l, slab_number(m));
	return m;
}

/* Links M among the rows of its MAC. So many are looked at to keep them in order. */
#define ORDERED 64

static void
ip_link(struct macip *m)
{
	struct evpn *e = m->evi->evpn;
	struct macip *before = m->own, *after = row_at(e, before->next);

	for (int i = 0; i < ORDERED && after != NULL && ip_cmp(&after->ip, &m->ip) < 0;
	     i++) {
		before = after;
		after = row_at(e, after->next);
	}
	m->next = before->next;
	m->prev = slab_number(before);
	before->next = slab_number(m);
	if (after != NULL)
		after->prev = slab_number(m);
}

static void
ip_unlink(struct macip *m)
{
	struct evpn *e = m->evi->evpn;
	struct macip *before = row_at(e, m->prev), *after = row_at(e, m->next);

	before->next = m->next;
	if (after != NULL)
		after->prev = m->prev;
}

struct macip *
macip_get(struct evi *evi, const struct mac *mac, const struct ip *ip)
{
	struct macip *m = macip_find(evi, mac, ip);
	struct look l = { .mac = *mac };

	if (m != NULL)
		return m;
	if (ip == NULL || !ip_is_set(ip))
		return own_get(evi, mac);
	m = row_new(evi, mac, ip);
	m->own = own_get(evi, mac);
	ip_link(m);
	l.ip = *ip;
	lhash_insert(&evi->ips, &by_ip, evi->evpn, ip_hash(m), &l, slab_number(m));
	return m;
}

void
macip_changed(struct macip *m)
{
	struct evpn *e = m->evi->evpn;
	struct macip *last;

	if (m->changed)
		return;
	m->changed = true;
	m->changed_next = 0;
	m->changed_prev = e->rows_last;
	last = row_at(e, e->rows_last);
	if (last != NULL)
		last->changed_next = slab_number(m);
	else
		e->rows_first = slab_number(m);
	e->rows_last = slab_number(m);
}

static void
changed_remove(struct macip *m)
{
	struct evpn *e = m->evi->evpn;
	struct macip *prev = row_at(e, m->changed_prev);
	struct macip *next = row_at(e, m->changed_next);

	*(prev != NULL ? &prev->changed_next : &e->rows_first) = m->changed_next;
	*(next != NULL ? &next->changed_prev : &e->rows_last) = m->changed_prev;
	m->changed = false;
}

struct macip *
macip_next_changed(struct evpn *e)
{
	struct macip *m = row_at(e, e->rows_first);

	if (m != NULL)
		changed_remove(m);
	return m;
}

bool
macip_reap(struct macip *m)
{
	struct evi *evi = m->evi;
	struct evpn *e = evi->evpn;

	if (m->remotes != NULL || m->local != NULL || m->state != MACIP_NONE)
		return false;
	if (!ip_is_set(&m->ip) && m->next != 0)
		return false;
	if (m->changed)
		changed_remove(m);
	macip_thaw(m, 0);
	if (ip_is_set(&m->ip)) {
		ip_unlink(m);
		lhash_remove(&evi->ips, &by_ip, e, ip_hash(m), slab_number(m));
	} else {
		lhash_remove(&evi->macs, &by_mac, e, mac_hash(m), slab_number(m));
	}
	e->nrows--;
	slab_free(m);
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
	struct macip_remote *r = slab_alloc(&evi->evpn->remote_slab);

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
	slab_free(r);
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

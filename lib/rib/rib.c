/*
 * rib - what peers told us, one dest per NLRI.
 *
 * Keeps: dests in NLRI order; per dest its paths, at most one per peer; per peer the list of
 * its paths; the queue of changed dests; the bytes of routes of unknown type.
 *
 * Always: the first path of a dest that is not in the queue is its best one (decide.h). New
 * paths are put last and the first is only replaced by a decision, so "touched" - the first
 * path itself changed - and "the decision moved another to the front" together say whether
 * anybody has to hear of it. A dest is freed when it has no paths, no adjs, is not queued
 * and nothing of it was handed out that was not taken back.
 */
#include "rib/rib.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/slab.h"
#include "rib/decide.h"

/* A route of unknown type: its bytes, and the number they go by. */
struct opaque {
	RB_ENTRY(opaque) by_raw, by_number;
	uint64_t number;
	uint8_t type;
	uint8_t len;
	uint8_t raw[];
};

RB_HEAD(dest_tree, dest);
RB_HEAD(raw_tree, opaque);
RB_HEAD(number_tree, opaque);

struct rib {
	struct attr_table *attrs; /* not ours */
	struct dest_tree dests;
	struct raw_tree raws;
	struct number_tree numbers;
	STAILQ_HEAD(, dest) changed;
	struct slab dest_slab, path_slab;
	uint64_t next_number;
	struct rib_stats stats;
};

static int
dest_cmp(const struct dest *a, const struct dest *b)
{
	return nlri_cmp(&a->nlri, &b->nlri);
}

static int
raw_cmp(const struct opaque *a, const struct opaque *b)
{
	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return memcmp(a->raw, b->raw, a->len);
}

static int
number_cmp(const struct opaque *a, const struct opaque *b)
{
	return a->number < b->number ? -1 : a->number > b->number;
}

RB_PROTOTYPE(dest_tree, dest, link, dest_cmp)
RB_PROTOTYPE(raw_tree, opaque, by_raw, raw_cmp)
RB_PROTOTYPE(number_tree, opaque, by_number, number_cmp)
RB_GENERATE(dest_tree, dest, link, dest_cmp)
RB_GENERATE(raw_tree, opaque, by_raw, raw_cmp)
RB_GENERATE(number_tree, opaque, by_number, number_cmp)

static struct opaque *
opaque_find(const struct rib *r, const struct nlri *key)
{
	struct opaque like = { 0 };
	struct cursor c = cursor_of(key->ip.b, 8);

	if (!key->opaque)
		return NULL;
	like.number = get_u64(&c);
	return RB_FIND(number_tree, (struct number_tree *)&r->numbers, &like);
}

static void
opaque_drop(struct rib *r, const struct nlri *key)
{
	struct opaque *o = opaque_find(r, key);

	if (o == NULL)
		return;
	RB_REMOVE(raw_tree, &r->raws, o);
	RB_REMOVE(number_tree, &r->numbers, o);
	r->stats.bytes -= sizeof(*o) + o->len;
	free(o);
}

static struct dest *
dest_get(struct rib *r, const struct nlri *key)
{
	struct dest *d = rib_find(r, key);

	if (d != NULL)
		return d;
	d = slab_alloc(&r->dest_slab);
	d->nlri = *key;
	RB_INSERT(dest_tree, &r->dests, d);
	r->stats.dests++;
	return d;
}

static void
dest_queue(struct rib *r, struct dest *d)
{
	if (d->changed)
		return;
	d->changed = 1;
	STAILQ_INSERT_TAIL(&r->changed, d, changed_link);
}

static void
dest_free(struct rib *r, struct dest *d)
{
	opaque_drop(r, &d->nlri);
	RB_REMOVE(dest_tree, &r->dests, d);
	r->stats.dests--;
	slab_free(d);
}

void
rib_dest_release(struct rib *r, struct dest *d)
{
	if (d->paths == NULL && d->adjs == NULL && !d->changed && d->carried == NULL)
		dest_free(r, d);
}

static bool
flags_unusable(uint8_t flags)
{
	return (flags & (PATH_LOOP | PATH_NEXTHOP)) != 0;
}

/* Takes the path at PP out of its dest and frees it. */
static void
path_drop(struct rib *r, struct path **pp)
{
	struct path *p = *pp;
	struct dest *d = p->dest;

	if (p == d->paths)
		d->touched = 1;
	*pp = p->next;
	if (p->peer->sweep == p)
		p->peer->sweep = LIST_NEXT(p, peer_link);
	LIST_REMOVE(p, peer_link);
	p->peer->paths--;
	p->peer->unusable -= flags_unusable(p->flags);
	attrs_unref(r->attrs, p->attrs);
	slab_free(p);
	r->stats.paths--;
	dest_queue(r, d);
}

/* Where D links PEER's path, or the end of its paths. */
static struct path **
path_slot(struct dest *d, const struct rib_peer *peer)
{
	struct path **pp = &d->paths;

	while (*pp != NULL && (*pp)->peer != peer)
		pp = &(*pp)->next;
	return pp;
}

static void
path_drop_of(struct rib *r, struct path *p)
{
	path_drop(r, path_slot(p->dest, p->peer));
}

static struct path *
path_new(struct rib *r, struct dest *d, struct rib_peer *peer)
{
	struct path *p = slab_alloc(&r->path_slab);

	p->dest = d;
	p->peer = peer;
	LIST_INSERT_HEAD(&peer->list, p, peer_link);
	peer->paths++;
	r->stats.paths++;
	return p;
}

static bool
path_same(const struct path *p, const struct nlri_info *info, const struct attrs *a,
    uint8_t flags)
{
	return p->attrs == a && p->labels == info->labels &&
	    p->label[0] == info->label[0] && p->label[1] == info->label[1] &&
	    ((p->flags ^ flags) & ~PATH_STALE) == 0;
}

struct rib *
rib_new(struct attr_table *attrs)
{
	struct rib *r = xcalloc(1, sizeof(*r));

	r->attrs = attrs;
	RB_INIT(&r->dests);
	RB_INIT(&r->raws);
	RB_INIT(&r->numbers);
	STAILQ_INIT(&r->changed);
	slab_init(&r->dest_slab, sizeof(struct dest), r);
	slab_init(&r->path_slab, sizeof(struct path), r);
	return r;
}

void
rib_free(struct rib *r)
{
	struct dest *d, *next;

	if (r == NULL)
		return;
	for (d = RB_MIN(dest_tree, &r->dests); d != NULL; d = next) {
		next = RB_NEXT(dest_tree, &r->dests, d);
		d->changed = 1; /* nobody will look at the queue again */
		while (d->paths != NULL)
			path_drop(r, &d->paths);
		if (d->carried != NULL)
			attrs_unref(r->attrs, d->carried);
		dest_free(r, d);
	}
	while (!RB_EMPTY(&r->numbers)) {
		struct opaque *o = RB_ROOT(&r->numbers);

		RB_REMOVE(number_tree, &r->numbers, o);
		free(o);
	}
	slab_fini(&r->path_slab);
	slab_fini(&r->dest_slab);
	free(r);
}

void
rib_update(struct rib *r, struct rib_peer *peer, const struct nlri *key,
    const struct nlri_info *info, struct attrs *a, uint8_t flags, uint64_t now)
{
	struct dest *d = dest_get(r, key);
	struct path **pp = path_slot(d, peer);
	struct path *p = *pp;

	if (p != NULL && path_same(p, info, a, flags)) {
		p->flags = flags;
		return;
	}
	if (p == NULL) {
		p = *pp = path_new(r, d, peer);
	} else {
		attrs_unref(r->attrs, p->attrs);
		peer->unusable -= flags_unusable(p->flags);
	}
	p->attrs = attrs_ref(a);
	p->labels = info->labels;
	p->label[0] = info->label[0];
	p->label[1] = info->label[1];
	p->flags = flags;
	p->since_s = (uint32_t)(now / 1000);
	peer->unusable += flags_unusable(flags);
	if (p == d->paths)
		d->touched = 1;
	dest_queue(r, d);
}

void
rib_withdraw(struct rib *r, struct rib_peer *peer, const struct nlri *key)
{
	struct dest *d = rib_find(r, key);
	struct path **pp;

	if (d == NULL) {
		opaque_drop(r, key);
		return;
	}
	pp = path_slot(d, peer);
	if (*pp != NULL)
		path_drop(r, pp);
}

/* The first eight bytes of every EVPN route IANA knows are its RD. */
static struct nlri
opaque_key(const struct opaque *o)
{
	struct nlri key = { .type = o->type, .opaque = 1 };
	struct builder b = builder_of(key.ip.b, 8);

	if (o->len >= sizeof(key.rd))
		memcpy(&key.rd, o->raw, sizeof(key.rd));
	put_u64(&b, o->number);
	return key;
}

struct nlri
rib_opaque(struct rib *r, const struct nlri_info *info, uint8_t type)
{
	struct opaque *o = xmalloc(sizeof(*o) + info->rawlen), *old;

	*o = (struct opaque){ .type = type, .len = info->rawlen };
	if (info->rawlen > 0)
		memcpy(o->raw, info->raw, info->rawlen);
	old = RB_FIND(raw_tree, &r->raws, o);
	if (old != NULL) {
		free(o);
		return opaque_key(old);
	}
	o->number = ++r->next_number;
	RB_INSERT(raw_tree, &r->raws, o);
	RB_INSERT(number_tree, &r->numbers, o);
	r->stats.bytes += sizeof(*o) + o->len;
	return opaque_key(o);
}

const uint8_t *
rib_opaque_raw(const struct rib *r, const struct nlri *key, uint8_t *out_len)
{
	const struct opaque *o = opaque_find(r, key);

	if (o == NULL)
		return NULL;
	*out_len = o->len;
	return o->raw;
}

bool
rib_peer_flush(struct rib *r, struct rib_peer *peer, unsigned budget)
{
	while (!LIST_EMPTY(&peer->list) && budget-- > 0)
		path_drop_of(r, LIST_FIRST(&peer->list));
	return LIST_EMPTY(&peer->list);
}

void
rib_peer_mark(struct rib *r, struct rib_peer *peer)
{
	struct path *p;

	(void)r;
	LIST_FOREACH (p, &peer->list, peer_link)
		p->flags |= PATH_STALE;
	peer->sweeping = false;
}

bool
rib_peer_sweep(struct rib *r, struct rib_peer *peer, unsigned budget)
{
	struct path *p;

	if (!peer->sweeping) {
		peer->sweeping = true;
		peer->sweep = LIST_FIRST(&peer->list);
	}
	while (peer->sweep != NULL && budget-- > 0) {
		p = peer->sweep;
		peer->sweep = LIST_NEXT(p, peer_link);
		if (p->flags & PATH_STALE)
			path_drop_of(r, p);
	}
	peer->sweeping = peer->sweep != NULL;
	return !peer->sweeping;
}

/* A with LLGR_STALE; a new reference. */
static struct attrs *
stale_attrs(struct rib *r, const struct attrs *a)
{
	struct attr_draft d = { .v = a->v };
	struct attrs *out;
	uint8_t *buf = xmalloc(d.v.community.len + 4u);
	struct builder b = builder_of(buf, d.v.community.len + 4u);

	put_bytes(&b, d.v.community.p, d.v.community.len);
	put_u32(&b, COMMUNITY_LLGR_STALE);
	d.v.community = (struct blob){ buf, (uint16_t)put_len(&b) };
	out = attrs_intern(r->attrs, &d);
	free(buf);
	return out;
}

/* One path that is to be kept for long; FROM and TO: the last attributes made so. */
static void
path_linger(struct rib *r, struct path *p, struct attrs **from, struct attrs **to)
{
	if (community_has(&p->attrs->v.community, COMMUNITY_NO_LLGR)) {
		path_drop_of(r, p);
		return;
	}
	if (*from != p->attrs) {
		if (*from != NULL) {
			attrs_unref(r->attrs, *from);
			attrs_unref(r->attrs, *to);
		}
		*from = attrs_ref(p->attrs);
		*to = stale_attrs(r, p->attrs);
	}
	attrs_unref(r->attrs, p->attrs);
	p->attrs = attrs_ref(*to);
	p->flags |= PATH_LLGR;
	if (p == p->dest->paths)
		p->dest->touched = 1;
	dest_queue(r, p->dest);
}

bool
rib_peer_llgr(struct rib *r, struct rib_peer *peer, unsigned budget)
{
	struct attrs *from = NULL, *to = NULL;
	struct path *p;

	if (!peer->sweeping) {
		peer->sweeping = true;
		peer->sweep = LIST_FIRST(&peer->list);
	}
	while (peer->sweep != NULL && budget-- > 0) {
		p = peer->sweep;
		peer->sweep = LIST_NEXT(p, peer_link);
		if ((p->flags & (PATH_STALE | PATH_LLGR)) == PATH_STALE)
			path_linger(r, p, &from, &to);
	}
	if (from != NULL) {
		attrs_unref(r->attrs, from);
		attrs_unref(r->attrs, to);
	}
	peer->sweeping = peer->sweep != NULL;
	return !peer->sweeping;
}

/* Are P's labels other than those handed out last? */
static bool
labels_differ(const struct dest *d, const struct path *p)
{
	unsigned i;

	if (p->labels != d->labels)
		return true;
	for (i = 0; i < p->labels; i++) {
		const uint8_t *l = d->label[i];

		if (p->label[i] != ((uint32_t)l[0] << 16 | (uint32_t)l[1] << 8 | l[2]))
			return true;
	}
	return false;
}

struct dest *
rib_changed(struct rib *r)
{
	const struct path *front, *best;
	struct dest *d;

	while ((d = STAILQ_FIRST(&r->changed)) != NULL) {
		STAILQ_REMOVE_HEAD(&r->changed, changed_link);
		d->changed = 0;
		front = d->paths;
		dest_decide(d);
		best = dest_best(d);
		/* Nobody knows of it and nobody will. */
		if (best == NULL && d->carried == NULL && d->adjs == NULL) {
			d->touched = 0;
			rib_dest_release(r, d);
			continue;
		}
		if (!d->touched && front == d->paths)
			continue;
		d->touched = 0;
		d->relabelled = best != NULL && labels_differ(d, best);
		return d;
	}
	return NULL;
}

void
rib_carried(struct rib *r, struct dest *d)
{
	const struct path *best = dest_best(d);
	struct attrs *old = d->carried;
	unsigned i;

	d->relabelled = 0;
	d->carried = NULL;
	d->labels = 0;
	if (best != NULL) {
		d->carried = attrs_ref(best->attrs);
		d->labels = best->labels > 2 ? 2 : best->labels;
		for (i = 0; i < d->labels; i++) {
			d->label[i][0] = (uint8_t)(best->label[i] >> 16);
			d->label[i][1] = (uint8_t)(best->label[i] >> 8);
			d->label[i][2] = (uint8_t)best->label[i];
		}
	}
	if (old != NULL)
		attrs_unref(r->attrs, old);
	rib_dest_release(r, d);
}

struct path *
dest_best(const struct dest *d)
{
	struct path *p = d->paths;

	return p != NULL && !flags_unusable(p->flags) ? p : NULL;
}

bool
rib_requeue(struct rib *r, struct nlri *from, unsigned budget)
{
	struct dest *d = rib_from(r, from);

	for (; d != NULL && budget > 0; d = rib_after(d), budget--) {
		d->touched = 1;
		dest_queue(r, d);
	}
	if (d != NULL)
		*from = d->nlri;
	return d == NULL;
}

struct dest *
rib_find(const struct rib *r, const struct nlri *key)
{
	struct dest like = { .nlri = *key };

	return RB_FIND(dest_tree, (struct dest_tree *)&r->dests, &like);
}

struct dest *
rib_from(const struct rib *r, const struct nlri *key)
{
	struct dest like = { .nlri = *key };

	return RB_NFIND(dest_tree, (struct dest_tree *)&r->dests, &like);
}

struct dest *
rib_after(struct dest *d)
{
	return RB_NEXT(dest_tree, NULL, d);
}

void
rib_stats(const struct rib *r, struct rib_stats *out)
{
	*out = r->stats;
	out->dest_bytes = r->stats.bytes + slab_bytes(&r->dest_slab);
	out->path_bytes = slab_bytes(&r->path_slab);
	out->bytes = out->dest_bytes + out->path_bytes;
}

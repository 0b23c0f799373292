/*
 * adjout - one adj-RIB-out per group of peers with equal policy.
 *
 * Keeps: the list of adjs, oldest change first, with the peers' markers in it; every adj is
 * also in its dest's chain. SEQ numbers the changes; it rises along the list, so a marker
 * that remembers the number it passed last knows without looking whether something follows.
 *
 * Always: WAITING of a withdrawn adj is the number of peers whose SEEN is below its SEQ, and
 * all of their markers stand before it. A peer that joins has SEEN at the newest change: it
 * never knew what was withdrawn before it came. A peer that starts again at the head keeps
 * its SEEN, so it neither repeats withdrawals nor counts them twice.
 *
 * Numbers are compared as differences: they may wrap, and no peer lags 2^31 changes behind.
 */
#include "rib/adjout.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/slab.h"

#define SHARE_MAX 64      /* peers served by one encoding */
#define PASS_MAX 4096     /* adjs looked at in one call */
#define WAITING_MAX 32767 /* the field's size; peers of a group */

TAILQ_HEAD(adj_list, adj);

/* The last export and what it came to: most routes come in runs of equal attributes. */
struct memo {
	struct attrs *in;  /* one reference; NULL: nothing remembered */
	struct attrs *out; /* one reference; NULL: refused */
	uint32_t router_id;
	bool self, ibgp, rr_client;
};

struct adjout {
	struct rib *rib;          /* not ours */
	struct attr_table *attrs; /* not ours */
	struct policy_out policy;
	struct slab adjs;
	struct adj_list list;
	LIST_HEAD(, adjout_peer) members;
	struct nlri fill_from;
	struct memo memo;
	uint32_t seq;
	uint32_t routes; /* adjs not withdrawn */
	unsigned peers;
	uint16_t only; /* id of the peer when there is exactly one */
	bool filled;   /* no dest of the RIB is still to be looked at */
	bool left_out; /* the only peer's own routes have no adj */
};

/* What a peer is to be told of an adj. */
enum tell { TELL_NOTHING, TELL_REACH, TELL_UNREACH };

static bool
is_marker(const struct adj *a)
{
	return a->group == NULL;
}

static bool
after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

static enum tell
tell(const struct adjout_peer *p, const struct adj *a)
{
	if (a->source == p->id && !a->mixed)
		return TELL_NOTHING;
	if (a->attrs == NULL)
		return after(a->seq, p->seen) ? TELL_UNREACH : TELL_NOTHING;
	return a->source == p->id ? TELL_UNREACH : TELL_REACH;
}

static void
memo_clear(struct adjout *g)
{
	if (g->memo.in != NULL)
		attrs_unref(g->attrs, g->memo.in);
	if (g->memo.out != NULL)
		attrs_unref(g->attrs, g->memo.out);
	g->memo = (struct memo){ 0 };
}

/* policy_export() through the memo; the result's reference is the memo's. */
static struct attrs *export(struct adjout *g, const struct path *p)
{
	const struct rib_peer *from = p->peer;
	struct memo *m = &g->memo;

	if (m->in == p->attrs && m->router_id == from->router_id &&
	    m->self == from->self && m->ibgp == from->ibgp &&
	    m->rr_client == from->rr_client)
		return m->out;
	memo_clear(g);
	m->in = attrs_ref(p->attrs);
	m->router_id = from->router_id;
	m->self = from->self;
	m->ibgp = from->ibgp;
	m->rr_client = from->rr_client;
	if (!policy_export(&g->policy, g->attrs, p, &m->out))
		m->out = NULL;
	return m->out;
}

static struct adj *
adj_of(const struct adjout *g, const struct dest *d)
{
	struct adj *a = d->adjs;

	while (a != NULL && a->group != g)
		a = a->next;
	return a;
}

static struct adj *
adj_new(struct adjout *g, struct dest *d, uint16_t source)
{
	struct adj *a = slab_alloc(&g->adjs);

	a->group = g;
	a->dest = d;
	a->source = source;
	a->next = d->adjs;
	d->adjs = a;
	TAILQ_INSERT_TAIL(&g->list, a, link);
	return a;
}

/* Frees A. Its dest may go with it, unless it is being carried right now. */
static void
adj_free(struct adj *a)
{
	struct adjout *g = a->group;
	struct dest *d = a->dest;
	struct adj **ap = &d->adjs;

	while (*ap != a)
		ap = &(*ap)->next;
	*ap = a->next;
	TAILQ_REMOVE(&g->list, a, link);
	if (a->attrs != NULL) {
		attrs_unref(g->attrs, a->attrs);
		g->routes--;
	}
	slab_free(a);
	rib_dest_release(g->rib, d);
}

/* A changed: it goes to the end of the list, in front of nobody's marker. */
static void
adj_touch(struct adj *a)
{
	struct adjout *g = a->group;

	a->seq = ++g->seq;
	TAILQ_REMOVE(&g->list, a, link);
	TAILQ_INSERT_TAIL(&g->list, a, link);
}

static void
adj_withdraw(struct adj *a)
{
	struct adjout *g = a->group;

	if (a->attrs == NULL)
		return;
	if (g->peers == 0) {
		adj_free(a);
		return;
	}
	attrs_unref(g->attrs, a->attrs);
	a->attrs = NULL;
	a->waiting = g->peers & WAITING_MAX;
	g->routes--;
	adj_touch(a);
}

static void
adj_announce(struct adj *a, struct attrs *attrs, uint16_t source, bool relabelled)
{
	struct adjout *g = a->group;

	if (a->attrs == attrs && a->source == source && !relabelled)
		return;
	if (a->source != source)
		a->mixed = 1;
	a->source = source;
	attrs_ref(attrs);
	if (a->attrs != NULL)
		attrs_unref(g->attrs, a->attrs);
	else
		g->routes++;
	a->attrs = attrs;
	adj_touch(a);
}

/* One peer's place in the list. */
static struct adj *
marker_next(const struct adjout_peer *p)
{
	struct adj *a = TAILQ_NEXT(&p->marker, link);

	while (a != NULL && is_marker(a))
		a = TAILQ_NEXT(a, link);
	return a;
}

/* P passed A withdrawn: one fewer to wait for. */
static void
tombstone_passed(struct adj *a)
{
	if (--a->waiting == 0)
		adj_free(a);
}

struct adjout *
adjout_new(struct rib *r, struct attr_table *t, const struct policy_out *policy)
{
	struct adjout *g = xcalloc(1, sizeof(*g));

	g->rib = r;
	g->attrs = t;
	g->policy = *policy;
	TAILQ_INIT(&g->list);
	slab_init(&g->adjs, sizeof(struct adj), g);
	return g;
}

void
adjout_free(struct adjout *g)
{
	if (g == NULL)
		return;
	while (!adjout_drain(g, PASS_MAX))
		;
	memo_clear(g);
	slab_fini(&g->adjs);
	free(g);
}

const struct policy_out *
adjout_policy(const struct adjout *g)
{
	return &g->policy;
}

unsigned
adjout_peers(const struct adjout *g)
{
	return g->peers;
}

void
adjout_dest(struct adjout *g, struct dest *d)
{
	const struct path *best = dest_best(d);
	struct adj *a = adj_of(g, d);
	struct attrs *attrs = NULL;

	if (best != NULL && g->peers > 0) {
		if (g->peers == 1 && best->peer->id == LIST_FIRST(&g->members)->id)
			g->left_out = true;
		else
			attrs = export(g, best);
	}
	if (attrs == NULL) {
		if (a != NULL)
			adj_withdraw(a);
		return;
	}
	if (a == NULL)
		a = adj_new(g, d, best->peer->id);
	adj_announce(a, attrs, best->peer->id, d->relabelled);
}

bool
adjout_fill(struct adjout *g, unsigned budget)
{
	struct dest *d;

	if (g->filled)
		return true;
	d = rib_from(g->rib, &g->fill_from);
	for (; d != NULL && budget > 0; d = rib_after(d), budget--) {
		/*
		 * What is queued comes by the queue, also when its best path stays the same;
		 * what was never carried has no label.
		 */
		if (d->changed)
			d->touched = 1;
		else if (d->carried != NULL)
			adjout_dest(g, d);
	}
	if (d != NULL)
		g->fill_from = d->nlri;
	g->filled = d == NULL;
	return g->filled;
}

bool
adjout_drain(struct adjout *g, unsigned budget)
{
	g->filled = false;
	g->fill_from = (struct nlri){ 0 };
	while (!TAILQ_EMPTY(&g->list) && budget-- > 0)
		adj_free(TAILQ_FIRST(&g->list));
	return TAILQ_EMPTY(&g->list);
}

void
adjout_join(struct adjout *g, struct adjout_peer *p)
{
	p->marker = (struct adj){ 0 };
	p->group = g;
	p->seen = g->seq;
	p->eor_due = true;
	/* Differs from the newest change unless there is none. */
	p->marker.seq = TAILQ_EMPTY(&g->list) ? g->seq : g->seq - 1;
	TAILQ_INSERT_HEAD(&g->list, &p->marker, link);
	g->peers++;
	LIST_INSERT_HEAD(&g->members, p, group_link);
	if (g->peers == 1 || g->left_out) {
		g->filled = false;
		g->left_out = false;
		g->fill_from = (struct nlri){ 0 };
	}
}

void
adjout_leave(struct adjout_peer *p)
{
	struct adjout *g = p->group;
	struct adj *a, *prev;

	if (g == NULL)
		return;
	for (a = TAILQ_LAST(&g->list, adj_list); a != NULL; a = prev) {
		prev = TAILQ_PREV(a, adj_list, link);
		if (is_marker(a))
			continue;
		if (!after(a->seq, p->seen))
			break;
		if (a->attrs == NULL)
			tombstone_passed(a);
	}
	TAILQ_REMOVE(&g->list, &p->marker, link);
	p->group = NULL;
	LIST_REMOVE(p, group_link);
	g->peers--;
}

void
adjout_restart(struct adjout_peer *p)
{
	struct adjout *g = p->group;

	TAILQ_REMOVE(&g->list, &p->marker, link);
	TAILQ_INSERT_HEAD(&g->list, &p->marker, link);
	p->marker.seq = g->seq - 1;
}

static bool
eor_may_go(const struct adjout_peer *p)
{
	return p->eor_due && !p->eor_held && p->group->filled;
}

bool
adjout_pending(const struct adjout_peer *p)
{
	const struct adjout *g = p->group;

	return g != NULL && (p->marker.seq != g->seq || eor_may_go(p));
}

/* One call of adjout_encode(). */
struct encoding {
	struct adjout *g;
	struct adjout_peer *p;
	struct adjout_peer
	    *with[SHARE_MAX]; /* others at the same marker, still alike */
	unsigned nwith;
	struct builder *b;
	struct update_writer w;
	size_t start; /* of the message begun */
	struct attr_ctx ctx;
	enum tell open;      /* the kind of the message begun; TELL_NOTHING: none */
	struct attrs *attrs; /* of the message begun */
	unsigned routes;
	bool tombstones; /* some were passed */
};

/* The peers whose markers stand next to P's. */
static void
find_company(struct encoding *e)
{
	struct adj *a;

	for (a = TAILQ_PREV(&e->p->marker, adj_list, link); a != NULL && is_marker(a);
	     a = TAILQ_PREV(a, adj_list, link)) {
		if (e->nwith < SHARE_MAX)
			e->with[e->nwith++] = (struct adjout_peer *)a;
	}
	for (a = TAILQ_NEXT(&e->p->marker, link); a != NULL && is_marker(a);
	     a = TAILQ_NEXT(a, link)) {
		if (e->nwith < SHARE_MAX)
			e->with[e->nwith++] = (struct adjout_peer *)a;
	}
}

/* Leaves out those who are to be told something else of A than P. */
static void
part_company(struct encoding *e, const struct adj *a, enum tell what)
{
	unsigned i, n = 0;

	for (i = 0; i < e->nwith; i++) {
		if (tell(e->with[i], a) == what)
			e->with[n++] = e->with[i];
	}
	e->nwith = n;
}

static void
close_message(struct encoding *e)
{
	if (e->open != TELL_NOTHING)
		update_end(&e->w);
	e->open = TELL_NOTHING;
}

/* Begins a message of the kind and attributes that A needs; false: no room for one. */
static bool
open_message(struct encoding *e, const struct adj *a, enum tell what)
{
	if (e->open == what && (what == TELL_UNREACH || e->attrs == a->attrs))
		return true;
	close_message(e);
	if (put_room(e->b) < e->g->policy.msg_max)
		return false;
	e->start = put_len(e->b);
	if (what == TELL_REACH)
		update_begin_reach(
		    &e->w, e->b, e->g->policy.msg_max, &a->attrs->v, &e->ctx);
	else
		update_begin_unreach(&e->w, e->b, e->g->policy.msg_max, &e->ctx);
	e->open = what;
	e->attrs = a->attrs;
	return true;
}

static struct nlri_info
info_of(const struct encoding *e, const struct adj *a)
{
	const struct dest *d = a->dest;
	struct nlri_info info = { .labels = d->labels };
	unsigned i;

	for (i = 0; i < d->labels; i++) {
		info.label[i] = (uint32_t)d->label[i][0] << 16 |
		    (uint32_t)d->label[i][1] << 8 | d->label[i][2];
	}
	if (a->attrs != NULL) {
		info.esi = a->attrs->v.esi;
		info.gateway = a->attrs->v.gateway;
	}
	if (d->nlri.opaque)
		info.raw = rib_opaque_raw(e->g->rib, &d->nlri, &info.rawlen);
	return info;
}

/* Adds A to the messages; false: no room left, to be taken up again with A. */
static bool
encode_one(struct encoding *e, const struct adj *a, enum tell what)
{
	struct nlri_info info = info_of(e, a);

	if (!open_message(e, a, what))
		return false;
	if (update_add(&e->w, &a->dest->nlri, &info))
		return true;
	if (e->w.routes > 0) { /* full: the next one */
		close_message(e);
		if (!open_message(e, a, what))
			return false;
		if (update_add(&e->w, &a->dest->nlri, &info))
			return true;
	}
	/* Attributes that fill a message by themselves: it is as if it were withdrawn. */
	put_cut(e->b, e->start);
	e->open = TELL_NOTHING;
	return what == TELL_REACH ? encode_one(e, a, TELL_UNREACH) : true;
}

/* Goes along the list from P's marker; returns where it stopped, NULL: at the end. */
static struct adj *
encode_list(struct encoding *e)
{
	struct adj *a = marker_next(e->p);
	unsigned passed = 0;
	enum tell what;

	for (; a != NULL; a = TAILQ_NEXT(a, link)) {
		if (is_marker(a))
			continue;
		if (passed++ == PASS_MAX)
			break;
		what = tell(e->p, a);
		if (what != TELL_NOTHING) {
			if (!encode_one(e, a, what))
				break;
			e->routes++;
		}
		part_company(e, a, what);
		e->tombstones |= a->attrs == NULL;
	}
	close_message(e);
	return a;
}

/* Puts Q's marker before STOP and counts what it has seen. */
static void
move_marker(struct adjout *g, struct adjout_peer *q, struct adj *stop, uint32_t seq)
{
	TAILQ_REMOVE(&g->list, &q->marker, link);
	if (stop == NULL)
		TAILQ_INSERT_TAIL(&g->list, &q->marker, link);
	else
		TAILQ_INSERT_BEFORE(stop, &q->marker, link);
	q->marker.seq = seq;
	if (after(seq, q->seen))
		q->seen = seq;
}

/* The withdrawals that Q now passes, from START up to STOP. */
static void
count_tombstones(const struct adjout_peer *q, struct adj *start, struct adj *stop)
{
	struct adj *a, *next;

	for (a = start; a != stop; a = next) {
		next = TAILQ_NEXT(a, link);
		if (!is_marker(a) && a->attrs == NULL && after(a->seq, q->seen))
			a->waiting--;
	}
}

/* Frees the withdrawn adjs between START and STOP nobody waits for any more. */
static void
bury(struct adj *start, struct adj *stop)
{
	struct adj *a, *next;

	for (a = start; a != stop; a = next) {
		next = TAILQ_NEXT(a, link);
		if (!is_marker(a) && a->attrs == NULL && a->waiting == 0)
			adj_free(a);
	}
}

/* P and who was served with it move on to before STOP. */
static void
move_on(struct encoding *e, struct adj *stop)
{
	struct adj *start = marker_next(e->p), *a;
	uint32_t seq = e->g->seq;
	unsigned i;

	if (start == stop && stop != NULL)
		return;
	if (stop != NULL) { /* the number of what was passed last */
		for (a = TAILQ_PREV(stop, adj_list, link); is_marker(a);
		     a = TAILQ_PREV(a, adj_list, link))
			;
		seq = a->seq;
	}
	if (e->tombstones) {
		count_tombstones(e->p, start, stop);
		for (i = 0; i < e->nwith; i++)
			count_tombstones(e->with[i], start, stop);
	}
	move_marker(e->g, e->p, stop, seq);
	for (i = 0; i < e->nwith; i++)
		move_marker(e->g, e->with[i], stop, seq);
	if (e->tombstones)
		bury(start, stop);
}

unsigned
adjout_encode(struct adjout_peer *p, struct builder *b,
    bool (*share)(struct adjout_peer *other, void *arg), void *arg)
{
	struct adjout *g = p->group;
	struct encoding e = {
		.g = g,
		.p = p,
		.b = b,
		.ctx = { .as4 = g->policy.as4, .ibgp = g->policy.ibgp },
	};
	unsigned i, n = 0;
	struct adj *stop;

	if (share != NULL)
		find_company(&e);
	stop = encode_list(&e);
	for (i = 0; i < e.nwith; i++) {
		if (put_len(b) == 0 || share(e.with[i], arg))
			e.with[n++] = e.with[i];
	}
	e.nwith = n;
	move_on(&e, stop);
	if (stop == NULL && eor_may_go(p) && put_room(b) >= MSG_MAX) {
		update_put_eor(b);
		p->eor_due = false;
	}
	return e.routes;
}

const struct adj *
adjout_find(const struct adjout *g, const struct dest *d)
{
	const struct adj *a = adj_of(g, d);

	return a != NULL && a->attrs != NULL ? a : NULL;
}

bool
adjout_told(const struct adjout_peer *p, const struct adj *a)
{
	return a->attrs != NULL && a->source != p->id;
}

uint32_t
adjout_count(const struct adjout *g)
{
	return g->routes;
}

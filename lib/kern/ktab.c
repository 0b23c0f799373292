/*
 * ktab - see ktab.h. Rows in one tree, ordered by kind and device; every row that has
 * something to do is in exactly one queue.
 *
 * Queues: per rank one of rows to write, one of rows to delete, one of adopted rows (which
 * count as rows to delete once released); per back-off level one of refused rows, where all
 * wait equally long and so stand in the order of their time. row_update() is the only place
 * that moves a row between queues, counts it and frees it: call it after any change.
 *
 * Dumps and events come over different sockets. While a device is being dumped, a row that
 * an event (or our own write) told of is "fresh" and lines of the dump about it are passed
 * over, for they may be older. A row that an event deleted stays until the dump's end for
 * that reason.
 */
#include "kern/ktab.h"

#include <stdlib.h>

#include <errno.h>
#include <linux/neighbour.h>

#include "base/mem.h"

#define LEVELS 8
#define BACKOFF_MS 100
#define BACKOFF_MAX_MS 10000

/*
 * Install ranks: what rows of a higher rank refer to is written first and deleted last. The
 * entries of one host are of one rank, so that hosts are written one after the other and the
 * first of a burst need not wait for the last.
 */
#define RANK_ENTRIES 3
#define RANKS 5

static const uint8_t ranks[KOBJ_KINDS] = {
	[KOBJ_ADDR] = 0,
	[KOBJ_NEXTHOP] = 1,
	[KOBJ_NHGROUP] = 2,
	[KOBJ_BRFDB] = RANK_ENTRIES,
	[KOBJ_VXFDB] = RANK_ENTRIES,
	[KOBJ_NEIGH] = RANK_ENTRIES,
	[KOBJ_ROUTE] = 4,
};

enum queue {
	Q_ADD,                        /* + rank */
	Q_DELETE = Q_ADD + RANKS,     /* + rank */
	Q_ADOPTED = Q_DELETE + RANKS, /* + rank */
	Q_WAIT = Q_ADOPTED + RANKS,   /* + level */
	Q_COUNT = Q_WAIT + LEVELS,
	Q_NONE = Q_COUNT,
};

struct kdev {
	RB_ENTRY(kdev) link;
	TAILQ_ENTRY(kdev) due_link; /* valid while DUE */
	uint32_t ifindex;
	uint8_t kind;
	bool due;     /* a dump is asked for */
	bool dumping; /* handed out by ktab_dump_next() */
};

RB_HEAD(krows, krow);
RB_HEAD(kdevs, kdev);
TAILQ_HEAD(kqueue, krow);

struct ktab {
	struct krows rows;
	struct kdevs devs;
	struct kqueue queues[Q_COUNT];
	TAILQ_HEAD(, kdev) dumps; /* due, oldest first */
	STAILQ_HEAD(, krow) heard;
	struct krow *handed;   /* by ktab_heard(), not yet let go */
	struct kdev *last_dev; /* the one looked up last */
	uint32_t unsynced;     /* devices due or being dumped */
	uint32_t turn;         /* of ktab_next(), so that deletes are not starved */
	bool released;
	struct ktab_stats stats;
	struct kevents events;
};

static int
krow_cmp(const struct krow *a, const struct krow *b)
{
	return kkey_cmp(&a->key, &b->key);
}

static int
kdev_cmp(const struct kdev *a, const struct kdev *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return a->ifindex < b->ifindex ? -1 : a->ifindex > b->ifindex;
}

RB_PROTOTYPE(krows, krow, link, krow_cmp)
RB_GENERATE(krows, krow, link, krow_cmp)
RB_PROTOTYPE(kdevs, kdev, link, kdev_cmp)
RB_GENERATE(kdevs, kdev, link, kdev_cmp)

struct ktab *
ktab_new(void)
{
	struct ktab *t = xcalloc(1, sizeof(*t));

	RB_INIT(&t->rows);
	RB_INIT(&t->devs);
	for (int q = 0; q < Q_COUNT; q++)
		TAILQ_INIT(&t->queues[q]);
	TAILQ_INIT(&t->dumps);
	STAILQ_INIT(&t->heard);
	kevents_init(&t->events);
	return t;
}

void
ktab_free(struct ktab *t)
{
	struct krow *r;
	struct kdev *d;

	if (t == NULL)
		return;
	while ((r = RB_ROOT(&t->rows)) != NULL) {
		RB_REMOVE(krows, &t->rows, r);
		free(r);
	}
	while ((d = RB_ROOT(&t->devs)) != NULL) {
		RB_REMOVE(kdevs, &t->devs, d);
		free(d);
	}
	kevents_fini(&t->events);
	free(t);
}

enum kop
krow_op(const struct krow *r, bool released)
{
	if (r->wanted && !r->present)
		return KOP_ADD;
	if (r->wanted && kval_is_own(&r->key, &r->have))
		return KOP_NONE;
	if (r->wanted && !r->ours && kkind_yields(r->key.kind))
		return KOP_NONE;
	if (r->wanted && !kval_same(&r->key, &r->want, &r->have))
		return KOP_REPLACE;
	if (r->present && r->ours && r->renew)
		return KOP_DELETE;
	if (!r->wanted && r->present && r->ours && (released || !r->adopted))
		return KOP_DELETE;
	return KOP_NONE;
}

bool
krow_differs(const struct krow *r)
{
	return krow_op(r, true) != KOP_NONE;
}

const char *
krow_state(const struct krow *r)
{
	switch (krow_op(r, true)) {
	case KOP_ADD:
	case KOP_REPLACE:
		return r->error != 0 ? "failed" : "pending";
	case KOP_DELETE:
		return r->error != 0 ? "failed" : r->adopted ? "stale" : "leaving";
	case KOP_NONE:
		break;
	}
	if (!r->present)
		return "absent";
	return r->ours ? "installed" : "foreign";
}

/* --- devices --- */

static struct kdev *
dev_find(const struct ktab *t, enum kkind kind, uint32_t ifindex)
{
	struct kdev k = { .kind = (uint8_t)kind, .ifindex = ifindex };

	if (t->last_dev != NULL && kdev_cmp(t->last_dev, &k) == 0)
		return t->last_dev;
	return RB_FIND(kdevs, (struct kdevs *)&t->devs, &k);
}

static struct kdev *
dev_of(struct ktab *t, const struct kkey *key)
{
	struct kdev *d = dev_find(t, key->kind, key->ifindex);

	if (d != NULL)
		t->last_dev = d;
	return d;
}

static void
dev_due(struct ktab *t, struct kdev *d)
{
	if (d->due)
		return;
	if (!d->dumping)
		t->unsynced++;
	d->due = true;
	TAILQ_INSERT_TAIL(&t->dumps, d, due_link);
}

static void
dev_free(struct ktab *t, struct kdev *d)
{
	if (d->due)
		TAILQ_REMOVE(&t->dumps, d, due_link);
	if (d->due || d->dumping)
		t->unsynced--;
	if (t->last_dev == d)
		t->last_dev = NULL;
	RB_REMOVE(kdevs, &t->devs, d);
	t->stats.devices--;
	free(d);
}

/* --- rows --- */

/*
 * A row that others have changed waits until the EVPN side has heard of it: a MAC that has
 * just been learned at a local port must not be taken for a fault and written over.
 */
static enum queue
row_queue(struct ktab *t, const struct krow *r, uint64_t now)
{
	enum kop op = krow_op(r, true);
	struct kdev *d;

	if (r->inflight || r->heard || r == t->handed || op == KOP_NONE)
		return Q_NONE;
	d = dev_of(t, &r->key);
	if (d == NULL || d->due || d->dumping)
		return Q_NONE;
	if (r->fails > 0 && r->retry_ms > now)
		return Q_WAIT + r->fails - 1;
	if (op != KOP_DELETE)
		return Q_ADD + ranks[r->key.kind];
	return (r->adopted ? Q_ADOPTED : Q_DELETE) + ranks[r->key.kind];
}

/* Frees the row when nothing is left of it. */
static void
row_reap(struct ktab *t, struct krow *r)
{
	if (r->wanted || r->present || r->inflight || r->heard || r->fresh ||
	    r == t->handed)
		return;
	RB_REMOVE(krows, &t->rows, r);
	t->stats.rows[r->key.kind]--;
	free(r);
}

/* Puts the row where it belongs after a change; it may be freed. */
static void
row_update(struct ktab *t, struct krow *r, uint64_t now)
{
	enum queue q = row_queue(t, r, now);
	bool differs = krow_differs(r);

	if (differs != r->differs) {
		t->stats.differing += differs ? 1 : (uint32_t)-1;
		r->differs = differs;
	}
	if (r->due && r->queue != q) {
		TAILQ_REMOVE(&t->queues[r->queue], r, due_link);
		r->due = false;
	}
	if (!r->due && q != Q_NONE) {
		TAILQ_INSERT_TAIL(&t->queues[q], r, due_link);
		r->due = true;
		r->queue = (uint8_t)q;
	}
	row_reap(t, r);
}

static struct krow *
row_get(struct ktab *t, const struct kkey *key)
{
	struct krow *r = ktab_find(t, key);

	if (r == NULL) {
		r = xcalloc(1, sizeof(*r));
		r->key = *key;
		RB_INSERT(krows, &t->rows, r);
		t->stats.rows[key->kind]++;
	}
	return r;
}

static void
row_hear(struct ktab *t, struct krow *r)
{
	if (r->heard)
		return;
	r->heard = true;
	STAILQ_INSERT_TAIL(&t->heard, r, heard_link);
}

static bool
is_claimed(const struct krow *r)
{
	return r->wanted && r->want.proto == KOBJ_PROTO;
}

/*
 * Whose is VAL, just seen under R's key? What is as we want it is ours, whoever wrote it
 * (unless it carries a number that says who); what has not changed stays whose it was (an
 * address on a kernel without IFA_PROTO; a flood entry never tells: its mark is shared with
 * all others). Of what can carry no mark it is ours if we wrote it, or want it to be. A
 * sticky bridge entry cannot carry our mark: on a vxlan device that we manage it is taken as
 * ours.
 */
static bool
row_is_ours(const struct ktab *t, const struct krow *r, const struct kval *val)
{
	if (kkind_unmarked(r->key.kind))
		return r->present ? r->ours : is_claimed(r);
	if (r->wanted && !kkind_yields(r->key.kind) &&
	    kval_same(&r->key, &r->want, val))
		return true;
	if (r->present && kval_same(&r->key, &r->have, val))
		return r->ours;
	if (r->key.kind == KOBJ_BRFDB && (val->flags & NTF_STICKY) &&
	    dev_find(t, KOBJ_VXFDB, val->port) != NULL)
		return true;
	return kobj_is_ours(&r->key, val);
}

static void
row_event(struct ktab *t, const struct krow *r, enum kevent_kind kind,
    const struct kval *val, uint64_t now)
{
	kevent_add(&t->events,
	    &(struct kevent){ .at_ms = now,
		.kind = (uint8_t)kind,
		.error = kind == KEVENT_REFUSED ? r->error : 0,
		.key = r->key,
		.val = *val });
}

/* The kernel has VAL, or nothing, under this row's key. */
static void
row_have(
    struct ktab *t, struct krow *r, const struct kval *val, bool ours, uint64_t now)
{
	bool was_local = krow_is_local(r);
	bool was_good = r->wanted && krow_op(r, true) == KOP_NONE;
	bool changed = r->present != (val != NULL) ||
	    (val != NULL && (r->ours != ours || !kval_same(&r->key, &r->have, val)));

	r->adopted = ours && !r->wanted && (r->adopted || !r->ours);
	r->present = val != NULL;
	r->renew = r->renew && r->present;
	r->have = val != NULL ? *val : (struct kval){ 0 };
	r->ours = ours;
	r->stale = false;
	if (changed) {
		r->changed_s = (uint32_t)(now / 1000);
		if (was_good && krow_differs(r)) {
			t->stats.repairs++;
			r->lost = true;
			row_event(t, r, KEVENT_LOST, &r->want, now);
		}
		if (was_local || krow_is_local(r) || kkind_unmarked(r->key.kind))
			row_hear(t, r);
	}
}

/* First row of a kind on a device. */
static struct krow *
rows_of(struct ktab *t, enum kkind kind, uint32_t ifindex)
{
	struct kkey key = { .kind = (uint8_t)kind, .ifindex = ifindex };
	struct krow *r = ktab_from(t, &key);

	if (r == NULL || r->key.kind != kind || r->key.ifindex != ifindex)
		return NULL;
	return r;
}

/* The next one on the same device. */
static struct krow *
rows_next(struct krow *r)
{
	struct krow *n = ktab_after(r);

	if (n == NULL || n->key.kind != r->key.kind || n->key.ifindex != r->key.ifindex)
		return NULL;
	return n;
}

/* --- the EVPN side --- */

void
ktab_want(struct ktab *t, const struct kkey *key, const struct kval *val, uint64_t now)
{
	struct krow *r = val != NULL ? row_get(t, key) : ktab_find(t, key);

	if (r == NULL)
		return;
	if (r->wanted ? val != NULL && memcmp(&r->want, val, sizeof(*val)) == 0
		      : val == NULL)
		return;
	if (!r->wanted)
		t->stats.wanted[key->kind]++;
	else if (val == NULL)
		t->stats.wanted[key->kind]--;
	r->wanted = val != NULL;
	r->want = val != NULL ? *val : (struct kval){ 0 };
	r->fails = 0;
	r->error = 0;
	r->changed_s = (uint32_t)(now / 1000);
	r->adopted = false;
	if (kkind_unmarked(key->kind))
		r->ours = r->present && (r->ours || is_claimed(r));
	else if (r->wanted && r->present && !r->ours && krow_op(r, true) == KOP_NONE &&
	    !kval_is_own(key, &r->have) && !kkind_yields(key->kind)) {
		r->ours = true;
		row_hear(t, r);
	}
	row_update(t, r, now);
}

void
ktab_hurry(struct ktab *t, const struct kkey *key)
{
	struct krow *r = ktab_find(t, key);

	if (r == NULL || !r->due || r->queue >= Q_WAIT)
		return;
	TAILQ_REMOVE(&t->queues[r->queue], r, due_link);
	TAILQ_INSERT_HEAD(&t->queues[r->queue], r, due_link);
}

void
ktab_evict(struct ktab *t, const struct kkey *key, uint64_t now)
{
	struct krow *r = ktab_find(t, key);

	if (r == NULL || !r->present || r->wanted || !kkind_unmarked(key->kind))
		return;
	r->ours = true;
	row_update(t, r, now);
}

/* Forgets what the kernel has on a device. */
static void
dev_forget(struct ktab *t, enum kkind kind, uint32_t ifindex, uint64_t now)
{
	struct krow *r, *next;

	for (r = rows_of(t, kind, ifindex); r != NULL; r = next) {
		next = rows_next(r);
		r->fresh = false;
		row_have(t, r, NULL, false, now);
		row_update(t, r, now);
	}
}

void
ktab_manage(struct ktab *t, enum kkind kind, uint32_t ifindex, bool on)
{
	struct kdev *d = dev_find(t, kind, ifindex);

	if (on && d == NULL) {
		d = xcalloc(1, sizeof(*d));
		d->kind = (uint8_t)kind;
		d->ifindex = ifindex;
		RB_INSERT(kdevs, &t->devs, d);
		t->stats.devices++;
		dev_due(t, d);
	} else if (!on && d != NULL) {
		dev_free(t, d);
		dev_forget(t, kind, ifindex, 0);
	}
}

bool
ktab_managed(const struct ktab *t, enum kkind kind, uint32_t ifindex)
{
	return dev_find(t, kind, ifindex) != NULL;
}

void
ktab_release(struct ktab *t, uint64_t now)
{
	(void)now;
	t->released = true;
}

void
ktab_renew(struct ktab *t, uint64_t now)
{
	struct krow *r, *next;

	ktab_release(t, now);
	for (r = RB_MIN(krows, &t->rows); r != NULL; r = next) {
		next = ktab_after(r);
		r->renew = r->present && r->ours;
		row_update(t, r, now);
	}
}

struct krow *
ktab_heard(struct ktab *t)
{
	struct krow *r = t->handed;

	t->handed = NULL;
	if (r != NULL)
		row_update(t, r, 0); /* 0: if it was refused, it keeps waiting */
	r = STAILQ_FIRST(&t->heard);
	if (r == NULL)
		return NULL;
	STAILQ_REMOVE_HEAD(&t->heard, heard_link);
	r->heard = false;
	t->handed = r;
	return r;
}

/* --- the netlink side --- */

/*
 * FDB events do not say who caused them: the echo of what is in flight tells us nothing new.
 */
static bool
row_is_echo(const struct krow *r, const struct kval *val)
{
	if (r->reading)
		return false;
	if (r->deleting)
		return val == NULL;
	return val != NULL && r->wanted && kval_same(&r->key, &r->want, val);
}

static void
kinds_due(struct ktab *t, uint32_t kinds)
{
	struct kdev *d;

	RB_FOREACH (d, kdevs, &t->devs)
		if (kinds & 1u << d->kind)
			dev_due(t, d);
}

/* What used it went with it, and the kernel does not tell. */
static void
nexthop_lost(struct ktab *t)
{
	kinds_due(t, 1u << KOBJ_NHGROUP | 1u << KOBJ_ROUTE | 1u << KOBJ_VXFDB);
}

void
ktab_have(struct ktab *t, const struct kkey *key, const struct kval *val, uint64_t now)
{
	struct kdev *d = dev_of(t, key);
	struct krow *r;

	if (d == NULL)
		return;
	r = val != NULL || d->dumping ? row_get(t, key) : ktab_find(t, key);
	if (r == NULL)
		return;
	r->fresh = d->dumping;
	if (r->inflight && !row_is_echo(r, val))
		r->touched = true;
	if (val == NULL && r->wanted && !(r->inflight && r->deleting) &&
	    (key->kind == KOBJ_NEXTHOP || key->kind == KOBJ_NHGROUP))
		nexthop_lost(t);
	row_have(t, r, val, val != NULL && row_is_ours(t, r, val), now);
	row_update(t, r, now);
}

void
ktab_have_dumped(
    struct ktab *t, const struct kkey *key, const struct kval *val, uint64_t now)
{
	struct kdev *d = dev_of(t, key);
	struct krow *r;

	if (d == NULL || !d->dumping)
		return;
	r = row_get(t, key);
	if (r->inflight) {
		r->touched = true;
		r->stale = false;
	} else if (!r->fresh) {
		row_have(t, r, val, row_is_ours(t, r, val), now);
		row_update(t, r, now);
	}
}

void
ktab_device_gone(struct ktab *t, uint32_t ifindex, uint64_t now)
{
	for (int kind = 0; kind < KOBJ_KINDS; kind++) {
		struct kdev *d = dev_find(t, kind, ifindex);

		if (!kkind_on_device(kind) || d == NULL)
			continue;
		dev_free(t, d);
		dev_forget(t, kind, ifindex, now);
	}
	ktab_resync_routing(t);
}

void
ktab_resync(struct ktab *t, uint32_t ifindex)
{
	struct kdev *d;

	t->stats.resyncs++;
	if (ifindex == 0) {
		RB_FOREACH (d, kdevs, &t->devs)
			dev_due(t, d);
		return;
	}
	for (int kind = 0; kind < KOBJ_KINDS; kind++)
		if (kkind_on_device(kind) && (d = dev_find(t, kind, ifindex)) != NULL)
			dev_due(t, d);
}

void
ktab_redump(struct ktab *t, enum kkind kind, uint32_t ifindex)
{
	struct kdev *d = dev_find(t, kind, ifindex);

	if (d != NULL)
		dev_due(t, d);
}

void
ktab_resync_routing(struct ktab *t)
{
	kinds_due(t, 1u << KOBJ_NEXTHOP | 1u << KOBJ_NHGROUP | 1u << KOBJ_ROUTE);
}

/* What a row waits for has to do with that device; groups and routes may, by nexthops. */
static bool
row_depends(const struct krow *r, uint32_t ifindex)
{
	return r->key.kind == KOBJ_NHGROUP || r->key.kind == KOBJ_ROUTE ||
	    r->key.ifindex == ifindex || r->want.port == ifindex;
}

void
ktab_kick(struct ktab *t, uint32_t ifindex, uint64_t now)
{
	for (int level = 0; level < LEVELS; level++) {
		struct krow *r, *next;

		TAILQ_FOREACH_SAFE (r, &t->queues[Q_WAIT + level], due_link, next) {
			if (!row_depends(r, ifindex))
				continue;
			r->retry_ms = now;
			row_update(t, r, now);
		}
	}
}

bool
ktab_dump_next(struct ktab *t, enum kkind *out_kind, uint32_t *out_ifindex)
{
	struct kdev *d;
	struct krow *r, *next;

	TAILQ_FOREACH (d, &t->dumps, due_link)
		if (!d->dumping)
			break;
	if (d == NULL)
		return false;
	TAILQ_REMOVE(&t->dumps, d, due_link);
	d->due = false;
	d->dumping = true;
	*out_kind = d->kind;
	*out_ifindex = d->ifindex;
	for (r = rows_of(t, d->kind, d->ifindex); r != NULL; r = next) {
		next = rows_next(r);
		r->stale = r->present;
		r->fresh = false;
		row_update(t, r, 0); /* of a device being dumped: out of all queues */
	}
	return true;
}

void
ktab_dump_end(
    struct ktab *t, enum kkind kind, uint32_t ifindex, bool complete, uint64_t now)
{
	struct kdev *d = dev_find(t, kind, ifindex);
	struct krow *r, *next;

	if (d == NULL || !d->dumping)
		return;
	d->dumping = false;
	if (!d->due)
		t->unsynced--;
	if (!complete)
		dev_due(t, d);
	for (r = rows_of(t, kind, ifindex); r != NULL; r = next) {
		next = rows_next(r);
		r->fresh = false;
		if (r->stale && complete && r->inflight)
			r->touched = true;
		else if (r->stale && complete)
			row_have(t, r, NULL, false, now);
		r->stale = false;
		row_update(t, r, now);
	}
}

bool
ktab_synced(const struct ktab *t)
{
	return t->unsynced == 0;
}

bool
ktab_dump_due(const struct ktab *t, enum kkind kind, uint32_t ifindex)
{
	const struct kdev *d = dev_find(t, kind, ifindex);

	return d != NULL && (d->due || d->dumping);
}

/* Rows whose time has come leave the queues of the refused. */
static void
wait_over(struct ktab *t, uint64_t now)
{
	for (int level = 0; level < LEVELS; level++) {
		struct krow *r;

		while ((r = TAILQ_FIRST(&t->queues[Q_WAIT + level])) != NULL &&
		    r->retry_ms <= now)
			row_update(t, r, now);
	}
}

static struct krow *
first_add(struct ktab *t)
{
	struct krow *r = NULL;

	for (int rank = 0; rank < RANKS && r == NULL; rank++)
		r = TAILQ_FIRST(&t->queues[Q_ADD + rank]);
	return r;
}

/* Of LOWEST rank or higher. */
static struct krow *
first_delete(struct ktab *t, int lowest)
{
	struct krow *r = NULL;

	for (int rank = RANKS - 1; rank >= lowest && r == NULL; rank--) {
		r = TAILQ_FIRST(&t->queues[Q_DELETE + rank]);
		if (r == NULL && t->released)
			r = TAILQ_FIRST(&t->queues[Q_ADOPTED + rank]);
	}
	return r;
}

/*
 * Adds come first, but every fourth row is a delete if there is one, so that neither
 * starves. What others refer to (nexthops) goes last of all.
 */
static struct krow *
first_row(struct ktab *t)
{
	struct krow *r = NULL;

	if (t->turn++ % 4 == 3)
		r = first_delete(t, RANK_ENTRIES);
	if (r == NULL)
		r = first_add(t);
	if (r == NULL)
		r = first_delete(t, 0);
	return r;
}

bool
ktab_next(struct ktab *t, uint64_t now, struct ktab_op *out)
{
	struct krow *r;

	wait_over(t, now);
	while ((r = first_row(t)) != NULL) {
		enum queue q = row_queue(t, r, now);

		if (q == r->queue)
			break;
		row_update(t, r, now); /* its device is due for a dump */
	}
	if (r == NULL)
		return false;
	out->row = r;
	out->op = krow_op(r, t->released);
	if (out->op == KOP_REPLACE && !kval_replaceable(&r->key, &r->have, &r->want))
		out->op = KOP_DELETE;
	out->val = out->op == KOP_DELETE ? r->have : r->want;
	r->inflight = true;
	r->deleting = out->op == KOP_DELETE;
	r->reading = false;
	r->touched = false;
	t->stats.inflight++;
	row_update(t, r, now);
	return true;
}

/* The answer says that the kernel is as asked, whoever made it so. */
static bool
is_success(enum kop op, int err)
{
	if (op == KOP_DELETE)
		return err == 0 || err == -ENOENT || err == -ESRCH ||
		    err == -EADDRNOTAVAIL;
	return err == 0 || err == -EEXIST;
}

static void
row_refused(struct ktab *t, const struct ktab_op *op, int err, uint64_t now)
{
	struct krow *r = op->row;
	uint64_t delay;
	bool new = r->error != err;

	if (r->fails < LEVELS)
		r->fails++;
	delay = (uint64_t)BACKOFF_MS << (r->fails - 1);
	r->retry_ms = now + (delay < BACKOFF_MAX_MS ? delay : BACKOFF_MAX_MS);
	r->error = (int16_t)err;
	t->stats.errors++;
	if (new)
		row_event(t, r, KEVENT_REFUSED, &op->val, now);
}

/* The kernel did as told: what it has is what the row asked for. */
static void
row_obeyed(struct ktab *t, const struct ktab_op *op, uint64_t now)
{
	static const size_t counters[] = {
		[KOP_ADD] = offsetof(struct ktab_stats, adds),
		[KOP_REPLACE] = offsetof(struct ktab_stats, replaces),
		[KOP_DELETE] = offsetof(struct ktab_stats, deletes),
	};
	struct krow *r = op->row;
	struct kdev *d = dev_of(t, &r->key);
	bool gone = op->op == KOP_DELETE, ours = !gone;

	/* What was somebody's and was changed stays somebody's. */
	if (kkind_unmarked(r->key.kind) && op->op == KOP_REPLACE)
		ours = r->ours;
	r->fails = 0;
	r->error = 0;
	(*(uint64_t *)((char *)&t->stats + counters[op->op]))++;
	row_event(t, r,
	    gone          ? KEVENT_REMOVED
		: r->lost ? KEVENT_REPAIRED
			  : KEVENT_WRITTEN,
	    &op->val, now);
	r->lost = r->lost && gone && r->wanted;
	if (d == NULL)
		return;
	row_have(t, r, gone ? NULL : &op->val, ours, now);
	r->adopted = false;
	r->fresh = d->dumping;
}

/* A request for this row ended. Ends its flight unless it is to be read (again). */
static bool
row_landed(struct ktab *t, struct krow *r, bool read, uint64_t now)
{
	r->touched = false;
	r->reading = read && dev_of(t, &r->key) != NULL;
	if (r->reading)
		return true;
	r->inflight = false;
	t->stats.inflight--;
	row_update(t, r, now);
	return false;
}

bool
ktab_done(struct ktab *t, const struct ktab_op *op, int err, uint64_t now)
{
	bool read = op->row->touched;

	if (is_success(op->op, err)) {
		read = read || err != 0;
		/* An event while in flight may be newer than this: then it is read. */
		if (!op->row->touched)
			row_obeyed(t, op, now);
	} else {
		row_refused(t, op, err, now);
	}
	return row_landed(t, op->row, read, now);
}

bool
ktab_reread(
    struct ktab *t, const struct ktab_op *op, const struct kval *val, uint64_t now)
{
	struct krow *r = op->row;
	struct kdev *d = dev_of(t, &r->key);
	bool wrote =
	    val != NULL && op->op != KOP_DELETE && kval_same(&r->key, &op->val, val);

	if (!r->touched && d != NULL) {
		row_have(
		    t, r, val, wrote || (val != NULL && row_is_ours(t, r, val)), now);
		r->adopted = r->adopted && !wrote;
		if (wrote)
			row_event(
			    t, r, r->lost ? KEVENT_REPAIRED : KEVENT_WRITTEN, val, now);
		r->lost = r->lost && !wrote;
		r->fresh = d->dumping;
	}
	return row_landed(t, r, r->touched, now);
}

uint64_t
ktab_deadline(const struct ktab *t)
{
	uint64_t min = UINT64_MAX;

	for (int level = 0; level < LEVELS; level++) {
		const struct krow *r = TAILQ_FIRST(&t->queues[Q_WAIT + level]);

		if (r != NULL && r->retry_ms < min)
			min = r->retry_ms;
	}
	return min;
}

/* --- looking at it --- */

struct krow *
ktab_find(struct ktab *t, const struct kkey *key)
{
	struct krow k = { .key = *key };

	return RB_FIND(krows, &t->rows, &k);
}

struct krow *
ktab_from(struct ktab *t, const struct kkey *key)
{
	struct krow k = { .key = *key };

	return RB_NFIND(krows, &t->rows, &k);
}

struct krow *
ktab_after(struct krow *r)
{
	return RB_NEXT(krows, NULL, r);
}

const struct kevents *
ktab_events(const struct ktab *t)
{
	return &t->events;
}

void
ktab_stats(const struct ktab *t, struct ktab_stats *out)
{
	*out = t->stats;
	out->dumps_due = t->unsynced;
}

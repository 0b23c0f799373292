/*
 * ktab - see ktab.h. Both columns, and the devices whose entries are mirrored.
 *
 * Every row that has something to do is in exactly one queue (kqueue.c). ktab_update() is the
 * only place that moves a row between queues, counts it and frees it: call it after any
 * change.
 *
 * Dumps and events come over different sockets. While a device is being dumped, a row that
 * an event (or our own write) told of is "fresh" and lines of the dump about it are passed
 * over, for they may be older. A row that an event deleted stays until the dump's end for
 * that reason.
 */
#include "kern/ktab.h"

#include <stdlib.h>

#include <linux/neighbour.h>

#include "base/mem.h"
#include "kern/ktabint.h"

static const uint8_t ranks[KOBJ_KINDS] = {
	[KOBJ_ADDR] = 0,
	[KOBJ_NEXTHOP] = 1,
	[KOBJ_NHGROUP] = 2,
	[KOBJ_BRFDB] = RANK_ENTRIES,
	[KOBJ_VXFDB] = RANK_ENTRIES,
	[KOBJ_NEIGH] = RANK_ENTRIES,
	[KOBJ_ROUTE] = 4,
};

struct ktab *
ktab_new(void)
{
	struct ktab *t = xcalloc(1, sizeof(*t));

	krow_init(t);
	kqueue_init(t);
	TAILQ_INIT(&t->dumps);
	kevents_init(&t->events);
	return t;
}

void
ktab_free(struct ktab *t)
{
	struct kdev *d;

	if (t == NULL)
		return;
	kqueue_fini(t);
	krow_fini(t);
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
	if (r->wanted) {
		enum kkind kind = krow_kind(r);

		if (kind == KOBJ_BRFDB &&
		    kval_is_own(&(struct kkey){ .kind = KOBJ_BRFDB }, KROW_HAVE(r)))
			return KOP_NONE;
		if (!r->ours && kkind_yields(kind))
			return KOP_NONE;
		if (r->want != r->have &&
		    !kval_same(KROW_KEY(r), KROW_WANT(r), KROW_HAVE(r)))
			return KOP_REPLACE;
	}
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
		return r->refused ? "failed" : "pending";
	case KOP_DELETE:
		return r->refused ? "failed" : r->adopted ? "stale" : "leaving";
	case KOP_NONE:
		break;
	}
	if (!r->present)
		return "absent";
	return r->ours ? "installed" : "foreign";
}

/* --- devices --- */

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
	kplaces_managed(t, d->kind, d->ifindex, NULL);
	RB_REMOVE(kdevs, &t->devs, d);
	t->stats.devices--;
	free(d);
}

/* --- rows --- */

/*
 * A row that others have changed waits until the EVPN side has heard of it: a MAC that has
 * just been learned at a local port must not be taken for a fault and written over.
 */
enum queue
ktab_queue_of(struct ktab *t, const struct krow *r, uint64_t now)
{
	const struct krefused *f = krow_refused(r);
	enum kop op = krow_op(r, true);
	const struct kplace *p;

	if (r->inflight || r->heard || r == t->handed || op == KOP_NONE)
		return Q_NONE;
	p = krow_place(r);
	if (p->dev == NULL || p->dev->due || p->dev->dumping)
		return Q_NONE;
	if (f != NULL && f->retry_ms > now)
		return Q_WAIT;
	if (op != KOP_DELETE)
		return Q_ADD + ranks[p->kind];
	return (r->adopted ? Q_ADOPTED : Q_DELETE) + ranks[p->kind];
}

void
ktab_update(struct ktab *t, struct krow *r, uint64_t now)
{
	enum queue q = ktab_queue_of(t, r, now);
	bool differs = krow_differs(r);

	if (differs != r->differs) {
		t->stats.differing += differs ? 1 : (uint32_t)-1;
		r->differs = differs;
	}
	if (q == Q_WAIT)
		krow_wait(r);
	else
		krow_queue(r, q);
	/* Nothing is left of it. */
	if (!r->wanted && !r->present && !r->inflight && !r->heard && !r->fresh &&
	    r != t->handed)
		krow_free(r);
}

static void
row_hear(struct ktab *t, struct krow *r)
{
	if (r->heard)
		return;
	r->heard = true;
	kring_push(t, &t->heard, r);
}

static bool
is_claimed(const struct krow *r)
{
	return r->wanted && krow_want(r).proto == KOBJ_PROTO;
}

/*
 * Whose is VAL, just seen under R's key? What is as we want it is ours, whoever wrote it
 * (unless it carries a number that says who); what has not changed stays whose it was (an
 * address on a kernel without IFA_PROTO; a flood entry never tells: its mark is shared with
 * all others). Of what can carry no mark it is ours if we wrote it, or want it to be. A
 * sticky bridge entry cannot carry our mark: on a vxlan device that we manage it is taken as
 * ours.
 */
bool
ktab_row_is_ours(const struct ktab *t, const struct krow *r, const struct kval *val)
{
	const struct kkey key = krow_key(r);

	if (kkind_unmarked(key.kind))
		return r->present ? r->ours : is_claimed(r);
	if (r->wanted && !kkind_yields(key.kind) && kval_same(&key, KROW_WANT(r), val))
		return true;
	if (r->present && kval_same(&key, KROW_HAVE(r), val))
		return r->ours;
	if (key.kind == KOBJ_BRFDB && (val->flags & NTF_STICKY) &&
	    kdev_find(t, KOBJ_VXFDB, val->port) != NULL)
		return true;
	return kobj_is_ours(&key, val);
}

void
ktab_event(struct ktab *t, const struct krow *r, enum kevent_kind kind,
    const struct kval *val, uint64_t now)
{
	unsigned fails;

	kevent_add(&t->events,
	    &(struct kevent){ .at_ms = now,
		.kind = (uint8_t)kind,
		.error = kind == KEVENT_REFUSED ? (int16_t)krow_error(r, &fails) : 0,
		.key = krow_key(r),
		.val = *val });
}

void
ktab_row_have(
    struct ktab *t, struct krow *r, const struct kval *val, bool ours, uint64_t now)
{
	bool was_local = krow_is_local(r);
	bool was_good = r->wanted && krow_op(r, true) == KOP_NONE;
	bool changed = r->present != (val != NULL) ||
	    (val != NULL &&
		(r->ours != ours || !kval_same(KROW_KEY(r), KROW_HAVE(r), val)));

	r->adopted = ours && !r->wanted && (r->adopted || !r->ours);
	r->present = val != NULL;
	r->renew = r->renew && r->present;
	krow_set_have(r, val);
	r->ours = ours;
	r->stale = false;
	if (changed) {
		r->changed_s = (uint32_t)(now / 1000);
		if (was_good && krow_differs(r)) {
			t->stats.repairs++;
			r->lost = true;
			ktab_event(t, r, KEVENT_LOST, KROW_WANT(r), now);
		}
		if (was_local || krow_is_local(r) || kkind_unmarked(krow_kind(r)))
			row_hear(t, r);
	}
}

static bool
is_on(const struct krow *r, enum kkind kind, uint32_t ifindex)
{
	const struct kplace *p = krow_place(r);

	return p->kind == kind && p->ifindex == ifindex;
}

/* First row of a kind on a device. */
static struct krow *
rows_of(struct ktab *t, enum kkind kind, uint32_t ifindex)
{
	struct kkey key = { .kind = (uint8_t)kind, .ifindex = ifindex };
	struct krow *r = ktab_from(t, &key);

	return r != NULL && is_on(r, kind, ifindex) ? r : NULL;
}

/* The next one on the same device. */
static struct krow *
rows_next(struct krow *r)
{
	const struct kplace *p = krow_place(r);
	struct krow *n = ktab_after(r);

	return n != NULL && is_on(n, p->kind, p->ifindex) ? n : NULL;
}

/* --- the EVPN side --- */

void
ktab_want(struct ktab *t, const struct kkey *key, const struct kval *val, uint64_t now)
{
	struct krow *r = val != NULL ? krow_get(t, key) : ktab_find(t, key);

	if (r == NULL)
		return;
	if (r->wanted ? val != NULL && memcmp(KROW_WANT(r), val, sizeof(*val)) == 0
		      : val == NULL)
		return;
	if (!r->wanted)
		t->stats.wanted[key->kind]++;
	else if (val == NULL)
		t->stats.wanted[key->kind]--;
	r->wanted = val != NULL;
	krow_set_want(r, val);
	krow_forgive(r);
	r->changed_s = (uint32_t)(now / 1000);
	r->adopted = false;
	if (kkind_unmarked(key->kind))
		r->ours = r->present && (r->ours || is_claimed(r));
	else if (r->wanted && r->present && !r->ours && krow_op(r, true) == KOP_NONE &&
	    !kval_is_own(key, KROW_HAVE(r)) && !kkind_yields(key->kind)) {
		r->ours = true;
		row_hear(t, r);
	}
	ktab_update(t, r, now);
}

void
ktab_hurry(struct ktab *t, const struct kkey *key)
{
	struct krow *r = ktab_find(t, key);

	if (r != NULL && r->queue != Q_NONE && r->queue != Q_WAIT)
		krow_hurry(r);
}

void
ktab_evict(struct ktab *t, const struct kkey *key, uint64_t now)
{
	struct krow *r = ktab_find(t, key);

	if (r == NULL || !r->present || r->wanted || !kkind_unmarked(key->kind))
		return;
	r->ours = true;
	ktab_update(t, r, now);
}

/* Forgets what the kernel has on a device. */
static void
dev_forget(struct ktab *t, enum kkind kind, uint32_t ifindex, uint64_t now)
{
	struct krow *r, *next;

	for (r = rows_of(t, kind, ifindex); r != NULL; r = next) {
		next = rows_next(r);
		r->fresh = false;
		ktab_row_have(t, r, NULL, false, now);
		ktab_update(t, r, now);
	}
}

void
ktab_manage(struct ktab *t, enum kkind kind, uint32_t ifindex, bool on)
{
	struct kdev *d = kdev_find(t, kind, ifindex);

	if (d != NULL)
		d->leaving = false;
	if (on && d == NULL) {
		d = xcalloc(1, sizeof(*d));
		d->kind = (uint8_t)kind;
		d->ifindex = ifindex;
		RB_INSERT(kdevs, &t->devs, d);
		kplaces_managed(t, kind, ifindex, d);
		t->stats.devices++;
		dev_due(t, d);
	} else if (!on && d != NULL) {
		dev_free(t, d);
		dev_forget(t, kind, ifindex, 0);
	}
}

void
ktab_leave(struct ktab *t, enum kkind kind, uint32_t ifindex)
{
	struct kdev *d = kdev_find(t, kind, ifindex);

	if (d != NULL)
		d->leaving = t->leave_due = true;
}

/* Is something of ours on the device, or about to be? */
static bool
dev_is_used(struct ktab *t, const struct kdev *d)
{
	struct krow *r = rows_of(t, d->kind, d->ifindex);

	while (r != NULL && !r->wanted && !r->inflight && !(r->present && r->ours))
		r = rows_next(r);
	return r != NULL || d->due || d->dumping;
}

/* Looked at when there is nothing else to do, for it takes a walk over the rows. */
void
ktab_devs_leave(struct ktab *t, uint64_t now)
{
	struct kdev *d, *next;

	t->leave_due = false;
	RB_FOREACH_SAFE (d, kdevs, &t->devs, next) {
		enum kkind kind = d->kind;
		uint32_t ifindex = d->ifindex;

		if (!d->leaving || dev_is_used(t, d))
			continue;
		dev_free(t, d);
		dev_forget(t, kind, ifindex, now);
	}
}

bool
ktab_managed(const struct ktab *t, enum kkind kind, uint32_t ifindex)
{
	return kdev_find(t, kind, ifindex) != NULL;
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
	ktab_release(t, now);
	t->renewing = true;
	t->renew_at = (struct kkey){ .kind = KOBJ_KINDS - 1 };
}

/* Users come before what they refer to, as deletes have to. */
static bool
renew_kind(struct ktab *t, unsigned *budget, uint64_t now)
{
	enum kkind kind = (enum kkind)t->renew_at.kind;
	struct krow *r, *next;

	for (r = ktab_from(t, &t->renew_at); r != NULL; r = next) {
		struct kkey key = krow_key(r);

		if (key.kind != kind)
			return true;
		if (*budget == 0) {
			t->renew_at = key;
			return false;
		}
		(*budget)--;
		next = ktab_after(r);
		r->renew = r->present && r->ours;
		ktab_update(t, r, now);
	}
	return true;
}

bool
ktab_work(struct ktab *t, unsigned budget, uint64_t now)
{
	while (t->renewing) {
		if (!renew_kind(t, &budget, now))
			return false;
		t->renewing = t->renew_at.kind > 0;
		t->renew_at = (struct kkey){ .kind = (uint8_t)(t->renew_at.kind - 1) };
	}
	return true;
}

struct krow *
ktab_heard(struct ktab *t)
{
	struct krow *r = t->handed;

	t->handed = NULL;
	if (r != NULL)
		ktab_update(t, r, 0); /* 0: if it was refused, it keeps waiting */
	r = kring_pop(t, &t->heard);
	if (r == NULL)
		return NULL;
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
	return val != NULL && r->wanted && kval_same(KROW_KEY(r), KROW_WANT(r), val);
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
	struct kdev *d = kdev_of(t, key);
	struct krow *r;

	if (d == NULL)
		return;
	r = val != NULL || d->dumping ? krow_get(t, key) : ktab_find(t, key);
	if (r == NULL)
		return;
	r->fresh = d->dumping;
	if (r->inflight && !row_is_echo(r, val))
		r->touched = true;
	if (val == NULL && r->wanted && !(r->inflight && r->deleting) &&
	    (key->kind == KOBJ_NEXTHOP || key->kind == KOBJ_NHGROUP))
		nexthop_lost(t);
	ktab_row_have(t, r, val, val != NULL && ktab_row_is_ours(t, r, val), now);
	ktab_update(t, r, now);
}

void
ktab_have_dumped(
    struct ktab *t, const struct kkey *key, const struct kval *val, uint64_t now)
{
	struct kdev *d = kdev_of(t, key);
	struct krow *r;

	if (d == NULL || !d->dumping)
		return;
	r = krow_get(t, key);
	if (r->inflight) {
		r->touched = true;
		r->stale = false;
	} else if (!r->fresh) {
		ktab_row_have(t, r, val, ktab_row_is_ours(t, r, val), now);
		ktab_update(t, r, now);
	}
}

void
ktab_device_gone(struct ktab *t, uint32_t ifindex, uint64_t now)
{
	for (int kind = 0; kind < KOBJ_KINDS; kind++) {
		struct kdev *d = kdev_find(t, kind, ifindex);

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
		if (kkind_on_device(kind) && (d = kdev_find(t, kind, ifindex)) != NULL)
			dev_due(t, d);
}

void
ktab_redump(struct ktab *t, enum kkind kind, uint32_t ifindex)
{
	struct kdev *d = kdev_find(t, kind, ifindex);

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
	const struct kplace *p = krow_place(r);

	return p->kind == KOBJ_NHGROUP || p->kind == KOBJ_ROUTE ||
	    p->ifindex == ifindex || krow_want(r).port == ifindex;
}

void
ktab_kick(struct ktab *t, uint32_t ifindex, uint64_t now)
{
	for (int level = 0; level < LEVELS; level++) {
		struct krefused *f, *next;

		TAILQ_FOREACH_SAFE (f, &t->waits[level], wait_link, next) {
			if (!row_depends(f->row, ifindex))
				continue;
			f->retry_ms = now;
			ktab_update(t, f->row, now);
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
		ktab_update(t, r, 0); /* of a device being dumped: out of all queues */
	}
	return true;
}

void
ktab_dump_end(
    struct ktab *t, enum kkind kind, uint32_t ifindex, bool complete, uint64_t now)
{
	struct kdev *d = kdev_find(t, kind, ifindex);
	struct krow *r, *next;

	if (d == NULL || !d->dumping)
		return;
	d->dumping = false;
	t->leave_due = t->leave_due || d->leaving;
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
			ktab_row_have(t, r, NULL, false, now);
		r->stale = false;
		ktab_update(t, r, now);
	}
}

bool
ktab_synced(const struct ktab *t)
{
	return t->unsynced == 0 && !t->renewing;
}

bool
ktab_adopts(struct ktab *t)
{
	for (int rank = 0; rank < RANKS; rank++)
		if (kqueue_first(t, Q_ADOPTED + rank) != NULL)
			return true;
	return false;
}

bool
ktab_dump_due(const struct ktab *t, enum kkind kind, uint32_t ifindex)
{
	const struct kdev *d = kdev_find(t, kind, ifindex);

	return d != NULL && (d->due || d->dumping);
}

/* --- looking at it --- */

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
	out->bytes = sizeof(*t) + krow_bytes(t) + kqueue_bytes(t) +
	    t->stats.devices * sizeof(struct kdev) +
	    (t->events.ring != NULL ? KEVENT_RING * sizeof(struct kevent) : 0);
}

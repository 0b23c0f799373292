/*
 * kwrite - requests to the kernel and its answers: which row is next, what came of it.
 */
#include <errno.h>

#include "kern/ktabint.h"

#define BACKOFF_MS 100
#define BACKOFF_MAX_MS 10000

/* Rows whose time has come leave the queues of the refused. */
static void
wait_over(struct ktab *t, uint64_t now)
{
	for (int level = 0; level < LEVELS; level++) {
		struct krefused *f;

		while (
		    (f = TAILQ_FIRST(&t->waits[level])) != NULL && f->retry_ms <= now)
			ktab_update(t, f->row, now);
	}
}

static struct krow *
first_add(struct ktab *t)
{
	struct krow *r = NULL;

	for (int rank = 0; rank < RANKS && r == NULL; rank++)
		r = kqueue_first(t, Q_ADD + rank);
	return r;
}

/* Of LOWEST rank or higher. */
static struct krow *
first_delete(struct ktab *t, int lowest)
{
	struct krow *r = NULL;

	for (int rank = RANKS - 1; rank >= lowest && r == NULL; rank--) {
		r = kqueue_first(t, Q_DELETE + rank);
		if (r == NULL && t->released)
			r = kqueue_first(t, Q_ADOPTED + rank);
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
		enum queue q = ktab_queue_of(t, r, now);

		if (q == r->queue)
			break;
		ktab_update(t, r, now); /* its device is due for a dump */
	}
	if (r == NULL) {
		if (t->leave_due)
			ktab_devs_leave(t, now);
		return false;
	}
	out->row = r;
	out->key = krow_key(r);
	out->op = krow_op(r, t->released);
	if (out->op == KOP_REPLACE &&
	    !kval_replaceable(&out->key, KROW_HAVE(r), KROW_WANT(r)))
		out->op = KOP_DELETE;
	out->val = out->op == KOP_DELETE ? krow_have(r) : krow_want(r);
	r->inflight = true;
	r->deleting = out->op == KOP_DELETE;
	r->reading = false;
	r->touched = false;
	t->stats.inflight++;
	ktab_update(t, r, now);
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
	struct krefused *f = krow_refuse(r);
	uint64_t delay;
	bool new = f->error != err;

	if (f->fails < LEVELS)
		f->fails++;
	delay = (uint64_t)BACKOFF_MS << (f->fails - 1);
	f->retry_ms = now + (delay < BACKOFF_MAX_MS ? delay : BACKOFF_MAX_MS);
	f->error = (int16_t)err;
	t->stats.errors++;
	if (new)
		ktab_event(t, r, KEVENT_REFUSED, &op->val, now);
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
	struct kdev *d = krow_place(r)->dev;
	bool gone = op->op == KOP_DELETE, ours = !gone;

	/* What was somebody's and was changed stays somebody's. */
	if (kkind_unmarked(op->key.kind) && op->op == KOP_REPLACE)
		ours = r->ours;
	krow_forgive(r);
	(*(uint64_t *)((char *)&t->stats + counters[op->op]))++;
	ktab_event(t, r,
	    gone          ? KEVENT_REMOVED
		: r->lost ? KEVENT_REPAIRED
			  : KEVENT_WRITTEN,
	    &op->val, now);
	r->lost = r->lost && gone && r->wanted;
	if (d == NULL)
		return;
	ktab_row_have(t, r, gone ? NULL : &op->val, ours, now);
	r->adopted = false;
	r->fresh = d->dumping;
	t->leave_due = t->leave_due || d->leaving;
}

/* A request for this row ended. Ends its flight unless it is to be read (again). */
static bool
row_landed(struct ktab *t, struct krow *r, bool read, uint64_t now)
{
	r->touched = false;
	r->reading = read && krow_place(r)->dev != NULL;
	if (r->reading)
		return true;
	r->inflight = false;
	t->stats.inflight--;
	ktab_update(t, r, now);
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
	struct kdev *d = krow_place(r)->dev;
	bool wrote =
	    val != NULL && op->op != KOP_DELETE && kval_same(&op->key, &op->val, val);

	if (!r->touched && d != NULL) {
		ktab_row_have(t, r, val,
		    wrote || (val != NULL && ktab_row_is_ours(t, r, val)), now);
		r->adopted = r->adopted && !wrote;
		if (wrote)
			ktab_event(
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
		const struct krefused *f = TAILQ_FIRST(&t->waits[level]);

		if (f != NULL && f->retry_ms < min)
			min = f->retry_ms;
	}
	return min;
}

/*
 * kqueue - which rows have something to do, in order, without a byte in those that have not.
 *
 * Rows to write and to delete stand in rings of row numbers; that a row is in a queue is
 * said by the row alone, and a number in a ring whose row says otherwise (or is gone, or is
 * another row by now) is passed over. Rings are empty, and freed, when all is as wanted.
 *
 * A row that was refused has a struct krefused: why, how often, until when. Those that wait
 * stand in one list per back-off level: all in it wait equally long, so they are in order.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "kern/ktabint.h"

#define RING_MIN 64

static int
krefused_cmp(const struct krefused *a, const struct krefused *b)
{
	return a->row < b->row ? -1 : a->row > b->row;
}

RB_PROTOTYPE(krefuseds, krefused, link, krefused_cmp)
RB_GENERATE(krefuseds, krefused, link, krefused_cmp)

static uint32_t *
ring_at(struct kring *q, uint32_t i)
{
	return &q->refs[(q->head + i) & (q->room - 1)];
}

static void
ring_free(struct kring *q)
{
	free(q->refs);
	*q = (struct kring){ .live = q->live };
}

/* Makes room for one more. */
static void
ring_grow(struct kring *q)
{
	uint32_t room = q->room > 0 ? q->room * 2 : RING_MIN;
	uint32_t *refs = xreallocarray(NULL, room, sizeof(*refs));

	for (uint32_t i = 0; i < q->n; i++)
		refs[i] = *ring_at(q, i);
	free(q->refs);
	q->refs = refs;
	q->room = room;
	q->head = 0;
}

/* Takes numbers out whose rows are not in this queue, or were met before. */
static void
ring_clean(struct ktab *t, struct kring *q)
{
	uint32_t n = 0;
	uint8_t id = (uint8_t)(q - t->rings) & 31;

	for (uint32_t i = 0; i < q->n; i++) {
		uint32_t ref = *ring_at(q, i);
		struct krow *r = krow_at(t, ref);

		if (r == NULL || r->queue != id || r->listed)
			continue;
		r->listed = true;
		*ring_at(q, n++) = ref;
	}
	q->n = n;
	for (uint32_t i = 0; i < n; i++)
		krow_at(t, *ring_at(q, i))->listed = false;
}

/* Room for one more. Cleaning is only worth its time if half of it is of no use. */
static void
ring_room(struct ktab *t, struct kring *q)
{
	if (q->n < q->room)
		return;
	if (q != &t->heard && q->live < q->n / 2)
		ring_clean(t, q);
	else
		ring_grow(q);
}

void
kring_push(struct ktab *t, struct kring *q, struct krow *r)
{
	ring_room(t, q);
	*ring_at(q, q->n++) = krow_ref(r);
}

static void
ring_drop(struct kring *q)
{
	q->head = (q->head + 1) & (q->room - 1);
	if (--q->n == 0 && q->room > RING_MIN)
		ring_free(q);
}

struct krow *
kring_pop(struct ktab *t, struct kring *q)
{
	struct krow *r;

	if (q->n == 0)
		return NULL;
	r = krow_at(t, *ring_at(q, 0));
	ring_drop(q);
	return r;
}

struct krow *
kqueue_first(struct ktab *t, enum queue q)
{
	struct kring *ring = &t->rings[q];
	struct krow *r;

	while (ring->n > 0) {
		r = krow_at(t, *ring_at(ring, 0));
		if (r != NULL && r->queue == q)
			return r;
		ring_drop(ring);
	}
	return NULL;
}

/* Out of the queue that it is in. */
static void
leave(struct ktab *t, struct krow *r)
{
	if (r->queue == Q_WAIT) {
		struct krefused *f = krow_refused(r);

		TAILQ_REMOVE(&t->waits[f->fails - 1], f, wait_link);
		f->waiting = false;
	} else if (r->queue != Q_NONE) {
		t->rings[r->queue].live--;
	}
	r->queue = Q_NONE;
}

void
krow_queue(struct krow *r, enum queue q)
{
	struct ktab *t = krow_tab(r);

	if (r->queue == q)
		return;
	leave(t, r);
	if (q == Q_NONE)
		return;
	r->queue = (uint8_t)q & 31;
	t->rings[q].live++;
	kring_push(t, &t->rings[q], r);
}

void
krow_hurry(struct krow *r)
{
	struct ktab *t = krow_tab(r);
	struct kring *q = &t->rings[r->queue];

	ring_room(t, q);
	q->head = (q->head - 1) & (q->room - 1);
	q->n++;
	*ring_at(q, 0) = krow_ref(r);
}

void
krow_wait(struct krow *r)
{
	struct ktab *t = krow_tab(r);
	struct krefused *f = krow_refused(r);

	if (r->queue == Q_WAIT)
		return;
	leave(t, r);
	r->queue = Q_WAIT;
	f->waiting = true;
	TAILQ_INSERT_TAIL(&t->waits[f->fails - 1], f, wait_link);
}

struct krefused *
krow_refused(const struct krow *r)
{
	struct krefused like = { .row = (struct krow *)r };

	return r->refused ? RB_FIND(krefuseds, &krow_tab(r)->refused, &like) : NULL;
}

struct krefused *
krow_refuse(struct krow *r)
{
	struct ktab *t = krow_tab(r);
	struct krefused *f = krow_refused(r);

	if (f != NULL)
		return f;
	f = xcalloc(1, sizeof(*f));
	f->row = r;
	r->refused = true;
	RB_INSERT(krefuseds, &t->refused, f);
	t->nrefused++;
	return f;
}

void
krow_forgive(struct krow *r)
{
	struct ktab *t = krow_tab(r);
	struct krefused *f = krow_refused(r);

	if (f == NULL)
		return;
	if (f->waiting)
		leave(t, r);
	RB_REMOVE(krefuseds, &t->refused, f);
	t->nrefused--;
	r->refused = false;
	free(f);
}

int
krow_error(const struct krow *r, unsigned *out_fails)
{
	const struct krefused *f = krow_refused(r);

	*out_fails = f != NULL ? f->fails : 0;
	return f != NULL ? f->error : 0;
}

void
kqueue_init(struct ktab *t)
{
	RB_INIT(&t->refused);
	for (int level = 0; level < LEVELS; level++)
		TAILQ_INIT(&t->waits[level]);
}

void
kqueue_fini(struct ktab *t)
{
	struct krefused *f;

	while ((f = RB_ROOT(&t->refused)) != NULL) {
		RB_REMOVE(krefuseds, &t->refused, f);
		free(f);
	}
	for (int q = 0; q < Q_WAIT; q++)
		free(t->rings[q].refs);
	free(t->heard.refs);
}

size_t
kqueue_bytes(const struct ktab *t)
{
	size_t n =
	    t->nrefused * sizeof(struct krefused) + t->heard.room * sizeof(uint32_t);

	for (int q = 0; q < Q_WAIT; q++)
		n += t->rings[q].room * sizeof(uint32_t);
	return n;
}

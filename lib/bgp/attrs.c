/*
 * attrs - interned attributes: one object per value, counted (see attr.h).
 *
 * A hash table with chains that grows by linear hashing: each insertion past the load of one
 * splits a single bucket, so a table of a million distinct values (mobility sequences) never
 * stalls its caller to rehash. Bucket I holds the hashes equal to I modulo the size of the
 * round, or modulo twice that once it was split.
 */
#include "bgp/attr.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bgp/aspath.h"
#include "bgp/extcomm.h"

#define BUCKETS_MIN 64
#define SCALARS offsetof(struct attr_value, aspath)

struct attr_table {
	struct attrs **bucket;
	size_t room;  /* of BUCKET */
	size_t round; /* a power of two: buckets at the start of this round */
	size_t split; /* buckets of this round split so far; round + split are in use */
	size_t count;
	size_t bytes;
};

static const size_t blobs[] = {
	offsetof(struct attr_value, aspath),
	offsetof(struct attr_value, community),
	offsetof(struct attr_value, ext),
	offsetof(struct attr_value, large),
	offsetof(struct attr_value, cluster),
	offsetof(struct attr_value, tunnel),
	offsetof(struct attr_value, unknown),
};

#define BLOBS (sizeof(blobs) / sizeof(blobs[0]))
_Static_assert(SCALARS + BLOBS * sizeof(struct blob) == sizeof(struct attr_value),
    "a blob of struct attr_value is missing in blobs[]");

static const struct blob *
blob_at(const struct attr_value *v, size_t i)
{
	return (const struct blob *)((const uint8_t *)v + blobs[i]);
}

struct attr_table *
attr_table_new(void)
{
	struct attr_table *t = xcalloc(1, sizeof(*t));

	t->round = t->room = BUCKETS_MIN;
	t->bucket = xcalloc(t->room, sizeof(*t->bucket));
	return t;
}

void
attr_table_free(struct attr_table *t)
{
	if (t == NULL)
		return;
	assert(t->count == 0);
	free(t->bucket);
	free(t);
}

size_t
attr_table_count(const struct attr_table *t)
{
	return t->count;
}

size_t
attr_table_bytes(const struct attr_table *t)
{
	return t->bytes + t->room * sizeof(*t->bucket) + sizeof(*t);
}

static struct attrs **
bucket_of(const struct attr_table *t, uint32_t hash)
{
	size_t i = hash & (t->round - 1);

	if (i < t->split)
		i = hash & (2 * t->round - 1);
	return &t->bucket[i];
}

/* Splits the next bucket of the round. */
static void
table_grow(struct attr_table *t)
{
	struct attrs **low, **high, *a;
	size_t used = t->round + t->split;

	if (used == t->room) {
		t->room *= 2;
		t->bucket = xreallocarray(t->bucket, t->room, sizeof(*t->bucket));
	}
	low = &t->bucket[t->split];
	high = &t->bucket[used];
	*high = NULL;
	while ((a = *low) != NULL) {
		if (a->hash & t->round) {
			*low = a->next;
			a->next = *high;
			*high = a;
		} else {
			low = &a->next;
		}
	}
	if (++t->split == t->round) {
		t->round *= 2;
		t->split = 0;
	}
}

static uint32_t
value_hash(const struct attr_value *v)
{
	uint32_t h = bytes_hash(0, v, SCALARS);

	for (size_t i = 0; i < BLOBS; i++) {
		const struct blob *b = blob_at(v, i);

		if (b->len > 0)
			h = bytes_hash(h + (uint32_t)i, b->p, b->len);
	}
	return h;
}

static bool
value_equal(const struct attr_value *x, const struct attr_value *y)
{
	if (memcmp(x, y, SCALARS) != 0)
		return false;
	for (size_t i = 0; i < BLOBS; i++) {
		const struct blob *a = blob_at(x, i), *b = blob_at(y, i);

		if (a->len != b->len || (a->len > 0 && memcmp(a->p, b->p, a->len) != 0))
			return false;
	}
	return true;
}

/* Bytes of all blobs. */
static size_t
value_data(const struct attr_value *v)
{
	size_t n = 0;

	for (size_t i = 0; i < BLOBS; i++)
		n += blob_at(v, i)->len;
	return n;
}

struct attrs *
attrs_intern(struct attr_table *t, const struct attr_draft *d)
{
	uint32_t hash = value_hash(&d->v);
	struct attrs *a, **bucket;
	uint8_t *p;

	for (a = *bucket_of(t, hash); a != NULL; a = a->next) {
		if (a->hash == hash && value_equal(&a->v, &d->v))
			return attrs_ref(a);
	}
	a = xmalloc(sizeof(*a) + value_data(&d->v));
	a->refs = 1;
	a->hash = hash;
	a->v = d->v;
	p = a->data;
	for (size_t i = 0; i < BLOBS; i++) {
		struct blob *b = (struct blob *)((uint8_t *)&a->v + blobs[i]);

		if (b->len > 0)
			memcpy(p, b->p, b->len);
		b->p = p;
		p += b->len;
	}
	bucket = bucket_of(t, hash);
	a->next = *bucket;
	*bucket = a;
	t->count++;
	t->bytes += sizeof(*a) + value_data(&a->v);
	if (t->count > t->round + t->split)
		table_grow(t);
	return a;
}

struct attrs *
attrs_ref(struct attrs *a)
{
	a->refs++;
	return a;
}

void
attrs_unref(struct attr_table *t, struct attrs *a)
{
	struct attrs **at;

	if (a == NULL || --a->refs > 0)
		return;
	for (at = bucket_of(t, a->hash); *at != a; at = &(*at)->next)
		;
	*at = a->next;
	t->count--;
	t->bytes -= sizeof(*a) + value_data(&a->v);
	free(a);
}

void
attr_draft_scan(struct attr_draft *d)
{
	unsigned n = aspath_count(&d->v.aspath);

	d->v.aspath_len = (uint8_t)(n < UINT8_MAX ? n : UINT8_MAX);
	extcomm_scan(&d->v);
}

/*
 * lhash - see lhash.h.
 *
 * Bucket I holds the hashes equal to I modulo the size of the round, or modulo twice that
 * once it was split. So the hashes of a bucket have the same low bits: read backwards, they
 * are an interval, and buckets in the order of their numbers read backwards are the walk.
 * Chains are sorted.
 */
#include "base/lhash.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define ROUND_MIN 4

static uint32_t
reversed(uint32_t v)
{
	v = (v >> 1 & 0x55555555u) | (v & 0x55555555u) << 1;
	v = (v >> 2 & 0x33333333u) | (v & 0x33333333u) << 2;
	v = (v >> 4 & 0x0f0f0f0fu) | (v & 0x0f0f0f0fu) << 4;
	return __builtin_bswap32(v);
}

uint32_t
lhash_of(const void *key, size_t n)
{
	const uint8_t *p = key;
	uint64_t h = 0;

	while (n > 0) {
		size_t len = n < 8 ? n : 8;
		uint64_t word = 0;

		memcpy(&word, p, len);
		h = (h ^ word) * 0x9e3779b97f4a7c15u;
		h ^= h >> 29;
		p += len;
		n -= len;
	}
	h *= 0xbf58476d1ce4e5b9u;
	return (uint32_t)(h >> 32);
}

static uint32_t
index_of(const struct lhash *h, uint32_t hash)
{
	uint32_t i = hash & (h->round - 1);

	return i < h->split ? hash & (2 * h->round - 1) : i;
}

static uint32_t *
next_of(void *object)
{
	return object;
}

/* Where the chain has, or is to have, what KEY names. */
static uint32_t *
slot_of(const struct lhash *h, const struct lhash_ops *ops, void *arg, uint32_t hash,
    const void *key)
{
	uint32_t *at = &h->bucket[index_of(h, hash)], back = reversed(hash);

	while (*at != 0) {
		void *object = ops->at(arg, *at);
		uint32_t other = ops->hash(object);

		if (other == hash ? ops->cmp(object, key) >= 0 : reversed(other) > back)
			break;
		at = next_of(object);
	}
	return at;
}

void *
lhash_find(const struct lhash *h, const struct lhash_ops *ops, void *arg, uint32_t hash,
    const void *key)
{
	uint32_t ref;
	void *object;

	if (h->round == 0)
		return NULL;
	for (ref = h->bucket[index_of(h, hash)]; ref != 0; ref = *next_of(object)) {
		object = ops->at(arg, ref);
		if (ops->cmp(object, key) == 0)
			return object;
	}
	return NULL;
}

/* Splits the next bucket of the round. Both halves stay sorted. */
static void
grow(struct lhash *h, const struct lhash_ops *ops, void *arg)
{
	uint32_t used = h->round + h->split, ref;
	uint32_t *low, *high;

	if (used == h->room) {
		h->room *= 2;
		h->bucket = xreallocarray(h->bucket, h->room, sizeof(*h->bucket));
	}
	low = &h->bucket[h->split];
	high = &h->bucket[used];
	ref = *low;
	while (ref != 0) {
		void *object = ops->at(arg, ref);
		uint32_t **to = ops->hash(object) & h->round ? &high : &low;

		**to = ref;
		*to = next_of(object);
		ref = *next_of(object);
	}
	*low = *high = 0;
	if (++h->split == h->round) {
		h->round *= 2;
		h->split = 0;
	}
}

void
lhash_insert(struct lhash *h, const struct lhash_ops *ops, void *arg, uint32_t hash,
    const void *key, uint32_t ref)
{
	uint32_t *at;

	if (h->round == 0) {
		h->round = h->room = ROUND_MIN;
		h->bucket = xcalloc(h->room, sizeof(*h->bucket));
	}
	at = slot_of(h, ops, arg, hash, key);
	*next_of(ops->at(arg, ref)) = *at;
	*at = ref;
	if (++h->count > h->round + h->split)
		grow(h, ops, arg);
}

void
lhash_remove(struct lhash *h, const struct lhash_ops *ops, void *arg, uint32_t hash,
    uint32_t ref)
{
	uint32_t *at = &h->bucket[index_of(h, hash)];

	while (*at != ref)
		at = next_of(ops->at(arg, *at));
	*at = *next_of(ops->at(arg, ref));
	h->count--;
}

/* The first of the buckets that lie behind HASH's in the order of a walk. */
static uint32_t
next_bucket(const struct lhash *h, uint32_t hash)
{
	for (;;) {
		uint32_t low = hash & (h->round - 1);
		uint32_t mask = low < h->split ? 2 * h->round - 1 : h->round - 1;
		uint32_t end =
		    reversed(hash | ~mask) + 1; /* of the bucket's interval */

		if (end == 0)
			return 0;
		hash = reversed(end);
		if (h->bucket[index_of(h, hash)] != 0)
			return h->bucket[index_of(h, hash)];
	}
}

uint32_t
lhash_first(const struct lhash *h)
{
	if (h->count == 0)
		return 0;
	return h->bucket[0] != 0 ? h->bucket[0] : next_bucket(h, 0);
}

uint32_t
lhash_after(const struct lhash *h, const struct lhash_ops *ops, const void *object)
{
	uint32_t next = *(const uint32_t *)object;

	return next != 0 ? next : next_bucket(h, ops->hash(object));
}

uint32_t
lhash_from(const struct lhash *h, const struct lhash_ops *ops, void *arg, uint32_t hash,
    const void *key)
{
	uint32_t ref;

	if (h->count == 0)
		return 0;
	ref = *slot_of(h, ops, arg, hash, key);
	return ref != 0 ? ref : next_bucket(h, hash);
}

void
lhash_fini(struct lhash *h)
{
	free(h->bucket);
	*h = (struct lhash){ 0 };
}

size_t
lhash_bytes(const struct lhash *h)
{
	return (size_t)(h->round + h->split) * sizeof(*h->bucket);
}

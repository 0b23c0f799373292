/*
 * lhash - a hash table of numbered objects (slab.h) that can be walked in a fixed order.
 *
 * Eight bytes an object: four in the table, and four of its own for the chain. It grows by
 * linear hashing, a bucket at a time, so that no insertion ever waits for all others to be
 * moved. The order of a walk is that of the hash's bits read backwards (then that of the
 * keys), which growing does not change: a walk that stopped at some key goes on behind that
 * key, whatever came and went meanwhile.
 */
#ifndef BASE_LHASH_H
#define BASE_LHASH_H

#include <stddef.h>
#include <stdint.h>

struct lhash {
	uint32_t *bucket;
	uint32_t room; /* of BUCKET */
	uint32_t
	    round; /* a power of two: buckets at the start of this round; 0: none yet */
	uint32_t
	    split; /* buckets of this round split so far; round + split are in use */
	uint32_t count;
};

/*
 * What the table has to know of its objects, which begin with four bytes that are the
 * table's: the number of the next of the chain. ARG is the caller's.
 */
struct lhash_ops {
	void *(*at)(void *arg, uint32_t ref);
	uint32_t (*hash)(const void *object);
	/* The object's key against KEY, as memcmp(). */
	int (*cmp)(const void *object, const void *key);
};

/* The object with KEY, whose hash is HASH; NULL: none. */
void *lhash_find(const struct lhash *h, const struct lhash_ops *ops, void *arg,
    uint32_t hash, const void *key);
/* KEY and HASH are REF's; it is not in the table. */
void lhash_insert(struct lhash *h, const struct lhash_ops *ops, void *arg,
    uint32_t hash, const void *key, uint32_t ref);
void lhash_remove(struct lhash *h, const struct lhash_ops *ops, void *arg,
    uint32_t hash, uint32_t ref);
/* The first object, the next one, the first at or after KEY in the order of a walk; 0: none. */
uint32_t lhash_first(const struct lhash *h);
uint32_t lhash_after(
    const struct lhash *h, const struct lhash_ops *ops, const void *object);
uint32_t lhash_from(const struct lhash *h, const struct lhash_ops *ops, void *arg,
    uint32_t hash, const void *key);
/* The objects are not touched. */
void lhash_fini(struct lhash *h);
size_t lhash_bytes(const struct lhash *h);

/* Of N bytes (N > 0); of zeros: 0, so that a key of zeros is where a walk begins. */
uint32_t lhash_of(const void *key, size_t n);

#endif

/*
 * slab - many small objects of one size, without malloc()'s sixteen bytes for each.
 *
 * Objects lie in aligned chunks; an object's chunk, its slab and its number are found from
 * its address. Numbers take four bytes where a pointer takes eight; 0 is none. A chunk in
 * which nothing is left is given back. Addresses never change.
 */
#ifndef BASE_SLAB_H
#define BASE_SLAB_H

#include <stddef.h>
#include <stdint.h>

struct slab_chunk;

struct slab {
	size_t size;      /* of an object */
	void *owner;      /* the caller's, see slab_of() */
	uint32_t per;     /* objects in a chunk */
	uint32_t inverse; /* of SIZE, to divide by it */
	struct slab_chunk **chunks;
	uint32_t nchunks, room; /* numbers given out to chunks; places in CHUNKS */
	uint32_t live_chunks;
	struct slab_chunk *partial; /* those with free objects */
	uint64_t used;              /* objects */
};

/* SIZE: 4 to 2048. */
void slab_init(struct slab *s, size_t size, void *owner);
/* Objects still there go with it. */
void slab_fini(struct slab *s);
void *slab_alloc(struct slab *s); /* zeroed */
void slab_free(void *object);     /* NULL: nothing */
/* The slab that an object is of. */
struct slab *slab_of(const void *object);
uint32_t slab_number(const void *object);
/*
 * The object with a number. Of one that was freed: NULL, or what lies there, where all but
 * the first two bytes of a free object are zero.
 */
void *slab_at(const struct slab *s, uint32_t number);
size_t slab_bytes(const struct slab *s);

#endif

/*
 * slab - see slab.h.
 *
 * Chunks are aligned to their size, which leaves malloc() its eight bytes, so that one
 * follows the other without a gap. Free objects of a chunk are linked by their first two
 * bytes; those never used yet are counted.
 */
#include "base/slab.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define CHUNK 16384
#define CHUNK_BYTES (CHUNK - 8)

/* A number is that of the chunk and, in the low bits, the place there plus one. */
#define PLACE_BITS 12
#define PLACES (1u << PLACE_BITS)

struct slab_chunk {
	struct slab *slab;
	struct slab_chunk *next, *prev; /* valid while something is free */
	uint32_t no;
	uint16_t used;
	uint16_t fresh; /* objects from here on were never used */
	uint16_t free;  /* first free object plus one; 0: none */
	uint16_t pad;
};
_Static_assert(sizeof(struct slab_chunk) % 8 == 0, "objects are aligned");
_Static_assert(CHUNK / 4 <= PLACES, "a place has a number");

static struct slab_chunk *
chunk_of(const void *object)
{
	return (struct slab_chunk *)((uintptr_t)object & ~(uintptr_t)(CHUNK - 1));
}

static uint8_t *
object_of(const struct slab *s, struct slab_chunk *c, uint32_t i)
{
	return (uint8_t *)(c + 1) + i * s->size;
}

/* Division by the size: exact, for the distance is a multiple of it. */
static uint32_t
place_of(const struct slab_chunk *c, const void *object)
{
	size_t at = (size_t)((const uint8_t *)object - (const uint8_t *)(c + 1));

	return (uint32_t)((uint64_t)at * c->slab->inverse >> 32);
}

void
slab_init(struct slab *s, size_t size, void *owner)
{
	*s = (struct slab){ .size = size, .owner = owner };
	s->per = (uint32_t)((CHUNK_BYTES - sizeof(struct slab_chunk)) / size);
	s->inverse = (uint32_t)(((uint64_t)1 << 32) / size + 1);
}

void
slab_fini(struct slab *s)
{
	for (uint32_t i = 0; i < s->nchunks; i++)
		free(s->chunks[i]);
	free(s->chunks);
	*s = (struct slab){ .size = s->size };
}

static void
partial_add(struct slab *s, struct slab_chunk *c)
{
	c->prev = NULL;
	c->next = s->partial;
	if (c->next != NULL)
		c->next->prev = c;
	s->partial = c;
}

static void
partial_del(struct slab *s, struct slab_chunk *c)
{
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		s->partial = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
}

/* A number that no chunk has: chunks come and go, so a free one is looked for. */
static uint32_t
chunk_number(struct slab *s)
{
	if (s->live_chunks < s->nchunks)
		for (uint32_t i = 0; i < s->nchunks; i++)
			if (s->chunks[i] == NULL)
				return i;
	if (s->nchunks == s->room) {
		s->room = s->room > 0 ? s->room * 2 : 4;
		s->chunks = xreallocarray(s->chunks, s->room, sizeof(*s->chunks));
	}
	return s->nchunks++;
}

static struct slab_chunk *
chunk_new(struct slab *s)
{
	uint32_t no = chunk_number(s);
	void *p = xmemalign(CHUNK, CHUNK_BYTES);
	struct slab_chunk *c = p;

	memset(p, 0, CHUNK_BYTES);
	c->slab = s;
	c->no = no;
	s->chunks[no] = c;
	s->live_chunks++;
	partial_add(s, c);
	return c;
}

void *
slab_alloc(struct slab *s)
{
	struct slab_chunk *c = s->partial != NULL ? s->partial : chunk_new(s);
	uint8_t *p;
	uint16_t next;

	if (c->free != 0) {
		p = object_of(s, c, c->free - 1u);
		memcpy(&next, p, sizeof(next));
		c->free = next;
		memset(p, 0, sizeof(next));
	} else {
		p = object_of(s, c, c->fresh++);
	}
	c->used++;
	s->used++;
	if (c->used == s->per)
		partial_del(s, c);
	return p;
}

void
slab_free(void *object)
{
	struct slab_chunk *c;
	struct slab *s;
	uint16_t i;

	if (object == NULL)
		return;
	c = chunk_of(object);
	s = c->slab;
	i = (uint16_t)(place_of(c, object) + 1);
	memset(object, 0, s->size);
	memcpy(object, &c->free, sizeof(c->free));
	c->free = i;
	if (c->used == s->per)
		partial_add(s, c);
	c->used--;
	s->used--;
	/* One empty chunk is kept: the next object may come at once. */
	if (c->used == 0 && (s->partial != c || c->next != NULL)) {
		partial_del(s, c);
		s->chunks[c->no] = NULL;
		s->live_chunks--;
		free(c);
	}
}

struct slab *
slab_of(const void *object)
{
	return chunk_of(object)->slab;
}

uint32_t
slab_number(const void *object)
{
	const struct slab_chunk *c = chunk_of(object);

	return c->no << PLACE_BITS | (place_of(c, object) + 1);
}

void *
slab_at(const struct slab *s, uint32_t number)
{
	uint32_t no = number >> PLACE_BITS, i = (number & (PLACES - 1)) - 1;

	if (no >= s->nchunks || i >= s->per || s->chunks[no] == NULL)
		return NULL;
	return object_of(s, s->chunks[no], i);
}

size_t
slab_bytes(const struct slab *s)
{
	return (size_t)s->live_chunks * CHUNK + s->room * sizeof(struct slab_chunk *);
}

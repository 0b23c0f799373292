/* bytes - see bytes.h. */
#include "base/bytes.h"

#include <string.h>

/* Empty data may be NULL, and to NULL nothing can be added in C, not even 0. */
struct cursor
cursor_of(const void *data, size_t len)
{
	const uint8_t *p = data;

	return (struct cursor){ .p = p, .end = len > 0 ? p + len : p };
}

size_t
get_left(const struct cursor *c)
{
	return (size_t)(c->end - c->p);
}

bool
get_done(const struct cursor *c)
{
	return !c->bad && c->p == c->end;
}

const uint8_t *
get_ptr(struct cursor *c, size_t n)
{
	const uint8_t *p = c->p;

	if (c->bad || get_left(c) < n) {
		c->bad = true;
		c->p = c->end;
		return NULL;
	}
	if (n > 0)
		c->p += n;
	return p;
}

void
get_bytes(struct cursor *c, void *out, size_t n)
{
	const uint8_t *p = get_ptr(c, n);

	if (p == NULL)
		memset(out, 0, n);
	else if (n > 0)
		memcpy(out, p, n);
}

void
get_skip(struct cursor *c, size_t n)
{
	(void)get_ptr(c, n);
}

static uint64_t
get_uint(struct cursor *c, size_t n)
{
	const uint8_t *p = get_ptr(c, n);
	uint64_t v = 0;

	if (p == NULL)
		return 0;
	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

uint8_t
get_u8(struct cursor *c)
{
	return (uint8_t)get_uint(c, 1);
}

uint16_t
get_u16(struct cursor *c)
{
	return (uint16_t)get_uint(c, 2);
}

uint32_t
get_u24(struct cursor *c)
{
	return (uint32_t)get_uint(c, 3);
}

uint32_t
get_u32(struct cursor *c)
{
	return (uint32_t)get_uint(c, 4);
}

uint64_t
get_u64(struct cursor *c)
{
	return get_uint(c, 8);
}

struct cursor
get_sub(struct cursor *c, size_t n)
{
	const uint8_t *p = get_ptr(c, n);

	if (p == NULL)
		return (struct cursor){ .p = c->end, .end = c->end, .bad = true };
	return cursor_of(p, n);
}

struct builder
builder_of(void *buf, size_t len)
{
	uint8_t *p = buf;

	return (struct builder){ .start = p, .p = p, .end = len > 0 ? p + len : p };
}

size_t
put_len(const struct builder *b)
{
	return (size_t)(b->p - b->start);
}

size_t
put_room(const struct builder *b)
{
	return (size_t)(b->end - b->p);
}

void
put_bytes(struct builder *b, const void *data, size_t n)
{
	if (b->full || put_room(b) < n) {
		b->full = true;
		return;
	}
	if (n == 0)
		return;
	memcpy(b->p, data, n);
	b->p += n;
}

static void
put_uint(struct builder *b, uint64_t v, size_t n)
{
	uint8_t buf[8];

	for (size_t i = 0; i < n; i++)
		buf[i] = (uint8_t)(v >> (8 * (n - 1 - i)));
	put_bytes(b, buf, n);
}

void
put_u8(struct builder *b, uint8_t v)
{
	put_uint(b, v, 1);
}

void
put_u16(struct builder *b, uint16_t v)
{
	put_uint(b, v, 2);
}

void
put_u24(struct builder *b, uint32_t v)
{
	put_uint(b, v, 3);
}

void
put_u32(struct builder *b, uint32_t v)
{
	put_uint(b, v, 4);
}

void
put_u64(struct builder *b, uint64_t v)
{
	put_uint(b, v, 8);
}

size_t
put_mark16(struct builder *b)
{
	size_t mark = put_len(b);

	put_u16(b, 0);
	return mark;
}

void
put_fill16(struct builder *b, size_t mark)
{
	size_t n;

	if (b->full)
		return;
	n = put_len(b) - mark - 2;
	if (n > UINT16_MAX) {
		b->full = true;
		return;
	}
	b->start[mark] = (uint8_t)(n >> 8);
	b->start[mark + 1] = (uint8_t)n;
}

size_t
put_mark8(struct builder *b)
{
	size_t mark = put_len(b);

	put_u8(b, 0);
	return mark;
}

void
put_fill8(struct builder *b, size_t mark)
{
	size_t n;

	if (b->full)
		return;
	n = put_len(b) - mark - 1;
	if (n > UINT8_MAX) {
		b->full = true;
		return;
	}
	b->start[mark] = (uint8_t)n;
}

void
put_cut(struct builder *b, size_t len)
{
	if (len <= put_len(b)) {
		b->p = b->start + len;
		b->full = false;
	}
}

uint32_t
bytes_hash(uint32_t seed, const void *data, size_t n)
{
	const uint8_t *p = data;
	uint64_t h = seed ^ 0x9e3779b97f4a7c15ULL;

	for (; n >= 8; n -= 8, p += 8) {
		uint64_t w;

		memcpy(&w, p, 8);
		h = (h ^ w) * 0xff51afd7ed558ccdULL;
		h ^= h >> 32;
	}
	for (; n > 0; n--, p++)
		h = (h ^ *p) * 0x100000001b3ULL;
	h ^= h >> 29;
	h *= 0xc4ceb9fe1a85ec53ULL;
	return (uint32_t)(h >> 32);
}

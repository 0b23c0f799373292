/*
 * bytes - reading and writing bytes in network order, with failure that sticks.
 *
 * A cursor reads; past its end it yields zeros and sets BAD. A builder writes; past its
 * end it drops bytes and sets FULL. So a codec is straight-line code, checked once, at the
 * end. Neither owns its buffer.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
	const uint8_t *p;
	const uint8_t *end;
	bool bad; /* something past the end was read */
};

struct builder {
	uint8_t *start;
	uint8_t *p;
	uint8_t *end;
	bool full; /* something past the end was written */
};

struct cursor cursor_of(const void *data, size_t len);
/* Bytes left to read. */
size_t get_left(const struct cursor *c);
/* All read and nothing missing. */
bool get_done(const struct cursor *c);
uint8_t get_u8(struct cursor *c);
uint16_t get_u16(struct cursor *c);
uint32_t get_u24(struct cursor *c);
uint32_t get_u32(struct cursor *c);
uint64_t get_u64(struct cursor *c);
/* N bytes into OUT; zeros when fewer are left. */
void get_bytes(struct cursor *c, void *out, size_t n);
/* A pointer to the next N bytes, which are passed over; NULL when fewer are left. */
const uint8_t *get_ptr(struct cursor *c, size_t n);
void get_skip(struct cursor *c, size_t n);
/* The next N bytes as a cursor of their own; an empty, bad one when fewer are left. */
struct cursor get_sub(struct cursor *c, size_t n);

struct builder builder_of(void *buf, size_t len);
/* Bytes written, and room left. */
size_t put_len(const struct builder *b);
size_t put_room(const struct builder *b);
void put_u8(struct builder *b, uint8_t v);
void put_u16(struct builder *b, uint16_t v);
void put_u24(struct builder *b, uint32_t v);
void put_u32(struct builder *b, uint32_t v);
void put_u64(struct builder *b, uint64_t v);
void put_bytes(struct builder *b, const void *data, size_t n);
/*
 * A 16-bit length not yet known: put_mark16() leaves its place and returns where it is,
 * put_fill16() writes how many bytes came since.
 */
size_t put_mark16(struct builder *b);
void put_fill16(struct builder *b, size_t mark);
/* The same for an 8-bit length; more than 255 bytes set FULL. */
size_t put_mark8(struct builder *b);
void put_fill8(struct builder *b, size_t mark);
/* Back to a length reached before: drops what was written since, and FULL with it. */
void put_cut(struct builder *b, size_t len);

/* A hash of N bytes, chained through SEED; not for hostile keys in open tables. */
uint32_t bytes_hash(uint32_t seed, const void *data, size_t n);

#endif

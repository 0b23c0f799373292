/* aspath - see aspath.h and attr.h. */
#include "bgp/aspath.h"

#include <stdio.h>

/* One segment of a path. */
struct segment {
	uint8_t type;
	uint8_t count; /* AS numbers */
	const uint8_t *p;
	struct cursor as;
};

static struct cursor
path_cursor(const struct blob *path)
{
	return cursor_of(path->p, path->len);
}

static bool
is_confed(const struct segment *s)
{
	return s->type == ASPATH_CONFED_SEQUENCE || s->type == ASPATH_CONFED_SET;
}

static bool
is_set(const struct segment *s)
{
	return s->type == ASPATH_SET || s->type == ASPATH_CONFED_SET;
}

/* The next segment, with numbers of SIZE bytes; false at the end or when cut short. */
static bool
segment_get(struct cursor *c, unsigned size, struct segment *out)
{
	if (get_left(c) == 0)
		return false;
	out->p = c->p;
	out->type = get_u8(c);
	out->count = get_u8(c);
	out->as = get_sub(c, (size_t)out->count * size);
	return !c->bad;
}

/* What a segment adds to the length of the path. */
static unsigned
segment_units(const struct segment *s)
{
	return is_confed(s) ? 0 : is_set(s) ? 1 : s->count;
}

const char *
aspath_check(const struct blob *path, unsigned size)
{
	struct cursor c = path_cursor(path);
	struct segment s;

	while (segment_get(&c, size, &s)) {
		if (s.type < ASPATH_SET || s.type > ASPATH_CONFED_SET)
			return "unknown segment type";
		if (s.count == 0)
			return "empty segment";
	}
	return c.bad ? "segment longer than the attribute" : NULL;
}

unsigned
aspath_count(const struct blob *path)
{
	struct cursor c = path_cursor(path);
	struct segment s;
	unsigned n = 0;

	while (segment_get(&c, 4, &s))
		n += segment_units(&s);
	return n;
}

void
aspath_widen(struct builder *b, const struct blob *path)
{
	struct cursor c = path_cursor(path);
	struct segment s;

	while (segment_get(&c, 2, &s)) {
		put_u8(b, s.type);
		put_u8(b, s.count);
		while (get_left(&s.as) > 0)
			put_u32(b, get_u16(&s.as));
	}
}

void
aspath_narrow(struct builder *b, const struct blob *path)
{
	struct cursor c = path_cursor(path);
	struct segment s;

	while (segment_get(&c, 4, &s)) {
		put_u8(b, s.type);
		put_u8(b, s.count);
		while (get_left(&s.as) > 0) {
			uint32_t as = get_u32(&s.as);

			put_u16(b, as > UINT16_MAX ? AS_TRANS : (uint16_t)as);
		}
	}
}

size_t
aspath_narrow_len(const struct blob *path)
{
	struct cursor c = path_cursor(path);
	struct segment s;
	size_t n = 0;

	while (segment_get(&c, 4, &s))
		n += 2 + 2 * (size_t)s.count;
	return n;
}

bool
aspath_needs_as4(const struct blob *path)
{
	struct cursor c = path_cursor(path);
	struct segment s;

	while (segment_get(&c, 4, &s)) {
		while (!is_confed(&s) && get_left(&s.as) > 0) {
			if (get_u32(&s.as) > UINT16_MAX)
				return true;
		}
	}
	return false;
}

void
aspath_as4(struct builder *b, const struct blob *path)
{
	struct cursor c = path_cursor(path);
	struct segment s;

	while (segment_get(&c, 4, &s)) {
		if (!is_confed(&s))
			put_bytes(b, s.p, (size_t)(c.p - s.p));
	}
}

size_t
aspath_as4_len(const struct blob *path)
{
	struct cursor c = path_cursor(path);
	struct segment s;
	size_t n = 0;

	while (segment_get(&c, 4, &s)) {
		if (!is_confed(&s))
			n += (size_t)(c.p - s.p);
	}
	return n;
}

/*
 * Cuts B after the first UNITS of its path, and confederation segments among them. Returns
 * where the last sequence starts if the path now ends in one, else put_len(B).
 */
static size_t
path_cut(struct builder *b, unsigned units)
{
	struct cursor c = cursor_of(b->start, put_len(b));
	struct segment s;
	size_t keep = 0, last = 0;

	while (segment_get(&c, 4, &s)) {
		unsigned n = segment_units(&s);

		if (!is_confed(&s) && units == 0)
			break;
		last = keep;
		if (n > units) {
			b->start[keep + 1] = (uint8_t)units;
			keep += 2 + 4 * (size_t)units;
			break;
		}
		units -= n;
		keep = (size_t)(c.p - b->start);
	}
	put_cut(b, keep);
	return keep > last && b->start[last] == ASPATH_SEQUENCE ? last : keep;
}

void
aspath_merge(struct builder *b, const struct blob *as4)
{
	struct blob have = { b->start, (uint16_t)put_len(b) };
	unsigned total = aspath_count(&have), tail = aspath_count(as4);
	struct cursor c = path_cursor(as4);
	struct segment s;
	size_t last;

	if (tail > total)
		return;
	last = path_cut(b, total - tail);
	while (segment_get(&c, 4, &s)) {
		if (is_confed(&s))
			continue;
		if (last < put_len(b) && s.type == ASPATH_SEQUENCE &&
		    b->start[last + 1] + s.count <= UINT8_MAX) {
			b->start[last + 1] = (uint8_t)(b->start[last + 1] + s.count);
			put_bytes(b, s.p + 2, 4 * (size_t)s.count);
		} else {
			put_bytes(b, s.p, 2 + 4 * (size_t)s.count);
		}
		last = put_len(b);
	}
}

char *
aspath_str(char *buf, size_t len, const struct blob *aspath)
{
	static const char *const mark[][2] = {
		[ASPATH_SET] = { "{", "}" },
		[ASPATH_SEQUENCE] = { "", "" },
		[ASPATH_CONFED_SEQUENCE] = { "(", ")" },
		[ASPATH_CONFED_SET] = { "[", "]" },
	};
	struct cursor c = path_cursor(aspath);
	struct segment s;
	size_t n = 0;

	buf[0] = '\0';
	while (segment_get(&c, 4, &s) && s.type <= ASPATH_CONFED_SET) {
		for (unsigned i = 0; i < s.count && n < len; i++) {
			const char *before = i > 0 ? (is_set(&s) ? "," : " ")
			    : n > 0                ? " "
						   : "";

			n += (size_t)snprintf(buf + n, len - n, "%s%s%u%s", before,
			    i == 0 ? mark[s.type][0] : "", get_u32(&s.as),
			    i == s.count - 1U ? mark[s.type][1] : "");
		}
		if (n >= len)
			break;
	}
	return buf;
}

bool
aspath_contains(const struct blob *aspath, uint32_t as)
{
	struct cursor c = path_cursor(aspath);
	struct segment s;

	while (segment_get(&c, 4, &s)) {
		while (get_left(&s.as) > 0) {
			if (get_u32(&s.as) == as)
				return true;
		}
	}
	return false;
}

uint32_t
aspath_first(const struct blob *aspath)
{
	struct cursor c = path_cursor(aspath);
	struct segment s;

	if (!segment_get(&c, 4, &s) || s.type != ASPATH_SEQUENCE)
		return 0;
	return get_u32(&s.as);
}

uint16_t
aspath_prepend(uint8_t *buf, const struct blob *aspath, uint32_t as)
{
	struct builder b = builder_of(buf, (size_t)aspath->len + 6);
	struct cursor c = path_cursor(aspath);
	struct segment s;
	bool join =
	    segment_get(&c, 4, &s) && s.type == ASPATH_SEQUENCE && s.count < UINT8_MAX;

	put_u8(&b, ASPATH_SEQUENCE);
	put_u8(&b, join ? (uint8_t)(s.count + 1) : 1);
	put_u32(&b, as);
	if (join)
		put_bytes(&b, aspath->p + 2, aspath->len - 2U);
	else
		put_bytes(&b, aspath->p, aspath->len);
	return (uint16_t)put_len(&b);
}

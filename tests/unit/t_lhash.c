/* Tests of base/lhash: what is in is found, and a walk survives what happens meanwhile. */
#include "base/lhash.h"

#include <stdbool.h>
#include <string.h>

#include "unit.h"

#define N 3000

struct item {
	uint32_t next;
	uint32_t key;
	bool in, seen;
};

static struct item items[N + 1];
static uint32_t mask; /* of hashes: few bits make long chains */

static uint32_t
hash_of(uint32_t key)
{
	return lhash_of(&key, sizeof(key)) & mask;
}

static void *
item_at(void *arg, uint32_t ref)
{
	(void)arg;
	return &items[ref];
}

static uint32_t
item_hash(const void *item)
{
	return hash_of(((const struct item *)item)->key);
}

static int
item_cmp(const void *item, const void *key)
{
	return memcmp(&((const struct item *)item)->key, key, sizeof(uint32_t));
}

static const struct lhash_ops ops = { item_at, item_hash, item_cmp };

static uint32_t
find(const struct lhash *h, uint32_t key)
{
	struct item *i = lhash_find(h, &ops, NULL, hash_of(key), &key);

	return i != NULL ? (uint32_t)(i - items) : 0;
}

static void
add(struct lhash *h, uint32_t i)
{
	lhash_insert(h, &ops, NULL, hash_of(items[i].key), &items[i].key, i);
	items[i].in = true;
}

static void
del(struct lhash *h, uint32_t i)
{
	lhash_remove(h, &ops, NULL, hash_of(items[i].key), i);
	items[i].in = false;
}

static void
check_all(const struct lhash *h)
{
	uint32_t n = 0;

	for (uint32_t i = 1; i <= N; i++)
		ck_assert_uint_eq(find(h, items[i].key), items[i].in ? i : 0);
	for (uint32_t r = lhash_first(h); r != 0; r = lhash_after(h, &ops, &items[r])) {
		ck_assert(items[r].in && !items[r].seen);
		items[r].seen = true;
		n++;
		ck_assert_uint_eq(
		    lhash_from(h, &ops, NULL, hash_of(items[r].key), &items[r].key), r);
	}
	ck_assert_uint_eq(n, h->count);
	for (uint32_t i = 1; i <= N; i++)
		items[i].seen = false;
}

static const uint32_t masks[] = { UINT32_MAX, 0xf0, 0, 0xff000000 };

START_TEST(finds)
{
	struct lhash h = { 0 };
	uint32_t seed = 7;

	mask = masks[_i];
	memset(items, 0, sizeof(items));
	for (uint32_t i = 1; i <= N; i++)
		items[i].key = i - 1;
	check_all(&h);
	for (int round = 0; round < (mask == UINT32_MAX ? 8 : 2); round++) {
		for (uint32_t i = 1; i <= N; i++) {
			seed = seed * 1103515245 + 12345;
			if ((seed >> 16) % 3 == 0)
				continue;
			if (items[i].in)
				del(&h, i);
			else
				add(&h, i);
		}
		check_all(&h);
	}
	lhash_fini(&h);
}
END_TEST

/* A walk that goes by keys sees once what is there all the time. */
START_TEST(resumes)
{
	struct lhash h = { 0 };
	uint32_t r, n = 0;

	mask = masks[_i];
	memset(items, 0, sizeof(items));
	for (uint32_t i = 1; i <= N; i++)
		items[i].key = i * 17;
	for (uint32_t i = 1; i <= N; i += 3)
		add(&h, i);
	for (uint32_t i = 2; i <= 400; i += 3)
		add(&h, i);
	for (r = lhash_first(&h); r != 0; n++) {
		uint32_t key = items[r].key;

		ck_assert(!items[r].seen);
		items[r].seen = true;
		if (n * 3 + 3 <= N)
			add(&h, n * 3 + 3); /* grows */
		if (r % 3 == 2)
			del(&h, r);
		r = lhash_from(&h, &ops, NULL, hash_of(key), &key);
		if (r != 0 && items[r].key == key)
			r = lhash_after(&h, &ops, &items[r]);
	}
	for (uint32_t i = 1; i <= N; i += 3)
		ck_assert(items[i].seen);
	lhash_fini(&h);
}
END_TEST

START_TEST(zero)
{
	const uint8_t zeros[36] = { 0 };

	for (size_t n = 1; n <= sizeof(zeros); n++)
		ck_assert_uint_eq(lhash_of(zeros, n), 0);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("lhash", &tc);

	tcase_add_loop_test(tc, finds, 0, sizeof(masks) / sizeof(masks[0]));
	tcase_add_loop_test(tc, resumes, 0, sizeof(masks) / sizeof(masks[0]));
	tcase_add_test(tc, zero);
	return unit_run(s);
}

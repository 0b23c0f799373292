/* Tests of base/slab: numbers, addresses, reuse, and that what is empty is given back. */
#include "base/slab.h"

#include <stdbool.h>
#include <string.h>

#include "unit.h"

#define N 5000

static const size_t sizes[] = { 4, 28, 36, 60, 400, 2048 };

static bool
is_all(const uint8_t *p, size_t n, int byte)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != byte)
			return false;
	return true;
}

/* Every object keeps its bytes, address and number while others come and go. */
START_TEST(keeps)
{
	static uint8_t *at[N];
	size_t size = sizes[_i], most;
	struct slab s;
	int owner;

	slab_init(&s, size, &owner);
	for (int i = 0; i < N; i++) {
		at[i] = slab_alloc(&s);
		ck_assert(is_all(at[i], size, 0));
		memset(at[i], i & 0xff, size);
	}
	most = slab_bytes(&s);
	ck_assert_uint_lt(most, N * size * 5 / 4 + 50000);
	for (int i = 0; i < N; i += 2) {
		uint32_t number = slab_number(at[i]);

		slab_free(at[i]);
		if (size > 2 && slab_at(&s, number) != NULL)
			ck_assert_uint_eq(((uint8_t *)slab_at(&s, number))[2], 0);
		at[i] = NULL;
	}
	for (int i = 0; i < N; i += 4) {
		at[i] = slab_alloc(&s);
		ck_assert(is_all(at[i], size, 0));
		memset(at[i], i & 0xff, size);
	}
	for (int i = 0; i < N; i++) {
		if (at[i] == NULL)
			continue;
		ck_assert_ptr_eq(slab_at(&s, slab_number(at[i])), at[i]);
		ck_assert_ptr_eq(slab_of(at[i])->owner, &owner);
		ck_assert(is_all(at[i], size, i & 0xff));
	}
	for (int i = 0; i < N; i++)
		slab_free(at[i]);
	ck_assert_uint_eq(s.used, 0);
	ck_assert_uint_lt(slab_bytes(&s), most / 4 + 40000);
	ck_assert_ptr_null(slab_at(&s, 0));
	ck_assert_ptr_null(slab_at(&s, UINT32_MAX));
	ck_assert_ptr_nonnull(slab_alloc(&s));
	slab_fini(&s);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("slab", &tc);

	tcase_add_loop_test(tc, keeps, 0, sizeof(sizes) / sizeof(sizes[0]));
	return unit_run(s);
}

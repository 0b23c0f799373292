/* Tests of base/bucket: what may come at once, and what a second. */
#include "base/bucket.h"

#include "unit.h"

/* Asks N times in the same millisecond; how often it was granted. */
static unsigned
granted(struct bucket *b, uint32_t rate, uint32_t burst, unsigned n, uint64_t now)
{
	unsigned yes = 0;

	while (n-- > 0)
		yes += bucket_take(b, rate, burst, now);
	return yes;
}

START_TEST(rows)
{
	static const struct {
		const char *what;
		uint32_t rate, burst;
		struct {
			uint64_t now;
			unsigned asked, granted;
		} steps[4];
	} table[] = {
		{ "full at first", 200, 50, { { 7, 60, 50 }, { 7, 1, 0 } } },
		{ "fills by its rate", 200, 50,
		    { { 5, 50, 50 }, { 10, 9, 1 }, { 105, 99, 19 } } },
		{ "no further than its burst", 200, 50,
		    { { 5, 50, 50 }, { 500, 99, 50 } } },
		{ "part of a token is not lost", 200, 50,
		    { { 5, 50, 50 }, { 12, 9, 1 }, { 15, 9, 1 }, { 19, 9, 0 } } },
		{ "a very long time", 5000, 5000,
		    { { 5, 9999, 5000 }, { UINT64_MAX / 2, 9999, 5000 } } },
		{ "time that goes backwards", 200, 50,
		    { { 5000, 50, 50 }, { 10, 9, 0 }, { 5005, 9, 1 } } },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct bucket b = { 0 };

		for (int j = 0; j < 4; j++)
			ck_assert_msg(
			    granted(&b, table[i].rate, table[i].burst,
				table[i].steps[j].asked,
				table[i].steps[j].now) == table[i].steps[j].granted,
			    "%s, step %d", table[i].what, j);
	}
}
END_TEST

/* A token every 10 ms, asked for every 7: none is lost. */
START_TEST(pace)
{
	struct bucket b = { 0 };
	unsigned yes = 0;

	yes = granted(&b, 100, 10, 10, 1);
	ck_assert_uint_eq(yes, 10);
	yes = 0;
	for (uint64_t now = 1; now <= 7001; now += 7)
		yes += granted(&b, 100, 10, 3, now);
	ck_assert_uint_eq(yes, 700);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("bucket", &tc);

	tcase_add_test(tc, rows);
	tcase_add_test(tc, pace);
	return unit_run(s);
}

/* Tests of base/mem: memory is there, and zeroed where promised. */
#include "base/mem.h"

#include <string.h>

#include "unit.h"

START_TEST(there)
{
	char *a = xcalloc(4, 8), *b = xmalloc(0), *c = xreallocarray(NULL, 0, 8);
	char *d = xstrdup("text"), *e = xasprintf("%s %d", d, 7);

	for (int i = 0; i < 32; i++)
		ck_assert_int_eq(a[i], 0);
	ck_assert(b != NULL && c != NULL);
	ck_assert_str_eq(e, "text 7");
	a = xreallocarray(a, 100, 8);
	memset(a, 1, 800);
	free(a);
	free(b);
	free(c);
	free(d);
	free(e);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("mem", &tc);

	tcase_add_test(tc, there);
	return unit_run(s);
}

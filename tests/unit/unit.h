/* unit.h - what every unit test of the project shares: the runner. */
#ifndef UNIT_H
#define UNIT_H

#include <check.h>
#include <stdlib.h>

/* Runs one suite; the exit status is that of the test program. */
static inline int
unit_run(Suite *s)
{
	SRunner *sr = srunner_create(s);
	int failed;

	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* A suite of one test case. */
static inline Suite *
unit_suite(const char *name, TCase **out)
{
	Suite *s = suite_create(name);

	*out = tcase_create(name);
	suite_add_tcase(s, *out);
	return s;
}

#endif

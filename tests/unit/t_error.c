/* Tests of bgp/error: names, and what does not fit. */
#include "bgp/error.h"

#include <string.h>

#include "unit.h"

static const struct {
	uint8_t code, subcode;
	const char *name, *sub;
} rows[] = {
	/* clang-format off */
	{ 1, 2,	  "Message Header Error",	 "/Bad Message Length" },
	{ 2, 7,	  "OPEN Message Error",		 "/Unsupported Capability" },
	{ 2, 8,	  "OPEN Message Error",		 "" },
	{ 3, 9,	  "UPDATE Message Error",	 "/Optional Attribute Error" },
	{ 4, 0,	  "Hold Timer Expired",		 "" },
	{ 5, 1,	  "Neighbor Events Error",	 "/Receive Unexpected Message in OpenSent State" },
	{ 6, 2,	  "Cease",			 "/Administrative Shutdown" },
	{ 6, 255, "Cease",			 "" },
	{ 7, 1,	  "ROUTE-REFRESH Message Error", "/Invalid Message Length" },
	{ 0, 0,	  "Unknown",			 "" },
	{ 255, 0, "Unknown",			 "" },
	/* clang-format on */
};

START_TEST(names)
{
	ck_assert_str_eq(bgp_error_code_name(rows[_i].code), rows[_i].name);
	ck_assert_str_eq(
	    bgp_error_subcode_name(rows[_i].code, rows[_i].subcode), rows[_i].sub);
}
END_TEST

START_TEST(cut)
{
	struct bgp_error err;
	char data[1000];

	memset(data, 'x', sizeof(data));
	ck_assert_int_eq(bgp_error_set(&err, 3, 1, data, sizeof(data), "%.*s",
			     (int)sizeof(data), data),
	    BGP_RESET);
	ck_assert_uint_eq(err.len, BGP_ERROR_DATA);
	ck_assert_uint_eq(strlen(err.text), sizeof(err.text) - 1);
	bgp_error_set(&err, 6, 2, NULL, 0, "bye");
	ck_assert_uint_eq(err.code, 6);
	ck_assert_uint_eq(err.subcode, 2);
	ck_assert_uint_eq(err.len, 0);
	ck_assert_str_eq(err.text, "bye");
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("error", &tc);

	tcase_add_loop_test(tc, names, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, cut);
	return unit_run(s);
}

/* Tests of bgp/aspath: checks, length, text, and the way between two and four bytes. */
#include "bgp/aspath.h"

#include "hex.h"
#include "unit.h"

static struct blob
blob_in(const char *text, uint8_t *buf, size_t room)
{
	return (struct blob){ buf, (uint16_t)hex_in(text, buf, room) };
}

static const struct {
	const char *bytes; /* with 4-byte numbers */
	const char *text;
	unsigned count;
	uint32_t first;
	const char *narrow;
	const char *as4; /* NULL: not needed */
} rows[] = {
	/* clang-format off */
	{ "", "", 0, 0, "", NULL },
	{ "0202 0000fde9 0000fdea", "65001 65002", 2, 65001, "0202 fde9 fdea", NULL },
	{ "0201 fa56ea00", "4200000000", 1, 4200000000, "0201 5ba0", "0201 fa56ea00" },
	{ "0201 0000fde9 0102 00000001 00000002", "65001 {1,2}", 2, 65001,
	  "0201 fde9 0102 0001 0002", NULL },
	{ "0102 00000001 00000002", "{1,2}", 1, 0, "0102 0001 0002", NULL },
	{ "0302 00000001 00000002 0201 00000003", "(1 2) 3", 1, 0, "0302 0001 0002 0201 0003",
	  NULL },
	{ "0402 00000001 00000002 0201 00000003", "[1,2] 3", 1, 0, "0402 0001 0002 0201 0003",
	  NULL },
	{ "0301 fa56ea00", "(4200000000)", 0, 0, "0301 5ba0", NULL },
	{ "0301 fa56ea00 0201 fa56ea01", "(4200000000) 4200000001", 1, 0,
	  "0301 5ba0 0201 5ba0", "0201 fa56ea01" },
	/* clang-format on */
};

START_TEST(good)
{
	uint8_t buf[64], out[64];
	struct blob path = blob_in(rows[_i].bytes, buf, sizeof(buf));
	struct builder b = builder_of(out, sizeof(out));
	char text[100];

	ck_assert_ptr_null(aspath_check(&path, 4));
	ck_assert_str_eq(aspath_str(text, sizeof(text), &path), rows[_i].text);
	ck_assert_uint_eq(aspath_count(&path), rows[_i].count);
	ck_assert_uint_eq(aspath_first(&path), rows[_i].first);
	aspath_narrow(&b, &path);
	hex_check("narrow", out, put_len(&b), rows[_i].narrow);
	ck_assert_uint_eq(aspath_narrow_len(&path), put_len(&b));
	ck_assert(aspath_needs_as4(&path) == (rows[_i].as4 != NULL));
	if (rows[_i].as4 == NULL)
		return;
	b = builder_of(out, sizeof(out));
	aspath_as4(&b, &path);
	hex_check("AS4_PATH", out, put_len(&b), rows[_i].as4);
	ck_assert_uint_eq(aspath_as4_len(&path), put_len(&b));
}
END_TEST

static const struct {
	const char *bytes;
	unsigned size;
	bool good;
} checks[] = {
	/* clang-format off */
	{ "0201 fde9",			2, true },
	{ "0201 fde9",			4, false },
	{ "0202 fde9",			2, false },
	{ "0201 fde9 02",		2, false },
	{ "0200",			2, false },
	{ "0201 fde9 0200",		2, false },
	{ "0001 fde9",			2, false },
	{ "0501 fde9",			2, false },
	{ "0401 fde9",			2, true },
	{ "02",				4, false },
	/* clang-format on */
};

START_TEST(check)
{
	uint8_t buf[64];
	struct blob path = blob_in(checks[_i].bytes, buf, sizeof(buf));

	ck_assert_msg((aspath_check(&path, checks[_i].size) == NULL) == checks[_i].good,
	    "%s", checks[_i].bytes);
}
END_TEST

/* RFC 6793, 4.2.3. */
static const struct {
	const char *path; /* with 2-byte numbers */
	const char *as4;
	const char *merged;
} merges[] = {
	/* clang-format off */
	{ "0202 fde9 5ba0", "0201 fa56ea00", "65001 4200000000" },
	{ "0202 5ba0 5ba0", "0202 fa56ea00 fa56ea01", "4200000000 4200000001" },
	{ "0201 fde9", "0202 fa56ea00 fa56ea01", "65001" },
	{ "0203 0001 0002 0003", "0201 00000009", "1 2 9" },
	{ "0202 0001 5ba0 0102 0007 0008", "0201 fa56ea00 0102 00000007 00000008",
	  "1 4200000000 {7,8}" },
	{ "0301 000a 0202 0001 5ba0", "0201 fa56ea00", "(10) 1 4200000000" },
	{ "0202 0001 5ba0", "0301 0000000a 0201 fa56ea00", "1 4200000000" },
	{ "0102 0001 0002 0201 5ba0", "0201 fa56ea00", "{1,2} 4200000000" },
	{ "0102 0001 0002", "0201 fa56ea00", "4200000000" },
	/* clang-format on */
};

START_TEST(merge)
{
	uint8_t buf2[64], buf4[64], out[128];
	struct blob two = blob_in(merges[_i].path, buf2, sizeof(buf2));
	struct blob four = blob_in(merges[_i].as4, buf4, sizeof(buf4));
	struct builder b = builder_of(out, sizeof(out));
	struct blob path;
	char text[100];

	aspath_widen(&b, &two);
	aspath_merge(&b, &four);
	path = (struct blob){ out, (uint16_t)put_len(&b) };
	ck_assert_ptr_null(aspath_check(&path, 4));
	ck_assert_str_eq(aspath_str(text, sizeof(text), &path), merges[_i].merged);
}
END_TEST

/* Sequences that meet are joined, but not past 255. */
START_TEST(merge_long)
{
	uint8_t out[2048], as4[2 + 4 * 255] = { ASPATH_SEQUENCE, 255 };
	uint8_t two[2 + 2 * 255 + 4] = { ASPATH_SEQUENCE, 255 };
	struct builder b = builder_of(out, sizeof(out));
	struct blob path = { two, sizeof(two) }, tail = { as4, sizeof(as4) }, all;

	two[512] = ASPATH_SEQUENCE;
	two[513] = 1;
	aspath_widen(&b, &path);
	aspath_merge(&b, &tail);
	all = (struct blob){ out, (uint16_t)put_len(&b) };
	ck_assert_ptr_null(aspath_check(&all, 4));
	ck_assert_uint_eq(aspath_count(&all), 256);
	ck_assert(out[1] == 1 && out[6] == ASPATH_SEQUENCE && out[7] == 255);
}
END_TEST

START_TEST(prepend)
{
	uint8_t buf[64], out[2048], full[2 + 4 * 255] = { ASPATH_SEQUENCE, 255 };
	struct blob path = blob_in("0201 0000fde9", buf, sizeof(buf));

	hex_check(
	    "joined", out, aspath_prepend(out, &path, 7), "0202 00000007 0000fde9");
	ck_assert(aspath_contains(&path, 65001) && !aspath_contains(&path, 7));
	path = (struct blob){ 0 };
	hex_check("empty", out, aspath_prepend(out, &path, 7), "0201 00000007");
	path = blob_in("0101 0000fde9", buf, sizeof(buf));
	hex_check(
	    "set", out, aspath_prepend(out, &path, 7), "0201 00000007 0101 0000fde9");
	ck_assert(aspath_contains(&path, 65001));
	path = (struct blob){ full, sizeof(full) };
	ck_assert_uint_eq(aspath_prepend(out, &path, 7), sizeof(full) + 6);
	ck_assert(out[1] == 1 && out[7] == 255);
}
END_TEST

START_TEST(cut)
{
	uint8_t buf[64];
	struct blob path = blob_in("0202 0000fde9 0000fdea", buf, sizeof(buf));
	char text[9];

	ck_assert_str_eq(aspath_str(text, sizeof(text), &path), "65001 65");
	ck_assert_str_eq(aspath_str(text, 1, &path), "");
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("aspath", &tc);

	tcase_add_loop_test(tc, good, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_loop_test(tc, check, 0, sizeof(checks) / sizeof(checks[0]));
	tcase_add_loop_test(tc, merge, 0, sizeof(merges) / sizeof(merges[0]));
	tcase_add_test(tc, merge_long);
	tcase_add_test(tc, prepend);
	tcase_add_test(tc, cut);
	return unit_run(s);
}

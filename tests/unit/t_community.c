/* Tests of bgp/community: text of communities. */
#include "bgp/attr.h"

#include "hex.h"
#include "unit.h"

static const struct {
	bool large;
	const char *bytes, *text;
} rows[] = {
	/* clang-format off */
	{ false, "", "" },
	{ false, "fde80001 ffffff01 ffffff02 ffffff03", "65000:1 no-export no-advertise local-AS" },
	{ false, "00000000 ffff029a fffffffe", "0:0 blackhole 65535:65534" },
	{ true, "", "" },
	{ true, "fa56ea00 00000001 00000002 00000000 00000000 ffffffff",
	  "4200000000:1:2 0:0:4294967295" },
	/* clang-format on */
};

START_TEST(text)
{
	uint8_t bytes[64];
	struct blob b = { bytes,
		(uint16_t)hex_in(rows[_i].bytes, bytes, sizeof(bytes)) };
	char *(*str)(char *, size_t, const struct blob *) =
	    rows[_i].large ? large_str : community_str;
	char buf[100], small[5];

	ck_assert_str_eq(str(buf, sizeof(buf), &b), rows[_i].text);
	str(small, sizeof(small), &b);
	ck_assert(strncmp(small, rows[_i].text, 4) == 0);
}
END_TEST

START_TEST(find)
{
	uint8_t bytes[64];
	struct blob b = { bytes,
		(uint16_t)hex_in("fde80001 ffff0006 ffff00", bytes, 64) };

	ck_assert(community_has(&b, 0xfde80001));
	ck_assert(community_has(&b, COMMUNITY_LLGR_STALE));
	ck_assert(!community_has(&b, COMMUNITY_NO_LLGR));
	b.len = 0;
	ck_assert(!community_has(&b, 0));
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("community", &tc);

	tcase_add_loop_test(tc, text, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, find);
	return unit_run(s);
}

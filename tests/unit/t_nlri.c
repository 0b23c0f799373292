/* Tests of bgp/nlri: each row is bytes, what becomes of them, and the text of the key. */
#include "bgp/nlri.h"

#include "hex.h"
#include "unit.h"

#define RD "0001 0a000001 0064 "
#define NOESI "00000000000000000000 "
#define ESI "03443839ffff01000001 "
#define TAG "00000000 "
#define MAC "02a0b0c0d001 "
#define V6 "20010db8000000000000000000000001 "

static const struct row {
	const char *what;
	const char *bytes;
	enum nlri_result result;
	const char *text; /* NULL: no key */
	uint32_t labels;
	const char *again; /* as written again; NULL: the same bytes */
	const char *withdrawn;
} rows[] = {
	/* clang-format off */
	{ "type 2, MAC only", "02 21" RD NOESI TAG "30" MAC "00 000064", NLRI_OK,
	  "[2]:[0]:[48]:[02:a0:b0:c0:d0:01]", 1, NULL,
	  "02 21" RD NOESI TAG "30" MAC "00 000000" },
	{ "type 2, IPv4", "02 25" RD NOESI TAG "30" MAC "20 0a000001 000064", NLRI_OK,
	  "[2]:[0]:[48]:[02:a0:b0:c0:d0:01]:[32]:[10.0.0.1]", 1, NULL,
	  "02 25" RD NOESI TAG "30" MAC "20 0a000001 000000" },
	{ "type 2, IPv6", "02 31" RD NOESI TAG "30" MAC "80" V6 "000064", NLRI_OK,
	  "[2]:[0]:[48]:[02:a0:b0:c0:d0:01]:[128]:[2001:db8::1]", 1, NULL,
	  "02 31" RD NOESI TAG "30" MAC "80" V6 "000000" },
	{ "type 2, MAC only, two labels", "02 24" RD NOESI TAG "30" MAC "00 000064 000fa1",
	  NLRI_OK, "[2]:[0]:[48]:[02:a0:b0:c0:d0:01]", 2, NULL,
	  "02 21" RD NOESI TAG "30" MAC "00 000000" },
	{ "type 2, IPv4, two labels, ESI, tag",
	  "02 28" RD ESI "00000007 30" MAC "20 0a000001 000064 000fa1", NLRI_OK,
	  "[2]:[7]:[48]:[02:a0:b0:c0:d0:01]:[32]:[10.0.0.1]", 2, NULL,
	  "02 25" RD NOESI "00000007 30" MAC "20 0a000001 000000" },
	{ "type 2, IPv6, two labels", "02 34" RD NOESI TAG "30" MAC "80" V6 "000064 000fa1",
	  NLRI_OK, "[2]:[0]:[48]:[02:a0:b0:c0:d0:01]:[128]:[2001:db8::1]", 2, NULL,
	  "02 31" RD NOESI TAG "30" MAC "80" V6 "000000" },
	{ "type 2, no label", "02 1e" RD NOESI TAG "30" MAC "00", NLRI_BAD,
	  "[2]:[0]:[48]:[02:a0:b0:c0:d0:01]", 0, NULL, NULL },
	{ "type 2, three labels", "02 27" RD NOESI TAG "30" MAC "00 000001 000002 000003",
	  NLRI_BAD, "[2]:[0]:[48]:[02:a0:b0:c0:d0:01]", 0, NULL, NULL },
	{ "type 2, half a label", "02 22" RD NOESI TAG "30" MAC "00 00000102", NLRI_BAD,
	  "[2]:[0]:[48]:[02:a0:b0:c0:d0:01]", 0, NULL, NULL },
	{ "type 2, length of IPv4 but address of IPv6",
	  "02 25" RD NOESI TAG "30" MAC "80 0a000001 000064", NLRI_BAD, NULL, 0, NULL, NULL },
	{ "type 2, MAC length 40", "02 21" RD NOESI TAG "28" MAC "00 000064", NLRI_BAD, NULL,
	  0, NULL, NULL },
	{ "type 2, IP length 24", "02 25" RD NOESI TAG "30" MAC "18 0a000001 000064",
	  NLRI_BAD, NULL, 0, NULL, NULL },
	{ "type 2, empty", "02 00", NLRI_BAD, NULL, 0, NULL, NULL },
	{ "type 3, IPv4", "03 11" RD TAG "20 0a000002", NLRI_OK, "[3]:[0]:[32]:[10.0.0.2]", 0,
	  NULL, "03 11" RD TAG "20 0a000002" },
	{ "type 3, IPv6", "03 1d" RD TAG "80" V6, NLRI_OK, "[3]:[0]:[128]:[2001:db8::1]", 0,
	  NULL, "03 1d" RD TAG "80" V6 },
	{ "type 3, no address", "03 0d" RD TAG "00", NLRI_BAD, NULL, 0, NULL, NULL },
	{ "type 3, more than the address", "03 12" RD TAG "20 0a000002 00", NLRI_BAD,
	  "[3]:[0]:[32]:[10.0.0.2]", 0, NULL, NULL },
	{ "type 3, less than the address", "03 10" RD TAG "20 0a0000", NLRI_BAD, NULL, 0,
	  NULL, NULL },
	{ "type 1", "01 19" RD ESI "ffffffff 000000", NLRI_OK,
	  "[1]:[4294967295]:[03:44:38:39:ff:ff:01:00:00:01]:[32]:[0.0.0.0]:[0]", 1, NULL,
	  "01 19" RD ESI "ffffffff 000000" },
	{ "type 1, no label", "01 16" RD ESI "00000000", NLRI_BAD,
	  "[1]:[0]:[03:44:38:39:ff:ff:01:00:00:01]:[32]:[0.0.0.0]:[0]", 0, NULL, NULL },
	{ "type 4, IPv4", "04 17" RD ESI "20 0a000002", NLRI_OK,
	  "[4]:[03:44:38:39:ff:ff:01:00:00:01]:[32]:[10.0.0.2]", 0, NULL,
	  "04 17" RD ESI "20 0a000002" },
	{ "type 4, IPv6", "04 23" RD ESI "80" V6, NLRI_OK,
	  "[4]:[03:44:38:39:ff:ff:01:00:00:01]:[128]:[2001:db8::1]", 0, NULL,
	  "04 23" RD ESI "80" V6 },
	{ "type 5, IPv4", "05 22" RD NOESI TAG "18 0a000000 00000000 000fa1", NLRI_OK,
	  "[5]:[0]:[24]:[10.0.0.0]", 1, NULL,
	  "05 22" RD NOESI TAG "18 0a000000 00000000 000000" },
	{ "type 5, IPv4, bits past the length, gateway",
	  "05 22" RD NOESI TAG "18 0a000009 0a0000fe 000fa1", NLRI_OK,
	  "[5]:[0]:[24]:[10.0.0.0]", 1, "05 22" RD NOESI TAG "18 0a000000 0a0000fe 000fa1",
	  "05 22" RD NOESI TAG "18 0a000000 00000000 000000" },
	{ "type 5, IPv4 default", "05 22" RD NOESI TAG "00 00000000 00000000 000fa1", NLRI_OK,
	  "[5]:[0]:[0]:[0.0.0.0]", 1, NULL,
	  "05 22" RD NOESI TAG "00 00000000 00000000 000000" },
	{ "type 5, IPv4 /33", "05 22" RD NOESI TAG "21 0a000000 00000000 000fa1", NLRI_BAD,
	  NULL, 0, NULL, NULL },
	{ "type 5, IPv6", "05 3a" RD NOESI TAG "80" V6
	  "00000000000000000000000000000000 000fa1", NLRI_OK, "[5]:[0]:[128]:[2001:db8::1]",
	  1, NULL, "05 3a" RD NOESI TAG "80" V6 "00000000000000000000000000000000 000000" },
	{ "type 5, IPv6 /129", "05 3a" RD NOESI TAG "81" V6
	  "00000000000000000000000000000000 000fa1", NLRI_BAD, NULL, 0, NULL, NULL },
	{ "type 5, 35 bytes", "05 23" RD NOESI TAG "18 0a000000 00000000 000fa1 00", NLRI_BAD,
	  NULL, 0, NULL, NULL },
	{ "type 6", "06 0a" RD "0102", NLRI_UNKNOWN, "[6]:[#0]", 0, NULL,
	  NULL },
	{ "type 0, shorter than an RD", "00 02 0102", NLRI_UNKNOWN, "[0]:[#0]", 0, NULL,
	  NULL },
	{ "type 255, empty", "ff 00", NLRI_UNKNOWN, "[255]:[#0]", 0, NULL, NULL },
	{ "nothing", "", NLRI_END, NULL, 0, NULL, NULL },
	{ "type only", "02", NLRI_BROKEN, NULL, 0, NULL, NULL },
	{ "length past the end", "03 11 00", NLRI_BROKEN, NULL, 0, NULL, NULL },
	{ "unknown type, length past the end", "09 02 00", NLRI_BROKEN, NULL, 0, NULL, NULL },
	/* clang-format on */
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void
check_put(const char *what, const struct nlri *key, const struct nlri_info *info,
    const char *bytes)
{
	uint8_t buf[300];
	struct builder b = builder_of(buf, sizeof(buf));

	nlri_put(&b, key, info);
	ck_assert(!b.full);
	hex_check(what, buf, put_len(&b), bytes);
}

START_TEST(get_and_put)
{
	const struct row *r = &rows[_i];
	static const struct nlri none;
	uint8_t buf[300];
	struct cursor c = cursor_of(buf, hex_in(r->bytes, buf, sizeof(buf)));
	struct nlri_info info;
	struct nlri key;
	const char *why;
	enum nlri_result result = nlri_get(&c, false, &key, &info, &why);

	ck_assert_msg(result == r->result, "%s: result %d", r->what, result);
	ck_assert_msg((why != NULL) == (result == NLRI_BAD || result == NLRI_BROKEN),
	    "%s", r->what);
	if (r->text == NULL) {
		ck_assert_msg(nlri_cmp(&key, &none) == 0, "%s: a key", r->what);
		return;
	}
	ck_assert_str_eq(NLRISTR(&key), r->text);
	if (result != NLRI_OK && result != NLRI_UNKNOWN)
		return;
	ck_assert(get_done(&c));
	ck_assert_msg(info.labels == r->labels, "%s: %u labels", r->what, info.labels);
	check_put(r->what, &key, &info, r->again != NULL ? r->again : r->bytes);
	if (r->withdrawn != NULL)
		check_put(r->what, &key, NULL, r->withdrawn);
}
END_TEST

/* Every route cut short, framed by its old and by its new length. */
START_TEST(truncated)
{
	const struct row *r = &rows[_i];
	uint8_t buf[300];
	size_t len = hex_in(r->bytes, buf, sizeof(buf));

	if (r->result != NLRI_OK)
		return;
	for (size_t n = 1; n < len; n++) {
		struct cursor c = cursor_of(buf, n);
		struct nlri_info info;
		struct nlri key;
		const char *why;

		ck_assert(nlri_get(&c, false, &key, &info, &why) == NLRI_BROKEN);
		ck_assert(c.bad || get_left(&c) == 0);
	}
	for (size_t n = 2; n < len; n++) {
		uint8_t cut[300];
		struct cursor c;
		struct nlri_info info;
		struct nlri key;
		const char *why;
		enum nlri_result result;

		memcpy(cut, buf, n);
		cut[1] = (uint8_t)(n - 2);
		c = cursor_of(cut, n);
		result = nlri_get(&c, false, &key, &info, &why);
		/* Type 2 with two labels is type 2 with one when three bytes are cut. */
		ck_assert_msg(result == NLRI_BAD ||
			(r->labels == 2 && n == len - 3 && result == NLRI_OK),
		    "%s: cut to %zu: result %d", r->what, n, result);
		ck_assert(get_done(&c));
	}
}
END_TEST

/* A bad one between good ones is passed over; path identifiers come with each. */
START_TEST(sequence)
{
	uint8_t buf[300];
	size_t len = hex_in("00000001 03 11" RD TAG "20 0a000001"
			    "00000002 03 0d" RD TAG "00"
			    "00000003 0b 01 ff"
			    "00000004 03 11" RD TAG "20 0a000004",
	    buf, sizeof(buf));
	static const enum nlri_result want[] = { NLRI_OK, NLRI_BAD, NLRI_UNKNOWN,
		NLRI_OK, NLRI_END };
	struct cursor c = cursor_of(buf, len);

	for (unsigned i = 0; i < 5; i++) {
		struct nlri_info info;
		struct nlri key;
		const char *why;

		ck_assert_int_eq(nlri_get(&c, true, &key, &info, &why), want[i]);
		ck_assert_uint_eq(info.path_id, i < 4 ? i + 1 : 0);
	}
}
END_TEST

START_TEST(order)
{
	struct nlri a = { .rd = { { 0, 1 } }, .type = NLRI_MACIP };
	struct nlri b = { .rd = { { 0, 1 } }, .type = NLRI_IMET };
	struct nlri c = { .rd = { { 0, 2 } }, .type = NLRI_EAD };

	ck_assert(nlri_cmp(&a, &b) < 0);
	ck_assert(nlri_cmp(&b, &c) < 0);
	ck_assert_uint_eq(nlri_prefixlen(&a), 352);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("nlri", &tc);

	tcase_add_loop_test(tc, get_and_put, 0, ROWS);
	tcase_add_loop_test(tc, truncated, 0, ROWS);
	tcase_add_test(tc, sequence);
	tcase_add_test(tc, order);
	return unit_run(s);
}

/* Tests of bgp/msg: framing, and the messages besides UPDATE. */
#include "bgp/msg.h"

#include "hex.h"
#include "unit.h"

#define MARK "ffffffffffffffffffffffffffffffff "

static const struct {
	const char *what;
	const char *bytes;
	size_t max;
	int len; /* -1: refused */
	unsigned type_or_subcode;
	const char *data; /* of the NOTIFICATION */
} frames[] = {
	/* clang-format off */
	{ "nothing", "", MSG_MAX, 0, 0, NULL },
	{ "header not whole", MARK "0013", MSG_MAX, 0, 0, NULL },
	{ "KEEPALIVE", MARK "0013 04", MSG_MAX, 19, MSG_KEEPALIVE, NULL },
	{ "KEEPALIVE and more", MARK "0013 04 ff", MSG_MAX, 19, MSG_KEEPALIVE, NULL },
	{ "UPDATE not whole", MARK "0017 02 000000", MSG_MAX, 0, 0, NULL },
	{ "UPDATE", MARK "0017 02 00000000", MSG_MAX, 23, MSG_UPDATE, NULL },
	{ "ROUTE-REFRESH", MARK "0017 05 00190046", MSG_MAX, 23, MSG_REFRESH, NULL },
	{ "NOTIFICATION", MARK "0015 03 0602", MSG_MAX, 21, MSG_NOTIFICATION, NULL },
	{ "marker", "fffffffffffffffffffffffffffffffe 0013 04", MSG_MAX, -1, BGP_HEADER_SYNC,
	  "" },
	{ "length 18", MARK "0012 04", MSG_MAX, -1, BGP_HEADER_LENGTH, "0012" },
	{ "length 4097", MARK "1001 02", MSG_MAX, -1, BGP_HEADER_LENGTH, "1001" },
	{ "length 4097, extended", MARK "1001 02", MSG_MAX_EXTENDED, 0, 0, NULL },
	{ "OPEN of 4097, extended", MARK "1001 01", MSG_MAX_EXTENDED, -1, BGP_HEADER_LENGTH,
	  "1001" },
	{ "OPEN of 28", MARK "001c 01", MSG_MAX, -1, BGP_HEADER_LENGTH, "001c" },
	{ "UPDATE of 22", MARK "0016 02", MSG_MAX, -1, BGP_HEADER_LENGTH, "0016" },
	{ "KEEPALIVE of 20", MARK "0014 04", MSG_MAX, -1, BGP_HEADER_LENGTH, "0014" },
	{ "NOTIFICATION of 20", MARK "0014 03", MSG_MAX, -1, BGP_HEADER_LENGTH, "0014" },
	{ "type 0", MARK "0013 00", MSG_MAX, -1, BGP_HEADER_TYPE, "00" },
	{ "type 6", MARK "0013 06", MSG_MAX, -1, BGP_HEADER_TYPE, "06" },
	/* clang-format on */
};

START_TEST(frame)
{
	uint8_t buf[64];
	size_t n = hex_in(frames[_i].bytes, buf, sizeof(buf));
	struct bgp_error err = { 0 };
	enum msg_type type = 0;
	int len = msg_frame(buf, n, frames[_i].max, &type, &err);

	ck_assert_msg(len == frames[_i].len, "%s: %d", frames[_i].what, len);
	if (len > 0)
		ck_assert_uint_eq(type, frames[_i].type_or_subcode);
	if (len >= 0)
		return;
	ck_assert_uint_eq(err.code, BGP_ERR_HEADER);
	ck_assert_uint_eq(err.subcode, frames[_i].type_or_subcode);
	hex_check(frames[_i].what, err.data, err.len, frames[_i].data);
}
END_TEST

static const struct {
	const char *what;
	const char *bytes;
	int subcode; /* -1: good */
	uint32_t as;
} opens[] = {
	/* clang-format off */
	{ "plain", "04 fde8 00b4 0a000001 00", -1, 65000 },
	{ "hold time 0", "04 fde8 0000 0a000001 00", -1, 65000 },
	{ "4-octet AS", "04 5ba0 00b4 0a000001 08 0206 4104 fa56ea00", -1, 4200000000 },
	{ "AS_TRANS without the capability", "04 5ba0 00b4 0a000001 00", -1, 23456 },
	{ "AS in both", "04 fde8 00b4 0a000001 08 0206 4104 0000fde8", -1, 65000 },
	{ "AS differs", "04 fde8 00b4 0a000001 08 0206 4104 0000fde9", BGP_OPEN_AS, 0 },
	{ "AS 0", "04 0000 00b4 0a000001 00", BGP_OPEN_AS, 0 },
	{ "AS 0 in the capability", "04 5ba0 00b4 0a000001 08 0206 4104 00000000", BGP_OPEN_AS,
	  0 },
	{ "version 3", "03 fde8 00b4 0a000001 00", BGP_OPEN_VERSION, 0 },
	{ "hold time 2", "04 fde8 0002 0a000001 00", BGP_OPEN_HOLD, 0 },
	{ "identifier 0", "04 fde8 00b4 00000000 00", BGP_OPEN_ID, 0 },
	{ "more than parameters", "04 fde8 00b4 0a000001 00 00", 0, 0 },
	{ "no parameters", "04 fde8 00b4 0a000001", 0, 0 },
	/* clang-format on */
};

START_TEST(open_get)
{
	uint8_t buf[64];
	size_t len = hex_in(opens[_i].bytes, buf, sizeof(buf));
	struct cursor c = cursor_of(buf, len);
	struct bgp_error err = { 0 };
	struct msg_open o;
	enum bgp_verdict verdict = msg_open_get(&c, &o, &err);

	ck_assert_msg((verdict == BGP_OK) == (opens[_i].subcode < 0), "%s: %s",
	    opens[_i].what, err.text);
	if (verdict == BGP_OK) {
		ck_assert_uint_eq(o.as, opens[_i].as);
		ck_assert_uint_eq(o.router_id, 0x0a000001);
	} else {
		ck_assert_uint_eq(err.code, BGP_ERR_OPEN);
		ck_assert_int_eq(err.subcode, opens[_i].subcode);
	}
	for (size_t n = 0; n < len && opens[_i].subcode < 0; n++) {
		c = cursor_of(buf, n);
		ck_assert(msg_open_get(&c, &o, &err) == BGP_RESET);
	}
}
END_TEST

START_TEST(open_put)
{
	struct msg_open o = { .as = 4200000000,
		.hold_s = 180,
		.router_id = 0x0a000001,
		.caps = { .as4 = true, .as = 4200000000 } };
	uint8_t buf[64];
	struct builder b = builder_of(buf, sizeof(buf));

	msg_open_put(&b, &o);
	hex_check("OPEN", buf, put_len(&b),
	    MARK "0025 01 04 5ba0 00b4 0a000001 08 0206 4104 fa56ea00");
}
END_TEST

START_TEST(refresh)
{
	static const struct {
		const char *bytes;
		enum bgp_verdict verdict;
	} v[] = { { "0019 00 46", BGP_OK }, { "0019 01 46", BGP_OK },
		{ "0019 02 46", BGP_OK }, { "0019 03 46", BGP_DISCARD },
		{ "0019 00 46 01 80 0000", BGP_OK }, { "0019 01 46 00", BGP_RESET },
		{ "0019 00", BGP_RESET }, { "", BGP_RESET } };
	uint8_t buf[64];
	struct builder b = builder_of(buf, sizeof(buf));
	struct msg_refresh r;
	struct bgp_error err;

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		struct cursor c = cursor_of(buf, hex_in(v[i].bytes, buf, sizeof(buf)));

		ck_assert_msg(
		    msg_refresh_get(&c, &r, &err) == v[i].verdict, "%s", v[i].bytes);
		if (v[i].verdict == BGP_RESET)
			ck_assert(err.code == BGP_ERR_REFRESH && err.subcode == 1);
	}
	r = (struct msg_refresh){ .afi = AFI_L2VPN, .safi = SAFI_EVPN, .subtype = 1 };
	msg_refresh_put(&b, &r);
	hex_check("refresh", buf, put_len(&b), MARK "0017 05 0019 01 46");
}
END_TEST

static const struct {
	const char *bytes;
	const char *text;
} notes[] = {
	{ "06 02 05 68656c6c6f", "hello" },
	{ "06 04 02 1b41", "?A" },
	{ "06 02", "" },
	{ "06 02 00", "" },
	{ "06 02 09 6869", "" }, /* a length past the end */
	{ "06 03 02 6869", "" },
	{ "03 01 40010100", "" },
	{ "06 09 06 02 05 68656c6c6f", "hello" }, /* Hard Reset: what it stands for */
	{ "06 09 04 00", "" },
	{ "06 09 04", "" },
	{ "06 09", "" },
};

START_TEST(notification)
{
	uint8_t buf[512], out[512];
	size_t len = hex_in(notes[_i].bytes, buf, sizeof(buf));
	struct cursor c = cursor_of(buf, len);
	struct builder b = builder_of(out, sizeof(out));
	struct bgp_error n, err;
	char whole[100];

	ck_assert(msg_notification_get(&c, &n, &err) == BGP_OK);
	ck_assert_str_eq(n.text, notes[_i].text);
	ck_assert_int_eq(n.hard, len > 3 && buf[0] == 6 && buf[1] == 9);
	msg_notification_put(&b, &n);
	snprintf(whole, sizeof(whole), MARK "00%02zx 03 %s", MSG_HEADER + len,
	    notes[_i].bytes);
	hex_check("NOTIFICATION", out, put_len(&b), whole);
	c = cursor_of(buf, 1);
	ck_assert(msg_notification_get(&c, &n, &err) == BGP_RESET);
}
END_TEST

/* The longest shutdown message there is room for, both ways. */
START_TEST(shutdown)
{
	uint8_t buf[512] = { BGP_ERR_CEASE, BGP_CEASE_SHUTDOWN, 255 };
	struct bgp_error n, err;
	struct cursor c;

	memset(buf + 3, 'x', 255);
	c = cursor_of(buf, 2 + 256);
	ck_assert(msg_notification_get(&c, &n, &err) == BGP_OK);
	ck_assert_uint_eq(strlen(n.text), 255);
	ck_assert_uint_eq(n.len, 256);
}
END_TEST

START_TEST(keepalive)
{
	uint8_t buf[19];
	struct builder b = builder_of(buf, sizeof(buf));

	msg_keepalive_put(&b);
	hex_check("KEEPALIVE", buf, put_len(&b), MARK "0013 04");
	msg_keepalive_put(&b);
	ck_assert(b.full);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("msg", &tc);

	tcase_add_loop_test(tc, frame, 0, sizeof(frames) / sizeof(frames[0]));
	tcase_add_loop_test(tc, open_get, 0, sizeof(opens) / sizeof(opens[0]));
	tcase_add_test(tc, open_put);
	tcase_add_test(tc, refresh);
	tcase_add_loop_test(tc, notification, 0, sizeof(notes) / sizeof(notes[0]));
	tcase_add_test(tc, shutdown);
	tcase_add_test(tc, keepalive);
	return unit_run(s);
}

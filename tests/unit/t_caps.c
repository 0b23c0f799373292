/* Tests of bgp/caps: each row is the end of an OPEN and what is read out of it. */
#include "bgp/caps.h"

#include "hex.h"
#include "unit.h"

/* What a caps says, in letters, for the rows below. */
static char *
summary(char *buf, size_t room, const struct caps *c)
{
	int n = snprintf(buf, room, "%s%s%s%s%s%s%s%s", c->as4 ? "4" : "",
	    c->refresh ? "r" : "", c->enhanced_refresh ? "e" : "",
	    c->extended_message ? "m" : "", c->extended_nexthop ? "n" : "",
	    c->graceful_restart ? "g" : "", c->gr_restarting ? "R" : "",
	    c->gr_notification ? "N" : "");

	for (unsigned i = 0; i < c->families; i++) {
		const struct caps_family *f = &c->family[i];

		n += snprintf(buf + n, room - (size_t)n, " %u/%u%s%s%s", f->afi,
		    f->safi, f->gr_listed ? (f->gr_flags & 0x80 ? "G" : "g") : "",
		    f->addpath_rx ? "<" : "", f->addpath_tx ? ">" : "");
		if (f->llgr_listed)
			n += snprintf(buf + n, room - (size_t)n, "%s%u",
			    f->llgr_flags & CAPS_FORWARDING ? "L" : "l", f->llgr_s);
	}
	return buf;
}

static const struct {
	const char *what;
	const char *bytes;
	const char *summary; /* NULL: refused */
	unsigned subcode;
} rows[] = {
	/* clang-format off */
	{ "nothing", "00", "", 0 },
	{ "EVPN", "08 02 06 0104 0019 00 46", " 25/70", 0 },
	{ "all in one parameter", "1c 02 1a 0104 00190046 0104 00010001 0200 8000 4600 0600 4104 0000fde8",
	  "4rem 25/70 1/1", 0 },
	{ "what belongs to a family before the family",
	  "1a 02 08 4006 4078 0019 46 80 0206 4504 0019 46 03 02 06 0104 0019 00 46",
	  "gN 25/70G<>", 0 },
	{ "restart of a family that is not offered", "0a 02 08 4006 8078 0001 01 80", "gR", 0 },
	{ "add-path with a wrong mode", "10 02 06 0104 0019 00 46 02 06 4504 0019 46 04", " 25/70", 0 },
	{ "next hops", "10 02 0e 050c 0001 0001 0002 0001 0080 0002", "n", 0 },
	{ "unknown, role, LLGR of a family not offered", "11 02 0f ff01 00 0901 00 4707 001946 00 000000", "", 0 },
	{ "restart without a family", "0c 02 0a 0104 00190046 4002 8078", "gR 25/70", 0 },
	{ "restart time of 0, all other bits", "10 02 0e 0104 00190046 4006 7000 001946 7f", "gN 25/70g", 0 },
	{ "two restarts: the last counts", "14 02 12 0104 00190046 4006 8078 001946 80 4002 4001", "gN 25/70", 0 },
	{ "LLGR", "11 02 0f 0104 00190046 4707 001946 80 015180", " 25/70L86400", 0 },
	{ "LLGR, forwarding not kept, longest", "11 02 0f 0104 00190046 4707 001946 7f ffffff", " 25/70l16777215", 0 },
	{ "LLGR before its family", "11 02 0f 4707 001946 80 000001 0104 00190046", " 25/70L1", 0 },
	{ "LLGR of nothing", "0a 02 08 0104 00190046 4700", " 25/70", 0 },
	{ "LLGR of 6 bytes", "08 02 06 4706 001946 80 0151", NULL, 0 },
	{ "LLGR of 8 bytes", "0c 02 0a 4708 001946 80 015180 00", NULL, 0 },
	{ "LLGR past its parameter", "0a 02 08 4707 001946 80 0151", NULL, 0 },
	{ "restart of 1 byte", "05 02 03 4001 00", NULL, 0 },
	{ "restart of no byte", "04 02 02 4000", NULL, 0 },
	{ "unknown and role", "0a 02 08 ff03 000000 0901 00", "", 0 },
	{ "the same family twice", "0e 02 0c 0104 00190046 0104 00190046", " 25/70", 0 },
	{ "extended form", "ff ff 000f 02 0006 0104 0019 00 46 02 0003 ff01 00", " 25/70", 0 },
	{ "extended form, other first length", "01 ff 0009 02 0006 0104 0019 00 46", " 25/70", 0 },
	{ "length too large", "09 02 06 0104 0019 00 46", NULL, 0 },
	{ "length too small", "07 02 06 0104 0019 00 46", NULL, 0 },
	{ "no length", "", NULL, 0 },
	{ "parameter past the end", "08 02 07 0104 0019 00 46", NULL, 0 },
	{ "capability past its parameter", "08 02 06 0105 0019 00 46", NULL, 0 },
	{ "authentication", "03 01 01 00", NULL, BGP_OPEN_PARAMETER },
	{ "multiprotocol of 3 bytes", "07 02 05 0103 0019 00", NULL, 0 },
	{ "multiprotocol of 5 bytes", "09 02 07 0105 0019 00 46 00", NULL, 0 },
	{ "4-octet AS of 2 bytes", "06 02 04 4102 fde8", NULL, 0 },
	{ "restart of 3 bytes", "07 02 05 4003 007800", NULL, 0 },
	{ "extended form past the end", "ff ff 0010 02 0006 0104 0019 00 46", NULL, 0 },
	{ "extended form, length cut short", "ff ff 00", NULL, 0 },
	/* clang-format on */
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

START_TEST(get)
{
	uint8_t buf[256];
	struct cursor c = cursor_of(buf, hex_in(rows[_i].bytes, buf, sizeof(buf)));
	struct bgp_error err = { 0 };
	struct caps caps;
	char text[100];
	enum bgp_verdict verdict = caps_get(&c, &caps, &err);

	ck_assert_msg((verdict == BGP_OK) == (rows[_i].summary != NULL), "%s: %s",
	    rows[_i].what, err.text);
	if (verdict == BGP_OK) {
		ck_assert_str_eq(summary(text, sizeof(text), &caps), rows[_i].summary);
		ck_assert(get_done(&c));
		return;
	}
	ck_assert_uint_eq(err.code, BGP_ERR_OPEN);
	ck_assert_uint_eq(err.subcode, rows[_i].subcode);
	ck_assert(err.text[0] != '\0');
}
END_TEST

START_TEST(truncated)
{
	uint8_t buf[256];
	size_t len = hex_in(rows[_i].bytes, buf, sizeof(buf));

	for (size_t n = 0; n < len; n++) {
		struct cursor c = cursor_of(buf, n);
		struct bgp_error err;
		struct caps caps;

		ck_assert(caps_get(&c, &caps, &err) == BGP_RESET);
	}
}
END_TEST

/* As many families as one likes; EVPN is never lost among them. */
START_TEST(families)
{
	uint8_t buf[256];
	struct builder b = builder_of(buf, sizeof(buf));
	size_t all = put_mark8(&b), inner;
	struct bgp_error err;
	struct cursor c;
	struct caps caps;

	put_u8(&b, 2);
	inner = put_mark8(&b);
	for (unsigned i = 0; i < 30; i++) {
		put_u16(&b, 0x0104);
		put_u16(&b, (uint16_t)(i < 29 ? i + 1 : AFI_L2VPN));
		put_u16(&b, i < 29 ? 1 : SAFI_EVPN);
	}
	put_fill8(&b, inner);
	put_fill8(&b, all);
	c = cursor_of(buf, put_len(&b));
	ck_assert(caps_get(&c, &caps, &err) == BGP_OK);
	ck_assert_uint_eq(caps.families, CAPS_FAMILIES);
	ck_assert(caps_find(&caps, 1, 1) != NULL);
	ck_assert(caps_find(&caps, AFI_L2VPN, SAFI_EVPN) != NULL);
	ck_assert(caps_find(&caps, 29, 1) == NULL);
}
END_TEST

START_TEST(put)
{
	struct caps caps = { .family = { { .afi = AFI_L2VPN,
				 .safi = SAFI_EVPN,
				 .gr_listed = true,
				 .gr_flags = CAPS_FORWARDING,
				 .llgr_listed = true,
				 .llgr_flags = CAPS_FORWARDING,
				 .llgr_s = 86400,
				 .addpath_rx = true } },
		.families = 1,
		.as4 = true,
		.as = 65000,
		.refresh = true,
		.enhanced_refresh = true,
		.extended_message = true,
		.graceful_restart = true,
		.gr_notification = true,
		.gr_time = 120,
		.llgr = true,
		.hostname = "h1",
		.domain = "lab" };
	uint8_t buf[1024];
	struct builder b = builder_of(buf, sizeof(buf));
	struct bgp_error err;
	struct cursor c;
	struct caps back;

	caps_put(&b, &caps);
	hex_check("parameters", buf, put_len(&b),
	    "44 0206 0104 0019 00 46  0202 0200  0202 0600  0208 4006 4078 0019 46 80"
	    "0206 4104 0000fde8  0206 4504 0019 46 01  0202 4600"
	    "0209 4707 0019 46 80 015180"
	    "0209 4907 02 6831 03 6c6162");
	c = cursor_of(buf, put_len(&b));
	ck_assert(caps_get(&c, &back, &err) == BGP_OK);
	ck_assert_str_eq(back.hostname, "h1");
	ck_assert_str_eq(back.domain, "lab");
	ck_assert(back.as == 65000 && back.gr_time == 120 && back.llgr);
	ck_assert(back.family[0].llgr_listed && back.family[0].llgr_s == 86400);

	/* More than 255 bytes take the extended form. */
	for (unsigned i = 1; i < CAPS_FAMILIES; i++)
		caps.family[i] = (struct caps_family){ .afi = (uint16_t)i,
			.safi = 1,
			.gr_listed = true,
			.addpath_tx = true };
	caps.families = CAPS_FAMILIES;
	b = builder_of(buf, sizeof(buf));
	caps_put(&b, &caps);
	ck_assert(!b.full && buf[0] == 255 && buf[1] == 255);
	c = cursor_of(buf, put_len(&b));
	ck_assert(caps_get(&c, &back, &err) == BGP_OK);
	ck_assert_uint_eq(back.families, CAPS_FAMILIES);
	ck_assert(back.family[15].addpath_tx && back.family[15].gr_listed);

	b = builder_of(buf, 100);
	caps_put(&b, &caps);
	ck_assert(b.full);
}
END_TEST

START_TEST(names)
{
	uint8_t buf[256];
	struct cursor c =
	    cursor_of(buf, hex_in("0a 02 08 4906 03 1b4131 01 7f", buf, sizeof(buf)));
	struct bgp_error err;
	struct caps caps;

	ck_assert(caps_get(&c, &caps, &err) == BGP_OK);
	ck_assert_str_eq(caps.hostname, "?A1");
	ck_assert_str_eq(caps.domain, "?");
	c = cursor_of(buf, hex_in("07 02 05 4903 02 4100", buf, sizeof(buf)));
	ck_assert(caps_get(&c, &caps, &err) == BGP_RESET);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("caps", &tc);

	tcase_add_loop_test(tc, get, 0, ROWS);
	tcase_add_loop_test(tc, truncated, 0, ROWS);
	tcase_add_test(tc, families);
	tcase_add_test(tc, put);
	tcase_add_test(tc, names);
	return unit_run(s);
}

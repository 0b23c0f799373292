/* Tests of bgp/extcomm: bytes and their text; what is read out of them. */
#include "bgp/extcomm.h"

#include "hex.h"
#include "unit.h"

static const struct {
	const char *bytes, *text;
} rows[] = {
	/* clang-format off */
	{ "0002 fde8 00000064",	"RT:65000:100" },
	{ "0102 0a000001 0064",	"RT:10.0.0.1:100" },
	{ "0202 fa56ea00 0064",	"RT:4200000000:100" },
	{ "0003 fde8 00000064",	"SoO:65000:100" },
	{ "0103 0a000001 0064",	"SoO:10.0.0.1:100" },
	{ "030c 0000 0000 0008",	"ET:8" },
	{ "030c 0000 0000 0013",	"ET:19" },
	{ "030d 0000 0000 0000",	"Default Gateway" },
	{ "0600 00 00 00000001",	"MM:1" },
	{ "0600 01 00 ffffffff",	"MM:4294967295, sticky MAC" },
	{ "0601 00 0000 000000",	"ESI-label-Rt:AA" },
	{ "0601 01 0000 000000",	"ESI-label-Rt:SA" },
	{ "0602 44383922 0102",	"ES-Import-Rt:44:38:39:22:01:02" },
	{ "0603 02a0b0c0d001",	"Rmac:02:a0:b0:c0:d0:01" },
	{ "0606 02 0000 00 7fff",	"DF: (alg: 2, pref: 32767)" },
	{ "0606 02 4000 00 7fff",	"DF: (alg: 2, bmap: 0x4000 pref: 32767)" },
	{ "0608 01 0000000000",	"ND:Router Flag" },
	{ "0608 04 0000000000",	"ND:Proxy" },
	{ "0608 05 0000000000",	"ND:Proxy" },
	{ "0608 00 0000000000",	"ND" },
	{ "8006 0000 00000000",	"UNK:128, 6" },
	{ "0604 0000 00000000",	"UNK:6, 4" },
	/* clang-format on */
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

START_TEST(text)
{
	struct ecom e;
	char buf[ECOM_STRLEN];

	ck_assert_uint_eq(hex_in(rows[_i].bytes, e.b, sizeof(e.b)), 8);
	ck_assert_str_eq(ecom_str(buf, &e), rows[_i].text);
}
END_TEST

START_TEST(made)
{
	struct mac mac = { { 2, 0, 0, 0, 0, 1 } };
	const struct {
		struct ecom e;
		const char *bytes;
	} v[] = {
		{ ecom_encap(ENCAP_VXLAN), "030c 0000 0000 0008" },
		{ ecom_mobility(0x01020304, true), "0600 01 00 01020304" },
		{ ecom_mobility(0, false), "0600 00 00 00000000" },
		{ ecom_default_gw(), "030d 0000 0000 0000" },
		{ ecom_rmac(&mac), "0603 020000000001" },
		{ ecom_nd(true, true, false), "0608 03 0000000000" },
		{ rt_of_as(65000, 100), "0002 fde8 00000064" },
	};

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		hex_check(v[i].bytes, v[i].e.b, sizeof(v[i].e.b), v[i].bytes);
}
END_TEST

START_TEST(recognised)
{
	struct ecom rt = rt_of_as(65000, 0x10000064), v4, encap = ecom_encap(10);
	struct ecom mm = ecom_mobility(7, true), target;
	uint16_t tunnel;
	uint32_t seq;
	bool sticky;
	struct mac mac;

	ck_assert(rt_parse("10.0.0.1:100", &v4));
	ck_assert(ecom_is_rt(&rt) && ecom_is_rt(&v4) && !ecom_is_rt(&encap));
	ck_assert_uint_eq(ecom_rt_number(&rt), 0x10000064);
	ck_assert_uint_eq(ecom_rt_number(&v4), 100);
	ck_assert(ecom_is_encap(&encap, &tunnel) && tunnel == ENCAP_MPLS);
	ck_assert(!ecom_is_encap(&rt, &tunnel));
	ck_assert(ecom_is_mobility(&mm, &seq, &sticky) && seq == 7 && sticky);
	ck_assert(!ecom_is_rmac(&mm, &mac));
	/* ES-import is a target to RFC 7432, but of type 6: no VNI is read out of it. */
	target = (struct ecom){ { 6, 2 } };
	ck_assert(!ecom_is_rt(&target));
}
END_TEST

START_TEST(scan)
{
	uint8_t b[80];
	struct attr_value v = { .flags = ATTRS_MED | ATTRS_DEFAULT_GW };
	char buf[200];

	v.ext = (struct blob){ b,
		(uint16_t)hex_in("0002fde800000064 030c00000000000a 0603020000000001"
				 "0600010000000003 0600000000000009 0608050000000000",
		    b, sizeof(b)) };
	extcomm_scan(&v);
	ck_assert_uint_eq(v.flags,
	    ATTRS_MED | ATTRS_ENCAP | ATTRS_RMAC | ATTRS_MOBILITY | ATTRS_STICKY |
		ATTRS_ROUTER | ATTRS_PROXY);
	ck_assert_uint_eq(v.mm_seq, 3);
	ck_assert_str_eq(MACSTR(&v.rmac), "02:00:00:00:00:01");
	ck_assert_str_eq(extcomm_str(buf, sizeof(buf), &v.ext),
	    "RT:65000:100 ET:10 MM:9 MM:3, sticky MAC Rmac:02:00:00:00:00:01 ND:Proxy");
	ck_assert_str_eq(extcomm_str(buf, 16, &v.ext), "RT:65000:100 ET");
	v.ext.len = 0;
	extcomm_scan(&v);
	ck_assert_uint_eq(v.flags, ATTRS_MED);
	ck_assert_uint_eq(v.mm_seq, 0);
	ck_assert_str_eq(extcomm_str(buf, sizeof(buf), &v.ext), "");
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("extcomm", &tc);

	tcase_add_loop_test(tc, text, 0, ROWS);
	tcase_add_test(tc, made);
	tcase_add_test(tc, recognised);
	tcase_add_test(tc, scan);
	return unit_run(s);
}

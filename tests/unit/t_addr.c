/* Tests of base/addr: each row is text, whether it parses, and how it prints again. */
#include "base/addr.h"

#include "unit.h"

enum kind { IP, PREFIX, MAC, RD, RT, ESI };

static const struct row {
	enum kind kind;
	const char *in;
	const char *out; /* NULL: does not parse */
} rows[] = {
	/* clang-format off */
	{ IP,	  "10.0.0.1",		"10.0.0.1" },
	{ IP,	  "2001:DB8::1",	"2001:db8::1" },
	{ IP,	  "10.0.0",		NULL },
	{ IP,	  "10.0.0.256",		NULL },
	{ IP,	  "",			NULL },
	{ PREFIX, "10.1.2.3/8",		"10.0.0.0/8" },
	{ PREFIX, "10.1.2.3/31",	"10.1.2.2/31" },
	{ PREFIX, "10.1.2.3/0",		"0.0.0.0/0" },
	{ PREFIX, "10.1.2.3",		"10.1.2.3/32" },
	{ PREFIX, "10.1.2.3/33",	NULL },
	{ PREFIX, "10.1.2.3/",		NULL },
	{ PREFIX, "fd00::1:1/112",	"fd00::1:0/112" },
	{ PREFIX, "fd00::1/129",	NULL },
	{ MAC,	  "02:00:00:00:00:aB",	"02:00:00:00:00:ab" },
	{ MAC,	  "02:00:00:00:00",	NULL },
	{ MAC,	  "02:00:00:00:00:1",	NULL },
	{ MAC,	  "02:00:00:00:00:01:",	NULL },
	{ MAC,	  "02-00-00-00-00-01",	NULL },
	{ RD,	  "65000:100",		"65000:100" },
	{ RD,	  "65536:100",		"65536:100" },
	{ RD,	  "65536:65536",	NULL },
	{ RD,	  "65000:4294967295",	"65000:4294967295" },
	{ RD,	  "65000:4294967296",	NULL },
	{ RD,	  "10.0.0.1:7",		"10.0.0.1:7" },
	{ RD,	  "10.0.0.1:65536",	NULL },
	{ RD,	  "10.0.0.1",		NULL },
	{ RD,	  ":1",			NULL },
	{ RD,	  "1:",			NULL },
	{ RD,	  "-1:1",		NULL },
	{ RT,	  "65000:100",		"65000:100" },
	{ RT,	  "4200000000:1",	"4200000000:1" },
	{ RT,	  "10.0.0.1:7",		"10.0.0.1:7" },
	{ ESI,	  "03:44:38:39:ff:ff:01:00:00:01", "03:44:38:39:ff:ff:01:00:00:01" },
	{ ESI,	  "03:44:38",		NULL },
	/* clang-format on */
};

START_TEST(parse_and_print)
{
	const struct row *r = &rows[_i];
	char buf[64] = "";
	union {
		struct ip ip;
		struct prefix prefix;
		struct mac mac;
		struct rd rd;
		struct ecom rt;
		struct esi esi;
	} v;
	bool ok = false;

	switch (r->kind) {
	case IP:
		ok = ip_parse(r->in, &v.ip) && ip_str(buf, &v.ip);
		break;
	case PREFIX:
		ok = prefix_parse(r->in, &v.prefix) && prefix_str(buf, &v.prefix);
		break;
	case MAC:
		ok = mac_parse(r->in, &v.mac) && mac_str(buf, &v.mac);
		break;
	case RD:
		ok = rd_parse(r->in, &v.rd) && rd_str(buf, &v.rd);
		break;
	case RT:
		ok = rt_parse(r->in, &v.rt) && rt_str(buf, &v.rt);
		break;
	case ESI:
		ok = esi_parse(r->in, &v.esi) && esi_str(buf, &v.esi);
		break;
	}
	ck_assert_msg(ok == (r->out != NULL), "%s", r->in);
	if (r->out != NULL)
		ck_assert_str_eq(buf, r->out);
}
END_TEST

static const struct {
	const char *ip;
	bool any, loopback, linklocal, multicast;
} kinds[] = {
	/* clang-format off */
	{ "0.0.0.0",	 true,	false, false, false },
	{ "::",		 true,	false, false, false },
	{ "127.1.2.3",	 false, true,  false, false },
	{ "::1",	 false, true,  false, false },
	{ "169.254.1.1", false, false, true,  false },
	{ "fe80::1",	 false, false, true,  false },
	{ "febf::1",	 false, false, true,  false },
	{ "fec0::1",	 false, false, false, false },
	{ "239.1.1.1",	 false, false, false, true },
	{ "ff02::1",	 false, false, false, true },
	{ "10.0.0.1",	 false, false, false, false },
	/* clang-format on */
};

START_TEST(ip_kinds)
{
	struct ip ip;

	ck_assert(ip_parse(kinds[_i].ip, &ip));
	ck_assert_msg(ip_is_any(&ip) == kinds[_i].any, "%s", kinds[_i].ip);
	ck_assert_msg(ip_is_loopback(&ip) == kinds[_i].loopback, "%s", kinds[_i].ip);
	ck_assert_msg(ip_is_linklocal(&ip) == kinds[_i].linklocal, "%s", kinds[_i].ip);
	ck_assert_msg(ip_is_multicast(&ip) == kinds[_i].multicast, "%s", kinds[_i].ip);
}
END_TEST

START_TEST(derived)
{
	struct mac mac = { { 0x00, 0x00, 0x5e, 0x00, 0x01, 0xfe } };
	struct ip ip = ip_of_mac(&mac);
	struct rd rd = rd_of_ip(0x0a000001, 100);
	struct ecom rt = rt_of_as(4200000000U, 100);

	ck_assert_str_eq(IPSTR(&ip), "fe80::200:5eff:fe00:1fe");
	ck_assert_str_eq(RDSTR(&rd), "10.0.0.1:100");
	/* FRR's automatic target: the AS modulo 65536. */
	ck_assert_str_eq(RTSTR(&rt), "59904:100");
}
END_TEST

START_TEST(contains)
{
	struct prefix p;
	struct ip in, out, other;

	ck_assert(prefix_parse("10.1.0.0/15", &p) && ip_parse("10.0.255.1", &in) &&
	    ip_parse("10.2.0.1", &out) && ip_parse("::1", &other));
	ck_assert(prefix_contains(&p, &in));
	ck_assert(!prefix_contains(&p, &out));
	ck_assert(!prefix_contains(&p, &other));
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("addr", &tc);

	tcase_add_loop_test(tc, parse_and_print, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_loop_test(tc, ip_kinds, 0, sizeof(kinds) / sizeof(kinds[0]));
	tcase_add_test(tc, derived);
	tcase_add_test(tc, contains);
	return unit_run(s);
}

/* Tests of bgp/attr: how attributes are written, to which kind of peer. */
#include "bgp/attr.h"

#include "bgp/extcomm.h"
#include "hex.h"
#include "unit.h"

static const struct attr_ctx ibgp4 = { .as4 = true, .ibgp = true };
static const struct attr_ctx ebgp4 = { .as4 = true };
static const struct attr_ctx ebgp2 = { 0 };

static const uint8_t path[] = { 2, 2, 0, 0, 0xfd, 0xe9, 0xfa, 0x56, 0xea, 0 };
static const uint8_t communities[] = { 0xff, 0xff, 0xff, 1 };
static const uint8_t clusters[] = { 10, 0, 0, 250 };
static const uint8_t large[12] = { 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3 };
static const uint8_t unknown[] = { 0xe0, 99, 1, 7 };

static struct attr_value
full(void)
{
	return (struct attr_value){ .flags = ATTRS_MED | ATTRS_LOCAL_PREF |
		    ATTRS_ATOMIC | ATTRS_AGGREGATOR | ATTRS_ORIGINATOR_ID | ATTRS_PMSI,
		.origin = 2,
		.med = 10,
		.local_pref = 100,
		.originator_id = 0x0a000009,
		.aggregator_as = 4200000000,
		.aggregator_id = 0x0a000001,
		.pmsi = { .type = PMSI_INGRESS,
		    .label = 100,
		    .tunnel = ip_of_v4(0x0a000001) },
		.aspath = { path, sizeof(path) },
		.community = { communities, sizeof(communities) },
		.cluster = { clusters, sizeof(clusters) },
		.large = { large, sizeof(large) },
		.unknown = { unknown, sizeof(unknown) } };
}

static void
check(const char *what, const struct attr_value *v, const struct attr_ctx *ctx,
    const char *bytes)
{
	uint8_t buf[2048];
	struct builder b = builder_of(buf, sizeof(buf));

	attrs_put(&b, v, ctx);
	ck_assert(!b.full);
	hex_check(what, buf, put_len(&b), bytes);
}

START_TEST(all)
{
	struct attr_value v = full();

	check("iBGP", &v, &ibgp4,
	    "40 01 01 02  40 02 0a 0202 0000fde9 fa56ea00  80 04 04 0000000a"
	    "40 05 04 00000064  40 06 00  c0 07 08 fa56ea00 0a000001  c0 08 04 ffffff01"
	    "80 09 04 0a000009  80 0a 04 0a0000fa  c0 16 09 00 06 000064 0a000001"
	    "c0 20 0c 000000010000000200000003  e0 63 01 07");
	check("eBGP", &v, &ebgp4,
	    "40 01 01 02  40 02 0a 0202 0000fde9 fa56ea00  80 04 04 0000000a"
	    "40 06 00  c0 07 08 fa56ea00 0a000001  c0 08 04 ffffff01"
	    "c0 16 09 00 06 000064 0a000001  c0 20 0c 000000010000000200000003  e0 63 "
	    "01 07");
	check("eBGP, 2-octet AS", &v, &ebgp2,
	    "40 01 01 02  40 02 06 0202 fde9 5ba0  80 04 04 0000000a"
	    "40 06 00  c0 07 06 5ba0 0a000001  c0 08 04 ffffff01"
	    "c0 11 0a 0202 0000fde9 fa56ea00  c0 12 08 fa56ea00 0a000001"
	    "c0 16 09 00 06 000064 0a000001  c0 20 0c 000000010000000200000003  e0 63 "
	    "01 07");
}
END_TEST

START_TEST(least)
{
	struct attr_value v = { 0 };

	check("least", &v, &ibgp4, "40 01 01 00  40 02 00");
	check("least, 2-octet AS", &v, &ebgp2, "40 01 01 00  40 02 00");
}
END_TEST

/* The length takes two bytes only where it must. */
START_TEST(extended_length)
{
	static uint8_t many[256];
	struct attr_value v = { .community = { many, 252 } };
	uint8_t buf[512];
	struct builder b = builder_of(buf, sizeof(buf));

	attrs_put(&b, &v, &ibgp4);
	hex_check("252", buf, 10, "40 01 01 00  40 02 00  c0 08 fc");
	v.community.len = 256;
	b = builder_of(buf, sizeof(buf));
	attrs_put(&b, &v, &ibgp4);
	hex_check("256", buf, 11, "40 01 01 00  40 02 00  d0 08 0100");
}
END_TEST

START_TEST(pmsi)
{
	static const uint8_t tree[] = { 10, 0, 0, 1, 239, 1, 1, 1 };
	struct attr_value v = { .flags = ATTRS_PMSI,
		.pmsi = { .type = PMSI_PIM_SM, .flags = 1, .label = 0xffffff },
		.tunnel = { tree, sizeof(tree) } };
	struct ip v6;

	check("PIM", &v, &ibgp4,
	    "40 01 01 00  40 02 00  c0 16 0d 01 04 ffffff 0a000001 ef010101");
	ck_assert(ip_parse("2001:db8::1", &v6));
	v = (struct attr_value){ .flags = ATTRS_PMSI,
		.pmsi = { .type = PMSI_INGRESS, .label = 100, .tunnel = v6 } };
	check("IPv6", &v, &ibgp4,
	    "40 01 01 00  40 02 00  c0 16 15 00 06 000064"
	    "20010db8000000000000000000000001");
}
END_TEST

START_TEST(names)
{
	ck_assert_str_eq(attr_name(ATTR_ORIGIN), "ORIGIN");
	ck_assert_str_eq(attr_name(ATTR_PMSI), "PMSI_TUNNEL");
	ck_assert_str_eq(attr_name(0), "unknown");
	ck_assert_str_eq(attr_name(255), "unknown");
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("attr", &tc);

	tcase_add_test(tc, all);
	tcase_add_test(tc, least);
	tcase_add_test(tc, extended_length);
	tcase_add_test(tc, pmsi);
	tcase_add_test(tc, names);
	return unit_run(s);
}

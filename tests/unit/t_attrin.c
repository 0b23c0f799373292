/*
 * Tests of bgp/attrin: every attribute with every kind of fault, and the verdict on it (RFC
 * 7606, 7). Each is put into an UPDATE that is good but for it.
 */
#include "bgp/attrin.h"

#include "hex.h"
#include "unit.h"

#define ROUTE "03 11 0001 0a000001 0064 00000000 20 0a000001 "
#define REACH "80 0e 1c 0019 46 04 0a000001 00 " ROUTE
#define ORIGIN "40 01 01 00 "
#define AS_PATH "40 02 06 0201 0000fde9 "

static const struct attr_ctx ibgp = { .as4 = true, .ibgp = true };
static const struct attr_ctx ebgp = { .as4 = true };
static const struct attr_ctx ebgp2 = { 0 };
static struct update u;

/* One UPDATE of these attributes. */
static enum bgp_verdict
decode(const uint8_t *attrs, size_t len, const struct attr_ctx *ctx)
{
	static uint8_t buf[65536];
	struct builder b = builder_of(buf, sizeof(buf));
	struct cursor c;

	put_u16(&b, 0);
	put_u16(&b, (uint16_t)len);
	put_bytes(&b, attrs, len);
	ck_assert(!b.full);
	c = cursor_of(buf, put_len(&b));
	return update_decode(&c, ctx, &u);
}

/* A good value of each attribute, and what is said of faults in it. */
static const struct kind {
	uint8_t type;
	uint8_t flags;
	const char *value;
	const struct attr_ctx *ctx;
	enum bgp_verdict length; /* on any wrong length */
	enum bgp_verdict empty;
	enum bgp_verdict longer; /* by one byte */
	enum bgp_verdict flag;
	enum bgp_verdict repeated;
	enum bgp_verdict ebgp; /* from an external peer */
} kinds[] = {
#define OK BGP_OK
#define DIS BGP_DISCARD
#define WDR BGP_WITHDRAW
#define RST BGP_RESET
	/* clang-format off */
	/* type, flags, value, session			  length empty longer flag rep. eBGP */
	{ ATTR_ORIGIN, 0x40, "02", &ibgp,			WDR, WDR, WDR, WDR, DIS, OK },
	{ ATTR_AS_PATH, 0x40, "0202 0000fde9 0000fdea", &ibgp,	WDR, OK,  WDR, WDR, DIS, OK },
	{ ATTR_NEXT_HOP, 0x40, "0a000001", &ibgp,		WDR, WDR, WDR, WDR, DIS, OK },
	{ ATTR_MED, 0x80, "0000000a", &ibgp,			WDR, WDR, WDR, WDR, DIS, OK },
	{ ATTR_LOCAL_PREF, 0x40, "00000064", &ibgp,		WDR, WDR, WDR, WDR, DIS, DIS },
	{ ATTR_ATOMIC, 0x40, "", &ibgp,				DIS, OK,  DIS, WDR, DIS, OK },
	{ ATTR_AGGREGATOR, 0xc0, "0000fde9 0a000001", &ibgp,	DIS, DIS, DIS, WDR, DIS, OK },
	{ ATTR_COMMUNITY, 0xc0, "fde90001 fde90002", &ibgp,	WDR, WDR, WDR, WDR, DIS, OK },
	{ ATTR_ORIGINATOR_ID, 0x80, "0a000009", &ibgp,		WDR, WDR, WDR, WDR, DIS, DIS },
	{ ATTR_CLUSTER_LIST, 0x80, "0a0000fa", &ibgp,		WDR, WDR, WDR, WDR, DIS, DIS },
	{ ATTR_EXT_COMM, 0xc0, "0002fde800000064", &ibgp,	WDR, WDR, WDR, WDR, DIS, OK },
	{ ATTR_AS4_PATH, 0xc0, "0201 fa56ea00", &ebgp2,		DIS, DIS, DIS, WDR, DIS, OK },
	{ ATTR_AS4_AGGREGATOR, 0xc0, "fa56ea00 0a000001", &ebgp2, DIS, DIS, DIS, WDR, DIS, OK },
	{ ATTR_PMSI, 0xc0, "00 06 000064 0a000001", &ibgp,	WDR, WDR, WDR, WDR, DIS, OK },
	{ ATTR_LARGE_COMM, 0xc0, "000000010000000200000003", &ibgp, WDR, WDR, WDR, WDR, DIS, OK },
	{ ATTR_OTC, 0xc0, "0000fde9", &ibgp,			WDR, WDR, WDR, WDR, DIS, OK },
	/* The route is in here: what cannot be read resets. */
	{ ATTR_MP_REACH, 0x80, "0019 46 04 0a000001 00" ROUTE, &ibgp, OK, RST, OK, WDR, RST, OK },
	{ ATTR_MP_UNREACH, 0x80, "0019 46" ROUTE, &ibgp,	OK, RST, OK, WDR, RST, OK },
	/* clang-format on */
};

/* The others that make a good UPDATE, then the attribute COPIES times. */
static enum bgp_verdict
decode_kind(const struct kind *k, const struct attr_ctx *ctx, uint8_t flags,
    const uint8_t *value, size_t len, unsigned copies)
{
	uint8_t buf[2048], more[256];
	struct builder b = builder_of(buf, sizeof(buf));

	if (k->type != ATTR_MP_REACH)
		put_bytes(&b, more, hex_in(REACH, more, sizeof(more)));
	if (k->type != ATTR_ORIGIN)
		put_bytes(&b, more, hex_in(ORIGIN, more, sizeof(more)));
	if (k->type != ATTR_AS_PATH)
		put_bytes(&b, more,
		    hex_in(
			ctx->as4 ? AS_PATH : "40 02 04 0201 5ba0", more, sizeof(more)));
	while (copies-- > 0) {
		put_u8(&b, flags);
		put_u8(&b, k->type);
		if (flags & ATTR_EXTENDED)
			put_u16(&b, (uint16_t)len);
		else
			put_u8(&b, (uint8_t)len);
		put_bytes(&b, value, len);
	}
	ck_assert(!b.full);
	return decode(buf, put_len(&b), ctx);
}

static void
expect(const struct kind *k, const char *what, enum bgp_verdict have,
    enum bgp_verdict want)
{
	ck_assert_msg(have == want, "%s, %s: verdict %d (%s), expected %d",
	    attr_name(k->type), what, have, u.err.text, want);
	ck_assert((have == BGP_OK) == (u.err.code == 0));
	if (have != BGP_OK)
		ck_assert_msg(
		    strstr(u.err.text, attr_name(k->type)) != NULL, "%s", u.err.text);
}

START_TEST(faults)
{
	const struct kind *k = &kinds[_i];
	uint8_t value[256];
	size_t len = hex_in(k->value, value, sizeof(value) - 1);
	struct attr_ctx outside = { .as4 = k->ctx->as4 };

	value[len] = 0;
	expect(k, "good", decode_kind(k, k->ctx, k->flags, value, len, 1), BGP_OK);
	expect(k, "extended length bit",
	    decode_kind(k, k->ctx, k->flags | ATTR_EXTENDED, value, len, 1), BGP_OK);
	expect(k, "flags optional",
	    decode_kind(k, k->ctx, k->flags ^ ATTR_OPTIONAL, value, len, 1), k->flag);
	expect(k, "flags transitive",
	    decode_kind(k, k->ctx, k->flags ^ ATTR_TRANSITIVE, value, len, 1), k->flag);
	expect(k, "empty", decode_kind(k, k->ctx, k->flags, value, 0, 1), k->empty);
	expect(k, "longer", decode_kind(k, k->ctx, k->flags, value, len + 1, 1),
	    k->longer);
	expect(
	    k, "twice", decode_kind(k, k->ctx, k->flags, value, len, 2), k->repeated);
	expect(k, "from outside", decode_kind(k, &outside, k->flags, value, len, 1),
	    k->ebgp);
	for (size_t n = 1;
	     k->type != ATTR_MP_REACH && k->type != ATTR_MP_UNREACH && n < len; n++) {
		enum bgp_verdict v = decode_kind(k, k->ctx, k->flags, value, n, 1);

		/* Some are shorter and good still. */
		if (v != BGP_OK || !(k->type == ATTR_COMMUNITY && n == 4))
			expect(k, "shorter", v, k->length);
	}
}
END_TEST

/* What is wrong in other ways. The UPDATE is as written. */
static const struct {
	const char *what;
	const struct attr_ctx *ctx;
	const char *attrs;
	enum bgp_verdict verdict;
	unsigned subcode;
} rows[] = {
	/* clang-format off */
	{ "good", &ibgp, REACH ORIGIN AS_PATH, OK, 0 },
	{ "any order", &ibgp, AS_PATH ORIGIN REACH, OK, 0 },
	{ "no ORIGIN", &ibgp, REACH AS_PATH, WDR, BGP_UPDATE_MISSING },
	{ "no AS_PATH", &ibgp, REACH ORIGIN, WDR, BGP_UPDATE_MISSING },
	{ "ORIGIN 3", &ibgp, REACH "40 01 01 03" AS_PATH, WDR, BGP_UPDATE_ORIGIN },
	{ "AS_PATH with an empty segment", &ibgp, REACH ORIGIN "40 02 02 0200", WDR,
	  BGP_UPDATE_AS_PATH },
	{ "AS_PATH with segment type 5", &ibgp, REACH ORIGIN "40 02 06 0501 00000001", WDR,
	  BGP_UPDATE_AS_PATH },
	{ "AS_PATH with confederations", &ibgp, REACH ORIGIN "40 02 06 0301 00000001", OK, 0 },
	{ "AS_PATH with 2-byte numbers", &ibgp, REACH ORIGIN "40 02 04 0201 fde9", WDR,
	  BGP_UPDATE_AS_PATH },
	{ "AS4_PATH from a peer that has no need", &ibgp,
	  REACH ORIGIN AS_PATH "c0 11 06 0201 fa56ea00", DIS, BGP_UPDATE_OPTIONAL },
	{ "AS4_AGGREGATOR from a peer that has no need", &ibgp,
	  REACH ORIGIN AS_PATH "c0 12 08 fa56ea00 0a000001", DIS, BGP_UPDATE_OPTIONAL },
	{ "AS4_PATH malformed", &ebgp2, REACH ORIGIN "40 02 04 0201 5ba0 c0 11 06 0202 fa56ea00",
	  DIS, BGP_UPDATE_OPTIONAL },
	{ "AGGREGATOR of 6 bytes", &ibgp, REACH ORIGIN AS_PATH "c0 07 06 fde9 0a000001", DIS,
	  BGP_UPDATE_OPTIONAL },
	{ "AGGREGATOR of 8 bytes, 2-octet AS", &ebgp2,
	  REACH ORIGIN "40 02 04 0201 5ba0" "c0 07 08 0000fde9 0a000001", DIS, BGP_UPDATE_OPTIONAL },
	{ "AGGREGATOR of 7 bytes", &ibgp, REACH ORIGIN AS_PATH "c0 07 07 00fde9 0a000001", DIS,
	  BGP_UPDATE_OPTIONAL },
	{ "LOCAL_PREF from outside, of any length", &ebgp, REACH ORIGIN AS_PATH "40 05 01 00", DIS,
	  BGP_UPDATE_OPTIONAL },
	{ "PMSI ingress replication, IPv6", &ibgp,
	  REACH ORIGIN AS_PATH "c0 16 15 00 06 000064 20010db8000000000000000000000001", OK, 0 },
	{ "PMSI ingress replication, 5 bytes", &ibgp,
	  REACH ORIGIN AS_PATH "c0 16 0a 00 06 000064 0a00000100", WDR, BGP_UPDATE_OPTIONAL },
	{ "PMSI ingress replication, no tunnel", &ibgp, REACH ORIGIN AS_PATH "c0 16 05 00 06 000064",
	  WDR, BGP_UPDATE_OPTIONAL },
	{ "PMSI PIM-SM", &ibgp, REACH ORIGIN AS_PATH "c0 16 0d 00 04 000064 0a000001 ef010101", OK, 0 },
	{ "PMSI PIM-SM, 4 bytes", &ibgp, REACH ORIGIN AS_PATH "c0 16 09 00 04 000064 ef010101", WDR,
	  BGP_UPDATE_OPTIONAL },
	{ "PMSI no tunnel", &ibgp, REACH ORIGIN AS_PATH "c0 16 05 00 00 000064", OK, 0 },
	{ "PMSI of a kind not known", &ibgp, REACH ORIGIN AS_PATH "c0 16 08 00 0b 000064 010203", OK,
	  0 },
	{ "unknown, optional, transitive", &ibgp, REACH ORIGIN AS_PATH "c0 63 01 07", OK, 0 },
	{ "unknown, optional, not transitive", &ibgp, REACH ORIGIN AS_PATH "80 63 01 07", OK, 0 },
	{ "unknown, well-known", &ibgp, REACH ORIGIN AS_PATH "40 63 01 07", RST, BGP_UPDATE_WELLKNOWN },
	{ "unknown, twice", &ibgp, REACH ORIGIN AS_PATH "c0 63 01 07 c0 63 01 07", DIS,
	  BGP_UPDATE_LIST },
	{ "length past the end", &ibgp, REACH ORIGIN AS_PATH "c0 08 05 fde90001", WDR,
	  BGP_UPDATE_LIST },
	{ "extended length past the end", &ibgp, REACH ORIGIN AS_PATH "d0 08 00", WDR,
	  BGP_UPDATE_LIST },
	{ "a byte too many", &ibgp, REACH ORIGIN AS_PATH "c0", WDR, BGP_UPDATE_LIST },
	{ "length past the end before any route", &ibgp, ORIGIN AS_PATH "80 0e 1d 0019 46", RST,
	  BGP_UPDATE_LIST },
	{ "malformed without any route to withdraw", &ibgp, "80 0f 03 0019 46 40 01 01 03", RST,
	  BGP_UPDATE_ORIGIN },
	{ "discarded without any route", &ibgp, "80 0f 03 0019 46 c0 07 01 00", DIS,
	  BGP_UPDATE_LENGTH },
	{ "withdrawal alone", &ibgp, "80 0f 16 0019 46" ROUTE, OK, 0 },
	{ "the worst counts", &ibgp, REACH "c0 07 01 00 40 01 01 03" AS_PATH "c0 07 01 00", WDR,
	  BGP_UPDATE_ORIGIN },
	{ "next hop of 5 bytes", &ibgp, "80 0e 0a 0019 46 05 0a00000100 00" ORIGIN AS_PATH, RST,
	  BGP_UPDATE_OPTIONAL },
	{ "next hop past the end", &ibgp, "80 0e 09 0019 46 10 0a000001 00" ORIGIN AS_PATH, RST,
	  BGP_UPDATE_OPTIONAL },
	{ "next hop 0.0.0.0", &ibgp, "80 0e 1c 0019 46 04 00000000 00" ROUTE ORIGIN AS_PATH, WDR,
	  BGP_UPDATE_NEXTHOP },
	{ "next hop 224.0.0.1", &ibgp, "80 0e 1c 0019 46 04 e0000001 00" ROUTE ORIGIN AS_PATH, WDR,
	  BGP_UPDATE_NEXTHOP },
	{ "next hop of IPv6", &ibgp, "80 0e 28 0019 46 10 20010db8000000000000000000000001 00" ROUTE
	  ORIGIN AS_PATH, OK, 0 },
	{ "next hop of IPv6 and link-local", &ibgp,
	  "80 0e 38 0019 46 20 20010db8000000000000000000000001 fe800000000000000000000000000001 00"
	  ROUTE ORIGIN AS_PATH, OK, 0 },
	{ "another family, with a next hop like no other", &ibgp,
	  "80 0e 0c 0001 80 06 010203040506 00 ff" ORIGIN AS_PATH, OK, 0 },
	/* clang-format on */
};

START_TEST(other)
{
	uint8_t buf[512];
	size_t len = hex_in(rows[_i].attrs, buf, sizeof(buf));
	enum bgp_verdict verdict = decode(buf, len, rows[_i].ctx);

	ck_assert_msg(verdict == rows[_i].verdict, "%s: verdict %d (%s)", rows[_i].what,
	    verdict, u.err.text);
	ck_assert_msg(u.err.subcode == rows[_i].subcode, "%s: subcode %u (%s)",
	    rows[_i].what, u.err.subcode, u.err.text);
	if (verdict == BGP_OK)
		return;
	ck_assert_uint_eq(u.err.code, BGP_ERR_UPDATE);
	ck_assert(u.err.text[0] != '\0');
}
END_TEST

/* What attributes leave in the draft; AGGREGATOR says AS_TRANS, or a real AS. */
#define OLD_SPEAKER(aggregator)                                                    \
	REACH ORIGIN                                                               \
	    "40 02 06 0202 5ba0 5ba0 c0 07 06 " aggregator                         \
	    " 0a000001 80 04 04 0000000a c0 08 04 fde90001 c0 11 06 0201 fa56ea00" \
	    "c0 12 08 fa56ea01 0a000002 e0 63 01 07 c0 23 04 0000fde9 80 64 00"    \
	    "d0 65 0002 0102"

START_TEST(values)
{
	uint8_t buf[512];
	struct attr_value *v = &u.draft.v;
	char path[64];

	ck_assert_int_eq(
	    decode(buf, hex_in(OLD_SPEAKER("5ba0"), buf, sizeof(buf)), &ebgp2), BGP_OK);
	ck_assert_str_eq(
	    aspath_str(path, sizeof(path), &v->aspath), "23456 4200000000");
	ck_assert_uint_eq(v->aspath_len, 2);
	ck_assert_uint_eq(v->aggregator_as, 4200000001);
	ck_assert_uint_eq(v->aggregator_id, 0x0a000002);
	ck_assert_uint_eq(v->med, 10);
	ck_assert_uint_eq(v->flags, ATTRS_MED | ATTRS_AGGREGATOR | ATTRS_PARTIAL);
	hex_check("unknown", v->unknown.p, v->unknown.len,
	    "e0 63 01 07  c0 23 04 0000fde9  e0 65 02 0102");
	/* Aggregated later, by a speaker of two bytes: what is in AS4_* is out of date. */
	(void)decode(buf, hex_in(OLD_SPEAKER("fde9"), buf, sizeof(buf)), &ebgp2);
	ck_assert_str_eq(aspath_str(path, sizeof(path), &v->aspath), "23456 23456");
	ck_assert_uint_eq(v->aggregator_as, 65001);
	ck_assert_uint_eq(v->aggregator_id, 0x0a000001);
}
END_TEST

/* More unknown attributes than there is room for: the rest is discarded, not the route. */
START_TEST(too_many)
{
	uint8_t buf[16384];
	struct builder b = builder_of(buf, sizeof(buf));
	uint8_t good[256];

	put_bytes(&b, good, hex_in(REACH ORIGIN AS_PATH, good, sizeof(good)));
	for (uint8_t type = 100; type < 130; type++) {
		attr_head_put(&b, ATTR_OPTIONAL | ATTR_TRANSITIVE, type, 200);
		for (unsigned i = 0; i < 200; i++)
			put_u8(&b, type);
	}
	ck_assert_int_eq(decode(buf, put_len(&b), &ibgp), BGP_DISCARD);
	ck_assert_uint_eq(u.draft.v.unknown.len, MSG_MAX / 203 * 203);
}
END_TEST

/* A path that does not fit when it is widened costs its routes. */
START_TEST(too_long)
{
	uint8_t buf[16384], good[256];
	struct builder b = builder_of(buf, sizeof(buf));

	put_bytes(&b, good, hex_in(REACH ORIGIN, good, sizeof(good)));
	attr_head_put(&b, ATTR_TRANSITIVE, ATTR_AS_PATH, 10 * 512);
	for (unsigned i = 0; i < 10; i++) {
		put_u16(&b, 0x02ff);
		for (unsigned n = 0; n < 255; n++)
			put_u16(&b, 1);
	}
	ck_assert_int_eq(decode(buf, put_len(&b), &ebgp2), BGP_WITHDRAW);
	ck_assert_str_eq(u.err.text, "attribute AS_PATH (2): too long");
	ck_assert(u.has_reach);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("attrin", &tc);

	tcase_add_loop_test(tc, faults, 0, sizeof(kinds) / sizeof(kinds[0]));
	tcase_add_loop_test(tc, other, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, values);
	tcase_add_test(tc, too_many);
	tcase_add_test(tc, too_long);
	return unit_run(s);
}

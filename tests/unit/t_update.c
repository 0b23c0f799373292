/* Tests of bgp/update: whole messages in and out. */
#include "bgp/update.h"

#include "bgp/extcomm.h"
#include "hex.h"
#include "unit.h"

#define RD "0001 0a000001 0064 "
#define NLRI3 "03 11" RD "00000000 20 0a000001 "
#define NLRI2(n) \
	"02 21" RD "00000000000000000000 00000000 30 0200000000" n " 00 000064 "
#define GONE2(n) \
	"02 21" RD "00000000000000000000 00000000 30 0200000000" n " 00 000000 "
#define HEAD "ffffffffffffffffffffffffffffffff "
#define REACH "0019 46 04 0a000001 00 "
#define COMMON "40 01 01 00  40 02 00  40 05 04 00000064 "
#define RT "c0 10 10 0002fde800000064 030c000000000008 "
#define PMSI "c0 16 09 00 06 000064 0a000001 "

static const struct attr_ctx ibgp = { .as4 = true, .ibgp = true };
static struct update u; /* too large for some stacks */

static enum bgp_verdict
decode(const char *text, const struct attr_ctx *ctx)
{
	static uint8_t buf[65536];
	struct cursor c = cursor_of(buf, hex_in(text, buf, sizeof(buf)));

	return update_decode(&c, ctx, &u);
}

START_TEST(eor)
{
	uint8_t buf[64];
	struct builder b = builder_of(buf, sizeof(buf));

	ck_assert_int_eq(decode("0000 0000", &ibgp), BGP_OK);
	ck_assert(u.eor && u.unreach_afi == 1 && u.unreach_safi == 1);
	ck_assert_int_eq(decode("0000 0006 80 0f 03 0019 46", &ibgp), BGP_OK);
	ck_assert(u.eor && u.unreach_afi == AFI_L2VPN && u.unreach_safi == SAFI_EVPN);
	ck_assert_int_eq(decode("0000 0007 90 0f 0003 0001 04", &ibgp), BGP_OK);
	ck_assert(u.eor && u.unreach_afi == 1 && u.unreach_safi == 4);
	ck_assert_int_eq(decode("0000 0019 80 0f 16 0019 46" NLRI3, &ibgp), BGP_OK);
	ck_assert(!u.eor && u.has_unreach);
	update_put_eor(&b);
	hex_check("eor", buf, put_len(&b), HEAD "001d 02 0000 0006 80 0f 03 0019 46");
}
END_TEST

/* A type 3 route as FRR sends it, and what we make of it again. */
START_TEST(imet)
{
	static const char bytes[] = "0000 004c 80 0e 1c " REACH NLRI3 COMMON RT PMSI;
	struct update_writer w;
	struct nlri_info info;
	struct nlri key;
	const char *why;
	uint8_t buf[256];
	struct builder b = builder_of(buf, sizeof(buf));
	char whole[sizeof(HEAD) + sizeof(bytes) + 10];

	ck_assert_int_eq(decode(bytes, &ibgp), BGP_OK);
	ck_assert(u.has_reach && !u.has_unreach && !u.eor);
	ck_assert(u.reach_afi == AFI_L2VPN && u.reach_safi == SAFI_EVPN);
	ck_assert_str_eq(IPSTR(&u.draft.v.nexthop), "10.0.0.1");
	ck_assert_uint_eq(u.draft.v.local_pref, 100);
	ck_assert(u.draft.v.flags & ATTRS_PMSI && u.draft.v.flags & ATTRS_VXLAN);
	ck_assert_uint_eq(u.draft.v.pmsi.label, 100);
	ck_assert_str_eq(IPSTR(&u.draft.v.pmsi.tunnel), "10.0.0.1");
	ck_assert_int_eq(nlri_get(&u.reach, false, &key, &info, &why), NLRI_OK);
	ck_assert_str_eq(NLRISTR(&key), "[3]:[0]:[32]:[10.0.0.1]");

	update_begin_reach(&w, &b, MSG_MAX, &u.draft.v, &ibgp);
	ck_assert(update_add(&w, &key, &info));
	update_end(&w);
	snprintf(whole, sizeof(whole), HEAD "0063 02 %s", bytes);
	hex_check("imet", buf, put_len(&b), whole);
}
END_TEST

static struct nlri
macip(uint32_t n)
{
	return (struct nlri){ .rd = rd_of_ip(0x0a000001, 100),
		.type = NLRI_MACIP,
		.mac = {
		    { 2, 0, 0, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n } } };
}

START_TEST(withdrawals)
{
	struct update_writer w;
	uint8_t buf[256];
	struct builder b = builder_of(buf, sizeof(buf));
	struct nlri one = macip(1), two = macip(2);

	update_begin_unreach(&w, &b, MSG_MAX, &ibgp);
	ck_assert(update_add(&w, &one, NULL) && update_add(&w, &two, NULL));
	update_end(&w);
	hex_check("withdrawals", buf, put_len(&b),
	    HEAD "0063 02 0000 004c 80 0f 49 0019 46" GONE2("01") GONE2("02"));
	ck_assert_int_eq(
	    decode("0000 004c 80 0f 49 0019 46" GONE2("01") NLRI2("02"), &ibgp),
	    BGP_OK);
	ck_assert(u.has_unreach && !u.has_reach && !u.eor);
}
END_TEST

/* As many as fit, in messages of both limits; the length of MP_REACH grows to two bytes. */
START_TEST(packed)
{
	static uint8_t buf[2 * MSG_MAX_EXTENDED];
	static const size_t limits[] = { 200, MSG_MAX, MSG_MAX_EXTENDED };
	struct ecom rt = rt_of_as(65000, 100);
	struct attr_value v = { .nexthop = ip_of_v4(0x0a000001),
		.flags = ATTRS_LOCAL_PREF,
		.local_pref = 100,
		.ext = { rt.b, sizeof(rt.b) } };

	for (unsigned i = 0; i < 3; i++) {
		struct builder b = builder_of(buf, sizeof(buf));
		struct nlri_info info = { .label = { 100 }, .labels = 1 }, got;
		struct update_writer w;
		struct bgp_error err;
		enum msg_type type;
		struct cursor c;
		struct nlri key;
		const char *why;
		unsigned n = 0;
		int len;

		put_u32(&b, 0xffffffff); /* something before it */
		update_begin_reach(&w, &b, limits[i], &v, &ibgp);
		for (key = macip(n); update_add(&w, &key, &info); key = macip(n))
			n++;
		ck_assert_uint_eq(w.routes, n);
		update_end(&w);
		len = msg_frame(buf + 4, put_len(&b) - 4, limits[i], &type, &err);
		ck_assert_int_eq(len, (int)put_len(&b) - 4);
		/* Not one more would have fitted. */
		ck_assert_uint_ge((size_t)len + 35, limits[i]);
		c = cursor_of(buf + 4 + MSG_HEADER, (size_t)len - MSG_HEADER);
		ck_assert_int_eq(update_decode(&c, &ibgp, &u), BGP_OK);
		while (nlri_get(&u.reach, false, &key, &got, &why) == NLRI_OK)
			n--;
		ck_assert_uint_eq(n, 0);
		ck_assert_uint_eq(u.draft.v.ext.len, 8);
	}
}
END_TEST

START_TEST(too_large)
{
	static uint8_t many[MSG_MAX], buf[2 * MSG_MAX];
	struct attr_value v = { .nexthop = ip_of_v4(1), .ext = { many, MSG_MAX } };
	struct builder b = builder_of(buf, sizeof(buf));
	struct nlri key = macip(1);
	struct update_writer w;

	update_begin_reach(&w, &b, MSG_MAX, &v, &ibgp);
	ck_assert(!update_add(&w, &key, NULL));
	update_end(&w);
	ck_assert_msg(put_len(&b) == 0 && !b.full, "a message without routes");
	/* Nor where the buffer is the limit. */
	b = builder_of(buf, 60);
	v.ext.len = 8;
	update_begin_reach(&w, &b, MSG_MAX, &v, &ibgp);
	ck_assert(!update_add(&w, &key, NULL));
	update_end(&w);
	ck_assert(put_len(&b) == 0 && !b.full);
}
END_TEST

START_TEST(addpath)
{
	static const struct attr_ctx ctx = {
		.as4 = true, .ibgp = true, .addpath = true
	};
	struct attr_value v = { .nexthop = ip_of_v4(0x0a000001) };
	struct nlri_info info = { .label = { 100 }, .labels = 1, .path_id = 7 };
	struct nlri key = macip(1);
	struct update_writer w;
	uint8_t buf[256];
	struct builder b = builder_of(buf, sizeof(buf));

	update_begin_reach(&w, &b, MSG_MAX, &v, &ctx);
	ck_assert(update_add(&w, &key, &info));
	update_end(&w);
	hex_check("add-path", buf, put_len(&b),
	    HEAD "0051 02 0000 003a 80 0e 30" REACH
		 "00000007" NLRI2("01") "40 01 01 00 40 02 00");
}
END_TEST

/* Every prefix of a good body is survived, and none but the whole is good. */
START_TEST(truncated)
{
	static const char good[] = "0000 004c 80 0e 1c " REACH NLRI3 COMMON RT PMSI;
	uint8_t buf[256];
	size_t len = hex_in(good, buf, sizeof(buf));

	for (size_t n = 0; n < len; n++) {
		struct cursor c = cursor_of(buf, n);

		ck_assert_int_eq(update_decode(&c, &ibgp, &u), BGP_RESET);
		ck_assert_uint_eq(u.err.subcode, BGP_UPDATE_LIST);
	}
	/* With the attributes' length cut as well. */
	for (size_t n = 5; n < len; n++) {
		struct cursor c = cursor_of(buf, n);

		buf[3] = (uint8_t)(n - 4);
		if (update_decode(&c, &ibgp, &u) == BGP_WITHDRAW)
			ck_assert(u.has_reach);
	}
}
END_TEST

START_TEST(ipv4)
{
	ck_assert_int_eq(decode("0003 100a01 0000", &ibgp), BGP_OK);
	ck_assert(!u.eor && get_left(&u.v4_withdrawn) == 3);
	ck_assert_int_eq(
	    decode("0000 000e" COMMON "40 03 04 0a000001 100a02", &ibgp), BGP_WITHDRAW);
	ck_assert_int_eq(
	    decode("0000 0015" COMMON "40 03 04 0a000001 100a02", &ibgp), BGP_OK);
	ck_assert(!u.has_reach && get_left(&u.v4_nlri) == 3);
	ck_assert_int_eq(decode("0000 000e" COMMON "100a02", &ibgp), BGP_WITHDRAW);
	ck_assert_str_eq(u.err.text, "attribute NEXT_HOP (3) is missing");
	ck_assert_int_eq(decode("0004 100a01 0000", &ibgp), BGP_RESET);
	ck_assert_int_eq(decode("", &ibgp), BGP_RESET);
}
END_TEST

/* The routes of U, announced or withdrawn, into KEYS; how many they are. */
static unsigned
routes_get(struct nlri *keys, struct nlri_info *infos, unsigned max)
{
	struct cursor *c = u.has_reach ? &u.reach : &u.unreach;
	const char *why;
	unsigned n = 0;

	while (get_left(c) > 0) {
		ck_assert_uint_lt(n, max);
		ck_assert_int_eq(
		    nlri_get(c, false, &keys[n], &infos[n], &why), NLRI_OK);
		n++;
	}
	return n;
}

/*
 * Decodes an UPDATE and writes it again: what we would send says the same, and is as long but
 * for the lengths of MP_REACH and AS_PATH, for which FRR always takes two bytes.
 */
static void
update_again(const uint8_t *msg, size_t len)
{
	struct cursor c = cursor_of(msg + MSG_HEADER, len - MSG_HEADER);
	struct attr_table *t = attr_table_new();
	struct update_writer w;
	struct nlri_info infos[32];
	struct nlri keys[32], again[32];
	struct attrs *a, *b;
	uint8_t buf[MSG_MAX];
	struct builder out = builder_of(buf, sizeof(buf));
	unsigned n;

	ck_assert_int_eq(update_decode(&c, &ibgp, &u), BGP_OK);
	n = routes_get(keys, infos, 32);
	a = attrs_intern(t, &u.draft);
	if (u.eor)
		update_put_eor(&out);
	else if (u.has_reach)
		update_begin_reach(&w, &out, MSG_MAX, &a->v, &ibgp);
	else
		update_begin_unreach(&w, &out, MSG_MAX, &ibgp);
	for (unsigned i = 0; i < n; i++)
		ck_assert(update_add(&w, &keys[i], u.has_reach ? &infos[i] : NULL));
	if (!u.eor)
		update_end(&w);
	ck_assert(put_len(&out) == len || (u.has_reach && put_len(&out) == len - 2));
	if (!u.has_reach)
		ck_assert(memcmp(buf, msg, len) == 0);
	c = cursor_of(buf + MSG_HEADER, put_len(&out) - MSG_HEADER);
	ck_assert_int_eq(update_decode(&c, &ibgp, &u), BGP_OK);
	ck_assert_uint_eq(routes_get(again, infos, 32), n);
	ck_assert(memcmp(keys, again, n * sizeof(keys[0])) == 0);
	/* An unknown attribute has become partial, or was already. */
	u.draft.v.flags |= a->v.flags & ATTRS_PARTIAL;
	b = attrs_intern(t, &u.draft);
	ck_assert_ptr_eq(a, b);
	attrs_unref(t, a);
	attrs_unref(t, b);
	attr_table_free(t);
}

/* All that FRR said in a session. */
START_TEST(frr)
{
	const char *srcdir = getenv("srcdir");
	char path[4096], line[8192];
	unsigned updates = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/tests/data/frr-8.4.4.hex",
	    srcdir != NULL ? srcdir : ".");
	f = fopen(path, "r");
	ck_assert_msg(f != NULL, "%s", path);
	while (fgets(line, sizeof(line), f) != NULL) {
		uint8_t msg[MSG_MAX];
		struct bgp_error err;
		struct msg_open open;
		enum msg_type type;
		struct cursor c;
		size_t len;

		if (line[0] == '#')
			continue;
		len = hex_in(line, msg, sizeof(msg));
		ck_assert_int_eq(msg_frame(msg, len, MSG_MAX, &type, &err), (int)len);
		c = cursor_of(msg + MSG_HEADER, len - MSG_HEADER);
		if (type == MSG_OPEN)
			ck_assert(msg_open_get(&c, &open, &err) == BGP_OK &&
			    caps_find(&open.caps, AFI_L2VPN, SAFI_EVPN) != NULL &&
			    open.caps.as4 && open.caps.extended_message);
		if (type != MSG_UPDATE)
			continue;
		update_again(msg, len);
		updates++;
	}
	fclose(f);
	ck_assert_uint_ge(updates, 12);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("update", &tc);

	tcase_add_test(tc, eor);
	tcase_add_test(tc, imet);
	tcase_add_test(tc, withdrawals);
	tcase_add_test(tc, packed);
	tcase_add_test(tc, too_large);
	tcase_add_test(tc, addpath);
	tcase_add_test(tc, truncated);
	tcase_add_test(tc, ipv4);
	tcase_add_test(tc, frr);
	return unit_run(s);
}

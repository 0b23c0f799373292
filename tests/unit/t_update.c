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

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("update", &tc);

	tcase_add_test(tc, eor);
	tcase_add_test(tc, imet);
	return unit_run(s);
}

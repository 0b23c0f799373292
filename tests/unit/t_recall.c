/* Tests of evpn/recall: sequences and addresses from one life to the next. */
#include "unit.h"

#include "evpnkit.h"

#define VNI 100

static struct evpn_memo
memo(unsigned vni, unsigned mac, unsigned ip, uint32_t seq)
{
	return (struct evpn_memo){
		.vni = vni, .mac = kit_mac(mac), .ip = kit_ip(ip), .seq = seq
	};
}

static void
start(struct kit *k)
{
	kit_init(k);
	kit_devices(k, VNI);
	kit_settle(k);
}

/* A MAC that is still here goes on with its sequence and its addresses. */
START_TEST(found_again)
{
	struct evpn_memo memos[] = { memo(VNI, 1, 0, 5), memo(VNI, 1, 7, 0),
		memo(VNI, 1, 8, 0), memo(VNI, 2, 9, 0), memo(VNI + 1, 3, 0, 9) };
	struct kit k;

	start(&k);
	for (unsigned i = 0; i < sizeof(memos) / sizeof(memos[0]); i++)
		evpn_recall(k.evpn, &memos[i]);
	evpn_recall(k.evpn, &memos[0]); /* told twice */
	kit_learn(&k, VNI, 1);
	kit_learn(&k, VNI, 3); /* of another VNI is another */
	kit_settle(&k);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 0), 5);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 7), 5);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 8), 5);
	ck_assert_int_eq(kit_seq(&k, VNI, 3, 0), 0);
	ck_assert_int_eq(kit_seq(&k, VNI, 2, 0), -1);
	ck_assert_int_eq(kit_seq(&k, VNI, 2, 9), -1);
	/* Nothing was announced that is not so still. */
	ck_assert_uint_eq(k.withdrawn, 0);
	kit_fini(&k);
}
END_TEST

/* It is asked for soon; without an answer the address goes, the MAC stays. */
START_TEST(asked)
{
	struct evpn_memo m = memo(VNI, 1, 7, 0);
	struct kit k;

	start(&k);
	evpn_recall(k.evpn, &m);
	kit_learn(&k, VNI, 1);
	kit_settle(&k);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 7), 0);
	ck_assert_uint_eq(kit_wait(&k, 30), 3);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 7), -1);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 0), 0);
	kit_fini(&k);
}
END_TEST

/* What moved while nobody looked is where its route is: it has the higher sequence. */
START_TEST(moved)
{
	struct evpn_memo m = memo(VNI, 1, 0, 5);
	struct kit_spec there = { .vni = VNI, .vtep = 2, .mac = 1, .seq = 6 };
	struct kit k;

	start(&k);
	evpn_recall(k.evpn, &m);
	kit_learn(&k, VNI, 1); /* the bridge has not forgotten yet */
	kit_settle(&k);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 0), 5);
	kit_route(&k, &there);
	kit_settle(&k);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 2);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 0), -1);
	kit_fini(&k);
}
END_TEST

START_TEST(forgotten)
{
	struct evpn_memo m = memo(VNI, 1, 7, 5);
	struct kit k;

	start(&k);
	evpn_recall(k.evpn, &m);
	evpn_recall_end(k.evpn);
	kit_learn(&k, VNI, 1);
	kit_settle(&k);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 0), 0);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 7), -1);
	evpn_recall(k.evpn, &m); /* freed with the rest */
	kit_fini(&k);
}
END_TEST

/* What is written down: only what the kernel does not have, each once, in whatever pieces. */
START_TEST(written)
{
	struct evpn_memo at = { 0 },
			 m[2] = { memo(VNI, 4, 0, 3), memo(VNI + 1, 5, 6, 0) };
	struct kit_spec there = { .vni = VNI, .vtep = 2, .mac = 9, .seq = 6 };
	unsigned piece = (unsigned)_i, left, n = 0, calls = 0;
	struct kit k;

	start(&k);
	kit_devices(&k, VNI + 1);
	kit_settle(&k);
	evpn_recall(k.evpn, &m[0]);
	evpn_recall(k.evpn, &m[1]);
	for (unsigned i = 1; i < 8; i++)
		kit_learn(&k, VNI, i);
	kit_learn(&k, VNI + 1, 5);
	kit_route(&k, &there);
	kit_settle(&k);
	do {
		ck_assert_uint_lt(calls++, 100);
		left = piece;
		while (evpn_memo_next(k.evpn, &at, &left)) {
			ck_assert_uint_lt(n, 2);
			ck_assert_uint_eq(at.vni, m[n].vni);
			ck_assert(mac_cmp(&at.mac, &m[n].mac) == 0);
			ck_assert(ip_cmp(&at.ip, &m[n].ip) == 0);
			ck_assert_uint_eq(at.seq, m[n].seq);
			n++;
		}
	} while (left == 0);
	ck_assert_uint_eq(n, 2);
	kit_fini(&k);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("recall", &tc);

	tcase_add_test(tc, found_again);
	tcase_add_test(tc, asked);
	tcase_add_test(tc, moved);
	tcase_add_test(tc, forgotten);
	tcase_add_loop_test(tc, written, 1, 20);
	return unit_run(s);
}

/* Tests of kern/kobj: what counts as equal, what is ours, what can be replaced, printing. */
#include "kern/kobj.h"

#include <linux/neighbour.h>

#include "unit.h"

static const struct mac mac1 = { { 2, 0, 0, 0, 0, 1 } };
static const struct mac mac2 = { { 2, 0, 0, 0, 0, 2 } };
static const struct ip vtep = { 4, { 10, 0, 0, 2 } };
static const struct ip host6 = { 6, { 0xfd, [15] = 1 } };

START_TEST(same_neigh)
{
	struct kkey key = kkey_neigh(3, &vtep);
	struct kval a = { .mac = mac1, .state = NUD_REACHABLE }, b = a;

	b.state = NUD_STALE;
	ck_assert(kval_same(&key, &a, &b));
	b.flags = NTF_EXT_LEARNED;
	ck_assert(!kval_same(&key, &a, &b));
	b = a;
	b.state = NUD_FAILED;
	ck_assert(!kval_same(&key, &a, &b));
	ck_assert(!kval_neigh_valid(&b));
	b = kval_remote_neigh(&mac1, false);
	a = kval_remote_neigh(&mac2, false);
	ck_assert(!kval_same(&key, &a, &b));
	a = kval_remote_neigh(&mac1, true);
	ck_assert(!kval_same(&key, &a, &b));
	ck_assert(kval_neigh_valid(&a) && kobj_is_ours(&key, &a));
}
END_TEST

START_TEST(same_brfdb)
{
	struct kkey key = kkey_brfdb(2, 0, &mac1);
	struct kval a = kval_remote_mac(5, false), b = a;

	b.state = NUD_STALE;
	ck_assert(kval_same(&key, &a, &b));
	b.port = 6;
	ck_assert(!kval_same(&key, &a, &b));
	ck_assert(kval_replaceable(&key, &b, &a));
	b = kval_remote_mac(5, true);
	ck_assert(!kval_same(&key, &a, &b));
	ck_assert(!kval_replaceable(&key, &a, &b));
	ck_assert(kobj_is_ours(&key, &a) && !kobj_is_ours(&key, &b));
	b = (struct kval){ .port = 7, .state = NUD_PERMANENT };
	ck_assert(kval_is_own(&key, &b));
	b = (struct kval){ .port = 7, .state = NUD_REACHABLE };
	ck_assert(!kval_is_own(&key, &b) && !kval_is_static(&key, &b));
	ck_assert(kval_replaceable(&key, &b, &a));
}
END_TEST

START_TEST(same_vxfdb)
{
	struct kkey key = kkey_vxfdb(5, 0, &mac1);
	struct kval a = kval_vxlan_dst(&vtep), b = kval_vxlan_nhid(7), c = a;

	ck_assert(!kval_same(&key, &a, &b));
	ck_assert(!kval_replaceable(&key, &a, &b));
	c.ip.b[3] = 9;
	ck_assert(!kval_same(&key, &a, &c));
	ck_assert(kval_replaceable(&key, &c, &a));
	c = a;
	c.flags = 0;
	ck_assert(!kval_same(&key, &a, &c));
	ck_assert(!kval_replaceable(&key, &c, &a));
	/* All destinations of the zero MAC share the flags of whom wrote last. */
	key = kkey_flood(5, 0, &vtep);
	a = kval_flood();
	ck_assert(kval_same(&key, &a, &c));
}
END_TEST

START_TEST(print)
{
	char buf[KOBJ_STRLEN];
	struct kkey key = kkey_brfdb(2, 10, &mac1);
	struct kval val = kval_remote_mac(5, false);

	ck_assert_str_eq(kkey_str(buf, &key), "02:00:00:00:00:01 vlan 10 on ifindex 2");
	ck_assert_str_eq(
	    kval_str(buf, &key, &val), "port ifindex 5 extern_learn reachable");
	key = kkey_vxfdb(5, 100, &mac1);
	val = kval_vxlan_dst(&vtep);
	ck_assert_str_eq(
	    kkey_str(buf, &key), "02:00:00:00:00:01 src_vni 100 on ifindex 5");
	ck_assert_str_eq(
	    kval_str(buf, &key, &val), "dst 10.0.0.2 extern_learn permanent noarp");
	key = kkey_flood(5, 0, &vtep);
	ck_assert_str_eq(
	    kkey_str(buf, &key), "00:00:00:00:00:00 dst 10.0.0.2 on ifindex 5");
	key = kkey_neigh(2, &host6);
	val = kval_remote_neigh(&mac1, true);
	ck_assert_str_eq(kkey_str(buf, &key), "fd00::1 on ifindex 2");
	ck_assert_str_eq(kval_str(buf, &key, &val),
	    "lladdr 02:00:00:00:00:01 extern_learn router noarp");
	ck_assert_str_eq(kval_str(buf, &key, NULL), "-");
	key = kkey_addr(2, &host6, 64);
	ck_assert_str_eq(kkey_str(buf, &key), "fd00::1/64 on ifindex 2");
	ck_assert_str_eq(kkind_name(KOBJ_VXFDB), "vxfdb");
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("kobj", &tc);

	tcase_add_test(tc, same_neigh);
	tcase_add_test(tc, same_brfdb);
	tcase_add_test(tc, same_vxfdb);
	tcase_add_test(tc, print);
	return unit_run(s);
}

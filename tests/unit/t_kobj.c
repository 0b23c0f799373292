/* Tests of kern/kobj: what counts as equal, what is ours, what can be replaced, printing. */
#include "kern/kobj.h"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

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

/* Order does not count, nor doubles; what is past the room is left out. */
START_TEST(groups)
{
	uint32_t a[] = { 3, 1, 0, 2, 3 }, b[] = { 1, 2, 3 };
	uint32_t many[] = { 9, 8, 7, 6, 5, 4, 3, 2, 1 };
	struct kkey key = kkey_nhgroup(7);
	struct kval x = kval_nhgroup(a, 5, false), y = kval_nhgroup(b, 3, false);

	ck_assert(kval_same(&key, &x, &y));
	y = kval_nhgroup(b, 3, true);
	ck_assert(!kval_same(&key, &x, &y) && !kval_replaceable(&key, &x, &y));
	y = kval_nhgroup(b, 2, false);
	ck_assert(!kval_same(&key, &x, &y) && kval_replaceable(&key, &x, &y));
	y = kval_nhgroup(many, 9, false);
	ck_assert_uint_eq(y.members[0], 2);
	ck_assert_uint_eq(y.members[KVAL_MEMBERS - 1], 9);
}
END_TEST

START_TEST(routes)
{
	static const struct {
		struct kval val;
		enum kroute_source source;
	} table[] = {
		{ { .proto = RTPROT_KERNEL, .flags = RTN_UNICAST, .port = 2 },
		    KROUTE_CONNECTED },
		{ { .proto = RTPROT_KERNEL,
		      .flags = RTN_UNICAST,
		      .port = 2,
		      .ip = { 4, { 10 } } },
		    KROUTE_KERNEL },
		{ { .proto = RTPROT_BOOT, .flags = RTN_UNICAST, .port = 2 },
		    KROUTE_KERNEL },
		{ { .proto = RTPROT_STATIC, .flags = RTN_BLACKHOLE }, KROUTE_STATIC },
		{ { .proto = 196, .flags = RTN_UNICAST, .nhid = 2 }, KROUTE_STATIC },
		{ { .proto = RTPROT_BGP, .flags = RTN_UNICAST }, KROUTE_OTHER },
	};
	struct prefix p6 = { host6, 128 }, p4 = { vtep, 32 }, got;
	struct kkey key = kkey_route(10, &p6, 0);
	struct kval a = kval_route_nhid(7), b = kval_route_via(&host6, 3, true);

	ck_assert_uint_eq(key.id, 1024);
	ck_assert_uint_eq(kkey_route(10, &p4, 0).id, 0);
	ck_assert(kobj_is_ours(&key, &a) && !kval_same(&key, &a, &b));
	ck_assert_int_eq(kval_route_source(&a), KROUTE_OURS);
	ck_assert(kkind_yields(KOBJ_ROUTE) && !kkind_on_device(KOBJ_ROUTE));
	got = kkey_prefix(&key);
	ck_assert_mem_eq(&got, &p6, sizeof(p6));
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		ck_assert_int_eq(kval_route_source(&table[i].val), table[i].source);
}
END_TEST

START_TEST(vlans)
{
	struct kkey key = kkey_brvlan(5, 10);
	struct kval a = kval_brvlan(0, 100), b = kval_brvlan(KVLAN_PVID, 0);

	ck_assert(!kval_same(&key, &a, &b));
	ck_assert(kval_replaceable(&key, &b, &a) && !kval_replaceable(&key, &a, &b));
	ck_assert(!kobj_is_ours(&key, &a) && !kkind_yields(KOBJ_BRVLAN));
}
END_TEST

static const struct print_row {
	struct kkey key;
	struct kval val;
	const char *key_str, *val_str;
} prints[] = {
	{ { .kind = KOBJ_NEXTHOP, .id = 7 },
	    { .ip = { 4, { 10, 0, 0, 2 } }, .port = 3, .flags = KNH_ONLINK }, "id 7",
	    "via 10.0.0.2 ifindex 3 onlink" },
	{ { .kind = KOBJ_NEXTHOP, .id = 8 },
	    { .ip = { 4, { 10, 0, 0, 2 } }, .flags = KNH_FDB }, "id 8",
	    "via 10.0.0.2 fdb" },
	{ { .kind = KOBJ_NHGROUP, .id = 9 }, { .members = { 7, 8, UINT32_MAX } },
	    "id 9", "group 7 8 ..." },
	{ { .kind = KOBJ_VNI, .id = 100, .ifindex = 5 }, { .port = 0 },
	    "vni 100 on ifindex 5", "present" },
	{ { .kind = KOBJ_TAGDROP, .ifindex = 5 }, { .port = 0 },
	    "tagged frames on ifindex 5", "dropped" },
	{ { .kind = KOBJ_REQDROP, .ifindex = 5 }, { .port = 0 },
	    "ARP and ND requests on ifindex 5", "dropped" },
	{ { .kind = KOBJ_ASK, .ifindex = 5, .ip = { .family = 6 } }, { .port = 0 },
	    "IPv6 on ifindex 5", "present" },
	{ { .kind = KOBJ_BRVLAN, .vlan = 10, .ifindex = 5 },
	    { .flags = KVLAN_PVID | KVLAN_UNTAGGED, .vni = 100 },
	    "vlan 10 on ifindex 5", "member pvid untagged vni 100" },
	{ { .kind = KOBJ_ROUTE,
	      .ifindex = 10,
	      .ip = { 4, { 10 } },
	      .plen = 8,
	      .id = 20 },
	    { .nhid = 7, .flags = RTN_UNICAST, .proto = KOBJ_PROTO },
	    "10.0.0.0/8 metric 20 table 10", "nhid 7 proto 91" },
	{ { .kind = KOBJ_ROUTE, .ifindex = 10, .ip = { 4, { 10 } }, .plen = 8 },
	    { .ip = { 4, { 10, 0, 0, 2 } },
		.port = 3,
		.state = KROUTE_MULTI,
		.flags = RTN_UNREACHABLE },
	    "10.0.0.0/8 metric 0 table 10",
	    "unreachable via 10.0.0.2 ifindex 3 multipath proto 0" },
};

START_TEST(print_routing)
{
	const struct print_row *r = &prints[_i];
	char buf[KOBJ_STRLEN];

	ck_assert_str_eq(kkey_str(buf, &r->key), r->key_str);
	ck_assert_str_eq(kval_str(buf, &r->key, &r->val), r->val_str);
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
	tcase_add_test(tc, groups);
	tcase_add_test(tc, routes);
	tcase_add_test(tc, vlans);
	tcase_add_test(tc, print);
	tcase_add_loop_test(tc, print_routing, 0, sizeof(prints) / sizeof(prints[0]));
	return unit_run(s);
}

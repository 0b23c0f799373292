/* Tests of evpn/vrfvia: next hops, their ids, and VTEPs with several router MACs. */
#include "unit.h"

#include "vrfkit.h"

#define P1 "10.1.0.0/24"
#define P2 "10.2.0.0/24"
#define P3 "10.3.0.0/24"

/* Requests that the kernel gets until all is done. */
static uint64_t
requests(struct kit *k)
{
	struct ktab_stats a, b;

	ktab_stats(k->ktab, &a);
	kit_settle(k);
	ktab_stats(k->ktab, &b);
	return b.adds + b.replaces + b.deletes - a.adds - a.replaces - a.deletes;
}

static unsigned
conflicts(struct kit *k)
{
	return vk_vrf(k, "default")->nconflicts;
}

/* One object for all that goes to a VTEP. */
START_TEST(shared)
{
	struct vk_spec s = { .vtep = 2, .label = L3 };
	char prefix[32];
	struct kit k;

	vk_init(&k);
	for (unsigned i = 1; i <= 100; i++) {
		snprintf(prefix, sizeof(prefix), "10.1.%u.0/24", i);
		s.prefix = prefix;
		vk_route(&k, &s);
	}
	/* nexthop, neighbour, two FDB entries, routes */
	ck_assert_uint_eq(requests(&k), 104);
	ck_assert_uint_eq(vrfvia_first(vk_vrf(&k, "default"))->rows, 100);
	kit_fini(&k);
}
END_TEST

/* The router MAC of a VTEP changes, route by route: no route leaves the kernel. */
START_TEST(rmac_changes)
{
	struct vk_spec s[3] = { { .vtep = 2, .label = L3, .prefix = P1 },
		{ .vtep = 2, .label = L3, .prefix = P2 },
		{ .vtep = 2, .label = L3, .prefix = P3 } };
	static const struct {
		const char *way;
		unsigned conflicts;
		unsigned requests;
	} after[] = { { "2", 1, 0 }, { "2 rmac 9", 1, 5 }, { "2 rmac 9", 0, 0 } };
	struct kit k;

	vk_init(&k);
	for (unsigned i = 0; i < 3; i++)
		vk_route(&k, &s[i]);
	kit_settle(&k);
	ck_assert_uint_eq(conflicts(&k), 0);
	for (unsigned i = 0; i < 3; i++) {
		s[i].rmac = 9;
		vk_route(&k, &s[i]);
		ck_assert_uint_eq(requests(&k), after[i].requests);
		for (unsigned j = 0; j < 3; j++)
			ck_assert_str_eq(vk_way(&k, s[j].prefix), after[i].way);
		ck_assert_uint_eq(conflicts(&k), after[i].conflicts);
	}
	for (unsigned i = 0; i < 3; i++)
		vk_withdraw(&k, &s[i]);
	kit_settle(&k);
	ck_assert_uint_eq(vk_count(&k, KOBJ_BRFDB), 0);
	ck_assert_uint_eq(vk_count(&k, KOBJ_VXFDB), 0);
	ck_assert_uint_eq(vk_count(&k, KOBJ_NEIGH), 0);
	kit_fini(&k);
}
END_TEST

/* Two routers behind one VTEP: the one of most routes is used, and it is told. */
START_TEST(conflict)
{
	struct vk_spec a = { .vtep = 2, .label = L3, .prefix = P1, .rmac = 8 };
	struct vk_spec b = { .vtep = 2, .label = L3, .prefix = P2, .rmac = 7 };
	struct vk_spec c = { .vtep = 2, .label = L3, .prefix = P3, .rmac = 8 };
	struct evpn_event ev[16];
	uint64_t seq = 0;
	unsigned n, told = 0;
	struct kit k;

	vk_init(&k);
	vk_route(&k, &a);
	kit_settle(&k);
	evpn_events(k.evpn, &seq, ev, 16);
	vk_route(&k, &b);
	kit_settle(&k);
	ck_assert_uint_eq(conflicts(&k), 1);
	ck_assert_str_eq(vk_way(&k, P1), "2 rmac 7"); /* of equals the lower */
	n = evpn_events(k.evpn, &seq, ev, 16);
	for (unsigned i = 0; i < n; i++)
		if (ev[i].kind == EV_RMAC_CONFLICT) {
			struct mac m = vk_rmac(8);

			ck_assert_int_eq(mac_cmp(&ev[i].mac, &m), 0);
			ck_assert_uint_eq(ev[i].vni, L3);
			told++;
		}
	ck_assert_uint_eq(told, 1);
	vk_route(&k, &c);
	kit_settle(&k);
	ck_assert_uint_eq(conflicts(&k), 1);
	ck_assert_str_eq(vk_way(&k, P2), "2 rmac 8");
	vk_withdraw(&k, &b);
	kit_settle(&k);
	ck_assert_uint_eq(conflicts(&k), 0);
	kit_fini(&k);
}
END_TEST

/* IPv4 and IPv6 prefixes of a VTEP share its FDB entries. */
START_TEST(families)
{
	struct vk_spec a = { .vtep = 2, .label = L3, .prefix = P1 };
	struct vk_spec b = { .vtep = 2, .label = L3, .prefix = "2001:db8::/64" };
	struct kit k;

	vk_init(&k);
	vk_route(&k, &a);
	vk_route(&k, &b);
	kit_settle(&k);
	ck_assert_uint_eq(vk_count(&k, KOBJ_NEXTHOP), 2);
	ck_assert_uint_eq(vk_count(&k, KOBJ_NEIGH), 2);
	ck_assert_uint_eq(vk_count(&k, KOBJ_BRFDB), 1);
	vk_withdraw(&k, &a);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, b.prefix), "2");
	ck_assert_uint_eq(vk_count(&k, KOBJ_NEXTHOP), 1);
	kit_fini(&k);
}
END_TEST

/* Behind two VTEPs one router MAC: the FDB has one place for it, the lower one. */
START_TEST(same_rmac)
{
	struct vk_spec a = { .vtep = 3, .label = L3, .prefix = P1, .rmac = 9 };
	struct vk_spec b = { .vtep = 2, .label = L3, .prefix = P2, .rmac = 9 };
	struct kit k;

	vk_init(&k);
	vk_route(&k, &a);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P1), "3 rmac 9");
	vk_route(&k, &b);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P1), "2 rmac 9");
	vk_withdraw(&k, &b);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P1), "3 rmac 9");
	kit_fini(&k);
}
END_TEST

/* --- ids --- */

static uint32_t
id_of(struct kit *k, const char *prefix)
{
	struct krow *r = vk_route_row(k, MAIN, prefix);

	ck_assert_ptr_nonnull(r);
	return krow_want(r).nhid;
}

START_TEST(stable)
{
	struct vk_spec s[] = { { .vtep = 2, .label = L3, .prefix = P1 },
		{ .vtep = 3, .label = L3, .prefix = P1 },
		{ .vtep = 2, .label = L3, .prefix = P2 } };
	uint32_t group = 0, single = 0;

	for (int life = 0; life < 2; life++) {
		struct kit k;

		vk_init(&k);
		for (unsigned i = 0; i < 3; i++)
			vk_route(&k, &s[life == 0 ? i : 2 - i]);
		kit_settle(&k);
		ck_assert_str_eq(vk_way(&k, P1), "2+3");
		if (life == 0) {
			group = id_of(&k, P1);
			single = id_of(&k, P2);
		}
		ck_assert_uint_eq(id_of(&k, P1), group);
		ck_assert_uint_eq(id_of(&k, P2), single);
		kit_fini(&k);
	}
}
END_TEST

static void
take_id(struct kit *k, uint32_t id, bool group)
{
	struct kkey key = group ? kkey_nhgroup(id) : kkey_nexthop(id);
	struct ip gw = kit_vtep(99);
	struct kval val = kval_nexthop(&gw, 7, true);

	if (group)
		val = kval_nhgroup((uint32_t[]){ 1, 2 }, 2, false);
	val.proto = RTPROT_STATIC;
	ktab_have(k->ktab, &key, &val, k->now);
}

/* Somebody else has the id, before us or after. */
START_TEST(taken)
{
	struct vk_spec s[] = { { .vtep = 2, .label = L3, .prefix = P1 },
		{ .vtep = 3, .label = L3, .prefix = P1 },
		{ .vtep = 2, .label = L3, .prefix = P2 } };
	uint32_t group, single;
	struct kit k;

	for (int early = 0; early < 2; early++) {
		vk_init(&k);
		for (unsigned i = 0; i < 3; i++)
			vk_route(&k, &s[i]);
		kit_settle(&k);
		group = id_of(&k, P1);
		single = id_of(&k, P2);
		if (early) {
			for (unsigned i = 0; i < 3; i++)
				vk_withdraw(&k, &s[i]);
			kit_settle(&k);
		}
		take_id(&k, group, true);
		take_id(&k, single, false);
		kit_settle(&k);
		for (unsigned i = 0; early && i < 3; i++)
			vk_route(&k, &s[i]);
		kit_settle(&k);
		ck_assert_uint_ne(id_of(&k, P1), group);
		ck_assert_uint_ne(id_of(&k, P2), single);
		ck_assert_str_eq(vk_way(&k, P1), "2+3");
		ck_assert_str_eq(vk_way(&k, P2), "2");
		ck_assert_uint_eq(vk_count(&k, KOBJ_NEXTHOP), 2);
		ck_assert_uint_eq(vk_count(&k, KOBJ_NHGROUP), 1);
		for (unsigned i = 0; i < 3; i++)
			vk_withdraw(&k, &s[i]);
		kit_settle(&k);
		ck_assert_uint_eq(vk_count(&k, KOBJ_NEXTHOP), 0);
		kit_fini(&k);
	}
}
END_TEST

static Suite *
suite(void)
{
	TCase *t;
	Suite *s = unit_suite("vrfvia", &t);

	tcase_add_test(t, shared);
	tcase_add_test(t, rmac_changes);
	tcase_add_test(t, conflict);
	tcase_add_test(t, families);
	tcase_add_test(t, same_rmac);
	tcase_add_test(t, stable);
	tcase_add_test(t, taken);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}

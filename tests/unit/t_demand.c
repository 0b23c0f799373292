/*
 * Tests of evpn/demand and evpn/use: what is wanted of what BGP knows, from when and until
 * when.
 */
#include "unit.h"

#include "evpnkit.h"

#define VNI 100

static void
configure(struct kit *k, bool on_demand, uint32_t age_s)
{
	struct evi_conf c = evi_conf_default(&k->conf);

	c.on_demand = on_demand;
	c.on_demand_age_s = age_s;
	evpn_configure_vni(k->evpn, VNI, &c);
	kit_settle(k);
}

static void
start(struct kit *k)
{
	struct klink s = kit_sensor(VNI);

	kit_init(k);
	kit_devices(k, VNI);
	kit_link(k, &s);
	configure(k, true, 60);
	ck_assert_ptr_nonnull(evi_find(k->evpn, VNI)->demand);
}

static void
route(struct kit *k, unsigned vtep, unsigned mac, unsigned ip)
{
	kit_route(
	    k, &(struct kit_spec){ .vni = VNI, .vtep = vtep, .mac = mac, .ip = ip });
	kit_settle(k);
}

static void
withdraw(struct kit *k, unsigned vtep, unsigned mac, unsigned ip)
{
	kit_withdraw(
	    k, &(struct kit_spec){ .vni = VNI, .vtep = vtep, .mac = mac, .ip = ip });
	kit_settle(k);
}

static void
ask_mac(struct kit *k, unsigned mac)
{
	struct mac m = kit_mac(mac);
	struct kkey key = kkey_vxfdb(SENSOR(VNI), 0, &m);

	evpn_demand(k->evpn, &key, false, k->now * 1000);
}

static void
miss_mac(struct kit *k, unsigned mac)
{
	ask_mac(k, mac);
	kit_settle(k);
	evpn_demand_acked(k->evpn, k->now * 1000 + 50);
}

/* The kernel asks on the SVI. */
static void
miss_ip(struct kit *k, unsigned ip)
{
	struct ip a = kit_ip(ip);
	struct kkey key = kkey_neigh(BR(VNI), &a);

	evpn_demand(k->evpn, &key, true, k->now * 1000);
	kit_settle(k);
	evpn_demand_acked(k->evpn, k->now * 1000 + 50);
}

static struct demand_stats
stats(struct kit *k)
{
	struct demand_stats s;

	ck_assert(evi_demand_stats(evi_find(k->evpn, VNI), k->now, &s));
	return s;
}

/* All entries that may be idle are read: those up to MAC BUSY were used just now. */
static unsigned
read_idle(struct kit *k, unsigned busy)
{
	struct kkey key;
	unsigned n = 0;

	while (evpn_check(k->evpn, k->now, &key)) {
		ck_assert_uint_lt(n++, 100);
		evpn_checked(
		    k->evpn, &key, key.mac.b[5] <= busy ? 1000 : 60000, k->now);
	}
	kit_settle(k);
	return n;
}

START_TEST(wanted_when_missed)
{
	struct kit k;

	start(&k);
	route(&k, 2, 1, 11);
	route(&k, 2, 2, 12);
	route(&k, 3, 3, 13);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 0);
	ck_assert_uint_eq(kit_neigh(&k, VNI, 11), 0);
	miss_mac(&k, 1);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 2);
	ck_assert_uint_eq(kit_neigh(&k, VNI, 11), 0); /* nobody asked for it */
	miss_ip(&k, 12);
	ck_assert_uint_eq(kit_dst(&k, VNI, 2), 2);
	ck_assert_uint_eq(kit_neigh(&k, VNI, 12), 2);
	ck_assert_uint_eq(kit_dst(&k, VNI, 3), 0);
	miss_mac(&k, 1);
	ck_assert_uint_eq(stats(&k).missed, 3);
	ck_assert_uint_eq(stats(&k).resolved, 2);
	ck_assert_uint_eq(stats(&k).coalesced, 1);
	ck_assert_uint_eq(stats(&k).macs, 2);
	ck_assert_uint_eq(stats(&k).ips, 1);
	ck_assert_uint_eq(stats(&k).outstanding, 0);
	kit_fini(&k);
}
END_TEST

START_TEST(not_known)
{
	struct kit k;

	start(&k);
	miss_mac(&k, 1);
	miss_mac(&k, 1);
	miss_ip(&k, 12);
	ck_assert_uint_eq(stats(&k).negative, 3);
	ck_assert_uint_eq(stats(&k).unknown, 2);
	ck_assert_uint_eq(stats(&k).resolved, 0);
	/* The route comes: no further question is needed. */
	route(&k, 2, 1, 0);
	route(&k, 2, 2, 12);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 2);
	ck_assert_uint_eq(kit_neigh(&k, VNI, 12), 2);
	ck_assert_uint_eq(kit_dst(&k, VNI, 2), 2);
	miss_mac(&k, 7);
	k.now += 11000;
	read_idle(&k, 100);
	ck_assert_uint_eq(stats(&k).unknown, 0);
	route(&k, 2, 7, 0);
	ck_assert_uint_eq(kit_dst(&k, VNI, 7), 0); /* that was too long ago */
	/* What is local is nobody's business. */
	kit_learn(&k, VNI, 8);
	kit_settle(&k);
	miss_mac(&k, 8);
	ck_assert_uint_eq(kit_dst(&k, VNI, 8), 0);
	kit_fini(&k);
}
END_TEST

START_TEST(follows_routes)
{
	struct kit k;

	start(&k);
	route(&k, 2, 1, 11);
	miss_ip(&k, 11);
	kit_route(&k,
	    &(struct kit_spec){ .vni = VNI, .vtep = 3, .mac = 1, .ip = 11, .seq = 1 });
	kit_settle(&k);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 3);
	withdraw(&k, 3, 1, 11);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 2);
	withdraw(&k, 2, 1, 11);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 0);
	ck_assert_uint_eq(kit_neigh(&k, VNI, 11), 0);
	route(&k, 4, 1, 11); /* back elsewhere, soon enough */
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 4);
	ck_assert_uint_eq(kit_neigh(&k, VNI, 11), 1);
	/* The address goes to another MAC, which nobody has asked for. */
	kit_route(&k,
	    &(struct kit_spec){ .vni = VNI, .vtep = 2, .mac = 2, .ip = 11, .seq = 9 });
	kit_settle(&k);
	ck_assert_uint_eq(kit_neigh(&k, VNI, 11), 2);
	ck_assert_uint_eq(kit_dst(&k, VNI, 2), 2);
	/* The MAC comes here. */
	kit_learn(&k, VNI, 2);
	kit_settle(&k);
	ck_assert_uint_eq(kit_dst(&k, VNI, 2), 0);
	kit_fini(&k);
}
END_TEST

START_TEST(ages)
{
	struct kit k;

	start(&k);
	for (unsigned i = 1; i <= 4; i++) {
		route(&k, 2, i, 10 + i);
		miss_ip(&k, 10 + i);
	}
	k.now += 59000;
	ck_assert_uint_eq(read_idle(&k, 0), 0); /* not yet */
	k.now += 1000;
	ck_assert_uint_eq(read_idle(&k, 2), 4);
	for (unsigned i = 1; i <= 4; i++) {
		ck_assert_uint_eq(kit_dst(&k, VNI, i), i <= 2 ? 2 : 0);
		ck_assert_uint_eq(kit_neigh(&k, VNI, 10 + i), i <= 2 ? i : 0);
	}
	ck_assert_uint_eq(stats(&k).aged, 2);
	ck_assert_uint_eq(stats(&k).ips, 2);
	ck_assert_uint_eq(read_idle(&k, 2), 0);
	k.now += 59000;
	ck_assert_uint_eq(read_idle(&k, 1), 2);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 2);
	ck_assert_uint_eq(kit_dst(&k, VNI, 2), 0);
	miss_mac(&k, 2);
	ck_assert_uint_eq(kit_dst(&k, VNI, 2), 2);
	kit_fini(&k);
}
END_TEST

START_TEST(changes_over)
{
	struct klink s = kit_sensor(VNI);
	struct kit k;
	unsigned announced;

	kit_init(&k);
	kit_devices(&k, VNI);
	configure(&k, false, 0);
	route(&k, 2, 1, 11);
	kit_learn(&k, VNI, 9);
	kit_settle(&k);
	announced = k.announced + k.withdrawn;
	configure(&k, true, 60);
	route(&k, 2, 2, 12); /* no sensor yet: as ever */
	ck_assert_uint_eq(kit_dst(&k, VNI, 2), 2);
	kit_link(&k, &s);
	kit_settle(&k);
	ck_assert_ptr_nonnull(evi_find(k.evpn, VNI)->demand);
	route(&k, 2, 3, 13);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 2); /* may be in use */
	ck_assert_uint_eq(kit_neigh(&k, VNI, 11), 1);
	ck_assert_uint_eq(kit_dst(&k, VNI, 2), 2);
	ck_assert_uint_eq(kit_dst(&k, VNI, 3), 0);
	k.now += 60000;
	read_idle(&k, 0);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 0);
	ck_assert_uint_eq(kit_neigh(&k, VNI, 11), 0);
	configure(&k, false, 0);
	for (unsigned i = 1; i <= 3; i++)
		ck_assert_uint_eq(kit_dst(&k, VNI, i), 2);
	ck_assert_uint_eq(kit_neigh(&k, VNI, 13), 3);
	ck_assert_uint_eq(k.announced + k.withdrawn, announced);
	kit_fini(&k);
}
END_TEST

/* Rows that an earlier life left may be in use. */
START_TEST(earlier_life)
{
	struct mac m = kit_mac(1);
	struct ip vtep = kit_vtep(2);
	struct kkey key = kkey_vxfdb(VX(VNI), 0, &m);
	struct kval val = kval_vxlan_dst(&vtep);
	struct kit k;

	start(&k);
	ktab_have(k.ktab, &key, &val, k.now);
	kit_route(&k, &(struct kit_spec){ .vni = VNI, .vtep = 2, .mac = 1 });
	kit_turn(&k, 1000);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 2);
	kit_fini(&k);
}
END_TEST

START_TEST(bounds)
{
	struct kit k;
	struct demand_stats s;

	start(&k);
	for (unsigned i = 1; i <= 20000; i++)
		ask_mac(&k, 1000 + i);
	s = stats(&k);
	ck_assert_uint_eq(s.unknown, 1024);
	ck_assert_uint_eq(s.negative, 5000);
	ck_assert_uint_eq(s.limited, 15000);
	route(&k, 2, 1, 0);
	miss_mac(&k, 1);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 0); /* all is used up */
	k.now += 100;
	miss_mac(&k, 1);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 2);
	ck_assert_uint_eq(stats(&k).resolved, 1);
	k.now += 2000;
	ask_mac(&k, 1);
	k.now += 1000;
	ask_mac(&k, 1);
	ck_assert_uint_eq(stats(&k).rate, 1);
	kit_fini(&k);
}
END_TEST

/* The kernel has lost rows without telling. */
START_TEST(lost_rows)
{
	struct ktab_op op;
	struct kit k;

	start(&k);
	route(&k, 2, 1, 0);
	miss_mac(&k, 1);
	ask_mac(&k, 1);
	ck_assert(!ktab_next(k.ktab, k.now, &op)); /* an old question */
	k.now += 5000;
	ask_mac(&k, 1);
	ck_assert(ktab_next(k.ktab, k.now, &op) && op.op == KOP_ADD);
	(void)ktab_done(k.ktab, &op, 0, k.now);
	kit_settle(&k);
	kit_fini(&k);
}
END_TEST

START_TEST(dropped_frames)
{
	struct mac m = kit_mac(1), other = kit_mac(2);
	uint32_t vni = 0, ifindex = 0;
	struct kit k;

	start(&k);
	route(&k, 2, 1, 0);
	ck_assert(!evpn_dropped(k.evpn, SENSOR(VNI), &other, k.now * 1000, &vni));
	ck_assert(!evpn_dropped(k.evpn, PORT(VNI), &m, k.now * 1000, &vni));
	ck_assert(evpn_dropped(k.evpn, SENSOR(VNI), &m, k.now * 1000, &vni));
	ck_assert_uint_eq(vni, VNI);
	ck_assert(!evpn_replay(k.evpn, vni, &m, &ifindex)); /* not there yet */
	kit_settle(&k);
	ck_assert(evpn_replay(k.evpn, vni, &m, &ifindex));
	ck_assert_uint_eq(ifindex, VX(VNI));
	kit_fini(&k);
}
END_TEST

/* A vxlan device with addresses of its own and no bridge. */
START_TEST(alone)
{
	struct evi_conf c;
	struct klink vx = kit_vxlan(VNI);
	struct mac bcast = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };
	struct ip own = kit_ip(200), ip = kit_ip(11), vtep = kit_vtep(2);
	struct kkey addr = kkey_addr(VX(VNI), &own, 24), key;
	struct kval val = kval_addr();
	struct krow *r;
	struct kit k;

	kit_init(&k);
	vx.is_port = false;
	vx.master = 0;
	vx.vxlan.l2miss = vx.vxlan.l3miss = vx.vxlan.proxy = true;
	vx.mac = kit_mac(50);
	kit_link(&k, &vx);
	c = evi_conf_default(&k.conf);
	c.on_demand = true;
	snprintf(c.vxlan, sizeof(c.vxlan), "vx%u", (unsigned)VNI);
	evpn_configure_vni(k.evpn, VNI, &c);
	kit_settle(&k);
	ktab_have(k.ktab, &addr, &val, k.now);
	kit_settle(&k);
	ck_assert(evi_find(k.evpn, VNI)->live);
	ck_assert_int_eq(kit_seq(&k, VNI, 50, 200), 0); /* it is a host itself */
	kit_route(&k, &(struct kit_spec){ .vni = VNI, .vtep = 2, .imet = true });
	route(&k, 2, 1, 11);
	key = kkey_flood(VX(VNI), 0, &vtep);
	r = ktab_find(k.ktab, &key);
	ck_assert(r == NULL || !r->wanted);
	key.mac = bcast;
	r = ktab_find(k.ktab, &key);
	ck_assert(r != NULL && r->wanted);
	key = kkey_neigh(VX(VNI), &ip);
	ck_assert_ptr_null(ktab_find(k.ktab, &key));
	evpn_demand(k.evpn, &key, true, k.now * 1000);
	kit_settle(&k);
	r = ktab_find(k.ktab, &key);
	ck_assert(r != NULL && r->wanted);
	key = kkey_vxfdb(VX(VNI), 0, &k.routes[1].key.mac);
	r = ktab_find(k.ktab, &key);
	ck_assert(r != NULL && r->wanted);
	kit_fini(&k);
}
END_TEST

START_TEST(percentile)
{
	struct demand_stats s = { .missed = 0 };
	struct kit k;

	ck_assert_uint_eq(demand_percentile(&s, 500), 0);
	start(&k);
	for (unsigned i = 1; i <= 100; i++) {
		route(&k, 2, i, 0);
		ask_mac(&k, i);
		kit_settle(&k);
		evpn_demand_acked(k.evpn, k.now * 1000 + i * 10);
	}
	s = stats(&k);
	ck_assert_uint_eq(s.resolved, 100);
	for (unsigned p = 10; p <= 1000; p += 10) {
		uint32_t v = demand_percentile(&s, p);

		ck_assert_uint_ge(v, p);
		ck_assert_uint_le(v, p + p / 8 + 1);
	}
	kit_fini(&k);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("demand", &tc);

	tcase_add_test(tc, wanted_when_missed);
	tcase_add_test(tc, not_known);
	tcase_add_test(tc, follows_routes);
	tcase_add_test(tc, ages);
	tcase_add_test(tc, changes_over);
	tcase_add_test(tc, earlier_life);
	tcase_add_test(tc, bounds);
	tcase_add_test(tc, lost_rows);
	tcase_add_test(tc, dropped_frames);
	tcase_add_test(tc, alone);
	tcase_add_test(tc, percentile);
	return unit_run(s);
}

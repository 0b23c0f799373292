/* Tests of evpn/answer: which questions of hosts are answered by us, and when. */
#include "unit.h"

#include "evpnkit.h"

#define VNI 100

static void
start(struct kit *k, bool suppression)
{
	struct klink s = kit_sensor(VNI);
	struct evi_conf c;

	kit_init(k);
	kit_devices(k, VNI);
	kit_link(k, &s);
	c = evi_conf_default(&k->conf);
	c.on_demand = true;
	c.suppression = suppression;
	evpn_configure_vni(k->evpn, VNI, &c);
	kit_settle(k);
	kit_route(k, &(struct kit_spec){ .vni = VNI, .vtep = 2, .mac = 1, .ip = 11 });
	kit_settle(k);
}

static void
ask(struct kit *k, unsigned mac, unsigned ip)
{
	struct demand_question q = { .port = PORT(VNI),
		.mac = kit_mac(mac),
		.ip = kit_ip(mac),
		.about = kit_ip(ip) };

	evpn_asked(k->evpn, &q, k->now * 1000);
}

START_TEST(answered)
{
	struct demand_answer a;
	struct demand_stats s;
	struct kit k;

	start(&k, true);
	ask(&k, 50, 11);
	ask(&k, 51, 11);
	ck_assert(!evpn_answer(k.evpn, k.now, &a)); /* not in the kernel yet */
	kit_settle(&k);
	ck_assert(evpn_answer(k.evpn, k.now, &a));
	ck_assert(mac_cmp(&a.to.mac, &(struct mac){ { 2, 0, 0, 0, 0, 50 } }) == 0);
	ck_assert(mac_cmp(&a.mac, &(struct mac){ { 2, 0, 0, 0, 0, 1 } }) == 0);
	ck_assert_uint_eq(a.to.port, PORT(VNI));
	ck_assert(!a.router);
	ck_assert(evpn_answer(k.evpn, k.now, &a));
	ck_assert(!evpn_answer(k.evpn, k.now, &a));
	ck_assert(evi_demand_stats(evi_find(k.evpn, VNI), k.now, &s));
	ck_assert_uint_eq(s.answered, 2);
	ck_assert_uint_eq(kit_neigh(&k, VNI, 11), 1);
	k.now += 5000; /* from now on the bridge answers */
	ask(&k, 50, 11);
	ck_assert(!evpn_answer(k.evpn, k.now, &a));
	kit_fini(&k);
}
END_TEST

START_TEST(not_answered)
{
	struct demand_answer a;
	struct kit k;

	start(&k, true);
	ask(&k, 50, 99); /* nobody knows it */
	ask(&k, 1, 11);  /* whose it is itself */
	kit_learn(&k, VNI, 7);
	kit_snoop(&k, VNI, 7, 17);
	kit_settle(&k);
	ask(&k, 50, 17); /* it is here */
	kit_settle(&k);
	ck_assert(!evpn_answer(k.evpn, k.now, &a));
	k.now += 5000;
	ask(&k, 50, 11);
	kit_withdraw(
	    &k, &(struct kit_spec){ .vni = VNI, .vtep = 2, .mac = 1, .ip = 11 });
	kit_settle(&k);
	ck_assert(!evpn_answer(k.evpn, k.now, &a));
	kit_fini(&k);
	start(&k, false); /* not to be suppressed: the host answers */
	ask(&k, 50, 11);
	kit_settle(&k);
	ck_assert(!evpn_answer(k.evpn, k.now, &a));
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 2);
	kit_fini(&k);
}
END_TEST

START_TEST(bounded)
{
	struct demand_answer a;
	struct kit k;
	unsigned n = 0;

	start(&k, true);
	for (unsigned i = 0; i < 5000; i++)
		ask(&k, 50, 11);
	kit_settle(&k);
	while (evpn_answer(k.evpn, k.now, &a))
		n++;
	ck_assert_uint_eq(n, 1024);
	ask(&k, 50, 11);
	kit_fini(&k); /* with one that waits */
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("answer", &tc);

	tcase_add_test(tc, answered);
	tcase_add_test(tc, not_answered);
	tcase_add_test(tc, bounded);
	return unit_run(s);
}

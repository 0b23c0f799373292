/* Tests of evpn/static: hosts of the configuration against routes and what is learned. */
#include "unit.h"

#include "evpnkit.h"

#define VNI 100

static void
configure(struct kit *k, struct evi_static *s, uint16_t n)
{
	struct evi_conf c = evi_conf_default(&k->conf);

	c.statics = s;
	c.nstatics = n;
	evpn_configure_vni(k->evpn, VNI, n > 0 ? &c : NULL);
	kit_settle(k);
}

static struct evi_static
host(unsigned mac, unsigned vtep, unsigned ip)
{
	return (struct evi_static){ kit_mac(mac), kit_vtep(vtep), kit_ip(ip) };
}

START_TEST(wins)
{
	struct evi_static s[] = { host(1, 9, 7), host(1, 9, 0) };
	struct kit_spec route = {
		.vni = VNI, .vtep = 2, .mac = 1, .ip = 7, .seq = 9, .sticky = true
	};
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	if (_i == 1)
		kit_learn(&k, VNI, 1);
	if (_i == 2)
		kit_fdb(&k, VNI, 1, NUD_NOARP, NTF_STICKY);
	if (_i == 3)
		kit_route(&k, &route);
	kit_settle(&k);
	configure(&k, s, 2);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 9);
	ck_assert_uint_eq(kit_neigh(&k, VNI, 7), 1);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 0), -1);
	/* Sticky: learned again here, it stays. */
	kit_learn(&k, VNI, 1);
	kit_route(&k, &route);
	kit_settle(&k);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 9);
	/* New targets: all routes are imported again, it is no route. */
	k.conf.as = 65001;
	evpn_configure(k.evpn, &k.conf);
	kit_settle(&k);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 9);
	/* Another VTEP; then no more: the route has it. */
	s[0].vtep = s[1].vtep = kit_vtep(8);
	configure(&k, s, 2);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 8);
	configure(&k, s, 0);
	ck_assert_uint_ne(kit_dst(&k, VNI, 1), 8);
	kit_fini(&k);
}
END_TEST

/* Advertised on request, with its VTEP as next hop; the own route with the same key goes. */
START_TEST(redistributed)
{
	struct evi_static s[] = { host(1, 9, 7), host(2, 5, 0) };
	struct nlri key = { .type = NLRI_MACIP, .mac = kit_mac(1), .ip = kit_ip(7) };
	struct kit_route *r;
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_settle(&k);
	kit_learn(&k, VNI, 1);
	kit_snoop(&k, VNI, 1, 7);
	kit_settle(&k);
	key.rd = rd_of_ip(0x0a000005, VNI);
	r = kit_own(&k, &key);
	ck_assert(r != NULL && ip_v4(&r->attrs->v.nexthop) == 0x0a000005);
	configure(&k, s, 2);
	ck_assert_ptr_null(kit_own(&k, &key));
	k.conf.static_mac = true;
	evpn_configure(k.evpn, &k.conf);
	kit_settle(&k);
	r = kit_own(&k, &key);
	ck_assert(r != NULL && ip_v4(&r->attrs->v.nexthop) == 0x0a000009);
	ck_assert(r->attrs->v.flags & ATTRS_STICKY);
	ck_assert_uint_eq(r->label[0], VNI);
	/* One with our own VTEP is no use. */
	ck_assert_int_eq(kit_seq(&k, VNI, 2, 0), -1);
	ck_assert_uint_eq(kit_dst(&k, VNI, 2), 0);
	configure(&k, s, 0);
	kit_learn(&k, VNI, 1);
	kit_age(&k, VNI, 1);
	kit_settle(&k);
	ck_assert_ptr_null(kit_own(&k, &key));
	/* A device that goes takes the routes with it. */
	configure(&k, s, 2);
	ck_assert_ptr_nonnull(kit_own(&k, &key));
	klink_lost(k.klinks, VX(VNI));
	kit_settle(&k);
	ck_assert_ptr_null(kit_own(&k, &key));
	kit_fini(&k);
}
END_TEST

/* In any order, and gone again. */
START_TEST(merged)
{
	struct evi_static a[] = { host(3, 9, 0), host(1, 9, 0), host(2, 9, 5) },
			  b[] = { host(2, 8, 5), host(2, 8, 6), host(4, 8, 0) };
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	configure(&k, a, 3);
	for (unsigned m = 1; m <= 3; m++)
		ck_assert_uint_eq(kit_dst(&k, VNI, m), 9);
	configure(&k, b, 3);
	for (unsigned m = 1; m <= 4; m++)
		ck_assert_uint_eq(kit_dst(&k, VNI, m), m % 2 == 0 ? 8 : 0);
	ck_assert(kit_neigh(&k, VNI, 5) == 2 && kit_neigh(&k, VNI, 6) == 2);
	configure(&k, a, 1);
	configure(&k, a, 0);
	for (unsigned m = 1; m <= 4; m++)
		ck_assert_uint_eq(kit_dst(&k, VNI, m), 0);
	kit_fini(&k);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("static", &tc);

	tcase_add_loop_test(tc, wins, 0, 4);
	tcase_add_test(tc, redistributed);
	tcase_add_test(tc, merged);
	return unit_run(s);
}

/* Tests of evpn/ipvrf, evpn/vrfdev, evpn/vrfwalk, evpn/vrfwish: as devices come and go. */
#include "unit.h"

#include "evpnkit.h"

#define L3 5000
#define L2 100
#define RED 9000 /* ifindex of the VRF device */
#define TABLE 1000

static struct klink
vrf_device(void)
{
	return (struct klink){ .ifindex = RED,
		.name = "red",
		.kind = KLINK_VRF,
		.up = true,
		.running = true,
		.table = TABLE };
}

/* VRF "red" with the L3 VNI, and an L2 VNI whose bridge is in it. */
static void
devices(struct kit *k)
{
	struct klink red = vrf_device(), l3 = kit_bridge(L3), l2 = kit_bridge(L2);

	kit_link(k, &red);
	kit_devices(k, L3);
	kit_devices(k, L2);
	l3.master = l2.master = RED;
	kit_link(k, &l3);
	kit_link(k, &l2);
}

static void
configure(struct kit *k)
{
	evpn_configure_vrf(k->evpn, "red", &(struct ipvrf_conf){ .vni = L3 });
}

static void
start(struct kit *k)
{
	kit_init(k);
	devices(k);
	configure(k);
	kit_settle(k);
}

static struct ipvrf *
red(struct kit *k)
{
	return ipvrf_find(k->evpn, "red");
}

static void
check_up(struct kit *k)
{
	struct ipvrf *v = red(k);

	ck_assert_ptr_nonnull(v);
	ck_assert_ptr_null(v->down);
	ck_assert(v->live && v->programmed);
	ck_assert_uint_eq(v->on.table, TABLE);
	ck_assert_ptr_eq(evi_find(k->evpn, L2)->ipvrf, v);
	ck_assert_ptr_null(evi_find(k->evpn, L3));
	ck_assert(ktab_managed(k->ktab, KOBJ_ROUTE, TABLE));
	ck_assert(ktab_managed(k->ktab, KOBJ_NEIGH, v->on.svi));
	ck_assert_ptr_eq(ipvrf_by_vni(k->evpn, L3), v);
	ck_assert_ptr_eq(ipvrf_by_table(k->evpn, TABLE), v);
}

/* A type 5 route 10.9.0.0/16 of VTEP N, with its router's MAC. */
static struct attrs *
prefix_route(struct kit *k, unsigned n, uint32_t vni, struct nlri *key)
{
	struct mac rmac = kit_mac(0x500 + n);
	struct ecom ext[] = { ecom_encap(ENCAP_VXLAN), rt_of_as(65000, vni),
		ecom_rmac(&rmac) };
	struct attr_draft d = { .v.nexthop = kit_vtep(n) };

	*key = (struct nlri){ .type = NLRI_PREFIX,
		.rd = rd_of_ip(0x0a000000 + n, 7),
		.plen = 16,
		.ip = ip_of_v4(0x0a090000) };
	d.v.ext = (struct blob){ ext[0].b, sizeof(ext) };
	attr_draft_scan(&d);
	return attrs_intern(k->attrs, &d);
}

/* Told by peers, and in the kit's RIB. */
static void
hear_prefix(struct kit *k, unsigned n, uint32_t vni)
{
	struct kit_route *r = &k->routes[k->nroutes++];
	struct evpn_path p;

	*r = (struct kit_route){ .label = { vni }, .labels = 1 };
	r->attrs = prefix_route(k, n, vni, &r->key);
	p = kit_path(r);
	evpn_route(k->evpn, &r->key, NULL, &p, k->now);
	kit_settle(k);
}

static struct krow *
kernel_route(struct kit *k, uint32_t table)
{
	struct prefix to = { .ip = ip_of_v4(0x0a090000), .len = 16 };
	struct kkey key = kkey_route(table, &to, 20);
	struct krow *r = ktab_find(k->ktab, &key);

	return r != NULL && r->wanted ? r : NULL;
}

/* All that a remote prefix needs in the kernel, on the devices in force. */
static void
check_installed(struct kit *k)
{
	const struct ipvrf_devs *d = &red(k)->on;
	struct mac rmac = kit_mac(0x502);
	struct ip vtep = kit_vtep(2);
	struct krow *route = kernel_route(k, TABLE), *r;
	struct kkey key;

	ck_assert(route != NULL && route->present);
	key = kkey_nexthop(krow_want(route).nhid);
	r = ktab_find(k->ktab, &key);
	ck_assert(r != NULL && r->wanted && r->present);
	ck_assert_uint_eq(krow_want(r).port, d->svi);
	key = kkey_neigh(d->svi, &vtep);
	r = ktab_find(k->ktab, &key);
	ck_assert(r != NULL && r->wanted);
	ck_assert_int_eq(mac_cmp(&KROW_WANT(r)->mac, &rmac), 0);
	key = kkey_vxfdb(d->vxlan, 0, &rmac);
	r = ktab_find(k->ktab, &key);
	ck_assert(r != NULL && r->wanted);
	ck_assert_int_eq(ip_cmp(&KROW_WANT(r)->ip, &vtep), 0);
	key = kkey_brfdb(d->bridge, 0, &rmac);
	r = ktab_find(k->ktab, &key);
	ck_assert(r != NULL && r->wanted && krow_want(r).port == d->vxlan);
}

/* Rows of these kinds that somebody wants. */
static unsigned
wanted(struct kit *k)
{
	struct ktab_stats st;

	ktab_stats(k->ktab, &st);
	return st.wanted[KOBJ_ROUTE] + st.wanted[KOBJ_NEXTHOP] + st.wanted[KOBJ_NEIGH] +
	    st.wanted[KOBJ_VXFDB] + st.wanted[KOBJ_BRFDB];
}

START_TEST(up)
{
	static const struct mac rmac = { { 2, 0xbb, 0, 0, L3 >> 8, L3 & 0xff } };
	struct evpn_stats st;
	struct kit k;

	if (_i == 0) {
		start(&k);
	} else { /* configured before there is anything; then after */
		kit_init(&k);
		if (_i == 1)
			configure(&k);
		kit_settle(&k);
		devices(&k);
		kit_settle(&k);
		ck_assert(_i == 1 || evi_find(k.evpn, L3)->live);
		if (_i == 2)
			configure(&k);
		kit_settle(&k);
	}
	check_up(&k);
	ck_assert_int_eq(mac_cmp(&red(&k)->rmac, &rmac), 0);
	ck_assert_str_eq(red(&k)->svi_name, "br5000");
	ck_assert_uint_eq(red(&k)->rd_number, L3);
	evpn_stats(k.evpn, &st);
	ck_assert_uint_eq(st.l3vnis, 1);
	ck_assert_uint_eq(st.l2vnis, 1);
	kit_fini(&k);
}
END_TEST

static void
set_up(struct klink *l)
{
	l->up = false;
}

static void
set_master(struct klink *l)
{
	l->master = 0;
}

static void
set_no_port(struct klink *l)
{
	l->master = 0;
	l->is_port = false;
}

/* What is missing is said in words; and when it is there again all is as before. */
START_TEST(down)
{
	static const struct {
		uint32_t ifindex;
		void (*spoil)(struct klink *l); /* NULL: deleted */
		const char *why;
	} rows[] = {
		{ RED, set_up, "the VRF device is down" },
		{ RED, NULL, "there is no VRF device" },
		{ VX(L3), set_up, "the vxlan device is down" },
		{ VX(L3), set_no_port, "the vxlan device is in no bridge" },
		{ VX(L3), NULL, "there is no vxlan device" },
		{ BR(L3), set_up, "the bridge is down" },
		{ BR(L3), set_master, "the SVI is not in the VRF" },
	};
	struct klink l, was;
	struct kit k;

	start(&k);
	hear_prefix(&k, 2, L3);
	check_installed(&k);
	l = was = *klink_find(k.klinks, rows[_i].ifindex);
	if (rows[_i].spoil != NULL) {
		rows[_i].spoil(&l);
		kit_link(&k, &l);
	} else {
		klink_lost(k.klinks, l.ifindex);
	}
	kit_settle(&k);
	ck_assert(!red(&k)->live && !red(&k)->programmed);
	ck_assert_str_eq(red(&k)->down, rows[_i].why);
	ck_assert_uint_eq(wanted(&k), 0);
	kit_link(&k, &was);
	kit_settle(&k);
	check_up(&k);
	check_installed(&k);
	kit_fini(&k);
}
END_TEST

/* Devices are made anew, with other numbers, in any order. */
START_TEST(again)
{
	static const uint8_t orders[][3] = {
		{ 0, 1, 2 },
		{ 0, 2, 1 },
		{ 1, 0, 2 },
		{ 1, 2, 0 },
		{ 2, 0, 1 },
		{ 2, 1, 0 },
	};
	struct klink l[3] = { vrf_device(), kit_bridge(L3), kit_vxlan(L3) };
	struct klink l2 = kit_bridge(L2);
	struct kit k;

	start(&k);
	hear_prefix(&k, 2, L3);
	for (unsigned i = 0; i < 3; i++) {
		klink_lost(k.klinks, l[i].ifindex);
		if (_i >= 6)
			kit_settle(&k);
		l[i].ifindex += 50000;
	}
	l[1].master = l2.master = l[0].ifindex;
	l[2].master = l[1].ifindex;
	for (unsigned i = 0; i < 3; i++) {
		kit_link(&k, &l[orders[_i % 6][i]]);
		kit_settle(&k);
	}
	kit_link(&k, &l2);
	kit_settle(&k);
	check_up(&k);
	ck_assert_uint_eq(red(&k)->on.svi, l[1].ifindex);
	ck_assert_uint_eq(red(&k)->on.vxlan, l[2].ifindex);
	check_installed(&k);
	ck_assert_uint_eq(wanted(&k), 5);
	kit_fini(&k);
}
END_TEST

START_TEST(another_vni)
{
	struct klink br = kit_bridge(5001);
	struct kit k;

	start(&k);
	hear_prefix(&k, 2, L3);
	check_installed(&k);
	kit_devices(&k, 5001);
	br.master = RED;
	kit_link(&k, &br);
	kit_settle(&k);
	ck_assert(evi_find(k.evpn, 5001)->live);
	evpn_configure_vrf(k.evpn, "red", &(struct ipvrf_conf){ .vni = 5001 });
	kit_settle(&k);
	ck_assert(red(&k)->live);
	ck_assert_uint_eq(red(&k)->on.vxlan, VX(5001));
	ck_assert_uint_eq(red(&k)->rd_number, 5001);
	ck_assert_ptr_null(evi_find(k.evpn, 5001));
	ck_assert(evi_find(k.evpn, L3)->live); /* advertise-all-vni */
	ck_assert_uint_eq(wanted(&k), 0);
	evpn_configure_vrf(k.evpn, "red", &(struct ipvrf_conf){ .vni = L3 });
	kit_settle(&k);
	check_installed(&k);
	evpn_configure_vrf(k.evpn, "red", &(struct ipvrf_conf){ .vni = 5001 });
	kit_settle(&k);
	evpn_configure_vrf(k.evpn, "red", NULL);
	kit_settle(&k);
	ck_assert_ptr_null(red(&k));
	ck_assert(evi_find(k.evpn, 5001)->live);
	ck_assert_ptr_null(evi_find(k.evpn, L2)->ipvrf);
	kit_fini(&k);
}
END_TEST

/* No longer configured: nothing of it is left. The routes were there first, then not. */
START_TEST(end)
{
	struct evpn_stats st;
	struct kit k;

	kit_init(&k);
	devices(&k);
	if (_i == 0)
		configure(&k);
	kit_settle(&k);
	hear_prefix(&k, 2, L3);
	if (_i == 1)
		configure(&k);
	kit_settle(&k);
	check_installed(&k);
	evpn_stats(k.evpn, &st);
	ck_assert_uint_eq(st.l3vnis, 1);
	evpn_configure_vrf(k.evpn, "red", NULL);
	kit_settle(&k);
	ck_assert_ptr_null(red(&k));
	ck_assert_uint_eq(wanted(&k), 0);
	ck_assert_ptr_null(kernel_route(&k, TABLE));
	configure(&k);
	kit_settle(&k);
	check_installed(&k);
	k.conf.on = false; /* no router bgp */
	evpn_configure(k.evpn, &k.conf);
	kit_settle(&k);
	ck_assert_uint_eq(wanted(&k), 0);
	ck_assert_str_eq(red(&k)->down, "BGP is not configured");
	kit_fini(&k);
}
END_TEST

/* Routes of the kernel in the VRF's table are announced, and no longer with the VRF down. */
START_TEST(redistributed)
{
	struct ipvrf_conf c = {
		.vni = L3, .advertise = { true }, .redistribute = { IPVRF_CONNECTED }
	};
	struct prefix to = { .ip = ip_of_v4(0x0a010000), .len = 24 };
	struct kkey key = kkey_route(TABLE, &to, 0);
	struct kval val = { .flags = 1, .proto = 2, .port = BR(L2) };
	struct nlri name = { .type = NLRI_PREFIX,
		.rd = rd_of_ip(0x0a000005, L3),
		.plen = 24,
		.ip = to.ip };
	struct klink dev = vrf_device();
	struct kit k;

	start(&k);
	if (_i == 0) /* known before it is to be announced, or heard later */
		ktab_have(k.ktab, &key, &val, k.now);
	kit_settle(&k);
	evpn_configure_vrf(k.evpn, "red", &c);
	kit_settle(&k);
	if (_i == 1)
		ktab_have(k.ktab, &key, &val, k.now);
	kit_settle(&k);
	ck_assert_ptr_nonnull(kit_own(&k, &name));
	ck_assert_uint_eq(kit_own(&k, &name)->label[0], L3);
	dev.up = false;
	kit_link(&k, &dev);
	kit_settle(&k);
	ck_assert_ptr_null(kit_own(&k, &name));
	dev.up = true;
	kit_link(&k, &dev);
	kit_settle(&k);
	ck_assert_ptr_nonnull(kit_own(&k, &name));
	ktab_have(k.ktab, &key, NULL, k.now);
	kit_settle(&k);
	ck_assert_ptr_null(kit_own(&k, &name));
	kit_fini(&k);
}
END_TEST

/* A nexthop that an earlier life left goes, though there is no VRF now. */
START_TEST(leftovers)
{
	struct ip vtep = kit_vtep(2);
	struct kkey key = kkey_nexthop(77), other = kkey_nexthop(78);
	struct kval val = kval_nexthop(&vtep, 5, true);
	struct krow *r;
	struct kit k;

	kit_init(&k);
	kit_settle(&k);
	ktab_have(k.ktab, &key, &val, k.now);
	val.proto = 3;
	ktab_have(k.ktab, &other, &val, k.now);
	kit_settle(&k);
	r = ktab_find(k.ktab, &key);
	ck_assert(r == NULL || !r->present);
	r = ktab_find(k.ktab, &other);
	ck_assert(r != NULL && r->present);
	kit_fini(&k);
}
END_TEST

/* A block of its own does not make an EVI of it. */
START_TEST(explicit_block)
{
	struct evi_conf c = evi_conf_default(&(struct evpn_conf){ 0 });
	struct kit k;

	start(&k);
	evpn_configure_vni(k.evpn, L3, &c);
	kit_settle(&k);
	ck_assert_str_eq(evi_find(k.evpn, L3)->down, "it is an L3 VNI");
	ck_assert(red(&k)->live);
	evpn_configure_vrf(k.evpn, "red", NULL);
	kit_settle(&k);
	ck_assert(evi_find(k.evpn, L3)->live);
	kit_fini(&k);
}
END_TEST

START_TEST(same_vni)
{
	struct kit k;

	start(&k);
	evpn_configure_vrf(k.evpn, "blue", &(struct ipvrf_conf){ .vni = L3 });
	kit_settle(&k);
	check_up(&k);
	ck_assert_str_eq(
	    ipvrf_find(k.evpn, "blue")->down, "another VRF has the same L3 VNI");
	evpn_configure_vrf(k.evpn, "red", NULL);
	kit_settle(&k);
	ck_assert_str_eq(ipvrf_find(k.evpn, "blue")->down, "there is no VRF device");
	ck_assert_ptr_eq(ipvrf_by_vni(k.evpn, L3), ipvrf_find(k.evpn, "blue"));
	kit_fini(&k);
}
END_TEST

/* The default VRF: no device, the main table; EVIs whose SVI is in no VRF. */
START_TEST(default_vrf)
{
	struct ipvrf *v;
	struct kit k;

	kit_init(&k);
	kit_devices(&k, L3);
	kit_devices(&k, L2);
	evpn_configure_vrf(k.evpn, IPVRF_DEFAULT, &(struct ipvrf_conf){ .vni = L3 });
	kit_settle(&k);
	v = ipvrf_find(k.evpn, IPVRF_DEFAULT);
	ck_assert_ptr_null(v->down);
	ck_assert_uint_eq(v->on.table, IPVRF_MAIN_TABLE);
	ck_assert_ptr_eq(evi_find(k.evpn, L2)->ipvrf, v);
	kit_fini(&k);
}
END_TEST

START_TEST(wishes)
{
	static const struct mac rmac = { { 2, 0x45, 10, 0, 0, 5 } };
	struct ipvrf_conf c = { .vni = L3, .table = TABLE };
	struct klink_want *w;
	struct kit k;

	kit_init(&k);
	k.conf.underlay_mtu = 9000;
	evpn_configure(k.evpn, &k.conf);
	evpn_configure_vrf(k.evpn, "red", &c);
	kit_settle(&k);
	w = klink_want_find(k.klinks, "red");
	ck_assert(w != NULL && w->kind == KLINK_VRF && w->table == TABLE);
	w = klink_want_find(k.klinks, "br5000");
	ck_assert_ptr_nonnull(w);
	ck_assert_str_eq(w->master, "red");
	ck_assert_int_eq(mac_cmp(&w->mac, &rmac), 0);
	ck_assert(w->what & KLINK_WANT_NOADDRGEN);
	ck_assert(w->what & KLINK_WANT_FORWARD);
	w = klink_want_find(k.klinks, "vxlan5000");
	ck_assert_ptr_nonnull(w);
	ck_assert_str_eq(w->master, "br5000");
	ck_assert_uint_eq(w->mtu, 8950);
	ck_assert(!w->port.neigh_suppress && !w->port.learning);
	ck_assert(w->what & KLINK_WANT_NOADDRGEN);
	memcpy(c.bridge, "l3", 3);
	evpn_configure_vrf(k.evpn, "red", &c);
	kit_settle(&k);
	ck_assert_ptr_null(klink_want_find(k.klinks, "br5000"));
	ck_assert_str_eq(klink_want_find(k.klinks, "vxlan5000")->master, "l3");
	evpn_configure_vrf(k.evpn, "red", NULL);
	kit_settle(&k);
	ck_assert_ptr_null(klink_want_find(k.klinks, "red"));
	ck_assert_ptr_null(klink_want_find(k.klinks, "vxlan5000"));
	kit_fini(&k);
}
END_TEST

/* A VNI's bridge is not another one's L3 VNI, whichever was said first. */
START_TEST(taken_bridge)
{
	struct ipvrf_conf c = { .vni = L3, .table = TABLE, .bridge = "br100" };
	struct evi_conf l2;
	struct kit k;

	kit_init(&k);
	l2 = evi_conf_default(&k.conf);
	memcpy(l2.bridge, "br100", 6);
	if (_i == 0)
		evpn_configure_vni(k.evpn, L2, &l2);
	evpn_configure_vrf(k.evpn, "red", &c);
	kit_settle(&k);
	if (_i == 1) {
		ck_assert_ptr_nonnull(klink_want_find(k.klinks, "vxlan5000"));
		evpn_configure_vni(k.evpn, L2, &l2);
		kit_settle(&k);
	}
	ck_assert_ptr_null(klink_want_find(k.klinks, "vxlan5000"));
	ck_assert_ptr_nonnull(klink_want_find(k.klinks, "red"));
	evpn_configure_vni(k.evpn, L2, NULL);
	kit_settle(&k);
	ck_assert_str_eq(klink_want_find(k.klinks, "vxlan5000")->master, "br100");
	kit_fini(&k);
}
END_TEST

/* An EVI that is to be in one VRF is not routed by another one meanwhile. */
START_TEST(other_vrf)
{
	struct evi_conf c;
	struct kit k;

	start(&k);
	c = evi_conf_default(&k.conf);
	memcpy(c.vrf, "blue", 5);
	evpn_configure_vni(k.evpn, L2, &c);
	kit_settle(&k);
	ck_assert_ptr_null(evi_find(k.evpn, L2)->ipvrf);
	memcpy(c.vrf, "red", 4);
	evpn_configure_vni(k.evpn, L2, &c);
	kit_settle(&k);
	check_up(&k);
	kit_fini(&k);
}
END_TEST

/* An administrator's: the vxlan device must not learn; no more is asked. */
START_TEST(adopted)
{
	struct klink_want *w;
	struct kit k;

	start(&k);
	w = klink_want_find(k.klinks, "vx5000");
	ck_assert_ptr_nonnull(w);
	ck_assert_uint_eq(w->what, KLINK_WANT_NOLEARN);
	ck_assert_ptr_null(klink_want_find(k.klinks, "red"));
	ck_assert_ptr_null(klink_want_find(k.klinks, "br5000"));
	kit_fini(&k);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("ipvrf", &tc);

	tcase_add_loop_test(tc, up, 0, 3);
	tcase_add_loop_test(tc, down, 0, 7);
	tcase_add_loop_test(tc, again, 0, 12);
	tcase_add_test(tc, another_vni);
	tcase_add_loop_test(tc, end, 0, 2);
	tcase_add_loop_test(tc, redistributed, 0, 2);
	tcase_add_test(tc, leftovers);
	tcase_add_test(tc, explicit_block);
	tcase_add_test(tc, same_vni);
	tcase_add_test(tc, default_vrf);
	tcase_add_test(tc, wishes);
	tcase_add_loop_test(tc, taken_bridge, 0, 2);
	tcase_add_test(tc, other_vrf);
	tcase_add_test(tc, adopted);
	return unit_run(s);
}

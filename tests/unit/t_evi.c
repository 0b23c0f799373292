/* Tests of evpn/evi, evpn/walk, evpn/device, evpn/wish: a VNI as devices come and go. */
#include "unit.h"

#include "evpnkit.h"

#define VNI 100

static void
start(struct kit *k)
{
	struct kit_spec r = { .vni = VNI, .vtep = 2, .mac = 1, .ip = 7 };
	struct kit_spec f = { .vni = VNI, .vtep = 2, .imet = true };

	kit_init(k);
	kit_devices(k, VNI);
	kit_settle(k);
	kit_route(k, &r);
	kit_route(k, &f);
	kit_learn(k, VNI, 2);
	kit_snoop(k, VNI, 2, 8);
	kit_settle(k);
}

static void
check_up(struct kit *k)
{
	ck_assert_uint_eq(kit_dst(k, VNI, 1), 2);
	ck_assert_uint_eq(kit_neigh(k, VNI, 7), 1);
	ck_assert(kit_floods(k, VNI, 2));
	ck_assert_int_eq(kit_seq(k, VNI, 2, 0), 0);
	ck_assert_int_eq(kit_seq(k, VNI, 2, 8), 0);
	ck_assert(kit_imet(k, VNI));
	ck_assert(evi_find(k->evpn, VNI)->live);
}

static void
check_down(struct kit *k)
{
	struct ktab_stats st;

	ktab_stats(k->ktab, &st);
	for (int kind = 0; kind < KOBJ_KINDS; kind++)
		ck_assert_uint_eq(st.wanted[kind], 0);
	ck_assert_uint_eq(k->nown, 0);
}

START_TEST(up)
{
	struct kit k;

	start(&k);
	check_up(&k);
	ck_assert_str_eq(evi_find(k.evpn, VNI)->bridge_name, "br100");
	kit_fini(&k);
}
END_TEST

/* Down and up again: what the kernel keeps on the port is heard again. */
START_TEST(vxlan_down)
{
	struct klink vx = kit_vxlan(VNI);
	struct kit k;

	start(&k);
	vx.up = false;
	kit_link(&k, &vx);
	kit_settle(&k);
	check_down(&k);
	ck_assert_str_eq(evi_find(k.evpn, VNI)->down, "the vxlan device is down");
	vx.up = true;
	kit_link(&k, &vx);
	kit_settle(&k);
	check_up(&k);
	kit_fini(&k);
}
END_TEST

/* The vxlan device is deleted and comes back with another number. */
START_TEST(vxlan_again)
{
	struct mac mac = kit_mac(1);
	struct kkey key = kkey_vxfdb(VX(VNI), 0, &mac);
	struct klink vx = kit_vxlan(VNI);
	struct krow *r;
	struct kit k;

	start(&k);
	klink_lost(k.klinks, VX(VNI));
	if (_i == 1)
		kit_settle(&k);
	vx.ifindex = 7777;
	kit_link(&k, &vx);
	kit_settle(&k);
	r = ktab_find(k.ktab, &key);
	ck_assert(r == NULL || !r->wanted);
	key.ifindex = 7777;
	r = ktab_find(k.ktab, &key);
	ck_assert(r != NULL && r->wanted && r->present);
	key = kkey_brfdb(BR(VNI), 0, &mac);
	ck_assert_uint_eq(krow_want(ktab_find(k.ktab, &key)).port, 7777);
	ck_assert_uint_eq(kit_neigh(&k, VNI, 7), 1);
	ck_assert_int_eq(kit_seq(&k, VNI, 2, 0), 0);
	ck_assert(!ktab_managed(k.ktab, KOBJ_VXFDB, VX(VNI)));
	kit_fini(&k);
}
END_TEST

/* Found in the kernel, and gone from there: forgotten after a while. */
START_TEST(vxlan_gone)
{
	struct kit k;

	start(&k);
	klink_lost(k.klinks, VX(VNI));
	kit_settle(&k);
	check_down(&k);
	ck_assert_ptr_nonnull(evi_find(k.evpn, VNI));
	kit_wait(&k, 6);
	ck_assert_ptr_null(evi_find(k.evpn, VNI));
	ck_assert_uint_eq(evpn_tick(k.evpn, k.now), UINT64_MAX);
	kit_fini(&k);
}
END_TEST

/* Another bridge. */
START_TEST(bridge_again)
{
	struct klink vx = kit_vxlan(VNI), port = kit_port(VNI), br = kit_bridge(VNI);
	struct mac mac = kit_mac(1), host = kit_mac(2);
	struct kkey key = kkey_brfdb(BR(VNI), 0, &mac);
	struct kval val = { .port = PORT(VNI), .state = NUD_REACHABLE };
	struct krow *r;
	struct kit k;

	start(&k);
	br.ifindex = vx.master = port.master = 8888;
	memcpy(br.name, "other", 6);
	kit_link(&k, &vx);
	kit_link(&k, &port);
	kit_link(&k, &br);
	kit_settle(&k);
	r = ktab_find(k.ktab, &key);
	ck_assert(r == NULL || !r->wanted);
	key.ifindex = 8888;
	ck_assert(ktab_find(k.ktab, &key)->wanted);
	ck_assert_int_eq(kit_seq(&k, VNI, 2, 0), -1); /* its port moved */
	key = kkey_brfdb(8888, 0, &host);
	ktab_have(k.ktab, &key, &val, k.now);
	kit_settle(&k);
	ck_assert_int_eq(kit_seq(&k, VNI, 2, 0), 0);
	kit_fini(&k);
}
END_TEST

/* Carrier of the access port: what was learned there goes at once. */
START_TEST(port_down)
{
	struct klink port = kit_port(VNI);
	bool on = false;
	uint32_t ifindex = 0;
	struct kit k;

	start(&k);
	ck_assert(evpn_snoop_port(k.evpn, &ifindex, &on));
	ck_assert(ifindex == PORT(VNI) && on);
	ck_assert(!evpn_snoop_port(k.evpn, &ifindex, &on));
	port.running = false;
	kit_link(&k, &port);
	kit_settle(&k);
	ck_assert_int_eq(kit_seq(&k, VNI, 2, 0), -1);
	ck_assert_int_eq(kit_seq(&k, VNI, 2, 8), -1);
	ck_assert(!evpn_snoop_port(k.evpn, &ifindex, &on)); /* still listened to */
	port.running = true;
	kit_link(&k, &port);
	kit_settle(&k);
	ck_assert_int_eq(kit_seq(&k, VNI, 2, 0), 0);
	klink_lost(k.klinks, PORT(VNI));
	kit_settle(&k);
	ck_assert_int_eq(kit_seq(&k, VNI, 2, 0), -1);
	ck_assert(evpn_snoop_port(k.evpn, &ifindex, &on) && !on);
	kit_fini(&k);
}
END_TEST

START_TEST(local_address_changes)
{
	struct klink vx = kit_vxlan(VNI);
	struct nlri key = {
		.type = NLRI_IMET, .ip = kit_vtep(2), .rd = rd_of_ip(0x0a000005, VNI)
	};
	struct kit_route *r;
	struct kit k;

	start(&k);
	vx.vxlan.local = kit_vtep(2); /* what was remote is ourselves now */
	kit_link(&k, &vx);
	kit_settle(&k);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 0);
	ck_assert_uint_eq(kit_neigh(&k, VNI, 7), 0);
	ck_assert(!kit_floods(&k, VNI, 2));
	r = kit_own(&k, &key);
	ck_assert_ptr_nonnull(r);
	ck_assert_int_eq(ip_cmp(&r->attrs->v.pmsi.tunnel, &key.ip), 0);
	ck_assert_uint_eq(k.nown, 3);
	vx = kit_vxlan(VNI);
	kit_link(&k, &vx);
	kit_settle(&k);
	check_up(&k);
	kit_fini(&k);
}
END_TEST

START_TEST(settings)
{
	struct nlri key = { .type = NLRI_IMET, .ip = kit_vtep(5) };
	struct evpn_conf off = { 0 };
	struct kit k;

	start(&k);
	k.conf.router_id = 0x0a000063;
	evpn_configure(k.evpn, &k.conf);
	kit_settle(&k);
	key.rd = rd_of_ip(0x0a000063, VNI);
	ck_assert_ptr_nonnull(kit_own(&k, &key));
	ck_assert_uint_eq(k.nown, 3);
	evpn_configure(k.evpn, &off);
	kit_settle(&k);
	check_down(&k);
	ck_assert_ptr_null(evi_first(k.evpn));
	k.conf.router_id = 0x0a000005;
	evpn_configure(k.evpn, &k.conf);
	kit_settle(&k);
	kit_snoop(&k, VNI, 2, 8);
	kit_settle(&k);
	check_up(&k);
	kit_fini(&k);
}
END_TEST

/* Nothing is announced again when nothing relevant has changed. */
START_TEST(same_settings)
{
	struct klink br = kit_bridge(VNI);
	struct ktab_stats before, after;
	unsigned announced;
	struct kit k;

	start(&k);
	announced = k.announced;
	ktab_stats(k.ktab, &before);
	evpn_configure(k.evpn, &k.conf);
	br.mtu = 9000;
	kit_link(&k, &br);
	kit_settle(&k);
	ktab_stats(k.ktab, &after);
	ck_assert_uint_eq(k.announced, announced);
	ck_assert_uint_eq(k.withdrawn, 0);
	ck_assert_uint_eq(after.adds + after.replaces + after.deletes,
	    before.adds + before.replaces + before.deletes);
	kit_fini(&k);
}
END_TEST

START_TEST(numbers)
{
	static const uint32_t vnis[] = { 0x20064, 100, 0x10064, 0x30000 };
	struct evi_conf c = evi_conf_default(&(struct evpn_conf){ 0 });
	struct kit k;

	kit_init(&k);
	for (unsigned i = 0; i < 4; i++) {
		evpn_configure_vni(k.evpn, vnis[i], &c);
		kit_settle(&k);
	}
	ck_assert_uint_eq(evi_find(k.evpn, 100)->rd_number, 100);
	ck_assert_uint_eq(evi_find(k.evpn, 0x10064)->rd_number, 100 + 0x9e37);
	ck_assert_uint_eq(
	    evi_find(k.evpn, 0x20064)->rd_number, (uint16_t)(100 + 2 * 0x9e37));
	ck_assert_uint_eq(evi_find(k.evpn, 0x30000)->rd_number, 0x9e37);
	evpn_configure_vni(k.evpn, 100, NULL);
	kit_settle(&k);
	ck_assert_uint_eq(evi_find(k.evpn, 0x10064)->rd_number, 100);
	kit_fini(&k);
}
END_TEST

START_TEST(wishes)
{
	struct evi_port ports[2] = { { .name = "eth1" }, { .name = "eth2" } };
	struct evi_conf c = evi_conf_default(&(struct evpn_conf){ 0 });
	struct klink_want *w;
	struct kit k;

	kit_init(&k);
	k.conf.underlay_mtu = 9000;
	evpn_configure(k.evpn, &k.conf);
	memcpy(c.bridge, "br7", 4);
	c.ports = ports;
	c.nports = 2;
	evpn_configure_vni(k.evpn, 7, &c);
	kit_settle(&k);
	w = klink_want_find(k.klinks, "vxlan7");
	ck_assert_ptr_nonnull(w);
	ck_assert_str_eq(w->master, "br7");
	ck_assert_uint_eq(w->mtu, 8950);
	ck_assert(w->port.neigh_suppress && !w->port.learning);
	ck_assert_uint_eq(w->vxlan.vni, 7);
	ck_assert_uint_eq(w->vxlan.port, 4789);
	ck_assert(w->what & KLINK_WANT_CREATE);
	ck_assert_ptr_nonnull(klink_want_find(k.klinks, "br7"));
	ck_assert_str_eq(klink_want_find(k.klinks, "eth2")->master, "br7");
	c.nports = 1;
	evpn_configure_vni(k.evpn, 7, &c);
	kit_settle(&k);
	ck_assert_ptr_null(klink_want_find(k.klinks, "eth2"));
	ck_assert_ptr_nonnull(klink_want_find(k.klinks, "eth1"));
	/* what we made goes with the configuration, though advertise-all-vni could find it */
	klink_have(k.klinks,
	    &(struct klink){ .ifindex = 77,
		.name = "vxlan7",
		.kind = KLINK_VXLAN,
		.ours = true,
		.vxlan = { .vni = 7 } });
	evpn_link(k.evpn, klink_find(k.klinks, 77));
	kit_settle(&k);
	evpn_configure_vni(k.evpn, 7, NULL);
	kit_settle(&k);
	w = klink_want_find(k.klinks, "vxlan7");
	ck_assert(w != NULL && w->what == KLINK_WANT_GONE);
	klink_lost(k.klinks, 77);
	kit_settle(&k);
	/* an adopted one: only what cannot be missing */
	kit_devices(&k, VNI);
	kit_settle(&k);
	w = klink_want_find(k.klinks, "vx100");
	ck_assert_ptr_nonnull(w);
	ck_assert_uint_eq(w->what, KLINK_WANT_PORT | KLINK_WANT_NOLEARN);
	kit_fini(&k);
}
END_TEST

/* "vrf" puts the SVI into the VRF, an adopted one too, and taking it back takes it out. */
START_TEST(vrf_wishes)
{
	struct evi_conf c = evi_conf_default(&(struct evpn_conf){ 0 });
	struct klink red = { .ifindex = 9000,
		.name = "red",
		.kind = KLINK_VRF,
		.up = true,
		.table = 10 };
	struct klink br = kit_bridge(VNI);
	enum klink_step step;
	struct klink_want *w;
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_link(&k, &red);
	memcpy(c.vrf, "red", 4);
	if (_i == 1) { /* ours; and it stays when "vrf" goes */
		br.ours = true;
		kit_link(&k, &br);
		memcpy(c.bridge, "br100", 6);
	}
	evpn_configure_vni(k.evpn, VNI, &c);
	kit_settle(&k);
	w = klink_want_find(k.klinks, "br100");
	ck_assert(w != NULL && (w->what & KLINK_WANT_MASTER));
	ck_assert_str_eq(w->master, "red");
	ck_assert_int_eq((w->what & KLINK_WANT_CREATE) != 0, _i == 1);
	br.master = 9000;
	kit_link(&k, &br);
	kit_settle(&k);
	memset(c.vrf, 0, sizeof(c.vrf));
	evpn_configure_vni(k.evpn, VNI, &c);
	kit_settle(&k);
	w = klink_want_find(k.klinks, "br100");
	ck_assert_ptr_nonnull(w);
	for (unsigned i = 0; klink_next(k.klinks, k.now, &step, &w); i++) {
		ck_assert_uint_lt(i, 10);
		if (strcmp(w->name, "br100") == 0) {
			ck_assert_int_eq(step, KLINK_LEAVE);
			br.master = 0;
		}
		klink_done(k.klinks, w->name, 0, k.now);
		kit_link(&k, &br);
	}
	ck_assert_uint_eq(br.master, 0);
	kit_settle(&k);
	w = klink_want_find(k.klinks, "br100");
	ck_assert(w == NULL || !klink_pending(k.klinks, w));
	kit_fini(&k);
}
END_TEST

/* Two vxlan devices in one plain bridge: the second VNI has to wait. */
START_TEST(conflict)
{
	struct klink vx = kit_vxlan(101);
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_settle(&k);
	vx.master = BR(VNI);
	kit_link(&k, &vx);
	kit_settle(&k);
	ck_assert(evi_find(k.evpn, VNI)->live);
	ck_assert(!evi_find(k.evpn, 101)->live);
	klink_lost(k.klinks, VX(VNI));
	kit_settle(&k);
	ck_assert(evi_find(k.evpn, 101)->live);
	kit_fini(&k);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("evi", &tc);

	tcase_add_test(tc, up);
	tcase_add_test(tc, vxlan_down);
	tcase_add_loop_test(tc, vxlan_again, 0, 2);
	tcase_add_test(tc, vxlan_gone);
	tcase_add_test(tc, bridge_again);
	tcase_add_test(tc, port_down);
	tcase_add_test(tc, local_address_changes);
	tcase_add_test(tc, settings);
	tcase_add_test(tc, same_settings);
	tcase_add_test(tc, numbers);
	tcase_add_test(tc, wishes);
	tcase_add_loop_test(tc, vrf_wishes, 0, 2);
	tcase_add_test(tc, conflict);
	return unit_run(s);
}

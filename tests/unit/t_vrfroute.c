/*
 * Tests of evpn/vrfroute, evpn/vrfpick, evpn/vrfgw: how a prefix goes after routes, hosts and
 * VRFs have come and gone, and why a route is not used.
 */
#include "unit.h"

#include "vrfkit.h"

#define P "10.9.0.0/24"
#define HOST "192.168.0.7"
#define MAX 12

static const struct {
	const char *what;
	struct vk_spec routes[MAX];
	const char *prefix; /* NULL: P */
	const char *way;
	const char *why; /* of the last route; NULL: it is used */
} picks[] = {
	/* clang-format off */
	{ "a type 5 route", { { .vtep = 2, .prefix = P, .label = L3 } }, NULL, "2", NULL },
	{ "IPv6 over an IPv4 VTEP",
	    { { .vtep = 2, .prefix = "2001:db8::/64", .label = L3 } }, "2001:db8::/64", "2", NULL },
	{ "a default route",
	    { { .vtep = 2, .prefix = "0.0.0.0/0", .label = L3 } }, "0.0.0.0/0", "2", NULL },
	{ "a host route", { { .vtep = 2, .host = HOST, .mac = 7, .label = L3 } },
	    HOST "/32", "2", NULL },
	{ "two equal ones",
	    { { .vtep = 3, .prefix = P, .label = L3 }, { .vtep = 2, .prefix = P, .label = L3 } },
	    NULL, "2+3", NULL },
	{ "two of one VTEP",
	    { { .vtep = 3, .prefix = P, .label = L3 },
	      { .vtep = 3, .prefix = P, .label = L3, .rd = 2 } }, NULL, "3", NULL },
	{ "higher local preference",
	    { { .vtep = 2, .prefix = P, .label = L3, .pref = 200 },
	      { .vtep = 3, .prefix = P, .label = L3 } }, NULL, "2",
	    "another route has a higher local preference" },
	{ "shorter AS path",
	    { { .vtep = 2, .prefix = P, .label = L3 },
	      { .vtep = 3, .prefix = P, .label = L3, .as = 65001 } }, NULL, "2",
	    "another route has a shorter AS path" },
	{ "better origin",
	    { { .vtep = 2, .prefix = P, .label = L3 },
	      { .vtep = 3, .prefix = P, .label = L3, .origin = 2 } }, NULL, "2",
	    "another route has a better origin" },
	{ "lower MED",
	    { { .vtep = 2, .prefix = P, .label = L3 },
	      { .vtep = 3, .prefix = P, .label = L3, .med = 1 } }, NULL, "2",
	    "another route has a lower MED" },
	{ "MED of another AS does not count",
	    { { .vtep = 2, .prefix = P, .label = L3, .as = 65001 },
	      { .vtep = 3, .prefix = P, .label = L3, .med = 1, .as = 65002 } }, NULL, "2+3", NULL },
	{ "nine are one too many",
	    { { .vtep = 2, .prefix = P, .label = L3 }, { .vtep = 3, .prefix = P, .label = L3 },
	      { .vtep = 4, .prefix = P, .label = L3 }, { .vtep = 10, .prefix = P, .label = L3 },
	      { .vtep = 6, .prefix = P, .label = L3 }, { .vtep = 7, .prefix = P, .label = L3 },
	      { .vtep = 8, .prefix = P, .label = L3 }, { .vtep = 9, .prefix = P, .label = L3 },
	      { .vtep = 11, .prefix = P, .label = L3 } }, NULL, "2+3+4+6+7+8+9+10",
	    "more next hops are as good than can be used together" },
	{ "a host that moved",
	    { { .vtep = 2, .host = HOST, .mac = 7, .label = L3, .seq = 1 },
	      { .vtep = 3, .host = HOST, .mac = 7, .label = L3 } }, HOST "/32", "2",
	    "another route has a higher sequence number" },
	{ "... whatever the preference",
	    { { .vtep = 2, .host = HOST, .mac = 7, .label = L3, .seq = 1 },
	      { .vtep = 3, .host = HOST, .mac = 7, .label = L3, .pref = 500 } }, HOST "/32", "2",
	    "another route has a higher sequence number" },
	{ "a host that does not move",
	    { { .vtep = 2, .host = HOST, .mac = 7, .label = L3, .sticky = true },
	      { .vtep = 3, .host = HOST, .mac = 7, .label = L3, .seq = 5 } }, HOST "/32", "2",
	    "another route says that the host does not move" },
	{ "a host at two VTEPs",
	    { { .vtep = 2, .host = HOST, .mac = 7, .label = L3 },
	      { .vtep = 3, .host = HOST, .mac = 7, .label = L3 } }, HOST "/32", "2",
	    "another route has a lower VTEP" },
	{ "a host at two VTEPs of one segment",
	    { { .vtep = 2, .host = HOST, .mac = 7, .label = L3, .esi = 1 },
	      { .vtep = 3, .host = HOST, .mac = 7, .label = L3, .esi = 1 } }, HOST "/32", "2+3",
	    NULL },
	{ "two segments",
	    { { .vtep = 2, .host = HOST, .mac = 7, .label = L3, .esi = 1 },
	      { .vtep = 3, .host = HOST, .mac = 7, .label = L3, .esi = 2 } }, HOST "/32", "2",
	    "another route has a lower VTEP" },
	{ "our own next hop", { { .vtep = 5, .prefix = P, .label = L3, .rmac = 9 } }, NULL, "",
	    "its next hop is this host" },
	{ "another family's next hop",
	    { { .vtep = 2, .prefix = P, .label = L3, .vtep6 = "2001:db8::2" } }, NULL, "",
	    "its next hop is of another address family than our VTEP" },
	{ "no router's MAC", { { .vtep = 2, .prefix = P, .label = L3, .rmac = UINT_MAX } }, NULL,
	    "", "it has no router's MAC" },
	{ "another label", { { .vtep = 2, .prefix = P, .label = 77 } }, NULL, "",
	    "its label is the L3 VNI of no IP-VRF here" },
	{ "a segment as overlay index",
	    { { .vtep = 2, .prefix = P, .label = L3, .esi = 1 } }, NULL, "",
	    "its overlay index is an Ethernet segment" },
	{ "a gateway that nobody knows",
	    { { .vtep = 2, .prefix = P, .gateway = "192.168.0.9" } }, NULL, "",
	    "its gateway is no host that the VRF knows" },
	{ "a gateway with a host route",
	    { { .vtep = 3, .host = "192.168.0.9", .mac = 7, .label = L3 },
	      { .vtep = 2, .prefix = P, .gateway = "192.168.0.9" } }, NULL, "3", NULL },
	{ "a gateway as a type 5 host route: not that way",
	    { { .vtep = 3, .prefix = "192.168.0.9/32", .label = L3 },
	      { .vtep = 2, .prefix = P, .gateway = "192.168.0.9" } }, NULL, "",
	    "its gateway is no host that the VRF knows" },
	{ "a gateway in the EVI",
	    { { .vtep = 3, .host = "192.168.0.9", .mac = 7, .l2 = L2 },
	      { .vtep = 2, .prefix = P, .gateway = "192.168.0.9" } }, NULL, "@192.168.0.9", NULL },
	{ "two gateways",
	    { { .vtep = 3, .host = "192.168.0.8", .mac = 8, .l2 = L2 },
	      { .vtep = 3, .host = "192.168.0.9", .mac = 7, .l2 = L2 },
	      { .vtep = 2, .prefix = P, .gateway = "192.168.0.8" },
	      { .vtep = 3, .prefix = P, .gateway = "192.168.0.9" } }, NULL,
	    "@192.168.0.8+@192.168.0.9", NULL },
	{ "unnumbered, MAC unknown", { { .vtep = 2, .prefix = P, .rmac = 2 } }, NULL, "",
	    "its router's MAC is in no VNI of the VRF" },
	{ "FRR's default-originate: no label", { { .vtep = 2, .prefix = "0.0.0.0/0", .rmac = 2 } },
	    "0.0.0.0/0", "2", NULL },
	{ "neither", { { .vtep = 2, .prefix = P, .rmac = UINT_MAX } }, NULL, "",
	    "it has neither label, gateway nor router's MAC" },
	/* clang-format on */
};

START_TEST(pick)
{
	const char *prefix = picks[_i].prefix != NULL ? picks[_i].prefix : P;
	unsigned n = 0;
	const char *why;
	struct kit k;

	while (n < MAX && picks[_i].routes[n].vtep != 0)
		n++;
	for (int order = 0; order < 2; order++) {
		vk_init(&k);
		for (unsigned i = 0; i < n; i++) {
			unsigned at = order == 0 ? i : n - 1 - i;

			vk_route(&k, &picks[_i].routes[at]);
			kit_settle(&k);
		}
		ck_assert_msg(strcmp(vk_way(&k, prefix), picks[_i].way) == 0, "%s: %s",
		    picks[_i].what, vk_way(&k, prefix));
		why = vk_why(&k, "default", &picks[_i].routes[n - 1]);
		ck_assert_msg(
		    strcmp(why, picks[_i].why != NULL ? picks[_i].why : "") == 0,
		    "%s: %s", picks[_i].what, why);
		for (unsigned i = 0; i < n; i++) {
			vk_withdraw(&k, &picks[_i].routes[i]);
			if (i % 2 == 0)
				kit_settle(&k);
		}
		kit_settle(&k);
		ck_assert_str_eq(vk_way(&k, prefix), "");
		ck_assert_uint_eq(vk_count(&k, KOBJ_NEXTHOP), 0);
		ck_assert_uint_eq(vk_count(&k, KOBJ_NHGROUP), 0);
		ck_assert_uint_eq(vk_vrf(&k, "default")->nroutes, 0);
		ck_assert_uint_eq(vk_vrf(&k, "default")->ninstalled, 0);
		ck_assert_uint_eq(vk_vrf(&k, "default")->nforeign, 0);
		ck_assert_ptr_null(vrfvia_first(vk_vrf(&k, "default")));
		kit_fini(&k);
	}
}
END_TEST

/* --- what stands above all routes --- */

START_TEST(host_here)
{
	struct vk_spec host = {
		.vtep = 2, .host = HOST, .mac = 7, .label = L3, .l2 = L2
	};
	struct kit k;

	vk_init(&k);
	vk_route(&k, &host);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, HOST "/32"), "2");
	kit_learn(&k, L2, 7);
	kit_snoop(&k, L2, 7, 7);
	kit_turn(&k, 100);
	ck_assert_str_eq(vk_why(&k, "default", &host), "the host is here");
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, HOST "/32"), "");
	host.seq = 5;
	vk_route(&k, &host);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, HOST "/32"), "2");
	kit_fini(&k);
}
END_TEST

static const struct {
	const char *what, *prefix;
	uint32_t metric;
	uint8_t proto, type;
	bool wins;
} kernels[] = {
	/* clang-format off */
	{ "static", P, 0, RTPROT_STATIC, RTN_UNICAST, true },
	{ "of another daemon", P, 100, RTPROT_OSPF, RTN_UNICAST, true },
	{ "our very key", P, 20, RTPROT_BGP, RTN_UNICAST, true },
	{ "blackhole", P, 0, RTPROT_STATIC, RTN_BLACKHOLE, true },
	{ "a route of last resort", "0.0.0.0/0", 4278198272, RTPROT_BOOT, RTN_UNREACHABLE, false },
	{ "ours", P, 0, KOBJ_PROTO, RTN_UNICAST, false },
	/* clang-format on */
};

START_TEST(kernel_wins)
{
	struct vk_spec spec = { .vtep = 2, .prefix = kernels[_i].prefix, .label = L3 };
	struct prefix p = vk_prefix(spec.prefix);
	struct kkey key = kkey_route(MAIN, &p, kernels[_i].metric);
	struct kval val = {
		.port = 7, .flags = kernels[_i].type, .proto = kernels[_i].proto
	};
	struct kit k;

	vk_init(&k);
	vk_route(&k, &spec);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, spec.prefix), "2");
	ktab_have(k.ktab, &key, &val, k.now);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, spec.prefix), kernels[_i].wins ? "" : "2");
	if (kernels[_i].wins)
		ck_assert_str_eq(
		    vk_why(&k, "default", &spec), "the kernel has a route of its own");
	if (vk_wanted(&k, &key) == NULL)
		ktab_have(k.ktab, &key, NULL, k.now);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, spec.prefix), "2");
	kit_fini(&k);
}
END_TEST

/* --- gateways --- */

START_TEST(gateway)
{
	struct vk_spec net = { .vtep = 2, .prefix = P, .gateway = "192.168.0.9" };
	struct vk_spec far = {
		.vtep = 3, .host = "192.168.0.9", .mac = 9, .label = L3
	};
	struct vk_spec near = { .vtep = 4, .host = "192.168.0.9", .mac = 9, .l2 = L2 };
	struct kit k;

	vk_init(&k);
	vk_route(&k, &net);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "");
	vk_route(&k, &far);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "3");
	vk_route(&k, &near); /* the EVI knows it */
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "@192.168.0.9");
	kit_learn(&k, L2, 9); /* it comes here */
	kit_snoop(&k, L2, 9, 9);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "@192.168.0.9");
	ck_assert_uint_eq(vk_count(&k, KOBJ_NEXTHOP), 1);
	vk_withdraw(&k, &far);
	vk_withdraw(&k, &near);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "@192.168.0.9");
	kit_link(&k, &(struct klink){ .ifindex = VX(L2), .gone = true });
	kit_settle(&k);
	evpn_tick(k.evpn, k.now += 3600000);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "");
	kit_fini(&k);
}
END_TEST

/* RFC 9136, 4.4.3: the router's MAC is a MAC of the EVI. */
START_TEST(unnumbered)
{
	struct vk_spec net = { .vtep = 2, .prefix = P, .rmac = 2 };
	struct kit_spec mac = { .vni = L2, .vtep = 2, .mac = 2 };
	struct ip vtep = kit_vtep(2);
	struct kkey neigh = kkey_neigh(BR(L2), &vtep);
	struct mac m = kit_mac(2);
	struct kit k;

	vk_init(&k);
	vk_route(&k, &net);
	k.routes[0].attrs->v.rmac = m; /* the router is a host of the EVI */
	evpn_route(k.evpn, &k.routes[0].key, k.routes[0].attrs, NULL, k.now);
	kit_settle(&k);
	{
		struct evpn_path p = kit_path(&k.routes[0]);

		evpn_route(k.evpn, &k.routes[0].key, NULL, &p, k.now);
	}
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "");
	kit_route(&k, &mac);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "@10.0.0.2");
	ck_assert_ptr_nonnull(vk_wanted(&k, &neigh));
	ck_assert_int_eq(mac_cmp(&KROW_WANT(vk_wanted(&k, &neigh))->mac, &m), 0);
	kit_withdraw(&k, &mac);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "");
	ck_assert_ptr_null(vk_wanted(&k, &neigh));
	kit_fini(&k);
}
END_TEST

/* --- several VRFs --- */

static void
blue(struct kit *k, struct ipvrf_conf c)
{
	vk_blue_devices(k);
	c.vni = BLUE;
	vk_configure(k, "blue", c);
	kit_settle(k);
}

START_TEST(leak)
{
	struct vk_spec net = { .vtep = 2, .prefix = P, .label = BLUE };
	struct vk_spec both = net;
	struct kit k;

	vk_init(&k);
	vk_route(&k, &net); /* with the targets of "default" */
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "");
	blue(&k, (struct ipvrf_conf){ 0 });
	ck_assert_str_eq(vk_why(&k, "default", &net), "");
	ck_assert_str_eq(vk_way(&k, P), "blue 2");
	ck_assert_str_eq(vk_way_in(&k, BLUE_TABLE, P), "");
	both.rt = "65000:7500";
	both.rd = 2;
	vk_route(&k, &both);
	kit_settle(&k);
	ck_assert_str_eq(vk_way_in(&k, BLUE_TABLE, P), "blue 2");
	ck_assert_uint_eq(vk_count(&k, KOBJ_NEXTHOP), 1);
	evpn_configure_vrf(k.evpn, "blue", NULL);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "");
	ck_assert_str_eq(vk_way_in(&k, BLUE_TABLE, P), "");
	ck_assert_uint_eq(vk_count(&k, KOBJ_NEXTHOP), 0);
	blue(&k, (struct ipvrf_conf){ 0 });
	ck_assert_str_eq(vk_way(&k, P), "blue 2");
	ck_assert_str_eq(vk_way_in(&k, BLUE_TABLE, P), "blue 2");
	kit_fini(&k);
}
END_TEST

/* A route of one VRF here goes into another one's table as the kernel has it. */
START_TEST(copy)
{
	struct ipvrf_conf c = { .advertise = { true, true },
		.redistribute = { IPVRF_STATIC, IPVRF_STATIC } };
	struct vk_spec remote = { .vtep = 2, .prefix = P, .label = L3 };
	struct kit k;

	vk_init(&k);
	blue(&k, c);
	vk_kernel(&k, BLUE_TABLE, P, 0, RTPROT_STATIC, "172.16.0.1", 7);
	kit_settle(&k);
	ck_assert_ptr_null(vk_vrf(&k, "blue")->down);
	ck_assert_ptr_nonnull(vk_own(&k, "blue", P));
	ck_assert_str_eq(vk_way(&k, P), "");
	vk_configure(&k, "default",
	    (struct ipvrf_conf){ .vni = L3, .import = { NULL, UINT16_MAX } });
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "copy 172.16.0.1 dev 7");
	ck_assert_str_eq(vk_way_in(&k, BLUE_TABLE, P), "");
	vk_kernel(&k, BLUE_TABLE, P, 0, RTPROT_STATIC, "172.16.0.2", 8);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "copy 172.16.0.2 dev 8");
	vk_route(&k, &remote);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "copy 172.16.0.2 dev 8");
	ck_assert_str_eq(
	    vk_why(&k, "default", &remote), "another route is of a VRF here");
	ck_assert_ptr_null(vk_own(&k, "default", P));
	vk_kernel(&k, BLUE_TABLE, P, 0, 0, NULL, 0);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "2");
	kit_fini(&k);
}
END_TEST

START_TEST(reimport)
{
	struct vk_spec net = { .vtep = 2, .prefix = P, .label = L3 };
	struct vk_spec host = { .vtep = 2, .host = HOST, .mac = 7, .label = L3 };
	struct ecom rt;
	struct kit k;

	ck_assert(rt_parse("1:1", &rt));
	vk_init(&k);
	vk_route(&k, &net);
	vk_route(&k, &host);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "2");
	vk_configure(
	    &k, "default", (struct ipvrf_conf){ .vni = L3, .import = { &rt, 1 } });
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "");
	ck_assert_uint_eq(vk_vrf(&k, "default")->nroutes, 0);
	vk_configure(&k, "default",
	    (struct ipvrf_conf){ .vni = L3, .prefix_routes_only = true });
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "2");
	ck_assert_str_eq(vk_way(&k, HOST "/32"), "");
	vk_configure(&k, "default", (struct ipvrf_conf){ .vni = L3 });
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, HOST "/32"), "2");
	kit_fini(&k);
}
END_TEST

/* Devices go and come back; all that was is again. */
START_TEST(down)
{
	struct vk_spec net = { .vtep = 2, .prefix = P, .label = L3 };
	struct klink vx = kit_vxlan(L3);
	struct kit k;

	vk_init(&k);
	vk_route(&k, &net);
	kit_settle(&k);
	vx.up = vx.running = false;
	kit_link(&k, &vx);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "");
	ck_assert_uint_eq(vk_count(&k, KOBJ_NEXTHOP), 0);
	ck_assert_str_ne(vk_why(&k, "default", &net), "");
	vx = kit_vxlan(L3);
	kit_link(&k, &vx);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "2");
	kit_fini(&k);
}
END_TEST

static Suite *
suite(void)
{
	TCase *t;
	Suite *s = unit_suite("vrfroute", &t);

	tcase_add_loop_test(t, pick, 0, sizeof(picks) / sizeof(picks[0]));
	tcase_add_test(t, host_here);
	tcase_add_loop_test(t, kernel_wins, 0, sizeof(kernels) / sizeof(kernels[0]));
	tcase_add_test(t, gateway);
	tcase_add_test(t, unnumbered);
	tcase_add_test(t, leak);
	tcase_add_test(t, copy);
	tcase_add_test(t, reimport);
	tcase_add_test(t, down);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}

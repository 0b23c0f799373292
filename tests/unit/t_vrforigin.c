/* Tests of evpn/vrforigin: which prefixes we announce, and as what. */
#include "unit.h"

#include "vrfkit.h"

#define P "10.9.0.0/24"
#define ALL (IPVRF_CONNECTED | IPVRF_STATIC | IPVRF_KERNEL)

static const struct {
	const char *what, *prefix;
	uint8_t proto; /* of the kernel's route; 0: it has none */
	const char *gateway;
	uint8_t redistribute;
	const char *network;
	bool no_check, originate, silent;
	int origin; /* -1: no route */
} rows[] = {
	/* clang-format off */
	{ "connected", P, RTPROT_KERNEL, NULL, IPVRF_CONNECTED, NULL, 0, 0, 0, 2 },
	{ "connected, not asked for", P, RTPROT_KERNEL, NULL, IPVRF_STATIC, NULL, 0, 0, 0, -1 },
	{ "static", P, RTPROT_STATIC, "10.1.0.1", IPVRF_STATIC, NULL, 0, 0, 0, 2 },
	{ "FRR's static", P, 196, "10.1.0.1", IPVRF_STATIC, NULL, 0, 0, 0, 2 },
	{ "by hand", P, RTPROT_BOOT, "10.1.0.1", IPVRF_KERNEL, NULL, 0, 0, 0, 2 },
	{ "a daemon's", P, RTPROT_OSPF, "10.1.0.1", ALL, NULL, 0, 0, 0, -1 },
	{ "ours", P, KOBJ_PROTO, "10.1.0.1", ALL, NULL, 0, 0, 0, -1 },
	{ "not advertised", P, RTPROT_KERNEL, NULL, ALL, NULL, 0, 0, 1, -1 },
	{ "IPv6", "2001:db8::/64", RTPROT_KERNEL, NULL, ALL, NULL, 0, 0, 0, 2 },
	{ "link-local", "fe80::/64", RTPROT_KERNEL, NULL, ALL, NULL, 0, 0, 0, -1 },
	{ "loopback", "127.0.0.0/8", RTPROT_KERNEL, NULL, ALL, NULL, 0, 0, 0, -1 },
	{ "multicast", "ff00::/8", RTPROT_KERNEL, NULL, ALL, NULL, 0, 0, 0, -1 },
	{ "network", P, RTPROT_OSPF, "10.1.0.1", 0, P, 0, 0, 0, 0 },
	{ "network and redistributed", P, RTPROT_KERNEL, NULL, ALL, P, 0, 0, 0, 0 },
	{ "network that is not there", P, 0, NULL, ALL, P, 0, 0, 0, -1 },
	{ "... without the check", P, 0, NULL, 0, P, 1, 0, 0, 0 },
	{ "network by our own route", P, KOBJ_PROTO, "10.1.0.1", 0, P, 0, 0, 0, -1 },
	{ "default-originate", "0.0.0.0/0", 0, NULL, 0, NULL, 0, 1, 0, 0 },
	{ "... not advertised", "0.0.0.0/0", 0, NULL, 0, NULL, 0, 1, 1, -1 },
	{ "... for IPv6", "::/0", 0, NULL, 0, NULL, 0, 1, 0, 0 },
	/* clang-format on */
};

static struct ipvrf_conf
conf_of(int i, struct prefix *network)
{
	struct ipvrf_conf c = { .vni = L3, .no_import_check = rows[i].no_check };

	for (int f = 0; f < IPVRF_FAMILIES; f++) {
		c.advertise[f] = !rows[i].silent;
		c.originate[f] = rows[i].originate;
		c.redistribute[f] = rows[i].redistribute;
	}
	if (rows[i].network != NULL) {
		*network = vk_prefix(rows[i].network);
		c.networks = network;
		c.nnetworks = 1;
	}
	return c;
}

static void
check_own(struct kit *k, int i)
{
	struct kit_route *own = vk_own(k, "default", rows[i].prefix);
	const struct attr_value *v;
	struct ip vtep = kit_vtep(5);
	char text[256];

	if (rows[i].origin < 0) {
		ck_assert_msg(own == NULL, "%s", rows[i].what);
		return;
	}
	ck_assert_msg(own != NULL, "%s", rows[i].what);
	v = &own->attrs->v;
	ck_assert_int_eq(v->origin, rows[i].origin);
	ck_assert_uint_eq(own->label[0], L3);
	ck_assert_uint_eq(own->labels, 1);
	ck_assert_int_eq(ip_cmp(&v->nexthop, &vtep), 0);
	ck_assert(v->flags & ATTRS_MED && v->med == 0);
	ck_assert_int_eq(mac_cmp(&v->rmac, &vk_vrf(k, "default")->rmac), 0);
	extcomm_str(text, sizeof(text), &v->ext);
	ck_assert_ptr_nonnull(strstr(text, "RT:65000:5000"));
	ck_assert_ptr_nonnull(strstr(text, "ET:8"));
}

/* The route before the configuration, after it; then it goes, or what asked for it. */
START_TEST(announced)
{
	struct prefix network;
	struct ipvrf_conf c = conf_of(_i, &network);

	for (int order = 0; order < 4; order++) {
		struct kit k;

		vk_init(&k);
		if (order & 1)
			vk_configure(&k, "default", c);
		kit_settle(&k);
		if (rows[_i].proto != 0)
			vk_kernel(&k, MAIN, rows[_i].prefix, 100, rows[_i].proto,
			    rows[_i].gateway, 7);
		kit_settle(&k);
		if (!(order & 1))
			vk_configure(&k, "default", c);
		kit_settle(&k);
		check_own(&k, _i);
		if (order & 2) {
			vk_kernel(&k, MAIN, rows[_i].prefix, 100, 0, NULL, 0);
			kit_turn(&k, 100); /* in the same turn */
			ck_assert(rows[_i].proto == 0 || rows[_i].no_check ||
			    vk_own(&k, "default", rows[_i].prefix) == NULL);
			kit_settle(&k);
		}
		vk_configure(&k, "default", (struct ipvrf_conf){ .vni = L3 });
		kit_settle(&k);
		ck_assert_ptr_null(vk_own(&k, "default", rows[_i].prefix));
		kit_fini(&k);
	}
}
END_TEST

static void
address(struct kit *k, const char *prefix, uint32_t port, bool there)
{
	struct prefix p = vk_prefix(prefix);
	struct kkey key = kkey_route(MAIN, &p, 0);
	struct kval val = kval_route_via(NULL, port, false);

	val.flags = RTN_LOCAL;
	val.proto = RTPROT_KERNEL;
	ktab_have(k->ktab, &key, there ? &val : NULL, k->now);
	kit_settle(k);
}

/* An address is announced by itself while no connected network of its device does it. */
START_TEST(addresses)
{
	struct ipvrf_conf c = { .vni = L3,
		.advertise = { true, true },
		.redistribute = { IPVRF_CONNECTED, IPVRF_CONNECTED } };
	struct kit k;

	vk_init(&k);
	vk_configure(&k, "default", c);
	address(&k, "10.9.0.1/32", 7, true);
	ck_assert_ptr_nonnull(vk_own(&k, "default", "10.9.0.1/32"));
	vk_kernel(&k, MAIN, P, 0, RTPROT_KERNEL, NULL, 8);
	kit_settle(&k);
	ck_assert_ptr_nonnull(vk_own(&k, "default", "10.9.0.1/32"));
	vk_kernel(&k, MAIN, P, 0, RTPROT_KERNEL, NULL, 7);
	kit_settle(&k);
	ck_assert_ptr_null(vk_own(&k, "default", "10.9.0.1/32"));
	ck_assert_ptr_nonnull(vk_own(&k, "default", P));
	vk_kernel(&k, MAIN, P, 0, 0, NULL, 0);
	kit_settle(&k);
	ck_assert_ptr_nonnull(vk_own(&k, "default", "10.9.0.1/32"));
	address(&k, "10.9.0.1/32", 7, false);
	ck_assert_ptr_null(vk_own(&k, "default", "10.9.0.1/32"));
	kit_fini(&k);
}
END_TEST

/* Several of one prefix: that of the lowest metric counts. */
START_TEST(metrics)
{
	struct ipvrf_conf c = { .vni = L3,
		.advertise = { true, true },
		.redistribute = { IPVRF_STATIC, IPVRF_STATIC } };
	struct kit k;

	vk_init(&k);
	vk_configure(&k, "default", c);
	vk_kernel(&k, MAIN, P, 200, RTPROT_STATIC, "10.1.0.1", 7);
	kit_settle(&k);
	ck_assert_ptr_nonnull(vk_own(&k, "default", P));
	vk_kernel(&k, MAIN, P, 50, RTPROT_OSPF, "10.1.0.1", 7);
	kit_settle(&k);
	ck_assert_ptr_null(vk_own(&k, "default", P));
	vk_kernel(&k, MAIN, P, 10, RTPROT_STATIC, "10.1.0.3", 7);
	kit_settle(&k);
	ck_assert_ptr_nonnull(vk_own(&k, "default", P));
	vk_kernel(&k, MAIN, P, 10, 0, NULL, 0);
	vk_kernel(&k, MAIN, P, 50, 0, NULL, 0);
	kit_settle(&k);
	ck_assert_ptr_nonnull(vk_own(&k, "default", P));
	vk_kernel(&k, MAIN, P, 200, 0, NULL, 0);
	kit_settle(&k);
	ck_assert_ptr_null(vk_own(&k, "default", P));
	ck_assert_uint_eq(vk_vrf(&k, "default")->nroutes, 0);
	kit_fini(&k);
}
END_TEST

/* Routes to nowhere: an administrator's stand for a network, unless they are a last resort. */
START_TEST(nowhere)
{
	static const struct {
		uint8_t proto;
		uint32_t metric;
		bool told;
	} table[] = {
		{ RTPROT_STATIC, 0, true },
		{ RTPROT_BOOT, 0, true },
		{ RTPROT_KERNEL, 0, false },
		{ RTPROT_BOOT, 4278198272, false },
	};
	struct ipvrf_conf c = {
		.vni = L3, .advertise = { true, true }, .redistribute = { ALL, ALL }
	};
	struct prefix p = vk_prefix(P);
	struct kkey key = kkey_route(MAIN, &p, table[_i].metric);
	struct kval val = { .flags = RTN_BLACKHOLE, .proto = table[_i].proto };
	struct kit k;

	vk_init(&k);
	vk_configure(&k, "default", c);
	kit_settle(&k);
	ktab_have(k.ktab, &key, &val, k.now);
	kit_settle(&k);
	ck_assert(table[_i].told == (vk_own(&k, "default", P) != NULL));
	kit_fini(&k);
}
END_TEST

/* What we have from elsewhere never goes out again. */
START_TEST(remote)
{
	struct ipvrf_conf c = {
		.vni = L3, .advertise = { true, true }, .redistribute = { ALL, ALL }
	};
	struct vk_spec net = { .vtep = 2, .prefix = P, .label = L3 };
	struct kit k;

	vk_init(&k);
	vk_configure(&k, "default", c);
	vk_route(&k, &net);
	kit_settle(&k);
	ck_assert_str_eq(vk_way(&k, P), "2");
	ck_assert_ptr_null(vk_own(&k, "default", P));
	kit_fini(&k);
}
END_TEST

/* The router MAC, or a target, changes: the routes say so. */
START_TEST(attributes)
{
	struct ipvrf_conf c = {
		.vni = L3, .advertise = { true, true }, .redistribute = { ALL, ALL }
	};
	struct klink br = kit_bridge(L3);
	struct ecom rt;
	char text[256];
	struct kit k;

	vk_init(&k);
	vk_configure(&k, "default", c);
	vk_kernel(&k, MAIN, P, 0, RTPROT_KERNEL, NULL, 7);
	kit_settle(&k);
	br.mac = kit_mac(77);
	kit_link(&k, &br);
	kit_settle(&k);
	ck_assert_int_eq(mac_cmp(&vk_own(&k, "default", P)->attrs->v.rmac, &br.mac), 0);
	ck_assert(rt_parse("7:7", &rt));
	c.export = (struct rt_set){ &rt, 1 };
	vk_configure(&k, "default", c);
	kit_settle(&k);
	extcomm_str(text, sizeof(text), &vk_own(&k, "default", P)->attrs->v.ext);
	ck_assert_ptr_nonnull(strstr(text, "RT:7:7"));
	ck_assert_ptr_null(strstr(text, "RT:65000:5000"));
	kit_fini(&k);
}
END_TEST

static Suite *
suite(void)
{
	TCase *t;
	Suite *s = unit_suite("vrforigin", &t);

	tcase_add_loop_test(t, announced, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(t, addresses);
	tcase_add_test(t, metrics);
	tcase_add_test(t, remote);
	tcase_add_loop_test(t, nowhere, 0, 4);
	tcase_add_test(t, attributes);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}

/* Tests of evpn/gateway: what of a gateway is wanted, and what it makes of routes and hosts. */
#include "unit.h"

#include "evpnkit.h"

#define VNI 100
#define MACVLAN 4100
#define SHARED "00:00:5e:00:01:01"

static struct mac
mac(const char *text)
{
	struct mac m = { { 0 } };

	if (text != NULL)
		ck_assert(mac_parse(text, &m));
	return m;
}

static struct evi_gateway
gateway(const char *text, const char *own)
{
	struct evi_gateway g = { .mac = mac(own) };
	char ip[IP_STRLEN];
	struct prefix p;

	ck_assert(prefix_parse(text, &p));
	snprintf(ip, sizeof(ip), "%.*s", (int)strcspn(text, "/"), text);
	ck_assert(ip_parse(ip, &g.ip));
	g.plen = p.len;
	return g;
}

/* The configured gateways of VNI; NULL ends them. */
static void
configure(struct kit *k, const char *const *list, const char *own)
{
	struct evi_gateway g[4];
	struct evi_conf c = evi_conf_default(&k->conf);

	c.gateways = g;
	for (; list[c.ngateways] != NULL; c.ngateways++)
		g[c.ngateways] = gateway(list[c.ngateways], own);
	evpn_configure_vni(k->evpn, VNI, &c);
}

static void
address(struct kit *k, uint32_t ifindex, const char *text, uint8_t proto)
{
	struct evi_gateway g = gateway(text, NULL);
	struct kkey key = kkey_addr(ifindex, &g.ip, g.plen);
	struct kval val = { .proto = proto };

	ktab_have(k->ktab, &key, &val, k->now);
}

static void
macvlan(struct kit *k)
{
	struct klink l = { .ifindex = MACVLAN,
		.name = "macvlan",
		.kind = KLINK_MACVLAN,
		.lower = BR(VNI),
		.mac = mac(SHARED),
		.up = true,
		.running = true };

	kit_link(k, &l);
	kit_settle(k);
}

/* Wanted and ours, foreign, or neither: 'w', 'f', '-'. */
static char
state(struct kit *k, uint32_t ifindex, const char *text)
{
	struct evi_gateway g = gateway(text, NULL);
	struct kkey key = kkey_addr(ifindex, &g.ip, g.plen);
	struct krow *r = ktab_find(k->ktab, &key);

	if (r == NULL || !r->present)
		return '-';
	return r->ours ? 'w' : 'f';
}

static const struct row {
	const char *what;
	const char *conf[3];
	const char *anycast, *own; /* MACs */
	const char *there[2];      /* on the SVI by hand; then on a macvlan */
	const char *ask[3];        /* rows looked at */
	const char *states;        /* of these */
	const char *svi_mac;       /* wished for; NULL: as it is */
} rows[] = {
	/* clang-format off */
	{ "none", { NULL }, SHARED, NULL, { NULL }, { "10.1.0.1/24" }, "-", NULL },
	{ "IPv4", { "10.1.0.1/24" }, SHARED, NULL, { NULL },
	    { "10.1.0.1/24", "fe80::200:5eff:fe00:101/64" }, "w-", SHARED },
	{ "IPv6, with its link-local", { "fd01::1/64" }, SHARED, NULL, { NULL },
	    { "fd01::1/64", "fe80::200:5eff:fe00:101/64" }, "ww", SHARED },
	{ "its link-local is configured", { "fd01::1/64", "fe80::1/64" }, SHARED, NULL, { NULL },
	    { "fd01::1/64", "fe80::1/64", "fe80::200:5eff:fe00:101/64" }, "ww-", SHARED },
	{ "a MAC of its own", { "10.1.0.1/24" }, "00:00:5e:00:01:02", SHARED, { NULL },
	    { "10.1.0.1/24" }, "w", SHARED },
	{ "no MAC", { "10.1.0.1/24", "fd01::1/64" }, NULL, NULL, { NULL },
	    { "10.1.0.1/24", "fd01::1/64" }, "ww", NULL },
	{ "two", { "10.1.0.1/24", "10.2.0.1/16" }, SHARED, NULL, { NULL },
	    { "10.1.0.1/24", "10.2.0.1/16" }, "ww", SHARED },
	{ "there by hand", { "10.1.0.1/24" }, SHARED, NULL, { "10.1.0.1/24" },
	    { "10.1.0.1/24" }, "f", SHARED },
	{ "on a macvlan", { "10.1.0.1/24" }, SHARED, NULL, { NULL, "10.1.0.1/24" },
	    { "10.1.0.1/24" }, "-", NULL },
	{ "on a macvlan, not configured", { NULL }, SHARED, NULL, { NULL, "10.1.0.1/24" },
	    { "10.1.0.1/24" }, "-", NULL },
	/* clang-format on */
};

START_TEST(wanted)
{
	const struct row *row = &rows[_i];
	const struct klink_want *w;
	struct kit k;

	kit_init(&k);
	k.conf.anycast_mac = mac(row->anycast);
	evpn_configure(k.evpn, &k.conf);
	kit_devices(&k, VNI);
	kit_settle(&k);
	if (row->there[0] != NULL)
		address(&k, BR(VNI), row->there[0], 0);
	if (row->there[1] != NULL) {
		macvlan(&k);
		address(&k, MACVLAN, row->there[1], 0);
	}
	configure(&k, row->conf, row->own);
	kit_settle(&k);
	for (unsigned i = 0; row->states[i] != '\0'; i++)
		ck_assert_msg(state(&k, BR(VNI), row->ask[i]) == row->states[i],
		    "%s: %s", row->what, row->ask[i]);
	w = klink_want_find(k.klinks, "br100");
	ck_assert(row->conf[0] == NULL || (w != NULL && (w->what & KLINK_WANT_UP)));
	if (row->svi_mac != NULL) {
		struct mac m = mac(row->svi_mac);

		ck_assert_ptr_nonnull(w);
		ck_assert(w->what & KLINK_WANT_MAC);
		ck_assert_int_eq(mac_cmp(&w->mac, &m), 0);
	} else {
		ck_assert(w == NULL || !(w->what & KLINK_WANT_MAC));
	}
	configure(&k, (const char *const[]){ NULL }, NULL);
	kit_settle(&k);
	for (unsigned i = 0; row->states[i] != '\0'; i++)
		ck_assert_msg(state(&k, BR(VNI), row->ask[i]) ==
			(row->states[i] == 'f' ? 'f' : '-'),
		    "%s: %s stays", row->what, row->ask[i]);
	ck_assert_ptr_null(klink_want_find(k.klinks, "br100"));
	kit_fini(&k);
}
END_TEST

/* Changed, deleted by hand, on a bridge that is made anew, left by an earlier life. */
START_TEST(life)
{
	static const char *const one[] = { "10.1.0.1/24", NULL };
	static const char *const other[] = { "10.1.0.2/24", NULL };
	struct klink br = kit_bridge(VNI), vx = kit_vxlan(VNI);
	struct ip ip = gateway(one[0], NULL).ip;
	struct kkey key = kkey_addr(BR(VNI), &ip, 24);
	struct ktab_stats before, after;
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_settle(&k);
	address(&k, BR(VNI), "10.1.0.1/24", KOBJ_PROTO);
	ktab_stats(k.ktab, &before);
	configure(&k, one, SHARED);
	kit_settle(&k);
	ktab_stats(k.ktab, &after);
	ck_assert_uint_eq(after.adds, before.adds + 1); /* adopted; the question */
	ck_assert_int_eq(state(&k, BR(VNI), one[0]), 'w');
	configure(&k, other, SHARED);
	kit_settle(&k);
	ck_assert_int_eq(state(&k, BR(VNI), one[0]), '-');
	ck_assert_int_eq(state(&k, BR(VNI), other[0]), 'w');
	configure(&k, one, SHARED);
	kit_settle(&k);
	ktab_have(k.ktab, &key, NULL, k.now);
	kit_settle(&k);
	ck_assert_int_eq(state(&k, BR(VNI), one[0]), 'w');
	klink_lost(k.klinks, BR(VNI));
	kit_settle(&k);
	ck_assert_int_eq(state(&k, BR(VNI), one[0]), '-');
	br.ifindex = vx.master = 77;
	kit_link(&k, &br);
	kit_link(&k, &vx);
	kit_settle(&k);
	ck_assert_int_eq(state(&k, 77, one[0]), 'w');
	k.conf.on = false;
	evpn_configure(k.evpn, &k.conf);
	kit_settle(&k);
	ck_assert_int_eq(state(&k, 77, one[0]), '-');
	kit_fini(&k);
}
END_TEST

/* Nobody else has the gateway's MAC or address, wherever it stands. */
START_TEST(own)
{
	static const char *const none[] = { NULL };
	static const char *const one[] = { "192.168.0.9/24", NULL };
	struct kit_spec spec = { .vni = VNI, .vtep = 1, .mac = 1, .ip = 9 };
	struct mac m = kit_mac(1), host = kit_mac(2), vlan_mac = mac(SHARED);
	struct ip ip = kit_ip(9), other = kit_ip(8);
	struct evi *evi;
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_route(&k, &spec);
	kit_settle(&k);
	evi = evi_find(k.evpn, VNI);
	ck_assert_uint_eq(evi->nmacs_remote, 1);
	configure(&k, one, "02:00:00:00:00:01");
	kit_settle(&k);
	ck_assert(gateway_is_mac(evi, &m));
	ck_assert(gateway_is_addr(evi, &ip));
	ck_assert_uint_eq(evi->nmacs_remote, 0);
	configure(&k, none, NULL);
	kit_settle(&k);
	ck_assert_uint_eq(evi->nmacs_remote, 1);
	macvlan(&k);
	address(&k, MACVLAN, "192.168.0.8/24", 0);
	kit_settle(&k);
	ck_assert(gateway_is_mac(evi, &vlan_mac));
	ck_assert(gateway_is_addr(evi, &other));
	kit_learn(&k, VNI, 2);
	kit_settle(&k);
	evpn_snooped(k.evpn, PORT(VNI), 0, &host, &other, k.now);
	evpn_snooped(k.evpn, PORT(VNI), 0, &vlan_mac, &ip, k.now);
	kit_settle(&k);
	ck_assert_ptr_null(macip_by_ip(evi, &other));
	ck_assert_ptr_null(macip_find(evi, &vlan_mac, NULL));
	klink_lost(k.klinks, MACVLAN);
	kit_settle(&k);
	ck_assert(!gateway_is_mac(evi, &vlan_mac));
	ck_assert(!gateway_is_addr(evi, &other));
	kit_fini(&k);
}
END_TEST

static struct kit_route *
told(struct kit *k, const char *m, const char *text)
{
	struct nlri key = { .type = NLRI_MACIP,
		.mac = m != NULL ? mac(m) : kit_bridge(VNI).mac };

	ck_assert(ip_parse(text, &key.ip));
	key.rd = rd_of_ip(0x0a000005, VNI);
	return kit_own(k, &key);
}

/* advertise-svi-ip: this host's own addresses; advertise-default-gw: the gateways' as well. */
START_TEST(advertised)
{
	static const char *const one[] = { "10.1.0.1/24", NULL };
	struct kit k;

	kit_init(&k);
	k.conf.advertise_svi_ip = true;
	evpn_configure(k.evpn, &k.conf);
	kit_devices(&k, VNI);
	macvlan(&k);
	address(&k, BR(VNI), "10.1.0.5/24", 0);
	address(&k, MACVLAN, "10.1.0.6/24", 0);
	configure(&k, one, NULL);
	kit_settle(&k);
	ck_assert_ptr_nonnull(told(&k, NULL, "10.1.0.5"));
	ck_assert_ptr_null(told(&k, NULL, "10.1.0.1"));
	ck_assert_ptr_null(told(&k, SHARED, "10.1.0.6"));
	k.conf.advertise_default_gw = true;
	evpn_configure(k.evpn, &k.conf);
	configure(&k, one, NULL);
	kit_settle(&k);
	ck_assert_ptr_nonnull(told(&k, NULL, "10.1.0.5"));
	ck_assert_ptr_nonnull(told(&k, SHARED, "10.1.0.1"));
	ck_assert_int_eq(state(&k, MACVLAN, one[0]), 'w');
	ck_assert_int_eq(state(&k, BR(VNI), one[0]), '-');
	ck_assert_ptr_nonnull(told(&k, SHARED, "10.1.0.6"));
	ck_assert(told(&k, SHARED, "10.1.0.6")->attrs->v.flags & ATTRS_DEFAULT_GW);
	klink_lost(k.klinks, MACVLAN);
	kit_settle(&k);
	ck_assert_ptr_null(told(&k, SHARED, "10.1.0.6"));
	ck_assert_ptr_nonnull(told(&k, NULL, "10.1.0.1"));
	ck_assert_int_eq(state(&k, BR(VNI), one[0]), 'w');
	ck_assert_ptr_nonnull(told(&k, NULL, "10.1.0.5"));
	k.conf.advertise_svi_ip = k.conf.advertise_default_gw = false;
	evpn_configure(k.evpn, &k.conf);
	configure(&k, one, NULL);
	kit_settle(&k);
	ck_assert_uint_eq(k.nown, 1); /* type 3 */
	kit_fini(&k);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("gateway", &tc);

	tcase_add_loop_test(tc, wanted, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, life);
	tcase_add_test(tc, own);
	tcase_add_test(tc, advertised);
	return unit_run(s);
}

/* Tests of evpn/origin and evpn/history: the own routes as they go to the RIB. */
#include "unit.h"

#include "evpnkit.h"

#define VNI 100

/* Extended communities of our routes, as sent: FRR.md's order. */
static const struct row {
	const char *what;
	uint16_t state;
	uint8_t flags;
	unsigned remote_seq; /* a route known before; 0: none */
	const char *ext;
} rows[] = {
	/* clang-format off */
	{ "plain", NUD_REACHABLE, 0, 0,
	    "030c000000000008" "0002fde800000064" },
	{ "moved", NUD_REACHABLE, 0, 4,
	    "030c000000000008" "0002fde800000064" "0600000000000005" },
	{ "sticky", NUD_NOARP, NTF_STICKY, 0,
	    "030c000000000008" "0002fde800000064" "0600010000000000" },
	/* clang-format on */
};

static void
check_ext(const struct attrs *a, const char *hex)
{
	char got[256] = "";

	for (unsigned i = 0; i < a->v.ext.len; i++)
		snprintf(got + 2 * i, sizeof(got) - 2 * i, "%02x", a->v.ext.p[i]);
	ck_assert_str_eq(got, hex);
}

START_TEST(communities)
{
	const struct row *row = &rows[_i];
	struct kit_spec r = { .vni = VNI, .vtep = 2, .mac = 1, .seq = row->remote_seq };
	struct nlri key = { .type = NLRI_MACIP, .mac = kit_mac(1) };
	struct kit_route *own;
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_settle(&k);
	if (r.seq != 0)
		kit_route(&k, &r);
	kit_settle(&k);
	kit_fdb(&k, VNI, 1, row->state, row->flags);
	kit_settle(&k);
	key.rd = rd_of_ip(0x0a000005, VNI);
	own = kit_own(&k, &key);
	ck_assert_msg(own != NULL, "%s", row->what);
	check_ext(own->attrs, row->ext);
	ck_assert_uint_eq(own->labels, 1);
	ck_assert(!(own->attrs->v.flags & ATTRS_PMSI));
	kit_fini(&k);
}
END_TEST

START_TEST(imet)
{
	struct nlri key = { .type = NLRI_IMET, .ip = kit_vtep(5) };
	const struct attr_value *v;
	struct kit_route *own;
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_settle(&k);
	key.rd = rd_of_ip(0x0a000005, VNI);
	own = kit_own(&k, &key);
	ck_assert_ptr_nonnull(own);
	v = &own->attrs->v;
	ck_assert_uint_eq(own->labels, 0);
	ck_assert(v->flags & ATTRS_PMSI);
	ck_assert_uint_eq(v->pmsi.type, 6);
	ck_assert_uint_eq(v->pmsi.flags, 0);
	ck_assert_uint_eq(v->pmsi.label, VNI);
	ck_assert_int_eq(ip_cmp(&v->pmsi.tunnel, &key.ip), 0);
	ck_assert_int_eq(ip_cmp(&v->nexthop, &key.ip), 0);
	check_ext(own->attrs, "030c0000000000080002fde800000064");
	kit_fini(&k);
}
END_TEST

/* Export targets and an RD of the configuration; all routes follow. */
START_TEST(configured)
{
	struct nlri key = { .type = NLRI_MACIP, .mac = kit_mac(1) };
	struct evi_conf c = evi_conf_default(&(struct evpn_conf){ 0 });
	struct kit_route *own;
	struct ecom rt[2];
	struct kit k;

	ck_assert(rt_parse("65000:1", &rt[0]) && rt_parse("65000:2", &rt[1]));
	kit_init(&k);
	kit_devices(&k, VNI);
	kit_learn(&k, VNI, 1);
	kit_settle(&k);
	kit_learn(&k, VNI, 1);
	kit_settle(&k);
	ck_assert_uint_eq(k.nown, 2);
	c.export = (struct rt_set){ rt, 2 };
	evpn_configure_vni(k.evpn, VNI, &c);
	kit_settle(&k);
	ck_assert_uint_eq(k.withdrawn, 0);
	key.rd = rd_of_ip(0x0a000005, VNI);
	own = kit_own(&k, &key);
	check_ext(own->attrs, "030c0000000000080002fde8000000010002fde800000002");
	ck_assert(rd_parse("10.9.9.9:9", &c.rd));
	evpn_configure_vni(k.evpn, VNI, &c);
	kit_settle(&k);
	ck_assert_uint_eq(k.withdrawn, 2);
	ck_assert_uint_eq(k.nown, 2);
	key.rd = c.rd;
	ck_assert_ptr_nonnull(kit_own(&k, &key));
	k.conf.autort_rfc8365 = true;
	evpn_configure(k.evpn, &k.conf);
	evpn_configure_vni(k.evpn, VNI, NULL);
	kit_settle(&k);
	key.rd = rd_of_ip(0x0a000005, VNI);
	check_ext(kit_own(&k, &key)->attrs, "030c0000000000080002fde810000064");
	kit_fini(&k);
}
END_TEST

/* Many changes of one row before the RIB asks: one route, the last one. */
START_TEST(coalesced)
{
	struct kit_spec r = { .vni = VNI, .vtep = 2, .mac = 1 };
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_settle(&k);
	kit_learn(&k, VNI, 1);
	kit_settle(&k);
	k.announced = k.withdrawn = 0;
	for (unsigned i = 0; i < 50; i++) {
		struct mac mac = kit_mac(1);

		r.seq = 2 * i + 1;
		kit_route(&k, &r);
		evpn_drain(k.evpn, 100, k.now);
		evpn_api_mac(k.evpn, VNI, &mac, NULL, PORT(VNI), true, k.now);
		evpn_drain(k.evpn, 100, k.now);
		evpn_api_mac(k.evpn, VNI, &mac, NULL, PORT(VNI), false, k.now);
		evpn_api_mac(k.evpn, VNI, &mac, NULL, PORT(VNI), true, k.now);
		evpn_drain(k.evpn, 100, k.now);
	}
	kit_settle(&k);
	ck_assert_uint_le(k.announced + k.withdrawn, 2);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 0), 100);
	kit_fini(&k);
}
END_TEST

/* --- the SVI's own addresses --- */

static void
svi_addr(struct kit *k, const char *text, bool on)
{
	struct prefix p;
	struct ip ip;
	struct kkey key;
	struct kval val = kval_addr();

	ck_assert(ip_parse(text, &ip));
	p = (struct prefix){ ip, 24 };
	key = kkey_addr(BR(VNI), &ip, p.len);
	ktab_have(k->ktab, &key, on ? &val : NULL, k->now);
	kit_settle(k);
}

static struct kit_route *
svi_route(struct kit *k, const char *text)
{
	struct nlri key = { .type = NLRI_MACIP, .mac = kit_bridge(VNI).mac };

	if (text != NULL)
		ck_assert(ip_parse(text, &key.ip));
	key.rd = rd_of_ip(0x0a000005, VNI);
	return kit_own(k, &key);
}

START_TEST(svi)
{
	struct klink br = kit_bridge(VNI);
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_settle(&k);
	svi_addr(&k, "10.1.0.1", true);
	svi_addr(&k, "fe80::1", true);
	ck_assert(evi_find(k.evpn, VNI)->svi_addr);
	ck_assert_ptr_null(svi_route(&k, "10.1.0.1"));
	k.conf.advertise_svi_ip = true;
	evpn_configure(k.evpn, &k.conf);
	kit_settle(&k);
	check_ext(svi_route(&k, "10.1.0.1")->attrs, "030c0000000000080002fde800000064");
	ck_assert_ptr_null(svi_route(&k, "fe80::1"));
	ck_assert_ptr_null(svi_route(&k, NULL));
	k.conf.advertise_default_gw = true;
	evpn_configure(k.evpn, &k.conf);
	kit_settle(&k);
	check_ext(svi_route(&k, "10.1.0.1")->attrs,
	    "030c0000000000080002fde800000064030d000000000000");
	svi_addr(&k, "10.1.0.2", true);
	svi_addr(&k, "10.1.0.1", false);
	ck_assert_ptr_null(svi_route(&k, "10.1.0.1"));
	ck_assert_ptr_nonnull(svi_route(&k, "10.1.0.2"));
	br.mac.b[5] ^= 1;
	kit_link(&k, &br);
	kit_settle(&k);
	ck_assert_ptr_null(svi_route(&k, "10.1.0.2"));
	ck_assert_uint_eq(k.nown, 2);
	k.conf.advertise_svi_ip = k.conf.advertise_default_gw = false;
	evpn_configure(k.evpn, &k.conf);
	kit_settle(&k);
	ck_assert_uint_eq(k.nown, 1);
	kit_fini(&k);
}
END_TEST

/* Hosts of an EVI in an IP-VRF: which routes get the second label, and what else. */
static const struct l3_row {
	const char *what;
	struct ipvrf_conf conf;
	bool down;
	const char *ip; /* of the host; NULL: none */
	const char *ext;
} l3_rows[] = {
	/* clang-format off */
	{ "address", { .vni = 5000 }, false, "192.168.0.8",
	    "030c000000000008" "0002fde800000064" "0002fde800001388" "060302bb00001388" },
	{ "IPv6", { .vni = 5000 }, false, "2001:db8::8",
	    "030c000000000008" "0002fde800000064" "0002fde800001388" "060302bb00001388" },
	{ "MAC alone", { .vni = 5000 }, false, NULL,
	    "030c000000000008" "0002fde800000064" },
	{ "prefix-routes-only", { .vni = 5000, .prefix_routes_only = true }, false,
	    "192.168.0.8", "030c000000000008" "0002fde800000064" },
	{ "IP-VRF down", { .vni = 5000 }, true, "192.168.0.8",
	    "030c000000000008" "0002fde800000064" },
	{ "no L3 VNI", { .vni = 0 }, false, "192.168.0.8",
	    "030c000000000008" "0002fde800000064" },
	/* clang-format on */
};

START_TEST(l3)
{
	const struct l3_row *row = &l3_rows[_i];
	struct nlri key = { .type = NLRI_MACIP, .mac = kit_mac(1) };
	struct klink br = kit_bridge(5000);
	bool both = strlen(row->ext) > 32;
	struct kit_route *own;
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_devices(&k, 5000);
	br.up = !row->down;
	kit_link(&k, &br);
	evpn_configure_vrf(k.evpn, IPVRF_DEFAULT, &row->conf);
	kit_settle(&k);
	kit_learn(&k, VNI, 1);
	key.rd = rd_of_ip(0x0a000005, VNI);
	if (row->ip != NULL) {
		ck_assert(ip_parse(row->ip, &key.ip));
		evpn_snooped(k.evpn, PORT(VNI), 0, &key.mac, &key.ip, k.now);
	}
	kit_settle(&k);
	own = kit_own(&k, &key);
	ck_assert_msg(own != NULL, "%s", row->what);
	check_ext(own->attrs, row->ext);
	ck_assert_uint_eq(own->label[0], VNI);
	ck_assert_uint_eq(own->labels, both ? 2 : 1);
	ck_assert_uint_eq(own->label[1], both ? 5000 : 0);
	/* and without the VRF as if it had never been */
	evpn_configure_vrf(k.evpn, IPVRF_DEFAULT, NULL);
	kit_settle(&k);
	own = kit_own(&k, &key);
	check_ext(own->attrs, "030c0000000000080002fde800000064");
	ck_assert_uint_eq(own->labels, 1);
	kit_fini(&k);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("origin", &tc);

	tcase_add_loop_test(tc, communities, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, imet);
	tcase_add_test(tc, configured);
	tcase_add_test(tc, coalesced);
	tcase_add_test(tc, svi);
	tcase_add_loop_test(tc, l3, 0, sizeof(l3_rows) / sizeof(l3_rows[0]));
	return unit_run(s);
}

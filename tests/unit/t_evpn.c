/* Tests of evpn/evpn, evpn/import, evpn/rt, evpn/flood: what is imported, what changes with settings. */
#include "unit.h"

#include "evpnkit.h"

#define VNI 100

/* Import of one route by VNI 100 and what evpn_why_not() says of it. */
static const struct row {
	const char *what;
	struct kit_spec r;
	const char *why; /* NULL: imported */
} rows[] = {
	/* clang-format off */
	{ "plain", { .vtep = 2, .mac = 1 }, NULL },
	{ "with IP", { .vtep = 2, .mac = 1, .ip = 7 }, NULL },
	{ "no encapsulation said", { .vtep = 2, .mac = 1, .encap = UINT16_MAX }, NULL },
	{ "other encapsulation", { .vtep = 2, .mac = 1, .encap = ENCAP_MPLS },
	    "its encapsulation is not VXLAN" },
	{ "target of another AS", { .vtep = 2, .mac = 1, .rt = "64999:100" }, NULL },
	{ "target of a 4-byte AS", { .vtep = 2, .mac = 1, .rt = "4200000000:100" }, NULL },
	{ "RFC 8365 target", { .vtep = 2, .mac = 1, .rt = "65000:268435556" }, NULL },
	{ "target of an address", { .vtep = 2, .mac = 1, .rt = "10.0.0.1:100" },
	    "the VNI imports none of its route targets" },
	{ "another number", { .vtep = 2, .mac = 1, .rt = "65000:101" },
	    "the VNI imports none of its route targets" },
	{ "another VNI", { .vtep = 2, .mac = 1, .label = 101 }, "its label is another VNI" },
	{ "our own next hop", { .vtep = 5, .mac = 1 }, "its next hop is this host" },
	/* clang-format on */
};

START_TEST(imports)
{
	const struct row *row = &rows[_i];
	struct kit_spec s = row->r;
	struct kit_route *r;
	struct evpn_path p;
	struct nlri key;
	const char *why;
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_settle(&k);
	s.vni = VNI;
	kit_route(&k, &s);
	kit_settle(&k);
	key = kit_key(&s);
	r = kit_find(&k, &key);
	p = kit_path(r);
	why = evpn_why_not(k.evpn, VNI, &key, &p);
	if (row->why == NULL)
		ck_assert_msg(why == NULL, "%s: %s", row->what, why);
	else
		ck_assert_str_eq(why, row->why);
	ck_assert_uint_eq(kit_dst(&k, VNI, s.mac), why == NULL ? s.vtep : 0);
	ck_assert_uint_eq(kit_neigh(&k, VNI, 7), s.ip == 7 ? s.mac : 0);
	kit_withdraw(&k, &s);
	kit_settle(&k);
	ck_assert_uint_eq(kit_dst(&k, VNI, s.mac), 0);
	ck_assert_uint_eq(kit_neigh(&k, VNI, 7), 0);
	ck_assert_uint_eq(evi_find(k.evpn, VNI)->macs.count, 0);
	kit_fini(&k);
}
END_TEST

/* New targets: what they match comes, what they no longer match goes. */
START_TEST(targets_change)
{
	struct kit_spec a = { .vni = VNI, .vtep = 2, .mac = 1, .rt = "65000:1" };
	struct kit_spec b = { .vni = VNI, .vtep = 2, .mac = 2, .rt = "65000:2" };
	struct kit_spec f = { .vni = VNI, .vtep = 3, .imet = true, .rt = "65000:1" };
	struct ecom rt[2];
	struct evi_conf c = evi_conf_default(&(struct evpn_conf){ 0 });
	struct kit k;

	ck_assert(rt_parse("65000:1", &rt[0]));
	ck_assert(rt_parse("65000:2", &rt[1]));
	kit_init(&k);
	kit_devices(&k, VNI);
	kit_settle(&k);
	kit_route(&k, &a);
	kit_route(&k, &b);
	kit_route(&k, &f);
	kit_settle(&k);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 0);
	c.import = (struct rt_set){ rt, 1 };
	evpn_configure_vni(k.evpn, VNI, &c);
	kit_settle(&k);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 2);
	ck_assert_uint_eq(kit_dst(&k, VNI, 2), 0);
	ck_assert(kit_floods(&k, VNI, 3));
	c.import = (struct rt_set){ rt + 1, 1 };
	evpn_configure_vni(k.evpn, VNI, &c);
	kit_turn(&k, 3);
	kit_withdraw(&k, &a); /* while the new targets are still being looked at */
	kit_settle(&k);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 0);
	ck_assert_uint_eq(kit_dst(&k, VNI, 2), 2);
	ck_assert(!kit_floods(&k, VNI, 3));
	kit_route(&k, &a);
	c.import = (struct rt_set){ rt, 2 };
	evpn_configure_vni(k.evpn, VNI, &c);
	kit_settle(&k);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 2);
	ck_assert_uint_eq(kit_dst(&k, VNI, 2), 2);
	evpn_configure_vni(k.evpn, VNI, NULL);
	kit_settle(&k);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 0);
	ck_assert_uint_eq(kit_dst(&k, VNI, 2), 0);
	kit_fini(&k);
}
END_TEST

/* A route whose targets change moves from one VNI to the other. */
START_TEST(route_changes_target)
{
	struct kit_spec s = { .vni = 100, .vtep = 2, .imet = true };
	struct kit k;

	kit_init(&k);
	kit_devices(&k, 100);
	kit_devices(&k, 101);
	kit_settle(&k);
	kit_route(&k, &s);
	kit_settle(&k);
	ck_assert(kit_floods(&k, 100, 2));
	ck_assert(!kit_floods(&k, 101, 2));
	s.rt = "65000:101";
	kit_route(&k, &s);
	kit_settle(&k);
	ck_assert(!kit_floods(&k, 100, 2));
	ck_assert_uint_eq(evi_find(k.evpn, 100)->nvteps, 0);
	kit_fini(&k);
}
END_TEST

/* Routes first, VNI later. */
START_TEST(late_vni)
{
	struct kit_spec s = { .vni = VNI, .vtep = 2, .mac = 1, .ip = 7 };
	struct kit_spec f = { .vni = VNI, .vtep = 2, .imet = true };
	struct evpn_stats st;
	struct kit k;

	kit_init(&k);
	kit_route(&k, &s);
	kit_route(&k, &f);
	kit_settle(&k);
	evpn_stats(k.evpn, &st);
	ck_assert_uint_eq(st.unmatched, 2);
	kit_devices(&k, VNI);
	kit_settle(&k);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 2);
	ck_assert_uint_eq(kit_neigh(&k, VNI, 7), 1);
	ck_assert(kit_floods(&k, VNI, 2));
	evpn_stats(k.evpn, &st);
	ck_assert_uint_eq(st.imported, 2);
	kit_fini(&k);
}
END_TEST

static void
count_rt(const struct ecom *rt, bool any_as, uint32_t vni, void *arg)
{
	unsigned *n = arg;

	(void)rt;
	ck_assert(any_as);
	ck_assert_uint_eq(vni, VNI);
	(*n)++;
}

START_TEST(events)
{
	struct kit_spec s = { .vni = VNI, .vtep = 2, .mac = 1 };
	static const uint8_t want[] = { EV_VNI_UP, EV_REMOTE_ADD, EV_MOVED_HERE,
		EV_AGED };
	struct evpn_event ev[16];
	uint64_t seq = 0;
	unsigned n = 0;
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_settle(&k);
	evpn_import_rts(k.evpn, count_rt, &n);
	ck_assert_uint_eq(n, 2);
	kit_route(&k, &s);
	kit_settle(&k);
	kit_learn(&k, VNI, 1);
	kit_settle(&k);
	kit_withdraw(&k, &s);
	kit_settle(&k);
	kit_age(&k, VNI, 1);
	kit_settle(&k);
	n = evpn_events(k.evpn, &seq, ev, 16);
	ck_assert_uint_eq(n, sizeof(want));
	for (unsigned i = 0; i < n; i++)
		ck_assert_str_eq(evpn_event_name(ev[i].kind), evpn_event_name(want[i]));
	ck_assert_uint_eq(ev[2].seq, 1);
	ck_assert_uint_eq(evpn_events(k.evpn, &seq, ev, 16), 0);
	kit_fini(&k);
}
END_TEST

/* --- flooding --- */

START_TEST(flooding)
{
	struct kit_spec a = { .vni = VNI, .vtep = 2, .imet = true };
	struct kit_spec own = { .vni = VNI, .vtep = 5, .imet = true };
	struct ip st[2] = { kit_vtep(2), kit_vtep(9) };
	struct evi_conf c = evi_conf_default(&(struct evpn_conf){ 0 });
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_settle(&k);
	ck_assert(kit_imet(&k, VNI));
	kit_route(&k, &a);
	kit_route(&k, &own);
	kit_settle(&k);
	ck_assert(kit_floods(&k, VNI, 2));
	ck_assert(!kit_floods(&k, VNI, 5));
	ck_assert_uint_eq(evi_find(k.evpn, VNI)->nvteps, 1);

	c.flood = EVI_FLOOD_DISABLE;
	evpn_configure_vni(k.evpn, VNI, &c);
	kit_settle(&k);
	ck_assert(!kit_floods(&k, VNI, 2));
	ck_assert(!kit_imet(&k, VNI));

	c.flood = EVI_FLOOD_STATIC;
	c.vteps = st;
	c.nvteps = 2;
	evpn_configure_vni(k.evpn, VNI, &c);
	kit_settle(&k);
	ck_assert(kit_floods(&k, VNI, 2) && kit_floods(&k, VNI, 9));
	kit_withdraw(&k, &a);
	kit_settle(&k);
	ck_assert(kit_floods(&k, VNI, 2) && kit_floods(&k, VNI, 9));
	c.nvteps = 1;
	evpn_configure_vni(k.evpn, VNI, &c);
	kit_settle(&k);
	ck_assert(kit_floods(&k, VNI, 2) && !kit_floods(&k, VNI, 9));

	evpn_configure_vni(k.evpn, VNI, NULL);
	kit_settle(&k);
	ck_assert(!kit_floods(&k, VNI, 2));
	ck_assert(kit_imet(&k, VNI));
	kit_fini(&k);
}
END_TEST

/* Two routes of one VTEP (two RDs): it floods until the last one is gone. */
START_TEST(flood_twice)
{
	struct kit_spec s = { .vni = VNI, .vtep = 2, .imet = true };
	struct nlri key = kit_key(&s);
	struct evpn_path p;
	struct attrs *a;
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_route(&k, &s);
	kit_settle(&k);
	a = kit_attrs(&k, &s);
	p = (struct evpn_path){ .attrs = a };
	key.rd = rd_of_ip(1, 1);
	evpn_route(k.evpn, &key, NULL, &p, k.now);
	kit_settle(&k);
	ck_assert_uint_eq(evi_vtep_first(evi_find(k.evpn, VNI))->routes, 2);
	kit_withdraw(&k, &s);
	kit_settle(&k);
	ck_assert(kit_floods(&k, VNI, 2));
	evpn_route(k.evpn, &key, a, NULL, k.now);
	kit_settle(&k);
	ck_assert(!kit_floods(&k, VNI, 2));
	attrs_unref(k.attrs, a);
	kit_fini(&k);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("evpn", &tc);

	tcase_add_loop_test(tc, imports, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, targets_change);
	tcase_add_test(tc, route_changes_target);
	tcase_add_test(tc, late_vni);
	tcase_add_test(tc, events);
	tcase_add_test(tc, flooding);
	tcase_add_test(tc, flood_twice);
	return unit_run(s);
}

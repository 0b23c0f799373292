/* Tests of evpn/flood: to whom broadcast goes, by the setting and by what the VTEPs say. */
#include "unit.h"

#include "evpnkit.h"

#define VNI 100

/* Type of the tunnel in our type 3 route; -1: there is none. */
static int
told(struct kit *k, unsigned *out_group)
{
	struct nlri key = { .type = NLRI_IMET, .ip = kit_vtep(5) };
	struct kit_route *r;

	key.rd = rd_of_ip(0x0a000005, VNI);
	r = kit_own(k, &key);
	if (r == NULL)
		return -1;
	*out_group = r->attrs->v.pmsi.tunnel.b[3];
	if (r->attrs->v.pmsi.type == PMSI_PIM_SM) {
		ck_assert_uint_eq(r->attrs->v.tunnel.len, 8);
		ck_assert_mem_eq(r->attrs->v.tunnel.p, kit_vtep(5).b, 4);
	}
	return r->attrs->v.pmsi.type;
}

static void
has_group(struct kit *k, unsigned group)
{
	struct klink vx = kit_vxlan(VNI);

	vx.vxlan.group = kit_group(group);
	kit_link(k, &vx);
}

/*
 * 2 replicates, 3 hears group 1, 4 group 2; 6 and 2 are static VTEPs. FLOODS: bits of the
 * VTEPs that get copies.
 */
START_TEST(modes)
{
	static const struct {
		enum evi_flood flood;
		bool said;
		unsigned wanted, has; /* groups: configured, of the device */
		int type;
		unsigned told, floods;
	} table[] = {
		{ EVI_FLOOD_HER, false, 0, 0, PMSI_INGRESS, 5,
		    1 << 2 | 1 << 3 | 1 << 4 },
		{ EVI_FLOOD_HER, false, 0, 1, PMSI_PIM_SM, 1, 1 << 2 | 1 << 4 },
		{ EVI_FLOOD_HER, true, 0, 1, PMSI_INGRESS, 5,
		    1 << 2 | 1 << 3 | 1 << 4 },
		{ EVI_FLOOD_MULTICAST, true, 2, 2, PMSI_PIM_SM, 2, 1 << 2 | 1 << 3 },
		/* the device has not got it yet */
		{ EVI_FLOOD_MULTICAST, true, 2, 0, PMSI_INGRESS, 5,
		    1 << 2 | 1 << 3 | 1 << 4 },
		{ EVI_FLOOD_DISABLE, true, 0, 0, -1, 0, 0 },
		{ EVI_FLOOD_STATIC, true, 0, 0, PMSI_INGRESS, 5,
		    1 << 2 | 1 << 3 | 1 << 4 | 1 << 6 },
	};
	static const struct kit_spec spec[] = {
		{ .vni = VNI, .vtep = 2, .imet = true },
		{ .vni = VNI, .vtep = 3, .imet = true, .group = 1 },
		{ .vni = VNI, .vtep = 4, .imet = true, .group = 2 },
	};
	/* our own, and one of the other family, are no use */
	struct ip vteps[] = { kit_vtep(6), kit_vtep(2), kit_vtep(5), { .family = 6 } };
	struct evi_conf c;
	unsigned group = 0;
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	for (unsigned i = 0; i < 3; i++)
		kit_route(&k, &spec[i]);
	kit_settle(&k);
	ck_assert(kit_floods(&k, VNI, 2) && kit_floods(&k, VNI, 4));
	c = evi_conf_default(&k.conf);
	c.flood = table[_i].flood;
	c.flood_said = table[_i].said;
	c.group = kit_group(table[_i].wanted);
	c.vteps = vteps;
	c.nvteps = 4;
	evpn_configure_vni(k.evpn, VNI, &c);
	has_group(&k, table[_i].has);
	kit_settle(&k);
	ck_assert_int_eq(told(&k, &group), table[_i].type);
	ck_assert_uint_eq(group, table[_i].told);
	for (unsigned v = 2; v <= 6; v++)
		ck_assert_int_eq(
		    kit_floods(&k, VNI, v), (table[_i].floods & 1 << v) != 0);
	/* and back */
	evpn_configure_vni(k.evpn, VNI, NULL);
	has_group(&k, 0);
	kit_settle(&k);
	ck_assert_int_eq(told(&k, &group), PMSI_INGRESS);
	for (unsigned v = 2; v <= 6; v++)
		ck_assert_int_eq(kit_floods(&k, VNI, v), v <= 4);
	kit_fini(&k);
}
END_TEST

/* What is wished of the vxlan device. */
START_TEST(wishes)
{
	const uint32_t group = KLINK_WANT_GROUP | KLINK_WANT_REJOIN;
	struct klink vx = kit_vxlan(VNI);
	struct klink_want *w;
	struct evi_conf c;
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_settle(&k);
	w = klink_want_find(k.klinks, vx.name);
	ck_assert_uint_eq(w->what & group, 0); /* adopted: as it is */
	ck_assert(w->what & KLINK_WANT_NOLEARN);
	c = evi_conf_default(&k.conf);
	c.flood = EVI_FLOOD_MULTICAST;
	c.flood_said = true;
	c.group = kit_group(1);
	strcpy(c.group_ifname, "eth0");
	c.learning = true;
	evpn_configure_vni(k.evpn, VNI, &c);
	kit_settle(&k);
	w = klink_want_find(k.klinks, vx.name);
	ck_assert_uint_eq(w->what & group, group);
	ck_assert(w->what & KLINK_WANT_LEARN && w->port.learning);
	ck_assert_str_eq(w->lower, "eth0");
	ck_assert_uint_eq(w->vxlan.ttl, 64);
	has_group(&k, 1);
	/* Said no more: what we gave is taken back. */
	evpn_configure_vni(k.evpn, VNI, NULL);
	kit_settle(&k);
	w = klink_want_find(k.klinks, vx.name);
	ck_assert_uint_eq(w->what & group, group);
	ck_assert(!ip_is_set(&w->vxlan.group));
	has_group(&k, 0);
	kit_settle(&k);
	has_group(&k, 3); /* somebody else's */
	kit_settle(&k);
	w = klink_want_find(k.klinks, vx.name);
	ck_assert_uint_eq(w->what & group, 0);
	kit_fini(&k);
}
END_TEST

/* A vxlan device with "proxy" has the neighbours too. */
START_TEST(proxy)
{
	struct kit_spec s = { .vni = VNI, .vtep = 2, .mac = 1, .ip = 7 };
	struct ip ip = kit_ip(7);
	struct kkey key = kkey_neigh(VX(VNI), &ip);
	struct klink vx = kit_vxlan(VNI);
	struct evi_conf c;
	struct krow *r;
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_route(&k, &s);
	kit_settle(&k);
	ck_assert_ptr_null(ktab_find(k.ktab, &key));
	vx.vxlan.proxy = true;
	kit_link(&k, &vx);
	c = evi_conf_default(&k.conf);
	c.suppression = false;
	evpn_configure_vni(k.evpn, VNI, &c);
	kit_settle(&k);
	r = ktab_find(k.ktab, &key);
	ck_assert(r != NULL && r->wanted && r->present);
	ck_assert_uint_eq(kit_neigh(&k, VNI, 7), 0); /* the bridge answers not */
	kit_withdraw(&k, &s);
	kit_settle(&k);
	r = ktab_find(k.ktab, &key);
	ck_assert(r == NULL || !r->wanted);
	kit_fini(&k);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("flood", &tc);

	tcase_add_loop_test(tc, modes, 0, 7);
	tcase_add_test(tc, wishes);
	tcase_add_test(tc, proxy);
	return unit_run(s);
}

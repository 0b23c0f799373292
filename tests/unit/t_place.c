/* Tests of evpn/place: VNIs on VLAN-aware bridges, and on one device for all of them. */
#include "unit.h"

#include "evpnkit.h"

#define SHARED 5000

static struct klink
aware_bridge(void)
{
	struct klink br = kit_bridge(1);

	br.vlan_filtering = true;
	return br;
}

/* A vxlan device of VNI on the bridge. */
static struct klink
on_bridge(unsigned vni)
{
	struct klink vx = kit_vxlan(vni);

	vx.master = BR(1);
	return vx;
}

static struct klink
vlan_device(unsigned vlan)
{
	struct klink l = { .ifindex = 4000 + vlan,
		.kind = KLINK_VLAN,
		.up = true,
		.running = true,
		.vlan = (uint16_t)vlan,
		.lower = BR(1) };

	snprintf(l.name, sizeof(l.name), "any%u", vlan);
	return l;
}

static struct klink
shared_device(void)
{
	struct klink vx = { .ifindex = SHARED,
		.name = "vxlan0",
		.kind = KLINK_VXLAN,
		.up = true,
		.running = true,
		.master = BR(1),
		.is_port = true,
		.vxlan = { .external = true,
		    .vnifilter = true,
		    .port = 4789,
		    .local = kit_vtep(5) },
		.port = { .vlan_tunnel = true } };

	return vx;
}

static void
pvid(struct kit *k, uint32_t ifindex, uint16_t vlan)
{
	struct klink_port port = klink_find(k->klinks, ifindex)->port;

	port.pvid = vlan;
	klink_have_port(k->klinks, ifindex, BR(1), &port);
	kit_settle(k);
}

static void
has(struct kit *k, const struct kkey *key, const struct kval *val)
{
	ktab_have(k->ktab, key, val, k->now);
	kit_settle(k);
}

/* VLAN of the shared device is VNI; 0: no longer. */
static void
tunnel(struct kit *k, uint16_t vlan, uint32_t vni)
{
	struct kkey key = kkey_brvlan(SHARED, vlan);
	struct kval val = kval_brvlan(0, vni);

	has(k, &key, vni != 0 ? &val : NULL);
}

static void
filter(struct kit *k, uint32_t vni, bool on)
{
	struct kkey key = kkey_vni(SHARED, vni);
	struct kval val = kval_vni();

	has(k, &key, on ? &val : NULL);
}

static void
remote(struct kit *k, unsigned vni, unsigned mac)
{
	struct kit_spec r = { .vni = vni, .vtep = 2, .mac = mac, .ip = mac };
	struct kit_spec f = { .vni = vni, .vtep = 2, .imet = true };

	kit_route(k, &r);
	kit_route(k, &f);
	kit_settle(k);
}

static bool
wanted(struct kit *k, struct kkey key)
{
	struct krow *r = ktab_find(k->ktab, &key);

	return r != NULL && r->wanted;
}

/* Is MAC programmed in VLAN of the bridge, and on the vxlan device? */
static bool
programmed(struct kit *k, uint16_t vlan, uint32_t vxlan, uint32_t vni, unsigned mac)
{
	struct mac m = kit_mac(mac);
	struct ip vtep = kit_vtep(2);
	bool all = wanted(k, kkey_brfdb(BR(1), vlan, &m)) &&
	    wanted(k, kkey_vxfdb(vxlan, vni, &m)) &&
	    wanted(k, kkey_flood(vxlan, vni, &vtep));
	bool any = wanted(k, kkey_brfdb(BR(1), vlan, &m)) ||
	    wanted(k, kkey_vxfdb(vxlan, vni, &m)) ||
	    wanted(k, kkey_flood(vxlan, vni, &vtep));

	ck_assert(all == any);
	return all;
}

static const char *
down(struct kit *k, uint32_t vni)
{
	return evi_find(k->evpn, vni)->down;
}

/* A device per VNI: the pvid of its port is the VLAN. */
START_TEST(per_vni)
{
	struct klink br = aware_bridge(), vx = on_bridge(100), vx2 = on_bridge(200);
	struct klink svi = vlan_device(10);
	struct ip ip = kit_ip(1);
	struct mac mac = kit_mac(1);
	struct kit k;

	kit_init(&k);
	kit_link(&k, &br);
	kit_link(&k, &vx);
	kit_link(&k, &vx2);
	kit_settle(&k);
	ck_assert_str_eq(
	    down(&k, 100), "the port of the vxlan device has no VLAN (pvid)");
	remote(&k, 100, 1);
	remote(&k, 200, 1);
	pvid(&k, VX(100), 10);
	ck_assert_ptr_null(down(&k, 100));
	ck_assert(programmed(&k, 10, VX(100), 0, 1));
	ck_assert(wanted(&k, kkey_tagdrop(VX(100))));
	ck_assert(!wanted(&k, kkey_tagdrop(VX(200))));
	ck_assert(!wanted(&k, kkey_neigh(4010, &ip)));
	kit_link(&k, &svi);
	kit_settle(&k);
	ck_assert(wanted(&k, kkey_neigh(4010, &ip)));
	ck_assert_str_eq(evi_find(k.evpn, 100)->svi_name, "any10");
	pvid(&k, VX(200), 20);
	ck_assert(programmed(&k, 20, VX(200), 0, 1));
	/* Another VLAN, then one that another VNI has, then none. */
	pvid(&k, VX(100), 30);
	ck_assert(programmed(&k, 30, VX(100), 0, 1));
	ck_assert(!wanted(&k, kkey_neigh(4010, &ip)));
	pvid(&k, VX(100), 20);
	ck_assert_ptr_nonnull(strstr(down(&k, 100), "another VNI"));
	ck_assert(!wanted(&k, kkey_vxfdb(VX(100), 0, &mac)));
	pvid(&k, VX(100), 0);
	ck_assert_ptr_nonnull(down(&k, 100));
	ck_assert(programmed(&k, 20, VX(200), 0, 1));
	kit_fini(&k);
}
END_TEST

/* The bridge learns about VLANs only later. */
START_TEST(filtering)
{
	struct klink br = kit_bridge(1), vx = on_bridge(100);
	struct evi_conf c;
	struct kit k;

	kit_init(&k);
	kit_link(&k, &br);
	kit_link(&k, &vx);
	kit_settle(&k);
	remote(&k, 100, 1);
	ck_assert(programmed(&k, 0, VX(100), 0, 1));
	c = evi_conf_default(evpn_settings(k.evpn));
	c.vlan = 10;
	evpn_configure_vni(k.evpn, 100, &c);
	kit_settle(&k);
	ck_assert_str_eq(down(&k, 100), "the bridge is not VLAN-aware");
	br.vlan_filtering = true;
	kit_link(&k, &br);
	pvid(&k, VX(100), 1);
	ck_assert_str_eq(
	    down(&k, 100), "its VLAN is not the pvid of the vxlan device's port");
	pvid(&k, VX(100), 10);
	ck_assert(programmed(&k, 10, VX(100), 0, 1));
	kit_fini(&k);
}
END_TEST

/* One device for all VNIs: tunnel_info says which VLAN, the filter whether. */
START_TEST(shared)
{
	struct klink br = aware_bridge(), vx = shared_device();
	struct kit k;

	kit_init(&k);
	kit_link(&k, &br);
	kit_link(&k, &vx);
	kit_settle(&k);
	ck_assert_ptr_null(evi_first(k.evpn));
	tunnel(&k, 10, 100);
	tunnel(&k, 20, 200);
	ck_assert_str_eq(down(&k, 100), "the vnifilter of the vxlan device lacks it");
	filter(&k, 100, true);
	filter(&k, 200, true);
	ck_assert(down(&k, 100) == NULL && down(&k, 200) == NULL);
	ck_assert(kit_imet(&k, 100) && kit_imet(&k, 200));
	remote(&k, 100, 1);
	remote(&k, 200, 1);
	ck_assert(programmed(&k, 10, SHARED, 100, 1));
	ck_assert(programmed(&k, 20, SHARED, 200, 1));
	ck_assert_ptr_eq(evi_by_vxlan(k.evpn, SHARED, 200), evi_find(k.evpn, 200));
	ck_assert(wanted(&k, kkey_tagdrop(SHARED)));
	filter(&k, 100, false);
	ck_assert(!programmed(&k, 10, SHARED, 100, 1) && !kit_imet(&k, 100));
	filter(&k, 100, true);
	/* The VLAN of a VNI moves. */
	tunnel(&k, 10, 0);
	ck_assert(!programmed(&k, 10, SHARED, 100, 1) && !kit_imet(&k, 100));
	tunnel(&k, 11, 100);
	ck_assert(programmed(&k, 11, SHARED, 100, 1) && kit_imet(&k, 100));
	/* Another VNI for the VLAN. */
	tunnel(&k, 11, 300);
	ck_assert(!programmed(&k, 11, SHARED, 100, 1) && !kit_imet(&k, 100));
	vx.port.vlan_tunnel = false;
	kit_link(&k, &vx);
	kit_settle(&k);
	ck_assert_ptr_nonnull(strstr(down(&k, 200), "vlan_tunnel"));
	klink_lost(k.klinks, SHARED);
	kit_settle(&k);
	kit_wait(&k, 6);
	ck_assert_ptr_null(evi_first(k.evpn));
	ck_assert(!ktab_managed(k.ktab, KOBJ_BRVLAN, SHARED));
	kit_fini(&k);
}
END_TEST

/* Named in the configuration, known before it is mapped; found when the setting comes late. */
START_TEST(shared_named)
{
	struct klink br = aware_bridge(), vx = shared_device();
	struct evi_conf c;
	struct kit k;

	kit_init(&k);
	k.conf.advertise_all_vni = false;
	evpn_configure(k.evpn, &k.conf);
	kit_link(&k, &br);
	kit_link(&k, &vx);
	kit_settle(&k);
	tunnel(&k, 20, 200);
	filter(&k, 200, true);
	ck_assert_ptr_null(evi_first(k.evpn));
	c = evi_conf_default(evpn_settings(k.evpn));
	strcpy(c.vxlan, "vxlan0");
	evpn_configure_vni(k.evpn, 100, &c);
	kit_settle(&k);
	ck_assert_str_eq(down(&k, 100), "no VLAN of the vxlan device is mapped to it");
	tunnel(&k, 10, 100);
	filter(&k, 100, true);
	ck_assert_ptr_null(down(&k, 100));
	k.conf.advertise_all_vni = true;
	evpn_configure(k.evpn, &k.conf);
	kit_settle(&k);
	ck_assert_ptr_null(down(&k, 200));
	ck_assert_ptr_eq(evi_by_bridge(k.evpn, BR(1), 20), evi_find(k.evpn, 200));
	kit_fini(&k);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("place", &tc);

	tcase_add_test(tc, per_vni);
	tcase_add_test(tc, filtering);
	tcase_add_test(tc, shared);
	tcase_add_test(tc, shared_named);
	return unit_run(s);
}

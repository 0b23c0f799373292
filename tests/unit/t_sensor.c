/* Tests of evpn/sensor: when a VNI can resolve on demand, and what is wished for that. */
#include "unit.h"

#include "evpnkit.h"

#define VNI 100

static void
configure(struct kit *k, bool on_demand)
{
	struct evi_conf c = evi_conf_default(&k->conf);

	c.on_demand = on_demand;
	evpn_configure_vni(k->evpn, VNI, &c);
	kit_settle(k);
}

static const struct klink_want *
wish(struct kit *k, const char *name)
{
	return klink_want_find(k->klinks, name);
}

/* Made, in place, flooding off; and all the way back. */
START_TEST(comes_and_goes)
{
	struct klink s = kit_sensor(VNI), vx = kit_vxlan(VNI);
	const struct klink_want *w;
	struct kit k;
	struct evi *evi;

	kit_init(&k);
	vx.port.flood = true;
	kit_devices(&k, VNI);
	kit_link(&k, &vx);
	configure(&k, true);
	evi = evi_find(k.evpn, VNI);
	w = wish(&k, "sensor100");
	ck_assert(w != NULL && (w->what & KLINK_WANT_CREATE));
	ck_assert_str_eq(w->master, "br100");
	ck_assert(w->vxlan.l2miss && w->vxlan.port == SENSOR_PORT);
	ck_assert(!(wish(&k, "vx100")->what & KLINK_WANT_FLOOD));
	ck_assert_ptr_null(evi->demand);
	ck_assert_ptr_nonnull(evi->proactive);
	kit_link(&k, &s);
	kit_settle(&k);
	ck_assert_ptr_nonnull(evi->demand);
	ck_assert_ptr_null(evi->proactive);
	ck_assert(wish(&k, "vx100")->what & KLINK_WANT_FLOOD);
	ck_assert(!wish(&k, "vx100")->port.flood);
	vx.port.flood = false;
	kit_link(&k, &vx);
	kit_settle(&k);
	configure(&k, false);
	ck_assert_ptr_null(evi->demand);
	ck_assert(wish(&k, "vx100")->port.flood); /* first this, */
	ck_assert(!(wish(&k, "sensor100")->what & KLINK_WANT_GONE));
	vx.port.flood = true;
	kit_link(&k, &vx);
	kit_settle(&k);
	ck_assert(wish(&k, "sensor100")->what & KLINK_WANT_GONE); /* then that */
	kit_fini(&k);
}
END_TEST

START_TEST(earlier_life)
{
	struct klink s = kit_sensor(VNI), vx = kit_vxlan(VNI);
	struct kit k;

	kit_init(&k);
	vx.port.flood = true;
	kit_devices(&k, VNI);
	kit_link(&k, &vx);
	kit_link(&k, &s);
	kit_settle(&k);
	ck_assert_uint_eq(evi_find(k.evpn, VNI)->vxlan, VX(VNI));
	ck_assert(wish(&k, "sensor100") != NULL);
	ck_assert(wish(&k, "sensor100")->what & KLINK_WANT_GONE);
	kit_fini(&k);
}
END_TEST

START_TEST(cannot)
{
	struct klink vx = kit_vxlan(VNI), s = kit_sensor(VNI), br = kit_bridge(VNI);
	struct kit k;
	struct evi *evi;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_link(&k, &s);
	configure(&k, true);
	evi = evi_find(k.evpn, VNI);
	ck_assert_ptr_nonnull(evi->demand);
	s.up = false;
	kit_link(&k, &s);
	kit_settle(&k);
	ck_assert_ptr_null(evi->demand);
	s.up = true;
	s.master = 0;
	s.is_port = false;
	kit_link(&k, &s);
	kit_settle(&k);
	ck_assert_ptr_null(evi->demand);
	ck_assert_str_eq(evi->proactive, "its sensor device is not in place yet");
	br.vlan_filtering = true;
	kit_link(&k, &br);
	kit_settle(&k);
	ck_assert_ptr_nonnull(strstr(evi->proactive, "vlan"));
	br.vlan_filtering = false;
	kit_link(&k, &br);
	ck_assert(ip_parse("239.1.1.1", &vx.vxlan.group));
	kit_link(&k, &vx);
	kit_settle(&k);
	ck_assert_ptr_nonnull(strstr(evi->proactive, "group"));
	/* One that tells by itself needs none. */
	vx.vxlan.group = (struct ip){ 0 };
	vx.vxlan.l2miss = true;
	kit_link(&k, &vx);
	kit_settle(&k);
	ck_assert_ptr_nonnull(evi->demand);
	ck_assert(evi->direct);
	kit_fini(&k);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("sensor", &tc);

	tcase_add_test(tc, comes_and_goes);
	tcase_add_test(tc, earlier_life);
	tcase_add_test(tc, cannot);
	return unit_run(s);
}

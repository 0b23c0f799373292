/* Tests of evpn/unknown: when requests for addresses nobody knows are kept from a device. */
#include "unit.h"

#include "evpnkit.h"

#define VNI 100

static struct klink vx, br;

static void
as_is(struct evi_conf *c)
{
	(void)c;
}

static void
no_suppression(struct evi_conf *c)
{
	c->suppression = false;
}

static void
not_said(struct evi_conf *c)
{
	c->drop_unknown = false;
}

static void
not_yet(struct evi_conf *c)
{
	(void)c;
	vx.port.neigh_suppress = false;
}

static void
proxy(struct evi_conf *c)
{
	(void)c;
	vx.vxlan.proxy = true;
}

static void
alone(struct evi_conf *c)
{
	memcpy(c->vxlan, vx.name, sizeof(vx.name));
	vx.is_port = false;
	vx.master = 0;
}

static bool
wanted(struct kit *k)
{
	struct kkey key = kkey_reqdrop(VX(VNI));
	struct krow *r = ktab_find(k->ktab, &key);

	return r != NULL && r->wanted;
}

START_TEST(rows)
{
	static const struct {
		const char *what;
		void (*change)(struct evi_conf *c);
		bool on;
		const char *why; /* how it begins */
	} table[] = {
		{ "all as it should be", as_is, true, NULL },
		{ "flooded", not_said, false, NULL },
		{ "nothing is suppressed", no_suppression, false, "nothing is" },
		{ "the port has no such flag yet", not_yet, false, "the bridge does" },
		{ "the device answers", proxy, false, "its vxlan device answers" },
		{ "a device in no bridge", alone, false, "there is no" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct evi_conf c;
		const char *why;
		struct kit k;

		kit_init(&k);
		vx = kit_vxlan(VNI);
		br = kit_bridge(VNI);
		vx.port.neigh_suppress = true;
		c = evi_conf_default(&k.conf);
		c.drop_unknown = true;
		table[i].change(&c);
		kit_link(&k, &br);
		kit_link(&k, &vx);
		evpn_configure_vni(k.evpn, VNI, &c);
		kit_settle(&k);
		why = evi_unknown_why_not(evi_find(k.evpn, VNI));
		ck_assert_msg(wanted(&k) == table[i].on, "%s", table[i].what);
		ck_assert_msg((why == NULL) == (table[i].why == NULL), "%s: %s",
		    table[i].what, why);
		if (why != NULL)
			ck_assert_msg(
			    strncmp(why, table[i].why, strlen(table[i].why)) == 0,
			    "%s: %s", table[i].what, why);
		kit_fini(&k);
	}
}
END_TEST

/* It comes and goes with the setting, and with the flag. */
START_TEST(changes)
{
	struct evi_conf c;
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	vx = kit_vxlan(VNI);
	vx.port.neigh_suppress = true;
	kit_link(&k, &vx);
	c = evi_conf_default(&k.conf);
	for (int i = 0; i < 4; i++) {
		c.drop_unknown = i % 2;
		evpn_configure_vni(k.evpn, VNI, &c);
		kit_settle(&k);
		ck_assert_int_eq(wanted(&k), i % 2);
	}
	vx.port.neigh_suppress = false;
	kit_link(&k, &vx);
	kit_settle(&k);
	ck_assert(!wanted(&k));
	vx.port.neigh_suppress = true;
	kit_link(&k, &vx);
	kit_settle(&k);
	ck_assert(wanted(&k));
	kit_fini(&k);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("unknown", &tc);

	tcase_add_test(tc, rows);
	tcase_add_test(tc, changes);
	return unit_run(s);
}

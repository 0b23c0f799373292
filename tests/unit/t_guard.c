/* Tests of evpn/guard: floods of MACs and addresses, and who claims to be the gateway. */
#include "unit.h"

#include "evpnkit.h"

#define VNI 100
#define LIMIT 8

static void
limits(struct kit *k, enum evi_limit which, uint32_t n)
{
	struct evi_conf c = evi_conf_default(&k->conf);

	c.explicit = true;
	c.limits[which] = n;
	evpn_configure_vni(k->evpn, VNI, &c);
	kit_settle(k);
}

static unsigned
events(struct kit *k, enum evpn_event_kind kind)
{
	struct evpn_event ev[64];
	unsigned found = 0, n;
	uint64_t seq = 0;

	while ((n = evpn_events(k->evpn, &seq, ev, 64)) > 0)
		for (unsigned i = 0; i < n; i++)
			found += ev[i].kind == kind;
	return found;
}

static struct evi *
start(struct kit *k)
{
	kit_init(k);
	kit_devices(k, VNI);
	kit_settle(k);
	return evi_find(k->evpn, VNI);
}

/* Of the MACs 1 to N, or their addresses: how many are local. */
static unsigned
known(struct kit *k, bool ip, unsigned n)
{
	unsigned found = 0;

	for (unsigned i = 1; i <= n; i++)
		found += kit_seq(k, VNI, i, ip ? i : 0) >= 0;
	return found;
}

static const struct {
	enum evi_limit which;
	bool ip;
} floods[] = {
	{ EVI_LIMIT_MACS, false },
	{ EVI_LIMIT_PORT_MACS, false },
	{ EVI_LIMIT_IPS, true },
	{ EVI_LIMIT_PORT_IPS, true },
};

/* What is over the limit is refused, told once, and comes in when there is room. */
START_TEST(flood)
{
	bool ip = floods[_i].ip;
	enum evpn_event_kind kind = ip ? EV_IP_LIMIT : EV_MAC_LIMIT;
	struct kit k;
	struct evi *evi = start(&k);

	limits(&k, floods[_i].which, LIMIT);
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 1; i <= LIMIT + 2; i++) {
			kit_learn(&k, VNI, i);
			kit_settle(&k);
			if (ip)
				kit_snoop(&k, VNI, i, i);
			kit_settle(&k);
		}
	ck_assert_uint_eq(known(&k, ip, LIMIT + 2), LIMIT);
	ck_assert_uint_eq(known(&k, ip, LIMIT), LIMIT);
	ck_assert_uint_eq(evi->guard.hosts[ip], LIMIT);
	ck_assert_uint_ge(evi->guard.refused[ip], 2);
	ck_assert_uint_eq(events(&k, kind), 1);
	/* Who is known moves nowhere, and a static one is always taken. */
	kit_fdb(&k, VNI, 50, NUD_NOARP, 0);
	kit_settle(&k);
	ck_assert_int_ge(kit_seq(&k, VNI, 50, 0), 0);
	kit_age(&k, VNI, 50);
	kit_settle(&k);
	kit_age(&k, VNI, 1);
	kit_settle(&k);
	kit_wait(&k, 10);
	kit_snoop(&k, VNI, LIMIT + 1, LIMIT + 1);
	kit_settle(&k);
	ck_assert_uint_eq(known(&k, ip, LIMIT + 2), LIMIT);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, ip ? 1 : 0), -1);
	limits(&k, floods[_i].which, 0);
	for (unsigned i = 2; ip && i <= LIMIT + 2; i++)
		kit_snoop(&k, VNI, i, i);
	kit_settle(&k);
	ck_assert_uint_eq(known(&k, ip, LIMIT + 2), LIMIT + 1);
	kit_fini(&k);
}
END_TEST

/* A port that goes takes its numbers with it. */
START_TEST(port_gone)
{
	struct klink port = kit_port(VNI);
	struct kit k;
	struct evi *evi = start(&k);

	for (unsigned i = 1; i <= 3; i++) {
		kit_learn(&k, VNI, i);
		kit_snoop(&k, VNI, i, i);
	}
	kit_settle(&k);
	ck_assert_uint_eq(evi->guard.hosts[0], 3);
	ck_assert_uint_eq(evi->guard.hosts[1], 3);
	ck_assert_uint_eq(evdev_find(k.evpn, PORT(VNI))->hosts[1], 3);
	klink_lost(k.klinks, port.ifindex);
	for (unsigned i = 1; i <= 3; i++)
		kit_age(&k, VNI, i);
	kit_settle(&k);
	kit_wait(&k, 10);
	ck_assert_uint_eq(evi->guard.hosts[0], 0);
	ck_assert_uint_eq(evi->guard.hosts[1], 0);
	kit_fini(&k);
}
END_TEST

/* Nobody else is the gateway: not learned, not imported, told once. */
START_TEST(spoofed)
{
	struct kit_spec route = { .vtep = 2, .vni = VNI, .mac = 7, .ip = 9 };
	struct ip gateway = kit_ip(9);
	struct kkey addr = kkey_addr(BR(VNI), &gateway, 24);
	struct kval there = { .port = 0 };
	struct kit k;
	struct evi *evi = start(&k);

	ktab_have(k.ktab, &addr, &there, k.now);
	kit_settle(&k);
	kit_learn(&k, VNI, 1);
	for (int i = 0; i < 3; i++) {
		kit_snoop(&k, VNI, 1, 9);
		evpn_snooped(k.evpn, PORT(VNI), 0, &evi->svi_mac, &gateway, k.now);
		kit_settle(&k);
	}
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 9), -1);
	ck_assert_uint_eq(events(&k, EV_SPOOFED), 2);
	kit_route(&k, &route);
	kit_settle(&k);
	ck_assert_uint_eq(events(&k, EV_SPOOFED), 3);
	ck_assert_uint_eq(kit_neigh(&k, VNI, 9), 0);
	kit_fini(&k);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("guard", &tc);

	tcase_add_loop_test(tc, flood, 0, 4);
	tcase_add_test(tc, port_gone);
	tcase_add_test(tc, spoofed);
	return unit_run(s);
}

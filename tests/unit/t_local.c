/* Tests of evpn/local and evpn/probe: hosts as the kernel, ARP and ND tell of them. */
#include "unit.h"

#include "evpnkit.h"

#define VNI 100

/* The neighbour table of the SVI says IP is at MAC; STATE 0: it is there no more. */
static void
neigh(struct kit *k, const char *ip, unsigned mac, uint16_t state, uint8_t flags)
{
	struct kval val = { .mac = kit_mac(mac), .state = state, .flags = flags };
	struct kkey key;
	struct ip a;

	ck_assert(ip_parse(ip, &a));
	key = kkey_neigh(BR(VNI), &a);
	ktab_have(k->ktab, &key, state != 0 ? &val : NULL, k->now);
	kit_settle(k);
}

/* Our route for MAC and IP, or NULL. */
static struct kit_route *
route(struct kit *k, unsigned mac, const char *ip)
{
	struct nlri key = { .type = NLRI_MACIP, .mac = kit_mac(mac) };

	ck_assert(ip_parse(ip, &key.ip));
	key.rd = rd_of_ip(0x0a000005, VNI);
	return kit_own(k, &key);
}

static void
start(struct kit *k)
{
	kit_init(k);
	kit_devices(k, VNI);
	kit_settle(k);
	kit_learn(k, VNI, 1);
	kit_settle(k);
}

/* Which neighbours make a route. */
static const struct row {
	const char *what, *ip;
	uint16_t state;
	uint8_t flags;
	bool routed;
} rows[] = {
	/* clang-format off */
	{ "reachable", "10.1.0.7", NUD_REACHABLE, 0, true },
	{ "stale", "10.1.0.7", NUD_STALE, 0, true },
	{ "set by hand", "10.1.0.7", NUD_PERMANENT, 0, true },
	{ "IPv6", "2001:db8::7", NUD_REACHABLE, 0, true },
	{ "failed", "10.1.0.7", NUD_FAILED, 0, false },
	{ "of another agent", "10.1.0.7", NUD_NOARP, NTF_EXT_LEARNED, false },
	{ "link-local", "fe80::7", NUD_REACHABLE, 0, false },
	{ "group", "224.0.0.7", NUD_NOARP, 0, false },
	{ "none", "0.0.0.0", NUD_REACHABLE, 0, false },
	/* clang-format on */
};

START_TEST(neighbours)
{
	const struct row *row = &rows[_i];
	struct kit k;

	start(&k);
	neigh(&k, row->ip, 1, row->state, row->flags);
	ck_assert_msg((route(&k, 1, row->ip) != NULL) == row->routed, "%s", row->what);
	neigh(&k, row->ip, 1, 0, 0);
	kit_wait(&k, 5);
	ck_assert_ptr_null(route(&k, 1, row->ip));
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 0), 0);
	kit_fini(&k);
}
END_TEST

/* Failed: asked thrice before its route goes; an answer keeps it. */
START_TEST(asked)
{
	struct evpn_probe p;
	struct mac mac = kit_mac(1);
	struct ip ip;
	struct kit k;

	ck_assert(ip_parse("10.1.0.7", &ip));
	start(&k);
	neigh(&k, "10.1.0.7", 1, NUD_REACHABLE, 0);
	neigh(&k, "10.1.0.7", 1, NUD_FAILED, 0);
	ck_assert(evpn_probe(k.evpn, &p));
	ck_assert_uint_eq(p.port, PORT(VNI));
	ck_assert_int_eq(mac_cmp(&p.mac, &mac), 0);
	ck_assert_int_eq(ip_cmp(&p.ip, &ip), 0);
	ck_assert(!evpn_probe(k.evpn, &p));
	ck_assert_uint_le(evpn_tick(k.evpn, k.now), k.now + 1000);
	ck_assert_uint_eq(kit_wait(&k, 1), 1);
	evpn_snooped(k.evpn, PORT(VNI), 0, &mac, &ip, k.now);
	kit_settle(&k);
	ck_assert_uint_eq(kit_wait(&k, 10), 0);
	ck_assert_ptr_nonnull(route(&k, 1, "10.1.0.7"));
	kit_age(&k, VNI, 1);
	kit_settle(&k);
	ck_assert_ptr_nonnull(route(&k, 1, "10.1.0.7"));
	ck_assert(evpn_probe(k.evpn, &p));
	ck_assert_uint_eq(kit_wait(&k, 10), 2);
	ck_assert_uint_eq(k.nown, 1); /* type 3 */
	ck_assert_uint_eq(evi_find(k.evpn, VNI)->macs.count, 0);
	ck_assert_uint_eq(evpn_tick(k.evpn, k.now), UINT64_MAX);
	kit_fini(&k);
}
END_TEST

/* The address moves to another MAC behind another port or the same. */
START_TEST(other_mac)
{
	struct kit k;

	start(&k);
	kit_learn(&k, VNI, 2);
	neigh(&k, "10.1.0.7", 1, NUD_REACHABLE, 0);
	neigh(&k, "10.1.0.7", 2, NUD_REACHABLE, 0);
	ck_assert_ptr_null(route(&k, 1, "10.1.0.7"));
	ck_assert_ptr_nonnull(route(&k, 2, "10.1.0.7"));
	kit_wait(&k, 5);
	ck_assert_ptr_null(route(&k, 1, "10.1.0.7"));
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 0), 0);
	kit_fini(&k);
}
END_TEST

/* A router says so in its routes (RFC 9047), IPv6 only. */
START_TEST(router)
{
	struct kit k;

	start(&k);
	neigh(&k, "2001:db8::7", 1, NUD_REACHABLE, NTF_ROUTER);
	neigh(&k, "10.1.0.7", 1, NUD_REACHABLE, NTF_ROUTER);
	ck_assert(route(&k, 1, "2001:db8::7")->attrs->v.flags & ATTRS_ROUTER);
	ck_assert(!(route(&k, 1, "10.1.0.7")->attrs->v.flags & ATTRS_ROUTER));
	kit_fini(&k);
}
END_TEST

/* What is not a host behind an access port is no local MAC. */
START_TEST(no_hosts)
{
	struct klink br = kit_bridge(VNI);
	struct mac mac = kit_mac(3), group = { { 1, 0, 94, 0, 0, 1 } };
	struct kkey key = kkey_brfdb(BR(VNI), 0, &mac);
	struct kval val = { .port = VX(VNI), .state = NUD_REACHABLE };
	struct ip ip = kit_ip(7);
	struct kit k;

	start(&k);
	ktab_have(k.ktab, &key, &val, k.now); /* behind the vxlan port */
	val = (struct kval){ .port = PORT(VNI), .state = NUD_PERMANENT };
	key = kkey_brfdb(BR(VNI), 0, &br.mac); /* the bridge's own */
	ktab_have(k.ktab, &key, &val, k.now);
	val.state = NUD_NOARP;
	key = kkey_brfdb(BR(VNI), 0, &group);
	ktab_have(k.ktab, &key, &val, k.now);
	key = kkey_brfdb(BR(VNI), 1, &mac); /* another VLAN */
	ktab_have(k.ktab, &key, &val, k.now);
	evpn_snooped(k.evpn, 999, 0, &mac, &ip, k.now);
	evpn_snooped(k.evpn, VX(VNI), 0, &mac, &ip, k.now);
	evpn_snooped(k.evpn, PORT(VNI), 5, &mac, &ip, k.now);
	evpn_snooped(k.evpn, PORT(VNI), 0, &group, &ip, k.now);
	kit_settle(&k);
	ck_assert_uint_eq(k.nown, 2); /* MAC 1, type 3 */
	kit_fini(&k);
}
END_TEST

/* Aged while the vxlan device was away: not there when it is back. */
START_TEST(aged_unseen)
{
	struct klink vx = kit_vxlan(VNI);
	struct kit k;

	start(&k);
	kit_learn(&k, VNI, 2);
	kit_snoop(&k, VNI, 1, 7);
	neigh(&k, "10.1.0.8", 1, NUD_REACHABLE, 0);
	kit_settle(&k);
	klink_lost(k.klinks, VX(VNI));
	kit_settle(&k);
	ck_assert_uint_eq(k.nown, 0);
	kit_age(&k, VNI, 2);
	neigh(&k, "10.1.0.8", 1, 0, 0);
	kit_settle(&k);
	kit_link(&k, &vx);
	kit_settle(&k);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 0), 0);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 7), 0);
	ck_assert_int_eq(kit_seq(&k, VNI, 2, 0), -1);
	kit_wait(&k, 5);
	ck_assert_ptr_null(route(&k, 1, "10.1.0.8"));
	kit_fini(&k);
}
END_TEST

/* Our own addresses are no host's. */
START_TEST(own_address)
{
	struct ip ip = kit_ip(1);
	struct kkey key = kkey_addr(BR(VNI), &ip, 24);
	struct kit_spec r = { .vni = VNI, .vtep = 2, .mac = 9, .ip = 1 };
	struct kval val = kval_addr();
	struct kit k;

	start(&k);
	ktab_have(k.ktab, &key, &val, k.now);
	kit_settle(&k);
	kit_snoop(&k, VNI, 1, 1);
	kit_route(&k, &r);
	kit_settle(&k);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 1), -1);
	ck_assert_uint_eq(kit_neigh(&k, VNI, 1), 0);
	ck_assert_uint_eq(kit_dst(&k, VNI, 9), 2);
	kit_fini(&k);
}
END_TEST

/* A local host that is seen on another port keeps its sequence number. */
START_TEST(other_port)
{
	struct klink port = kit_port(VNI);
	struct mac mac = kit_mac(1);
	struct kkey key = kkey_brfdb(BR(VNI), 0, &mac);
	struct kval val = { .port = 55, .state = NUD_REACHABLE };
	struct kit k;

	start(&k);
	port.ifindex = 55;
	memcpy(port.name, "second", 7);
	kit_link(&k, &port);
	kit_settle(&k);
	k.announced = 0;
	ktab_have(k.ktab, &key, &val, k.now);
	kit_settle(&k);
	ck_assert_uint_eq(k.announced, 0);
	klink_lost(k.klinks, PORT(VNI)); /* the old one: of no concern */
	kit_settle(&k);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 0), 0);
	klink_lost(k.klinks, 55);
	kit_settle(&k);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 0), -1);
	kit_fini(&k);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("local", &tc);

	tcase_add_loop_test(tc, neighbours, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, asked);
	tcase_add_test(tc, other_mac);
	tcase_add_test(tc, router);
	tcase_add_test(tc, no_hosts);
	tcase_add_test(tc, aged_unseen);
	tcase_add_test(tc, own_address);
	tcase_add_test(tc, other_port);
	return unit_run(s);
}

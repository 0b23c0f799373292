/* Tests of evpn/miss: what comes of the kernel's question for a neighbour. */
#include "unit.h"

#include "evpnkit.h"

#define VNI 100

static void
address(struct kit *k, const char *text, uint8_t plen)
{
	struct kval val = kval_addr();
	struct kkey key;
	struct ip ip;

	ck_assert(ip_parse(text, &ip));
	key = kkey_addr(BR(VNI), &ip, plen);
	ktab_have(k->ktab, &key, &val, k->now);
}

static void
start(struct kit *k)
{
	struct kit_spec spec = { .vni = VNI, .vtep = 1, .mac = 1, .ip = 9 };

	kit_init(k);
	kit_devices(k, VNI);
	kit_settle(k);
	address(k, "192.168.0.1", 24);
	address(k, "10.1.0.1", 16);
	address(k, "fd01::1", 64);
	kit_route(k, &spec);
	kit_settle(k);
}

static void
miss(struct kit *k, uint32_t ifindex, const char *text)
{
	struct kkey key;
	struct ip ip;

	ck_assert(ip_parse(text, &ip));
	key = kkey_neigh(ifindex, &ip);
	evpn_missed(k->evpn, &key, k->now);
}

static const struct row {
	const char *what, *ip;
	uint32_t ifindex;
	const char *from; /* NULL: nothing is asked */
} rows[] = {
	/* clang-format off */
	{ "IPv4", "10.1.77.7", BR(VNI), "10.1.0.1" },
	{ "another network", "192.168.0.8", BR(VNI), "192.168.0.1" },
	{ "no network", "172.16.0.8", BR(VNI), "192.168.0.1" },
	{ "IPv6", "fd01::7", BR(VNI), "fd01::1" },
	{ "IPv6, link-local", "fe80::7", BR(VNI), "fd01::1" },
	{ "known elsewhere", "192.168.0.9", BR(VNI), NULL },
	{ "on another device", "10.1.0.7", VX(VNI), NULL },
	/* clang-format on */
};

START_TEST(asked)
{
	const struct row *row = &rows[_i];
	struct mac svi = kit_bridge(VNI).mac;
	struct evpn_ask ask;
	struct ip ip, from;
	struct kit k;

	start(&k);
	miss(&k, row->ifindex, row->ip);
	ck_assert_msg(evpn_ask(k.evpn, &ask) == (row->from != NULL), "%s", row->what);
	if (row->from != NULL) {
		ck_assert(ip_parse(row->ip, &ip) && ip_parse(row->from, &from));
		ck_assert_uint_eq(ask.ifindex, BR(VNI));
		ck_assert_int_eq(mac_cmp(&ask.mac, &svi), 0);
		ck_assert_msg(ip_cmp(&ask.from, &from) == 0, "%s", row->what);
		ck_assert_int_eq(ip_cmp(&ask.ip, &ip), 0);
		ck_assert(!evpn_ask(k.evpn, &ask));
		miss(&k, row->ifindex, row->ip); /* freed with the rest */
	}
	kit_fini(&k);
}
END_TEST

/* The row of a known one is written again, even if nothing said that it went. */
START_TEST(known)
{
	struct ktab_stats before, after;
	struct evi *evi;
	struct kit k;

	start(&k);
	evi = evi_find(k.evpn, VNI);
	ktab_stats(k.ktab, &before);
	miss(&k, BR(VNI), "192.168.0.9");
	kit_settle(&k);
	ktab_stats(k.ktab, &after);
	ck_assert_uint_eq(after.adds, before.adds + 1);
	ck_assert_uint_eq(evi->misses.known, 1);
	ck_assert_uint_eq(evi->misses.asked, 0);
	kit_fini(&k);
}
END_TEST

/* A scan: the share of a second, then what comes back with time. */
START_TEST(scan)
{
	struct evpn_ask ask;
	unsigned n = 0;
	struct evi *evi;
	struct kit k;
	char text[32];

	start(&k);
	evi = evi_find(k.evpn, VNI);
	for (unsigned i = 2; i < 1000; i++) {
		snprintf(text, sizeof(text), "10.1.%u.%u", i / 256, i % 256);
		miss(&k, BR(VNI), text);
	}
	while (evpn_ask(k.evpn, &ask))
		n++;
	ck_assert_uint_eq(n, 200);
	ck_assert_uint_eq(evi->misses.limited, 998 - 200);
	k.now += 50;
	for (unsigned i = 0; i < 20; i++)
		miss(&k, BR(VNI), text);
	while (evpn_ask(k.evpn, &ask))
		n++;
	ck_assert_uint_eq(n, 210);
	k.now += 60000;
	for (unsigned i = 0; i < 300; i++)
		miss(&k, BR(VNI), text);
	while (evpn_ask(k.evpn, &ask))
		n++;
	ck_assert_uint_eq(n, 410);
	kit_fini(&k);
}
END_TEST

/* A VNI that is not live asks nothing, nor one whose device has no address. */
START_TEST(quiet)
{
	struct evpn_ask ask;
	struct ip none = { 0 };
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_settle(&k);
	miss(&k, BR(VNI), "10.1.0.7");
	ck_assert(evpn_ask(k.evpn, &ask));
	ck_assert_int_eq(ip_cmp(&ask.from, &none), 0);
	k.conf.on = false;
	evpn_configure(k.evpn, &k.conf);
	kit_settle(&k);
	miss(&k, BR(VNI), "10.1.0.7");
	ck_assert(!evpn_ask(k.evpn, &ask));
	kit_fini(&k);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("miss", &tc);

	tcase_add_loop_test(tc, asked, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, known);
	tcase_add_test(tc, scan);
	tcase_add_test(tc, quiet);
	return unit_run(s);
}

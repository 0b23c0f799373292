/* Tests of evpn/macip and evpn/mobility: who has a MAC, step by step. */
#include "unit.h"

#include "evpnkit.h"

#define VNI 100

enum op {
	LEARN, /* in the bridge */
	AGE,
	SNOOP,
	STATIC,
	STICKY,
	REMOTE, /* MAC-only route */
	REMOTE_IP,
	REMOTE_STICKY,
	GONE,
	GONE_IP,
	API,
	API_DEL,
	WAIT, /* SEQ seconds */
	CLEAR,
	END,
};

/* We are VTEP 5. */
static const struct step {
	enum op op;
	unsigned mac, ip, vtep, seq;
	/* what then is: */
	unsigned dst;   /* VTEP in the kernel */
	int own;        /* our route's sequence, -1: none */
	int own_ip;     /* of the MAC/IP route, if IP is given */
	unsigned neigh; /* MAC of IP in the neighbour table */
} scenarios[][16] = {
	/* clang-format off */
	{ /* remote and back: sequence numbers */
		{ REMOTE,	 1, 0, 2, 0,  2, -1, -1, 0 },
		{ LEARN,	 1, 0, 0, 0,  0,  1, -1, 0 },
		{ REMOTE,	 1, 0, 2, 2,  2, -1, -1, 0 },
		{ LEARN,	 1, 0, 0, 0,  0,  3, -1, 0 },
		{ GONE,		 1, 0, 2, 0,  0,  3, -1, 0 },
		{ AGE,		 1, 0, 0, 0,  0, -1, -1, 0 },
		{ LEARN,	 1, 0, 0, 0,  0,  0, -1, 0 },
		{ .op = END } },
	{ /* local first; equal sequence: the lower VTEP has it */
		{ LEARN,	 1, 0, 0, 0,  0,  0, -1, 0 },
		{ REMOTE,	 1, 0, 9, 0,  0,  0, -1, 0 },
		{ REMOTE,	 1, 0, 2, 0,  2, -1, -1, 0 },
		{ GONE,		 1, 0, 2, 0,  9, -1, -1, 0 },
		{ GONE,		 1, 0, 9, 0,  0, -1, -1, 0 },
		{ .op = END } },
	{ /* between remote VTEPs */
		{ REMOTE,	 1, 0, 9, 0,  9, -1, -1, 0 },
		{ REMOTE,	 1, 0, 2, 0,  2, -1, -1, 0 },
		{ REMOTE,	 1, 0, 9, 1,  9, -1, -1, 0 },
		{ GONE,		 1, 0, 2, 0,  9, -1, -1, 0 },
		{ REMOTE_STICKY, 1, 0, 3, 0,  3, -1, -1, 0 },
		{ .op = END } },
	{ /* sticky here beats all */
		{ STICKY,	 1, 0, 0, 0,  0, 1000, -1, 0 },
		{ REMOTE,	 1, 0, 2, 7,  0, 1000, -1, 0 },
		{ REMOTE_STICKY, 1, 0, 3, 0,  0, 1000, -1, 0 },
		{ .op = END } },
	{ /* static here is not given away */
		{ STATIC,	 1, 0, 0, 0,  0,  0, -1, 0 },
		{ REMOTE,	 1, 0, 2, 7,  0,  0, -1, 0 },
		{ .op = END } },
	{ /* sticky elsewhere is not taken */
		{ REMOTE_STICKY, 1, 0, 2, 0,  2, -1, -1, 0 },
		{ LEARN,	 1, 0, 0, 0,  2, -1, -1, 0 },
		{ GONE,		 1, 0, 2, 0,  0, -1, -1, 0 },
		{ .op = END } },
	{ /* addresses go with their MAC, whatever comes first */
		{ SNOOP,	 1, 7, 0, 0,  0, -1, -1, 0 },
		{ LEARN,	 1, 7, 0, 0,  0,  0,  0, 0 },
		{ REMOTE_IP,	 1, 7, 2, 1,  2, -1, -1, 1 },
		{ LEARN,	 1, 7, 0, 0,  0,  2, -1, 0 },
		{ SNOOP,	 1, 7, 0, 0,  0,  2,  2, 0 },
		{ GONE_IP,	 1, 7, 2, 0,  0,  2,  2, 0 },
		{ .op = END } },
	{ /* an address of two MACs: the later claim has it */
		{ REMOTE_IP,	 1, 7, 2, 0,  2, -1, -1, 1 },
		{ LEARN,	 2, 7, 0, 0,  0,  0, -1, 1 },
		{ SNOOP,	 2, 7, 0, 0,  0,  1,  1, 0 },
		{ REMOTE_IP,	 1, 7, 2, 2,  2, -1, -1, 1 },
		{ SNOOP,	 2, 7, 0, 0,  0,  3,  3, 0 },
		{ GONE_IP,	 1, 7, 2, 0,  0, -1, -1, 0 },
		{ AGE,		 2, 7, 0, 0,  0,  3,  3, 0 },
		{ WAIT,		 2, 7, 0, 4,  0, -1, -1, 0 },
		{ .op = END } },
	{ /* the same among remote ones: sequence, then VTEP */
		{ REMOTE_IP,	 1, 7, 3, 0,  3, -1, -1, 1 },
		{ REMOTE_IP,	 2, 7, 2, 0,  2, -1, -1, 2 },
		{ REMOTE_IP,	 1, 7, 3, 1,  3, -1, -1, 1 },
		{ GONE_IP,	 1, 7, 3, 0,  0, -1, -1, 2 },
		{ .op = END } },
	{ /* a platform's word comes before the first frame */
		{ REMOTE_IP,	 1, 7, 2, 4,  2, -1, -1, 1 },
		{ API,		 1, 7, 0, 0,  0,  5,  5, 0 },
		{ REMOTE_IP,	 1, 7, 2, 6,  2, -1, -1, 1 },
		{ GONE_IP,	 1, 7, 2, 0,  0,  5,  5, 0 },
		{ API_DEL,	 1, 7, 0, 0,  0, -1, -1, 0 },
		{ .op = END } },
	{ /* an aged MAC goes at once, one with addresses when they do not answer */
		{ LEARN,	 1, 7, 0, 0,  0,  0, -1, 0 },
		{ AGE,		 1, 7, 0, 0,  0, -1, -1, 0 },
		{ LEARN,	 1, 7, 0, 0,  0,  0, -1, 0 },
		{ SNOOP,	 1, 7, 0, 0,  0,  0,  0, 0 },
		{ AGE,		 1, 7, 0, 0,  0,  0,  0, 0 },
		{ WAIT,		 1, 7, 0, 1,  0,  0,  0, 0 },
		{ SNOOP,	 1, 7, 0, 0,  0,  0,  0, 0 },
		{ LEARN,	 1, 7, 0, 0,  0,  0,  0, 0 },
		{ WAIT,		 1, 7, 0, 5,  0,  0,  0, 0 },
		{ AGE,		 1, 7, 0, 0,  0,  0,  0, 0 },
		{ WAIT,		 1, 7, 0, 4,  0, -1, -1, 0 },
		{ .op = END } },
	{ /* a silent address is asked after a while */
		{ LEARN,	 1, 7, 0, 0,  0,  0, -1, 0 },
		{ SNOOP,	 1, 7, 0, 0,  0,  0,  0, 0 },
		{ WAIT,		 1, 7, 0, 290, 0,  0,  0, 0 },
		{ SNOOP,	 1, 7, 0, 0,  0,  0,  0, 0 },
		{ WAIT,		 1, 7, 0, 290, 0,  0,  0, 0 },
		{ WAIT,		 1, 7, 0, 20, 0,  0, -1, 0 },
		{ .op = END } },
	/* clang-format on */
};

static void
play(struct kit *k, const struct step *s)
{
	struct kit_spec r = {
		.vni = VNI, .vtep = s->vtep, .mac = s->mac, .seq = s->seq
	};
	struct mac mac = kit_mac(s->mac);
	struct ip ip = kit_ip(s->ip);

	r.ip = s->op == REMOTE_IP || s->op == GONE_IP ? s->ip : 0;
	r.sticky = s->op == REMOTE_STICKY;
	switch (s->op) {
	case LEARN:
		kit_learn(k, VNI, s->mac);
		break;
	case AGE:
		kit_age(k, VNI, s->mac);
		break;
	case SNOOP:
		kit_snoop(k, VNI, s->mac, s->ip);
		break;
	case STATIC:
		kit_fdb(k, VNI, s->mac, NUD_NOARP, 0);
		break;
	case STICKY:
		kit_fdb(k, VNI, s->mac, NUD_NOARP, NTF_STICKY);
		break;
	case REMOTE:
	case REMOTE_IP:
	case REMOTE_STICKY:
		kit_route(k, &r);
		break;
	case GONE:
	case GONE_IP:
		kit_withdraw(k, &r);
		break;
	case API:
	case API_DEL:
		ck_assert_ptr_null(evpn_api_mac(
		    k->evpn, VNI, &mac, &ip, PORT(VNI), s->op == API, k->now));
		break;
	case WAIT:
		kit_wait(k, s->seq);
		break;
	case CLEAR:
		evpn_dup_clear(k->evpn, VNI, &mac, NULL, k->now);
		break;
	case END:
		break;
	}
	kit_settle(k);
}

START_TEST(moves)
{
	const struct step *s = scenarios[_i];
	struct kit k;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_settle(&k);
	for (unsigned i = 0; s->op != END; s++, i++) {
		play(&k, s);
		ck_assert_msg(kit_dst(&k, VNI, s->mac) == s->dst,
		    "%d.%u: dst %u, not %u", _i, i, kit_dst(&k, VNI, s->mac), s->dst);
		ck_assert_msg(kit_seq(&k, VNI, s->mac, 0) == s->own,
		    "%d.%u: seq %d, not %d", _i, i, kit_seq(&k, VNI, s->mac, 0),
		    s->own);
		if (s->ip == 0)
			continue;
		ck_assert_msg(kit_seq(&k, VNI, s->mac, s->ip) == s->own_ip,
		    "%d.%u: IP's seq %d, not %d", _i, i,
		    kit_seq(&k, VNI, s->mac, s->ip), s->own_ip);
		ck_assert_msg(kit_neigh(&k, VNI, s->ip) == s->neigh,
		    "%d.%u: neigh %u, not %u", _i, i, kit_neigh(&k, VNI, s->ip),
		    s->neigh);
	}
	kit_fini(&k);
}
END_TEST

/* One move to VTEP 2 and one back. */
static void
there_and_back(struct kit *k, uint32_t *seq)
{
	struct kit_spec r = { .vni = VNI, .vtep = 2, .mac = 1 };

	r.seq = ++*seq;
	kit_route(k, &r);
	kit_settle(k);
	++*seq;
	kit_learn(k, VNI, 1);
	kit_settle(k);
}

START_TEST(duplicate_warned)
{
	struct kit k;
	struct evi *evi;
	struct mac mac = kit_mac(1);
	uint32_t seq = 0;

	kit_init(&k);
	kit_devices(&k, VNI);
	kit_settle(&k);
	kit_learn(&k, VNI, 1);
	kit_settle(&k);
	evi = evi_find(k.evpn, VNI);
	there_and_back(&k, &seq);
	kit_wait(&k, 200); /* the window is over: counted from here */
	there_and_back(&k, &seq);
	there_and_back(&k, &seq);
	ck_assert(!macip_find(evi, &mac, NULL)->duplicate);
	there_and_back(&k, &seq);
	ck_assert(macip_find(evi, &mac, NULL)->duplicate);
	ck_assert(!macip_find(evi, &mac, NULL)->frozen);
	there_and_back(&k, &seq); /* told only */
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 0), 10);
	evpn_dup_clear(k.evpn, VNI, &mac, NULL, k.now);
	ck_assert(!macip_find(evi, &mac, NULL)->duplicate);
	kit_fini(&k);
}
END_TEST

START_TEST(duplicate_frozen)
{
	struct kit_spec r = { .vni = VNI, .vtep = 2, .mac = 1 };
	struct kit k;
	struct evi *evi;
	struct mac mac = kit_mac(1);
	uint32_t seq = 0;

	kit_init(&k);
	k.conf.dad_freeze = true;
	k.conf.dad_freeze_s = 60;
	evpn_configure(k.evpn, &k.conf);
	kit_devices(&k, VNI);
	kit_settle(&k);
	kit_learn(&k, VNI, 1);
	kit_settle(&k);
	evi = evi_find(k.evpn, VNI);
	there_and_back(&k, &seq);
	there_and_back(&k, &seq);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 0), 4);
	r.seq = 5; /* the fifth move: not made */
	kit_route(&k, &r);
	kit_settle(&k);
	ck_assert(macip_find(evi, &mac, NULL)->frozen);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 0);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 0), 4);
	r.seq = 9;
	kit_route(&k, &r);
	kit_settle(&k);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 0), 4);
	kit_wait(&k, 61);
	ck_assert(!macip_find(evi, &mac, NULL)->frozen);
	ck_assert_uint_eq(kit_dst(&k, VNI, 1), 2);
	ck_assert_int_eq(kit_seq(&k, VNI, 1, 0), -1);
	kit_fini(&k);
}
END_TEST

static const struct {
	struct macip_claim a, b;
	int sign;
	const char *why;
} cmps[] = {
	/* clang-format off */
	{ { .fixed = true }, { .sticky = true, .seq = 9 }, 1, "static here" },
	{ { .sticky = true }, { .seq = 9 }, 1, "sticky" },
	{ { .seq = 1 }, { .seq = 2 }, -1, "higher sequence number" },
	{ { .vtep = { 4, { 10, 0, 0, 2 } } }, { .vtep = { 4, { 10, 0, 0, 10 } } }, 1,
	    "lower VTEP address" },
	{ { .rd = { { 0, 1 } } }, { .rd = { { 0, 0 } } }, -1, "lower route distinguisher" },
	{ { .seq = 3 }, { .seq = 3 }, 0, "the same" },
	/* clang-format on */
};

START_TEST(rules)
{
	const char *why;
	int c = macip_cmp(&cmps[_i].a, &cmps[_i].b, &why);

	ck_assert_int_eq((c > 0) - (c < 0), cmps[_i].sign);
	ck_assert_str_eq(why, cmps[_i].why);
	c = macip_cmp(&cmps[_i].b, &cmps[_i].a, NULL);
	ck_assert_int_eq((c > 0) - (c < 0), -cmps[_i].sign);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("macip", &tc);

	tcase_add_loop_test(tc, rules, 0, sizeof(cmps) / sizeof(cmps[0]));
	tcase_add_loop_test(tc, moves, 0, sizeof(scenarios) / sizeof(scenarios[0]));
	tcase_add_test(tc, duplicate_warned);
	tcase_add_test(tc, duplicate_frozen);
	return unit_run(s);
}

/*
 * Tests of evpn/vrfproject: the kernel rows of a prefix, word by word; and that after routes,
 * hosts, gateways, kernel routes and devices have come and gone in any order, what is wanted
 * is what a host that has known nothing else would want.
 */
#include "unit.h"

#include <unistd.h>

#include "vrfkit.h"

#define TEXT (1 << 18)
#define P "10.9.0.0/24"
#define ALL (IPVRF_CONNECTED | IPVRF_STATIC | IPVRF_KERNEL)

/* --- word by word --- */

static void
rows_of(struct kit *k, enum kkind kind, char *text, size_t len)
{
	struct kkey key = { .kind = (uint8_t)kind };
	char a[KOBJ_STRLEN], b[KOBJ_STRLEN];
	size_t at = strlen(text);

	for (struct krow *r = ktab_from(k->ktab, &key);
	     r != NULL && KROW_KEY(r)->kind == kind; r = ktab_after(r))
		if (r->wanted && at < len)
			at += (size_t)snprintf(text + at, len - at, "%s: %s; ",
			    kkey_str(a, KROW_KEY(r)),
			    kval_str(b, KROW_KEY(r), KROW_WANT(r)));
}

static const struct {
	const char *what;
	struct vk_spec route;
	const char *local; /* our VTEP address */
	const char *via;   /* of the nexthop and the neighbour */
} words[] = {
	/* clang-format off */
	{ "IPv4", { .vtep = 2, .prefix = P, .label = L3 }, "10.0.0.5", "10.0.0.2" },
	{ "IPv6 over IPv4", { .vtep = 2, .prefix = "2001:db8::/64", .label = L3 }, "10.0.0.5",
	    "::ffff:10.0.0.2" },
	{ "IPv6 over IPv6",
	    { .vtep = 2, .vtep6 = "fd99::2", .prefix = "2001:db8::/64", .label = L3 }, "fd99::5",
	    "fe80:fd99::2" },
	{ "IPv4 over IPv6", { .vtep = 2, .vtep6 = "fd99::2", .prefix = P, .label = L3 },
	    "fd99::5", "fe80:fd99::2" },
	{ "IPv4 over IPv6, in a VRF of its own",
	    { .vtep = 2, .vtep6 = "fd99::2", .prefix = P, .label = BLUE, .rt = "65000:7500" },
	    "fd99::5", "fe80:fd99::2" },
	/* clang-format on */
};

START_TEST(word)
{
	const struct vk_spec *s = &words[_i].route;
	unsigned vni = s->label, table = vni == L3 ? MAIN : BLUE_TABLE;
	struct klink vx = kit_vxlan(vni);
	char text[2048] = "", want[2048];
	struct kit k;

	vk_init(&k);
	vk_blue_devices(&k);
	vk_configure(&k, "blue", (struct ipvrf_conf){ .vni = BLUE });
	vx.vxlan.local = vk_ip(words[_i].local);
	kit_link(&k, &vx);
	vk_route(&k, s);
	kit_settle(&k);
	rows_of(&k, KOBJ_NEXTHOP, text, sizeof(text));
	rows_of(&k, KOBJ_BRFDB, text, sizeof(text));
	rows_of(&k, KOBJ_VXFDB, text, sizeof(text));
	rows_of(&k, KOBJ_NEIGH, text, sizeof(text));
	rows_of(&k, KOBJ_ROUTE, text, sizeof(text));
	snprintf(want, sizeof(want),
	    "id %u: via %s ifindex %u onlink; "
	    "02:aa:00:00:00:02 on ifindex %u: port ifindex %u extern_learn reachable; "
	    "02:aa:00:00:00:02 on ifindex %u: dst %s extern_learn permanent noarp; "
	    "%s on ifindex %u: lladdr 02:aa:00:00:00:02 extern_learn noarp; "
	    "%s metric 20 table %u: nhid %u proto 91; ",
	    vrfvia_first(ipvrf_by_vni(k.evpn, vni))->id, words[_i].via, BR(vni),
	    BR(vni), VX(vni), VX(vni), s->vtep6 != NULL ? s->vtep6 : "10.0.0.2",
	    words[_i].via, BR(vni), s->prefix, table,
	    vrfvia_first(ipvrf_by_vni(k.evpn, vni))->id);
	ck_assert_str_eq(text, want);
	vk_withdraw(&k, s);
	kit_settle(&k);
	ck_assert_uint_eq(vk_count(&k, KOBJ_NEXTHOP) + vk_count(&k, KOBJ_BRFDB) +
		vk_count(&k, KOBJ_VXFDB) + vk_count(&k, KOBJ_NEIGH) +
		vk_count(&k, KOBJ_ROUTE),
	    0);
	kit_fini(&k);
}
END_TEST

/* The L3 VNI gets other devices: everything moves over. */
START_TEST(devices)
{
	struct vk_spec s = { .vtep = 2, .prefix = P, .label = L3 };
	struct klink br = kit_bridge(L3), vx = kit_vxlan(L3);
	struct ip vtep = kit_vtep(2);
	struct kkey neigh = kkey_neigh(BR(L3), &vtep);
	struct kit k;

	vk_init(&k);
	vk_route(&k, &s);
	kit_settle(&k);
	br.ifindex = BR(L3) + 1;
	snprintf(br.name, sizeof(br.name), "other");
	vx.master = br.ifindex;
	kit_link(&k, &br);
	kit_link(&k, &vx);
	kit_settle(&k);
	ck_assert_ptr_null(vk_wanted(&k, &neigh));
	neigh.ifindex = br.ifindex;
	ck_assert_ptr_nonnull(vk_wanted(&k, &neigh));
	ck_assert_uint_eq(vk_count(&k, KOBJ_NEXTHOP), 1);
	ck_assert_uint_eq(vk_count(&k, KOBJ_BRFDB), 1);
	ck_assert_uint_eq(vk_count(&k, KOBJ_VXFDB), 1);
	kit_fini(&k);
}
END_TEST

/* --- in any order --- */

enum { NETS = 6, HOSTS = 6, GWS = 3, VTEPS = 4, KERNELS = 6 };

/* What there is, by number; 0: nothing. The same STATE is always the same to the outside. */
struct state {
	uint8_t net[NETS][VTEPS];   /* 1: over L3, 2: label BLUE, 3: by a gateway */
	uint8_t blue[NETS][VTEPS];  /* of the other VRF */
	uint8_t host[HOSTS][VTEPS]; /* 1: two labels, 2: the EVI's only */
	uint8_t kernel[2][KERNELS]; /* 1: static, 2: connected, 3: a daemon's */
	uint8_t rmac[VTEPS];
	bool blue_up, devices, only_prefixes, both_targets;
};

static struct vk_spec
net_spec(const struct state *st, unsigned i, unsigned v, bool in_blue)
{
	static char prefix[32], gw[32];
	uint8_t how = in_blue ? st->blue[i][v] : st->net[i][v];
	struct vk_spec s = { .vtep = v + 10, .prefix = prefix, .rd = in_blue ? 2 : 1 };

	snprintf(
	    prefix, sizeof(prefix), i % 2 ? "10.50.%u.0/24" : "2001:db8:%u::/48", i);
	s.rt = in_blue ? "65000:7500" : NULL;
	s.label = how == 1 ? L3 : BLUE;
	s.rmac = v + 10 + st->rmac[v];
	if (how == 3 && i % 2) {
		snprintf(gw, sizeof(gw), "192.168.0.%u", 1 + i % GWS);
		s.gateway = gw;
	}
	return s;
}

static struct vk_spec
host_spec(const struct state *st, unsigned i, unsigned v)
{
	static char host[32];
	struct vk_spec s = {
		.vtep = v + 10, .host = host, .mac = i + 1, .l2 = L2, .seq = i % 3
	};

	snprintf(host, sizeof(host), "192.168.0.%u", i + 1);
	s.label = st->host[i][v] == 1 ? L3 : 0;
	s.rmac = v + 10 + st->rmac[v];
	return s;
}

static void
put(struct kit *k, uint8_t how, const struct vk_spec *s)
{
	if (how != 0)
		vk_route(k, s);
	else
		vk_withdraw(k, s);
}

static void
put_vtep(struct kit *k, const struct state *st, unsigned v)
{
	for (unsigned i = 0; i < NETS; i++) {
		struct vk_spec a = net_spec(st, i, v, false);

		put(k, st->net[i][v], &a);
		a = net_spec(st, i, v, true);
		put(k, st->blue[i][v], &a);
	}
	for (unsigned i = 0; i < HOSTS; i++) {
		struct vk_spec a = host_spec(st, i, v);

		put(k, st->host[i][v], &a);
	}
}

static void
put_kernel(struct kit *k, const struct state *st, unsigned vrf, unsigned i)
{
	static const uint8_t protos[] = { 0, RTPROT_STATIC, RTPROT_KERNEL,
		RTPROT_OSPF };
	char prefix[32];

	snprintf(
	    prefix, sizeof(prefix), i % 2 ? "10.50.%u.0/24" : "2001:db8:%u::/48", i);
	vk_kernel(k, vrf == 0 ? MAIN : BLUE_TABLE, prefix, 100 + i,
	    protos[st->kernel[vrf][i]], NULL, 7);
}

static void
put_conf(struct kit *k, const struct state *st)
{
	struct ipvrf_conf c = { .vni = L3,
		.prefix_routes_only = st->only_prefixes,
		.advertise = { true, true },
		.redistribute = { ALL, IPVRF_STATIC } };

	if (st->both_targets)
		c.import.n = UINT16_MAX;
	vk_configure(k, "default", c);
	c.vni = BLUE;
	c.prefix_routes_only = false;
	if (st->blue_up)
		vk_configure(k, "blue", c);
	else
		evpn_configure_vrf(k->evpn, "blue", NULL);
}

static void
put_devices(struct kit *k, const struct state *st)
{
	struct klink vx = kit_vxlan(L3);

	vx.up = vx.running = st->devices;
	kit_link(k, &vx);
}

static void
put_all(struct kit *k, const struct state *st)
{
	put_devices(k, st);
	put_conf(k, st);
	for (unsigned v = 0; v < VTEPS; v++)
		put_vtep(k, st, v);
}

/* A table that comes to be managed is read: the kit's kernel remembers nothing by itself. */
static void
settle(struct kit *k, const struct state *st)
{
	kit_settle(k);
	for (unsigned i = 0; i < KERNELS; i++) {
		put_kernel(k, st, 0, i);
		put_kernel(k, st, 1, i);
	}
	kit_settle(k);
}

/* Where two texts part, a little of it. */
static void
same(const char *a, const char *b, int with, unsigned round)
{
	size_t at = 0;

	while (a[at] != '\0' && a[at] == b[at])
		at++;
	at -= at > 300 ? 300 : at;
	ck_assert_msg(strcmp(a, b) == 0, "seed %d round %u:\n%.900s\n---\n%.900s", with,
	    round, a + at, b + at);
}

static int
own_cmp(const void *a, const void *b)
{
	const struct kit_route *x = a, *y = b;

	return nlri_cmp(&x->key, &y->key);
}

/* All that is wanted and announced. */
static void
print(struct kit *k, char *text)
{
	char a[NLRI_STRLEN];
	struct ipvrf *v;
	size_t at;

	text[0] = '\0';
	for (int kind = 0; kind < KOBJ_KINDS; kind++)
		rows_of(k, (enum kkind)kind, text, TEXT);
	at = strlen(text);
	qsort(k->own, k->nown, sizeof(k->own[0]), own_cmp);
	for (unsigned i = 0; i < k->nown; i++)
		at += (size_t)snprintf(text + at, TEXT - at, "%s %s %u %u %u\n",
		    RDSTR(&k->own[i].key.rd), nlri_str(a, &k->own[i].key),
		    k->own[i].attrs->v.origin, k->own[i].labels, k->own[i].label[1]);
	for (v = ipvrf_first(k->evpn); v != NULL; v = ipvrf_after(v))
		at += (size_t)snprintf(text + at, TEXT - at, "%s: %u %u %u %u\n",
		    v->name, v->nroutes, v->ninstalled, v->nconflicts, v->nforeign);
}

static unsigned seed;

static unsigned
any(unsigned n)
{
	seed = seed * 1103515245 + 12345;
	return seed >> 8 & 0xffff ? (seed >> 8) % n : 0;
}

static void
change(struct kit *k, struct state *st)
{
	unsigned v = any(VTEPS), i = any(NETS);

	switch (any(10)) {
	case 0:
	case 1:
	case 2:
		st->net[i][v] = (uint8_t)any(4);
		break;
	case 3:
		st->blue[i][v] = (uint8_t)any(3);
		break;
	case 4:
	case 5:
		st->host[i][v] = (uint8_t)any(3);
		break;
	case 6:
		st->rmac[v] = (uint8_t)(any(2) * 20);
		break;
	case 7:
		st->kernel[v & 1][i] = (uint8_t)any(4);
		put_kernel(k, st, v & 1, i);
		return;
	case 8:
		st->devices = any(4) != 0;
		put_devices(k, st);
		return;
	case 9:
		st->blue_up = any(4) != 0;
		st->only_prefixes = any(4) == 0;
		st->both_targets = any(2);
		put_conf(k, st);
		return;
	}
	put_vtep(k, st, v);
}

static void
start(struct kit *k)
{
	vk_init(k);
	vk_blue_devices(k);
	kit_settle(k);
}

START_TEST(in_any_order)
{
	char *text = malloc(TEXT), *anew = malloc(TEXT);
	struct state st = { .devices = true, .blue_up = true };
	struct kit *k = malloc(sizeof(*k)), *other = malloc(sizeof(*other));

	seed = (unsigned)_i + 1;
	start(k);
	put_all(k, &st);
	for (unsigned round = 0; round < 12; round++) {
		for (unsigned n = any(30); n > 0; n--) {
			change(k, &st);
			if (any(4) == 0)
				kit_turn(k, any(20));
			if (any(8) == 0)
				kit_obey(k);
		}
		settle(k, &st);
		print(k, text);
		start(other);
		put_all(other, &st);
		settle(other, &st);
		print(other, anew);
		kit_fini(other);
		same(text, anew, _i, round);
	}
	/* Everything goes; nothing is left. */
	st = (struct state){ .devices = true, .blue_up = true };
	put_all(k, &st);
	settle(k, &st);
	ck_assert_uint_eq(vk_vrf(k, "default")->nroutes, 0);
	ck_assert_uint_eq(vk_count(k, KOBJ_NEXTHOP), 0);
	ck_assert_uint_eq(vk_count(k, KOBJ_NHGROUP), 0);
	ck_assert_uint_eq(vk_count(k, KOBJ_ROUTE), 0);
	kit_fini(k);
	free(k);
	free(other);
	free(text);
	free(anew);
}
END_TEST

static Suite *
suite(void)
{
	TCase *t;
	Suite *s = unit_suite("vrfproject", &t);

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, word, 0, sizeof(words) / sizeof(words[0]));
	tcase_add_test(t, devices);
	tcase_add_loop_test(t, in_any_order, 0, 60);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}

/*
 * Tests of evpn/project and of everything before it: whatever the order in which routes,
 * hosts, devices and settings came, the wanted kernel rows and our own routes end as if the
 * final state had been there from the start. Seeds are fixed; TEST_SEED adds one.
 */
#include "unit.h"

#include "evpnkit.h"

#define VNIS 2
#define MACS 12  /* 1-6: only elsewhere, 7-9: only here, 10-12: sticky here, both */
#define SLOTS 42 /* routes that may be there */
#define TEXT 65536

/* All that the outside says. */
struct world {
	struct {
		bool there;
		struct kit_spec spec;
	} routes[SLOTS];
	bool host[VNIS][MACS + 1];
	bool addr[VNIS][MACS + 1];
	struct {
		bool there, up, in_bridge, port_up;
		uint32_t ifindex;
		unsigned local;
		bool explicit, suppression, svi_addr;
		enum evi_flood flood;
		const char *import;
	} vni[VNIS];
	struct evpn_conf conf;
};

static uint32_t
dice(uint32_t *seed, uint32_t n)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % n;
}

static const char *const targets[] = { NULL, "65000:7", "65000:8", "64999:100" };

/* --- bringing one part of the world to a host --- */

static void
tell_route(struct kit *k, const struct world *w, unsigned i)
{
	if (w->routes[i].there)
		kit_route(k, &w->routes[i].spec);
	else
		kit_withdraw(k, &w->routes[i].spec);
}

static void
tell_devices(struct kit *k, const struct world *w, unsigned i, uint32_t old)
{
	unsigned vni = 100 + i;
	struct klink br = kit_bridge(vni), vx = kit_vxlan(vni), port = kit_port(vni);
	struct ip ip = kit_ip(200);
	struct kkey key = kkey_addr(BR(vni), &ip, 24);
	struct kval val = kval_addr();

	if (old != 0 && (!w->vni[i].there || old != w->vni[i].ifindex))
		klink_lost(k->klinks, old);
	kit_link(k, &br);
	port.running = w->vni[i].port_up;
	kit_link(k, &port);
	vx.ifindex = w->vni[i].ifindex;
	vx.up = w->vni[i].up;
	vx.is_port = w->vni[i].in_bridge;
	vx.master = vx.is_port ? BR(vni) : 0;
	vx.vxlan.local = kit_vtep(w->vni[i].local);
	if (w->vni[i].there)
		kit_link(k, &vx);
	ktab_have(k->ktab, &key, w->vni[i].svi_addr ? &val : NULL, k->now);
}

static void
tell_vni(struct kit *k, const struct world *w, unsigned i)
{
	struct evi_conf c = evi_conf_default(&w->conf);
	struct ip st[2] = { kit_vtep(2), kit_vtep(77) };
	struct ecom rt;

	c.suppression = w->vni[i].suppression;
	c.flood = w->vni[i].flood;
	c.vteps = st;
	c.nvteps = 2;
	if (w->vni[i].import != NULL) {
		ck_assert(rt_parse(w->vni[i].import, &rt));
		c.import = (struct rt_set){ &rt, 1 };
	}
	evpn_configure_vni(k->evpn, 100 + i, w->vni[i].explicit ? &c : NULL);
}

static void
tell_host(struct kit *k, const struct world *w, unsigned i, unsigned mac)
{
	if (!w->host[i][mac])
		kit_age(k, 100 + i, mac);
	else if (mac >= 10)
		kit_fdb(k, 100 + i, mac, NUD_NOARP, NTF_STICKY);
	else
		kit_learn(k, 100 + i, mac);
}

static void
tell_addr(struct kit *k, const struct world *w, unsigned i, unsigned mac)
{
	if (w->host[i][mac] && w->addr[i][mac])
		kit_snoop(k, 100 + i, mac, 100 + mac);
}

/* --- changing it --- */

static void
new_route(struct world *w, unsigned i, uint32_t *seed)
{
	struct kit_spec *s = &w->routes[i].spec;

	w->routes[i].there = dice(seed, 4) != 0;
	/* the key of a slot is fixed: VNI, VTEP, MAC, address, type */
	*s = (struct kit_spec){ .vni = 100 + i % 2, .vtep = 2 + i / 2 % 3 };
	s->imet = i >= 36;
	s->mac = i / 6 % 6 + 1;
	if (s->mac == 6)
		s->mac = 10 + i / 2 % 3;
	s->ip = i % 3 == 0 ? 0 : 1 + i / 6 % 3; /* shared by MACs */
	s->seq = dice(seed, 3);
	s->sticky = dice(seed, 6) == 0;
	s->rt = targets[dice(seed, 4)];
	if (dice(seed, 10) == 0)
		s->encap = ENCAP_MPLS;
	if (dice(seed, 10) == 0)
		s->label = 999;
}

static void
new_device(struct world *w, unsigned i, uint32_t *seed)
{
	w->vni[i].there = dice(seed, 5) != 0;
	w->vni[i].up = dice(seed, 5) != 0;
	w->vni[i].in_bridge = dice(seed, 5) != 0;
	w->vni[i].port_up = dice(seed, 4) != 0;
	w->vni[i].svi_addr = dice(seed, 2);
	w->vni[i].local = dice(seed, 4) == 0 ? 2 : 5;
	if (dice(seed, 3) == 0)
		w->vni[i].ifindex = VX(100 + i) + 10 * dice(seed, 5);
}

static void
new_setting(struct world *w, unsigned i, uint32_t *seed)
{
	static const enum evi_flood floods[] = { EVI_FLOOD_HER, EVI_FLOOD_HER,
		EVI_FLOOD_DISABLE, EVI_FLOOD_STATIC };

	w->vni[i].explicit = dice(seed, 2);
	w->vni[i].suppression = dice(seed, 4) != 0;
	w->vni[i].flood = floods[dice(seed, 4)];
	w->vni[i].import = targets[dice(seed, 3)];
}

static void
new_conf(struct world *w, uint32_t *seed)
{
	w->conf.on = dice(seed, 6) != 0;
	w->conf.advertise_all_vni = dice(seed, 4) != 0;
	w->conf.router_id = 0x0a000005 + dice(seed, 2);
	w->conf.advertise_svi_ip = dice(seed, 2);
	w->conf.flooding_disable = dice(seed, 4) == 0;
}

/* One thing changes, in the world and for the host. */
static void
change(struct kit *k, struct world *w, uint32_t *seed)
{
	unsigned what = dice(seed, 20), i = dice(seed, VNIS), n;
	uint32_t old;

	if (what < 9) {
		n = dice(seed, SLOTS);
		new_route(w, n, seed);
		tell_route(k, w, n);
	} else if (what < 14) {
		n = 7 + dice(seed, 6);
		w->host[i][n] = dice(seed, 3) != 0;
		w->addr[i][n] = dice(seed, 2);
		tell_host(k, w, i, n);
		tell_addr(k, w, i, n);
	} else if (what < 17) {
		old = w->vni[i].there ? w->vni[i].ifindex : 0;
		new_device(w, i, seed);
		tell_devices(k, w, i, old);
	} else if (what < 19) {
		new_setting(w, i, seed);
		tell_vni(k, w, i);
	} else {
		new_conf(w, seed);
		evpn_configure(k->evpn, &w->conf);
		for (i = 0; i < VNIS; i++)
			tell_vni(k, w, i);
	}
}

/* --- comparing --- */

static int
own_cmp(const void *a, const void *b)
{
	return nlri_cmp(
	    &((const struct kit_route *)a)->key, &((const struct kit_route *)b)->key);
}

static void
print(struct kit *k, char *text)
{
	struct kkey key = { 0 };
	char a[KOBJ_STRLEN], b[KOBJ_STRLEN];
	size_t at = 0;

	for (struct krow *r = ktab_from(k->ktab, &key); r != NULL; r = ktab_after(r))
		if (r->wanted)
			at += (size_t)snprintf(text + at, TEXT - at, "%s %s: %s\n",
			    kkind_name(KROW_KEY(r)->kind), kkey_str(a, KROW_KEY(r)),
			    kval_str(b, KROW_KEY(r), KROW_WANT(r)));
	qsort(k->own, k->nown, sizeof(k->own[0]), own_cmp);
	for (unsigned i = 0; i < k->nown; i++)
		at += (size_t)snprintf(text + at, TEXT - at, "%s %s %s %x %u\n",
		    RDSTR(&k->own[i].key.rd), nlri_str(a, &k->own[i].key),
		    IPSTR(&k->own[i].attrs->v.nexthop),
		    k->own[i].attrs->v.flags & ~ATTRS_MOBILITY, k->own[i].label[0]);
	for (struct evi *e = evi_first(k->evpn); e != NULL; e = evi_after(e))
		if (e->live)
			at += (size_t)snprintf(text + at, TEXT - at,
			    "vni %u: %u %u %u %u %u\n", e->vni, e->nmacs_local,
			    e->nmacs_remote, e->nips_local, e->nips_remote, e->nvteps);
}

/* All addresses speak up, and what does not answer is given up. */
static void
calm(struct kit *k, const struct world *w)
{
	kit_settle(k);
	kit_wait(k, 400);
	for (unsigned i = 0; i < VNIS; i++)
		for (unsigned mac = 1; mac <= MACS; mac++)
			tell_addr(k, w, i, mac);
	kit_settle(k);
}

static void
from_scratch(struct kit *k, const struct world *w)
{
	evpn_configure(k->evpn, &w->conf);
	for (unsigned i = 0; i < VNIS; i++) {
		if (w->vni[i].explicit)
			tell_vni(k, w, i);
		tell_devices(k, w, i, 0);
	}
	kit_settle(k);
	for (unsigned i = 0; i < VNIS; i++) {
		tell_devices(k, w, i, 0);
		for (unsigned mac = 1; mac <= MACS; mac++)
			if (w->host[i][mac])
				tell_host(k, w, i, mac);
	}
	for (unsigned n = 0; n < SLOTS; n++)
		tell_route(k, w, n);
}

static void
run(uint32_t seed)
{
	static char one[TEXT], two[TEXT];
	struct world w = { 0 };
	struct kit a, b;
	uint32_t s = seed;

	kit_init(&a);
	kit_init(&b);
	w.conf = a.conf;
	for (unsigned i = 0; i < VNIS; i++) {
		w.vni[i].ifindex = VX(100 + i);
		w.vni[i].there = w.vni[i].up = w.vni[i].in_bridge = true;
		w.vni[i].port_up = w.vni[i].suppression = true;
		w.vni[i].local = 5;
		tell_devices(&a, &w, i, 0);
	}
	for (unsigned n = 0; n < SLOTS; n++)
		new_route(&w, n, &s), w.routes[n].there = false;
	for (unsigned n = 200 + dice(&s, 200); n > 0; n--) {
		change(&a, &w, &s);
		kit_turn(&a, dice(&s, 8));
		if (dice(&s, 4) == 0)
			kit_obey(&a);
		if (dice(&s, 20) == 0)
			kit_wait(&a, dice(&s, 3));
	}
	for (unsigned i = 0; i < VNIS; i++) { /* hosts are there when all is well */
		uint32_t old = w.vni[i].there ? w.vni[i].ifindex : 0;

		w.vni[i].port_up = true;
		tell_devices(&a, &w, i, old);
		kit_settle(&a);
		tell_devices(&a, &w, i, old);
		for (unsigned mac = 7; mac <= MACS; mac++)
			tell_host(&a, &w, i, mac);
	}
	calm(&a, &w);
	from_scratch(&b, &w);
	calm(&b, &w);
	print(&a, one);
	print(&b, two);
	if (strcmp(one, two) != 0)
		fprintf(stderr, "seed %u\n--- as it came\n%s--- from scratch\n%s", seed,
		    one, two);
	ck_assert(strcmp(one, two) == 0);
	kit_fini(&a);
	kit_fini(&b);
}

START_TEST(any_order)
{
	run((uint32_t)_i * 7919 + 1);
}
END_TEST

START_TEST(given_seed)
{
	const char *seed = getenv("TEST_SEED");

	if (seed != NULL)
		run((uint32_t)strtoul(seed, NULL, 10));
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("project", &tc);

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, any_order, 0, 60);
	tcase_add_test(tc, given_seed);
	return unit_run(s);
}

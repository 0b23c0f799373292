/* Tests of evpn/member and, for VLAN-aware bridges, of evpn/wish: what is made of "vlan". */
#include "unit.h"

#include "evpnkit.h"

#define ETH 6000

struct setup {
	struct kit k;
	struct evi_conf c;
	struct evi_port ports[2];
};

static void
setup(struct setup *s, bool ours, uint16_t default_pvid)
{
	struct klink br = kit_bridge(1);

	kit_init(&s->k);
	s->k.conf.underlay_mtu = 1500;
	s->k.conf.advertise_all_vni = false;
	evpn_configure(s->k.evpn, &s->k.conf);
	br.vlan_filtering = true;
	br.ours = ours;
	br.default_pvid = default_pvid;
	kit_link(&s->k, &br);
	s->c = evi_conf_default(evpn_settings(s->k.evpn));
	s->c.vlan = 10;
	strcpy(s->c.bridge, "br1");
	s->c.ports = s->ports;
	strcpy(s->ports[0].name, "eth0");
	strcpy(s->ports[1].name, "eth1");
	s->ports[1].tagged = true;
	s->c.nports = 2;
}

static void
configure(struct setup *s, uint32_t vni, bool on)
{
	evpn_configure_vni(s->k.evpn, vni, on ? &s->c : NULL);
	kit_settle(&s->k);
}

/* The vxlan device as it is when made as wished. */
static void
vxlan(struct setup *s, uint32_t vni, bool ours)
{
	struct klink vx = kit_vxlan(vni);

	vx.master = BR(1);
	vx.ours = ours;
	vx.port.neigh_suppress = true;
	snprintf(vx.name, sizeof(vx.name), "vxlan%u", vni);
	kit_link(&s->k, &vx);
	kit_settle(&s->k);
}

static void
shared(struct setup *s, bool tunnel)
{
	struct klink vx = kit_vxlan(0);

	vx.master = BR(1);
	vx.ours = true;
	vx.vxlan.external = vx.vxlan.vnifilter = true;
	vx.port.vlan_tunnel = tunnel;
	strcpy(vx.name, "vx0");
	kit_link(&s->k, &vx);
	kit_settle(&s->k);
}

static void
port(struct setup *s, unsigned n, uint32_t master)
{
	struct klink l = { .ifindex = ETH + n,
		.kind = KLINK_VETH,
		.up = true,
		.running = true,
		.master = master,
		.is_port = master != 0 };

	snprintf(l.name, sizeof(l.name), "eth%u", n);
	kit_link(&s->k, &l);
	kit_settle(&s->k);
}

/* What the kernel has: flags + 1000 * VNI; -1: nothing. */
static int
vlan_of(struct setup *s, uint32_t ifindex, uint16_t vlan)
{
	struct kkey key = kkey_brvlan(ifindex, vlan);
	struct krow *r = ktab_find(s->k.ktab, &key);
	const int mask = KVLAN_PVID | KVLAN_UNTAGGED;

	if (r == NULL || !r->present)
		return -1;
	return (krow_have(r).flags & mask) + 1000 * (int)krow_have(r).vni;
}

#define ACCESS (KVLAN_PVID | KVLAN_UNTAGGED)

static void
has_vlan(struct setup *s, uint32_t ifindex, uint16_t vlan, int flags)
{
	struct kkey key = kkey_brvlan(ifindex, vlan);
	struct kval val = kval_brvlan((uint8_t)flags, 0);

	ktab_have(s->k.ktab, &key, flags >= 0 ? &val : NULL, s->k.now);
	kit_settle(&s->k);
}

static struct klink_want *
wish(struct setup *s, const char *name)
{
	return klink_want_find(s->k.klinks, name);
}

/* A device per VNI: bridge, device and SVI are wished for, the ports get their VLANs. */
START_TEST(made)
{
	struct setup s = { .c = { 0 } };

	setup(&s, true, 0);
	configure(&s, 100, true);
	ck_assert(wish(&s, "br1")->what & KLINK_WANT_FILTERING);
	ck_assert(wish(&s, "br1")->vlan_filtering);
	ck_assert_str_eq(wish(&s, "vxlan100")->master, "br1");
	ck_assert_str_eq(wish(&s, "br1.10")->lower, "br1");
	ck_assert_uint_eq(wish(&s, "br1.10")->vlan, 10);
	ck_assert_uint_eq(wish(&s, "br1.10")->mtu, 1450);
	ck_assert_str_eq(wish(&s, "eth1")->master, "br1");
	ck_assert_int_eq(vlan_of(&s, BR(1), 10), 0);
	vxlan(&s, 100, true);
	port(&s, 0, BR(1));
	port(&s, 1, BR(1));
	ck_assert_int_eq(vlan_of(&s, VX(100), 10), ACCESS);
	ck_assert_int_eq(vlan_of(&s, ETH, 10), ACCESS);
	ck_assert_int_eq(vlan_of(&s, ETH + 1, 10), 0);
	/* The second VNI of the trunk, with a larger MTU. */
	s.c.vlan = 20;
	s.c.mtu = 9000;
	s.ports[0].tagged = true;
	configure(&s, 200, true);
	ck_assert_int_eq(vlan_of(&s, ETH, 10), ACCESS);
	ck_assert_int_eq(vlan_of(&s, ETH, 20), 0);
	ck_assert_uint_eq(wish(&s, "br1")->mtu, 9000);
	ck_assert_uint_eq(wish(&s, "br1.10")->mtu, 1450);
	ck_assert_uint_eq(wish(&s, "br1.20")->mtu, 9000);
	/* It goes; the other one stays. */
	configure(&s, 200, false);
	ck_assert_int_eq(vlan_of(&s, ETH, 20), -1);
	ck_assert_int_eq(vlan_of(&s, BR(1), 20), -1);
	ck_assert_int_eq(vlan_of(&s, ETH, 10), ACCESS);
	ck_assert_int_eq(vlan_of(&s, VX(100), 10), ACCESS);
	ck_assert_ptr_null(wish(&s, "br1.20"));
	ck_assert_ptr_nonnull(wish(&s, "br1"));
	/* Another VLAN for the VNI. */
	s.c.vlan = 30;
	s.c.nports = 1;
	configure(&s, 100, true);
	ck_assert_int_eq(vlan_of(&s, VX(100), 10), -1);
	ck_assert_int_eq(vlan_of(&s, VX(100), 30), ACCESS);
	ck_assert_int_eq(vlan_of(&s, ETH + 1, 10), -1);
	ck_assert_ptr_null(wish(&s, "br1.10"));
	configure(&s, 100, false);
	ck_assert_int_eq(vlan_of(&s, VX(100), 30), -1);
	ck_assert_int_eq(vlan_of(&s, BR(1), 30), -1);
	kit_fini(&s.k);
}
END_TEST

/* The administrator's memberships stay, but on the ports that the configuration names. */
START_TEST(adopted)
{
	struct setup s = { .c = { 0 } };

	setup(&s, false, 0);
	vxlan(&s, 100, false);
	port(&s, 0, BR(1));
	ktab_manage(s.k.ktab, KOBJ_BRVLAN, VX(100), true);
	ktab_manage(s.k.ktab, KOBJ_BRVLAN, BR(1), true);
	ktab_manage(s.k.ktab, KOBJ_BRVLAN, ETH, true);
	kit_settle(&s.k);
	has_vlan(&s, VX(100), 10, ACCESS);
	has_vlan(&s, BR(1), 10, 0);
	has_vlan(&s, ETH, 10, ACCESS);
	configure(&s, 100, true);
	configure(&s, 100, false);
	ck_assert_int_eq(vlan_of(&s, VX(100), 10), ACCESS);
	ck_assert_int_eq(vlan_of(&s, BR(1), 10), 0);
	ck_assert_int_eq(vlan_of(&s, ETH, 10), -1);
	/* Repaired while wanted; what had to be put back is ours. */
	configure(&s, 100, true);
	has_vlan(&s, VX(100), 10, -1);
	ck_assert_int_eq(vlan_of(&s, VX(100), 10), ACCESS);
	configure(&s, 100, false);
	ck_assert_int_eq(vlan_of(&s, VX(100), 10), -1);
	kit_fini(&s.k);
}
END_TEST

/* The bridge gives ports VLAN 1 by itself: that would join what is to be apart. */
START_TEST(default_vlan)
{
	struct setup s = { .c = { 0 } };

	setup(&s, false, 1);
	vxlan(&s, 100, true);
	port(&s, 0, BR(1));
	port(&s, 1, BR(1));
	port(&s, 2, BR(1));
	configure(&s, 100, true);
	ktab_manage(s.k.ktab, KOBJ_BRVLAN, ETH + 2, true);
	kit_settle(&s.k);
	has_vlan(&s, VX(100), 1, ACCESS);
	has_vlan(&s, ETH, 1, KVLAN_UNTAGGED);
	has_vlan(&s, ETH + 1, 1, ACCESS);
	has_vlan(&s, ETH + 2, 1, ACCESS);
	has_vlan(&s, ETH, 7, 0);
	ck_assert_int_eq(vlan_of(&s, VX(100), 1), -1);
	ck_assert_int_eq(vlan_of(&s, ETH, 1), -1);
	ck_assert_int_eq(vlan_of(&s, ETH + 1, 1), ACCESS);
	ck_assert_int_eq(vlan_of(&s, ETH + 2, 1), ACCESS);
	ck_assert_int_eq(vlan_of(&s, ETH, 7), 0);
	kit_fini(&s.k);
}
END_TEST

/* One device for all: tunnel_info and filter; what it is like is said by all its VNIs. */
START_TEST(one_for_all)
{
	struct setup s = { .c = { 0 } };
	struct kkey vni = kkey_vni(VX(0), 100), vni2 = kkey_vni(VX(0), 200);
	struct kkey tags = kkey_tagdrop(VX(0));
	struct klink_want *w;

	setup(&s, true, 0);
	strcpy(s.c.vxlan, "vx0");
	s.c.external = true;
	configure(&s, 100, true);
	s.c.vlan = 20;
	s.c.suppression = false;
	s.c.mtu = 9000;
	configure(&s, 200, true);
	w = wish(&s, "vx0");
	ck_assert(w->vxlan.external && w->vxlan.vnifilter && w->vxlan.vni == 0);
	ck_assert((w->what & KLINK_WANT_TUNNEL) && w->port.vlan_tunnel);
	ck_assert(w->port.neigh_suppress && w->mtu == 9000);
	ck_assert_ptr_null(wish(&s, "vxlan100"));
	shared(&s, false);
	ck_assert_int_eq(vlan_of(&s, VX(0), 10), -1);
	shared(&s, true);
	ck_assert_int_eq(vlan_of(&s, VX(0), 10), 100 * 1000);
	ck_assert_int_eq(vlan_of(&s, VX(0), 20), 200 * 1000);
	ck_assert(ktab_find(s.k.ktab, &vni)->present);
	ck_assert(evi_find(s.k.evpn, 100)->live && evi_find(s.k.evpn, 200)->live);
	ck_assert(kit_imet(&s.k, 100) && kit_imet(&s.k, 200));
	/* Taken away by hand, and put back. */
	has_vlan(&s, VX(0), 10, -1);
	ck_assert_int_eq(vlan_of(&s, VX(0), 10), 100 * 1000);
	ck_assert(evi_find(s.k.evpn, 100)->live);
	configure(&s, 200, false);
	ck_assert_int_eq(vlan_of(&s, VX(0), 20), -1);
	ck_assert(ktab_find(s.k.ktab, &vni2) == NULL);
	ck_assert(ktab_find(s.k.ktab, &tags)->wanted);
	ck_assert(evi_find(s.k.evpn, 100)->live && !kit_imet(&s.k, 200));
	ck_assert_uint_eq(wish(&s, "vx0")->mtu, 9000); /* until the next look at it */
	configure(&s, 100, false);
	ck_assert(wish(&s, "vx0")->what == KLINK_WANT_GONE);
	ck_assert(ktab_find(s.k.ktab, &tags) == NULL);
	kit_fini(&s.k);
}
END_TEST

/* ARP heard on a trunk: in the VLAN of its tag, if the port is in it. */
START_TEST(snooped)
{
	static const struct {
		uint16_t tag;
		uint32_t vni;
	} rows[] = { { 10, 100 }, { 0, 0 }, { 20, 0 } };
	struct setup s = { .c = { 0 } };
	struct mac mac = kit_mac(1);
	struct ip ip = kit_ip(1);

	setup(&s, true, 0);
	configure(&s, 100, true);
	vxlan(&s, 100, true);
	port(&s, 0, BR(1));
	port(&s, 1, BR(1));
	s.c.vlan = 20;
	s.c.nports = 0;
	configure(&s, 200, true);
	vxlan(&s, 200, true);
	has_vlan(&s, VX(200), 20, ACCESS);
	evpn_snooped(s.k.evpn, ETH + 1, rows[_i].tag, &mac, &ip, s.k.now);
	for (uint32_t vni = 100; vni <= 200; vni += 100)
		ck_assert_int_eq(macip_find(evi_find(s.k.evpn, vni), &mac, &ip) != NULL,
		    vni == rows[_i].vni);
	kit_fini(&s.k);
}
END_TEST

/* Asked whether it is still there: tagged on a trunk, untagged on an access port. */
START_TEST(asked)
{
	struct setup s = { .c = { 0 } };
	struct mac mac = kit_mac(1);
	struct ip ip = kit_ip(1);
	struct kkey key = kkey_brfdb(BR(1), 10, &mac);
	struct kval val = { .port = ETH + (unsigned)_i, .state = NUD_REACHABLE };
	struct klink_port access = { .pvid = 10 };
	struct evpn_probe p;

	setup(&s, true, 0);
	configure(&s, 100, true);
	vxlan(&s, 100, true);
	port(&s, 0, BR(1));
	port(&s, 1, BR(1));
	klink_have_port(s.k.klinks, ETH, BR(1), &access);
	kit_settle(&s.k);
	ktab_have(s.k.ktab, &key, &val, s.k.now);
	kit_settle(&s.k);
	evpn_snooped(
	    s.k.evpn, ETH + (unsigned)_i, _i == 0 ? 0 : 10, &mac, &ip, s.k.now);
	ktab_have(s.k.ktab, &key, NULL, s.k.now);
	kit_settle(&s.k);
	ck_assert(evpn_probe(s.k.evpn, &p));
	ck_assert_uint_eq(p.port, ETH + (unsigned)_i);
	ck_assert_uint_eq(p.vlan, _i == 0 ? 0 : 10);
	kit_fini(&s.k);
}
END_TEST

/* --- the order in which things come makes no difference --- */

static void
come(struct setup *s, int what, bool one_device)
{
	struct klink br = kit_bridge(1);

	br.vlan_filtering = br.ours = true;
	switch (what) {
	case 0:
		kit_link(&s->k, &br);
		break;
	case 1:
		one_device ? shared(s, true) : vxlan(s, 100, true);
		break;
	case 2:
	case 3:
		port(s, (unsigned)what - 2, BR(1));
		break;
	case 4:
		s->c.vlan = 10;
		configure(s, 100, true);
		break;
	default:
		s->c.vlan = 20;
		configure(s, 200, true);
		break;
	}
	kit_settle(&s->k);
}

/* What is wanted, of what kind and where. */
static uint32_t
sum(struct setup *s)
{
	struct kkey first = { .kind = 0 };
	uint32_t h = 1;

	for (struct krow *r = ktab_from(s->k.ktab, &first); r != NULL;
	     r = ktab_after(r))
		if (r->wanted) {
			h = bytes_hash(h, KROW_KEY(r), sizeof(struct kkey));
			h = bytes_hash(h, KROW_WANT(r), sizeof(struct kval));
			ck_assert(r->present);
		}
	return h;
}

/* The Nth order of COUNT things. */
static void
order_n(int n, int *order, int count)
{
	for (int i = 0; i < count; i++)
		order[i] = i;
	for (int i = count; i > 1; n /= i, i--) {
		int at = n % i, last = order[i - 1];

		order[i - 1] = order[at];
		order[at] = last;
	}
}

#define THINGS 6

START_TEST(any_order)
{
	uint32_t want = 0;

	for (int n = 0; n < 720; n++) {
		struct setup s = { .c = { 0 } };
		int order[THINGS];

		setup(&s, true, 0);
		klink_lost(s.k.klinks, BR(1));
		kit_settle(&s.k);
		if (_i == 1) {
			strcpy(s.c.vxlan, "vx0");
			s.c.external = true;
		}
		order_n(n, order, THINGS);
		for (int i = 0; i < THINGS; i++)
			come(&s, order[i], _i == 1);
		if (n == 0)
			want = sum(&s);
		ck_assert_msg(sum(&s) == want, "order %d", n);
		ck_assert(_i == 0 || kit_imet(&s.k, 200));
		kit_fini(&s.k);
	}
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("member", &tc);

	tcase_add_test(tc, made);
	tcase_add_test(tc, adopted);
	tcase_add_test(tc, default_vlan);
	tcase_add_test(tc, one_for_all);
	tcase_add_loop_test(tc, snooped, 0, 3);
	tcase_add_loop_test(tc, asked, 0, 2);
	tcase_add_loop_test(tc, any_order, 0, 2);
	return unit_run(s);
}

/* Tests of kern/klink: the mirror, and the steps from any device to the wished one. */
#include "kern/klink.h"

#include <stdio.h>

#include <errno.h>

#include "unit.h"

static const struct klink bridge = {
	.ifindex = 2, .name = "br0", .kind = KLINK_BRIDGE, .mtu = 1450, .up = true
};

static const struct klink vxlan = { .ifindex = 3,
	.name = "vx0",
	.kind = KLINK_VXLAN,
	.mtu = 1450,
	.up = true,
	.master = 2,
	.is_port = true,
	.port = { .neigh_suppress = true, .pvid = 1 },
	.vxlan = { .vni = 100, .port = 4789, .local = { 4, { 10, 0, 0, 1 } } } };

static const struct klink_want wish = { .name = "vx0",
	.kind = KLINK_VXLAN,
	.what = KLINK_WANT_CREATE | KLINK_WANT_MASTER | KLINK_WANT_MTU | KLINK_WANT_UP |
	    KLINK_WANT_PORT | KLINK_WANT_LOCAL | KLINK_WANT_NOLEARN,
	.master = "br0",
	.mtu = 1450,
	.port = { .neigh_suppress = true },
	.vxlan = { .vni = 100, .port = 4789, .local = { 4, { 10, 0, 0, 1 } } } };

START_TEST(mirror)
{
	struct klinks *t = klinks_new();
	struct klink l = bridge, *got;
	struct klink_port port = { .pvid = 10, .learning = true };

	klink_have(t, &l);
	ck_assert_ptr_eq(klink_changed(t), klink_find(t, 2));
	ck_assert_ptr_null(klink_changed(t));
	klink_have(t, &l);
	ck_assert_ptr_null(klink_changed(t)); /* nothing new */
	strcpy(l.name, "br9");
	klink_have(t, &l);
	got = klink_changed(t);
	ck_assert(got != NULL && strcmp(got->name, "br9") == 0);
	ck_assert_ptr_null(klink_by_name(t, "br0"));
	ck_assert_ptr_eq(klink_by_name(t, "br9"), got);
	/* The PVID survives messages that do not speak of VLANs. */
	klink_have(t, &vxlan);
	klink_have_port(t, 3, 2, &port);
	klink_have_port(t, 3, 7, &(struct klink_port){ .pvid = 11 });
	klink_have_port(t, 99, 2, &port);
	ck_assert_uint_eq(klink_find(t, 3)->port.pvid, 10);
	klink_have(t, &vxlan);
	ck_assert_uint_eq(klink_find(t, 3)->port.pvid, 10);
	ck_assert_ptr_eq(klink_changed(t), klink_find(t, 3));
	ck_assert_ptr_null(klink_changed(t));
	/* What a dump does not show is gone, and told so once. */
	klink_dump_begin(t);
	klink_have(t, &vxlan);
	klink_dump_end(t);
	ck_assert_ptr_null(klink_find(t, 2));
	got = klink_changed(t);
	ck_assert(got != NULL && got->gone && got->ifindex == 2);
	ck_assert_ptr_null(klink_changed(t));
	ck_assert_ptr_eq(klink_first(t), klink_find(t, 3));
	ck_assert_ptr_null(klink_after(klink_first(t)));
	klink_lost(t, 3);
	klink_lost(t, 3);
	klinks_free(t);
}
END_TEST

/* Two devices swap names: for a moment both have the same. */
START_TEST(swap)
{
	struct klinks *t = klinks_new();
	struct klink a = bridge, b = bridge;

	b.ifindex = 4;
	strcpy(b.name, "br1");
	klink_have(t, &a);
	klink_have(t, &b);
	strcpy(a.name, "br1");
	klink_have(t, &a);
	ck_assert_ptr_nonnull(klink_by_name(t, "br1"));
	strcpy(b.name, "br0");
	klink_have(t, &b);
	ck_assert_uint_eq(klink_by_name(t, "br0")->ifindex, 4);
	ck_assert_uint_eq(klink_by_name(t, "br1")->ifindex, 2);
	klinks_free(t);
}
END_TEST

/* The kernel does what it is told, in the order that it is told. */
static void
obey(struct klinks *t, enum klink_step step, struct klink *l)
{
	switch (step) {
	case KLINK_CREATE:
		*l = (struct klink){ .ifindex = 3, .kind = KLINK_VXLAN, .mtu = 1500 };
		strcpy(l->name, "vx0");
		l->vxlan = wish.vxlan;
		l->vxlan.learning = true;
		break;
	case KLINK_SET:
		l->mtu = wish.mtu;
		break;
	case KLINK_SET_VXLAN:
		l->vxlan.learning = false;
		l->vxlan.local = wish.vxlan.local;
		break;
	case KLINK_SET_GROUP:
		l->vxlan.group = wish.vxlan.group;
		break;
	case KLINK_ENSLAVE:
		l->master = 2;
		l->is_port = true;
		l->port.learning = true;
		break;
	case KLINK_SET_PORT:
		l->port.learning = false;
		l->port.neigh_suppress = true;
		break;
	case KLINK_SET_UP:
		l->up = true;
		break;
	case KLINK_SET_MARK:
		l->ours = true;
		return; /* and tells nobody */
	case KLINK_LEAVE:
	case KLINK_DELETE:
	case KLINK_NOTHING:
		break;
	}
	klink_have(t, l);
}

START_TEST(steps)
{
	static const enum klink_step order[] = { KLINK_CREATE, KLINK_SET_MARK,
		KLINK_SET, KLINK_SET_VXLAN, KLINK_ENSLAVE, KLINK_SET_PORT,
		KLINK_SET_UP };
	struct klinks *t = klinks_new();
	struct klink_want *w;
	enum klink_step step;
	struct klink l = { .ifindex = 0 };

	klink_have(t, &bridge);
	klink_want(t, &wish);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		ck_assert(klink_next(t, 0, &step, &w));
		ck_assert_int_eq(step, order[i]);
		ck_assert(klink_pending(t, w));
		ck_assert(!klink_next(t, 0, &step, &w)); /* one at a time */
		obey(t, order[i], &l);
		klink_done(t, "vx0", 0, 0);
	}
	ck_assert(!klink_next(t, 0, &step, &w));
	ck_assert_uint_eq(klinks_deadline(t), UINT64_MAX);
	/* Deleted by hand: made again at once. */
	klink_lost(t, 3);
	ck_assert(klink_next(t, 0, &step, &w) && step == KLINK_CREATE);
	klink_done(t, "vx0", 0, 0);
	klink_unwant(t, "vx0");
	klink_done(t, "vx0", 0, 0);
	ck_assert(!klink_next(t, 0, &step, &w));
	klinks_free(t);
}
END_TEST

/* Refused, or taken without effect: again later, and later still. */
START_TEST(backs_off)
{
	struct klinks *t = klinks_new();
	uint64_t now = 1000, wait = 100;
	struct klink_want *w;
	enum klink_step step;

	klink_want(t, &wish);
	for (int i = 0; i < 9; i++) {
		ck_assert(klink_next(t, now, &step, &w) && step == KLINK_CREATE);
		klink_done(t, "vx0", i % 2 == 0 ? -EPERM : 0, now);
		ck_assert_int_eq(w->error, i % 2 == 0 ? -EPERM : 0);
		ck_assert(!klink_next(t, now + wait - 1, &step, &w));
		ck_assert_uint_eq(klinks_deadline(t), now + wait);
		now += wait;
		wait = wait * 2 < 10000 ? wait * 2 : 10000;
	}
	klinks_free(t);
}
END_TEST

/* A wish is over: what is left to do, and whether it is done once the kernel did it. */
START_TEST(farewells)
{
	static const struct {
		bool bridge, ours, port, port_wished;
		enum klink_step last;
	} table[] = {
		{ false, true, false, false, KLINK_DELETE },
		{ false, false, false, false, KLINK_NOTHING }, /* adopted */
		{ true, true, false, false, KLINK_DELETE },
		{ true, false, false, false, KLINK_NOTHING },
		{ true, true, true, false, KLINK_NOTHING }, /* somebody uses it */
		{ true, true, true, true, KLINK_DELETE },
	};
	static const struct klink port = {
		.ifindex = 9, .name = "p0", .kind = KLINK_VETH, .master = 2
	};
	static const struct klink_want wish_bridge = { .name = "br0",
		.kind = KLINK_BRIDGE,
		.what = KLINK_WANT_CREATE },
				       wish_port = { .name = "p0",
					       .what = KLINK_WANT_MASTER,
					       .master = "br0" };
	struct klink l = table[_i].bridge ? bridge : vxlan;
	const struct klink_want *wanted = table[_i].bridge ? &wish_bridge : &wish;
	struct klinks *t = klinks_new();
	enum klink_step step = KLINK_NOTHING;
	struct klink_want *w;

	klink_have(t, &bridge);
	l.ours = table[_i].ours;
	klink_have(t, &l);
	if (table[_i].port)
		klink_have(t, &port);
	if (table[_i].port_wished)
		klink_want(t, &wish_port);
	klink_want(t, wanted);
	ck_assert(!klink_next(t, 0, &step, &w));
	klink_unwant(t, wanted->name);
	step = KLINK_NOTHING;
	(void)klink_next(t, 0, &step, &w);
	ck_assert_int_eq(step, table[_i].last);
	klink_lost(t, l.ifindex);
	klink_done(t, wanted->name, 0, 0);
	ck_assert(!klink_next(t, 0, &step, &w));
	ck_assert_ptr_null(klink_want_find(t, wanted->name));
	klinks_free(t);
}
END_TEST

/* A port leaves; a device that is being made when its wish ends goes once it appears. */
START_TEST(farewell_late)
{
	struct klink_want port = {
		.name = "p0", .what = KLINK_WANT_MASTER, .master = "br0"
	};
	struct klink l = {
		.ifindex = 9, .name = "p0", .kind = KLINK_VETH, .master = 2
	};
	struct klinks *t = klinks_new();
	enum klink_step step;
	struct klink_want *w;

	klink_have(t, &bridge);
	klink_have(t, &l);
	klink_want(t, &port);
	ck_assert(!klink_next(t, 0, &step, &w));
	klink_unwant(t, "p0");
	ck_assert(klink_next(t, 0, &step, &w) && step == KLINK_LEAVE);
	l.master = 0;
	klink_have(t, &l);
	klink_done(t, "p0", 0, 0);
	ck_assert(!klink_next(t, 0, &step, &w));
	ck_assert_ptr_null(klink_want_find(t, "p0"));

	klink_want(t, &wish);
	ck_assert(klink_next(t, 0, &step, &w) && step == KLINK_CREATE);
	klink_unwant(t, "vx0");
	klink_done(t, "vx0", 0, 0);
	ck_assert(!klink_next(t, 0, &step, &w));
	l = vxlan;
	l.ours = true;
	klink_have(t, &l);
	ck_assert(klink_next(t, 0, &step, &w) && step == KLINK_DELETE);
	/* wished for again meanwhile: made again */
	klink_want(t, &wish);
	klink_lost(t, 3);
	klink_done(t, "vx0", 0, 0);
	ck_assert(klink_next(t, 0, &step, &w) && step == KLINK_CREATE);
	klinks_free(t);
}
END_TEST

static void
bend_vni(struct klink *l)
{
	l->vxlan.vni = 200;
}

static void
bend_port(struct klink *l)
{
	l->vxlan.port = 8472;
}

static void
bend_family(struct klink *l)
{
	ip_parse("fd00::1", &l->vxlan.local);
}

static void
bend_kind(struct klink *l)
{
	l->kind = KLINK_DUMMY;
}

static void
bend_local(struct klink *l)
{
	l->vxlan.local = (struct ip){ 0 };
}

/* Group, learning and time to live are changed on the living device. */
START_TEST(groups)
{
	static const struct {
		const char *have, *want; /* groups */
		uint32_t what;
		bool lower, learning;
		uint8_t ttl;
		enum klink_step step;
		bool bounce;
	} table[] = {
		{ "", "239.1.1.1", KLINK_WANT_GROUP, true, false, 0, KLINK_SET_GROUP,
		    0 },
		{ "", "239.1.1.1", KLINK_WANT_GROUP, false, false, 0, KLINK_NOTHING,
		    0 },
		{ "", "ff05::1", KLINK_WANT_GROUP, true, false, 0, KLINK_NOTHING, 0 },
		{ "239.1.1.1", "", KLINK_WANT_GROUP, false, false, 0, KLINK_SET_GROUP,
		    0 },
		{ "239.1.1.1", "", 0, true, false, 0, KLINK_NOTHING, 0 },
		{ "239.1.1.1", "239.1.1.2", KLINK_WANT_GROUP | KLINK_WANT_REJOIN, true,
		    false, 0, KLINK_SET_GROUP, true },
		{ "239.1.1.1", "239.1.1.1", KLINK_WANT_GROUP, true, false, 0,
		    KLINK_SET_GROUP, 0 }, /* by way of another device */
		{ "", "", KLINK_WANT_GROUP, true, false, 9, KLINK_SET_VXLAN, 0 },
		{ "", "", KLINK_WANT_LEARN, true, false, 0, KLINK_SET_VXLAN, 0 },
		{ "", "", KLINK_WANT_NOLEARN, true, true, 0, KLINK_SET_VXLAN, 0 },
		{ "", "", KLINK_WANT_LEARN, true, true, 0, KLINK_NOTHING, 0 },
	};
	static const struct klink eth = { .ifindex = 7, .name = "eth0" };
	struct klink_want w = {
		.name = "vx0", .kind = KLINK_VXLAN, .lower = "eth0", .mtu = 1450
	};
	struct klinks *t = klinks_new();
	struct klink l = vxlan;
	enum klink_step step = KLINK_NOTHING;
	struct klink_want *out;

	if (table[_i].lower)
		klink_have(t, &eth);
	ip_parse(table[_i].have, &l.vxlan.group);
	l.vxlan.learning = table[_i].learning;
	klink_have(t, &l);
	w.what = table[_i].what;
	w.vxlan = vxlan.vxlan;
	ip_parse(table[_i].want, &w.vxlan.group);
	w.vxlan.ttl = table[_i].ttl;
	klink_want(t, &w);
	(void)klink_next(t, 0, &step, &out);
	ck_assert_int_eq(step, table[_i].step);
	ck_assert_int_eq(klink_want_find(t, "vx0")->bounce, table[_i].bounce);
	/* Of a device that is down the kernel tells nothing. */
	if (step != KLINK_NOTHING) {
		l.up = false;
		klink_have(t, &l);
		klink_done(t, "vx0", 0, 0);
		ck_assert(!klink_next(t, 0, &step, &out));
	}
	klinks_free(t);
}
END_TEST

/* What is found and cannot be changed is left alone and told. */
START_TEST(wrong)
{
	static const struct {
		void (*bend)(struct klink *l);
		const char *wrong;
		enum klink_step step;
	} table[] = {
		{ bend_vni, "vni 200, wanted 100", KLINK_NOTHING },
		{ bend_port, "udp port 8472, wanted 4789", KLINK_NOTHING },
		{ bend_family, "local address fd00::1, wanted 10.0.0.1",
		    KLINK_NOTHING },
		{ bend_kind, "is a dummy device, wanted vxlan", KLINK_NOTHING },
		{ bend_local, NULL, KLINK_SET_VXLAN },
	};
	struct klinks *t = klinks_new();
	struct klink l = vxlan;
	struct klink_want *w;
	enum klink_step step = KLINK_NOTHING;
	char buf[128];
	const char *got;

	table[_i].bend(&l);
	klink_have(t, &bridge);
	klink_have(t, &l);
	klink_want(t, &wish);
	got = klink_wrong(t, &wish, buf, sizeof(buf));
	if (table[_i].wrong == NULL)
		ck_assert_ptr_null(got);
	else
		ck_assert_str_eq(got, table[_i].wrong);
	(void)klink_next(t, 0, &step, &w);
	ck_assert_int_eq(step, table[_i].step);
	klinks_free(t);
}
END_TEST

/* Routing's devices: nothing is made before what it sits on; the rest is told. */
START_TEST(routed)
{
	static const struct {
		struct klink have;
		struct klink_want want;
		enum klink_step step;
		const char *wrong;
	} table[] = {
		{ { .kind = KLINK_OTHER },
		    { .kind = KLINK_VLAN, .what = KLINK_WANT_CREATE, .lower = "no" },
		    KLINK_NOTHING, NULL },
		{ { .kind = KLINK_OTHER },
		    { .kind = KLINK_VLAN, .what = KLINK_WANT_CREATE, .lower = "br0" },
		    KLINK_CREATE, NULL },
		{ { .kind = KLINK_VLAN, .vlan = 10, .lower = 2 },
		    { .kind = KLINK_VLAN, .vlan = 20, .lower = "br0" }, KLINK_NOTHING,
		    "vlan 10, wanted 20" },
		{ { .kind = KLINK_VLAN, .vlan = 10, .lower = 9 },
		    { .kind = KLINK_VLAN, .vlan = 10, .lower = "br0" }, KLINK_NOTHING,
		    "not on br0" },
		{ { .kind = KLINK_VRF, .table = 10 },
		    { .kind = KLINK_VRF, .table = 20 }, KLINK_NOTHING,
		    "table 10, wanted 20" },
		{ { .kind = KLINK_VRF, .table = 10 },
		    { .kind = KLINK_VRF, .what = KLINK_WANT_CREATE, .table = 20 },
		    KLINK_NOTHING, "table 10, wanted 20" },
		{ { .kind = KLINK_VRF, .table = 10, .ours = true },
		    { .kind = KLINK_VRF, .what = KLINK_WANT_CREATE, .table = 20 },
		    KLINK_DELETE, "table 10, wanted 20" },
		{ { .kind = KLINK_BRIDGE },
		    { .kind = KLINK_BRIDGE,
			.what = KLINK_WANT_FILTERING,
			.vlan_filtering = true },
		    KLINK_NOTHING, "vlan_filtering off, wanted on" },
		{ { .kind = KLINK_BRIDGE },
		    { .kind = KLINK_BRIDGE, .what = KLINK_WANT_NOADDRGEN }, KLINK_SET,
		    NULL },
		{ { .kind = KLINK_BRIDGE, .noaddrgen = true },
		    { .kind = KLINK_BRIDGE, .what = KLINK_WANT_NOADDRGEN },
		    KLINK_NOTHING, NULL },
		{ { .kind = KLINK_BRIDGE },
		    { .kind = KLINK_BRIDGE, .what = KLINK_WANT_FORWARD }, KLINK_SET,
		    NULL },
		{ { .kind = KLINK_BRIDGE, .forward = true },
		    { .kind = KLINK_BRIDGE, .what = KLINK_WANT_FORWARD }, KLINK_NOTHING,
		    NULL },
		{ { .kind = KLINK_VXLAN, .is_port = true, .master = 2 },
		    { .kind = KLINK_VXLAN,
			.what = KLINK_WANT_TUNNEL,
			.port = { .vlan_tunnel = true } },
		    KLINK_SET_PORT, NULL },
		{ { .kind = KLINK_VXLAN, .vxlan = { .external = true } },
		    { .kind = KLINK_VXLAN,
			.vxlan = { .external = true, .vnifilter = true } },
		    KLINK_NOTHING, "vnifilter off, wanted on" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct klinks *t = klinks_new();
		struct klink l = table[i].have;
		struct klink_want want = table[i].want, *w;
		enum klink_step step = KLINK_NOTHING;
		const char *got;
		char buf[128];

		klink_have(t, &bridge);
		l.ifindex = 5;
		strcpy(l.name, "x");
		strcpy(want.name, "x");
		if (l.kind != KLINK_OTHER)
			klink_have(t, &l);
		klink_want(t, &want);
		(void)klink_next(t, 0, &step, &w);
		ck_assert_int_eq(step, table[i].step);
		if (step == KLINK_SET) { /* told by nothing but the answer */
			klink_done(t, "x", 0, 0);
			ck_assert(!klink_next(t, 0, &step, &w));
		}
		got = klink_wrong(t, &want, buf, sizeof(buf));
		ck_assert_str_eq(got != NULL ? got : "-",
		    table[i].wrong != NULL ? table[i].wrong : "-");
		klinks_free(t);
	}
}
END_TEST

/* A VRF device is made anew for another table if all that is in it comes back by itself. */
START_TEST(another_table)
{
	static const struct {
		bool wish, stays_out;
		enum klink_step step;
	} table[] = {
		{ false, false, KLINK_NOTHING },
		{ true, false, KLINK_DELETE },
		{ true, true, KLINK_NOTHING },
	};
	struct klink vrf = { .ifindex = 7,
		.name = "red",
		.kind = KLINK_VRF,
		.table = 10,
		.ours = true,
		.up = true };
	struct klink port = {
		.ifindex = 8, .name = "br8", .kind = KLINK_BRIDGE, .master = 7
	};
	struct klink_want want = {
		.name = "red", .kind = KLINK_VRF, .what = KLINK_WANT_CREATE, .table = 20
	};
	struct klink_want in = { .name = "br8", .kind = KLINK_BRIDGE, .master = "red" };
	struct klinks *t = klinks_new();
	enum klink_step step = KLINK_NOTHING;
	struct klink_want *w;

	klink_have(t, &vrf);
	klink_have(t, &port);
	klink_want(t, &want);
	in.what = table[_i].stays_out ? KLINK_WANT_UP : KLINK_WANT_MASTER;
	port.up = true;
	klink_have(t, &port);
	if (table[_i].wish)
		klink_want(t, &in);
	(void)klink_next(t, 0, &step, &w);
	ck_assert_int_eq(step, table[_i].step);
	if (step == KLINK_DELETE) {
		klink_done(t, "red", 0, 0);
		klink_lost(t, 7);
		port.master = 0;
		klink_have(t, &port);
		ck_assert(klink_next(t, 0, &step, &w));
		ck_assert_int_eq(step, KLINK_CREATE);
	}
	klinks_free(t);
}
END_TEST

/* A MAC that is no longer wished for gives way to the device's own, or the kernel's choice. */
START_TEST(own_mac)
{
	static const struct mac own = { { 2, 0, 0, 0, 0, 9 } },
				low = { { 2, 0, 0, 0, 0, 3 } };
	static const struct {
		bool known; /* the device was there before */
		bool over;  /* the wish goes, or only the MAC in it */
		struct mac back;
	} table[] = {
		{ true, false, { { 2, 0, 0, 0, 0, 9 } } },
		{ true, true, { { 2, 0, 0, 0, 0, 9 } } },
		{ false, false, { { 2, 0, 0, 0, 0, 3 } } },
		{ false, true, { { 2, 0, 0, 0, 0, 3 } } },
	};
	struct klinks *t = klinks_new();
	struct klink l = bridge, port = vxlan;
	struct klink_want want = { .name = "br0",
		.kind = KLINK_BRIDGE,
		.what = KLINK_WANT_MAC | KLINK_WANT_UP,
		.mac = { { 0, 0, 0x5e, 0, 1, 1 } } };
	enum klink_step step = KLINK_NOTHING;
	struct klink_want *w;

	port.mac = low;
	klink_have(t, &port);
	l.mac = table[_i].known ? own : want.mac;
	klink_have(t, &l);
	klink_want(t, &want);
	ck_assert(klink_next(t, 0, &step, &w) == table[_i].known);
	klink_done(t, "br0", 0, 0);
	l.mac = want.mac;
	klink_have(t, &l);
	ck_assert(!klink_next(t, 0, &step, &w));
	want.what = KLINK_WANT_UP;
	if (table[_i].over)
		klink_unwant(t, "br0");
	else
		klink_want(t, &want);
	ck_assert(klink_next(t, 0, &step, &w));
	ck_assert_int_eq(step, KLINK_SET);
	ck_assert_mem_eq(&w->put_mac, &table[_i].back, sizeof(own));
	klink_done(t, "br0", 0, 0);
	l.mac = table[_i].back;
	klink_have(t, &l);
	ck_assert(!klink_next(t, 0, &step, &w));
	ck_assert_ptr_eq(klink_want_find(t, "br0"), table[_i].over ? NULL : w);
	klinks_free(t);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("klink", &tc);

	tcase_add_test(tc, mirror);
	tcase_add_test(tc, swap);
	tcase_add_test(tc, steps);
	tcase_add_test(tc, backs_off);
	tcase_add_loop_test(tc, farewells, 0, 6);
	tcase_add_test(tc, farewell_late);
	tcase_add_loop_test(tc, groups, 0, 11);
	tcase_add_loop_test(tc, wrong, 0, 5);
	tcase_add_test(tc, routed);
	tcase_add_loop_test(tc, another_table, 0, 3);
	tcase_add_loop_test(tc, own_mac, 0, 4);
	return unit_run(s);
}

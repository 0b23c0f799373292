/*
 * Tests of kern/ktab (kern/krow, kern/kqueue, kern/kwrite) against a small kernel in memory that loses events, delays and
 * reorders what comes over different sockets, refuses, and is changed by others meanwhile.
 * Whatever happens: when it calms down, the kernel is as wanted, the mirror is exact, what
 * is not ours is untouched, and every local entry has been told.
 */
#include "kern/ktab.h"

#include <stdio.h>

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include "base/mem.h"
#include "unit.h"

#define NKEYS 135
#define NMINE 90 /* keys that are wanted now and then; the others belong to others */
#define BRIDGE 2
#define VXLAN 5
#define ACCESS 6
#define TABLE 10
#define NEXTHOP 6 /* key of the one that routes use; always wanted */
#define QUEUE 8192

enum ask { ASK_OP, ASK_READ };

struct event {
	int key;
	bool present;
	struct kval val;
};

struct request {
	enum ask ask;
	struct ktab_op op;
	int err;
	bool present;
	struct kval val;
	unsigned events; /* how many the kernel had sent before it answered */
};

struct fake {
	struct ktab *t;
	unsigned seed;
	uint64_t now;
	struct kkey keys[NKEYS];
	bool present[NKEYS];
	struct kval vals[NKEYS];
	bool wanted[NKEYS];
	struct kval want[NKEYS];
	bool local[NKEYS]; /* as told by ktab_heard() */
	struct event events[QUEUE];
	unsigned ev_in, ev_out;
	struct request reqs[QUEUE];
	unsigned rq_in, rq_done, rq_out; /* sent, carried out, answer read */
	bool dumping;
	enum kkind dump_kind;
	uint32_t dump_ifindex;
	int dump_at;
	struct event lines[NKEYS];
	int line_in, line_out;
	unsigned refuse; /* percent */
};

static unsigned
rnd(struct fake *f, unsigned n)
{
	f->seed = f->seed * 1103515245 + 12345;
	return (f->seed >> 12) % n;
}

static struct mac
mac_n(int n)
{
	return (struct mac){ { 2, 0, 0, 0, 0, (uint8_t)n } };
}

static struct kkey
key_n(int i, const struct mac *mac, const struct ip *ip)
{
	uint32_t n = (uint32_t)i;

	switch (i % 9) {
	case 0:
		return kkey_brfdb(BRIDGE, i % 2 == 0 ? 0 : 10, mac);
	case 1:
		return kkey_vxfdb(VXLAN, 0, mac);
	case 2:
		return kkey_flood(VXLAN, 0, ip);
	case 3:
		return kkey_neigh(BRIDGE, ip);
	case 4:
		return kkey_addr(BRIDGE, ip, 24);
	case 5:
		return kkey_nhgroup(n);
	case 6:
		return kkey_nexthop(n);
	case 7:
		return i % 2 == 0 ? kkey_vni(VXLAN, n)
				  : kkey_brvlan(VXLAN, (uint16_t)n);
	default:
		return kkey_route(TABLE, &(struct prefix){ *ip, 32 }, 20);
	}
}

static void
fake_init(struct fake *f, unsigned seed)
{
	struct ip ip = ip_of_v4(0x0a000001);

	*f = (struct fake){ .t = ktab_new(), .seed = seed, .now = 1000 };
	for (int i = 0; i < NKEYS; i++) {
		struct mac mac = mac_n(i);

		ip.b[3] = (uint8_t)i;
		f->keys[i] = key_n(i, &mac, &ip);
	}
	f->wanted[NEXTHOP] = true;
	f->want[NEXTHOP] = kval_nexthop(&ip, BRIDGE, true);
	ktab_want(f->t, &f->keys[NEXTHOP], &f->want[NEXTHOP], f->now);
	ktab_manage(f->t, KOBJ_ADDR, BRIDGE, true);
	ktab_manage(f->t, KOBJ_NEXTHOP, 0, true);
	ktab_manage(f->t, KOBJ_NHGROUP, 0, true);
	ktab_manage(f->t, KOBJ_VNI, VXLAN, true);
	ktab_manage(f->t, KOBJ_BRVLAN, VXLAN, true);
	ktab_manage(f->t, KOBJ_ROUTE, TABLE, true);
	ktab_manage(f->t, KOBJ_BRFDB, BRIDGE, true);
	ktab_manage(f->t, KOBJ_VXFDB, VXLAN, true);
	ktab_manage(f->t, KOBJ_NEIGH, BRIDGE, true);
}

static int
fake_index(struct fake *f, const struct kkey *key)
{
	for (int i = 0; i < NKEYS; i++)
		if (kkey_cmp(&f->keys[i], key) == 0)
			return i;
	ck_abort_msg("a key that was never told");
	return -1;
}

static struct kval
our_val(struct fake *f, int i)
{
	struct ip vtep = ip_of_v4(0x0a0000f0 + rnd(f, 3));
	struct mac mac = mac_n((int)rnd(f, 3));

	switch (f->keys[i].kind) {
	case KOBJ_BRFDB:
		return kval_remote_mac(VXLAN, rnd(f, 4) == 0);
	case KOBJ_VXFDB:
		if (ip_is_set(&f->keys[i].ip))
			return kval_flood();
		if (rnd(f, 3) == 0)
			return kval_vxlan_nhid(1 + rnd(f, 2));
		return kval_vxlan_dst(&vtep);
	case KOBJ_ADDR:
		return kval_gateway();
	case KOBJ_NHGROUP:
		return kval_nhgroup((uint32_t[]){ 7, 5, 1 + rnd(f, 3) }, 3, false);
	case KOBJ_NEXTHOP:
		return kval_nexthop(&vtep, BRIDGE, true);
	case KOBJ_VNI:
		return kval_vni();
	case KOBJ_BRVLAN:
		return kval_brvlan(rnd(f, 2) == 0 ? KVLAN_PVID : 0, rnd(f, 3));
	case KOBJ_ROUTE:
		if (rnd(f, 2) == 0)
			return kval_route_via(&vtep, BRIDGE, true);
		return kval_route_nhid(f->keys[NEXTHOP].id);
	default:
		return kval_remote_neigh(&mac, false);
	}
}

static struct kval
foreign_val(struct fake *f, int i)
{
	struct ip vtep = ip_of_v4(0x0a0000f8 + rnd(f, 3));
	struct mac mac = mac_n(100 + (int)rnd(f, 3));

	switch (f->keys[i].kind) {
	case KOBJ_BRFDB:
		return (
		    struct kval){ .port = ACCESS + rnd(f, 2), .state = NUD_REACHABLE };
	case KOBJ_VXFDB:
		if (ip_is_set(&f->keys[i].ip))
			return (struct kval){ .state = NUD_PERMANENT };
		return (struct kval){ .ip = vtep, .state = NUD_PERMANENT };
	case KOBJ_ADDR:
	case KOBJ_VNI:
		return (struct kval){ 0 };
	case KOBJ_NHGROUP:
		return (struct kval){ .members = { 1, 2 }, .proto = RTPROT_BOOT };
	case KOBJ_BRVLAN:
		return (struct kval){ .flags = KVLAN_UNTAGGED, .vni = rnd(f, 3) };
	case KOBJ_NEXTHOP:
	case KOBJ_ROUTE:
		return (struct kval){ .ip = vtep, .port = 9, .proto = RTPROT_BOOT };
	default:
		return (struct kval){ .mac = mac, .state = NUD_REACHABLE };
	}
}

/* --- the kernel --- */

static void
fake_event(struct fake *f, int i)
{
	struct event *e = &f->events[f->ev_in++ % QUEUE];

	ck_assert(f->ev_in - f->ev_out < QUEUE);
	*e = (struct event){ i, f->present[i], f->vals[i] };
}

/* Routes go with their nexthop, and nobody is told. */
static void
fake_gone(struct fake *f, int i)
{
	f->present[i] = false;
	for (int n = 0; n < NKEYS && f->keys[i].kind == KOBJ_NEXTHOP; n++)
		if (f->keys[n].kind == KOBJ_ROUTE && f->vals[n].nhid == f->keys[i].id)
			f->present[n] = false;
}

static void
fake_foreign(struct fake *f)
{
	int i = (int)rnd(f, NKEYS);

	if (f->present[i] && rnd(f, 2) == 0) {
		fake_gone(f, i);
	} else {
		f->present[i] = true;
		f->vals[i] = foreign_val(f, i);
	}
	fake_event(f, i);
}

/* What the kernel says to a request; 0: it does as told. */
static int
fake_verdict(struct fake *f, int i, const struct ktab_op *op)
{
	const struct kval *have = &f->vals[i];
	enum kkind kind = f->keys[i].kind;

	if (rnd(f, 100) < f->refuse)
		return -EBUSY;
	if (op->op == KOP_DELETE) {
		if (kind == KOBJ_ROUTE && (!f->present[i] || have->proto != KOBJ_PROTO))
			return -ESRCH;
		if (!f->present[i])
			return -ENOENT;
		return kind == KOBJ_BRFDB && have->port != op->val.port ? -ENOENT : 0;
	}
	if (op->op == KOP_ADD && f->present[i] && kkind_yields(kind))
		return -EEXIST;
	if (kind == KOBJ_ROUTE && op->val.nhid != 0 && !f->present[NEXTHOP])
		return -EINVAL;
	return 0;
}

/*
 * Carries out one request, in the order they were sent. Some events say who caused them
 * and ours are filtered out; those of FDBs, addresses and VLANs do not.
 */
static void
fake_obey(struct fake *f)
{
	struct request *rq;
	bool told;
	int i;

	if (f->rq_done == f->rq_in)
		return;
	rq = &f->reqs[f->rq_done++ % QUEUE];
	i = fake_index(f, &rq->op.key);
	told = f->keys[i].kind != KOBJ_NEIGH &&
	    (f->keys[i].kind == KOBJ_ADDR || !kkind_yields(f->keys[i].kind));
	if (rq->ask == ASK_READ) {
		rq->present = f->present[i];
		rq->val = f->vals[i];
	} else if ((rq->err = fake_verdict(f, i, &rq->op)) == 0) {
		if (rq->op.op == KOP_DELETE)
			fake_gone(f, i);
		else
			f->present[i] = true;
		if (f->present[i])
			f->vals[i] = rq->op.val;
		if (told)
			fake_event(f, i);
	}
	rq->events = f->ev_in;
}

/* --- between the two --- */

static void
send(struct fake *f, enum ask ask, const struct ktab_op *op)
{
	f->reqs[f->rq_in++ % QUEUE] = (struct request){ .ask = ask, .op = *op };
	ck_assert(f->rq_in - f->rq_out < QUEUE);
}

static void
pump_requests(struct fake *f, unsigned max)
{
	struct ktab_op op;

	while (max-- > 0 && ktab_next(f->t, f->now, &op))
		send(f, ASK_OP, &op);
}

static bool
pump_event(struct fake *f)
{
	struct event *e;

	if (f->ev_out == f->ev_in)
		return false;
	e = &f->events[f->ev_out++ % QUEUE];
	ktab_have(f->t, &f->keys[e->key], e->present ? &e->val : NULL, f->now);
	return true;
}

/* Some can be asked for alone; the others' device is dumped. */
static bool
reread(struct fake *f, struct request *rq)
{
	const struct kkey *key = &rq->op.key;

	if (key->kind != KOBJ_ROUTE && key->kind != KOBJ_ADDR &&
	    key->kind != KOBJ_BRVLAN && key->kind != KOBJ_VNI)
		return ktab_reread(
		    f->t, &rq->op, rq->present ? &rq->val : NULL, f->now);
	ktab_redump(f->t, key->kind, key->ifindex);
	return ktab_reread(f->t, &rq->op,
	    rq->op.op == KOP_DELETE || kkind_yields(key->kind) ? NULL : &rq->op.val,
	    f->now);
}

/* Events first: that is what ktab.h asks for. */
static bool
pump_answer(struct fake *f)
{
	struct request rq;
	bool again;

	if (f->rq_out == f->rq_done)
		return false;
	rq = f->reqs[f->rq_out % QUEUE];
	while (f->ev_out < rq.events)
		pump_event(f);
	if (rnd(f, 2) == 0)
		pump_event(f);
	f->rq_out++;
	if (rq.ask == ASK_READ)
		again = reread(f, &rq);
	else
		again = ktab_done(f->t, &rq.op, rq.err, f->now);
	if (again)
		send(f, ASK_READ, &rq.op);
	return true;
}

static bool
pump_dump(struct fake *f)
{
	if (!f->dumping) {
		if (!ktab_dump_next(f->t, &f->dump_kind, &f->dump_ifindex))
			return false;
		f->dumping = true;
		f->dump_at = f->line_in = f->line_out = 0;
		return true;
	}
	if (f->line_out < f->line_in && rnd(f, 2) == 0) {
		struct event *e = &f->lines[f->line_out++];

		ktab_have_dumped(f->t, &f->keys[e->key], &e->val, f->now);
		return true;
	}
	if (f->dump_at < NKEYS) {
		int i = f->dump_at++;

		if (f->present[i] && f->keys[i].kind == f->dump_kind &&
		    f->keys[i].ifindex == f->dump_ifindex)
			f->lines[f->line_in++] = (struct event){ i, true, f->vals[i] };
		return true;
	}
	if (f->line_out < f->line_in)
		return true;
	f->dumping = false;
	ktab_dump_end(
	    f->t, f->dump_kind, f->dump_ifindex, rnd(f, 100) >= f->refuse, f->now);
	return true;
}

static bool
pump_heard(struct fake *f)
{
	struct krow *r;
	bool any = false;

	for (; (r = ktab_heard(f->t)) != NULL; any = true)
		f->local[fake_index(f, KROW_KEY(r))] = krow_is_local(r);
	return any;
}

static void
fake_want(struct fake *f)
{
	int i = (int)rnd(f, NMINE);

	f->wanted[i] = i == NEXTHOP || rnd(f, 3) != 0;
	f->want[i] = our_val(f, i);
	ktab_want(f->t, &f->keys[i], f->wanted[i] ? &f->want[i] : NULL, f->now);
}

static void
step(struct fake *f)
{
	f->now += rnd(f, 5);
	switch (rnd(f, 12)) {
	case 0:
		fake_want(f);
		break;
	case 1:
		fake_foreign(f);
		break;
	case 2:
		pump_requests(f, rnd(f, 10));
		break;
	case 3:
	case 4:
		fake_obey(f);
		break;
	case 5:
	case 6:
		pump_answer(f);
		break;
	case 7:
		pump_event(f);
		break;
	case 8:
		pump_heard(f);
		break;
	case 9:
		if (rnd(f, 50) == 0) { /* overrun */
			f->ev_out = f->ev_in;
			ktab_resync(f->t, 0);
		}
		if (rnd(f, 50) == 0)
			ktab_resync(f->t, rnd(f, 2) == 0 ? BRIDGE : VXLAN);
		if (rnd(f, 50) == 0)
			ktab_kick(f->t, VXLAN, f->now);
		break;
	default:
		pump_dump(f);
		break;
	}
}

/* Nobody disturbs any more. */
static void
settle(struct fake *f)
{
	f->refuse = 0;
	for (int i = 0; i < 100000; i++) {
		unsigned sent = f->rq_in, got = f->ev_out;
		uint64_t deadline;

		pump_requests(f, QUEUE / 4);
		while (f->rq_done != f->rq_in)
			fake_obey(f);
		while (pump_answer(f) || pump_event(f))
			;
		if (pump_heard(f) || pump_dump(f) || f->rq_out != f->rq_in ||
		    sent != f->rq_in || got != f->ev_out)
			continue;
		deadline = ktab_deadline(f->t);
		if (deadline == UINT64_MAX)
			return;
		f->now = deadline > f->now ? deadline : f->now;
	}
	ck_abort_msg("does not settle");
}

static void
verify(struct fake *f, bool foreign[NKEYS])
{
	struct ktab_stats st;

	for (int i = 0; i < NKEYS; i++) {
		struct krow *r = ktab_find(f->t, &f->keys[i]);
		char buf[KOBJ_STRLEN];

		kkey_str(buf, &f->keys[i]);
		if (f->wanted[i] && r->present && !r->ours) {
			ck_assert_msg(kkind_yields(f->keys[i].kind) ||
				(kkind_unmarked(f->keys[i].kind) &&
				    kval_same(&f->keys[i], &f->vals[i], &f->want[i])),
			    "%s: not ours", buf);
			ck_assert_str_eq(krow_state(r), "foreign");
		} else if (f->wanted[i]) {
			ck_assert_msg(f->present[i], "%s: missing", buf);
			ck_assert_msg(kval_same(&f->keys[i], &f->vals[i], &f->want[i]),
			    "%s", buf);
			ck_assert_str_eq(krow_state(r), "installed");
		} else if (f->present[i]) {
			ck_assert_msg(r != NULL && !r->ours, "%s: left", buf);
		}
		if (i >= NMINE)
			ck_assert_msg(f->present[i] == foreign[i], "%s: touched", buf);
		ck_assert_int_eq(r != NULL && r->present, f->present[i]);
		if (f->present[i])
			ck_assert(kval_same(&f->keys[i], KROW_HAVE(r), &f->vals[i]));
		ck_assert_msg(f->local[i] == (r != NULL && krow_is_local(r)),
		    "%s: local %d", buf, f->local[i]);
	}
	ktab_stats(f->t, &st);
	ck_assert_uint_eq(st.differing, 0);
	ck_assert_uint_eq(st.inflight, 0);
	ck_assert(ktab_synced(f->t));
}

START_TEST(always_settles)
{
	static struct fake f;
	bool foreign[NKEYS];

	fake_init(&f, (unsigned)_i + 1);
	/* Left by an earlier life, and by others. */
	for (int i = 0; i < NKEYS; i++) {
		f.present[i] = rnd(&f, 2) == 0;
		f.vals[i] = i < NMINE ? our_val(&f, i) : foreign_val(&f, i);
	}
	f.refuse = 10;
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 3000; i++)
			step(&f);
		if (round == 0)
			ktab_release(f.t, f.now);
		memcpy(foreign, f.present, sizeof(foreign));
		settle(&f);
		verify(&f, foreign);
	}
	ktab_free(f.t);
}
END_TEST

/*
 * VLANs and VNIs carry no mark: what we wrote goes with the wish, what was there stays, also
 * when it was changed; unless it is claimed, or is to go in any case.
 */
START_TEST(unmarked)
{
	static const struct {
		bool there, claimed, other, evict;
		enum kop first, last;
	} rows[] = {
		{ false, false, false, false, KOP_ADD, KOP_DELETE },
		{ true, false, false, false, KOP_NONE, KOP_NONE },
		{ true, false, true, false, KOP_REPLACE, KOP_NONE },
		{ true, true, false, false, KOP_NONE, KOP_DELETE },
		{ true, true, true, false, KOP_REPLACE, KOP_DELETE },
		{ true, false, false, true, KOP_NONE, KOP_DELETE },
	};
	struct kkey key = kkey_brvlan(VXLAN, 10);
	struct kval want = kval_brvlan(0, 0), have = want;
	struct ktab *t = ktab_new();
	enum kkind kind;
	uint32_t ifindex;
	struct ktab_op op = { .op = KOP_NONE };

	ktab_manage(t, KOBJ_BRVLAN, VXLAN, true);
	ck_assert(ktab_dump_next(t, &kind, &ifindex));
	if (rows[_i].other)
		have.flags = KVLAN_PVID;
	if (rows[_i].there)
		ktab_have_dumped(t, &key, &have, 1);
	ktab_dump_end(t, kind, ifindex, true, 1);
	while (ktab_heard(t) != NULL)
		;
	if (rows[_i].claimed)
		want = kval_claimed(want);
	ktab_want(t, &key, &want, 1);
	if (ktab_next(t, 1, &op))
		ktab_done(t, &op, 0, 1);
	ck_assert_int_eq(op.op, rows[_i].first);
	while (ktab_heard(t) != NULL)
		;
	ktab_want(t, &key, NULL, 1);
	if (rows[_i].evict)
		ktab_evict(t, &key, 1);
	op.op = KOP_NONE;
	if (ktab_next(t, 1, &op))
		ktab_done(t, &op, 0, 1);
	ck_assert_int_eq(op.op, rows[_i].last);
	ktab_free(t);
}
END_TEST

/* A table of one managed, dumped, empty vxlan device. */
static struct ktab *
one_device(void)
{
	struct ktab *t = ktab_new();
	enum kkind kind;
	uint32_t ifindex;

	ktab_manage(t, KOBJ_VXFDB, VXLAN, true);
	ck_assert(!ktab_synced(t) && ktab_dump_due(t, KOBJ_VXFDB, VXLAN));
	ck_assert(ktab_dump_next(t, &kind, &ifindex));
	ck_assert(kind == KOBJ_VXFDB && ifindex == VXLAN);
	ck_assert(!ktab_dump_next(t, &kind, &ifindex));
	ktab_dump_end(t, kind, ifindex, true, 0);
	ck_assert(ktab_synced(t));
	return t;
}

START_TEST(backs_off)
{
	struct ktab *t = one_device();
	struct mac mac = mac_n(1);
	struct kkey key = kkey_vxfdb(VXLAN, 0, &mac);
	struct ip vtep = ip_of_v4(0x0a000002);
	struct kval val = kval_vxlan_dst(&vtep);
	uint64_t now = 1000, wait = 100;
	struct ktab_op op;

	ktab_want(t, &key, &val, now);
	for (int i = 0; i < 10; i++) {
		ck_assert(ktab_next(t, now, &op));
		ck_assert(op.op == KOP_ADD);
		ck_assert(!ktab_done(t, &op, -EBUSY, now));
		ck_assert_str_eq(krow_state(ktab_find(t, &key)), "failed");
		ck_assert(!ktab_next(t, now + wait - 1, &op));
		ck_assert_uint_eq(ktab_deadline(t), now + wait);
		now += wait;
		wait = wait * 2 < 10000 ? wait * 2 : 10000;
	}
	ck_assert(ktab_next(t, now, &op));
	ktab_done(t, &op, -EBUSY, now);
	ktab_kick(t, VXLAN, now);
	ck_assert(ktab_next(t, now, &op));
	ktab_done(t, &op, 0, now);
	ck_assert_str_eq(krow_state(ktab_find(t, &key)), "installed");
	ck_assert_uint_eq(ktab_deadline(t), UINT64_MAX);
	ktab_free(t);
}
END_TEST

/* Between an address and a nexthop the kernel cannot replace: delete, then add. */
START_TEST(replaces_by_hand)
{
	struct ktab *t = one_device();
	struct mac mac = mac_n(1);
	struct kkey key = kkey_vxfdb(VXLAN, 0, &mac);
	struct ip vtep = ip_of_v4(0x0a000002);
	struct kval dst = kval_vxlan_dst(&vtep), nh = kval_vxlan_nhid(7);
	struct ktab_op op;

	ktab_want(t, &key, &dst, 0);
	ck_assert(ktab_next(t, 0, &op) && op.op == KOP_ADD);
	ck_assert(ktab_done(t, &op, -EEXIST, 0)); /* EEXIST: look what it is */
	ck_assert(!ktab_reread(t, &op, &dst, 0));
	ktab_want(t, &key, &nh, 0);
	ck_assert(ktab_next(t, 0, &op) && op.op == KOP_DELETE && op.val.nhid == 0);
	ktab_done(t, &op, 0, 0);
	ck_assert(ktab_next(t, 0, &op) && op.op == KOP_ADD && op.val.nhid == 7);
	ktab_done(t, &op, 0, 0);
	ck_assert(!ktab_next(t, 0, &op));
	ktab_want(t, &key, NULL, 0);
	ck_assert(ktab_next(t, 0, &op) && op.op == KOP_DELETE);
	ktab_done(t, &op, 0, 0);
	ck_assert_ptr_null(ktab_find(t, &key));
	ktab_free(t);
}
END_TEST

START_TEST(adopts)
{
	struct ktab *t = one_device();
	struct mac m1 = mac_n(1), m2 = mac_n(2);
	struct kkey k1 = kkey_vxfdb(VXLAN, 0, &m1), k2 = kkey_vxfdb(VXLAN, 0, &m2);
	struct ip vtep = ip_of_v4(0x0a000002);
	struct kval val = kval_vxlan_dst(&vtep);
	struct ktab_op op;

	ktab_have(t, &k1, &val, 0);
	ktab_have(t, &k2, &val, 0);
	ck_assert_str_eq(krow_state(ktab_find(t, &k1)), "stale");
	ck_assert(!ktab_next(t, 0, &op));
	ktab_want(t, &k1, &val, 0);
	ck_assert_str_eq(krow_state(ktab_find(t, &k1)), "installed");
	ck_assert(!ktab_next(t, 0, &op));
	ktab_release(t, 0);
	ck_assert(ktab_next(t, 0, &op) && op.op == KOP_DELETE);
	ck_assert(kkey_cmp(&op.key, &k2) == 0);
	ktab_done(t, &op, 0, 0);
	ck_assert(!ktab_next(t, 0, &op));
	ck_assert(ktab_heard(t) == NULL);
	ktab_free(t);
}
END_TEST

/* A table is mirrored until nothing of ours is left in it, and not longer. */
START_TEST(leaves_table)
{
	struct ktab *t = ktab_new();
	struct prefix mine = { ip_of_v4(0x0a000000), 8 },
		      other = { ip_of_v4(0x0b000000), 8 };
	struct kkey k1 = kkey_route(TABLE, &mine, 20),
		    k2 = kkey_route(TABLE, &other, 0);
	struct kval val = kval_route_nhid(NEXTHOP),
		    foreign = { .port = ACCESS, .proto = 3 };
	struct ktab_op op;
	enum kkind kind;
	uint32_t ifindex;

	ktab_manage(t, KOBJ_ROUTE, TABLE, true);
	ck_assert(ktab_dump_next(t, &kind, &ifindex));
	ktab_have_dumped(t, &k1, &val, 0);
	ktab_have_dumped(t, &k2, &foreign, 0);
	ktab_want(t, &k1, &val, 0);
	ktab_dump_end(t, kind, ifindex, true, 0);
	ck_assert(!ktab_next(t, 0, &op));
	ktab_leave(t, KOBJ_ROUTE, TABLE);
	ck_assert(!ktab_next(t, 0, &op));
	ck_assert(ktab_managed(t, KOBJ_ROUTE, TABLE));
	ktab_want(t, &k1, NULL, 0);
	ck_assert(ktab_next(t, 0, &op) && op.op == KOP_DELETE);
	ck_assert(!ktab_next(t, 0, &op)); /* it is under way */
	ck_assert(ktab_managed(t, KOBJ_ROUTE, TABLE));
	ktab_done(t, &op, 0, 0);
	ck_assert(!ktab_next(t, 0, &op));
	ck_assert(!ktab_managed(t, KOBJ_ROUTE, TABLE));
	while (ktab_heard(t) != NULL)
		;
	ck_assert_ptr_null(ktab_find(t, &k2));
	ktab_free(t);
}
END_TEST

/* The bridge's own MAC stays, whatever a peer says. */
START_TEST(leaves_own)
{
	struct ktab *t = ktab_new();
	struct mac mac = mac_n(1);
	struct kkey key = kkey_brfdb(BRIDGE, 0, &mac);
	struct kval own = { .port = ACCESS, .state = NUD_PERMANENT };
	struct kval want = kval_remote_mac(VXLAN, false);
	struct ktab_op op;
	enum kkind kind;
	uint32_t ifindex;

	ktab_manage(t, KOBJ_BRFDB, BRIDGE, true);
	ck_assert(ktab_dump_next(t, &kind, &ifindex));
	ktab_have_dumped(t, &key, &own, 0);
	ktab_dump_end(t, kind, ifindex, true, 0);
	ktab_want(t, &key, &want, 0);
	ck_assert(!ktab_next(t, 0, &op));
	ck_assert_str_eq(krow_state(ktab_find(t, &key)), "foreign");
	ktab_want(t, &key, NULL, 0);
	ck_assert(!ktab_next(t, 0, &op));
	ck_assert(ktab_heard(t) != NULL);
	ktab_device_gone(t, BRIDGE, 0);
	ck_assert(!ktab_managed(t, KOBJ_BRFDB, BRIDGE));
	while (ktab_heard(t) != NULL)
		;
	ck_assert_ptr_null(ktab_find(t, &key));
	ktab_free(t);
}
END_TEST

/* A remote MAC turns up at a local port: told before it is written over, if it still is. */
START_TEST(tells_first)
{
	struct ktab *t = ktab_new();
	struct mac mac = mac_n(1);
	struct kkey key = kkey_brfdb(BRIDGE, 0, &mac);
	struct kval want = kval_remote_mac(VXLAN, false);
	struct kval local = { .port = ACCESS, .state = NUD_REACHABLE };
	struct ktab_op op;
	struct krow *r;
	enum kkind kind;
	uint32_t ifindex;

	ktab_manage(t, KOBJ_BRFDB, BRIDGE, true);
	ck_assert(ktab_dump_next(t, &kind, &ifindex));
	ktab_dump_end(t, kind, ifindex, true, 0);
	ktab_want(t, &key, &want, 0);
	ck_assert(ktab_next(t, 0, &op));
	ktab_done(t, &op, 0, 0);
	ktab_have(t, &key, &local, 0);
	ck_assert(!ktab_next(t, 0, &op));
	r = ktab_heard(t);
	ck_assert(r != NULL && krow_is_local(r) && krow_have(r).port == ACCESS);
	ck_assert(!ktab_next(t, 0, &op));
	if (_i == 0)
		ktab_want(t, &key, NULL, 0); /* it has moved here */
	ck_assert_ptr_null(ktab_heard(t));
	ck_assert(ktab_next(t, 0, &op) == (_i == 1));
	if (_i == 1)
		ck_assert(op.op == KOP_REPLACE);
	ktab_free(t);
}
END_TEST

/*
 * What others refer to comes first and goes last; entries of one rank in the order in which
 * they were wanted, so that one host's do not wait for those of all others.
 */
START_TEST(orders)
{
	static const enum kkind adds[] = { KOBJ_NEXTHOP, KOBJ_NEIGH, KOBJ_VXFDB,
		KOBJ_BRFDB };
	static const enum kkind deletes[] = { KOBJ_NEIGH, KOBJ_VXFDB, KOBJ_BRFDB,
		KOBJ_NEXTHOP };
	struct ktab *t = ktab_new();
	struct mac mac = mac_n(1);
	struct ip ip = ip_of_v4(0x0a000002);
	struct kkey keys[] = { kkey_neigh(BRIDGE, &ip), kkey_vxfdb(VXLAN, 0, &mac),
		kkey_brfdb(BRIDGE, 0, &mac), { .kind = KOBJ_NEXTHOP, .id = 1 } };
	struct kval vals[] = { kval_remote_neigh(&mac, false), kval_vxlan_dst(&ip),
		kval_remote_mac(VXLAN, false), { .ip = ip, .proto = KOBJ_PROTO } };
	struct ktab_op op;
	enum kkind kind;
	uint32_t ifindex;

	for (int i = 0; i < 4; i++)
		ktab_want(t, &keys[i], &vals[i], 0);
	ck_assert(!ktab_next(t, 0, &op)); /* nothing is managed */
	for (int i = 0; i < 4; i++)
		ktab_manage(t, keys[i].kind, keys[i].ifindex, true);
	ck_assert(!ktab_next(t, 0, &op)); /* nothing is known yet */
	while (ktab_dump_next(t, &kind, &ifindex))
		ktab_dump_end(t, kind, ifindex, true, 0);
	for (int i = 0; i < 4; i++) {
		ck_assert(ktab_next(t, 0, &op) && op.op == KOP_ADD);
		ck_assert(op.key.kind == adds[i]);
		ktab_done(t, &op, 0, 0);
	}
	for (int i = 0; i < 4; i++)
		ktab_want(t, &keys[i], NULL, 0);
	for (int i = 0; i < 4; i++) {
		ck_assert(ktab_next(t, 0, &op) && op.op == KOP_DELETE);
		ck_assert(op.key.kind == deletes[i]);
		ktab_done(t, &op, 0, 0);
	}
	ck_assert(!ktab_next(t, 0, &op));
	ktab_free(t);
}
END_TEST

/* Whatever the layout: keys and values are what was said, and a walk meets each row once. */
START_TEST(keeps_rows)
{
	struct ktab *t = ktab_new();
	struct mac m1 = mac_n(1), m2 = mac_n(2), zero = { 0 };
	struct ip v4 = ip_of_v4(0x0a000002), v6;
	struct prefix p4 = { v4, 32 };
	size_t n = 0;

	ck_assert(ip_parse("fd00::9", &v6));
	const struct {
		struct kkey key;
		struct kval want, have;
	} rows[] = {
		{ kkey_vxfdb(3, 0, &m1), kval_vxlan_dst(&v4), kval_vxlan_dst(&v6) },
		{ kkey_vxfdb(3, 100, &m1), kval_vxlan_dst(&v6), kval_vxlan_nhid(7) },
		{ kkey_vxfdb(3, 0, &zero), kval_vxlan_nhid(7), kval_vxlan_nhid(7) },
		{ kkey_flood(3, 0, &v4), kval_flood(), kval_flood() },
		{ kkey_flood(3, 100, &v6), kval_flood(), kval_flood() },
		{ kkey_brfdb(2, 0, &m1), kval_remote_mac(3, false), kval_own_mac(2) },
		{ kkey_brfdb(2, 7, &m1), kval_remote_mac(3, true), kval_own_mac(2) },
		{ kkey_neigh(2, &v4), kval_remote_neigh(&m1, false),
		    kval_remote_neigh(&m1, false) },
		{ kkey_neigh(2, &v6), kval_remote_neigh(&m1, true),
		    kval_remote_neigh(&m2, false) },
		{ kkey_neigh(2, &(struct ip){ .family = 4 }), kval_vxlan_dst(&v4),
		    kval_remote_neigh(&m2, false) },
		{ kkey_nhgroup(8), kval_nhgroup((uint32_t[]){ 1, 2, 3 }, 3, true),
		    { .members = { [0 ... KVAL_MEMBERS - 1] = UINT32_MAX } } },
		{ kkey_route(1000, &p4, 20), kval_route_nhid(7),
		    kval_route_via(&v6, 2, true) },
	};
	const size_t count = sizeof(rows) / sizeof(rows[0]);

	for (int round = 0; round < 3; round++)
		for (size_t i = 0; i < count; i++) {
			ktab_manage(t, rows[i].key.kind, rows[i].key.ifindex, true);
			ktab_want(t, &rows[i].key, &rows[i].want, 0);
			ktab_have(
			    t, &rows[i].key, round == 1 ? NULL : &rows[i].have, 0);
			if (round == 1)
				ktab_want(t, &rows[i].key, NULL, 0);
		}
	for (size_t i = 0; i < count; i++) {
		struct krow *r = ktab_find(t, &rows[i].key);

		ck_assert(r != NULL && kkey_cmp(KROW_KEY(r), &rows[i].key) == 0);
		ck_assert_mem_eq(KROW_WANT(r), &rows[i].want, sizeof(struct kval));
		ck_assert_mem_eq(KROW_HAVE(r), &rows[i].have, sizeof(struct kval));
	}
	for (struct krow *r = ktab_from(t, &(struct kkey){ 0 }); r != NULL; n++) {
		struct kkey key = krow_key(r);

		ck_assert_ptr_eq(ktab_from(t, &key), r);
		key.pad = 1;
		ck_assert_ptr_eq(ktab_from(t, &key), ktab_after(r));
		r = ktab_after(r);
	}
	ck_assert_uint_eq(n, count);
	ktab_free(t);
}
END_TEST

/* Told to begin anew: ours is deleted and written again, what is not stays. */
START_TEST(renews)
{
	struct ktab *t = ktab_new();
	struct mac mac = mac_n(1), other = mac_n(2);
	struct ip ip = ip_of_v4(0x0a000002);
	struct kkey key = kkey_vxfdb(VXLAN, 0, &mac),
		    foreign = kkey_vxfdb(VXLAN, 0, &other);
	struct kval val = kval_vxlan_dst(&ip), theirs = val;
	struct ktab_op op;
	enum kkind kind;
	uint32_t ifindex;

	theirs.flags = 0;
	ktab_want(t, &key, &val, 0);
	ktab_manage(t, KOBJ_VXFDB, VXLAN, true);
	while (ktab_dump_next(t, &kind, &ifindex))
		ktab_dump_end(t, kind, ifindex, true, 0);
	ktab_have(t, &foreign, &theirs, 0);
	while (ktab_heard(t) != NULL)
		continue;
	ck_assert(ktab_next(t, 0, &op) && op.op == KOP_ADD);
	ktab_done(t, &op, 0, 0);
	ck_assert(!ktab_next(t, 0, &op));
	ktab_renew(t, 0);
	ck_assert(!ktab_synced(t) && !ktab_work(t, 0, 0));
	ck_assert(ktab_work(t, 1000, 0) && ktab_synced(t));
	ck_assert(ktab_next(t, 0, &op) && op.op == KOP_DELETE);
	ck_assert(kkey_cmp(&op.key, &key) == 0);
	ktab_done(t, &op, 0, 0);
	ck_assert(ktab_next(t, 0, &op) && op.op == KOP_ADD);
	ktab_done(t, &op, 0, 0);
	ck_assert(!ktab_next(t, 0, &op));
	ktab_free(t);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("ktab", &tc);

	tcase_add_loop_test(tc, unmarked, 0, 6);
	tcase_add_loop_test(tc, always_settles, 0, 100);
	tcase_add_test(tc, backs_off);
	tcase_add_test(tc, replaces_by_hand);
	tcase_add_test(tc, adopts);
	tcase_add_test(tc, leaves_own);
	tcase_add_test(tc, leaves_table);
	tcase_add_loop_test(tc, tells_first, 0, 2);
	tcase_add_test(tc, orders);
	tcase_add_test(tc, renews);
	tcase_add_test(tc, keeps_rows);
	return unit_run(s);
}

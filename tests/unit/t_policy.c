/* Tests of rib/policy: what may go where, and what it looks like there. */
#include <check.h>

#include "rib/policy.h"

#include "ribkit.h"
#include "unit.h"

enum { FROM_SELF, FROM_CLIENT, FROM_NONCLIENT, FROM_EBGP };
enum { TO_CLIENT, TO_NONCLIENT, TO_EBGP, TO_EBGP_SELF, TO_EBGP_LOOP, TO_LLGR };

#define LOCAL_AS 65000
#define PEER_AS 65009
#define ROUTER 0x0a0000fe

static const struct policy_out policies[] = {
	[TO_CLIENT] = { .ibgp = true, .rr_client = true },
	[TO_NONCLIENT] = { .ibgp = true },
	[TO_EBGP] = { .as = 0 },
	[TO_EBGP_SELF] = { .next_hop_self = true, .local = { 4, { 9, 9, 9, 9 } } },
	[TO_EBGP_LOOP] = { .as = PEER_AS },
	[TO_LLGR] = { .ibgp = true, .rr_client = true, .llgr = true },
};

struct row {
	const char *what;
	int from, to;
	uint32_t community; /* 0: none */
	bool sent;
};

static const struct row rows[] = {
	{ "own to client", FROM_SELF, TO_CLIENT, 0, true },
	{ "own to non-client", FROM_SELF, TO_NONCLIENT, 0, true },
	{ "own outside", FROM_SELF, TO_EBGP, 0, true },
	{ "client to client", FROM_CLIENT, TO_CLIENT, 0, true },
	{ "client to non-client", FROM_CLIENT, TO_NONCLIENT, 0, true },
	{ "non-client to client", FROM_NONCLIENT, TO_CLIENT, 0, true },
	{ "non-client to non-client", FROM_NONCLIENT, TO_NONCLIENT, 0, false },
	{ "inside to outside", FROM_NONCLIENT, TO_EBGP, 0, true },
	{ "outside to inside", FROM_EBGP, TO_NONCLIENT, 0, true },
	{ "outside to outside", FROM_EBGP, TO_EBGP, 0, true },
	{ "to an AS that had it", FROM_EBGP, TO_EBGP_LOOP, 0, false },
	{ "no-advertise", FROM_SELF, TO_CLIENT, 0xffffff02, false },
	{ "no-export inside", FROM_CLIENT, TO_CLIENT, 0xffffff01, true },
	{ "no-export outside", FROM_CLIENT, TO_EBGP, 0xffffff01, false },
	{ "no-export-subconfed outside", FROM_CLIENT, TO_EBGP, 0xffffff03, false },
	{ "stale for long", FROM_CLIENT, TO_CLIENT, COMMUNITY_LLGR_STALE, false },
	{ "stale for long, outside", FROM_CLIENT, TO_EBGP, COMMUNITY_LLGR_STALE,
	    false },
	{ "... to who knows", FROM_CLIENT, TO_LLGR, COMMUNITY_LLGR_STALE, true },
	{ "no-llgr", FROM_CLIENT, TO_CLIENT, COMMUNITY_NO_LLGR, true },
	{ "any other community", FROM_CLIENT, TO_EBGP, 0xfde80001, true },
};

/* A route with something of everything, as FROM would send it. */
static struct attrs *
attrs_from(struct kit *k, int from, uint32_t community)
{
	static const uint8_t unknown[] = { 0xc0, 99, 2, 1, 2 };
	uint8_t comm[4], path[10], large[12] = { 1 };
	struct builder b = builder_of(comm, sizeof(comm));
	struct ecom ext[3];
	struct attr_draft d = kit_draft(1, ext);

	put_u32(&b, community);
	ext[2] = (struct ecom){ { 0x43, 0x99, 1 } }; /* non-transitive */
	d.v.ext.len = 24;
	if (community != 0)
		d.v.community = (struct blob){ comm, 4 };
	d.v.large = (struct blob){ large, 12 };
	d.v.unknown = (struct blob){ unknown, sizeof(unknown) };
	d.v.flags |= ATTRS_MED | ATTRS_PMSI;
	d.v.med = 7;
	d.v.pmsi = (struct pmsi){ .type = 6, .label = 100, .tunnel = d.v.nexthop };
	if (from == FROM_EBGP) {
		b = builder_of(path, sizeof(path));
		put_u8(&b, 2);
		put_u8(&b, 1);
		put_u32(&b, PEER_AS);
		d.v.aspath = (struct blob){ path, (uint16_t)put_len(&b) };
		d.v.flags &= ~ATTRS_LOCAL_PREF;
		d.v.local_pref = 0;
	}
	attr_draft_scan(&d);
	return attrs_intern(k->attrs, &d);
}

static struct policy_out
policy_to(int to)
{
	struct policy_out p = policies[to];

	p.local_as = LOCAL_AS;
	p.router_id = p.cluster_id = ROUTER;
	p.as4 = true;
	return p;
}

static void
check_inside(
    const struct row *row, const struct attr_value *in, const struct attr_value *v)
{
	struct cursor c = cursor_of(v->cluster.p, v->cluster.len);

	ck_assert(v->flags & ATTRS_LOCAL_PREF);
	ck_assert_uint_eq(v->local_pref, 100);
	ck_assert_uint_eq(v->med, 7);
	ck_assert_uint_eq(v->aspath.len, in->aspath.len);
	ck_assert_uint_eq(v->ext.len, 24);
	if (row->from == FROM_CLIENT || row->from == FROM_NONCLIENT) {
		ck_assert(v->flags & ATTRS_ORIGINATOR_ID);
		ck_assert_uint_eq(v->originator_id, 0x0a000001);
		ck_assert_uint_eq(v->cluster.len, 4);
		ck_assert_uint_eq(get_u32(&c), ROUTER);
	} else {
		ck_assert(!(v->flags & ATTRS_ORIGINATOR_ID));
		ck_assert_uint_eq(v->cluster.len, 0);
	}
}

static void
check_outside(
    const struct row *row, const struct attr_value *in, const struct attr_value *v)
{
	ck_assert(!(v->flags & (ATTRS_LOCAL_PREF | ATTRS_ORIGINATOR_ID)));
	ck_assert_int_eq(!!(v->flags & ATTRS_MED), row->from == FROM_SELF);
	ck_assert_uint_eq(aspath_first(&v->aspath), LOCAL_AS);
	ck_assert_uint_eq(v->aspath_len, in->aspath_len + 1u);
	ck_assert_uint_eq(v->ext.len, 16);
	ck_assert_uint_eq(v->cluster.len, 0);
}

START_TEST(sent)
{
	const struct row *row = &rows[_i];
	struct policy_out policy = policy_to(row->to);
	struct dest d = { .nlri.type = NLRI_IMET };
	struct path p = { .dest = &d };
	struct attrs *out = NULL;
	struct kit k;

	kit_init(&k);
	p.peer = &k.peer[row->from == FROM_SELF ? 0 : 1];
	p.peer->rr_client = row->from == FROM_CLIENT;
	p.peer->ibgp = row->from != FROM_EBGP && row->from != FROM_SELF;
	p.attrs = attrs_from(&k, row->from, row->community);
	p.flags = policy_import(&p.attrs->v, 0, 0, 0, 0);
	ck_assert_msg(
	    policy_export(&policy, k.attrs, &p, &out) == row->sent, "%s", row->what);
	if (row->sent) {
		const struct attr_value *in = &p.attrs->v, *v = &out->v;
		bool self = row->to == TO_EBGP_SELF;

		if (policy.ibgp)
			check_inside(row, in, v);
		else
			check_outside(row, in, v);
		ck_assert_mem_eq(&v->nexthop, self ? &policy.local : &in->nexthop, 17);
		ck_assert_mem_eq(&v->pmsi, &in->pmsi, sizeof(v->pmsi));
		ck_assert_uint_eq(v->unknown.len, in->unknown.len);
		ck_assert_uint_eq(v->large.len, in->large.len);
		ck_assert_uint_eq(v->community.len, in->community.len);
		attrs_unref(k.attrs, out);
	}
	attrs_unref(k.attrs, p.attrs);
	kit_fini(&k);
}
END_TEST

/* Next hop self is for what comes from outside: reflected routes keep theirs (RFC 4456). */
START_TEST(next_hop_self)
{
	static const int from[] = { FROM_SELF, FROM_CLIENT, FROM_EBGP };
	static const bool changed[2][3] = { { false, false, true },
		{ false, true, true } };
	struct dest d = { .nlri.type = NLRI_IMET };
	struct path p = { .dest = &d };
	struct attrs *out;
	struct kit k;
	unsigned i;

	kit_init(&k);
	for (i = 0; i < 6; i++) {
		struct policy_out policy = policy_to(i < 3 ? TO_CLIENT : TO_EBGP);
		int f = from[i % 3];

		policy.next_hop_self = true;
		policy.local = ip_of_v4(0x09090909);
		p.peer = &k.peer[f == FROM_SELF ? 0 : 1];
		p.peer->ibgp = f == FROM_CLIENT;
		p.attrs = attrs_from(&k, f, 0);
		ck_assert(policy_export(&policy, k.attrs, &p, &out));
		ck_assert_int_eq(
		    ip_cmp(&out->v.nexthop, &policy.local) == 0, changed[i / 3][i % 3]);
		attrs_unref(k.attrs, out);
		attrs_unref(k.attrs, p.attrs);
	}
	kit_fini(&k);
}
END_TEST

/* A second reflector keeps the originator and puts itself in front of the cluster list. */
START_TEST(reflected_twice)
{
	struct policy_out policy = policy_to(TO_CLIENT);
	struct dest d = { .nlri.type = NLRI_IMET };
	struct path p = { .dest = &d };
	struct attrs *first, *out;
	struct cursor c;
	struct kit k;

	kit_init(&k);
	p.peer = &k.peer[1];
	p.attrs = attrs_from(&k, FROM_CLIENT, 0);
	ck_assert(policy_export(&policy, k.attrs, &p, &first));
	attrs_unref(k.attrs, p.attrs);
	p.attrs = first;
	p.peer = &k.peer[3];
	policy.cluster_id = 77;
	ck_assert(policy_export(&policy, k.attrs, &p, &out));
	ck_assert_uint_eq(out->v.originator_id, 0x0a000001);
	c = cursor_of(out->v.cluster.p, out->v.cluster.len);
	ck_assert_uint_eq(get_u32(&c), 77);
	ck_assert_uint_eq(get_u32(&c), ROUTER);
	ck_assert(get_done(&c));
	attrs_unref(k.attrs, out);
	attrs_unref(k.attrs, first);
	kit_fini(&k);
}
END_TEST

START_TEST(loops)
{
	uint8_t path[] = { 2, 3, 0, 0, 0, 1, 0, 0, 0xfd, 0xe8, 0, 0, 0xfd, 0xe8 };
	uint8_t cluster[] = { 0, 0, 0, 1, 0, 0, 0, 2 };
	struct attr_value v = { .aspath = { path, sizeof(path) } };

	ck_assert_uint_eq(policy_import(&v, 65000, 0, 1, 1), PATH_LOOP);
	ck_assert_uint_eq(policy_import(&v, 65000, 1, 1, 1), PATH_LOOP);
	ck_assert_uint_eq(policy_import(&v, 65000, 2, 1, 1), 0);
	ck_assert_uint_eq(policy_import(&v, 65001, 0, 1, 1), 0);
	v.cluster = (struct blob){ cluster, sizeof(cluster) };
	ck_assert_uint_eq(policy_import(&v, 65001, 0, 9, 2), PATH_LOOP);
	ck_assert_uint_eq(policy_import(&v, 65001, 0, 9, 3), 0);
	v.originator_id = 9;
	ck_assert_uint_eq(policy_import(&v, 65001, 0, 9, 3), 0);
	v.flags = ATTRS_ORIGINATOR_ID;
	ck_assert_uint_eq(policy_import(&v, 65001, 0, 9, 3), PATH_LOOP);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("policy", &tc);

	tcase_add_loop_test(tc, sent, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, next_hop_self);
	tcase_add_test(tc, reflected_twice);
	tcase_add_test(tc, loops);
	return unit_run(s);
}

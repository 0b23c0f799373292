/* Tests of rib/decide: pairs of paths, who wins and by which step. */
#include <check.h>

#include "rib/decide.h"

#include "ribkit.h"
#include "unit.h"

/* A path in short: what differs from a plain one through an iBGP peer. */
struct like {
	uint32_t local_pref; /* 0: none said */
	uint32_t med;
	uint8_t origin;
	uint8_t flags;
	uint8_t vtep;
	bool sticky, self, ebgp;
	uint32_t seq;
	uint32_t originator; /* 0: none */
	unsigned clusters;
	uint32_t router_id;
	uint8_t peer;
	uint32_t as[3];
};

struct pair {
	const char *what;
	uint8_t type;
	struct like a, b; /* A is better */
	enum decide_reason reason;
};

static const struct pair pairs[] = {
	{ "unusable is last", 3, { .local_pref = 1 },
	    { .local_pref = 9, .flags = PATH_LOOP }, DECIDE_NONE },
	{ "stale for long is next to last", 3, { .local_pref = 1 },
	    { .local_pref = 9, .flags = PATH_LLGR }, DECIDE_STALE },
	{ "... before sticky", 2, { .seq = 1 },
	    { .seq = 2, .sticky = true, .flags = PATH_LLGR | PATH_STALE },
	    DECIDE_STALE },
	{ "... before unusable", 3, { .flags = PATH_LLGR }, { .flags = PATH_LOOP },
	    DECIDE_NONE },
	{ "two of them as usual", 3, { .local_pref = 9, .flags = PATH_LLGR },
	    { .local_pref = 1, .flags = PATH_LLGR }, DECIDE_LOCAL_PREF },
	{ "not confirmed yet is as good", 3, { .local_pref = 9, .flags = PATH_STALE },
	    { .local_pref = 1 }, DECIDE_LOCAL_PREF },
	{ "our own", 3, { .self = true }, { .local_pref = 200 }, DECIDE_LOCAL },
	{ "local preference", 3, { .local_pref = 101, .as = { 1, 2 } },
	    { .local_pref = 100 }, DECIDE_LOCAL_PREF },
	{ "none is 100", 3, { .peer = 2, .router_id = 9 }, { .local_pref = 99 },
	    DECIDE_LOCAL_PREF },
	{ "path length", 3, { .as = { 1 }, .origin = 2 }, { .as = { 1, 2 } },
	    DECIDE_AS_PATH },
	{ "origin", 3, { .origin = 0, .med = 5 }, { .origin = 1 }, DECIDE_ORIGIN },
	{ "MED of one AS", 3, { .as = { 1 }, .med = 5, .router_id = 9 },
	    { .as = { 1 }, .med = 6 }, DECIDE_MED },
	{ "no MED is 0", 3, { .as = { 1 }, .router_id = 9 }, { .as = { 1 }, .med = 6 },
	    DECIDE_MED },
	{ "MED of two ASes", 3, { .as = { 1 }, .med = 6 },
	    { .as = { 2 }, .med = 5, .router_id = 9 }, DECIDE_ROUTER_ID },
	{ "outside first", 3, { .ebgp = true, .router_id = 9, .as = { 1 } },
	    { .as = { 1 } }, DECIDE_PEER_TYPE },
	{ "router id", 3, { .router_id = 1, .clusters = 2 }, { .router_id = 2 },
	    DECIDE_ROUTER_ID },
	{ "originator id", 3, { .router_id = 9, .originator = 1 }, { .router_id = 2 },
	    DECIDE_ROUTER_ID },
	{ "cluster list", 3, { .clusters = 1, .peer = 7 }, { .clusters = 2 },
	    DECIDE_CLUSTER_LENGTH },
	{ "peer address", 3, { .peer = 1 }, { .peer = 2 }, DECIDE_PEER_IP },
	{ "sticky", 2, { .sticky = true, .local_pref = 1, .seq = 1 }, { .seq = 5 },
	    DECIDE_STICKY },
	{ "sequence", 2, { .seq = 2, .vtep = 9, .local_pref = 1 }, { .seq = 1 },
	    DECIDE_SEQUENCE },
	{ "a sequence before none", 2, { .seq = 1, .vtep = 9 }, { .vtep = 1 },
	    DECIDE_SEQUENCE },
	{ "lower VTEP", 2, { .vtep = 1, .local_pref = 1 }, { .vtep = 2 },
	    DECIDE_LOWER_IP },
	{ "then as usual", 2, { .local_pref = 101 }, { .local_pref = 100 },
	    DECIDE_LOCAL_PREF },
	{ "loops are no VTEPs", 2, { .vtep = 9 }, { .vtep = 1, .flags = PATH_NEXTHOP },
	    DECIDE_NONE },
	{ "type 3 has no sequence", 3, { .vtep = 9, .router_id = 1 },
	    { .seq = 7, .vtep = 1, .router_id = 2 }, DECIDE_ROUTER_ID },
};

static struct attrs *
attrs_like(struct kit *k, const struct like *l)
{
	struct ecom ext[3];
	uint8_t path[14] = { 2 }, cluster[16] = { 0 };
	struct builder b = builder_of(path, sizeof(path));
	struct attr_draft d = kit_draft(l->vtep, ext);
	unsigned i, n;

	for (n = 0; n < 3 && l->as[n] != 0; n++)
		;
	put_u8(&b, 2);
	put_u8(&b, (uint8_t)n);
	for (i = 0; i < n; i++)
		put_u32(&b, l->as[i]);
	if (n > 0)
		d.v.aspath = (struct blob){ path, (uint16_t)put_len(&b) };
	if (l->seq != 0 || l->sticky) {
		ext[2] = ecom_mobility(l->seq, l->sticky);
		d.v.ext.len = 24;
	}
	d.v.cluster = (struct blob){ cluster, (uint16_t)(4 * l->clusters) };
	d.v.origin = l->origin;
	d.v.flags = (l->local_pref != 0 ? ATTRS_LOCAL_PREF : 0) |
	    (l->med != 0 ? ATTRS_MED : 0) |
	    (l->originator != 0 ? ATTRS_ORIGINATOR_ID : 0);
	d.v.local_pref = l->local_pref;
	d.v.med = l->med;
	d.v.originator_id = l->originator;
	attr_draft_scan(&d);
	return attrs_intern(k->attrs, &d);
}

static struct path
path_like(struct kit *k, const struct like *l, unsigned n, struct dest *d)
{
	struct rib_peer *peer = &k->peer[n];

	peer->self = l->self;
	peer->ibgp = !l->ebgp;
	peer->router_id = l->router_id;
	peer->addr = ip_of_v4(l->peer);
	return (struct path){
		.dest = d,
		.peer = peer,
		.attrs = attrs_like(k, l),
		.flags = l->flags,
	};
}

START_TEST(in_pairs)
{
	const struct pair *pair = &pairs[_i];
	struct dest d = { .nlri.type = pair->type };
	enum decide_reason why = DECIDE_STALE;
	struct path a, b;
	struct kit k;

	kit_init(&k);
	a = path_like(&k, &pair->a, 1, &d);
	b = path_like(&k, &pair->b, 2, &d);
	ck_assert_msg(path_cmp(&a, &b, &why) < 0, "%s: the worse one won by \"%s\"",
	    pair->what, decide_reason_name(why));
	ck_assert_msg(why == pair->reason, "%s: decided by \"%s\"", pair->what,
	    decide_reason_name(why));
	ck_assert_msg(
	    path_cmp(&b, &a, &why) > 0, "%s: not the other way round", pair->what);
	/* The same through a dest, in both orders. */
	b.next = &a;
	a.next = NULL;
	d.paths = &b;
	dest_decide(&d);
	ck_assert_ptr_eq(d.paths, &a);
	ck_assert_int_eq(d.reason, why == DECIDE_NONE ? DECIDE_FIRST : why);
	dest_decide(&d);
	ck_assert_ptr_eq(d.paths, &a);
	ck_assert_ptr_eq(a.next, &b);
	attrs_unref(k.attrs, a.attrs);
	attrs_unref(k.attrs, b.attrs);
	kit_fini(&k);
}
END_TEST

/* Three paths, each better than the next in a ring because of MED: one answer in any order. */
START_TEST(med_ring)
{
	static const struct like ring[3] = {
		{ .as = { 1 }, .med = 10, .router_id = 1 },
		{ .as = { 1 }, .med = 5, .router_id = 3 },
		{ .as = { 2 }, .med = 1, .router_id = 2 },
	};
	static const unsigned orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
		{ 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	struct dest d = { .nlri.type = NLRI_IMET };
	struct path p[3];
	struct kit k;
	unsigned i, j;

	kit_init(&k);
	for (i = 0; i < 3; i++)
		p[i] = path_like(&k, &ring[i], i, &d);
	for (i = 0; i < 6; i++) {
		d.paths = NULL;
		for (j = 0; j < 3; j++) {
			p[orders[i][j]].next = d.paths;
			d.paths = &p[orders[i][j]];
		}
		dest_decide(&d);
		ck_assert_ptr_eq(d.paths, &p[2]);
	}
	for (i = 0; i < 3; i++)
		attrs_unref(k.attrs, p[i].attrs);
	kit_fini(&k);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("decide", &tc);

	tcase_add_loop_test(tc, in_pairs, 0, sizeof(pairs) / sizeof(pairs[0]));
	tcase_add_test(tc, med_ring);
	return unit_run(s);
}

/* Tests of rib/rib: who hears of what, flushing, sweeping, routes of unknown type. */
#include <check.h>

#include "rib/rib.h"

#include "ribkit.h"
#include "unit.h"

START_TEST(one_route)
{
	struct kit k;
	struct nlri key = kit_mac(1);
	struct dest *d;

	kit_init(&k);
	kit_update(&k, 1, &key, 1, 0, 100);
	d = rib_changed(k.rib);
	ck_assert_ptr_nonnull(d);
	ck_assert_ptr_null(d->carried);
	ck_assert_ptr_eq(dest_best(d)->peer, &k.peer[1]);
	ck_assert_uint_eq(dest_best(d)->since_s, 1);
	ck_assert_int_eq(d->reason, DECIDE_FIRST);
	rib_carried(k.rib, d);
	ck_assert_ptr_nonnull(d->carried);
	ck_assert_ptr_null(rib_changed(k.rib));
	/* The same again is no news. */
	kit_update(&k, 1, &key, 1, 0, 100);
	ck_assert_ptr_null(rib_changed(k.rib));
	/* Another label is. */
	kit_update(&k, 1, &key, 1, 0, 101);
	d = rib_changed(k.rib);
	ck_assert_ptr_nonnull(d);
	ck_assert(d->relabelled);
	rib_carried(k.rib, d);
	ck_assert(!d->relabelled);
	ck_assert_uint_eq(k.peer[1].paths, 1);
	rib_withdraw(k.rib, &k.peer[1], &key);
	rib_withdraw(k.rib, &k.peer[1], &key);
	d = rib_changed(k.rib);
	ck_assert_ptr_null(dest_best(d));
	ck_assert_ptr_nonnull(d->carried);
	rib_carried(k.rib, d);
	ck_assert_ptr_null(rib_find(k.rib, &key));
	kit_fini(&k);
}
END_TEST

/* What comes and goes between two turns, and what changes behind the best path, is no news. */
START_TEST(no_news)
{
	struct kit k;
	struct nlri key = kit_mac(1);
	struct rib_stats stats;

	kit_init(&k);
	kit_update(&k, 1, &key, 1, 0, 100);
	rib_withdraw(k.rib, &k.peer[1], &key);
	ck_assert_uint_eq(kit_settle(&k), 0);
	rib_stats(k.rib, &stats);
	ck_assert_uint_eq(stats.dests, 0);
	ck_assert_uint_lt(stats.bytes, 40000); /* an empty chunk of each sort */
	kit_update(&k, 1, &key, 1, 0, 100);
	ck_assert_uint_eq(kit_settle(&k), 1);
	kit_update(&k, 2, &key, 1, 0, 100); /* higher router id: second */
	ck_assert_uint_eq(kit_settle(&k), 0);
	kit_update(&k, 2, &key, 1, 0, 101);
	rib_withdraw(k.rib, &k.peer[2], &key);
	ck_assert_uint_eq(kit_settle(&k), 0);
	kit_update(&k, 2, &key, 1, 0, 101);
	ck_assert_uint_eq(kit_settle(&k), 0);
	rib_withdraw(k.rib, &k.peer[1], &key);
	ck_assert_uint_eq(kit_settle(&k), 1);
	ck_assert_int_eq(rib_find(k.rib, &key)->reason, DECIDE_FIRST);
	kit_fini(&k);
}
END_TEST

START_TEST(unusable)
{
	struct kit k;
	struct nlri key = kit_mac(1);
	struct nlri_info info = { .labels = 1, .label = { 100 } };
	struct attrs *a;
	struct dest *d;

	kit_init(&k);
	a = kit_attrs(&k, 1, 0);
	rib_update(k.rib, &k.peer[1], &key, &info, a, PATH_LOOP, 1000);
	ck_assert_uint_eq(kit_settle(&k), 0);
	ck_assert_uint_eq(k.peer[1].unusable, 1);
	d = rib_find(k.rib, &key);
	ck_assert_ptr_nonnull(d);
	ck_assert_ptr_null(dest_best(d));
	rib_update(k.rib, &k.peer[2], &key, &info, a, 0, 1000);
	ck_assert_uint_eq(kit_settle(&k), 1);
	ck_assert_ptr_eq(dest_best(d)->peer, &k.peer[2]);
	ck_assert_int_eq(d->reason, DECIDE_FIRST);
	rib_update(k.rib, &k.peer[1], &key, &info, a, 0, 1000);
	ck_assert_uint_eq(kit_settle(&k), 1);
	ck_assert_uint_eq(k.peer[1].unusable, 0);
	ck_assert_ptr_eq(dest_best(d)->peer, &k.peer[1]);
	attrs_unref(k.attrs, a);
	kit_fini(&k);
}
END_TEST

START_TEST(flush_in_pieces)
{
	struct kit k;
	unsigned i, calls = 1;

	kit_init(&k);
	for (i = 0; i < 100; i++) {
		struct nlri key = kit_mac(i);

		kit_update(&k, 1, &key, 1, 0, 100);
		kit_update(&k, 2, &key, 1, 0, 100);
	}
	ck_assert_uint_eq(kit_settle(&k), 100);
	while (!rib_peer_flush(k.rib, &k.peer[1], 30))
		calls++;
	ck_assert_uint_eq(calls, 4);
	ck_assert_uint_eq(k.peer[1].paths, 0);
	ck_assert_uint_eq(k.peer[2].paths, 100);
	ck_assert_uint_eq(kit_settle(&k), 100);
	kit_fini(&k);
}
END_TEST

/* Refresh: what is said again stays, the rest goes; a path may vanish under the sweep. */
START_TEST(mark_and_sweep)
{
	struct kit k;
	struct nlri key;
	unsigned i;

	kit_init(&k);
	for (i = 0; i < 100; i++) {
		key = kit_mac(i);
		kit_update(&k, 1, &key, 1, 0, 100);
	}
	kit_settle(&k);
	rib_peer_mark(k.rib, &k.peer[1]);
	for (i = 0; i < 100; i += 2) {
		key = kit_mac(i);
		kit_update(&k, 1, &key, 1, 0, i % 4 == 0 ? 100 : 101);
	}
	ck_assert_uint_eq(kit_settle(&k), 25);
	ck_assert(!rib_peer_sweep(k.rib, &k.peer[1], 20));
	for (i = 0; i < 100; i += 5) {
		key = kit_mac(i);
		rib_withdraw(k.rib, &k.peer[1], &key);
	}
	while (!rib_peer_sweep(k.rib, &k.peer[1], 20))
		;
	ck_assert_uint_eq(k.peer[1].paths, 40);
	kit_settle(&k);
	for (i = 0; i < 100; i++) {
		key = kit_mac(i);
		ck_assert_int_eq(
		    rib_find(k.rib, &key) != NULL, i % 2 == 0 && i % 5 != 0);
	}
	kit_fini(&k);
}
END_TEST

/* RFC 9494: what a peer left for long has LLGR_STALE, and every other path is better. */
static struct attrs *
attrs_with(struct kit *k, const char *communities, size_t len)
{
	struct ecom ext[3];
	struct attr_draft d = kit_draft(1, ext);

	d.v.community = (struct blob){ (const uint8_t *)communities, (uint16_t)len };
	attr_draft_scan(&d);
	return attrs_intern(k->attrs, &d);
}

static bool
has(const struct path *p, uint32_t community)
{
	return community_has(&p->attrs->v.community, community);
}

START_TEST(left_for_long)
{
	struct kit k;
	struct nlri key = kit_mac(1), no = kit_mac(2), more;
	struct nlri_info info = { .labels = 1, .label = { 100 } };
	struct attrs *some, *none;
	struct dest *d;
	unsigned calls = 1;

	kit_init(&k);
	some = attrs_with(&k, "\xfd\xe8\0\1", 4);
	none = attrs_with(&k, "\xfd\xe8\0\1\xff\xff\0\7", 8);
	rib_update(k.rib, &k.peer[1], &key, &info, some, 0, 1000);
	kit_update(&k, 2, &key, 1, 0, 100);
	rib_update(k.rib, &k.peer[1], &no, &info, none, 0, 1000);
	for (unsigned i = 10; i < 60; i++) {
		more = kit_mac(i);
		kit_update(&k, 1, &more, i % 3, 0, 100);
	}
	kit_settle(&k);
	d = rib_find(k.rib, &key);
	ck_assert_ptr_eq(dest_best(d)->peer, &k.peer[1]);
	rib_peer_mark(k.rib, &k.peer[1]);
	ck_assert_uint_eq(kit_settle(&k), 0); /* forwarding goes on as it was */
	ck_assert_ptr_eq(dest_best(d)->peer, &k.peer[1]);
	while (!rib_peer_llgr(k.rib, &k.peer[1], 20))
		calls++;
	ck_assert_uint_eq(calls, 3);
	ck_assert_uint_eq(k.peer[1].paths, 51);
	ck_assert_uint_eq(kit_settle(&k), 52);
	ck_assert_ptr_null(rib_find(k.rib, &no));
	ck_assert_ptr_eq(dest_best(d)->peer, &k.peer[2]);
	ck_assert_int_eq(d->reason, DECIDE_STALE);
	ck_assert(has(d->paths->next, COMMUNITY_LLGR_STALE));
	ck_assert(has(d->paths->next, 0xfde80001));
	/* Alone it is used all the same. */
	rib_withdraw(k.rib, &k.peer[2], &key);
	ck_assert_uint_eq(kit_settle(&k), 1);
	ck_assert_ptr_eq(dest_best(d)->peer, &k.peer[1]);
	/* A second time changes nothing. */
	ck_assert(rib_peer_llgr(k.rib, &k.peer[1], 100));
	ck_assert_uint_eq(kit_settle(&k), 0);
	/* Said again it is as good as new; what is not goes. */
	rib_update(k.rib, &k.peer[1], &key, &info, some, 0, 1000);
	ck_assert_uint_eq(kit_settle(&k), 1);
	ck_assert(!has(dest_best(d), COMMUNITY_LLGR_STALE));
	ck_assert_uint_eq(dest_best(d)->flags, 0);
	ck_assert(rib_peer_sweep(k.rib, &k.peer[1], 100));
	ck_assert_uint_eq(k.peer[1].paths, 1);
	attrs_unref(k.attrs, some);
	attrs_unref(k.attrs, none);
	kit_fini(&k);
}
END_TEST

START_TEST(requeue)
{
	struct kit k;
	struct nlri from = { 0 };
	unsigned i, n = 0;

	kit_init(&k);
	for (i = 0; i < 10; i++) {
		struct nlri key = kit_mac(i);

		kit_update(&k, 1, &key, 1, 0, 100);
	}
	kit_settle(&k);
	while (!rib_requeue(k.rib, &from, 3))
		n += kit_settle(&k);
	ck_assert_uint_eq(n + kit_settle(&k), 10);
	kit_fini(&k);
}
END_TEST

START_TEST(opaque)
{
	static const uint8_t raw[2][12] = { { 0, 1, 10, 0, 0, 1, 0, 100, 1 }, { 7 } };
	struct nlri_info info = { .raw = raw[0], .rawlen = 12 };
	struct nlri_info other = { .raw = raw[1], .rawlen = 3 };
	struct nlri a, b, c;
	struct attrs *attrs;
	struct rib_stats stats;
	struct kit k;
	uint8_t len;

	kit_init(&k);
	a = rib_opaque(k.rib, &info, 6);
	b = rib_opaque(k.rib, &other, 6);
	c = rib_opaque(k.rib, &info, 7);
	ck_assert(nlri_cmp(&a, &b) != 0 && nlri_cmp(&a, &c) != 0);
	ck_assert_mem_eq(&a.rd, raw[0], 8);
	attrs = kit_attrs(&k, 1, 0);
	rib_update(k.rib, &k.peer[1], &a, &info, attrs, 0, 0);
	attrs_unref(k.attrs, attrs);
	b = rib_opaque(k.rib, &info, 6);
	ck_assert_int_eq(nlri_cmp(&a, &b), 0);
	ck_assert_mem_eq(rib_opaque_raw(k.rib, &a, &len), raw[0], 12);
	ck_assert_uint_eq(len, 12);
	/* A number nobody holds a route of goes with the withdrawal. */
	rib_withdraw(k.rib, &k.peer[1], &c);
	ck_assert_ptr_null(rib_opaque_raw(k.rib, &c, &len));
	c = rib_opaque(k.rib, &other, 6);
	rib_withdraw(k.rib, &k.peer[1], &c);
	rib_withdraw(k.rib, &k.peer[1], &a);
	kit_settle(&k);
	ck_assert_ptr_null(rib_opaque_raw(k.rib, &a, &len));
	rib_stats(k.rib, &stats);
	ck_assert_uint_lt(stats.bytes, 40000); /* an empty chunk of each sort */
	kit_fini(&k);
}
END_TEST

START_TEST(walk_in_order)
{
	struct kit k;
	struct nlri key = kit_mac(5);
	struct dest *d;
	unsigned i;

	kit_init(&k);
	for (i = 10; i > 0; i--) {
		struct nlri n = kit_mac(i);

		kit_update(&k, 1, &n, 1, 0, 100);
	}
	d = rib_from(k.rib, &key);
	for (i = 5; i <= 10; i++, d = rib_after(d))
		ck_assert_uint_eq(d->nlri.mac.b[5], i);
	ck_assert_ptr_null(d);
	kit_fini(&k);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("rib", &tc);

	tcase_add_test(tc, one_route);
	tcase_add_test(tc, no_news);
	tcase_add_test(tc, unusable);
	tcase_add_test(tc, flush_in_pieces);
	tcase_add_test(tc, mark_and_sweep);
	tcase_add_test(tc, left_for_long);
	tcase_add_test(tc, requeue);
	tcase_add_test(tc, opaque);
	tcase_add_test(tc, walk_in_order);
	return unit_run(s);
}

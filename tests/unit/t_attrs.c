/* Tests of bgp/attrs: equal values are one object, different ones are not, none is lost. */
#include "bgp/attr.h"

#include "bgp/extcomm.h"
#include "unit.h"

#define MANY 100000

/* The draft of a route with mobility sequence SEQ, its community in E. */
static struct attr_draft
draft(uint32_t seq, struct ecom *e)
{
	struct attr_draft d = { .v = { .local_pref = 100,
				    .flags = ATTRS_LOCAL_PREF,
				    .nexthop = ip_of_v4(0x0a000001) } };

	*e = ecom_mobility(seq, false);
	d.v.ext = (struct blob){ e->b, sizeof(e->b) };
	attr_draft_scan(&d);
	return d;
}

START_TEST(shared)
{
	struct attr_table *t = attr_table_new();
	struct ecom e1, e2;
	struct attr_draft d1 = draft(1, &e1), d2 = draft(1, &e2);
	struct attrs *a = attrs_intern(t, &d1), *b = attrs_intern(t, &d2), *c;

	ck_assert_ptr_eq(a, b);
	ck_assert_uint_eq(a->refs, 2);
	ck_assert_uint_eq(attr_table_count(t), 1);
	ck_assert(a->v.ext.p != e1.b && memcmp(a->v.ext.p, e1.b, 8) == 0);
	ck_assert_uint_eq(a->v.mm_seq, 1);
	d2.v.med = 1;
	c = attrs_intern(t, &d2);
	ck_assert_ptr_ne(a, c);
	attrs_unref(t, a);
	attrs_unref(t, b);
	ck_assert_uint_eq(attr_table_count(t), 1);
	attrs_unref(t, c);
	ck_assert_uint_eq(attr_table_count(t), 0);
	attr_table_free(t);
}
END_TEST

/* The same bytes in another blob, or split otherwise, are another value. */
START_TEST(blobs)
{
	static const uint8_t bytes[24] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct attr_table *t = attr_table_new();
	struct attr_draft d[4] = { 0 };
	struct attrs *a[4];

	d[0].v.community = (struct blob){ bytes, 8 };
	d[1].v.large = (struct blob){ bytes, 8 };
	d[2].v.community = (struct blob){ bytes, 4 };
	d[2].v.ext = (struct blob){ bytes + 4, 4 };
	d[3].v.unknown = (struct blob){ bytes, 24 };
	for (unsigned i = 0; i < 4; i++) {
		a[i] = attrs_intern(t, &d[i]);
		for (unsigned j = 0; j < i; j++)
			ck_assert_ptr_ne(a[i], a[j]);
	}
	ck_assert_uint_eq(a[2]->v.ext.len, 4);
	ck_assert(memcmp(a[2]->v.ext.p, bytes + 4, 4) == 0);
	for (unsigned i = 0; i < 4; i++)
		attrs_unref(t, a[i]);
	attr_table_free(t);
	attr_table_free(NULL);
}
END_TEST

START_TEST(many)
{
	struct attr_table *t = attr_table_new();
	struct attrs **a = calloc(MANY, sizeof(struct attrs *));
	size_t empty = attr_table_bytes(t);
	struct ecom e;

	for (uint32_t i = 0; i < MANY; i++) {
		struct attr_draft d = draft(i, &e);

		a[i] = attrs_intern(t, &d);
	}
	ck_assert_uint_eq(attr_table_count(t), MANY);
	ck_assert_uint_gt(attr_table_bytes(t), empty + MANY * sizeof(struct attrs));
	for (uint32_t i = 0; i < MANY; i++) {
		struct attr_draft d = draft(i, &e);
		struct attrs *again = attrs_intern(t, &d);

		ck_assert_ptr_eq(again, a[i]);
		ck_assert_uint_eq(again->v.mm_seq, i);
		attrs_unref(t, again);
	}
	for (uint32_t i = 0; i < MANY; i++)
		attrs_unref(t, a[i]);
	ck_assert_uint_eq(attr_table_count(t), 0);
	attr_table_free(t);
	free(a);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("attrs", &tc);

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, shared);
	tcase_add_test(tc, blobs);
	tcase_add_test(tc, many);
	return unit_run(s);
}

/* Tests of kern/kevent: the ring, and what kern/ktab puts into it. */
#include "kern/kevent.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kern/ktab.h"
#include "unit.h"

#define VXLAN 5

START_TEST(overruns)
{
	struct kevents e;
	struct kevent out[8];
	uint64_t seq = 0;
	unsigned i;

	kevents_init(&e);
	ck_assert_uint_eq(kevent_read(&e, &seq, out, 8), 0);
	for (i = 0; i < KEVENT_RING + 100; i++)
		kevent_add(&e, &(struct kevent){ .at_ms = i });
	ck_assert_uint_eq(kevent_read(&e, &seq, out, 8), 8);
	ck_assert_uint_eq(out[0].at_ms, 100);
	ck_assert_uint_eq(seq, 108);
	seq = KEVENT_RING + 98;
	ck_assert_uint_eq(kevent_read(&e, &seq, out, 8), 2);
	ck_assert_uint_eq(kevent_read(&e, &seq, out, 8), 0);
	seq = UINT64_MAX; /* of another life */
	ck_assert_uint_eq(kevent_read(&e, &seq, out, 8), 0);
	ck_assert_uint_eq(seq, e.n);
	kevents_fini(&e);
}
END_TEST

/* The names of all events so far. */
static const char *
told(const struct ktab *t)
{
	static char buf[256];
	struct kevent out[32];
	uint64_t seq = 0;
	unsigned n = kevent_read(ktab_events(t), &seq, out, 32), i;

	buf[0] = '\0';
	for (i = 0; i < n; i++)
		snprintf(buf + strlen(buf), sizeof(buf) - strlen(buf), "%s%s",
		    i > 0 ? " " : "", kevent_name(out[i].kind));
	return buf;
}

static void
write_one(struct ktab *t, int err, uint64_t now)
{
	struct ktab_op op;

	ck_assert(ktab_next(t, now, &op));
	ck_assert(!ktab_done(t, &op, err, now));
}

START_TEST(of_a_row)
{
	struct ktab *t = ktab_new();
	struct mac mac = { { 2, 0, 0, 0, 0, 1 } };
	struct kkey key = kkey_vxfdb(VXLAN, 0, &mac);
	struct kval val = { .ip = ip_of_v4(0x0a000002), .state = 2 };
	enum kkind kind;
	uint32_t ifindex;

	ktab_manage(t, KOBJ_VXFDB, VXLAN, true);
	ck_assert(ktab_dump_next(t, &kind, &ifindex));
	ktab_dump_end(t, kind, ifindex, true, 1);
	ktab_want(t, &key, &val, 2);
	write_one(t, -EINVAL, 3);
	write_one(t, -EINVAL, 30000);
	ck_assert_str_eq(told(t), "refused");
	write_one(t, -ENOSPC, 90000);
	write_one(t, 0, 200000);
	ck_assert_str_eq(told(t), "refused refused written");
	ktab_have(t, &key, NULL, 200001);
	ck_assert_str_eq(told(t), "refused refused written lost");
	write_one(t, 0, 200002);
	ktab_want(t, &key, NULL, 200003);
	write_one(t, 0, 200004);
	ck_assert_str_eq(told(t), "refused refused written lost repaired removed");
	ktab_free(t);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("kevent", &tc);

	tcase_add_test(tc, overruns);
	tcase_add_test(tc, of_a_row);
	return unit_run(s);
}

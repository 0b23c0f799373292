/*
 * Tests of rib/adjout: what peers have been told, read back from the bytes sent to them,
 * against what they should know.
 */
#include "rib/adjout.h"

#include <check.h>
#include <stdio.h>

#include "ribkit.h"
#include "unit.h"

#define ROUTES 40
#define BUFFER 20000

/* What a peer knows of one route. */
struct known {
	bool there;
	uint32_t label;
	uint32_t med;
	struct ip nexthop;
};

/* A peer that listens. */
struct ear {
	struct adjout_peer out;
	struct known known[ROUTES];
	unsigned eors, announced, withdrawn, messages, shared;
	bool deaf; /* takes no shared bytes */
};

static void
hear_routes(struct ear *e, struct cursor c, const struct attr_value *v)
{
	struct nlri_info info;
	struct nlri key;
	const char *why;

	while (get_left(&c) > 0) {
		struct known *k;

		ck_assert_int_eq(nlri_get(&c, false, &key, &info, &why), NLRI_OK);
		k = &e->known[key.mac.b[4] << 8 | key.mac.b[5]];
		*k = (struct known){ 0 };
		if (v == NULL) {
			e->withdrawn++;
			continue;
		}
		*k = (struct known){ true, info.label[0], v->med, v->nexthop };
		e->announced++;
	}
}

static void
hear(struct ear *e, const uint8_t *p, size_t len)
{
	struct attr_ctx ctx = { .as4 = true, .ibgp = true };
	struct bgp_error err;
	enum msg_type type;
	struct update u;
	struct cursor c;
	int n;

	for (; len > 0; p += n, len -= (size_t)n) {
		n = msg_frame(p, len, MSG_MAX, &type, &err);
		ck_assert_int_gt(n, 0);
		ck_assert_int_eq(type, MSG_UPDATE);
		c = cursor_of(p + MSG_HEADER, (size_t)n - MSG_HEADER);
		ck_assert_int_eq(update_decode(&c, &ctx, &u), BGP_OK);
		e->messages++;
		e->eors += u.eor;
		if (u.has_unreach)
			hear_routes(e, u.unreach, NULL);
		if (u.has_reach)
			hear_routes(e, u.reach, &u.draft.v);
	}
}

static bool
share(struct adjout_peer *other, void *arg)
{
	struct ear *e = (struct ear *)other;
	struct builder *b = arg;

	if (e->deaf)
		return false;
	e->shared++;
	hear(e, b->start, put_len(b));
	return true;
}

/* E takes one buffer; true when something came. */
static bool
listen_once(struct ear *e, size_t size)
{
	uint8_t buf[BUFFER];
	struct builder b = builder_of(buf, size);

	adjout_encode(&e->out, &b, share, &b);
	ck_assert(!b.full);
	hear(e, buf, put_len(&b));
	return put_len(&b) > 0;
}

static void
listen_all(struct ear *e)
{
	unsigned n = 0;

	while (adjout_pending(&e->out)) {
		listen_once(e, BUFFER);
		ck_assert_uint_lt(n++, 1000);
	}
}

struct world {
	struct kit k;
	struct adjout *g;
	struct ear ear[PEERS]; /* of peer I; [0] is not used */
};

static void
world_init(struct world *w)
{
	struct policy_out policy = {
		.ibgp = true,
		.rr_client = true,
		.as4 = true,
		.local_as = 65000,
		.router_id = 1,
		.cluster_id = 1,
		.msg_max = MSG_MAX,
	};
	unsigned i;

	*w = (struct world){ 0 };
	kit_init(&w->k);
	w->g = adjout_new(w->k.rib, w->k.attrs, &policy);
	for (i = 0; i < PEERS; i++)
		w->ear[i].out.id = (uint16_t)i;
}

static void
world_carry(struct world *w)
{
	struct dest *d;

	while ((d = rib_changed(w->k.rib)) != NULL) {
		adjout_dest(w->g, d);
		rib_carried(w->k.rib, d);
	}
}

static void
world_join(struct world *w, unsigned n)
{
	memset(w->ear[n].known, 0, sizeof(w->ear[n].known));
	adjout_join(w->g, &w->ear[n].out);
	while (!adjout_fill(w->g, 7))
		;
}

static void
world_fini(struct world *w)
{
	unsigned i;

	for (i = 0; i < PEERS; i++)
		adjout_leave(&w->ear[i].out);
	adjout_free(w->g);
	kit_fini(&w->k);
}

/* Does peer N know what it should of route I? */
static void
world_check_one(struct world *w, unsigned n, unsigned i)
{
	const struct known *k = &w->ear[n].known[i];
	struct nlri key = kit_mac(i);
	struct dest *d = rib_find(w->k.rib, &key);
	const struct path *best = d != NULL ? dest_best(d) : NULL;

	if (best == NULL || best->peer->id == n) {
		ck_assert_msg(!k->there, "peer %u knows route %u", n, i);
		return;
	}
	ck_assert_msg(k->there, "peer %u does not know route %u", n, i);
	ck_assert_uint_eq(k->label, best->label[0]);
	ck_assert_uint_eq(k->med, best->attrs->v.med);
	ck_assert_int_eq(ip_cmp(&k->nexthop, &best->attrs->v.nexthop), 0);
}

static void
world_check(struct world *w, unsigned n)
{
	unsigned i;

	for (i = 0; i < ROUTES; i++)
		world_check_one(w, n, i);
}

static void
say(struct world *w, unsigned peer, unsigned route, unsigned vtep, uint32_t label)
{
	struct nlri key = kit_mac(route);

	kit_update(&w->k, peer, &key, vtep, 0, label);
}

static void
unsay(struct world *w, unsigned peer, unsigned route)
{
	struct nlri key = kit_mac(route);

	rib_withdraw(w->k.rib, &w->k.peer[peer], &key);
}

START_TEST(told_once)
{
	struct world w;
	unsigned i;

	world_init(&w);
	world_join(&w, 1);
	ck_assert(adjout_pending(&w.ear[1].out));
	listen_all(&w.ear[1]);
	ck_assert_uint_eq(w.ear[1].eors, 1);
	for (i = 0; i < ROUTES; i++)
		say(&w, 0, i, 1, 100 + i);
	world_carry(&w);
	ck_assert_uint_eq(adjout_count(w.g), ROUTES);
	listen_all(&w.ear[1]);
	world_check(&w, 1);
	/* Equal attributes: one message for all of them. */
	ck_assert_uint_eq(w.ear[1].messages, 2);
	ck_assert_uint_eq(w.ear[1].announced, ROUTES);
	/* Carried again, nothing new. */
	while (!rib_requeue(w.k.rib, &(struct nlri){ 0 }, 1000))
		;
	world_carry(&w);
	ck_assert(!adjout_pending(&w.ear[1].out));
	/* Only a label is other. */
	say(&w, 0, 3, 1, 999);
	world_carry(&w);
	listen_all(&w.ear[1]);
	world_check(&w, 1);
	ck_assert_uint_eq(w.ear[1].announced, ROUTES + 1);
	for (i = 0; i < ROUTES; i++)
		unsay(&w, 0, i);
	world_carry(&w);
	listen_all(&w.ear[1]);
	world_check(&w, 1);
	ck_assert_uint_eq(w.ear[1].withdrawn, ROUTES);
	ck_assert_ptr_null(rib_from(w.k.rib, &(struct nlri){ 0 }));
	world_fini(&w);
}
END_TEST

/* A peer that reads slowly gets the last state only, and withdrawals wait for it. */
START_TEST(slow_peer)
{
	struct world w;
	struct nlri key = kit_mac(7);
	unsigned i;

	world_init(&w);
	world_join(&w, 1);
	world_join(&w, 2);
	listen_all(&w.ear[1]);
	listen_all(&w.ear[2]);
	w.ear[2].deaf = true;
	for (i = 0; i < 10; i++) {
		say(&w, 0, 7, i, 100 + i);
		say(&w, 0, 8, i, 100 + i);
		world_carry(&w);
		listen_all(&w.ear[1]);
	}
	ck_assert_uint_eq(w.ear[1].announced, 20);
	unsay(&w, 0, 7);
	world_carry(&w);
	listen_all(&w.ear[1]);
	world_check(&w, 1);
	ck_assert_ptr_nonnull(rib_find(w.k.rib, &key));
	ck_assert_ptr_null(adjout_find(w.g, rib_find(w.k.rib, &key)));
	listen_all(&w.ear[2]);
	world_check(&w, 2);
	ck_assert_uint_eq(w.ear[2].announced, 1);
	ck_assert_ptr_null(rib_find(w.k.rib, &key));
	world_fini(&w);
}
END_TEST

/* Peers at one place get the same bytes; the source of a route is left out. */
START_TEST(shared)
{
	struct world w;
	unsigned i;

	world_init(&w);
	for (i = 1; i < 5; i++)
		world_join(&w, i);
	for (i = 1; i < 5; i++)
		listen_all(&w.ear[i]);
	for (i = 0; i < ROUTES; i++)
		say(&w, 2, i, 1, 100);
	world_carry(&w);
	listen_all(&w.ear[1]);
	ck_assert_uint_eq(w.ear[3].shared + w.ear[4].shared, 2);
	ck_assert(!adjout_pending(&w.ear[3].out) && !adjout_pending(&w.ear[4].out));
	listen_all(&w.ear[2]);
	ck_assert_uint_eq(w.ear[2].announced + w.ear[2].withdrawn, 0);
	/* Another source: the first learns it, the second is told no more. */
	say(&w, 4, 5, 1, 100);
	unsay(&w, 2, 5);
	world_carry(&w);
	for (i = 1; i < 5; i++) {
		listen_all(&w.ear[i]);
		world_check(&w, i);
	}
	ck_assert_uint_eq(w.ear[4].withdrawn, 1);
	world_fini(&w);
}
END_TEST

/* The only peer's own routes cost nothing; a second peer gets them all the same. */
START_TEST(only_peer)
{
	struct world w;
	unsigned i;

	world_init(&w);
	world_join(&w, 1);
	for (i = 0; i < ROUTES; i++)
		say(&w, 1, i, 1, 100);
	world_carry(&w);
	ck_assert_uint_eq(adjout_count(w.g), 0);
	listen_all(&w.ear[1]);
	ck_assert_uint_eq(w.ear[1].announced, 0);
	world_join(&w, 2);
	listen_all(&w.ear[2]);
	world_check(&w, 2);
	ck_assert_uint_eq(w.ear[2].eors, 1);
	listen_all(&w.ear[1]);
	world_check(&w, 1);
	ck_assert_uint_eq(w.ear[1].announced + w.ear[1].withdrawn, 0);
	world_fini(&w);
}
END_TEST

/* Who restarted says End-of-RIB only when others said theirs. */
START_TEST(held)
{
	struct world w;

	world_init(&w);
	say(&w, 0, 1, 1, 100);
	world_carry(&w);
	w.ear[1].out.eor_held = true;
	adjout_join(w.g, &w.ear[1].out);
	while (!adjout_fill(w.g, 9))
		;
	listen_all(&w.ear[1]);
	ck_assert_uint_eq(w.ear[1].announced, 1);
	ck_assert_uint_eq(w.ear[1].eors, 0);
	ck_assert(!adjout_pending(&w.ear[1].out));
	say(&w, 0, 2, 1, 100);
	world_carry(&w);
	listen_all(&w.ear[1]);
	ck_assert_uint_eq(w.ear[1].announced, 2);
	ck_assert_uint_eq(w.ear[1].eors, 0);
	w.ear[1].out.eor_held = false;
	ck_assert(adjout_pending(&w.ear[1].out));
	listen_all(&w.ear[1]);
	ck_assert_uint_eq(w.ear[1].eors, 1);
	world_fini(&w);
}
END_TEST

/* A new group: End-of-RIB only when all of the RIB was looked at. */
START_TEST(late_group)
{
	struct world w;
	unsigned i;

	world_init(&w);
	for (i = 0; i < ROUTES; i++)
		say(&w, 0, i, 1, 100);
	world_carry(&w);
	adjout_join(w.g, &w.ear[1].out);
	for (i = 0; i < ROUTES / 10; i++) {
		ck_assert(!adjout_fill(w.g, 9));
		listen_all(&w.ear[1]);
		ck_assert_uint_eq(w.ear[1].eors, 0);
	}
	while (!adjout_fill(w.g, 9))
		;
	listen_all(&w.ear[1]);
	ck_assert_uint_eq(w.ear[1].eors, 1);
	ck_assert_uint_eq(w.ear[1].announced, ROUTES);
	world_check(&w, 1);
	/* A refresh is everything again, without another End-of-RIB. */
	adjout_restart(&w.ear[1].out);
	listen_all(&w.ear[1]);
	ck_assert_uint_eq(w.ear[1].announced, 2 * ROUTES);
	ck_assert_uint_eq(w.ear[1].eors, 1);
	adjout_leave(&w.ear[1].out);
	ck_assert(!adjout_drain(w.g, 10));
	while (!adjout_drain(w.g, 10))
		;
	ck_assert_uint_eq(adjout_count(w.g), 0);
	world_fini(&w);
}
END_TEST

/* A small buffer: as many messages as fit, then the next call goes on. */
START_TEST(in_small_pieces)
{
	struct world w;
	unsigned i, calls = 0;

	world_init(&w);
	world_join(&w, 1);
	for (i = 0; i < ROUTES; i++)
		say(&w, 0, i, i / 2, 100); /* two routes a message */
	world_carry(&w);
	while (adjout_pending(&w.ear[1].out) && calls++ < 100)
		listen_once(&w.ear[1], MSG_MAX);
	world_check(&w, 1);
	ck_assert_uint_eq(w.ear[1].announced, ROUTES);
	ck_assert_uint_ge(calls, ROUTES / 2);
	world_fini(&w);
}
END_TEST

/* A path that is not the best one waits in the queue while the first peer joins. */
START_TEST(queued_meanwhile)
{
	struct world w;

	world_init(&w);
	say(&w, 0, 0, 1, 100);
	world_carry(&w);
	say(&w, 3, 0, 1, 100);
	world_join(&w, 1);
	world_carry(&w);
	listen_all(&w.ear[1]);
	world_check(&w, 1);
	world_fini(&w);
}
END_TEST

static uint32_t
rnd(uint32_t *state, uint32_t below)
{
	*state = *state * 1664525 + 1013904223;
	return (*state >> 8) % below;
}

/* One random event among peers 1 to 5, of which 0 stands for us. */
static void
random_step(struct world *w, uint32_t *seed)
{
	unsigned n = 1 + rnd(seed, 5), route = rnd(seed, ROUTES);
	struct ear *e = &w->ear[n];
	uint32_t dice = rnd(seed, 100);

	if (dice < 45) {
		unsigned from = rnd(seed, 6), vtep = rnd(seed, 3);

		say(w, from, route, vtep, 100 + rnd(seed, 2));
	} else if (dice < 65)
		unsay(w, rnd(seed, 6), route);
	else if (dice < 85)
		world_carry(w);
	else if (dice < 95 && e->out.group != NULL)
		listen_once(e, MSG_MAX + rnd(seed, BUFFER - MSG_MAX));
	else if (dice < 96 && e->out.group != NULL)
		adjout_restart(&e->out);
	else if (dice < 97)
		e->deaf = !e->deaf;
	else if (dice < 98 && e->out.group != NULL)
		adjout_leave(&e->out);
	else if (e->out.group == NULL)
		world_join(w, n);
}

START_TEST(random_walk)
{
	uint32_t seed = (uint32_t)_i * 7919 + 1;
	struct world w;
	unsigned i, n;

	world_init(&w);
	for (i = 0; i < 4000; i++) {
		random_step(&w, &seed);
		if (i % 500 != 499)
			continue;
		world_carry(&w);
		while (!adjout_fill(w.g, 10))
			;
		for (n = 1; n < 6; n++) {
			if (w.ear[n].out.group == NULL)
				continue;
			listen_all(&w.ear[n]);
			world_check(&w, n);
		}
	}
	for (i = 0; i < ROUTES; i++) {
		for (n = 0; n < 6; n++)
			unsay(&w, n, i);
	}
	world_carry(&w);
	for (n = 1; n < 6; n++)
		listen_all(&w.ear[n]);
	ck_assert_ptr_null(rib_from(w.k.rib, &(struct nlri){ 0 }));
	world_fini(&w);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("adjout", &tc);

	tcase_add_test(tc, told_once);
	tcase_add_test(tc, slow_peer);
	tcase_add_test(tc, shared);
	tcase_add_test(tc, only_peer);
	tcase_add_test(tc, held);
	tcase_add_test(tc, late_group);
	tcase_add_test(tc, in_small_pieces);
	tcase_add_test(tc, queued_meanwhile);
	tcase_add_loop_test(tc, random_walk, 0, 40);
	return unit_run(s);
}

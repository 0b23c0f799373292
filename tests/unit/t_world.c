/*
 * Order does not matter: devices, configuration, routes of two peers and the kernel's own
 * entries are changed at random, with a kernel that refuses, loses events and interrupts
 * dumps. In the end RIB and kernel are those of a world that was given the last values only.
 *
 * WORLD_SEEDS=N runs so many histories instead of a few; WORLD_SEED=N that one, and says where
 * it ends.
 */
#include "world.h"

#include "unit.h"

#define SEEDS 150
#define STEPS 400

static unsigned
seeds(void)
{
	const char *n = getenv("WORLD_SEEDS");

	return n != NULL ? (unsigned)strtoul(n, NULL, 10) : SEEDS;
}

static void
history(struct world *w)
{
	unsigned faulty = w_rnd(w, 3);

	w->refuse = faulty * 10;
	w->lose = faulty * 5;
	for (unsigned n = 0; n < STEPS; n++) {
		unsigned i = w_rnd(w, W_SLOTS);

		w_set(w, i, (uint8_t)w_rnd(w, w_slots[i].values));
		if (w_rnd(w, 60) == 0)
			w_peer_down(w, w_rnd(w, W_PEERS));
		for (unsigned turns = w_rnd(w, 4); turns > 0; turns--)
			(void)w_turn(w, 1 + w_rnd(w, 20));
		w->now += w_rnd(w, 300);
	}
}

/* The same values, in another order and without a history. */
static void
at_once(struct world *w, const uint8_t *values)
{
	unsigned order[W_SLOTS];

	for (unsigned i = 0; i < W_SLOTS; i++)
		order[i] = i;
	for (unsigned i = W_SLOTS; i-- > 1;) {
		unsigned k = w_rnd(w, i + 1), t = order[i];

		order[i] = order[k];
		order[k] = t;
	}
	for (unsigned i = 0; i < W_SLOTS; i++)
		if (values[order[i]] != 0)
			w_set(w, order[i], values[order[i]]);
}

static void
one(uint32_t seed)
{
	static struct world w, fresh;
	struct digest a, b;
	char names[64];

	snprintf(
	    names, sizeof(names), "seed %u, with (-) and without (+) a history", seed);
	w_init(&w, seed);
	history(&w);
	w_settle(&w);
	w_verify(&w);
	a = world_digest(&w);
	w_init(&fresh, seed + 1);
	at_once(&fresh, w.values);
	w_settle(&fresh);
	w_verify(&fresh);
	b = world_digest(&fresh);
	if (getenv("WORLD_SEED") != NULL)
		digest_print(&a);
	ck_assert(digest_same(&a, &b, names));
	digest_free(&a);
	digest_free(&b);
	w_clear(&w);
	w_fini(&w);
	w_fini(&fresh);
}

START_TEST(order)
{
	const char *only = getenv("WORLD_SEED");

	if (only != NULL) {
		one((uint32_t)strtoul(only, NULL, 10));
		return;
	}
	for (unsigned i = 0; i < seeds(); i++)
		one(7919 * i + 1);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("world", &tc);

	tcase_set_timeout(tc, 0);
	tcase_add_test(tc, order);
	return unit_run(s);
}

/* Tests of bfd/bfd: RFC 5880's state machine, its timers, two machines that talk. */
#include "bfd/bfd.h"

#include <string.h>

#include "unit.h"

#define MS 1000ul
#define LATER (100 * 1000 * MS)

static const struct bfd_timers fast = { 3, 300 * MS, 300 * MS };

/* A packet of the other side, as it would be in STATE. */
static struct bfd_packet
from(enum bfd_state state)
{
	return (struct bfd_packet){ .state = (uint8_t)state,
		.mult = 3,
		.my_disc = 22,
		.your_disc = state > BFD_DOWN ? 11 : 0,
		.min_tx_us = state == BFD_UP ? 300 * MS : 1000 * MS,
		.min_rx_us = 300 * MS };
}

static void
hear(struct bfd *b, enum bfd_state state, uint64_t now)
{
	struct bfd_packet p = from(state);

	bfd_receive(b, &p, now);
}

/* A machine in STATE. */
static struct bfd
made(enum bfd_state state)
{
	struct bfd b;

	bfd_init(&b, 11, &fast, 0);
	if (state == BFD_ADMIN_DOWN)
		bfd_admin_down(&b, true, 0);
	if (state >= BFD_INIT)
		hear(&b, BFD_DOWN, 0);
	if (state == BFD_UP)
		hear(&b, BFD_INIT, 0);
	ck_assert_uint_eq(b.state, state);
	return b;
}

/* clang-format off */
/* RFC 5880, 6.2 and 6.8.6: every state, and every state of the other side. */
static const struct {
	enum bfd_state in, heard, out;
	enum bfd_diag diag;
} table[] = {
	{ BFD_ADMIN_DOWN, BFD_ADMIN_DOWN, BFD_ADMIN_DOWN, BFD_DIAG_ADMIN_DOWN },
	{ BFD_ADMIN_DOWN, BFD_DOWN, BFD_ADMIN_DOWN, BFD_DIAG_ADMIN_DOWN },
	{ BFD_ADMIN_DOWN, BFD_INIT, BFD_ADMIN_DOWN, BFD_DIAG_ADMIN_DOWN },
	{ BFD_ADMIN_DOWN, BFD_UP, BFD_ADMIN_DOWN, BFD_DIAG_ADMIN_DOWN },
	{ BFD_DOWN, BFD_ADMIN_DOWN, BFD_DOWN, BFD_DIAG_NONE },
	{ BFD_DOWN, BFD_DOWN, BFD_INIT, BFD_DIAG_NONE },
	{ BFD_DOWN, BFD_INIT, BFD_UP, BFD_DIAG_NONE },
	{ BFD_DOWN, BFD_UP, BFD_DOWN, BFD_DIAG_NONE },
	{ BFD_INIT, BFD_ADMIN_DOWN, BFD_DOWN, BFD_DIAG_NEIGHBOR_DOWN },
	{ BFD_INIT, BFD_DOWN, BFD_INIT, BFD_DIAG_NONE },
	{ BFD_INIT, BFD_INIT, BFD_UP, BFD_DIAG_NONE },
	{ BFD_INIT, BFD_UP, BFD_UP, BFD_DIAG_NONE },
	{ BFD_UP, BFD_ADMIN_DOWN, BFD_DOWN, BFD_DIAG_NEIGHBOR_DOWN },
	{ BFD_UP, BFD_DOWN, BFD_DOWN, BFD_DIAG_NEIGHBOR_DOWN },
	{ BFD_UP, BFD_INIT, BFD_UP, BFD_DIAG_NONE },
	{ BFD_UP, BFD_UP, BFD_UP, BFD_DIAG_NONE },
};
/* clang-format on */

START_TEST(state)
{
	struct bfd b = made(table[_i].in);

	hear(&b, table[_i].heard, 5 * MS);
	ck_assert_uint_eq(b.state, table[_i].out);
	ck_assert_uint_eq(b.diag, table[_i].diag);
	ck_assert_uint_eq(b.your_disc, 22);
	ck_assert_uint_eq(b.remote_state, table[_i].heard);
	ck_assert(b.state == table[_i].in || bfd_deadline(&b) <= 5 * MS);
}
END_TEST

/* Silence: down from Init and Up after the detection time, and the other side is forgotten. */
START_TEST(expiry)
{
	struct bfd b = made((enum bfd_state)_i);
	uint64_t time = bfd_detection_time(&b);

	if (_i == BFD_UP) {
		hear(&b, BFD_UP, 0);
		time = bfd_detection_time(&b);
		ck_assert_uint_eq(time, 900 * MS);
	}
	bfd_expire(&b, time - 1);
	ck_assert_uint_eq(b.state, _i);
	bfd_expire(&b, time);
	ck_assert_uint_eq(b.state, _i >= BFD_INIT ? BFD_DOWN : (unsigned)_i);
	if (_i >= BFD_INIT) {
		ck_assert_uint_eq(b.diag, BFD_DIAG_EXPIRED);
		ck_assert_uint_eq(b.your_disc, 0);
		ck_assert_uint_eq(b.detect_at, BFD_NEVER);
	}
}
END_TEST

/* clang-format off */
/* What is offered and what holds: ours, the other side's minimum, the state. */
static const struct {
	const char *what;
	uint32_t tx_ms, remote_rx_ms, rx_ms, remote_tx_ms;
	uint8_t remote_mult;
	uint32_t interval_ms, detection_ms;
} rates[] = {
	{ "alike", 300, 300, 300, 300, 3, 300, 900 },
	{ "it takes less", 100, 400, 300, 300, 3, 400, 900 },
	{ "we send less", 500, 50, 300, 300, 3, 500, 900 },
	{ "it sends less", 300, 300, 100, 1000, 5, 300, 5000 },
	{ "we take less", 300, 300, 700, 50, 2, 300, 1400 },
};
/* clang-format on */

START_TEST(negotiated)
{
	struct bfd_timers t = { 3, rates[_i].tx_ms * 1000, rates[_i].rx_ms * 1000 };
	struct bfd_packet p = from(BFD_UP);
	struct bfd b = made(BFD_UP);

	p.final = true;
	p.mult = rates[_i].remote_mult;
	p.min_rx_us = rates[_i].remote_rx_ms * 1000;
	p.min_tx_us = rates[_i].remote_tx_ms * 1000;
	bfd_configure(&b, &t, 0);
	bfd_receive(&b, &p, 0);
	ck_assert_msg(bfd_tx_interval(&b) == rates[_i].interval_ms * MS, "%s: every %u",
	    rates[_i].what, bfd_tx_interval(&b));
	ck_assert_msg(bfd_detection_time(&b) == rates[_i].detection_ms * MS,
	    "%s: detection", rates[_i].what);
}
END_TEST

/* 6.8.3: until it is up, once a second at the most. */
START_TEST(slow_start)
{
	struct bfd b = made(BFD_DOWN);
	struct bfd_packet p;
	uint64_t now = 0, before;
	unsigned i;

	for (i = 0; i < 50; i++) {
		ck_assert(bfd_output(&b, now, (uint32_t)i * 2654435761u, &p));
		ck_assert(!bfd_output(&b, now, 0, &p));
		ck_assert_uint_eq(p.min_tx_us, BFD_SLOW_US);
		before = now;
		now = bfd_deadline(&b);
		ck_assert(now - before >= 750 * MS && now - before <= 1000 * MS);
	}
	hear(&b, BFD_INIT, now);
	ck_assert(bfd_output(&b, now, 0, &p));
	ck_assert(p.state == BFD_UP && p.poll && p.min_tx_us == 300 * MS);
}
END_TEST

/* 6.8.7: a quarter less at most; of multiplier 1 between 75 and 90 percent. */
START_TEST(jitter)
{
	struct bfd_timers t = { (uint8_t)_i, 400 * MS, 400 * MS };
	uint64_t most = _i == 1 ? 360 * MS : 400 * MS, now = 0;
	struct bfd b = made(BFD_UP);
	struct bfd_packet p;
	unsigned i;

	bfd_configure(&b, &t, 0);
	p = from(BFD_UP);
	p.final = true;
	bfd_receive(&b, &p, 0);
	b.detect_at = BFD_NEVER;
	for (i = 0; i < 1000; i++) {
		ck_assert(bfd_output(&b, now, i * 2654435761u, &p));
		ck_assert(b.tx_at - now >= 300 * MS && b.tx_at - now <= most);
		now = b.tx_at;
	}
}
END_TEST

/* A longer interval, and a shorter detection time, hold when the poll was answered. */
START_TEST(poll)
{
	struct bfd_timers slower = { 3, 600 * MS, 100 * MS };
	struct bfd b = made(BFD_UP);
	struct bfd_packet p = from(BFD_UP), out;

	p.final = true;
	p.min_tx_us = 50 * MS;
	bfd_receive(&b, &p, 0);
	ck_assert(!b.polling);
	bfd_configure(&b, &slower, 0);
	ck_assert(b.polling);
	ck_assert_uint_eq(bfd_tx_interval(&b), 300 * MS);
	ck_assert_uint_eq(bfd_detection_time(&b), 900 * MS);
	ck_assert(bfd_output(&b, 0, 0, &out));
	ck_assert(out.poll && out.min_tx_us == 600 * MS && out.min_rx_us == 100 * MS);
	p.final = false;
	bfd_receive(&b, &p, 0);
	ck_assert(b.polling);
	p.final = true;
	bfd_receive(&b, &p, 0);
	ck_assert(!b.polling);
	ck_assert_uint_eq(bfd_tx_interval(&b), 600 * MS);
	ck_assert_uint_eq(bfd_detection_time(&b), 300 * MS);
}
END_TEST

/* A poll of the other side is answered at once, without P, and not twice. */
START_TEST(final)
{
	struct bfd b = made(BFD_UP);
	struct bfd_packet p = from(BFD_UP), out;

	while (bfd_output(&b, 0, 0, &out))
		continue;
	ck_assert(b.polling);
	p.poll = true;
	bfd_receive(&b, &p, 10 * MS);
	ck_assert_uint_eq(bfd_deadline(&b), 0);
	ck_assert(bfd_output(&b, 10 * MS, 0, &out));
	ck_assert(out.final && !out.poll);
	ck_assert(!bfd_output(&b, 10 * MS, 0, &out));
}
END_TEST

/* Who wants none gets none, but for the answer to a poll; who wants demand mode, too. */
START_TEST(silence)
{
	struct bfd b = made(BFD_UP);
	struct bfd_packet p = from(BFD_UP), out;

	p.final = true;
	if (_i == 0)
		p.min_rx_us = 0;
	else
		p.demand = true;
	bfd_receive(&b, &p, 0);
	ck_assert(!bfd_output(&b, LATER, 0, &out));
	p.poll = true;
	p.final = false;
	bfd_receive(&b, &p, LATER);
	ck_assert(bfd_output(&b, LATER, 0, &out) && out.final);
	p = from(BFD_UP);
	bfd_receive(&b, &p, LATER);
	ck_assert(bfd_output(&b, 2 * LATER, 0, &out));
}
END_TEST

START_TEST(admin)
{
	struct bfd b = made(BFD_UP);
	struct bfd_packet out;

	bfd_admin_down(&b, true, 5);
	ck_assert_uint_eq(b.state, BFD_ADMIN_DOWN);
	ck_assert_uint_eq(b.changed_us, 5);
	ck_assert(bfd_output(&b, 5, 0, &out));
	ck_assert(out.state == BFD_ADMIN_DOWN && out.diag == BFD_DIAG_ADMIN_DOWN);
	bfd_expire(&b, LATER);
	ck_assert_uint_eq(b.state, BFD_ADMIN_DOWN);
	bfd_admin_down(&b, false, LATER);
	ck_assert(b.state == BFD_DOWN && b.diag == BFD_DIAG_NONE);
	hear(&b, BFD_DOWN, LATER);
	ck_assert_uint_eq(b.state, BFD_INIT);
}
END_TEST

/* Two machines, a wire of 1 ms that loses every Nth packet. */
struct wire {
	struct bfd end[2];
	unsigned lose, count;
};

static void
run(struct wire *w, uint64_t from_us, uint64_t to_us)
{
	struct bfd_packet p;
	uint64_t now;
	int i;

	for (now = from_us; now < to_us; now += MS) {
		for (i = 0; i < 2; i++) {
			bfd_expire(&w->end[i], now);
			while (bfd_output(&w->end[i], now, w->count * 2654435761u, &p))
				if (w->lose == 0 || ++w->count % w->lose != 0)
					bfd_receive(&w->end[1 - i], &p, now);
		}
	}
}

START_TEST(two)
{
	struct bfd_timers slow = { 5, 500 * MS, 200 * MS };
	struct wire w = { .lose = (unsigned)_i };

	bfd_init(&w.end[0], 1, &fast, 0);
	bfd_init(&w.end[1], 2, &slow, 0);
	run(&w, 0, 5000 * MS);
	ck_assert(w.end[0].state == BFD_UP && w.end[1].state == BFD_UP);
	ck_assert(!w.end[0].polling && !w.end[1].polling);
	ck_assert_uint_eq(bfd_tx_interval(&w.end[0]), 300 * MS);
	ck_assert_uint_eq(bfd_tx_interval(&w.end[1]), 500 * MS);
	ck_assert_uint_eq(bfd_detection_time(&w.end[0]), 2500 * MS);
	ck_assert_uint_eq(bfd_detection_time(&w.end[1]), 900 * MS);
	bfd_configure(&w.end[0], &slow, 5000 * MS);
	run(&w, 5000 * MS, 9000 * MS);
	ck_assert_uint_eq(bfd_tx_interval(&w.end[0]), 500 * MS);
	ck_assert(w.end[0].state == BFD_UP && w.end[1].state == BFD_UP);
	w.lose = 1;
	run(&w, 9000 * MS, 12000 * MS);
	ck_assert(w.end[0].state == BFD_DOWN && w.end[1].state == BFD_DOWN);
	w.lose = 0;
	run(&w, 12000 * MS, 15000 * MS);
	ck_assert(w.end[0].state == BFD_UP && w.end[1].state == BFD_UP);
	bfd_admin_down(&w.end[1], true, 15000 * MS);
	run(&w, 15000 * MS, 15100 * MS);
	ck_assert(w.end[0].state == BFD_DOWN &&
	    w.end[0].diag == BFD_DIAG_NEIGHBOR_DOWN &&
	    w.end[0].remote_state == BFD_ADMIN_DOWN);
}
END_TEST

int
main(void)
{
	TCase *t;
	Suite *s = unit_suite("bfd", &t);

	tcase_add_loop_test(t, state, 0, sizeof(table) / sizeof(table[0]));
	tcase_add_loop_test(t, expiry, 0, BFD_UP + 1);
	tcase_add_loop_test(t, negotiated, 0, sizeof(rates) / sizeof(rates[0]));
	tcase_add_test(t, slow_start);
	tcase_add_loop_test(t, jitter, 1, 4);
	tcase_add_test(t, poll);
	tcase_add_test(t, final);
	tcase_add_loop_test(t, silence, 0, 2);
	tcase_add_test(t, admin);
	tcase_add_test(t, two);
	tcase_add_loop_test(t, two, 5, 9);
	return unit_run(s);
}

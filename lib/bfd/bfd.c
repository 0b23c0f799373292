/* bfd - see bfd.h. */
#include "bfd/bfd.h"

static uint32_t
more(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* 6.8.3: slow until the session is up. */
static uint32_t
offered_tx(const struct bfd *b)
{
	return b->state == BFD_UP ? b->want.tx_us : more(b->want.tx_us, BFD_SLOW_US);
}

uint32_t
bfd_tx_interval(const struct bfd *b)
{
	return more(b->tx_us, b->remote_rx_us);
}

uint64_t
bfd_detection_time(const struct bfd *b)
{
	return (uint64_t)b->remote_mult * more(b->rx_us, b->remote_tx_us);
}

/* 6.8.7: those that must be silent. */
static bool
may_send(const struct bfd *b)
{
	if (b->remote_rx_us == 0)
		return false;
	return !b->remote_demand || b->state != BFD_UP || b->remote_state != BFD_UP ||
	    b->polling;
}

/*
 * What we offer changed. Between polls both sides know the values in force; in Up a longer
 * interval and a shorter detection time wait for the answer, anything else holds at once.
 */
static void
offer(struct bfd *b, bool poll)
{
	uint32_t tx = offered_tx(b), rx = b->want.rx_us;
	bool up = b->state == BFD_UP;

	if (!up || tx < b->tx_us)
		b->tx_us = tx;
	if (!up || rx > b->rx_us)
		b->rx_us = rx;
	b->polling = up && poll;
}

static void
enter(struct bfd *b, enum bfd_state state, enum bfd_diag diag, uint64_t now)
{
	bool was_up = b->state == BFD_UP;

	b->state = (uint8_t)state;
	b->diag = (uint8_t)diag;
	if (was_up != (state == BFD_UP))
		b->changed_us = now;
	offer(b, state == BFD_UP);
	b->tx_at = now; /* the other side is to know at once */
}

void
bfd_init(struct bfd *b, uint32_t my_disc, const struct bfd_timers *t, uint64_t now)
{
	*b = (struct bfd){
		.want = *t,
		.my_disc = my_disc,
		.state = BFD_DOWN,
		.remote_state = BFD_DOWN,
		.remote_rx_us = 1,
		.detect_at = BFD_NEVER,
		.tx_at = now,
		.changed_us = now,
	};
	offer(b, false);
}

void
bfd_configure(struct bfd *b, const struct bfd_timers *t, uint64_t now)
{
	bool same = t->tx_us == b->want.tx_us && t->rx_us == b->want.rx_us;
	bool mult = t->mult != b->want.mult;

	b->want = *t;
	if (!same)
		offer(b, true);
	if (!same || mult)
		b->tx_at = now;
}

void
bfd_admin_down(struct bfd *b, bool down, uint64_t now)
{
	if (down == (b->state == BFD_ADMIN_DOWN))
		return;
	if (down) {
		enter(b, BFD_ADMIN_DOWN, BFD_DIAG_ADMIN_DOWN, now);
	} else {
		enter(b, BFD_DOWN, BFD_DIAG_NONE, now);
		b->detect_at = BFD_NEVER;
	}
}

/* 6.8.6 in a table: what our state becomes by that of the other side. */
static const struct step {
	uint8_t next;
	uint8_t diag;
} steps[4][4] = {
	/* clang-format off */
	[BFD_DOWN] = {
		[BFD_ADMIN_DOWN] = { BFD_DOWN, BFD_DIAG_NONE },
		[BFD_DOWN]	 = { BFD_INIT, BFD_DIAG_NONE },
		[BFD_INIT]	 = { BFD_UP, BFD_DIAG_NONE },
		[BFD_UP]	 = { BFD_DOWN, BFD_DIAG_NONE },
	},
	[BFD_INIT] = {
		[BFD_ADMIN_DOWN] = { BFD_DOWN, BFD_DIAG_NEIGHBOR_DOWN },
		[BFD_DOWN]	 = { BFD_INIT, BFD_DIAG_NONE },
		[BFD_INIT]	 = { BFD_UP, BFD_DIAG_NONE },
		[BFD_UP]	 = { BFD_UP, BFD_DIAG_NONE },
	},
	[BFD_UP] = {
		[BFD_ADMIN_DOWN] = { BFD_DOWN, BFD_DIAG_NEIGHBOR_DOWN },
		[BFD_DOWN]	 = { BFD_DOWN, BFD_DIAG_NEIGHBOR_DOWN },
		[BFD_INIT]	 = { BFD_UP, BFD_DIAG_NONE },
		[BFD_UP]	 = { BFD_UP, BFD_DIAG_NONE },
	},
	/* clang-format on */
};

void
bfd_receive(struct bfd *b, const struct bfd_packet *p, uint64_t now)
{
	const struct step *s = &steps[b->state][p->state];

	b->your_disc = p->my_disc;
	b->remote_state = p->state;
	b->remote_diag = p->diag;
	b->remote_demand = p->demand;
	b->remote_independent = p->independent;
	b->remote_mult = p->mult;
	b->remote_tx_us = p->min_tx_us;
	b->remote_echo_us = p->min_echo_us;
	if (p->min_rx_us < b->remote_rx_us && p->min_rx_us != 0)
		b->tx_at = now; /* it wants more than it got (6.8.3) */
	else if (b->remote_rx_us == 0 && p->min_rx_us != 0)
		b->tx_at = now;
	b->remote_rx_us = p->min_rx_us;
	if (b->polling && p->final) {
		b->polling = false;
		b->tx_us = offered_tx(b);
		b->rx_us = b->want.rx_us;
	}
	b->detect_at = now + bfd_detection_time(b);
	if (b->state == BFD_ADMIN_DOWN)
		return;
	if (s->next != b->state)
		enter(b, (enum bfd_state)s->next, (enum bfd_diag)s->diag, now);
	if (p->poll)
		b->final_due = true;
}

void
bfd_expire(struct bfd *b, uint64_t now)
{
	if (now < b->detect_at)
		return;
	b->detect_at = BFD_NEVER;
	b->your_disc = 0; /* 6.8.1: whoever answers now may be another one */
	b->remote_state = BFD_DOWN;
	b->remote_demand = false;
	if (b->remote_rx_us == 0)
		b->remote_rx_us = 1;
	if (b->state == BFD_INIT || b->state == BFD_UP)
		enter(b, BFD_DOWN, BFD_DIAG_EXPIRED, now);
}

/* 6.8.7: up to a quarter less; of a multiplier of 1 a tenth at the least. */
static uint64_t
jitter(const struct bfd *b, uint32_t random)
{
	uint64_t interval = bfd_tx_interval(b);
	uint64_t most = b->want.mult == 1 ? interval * 9 / 10 : interval;
	uint64_t least = interval * 3 / 4;

	return least + random % (most - least + 1);
}

bool
bfd_output(struct bfd *b, uint64_t now, uint32_t random, struct bfd_packet *out)
{
	bool due = now >= b->tx_at;

	if (due)
		b->tx_at = now + jitter(b, random);
	if (!b->final_due && (!due || !may_send(b)))
		return false;
	*out = (struct bfd_packet){
		.state = b->state,
		.diag = b->diag,
		.poll = b->polling && !b->final_due,
		.final = b->final_due,
		.independent = b->independent,
		.mult = b->want.mult,
		.my_disc = b->my_disc,
		.your_disc = b->your_disc,
		.min_tx_us = offered_tx(b),
		.min_rx_us = b->want.rx_us,
	};
	b->final_due = false;
	return true;
}

uint64_t
bfd_deadline(const struct bfd *b)
{
	if (b->final_due)
		return 0;
	return b->tx_at < b->detect_at ? b->tx_at : b->detect_at;
}

/* Tests of bfd/packet: bytes to struct and back, and what is dropped. */
#include "bfd/packet.h"

#include <string.h>

#include "hex.h"
#include "unit.h"

/* clang-format off */
static const struct {
	const char *what;
	const char *bytes;
	struct bfd_packet p;
} good[] = {
	{ "down, as bfdd begins",
	  "20 40 03 18 28 0a e7 ea 00 00 00 00 00 0f 42 40 00 04 93 e0 00 00 c3 50",
	  { .state = BFD_DOWN, .mult = 3, .my_disc = 0x280ae7ea, .min_tx_us = 1000000,
	    .min_rx_us = 300000, .min_echo_us = 50000 } },
	{ "up, polling",
	  "20 e0 03 18 00 00 00 01 00 00 00 02 00 04 93 e0 00 04 93 e0 00 00 00 00",
	  { .state = BFD_UP, .poll = true, .mult = 3, .my_disc = 1, .your_disc = 2,
	    .min_tx_us = 300000, .min_rx_us = 300000 } },
	{ "init, final, independent",
	  "20 98 05 18 00 00 00 01 00 00 00 02 00 0f 42 40 00 00 c3 50 00 00 00 00",
	  { .state = BFD_INIT, .final = true, .independent = true, .mult = 5, .my_disc = 1,
	    .your_disc = 2, .min_tx_us = 1000000, .min_rx_us = 50000 } },
	{ "shut down, demand, diagnosis",
	  "27 02 01 18 ff ff ff ff 00 00 00 00 ff ff ff ff 00 00 00 00 00 00 00 00",
	  { .state = BFD_ADMIN_DOWN, .diag = BFD_DIAG_ADMIN_DOWN, .demand = true, .mult = 1,
	    .my_disc = UINT32_MAX, .min_tx_us = UINT32_MAX } },
	{ "diagnosis not assigned",
	  "3f 40 03 18 00 00 00 01 00 00 00 00 00 0f 42 40 00 04 93 e0 00 00 00 00",
	  { .state = BFD_DOWN, .diag = 31, .mult = 3, .my_disc = 1, .min_tx_us = 1000000,
	    .min_rx_us = 300000 } },
};

static const struct {
	const char *bytes, *why;
} bad[] = {
	{ "40 40 03 18 00 00 00 01 00 00 00 00 00 0f 42 40 00 04 93 e0 00 00 00 00",
	  "version is not 1" },
	{ "20 40 03 17 00 00 00 01 00 00 00 00 00 0f 42 40 00 04 93 e0 00 00 00 00",
	  "length below 24" },
	{ "20 40 03 19 00 00 00 01 00 00 00 00 00 0f 42 40 00 04 93 e0 00 00 00 00",
	  "length beyond the packet's end" },
	{ "20 40 00 18 00 00 00 01 00 00 00 00 00 0f 42 40 00 04 93 e0 00 00 00 00",
	  "detection multiplier is 0" },
	{ "20 41 03 18 00 00 00 01 00 00 00 00 00 0f 42 40 00 04 93 e0 00 00 00 00",
	  "multipoint bit is set" },
	{ "20 40 03 18 00 00 00 00 00 00 00 00 00 0f 42 40 00 04 93 e0 00 00 00 00",
	  "my discriminator is 0" },
	{ "20 80 03 18 00 00 00 01 00 00 00 00 00 0f 42 40 00 04 93 e0 00 00 00 00",
	  "your discriminator is 0" },
	{ "20 c0 03 18 00 00 00 01 00 00 00 00 00 0f 42 40 00 04 93 e0 00 00 00 00",
	  "your discriminator is 0" },
	{ "20 44 03 1a 00 00 00 01 00 00 00 00 00 0f 42 40 00 04 93 e0 00 00 00 00 01 02",
	  "authentication, of which there is none" },
	{ "20 f0 03 18 00 00 00 01 00 00 00 02 00 0f 42 40 00 04 93 e0 00 00 00 00",
	  "poll and final bits are both set" },
};
/* clang-format on */

static void
same(const char *what, const struct bfd_packet *a, const struct bfd_packet *b)
{
	ck_assert_msg(a->state == b->state && a->diag == b->diag &&
		a->poll == b->poll && a->final == b->final &&
		a->independent == b->independent && a->demand == b->demand &&
		a->mult == b->mult,
	    "%s: the first bytes", what);
	ck_assert_msg(a->my_disc == b->my_disc && a->your_disc == b->your_disc,
	    "%s: discriminators", what);
	ck_assert_msg(a->min_tx_us == b->min_tx_us && a->min_rx_us == b->min_rx_us,
	    "%s: intervals", what);
}

START_TEST(right)
{
	uint8_t in[64] = { 0 }, out[BFD_PACKET_LEN];
	size_t n = hex_in(good[_i].bytes, in, sizeof(in));
	struct cursor c = cursor_of(in, n);
	struct builder b = builder_of(out, sizeof(out));
	struct bfd_packet p;
	const char *why;

	ck_assert_msg(
	    bfd_packet_get(&c, &p, &why), "%s: dropped: %s", good[_i].what, why);
	same(good[_i].what, &p, &good[_i].p);
	bfd_packet_put(&b, &p);
	ck_assert(put_len(&b) == n && !b.full && memcmp(in, out, n) == 0);
	/* What comes after a packet is not of it. */
	c = cursor_of(in, sizeof(in));
	ck_assert(bfd_packet_get(&c, &p, &why));
}
END_TEST

START_TEST(wrong)
{
	uint8_t in[64];
	struct cursor c = cursor_of(in, hex_in(bad[_i].bytes, in, sizeof(in)));
	struct bfd_packet p;
	const char *why;

	ck_assert(!bfd_packet_get(&c, &p, &why));
	ck_assert_str_eq(why, bad[_i].why);
}
END_TEST

START_TEST(cut)
{
	uint8_t in[64];
	size_t n = hex_in(good[_i].bytes, in, sizeof(in));
	struct bfd_packet p;
	const char *why;

	while (n-- > 0) {
		struct cursor c = cursor_of(in, n);

		ck_assert(!bfd_packet_get(&c, &p, &why) && why[0] != '\0');
	}
}
END_TEST

START_TEST(words)
{
	ck_assert_str_eq(bfd_state_name(BFD_UP), "up");
	ck_assert_str_eq(bfd_state_name(BFD_ADMIN_DOWN), "shutdown");
	ck_assert_str_eq(bfd_state_name(99), "unknown");
	ck_assert_str_eq(
	    bfd_diag_name(BFD_DIAG_EXPIRED), "control detection time expired");
	ck_assert_str_eq(bfd_diag_name(31), "invalid");
}
END_TEST

int
main(void)
{
	TCase *t;
	Suite *s = unit_suite("packet", &t);

	tcase_add_loop_test(t, right, 0, sizeof(good) / sizeof(good[0]));
	tcase_add_loop_test(t, wrong, 0, sizeof(bad) / sizeof(bad[0]));
	tcase_add_loop_test(t, cut, 0, sizeof(good) / sizeof(good[0]));
	tcase_add_test(t, words);
	return unit_run(s);
}

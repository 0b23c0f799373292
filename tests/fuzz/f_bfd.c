/*
 * Fuzz target of lib/bfd: what is let pass is printed as it came; a session that hears it, at
 * any times, keeps what bfd.h promises.
 */
#include "bfd/bfd.h"

#include <string.h>

#include "fuzz.h"

static void
codec(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_of(data, size);
	uint8_t buf[BFD_PACKET_LEN];
	struct builder b = builder_of(buf, sizeof(buf));
	struct bfd_packet p;
	const char *why;

	if (!bfd_packet_get(&c, &p, &why)) {
		FUZZ_CHECK(why != NULL);
		return;
	}
	FUZZ_CHECK(size >= BFD_PACKET_LEN && p.mult > 0 && p.my_disc != 0);
	bfd_packet_put(&b, &p);
	FUZZ_CHECK(!b.full && put_len(&b) == BFD_PACKET_LEN);
	/* All but the length, which may be longer. */
	FUZZ_CHECK(memcmp(buf, data, 3) == 0 &&
	    memcmp(buf + 4, data + 4, BFD_PACKET_LEN - 4) == 0);
}

static void
check(const struct bfd *b)
{
	FUZZ_CHECK(b->state <= BFD_UP && b->diag < BFD_DIAGS);
	FUZZ_CHECK(b->state == BFD_UP || b->tx_us >= BFD_SLOW_US);
	FUZZ_CHECK(b->state == BFD_UP || !b->polling);
}

/* Packets of 24 bytes, a time in 3 bytes before each. */
static void
life(const uint8_t *data, size_t size)
{
	static const struct bfd_timers t = { 3, 300000, 300000 };
	struct cursor c = cursor_of(data, size);
	struct bfd_packet p, out;
	uint64_t now = 0;
	const char *why;
	struct bfd b;

	bfd_init(&b, 1, &t, now);
	while (get_left(&c) >= 3 + BFD_PACKET_LEN) {
		struct cursor one;

		now += get_u24(&c);
		one = get_sub(&c, BFD_PACKET_LEN);
		bfd_expire(&b, now);
		check(&b);
		if (bfd_packet_get(&one, &p, &why))
			bfd_receive(&b, &p, now);
		check(&b);
		while (bfd_output(&b, now, (uint32_t)now * 2654435761u, &out))
			FUZZ_CHECK(!(out.poll && out.final));
		FUZZ_CHECK(bfd_deadline(&b) >= now);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	codec(data, size);
	life(data, size);
	return 0;
}

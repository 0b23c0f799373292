/*
 * Fuzz target of kern/frame: a frame is a binding of a host, or none; a question is one about
 * an address, and its answer is a binding of that address.
 */
#include "kern/frame.h"

#include "fuzz.h"

static void
question(const uint8_t *data, size_t size)
{
	static const struct mac mac = { { 2, 0, 0, 0, 0, 1 } };
	struct frame_question q;
	struct frame_binding b;
	uint8_t buf[FRAME_REPLY_MAX];
	size_t len;

	if (!frame_question(data, size, &q))
		return;
	FUZZ_CHECK(q.about.family == q.ip.family && ip_cmp(&q.about, &q.ip) != 0);
	FUZZ_CHECK(!mac_is_multicast(&q.mac) && !mac_is_zero(&q.mac) && q.vlan < 4096);
	len = frame_reply(buf, sizeof(buf), &q, &mac, false);
	FUZZ_CHECK(len >= FRAME_MIN && frame_reply(buf, len - 1, &q, &mac, false) == 0);
	if (!frame_parse(buf, len, &b))
		return; /* of an address that no host can have */
	FUZZ_CHECK(mac_cmp(&b.mac, &mac) == 0 && ip_cmp(&b.ip, &q.about) == 0);
	FUZZ_CHECK(b.vlan == q.vlan);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame_binding b;

	question(data, size);
	if (!frame_parse(data, size, &b))
		return 0;
	FUZZ_CHECK(size >= FRAME_MIN && memcmp(&b.mac, data + 6, 6) == 0);
	FUZZ_CHECK(!mac_is_multicast(&b.mac) && !mac_is_zero(&b.mac));
	FUZZ_CHECK(!ip_is_any(&b.ip) && !ip_is_multicast(&b.ip) && b.vlan < 4096);
	return 0;
}

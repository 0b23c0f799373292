/* Fuzz target of kern/frame: a frame is a binding of a host, or none. */
#include "kern/frame.h"

#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame_binding b;

	if (!frame_parse(data, size, &b))
		return 0;
	FUZZ_CHECK(size >= FRAME_MIN && memcmp(&b.mac, data + 6, 6) == 0);
	FUZZ_CHECK(!mac_is_multicast(&b.mac) && !mac_is_zero(&b.mac));
	FUZZ_CHECK(!ip_is_any(&b.ip) && !ip_is_multicast(&b.ip) && b.vlan < 4096);
	return 0;
}

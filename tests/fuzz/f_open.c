/*
 * Fuzz target of an OPEN's body and its capabilities. A good one written and read again gives
 * the same bytes when written once more.
 */
#include <string.h>

#include "bgp/msg.h"

#include "fuzz.h"

static size_t
put(const struct msg_open *open, uint8_t *buf, size_t room)
{
	struct builder b = builder_of(buf, room);

	msg_open_put(&b, open);
	FUZZ_CHECK(!b.full);
	return put_len(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t one[MSG_MAX], two[MSG_MAX];
	struct cursor c = cursor_of(data, size);
	struct msg_open open, open2;
	struct bgp_error err;
	enum msg_type type;
	size_t len;

	if (msg_open_get(&c, &open, &err) != BGP_OK) {
		FUZZ_CHECK(err.code == BGP_ERR_OPEN && err.text[0] != '\0');
		return 0;
	}
	FUZZ_CHECK(get_done(&c));
	len = put(&open, one, sizeof(one));
	FUZZ_CHECK(msg_frame(one, len, MSG_MAX, &type, &err) == (int)len);
	c = cursor_of(one + MSG_HEADER, len - MSG_HEADER);
	FUZZ_CHECK(type == MSG_OPEN && msg_open_get(&c, &open2, &err) == BGP_OK);
	FUZZ_CHECK(put(&open2, two, sizeof(two)) == len && memcmp(one, two, len) == 0);
	return 0;
}

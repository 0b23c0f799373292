/*
 * Fuzz target of message framing and the small messages: the first byte says whether messages
 * may be extended, the rest is a stream.
 */
#include "bgp/msg.h"

#include "fuzz.h"

static void
body(enum msg_type type, struct cursor c)
{
	struct bgp_error err, notification;
	struct msg_refresh refresh;
	uint8_t buf[512];
	struct builder b = builder_of(buf, sizeof(buf));

	if (type == MSG_NOTIFICATION) {
		FUZZ_CHECK(msg_notification_get(&c, &notification, &err) == BGP_OK);
		msg_notification_put(&b, &notification);
		FUZZ_CHECK(!b.full && bgp_error_code_name(notification.code) != NULL);
		FUZZ_CHECK(bgp_error_subcode_name(
			       notification.code, notification.subcode) != NULL);
	} else if (type == MSG_REFRESH) {
		if (msg_refresh_get(&c, &refresh, &err) == BGP_RESET)
			FUZZ_CHECK(err.code == BGP_ERR_REFRESH);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bgp_error err = { 0 };
	size_t max, at = 1;

	if (size == 0)
		return 0;
	max = data[0] & 1 ? MSG_MAX_EXTENDED : MSG_MAX;
	for (;;) {
		enum msg_type type;
		int len = msg_frame(data + at, size - at, max, &type, &err);

		FUZZ_CHECK(len >= 0 || err.code == BGP_ERR_HEADER);
		if (len <= 0)
			return 0;
		FUZZ_CHECK(len >= MSG_HEADER && (size_t)len <= size - at);
		body(type, cursor_of(data + at + MSG_HEADER, (size_t)len - MSG_HEADER));
		at += (size_t)len;
	}
}

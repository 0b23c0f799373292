/* hex.h - bytes in tests as text: pairs of digits, blanks anywhere between. */
#ifndef HEX_H
#define HEX_H

#include <ctype.h>
#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* TEXT into OUT, which has room for MAX bytes; how many they are. */
static inline size_t
hex_in(const char *text, uint8_t *out, size_t max)
{
	size_t n = 0;

	while (*text != '\0') {
		unsigned v;

		if (isspace((unsigned char)*text)) {
			text++;
			continue;
		}
		ck_assert_msg(n < max && sscanf(text, "%2x", &v) == 1, "hex: %s", text);
		out[n++] = (uint8_t)v;
		text += 2;
	}
	return n;
}

/* N bytes are what TEXT says; WHAT names the test. */
static inline void
hex_check(const char *what, const void *data, size_t n, const char *text)
{
	static uint8_t want[65536];
	size_t len = hex_in(text, want, sizeof(want));
	const uint8_t *have = data;

	for (size_t i = 0; i < len && i < n; i++)
		ck_assert_msg(have[i] == want[i], "%s: byte %zu is %02x, not %02x",
		    what, i, have[i], want[i]);
	ck_assert_msg(n == len, "%s: %zu bytes, not %zu", what, n, len);
}

#endif

/*
 * Fuzz target of configuration text: whatever was read must be written so that it is read
 * again without a complaint and to the same.
 */
#include "conf/text.h"

#include <string.h>

#include "base/mem.h"
#include "fuzz.h"

struct buf {
	char *s;
	size_t len, room;
};

static void
put(const char *s, void *arg)
{
	struct buf *b = arg;
	size_t n = strlen(s);

	if (b->len + n + 1 > b->room) {
		b->room = (b->len + n + 1) * 2;
		b->s = xreallocarray(b->s, b->room, 1);
	}
	memcpy(b->s + b->len, s, n + 1);
	b->len += n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xcalloc(size + 1, 1);
	struct buf first = { NULL, 0, 0 }, second = { NULL, 0, 0 };
	struct conf *a = conf_new(), *b = conf_new(), *copy;

	memcpy(text, data, size);
	conf_read(a, text, NULL, NULL);
	conf_write(a, true, put, &first);
	FUZZ_CHECK(conf_read(b, first.s, NULL, NULL) == 0);
	conf_write(b, true, put, &second);
	FUZZ_CHECK(first.len == second.len && strcmp(first.s, second.s) == 0);
	copy = conf_copy(a);
	FUZZ_CHECK(conf_equal(a, copy));
	conf_free(a);
	conf_free(b);
	conf_free(copy);
	free(first.s);
	free(second.s);
	free(text);
	return 0;
}

/* Tests of evpnd/jout: what is written is JSON, whatever the text in it. */
#include "evpnd/jout.h"

#include <event2/buffer.h>
#include <string.h>

#include "unit.h"

static const struct {
	const char *in, *out;
} strings[] = {
	{ "", "\"\"" },
	{ "plain 10.0.0.1", "\"plain 10.0.0.1\"" },
	{ "a\"b\\c/d", "\"a\\\"b\\\\c/d\"" },
	{ "\b\t\n\f\r\x01\x1f\x7f", "\"\\b\\t\\n\\f\\r\\u0001\\u001f\\u007f\"" },
	{ "gr\xc3\xbc\xc3\x9f\x65 \xe2\x82\xac \xf0\x9f\x98\x80",
	    "\"gr\xc3\xbc\xc3\x9f\x65 \xe2\x82\xac \xf0\x9f\x98\x80\"" },
	{ "\xff", "\"\\ufffd\"" },
	{ "a\xc3", "\"a\\ufffd\"" },
	{ "\xc3(", "\"\\ufffd(\"" },
	{ "\xe2\x82", "\"\\ufffd\\ufffd\"" },
	{ "\xc0\x80", "\"\\ufffd\\ufffd\"" },
	{ "\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"" },
	{ "\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
};

/* All that was written, as a string; the caller frees it. */
static char *
taken(struct jout *j)
{
	size_t len;
	char *s;

	jout_flush(j);
	len = evbuffer_get_length(j->out);
	s = calloc(1, len + 1);
	evbuffer_remove(j->out, s, len);
	evbuffer_free(j->out);
	return s;
}

START_TEST(escapes)
{
	struct jout j = { .out = evbuffer_new() };
	char *s;

	jout_str(&j, NULL, strings[_i].in);
	s = taken(&j);
	ck_assert_str_eq(s, strings[_i].out);
	free(s);
}
END_TEST

START_TEST(nests)
{
	struct jout j = { .out = evbuffer_new() };
	char *s;

	jout_open(&j, NULL, '{');
	jout_open(&j, "empty", '{');
	jout_close(&j, '}');
	jout_open(&j, "list", '[');
	jout_int(&j, NULL, 0);
	jout_int(&j, NULL, -1);
	jout_int(&j, NULL, INT64_MAX);
	jout_int(&j, NULL, INT64_MIN);
	jout_bool(&j, NULL, true);
	jout_null(&j, NULL);
	jout_open(&j, NULL, '[');
	jout_close(&j, ']');
	jout_close(&j, ']');
	jout_fmt(&j, "k\"ey", "%d-%s", 1, "x\n");
	jout_bool(&j, "no", false);
	jout_text_open(&j, "text");
	jout_text(&j, "a\n");
	jout_text(&j, "b");
	jout_text_close(&j);
	jout_close(&j, '}');
	ck_assert_int_eq(j.depth, 0);
	jout_end(&j);
	s = taken(&j);
	ck_assert_str_eq(s,
	    "{\"empty\":{},\"list\":[0,-1,9223372036854775807,-9223372036854775808,"
	    "true,null,[]],\"k\\\"ey\":\"1-x\\n\",\"no\":false,\"text\":\"a\\nb\"}\n");
	free(s);
}
END_TEST

/* More than fits into the writer's own bytes, in small pieces and in one. */
START_TEST(big)
{
	struct jout j = { .out = evbuffer_new() };
	char *s, *huge = calloc(1, 100001);
	const char *p;
	int i;

	memset(huge, 'x', 100000);
	jout_open(&j, NULL, '[');
	for (i = 0; i < 20000; i++)
		jout_int(&j, NULL, i);
	jout_str(&j, NULL, huge);
	jout_close(&j, ']');
	s = taken(&j);
	p = s;
	for (i = 0; i < 20000; i++) {
		ck_assert(*p == (i == 0 ? '[' : ','));
		ck_assert_int_eq(strtol(p + 1, (char **)&p, 10), i);
	}
	ck_assert_uint_eq(strlen(p), 100000 + 4);
	free(huge);
	free(s);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("jout", &tc);

	tcase_add_loop_test(tc, escapes, 0, sizeof(strings) / sizeof(strings[0]));
	tcase_add_test(tc, nests);
	tcase_add_test(tc, big);
	return unit_run(s);
}

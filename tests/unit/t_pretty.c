/* Tests of evpnsh/pretty and evpnsh/output: the layout of JSON, filters of lines. */
#include "evpnsh/output.h"
#include "evpnsh/pretty.h"

#include "unit.h"

#include <string.h>

static const struct {
	const char *in, *out;
} layouts[] = {
	/* clang-format off */
	{ "{}", "{}" },
	{ "[]\n", "[]" },
	{ "{\"a\":1}", "{\n  \"a\":1\n}" },
	{ "{ \"a\" : [ 1 , 2 ] }", "{\n  \"a\":[\n    1,\n    2\n  ]\n}" },
	{ "{\"a\":{},\"b\":[],\"c\":null}",
	    "{\n  \"a\":{},\n  \"b\":[],\n  \"c\":null\n}" },
	{ "{\"a b\":\"x\\\"{,}\\\\\"}", "{\n  \"a b\":\"x\\\"{,}\\\\\"\n}" },
	{ "[{\"a\":true}]", "[\n  {\n    \"a\":true\n  }\n]" },
	/* clang-format on */
};

/* Whole, and one byte at a time. */
START_TEST(layout)
{
	const char *in = layouts[_i].in;
	struct pretty p = { .depth = 0 }, q = { .depth = 0 };
	char *whole, *bytes;
	size_t len, i;
	FILE *f = open_memstream(&whole, &len);

	pretty_put(&p, in, strlen(in), f);
	fclose(f);
	f = open_memstream(&bytes, &len);
	for (i = 0; i < strlen(in); i++)
		pretty_put(&q, in + i, 1, f);
	fclose(f);
	ck_assert_str_eq(whole, layouts[_i].out);
	ck_assert_str_eq(bytes, layouts[_i].out);
	free(whole);
	free(bytes);
}
END_TEST

static const struct {
	const char *line;
	const char *out; /* of "one", "two", "three"; NULL: refused */
} filterings[] = {
	/* clang-format off */
	{ "show x | include o", "one\ntwo\n" },
	{ "show x | inc ^t", "two\nthree\n" },
	{ "show x|exclude o", "three\n" },
	{ "show x | begin two", "two\nthree\n" },
	{ "show x | count e$", "2\n" },
	{ "show x | include one|three", "one\nthree\n" },
	{ "show x | frobnicate", NULL },
	{ "show x | include", NULL },
	{ "show x | include (", NULL },
	{ "show x |", NULL },
	/* clang-format on */
};

START_TEST(filtering)
{
	char line[64], msg[128] = "", *text = NULL;
	struct output o;
	size_t len;
	FILE *was = stdout;

	strlcpy(line, filterings[_i].line, sizeof(line));
	if (!output_filter(&o, line, msg, sizeof(msg))) {
		ck_assert(filterings[_i].out == NULL && msg[0] == '%');
		return;
	}
	ck_assert_ptr_nonnull(filterings[_i].out);
	stdout = open_memstream(&text, &len);
	output_start(&o, false);
	fputs("one\ntwo\nthree", o.file);
	output_close(&o);
	fclose(stdout);
	stdout = was;
	ck_assert_str_eq(text, filterings[_i].out);
	free(text);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("pretty", &tc);

	tcase_add_loop_test(tc, layout, 0, sizeof(layouts) / sizeof(layouts[0]));
	tcase_add_loop_test(
	    tc, filtering, 0, sizeof(filterings) / sizeof(filterings[0]));
	return unit_run(s);
}

/*
 * Tests of evpnsh/pretty, evpnsh/output and evpnsh/paint: the layout of JSON, filters of lines,
 * colours of words.
 */
#include "evpnsh/output.h"
#include "evpnsh/paint.h"
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
	{ "show x | count", "3\n" },
	{ "show x | include o | exclude w", "one\n" },
	{ "show x | exclude one | include t | count", "2\n" },
	{ "show x | begin two | count", "2\n" },
	{ "show x | count t | include 2", "2\n" },
	{ "show x | include one | three", "" }, /* a regular expression with blanks */
	{ "show x | section two", "two\n" },
	{ "show x | frobnicate", NULL },
	{ "show x | include", NULL },
	{ "show x | include (", NULL },
	{ "show x |", NULL },
	{ "show x | include a | exclude", NULL },
	{ "show x | include a | include b | include a | include b | include a | include b"
	  " | include a | include b | include a", NULL },
	/* clang-format on */
};

START_TEST(filtering)
{
	char line[256], msg[128] = "", *text = NULL;
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
	output_start(&o, &(struct output_to){ .page = 0 });
	fputs("one\ntwo\nthree", o.file);
	output_close(&o);
	fclose(stdout);
	stdout = was;
	ck_assert_str_eq(text, filterings[_i].out);
	free(text);
}
END_TEST

static const struct {
	const char *re, *out;
} sections[] = {
	/* clang-format off */
	{ "^router", "router\n a\n  b\n a\nrouter\n" },
	{ "^ a", " a\n  b\n a\n" },
	{ "b", "  b\n" },
	{ "none", "" },
	/* clang-format on */
};

START_TEST(section)
{
	char line[64], msg[128] = "", *text = NULL;
	struct output o;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	snprintf(line, sizeof(line), "show x | section %s", sections[_i].re);
	ck_assert(output_filter(&o, line, msg, sizeof(msg)));
	output_start(&o, &(struct output_to){ .file = to });
	fputs("first\nrouter\n a\n  b\n a\n\nexit\nrouter\nlast\n", o.file);
	output_close(&o);
	fclose(to);
	ck_assert_str_eq(text, sections[_i].out);
	free(text);
}
END_TEST

static const struct {
	const char *in, *out; /* NULL: as it is */
} paints[] = {
	/* clang-format off */
	{ "nothing", NULL },
	{ "", NULL },
	{ "is Up now", "is \033[32mUp\033[0m now" },
	{ "Upper Up-1 xUp", NULL },
	{ "Idle (Admin)", "\033[31mIdle\033[0m (Admin)" },
	{ "Up,Down", "\033[32mUp\033[0m,\033[31mDown\033[0m" },
	/* clang-format on */
};

START_TEST(painting)
{
	char *text = paint(paints[_i].in);

	if (paints[_i].out == NULL)
		ck_assert_ptr_null(text);
	else
		ck_assert_str_eq(text, paints[_i].out);
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
	tcase_add_loop_test(tc, section, 0, sizeof(sections) / sizeof(sections[0]));
	tcase_add_loop_test(tc, painting, 0, sizeof(paints) / sizeof(paints[0]));
	return unit_run(s);
}

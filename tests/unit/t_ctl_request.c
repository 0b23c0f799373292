/* Tests of evpnd/ctl_request: what is a request, and why the rest is none. */
#include "ctl_request.h"

#include <json-c/json.h>
#include <string.h>

#include "unit.h"

#define ONE "% A request is one JSON object on one line"
#define TEXT "% A command is one line of text"
#define BYTES(s) s, sizeof(s) - 1

static const struct {
	const char *what, *in;
	size_t len;
	const char *why; /* NULL: accepted */
} rows[] = {
	{ "a command", BYTES("{\"command\":\"show version\"}"), NULL },
	{ "blanks around", BYTES(" {\"command\" : \"x\" } \r"), NULL },
	{ "an empty one", BYTES("{\"command\":\"\"}"), NULL },
	{ "a tab in it", BYTES("{\"command\":\"a\\tb\"}"), NULL },
	{ "other members", BYTES("{\"id\":7,\"command\":\"x\"}"), NULL },
	{ "several",
	    BYTES("{\"commands\":[\"a\",\"b\"],\"ctx\":{\"mode\":\"config\"}}"), NULL },
	{ "nothing", BYTES(""), ONE },
	{ "a scalar", BYTES("7"), ONE },
	{ "not ended", BYTES("{\"command\":\"x\""), ONE },
	{ "more after it", BYTES("{\"command\":\"x\"}{}"), ONE },
	{ "NUL after it", BYTES("{\"command\":\"x\"}\0"), ONE },
	{ "NUL in it", BYTES("{\"command\":\"x\0\"}"), ONE },
	{ "too deep", BYTES("{\"command\":[[[[[[[[[[[[]]]]]]]]]]]]}"), ONE },
	{ "no UTF-8", BYTES("{\"command\":\"\xff\"}"), "% A request is UTF-8" },
	{ "NUL as an escape", BYTES("{\"command\":\"a\\u0000b\"}"), TEXT },
	{ "DEL", BYTES("{\"command\":\"a\\u007fb\"}"), TEXT },
	{ "a line end", BYTES("{\"command\":\"a\\nb\"}"), TEXT },
	{ "null", BYTES("{\"command\":null}"), TEXT },
	{ "mode of null", BYTES("{\"command\":\"\",\"ctx\":{\"mode\":null}}"),
	    "% Bad ctx" },
	{ "VRF of null", BYTES("{\"command\":\"\",\"ctx\":{\"vrf\":null}}"),
	    "% Bad ctx" },
	{ "VNI too high", BYTES("{\"command\":\"\",\"ctx\":{\"vni\":16777216}}"),
	    "% Bad ctx" },
	{ "ctx of null", BYTES("{\"command\":\"\",\"ctx\":null}"), "% Bad ctx" },
};

START_TEST(accepts)
{
	struct ctl_request r;
	const char *why = ctl_request_parse(rows[_i].in, rows[_i].len, &r);

	if (rows[_i].why == NULL)
		ck_assert_msg(why == NULL, "%s: %s", rows[_i].what, why);
	else
		ck_assert_msg(why != NULL && strcmp(why, rows[_i].why) == 0, "%s: %s",
		    rows[_i].what, why);
	if (why == NULL)
		ctl_request_fini(&r);
}
END_TEST

START_TEST(takes_apart)
{
	static const char in[] =
	    "{\"commands\":[\"rd 1:1\",5,\"a\\nb\"],"
	    "\"ctx\":{\"mode\":\"vni\",\"vni\":100,\"vrf\":\"red\"}}";
	struct ctl_request r;
	struct json_object *o;

	ck_assert_ptr_null(ctl_request_parse(in, strlen(in), &r));
	ck_assert_ptr_null(r.command);
	ck_assert_str_eq(ctl_request_line(&r, 0), "rd 1:1");
	ck_assert_ptr_null(ctl_request_line(&r, 1));
	ck_assert_ptr_null(ctl_request_line(&r, 2));
	o = ctl_context(&r.ctx);
	ck_assert_str_eq(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN),
	    "{\"mode\":\"vni\",\"vni\":100,\"vrf\":\"red\"}");
	json_object_put(o);
	ctl_request_fini(&r);
}
END_TEST

/* No piece of a good request is one, and none does harm. */
START_TEST(truncated)
{
	static const char in[] =
	    "{\"command\":\"x \xc3\xa9\",\"ctx\":{\"mode\":\"vni\",\"vni\":100}}";
	struct ctl_request r;
	size_t len;

	for (len = 0; len < strlen(in); len++)
		ck_assert_ptr_nonnull(ctl_request_parse(in, len, &r));
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("ctl_request", &tc);

	tcase_add_loop_test(tc, accepts, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, takes_apart);
	tcase_add_test(tc, truncated);
	return unit_run(s);
}

/*
 * Tests of evpnsh/render and evpnsh/slice: FRR's own JSON has to become FRR's own text, whole
 * and in slices of any size.
 */
#include "evpnsh/render.h"
#include "evpnsh/slice.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

/* --- the captured answers, see tests/data/frr/README --- */

struct answer {
	char command[256];
	struct json_object *doc;
	char *text; /* into the file */
};

static char *file;
static struct answer answers[64];
static int nanswers;

static char *
read_file(const char *name)
{
	const char *top = getenv("srcdir");
	char path[512], *text = NULL;
	size_t len = 0;
	FILE *f;

	snprintf(
	    path, sizeof(path), "%s/tests/data/frr/%s", top != NULL ? top : ".", name);
	f = fopen(path, "r");
	ck_assert_msg(f != NULL, "%s", path);
	ck_assert(getdelim(&text, &len, '\0', f) > 0);
	fclose(f);
	return text;
}

/* Cuts the line at *P off and moves P behind it. */
static char *
take_line(char **p)
{
	char *line = *p, *end = strchr(line, '\n');

	*end = '\0';
	*p = end + 1;
	return line;
}

static void
merge(struct json_object *into, struct json_object *from)
{
	json_object_object_foreach (from, key, v) {
		struct json_object *old;

		if (json_object_object_get_ex(into, key, &old) &&
		    json_object_is_type(old, json_type_object))
			merge(old, v);
		else
			json_object_object_add(into, key, json_object_get(v));
	}
}

/* Fills ANSWERS from a file; each begins with "##### COMMAND". */
static void
load(const char *name)
{
	char *p = file = read_file(name), *next;

	nanswers = 0;
	while (p != NULL && *p != '\0') {
		struct answer *a = &answers[nanswers++];

		ck_assert(strncmp(p, "##### ", 6) == 0);
		snprintf(a->command, sizeof(a->command), "%s", take_line(&p) + 6);
		a->doc = json_tokener_parse(take_line(&p));
		ck_assert_msg(a->doc != NULL, "%s", a->command);
		if (*p == '+') {
			struct json_object *more =
			    json_tokener_parse(take_line(&p) + 2);

			merge(a->doc, more);
			json_object_put(more);
		}
		a->text = p;
		next = strncmp(p, "##### ", 6) == 0 ? p : strstr(p, "\n##### ");
		if (next != NULL && next != p)
			next++;
		p = next;
	}
	/* Texts end where the next command begins. */
	for (int i = 0; i < nanswers; i++) {
		char *end = strstr(answers[i].text, "##### ");

		answers[i].text = strndup(answers[i].text,
		    end != NULL ? (size_t)(end - answers[i].text)
				: strlen(answers[i].text));
	}
}

static void
unload(void)
{
	for (int i = 0; i < nanswers; i++) {
		json_object_put(answers[i].doc);
		free(answers[i].text);
	}
	free(file);
}

/* --- tests --- */

/* The first line in which two texts differ, or both their ends. */
static void
same_text(const char *command, const char *ours, const char *frrs)
{
	size_t from = 0, i = 0;

	while (ours[i] == frrs[i] && ours[i] != '\0')
		if (ours[i++] == '\n')
			from = i;
	ck_assert_msg(ours[i] == frrs[i], "%s\n--- ours\n%.*s\n--- FRR's\n%.*s",
	    command, (int)strcspn(ours + from, "\n"), ours + from,
	    (int)strcspn(frrs + from, "\n"), frrs + from);
}

struct sliced {
	struct render_part part;
	FILE *out;
	int n;
};

static void
on_slice(struct json_object *doc, bool last, void *arg)
{
	struct sliced *s = arg;

	ck_assert_ptr_nonnull(doc);
	s->part.last = last;
	ck_assert(render_slice(&s->part, doc, s->out));
	s->part.first = false;
	s->n++;
}

/* The daemon writes what the head of a table needs before the table; the capture need not. */
static struct json_object *
head_first(struct json_object *doc)
{
	static const char *const heads[] = { "bgpTableVersion", "bgpLocalRouterId",
		"defaultLocPrf", "localAS" };
	struct json_object *out, *v;

	if (!json_object_is_type(doc, json_type_object))
		return json_object_get(doc);
	out = json_object_new_object();
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (json_object_object_get_ex(doc, heads[i], &v))
			json_object_object_add(out, heads[i], json_object_get(v));
	json_object_object_foreach (doc, key, member)
		if (!json_object_object_get_ex(out, key, &v))
			json_object_object_add(out, key, json_object_get(member));
	return out;
}

/* A row or so a slice; an ARP table is as wide as what has come so far, so not that one. */
static void
check_sliced(const struct answer *a, size_t limit)
{
	struct cli_match m;
	enum cli_mode mode;
	char *text = NULL;
	struct json_object *doc = head_first(a->doc);
	const char *json = json_object_to_json_string_ext(doc, JSON_C_TO_STRING_PLAIN);
	size_t len = 0, i;
	struct sliced s = { .part = { .m = &m, .first = true } };
	struct slice slice = { .limit = limit, .each = on_slice, .arg = &s };

	cli_match(CLI_EXEC, a->command, false, &m, &mode);
	if (m.cmd->op == OP_SHOW_EVPN_ARP) {
		json_object_put(doc);
		return;
	}
	s.out = open_memstream(&text, &len);
	slice.cut_depth = render_depth(&m);
	for (i = 0; json[i] != '\0'; i++)
		slice_put(&slice, json + i, 1);
	slice_end(&slice);
	slice_fini(&slice);
	fclose(s.out);
	same_text(a->command, text, a->text);
	free(text);
	json_object_put(doc);
}

static void
check_answer(const struct answer *a)
{
	struct cli_match m;
	enum cli_mode mode;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	cli_match(CLI_EXEC, a->command, false, &m, &mode);
	ck_assert_msg(m.status == CLI_OK, "%s", a->command);
	ck_assert_msg(render(&m, a->doc, out), "%s", a->command);
	fclose(out);
	same_text(a->command, text, a->text);
	free(text);
	check_sliced(a, 600);
	check_sliced(a, 2000);
}

static const struct {
	const char *in, *out; /* slices, a blank between */
	int depth;
} slicings[] = {
	/* clang-format off */
	{ "{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":2}", 0 },
	{ "{\"a\":1,\"b\":2}", "{\"a\":1} {\"b\":2}", 1 },
	{ "{\"a\":{\"x\":1,\"y\":2},\"b\":[3,4]}",
	    "{\"a\":{\"x\":1,\"y\":2}} {\"b\":[3,4]}", 1 },
	{ "{\"a\":{\"x\":1,\"y\":2},\"b\":[3,4]}",
	    "{\"a\":{\"x\":1}} {\"a\":{\"y\":2}} {\"b\":[3]} {\"b\":[4]}", 2 },
	{ "[{\"a,\":\"}\"},{\"b\\\"\":\",\"}]",
	    "[{\"a,\":\"}\"}] [{\"b\\\"\":\",\"}]", 1 },
	{ "{}", "{}", 3 },
	{ "{\"a\":", "null", 1 },
	{ "}}]", "null", 1 },
	/* clang-format on */
};

static void
collect(struct json_object *doc, bool last, void *arg)
{
	char *list = arg;

	strlcat(list,
	    doc != NULL ? json_object_to_json_string_ext(doc, JSON_C_TO_STRING_PLAIN)
			: "null",
	    512);
	if (!last)
		strlcat(list, " ", 512);
}

START_TEST(slicing)
{
	char list[512] = "";
	struct slice s = {
		.cut_depth = slicings[_i].depth, .limit = 1, .each = collect
	};

	s.arg = list;
	slice_put(&s, slicings[_i].in, strlen(slicings[_i].in));
	slice_end(&s);
	slice_fini(&s);
	ck_assert_str_eq(list, slicings[_i].out);
}
END_TEST

static const char *const files[] = { "vtep.txt", "reflector.txt", "symmetric.txt" };

START_TEST(as_frr)
{
	load(files[_i]);
	for (int i = 0; i < nanswers; i++)
		check_answer(&answers[i]);
	unload();
}
END_TEST

/* Whatever the daemon says, nothing breaks: each renderer gets documents of other shapes. */
static const char *const odd[] = { "{}", "[]", "null", "1", "\"x\"",
	"{\"peers\":1,\"macs\":[],\"100\":2,\"rows\":{},\"text\":[]}",
	"{\"peers\":{\"x\":null},\"macs\":{\"x\":null},\"rows\":[null],\"routes\":[1]}",
	"{\"1:1\":{\"rd\":1,\"[2]\":{\"paths\":[null,[],[[]],1]}},\"numPrefix\":1}" };

START_TEST(odd_documents)
{
	struct json_object *doc = json_tokener_parse(odd[_i]);
	const struct cli_cmd *cmd;
	FILE *out = fopen("/dev/null", "w");

	for (int i = 0; (cmd = cli_command(i)) != NULL; i++) {
		struct cli_match m = { .status = CLI_OK, .cmd = cmd };

		render(&m, doc, out);
	}
	fclose(out);
	json_object_put(doc);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("render", &tc);

	tcase_add_loop_test(tc, as_frr, 0, sizeof(files) / sizeof(files[0]));
	tcase_add_loop_test(tc, odd_documents, 0, sizeof(odd) / sizeof(odd[0]));
	tcase_add_loop_test(tc, slicing, 0, sizeof(slicings) / sizeof(slicings[0]));
	return unit_run(s);
}

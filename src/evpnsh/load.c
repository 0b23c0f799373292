/*
 * load - sends a file's lines to the daemon in batches, well below what it takes at once, and
 * tells what it has to say of them: the place, the message, and the line with a mark.
 */
#include "load.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "link.h"
#include "shell.h"

#define BATCH_LINES 500
#define BATCH_BYTES 16384

struct batch {
	const char *name;
	int first;                 /* number of the first of LINES */
	struct json_object *lines; /* strings */
	size_t bytes;
};

static const char *
text_of(struct json_object *o, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(o, key, &v) ? json_object_get_string(v) : "";
}

static int
int_of(struct json_object *o, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(o, key, &v) ? json_object_get_int(v) : 0;
}

/* The line, and "^" below COLUMN; tabs stay tabs, so that they are as wide in both. */
static void
mark(const char *line, int column)
{
	int i;

	fprintf(stderr, "  %s\n  ", line);
	for (i = 0; i < column - 1 && line[i] != '\0'; i++)
		putc(line[i] == '\t' ? '\t' : ' ', stderr);
	fputs("^\n", stderr);
}

static void
say_result(const struct batch *b, struct json_object *o)
{
	int index = int_of(o, "index"), column = int_of(o, "column");
	const char *message = text_of(o, "message"), *detail = text_of(o, "detail");
	const char *line =
	    json_object_get_string(json_object_array_get_idx(b->lines, (size_t)index));

	fprintf(stderr, "%s:%d:", b->name, b->first + index);
	if (column > 0)
		fprintf(stderr, "%d:", column);
	fprintf(stderr, " %s\n", message);
	if (column > 0 && line != NULL)
		mark(line, column);
	if (detail[0] != '\0')
		fprintf(stderr, "  %s\n", detail);
}

static void
say_reply(const struct batch *b, const struct reply *r)
{
	size_t i, n = r->results != NULL ? json_object_array_length(r->results) : 0;

	if (r->message[0] != '\0')
		fprintf(stderr, "%s: %s\n", b->name, r->message);
	for (i = 0; i < n; i++)
		say_result(b, json_object_array_get_idx(r->results, i));
}

static void
batch_start(struct batch *b)
{
	b->lines = json_object_new_array();
	b->bytes = 0;
}

/* Sends what there is and begins anew. */
static bool
batch_send(struct shell *sh, struct batch *b)
{
	int n = (int)json_object_array_length(b->lines);
	struct reply r;
	bool ok = true;

	if (n > 0) {
		ok = sh->link != NULL && link_requests(sh->link, b->lines, sh->ctx, &r);
		if (!ok) {
			shell_lose(sh);
		} else {
			shell_take(sh, &r);
			say_reply(b, &r);
			ok = !r.refused;
			reply_fini(&r);
		}
	}
	json_object_put(b->lines);
	b->first += n;
	batch_start(b);
	return ok;
}

bool
load_file(struct shell *sh, FILE *f, const char *name)
{
	struct batch b = { .name = name, .first = 1 };
	char *line = NULL;
	size_t size = 0;
	bool ok = true;

	batch_start(&b);
	while (!sh->lost && getline(&line, &size, f) >= 0) {
		line[strcspn(line, "\r\n")] = '\0';
		if (strlen(line) > CLI_LINE)
			line[CLI_LINE] = '\0'; /* too long either way */
		json_object_array_add(b.lines, json_object_new_string(line));
		b.bytes += strlen(line);
		if (b.bytes >= BATCH_BYTES ||
		    json_object_array_length(b.lines) >= BATCH_LINES)
			ok = batch_send(sh, &b) && ok;
	}
	ok = !sh->lost && batch_send(sh, &b) && ok;
	json_object_put(b.lines);
	free(line);
	return ok;
}

/*
 * shell - runs one line.
 *
 * The daemon knows the mode: each answer brings the context that the next request takes
 * along. Answers are documents; a command typed with "json" shows them as they are, others
 * through render.c.
 */
#include "shell.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/grammar.h"
#include "link.h"
#include "output.h"
#include "pretty.h"
#include "replace.h"
#include "evpnsh/render.h"

/* --- the link --- */

static void
take_head(struct shell *sh, const struct reply *r)
{
	struct json_object *mode;

	if (r->ctx != NULL) {
		json_object_put(sh->ctx);
		sh->ctx = json_object_get(r->ctx);
		if (!json_object_object_get_ex(sh->ctx, "mode", &mode) ||
		    !cli_mode_parse(json_object_get_string(mode), &sh->mode))
			sh->mode = CLI_EXEC;
	}
	if (r->host[0] != '\0')
		strlcpy(sh->host, r->host, sizeof(sh->host));
}

static bool
reconnect(struct shell *sh)
{
	link_close(sh->link);
	sh->link = link_open(sh->path);
	if (sh->link == NULL) {
		fprintf(stderr, "%% Can't reach evpnd at %s: %s\n", sh->path,
		    strerror(errno));
		sh->lost = true;
		return false;
	}
	sh->lost = false;
	return true;
}

/* A daemon that was restarted meanwhile gets the command all the same. */
static bool
ask(struct shell *sh, const char *line, struct reply *r)
{
	if (sh->link != NULL && link_request(sh->link, line, sh->ctx, r)) {
		take_head(sh, r);
		return true;
	}
	if (!reconnect(sh))
		return false;
	if (link_request(sh->link, line, sh->ctx, r)) {
		take_head(sh, r);
		return true;
	}
	fprintf(stderr, "%% evpnd closed the connection\n");
	sh->lost = true;
	return false;
}

bool
shell_open(struct shell *sh, const char *path)
{
	struct reply r;

	*sh = (struct shell){ .path = path, .length = 1 };
	strlcpy(sh->host, "evpnd", sizeof(sh->host));
	if (!ask(sh, "", &r))
		return false;
	reply_fini(&r);
	return true;
}

void
shell_close(struct shell *sh)
{
	link_close(sh->link);
	json_object_put(sh->ctx);
}

void
shell_configure(struct shell *sh)
{
	json_object_put(sh->ctx);
	sh->ctx = json_object_new_object();
	json_object_object_add(
	    sh->ctx, "mode", json_object_new_string(cli_mode_name(CLI_CONFIG)));
	sh->mode = CLI_CONFIG;
}

/* --- answers --- */

static void
say(const struct shell *sh, bool refused, const char *message, const char *detail)
{
	bool bad = refused || message[0] == '%';
	FILE *to = bad ? stderr : stdout;

	if (message[0] == '\0')
		return;
	if (sh->file != NULL && bad)
		fprintf(to, "%s:%d:%d: ", sh->file, sh->lineno, sh->column);
	fprintf(to, "%s\n", message);
	if (detail[0] != '\0')
		fprintf(to, "  %s\n", detail);
}

static bool
lose(struct shell *sh)
{
	fprintf(stderr, "%% evpnd closed the connection in the middle of its answer\n");
	link_close(sh->link);
	sh->link = NULL;
	sh->lost = true;
	return false;
}

/* As it comes, laid out. */
static bool
show_json(struct shell *sh, FILE *out)
{
	struct pretty p = { .depth = 0 };
	const char *s;
	size_t len;

	for (;;) {
		if (!link_chunk(sh->link, &s, &len))
			return lose(sh);
		if (len == 0)
			break;
		pretty_put(&p, s, len, out);
	}
	putc('\n', out);
	return true;
}

/* Whole lines, one document each, for as long as it goes on; told at once. */
static bool
show_stream(struct shell *sh, const struct cli_match *m, bool as_json, FILE *out)
{
	struct json_object *doc;
	const char *s, *end;
	char *line;
	size_t len;

	for (;;) {
		if (!link_chunk(sh->link, &s, &len))
			return lose(sh);
		for (; len > 0 && (end = memchr(s, '\n', len)) != NULL;
		     len -= (size_t)(end + 1 - s), s = end + 1) {
			line = xasprintf("%.*s", (int)(end - s), s);
			doc = as_json ? NULL : json_tokener_parse(line);
			if (as_json)
				fprintf(out, "%s\n", line);
			else
				render(m, doc, out);
			json_object_put(doc);
			free(line);
		}
		if (fflush(out) != 0)
			return lose(sh);
	}
}

/* The whole document; OUT is NULL when it is none. */
static bool
read_document(struct shell *sh, struct json_object **out)
{
	struct json_tokener *t = json_tokener_new_ex(64);
	const char *s;
	size_t len;

	*out = NULL;
	for (;;) {
		if (!link_chunk(sh->link, &s, &len)) {
			json_object_put(*out);
			json_tokener_free(t);
			return lose(sh);
		}
		if (len == 0)
			break;
		if (*out == NULL)
			*out = json_tokener_parse_ex(t, s, (int)len);
	}
	json_tokener_free(t);
	return true;
}

static bool
show_text(struct shell *sh, const struct cli_match *m, FILE *out)
{
	struct json_object *doc;

	if (!read_document(sh, &doc))
		return false;
	if (!render(m, doc, out))
		fprintf(out, "%s\n",
		    json_object_to_json_string_ext(
			doc, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(doc);
	return true;
}

/* --- the shell's own commands --- */

static void
list_commands(const struct shell *sh, FILE *out)
{
	const struct cli_cmd *c;
	int i;

	for (i = 0; (c = cli_command(i)) != NULL; i++)
		if (c->mode == sh->mode && !(c->flags & CLI_HIDDEN))
			fprintf(out, "  %s\n", c->syntax);
}

/* True: it was one, and is done; OK: it went well. */
static bool
run_own(struct shell *sh, const struct cli_match *m, enum cli_mode mode, bool *ok)
{
	if (m->status != CLI_OK)
		return false;
	switch (m->cmd->op) {
	case OP_EXIT:
		if (mode != CLI_EXEC || m->do_exec)
			return false;
		sh->done = true;
		return true;
	case OP_CONFIGURE_REPLACE:
		if (cli_arg(m, "WORD") == NULL || m->do_exec)
			return false;
		*ok = shell_replace(sh, cli_arg(m, "WORD"), cli_arg(m, "NUMBER"));
		return true;
	case OP_LIST:
		list_commands(sh, stdout);
		return true;
	case OP_TERMINAL_LENGTH:
		sh->length = atoi(cli_arg(m, "NUMBER"));
		return true;
	default:
		return false;
	}
}

/* --- a line --- */

static bool
run_remote(
    struct shell *sh, const struct cli_match *m, const char *line, struct output *out)
{
	struct reply r;
	bool ok, data, as_json;

	if (!ask(sh, line, &r))
		return false;
	say(sh, r.refused, r.message, r.detail);
	ok = !r.refused;
	data = r.data;
	reply_fini(&r);
	if (!data)
		return ok;
	as_json = m->status != CLI_OK || cli_arg(m, "json") != NULL;
	if (m->status == CLI_OK && (m->cmd->flags & CLI_STREAM)) {
		output_start(out, false);
		return show_stream(sh, m, as_json, out->file);
	}
	output_start(out, sh->terminal && sh->length != 0);
	ok = (as_json ? show_json(sh, out->file) : show_text(sh, m, out->file)) && ok;
	return ok;
}

/* Exec commands may have a filter; elsewhere a "|" is text. */
static bool
is_exec(const struct shell *sh, const char *line)
{
	line += strspn(line, " \t");
	return sh->mode == CLI_EXEC || strncmp(line, "do ", 3) == 0;
}

bool
shell_run(struct shell *sh, const char *line)
{
	char *copy = xstrdup(line), msg[256];
	struct output out = { .filter = FILTER_NONE };
	struct cli_match m;
	enum cli_mode mode;
	bool ok = true;

	copy[strcspn(copy, "\r\n")] = '\0';
	if (is_exec(sh, copy) && !output_filter(&out, copy, msg, sizeof(msg))) {
		fprintf(stderr, "%s\n", msg);
		free(copy);
		return false;
	}
	cli_match(sh->mode, copy, true, &m, &mode);
	if (m.status != CLI_EMPTY && !run_own(sh, &m, mode, &ok))
		ok = run_remote(sh, &m, copy, &out);
	output_close(&out);
	free(copy);
	return ok;
}

/* --- files --- */

/* Lines and bytes to send at once: well below what the daemon takes. */
#define BATCH_LINES 500
#define BATCH_BYTES 16384

static const char *
text_of(struct json_object *o, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(o, key, &v) ? json_object_get_string(v) : "";
}

/* What the daemon has to say of lines, the first of which was line FIRST of the file. */
static void
say_results(struct shell *sh, struct json_object *results, int first)
{
	struct json_object *o, *v;
	size_t i;

	for (i = 0; i < json_object_array_length(results); i++) {
		o = json_object_array_get_idx(results, i);
		if (json_object_object_get_ex(o, "index", &v))
			sh->lineno = first + json_object_get_int(v);
		sh->column = json_object_object_get_ex(o, "column", &v)
		    ? json_object_get_int(v)
		    : 1;
		json_object_object_get_ex(o, "status", &v);
		say(sh, json_object_get_int(v) != 0, text_of(o, "message"),
		    text_of(o, "detail"));
	}
}

/* Sends LINES, which end at line LINENO of the file, and takes them over. */
static bool
send_lines(struct shell *sh, struct json_object *lines)
{
	int last = sh->lineno;
	int first = last - (int)json_object_array_length(lines) + 1;
	struct reply r;
	bool ok;

	if (json_object_array_length(lines) == 0) {
		json_object_put(lines);
		return true;
	}
	ok = sh->link != NULL && link_requests(sh->link, lines, sh->ctx, &r);
	json_object_put(lines);
	if (!ok)
		return lose(sh);
	take_head(sh, &r);
	say(sh, r.refused, r.message, r.detail);
	if (r.results != NULL)
		say_results(sh, r.results, first);
	ok = !r.refused;
	reply_fini(&r);
	sh->lineno = last;
	return ok;
}

bool
shell_load(struct shell *sh, FILE *f)
{
	struct json_object *lines = json_object_new_array();
	char *line = NULL;
	size_t size = 0, bytes = 0;
	bool ok = true;

	while (!sh->lost && getline(&line, &size, f) >= 0) {
		line[strcspn(line, "\r\n")] = '\0';
		if (strlen(line) > CLI_LINE)
			line[CLI_LINE] = '\0'; /* too long either way */
		sh->lineno++;
		json_object_array_add(lines, json_object_new_string(line));
		bytes += strlen(line);
		if (bytes < BATCH_BYTES &&
		    json_object_array_length(lines) < BATCH_LINES)
			continue;
		ok = send_lines(sh, lines) && ok;
		lines = json_object_new_array();
		bytes = 0;
	}
	ok = send_lines(sh, lines) && ok;
	free(line);
	return ok;
}

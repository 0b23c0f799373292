/*
 * shell - runs one line.
 *
 * The daemon knows the mode: each answer brings the context that the next request takes
 * along. Answers are documents; a command typed with "json" shows them as they are, others
 * through render.c. Documents pass through in pieces and are never held as a whole, unless a
 * command's text needs all of it at once.
 */
#include "shell.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/grammar.h"
#include "evpnsh/render.h"
#include "link.h"
#include "output.h"
#include "pretty.h"
#include "replace.h"
#include "slice.h"
#include "stop.h"
#include "watch.h"

/* --- the link --- */

void
shell_take(struct shell *sh, const struct reply *r)
{
	struct json_object *v;

	if (r->ctx != NULL) {
		json_object_put(sh->ctx);
		sh->ctx = json_object_get(r->ctx);
		if (!json_object_object_get_ex(sh->ctx, "mode", &v) ||
		    !cli_mode_parse(json_object_get_string(v), &sh->mode))
			sh->mode = CLI_EXEC;
		sh->candidate = json_object_object_get_ex(sh->ctx, "exclusive", &v) &&
		    json_object_get_boolean(v);
	}
	if (r->host[0] != '\0')
		strlcpy(sh->host, r->host, sizeof(sh->host));
}

static void
hang_up(struct shell *sh)
{
	link_close(sh->link);
	sh->link = NULL;
}

static bool
reconnect(struct shell *sh)
{
	hang_up(sh);
	sh->link = link_open(sh->path);
	if (sh->link == NULL) {
		fprintf(stderr, "%% Can't reach evpnd at %s: %s\n", sh->path,
		    strerror(errno));
		sh->lost = true;
		return false;
	}
	return true;
}

/* A daemon that was started again in between gets the request, too. */
bool
shell_ask(struct shell *sh, const char *line, struct reply *r)
{
	sh->lost = false;
	if (sh->link != NULL && link_request(sh->link, line, sh->ctx, r)) {
		shell_take(sh, r);
		return true;
	}
	if (stop_asked()) {
		hang_up(sh);
		return false;
	}
	if (!reconnect(sh))
		return false;
	if (link_request(sh->link, line, sh->ctx, r)) {
		shell_take(sh, r);
		return true;
	}
	return shell_lose(sh);
}

/*
 * The rest of an answer that is not wanted: a session that has a candidate would lose it with
 * the link, so the rest is read and dropped. A second ^C does not wait for it.
 */
static void
give_up(struct shell *sh)
{
	const char *s;
	size_t len = 1;

	if (sh->candidate && sh->link != NULL && !sh->endless) {
		stop_clear();
		while (len > 0 && link_chunk(sh->link, &s, &len))
			;
		if (len == 0)
			return;
	}
	hang_up(sh);
}

bool
shell_lose(struct shell *sh)
{
	if (stop_asked()) {
		give_up(sh);
	} else {
		hang_up(sh);
		fprintf(stderr, "%% evpnd closed the connection without an answer\n");
		sh->lost = true;
	}
	return false;
}

bool
shell_open(struct shell *sh, const char *path)
{
	struct reply r;

	*sh = (struct shell){ .path = path, .length = -1 };
	strlcpy(sh->host, "evpnd", sizeof(sh->host));
	if (!shell_ask(sh, "", &r))
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

void
shell_size(int *out_rows, int *out_columns)
{
	struct winsize ws;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) != 0 || ws.ws_row == 0) {
		ws.ws_row = 24;
		ws.ws_col = 80;
	}
	*out_rows = ws.ws_row;
	*out_columns = ws.ws_col;
}

/* --- answers --- */

static void
complain(const struct shell *sh, const char *message)
{
	if (sh->file != NULL)
		fprintf(stderr, "%s:%d: ", sh->file, sh->lineno);
	fprintf(stderr, "%s\n", message);
}

static void
say(const struct shell *sh, const struct reply *r)
{
	bool bad = r->refused || r->message[0] == '%';
	FILE *to = bad ? stderr : sh->to != NULL ? sh->to : stdout;

	if (r->message[0] == '\0')
		return;
	if (bad)
		complain(sh, r->message);
	else
		fprintf(to, "%s\n", r->message);
	if (r->detail[0] != '\0')
		fprintf(to, "  %s\n", r->detail);
}

/* The end of a document that nobody reads any more does not matter. */
static bool
show_broken(struct shell *sh)
{
	give_up(sh);
	return false;
}

/* As it comes, laid out. */
static bool
show_json(struct shell *sh, struct output *out)
{
	struct pretty p = { .depth = 0 };
	const char *s;
	size_t len;

	for (;;) {
		if (!link_chunk(sh->link, &s, &len))
			return shell_lose(sh);
		if (len == 0)
			break;
		pretty_put(&p, s, len, out->file);
		if (output_broken(out))
			return show_broken(sh);
	}
	putc('\n', out->file);
	return true;
}

/* A line of a stream. */
static void
show_event(
    const struct cli_match *m, bool as_json, const char *s, size_t len, FILE *out)
{
	char *line = xasprintf("%.*s", (int)len, s);
	struct json_object *doc = as_json ? NULL : json_tokener_parse(line);

	if (as_json || !render(m, doc, out))
		fprintf(out, "%s\n", line);
	json_object_put(doc);
	free(line);
}

/* Whole lines, one document each, for as long as it goes on; told at once. */
static bool
show_stream(
    struct shell *sh, const struct cli_match *m, bool as_json, struct output *out)
{
	const char *s, *end;
	size_t len;

	for (;;) {
		if (!link_chunk(sh->link, &s, &len))
			return shell_lose(sh) || stop_asked();
		if (len == 0)
			return true;
		for (; len > 0 && (end = memchr(s, '\n', len)) != NULL;
		     len -= (size_t)(end + 1 - s), s = end + 1)
			show_event(m, as_json, s, (size_t)(end - s), out->file);
		fflush(out->file);
		if (output_broken(out))
			return show_broken(sh);
	}
}

bool
shell_document(struct shell *sh, struct json_object **out)
{
	struct json_tokener *t = json_tokener_new_ex(64);
	const char *s;
	size_t len;

	*out = NULL;
	for (;;) {
		if (!link_chunk(sh->link, &s, &len)) {
			json_object_put(*out);
			json_tokener_free(t);
			return shell_lose(sh);
		}
		if (len == 0)
			break;
		if (*out == NULL)
			*out = json_tokener_parse_ex(t, s, (int)len);
	}
	json_tokener_free(t);
	return true;
}

/* A text under way. */
struct text {
	struct render_part part;
	FILE *out;
};

/* Of slice.h. */
static void
on_slice(struct json_object *doc, bool last, void *arg)
{
	struct text *t = arg;

	t->part.last = last;
	if (!render_slice(&t->part, doc, t->out))
		fprintf(t->out, "%s\n",
		    json_object_to_json_string_ext(
			doc, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	t->part.first = false;
}

static bool
show_text(struct shell *sh, const struct cli_match *m, struct output *out)
{
	struct text t = { .part = { .m = m, .first = true }, .out = out->file };
	struct slice slice = {
		.cut_depth = render_depth(m), .each = on_slice, .arg = &t
	};
	const char *s;
	size_t len = 1;
	bool ok = true;

	while (ok && len > 0) {
		ok = link_chunk(sh->link, &s, &len);
		if (!ok)
			shell_lose(sh);
		else if (len > 0)
			slice_put(&slice, s, len);
		if (ok && output_broken(out))
			ok = show_broken(sh);
	}
	if (ok)
		slice_end(&slice);
	slice_fini(&slice);
	return ok;
}

/* How an answer is shown. A page is what the terminal shows above the prompt. */
static struct output_to
output_for(const struct shell *sh, bool as_json, bool stream)
{
	struct output_to how = { .file = sh->to, .live = stream };
	int rows, columns;

	if (sh->to != NULL)
		return how;
	how.paint = sh->paint && !as_json && !stream;
	if (!sh->terminal)
		return how;
	shell_size(&rows, &columns);
	how.page = sh->length < 0 ? rows - 1 : sh->length;
	return how;
}

/* --- the shell's own commands --- */

static bool
list_commands(struct shell *sh, const struct cli_match *m, struct output *out)
{
	struct output_to how = output_for(sh, false, false);
	const struct cli_cmd *c;
	int i;

	(void)m;
	how.paint = false;
	output_start(out, &how);
	for (i = 0; (c = cli_command(i)) != NULL; i++)
		if (c->mode == sh->mode && !(c->flags & CLI_HIDDEN))
			fprintf(out->file, "  %s\n", c->syntax);
	return true;
}

static bool
terminal_length(struct shell *sh, const struct cli_match *m, struct output *out)
{
	const char *n = cli_arg(m, "NUMBER");

	(void)out;
	sh->length = n != NULL ? atoi(n) : -1;
	return true;
}

/* The file is read here. */
static bool
configure_replace(struct shell *sh, const struct cli_match *m, struct output *out)
{
	(void)out;
	return replace_file(sh, cli_arg(m, "WORD"), cli_arg(m, "NUMBER"));
}

static const struct {
	int op;
	const char *arg; /* only with this argument; NULL: always */
	bool (*run)(struct shell *sh, const struct cli_match *m, struct output *out);
} own[] = {
	{ OP_LIST, NULL, list_commands },
	{ OP_TERMINAL_LENGTH, NULL, terminal_length },
	{ OP_CONFIGURE_REPLACE, "WORD", configure_replace },
};

/* True: it was one, and is done; OK: it went well. */
static bool
run_own(struct shell *sh, const struct cli_match *m, enum cli_mode mode,
    struct output *out, bool *ok)
{
	size_t i;

	if (m->status != CLI_OK)
		return false;
	if (m->cmd->op == OP_EXIT && mode == CLI_EXEC && !m->do_exec)
		return sh->done = true;
	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		if (own[i].op != m->cmd->op ||
		    (own[i].arg != NULL && cli_arg(m, own[i].arg) == NULL))
			continue;
		*ok = own[i].run(sh, m, out);
		return true;
	}
	return false;
}

/* --- a line --- */

static bool
run_remote(
    struct shell *sh, const struct cli_match *m, const char *line, struct output *out)
{
	bool ok, data, stream, as_json;
	struct output_to how;
	struct reply r;

	if (!shell_ask(sh, line, &r))
		return false;
	say(sh, &r);
	ok = !r.refused;
	data = r.data;
	reply_fini(&r);
	if (!data)
		return ok;
	stream = sh->endless = m->status == CLI_OK && (m->cmd->flags & CLI_STREAM);
	as_json = m->status != CLI_OK || cli_arg(m, "json") != NULL;
	how = output_for(sh, as_json, stream);
	if (m->status == CLI_OK && m->cmd->op == OP_SHOW_RUNNING)
		how.paint = false; /* words of people */
	output_start(out, &how);
	if (stream)
		return show_stream(sh, m, as_json, out) && ok;
	return (as_json ? show_json(sh, out) : show_text(sh, m, out)) && ok;
}

/* Exec commands and shows may have a filter; elsewhere a "|" is text. */
static bool
takes_filter(const struct shell *sh, const char *line, const struct cli_match *m)
{
	line += strspn(line, " \t");
	return strchr(line, '|') != NULL &&
	    (sh->mode == CLI_EXEC || m->do_exec || strncmp(line, "show ", 5) == 0);
}

bool
shell_run(struct shell *sh, const char *line)
{
	char *copy = xstrdup(line), msg[256];
	struct output out = { .file = NULL };
	struct cli_match m;
	enum cli_mode mode;
	bool ok = true;

	copy[strcspn(copy, "\r\n")] = '\0';
	cli_match(sh->mode, copy, true, &m, &mode);
	if (m.status == CLI_OK && m.cmd->op == OP_WATCH) {
		ok = watch_run(sh, cli_arg(&m, "NUMBER"), cli_arg(&m, "LINE"));
		free(copy);
		return ok;
	}
	if (takes_filter(sh, copy, &m)) {
		if (!output_filter(&out, copy, msg, sizeof(msg))) {
			complain(sh, msg);
			free(copy);
			return false;
		}
		cli_match(sh->mode, copy, true, &m, &mode);
	}
	if (m.status != CLI_EMPTY && !run_own(sh, &m, mode, &out, &ok))
		ok = run_remote(sh, &m, copy, &out);
	output_close(&out);
	free(copy);
	return ok;
}

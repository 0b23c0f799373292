/*
 * ctl_run - see ctl_run.h. Shows are started here and written by whoever holds the client;
 * configuration lines are carried out on what change.c says.
 */
#include "ctl_run.h"

#include <json-c/json.h>
#include <string.h>

#include "change.h"
#include "cli/grammar.h"
#include "evpnd.h"
#include "exec.h"
#include "show.h"

#define NOT_ALLOWED "% Only root and the daemon's user may do this"

void
ctl_refuse(struct ctl_answer *a, const char *why)
{
	a->refused = true;
	strlcpy(a->message, why, sizeof(a->message));
}

/* --- exec --- */

static void
run_exec(struct evpnd *d, const struct ctl_user *who, const struct cli_match *m,
    struct ctl_answer *a)
{
	a->show = show_new(d, m, a->message, sizeof(a->message));
	if (a->show != NULL) {
		show_secrets(a->show, who->owner);
		return;
	}
	if (a->message[0] != '\0' || !(exec_known(m) || change_known(m))) {
		a->refused = true;
		return;
	}
	if (!who->owner && m->cmd->op != OP_END && m->cmd->op != OP_EXIT) {
		ctl_refuse(a, NOT_ALLOWED);
		return;
	}
	if (change_known(m)) {
		a->refused = !change_run(d->change, &who->change, m, &a->ctx,
		    a->message, sizeof(a->message));
		return;
	}
	a->refused = !exec_run(d, m, a->message, sizeof(a->message));
	if (!a->refused && m->cmd->next != CLI_STAY && !m->do_exec)
		a->ctx.mode = (enum cli_mode)m->cmd->next;
}

static void
exec_line(
    struct evpnd *d, const struct ctl_user *who, const char *line, struct ctl_answer *a)
{
	struct cli_match m;
	enum cli_mode mode;

	cli_match(a->ctx.mode, line, true, &m, &mode);
	if (m.status == CLI_EMPTY)
		return;
	if (m.status != CLI_OK) {
		a->refused = true;
		cli_refusal(&m, line, a->message, sizeof(a->message));
		cli_detail(&m, line, a->detail, sizeof(a->detail));
		return;
	}
	run_exec(d, who, &m, a);
}

/* --- configuration --- */

/* What lines are carried out on; NULL: refused. */
static struct conf *
begin(struct evpnd *d, const struct ctl_user *who, struct ctl_answer *a)
{
	struct conf *c = change_begin(
	    d->change, &who->change, &a->ctx, a->message, sizeof(a->message));

	a->refused = c == NULL;
	return c;
}

/* BEFORE: where the lines were typed. */
static void
end(struct evpnd *d, const struct ctl_user *who, struct conf *c,
    const struct conf_ctx *before, struct ctl_answer *a)
{
	if (!change_end(d->change, &who->change, c, &a->ctx, before, a->message,
		sizeof(a->message)))
		a->refused = true;
}

static void
conf_one(
    struct evpnd *d, const struct ctl_user *who, const char *line, struct ctl_answer *a)
{
	struct conf_msg msg = { .text = "" };
	struct conf_ctx before = a->ctx;
	struct conf *c = begin(d, who, a);

	if (c == NULL)
		return;
	a->refused = conf_line(c, &a->ctx, line, &msg) == CONF_ERROR;
	strlcpy(a->message, msg.text, sizeof(a->message));
	strlcpy(a->detail, msg.detail, sizeof(a->detail));
	end(d, who, c, &before, a);
}

/* Bytes of TEXT up to a character that was cut at its end. */
static size_t
whole(const char *text)
{
	size_t len = strlen(text), i = len;

	while (i > 0 && len - i < 3 && ((unsigned char)text[i - 1] & 0xc0) == 0x80)
		i--;
	if (i == 0 || (unsigned char)text[i - 1] < 0xc0)
		return len;
	/* A leading byte says how many follow. */
	i--;
	return len - i < ((unsigned char)text[i] < 0xe0          ? 2u
				 : (unsigned char)text[i] < 0xf0 ? 3u
								 : 4u)
	    ? i
	    : len;
}

static void
add_text(struct json_object *o, const char *key, const char *text)
{
	if (*text != '\0')
		json_object_object_add(
		    o, key, json_object_new_string_len(text, (int)whole(text)));
}

static void
add_result(struct ctl_answer *a, size_t i, bool refused, const struct conf_msg *msg)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "index", json_object_new_int64((int64_t)i));
	json_object_object_add(o, "status", json_object_new_int(refused ? 1 : 0));
	json_object_object_add(o, "column", json_object_new_int(msg->column));
	add_text(o, "message", msg->text);
	add_text(o, "detail", msg->detail);
	json_object_array_add(a->results, o);
	a->refused = a->refused || refused;
}

/*
 * Several commands on one copy; what is refused does not count, the rest does. They are a
 * file, or a piece of it: an "end" in them does not leave a candidate.
 */
static void
conf_many(struct evpnd *d, const struct ctl_user *who, const struct ctl_request *r,
    struct ctl_answer *a)
{
	struct conf_ctx before = a->ctx;
	struct conf *c = begin(d, who, a);
	struct conf_msg msg;
	enum conf_result result;
	const char *line;
	size_t i;

	if (c == NULL)
		return;
	a->results = json_object_new_array();
	for (i = 0; i < json_object_array_length(r->commands); i++) {
		line = ctl_request_line(r, i);
		if (line == NULL) {
			msg = (struct conf_msg){ .text = "% A command is text",
				.column = 1 };
			add_result(a, i, true, &msg);
			continue;
		}
		result = conf_line(c, &a->ctx, line, &msg);
		msg.column += (int)strspn(line, " \t");
		if (before.exclusive && a->ctx.mode == CLI_EXEC)
			a->ctx.mode = CLI_CONFIG;
		if (result != CONF_OK)
			add_result(a, i, result == CONF_ERROR, &msg);
	}
	end(d, who, c, &before, a);
}

/* What is understood in every mode is carried out at once, like "do ...". */
static bool
is_exec(const struct conf_ctx *ctx, const char *line)
{
	struct cli_match m;
	enum cli_mode mode;

	if (ctx->mode == CLI_EXEC)
		return true;
	cli_match(ctx->mode, line, true, &m, &mode);
	return m.do_exec ||
	    (m.status == CLI_OK && (m.cmd->flags & CLI_EVERYWHERE) &&
		m.cmd->op != OP_EXIT && m.cmd->op != OP_END);
}

void
ctl_run(struct evpnd *d, const struct ctl_user *who, const struct ctl_request *r,
    struct ctl_answer *out)
{
	*out = (struct ctl_answer){ .ctx = r->ctx };
	if (r->command != NULL && is_exec(&r->ctx, r->command))
		exec_line(d, who, r->command, out);
	else if (r->ctx.mode == CLI_EXEC)
		ctl_refuse(out, "% Several commands only in a configuration mode");
	else if (!who->owner)
		ctl_refuse(out, NOT_ALLOWED);
	else if (r->command != NULL)
		conf_one(d, who, r->command, out);
	else
		conf_many(d, who, r, out);
}

/* --- the answer --- */

struct json_object *
ctl_answer_json(const struct evpnd *d, struct ctl_answer *a)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "status", json_object_new_int(a->refused ? 1 : 0));
	json_object_object_add(o, "ctx", ctl_context(&a->ctx));
	add_text(o, "host", d->hostname);
	add_text(o, "message", a->message);
	add_text(o, "detail", a->detail);
	if (a->results != NULL)
		json_object_object_add(o, "results", a->results);
	a->results = NULL;
	if (a->show != NULL)
		json_object_object_add(o, "data", json_object_new_boolean(1));
	if (a->show != NULL && show_streams(a->show))
		json_object_object_add(o, "stream", json_object_new_boolean(1));
	return o;
}

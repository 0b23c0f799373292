/*
 * ctl - the control socket.
 *
 * Keeps: the listening socket and the clients. A client is in one of two states: reading a
 * request, or (SHOW set) writing a document. The document is made one step at a time, by a
 * timer of no delay so that other events come between, and only while little of it waits to
 * be sent.
 */
#include "ctl.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <json-c/json.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "apply.h"
#include "base/mem.h"
#include "base/table.h"
#include "cli/grammar.h"
#include "conf/text.h"
#include "evpnd.h"
#include "exec.h"
#include "log.h"
#include "show.h"

/* Bytes waiting to be sent above which no more of a document is made. */
#define OUTPUT_HIGH 65536

struct client {
	TAILQ_ENTRY(client) link;
	struct ctl *ctl;
	struct bufferevent *bev;
	struct event *step;
	struct show *show; /* the document under way, or NULL */
	bool trusted;      /* may change, may see passwords */
	bool finished;     /* the client sends no more */
	bool ending;       /* close when everything is sent */
};

struct ctl {
	struct evpnd *d;
	char *path;
	int fd;
	struct event *accept;
	TAILQ_HEAD(, client) clients;
	unsigned nclients;
};

static void
client_free(struct client *cl)
{
	TAILQ_REMOVE(&cl->ctl->clients, cl, link);
	cl->ctl->nclients--;
	show_free(cl->show);
	event_free(cl->step);
	bufferevent_free(cl->bev);
	free(cl);
}

/* --- answers --- */

static struct json_object *
ctx_json(const struct conf_ctx *ctx)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(
	    o, "mode", json_object_new_string(cli_mode_name(ctx->mode)));
	if (ctx->vni != 0)
		json_object_object_add(o, "vni", json_object_new_int64(ctx->vni));
	if (ctx->vrf[0] != '\0')
		json_object_object_add(o, "vrf", json_object_new_string(ctx->vrf));
	return o;
}

/* What a client sent back; false: not what we gave. */
static bool
ctx_parse(struct json_object *o, struct conf_ctx *out)
{
	struct json_object *v;
	int64_t vni;

	*out = (struct conf_ctx){ .mode = CLI_EXEC };
	if (o == NULL)
		return true;
	if (json_object_object_get_ex(o, "mode", &v) &&
	    !cli_mode_parse(json_object_get_string(v), &out->mode))
		return false;
	if (json_object_object_get_ex(o, "vni", &v)) {
		vni = json_object_get_int64(v);
		if (vni < 0 || vni > VNI_MAX)
			return false;
		out->vni = (uint32_t)vni;
	}
	if (json_object_object_get_ex(o, "vrf", &v) &&
	    strlcpy(out->vrf, json_object_get_string(v), sizeof(out->vrf)) >=
		sizeof(out->vrf))
		return false;
	return true;
}

struct answer {
	bool refused;
	bool data;
	struct json_object *results; /* of several commands, or NULL; taken over */
	char message[512];
	char detail[256];
};

static void
add_text(struct json_object *o, const char *key, const char *text)
{
	if (*text != '\0')
		json_object_object_add(o, key, json_object_new_string(text));
}

static void
send_answer(struct client *cl, const struct conf_ctx *ctx, const struct answer *a)
{
	struct json_object *o = json_object_new_object();
	struct evbuffer *out = bufferevent_get_output(cl->bev);

	json_object_object_add(o, "status", json_object_new_int(a->refused ? 1 : 0));
	json_object_object_add(o, "ctx", ctx_json(ctx));
	add_text(o, "host", cl->ctl->d->hostname);
	add_text(o, "message", a->message);
	add_text(o, "detail", a->detail);
	if (a->results != NULL)
		json_object_object_add(o, "results", a->results);
	if (a->data)
		json_object_object_add(o, "data", json_object_new_boolean(1));
	evbuffer_add_printf(
	    out, "%s\n", json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN));
	json_object_put(o);
}

/* --- documents --- */

static void client_turn(struct client *cl);

static void
schedule_step(struct client *cl)
{
	static const struct timeval now;

	event_add(cl->step, &now);
}

static void
show_end(struct client *cl)
{
	show_free(cl->show);
	cl->show = NULL;
	evbuffer_add_printf(bufferevent_get_output(cl->bev), "0\n");
	client_turn(cl);
}

/* One more piece of the document, if the client has taken what was there. */
static void
on_step(evutil_socket_t fd, short what, void *arg)
{
	struct client *cl = arg;
	struct evbuffer *out = bufferevent_get_output(cl->bev), *piece;
	bool done;

	(void)fd;
	(void)what;
	if (cl->ending && evbuffer_get_length(out) == 0) {
		client_free(cl);
		return;
	}
	if (cl->show == NULL) {
		client_turn(cl);
		return;
	}
	if (evbuffer_get_length(out) > OUTPUT_HIGH)
		return; /* on_written() comes when there is room */
	piece = evbuffer_new();
	if (piece == NULL)
		abort(); /* as everywhere when memory is out */
	done = show_step(cl->show, piece);
	if (evbuffer_get_length(piece) > 0) {
		evbuffer_add_printf(out, "%zu\n", evbuffer_get_length(piece));
		evbuffer_add_buffer(out, piece);
	}
	evbuffer_free(piece);
	if (done)
		show_end(cl);
	else
		schedule_step(cl);
}

/* --- requests --- */

static void
refuse(struct answer *a, const char *text)
{
	a->refused = true;
	strlcpy(a->message, text, sizeof(a->message));
}

#define NOT_ALLOWED "% Only root and the daemon's user may do this"

static void
run_exec(struct client *cl, struct conf_ctx *ctx, const struct cli_match *m,
    struct answer *a)
{
	struct evpnd *d = cl->ctl->d;

	cl->show = show_new(d, m, a->message, sizeof(a->message));
	if (cl->show != NULL) {
		show_secrets(cl->show, cl->trusted);
		a->data = true;
		return;
	}
	if (a->message[0] != '\0' || !exec_known(m)) {
		a->refused = true;
		return;
	}
	if (!cl->trusted && m->cmd->op != OP_END && m->cmd->op != OP_EXIT) {
		refuse(a, NOT_ALLOWED);
		return;
	}
	a->refused = !exec_run(d, m, a->message, sizeof(a->message));
	if (!a->refused && m->cmd->next != CLI_STAY && !m->do_exec)
		ctx->mode = (enum cli_mode)m->cmd->next;
}

static void
exec_line(struct client *cl, struct conf_ctx *ctx, const char *line, struct answer *a)
{
	struct cli_match m;
	enum cli_mode mode;

	cli_match(ctx->mode, line, true, &m, &mode);
	if (m.status == CLI_EMPTY)
		return;
	if (m.status != CLI_OK) {
		a->refused = true;
		cli_refusal(&m, line, a->message, sizeof(a->message));
		cli_detail(&m, line, a->detail, sizeof(a->detail));
		return;
	}
	run_exec(cl, ctx, &m, a);
}

/* The copy takes the running configuration's place, if it says anything else. */
static void
put_in_force(struct evpnd *d, struct conf *c)
{
	if (conf_equal(c, d->conf)) {
		conf_free(c);
		return;
	}
	apply_conf(d, c);
	pipeline_wake(d);
}

static void
conf_request(
    struct client *cl, struct conf_ctx *ctx, const char *line, struct answer *a)
{
	struct evpnd *d = cl->ctl->d;
	struct conf_msg msg = { .text = "" };
	struct conf *c;

	if (!cl->trusted) {
		refuse(a, NOT_ALLOWED);
		return;
	}
	c = conf_copy(d->conf);
	a->refused = conf_line(c, ctx, line, &msg) == CONF_ERROR;
	strlcpy(a->message, msg.text, sizeof(a->message));
	strlcpy(a->detail, msg.detail, sizeof(a->detail));
	put_in_force(d, c);
}

/* Control characters would end up in logs and files. */
static bool
is_text(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' && *s != '\t')
			return false;
	return true;
}

static void
add_result(struct answer *a, size_t i, bool refused, const struct conf_msg *msg)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "index", json_object_new_int64((int64_t)i));
	json_object_object_add(o, "status", json_object_new_int(refused ? 1 : 0));
	add_text(o, "message", msg->text);
	add_text(o, "detail", msg->detail);
	json_object_array_add(a->results, o);
	a->refused = a->refused || refused;
}

/* Several configuration commands on one copy. */
static void
conf_requests(struct client *cl, struct conf_ctx *ctx, struct json_object *lines,
    struct answer *a)
{
	struct conf_msg msg;
	enum conf_result result;
	const char *line;
	struct conf *c;
	size_t i;

	if (!cl->trusted) {
		refuse(a, NOT_ALLOWED);
		return;
	}
	c = conf_copy(cl->ctl->d->conf);
	a->results = json_object_new_array();
	for (i = 0; i < json_object_array_length(lines); i++) {
		line = json_object_get_string(json_object_array_get_idx(lines, i));
		if (line == NULL || !is_text(line)) {
			msg = (struct conf_msg){ .text = "% A command is text" };
			add_result(a, i, true, &msg);
			continue;
		}
		result = conf_line(c, ctx, line, &msg);
		if (result != CONF_OK)
			add_result(a, i, result == CONF_ERROR, &msg);
	}
	put_in_force(cl->ctl->d, c);
}

/* "do ..." and "list" are exec commands wherever they are typed. */
static bool
is_exec(const struct conf_ctx *ctx, const char *line)
{
	struct cli_match m;
	enum cli_mode mode;

	if (ctx->mode == CLI_EXEC)
		return true;
	cli_match(ctx->mode, line, true, &m, &mode);
	return m.do_exec || (m.status == CLI_OK && m.cmd->op == OP_LIST);
}

static void
run_line(struct client *cl, struct conf_ctx *ctx, const char *line)
{
	struct answer a = { .refused = false };

	if (is_exec(ctx, line))
		exec_line(cl, ctx, line, &a);
	else
		conf_request(cl, ctx, line, &a);
	send_answer(cl, ctx, &a);
	if (cl->show != NULL)
		schedule_step(cl);
}

static void
bad_request(struct client *cl, const char *why)
{
	struct conf_ctx ctx = { .mode = CLI_EXEC };
	struct answer a = { .refused = true };

	strlcpy(a.message, why, sizeof(a.message));
	send_answer(cl, &ctx, &a);
	cl->ending = true;
}

static void
run_lines(struct client *cl, struct conf_ctx *ctx, struct json_object *lines)
{
	struct answer a = { .refused = false };

	if (ctx->mode == CLI_EXEC)
		refuse(&a, "% Several commands only in a configuration mode");
	else if (json_object_array_length(lines) > CTL_LINES)
		refuse(&a, "% Too many commands");
	else
		conf_requests(cl, ctx, lines, &a);
	send_answer(cl, ctx, &a);
}

static void
request(struct client *cl, const char *text)
{
	struct json_object *o = json_tokener_parse(text), *cmd = NULL, *ctx_o = NULL;
	struct json_object *many = NULL;
	struct conf_ctx ctx;

	if (json_object_is_type(o, json_type_object)) {
		json_object_object_get_ex(o, "command", &cmd);
		json_object_object_get_ex(o, "commands", &many);
		json_object_object_get_ex(o, "ctx", &ctx_o);
	}
	if (!json_object_is_type(cmd, json_type_string) &&
	    !json_object_is_type(many, json_type_array))
		bad_request(cl, "% A request is {\"command\":\"...\"}");
	else if (ctx_o != NULL && !json_object_is_type(ctx_o, json_type_object))
		bad_request(cl, "% Bad ctx");
	else if (!ctx_parse(ctx_o, &ctx))
		bad_request(cl, "% Bad ctx");
	else if (json_object_is_type(many, json_type_array))
		run_lines(cl, &ctx, many);
	else if (!is_text(json_object_get_string(cmd)))
		bad_request(cl, "% A command is one line of text");
	else
		run_line(cl, &ctx, json_object_get_string(cmd));
	json_object_put(o);
}

/*
 * The next request, if one is there and no answer is under way. One a turn: a client that
 * sends many does not keep others waiting.
 */
static void
client_turn(struct client *cl)
{
	struct evbuffer *in = bufferevent_get_input(cl->bev);
	struct evbuffer *out = bufferevent_get_output(cl->bev);
	char *line;

	if (cl->show != NULL || cl->ending || evbuffer_get_length(out) > OUTPUT_HIGH)
		return;
	line = evbuffer_readln(in, NULL, EVBUFFER_EOL_LF);
	if (line == NULL) {
		if (evbuffer_get_length(in) >= CTL_REQUEST_MAX)
			bad_request(cl, "% Request too long");
		else if (cl->finished)
			cl->ending = true;
		if (cl->ending)
			schedule_step(cl);
		return;
	}
	request(cl, line);
	free(line);
	if (cl->show == NULL && (evbuffer_get_length(in) > 0 || cl->finished))
		schedule_step(cl);
}

/* --- clients --- */

static void
on_read(struct bufferevent *bev, void *arg)
{
	(void)bev;
	client_turn(arg);
}

static void
on_written(struct bufferevent *bev, void *arg)
{
	(void)bev;
	schedule_step(arg);
}

/* A client that has only closed its sending side still gets its answers. */
static void
on_event(struct bufferevent *bev, short what, void *arg)
{
	struct client *cl = arg;

	(void)bev;
	if (!(what & BEV_EVENT_EOF)) {
		client_free(cl);
		return;
	}
	cl->finished = true;
	if (cl->show == NULL)
		schedule_step(cl);
}

/* Root inside our user namespace, or whoever the daemon runs as. */
static bool
is_trusted(int fd)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) != 0)
		return false;
	return cred.uid == 0 || cred.uid == geteuid();
}

static void
client_new(struct ctl *c, int fd)
{
	struct client *cl = xcalloc(1, sizeof(*cl));

	cl->ctl = c;
	cl->trusted = is_trusted(fd);
	cl->bev = bufferevent_socket_new(c->d->base, fd, BEV_OPT_CLOSE_ON_FREE);
	cl->step = event_new(c->d->base, -1, 0, on_step, cl);
	TAILQ_INSERT_TAIL(&c->clients, cl, link);
	c->nclients++;
	bufferevent_setcb(cl->bev, on_read, on_written, on_event, cl);
	bufferevent_setwatermark(cl->bev, EV_READ, 0, CTL_REQUEST_MAX);
	bufferevent_setwatermark(cl->bev, EV_WRITE, 0, 0);
	bufferevent_enable(cl->bev, EV_READ | EV_WRITE);
}

static void
on_accept(evutil_socket_t listener, short what, void *arg)
{
	static const char busy[] =
	    "{\"status\":1,\"message\":\"% Too many sessions\"}\n";
	struct ctl *c = arg;
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	ssize_t sent;

	(void)what;
	if (fd < 0)
		return;
	if (c->nclients >= CTL_CLIENTS) {
		sent = write(fd, busy, sizeof(busy) - 1);
		(void)sent;
		close(fd);
		return;
	}
	client_new(c, fd);
}

/* --- the socket --- */

static void
make_directory(const char *path)
{
	char *copy = xstrdup(path);

	if (mkdir(dirname(copy), 0755) != 0 && errno != EEXIST)
		log_warn("%s: %s", copy, strerror(errno));
	free(copy);
}

/* Does somebody answer there? */
static bool
is_alive(const struct sockaddr_un *sun)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool alive;

	if (fd < 0)
		return false;
	alive = connect(fd, (const struct sockaddr *)sun, sizeof(*sun)) == 0 ||
	    errno == EAGAIN;
	close(fd);
	return alive;
}

/* The listening socket, or -1 with errno set. */
static int
listen_on(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd, saved;
	mode_t mask;

	if (strlcpy(sun.sun_path, path, sizeof(sun.sun_path)) >= sizeof(sun.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (is_alive(&sun)) {
		errno = EADDRINUSE;
		return -1;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	unlink(path);
	mask = umask(0117); /* 0660 from the first moment on */
	if (bind(fd, (const struct sockaddr *)&sun, sizeof(sun)) == 0 &&
	    listen(fd, 16) == 0) {
		umask(mask);
		return fd;
	}
	saved = errno;
	umask(mask);
	close(fd);
	errno = saved;
	return -1;
}

struct ctl *
ctl_new(struct evpnd *d, const char *path)
{
	struct ctl *c;
	int fd;

	make_directory(path);
	fd = listen_on(path);
	if (fd < 0)
		return NULL;
	c = xcalloc(1, sizeof(*c));
	c->d = d;
	c->path = xstrdup(path);
	c->fd = fd;
	TAILQ_INIT(&c->clients);
	c->accept = event_new(d->base, fd, EV_READ | EV_PERSIST, on_accept, c);
	event_add(c->accept, NULL);
	return c;
}

void
ctl_free(struct ctl *c)
{
	struct client *cl;

	if (c == NULL)
		return;
	while ((cl = TAILQ_FIRST(&c->clients)) != NULL)
		client_free(cl);
	event_free(c->accept);
	close(c->fd);
	unlink(c->path);
	free(c->path);
	free(c);
}

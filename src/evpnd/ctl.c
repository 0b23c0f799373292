/*
 * ctl - the control socket: who is connected, and whose turn it is.
 *
 * Keeps: the listening socket and the clients. A client is in one of two states: reading a
 * request, or (SHOW set) writing a document. The document is made one step at a time, by a
 * timer of no delay so that other events come between, and only while little of it waits to
 * be sent. What a request says is ctl_request.c's business, what it does ctl_run.c's.
 */
#include "ctl.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <json-c/json.h>
#include <libgen.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/table.h"
#include "change.h"
#include "ctl_run.h"
#include "evpnd.h"
#include "log.h"
#include "show.h"

/* Bytes waiting to be sent above which no more of a document is made. */
#define OUTPUT_HIGH 65536
/* The same of a stream: bursts go out at once. */
#define STREAM_HIGH 262144

/* Supplementary groups of a client that are looked at. */
#define GROUPS 256

struct client {
	TAILQ_ENTRY(client) link;
	struct ctl *ctl;
	struct bufferevent *bev;
	struct event *step;
	struct show *show; /* the document under way, or NULL */
	struct ctl_user who;
	uint64_t half_ms; /* since when there is half a request; 0: there is none */
	bool streams;     /* SHOW never ends */
	bool finished;    /* the client sends no more */
	bool ending;      /* close when everything is sent */
};

struct ctl {
	struct evpnd *d;
	char *path;
	int fd;
	struct event *accept;
	struct event *again; /* accepting goes on when descriptors had run out */
	TAILQ_HEAD(, client) clients;
	unsigned nclients, nstreams;
};

static void
client_free(struct client *cl)
{
	TAILQ_REMOVE(&cl->ctl->clients, cl, link);
	cl->ctl->nclients--;
	change_gone(cl->ctl->d->change, cl);
	cl->ctl->nstreams -= cl->streams;
	show_free(cl->show);
	event_free(cl->step);
	bufferevent_free(cl->bev);
	free(cl);
}

/* --- answers --- */

static void
send_answer(struct client *cl, struct ctl_answer *a)
{
	struct json_object *o = ctl_answer_json(cl->ctl->d, a);

	evbuffer_add_printf(bufferevent_get_output(cl->bev), "%s\n",
	    json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN));
	json_object_put(o);
}

static void
bad_request(struct client *cl, const char *why)
{
	struct ctl_answer a = { .ctx = { .mode = CLI_EXEC } };

	ctl_refuse(&a, why);
	send_answer(cl, &a);
	cl->ending = true;
}

/* --- documents --- */

static void client_turn(struct client *cl);

static void
step_in(struct client *cl, unsigned ms)
{
	struct timeval tv = { (time_t)(ms / 1000), (suseconds_t)(ms % 1000 * 1000) };

	event_add(cl->step, &tv);
}

static void
show_end(struct client *cl)
{
	show_free(cl->show);
	cl->show = NULL;
	evbuffer_add_printf(bufferevent_get_output(cl->bev), "0\n");
	client_turn(cl);
}

/* One more piece of the document. */
static void
show_more(struct client *cl)
{
	struct evbuffer *out = bufferevent_get_output(cl->bev), *piece;
	size_t len;
	bool done;

	piece = evbuffer_new();
	if (piece == NULL)
		abort(); /* as everywhere when memory is out */
	done = show_step(cl->show, piece);
	len = evbuffer_get_length(piece);
	if (len > 0)
		evbuffer_add_printf(out, "%zu\n", len);
	evbuffer_add_buffer(out, piece);
	evbuffer_free(piece);
	if (done)
		show_end(cl);
	else if (len > 0 || !cl->streams) /* else ctl_wake() comes */
		step_in(cl, 0);
}

static void
on_step(evutil_socket_t fd, short what, void *arg)
{
	struct client *cl = arg;
	size_t waiting = evbuffer_get_length(bufferevent_get_output(cl->bev));

	(void)fd;
	(void)what;
	if (cl->ending && waiting == 0)
		client_free(cl);
	else if (cl->show == NULL)
		client_turn(cl);
	else if (waiting <=
	    (cl->streams
		    ? STREAM_HIGH
		    : OUTPUT_HIGH)) /* else on_written() comes when there is room */
		show_more(cl);
}

/* --- requests --- */

static void
request(struct client *cl, const char *line, size_t len)
{
	struct ctl_request r;
	struct ctl_answer a;
	const char *why = ctl_request_parse(line, len, &r);

	if (why != NULL) {
		bad_request(cl, why);
		return;
	}
	ctl_run(cl->ctl->d, &cl->who, &r, &a);
	ctl_request_fini(&r);
	send_answer(cl, &a);
	cl->show = a.show;
	cl->streams = a.show != NULL && show_streams(a.show);
	cl->ctl->nstreams += cl->streams;
	if (cl->show != NULL)
		step_in(cl, 0);
}

/* No whole line is there. Who has begun one may not take for ever. */
static void
half_request(struct client *cl, size_t len)
{
	uint64_t now = evpnd_now();

	if (cl->half_ms == 0)
		cl->half_ms = now;
	if (len >= CTL_REQUEST_MAX)
		bad_request(cl, "% Request too long");
	else if (cl->finished)
		bad_request(cl, "% Request incomplete");
	else if (now - cl->half_ms >= CTL_REQUEST_MS)
		bad_request(cl, "% Request not complete in time");
	step_in(cl, cl->ending ? 0 : CTL_REQUEST_MS);
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
	size_t len;
	char *line;

	if (cl->show != NULL || cl->ending || evbuffer_get_length(out) > OUTPUT_HIGH)
		return;
	line = evbuffer_readln(in, &len, EVBUFFER_EOL_LF);
	if (line == NULL && evbuffer_get_length(in) > 0) {
		half_request(cl, evbuffer_get_length(in));
		return;
	}
	cl->half_ms = 0;
	if (line != NULL)
		request(cl, line, len);
	free(line);
	if (line == NULL && cl->finished)
		cl->ending = true;
	if (cl->ending ||
	    (cl->show == NULL && (evbuffer_get_length(in) > 0 || cl->finished)))
		step_in(cl, 0);
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
	step_in(arg, 0);
}

/* Both directions are closed: nobody reads any more. */
static bool
is_gone(const struct client *cl)
{
	struct pollfd p = { .fd = bufferevent_getfd(cl->bev) };

	return poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR)) != 0;
}

/* A client that has only closed its sending side still gets its answers, but no stream. */
static void
on_event(struct bufferevent *bev, short what, void *arg)
{
	struct client *cl = arg;

	(void)bev;
	if (!(what & BEV_EVENT_EOF) || cl->streams || is_gone(cl)) {
		client_free(cl);
		return;
	}
	cl->finished = true;
	if (cl->show == NULL)
		step_in(cl, 0);
}

/* Is the client's user in the group that the socket belongs to? */
static bool
in_group(const struct ctl *c, int fd, gid_t primary)
{
	gid_t groups[GROUPS];
	socklen_t len = sizeof(groups);
	struct stat st;

	if (stat(c->path, &st) != 0)
		return false;
	if (primary == st.st_gid)
		return true;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len) != 0)
		return false;
	for (size_t i = 0; i < len / sizeof(groups[0]); i++)
		if (groups[i] == st.st_gid)
			return true;
	return false;
}

/* Root inside our user namespace, or whoever the daemon runs as; false: no business here. */
static bool
who_is(const struct ctl *c, int fd, struct ctl_user *out)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	*out = (struct ctl_user){ .owner = false };
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) != 0)
		return false;
	out->change.pid = cred.pid;
	out->change.uid = cred.uid;
	out->owner = cred.uid == 0 || cred.uid == geteuid();
	return out->owner || in_group(c, fd, cred.gid);
}

static void
client_new(struct ctl *c, int fd, const struct ctl_user *who)
{
	static const struct timeval stall = { .tv_sec = CTL_STALL_S };
	struct client *cl = xcalloc(1, sizeof(*cl));

	cl->ctl = c;
	cl->who = *who;
	cl->who.change.session = cl;
	cl->bev = bufferevent_socket_new(c->d->base, fd, BEV_OPT_CLOSE_ON_FREE);
	cl->step = event_new(c->d->base, -1, 0, on_step, cl);
	TAILQ_INSERT_TAIL(&c->clients, cl, link);
	c->nclients++;
	bufferevent_setcb(cl->bev, on_read, on_written, on_event, cl);
	bufferevent_setwatermark(cl->bev, EV_READ, 0, CTL_REQUEST_MAX);
	bufferevent_setwatermark(cl->bev, EV_WRITE, 0, 0);
	if (!who->owner)
		bufferevent_set_timeouts(cl->bev, NULL, &stall);
	bufferevent_enable(cl->bev, EV_READ | EV_WRITE);
}

/* Says why and hangs up. */
static void
turn_away(int fd, const char *why)
{
	char text[256];
	int len =
	    snprintf(text, sizeof(text), "{\"status\":1,\"message\":\"%s\"}\n", why);
	ssize_t sent = send(fd, text, (size_t)len, MSG_NOSIGNAL);

	(void)sent;
	close(fd);
}

/* Out of descriptors: the listening socket would stay readable. */
static void
accept_later(struct ctl *c)
{
	static const struct timeval second = { .tv_sec = 1 };

	event_del(c->accept);
	evtimer_add(c->again, &second);
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	event_add(((struct ctl *)arg)->accept, NULL);
}

static void
on_accept(evutil_socket_t listener, short what, void *arg)
{
	struct ctl *c = arg;
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct ctl_user who;

	(void)what;
	if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM))
		accept_later(c);
	if (fd < 0)
		return;
	if (!who_is(c, fd, &who))
		turn_away(fd,
		    "% Only root, the daemon's user and the socket's group may ask");
	else if (c->nclients >= (who.owner ? CTL_CLIENTS + CTL_SPARE : CTL_CLIENTS))
		turn_away(fd, "% Too many sessions");
	else
		client_new(c, fd, &who);
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
	    listen(fd, 128) == 0) {
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
	c->again = evtimer_new(d->base, on_again, c);
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
	event_free(c->again);
	close(c->fd);
	unlink(c->path);
	free(c->path);
	free(c);
}

void
ctl_wake(struct ctl *c)
{
	struct client *cl;

	if (c == NULL || c->nstreams == 0)
		return;
	TAILQ_FOREACH (cl, &c->clients, link)
		if (cl->streams)
			step_in(cl, 0);
}

unsigned
ctl_sessions(const struct ctl *c, size_t *out_bytes)
{
	const struct client *cl;

	*out_bytes = c->nclients * sizeof(struct client);
	TAILQ_FOREACH (cl, &c->clients, link)
		*out_bytes += evbuffer_get_length(bufferevent_get_output(cl->bev)) +
		    evbuffer_get_length(bufferevent_get_input(cl->bev));
	return c->nclients;
}

/*
 * session - see session.h.
 *
 * Everything that happens is an event for fsm_next(); what it says to do is a row of the
 * table of actions below. Timers carry RFC 4271's jitter (10): three quarters to the whole of
 * their time. The hold timer is not moved for every message: it fires, looks when the peer
 * was heard last, and sleeps for the rest.
 *
 * Input is in session_in.c. Output is one buffer with a high-water mark: session_has_room() says
 * stop and WRITABLE says go on.
 */
#include "session.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "evpnd.h"
#include "linger.h"
#include "session_int.h"

#define OUT_HIGH (256 * 1024)
#define OUT_LOW (64 * 1024)
#define IN_SIZE (4 * MSG_MAX)
#define OPEN_HOLD_S 240    /* RFC 4271, 8.2.2: until the OPEN comes */
#define CONNECT_LIMIT_S 10 /* a connection not there by then is tried again */
#define SEND_HOLD_S 480    /* RFC 9687: the peer lives but reads nothing */
#define STALL_MS 1000      /* how often output that waits is looked at */
#define SLOW_MS 10000      /* a peer is slow that takes in so long a time ... */
#define SLOW_BYTES 65536   /* ... less than that of what waits for it */

static void
enter(struct session *s)
{
	s->busy++;
}

static void
free_now(struct session *s)
{
	event_free(s->retry);
	event_free(s->hold);
	event_free(s->keepalive);
	event_free(s->stall);
	free(s->in);
	free(s);
}

static void
leave(struct session *s)
{
	if (--s->busy == 0 && s->dead)
		free_now(s);
}

/* Timers. */

static void
arm(struct event *e, uint64_t ms)
{
	struct timeval tv = {
		.tv_sec = (time_t)(ms / 1000),
		.tv_usec = (suseconds_t)(ms % 1000 * 1000),
	};

	evtimer_add(e, &tv);
}

static uint64_t
jitter(uint64_t ms)
{
	return ms - arc4random_uniform((uint32_t)(ms / 4) + 1);
}

/* 1, 2, 4 ... seconds, up to the connect retry time. */
static void
arm_retry(struct session *s)
{
	uint64_t most = s->o.connect_s * 1000ul, ms = most;

	if (s->attempts < 10 && 1000ul << s->attempts < most)
		ms = 1000ul << s->attempts;
	s->attempts++;
	arm(s->retry, jitter(ms));
}

static void
arm_hold(struct session *s, uint16_t seconds)
{
	s->heard_ms = evpnd_now();
	if (seconds > 0)
		arm(s->hold, seconds * 1000ul);
	else
		evtimer_del(s->hold);
}

static void
arm_keepalive(struct session *s)
{
	if (s->keepalive_s > 0)
		arm(s->keepalive, jitter(s->keepalive_s * 1000ul));
}

/* The connection. */

static void
drop_tcp(struct session *s)
{
	if (s->read != NULL)
		event_free(s->read);
	if (s->write != NULL)
		event_free(s->write);
	if (s->out != NULL)
		evbuffer_free(s->out);
	if (s->fd >= 0)
		close(s->fd);
	s->read = s->write = NULL;
	s->out = NULL;
	s->fd = -1;
	s->connecting = s->stuffed = s->slow = false;
	s->in_len = 0;
	evtimer_del(s->stall);
	evtimer_del(s->hold);
	evtimer_del(s->keepalive);
}

/* As drop_tcp(), but what was queued still goes out. */
static void
hand_over_tcp(struct session *s)
{
	struct evbuffer *out = s->out;
	int fd = s->fd;

	s->out = NULL;
	s->fd = -1;
	drop_tcp(s);
	lingers_add(s->o.lingers, fd, out);
}

/* Writes what it can. False: the connection is broken. */
static bool
write_some(struct session *s)
{
	int n = 1;

	while (n > 0 && evbuffer_get_length(s->out) > 0) {
		n = tcp_write(s->fd, s->out);
		if (n > 0) {
			s->progress_ms = evpnd_now();
			s->moved += (size_t)n;
		}
	}
	if (n < 0 && n != -EAGAIN && n != -EINTR && n != -ENOBUFS) {
		snprintf(s->text, sizeof(s->text), "write: %s", strerror(-n));
		return false;
	}
	return true;
}

/*
 * Writes now, outside of the socket's own callback: an error shows again there, where the
 * session may end.
 */
static void
push(struct session *s)
{
	if (s->connecting || s->fd < 0)
		return;
	if (evbuffer_get_length(s->out) > OUT_HIGH)
		s->stuffed = true;
	if (write_some(s) && evbuffer_get_length(s->out) == 0)
		return;
	event_add(s->write, NULL);
	if (!evtimer_pending(s->stall, NULL)) {
		s->window_ms = evpnd_now();
		s->moved = 0;
		arm(s->stall, STALL_MS);
	}
}

/* RFC 9687, 5: the greater of 8 minutes and twice the hold time. */
static uint64_t
send_hold_ms(const struct session *s)
{
	uint64_t most = s->hold_s * 2ul > SEND_HOLD_S ? s->hold_s * 2ul : SEND_HOLD_S;

	return (s->o.send_hold_s != 0 ? s->o.send_hold_s : most) * 1000;
}

static void
queue(struct session *s, const uint8_t *p, size_t len)
{
	if (evbuffer_get_length(s->out) == 0)
		s->progress_ms = evpnd_now();
	evbuffer_add(s->out, p, len);
}

static void
queue_message(struct session *s, enum msg_type type, const struct builder *b)
{
	queue(s, b->start, put_len(b));
	s->o.ops->counted(s->o.arg, s, type, true);
}

static void
queue_notification(struct session *s)
{
	uint8_t buf[MSG_HEADER + 4 + BGP_ERROR_DATA];
	struct builder b = builder_of(buf, sizeof(buf));

	msg_notification_put(&b, &s->err);
	queue_message(s, MSG_NOTIFICATION, &b);
}

static void
queue_keepalive(struct session *s)
{
	uint8_t buf[MSG_HEADER];
	struct builder b = builder_of(buf, sizeof(buf));

	msg_keepalive_put(&b);
	queue_message(s, MSG_KEEPALIVE, &b);
	push(s);
}

/* Actions. */

/* It is over: DOWN is told once. */
static void
finish(struct session *s, bool sent)
{
	struct session_end end = { .sent = sent, .text = s->text };

	evtimer_del(s->retry);
	s->state = FSM_IDLE;
	if (s->over)
		return;
	s->over = true;
	if (sent || s->received)
		end.err = s->err;
	if (s->why != NULL)
		end.text = s->why;
	s->o.ops->down(s->o.arg, s, &end);
}

static void
do_drop(struct session *s)
{
	drop_tcp(s);
	finish(s, false);
}

static void
do_notify(struct session *s)
{
	s->why = s->err.text;
	if (s->fd < 0 || s->connecting) {
		do_drop(s);
		return;
	}
	queue_notification(s);
	hand_over_tcp(s);
	finish(s, true);
}

static void
do_expire(struct session *s)
{
	bgp_error_set(&s->err, BGP_ERR_HOLD, 0, NULL, 0, "hold timer expired (%u s)",
	    s->state == FSM_OPENSENT ? OPEN_HOLD_S : s->hold_s);
	do_notify(s);
}

static void
do_error(struct session *s)
{
	/* RFC 6608: the subcodes are those of the states from OpenSent on. */
	bgp_error_set(&s->err, BGP_ERR_FSM, (uint8_t)(s->state - FSM_OPENSENT + 1),
	    NULL, 0, "%s in state %s", s->text, fsm_state_name(s->state));
	do_notify(s);
}

static void
do_cease(struct session *s)
{
	if (s->err.code == 0)
		do_drop(s);
	else
		do_notify(s);
}

/* The hold timer looks here when it fires. */
static void
do_hold(struct session *s)
{
	s->heard_ms = evpnd_now();
}

static void
do_nothing(struct session *s)
{
	(void)s;
}

static void on_socket(evutil_socket_t fd, short what, void *arg);

static void
watch(struct session *s, int fd, bool connecting)
{
	s->fd = fd;
	s->connecting = connecting;
	s->out = evbuffer_new();
	s->read = event_new(s->o.base, fd, EV_READ | EV_PERSIST, on_socket, s);
	s->write = event_new(s->o.base, fd, EV_WRITE, on_socket, s);
	if (connecting)
		event_add(s->write, NULL);
	else
		event_add(s->read, NULL);
}

static void
note_failure(struct session *s, int error)
{
	if (error == EADDRNOTAVAIL && s->o.tcp.ifname[0] != '\0')
		snprintf(s->text, sizeof(s->text),
		    "update-source %s has no IPv%u address", s->o.tcp.ifname,
		    s->o.addr.family);
	else
		snprintf(s->text, sizeof(s->text), "connect to port %u: %s", s->o.port,
		    strerror(error));
}

static void
do_connect(struct session *s)
{
	uint16_t limit_s =
	    s->o.connect_s < CONNECT_LIMIT_S ? s->o.connect_s : CONNECT_LIMIT_S;
	int fd;

	if (s->connecting) { /* the retry timer came first */
		note_failure(s, ETIMEDOUT);
		s->o.ops->failed(s->o.arg, s, s->text);
	}
	if (s->dead || s->over)
		return;
	drop_tcp(s);
	fd = tcp_connect(&s->o.addr, s->o.port, &s->o.tcp);
	if (fd < 0) {
		note_failure(s, -fd);
		session_feed(s, FSM_TCP_FAIL);
		return;
	}
	s->ours = true;
	watch(s, fd, true);
	arm(s->retry, jitter(1000ul * limit_s));
}

static void
do_listen(struct session *s)
{
	evtimer_del(s->retry);
}

static void
do_retry(struct session *s)
{
	drop_tcp(s);
	if (s->o.once) {
		finish(s, false);
		return;
	}
	s->o.ops->failed(s->o.arg, s, s->text);
	if (!s->dead && !s->over && !s->o.passive)
		arm_retry(s);
}

static void
do_open(struct session *s)
{
	uint8_t buf[MSG_MAX];
	struct builder b = builder_of(buf, sizeof(buf));

	evtimer_del(s->retry);
	tcp_ends(s->fd, &s->ends);
	msg_open_put(&b, &s->o.open);
	queue_message(s, MSG_OPEN, &b);
	push(s);
	arm_hold(s, OPEN_HOLD_S);
}

static void
do_confirm(struct session *s)
{
	/* Without a hold time only TCP can tell that the other side is gone. */
	/* A little later than our own timer, which knows more of the reason. */
	tcp_guard(s->fd, (unsigned)(send_hold_ms(s) * 5 / 4), s->hold_s == 0);
	queue_keepalive(s);
	arm_hold(s, s->hold_s);
	arm_keepalive(s);
}

static void
do_establish(struct session *s)
{
	s->attempts = 0;
	s->o.ops->up(s->o.arg, s);
}

static void
do_keepalive(struct session *s)
{
	if (evbuffer_get_length(s->out) < OUT_LOW)
		queue_keepalive(s);
	arm_keepalive(s);
}

static void (*const actions[])(struct session *s) = {
	[FSM_DO_ERROR] = do_error,
	[FSM_DO_NOTHING] = do_nothing,
	[FSM_DO_CONNECT] = do_connect,
	[FSM_DO_LISTEN] = do_listen,
	[FSM_DO_OPEN] = do_open,
	[FSM_DO_CONFIRM] = do_confirm,
	[FSM_DO_ESTABLISH] = do_establish,
	[FSM_DO_KEEPALIVE] = do_keepalive,
	[FSM_DO_HOLD] = do_hold,
	[FSM_DO_UPDATE] = do_hold, /* ops->message() did the rest */
	[FSM_DO_RETRY] = do_retry,
	[FSM_DO_DROP] = do_drop,
	[FSM_DO_NOTIFY] = do_notify,
	[FSM_DO_EXPIRE] = do_expire,
	[FSM_DO_CEASE] = do_cease,
};

/* Actions see the state they were decided in; what ends the session sets Idle itself. */
void
session_feed(struct session *s, enum fsm_event event)
{
	struct fsm_cell cell = fsm_next(s->state, event);
	enum fsm_state before = s->state;

	if (cell.action == FSM_DO_ERROR)
		snprintf(s->text, sizeof(s->text), "%s", fsm_event_name(event));
	if (cell.next != FSM_IDLE)
		s->state = (enum fsm_state)cell.next;
	actions[cell.action](s);
	if (!s->over && s->state != before)
		s->o.ops->state(s->o.arg, s);
}

/* Events of libevent. */

static void
connected(struct session *s)
{
	int error = tcp_result(s->fd);

	if (error < 0) {
		note_failure(s, -error);
		session_feed(s, FSM_TCP_FAIL);
		return;
	}
	s->connecting = false;
	event_add(s->read, NULL);
	session_feed(s, FSM_TCP_UP);
}

static void
written(struct session *s)
{
	size_t left;

	if (!write_some(s)) {
		session_feed(s, FSM_TCP_FAIL);
		return;
	}
	left = evbuffer_get_length(s->out);
	if (left > 0)
		event_add(s->write, NULL);
	if (s->stuffed && left < OUT_LOW) {
		s->stuffed = false;
		s->o.ops->writable(s->o.arg, s);
	}
}

static void
on_socket(evutil_socket_t fd, short what, void *arg)
{
	struct session *s = arg;

	enter(s);
	if (s->connecting)
		connected(s);
	else if (what & EV_WRITE)
		written(s);
	if (!s->dead && !s->over && s->fd == fd && (what & EV_READ))
		session_read(s);
	leave(s);
}

static void
on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct session *s = arg;

	(void)fd;
	(void)what;
	enter(s);
	session_feed(s, FSM_RETRY_TIMER);
	leave(s);
}

static void
on_hold(evutil_socket_t fd, short what, void *arg)
{
	struct session *s = arg;
	uint64_t limit = (s->state == FSM_OPENSENT ? OPEN_HOLD_S : s->hold_s) * 1000ul;
	uint64_t quiet = evpnd_now() - s->heard_ms;

	(void)fd;
	(void)what;
	enter(s);
	if (quiet + 1 < limit)
		arm(s->hold, limit - quiet);
	else
		session_feed(s, FSM_HOLD_TIMER);
	leave(s);
}

static void
set_slow(struct session *s, bool slow)
{
	if (s->slow == slow)
		return;
	s->slow = slow;
	s->o.ops->slow(s->o.arg, s, slow);
}

/* Output waits. */
static void
look_at_stall(struct session *s)
{
	uint64_t now = evpnd_now(), span = send_hold_ms(s) / 2;

	if (evbuffer_get_length(s->out) == 0) {
		set_slow(s, false);
		return;
	}
	if (now - s->progress_ms >= send_hold_ms(s)) {
		snprintf(s->text, sizeof(s->text),
		    "send hold timer expired: it has read nothing for %u s",
		    (unsigned)((now - s->progress_ms) / 1000));
		session_feed(s, FSM_TCP_FAIL);
		return;
	}
	if (now - s->window_ms >= (span < SLOW_MS ? span : SLOW_MS)) {
		set_slow(s, s->moved < SLOW_BYTES);
		s->window_ms = now;
		s->moved = 0;
	}
	if (!s->dead && !s->over)
		arm(s->stall, STALL_MS);
}

static void
on_stall(evutil_socket_t fd, short what, void *arg)
{
	struct session *s = arg;

	(void)fd;
	(void)what;
	enter(s);
	if (s->out != NULL)
		look_at_stall(s);
	leave(s);
}

static void
on_keepalive(evutil_socket_t fd, short what, void *arg)
{
	struct session *s = arg;

	(void)fd;
	(void)what;
	enter(s);
	session_feed(s, FSM_KEEPALIVE_TIMER);
	leave(s);
}

/* Public. */

struct session *
session_new(const struct session_opts *opts)
{
	struct session *s = xcalloc(1, sizeof(*s));

	s->o = *opts;
	s->fd = -1;
	s->msg_max = MSG_MAX;
	s->in_size = IN_SIZE;
	s->in = xmalloc(s->in_size);
	s->retry = evtimer_new(opts->base, on_retry, s);
	s->hold = evtimer_new(opts->base, on_hold, s);
	s->keepalive = evtimer_new(opts->base, on_keepalive, s);
	s->stall = evtimer_new(opts->base, on_stall, s);
	return s;
}

void
session_free(struct session *s)
{
	if (s == NULL || s->dead)
		return;
	s->dead = s->over = true;
	drop_tcp(s);
	evtimer_del(s->retry);
	if (s->busy == 0)
		free_now(s);
}

void
session_start(struct session *s)
{
	enter(s);
	session_feed(s, s->o.passive || s->o.once ? FSM_START_PASSIVE : FSM_START);
	leave(s);
}

void
session_hurry(struct session *s)
{
	enter(s);
	if (s->state == FSM_ACTIVE && evtimer_pending(s->retry, NULL))
		session_feed(s, FSM_RETRY_TIMER);
	leave(s);
}

void
session_accept(struct session *s, int fd)
{
	int error = tcp_adopt(fd, &s->o.tcp);

	enter(s);
	if (error < 0) {
		snprintf(s->text, sizeof(s->text), "accept: %s", strerror(-error));
		s->o.ops->failed(s->o.arg, s, s->text);
	}
	if (s->state == FSM_IDLE)
		session_feed(s, FSM_START_PASSIVE);
	drop_tcp(s);
	s->ours = false;
	watch(s, fd, false);
	session_feed(s, FSM_TCP_UP);
	leave(s);
}

void
session_stop(struct session *s, const struct bgp_error *err)
{
	enter(s);
	s->err = err != NULL ? *err : (struct bgp_error){ 0 };
	s->why = s->err.text;
	if (s->state == FSM_IDLE)
		finish(s, false);
	else
		session_feed(s, FSM_STOP);
	leave(s);
}

enum fsm_state
session_state(const struct session *s)
{
	return s->state;
}

bool
session_is_ours(const struct session *s)
{
	return s->ours;
}

bool
session_has_tcp(const struct session *s)
{
	return s->fd >= 0;
}

const struct tcp_ends *
session_ends(const struct session *s)
{
	return &s->ends;
}

uint16_t
session_hold(const struct session *s)
{
	return s->hold_s;
}

uint16_t
session_keepalive(const struct session *s)
{
	return s->keepalive_s;
}

bool
session_extended(const struct session *s)
{
	return s->extended;
}

bool
session_has_room(const struct session *s)
{
	return s->out != NULL && evbuffer_get_length(s->out) < OUT_HIGH;
}

int
session_rekey(struct session *s, const char *password)
{
	struct prefix peer = { s->o.addr, s->o.addr.family == 6 ? 128 : 32 };

	s->o.tcp.password = password;
	return s->fd >= 0 ? tcp_password(s->fd, &peer, password) : 0;
}

/* Messages are found by their markers: the first one may be half gone. */
static unsigned
count_queued(struct evbuffer *out)
{
	static const char marker[] = "\xff\xff\xff\xff\xff\xff\xff\xff"
				     "\xff\xff\xff\xff\xff\xff\xff\xff";
	struct evbuffer_ptr at = evbuffer_search(out, marker, 16, NULL);
	unsigned n = at.pos != 0 && evbuffer_get_length(out) > 0;
	uint8_t head[MSG_HEADER];
	size_t len;

	while (at.pos >= 0) {
		n++;
		if (evbuffer_copyout_from(out, &at, head, sizeof(head)) < MSG_HEADER)
			break;
		len = (size_t)(head[16] << 8 | head[17]);
		if (len < MSG_HEADER ||
		    evbuffer_ptr_set(out, &at, len, EVBUFFER_PTR_ADD) < 0)
			break;
		at = evbuffer_search(out, marker, 16, &at);
	}
	return n;
}

struct session_queue
session_queue(const struct session *s)
{
	struct session_queue q = { .slow = s->slow };

	if (s->out == NULL || evbuffer_get_length(s->out) == 0)
		return q;
	q.bytes = evbuffer_get_length(s->out);
	q.messages = count_queued(s->out);
	q.stalled_ms = evpnd_now() - s->progress_ms;
	return q;
}

static void
count_messages(struct session *s, const uint8_t *p, size_t len)
{
	struct bgp_error err;
	enum msg_type type;
	int n;

	for (; len > 0; p += n, len -= (size_t)n) {
		n = msg_frame(p, len, MSG_MAX_EXTENDED, &type, &err);
		if (n <= 0)
			return;
		s->o.ops->counted(s->o.arg, s, type, true);
	}
}

void
session_send(struct session *s, const uint8_t *p, size_t len)
{
	if (s->state != FSM_ESTABLISHED || s->out == NULL)
		return;
	queue(s, p, len);
	count_messages(s, p, len);
	push(s);
}

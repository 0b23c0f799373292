/*
 * session_in - bytes from the socket to messages to events.
 *
 * Input is cut in place, at most READ_BUDGET bytes a callback, so that a fast peer leaves time
 * for the others. After every event the session may be over: nothing is touched then.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "session_int.h"

#define READ_BUDGET (128 * 1024)
#define IN_SIZE_EXTENDED (2 * 65536)

static enum bgp_verdict
take_open(struct session *s, struct cursor *body)
{
	struct msg_open open;
	enum bgp_verdict verdict = msg_open_get(body, &open, &s->err);

	if (verdict != BGP_RESET)
		verdict = s->o.ops->open(s->o.arg, s, &open, &s->err);
	if (verdict == BGP_RESET || s->over)
		return verdict;
	s->hold_s = open.hold_s < s->o.open.hold_s ? open.hold_s : s->o.open.hold_s;
	s->keepalive_s = s->hold_s / 3;
	if (s->o.keepalive_s > 0 && s->o.keepalive_s < s->keepalive_s)
		s->keepalive_s = s->o.keepalive_s;
	s->extended = open.caps.extended_message && s->o.open.caps.extended_message;
	if (s->extended) {
		s->msg_max = MSG_MAX_EXTENDED;
		s->in_size = IN_SIZE_EXTENDED;
		s->in = xreallocarray(s->in, s->in_size, 1);
	}
	session_feed(s, FSM_OPEN_GOOD);
	return BGP_OK;
}

static enum bgp_verdict
take_notification(struct session *s, struct cursor *body)
{
	struct bgp_error theirs;
	enum bgp_verdict verdict = msg_notification_get(body, &theirs, &s->err);

	if (verdict == BGP_RESET)
		return verdict;
	s->err = theirs;
	s->received = true;
	s->why = s->err.text;
	session_feed(s, FSM_NOTIFICATION);
	return BGP_OK;
}

static enum bgp_verdict
take_update(struct session *s, enum msg_type type, struct cursor *body)
{
	enum bgp_verdict verdict = BGP_OK;

	/* The table knows where there may be none. */
	if (s->state == FSM_ESTABLISHED)
		verdict = s->o.ops->message(s->o.arg, s, type, body, &s->err);
	if (verdict != BGP_RESET && !s->over)
		session_feed(s, FSM_UPDATE);
	return verdict;
}

static void
take_message(struct session *s, enum msg_type type, struct cursor body)
{
	enum bgp_verdict verdict = BGP_OK;

	s->o.ops->counted(s->o.arg, s, type, false);
	switch (type) {
	case MSG_OPEN:
		if (s->state == FSM_OPENSENT)
			verdict = take_open(s, &body);
		else
			session_feed(s, FSM_OPEN_GOOD);
		break;
	case MSG_UPDATE:
	case MSG_REFRESH:
		verdict = take_update(s, type, &body);
		break;
	case MSG_NOTIFICATION:
		verdict = take_notification(s, &body);
		break;
	case MSG_KEEPALIVE:
		session_feed(s, FSM_KEEPALIVE);
		break;
	}
	if (verdict == BGP_RESET && !s->over)
		session_feed(s, FSM_MSG_BAD);
}

/* All whole messages of the input. */
static void
cut(struct session *s)
{
	size_t off = 0;
	enum msg_type type;
	int n;

	while (!s->over && !s->dead && s->fd >= 0) {
		n = msg_frame(s->in + off, s->in_len - off, s->msg_max, &type, &s->err);
		if (n == 0)
			break;
		if (n < 0) {
			session_feed(s, FSM_MSG_BAD);
			return;
		}
		take_message(s, type,
		    cursor_of(s->in + off + MSG_HEADER, (size_t)n - MSG_HEADER));
		off += (size_t)n;
	}
	if (off > 0 && off <= s->in_len) {
		s->in_len -= off;
		memmove(s->in, s->in + off, s->in_len);
	}
}

void
session_read(struct session *s)
{
	size_t budget = READ_BUDGET;
	ssize_t n;

	while (!s->over && !s->dead && s->fd >= 0 && budget > 0) {
		n = recv(
		    s->fd, s->in + s->in_len, s->in_size - s->in_len, MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) {
			snprintf(s->text, sizeof(s->text), "%s",
			    n == 0 ? "connection closed by the peer" : strerror(errno));
			session_feed(s, FSM_TCP_FAIL);
			return;
		}
		s->in_len += (size_t)n;
		budget -= (size_t)n < budget ? (size_t)n : budget;
		cut(s);
	}
}

/* session_int.h - what session.c and session_in.c share. */
#ifndef EVPND_SESSION_INT_H
#define EVPND_SESSION_INT_H

#include "session.h"

struct event;

struct session {
	struct session_opts o;
	enum fsm_state state;
	int fd;          /* -1: none */
	bool connecting; /* FD is not connected yet */
	bool ours;       /* we connected */
	bool stuffed;    /* output went above OUT_HIGH: tell when it is low */
	bool over;       /* DOWN was told */
	bool dead;       /* session_free() was called */
	bool received;   /* ERR is the peer's NOTIFICATION */
	unsigned busy;   /* callbacks we are in */
	unsigned attempts;
	struct event *read, *write, *retry, *hold, *keepalive;
	struct event *stall; /* runs while output waits */
	struct evbuffer *out;
	uint8_t *in;
	size_t in_len, in_size;
	size_t msg_max;
	bool extended;
	uint16_t hold_s, keepalive_s;
	struct tcp_ends ends;
	uint64_t heard_ms;    /* something came */
	uint64_t progress_ms; /* something could be written, or nothing was to be */
	uint64_t window_ms;   /* a span of time in which ... */
	size_t moved;         /* ... so much was written, while more waited */
	bool slow;            /* told */
	struct bgp_error err; /* the NOTIFICATION in hand, ours or theirs */
	const char *why;      /* of a session that ends without NOTIFICATION */
	char text[160];
};

/* session.c: something happened; carries out what fsm_next() says. S may be over then. */
void session_feed(struct session *s, enum fsm_event event);
/* session_in.c: reads what is there, within a budget. */
void session_read(struct session *s);

#endif

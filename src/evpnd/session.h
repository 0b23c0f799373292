/*
 * session - one run of the BGP state machine (RFC 4271, 8) from start to Idle, with at most
 * one TCP connection: connects or takes one over, cuts messages, keeps the timers.
 *
 * It knows nothing of routes or neighbors. What happens is told through struct session_ops;
 * each of these may call session_free(), which then takes effect when the session is done
 * with what it does. A session that told DOWN is Idle and only waits to be freed.
 */
#ifndef EVPND_SESSION_H
#define EVPND_SESSION_H

#include "bgp/fsm.h"
#include "bgp/msg.h"
#include "tcp.h"

struct event_base;
struct evbuffer;
struct lingers;
struct session;

/* Why a session ended. */
struct session_end {
	struct bgp_error err; /* the NOTIFICATION; code 0: there was none */
	bool sent;            /* it was ours; else the peer's */
	const char *text;     /* for people; valid during the call */
};

struct session_ops {
	/* The peer's OPEN: BGP_OK, or BGP_RESET with ERR (also for the loser of a collision). */
	enum bgp_verdict (*open)(void *arg, struct session *s,
	    const struct msg_open *open, struct bgp_error *err);
	/* Established. */
	void (*up)(void *arg, struct session *s);
	/* An UPDATE or ROUTE-REFRESH; BGP_RESET with ERR ends the session. */
	enum bgp_verdict (*message)(void *arg, struct session *s, enum msg_type type,
	    struct cursor *body, struct bgp_error *err);
	void (*down)(void *arg, struct session *s, const struct session_end *end);
	/* An attempt to connect failed; it will be repeated. */
	void (*failed)(void *arg, struct session *s, const char *why);
	/* The state changed. */
	void (*state)(void *arg, struct session *s);
	/* A message was sent or received. */
	void (*counted)(void *arg, struct session *s, enum msg_type type, bool sent);
	/* The peer takes almost nothing of what waits for it, or does again. */
	void (*slow)(void *arg, struct session *s, bool slow);
	/* Output that was full has room again. */
	void (*writable)(void *arg, struct session *s);
};

struct session_opts {
	struct event_base *base;
	struct lingers *lingers;
	const struct session_ops *ops;
	void *arg;
	struct ip addr;
	uint16_t port;
	struct tcp_opts tcp; /* its strings must live as long as the session */
	bool passive;
	bool once; /* made by session_accept(): does not connect by itself */
	uint16_t
	    keepalive_s; /* as configured; agreed: a third of the hold time at most */
	uint16_t connect_s;   /* connect retry time */
	uint16_t send_hold_s; /* RFC 9687; 0: its default */
	struct msg_open open; /* ours; its hold time is what we propose */
};

struct session *session_new(const struct session_opts *opts);
/* Takes NULL. Closes without a word what is open: to say something, session_stop(). */
void session_free(struct session *s);

void session_start(struct session *s);
/* Connects now if it waits to try again. */
void session_hurry(struct session *s);
/* A connection the peer made. Takes FD over. */
void session_accept(struct session *s, int fd);
/*
 * Ends it: ERR goes out as NOTIFICATION if there is a connection. NULL: the connection is
 * closed without. DOWN is called.
 */
void session_stop(struct session *s, const struct bgp_error *err);

enum fsm_state session_state(const struct session *s);
/* We made the connection. */
bool session_is_ours(const struct session *s);
/* A connection is there, or being made. */
bool session_has_tcp(const struct session *s);
const struct tcp_ends *session_ends(const struct session *s);
/* Agreed; valid from OpenConfirm on. */
uint16_t session_hold(const struct session *s);
uint16_t session_keepalive(const struct session *s);
/* Both sides take messages of 65535 bytes; valid from OpenConfirm on. */
bool session_extended(const struct session *s);

/*
 * Another TCP MD5 password from now on; both sides have to change within the hold time. 0 or
 * -errno: then the session has to begin anew.
 */
int session_rekey(struct session *s, const char *password);
/* What waits to be sent. */
struct session_queue {
	size_t bytes;
	unsigned messages;
	uint64_t stalled_ms; /* so long nothing of it could be written */
	bool slow;
};
struct session_queue session_queue(const struct session *s);

/* May more be queued? Keeps what a slow peer costs within bounds. */
bool session_has_room(const struct session *s);
/* Queues whole messages; the first bytes leave at once. */
void session_send(struct session *s, const uint8_t *p, size_t len);

#endif

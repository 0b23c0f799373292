/*
 * sessionkit.h - what the tests of sessions share: two sides that talk to each other, or one
 * that talks to a neighbor played by hand.
 */
#ifndef SESSIONKIT_H
#define SESSIONKIT_H

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "bgp/extcomm.h"
#include "conf/text.h"
#include "evpnd/debug.h"
#include "evpnd/evpnd.h"
#include "evpnd/log.h"
#include "evpnd/peer.h"
#include "unit.h"

#define LIMIT_MS 15000

/* What src/evpnd/main.c, pipeline.c, log.c and debug.c are in the daemon. */

struct side {
	struct evpnd d;
	struct event *turn;
};

static struct event_base *base;
static struct side a, b; /* 127.0.0.1 and 127.0.0.2 */

uint64_t
evpnd_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

uint64_t
evpnd_now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

bool
debug_wanted(const struct evpnd *d, enum conf_debug_what what, const char *only)
{
	(void)d;
	(void)what;
	(void)only;
	return false;
}

void
debug_line(struct evpnd *d, const char *fmt, ...)
{
	(void)d;
	(void)fmt;
}

void
debug_update(const struct peer *p, const struct update *u, bool out)
{
	(void)p;
	(void)u;
	(void)out;
}

void
debug_sent(const struct peer *p, const uint8_t *bytes, size_t len)
{
	(void)p;
	(void)bytes;
	(void)len;
}

void
log_line(int level, const char *fmt, ...)
{
	va_list ap;

	if (getenv("T_SESSION_LOG") == NULL)
		return;
	va_start(ap, fmt);
	printf("<%d> ", level);
	vprintf(fmt, ap);
	printf("\n");
	fflush(stdout);
	va_end(ap);
}

void
pipeline_wake(struct evpnd *d)
{
	event_active(((struct side *)d)->turn, 0, 0);
}

static inline void
on_turn(evutil_socket_t fd, short what, void *arg)
{
	struct side *s = arg;
	struct dest *d;
	bool done;

	(void)fd;
	(void)what;
	if (s->d.peers == NULL)
		return;
	done = peers_work(s->d.peers, 100);
	while ((d = rib_changed(s->d.rib)) != NULL) {
		peers_dest(s->d.peers, d);
		rib_carried(s->d.rib, d);
	}
	if (!peers_flush(s->d.peers, 1000) || !done)
		pipeline_wake(&s->d);
}

static inline uint16_t
free_port(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&sin, len), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&sin, &len), 0);
	close(fd);
	return ntohs(sin.sin_port);
}

static inline void
side_init(struct side *s, unsigned n)
{
	struct evpnd *d = &s->d;

	*s = (struct side){ 0 };
	d->base = base;
	d->attrs = attr_table_new();
	d->rib = rib_new(d->attrs);
	d->conf = conf_new();
	d->router_id = 0x0a000000 + n;
	d->forwarding = true;
	d->self = (struct rib_peer){ .self = true, .router_id = d->router_id };
	snprintf(d->hostname, sizeof(d->hostname), "side%u", n);
	d->bgp_port = free_port();
	s->turn = event_new(base, -1, 0, on_turn, s);
	d->peers = peers_new(d);
}

static inline void
side_fini(struct side *s)
{
	struct evpnd *d = &s->d;

	peers_free(d->peers);
	d->peers = NULL;
	rib_free(d->rib);
	ck_assert_uint_eq(attr_table_count(d->attrs), 0);
	attr_table_free(d->attrs);
	conf_free(d->conf);
	event_free(s->turn);
}

static inline void
setup(void)
{
	base = event_base_new();
	side_init(&a, 1);
	side_init(&b, 2);
}

static inline void
teardown(void)
{
	side_fini(&a);
	side_fini(&b);
	event_base_free(base);
	libevent_global_shutdown();
}

static inline void
report(enum conf_result result, const struct conf_msg *msg, void *arg)
{
	(void)arg;
	ck_assert_msg(
	    result != CONF_ERROR, "line %d: %s %s", msg->line, msg->text, msg->detail);
}

/* A new configuration: FMT, where %A and %B stand for the ports of the two sides. */
static inline void
configure(struct side *s, const char *text)
{
	struct conf *old = s->d.conf;
	char buf[2000], *out = buf;

	for (; *text != '\0'; text++) {
		if (text[0] == '%' && (text[1] == 'A' || text[1] == 'B')) {
			struct side *which = *++text == 'A' ? &a : &b;

			out += sprintf(out, "%u", which->d.bgp_port);
		} else {
			*out++ = *text;
		}
	}
	*out = '\0';
	s->d.conf = conf_new();
	conf_read(s->d.conf, buf, report, NULL);
	peers_apply(s->d.peers);
	conf_free(old);
}

/* Lets the loop run until COND holds. */
#define WAIT(cond)                                                                  \
	do {                                                                        \
		uint64_t end_ = evpnd_now() + LIMIT_MS;                             \
		while (!(cond)) {                                                   \
			ck_assert_msg(evpnd_now() < end_, "never came: %s", #cond); \
			turn();                                                     \
		}                                                                   \
	} while (0)

static inline void
turn(void)
{
	struct timeval tv = { .tv_usec = 20000 };

	event_base_loopexit(base, &tv);
	event_base_loop(base, EVLOOP_ONCE);
}

static inline bool
up(struct side *s, const char *name)
{
	struct peer *p = peers_find(s->d.peers, name);

	return p != NULL && p->state == FSM_ESTABLISHED;
}

static inline struct peer *
peer(struct side *s, const char *name)
{
	struct peer *p = peers_find(s->d.peers, name);

	ck_assert_ptr_nonnull(p);
	return p;
}

#define ID "bgp router-id 10.0.0.1\n"
#define EVPN "address-family l2vpn evpn\n"

static const char conf_a[] __attribute__((unused)) =
    "router bgp 65000\n"
    "neighbor 127.0.0.2 remote-as 65000\n"
    "neighbor 127.0.0.2 update-source 127.0.0.1\n"
    "neighbor 127.0.0.2 port %B\n" EVPN "neighbor 127.0.0.2 activate\n";
static const char conf_b[] __attribute__((unused)) =
    "router bgp 65000\n"
    "neighbor 127.0.0.1 remote-as 65000\n"
    "neighbor 127.0.0.1 update-source 127.0.0.2\n"
    "neighbor 127.0.0.1 port %A\n" EVPN "neighbor 127.0.0.1 activate\n";

static inline struct nlri
route(unsigned n)
{
	struct nlri key = { .rd = rd_of_ip(0x0a000001, 100), .type = NLRI_MACIP };

	key.mac = (struct mac){ { 2, 0, 0, (uint8_t)(n >> 16), (uint8_t)(n >> 8),
	    (uint8_t)n } };
	return key;
}

static inline void
originate(struct side *s, unsigned n)
{
	struct nlri_info info = { .labels = 1, .label = { 100 } };
	struct attr_draft d = { .v.nexthop = ip_of_v4(0x0a000001) };
	struct ecom rt = rt_of_as(65000, 100);
	struct nlri key = route(n);
	struct attrs *attrs;

	d.v.ext = (struct blob){ rt.b, 8 };
	attr_draft_scan(&d);
	attrs = attrs_intern(s->d.attrs, &d);
	rib_update(s->d.rib, &s->d.self, &key, &info, attrs, 0, evpnd_now());
	attrs_unref(s->d.attrs, attrs);
	pipeline_wake(&s->d);
}

static inline void
withdraw(struct side *s, unsigned n)
{
	struct nlri key = route(n);

	rib_withdraw(s->d.rib, &s->d.self, &key);
	pipeline_wake(&s->d);
}

/* A neighbor of A played by hand, at 127.0.0.3. */

struct hand {
	int fd;
	uint8_t in[70000];
	size_t len;
};

static struct hand hand __attribute__((unused));

static const char conf_hand[] __attribute__((unused)) =
    "router bgp 65000\n"
    "neighbor 127.0.0.3 remote-as 65000\n"
    "neighbor 127.0.0.3 timers 1 3\n"
    "neighbor 127.0.0.3 passive\n" EVPN "neighbor 127.0.0.3 activate\n";

static inline void
hand_call(int rcvbuf)
{
	struct sockaddr_in from = { .sin_family = AF_INET }, to = from;

	if (hand.fd > 0)
		close(hand.fd);
	hand = (struct hand){ .fd = socket(AF_INET, SOCK_STREAM, 0) };
	if (rcvbuf > 0)
		setsockopt(hand.fd, SOL_SOCKET, SO_RCVBUF, &rcvbuf, sizeof(rcvbuf));
	inet_pton(AF_INET, "127.0.0.3", &from.sin_addr);
	inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
	to.sin_port = htons(a.d.bgp_port);
	ck_assert_int_eq(bind(hand.fd, (struct sockaddr *)&from, sizeof(from)), 0);
	ck_assert_int_eq(connect(hand.fd, (struct sockaddr *)&to, sizeof(to)), 0);
	fcntl(hand.fd, F_SETFL, O_NONBLOCK);
}

static inline void
hand_say(const void *p, size_t len)
{
	ck_assert_int_eq(send(hand.fd, p, len, MSG_NOSIGNAL), (ssize_t)len);
}

/* The next message of the other side into BODY; false: not there yet. */
static inline bool
hand_hear(enum msg_type *type, struct cursor *body)
{
	static uint8_t msg[70000];
	struct bgp_error err;
	ssize_t got;
	int n;

	got = recv(hand.fd, hand.in + hand.len, sizeof(hand.in) - hand.len, 0);
	if (got > 0)
		hand.len += (size_t)got;
	n = msg_frame(hand.in, hand.len, MSG_MAX_EXTENDED, type, &err);
	if (n <= 0)
		return false;
	memcpy(msg, hand.in, (size_t)n);
	hand.len -= (size_t)n;
	memmove(hand.in, hand.in + n, hand.len);
	*body = cursor_of(msg + MSG_HEADER, (size_t)n - MSG_HEADER);
	return true;
}

/* Passes over messages until one of TYPE. */
static inline struct cursor
hand_await(enum msg_type type)
{
	struct cursor body = { 0 };
	enum msg_type got = 0;

	WAIT(hand_hear(&got, &body) && got == type);
	return body;
}

static inline struct msg_open
hand_open(void)
{
	struct msg_open o = {
		.as = 65000,
		.hold_s = 90,
		.router_id = 0x0a000003,
		.caps = { .as4 = true, .as = 65000, .refresh = true, .families = 1 },
	};

	o.caps.family[0] = (struct caps_family){ .afi = AFI_L2VPN, .safi = SAFI_EVPN };
	return o;
}

static inline void
hand_say_open(const struct msg_open *o)
{
	uint8_t buf[MSG_MAX];
	struct builder m = builder_of(buf, sizeof(buf));

	msg_open_put(&m, o);
	hand_say(buf, put_len(&m));
}

static inline void
hand_say_keepalive(void)
{
	uint8_t buf[MSG_HEADER];
	struct builder m = builder_of(buf, sizeof(buf));

	msg_keepalive_put(&m);
	hand_say(buf, put_len(&m));
}

static inline void
hand_establish(const struct msg_open *o)
{
	hand_call(0);
	hand_say_open(o);
	hand_await(MSG_KEEPALIVE);
	hand_say_keepalive();
	WAIT(up(&a, "127.0.0.3"));
}

static inline void
hand_expect_notification(uint8_t code, uint8_t subcode, const char *what)
{
	struct cursor body = hand_await(MSG_NOTIFICATION);
	struct bgp_error theirs, err;

	ck_assert_int_eq(msg_notification_get(&body, &theirs, &err), BGP_OK);
	ck_assert_msg(theirs.code == code && theirs.subcode == subcode,
	    "%s: NOTIFICATION %u/%u, expected %u/%u", what, theirs.code, theirs.subcode,
	    code, subcode);
}

#endif

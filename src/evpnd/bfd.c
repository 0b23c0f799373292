/*
 * bfd - see bfd.h.
 *
 * Four sockets receive: two families, single-hop and multihop. A packet that says our
 * discriminator belongs to that session if it comes from its other end; one that says none
 * belongs to the session of its two addresses (RFC 5880, 6.8.6; RFC 5881, 3).
 *
 * When this process was late, packets may wait in a socket while a detection time seems over.
 * So sockets are read before a session is taken for down.
 */
#include "bfd.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "bfd_sock.h"
#include "evpnd.h"
#include "log.h"

#define DOORS 4
#define READS_MAX 128 /* in one callback */
#define TTL_SINGLE 255
#define LEAVE_MAX_US (5 * 1000000)
#define PRIORITY 0 /* before all else */

struct door {
	struct bfds *all;
	uint8_t family;
	bool multihop;
	int fd;    /* -1: closed */
	int error; /* why it could not be opened; 0: it could */
	struct event *ev;
};

struct bfds {
	struct event_base *base;
	TAILQ_HEAD(, bfd_session) list;
	struct door door[DOORS];
	uint64_t dropped;
};

static void
arm(struct bfd_session *s, uint64_t now)
{
	uint64_t at = bfd_deadline(&s->b), us = at > now ? at - now : 0;
	struct timeval tv = {
		.tv_sec = (time_t)(us / 1000000),
		.tv_usec = (suseconds_t)(us % 1000000),
	};

	evtimer_add(s->timer, &tv);
}

static void
session_destroy(struct bfd_session *s)
{
	TAILQ_REMOVE(&s->all->list, s, link);
	event_free(s->timer);
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

/* The source address may come late, or go: tried again with every packet. */
static void
open_source(struct bfd_session *s)
{
	int fd = bfd_sock_connect(&s->o.local, &s->o.remote, s->o.multihop);

	s->fd = fd < 0 ? -1 : fd;
	if (fd < 0 && fd != s->error)
		log_warn("bfd %s: no packets from %s: %s", IPSTR(&s->o.remote),
		    IPSTR(&s->o.local), strerror(-fd));
	s->error = fd < 0 ? fd : 0;
}

static void
transmit(struct bfd_session *s, const struct bfd_packet *p)
{
	uint8_t buf[BFD_PACKET_LEN];
	struct builder b = builder_of(buf, sizeof(buf));
	int error;

	if (s->fd < 0)
		open_source(s);
	if (s->fd < 0)
		return;
	bfd_packet_put(&b, p);
	error = bfd_sock_send(s->fd, buf, put_len(&b));
	if (error == 0) {
		s->sent++;
	} else if (error != -EAGAIN && error != -ENOBUFS) {
		close(s->fd); /* its address may be another one's now */
		s->fd = -1;
	}
}

static void
tell(struct bfd_session *s)
{
	enum bfd_state before = s->told;

	if (s->b.state == before)
		return;
	s->told = (enum bfd_state)s->b.state;
	s->ups += s->told == BFD_UP;
	s->downs += before == BFD_UP;
	if (s->leaving)
		return;
	s->notified++;
	s->o.changed(s->o.arg, before);
}

/* Sends what is due and tells what changed. */
static void
carry_on(struct bfd_session *s, uint64_t now)
{
	struct bfd_packet p;

	while (bfd_output(&s->b, now, arc4random(), &p))
		transmit(s, &p);
	arm(s, now);
	tell(s);
}

static struct bfd_session *
find(struct bfds *all, const struct door *door, const struct bfd_datagram *d,
    const struct bfd_packet *p)
{
	struct bfd_session *s;

	TAILQ_FOREACH (s, &all->list, link) {
		if (s->o.multihop != door->multihop ||
		    ip_cmp(&s->o.remote, &d->from) != 0)
			continue;
		if (p->your_disc != 0 ? s->b.my_disc == p->your_disc
				      : ip_cmp(&s->o.local, &d->to) == 0)
			return s;
	}
	return NULL;
}

static void
take(struct door *door, const struct bfd_datagram *d, uint64_t now)
{
	struct cursor c = cursor_of(d->data, d->len);
	struct bfd_packet p;
	struct bfd_session *s;
	const char *why;

	if (!bfd_packet_get(&c, &p, &why) ||
	    (s = find(door->all, door, d, &p)) == NULL) {
		door->all->dropped++;
		return;
	}
	/* RFC 5881, 5: what passed a router is not single-hop. */
	if (d->ttl < (door->multihop ? s->o.min_ttl : TTL_SINGLE)) {
		door->all->dropped++;
		s->rejected++;
		return;
	}
	s->received++;
	bfd_receive(&s->b, &p, now);
	carry_on(s, now);
}

static void
door_read(struct door *door)
{
	uint64_t now = evpnd_now_us();
	struct bfd_datagram d;
	unsigned i;

	for (i = 0; i < READS_MAX && door->fd >= 0; i++) {
		int error = bfd_sock_recv(door->fd, &d);

		if (error == -EINTR)
			continue;
		if (error < 0)
			return;
		take(door, &d, now);
	}
}

static void
on_packet(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	door_read(arg);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct bfd_session *s = arg;
	uint64_t now = evpnd_now_us();
	unsigned i;

	(void)fd;
	(void)what;
	if (s->leaving && now >= s->leave_us) {
		session_destroy(s);
		return;
	}
	if (now >= s->b.detect_at) {
		for (i = 0; i < DOORS; i++)
			door_read(&s->all->door[i]);
		bfd_expire(&s->b, now);
	}
	carry_on(s, now);
}

/* The same error is told once. */
static void
door_open(struct door *door)
{
	int fd = bfd_sock_listen(door->family, door->multihop);

	if (fd < 0) {
		if (fd != -EAFNOSUPPORT && fd != door->error)
			log_err("bfd: UDP port %u, IPv%u: %s",
			    door->multihop ? 4784 : 3784, door->family, strerror(-fd));
		door->error = fd;
		return;
	}
	door->error = 0;
	door->fd = fd;
	door->ev =
	    event_new(door->all->base, fd, EV_READ | EV_PERSIST, on_packet, door);
	event_priority_set(door->ev, PRIORITY);
	event_add(door->ev, NULL);
}

void
bfds_retry(struct bfds *all)
{
	unsigned i;

	for (i = 0; i < DOORS && !TAILQ_EMPTY(&all->list); i++)
		if (all->door[i].fd < 0)
			door_open(&all->door[i]);
}

struct bfds *
bfds_new(struct event_base *base)
{
	struct bfds *all = xcalloc(1, sizeof(*all));
	unsigned i;

	all->base = base;
	TAILQ_INIT(&all->list);
	for (i = 0; i < DOORS; i++)
		all->door[i] = (struct door){
			.all = all, .family = i & 1 ? 6 : 4, .multihop = i & 2, .fd = -1
		};
	return all;
}

void
bfds_free(struct bfds *all)
{
	uint64_t now = evpnd_now_us();
	struct bfd_session *s;
	unsigned i;

	if (all == NULL)
		return;
	while ((s = TAILQ_FIRST(&all->list)) != NULL) {
		s->leaving = true;
		bfd_admin_down(&s->b, true, now);
		carry_on(s, now);
		session_destroy(s);
	}
	for (i = 0; i < DOORS; i++) {
		if (all->door[i].ev != NULL)
			event_free(all->door[i].ev);
		if (all->door[i].fd >= 0)
			close(all->door[i].fd);
	}
	free(all);
}

static bool
is_shown(const struct bfd_session *s)
{
	return s == NULL || !s->leaving;
}

struct bfd_session *
bfds_first(struct bfds *all)
{
	struct bfd_session *s = TAILQ_FIRST(&all->list);

	while (!is_shown(s))
		s = TAILQ_NEXT(s, link);
	return s;
}

struct bfd_session *
bfds_after(struct bfd_session *s)
{
	do
		s = TAILQ_NEXT(s, link);
	while (!is_shown(s));
	return s;
}

uint64_t
bfds_dropped(const struct bfds *all)
{
	return all->dropped;
}

/* Not 0, and nobody else's. */
static uint32_t
discriminator(const struct bfds *all)
{
	const struct bfd_session *s;
	uint32_t disc;

	do {
		disc = arc4random();
		TAILQ_FOREACH (s, &all->list, link)
			if (s->b.my_disc == disc)
				break;
	} while (disc == 0 || s != NULL);
	return disc;
}

/* One that is leaving would take the packets of its successor. */
static void
make_room(struct bfds *all, const struct bfd_session_opts *opts)
{
	struct bfd_session *s, *next;

	TAILQ_FOREACH_SAFE (s, &all->list, link, next)
		if (s->leaving && ip_cmp(&s->o.remote, &opts->remote) == 0)
			session_destroy(s);
}

struct bfd_session *
bfd_session_new(struct bfds *all, const struct bfd_session_opts *opts)
{
	struct bfd_session *s = xcalloc(1, sizeof(*s));
	uint64_t now = evpnd_now_us();

	make_room(all, opts);
	s->all = all;
	s->o = *opts;
	s->fd = -1;
	s->told = BFD_DOWN;
	bfd_init(&s->b, discriminator(all), &opts->timers, now);
	s->b.independent = opts->independent;
	s->timer = evtimer_new(all->base, on_timer, s);
	event_priority_set(s->timer, PRIORITY);
	TAILQ_INSERT_TAIL(&all->list, s, link);
	bfds_retry(all);
	arm(s, now);
	return s;
}

void
bfd_session_free(struct bfd_session *s)
{
	uint64_t now = evpnd_now_us(), last;

	if (s == NULL || s->leaving)
		return;
	s->leaving = true;
	bfd_admin_down(&s->b, true, now);
	last = (uint64_t)s->b.want.mult * bfd_tx_interval(&s->b);
	s->leave_us = now + (last < LEAVE_MAX_US ? last : LEAVE_MAX_US);
	carry_on(s, now);
}

void
bfd_session_configure(
    struct bfd_session *s, const struct bfd_timers *timers, bool independent)
{
	uint64_t now = evpnd_now_us();

	s->b.independent = independent;
	bfd_configure(&s->b, timers, now);
	carry_on(s, now);
}

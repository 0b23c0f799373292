/*
 * netlink - see netlink.h.
 *
 * Four sockets. Events and misses: what the kernel tells by itself. Dumps: one at a time.
 * Requests: one batch at a time, carried out by the kernel within send(), with an
 * acknowledgement of the last message only; refusals come by sequence number.
 *
 * The order in which sockets are read matters. What the kernel told before it answered a
 * request must be known before the answer is (ktab.h): so events are read to the end first,
 * and answers stay in their socket while that did not succeed within the budget. While links
 * are dumped, events wait: what they say of links is newer.
 */
#include "netlink_int.h"

#include <errno.h>
#include <event2/event.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <linux/rtnetlink.h>

#include "base/mem.h"

#define RCVBUF (8 << 20)
#define MISSBUF (1 << 20) /* some thousand: older ones are of no use */
#define EVENT_BUDGET 512  /* datagrams a callback */
#define DUMP_BUDGET 16
#define DEAF_MS 1000 /* until the filter is tried again */

void
netlink_log(struct netlink *nl, int level, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (nl->env.log == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	nl->env.log(level, text);
}

uint64_t
netlink_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

/* --- what the kernel tells --- */

/* What a change of a device means for the tables of its entries. */
static void
link_flips(struct netlink *nl, const struct klink *was, const struct klink *is)
{
	bool alive = (is->up && !was->up) || (is->running && !was->running);
	bool dead = (was->up && !is->up) || (was->running && !is->running);

	if (alive || was->master != is->master ||
	    was->vlan_filtering != is->vlan_filtering)
		ktab_resync(nl->env.ktab, is->ifindex);
	if (dead || was->master != is->master)
		ktab_resync_routing(nl->env.ktab);
	if (alive || was->master != is->master)
		ktab_kick(nl->env.ktab, is->ifindex, netlink_now());
}

void
netlink_take_link(struct netlink *nl, const struct nlcodec_msg *m)
{
	const struct klink *l = klink_find(nl->env.klinks, m->link.ifindex);
	struct klink was = { .ifindex = 0 };

	if (m->deleted) {
		klink_lost(nl->env.klinks, m->link.ifindex);
		ktab_device_gone(nl->env.ktab, m->link.ifindex, netlink_now());
		return;
	}
	if (l != NULL)
		was = *l;
	klink_have(nl->env.klinks, &m->link);
	if (l != NULL)
		link_flips(nl, &was, &m->link);
}

/*
 * A bridge that knows no VLANs keeps copies of its entries for VLAN 1 (6.1): they are the
 * kernel's own business.
 */
bool
netlink_is_copy(struct netlink *nl, const struct kkey *key)
{
	const struct klink *l;

	if (key->kind != KOBJ_BRFDB || key->vlan == 0)
		return false;
	l = klink_find(nl->env.klinks, key->ifindex);
	return l != NULL && !l->vlan_filtering;
}

/* A port's VLANs are not in the message, or not all: they are asked for. */
static void
take_port(struct netlink *nl, const struct nlcodec_msg *m)
{
	klink_have_port(nl->env.klinks, m->link.ifindex, m->link.master, &m->link.port);
	ktab_redump(nl->env.ktab, KOBJ_BRVLAN, m->link.ifindex);
}

/* Of a VLAN that is being set tunnel_info is told later: that is read again as well. */
static void
take_obj(struct netlink *nl, const struct nlcodec_msg *m)
{
	nl->told = true;
	if (netlink_is_copy(nl, &m->key))
		return;
	if (m->key.kind == KOBJ_BRVLAN) {
		ktab_redump(nl->env.ktab, KOBJ_BRVLAN, m->key.ifindex);
		return;
	}
	ktab_have(nl->env.ktab, &m->key, m->deleted ? NULL : &m->val, netlink_now());
	if (m->deleted && m->key.kind == KOBJ_ADDR)
		ktab_resync_routing(nl->env.ktab);
}

static void
take_told(void *arg, const struct nlcodec_msg *m)
{
	struct netlink *nl = arg;

	switch (m->what) {
	case NLCODEC_LINK:
		netlink_take_link(nl, m);
		break;
	case NLCODEC_PORT:
		take_port(nl, m);
		break;
	case NLCODEC_FORWARDING:
		klink_have_forwarding(
		    nl->env.klinks, m->family, m->link.ifindex, m->link.forward);
		break;
	case NLCODEC_OBJ:
		take_obj(nl, m);
		return;
	case NLCODEC_MISS:
	case NLCODEC_NONE:
		return;
	}
	nl->told = true;
}

static void
take_event(void *arg, const struct nlmsghdr *nlh, size_t len)
{
	struct netlink *nl = arg;

	nl->stats.events++;
	nlcodec_each(nlh, len, take_told, nl);
}

/*
 * From the first lost event until its queue is empty the kernel drops further events without
 * telling again. So the tables are read anew only when the queue has been emptied.
 */
static void
overrun_over(struct netlink *nl)
{
	nl->overrun = false;
	nl->stats.overruns++;
	netlink_log(
	    nl, LOG_WARNING, "netlink: events were lost, reading everything again");
	nl->links_due = true;
	nl->told = true;
	ktab_resync(nl->env.ktab, 0);
}

/* True when all that is there has been read. */
static bool
read_events(struct netlink *nl)
{
	if (netlink_dumping_links(nl))
		return false;
	for (int i = 0; i < EVENT_BUDGET; i++) {
		int n =
		    nlsock_recv(&nl->events, nl->rcv, NETLINK_BUFFER, take_event, nl);

		if (n == -EAGAIN && nl->overrun)
			overrun_over(nl);
		if (n == -EAGAIN)
			return true;
		if (n < 0)
			nl->overrun = true;
	}
	return false;
}

/* --- the loop --- */

static void
arm_timer(struct netlink *nl)
{
	uint64_t now = netlink_now(), at = ktab_deadline(nl->env.ktab);
	uint64_t links = klinks_deadline(nl->env.klinks);
	struct timeval tv;

	at = links < at ? links : at;
	if (nl->deaf && now + DEAF_MS < at)
		at = now + DEAF_MS;
	if (at == UINT64_MAX) {
		event_del(nl->ev_timer);
		return;
	}
	at = at > now ? at - now : 0;
	tv = (struct timeval){ .tv_sec = (time_t)(at / 1000),
		.tv_usec = (suseconds_t)(at % 1000 * 1000) };
	event_add(nl->ev_timer, &tv);
}

/* While links are dumped the events' socket is not looked at, and must not wake us. */
static void
watch_events(struct netlink *nl)
{
	if (netlink_dumping_links(nl))
		event_del(nl->ev_events);
	else
		event_add(nl->ev_events, NULL);
}

void
netlink_flush(struct netlink *nl)
{
	netlink_dump_more(nl);
	netlink_request_more(nl);
	watch_events(nl);
	arm_timer(nl);
}

/* The end of every callback: go on, and tell the pipeline. */
static void
turn(struct netlink *nl)
{
	bool told = nl->told;

	nl->told = false;
	netlink_flush(nl);
	if (told && nl->env.wake != NULL)
		nl->env.wake(nl->env.arg);
}

static void
on_events(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)read_events(arg);
	turn(arg);
}

static void
on_dumps(evutil_socket_t fd, short what, void *arg)
{
	struct netlink *nl = arg;

	(void)fd;
	(void)what;
	for (int i = 0; i < DUMP_BUDGET; i++) {
		int n = nlsock_recv(
		    &nl->dumps, nl->rcv, NETLINK_BUFFER, netlink_take_dump, nl);

		if (n == -EAGAIN)
			break;
		if (n < 0)
			nl->dump_intr = true; /* part of it is missing */
	}
	turn(nl);
}

static void
read_answers(struct netlink *nl)
{
	if (read_events(nl))
		while (netlink_read_answers(nl))
			;
}

static void
on_requests(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	read_answers(arg);
	turn(arg);
}

/* A batch that is in flight is in the way of the next one: its answers come first. */
void
netlink_hurry(struct netlink *nl)
{
	if (nl->npending > 0)
		read_answers(nl);
	netlink_request_more(nl);
	if (nl->npending > 0)
		read_answers(nl);
	turn(nl);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	turn(arg);
}

/* --- birth and death --- */

static int
open_sockets(struct netlink *nl)
{
	int rcvbuf = nl->env.rcvbuf > 0 ? nl->env.rcvbuf : RCVBUF;
	static const unsigned groups[] = { RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR,
		RTNLGRP_IPV6_IFADDR, RTNLGRP_NEIGH, RTNLGRP_IPV4_ROUTE,
		RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV4_NETCONF, RTNLGRP_IPV6_NETCONF };
	static const unsigned younger[] = { RTNLGRP_NEXTHOP, RTNLGRP_BRVLAN,
		RTNLGRP_TUNNEL, RTNLGRP_TC };
	int err;

	if ((err = nlsock_open(&nl->requests, RCVBUF)) < 0 ||
	    (err = nlsock_open(&nl->dumps, RCVBUF)) < 0 ||
	    (err = nlsock_open(&nl->ages, NETLINK_BUFFER)) < 0 ||
	    (err = nlsock_open(&nl->events, rcvbuf)) < 0 ||
	    (err = nlsock_open(&nl->misses, MISSBUF)) < 0 ||
	    (err = nlsock_filter_events(&nl->events, nl->requests.port, false)) < 0 ||
	    (err = nlsock_filter_misses(&nl->misses, NULL, 0)) < 0 ||
	    (err = nlsock_join(&nl->misses, RTNLGRP_NEIGH)) < 0)
		return err;
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]) && err == 0; i++)
		err = nlsock_join(&nl->events, groups[i]);
	for (size_t i = 0; i < sizeof(younger) / sizeof(younger[0]); i++)
		(void)nlsock_join(&nl->events, younger[i]); /* 5.3, 5.6, 5.18 */
	return err;
}

static struct event *
watch(struct netlink *nl, const struct nlsock *s, event_callback_fn cb)
{
	struct event *ev = event_new(nl->env.base, s->fd, EV_READ | EV_PERSIST, cb, nl);

	if (ev != NULL)
		event_add(ev, NULL);
	return ev;
}

static void
take_forward6(void *arg, const struct nlmsghdr *nlh, size_t len)
{
	struct netlink *nl = arg;
	struct nlcodec_msg m;

	nlcodec_decode(nlh, len, &m);
	if (m.what == NLCODEC_FORWARDING)
		klink_have_forwarding(
		    nl->env.klinks, m.family, m.link.ifindex, m.link.forward);
}

/* Answered within send(); later changes are told. */
static void
ask_forward6(struct netlink *nl)
{
	uint8_t buf[NLCODEC_MAX];
	size_t len = nlcodec_get_forward6(buf, sizeof(buf));
	struct nlsock s;

	if (len == 0 || nlsock_open(&s, NETLINK_BUFFER) < 0)
		return;
	(void)nlsock_number(&s, buf, 0);
	if (nlsock_send(&s, buf, len) == 0)
		(void)nlsock_recv(&s, nl->rcv, NETLINK_BUFFER, take_forward6, nl);
	nlsock_close(&s);
}

struct netlink *
netlink_new(const struct netlink_env *env)
{
	struct netlink *nl = xcalloc(1, sizeof(*nl));
	int err;

	nl->env = *env;
	nl->rcv = xmalloc(NETLINK_BUFFER);
	nl->snd = xmalloc(NETLINK_BUFFER);
	nl->events.fd = nl->misses.fd = nl->dumps.fd = nl->requests.fd = -1;
	nl->ages.fd = -1;
	err = open_sockets(nl);
	if (err == 0) {
		nl->ev_events = watch(nl, &nl->events, on_events);
		nl->ev_misses = watch(nl, &nl->misses, netlink_on_misses);
		nl->ev_dumps = watch(nl, &nl->dumps, on_dumps);
		nl->ev_requests = watch(nl, &nl->requests, on_requests);
		nl->ev_timer = evtimer_new(env->base, on_timer, nl);
		nl->ev_window = evtimer_new(env->base, netlink_on_window, nl);
		if (nl->ev_events == NULL || nl->ev_misses == NULL ||
		    nl->ev_dumps == NULL || nl->ev_requests == NULL ||
		    nl->ev_timer == NULL || nl->ev_window == NULL)
			err = -ENOMEM;
	}
	if (err < 0) {
		netlink_free(nl);
		errno = -err;
		return NULL;
	}
	ask_forward6(nl);
	nl->links_due = true;
	netlink_flush(nl);
	return nl;
}

void
netlink_free(struct netlink *nl)
{
	struct event **evs[] = { &nl->ev_events, &nl->ev_misses, &nl->ev_dumps,
		&nl->ev_requests, &nl->ev_timer, &nl->ev_window };

	if (nl == NULL)
		return;
	for (size_t i = 0; i < sizeof(evs) / sizeof(evs[0]); i++)
		if (*evs[i] != NULL)
			event_free(*evs[i]);
	nlsock_close(&nl->events);
	nlsock_close(&nl->misses);
	nlsock_close(&nl->ages);
	nlsock_close(&nl->dumps);
	nlsock_close(&nl->requests);
	free(nl->rcv);
	free(nl->snd);
	free(nl);
}

bool
netlink_ready(const struct netlink *nl)
{
	return nl->ready;
}

bool
netlink_busy(const struct netlink *nl)
{
	return nl->npending > 0 || nl->nreread > 0 || nl->dump != DUMP_NONE;
}

static void
take_route(void *arg, const struct nlmsghdr *nlh, size_t len)
{
	struct nlcodec_route *route = arg;

	(void)nlcodec_route(nlh, len, route);
}

/* The kernel answers within send(), so this waits for nothing. */
bool
netlink_route_mtu(
    struct netlink *nl, const struct ip *to, uint32_t *out_mtu, uint32_t *out_ifindex)
{
	struct nlcodec_route route = { .ifindex = 0 };
	uint8_t buf[NLCODEC_MAX], answer[4096];
	size_t len = nlcodec_get_route(buf, sizeof(buf), to);
	const struct klink *l;
	struct nlsock s;

	if (len == 0 || nlsock_open(&s, sizeof(answer) * 4) < 0)
		return false;
	(void)nlsock_number(&s, buf, 0);
	if (nlsock_send(&s, buf, len) == 0)
		(void)nlsock_recv(&s, answer, sizeof(answer), take_route, &route);
	nlsock_close(&s);
	l = klink_find(nl->env.klinks, route.ifindex);
	if (l == NULL && route.mtu == 0)
		return false;
	*out_mtu = route.mtu != 0 ? route.mtu : l->mtu;
	*out_ifindex = route.ifindex;
	return true;
}

struct idle {
	bool found;
	uint32_t ms;
};

static void
take_idle(void *arg, const struct nlmsghdr *nlh, size_t len)
{
	struct idle *idle = arg;
	struct nlcodec_msg m;

	nlcodec_decode(nlh, len, &m);
	if (m.what == NLCODEC_OBJ)
		*idle = (struct idle){ true, m.idle_ms };
}

/* Answered within send(), too. */
bool
netlink_idle(struct netlink *nl, const struct kkey *key, uint32_t *out_ms)
{
	struct idle idle = { 0 };
	uint8_t buf[NLCODEC_MAX], answer[4096];
	size_t len = nlcodec_get(buf, sizeof(buf), key);

	if (len == 0)
		return false;
	(void)nlsock_number(&nl->ages, buf, 0);
	if (nlsock_send(&nl->ages, buf, len) == 0)
		(void)nlsock_recv(&nl->ages, answer, sizeof(answer), take_idle, &idle);
	*out_ms = idle.ms;
	return idle.found;
}

void
netlink_stats(const struct netlink *nl, struct netlink_stats *out)
{
	*out = nl->stats;
}

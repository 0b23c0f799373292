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
#include "netlink.h"

#include <errno.h>
#include <event2/event.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "base/mem.h"
#include "kern/nlcodec.h"
#include "nlsock.h"

#define RCVBUF (8 << 20)
#define BUFFER (64 << 10)
#define BATCH 200        /* messages in one send */
#define BATCH_LINKS 32   /* steps of devices in it: they take long */
#define EVENT_BUDGET 512 /* datagrams a callback */
#define DUMP_BUDGET 16

enum pending_kind {
	PENDING_OP,   /* a row to write */
	PENDING_READ, /* a row to read again */
	PENDING_LINK, /* a step towards a device */
};

struct pending {
	enum pending_kind kind;
	uint32_t seq;
	int err;
	struct ktab_op op;     /* OP, READ */
	char name[KLINK_NAME]; /* LINK */
	bool found;            /* READ: VAL is there */
	struct kval val;
};

enum dump_kind {
	DUMP_NONE,
	DUMP_LINKS,
	DUMP_PORTS, /* links as bridge ports, with their VLANs */
	DUMP_ROWS,
};

struct netlink {
	struct netlink_env env;
	struct nlsock events, misses, dumps, requests;
	struct event *ev_events, *ev_misses, *ev_dumps, *ev_requests, *ev_timer;
	struct netlink_stats stats;
	uint8_t *rcv, *snd;
	bool told;    /* something changed: the pipeline is to be woken */
	bool ready;   /* links are known */
	bool overrun; /* events were lost and those left not yet read */

	enum dump_kind dump;
	bool links_due;       /* the links are to be dumped (again) */
	enum kkind dump_what; /* valid while DUMP_ROWS */
	uint32_t dump_ifindex;
	uint32_t dump_seq;
	bool dump_intr; /* the kernel says that it changed meanwhile */

	struct pending batch[BATCH];
	unsigned npending; /* in flight; 0: none */
	struct ktab_op reread[BATCH];
	unsigned nreread; /* to be read with the next batch */
};

static void log_text(struct netlink *nl, int level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
log_text(struct netlink *nl, int level, const char *fmt, ...)
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

static uint64_t
now_ms(void)
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

	if (alive || was->master != is->master ||
	    was->vlan_filtering != is->vlan_filtering)
		ktab_resync(nl->env.ktab, is->ifindex);
	if (alive || was->master != is->master)
		ktab_kick(nl->env.ktab, is->ifindex, now_ms());
}

static void
take_link(struct netlink *nl, const struct nlcodec_msg *m)
{
	const struct klink *l = klink_find(nl->env.klinks, m->link.ifindex);
	struct klink was = { .ifindex = 0 };

	if (m->deleted) {
		klink_lost(nl->env.klinks, m->link.ifindex);
		ktab_device_gone(nl->env.ktab, m->link.ifindex, now_ms());
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
static bool
is_copy(struct netlink *nl, const struct kkey *key)
{
	const struct klink *l;

	if (key->kind != KOBJ_BRFDB || key->vlan == 0)
		return false;
	l = klink_find(nl->env.klinks, key->ifindex);
	return l != NULL && !l->vlan_filtering;
}

static void
take_event(void *arg, const struct nlmsghdr *nlh, size_t len)
{
	struct netlink *nl = arg;
	struct nlcodec_msg m;

	nl->stats.events++;
	nlcodec_decode(nlh, len, &m);
	switch (m.what) {
	case NLCODEC_LINK:
		take_link(nl, &m);
		break;
	case NLCODEC_PORT:
		klink_have_port(
		    nl->env.klinks, m.link.ifindex, m.link.master, &m.link.port);
		break;
	case NLCODEC_OBJ:
		if (is_copy(nl, &m.key))
			return;
		ktab_have(nl->env.ktab, &m.key, m.deleted ? NULL : &m.val, now_ms());
		break;
	case NLCODEC_MISS:
	case NLCODEC_NONE:
		return;
	}
	nl->told = true;
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
	log_text(
	    nl, LOG_WARNING, "netlink: events were lost, reading everything again");
	nl->links_due = true;
	nl->told = true;
	ktab_resync(nl->env.ktab, 0);
}

static bool
dumping_links(const struct netlink *nl)
{
	return nl->dump == DUMP_LINKS || nl->dump == DUMP_PORTS;
}

/* True when all that is there has been read. */
static bool
read_events(struct netlink *nl)
{
	if (dumping_links(nl))
		return false;
	for (int i = 0; i < EVENT_BUDGET; i++) {
		int n = nlsock_recv(&nl->events, nl->rcv, BUFFER, take_event, nl);

		if (n == -EAGAIN && nl->overrun)
			overrun_over(nl);
		if (n == -EAGAIN)
			return true;
		if (n < 0)
			nl->overrun = true;
	}
	return false;
}

/* --- dumps --- */

static void
take_dumped(struct netlink *nl, const struct nlmsghdr *nlh, size_t len)
{
	struct nlcodec_msg m;

	nlcodec_decode(nlh, len, &m);
	if (nl->dump == DUMP_LINKS && m.what == NLCODEC_LINK && !m.deleted)
		take_link(nl, &m);
	else if (nl->dump == DUMP_PORTS && m.what == NLCODEC_PORT)
		klink_have_port(
		    nl->env.klinks, m.link.ifindex, m.link.master, &m.link.port);
	else if (nl->dump == DUMP_ROWS && m.what == NLCODEC_OBJ && !m.deleted &&
	    m.key.kind == nl->dump_what && m.key.ifindex == nl->dump_ifindex &&
	    !is_copy(nl, &m.key))
		ktab_have_dumped(nl->env.ktab, &m.key, &m.val, now_ms());
}

static bool
send_dump(struct netlink *nl, size_t len)
{
	int err = -EOPNOTSUPP;

	if (len > 0) {
		nl->dump_seq = nlsock_number(&nl->dumps, nl->snd, 0);
		err = nlsock_send(&nl->dumps, nl->snd, len);
	}
	nl->dump_intr = false;
	nl->stats.dumps++;
	if (err < 0)
		log_text(
		    nl, LOG_ERR, "netlink: dump cannot be sent: %s", strerror(-err));
	return err == 0;
}

static void
dump_links(struct netlink *nl, enum dump_kind dump)
{
	nl->dump = dump;
	if (dump == DUMP_LINKS) {
		nl->links_due = false;
		klink_dump_begin(nl->env.klinks);
	}
	if (!send_dump(nl, nlcodec_dump_links(nl->snd, BUFFER, dump == DUMP_PORTS))) {
		nl->dump = DUMP_NONE;
		nl->links_due = true;
	}
}

/* Devices that the dump did not show are gone, and their entries. */
static void
links_dumped(struct netlink *nl)
{
	struct klink *l;

	for (l = klink_first(nl->env.klinks); l != NULL; l = klink_after(l))
		if (l->stale)
			ktab_device_gone(nl->env.ktab, l->ifindex, now_ms());
	klink_dump_end(nl->env.klinks);
}

static void
dump_ended(struct netlink *nl, int err)
{
	enum dump_kind dump = nl->dump;
	bool complete = err == 0 && !nl->dump_intr;

	nl->dump = DUMP_NONE;
	nl->told = true;
	if (err < 0 && err != -ENODEV)
		log_text(nl, LOG_WARNING, "netlink: dump refused: %s", strerror(-err));
	if (dump == DUMP_ROWS) {
		/* Refused for good: what is there is unknown, and writing tells. */
		ktab_dump_end(nl->env.ktab, nl->dump_what, nl->dump_ifindex,
		    !nl->dump_intr, now_ms());
	} else if (!complete) {
		nl->links_due = true;
	} else if (dump == DUMP_LINKS) {
		links_dumped(nl);
		dump_links(nl, DUMP_PORTS);
	} else {
		nl->ready = true;
	}
}

/* Starts the next dump if none is under way. */
static void
dump_more(struct netlink *nl)
{
	while (nl->dump == DUMP_NONE) {
		if (nl->links_due && nl->npending > 0)
			return; /* answers must not wait for the events that wait for us */
		if (nl->links_due) {
			dump_links(nl, DUMP_LINKS);
			return;
		}
		if (!nl->ready ||
		    !ktab_dump_next(nl->env.ktab, &nl->dump_what, &nl->dump_ifindex))
			return;
		nl->dump = DUMP_ROWS;
		if (!send_dump(nl,
			nlcodec_dump(nl->snd, BUFFER, nl->dump_what, nl->dump_ifindex)))
			dump_ended(nl, 0);
	}
}

static void
take_dump(void *arg, const struct nlmsghdr *nlh, size_t len)
{
	struct netlink *nl = arg;
	int err = 0;

	if (nl->dump == DUMP_NONE || nlh->nlmsg_seq != nl->dump_seq)
		return;
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		nl->dump_intr = true;
	if (nlh->nlmsg_type == NLMSG_DONE) {
		dump_ended(nl, 0);
	} else if (nlh->nlmsg_type == NLMSG_ERROR) {
		(void)nlsock_words(nlh, len, &err);
		dump_ended(nl, err);
	} else {
		take_dumped(nl, nlh, len);
	}
}

/* --- requests --- */

static void
log_refusal(struct netlink *nl, const struct pending *p, const char *words)
{
	static const char *const verbs[] = {
		[KOP_ADD] = "add", [KOP_REPLACE] = "replace", [KOP_DELETE] = "delete"
	};
	char key[KOBJ_STRLEN];

	if (p->kind == PENDING_LINK)
		log_text(nl, LOG_WARNING, "netlink: device %s: %s%s%s", p->name,
		    strerror(-p->err), words != NULL ? ": " : "",
		    words != NULL ? words : "");
	else if (p->kind == PENDING_OP)
		log_text(nl, LOG_DEBUG, "netlink: %s %s %s: %s%s%s", verbs[p->op.op],
		    kkind_name(p->op.row->key.kind), kkey_str(key, &p->op.row->key),
		    strerror(-p->err), words != NULL ? ": " : "",
		    words != NULL ? words : "");
}

static void
op_ended(struct netlink *nl, struct pending *p)
{
	if (p->err < 0)
		nl->stats.errors++;
	if (ktab_done(nl->env.ktab, &p->op, p->err, now_ms()))
		nl->reread[nl->nreread++] = p->op;
}

/* What cannot be asked for alone is taken to be as told, and its device dumped. */
static void
read_ended(struct netlink *nl, struct pending *p)
{
	const struct kval *val = p->found ? &p->val : NULL;

	if (p->err < 0 && p->err != -ENOENT) {
		ktab_resync(nl->env.ktab, p->op.row->key.ifindex);
		val = p->op.op == KOP_DELETE ? NULL : &p->op.val;
	}
	if (ktab_reread(nl->env.ktab, &p->op, val, now_ms()))
		nl->reread[nl->nreread++] = p->op;
}

static void
link_ended(struct netlink *nl, struct pending *p)
{
	if (p->err < 0)
		nl->stats.errors++;
	klink_done(nl->env.klinks, p->name, p->err, now_ms());
}

static void
batch_ended(struct netlink *nl)
{
	static void (*const ended[])(struct netlink * nl, struct pending * p) = {
		[PENDING_OP] = op_ended,
		[PENDING_READ] = read_ended,
		[PENDING_LINK] = link_ended,
	};
	unsigned n = nl->npending;

	nl->npending = 0;
	for (unsigned i = 0; i < n; i++)
		ended[nl->batch[i].kind](nl, &nl->batch[i]);
	nl->told = true;
}

/* The answers were lost: all that was asked counts as refused. */
static void
batch_lost(struct netlink *nl, int err)
{
	for (unsigned i = 0; i < nl->npending; i++)
		nl->batch[i].err = err;
	batch_ended(nl);
}

/* Sequence numbers of a batch are consecutive. */
static struct pending *
pending_of(struct netlink *nl, uint32_t seq)
{
	uint32_t i = seq - nl->batch[0].seq;

	return nl->npending > 0 && i < nl->npending ? &nl->batch[i] : NULL;
}

static void
take_answer(void *arg, const struct nlmsghdr *nlh, size_t len)
{
	struct netlink *nl = arg;
	struct pending *p = pending_of(nl, nlh->nlmsg_seq);
	struct nlcodec_msg m;
	const char *words;

	if (p == NULL)
		return;
	if (nlh->nlmsg_type != NLMSG_ERROR) {
		nlcodec_decode(nlh, len, &m);
		if (p->kind == PENDING_READ && m.what == NLCODEC_OBJ) {
			p->found = true;
			p->val = m.val;
		}
		return;
	}
	words = nlsock_words(nlh, len, &p->err);
	if (p->err < 0)
		log_refusal(nl, p, words);
	if (p == &nl->batch[nl->npending - 1])
		batch_ended(nl);
}

static struct pending *
pending_new(struct netlink *nl, enum pending_kind kind)
{
	struct pending *p = &nl->batch[nl->npending];

	memset(p, 0, sizeof(*p));
	p->kind = kind;
	return p;
}

/* A message of LEN bytes at AT of the buffer is part of the batch; 0: cannot be said. */
static size_t
pending_add(struct netlink *nl, struct pending *p, size_t at, size_t len)
{
	p->seq = nlsock_number(&nl->requests, nl->snd + at, 0);
	nl->npending++;
	nl->stats.requests++;
	return at + len;
}

static size_t
fill_reads(struct netlink *nl, size_t at)
{
	unsigned n = nl->nreread;

	nl->nreread = 0;
	for (unsigned i = 0; i < n; i++) {
		struct pending *p = pending_new(nl, PENDING_READ);
		size_t len;

		p->op = nl->reread[i];
		len = nlcodec_get(nl->snd + at, BUFFER - at, &p->op.row->key);
		if (len > 0) {
			at = pending_add(nl, p, at, len);
		} else {
			p->err = -EOPNOTSUPP;
			read_ended(nl, p);
		}
	}
	return at;
}

static size_t
fill_links(struct netlink *nl, size_t at)
{
	struct klink_want *w;
	enum klink_step step;

	for (int i = 0;
	     i < BATCH_LINKS && nl->npending < BATCH && BUFFER - at >= NLCODEC_MAX &&
	     klink_next(nl->env.klinks, now_ms(), &step, &w);
	     i++) {
		const struct klink *l = klink_by_name(nl->env.klinks, w->name);
		const struct klink *master = klink_by_name(nl->env.klinks, w->master);
		struct pending *p = pending_new(nl, PENDING_LINK);
		size_t len = nlcodec_link(nl->snd + at, BUFFER - at, step, w,
		    l != NULL ? l->ifindex : 0, master != NULL ? master->ifindex : 0);

		memcpy(p->name, w->name, sizeof(p->name));
		if (len > 0)
			at = pending_add(nl, p, at, len);
		else
			klink_done(nl->env.klinks, p->name, -EOPNOTSUPP, now_ms());
	}
	return at;
}

static size_t
fill_rows(struct netlink *nl, size_t at)
{
	uint64_t now = now_ms();
	struct ktab_op op;

	while (nl->npending < BATCH && BUFFER - at >= NLCODEC_MAX &&
	    ktab_next(nl->env.ktab, now, &op)) {
		struct pending *p = pending_new(nl, PENDING_OP);
		size_t len = nlcodec_op(nl->snd + at, BUFFER - at, &op);

		p->op = op;
		if (len > 0)
			at = pending_add(nl, p, at, len);
		else
			(void)ktab_done(nl->env.ktab, &op, -EOPNOTSUPP, now);
	}
	return at;
}

/* Sends one batch of what is due, if none is in flight. */
static void
request_more(struct netlink *nl)
{
	struct nlmsghdr *last;
	size_t at = 0, from = 0;
	int err;

	if (nl->npending > 0 || !nl->ready || nl->links_due || dumping_links(nl))
		return;
	at = fill_reads(nl, at);
	at = fill_links(nl, at);
	at = fill_rows(nl, at);
	if (nl->npending == 0)
		return;
	do {
		last = (struct nlmsghdr *)(void *)(nl->snd + from);
		from += NLMSG_ALIGN(last->nlmsg_len);
	} while (from < at);
	last->nlmsg_flags |= NLM_F_ACK;
	nl->stats.batches++;
	err = nlsock_send(&nl->requests, nl->snd, at);
	if (err < 0) {
		log_text(nl, LOG_ERR, "netlink: requests cannot be sent: %s",
		    strerror(-err));
		batch_lost(nl, err);
	}
}

/* True when something was read. */
static bool
read_answers(struct netlink *nl)
{
	int n = nlsock_recv(&nl->requests, nl->rcv, BUFFER, take_answer, nl);

	if (n == -EAGAIN)
		return false;
	if (n < 0) {
		log_text(nl, LOG_ERR, "netlink: answers were lost: %s", strerror(-n));
		ktab_resync(nl->env.ktab, 0);
		batch_lost(nl, n);
	}
	return n >= 0;
}

/* --- the loop --- */

static void
arm_timer(struct netlink *nl)
{
	uint64_t now = now_ms(), at = ktab_deadline(nl->env.ktab);
	uint64_t links = klinks_deadline(nl->env.klinks);
	struct timeval tv;

	at = links < at ? links : at;
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
	if (dumping_links(nl))
		event_del(nl->ev_events);
	else
		event_add(nl->ev_events, NULL);
}

void
netlink_flush(struct netlink *nl)
{
	dump_more(nl);
	request_more(nl);
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
take_miss(void *arg, const struct nlmsghdr *nlh, size_t len)
{
	struct netlink *nl = arg;
	struct nlcodec_msg m;

	nlcodec_decode(nlh, len, &m);
	if (m.what == NLCODEC_MISS)
		nl->stats.misses++;
}

static void
on_misses(evutil_socket_t fd, short what, void *arg)
{
	struct netlink *nl = arg;

	(void)fd;
	(void)what;
	for (int i = 0; i < EVENT_BUDGET; i++) {
		int n = nlsock_recv(&nl->misses, nl->rcv, BUFFER, take_miss, nl);

		if (n == -EAGAIN)
			break;
	}
}

static void
on_dumps(evutil_socket_t fd, short what, void *arg)
{
	struct netlink *nl = arg;

	(void)fd;
	(void)what;
	for (int i = 0; i < DUMP_BUDGET; i++) {
		int n = nlsock_recv(&nl->dumps, nl->rcv, BUFFER, take_dump, nl);

		if (n == -EAGAIN)
			break;
		if (n < 0)
			nl->dump_intr = true; /* part of it is missing */
	}
	turn(nl);
}

static void
on_requests(evutil_socket_t fd, short what, void *arg)
{
	struct netlink *nl = arg;

	(void)fd;
	(void)what;
	if (read_events(nl))
		while (read_answers(nl))
			;
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
		RTNLGRP_IPV6_IFADDR, RTNLGRP_NEIGH };
	int err;

	if ((err = nlsock_open(&nl->requests, RCVBUF)) < 0 ||
	    (err = nlsock_open(&nl->dumps, RCVBUF)) < 0 ||
	    (err = nlsock_open(&nl->events, rcvbuf)) < 0 ||
	    (err = nlsock_open(&nl->misses, RCVBUF)) < 0 ||
	    (err = nlsock_filter_events(&nl->events, nl->requests.port)) < 0 ||
	    (err = nlsock_filter_misses(&nl->misses)) < 0 ||
	    (err = nlsock_join(&nl->misses, RTNLGRP_NEIGH)) < 0)
		return err;
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]) && err == 0; i++)
		err = nlsock_join(&nl->events, groups[i]);
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

struct netlink *
netlink_new(const struct netlink_env *env)
{
	struct netlink *nl = xcalloc(1, sizeof(*nl));
	int err;

	nl->env = *env;
	nl->rcv = xmalloc(BUFFER);
	nl->snd = xmalloc(BUFFER);
	nl->events.fd = nl->misses.fd = nl->dumps.fd = nl->requests.fd = -1;
	err = open_sockets(nl);
	if (err == 0) {
		nl->ev_events = watch(nl, &nl->events, on_events);
		nl->ev_misses = watch(nl, &nl->misses, on_misses);
		nl->ev_dumps = watch(nl, &nl->dumps, on_dumps);
		nl->ev_requests = watch(nl, &nl->requests, on_requests);
		nl->ev_timer = evtimer_new(env->base, on_timer, nl);
		if (nl->ev_events == NULL || nl->ev_misses == NULL ||
		    nl->ev_dumps == NULL || nl->ev_requests == NULL ||
		    nl->ev_timer == NULL)
			err = -ENOMEM;
	}
	if (err < 0) {
		netlink_free(nl);
		errno = -err;
		return NULL;
	}
	nl->links_due = true;
	netlink_flush(nl);
	return nl;
}

void
netlink_free(struct netlink *nl)
{
	struct event **evs[] = { &nl->ev_events, &nl->ev_misses, &nl->ev_dumps,
		&nl->ev_requests, &nl->ev_timer };

	if (nl == NULL)
		return;
	for (size_t i = 0; i < sizeof(evs) / sizeof(evs[0]); i++)
		if (*evs[i] != NULL)
			event_free(*evs[i]);
	nlsock_close(&nl->events);
	nlsock_close(&nl->misses);
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
netlink_route_mtu(struct netlink *nl, const struct ip *to, uint32_t *out_mtu)
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
	return true;
}

void
netlink_stats(const struct netlink *nl, struct netlink_stats *out)
{
	*out = nl->stats;
}

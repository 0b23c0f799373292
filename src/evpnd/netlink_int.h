/*
 * netlink_int - what the files of netlink share: the state, and what each does for the others.
 *
 * netlink.c hears events and drives the rest, netlink_dump.c reads what is there,
 * netlink_request.c writes what is wanted, netlink_miss.c hears what the kernel misses.
 */
#ifndef EVPND_NETLINK_INT_H
#define EVPND_NETLINK_INT_H

#include <syslog.h>

#include <linux/netlink.h>

#include "kern/nlcodec.h"
#include "netlink.h"
#include "nlsock.h"

struct event;

#define NETLINK_BUFFER (64 << 10)
#define NETLINK_BATCH 200 /* messages in one send */
#define NETLINK_MISSERS 64

enum pending_kind {
	PENDING_OP,   /* a row to write */
	PENDING_READ, /* a row to read again */
	PENDING_LINK, /* a step towards a device */
	PENDING_PART, /* a message of such a step, but not the last */
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

/* A device and its misses in this window. */
struct netlink_misser {
	uint32_t ifindex;
	uint32_t n;
};

struct netlink {
	struct netlink_env env;
	struct nlsock events, misses, dumps, requests, ages;
	struct event *ev_events, *ev_misses, *ev_dumps, *ev_requests, *ev_timer;
	struct event *ev_window;
	struct netlink_stats stats;
	uint8_t *rcv, *snd;
	bool told;         /* something changed: the pipeline is to be woken */
	bool ready;        /* links are known */
	bool filters_told; /* that the kernel refuses to drop frames */
	bool deaf;         /* the filter of a batch could not be taken away */
	bool overrun;      /* events were lost and those left not yet read */

	enum dump_kind dump;
	bool links_due;       /* the links are to be dumped (again) */
	enum kkind dump_what; /* valid while DUMP_ROWS */
	uint32_t dump_ifindex;
	uint32_t dump_seq;
	bool dump_intr; /* the kernel says that it changed meanwhile */

	struct pending batch[NETLINK_BATCH];
	unsigned npending; /* in flight; 0: none */
	struct ktab_op reread[NETLINK_BATCH];
	unsigned nreread; /* to be read with the next batch */

	struct netlink_misser missers[NETLINK_MISSERS];
	uint32_t window_misses; /* of all devices */
	uint32_t muted[NLSOCK_MUTED];
	unsigned nmuted;
};

/* Time is that of the monotonic clock, in milliseconds. */
uint64_t netlink_now(void);
void netlink_log(struct netlink *nl, int level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* netlink.c: a link that is told of, or was dumped. */
void netlink_take_link(struct netlink *nl, const struct nlcodec_msg *m);
/* True for an entry that is a copy of another's and no row. */
bool netlink_is_copy(struct netlink *nl, const struct kkey *key);

/* netlink_dump.c: starts the next dump if none is under way. */
void netlink_dump_more(struct netlink *nl);
/* A message of the dumps' socket; an nlsock_cb with a struct netlink. */
void netlink_take_dump(void *arg, const struct nlmsghdr *nlh, size_t len);

static inline bool
netlink_dumping_links(const struct netlink *nl)
{
	return nl->dump == DUMP_LINKS || nl->dump == DUMP_PORTS;
}

/* netlink_miss.c: callbacks of ev_misses and ev_window. */
void netlink_on_misses(int fd, short what, void *arg);
void netlink_on_window(int fd, short what, void *arg);

/* netlink_request.c: sends one batch of what is due, if none is in flight. */
void netlink_request_more(struct netlink *nl);
/* True when something was read. */
bool netlink_read_answers(struct netlink *nl);

#endif

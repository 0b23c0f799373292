/*
 * netlink_request - writes what is wanted: one batch at a time, rows to be read again, steps
 * of devices, rows. The kernel acknowledges the last message only; refusals come by sequence
 * number.
 */
#include "netlink_int.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH_LINKS 32 /* steps of devices in a batch: they take long */
#define LINK_PARTS 3   /* messages of one step, at the most */
#define QUIET_MIN 16   /* FDB entries of which the echo is not taken */

/*
 * Refusals of rows are shown, not logged; but that frames get through which were to be dropped
 * everybody is to know, once.
 */
static int
refusal_level(struct netlink *nl, const struct pending *p)
{
	uint8_t kind = p->op.key.kind;

	if ((kind != KOBJ_TAGDROP && kind != KOBJ_REQDROP) || nl->filters_told)
		return LOG_DEBUG;
	nl->filters_told = true;
	return LOG_WARNING;
}

static void
log_refusal(struct netlink *nl, const struct pending *p, const char *words)
{
	static const char *const verbs[] = {
		[KOP_ADD] = "add", [KOP_REPLACE] = "replace", [KOP_DELETE] = "delete"
	};
	char key[KOBJ_STRLEN];

	if (p->kind == PENDING_LINK || p->kind == PENDING_PART)
		netlink_log(nl, LOG_WARNING, "netlink: device %s: %s%s%s", p->name,
		    strerror(-p->err), words != NULL ? ": " : "",
		    words != NULL ? words : "");
	else if (p->kind == PENDING_OP)
		netlink_log(nl, refusal_level(nl, p), "netlink: %s %s %s: %s%s%s",
		    verbs[p->op.op], kkind_name(p->op.key.kind),
		    kkey_str(key, &p->op.key), strerror(-p->err),
		    words != NULL ? ": " : "", words != NULL ? words : "");
}

static void
op_ended(struct netlink *nl, struct pending *p)
{
	if (p->err < 0)
		nl->stats.errors++;
	if (ktab_done(nl->env.ktab, &p->op, p->err, netlink_now()))
		nl->reread[nl->nreread++] = p->op;
}

/*
 * What cannot be asked for alone is taken to be as told, and its device dumped. What may be
 * somebody else's is taken to be absent: nothing is written before the dump.
 */
static void
read_ended(struct netlink *nl, struct pending *p)
{
	const struct kval *val = p->found ? &p->val : NULL;

	if (p->err < 0 && p->err != -ENOENT) {
		const struct kkey *key = &p->op.key;
		bool absent = p->op.op == KOP_DELETE || kkind_yields(key->kind);

		if (kkind_on_device(key->kind))
			ktab_resync(nl->env.ktab, key->ifindex);
		else
			ktab_redump(nl->env.ktab, key->kind, key->ifindex);
		val = absent ? NULL : &p->op.val;
	}
	if (ktab_reread(nl->env.ktab, &p->op, val, netlink_now()))
		nl->reread[nl->nreread++] = p->op;
}

static void
link_ended(struct netlink *nl, struct pending *p)
{
	if (p->err < 0)
		nl->stats.errors++;
	klink_done(nl->env.klinks, p->name, p->err, netlink_now());
}

static void
part_ended(struct netlink *nl, struct pending *p)
{
	if (p->err < 0)
		nl->stats.errors++;
}

static void
batch_ended(struct netlink *nl)
{
	static void (*const ended[])(struct netlink * nl, struct pending * p) = {
		[PENDING_OP] = op_ended,
		[PENDING_READ] = read_ended,
		[PENDING_LINK] = link_ended,
		[PENDING_PART] = part_ended,
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

/*
 * A request of LEN bytes at AT of the buffer is part of the batch. Its last message has the
 * number that is waited for; those before it, if any, have none.
 */
static size_t
pending_add(struct netlink *nl, struct pending *p, size_t at, size_t len)
{
	const struct nlmsghdr *nlh = (const void *)(nl->snd + at);
	size_t last = at;

	while (last + NLMSG_ALIGN(nlh->nlmsg_len) < at + len) {
		last += NLMSG_ALIGN(nlh->nlmsg_len);
		nlh = (const void *)(nl->snd + last);
	}
	p->seq = nlsock_number(&nl->requests, nl->snd + last, 0);
	nl->npending++;
	nl->stats.requests++;
	return at + len;
}

/* A step of several messages: the last one's answer is the step's. */
static size_t
pending_add_all(struct netlink *nl, struct pending *p, size_t at, size_t len)
{
	const struct pending step = *p;
	size_t end = at + len, n;

	for (;;) {
		n = NLMSG_ALIGN(((struct nlmsghdr *)(void *)(nl->snd + at))->nlmsg_len);
		if (at + n >= end)
			break;
		p->kind = PENDING_PART;
		at = pending_add(nl, p, at, n);
		p = &nl->batch[nl->npending];
		*p = step;
	}
	return pending_add(nl, p, at, n);
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
		len = nlcodec_get(nl->snd + at, NETLINK_BUFFER - at, &p->op.key);
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

	for (int i = 0; i < BATCH_LINKS && nl->npending + LINK_PARTS <= NETLINK_BATCH &&
	     NETLINK_BUFFER - at >= NLCODEC_MAX &&
	     klink_next(nl->env.klinks, netlink_now(), &step, &w);
	     i++) {
		const struct klink *l = klink_by_name(nl->env.klinks, w->name);
		bool on_lower = step == KLINK_CREATE || step == KLINK_SET_GROUP;
		const struct klink *other =
		    klink_by_name(nl->env.klinks, on_lower ? w->lower : w->master);
		struct pending *p = pending_new(nl, PENDING_LINK);
		size_t len = nlcodec_link(nl->snd + at, NETLINK_BUFFER - at, step, w,
		    l != NULL ? l->ifindex : 0, other != NULL ? other->ifindex : 0);

		memcpy(p->name, w->name, sizeof(p->name));
		if (len > 0)
			at = pending_add_all(nl, p, at, len);
		else
			klink_done(nl->env.klinks, p->name, -EOPNOTSUPP, netlink_now());
	}
	return at;
}

/* How often the kernel asks user space before it asks the link; our own 1 does not count. */
static uint32_t
app_solicit_of(const struct kkey *key)
{
	char path[96], name[IF_NAMESIZE], buf[16];
	long value = 0;
	ssize_t n;
	int fd;

	if (if_indextoname(key->ifindex, name) == NULL)
		return 0;
	snprintf(path, sizeof(path), "/proc/sys/net/ipv%d/neigh/%s/app_solicit",
	    key->ip.family, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, buf, sizeof(buf) - 1);
	close(fd);
	if (n > 0) {
		buf[n] = '\0';
		value = strtol(buf, NULL, 10);
	}
	return value > 1 && value <= INT32_MAX ? (uint32_t)value : 0;
}

static size_t
fill_rows(struct netlink *nl, size_t at)
{
	uint64_t now = netlink_now();
	struct ktab_op op;

	while (nl->npending < NETLINK_BATCH && NETLINK_BUFFER - at >= NLCODEC_MAX &&
	    ktab_next(nl->env.ktab, now, &op)) {
		struct pending *p = pending_new(nl, PENDING_OP);
		size_t len;

		if (op.key.kind == KOBJ_ASK && op.op == KOP_ADD)
			op.val.port = app_solicit_of(&op.key);
		len = nlcodec_op(nl->snd + at, NETLINK_BUFFER - at, &op);
		p->op = op;
		if (len > 0)
			at = pending_add(nl, p, at, len);
		else
			(void)ktab_done(nl->env.ktab, &op, -EOPNOTSUPP, now);
	}
	return at;
}

static unsigned
written_fdb(const struct netlink *nl)
{
	unsigned n = 0;

	for (unsigned i = 0; i < nl->npending; i++) {
		const struct pending *p = &nl->batch[i];

		if (p->kind == PENDING_OP && p->op.op != KOP_DELETE &&
		    (p->op.key.kind == KOBJ_BRFDB || p->op.key.kind == KOBJ_VXFDB))
			n++;
	}
	return n;
}

/*
 * Without the filter that cannot be had, everything is heard, which costs time only; a socket
 * that stays deaf to FDB entries is told of, and its tables are read again when that is over.
 */
static void
hear_fdb(struct netlink *nl)
{
	int err = nlsock_filter_events(&nl->events, nl->requests.port, false);

	if (err < 0 && !nl->deaf)
		netlink_log(nl, LOG_ERR, "netlink: filter of the events' socket: %s",
		    strerror(-err));
	if (err < 0)
		err = nlsock_filter_none(&nl->events);
	if (err == 0 && nl->deaf) {
		netlink_log(nl, LOG_NOTICE, "netlink: FDB events are heard again");
		ktab_resync(nl->env.ktab, 0);
	}
	nl->deaf = err < 0;
}

/*
 * The kernel carries a batch out within send(), and tells all who listen of each new entry.
 * For as long as that lasts our own socket does not take such news: making and reading the
 * echo was a third of what an entry costs. A change of the filter costs as much as some ten
 * echoes (6.18), so that for a few entries it is left alone.
 */
static int
send_batch(struct netlink *nl, size_t len)
{
	bool quiet = written_fdb(nl) >= QUIET_MIN;
	int err;

	if (quiet)
		(void)nlsock_filter_events(&nl->events, nl->requests.port, true);
	err = nlsock_send(&nl->requests, nl->snd, len);
	if (quiet)
		hear_fdb(nl);
	return err;
}

/* Sends one batch of what is due, if none is in flight. */
void
netlink_request_more(struct netlink *nl)
{
	struct nlmsghdr *last;
	size_t at = 0, from = 0;
	int err;

	if (nl->deaf)
		hear_fdb(nl);
	if (nl->npending > 0 || !nl->ready || nl->links_due ||
	    netlink_dumping_links(nl))
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
	err = send_batch(nl, at);
	if (err < 0) {
		netlink_log(nl, LOG_ERR, "netlink: requests cannot be sent: %s",
		    strerror(-err));
		batch_lost(nl, err);
	}
}

/* True when something was read. */
bool
netlink_read_answers(struct netlink *nl)
{
	int n = nlsock_recv(&nl->requests, nl->rcv, NETLINK_BUFFER, take_answer, nl);

	if (n == -EAGAIN)
		return false;
	if (n < 0) {
		netlink_log(
		    nl, LOG_ERR, "netlink: answers were lost: %s", strerror(-n));
		ktab_resync(nl->env.ktab, 0);
		batch_lost(nl, n);
	}
	return n >= 0;
}

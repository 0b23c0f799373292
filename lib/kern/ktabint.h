/*
 * ktabint - the inside of the kernel's table: what its files ask of each other.
 *
 *   krow.c    rows, where they are kept, what they say
 *   kqueue.c  which of them have something to do
 *   ktab.c    both columns, devices and their dumps
 *   kwrite.c  requests and answers
 *
 * Not for others.
 */
#ifndef KERN_KTABINT_H
#define KERN_KTABINT_H

#include "base/lhash.h"
#include "base/slab.h"
#include "kern/ktab.h"

#define LEVELS 8

/*
 * Install ranks: what rows of a higher rank refer to is written first and deleted last. The
 * entries of one host are of one rank, so that hosts are written one after the other and the
 * first of a burst need not wait for the last.
 */
#define RANK_ENTRIES 3
#define RANKS 5

/*
 * Per rank one queue of rows to write, one of rows to delete, one of adopted rows (which
 * count as rows to delete once released). Q_WAIT: refused, and its time has not come.
 */
enum queue {
	Q_NONE,
	Q_ADD,                        /* + rank */
	Q_DELETE = Q_ADD + RANKS,     /* + rank */
	Q_ADOPTED = Q_DELETE + RANKS, /* + rank */
	Q_WAIT = Q_ADOPTED + RANKS,
	Q_COUNT,
};

struct kdev {
	RB_ENTRY(kdev) link;
	TAILQ_ENTRY(kdev) due_link; /* valid while DUE */
	uint32_t ifindex;
	uint8_t kind;
	bool due;     /* a dump is asked for */
	bool dumping; /* handed out by ktab_dump_next() */
	bool leaving; /* to go when nothing of ours is left on it */
};

/* Rows of one kind on one device, of bridges one VLAN, of vxlan devices one VNI. */
struct kplace {
	RB_ENTRY(kplace) link;
	struct kdev *dev; /* NULL: not managed */
	struct lhash rows;
	uint32_t ifindex;
	uint32_t sub; /* VLAN or VNI */
	uint8_t kind;
};

/* A value that rows want or have, kept once. */
struct kvalue {
	uint32_t next;
	uint32_t refs;
	/* with PAD set: and the MAC of the row that refers to it */
	struct kval val;
};

/* A row that was refused: most never are. */
struct krefused {
	RB_ENTRY(krefused) link;
	TAILQ_ENTRY(krefused) wait_link; /* valid while WAITING */
	struct krow *row;
	uint64_t retry_ms;
	int16_t error;
	uint8_t fails; /* in a row; sets the back-off */
	bool waiting;
};

/*
 * Rows in order. One that went elsewhere is passed over when its turn comes; it may stand
 * here twice.
 */
struct kring {
	uint32_t *refs;
	uint32_t head, n, room; /* ROOM: a power of two, or 0 */
	uint32_t live;          /* rows whose queue this is */
};

RB_HEAD(kplaces, kplace);
RB_HEAD(kdevs, kdev);
RB_HEAD(krefuseds, krefused);
TAILQ_HEAD(kwaits, krefused);

#define LAYOUTS 4

struct ktab {
	struct kplaces places;
	struct slab place_slab, value_slab, row_slabs[LAYOUTS];
	struct lhash values;
	struct kplace *last_place[KOBJ_KINDS]; /* looked up last */
	struct kdevs devs;
	struct kring rings[Q_WAIT];
	struct kring heard;
	struct krefuseds refused;
	uint32_t nrefused;
	struct kwaits waits[LEVELS];
	TAILQ_HEAD(, kdev) dumps; /* due, oldest first */
	struct krow *handed;      /* by ktab_heard(), not yet let go */
	uint32_t unsynced;        /* devices due or being dumped */
	uint32_t turn;            /* of ktab_next(), so that deletes are not starved */
	bool released;
	bool leave_due;       /* a device that is leaving may be able to go */
	bool renewing;        /* a walk of ktab_work() is under way ... */
	struct kkey renew_at; /* ... and goes on here */
	struct ktab_stats stats;
	struct kevents events;
};

/* --- krow.c --- */
void krow_init(struct ktab *t);
void krow_fini(struct ktab *t);
struct krow *krow_get(struct ktab *t, const struct kkey *key);
void krow_free(struct krow *r);
/* NULL: none. */
void krow_set_want(struct krow *r, const struct kval *val);
void krow_set_have(struct krow *r, const struct kval *val);
/* A row's number among all; krow_at() NULL: it is none any more. */
uint32_t krow_ref(const struct krow *r);
struct krow *krow_at(const struct ktab *t, uint32_t ref);
struct ktab *krow_tab(const struct krow *r);
struct kplace *krow_place(const struct krow *r);
/* What counts as shared: the number of the row's device is that of D, or of none. */
void kplaces_managed(struct ktab *t, enum kkind kind, uint32_t ifindex, struct kdev *d);
/* The device that KEY is on, or NULL: it is not managed. */
struct kdev *kdev_of(struct ktab *t, const struct kkey *key);
struct kdev *kdev_find(const struct ktab *t, enum kkind kind, uint32_t ifindex);
size_t krow_bytes(const struct ktab *t);

RB_PROTOTYPE(kdevs, kdev, link, kdev_cmp)

/* --- kqueue.c --- */
void kqueue_init(struct ktab *t);
void kqueue_fini(struct ktab *t);
void kring_push(struct ktab *t, struct kring *q, struct krow *r);
/* The first one, whatever its queue; NULL: none. */
struct krow *kring_pop(struct ktab *t, struct kring *q);
/* Into a queue of rows to write or delete, to its end; or to its front. */
void krow_queue(struct krow *r, enum queue q);
void krow_hurry(struct krow *r);
struct krow *kqueue_first(struct ktab *t, enum queue q);
/* NULL: it was not. */
struct krefused *krow_refused(const struct krow *r);
struct krefused *krow_refuse(struct krow *r);
void krow_forgive(struct krow *r);
/* Waits as one of its level. */
void krow_wait(struct krow *r);
size_t kqueue_bytes(const struct ktab *t);

/* --- ktab.c --- */
/* Puts the row where it belongs after a change; it may be freed. */
void ktab_update(struct ktab *t, struct krow *r, uint64_t now);
/* The kernel has VAL, or nothing, under this row's key. */
void ktab_row_have(
    struct ktab *t, struct krow *r, const struct kval *val, bool ours, uint64_t now);
bool ktab_row_is_ours(
    const struct ktab *t, const struct krow *r, const struct kval *val);
void ktab_event(struct ktab *t, const struct krow *r, enum kevent_kind kind,
    const struct kval *val, uint64_t now);
/* Devices that are leaving go, if they can. */
void ktab_devs_leave(struct ktab *t, uint64_t now);
/* Where it belongs. */
enum queue ktab_queue_of(struct ktab *t, const struct krow *r, uint64_t now);

#endif

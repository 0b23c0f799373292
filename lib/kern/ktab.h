/*
 * ktab - the kernel as a table with two columns: what we want and what it has.
 *
 * EVPN (project.c) writes the first with ktab_want(), netlink the second with ktab_have().
 * A row whose columns differ becomes a request: ktab_next() hands it out, ktab_done() takes
 * the kernel's answer. The policy is krow_op(), one function over one row; start-up, lost
 * events, drift, reload and restart are the same code.
 *
 * Devices: only what sits on a device told by ktab_manage() is mirrored. A newly managed
 * device, or any after ktab_resync(), is due for a dump: ktab_dump_next() names kind and
 * device, entries come by ktab_have(), ktab_dump_end() drops what the dump did not confirm
 * (or, when the dump was interrupted, asks for another).
 *
 * What is not ours is never touched; of kinds that carry a protocol number (kkind_yields())
 * not even where we want something else: then the row stays "foreign" until it goes. A row
 * that carries our mark but nobody wants was left by an earlier life: it is kept until
 * ktab_release(), then deleted.
 *
 * Rows whose "have" changed and which are not ours form the queue of ktab_heard(): that is
 * where local MACs and neighbours come from.
 */
#ifndef KERN_KTAB_H
#define KERN_KTAB_H

#include "base/table.h"
#include "kern/kevent.h"
#include "kern/kobj.h"

enum kop {
	KOP_NONE,
	KOP_ADD,
	KOP_REPLACE,
	KOP_DELETE,
};

/*
 * A row. What it is keyed by, wants and has lies behind it, or is shared with other rows, and
 * is read by krow_key(), krow_want() and krow_have().
 */
struct krow {
	uint32_t next;  /* of the same bucket */
	uint32_t place; /* number of its struct kplace; 0: this is no row (any more) */
	uint32_t want;  /* number of its struct kvalue; valid while WANTED */
	uint32_t have;  /* valid while PRESENT */
	uint32_t changed_s; /* when want or have have last changed, seconds of `now` */
	bool wanted : 1;
	bool present : 1;
	bool ours : 1;     /* what the kernel has was put there by us, now or earlier */
	bool stale : 1;    /* a dump is under way and has not confirmed it yet */
	bool inflight : 1; /* handed out by ktab_next(), or being read again */
	bool deleting : 1; /* in flight: a delete */
	bool reading : 1;  /* in flight: being read again */
	bool touched : 1;  /* an event came while in flight: read it again */
	bool heard : 1;    /* in the queue of ktab_heard() */
	/* ours by its mark, left by an earlier life, never wanted since */
	bool adopted : 1;
	/* an event told of it while a dump is under way: the dump is older */
	bool fresh : 1;
	bool differs : 1;  /* counted as differing */
	bool lost : 1;     /* somebody else took away what we had written */
	bool renew : 1;    /* to be deleted and written again, see ktab_renew() */
	bool refused : 1;  /* there is a struct krefused of it */
	bool listed : 1;   /* kqueue.c */
	uint8_t queue : 5; /* enum queue */
	uint8_t layout : 2;
};

struct ktab_op {
	struct krow *row; /* stays valid until ktab_done() */
	struct kkey key;
	enum kop op;
	struct kval val; /* ADD and REPLACE: what to write; DELETE: what is there */
};

struct ktab_stats {
	uint64_t adds, replaces, deletes, errors, repairs, resyncs;
	uint32_t rows[KOBJ_KINDS], wanted[KOBJ_KINDS], differing, inflight;
	uint32_t devices, dumps_due;
	size_t bytes; /* all of the table */
};

struct ktab;

struct ktab *ktab_new(void);
void ktab_free(struct ktab *t);

struct kkey krow_key(const struct krow *r);
enum kkind krow_kind(const struct krow *r);
struct kval krow_want(const struct krow *r); /* zeros: nothing */
struct kval krow_have(const struct krow *r);
/* The same to point to, as long as the enclosing block lives. */
#define KROW_KEY(r) ((const struct kkey *)(struct kkey[]){ krow_key(r) })
#define KROW_WANT(r) ((const struct kval *)(struct kval[]){ krow_want(r) })
#define KROW_HAVE(r) ((const struct kval *)(struct kval[]){ krow_have(r) })
/* The last refusal as -errno, 0: none, and how many there were in a row. */
int krow_error(const struct krow *r, unsigned *out_fails);

/* The whole policy of the daemon towards the kernel. */
enum kop krow_op(const struct krow *r, bool released);

/* --- the EVPN side --- */
/* Wants VAL under KEY, or nothing when VAL is NULL. Equal to what was wanted: no effect. */
void ktab_want(
    struct ktab *t, const struct kkey *key, const struct kval *val, uint64_t now);
/* If it is to be written, it is the next of its rank. */
void ktab_hurry(struct ktab *t, const struct kkey *key);
/* What the kernel has under KEY goes, whoever put it there; of unmarked kinds only. */
void ktab_evict(struct ktab *t, const struct kkey *key, uint64_t now);
/*
 * Mirrors entries of KIND on IFINDEX from now on, or forgets them (nothing is deleted).
 * Rows wanted on a device that is not managed, or not yet dumped, are not written: nexthops
 * and their groups are managed under ifindex 0, routes under their table.
 */
void ktab_manage(struct ktab *t, enum kkind kind, uint32_t ifindex, bool on);
/* It is not mirrored any more once nothing of ours is left on it. */
void ktab_leave(struct ktab *t, enum kkind kind, uint32_t ifindex);
bool ktab_managed(const struct ktab *t, enum kkind kind, uint32_t ifindex);
/* Entries of an earlier life that nobody wants may go from now on. */
void ktab_release(struct ktab *t, uint64_t now);
/*
 * Deletes everything of ours in the kernel, also what an earlier life left, and writes what
 * is wanted again.
 */
void ktab_renew(struct ktab *t, uint64_t now);
/* Goes on with that, BUDGET rows at the most; true: it is done. */
bool ktab_work(struct ktab *t, unsigned budget, uint64_t now);
/*
 * The next row whose HAVE changed and which is, or was before, not ours (of unmarked kinds
 * any): ask krow_is_local() if it is there as someone else's. (When we wrote over a local
 * entry, the row comes once more, then as ours.) Valid until the next call, and not written
 * before that: call it until it returns NULL.
 */
struct krow *ktab_heard(struct ktab *t);
/* The kernel has it and it is not ours. */
static inline bool
krow_is_local(const struct krow *r)
{
	return r->present && !r->ours;
}

/* --- the netlink side --- */
/* The kernel has VAL under KEY, or nothing when VAL is NULL: an event, or a re-read. */
void ktab_have(
    struct ktab *t, const struct kkey *key, const struct kval *val, uint64_t now);
/* A line of a dump: older than any event that came since the dump began. */
void ktab_have_dumped(
    struct ktab *t, const struct kkey *key, const struct kval *val, uint64_t now);
/* The device is gone, its entries with it; it is no longer managed. */
void ktab_device_gone(struct ktab *t, uint32_t ifindex, uint64_t now);
/* Events were lost (ENOBUFS): every managed device is due for a dump; 0 means all. */
void ktab_resync(struct ktab *t, uint32_t ifindex);
/* One of them is due for a dump. */
void ktab_redump(struct ktab *t, enum kkind kind, uint32_t ifindex);
/*
 * Nexthops, groups and all tables of routes are due for a dump: with a device's link, or an
 * address, the kernel drops them without telling (6.18). ktab_device_gone() and the event of
 * a wanted nexthop's end imply it.
 */
void ktab_resync_routing(struct ktab *t);
/* A device changed state: retry at once what was refused there. */
void ktab_kick(struct ktab *t, uint32_t ifindex, uint64_t now);
/* A dump that is due; marks the device's rows stale. False: none. */
bool ktab_dump_next(struct ktab *t, enum kkind *out_kind, uint32_t *out_ifindex);
void ktab_dump_end(
    struct ktab *t, enum kkind kind, uint32_t ifindex, bool complete, uint64_t now);
/* All managed devices have been dumped at least once and no dump is due. */
bool ktab_synced(const struct ktab *t);
/* Is there anything of an earlier life that is not wanted (yet)? */
bool ktab_adopts(struct ktab *t);
/* Is a dump of this device still awaited? Its rows are not written before. */
bool ktab_dump_due(const struct ktab *t, enum kkind kind, uint32_t ifindex);

/*
 * The next request, in install order, deletes in reverse; false: nothing to do now. A change
 * that the kernel cannot make in place comes as a DELETE and later an ADD.
 */
bool ktab_next(struct ktab *t, uint64_t now, struct ktab_op *out);
/*
 * The kernel's answer: 0 or -errno. EEXIST on add, ENOENT on delete count as success. A row
 * that was touched meanwhile is to be read again: returns true, and the caller asks the
 * kernel for that one object and says what it has by ktab_reread(). Events that the kernel
 * sent before its answer must have been given to ktab_have() before.
 */
bool ktab_done(struct ktab *t, const struct ktab_op *op, int err, uint64_t now);
/* What the kernel has under the row's key, or NULL; true: ask once more. */
bool ktab_reread(
    struct ktab *t, const struct ktab_op *op, const struct kval *val, uint64_t now);
/* When ktab_next() may have something again (back-off); UINT64_MAX: never. */
uint64_t ktab_deadline(const struct ktab *t);

/* --- looking at it --- */
struct krow *ktab_find(struct ktab *t, const struct kkey *key);
/*
 * First row at or after KEY, the next one; NULL at the end. The order is: kind, device, VLAN
 * or VNI of FDB entries, and then any, but it stays. A key of which only these are set comes
 * before all rows there; one with PAD set after the row that it names otherwise.
 */
struct krow *ktab_from(struct ktab *t, const struct kkey *key);
struct krow *ktab_after(struct krow *r);
bool krow_differs(const struct krow *r);
/*
 * "installed", "pending", "failed", "leaving" (to be deleted), "stale" (of an earlier life,
 * kept until ktab_release()), "foreign" (not ours), "absent".
 */
const char *krow_state(const struct krow *r);
/* What became of rows, for kevent_read(). */
const struct kevents *ktab_events(const struct ktab *t);
void ktab_stats(const struct ktab *t, struct ktab_stats *out);

#endif

/*
 * kevent - what became of kernel entries: the last of it, in a ring.
 *
 * Written by the table (ktab), read by "show evpn history", "monitor" and debug lines. Events
 * are numbered from 0; a reader keeps the number of the next one it wants.
 */
#ifndef KERN_KEVENT_H
#define KERN_KEVENT_H

#include "kern/kobj.h"

#define KEVENT_RING 4096

enum kevent_kind {
	KEVENT_WRITTEN,
	KEVENT_REPAIRED, /* written again after it was lost */
	KEVENT_REMOVED,
	KEVENT_REFUSED, /* told once for each error */
	KEVENT_LOST,    /* somebody else deleted or changed what is ours */
};

struct kevent {
	uint64_t at_ms;
	uint8_t kind;  /* enum kevent_kind */
	int16_t error; /* KEVENT_REFUSED: -errno */
	struct kkey key;
	struct kval
	    val; /* what was written, removed or refused; LOST: what was wanted */
};

struct kevents {
	struct kevent *ring; /* of KEVENT_RING */
	uint64_t n;          /* so many there were */
};

void kevents_init(struct kevents *e);
void kevents_fini(struct kevents *e);
void kevent_add(struct kevents *e, const struct kevent *ev);
/* Events since SEQ: copies at most N to OUT, moves SEQ; the number copied. */
unsigned kevent_read(
    const struct kevents *e, uint64_t *seq, struct kevent *out, unsigned n);
const char *kevent_name(enum kevent_kind kind);

#endif

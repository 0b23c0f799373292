/*
 * resume - what one life of evpnd leaves for the next, in a file beside the control socket.
 *
 * The kernel has what we forward by. The file has the rest: that there was an earlier life,
 * whether it had entries in the kernel, which neighbors it had routes from, and of the hosts
 * here what only we know (evpn_memo_next()). It counts only in the boot and the network
 * namespace it was written in: the kernel's tables do not outlive them.
 */
#ifndef EVPND_RESUME_H
#define EVPND_RESUME_H

#include "base/addr.h"

struct evpnd;
struct resume;

/* What the file said. */
struct resume_past {
	bool lived;     /* there was an earlier life */
	bool forwarded; /* it had entries in the kernel */
	struct ip *peers;
	unsigned npeers;
};

/* Reads the file, gives the memos to D's evpn. */
struct resume *resume_new(struct evpnd *d);
void resume_free(struct resume *r);
const struct resume_past *resume_past(const struct resume *r);
/* To be called now and then: has anything changed that nobody tells? */
void resume_look(struct resume *r);
/* Something that the file says may have changed: it is written before long. */
void resume_dirty(struct resume *r);
/* Writes the file now. */
void resume_flush(struct resume *r);

#endif

/*
 * feed - what happened, from the rings of the three subjects, in the order of their times.
 *
 * lib/evpn, lib/kern and bgpnews keep the last events each; history, explain and monitor read
 * them through this. A feed keeps the numbers of the events it wants next and one event of
 * each subject: nothing else is buffered, and a reader that is slow is overrun by the rings
 * and told how much it missed.
 */
#ifndef EVPND_FEED_H
#define EVPND_FEED_H

#include "bgpnews.h"
#include "evpn/evpn.h"
#include "kern/kevent.h"

enum feed_subject { FEED_BGP, FEED_EVPN, FEED_KERNEL, FEED_SUBJECTS };

struct feed_event {
	enum feed_subject subject;
	uint64_t missed; /* events of this subject lost before this one */
	union {
		uint64_t at_ms; /* the first member of each */
		struct bgpnews_event bgp;
		struct evpn_event evpn;
		struct kevent kernel;
	};
};

struct feed {
	struct evpnd *d;
	bool on[FEED_SUBJECTS];
	bool held[FEED_SUBJECTS]; /* NEXT has an event */
	uint64_t seq[FEED_SUBJECTS];
	struct feed_event next[FEED_SUBJECTS];
};

/* Of one subject, or of all: FEED_SUBJECTS. PAST: from the oldest that is kept, else from now. */
void feed_init(struct feed *f, struct evpnd *d, enum feed_subject only, bool past);
void feed_fini(struct feed *f);
/* The next event; false: there is none now. */
bool feed_next(struct feed *f, struct feed_event *out);
const char *feed_subject_name(enum feed_subject subject);
/* The subject of that name; FEED_SUBJECTS: there is none. */
enum feed_subject feed_subject_parse(const char *name);

#endif

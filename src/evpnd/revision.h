/*
 * revision - the configurations that were in force before, the last few of them.
 */
#ifndef EVPND_REVISION_H
#define EVPND_REVISION_H

#include <stddef.h>
#include <time.h>

#define REVISIONS 20

struct conf;

/* What replaced it: when, by whom, how ("commit", "configure terminal"). */
struct revision {
	char *text;
	time_t replaced; /* Unix time */
	char by[64];
	const char *how;
	const void *session; /* of the lines typed that replaced it; NULL: otherwise */
};

struct revisions {
	struct revision row[REVISIONS]; /* the newest first */
	unsigned n;
};

/*
 * C goes out of force. Lines that one SESSION types one after the other make one revision;
 * NULL for all else.
 */
void revision_add(struct revisions *r, const struct conf *c, const char *by,
    const char *how, const void *session);
/* Number N, from 1; NULL: there are not so many. The caller frees it. */
struct conf *revision_conf(const struct revisions *r, unsigned n);
/* The session is gone; another one may get its place in memory. */
void revision_forget(struct revisions *r, const void *session);
void revisions_fini(struct revisions *r);

#endif

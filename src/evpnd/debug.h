/*
 * debug - debug lines that were asked for, by the configuration or as typed.
 *
 * Costs the look at one word while nothing is asked for. At most DEBUG_RATE lines a second
 * are written; how many were left out is told.
 */
#ifndef EVPND_DEBUG_H
#define EVPND_DEBUG_H

#include "conf/debug.h"
#include "evpnd.h"

#define DEBUG_RATE 500

struct cli_match;
struct cursor;
struct peer;
struct update;

/* The configuration says something else: what it adds is switched on, what it drops off. */
void debug_apply(struct evpnd *d, const struct conf *now, const struct conf *before);
/* As typed. False: refused; MSG may also be a warning. */
bool debug_run(struct evpnd *d, const struct cli_match *m, char *msg, size_t len);
void debug_fini(struct evpnd *d);

bool debug_wanted(const struct evpnd *d, enum conf_debug_what what, const char *only);
/* Is it asked for, of ONLY or of all? */
static inline bool
debug_on(const struct evpnd *d, enum conf_debug_what what, const char *only)
{
	return d->debug.n > 0 && debug_wanted(d, what, only);
}
void debug_line(struct evpnd *d, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The routes of an UPDATE, received or (OUT) sent. */
void debug_update(const struct peer *p, const struct update *u, bool out);
/* The same of messages as they go to the peer's socket. */
void debug_sent(const struct peer *p, const uint8_t *bytes, size_t len);
/* What the EVPN tables and the kernel's entries have to tell; true: all is told. */
bool debug_events(struct evpnd *d);

#endif

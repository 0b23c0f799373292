/*
 * ctl - the control socket: commands in, answers out, a line of JSON each. The protocol is
 * described in evpnd-control(7).
 *
 * A client may send the next request before it has read the answer; it waits its turn. What
 * a client does not read is not produced, so a slow client holds up nobody and costs little
 * memory. Root and the daemon's own user may change things and see passwords; members of the
 * socket's group may look; nobody else is answered.
 */
#ifndef EVPND_CTL_H
#define EVPND_CTL_H

#define CTL_REQUEST_MAX 65536 /* bytes of a request line; longer ones end the session */
#define CTL_REQUEST_MS 30000  /* from its first byte to its last */
#define CTL_CLIENTS 64        /* sessions at a time ... */
#define CTL_SPARE 16          /* ... and more of them for those who may change things */
#define CTL_STALL_S 600       /* a client of the group that takes nothing is let go */

#include <stddef.h>

struct ctl;
struct evpnd;

/*
 * Listens on PATH (replacing a dead socket there; its directory is made when missing). NULL
 * with errno set: EADDRINUSE when another daemon answers there.
 */
struct ctl *ctl_new(struct evpnd *d, const char *path);
void ctl_free(struct ctl *c);
/* Something happened that streams may tell of. Free of cost when there is none. */
void ctl_wake(struct ctl *c);
/* How many clients there are, and what waits for them. */
unsigned ctl_sessions(const struct ctl *c, size_t *out_bytes);

#endif

/*
 * change - who may change the configuration, and what is on its way to be in force.
 */
#ifndef EVPND_CHANGE_H
#define EVPND_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "conf/text.h"

struct change;
struct cli_match;
struct event_base;
struct evpnd;
struct revisions;

/* Who asks: a connection of the control socket. */
struct change_user {
	const void *session; /* the connection, for comparing only */
	pid_t pid;
	uid_t uid;
};

struct change *change_new(struct evpnd *d);
/* Tells of a commit that was not confirmed. */
void change_free(struct change *ch);
/* The connection is gone, and its candidate with it. */
void change_gone(struct change *ch, const void *session);

/*
 * Lines of U are to be carried out in CTX: on what this returns, which goes to change_end()
 * afterwards. NULL: not now, MSG says why; CTX is the exec mode when the candidate is gone.
 */
struct conf *change_begin(struct change *ch, const struct change_user *u,
    struct conf_ctx *ctx, char *msg, size_t len);
/*
 * Puts it in force, or leaves it a candidate. False: the line has left the mode, which is not
 * to be (MSG says why); CTX is BEFORE again.
 */
bool change_end(struct change *ch, const struct change_user *u, struct conf *c,
    struct conf_ctx *ctx, const struct conf_ctx *before, char *msg, size_t len);

/* "configure exclusive", "commit", "rollback" and their like. */
bool change_known(const struct cli_match *m);
/* True: done, perhaps with a word of it in MSG. CTX moves where the command leads. */
bool change_run(struct change *ch, const struct change_user *u,
    const struct cli_match *m, struct conf_ctx *ctx, char *msg, size_t len);

/*
 * The file was read again: C, taken over, takes effect. False: not while somebody holds the
 * configuration; MSG says who.
 */
bool change_reload(struct change *ch, struct conf *c, char *msg, size_t len);
/* May the running configuration go to the file? False: MSG says why not. */
bool change_settled(const struct change *ch, char *msg, size_t len);

/* For shows. The candidate, or NULL; who holds it; seconds until the roll back, -1: none. */
const struct conf *change_candidate(const struct change *ch);
const char *change_holder(const struct change *ch);
int change_left_s(const struct change *ch);
const struct revisions *change_revisions(const struct change *ch);

#endif

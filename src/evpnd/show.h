/*
 * show - commands that answer: one JSON document each, written piece by piece.
 *
 * A show is a row of a const table: the command's operation, a start function and a step
 * function. Each step writes a bounded amount and returns; it keeps keys, not pointers,
 * between steps, so that the tables may change meanwhile. Text is made in evpnsh from the
 * same JSON.
 */
#ifndef EVPND_SHOW_H
#define EVPND_SHOW_H

#include "cli/cli.h"

#include <stdbool.h>
#include <stddef.h>

struct evbuffer;
struct evpnd;
struct show;

/*
 * Starts the show for M; NULL when M is not one (MSG empty) or is refused: then MSG has the
 * reason in FRR's words ("% ..."). Asked for JSON, a show of what is not there is FRR's empty
 * document instead.
 */
struct show *show_new(
    struct evpnd *d, const struct cli_match *m, char *msg, size_t len);
/* Passwords may be shown to this client; before the first step. */
void show_secrets(struct show *s, bool on);
/*
 * It writes lines as things happen and never ends; a step that writes nothing has to be
 * repeated when something may have happened.
 */
bool show_streams(const struct show *s);
/* Writes some more to OUT; true: the document is complete. */
bool show_step(struct show *s, struct evbuffer *out);
void show_free(struct show *s);

#endif

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
#include <stdint.h>

struct evbuffer;
struct evpnd;
struct json_object;

/*
 * A JSON writer: containers are opened and closed by hand so that they may span steps; what
 * is small is built with json-c and written whole. Takes care of commas.
 */
struct jout {
	struct evbuffer *out;
	bool comma;	/* something stands before us in this container */
	int depth;
};

void jout_open(struct jout *j, const char *key, char bracket); /* '{' or '['; KEY NULL in arrays */
void jout_close(struct jout *j, char bracket);		       /* '}' or ']' */
void jout_value(struct jout *j, const char *key, struct json_object *v); /* takes V */
void jout_str(struct jout *j, const char *key, const char *v);
void jout_int(struct jout *j, const char *key, int64_t v);
void jout_bool(struct jout *j, const char *key, bool v);

struct show;

/* Starts the show for M; NULL when M is not one. MSG gets an FRR-style refusal ("% ..."). */
struct show *show_new(struct evpnd *d, const struct cli_match *m, char *msg, size_t len);
/* Writes some more to OUT; true: the document is complete. */
bool show_step(struct show *s, struct evbuffer *out);
void show_free(struct show *s);

#endif

/*
 * render - the daemon's JSON as FRR's text.
 *
 * One function per command, found by its operation; it gets the command as typed (its
 * arguments choose between forms of one document) and the parsed document. A command that
 * has none is shown as its JSON.
 */
#ifndef EVPNSH_RENDER_H
#define EVPNSH_RENDER_H

#include "cli/grammar.h"

#include <stdint.h>
#include <stdio.h>

struct json_object;

/* Prints DOC; false: OP has no text form. */
bool render(const struct cli_match *m, struct json_object *doc, FILE *out);

/*
 * A table of any length comes in slices (slice.h). The same struct for all of them, zero but
 * for M before the first.
 */
struct render_part {
	const struct cli_match *m;
	bool first, last; /* of this slice */
	/* private to the renderer */
	char key[64];  /* of the container whose rows came last */
	uint64_t rows; /* printed */
	bool links;    /* the heading of a second table is there */
	int width;     /* of a column that is as wide as need be */
};

/* How deep rows are in the document of M, for slice.h; 0: it is rendered whole. */
int render_depth(const struct cli_match *m);
/* Prints a slice; false: OP has no text form. */
bool render_slice(struct render_part *p, struct json_object *doc, FILE *out);

#endif

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

#include <stdio.h>

struct json_object;

/* Prints DOC; false: OP has no text form. */
bool render(const struct cli_match *m, struct json_object *doc, FILE *out);

#endif

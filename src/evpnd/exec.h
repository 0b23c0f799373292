/*
 * exec - commands that do something at once, found by their operation.
 */
#ifndef EVPND_EXEC_H
#define EVPND_EXEC_H

#include "cli/cli.h"

#include <stdbool.h>
#include <stddef.h>

struct evpnd;

/* Is there such a command? */
bool exec_known(const struct cli_match *m);
/* True: done. False: refused, MSG has the reason in FRR's words. */
bool exec_run(struct evpnd *d, const struct cli_match *m, char *msg, size_t len);

#endif

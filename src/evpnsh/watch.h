/*
 * watch - a command again and again, with what has changed highlighted.
 */
#ifndef EVPNSH_WATCH_H
#define EVPNSH_WATCH_H

#include <stdbool.h>

struct shell;

/*
 * Runs LINE, an exec command, every SECONDS (a number; NULL: 2) until Ctrl-C. False: it was
 * refused.
 */
bool watch_run(struct shell *sh, const char *seconds, const char *line);

#endif

/*
 * load - configuration commands of a file, many at a time.
 */
#ifndef EVPNSH_LOAD_H
#define EVPNSH_LOAD_H

#include <stdbool.h>
#include <stdio.h>

struct shell;

/*
 * All lines of F in the configuration mode; every line is tried, messages name NAME, line and
 * column. False: one was refused, or there is no daemon.
 */
bool load_file(struct shell *sh, FILE *f, const char *name);

#endif

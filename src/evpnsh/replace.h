/*
 * replace - "configure replace FILE": the file, all of it or nothing.
 */
#ifndef EVPNSH_REPLACE_H
#define EVPNSH_REPLACE_H

#include <stdbool.h>

struct shell;

/*
 * MINUTES NULL: for good; else until they are over, or a "commit" comes. False: a line was
 * refused, and nothing of the file is in force; the messages were printed.
 */
bool replace_file(struct shell *sh, const char *path, const char *minutes);

#endif

/*
 * save - the running configuration into its file, all or nothing.
 */
#ifndef EVPND_SAVE_H
#define EVPND_SAVE_H

#include <stdbool.h>
#include <stddef.h>

struct conf;

/*
 * Replaces PATH by what C says, through a file beside it; mode and owner of PATH are kept,
 * 0640 when it is new. True: MSG is what to tell. False: MSG has the reason, PATH is as it
 * was.
 */
bool save_conf(const struct conf *c, const char *path, char *msg, size_t len);

#endif

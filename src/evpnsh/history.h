/*
 * history - the lines typed, over sessions: ~/.evpnsh_history, one a line, for nobody else to
 * read.
 */
#ifndef EVPNSH_HISTORY_H
#define EVPNSH_HISTORY_H

#include "cli/cli.h"

#define HISTORY_LINES 1000

/* The file's path, the caller's; NULL: there is no home. */
char *history_path(void);
/* The last lines of the file, oldest first. */
void history_load(
    const char *path, void (*each)(const char *line, void *arg), void *arg);
/* Does LINE, typed in MODE, hold a password? */
bool history_is_secret(enum cli_mode mode, const char *line);
/* One more; shells at work at the same time write to the same file. */
void history_save(const char *path, const char *line);

#endif

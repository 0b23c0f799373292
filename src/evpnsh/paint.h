/*
 * paint - colours for a terminal: words that say how something is.
 */
#ifndef EVPNSH_PAINT_H
#define EVPNSH_PAINT_H

#include <stdbool.h>

/* Does the standard output want colours? */
bool paint_wanted(void);
/* LINE with colours, or NULL when it has none; the caller frees it. */
char *paint(const char *line);

#endif

/*
 * pretty - JSON text laid out as FRR does (json-c's way), piece by piece: a document of any
 * size passes through without being held.
 */
#ifndef EVPNSH_PRETTY_H
#define EVPNSH_PRETTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* All zero before the first piece. */
struct pretty {
	int depth;
	bool text;    /* inside a string */
	bool escaped; /* after a backslash in one */
	bool fresh;   /* the container is open and empty so far */
};

void pretty_put(struct pretty *p, const char *s, size_t len, FILE *out);

#endif

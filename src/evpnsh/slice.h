/*
 * slice - a JSON document of any size, handed on in documents of a size that can be held.
 *
 * A slice is cut between two members, or two elements, not deeper than the rows are; the
 * containers that are open there are closed at the end of one slice and begun again in the
 * next. So each slice is a document of the same shape, and a member of a container is in one
 * of them only.
 */
#ifndef EVPNSH_SLICE_H
#define EVPNSH_SLICE_H

#include <stdbool.h>
#include <stddef.h>

struct json_object;

#define SLICE_DEPTH 8
#define SLICE_BYTES 262144

struct slice {
	int cut_depth; /* where rows are members: 1, the document's; 0: never cut */
	size_t limit;  /* bytes above which a slice is cut; 0: SLICE_BYTES */
	/* DOC is not ours to keep; NULL: not JSON. LAST: the document is complete. */
	void (*each)(struct json_object *doc, bool last, void *arg);
	void *arg;
	/* private */
	char *text;
	size_t len, room;
	int depth;
	bool quoted, escaped; /* inside a string; after a backslash there */
	size_t
	    member[SLICE_DEPTH]; /* where the present member of each container begins */
	char *open[SLICE_DEPTH]; /* each container's key and bracket, as text */
};

void slice_put(struct slice *s, const char *text, size_t len);
/* The last slice. */
void slice_end(struct slice *s);
/* Also without slice_end(). */
void slice_fini(struct slice *s);

#endif

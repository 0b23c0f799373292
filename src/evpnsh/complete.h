/*
 * complete - what may come at the end of a line: words of the grammar, filters behind a bar,
 * and what the daemon has just now where a value is to come.
 */
#ifndef EVPNSH_COMPLETE_H
#define EVPNSH_COMPLETE_H

#include <stdbool.h>

struct shell;

enum complete_kind {
	COMPLETE_WORD,  /* a keyword */
	COMPLETE_TYPE,  /* what sort of value: "VNI"; or "<cr>" */
	COMPLETE_VALUE, /* one of those that there are, of the type before it */
};

typedef void complete_each(
    enum complete_kind kind, const char *word, const char *help, void *arg);

/* All that may come at the end of LINE, whose last word may be begun. */
void complete(struct shell *sh, const char *line, complete_each *each, void *arg);
/* The last word of LINE, as far as it is there. */
const char *complete_begun(const char *line);

#endif

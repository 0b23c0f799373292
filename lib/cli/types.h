/*
 * types - the kinds of arguments a synopsis can name, and what fits each.
 */
#ifndef CLI_TYPES_H
#define CLI_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How well a word fits; the better reading of a word wins. */
enum cli_fit {
	CLI_FIT_NONE,
	CLI_FIT_LINE,    /* the rest of the line */
	CLI_FIT_WIDE,    /* any word would */
	CLI_FIT_NARROW,  /* has the form of such a value */
	CLI_FIT_BEGUN,   /* begins a keyword */
	CLI_FIT_KEYWORD, /* is the keyword */
};

struct cli_type {
	const char *name;
	const char *help;
	const char *why; /* what is expected, for messages */
	enum cli_fit (*fit)(const char *text);
};

/* The type called by the first LEN bytes of NAME, or NULL. */
const struct cli_type *cli_type_find(const char *name, size_t len);
/* Row I, or NULL. */
const struct cli_type *cli_type(int i);
/* A decimal number of at most LIMIT, digits only. */
bool cli_number(const char *text, uint64_t limit, uint64_t *out);

#endif

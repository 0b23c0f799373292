/*
 * synopsis - one command's synopsis, compiled: its tokens, and which may follow which.
 *
 * A set of tokens is a bit mask. A line fits when its words walk from FIRST along FOLLOW and
 * end in LAST (Glushkov's construction: one state per token, no empty moves).
 */
#ifndef CLI_SYNOPSIS_H
#define CLI_SYNOPSIS_H

#include "cli/types.h"

#define SYN_TOKENS 64

struct syn_token {
	const char *s; /* into the synopsis */
	uint8_t len;
	bool grouped; /* in (), [] or {}: a keyword there is an argument */
	const struct cli_type *type; /* NULL: a keyword, or a range */
	bool range;
	uint64_t min, max; /* valid when RANGE */
};

struct synopsis {
	int n;
	uint64_t first, last;
	uint64_t follow[SYN_TOKENS];
	struct syn_token tok[SYN_TOKENS];
};

/* NO: what stands in {} may be left out. False: SYNTAX is not well-formed. */
bool synopsis_compile(const char *syntax, bool no, struct synopsis *out);
enum cli_fit syn_fit(const struct syn_token *t, const char *word);
/* A keyword: neither type nor range. */
bool syn_is_keyword(const struct syn_token *t);

#endif

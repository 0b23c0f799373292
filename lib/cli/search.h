/*
 * search - walks all commands of a mode along the words of a line at once.
 *
 * After each word only those readings are kept whose fit is the best any command has for it
 * (cli_fit), so a keyword hides arguments. Both matching and completion are this walk.
 */
#ifndef CLI_SEARCH_H
#define CLI_SEARCH_H

#include "cli/cli.h"
#include "cli/synopsis.h"

#define CLI_WORDS 64 /* the last holds what is left of a longer line */
#define CLI_ROWS 512

struct cli_words {
	int n;
	int at[CLI_WORDS];  /* offsets into CUT */
	char cut[CLI_LINE]; /* the line, a NUL after each word */
	bool open;          /* the line ends in the last word, not in a blank */
};

/* A command still possible, and its tokens that the last word may have been. */
struct cli_alive {
	int row;
	enum cli_fit fit;
	uint64_t set;
};

struct cli_search {
	enum cli_mode mode;
	bool no;
	const struct cli_words *words;
	int from; /* the first word that counts, past "no" and "do" */
	int done; /* the first word not yet walked over, or the one that does not fit */
	enum cli_fit best[CLI_WORDS];
	int nalive;
	struct cli_alive alive[CLI_ROWS];
};

/* False: longer than a line may be. */
bool cli_split(const char *line, struct cli_words *out);
/* All commands of MODE that may begin with word FROM. */
void cli_search_start(struct cli_search *s, enum cli_mode mode, bool no,
    const struct cli_words *words, int from);
/* Walks on to word END (not included); false: a word does not fit, it is DONE. */
bool cli_search_walk(struct cli_search *s, int end);
/* The synopsis of an alive row, compiled. */
void cli_search_compile(const struct cli_search *s, int row, struct synopsis *out);
/* The tokens of a row that may come next. */
uint64_t cli_search_next(
    const struct cli_search *s, const struct synopsis *syn, uint64_t set);

#endif

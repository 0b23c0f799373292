/*
 * output - where a command's answer goes: through filters ("| include RE"), colours and a
 * pager to the standard output.
 */
#ifndef EVPNSH_OUTPUT_H
#define EVPNSH_OUTPUT_H

#include <regex.h>
#include <stdbool.h>
#include <stdio.h>

#define OUTPUT_FILTERS 8

enum output_filter {
	FILTER_NONE,
	FILTER_INCLUDE,
	FILTER_EXCLUDE,
	FILTER_BEGIN,
	FILTER_SECTION,
	FILTER_COUNT,
};

struct output_stage {
	enum output_filter filter;
	regex_t re;
	bool begun;          /* of FILTER_BEGIN and _SECTION: inside */
	size_t indent;       /* of FILTER_SECTION: of the line that began it */
	unsigned long count; /* of FILTER_COUNT */
};

/* What output_start() is told. */
struct output_to {
	FILE *file; /* NULL: the standard output */
	int page;   /* a pager takes what is longer than this; 0: none does */
	bool paint; /* with colours */
	bool live;  /* every line at once, for as long as it takes; no pager */
};

struct output {
	FILE *file; /* write here */
	struct output_to how;
	FILE *to;   /* the file, the standard output or the pager */
	bool pager; /* TO is a pager */
	char *
	    held; /* lines that wait for the pager, or for there being no need of one */
	size_t held_len, held_room;
	int nheld;
	char *line; /* not yet complete */
	size_t len, room;
	int nstages;
	struct output_stage stage[OUTPUT_FILTERS];
};

/*
 * Cuts "| include RE" and its like off LINE. False: bad filter; MSG says why, OUT needs no
 * closing.
 */
bool output_filter(struct output *out, char *line, char *msg, size_t len);
/* The name of filter I, and what it does; NULL: there are no more. */
const char *output_filter_word(int i, const char **out_help);
/* Opens FILE. */
void output_start(struct output *out, const struct output_to *how);
/* Nobody reads any more. */
bool output_broken(const struct output *out);
/* Also when it was not started. */
void output_close(struct output *out);

#endif

/*
 * output - where a command's answer goes: the standard output, through a filter ("| include
 * RE") and a pager.
 */
#ifndef EVPNSH_OUTPUT_H
#define EVPNSH_OUTPUT_H

#include <regex.h>
#include <stdbool.h>
#include <stdio.h>

enum output_filter {
	FILTER_NONE,
	FILTER_INCLUDE,
	FILTER_EXCLUDE,
	FILTER_BEGIN,
	FILTER_COUNT,
};

struct output {
	FILE *file; /* write here */
	FILE *to;   /* where it goes after the filter */
	bool pager; /* TO is a pager */
	enum output_filter filter;
	regex_t re;          /* valid when FILTER */
	bool begun;          /* of FILTER_BEGIN: the line was seen */
	unsigned long count; /* of FILTER_COUNT */
	char *line;          /* not yet complete */
	size_t len, room;
};

/*
 * Cuts "| include RE" and its like off LINE. False: bad filter; MSG says why, OUT needs no
 * closing.
 */
bool output_filter(struct output *out, char *line, char *msg, size_t len);
/* Opens FILE. */
void output_start(struct output *out, bool use_pager);
/* Also when it was not started. */
void output_close(struct output *out);

#endif

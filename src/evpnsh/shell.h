/*
 * shell - runs one line: what is the shell's own here, the rest in the daemon.
 */
#ifndef EVPNSH_SHELL_H
#define EVPNSH_SHELL_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/cli.h"

struct json_object;
struct link;

struct shell {
	const char *path; /* of the control socket */
	struct link *link;
	struct json_object *ctx; /* as the daemon gave it; NULL: exec */
	enum cli_mode mode;
	char host[64];
	bool terminal;      /* somebody sits there */
	const char *file;   /* where lines come from, for messages; NULL: not a file */
	int lineno, column; /* valid when FILE */
	int length;         /* lines to a page, 0: no paging */
	bool done;          /* "exit" in the exec mode */
	bool lost;          /* no daemon */
};

/* False: no daemon (told on stderr). */
bool shell_open(struct shell *sh, const char *path);
void shell_close(struct shell *sh);
/* Starts in the configuration mode, as for a file. */
void shell_configure(struct shell *sh);
/* False: refused, or no daemon (LOST); the message was printed. */
bool shell_run(struct shell *sh, const char *line);
/*
 * All lines of F in the configuration mode, many at a time; every line is tried. False: one
 * was refused.
 */
bool shell_load(struct shell *sh, FILE *f);

#endif

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
struct reply;

struct shell {
	const char *path; /* of the control socket */
	struct link *link;
	struct json_object *ctx; /* as the daemon gave it; NULL: exec */
	enum cli_mode mode;
	bool candidate; /* what is typed is not yet in force */
	char host[64];
	bool terminal;    /* somebody sits there */
	bool paint;       /* answers get colours */
	bool endless;     /* the answer under way ends when we do */
	const char *file; /* where lines come from, for messages; NULL: nowhere */
	int lineno;       /* valid when FILE */
	int length; /* lines to a page; 0: no paging, below: as the terminal has */
	FILE *to;   /* where answers go; NULL: the standard output */
	bool done;  /* "exit" in the exec mode */
	bool lost;  /* no daemon */
};

/* False: no daemon (told on stderr). */
bool shell_open(struct shell *sh, const char *path);
void shell_close(struct shell *sh);
/* Starts in the configuration mode, as for a file. */
void shell_configure(struct shell *sh);
/* False: refused, or no daemon (LOST), or stopped; the message was printed. */
bool shell_run(struct shell *sh, const char *line);
/* Lines and columns of the terminal. */
void shell_size(int *out_rows, int *out_columns);

/* --- for the files beside it --- */
/* Sends LINE. False: no daemon, told; or Ctrl-C. */
bool shell_ask(struct shell *sh, const char *line, struct reply *r);
/* What the daemon has said; the caller has sent a request over LINK itself. */
void shell_take(struct shell *sh, const struct reply *r);
/* The link is gone in the middle of an answer, or the answer is no longer wanted. */
bool shell_lose(struct shell *sh);
/* The whole document of an answer; NULL: it is none. False: no more link. */
bool shell_document(struct shell *sh, struct json_object **out);

#endif

/*
 * line - the interactive shell: editing, history, TAB and "?".
 */
#ifndef EVPNSH_LINE_H
#define EVPNSH_LINE_H

struct shell;

/* Reads and runs lines until "exit" or the end of input; the exit status. */
int line_loop(struct shell *sh);

#endif

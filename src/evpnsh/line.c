/*
 * line - the interactive shell on libedit.
 *
 * TAB completes the last word as far as it is certain and lists what is possible; "?" lists
 * it with help, at any point of a line. Both ask the grammar, so they know every command.
 */
#include "line.h"

#include <errno.h>
#include <histedit.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/cli.h"
#include "shell.h"

#define HISTORY_LINES 1000

/* libedit gives its callbacks nothing of ours to hold but this. */
static struct shell *
shell_of(EditLine *el)
{
	void *sh = NULL;

	el_get(el, EL_CLIENTDATA, &sh);
	return sh;
}

static char *
prompt(EditLine *el)
{
	static char buf[128];
	const struct shell *sh = shell_of(el);

	snprintf(buf, sizeof(buf), "%s%s# ", sh->host, cli_mode_prompt(sh->mode));
	return buf;
}

/* The line up to the cursor. */
static void
before_cursor(EditLine *el, char *buf, size_t len)
{
	const LineInfo *li = el_line(el);
	size_t n = (size_t)(li->cursor - li->buffer);

	if (n >= len)
		n = len - 1;
	memcpy(buf, li->buffer, n);
	buf[n] = '\0';
}

static void
print_help(const char *word, const char *help, bool is_arg, void *arg)
{
	(void)is_arg;
	(void)arg;
	printf("  %-22s %s\n", word, help);
}

static unsigned char
on_help(EditLine *el, int c)
{
	char line[CLI_LINE];

	(void)c;
	before_cursor(el, line, sizeof(line));
	printf("?\n");
	cli_candidates(shell_of(el)->mode, line, print_help, NULL);
	return CC_REDISPLAY;
}

/* What all keywords that fit have in common. */
struct common {
	char text[80];
	int n;
	bool args;
};

static void
gather(const char *word, const char *help, bool is_arg, void *arg)
{
	struct common *c = arg;
	size_t i;

	(void)help;
	if (is_arg) {
		c->args = true;
		return;
	}
	if (c->n++ == 0) {
		strlcpy(c->text, word, sizeof(c->text));
		return;
	}
	for (i = 0; c->text[i] != '\0' && c->text[i] == word[i]; i++)
		;
	c->text[i] = '\0';
}

static unsigned char
on_complete(EditLine *el, int ch)
{
	struct common c = { .n = 0 };
	char line[CLI_LINE];
	const char *begun;
	size_t len;

	(void)ch;
	before_cursor(el, line, sizeof(line));
	begun = strrchr(line, ' ');
	begun = begun != NULL ? begun + 1 : line;
	len = strlen(begun);
	cli_candidates(shell_of(el)->mode, line, gather, &c);
	if (c.n > 0 && strlen(c.text) > len) {
		el_insertstr(el, c.text + len);
		if (c.n == 1)
			el_insertstr(el, " ");
		return CC_REFRESH;
	}
	if (c.n == 1 && !c.args) {
		el_insertstr(el, " ");
		return CC_REFRESH;
	}
	printf("\n");
	cli_candidates(shell_of(el)->mode, line, print_help, NULL);
	return CC_REDISPLAY;
}

/* ^C ends the line, not the shell. */
static void
on_interrupt(int sig)
{
	(void)sig;
}

static char *
history_path(void)
{
	const char *home = getenv("HOME");

	return home != NULL && *home != '\0' ? xasprintf("%s/.evpnsh_history", home)
					     : NULL;
}

static EditLine *
editor_new(struct shell *sh, History *hist)
{
	EditLine *el = el_init("evpnsh", stdin, stdout, stderr);

	if (el == NULL)
		return NULL;
	el_set(el, EL_CLIENTDATA, sh);
	el_set(el, EL_PROMPT, prompt);
	el_set(el, EL_EDITOR, "emacs");
	el_set(el, EL_HIST, history, hist);
	el_set(el, EL_ADDFN, "evpnsh-help", "Lists what may come here", on_help);
	el_set(el, EL_ADDFN, "evpnsh-complete", "Completes a word", on_complete);
	el_set(el, EL_BIND, "?", "evpnsh-help", NULL);
	el_set(el, EL_BIND, "\t", "evpnsh-complete", NULL);
	el_set(el, EL_BIND, "^R", "em-inc-search-prev", NULL);
	return el;
}

static void
loop(struct shell *sh, EditLine *el, History *hist)
{
	HistEvent ev;
	const char *line;
	int n;

	while (!sh->done) {
		errno = 0;
		line = el_gets(el, &n);
		if (line == NULL && errno == EINTR) {
			printf("\n");
			el_set(el, EL_REFRESH);
			continue;
		}
		if (line == NULL || n <= 0) {
			printf("\n");
			break;
		}
		if (line[strspn(line, " \t\r\n")] != '\0')
			history(hist, &ev, H_ENTER, line);
		shell_run(sh, line);
	}
}

int
line_loop(struct shell *sh)
{
	struct sigaction sa = { .sa_handler = on_interrupt }; /* no SA_RESTART */
	History *hist = history_init();
	char *path = history_path();
	EditLine *el;
	HistEvent ev;

	if (hist == NULL || (el = editor_new(sh, hist)) == NULL) {
		fprintf(stderr, "evpnsh: no terminal to edit on\n");
		return 1;
	}
	sigaction(SIGINT, &sa, NULL);
	history(hist, &ev, H_SETSIZE, HISTORY_LINES);
	history(hist, &ev, H_SETUNIQUE, 1);
	if (path != NULL)
		history(hist, &ev, H_LOAD, path);
	loop(sh, el, hist);
	if (path != NULL)
		history(hist, &ev, H_SAVE, path);
	free(path);
	el_end(el);
	history_end(hist);
	return sh->lost ? 2 : 0;
}

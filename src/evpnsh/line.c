/*
 * line - the interactive shell on libedit.
 *
 * TAB completes the last word as far as it is certain and lists what is possible; "?" lists
 * it with help, at any point of a line. Text that is pasted is not typed: a "?" or a TAB at
 * the beginning of a line, with more behind it, is just a character.
 */
#include "line.h"

#include <errno.h>
#include <histedit.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "base/mem.h"
#include "cli/cli.h"
#include "complete.h"
#include "history.h"
#include "shell.h"
#include "stop.h"

#define CTRL_Z 0x1a

struct editor {
	struct shell *sh;
	EditLine *el;
	History *hist;
	char *path;         /* of the history; NULL: it is not kept */
	struct termios was; /* valid when SAVED */
	bool saved;
	bool ended; /* ^Z: what el_gets() returns is not typed */
};

/* libedit gives its callbacks nothing of ours to hold but this. */
static struct editor *
editor_of(EditLine *el)
{
	void *e = NULL;

	el_get(el, EL_CLIENTDATA, &e);
	return e;
}

static char *
prompt(EditLine *el)
{
	static char buf[160];
	const struct shell *sh = editor_of(el)->sh;

	snprintf(buf, sizeof(buf), "%s%s%s# ", sh->host, cli_mode_prompt(sh->mode),
	    sh->candidate ? "*" : "");
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

/* Is there more to read already? */
static bool
is_pasted(void)
{
	int n = 0;

	return ioctl(STDIN_FILENO, FIONREAD, &n) == 0 && n > 0;
}

/* --- "?" --- */

static void
print_help(enum complete_kind kind, const char *word, const char *help, void *arg)
{
	(void)arg;
	if (kind == COMPLETE_VALUE)
		printf("     %s\n", word);
	else
		printf("  %-22s %s\n", word, help);
}

static unsigned char
on_help(EditLine *el, int c)
{
	char line[CLI_LINE];

	(void)c;
	if (is_pasted()) {
		el_insertstr(el, "?");
		return CC_REFRESH;
	}
	before_cursor(el, line, sizeof(line));
	printf("?\n");
	complete(editor_of(el)->sh, line, print_help, NULL);
	fflush(stdout);
	return CC_REDISPLAY;
}

/* --- TAB --- */

/* The words that fit, and what they have in common. */
struct fitting {
	char common[256];
	char **word;
	int n;
	bool types; /* something may come that is not in the list */
	int widest;
};

static void
gather(enum complete_kind kind, const char *word, const char *help, void *arg)
{
	struct fitting *f = arg;
	size_t i;
	int k;

	(void)help;
	if (kind == COMPLETE_TYPE) {
		f->types = true;
		return;
	}
	/* A peer-group is also what may stand for a neighbor. */
	for (k = 0; k < f->n; k++)
		if (strcmp(f->word[k], word) == 0)
			return;
	f->word = xreallocarray(f->word, (size_t)f->n + 1, sizeof(*f->word));
	f->word[f->n] = xstrdup(word);
	if ((int)strlen(word) > f->widest)
		f->widest = (int)strlen(word);
	if (f->n++ == 0) {
		strlcpy(f->common, word, sizeof(f->common));
		return;
	}
	for (i = 0; f->common[i] != '\0' && f->common[i] == word[i]; i++)
		;
	f->common[i] = '\0';
}

static void
fitting_free(struct fitting *f)
{
	while (f->n > 0)
		free(f->word[--f->n]);
	free(f->word);
}

/* In columns, as wide as the terminal. */
static void
list_words(const struct fitting *f)
{
	int rows, columns, across, i;

	shell_size(&rows, &columns);
	across = columns / (f->widest + 2);
	if (across < 1)
		across = 1;
	for (i = 0; i < f->n; i++) {
		if ((i + 1) % across == 0 || i + 1 == f->n)
			printf("%s\n", f->word[i]);
		else
			printf("%-*s", f->widest + 2, f->word[i]);
	}
}

static unsigned char
complete_word(EditLine *el, const char *line, const struct fitting *f)
{
	size_t len = strlen(complete_begun(line));

	if (f->n > 0 && strlen(f->common) > len) {
		el_insertstr(el, f->common + len);
		if (f->n == 1)
			el_insertstr(el, " ");
		return CC_REFRESH;
	}
	if (f->n == 1 && len > 0) {
		el_insertstr(el, " ");
		return CC_REFRESH;
	}
	printf("\n");
	if (f->types || f->n == 0)
		complete(editor_of(el)->sh, line, print_help, NULL);
	else
		list_words(f);
	fflush(stdout);
	return CC_REDISPLAY;
}

static unsigned char
on_complete(EditLine *el, int ch)
{
	struct fitting f = { .n = 0 };
	char line[CLI_LINE];
	unsigned char what;

	(void)ch;
	before_cursor(el, line, sizeof(line));
	if (line[strspn(line, " \t")] == '\0' && is_pasted()) {
		el_insertstr(el, " ");
		return CC_REFRESH;
	}
	complete(editor_of(el)->sh, line, gather, &f);
	what = complete_word(el, line, &f);
	fitting_free(&f);
	return what;
}

/* --- ^Z --- */

/* "end", whatever is in the line. */
static unsigned char
on_end(EditLine *el, int ch)
{
	const LineInfo *li = el_line(el);

	(void)ch;
	el_cursor(el, (int)(li->lastchar - li->cursor));
	li = el_line(el);
	if (li->lastchar > li->buffer)
		el_deletestr(el, (int)(li->lastchar - li->buffer));
	editor_of(el)->ended = true;
	return CC_NEWLINE;
}

/* --- reading --- */

/* A character; the terminal's size is looked at, and ^C ends the line. */
static int
next_char(EditLine *el, wchar_t *out)
{
	mbstate_t state = { 0 };
	ssize_t n;
	size_t len;
	char c;

	for (;;) {
		if (stop_asked()) {
			errno = EINTR;
			return -1;
		}
		if (stop_suspended()) {
			*out = CTRL_Z;
			return 1;
		}
		if (stop_resized()) {
			el_resize(el);
			el_set(el, EL_REFRESH);
		}
		if (!stop_poll(STDIN_FILENO))
			continue;
		n = read(STDIN_FILENO, &c, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return (int)n;
		len = mbrtowc(out, &c, 1, &state);
		if (len == (size_t)-1)
			state = (mbstate_t){ 0 }; /* not text: left out */
		else if (len != (size_t)-2)
			return 1;
	}
}

static void
remember(const char *line, void *arg)
{
	struct editor *e = arg;
	HistEvent ev;

	history(e->hist, &ev, H_ENTER, line);
}

static bool
editor_open(struct editor *e)
{
	HistEvent ev;
	EditLine *el;

	e->saved = tcgetattr(STDIN_FILENO, &e->was) == 0;
	e->hist = history_init();
	e->el = el = el_init("evpnsh", stdin, stdout, stderr);
	if (e->hist == NULL || el == NULL)
		return false;
	el_set(el, EL_CLIENTDATA, e);
	el_set(el, EL_PROMPT, prompt);
	el_set(el, EL_EDITOR, "emacs");
	el_set(el, EL_HIST, history, e->hist);
	el_set(el, EL_GETCFN, next_char);
	/* el_set() makes copies of these that it never frees. */
	el_wset(el, EL_ADDFN, L"evpnsh-help", L"Lists what may come here", on_help);
	el_wset(el, EL_ADDFN, L"evpnsh-complete", L"Completes a word", on_complete);
	el_wset(el, EL_ADDFN, L"evpnsh-end", L"Back to the exec mode", on_end);
	el_set(el, EL_BIND, "?", "evpnsh-help", NULL);
	el_set(el, EL_BIND, "\t", "evpnsh-complete", NULL);
	el_set(el, EL_BIND, "^Z", "evpnsh-end", NULL);
	el_set(el, EL_BIND, "^R", "em-inc-search-prev", NULL);
	/* What is typed while a command runs is for us to show, and to edit. */
	el_set(el, EL_SETTY, "-x", "-echo", "-icanon", NULL);
	history(e->hist, &ev, H_SETSIZE, HISTORY_LINES);
	history(e->hist, &ev, H_SETUNIQUE, 1);
	e->path = history_path();
	if (e->path != NULL)
		history_load(e->path, remember, e);
	return true;
}

static void
editor_close(struct editor *e)
{
	free(e->path);
	if (e->el != NULL)
		el_end(e->el);
	if (e->hist != NULL)
		history_end(e->hist);
	if (e->saved)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &e->was);
}

static void
keep(struct editor *e, const char *line)
{
	if (line[strspn(line, " \t\r\n")] == '\0' ||
	    history_is_secret(e->sh->mode, line))
		return;
	remember(line, e);
	if (e->path != NULL)
		history_save(e->path, line);
}

/* One line. False: the input has ended. */
static bool
step(struct editor *e)
{
	const char *line;
	int n;

	e->ended = false;
	line = el_gets(e->el, &n);
	if (stop_ended()) {
		printf("\n");
		return false;
	}
	if (stop_asked()) {
		printf("^C\n");
		stop_clear();
		return true;
	}
	if (e->ended) {
		printf("\n");
		shell_run(e->sh, "end");
		return true;
	}
	if (line == NULL || n <= 0) {
		printf("\n");
		return false;
	}
	keep(e, line);
	shell_run(e->sh, line);
	if (stop_asked())
		printf("^C\n");
	stop_clear();
	return !stop_ended();
}

int
line_loop(struct shell *sh)
{
	struct editor e = { .sh = sh };

	setlocale(LC_CTYPE, "");
	if (!editor_open(&e)) {
		editor_close(&e);
		fprintf(stderr, "evpnsh: no terminal to edit on\n");
		return 1;
	}
	stop_catch();
	while (!sh->done && step(&e))
		fflush(stdout);
	editor_close(&e);
	return sh->lost ? 2 : 0;
}

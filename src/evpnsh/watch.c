/*
 * watch - shows as much of a command's answer as the screen takes.
 *
 * Keeps: two screens of text, the last one and this one, as rows of bytes. What lies beyond
 * the screen is not kept. Without a terminal the answers just follow each other.
 */
#include "watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/cli.h"
#include "shell.h"
#include "stop.h"

#define CLEAR "\033[H\033[J"
#define HOME "\033[H"
#define LINE_END "\033[K\n"
#define CHANGED "\033[7m"
#define PLAIN "\033[0m"

struct screen {
	int rows, columns;
	int row, column; /* where the next byte goes; ROW may be ROWS: no more room */
	char *cell;      /* ROWS * COLUMNS bytes, 0: nothing there */
};

static void
screen_init(struct screen *s)
{
	*s = (struct screen){ .rows = 0 };
	shell_size(&s->rows, &s->columns);
	s->rows -= 2; /* the head, and a line that stays free */
	if (s->rows < 1)
		s->rows = 1;
	s->cell = xcalloc((size_t)s->rows * (size_t)s->columns, 1);
}

static void
screen_put(struct screen *s, char c)
{
	if (s->row == s->rows)
		return;
	if (c == '\n') {
		s->row++;
		s->column = 0;
	} else if (s->column < s->columns) {
		s->cell[s->row * s->columns + s->column++] = c == '\t' ? ' ' : c;
	}
}

/* Of fopencookie(). */
static ssize_t
screen_write(void *cookie, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		screen_put(cookie, text[i]);
	return (ssize_t)len;
}

static bool
same_size(const struct screen *a, const struct screen *b)
{
	return a->rows == b->rows && a->columns == b->columns;
}

/* A cell of BEFORE, which may be of another size: then nothing has changed. */
static bool
changed(const struct screen *now, const struct screen *before, int at)
{
	return before->cell != NULL && same_size(now, before) &&
	    now->cell[at] != before->cell[at] && now->cell[at] != '\0';
}

static void
draw(const struct screen *now, const struct screen *before)
{
	bool marked = false, mark;
	int row, column, at;

	for (row = 0; row < now->row + (now->column > 0) && row < now->rows; row++) {
		for (column = 0; column < now->columns; column++) {
			at = row * now->columns + column;
			if (now->cell[at] == '\0')
				break;
			mark = changed(now, before, at);
			if (mark != marked)
				fputs(mark ? CHANGED : PLAIN, stdout);
			marked = mark;
			putchar(now->cell[at]);
		}
		if (marked)
			fputs(PLAIN, stdout);
		marked = false;
		fputs(LINE_END, stdout);
	}
	fputs("\033[J", stdout);
	fflush(stdout);
}

static void
head(const struct shell *sh, int seconds, const char *line, int columns)
{
	char left[256], right[128], at[16];
	time_t now = time(NULL);
	struct tm tm;
	int room;

	localtime_r(&now, &tm);
	strftime(at, sizeof(at), "%H:%M:%S", &tm);
	snprintf(left, sizeof(left), "Every %d s: %s", seconds, line);
	snprintf(right, sizeof(right), "%s  %s", sh->host, at);
	room = columns - (int)strlen(right) - 1;
	fputs(HOME, stdout);
	if (room > 0)
		printf("%-*.*s %s", room, room, left, right);
	fputs(LINE_END, stdout);
}

/* One answer onto the screen. False: refused, and there is no sense in asking again. */
static bool
once(struct shell *sh, const char *line, struct screen *now)
{
	static const cookie_io_functions_t io = { .write = screen_write };
	bool ok;

	sh->to = fopencookie(now, "w", io);
	if (sh->to == NULL)
		abort(); /* memory is out */
	ok = shell_run(sh, line);
	fclose(sh->to);
	sh->to = NULL;
	return ok || sh->lost || stop_asked();
}

static bool
watch_screen(struct shell *sh, int seconds, const char *line)
{
	struct screen before = { .cell = NULL }, now;
	bool ok;

	fputs(CLEAR, stdout);
	do {
		fflush(stdout);
		screen_init(&now);
		ok = once(sh, line, &now);
		if (ok && !stop_asked() && !sh->lost) {
			head(sh, seconds, line, now.columns);
			draw(&now, &before);
		}
		free(before.cell);
		before = now;
	} while (ok && stop_sleep(seconds * 1000));
	free(before.cell);
	return ok;
}

static bool
watch_plain(struct shell *sh, int seconds, const char *line)
{
	bool ok;

	do {
		ok = shell_run(sh, line);
		putchar('\n');
		fflush(stdout);
	} while (ok && stop_sleep(seconds * 1000));
	return ok;
}

/* Nothing that changes should happen again and again. A bad line is refused when it is run. */
static bool
may_watch(const char *line)
{
	char *copy = xstrdup(line);
	struct cli_match m;
	enum cli_mode mode;

	copy[strcspn(copy, "|")] = '\0';
	cli_match(CLI_EXEC, copy, false, &m, &mode);
	free(copy);
	return m.status != CLI_OK ||
	    (strncmp(m.cmd->syntax, "show ", 5) == 0 && !(m.cmd->flags & CLI_STREAM));
}

bool
watch_run(struct shell *sh, const char *seconds, const char *line)
{
	int every = seconds != NULL ? atoi(seconds) : 2;
	bool ok;
	char *full;

	if (!may_watch(line)) {
		fprintf(stderr, "%% Only a show can be watched\n");
		return false;
	}
	full = xasprintf("%s%s", sh->mode == CLI_EXEC ? "" : "do ", line);
	if (isatty(STDOUT_FILENO))
		ok = watch_screen(sh, every, full);
	else
		ok = watch_plain(sh, every, full);
	free(full);
	return ok;
}

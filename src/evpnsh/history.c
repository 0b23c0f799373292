/*
 * history - a file that lines are added to as they are typed, so that nothing is lost with a
 * terminal. It is cut when it is twice as long as what is read of it.
 */
#include "history.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define MODE 0600

/* The last lines, as a ring. */
struct tail {
	char *line[HISTORY_LINES];
	unsigned long n; /* lines seen */
};

char *
history_path(void)
{
	const char *home = getenv("HOME");

	return home != NULL && *home != '\0' ? xasprintf("%s/.evpnsh_history", home)
					     : NULL;
}

static void
tail_read(struct tail *t, FILE *f)
{
	char *line = NULL, **place;
	size_t size = 0;

	while (getline(&line, &size, f) >= 0) {
		line[strcspn(line, "\r\n")] = '\0';
		if (*line == '\0')
			continue;
		place = &t->line[t->n++ % HISTORY_LINES];
		free(*place);
		*place = xstrdup(line);
	}
	free(line);
}

static unsigned long
tail_first(const struct tail *t)
{
	return t->n > HISTORY_LINES ? t->n - HISTORY_LINES : 0;
}

/* A new file in the old one's place; if it cannot be written the old one stays. */
static void
rewrite(const char *path, const struct tail *t)
{
	char *temp = xasprintf("%s.%ld", path, (long)getpid());
	int fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, MODE);
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
	unsigned long i;
	bool ok = f != NULL;

	for (i = tail_first(t); ok && i < t->n; i++)
		fprintf(f, "%s\n", t->line[i % HISTORY_LINES]);
	if (f != NULL)
		ok = fclose(f) == 0;
	else if (fd >= 0)
		close(fd);
	if (!ok || rename(temp, path) != 0)
		unlink(temp);
	free(temp);
}

void
history_load(const char *path, void (*each)(const char *line, void *arg), void *arg)
{
	struct tail t = { .n = 0 };
	FILE *f = fopen(path, "re");
	unsigned long i;

	if (f == NULL)
		return;
	tail_read(&t, f);
	fclose(f);
	for (i = tail_first(&t); i < t.n; i++)
		each(t.line[i % HISTORY_LINES], arg);
	if (t.n > 2 * HISTORY_LINES)
		rewrite(path, &t);
	for (i = 0; i < HISTORY_LINES; i++)
		free(t.line[i]);
}

bool
history_is_secret(enum cli_mode mode, const char *line)
{
	struct cli_match m;
	enum cli_mode at;

	/* Also where it was mistyped, or typed in the wrong mode. */
	if (strcasestr(line, "passw") != NULL)
		return true;
	cli_match(mode, line, true, &m, &at);
	return m.status == CLI_OK && (m.cmd->flags & CLI_SECRET);
}

void
history_save(const char *path, const char *line)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, MODE);
	int len = (int)strcspn(line, "\r\n");
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && (st.st_mode & 0777) != MODE)
		(void)!fchmod(fd, MODE);
	dprintf(fd, "%.*s\n", len, line);
	close(fd);
}

/*
 * output - a stream that filters whole lines, and the pager behind it.
 *
 * A line goes through all filters in turn; what is left of it is painted and written. With a
 * page length, lines are held until there are more than one page of them: only then is the
 * pager started.
 */
#include "output.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "paint.h"

static const struct {
	const char *word;
	enum output_filter filter;
	const char *help;
} filters[] = {
	{ "begin", FILTER_BEGIN, "From the first line that fits on" },
	{ "count", FILTER_COUNT, "How many lines fit" },
	{ "exclude", FILTER_EXCLUDE, "Lines that do not fit" },
	{ "include", FILTER_INCLUDE, "Lines that fit" },
	{ "section", FILTER_SECTION,
	    "Lines that fit, each with what is indented below it" },
};

/* --- the pager --- */

static bool
is_program(const char *name)
{
	char *path, *rest, *folder, *full;
	bool found = false;

	path = rest =
	    xstrdup(getenv("PATH") != NULL ? getenv("PATH") : "/usr/bin:/bin");
	while (!found && (folder = strsep(&rest, ":")) != NULL) {
		full = xasprintf("%s/%s", folder, name);
		found = access(full, X_OK) == 0;
		free(full);
	}
	free(path);
	return found;
}

/* NULL: none. */
static FILE *
open_pager(void)
{
	const char *pager = getenv("EVPNSH_PAGER");

	if (pager == NULL)
		pager = getenv("PAGER");
	if (pager == NULL)
		pager = is_program("less") ? "less -RX"
		    : is_program("more")   ? "more"
					   : "";
	return *pager != '\0' ? popen(pager, "w") : NULL;
}

static void
hold(struct output *o, const char *s, size_t len)
{
	if (len == 0)
		return;
	if (o->held_len + len > o->held_room) {
		o->held_room = (o->held_len + len) * 2;
		o->held = xreallocarray(o->held, o->held_room, 1);
	}
	memcpy(o->held + o->held_len, s, len);
	o->held_len += len;
}

static void
release(struct output *o)
{
	if (o->held_len > 0)
		fwrite(o->held, 1, o->held_len, o->to);
	o->held_len = 0;
}

/* --- lines --- */

static void
put_line(struct output *o, const char *line)
{
	char *text = o->how.paint ? paint(line) : NULL;
	const char *s = text != NULL ? text : line;

	if (o->how.page > 0 && !o->pager && ++o->nheld > o->how.page) {
		o->to = open_pager();
		o->pager = o->to != NULL;
		if (!o->pager)
			o->to = stdout;
		o->how.page = 0;
		release(o);
	}
	if (o->how.page > 0 && !o->pager) {
		hold(o, s, strlen(s));
		hold(o, "\n", 1);
	} else {
		fputs(s, o->to);
		putc('\n', o->to);
		if (o->how.live)
			fflush(o->to);
	}
	free(text);
}

/* A section: the line that fits, and what follows further to the right. */
static bool
in_section(struct output_stage *f, const char *line, bool hit)
{
	size_t indent = strspn(line, " \t");

	if (f->begun && line[indent] != '\0' && indent > f->indent)
		return true;
	f->begun = hit;
	f->indent = indent;
	return hit;
}

static bool
passes(struct output_stage *f, const char *line)
{
	bool hit = regexec(&f->re, line, 0, NULL, 0) == 0;

	switch (f->filter) {
	case FILTER_NONE:
	case FILTER_INCLUDE:
		return hit;
	case FILTER_EXCLUDE:
		return !hit;
	case FILTER_BEGIN:
		return f->begun = f->begun || hit;
	case FILTER_SECTION:
		return in_section(f, line, hit);
	case FILTER_COUNT:
		f->count += hit;
		return false;
	}
	return false;
}

/* Through the filters from FROM on. */
static void
filter_line(struct output *o, int from, const char *line)
{
	int i;

	for (i = from; i < o->nstages; i++)
		if (!passes(&o->stage[i], line))
			return;
	put_line(o, line);
}

/* Of fopencookie(): gathers lines. */
static ssize_t
line_write(void *cookie, const char *s, size_t len)
{
	struct output *o = cookie;
	const char *end;
	size_t n, left = len;

	while (left > 0) {
		end = memchr(s, '\n', left);
		n = end != NULL ? (size_t)(end - s) : left;
		if (o->len + n + 1 > o->room) {
			o->room = (o->len + n) * 2 + 256;
			o->line = xreallocarray(o->line, o->room, 1);
		}
		memcpy(o->line + o->len, s, n);
		o->len += n;
		o->line[o->len] = '\0';
		if (end != NULL) {
			filter_line(o, 0, o->line);
			o->len = 0;
			n++;
		}
		s += n;
		left -= n;
	}
	return (ssize_t)len;
}

/* --- "| include RE | count" --- */

/* The filter that WORD, of LEN letters, names or begins. */
static enum output_filter
filter_named(const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		if (len > 0 && len <= strlen(filters[i].word) &&
		    memcmp(filters[i].word, word, len) == 0)
			return filters[i].filter;
	return FILTER_NONE;
}

/*
 * Where the next filter begins: a bar after a blank, with a filter's name behind it. Any
 * other bar belongs to the regular expression.
 */
static char *
next_bar(char *s)
{
	char *bar = s, *word;
	size_t len;

	while ((bar = strchr(bar, '|')) != NULL) {
		word = bar + 1 + strspn(bar + 1, " \t");
		len = strcspn(word, " \t");
		if (bar > s && isblank((unsigned char)bar[-1]) && len >= 2 &&
		    filter_named(word, len) != FILTER_NONE)
			return bar;
		bar++;
	}
	return NULL;
}

static void
trim(char *s)
{
	size_t len = strlen(s);

	while (len > 0 && isblank((unsigned char)s[len - 1]))
		s[--len] = '\0';
}

/* "include RE", abbreviated or not; "count" without one counts all lines. */
static bool
stage_parse(struct output_stage *f, char *s, char *msg, size_t len)
{
	size_t n = strcspn(s, " \t");
	const char *re = s + n + strspn(s + n, " \t");
	int err;

	*f = (struct output_stage){ .filter = filter_named(s, n) };
	if (f->filter == FILTER_NONE) {
		snprintf(msg, len,
		    *s == '\0' ? "%% Command incomplete.%s"
			       : "%% Unknown filter: %s (include, exclude, begin, "
				 "section or count)",
		    s);
		return false;
	}
	if (*re == '\0' && f->filter != FILTER_COUNT) {
		snprintf(msg, len, "%% Command incomplete.");
		return false;
	}
	err = regcomp(&f->re, *re != '\0' ? re : "^", REG_EXTENDED | REG_NOSUB);
	if (err != 0) {
		n = (size_t)snprintf(
		    msg, len, "%% Bad regular expression \"%s\": ", re);
		if (n < len)
			regerror(err, &f->re, msg + n, len - n);
		return false;
	}
	return true;
}

static void
free_stages(struct output *o)
{
	while (o->nstages > 0)
		regfree(&o->stage[--o->nstages].re);
}

bool
output_filter(struct output *o, char *line, char *msg, size_t len)
{
	char *bar = strchr(line, '|'), *s;

	*o = (struct output){ .file = NULL };
	while (bar != NULL) {
		*bar++ = '\0';
		s = bar + strspn(bar, " \t");
		bar = next_bar(s);
		if (bar != NULL)
			*bar = '\0';
		trim(s);
		if (o->nstages == OUTPUT_FILTERS) {
			snprintf(msg, len, "%% Too many filters");
			free_stages(o);
			return false;
		}
		if (!stage_parse(&o->stage[o->nstages], s, msg, len)) {
			free_stages(o);
			return false;
		}
		o->nstages++;
	}
	return true;
}

const char *
output_filter_word(int i, const char **out_help)
{
	if (i < 0 || (size_t)i >= sizeof(filters) / sizeof(filters[0]))
		return NULL;
	*out_help = filters[i].help;
	return filters[i].word;
}

/* --- the stream --- */

void
output_start(struct output *o, const struct output_to *how)
{
	static const cookie_io_functions_t io = { .write = line_write };

	o->how = *how;
	if (how->live)
		o->how.page = 0;
	o->to = how->file != NULL ? how->file : stdout;
	o->file = o->to;
	if (o->nstages == 0 && o->how.page == 0 && !how->paint && !how->live)
		return;
	o->file = fopencookie(o, "w", io);
	if (o->file == NULL)
		abort(); /* memory is out */
	if (how->live)
		setvbuf(o->file, NULL, _IOLBF, 0);
}

bool
output_broken(const struct output *o)
{
	return o->to != NULL && ferror(o->to);
}

/* What a filter has to say at the end goes through those behind it. */
static void
end_stages(struct output *o)
{
	char number[32];
	int i;

	for (i = 0; i < o->nstages; i++) {
		if (o->stage[i].filter != FILTER_COUNT)
			continue;
		snprintf(number, sizeof(number), "%lu", o->stage[i].count);
		filter_line(o, i + 1, number);
	}
}

void
output_close(struct output *o)
{
	if (o->file != NULL && o->file != o->to) {
		fclose(o->file);
		if (o->len > 0)
			filter_line(o, 0, o->line);
		end_stages(o);
		release(o);
	}
	free_stages(o);
	free(o->line);
	free(o->held);
	if (o->pager)
		pclose(o->to);
	else if (o->to != NULL)
		fflush(o->to);
	*o = (struct output){ .file = NULL };
}

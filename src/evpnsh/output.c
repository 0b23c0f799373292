/*
 * output - a stream that filters whole lines, and the pager behind it.
 */
#include "output.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const struct {
	const char *word;
	enum output_filter filter;
} filters[] = {
	{ "include", FILTER_INCLUDE },
	{ "exclude", FILTER_EXCLUDE },
	{ "begin", FILTER_BEGIN },
	{ "count", FILTER_COUNT },
};

static void
filter_line(struct output *o, const char *line)
{
	bool hit = regexec(&o->re, line, 0, NULL, 0) == 0;

	if (o->filter == FILTER_COUNT) {
		o->count += hit;
		return;
	}
	if (o->filter == FILTER_BEGIN) {
		o->begun = o->begun || hit;
		hit = o->begun;
	}
	if (hit != (o->filter == FILTER_EXCLUDE))
		fprintf(o->to, "%s\n", line);
}

/* Of fopencookie(): gathers lines. */
static ssize_t
filter_write(void *cookie, const char *s, size_t len)
{
	struct output *o = cookie;
	size_t i;

	for (i = 0; i < len; i++) {
		if (o->len + 1 >= o->room) {
			o->room = o->room * 2 + 256;
			o->line = xreallocarray(o->line, o->room, 1);
		}
		if (s[i] != '\n') {
			o->line[o->len++] = s[i];
			continue;
		}
		o->line[o->len] = '\0';
		filter_line(o, o->line);
		o->len = 0;
	}
	return (ssize_t)len;
}

static bool
filter_begins(const char *word, const char *s, size_t len)
{
	return len > 0 && len <= strlen(word) && memcmp(word, s, len) == 0;
}

/* "include RE", abbreviated or not; "count" without one counts all lines. */
static bool
filter_parse(struct output *o, const char *s, char *msg, size_t len)
{
	size_t n = strcspn(s, " \t"), i;
	const char *re = s + n + strspn(s + n, " \t");
	int err;

	for (i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		if (filter_begins(filters[i].word, s, n))
			o->filter = filters[i].filter;
	if (o->filter == FILTER_NONE) {
		snprintf(msg, len,
		    "%% Unknown filter: %s (include, exclude, begin or count)", s);
		return false;
	}
	if (*re == '\0' && o->filter != FILTER_COUNT) {
		snprintf(msg, len, "%% Command incomplete.");
		return false;
	}
	err = regcomp(&o->re, re, REG_EXTENDED | REG_NOSUB);
	if (err != 0) {
		n = (size_t)snprintf(msg, len, "%% Bad regular expression: ");
		if (n < len)
			regerror(err, &o->re, msg + n, len - n);
		return false;
	}
	return true;
}

static FILE *
open_pager(void)
{
	const char *pager = getenv("EVPNSH_PAGER");

	if (pager == NULL)
		pager = getenv("PAGER");
	if (pager == NULL)
		pager = "more";
	return *pager != '\0' ? popen(pager, "w") : NULL;
}

bool
output_filter(struct output *o, char *line, char *msg, size_t len)
{
	char *bar = strchr(line, '|');

	*o = (struct output){ .filter = FILTER_NONE };
	if (bar == NULL)
		return true;
	*bar++ = '\0';
	return filter_parse(o, bar + strspn(bar, " \t"), msg, len);
}

void
output_start(struct output *o, bool use_pager)
{
	static const cookie_io_functions_t io = { .write = filter_write };

	if (use_pager)
		o->to = open_pager();
	o->pager = o->to != NULL;
	if (!o->pager)
		o->to = stdout;
	o->file = o->filter != FILTER_NONE ? fopencookie(o, "w", io) : o->to;
	if (o->file == NULL)
		abort(); /* memory is out */
}

/* What the filter still holds: a last line without an end, the count. */
static void
filter_end(struct output *o)
{
	fclose(o->file);
	if (o->len > 0) {
		o->line[o->len] = '\0';
		filter_line(o, o->line);
	}
	if (o->filter == FILTER_COUNT)
		fprintf(o->to, "%lu\n", o->count);
}

void
output_close(struct output *o)
{
	if (o->file != NULL && o->filter != FILTER_NONE)
		filter_end(o);
	if (o->filter != FILTER_NONE)
		regfree(&o->re);
	free(o->line);
	if (o->pager)
		pclose(o->to);
	else if (o->to != NULL)
		fflush(o->to);
}

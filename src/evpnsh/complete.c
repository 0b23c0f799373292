/*
 * complete - asks the grammar and, for values, the daemon ("show values", in the grammar but
 * not offered). No daemon, no values.
 */
#include "complete.h"

#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/cli.h"
#include "cli/grammar.h"
#include "link.h"
#include "output.h"
#include "shell.h"

/* --- values --- */

/* Word by word, from the end. */
static const char *
word_before(const char *line, const char *end, size_t *len)
{
	while (end > line && isblank((unsigned char)end[-1]))
		end--;
	*len = 0;
	while (end > line && !isblank((unsigned char)end[-1])) {
		end--;
		++*len;
	}
	return end;
}

/* The number after the last "vni" of LINE; 0: none. */
static unsigned long
vni_of(const char *line)
{
	unsigned long vni = 0;
	const char *p = line;

	while ((p = strstr(p, "vni ")) != NULL) {
		p += strlen("vni ");
		if (strtoul(p, NULL, 10) > 0)
			vni = strtoul(p, NULL, 10);
	}
	return vni;
}

/* What the daemon is asked: the type, the keyword before, the VNI, how it begins. */
static char *
question(const char *line, const char *type)
{
	const char *begun = complete_begun(line), *before;
	unsigned long vni = vni_of(line);
	char *s, *more;
	size_t len;

	before = word_before(line, begun, &len);
	s = xasprintf("show values %s", type);
	if (len > 0 && len < 32) {
		more = xasprintf("%s after %.*s", s, (int)len, before);
		free(s);
		s = more;
	}
	if (vni > 0) {
		more = xasprintf("%s vni %lu", s, vni);
		free(s);
		s = more;
	}
	if (*begun != '\0') {
		more = xasprintf("%s like %s", s, begun);
		free(s);
		s = more;
	}
	return s;
}

static void
offer_values(struct json_object *doc, const char *begun, complete_each *each, void *arg)
{
	struct json_object *list;
	const char *word;
	size_t i;

	if (!json_object_object_get_ex(doc, "values", &list))
		return;
	for (i = 0; i < json_object_array_length(list); i++) {
		word = json_object_get_string(json_object_array_get_idx(list, i));
		if (word != NULL && strncmp(word, begun, strlen(begun)) == 0)
			each(COMPLETE_VALUE, word, "", arg);
	}
}

/* Over a link of its own: what is typed is none of its business. */
static void
values(struct shell *sh, const char *line, const char *type, complete_each *each,
    void *arg)
{
	char *ask = question(line, type);
	struct shell aside = { .path = sh->path, .link = link_open(sh->path) };
	struct json_object *doc = NULL;
	struct reply r;
	bool data;

	if (aside.link != NULL && link_request(aside.link, ask, NULL, &r)) {
		data = r.data;
		reply_fini(&r);
		if (data && shell_document(&aside, &doc)) {
			offer_values(doc, complete_begun(line), each, arg);
			json_object_put(doc);
		}
	}
	link_close(aside.link);
	free(ask);
}

/* --- candidates --- */

struct collecting {
	struct shell *sh;
	const char *line;
	complete_each *each;
	void *arg;
};

static void
on_candidate(const char *word, const char *help, bool is_arg, void *arg)
{
	struct collecting *c = arg;

	c->each(is_arg ? COMPLETE_TYPE : COMPLETE_WORD, word, help, c->arg);
	if (is_arg && isupper((unsigned char)word[0]) && strcmp(word, "LINE") != 0)
		values(c->sh, c->line, word, c->each, c->arg);
}

/* Words after a bar: a filter, then its regular expression. */
static void
offer_filters(const char *s, complete_each *each, void *arg)
{
	const char *word, *help;
	size_t len = strcspn(s += strspn(s, " \t"), " \t");
	int i;

	if (s[len] != '\0') {
		each(COMPLETE_TYPE, "RE", "A regular expression", arg);
		return;
	}
	for (i = 0; (word = output_filter_word(i, &help)) != NULL; i++)
		if (strncmp(word, s, len) == 0)
			each(COMPLETE_WORD, word, help, arg);
}

/* What is watched is a line of its own: past "watch" and its number. */
static const char *
past_watch(const char *line)
{
	const char *s = line;

	if (strncmp(s, "watch", 5) != 0 || !isblank((unsigned char)s[5]))
		return line;
	s += 5 + strspn(s + 5, " \t0123456789");
	return isalpha((unsigned char)*s) ? s : line;
}

const char *
complete_begun(const char *line)
{
	const char *s = line + strlen(line);

	while (s > line && !isblank((unsigned char)s[-1]))
		s--;
	return s;
}

void
complete(struct shell *sh, const char *line, complete_each *each, void *arg)
{
	enum cli_mode mode = sh->mode;
	struct collecting c = { .sh = sh, .each = each, .arg = arg };
	bool exec = mode == CLI_EXEC;
	const char *bar;

	line += strspn(line, " \t");
	if (!exec && strncmp(line, "do ", 3) == 0) {
		line += 3;
		exec = true;
		mode = CLI_EXEC;
	}
	bar = exec || strncmp(line, "show ", 5) == 0 ? strrchr(line, '|') : NULL;
	if (bar != NULL) {
		offer_filters(bar + 1, each, arg);
		return;
	}
	c.line = exec ? past_watch(line) : line;
	cli_candidates(mode, c.line, on_candidate, &c);
}

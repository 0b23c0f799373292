/*
 * candidates - what may come at the end of a line, for TAB and "?".
 *
 * The walk goes over the finished words; the tokens that may come next are collected once
 * each, keywords by how they are spelled and arguments by their type, and those that the
 * begun word rules out are left out.
 */
#include "cli/cli.h"
#include "cli/grammar.h"
#include "cli/search.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CANDIDATES 128

struct candidate {
	const char *s;
	size_t len;
	const char *help;
	bool is_arg;
};

struct candidates {
	const char *begun; /* "" when the line ends in a blank */
	int n;
	struct candidate c[CANDIDATES];
};

static void
add(struct candidates *all, const char *s, size_t len, const char *help, bool is_arg)
{
	const char *word_help;
	struct candidate *c;
	int i;

	for (i = 0; i < all->n; i++) {
		c = &all->c[i];
		if (c->len != len || memcmp(c->s, s, len) != 0)
			continue;
		/* It begins several commands, so none of their texts explains it. */
		word_help = cli_word_help(s, len);
		if (!is_arg && strcmp(c->help, help) != 0)
			c->help = word_help;
		return;
	}
	if (all->n < CANDIDATES)
		all->c[all->n++] = (struct candidate){ s, len, help, is_arg };
}

static void
add_token(struct candidates *all, const struct syn_token *t, const char *help)
{
	size_t len = strlen(all->begun);

	if (t->type != NULL)
		add(all, t->type->name, strlen(t->type->name), t->type->help, true);
	else if (t->range)
		add(all, t->s, t->len, "A number", true);
	else if (len <= t->len && memcmp(all->begun, t->s, len) == 0)
		add(all, t->s, t->len, help, false);
}

static void
add_row(struct candidates *all, const struct cli_search *s, const struct cli_alive *a,
    bool *complete)
{
	const struct cli_cmd *cmd = cli_command(a->row);
	const char *help;
	struct synopsis syn;
	uint64_t next;
	int k;

	if (cmd->flags & CLI_HIDDEN)
		return;
	cli_search_compile(s, a->row, &syn);
	if (s->done > s->from && (a->set & syn.last))
		*complete = true;
	next = cli_search_next(s, &syn, a->set);
	for (k = 0; k < syn.n; k++) {
		if (!(next & ((uint64_t)1 << k)))
			continue;
		help = cli_word_help(syn.tok[k].s, syn.tok[k].len);
		if (*help == '\0' || !syn.tok[k].grouped)
			help = cmd->help;
		/* Inside a group the command's own text says nothing of the word. */
		if (syn.tok[k].grouped)
			help = cli_word_help(syn.tok[k].s, syn.tok[k].len);
		add_token(all, &syn.tok[k], help);
	}
}

static int
by_text(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	size_t len = x->len < y->len ? x->len : y->len;
	int c;

	if (x->is_arg != y->is_arg)
		return x->is_arg ? 1 : -1;
	c = memcmp(x->s, y->s, len);
	return c != 0 ? c : (x->len > y->len) - (x->len < y->len);
}

/* "no" and "do" come before the command and are in no row. */
static int
prefixes(enum cli_mode *mode, bool *no, const struct cli_words *w, int end,
    struct candidates *all)
{
	const char *first = w->cut + (w->n > 0 ? w->at[0] : 0);

	if (*mode == CLI_EXEC)
		return 0;
	if (end == 0) {
		if (strncmp("no", all->begun, strlen(all->begun)) == 0)
			add(all, "no", 2, "Undo, or set the default", false);
		if (strncmp("do", all->begun, strlen(all->begun)) == 0)
			add(all, "do", 2, "An exec command from here", false);
		return 0;
	}
	*no = strcmp(first, "no") == 0;
	if (strcmp(first, "do") == 0)
		*mode = CLI_EXEC;
	else if (!*no)
		return 0;
	return 1;
}

static void
tell(struct candidates *all, bool complete,
    void (*each)(const char *word, const char *help, bool is_arg, void *arg), void *arg)
{
	char word[80];
	int i;

	qsort(all->c, (size_t)all->n, sizeof(all->c[0]), by_text);
	for (i = 0; i < all->n; i++) {
		snprintf(word, sizeof(word), "%.*s", (int)all->c[i].len, all->c[i].s);
		each(word, all->c[i].help, all->c[i].is_arg, arg);
	}
	if (complete)
		each("<cr>", "", true, arg);
}

void
cli_candidates(enum cli_mode mode, const char *line,
    void (*each)(const char *word, const char *help, bool is_arg, void *arg), void *arg)
{
	struct candidates all = { .begun = "" };
	struct cli_words words;
	struct cli_search s;
	bool complete = false, no = false;
	int from, end, i;

	if (!cli_split(line, &words))
		return;
	end = words.n;
	if (words.open) {
		end--;
		all.begun = words.cut + words.at[end];
	}
	from = prefixes(&mode, &no, &words, end, &all);
	words.n = end;
	cli_search_start(&s, mode, no, &words, from);
	if (!cli_search_walk(&s, end))
		return;
	for (i = 0; i < s.nalive; i++)
		add_row(&all, &s, &s.alive[i], &complete);
	tell(&all, complete && !words.open, each, arg);
}

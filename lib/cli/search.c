/*
 * search - the walk over all commands of a mode, one word at a time.
 *
 * Keeps per command a set of tokens; a command whose set becomes empty drops out. A word
 * that fits nowhere leaves everything as it was before it, so that the caller can tell what
 * would have fitted.
 */
#include "cli/search.h"

#include <ctype.h>
#include <string.h>

bool
cli_split(const char *line, struct cli_words *out)
{
	size_t len = strlen(line), i;
	bool in = false;

	out->n = 0;
	out->open = len > 0 && !isspace((unsigned char)line[len - 1]);
	if (len >= sizeof(out->cut))
		return false;
	memcpy(out->cut, line, len + 1);
	for (i = 0; i < len; i++) {
		if (isspace((unsigned char)line[i])) {
			if (out->n < CLI_WORDS)
				out->cut[i] = '\0';
			in = false;
		} else if (!in) {
			in = true;
			if (out->n < CLI_WORDS)
				out->at[out->n++] = (int)i;
		}
	}
	return true;
}

static bool
row_counts(const struct cli_cmd *c, enum cli_mode mode, bool no)
{
	bool everywhere = (c->flags & CLI_EVERYWHERE) && mode != CLI_EXEC;

	if (c->mode != mode && !everywhere)
		return false;
	if (no)
		return !(c->flags & (CLI_PLAIN | CLI_EVERYWHERE));
	return !(c->flags & CLI_ONLY_NO);
}

void
cli_search_compile(const struct cli_search *s, int row, struct synopsis *out)
{
	const struct cli_cmd *c = cli_command(row);
	const char *syntax = c->syntax;

	if (c->flags & CLI_ONLY_NO)
		syntax += strlen("no ");
	if (!synopsis_compile(syntax, s->no, out))
		out->n = 0, out->first = out->last = 0;
}

uint64_t
cli_search_next(const struct cli_search *s, const struct synopsis *syn, uint64_t set)
{
	uint64_t next = 0;
	int i;

	if (s->done == s->from)
		return syn->first;
	for (i = 0; i < syn->n; i++)
		if (set & ((uint64_t)1 << i))
			next |= syn->follow[i];
	return next;
}

/* Most rows begin with a keyword: the first letter rules nearly all of them out. */
static bool
may_begin(const struct cli_cmd *c, const char *word)
{
	const char *syntax = c->syntax;

	if (c->flags & CLI_ONLY_NO)
		syntax += strlen("no ");
	return !islower((unsigned char)*syntax) || *syntax == *word;
}

void
cli_search_start(struct cli_search *s, enum cli_mode mode, bool no,
    const struct cli_words *words, int from)
{
	const struct cli_cmd *c;
	bool any = from >= words->n;
	int i;

	s->mode = mode;
	s->no = no;
	s->words = words;
	s->from = s->done = from;
	s->nalive = 0;
	for (i = 0; (c = cli_command(i)) != NULL; i++)
		if (row_counts(c, mode, no) &&
		    (any || may_begin(c, words->cut + words->at[from])) &&
		    s->nalive < CLI_ROWS)
			s->alive[s->nalive++] = (struct cli_alive){ .row = i };
}

/* The best reading of WORD among the tokens of NEXT, and all tokens that read it so. */
static uint64_t
fit_tokens(
    const struct synopsis *syn, uint64_t next, const char *word, enum cli_fit *fit)
{
	uint64_t set = 0;
	enum cli_fit f;
	int i;

	*fit = CLI_FIT_NONE;
	for (i = 0; i < syn->n; i++) {
		if (!(next & ((uint64_t)1 << i)))
			continue;
		f = syn_fit(&syn->tok[i], word);
		if (f > *fit) {
			*fit = f;
			set = 0;
		}
		if (f == *fit && f != CLI_FIT_NONE)
			set |= (uint64_t)1 << i;
	}
	return set;
}

bool
cli_search_walk(struct cli_search *s, int end)
{
	struct synopsis syn;
	struct cli_alive next[CLI_ROWS];
	const char *word;
	enum cli_fit best;
	int i, n;

	for (; s->done < end; s->done++) {
		word = s->words->cut + s->words->at[s->done];
		best = CLI_FIT_NONE;
		for (i = 0; i < s->nalive; i++) {
			next[i] = s->alive[i];
			cli_search_compile(s, next[i].row, &syn);
			next[i].set = fit_tokens(&syn,
			    cli_search_next(s, &syn, next[i].set), word, &next[i].fit);
			if (next[i].fit > best)
				best = next[i].fit;
		}
		if (best == CLI_FIT_NONE)
			return false;
		for (i = n = 0; i < s->nalive; i++)
			if (next[i].fit == best)
				s->alive[n++] = next[i];
		s->nalive = n;
		s->best[s->done] = best;
	}
	return true;
}

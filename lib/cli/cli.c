/*
 * cli - matches a line with the table of commands.
 *
 * The walk (search.c) leaves the commands that fit all words, and how well each word fitted.
 * Of those that are complete, every keyword a word may stand for is looked at: two different
 * ones make the line ambiguous. Then the way through the first complete command is walked
 * back to see which token each word was, which gives the arguments.
 */
#include "cli/cli.h"

#include "cli/grammar.h"
#include "cli/search.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	const char *prompt;
	enum cli_mode up;
} modes[CLI_MODES] = {
	/* clang-format off */
	[CLI_EXEC]	   = { "exec",		"",			   CLI_EXEC },
	[CLI_CONFIG]	   = { "config",	"(config)",		   CLI_EXEC },
	[CLI_VXLAN]	   = { "vxlan",		"(config-vxlan)",	   CLI_CONFIG },
	[CLI_BGP]	   = { "bgp",		"(config-router)",	   CLI_CONFIG },
	[CLI_BGP_EVPN]	   = { "bgp-evpn",	"(config-router-af)",	   CLI_BGP },
	[CLI_BGP_V4]	   = { "bgp-ipv4",	"(config-router-af)",	   CLI_BGP },
	[CLI_BGP_V6]	   = { "bgp-ipv6",	"(config-router-af)",	   CLI_BGP },
	[CLI_VNI]	   = { "vni",		"(config-router-af-vni)",  CLI_BGP_EVPN },
	[CLI_VRF]	   = { "vrf",		"(config-vrf)",		   CLI_CONFIG },
	[CLI_BGP_VRF]	   = { "bgp-vrf",	"(config-router)",	   CLI_CONFIG },
	[CLI_BGP_VRF_EVPN] = { "bgp-vrf-evpn",	"(config-router-af)",	   CLI_BGP_VRF },
	[CLI_BGP_VRF_V4]   = { "bgp-vrf-ipv4",	"(config-router-af)",	   CLI_BGP_VRF },
	[CLI_BGP_VRF_V6]   = { "bgp-vrf-ipv6",	"(config-router-af)",	   CLI_BGP_VRF },
	[CLI_BGP_OTHER_AF] = { "bgp-other",	"(config-router-af)",	   CLI_BGP },
	[CLI_OTHER]	   = { "other",		"(config-other)",	   CLI_CONFIG },
	/* clang-format on */
};

const char *
cli_mode_name(enum cli_mode mode)
{
	return modes[mode].name;
}

bool
cli_mode_parse(const char *name, enum cli_mode *out)
{
	int i;

	for (i = 0; i < CLI_MODES; i++) {
		if (strcmp(modes[i].name, name) == 0) {
			*out = (enum cli_mode)i;
			return true;
		}
	}
	return false;
}

const char *
cli_mode_prompt(enum cli_mode mode)
{
	return modes[mode].prompt;
}

enum cli_mode
cli_mode_up(enum cli_mode mode)
{
	return modes[mode].up;
}

/* Which tokens each word may have been on the ways through one command. */
struct ways {
	struct synopsis syn;
	uint64_t set[CLI_WORDS]; /* index: word less s->from */
	bool complete;
};

static uint64_t
fitting(const struct synopsis *syn, uint64_t next, const char *word, enum cli_fit fit)
{
	uint64_t set = 0;
	int i;

	for (i = 0; i < syn->n; i++)
		if ((next & ((uint64_t)1 << i)) && syn_fit(&syn->tok[i], word) == fit)
			set |= (uint64_t)1 << i;
	return set;
}

/* Those of SET that one of TO may follow. */
static uint64_t
leading_to(const struct synopsis *syn, uint64_t set, uint64_t to)
{
	int i;

	for (i = 0; i < syn->n; i++)
		if (!(syn->follow[i] & to))
			set &= ~((uint64_t)1 << i);
	return set;
}

/* Forward as the walk went, then back from where the line ends. */
static void
ways_of(const struct cli_search *s, int row, struct ways *w)
{
	int n = s->done - s->from, i, k;
	uint64_t next;

	cli_search_compile(s, row, &w->syn);
	next = w->syn.first;
	for (i = 0; i < n; i++) {
		w->set[i] = fitting(&w->syn, next,
		    s->words->cut + s->words->at[s->from + i], s->best[s->from + i]);
		for (next = 0, k = 0; k < w->syn.n; k++)
			if (w->set[i] & ((uint64_t)1 << k))
				next |= w->syn.follow[k];
	}
	w->complete = (w->set[n - 1] & w->syn.last) != 0;
	if (w->complete)
		w->set[n - 1] &= w->syn.last;
	for (i = n - 1; i > 0; i--)
		w->set[i - 1] = leading_to(&w->syn, w->set[i - 1], w->set[i]);
}

/* The keyword each word stands for, as far as seen. */
struct meaning {
	const char *s[CLI_WORDS];
	uint8_t len[CLI_WORDS];
};

/* False: a word stands for another keyword here than before. */
static bool
meaning_add(struct meaning *m, const struct ways *w, int n)
{
	const struct syn_token *t;
	int i, k;

	for (i = 0; i < n; i++) {
		for (k = 0; k < w->syn.n; k++) {
			t = &w->syn.tok[k];
			if (!(w->set[i] & ((uint64_t)1 << k)) || !syn_is_keyword(t))
				continue;
			if (m->s[i] == NULL) {
				m->s[i] = t->s;
				m->len[i] = t->len;
			} else if (m->len[i] != t->len ||
			    memcmp(m->s[i], t->s, t->len) != 0) {
				return false;
			}
		}
	}
	return true;
}

/* The last words belong to LINE: undo the cuts, drop trailing blanks. */
static void
rest_of_line(struct cli_match *m, const char *line, int at)
{
	size_t len = strlen(line);

	memcpy(m->line + at, line + at, len - (size_t)at + 1);
	while (len > (size_t)at && isspace((unsigned char)m->line[len - 1]))
		m->line[--len] = '\0';
}

/* A keyword's full spelling, kept in the match. */
static const char *
keep_keyword(struct cli_match *m, size_t *used, const struct syn_token *t)
{
	char *p = m->keywords + *used;

	if (*used + t->len + 1 > sizeof(m->keywords))
		return "";
	memcpy(p, t->s, t->len);
	p[t->len] = '\0';
	*used += t->len + 1u;
	return p;
}

static void
fill_args(const struct cli_search *s, const struct ways *w, const char *line,
    struct cli_match *m)
{
	int tok[CLI_WORDS] = { 0 }, n = s->done - s->from, i, at;
	const struct syn_token *t;
	uint64_t set;
	size_t used = 0;
	const char *name, *text;

	for (i = n - 1; i >= 0; i--) {
		set = w->set[i];
		if (i < n - 1)
			set = leading_to(&w->syn, set, (uint64_t)1 << tok[i + 1]);
		tok[i] = __builtin_ctzll(set);
	}
	for (i = 0; i < n && m->nargs < CLI_ARGS; i++) {
		t = &w->syn.tok[tok[i]];
		at = s->words->at[s->from + i];
		if (syn_is_keyword(t)) {
			if (!t->grouped)
				continue;
			name = text = keep_keyword(m, &used, t);
		} else {
			name = t->range ? "NUMBER" : t->type->name;
			text = m->line + at;
		}
		m->args[m->nargs++] = (struct cli_arg){ name, text, at + 1 };
		if (t->type != NULL && strcmp(t->type->name, "LINE") == 0) {
			rest_of_line(m, line, at);
			break;
		}
	}
}

/* The walk came to its end: complete, incomplete or ambiguous. */
static void
decide(const struct cli_search *s, const char *line, struct cli_match *m)
{
	struct ways w, chosen = { .complete = false };
	struct meaning said = { { NULL }, { 0 } };
	struct meaning begun = { { NULL }, { 0 } };
	bool clear = true, clear_begun = true;
	int i, n = s->done - s->from;

	m->status = CLI_INCOMPLETE;
	for (i = 0; i < s->nalive; i++) {
		ways_of(s, s->alive[i].row, &w);
		clear_begun = meaning_add(&begun, &w, n) && clear_begun;
		if (!w.complete)
			continue;
		clear = meaning_add(&said, &w, n) && clear;
		if (m->status == CLI_INCOMPLETE) {
			m->status = CLI_OK;
			m->cmd = cli_command(s->alive[i].row);
			chosen = w;
		}
	}
	if (m->status == CLI_OK ? !clear : !clear_begun) {
		m->status = CLI_AMBIGUOUS;
		m->cmd = NULL;
	}
	if (m->status == CLI_OK)
		fill_args(s, &chosen, line, m);
}

static bool
same_text(const char *list, const char *word, size_t len)
{
	const char *p = list;

	while ((p = strstr(p, word)) != NULL) {
		if ((p == list || p[-1] == ' ') &&
		    (p[len] == '\0' || p[len] == ',' || p[len] == ' '))
			return true;
		p++;
	}
	return false;
}

/* How many letters to add, drop or change; capped. For words of a table, so short. */
static int
distance(const char *a, size_t la, const char *b, size_t lb)
{
	int row[49], prev, cur;
	size_t i, k;

	if (la > 48 || lb > 48)
		return 99;
	for (k = 0; k <= lb; k++)
		row[k] = (int)k;
	for (i = 1; i <= la; i++) {
		prev = row[0];
		row[0] = (int)i;
		for (k = 1; k <= lb; k++) {
			cur = row[k];
			row[k] = prev + (a[i - 1] != b[k - 1]);
			if (row[k] > cur + 1)
				row[k] = cur + 1;
			if (row[k] > row[k - 1] + 1)
				row[k] = row[k - 1] + 1;
			prev = cur;
		}
	}
	return row[lb];
}

struct hints {
	struct cli_match *m;
	const char *word; /* that did not fit; NULL: the line is incomplete */
	int nearest;      /* its distance */
	int n;
};

static void
hint(struct hints *h, const struct syn_token *t)
{
	char text[64];
	const char *s = text;
	size_t used = strlen(h->m->expected);
	int d;

	snprintf(text, sizeof(text), "%.*s", t->len, t->s);
	if (t->type != NULL)
		s = t->type->why;
	if (t->range)
		snprintf(text, sizeof(text), "a number %.*s", t->len, t->s);
	if (h->word != NULL && syn_is_keyword(t)) {
		d = distance(h->word, strlen(h->word), t->s, t->len);
		if (d < h->nearest && d * 2 < t->len) {
			h->nearest = d;
			snprintf(h->m->nearest, sizeof(h->m->nearest), "%.47s", s);
		}
	}
	if (same_text(h->m->expected, s, strlen(s)) ||
	    used + strlen(s) + 8 > sizeof(h->m->expected))
		return;
	snprintf(h->m->expected + used, sizeof(h->m->expected) - used, "%s%s",
	    used > 0 ? " or " : "", s);
	h->n++;
}

/* What could have come where the walk stopped. */
static void
expect(const struct cli_search *s, struct cli_match *m)
{
	const struct cli_words *w = s->words;
	struct hints h = { .m = m, .nearest = 4 };
	struct synopsis syn;
	uint64_t next;
	int i, k;

	if (s->done < w->n) {
		h.word = w->cut + w->at[s->done];
		m->column = w->at[s->done] + 1;
	}
	m->expected[0] = m->nearest[0] = '\0';
	for (i = 0; i < s->nalive; i++) {
		if (cli_command(s->alive[i].row)->flags & (CLI_HIDDEN | CLI_EVERYWHERE))
			continue;
		cli_search_compile(s, s->alive[i].row, &syn);
		next = cli_search_next(s, &syn, s->alive[i].set);
		for (k = 0; k < syn.n; k++)
			if (next & ((uint64_t)1 << k))
				hint(&h, &syn.tok[k]);
	}
}

static void
match_mode(enum cli_mode mode, const char *line, const struct cli_words *words,
    int from, struct cli_match *m)
{
	struct cli_search s;

	m->status = CLI_UNKNOWN;
	m->nargs = 0;
	m->cmd = NULL;
	cli_search_start(&s, mode, m->no, words, from);
	if (cli_search_walk(&s, words->n)) {
		m->begun = s.best[from] == CLI_FIT_BEGUN;
		decide(&s, line, m);
	} else if (s.done == from) {
		/* Nothing begins with that letter; say what else there is. */
		struct cli_words none = { .n = 0 };

		cli_search_start(&s, mode, m->no, &none, 0);
		s.words = words;
		s.done = s.from = from;
	}
	if (m->status != CLI_OK)
		expect(&s, m);
}

/*
 * Lines of a block that means nothing here match anything, so they yield to others; and what
 * is not offered yields, when it is only begun: "vrf" is not FRR's "vrf-policy".
 */
static bool
matches_anything(const struct cli_match *m)
{
	return m->status == CLI_OK &&
	    (strcmp(m->cmd->syntax, "LINE") == 0 ||
		(m->begun && (m->cmd->flags & CLI_HIDDEN)));
}

/* The modes around MODE; a match there counts when it is better than FIRST. */
static void
match_above(enum cli_mode *mode, const char *line, const struct cli_words *words,
    int from, struct cli_match *m)
{
	bool anything = matches_anything(m);
	struct cli_match other;
	enum cli_mode up = *mode;

	while ((up = cli_mode_up(up)) != CLI_EXEC) {
		other = (struct cli_match){ .no = m->no };
		match_mode(up, line, words, from, &other);
		if (other.status != CLI_OK || (anything && other.cmd->next == CLI_STAY))
			continue;
		/* Again in place: a match points into itself. */
		match_mode(up, line, words, from, m);
		*mode = up;
		return;
	}
}

static bool
is_word(const struct cli_words *w, int i, const char *s)
{
	return i < w->n && strcmp(w->cut + w->at[i], s) == 0;
}

/* Where a comment behind the command begins, a word "!"; 0: there is none. */
static size_t
comment_at(const struct cli_words *w)
{
	int i;

	for (i = 1; i < w->n; i++)
		if (is_word(w, i, "!") ||
		    (w->cut[w->at[i]] == '!' && i == CLI_WORDS - 1))
			return (size_t)w->at[i];
	return 0;
}

static void
match_line(enum cli_mode mode, const char *line, bool up, struct cli_match *out,
    enum cli_mode *out_mode, size_t *out_comment)
{
	struct cli_words words;
	int from = 0;

	*out = (struct cli_match){ .status = CLI_UNKNOWN, .column = 1 };
	*out_mode = mode;
	*out_comment = 0;
	if (!cli_split(line, &words)) {
		snprintf(out->expected, sizeof(out->expected),
		    "a line of at most %d bytes", CLI_LINE - 1);
		return;
	}
	if (words.n == 0 || strchr("!#", words.cut[words.at[0]]) != NULL) {
		out->status = CLI_EMPTY;
		return;
	}
	*out_comment = comment_at(&words);
	memcpy(out->line, words.cut, strlen(line) + 1);
	out->column = (int)strlen(line) + 1;
	if (mode != CLI_EXEC && is_word(&words, 0, "do")) {
		out->do_exec = true;
		*out_mode = mode = CLI_EXEC;
		up = false;
		from = 1;
	} else if (mode != CLI_EXEC && is_word(&words, 0, "no")) {
		out->no = true;
		from = 1;
	}
	if (from == words.n) {
		out->status = CLI_INCOMPLETE;
		return;
	}
	match_mode(mode, line, &words, from, out);
	if (up && (out->status != CLI_OK || matches_anything(out)))
		match_above(out_mode, line, &words, from, out);
}

/* A command may be followed by a comment where it takes no text to the end of the line. */
void
cli_match(enum cli_mode mode, const char *line, bool up, struct cli_match *out,
    enum cli_mode *out_mode)
{
	char cut[CLI_LINE];
	size_t comment;

	match_line(mode, line, up, out, out_mode, &comment);
	if (out->status == CLI_OK || comment == 0)
		return;
	memcpy(cut, line, comment);
	cut[comment] = '\0';
	match_line(mode, cut, up, out, out_mode, &comment);
}

enum cli_mode
cli_mode_after(enum cli_mode mode, const char *line)
{
	struct cli_match m;
	enum cli_mode at;

	cli_match(mode, line, true, &m, &at);
	if (m.status != CLI_OK || m.do_exec)
		return mode;
	if (m.cmd->op == OP_EXIT && m.cmd->next == CLI_STAY)
		return cli_mode_up(mode);
	if (m.no)
		return at;
	return m.cmd->next != CLI_STAY ? (enum cli_mode)m.cmd->next : at;
}

const char *
cli_refusal(const struct cli_match *m, const char *line, char *buf, size_t len)
{
	switch (m->status) {
	case CLI_OK:
	case CLI_EMPTY:
		buf[0] = '\0';
		break;
	case CLI_UNKNOWN:
		snprintf(buf, len, "%% Unknown command: %s", line);
		break;
	case CLI_INCOMPLETE:
		snprintf(buf, len, "%% Command incomplete.");
		break;
	case CLI_AMBIGUOUS:
		snprintf(buf, len, "%% Ambiguous command.");
		break;
	}
	return buf;
}

const char *
cli_detail(const struct cli_match *m, const char *line, char *buf, size_t len)
{
	const char *word = line + m->column - 1;
	char nearest[80] = "";

	buf[0] = '\0';
	if (m->nearest[0] != '\0')
		snprintf(
		    nearest, sizeof(nearest), "; did you mean \"%s\"?", m->nearest);
	if (m->status == CLI_UNKNOWN && m->column == 1 && strlen(line) < CLI_LINE)
		snprintf(buf, len, "no command here begins with \"%.*s\"%s",
		    (int)strcspn(word, " \t\r"), word, nearest);
	else if (m->status == CLI_UNKNOWN)
		snprintf(buf, len, "at \"%.*s\": expected %s%s",
		    (int)strcspn(word, " \t\r"), word,
		    m->expected[0] != '\0' ? m->expected : "the end of the line",
		    nearest);
	else if (m->status == CLI_INCOMPLETE && m->expected[0] != '\0')
		snprintf(buf, len, "expected %s", m->expected);
	return buf;
}

const char *
cli_arg_nth(const struct cli_match *m, const char *name, int i)
{
	int k;

	for (k = 0; k < m->nargs; k++)
		if (strcmp(m->args[k].name, name) == 0 && i-- == 0)
			return m->args[k].text;
	return NULL;
}

const char *
cli_arg(const struct cli_match *m, const char *name)
{
	return cli_arg_nth(m, name, 0);
}

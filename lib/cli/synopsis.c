/*
 * synopsis - compiles the synopsis of a command into tokens and who may follow whom.
 *
 * A recursive descent over the little language of cli.h. Each piece is described by the
 * tokens that may begin it, those that may end it, and whether it may be empty; putting
 * pieces one after the other joins the ends of the first to the beginnings of the second.
 */
#include "cli/synopsis.h"

#include <ctype.h>
#include <string.h>

struct piece {
	uint64_t first, last;
	bool empty;
};

struct parser {
	const char *p;
	struct synopsis *out;
	int depth;
	bool no;
	bool bad;
};

static void
join(struct synopsis *s, uint64_t from, uint64_t to)
{
	int i;

	for (i = 0; i < s->n; i++)
		if (from & ((uint64_t)1 << i))
			s->follow[i] |= to;
}

static bool
all_capitals(const char *s, size_t len)
{
	size_t i;
	bool letter = false;

	for (i = 0; i < len; i++) {
		if (islower((unsigned char)s[i]))
			return false;
		if (isupper((unsigned char)s[i]))
			letter = true;
	}
	return letter;
}

/* "(1-4094)": digits, a dash, digits, nothing else. */
static bool
range_parse(const char *p, struct syn_token *t)
{
	const char *s = p + 1;
	uint64_t v[2] = { 0, 0 };
	int i;

	for (i = 0; i < 2; i++) {
		if (!isdigit((unsigned char)*s))
			return false;
		while (isdigit((unsigned char)*s))
			v[i] = v[i] * 10 + (uint64_t)(*s++ - '0');
		if (*s++ != (i == 0 ? '-' : ')'))
			return false;
	}
	*t = (struct syn_token){
		.s = p, .len = (uint8_t)(s - p), .range = true, .min = v[0], .max = v[1]
	};
	return true;
}

static struct piece
add_token(struct parser *ps, const struct syn_token *t)
{
	struct synopsis *s = ps->out;
	uint64_t bit;

	if (s->n == SYN_TOKENS) {
		ps->bad = true;
		return (struct piece){ 0, 0, true };
	}
	bit = (uint64_t)1 << s->n;
	s->tok[s->n] = *t;
	s->tok[s->n].grouped = ps->depth > 0;
	s->follow[s->n] = 0;
	s->n++;
	ps->p = t->s + t->len;
	return (struct piece){ bit, bit, false };
}

static struct piece
word(struct parser *ps)
{
	size_t len = strcspn(ps->p, " |()[]{}"), dots = 0;
	struct syn_token t = { .s = ps->p };
	struct piece piece;

	if (len > 3 && strncmp(ps->p + len - 3, "...", 3) == 0)
		dots = 3;
	if (len == 0 || len - dots > UINT8_MAX) {
		ps->bad = true;
		return (struct piece){ 0, 0, true };
	}
	t.len = (uint8_t)(len - dots);
	if (all_capitals(t.s, t.len)) {
		t.type = cli_type_find(t.s, t.len);
		if (t.type == NULL)
			ps->bad = true;
	}
	piece = add_token(ps, &t);
	/* The rest of the line is many words for the matcher. */
	if (dots != 0 || (t.type != NULL && strcmp(t.type->name, "LINE") == 0))
		join(ps->out, piece.last, piece.first);
	ps->p += dots;
	return piece;
}

static struct piece alternatives(struct parser *ps, char end);

static struct piece
element(struct parser *ps)
{
	struct syn_token range;
	struct piece piece;
	char open = *ps->p;

	if (open == '(' && range_parse(ps->p, &range))
		return add_token(ps, &range);
	if (open != '(' && open != '[' && open != '{')
		return word(ps);
	ps->p++;
	ps->depth++;
	piece = alternatives(ps, open == '(' ? ')' : open == '[' ? ']' : '}');
	ps->depth--;
	if (open == '[' || (open == '{' && ps->no))
		piece.empty = true;
	return piece;
}

static struct piece
sequence(struct parser *ps, char end)
{
	struct piece all = { 0, 0, true }, next;

	while (!ps->bad) {
		while (*ps->p == ' ')
			ps->p++;
		if (*ps->p == '|' || *ps->p == end || *ps->p == '\0')
			break;
		next = element(ps);
		join(ps->out, all.last, next.first);
		if (all.empty)
			all.first |= next.first;
		all.last = next.last | (next.empty ? all.last : 0);
		all.empty = all.empty && next.empty;
	}
	return all;
}

static struct piece
alternatives(struct parser *ps, char end)
{
	struct piece all = sequence(ps, end), next;

	while (!ps->bad && *ps->p == '|') {
		ps->p++;
		next = sequence(ps, end);
		all.first |= next.first;
		all.last |= next.last;
		all.empty = all.empty || next.empty;
	}
	if (*ps->p != end)
		ps->bad = true;
	else if (end != '\0')
		ps->p++;
	return all;
}

bool
synopsis_compile(const char *syntax, bool no, struct synopsis *out)
{
	struct parser ps = { .p = syntax, .out = out, .no = no };
	struct piece all;

	out->n = 0;
	all = alternatives(&ps, '\0');
	out->first = all.first;
	out->last = all.last;
	return !ps.bad && !all.empty;
}

bool
syn_is_keyword(const struct syn_token *t)
{
	return t->type == NULL && !t->range;
}

enum cli_fit
syn_fit(const struct syn_token *t, const char *w)
{
	size_t len;
	uint64_t v;

	if (t->range)
		return cli_number(w, t->max, &v) && v >= t->min ? CLI_FIT_NARROW
								: CLI_FIT_NONE;
	if (t->type != NULL)
		return t->type->fit(w);
	len = strlen(w);
	if (len == 0 || len > t->len || memcmp(w, t->s, len) != 0)
		return CLI_FIT_NONE;
	return len == t->len ? CLI_FIT_KEYWORD : CLI_FIT_BEGUN;
}

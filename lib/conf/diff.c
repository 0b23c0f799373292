/*
 * diff - see diff.h.
 *
 * A configuration's text is a tree: what is indented more belongs to the line before, and an
 * "exit" to the block it ends. Lines of a block are a set, and stand in one order; so blocks
 * are compared by looking their lines up, which takes no longer for two configurations that
 * have nothing in common than for two that are alike.
 */
#include "conf/diff.h"

#include "base/mem.h"
#include "conf/text.h"

#include <stdlib.h>
#include <string.h>

struct line {
	const char *s; /* without its indentation; ends at a newline */
	size_t len;
	size_t indent;
	bool closes;  /* "exit", "exit-vrf": the end of the block before */
	size_t after; /* the line behind its block */
};

struct lines {
	char *text;
	struct line *line;
	size_t n;
};

/* The head of a block that is compared: told when something in it differs. */
struct head {
	const struct line *line;
	struct head *up;
	bool told;
};

struct diff {
	const struct lines *a, *b;
	void (*put)(const char *s, void *arg);
	void *arg;
};

/* --- text to lines --- */

static size_t
block_end(const struct lines *l, size_t i)
{
	size_t k = i + 1;

	while (k < l->n && l->line[k].indent > l->line[i].indent)
		k++;
	if (k < l->n && l->line[k].closes && l->line[k].indent == l->line[i].indent)
		k++;
	return k;
}

static struct lines
cut(char *text)
{
	struct lines l = { .text = text };
	struct line line;
	const char *p;
	size_t i, room = 1;

	for (p = text; *p != '\0'; p++)
		room += *p == '\n';
	l.line = xcalloc(room, sizeof(*l.line));
	for (p = text; *p != '\0'; p += line.len + (p[line.len] == '\n')) {
		line = (struct line){ .indent = strspn(p, " ") };
		p += line.indent;
		line.s = p;
		line.len = strcspn(p, "\n");
		line.closes = strncmp(p, "exit", 4) == 0;
		if (line.len > 1 || (line.len == 1 && *p != '!'))
			l.line[l.n++] = line;
	}
	for (i = 0; i < l.n; i++)
		l.line[i].after = block_end(&l, i);
	return l;
}

static void
lines_fini(struct lines *l)
{
	free(l->line);
	free(l->text);
}

static int
line_cmp(const void *x, const void *y)
{
	const struct line *a = *(const struct line *const *)x;
	const struct line *b = *(const struct line *const *)y;
	size_t len = a->len < b->len ? a->len : b->len;
	int d = memcmp(a->s, b->s, len);

	return d != 0 ? d : a->len < b->len ? -1 : a->len > b->len;
}

/* --- lines to words --- */

static void
put_line(struct diff *d, char sign, const struct line *l)
{
	char *s = xasprintf("%c%*s%.*s\n", sign, (int)l->indent, "", (int)l->len, l->s);

	d->put(s, d->arg);
	free(s);
}

static void
put_head(struct diff *d, struct head *h)
{
	if (h == NULL || h->told)
		return;
	put_head(d, h->up);
	put_line(d, ' ', h->line);
	h->told = true;
}

/* A line that only one side has, with its block. */
static void
put_block(struct diff *d, struct head *h, char sign, const struct lines *l, size_t i)
{
	size_t k;

	put_head(d, h);
	for (k = i; k < l->line[i].after; k++)
		put_line(d, sign, &l->line[k]);
}

/* --- comparing --- */

/* The lines of a block, itself not: in order, and sorted. */
struct children {
	const struct line **in_order, **sorted;
	size_t n;
};

static struct children
children_of(const struct lines *l, size_t from, size_t to)
{
	struct children c = { .n = 0 };
	size_t i;

	c.in_order = xcalloc(to - from + 1, sizeof(const struct line *));
	c.sorted = xcalloc(to - from + 1, sizeof(const struct line *));
	for (i = from; i < to; i = l->line[i].after)
		if (!l->line[i].closes)
			c.in_order[c.n++] = &l->line[i];
	memcpy(c.sorted, c.in_order, c.n * sizeof(const struct line *));
	qsort(c.sorted, c.n, sizeof(const struct line *), line_cmp);
	return c;
}

static void
children_fini(struct children *c)
{
	free(c->in_order);
	free(c->sorted);
}

static const struct line *
twin(const struct children *c, const struct line *l)
{
	const struct line **found =
	    bsearch(&l, c->sorted, c->n, sizeof(const struct line *), line_cmp);

	return found != NULL ? *found : NULL;
}

/* Lines of A from *AT on that B does not have; those that it has are passed over up to LAST. */
static void
put_gone(struct diff *d, struct head *h, const struct children *a,
    const struct children *b, size_t *at, const struct line *last)
{
	const struct line *l;

	for (; *at < a->n; (*at)++) {
		l = a->in_order[*at];
		if (twin(b, l) == NULL)
			put_block(d, h, '-', d->a, (size_t)(l - d->a->line));
		else if (last == NULL || l >= last)
			break;
	}
	if (*at < a->n && a->in_order[*at] == last)
		(*at)++;
}

/* The blocks [FROM, TO) of both. Recursion is as deep as the modes of the grammar. */
static void
compare(struct diff *d, struct head *up, size_t a_from, size_t a_to, size_t b_from,
    size_t b_to)
{
	struct children a = children_of(d->a, a_from, a_to);
	struct children b = children_of(d->b, b_from, b_to);
	size_t at = 0, i;

	for (i = 0; i < b.n; i++) {
		const struct line *l = b.in_order[i], *t = twin(&a, l);
		struct head h = { .line = l, .up = up };

		if (t == NULL) {
			put_gone(d, up, &a, &b, &at, NULL);
			put_block(d, up, '+', d->b, (size_t)(l - d->b->line));
			continue;
		}
		put_gone(d, up, &a, &b, &at, t);
		compare(d, &h, (size_t)(t - d->a->line) + 1, t->after,
		    (size_t)(l - d->b->line) + 1, l->after);
	}
	put_gone(d, up, &a, &b, &at, d->a->line + d->a->n);
	children_fini(&a);
	children_fini(&b);
}

void
conf_diff(const struct conf *a, const struct conf *b, bool secrets,
    void (*put)(const char *s, void *arg), void *arg)
{
	struct lines la = cut(conf_text(a, secrets)), lb = cut(conf_text(b, secrets));
	struct diff d = { .a = &la, .b = &lb, .put = put, .arg = arg };

	compare(&d, NULL, 0, la.n, 0, lb.n);
	lines_fini(&la);
	lines_fini(&lb);
}

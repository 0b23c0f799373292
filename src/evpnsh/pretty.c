/*
 * pretty - JSON text laid out: two blanks a level, one member a line, "key":value.
 */
#include "pretty.h"

#include <string.h>

static void
new_line(const struct pretty *p, FILE *out)
{
	fprintf(out, "\n%*s", p->depth * 2, "");
}

/* Inside a string nothing has a meaning but its end. */
static void
put_text(struct pretty *p, char c, FILE *out)
{
	putc_unlocked(c, out);
	if (p->escaped)
		p->escaped = false;
	else if (c == '\\')
		p->escaped = true;
	else if (c == '"')
		p->text = false;
}

static void
put_value(struct pretty *p, char c, FILE *out)
{
	if (p->fresh) {
		p->fresh = false;
		new_line(p, out);
	}
	putc_unlocked(c, out);
	if (c == '"')
		p->text = true;
}

static void
put_char(struct pretty *p, char c, FILE *out)
{
	switch (c) {
	case ' ':
	case '\t':
	case '\n':
	case '\r':
		break;
	case '{':
	case '[':
		put_value(p, c, out);
		p->depth++;
		p->fresh = true;
		break;
	case '}':
	case ']':
		p->depth--;
		if (!p->fresh)
			new_line(p, out);
		p->fresh = false;
		putc_unlocked(c, out);
		break;
	case ',':
		putc_unlocked(c, out);
		new_line(p, out);
		break;
	default:
		put_value(p, c, out);
		break;
	}
}

void
pretty_put(struct pretty *p, const char *s, size_t len, FILE *out)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (p->text)
			put_text(p, s[i], out);
		else
			put_char(p, s[i], out);
	}
}

/* jout - a JSON writer (RFC 8259) that needs no tree. */
#include "jout.h"

#include <event2/buffer.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
jout_flush(struct jout *j)
{
	if (j->len > 0)
		evbuffer_add(j->out, j->buf, j->len);
	j->len = 0;
}

static void
put(struct jout *j, const char *s, size_t len)
{
	if (len > sizeof(j->buf) - j->len)
		jout_flush(j);
	if (len > sizeof(j->buf)) {
		evbuffer_add(j->out, s, len);
		return;
	}
	memcpy(j->buf + j->len, s, len);
	j->len += len;
}

static void
put_char(struct jout *j, char c)
{
	put(j, &c, 1);
}

/* Bytes that cannot stand for themselves in a string. */
static bool
special(unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\' || c == 0x7f;
}

static void
put_special(struct jout *j, unsigned char c)
{
	static const char *const short_form[] = {
		['\b'] = "\\b",
		['\t'] = "\\t",
		['\n'] = "\\n",
		['\f'] = "\\f",
		['\r'] = "\\r",
		['"'] = "\\\"",
		['\\'] = "\\\\",
	};
	char hex[8];

	if (c < sizeof(short_form) / sizeof(short_form[0]) && short_form[c] != NULL) {
		put(j, short_form[c], strlen(short_form[c]));
		return;
	}
	snprintf(hex, sizeof(hex), "\\u%04x", c);
	put(j, hex, 6);
}

/*
 * Length of the UTF-8 sequence at S, 0 when it is not one (RFC 3629). Text of peers (host
 * names, shutdown messages) may hold anything.
 */
static size_t
utf8_len(const unsigned char *s)
{
	size_t n, i;

	if (s[0] < 0x80)
		return 1;
	n = s[0] >= 0xc2 && s[0] < 0xe0   ? 2
	    : (s[0] & 0xf0) == 0xe0       ? 3
	    : s[0] >= 0xf0 && s[0] < 0xf5 ? 4
					  : 0;
	for (i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

void
jout_text(struct jout *j, const char *piece)
{
	const unsigned char *s = (const unsigned char *)piece, *from = s;

	while (*s != '\0') {
		size_t n;

		if (*s < 0x80 && !special(*s)) { /* most of all text */
			s++;
			continue;
		}
		n = special(*s) ? 0 : utf8_len(s);

		if (n > 0) {
			s += n;
			continue;
		}
		put(j, (const char *)from, (size_t)(s - from));
		if (special(*s))
			put_special(j, *s);
		else
			put(j, "\\ufffd", 6);
		from = ++s;
	}
	put(j, (const char *)from, (size_t)(s - from));
}

/* What stands before every value: a comma, and the key in an object. */
static void
begin(struct jout *j, const char *key)
{
	if (j->comma)
		put_char(j, ',');
	j->comma = true;
	if (key == NULL)
		return;
	put_char(j, '"');
	jout_text(j, key);
	put(j, "\":", 2);
}

void
jout_open(struct jout *j, const char *key, char bracket)
{
	begin(j, key);
	put_char(j, bracket);
	j->comma = false;
	j->depth++;
}

void
jout_close(struct jout *j, char bracket)
{
	put_char(j, bracket);
	j->comma = true;
	j->depth--;
}

void
jout_text_open(struct jout *j, const char *key)
{
	begin(j, key);
	put_char(j, '"');
}

void
jout_text_close(struct jout *j)
{
	put_char(j, '"');
}

void
jout_str(struct jout *j, const char *key, const char *v)
{
	jout_text_open(j, key);
	jout_text(j, v);
	jout_text_close(j);
}

void
jout_fmt(struct jout *j, const char *key, const char *fmt, ...)
{
	char buf[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	jout_str(j, key, buf);
}

void
jout_int(struct jout *j, const char *key, int64_t v)
{
	char buf[24], *p = buf + sizeof(buf);
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;

	do
		*--p = (char)('0' + u % 10);
	while ((u /= 10) != 0);
	if (v < 0)
		*--p = '-';
	begin(j, key);
	put(j, p, (size_t)(buf + sizeof(buf) - p));
}

void
jout_bool(struct jout *j, const char *key, bool v)
{
	begin(j, key);
	put(j, v ? "true" : "false", v ? 4 : 5);
}

void
jout_null(struct jout *j, const char *key)
{
	begin(j, key);
	put(j, "null", 4);
}

void
jout_end(struct jout *j)
{
	put_char(j, '\n');
	j->comma = false;
}

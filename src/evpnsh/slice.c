/*
 * slice - keeps the text of the slice under way, and of every container that is open the text
 * it was opened with: its key and bracket.
 */
#include "slice.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void
add(struct slice *s, const char *text, size_t len)
{
	if (s->len + len > s->room) {
		s->room = (s->len + len) * 2;
		s->text = xreallocarray(s->text, s->room, 1);
	}
	memcpy(s->text + s->len, text, len);
	s->len += len;
}

/* Containers that are deeper than we look are just text. */
static void
push(struct slice *s)
{
	size_t from;

	if (s->depth < SLICE_DEPTH) {
		from = s->depth > 0 ? s->member[s->depth - 1] : 0;
		s->open[s->depth] = xcalloc(s->len - from + 1, 1);
		memcpy(s->open[s->depth], s->text + from, s->len - from);
		s->member[s->depth] = s->len;
	}
	s->depth++;
}

static void
pop(struct slice *s)
{
	if (s->depth == 0)
		return; /* not JSON: the parser will say so */
	s->depth--;
	if (s->depth < SLICE_DEPTH) {
		free(s->open[s->depth]);
		s->open[s->depth] = NULL;
	}
}

static void
hand_on(struct slice *s, bool last)
{
	struct json_object *doc;

	add(s, "", 1);
	doc = json_tokener_parse(s->text);
	s->each(doc, last, s->arg);
	json_object_put(doc);
	s->len = 0;
}

/* At a comma, which is left out. */
static void
cut(struct slice *s)
{
	int i;

	for (i = s->depth - 1; i >= 0; i--)
		add(s, s->open[i][strlen(s->open[i]) - 1] == '{' ? "}" : "]", 1);
	hand_on(s, false);
	for (i = 0; i < s->depth; i++) {
		add(s, s->open[i], strlen(s->open[i]));
		s->member[i] = s->len;
	}
}

static bool
is_full(const struct slice *s)
{
	return s->depth > 0 && s->depth <= s->cut_depth && s->depth <= SLICE_DEPTH &&
	    s->len > (s->limit != 0 ? s->limit : SLICE_BYTES);
}

static void
put_char(struct slice *s, char c)
{
	if (c == ',' && is_full(s)) {
		cut(s);
		return;
	}
	add(s, &c, 1);
	if (c == '{' || c == '[')
		push(s);
	else if (c == '}' || c == ']')
		pop(s);
	else if (c == ',' && s->depth > 0 && s->depth <= SLICE_DEPTH)
		s->member[s->depth - 1] = s->len;
	s->quoted = c == '"';
}

/* Bytes of a string up to its end, which is one of them, if it is there. */
static size_t
string_len(struct slice *s, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (s->escaped)
			s->escaped = false;
		else if (text[i] == '\\')
			s->escaped = true;
		else if (text[i] == '"') {
			s->quoted = false;
			return i + 1;
		}
	}
	return len;
}

void
slice_put(struct slice *s, const char *text, size_t len)
{
	size_t n;

	while (len > 0) {
		n = 1;
		if (s->quoted) {
			n = string_len(s, text, len);
			add(s, text, n);
		} else {
			put_char(s, *text);
		}
		text += n;
		len -= n;
	}
}

void
slice_end(struct slice *s)
{
	hand_on(s, true);
}

void
slice_fini(struct slice *s)
{
	while (s->depth > 0)
		pop(s);
	free(s->text);
	s->text = NULL;
	s->len = s->room = 0;
}

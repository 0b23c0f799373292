/*
 * paint - whole words get a colour: good ones green, bad ones red, those in between yellow.
 */
#include "paint.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GOOD "32"
#define DOUBT "33"
#define BAD "31"
#define OFF "\033[0m"

static const struct {
	const char *word;
	const char *colour;
} words[] = {
	{ "Established", GOOD },
	{ "Up", GOOD },
	{ "Idle", BAD },
	{ "Down", BAD },
	{ "Active", DOUBT },
	{ "Connect", DOUBT },
	{ "OpenSent", DOUBT },
	{ "OpenConfirm", DOUBT },
	{ "never", DOUBT },
	{ "Duplicate", BAD },
	{ "pending", DOUBT },
	{ "leaving", DOUBT },
	{ "stale", DOUBT },
	{ "failed", BAD },
	{ "refused", BAD },
	{ "error", BAD },
	{ "warning", DOUBT },
};

bool
paint_wanted(void)
{
	const char *term = getenv("TERM"), *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && (no == NULL || *no == '\0') && term != NULL &&
	    strcmp(term, "dumb") != 0;
}

static const char *
colour_of(const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i].word) == len &&
		    memcmp(words[i].word, word, len) == 0)
			return words[i].colour;
	return NULL;
}

static size_t
word_len(const char *s)
{
	size_t len = 0;

	while (isalnum((unsigned char)s[len]) || s[len] == '-' || s[len] == '_')
		len++;
	return len;
}

char *
paint(const char *line)
{
	const char *s, *colour;
	char *text = NULL;
	size_t size, len;
	FILE *out = NULL;

	for (s = line; *s != '\0'; s += len > 0 ? len : 1) {
		len = word_len(s);
		colour = len > 0 ? colour_of(s, len) : NULL;
		if (colour != NULL && out == NULL) {
			out = open_memstream(&text, &size);
			if (out == NULL)
				abort(); /* memory is out */
			fwrite(line, 1, (size_t)(s - line), out);
		}
		if (colour != NULL)
			fprintf(out, "\033[%sm%.*s" OFF, colour, (int)len, s);
		else if (out != NULL)
			fwrite(s, 1, len > 0 ? len : 1, out);
	}
	if (out != NULL)
		fclose(out);
	return text;
}

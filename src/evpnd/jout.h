/*
 * jout - a JSON writer for documents that are too big to be built first.
 *
 * Containers are opened and closed by hand, so that they may span the steps of a show. Takes
 * care of commas and of escaping; keeps some bytes until jout_flush().
 */
#ifndef EVPND_JOUT_H
#define EVPND_JOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct evbuffer;

struct jout {
	struct evbuffer
	    *out;   /* not owned; may change between steps, after jout_flush() */
	bool comma; /* something stands before us in this container */
	int depth;  /* open containers */
	size_t len;
	char buf[8192];
};

/* KEY is NULL in arrays and for the document itself; BRACKET is '{' or '['. */
void jout_open(struct jout *j, const char *key, char bracket);
void jout_close(struct jout *j, char bracket); /* '}' or ']' */
void jout_str(struct jout *j, const char *key, const char *v);
void jout_fmt(struct jout *j, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void jout_int(struct jout *j, const char *key, int64_t v);
void jout_bool(struct jout *j, const char *key, bool v);
void jout_null(struct jout *j, const char *key);
/* A string in pieces. */
void jout_text_open(struct jout *j, const char *key);
void jout_text(struct jout *j, const char *piece);
void jout_text_close(struct jout *j);
/* A line end after a complete document. */
void jout_end(struct jout *j);
void jout_flush(struct jout *j);

#endif

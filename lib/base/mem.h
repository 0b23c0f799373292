/*
 * mem - memory that is there or the program ends.
 *
 * A daemon that programs a kernel cannot do half of a thing because memory ran out, so
 * these never return NULL: they print one line to stderr and abort.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* N objects of SIZE bytes, zeroed. */
void *xcalloc(size_t n, size_t size);
/* SIZE bytes, not zeroed. */
void *xmalloc(size_t size);
/* An array grown or shrunk to N objects of SIZE bytes; the new part is not zeroed. */
void *xreallocarray(void *p, size_t n, size_t size);
/* SIZE bytes at a multiple of ALIGNMENT, a power of two; not zeroed. */
void *xmemalign(size_t alignment, size_t size);
char *xstrdup(const char *s);
/* printf into a string of its own; the caller frees it. */
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif

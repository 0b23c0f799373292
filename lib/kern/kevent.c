/* kevent - see kevent.h. A reader that was too slow goes on with the oldest that is there. */
#include "kern/kevent.h"

#include <stdlib.h>

#include "base/mem.h"

static const char *const names[] = {
	[KEVENT_WRITTEN] = "written",
	[KEVENT_REPAIRED] = "repaired",
	[KEVENT_REMOVED] = "removed",
	[KEVENT_REFUSED] = "refused",
	[KEVENT_LOST] = "lost",
};

const char *
kevent_name(enum kevent_kind kind)
{
	if ((size_t)kind >= sizeof(names) / sizeof(names[0]))
		return "unknown";
	return names[kind];
}

void
kevents_init(struct kevents *e)
{
	e->ring = xcalloc(KEVENT_RING, sizeof(*e->ring));
	e->n = 0;
}

void
kevents_fini(struct kevents *e)
{
	free(e->ring);
	e->ring = NULL;
}

void
kevent_add(struct kevents *e, const struct kevent *ev)
{
	e->ring[e->n++ % KEVENT_RING] = *ev;
}

unsigned
kevent_read(const struct kevents *e, uint64_t *seq, struct kevent *out, unsigned n)
{
	unsigned copied = 0;

	if (e->n > KEVENT_RING && *seq < e->n - KEVENT_RING)
		*seq = e->n - KEVENT_RING;
	if (*seq > e->n)
		*seq = e->n;
	while (copied < n && *seq < e->n)
		out[copied++] = e->ring[(*seq)++ % KEVENT_RING];
	return copied;
}

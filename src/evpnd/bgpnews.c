/* bgpnews - see bgpnews.h. d->bgpnews is NULL while nobody listens: that is all it costs. */
#include "bgpnews.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "evpnd.h"
#include "peer.h"

#define RING 4096

struct bgpnews {
	unsigned listeners;
	uint64_t n;
	struct bgpnews_event ring[RING];
};

static const char *const names[] = {
	[BGPNEWS_UP] = "session up",
	[BGPNEWS_DOWN] = "session down",
	[BGPNEWS_BEST] = "best path",
	[BGPNEWS_WITHDRAWN] = "withdrawn",
};

const char *
bgpnews_name(enum bgpnews_kind kind)
{
	return names[kind];
}

void
bgpnews_listen(struct evpnd *d)
{
	if (d->bgpnews == NULL)
		d->bgpnews = xcalloc(1, sizeof(*d->bgpnews));
	d->bgpnews->listeners++;
}

void
bgpnews_leave(struct evpnd *d)
{
	if (--d->bgpnews->listeners > 0)
		return;
	free(d->bgpnews);
	d->bgpnews = NULL;
}

static struct bgpnews_event *
next_event(struct bgpnews *b, enum bgpnews_kind kind, uint64_t now)
{
	struct bgpnews_event *e = &b->ring[b->n++ % RING];

	*e = (struct bgpnews_event){ .at_ms = now, .kind = (uint8_t)kind };
	return e;
}

void
bgpnews_session(struct evpnd *d, const struct peer *p, bool up)
{
	struct bgpnews_event *e;

	if (d->bgpnews == NULL)
		return;
	e = next_event(d->bgpnews, up ? BGPNEWS_UP : BGPNEWS_DOWN, evpnd_now());
	e->as = p->open.as;
	strlcpy(e->peer, p->conf.name, sizeof(e->peer));
	if (!up)
		strlcpy(e->why, p->last_reset, sizeof(e->why));
}

void
bgpnews_dest(struct evpnd *d, const struct dest *dest, uint64_t now)
{
	const struct path *best;
	const struct peer *p;
	struct bgpnews_event *e;

	if (d->bgpnews == NULL)
		return;
	best = dest_best(dest);
	if (dest->carried == (best != NULL ? best->attrs : NULL) && !dest->relabelled)
		return;
	e = next_event(
	    d->bgpnews, best != NULL ? BGPNEWS_BEST : BGPNEWS_WITHDRAWN, now);
	e->nlri = dest->nlri;
	if (best == NULL)
		return;
	e->reason = dest->reason;
	e->next_hop = best->attrs->v.nexthop;
	e->own = best->peer->self;
	p = peers_by_id(d->peers, best->peer->id);
	if (!e->own && p != NULL)
		strlcpy(e->peer, p->conf.name, sizeof(e->peer));
}

unsigned
bgpnews_read(
    const struct evpnd *d, uint64_t *seq, struct bgpnews_event *out, unsigned n)
{
	const struct bgpnews *b = d->bgpnews;
	unsigned copied = 0;

	if (b == NULL)
		return 0;
	if (*seq > b->n)
		*seq = b->n;
	if (b->n > RING && *seq < b->n - RING)
		*seq = b->n - RING;
	while (copied < n && *seq < b->n)
		out[copied++] = b->ring[(*seq)++ % RING];
	return copied;
}

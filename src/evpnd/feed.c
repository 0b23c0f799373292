/* feed - see feed.h. */
#include "feed.h"

#include <stddef.h>
#include <string.h>

#include "evpnd.h"

_Static_assert(offsetof(struct bgpnews_event, at_ms) == 0 &&
	offsetof(struct evpn_event, at_ms) == 0 && offsetof(struct kevent, at_ms) == 0,
    "the time of an event comes first");

static unsigned
read_bgp(struct evpnd *d, uint64_t *seq, struct feed_event *out)
{
	return bgpnews_read(d, seq, &out->bgp, 1);
}

static unsigned
read_evpn(struct evpnd *d, uint64_t *seq, struct feed_event *out)
{
	return evpn_events(d->evpn, seq, &out->evpn, 1);
}

static unsigned
read_kernel(struct evpnd *d, uint64_t *seq, struct feed_event *out)
{
	return kevent_read(ktab_events(d->ktab), seq, &out->kernel, 1);
}

static const struct {
	const char *name;
	unsigned (*read)(struct evpnd *d, uint64_t *seq, struct feed_event *out);
} subjects[FEED_SUBJECTS] = {
	[FEED_BGP] = { "bgp", read_bgp },
	[FEED_EVPN] = { "evpn", read_evpn },
	[FEED_KERNEL] = { "kernel", read_kernel },
};

const char *
feed_subject_name(enum feed_subject subject)
{
	return subjects[subject].name;
}

enum feed_subject
feed_subject_parse(const char *name)
{
	int i;

	for (i = 0; i < FEED_SUBJECTS; i++)
		if (strcmp(name, subjects[i].name) == 0)
			break;
	return (enum feed_subject)i;
}

void
feed_init(struct feed *f, struct evpnd *d, enum feed_subject only, bool past)
{
	int i;

	*f = (struct feed){ .d = d };
	for (i = 0; i < FEED_SUBJECTS; i++)
		f->on[i] = only == FEED_SUBJECTS || only == (enum feed_subject)i;
	/* Of BGP there is no past: its ring exists while somebody listens. */
	f->on[FEED_BGP] = f->on[FEED_BGP] && !past;
	if (f->on[FEED_BGP])
		bgpnews_listen(d);
	for (i = 0; i < FEED_SUBJECTS && !past; i++) {
		f->seq[i] = UINT64_MAX; /* reading there moves to the end */
		subjects[i].read(d, &f->seq[i], &f->next[i]);
	}
}

void
feed_fini(struct feed *f)
{
	if (f->on[FEED_BGP])
		bgpnews_leave(f->d);
}

static void
fetch(struct feed *f, int i)
{
	uint64_t before = f->seq[i];

	f->held[i] = subjects[i].read(f->d, &f->seq[i], &f->next[i]) > 0;
	f->next[i].subject = (enum feed_subject)i;
	f->next[i].missed = f->seq[i] - before - f->held[i];
}

bool
feed_next(struct feed *f, struct feed_event *out)
{
	int best = -1, i;

	for (i = 0; i < FEED_SUBJECTS; i++) {
		if (f->on[i] && !f->held[i])
			fetch(f, i);
		if (f->held[i] && (best < 0 || f->next[i].at_ms < f->next[best].at_ms))
			best = i;
	}
	if (best < 0)
		return false;
	*out = f->next[best];
	f->held[best] = false;
	return true;
}

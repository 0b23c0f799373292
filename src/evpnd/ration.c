/* ration - see ration.h. Used is what the RIB and the table of attributes count. */
#include "ration.h"

#include <unistd.h>

#include "log.h"
#include "peer_int.h"

#define MIB (1024 * 1024)
#define LEAST_MIB 64

/* Unless it is said: a quarter of the machine's memory. */
uint64_t
ration_limit(const struct evpnd *d)
{
	uint64_t mib = d->conf->bgp.rib_limit_mib;

	if (mib == 0)
		mib = (uint64_t)sysconf(_SC_PHYS_PAGES) *
		    (uint64_t)sysconf(_SC_PAGESIZE) / MIB / 4;
	return (mib > LEAST_MIB || d->conf->bgp.rib_limit_mib != 0 ? mib : LEAST_MIB) *
	    MIB;
}

uint64_t
ration_used(const struct evpnd *d)
{
	struct rib_stats st;

	rib_stats(d->rib, &st);
	return st.bytes + attr_table_bytes(d->attrs);
}

const struct ration *
ration_of(const struct peers *ps)
{
	return &ps->ration;
}

static bool
has_path(struct peer *p, const struct nlri *key)
{
	const struct dest *d = rib_find(p->peers->d->rib, key);
	const struct path *path = d != NULL ? d->paths : NULL;

	while (path != NULL && path->peer != &p->rp)
		path = path->next;
	return path != NULL;
}

bool
ration_admits(struct peer *p, const struct nlri *key, bool *out_lose)
{
	struct ration *r = &p->peers->ration;
	uint64_t limit = p->peers->ration_limit, used = ration_used(p->peers->d);

	*out_lose = false;
	if (used < limit)
		return true;
	if (used < limit + limit / 8 && has_path(p, key))
		return true;
	*out_lose = used >= limit + limit / 8;
	r->refused++;
	p->starved = true;
	if (!r->over)
		peer_log(p, LOG_ERR,
		    "routes take %ju MiB, rib-limit %ju MiB: new ones are not kept",
		    (uintmax_t)(used / MIB), (uintmax_t)(limit / MIB));
	r->over = true;
	return false;
}

void
ration_check(struct peers *ps)
{
	struct peer *p;

	ps->ration_limit = ration_limit(ps->d);
	if (!ps->ration.over || ration_used(ps->d) > ps->ration_limit / 8 * 7)
		return;
	ps->ration.over = false;
	log_notice("there is room for routes again, under rib-limit %ju MiB",
	    (uintmax_t)(ps->ration_limit / MIB));
	TAILQ_FOREACH (p, &ps->list, link) {
		if (p->starved && p->state == FSM_ESTABLISHED && !peer_refresh(p))
			peer_log(p, LOG_WARNING,
			    "knows no route refresh: what was refused comes with the "
			    "next "
			    "session");
		p->starved = false;
	}
}

/*
 * static - hosts of the configuration: "mac MAC vtep VTEP [ip IP]", for VTEPs that speak no
 * BGP.
 *
 * Each is a remote candidate like an imported route, under the route distinguisher of all
 * zeros, which no peer's route has: the decision, the kernel's rows and the shows need not
 * know of it. It wins over every route and over what is learned here (macip_cmp()), and it
 * is sticky: no host behind a port of ours takes its place.
 *
 * Keeps: per EVI, in order of MAC and address, what was told to the rows, and the route
 * that speaks for it when these hosts are redistributed. Such a route has the host's VTEP as
 * next hop and is announced while the candidate is in force: one of this host's own may have
 * the same key, and goes first.
 */
#include "evpn/state.h"

#include <stdlib.h>

#include "base/mem.h"

struct static_row {
	struct evi_static s; /* first: searched by it */
	struct origin *adv;  /* our route; NULL: none */
};

static struct nlri
key_of(const struct evi_static *s)
{
	return (struct nlri){ .type = NLRI_MACIP, .mac = s->mac, .ip = s->ip };
}

bool
static_is(const struct macip_remote *r)
{
	static const struct rd none;

	return rd_cmp(&r->rd, &none) == 0;
}

int
static_cmp(const void *a, const void *b)
{
	const struct evi_static *x = a, *y = b;
	int c = mac_cmp(&x->mac, &y->mac);

	return c != 0 ? c : ip_cmp(&x->ip, &y->ip);
}

/* The EVI is on the way out: it has none. */
static unsigned
configured(const struct evi *evi)
{
	return evi->dying ? 0 : evi->conf.nstatics;
}

static void
tell(struct evi *evi, const struct evi_static *s, uint64_t now)
{
	struct nlri key = key_of(s);
	struct attrs *a = origin_static_attrs(evi, &s->vtep);
	struct evpn_path p = { .attrs = a, .label = &evi->vni, .labels = 1 };

	macip_remote(evi, &key, &p, now);
	attrs_unref(evi->evpn->attrs, a);
}

static void
drop(struct evi *evi, struct static_row *r, uint64_t now)
{
	struct nlri key = key_of(&r->s);

	origin_gone(evi->evpn, &r->adv);
	macip_remote(evi, &key, NULL, now);
}

/* Rows and configuration are both in order: a merge. */
void
static_update(struct evi *evi, uint64_t now)
{
	unsigned n = configured(evi), old = 0;
	struct static_row *rows = n > 0 ? xcalloc(n, sizeof(*rows)) : NULL;

	for (unsigned i = 0; i < n; i++) {
		const struct evi_static *s = &evi->conf.statics[i];

		while (old < evi->nstatics && static_cmp(&evi->statics[old].s, s) < 0)
			drop(evi, &evi->statics[old++], now);
		if (old < evi->nstatics && static_cmp(&evi->statics[old].s, s) == 0)
			rows[i].adv = evi->statics[old++].adv;
		rows[i].s = *s;
		tell(evi, s, now);
	}
	while (old < evi->nstatics)
		drop(evi, &evi->statics[old++], now);
	free(evi->statics);
	evi->statics = rows;
	evi->nstatics = (uint16_t)n;
}

bool
static_is_told(const struct macip *m)
{
	const struct evi *evi = m->evi;

	return evi->nstatics > 0 && evi->live && evi->evpn->conf.static_mac &&
	    m->state == MACIP_REMOTE && m->best != NULL && static_is(m->best);
}

void
static_origin(struct macip *m)
{
	struct evi_static s = { .mac = m->mac, .ip = m->ip };
	struct static_row *r = bsearch(&s, m->evi->statics, m->evi->nstatics,
	    sizeof(*m->evi->statics), static_cmp);
	struct evi *evi = m->evi;
	struct nlri key = key_of(&s);

	if (r == NULL)
		return;
	key.rd = evi->rd;
	if (static_is_told(m))
		origin_announce(evi->evpn, &r->adv, &key, m->best->attrs, evi->vni, 1);
	else
		origin_gone(evi->evpn, &r->adv);
}

void
static_free(struct evi *evi)
{
	for (unsigned i = 0; i < evi->nstatics; i++)
		origin_gone(evi->evpn, &evi->statics[i].adv);
	free(evi->statics);
	evi->statics = NULL;
	evi->nstatics = 0;
}

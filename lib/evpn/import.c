/*
 * import - see import.h: targets in force, and the rounds of importers that wait.
 *
 * Always: an importer with targets is in the index of rt.c under just these.
 */
#include "evpn/state.h"

#include <stdlib.h>

#include "base/mem.h"

#define RFC8365_VXLAN 0x10000000

/* --- targets --- */

struct rt_set
rt_set_copy(const struct rt_set *s)
{
	struct rt_set to = { .n = s->n };

	if (s->n > 0) {
		to.rt = xcalloc(s->n, sizeof(struct ecom));
		memcpy(to.rt, s->rt, s->n * sizeof(struct ecom));
	}
	return to;
}

void
rt_set_fini(struct rt_set *s)
{
	free(s->rt);
	*s = (struct rt_set){ 0 };
}

static bool
rt_set_equal(const struct rt_set *a, const struct rt_set *b)
{
	return a->n == b->n && memcmp(a->rt, b->rt, a->n * sizeof(struct ecom)) == 0;
}

/* As configured, or the automatic one. */
static struct rt_set
rts_of(const struct rt_set *conf, const struct evpn_conf *c, uint32_t vni)
{
	struct ecom automatic =
	    rt_of_as(c->as, vni | (c->autort_rfc8365 ? RFC8365_VXLAN : 0));
	struct rt_set one = { .rt = &automatic, .n = 1 };

	return rt_set_copy(conf->n > 0 ? conf : &one);
}

static void
set_reimport(struct evpn *e, struct importer *imp, bool on)
{
	if (imp->reimport != on)
		e->nreimports += on ? 1 : (uint32_t)-1;
	imp->reimport = on;
}

/* Import targets in force; when they change, all routes are to be looked at again. */
static void
derive_import(
    struct evpn *e, struct importer *imp, uint32_t vni, const struct rt_set *conf)
{
	struct rt_set rts = rts_of(conf, &e->conf, vni);
	bool any = conf->n == 0;

	if (imp->import.n > 0 && any == imp->automatic && vni == imp->vni &&
	    (any || rt_set_equal(&rts, &imp->import))) {
		rt_set_fini(&imp->import);
		imp->import = rts;
		return;
	}
	rt_index_del(e, imp);
	rt_set_fini(&imp->import);
	imp->vni = vni;
	imp->import = rts;
	imp->automatic = any;
	rt_index_add(e, imp);
	import_again(e, imp);
}

void
import_again(struct evpn *e, struct importer *imp)
{
	imp->gen++;
	imp->sweep = false;
	imp->in_round = false;
	set_reimport(e, imp, true);
}

void
import_derive(struct evpn *e, struct importer *imp, uint32_t vni,
    const struct rt_set *import, const struct rt_set *export)
{
	derive_import(e, imp, vni, import);
	rt_set_fini(&imp->export);
	imp->export = rts_of(export, &e->conf, vni);
}

void
import_retire(struct evpn *e, struct importer *imp)
{
	if (imp->import.n > 0)
		rt_index_del(e, imp);
	rt_set_fini(&imp->import);
	rt_set_fini(&imp->export);
	set_reimport(e, imp, false);
	imp->in_round = false;
}

/* --- rounds --- */

static void
each_importer(struct evpn *e, void (*each)(struct importer *imp, void *arg), void *arg)
{
	for (struct evi *evi = evi_first(e); evi != NULL; evi = evi_after(evi))
		each(&evi->imp, arg);
	for (struct ipvrf *v = ipvrf_first(e); v != NULL; v = ipvrf_after(v))
		each(&v->imp, arg);
}

/* Those that wait now are served by this walk over the RIB; later ones by the next. */
static void
each_joins(struct importer *imp, void *arg)
{
	(void)arg;
	imp->in_round = imp->reimport;
}

void
import_round_begin(struct evpn *e)
{
	if (e->in_round)
		return;
	e->in_round = true;
	each_importer(e, each_joins, NULL);
}

static void
each_is_done(struct importer *imp, void *arg)
{
	struct evpn *e = arg;

	if (!imp->in_round)
		return;
	imp->in_round = false;
	set_reimport(e, imp, false);
	imp->sweep = true;
	if (imp->l3)
		ipvrf_walk(ipvrf_of(imp));
	else
		evi_walk(evi_of(imp));
}

void
import_round_end(struct evpn *e)
{
	import_round_begin(e);
	e->in_round = false;
	each_importer(e, each_is_done, e);
}

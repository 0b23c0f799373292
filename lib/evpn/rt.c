/*
 * rt - which importers (EVIs, IP-VRFs) take a route target.
 *
 * Keeps: one entry per target that some importer takes. Automatic import takes the target
 * of any AS (RFC 8365, 5.1.2.1; FRR's "*:VNI"), so its entry is found by number; so a route
 * with N targets costs 2N look-ups, however many importers there are.
 */
#include "evpn/state.h"

#include <stdlib.h>

#include "base/mem.h"
#include "bgp/extcomm.h"

#define RFC8365_VXLAN 0x10000000

static int
rt_entry_cmp(const struct rt_entry *a, const struct rt_entry *b)
{
	if (a->any_as != b->any_as)
		return a->any_as ? 1 : -1;
	return memcmp(&a->rt, &b->rt, sizeof(a->rt));
}

RB_PROTOTYPE(rt_tree, rt_entry, link, rt_entry_cmp)
RB_GENERATE(rt_tree, rt_entry, link, rt_entry_cmp)

static struct rt_entry *
entry_find(struct evpn *e, const struct ecom *rt, bool any_as)
{
	struct rt_entry k = { .rt = *rt, .any_as = any_as };

	return RB_FIND(rt_tree, &e->rts, &k);
}

static void
entry_add(struct evpn *e, const struct ecom *rt, bool any_as, struct importer *imp)
{
	struct rt_entry *t = entry_find(e, rt, any_as);
	unsigned i;

	if (t == NULL) {
		t = xcalloc(1, sizeof(*t));
		t->rt = *rt;
		t->any_as = any_as;
		RB_INSERT(rt_tree, &e->rts, t);
	}
	for (i = 0; i < t->n && t->users[i]->vni < imp->vni; i++)
		;
	if (i < t->n && t->users[i] == imp)
		return;
	t->users = xreallocarray(t->users, t->n + 1, sizeof(struct importer *));
	memmove(t->users + i + 1, t->users + i, (t->n - i) * sizeof(struct importer *));
	t->users[i] = imp;
	t->n++;
}

static void
entry_del(struct evpn *e, const struct ecom *rt, bool any_as, struct importer *imp)
{
	struct rt_entry *t = entry_find(e, rt, any_as);

	if (t == NULL)
		return;
	for (unsigned i = 0; i < t->n; i++)
		if (t->users[i] == imp) {
			t->n--;
			memmove(t->users + i, t->users + i + 1,
			    (t->n - i) * sizeof(struct importer *));
			break;
		}
	if (t->n == 0) {
		RB_REMOVE(rt_tree, &e->rts, t);
		free(t->users);
		free(t);
	}
}

static void
each_entry(struct evpn *e, struct importer *imp,
    void (*fn)(
	struct evpn *e, const struct ecom *rt, bool any_as, struct importer *imp))
{
	if (imp->automatic) {
		struct ecom plain = rt_of_as(0, imp->vni);
		struct ecom rfc8365 = rt_of_as(0, imp->vni | RFC8365_VXLAN);

		fn(e, &plain, true, imp);
		fn(e, &rfc8365, true, imp);
		return;
	}
	for (unsigned i = 0; i < imp->import.n; i++)
		fn(e, &imp->import.rt[i], false, imp);
}

void
rt_index_add(struct evpn *e, struct importer *imp)
{
	each_entry(e, imp, entry_add);
}

void
rt_index_del(struct evpn *e, struct importer *imp)
{
	each_entry(e, imp, entry_del);
}

/* The I-th target's entries: exact, and by number when an AS says it; NULL where none. */
static bool
lookup(struct evpn *e, const struct attrs *a, unsigned *i, struct rt_entry *out[2])
{
	struct ecom c;

	out[0] = out[1] = NULL;
	if (!ecom_get(&a->v.ext, (*i)++, &c))
		return false;
	if (!ecom_is_rt(&c))
		return true;
	out[0] = entry_find(e, &c, false);
	if (c.b[0] == 0 || c.b[0] == 2) {
		struct ecom any = rt_of_as(0, ecom_rt_number(&c));

		out[1] = entry_find(e, &any, true);
	}
	return true;
}

unsigned
rt_index_match(struct evpn *e, const struct attrs *a,
    void (*each)(struct importer *imp, void *arg), void *arg)
{
	struct rt_entry *t[2];
	unsigned i = 0, n = 0;

	while (lookup(e, a, &i, t))
		for (unsigned k = 0; k < 2; k++)
			for (unsigned j = 0; t[k] != NULL && j < t[k]->n; j++) {
				each(t[k]->users[j], arg);
				n++;
			}
	return n;
}

bool
rt_index_matches(struct evpn *e, const struct attrs *a, const struct importer *imp)
{
	struct rt_entry *t[2];
	unsigned i = 0;

	while (lookup(e, a, &i, t))
		for (unsigned k = 0; k < 2; k++)
			for (unsigned j = 0; t[k] != NULL && j < t[k]->n; j++)
				if (t[k]->users[j] == imp)
					return true;
	return false;
}

void
evpn_import_rts(struct evpn *e,
    void (*each)(const struct ecom *rt, bool any_as, uint32_t vni, void *arg),
    void *arg)
{
	struct rt_entry *t;

	RB_FOREACH (t, rt_tree, &e->rts)
		for (unsigned i = 0; i < t->n; i++)
			each(&t->rt, t->any_as, t->users[i]->vni, arg);
}

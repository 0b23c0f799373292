/*
 * show_kernel - "show evpn kernel": the table of what we want and what the kernel has, and
 * the devices that the configuration asks for.
 */
#include <stdio.h>
#include <string.h>

#include "show_int.h"

/* The VNI that an entry belongs to; 0: none. */
static uint32_t
vni_of(const struct show *s, const struct kkey *k)
{
	struct evpn *e = s->d->evpn;
	const struct evi *evi = NULL;

	if (k->kind == KOBJ_VNI)
		return k->id;
	if (k->kind == KOBJ_BRVLAN) {
		const struct klink *l = klink_find(s->d->klinks, k->ifindex);
		bool port = l != NULL && l->is_port;

		evi = evi_by_bridge(e, port ? l->master : k->ifindex, k->vlan);
	} else if (k->kind == KOBJ_VXFDB || k->kind == KOBJ_TAGDROP)
		evi = evi_by_vxlan(e, k->ifindex, k->id);
	else if (k->kind == KOBJ_BRFDB)
		evi = evi_by_bridge(e, k->ifindex, k->vlan);
	else if (k->kind == KOBJ_NEIGH || k->kind == KOBJ_ADDR)
		evi = evi_by_svi(e, k->ifindex);
	return evi != NULL ? evi->vni : 0;
}

static void
put_value(struct show *s, const char *key, const struct krow *r, bool there,
    const struct kval *v)
{
	static const char port[] = "port ifindex ";
	char text[KOBJ_STRLEN];
	const char *rest;

	if (!there) {
		jout_null(&s->j, key);
		return;
	}
	kval_str(text, &r->key, v);
	if (strncmp(text, port, sizeof(port) - 1) != 0) {
		jout_str(&s->j, key, text);
		return;
	}
	/* People know ports by name. */
	rest = text + sizeof(port) - 1;
	rest += strspn(rest, "0123456789");
	jout_fmt(&s->j, key, "port %s%s", show_ifname(s, v->port), rest);
}

void
show_krow(struct show *s, const struct krow *r)
{
	const struct kkey *k = &r->key;
	struct jout *j = &s->j;
	char text[KOBJ_STRLEN];
	uint32_t vni = vni_of(s, k);

	jout_open(j, NULL, '{');
	jout_str(j, "kind", kkind_name(k->kind));
	if (vni != 0)
		jout_int(j, "vni", vni);
	if (kkind_on_device(k->kind)) {
		jout_int(j, "ifindex", k->ifindex);
		jout_str(j, "interface", show_ifname(s, k->ifindex));
	}
	if (k->kind == KOBJ_BRFDB || k->kind == KOBJ_VXFDB)
		jout_str(j, "mac", MACSTR(&k->mac));
	if (ip_is_set(&k->ip))
		jout_str(j, "ip", IPSTR(&k->ip));
	if (k->vlan != 0)
		jout_int(j, "vlan", k->vlan);
	jout_str(j, "key", kkey_str(text, k));
	put_value(s, "want", r, r->wanted, &r->want);
	put_value(s, "have", r, r->present, &r->have);
	jout_bool(j, "ours", r->ours);
	jout_bool(j, "differs", krow_differs(r));
	jout_str(j, "state", krow_state(r));
	if (r->error != 0) {
		jout_int(j, "errno", -r->error);
		jout_str(j, "error", strerror(-r->error));
		jout_int(j, "refusals", r->fails);
	}
	jout_str(j, "since",
	    show_uptime((char[SHOW_UPTIME]){ 0 }, show_age(s, r->changed_s)));
	jout_close(j, '}');
}

/* --- devices --- */

static void
put_link(struct show *s, uint32_t vni, const struct klink_want *w)
{
	const struct klink *l = klink_by_name(s->d->klinks, w->name);
	struct jout *j = &s->j;
	char buf[160];
	const char *wrong = klink_wrong(s->d->klinks, w, buf, sizeof(buf));
	bool pending = l == NULL || klink_pending(s->d->klinks, w);
	bool differs = pending || wrong != NULL || w->error != 0;

	if (s->a.differing && !differs)
		return;
	jout_open(j, NULL, '{');
	jout_int(j, "vni", vni);
	jout_str(j, "interface", w->name);
	if (w->master[0] != '\0')
		jout_str(j, "master", w->master);
	if (w->what & KLINK_WANT_MTU)
		jout_int(j, "mtu", w->mtu);
	jout_bool(j, "present", l != NULL);
	jout_bool(j, "differs", differs);
	jout_str(j, "state",
	    w->error != 0       ? "failed"
		: pending       ? "pending"
		: wrong != NULL ? "differs"
				: "installed");
	if (wrong != NULL)
		jout_str(j, "wrong", wrong);
	if (w->error != 0) {
		jout_int(j, "errno", -w->error);
		jout_str(j, "error", strerror(-w->error));
	}
	jout_close(j, '}');
}

static void
put_links(struct show *s)
{
	struct evi *evi;
	unsigned i;

	jout_open(&s->j, "links", '[');
	for (evi = evi_first(s->d->evpn); evi != NULL; evi = evi_after(evi)) {
		if (s->a.has_vni && evi->vni != s->a.vni)
			continue;
		for (i = 0; i < evi->nwishes; i++) {
			const struct klink_want *w =
			    klink_want_find(s->d->klinks, evi->wishes[i]);

			if (w != NULL)
				put_link(s, evi->vni, w);
		}
	}
	jout_close(&s->j, ']');
}

/* --- the document --- */

static void
put_totals(struct show *s)
{
	struct ktab_stats st;
	struct jout *j = &s->j;

	ktab_stats(s->d->ktab, &st);
	jout_int(j, "numRows", (int64_t)s->rows);
	jout_int(j, "numDiffering", st.differing);
	jout_bool(j, "synced", ktab_synced(s->d->ktab));
	jout_open(j, "requests", '{');
	jout_int(j, "adds", (int64_t)st.adds);
	jout_int(j, "replaces", (int64_t)st.replaces);
	jout_int(j, "deletes", (int64_t)st.deletes);
	jout_int(j, "errors", (int64_t)st.errors);
	jout_int(j, "repairs", (int64_t)st.repairs);
	jout_int(j, "resyncs", (int64_t)st.resyncs);
	jout_int(j, "inflight", st.inflight);
	jout_close(j, '}');
}

static bool
is_wanted(const struct show *s, const struct krow *r)
{
	if (s->a.differing && !krow_differs(r))
		return false;
	return !s->a.has_vni || vni_of(s, &r->key) == s->a.vni;
}

static bool
step_kernel(struct show *s)
{
	struct krow *r;

	if (!s->open) {
		jout_open(&s->j, NULL, '{');
		jout_open(&s->j, "rows", '[');
	}
	s->open = true;
	for (r = ktab_from(s->d->ktab, &s->kkey); r != NULL; r = ktab_after(r)) {
		if (s->left == 0) {
			s->kkey = r->key;
			return false;
		}
		s->left--;
		if (!is_wanted(s, r))
			continue;
		show_krow(s, r);
		s->rows++;
	}
	jout_close(&s->j, ']');
	put_totals(s);
	put_links(s);
	jout_close(&s->j, '}');
	return true;
}

const struct show_desc show_kernel_descs[] = {
	{ OP_SHOW_EVPN_KERNEL, show_start_vni, step_kernel, "{}" },
	{ 0, NULL, NULL, NULL },
};

/*
 * show_kernel - "show evpn kernel": the table of what we want and what the kernel has, and
 * the devices that the configuration asks for.
 */
#include <stdlib.h>
#include <string.h>

#include "evpn/ipvrf.h"
#include "show_event.h"

/* --- whose an entry is --- */

struct owner {
	uint32_t vni; /* 0: none */
	const struct ipvrf *vrf;
};

static struct owner
owner_evi(const struct evi *evi)
{
	return (struct owner){ .vni = evi != NULL ? evi->vni : 0 };
}

static struct owner
owner_vrf(const struct ipvrf *v)
{
	return (struct owner){ .vni = v != NULL ? v->conf.vni : 0, .vrf = v };
}

/* The VRF whose L3 VNI works on this device; ON has 0 in the fields not asked for. */
static const struct ipvrf *
vrf_on(const struct show *s, const struct ipvrf_devs *on)
{
	struct ipvrf *v;

	for (v = ipvrf_first(s->d->evpn); v != NULL; v = ipvrf_after(v))
		if ((on->vxlan != 0 && v->on.vxlan == on->vxlan &&
			v->on.key_vni == on->key_vni) ||
		    (on->bridge != 0 && v->on.bridge == on->bridge &&
			v->on.vlan == on->vlan) ||
		    (on->svi != 0 && v->on.svi == on->svi))
			return v;
	return NULL;
}

static struct owner
owner_of_svi(const struct show *s, uint32_t svi, bool routed)
{
	const struct ipvrf *v = vrf_on(s, &(struct ipvrf_devs){ .svi = svi });
	const struct evi *evi;
	struct owner o;

	if (v != NULL)
		return owner_vrf(v);
	evi = evi_by_svi(s->d->evpn, svi);
	if (evi == NULL)
		evi = evi_by_vxlan(s->d->evpn, svi, 0); /* with "proxy" */
	o = owner_evi(evi);
	if (evi != NULL && routed)
		o.vrf = evi->ipvrf;
	return o;
}

/* A port's VLAN is that of its bridge. */
static struct owner
owner_of_vlan(const struct show *s, const struct kkey *k)
{
	const struct klink *l = klink_find(s->d->klinks, k->ifindex);
	struct ipvrf_devs on = { .bridge = k->ifindex, .vlan = k->vlan };
	const struct ipvrf *v;

	if (l != NULL && l->is_port)
		on.bridge = l->master;
	v = vrf_on(s, &on);
	return v != NULL ? owner_vrf(v)
			 : owner_evi(evi_by_bridge(s->d->evpn, on.bridge, k->vlan));
}

static struct owner
owner_of_fdb(const struct show *s, const struct kkey *k)
{
	struct ipvrf_devs on = { .vxlan = k->ifindex, .key_vni = k->id };
	const struct ipvrf *v = vrf_on(s, &on);

	return v != NULL ? owner_vrf(v)
			 : owner_evi(evi_by_vxlan(s->d->evpn, k->ifindex, k->id));
}

static struct kval
value_of(const struct krow *r)
{
	return r->wanted ? krow_want(r) : krow_have(r);
}

/* A nexthop is its device's, a group its first member's. */
static struct owner
owner_of_nexthop(const struct show *s, const struct kkey *k, const struct kval *v)
{
	struct kval val = *v;
	const struct krow *r;
	struct kkey key;

	if (k->kind == KOBJ_NHGROUP) {
		key = kkey_nexthop(val.members[0]);
		r = ktab_find(s->d->ktab, &key);
		if (r == NULL)
			return (struct owner){ 0 };
		val = value_of(r);
	}
	return owner_of_svi(s, val.port, true);
}

static struct owner
owner_of_entry(const struct show *s, const struct kkey *k, const struct kval *v)
{
	switch ((enum kkind)k->kind) {
	case KOBJ_VXFDB:
	case KOBJ_TAGDROP:
	case KOBJ_REQDROP:
		return owner_of_fdb(s, k);
	case KOBJ_BRFDB:
	case KOBJ_BRVLAN:
		return owner_of_vlan(s, k);
	case KOBJ_NEIGH:
	case KOBJ_ADDR:
	case KOBJ_ASK:
		return owner_of_svi(s, k->ifindex, false);
	case KOBJ_NEXTHOP:
	case KOBJ_NHGROUP:
		return owner_of_nexthop(s, k, v);
	case KOBJ_VNI:
		return (struct owner){ .vni = k->id };
	case KOBJ_ROUTE:
		return owner_vrf(ipvrf_by_table(s->d->evpn, k->ifindex));
	case KOBJ_KINDS:
		break;
	}
	return (struct owner){ 0 };
}

static struct owner
owner_of(const struct show *s, const struct krow *r)
{
	struct kval val = value_of(r);

	return owner_of_entry(s, KROW_KEY(r), &val);
}

uint32_t
show_kernel_vni(struct show *s, const struct kkey *k, const struct kval *v)
{
	return owner_of_entry(s, k, v).vni;
}

/* --- an entry --- */

/* Protocols as iproute2 and FRR name them. */
static const char *
proto_name(unsigned proto)
{
	static const struct {
		uint8_t proto;
		const char *name;
	} names[] = {
		{ 2, "kernel" },
		{ 3, "boot" },
		{ 4, "static" },
		{ 9, "ra" },
		{ 11, "zebra" },
		{ 16, "dhcp" },
		{ KOBJ_PROTO, "evpnd" },
		{ 186, "bgp" },
		{ 196, "static" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].proto == proto)
			return names[i].name;
	return NULL;
}

#define WORDS 24

/*
 * One word of a value; the number of words that it stands for. People know devices and
 * protocols by name: "ifindex 7" becomes "dev br100", "port ifindex 7" "port swp1".
 */
static int
put_word(struct show *s, bool after_port, const char *word, const char *next)
{
	const char *name = NULL;
	bool device = strcmp(word, "ifindex") == 0;

	if (next != NULL && device)
		name = show_ifname(s, (uint32_t)strtoul(next, NULL, 10));
	else if (next != NULL && strcmp(word, "proto") == 0)
		name = proto_name((unsigned)strtoul(next, NULL, 10));
	if (!device || !after_port)
		jout_text(&s->j, device ? "dev" : word);
	if (name == NULL)
		return 1;
	if (!device || !after_port)
		jout_text(&s->j, " ");
	jout_text(&s->j, name);
	return 2;
}

void
show_kernel_value(
    struct show *s, const char *name, const struct kkey *k, const struct kval *v)
{
	char text[KOBJ_STRLEN], *words[WORDS + 1], *save = NULL;
	int n = 0, i;

	kval_str(text, k, v);
	words[0] = strtok_r(text, " ", &save);
	while (n < WORDS && words[n] != NULL)
		words[++n] = strtok_r(NULL, " ", &save);
	words[n] = NULL;
	jout_text_open(&s->j, name);
	for (i = 0; i < n;) {
		if (i > 0)
			jout_text(&s->j, " ");
		i += put_word(s, i > 0 && strcmp(words[i - 1], "port") == 0, words[i],
		    words[i + 1]);
	}
	jout_text_close(&s->j);
}

static void
put_value(struct show *s, const char *name, const struct krow *r, bool there,
    const struct kval *v)
{
	if (there)
		show_kernel_value(s, name, KROW_KEY(r), v);
	else
		jout_null(&s->j, name);
}

void
show_kernel_key(struct show *s, const struct kkey *k)
{
	struct jout *j = &s->j;
	char text[KOBJ_STRLEN];

	if (k->kind == KOBJ_ROUTE) {
		struct prefix p = kkey_prefix(k);

		jout_int(j, "table", k->ifindex);
		jout_str(j, "prefix", PREFIXSTR(&p));
		jout_int(j, "metric", k->id);
	} else if (kkind_on_device(k->kind)) {
		jout_int(j, "ifindex", k->ifindex);
		jout_str(j, "interface", show_ifname(s, k->ifindex));
	}
	if (k->kind == KOBJ_NEXTHOP || k->kind == KOBJ_NHGROUP)
		jout_int(j, "id", k->id);
	if (k->kind == KOBJ_BRFDB || k->kind == KOBJ_VXFDB)
		jout_str(j, "mac", MACSTR(&k->mac));
	if (ip_is_set(&k->ip) && k->kind != KOBJ_ROUTE)
		jout_str(j, "ip", IPSTR(&k->ip));
	if (k->vlan != 0)
		jout_int(j, "vlan", k->vlan);
	jout_str(j, "key", kkey_str(text, k));
}

void
show_krow(struct show *s, const struct krow *r)
{
	struct owner o = owner_of(s, r);
	struct jout *j = &s->j;
	unsigned fails;
	int error = krow_error(r, &fails);

	jout_open(j, NULL, '{');
	jout_str(j, "kind", kkind_name(krow_kind(r)));
	if (o.vni != 0)
		jout_int(j, "vni", o.vni);
	if (o.vrf != NULL)
		jout_str(j, "vrf", o.vrf->name);
	show_kernel_key(s, KROW_KEY(r));
	put_value(s, "want", r, r->wanted, KROW_WANT(r));
	put_value(s, "have", r, r->present, KROW_HAVE(r));
	jout_bool(j, "ours", r->ours);
	jout_bool(j, "differs", krow_differs(r));
	jout_str(j, "state", krow_state(r));
	if (error != 0) {
		jout_int(j, "errno", -error);
		jout_str(j, "error", strerror(-error));
		jout_int(j, "refusals", (int64_t)fails);
	}
	jout_str(j, "since",
	    show_uptime((char[SHOW_UPTIME]){ 0 }, show_age(s, r->changed_s)));
	jout_close(j, '}');
}

/* --- devices --- */

static void
put_link(struct show *s, struct owner o, const struct klink_want *w)
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
	jout_int(j, "vni", o.vni);
	if (o.vrf != NULL)
		jout_str(j, "vrf", o.vrf->name);
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

static bool
is_asked(const struct show *s, struct owner o)
{
	if (s->a.has_vrf)
		return o.vrf != NULL && strcmp(o.vrf->name, s->a.vrf) == 0;
	return !s->a.has_vni || o.vni == s->a.vni;
}

static void
put_wishes(struct show *s, struct owner o, char (*wishes)[16], unsigned n)
{
	const struct klink_want *w;
	unsigned i;

	for (i = 0; i < n && is_asked(s, o); i++)
		if ((w = klink_want_find(s->d->klinks, wishes[i])) != NULL)
			put_link(s, o, w);
}

static void
put_links(struct show *s)
{
	struct evi *evi;
	struct ipvrf *v;

	jout_open(&s->j, "links", '[');
	for (evi = evi_first(s->d->evpn); evi != NULL; evi = evi_after(evi))
		put_wishes(s, owner_evi(evi), evi->wishes, evi->nwishes);
	for (v = ipvrf_first(s->d->evpn); v != NULL; v = ipvrf_after(v))
		put_wishes(s, owner_vrf(v), v->wishes, v->nwishes);
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
	if (!s->a.has_vni && !s->a.has_vrf)
		return true;
	return is_asked(s, owner_of(s, r));
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
			s->kkey = krow_key(r);
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
	{ OP_SHOW_EVPN_KERNEL, show_start_any_vni, step_kernel, "{}" },
	{ 0, NULL, NULL, NULL },
};

/*
 * show_values - "show values": what there is of a type of argument, for completion.
 *
 * Asked with the type's name as the grammar has it, the keyword before, and how the value
 * begins. Gives so many values and no more: nobody reads a thousand.
 */
#include <stdio.h>
#include <string.h>

#include "peer.h"
#include "show_vrf.h"

#define VALUES_MAX 200

static bool
full(const struct show *s)
{
	return s->shown >= VALUES_MAX;
}

static void
put(struct show *s, const char *text)
{
	if (text[0] == '\0' || strncmp(text, s->a.like, strlen(s->a.like)) != 0)
		return;
	if (!full(s))
		jout_str(&s->j, NULL, text);
	s->shown++;
}

static void
put_number(struct show *s, uint32_t n)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", n);
	put(s, text);
}

/* --- each returns true when it is done --- */

static bool
vnis(struct show *s)
{
	struct ipvrf *v;
	struct evi *evi;

	for (evi = evi_first(s->d->evpn); evi != NULL; evi = evi_after(evi))
		if (!evi->l3)
			put_number(s, evi->vni);
	for (v = ipvrf_first(s->d->evpn); v != NULL; v = ipvrf_after(v))
		if (v->conf.vni != 0)
			put_number(s, v->conf.vni);
	return true;
}

static bool
as_numbers(struct show *s)
{
	if (s->d->conf->bgp.on && strcmp(s->a.after, "bgp") == 0)
		put_number(s, s->d->conf->bgp.as);
	return true;
}

static bool
groups(struct show *s)
{
	struct conf_peer *c;

	TAILQ_FOREACH (c, &s->d->conf->bgp.peers, link)
		if (c->is_group)
			put(s, c->name);
	return true;
}

static bool
neighbors(struct show *s)
{
	struct peer *p;

	for (p = peers_first(s->d->peers); p != NULL; p = peers_after(p))
		put(s, p->conf.name);
	return groups(s);
}

static bool
vrfs(struct show *s)
{
	struct ipvrf *v;

	for (v = ipvrf_first(s->d->evpn); v != NULL; v = ipvrf_after(v))
		put(s, v->name);
	return true;
}

static bool
interfaces(struct show *s)
{
	struct klink *l;

	for (l = klink_first(s->d->klinks); l != NULL; l = klink_after(l))
		put(s, l->name);
	return true;
}

static bool
vteps(struct show *s)
{
	struct evi *evi;
	struct vtep *v;

	while (s->left > 0 && (evi = show_evi(s)) != NULL) {
		for (v = evi_vtep_first(evi); v != NULL; v = evi_vtep_after(v))
			put(s, IPSTR(&v->ip));
		show_evi_done(s, evi);
	}
	return s->left > 0;
}

/* Rows of one VNI from where the last step ended; false: there are more. */
static bool
macips(struct show *s, struct evi *evi, bool ips)
{
	struct macip *m;

	for (m = macip_from(evi, &s->mac, &s->ip); m != NULL && !full(s);
	     m = macip_after(m)) {
		if (s->left == 0) {
			s->mac = m->mac;
			s->ip = m->ip;
			return false;
		}
		s->left--;
		if (ip_is_set(&m->ip) == ips)
			put(s, ips ? IPSTR(&m->ip) : MACSTR(&m->mac));
	}
	return true;
}

static bool
all_macips(struct show *s, bool ips)
{
	struct evi *evi;

	while ((evi = show_evi(s)) != NULL && !full(s)) {
		s->in_vni = s->vni = evi->vni;
		if (!macips(s, evi, ips))
			return false;
		s->in_vni = 0;
		s->mac = (struct mac){ 0 };
		s->ip = (struct ip){ 0 };
		s->vni = evi->vni + 1;
	}
	return true;
}

static bool
macs(struct show *s)
{
	return all_macips(s, false);
}

static bool
addresses(struct show *s)
{
	return all_macips(s, true);
}

/* Routes are in the order of their RD: from one to the next without a look between. */
static bool
rds(struct show *s)
{
	struct dest *d;
	int i;

	while (s->left > 0 && !full(s)) {
		s->left--;
		d = rib_from(s->d->rib, &s->nlri);
		if (d == NULL)
			return true;
		put(s, RDSTR(&d->nlri.rd));
		s->nlri = (struct nlri){ .rd = d->nlri.rd };
		for (i = 7; i >= 0 && ++s->nlri.rd.b[i] == 0; i--)
			;
		if (i < 0)
			return true;
	}
	return s->left > 0;
}

static void
put_rts(struct show *s, const struct rt_set *rts)
{
	unsigned i;

	for (i = 0; i < rts->n; i++)
		put(s, RTSTR(&rts->rt[i]));
}

static bool
targets(struct show *s)
{
	struct evi *evi;

	while (s->left > 0 && (evi = show_evi(s)) != NULL) {
		put_rts(s, &evi->imp.export);
		show_evi_done(s, evi);
	}
	return s->left > 0;
}

static const struct {
	const char *type;
	const char *after; /* NULL: whatever */
	bool (*step)(struct show *s);
} sorts[] = {
	/* clang-format off */
	{ "VNI",	NULL,	vnis },
	{ "AS",		NULL,	as_numbers },
	{ "PEER",	NULL,	neighbors },
	{ "GROUP",	NULL,	groups },
	{ "VRF",	NULL,	vrfs },
	{ "IFNAME",	NULL,	interfaces },
	{ "MAC",	"mac",	macs },
	{ "IP",		"vtep",	vteps },
	{ "IP",		"ip",	addresses },
	{ "RD",		NULL,	rds },
	{ "RT",		NULL,	targets },
	/* clang-format on */
};

static bool
step_sort(struct show *s)
{
	size_t i;

	for (i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++)
		if (strcmp(s->a.what, sorts[i].type) == 0 &&
		    (sorts[i].after == NULL || strcmp(s->a.after, sorts[i].after) == 0))
			return sorts[i].step(s);
	return true;
}

static bool
step_values(struct show *s)
{
	struct jout *j = &s->j;

	if (!s->open) {
		jout_open(j, NULL, '{');
		jout_open(j, "values", '[');
	}
	s->open = true;
	if (!step_sort(s) && !full(s))
		return false;
	jout_close(j, ']');
	jout_bool(j, "more", s->shown > VALUES_MAX);
	jout_close(j, '}');
	return true;
}

const struct show_desc show_values_descs[] = {
	{ OP_SHOW_VALUES, NULL, step_values, NULL },
	{ 0, NULL, NULL, NULL },
};

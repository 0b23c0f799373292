/*
 * show_bgp_vni - VNIs as BGP sees them: "show bgp l2vpn evpn vni", "... import-rt".
 */
#include <stdio.h>

#include "show_int.h"

static const char *
enabled(bool on)
{
	return on ? "Enabled" : "Disabled";
}

static const char *
flooding(const struct evpn_conf *c)
{
	return c->flooding_disable ? "Disabled" : "Head-end replication";
}

static void
put_rts(struct show *s, const char *key, const struct rt_set *rts)
{
	unsigned i;

	jout_open(&s->j, key, '[');
	for (i = 0; i < rts->n; i++)
		jout_str(&s->j, NULL, RTSTR(&rts->rt[i]));
	jout_close(&s->j, ']');
}

/* FRR spells these keys differently in the list and for one VNI. */
static void
put_vni(struct show *s, const struct evi *evi, bool one)
{
	const struct evpn_conf *c = evpn_settings(s->d->evpn);
	struct jout *j = &s->j;

	jout_int(j, "vni", evi->vni);
	jout_str(j, "type", evi->l3 ? "L3" : "L2");
	jout_str(j, "inKernel", evi->in_kernel ? "True" : "False");
	jout_str(j, "rd", RDSTR(&evi->rd));
	jout_str(
	    j, "originatorIp", ip_is_set(&evi->local) ? IPSTR(&evi->local) : "0.0.0.0");
	jout_str(
	    j, "mcastGroup", ip_is_set(&evi->group) ? IPSTR(&evi->group) : "0.0.0.0");
	jout_str(j, "advertiseGatewayMacip",
	    enabled(c->advertise_default_gw || evi->conf.advertise_default_gw));
	jout_str(j, "advertiseSviMacIp",
	    enabled(c->advertise_svi_ip || evi->conf.advertise_svi_ip));
	if (one && evi->svi != 0)
		jout_str(j, "sviInterface", evi->svi_name);
	put_rts(s, one ? "importRts" : "importRTs", &evi->imp.import);
	put_rts(s, one ? "exportRts" : "exportRTs", &evi->imp.export);
	jout_str(j, "tenantVrf", evi->vrf[0] != '\0' ? evi->vrf : "default");
	jout_bool(j, "live", evi->live);
}

static void
put_head(struct show *s)
{
	const struct evpn_conf *c = evpn_settings(s->d->evpn);
	struct evpn_stats st;
	struct jout *j = &s->j;

	evpn_stats(s->d->evpn, &st);
	jout_str(j, "advertiseGatewayMacip", enabled(c->advertise_default_gw));
	jout_str(j, "advertiseSviMacIp", enabled(c->advertise_svi_ip));
	jout_str(j, "advertiseAllVnis", enabled(c->advertise_all_vni));
	jout_str(j, "flooding", flooding(c));
	jout_str(j, "vxlanFlooding", enabled(!c->flooding_disable));
	jout_int(j, "numVnis", st.l2vnis + st.l3vnis);
	jout_int(j, "numL2Vnis", st.l2vnis);
	jout_int(j, "numL3Vnis", st.l3vnis);
}

static bool
start_vni(struct show *s, char *msg, size_t len)
{
	if (!s->a.has_vni || evi_find(s->d->evpn, s->a.vni) != NULL)
		return true;
	snprintf(msg, len, "%% VNI not found");
	return false;
}

static bool
step_vni(struct show *s)
{
	struct evi *evi;

	if (!s->open) {
		jout_open(&s->j, NULL, '{');
		if (!s->a.has_vni)
			put_head(s);
	}
	s->open = true;
	while ((evi = show_evi(s)) != NULL) {
		show_vni_open(s, evi);
		put_vni(s, evi, s->a.has_vni);
		show_evi_done(s, evi);
		if (s->left == 0)
			return false;
	}
	jout_close(&s->j, '}');
	return true;
}

/* --- import targets --- */

struct rt_walk {
	struct show *s;
	bool open;
	char name[RT_STRLEN + 2];
};

/* An automatic target matches any AS; FRR writes that as AS 0. */
static void
put_import(const struct ecom *rt, bool any_as, uint32_t vni, void *arg)
{
	struct rt_walk *w = arg;
	struct jout *j = &w->s->j;
	struct ecom zero = rt_of_as(0, 0);
	char name[RT_STRLEN + 2];

	if (any_as) {
		memcpy(zero.b + 4, rt->b + 4, 4);
		snprintf(name, sizeof(name), "%s", RTSTR(&zero));
	} else
		snprintf(name, sizeof(name), "%s", RTSTR(rt));
	if (!w->open || strcmp(name, w->name) != 0) {
		if (w->open) {
			jout_close(j, ']');
			jout_close(j, '}');
		}
		w->open = true;
		memcpy(w->name, name, sizeof(name));
		jout_open(j, name, '{');
		jout_str(j, "rt", name);
		jout_open(j, "vnis", '[');
	}
	jout_int(j, NULL, vni);
}

static bool
step_import_rt(struct show *s)
{
	struct rt_walk w = { .s = s };

	jout_open(&s->j, NULL, '{');
	evpn_import_rts(s->d->evpn, put_import, &w);
	if (w.open) {
		jout_close(&s->j, ']');
		jout_close(&s->j, '}');
	}
	jout_close(&s->j, '}');
	return true;
}

const struct show_desc show_bgp_vni_descs[] = {
	{ OP_SHOW_BGP_EVPN_VNI, start_vni, step_vni, "{}" },
	{ OP_SHOW_BGP_EVPN_IMPORT_RT, NULL, step_import_rt, NULL },
	{ 0, NULL, NULL, NULL },
};

/*
 * show_bgp_vni - VNIs as BGP sees them: "show bgp l2vpn evpn vni", "... import-rt", "...
 * vrf-import-rt".
 */
#include <stdio.h>

#include "show_vrf.h"

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
	jout_str(j, "type", "L2");
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

/* We always advertise our own address and MAC: FRR's "advertise-pip". */
static void
put_l3vni(struct show *s, const struct ipvrf *v, bool one)
{
	const char *local = ip_is_set(&v->local) ? IPSTR(&v->local) : "0.0.0.0";
	struct jout *j = &s->j;

	jout_int(j, "vni", v->conf.vni);
	jout_str(j, "type", "L3");
	jout_str(j, "inKernel", v->devs.vxlan != 0 ? "True" : "False");
	jout_str(j, "rd", RDSTR(&v->rd));
	jout_str(j, "originatorIp", local);
	jout_str(j, "advertiseGatewayMacip", "n/a");
	jout_str(j, "advertiseSviMacIp", "n/a");
	jout_str(j, "advertisePip", "Enabled");
	jout_str(j, "sysIP", local);
	jout_str(j, one ? "sysMac" : "sysMAC", MACSTR(&v->rmac));
	jout_str(j, "rmac", MACSTR(&v->rmac));
	put_rts(s, one ? "importRts" : "importRTs", &v->imp.import);
	put_rts(s, one ? "exportRts" : "exportRTs", &v->imp.export);
	jout_str(j, "tenantVrf", v->name);
	jout_bool(j, "live", v->live);
}

static bool
l3_vnis(struct show *s)
{
	struct ipvrf *v;
	char vni[16];

	while (s->left > 0 && (v = show_ipvrf(s)) != NULL) {
		snprintf(vni, sizeof(vni), "%u", v->conf.vni);
		if (!s->a.has_vni)
			jout_open(&s->j, vni, '{');
		put_l3vni(s, v, s->a.has_vni);
		if (!s->a.has_vni)
			jout_close(&s->j, '}');
		show_ipvrf_done(s, v);
	}
	return s->left > 0;
}

static void
put_head(struct show *s)
{
	const struct evpn_conf *c = evpn_settings(s->d->evpn);
	struct jout *j = &s->j;
	unsigned l2, l3;

	show_count_vnis(s, &l2, &l3);
	jout_str(j, "advertiseGatewayMacip", enabled(c->advertise_default_gw));
	jout_str(j, "advertiseSviMacIp", enabled(c->advertise_svi_ip));
	jout_str(j, "advertiseAllVnis", enabled(c->advertise_all_vni));
	jout_str(j, "flooding", flooding(c));
	jout_str(j, "vxlanFlooding", enabled(!c->flooding_disable));
	jout_int(j, "numVnis", (int64_t)l2 + l3);
	jout_int(j, "numL2Vnis", l2);
	jout_int(j, "numL3Vnis", l3);
}

static bool
start_vni(struct show *s, char *msg, size_t len)
{
	if (show_start_any_vni(s, msg, len))
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
	while (s->left > 0 && (evi = show_evi(s)) != NULL) {
		show_vni_open(s, evi);
		put_vni(s, evi, s->a.has_vni);
		show_evi_done(s, evi);
	}
	if (!l3_vnis(s))
		return false;
	jout_close(&s->j, '}');
	return true;
}

/* --- import targets --- */

struct rt_walk {
	struct show *s;
	bool vrfs; /* of VRFs, else of VNIs */
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
	const struct ipvrf *v = ipvrf_by_vni(w->s->d->evpn, vni);
	char name[RT_STRLEN + 2];

	if ((v != NULL) != w->vrfs)
		return;
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
		jout_open(j, w->vrfs ? "vrfs" : "vnis", '[');
	}
	if (w->vrfs)
		jout_str(j, NULL, v->name);
	else
		jout_int(j, NULL, vni);
}

static bool
step_import_rt(struct show *s)
{
	struct rt_walk w = { .s = s,
		.vrfs = s->desc->op == OP_SHOW_BGP_EVPN_VRF_IMPORT_RT };

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
	{ OP_SHOW_BGP_EVPN_VRF_IMPORT_RT, NULL, step_import_rt, NULL },
	{ 0, NULL, NULL, NULL },
};

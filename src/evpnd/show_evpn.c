/*
 * show_evpn - "show evpn" and "show evpn vni".
 */
#include <stdio.h>

#include "show_vrf.h"

#define DAD_MOVES 5
#define DAD_TIME_S 180

/* --- "show evpn" --- */

static const char *
yes_no(bool on)
{
	return on ? "Yes" : "No";
}

static bool
step_evpn(struct show *s)
{
	const struct evpn_conf *c = evpn_settings(s->d->evpn);
	struct evpn_stats st;
	struct jout *j = &s->j;
	unsigned l2, l3;

	evpn_stats(s->d->evpn, &st);
	show_count_vnis(s, &l2, &l3);
	jout_open(j, NULL, '{');
	jout_str(j, "advertiseGatewayMacip", yes_no(c->advertise_default_gw));
	jout_str(j, "advertiseSviMacip", yes_no(c->advertise_svi_ip));
	jout_str(j, "advertiseSviMac", yes_no(false));
	jout_int(j, "numVnis", (int64_t)l2 + l3);
	jout_int(j, "numL2Vnis", l2);
	jout_int(j, "numL3Vnis", l3);
	jout_bool(j, "isDuplicateAddrDetection", !c->dad_off);
	jout_int(j, "maxMoves", c->dad_moves != 0 ? c->dad_moves : DAD_MOVES);
	jout_int(j, "detectionTime", c->dad_time_s != 0 ? c->dad_time_s : DAD_TIME_S);
	if (c->dad_freeze && c->dad_freeze_s == 0)
		jout_str(j, "detectionFreezeTime", "permanent");
	else
		jout_int(j, "detectionFreezeTime", c->dad_freeze ? c->dad_freeze_s : 0);
	jout_bool(j, "isDetectionFreeze", c->dad_freeze);
	jout_int(j, "macHoldtime", 0);
	jout_int(j, "neighHoldtime", 0);
	jout_int(j, "startupDelay", 0);
	jout_str(j, "startupDelayTimer", "--:--:--");
	jout_int(j, "uplinkConfigCount", 0);
	jout_int(j, "uplinkActiveCount", 0);
	jout_open(j, "protodownReasons", '[');
	jout_close(j, ']');
	jout_int(j, "routesImported", (int64_t)st.imported);
	jout_int(j, "routesUnmatched", (int64_t)st.unmatched);
	jout_close(j, '}');
	return true;
}

/* --- "show evpn vni" --- */

/* Those of the configuration that no route names. */
static void
put_static_vteps(struct show *s, struct evi *evi, bool with_flood)
{
	struct jout *j = &s->j;

	for (unsigned i = 0;
	     evi_flooding(evi) == EVI_FLOOD_STATIC && i < evi->conf.nvteps; i++) {
		const struct ip *ip = &evi->conf.vteps[i];
		struct vtep *v = evi_vtep_first(evi);

		while (v != NULL && ip_cmp(&v->ip, ip) != 0)
			v = evi_vtep_after(v);
		if (v != NULL)
			continue;
		if (!with_flood) {
			jout_str(j, NULL, IPSTR(ip));
			continue;
		}
		jout_open(j, NULL, '{');
		jout_str(j, "ip", IPSTR(ip));
		jout_str(j, "flood", "HER");
		jout_bool(j, "configured", true);
		jout_close(j, '}');
	}
}

static void
put_vteps(struct show *s, struct evi *evi, const char *key, bool with_flood)
{
	struct jout *j = &s->j;
	struct vtep *v;

	jout_open(j, key, '[');
	for (v = evi_vtep_first(evi); v != NULL; v = evi_vtep_after(v)) {
		if (!with_flood) {
			jout_str(j, NULL, IPSTR(&v->ip));
			continue;
		}
		jout_open(j, NULL, '{');
		jout_str(j, "ip", IPSTR(&v->ip));
		jout_str(j, "flood", v->grouped ? "PIM-SM" : v->usable ? "HER" : "-");
		jout_close(j, '}');
	}
	put_static_vteps(s, evi, with_flood);
	jout_close(j, ']');
}

static const char *
vrf_of(const struct evi *evi)
{
	return evi->vrf[0] != '\0' ? evi->vrf : "default";
}

static void
put_short(struct show *s, struct evi *evi)
{
	struct jout *j = &s->j;

	jout_int(j, "vni", evi->vni);
	jout_str(j, "type", "L2");
	jout_str(
	    j, "vxlanIf", evi->vxlan_name[0] != '\0' ? evi->vxlan_name : "unknown");
	jout_int(j, "numMacs", (int64_t)evi->nmacs_local + evi->nmacs_remote);
	jout_int(j, "numArpNd", (int64_t)evi->nips_local + evi->nips_remote);
	jout_int(j, "numRemoteVteps", evi->nvteps);
	jout_str(j, "tenantVrf", vrf_of(evi));
	put_vteps(s, evi, "remoteVteps", false);
}

void
show_unknown(struct show *s, const struct evi *evi)
{
	const char *why = evi_unknown_why_not(evi);

	if (!evi->conf.drop_unknown)
		return;
	jout_str(&s->j, "unknownNeighbors", why == NULL ? "dropped" : "flooded");
	if (why != NULL)
		jout_str(&s->j, "unknownNeighborsWhy", why);
}

static void
put_detail(struct show *s, struct evi *evi)
{
	const struct evpn_conf *c = evpn_settings(s->d->evpn);
	struct jout *j = &s->j;

	jout_int(j, "vni", evi->vni);
	jout_str(j, "type", "L2");
	if (evi->vlan != 0)
		jout_int(j, "vlan", evi->vlan);
	jout_str(j, "bridge", evi->bridge_name);
	jout_str(j, "vrf", vrf_of(evi));
	jout_str(j, "vxlanInterface",
	    evi->vxlan_name[0] != '\0' ? evi->vxlan_name : "unknown");
	jout_int(j, "ifindex", evi->vxlan);
	if (evi->svi != 0) {
		jout_str(j, "sviInterface", evi->svi_name);
		jout_int(j, "sviIfindex", evi->svi);
	}
	jout_str(j, "vtepIp", ip_is_set(&evi->local) ? IPSTR(&evi->local) : "0.0.0.0");
	jout_str(
	    j, "mcastGroup", ip_is_set(&evi->group) ? IPSTR(&evi->group) : "0.0.0.0");
	jout_str(j, "advertiseGatewayMacip",
	    yes_no(c->advertise_default_gw || evi->conf.advertise_default_gw));
	jout_str(j, "advertiseSviMacip",
	    yes_no(c->advertise_svi_ip || evi->conf.advertise_svi_ip));
	jout_int(j, "numMacs", (int64_t)evi->nmacs_local + evi->nmacs_remote);
	jout_int(j, "numArpNd", (int64_t)evi->nips_local + evi->nips_remote);
	/* As FRR 8.4.4: the number is a list. */
	put_vteps(s, evi, "numRemoteVteps", false);
	put_vteps(s, evi, "remoteVteps", true);
	show_unknown(s, evi);
	if (evi_why_not_alone(evi) != NULL)
		jout_str(j, "floodingWhy", evi_why_not_alone(evi));
	jout_bool(j, "live", evi->live);
	if (evi->down != NULL)
		jout_str(j, "down", evi->down);
}

/* --- L3 VNIs --- */

static void
put_l3_short(struct show *s, struct ipvrf *v)
{
	struct jout *j = &s->j;

	jout_int(j, "vni", v->conf.vni);
	jout_str(j, "vxlanIf", show_or_none(v->vxlan_name));
	jout_int(j, "numMacs", (int64_t)show_count_vias(v, false));
	jout_int(j, "numArpNd", (int64_t)show_count_vias(v, true));
	jout_str(j, "numRemoteVteps", "n/a");
	jout_str(j, "type", "L3");
	jout_str(j, "tenantVrf", v->name);
}

static void
put_l3_detail(struct show *s, struct ipvrf *v)
{
	struct jout *j = &s->j;

	jout_int(j, "vni", v->conf.vni);
	jout_str(j, "type", "L3");
	if (v->devs.vlan != 0)
		jout_int(j, "vlan", v->devs.vlan);
	if (v->bridge_name[0] != '\0')
		jout_str(j, "bridge", v->bridge_name);
	jout_str(j, "localVtepIp", ip_is_set(&v->local) ? IPSTR(&v->local) : "0.0.0.0");
	jout_str(j, "vxlanIntf", show_or_none(v->vxlan_name));
	jout_str(j, "sviIntf", show_or_none(v->svi_name));
	jout_str(j, "state", v->live ? "Up" : "Down");
	jout_str(j, "vrf", v->name);
	show_rmac(s, "sysMac", v);
	show_rmac(s, "routerMac", v);
	jout_str(
	    j, "vniFilter", v->conf.prefix_routes_only ? "prefix-routes-only" : "none");
	show_l2vnis(s, "l2Vnis", v);
	jout_int(j, "table", v->devs.table);
	jout_int(j, "numRoutes", v->nroutes);
	jout_int(j, "numInstalled", v->ninstalled);
	jout_int(j, "numConflicts", v->nconflicts);
	jout_bool(j, "live", v->live);
	if (v->down != NULL)
		jout_str(j, "down", v->down);
}

/* --- both --- */

/* Opens a VNI's object where all are shown. */
static void
open_vni(struct show *s, uint32_t number, bool list)
{
	char vni[16];

	snprintf(vni, sizeof(vni), "%u", number);
	if (!s->a.has_vni)
		jout_open(&s->j, list ? NULL : vni, '{');
}

static bool
l2_vnis(struct show *s, bool list)
{
	struct evi *evi;

	while (s->left > 0 &&
	    (evi = s->a.has_vni ? show_evi(s) : show_evi_from(s, s->vni)) != NULL) {
		open_vni(s, evi->vni, list);
		if (s->a.has_vni || list)
			put_detail(s, evi);
		else
			put_short(s, evi);
		if (!s->a.has_vni)
			jout_close(&s->j, '}');
		show_evi_done(s, evi);
	}
	return s->left > 0;
}

static bool
l3_vnis(struct show *s, bool list)
{
	struct ipvrf *v;

	while (s->left > 0 && (v = show_ipvrf(s)) != NULL) {
		open_vni(s, v->conf.vni, list);
		if (s->a.has_vni || list)
			put_l3_detail(s, v);
		else
			put_l3_short(s, v);
		if (!s->a.has_vni)
			jout_close(&s->j, '}');
		show_ipvrf_done(s, v);
	}
	return s->left > 0;
}

static bool
step_vni(struct show *s)
{
	bool list = s->a.detail && !s->a.has_vni;

	if (!s->open)
		jout_open(&s->j, NULL, list ? '[' : '{');
	s->open = true;
	if (!l2_vnis(s, list) || !l3_vnis(s, list))
		return false;
	jout_close(&s->j, list ? ']' : '}');
	return true;
}

const struct show_desc show_evpn_descs[] = {
	{ OP_SHOW_EVPN, NULL, step_evpn, NULL },
	{ OP_SHOW_EVPN_VNI, show_start_any_vni, step_vni, "{}" },
	{ 0, NULL, NULL, NULL },
};

/*
 * set_vrf - tenant VRFs: "vrf NAME", "router bgp AS vrf NAME", and what both say of the
 * default VRF in other places.
 */
#include "conf/edit.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_VRF "default"

bool
set_vrf(struct edit *e)
{
	const char *name = edit_arg(e, "NAME");
	struct conf_vrf *v = conf_vrf_find(e->c, name);

	if (e->no) {
		if (v == NULL)
			return edit_refuse(e, "VRF %s does not exist", name);
		conf_vrf_del(e->c, v);
		return true;
	}
	if (v == NULL)
		conf_vrf_add(e->c, name);
	strlcpy(e->ctx->vrf, name, sizeof(e->ctx->vrf));
	return true;
}

/* The VRF a command is about; commands outside of a VRF's modes are about the default one. */
static struct conf_vrf *
vrf_of(struct edit *e)
{
	enum cli_mode mode = e->ctx->mode;
	const char *name =
	    mode == CLI_CONFIG || mode == CLI_BGP_EVPN ? DEFAULT_VRF : e->ctx->vrf;
	struct conf_vrf *v = conf_vrf_find(e->c, name);

	if (v == NULL && strcmp(name, DEFAULT_VRF) == 0)
		v = conf_vrf_add(e->c, name);
	if (v == NULL)
		edit_refuse(e, "VRF %s is not configured any more", name);
	return v;
}

bool
set_vrf_vni(struct edit *e)
{
	uint32_t vni = (uint32_t)strtoul(edit_arg(e, "VNI"), NULL, 10);
	struct conf_vrf *v = vrf_of(e);
	const struct conf_vrf *o;

	if (v == NULL)
		return false;
	if (e->no) {
		if (v->vni == 0 || (vni != 0 && vni != v->vni))
			return edit_refuse(
			    e, "VNI %u doesn't exist in VRF: %s", vni, v->name);
		v->vni = 0;
		v->prefix_routes_only = false;
		return true;
	}
	TAILQ_FOREACH (o, &e->c->vrfs, link)
		if (o != v && o->vni == vni)
			return edit_refuse(e,
			    "VNI %u is already configured under VRF %s", vni, o->name);
	v->vni = vni;
	v->prefix_routes_only = edit_has(e, "prefix-routes-only");
	return true;
}

bool
set_vrf_table(struct edit *e)
{
	struct conf_vrf *v = vrf_of(e);

	if (v == NULL)
		return false;
	if (!e->no && strcmp(v->name, DEFAULT_VRF) == 0)
		return edit_refuse(e, "The default VRF has its table already");
	v->table = e->no ? 0 : edit_number(e, 0);
	return true;
}

static void
bgp_clear(struct conf_vrf *v)
{
	v->bgp = false;
	v->as = 0;
	v->advertise_v4 = v->advertise_v6 = v->originate_v4 = v->originate_v6 = false;
	v->rd = (struct rd){ { 0 } };
	free(v->import.rt);
	free(v->export.rt);
	v->import = v->export = (struct conf_rts){ NULL, 0 };
	v->redistribute4 = v->redistribute6 = 0;
	free(v->networks);
	v->networks = NULL;
	v->nnetworks = 0;
}

bool
set_router_bgp_vrf(struct edit *e)
{
	const char *name = edit_arg(e, "NAME");
	uint32_t as = (uint32_t)strtoul(edit_arg(e, "AS"), NULL, 10);
	struct conf_vrf *v = conf_vrf_find(e->c, name);

	if (strcmp(name, DEFAULT_VRF) == 0)
		return edit_refuse(e, "The default VRF's BGP is \"router bgp AS\"");
	if (e->no) {
		if (v == NULL || !v->bgp || (as != 0 && as != v->as))
			return edit_refuse(e, "Can't find BGP instance");
		bgp_clear(v);
		return true;
	}
	if (v != NULL && v->bgp && v->as != as)
		return edit_refuse(e, "BGP is already running; AS is %u", v->as);
	if (v == NULL)
		v = conf_vrf_add(e->c, name);
	v->bgp = true;
	v->as = as;
	strlcpy(e->ctx->vrf, name, sizeof(e->ctx->vrf));
	return true;
}

bool
set_vrf_af(struct edit *e)
{
	return vrf_of(e) != NULL;
}

bool
set_vrf_advertise(struct edit *e)
{
	struct conf_vrf *v = vrf_of(e);

	if (v == NULL)
		return false;
	*(edit_has(e, "ipv4") ? &v->advertise_v4 : &v->advertise_v6) = !e->no;
	return true;
}

bool
set_vrf_originate(struct edit *e)
{
	struct conf_vrf *v = vrf_of(e);

	if (v == NULL)
		return false;
	*(edit_has(e, "ipv4") ? &v->originate_v4 : &v->originate_v6) = !e->no;
	return true;
}

bool
set_vrf_rd(struct edit *e)
{
	struct conf_vrf *v = vrf_of(e);
	struct rd rd = { { 0 } };

	if (v == NULL)
		return false;
	if (!e->no && !rd_parse(edit_arg(e, "RD"), &rd))
		return edit_refuse(e, "Malformed Route Distinguisher");
	v->rd = rd;
	return true;
}

bool
set_vrf_rt(struct edit *e)
{
	struct conf_vrf *v = vrf_of(e);

	if (v == NULL)
		return false;
	if (!edit_has(e, "export"))
		edit_rts(e, &v->import);
	if (!edit_has(e, "import"))
		edit_rts(e, &v->export);
	return true;
}

bool
set_vrf_redistribute(struct edit *e)
{
	struct conf_vrf *v = vrf_of(e);
	uint8_t bit, *field;

	if (v == NULL)
		return false;
	field = e->ctx->mode == CLI_BGP_VRF_V4 ? &v->redistribute4 : &v->redistribute6;
	bit = edit_has(e, "connected") ? 1 : edit_has(e, "static") ? 2 : 4;
	*field = (uint8_t)(e->no ? *field & ~bit : *field | bit);
	return true;
}

bool
set_vrf_network(struct edit *e)
{
	struct conf_vrf *v = vrf_of(e);
	int family = e->ctx->mode == CLI_BGP_VRF_V4 ? 4 : 6, i;
	struct prefix p;

	if (v == NULL)
		return false;
	if (!prefix_parse(edit_arg(e, "PREFIX"), &p) || p.ip.family != family)
		return edit_refuse(
		    e, "Malformed prefix: an IPv%d prefix is expected", family);
	for (i = 0; i < v->nnetworks; i++)
		if (memcmp(&v->networks[i], &p, sizeof(p)) == 0)
			break;
	if (e->no) {
		if (i == v->nnetworks)
			return edit_refuse(e, "Can't find static route specified");
		v->nnetworks--;
		memmove(&v->networks[i], &v->networks[i + 1],
		    (size_t)(v->nnetworks - i) * sizeof(p));
	} else if (i == v->nnetworks) {
		if (v->nnetworks == UINT16_MAX)
			return edit_refuse(e, "Too many networks");
		v->networks = xreallocarray(v->networks, v->nnetworks + 1u, sizeof(p));
		v->networks[v->nnetworks++] = p;
	}
	return true;
}

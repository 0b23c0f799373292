/*
 * set_vrf - tenant VRFs: "vrf NAME", "router bgp AS vrf NAME", and what both say of the
 * default VRF in other places.
 */
#include "conf/edit.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* "no vrf" takes back what "vrf" said; "router bgp AS vrf" is a matter of its own. */
static void
vrf_clear(struct conf_vrf *v)
{
	v->vni = v->table = 0;
	v->prefix_routes_only = false;
	v->bridge[0] = '\0';
}

bool
set_vrf(struct edit *e)
{
	const char *name = edit_arg(e, "VRF");
	struct conf_vrf *v = conf_vrf_find(e->c, name);

	if (e->no) {
		if (v == NULL)
			return edit_refuse(e, "VRF %s does not exist", name);
		vrf_clear(v);
		if (!v->bgp && !conf_vrf_is_default(v))
			conf_vrf_del(e->c, v);
		return true;
	}
	if (v == NULL)
		conf_vrf_add(e->c, name);
	strlcpy(e->ctx->vrf, name, sizeof(e->ctx->vrf));
	return true;
}

static bool
in_vrf(enum cli_mode mode)
{
	return mode == CLI_VRF || mode == CLI_BGP_VRF || mode == CLI_BGP_VRF_EVPN ||
	    mode == CLI_BGP_VRF_V4 || mode == CLI_BGP_VRF_V6;
}

/* Outside of an address family routes are IPv4, as in FRR. */
static int
family_of(enum cli_mode mode)
{
	return mode == CLI_BGP_V6 || mode == CLI_BGP_VRF_V6 ? 6 : 4;
}

/* The VRF a command is about; commands outside of a VRF's modes are about the default one. */
static struct conf_vrf *
vrf_of(struct edit *e)
{
	bool named = in_vrf(e->ctx->mode);
	const char *name = named ? e->ctx->vrf : CONF_DEFAULT_VRF;
	struct conf_vrf *v = conf_vrf_find(e->c, name);

	/* Without settings the default VRF is no part of a configuration, but always there. */
	if (v == NULL && strcmp(name, CONF_DEFAULT_VRF) == 0)
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
	if (!clash_l3(e, v, vni))
		return false;
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
	if (!e->no && conf_vrf_is_default(v))
		return edit_refuse(e, "The default VRF has its table already");
	if (!e->no && !clash_table(e, v, edit_number(e, 0)))
		return false;
	v->table = e->no ? 0 : edit_number(e, 0);
	return true;
}

bool
set_vrf_bridge(struct edit *e)
{
	struct conf_vrf *v = vrf_of(e);
	const char *name = e->no ? "" : edit_arg(e, "IFNAME");

	if (v == NULL)
		return false;
	if (strcmp(name, v->name) == 0)
		return edit_refuse(e, "%s is the VRF device itself", name);
	strlcpy(v->bridge, name, sizeof(v->bridge));
	return true;
}

bool
set_router_bgp_vrf(struct edit *e)
{
	const char *name = edit_arg(e, "VRF");
	uint32_t as = (uint32_t)strtoul(edit_arg(e, "AS"), NULL, 10);
	struct conf_vrf *v = conf_vrf_find(e->c, name);

	if (strcmp(name, CONF_DEFAULT_VRF) == 0)
		return edit_refuse(e, "The default VRF's BGP is \"router bgp AS\"");
	if (e->no) {
		if (v == NULL || !v->bgp || (as != 0 && as != v->as))
			return edit_refuse(e, "Can't find BGP instance");
		conf_vrf_bgp_clear(v);
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
	return !in_vrf(e->ctx->mode) || vrf_of(e) != NULL;
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
	field = family_of(e->ctx->mode) == 4 ? &v->redistribute4 : &v->redistribute6;
	bit = edit_has(e, "connected") ? 1 : edit_has(e, "static") ? 2 : 4;
	*field = (uint8_t)(e->no ? *field & ~bit : *field | bit);
	return true;
}

static int
prefix_cmp(const struct prefix *a, const struct prefix *b)
{
	int d = ip_cmp(&a->ip, &b->ip);

	return d != 0 ? d : a->len - b->len;
}

bool
set_vrf_network(struct edit *e)
{
	struct conf_vrf *v = vrf_of(e);
	int family = family_of(e->ctx->mode), i;
	struct prefix p;
	bool known;

	if (v == NULL)
		return false;
	if (!prefix_parse(edit_arg(e, "PREFIX"), &p) || p.ip.family != family)
		return edit_refuse(
		    e, "Malformed prefix: an IPv%d prefix is expected", family);
	for (i = 0; i < v->nnetworks; i++)
		if (prefix_cmp(&v->networks[i], &p) >= 0)
			break;
	known = i < v->nnetworks && prefix_cmp(&v->networks[i], &p) == 0;
	if (e->no) {
		if (!known)
			return edit_refuse(e, "Can't find static route specified");
		v->nnetworks--;
		memmove(&v->networks[i], &v->networks[i + 1],
		    (size_t)(v->nnetworks - i) * sizeof(p));
	} else if (!known) {
		if (v->nnetworks == UINT16_MAX)
			return edit_refuse(e, "Too many networks");
		v->networks = xreallocarray(v->networks, v->nnetworks + 1u, sizeof(p));
		memmove(&v->networks[i + 1], &v->networks[i],
		    (size_t)(v->nnetworks - i) * sizeof(p));
		v->networks[i] = p;
		v->nnetworks++;
	}
	return true;
}

bool
set_vrf_import_check(struct edit *e)
{
	struct conf_vrf *v = vrf_of(e);

	if (v == NULL)
		return false;
	v->no_import_check = e->no;
	return true;
}

/* set_vni - "vni N" in address-family l2vpn evpn: one MAC-VRF. */
#include "conf/edit.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static struct conf_vni *
vni_of(struct edit *e)
{
	struct conf_vni *v = conf_vni_find(e->c, e->ctx->vni);

	if (v == NULL)
		edit_refuse(e, "VNI %u is not configured any more", e->ctx->vni);
	return v;
}

bool
set_vni(struct edit *e)
{
	uint32_t vni = (uint32_t)strtoul(edit_arg(e, "VNI"), NULL, 10);
	struct conf_vni *v = conf_vni_find(e->c, vni);

	if (e->no) {
		if (v == NULL)
			return edit_refuse(e, "Specified VNI does not exist");
		conf_vni_del(e->c, v);
		return true;
	}
	if (!clash_l2(e, vni))
		return false;
	if (v == NULL)
		conf_vni_add(e->c, vni);
	e->ctx->vni = vni;
	return true;
}

bool
set_vni_rd(struct edit *e)
{
	struct conf_vni *v = vni_of(e);
	struct rd rd = { { 0 } };

	if (v == NULL)
		return false;
	if (!e->no && !rd_parse(edit_arg(e, "RD"), &rd))
		return edit_refuse(e, "Malformed Route Distinguisher");
	v->rd = rd;
	return true;
}

bool
set_vni_rt(struct edit *e)
{
	struct conf_vni *v = vni_of(e);

	if (v == NULL)
		return false;
	if (!edit_has(e, "export"))
		edit_rts(e, &v->import);
	if (!edit_has(e, "import"))
		edit_rts(e, &v->export);
	return true;
}

static void
flood_clear(struct conf_vni *v)
{
	free(v->vteps);
	v->vteps = NULL;
	v->nvteps = 0;
	v->group = (struct ip){ 0 };
	v->group_ifname[0] = '\0';
	v->group_ttl = 0;
	v->flood = CONF_FLOOD_DEFAULT;
}

static int
vtep_find(const struct conf_vni *v, const struct ip *ip)
{
	int i;

	for (i = 0; i < v->nvteps; i++)
		if (ip_cmp(&v->vteps[i], ip) == 0)
			return i;
	return -1;
}

static void
vtep_del(struct conf_vni *v, const struct ip *ip)
{
	int i = vtep_find(v, ip);

	if (i < 0)
		return;
	v->nvteps--;
	memmove(&v->vteps[i], &v->vteps[i + 1],
	    (size_t)(v->nvteps - i) * sizeof(v->vteps[0]));
	if (v->nvteps == 0)
		flood_clear(v);
}

static int
vtep_order(const void *a, const void *b)
{
	return ip_cmp(a, b);
}

/* "flooding static" adds to what is there; after "no" it takes out. */
static bool
flood_static(struct edit *e, struct conf_vni *v)
{
	const char *text;
	struct ip ip;
	int i;

	for (i = 0; (text = cli_arg_nth(e->m, "IP", i)) != NULL; i++)
		if (!ip_parse(text, &ip) || ip_is_any(&ip) || ip_is_multicast(&ip))
			return edit_refuse(e, "%s is not an address of a VTEP", text);
	if (!e->no && v->flood != CONF_FLOOD_STATIC)
		flood_clear(v);
	for (i = 0; (text = cli_arg_nth(e->m, "IP", i)) != NULL; i++) {
		ip_parse(text, &ip);
		if (e->no) {
			vtep_del(v, &ip);
			continue;
		}
		v->flood = CONF_FLOOD_STATIC;
		if (vtep_find(v, &ip) >= 0 || v->nvteps == UINT16_MAX)
			continue;
		v->vteps = xreallocarray(v->vteps, v->nvteps + 1u, sizeof(v->vteps[0]));
		v->vteps[v->nvteps++] = ip;
		edit_place(v->vteps, v->nvteps, sizeof(ip), vtep_order);
	}
	return true;
}

/* What a VXLAN device has once, for all of its VNIs. */
static bool
clash_shared(struct edit *e, const struct conf_vni *v, bool wanted)
{
	if (!wanted || !conf_vni_external(e->c, v))
		return true;
	return edit_refuse(e,
	    "VNI %u: a group and learning need a VXLAN device for the VNI alone, "
	    "%s is for all",
	    v->vni, v->vxlan);
}

static bool
is_alone(const struct conf_vni *v)
{
	return v->learning || v->flood == CONF_FLOOD_MULTICAST;
}

bool
set_vni_flooding(struct edit *e)
{
	struct conf_vni *v = vni_of(e);
	struct ip group = { 0 };

	if (v == NULL)
		return false;
	if (edit_has(e, "static"))
		return flood_static(e, v);
	if (!e->no && edit_has(e, "multicast") &&
	    (!ip_parse(edit_arg(e, "IP"), &group) || !ip_is_multicast(&group)))
		return edit_refuse(e, "%s is not a multicast group", edit_arg(e, "IP"));
	if (!clash_shared(e, v, !e->no && edit_has(e, "multicast")))
		return false;
	flood_clear(v);
	if (e->no)
		return true;
	v->flood = edit_has(e, "disable") ? CONF_FLOOD_DISABLE
	    : edit_has(e, "multicast")    ? CONF_FLOOD_MULTICAST
					  : CONF_FLOOD_HER;
	v->group = group;
	strlcpy(v->group_ifname, edit_arg(e, "IFNAME"), sizeof(v->group_ifname));
	v->group_ttl = (uint8_t)edit_number(e, 0);
	return true;
}

/* "no" is the default, not a "no" against the setting of all VNIs, as in FRR. */
bool
set_vni_tri(struct edit *e)
{
	struct conf_vni *v = vni_of(e);
	enum conf_tri t = e->no ? CONF_UNSET : CONF_YES;

	if (v == NULL)
		return false;
	if (e->m->cmd->op == OP_VNI_SVI_IP)
		v->advertise_svi_ip = t;
	else
		v->advertise_default_gw = t;
	return true;
}

/* The device NAME may have become one for all: is that so for a VNI that needs its own? */
static bool
clash_all_shared(struct edit *e, const char *name)
{
	const struct conf_vni *v;

	TAILQ_FOREACH (v, &e->c->bgp.evpn.vnis, link)
		if (strcmp(v->vxlan, name) == 0 && !clash_shared(e, v, is_alone(v)))
			return false;
	return true;
}

bool
set_vni_name(struct edit *e)
{
	struct conf_vni *v = vni_of(e);
	const char *name = e->no ? "" : edit_arg(e, "IFNAME");

	if (v == NULL)
		return false;
	if (e->m->cmd->op == OP_VNI_VXLAN) {
		strlcpy(v->vxlan, name, sizeof(v->vxlan));
		v->external = !e->no && edit_has(e, "external");
		return clash_all_shared(e, v->vxlan);
	} else if (!clash_vlan(e, v, name, v->vlan)) {
		return false;
	} else {
		strlcpy(v->bridge, name, sizeof(v->bridge));
	}
	return true;
}

bool
set_vni_vrf(struct edit *e)
{
	struct conf_vni *v = vni_of(e);
	const char *name = e->no ? "" : edit_arg(e, "VRF");

	if (v == NULL || !clash_vrf(e, v, name))
		return false;
	strlcpy(v->vrf, name, sizeof(v->vrf));
	return true;
}

bool
set_vni_number(struct edit *e)
{
	struct conf_vni *v = vni_of(e);
	uint32_t n = e->no ? 0 : edit_number(e, 0);

	if (v == NULL)
		return false;
	if (e->m->cmd->op == OP_VNI_MTU)
		v->mtu = n;
	else if (!clash_vlan(e, v, v->bridge, (uint16_t)n))
		return false;
	else
		v->vlan = (uint16_t)n;
	return true;
}

static int
port_order(const void *a, const void *b)
{
	const struct conf_port *x = a, *y = b;

	return strcmp(x->name, y->name);
}

bool
set_vni_port(struct edit *e)
{
	struct conf_vni *v = vni_of(e);
	const char *name = edit_arg(e, "IFNAME");
	int i;

	if (v == NULL)
		return false;
	for (i = 0; i < v->nports && strcmp(v->ports[i].name, name) != 0; i++)
		;
	if (e->no) {
		if (i == v->nports)
			return edit_refuse(
			    e, "%s is not a port of VNI %u", name, v->vni);
		v->nports--;
		memmove(&v->ports[i], &v->ports[i + 1],
		    (size_t)(v->nports - i) * sizeof(v->ports[0]));
	} else if (i == v->nports) {
		if (v->nports == UINT16_MAX)
			return edit_refuse(e, "Too many ports");
		v->ports = xreallocarray(v->ports, v->nports + 1u, sizeof(v->ports[0]));
		memset(&v->ports[i], 0, sizeof(v->ports[i]));
		strlcpy(v->ports[v->nports++].name, name, sizeof(v->ports[0].name));
	}
	if (e->no)
		return true;
	v->ports[i].tagged = edit_has(e, "tagged");
	if (i == v->nports - 1)
		edit_place(v->ports, v->nports, sizeof(v->ports[0]), port_order);
	return true;
}

/* An address with its length: unlike struct prefix, the host bits count. */
static bool
gateway_parse(const char *text, struct conf_gateway *out)
{
	char ip[IP_STRLEN];
	const char *slash = strchr(text, '/');
	struct prefix p;

	if (slash == NULL || (size_t)(slash - text) >= sizeof(ip) ||
	    !prefix_parse(text, &p))
		return false;
	memcpy(ip, text, (size_t)(slash - text));
	ip[slash - text] = '\0';
	*out = (struct conf_gateway){ .len = p.len };
	return ip_parse(ip, &out->ip);
}

/* The first and the last address of an IPv4 subnet are no host's. */
static bool
is_subnets(const struct conf_gateway *g)
{
	uint32_t hosts = g->len < 31 ? UINT32_MAX >> g->len : 0;

	uint32_t host = g->ip.family == 4 ? ip_v4(&g->ip) & hosts : 0;

	return g->ip.family == 4 && hosts != 0 && (host == 0 || host == hosts);
}

static int
gateway_order(const void *a, const void *b)
{
	const struct conf_gateway *x = a, *y = b;

	return ip_cmp(&x->ip, &y->ip);
}

bool
set_vni_gateway(struct edit *e)
{
	struct conf_vni *v = vni_of(e);
	struct conf_gateway g;
	int i;

	if (v == NULL)
		return false;
	if (!gateway_parse(edit_arg(e, "PREFIX"), &g) || ip_is_any(&g.ip) ||
	    ip_is_multicast(&g.ip) || ip_is_loopback(&g.ip) || is_subnets(&g))
		return edit_refuse(e, "%s is not an address a gateway can have",
		    edit_arg(e, "PREFIX"));
	if (edit_has(e, "MAC") &&
	    (!mac_parse(edit_arg(e, "MAC"), &g.mac) || mac_is_multicast(&g.mac)))
		return edit_refuse(e, "A gateway needs a unicast MAC address");
	for (i = 0; i < v->ngateways; i++)
		if (ip_cmp(&v->gateways[i].ip, &g.ip) == 0)
			break;
	if (e->no) {
		if (i == v->ngateways || v->gateways[i].len != g.len)
			return edit_refuse(e, "VNI %u has no such gateway", v->vni);
		v->ngateways--;
		memmove(&v->gateways[i], &v->gateways[i + 1],
		    (size_t)(v->ngateways - i) * sizeof(v->gateways[0]));
		return true;
	}
	if (!clash_gateway(e, v, &g))
		return false;
	if (i == v->ngateways) {
		if (v->ngateways == UINT16_MAX)
			return edit_refuse(e, "Too many gateways");
		v->gateways = xreallocarray(
		    v->gateways, v->ngateways + 1u, sizeof(v->gateways[0]));
		v->ngateways++;
	}
	v->gateways[i] = g;
	if (i == v->ngateways - 1)
		edit_place(
		    v->gateways, v->ngateways, sizeof(v->gateways[0]), gateway_order);
	return true;
}

bool
set_vni_resolution(struct edit *e)
{
	struct conf_vni *v = vni_of(e);

	if (v == NULL)
		return false;
	v->on_demand = !e->no && edit_has(e, "on-demand");
	v->on_demand_age_s = v->on_demand ? edit_number(e, 0) : 0;
	return true;
}

bool
set_vni_limit(struct edit *e)
{
	struct conf_vni *v = vni_of(e);
	uint32_t all = e->no ? 0 : edit_number(e, 0);
	uint32_t port = e->no ? 0 : edit_number(e, 1);

	if (v == NULL)
		return false;
	if (e->m->cmd->op == OP_VNI_MAC_LIMIT) {
		v->mac_limit = all;
		v->port_mac_limit = port;
	} else {
		v->host_limit = all;
		v->port_host_limit = port;
	}
	return true;
}

bool
set_vni_suppression(struct edit *e)
{
	struct conf_vni *v = vni_of(e);

	if (v == NULL)
		return false;
	v->no_suppression = e->no;
	return true;
}

bool
set_vni_unknown(struct edit *e)
{
	struct conf_vni *v = vni_of(e);

	if (v == NULL)
		return false;
	v->drop_unknown = !e->no && edit_has(e, "drop");
	return true;
}

bool
set_vni_learning(struct edit *e)
{
	struct conf_vni *v = vni_of(e);

	if (v == NULL)
		return false;
	if (!clash_shared(e, v, !e->no))
		return false;
	v->learning = !e->no;
	return true;
}

/* --- "mac MAC vtep VTEP [ip IP]" --- */

static void
static_drop(struct conf_vni *v, int i)
{
	v->nstatics--;
	memmove(&v->statics[i], &v->statics[i + 1],
	    (size_t)(v->nstatics - i) * sizeof(v->statics[0]));
}

/* After "no" what is not said is any: "no mac MAC" takes all of the MAC's. */
static bool
static_del(struct edit *e, struct conf_vni *v, const struct conf_static *s)
{
	bool any = !ip_is_set(&s->vtep), found = false;

	for (int i = v->nstatics - 1; i >= 0; i--) {
		const struct conf_static *o = &v->statics[i];

		if (mac_cmp(&o->mac, &s->mac) != 0 ||
		    (!any &&
			(ip_cmp(&o->vtep, &s->vtep) != 0 ||
			    ip_cmp(&o->ip, &s->ip) != 0)))
			continue;
		static_drop(v, i);
		found = true;
	}
	if (!found)
		return edit_refuse(e, "VNI %u has no such MAC", v->vni);
	return true;
}

static bool
static_parse(struct edit *e, struct conf_static *out)
{
	const char *vtep = cli_arg_nth(e->m, "IP", 0), *ip = cli_arg_nth(e->m, "IP", 1);

	*out = (struct conf_static){ 0 };
	if (!mac_parse(edit_arg(e, "MAC"), &out->mac) || mac_is_multicast(&out->mac) ||
	    mac_is_zero(&out->mac))
		return edit_refuse(e, "A host has a unicast MAC address");
	if (vtep != NULL &&
	    (!ip_parse(vtep, &out->vtep) || ip_is_any(&out->vtep) ||
		ip_is_multicast(&out->vtep)))
		return edit_refuse(e, "%s is not an address of a VTEP", vtep);
	if (ip != NULL &&
	    (!ip_parse(ip, &out->ip) || ip_is_any(&out->ip) ||
		ip_is_multicast(&out->ip) || ip_is_loopback(&out->ip)))
		return edit_refuse(e, "%s is not an address of a host", ip);
	return true;
}

static int
static_order(const void *a, const void *b)
{
	const struct conf_static *x = a, *y = b;
	int d = mac_cmp(&x->mac, &y->mac);

	return d != 0 ? d : ip_cmp(&x->ip, &y->ip);
}

/* A MAC is in one place: a line with another VTEP moves what was said of it before. */
bool
set_vni_mac(struct edit *e)
{
	struct conf_vni *v = vni_of(e);
	struct conf_static s;
	bool there = false;
	int i;

	if (v == NULL || !static_parse(e, &s))
		return false;
	if (e->no)
		return static_del(e, v, &s);
	for (i = 0; i < v->nstatics; i++) {
		if (ip_is_set(&s.ip) && ip_cmp(&v->statics[i].ip, &s.ip) == 0 &&
		    mac_cmp(&v->statics[i].mac, &s.mac) != 0)
			return edit_refuse(e, "%s is the address of %s", IPSTR(&s.ip),
			    MACSTR(&v->statics[i].mac));
	}
	for (i = 0; i < v->nstatics; i++) {
		if (mac_cmp(&v->statics[i].mac, &s.mac) != 0)
			continue;
		v->statics[i].vtep = s.vtep;
		there = there || ip_cmp(&v->statics[i].ip, &s.ip) == 0;
	}
	if (there)
		return true;
	if (v->nstatics == UINT16_MAX)
		return edit_refuse(e, "Too many MACs");
	v->statics = xreallocarray(v->statics, v->nstatics + 1u, sizeof(v->statics[0]));
	v->statics[v->nstatics++] = s;
	edit_place(v->statics, v->nstatics, sizeof(v->statics[0]), static_order);
	return true;
}

/*
 * apply - see apply.h.
 *
 * The one way a configuration takes effect, for the file, for SIGHUP and for typed lines. What
 * is derived from it (router identifier, VTEP address, each VNI's settings) is computed here
 * and handed to the tables, which compare with what they have.
 */
#include "apply.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/mem.h"
#include "conf/check.h"
#include "evpn/ipvrf.h"
#include "debug.h"
#include "evpnd.h"
#include "log.h"
#include "netlink.h"
#include "peer.h"

static struct ip
ip_of_sockaddr(const struct sockaddr *sa)
{
	if (sa != NULL && sa->sa_family == AF_INET)
		return ip_of(
		    &((const struct sockaddr_in *)(const void *)sa)->sin_addr, 4);
	if (sa != NULL && sa->sa_family == AF_INET6)
		return ip_of(
		    &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, 16);
	return (struct ip){ 0 };
}

static bool
usable(const struct ip *ip)
{
	return ip_is_set(ip) && !ip_is_loopback(ip) && !ip_is_linklocal(ip) &&
	    !ip_is_any(ip);
}

/* Every VTEP has a gateway's address: it tells none from another. */
static bool
is_gateway(const struct conf *c, const struct ip *ip)
{
	const struct conf_vni *v;

	TAILQ_FOREACH (v, &c->bgp.evpn.vnis, link)
		for (unsigned i = 0; i < v->ngateways; i++)
			if (ip_cmp(&v->gateways[i].ip, ip) == 0)
				return true;
	return false;
}

/*
 * The highest IPv4 address of a loopback device, else of any: what FRR takes as router
 * identifier when nothing is configured.
 */
static uint32_t
automatic_router_id(const struct conf *c)
{
	struct ifaddrs *all, *ifa;
	uint32_t lo = 0, any = 0;

	if (getifaddrs(&all) < 0)
		return 0;
	for (ifa = all; ifa != NULL; ifa = ifa->ifa_next) {
		struct ip ip = ip_of_sockaddr(ifa->ifa_addr);
		uint32_t v4 = ip_v4(&ip);

		if (!usable(&ip) || is_gateway(c, &ip))
			continue;
		if ((ifa->ifa_flags & IFF_LOOPBACK) && v4 > lo)
			lo = v4;
		if (v4 > any)
			any = v4;
	}
	freeifaddrs(all);
	return lo != 0 ? lo : any;
}

bool
apply_is_own(const struct ip *ip)
{
	struct ifaddrs *all, *ifa;
	bool found = false;

	if (getifaddrs(&all) < 0)
		return false;
	for (ifa = all; ifa != NULL && !found; ifa = ifa->ifa_next) {
		struct ip own = ip_of_sockaddr(ifa->ifa_addr);

		found = ip_is_set(&own) && ip_cmp(&own, ip) == 0;
	}
	freeifaddrs(all);
	return found;
}

/* The first usable address of a device, IPv4 before IPv6; none when it has none. */
static struct ip
device_address(const char *name)
{
	struct ifaddrs *all, *ifa;
	struct ip best = { 0 };

	if (getifaddrs(&all) < 0)
		return best;
	for (ifa = all; ifa != NULL; ifa = ifa->ifa_next) {
		struct ip ip = ip_of_sockaddr(ifa->ifa_addr);

		if (strcmp(ifa->ifa_name, name) != 0 || !usable(&ip))
			continue;
		if (!ip_is_set(&best) || (best.family == 6 && ip.family == 4))
			best = ip;
	}
	freeifaddrs(all);
	return best;
}

static struct ip
vtep_address(const struct conf *c, uint32_t router_id)
{
	if (ip_is_set(&c->vxlan.source))
		return c->vxlan.source;
	if (c->vxlan.source_ifname[0] != '\0')
		return device_address(c->vxlan.source_ifname);
	return router_id != 0 ? ip_of_v4(router_id) : (struct ip){ 0 };
}

static struct mac
gateway_mac(const struct conf *c, const struct conf_gateway *g)
{
	return mac_is_zero(&g->mac) ? c->vxlan.anycast_mac : g->mac;
}

/* What is the matter with the gateways of a VNI; NULL: nothing. */
static const char *
gateway_fault(const struct conf *c, const struct conf_vni *v)
{
	struct mac first, mac;

	for (unsigned i = 0; i < v->ngateways; i++) {
		mac = gateway_mac(c, &v->gateways[i]);
		if (mac_is_zero(&mac))
			return "the gateway has no MAC of its own: it keeps that of "
			       "the "
			       "bridge, and a host that moves has to ask again; set "
			       "\"anycast-mac\" in vxlan, or \"gateway ... mac\"";
		if (i == 0)
			first = mac;
		else if (mac_cmp(&first, &mac) != 0)
			return "its gateways are to have different MACs: a bridge has "
			       "only one, the first gateway's";
	}
	return NULL;
}

static void
tell_gateways(const struct conf *c, const struct conf *old)
{
	const struct conf_vni *v, *was;

	TAILQ_FOREACH (v, &c->bgp.evpn.vnis, link) {
		const char *fault = gateway_fault(c, v);

		was = old != NULL ? conf_vni_find(old, v->vni) : NULL;
		if (fault != NULL && (was == NULL || gateway_fault(old, was) != fault))
			log_warn("vni %u: %s", v->vni, fault);
	}
}

/* What the language can say and this version does not carry out, told when it is new. */
static void
tell_unused(const struct conf *c, const struct conf *old)
{
	if (c->vxlan.vtep_groups && (old == NULL || !old->vxlan.vtep_groups))
		log_warn("vxlan: \"vtep-groups\" has no effect in this version");
}

struct doubts {
	char *known; /* what was told before, a line each; "" */
	bool quiet;  /* they are only to be collected */
};

static void
tell_doubt(const char *text, void *arg)
{
	struct doubts *b = arg;
	char *line = xasprintf("\n%s\n", text), *more;

	if (b->quiet) {
		more = xasprintf("%s%s", b->known, line);
		free(b->known);
		b->known = more;
	} else if (strstr(b->known, line) == NULL)
		log_warn("%s", text);
	free(line);
}

/* What may not work is told when it is new. */
static void
tell_doubts(const struct conf *c, const struct conf *old)
{
	struct doubts b = { .known = xstrdup(""), .quiet = true };

	if (old != NULL)
		conf_check(old, tell_doubt, &b);
	b.quiet = false;
	conf_check(c, tell_doubt, &b);
	free(b.known);
}

/* Since Linux 6.15 a living vxlan device joins the group that it gets. */
static bool
group_rejoins(void)
{
	struct utsname u;
	unsigned major = 0, minor = 0;

	if (uname(&u) < 0 || sscanf(u.release, "%u.%u", &major, &minor) != 2)
		return false;
	return major > 6 || (major == 6 && minor >= 15);
}

static void
apply_globals(struct evpnd *d)
{
	const struct conf *c = d->conf;
	const struct conf_evpn *ce = &c->bgp.evpn;
	uint32_t id = c->bgp.router_id != 0 ? c->bgp.router_id : automatic_router_id(c);
	struct evpn_conf e = {
		.on = c->bgp.on,
		.advertise_all_vni = ce->advertise_all_vni,
		.advertise_svi_ip = ce->advertise_svi_ip,
		.advertise_default_gw = ce->advertise_default_gw,
		.flooding_disable = ce->flooding_disable,
		.static_mac = ce->redistribute_static_mac,
		.group_rejoins = group_rejoins(),
		.autort_rfc8365 = ce->autort_rfc8365,
		.dad_off = ce->dad_off,
		.dad_freeze = ce->dad_freeze,
		.dad_moves = ce->dad_moves != 0 ? ce->dad_moves : 5,
		.dad_time_s = ce->dad_time_s != 0 ? ce->dad_time_s : 180,
		.dad_freeze_s = ce->dad_freeze_s,
		.as = c->bgp.as,
		.router_id = id,
		.source = vtep_address(c, id),
		.anycast_mac = c->vxlan.anycast_mac,
		.udp_port = c->vxlan.udp_port != 0 ? c->vxlan.udp_port : 4789,
	};

	if (id == 0 && c->bgp.on && d->router_id == 0)
		log_warn(
		    "no router identifier: no IPv4 address was found on this host; set "
		    "\"bgp router-id A.B.C.D\"");
	d->router_id = id;
	d->self.router_id = id;
	d->self.as = c->bgp.as;
	underlay_look(d, evpnd_now());
	e.underlay_mtu = d->underlay.mtu;
	evpn_configure(d->evpn, &e);
}

/* The gateways of a VNI as the tables want them; the caller frees them. */
static struct evi_gateway *
gateways_of(const struct conf_vni *v)
{
	struct evi_gateway *g = xcalloc(v->ngateways + 1u, sizeof(*g));

	for (unsigned i = 0; i < v->ngateways; i++)
		g[i] = (struct evi_gateway){ .ip = v->gateways[i].ip,
			.plen = v->gateways[i].len,
			.mac = v->gateways[i].mac };
	return g;
}

/* Its ports, as the configuration of all VNIs makes them; the caller frees them. */
static struct evi_port *
ports_of(const struct conf *c, const struct conf_vni *v)
{
	struct evi_port *p = xcalloc(v->nports + 1u, sizeof(*p));

	for (unsigned i = 0; i < v->nports; i++) {
		strlcpy(p[i].name, v->ports[i].name, sizeof(p[i].name));
		p[i].tagged = conf_vni_tagged(c, v, &v->ports[i]);
	}
	return p;
}

static struct evi_static *
statics_of(const struct conf_vni *v)
{
	struct evi_static *s =
	    v->nstatics > 0 ? xcalloc(v->nstatics, sizeof(*s)) : NULL;

	for (unsigned i = 0; i < v->nstatics; i++)
		s[i] = (struct evi_static){ .mac = v->statics[i].mac,
			.vtep = v->statics[i].vtep,
			.ip = v->statics[i].ip };
	return s;
}

static void
apply_vni(struct evpnd *d, const struct conf_vni *v)
{
	static const enum evi_flood flood[] = {
		[CONF_FLOOD_DEFAULT] = EVI_FLOOD_HER,
		[CONF_FLOOD_HER] = EVI_FLOOD_HER,
		[CONF_FLOOD_DISABLE] = EVI_FLOOD_DISABLE,
		[CONF_FLOOD_MULTICAST] = EVI_FLOOD_MULTICAST,
		[CONF_FLOOD_STATIC] = EVI_FLOOD_STATIC,
	};
	const struct conf *c = d->conf;
	const struct conf_evpn *ce = &c->bgp.evpn;
	struct evi_conf e = {
		.explicit = true,
		.rd = v->rd,
		.import = { .rt = v->import.rt, .n = v->import.n },
		.export = { .rt = v->export.rt, .n = v->export.n },
		.flood = v->flood == CONF_FLOOD_DEFAULT && ce->flooding_disable
		    ? EVI_FLOOD_DISABLE
		    : flood[v->flood],
		.flood_said = v->flood != CONF_FLOOD_DEFAULT,
		.learning = v->learning,
		.group = v->group,
		.group_ttl = v->group_ttl,
		.vteps = v->vteps,
		.nvteps = v->nvteps,
		.statics = statics_of(v),
		.nstatics = v->nstatics,
		.advertise_svi_ip = v->advertise_svi_ip == CONF_YES ||
		    (v->advertise_svi_ip == CONF_UNSET && ce->advertise_svi_ip),
		.advertise_default_gw = v->advertise_default_gw == CONF_YES ||
		    (v->advertise_default_gw == CONF_UNSET && ce->advertise_default_gw),
		.suppression = !v->no_suppression,
		.drop_unknown = v->drop_unknown,
		.on_demand = v->on_demand,
		.on_demand_age_s = v->on_demand_age_s,
		.vlan = v->vlan,
		.external = conf_vni_external(c, v),
		.ports = ports_of(c, v),
		.nports = v->nports,
		.gateways = gateways_of(v),
		.ngateways = v->ngateways,
		.mtu = v->mtu,
		.limits = { v->mac_limit, v->port_mac_limit, v->host_limit,
		    v->port_host_limit },
		.udp_port = c->vxlan.udp_port != 0 ? c->vxlan.udp_port : 4789,
	};

	_Static_assert(sizeof(e.bridge) == sizeof(v->bridge), "interface names differ");
	memcpy(e.bridge, v->bridge, sizeof(e.bridge));
	memcpy(e.group_ifname, v->group_ifname, sizeof(e.group_ifname));
	memcpy(e.vxlan, v->vxlan, sizeof(e.vxlan));
	memcpy(e.vrf, v->vrf, sizeof(e.vrf));
	evpn_configure_vni(d->evpn, v->vni, &e);
	free(e.gateways);
	free(e.ports);
	free(e.statics);
}

/*
 * Automatic targets are of the AS of "router bgp"; a VRF may have another one, and then
 * announces with that, as in FRR.
 */
static struct rt_set
export_of(const struct conf *c, const struct conf_vrf *v, struct ecom *own)
{
	if (v->export.n > 0 || !v->bgp || v->as == c->bgp.as || v->vni == 0)
		return (struct rt_set){ .rt = v->export.rt, .n = v->export.n };
	*own = rt_of_as(v->as, v->vni);
	return (struct rt_set){ .rt = own, .n = 1 };
}

static void
apply_vrf(struct evpnd *d, const struct conf_vrf *v)
{
	struct ecom own;
	struct ipvrf_conf i = {
		.vni = v->vni,
		.table = v->table,
		.prefix_routes_only = v->prefix_routes_only,
		.advertise = { v->advertise_v4, v->advertise_v6 },
		.originate = { v->originate_v4, v->originate_v6 },
		.redistribute = { v->redistribute4, v->redistribute6 },
		.no_import_check = v->no_import_check,
		.rd = v->rd,
		.import = { .rt = v->import.rt, .n = v->import.n },
		.export = export_of(d->conf, v, &own),
		.networks = v->networks,
		.nnetworks = v->nnetworks,
	};

	_Static_assert(sizeof(i.bridge) == sizeof(v->bridge), "interface names differ");
	memcpy(i.bridge, v->bridge, sizeof(i.bridge));
	evpn_configure_vrf(d->evpn, v->name, &i);
}

static void
apply_vrfs(struct evpnd *d, const struct conf *c, const struct conf *old)
{
	const struct conf_vrf *v;

	if (old != NULL)
		TAILQ_FOREACH (v, &old->vrfs, link)
			if (conf_vrf_find(c, v->name) == NULL)
				evpn_configure_vrf(d->evpn, v->name, NULL);
	TAILQ_FOREACH (v, &c->vrfs, link)
		apply_vrf(d, v);
}

static void
apply_hostname(struct evpnd *d)
{
	if (d->conf->hostname[0] != '\0')
		strlcpy(d->hostname, d->conf->hostname, sizeof(d->hostname));
	else if (gethostname(d->hostname, sizeof(d->hostname)) < 0)
		strlcpy(d->hostname, "evpnd", sizeof(d->hostname));
	d->hostname[sizeof(d->hostname) - 1] = '\0';
}

static bool
has_gateway6(const struct conf *c)
{
	const struct conf_vni *v;

	TAILQ_FOREACH (v, &c->bgp.evpn.vnis, link)
		for (unsigned i = 0; i < v->ngateways; i++)
			if (v->gateways[i].ip.family == 6)
				return true;
	return false;
}

/* One sysctl for all devices, with more effects than ours: it is not for us to set. */
static void
tell_forwarding(struct evpnd *d)
{
	bool wrong = has_gateway6(d->conf) && !klinks_forward6(d->klinks);

	if (wrong && !d->forward6_told)
		log_warn("IPv6 is not forwarded on this host, so its IPv6 gateways "
			 "answer but "
			 "do not route: set sysctl net.ipv6.conf.all.forwarding to 1");
	else if (!wrong && d->forward6_told)
		log_notice("IPv6 is forwarded now");
	d->forward6_told = wrong;
	d->forward6 = klinks_forward6(d->klinks);
}

void
apply_forwarding(struct evpnd *d)
{
	if (d->conf != NULL && d->forward6 != klinks_forward6(d->klinks))
		tell_forwarding(d);
}

void
apply_conf(struct evpnd *d, struct conf *c)
{
	struct conf *old = d->conf;
	const struct conf_vni *v;

	d->conf = c;
	log_configure(&c->log);
	debug_apply(d, c, old);
	apply_hostname(d);
	apply_globals(d);
	if (old != NULL)
		TAILQ_FOREACH (v, &old->bgp.evpn.vnis, link)
			if (conf_vni_find(c, v->vni) == NULL)
				evpn_configure_vni(d->evpn, v->vni, NULL);
	apply_vrfs(d, c, old);
	TAILQ_FOREACH (v, &c->bgp.evpn.vnis, link)
		apply_vni(d, v);
	peers_apply(d->peers);
	tell_unused(c, old);
	tell_doubts(c, old);
	tell_gateways(c, old);
	tell_forwarding(d);
	conf_free(old);
	pipeline_wake(d);
}

void
apply_addresses(struct evpnd *d)
{
	uint32_t before = d->router_id;

	apply_globals(d);
	if (d->router_id != before)
		peers_apply(d->peers);
}

void
apply_underlay(struct evpnd *d, uint64_t now)
{
	struct evpn_conf e = *evpn_settings(d->evpn);

	if (!underlay_turn(d, now))
		return;
	e.underlay_mtu = d->underlay.mtu;
	evpn_configure(d->evpn, &e);
}

void
apply_link(struct evpnd *d, const struct klink *l)
{
	bool ours = strcmp(l->name, "lo") == 0 ||
	    strcmp(l->name, d->conf->vxlan.source_ifname) == 0;

	underlay_link(d, l);
	if (ours && !l->gone && !ktab_managed(d->ktab, KOBJ_ADDR, l->ifindex))
		ktab_manage(d->ktab, KOBJ_ADDR, l->ifindex, true);
}

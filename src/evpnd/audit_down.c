/*
 * audit_down - which VNIs and VRFs are down, why, and what brings them up.
 *
 * Why is said by the tables (evi.down, ipvrf.down); here is, for each reason, the command,
 * with the names of the devices put in. A reason without a row has none: somebody has to
 * decide what the configuration should be.
 */
#include "audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the names in the commands stand for. */
struct names {
	char vni[12], vlan[8], table[12], port[8], local[IP_STRLEN];
	char vxlan[KLINK_NAME], bridge[KLINK_NAME], svi[KLINK_NAME], vrf[KLINK_NAME];
	char master[KLINK_NAME + 8]; /* "master NAME" or "nomaster" */
	char make[KLINK_NAME + 32];  /* makes the bridge; "": it is there */
};

static const struct {
	const char *why;
	const char *command;
} commands[] = {
	{ "there is no vxlan device",
	    "{make}ip link add {vxlan} type vxlan id {vni} local {local} dstport "
	    "{port} nolearning; ip link set {vxlan} master {bridge} up" },
	{ "the vxlan device is in no bridge",
	    "{make}ip link set {vxlan} master {bridge}" },
	{ "the vxlan device is down", "ip link set {vxlan} up" },
	{ "the bridge is down", "ip link set {bridge} up" },
	{ "the bridge is not VLAN-aware",
	    "ip link set {bridge} type bridge vlan_filtering 1" },
	{ "no VLAN of the vxlan device is mapped to it",
	    "bridge vlan add dev {vxlan} vid {vlan}; bridge vlan add dev {vxlan} vid "
	    "{vlan} tunnel_info id {vni}" },
	{ "its VLAN is not mapped to it at the vxlan device",
	    "bridge vlan add dev {vxlan} vid {vlan}; bridge vlan add dev {vxlan} vid "
	    "{vlan} tunnel_info id {vni}" },
	{ "vlan_tunnel is off at the port of the vxlan device",
	    "bridge link set dev {vxlan} vlan_tunnel on" },
	{ "the vnifilter of the vxlan device lacks it",
	    "bridge vni add dev {vxlan} vni {vni}" },
	{ "the port of the vxlan device has no VLAN (pvid)",
	    "bridge vlan add dev {vxlan} vid {vlan} pvid untagged" },
	{ "its VLAN is not the pvid of the vxlan device's port",
	    "bridge vlan add dev {vxlan} vid {vlan} pvid untagged" },
	{ "there is no local VTEP address",
	    "evpnsh -c 'configure terminal' -c vxlan -c 'source-address ADDRESS'" },
	{ "there is no router identifier",
	    "evpnsh -c 'configure terminal' -c 'router bgp' -c 'bgp router-id "
	    "A.B.C.D'" },
	{ "there is no VRF device",
	    "ip link add {vrf} type vrf table {table}; ip link set {vrf} up" },
	{ "the VRF device is down", "ip link set {vrf} up" },
	{ "there is no SVI",
	    "ip link add link {bridge} name {bridge}.{vlan} up type vlan id {vlan}; ip "
	    "link set {bridge}.{vlan} {master}" },
	{ "the SVI is down", "ip link set {svi} up" },
	{ "the SVI is not in the VRF", "ip link set {svi} {master}" },
	{ "there is no router's MAC", "ip link set {svi} address MAC" },
};

/* Not faults: somebody wanted it so, or it goes. */
static const char *const intended[] = {
	"it is not configured any more",
	"it is an L3 VNI",
	"there is no L3 VNI",
	"advertise-all-vni is off",
};

static bool
is_intended(const char *why)
{
	for (size_t i = 0; i < sizeof(intended) / sizeof(intended[0]); i++)
		if (strcmp(why, intended[i]) == 0)
			return true;
	return false;
}

static const char *
command_for(const char *why)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(why, commands[i].why) == 0)
			return commands[i].command;
	return NULL;
}

static const char *
name_of(const struct names *n, const char *key, size_t len)
{
	const struct {
		const char *key, *value;
	} all[] = { { "vni", n->vni }, { "vlan", n->vlan }, { "table", n->table },
		{ "port", n->port }, { "local", n->local }, { "vxlan", n->vxlan },
		{ "bridge", n->bridge }, { "svi", n->svi }, { "vrf", n->vrf },
		{ "master", n->master }, { "make", n->make } };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (strlen(all[i].key) == len && memcmp(all[i].key, key, len) == 0)
			return all[i].value;
	return "";
}

/* Puts the names in where {they} stand. */
static void
expand(char *buf, size_t size, const char *command, const struct names *n)
{
	size_t at = 0;

	while (*command != '\0' && at + 1 < size) {
		const char *end = *command == '{' ? strchr(command, '}') : NULL;

		if (end == NULL) {
			buf[at++] = *command++;
			continue;
		}
		at += (size_t)snprintf(buf + at, size - at, "%s",
		    name_of(n, command + 1, (size_t)(end - command - 1)));
		command = end + 1;
	}
	buf[at < size ? at : size - 1] = '\0';
}

/* The device's name, or what it would be called. */
static void
set_name(char *to, const char *name, const char *prefix, uint32_t number)
{
	if (name[0] != '\0')
		memcpy(to, name, strnlen(name, KLINK_NAME - 1));
	else
		snprintf(to, KLINK_NAME, "%s%u", prefix, number);
}

/* What is the same for VNIs of both sorts. */
static void
names_of(struct show *s, struct names *n, uint32_t vni, uint32_t vxlan, uint16_t vlan,
    const struct ip *local)
{
	const struct evpn_conf *c = evpn_settings(s->d->evpn);
	const struct klink *l = klink_find(s->d->klinks, vxlan);

	if (vlan == 0 && l != NULL)
		vlan = l->port.pvid;
	snprintf(n->vni, sizeof(n->vni), "%u", vni);
	if (vlan != 0)
		snprintf(n->vlan, sizeof(n->vlan), "%u", vlan);
	else
		memcpy(n->vlan, "VLAN", 5);
	snprintf(n->port, sizeof(n->port), "%u", c->udp_port);
	snprintf(n->local, sizeof(n->local), "%s",
	    ip_is_set(local) ? IPSTR(local) : "ADDRESS");
}

static void
set_bridge(struct show *s, struct names *n, const char *name, const char *configured)
{
	set_name(n->bridge, name[0] != '\0' ? name : configured, "br",
	    (uint32_t)strtoul(n->vni, NULL, 10));
	if (klink_by_name(s->d->klinks, n->bridge) == NULL)
		snprintf(n->make, sizeof(n->make), "ip link add %s up type bridge; ",
		    n->bridge);
}

static void
put_down(struct show *s, const struct audit_finding *f, const char *who,
    const char *why, const struct names *n)
{
	const char *template = command_for(why);
	char command[400];

	if (template != NULL)
		expand(command, sizeof(command), template, n);
	audit_put(s, f, template != NULL ? command : NULL, "%s is down: %s", who, why);
}

void
audit_evi_down(struct show *s, const struct evi *evi)
{
	struct audit_finding f = { "error", "vni-down", evi->vni, NULL };
	struct names n = { 0 };
	uint16_t vlan = evi->conf.vlan != 0 ? evi->conf.vlan : evi->vlan;

	if (evi->down == NULL || is_intended(evi->down))
		return;
	names_of(s, &n, evi->vni, evi->vxlan, vlan,
	    ip_is_set(&evi->local) ? &evi->local : &evpn_settings(s->d->evpn)->source);
	set_name(n.vxlan,
	    evi->vxlan_name[0] != '\0' ? evi->vxlan_name : evi->conf.vxlan, "vxlan",
	    evi->vni);
	set_bridge(s, &n, evi->bridge_name, evi->conf.bridge);
	put_down(s, &f, "it", evi->down, &n);
}

void
audit_ipvrf_down(struct show *s, const struct ipvrf *v)
{
	struct audit_finding f = { "error", "vrf-down", v->conf.vni, NULL };
	bool is_default = strcmp(v->name, IPVRF_DEFAULT) == 0;
	struct names n = { 0 };
	char who[KLINK_NAME + 8];

	if (v->down == NULL || is_intended(v->down))
		return;
	names_of(s, &n, v->conf.vni, v->devs.vxlan, (uint16_t)v->devs.vlan,
	    ip_is_set(&v->local) ? &v->local : &evpn_settings(s->d->evpn)->source);
	set_name(n.vxlan, v->vxlan_name, "vxlan", v->conf.vni);
	set_bridge(s, &n, v->bridge_name, v->conf.bridge);
	set_name(n.svi, v->svi_name, "br", v->conf.vni);
	set_name(n.vrf, v->name, "", 0);
	snprintf(n.table, sizeof(n.table), "%u",
	    v->conf.table != 0 ? v->conf.table : v->conf.vni);
	snprintf(
	    n.master, sizeof(n.master), is_default ? "nomaster" : "master %s", v->name);
	snprintf(who, sizeof(who), "VRF %s", v->name);
	put_down(s, &f, who, v->down, &n);
}

void
audit_devices(struct show *s)
{
	struct audit_finding f = { .level = "error", .what = "device" };
	struct klink_want *w;
	char wrong[160], command[64];

	for (w = klink_want_first(s->d->klinks); w != NULL; w = klink_want_after(w)) {
		if (klink_wrong(s->d->klinks, w, wrong, sizeof(wrong)) == NULL)
			continue;
		if (strncmp(wrong, "udp port", 8) == 0)
			continue; /* told with its VNI */
		f.ifname = w->name;
		snprintf(command, sizeof(command), "ip link del %s", w->name);
		audit_put(s, &f, w->what & KLINK_WANT_CREATE ? command : NULL,
		    "%s is not what is configured: %s%s", w->name, wrong,
		    w->what & KLINK_WANT_CREATE ? "; deleted, it is made anew" : "");
	}
}

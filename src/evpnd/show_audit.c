/*
 * show_audit - "show evpn audit": what is wrong around us, each with the command that mends
 * it.
 *
 * Here: the document, and the devices of VNIs. It only looks; what evpnd sets itself is told
 * too, while it is not so.
 */
#include "audit.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "apply.h"
#include "show_vrf.h"

#define HEADERS4 50 /* Ethernet, IPv4, UDP, VXLAN */
#define HEADERS6 70
#define UNASSIGNED_PORT 8472 /* Linux's default, from before VXLAN had a port */

void
audit_put(struct show *s, const struct audit_finding *f, const char *command,
    const char *fmt, ...)
{
	struct jout *j = &s->j;
	char text[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	jout_open(j, NULL, '{');
	jout_str(j, "level", f->level);
	jout_str(j, "what", f->what);
	if (f->vni != 0)
		jout_int(j, "vni", f->vni);
	if (f->ifname != NULL)
		jout_str(j, "interface", f->ifname);
	jout_str(j, "text", text);
	if (command != NULL)
		jout_str(j, "command", command);
	jout_close(j, '}');
	s->rows++;
}

/* A VNI of either sort, as the checks of its vxlan device see it. */
struct vni {
	uint32_t vni;
	struct ip local;
	const char *bridge; /* "": none */
	uint16_t udp_port;  /* 0: any */
	bool learning, suppression;
	struct evi *evi; /* NULL: an L3 VNI */
};

#define ID_LEN 24

/* How "ip link" wants the device told, which it has to be with every change. */
static const char *
id_of(const struct vni *v, const struct klink *l, char *buf)
{
	if (l->vxlan.external)
		return "external";
	snprintf(buf, ID_LEN, "id %u", v->vni);
	return buf;
}

#define IDSTR(v, l) id_of((v), (l), (char[ID_LEN]){ 0 })

/* --- VNIs --- */

static void
check_learning(struct show *s, const struct vni *v, const struct klink *l)
{
	struct audit_finding f = { "warning", "learning", v->vni, l->name };
	char command[160];

	if (l->vxlan.learning && !v->learning) {
		snprintf(command, sizeof(command),
		    "ip link set dev %s type vxlan %s nolearning", l->name,
		    IDSTR(v, l));
		audit_put(s, &f, command,
		    "%s learns from the data plane what BGP does not say", l->name);
	}
	if (!l->is_port)
		return;
	if (l->port.learning && !v->learning) {
		f.what = "port-learning";
		snprintf(command, sizeof(command),
		    "bridge link set dev %s learning off", l->name);
		audit_put(s, &f, command,
		    "the bridge learns MACs from %s and moves them from where BGP says",
		    l->name);
	}
	if (!l->port.neigh_suppress && v->suppression) {
		f.what = "neigh-suppress";
		snprintf(command, sizeof(command),
		    "bridge link set dev %s neigh_suppress on", l->name);
		audit_put(
		    s, &f, command, "ARP and ND requests for known hosts are flooded");
	}
}

/* On demand unknown MACs go to the sensor instead. */
static bool
floods(const struct evi *evi, const struct klink *l)
{
	if (evi_flooding(evi) == EVI_FLOOD_DISABLE)
		return true;
	return (l->port.flood || evi->demand != NULL) && l->port.mcast_flood &&
	    l->port.bcast_flood;
}

static void
check_flags(struct show *s, const struct vni *v, const struct klink *l)
{
	struct audit_finding f = { "error", "port-flood", v->vni, l->name };
	char command[160];

	if (!l->is_port)
		return;
	if (v->evi != NULL && !floods(v->evi, l)) {
		snprintf(command, sizeof(command),
		    "bridge link set dev %s flood on mcast_flood on bcast_flood on",
		    l->name);
		audit_put(s, &f, command, "the bridge does not flood to %s", l->name);
	}
	if (!l->vxlan.proxy)
		return;
	f.level = "warning";
	f.what = "proxy";
	snprintf(command, sizeof(command),
	    "ip link del %s; ip link add %s type vxlan %s local %s dstport %u "
	    "nolearning",
	    l->name, l->name, IDSTR(v, l), IPSTR(&v->local), v->udp_port);
	audit_put(s, &f, command,
	    "\"proxy\" is on, and can only be said when a device is made: %s drops "
	    "requests for hosts it does not know, unicast ARP replies and gratuitous "
	    "ARP",
	    l->name);
}

static void
check_port(struct show *s, const struct vni *v, const struct klink *l)
{
	struct audit_finding f = { "error", "udp-port", v->vni, l->name };
	char command[200];

	if (v->udp_port == 0 || l->vxlan.port == v->udp_port)
		return;
	snprintf(command, sizeof(command),
	    "ip link del %s; ip link add %s type vxlan %s local %s dstport %u "
	    "nolearning",
	    l->name, l->name, IDSTR(v, l), IPSTR(&v->local), v->udp_port);
	audit_put(s, &f, command, "%s uses UDP port %u%s, not %u", l->name,
	    l->vxlan.port,
	    l->vxlan.port == UNASSIGNED_PORT ? ", Linux's old default" : "",
	    v->udp_port);
}

static void
check_local(struct show *s, const struct vni *v, const struct klink *l)
{
	const struct ip *want = &evpn_settings(s->d->evpn)->source;
	struct audit_finding f = { "error", "local-address", v->vni, l->name };
	char command[160];

	if (!ip_is_set(&l->vxlan.local) || ip_is_any(&l->vxlan.local)) {
		snprintf(command, sizeof(command),
		    "ip link set dev %s type vxlan %s local %s", l->name, IDSTR(v, l),
		    ip_is_set(&v->local) ? IPSTR(&v->local) : "ADDRESS");
		audit_put(s, &f, command,
		    "%s has no local address: the kernel chooses one for each VTEP",
		    l->name);
		return;
	}
	if (!apply_is_own(&l->vxlan.local)) {
		snprintf(command, sizeof(command), "ip addr add %s/%zu dev lo",
		    IPSTR(&l->vxlan.local), ip_len(&l->vxlan.local) * 8);
		audit_put(s, &f, command,
		    "no device here has %s, the local address of %s",
		    IPSTR(&l->vxlan.local), l->name);
	}
	if (!ip_is_set(&s->d->conf->vxlan.source) || ip_cmp(want, &l->vxlan.local) == 0)
		return;
	f.level = "warning";
	f.what = "other-local-address";
	snprintf(command, sizeof(command), "ip link set dev %s type vxlan %s local %s",
	    l->name, IDSTR(v, l), IPSTR(want));
	audit_put(s, &f, command, "%s has local address %s, source-address is %s",
	    l->name, IPSTR(&l->vxlan.local), IPSTR(want));
}

static void
check_mtu(struct show *s, const struct vni *v, const struct klink *l)
{
	uint32_t headers = v->local.family == 6 ? HEADERS6 : HEADERS4;
	uint32_t room = s->d->underlay.mtu;
	struct audit_finding f = { "error", "mtu", v->vni, l->name };
	char command[160];

	if (room <= headers || l->mtu + headers <= room)
		return;
	snprintf(command, sizeof(command),
	    "ip link set dev %s mtu %u; ip link set dev %s mtu %u", l->name,
	    room - headers, v->bridge[0] != '\0' ? v->bridge : l->name, room - headers);
	audit_put(s, &f, command,
	    "MTU %u of %s needs %u in the underlay, which carries %u: or raise that",
	    l->mtu, l->name, l->mtu + headers, room);
}

/* Somebody told the bridge that the MAC is its own. */
static bool
has_own_entry(struct show *s, const struct evi *evi, const struct mac *mac)
{
	struct kkey key = kkey_brfdb(evi->bridge, 0, mac);
	const struct krow *r = ktab_find(s->d->ktab, &key);

	return r != NULL && r->present && krow_have(r).port == evi->bridge;
}

/* The bridge floods frames to a MAC of its own that is only a macvlan's. */
static void
check_macvlan(struct show *s, const struct evi *evi)
{
	struct audit_finding f = { "warning", "macvlan-entry", evi->vni, NULL };
	const struct klink *br = klink_find(s->d->klinks, evi->bridge);
	char command[160];
	struct klink *l;

	if (br == NULL || evi->svi != evi->bridge)
		return;
	for (l = klink_first(s->d->klinks); l != NULL; l = klink_after(l)) {
		if (l->kind != KLINK_MACVLAN || l->lower != evi->svi || l->gone ||
		    mac_cmp(&l->mac, &br->mac) == 0)
			continue;
		if (has_own_entry(s, evi, &l->mac))
			continue;
		f.ifname = l->name;
		snprintf(command, sizeof(command),
		    "bridge fdb add %s dev %s self local", MACSTR(&l->mac), br->name);
		audit_put(s, &f, command,
		    "what hosts send to the gateway on %s is flooded, too: %s does not "
		    "know that %s is its own",
		    l->name, br->name, MACSTR(&l->mac));
	}
}

/* What the kernel has on the device: an IPv6 address, a link-local one. */
static void
addresses6(struct show *s, uint32_t ifindex, bool *out_any, bool *out_linklocal)
{
	struct kkey key = { .kind = KOBJ_ADDR, .ifindex = ifindex };
	struct krow *r = ktab_from(s->d->ktab, &key);

	*out_any = *out_linklocal = false;
	for (;
	     r != NULL && krow_kind(r) == KOBJ_ADDR && KROW_KEY(r)->ifindex == ifindex;
	     r = ktab_after(r)) {
		if (!r->present || KROW_KEY(r)->ip.family != 6)
			continue;
		*out_any = *out_any || !ip_is_linklocal(&KROW_KEY(r)->ip);
		*out_linklocal = *out_linklocal || ip_is_linklocal(&KROW_KEY(r)->ip);
	}
}

/* Without one the kernel neither asks nor answers for IPv6 hosts. */
static void
check_linklocal(struct show *s, const struct evi *evi)
{
	struct audit_finding f = { "error", "no-link-local", evi->vni, evi->svi_name };
	const struct klink *l = klink_find(s->d->klinks, evi->svi);
	bool any, linklocal;
	char command[120];
	struct ip ip;

	if (l == NULL || !l->up)
		return;
	addresses6(s, evi->svi, &any, &linklocal);
	if (!any || linklocal)
		return;
	ip = ip_of_mac(&l->mac);
	snprintf(
	    command, sizeof(command), "ip addr add %s/64 dev %s", IPSTR(&ip), l->name);
	audit_put(s, &f, command,
	    "%s has an IPv6 address but no link-local one%s: it asks for no IPv6 host",
	    l->name, l->noaddrgen ? " (addrgenmode none)" : "");
}

static void
check_device(struct show *s, const struct vni *v, uint32_t ifindex)
{
	static void (*const checks[])(
	    struct show * s, const struct vni *v, const struct klink *l) = {
		check_learning,
		check_flags,
		check_port,
		check_local,
		check_mtu,
	};
	const struct klink *l = klink_find(s->d->klinks, ifindex);

	if (l == NULL || l->gone)
		return;
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		checks[i](s, v, l);
}

static void
check_evi(struct show *s, struct evi *evi)
{
	struct vni v = {
		.vni = evi->vni,
		.local = evi->local,
		.bridge = evi->bridge_name,
		.udp_port = evi->conf.udp_port,
		.learning = evi->conf.learning,
		.suppression = evi->conf.suppression,
		.evi = evi,
	};

	audit_evi_down(s, evi);
	audit_evi_guard(s, evi);
	check_device(s, &v, evi->vxlan);
	check_macvlan(s, evi);
	check_linklocal(s, evi);
}

static void
check_ipvrf(struct show *s, const struct ipvrf *i)
{
	struct vni v = {
		.vni = i->vni,
		.local = i->local,
		.bridge = i->bridge_name,
		.udp_port = evpn_settings(s->d->evpn)->udp_port,
	};

	audit_ipvrf_down(s, i);
	if (i->vni != 0)
		check_device(s, &v, i->devs.vxlan);
}

/* --- the document --- */

static void
open_audit(struct show *s)
{
	jout_open(&s->j, NULL, '{');
	jout_open(&s->j, "findings", '[');
	audit_host(s);
	audit_devices(s);
	audit_ration(s);
	s->open = true;
}

static bool
step_audit(struct show *s)
{
	struct ipvrf *v;
	struct evi *evi;

	if (!s->open)
		open_audit(s);
	while ((evi = show_evi_from(s, s->vni)) != NULL) {
		if (s->left == 0)
			return false;
		s->left -= s->left < 8 ? s->left : 8;
		check_evi(s, evi);
		s->vni = evi->vni + 1;
		s->paths++;
	}
	while ((v = show_ipvrf(s)) != NULL) {
		if (s->left == 0)
			return false;
		check_ipvrf(s, v);
		show_ipvrf_done(s, v);
		s->paths++;
	}
	jout_close(&s->j, ']');
	jout_int(&s->j, "numFindings", (int64_t)s->rows);
	jout_int(&s->j, "numVnis", (int64_t)s->paths);
	jout_close(&s->j, '}');
	return true;
}

const struct show_desc show_audit_descs[] = {
	{ OP_SHOW_EVPN_AUDIT, NULL, step_audit, NULL },
	{ 0, NULL, NULL, NULL },
};

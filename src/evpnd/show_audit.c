/*
 * show_audit - "show evpn audit": what is wrong around us, each with the command that mends
 * it.
 *
 * It only looks: at the mirror of the devices, at a few files below /proc/sys, and at the
 * offloads of the devices on the way to the VTEPs (an ioctl that anybody may make). What
 * evpnd sets itself is told too, while it is not so.
 */
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "show_int.h"

#define HEADERS4 50 /* Ethernet, IPv4, UDP, VXLAN */
#define HEADERS6 70
#define UNASSIGNED_PORT 8472 /* Linux's default, from before VXLAN had a port */
#define SEGMENTATION "tx-udp_tnl-segmentation"

struct finding {
	const char
	    *level; /* "error": traffic is lost; "warning": it may be, or is slow */
	const char *what; /* a word for scripts */
	uint32_t vni;     /* 0: of the host */
	const char *ifname;
};

static void __attribute__((format(printf, 4, 5)))
put(struct show *s, const struct finding *f, const char *command, const char *fmt, ...)
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

/* --- VNIs --- */

static void
check_learning(struct show *s, const struct evi *evi, const struct klink *l)
{
	struct finding f = { "warning", "learning", evi->vni, l->name };
	char command[160];

	if (l->vxlan.learning && !evi->conf.learning) {
		snprintf(command, sizeof(command),
		    "ip link set dev %s type vxlan id %u nolearning", l->name,
		    evi->vni);
		put(s, &f, command,
		    "%s learns from the data plane what BGP does not say", l->name);
	}
	if (!l->is_port)
		return;
	if (l->port.learning && !evi->conf.learning) {
		f.what = "port-learning";
		snprintf(command, sizeof(command),
		    "bridge link set dev %s learning off", l->name);
		put(s, &f, command,
		    "the bridge learns MACs from %s and moves them from where BGP says",
		    l->name);
	}
	if (!l->port.neigh_suppress && evi->conf.suppression) {
		f.what = "neigh-suppress";
		snprintf(command, sizeof(command),
		    "bridge link set dev %s neigh_suppress on", l->name);
		put(s, &f, command, "ARP and ND requests for known hosts are flooded");
	}
}

static void
check_flags(struct show *s, const struct evi *evi, const struct klink *l)
{
	struct finding f = { "error", "port-flood", evi->vni, l->name };
	char command[160];

	if (!l->is_port)
		return;
	if (!(l->port.flood && l->port.mcast_flood && l->port.bcast_flood) &&
	    evi_flooding(evi) != EVI_FLOOD_DISABLE) {
		snprintf(command, sizeof(command),
		    "bridge link set dev %s flood on mcast_flood on bcast_flood on",
		    l->name);
		put(s, &f, command, "the bridge does not flood to %s", l->name);
	}
	if (!l->vxlan.proxy)
		return;
	f.level = "warning";
	f.what = "proxy";
	snprintf(command, sizeof(command),
	    "ip link del %s; ip link add %s type vxlan id %u local %s dstport %u "
	    "nolearning",
	    l->name, l->name, evi->vni, IPSTR(&evi->local), evi->conf.udp_port);
	put(s, &f, command,
	    "\"proxy\" is on, and can only be said when a device is made: %s drops "
	    "requests for hosts it does not know, unicast ARP replies and gratuitous "
	    "ARP",
	    l->name);
}

static void
check_port(struct show *s, const struct evi *evi, const struct klink *l)
{
	struct finding f = { "error", "udp-port", evi->vni, l->name };
	char command[200];

	if (evi->conf.udp_port == 0 || l->vxlan.port == evi->conf.udp_port)
		return;
	snprintf(command, sizeof(command),
	    "ip link del %s; ip link add %s type vxlan id %u local %s dstport %u "
	    "nolearning",
	    l->name, l->name, evi->vni, IPSTR(&evi->local), evi->conf.udp_port);
	put(s, &f, command, "%s uses UDP port %u%s, not %u", l->name, l->vxlan.port,
	    l->vxlan.port == UNASSIGNED_PORT ? ", Linux's old default" : "",
	    evi->conf.udp_port);
}

static bool
is_address_here(const struct ip *ip)
{
	struct ifaddrs *all, *ifa;
	bool found = false;

	if (getifaddrs(&all) < 0)
		return true;
	for (ifa = all; ifa != NULL && !found; ifa = ifa->ifa_next) {
		const void *sa = ifa->ifa_addr;
		struct ip a = { 0 };

		if (sa == NULL)
			continue;
		if (ifa->ifa_addr->sa_family == AF_INET)
			a = ip_of(&((const struct sockaddr_in *)sa)->sin_addr, 4);
		else if (ifa->ifa_addr->sa_family == AF_INET6)
			a = ip_of(&((const struct sockaddr_in6 *)sa)->sin6_addr, 16);
		found = ip_cmp(&a, ip) == 0;
	}
	freeifaddrs(all);
	return found;
}

static void
check_local(struct show *s, const struct evi *evi, const struct klink *l)
{
	const struct ip *want = &evpn_settings(s->d->evpn)->source;
	struct finding f = { "error", "local-address", evi->vni, l->name };
	char command[160];

	if (!ip_is_set(&l->vxlan.local) || ip_is_any(&l->vxlan.local)) {
		snprintf(command, sizeof(command),
		    "ip link set dev %s type vxlan id %u local %s", l->name, evi->vni,
		    ip_is_set(&evi->local) ? IPSTR(&evi->local) : "ADDRESS");
		put(s, &f, command,
		    "%s has no local address: the kernel chooses one for each VTEP",
		    l->name);
		return;
	}
	if (!is_address_here(&l->vxlan.local)) {
		snprintf(command, sizeof(command), "ip addr add %s/%zu dev lo",
		    IPSTR(&l->vxlan.local), ip_len(&l->vxlan.local) * 8);
		put(s, &f, command, "no device here has %s, the local address of %s",
		    IPSTR(&l->vxlan.local), l->name);
	}
	if (!ip_is_set(&s->d->conf->vxlan.source) || ip_cmp(want, &l->vxlan.local) == 0)
		return;
	f.level = "warning";
	f.what = "other-local-address";
	snprintf(command, sizeof(command),
	    "ip link set dev %s type vxlan id %u local %s", l->name, evi->vni,
	    IPSTR(want));
	put(s, &f, command, "%s has local address %s, source-address is %s", l->name,
	    IPSTR(&l->vxlan.local), IPSTR(want));
}

static void
check_mtu(struct show *s, const struct evi *evi, const struct klink *l)
{
	uint32_t headers = evi->local.family == 6 ? HEADERS6 : HEADERS4;
	uint32_t room = s->d->underlay.mtu;
	struct finding f = { "error", "mtu", evi->vni, l->name };
	char command[160];

	if (room <= headers || l->mtu + headers <= room)
		return;
	snprintf(command, sizeof(command),
	    "ip link set dev %s mtu %u; ip link set dev %s mtu %u", l->name,
	    room - headers, evi->bridge_name[0] != '\0' ? evi->bridge_name : l->name,
	    room - headers);
	put(s, &f, command,
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
check_macvlan(struct show *s, const struct evi *evi, const struct klink *vx)
{
	struct finding f = { "warning", "macvlan-entry", evi->vni, vx->name };
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
		put(s, &f, command,
		    "what hosts send to the gateway on %s is flooded, too: %s does not "
		    "know that %s is its own",
		    l->name, br->name, MACSTR(&l->mac));
	}
}

static void
check_vni(struct show *s, struct evi *evi)
{
	static void (*const checks[])(
	    struct show * s, const struct evi *evi, const struct klink *l) = {
		check_learning,
		check_flags,
		check_port,
		check_local,
		check_mtu,
		check_macvlan,
	};
	const struct klink *l = klink_find(s->d->klinks, evi->vxlan);

	if (l == NULL || l->gone)
		return;
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		checks[i](s, evi, l);
}

/* --- the host --- */

/* A number below /proc/sys; -1: not there. */
static long
sysctl_of(const char *fmt, const char *name)
{
	char path[128] = "/proc/sys/", buf[32];
	size_t at = strlen(path);
	ssize_t n;
	int fd;

	if (name != NULL)
		snprintf(path + at, sizeof(path) - at, "%s%s/rp_filter", fmt, name);
	else
		snprintf(path + at, sizeof(path) - at, "%s", fmt);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read(fd, buf, sizeof(buf) - 1);
	close(fd);
	if (n <= 0)
		return -1;
	buf[n] = '\0';
	return strtol(buf, NULL, 10);
}

static void
check_netfilter(struct show *s)
{
	static const char *const names[] = { "bridge-nf-call-iptables",
		"bridge-nf-call-ip6tables", "bridge-nf-call-arptables" };
	struct finding f = { .level = "warning", .what = "bridge-netfilter" };
	char path[80], command[100];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "net/bridge/%s", names[i]);
		if (sysctl_of(path, NULL) != 1)
			continue;
		snprintf(
		    command, sizeof(command), "sysctl -w net.bridge.%s=0", names[i]);
		put(s, &f, command,
		    "bridged frames go through the host's packet filter (%s)",
		    names[i]);
	}
}

/* IPv6 has one switch for all devices, which is not ours to set. */
static void
check_forwarding(struct show *s)
{
	struct finding f = { .level = "error", .what = "ipv6-forwarding" };
	struct evi *evi;

	if (sysctl_of("net/ipv6/conf/all/forwarding", NULL) != 0)
		return;
	for (evi = evi_first(s->d->evpn); evi != NULL; evi = evi_after(evi))
		for (uint16_t i = 0; i < evi->conf.ngateways; i++)
			if (evi->conf.gateways[i].ip.family == 6) {
				f.vni = evi->vni;
				f.ifname = evi->svi_name;
				put(s, &f, "sysctl -w net.ipv6.conf.all.forwarding=1",
				    "a VNI has an IPv6 gateway, and this host "
				    "forwards no IPv6");
				return;
			}
}

static void
check_gc(struct show *s)
{
	static const char *const families[] = { "ipv4", "ipv6" };
	struct finding f = { .level = "warning", .what = "neighbor-limit" };
	char path[80], command[100];
	uint64_t hosts = 0;

	/* Remote hosts are not counted against the limit; local ones are. */
	for (struct evi *evi = evi_first(s->d->evpn); evi != NULL; evi = evi_after(evi))
		hosts += evi->nips_local;
	for (int i = 0; i < 2; i++) {
		long limit;

		snprintf(
		    path, sizeof(path), "net/%s/neigh/default/gc_thresh3", families[i]);
		limit = sysctl_of(path, NULL);
		if (limit < 0 || hosts * 2 < (uint64_t)limit)
			continue;
		snprintf(command, sizeof(command),
		    "sysctl -w net.%s.neigh.default.gc_thresh3=%ju", families[i],
		    (uintmax_t)hosts * 4);
		put(s, &f, command,
		    "%ju addresses of hosts are behind ports here, and the kernel has "
		    "room for %ld %s neighbors",
		    (uintmax_t)hosts, limit, families[i]);
	}
}

/* --- devices of the underlay --- */

static void
check_rp_filter(struct show *s, const char *ifname)
{
	struct finding f = { "warning", "rp-filter", 0, ifname };
	long all = sysctl_of("net/ipv4/conf/", "all"),
	     own = sysctl_of("net/ipv4/conf/", ifname);
	char command[120];

	if ((all > own ? all : own) != 1)
		return;
	snprintf(
	    command, sizeof(command), "sysctl -w net.ipv4.conf.%s.rp_filter=2", ifname);
	put(s, &f, command,
	    "%s drops packets of VTEPs whose way back is by another device", ifname);
}

static int
ethtool(int fd, const char *ifname, void *data)
{
	struct ifreq ifr = { .ifr_data = data };

	memcpy(ifr.ifr_name, ifname, strnlen(ifname, IFNAMSIZ - 1));
	return ioctl(fd, SIOCETHTOOL, &ifr);
}

/* The number of the feature among N; -1: the kernel does not know it. */
static int
feature_number(int fd, const char *ifname, uint32_t n)
{
	struct ethtool_gstrings *names =
	    xcalloc(1, sizeof(*names) + (size_t)n * ETH_GSTRING_LEN);
	int found = -1;

	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_FEATURES;
	names->len = n;
	if (ethtool(fd, ifname, names) == 0)
		for (uint32_t i = 0; i < n && i < names->len && found < 0; i++)
			if (strncmp((char *)names->data + (size_t)i * ETH_GSTRING_LEN,
				SEGMENTATION, ETH_GSTRING_LEN) == 0)
				found = (int)i;
	free(names);
	return found;
}

static uint32_t
feature_count(int fd, const char *ifname)
{
	struct ethtool_sset_info *info = xcalloc(1, sizeof(*info) + sizeof(uint32_t));
	uint32_t n = 0;

	info->cmd = ETHTOOL_GSSET_INFO;
	info->sset_mask = 1ULL << ETH_SS_FEATURES;
	if (ethtool(fd, ifname, info) == 0 && info->sset_mask != 0)
		n = info->data[0];
	free(info);
	return n <= 1024 ? n : 0;
}

/* The block of 32 features with the one of that number; false: it cannot be read. */
static bool
feature_get(int fd, const char *ifname, int number, uint32_t n,
    struct ethtool_get_features_block *out)
{
	uint32_t blocks = (n + 31) / 32;
	struct ethtool_gfeatures *g =
	    xcalloc(1, sizeof(*g) + blocks * sizeof(g->features[0]));
	bool ok;

	g->cmd = ETHTOOL_GFEATURES;
	g->size = blocks;
	ok = ethtool(fd, ifname, g) == 0 && (uint32_t)number / 32 < g->size;
	if (ok)
		*out = g->features[number / 32];
	free(g);
	return ok;
}

static void
check_offload(struct show *s, const char *ifname)
{
	struct finding f = { "warning", "segmentation-offload", 0, ifname };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), number;
	struct ethtool_get_features_block b = { 0 };
	char command[120];
	uint32_t n, bit;

	if (fd < 0)
		return;
	n = feature_count(fd, ifname);
	number = n > 0 ? feature_number(fd, ifname, n) : -1;
	if (number >= 0 && feature_get(fd, ifname, number, n, &b)) {
		bit = 1U << number % 32;
		snprintf(command, sizeof(command), "ethtool -K %s " SEGMENTATION " on",
		    ifname);
		if (!(b.active & bit))
			put(s, &f, b.available & bit ? command : NULL,
			    "%s does not segment what is in tunnels (" SEGMENTATION
			    "%s): the CPU does",
			    ifname, b.available & bit ? " off" : ", not in its power");
	}
	close(fd);
}

static void
check_underlay(struct show *s)
{
	const struct underlay *u = &s->d->underlay;

	for (unsigned i = 0; i < u->n; i++) {
		const struct klink *l = klink_find(s->d->klinks, u->ways[i].ifindex);

		if (l == NULL)
			continue;
		check_rp_filter(s, l->name);
		check_offload(s, l->name);
	}
}

/* --- the document --- */

static bool
step_audit(struct show *s)
{
	struct evi *evi;

	if (!s->open) {
		jout_open(&s->j, NULL, '{');
		jout_open(&s->j, "findings", '[');
		check_netfilter(s);
		check_gc(s);
		check_forwarding(s);
		check_underlay(s);
	}
	s->open = true;
	while ((evi = show_evi_from(s, s->vni)) != NULL) {
		if (s->left == 0)
			return false;
		s->left -= s->left < 8 ? s->left : 8;
		check_vni(s, evi);
		s->vni = evi->vni + 1;
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

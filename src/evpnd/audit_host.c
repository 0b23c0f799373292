/*
 * audit_host - what of the host is wrong around us: sysctls, and the devices on the way to
 * the VTEPs.
 *
 * It only reads: a few files below /proc/sys, and the offloads of the devices (an ioctl that
 * anybody may make).
 */
#include "audit.h"

#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

#define SEGMENTATION "tx-udp_tnl-segmentation"

/* --- sysctls --- */

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
	struct audit_finding f = { .level = "warning", .what = "bridge-netfilter" };
	char path[80], command[100];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "net/bridge/%s", names[i]);
		if (sysctl_of(path, NULL) != 1)
			continue;
		snprintf(
		    command, sizeof(command), "sysctl -w net.bridge.%s=0", names[i]);
		audit_put(s, &f, command,
		    "bridged frames go through the host's packet filter (%s)",
		    names[i]);
	}
}

/* IPv6 has one switch for all devices, which is not ours to set. */
static void
check_forwarding(struct show *s)
{
	struct audit_finding f = { .level = "error", .what = "ipv6-forwarding" };
	struct evi *evi;

	if (sysctl_of("net/ipv6/conf/all/forwarding", NULL) != 0)
		return;
	for (evi = evi_first(s->d->evpn); evi != NULL; evi = evi_after(evi))
		for (uint16_t i = 0; i < evi->conf.ngateways; i++)
			if (evi->conf.gateways[i].ip.family == 6) {
				f.vni = evi->vni;
				f.ifname = evi->svi_name;
				audit_put(s, &f,
				    "sysctl -w net.ipv6.conf.all.forwarding=1",
				    "a VNI has an IPv6 gateway, and this host "
				    "forwards no IPv6");
				return;
			}
}

static void
check_gc(struct show *s)
{
	static const char *const families[] = { "ipv4", "ipv6" };
	struct audit_finding f = { .level = "warning", .what = "neighbor-limit" };
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
		audit_put(s, &f, command,
		    "%ju addresses of hosts are behind ports here, and the kernel has "
		    "room for %ld %s neighbors",
		    (uintmax_t)hosts, limit, families[i]);
	}
}

/* --- devices of the underlay --- */

static void
check_rp_filter(struct show *s, const char *ifname)
{
	struct audit_finding f = { "warning", "rp-filter", 0, ifname };
	long all = sysctl_of("net/ipv4/conf/", "all"),
	     own = sysctl_of("net/ipv4/conf/", ifname);
	char command[120];

	if ((all > own ? all : own) != 1)
		return;
	snprintf(
	    command, sizeof(command), "sysctl -w net.ipv4.conf.%s.rp_filter=2", ifname);
	audit_put(s, &f, command,
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
	struct audit_finding f = { "warning", "segmentation-offload", 0, ifname };
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
			audit_put(s, &f, b.available & bit ? command : NULL,
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

void
audit_host(struct show *s)
{
	check_netfilter(s);
	check_gc(s);
	check_forwarding(s);
	check_underlay(s);
}

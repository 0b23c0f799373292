/*
 * nl_native - the tables against the real kernel, in a network namespace of its own: makes
 * devices, programs entries, lets others spoil them by hand and waits until all is well.
 * Prints how long repairs take and how many entries a second it writes. Needs root and ip(8).
 */
#include <errno.h>
#include <event2/event.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../src/evpnd/netlink.h"
#include "../../src/evpnd/snoop.h"
#include "base/mem.h"

#define SKIP 77
#define LIMIT_MS (10000 * slow())
#define MANY 20000u

struct world {
	struct event_base *base;
	struct ktab *ktab;
	struct klinks *klinks;
	struct netlink *nl;
	unsigned wakes, locals;
	uint32_t br, vx;
};

static double
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static uint64_t
now(void)
{
	return (uint64_t)now_ms();
}

static void
wake(void *arg)
{
	((struct world *)arg)->wakes++;
}

/* How much longer things may take, as in the labs. */
static double
slow(void)
{
	const char *times = getenv("LAB_SLOW");

	return times != NULL && atof(times) > 1 ? atof(times) : 1;
}

static void
say(int level, const char *text)
{
	if (level <= 4 || getenv("NL_DEBUG") != NULL)
		printf("# %d %s\n", level, text);
}

static int run(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static int
run(const char *fmt, ...)
{
	char cmd[512];
	va_list ap;
	int st;

	va_start(ap, fmt);
	vsnprintf(cmd, sizeof(cmd), fmt, ap);
	va_end(ap);
	st = system(cmd);
	return WIFEXITED(st) ? WEXITSTATUS(st) : 255;
}

/* What project.c does: devices by name, their tables managed. */
static void
project(struct world *w)
{
	struct klink *l;
	struct krow *r;

	while ((l = klink_changed(w->klinks)) != NULL) {
		if (l->gone)
			continue;
		if (strcmp(l->name, "br0") == 0) {
			w->br = l->ifindex;
			ktab_manage(w->ktab, KOBJ_BRFDB, w->br, true);
			ktab_manage(w->ktab, KOBJ_NEIGH, w->br, true);
			ktab_manage(w->ktab, KOBJ_ADDR, w->br, true);
		} else if (strcmp(l->name, "vx0") == 0) {
			w->vx = l->ifindex;
			ktab_manage(w->ktab, KOBJ_VXFDB, w->vx, true);
		}
	}
	while ((r = ktab_heard(w->ktab)) != NULL)
		w->locals++;
}

/* Runs the loop until COND; ends the program when that takes too long. */
static double
await(struct world *w, const char *what, bool (*cond)(struct world *w))
{
	struct timeval tick = { .tv_usec = 20000 };
	double start = now_ms();
	struct ktab_stats st;

	for (;;) {
		project(w);
		netlink_flush(w->nl);
		if (cond(w))
			return now_ms() - start;
		if (now_ms() - start > LIMIT_MS) {
			ktab_stats(w->ktab, &st);
			printf(
			    "FAIL: %s: not within %.0f ms (differing %u, inflight %u, "
			    "dumps due %u, errors %lu)\n",
			    what, LIMIT_MS, st.differing, st.inflight, st.dumps_due,
			    (unsigned long)st.errors);
			exit(EXIT_FAILURE);
		}
		event_base_loopexit(w->base, &tick);
		event_base_loop(w->base, EVLOOP_ONCE);
	}
}

static void
check(bool ok, const char *what)
{
	printf("%s: %s\n", ok ? "ok" : "FAIL", what);
	if (!ok)
		exit(EXIT_FAILURE);
}

static bool
settled(struct world *w)
{
	struct ktab_stats st;

	ktab_stats(w->ktab, &st);
	return netlink_ready(w->nl) && ktab_synced(w->ktab) && st.differing == 0 &&
	    st.inflight == 0 && !netlink_busy(w->nl);
}

static bool
devices_made(struct world *w)
{
	const struct klink *br = klink_by_name(w->klinks, "br0");
	const struct klink *vx = klink_by_name(w->klinks, "vx0");

	return br != NULL && vx != NULL && br->up && vx->up &&
	    vx->master == br->ifindex && vx->is_port && !vx->port.learning &&
	    vx->port.neigh_suppress && !vx->vxlan.learning && settled(w);
}

static void
want_devices(struct world *w)
{
	struct klink_want br = { .name = "br0",
		.kind = KLINK_BRIDGE,
		.what = KLINK_WANT_CREATE | KLINK_WANT_UP | KLINK_WANT_MTU,
		.mtu = 1450 };
	struct klink_want vx = { .name = "vx0",
		.kind = KLINK_VXLAN,
		.what = KLINK_WANT_CREATE | KLINK_WANT_UP | KLINK_WANT_MASTER |
		    KLINK_WANT_PORT | KLINK_WANT_NOLEARN | KLINK_WANT_LOCAL |
		    KLINK_WANT_MTU,
		.master = "br0",
		.mtu = 1450,
		.port = { .neigh_suppress = true },
		.vxlan = { .vni = 100, .port = 4789, .local = ip_of_v4(0x7f000001) } };

	klink_want(w->klinks, &br);
	klink_want(w->klinks, &vx);
}

static struct mac
mac_n(unsigned n)
{
	return (struct mac){ { 2, 0, 0, (uint8_t)(n >> 16), (uint8_t)(n >> 8),
	    (uint8_t)n } };
}

/* A MAC with an address behind a VTEP: three rows; or none of them. */
static void
want_host(struct world *w, unsigned n, bool on)
{
	struct mac mac = mac_n(n);
	struct ip vtep = ip_of_v4(0x0a000002), ip = ip_of_v4(0x0b000000 + n);
	struct kkey keys[] = { kkey_brfdb(w->br, 0, &mac), kkey_vxfdb(w->vx, 0, &mac),
		kkey_neigh(w->br, &ip) };
	struct kval vals[] = { kval_remote_mac(w->vx, false), kval_vxlan_dst(&vtep),
		kval_remote_neigh(&mac, false) };

	for (int i = 0; i < 3; i++)
		ktab_want(w->ktab, &keys[i], on ? &vals[i] : NULL, now());
}

static void
want_tagdrop(struct world *w, bool on)
{
	struct kkey key = kkey_tagdrop(w->vx);
	struct kval val = kval_tagdrop();

	ktab_manage(w->ktab, KOBJ_TAGDROP, w->vx, true);
	ktab_want(w->ktab, &key, on ? &val : NULL, now());
}

static void
want_flood(struct world *w, unsigned n, bool on)
{
	struct ip vtep = ip_of_v4(0x0a000000 + n);
	struct kkey key = kkey_flood(w->vx, 0, &vtep);
	struct kval val = kval_flood();

	ktab_want(w->ktab, &key, on ? &val : NULL, now());
}

/* By hand, then: differs, and does not any more. */
static const struct drift {
	const char *what;
	const char *cmd;
} drifts[] = {
	/* clang-format off */
	{ "bridge entry deleted",	"bridge fdb del 02:00:00:00:00:01 dev vx0 master" },
	{ "vxlan entry deleted",	"bridge fdb del 02:00:00:00:00:01 dev vx0 self dst 10.0.0.2" },
	{ "vxlan entry elsewhere",	"bridge fdb replace 02:00:00:00:00:01 dev vx0 self dst 10.0.0.9" },
	{ "vxlan entry elsewhere, marked",
	    "bridge fdb replace 02:00:00:00:00:01 dev vx0 self dst 10.0.0.9 extern_learn" },
	{ "flood entry deleted",	"bridge fdb del 00:00:00:00:00:00 dev vx0 self dst 10.0.0.2" },
	{ "neighbour with another MAC",	"ip neigh replace 11.0.0.1 lladdr 02:00:00:00:00:99 dev br0" },
	{ "neighbour deleted",		"ip neigh del 11.0.0.1 dev br0" },
	{ "MAC at another port",	"bridge fdb replace 02:00:00:00:00:01 dev va master dynamic" },
	{ "MAC static at another port",	"bridge fdb replace 02:00:00:00:00:01 dev va master static" },
	{ "bridge down and up",		"ip link set br0 down; ip link set br0 up" },
	{ "vxlan down and up",		"ip link set vx0 down; ip link set vx0 up" },
	{ "vxlan out of the bridge",	"ip link set vx0 nomaster" },
	{ "learning switched on",	"bridge link set dev vx0 learning on neigh_suppress off" },
	{ "neighbours flushed",		"ip neigh flush dev br0 nud all" },
	{ "tag filter deleted",		"tc filter del dev vx0 ingress pref 91" },
	{ "ingress deleted",		"tc qdisc del dev vx0 clsact" },
	/* clang-format on */
};

static const char *const expected[] = {
	"bridge fdb show br br0 | grep -q '^02:00:00:00:00:01 dev vx0 "
	".*extern_learn.*master br0'",
	"bridge fdb show dev vx0 | grep -q '^02:00:00:00:00:01 dst 10.0.0.2 self "
	"extern_learn'",
	"bridge fdb show dev vx0 | grep -q '^00:00:00:00:00:00 dst 10.0.0.2 self'",
	"bridge fdb show dev vx0 | grep -q '^00:00:00:00:00:00 dst 10.0.0.3 self'",
	"ip neigh show dev br0 11.0.0.1 nud noarp | grep -q '02:00:00:00:00:01 "
	"extern_learn'",
	"bridge fdb show dev vx0 | grep -q '^00:00:00:00:00:00 dst 10.0.0.77 self'",
	"bridge fdb show dev vx0 | grep -q '^02:00:00:00:00:77 dst 10.0.0.77 self'",
	"tc filter show dev vx0 ingress | grep -q 'pref 91 "
	"bpf.*direct-action.*bytecode'",
};

static void
all_expected(const char *when)
{
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		if (run("%s", expected[i]) == 0)
			continue;
		printf("# %s\n", expected[i]);
		run("bridge fdb show br br0; ip neigh show dev br0 nud all");
		check(false, when);
	}
}

/* What happened is still in the sockets: the loop has not run since. */
static double
await_news(struct world *w, const char *what)
{
	unsigned wakes = w->wakes;
	double start = now_ms();

	while (w->wakes == wakes)
		event_base_loop(w->base, EVLOOP_ONCE);
	await(w, what, devices_made);
	return now_ms() - start;
}

static void
test_drift(struct world *w)
{
	run("ip link add va type veth peer name vb; ip link set va master br0 up; "
	    "ip link set vb up");
	want_host(w, 1, true);
	want_flood(w, 2, true);
	want_flood(w, 3, true);
	want_tagdrop(w, true);
	await(w, "first entries", settled);
	/* Somebody else's. */
	run("bridge fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.77 self; "
	    "bridge fdb add 02:00:00:00:00:77 dev vx0 dst 10.0.0.77 self");
	await(w, "foreign entries", settled);
	all_expected("first entries");
	for (size_t i = 0; i < sizeof(drifts) / sizeof(drifts[0]); i++) {
		double took;

		check(run("%s", drifts[i].cmd) == 0, drifts[i].what);
		took = await_news(w, drifts[i].what);
		all_expected(drifts[i].what);
		printf("ok: %s: repaired in %.2f ms\n", drifts[i].what, took);
	}
	run("ip neigh replace 11.0.0.50 lladdr 02:00:00:00:00:50 dev br0");
	await(w, "a local neighbour", settled);
	check(run("ip neigh show dev br0 11.0.0.50 | grep -q 02:00:00:00:00:50") == 0,
	    "somebody else's neighbour stays");
}

static unsigned bindings;
static struct mac bound;

static void
heard(void *arg, uint32_t ifindex, uint16_t vlan, const struct mac *mac,
    const struct ip *ip)
{
	(void)arg;
	(void)vlan;
	if (ifindex == 0 || ip_v4(ip) != 0x0a090002)
		return;
	bound = *mac;
	bindings++;
}

/* A host at the other end of the access port speaks, and is asked. */
static void
test_snoop(struct world *w)
{
	struct snoop_env env = { .base = w->base, .heard = heard, .log = say };
	struct snoop *s = snoop_new(&env);
	struct sockaddr_ll addr = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)klink_by_name(w->klinks, "vb")->ifindex };
	uint32_t port = klink_by_name(w->klinks, "va")->ifindex;
	uint8_t reply[42] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 9, 8,
		6, 0, 1, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 9, 10, 9, 0, 2 };
	struct mac mac = { { 2, 0, 0, 0, 0, 9 } };
	struct ip ip = ip_of_v4(0x0a090002);
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(ETH_P_ALL));
	uint8_t got[256];
	bool asked = false;

	check(
	    fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0, "a host");
	snoop_port(s, port, true);
	snoop_port(s, port, true);
	check(send(fd, reply, sizeof(reply), 0) == sizeof(reply), "a host speaks");
	while (bindings == 0)
		event_base_loop(w->base, EVLOOP_ONCE);
	check(mac_cmp(&bound, &mac) == 0, "and is heard");
	check(snoop_probe(s, port, 0, &mac, &ip), "a host is asked");
	for (double until = now_ms() + LIMIT_MS; !asked && now_ms() < until;)
		if (recv(fd, got, sizeof(got), 0) == 42)
			asked = memcmp(got, &mac, 6) == 0 && got[21] == 1;
	check(asked, "and asked in person");
	event_base_loop(w->base, EVLOOP_NONBLOCK);
	check(bindings == 1, "what we send is not heard");
	snoop_port(s, port, false);
	check(!snoop_probe(s, port, 0, &mac, &ip), "snooping ends");
	snoop_free(s);
	close(fd);
}

static void
rate(const char *what, double ms)
{
	printf(
	    "ok: %s: %u rows in %.0f ms, %.0fk/s\n", what, MANY * 3, ms, MANY * 3 / ms);
}

static void
test_many(struct world *w)
{
	struct netlink_stats ns;

	for (unsigned n = 1000; n < 1000 + MANY; n++)
		want_host(w, n, true);
	rate("written", await(w, "many rows", settled));
	/* Nobody reads events meanwhile: the buffer is too small for them. */
	run("ip link set br0 down; ip link set vx0 nomaster; ip link set br0 up; "
	    "ip neigh flush dev br0 nud all");
	printf("ok: after lost events all well in %.0f ms\n",
	    await_news(w, "lost events"));
	netlink_stats(w->nl, &ns);
	check(ns.overruns > 0, "events were lost");
	check(run("test $(bridge fdb show br br0 | grep -c '^02:.*dev vx0.*master') "
		  "-ge %u",
		  MANY) == 0,
	    "everything is back on the bridge");
	check(run("test $(ip neigh show dev br0 nud noarp | grep -c 'proto 91') -ge %u",
		  MANY) == 0,
	    "all neighbours are back");
	for (unsigned n = 1000; n < 1000 + MANY; n++)
		want_host(w, n, false);
	rate("deleted", await(w, "many rows deleted", settled));
	check(run("test $(bridge fdb show br br0 | grep -c '^02:00:00:00:[1-9a-f]') = "
		  "0") == 0,
	    "nothing is left");
}

/* Deleted by hand: made again, and its entries follow under the new number. */
static void
test_recreate(struct world *w)
{
	uint32_t was = w->vx, is;

	run("ip link del vx0");
	while (w->vx == was) {
		project(w);
		netlink_flush(w->nl);
		event_base_loop(w->base, EVLOOP_ONCE);
	}
	is = w->vx;
	w->vx = was;
	want_host(w, 1, false);
	want_flood(w, 2, false);
	want_flood(w, 3, false);
	want_tagdrop(w, false);
	w->vx = is;
	want_host(w, 1, true);
	want_flood(w, 2, true);
	await(w, "a device deleted", devices_made);
	check(run("%s", expected[0]) == 0 && run("%s", expected[1]) == 0 &&
		run("%s", expected[2]) == 0,
	    "device deleted and made again with its entries");
}

/* A new life finds the entries of the last: wanted ones stay, the others go. */
static void
test_restart(struct world *w, struct netlink_env *env)
{
	want_host(w, 5, true);
	await(w, "before the restart", settled);
	netlink_free(w->nl);
	ktab_free(w->ktab);
	klinks_free(w->klinks);
	env->ktab = w->ktab = ktab_new();
	env->klinks = w->klinks = klinks_new();
	w->nl = netlink_new(env);
	w->vx = 0;
	want_devices(w);
	while (w->vx == 0 || !netlink_ready(w->nl)) {
		event_base_loop(w->base, EVLOOP_ONCE);
		project(w);
		netlink_flush(w->nl);
	}
	want_host(w, 1, true);
	want_flood(w, 2, true);
	while (!ktab_synced(w->ktab))
		event_base_loop(w->base, EVLOOP_ONCE);
	check(run("bridge fdb show dev vx0 | grep -q 02:00:00:00:00:05") == 0,
	    "entries of an earlier life are kept");
	ktab_release(w->ktab, now());
	await(w, "release", settled);
	check(run("bridge fdb show br br0 | grep -q 02:00:00:00:00:05") != 0,
	    "and go after the release");
	check(run("%s", expected[0]) == 0 && run("%s", expected[1]) == 0,
	    "what is wanted stayed");
}

#define TABLE 100

/* A gateway, two VTEPs behind it as a group, and routes by them; or none of it. */
static void
want_routing(struct world *w, bool on)
{
	const uint32_t ids[] = { 7001, 7002 };
	struct ip gw = ip_of_v4(0x0a090001), a = ip_of_v4(0x0a090002),
		  b = ip_of_v4(0x0a090003), gw6, a6;
	struct prefix v4 = { ip_of_v4(0x0a010000), 16 }, v6 = { .len = 64 };
	struct prefix taken = { ip_of_v4(0x0a020000), 16 };

	check(ip_parse("fd00:9::1", &gw6) && ip_parse("fd00:9::2", &a6) &&
		ip_parse("fd00:1::", &v6.ip),
	    "addresses");
	const struct {
		struct kkey key;
		struct kval val;
	} rows[] = {
		{ kkey_addr(w->br, &gw, 24), kval_gateway() },
		{ kkey_addr(w->br, &gw6, 64), kval_gateway() },
		{ kkey_nexthop(7001), kval_nexthop(&a, w->br, true) },
		{ kkey_nexthop(7002), kval_nexthop(&b, w->br, true) },
		{ kkey_nexthop(7003), kval_nexthop(&a6, w->br, true) },
		{ kkey_nexthop(7004), kval_fdb_nexthop(&a) },
		{ kkey_nhgroup(7100), kval_nhgroup(ids, 2, false) },
		{ kkey_nhgroup(7101), kval_nhgroup(&(uint32_t){ 7004 }, 1, true) },
		{ kkey_route(TABLE, &v4, 20), kval_route_nhid(7100) },
		{ kkey_route(TABLE, &v6, 20), kval_route_nhid(7003) },
		{ kkey_route(TABLE, &taken, 20), kval_route_nhid(7001) },
	};
	ktab_manage(w->ktab, KOBJ_NEXTHOP, 0, true);
	ktab_manage(w->ktab, KOBJ_NHGROUP, 0, true);
	ktab_manage(w->ktab, KOBJ_ROUTE, TABLE, true);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ktab_want(w->ktab, &rows[i].key, on ? &rows[i].val : NULL, now());
}

static const struct drift routing_drifts[] = {
	/* clang-format off */
	{ "route deleted",		"ip route del 10.1.0.0/16 table 100" },
	{ "IPv6 route deleted",		"ip -6 route del fd00:1::/64 table 100" },
	{ "route by another way",	"ip route replace 10.1.0.0/16 table 100 metric 20 nhid 7001 proto 91" },
	{ "nexthop deleted",		"ip nexthop del id 7001" },
	{ "FDB nexthop deleted",	"ip nexthop del id 7004" },
	{ "group deleted",		"ip nexthop del id 7100" },
	{ "nexthop elsewhere",
	    "ip nexthop replace id 7001 via 10.9.0.99 dev br0 onlink proto 91" },
	{ "address deleted",		"ip addr del 10.9.0.1/24 dev br0" },
	{ "IPv6 address deleted",	"ip addr del fd00:9::1/64 dev br0" },
	{ "bridge down and up, routed",	"ip link set br0 down; ip link set br0 up" },
	/* clang-format on */
};

static const char *const routed[] = {
	"ip route show table 100 | grep -q '^10.1.0.0/16 nhid 7100 proto 91 .*metric "
	"20'",
	"ip -6 route show table 100 | grep -q '^fd00:1::/64 nhid 7003 .*proto 91 "
	".*metric "
	"20'",
	"ip route show table 100 | grep -q '^10.2.0.0/16 via 10.9.0.7 dev br0.*metric "
	"20'",
	"ip nexthop show id 7001 | grep -q 'via 10.9.0.2 dev br0 .*proto 91 onlink'",
	"ip nexthop show id 7100 | grep -q 'group 7001/7002 proto 91'",
	"ip nexthop show id 7101 | grep -q 'group 7004 proto 91.* fdb'",
	"ip addr show dev br0 | grep -q 'inet 10.9.0.1/24'",
	"ip addr show dev br0 | grep -q 'inet6 fd00:9::1/64'",
};

static void
all_routed(const char *when)
{
	for (size_t i = 0; i < sizeof(routed) / sizeof(routed[0]); i++) {
		if (run("%s", routed[i]) == 0)
			continue;
		printf("# %s\n", routed[i]);
		run("ip nexthop; ip route show table 100; ip -6 route show table 100; "
		    "ip addr show dev br0");
		check(false, when);
	}
}

static void
test_routing(struct world *w)
{
	static const char taken[] =
	    "10.2.0.0/16 table 100 metric 20 via 10.9.0.7 dev br0 onlink";

	check(run("ip route add %s", taken) == 0, "somebody else's route");
	want_routing(w, true);
	await(w, "routing", settled);
	all_routed("routing");
	for (size_t i = 0; i < sizeof(routing_drifts) / sizeof(routing_drifts[0]);
	     i++) {
		const struct drift *d = &routing_drifts[i];
		double took;

		check(run("%s", d->cmd) == 0, d->what);
		/* With the link, or the last address, it went without a word. */
		(void)run("ip route add %s 2>/dev/null", taken);
		took = await_news(w, d->what);
		all_routed(d->what);
		printf("ok: %s: repaired in %.2f ms\n", d->what, took);
	}
	check(run("ip route del %s", taken) == 0, "and goes");
	await_news(w, "somebody else's route goes");
	check(run("ip route show table 100 | grep -q '^10.2.0.0/16 nhid 7001'") == 0,
	    "ours takes its place");
	want_routing(w, false);
	await(w, "routing ends", settled);
	check(run("test -z \"$(ip nexthop)$(ip route show table 100)\"") == 0,
	    "nothing is left of routing");
}

static bool
vlans_made(struct world *w)
{
	const struct klink *br = klink_by_name(w->klinks, "vbr");
	const struct klink *vx = klink_by_name(w->klinks, "vvx");
	const struct klink *svi = klink_by_name(w->klinks, "vbr.10");
	const struct klink *vrf = klink_by_name(w->klinks, "red");

	return br != NULL && vx != NULL && svi != NULL && vrf != NULL &&
	    br->vlan_filtering && vx->port.vlan_tunnel && svi->vlan == 10 &&
	    svi->noaddrgen && svi->mac.b[5] == 0x55 && svi->master == vrf->ifindex &&
	    svi->up && vrf->table == 1000 && settled(w);
}

static void
want_vlan_devices(struct world *w)
{
	const uint16_t made = KLINK_WANT_CREATE | KLINK_WANT_UP;
	const struct klink_want wants[] = {
		{ .name = "vbr",
		    .kind = KLINK_BRIDGE,
		    .what = made | KLINK_WANT_FILTERING,
		    .vlan_filtering = true },
		{ .name = "vvx",
		    .kind = KLINK_VXLAN,
		    .what = made | KLINK_WANT_MASTER | KLINK_WANT_PORT |
			KLINK_WANT_TUNNEL | KLINK_WANT_NOLEARN | KLINK_WANT_NOADDRGEN,
		    .master = "vbr",
		    .port = { .vlan_tunnel = true, .neigh_suppress = true },
		    .vxlan = { .external = true,
			.vnifilter = true,
			.port = 4790,
			.local = ip_of_v4(0x7f000001) } },
		{ .name = "red", .kind = KLINK_VRF, .what = made, .table = 1000 },
		{ .name = "vbr.10",
		    .kind = KLINK_VLAN,
		    .what = made | KLINK_WANT_MASTER | KLINK_WANT_MAC |
			KLINK_WANT_NOADDRGEN,
		    .lower = "vbr",
		    .vlan = 10,
		    .mac = { { 2, 0, 0, 0, 0, 0x55 } },
		    .master = "red" },
	};

	for (size_t i = 0; i < sizeof(wants) / sizeof(wants[0]); i++)
		klink_want(w->klinks, &wants[i]);
}

static const char vlans_shown[] =
    "bridge -j vlan tunnelshow dev vvx | grep -q '\"tunid\":100' && "
    "bridge vlan show dev vvx | grep -q '10$' && bridge vlan show dev vbr | grep -q 10 "
    "&& "
    "bridge vni show dev vvx | grep -q 100";

/* The single vxlan device on a VLAN-aware bridge, with an SVI in a VRF. */
static void
test_vlans(struct world *w)
{
	static const struct drift vlan_drifts[] = {
		{ "VLAN of a port deleted", "bridge vlan del vid 10 dev vvx" },
		{ "VLAN of the bridge deleted", "bridge vlan del vid 10 dev vbr self" },
		{ "tunnel_info deleted",
		    "bridge vlan del dev vvx vid 10 tunnel_info id 100" },
		{ "VNI deleted", "bridge vni delete vni 100 dev vvx" },
	};
	uint32_t br, vx;

	want_vlan_devices(w);
	printf("ok: VLAN devices in %.1f ms\n", await(w, "VLAN devices", vlans_made));
	br = klink_by_name(w->klinks, "vbr")->ifindex;
	vx = klink_by_name(w->klinks, "vvx")->ifindex;
	const struct {
		struct kkey key;
		struct kval val;
	} rows[] = {
		{ kkey_vni(vx, 100), kval_vni() },
		{ kkey_vni(vx, 101), kval_vni() },
		{ kkey_brvlan(vx, 10), kval_brvlan(0, 100) },
		{ kkey_brvlan(vx, 11), kval_brvlan(0, 101) },
		{ kkey_brvlan(br, 10), kval_brvlan(KVLAN_SELF, 0) },
	};
	ktab_manage(w->ktab, KOBJ_VNI, vx, true);
	ktab_manage(w->ktab, KOBJ_BRVLAN, vx, true);
	ktab_manage(w->ktab, KOBJ_BRVLAN, br, true);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ktab_want(w->ktab, &rows[i].key, &rows[i].val, now());
	await(w, "VLANs", vlans_made);
	check(run("%s", vlans_shown) == 0, "VLANs");
	for (size_t i = 0; i < sizeof(vlan_drifts) / sizeof(vlan_drifts[0]); i++) {
		check(run("%s", vlan_drifts[i].cmd) == 0, vlan_drifts[i].what);
		await_news(w, vlan_drifts[i].what);
		await(w, vlan_drifts[i].what, vlans_made);
		if (run("%s", vlans_shown) != 0) {
			run("bridge vlan show; bridge vlan tunnelshow; bridge vni "
			    "show");
			check(false, "repaired");
		}
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ktab_want(w->ktab, &rows[i].key, NULL, now());
	await(w, "VLANs end", settled);
	check(run("bridge vlan show | grep -q '1[01]$'") != 0 &&
		run("bridge vni show dev vvx | grep -q 10[01]") != 0,
	    "nothing is left of VLANs");
}

static unsigned solicited;

static void
missed(void *arg, const struct kkey *key, bool solicit)
{
	(void)arg;
	if (solicit && key->kind == KOBJ_NEIGH && ip_v4(&key->ip) == 0x0a070002)
		solicited++;
}

/* The kernel asks for a neighbour and holds the packet. */
static void
test_missed(struct world *w)
{
	check(run("ip addr add 10.7.0.1/24 dev br0; "
		  "echo 1 >/proc/sys/net/ipv4/neigh/br0/app_solicit; "
		  "(ping -c 1 -w 1 10.7.0.2 >/dev/null 2>&1 &)") == 0,
	    "an unknown neighbour");
	for (double until = now_ms() + LIMIT_MS; solicited == 0 && now_ms() < until;)
		event_base_loop(w->base, EVLOOP_ONCE);
	check(solicited > 0, "is asked for");
	run("ip addr del 10.7.0.1/24 dev br0");
}

int
main(void)
{
	struct world w = { .base = event_base_new() };
	struct netlink_env env = {
		.base = w.base,
		.wake = wake,
		.log = say,
		.missed = missed,
		.arg = &w,
		.rcvbuf = 256 << 10,
	};
	struct ip lo = ip_of_v4(0x7f000001);
	uint32_t mtu, dev;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (unshare(CLONE_NEWNET) < 0) {
		printf("SKIP: no network namespace of our own: %s\n", strerror(errno));
		return SKIP;
	}
	if (run("ip link set lo up && bridge -V >/dev/null 2>&1") != 0) {
		printf("SKIP: no iproute2\n");
		return SKIP;
	}
	env.ktab = w.ktab = ktab_new();
	env.klinks = w.klinks = klinks_new();
	w.nl = netlink_new(&env);
	check(w.nl != NULL, "sockets");
	want_devices(&w);
	printf("ok: devices made in %.1f ms\n", await(&w, "devices", devices_made));
	check(netlink_route_mtu(w.nl, &lo, &mtu, &dev) && mtu == 65536 && dev == 1,
	    "MTU and device of a route");
	test_drift(&w);
	test_routing(&w);
	test_missed(&w);
	if (run("ip link add probe type vrf table 9 2>/dev/null && "
		"ip link del probe") == 0)
		test_vlans(&w);
	else
		printf("ok: no VRF in this kernel, VLANs not tried\n");
	test_snoop(&w);
	test_many(&w);
	test_recreate(&w);
	test_restart(&w, &env);
	netlink_free(w.nl);
	ktab_free(w.ktab);
	klinks_free(w.klinks);
	event_base_free(w.base);
	printf("ok: all\n");
	return EXIT_SUCCESS;
}

/*
 * inject - a route reflector that says one thing, as fast as TCP takes it, and watches the
 * kernel of the namespace it runs in until what it said is there.
 *
 *   inject -l ADDRESS -n ROUTES [-v VNIS] [-a AS] [-t VTEP]
 *
 * Listens on ADDRESS port 179 for one neighbor, sends MAC/IPv4 routes (type 2) of VNIs 100,
 * 101 ... encoded before the clock starts, and counts neighbours and vxlan entries as the
 * kernel tells of them; then withdraws everything and watches it go. Prints "ready" when the
 * session stands; a line on standard input starts each of the two, which print a line of
 * JSON: times in ms since the first byte sent.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "bgp/extcomm.h"
#include "bgp/update.h"

#define LIMIT_MS 120000

struct options {
	const char *listen;
	const char *watch; /* network namespace of the kernel to look at; NULL: ours */
	uint32_t routes, vnis, as;
	bool send_only; /* the kernel is not to have them all */
	struct ip vtep;
};

/* What the kernel told since the last reset. */
struct watch {
	int fd;
	uint32_t neigh, vxlan;
	uint64_t first_us, last_us;
};

static uint64_t
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

static void
die(const char *what)
{
	fprintf(stderr, "inject: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* --- the kernel --- */

static int
watch_open(void)
{
	struct sockaddr_nl sa = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_NEIGH };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int size = 256 << 20;

	if (fd < 0 || bind(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0)
		die("netlink");
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		die("netlink buffer");
	return fd;
}

static void
watch_message(struct watch *w, const struct nlmsghdr *nlh, bool added)
{
	const struct ndmsg *ndm = NLMSG_DATA(nlh);
	bool vxlan = ndm->ndm_family == AF_BRIDGE && (ndm->ndm_flags & NTF_SELF);

	if (nlh->nlmsg_type != (added ? RTM_NEWNEIGH : RTM_DELNEIGH))
		return;
	if (ndm->ndm_family == AF_INET)
		w->neigh++;
	else if (vxlan)
		w->vxlan++;
	else
		return;
	w->last_us = now_us();
	if (w->first_us == 0)
		w->first_us = w->last_us;
}

static void
watch_read(struct watch *w, bool added)
{
	static char buf[1 << 16];
	ssize_t n;

	while ((n = recv(w->fd, buf, sizeof(buf), 0)) > 0) {
		const struct nlmsghdr *nlh = (const void *)buf;

		for (; NLMSG_OK(nlh, (size_t)n); nlh = NLMSG_NEXT(nlh, n))
			watch_message(w, nlh, added);
	}
	if (n < 0 && errno == ENOBUFS)
		die("the kernel's events came faster than they were read");
}

/* The daemon's network namespace: a daemon takes none of its own addresses for a neighbor. */
static void
enter(const char *netns)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
		die(path);
	close(fd);
}

/* --- the session --- */

static int
session_accept(const char *address)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(179) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1, conn;

	if (inet_pton(AF_INET, address, &sin.sin_addr) != 1)
		die(address);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0 || listen(fd, 1) < 0)
		die("listen");
	conn = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
	if (conn < 0)
		die("accept");
	close(fd);
	return conn;
}

static void
send_all(int fd, const uint8_t *p, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, p, len, MSG_NOSIGNAL);

		if (n < 0)
			die("send");
		p += n;
		len -= (size_t)n;
	}
}

static void
session_open(int fd, const struct options *o)
{
	struct msg_open open = {
		.as = o->as,
		.hold_s = 180,
		.router_id = ip_v4(&o->vtep),
		.caps = { .family = { { .afi = AFI_L2VPN, .safi = SAFI_EVPN } },
		    .families = 1,
		    .as4 = true,
		    .as = o->as,
		    .refresh = true },
	};
	uint8_t buf[MSG_MAX];
	struct builder b = builder_of(buf, sizeof(buf));

	msg_open_put(&b, &open);
	msg_keepalive_put(&b);
	send_all(fd, buf, put_len(&b));
}

/* Reads until the peer's End-of-RIB, or, when it sends none, its first KEEPALIVE and 2 s. */
static void
session_wait(int fd)
{
	uint64_t until = now_us() + 2000000;
	static uint8_t buf[1 << 16];

	while (now_us() < until) {
		struct pollfd p = { .fd = fd, .events = POLLIN };

		if (poll(&p, 1, 100) > 0 && recv(fd, buf, sizeof(buf), 0) <= 0)
			die("the session");
	}
}

/* --- the routes --- */

struct bytes {
	uint8_t *p;
	size_t len;
};

static struct nlri
route_of(uint32_t i, const struct options *o)
{
	uint32_t vni = 100 + i % o->vnis;
	struct nlri n = { .type = NLRI_MACIP,
		.rd = rd_of_ip(ip_v4(&o->vtep), (uint16_t)vni),
		.mac = { { 2, 0x10, (uint8_t)(i >> 24), (uint8_t)(i >> 16),
		    (uint8_t)(i >> 8), (uint8_t)i } },
		.ip = ip_of_v4(0x0b000000 + i) };

	return n;
}

static struct attr_value
attributes(const struct options *o, uint32_t vni, struct ecom ext[2])
{
	ext[0] = rt_of_as(o->as, vni);
	ext[1] = ecom_encap(ENCAP_VXLAN);
	return (struct attr_value){ .flags = ATTRS_LOCAL_PREF,
		.local_pref = 100,
		.nexthop = o->vtep,
		.ext = { .p = (const uint8_t *)ext, .len = 16 } };
}

/* All routes of one VNI, reachable or withdrawn, appended to OUT. */
static void
encode_vni(const struct options *o, uint32_t v, bool reach, struct builder *b)
{
	struct attr_ctx ctx = { .as4 = true, .ibgp = true };
	struct nlri_info info = { .label = { 100 + v }, .labels = 1 };
	struct update_writer w;
	struct ecom ext[2];
	struct attr_value a = attributes(o, 100 + v, ext);
	bool open = false;

	for (uint32_t i = v; i < o->routes; i += o->vnis) {
		struct nlri n = route_of(i, o);

		for (;;) {
			if (!open && reach)
				update_begin_reach(&w, b, MSG_MAX, &a, &ctx);
			else if (!open)
				update_begin_unreach(&w, b, MSG_MAX, &ctx);
			open = true;
			if (update_add(&w, &n, reach ? &info : NULL))
				break;
			update_end(&w);
			open = false;
		}
	}
	if (open)
		update_end(&w);
}

static struct bytes
encode(const struct options *o, bool reach)
{
	size_t size = (size_t)o->routes * 48 + (size_t)o->vnis * 2 * MSG_MAX + MSG_MAX;
	struct bytes out = { .p = xmalloc(size) };
	struct builder b = builder_of(out.p, size);

	for (uint32_t v = 0; v < o->vnis; v++)
		encode_vni(o, v, reach, &b);
	update_put_eor(&b);
	if (b.full) {
		fputs("inject: buffer too small\n", stderr);
		exit(1);
	}
	out.len = put_len(&b);
	return out;
}

/* Sends DATA and watches until WANT neighbours and vxlan entries came or went. */
static bool
push(int fd, const struct bytes *data, struct watch *w, uint32_t want, bool added)
{
	uint64_t start = now_us(), sent = start;
	size_t off = 0;
	bool complete;

	*w = (struct watch){ .fd = w->fd };
	while ((w->neigh < want || w->vxlan < want || off < data->len) &&
	    now_us() - start < (uint64_t)LIMIT_MS * 1000) {
		struct pollfd p[2] = {
			{ .fd = w->fd, .events = POLLIN },
			{ .fd = fd,
			    .events = POLLIN | (off < data->len ? POLLOUT : 0) },
		};
		static uint8_t junk[1 << 16];

		poll(p, 2, 100);
		if (p[1].revents & POLLIN && recv(fd, junk, sizeof(junk), 0) <= 0)
			die("the session");
		if (p[1].revents & POLLOUT) {
			ssize_t n = send(fd, data->p + off, data->len - off,
			    MSG_NOSIGNAL | MSG_DONTWAIT);

			off += n > 0 ? (size_t)n : 0;
			sent = now_us();
		}
		watch_read(w, added);
	}
	complete = w->neigh >= want && w->vxlan >= want;
	printf("{\"complete\": %s, \"neighbours\": %u, \"vxlan\": %u, "
	       "\"sent_ms\": %.1f, \"first_ms\": %.2f, \"last_ms\": %.1f}\n",
	    complete ? "true" : "false", w->neigh, w->vxlan,
	    (double)(sent - start) / 1000,
	    w->first_us == 0 ? 0 : (double)(w->first_us - start) / 1000,
	    w->last_us == 0 ? 0 : (double)(w->last_us - start) / 1000);
	fflush(stdout);
	return complete;
}

/* The caller's word to go on: a line on standard input. */
static void
wait_for_line(void)
{
	int c;

	while ((c = getchar()) != EOF && c != '\n')
		continue;
}

static struct options
options_of(int argc, char **argv)
{
	struct options o = { .routes = 1000, .vnis = 1, .as = 65000 };
	int opt;

	ip_parse("10.99.0.77", &o.vtep);
	while ((opt = getopt(argc, argv, "l:n:v:a:t:sw:")) != -1) {
		if (opt == 'l')
			o.listen = optarg;
		else if (opt == 'w')
			o.watch = optarg;
		else if (opt == 'n')
			o.routes = (uint32_t)strtoul(optarg, NULL, 10);
		else if (opt == 'v')
			o.vnis = (uint32_t)strtoul(optarg, NULL, 10);
		else if (opt == 'a')
			o.as = (uint32_t)strtoul(optarg, NULL, 10);
		else if (opt == 's')
			o.send_only = true;
		else if (opt != 't' || !ip_parse(optarg, &o.vtep))
			o.vnis = 0;
	}
	if (o.listen == NULL || o.vnis == 0) {
		fputs("usage: inject -l ADDRESS -n ROUTES [-s] [-v VNIS] [-a AS] [-t "
		      "VTEP] [-w NETNS]\n",
		    stderr);
		exit(2);
	}
	return o;
}

int
main(int argc, char **argv)
{
	struct options o = options_of(argc, argv);
	struct bytes add = encode(&o, true), del = encode(&o, false);
	struct watch w = { 0 };
	bool ok;
	int fd;

	fd = session_accept(o.listen);
	session_open(fd, &o);
	session_wait(fd);
	if (o.watch != NULL)
		enter(o.watch);
	w.fd = watch_open();
	puts("ready");
	fflush(stdout);
	wait_for_line();
	ok = push(fd, &add, &w, o.send_only ? 0 : o.routes, true);
	wait_for_line();
	ok &= push(fd, &del, &w, o.send_only ? 0 : o.routes, false);
	free(add.p);
	free(del.p);
	close(fd);
	return ok ? 0 : 1;
}

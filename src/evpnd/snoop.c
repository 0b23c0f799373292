/*
 * snoop - see snoop.h. One packet socket per port, bound to it with all protocols: on a
 * bridge port nothing else sees a frame before the bridge takes it (a socket for ARP alone
 * stays empty; 6.18). The filter runs before the kernel copies anything.
 */
#include "snoop.h"

#include <errno.h>
#include <event2/event.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "base/table.h"
#include "kern/frame.h"
#include "packet.h"

#define FRAME_BUDGET 128     /* frames a callback */
#define FRAMES_A_SECOND 2000 /* of one port; what is more is not looked at */

struct port {
	RB_ENTRY(port) link;
	struct snoop *snoop;
	struct packet packet;
	time_t second; /* the one that FRAMES counts in */
	unsigned frames;
};

RB_HEAD(ports, port);

struct snoop {
	struct snoop_env env;
	struct ports ports;
	struct packet sender;
	bool waiting; /* of the callback under way: one who asked */
};

static int
port_cmp(const struct port *a, const struct port *b)
{
	return a->packet.ifindex < b->packet.ifindex
	    ? -1
	    : a->packet.ifindex > b->packet.ifindex;
}

RB_PROTOTYPE(ports, port, link, port_cmp)
RB_GENERATE(ports, port, link, port_cmp)

/* ARP, and ICMPv6 of types 135 and 136, coming in. */
static const struct sock_filter filter[] = {
	BPF_STMT(BPF_LD | BPF_ABS | BPF_B, (unsigned)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 9, 0),
	BPF_STMT(BPF_LD | BPF_ABS | BPF_H, 12),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_ARP, 6, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IPV6, 0, 6),
	BPF_STMT(BPF_LD | BPF_ABS | BPF_B, 20),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 58, 0, 4),
	BPF_STMT(BPF_LD | BPF_ABS | BPF_B, 54),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 135, 1, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 136, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, 0xffff),
	BPF_STMT(BPF_RET | BPF_K, 0),
};

/* The VLAN tag that the kernel took out of the frame. */
static uint16_t
taken_vlan(struct msghdr *mh)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(mh); c != NULL; c = CMSG_NXTHDR(mh, c)) {
		struct tpacket_auxdata aux;

		if (c->cmsg_level != SOL_PACKET || c->cmsg_type != PACKET_AUXDATA ||
		    c->cmsg_len < CMSG_LEN(sizeof(aux)))
			continue;
		memcpy(&aux, CMSG_DATA(c), sizeof(aux));
		if (aux.tp_status & TP_STATUS_VLAN_VALID)
			return aux.tp_vlan_tci & 0xfff;
	}
	return 0;
}

static bool
within_rate(struct port *p)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	if (ts.tv_sec != p->second) {
		p->second = ts.tv_sec;
		p->frames = 0;
	}
	return p->frames++ < FRAMES_A_SECOND;
}

/* One frame; false: there was none. */
static bool
port_read(struct port *p)
{
	uint8_t buf[256], control[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr mh = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control) };
	struct snoop *s = p->snoop;
	struct frame_binding b;
	struct frame_question q;
	ssize_t n = recvmsg(p->packet.fd, &mh, 0);
	uint16_t vlan;

	if (n < 0)
		return errno == EINTR || errno == ENETDOWN;
	if (!within_rate(p))
		return true;
	vlan = taken_vlan(&mh);
	if (frame_parse(buf, (size_t)n, &b)) {
		s->env.heard(s->env.arg, p->packet.ifindex, vlan != 0 ? vlan : b.vlan,
		    &b.mac, &b.ip);
	}
	if (s->env.asked != NULL && frame_question(buf, (size_t)n, &q)) {
		q.vlan = vlan != 0 ? vlan : q.vlan;
		s->waiting |= s->env.asked(s->env.arg, p->packet.ifindex, &q);
	}
	return true;
}

static void
on_frames(evutil_socket_t fd, short what, void *arg)
{
	struct snoop *s = ((struct port *)arg)->snoop;

	(void)fd;
	(void)what;
	s->waiting = false;
	for (int i = 0; i < FRAME_BUDGET && port_read(arg); i++)
		;
	if (s->waiting)
		s->env.read(s->env.arg);
}

static void
port_free(struct snoop *s, struct port *p)
{
	RB_REMOVE(ports, &s->ports, p);
	packet_close(&p->packet);
	free(p);
}

struct snoop *
snoop_new(const struct snoop_env *env)
{
	struct snoop *s = xcalloc(1, sizeof(*s));

	s->env = *env;
	RB_INIT(&s->ports);
	s->sender = (struct packet){ .lost = "questions to hosts on the link",
		.base = env->base,
		.log = env->log };
	packet_open(&s->sender);
	return s;
}

void
snoop_free(struct snoop *s)
{
	struct port *p;

	if (s == NULL)
		return;
	while ((p = RB_ROOT(&s->ports)) != NULL)
		port_free(s, p);
	packet_close(&s->sender);
	free(s);
}

static struct port *
port_find(struct snoop *s, uint32_t ifindex)
{
	struct port k = { .packet.ifindex = ifindex };

	return RB_FIND(ports, &s->ports, &k);
}

void
snoop_port(struct snoop *s, uint32_t ifindex, bool on)
{
	struct port *p = port_find(s, ifindex);

	if (!on && p != NULL)
		port_free(s, p);
	if (!on || p != NULL)
		return;
	p = xcalloc(1, sizeof(*p));
	p->snoop = s;
	p->packet = (struct packet){ .filter = filter,
		.nfilter = sizeof(filter) / sizeof(filter[0]),
		.option = PACKET_AUXDATA,
		.ifindex = ifindex,
		.lost = "learning from ARP and ND",
		.base = s->env.base,
		.frames = on_frames,
		.arg = p,
		.log = s->env.log };
	RB_INSERT(ports, &s->ports, p);
	packet_open(&p->packet);
}

/* A socket knows the hardware address of the device it is bound to. */
static bool
port_mac(const struct port *p, struct mac *out)
{
	struct sockaddr_ll addr;
	socklen_t len = sizeof(addr);

	if (getsockname(p->packet.fd, (struct sockaddr *)&addr, &len) < 0)
		return false;
	if (addr.sll_halen != sizeof(*out)) {
		errno = EAFNOSUPPORT;
		return false;
	}
	memcpy(out, addr.sll_addr, sizeof(*out));
	return true;
}

bool
snoop_probe(struct snoop *s, uint32_t ifindex, uint16_t vlan, const struct mac *mac,
    const struct ip *ip)
{
	struct port *p = port_find(s, ifindex);
	uint8_t buf[FRAME_PROBE_MAX];
	struct mac from;
	size_t len;

	if (p == NULL) {
		errno = ENOENT;
		return false;
	}
	if (!port_mac(p, &from))
		return false;
	len = frame_probe(buf, sizeof(buf), vlan, &from, mac, ip);
	return len > 0 && send(p->packet.fd, buf, len, 0) >= 0;
}

bool
snoop_ask(struct snoop *s, uint32_t ifindex, const struct mac *mac,
    const struct ip *source, const struct ip *ip)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ip->family == 6 ? ETH_P_IPV6 : ETH_P_ARP),
		.sll_ifindex = (int)ifindex };
	uint8_t buf[FRAME_PROBE_MAX];
	size_t len = frame_ask(buf, sizeof(buf), mac, source, ip);

	return len > 0 &&
	    sendto(s->sender.fd, buf, len, 0, (struct sockaddr *)&to, sizeof(to)) >= 0;
}

bool
snoop_answer(struct snoop *s, uint32_t ifindex, const struct frame_question *q,
    const struct mac *mac, bool router)
{
	struct port *p = port_find(s, ifindex);
	uint8_t buf[FRAME_REPLY_MAX];
	size_t len = frame_reply(buf, sizeof(buf), q, mac, router);

	return p != NULL && len > 0 && send(p->packet.fd, buf, len, 0) >= 0;
}

/*
 * bfd_sock - see bfd_sock.h.
 *
 * The kernel has no filter for the TTL of UDP: it is told with every packet, and whoever
 * reads compares.
 */
#include "bfd_sock.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nlsock.h"
#include "sockaddr.h"

#define PORT_SINGLE 3784
#define PORT_MULTI 4784
#define SOURCE_FIRST 49152 /* RFC 5881, 4 */
#define SOURCE_TRIES 64
#define WAY_RCVBUF 32768

static int
option(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value)) < 0 ? -errno : 0;
}

static int
udp_socket(uint8_t family)
{
	int type = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
	int fd = socket(family == 6 ? AF_INET6 : AF_INET, type, IPPROTO_UDP);

	if (fd < 0)
		return -errno;
	return fd;
}

static int
start_listen(int fd, uint8_t family, bool multihop)
{
	bool v6 = family == 6;
	int level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
	struct ip any = { .family = family };
	struct sockaddr_storage ss;
	socklen_t len = sockaddr_put(&ss, &any, multihop ? PORT_MULTI : PORT_SINGLE);
	int error;

	if (v6 && (error = option(fd, level, IPV6_V6ONLY, 1)) < 0)
		return error;
	if ((error = option(fd, level, v6 ? IPV6_RECVHOPLIMIT : IP_RECVTTL, 1)) < 0 ||
	    (error = option(fd, level, v6 ? IPV6_RECVPKTINFO : IP_PKTINFO, 1)) < 0)
		return error;
	return bind(fd, (struct sockaddr *)&ss, len) < 0 ? -errno : 0;
}

int
bfd_sock_listen(uint8_t family, bool multihop)
{
	int fd = udp_socket(family), error;

	if (fd < 0)
		return fd;
	if ((error = start_listen(fd, family, multihop)) < 0) {
		close(fd);
		return error;
	}
	return fd;
}

/* What the kernel tells of a packet besides its bytes. */
static void
take_control(const struct cmsghdr *c, struct bfd_datagram *out)
{
	struct in_pktinfo v4;
	struct in6_pktinfo v6;
	int ttl;

	if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
		memcpy(&v4, CMSG_DATA(c), sizeof(v4));
		out->to = ip_of(&v4.ipi_addr, 4);
		out->ifindex = (uint32_t)v4.ipi_ifindex;
	} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
		memcpy(&v6, CMSG_DATA(c), sizeof(v6));
		out->to = ip_of(&v6.ipi6_addr, 16);
		out->ifindex = v6.ipi6_ifindex;
	} else if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL) ||
	    (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_HOPLIMIT)) {
		memcpy(&ttl, CMSG_DATA(c), sizeof(ttl));
		out->ttl = (uint8_t)ttl;
	}
}

int
bfd_sock_recv(int fd, struct bfd_datagram *out)
{
	_Alignas(struct cmsghdr) char control[256];
	struct sockaddr_storage ss = { 0 };
	struct iovec iov = { out->data, sizeof(out->data) };
	struct msghdr msg = { .msg_name = &ss,
		.msg_namelen = sizeof(ss),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &msg, MSG_DONTWAIT);
	struct cmsghdr *c;
	uint16_t port;

	if (n < 0)
		return -errno;
	out->len = (size_t)n;
	out->ttl = 0;
	out->ifindex = 0;
	out->to = (struct ip){ 0 };
	out->from = sockaddr_get(&ss, &port);
	for (c = CMSG_FIRSTHDR(&msg); c != NULL; c = CMSG_NXTHDR(&msg, c))
		take_control(c, out);
	return 0;
}

/* Any port of the range that nobody has. */
static int
bind_source(int fd, const struct ip *local)
{
	struct sockaddr_storage ss;
	uint16_t port;
	socklen_t len;
	int i;

	for (i = 0; i < SOURCE_TRIES; i++) {
		port = (uint16_t)(SOURCE_FIRST +
		    arc4random_uniform(UINT16_MAX - SOURCE_FIRST + 1));
		len = sockaddr_put(&ss, local, port);
		if (bind(fd, (struct sockaddr *)&ss, len) == 0)
			return 0;
		if (errno != EADDRINUSE)
			return -errno;
	}
	return -EADDRINUSE;
}

static int
start_connect(int fd, const struct ip *local, const struct ip *remote, bool multihop)
{
	bool v6 = remote->family == 6;
	int level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
	struct sockaddr_storage ss;
	socklen_t len;
	int error;

	/* DSCP CS6, network control: RFC 4594. */
	option(fd, level, v6 ? IPV6_TCLASS : IP_TOS, 0xc0);
	if ((error = option(fd, level, v6 ? IPV6_UNICAST_HOPS : IP_TTL, 255)) < 0 ||
	    (error = bind_source(fd, local)) < 0)
		return error;
	len = sockaddr_put(&ss, remote, multihop ? PORT_MULTI : PORT_SINGLE);
	return connect(fd, (struct sockaddr *)&ss, len) < 0 ? -errno : 0;
}

int
bfd_sock_connect(const struct ip *local, const struct ip *remote, bool multihop)
{
	int fd = udp_socket(remote->family), error;

	if (fd < 0)
		return fd;
	if ((error = start_connect(fd, local, remote, multihop)) < 0) {
		close(fd);
		return error;
	}
	return fd;
}

int
bfd_sock_send(int fd, const void *data, size_t len)
{
	ssize_t n = send(fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0 && errno == ECONNREFUSED)
		n = send(fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	return n < 0 ? -errno : 0;
}

static void
take_route(void *arg, const struct nlmsghdr *nlh, size_t len)
{
	struct bfd_way *out = arg;
	struct nlattr *tb[RTA_MAX + 1];

	(void)len;
	if (nlh->nlmsg_type != RTM_NEWROUTE ||
	    nlmsg_parse((struct nlmsghdr *)(uintptr_t)nlh, sizeof(struct rtmsg), tb,
		RTA_MAX, NULL) < 0 ||
	    tb[RTA_OIF] == NULL)
		return;
	out->ifindex = nla_get_u32(tb[RTA_OIF]);
	out->direct = tb[RTA_GATEWAY] == NULL && tb[RTA_VIA] == NULL;
}

/* The kernel has answered when send() returns. */
static int
ask_way(struct nlsock *s, const struct ip *local, const struct ip *remote,
    struct bfd_way *out)
{
	struct rtmsg rtm = {
		.rtm_family = remote->family == 6 ? AF_INET6 : AF_INET,
		.rtm_dst_len = (unsigned char)(ip_len(remote) * 8),
		.rtm_src_len = (unsigned char)(ip_len(local) * 8),
	};
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETROUTE, NLM_F_REQUEST);
	char buf[8192];
	int error = -ENOMEM;

	if (msg != NULL && nlmsg_append(msg, &rtm, sizeof(rtm), NLMSG_ALIGNTO) == 0 &&
	    nla_put(msg, RTA_DST, (int)ip_len(remote), remote->b) == 0 &&
	    nla_put(msg, RTA_SRC, (int)ip_len(local), local->b) == 0) {
		nlsock_number(s, nlmsg_hdr(msg), 0);
		error = nlsock_send(s, nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len);
	}
	nlmsg_free(msg);
	if (error == 0)
		error = nlsock_recv(s, buf, sizeof(buf), take_route, out);
	return error < 0 ? error : out->ifindex != 0 ? 0 : -ENETUNREACH;
}

int
bfd_sock_way(const struct ip *local, const struct ip *remote, struct bfd_way *out)
{
	struct nlsock s;
	int error = nlsock_open(&s, WAY_RCVBUF);

	*out = (struct bfd_way){ 0 };
	if (error < 0)
		return error;
	error = ask_way(&s, local, remote, out);
	nlsock_close(&s);
	return error;
}

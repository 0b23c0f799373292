/* nlsock - see nlsock.h. */
#include "nlsock.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <sys/socket.h>

#define SNDBUF (1 << 20)
#define ECHO_PART 7 /* instructions of nlsock_filter_events() for it */

static void
set_buffers(int fd, int rcvbuf)
{
	int sndbuf = SNDBUF;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &rcvbuf, sizeof(rcvbuf)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &rcvbuf, sizeof(rcvbuf));
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &sndbuf, sizeof(sndbuf)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &sndbuf, sizeof(sndbuf));
}

int
nlsock_open(struct nlsock *s, int rcvbuf)
{
	static const int options[] = { NETLINK_EXT_ACK, NETLINK_CAP_ACK,
		NETLINK_GET_STRICT_CHK };
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	socklen_t len = sizeof(addr);
	int err;

	s->seq = 0;
	s->fd =
	    socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (s->fd < 0)
		return -errno;
	set_buffers(s->fd, rcvbuf);
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		(void)setsockopt(
		    s->fd, SOL_NETLINK, options[i], &(int){ 1 }, sizeof(int));
	if (bind(s->fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    getsockname(s->fd, (struct sockaddr *)&addr, &len) < 0) {
		err = -errno;
		nlsock_close(s);
		return err;
	}
	s->port = addr.nl_pid;
	return 0;
}

void
nlsock_close(struct nlsock *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

int
nlsock_join(struct nlsock *s, unsigned group)
{
	if (setsockopt(
		s->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
		return -errno;
	return 0;
}

static int
attach(struct nlsock *s, struct sock_filter *code, size_t n)
{
	struct sock_fprog prog = { .len = (unsigned short)n, .filter = code };

	if (setsockopt(s->fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) < 0)
		return -errno;
	return 0;
}

/* The filter machine loads in network order what netlink has in the host's. */
#define LOAD_TYPE \
	BPF_STMT(BPF_LD | BPF_ABS | BPF_H, offsetof(struct nlmsghdr, nlmsg_type))
#define LOAD_PORT \
	BPF_STMT(BPF_LD | BPF_ABS | BPF_W, offsetof(struct nlmsghdr, nlmsg_pid))
#define IF_TYPE(type, yes, no) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(type), (yes), (no))
#define LOAD_NEIGH(field) \
	BPF_STMT(BPF_LD | BPF_ABS | BPF_B, NLMSG_HDRLEN + offsetof(struct ndmsg, field))
#define TAKE BPF_STMT(BPF_RET | BPF_K, 0xffffffff)
#define DROP BPF_STMT(BPF_RET | BPF_K, 0)

/*
 * Events of neighbours, nexthops and routes carry the port of who caused them; FDB events carry
 * 0 (6.18: "ip monitor" shows the difference), so that our own FDB writes come back as an echo.
 * They carry NTF_EXT_LEARNED, which no host that was just learned does.
 */
int
nlsock_filter_events(struct nlsock *s, uint32_t port, bool writing_fdb)
{
	struct sock_filter code[] = {
		LOAD_TYPE,
		IF_TYPE(RTM_NEWNEIGH, 0, 5),
		LOAD_NEIGH(ndm_family),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_BRIDGE, 0, 3),
		LOAD_NEIGH(ndm_flags),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, NTF_EXT_LEARNED, 0, 1),
		DROP,
		LOAD_TYPE,
		IF_TYPE(RTM_NEWNEIGH, 17, 0),
		IF_TYPE(RTM_DELNEIGH, 16, 0),
		IF_TYPE(RTM_NEWROUTE, 15, 0),
		IF_TYPE(RTM_DELROUTE, 14, 0),
		IF_TYPE(RTM_NEWNEXTHOP, 13, 0),
		IF_TYPE(RTM_DELNEXTHOP, 12, 0),
		IF_TYPE(RTM_NEWLINK, 13, 0),
		IF_TYPE(RTM_DELLINK, 12, 0),
		IF_TYPE(RTM_NEWADDR, 11, 0),
		IF_TYPE(RTM_DELADDR, 10, 0),
		IF_TYPE(RTM_NEWTUNNEL, 9, 0),
		IF_TYPE(RTM_DELTUNNEL, 8, 0),
		IF_TYPE(RTM_NEWTFILTER, 7, 0),
		IF_TYPE(RTM_DELTFILTER, 6, 0),
		IF_TYPE(RTM_DELQDISC, 5, 0),
		IF_TYPE(RTM_NEWNETCONF, 4, 0),
		IF_TYPE(RTM_NEWVLAN, 3, 0),
		IF_TYPE(RTM_DELVLAN, 2, 3),
		LOAD_PORT,
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(port), 1, 0),
		TAKE,
		DROP,
	};

	unsigned skip = writing_fdb ? 0 : ECHO_PART;

	return attach(s, code + skip, sizeof(code) / sizeof(code[0]) - skip);
}

int
nlsock_filter_none(struct nlsock *s)
{
	int none = 0;

	if (setsockopt(s->fd, SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof(none)) < 0 &&
	    errno != ENOENT)
		return -errno;
	return 0;
}

int
nlsock_filter_misses(struct nlsock *s, const uint32_t *muted, unsigned n)
{
	struct sock_filter code[NLSOCK_MUTED + 6] = {
		LOAD_TYPE,
		IF_TYPE(RTM_GETNEIGH, 1, 0),
		DROP,
		BPF_STMT(BPF_LD | BPF_ABS | BPF_W,
		    NLMSG_HDRLEN + offsetof(struct ndmsg, ndm_ifindex)),
	};
	size_t at = 4;

	for (unsigned i = 0; i < n && i < NLSOCK_MUTED; i++)
		code[at++] = (struct sock_filter)BPF_JUMP(
		    BPF_JMP | BPF_JEQ | BPF_K, htonl(muted[i]), (uint8_t)(n - i), 0);
	code[at++] = (struct sock_filter)TAKE;
	code[at++] = (struct sock_filter)DROP;
	return attach(s, code, at);
}

int
nlsock_recv(struct nlsock *s, void *buf, size_t len,
    void (*each)(void *arg, const struct nlmsghdr *nlh, size_t len), void *arg)
{
	struct iovec iov = { buf, len };
	struct sockaddr_nl from = { 0 };
	struct msghdr mh = { .msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &iov,
		.msg_iovlen = 1 };
	struct nlmsghdr *nlh = buf;
	ssize_t got;
	int n = 0, left;

	got = recvmsg(s->fd, &mh, 0);
	if (got < 0)
		return errno == EINTR || errno == EWOULDBLOCK ? -EAGAIN : -errno;
	if (from.nl_pid != 0)
		return 0; /* not the kernel */
	left = (int)got;
	for (; nlmsg_ok(nlh, left); nlh = nlmsg_next(nlh, &left)) {
		each(arg, nlh, nlh->nlmsg_len);
		n++;
	}
	return mh.msg_flags & MSG_TRUNC ? -ENOBUFS : n;
}

int
nlsock_send(struct nlsock *s, const void *buf, size_t len)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	ssize_t n =
	    sendto(s->fd, buf, len, 0, (struct sockaddr *)&kernel, sizeof(kernel));

	return n < 0 ? -errno : 0;
}

uint32_t
nlsock_number(struct nlsock *s, void *buf, uint16_t flags)
{
	struct nlmsghdr *nlh = buf;

	nlh->nlmsg_seq = ++s->seq;
	nlh->nlmsg_pid = s->port;
	nlh->nlmsg_flags |= flags;
	return nlh->nlmsg_seq;
}

const char *
nlsock_words(const struct nlmsghdr *nlh, size_t len, int *out_err)
{
	size_t at = NLMSG_HDRLEN + sizeof(struct nlmsgerr);
	struct nlmsgerr e;
	struct nlattr *a;

	*out_err = -EBADMSG;
	if (len < at)
		return NULL;
	memcpy(&e, (const uint8_t *)nlh + NLMSG_HDRLEN, sizeof(e));
	*out_err = e.error;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED) && e.error != 0 &&
	    e.msg.nlmsg_len >= sizeof(e.msg))
		at += NLMSG_ALIGN(e.msg.nlmsg_len - sizeof(e.msg));
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) || at >= len)
		return NULL;
	a = nla_find(
	    (struct nlattr *)((uintptr_t)nlh + at), (int)(len - at), NLMSGERR_ATTR_MSG);
	if (a == NULL || memchr(nla_data(a), '\0', (size_t)nla_len(a)) == NULL)
		return NULL;
	return nla_get_string(a);
}

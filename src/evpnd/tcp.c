/*
 * tcp - see tcp.h.
 *
 * MD5 failures are silent: the kernel drops the segment, counts it for the whole network
 * namespace and tells nobody. tcp_drops() reads those counters; who the peer was is for
 * the caller to guess. The same goes for segments with too low a TTL.
 */
#include "tcp.h"

#include <errno.h>
#include <event2/buffer.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "sockaddr.h"

#define BACKLOG 128
#define WRITE_CHUNKS 8
#define PROBE_S 60

_Static_assert(TCP_PASSWORD_MAX == TCP_MD5SIG_MAXKEYLEN, "the kernel's limit changed");

static int
option(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value)) < 0 ? -errno : 0;
}

static int
tcp_socket(uint8_t family)
{
	int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
	int fd = socket(family == 6 ? AF_INET6 : AF_INET, type, IPPROTO_TCP);

	if (fd < 0)
		return -errno;
	return fd;
}

/* RFC 5082: what passed a router has less than 255 left. */
static int
set_ttl(int fd, uint8_t family, const struct tcp_opts *opts)
{
	bool v6 = family == 6;
	int level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
	int error = 0;

	if (opts->ttl != 0)
		error = option(fd, level, v6 ? IPV6_UNICAST_HOPS : IP_TTL, opts->ttl);
	if (error == 0 && opts->min_ttl != 0)
		error =
		    option(fd, level, v6 ? IPV6_MINHOPCOUNT : IP_MINTTL, opts->min_ttl);
	return error;
}

/* Answers to keepalives are not to wait for a full segment. */
static int
set_common(int fd)
{
	/* DSCP CS6, network control: RFC 4594. */
	option(fd, IPPROTO_IP, IP_TOS, 0xc0);
	option(fd, IPPROTO_IPV6, IPV6_TCLASS, 0xc0);
	return option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
}

static int
start_connect(int fd, const struct ip *to, uint16_t port, const struct tcp_opts *opts)
{
	struct prefix host = { *to, to->family == 6 ? 128 : 32 };
	struct ip local = opts->local;
	struct sockaddr_storage ss;
	socklen_t len;
	int error;

	/* Looked up every time: the address may come late, or change. */
	if (opts->ifname[0] != '\0' &&
	    !tcp_device_address(opts->ifname, to->family, &local))
		return -EADDRNOTAVAIL;
	if ((error = set_common(fd)) < 0 || (error = set_ttl(fd, to->family, opts)) < 0)
		return error;
	if (opts->password != NULL &&
	    (error = tcp_password(fd, &host, opts->password)) < 0)
		return error;
	if (ip_is_set(&local)) {
		len = sockaddr_put(&ss, &local, 0);
		if (bind(fd, (struct sockaddr *)&ss, len) < 0)
			return -errno;
	}
	len = sockaddr_put(&ss, to, port);
	if (connect(fd, (struct sockaddr *)&ss, len) < 0 && errno != EINPROGRESS)
		return -errno;
	return 0;
}

int
tcp_connect(const struct ip *to, uint16_t port, const struct tcp_opts *opts)
{
	int fd = tcp_socket(to->family);
	int error;

	if (fd < 0)
		return fd;
	if ((error = start_connect(fd, to, port, opts)) < 0) {
		close(fd);
		return error;
	}
	return fd;
}

int
tcp_result(int fd)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		return -errno;
	return -error;
}

int
tcp_adopt(int fd, const struct tcp_opts *opts)
{
	struct tcp_ends ends;
	int error;

	if ((error = tcp_ends(fd, &ends)) < 0 || (error = set_common(fd)) < 0)
		return error;
	return set_ttl(fd, ends.remote.family, opts);
}

void
tcp_guard(int fd, unsigned limit_ms, bool probe)
{
	option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, (int)limit_ms);
	if (!probe)
		return;
	option(fd, IPPROTO_TCP, TCP_KEEPIDLE, PROBE_S);
	option(fd, IPPROTO_TCP, TCP_KEEPINTVL, PROBE_S);
	option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
}

static int
start_listen(int fd, uint8_t family, uint16_t port)
{
	struct ip any = { .family = family };
	struct tcp_opts opts = { .ttl = 255 }; /* a peer may check our first answer */
	struct sockaddr_storage ss;
	socklen_t len = sockaddr_put(&ss, &any, port);
	int error;

	if ((error = option(fd, SOL_SOCKET, SO_REUSEADDR, 1)) < 0)
		return error;
	if (family == 6 && (error = option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1)) < 0)
		return error;
	if ((error = set_ttl(fd, family, &opts)) < 0)
		return error;
	if (bind(fd, (struct sockaddr *)&ss, len) < 0 || listen(fd, BACKLOG) < 0)
		return -errno;
	return 0;
}

int
tcp_listen(uint8_t family, uint16_t port)
{
	int fd = tcp_socket(family);
	int error;

	if (fd < 0)
		return fd;
	if ((error = start_listen(fd, family, port)) < 0) {
		close(fd);
		return error;
	}
	return fd;
}

int
tcp_ends(int fd, struct tcp_ends *out)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);

	*out = (struct tcp_ends){ 0 };
	if (getsockname(fd, (struct sockaddr *)&ss, &len) < 0)
		return -errno;
	out->local = sockaddr_get(&ss, &out->local_port);
	len = sizeof(ss);
	if (getpeername(fd, (struct sockaddr *)&ss, &len) < 0)
		return -errno;
	out->remote = sockaddr_get(&ss, &out->remote_port);
	return 0;
}

int
tcp_accept(int fd, struct tcp_ends *out)
{
	int new = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	int error;

	if (new < 0)
		return -errno;
	if ((error = tcp_ends(new, out)) < 0) {
		close(new);
		return error;
	}
	return new;
}

int
tcp_password(int fd, const struct prefix *peers, const char *password)
{
	bool host = peers->len == (peers->ip.family == 6 ? 128 : 32);
	struct tcp_md5sig sig = { 0 };
	struct sockaddr_storage ss;
	size_t len = password != NULL ? strlen(password) : 0;

	if (len > sizeof(sig.tcpm_key))
		return -EINVAL;
	sockaddr_put(&ss, &peers->ip, 0);
	memcpy(&sig.tcpm_addr, &ss, sizeof(sig.tcpm_addr));
	sig.tcpm_keylen = (uint16_t)len;
	if (len > 0)
		memcpy(sig.tcpm_key, password, len);
	if (!host) {
		sig.tcpm_flags = TCP_MD5SIG_FLAG_PREFIX;
		sig.tcpm_prefixlen = peers->len;
	}
	if (setsockopt(fd, IPPROTO_TCP, host ? TCP_MD5SIG : TCP_MD5SIG_EXT, &sig,
		sizeof(sig)) == 0)
		return 0;
	/* No key to take back. */
	return len == 0 && errno == ENOENT ? 0 : -errno;
}

int
tcp_write(int fd, struct evbuffer *out)
{
	struct evbuffer_iovec chunk[WRITE_CHUNKS];
	struct iovec iov[WRITE_CHUNKS];
	struct msghdr msg = { .msg_iov = iov };
	ssize_t n;
	int i;

	i = evbuffer_peek(out, -1, NULL, chunk, WRITE_CHUNKS);
	msg.msg_iovlen = i > WRITE_CHUNKS ? WRITE_CHUNKS : (size_t)i;
	for (i = 0; i < (int)msg.msg_iovlen; i++)
		iov[i] = (struct iovec){ chunk[i].iov_base, chunk[i].iov_len };
	n = sendmsg(fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0)
		return -errno;
	evbuffer_drain(out, (size_t)n);
	return (int)n;
}

/* Words of a line, in place. */
static unsigned
split(char *line, char **words, unsigned max)
{
	unsigned n = 0;
	char *at = NULL, *w;

	for (w = strtok_r(line, " \n", &at); w != NULL && n < max;
	     w = strtok_r(NULL, " \n", &at))
		words[n++] = w;
	return n;
}

/* /proc/net/netstat: a line of names, then a line of numbers, twice. */
struct tcp_drops
tcp_drops(void)
{
	FILE *f = fopen("/proc/self/net/netstat", "re");
	char *names = NULL, *numbers = NULL, *name[256], *number[256];
	struct tcp_drops drops = { 0 };
	size_t room1 = 0, room2 = 0;

	if (f == NULL)
		return drops;
	while (getline(&names, &room1, f) > 0 && getline(&numbers, &room2, f) > 0) {
		unsigned n = split(names, name, 256), m = split(numbers, number, 256),
			 i;

		for (i = 0; i < n && i < m; i++) {
			if (strncmp(name[i], "TCPMD5", 6) == 0)
				drops.md5 += strtoull(number[i], NULL, 10);
			else if (strcmp(name[i], "TCPMinTTLDrop") == 0)
				drops.ttl = strtoull(number[i], NULL, 10);
		}
	}
	free(names);
	free(numbers);
	fclose(f);
	return drops;
}

bool
tcp_device_address(const char *name, uint8_t family, struct ip *out)
{
	struct ifaddrs *all, *i;
	bool found = false;
	uint16_t port;

	if (getifaddrs(&all) < 0)
		return false;
	for (i = all; i != NULL && !found; i = i->ifa_next) {
		struct sockaddr_storage ss = { 0 };
		struct ip ip;

		if (i->ifa_addr == NULL || strcmp(i->ifa_name, name) != 0)
			continue;
		if (i->ifa_addr->sa_family != (family == 6 ? AF_INET6 : AF_INET))
			continue;
		memcpy(&ss, i->ifa_addr,
		    family == 6 ? sizeof(struct sockaddr_in6)
				: sizeof(struct sockaddr_in));
		ip = sockaddr_get(&ss, &port);
		if (ip_is_linklocal(&ip) || ip_is_loopback(&ip))
			continue;
		*out = ip;
		found = true;
	}
	freeifaddrs(all);
	return found;
}

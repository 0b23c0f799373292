/*
 * nlsock - one rtnetlink socket: options, groups, filters in the kernel, whole messages in
 * and out. Never blocks.
 */
#ifndef EVPND_NLSOCK_H
#define EVPND_NLSOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nlmsghdr;

struct nlsock {
	int fd; /* -1: not open */
	uint32_t port;
	uint32_t seq; /* last one used */
};

/* Buffers of RCVBUF bytes when the kernel allows it. 0 or -errno; then S is closed. */
int nlsock_open(struct nlsock *s, int rcvbuf);
void nlsock_close(struct nlsock *s);
int nlsock_join(struct nlsock *s, unsigned group);
/*
 * What the tables are made of only, and not what PORT caused. WRITING_FDB: nor new FDB
 * entries with NTF_EXT_LEARNED, whoever writes them.
 */
int nlsock_filter_events(struct nlsock *s, uint32_t port, bool writing_fdb);
/* Without a filter, everything of the groups. */
int nlsock_filter_none(struct nlsock *s);
#define NLSOCK_MUTED 32
/* Questions of the kernel only (RTM_GETNEIGH), but none about these N devices. */
int nlsock_filter_misses(struct nlsock *s, const uint32_t *muted, unsigned n);
/*
 * One datagram into messages, EACH called with every one of them and its length: their
 * number, -EAGAIN when there is none, or -errno.
 */
int nlsock_recv(struct nlsock *s, void *buf, size_t len,
    void (*each)(void *arg, const struct nlmsghdr *nlh, size_t len), void *arg);
/* LEN bytes of messages; 0 or -errno. */
int nlsock_send(struct nlsock *s, const void *buf, size_t len);
/* Gives a message in BUF the next sequence number, which is returned, and more flags. */
uint32_t nlsock_number(struct nlsock *s, void *buf, uint16_t flags);
/* The kernel's own words in an error message, or NULL. */
const char *nlsock_words(const struct nlmsghdr *nlh, size_t len, int *out_err);

#endif

/*
 * netlink_miss - what the kernel misses: read on a socket of its own, and no more of it than
 * a host can stand.
 *
 * The kernel tells of every packet to an unknown address, without limit. Misses stay in their
 * socket's buffer or are lost there; nothing else is in it, so a storm of them costs time at
 * the most. That is bounded by windows of WINDOW_MS: a device with more than DEVICE_MAX misses
 * in one is muted until its end, by the socket's filter, so that the kernel throws away its
 * messages for less than a microsecond each and those of other devices get through; after
 * HOST_MAX of all devices the socket is not looked at until then.
 */
#include "netlink_int.h"

#include <errno.h>
#include <event2/event.h>
#include <string.h>

#include <linux/rtnetlink.h>

#define BUDGET 256 /* datagrams a callback */
#define WINDOW_MS 100
#define DEVICE_MAX 1000
#define HOST_MAX 10000

/* The device's count of this window. One of those that find no room counts as any other. */
static struct netlink_misser *
misser_of(struct netlink *nl, uint32_t ifindex)
{
	struct netlink_misser *m = NULL;

	for (unsigned i = 0; i < NETLINK_MISSERS; i++) {
		m = &nl->missers[(ifindex + i) % NETLINK_MISSERS];
		if (m->ifindex == ifindex || m->ifindex == 0)
			break;
	}
	m->ifindex = ifindex;
	return m;
}

static void
mute(struct netlink *nl, uint32_t ifindex)
{
	if (nl->nmuted == NLSOCK_MUTED)
		return;
	nl->muted[nl->nmuted++] = ifindex;
	(void)nlsock_filter_misses(&nl->misses, nl->muted, nl->nmuted);
}

static void
open_window(struct netlink *nl)
{
	static const struct timeval tv = { .tv_usec = WINDOW_MS * 1000 };

	if (!evtimer_pending(nl->ev_window, NULL))
		evtimer_add(nl->ev_window, &tv);
}

/* False: it is not to be looked at. */
static bool
within_window(struct netlink *nl, uint32_t ifindex)
{
	struct netlink_misser *m = misser_of(nl, ifindex);

	open_window(nl);
	nl->window_misses++;
	if (m->n++ < DEVICE_MAX)
		return true;
	if (m->n == DEVICE_MAX + 1)
		mute(nl, ifindex);
	nl->stats.muted++;
	return false;
}

static void
take_miss(void *arg, const struct nlmsghdr *nlh, size_t len)
{
	struct netlink *nl = arg;
	struct nlcodec_msg m;

	nlcodec_decode(nlh, len, &m);
	if (m.what != NLCODEC_MISS)
		return;
	nl->stats.misses++;
	if (within_window(nl, m.key.ifindex) && nl->env.missed != NULL)
		nl->env.missed(nl->env.arg, &m.key, m.solicit);
}

static void
read_misses(struct netlink *nl)
{
	for (int i = 0; i < BUDGET; i++) {
		int n;

		if (nl->window_misses >= HOST_MAX) {
			event_del(nl->ev_misses);
			return;
		}
		n = nlsock_recv(&nl->misses, nl->rcv, NETLINK_BUFFER, take_miss, nl);
		if (n == -EAGAIN)
			return;
	}
}

void
netlink_on_misses(evutil_socket_t fd, short what, void *arg)
{
	struct netlink *nl = arg;

	(void)fd;
	(void)what;
	read_misses(nl);
	if (nl->env.read != NULL)
		nl->env.read(nl->env.arg);
}

void
netlink_on_window(evutil_socket_t fd, short what, void *arg)
{
	struct netlink *nl = arg;

	(void)fd;
	(void)what;
	memset(nl->missers, 0, sizeof(nl->missers));
	nl->window_misses = 0;
	if (nl->nmuted > 0)
		(void)nlsock_filter_misses(&nl->misses, NULL, 0);
	nl->nmuted = 0;
	event_add(nl->ev_misses, NULL);
}

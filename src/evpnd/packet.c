/* packet - see packet.h. */
#include "packet.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>

#define RETRY_S 5

/* The filter first, then the device: nothing unfiltered gets in between. */
static int
set_up(const struct packet *p, int fd)
{
	struct sock_fprog prog = { .len = p->nfilter,
		.filter = (struct sock_filter *)(uintptr_t)p->filter };
	struct sockaddr_ll addr = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)p->ifindex };

	if (p->option != 0 &&
	    setsockopt(fd, SOL_PACKET, p->option, &(int){ 1 }, sizeof(int)) < 0)
		return -errno;
	if (p->filter == NULL)
		return 0;
	if (p->rcvbuf != 0)
		(void)setsockopt(
		    fd, SOL_SOCKET, SO_RCVBUF, &p->rcvbuf, sizeof(p->rcvbuf));
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) < 0 ||
	    bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		return -errno;
	return 0;
}

static int
try_open(struct packet *p)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int err = fd < 0 ? -errno : set_up(p, fd);

	if (err < 0 && fd >= 0)
		close(fd);
	if (err == 0)
		p->fd = fd;
	return err;
}

/* Of a device that is just going nothing is said: its owner will hear of it. */
static void
tell(struct packet *p, int err)
{
	char name[IF_NAMESIZE] = "all devices", text[160];

	if (p->log == NULL || p->told == (err < 0) ||
	    (p->ifindex != 0 && if_indextoname(p->ifindex, name) == NULL))
		return;
	p->told = err < 0;
	if (err < 0)
		snprintf(text, sizeof(text), "%s: no %s: packet socket: %s", name,
		    p->lost, strerror(-err));
	else
		snprintf(text, sizeof(text), "%s: %s again", name, p->lost);
	p->log(err < 0 ? LOG_ERR : LOG_NOTICE, text);
}

static void
open_again(evutil_socket_t fd, short what, void *arg)
{
	static const struct timeval tv = { .tv_sec = RETRY_S };
	struct packet *p = arg;
	int err;

	(void)fd;
	(void)what;
	err = try_open(p);
	tell(p, err);
	if (err < 0) {
		event_add(p->retry, &tv);
	} else if (p->frames != NULL) {
		p->ev =
		    event_new(p->base, p->fd, EV_READ | EV_PERSIST, p->frames, p->arg);
		event_add(p->ev, NULL);
	}
}

void
packet_open(struct packet *p)
{
	p->fd = -1;
	p->ev = NULL;
	p->told = false;
	p->retry = evtimer_new(p->base, open_again, p);
	open_again(-1, 0, p);
}

void
packet_close(struct packet *p)
{
	if (p->ev != NULL)
		event_free(p->ev);
	event_free(p->retry);
	if (p->fd >= 0)
		close(p->fd);
}

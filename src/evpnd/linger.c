/* linger - see linger.h. */
#include "linger.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/table.h"
#include "tcp.h"

#define LINGER_S 2
#define LINGERS_MAX 256 /* more are closed at once */
#define READS_MAX 16    /* in one callback */

struct lingerer {
	TAILQ_ENTRY(lingerer) link;
	struct lingers *all;
	int fd;
	struct evbuffer *out; /* NULL: all is written */
	struct event *read, *write, *timer;
};

struct lingers {
	struct event_base *base;
	TAILQ_HEAD(, lingerer) list;
	unsigned n;
};

static void
linger_free(struct lingerer *l)
{
	TAILQ_REMOVE(&l->all->list, l, link);
	l->all->n--;
	event_free(l->read);
	event_free(l->write);
	event_free(l->timer);
	if (l->out != NULL)
		evbuffer_free(l->out);
	close(l->fd);
	free(l);
}

/* False: broken. */
static bool
linger_write(struct lingerer *l)
{
	int n;

	while (evbuffer_get_length(l->out) > 0) {
		n = tcp_write(l->fd, l->out);
		if (n == -EAGAIN || n == -EINTR)
			return true;
		if (n < 0)
			return false;
	}
	evbuffer_free(l->out);
	l->out = NULL;
	event_del(l->write);
	shutdown(l->fd, SHUT_WR);
	return true;
}

static void
on_write(evutil_socket_t fd, short what, void *arg)
{
	struct lingerer *l = arg;

	(void)fd;
	(void)what;
	if (l->out != NULL && !linger_write(l))
		linger_free(l);
}

static void
on_read(evutil_socket_t fd, short what, void *arg)
{
	char waste[4096];
	ssize_t n = 1;
	unsigned i;

	(void)what;
	for (i = 0; n > 0 && i < READS_MAX; i++)
		n = recv(fd, waste, sizeof(waste), MSG_DONTWAIT);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		linger_free(arg);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	linger_free(arg);
}

struct lingers *
lingers_new(struct event_base *base)
{
	struct lingers *l = xcalloc(1, sizeof(*l));

	l->base = base;
	TAILQ_INIT(&l->list);
	return l;
}

void
lingers_free(struct lingers *l)
{
	if (l == NULL)
		return;
	while (!TAILQ_EMPTY(&l->list))
		linger_free(TAILQ_FIRST(&l->list));
	free(l);
}

void
lingers_add(struct lingers *all, int fd, struct evbuffer *out)
{
	static const struct timeval limit = { .tv_sec = LINGER_S };
	struct lingerer *l = xcalloc(1, sizeof(*l));

	if (all->n >= LINGERS_MAX)
		linger_free(TAILQ_FIRST(&all->list));
	*l = (struct lingerer){ .all = all, .fd = fd, .out = out };
	l->read = event_new(all->base, fd, EV_READ | EV_PERSIST, on_read, l);
	l->write = event_new(all->base, fd, EV_WRITE | EV_PERSIST, on_write, l);
	l->timer = evtimer_new(all->base, on_timer, l);
	TAILQ_INSERT_TAIL(&all->list, l, link);
	all->n++;
	event_add(l->read, NULL);
	event_add(l->write, NULL);
	evtimer_add(l->timer, &limit);
	if (!linger_write(l))
		linger_free(l);
}

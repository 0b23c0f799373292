/* notify - see notify.h. */
#include "notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "evpnd.h"
#include "log.h"

struct notify {
	int fd;
	struct sockaddr_un to;
	socklen_t to_len;
	struct event *feed; /* NULL: no watchdog */
};

/* A path, or a name in the abstract name space behind an '@'. */
static bool
address_of(struct notify *n, const char *name)
{
	size_t len = strlen(name);

	if ((name[0] != '/' && name[0] != '@') || len >= sizeof(n->to.sun_path))
		return false;
	n->to.sun_family = AF_UNIX;
	memcpy(n->to.sun_path, name, len);
	if (name[0] == '@')
		n->to.sun_path[0] = '\0';
	n->to_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	return true;
}

static void
tell(struct notify *n, const char *text)
{
	if (n != NULL &&
	    sendto(n->fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT,
		(struct sockaddr *)&n->to, n->to_len) < 0)
		log_debug("service manager: cannot be told: %s", strerror(errno));
}

static void
on_feed(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	tell(arg, "WATCHDOG=1");
}

/* The watchdog may be another process's. */
static uint64_t
watchdog_us(void)
{
	const char *pid = getenv("WATCHDOG_PID"), *us = getenv("WATCHDOG_USEC");

	if (us == NULL || (pid != NULL && strtol(pid, NULL, 10) != (long)getpid()))
		return 0;
	return strtoull(us, NULL, 10);
}

static void
start_watchdog(struct notify *n, struct event_base *base, uint64_t us)
{
	struct timeval half = { .tv_sec = (time_t)(us / 2 / 1000000),
		.tv_usec = (suseconds_t)(us / 2 % 1000000) };

	if (us == 0)
		return;
	n->feed = event_new(base, -1, EV_PERSIST, on_feed, n);
	event_add(n->feed, &half);
}

struct notify *
notify_new(struct event_base *base)
{
	const char *name = getenv("NOTIFY_SOCKET");
	struct notify *n = NULL;

	if (name != NULL) {
		n = xcalloc(1, sizeof(*n));
		n->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (n->fd < 0 || !address_of(n, name)) {
			log_warn("NOTIFY_SOCKET %s: cannot be used", name);
			notify_free(n);
			n = NULL;
		} else {
			start_watchdog(n, base, watchdog_us());
		}
	}
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	return n;
}

void
notify_free(struct notify *n)
{
	if (n == NULL)
		return;
	if (n->feed != NULL)
		event_free(n->feed);
	if (n->fd >= 0)
		close(n->fd);
	free(n);
}

void
notify_ready(struct notify *n)
{
	tell(n, "READY=1");
}

void
notify_reloading(struct notify *n)
{
	char text[64];

	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%llu",
	    (unsigned long long)evpnd_now_us());
	tell(n, text);
}

void
notify_stopping(struct notify *n)
{
	tell(n, "STOPPING=1");
}

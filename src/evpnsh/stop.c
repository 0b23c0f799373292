/*
 * stop - notes signals. A signal that comes just before poll() would be noticed only by the
 * next event, so no poll() takes longer than a moment.
 */
#include "stop.h"

#include <poll.h>
#include <signal.h>
#include <stddef.h>

#define MOMENT_MS 200

static volatile sig_atomic_t interrupted, ended, suspended, resized;

static void
on_interrupt(int sig)
{
	interrupted = 1;
	if (sig != SIGINT)
		ended = 1;
}

static void
on_suspend(int sig)
{
	(void)sig;
	suspended = 1;
}

static void
on_resize(int sig)
{
	(void)sig;
	resized = 1;
}

void
stop_catch(void)
{
	struct sigaction sa = { .sa_handler = on_interrupt }; /* no SA_RESTART */

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	sa.sa_handler = on_suspend;
	sigaction(SIGTSTP, &sa, NULL);
	sa.sa_handler = on_resize;
	sigaction(SIGWINCH, &sa, NULL);
}

bool
stop_ended(void)
{
	return ended;
}

bool
stop_asked(void)
{
	return interrupted;
}

void
stop_clear(void)
{
	interrupted = ended;
}

bool
stop_suspended(void)
{
	bool was = suspended;

	suspended = 0;
	return was;
}

bool
stop_resized(void)
{
	bool was = resized;

	resized = 0;
	return was;
}

bool
stop_poll(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, MOMENT_MS) > 0;
}

bool
stop_wait(int fd)
{
	while (!interrupted)
		if (stop_poll(fd))
			return true;
	return false;
}

bool
stop_sleep(int ms)
{
	int step;

	for (; ms > 0 && !interrupted; ms -= step) {
		step = ms < MOMENT_MS ? ms : MOMENT_MS;
		poll(NULL, 0, step);
	}
	return !interrupted;
}

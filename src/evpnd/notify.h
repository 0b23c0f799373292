/*
 * notify - tells the service manager how we are: started, reloading, ending, alive.
 *
 * sd_notify(3)'s datagrams to the socket that $NOTIFY_SOCKET names; without one, nothing is
 * sent. The watchdog ($WATCHDOG_USEC) is fed from the event loop, twice in its time: who gets
 * no datagram knows that the loop stands still.
 */
#ifndef EVPND_NOTIFY_H
#define EVPND_NOTIFY_H

#include <event2/event.h>

struct notify;

/* Takes the variables out of the environment; NULL when there is nobody to tell. */
struct notify *notify_new(struct event_base *base);
void notify_free(struct notify *n);
/* The configuration is in force and the control socket is open; also after a reload. */
void notify_ready(struct notify *n);
void notify_reloading(struct notify *n);
void notify_stopping(struct notify *n);

#endif

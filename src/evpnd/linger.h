/*
 * linger - connections that are over for us but still have to say so.
 *
 * A NOTIFICATION is lost when its socket is closed at once: what was queued before it may
 * not be written yet, and unread bytes make the kernel reset the connection. So the socket
 * stays until its output is written and the peer has closed, two seconds at most.
 */
#ifndef EVPND_LINGER_H
#define EVPND_LINGER_H

struct evbuffer;
struct event_base;
struct lingers;

struct lingers *lingers_new(struct event_base *base);
/* Closes what is left. */
void lingers_free(struct lingers *l);
/* Takes FD and OUT over. */
void lingers_add(struct lingers *l, int fd, struct evbuffer *out);

#endif

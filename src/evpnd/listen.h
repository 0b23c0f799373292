/*
 * listen - the sockets that neighbors call: who may, and with which TCP MD5 password.
 */
#ifndef EVPND_LISTEN_H
#define EVPND_LISTEN_H

struct listener;
struct peers;

struct listener *listener_new(struct peers *ps);
void listener_free(struct listener *l);
/* Opens or closes the sockets and sets the passwords, as the configuration is now. */
void listener_apply(struct listener *l);
/* Opens what should be open and could not be, another program having the port. */
void listener_retry(struct listener *l);

#endif

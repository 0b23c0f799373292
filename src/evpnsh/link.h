/*
 * link - talks to the daemon's control socket (the protocol is described in evpnd(8)).
 */
#ifndef EVPNSH_LINK_H
#define EVPNSH_LINK_H

#include <stdbool.h>
#include <stddef.h>

struct json_object;
struct link;

struct reply {
	bool refused;
	bool data;                /* a document follows: read it with link_chunk() */
	struct json_object *head; /* owns what the others point to */
	struct json_object *ctx;  /* NULL: none */
	const char *host;         /* these are "" when not said */
	const char *message;
	const char *detail;
	struct json_object *results; /* of several commands; NULL: none */
};

/* NULL with errno set. */
struct link *link_open(const char *path);
void link_close(struct link *l);
/* Sends a command typed in CTX (may be NULL), reads the answer's head. False: no more link. */
bool link_request(
    struct link *l, const char *command, struct json_object *ctx, struct reply *out);
/* The same with several configuration commands, an array of strings. */
bool link_requests(struct link *l, struct json_object *commands,
    struct json_object *ctx, struct reply *out);
void reply_fini(struct reply *r);
/*
 * The next piece of the document, valid until the next call; LEN 0: that was all. False: no
 * more link; or ^C, and the next call gives the rest.
 */
bool link_chunk(struct link *l, const char **out, size_t *len);

#endif

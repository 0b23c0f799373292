/*
 * ctl_request - one line of the control protocol, checked and taken apart.
 *
 * Knows the bytes only: neither sockets nor what commands do. What a client may send is in
 * ctl.h and evpnd-control(7).
 */
#ifndef EVPND_CTL_REQUEST_H
#define EVPND_CTL_REQUEST_H

#include "conf/text.h"

struct json_object;

#define CTL_LINES 1000

struct ctl_request {
	struct json_object *doc; /* owns what the others point to */
	struct conf_ctx ctx;
	const char *command;          /* one line of text; NULL: there are several */
	struct json_object *commands; /* an array of at most CTL_LINES, or NULL */
};

/*
 * LINE has LEN bytes, its end is not among them. NULL: OUT is to be freed by
 * ctl_request_fini(). Else why it is refused; there is nothing to free then.
 */
const char *ctl_request_parse(const char *line, size_t len, struct ctl_request *out);
void ctl_request_fini(struct ctl_request *r);
/* The text of a command of COMMANDS; NULL when it is not one line of text. */
const char *ctl_request_line(const struct ctl_request *r, size_t i);

/* The context as it is sent back to the client. A new reference. */
struct json_object *ctl_context(const struct conf_ctx *ctx);

#endif

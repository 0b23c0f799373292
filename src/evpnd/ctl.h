/*
 * ctl - the control socket: commands in, answers out.
 *
 * A request is one line of JSON: {"mode":"exec","command":"show evpn vni json"}; MODE is
 * needed only for configuration ("config", "bgp", ...: struct conf_ctx as the client keeps
 * it, sent back as it was received in "ctx"). An answer is:
 *
 *   {"status":0,"ctx":{...},"message":"..."}\n		status 0 accepted, 1 refused
 *   then, when the header says "data":true, chunks: LENGTH\n BYTES ... ending with 0\n
 *
 * The chunks put together are one JSON document. A client may send the next request when it
 * has read the whole answer. Requests are limited in size; a client that does not read is
 * waited for without holding anybody else up.
 */
#ifndef EVPND_CTL_H
#define EVPND_CTL_H

struct ctl;
struct evpnd;

/* Listens on PATH (replacing a dead socket there). NULL with errno set. */
struct ctl *ctl_new(struct evpnd *d, const char *path);
void ctl_free(struct ctl *c);

#endif

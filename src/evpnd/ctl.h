/*
 * ctl - the control socket: commands in, answers out.
 *
 * A request is one line of JSON:
 *
 *   {"command":"show evpn vni json","ctx":{"mode":"exec"}}
 *
 * CTX is where the command is typed; the client keeps it and sends it back as it was
 * received: {"mode":"vni","vni":100}. Without it the mode is "exec". An answer is one line,
 *
 *   {"status":0,"ctx":{"mode":...},"host":"leaf1","message":"% ...","detail":"..."}
 *
 * with status 0 when the command was accepted (a message is then a warning) and 1 when it was
 * refused. When it says "data":true, chunks follow: LENGTH\n and so many bytes, ending with
 * 0\n; put together they are one JSON document.
 *
 * Instead of "command", "commands":["...",...] gives up to CTL_LINES configuration commands,
 * which are applied together; those that are refused, or warned of, come back as
 * "results":[{"index":0,"status":1,"message":"% ...","detail":"..."}], and the rest counts.
 *
 * A client may send the next request before it has read the answer; it waits its turn. What
 * a client does not read is not produced, so a slow client holds up nobody and costs little
 * memory. Root and the daemon's own user may change things and see passwords; others whom
 * the socket's mode lets in may look.
 */
#ifndef EVPND_CTL_H
#define EVPND_CTL_H

#define CTL_REQUEST_MAX \
	65536 /* bytes of a request line; longer ones end the connection */
#define CTL_CLIENTS 64
#define CTL_LINES 1000

struct ctl;
struct evpnd;

/*
 * Listens on PATH (replacing a dead socket there; its directory is made when missing). NULL
 * with errno set: EADDRINUSE when another daemon answers there.
 */
struct ctl *ctl_new(struct evpnd *d, const char *path);
void ctl_free(struct ctl *c);

#endif

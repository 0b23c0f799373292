/*
 * show_peer - what the summary and the details of neighbors have in common.
 */
#ifndef EVPND_SHOW_PEER_H
#define EVPND_SHOW_PEER_H

#include "peer.h"
#include "session.h"
#include "show_int.h"

bool show_peer_up(const struct peer *p);
bool show_peer_shut(const struct peer *p);
uint32_t show_sent_prefixes(const struct peer *p);
/* What waits to be sent; nothing while it is not up. */
struct session_queue show_queue(const struct peer *p);
/* Why the last session ended, or why the present one does not come up. */
void show_reset(struct show *s, const struct peer *p);
/* show_gr.c: the modes in FRR's words; "timers" of the neighbor. */
const char *show_gr_local(const struct peer *p);
const char *show_gr_remote(const struct peer *p);
void show_gr_timers(struct show *s, const struct peer *p);
/* Refused without "router bgp". */
bool show_start_bgp(struct show *s, char *msg, size_t len);

#endif

/*
 * evpnd.h - the root that owns everything; every other struct of the daemon hangs off it.
 */
#ifndef EVPND_EVPND_H
#define EVPND_EVPND_H

#include "conf/conf.h"
#include "evpn/evpn.h"
#include "kern/klink.h"
#include "kern/ktab.h"
#include "rib/rib.h"
#include "underlay.h"

struct event;
struct event_base;
struct resume;

#define EVPND_SIGNALS 3

struct evpnd {
	/* command line */
	const char *conf_path;
	const char *ctl_path;
	uint16_t bgp_port; /* 0: do not listen */

	struct event_base *base;
	struct event *signals[EVPND_SIGNALS];
	struct conf *conf; /* running configuration */
	struct attr_table *attrs;
	struct rib *rib;
	struct rib_peer self; /* the peer our own routes come from */
	struct evpn *evpn;
	struct ktab *ktab;
	struct klinks *klinks;
	struct netlink *netlink;
	struct snoop *snoop;
	struct replay *replay;
	struct bgpnews *bgpnews; /* NULL while nobody listens */
	struct peers *peers;     /* all BGP neighbors, groups of output, listener */
	struct ctl *ctl;
	struct change *change; /* of the configuration */
	struct pipeline *pipeline;
	struct notify *notify; /* NULL: no service manager */
	struct resume *resume;
	struct underlay underlay;
	struct conf_debugs debug;          /* as typed and configured; see debug.h */
	uint64_t debug_evpn, debug_kernel; /* the next events it tells of */
	uint64_t debug_second;             /* in which DEBUG_LINES were asked for */
	unsigned debug_lines;
	uint64_t started_ms;
	bool restarting;    /* an earlier life left state, and not all peers are back */
	bool peers_moved;   /* which neighbors have routes here has changed */
	bool forwarding;    /* what we forward by was kept: bit F of our OPENs */
	uint32_t router_id; /* in force; host order */
	bool forward6;      /* as last looked at by apply.c ... */
	bool forward6_told; /* ... and told that it should be on */
	char hostname[CONF_NAME]; /* in force */
};

/* Milliseconds, monotonic; the only clock of the tables. */
uint64_t evpnd_now(void);
/* Unix time in milliseconds, for people. */
int64_t evpnd_wall_ms(void);
/* The first in microseconds. */
uint64_t evpnd_now_us(void);

/* pipeline.c: something changed; a turn is scheduled. Cheap, idempotent. */
void pipeline_wake(struct evpnd *d);
/* What was asked for is written now, and who waits for it answered. Not within a turn. */
void pipeline_hurry(struct evpnd *d);

#endif

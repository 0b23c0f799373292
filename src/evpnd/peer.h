/*
 * peer - BGP neighbors: configuration, sessions, what came in, what goes out.
 *
 * peers owns all neighbors, the listening socket (listen.c) and the adj-RIB-out groups. A
 * neighbor has at most two sessions (session.h) while a collision is being resolved, else one
 * or none. Received routes go to the RIB; changed dests come from pipeline.c.
 */
#ifndef EVPND_PEER_H
#define EVPND_PEER_H

#include "bgp/fsm.h"
#include "bgp/msg.h"
#include "conf/conf.h"
#include "rib/adjout.h"

struct bfd_session;
struct event;
struct evpnd;
struct session;

struct peer_counts { /* messages by type, index enum msg_type; [0]: all */
	uint64_t sent[6], received[6];
	uint64_t prefixes_denied, updates_bad, nlri_bad, nlri_unknown;
};

/* Of a neighbor whose session was lost: are its routes kept? See peer_gr.c. */
enum peer_stale {
	STALE_NONE,
	STALE_GR,   /* graceful restart: as good as before */
	STALE_LLGR, /* long-lived: as a last resort */
};

struct peer {
	TAILQ_ENTRY(peer) link;
	struct peers *peers;
	struct conf_peer conf; /* in force, group merged in; strings owned by it */
	bool dynamic;          /* of a listen range */
	struct rib_peer rp;
	struct adjout_peer out;
	struct session *session; /* the one that counts; NULL while Idle */
	struct session
	    *other; /* a second connection, before the collision is resolved */
	struct bfd_session *bfd; /* from its first session on; NULL: not wanted */
	enum fsm_state state;
	struct msg_open open; /* the peer's OPEN; valid while established */
	bool evpn;            /* 25/70 negotiated; valid while established */
	uint32_t local_as;
	struct ip local,
	    remote; /* ends of the TCP connection; valid while established */
	uint16_t local_port, remote_port;
	uint16_t hold_s, keepalive_s;  /* agreed; valid while established */
	uint64_t changed_ms;           /* when it went up, or down; 0: never was up */
	uint32_t established, dropped; /* how often */
	struct bgp_error last_error;   /* code 0: none */
	bool last_error_sent;          /* by us; else by the peer */
	char last_reset[256];          /* why the last session ended, for people */
	uint64_t last_reset_ms;
	uint64_t last_read_ms, last_write_ms, last_update_ms;
	uint64_t md5_mark; /* kernel's MD5 failure counter when connecting began */
	bool eor_received, eor_sent;
	bool over_limit;   /* maximum-prefix: Idle (PfxCt) */
	bool starved;      /* routes were not kept, see ration.h */
	uint32_t accepted; /* usable paths in the RIB */
	enum peer_stale stale;
	uint64_t gr_until_ms; /* of STALE_GR: when it has to be back */
	uint64_t
	    stale_until_ms; /* valid unless STALE_NONE: when what is left of it goes */
	struct peer_counts counts;

	/* For peer*.c only. */
	struct event *start;    /* begins the next session */
	struct event *restart;  /* maximum-prefix: ends OVER_LIMIT */
	struct event *gr_timer; /* ends STALE */
	bool lingering;         /* its paths are being made a last resort */
	uint32_t llgr_s;        /* how long; valid with STALE_GR; 0: not at all */
	unsigned failures;      /* sessions that did not come up, in a row */
	unsigned flaps;         /* that came up and ended soon, by a fault */
	bool held;              /* START is a penalty: calls are refused */
	uint64_t start_ms;      /* when START fires */
	uint64_t ttl_mark;      /* as MD5_MARK, of segments with a low TTL */
	bool flushing;          /* paths of a lost session are still in the RIB */
	bool sweeping;          /* enhanced refresh ended: stale paths go */
	bool doubted;           /* it was asked to refresh a second time */
	uint32_t repeat_due;    /* routes it had when its refresh began ... */
	uint32_t repeated;      /* ... and has sent since */
	bool refreshing;        /* our answer to a refresh request is under way */
	bool warned;            /* maximum-prefix: the threshold was logged */
	bool seen;              /* by peers_apply() */
	bool deleted;           /* on its way out; waits in a list for its paths */
	uint64_t complained_ms; /* last line about a bad UPDATE */
};

struct peers;

struct peers *peers_new(struct evpnd *d);
void peers_free(struct peers *p);
/* Brings neighbors, listener and policy in line with the running configuration. */
void peers_apply(struct peers *p);
/* Carries a changed dest into every group. */
void peers_dest(struct peers *p, struct dest *d);
/*
 * Encodes and sends what is pending, some BUDGET routes; true when nothing is left that the
 * sockets would take.
 */
bool peers_flush(struct peers *p, unsigned budget);
/* Long work (flushing a lost peer, filling a new group) goes on; true when none is left. */
bool peers_work(struct peers *p, unsigned budget);
/* Whose neighbors they are. */
struct evpnd *peers_daemon(struct peers *p);
struct peer *peers_first(struct peers *p);
struct peer *peers_after(struct peer *peer);
struct peer *peers_find(struct peers *p, const char *name_or_address);
struct peer *peers_by_id(struct peers *p, uint16_t id);
/* What graceful restart is done with P. */
enum conf_gr peer_gr_mode(const struct peer *p);
/* All configured neighbors that activate EVPN have sent End-of-RIB, or there is none. */
bool peers_converged(const struct peers *p);

/* Before peers_apply(): no session begins and nobody is let in until peers_go(). */
void peers_hold(struct peers *p);
/*
 * Own routes are in the RIB: sessions may begin. PAST: the neighbors of an earlier life, whose
 * End-of-RIB is waited for before others are told that they have been told all.
 */
void peers_go(struct peers *p, const struct ip *past, unsigned n);
/* Calls EACH for every neighbor whose routes the next life has to wait for. */
void peers_past(
    const struct peers *p, void (*each)(const struct ip *, void *), void *arg);

/* clear bgp: NULL for all. */
enum peer_clear { PEER_CLEAR_HARD, PEER_CLEAR_SOFT_IN, PEER_CLEAR_SOFT_OUT };
void peer_clear(struct peers *p, struct peer *one, enum peer_clear how);
/* Ends all sessions: HARD with a Cease (drain), else silently for graceful restart. */
void peers_stop(struct peers *p, bool cease);

/* Paths as received: dests whose path from PEER ... and as advertised, for shows. */
const struct adj *peer_advertised(const struct peer *peer, const struct dest *d);

#endif

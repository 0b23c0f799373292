/*
 * peer_int.h - what the files of peer share: peer.c (the list of neighbors), peer_session.c
 * (lives of sessions), peer_conf.c (configuration), peer_in.c (what is received), peer_out.c
 * (what is sent), listen.c (who calls).
 */
#ifndef EVPND_PEER_INT_H
#define EVPND_PEER_INT_H

#include "evpnd.h"
#include "linger.h"
#include "listen.h"
#include "log.h"
#include "peer.h"
#include "ration.h"
#include "session.h"

TAILQ_HEAD(peer_list, peer);

/* An adj-RIB-out and its place in the list. */
struct peer_group {
	TAILQ_ENTRY(peer_group) link;
	struct adjout *out;
	bool filling; /* it has not seen all of the RIB yet */
};

/*
 * What of the configuration concerns all neighbors; a change resets every session. Compared
 * by memcmp.
 */
struct peer_globals {
	uint32_t as;
	uint32_t router_id; /* 0: no session is started */
	uint32_t cluster_id;
	uint32_t llgr_s;
	uint16_t gr_restart_s;
	bool gr_disable, gr_helper, gr_notification, gr_preserve_fw;
	uint8_t zero[2];
};
_Static_assert(sizeof(struct peer_globals) == 24, "struct peer_globals has padding");

struct peers {
	struct evpnd *d;
	struct peer_list list;
	struct peer_list dying; /* deleted; their paths are being flushed */
	struct peer **by_id;    /* index: rib_peer.id; 0 is ourselves */
	unsigned ids;           /* size of BY_ID */
	TAILQ_HEAD(, peer_group) groups;
	struct peer *next_out; /* whose turn it is to send; NULL: the first */
	struct listener *listener;
	struct lingers *lingers;
	struct bfds *bfds;
	struct event *watch;    /* looks at the kernel's counters now and then */
	struct tcp_drops drops; /* their last values */
	struct peer_globals globals;
	struct ration ration;
	uint64_t ration_limit; /* bytes, in force */
	uint8_t *buf;          /* for encoding; PEER_BUF bytes */
	bool stopped;          /* peers_stop(): nothing is started any more */
	bool held;             /* peers_hold(): nothing is started yet */
	/* Valid while NPAST > 0: End-of-RIB is not sent before these sent theirs. */
	struct ip *past;
	unsigned npast;
	uint64_t past_until_ms;
	struct event *past_timer;
};

#define PEER_BUF (2 * 65536)

__attribute__((format(printf, 3, 4))) void peer_log(
    const struct peer *p, int level, const char *fmt, ...);

/* peer.c */
/* Asks for all its routes again; false: it does not know how. */
bool peer_refresh(struct peer *p);
/* Nothing forbids P a session. */
bool peer_may_run(const struct peer *p);
struct peer *peer_new(struct peers *ps, const struct ip *addr, bool dynamic);
/* Ends its session with ERR, if any, and takes it out of the list. */
void peer_delete(struct peer *p, const struct bgp_error *err);
void peer_destroy(struct peer *p);
void peer_note(struct peer *p, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
bool peer_active(const struct peer *p); /* `activate` is in force */
struct peer *peers_by_addr(struct peers *ps, const struct ip *addr);

/* peer_bfd.c */
/* A session is up, or the settings changed: P has a BFD session as it should, or none. */
void peer_bfd_apply(struct peer *p);
/* The settings of P in force; false: no BFD. */
struct bfd_timers;
void peer_bfd_timers(const struct peer *p, struct bfd_timers *out);

/* peer_damp.c */
/* P's session ended by ERR; so long it was up. */
void peer_damp_count(struct peer *p, const struct bgp_error *err, uint64_t lived_ms);
/* An operator wants it back now: what was is forgotten. */
void peer_damp_forget(struct peer *p);
/* Begins the time until the next session. */
void peer_damp_hold(struct peer *p);
/* That time is a penalty, and is running. */
bool peer_damped(const struct peer *p);
/* What is left of it, damped or not; 0: there is none. */
uint64_t peer_damp_left(const struct peer *p);

/* peer_session.c */
/* Begins a session as soon as may be; nothing if there is one or must be none. */
void peer_start(struct peer *p);
void peer_stop(struct peer *p, const struct bgp_error *err);
/* FD is a connection from P. Takes FD over. */
void peer_accept(struct peer *p, int fd);
/* Says that TCP MD5 may be why P has no session. */
void peer_blame_md5(struct peer *p);
/* The same of ttl-security. */
void peer_blame_ttl(struct peer *p);
/* Timers of a peer. */
void peer_on_start(int fd, short what, void *arg);
void peer_on_restart(int fd, short what, void *arg);

/* peer_gr.c */
/* What our OPEN says of it. */
void peer_gr_open(const struct peer *p, struct caps *caps);
/* The session is lost: are the routes to be kept? Else they are to be flushed. */
bool peer_gr_keep(struct peer *p, const struct session_end *end);
/* A session is up, P->open is its OPEN; P->rp is still that of the last one. */
void peer_gr_up(struct peer *p);
/* End-of-RIB came. */
void peer_gr_eor(struct peer *p);
/* What was kept goes now. May delete P. */
void peer_gr_forget(struct peer *p);
/* A Cease that the peer must not take for a restart (RFC 8538, 3). */
void peer_gr_harden(const struct peer *p, struct bgp_error *err);
void peer_on_gr(int fd, short what, void *arg);

/* peer_past.c */
/* Lets End-of-RIB go when all that is waited for came. */
void peers_past_look(struct peers *ps);

/* peer_conf.c */
/* Is ADDR a neighbor, or may it become one? */
bool peers_expect(struct peers *ps, const struct ip *addr);
/* A neighbor for a caller of a listen range; NULL: none covers it, or there are too many. */
struct peer *peer_dynamic(struct peers *ps, const struct ip *addr);
void peer_conf_fini(struct conf_peer *c);
/* A Cease with SUBCODE, and WORDS for the peer where RFC 9003 has room for them. */
struct bgp_error peer_cease(uint8_t subcode, const char *words, const char *text);

/* peer_in.c */
enum bgp_verdict peer_message(
    struct peer *p, enum msg_type type, struct cursor *body, struct bgp_error *err);
/* Over its maximum-prefix? Then ERR says so and the session has to end. */
enum bgp_verdict peer_check_limit(struct peer *p, struct bgp_error *err);

/* peer_out.c */
void peer_join(struct peer *p);
void peer_leave(struct peer *p);
/* Everything is sent again, between BoRR and EoRR when the peer knows them (RFC 7313). */
void peer_send_again(struct peer *p);
void peer_send_refresh(struct peer *p, uint8_t subtype);
/* The policy may have changed: moves P to another group if so. */
void peer_regroup(struct peer *p);
void peer_groups_free(struct peers *ps);

#endif

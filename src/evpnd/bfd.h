/*
 * bfd - BFD sessions (RFC 5880 to 5883) with their sockets and timers.
 *
 * A session is made for two addresses and lives until it is freed. Freed, it goes on to say
 * AdminDown for a detection time, so that the other side takes it for what it is (RFC 5880,
 * 6.8.16). The state machine is lib/bfd; a change of state is told by a callback, which may
 * free the session.
 *
 * BFD events of the loop go before all others: what else is to be done waits for a packet
 * that is due, never the other way round.
 */
#ifndef EVPND_BFD_H
#define EVPND_BFD_H

#include "base/addr.h"
#include "base/table.h"
#include "bfd/bfd.h"

struct bfds;
struct event;
struct event_base;

struct bfd_session_opts {
	struct ip local, remote;
	uint32_t ifindex; /* single-hop: where the neighbor is */
	bool multihop;
	uint8_t min_ttl; /* multihop: less is dropped */
	bool independent;
	struct bfd_timers timers;
	/* Another state than BEFORE; BFD's diagnosis says why. */
	void (*changed)(void *arg, enum bfd_state before);
	void *arg;
};

struct bfd_session {
	TAILQ_ENTRY(bfd_session) link;
	struct bfds *all;
	struct bfd_session_opts o;
	struct bfd b;
	enum bfd_state told; /* the last state that CHANGED was called with */
	int fd;              /* -1: could not be opened yet */
	int error;           /* why not */
	bool leaving;        /* freed: says AdminDown */
	uint64_t leave_us;   /* until then */
	struct event *timer;
	uint64_t received, sent, ups, downs, notified;
	uint64_t rejected; /* packets for it with too low a TTL */
};

struct bfds *bfds_new(struct event_base *base);
/* Says AdminDown once for each session. Takes NULL. */
void bfds_free(struct bfds *all);
/* Opens what should be open and could not be, another program having the port. */
void bfds_retry(struct bfds *all);
struct bfd_session *bfds_first(struct bfds *all);
struct bfd_session *bfds_after(struct bfd_session *s);
/* Packets of no session, or not valid. */
uint64_t bfds_dropped(const struct bfds *all);

struct bfd_session *bfd_session_new(
    struct bfds *all, const struct bfd_session_opts *opts);
void bfd_session_free(struct bfd_session *s);
void bfd_session_configure(
    struct bfd_session *s, const struct bfd_timers *timers, bool independent);

#endif

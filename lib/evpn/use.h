/*
 * use - see use.c; between demand.c and its uses.
 */
#ifndef EVPN_USE_H
#define EVPN_USE_H

#include "evpn/demand.h"
#include "evpn/state.h"

enum use_state { USE_UNKNOWN, USE_WANTED };

struct use {
	RB_ENTRY(use) link;                /* in the EVI, by IP then MAC: one is none */
	RB_ENTRY(use) timer;               /* valid while DUE_MS != 0 */
	TAILQ_ENTRY(use) unknown_link;     /* valid while UNKNOWN */
	TAILQ_ENTRY(use) outstanding_link; /* valid while MISSED_US != 0 */
	struct evi *evi;
	uint64_t due_ms;    /* UNKNOWN: forgotten; MAC: its last use is read */
	uint64_t missed_us; /* not yet acknowledged by the kernel; 0: it is */
	uint32_t since_s;
	struct mac mac;
	struct ip ip;
	uint8_t state;
};

RB_HEAD(uses, use);

struct demand {
	struct uses uses;
	TAILQ_HEAD(, use) unknown; /* oldest first */
	struct bucket bucket;
	struct demand_stats stats;
	uint64_t rate_ms; /* start of the second in which RATE_NOW counts */
	uint32_t rate_now;
	bool seeding;
};

RB_PROTOTYPE(uses, use, link, use_cmp)
RB_PROTOTYPE(demand_timers, use, timer, timer_cmp)

/* Of one of them, the other is NULL. */
struct use *use_find(struct demand *d, const struct mac *mac, const struct ip *ip);
struct use *use_new(struct evi *evi, const struct mac *mac, const struct ip *ip,
    enum use_state state, uint64_t now);
void use_free(struct use *u);
/* Its route came or went. */
void use_turn(struct use *u, enum use_state state, uint64_t now);
/* 0: nothing is due. */
void use_set_timer(struct use *u, uint64_t due_ms);
/* The kernel is to acknowledge its rows; 0: it has. */
void use_set_outstanding(struct use *u, uint64_t now_us);
/* So long a MAC stays that is not used. */
uint64_t use_age_ms(const struct evi *evi);

#endif

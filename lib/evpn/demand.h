/*
 * demand - resolution on demand: of what BGP knows the kernel holds only what this host
 * talks to. See demand.c for how; here is what it counts.
 */
#ifndef EVPN_DEMAND_H
#define EVPN_DEMAND_H

#include "base/addr.h"

#define DEMAND_BUCKETS 168

/* Of one VNI, or summed up. */
struct demand_stats {
	uint64_t missed;    /* questions of the kernel, and of hosts, that came here */
	uint64_t coalesced; /* ... about what is resolved, or being resolved */
	uint64_t resolved;  /* rows written because of one, and acknowledged */
	uint64_t negative;  /* BGP does not know it */
	uint64_t limited;   /* too many: not looked at */
	uint64_t refused;   /* the kernel did not take the rows */
	uint64_t aged;      /* MACs not used any more */
	uint64_t answered;  /* ARP and ND questions, by us */
	uint64_t replayed;  /* frames that the kernel had dropped, sent by us */
	uint32_t macs, ips; /* wanted now */
	uint32_t unknown;   /* remembered as not known */
	uint32_t outstanding;
	uint32_t rate;                    /* misses in the last full second */
	uint32_t latency[DEMAND_BUCKETS]; /* of RESOLVED; see demand_percentile() */
};

/* Microseconds from miss to acknowledgement that PER_MILLE of all did not exceed; 0: none. */
uint32_t demand_percentile(const struct demand_stats *s, unsigned per_mille);

/* An ARP or ND question of a host behind one of our ports. */
struct demand_question {
	uint32_t port;
	uint16_t vlan;   /* of the tag; 0: none */
	struct mac mac;  /* who asks */
	struct ip ip;    /* ... with this address */
	struct ip about; /* who has it? */
};

/* What we tell that host: ABOUT is at this MAC. */
struct demand_answer {
	struct demand_question to;
	struct mac mac;
	bool router;
};

#endif

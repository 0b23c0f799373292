/*
 * apply - brings the tables in line with the configuration.
 */
#ifndef EVPND_APPLY_H
#define EVPND_APPLY_H

#include <stdbool.h>
#include <stdint.h>

struct conf;
struct ip;
struct evpnd;
struct klink;

/* Makes C (taken over) the running configuration; touches only what differs. */
void apply_conf(struct evpnd *d, struct conf *c);
/* Has a device of this host the address? */
bool apply_is_own(const struct ip *ip);
/* An address of this host changed: router identifier and VTEP address are found anew. */
void apply_addresses(struct evpnd *d);
/* IPv6 forwarding of this host may have been switched. */
void apply_forwarding(struct evpnd *d);
/* Devices are sized by what the ways to the VTEPs carry now. */
void apply_underlay(struct evpnd *d, uint64_t now);
/* A device changed: the one our addresses come from is to be watched. */
void apply_link(struct evpnd *d, const struct klink *l);

#endif

/*
 * snoop - hears the ARP and ND of the hosts on our bridge ports, and asks the silent ones.
 *
 * Where a bridge has no address the kernel learns no neighbours; so one AF_PACKET socket a
 * port, with a BPF filter for ARP, NS and NA, tells which host has which address. Only what
 * a host says of itself counts (frame.h); what we send ourselves is not heard.
 */
#ifndef EVPND_SNOOP_H
#define EVPND_SNOOP_H

#include "base/addr.h"
#include "kern/frame.h"

struct event_base;
struct snoop;

struct snoop_env {
	struct event_base *base;
	/* A host on bridge port IFINDEX says that it is IP with MAC; VLAN 0: untagged. */
	void (*heard)(void *arg, uint32_t ifindex, uint16_t vlan, const struct mac *mac,
	    const struct ip *ip);
	/* It asks for an address. True: something may be written now, so that it is answered. */
	bool (*asked)(void *arg, uint32_t ifindex, const struct frame_question *q);
	/* After questions of which that was said, when all that had come were told. */
	void (*read)(void *arg);
	void (*log)(int level, const char *text); /* syslog levels; may be NULL */
	void *arg;
};

struct snoop *snoop_new(const struct snoop_env *env);
void snoop_free(struct snoop *s);
/* Listens on a bridge port, or stops. Idempotent. */
void snoop_port(struct snoop *s, uint32_t ifindex, bool on);
/*
 * One unicast ARP request (sender 0.0.0.0) or NS to a host, out of port IFINDEX in VLAN (0:
 * untagged): it answers if it lives. False with errno set when it cannot be sent.
 */
bool snoop_probe(struct snoop *s, uint32_t ifindex, uint16_t vlan,
    const struct mac *mac, const struct ip *ip);
/* "Who has IP?", to all on the link of device IFINDEX; see frame_ask(). */
bool snoop_ask(struct snoop *s, uint32_t ifindex, const struct mac *mac,
    const struct ip *source, const struct ip *ip);
/* The answer to a question that was heard on port IFINDEX; see frame_reply(). */
bool snoop_answer(struct snoop *s, uint32_t ifindex, const struct frame_question *q,
    const struct mac *mac, bool router);

#endif

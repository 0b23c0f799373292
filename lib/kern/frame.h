/*
 * frame - Ethernet frames with ARP and neighbour discovery: which host says that it has which
 * address (RFC 826, RFC 5227; RFC 4861, 4.3, 4.4; RFC 4862, 5.4).
 *
 * Only what a sender says of itself is a binding: ARP's sender fields, the source of a
 * neighbour solicitation with its link-layer option, the target of an advertisement.
 * Probes for an address not yet owned (sender 0.0.0.0, source ::) are none.
 */
#ifndef KERN_FRAME_H
#define KERN_FRAME_H

#include "base/addr.h"

#define FRAME_MIN 14
#define FRAME_REPLY_MAX 90 /* what frame_reply() needs at most */
#define FRAME_PROBE_MAX 90 /* what frame_probe() needs at most */

struct frame_binding {
	struct mac mac;
	struct ip ip;
	uint16_t vlan; /* of the tag in the frame; 0: none */
	bool router;   /* an advertisement said so */
};

/*
 * A frame of LEN bytes from its destination MAC on. True: it is a binding, written to OUT;
 * false: anything else. A VLAN tag that the kernel has taken out is the caller's to know.
 */
bool frame_parse(const void *data, size_t len, struct frame_binding *out);

/* An ARP request or a neighbour solicitation. */
struct frame_question {
	struct mac mac; /* who asks */
	struct ip ip;   /* ... with this address */
	struct ip about;
	uint16_t vlan;
};

/*
 * True: the frame is a question about an address, of somebody who has one himself (no probe,
 * no duplicate detection, no announcement).
 */
bool frame_question(const void *data, size_t len, struct frame_question *out);

/*
 * The answer to it: Q's ABOUT is at MAC, as MAC itself would say; with Q's VLAN as tag. The
 * length, or 0 when it does not fit.
 */
size_t frame_reply(void *buf, size_t len, const struct frame_question *q,
    const struct mac *mac, bool router);

/*
 * A unicast question to a host, whether it still has IP: an ARP request from 0.0.0.0 or a
 * neighbour solicitation from the link-local address that FROM makes (EUI-64; from ::, it
 * would be duplicate detection, whose answer goes to everybody). VLAN 0:
 * without a tag. The length, or 0 when it does not fit or IP is empty.
 */
size_t frame_probe(void *buf, size_t len, uint16_t vlan, const struct mac *from,
    const struct mac *to, const struct ip *ip);

/*
 * A question to all: who has IP? From MAC and SOURCE, an address of IP's family, or none:
 * then 0.0.0.0, or the link-local address that MAC makes. The length, or 0 as above.
 */
size_t frame_ask(void *buf, size_t len, const struct mac *mac, const struct ip *source,
    const struct ip *ip);

#endif

/*
 * nlcodec - kernel objects to and from netlink messages (libnl-3's messages, no socket).
 *
 * Decoders take any message the kernel (or a liar) may send and say no to what they do not
 * understand. Encoders make one message of at most NLCODEC_MAX bytes, or 0 when there is none
 * for that kind, and leave sequence number, port and NLM_F_ACK to the sender.
 */
#ifndef KERN_NLCODEC_H
#define KERN_NLCODEC_H

#include "kern/klink.h"
#include "kern/ktab.h"

#define NLCODEC_MAX 1024

struct nlmsghdr;

enum nlcodec_what {
	NLCODEC_NONE,       /* not for us, or malformed */
	NLCODEC_LINK,       /* LINK filled; DELETED */
	NLCODEC_PORT,       /* AF_BRIDGE: ifindex, master, port of LINK filled */
	NLCODEC_OBJ,        /* KEY and VAL filled; DELETED */
	NLCODEC_FORWARDING, /* FAMILY, ifindex (IPv6: 0) and forward of LINK */
	NLCODEC_MISS, /* l2miss, l3miss or app_solicit: KEY's ifindex and mac or ip */
};

struct nlcodec_msg {
	enum nlcodec_what what;
	bool deleted;
	uint8_t family; /* FORWARDING: 4 or 6 */
	bool solicit;   /* MISS: the kernel asks (NLM_F_REQUEST) and holds the packet */
	struct klink link;
	struct kkey key;
	struct kval val;
	uint32_t idle_ms; /* OBJ: an FDB entry or neighbour, when it was last used */
};

/* One message of LEN bytes (header included). */
void nlcodec_decode(const struct nlmsghdr *nlh, size_t len, struct nlcodec_msg *out);

/*
 * As nlcodec_decode(), but for messages too that tell of many objects (VLANs of a port, VNIs
 * of a device): FN is called once for each, never with NLCODEC_NONE. What a bridge says of
 * itself looks like what it says of a port: KVLAN_SELF is for the caller to set.
 */
void nlcodec_each(const struct nlmsghdr *nlh, size_t len,
    void (*fn)(void *arg, const struct nlcodec_msg *m), void *arg);

/* The kernel's choice of a route. */
struct nlcodec_route {
	uint32_t ifindex;
	uint32_t mtu;     /* of the route itself; 0: none */
	struct ip source; /* preferred source address */
};

/* An RTM_NEWROUTE that answers nlcodec_get_route(). */
bool nlcodec_route(const struct nlmsghdr *nlh, size_t len, struct nlcodec_route *out);
size_t nlcodec_get_route(uint8_t *buf, size_t len, const struct ip *to);

/*
 * A request for an operation of ktab into BUF; the length, or 0 when it does not fit. Of
 * several messages the last one's answer counts.
 */
size_t nlcodec_op(uint8_t *buf, size_t len, const struct ktab_op *op);
/*
 * One step towards a wished device; IFINDEX 0 for KLINK_CREATE. OTHER: the ifindex of
 * LOWER for KLINK_CREATE (0: none), of MASTER for KLINK_ENSLAVE.
 */
size_t nlcodec_link(uint8_t *buf, size_t len, enum klink_step step,
    const struct klink_want *w, uint32_t ifindex, uint32_t other);
/* Dump requests: links (AF_UNSPEC and AF_BRIDGE), or KIND on one device. */
size_t nlcodec_dump_links(uint8_t *buf, size_t len, bool bridge);
size_t nlcodec_dump(uint8_t *buf, size_t len, enum kkind kind, uint32_t ifindex);
/* Asks whether IPv6 is forwarded. */
size_t nlcodec_get_forward6(uint8_t *buf, size_t len);
/* One object (RTM_GETNEIGH and like). */
size_t nlcodec_get(uint8_t *buf, size_t len, const struct kkey *key);

#endif

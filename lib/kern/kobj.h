/*
 * kobj - kernel objects as data: what names one (the key) and what it says (the value).
 *
 * Links have their own table (klink.h). Everything else is a pair of fixed-size structs
 * without padding, unused fields zero:
 *
 *   kind     key                                        value
 *   addr     ifindex, ip, plen                          -
 *   brfdb    ifindex (of the bridge), vlan, mac         port, flags, state
 *   vxfdb    ifindex (of the vxlan), vni, mac, ip*      ip (VTEP) or nhid, flags, state
 *   neigh    ifindex, ip                                mac, flags, state, proto
 *   nexthop  id                                         (FDB group of one VTEP: ip), proto
 *   route    table in ifindex, ip, plen                 nhid, proto
 *
 * (*) For the all-zero and multicast MACs, which have one entry a VTEP, the VTEP is part of
 * the key; for a unicast MAC it is the value. In the key of vxfdb, VNI is 0 except on a
 * device for all VNIs ("external").
 */
#ifndef KERN_KOBJ_H
#define KERN_KOBJ_H

#include "base/addr.h"

/* What a later kind refers to comes first. */
enum kkind {
	KOBJ_ADDR,
	KOBJ_NEXTHOP,
	KOBJ_BRFDB,
	KOBJ_VXFDB,
	KOBJ_NEIGH,
	KOBJ_ROUTE,
	KOBJ_KINDS,
};

struct kkey {
	uint8_t kind; /* enum kkind */
	uint8_t plen;
	uint16_t vlan;    /* 0: none */
	uint32_t ifindex; /* host order */
	uint32_t id;      /* vni of a vxfdb, id of a nexthop */
	struct mac mac;
	struct ip ip;
	uint8_t pad; /* always 0 */
};
_Static_assert(sizeof(struct kkey) == 36, "struct kkey has padding");

struct kval {
	uint32_t port;  /* brfdb: ifindex of the bridge port */
	uint32_t nhid;  /* vxfdb, route: nexthop id instead of an address; 0: none */
	uint16_t state; /* NUD_*, as the kernel has them */
	uint8_t flags;  /* NTF_* */
	uint8_t proto;  /* RTPROT_*; what has none: 0 */
	struct mac mac; /* neigh */
	struct ip ip;   /* vxfdb: VTEP */
	uint8_t pad;    /* always 0 */
};
_Static_assert(sizeof(struct kval) == 36, "struct kval has padding");

/* Our number in what carries one (neighbours, nexthops, routes): free in rt_protos. */
#define KOBJ_PROTO 91

/* By kind, then device: the rows of one device are next to each other. */
static inline int
kkey_cmp(const struct kkey *a, const struct kkey *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->ifindex != b->ifindex)
		return a->ifindex < b->ifindex ? -1 : 1;
	return memcmp(a, b, sizeof(*a));
}

/*
 * The values that we write. Callers do not choose states and flags themselves; these are
 * chosen so that the kernel neither ages nor flushes an entry where it can be helped:
 *
 *   remote MAC on the bridge: extern_learn is never aged and may roam to a local port. A
 *   sticky one must not roam, and the kernel drops "sticky" when "extern_learn" is said
 *   too, so that one is static and sticky and carries no mark of ours.
 *   vxlan entries: permanent, which survives "ip link set down" (reachable does not).
 *   neighbours: noarp; lost with the carrier, and then written again.
 */
struct kval kval_remote_mac(uint32_t vxlan_ifindex, bool sticky); /* brfdb */
struct kval kval_vxlan_dst(const struct ip *vtep); /* vxfdb, unicast MAC */
struct kval kval_vxlan_nhid(uint32_t nhid);        /* vxfdb, unicast MAC */
struct kval kval_flood(void);                      /* vxfdb, zero or multicast MAC */
struct kval kval_remote_neigh(const struct mac *mac, bool router);
struct kval kval_addr(void);

/* Their keys. */
struct kkey kkey_addr(uint32_t ifindex, const struct ip *ip, uint8_t plen);
struct kkey kkey_brfdb(uint32_t bridge_ifindex, uint16_t vlan, const struct mac *mac);
struct kkey kkey_vxfdb(uint32_t vxlan_ifindex, uint32_t vni, const struct mac *mac);
struct kkey kkey_flood(uint32_t vxlan_ifindex, uint32_t vni, const struct ip *vtep);
struct kkey kkey_neigh(uint32_t ifindex, const struct ip *ip);

/* A neighbour's MAC is known (not incomplete or failed). */
bool kval_neigh_valid(const struct kval *val);
/* A bridge entry of the bridge itself or of a port's own MAC: never to be touched. */
bool kval_is_own(const struct kkey *key, const struct kval *val);
/* A static bridge entry, set by hand. */
bool kval_is_static(const struct kkey *key, const struct kval *val);

/*
 * Can the kernel turn HAVE into WANT with one NLM_F_REPLACE? If not, HAVE is deleted first.
 */
bool kval_replaceable(
    const struct kkey *key, const struct kval *have, const struct kval *want);

/*
 * Equal as far as we care: what the kernel changes by itself (a neighbour's use, the
 * "offloaded" flag) does not count. A column of the table of kinds.
 */
bool kval_same(const struct kkey *key, const struct kval *a, const struct kval *b);

/*
 * Does this entry, found on a device that we manage, carry our mark? NTF_EXT_LEARNED for FDB
 * entries (the kernel keeps nothing better), the protocol number for the rest.
 */
bool kobj_is_ours(const struct kkey *key, const struct kval *val);

const char *kkind_name(enum kkind kind); /* "brfdb", "vxfdb", "neigh" ... */

#define KOBJ_STRLEN 160
/* "02:00:00:00:00:01 vlan 10 on ifindex 5"; what iproute2 shows, shortened. */
char *kkey_str(char *buf, const struct kkey *key);
/* "dst 10.0.0.2 extern_learn noarp"; "-" for none. */
char *kval_str(char *buf, const struct kkey *key, const struct kval *val);

#endif

/*
 * kobj - kernel objects as data: what names one (the key) and what it says (the value).
 *
 * Links have their own table (klink.h). Everything else is a pair of fixed-size structs
 * without padding, unused fields zero:
 *
 *   kind     key                                        value
 *   addr     ifindex, ip, plen                          proto
 *   ask      ifindex, family (in ip)                    port (what it was before)
 *   brfdb    ifindex (of the bridge), vlan, mac         port, flags, state
 *   vxfdb    ifindex (of the vxlan), vni, mac, ip*      ip (VTEP) or nhid, flags, state
 *   neigh    ifindex, ip                                mac, flags, state, proto
 *   nexthop  id                                         ip (gateway), port, flags, proto
 *   nhgroup  id (of one space with the nexthops)        members, flags, proto
 *   brvlan   ifindex (of the port or bridge), vlan      flags, vni
 *   vni      ifindex (of a vxlan with vnifilter), vni   -
 *   tagdrop  ifindex (of a vxlan)                       -
 *   reqdrop  ifindex (of a vxlan)                       -
 *   route    table in ifindex, ip, plen, metric in id   nhid, or ip and port; type in flags,
 *                                                       proto
 *
 * ask: the kernel asks us for a neighbour that it does not know, before it asks the link
 * (app_solicit 1). Nothing tells what it is set to but a dump of all devices; so it is read
 * once, before it is set, and has its old value again when not wanted.
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
	KOBJ_ASK,
	KOBJ_NEXTHOP,
	KOBJ_NHGROUP,
	KOBJ_VNI,
	KOBJ_BRVLAN,
	KOBJ_TAGDROP,
	KOBJ_REQDROP,
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
	uint32_t id; /* vni of a vxfdb or vni, id of a nexthop, metric of a route */
	struct mac mac;
	struct ip ip;
	uint8_t pad; /* always 0 */
};
_Static_assert(sizeof(struct kkey) == 36, "struct kkey has padding");

#define KVAL_MEMBERS 8

struct kval {
	uint16_t state; /* NUD_*, as the kernel has them; route: KROUTE_* */
	uint8_t
	    flags; /* NTF_*; nexthop, nhgroup: KNH_*; brvlan: KVLAN_*; route: RTN_* */
	uint8_t proto; /* RTPROT_*, of an address IFAPROT_*; what has none: 0 */
	union {
		struct {
			uint32_t port; /* bridge port; device of a nexthop or route */
			union {
				uint32_t
				    nhid; /* nexthop instead of an address; 0: none */
				uint32_t vni; /* brvlan: tunnel_info; 0: none */
			};
			struct mac mac; /* neigh */
			struct ip ip;   /* vxfdb: VTEP; nexthop, route: gateway */
			uint8_t pad;    /* always 0 */
		};
		/* nhgroup: ids in ascending order, zeros after them, all of equal weight */
		uint32_t members[KVAL_MEMBERS];
	};
};
_Static_assert(sizeof(struct kval) == 36, "struct kval has padding");

enum {
	KNH_FDB = 1,    /* for vxlan FDB entries, not for routes */
	KNH_ONLINK = 2, /* the gateway is taken to be on the device's link */
};

enum {
	KVLAN_PVID = 0x02, /* numbers of the kernel */
	KVLAN_UNTAGGED = 0x04,
	KVLAN_SELF = 0x80, /* the bridge's own membership, not that of a port */
};

enum {
	KROUTE_ONLINK = 1,
	KROUTE_MULTI = 2, /* not ours: several next hops, not told which */
};

/* Whose a route is, in the words of "redistribute". */
enum kroute_source {
	KROUTE_OTHER,     /* a routing daemon's, or a sort that has no name here */
	KROUTE_OURS,      /* KOBJ_PROTO */
	KROUTE_CONNECTED, /* the kernel's, to a device's own network */
	KROUTE_STATIC,    /* RTPROT_STATIC, or FRR's */
	KROUTE_KERNEL,    /* by hand ("ip route add"), DHCP, router advertisements */
};

/* Our number in neighbours, nexthops, routes and addresses: free in rt_protos. */
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

/* Is KEY one of the N? */
bool kkey_among(const struct kkey *keys, unsigned n, const struct kkey *key);

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
/*
 * A MAC of the bridge itself besides its own, that of a VLAN device on it: without it, frames
 * to that one are flooded. It carries no mark.
 */
struct kval kval_own_mac(uint32_t bridge_ifindex); /* brfdb */
struct kval kval_vxlan_dst(const struct ip *vtep); /* vxfdb, unicast MAC */
struct kval kval_vxlan_nhid(uint32_t nhid);        /* vxfdb, unicast MAC */
struct kval kval_flood(void);                      /* vxfdb, zero or multicast MAC */
struct kval kval_remote_neigh(const struct mac *mac, bool router);
struct kval kval_addr(void); /* somebody's */
/*
 * Addresses, nexthops, groups and routes: written only where nobody else's is. The gateway
 * of a routed nexthop may be of another family than the route (IPv4 via IPv6 only). A
 * group takes up to KVAL_MEMBERS ids in any order; what is past them is left out. Routes
 * are of type unicast but for kval_route_reject(): RTN_BLACKHOLE, RTN_UNREACHABLE ...
 */
struct kval kval_gateway(void); /* addr */
struct kval kval_ask(void);
struct kval kval_nexthop(const struct ip *gateway, uint32_t ifindex, bool onlink);
struct kval kval_fdb_nexthop(const struct ip *vtep);
struct kval kval_nhgroup(const uint32_t *ids, size_t n, bool fdb);
struct kval kval_route_nhid(uint32_t nhid);
/* GATEWAY NULL: to the device's own network. */
struct kval kval_route_via(const struct ip *gateway, uint32_t ifindex, bool onlink);
struct kval kval_route_reject(uint8_t type);
/* Membership of a VLAN-aware bridge's port, KVLAN_*; with tunnel_info when VNI is not 0. */
struct kval kval_brvlan(uint8_t flags, uint32_t vni);
/* A VNI of a vxlan device with "external vnifilter". */
struct kval kval_vni(void);
/* Frames that come out of a vxlan device with a tag are dropped (nltc.c). */
struct kval kval_tagdrop(void);
/* ARP and ND requests that are to go out of one are dropped (nltc.c). */
struct kval kval_reqdrop(void);
/* As VAL, ours even where it is there already; see kkind_unmarked(). */
struct kval kval_claimed(struct kval val);

/* Their keys. */
struct kkey kkey_addr(uint32_t ifindex, const struct ip *ip, uint8_t plen);
struct kkey kkey_ask(uint32_t ifindex, uint8_t family);
struct kkey kkey_brfdb(uint32_t bridge_ifindex, uint16_t vlan, const struct mac *mac);
struct kkey kkey_vxfdb(uint32_t vxlan_ifindex, uint32_t vni, const struct mac *mac);
struct kkey kkey_flood(uint32_t vxlan_ifindex, uint32_t vni, const struct ip *vtep);
struct kkey kkey_neigh(uint32_t ifindex, const struct ip *ip);
struct kkey kkey_nexthop(uint32_t id);
struct kkey kkey_nhgroup(uint32_t id);
struct kkey kkey_vni(uint32_t vxlan_ifindex, uint32_t vni);
struct kkey kkey_tagdrop(uint32_t vxlan_ifindex);
struct kkey kkey_reqdrop(uint32_t vxlan_ifindex);
struct kkey kkey_brvlan(uint32_t port_ifindex, uint16_t vlan);
/* METRIC 0 is 1024 for IPv6: the kernel knows no other 0 there. */
struct kkey kkey_route(uint32_t table, const struct prefix *to, uint32_t metric);

/* The prefix of a route or address. */
struct prefix kkey_prefix(const struct kkey *key);
enum kroute_source kval_route_source(const struct kval *val);

/* IFINDEX of the key is a device (not 0, or a routing table). */
bool kkind_on_device(enum kkind kind);
/* Carries a protocol number: what has another is left alone, even where we want our own. */
bool kkind_yields(enum kkind kind);
/*
 * Carries no mark of any sort: ours is what we wrote in this life, or what is wanted as ours
 * whoever wrote it (KOBJ_PROTO in the wanted value, which does not count otherwise).
 */
bool kkind_unmarked(enum kkind kind);

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

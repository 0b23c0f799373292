/*
 * klink - network devices: a mirror of all of them, and our wishes for some.
 *
 * The mirror (klink) is what RTM_NEWLINK said, by ifindex. A wish (klink_want) is by name: a
 * device to create or adopt, its bridge, its settings. klink_next() compares the two and
 * names one step at a time; the device is created when missing, never deleted and made again
 * (deleting is slow and loses traffic): what cannot be changed on a living device is left as
 * it is and told (klink_wrong()).
 *
 * What we create carries our mark, an alias (ip link shows it); so it is known as ours after
 * a restart, too. When nobody wishes for it any more it is deleted; what was there before, or
 * has got another alias, stays.
 */
#ifndef KERN_KLINK_H
#define KERN_KLINK_H

#include "base/addr.h"
#include "base/table.h"

#define KLINK_NAME 16
#define KLINK_MARK "evpnd" /* IFLA_IFALIAS of what we created */

enum klink_kind {
	KLINK_OTHER,
	KLINK_BRIDGE,
	KLINK_VXLAN,
	KLINK_VLAN,
	KLINK_VRF,
	KLINK_MACVLAN,
	KLINK_VETH,
	KLINK_DUMMY,
	KLINK_BOND,
};

struct klink_vxlan {
	uint32_t vni; /* 0 on a device for all VNIs */
	uint16_t port;
	uint32_t lower; /* ifindex, 0: none */
	struct ip local;
	struct ip group; /* or remote; none when zero */
	bool learning, proxy, rsc, l2miss, l3miss;
	bool external, vnifilter;
	uint32_t ageing_s;
	uint8_t ttl; /* 0: the kernel's choice: 1 to a group */
};

struct klink_port {    /* as a bridge port */
	uint8_t state; /* BR_STATE_*: 3 forwarding */
	bool learning, neigh_suppress, flood, mcast_flood, bcast_flood, isolated,
	    hairpin;
	bool locked, vlan_tunnel;
	uint16_t pvid; /* VLAN-aware bridge; 0: none */
};

struct klink {
	RB_ENTRY(klink) link;            /* by ifindex */
	RB_ENTRY(klink) name_link;       /* by name */
	TAILQ_ENTRY(klink) changed_link; /* valid while CHANGED */
	uint32_t ifindex;
	char name[KLINK_NAME];
	enum klink_kind kind;
	uint32_t master; /* ifindex of the bridge or VRF, 0: none */
	uint32_t lower;  /* IFLA_LINK: parent of a VLAN or macvlan; 0: none */
	struct mac mac;
	uint32_t mtu;
	bool up;      /* IFF_UP */
	bool running; /* IFF_LOWER_UP: carrier */
	bool changed;
	bool gone; /* being handed out by klink_changed() for the last time */
	bool stale;
	bool ours;                /* has our mark */
	uint16_t vlan;            /* KLINK_VLAN: its id */
	uint32_t table;           /* KLINK_VRF */
	bool vlan_filtering;      /* KLINK_BRIDGE */
	uint16_t default_pvid;    /* KLINK_BRIDGE: VLAN of new ports; 0: none */
	struct klink_vxlan vxlan; /* KLINK_VXLAN */
	bool forward;             /* IPv4 that comes in is forwarded */
	bool noaddrgen;           /* no link-local address comes by itself (IPv6) */
	bool is_port;             /* master is a bridge */
	struct klink_port port;   /* valid while IS_PORT */
};

/* What of a wish counts. */
enum {
	KLINK_WANT_CREATE = 1 << 0, /* make it when missing */
	KLINK_WANT_MASTER = 1 << 1,
	KLINK_WANT_MTU = 1 << 2,
	KLINK_WANT_UP = 1 << 3,
	KLINK_WANT_PORT = 1 << 4,    /* learning and neigh_suppress of PORT */
	KLINK_WANT_LOCAL = 1 << 5,   /* vxlan.local */
	KLINK_WANT_NOLEARN = 1 << 6, /* vxlan device: nolearning */
	KLINK_WANT_MAC = 1 << 7,
	KLINK_WANT_NOADDRGEN = 1 << 8, /* addrgenmode none */
	KLINK_WANT_TUNNEL = 1 << 9,    /* vlan_tunnel of PORT, with WANT_PORT */
	KLINK_WANT_FILTERING = 1
	    << 10,                    /* bridge: vlan_filtering, as in VLAN_FILTERING */
	KLINK_WANT_FORWARD = 1 << 16, /* IPv4; never switched off again */
	/* klink_unwant()'s: */
	KLINK_WANT_GONE = 1 << 11,  /* deleted, if it is ours */
	KLINK_WANT_LEAVE = 1 << 12, /* out of its master */
	KLINK_WANT_LEARN = 1 << 13, /* vxlan device: learning */
	/*
	 * vxlan: GROUP, by way of the device LOWER, and TTL; or no group nor remote. A LOWER
	 * once set stays when the group goes: the kernel cannot take it back.
	 */
	KLINK_WANT_GROUP = 1 << 14,
	/* This kernel joins the group of a living device only when it comes up again. */
	KLINK_WANT_REJOIN = 1 << 15,
	KLINK_WANT_FLOOD = 1 << 20, /* bridge port: flood (unknown unicast) of PORT */
	/* Bridge port: no broadcast nor multicast out, and nothing in (locked). */
	KLINK_WANT_QUIET = 1 << 21,
};

struct klink_want {
	RB_ENTRY(klink_want) link;
	char name[KLINK_NAME];
	enum klink_kind kind;
	uint32_t what;           /* KLINK_WANT_* */
	char master[KLINK_NAME]; /* "": none */
	struct mac mac;
	uint32_t mtu;
	/*
	 * To create: a vxlan, with a group on LOWER; a VLAN device or macvlan (mode
	 * private) on LOWER, which must be there first; a VRF of TABLE; a bridge with
	 * VLAN_FILTERING and, then, PORT's PVID as the one that its ports get (0: none).
	 */
	struct klink_vxlan vxlan;
	char lower[KLINK_NAME];
	uint16_t vlan;
	uint32_t table;
	bool vlan_filtering;
	struct klink_port port;
	/* our own bookkeeping */
	struct mac own_mac; /* before it got MAC; zero: not known */
	struct mac set_mac; /* it got this one, and is to lose it; zero: none */
	struct mac put_mac; /* of a step: the MAC to set, if it is not MAC; or zero */
	bool mac_seen;      /* OWN_MAC was looked for */
	bool inflight;
	bool made;    /* we created it, the mark is not on it yet */
	bool renewed; /* the wish changed while that step was in flight */
	bool bounce;  /* of a step: the device goes down for it, and up again */
	uint8_t
	    step; /* the last one handed out, enum klink_step; reset when all is well */
	uint8_t sent;      /* the one in flight, or the last that was */
	uint8_t fails;     /* how often that step was of no avail */
	int16_t error;     /* last refusal, -errno */
	uint64_t retry_ms; /* not that step again before */
};

enum klink_step {
	KLINK_NOTHING,
	KLINK_CREATE,
	KLINK_SET,       /* mtu, mac, addrgenmode, forwarding */
	KLINK_SET_GROUP, /* group and its device; down and up again if need be */
	KLINK_SET_VXLAN, /* local, learning, ttl; the kernel takes no mtu in this message */
	KLINK_ENSLAVE,  /* master */
	KLINK_SET_PORT, /* bridge port flags */
	KLINK_SET_UP,   /* last, so that nothing leaks from a device half set up */
	KLINK_SET_MARK, /* the kernel takes none when it creates a device */
	KLINK_LEAVE,    /* no master */
	KLINK_DELETE,
};

struct klinks;

struct klinks *klinks_new(void);
void klinks_free(struct klinks *t);

/* Mirror. L's bookkeeping fields do not count; a port's PVID is only in klink_have_port(). */
void klink_have(struct klinks *t, const struct klink *l);
/* Bridge port settings that came alone (AF_BRIDGE message). */
void klink_have_port(
    struct klinks *t, uint32_t ifindex, uint32_t master, const struct klink_port *port);
/*
 * Forwarding of IPv4 (FAMILY 4) of a device was switched, or of IPv6, which is forwarded by
 * all devices or none.
 */
void klink_have_forwarding(
    struct klinks *t, uint8_t family, uint32_t ifindex, bool forward);
bool klinks_forward6(const struct klinks *t);
void klink_lost(struct klinks *t, uint32_t ifindex);
void klink_dump_begin(struct klinks *t);
void klink_dump_end(struct klinks *t); /* what was not seen is gone */
struct klink *klink_find(struct klinks *t, uint32_t ifindex);
struct klink *klink_by_name(struct klinks *t, const char *name);
struct klink *klink_first(struct klinks *t);
struct klink *klink_after(struct klink *l);
/*
 * The next changed device; GONE is set when it went away, and then it is freed at the next
 * call.
 */
struct klink *klink_changed(struct klinks *t);

/*
 * A VLAN device's own settings, and vlan_filtering of a bridge that is there already, are not
 * changed: klink_wrong() tells. For another table a VRF device that we made is made anew, if
 * all that is in it is wished to be there.
 *
 * Wishes: replaces the one of that name. klink_unwant() forgets it: a device that we made is
 * deleted (but no bridge or VRF that has ports which nobody told us of), a port that was to
 * be in a bridge leaves it, and so does a bridge or VLAN device that was to be in a VRF;
 * settings of adopted devices stay as they are, but for "flood", which is on again where we
 * turned it off, and the MAC, which is the device's own again. So it is when a wish no longer
 * says which; an own MAC that is not known is the one that the kernel would choose.
 */
void klink_want(struct klinks *t, const struct klink_want *w);
void klink_unwant(struct klinks *t, const char *name);
struct klink_want *klink_want_find(struct klinks *t, const char *name);
struct klink_want *klink_want_first(struct klinks *t); /* by name */
struct klink_want *klink_want_after(struct klink_want *w);
/* Is there a step from the device as it is to the wish? */
bool klink_pending(struct klinks *t, const struct klink_want *w);
/* The next step that some wish needs; false: none now. Marks it in flight. */
bool klink_next(
    struct klinks *t, uint64_t now, enum klink_step *out_step, struct klink_want **out);
void klink_done(struct klinks *t, const char *name, int err, uint64_t now);
uint64_t klinks_deadline(const struct klinks *t);
/* What differs from the wish and cannot be changed: "vni 100, wanted 200"; NULL: nothing. */
const char *klink_wrong(
    struct klinks *t, const struct klink_want *w, char *buf, size_t len);

#endif

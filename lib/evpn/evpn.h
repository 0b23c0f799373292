/*
 * evpn - all MAC-VRFs of this host, between the RIB and the kernel's tables.
 *
 * In come: settings, devices (klinks), best paths (evpn_route), what the kernel learned
 * (evpn_heard, evpn_snooped), time. Each of these only changes rows and queues them;
 * evpn_drain() decides queued rows and carries them on: wanted kernel rows into ktab
 * (project.c), own routes into the queue that evpn_origin() empties (origin.c), probes into
 * the queue of evpn_probe(), events into a ring for "show evpn history" and "monitor".
 * pipeline.c does the carrying in and out; nothing here calls the RIB.
 */
#ifndef EVPN_EVPN_H
#define EVPN_EVPN_H

#include "evpn/demand.h"
#include "evpn/evi.h"
#include "evpn/ipvrf.h"
#include "kern/klink.h"
#include "kern/ktab.h"

/* Global settings, all resolved. */
struct evpn_conf {
	bool on; /* router bgp is there */
	bool advertise_all_vni;
	bool advertise_svi_ip, advertise_default_gw;
	bool flooding_disable;
	bool static_mac;    /* hosts of the configuration are advertised */
	bool group_rejoins; /* the kernel joins a group that a living device gets */
	bool autort_rfc8365;
	bool dad_off, dad_freeze;
	uint16_t dad_moves, dad_time_s, dad_freeze_s;
	uint32_t as, router_id;
	struct ip source; /* local VTEP address for devices we make */
	struct mac anycast_mac;
	uint16_t udp_port;
	uint32_t underlay_mtu; /* of the way to the VTEPs; 0: not known */
};

/* A path as the EVPN tables see it: a view, valid during the call. */
struct evpn_path {
	struct attrs *attrs;
	const uint32_t *label;
	uint8_t labels;
	uint16_t peer;
	bool self; /* our own route: not imported */
};

/* One own route to bring into the RIB (or take out: ATTRS NULL). */
struct evpn_origin {
	struct nlri key;
	struct nlri_info info;
	struct attrs *attrs; /* a reference, the taker's */
};

/* A host to ask whether it is still there. */
struct evpn_probe {
	uint32_t port;
	uint16_t vlan;
	struct mac mac;
	struct ip ip;
};

/* An address to ask for on the link, by everybody's MAC: who has it? */
struct evpn_ask {
	uint32_t ifindex; /* the SVI */
	struct mac mac;   /* of the SVI */
	struct ip from;   /* of the SVI; none: it has no address of that family */
	struct ip ip;
};

enum evpn_event_kind {
	EV_LEARNED,
	EV_AGED,
	EV_MOVED_HERE,
	EV_MOVED_AWAY,
	EV_MOVED_REMOTE,
	EV_REMOTE_ADD,
	EV_REMOTE_DEL,
	EV_DUPLICATE,
	EV_DUP_CLEARED,
	EV_PROBED,
	EV_VTEP_ADD,
	EV_VTEP_DEL,
	EV_VNI_UP,
	EV_VNI_DOWN,
	EV_REFUSED,       /* learned here, but sticky elsewhere */
	EV_RMAC_CONFLICT, /* a VTEP has two router MACs: this one is not in force */
	EV_RMAC_OVER,
	EV_MAC_LIMIT, /* no more are learned, in a VNI or (PORT) behind a port */
	EV_IP_LIMIT,
	EV_SPOOFED, /* somebody claims our gateway's MAC or IP */
};

struct evpn_event {
	uint64_t at_ms;
	uint8_t kind;
	uint32_t vni;
	struct mac mac;
	struct ip ip;
	struct ip vtep;
	uint32_t seq;
	uint32_t port;
};

struct evpn_stats {
	uint32_t l2vnis, l3vnis;
	uint64_t imported,
	    unmatched; /* routes; the second: no VNI wants their targets */
	uint64_t rows; /* MACs and MAC/IPs, here and elsewhere */
	size_t bytes, row_bytes, import_bytes; /* the first: all but these two */
};

struct evpn;

struct evpn *evpn_new(
    struct attr_table *attrs, struct ktab *ktab, struct klinks *klinks);
/* Takes nothing out of the kernel. */
void evpn_free(struct evpn *e);

/* --- in --- */
void evpn_configure(struct evpn *e, const struct evpn_conf *c);
const struct evpn_conf *evpn_settings(const struct evpn *e);
/* A VNI's block; NULL: it has none any more. The struct and its arrays are copied. */
void evpn_configure_vni(struct evpn *e, uint32_t vni, const struct evi_conf *c);
/* A VRF's block; NULL: it has none any more. The struct and its arrays are copied. */
void evpn_configure_vrf(struct evpn *e, const char *name, const struct ipvrf_conf *c);
/* A device of the mirror changed or (GONE) went. Links wishes too, see device.c. */
void evpn_link(struct evpn *e, const struct klink *l);
/*
 * The best path of a route changed. OLD: attributes of the path carried before, or NULL; the
 * EVIs it had been imported to are found by their targets. NEW: NULL: none left.
 */
void evpn_route(struct evpn *e, const struct nlri *key, const struct attrs *old,
    const struct evpn_path *new_path, uint64_t now);
/* A row of ktab_heard(): a local MAC, neighbour or address appeared, changed or went. */
void evpn_heard(struct evpn *e, const struct krow *r, uint64_t now);
/* ARP or ND of a local host. */
void evpn_snooped(struct evpn *e, uint32_t port, uint16_t vlan, const struct mac *mac,
    const struct ip *ip, uint64_t now);
/*
 * The kernel does not know the neighbour KEY and holds a packet for it (netlink.h, missed,
 * with SOLICIT). What comes of it: a row written again, or a question (evpn_ask()).
 */
void evpn_missed(struct evpn *e, const struct kkey *key, uint64_t now);
/*
 * A miss (netlink.h, missed): somebody here talks to an address. NOW_US: when it was read,
 * microseconds of the same clock. Rows become wanted at once if the VNI is on demand.
 */
void evpn_demand(struct evpn *e, const struct kkey *key, bool solicit, uint64_t now_us);
/*
 * A host behind one of our ports asks for an address (ARP, ND). True: its answer (evpn_answer())
 * waits for rows.
 */
bool evpn_asked(struct evpn *e, const struct demand_question *q, uint64_t now_us);
/*
 * A frame to MAC, of VNI *OUT_VNI, was dropped at sensor device IFINDEX: to be kept until
 * evpn_replay() says by which device it can be sent? A miss, too.
 */
bool evpn_dropped(struct evpn *e, uint32_t ifindex, const struct mac *mac,
    uint64_t now_us, uint32_t *out_vni);
bool evpn_replay(
    struct evpn *e, uint32_t vni, const struct mac *mac, uint32_t *out_ifindex);
/* The kernel has answered requests. */
void evpn_demand_acked(struct evpn *e, uint64_t now_us);
/* A vxlan FDB entry that may be idle: to be read and told of by evpn_checked(). */
bool evpn_check(struct evpn *e, uint64_t now, struct kkey *out);
void evpn_checked(
    struct evpn *e, const struct kkey *key, uint32_t idle_ms, uint64_t now);
/*
 * A platform announces a host (IP may be none), or takes it back. NULL: done; else why not,
 * for people.
 */
const char *evpn_api_mac(struct evpn *e, uint32_t vni, const struct mac *mac,
    const struct ip *ip, uint32_t port, bool add, uint64_t now);
/* VNI 0, MAC or IP NULL: any. */
void evpn_dup_clear(struct evpn *e, uint32_t vni, const struct mac *mac,
    const struct ip *ip, uint64_t now);
/* EVIs waiting for routes that are in the RIB already (new EVI, new targets). */
bool evpn_wants_reimport(const struct evpn *e);
/*
 * Shows one route of the RIB to the waiting EVIs; the pipeline walks the RIB once for all of
 * them, then says so.
 */
void evpn_reimport(
    struct evpn *e, const struct nlri *key, const struct evpn_path *p, uint64_t now);
void evpn_reimport_done(struct evpn *e);

/* --- on --- */
/* Decides at most BUDGET rows; true when nothing is left. */
bool evpn_drain(struct evpn *e, unsigned budget, uint64_t now);
bool evpn_origin(struct evpn *e, struct evpn_origin *out);
bool evpn_probe(struct evpn *e, struct evpn_probe *out);
bool evpn_ask(struct evpn *e, struct evpn_ask *out);
/* To be sent out of the port of the host that asked. */
bool evpn_answer(struct evpn *e, uint64_t now, struct demand_answer *out);
/* Ports on which ARP and ND are to be heard: each change once. */
bool evpn_snoop_port(struct evpn *e, uint32_t *out_port, bool *out_on);
/* ... it is no port, but a sensor, of which dropped frames are to be read. */
bool evpn_is_sensor(const struct evpn *e, uint32_t ifindex);
/* Timers: ageing, probes, duplicate windows. Returns when to come again, ms. */
uint64_t evpn_tick(struct evpn *e, uint64_t now);
/* Events since SEQ: copies at most N to OUT, moves SEQ; the number copied. */
unsigned evpn_events(
    const struct evpn *e, uint64_t *seq, struct evpn_event *out, unsigned n);
const char *evpn_event_name(enum evpn_event_kind kind);
void evpn_stats(const struct evpn *e, struct evpn_stats *out);

/* --- from one life to the next: recall.c --- */
/* Of a host here what the kernel does not keep: its sequence, or an address. */
struct evpn_memo {
	uint32_t vni;
	struct mac mac;
	struct ip ip; /* none: the MAC itself */
	uint32_t seq; /* of the MAC; 0 with IP */
};
/*
 * The next one behind AT (all zero: the first) into AT. Looks at no more than BUDGET rows, and
 * takes them off it. False with some of BUDGET left: there is none.
 */
bool evpn_memo_next(struct evpn *e, struct evpn_memo *at, unsigned *budget);
/* A memo of an earlier life; counts as soon as its MAC is found. */
void evpn_recall(struct evpn *e, const struct evpn_memo *m);
/* What was not found until now is forgotten. */
void evpn_recall_end(struct evpn *e);

/* --- for shows --- */
/* The import RTs and the VNIs behind each: calls EACH per pair, sorted. */
void evpn_import_rts(struct evpn *e,
    void (*each)(const struct ecom *rt, bool any_as, uint32_t vni, void *arg),
    void *arg);
/* Is it the VTEP address of one of our VNIs? */
bool evpn_is_own_ip(const struct evpn *e, const struct ip *ip);
/* Does VNI import one of the route targets? */
bool evpn_rt_matches(struct evpn *e, uint32_t vni, const struct attrs *a);
/* Why a route is not in the tables of VNI, or NULL when it is: words for explain. */
const char *evpn_why_not(
    struct evpn *e, uint32_t vni, const struct nlri *key, const struct evpn_path *p);

#endif

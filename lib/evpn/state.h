/*
 * state - the inside of lib/evpn: the root's fields, and what its files ask of each other.
 *
 * Not for other layers. Call order, which no file turns around:
 *
 *   evpn, import, evi, walk -> ipvrf, vrfwalk -> rt, vrfdev, vrfwish, vrfroute -> vrfvia ->
 *   vrfproject, vrforigin -> history
 *   vrfroute -> vrfpick -> vrfgw -> vrfvia
 *   evpn, import, evi, walk -> device, wish, local, probe, flood, macip -> mobility ->
 *   vrfroute, project, origin -> history
 *   device, wish, local, mobility, project -> gateway
 *   evi -> static -> macip, origin;  macip, origin -> static: is it one of its hosts?
 *   device, vrfdev -> place;  place -> device_touch_vni()
 *   evi, local -> member;  evi, device, wish, member -> sensor
 *   evpn, evi, walk, answer -> demand -> use;  project asks demand what is wanted, and
 *   demand has project write it
 *   miss: a neighbour was asked for; looks rows up, calls none
 *   local -> recall -> local_ip_set(), probe
 */
#ifndef EVPN_STATE_H
#define EVPN_STATE_H

#include "base/slab.h"
#include "evpn/evpn.h"
#include "evpn/ipvrf.h"

RB_HEAD(evi_tree, evi);
RB_HEAD(evi_ref_tree, evi_ref);
RB_HEAD(ipvrf_tree, ipvrf);
RB_HEAD(vrfgroup_tree, vrfgroup);
RB_HEAD(vrfid_tree, vrfid);
RB_HEAD(ipvrf_vni_tree, ipvrf);
RB_HEAD(ipvrf_table_tree, ipvrf);
RB_HEAD(rt_tree, rt_entry);
RB_HEAD(evdev_tree, evdev);
RB_HEAD(evdev_key_tree, evdev);
RB_HEAD(tunnel_tree, tunnel);
RB_HEAD(tunnel_vnis, tunnel);
RB_HEAD(macip_timers, macip_local);
RB_HEAD(demand_timers, use);
RB_HEAD(memo_tree, memo);

RB_PROTOTYPE(vtep_tree, vtep, link, vtep_cmp)
RB_PROTOTYPE(macip_timers, macip_local, timer, macip_timer_cmp)
RB_PROTOTYPE(vrfroute_tree, vrfroute, link, vrfroute_cmp)
RB_PROTOTYPE(vrfvia_tree, vrfvia, link, vrfvia_cmp)

/* A route target that some importer takes, and which. */
struct rt_entry {
	RB_ENTRY(rt_entry) link;
	struct ecom rt; /* ANY_AS: only the number counts */
	bool any_as;
	struct importer **users;
	unsigned n;
};

/* What of a device matters here; one role each. */
enum evdev_role {
	EVDEV_NONE,    /* not seen yet, or nothing to us, but hosts are behind it */
	EVDEV_VXLAN,   /* OF is its VNI */
	EVDEV_PORT,    /* OF is its bridge */
	EVDEV_VLAN,    /* OF is the device below it, VLAN its id */
	EVDEV_MACVLAN, /* OF is the device below it */
	EVDEV_SHARED,  /* a vxlan device for all VNIs, OF is its bridge, 0: none */
	EVDEV_SENSOR,  /* hears of unknown MACs only, see demand.c; OF is its VNI */
};

struct evdev {
	RB_ENTRY(evdev) link;          /* by ifindex */
	RB_ENTRY(evdev) key_link;      /* by role, of, vlan, ifindex */
	TAILQ_ENTRY(evdev) snoop_link; /* valid while SNOOP_QUEUED */
	uint32_t ifindex;
	uint32_t of;
	uint16_t vlan;
	uint8_t role;
	bool up;         /* and with carrier */
	bool there;      /* the device exists */
	bool snoop;      /* ARP and ND are to be heard on it */
	bool snoop_told; /* ... as last told */
	bool snoop_queued;
	LIST_HEAD(, macip_local) locals; /* MACs behind it */
	uint32_t hosts[2];               /* local candidates: MACs, addresses */
	bool over[2];                    /* as in evi_guard */
};

/* A VLAN of a vxlan device for all VNIs, and the VNI that it is there (tunnel_info). */
struct tunnel {
	RB_ENTRY(tunnel) link;     /* by ifindex, vlan */
	RB_ENTRY(tunnel) vni_link; /* by vni, ifindex, vlan; valid while VNI != 0 */
	uint32_t ifindex, vni;
	uint16_t vlan;
};

/* Where a VNI is, whatever sort of device it has. */
struct place {
	struct klink *vxlan, *bridge, *svi; /* NULL: not there */
	uint16_t vlan;    /* on a VLAN-aware bridge; 0: none, or none yet */
	uint32_t key_vni; /* in keys of vxlan FDB entries: on a device for all VNIs */
	const char *why; /* what it lacks, in words (up or down apart); NULL: nothing */
};

/* One of our VTEP addresses, and how many EVIs use it. */
struct own_ip {
	struct ip ip;
	uint32_t refs;
};

/* An own route, from the wish to announce it until the RIB was told that it is gone. */
struct origin {
	TAILQ_ENTRY(origin) link; /* valid while QUEUED */
	struct nlri key;
	uint32_t label[2];
	uint8_t labels;
	bool queued;
	bool told;           /* the RIB has it */
	struct attrs *attrs; /* one reference; NULL: to be withdrawn, then freed */
};

struct probe {
	TAILQ_ENTRY(probe) link;
	struct evpn_probe probe;
};

struct ask {
	TAILQ_ENTRY(ask) link;
	struct evpn_ask ask;
};

/* A frozen row that thaws by itself. */
struct thaw {
	TAILQ_ENTRY(thaw) link;
	struct macip *row;
	uint64_t at_ms;
};

/* Of an earlier life; its MAC has not been found yet. */
struct memo {
	RB_ENTRY(memo) link;
	struct evpn_memo memo;
};

/* The sensor's UDP port: nothing is ever sent nor taken there. */
#define SENSOR_PORT 65431

#define HISTORY_EVENTS 4096

struct evpn {
	struct attr_table *attrs;
	struct ktab *ktab;
	struct klinks *klinks;
	struct evpn_conf conf;
	struct evi_tree evis;
	struct evi_ref_tree refs;
	struct ipvrf_tree vrfs;
	struct vrfgroup_tree vrfgroups;
	struct vrfid_tree vrfids; /* of nexthops and groups that are taken */
	bool closing;             /* in evpn_free(): the kernel's rows stay */
	struct ipvrf_vni_tree vrf_vnis;
	struct ipvrf_table_tree vrf_tables;
	struct rt_tree rts;
	struct evdev_tree devs;
	struct evdev_key_tree dev_keys;
	struct tunnel_tree tunnels;
	struct tunnel_vnis tunnel_vnis;
	struct own_ip *own_ips;
	unsigned nown_ips;
	bool conflicts; /* some EVI lacks a device that another one has */
	bool rds_dirty; /* automatic RDs are to be given out again */
	bool in_round;  /* of a reimport */
	uint32_t stamp;
	TAILQ_HEAD(, evi) changed_evis;
	TAILQ_HEAD(, evi) walks;
	TAILQ_HEAD(, ipvrf) changed_vrfs;
	TAILQ_HEAD(, ipvrf) vrf_walks;
	TAILQ_HEAD(, vrfroute) vrfroutes;  /* changed */
	struct slab row_slab, remote_slab; /* struct macip, struct macip_remote */
	uint32_t rows_first, rows_last;    /* changed: numbers */
	TAILQ_HEAD(, origin) origins;
	TAILQ_HEAD(, probe) probes;
	TAILQ_HEAD(, ask) asks;
	uint32_t nasks;
	TAILQ_HEAD(, evdev) snoops;
	TAILQ_HEAD(, thaw) thaws;
	struct memo_tree memos;
	struct macip_timers timers;
	struct demand_timers demand_timers;
	TAILQ_HEAD(, use) outstanding; /* missed, not yet acknowledged */
	uint32_t noutstanding;
	struct bucket demand_bucket;
	TAILQ_HEAD(, question) questions;
	uint32_t nquestions;
	struct evpn_event *events; /* a ring of HISTORY_EVENTS */
	uint64_t nevents;          /* ever written */
	/* for stats */
	uint64_t unmatched;
	uint32_t nreimports; /* importers that wait for one */
	uint32_t nlingers;   /* EVIs that have lost their device */
	uint32_t nevis, nrows, nremotes, nlocals, norigins;
	uint32_t nvrfs, nvrfroutes, nvrfremotes;
};

static inline uint32_t
now_s(uint64_t now)
{
	return (uint32_t)(now / 1000);
}

/* --- rt.c: import targets --- */
void rt_index_add(struct evpn *e, struct importer *imp);
void rt_index_del(struct evpn *e, struct importer *imp);
/* Calls EACH for every target of the route that somebody imports, and who does. */
unsigned rt_index_match(struct evpn *e, const struct attrs *a,
    void (*each)(struct importer *imp, void *arg), void *arg);
bool rt_index_matches(
    struct evpn *e, const struct attrs *a, const struct importer *imp);

/* --- import.c --- */
struct rt_set rt_set_copy(const struct rt_set *s);
void rt_set_fini(struct rt_set *s);
/* Targets in force, from those configured (none: automatic, of the number VNI). */
void import_derive(struct evpn *e, struct importer *imp, uint32_t vni,
    const struct rt_set *import, const struct rt_set *export);
/* All routes are to be looked at again. */
void import_again(struct evpn *e, struct importer *imp);
/* It imports nothing any more. */
void import_retire(struct evpn *e, struct importer *imp);
void import_round_begin(struct evpn *e);
void import_round_end(struct evpn *e);

static inline struct evi *
evi_of(struct importer *imp)
{
	return (struct evi *)(void *)((char *)imp - offsetof(struct evi, imp));
}

/* --- evi.c --- */
struct evi *evi_get(struct evpn *e, uint32_t vni);
/* To be refreshed in evpn_drain(). */
void evi_touch(struct evi *evi);
void evi_touch_all(struct evpn *e);
/* Only its VTEPs are to be decided. */
void evi_touch_flood(struct evi *evi);
/* Derives everything anew from configuration and devices. */
void evi_refresh(struct evi *evi, uint64_t now);
void evi_free(struct evi *evi);
/* One of our VTEP addresses has one user more, or less. */
void evi_own_ip(struct evpn *e, const struct ip *ip, int by);
void evi_conf_copy(struct evi_conf *to, const struct evi_conf *from);
void evi_conf_fini(struct evi_conf *c);
/* Those whose device did not come back go. When to come again, ms. */
uint64_t evi_tick(struct evpn *e, uint64_t now);
struct evi_conf evi_conf_default(const struct evpn_conf *c);
/* Gives out numbers for automatic RDs: those whose number changes are touched. */
void evi_number(struct evpn *e);
/* Files EVI under a device; false: another EVI has it. IFINDEX 0: takes it out. */
bool evi_ref_set(
    struct evi *evi, enum evi_ref_what what, uint32_t ifindex, uint32_t sub);
/* The first EVI on a device, whatever the VLAN or VNI; evi_ref_after() the next. */
struct evi_ref *evi_ref_first(struct evpn *e, enum evi_ref_what what, uint32_t ifindex);
struct evi_ref *evi_ref_after(struct evi_ref *r);

/* --- walk.c --- */
/* All rows are to be decided and projected again. */
void evi_walk(struct evi *evi);
/* ... and what the kernel has on its devices is to be heard again. */
void evi_rescan(struct evi *evi);
/* One MAC further, or one kernel row; may free the EVI. */
void evi_walk_step(struct evi *evi, uint64_t now);

/* --- wish.c --- */
/* What an EVI or IP-VRF wishes for, as it is being said. */
struct wishes {
	struct evpn *evpn;
	struct evi *evi; /* whose they are; NULL: an IP-VRF's */
	char (*names)[16];
	uint16_t n;
};
void wish_add(struct wishes *w, const struct klink_want *want);
/* Said all: what was wished for before, by NAMES, and is no longer, goes. */
void wish_end(struct wishes *w, char (**names)[16], uint16_t *n);
/* What the underlay's MTU leaves to devices that we make; 0: not known. */
uint32_t wish_mtu(const struct evpn *e);
bool wish_is_over(struct evpn *e, const struct klink *l);
/* Tells the link table what the devices of the EVI should be like. */
void wish_update(struct evi *evi);

/* --- recall.c --- */
/* A MAC was found behind a port: OWN is its row, with a local candidate. */
void recall_host(struct macip *own, uint64_t now);

/* --- place.c --- */
/*
 * For an EVI or an IP-VRF. VXLAN names the device, "": as found. VLAN 0: as found, by the
 * port's pvid or tunnel_info. Facts of the mirror: valid until the next change of a device.
 */
struct place place_of(struct evpn *e, uint32_t vni, const char *vxlan, uint16_t vlan);
/* A row of KOBJ_BRVLAN or KOBJ_VNI changed. */
void place_heard(struct evpn *e, const struct krow *r);
/* VNIs of devices for all VNIs. */
void place_each_vni(struct evpn *e, void (*each)(struct evpn *e, uint32_t vni));
void place_fini(struct evpn *e);

/* --- device.c --- */
struct evdev *evdev_get(struct evpn *e, uint32_t ifindex);
struct evdev *evdev_find(struct evpn *e, uint32_t ifindex);
/* Frees it if it is neither there nor has hosts behind it. */
void evdev_release(struct evpn *e, struct evdev *d);
struct evdev *evdev_any(struct evpn *e);
/* First device with this role OF something; the next. */
struct evdev *evdev_first(struct evpn *e, enum evdev_role role, uint32_t of);
struct evdev *evdev_after(struct evdev *d);
/* A VNI's device or VLAN changed: who has it, or is to have it, is touched. */
void device_touch_vni(struct evpn *e, uint32_t vni);
/* Makes EVIs of all vxlan devices in the mirror. */
void device_find_all(struct evpn *e);
/* Our VTEP address on a vxlan device; none for NULL. */
struct ip device_vtep(const struct evpn *e, const struct klink *vx);
/* Finds the EVI's devices in the mirror and fills its fields. */
void device_facts(struct evi *evi);
/* A device that is there, or NULL. */
struct klink *device_link_of(struct evpn *e, uint32_t ifindex);
/* Why the EVI cannot be live, in words; NULL: it can. */
const char *device_why_down(const struct evi *evi);
/* Mirrors what the kernel has on them, or on none when the EVI goes. */
void device_manage(struct evi *evi);
void device_unmanage(struct evi *evi, const struct evi_devs *old);
/* ARP and ND are heard on the access ports of live EVIs. */
void device_snoop(struct evpn *e, uint32_t bridge);
/* ... and dropped frames on its sensor. */
void device_tap(struct evi *evi);

/* --- member.c --- */
/* The VLANs of ports, and VNIs of a vxlan device, that the EVI needs. */
void member_update(struct evi *evi, uint64_t now);
/* unknown.c */
void unknown_update(struct evi *evi, uint64_t now);
/* A row of KOBJ_BRVLAN changed. */
void member_heard(struct evpn *e, const struct krow *r, uint64_t now);

/* --- gateway.c --- */
/* Fills the EVI's addresses and own MACs; its SVI is known. */
void gateway_facts(struct evi *evi);
/* Adds to the wish for the SVI what its gateways need; MAKE: we create it. False: none. */
bool gateway_wish(struct evi *evi, bool make, struct klink_want *w);
/* Tells the kernel's table which addresses are wanted. */
void gateway_update(struct evi *evi, uint64_t now);
/* Of the SVI or one of its gateways: not a host's. */
bool gateway_is_mac(const struct evi *evi, const struct mac *mac);
bool gateway_is_addr(const struct evi *evi, const struct ip *ip);

/* --- macip.c --- */
/* The first changed row leaves the queue; NULL: none. */
struct macip *macip_next_changed(struct evpn *e);
/* Frees the row if nothing is left of it; true when it did. */
bool macip_reap(struct macip *m);
bool macip_same(const struct macip *m, const struct mac *mac);
/* Drops the routes that the last reimport has not confirmed; ALL: all. */
void macip_sweep(struct macip *m, bool all);
void macip_remotes_free(struct evpn *e, struct macip_remote *r);
struct macip_remote *macip_remote_new(
    struct evi *evi, const struct nlri *key, const struct evpn_path *p, uint64_t now);
/* Sets what P says; false: as it was. */
bool macip_remote_set(
    struct evi *evi, struct macip_remote *r, const struct evpn_path *p);
struct macip_remote **macip_remote_slot(
    struct macip_remote **list, const struct nlri *key);

/* --- mobility.c --- */
void macip_decide(struct macip *m, uint64_t now);
/* This host has just heard from M's MAC: it comes after all others. */
void macip_bump(struct macip *own, uint64_t now);
void macip_thaw(struct macip *m, uint64_t now);
uint64_t macip_thaw_tick(struct evpn *e, uint64_t now);

/* --- flood.c --- */
void flood_route(
    struct evi *evi, const struct nlri *key, const struct evpn_path *p, uint64_t now);
/* Decides and projects VTEPs: the changed ones, or ALL. */
void flood_update(struct evi *evi, bool all, uint64_t now);
void flood_sweep(struct evi *evi, bool all);
/* Static VTEPs of the configuration OLD that are none any more are taken back. */
void flood_static(struct evi *evi, const struct evi_conf *old, uint64_t now);
const char *flood_unusable(
    const struct evi *evi, const struct ip *vtep, const struct attrs *a);

/* --- local.c, probe.c --- */
void local_heard(struct evi *evi, const struct krow *r, uint64_t now);
/* What the rescan has not found is there no more. */
void local_sweep(struct macip *own, uint64_t now);
void local_port_down(struct evpn *e, struct evdev *d, bool gone);
/* FLAGS no longer speak for this row; frees the candidate when none is left. */
void local_clear(struct macip *m, uint8_t flags);
/* The SVI's own addresses, as far as they are advertised. */
void local_svi(struct evi *evi, uint64_t now);
struct macip *local_mac_set(struct evi *evi, const struct mac *mac, uint32_t port,
    uint8_t from, uint8_t of, uint64_t now);
struct macip *local_ip_set(struct evi *evi, const struct mac *mac, const struct ip *ip,
    uint32_t port, uint8_t from, uint64_t now);
void probe_alive(struct macip *m, uint64_t now);
void probe_doubt(struct macip *m, uint64_t now);
void probe_stop(struct macip *m);
/* An address that is believed for now: asked for in SECONDS. */
void probe_soon(struct macip *m, uint32_t seconds, uint64_t now);
uint64_t probe_tick(struct evpn *e, uint64_t now);

/* --- ipvrf.c: the life of IP-VRFs --- */
static inline struct ipvrf *
ipvrf_of(struct importer *imp)
{
	return (struct ipvrf *)(void *)((char *)imp - offsetof(struct ipvrf, imp));
}
/* To be refreshed in evpn_drain(). */
void ipvrf_touch(struct ipvrf *v);
void ipvrf_touch_all(struct evpn *e);
/* Derives everything anew from configuration and devices. */
void ipvrf_refresh(struct ipvrf *v, uint64_t now);
/* By L3 VNI: the first, the next. */
struct ipvrf *ipvrf_vni_first(struct evpn *e);
struct ipvrf *ipvrf_vni_after(struct ipvrf *v);
/* Files the EVI under the VRF that its SVI is in, or under none. */
void ipvrf_attach(struct evi *evi, uint64_t now);
void ipvrf_detach(struct evi *evi, uint64_t now);
/* Rows, next hops and the IP-VRF itself go. */
void ipvrf_end(struct ipvrf *v, uint64_t now);
/* All of them; nothing leaves the kernel (e->closing). */
void ipvrf_close_all(struct evpn *e);

/* --- vrfdev.c: its devices --- */
/* A device changed that an IP-VRF uses, or may use. */
void vrfdev_link(struct evpn *e, const struct klink *l);
void vrfdev_bridge(struct evpn *e, const char *name);
/* Finds its devices in the mirror and fills its fields. */
void vrfdev_facts(struct ipvrf *v);
/* Why it cannot be live, in words; NULL: it can. */
const char *vrfdev_why_down(const struct ipvrf *v);
/* Mirrors what the kernel has on them, or no more where they are gone. */
void vrfdev_manage(struct ipvrf *v);
void vrfdev_unmanage(struct ipvrf *v, const struct ipvrf_devs *old);

/* --- vrfwalk.c --- */
/* All rows are to be decided and projected again, all next hops checked. */
void ipvrf_walk(struct ipvrf *v);
/* ... and what the kernel has in its table is to be heard again. */
void ipvrf_rescan(struct ipvrf *v);
/* One row further, or one kernel row; may free the IP-VRF. */
void ipvrf_walk_step(struct ipvrf *v, uint64_t now);

/* --- vrfwish.c --- */
void vrfwish_update(struct ipvrf *v);
bool vrfwish_is_taken(const struct ipvrf *v);

/* --- vrfroute.c: rows of IP-VRFs --- */
/*
 * A type 5 route, or a type 2 route with an IP, matched by the VRF's targets; P NULL: gone.
 * A route that this VRF cannot have at all (vrfroute_why_not_at_all()) counts as gone.
 */
void vrfroute_import(
    struct ipvrf *v, const struct nlri *key, const struct evpn_path *p, uint64_t now);
const char *vrfroute_why_not_at_all(
    const struct ipvrf *v, const struct nlri *key, const struct evpn_path *p);
/* A row of the kernel's table (KOBJ_ROUTE) that is not ours, or was not. */
void vrfroute_heard(struct ipvrf *v, const struct krow *r, uint64_t now);
/* A MAC/IP row of one of the VRF's EVIs came, changed its holder or place, or went. */
void vrfroute_host(struct ipvrf *v, const struct ip *ip);
/* Likewise a MAC's own row. */
void vrfroute_mac(struct ipvrf *v, const struct mac *mac);
/* Networks and default-originate of the configuration are to be looked at again. */
void vrfroute_conf(struct ipvrf *v, uint64_t now);
/* An IP-VRF came, went, or is PROGRAMMED or not: others have routes with its label. */
void vrfroute_others(struct ipvrf *v);
void vrfroute_changed(struct vrfroute *r);
/* Decides a row and carries it on: kernel rows, own route, events; may free it. */
void vrfroute_decide(struct vrfroute *r, uint64_t now);
/*
 * For the walk: drops the candidates of a row that the reimport (SWEEP) has not confirmed,
 * ALL: all; and the local one that a rescan has not (v->scanned).
 */
void vrfroute_sweep(struct vrfroute *r, bool sweep, bool all, uint64_t now);
/* Frees all rows of a VRF that is about to be freed, after vrfroute_forget(). */
void vrfroute_clear(struct ipvrf *v, uint64_t now);
/*
 * The IP-VRF is about to be freed (not PROGRAMMED any more), or the EVI has just left V: no
 * route has one of its next hops after this.
 */
void vrfroute_forget(struct ipvrf *v, uint64_t now);
void vrfroute_forget_evi(struct ipvrf *v, const struct evi *evi, uint64_t now);

/* --- vrfpick.c: the decision --- */
struct vrfpick {
	struct vrfroute_remote *copy; /* a route of another VRF here; else VIAS */
	unsigned n;
	struct vrfvia *vias[VRFROUTE_VIAS]; /* by VTEP */
};
/* Marks the candidates that are used. */
void vrfpick(struct vrfroute *r, struct vrfpick *out);
/* Is the kernel's route there to be beaten by any other? */
bool vrfpick_is_last_resort(const struct vrfroute_local *l);

/* --- vrfgw.c: what a candidate's next hop is --- */
/* Files the candidate under its gateway, if it has one. */
void vrfgw_file(struct vrfroute_remote *r);
void vrfgw_unfile(struct vrfroute_remote *r);
/* Rows of candidates with this gateway address, or MAC, are to be decided again. */
void vrfgw_changed(struct ipvrf *v, const struct ip *ip, const struct mac *mac);
/* Finds its next hop, again: VIA is set, or why not returned, in words. */
const char *vrfgw_resolve(struct vrfroute_remote *r, uint64_t now);
void vrfgw_release(struct vrfroute_remote *r, uint64_t now);
const char *vrfgw_why_not(struct vrfroute_remote *r);
/* The row of the VRF that a candidate of this host comes from; NULL: none. */
struct vrfroute *vrfgw_source(const struct vrfroute_remote *r);

/* --- vrfvia.c: next hops --- */
/* One more candidate names it; made when new. V: whose L3 VNI the label is. */
struct vrfvia *vrfvia_get(struct ipvrf *v, const struct ip *vtep,
    const struct mac *rmac, struct evi *evi, bool v6, uint64_t now);
struct vrfvia *vrfvia_ref(struct vrfvia *n, uint64_t now);
void vrfvia_put(struct vrfvia *n, uint64_t now);
/* A row comes to use it, or no longer does. */
void vrfvia_use(struct vrfvia *n, bool on, uint64_t now);
/* Its devices may have changed. */
void vrfvia_check(struct vrfvia *n, uint64_t now);
/* Id of the group of these next hops, taken, or let go. */
uint32_t vrfvia_group(
    struct evpn *e, struct vrfvia *const *vias, unsigned n, uint64_t now);
void vrfvia_group_put(struct evpn *e, uint32_t group, uint64_t now);
/* A nexthop or group of the kernel that is not ours: its id is not for us. */
void vrfvia_heard(struct evpn *e, const struct krow *r, uint64_t now);

/* --- vrfproject.c: rows and next hops -> kernel rows --- */
void vrfproject_route(struct vrfroute *r, uint64_t now);
/* The devices that the next hop's kernel rows are on now; all 0: it cannot have any. */
struct ipvrf_devs vrfproject_devs(const struct vrfvia *n);
void vrfproject_via(struct vrfvia *n, bool on, uint64_t now);
void vrfproject_group(
    struct evpn *e, uint32_t id, const uint32_t *ids, unsigned n, uint64_t now);

/* --- vrforigin.c: our own type 5 routes --- */
void vrforigin_route(struct vrfroute *r);
/* Targets, router MAC or VTEP address changed: attributes are made anew. */
void vrforigin_forget_attrs(struct ipvrf *v);

/* --- origin.c --- */
void origin_macip(struct macip *m);
void origin_imet(struct evi *evi);
/* The route KEY with A is to be in the RIB, by the owner of SLOT. */
void origin_announce(struct evpn *e, struct origin **slot, const struct nlri *key,
    struct attrs *a, uint32_t label, uint8_t labels);
void origin_gone(struct evpn *e, struct origin **slot);
void origin_forget_attrs(struct evi *evi);

/* The attributes of a host that the configuration has at VTEP; a reference. */
struct attrs *origin_static_attrs(struct evi *evi, const struct ip *vtep);

/* --- static.c: hosts of the configuration --- */
/* The order of evi_conf.statics. */
int static_cmp(const void *a, const void *b);
void static_update(struct evi *evi, uint64_t now);
/* Is the candidate one of them? */
bool static_is(const struct macip_remote *r);
/* Is M in force as one of them, and to be advertised? */
bool static_is_told(const struct macip *m);
/* Brings M's route into the RIB, or takes it out. */
void static_origin(struct macip *m);
void static_free(struct evi *evi);

/* --- project.c --- */
void project_mac(struct macip *own, uint64_t now);
/* HOLDER: the row that has the IP, or NULL. */
void project_ip(
    struct evi *evi, const struct ip *ip, const struct macip *holder, uint64_t now);
void project_vtep(struct evi *evi, const struct ip *vtep, bool want, uint64_t now);

/* --- demand.c --- */
/* The EVI is on demand from now on, or no more; its rows are to be walked. */
void demand_set(struct evi *evi, bool on);
/* ... and have been. */
void demand_walked(struct evi *evi);
/* The configured age changed. */
void demand_retime(struct evi *evi);
/*
 * Are rows of MAC wanted? KNOWN: a route says where it is. In a proactive VNI that is all
 * that counts. HOLDER: the row elsewhere that has the IP, or NULL.
 */
bool demand_mac(struct evi *evi, const struct mac *mac, bool known, uint64_t now);
bool demand_ip(
    struct evi *evi, const struct ip *ip, const struct macip *holder, uint64_t now);
/* A host asks for IP. True: it is at *OUT, and the bridge may not have answered. */
bool demand_asked(
    struct evi *evi, const struct ip *ip, uint64_t now_us, const struct macip **out);
/* The rows of MAC, and of IP if not NULL, are in the kernel, as far as they are wanted. */
bool demand_installed(struct evi *evi, const struct mac *mac, const struct ip *ip);
/* NULL: the EVI is not on demand. */
struct demand_stats *demand_count(struct evi *evi);
uint64_t demand_deadline(struct evpn *e);

/* --- sensor.c --- */
/* Is it one? Also of another life. */
bool sensor_is(const struct klink *l);
/* The VNI's; NULL: there is none. */
struct klink *sensor_of(struct evi *evi);
/* Why the VNI cannot resolve on demand (yet), in words; NULL: it can. */
const char *sensor_why_not(struct evi *evi);
void sensor_wish(struct wishes *w);
/* Adds to the wish for the forwarding device what its port has to do with it. */
void sensor_port_wish(struct evi *evi, struct klink_want *v);

/* --- answer.c --- */
void answer_fini(struct evpn *e);

/* --- guard.c --- */
/* Is there room for a new host at PORT (0: not known), MAC or IP? Told if not. */
bool guard_admits(struct evi *evi, const struct ip *ip, uint32_t port, uint64_t now);
/* A local candidate more, or less, in the VNI, and behind a port. */
void guard_count(struct evi *evi, bool ip, int by);
void guard_count_port(struct evi *evi, struct evdev *d, bool ip, int by);
/* The limits changed. */
void guard_conf(struct evi *evi);
/* False, and told: a host at PORT says that it has a gateway's MAC or IP (or NULL). */
bool guard_local(struct evi *evi, const struct mac *mac, const struct ip *ip,
    uint32_t port, uint64_t now);
/* The same of a route; it is only told. */
void guard_remote(
    struct evi *evi, const struct macip *m, const struct attrs *a, uint64_t now);

/* --- history.c --- */
/* MAC, IP and VTEP may be NULL. */
void history_guard(struct evi *evi, enum evpn_event_kind kind, const struct mac *mac,
    const struct ip *ip, const struct ip *vtep, uint32_t port, uint64_t now);
void history_mac(
    struct macip *m, enum evpn_event_kind kind, const struct ip *vtep, uint64_t now);
void history_vni(struct evpn *e, uint32_t vni, enum evpn_event_kind kind,
    const struct ip *vtep, uint64_t now);
void history_evi(
    struct evi *evi, enum evpn_event_kind kind, const struct ip *vtep, uint64_t now);
void history_rmac(const struct vrfvia *n, enum evpn_event_kind kind, uint64_t now);

#endif

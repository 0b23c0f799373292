/*
 * ipvrf - one IP-VRF: an L3 VNI with its RD, route targets, devices and prefixes (RFC 9135,
 * RFC 9136).
 *
 * An IP-VRF exists because the configuration says so ("vrf NAME" with "vni N"). It is live
 * while its routing table is known and its L3 VNI's vxlan device is up in a bridge whose SVI
 * routes in that VRF. EVIs whose SVI is in the VRF belong to it: their hosts are announced
 * with the L3 VNI as second label and the router's MAC.
 *
 * A row (vrfroute) is a prefix: type 5 routes, and the addresses of type 2 routes with two
 * labels as host routes, are its remote candidates; what the kernel's table has of others'
 * is the local one. Next hops (vrfvia) are shared by rows: one per VTEP, router MAC and
 * address family of the prefix.
 */
#ifndef EVPN_IPVRF_H
#define EVPN_IPVRF_H

#include "base/table.h"
#include "bgp/attr.h"
#include "bgp/nlri.h"
#include "evpn/import.h"
#include "kern/kobj.h"

struct evi;
struct evpn;
struct ipvrf;
struct origin;
struct vrfvia;

#define IPVRF_DEFAULT "default"
#define IPVRF_MAIN_TABLE 254
#define IPVRF_METRIC 20 /* of our routes */

enum { IPVRF_V4, IPVRF_V6, IPVRF_FAMILIES };

enum { /* what of the kernel's routes is announced */
	IPVRF_CONNECTED = 1 << 0,
	IPVRF_STATIC = 1 << 1,
	IPVRF_KERNEL = 1 << 2,
};

enum { /* kinds of own routes, for their attributes */
	IPVRF_REDISTRIBUTED,
	IPVRF_NETWORK,
	IPVRF_ORIGINS,
};

/* What the configuration says of a VRF, with defaults resolved. */
struct ipvrf_conf {
	uint32_t vni;    /* L3 VNI; 0: none, then it has no routes */
	uint32_t table;  /* the VRF device is made when missing; 0: as found */
	char bridge[16]; /* of the L3 VNI; "": as found, or brVNI where TABLE is said */
	bool prefix_routes_only;
	bool advertise[IPVRF_FAMILIES];
	bool originate[IPVRF_FAMILIES];
	uint8_t redistribute[IPVRF_FAMILIES]; /* IPVRF_* */
	bool
	    no_import_check; /* networks are announced without a route of the kernel's */
	struct rd rd;        /* zero: automatic */
	struct rt_set import; /* n 0: automatic */
	struct rt_set export;
	struct prefix *networks;
	uint16_t nnetworks;
};

/* A route imported into a row. */
struct vrfroute_remote {
	struct vrfroute_remote *next;
	LIST_ENTRY(vrfroute_remote) gw_link; /* valid while GW != NULL */
	struct vrfroute *row;
	struct vrfgw *gw; /* what its gateway's address, if any, depends on */
	struct rd rd;
	uint8_t etag[4];
	uint8_t type;   /* NLRI_PREFIX or NLRI_MACIP */
	struct mac mac; /* of a type 2 */
	uint8_t labels;
	uint8_t gen;   /* the importer's when last imported: an older one is swept */
	bool self;     /* of another VRF of this host */
	bool used;     /* it is among the row's next hops */
	bool foreign;  /* counted in the VRF's: it depends on another IP-VRF */
	uint16_t peer; /* struct rib_peer's id */
	uint32_t since_s;
	uint32_t label[2];
	struct attrs *attrs; /* one reference */
	struct vrfvia *via;  /* one reference while it could be used; NULL: none */
};

/* What the kernel's table has of others' under the prefix, lowest metric first. */
struct vrfroute_local {
	struct vrfroute_local *next;
	struct kval val;
	uint32_t metric;
	uint8_t gen; /* the VRF's scan_gen when the kernel last said so */
};

#define VRFROUTE_VIAS KVAL_MEMBERS

struct vrfroute {
	RB_ENTRY(vrfroute) link;            /* in the VRF, by prefix */
	TAILQ_ENTRY(vrfroute) changed_link; /* valid while CHANGED */
	struct ipvrf *vrf;
	struct prefix prefix;
	bool changed;
	bool network;   /* of the configuration */
	bool originate; /* the default route, by default-originate */
	struct vrfroute_remote *remotes;
	struct vrfroute_local *local; /* NULL: none */
	struct origin *adv;           /* our route; NULL: none */
	uint32_t since_s;             /* when what is installed last changed */
	uint32_t group; /* id of the nexthop group wanted; 0: none, or a single one */
	uint8_t nvias;  /* next hops in force; 0: none */
	struct vrfvia *vias[VRFROUTE_VIAS]; /* each one counts in the via's rows */
	struct kval *copy; /* installed: the kernel's route of another VRF; NULL: no */
};

/* The devices an IP-VRF works on; kernel rows are keyed by them. 0: none. */
struct ipvrf_devs {
	uint32_t vxlan, bridge, svi;
	uint32_t vlan; /* of the SVI on a VLAN-aware bridge */
	uint32_t
	    key_vni; /* in the key of vxlan FDB entries: on a device for all VNIs */
	uint32_t table;
};

/*
 * Next hop of rows: a VTEP with its router MAC on an L3 SVI, or a gateway on an EVI's SVI.
 * Its kernel rows (nexthop, neighbour, bridge and vxlan FDB) are wanted while it is used.
 *
 * The kernel's neighbour of a VTEP has one MAC. Where routes name several router MACs of one
 * VTEP, these next hops share the nexthop object and the one that most routes name is in
 * force for all of them; the others are marked CONFLICT.
 */
struct vrfvia {
	RB_ENTRY(vrfvia) link; /* in the VRF by VTEP, family, SVI, router MAC */
	struct ipvrf *vrf;     /* whose L3 VNI it is sent with: the label's */
	struct ip vtep;        /* or the gateway, with EVI */
	struct mac rmac;       /* zero: a gateway, resolved as any host of that EVI */
	struct evi *evi;       /* not over the L3 VNI but on this EVI's SVI; or NULL */
	uint8_t family;        /* IPVRF_*: of the gateway that the kernel is told */
	uint32_t id;           /* of the nexthop object */
	uint32_t refs;         /* candidates that name it */
	uint32_t rows;         /* rows that have it in force */
	bool conflict;         /* another router MAC of the VTEP is in force */
	bool projected;        /* its kernel rows are wanted, on ON */
	struct ipvrf_devs on;
};

/* An address or a MAC that candidates depend on (overlay index). */
struct vrfgw {
	RB_ENTRY(vrfgw) link;
	struct ip ip;   /* the gateway; or none */
	struct mac mac; /* the router's, unnumbered; or zero */
	LIST_HEAD(, vrfroute_remote) routes;
};

RB_HEAD(vrfroute_tree, vrfroute);
RB_HEAD(vrfvia_tree, vrfvia);
RB_HEAD(vrfgw_tree, vrfgw);

/* All that rows and own routes of an IP-VRF depend on; no padding that is not zeroed. */
struct ipvrf_face {
	struct ipvrf_devs devs;
	struct ip local;
	struct mac rmac;
	struct rd rd;
	uint32_t vni;
	uint8_t live, prefix_routes_only;
	uint32_t export, announce; /* hashes; the second: of what is advertised */
};

struct ipvrf {
	RB_ENTRY(ipvrf) link;            /* by name */
	RB_ENTRY(ipvrf) vni_link;        /* by L3 VNI; valid while VNI != 0 */
	RB_ENTRY(ipvrf) table_link;      /* by table; valid while TABLE != 0 */
	TAILQ_ENTRY(ipvrf) changed_link; /* valid while CHANGED */
	TAILQ_ENTRY(ipvrf) walk_link;    /* valid while WALKING */
	struct importer imp;             /* targets in force */
	LIST_HEAD(, evi) evis;           /* whose SVI is in it */
	struct evpn *evpn;
	char name[16];
	struct ipvrf_conf conf;
	bool configured; /* CONF is valid, else all zero */
	uint32_t vni;    /* L3 VNI; 0: none, or another VRF has it */
	uint32_t table;  /* that it is filed under; 0: none */
	bool changed;
	bool stale;       /* devices or settings changed: derived state to be redone */
	bool live;        /* announced and programmed */
	bool dying;       /* not configured any more: freed after the walk */
	const char *down; /* why it is not live, in words; NULL: it is */
	/* derived */
	struct rd rd;
	uint16_t rd_number;
	uint32_t ifindex;      /* of the VRF device; 0: none, or the default VRF */
	const char *misplaced; /* what the L3 VNI's devices lack, place.c; or NULL */
	struct ipvrf_devs devs;
	struct ip local; /* our VTEP address */
	struct mac rmac;
	char vxlan_name[16], bridge_name[16], svi_name[16];
	char (*wishes)[16]; /* names of devices we have wishes for */
	uint16_t nwishes;
	/* what rows are projected on: lags behind the devices while they change */
	struct ipvrf_devs on;
	struct ipvrf_face face; /* as of the last refresh */
	bool programmed;        /* kernel rows are wanted, on ON */
	/* a walk over all rows, in evpn_drain() */
	bool walking;
	bool rescan;  /* the kernel's routes of the table are to be heard again */
	bool scanned; /* the walk drops what the rescan has not confirmed */
	uint8_t scan_gen;
	struct kkey scan_key;
	struct prefix walk_at;
	/* rows */
	struct vrfroute_tree routes;
	struct vrfvia_tree vias;
	struct vrfgw_tree gws;
	struct prefix *networks; /* rows marked "network", as of vrfroute_conf() */
	uint16_t nnetworks;
	struct attrs *attrs[IPVRF_ORIGINS]; /* of our own routes, vrforigin.c */
	/* counters for shows */
	uint32_t nroutes, ninstalled, nconflicts;
	uint32_t nforeign; /* candidates that depend on another IP-VRF */
};

struct ipvrf *ipvrf_first(struct evpn *e);
struct ipvrf *ipvrf_after(struct ipvrf *v);
struct ipvrf *ipvrf_find(struct evpn *e, const char *name);
/* The one with this L3 VNI. */
struct ipvrf *ipvrf_by_vni(struct evpn *e, uint32_t vni);
/* The one that routes by this table; NULL: none. */
struct ipvrf *ipvrf_by_table(struct evpn *e, uint32_t table);
/* EVIs whose SVI is in the VRF. */
struct evi *ipvrf_evi_first(struct ipvrf *v);
struct evi *ipvrf_evi_after(struct evi *evi);

/* Rows. The row at or after this prefix, the next; NULL at the end. */
struct vrfroute *vrfroute_find(struct ipvrf *v, const struct prefix *p);
struct vrfroute *vrfroute_from(struct ipvrf *v, const struct prefix *p);
struct vrfroute *vrfroute_after(struct vrfroute *r);
/* Why a candidate is not used, in words; NULL: it is one of the row's next hops. */
const char *vrfroute_why_not(struct vrfroute_remote *r);

/* Next hops in order; for "show evpn rmac" and "show evpn next-hops". */
struct vrfvia *vrfvia_first(struct ipvrf *v);
struct vrfvia *vrfvia_after(struct vrfvia *n);

#endif

/*
 * evi - one MAC-VRF: a VNI with its RD, route targets, devices and rows.
 *
 * An EVI exists because the configuration says so, or, with advertise-all-vni, because the
 * kernel has a vxlan device of that VNI in a bridge. It is live (routes advertised and
 * imported, kernel rows wanted) while its vxlan device is there and up in a bridge, and BGP
 * is configured.
 */
#ifndef EVPN_EVI_H
#define EVPN_EVI_H

#include "base/bucket.h"
#include "evpn/import.h"
#include "evpn/macip.h"
#include "kern/kobj.h"

struct demand;
struct demand_stats;
struct evpn;
struct ipvrf;
struct origin;
struct static_row;

enum evi_flood {
	EVI_FLOOD_HER,
	EVI_FLOOD_DISABLE,
	EVI_FLOOD_MULTICAST,
	EVI_FLOOD_STATIC
};

/* An anycast gateway on the SVI; MAC zero: the anycast-mac of all VNIs. */
struct evi_gateway {
	struct ip ip;
	struct mac mac;
	uint8_t plen;
};

/* A port to put in the bridge; on a VLAN-aware one a tagged member, or an untagged one. */
struct evi_port {
	char name[16];
	bool tagged;
};

/* A host that the configuration knows; IP none: the MAC alone. */
struct evi_static {
	struct mac mac;
	struct ip vtep;
	struct ip ip;
};

/* Local candidates: of a VNI, and of one port. */
enum evi_limit {
	EVI_LIMIT_MACS,
	EVI_LIMIT_PORT_MACS,
	EVI_LIMIT_IPS,
	EVI_LIMIT_PORT_IPS,
	EVI_LIMITS
};

/* What the configuration says of a VNI (conf_vni, with defaults resolved). */
struct evi_conf {
	bool explicit;        /* the VNI has a block of its own */
	struct rd rd;         /* zero: automatic */
	struct rt_set import; /* n 0: automatic */
	struct rt_set export;
	enum evi_flood flood;
	bool flood_said; /* in the VNI's block: the device's own group or remote goes */
	bool learning;   /* from the data plane, besides */
	struct ip group;
	char group_ifname[16];
	uint8_t group_ttl; /* 0: default */
	struct ip *vteps;
	uint16_t nvteps;
	struct evi_static *statics;
	uint16_t nstatics;
	bool advertise_svi_ip, advertise_default_gw;
	bool suppression;           /* neigh_suppress on the vxlan port */
	bool drop_unknown;          /* ... and no request goes out of it */
	char bridge[16], vxlan[16]; /* "": as found */
	char vrf[16];               /* the SVI is put into; "": as found */
	bool external;              /* VXLAN is a device for all VNIs of the bridge */
	uint16_t vlan;
	struct evi_port *ports;
	uint16_t nports;
	struct evi_gateway *gateways;
	uint16_t ngateways;
	uint32_t mtu; /* 0: computed */
	bool on_demand;
	uint32_t on_demand_age_s;    /* 0: the default */
	uint32_t limits[EVI_LIMITS]; /* 0: the default */
	uint16_t udp_port;
};

/* Who claimed a gateway's MAC or address. */
struct evi_spoof {
	struct mac mac;
	struct ip ip, vtep; /* IP none: the MAC alone; VTEP none: a host behind PORT */
	uint32_t port;
	uint64_t at_ms; /* last seen; 0: nobody */
};

#define EVI_SPOOFS 8
#define EVI_SPOOF_MS (300 * 1000)

/* See guard.c. Pairs: of MACs, of addresses. */
struct evi_guard {
	uint32_t hosts[2]; /* local candidates */
	bool over[2];      /* a limit was reached, and there is not enough room again */
	uint64_t refused[2];
	uint64_t nspoofs;
	struct evi_spoof spoofs[EVI_SPOOFS];
};

/* A VTEP that floods here: one per type 3 route's originator (RFC 8365, 5.1.3). */
struct vtep {
	RB_ENTRY(vtep) link;
	struct ip ip;
	struct macip_remote *remotes; /* the routes that name it */
	uint16_t routes;              /* how many */
	uint16_t peer;                /* of the first */
	uint32_t since_s;
	bool usable;  /* of a type that we know; else kept for shows only */
	bool grouped; /* usable, and it hears our multicast group: no copy of its own */
	bool changed; /* to be decided by flood_update() */
};
RB_HEAD(vtep_tree, vtep);

enum {
	EVI_ADDR_GATEWAY = 1, /* the same on other VTEPs: configured, or a macvlan's */
	EVI_ADDR_MACVLAN = 2, /* on a macvlan device of the SVI, with that one's MAC */
};

/* An address of the SVI, there or wanted there; no padding. */
struct evi_addr {
	struct ip ip;
	struct mac mac;
	uint8_t plen;
	uint8_t flags; /* EVI_ADDR_* */
};

/* Neighbours that the kernel asked us for. */
struct evi_misses {
	uint64_t missed;
	uint64_t known;   /* by a route: written again */
	uint64_t asked;   /* on the link */
	uint64_t limited; /* neither, there were too many */
};

/* The devices that a MAC-VRF works on; kernel rows are keyed by them. 0: none. */
struct evi_devs {
	uint32_t vxlan, bridge, svi, vlan;
	uint32_t key_vni; /* in keys of vxlan FDB entries: on a device for all VNIs */
};

/* Finds an EVI by one of its devices. */
enum evi_ref_what { EVI_REF_VXLAN, EVI_REF_BRIDGE, EVI_REF_SVI, EVI_REFS };
struct evi_ref {
	RB_ENTRY(evi_ref) link; /* valid while IFINDEX != 0 */
	struct evi *evi;
	uint32_t ifindex;
	uint32_t sub; /* VLAN of a bridge, VNI of a vxlan device for all */
	uint8_t what; /* enum evi_ref_what */
};

/* Attributes of our own routes, interned once per sequence and kind. */
#define EVI_ATTRS 8
struct evi_attrs {
	uint32_t seq;
	uint8_t flags;       /* ORIGIN_*, origin.c */
	struct attrs *attrs; /* one reference; NULL: empty */
};

/* All that kernel rows and own routes of an EVI depend on; no padding. */
struct evi_face {
	struct evi_devs devs;
	struct ip local, group;
	struct mac svi_mac;
	struct rd rd;
	uint8_t live, demand, direct, alone;
	uint8_t svi_addr, suppression, flood, proxy, static_mac;
	uint8_t zeros[3];
	uint32_t addrs, macs, vteps, export; /* hashes */
	/* of the IP-VRF that hosts are announced for; zeros: of none */
	uint32_t l3vni, l3_export;
	struct mac rmac;
	uint16_t zero;
};
_Static_assert(sizeof(struct evi_face) == 112, "struct evi_face has padding");

struct evi {
	RB_ENTRY(evi) link;            /* by VNI */
	struct importer imp;           /* targets in force */
	TAILQ_ENTRY(evi) changed_link; /* valid while CHANGED */
	struct evpn *evpn;
	uint32_t vni;
	struct evi_conf conf;
	bool in_kernel;  /* the vxlan device is there */
	bool bridged;    /* ... and in a bridge */
	bool live;       /* advertised and programmed */
	bool advertised; /* type 3 route is in the RIB */
	bool changed;    /* in the queue of evpn_drain() */
	bool stale;      /* devices or settings changed: derived state to be redone */
	bool l3;
	/* derived */
	struct rd rd;
	/* devices; 0: none */
	uint32_t vxlan, bridge, svi;
	uint16_t vlan;
	uint32_t key_vni;      /* the VNI on a vxlan device for all VNIs, else 0 */
	const char *misplaced; /* what the devices lack, place.c; NULL: nothing */
	struct ip local;       /* our VTEP address */
	struct ip group;       /* multicast group of the vxlan device */
	bool group_set;        /* we gave it one */
	bool proxy;            /* the vxlan device answers for its neighbours */
	bool direct;           /* ... tells of unknown MACs and addresses by itself */
	bool alone;            /* ... is in no bridge: it is itself the only host */
	struct demand *demand; /* on demand, and able to; NULL: proactive */
	const char *
	    proactive; /* why it is not on demand, in words; NULL: it is, or not to be */
	struct mac svi_mac;
	bool
	    svi_addr; /* the SVI has an address of its own: the kernel resolves neighbours */
	struct evi_addr *addrs; /* of the SVI, see gateway.c */
	uint16_t naddrs;
	struct mac *own_macs; /* of the SVI and its gateways: no host's */
	uint16_t nown_macs;
	struct kkey *members; /* rows wanted of VLANs and VNIs, member.c */
	uint16_t nmembers;
	uint32_t unknown_on;       /* device that drops requests, unknown.c; 0: none */
	struct kkey *gateway_keys; /* rows wanted for gateways */
	uint16_t ngateway_keys;
	struct bucket asks; /* questions on the link, miss.c */
	struct evi_misses misses;
	struct evi_guard guard;
	struct evi_addr *svi_told; /* local candidates made of the SVI's addresses */
	uint16_t nsvi_told;
	uint32_t vrf_ifindex;
	struct ipvrf *ipvrf;        /* that the SVI is in; NULL: none */
	LIST_ENTRY(evi) ipvrf_link; /* valid while IPVRF != NULL */
	char vxlan_name[16], bridge_name[16], svi_name[16], vrf[16];
	const char *down; /* why it is not live, in words; NULL: it is */
	struct evi_ref refs[EVI_REFS];
	char (*wishes)[16]; /* names of devices we have wishes for */
	uint16_t nwishes;
	/* what rows are projected on: lags behind the devices while they change */
	struct evi_devs on;
	struct evi_face face; /* as of the last refresh */
	bool programmed;      /* kernel rows are wanted, on ON */
	/* a walk over all rows, in evpn_drain() */
	TAILQ_ENTRY(evi) walk_link; /* valid while WALKING */
	bool walking;
	uint64_t linger_ms; /* its device went: kept until then; 0: it is there */
	bool dying;         /* nobody wants the EVI any more: freed after the walk */
	bool rescan; /* what the kernel has on the devices is to be heard again */
	struct mac walk_mac; /* seen last ... */
	bool walk_begun;     /* ... if it has begun */
	struct kkey scan_key;
	uint8_t scan_gen;   /* of the rescan; see macip_local.gen */
	bool scanned;       /* the walk drops hosts that the rescan has not confirmed */
	uint16_t rd_number; /* of the automatic RD */
	/* own routes */
	struct origin *imet;
	struct evi_attrs attrs[EVI_ATTRS];
	uint8_t attrs_next;
	/* rows */
	struct lhash macs, ips; /* own rows by MAC; the others by IP */
	struct vtep_tree vteps;
	struct static_row *statics; /* static.c */
	uint16_t nstatics;
	bool flood_changed; /* VTEPs are to be decided by flood_update() */
	/* counters for shows: rows with a winner */
	uint32_t nmacs_local, nmacs_remote, nips_local, nips_remote, nvteps;
};

/* A limit in force. */
uint32_t evi_limit(const struct evi *evi, enum evi_limit which);
/* The Nth port with a limit reached: bit 0 of MACs, bit 1 of addresses; 0: no more. */
unsigned evi_port_over(struct evi *evi, unsigned n, uint32_t *out_port);
struct evi *evi_first(struct evpn *e);
struct evi *evi_after(struct evi *evi);
struct evi *evi_find(struct evpn *e, uint32_t vni);
/* KEY_VNI: on a device for all VNIs, else 0. */
struct evi *evi_by_vxlan(struct evpn *e, uint32_t ifindex, uint32_t key_vni);
/* The EVI whose bridge (and VLAN) this is; for local MACs. */
struct evi *evi_by_bridge(struct evpn *e, uint32_t ifindex, uint16_t vlan);
struct evi *evi_by_svi(struct evpn *e, uint32_t ifindex);
/* Flooding as it is in force: the configuration, or what the devices leave of it. */
enum evi_flood evi_flooding(const struct evi *evi);
/* The first VTEP, the next; NULL at the end. */
struct vtep *evi_vtep_first(struct evi *evi);
struct vtep *evi_vtep_after(struct vtep *v);

/* What the VNI's block says and its device, being one for all VNIs, cannot; NULL: nothing. */
const char *evi_why_not_alone(const struct evi *evi);
/* Why unknown requests cannot be dropped (yet), in words; NULL: they can. */
const char *evi_unknown_why_not(const struct evi *evi);

/* What was missed; false, all zero: the EVI is proactive. */
bool evi_demand_stats(const struct evi *evi, uint64_t now, struct demand_stats *out);
/* On demand, a MAC that is not used goes after so long. */
uint32_t evi_demand_age_s(const struct evi *evi);

#endif

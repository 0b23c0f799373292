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

#include "evpn/macip.h"

RB_HEAD(macip_tree, macip);
RB_HEAD(macip_ip_tree, macip);

struct evi_rts {
	struct ecom *rt;
	uint16_t n;
};

enum evi_flood { EVI_FLOOD_HER, EVI_FLOOD_DISABLE, EVI_FLOOD_MULTICAST, EVI_FLOOD_STATIC };

/* What the configuration says of a VNI (conf_vni, with defaults resolved). */
struct evi_conf {
	bool explicit;	       /* the VNI has a block of its own */
	struct rd rd;	       /* zero: automatic */
	struct evi_rts import; /* n 0: automatic */
	struct evi_rts export;
	enum evi_flood flood;
	struct ip group;
	struct ip *vteps;
	uint16_t nvteps;
	bool advertise_svi_ip, advertise_default_gw;
	bool suppression;      /* neigh_suppress on the vxlan port */
	char bridge[16], vxlan[16]; /* "": as found */
	uint16_t vlan;
	char (*ports)[16];
	uint16_t nports;
	uint32_t mtu;	       /* 0: computed */
	uint16_t udp_port;
};

/* A VTEP that floods here: one per type 3 route's originator (RFC 8365, 5.1.3). */
struct vtep {
	RB_ENTRY(vtep) link;
	struct ip ip;
	uint16_t routes; /* type 3 routes that name it */
	uint16_t peer;
	uint32_t since_s;
	bool usable; /* PMSI says ingress replication; else kept for shows only */
};
RB_HEAD(vtep_tree, vtep);

struct evi {
	RB_ENTRY(evi) link; /* by VNI */
	TAILQ_ENTRY(evi) changed_link; /* valid while CHANGED */
	struct evpn *evpn;
	uint32_t vni;
	struct evi_conf conf;
	bool in_kernel;	  /* the vxlan device is there */
	bool live;	  /* advertised and programmed */
	bool advertised;  /* type 3 route is in the RIB */
	bool changed;	  /* devices or settings changed: derived state to be redone */
	bool reimport;	  /* routes in the RIB are to be looked at again for this EVI */
	bool l3;
	/* derived */
	struct rd rd;
	struct evi_rts import, export; /* in force */
	bool import_auto; /* any AS, number VNI or 0x10000000|VNI */
	/* devices; 0: none */
	uint32_t vxlan, bridge, svi;
	uint16_t vlan;
	struct ip local; /* our VTEP address */
	struct ip group; /* multicast group of the vxlan device */
	struct mac svi_mac;
	bool svi_addr; /* the SVI has an address of its own: the kernel resolves neighbours */
	char vxlan_name[16], bridge_name[16], svi_name[16], vrf[16];
	/* rows */
	struct macip_tree macs;
	struct macip_ip_tree ips;
	struct vtep_tree vteps;
	/* counters for shows: rows with a winner */
	uint32_t nmacs_local, nmacs_remote, nips_local, nips_remote, nvteps;
};

struct evi *evi_first(struct evpn *e);
struct evi *evi_after(struct evi *evi);
struct evi *evi_find(struct evpn *e, uint32_t vni);
struct evi *evi_by_vxlan(struct evpn *e, uint32_t ifindex);
/* The EVI whose bridge (and VLAN) this is; for local MACs. */
struct evi *evi_by_bridge(struct evpn *e, uint32_t ifindex, uint16_t vlan);
struct evi *evi_by_svi(struct evpn *e, uint32_t ifindex);

#endif

/*
 * conf - the configuration as a value: what CLI.md's grammar can say, in structs.
 *
 * A struct conf is made by text.c (from a file or typed lines), never changed by the daemon,
 * compared, written back. Zero is "not configured" everywhere; the accessor conf_x() gives
 * the value in force, default included. Lists are in order, whatever the order of the text.
 */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include "base/addr.h"
#include "base/table.h"
#include "conf/debug.h"

#define CONF_NAME 64
#define CONF_IFNAME 16
#define CONF_DEFAULT_VRF "default"

/* yes, no, or not said: the default is the reader's business. */
enum conf_tri { CONF_UNSET, CONF_YES, CONF_NO };

struct conf_log {
	uint8_t stdout_level; /* syslog level + 1; 0: off */
	uint8_t syslog_level;
	uint8_t file_level;
	char *file;
};

struct conf_vxlan {
	struct ip source;                /* source-address */
	char source_ifname[CONF_IFNAME]; /* source-interface */
	uint16_t udp_port;               /* 0: 4789 */
	struct mac anycast_mac;
	bool vtep_groups;
};

enum conf_remote_as {
	CONF_AS_NONE,
	CONF_AS_NUMBER,
	CONF_AS_INTERNAL,
	CONF_AS_EXTERNAL
};

/* What graceful restart is done with a neighbor. */
enum conf_gr {
	CONF_GR_UNSET,
	CONF_GR_RESTART, /* it keeps our routes, we keep its */
	CONF_GR_HELPER,  /* only we keep its */
	CONF_GR_DISABLE
};

/* A neighbor or a peer-group; of a member, what is not set comes from its group. */
struct conf_peer {
	TAILQ_ENTRY(conf_peer) link;
	char name[CONF_NAME]; /* address as text, or the group's name */
	bool is_group;
	struct ip addr;        /* not for groups */
	char group[CONF_NAME]; /* member of; "" none */
	enum conf_remote_as as_kind;
	uint32_t as;
	uint16_t port; /* 0: 179 */
	char *description;
	char *password;
	struct ip update_source;
	char update_source_ifname[CONF_IFNAME];
	uint16_t keepalive_s, hold_s; /* valid when TIMERS */
	bool timers;
	uint16_t connect_s;    /* 0: default */
	uint16_t send_hold_s;  /* 0: RFC 9687's default */
	uint8_t ebgp_multihop; /* 0: off */
	uint8_t ttl_hops;      /* ttl-security hops; 0: off */
	enum conf_tri passive;
	enum conf_tri shutdown;
	char *shutdown_message;
	enum conf_gr gr;
	enum conf_tri capability_extended_nexthop;
	enum conf_tri bfd;
	uint8_t bfd_mult; /* 0: the profile's, or the default; these three together */
	uint16_t bfd_rx_ms, bfd_tx_ms;
	bool bfd_check_control_plane;
	char bfd_profile[CONF_NAME]; /* "": none */
	/* address-family l2vpn evpn */
	enum conf_tri activate;
	enum conf_tri rr_client;
	enum conf_tri next_hop_self;
	enum conf_tri soft_reconfiguration;
	uint8_t allowas_in;      /* 0: off */
	uint32_t max_prefix;     /* 0: none */
	uint8_t max_prefix_warn; /* percent, 0: 75 */
	enum conf_tri max_prefix_warning_only;
	uint16_t max_prefix_restart_min;
};

struct conf_listen { /* bgp listen range */
	TAILQ_ENTRY(conf_listen) link;
	struct prefix range;
	char group[CONF_NAME];
};

struct conf_rts { /* a set of route targets in text order */
	struct ecom *rt;
	uint16_t n;
};

enum conf_flood {
	CONF_FLOOD_DEFAULT,
	CONF_FLOOD_HER,
	CONF_FLOOD_DISABLE,
	CONF_FLOOD_MULTICAST,
	CONF_FLOOD_STATIC
};

struct conf_gateway {
	struct ip ip;
	uint8_t len;
	struct mac mac; /* zero: the anycast-mac */
};

struct conf_port {
	char name[CONF_IFNAME];
	bool tagged;
};

struct conf_static { /* a host whose VTEP does not tell us of it */
	struct mac mac;
	struct ip vtep;
	struct ip ip; /* none: the MAC alone */
};

struct conf_vni { /* of address-family l2vpn evpn */
	TAILQ_ENTRY(conf_vni) link;
	uint32_t vni;
	struct rd rd;                   /* zero: automatic */
	struct conf_rts import, export; /* empty: automatic */
	enum conf_flood flood;
	struct ip group; /* multicast */
	char group_ifname[CONF_IFNAME];
	uint8_t group_ttl; /* 0: default */
	struct ip *vteps;  /* static */
	uint16_t nvteps;
	bool learning; /* also from the data plane */
	struct conf_static *statics;
	uint16_t nstatics;
	enum conf_tri advertise_svi_ip, advertise_default_gw;
	char bridge[CONF_IFNAME]; /* "": none: taken from the kernel */
	char vxlan[CONF_IFNAME];  /* "": vxlanVNI */
	bool external;            /* VXLAN is a device for all VNIs */
	uint16_t vlan;
	struct conf_port *ports;
	uint16_t nports;
	struct conf_gateway *gateways;
	uint16_t ngateways;
	char vrf[CONF_IFNAME];
	bool on_demand;
	uint32_t on_demand_age_s; /* 0: 300 */
	bool no_suppression;
	bool drop_unknown; /* requests for addresses nobody knows are not flooded */
	uint32_t mtu;      /* 0: computed */
	/* Of hosts here, in the VNI and behind one port; 0: the default. */
	uint32_t mac_limit, port_mac_limit, host_limit, port_host_limit;
};

struct conf_evpn {
	bool advertise_all_vni;
	bool advertise_svi_ip, advertise_default_gw;
	bool flooding_disable;
	bool autort_rfc8365;
	bool redistribute_static_mac;
	bool dad_off;
	uint16_t dad_moves;  /* 0: 5 */
	uint16_t dad_time_s; /* 0: 180 */
	bool dad_freeze;
	uint16_t dad_freeze_s;                /* 0 with DAD_FREEZE: permanent */
	TAILQ_HEAD(conf_vnis, conf_vni) vnis; /* by number */
};

struct conf_bgp {
	bool on;
	uint32_t as;
	uint32_t router_id; /* host order, 0: automatic */
	uint32_t cluster_id;
	uint16_t keepalive_s, hold_s; /* timers bgp; valid when TIMERS */
	bool timers;
	bool default_l2vpn_evpn;   /* bgp default l2vpn-evpn: activate everyone */
	bool no_damping;           /* RFC 4271, DampPeerOscillations: off */
	bool ebgp_requires_policy; /* told but not in force: there are no route-maps */
	uint16_t listen_limit;     /* 0: 100 */
	uint32_t rib_limit_mib;    /* 0: a quarter of the memory */
	uint16_t gr_restart_s, gr_stalepath_s; /* 0: default */
	uint16_t gr_defer_s, gr_rib_stale_s;   /* the same */
	enum conf_tri gr;                      /* CONF_NO: helper only */
	enum conf_tri gr_notification, gr_preserve_fw;
	bool gr_disable;
	uint32_t llgr_s; /* 0: no long-lived graceful restart */
	TAILQ_HEAD(conf_peers, conf_peer)
	peers; /* groups first, then neighbors, as FRR writes them */
	TAILQ_HEAD(conf_listens, conf_listen) listens;
	struct conf_evpn evpn;
};

/*
 * A VRF. The default one is CONF_DEFAULT_VRF; its BGP part stands in "router bgp AS" (whose
 * AS is in struct conf_bgp) and is here all the same.
 */
struct conf_vrf {
	TAILQ_ENTRY(conf_vrf) link;
	char name[CONF_IFNAME];
	uint32_t vni;
	bool prefix_routes_only;
	uint32_t table;
	char bridge
	    [CONF_IFNAME]; /* "": brVNI with a table, else taken from the kernel */
	/* router bgp AS vrf NAME */
	bool bgp;
	uint32_t as;
	bool no_import_check;
	bool advertise_v4, advertise_v6, originate_v4, originate_v6;
	struct rd rd;
	struct conf_rts import, export;
	uint8_t redistribute4,
	    redistribute6;       /* bits: 1 connected, 2 static, 4 kernel */
	struct prefix *networks; /* in order */
	uint16_t nnetworks;
};

struct conf {
	char hostname[CONF_NAME]; /* "": the system's */
	struct conf_log log;
	struct conf_debugs debugs;
	struct conf_vxlan vxlan;
	struct conf_bgp bgp;
	TAILQ_HEAD(conf_vrfs, conf_vrf) vrfs; /* the default one first, then by name */
	/* No setting: is it an address of this host? NULL: nobody knows. */
	bool (*is_own)(const struct ip *ip);
};

struct conf *conf_new(void);
void conf_free(struct conf *c);
struct conf *conf_copy(const struct conf *c);
bool conf_equal(const struct conf *a, const struct conf *b);

/* Everything under "router bgp" (of a VRF: of that VRF) as if it had never been said. */
void conf_bgp_clear(struct conf *c);
void conf_vrf_bgp_clear(struct conf_vrf *v);

struct conf_peer *conf_peer_find(const struct conf *c, const char *name);
struct conf_peer *conf_peer_add(struct conf *c, const char *name, bool is_group);
void conf_peer_del(struct conf *c, struct conf_peer *p);
/*
 * The neighbor as it is in force: a copy with everything unset taken from its group (the
 * strings belong to C). For a listen range, NAME is the address that called and GROUP given.
 */
struct conf_peer conf_peer_resolve(const struct conf *c, const struct conf_peer *p);
/* Is the VNI's vxlan device one for all VNIs: said so, or named by several? */
bool conf_vni_external(const struct conf *c, const struct conf_vni *v);
/*
 * Is the port a tagged member of the VNI's VLAN: said so, or named by several VNIs of the
 * bridge, of which but one can be the untagged one?
 */
bool conf_vni_tagged(
    const struct conf *c, const struct conf_vni *v, const struct conf_port *p);
struct conf_vni *conf_vni_find(const struct conf *c, uint32_t vni);
struct conf_vni *conf_vni_add(struct conf *c, uint32_t vni);
void conf_vni_del(struct conf *c, struct conf_vni *v);
struct conf_vrf *conf_vrf_find(const struct conf *c, const char *name);
struct conf_vrf *conf_vrf_add(struct conf *c, const char *name);
bool conf_vrf_is_default(const struct conf_vrf *v);
void conf_vrf_del(struct conf *c, struct conf_vrf *v);

#endif

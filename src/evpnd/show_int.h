/*
 * show_int.h - what the show_*.c files share: the show under way, its arguments, and words
 * for times and interfaces.
 */
#ifndef EVPND_SHOW_INT_H
#define EVPND_SHOW_INT_H

#include <time.h>

#include "cli/grammar.h"
#include "evpnd.h"
#include "jout.h"
#include "show.h"

/* Rows that one step looks at, at the most. */
#define SHOW_BUDGET 500

/* The arguments of the command, read once; zero is "not said". */
struct show_args {
	bool json, all, detail, established, failed, duplicate, differing;
	bool has_vni, has_mac, has_ip, has_vtep, has_rd, has_multicast, has_peer;
	bool has_vrf, has_prefix;
	uint8_t type;    /* route type, 0: any */
	unsigned number; /* in a range; 0: none */
	uint32_t vni;
	struct mac mac;
	struct ip ip, vtep, multicast;
	struct rd rd;
	struct prefix prefix;
	char peer[CONF_NAME];
	char vrf[CONF_IFNAME];
	const char *subject; /* of a monitor; NULL: all */
	bool l2vpn, unicast; /* the address family */
	/* of "show values" */
	char what[16], after[32], like[64];
};

struct show {
	struct evpnd *d;
	const struct show_desc *desc;
	struct jout j;
	struct show_args a;
	bool secrets;
	/* of the step under way */
	uint64_t now;    /* ms, monotonic */
	int64_t wall_s;  /* Unix time ... */
	int64_t wall_ms; /* ... in milliseconds */
	unsigned left;   /* rows this step may still look at */
	/* where the next step goes on: keys, never pointers */
	int stage;
	bool open; /* the document, or the container of the present RD, is open */
	uint32_t vni;
	uint32_t in_vni; /* whose part of the document is open; 0: none */
	bool inner;      /* ... and an object in it */
	struct rd rd;
	struct nlri nlri;
	struct mac mac;
	struct ip ip;
	struct kkey kkey;
	char vrf[CONF_IFNAME]; /* the last one done; "": none yet */
	struct prefix prefix;  /* of a VRF's row; PAST: that one is done */
	bool past;
	uint64_t seq;
	bool l3;                     /* the VNI asked for is an L3 VNI */
	uint16_t peer_id;            /* of the neighbor asked for */
	uint64_t rows, paths, shown; /* counted so far */
	struct feed *feed;           /* of what is made of events; else NULL */
	bool streams;                /* never complete */
};

struct show_desc {
	int op;
	/* Looks at the arguments; false: refused, MSG says why. NULL: nothing to look at. */
	bool (*start)(struct show *s, char *msg, size_t len);
	bool (*step)(struct show *s); /* true: complete */
	const char *empty; /* the document of a JSON request that START refuses */
};

/* The rows of each file; the last one has OP 0. */
extern const struct show_desc show_audit_descs[];
extern const struct show_desc show_bfd_descs[];
extern const struct show_desc show_peer_descs[];
extern const struct show_desc show_neighbor_descs[];
extern const struct show_desc show_gr_descs[];
extern const struct show_desc show_route_descs[];
extern const struct show_desc show_vniroute_descs[];
extern const struct show_desc show_bgp_vni_descs[];
extern const struct show_desc show_evpn_descs[];
extern const struct show_desc show_misses_descs[];
extern const struct show_desc show_mac_descs[];
extern const struct show_desc show_kernel_descs[];
extern const struct show_desc show_explain_descs[];
extern const struct show_desc show_conf_descs[];
extern const struct show_desc show_vrf_descs[];
extern const struct show_desc show_event_descs[];
extern const struct show_desc show_debug_descs[];
extern const struct show_desc show_values_descs[];

/* --- helpers in show.c --- */
/* The EVI of the lowest VNI at or above VNI; devices of L3 VNIs are left out. */
struct evi *show_evi_from(struct show *s, uint32_t vni);
/*
 * Shows that go over the VNI asked for, or over all: the EVI to go on with, NULL: no more. Its
 * part of the document is begun by show_vni_open() (an object by its number when all were
 * asked for) and ended by show_evi_done(), or by show_evi() when the VNI went away.
 */
struct evi *show_evi(struct show *s);
void show_vni_open(struct show *s, const struct evi *evi);
void show_evi_done(struct show *s, const struct evi *evi);
/* "% VNI 100 does not exist" when the VNI asked for is not there. */
bool show_start_vni(struct show *s, char *msg, size_t len);
/* The same, and an L3 VNI will do, or a VRF. */
bool show_start_any_vni(struct show *s, char *msg, size_t len);
/* How many VNIs of each sort there are. */
void show_count_vnis(struct show *s, unsigned *out_l2, unsigned *out_l3);

#define SHOW_UPTIME 32
/* FRR's: "00:01:02", "3d04h05m", "06w1d02h". */
char *show_uptime(char *buf, uint64_t seconds);
/* Seconds since SINCE_S of the monotonic clock. */
uint64_t show_age(const struct show *s, uint32_t since_s);
/* Unix time of a moment of the monotonic clock. */
int64_t show_epoch(const struct show *s, uint64_t at_ms);
/* "Fri Nov 20 12:59:43 2026" */
char *show_ctime(char *buf, int64_t epoch);
/* The name of an interface; "unknown" when it is gone. */
const char *show_ifname(const struct show *s, uint32_t ifindex);
/* The name of a peer by its id: its address, "" for ourselves. */
const char *show_peer_name(const struct show *s, uint16_t id);
/* A dotted quad of a router identifier. */
void show_router_id(struct show *s, const char *key, uint32_t id);
/* The heads that several BGP documents have. */
void show_bgp_head(struct show *s);

/* show_evpn.c: what becomes of requests for unknown addresses, if they are to be dropped. */
void show_unknown(struct show *s, const struct evi *evi);
/* show_kernel.c: one row as an object. */
void show_krow(struct show *s, const struct krow *r);

#endif

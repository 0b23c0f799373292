/*
 * macip - the MAC and MAC/IP rows of a MAC-VRF: where each host is, and who says so.
 *
 * One row per (MAC, IP); the row without an IP is the MAC itself and exists as long as any
 * row of that MAC does. A row holds the remote candidates (one per RD whose route was
 * imported) and the local one. Who wins is decided per MAC, over the candidates of all its
 * rows, by macip_cmp() (RFC 7432, 15: sticky, sequence number, lower VTEP; a local one
 * against remote ones likewise). An IP claimed by several MACs goes to the one whose winner
 * has the higher sequence, then the lower VTEP (RFC 9135, 7: mobility of an IP across MACs).
 *
 * Always: rows of one MAC follow each other, the MAC's own row first, then by IP (where there
 * are very many, roughly). Two hash tables (base/lhash.h) find them: own rows by MAC, the
 * others by IP and then MAC.
 */
#ifndef EVPN_MACIP_H
#define EVPN_MACIP_H

#include "base/lhash.h"
#include "base/table.h"
#include "bgp/attr.h"
#include "bgp/nlri.h"

struct evi;
struct evdev;
struct evpn_path;
struct origin;

/* A route imported into this row. The rest is in its attributes. */
struct macip_remote {
	struct macip_remote *next;
	struct rd rd;
	uint8_t etag[4];
	uint32_t since_s;
	struct attrs
	    *attrs; /* one reference: next hop, sequence, sticky, router MAC, ESI */
	uint32_t label[2];
	uint16_t peer; /* struct rib_peer's id, for explain */
	uint8_t labels;
	uint8_t
	    gen; /* the EVI's when last imported: an older one is swept (evi.sweep) */
};

enum { /* where a local candidate comes from; a set: it lives until the last is gone */
	LOCAL_LEARNED = 1 << 0, /* bridge FDB, dynamic */
	LOCAL_STATIC = 1 << 1,  /* bridge FDB, put there by somebody (NUD_NOARP) */
	LOCAL_STICKY = 1 << 2,  /* NTF_STICKY */
	LOCAL_NEIGH = 1 << 3,   /* neighbour table of the SVI */
	LOCAL_SNOOPED = 1 << 4, /* ARP or ND seen on the port */
	LOCAL_API = 1 << 5,     /* evpn mac add */
	LOCAL_SVI = 1 << 6,     /* our own address on the SVI, advertised on request */
	LOCAL_GATEWAY = 1 << 7,
};

#define LOCAL_FDB (LOCAL_LEARNED | LOCAL_STATIC | LOCAL_STICKY)
#define LOCAL_SOFT (LOCAL_LEARNED | LOCAL_NEIGH | LOCAL_SNOOPED) /* lost by a move */

/*
 * Allocated only while there is one. On the MAC's own row FROM may be empty: the bridge has
 * forgotten the MAC, but its addresses are still being asked.
 */
struct macip_local {
	RB_ENTRY(macip_local) timer;       /* valid while PROBE_AT_S != 0 */
	LIST_ENTRY(macip_local) port_link; /* MAC's own row: on its port's list */
	struct macip *row;
	struct evdev *dev;  /* the list it is on */
	struct origin *adv; /* our route; NULL: none */
	uint32_t port;      /* ifindex; on the MAC's own row */
	uint32_t since_s;
	uint32_t heard_s;    /* last sign of life */
	uint32_t probe_at_s; /* when the next probe is due; 0: none */
	uint8_t probes;      /* sent without an answer */
	uint8_t from;        /* LOCAL_* */
	bool router;
	uint8_t gen;     /* the EVI's scan_gen when the kernel last said so */
	uint32_t ips;    /* MAC's own row: its rows with a local candidate */
	bool advertised; /* an own route is in the RIB */
};

enum macip_state { MACIP_NONE, MACIP_LOCAL, MACIP_REMOTE };

struct macip {
	uint32_t chain;   /* of the EVI's table of MACs, or of addresses */
	uint32_t since_s; /* when the winner last changed */
	struct evi *evi;
	uint32_t changed_next, changed_prev; /* numbers of rows; valid while CHANGED */
	struct macip_remote *remotes;
	struct macip_remote *best; /* valid while !BEST_LOCAL */
	struct macip_local *local;
	union {
		struct macip *own; /* rows with an IP: the MAC's own row */
		struct {           /* mobility: on the MAC's own row */
			uint32_t local_seq;
			uint32_t remote_seq;
		};
	};
	uint32_t next, prev;   /* numbers of the MAC's rows, its own first; 0: none */
	uint32_t moves_from_s; /* duplicate detection: start of the window */
	uint16_t moves;
	bool changed : 1;
	bool duplicate : 1; /* declared duplicate (RFC 7432, 15.1) */
	bool frozen : 1;
	bool
	    best_local : 1; /* the winner, as last decided; none when BEST is NULL too */
	/* rows with an IP: of all MACs that claim it, this one has it */
	bool holder : 1;
	unsigned state : 2; /* enum macip_state */
	struct mac mac;
	struct ip ip; /* none: the MAC's own row */
};
_Static_assert(sizeof(struct macip) == 96, "a host more is 96 bytes, not more");

/* The rows themselves. macip_get() makes the MAC's own row too. */
struct macip *macip_find(struct evi *evi, const struct mac *mac, const struct ip *ip);
struct macip *macip_get(struct evi *evi, const struct mac *mac, const struct ip *ip);
/*
 * The row at or after this key, the next one; NULL at the end. MACs are in any order, but it
 * stays; before all comes the MAC of zeros.
 */
struct macip *macip_from(struct evi *evi, const struct mac *mac, const struct ip *ip);
struct macip *macip_after(struct macip *m);
/* The next row of the same MAC; NULL: there is none. */
struct macip *macip_sibling(struct macip *m);
/* The own row of the first MAC behind this one. */
struct macip *macip_behind(struct evi *evi, const struct mac *mac);
/* The MAC's own row of any row of it. */
struct macip *macip_own(struct macip *m);
/* The first row with this IP; macip_ip_after() the next with the same. */
struct macip *macip_by_ip(struct evi *evi, const struct ip *ip);
struct macip *macip_ip_after(struct macip *m);
/* Links the row to the changed queue, to be decided in evpn_drain(). */
void macip_changed(struct macip *m);

/* Remote candidates; P NULL: gone. */
void macip_remote(
    struct evi *evi, const struct nlri *key, const struct evpn_path *p, uint64_t now);

/* Who claims a MAC: a route or this host. */
struct macip_claim {
	bool configured; /* elsewhere, by the configuration: whatever is learned */
	bool fixed;      /* this host, by a static or sticky entry: never given away */
	bool sticky;
	uint32_t seq;
	struct ip vtep;
	struct rd rd; /* only to make the order total */
};

/*
 * > 0: A wins, < 0: B wins, 0: the same. *OUT_WHY, if not NULL: by which rule, in words
 * (RFC 7432, 7.7 and 15.1).
 */
int macip_cmp(
    const struct macip_claim *a, const struct macip_claim *b, const char **out_why);
struct macip_claim macip_claim_of(const struct macip_remote *r);
/* This host's claim; M is the MAC's own row, with a local candidate. */
struct macip_claim macip_claim_local(const struct macip *m);
/* Why a candidate cannot be used at all, in words; NULL: it can. */
const char *macip_unusable(
    const struct evi *evi, const struct mac *mac, const struct attrs *a);

#endif

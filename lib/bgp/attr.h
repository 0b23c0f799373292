/*
 * attr - path attributes: decoded, checked (RFC 7606), interned, shown, encoded.
 *
 * struct attrs is what a route carries besides its NLRI. It is immutable and shared: equal
 * values are one object (struct attr_table), counted by attrs_ref() and attrs_unref(); the
 * only ref-counted type of the project. A million routes of one VTEP share a handful.
 *
 * To make one: fill a struct attr_draft (decoder, origin, policy), then attrs_intern().
 * Blobs in a draft point to somebody else's memory; interning copies them.
 */
#ifndef BGP_ATTR_H
#define BGP_ATTR_H

#include "base/addr.h"
#include "base/bytes.h"
#include "bgp/error.h"

enum attr_type { /* IANA's numbers */
	ATTR_ORIGIN = 1,
	ATTR_AS_PATH = 2,
	ATTR_NEXT_HOP = 3,
	ATTR_MED = 4,
	ATTR_LOCAL_PREF = 5,
	ATTR_ATOMIC = 6,
	ATTR_AGGREGATOR = 7,
	ATTR_COMMUNITY = 8,
	ATTR_ORIGINATOR_ID = 9,
	ATTR_CLUSTER_LIST = 10,
	ATTR_MP_REACH = 14,
	ATTR_MP_UNREACH = 15,
	ATTR_EXT_COMM = 16,
	ATTR_AS4_PATH = 17,
	ATTR_AS4_AGGREGATOR = 18,
	ATTR_PMSI = 22,
	ATTR_LARGE_COMM = 32,
	ATTR_OTC = 35,
};

struct blob {
	const uint8_t *p;
	uint16_t len;
};

/* Which optional scalars are present. */
enum {
	ATTRS_MED = 1 << 0,
	ATTRS_LOCAL_PREF = 1 << 1,
	ATTRS_ATOMIC = 1 << 2,
	ATTRS_AGGREGATOR = 1 << 3,
	ATTRS_ORIGINATOR_ID = 1 << 4,
	ATTRS_PMSI = 1 << 5,
	ATTRS_STICKY = 1 << 6,   /* MAC mobility, RFC 7432, 7.7: static bit */
	ATTRS_MOBILITY = 1 << 7, /* MAC mobility is there; MM_SEQ is valid */
	ATTRS_DEFAULT_GW = 1 << 8,
	ATTRS_ROUTER = 1 << 9,   /* ND extended community, RFC 9047: router flag */
	ATTRS_RMAC = 1 << 10,    /* Router's MAC is there */
	ATTRS_ENCAP = 1 << 11,   /* some encapsulation community is there */
	ATTRS_VXLAN = 1 << 12,   /* ... and one of them says VXLAN (8) */
	ATTRS_PARTIAL = 1 << 13, /* an unknown one had the partial bit */
	ATTRS_PROXY = 1 << 14,   /* ND extended community: proxy flag, as FRR has it */
};

/* RFC 6514, 5. */
enum {
	PMSI_NONE = 0,
	PMSI_PIM_SSM = 3,
	PMSI_PIM_SM = 4,
	PMSI_BIDIR_PIM = 5,
	PMSI_INGRESS = 6, /* ingress replication */
};

struct pmsi {
	uint32_t label; /* 24 bits as on the wire: the VNI */
	uint8_t flags;
	uint8_t type;     /* PMSI_*, or another */
	struct ip tunnel; /* ingress replication: VTEP; PIM: group */
	uint8_t zero;
};

/*
 * The value part shared by the draft and the interned object. No pointers except in the
 * blobs; the scalars after FLAGS that come from extended communities (MM_SEQ, RMAC) are
 * read out of EXT once so that the decision need not parse. No padding before the blobs:
 * the scalars are hashed and compared as bytes.
 */
struct attr_value {
	uint16_t flags;     /* ATTRS_* */
	uint8_t origin;     /* 0 IGP, 1 EGP, 2 incomplete */
	uint8_t aspath_len; /* as the decision process counts it, cut at 255 */
	uint32_t med;
	uint32_t local_pref;
	uint32_t originator_id; /* host order */
	uint32_t aggregator_as;
	uint32_t aggregator_id;
	uint32_t mm_seq;
	struct mac rmac;
	struct ip nexthop;    /* of MP_REACH */
	struct ip nexthop_ll; /* IPv6 link-local of a 32-byte next hop */
	struct esi esi;       /* of the NLRI, types 2 and 5, set by the session */
	struct ip gateway;    /* of the NLRI, type 5 */
	uint8_t zero;
	struct pmsi pmsi; /* valid with ATTRS_PMSI */
	/* Wire contents without the attribute header. */
	struct blob aspath;    /* segments with 4-byte AS numbers */
	struct blob community; /* 4 bytes each, in the order received */
	struct blob ext;       /* 8 bytes each */
	struct blob large;     /* 12 bytes each */
	struct blob cluster;   /* 4 bytes each */
	struct blob tunnel; /* PMSI tunnel identifier, of all but ingress replication */
	struct blob unknown; /* whole unknown transitive attributes, header included */
};
_Static_assert(sizeof(struct pmsi) == 24, "struct pmsi has padding");
_Static_assert(offsetof(struct attr_value, aspath) == 120, "attr_value has padding");

struct attr_draft {
	struct attr_value v;
};

struct attrs {
	struct attrs *next; /* of the same hash bucket */
	uint32_t refs;
	uint32_t hash;
	struct attr_value v; /* blobs point into DATA */
	uint8_t data[];
};

struct attr_table;

struct attr_table *attr_table_new(void);
/* All references must be gone. */
void attr_table_free(struct attr_table *t);
size_t attr_table_count(const struct attr_table *t);
size_t attr_table_bytes(const struct attr_table *t);

/* One object per value; the caller owns one reference. */
struct attrs *attrs_intern(struct attr_table *t, const struct attr_draft *d);
struct attrs *attrs_ref(struct attrs *a);
void attrs_unref(struct attr_table *t, struct attrs *a);

/*
 * Recomputes what is read out of EXT (mobility, router MAC, encapsulations) and ASPATH: to
 * be called whenever one of them was changed, before attrs_intern().
 */
void attr_draft_scan(struct attr_draft *d);

/* What the decoder has to know of the session. */
struct attr_ctx {
	bool as4; /* both sides speak 4-byte AS numbers */
	bool ibgp;
	bool addpath; /* NLRI carry path identifiers */
};

/*
 * Encodes all attributes but MP_REACH and MP_UNREACH, in ascending order of type where these
 * two (sent first, RFC 7606, 5.1) do not matter. With AS4 false AS_PATH is sent in two
 * bytes and AS4_PATH added when needed.
 */
void attrs_put(
    struct builder *b, const struct attr_value *v, const struct attr_ctx *ctx);

/*
 * One attribute's header: length in one byte where it fits, else two and the flag for it
 * (RFC 4271, 4.3).
 */
void attr_head_put(struct builder *b, uint8_t flags, uint8_t type, size_t len);

enum { /* attribute flags */
	ATTR_OPTIONAL = 0x80,
	ATTR_TRANSITIVE = 0x40,
	ATTR_PARTIAL = 0x20,
	ATTR_EXTENDED = 0x10,
};

/* Text as FRR shows it: "65001 65002", AS_SET in braces, "" when empty. Cut at LEN. */
char *aspath_str(char *buf, size_t len, const struct blob *aspath);
bool aspath_contains(const struct blob *aspath, uint32_t as);
/* First AS of the path (the neighbor's), 0 when empty or a set. */
uint32_t aspath_first(const struct blob *aspath);
/* Writes ASPATH with AS prepended into BUF (room for len + 6 bytes); the new length. */
uint16_t aspath_prepend(uint8_t *buf, const struct blob *aspath, uint32_t as);
enum {                                     /* well-known ones */
	COMMUNITY_LLGR_STALE = 0xffff0006, /* RFC 9494 */
	COMMUNITY_NO_LLGR = 0xffff0007,
	COMMUNITY_NO_EXPORT = 0xffffff01, /* RFC 1997 */
	COMMUNITY_NO_ADVERTISE = 0xffffff02,
	COMMUNITY_NO_EXPORT_SUBCONFED = 0xffffff03,
};
bool community_has(const struct blob *community, uint32_t wanted);
/* "65000:1 no-export". */
char *community_str(char *buf, size_t len, const struct blob *community);
char *large_str(char *buf, size_t len, const struct blob *large);

/* "ORIGIN"; "unknown" when it is. */
const char *attr_name(uint8_t type);

#endif

/*
 * nlri - EVPN routes as they are named on the wire (RFC 7432, 7; RFC 9136, 3).
 *
 * struct nlri is a route's identity: the fields that RFC 7432 and RFC 9136 call the key, and
 * nothing else. Fixed size, no padding, unused fields zero, compared by memcmp: the order is
 * RD, type, tag and the rest, as FRR shows it. What a route carries besides (labels, ESI,
 * gateway) is struct nlri_info.
 *
 * A route of a type unknown to us is kept whole, to be reflected unchanged: its bytes after
 * the length octet are in struct nlri_info's RAW, and the key holds a number given by the
 * RIB (rib.h), or, from the decoder, zeros. All types defined so far begin with an RD, so
 * the decoder fills RD from the first eight bytes, where there are that many.
 */
#ifndef BGP_NLRI_H
#define BGP_NLRI_H

#include "base/addr.h"
#include "base/bytes.h"

enum {
	NLRI_EAD = 1,
	NLRI_MACIP = 2,
	NLRI_IMET = 3,
	NLRI_ES = 4,
	NLRI_PREFIX = 5,
};

struct nlri {
	struct rd rd;
	uint8_t type;
	uint8_t plen;    /* type 5: prefix length */
	uint8_t etag[4]; /* Ethernet tag, network order; types 1, 2, 3, 5 */
	struct mac mac;  /* type 2 */
	struct esi esi;  /* types 1 and 4 */
	struct ip ip;    /* 2: host, may be none; 3, 4: originator; 5: prefix */
	uint8_t opaque;  /* 1: unknown type; ip.b[0..7]: the RIB's number, big-endian */
};
_Static_assert(sizeof(struct nlri) == 48, "struct nlri: 48 bytes, no padding");

/* What a route carries that is not its identity. */
struct nlri_info {
	uint32_t label[2];  /* 24 bits, as on the wire: for VXLAN the VNI */
	uint8_t labels;     /* how many are there: 0 (types 3, 4), 1, or 2 */
	struct esi esi;     /* types 2 and 5 */
	struct ip gateway;  /* type 5: overlay index, none when zero */
	const uint8_t *raw; /* unknown type: type and length octets excluded */
	uint8_t rawlen;
	uint32_t path_id; /* RFC 7911; 0 without add-path */
};

enum nlri_result {
	NLRI_OK,
	NLRI_END,     /* nothing left */
	NLRI_BAD,     /* this one is malformed but was delimited: go on with the next */
	NLRI_UNKNOWN, /* a type we do not know, RAW filled; go on */
	NLRI_BROKEN,  /* lengths make no sense: nothing after this can be read */
};

/*
 * Takes the next NLRI of an EVPN section off C. ADDPATH: a path identifier precedes each.
 * On NLRI_BAD, KEY holds what could be read of the key (enough to withdraw it) if KEY's type
 * is not 0, and WHY says what was wrong. All lengths are cross-checked: type 2's NLRI length
 * against its MAC and IP lengths, type 5's prefix length against its family.
 */
enum nlri_result nlri_get(struct cursor *c, bool addpath, struct nlri *key,
    struct nlri_info *info, const char **why);

/*
 * Writes type, length and route, but no path identifier. Only the key counts when INFO is
 * NULL (withdrawals): the rest is zero, with one label, the size FRR expects. For an opaque
 * key INFO with its RAW is needed always.
 */
void nlri_put(struct builder *b, const struct nlri *key, const struct nlri_info *info);

static inline int
nlri_cmp(const struct nlri *a, const struct nlri *b)
{
	return memcmp(a, b, sizeof(*a));
}

uint32_t nlri_etag(const struct nlri *n);

#define NLRI_STRLEN 128
#define NLRISTR(n) nlri_str((char[NLRI_STRLEN]){ 0 }, (n))
/* FRR's form: "[2]:[0]:[48]:[02:00:00:00:00:01]:[32]:[10.0.0.1]", "[3]:[0]:[32]:[10.0.0.2]". */
char *nlri_str(char *buf, const struct nlri *n);
/* Its length in bits as FRR's JSON "prefixLen" gives it: of FRR's own struct, 352 always. */
unsigned nlri_prefixlen(const struct nlri *n);

#endif

/*
 * nlri - see nlri.h.
 *
 * One row per route type: how it is read, written and shown. A reader sets the key's type
 * only when the key is complete and makes sense, so what is wrong after that (labels, the
 * length as a whole) still names a route to withdraw.
 */
#include "bgp/nlri.h"

#include <assert.h>
#include <stdio.h>

#define MAC_BITS 48

/* The 24-bit labels are the VNI as it is (RFC 8365, 5.1.3), not shifted as for MPLS. */
struct nlri_desc {
	/* Takes the route off a cursor of its own; NULL, or what is wrong. */
	const char *(*get)(struct cursor *c, struct nlri *key, struct nlri_info *info);
	void (*put)(
	    struct builder *b, const struct nlri *key, const struct nlri_info *info);
	void (*str)(char *buf, const struct nlri *key);
};

/* An address of BITS; 0 bits give none, which the caller allows or not. */
static bool
addr_get(struct cursor *c, unsigned bits, struct ip *out)
{
	uint8_t b[16];

	if (bits != 0 && bits != 32 && bits != 128)
		return false;
	get_bytes(c, b, bits / 8);
	*out = ip_of(b, bits / 8);
	return true;
}

/* The address with its length in bits before it. */
static void
addr_put(struct builder *b, const struct ip *ip)
{
	put_u8(b, (uint8_t)(ip_len(ip) * 8));
	put_bytes(b, ip->b, ip_len(ip));
}

static void
labels_get(struct cursor *c, struct nlri_info *info)
{
	while (info->labels < 2 && get_left(c) >= 3)
		info->label[info->labels++] = get_u24(c);
}

/* What was read makes a key; the rest is labels, one to MAX of them. */
static const char *
labels_finish(struct cursor *c, uint8_t type, unsigned max, struct nlri *key,
    struct nlri_info *info)
{
	size_t left = get_left(c);

	if (c->bad)
		return "too short for its type";
	key->type = type;
	if (left % 3 != 0 || left / 3 < 1 || left / 3 > max)
		return "length does not fit its contents";
	labels_get(c, info);
	return NULL;
}

/* RFC 7432, 7.1: RD, ESI, tag, label. */
static const char *
ead_get(struct cursor *c, struct nlri *key, struct nlri_info *info)
{
	get_bytes(c, key->rd.b, sizeof(key->rd.b));
	get_bytes(c, key->esi.b, sizeof(key->esi.b));
	get_bytes(c, key->etag, sizeof(key->etag));
	return labels_finish(c, NLRI_EAD, 1, key, info);
}

static void
ead_put(struct builder *b, const struct nlri *key, const struct nlri_info *info)
{
	put_bytes(b, key->rd.b, sizeof(key->rd.b));
	put_bytes(b, key->esi.b, sizeof(key->esi.b));
	put_bytes(b, key->etag, sizeof(key->etag));
	put_u24(b, info != NULL ? info->label[0] : 0);
}

/* FRR adds the VTEP (set in its per-VNI tables only) and the fragment (always 0 here). */
static void
ead_str(char *buf, const struct nlri *n)
{
	static const struct ip any = { .family = 4 };
	const struct ip *ip = ip_is_set(&n->ip) ? &n->ip : &any;

	snprintf(buf, NLRI_STRLEN, "[1]:[%u]:[%s]:[%zu]:[%s]:[0]", nlri_etag(n),
	    ESISTR(&n->esi), ip_len(ip) * 8, IPSTR(ip));
}

/* RFC 7432, 7.2: RD, ESI, tag, MAC and IP with their lengths in bits, one or two labels. */
static const char *
macip_get(struct cursor *c, struct nlri *key, struct nlri_info *info)
{
	get_bytes(c, key->rd.b, sizeof(key->rd.b));
	get_bytes(c, info->esi.b, sizeof(info->esi.b));
	get_bytes(c, key->etag, sizeof(key->etag));
	if (get_u8(c) != MAC_BITS)
		return c->bad ? "too short for its type" : "MAC length is not 48";
	get_bytes(c, key->mac.b, sizeof(key->mac.b));
	if (!addr_get(c, get_u8(c), &key->ip))
		return "IP length is not 0, 32 or 128";
	return labels_finish(c, NLRI_MACIP, 2, key, info);
}

static void
macip_put(struct builder *b, const struct nlri *key, const struct nlri_info *info)
{
	static const struct nlri_info none;

	if (info == NULL)
		info = &none;
	put_bytes(b, key->rd.b, sizeof(key->rd.b));
	put_bytes(b, info->esi.b, sizeof(info->esi.b));
	put_bytes(b, key->etag, sizeof(key->etag));
	put_u8(b, MAC_BITS);
	put_bytes(b, key->mac.b, sizeof(key->mac.b));
	addr_put(b, &key->ip);
	put_u24(b, info->label[0]);
	if (info->labels > 1)
		put_u24(b, info->label[1]);
}

static void
macip_str(char *buf, const struct nlri *n)
{
	int len = snprintf(
	    buf, NLRI_STRLEN, "[2]:[%u]:[48]:[%s]", nlri_etag(n), MACSTR(&n->mac));

	if (ip_is_set(&n->ip))
		snprintf(buf + len, NLRI_STRLEN - (size_t)len, ":[%zu]:[%s]",
		    ip_len(&n->ip) * 8, IPSTR(&n->ip));
}

/*
 * The originator's address, which ends types 3 and 4. An IPv6 one makes FRR 8.4.4 reset the
 * session (3/9), as a PMSI tunnel of IPv6 does (3/5): it knows IPv4 underlays only.
 */
static const char *
originator_finish(struct cursor *c, uint8_t type, struct nlri *key)
{
	unsigned bits = get_u8(c);

	if (c->bad)
		return "too short for its type";
	if (!addr_get(c, bits, &key->ip) || bits == 0)
		return "IP length is not 32 or 128";
	if (c->bad)
		return "too short for its type";
	key->type = type;
	return get_left(c) == 0 ? NULL : "length does not fit its contents";
}

/* RFC 7432, 7.3: RD, tag, originator. */
static const char *
imet_get(struct cursor *c, struct nlri *key, struct nlri_info *info)
{
	(void)info;
	get_bytes(c, key->rd.b, sizeof(key->rd.b));
	get_bytes(c, key->etag, sizeof(key->etag));
	return originator_finish(c, NLRI_IMET, key);
}

static void
imet_put(struct builder *b, const struct nlri *key, const struct nlri_info *info)
{
	(void)info;
	put_bytes(b, key->rd.b, sizeof(key->rd.b));
	put_bytes(b, key->etag, sizeof(key->etag));
	addr_put(b, &key->ip);
}

static void
imet_str(char *buf, const struct nlri *n)
{
	snprintf(buf, NLRI_STRLEN, "[3]:[%u]:[%zu]:[%s]", nlri_etag(n),
	    ip_len(&n->ip) * 8, IPSTR(&n->ip));
}

/* RFC 7432, 7.4: RD, ESI, originator. */
static const char *
es_get(struct cursor *c, struct nlri *key, struct nlri_info *info)
{
	(void)info;
	get_bytes(c, key->rd.b, sizeof(key->rd.b));
	get_bytes(c, key->esi.b, sizeof(key->esi.b));
	return originator_finish(c, NLRI_ES, key);
}

static void
es_put(struct builder *b, const struct nlri *key, const struct nlri_info *info)
{
	(void)info;
	put_bytes(b, key->rd.b, sizeof(key->rd.b));
	put_bytes(b, key->esi.b, sizeof(key->esi.b));
	addr_put(b, &key->ip);
}

static void
es_str(char *buf, const struct nlri *n)
{
	snprintf(buf, NLRI_STRLEN, "[4]:[%s]:[%zu]:[%s]", ESISTR(&n->esi),
	    ip_len(&n->ip) * 8, IPSTR(&n->ip));
}

/*
 * RFC 9136, 3.1: RD, ESI, tag, prefix length, prefix, gateway, label. The family is told by
 * the length of the whole, so a wrong one leaves nothing to withdraw.
 */
static const char *
prefix_get(struct cursor *c, struct nlri *key, struct nlri_info *info)
{
	size_t len = get_left(c);
	struct prefix p;

	if (len != 34 && len != 58)
		return "length is not 34 or 58";
	get_bytes(c, key->rd.b, sizeof(key->rd.b));
	get_bytes(c, info->esi.b, sizeof(info->esi.b));
	get_bytes(c, key->etag, sizeof(key->etag));
	p.len = get_u8(c);
	(void)addr_get(c, len == 34 ? 32 : 128, &p.ip);
	if (p.len > ip_len(&p.ip) * 8)
		return "prefix longer than its family allows";
	prefix_mask(&p);
	key->ip = p.ip;
	key->plen = p.len;
	(void)addr_get(c, len == 34 ? 32 : 128, &info->gateway);
	if (ip_is_any(&info->gateway))
		info->gateway.family = 0;
	return labels_finish(c, NLRI_PREFIX, 1, key, info);
}

static void
prefix_put(struct builder *b, const struct nlri *key, const struct nlri_info *info)
{
	static const struct nlri_info none;

	if (info == NULL)
		info = &none;
	put_bytes(b, key->rd.b, sizeof(key->rd.b));
	put_bytes(b, info->esi.b, sizeof(info->esi.b));
	put_bytes(b, key->etag, sizeof(key->etag));
	put_u8(b, key->plen);
	put_bytes(b, key->ip.b, ip_len(&key->ip));
	put_bytes(b, info->gateway.b, ip_len(&key->ip));
	put_u24(b, info->label[0]);
}

static void
prefix_str_nlri(char *buf, const struct nlri *n)
{
	snprintf(buf, NLRI_STRLEN, "[5]:[%u]:[%u]:[%s]", nlri_etag(n), n->plen,
	    IPSTR(&n->ip));
}

static const struct nlri_desc types[] = {
	/* clang-format off */
	[NLRI_EAD]    = { ead_get,	ead_put,    ead_str },
	[NLRI_MACIP]  = { macip_get,	macip_put,  macip_str },
	[NLRI_IMET]   = { imet_get,	imet_put,   imet_str },
	[NLRI_ES]     = { es_get,	es_put,	    es_str },
	[NLRI_PREFIX] = { prefix_get,	prefix_put, prefix_str_nlri },
	/* clang-format on */
};

static const struct nlri_desc *
type_find(unsigned type)
{
	if (type >= sizeof(types) / sizeof(types[0]) || types[type].get == NULL)
		return NULL;
	return &types[type];
}

enum nlri_result
nlri_get(struct cursor *c, bool addpath, struct nlri *key, struct nlri_info *info,
    const char **why)
{
	const struct nlri_desc *d;
	struct cursor route;
	uint8_t type;

	*key = (struct nlri){ 0 };
	*info = (struct nlri_info){ 0 };
	*why = NULL;
	if (get_left(c) == 0)
		return NLRI_END;
	if (addpath)
		info->path_id = get_u32(c);
	type = get_u8(c);
	route = get_sub(c, get_u8(c));
	if (route.bad) {
		*why = "routes end within one";
		return NLRI_BROKEN;
	}
	d = type_find(type);
	if (d == NULL) {
		info->raw = route.p;
		info->rawlen = (uint8_t)get_left(&route);
		if (info->rawlen >= sizeof(key->rd.b))
			get_bytes(&route, key->rd.b, sizeof(key->rd.b));
		key->type = type;
		key->opaque = 1;
		return NLRI_UNKNOWN;
	}
	*why = d->get(&route, key, info);
	if (*why == NULL)
		return NLRI_OK;
	if (key->type == 0)
		*key = (struct nlri){ 0 };
	return NLRI_BAD;
}

void
nlri_put(struct builder *b, const struct nlri *key, const struct nlri_info *info)
{
	size_t mark;

	put_u8(b, key->type);
	mark = put_mark8(b);
	if (key->opaque) {
		assert(info != NULL);
		put_bytes(b, info->raw, info->rawlen);
	} else {
		assert(type_find(key->type) != NULL);
		types[key->type].put(b, key, info);
	}
	put_fill8(b, mark);
}

uint32_t
nlri_etag(const struct nlri *n)
{
	struct cursor c = cursor_of(n->etag, sizeof(n->etag));

	return get_u32(&c);
}

char *
nlri_str(char *buf, const struct nlri *n)
{
	struct cursor c = cursor_of(n->ip.b, 8);

	if (n->opaque || type_find(n->type) == NULL)
		snprintf(buf, NLRI_STRLEN, "[%u]:[#%llu]", n->type,
		    (unsigned long long)get_u64(&c));
	else
		types[n->type].str(buf, n);
	return buf;
}

unsigned
nlri_prefixlen(const struct nlri *n)
{
	(void)n;
	return 352;
}

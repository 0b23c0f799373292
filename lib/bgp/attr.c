/*
 * attr - the table of path attributes, and each one's way in and out.
 *
 * A row says all that is the same for every attribute: name, flags, lengths, whether an
 * external peer may send it, and what a fault in it costs (RFC 7606, 7); attrin.c applies
 * it. A row's reader sees only values of a good length and returns what is wrong with the
 * contents, or NULL. Interning is in attrs.c, paths in aspath.c.
 */
#include "bgp/attr.h"

#include "bgp/aspath.h"
#include "bgp/attrin.h"

#define OPT ATTR_OPTIONAL
#define TRANS ATTR_TRANSITIVE

void
attr_head_put(struct builder *b, uint8_t flags, uint8_t type, size_t len)
{
	if (len > UINT8_MAX) {
		put_u8(b, flags | ATTR_EXTENDED);
		put_u8(b, type);
		put_u16(b, (uint16_t)len);
	} else {
		put_u8(b, flags);
		put_u8(b, type);
		put_u8(b, (uint8_t)len);
	}
}

static struct blob
blob_of(const struct cursor *c)
{
	return (struct blob){ c->p, (uint16_t)get_left(c) };
}

static void
blob_put(struct builder *b, uint8_t flags, uint8_t type, const struct blob *blob)
{
	if (blob->len == 0)
		return;
	attr_head_put(b, flags, type, blob->len);
	put_bytes(b, blob->p, blob->len);
}

static void
u32_put(struct builder *b, uint8_t flags, uint8_t type, uint32_t value)
{
	attr_head_put(b, flags, type, 4);
	put_u32(b, value);
}

static const char *
origin_get(struct attr_in *in, struct cursor *c)
{
	uint8_t origin = get_u8(c);

	if (origin > 2)
		return "value is not 0, 1 or 2";
	in->u->draft.v.origin = origin;
	return NULL;
}

static void
origin_put(struct builder *b, const struct attr_value *v, const struct attr_ctx *ctx)
{
	(void)ctx;
	attr_head_put(b, TRANS, ATTR_ORIGIN, 1);
	put_u8(b, v->origin);
}

static const char *
as_path_get(struct attr_in *in, struct cursor *c)
{
	struct blob path = blob_of(c);
	const char *why = aspath_check(&path, in->ctx->as4 ? 4 : 2);

	if (why != NULL)
		return why;
	if (!in->ctx->as4) {
		aspath_widen(&in->aspath, &path);
		if (in->aspath.full)
			return "too long";
		path =
		    (struct blob){ in->aspath.start, (uint16_t)put_len(&in->aspath) };
	}
	in->u->draft.v.aspath = path;
	return NULL;
}

static void
as_path_put(struct builder *b, const struct attr_value *v, const struct attr_ctx *ctx)
{
	if (ctx->as4) {
		attr_head_put(b, TRANS, ATTR_AS_PATH, v->aspath.len);
		put_bytes(b, v->aspath.p, v->aspath.len);
	} else {
		attr_head_put(b, TRANS, ATTR_AS_PATH, aspath_narrow_len(&v->aspath));
		aspath_narrow(b, &v->aspath);
	}
}

/* Only IPv4 unicast has it, which nobody here uses: its length is checked, nothing more. */
static const char *
ignored_get(struct attr_in *in, struct cursor *c)
{
	(void)in;
	(void)c;
	return NULL;
}

static const char *
med_get(struct attr_in *in, struct cursor *c)
{
	in->u->draft.v.med = get_u32(c);
	in->u->draft.v.flags |= ATTRS_MED;
	return NULL;
}

static void
med_put(struct builder *b, const struct attr_value *v, const struct attr_ctx *ctx)
{
	(void)ctx;
	if (v->flags & ATTRS_MED)
		u32_put(b, OPT, ATTR_MED, v->med);
}

static const char *
local_pref_get(struct attr_in *in, struct cursor *c)
{
	in->u->draft.v.local_pref = get_u32(c);
	in->u->draft.v.flags |= ATTRS_LOCAL_PREF;
	return NULL;
}

static void
local_pref_put(
    struct builder *b, const struct attr_value *v, const struct attr_ctx *ctx)
{
	(void)ctx;
	if (v->flags & ATTRS_LOCAL_PREF)
		u32_put(b, TRANS, ATTR_LOCAL_PREF, v->local_pref);
}

static const char *
atomic_get(struct attr_in *in, struct cursor *c)
{
	(void)c;
	in->u->draft.v.flags |= ATTRS_ATOMIC;
	return NULL;
}

static void
atomic_put(struct builder *b, const struct attr_value *v, const struct attr_ctx *ctx)
{
	(void)ctx;
	if (v->flags & ATTRS_ATOMIC)
		attr_head_put(b, TRANS, ATTR_ATOMIC, 0);
}

/* RFC 4271, 5.1.7; with AS numbers of four bytes it is 8 long, else 6 (RFC 6793, 4.1). */
static const char *
aggregator_get(struct attr_in *in, struct cursor *c)
{
	struct attr_value *v = &in->u->draft.v;

	if (get_left(c) != (in->ctx->as4 ? 8 : 6))
		return in->ctx->as4 ? "length is not 8" : "length is not 6";
	v->aggregator_as = in->ctx->as4 ? get_u32(c) : get_u16(c);
	v->aggregator_id = get_u32(c);
	v->flags |= ATTRS_AGGREGATOR;
	return NULL;
}

static void
aggregator_put(
    struct builder *b, const struct attr_value *v, const struct attr_ctx *ctx)
{
	uint32_t as = v->aggregator_as;

	if (!(v->flags & ATTRS_AGGREGATOR))
		return;
	attr_head_put(b, OPT | TRANS, ATTR_AGGREGATOR, ctx->as4 ? 8 : 6);
	if (ctx->as4)
		put_u32(b, as);
	else
		put_u16(b, as > UINT16_MAX ? AS_TRANS : (uint16_t)as);
	put_u32(b, v->aggregator_id);
}

static const char *
community_get(struct attr_in *in, struct cursor *c)
{
	in->u->draft.v.community = blob_of(c);
	return NULL;
}

static void
community_put(struct builder *b, const struct attr_value *v, const struct attr_ctx *ctx)
{
	(void)ctx;
	blob_put(b, OPT | TRANS, ATTR_COMMUNITY, &v->community);
}

static const char *
originator_id_get(struct attr_in *in, struct cursor *c)
{
	in->u->draft.v.originator_id = get_u32(c);
	in->u->draft.v.flags |= ATTRS_ORIGINATOR_ID;
	return NULL;
}

static void
originator_id_put(
    struct builder *b, const struct attr_value *v, const struct attr_ctx *ctx)
{
	(void)ctx;
	if (v->flags & ATTRS_ORIGINATOR_ID)
		u32_put(b, OPT, ATTR_ORIGINATOR_ID, v->originator_id);
}

static const char *
cluster_list_get(struct attr_in *in, struct cursor *c)
{
	in->u->draft.v.cluster = blob_of(c);
	return NULL;
}

static void
cluster_list_put(
    struct builder *b, const struct attr_value *v, const struct attr_ctx *ctx)
{
	(void)ctx;
	blob_put(b, OPT, ATTR_CLUSTER_LIST, &v->cluster);
}

/* The next hop of 25/70: an address, or a global one and its link-local (RFC 2545, 3). */
static const char *
next_hop_get(struct cursor *c, struct attr_value *v)
{
	size_t len = get_left(c);
	uint8_t b[16];

	if (len != 4 && len != 16 && len != 32)
		return "next hop length is not 4, 16 or 32";
	get_bytes(c, b, len == 4 ? 4 : 16);
	v->nexthop = ip_of(b, len == 4 ? 4 : 16);
	if (len == 32) {
		get_bytes(c, b, 16);
		v->nexthop_ll = ip_of(b, 16);
	}
	return NULL;
}

/*
 * RFC 4760, 3. What cannot be taken apart resets the session (RFC 7606, 7.11): nobody could
 * tell which routes it is about. A next hop nobody can use costs its routes only.
 */
static const char *
mp_reach_get(struct attr_in *in, struct cursor *c)
{
	struct update *u = in->u;
	struct attr_value *v = &u->draft.v;
	const char *why = NULL;
	struct cursor nexthop;

	u->reach_afi = get_u16(c);
	u->reach_safi = get_u8(c);
	nexthop = get_sub(c, get_u8(c));
	get_skip(c, 1);
	if (c->bad)
		return "next hop longer than the attribute";
	if (u->reach_afi == AFI_L2VPN && u->reach_safi == SAFI_EVPN)
		why = next_hop_get(&nexthop, v);
	if (why != NULL)
		return why;
	u->has_reach = true;
	u->reach = *c;
	if (ip_is_set(&v->nexthop) &&
	    (ip_is_any(&v->nexthop) || ip_is_multicast(&v->nexthop)))
		update_fault(u, BGP_WITHDRAW, BGP_UPDATE_NEXTHOP, v->nexthop.b,
		    ip_len(&v->nexthop), "attribute MP_REACH: next hop %s",
		    IPSTR(&v->nexthop));
	return NULL;
}

static const char *
mp_unreach_get(struct attr_in *in, struct cursor *c)
{
	struct update *u = in->u;

	u->unreach_afi = get_u16(c);
	u->unreach_safi = get_u8(c);
	u->has_unreach = true;
	u->unreach = *c;
	return NULL;
}

static const char *
ext_comm_get(struct attr_in *in, struct cursor *c)
{
	in->u->draft.v.ext = blob_of(c);
	return NULL;
}

static void
ext_comm_put(struct builder *b, const struct attr_value *v, const struct attr_ctx *ctx)
{
	(void)ctx;
	blob_put(b, OPT | TRANS, ATTR_EXT_COMM, &v->ext);
}

/* RFC 6793, 4.1 and 6: only from a peer that has no AS numbers of four bytes. */
static const char *
as4_path_get(struct attr_in *in, struct cursor *c)
{
	struct blob path = blob_of(c);
	const char *why = aspath_check(&path, 4);

	if (in->ctx->as4)
		return "from a peer with 4-octet AS numbers";
	if (why == NULL)
		in->as4_path = path;
	return why;
}

static void
as4_path_put(struct builder *b, const struct attr_value *v, const struct attr_ctx *ctx)
{
	if (ctx->as4 || !aspath_needs_as4(&v->aspath))
		return;
	attr_head_put(b, OPT | TRANS, ATTR_AS4_PATH, aspath_as4_len(&v->aspath));
	aspath_as4(b, &v->aspath);
}

static const char *
as4_aggregator_get(struct attr_in *in, struct cursor *c)
{
	if (in->ctx->as4)
		return "from a peer with 4-octet AS numbers";
	in->as4_aggregator = true;
	in->as4_aggregator_as = get_u32(c);
	in->as4_aggregator_id = get_u32(c);
	return NULL;
}

static void
as4_aggregator_put(
    struct builder *b, const struct attr_value *v, const struct attr_ctx *ctx)
{
	if (ctx->as4 || !(v->flags & ATTRS_AGGREGATOR) ||
	    v->aggregator_as <= UINT16_MAX)
		return;
	attr_head_put(b, OPT | TRANS, ATTR_AS4_AGGREGATOR, 8);
	put_u32(b, v->aggregator_as);
	put_u32(b, v->aggregator_id);
}

/*
 * RFC 6514, 5. The identifier of a PIM tree is source and group of one family; identifiers
 * of other tunnels are kept as they are.
 */
static const char *
pmsi_get(struct attr_in *in, struct cursor *c)
{
	struct attr_value *v = &in->u->draft.v;
	struct pmsi p = { 0 };
	struct blob id;
	size_t half;

	p.flags = get_u8(c);
	p.type = get_u8(c);
	p.label = get_u24(c);
	id = blob_of(c);
	half = id.len / 2;
	if (p.type == PMSI_INGRESS) {
		if (id.len != 4 && id.len != 16)
			return "ingress replication: tunnel is not 4 or 16 bytes";
		p.tunnel = ip_of(id.p, id.len);
		id = (struct blob){ 0 };
	} else if (p.type >= PMSI_PIM_SSM && p.type <= PMSI_BIDIR_PIM) {
		if (id.len != 8 && id.len != 32)
			return "PIM: tunnel is not 8 or 32 bytes";
		p.tunnel = ip_of(id.p + half, half);
	}
	v->pmsi = p;
	v->tunnel = id;
	v->flags |= ATTRS_PMSI;
	return NULL;
}

static void
pmsi_put(struct builder *b, const struct attr_value *v, const struct attr_ctx *ctx)
{
	struct blob id = v->tunnel;

	(void)ctx;
	if (!(v->flags & ATTRS_PMSI))
		return;
	if (v->pmsi.type == PMSI_INGRESS)
		id = (struct blob){ v->pmsi.tunnel.b,
			(uint16_t)ip_len(&v->pmsi.tunnel) };
	attr_head_put(b, OPT | TRANS, ATTR_PMSI, 5 + (size_t)id.len);
	put_u8(b, v->pmsi.flags);
	put_u8(b, v->pmsi.type);
	put_u24(b, v->pmsi.label);
	put_bytes(b, id.p, id.len);
}

static const char *
large_comm_get(struct attr_in *in, struct cursor *c)
{
	in->u->draft.v.large = blob_of(c);
	return NULL;
}

static void
large_comm_put(
    struct builder *b, const struct attr_value *v, const struct attr_ctx *ctx)
{
	(void)ctx;
	blob_put(b, OPT | TRANS, ATTR_LARGE_COMM, &v->large);
}

/* RFC 9234: passed on; its rules are for IPv4 and IPv6 unicast. */
static const char *
otc_get(struct attr_in *in, struct cursor *c)
{
	return attr_keep(in, ATTR_OTC, OPT | TRANS, c);
}

#define ANY UINT16_MAX

/* Rows with get but no put leave by another way: MP_* in update.c, OTC with the unknown. */
static const struct attr_desc attr_table[256] = {
	/* clang-format off */
	/*		name, flags, subcode, ibgp only, unit, min, max, verdict, get, put */
	[ATTR_ORIGIN] = { "ORIGIN", TRANS, BGP_UPDATE_ORIGIN, false,
		1, 1, 1, BGP_WITHDRAW, origin_get, origin_put },
	[ATTR_AS_PATH] = { "AS_PATH", TRANS, BGP_UPDATE_AS_PATH, false,
		1, 0, ANY, BGP_WITHDRAW, as_path_get, as_path_put },
	[ATTR_NEXT_HOP] = { "NEXT_HOP", TRANS, BGP_UPDATE_NEXTHOP, false,
		1, 4, 4, BGP_WITHDRAW, ignored_get, NULL },
	[ATTR_MED] = { "MULTI_EXIT_DISC", OPT, BGP_UPDATE_OPTIONAL, false,
		1, 4, 4, BGP_WITHDRAW, med_get, med_put },
	[ATTR_LOCAL_PREF] = { "LOCAL_PREF", TRANS, BGP_UPDATE_LENGTH, true,
		1, 4, 4, BGP_WITHDRAW, local_pref_get, local_pref_put },
	[ATTR_ATOMIC] = { "ATOMIC_AGGREGATE", TRANS, BGP_UPDATE_LENGTH, false,
		1, 0, 0, BGP_DISCARD, atomic_get, atomic_put },
	[ATTR_AGGREGATOR] = { "AGGREGATOR", OPT | TRANS, BGP_UPDATE_OPTIONAL, false,
		1, 6, 8, BGP_DISCARD, aggregator_get, aggregator_put },
	[ATTR_COMMUNITY] = { "COMMUNITIES", OPT | TRANS, BGP_UPDATE_OPTIONAL, false,
		4, 4, ANY, BGP_WITHDRAW, community_get, community_put },
	[ATTR_ORIGINATOR_ID] = { "ORIGINATOR_ID", OPT, BGP_UPDATE_OPTIONAL, true,
		1, 4, 4, BGP_WITHDRAW, originator_id_get, originator_id_put },
	[ATTR_CLUSTER_LIST] = { "CLUSTER_LIST", OPT, BGP_UPDATE_OPTIONAL, true,
		4, 4, ANY, BGP_WITHDRAW, cluster_list_get, cluster_list_put },
	[ATTR_MP_REACH] = { "MP_REACH_NLRI", OPT, BGP_UPDATE_OPTIONAL, false,
		1, 5, ANY, BGP_RESET, mp_reach_get, NULL },
	[ATTR_MP_UNREACH] = { "MP_UNREACH_NLRI", OPT, BGP_UPDATE_OPTIONAL, false,
		1, 3, ANY, BGP_RESET, mp_unreach_get, NULL },
	[ATTR_EXT_COMM] = { "EXTENDED_COMMUNITIES", OPT | TRANS, BGP_UPDATE_OPTIONAL, false,
		8, 8, ANY, BGP_WITHDRAW, ext_comm_get, ext_comm_put },
	[ATTR_AS4_PATH] = { "AS4_PATH", OPT | TRANS, BGP_UPDATE_OPTIONAL, false,
		2, 6, ANY, BGP_DISCARD, as4_path_get, as4_path_put },
	[ATTR_AS4_AGGREGATOR] = { "AS4_AGGREGATOR", OPT | TRANS, BGP_UPDATE_OPTIONAL, false,
		1, 8, 8, BGP_DISCARD, as4_aggregator_get, as4_aggregator_put },
	[ATTR_PMSI] = { "PMSI_TUNNEL", OPT | TRANS, BGP_UPDATE_OPTIONAL, false,
		1, 5, ANY, BGP_WITHDRAW, pmsi_get, pmsi_put },
	[ATTR_LARGE_COMM] = { "LARGE_COMMUNITIES", OPT | TRANS, BGP_UPDATE_OPTIONAL, false,
		12, 12, ANY, BGP_WITHDRAW, large_comm_get, large_comm_put },
	[ATTR_OTC] = { "OTC", OPT | TRANS, BGP_UPDATE_OPTIONAL, false,
		1, 4, 4, BGP_WITHDRAW, otc_get, NULL },
	/* clang-format on */
};

const char *
attr_name(uint8_t type)
{
	return attr_table[type].name != NULL ? attr_table[type].name : "unknown";
}

const struct attr_desc *
attr_find(uint8_t type)
{
	return attr_table[type].name != NULL ? &attr_table[type] : NULL;
}

void
attrs_put(struct builder *b, const struct attr_value *v, const struct attr_ctx *ctx)
{
	for (unsigned type = 0; type <= ATTR_OTC; type++) {
		const struct attr_desc *d = &attr_table[type];

		if (d->put != NULL && (ctx->ibgp || !d->ibgp))
			d->put(b, v, ctx);
	}
	put_bytes(b, v->unknown.p, v->unknown.len);
}

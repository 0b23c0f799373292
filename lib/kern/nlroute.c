/*
 * nlroute - nexthops, groups of them and routes to and from netlink messages (nlcodec.h).
 *
 * Nexthops and groups share messages and numbers: NHA_GROUP tells them apart. Of routes only
 * those are decoded that lead somewhere (or say no): unicast, blackhole, unreachable and
 * prohibit, without source or TOS, not of the local table, and not the link-local and
 * multicast ones that every IPv6 device has. A route by nexthop id is that id and nothing
 * else, though the kernel repeats gateway and device for old programs.
 *
 * Additions are exclusive (NLM_F_EXCL): what is there already is somebody else's.
 */
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>

#include "kern/nlint.h"

/* --- nexthops --- */

/*
 * Members in ascending order. More than fit, or of unequal weight: they end with a number
 * that no nexthop has, so that it is never taken for what we want.
 */
static bool
group_members(struct nlattr *group, struct kval *val)
{
	size_t n = (size_t)nla_len(group) / sizeof(struct nexthop_grp);
	uint32_t ids[KVAL_MEMBERS];
	bool odd = n > KVAL_MEMBERS;
	struct kval sorted;
	size_t at = 0;

	if ((size_t)nla_len(group) % sizeof(struct nexthop_grp) != 0)
		return false;
	for (size_t i = 0; i < n && i < KVAL_MEMBERS; i++) {
		struct nexthop_grp g;

		memcpy(&g, (const uint8_t *)nla_data(group) + i * sizeof(g), sizeof(g));
		if (g.id == 0 || g.id == UINT32_MAX)
			return false;
		ids[i] = g.id;
		odd = odd || g.weight != 0; /* 0 is 1 */
	}
	sorted = kval_nhgroup(ids, n < KVAL_MEMBERS ? n : KVAL_MEMBERS, false);
	memcpy(val->members, sorted.members, sizeof(val->members));
	while (at < KVAL_MEMBERS - 1 && val->members[at] != 0)
		at++;
	if (odd)
		val->members[at] = UINT32_MAX;
	return true;
}

void
nlroute_decode_nexthop(struct nlmsghdr *nlh, struct nlcodec_msg *out)
{
	static const struct nla_policy policy[NHA_FDB + 1] = {
		[NHA_ID] = { .type = NLA_U32 },
		[NHA_OIF] = { .type = NLA_U32 },
	};
	struct nlattr *tb[NHA_FDB + 1];
	struct nhmsg nhm;
	struct kval *v = &out->val;

	if (nlmsg_parse(nlh, sizeof(nhm), tb, NHA_FDB, policy) < 0)
		return;
	memcpy(&nhm, nlmsg_data(nlh), sizeof(nhm));
	if (attr_u32(tb, NHA_ID) == 0)
		return;
	v->proto = nhm.nh_protocol;
	v->flags = tb[NHA_FDB] != NULL ? KNH_FDB : 0;
	if (tb[NHA_GROUP] != NULL) {
		out->key = kkey_nhgroup(attr_u32(tb, NHA_ID));
		if (!group_members(tb[NHA_GROUP], v))
			return;
	} else {
		out->key = kkey_nexthop(attr_u32(tb, NHA_ID));
		v->ip = attr_ip(tb, NHA_GATEWAY);
		v->port = attr_u32(tb, NHA_OIF);
		if (nhm.nh_flags & RTNH_F_ONLINK)
			v->flags |= KNH_ONLINK;
	}
	out->deleted = nlh->nlmsg_type == RTM_DELNEXTHOP;
	out->what = NLCODEC_OBJ;
}

static int
how(const struct ktab_op *op)
{
	return NLM_F_CREATE | (op->op == KOP_ADD ? NLM_F_EXCL : NLM_F_REPLACE);
}

/* The message, complete for a deletion. */
static struct nl_msg *
nexthop_new(const struct ktab_op *op, struct nhmsg *nhm)
{
	struct nl_msg *m;

	if (op->op == KOP_DELETE) {
		*nhm = (struct nhmsg){ .nh_family = AF_UNSPEC };
		m = msg_new(RTM_DELNEXTHOP, 0, nhm, sizeof(*nhm));
	} else {
		nhm->nh_protocol = op->val.proto;
		m = msg_new(RTM_NEWNEXTHOP, how(op), nhm, sizeof(*nhm));
	}
	if (m != NULL && nla_put_u32(m, NHA_ID, op->key.id) < 0) {
		nlmsg_free(m);
		return NULL;
	}
	return m;
}

size_t
nlroute_nexthop(uint8_t *buf, size_t len, const struct ktab_op *op)
{
	const struct kval *v = &op->val;
	struct nhmsg nhm = { .nh_family = v->ip.family == 6 ? AF_INET6 : AF_INET,
		.nh_flags = v->flags & KNH_ONLINK ? RTNH_F_ONLINK : 0 };
	struct nl_msg *m = nexthop_new(op, &nhm);
	int full = 0;

	if (m == NULL || op->op == KOP_DELETE)
		return msg_take(m, 0, buf, len);
	if (ip_is_set(&v->ip))
		full |= put_ip(m, NHA_GATEWAY, &v->ip);
	if (v->port != 0)
		full |= nla_put_u32(m, NHA_OIF, v->port);
	if (v->flags & KNH_FDB)
		full |= nla_put_flag(m, NHA_FDB);
	return msg_take(m, full, buf, len);
}

size_t
nlroute_group(uint8_t *buf, size_t len, const struct ktab_op *op)
{
	const struct kval *v = &op->val;
	struct nhmsg nhm = { .nh_family = AF_UNSPEC };
	struct nexthop_grp grp[KVAL_MEMBERS] = { { .id = 0 } };
	struct nl_msg *m = nexthop_new(op, &nhm);
	int n = 0, full;

	if (m == NULL || op->op == KOP_DELETE)
		return msg_take(m, 0, buf, len);
	for (; n < KVAL_MEMBERS && v->members[n] != 0; n++)
		grp[n].id = v->members[n];
	full = nla_put(m, NHA_GROUP, n * (int)sizeof(grp[0]), grp);
	if (v->flags & KNH_FDB)
		full |= nla_put_flag(m, NHA_FDB);
	return msg_take(m, full, buf, len);
}

size_t
nlroute_get_nexthop(uint8_t *buf, size_t len, const struct kkey *key)
{
	struct nhmsg nhm = { .nh_family = AF_UNSPEC };
	struct nl_msg *m = msg_new(RTM_GETNEXTHOP, 0, &nhm, sizeof(nhm));

	return m == NULL ? 0 : msg_take(m, nla_put_u32(m, NHA_ID, key->id), buf, len);
}

/* The kernel can tell groups only; it does not tell by protocol. */
size_t
nlroute_dump_nexthops(uint8_t *buf, size_t len, enum kkind kind, uint32_t ifindex)
{
	struct nhmsg nhm = { .nh_family = AF_UNSPEC };
	struct nl_msg *m = msg_new(RTM_GETNEXTHOP, NLM_F_DUMP, &nhm, sizeof(nhm));
	int full = 0;

	(void)ifindex;
	if (m != NULL && kind == KOBJ_NHGROUP)
		full = nla_put_flag(m, NHA_GROUPS);
	return msg_take(m, full, buf, len);
}

/* --- routes --- */

/* A gateway of the route's own family, or of the other. */
static struct ip
gateway(struct nlattr *const *tb)
{
	struct rtvia via;
	struct nlattr *a = tb[RTA_VIA];

	if (a == NULL || (size_t)nla_len(a) < sizeof(via))
		return attr_ip(tb, RTA_GATEWAY);
	return ip_of((const uint8_t *)nla_data(a) + sizeof(via),
	    (size_t)nla_len(a) - sizeof(via));
}

/*
 * Local routes too where a VRF's table has them among the others: of an IPv4 address without
 * a network the kernel knows nothing else. For IPv6 it has a second route.
 */
static bool
is_told(const struct rtmsg *rtm, const struct prefix *to, uint32_t table)
{
	bool type = rtm->rtm_type == RTN_UNICAST ||
	    (rtm->rtm_type == RTN_LOCAL && to->ip.family == 4) ||
	    (rtm->rtm_type >= RTN_BLACKHOLE && rtm->rtm_type <= RTN_PROHIBIT);

	return type && table != 0 && table != RT_TABLE_LOCAL && rtm->rtm_tos == 0 &&
	    rtm->rtm_src_len == 0 && !(rtm->rtm_flags & RTM_F_CLONED) &&
	    to->len <= ip_len(&to->ip) * 8 && !ip_is_multicast(&to->ip) &&
	    !ip_is_linklocal(&to->ip);
}

static void
route_val(const struct rtmsg *rtm, struct nlattr *const *tb, struct kval *v)
{
	v->proto = rtm->rtm_protocol;
	v->flags = rtm->rtm_type;
	v->nhid = attr_u32(tb, RTA_NH_ID);
	if (rtm->rtm_type >= RTN_BLACKHOLE || v->nhid != 0)
		return;
	v->ip = gateway(tb);
	v->port = attr_u32(tb, RTA_OIF);
	v->state = (uint16_t)((rtm->rtm_flags & RTNH_F_ONLINK ? KROUTE_ONLINK : 0) |
	    (tb[RTA_MULTIPATH] != NULL ? KROUTE_MULTI : 0));
}

void
nlroute_decode(struct nlmsghdr *nlh, struct nlcodec_msg *out)
{
	static const struct nla_policy policy[RTA_NH_ID + 1] = {
		[RTA_OIF] = { .type = NLA_U32 },
		[RTA_PRIORITY] = { .type = NLA_U32 },
		[RTA_TABLE] = { .type = NLA_U32 },
		[RTA_NH_ID] = { .type = NLA_U32 },
	};
	struct nlattr *tb[RTA_NH_ID + 1];
	struct rtmsg rtm;
	struct prefix to;
	uint32_t table;
	uint8_t family;

	if (nlmsg_parse(nlh, sizeof(rtm), tb, RTA_NH_ID, policy) < 0)
		return;
	memcpy(&rtm, nlmsg_data(nlh), sizeof(rtm));
	if (rtm.rtm_family != AF_INET && rtm.rtm_family != AF_INET6)
		return;
	family = rtm.rtm_family == AF_INET6 ? 6 : 4;
	table = tb[RTA_TABLE] != NULL ? attr_u32(tb, RTA_TABLE) : rtm.rtm_table;
	to = (struct prefix){ attr_ip(tb, RTA_DST), rtm.rtm_dst_len };
	if (tb[RTA_DST] == NULL)
		to.ip.family = family; /* the default route names none */
	if (to.ip.family != family || !is_told(&rtm, &to, table))
		return;
	prefix_mask(&to);
	out->key = kkey_route(table, &to, attr_u32(tb, RTA_PRIORITY));
	route_val(&rtm, tb, &out->val);
	out->deleted = nlh->nlmsg_type == RTM_DELROUTE;
	out->what = NLCODEC_OBJ;
}

static int
put_gateway(struct nl_msg *m, const struct ip *dst, const struct ip *via)
{
	uint8_t buf[sizeof(struct rtvia) + 16];
	struct rtvia head = { .rtvia_family = AF_INET6 };

	if (via->family == dst->family)
		return put_ip(m, RTA_GATEWAY, via);
	if (via->family != 6)
		return -1; /* the kernel knows no such route */
	memcpy(buf, &head, sizeof(head));
	memcpy(buf + sizeof(head), via->b, 16);
	return nla_put(m, RTA_VIA, sizeof(buf), buf);
}

static int
put_route(struct nl_msg *m, const struct ip *dst, const struct kval *v)
{
	int full = 0;

	if (v->nhid != 0)
		return nla_put_u32(m, RTA_NH_ID, v->nhid);
	if (ip_is_set(&v->ip))
		full |= put_gateway(m, dst, &v->ip);
	if (v->port != 0)
		full |= nla_put_u32(m, RTA_OIF, v->port);
	return full;
}

/* A deletion names our protocol: another's route of the same name stays. */
size_t
nlroute_route(uint8_t *buf, size_t len, const struct ktab_op *op)
{
	const struct kkey *key = &op->key;
	const struct kval *v = &op->val;
	bool add = op->op != KOP_DELETE, link = v->nhid == 0 && v->port != 0;
	struct rtmsg rtm = { .rtm_family = key->ip.family == 6 ? AF_INET6 : AF_INET,
		.rtm_dst_len = key->plen,
		.rtm_table = key->ifindex < 256 ? (uint8_t)key->ifindex : 0,
		.rtm_protocol = v->proto,
		.rtm_type = v->flags,
		.rtm_flags = add && v->state & KROUTE_ONLINK ? RTNH_F_ONLINK : 0 };
	struct nl_msg *m;
	int full;

	if (!add)
		rtm.rtm_scope = RT_SCOPE_NOWHERE;
	else if (link && !ip_is_set(&v->ip))
		rtm.rtm_scope = RT_SCOPE_LINK;
	m = msg_new(
	    add ? RTM_NEWROUTE : RTM_DELROUTE, add ? how(op) : 0, &rtm, sizeof(rtm));
	if (m == NULL)
		return 0;
	full = put_ip(m, RTA_DST, &key->ip);
	full |= nla_put_u32(m, RTA_TABLE, key->ifindex);
	full |= nla_put_u32(m, RTA_PRIORITY, key->id);
	if (add)
		full |= put_route(m, &key->ip, v);
	return msg_take(m, full, buf, len);
}

/* Both families; the kernel filters by table (NETLINK_GET_STRICT_CHK, 4.20). */
size_t
nlroute_dump(uint8_t *buf, size_t len, enum kkind kind, uint32_t table)
{
	struct rtmsg rtm = { .rtm_family = AF_UNSPEC };
	struct nl_msg *m = msg_new(RTM_GETROUTE, NLM_F_DUMP, &rtm, sizeof(rtm));

	(void)kind;
	return m == NULL ? 0 : msg_take(m, nla_put_u32(m, RTA_TABLE, table), buf, len);
}

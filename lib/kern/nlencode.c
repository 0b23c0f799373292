/*
 * nlencode - the encoding half of nlcodec.h: one function per kind of object and per step
 * towards a device, found in a table.
 *
 * Sequence number, port and NLM_F_ACK are the sender's to fill in.
 */
#include "kern/nlint.h"

#include <linux/if_addr.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/neighbour.h>
#include <linux/netconf.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

/* Younger than some kernel headers that are still about. */
#define VXLAN_VNIFILTER 30
#define NEIGH_NH_ID 13

/* A request for a neighbour or FDB entry, with its fixed part. */
static struct nl_msg *
neigh_new(const struct ktab_op *op, struct ndmsg *ndm, int how)
{
	if (op->op == KOP_DELETE)
		return msg_new(RTM_DELNEIGH, 0, ndm, sizeof(*ndm));
	ndm->ndm_state = op->val.state;
	ndm->ndm_flags |= op->val.flags;
	return msg_new(RTM_NEWNEIGH, NLM_F_CREATE | how, ndm, sizeof(*ndm));
}

static size_t
encode_brfdb(uint8_t *buf, size_t len, const struct ktab_op *op)
{
	const struct kkey *key = &op->key;
	struct ndmsg ndm = { .ndm_family = AF_BRIDGE,
		.ndm_flags = op->val.port == key->ifindex ? NTF_SELF : NTF_MASTER,
		.ndm_ifindex = (int)op->val.port };
	struct nl_msg *m = neigh_new(op, &ndm, NLM_F_REPLACE);
	int full;

	if (m == NULL)
		return 0;
	full = put_mac(m, NDA_LLADDR, &key->mac);
	if (key->vlan != 0)
		full |= nla_put_u16(m, NDA_VLAN, key->vlan);
	return msg_take(m, full, buf, len);
}

/* REPLACE is refused for the zero and the multicast MACs: one entry a VTEP, appended. */
static size_t
encode_vxfdb(uint8_t *buf, size_t len, const struct ktab_op *op)
{
	const struct kkey *key = &op->key;
	bool multi = ip_is_set(&key->ip);
	struct ndmsg ndm = { .ndm_family = AF_BRIDGE,
		.ndm_flags = NTF_SELF,
		.ndm_ifindex = (int)key->ifindex };
	struct nl_msg *m = neigh_new(op, &ndm, multi ? NLM_F_APPEND : NLM_F_REPLACE);
	int full;

	if (m == NULL)
		return 0;
	full = put_mac(m, NDA_LLADDR, &key->mac);
	if (op->val.nhid != 0)
		full |= nla_put_u32(m, NEIGH_NH_ID, op->val.nhid);
	else
		full |= put_ip(m, NDA_DST, multi ? &key->ip : &op->val.ip);
	if (key->id != 0)
		full |= nla_put_u32(m, NDA_SRC_VNI, key->id);
	return msg_take(m, full, buf, len);
}

static size_t
encode_neigh(uint8_t *buf, size_t len, const struct ktab_op *op)
{
	const struct kkey *key = &op->key;
	struct ndmsg ndm = { .ndm_family = key->ip.family == 6 ? AF_INET6 : AF_INET,
		.ndm_type = RTN_UNICAST,
		.ndm_ifindex = (int)key->ifindex };
	struct nl_msg *m = neigh_new(op, &ndm, NLM_F_REPLACE);
	int full;

	if (m == NULL)
		return 0;
	full = put_ip(m, NDA_DST, &key->ip);
	if (op->op != KOP_DELETE) {
		full |= put_mac(m, NDA_LLADDR, &op->val.mac);
		full |= nla_put_u8(m, NDA_PROTOCOL, op->val.proto);
	}
	return msg_take(m, full, buf, len);
}

/*
 * Without duplicate detection: the addresses we set are everybody's gateway. One that is
 * there already is not ours. A kernel that does not know the protocol passes over it.
 */
static size_t
encode_addr(uint8_t *buf, size_t len, const struct ktab_op *op)
{
	const struct kkey *key = &op->key;
	bool add = op->op != KOP_DELETE, v6 = key->ip.family == 6;
	struct ifaddrmsg ifa = { .ifa_family = v6 ? AF_INET6 : AF_INET,
		.ifa_prefixlen = key->plen,
		.ifa_flags = v6 && add ? IFA_F_NODAD : 0,
		.ifa_index = key->ifindex };
	struct nl_msg *m = msg_new(add ? RTM_NEWADDR : RTM_DELADDR,
	    add ? NLM_F_CREATE | NLM_F_EXCL : 0, &ifa, sizeof(ifa));
	int full;

	if (m == NULL)
		return 0;
	full = put_ip(m, IFA_LOCAL, &key->ip);
	full |= put_ip(m, IFA_ADDRESS, &key->ip);
	if (add)
		full |= nla_put_u8(m, ADDR_PROTO, op->val.proto);
	return msg_take(m, full, buf, len);
}

/* app_solicit of a device; of the two tables each has one. */
static size_t
encode_ask(uint8_t *buf, size_t len, const struct ktab_op *op)
{
	const struct kkey *key = &op->key;
	bool v6 = key->ip.family == 6;
	struct ndtmsg ndt = { .ndtm_family = v6 ? AF_INET6 : AF_INET };
	struct nl_msg *m = msg_new(RTM_SETNEIGHTBL, 0, &ndt, sizeof(ndt));
	struct nlattr *parms;
	int full;

	if (m == NULL)
		return 0;
	full = nla_put_string(m, NDTA_NAME, v6 ? "ndisc_cache" : "arp_cache");
	parms = nla_nest_start(m, NDTA_PARMS);
	if (parms == NULL)
		return msg_take(m, -1, buf, len);
	full |= nla_put_u32(m, NDTPA_IFINDEX, key->ifindex);
	full |=
	    nla_put_u32(m, NDTPA_APP_PROBES, op->op == KOP_DELETE ? op->val.port : 1);
	nla_nest_end(m, parms);
	return msg_take(m, full, buf, len);
}

/* A question about the bridge's FDB names the bridge as master, whatever the port. */
static size_t
get_fdb(uint8_t *buf, size_t len, const struct kkey *key)
{
	bool vxlan = key->kind == KOBJ_VXFDB;
	struct ndmsg ndm = { .ndm_family = AF_BRIDGE,
		.ndm_flags = vxlan ? NTF_SELF : 0,
		.ndm_ifindex = vxlan ? (int)key->ifindex : 0 };
	struct nl_msg *m;
	int full;

	if (ip_is_set(&key->ip))
		return 0; /* only the first destination would be told */
	m = msg_new(RTM_GETNEIGH, 0, &ndm, sizeof(ndm));
	if (m == NULL)
		return 0;
	full = put_mac(m, NDA_LLADDR, &key->mac);
	if (!vxlan)
		full |= nla_put_u32(m, NDA_MASTER, key->ifindex);
	if (key->vlan != 0)
		full |= nla_put_u16(m, NDA_VLAN, key->vlan);
	if (key->id != 0)
		full |= nla_put_u32(m, NDA_SRC_VNI, key->id);
	return msg_take(m, full, buf, len);
}

static size_t
get_neigh(uint8_t *buf, size_t len, const struct kkey *key)
{
	struct ndmsg ndm = { .ndm_family = key->ip.family == 6 ? AF_INET6 : AF_INET,
		.ndm_ifindex = (int)key->ifindex };
	struct nl_msg *m = msg_new(RTM_GETNEIGH, 0, &ndm, sizeof(ndm));

	return m == NULL ? 0 : msg_take(m, put_ip(m, NDA_DST, &key->ip), buf, len);
}

static size_t
dump_fdb(uint8_t *buf, size_t len, enum kkind kind, uint32_t ifindex)
{
	bool vxlan = kind == KOBJ_VXFDB;
	struct ndmsg ndm = { .ndm_family = AF_BRIDGE,
		.ndm_ifindex = vxlan ? (int)ifindex : 0 };
	struct nl_msg *m = msg_new(RTM_GETNEIGH, NLM_F_DUMP, &ndm, sizeof(ndm));

	if (m == NULL)
		return 0;
	return msg_take(m, vxlan ? 0 : nla_put_u32(m, NDA_MASTER, ifindex), buf, len);
}

static size_t
dump_neigh(uint8_t *buf, size_t len, enum kkind kind, uint32_t ifindex)
{
	struct ndmsg ndm = { .ndm_family = AF_UNSPEC };
	struct nl_msg *m = msg_new(RTM_GETNEIGH, NLM_F_DUMP, &ndm, sizeof(ndm));

	(void)kind;
	return m == NULL ? 0
			 : msg_take(m, nla_put_u32(m, NDA_IFINDEX, ifindex), buf, len);
}

static size_t
dump_addr(uint8_t *buf, size_t len, enum kkind kind, uint32_t ifindex)
{
	struct ifaddrmsg ifa = { .ifa_family = AF_UNSPEC, .ifa_index = ifindex };

	(void)kind;
	return msg_take(
	    msg_new(RTM_GETADDR, NLM_F_DUMP, &ifa, sizeof(ifa)), 0, buf, len);
}

static const struct {
	size_t (*op)(uint8_t *buf, size_t len, const struct ktab_op *op);
	size_t (*get)(uint8_t *buf, size_t len, const struct kkey *key);
	size_t (*dump)(uint8_t *buf, size_t len, enum kkind kind, uint32_t ifindex);
} encoders[KOBJ_KINDS] = {
	/* clang-format off */
	[KOBJ_ADDR]  = { encode_addr,	NULL,		dump_addr },
	[KOBJ_ASK]   = { encode_ask,	NULL,		NULL },
	[KOBJ_NEXTHOP] = { nlroute_nexthop, nlroute_get_nexthop, nlroute_dump_nexthops },
	[KOBJ_NHGROUP] = { nlroute_group, nlroute_get_nexthop, nlroute_dump_nexthops },
	[KOBJ_VNI]   = { nlvlan_vni,	NULL,		nlvlan_dump_vnis },
	[KOBJ_BRVLAN] = { nlvlan_vlan,	NULL,		nlvlan_dump_vlans },
	[KOBJ_TAGDROP] = { nltc_filter,	NULL,		nltc_dump },
	[KOBJ_REQDROP] = { nltc_filter,	NULL,		nltc_dump },
	[KOBJ_BRFDB] = { encode_brfdb,	get_fdb,	dump_fdb },
	[KOBJ_VXFDB] = { encode_vxfdb,	get_fdb,	dump_fdb },
	[KOBJ_NEIGH] = { encode_neigh,	get_neigh,	dump_neigh },
	[KOBJ_ROUTE] = { nlroute_route,	NULL,		nlroute_dump },
	/* clang-format on */
};

size_t
nlcodec_op(uint8_t *buf, size_t len, const struct ktab_op *op)
{
	uint8_t kind = op->key.kind;

	return encoders[kind].op != NULL ? encoders[kind].op(buf, len, op) : 0;
}

size_t
nlcodec_get(uint8_t *buf, size_t len, const struct kkey *key)
{
	return encoders[key->kind].get != NULL ? encoders[key->kind].get(buf, len, key)
					       : 0;
}

size_t
nlcodec_dump(uint8_t *buf, size_t len, enum kkind kind, uint32_t ifindex)
{
	if (encoders[kind].dump == NULL)
		return 0;
	return encoders[kind].dump(buf, len, kind, ifindex);
}

size_t
nlcodec_dump_links(uint8_t *buf, size_t len, bool bridge)
{
	struct ifinfomsg ifi = { .ifi_family = bridge ? AF_BRIDGE : AF_UNSPEC };
	struct nl_msg *m = msg_new(RTM_GETLINK, NLM_F_DUMP, &ifi, sizeof(ifi));
	uint32_t mask = bridge ? RTEXT_FILTER_BRVLAN : RTEXT_FILTER_SKIP_STATS;

	return m == NULL ? 0
			 : msg_take(m, nla_put_u32(m, IFLA_EXT_MASK, mask), buf, len);
}

size_t
nlcodec_get_route(uint8_t *buf, size_t len, const struct ip *to)
{
	struct rtmsg rtm = { .rtm_family = to->family == 6 ? AF_INET6 : AF_INET,
		.rtm_dst_len = (uint8_t)(ip_len(to) * 8) };
	struct nl_msg *m = msg_new(RTM_GETROUTE, 0, &rtm, sizeof(rtm));

	return m == NULL ? 0 : msg_take(m, put_ip(m, RTA_DST, to), buf, len);
}

size_t
nlcodec_get_forward6(uint8_t *buf, size_t len)
{
	struct netconfmsg ncm = { .ncm_family = AF_INET6 };
	struct nl_msg *m = msg_new(RTM_GETNETCONF, 0, &ncm, sizeof(ncm));

	if (m == NULL)
		return 0;
	return msg_take(
	    m, nla_put_s32(m, NETCONFA_IFINDEX, NETCONFA_IFINDEX_ALL), buf, len);
}

/* --- devices --- */

static int
put_vxlan_create(struct nl_msg *m, const struct klink_want *w)
{
	const struct klink_vxlan *v = &w->vxlan;
	int full = 0;

	if (v->external)
		full |= nla_put_u8(m, IFLA_VXLAN_COLLECT_METADATA, 1);
	else
		full |= nla_put_u32(m, IFLA_VXLAN_ID, v->vni);
	if (v->vnifilter)
		full |= nla_put_u8(m, VXLAN_VNIFILTER, 1);
	if (v->port != 0)
		full |= nla_put_u16(m, IFLA_VXLAN_PORT, htons(v->port));
	if (v->lower != 0)
		full |= nla_put_u32(m, IFLA_VXLAN_LINK, v->lower);
	if (ip_is_set(&v->local))
		full |= put_ip(m,
		    v->local.family == 6 ? IFLA_VXLAN_LOCAL6 : IFLA_VXLAN_LOCAL,
		    &v->local);
	if (ip_is_set(&v->group))
		full |= put_ip(m,
		    v->group.family == 6 ? IFLA_VXLAN_GROUP6 : IFLA_VXLAN_GROUP,
		    &v->group);
	if (v->ttl != 0)
		full |= nla_put_u8(m, IFLA_VXLAN_TTL, v->ttl);
	if (v->ageing_s != 0)
		full |= nla_put_u32(m, IFLA_VXLAN_AGEING, v->ageing_s);
	full |= nla_put_u8(
	    m, IFLA_VXLAN_LEARNING, v->learning && !(w->what & KLINK_WANT_NOLEARN));
	full |= nla_put_u8(m, IFLA_VXLAN_PROXY, v->proxy);
	full |= nla_put_u8(m, IFLA_VXLAN_RSC, v->rsc);
	full |= nla_put_u8(m, IFLA_VXLAN_L2MISS, v->l2miss);
	return full | nla_put_u8(m, IFLA_VXLAN_L3MISS, v->l3miss);
}

static int
put_vxlan_set(struct nl_msg *m, const struct klink_want *w)
{
	const struct ip *local = &w->vxlan.local;
	int full = 0;

	if ((w->what & KLINK_WANT_LOCAL) && ip_is_set(local))
		full |= put_ip(m,
		    local->family == 6 ? IFLA_VXLAN_LOCAL6 : IFLA_VXLAN_LOCAL, local);
	if (w->what & (KLINK_WANT_NOLEARN | KLINK_WANT_LEARN))
		full |= nla_put_u8(
		    m, IFLA_VXLAN_LEARNING, (w->what & KLINK_WANT_LEARN) != 0);
	if ((w->what & KLINK_WANT_GROUP) && w->vxlan.ttl != 0)
		full |= nla_put_u8(m, IFLA_VXLAN_TTL, w->vxlan.ttl);
	return full;
}

/* No group is the zero address, of IPv4 on a device for IPv4. */
static int
put_vxlan_group(struct nl_msg *m, const struct klink_want *w)
{
	const struct klink_vxlan *v = &w->vxlan;
	static const uint8_t none[16];
	int full = 0;

	if (ip_is_set(&v->group))
		full |= put_ip(m,
		    v->group.family == 6 ? IFLA_VXLAN_GROUP6 : IFLA_VXLAN_GROUP,
		    &v->group);
	else if (v->local.family == 6)
		full |= nla_put(m, IFLA_VXLAN_GROUP6, 16, none);
	else
		full |= nla_put(m, IFLA_VXLAN_GROUP, 4, none);
	if (v->lower != 0)
		full |= nla_put_u32(m, IFLA_VXLAN_LINK, v->lower);
	return full;
}

static int
put_bridge_create(struct nl_msg *m, const struct klink_want *w)
{
	int full;

	if (!w->vlan_filtering)
		return 0;
	full = nla_put_u16(m, IFLA_BR_VLAN_DEFAULT_PVID, w->port.pvid);
	return full | nla_put_u8(m, IFLA_BR_VLAN_FILTERING, 1);
}

static int
put_vlan_create(struct nl_msg *m, const struct klink_want *w)
{
	return nla_put_u16(m, IFLA_VLAN_ID, w->vlan);
}

static int
put_vrf_create(struct nl_msg *m, const struct klink_want *w)
{
	return nla_put_u32(m, IFLA_VRF_TABLE, w->table);
}

static int
put_macvlan_create(struct nl_msg *m, const struct klink_want *w)
{
	(void)w;
	return nla_put_u32(m, IFLA_MACVLAN_MODE, MACVLAN_MODE_PRIVATE);
}

/* What can be created. */
static const struct {
	const char *name;
	int (*data)(struct nl_msg *m, const struct klink_want *w);
} creations[KLINK_BOND + 1] = {
	[KLINK_BRIDGE] = { "bridge", put_bridge_create },
	[KLINK_VXLAN] = { "vxlan", put_vxlan_create },
	[KLINK_VLAN] = { "vlan", put_vlan_create },
	[KLINK_VRF] = { "vrf", put_vrf_create },
	[KLINK_MACVLAN] = { "macvlan", put_macvlan_create },
};

/* A kind and what DATA puts. */
static int
put_info(struct nl_msg *m, const char *kind, const struct klink_want *w,
    int (*data)(struct nl_msg *m, const struct klink_want *w))
{
	struct nlattr *info = nla_nest_start(m, IFLA_LINKINFO), *nest;
	int full;

	if (info == NULL)
		return -1;
	full = nla_put_string(m, IFLA_INFO_KIND, kind);
	nest = nla_nest_start(m, IFLA_INFO_DATA);
	if (nest == NULL)
		return -1;
	full |= data(m, w);
	nla_nest_end(m, nest); /* empty: taken out again */
	nla_nest_end(m, info);
	return full;
}

static int
put_noaddrgen(struct nl_msg *m)
{
	struct nlattr *nest = nla_nest_start(m, AF_INET6);
	int full;

	if (nest == NULL)
		return -1;
	full = nla_put_u8(m, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
	nla_nest_end(m, nest);
	return full;
}

/* IPv4 only: for IPv6 there is no such attribute. */
static int
put_forward(struct nl_msg *m)
{
	struct nlattr *nest = nla_nest_start(m, AF_INET), *conf;
	int full;

	if (nest == NULL || (conf = nla_nest_start(m, IFLA_INET_CONF)) == NULL)
		return -1;
	full = nla_put_u32(m, IPV4_DEVCONF_FORWARDING, 1);
	nla_nest_end(m, conf);
	nla_nest_end(m, nest);
	return full;
}

/* The kernel takes this of a device that is there, not of one being created. */
static int
put_spec(struct nl_msg *m, const struct klink_want *w)
{
	struct nlattr *spec;
	int full = 0;

	if (!(w->what & (KLINK_WANT_NOADDRGEN | KLINK_WANT_FORWARD)))
		return 0;
	spec = nla_nest_start(m, IFLA_AF_SPEC);
	if (spec == NULL)
		return -1;
	if (w->what & KLINK_WANT_NOADDRGEN)
		full |= put_noaddrgen(m);
	if (w->what & KLINK_WANT_FORWARD)
		full |= put_forward(m);
	nla_nest_end(m, spec);
	return full;
}

static int
put_settings(struct nl_msg *m, const struct klink_want *w)
{
	int full = 0;

	if (w->what & KLINK_WANT_MTU)
		full |= nla_put_u32(m, IFLA_MTU, w->mtu);
	if (w->what & KLINK_WANT_MAC)
		full |= put_mac(m, IFLA_ADDRESS, &w->mac);
	else if (!mac_is_zero(&w->put_mac))
		full |= put_mac(m, IFLA_ADDRESS, &w->put_mac);
	return full;
}

static int
put_create(struct nl_msg *m, const struct klink_want *w, uint32_t lower)
{
	int full = nla_put_string(m, IFLA_IFNAME, w->name);
	struct klink_want on = *w;

	full |= put_settings(m, w);
	if (w->kind == KLINK_VXLAN)
		on.vxlan.lower = lower;
	else if (lower != 0)
		full |= nla_put_u32(m, IFLA_LINK, lower);
	return full |
	    put_info(m, creations[w->kind].name, &on, creations[w->kind].data);
}

static int
put_set(struct nl_msg *m, const struct klink_want *w, uint32_t master)
{
	int full = put_settings(m, w);

	(void)master;
	return full | put_spec(m, w);
}

static int
put_set_vxlan(struct nl_msg *m, const struct klink_want *w, uint32_t master)
{
	(void)master;
	return put_info(m, "vxlan", w, put_vxlan_set);
}

static int
put_set_group(struct nl_msg *m, const struct klink_want *w, uint32_t lower)
{
	struct klink_want on = *w;

	on.vxlan.lower = ip_is_set(&w->vxlan.group) ? lower : 0;
	return put_info(m, "vxlan", &on, put_vxlan_group);
}

static int
put_enslave(struct nl_msg *m, const struct klink_want *w, uint32_t master)
{
	(void)w;
	return nla_put_u32(m, IFLA_MASTER, master);
}

static int
put_mark(struct nl_msg *m, const struct klink_want *w, uint32_t master)
{
	(void)w;
	(void)master;
	return nla_put(m, IFLA_IFALIAS, sizeof(KLINK_MARK) - 1, KLINK_MARK);
}

static int
put_leave(struct nl_msg *m, const struct klink_want *w, uint32_t master)
{
	(void)w;
	(void)master;
	return nla_put_u32(m, IFLA_MASTER, 0);
}

/* Kernels before 5.18 do not know "locked", and pass over it. */
static int
put_quiet(struct nl_msg *m)
{
	int full = nla_put_u8(m, IFLA_BRPORT_MCAST_FLOOD, 0);

	full |= nla_put_u8(m, IFLA_BRPORT_BCAST_FLOOD, 0);
	return full | nla_put_u8(m, BRPORT_LOCKED, 1);
}

static int
put_port(struct nl_msg *m, const struct klink_want *w, uint32_t master)
{
	struct nlattr *nest = nla_nest_start(m, IFLA_PROTINFO | NLA_F_NESTED);
	int full = 0;

	(void)master;
	if (nest == NULL)
		return -1;
	if (w->what & KLINK_WANT_PORT) {
		full |= nla_put_u8(m, IFLA_BRPORT_LEARNING, w->port.learning);
		full |=
		    nla_put_u8(m, IFLA_BRPORT_NEIGH_SUPPRESS, w->port.neigh_suppress);
	}
	if (w->what & KLINK_WANT_TUNNEL)
		full |= nla_put_u8(m, IFLA_BRPORT_VLAN_TUNNEL, w->port.vlan_tunnel);
	if (w->what & KLINK_WANT_FLOOD)
		full |= nla_put_u8(m, IFLA_BRPORT_UNICAST_FLOOD, w->port.flood);
	if (w->what & KLINK_WANT_QUIET)
		full |= put_quiet(m);
	nla_nest_end(m, nest);
	return full;
}

static const struct {
	uint16_t type, flags;
	uint8_t family;
	unsigned up;
	int (*put)(struct nl_msg *m, const struct klink_want *w, uint32_t master);
} steps[] = {
	/* clang-format off */
	[KLINK_CREATE]	 = { RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, AF_UNSPEC, 0, put_create },
	[KLINK_SET]	 = { RTM_NEWLINK, 0, AF_UNSPEC, 0, put_set },
	[KLINK_SET_GROUP] = { RTM_NEWLINK, 0, AF_UNSPEC, 0, put_set_group },
	[KLINK_SET_VXLAN] = { RTM_NEWLINK, 0, AF_UNSPEC, 0, put_set_vxlan },
	[KLINK_ENSLAVE]	 = { RTM_NEWLINK, 0, AF_UNSPEC, 0, put_enslave },
	[KLINK_SET_PORT] = { RTM_SETLINK, 0, AF_BRIDGE, 0, put_port },
	[KLINK_SET_UP]	 = { RTM_NEWLINK, 0, AF_UNSPEC, IFF_UP, NULL },
	[KLINK_SET_MARK] = { RTM_NEWLINK, 0, AF_UNSPEC, 0, put_mark },
	[KLINK_LEAVE]	 = { RTM_NEWLINK, 0, AF_UNSPEC, 0, put_leave },
	[KLINK_DELETE]	 = { RTM_DELLINK, 0, AF_UNSPEC, 0, NULL },
	/* clang-format on */
};

static size_t
one_link(uint8_t *buf, size_t len, enum klink_step step, const struct klink_want *w,
    uint32_t ifindex, uint32_t other)
{
	struct ifinfomsg ifi = { .ifi_family = steps[step].family,
		.ifi_index = (int)ifindex,
		.ifi_flags = steps[step].up,
		.ifi_change = steps[step].up };
	struct nl_msg *m =
	    msg_new(steps[step].type, steps[step].flags, &ifi, sizeof(ifi));
	int full = 0;

	if (m == NULL)
		return 0;
	if (steps[step].put != NULL)
		full = steps[step].put(m, w, other);
	return msg_take(m, full, buf, len);
}

/*
 * Down, the step, up: the kernel takes the three in one go, so that nobody sees the device
 * down for longer than that takes.
 */
static size_t
bounced(uint8_t *buf, size_t len, enum klink_step step, const struct klink_want *w,
    uint32_t ifindex, uint32_t other)
{
	struct ifinfomsg down = {
		.ifi_family = AF_UNSPEC, .ifi_index = (int)ifindex, .ifi_change = IFF_UP
	};
	size_t at, n;

	at = msg_take(msg_new(RTM_NEWLINK, 0, &down, sizeof(down)), 0, buf, len);
	n = one_link(buf + at, len - at, step, w, ifindex, other);
	if (at == 0 || n == 0)
		return 0;
	at += n;
	n = one_link(buf + at, len - at, KLINK_SET_UP, w, ifindex, 0);
	return n > 0 ? at + n : 0;
}

size_t
nlcodec_link(uint8_t *buf, size_t len, enum klink_step step, const struct klink_want *w,
    uint32_t ifindex, uint32_t other)
{
	if (step == KLINK_NOTHING ||
	    (step == KLINK_CREATE && creations[w->kind].name == NULL))
		return 0;
	if (step == KLINK_SET_GROUP && w->bounce)
		return bounced(buf, len, step, w, ifindex, other);
	return one_link(buf, len, step, w, ifindex, other);
}

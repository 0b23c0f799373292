/*
 * nldecode - the decoding half of nlcodec.h: one function per message type, one policy (the
 * least length of every attribute) per table of attributes. Whatever is too short for its
 * policy makes the whole message NLCODEC_NONE.
 */
#include "kern/nlint.h"

#include <linux/if_addr.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netconf.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

/* Younger than some kernel headers that are still about. */
#define VXLAN_VNIFILTER 30
#define NEIGH_NH_ID 13
#define FLAGS_KEPT (NTF_EXT_LEARNED | NTF_STICKY | NTF_ROUTER)

static const struct nla_policy link_policy[IFLA_MAX + 1] = {
	[IFLA_IFNAME] = { .type = NLA_STRING, .maxlen = KLINK_NAME },
	[IFLA_MTU] = U32,
	[IFLA_MASTER] = U32,
	[IFLA_LINK] = U32,
};

static const struct nla_policy info_policy[IFLA_INFO_MAX + 1] = {
	[IFLA_INFO_KIND] = NAME,
	[IFLA_INFO_SLAVE_KIND] = NAME,
};

static const struct nla_policy vxlan_policy[VXLAN_VNIFILTER + 1] = {
	[IFLA_VXLAN_ID] = U32,
	[IFLA_VXLAN_LINK] = U32,
	[IFLA_VXLAN_TTL] = U8,
	[IFLA_VXLAN_LEARNING] = U8,
	[IFLA_VXLAN_AGEING] = U32,
	[IFLA_VXLAN_PORT] = U16,
	[IFLA_VXLAN_PROXY] = U8,
	[IFLA_VXLAN_RSC] = U8,
	[IFLA_VXLAN_L2MISS] = U8,
	[IFLA_VXLAN_L3MISS] = U8,
	[IFLA_VXLAN_COLLECT_METADATA] = U8,
	[VXLAN_VNIFILTER] = U8,
};

static const struct nla_policy port_policy[BRPORT_LOCKED + 1] = {
	[IFLA_BRPORT_STATE] = U8,
	[IFLA_BRPORT_MODE] = U8,
	[IFLA_BRPORT_LEARNING] = U8,
	[IFLA_BRPORT_UNICAST_FLOOD] = U8,
	[IFLA_BRPORT_MCAST_FLOOD] = U8,
	[IFLA_BRPORT_BCAST_FLOOD] = U8,
	[IFLA_BRPORT_NEIGH_SUPPRESS] = U8,
	[IFLA_BRPORT_VLAN_TUNNEL] = U8,
	[IFLA_BRPORT_ISOLATED] = U8,
	[BRPORT_LOCKED] = U8,
};

static bool
vxlan_data(struct nlattr *data, struct klink *l)
{
	struct nlattr *tb[VXLAN_VNIFILTER + 1];
	struct klink_vxlan *v = &l->vxlan;

	if (!nest_parse(data, tb, VXLAN_VNIFILTER, vxlan_policy))
		return false;
	v->vni = attr_u32(tb, IFLA_VXLAN_ID);
	v->port = ntohs(attr_u16(tb, IFLA_VXLAN_PORT));
	v->lower = attr_u32(tb, IFLA_VXLAN_LINK);
	v->local =
	    attr_ip(tb, tb[IFLA_VXLAN_LOCAL6] ? IFLA_VXLAN_LOCAL6 : IFLA_VXLAN_LOCAL);
	v->group =
	    attr_ip(tb, tb[IFLA_VXLAN_GROUP6] ? IFLA_VXLAN_GROUP6 : IFLA_VXLAN_GROUP);
	v->ttl = attr_u8(tb, IFLA_VXLAN_TTL);
	v->learning = attr_u8(tb, IFLA_VXLAN_LEARNING);
	v->proxy = attr_u8(tb, IFLA_VXLAN_PROXY);
	v->rsc = attr_u8(tb, IFLA_VXLAN_RSC);
	v->l2miss = attr_u8(tb, IFLA_VXLAN_L2MISS);
	v->l3miss = attr_u8(tb, IFLA_VXLAN_L3MISS);
	v->external = attr_u8(tb, IFLA_VXLAN_COLLECT_METADATA);
	v->vnifilter = attr_u8(tb, VXLAN_VNIFILTER);
	v->ageing_s = attr_u32(tb, IFLA_VXLAN_AGEING);
	return true;
}

static bool
bridge_data(struct nlattr *data, struct klink *l)
{
	static const struct nla_policy policy[IFLA_BR_MAX + 1] = {
		[IFLA_BR_VLAN_FILTERING] = U8,
		[IFLA_BR_VLAN_DEFAULT_PVID] = U16,
	};
	struct nlattr *tb[IFLA_BR_MAX + 1];

	if (!nest_parse(data, tb, IFLA_BR_MAX, policy))
		return false;
	l->vlan_filtering = attr_u8(tb, IFLA_BR_VLAN_FILTERING);
	l->default_pvid = attr_u16(tb, IFLA_BR_VLAN_DEFAULT_PVID);
	return true;
}

static bool
vlan_data(struct nlattr *data, struct klink *l)
{
	static const struct nla_policy policy[IFLA_VLAN_MAX + 1] = {
		[IFLA_VLAN_ID] = U16,
	};
	struct nlattr *tb[IFLA_VLAN_MAX + 1];

	if (!nest_parse(data, tb, IFLA_VLAN_MAX, policy))
		return false;
	l->vlan = attr_u16(tb, IFLA_VLAN_ID);
	return true;
}

static bool
vrf_data(struct nlattr *data, struct klink *l)
{
	static const struct nla_policy policy[IFLA_VRF_MAX + 1] = {
		[IFLA_VRF_TABLE] = U32,
	};
	struct nlattr *tb[IFLA_VRF_MAX + 1];

	if (!nest_parse(data, tb, IFLA_VRF_MAX, policy))
		return false;
	l->table = attr_u32(tb, IFLA_VRF_TABLE);
	return true;
}

static const struct {
	const char *name;
	enum klink_kind kind;
	bool (*data)(struct nlattr *data, struct klink *l);
} link_kinds[] = {
	/* clang-format off */
	{ "bridge",	KLINK_BRIDGE,	bridge_data },
	{ "vxlan",	KLINK_VXLAN,	vxlan_data },
	{ "vlan",	KLINK_VLAN,	vlan_data },
	{ "vrf",	KLINK_VRF,	vrf_data },
	{ "macvlan",	KLINK_MACVLAN,	NULL },
	{ "veth",	KLINK_VETH,	NULL },
	{ "dummy",	KLINK_DUMMY,	NULL },
	{ "bond",	KLINK_BOND,	NULL },
	/* clang-format on */
};

static bool
port_data(struct nlattr *data, struct klink_port *p)
{
	struct nlattr *tb[BRPORT_LOCKED + 1];

	if (!nest_parse(data, tb, BRPORT_LOCKED, port_policy))
		return false;
	p->state = attr_u8(tb, IFLA_BRPORT_STATE);
	p->hairpin = attr_u8(tb, IFLA_BRPORT_MODE);
	p->learning = attr_u8(tb, IFLA_BRPORT_LEARNING);
	p->flood = attr_u8(tb, IFLA_BRPORT_UNICAST_FLOOD);
	p->mcast_flood = attr_u8(tb, IFLA_BRPORT_MCAST_FLOOD);
	p->bcast_flood = attr_u8(tb, IFLA_BRPORT_BCAST_FLOOD);
	p->neigh_suppress = attr_u8(tb, IFLA_BRPORT_NEIGH_SUPPRESS);
	p->vlan_tunnel = attr_u8(tb, IFLA_BRPORT_VLAN_TUNNEL);
	p->isolated = attr_u8(tb, IFLA_BRPORT_ISOLATED);
	p->locked = attr_u8(tb, BRPORT_LOCKED);
	return true;
}

static bool
is_word(struct nlattr *attr, const char *word)
{
	return attr != NULL && nla_strcmp(attr, word) == 0;
}

static bool
link_info(struct nlattr *info, struct klink *l)
{
	struct nlattr *tb[IFLA_INFO_MAX + 1];

	if (!nest_parse(info, tb, IFLA_INFO_MAX, info_policy))
		return false;
	for (size_t i = 0; i < sizeof(link_kinds) / sizeof(link_kinds[0]); i++) {
		if (!is_word(tb[IFLA_INFO_KIND], link_kinds[i].name))
			continue;
		l->kind = link_kinds[i].kind;
		if (link_kinds[i].data != NULL &&
		    !link_kinds[i].data(tb[IFLA_INFO_DATA], l))
			return false;
	}
	if (!is_word(tb[IFLA_INFO_SLAVE_KIND], "bridge"))
		return true;
	l->is_port = l->master != 0;
	return port_data(tb[IFLA_INFO_SLAVE_DATA], &l->port);
}

/* The PVID among the VLANs of a bridge port; false: malformed. */
static bool
port_vlans(struct nlattr *spec, struct klink_port *p)
{
	struct nlattr *a;
	int left;

	if (spec == NULL)
		return true;
	nla_for_each_nested(a, spec, left)
	{
		struct bridge_vlan_info v;

		if (nla_type(a) != IFLA_BRIDGE_VLAN_INFO)
			continue;
		if ((size_t)nla_len(a) < sizeof(v))
			return false;
		memcpy(&v, nla_data(a), sizeof(v));
		if (v.flags & BRIDGE_VLAN_INFO_PVID)
			p->pvid = v.vid;
	}
	return true;
}

/* IFLA_AF_SPEC: what the protocols say of a device that they run on. */
static bool
link_spec(struct nlattr *spec, struct klink *l)
{
	static const struct nla_policy policy[IFLA_INET6_MAX + 1] = {
		[IFLA_INET6_ADDR_GEN_MODE] = U8,
	};
	static const struct nla_policy inet_policy[IFLA_INET_MAX + 1] = {
		[IFLA_INET_CONF] = { .type = NLA_UNSPEC, .minlen = sizeof(uint32_t) },
	};
	struct nlattr *af[AF_INET6 + 1], *tb[IFLA_INET6_MAX + 1];
	struct nlattr *inet[IFLA_INET_MAX + 1];

	if (!nest_parse(spec, af, AF_INET6, NULL) ||
	    !nest_parse(af[AF_INET6], tb, IFLA_INET6_MAX, policy) ||
	    !nest_parse(af[AF_INET], inet, IFLA_INET_MAX, inet_policy))
		return false;
	/* An array: what is set by IPV4_DEVCONF_FORWARDING, 1, comes first. */
	l->forward = attr_u32(inet, IFLA_INET_CONF) != 0;
	l->noaddrgen = attr_u8(tb, IFLA_INET6_ADDR_GEN_MODE) == IN6_ADDR_GEN_MODE_NONE;
	return true;
}

/* Is it the alias of what we created? */
static bool
is_marked(struct nlattr *alias)
{
	char text[sizeof(KLINK_MARK)];

	if (alias == NULL)
		return false;
	return nla_strlcpy(text, alias, sizeof(text)) == sizeof(text) - 1 &&
	    strcmp(text, KLINK_MARK) == 0;
}

static void
decode_link(struct nlmsghdr *nlh, struct nlcodec_msg *out)
{
	struct nlattr *tb[IFLA_MAX + 1];
	struct ifinfomsg ifi;
	struct klink *l = &out->link;

	if (nlmsg_parse(nlh, sizeof(ifi), tb, IFLA_MAX, link_policy) < 0)
		return;
	memcpy(&ifi, nlmsg_data(nlh), sizeof(ifi));
	if (ifi.ifi_index <= 0)
		return;
	l->ifindex = (uint32_t)ifi.ifi_index;
	l->master = attr_u32(tb, IFLA_MASTER);
	out->deleted = nlh->nlmsg_type == RTM_DELLINK;
	if (ifi.ifi_family == AF_BRIDGE) {
		l->is_port = true;
		if (!out->deleted && tb[IFLA_PROTINFO] != NULL &&
		    port_data(tb[IFLA_PROTINFO], &l->port) &&
		    port_vlans(tb[IFLA_AF_SPEC], &l->port))
			out->what = NLCODEC_PORT;
		return;
	}
	if (ifi.ifi_family != AF_UNSPEC || tb[IFLA_IFNAME] == NULL)
		return;
	nla_strlcpy(l->name, tb[IFLA_IFNAME], sizeof(l->name));
	l->ours = is_marked(tb[IFLA_IFALIAS]);
	l->lower = attr_u32(tb, IFLA_LINK);
	l->mac = attr_mac(tb, IFLA_ADDRESS);
	l->mtu = attr_u32(tb, IFLA_MTU);
	l->up = ifi.ifi_flags & IFF_UP;
	l->running = ifi.ifi_flags & IFF_RUNNING;
	if (link_info(tb[IFLA_LINKINFO], l) && link_spec(tb[IFLA_AF_SPEC], l))
		out->what = NLCODEC_LINK;
}

static const struct nla_policy neigh_policy[NDA_MAX + 1] = {
	[NDA_LLADDR] = { .minlen = 0, .maxlen = 32 },
	[NDA_VLAN] = U16,
	[NDA_MASTER] = U32,
	[NDA_SRC_VNI] = U32,
	[NEIGH_NH_ID] = U32,
	[NDA_PROTOCOL] = U8,
};

/* An entry of a bridge names it as its master; one of a vxlan device has a destination. */
static void
decode_fdb(const struct ndmsg *ndm, struct nlattr *const *tb, struct nlcodec_msg *out)
{
	struct mac mac = attr_mac(tb, NDA_LLADDR);
	struct ip dst = attr_ip(tb, NDA_DST);
	uint32_t ifindex = (uint32_t)ndm->ndm_ifindex;

	if (tb[NDA_LLADDR] == NULL || nla_len(tb[NDA_LLADDR]) != sizeof(mac))
		return;
	out->val.nhid = attr_u32(tb, NEIGH_NH_ID);
	if (out->val.nhid != 0)
		dst = (struct ip){ 0 }; /* one or the other */
	if (ip_is_set(&dst) || out->val.nhid != 0) {
		out->key = kkey_vxfdb(ifindex, attr_u32(tb, NDA_SRC_VNI), &mac);
		if (mac_is_zero(&mac) || mac_is_multicast(&mac))
			out->key.ip = dst;
		else
			out->val.ip = dst;
	} else if (attr_u32(tb, NDA_MASTER) != 0 && !(ndm->ndm_flags & NTF_SELF)) {
		out->key =
		    kkey_brfdb(attr_u32(tb, NDA_MASTER), attr_u16(tb, NDA_VLAN), &mac);
		out->val.port = ifindex;
	} else {
		return; /* a device's own list of addresses */
	}
	out->what = NLCODEC_OBJ;
}

static void
decode_ip_neigh(
    const struct ndmsg *ndm, struct nlattr *const *tb, struct nlcodec_msg *out)
{
	struct ip ip = attr_ip(tb, NDA_DST);
	int family = ip.family == 6 ? AF_INET6 : AF_INET;

	if (!ip_is_set(&ip) || ndm->ndm_family != family || ip_is_multicast(&ip) ||
	    (ndm->ndm_flags & NTF_PROXY))
		return;
	out->key = kkey_neigh((uint32_t)ndm->ndm_ifindex, &ip);
	out->val.mac = attr_mac(tb, NDA_LLADDR);
	out->val.proto = attr_u8(tb, NDA_PROTOCOL);
	out->what = NLCODEC_OBJ;
}

/* A question of the kernel: a vxlan device does not know a MAC, or somebody an address. */
static void
decode_miss(const struct ndmsg *ndm, struct nlattr *const *tb, struct nlcodec_msg *out)
{
	struct ip ip = attr_ip(tb, NDA_DST);
	struct mac mac = attr_mac(tb, NDA_LLADDR);
	uint32_t ifindex = (uint32_t)ndm->ndm_ifindex;

	if (ip_is_set(&ip))
		out->key = kkey_neigh(ifindex, &ip);
	else if (!mac_is_zero(&mac))
		out->key = kkey_vxfdb(ifindex, 0, &mac);
	else
		return;
	out->what = NLCODEC_MISS;
}

/* The kernel counts hundredths of a second (USER_HZ). */
static uint32_t
idle_of(struct nlattr *info)
{
	struct nda_cacheinfo ci;

	if (info == NULL || (size_t)nla_len(info) < sizeof(ci))
		return 0;
	memcpy(&ci, nla_data(info), sizeof(ci));
	return ci.ndm_used < UINT32_MAX / 10 ? ci.ndm_used * 10 : UINT32_MAX;
}

static void
decode_neigh(struct nlmsghdr *nlh, struct nlcodec_msg *out)
{
	struct nlattr *tb[NDA_MAX + 1];
	struct ndmsg ndm;

	if (nlmsg_parse(nlh, sizeof(ndm), tb, NDA_MAX, neigh_policy) < 0)
		return;
	memcpy(&ndm, nlmsg_data(nlh), sizeof(ndm));
	if (ndm.ndm_ifindex <= 0)
		return;
	out->deleted = nlh->nlmsg_type == RTM_DELNEIGH;
	out->val.state = ndm.ndm_state;
	out->val.flags = ndm.ndm_flags & FLAGS_KEPT;
	out->idle_ms = idle_of(tb[NDA_CACHEINFO]);
	if (nlh->nlmsg_type == RTM_GETNEIGH) {
		out->solicit = nlh->nlmsg_flags & NLM_F_REQUEST;
		decode_miss(&ndm, tb, out);
	} else if (ndm.ndm_family == AF_BRIDGE) {
		decode_fdb(&ndm, tb, out);
	} else {
		decode_ip_neigh(&ndm, tb, out);
	}
}

static void
decode_addr(struct nlmsghdr *nlh, struct nlcodec_msg *out)
{
	static const struct nla_policy policy[ADDR_PROTO + 1] = { [ADDR_PROTO] = U8 };
	struct nlattr *tb[ADDR_PROTO + 1];
	struct ifaddrmsg ifa;
	struct ip ip;

	if (nlmsg_parse(nlh, sizeof(ifa), tb, ADDR_PROTO, policy) < 0)
		return;
	memcpy(&ifa, nlmsg_data(nlh), sizeof(ifa));
	out->val.proto = attr_u8(tb, ADDR_PROTO);
	ip = attr_ip(tb, tb[IFA_LOCAL] != NULL ? IFA_LOCAL : IFA_ADDRESS);
	if (!ip_is_set(&ip) || ifa.ifa_prefixlen > ip_len(&ip) * 8 ||
	    ifa.ifa_index == 0)
		return;
	out->key = kkey_addr(ifa.ifa_index, &ip, ifa.ifa_prefixlen);
	out->deleted = nlh->nlmsg_type == RTM_DELADDR;
	out->what = NLCODEC_OBJ;
}

/* Forwarding of a device, or of all of them: only that one counts for IPv6. */
static void
decode_netconf(struct nlmsghdr *nlh, struct nlcodec_msg *out)
{
	static const struct nla_policy policy[NETCONFA_MAX + 1] = {
		[NETCONFA_IFINDEX] = U32,
		[NETCONFA_FORWARDING] = U32,
	};
	struct nlattr *tb[NETCONFA_MAX + 1];
	struct netconfmsg ncm;
	bool all;

	if (nlmsg_parse(nlh, sizeof(ncm), tb, NETCONFA_MAX, policy) < 0)
		return;
	memcpy(&ncm, nlmsg_data(nlh), sizeof(ncm));
	all = attr_u32(tb, NETCONFA_IFINDEX) == (uint32_t)NETCONFA_IFINDEX_ALL;
	if (tb[NETCONFA_FORWARDING] == NULL || all != (ncm.ncm_family == AF_INET6) ||
	    (ncm.ncm_family != AF_INET && ncm.ncm_family != AF_INET6))
		return;
	out->what = NLCODEC_FORWARDING;
	out->family = ncm.ncm_family == AF_INET6 ? 6 : 4;
	out->link.ifindex = all ? 0 : attr_u32(tb, NETCONFA_IFINDEX);
	out->link.forward = attr_u32(tb, NETCONFA_FORWARDING) != 0;
}

static const struct {
	uint16_t type;
	void (*decode)(struct nlmsghdr *nlh, struct nlcodec_msg *out);
} decoders[] = {
	/* clang-format off */
	{ RTM_NEWLINK,	decode_link },
	{ RTM_DELLINK,	decode_link },
	{ RTM_NEWADDR,	decode_addr },
	{ RTM_DELADDR,	decode_addr },
	{ RTM_NEWNEIGH,	decode_neigh },
	{ RTM_DELNEIGH,	decode_neigh },
	{ RTM_GETNEIGH,	decode_neigh },
	{ RTM_NEWROUTE,	nlroute_decode },
	{ RTM_DELROUTE,	nlroute_decode },
	{ RTM_NEWTFILTER, nltc_decode },
	{ RTM_DELTFILTER, nltc_decode },
	{ RTM_NEWNEXTHOP, nlroute_decode_nexthop },
	{ RTM_DELNEXTHOP, nlroute_decode_nexthop },
	{ RTM_NEWNETCONF, decode_netconf },
	/* clang-format on */
};

void
nlcodec_decode(const struct nlmsghdr *nlh, size_t len, struct nlcodec_msg *out)
{
	memset(out, 0, sizeof(*out));
	if (len < sizeof(*nlh) || nlh->nlmsg_len < sizeof(*nlh) || nlh->nlmsg_len > len)
		return;
	for (size_t i = 0; i < sizeof(decoders) / sizeof(decoders[0]); i++)
		if (decoders[i].type == nlh->nlmsg_type)
			decoders[i].decode((struct nlmsghdr *)nlh, out);
}

static const struct {
	uint16_t type;
	void (*decode)(struct nlmsghdr *nlh, struct nlcodec_msg *m,
	    const struct nlcodec_many *each);
} many_decoders[] = {
	/* clang-format off */
	{ RTM_NEWVLAN,	 nlvlan_decode_vlans },
	{ RTM_DELVLAN,	 nlvlan_decode_vlans },
	{ RTM_NEWTUNNEL, nlvlan_decode_vnis },
	{ RTM_DELTUNNEL, nlvlan_decode_vnis },
	{ RTM_DELQDISC,	 nltc_decode_qdisc },
	/* clang-format on */
};

void
nlcodec_each(const struct nlmsghdr *nlh, size_t len,
    void (*fn)(void *arg, const struct nlcodec_msg *m), void *arg)
{
	struct nlcodec_many each = { fn, arg };
	struct nlcodec_msg m;

	nlcodec_decode(nlh, len, &m);
	if (m.what != NLCODEC_NONE)
		fn(arg, &m);
	if (len < sizeof(*nlh) || nlh->nlmsg_len < sizeof(*nlh) || nlh->nlmsg_len > len)
		return;
	for (size_t i = 0; i < sizeof(many_decoders) / sizeof(many_decoders[0]); i++)
		if (many_decoders[i].type == nlh->nlmsg_type)
			many_decoders[i].decode((struct nlmsghdr *)nlh, &m, &each);
}

bool
nlcodec_route(const struct nlmsghdr *nlh, size_t len, struct nlcodec_route *out)
{
	static const struct nla_policy policy[RTA_MAX + 1] = { [RTA_OIF] = U32 };
	static const struct nla_policy metric_policy[RTAX_MAX + 1] = { [RTAX_MTU] =
									   U32 };
	struct nlattr *tb[RTA_MAX + 1], *metrics[RTAX_MAX + 1];

	if (len < sizeof(*nlh) || nlh->nlmsg_len < sizeof(*nlh) ||
	    nlh->nlmsg_len > len || nlh->nlmsg_type != RTM_NEWROUTE ||
	    nlmsg_parse((struct nlmsghdr *)nlh, sizeof(struct rtmsg), tb, RTA_MAX,
		policy) < 0 ||
	    !nest_parse(tb[RTA_METRICS], metrics, RTAX_MAX, metric_policy))
		return false;
	*out = (struct nlcodec_route){ .ifindex = attr_u32(tb, RTA_OIF),
		.mtu = attr_u32(metrics, RTAX_MTU),
		.source = attr_ip(tb, RTA_PREFSRC) };
	return out->ifindex != 0;
}

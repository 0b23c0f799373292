/*
 * nlvlan - VLANs of a bridge's ports and VNIs of a vxlan device to and from netlink messages
 * (nlcodec.h).
 *
 * VLANs are read by RTM_GETVLAN (5.6), which can be asked of one port, and written by
 * RTM_SETLINK, which takes membership and tunnel_info in one message. Both say neighbouring
 * entries as a range; in a range of VLANs the VNIs go up with them. That a port's VLANs have
 * changed comes as an RTM_NEWLINK of AF_BRIDGE (tunnel_info is told by nothing else).
 */
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "kern/nlint.h"

#define VLAN_MAX 4094
#define VNIS_MAX 4096 /* in one range: more is a liar's */

#define U16                     \
	{                       \
		.type = NLA_U16 \
	}
#define U32                     \
	{                       \
		.type = NLA_U32 \
	}

/* --- VLANs --- */

static bool
vlan_entry(struct nlattr *entry, struct nlcodec_msg *m, const struct nlcodec_many *each)
{
	static const struct nla_policy policy[BRIDGE_VLANDB_ENTRY_MAX + 1] = {
		[BRIDGE_VLANDB_ENTRY_INFO] = { .minlen =
						   sizeof(struct bridge_vlan_info) },
		[BRIDGE_VLANDB_ENTRY_RANGE] = U16,
	};
	static const struct nla_policy tinfo_policy[BRIDGE_VLANDB_TINFO_MAX + 1] = {
		[BRIDGE_VLANDB_TINFO_ID] = U32,
	};
	struct nlattr *tb[BRIDGE_VLANDB_ENTRY_MAX + 1];
	struct nlattr *tinfo[BRIDGE_VLANDB_TINFO_MAX + 1];
	struct bridge_vlan_info info;
	uint16_t last;
	uint32_t vni;

	if (!nest_parse(entry, tb, BRIDGE_VLANDB_ENTRY_MAX, policy) ||
	    tb[BRIDGE_VLANDB_ENTRY_INFO] == NULL ||
	    !nest_parse(tb[BRIDGE_VLANDB_ENTRY_TUNNEL_INFO], tinfo,
		BRIDGE_VLANDB_TINFO_MAX, tinfo_policy))
		return false;
	memcpy(&info, nla_data(tb[BRIDGE_VLANDB_ENTRY_INFO]), sizeof(info));
	last = tb[BRIDGE_VLANDB_ENTRY_RANGE] != NULL
	    ? attr_u16(tb, BRIDGE_VLANDB_ENTRY_RANGE)
	    : info.vid;
	vni = attr_u32(tinfo, BRIDGE_VLANDB_TINFO_ID);
	if (info.vid == 0 || last < info.vid || last > VLAN_MAX || vni > VNI_MAX)
		return false;
	m->val = kval_brvlan(info.flags & (KVLAN_PVID | KVLAN_UNTAGGED), 0);
	for (uint16_t vid = info.vid; vid <= last; vid++) {
		m->key.vlan = vid;
		m->val.vni = vni != 0 ? vni + vid - info.vid : 0;
		each->fn(each->arg, m);
	}
	return true;
}

void
nlvlan_decode_vlans(
    struct nlmsghdr *nlh, struct nlcodec_msg *m, const struct nlcodec_many *each)
{
	struct br_vlan_msg bvm;
	struct nlattr *a;
	int left;

	if (!nlmsg_valid_hdr(nlh, sizeof(bvm)))
		return;
	memcpy(&bvm, nlmsg_data(nlh), sizeof(bvm));
	if (bvm.ifindex == 0)
		return;
	m->what = NLCODEC_OBJ;
	m->deleted = nlh->nlmsg_type == RTM_DELVLAN;
	m->key = kkey_brvlan(bvm.ifindex, 0);
	nlmsg_for_each_attr(a, nlh, sizeof(bvm), left)
	{
		if (nla_type(a) == BRIDGE_VLANDB_ENTRY && !vlan_entry(a, m, each))
			return;
	}
}

static int
put_tunnel(struct nl_msg *m, uint16_t vlan, uint32_t vni)
{
	struct nlattr *nest = nla_nest_start(m, IFLA_BRIDGE_VLAN_TUNNEL_INFO);
	int full;

	if (nest == NULL)
		return -1;
	full = nla_put_u32(m, IFLA_BRIDGE_VLAN_TUNNEL_ID, vni);
	full |= nla_put_u16(m, IFLA_BRIDGE_VLAN_TUNNEL_VID, vlan);
	full |= nla_put_u16(m, IFLA_BRIDGE_VLAN_TUNNEL_FLAGS, 0);
	nla_nest_end(m, nest);
	return full;
}

/* A membership that goes takes its tunnel_info with it. */
size_t
nlvlan_vlan(uint8_t *buf, size_t len, const struct ktab_op *op)
{
	const struct kkey *key = &op->key;
	bool add = op->op != KOP_DELETE;
	struct bridge_vlan_info info = { .vid = key->vlan,
		.flags = add ? op->val.flags & (KVLAN_PVID | KVLAN_UNTAGGED) : 0 };
	struct ifinfomsg ifi = { .ifi_family = AF_BRIDGE,
		.ifi_index = (int)key->ifindex };
	struct nl_msg *m =
	    msg_new(add ? RTM_SETLINK : RTM_DELLINK, 0, &ifi, sizeof(ifi));
	struct nlattr *nest;
	int full = 0;

	if (m == NULL)
		return 0;
	nest = nla_nest_start(m, IFLA_AF_SPEC);
	if (nest == NULL)
		return msg_take(m, -1, buf, len);
	if (op->val.flags & KVLAN_SELF)
		full |= nla_put_u16(m, IFLA_BRIDGE_FLAGS, BRIDGE_FLAGS_SELF);
	full |= nla_put(m, IFLA_BRIDGE_VLAN_INFO, sizeof(info), &info);
	if (add && op->val.vni != 0)
		full |= put_tunnel(m, key->vlan, op->val.vni);
	nla_nest_end(m, nest);
	return msg_take(m, full, buf, len);
}

size_t
nlvlan_dump_vlans(uint8_t *buf, size_t len, enum kkind kind, uint32_t ifindex)
{
	struct br_vlan_msg bvm = { .family = AF_BRIDGE, .ifindex = ifindex };

	(void)kind;
	return msg_take(
	    msg_new(RTM_GETVLAN, NLM_F_DUMP, &bvm, sizeof(bvm)), 0, buf, len);
}

/* --- VNIs --- */

static bool
vni_entry(struct nlattr *entry, struct nlcodec_msg *m, const struct nlcodec_many *each)
{
	static const struct nla_policy policy[VXLAN_VNIFILTER_ENTRY_MAX + 1] = {
		[VXLAN_VNIFILTER_ENTRY_START] = U32,
		[VXLAN_VNIFILTER_ENTRY_END] = U32,
	};
	struct nlattr *tb[VXLAN_VNIFILTER_ENTRY_MAX + 1];
	uint32_t first, last;

	if (!nest_parse(entry, tb, VXLAN_VNIFILTER_ENTRY_MAX, policy))
		return false;
	first = attr_u32(tb, VXLAN_VNIFILTER_ENTRY_START);
	last = tb[VXLAN_VNIFILTER_ENTRY_END] != NULL
	    ? attr_u32(tb, VXLAN_VNIFILTER_ENTRY_END)
	    : first;
	if (first == 0 || last < first || last > VNI_MAX || last - first >= VNIS_MAX)
		return false;
	for (uint32_t vni = first; vni <= last; vni++) {
		m->key.id = vni;
		each->fn(each->arg, m);
	}
	return true;
}

void
nlvlan_decode_vnis(
    struct nlmsghdr *nlh, struct nlcodec_msg *m, const struct nlcodec_many *each)
{
	struct tunnel_msg tun;
	struct nlattr *a;
	int left;

	if (!nlmsg_valid_hdr(nlh, sizeof(tun)))
		return;
	memcpy(&tun, nlmsg_data(nlh), sizeof(tun));
	if (tun.ifindex == 0)
		return;
	m->what = NLCODEC_OBJ;
	m->deleted = nlh->nlmsg_type == RTM_DELTUNNEL;
	m->key = kkey_vni(tun.ifindex, 0);
	m->val = kval_vni();
	nlmsg_for_each_attr(a, nlh, sizeof(tun), left)
	{
		if (nla_type(a) == VXLAN_VNIFILTER_ENTRY && !vni_entry(a, m, each))
			return;
	}
}

size_t
nlvlan_vni(uint8_t *buf, size_t len, const struct ktab_op *op)
{
	bool add = op->op != KOP_DELETE;
	struct tunnel_msg tun = { .family = AF_BRIDGE, .ifindex = op->key.ifindex };
	struct nl_msg *m =
	    msg_new(add ? RTM_NEWTUNNEL : RTM_DELTUNNEL, 0, &tun, sizeof(tun));
	struct nlattr *nest;
	int full;

	if (m == NULL)
		return 0;
	nest = nla_nest_start(m, VXLAN_VNIFILTER_ENTRY | NLA_F_NESTED);
	if (nest == NULL)
		return msg_take(m, -1, buf, len);
	full = nla_put_u32(m, VXLAN_VNIFILTER_ENTRY_START, op->key.id);
	nla_nest_end(m, nest);
	return msg_take(m, full, buf, len);
}

size_t
nlvlan_dump_vnis(uint8_t *buf, size_t len, enum kkind kind, uint32_t ifindex)
{
	struct tunnel_msg tun = { .family = AF_BRIDGE, .ifindex = ifindex };

	(void)kind;
	return msg_take(
	    msg_new(RTM_GETTUNNEL, NLM_F_DUMP, &tun, sizeof(tun)), 0, buf, len);
}

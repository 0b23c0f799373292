/*
 * nlint - what the files of nlcodec.h share: messages under construction, attributes read,
 * and the functions that stand in the tables of nldecode.c and nlencode.c.
 */
#ifndef KERN_NLINT_H
#define KERN_NLINT_H

#include "kern/nlcodec.h"

#include <netlink/attr.h>
#include <netlink/msg.h>

/* Younger than some kernel headers that are still about. */
#define ADDR_PROTO 11
#define BRPORT_LOCKED 39

/* Memory running out shows as a message that does not fit: length 0. */
static inline struct nl_msg *
msg_new(uint16_t type, int flags, const void *head, size_t len)
{
	struct nl_msg *m = nlmsg_alloc_size(NLCODEC_MAX);

	if (m == NULL)
		return NULL;
	if (nlmsg_put(m, 0, 0, type, 0, NLM_F_REQUEST | flags) == NULL ||
	    nlmsg_append(m, (void *)head, len, NLMSG_ALIGNTO) < 0) {
		nlmsg_free(m);
		return NULL;
	}
	return m;
}

/* Copies the finished message and frees it; FULL: something did not fit. */
static inline size_t
msg_take(struct nl_msg *m, int full, uint8_t *buf, size_t len)
{
	size_t n = 0;

	if (m == NULL)
		return 0;
	if (full == 0 && NLMSG_ALIGN(nlmsg_hdr(m)->nlmsg_len) <= len) {
		n = NLMSG_ALIGN(nlmsg_hdr(m)->nlmsg_len);
		memcpy(buf, nlmsg_hdr(m), n);
	}
	nlmsg_free(m);
	return n;
}

static inline int
put_ip(struct nl_msg *m, int type, const struct ip *ip)
{
	return nla_put(m, type, (int)ip_len(ip), ip->b);
}

static inline int
put_mac(struct nl_msg *m, int type, const struct mac *mac)
{
	return nla_put(m, type, sizeof(*mac), mac);
}

static inline uint32_t
attr_u32(struct nlattr *const *tb, int type)
{
	return tb[type] != NULL ? nla_get_u32(tb[type]) : 0;
}

static inline uint16_t
attr_u16(struct nlattr *const *tb, int type)
{
	return tb[type] != NULL ? nla_get_u16(tb[type]) : 0;
}

static inline uint8_t
attr_u8(struct nlattr *const *tb, int type)
{
	return tb[type] != NULL ? nla_get_u8(tb[type]) : 0;
}

static inline struct ip
attr_ip(struct nlattr *const *tb, int type)
{
	if (tb[type] == NULL)
		return (struct ip){ 0 };
	return ip_of(nla_data(tb[type]), (size_t)nla_len(tb[type]));
}

static inline struct mac
attr_mac(struct nlattr *const *tb, int type)
{
	struct mac mac = { { 0 } };

	if (tb[type] != NULL && nla_len(tb[type]) == sizeof(mac))
		memcpy(&mac, nla_data(tb[type]), sizeof(mac));
	return mac;
}

/* A nest into TB; all absent when it is not there. False: malformed. */
static inline bool
nest_parse(struct nlattr *nest, struct nlattr **tb, int max, const struct nla_policy *p)
{
	memset(tb, 0, sizeof(*tb) * (size_t)(max + 1));
	return nest == NULL || nla_parse_nested(tb, max, nest, p) >= 0;
}

#define U8                     \
	{                      \
		.type = NLA_U8 \
	}
#define U16                     \
	{                       \
		.type = NLA_U16 \
	}
#define U32                     \
	{                       \
		.type = NLA_U32 \
	}
#define NAME                       \
	{                          \
		.type = NLA_STRING \
	}

/* nlroute.c: nexthops, their groups, routes. */
void nlroute_decode_nexthop(struct nlmsghdr *nlh, struct nlcodec_msg *out);
void nlroute_decode(struct nlmsghdr *nlh, struct nlcodec_msg *out);
size_t nlroute_nexthop(uint8_t *buf, size_t len, const struct ktab_op *op);
size_t nlroute_group(uint8_t *buf, size_t len, const struct ktab_op *op);
size_t nlroute_route(uint8_t *buf, size_t len, const struct ktab_op *op);
size_t nlroute_get_nexthop(uint8_t *buf, size_t len, const struct kkey *key);
size_t nlroute_dump_nexthops(
    uint8_t *buf, size_t len, enum kkind kind, uint32_t ifindex);
size_t nlroute_dump(uint8_t *buf, size_t len, enum kkind kind, uint32_t table);

/* Who takes the objects of a message that has many. */
struct nlcodec_many {
	void (*fn)(void *arg, const struct nlcodec_msg *m);
	void *arg;
};

/* nltc.c: the filters of a vxlan device. */
void nltc_decode(struct nlmsghdr *nlh, struct nlcodec_msg *out);
void nltc_decode_qdisc(
    struct nlmsghdr *nlh, struct nlcodec_msg *m, const struct nlcodec_many *many);
size_t nltc_filter(uint8_t *buf, size_t len, const struct ktab_op *op);
size_t nltc_dump(uint8_t *buf, size_t len, enum kkind kind, uint32_t ifindex);

/* nlvlan.c: VLANs of bridge ports, VNIs of a vxlan device. One message, many objects. */
void nlvlan_decode_vlans(
    struct nlmsghdr *nlh, struct nlcodec_msg *m, const struct nlcodec_many *each);
void nlvlan_decode_vnis(
    struct nlmsghdr *nlh, struct nlcodec_msg *m, const struct nlcodec_many *each);
size_t nlvlan_vlan(uint8_t *buf, size_t len, const struct ktab_op *op);
size_t nlvlan_vni(uint8_t *buf, size_t len, const struct ktab_op *op);
size_t nlvlan_dump_vlans(uint8_t *buf, size_t len, enum kkind kind, uint32_t ifindex);
size_t nlvlan_dump_vnis(uint8_t *buf, size_t len, enum kkind kind, uint32_t ifindex);

#endif

/*
 * Tests of kern/nldecode, kern/nlencode, kern/nlroute, kern/nltc, kern/nlvlan: messages captured
 * from a 6.18 kernel (tests/fuzz/corpus/nlcodec), all their truncations, and requests read
 * back.
 */
#include "kern/nlcodec.h"

#include <stdio.h>

#include <linux/neighbour.h>
#include <linux/netconf.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/msg.h>

#include "unit.h"

static union {
	struct nlmsghdr h;
	uint8_t b[4096];
} msg;

static size_t
load(const char *name)
{
	const char *srcdir = getenv("srcdir");
	char path[512];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/nlcodec/%s",
	    srcdir != NULL ? srcdir : ".", name);
	f = fopen(path, "rb");
	ck_assert_msg(f != NULL, "%s", path);
	n = fread(msg.b, 1, sizeof(msg), f);
	fclose(f);
	return n;
}

static const struct row {
	const char *name;
	enum nlcodec_what what;
	bool deleted;
	const char *key, *val; /* objects */
} rows[] = {
	/* clang-format off */
	{ "link-bridge",    NLCODEC_LINK, false, NULL, NULL },
	{ "link-vxlan",	    NLCODEC_LINK, false, NULL, NULL },
	{ "link-slave",	    NLCODEC_LINK, false, NULL, NULL },
	{ "link-af-bridge", NLCODEC_PORT, false, NULL, NULL },
	{ "dellink",	    NLCODEC_LINK, true,	 NULL, NULL },
	{ "addr4",	    NLCODEC_OBJ,  false, "10.9.0.1/24 on ifindex 2", "present" },
	{ "addr6",	    NLCODEC_OBJ,  false, "fd00::1/64 on ifindex 2", "present" },
	{ "brfdb",	    NLCODEC_OBJ,  false, "02:00:00:00:00:01 on ifindex 2",
	    "port ifindex 3 extern_learn reachable" },
	{ "vxfdb",	    NLCODEC_OBJ,  false, "02:00:00:00:00:01 on ifindex 3",
	    "dst 10.0.0.2 extern_learn permanent noarp" },
	{ "vxfdb-nh",	    NLCODEC_OBJ,  false, "02:00:00:00:00:02 on ifindex 3",
	    "nhid 2 extern_learn permanent noarp" },
	{ "vxfdb-del",	    NLCODEC_OBJ,  true,	 "02:00:00:00:00:01 on ifindex 3",
	    "dst 10.0.0.2 extern_learn permanent noarp" },
	{ "flood",	    NLCODEC_OBJ,  false, "00:00:00:00:00:00 dst 10.0.0.2 on ifindex 3",
	    "extern_learn permanent noarp" },
	{ "neigh4",	    NLCODEC_OBJ,  false, "10.9.0.9 on ifindex 2",
	    "lladdr 02:00:00:00:00:01 extern_learn noarp" },
	{ "neigh6",	    NLCODEC_OBJ,  false, "fd00::9 on ifindex 2",
	    "lladdr 02:00:00:00:00:01 extern_learn router noarp" },
	{ "nexthop",	    NLCODEC_OBJ,  false, "id 7", "via 10.9.0.2 ifindex 3 onlink" },
	{ "nexthop-fdb",    NLCODEC_OBJ,  false, "id 8", "via 10.9.0.2 fdb" },
	{ "nexthop-del",    NLCODEC_OBJ,  true,	 "id 7", "via 10.9.0.2 ifindex 3 onlink" },
	{ "nhgroup",	    NLCODEC_OBJ,  false, "id 9", "group 7 10" },
	{ "nhgroup-weight", NLCODEC_OBJ,  false, "id 11", "group 7 10 ..." },
	{ "route-nhid",	    NLCODEC_OBJ,  false, "10.1.0.0/16 metric 20 table 100",
	    "nhid 9 proto 91" },
	{ "route-via",	    NLCODEC_OBJ,  false, "10.2.0.0/16 metric 0 table 100",
	    "via 10.9.0.9 ifindex 3 proto 4" },
	{ "route-via6",	    NLCODEC_OBJ,  false, "10.3.0.0/16 metric 0 table 100",
	    "via fd00::9 ifindex 3 proto 3" },
	{ "route-connected", NLCODEC_OBJ, false, "10.9.0.0/24 metric 0 table 254",
	    "ifindex 3 proto 2" },
	{ "route-connected6", NLCODEC_OBJ, false, "fd00::/64 metric 256 table 254",
	    "ifindex 3 proto 2" },
	{ "route-default6", NLCODEC_OBJ,  false, "::/0 metric 1024 table 100",
	    "via fd00::9 ifindex 3 proto 3" },
	{ "route-multi",    NLCODEC_OBJ,  false, "10.4.0.0/16 metric 0 table 100",
	    "multipath proto 3" },
	{ "route-blackhole", NLCODEC_OBJ, false, "10.5.0.0/16 metric 0 table 100",
	    "blackhole proto 3" },
	{ "route-del",	    NLCODEC_OBJ,  true,	 "10.2.0.0/16 metric 0 table 100",
	    "via 10.9.0.9 ifindex 3 proto 4" },
	{ "addr-proto",	    NLCODEC_OBJ,  false, "10.8.0.1/24 on ifindex 3", "present" },
	/* clang-format on */
};

START_TEST(decode)
{
	const struct row *r = &rows[_i];
	size_t n = load(r->name), whole = msg.h.nlmsg_len;
	struct nlcodec_msg m;
	char buf[KOBJ_STRLEN];

	nlcodec_decode(&msg.h, n, &m);
	ck_assert_int_eq(m.what, r->what);
	ck_assert(m.deleted == r->deleted);
	if (r->key != NULL) {
		ck_assert_str_eq(kkey_str(buf, &m.key), r->key);
		ck_assert_str_eq(kval_str(buf, &m.key, &m.val), r->val);
	}
	for (size_t len = 0; len < n; len++) {
		/* As it comes from a socket: the length in the header is too large. */
		nlcodec_decode(&msg.h, len, &m);
		ck_assert(m.what == NLCODEC_NONE || len >= whole);
		if (len < sizeof(msg.h))
			continue;
		msg.h.nlmsg_len = (uint32_t)len; /* and as a liar would send it */
		nlcodec_decode(&msg.h, len, &m);
		msg.h.nlmsg_len = (uint32_t)whole;
	}
}
END_TEST

START_TEST(links)
{
	struct nlcodec_msg m;
	size_t n = load("link-vxlan");

	nlcodec_decode(&msg.h, n, &m);
	ck_assert_str_eq(m.link.name, "vx0");
	ck_assert_int_eq(m.link.kind, KLINK_VXLAN);
	ck_assert_uint_eq(m.link.vxlan.vni, 100);
	ck_assert_uint_eq(m.link.vxlan.port, 4789);
	ck_assert_str_eq(IPSTR(&m.link.vxlan.local), "10.0.0.1");
	ck_assert(!m.link.vxlan.learning && !m.link.vxlan.proxy && !m.link.is_port);
	n = load("link-slave");
	nlcodec_decode(&msg.h, n, &m);
	ck_assert(m.link.is_port && m.link.master == 2 && m.link.up);
	ck_assert(
	    m.link.port.neigh_suppress && !m.link.port.learning && m.link.port.flood);
	n = load("link-af-bridge");
	nlcodec_decode(&msg.h, n, &m);
	ck_assert(m.link.ifindex == 3 && m.link.master == 2);
	ck_assert(m.link.port.neigh_suppress && !m.link.port.learning);
	n = load("link-bridge");
	nlcodec_decode(&msg.h, n, &m);
	ck_assert(m.link.kind == KLINK_BRIDGE && !m.link.vlan_filtering);
}
END_TEST

/* A miss: the kernel asks. */
START_TEST(miss)
{
	struct nlcodec_msg m;
	size_t n = load("neigh4");

	msg.h.nlmsg_type = RTM_GETNEIGH;
	msg.h.nlmsg_flags = NLM_F_REQUEST;
	nlcodec_decode(&msg.h, n, &m);
	ck_assert(m.what == NLCODEC_MISS && m.solicit && m.key.kind == KOBJ_NEIGH);
	n = load("brfdb");
	msg.h.nlmsg_type = RTM_GETNEIGH;
	nlcodec_decode(&msg.h, n, &m);
	ck_assert(m.what == NLCODEC_MISS && !m.solicit && m.key.kind == KOBJ_VXFDB);
}
END_TEST

/* Forwarding: of one device, for IPv6 of all; written for IPv4, and the question's table. */
START_TEST(forwarding)
{
	static const struct {
		uint8_t family;
		int32_t ifindex, forward;
		uint8_t told; /* 0: not */
	} told[] = { { AF_INET, 3, 1, 4 }, { AF_INET, 3, 0, 4 }, { AF_INET, -1, 1, 0 },
		{ AF_INET6, -1, 1, 6 }, { AF_INET6, 3, 1, 0 }, { AF_INET, 3, -1, 0 },
		{ AF_BRIDGE, 3, 1, 0 } };
	struct klink_want w = { .kind = KLINK_BRIDGE,
		.what = KLINK_WANT_FORWARD | KLINK_WANT_NOADDRGEN };
	struct ktab_op op = { .key = kkey_ask(3, 6), .op = KOP_ADD };
	struct nlcodec_msg m;
	size_t n;

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		struct netconfmsg ncm = { .ncm_family = told[i].family };
		struct nl_msg *nl = nlmsg_alloc();

		nlmsg_put(nl, 0, 0, RTM_NEWNETCONF, 0, 0);
		nlmsg_append(nl, &ncm, sizeof(ncm), NLMSG_ALIGNTO);
		nla_put_s32(nl, NETCONFA_IFINDEX, told[i].ifindex);
		if (told[i].forward >= 0)
			nla_put_s32(nl, NETCONFA_FORWARDING, told[i].forward);
		nlcodec_decode(nlmsg_hdr(nl), nlmsg_hdr(nl)->nlmsg_len, &m);
		ck_assert_int_eq(
		    m.what, told[i].told != 0 ? NLCODEC_FORWARDING : NLCODEC_NONE);
		if (told[i].told != 0) {
			ck_assert_uint_eq(m.family, told[i].told);
			ck_assert(m.link.forward == (told[i].forward == 1));
		}
		nlmsg_free(nl);
	}
	n = nlcodec_link(msg.b, sizeof(msg.b), KLINK_SET, &w, 3, 0);
	ck_assert_uint_gt(n, 0);
	ck_assert_ptr_nonnull(
	    nlmsg_find_attr(&msg.h, sizeof(struct ifinfomsg), IFLA_AF_SPEC));
	n = nlcodec_op(msg.b, sizeof(msg.b), &op);
	ck_assert_uint_gt(n, 0);
	ck_assert_uint_eq(msg.h.nlmsg_type, RTM_SETNEIGHTBL);
	ck_assert_int_eq(
	    nla_strcmp(nlmsg_find_attr(&msg.h, sizeof(struct ndtmsg), NDTA_NAME),
		"ndisc_cache"),
	    0);
	ck_assert_uint_eq(nlcodec_op(msg.b, n - 4, &op), 0);
	ck_assert_uint_eq(nlcodec_dump(msg.b, sizeof(msg.b), KOBJ_ASK, 3), 0);
	ck_assert_uint_gt(nlcodec_get_forward6(msg.b, sizeof(msg.b)), 0);
}
END_TEST

/* What is asked for reads back as what was wanted; flags as kernel and kind need them. */
START_TEST(requests)
{
	struct mac mac = { { 2, 0, 0, 0, 0, 1 } };
	struct ip v4 = ip_of_v4(0x0a000002), v6;
	struct ktab_op op = { .op = KOP_ADD };
	struct nlcodec_msg m;
	size_t n;

	ck_assert(ip_parse("fd00::9", &v6));
	const uint32_t ids[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	const struct prefix p4 = { v4, 32 }, p6 = { v6, 128 };
	const struct prefix any = { .ip = { .family = 4 } };
	const struct {
		struct kkey key;
		struct kval val;
		uint16_t flags;
	} table[] = {
		{ kkey_vxfdb(3, 0, &mac), kval_vxlan_dst(&v4), NLM_F_REPLACE },
		{ kkey_vxfdb(3, 100, &mac), kval_vxlan_dst(&v6), NLM_F_REPLACE },
		{ kkey_vxfdb(3, 0, &mac), kval_vxlan_nhid(7), NLM_F_REPLACE },
		{ kkey_flood(3, 0, &v4), kval_flood(), NLM_F_APPEND },
		{ kkey_neigh(2, &v4), kval_remote_neigh(&mac, false), NLM_F_REPLACE },
		{ kkey_neigh(2, &v6), kval_remote_neigh(&mac, true), NLM_F_REPLACE },
		{ kkey_addr(2, &v6, 64), kval_gateway(), NLM_F_EXCL },
		{ kkey_addr(2, &v4, 24), kval_gateway(), NLM_F_EXCL },
		{ kkey_nexthop(7), kval_nexthop(&v4, 2, true), NLM_F_EXCL },
		{ kkey_nexthop(7), kval_nexthop(&v6, 2, false), NLM_F_EXCL },
		{ kkey_nexthop(7), kval_fdb_nexthop(&v4), NLM_F_EXCL },
		{ kkey_nhgroup(8), kval_nhgroup(ids, 1, true), NLM_F_EXCL },
		{ kkey_nhgroup(8), kval_nhgroup(ids, 8, false), NLM_F_EXCL },
		{ kkey_route(1000, &p4, 20), kval_route_nhid(7), NLM_F_EXCL },
		{ kkey_route(10, &p6, 0), kval_route_nhid(7), NLM_F_EXCL },
		{ kkey_route(10, &p4, 0), kval_route_via(&v4, 2, true), NLM_F_EXCL },
		{ kkey_route(10, &p4, 0), kval_route_via(&v6, 2, true), NLM_F_EXCL },
		{ kkey_route(10, &p4, 0), kval_route_via(NULL, 2, false), NLM_F_EXCL },
		{ kkey_route(10, &any, 0), kval_route_reject(RTN_BLACKHOLE),
		    NLM_F_EXCL },
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		op.key = table[i].key;
		op.val = table[i].val;
		op.op = KOP_ADD;
		n = nlcodec_op(msg.b, sizeof(msg.b), &op);
		ck_assert_uint_gt(n, 0);
		ck_assert_uint_eq(
		    msg.h.nlmsg_flags, NLM_F_REQUEST | NLM_F_CREATE | table[i].flags);
		nlcodec_decode(&msg.h, n, &m);
		ck_assert(m.what == NLCODEC_OBJ && !m.deleted);
		ck_assert_int_eq(kkey_cmp(&m.key, &op.key), 0);
		ck_assert_mem_eq(&m.val, &op.val, sizeof(m.val));
		for (size_t len = 0; len < n; len++)
			ck_assert_uint_eq(nlcodec_op(msg.b, len, &op), 0);
		op.op = KOP_DELETE;
		n = nlcodec_op(msg.b, sizeof(msg.b), &op);
		nlcodec_decode(&msg.h, n, &m);
		if (op.key.kind == KOBJ_NHGROUP) /* by its id alone */
			op.key.kind = KOBJ_NEXTHOP;
		ck_assert(m.what == NLCODEC_OBJ && m.deleted);
		ck_assert_int_eq(kkey_cmp(&m.key, &op.key), 0);
	}
}
END_TEST

static struct nlcodec_msg many[64];
static size_t nmany;

static void
collect(void *arg, const struct nlcodec_msg *m)
{
	(void)arg;
	if (nmany < 64)
		many[nmany++] = *m;
}

/* Messages of many objects, cut anywhere. */
static void
cut(size_t n)
{
	for (size_t len = 0; len < n; len++) {
		nmany = 0;
		nlcodec_each(&msg.h, len, collect, NULL);
		ck_assert_uint_eq(nmany, 0);
	}
	for (size_t len = sizeof(msg.h); len < n; len++) {
		msg.h.nlmsg_len = (uint32_t)len;
		nlcodec_each(&msg.h, len, collect, NULL);
		msg.h.nlmsg_len = (uint32_t)n;
	}
	nmany = 0;
}

START_TEST(vnis)
{
	struct ktab_op op = { NULL, kkey_vni(5, 100), KOP_ADD, kval_vni() };
	size_t n = nlcodec_op(msg.b, sizeof(msg.b), &op);

	cut(n);
	nlcodec_each(&msg.h, n, collect, NULL);
	ck_assert_uint_eq(nmany, 1);
	ck_assert(many[0].what == NLCODEC_OBJ && !many[0].deleted);
	ck_assert_int_eq(kkey_cmp(&many[0].key, &op.key), 0);
	op.op = KOP_DELETE;
	n = nlcodec_op(msg.b, sizeof(msg.b), &op);
	nlcodec_each(&msg.h, n, collect, NULL);
	ck_assert(nmany == 2 && many[1].deleted);
	/* From a kernel: one, and a range. */
	n = load("vnis");
	cut(n);
	nlcodec_each(&msg.h, n, collect, NULL);
	ck_assert_uint_eq(nmany, 4);
	for (size_t i = 0; i < nmany; i++)
		ck_assert_uint_eq(many[i].key.id, i == 0 ? 100 : 199 + i);
}
END_TEST

/* VLANs 10, 20-22 and 30; the second with VNIs. */
START_TEST(vlans)
{
	static const uint8_t bytes[] = {
		/* clang-format off */
		104, 0, 0, 0, RTM_NEWVLAN, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		AF_BRIDGE, 0, 0, 0, 5, 0, 0, 0,
		20, 0, 1, 0x80, 8, 0, 1, 0, 6, 0, 10, 0, 5, 0, 3, 0, 3, 0, 0, 0,
		40, 0, 1, 0x80, 8, 0, 1, 0, 0, 0, 20, 0, 6, 0, 2, 0, 22, 0, 0, 0,
		20, 0, 4, 0x80, 8, 0, 1, 0, 200, 0, 0, 0, 8, 0, 2, 0, 0, 0, 0, 0,
		20, 0, 1, 0x80, 8, 0, 1, 0, 0, 0, 30, 0, 5, 0, 3, 0, 3, 0, 0, 0,
		/* clang-format on */
	};
	static const struct {
		uint16_t vlan;
		uint8_t flags;
		uint32_t vni;
	} want[] = { { 10, KVLAN_PVID | KVLAN_UNTAGGED, 0 }, { 20, 0, 200 },
		{ 21, 0, 201 }, { 22, 0, 202 }, { 30, 0, 0 } };
	struct ktab_op op = { NULL, kkey_brvlan(5, 10), KOP_ADD,
		kval_brvlan(KVLAN_SELF, 100) };
	size_t n;

	memcpy(msg.b, bytes, sizeof(bytes));
	cut(sizeof(bytes));
	nlcodec_each(&msg.h, sizeof(bytes), collect, NULL);
	ck_assert_uint_eq(nmany, 5);
	for (size_t i = 0; i < nmany; i++) {
		ck_assert_uint_eq(many[i].key.ifindex, 5);
		ck_assert_uint_eq(many[i].key.vlan, want[i].vlan);
		ck_assert_uint_eq(many[i].val.flags, want[i].flags);
		ck_assert_uint_eq(many[i].val.vni, want[i].vni);
	}
	n = nlcodec_op(msg.b, sizeof(msg.b), &op);
	ck_assert(n > 0 && msg.h.nlmsg_type == RTM_SETLINK);
	for (size_t len = 0; len < n; len++)
		ck_assert_uint_eq(nlcodec_op(msg.b, len, &op), 0);
	op.op = KOP_DELETE;
	ck_assert_uint_gt(nlcodec_op(msg.b, sizeof(msg.b), &op), 0);
	ck_assert_uint_eq(msg.h.nlmsg_type, RTM_DELLINK);
}
END_TEST

/* Two messages: what it hangs on, and the filter; others' filters are none. */
START_TEST(filters)
{
	struct ktab_op op = { NULL, _i == 0 ? kkey_tagdrop(5) : kkey_reqdrop(5),
		KOP_ADD, _i == 0 ? kval_tagdrop() : kval_reqdrop() };
	size_t n = nlcodec_op(msg.b, sizeof(msg.b), &op), first = msg.h.nlmsg_len;
	struct nlmsghdr *filter = (struct nlmsghdr *)(void *)(msg.b + first);
	struct nlcodec_msg m;
	struct tcmsg *tcm;

	ck_assert(n > first && filter->nlmsg_len == n - first);
	ck_assert_uint_eq(msg.h.nlmsg_type, RTM_NEWQDISC);
	ck_assert_uint_eq(filter->nlmsg_type, RTM_NEWTFILTER);
	for (size_t len = 0; len < n; len++)
		ck_assert_uint_eq(nlcodec_op(msg.b, len, &op), 0);
	n = nlcodec_op(msg.b, sizeof(msg.b), &op) - first;
	memmove(msg.b, msg.b + first, n);
	nlcodec_decode(&msg.h, n, &m);
	ck_assert(m.what == NLCODEC_OBJ && !m.deleted);
	ck_assert_int_eq(kkey_cmp(&m.key, &op.key), 0);
	ck_assert(kobj_is_ours(&m.key, &m.val));
	cut(n);
	msg.b[n - 12]++; /* another program, or other flags */
	nlcodec_decode(&msg.h, n, &m);
	ck_assert_int_eq(m.what, NLCODEC_NONE);
	op.op = KOP_DELETE;
	n = nlcodec_op(msg.b, sizeof(msg.b), &op);
	ck_assert_uint_eq(msg.h.nlmsg_type, RTM_DELTFILTER);
	nlcodec_decode(&msg.h, n, &m);
	ck_assert(m.what == NLCODEC_OBJ && m.deleted);
	tcm = nlmsg_data(&msg.h);
	tcm->tcm_info = TC_H_MAKE(1 << 16, 0);
	nlcodec_decode(&msg.h, n, &m);
	ck_assert_int_eq(m.what, NLCODEC_NONE);
	msg.h.nlmsg_type = RTM_DELQDISC;
	tcm->tcm_parent = TC_H_CLSACT;
	nmany = 0;
	nlcodec_each(&msg.h, n, collect, NULL);
	ck_assert_uint_eq(nmany, 2);
	for (size_t i = 0; i < nmany; i++)
		ck_assert(many[i].what == NLCODEC_OBJ && many[i].deleted &&
		    many[i].key.ifindex == 5);
	ck_assert_int_eq(kkey_cmp(&many[_i].key, &op.key), 0);
}
END_TEST

/* Routes that every host has, and that are nobody's business. */
START_TEST(not_told)
{
	struct prefix to = { ip_of_v4(0x0a000002), 32 };
	struct ktab_op op = { NULL, kkey_route(10, &to, 0), KOP_ADD,
		kval_route_via(NULL, 2, false) };
	struct nlcodec_msg m;
	struct rtmsg *rtm = (struct rtmsg *)(void *)(msg.b + NLMSG_HDRLEN);
	size_t n;

	for (int i = 0; i < 6; i++) {
		if (i == 5)
			ck_assert(ip_parse("224.0.0.1", &op.key.ip));
		n = nlcodec_op(msg.b, sizeof(msg.b), &op);
		rtm->rtm_type = i == 1 ? RTN_LOCAL : RTN_UNICAST;
		rtm->rtm_tos = i == 2;
		rtm->rtm_dst_len = i == 3 ? 33 : 32;
		rtm->rtm_flags = i == 4 ? RTM_F_CLONED : 0;
		nlcodec_decode(&msg.h, n, &m);
		ck_assert_int_eq(m.what, i <= 1 ? NLCODEC_OBJ : NLCODEC_NONE);
		if (i == 1)
			ck_assert(m.val.flags == RTN_LOCAL && m.val.port == 2);
	}
	ck_assert(ip_parse("2001:db8::1", &op.key.ip));
	op.key.plen = 128;
	n = nlcodec_op(msg.b, sizeof(msg.b), &op);
	rtm->rtm_type = RTN_LOCAL;
	nlcodec_decode(&msg.h, n, &m);
	ck_assert_int_eq(m.what, NLCODEC_NONE);
}
END_TEST

static void
create(const struct klink_want *w, struct klink *out)
{
	size_t n = nlcodec_link(msg.b, sizeof(msg.b), KLINK_CREATE, w, 0, 7);
	struct nlcodec_msg m;

	ck_assert_uint_gt(n, 0);
	((struct ifinfomsg *)(void *)(msg.b + NLMSG_HDRLEN))->ifi_index = 3;
	nlcodec_decode(&msg.h, n, &m);
	ck_assert(m.what == NLCODEC_LINK && m.link.kind == w->kind);
	ck_assert_str_eq(m.link.name, w->name);
	*out = m.link;
}

/* What is created reads back as what was wished. */
START_TEST(devices)
{
	struct klink_want w = { .name = "d0",
		.what = KLINK_WANT_CREATE | KLINK_WANT_NOADDRGEN | KLINK_WANT_PORT |
		    KLINK_WANT_TUNNEL,
		.vlan = 10,
		.table = 1000,
		.vlan_filtering = true,
		.port = { .vlan_tunnel = true },
		.vxlan = { .external = true, .vnifilter = true, .port = 4789 } };
	struct nlcodec_msg m;
	struct klink l;
	size_t n;

	w.kind = KLINK_VRF;
	create(&w, &l);
	ck_assert_uint_eq(l.table, 1000);
	w.kind = KLINK_VLAN;
	create(&w, &l);
	ck_assert(l.vlan == 10 && l.lower == 7);
	w.kind = KLINK_MACVLAN;
	create(&w, &l);
	ck_assert_uint_eq(l.lower, 7);
	w.kind = KLINK_BRIDGE;
	create(&w, &l);
	ck_assert(l.vlan_filtering);
	w.vlan_filtering = false;
	create(&w, &l);
	ck_assert(!l.vlan_filtering && !l.noaddrgen);
	w.kind = KLINK_VXLAN;
	create(&w, &l);
	ck_assert(l.vxlan.external && l.vxlan.vnifilter && l.vxlan.vni == 0);
	n = nlcodec_link(msg.b, sizeof(msg.b), KLINK_SET, &w, 3, 0);
	ck_assert_uint_gt(n, 0);
	ck_assert_ptr_nonnull(
	    nlmsg_find_attr(&msg.h, sizeof(struct ifinfomsg), IFLA_AF_SPEC));
	n = nlcodec_link(msg.b, sizeof(msg.b), KLINK_SET_PORT, &w, 3, 0);
	nlcodec_decode(&msg.h, n, &m);
	ck_assert_int_eq(m.what, NLCODEC_NONE); /* a request of its own type */
	msg.h.nlmsg_type = RTM_NEWLINK;
	nlcodec_decode(&msg.h, n, &m);
	ck_assert(m.what == NLCODEC_PORT && m.link.port.vlan_tunnel);
}
END_TEST

/* A group on a living device: set, or down, set and up in one go. */
START_TEST(groups)
{
	struct klink_want w = { .name = "vx0",
		.kind = KLINK_VXLAN,
		.what = KLINK_WANT_CREATE | KLINK_WANT_GROUP | KLINK_WANT_LEARN,
		.vxlan = { .vni = 1, .ttl = 9, .group = ip_of_v4(0xef010101) } };
	struct klink l;
	size_t n, k, at = 0;

	create(&w, &l);
	ck_assert_str_eq(IPSTR(&l.vxlan.group), "239.1.1.1");
	ck_assert(l.vxlan.lower == 7 && l.vxlan.ttl == 9);
	n = nlcodec_link(msg.b, sizeof(msg.b), KLINK_SET_GROUP, &w, 3, 7);
	ck_assert_uint_eq(n, NLMSG_ALIGN(msg.h.nlmsg_len));
	w.vxlan.group = (struct ip){ 0 };
	ck_assert_uint_gt(
	    nlcodec_link(msg.b, sizeof(msg.b), KLINK_SET_GROUP, &w, 3, 7), 0);
	ip_parse("fd00::1", &w.vxlan.local);
	k = nlcodec_link(msg.b, sizeof(msg.b), KLINK_SET_GROUP, &w, 3, 7);
	ck_assert_uint_gt(k, n);
	w.bounce = true;
	n = nlcodec_link(msg.b, sizeof(msg.b), KLINK_SET_GROUP, &w, 3, 7);
	for (unsigned i = 0; i < 3; i++) {
		struct nlmsghdr *h = (void *)(msg.b + at);
		struct ifinfomsg *ifi = (void *)(msg.b + at + NLMSG_HDRLEN);

		ck_assert_int_eq(ifi->ifi_index, 3);
		ck_assert_uint_eq(ifi->ifi_flags, i == 2 ? IFF_UP : 0);
		ck_assert_uint_eq(ifi->ifi_change, i == 1 ? 0 : IFF_UP);
		at += NLMSG_ALIGN(h->nlmsg_len);
	}
	ck_assert_uint_eq(at, n);
}
END_TEST

/* A request about a bridge entry names the port; vlan only when there is one. */
START_TEST(brfdb)
{
	static const uint8_t plain[] = { 7, 0, 0, 0, 5, 0, 0, 0, NUD_REACHABLE, 0,
		NTF_MASTER | NTF_EXT_LEARNED, 0, 10, 0, NDA_LLADDR, 0, 2, 0, 0, 0, 0, 1,
		0, 0 };
	struct mac mac = { { 2, 0, 0, 0, 0, 1 } };
	struct ktab_op op = { NULL, kkey_brfdb(2, 0, &mac), KOP_ADD,
		kval_remote_mac(5, false) };

	ck_assert_uint_eq(nlcodec_op(msg.b, sizeof(msg.b), &op), 16 + sizeof(plain));
	ck_assert_mem_eq(msg.b + 16, plain, sizeof(plain));
	op.key.vlan = 10;
	ck_assert_uint_eq(
	    nlcodec_op(msg.b, sizeof(msg.b), &op), 16 + sizeof(plain) + 8);
}
END_TEST

START_TEST(others)
{
	struct klink_want w = { .name = "vx0",
		.kind = KLINK_VXLAN,
		.what = KLINK_WANT_CREATE | KLINK_WANT_MTU | KLINK_WANT_LOCAL,
		.mtu = 1450,
		.vxlan = { .vni = 100, .port = 4789, .local = ip_of_v4(0x0a000001) } };
	struct ip v4 = ip_of_v4(0x0a000002);
	struct mac mac = { { 2, 0, 0, 0, 0, 1 } };
	struct kkey flood = kkey_flood(3, 0, &v4), key = kkey_vxfdb(3, 0, &mac);
	struct nlcodec_route route;
	struct nlcodec_msg m;
	size_t n;

	n = nlcodec_link(msg.b, sizeof(msg.b), KLINK_CREATE, &w, 0, 0);
	ck_assert_uint_gt(n, 0);
	((struct ifinfomsg *)(void *)(msg.b + NLMSG_HDRLEN))->ifi_index = 3;
	nlcodec_decode(&msg.h, n, &m);
	ck_assert(m.what == NLCODEC_LINK && m.link.kind == KLINK_VXLAN);
	ck_assert_uint_eq(m.link.vxlan.vni, 100);
	ck_assert_uint_eq(m.link.vxlan.port, 4789);
	ck_assert_uint_eq(m.link.mtu, 1450);
	/* The kernel refuses a vxlan's own settings together with an MTU. */
	n = nlcodec_link(msg.b, sizeof(msg.b), KLINK_SET_VXLAN, &w, 3, 0);
	ck_assert_uint_gt(n, 0);
	ck_assert_ptr_null(nlmsg_find_attr(&msg.h, sizeof(struct ifinfomsg), IFLA_MTU));
	for (int step = KLINK_SET; step <= KLINK_SET_UP; step++)
		ck_assert(nlcodec_link(msg.b, sizeof(msg.b), step, &w, 3, 2) > 0);
	w.kind = KLINK_DUMMY;
	ck_assert_uint_eq(
	    nlcodec_link(msg.b, sizeof(msg.b), KLINK_CREATE, &w, 0, 0), 0);
	ck_assert_uint_eq(nlcodec_get(msg.b, sizeof(msg.b), &flood), 0);
	ck_assert_uint_gt(nlcodec_get(msg.b, sizeof(msg.b), &key), 0);
	ck_assert_uint_gt(nlcodec_dump(msg.b, sizeof(msg.b), KOBJ_BRFDB, 2), 0);
	for (int kind = 0; kind < KOBJ_KINDS; kind++)
		ck_assert(kind == KOBJ_ASK ||
		    nlcodec_dump(msg.b, sizeof(msg.b), kind, 2) > 0);
	ck_assert_uint_gt(nlcodec_dump_links(msg.b, sizeof(msg.b), true), 0);
	n = nlcodec_get_route(msg.b, sizeof(msg.b), &v4);
	ck_assert(n > 0 && !nlcodec_route(&msg.h, n, &route));
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("nlcodec", &tc);

	tcase_add_loop_test(tc, decode, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, links);
	tcase_add_test(tc, miss);
	tcase_add_test(tc, forwarding);
	tcase_add_test(tc, requests);
	tcase_add_test(tc, devices);
	tcase_add_test(tc, groups);
	tcase_add_test(tc, vnis);
	tcase_add_test(tc, vlans);
	tcase_add_loop_test(tc, filters, 0, 2);
	tcase_add_test(tc, not_told);
	tcase_add_test(tc, brfdb);
	tcase_add_test(tc, others);
	return unit_run(s);
}

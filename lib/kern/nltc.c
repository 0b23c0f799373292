/*
 * nltc - the filters of a vxlan device, to and from netlink messages (nlcodec.h): classifiers
 * with a BPF program that drops, or else leaves the frame to whatever other classifiers there
 * are. They need sch_ingress and cls_bpf, and no action module. They are known as ours by
 * preference and program.
 *
 *   tagdrop, at the ingress. On a VLAN-aware bridge a tag that comes out of the tunnel would
 *   choose the VLAN by itself, past the VNI. RFC 7348, 6.1, drops such frames; the kernel does
 *   not. (It has taken the tag out of the frame by then.)
 *
 *   reqdrop, at the egress. Of the ARP requests and neighbour solicitations to all, a bridge
 *   port with neigh_suppress gets those that the bridge could not answer, and no gratuitous
 *   ones nor probes for duplicates. To drop these is to flood no unknown address.
 */
#include <linux/filter.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include "kern/nlint.h"

#define PREFERENCE KOBJ_PROTO
#define HANDLE 1

#define LOAD(size, at) BPF_STMT(BPF_LD | (size) | BPF_ABS, (uint32_t)(at))
#define IF(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), (yes), (no))
#define PASS BPF_STMT(BPF_RET | BPF_K, (uint32_t)TC_ACT_UNSPEC)
#define DROP BPF_STMT(BPF_RET | BPF_K, TC_ACT_SHOT)

static const struct sock_filter tags[] = {
	LOAD(BPF_W, SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT),
	IF(0, 0, 1),
	PASS,
	DROP,
};

/* To a group; ARP, operation 1; or IPv6, ICMPv6, type 135. */
static const struct sock_filter requests[] = {
	LOAD(BPF_B, 0),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1, 0, 10),
	LOAD(BPF_H, 12),
	IF(ETH_P_ARP, 0, 2),
	LOAD(BPF_H, 20),
	IF(ARPOP_REQUEST, 5, 6),
	IF(ETH_P_IPV6, 0, 5),
	LOAD(BPF_B, 20),
	IF(IPPROTO_ICMPV6, 0, 3),
	LOAD(BPF_B, 54),
	IF(135, 0, 1),
	DROP,
	PASS,
};

static const struct filter {
	enum kkind kind;
	uint32_t parent;
	const struct sock_filter *program;
	uint16_t n;
} filters[] = {
	{ KOBJ_TAGDROP, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS), tags,
	    sizeof(tags) / sizeof(tags[0]) },
	{ KOBJ_REQDROP, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS), requests,
	    sizeof(requests) / sizeof(requests[0]) },
};
#define FILTERS (sizeof(filters) / sizeof(filters[0]))

static const struct filter *
filter_of(enum kkind kind)
{
	const struct filter *f = filters;

	while (f->kind != kind)
		f++;
	return f;
}

static struct tcmsg
filter_head(const struct filter *f, uint32_t ifindex)
{
	return (struct tcmsg){ .tcm_family = AF_UNSPEC,
		.tcm_ifindex = (int)ifindex,
		.tcm_parent = f->parent,
		.tcm_handle = HANDLE,
		.tcm_info = TC_H_MAKE(PREFERENCE << 16, htons(ETH_P_ALL)) };
}

/* Is it our program, or none? Deletions need not tell. */
static bool
is_program(const struct filter *f, struct nlattr *options)
{
	static const struct nla_policy policy[TCA_BPF_MAX + 1] = {
		[TCA_BPF_FLAGS] = U32,
	};
	struct nlattr *tb[TCA_BPF_MAX + 1];

	if (!nest_parse(options, tb, TCA_BPF_MAX, policy) || tb[TCA_BPF_OPS] == NULL)
		return false;
	return (attr_u32(tb, TCA_BPF_FLAGS) & TCA_BPF_FLAG_ACT_DIRECT) &&
	    (size_t)nla_len(tb[TCA_BPF_OPS]) == f->n * sizeof(f->program[0]) &&
	    memcmp(nla_data(tb[TCA_BPF_OPS]), f->program,
		f->n * sizeof(f->program[0])) == 0;
}

static bool
tc_parse(struct nlmsghdr *nlh, struct tcmsg *tcm, struct nlattr **tb)
{
	if (nlmsg_parse(nlh, sizeof(*tcm), tb, TCA_MAX, NULL) < 0)
		return false;
	memcpy(tcm, nlmsg_data(nlh), sizeof(*tcm));
	return tcm->tcm_ifindex > 0;
}

void
nltc_decode(struct nlmsghdr *nlh, struct nlcodec_msg *out)
{
	const struct filter *f = filters;
	struct nlattr *tb[TCA_MAX + 1];
	struct tcmsg tcm;

	if (!tc_parse(nlh, &tcm, tb) || TC_H_MAJ(tcm.tcm_info) >> 16 != PREFERENCE ||
	    tb[TCA_KIND] == NULL || nla_strcmp(tb[TCA_KIND], "bpf") != 0)
		return;
	while (f < filters + FILTERS && f->parent != tcm.tcm_parent)
		f++;
	out->deleted = nlh->nlmsg_type == RTM_DELTFILTER;
	if (f == filters + FILTERS ||
	    (!out->deleted && !is_program(f, tb[TCA_OPTIONS])))
		return;
	out->key = (struct kkey){ .kind = (uint8_t)f->kind,
		.ifindex = (uint32_t)tcm.tcm_ifindex };
	out->what = NLCODEC_OBJ;
}

/* With it go its filters, untold. */
void
nltc_decode_qdisc(
    struct nlmsghdr *nlh, struct nlcodec_msg *m, const struct nlcodec_many *many)
{
	struct nlattr *tb[TCA_MAX + 1];
	struct tcmsg tcm;

	if (!tc_parse(nlh, &tcm, tb) || tcm.tcm_parent != TC_H_CLSACT)
		return;
	m->deleted = true;
	m->what = NLCODEC_OBJ;
	for (size_t i = 0; i < FILTERS; i++) {
		m->key = (struct kkey){ .kind = (uint8_t)filters[i].kind,
			.ifindex = (uint32_t)tcm.tcm_ifindex };
		many->fn(many->arg, m);
	}
}

/* What the filters hang on; it may be there already. */
static size_t
put_clsact(uint8_t *buf, size_t len, uint32_t ifindex)
{
	struct tcmsg tcm = { .tcm_family = AF_UNSPEC,
		.tcm_ifindex = (int)ifindex,
		.tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0),
		.tcm_parent = TC_H_CLSACT };
	struct nl_msg *m =
	    msg_new(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, &tcm, sizeof(tcm));

	if (m == NULL)
		return 0;
	return msg_take(m, nla_put_string(m, TCA_KIND, "clsact"), buf, len);
}

static int
put_program(struct nl_msg *m, const struct filter *f)
{
	struct nlattr *nest = nla_nest_start(m, TCA_OPTIONS);
	int full;

	if (nest == NULL)
		return -1;
	full = nla_put_u16(m, TCA_BPF_OPS_LEN, f->n);
	full |= nla_put(m, TCA_BPF_OPS, f->n * (int)sizeof(f->program[0]), f->program);
	full |= nla_put_u32(m, TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
	nla_nest_end(m, nest);
	return full;
}

/* Two messages to add: what becomes of the first does not matter. */
size_t
nltc_filter(uint8_t *buf, size_t len, const struct ktab_op *op)
{
	bool add = op->op != KOP_DELETE;
	uint32_t ifindex = op->key.ifindex;
	const struct filter *f = filter_of(op->key.kind);
	struct tcmsg tcm = filter_head(f, ifindex);
	size_t first = add ? put_clsact(buf, len, ifindex) : 0, n;
	struct nl_msg *m;
	int full;

	if (add && first == 0)
		return 0;
	m = msg_new(add ? RTM_NEWTFILTER : RTM_DELTFILTER,
	    add ? NLM_F_CREATE | NLM_F_EXCL : 0, &tcm, sizeof(tcm));
	if (m == NULL)
		return 0;
	full = nla_put_string(m, TCA_KIND, "bpf");
	if (add)
		full |= put_program(m, f);
	n = msg_take(m, full, buf + first, len - first);
	return n > 0 ? first + n : 0;
}

size_t
nltc_dump(uint8_t *buf, size_t len, enum kkind kind, uint32_t ifindex)
{
	struct tcmsg tcm = { .tcm_family = AF_UNSPEC,
		.tcm_ifindex = (int)ifindex,
		.tcm_parent = filter_of(kind)->parent };

	return msg_take(
	    msg_new(RTM_GETTFILTER, NLM_F_DUMP, &tcm, sizeof(tcm)), 0, buf, len);
}

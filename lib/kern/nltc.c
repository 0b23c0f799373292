/*
 * nltc - the tag filter of a vxlan device, to and from netlink messages (nlcodec.h).
 *
 * On a VLAN-aware bridge a tag that comes out of the tunnel would choose the VLAN by itself,
 * past the VNI. RFC 7348, 6.1, drops such frames; the kernel does not. So a classifier at the
 * device's ingress does: a BPF program of four instructions that looks for a tag (the kernel
 * has taken it out of the frame by then) and drops, or else leaves the frame to whatever other
 * classifiers there are. It needs sch_ingress and cls_bpf, and no action module. It is known
 * as ours by its preference and program.
 */
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include "kern/nlint.h"

#define PREFERENCE KOBJ_PROTO
#define HANDLE 1
#define INGRESS TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)

static const struct sock_filter program[] = {
	BPF_STMT(
	    BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, (uint32_t)TC_ACT_UNSPEC),
	BPF_STMT(BPF_RET | BPF_K, TC_ACT_SHOT),
};

static struct tcmsg
filter_head(uint32_t ifindex)
{
	return (struct tcmsg){ .tcm_family = AF_UNSPEC,
		.tcm_ifindex = (int)ifindex,
		.tcm_parent = INGRESS,
		.tcm_handle = HANDLE,
		.tcm_info = TC_H_MAKE(PREFERENCE << 16, htons(ETH_P_ALL)) };
}

/* Is it our program, or none? Deletions need not tell. */
static bool
is_program(struct nlattr *options)
{
	static const struct nla_policy policy[TCA_BPF_MAX + 1] = {
		[TCA_BPF_FLAGS] = U32,
	};
	struct nlattr *tb[TCA_BPF_MAX + 1];

	if (!nest_parse(options, tb, TCA_BPF_MAX, policy) || tb[TCA_BPF_OPS] == NULL)
		return false;
	return (attr_u32(tb, TCA_BPF_FLAGS) & TCA_BPF_FLAG_ACT_DIRECT) &&
	    nla_len(tb[TCA_BPF_OPS]) == sizeof(program) &&
	    memcmp(nla_data(tb[TCA_BPF_OPS]), program, sizeof(program)) == 0;
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
	struct nlattr *tb[TCA_MAX + 1];
	struct tcmsg tcm;

	if (!tc_parse(nlh, &tcm, tb) || tcm.tcm_parent != INGRESS ||
	    TC_H_MAJ(tcm.tcm_info) >> 16 != PREFERENCE || tb[TCA_KIND] == NULL ||
	    nla_strcmp(tb[TCA_KIND], "bpf") != 0)
		return;
	out->deleted = nlh->nlmsg_type == RTM_DELTFILTER;
	if (!out->deleted && !is_program(tb[TCA_OPTIONS]))
		return;
	out->key = kkey_tagdrop((uint32_t)tcm.tcm_ifindex);
	out->val = kval_tagdrop();
	out->what = NLCODEC_OBJ;
}

/* With the ingress go its filters, untold. */
void
nltc_decode_qdisc(struct nlmsghdr *nlh, struct nlcodec_msg *out)
{
	struct nlattr *tb[TCA_MAX + 1];
	struct tcmsg tcm;

	if (!tc_parse(nlh, &tcm, tb) || tcm.tcm_parent != TC_H_CLSACT)
		return;
	out->deleted = true;
	out->key = kkey_tagdrop((uint32_t)tcm.tcm_ifindex);
	out->what = NLCODEC_OBJ;
}

/* The ingress, which may be there already. */
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
put_program(struct nl_msg *m)
{
	struct nlattr *nest = nla_nest_start(m, TCA_OPTIONS);
	int full;

	if (nest == NULL)
		return -1;
	full = nla_put_u16(m, TCA_BPF_OPS_LEN, sizeof(program) / sizeof(program[0]));
	full |= nla_put(m, TCA_BPF_OPS, sizeof(program), program);
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
	struct tcmsg tcm = filter_head(ifindex);
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
		full |= put_program(m);
	n = msg_take(m, full, buf + first, len - first);
	return n > 0 ? first + n : 0;
}

size_t
nltc_dump(uint8_t *buf, size_t len, enum kkind kind, uint32_t ifindex)
{
	struct tcmsg tcm = { .tcm_family = AF_UNSPEC,
		.tcm_ifindex = (int)ifindex,
		.tcm_parent = INGRESS };

	(void)kind;
	return msg_take(
	    msg_new(RTM_GETTFILTER, NLM_F_DUMP, &tcm, sizeof(tcm)), 0, buf, len);
}

/*
 * netlink_dump - reads what is there: one dump at a time, links first, then their bridge
 * ports, then the rows of devices that ktab asks for. A dump that the kernel interrupted, or
 * of which a part was lost, is done again.
 */
#include "netlink_int.h"

#include <errno.h>
#include <string.h>

static void
take_row(struct netlink *nl, const struct nlcodec_msg *m)
{
	const struct klink *l = klink_find(nl->env.klinks, m->key.ifindex);
	struct kval val = m->val;

	if (m->deleted || m->key.kind != nl->dump_what ||
	    m->key.ifindex != nl->dump_ifindex || netlink_is_copy(nl, &m->key))
		return;
	if (m->key.kind == KOBJ_BRVLAN && l != NULL && l->kind == KLINK_BRIDGE)
		val.flags |= KVLAN_SELF;
	ktab_have_dumped(nl->env.ktab, &m->key, &val, netlink_now());
}

static void
take_dumped(void *arg, const struct nlcodec_msg *m)
{
	struct netlink *nl = arg;

	if (nl->dump == DUMP_LINKS && m->what == NLCODEC_LINK && !m->deleted)
		netlink_take_link(nl, m);
	else if (nl->dump == DUMP_PORTS && m->what == NLCODEC_PORT)
		klink_have_port(
		    nl->env.klinks, m->link.ifindex, m->link.master, &m->link.port);
	else if (nl->dump == DUMP_ROWS && m->what == NLCODEC_OBJ)
		take_row(nl, m);
}

/* LEN 0: of a kind that the kernel cannot be asked for; nothing is there, then. */
static bool
send_dump(struct netlink *nl, size_t len)
{
	int err;

	nl->dump_intr = false;
	if (len == 0)
		return false;
	nl->dump_seq = nlsock_number(&nl->dumps, nl->snd, 0);
	err = nlsock_send(&nl->dumps, nl->snd, len);
	nl->stats.dumps++;
	if (err < 0)
		netlink_log(
		    nl, LOG_ERR, "netlink: dump cannot be sent: %s", strerror(-err));
	return err == 0;
}

static void
dump_links(struct netlink *nl, enum dump_kind dump)
{
	nl->dump = dump;
	if (dump == DUMP_LINKS) {
		nl->links_due = false;
		klink_dump_begin(nl->env.klinks);
	}
	if (!send_dump(
		nl, nlcodec_dump_links(nl->snd, NETLINK_BUFFER, dump == DUMP_PORTS))) {
		nl->dump = DUMP_NONE;
		nl->links_due = true;
	}
}

/* Devices that the dump did not show are gone, and their entries. */
static void
links_dumped(struct netlink *nl)
{
	struct klink *l;

	for (l = klink_first(nl->env.klinks); l != NULL; l = klink_after(l))
		if (l->stale)
			ktab_device_gone(nl->env.ktab, l->ifindex, netlink_now());
	klink_dump_end(nl->env.klinks);
}

static void
dump_ended(struct netlink *nl, int err)
{
	enum dump_kind dump = nl->dump;
	bool complete = err == 0 && !nl->dump_intr;

	nl->dump = DUMP_NONE;
	nl->told = true;
	if (dump == DUMP_ROWS && nl->dump_what == KOBJ_BRVLAN && err == -EINVAL)
		err = -ENODEV; /* a port that has just left its bridge */
	if (err < 0 && err != -ENODEV)
		netlink_log(
		    nl, LOG_WARNING, "netlink: dump refused: %s", strerror(-err));
	if (dump == DUMP_ROWS) {
		/* Refused for good: what is there is unknown, and writing tells. */
		ktab_dump_end(nl->env.ktab, nl->dump_what, nl->dump_ifindex,
		    !nl->dump_intr, netlink_now());
	} else if (!complete) {
		nl->links_due = true;
	} else if (dump == DUMP_LINKS) {
		links_dumped(nl);
		dump_links(nl, DUMP_PORTS);
	} else {
		nl->ready = true;
	}
}

/* Starts the next dump if none is under way. */
void
netlink_dump_more(struct netlink *nl)
{
	while (nl->dump == DUMP_NONE) {
		if (nl->links_due && nl->npending > 0)
			return; /* answers must not wait for the events that wait for us */
		if (nl->links_due) {
			dump_links(nl, DUMP_LINKS);
			return;
		}
		if (!nl->ready ||
		    !ktab_dump_next(nl->env.ktab, &nl->dump_what, &nl->dump_ifindex))
			return;
		nl->dump = DUMP_ROWS;
		if (!send_dump(nl,
			nlcodec_dump(
			    nl->snd, NETLINK_BUFFER, nl->dump_what, nl->dump_ifindex)))
			dump_ended(nl, 0);
	}
}

void
netlink_take_dump(void *arg, const struct nlmsghdr *nlh, size_t len)
{
	struct netlink *nl = arg;
	int err = 0;

	if (nl->dump == DUMP_NONE || nlh->nlmsg_seq != nl->dump_seq)
		return;
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		nl->dump_intr = true;
	if (nlh->nlmsg_type == NLMSG_DONE) {
		dump_ended(nl, 0);
	} else if (nlh->nlmsg_type == NLMSG_ERROR) {
		(void)nlsock_words(nlh, len, &err);
		dump_ended(nl, err);
	} else {
		nlcodec_each(nlh, len, take_dumped, nl);
	}
}

/*
 * Fuzz target of kern/nlcodec: one netlink message. What was understood prints, and where a
 * request has the same form as an event, writing and reading it again changes nothing.
 */
#include "kern/nlcodec.h"

#include "fuzz.h"

static void
again(const struct nlcodec_msg *m)
{
	struct ktab_op op = { .key = m->key, .op = KOP_ADD, .val = m->val };
	uint64_t buf[NLCODEC_MAX / 8];
	struct nlcodec_msg m2;
	size_t len = nlcodec_op((uint8_t *)buf, sizeof(buf), &op);

	if (kkind_yields(m->key.kind) && !kobj_is_ours(&m->key, &m->val))
		return; /* what others have is more than we write */
	if (len == 0 && m->key.kind == KOBJ_ROUTE)
		return; /* IPv6 by an IPv4 gateway */
	FUZZ_CHECK(len > 0);
	FUZZ_CHECK(nlcodec_op((uint8_t *)buf, len - 1, &op) == 0);
	if (m->key.kind == KOBJ_BRFDB)
		return; /* a request does not name the bridge */
	if (m->key.kind == KOBJ_TAGDROP || m->key.kind == KOBJ_REQDROP)
		return; /* two messages */
	if (m->key.kind == KOBJ_NHGROUP &&
	    memchr(m->val.members, 0xff, sizeof(m->val.members)) != NULL)
		return; /* may be the mark of an odd group */
	nlcodec_decode((struct nlmsghdr *)(void *)buf, len, &m2);
	FUZZ_CHECK(m2.what == NLCODEC_OBJ && !m2.deleted);
	FUZZ_CHECK(kkey_cmp(&m2.key, &m->key) == 0);
	FUZZ_CHECK(kval_same(&m->key, &m2.val, &m->val));
}

/* One of many in a message. */
static void
each(void *arg, const struct nlcodec_msg *m)
{
	char buf[KOBJ_STRLEN];

	(void)arg;
	FUZZ_CHECK(m->what != NLCODEC_NONE);
	if (m->what != NLCODEC_OBJ)
		return;
	FUZZ_CHECK(m->key.kind < KOBJ_KINDS);
	FUZZ_CHECK(
	    m->key.kind != KOBJ_BRVLAN || (m->key.vlan > 0 && m->key.vlan < 4095));
	FUZZ_CHECK(m->key.kind != KOBJ_VNI || (m->key.id > 0 && m->key.id <= VNI_MAX));
	FUZZ_CHECK(kkey_str(buf, &m->key)[0] != '\0');
	(void)kval_str(buf, &m->key, &m->val);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nlcodec_msg m;
	struct nlcodec_route route;
	char buf[KOBJ_STRLEN];

	nlcodec_decode((const struct nlmsghdr *)(const void *)data, size, &m);
	nlcodec_each((const struct nlmsghdr *)(const void *)data, size, each, NULL);
	(void)nlcodec_route((const struct nlmsghdr *)(const void *)data, size, &route);
	if (m.what == NLCODEC_LINK)
		FUZZ_CHECK(m.link.ifindex != 0 && memchr(m.link.name, 0, KLINK_NAME));
	if (m.what != NLCODEC_OBJ)
		return 0;
	FUZZ_CHECK(m.key.kind < KOBJ_KINDS);
	FUZZ_CHECK(m.key.ifindex != 0 || !kkind_on_device(m.key.kind));
	FUZZ_CHECK(kkey_str(buf, &m.key)[0] != '\0');
	(void)kval_str(buf, &m.key, &m.val);
	again(&m);
	return 0;
}

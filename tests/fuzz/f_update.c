/*
 * Fuzz target of an UPDATE's body: the first byte gives the session's properties. The
 * attributes of a good one, written and read again, are the same interned object.
 */
#include "bgp/update.h"

#include "bgp/extcomm.h"

#include "fuzz.h"

static void
show(const struct attr_value *v)
{
	char buf[64];

	aspath_str(buf, sizeof(buf), &v->aspath);
	community_str(buf, sizeof(buf), &v->community);
	large_str(buf, sizeof(buf), &v->large);
	extcomm_str(buf, sizeof(buf), &v->ext);
}

/* V was read from a peer like CTX. */
static void
again(const struct attr_draft *d, const struct attr_ctx *ctx)
{
	static uint8_t buf[MSG_MAX_EXTENDED];
	static struct update u;
	static const struct nlri key = { .type = NLRI_MACIP };
	struct builder b = builder_of(buf, sizeof(buf));
	struct attr_table *t = attr_table_new();
	struct attr_draft first = *d;
	struct update_writer w;
	struct attrs *x, *y;
	struct cursor c;

	if (!ip_is_set(&first.v.nexthop))
		first.v.nexthop = ip_of_v4(1);
	update_begin_reach(&w, &b, sizeof(buf), &first.v, ctx);
	FUZZ_CHECK(update_add(&w, &key, NULL));
	update_end(&w);
	FUZZ_CHECK(!b.full);
	c = cursor_of(buf + MSG_HEADER, put_len(&b) - MSG_HEADER);
	FUZZ_CHECK(update_decode(&c, ctx, &u) == BGP_OK);
	/* Unknown ones are marked partial by the first pass. */
	first.v.flags &= (uint16_t)~ATTRS_PARTIAL;
	u.draft.v.flags &= (uint16_t)~ATTRS_PARTIAL;
	x = attrs_intern(t, &first);
	y = attrs_intern(t, &u.draft);
	/* What was merged of AS4_PATH may be cut into segments otherwise. */
	FUZZ_CHECK(x == y || !ctx->as4);
	attrs_unref(t, x);
	attrs_unref(t, y);
	attr_table_free(t);
}

static void
routes(struct cursor c, bool addpath)
{
	struct nlri_info info;
	struct nlri key;
	const char *why;
	enum nlri_result r;

	do
		r = nlri_get(&c, addpath, &key, &info, &why);
	while (r != NLRI_END && r != NLRI_BROKEN);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct update u;
	struct cursor c = cursor_of(data, size);
	uint8_t how = get_u8(&c);
	struct attr_ctx ctx = { .as4 = how & 1, .ibgp = how & 2, .addpath = how & 4 };
	enum bgp_verdict verdict;

	if (size == 0)
		return 0;
	verdict = update_decode(&c, &ctx, &u);
	FUZZ_CHECK(verdict == u.verdict);
	FUZZ_CHECK((verdict == BGP_OK) == (u.err.code == 0));
	routes(u.reach, ctx.addpath);
	routes(u.unreach, ctx.addpath);
	if (verdict < BGP_WITHDRAW) {
		show(&u.draft.v);
		again(&u.draft, &ctx);
	}
	return 0;
}

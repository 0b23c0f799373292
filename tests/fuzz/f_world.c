/*
 * Whole sessions against the whole of lib: UPDATEs as they come from the wire, among devices,
 * configuration and hosts that come and go, with a kernel that refuses and forgets to tell.
 * Whatever happened: it settles, the kernel has what is wanted, and when the peers and all
 * else are gone nothing is left.
 *
 * An input is a list of steps, each a byte and its arguments: see step().
 */
#include "world.h"

#include "fuzz.h"

#define UPDATE_MAX 512

struct intake {
	struct world *w;
	struct rib_peer *peer;
	struct attrs *attrs; /* NULL: the routes go */
};

static bool
take(struct intake *in, struct cursor c, bool reach)
{
	enum nlri_result result;
	struct nlri_info info;
	struct nlri key;
	const char *why;

	while ((result = nlri_get(&c, false, &key, &info, &why)) != NLRI_END) {
		if (result == NLRI_BROKEN)
			return false;
		if (result == NLRI_UNKNOWN)
			key = rib_opaque(in->w->rib, &info, key.type);
		if (result != NLRI_BAD && reach && in->attrs != NULL)
			rib_update(in->w->rib, in->peer, &key, &info, in->attrs, 0,
			    in->w->now);
		else if (result != NLRI_BAD || key.type != 0)
			rib_withdraw(in->w->rib, in->peer, &key);
	}
	return true;
}

/* False: the session is to be reset. */
static bool
update(struct world *w, unsigned peer, struct cursor body)
{
	static struct update u;
	struct attr_ctx ctx = { .as4 = true, .ibgp = true };
	struct intake in = { .w = w, .peer = &w->peers[peer] };
	bool good = true;

	if (update_decode(&body, &ctx, &u) == BGP_RESET)
		return false;
	if (u.verdict < BGP_WITHDRAW) {
		attr_draft_scan(&u.draft);
		in.attrs = attrs_intern(w->attrs, &u.draft);
	}
	if (u.has_unreach && u.unreach_afi == AFI_L2VPN && u.unreach_safi == SAFI_EVPN)
		good = take(&in, u.unreach, false);
	if (good && u.has_reach && u.reach_afi == AFI_L2VPN &&
	    u.reach_safi == SAFI_EVPN)
		good = take(&in, u.reach, true);
	if (in.attrs != NULL)
		attrs_unref(w->attrs, in.attrs);
	return good;
}

/* 0 ... 199: a slot gets the value of the next byte; from 200 on: see below. */
static void
step(struct world *w, struct cursor *c)
{
	uint8_t what = get_u8(c), arg = get_u8(c);
	uint8_t body[UPDATE_MAX];
	size_t len;

	if (what < 200) {
		unsigned i = what % W_SLOTS;

		w_set(w, i, arg % w_slots[i].values);
	} else if (what < 230) { /* an UPDATE of so many bytes */
		len = get_u8(c);
		if (len > get_left(c))
			len = get_left(c);
		get_bytes(c, body, len);
		if (!update(w, arg % W_PEERS, cursor_of(body, len)))
			w_peer_down(w, arg % W_PEERS);
	} else if (what < 235) {
		w_peer_down(w, arg % W_PEERS);
	} else if (what < 240) {
		w->refuse = arg % 50;
		w->lose = arg / 8;
	} else if (what < 245) {
		w->now += (uint64_t)arg * 100;
	} else {
		(void)w_turn(w, 1 + arg % 32);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct world w;
	struct cursor c = cursor_of(data, size);

	w_init(&w, (uint32_t)size);
	for (unsigned n = 0; n < 300 && get_left(&c) > 0; n++)
		step(&w, &c);
	for (unsigned p = 0; p < W_PEERS; p++)
		w_peer_down(&w, p);
	w_clear(&w);
	w_fini(&w);
	return 0;
}

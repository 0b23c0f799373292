/*
 * world.h - a whole evpnd without sockets: peers, RIB, EVPN tables, kernel rows, and a kernel
 * in memory that refuses, forgets to tell, and interrupts dumps as often as it is told to.
 *
 * What the world is made of are slots: a device, a VNI's or VRF's block, a route of a peer, a
 * host or route of the kernel's. Each has a value (0: not there) and may be set at any time,
 * in any order. Where it ends must depend on the values alone, not on the way there: that is
 * what world_digest() is for. Hosts here and hosts of peers have different MACs: mobility has
 * a memory, and its own tests.
 */
#ifndef WORLD_H
#define WORLD_H

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgp/extcomm.h"
#include "bgp/update.h"
#include "evpn/state.h"
#include "rib/rib.h"

#define W_CHECK(cond)                                                              \
	do {                                                                       \
		if (!(cond)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond); \
			abort();                                                   \
		}                                                                  \
	} while (0)

#define W_PEERS 2
#define W_ROWS 8192
#define W_L3 5000
#define W_BR(vni) (1000 + (vni))
#define W_VX(vni) (11000 + (vni))
#define W_PORT(vni) (21000 + (vni))

enum w_kind {
	W_BRIDGE,
	W_VXLAN,
	W_ACCESS, /* a port with hosts behind it */
	W_GLOBAL,
	W_VNI,
	W_VRF,
	W_IMET,
	W_MAC,
	W_MACIP, /* with two labels and a router's MAC */
	W_PREFIX,
	W_LOCAL_MAC,
	W_LOCAL_IP,
	W_KROUTE,
};

static const struct w_slot {
	uint8_t kind;
	uint8_t values; /* 0 ... VALUES - 1 */
	uint8_t peer;   /* routes */
	uint16_t vni;
	uint8_t n; /* which host, prefix or VTEP */
} w_slots[] = {
	{ W_BRIDGE, 2, 0, 100, 0 },
	{ W_BRIDGE, 2, 0, 200, 0 },
	{ W_BRIDGE, 2, 0, W_L3, 0 },
	{ W_VXLAN, 3, 0, 100, 0 },
	{ W_VXLAN, 2, 0, 200, 0 },
	{ W_VXLAN, 3, 0, W_L3, 0 },
	{ W_ACCESS, 2, 0, 100, 0 },
	{ W_ACCESS, 2, 0, 200, 0 },
	{ W_GLOBAL, 4, 0, 0, 0 },
	{ W_VNI, 7, 0, 100, 0 },
	{ W_VNI, 7, 0, 200, 0 },
	{ W_VRF, 4, 0, W_L3, 0 },
#define W_PEER(p)                                                                     \
	{ W_IMET, 3, p, 100, 2 }, { W_IMET, 2, p, 200, 2 }, { W_IMET, 2, p, 100, 3 }, \
	    { W_MAC, 5, p, 100, 10 }, { W_MAC, 3, p, 100, 11 },                       \
	    { W_MAC, 3, p, 200, 10 }, { W_MACIP, 5, p, 100, 10 },                     \
	    { W_MACIP, 5, p, 100, 12 }, { W_MACIP, 3, p, 200, 13 },                   \
	    { W_PREFIX, 5, p, W_L3, 1 }, { W_PREFIX, 5, p, W_L3, 2 },                 \
	{                                                                             \
		W_PREFIX, 3, p, W_L3, 3                                               \
	}
	W_PEER(0),
	W_PEER(1),
	{ W_LOCAL_MAC, 2, 0, 100, 50 },
	{ W_LOCAL_MAC, 2, 0, 100, 51 },
	{ W_LOCAL_MAC, 2, 0, 200, 52 },
	{ W_LOCAL_IP, 2, 0, 100, 50 },
	{ W_LOCAL_IP, 2, 0, 200, 52 },
	{ W_KROUTE, 2, 0, 0, 2 },
	{ W_KROUTE, 3, 0, 0, 7 },
};

#define W_SLOTS (sizeof(w_slots) / sizeof(w_slots[0]))

struct w_row {
	struct kkey key;
	struct kval val;
};

struct world {
	struct attr_table *attrs;
	struct rib *rib;
	struct ktab *ktab;
	struct klinks *klinks;
	struct evpn *evpn;
	struct rib_peer peers[W_PEERS], self;
	uint64_t now;
	uint32_t seed;
	unsigned refuse; /* percent */
	unsigned lose; /* percent of events that nobody hears of; an overrun follows */
	bool lost;
	bool reimporting;
	struct nlri walk;
	uint8_t values[W_SLOTS];
	struct w_row rows[W_ROWS]; /* the kernel's */
	unsigned nrows;
};

static inline uint32_t
w_rnd(struct world *w, uint32_t n)
{
	w->seed = w->seed * 1664525 + 1013904223;
	return (uint32_t)(((uint64_t)w->seed * n) >> 32);
}

static inline struct ip
w_ip(uint32_t net, unsigned n)
{
	return ip_of_v4(net + n);
}

static inline struct mac
w_mac(unsigned n)
{
	return (struct mac){ { 2, 0, 0, 0, 0, (uint8_t)n } };
}

/* --- the kernel --- */

static inline struct w_row *
w_row(struct world *w, const struct kkey *key)
{
	for (unsigned i = 0; i < w->nrows; i++)
		if (memcmp(&w->rows[i].key, key, sizeof(*key)) == 0)
			return &w->rows[i];
	return NULL;
}

/* An event; lost ones end in an overrun, of which somebody does hear. */
static inline void
w_tell(struct world *w, const struct kkey *key)
{
	const struct w_row *r = w_row(w, key);

	if (w_rnd(w, 100) < w->lose) {
		w->lost = true;
		return;
	}
	if (ktab_managed(w->ktab, (enum kkind)key->kind, key->ifindex))
		ktab_have(w->ktab, key, r != NULL ? &r->val : NULL, w->now);
}

static inline void
w_put(struct world *w, const struct kkey *key, const struct kval *val, bool tell)
{
	struct w_row *r = w_row(w, key);

	if (val == NULL) {
		if (r == NULL)
			return;
		*r = w->rows[--w->nrows];
	} else {
		W_CHECK(r != NULL || w->nrows < W_ROWS);
		if (r == NULL)
			r = &w->rows[w->nrows++];
		*r = (struct w_row){ *key, *val };
	}
	if (tell)
		w_tell(w, key);
}

/* Entries of a device go with it. */
static inline void
w_forget_device(struct world *w, uint32_t ifindex)
{
	for (unsigned i = w->nrows; i-- > 0;) {
		const struct w_row *r = &w->rows[i];

		if (r->key.ifindex == ifindex ||
		    (r->key.kind == KOBJ_BRFDB && r->val.port == ifindex))
			w->rows[i] = w->rows[--w->nrows];
	}
}

static inline int
w_obey(struct world *w, const struct ktab_op *op)
{
	const struct w_row *r = w_row(w, &op->key);

	if (w_rnd(w, 100) < w->refuse) {
		static const int why[] = { -EBUSY, -ENOSPC, -ENOMEM, -EINVAL };

		return why[w_rnd(w, 4)];
	}
	if (op->op == KOP_DELETE) {
		if (r == NULL)
			return -ENOENT;
		w_put(w, &op->key, NULL, w_rnd(w, 2));
		return 0;
	}
	if (op->op == KOP_ADD && r != NULL && kkind_yields((enum kkind)op->key.kind))
		return -EEXIST;
	w_put(w, &op->key, &op->val, w_rnd(w, 2));
	return 0;
}

static inline void
w_requests(struct world *w, unsigned max)
{
	struct ktab_op op;

	while (max-- > 0 && ktab_next(w->ktab, w->now, &op)) {
		bool again = ktab_done(w->ktab, &op, w_obey(w, &op), w->now);

		while (again) {
			const struct w_row *r = w_row(w, &op.key);

			again = ktab_reread(
			    w->ktab, &op, r != NULL ? &r->val : NULL, w->now);
		}
	}
}

static inline void
w_dumps(struct world *w, unsigned max)
{
	enum kkind kind;
	uint32_t ifindex;

	if (w->lost) {
		w->lost = false;
		ktab_resync(w->ktab, 0);
	}
	while (max-- > 0 && ktab_dump_next(w->ktab, &kind, &ifindex)) {
		for (unsigned i = 0; i < w->nrows; i++)
			if (w->rows[i].key.kind == kind &&
			    w->rows[i].key.ifindex == ifindex)
				ktab_have_dumped(
				    w->ktab, &w->rows[i].key, &w->rows[i].val, w->now);
		ktab_dump_end(
		    w->ktab, kind, ifindex, w_rnd(w, 100) >= w->refuse, w->now);
	}
}

/* --- slots --- */

static inline uint8_t
w_value(const struct world *w, enum w_kind kind, uint16_t vni)
{
	for (unsigned i = 0; i < W_SLOTS; i++)
		if (w_slots[i].kind == kind && w_slots[i].vni == vni)
			return w->values[i];
	return 0;
}

static inline void
w_device(struct world *w, const struct w_slot *s, uint8_t value)
{
	static const uint32_t base[] = { W_BR(0), W_VX(0), W_PORT(0) };
	static const uint8_t kind[] = { KLINK_BRIDGE, KLINK_VXLAN, KLINK_VETH };
	static const char *const name[] = { "br", "vx", "p" };
	struct klink l = { .ifindex = base[s->kind] + s->vni,
		.kind = kind[s->kind],
		.up = value != 2,
		.running = value != 2,
		.mtu = 1500,
		.mac = { { 2, 0xbb, 0, 0, (uint8_t)(s->vni >> 8), (uint8_t)s->vni } } };

	snprintf(l.name, sizeof(l.name), "%s%u", name[s->kind], s->vni);
	if (value == 0) {
		w_forget_device(w, l.ifindex);
		klink_lost(w->klinks, l.ifindex);
		return;
	}
	if (s->kind != W_BRIDGE && w_value(w, W_BRIDGE, s->vni) != 0) {
		l.master = W_BR(s->vni);
		l.is_port = true;
	}
	if (s->kind == W_VXLAN) {
		l.vxlan.vni = s->vni;
		l.vxlan.port = 4789;
		l.vxlan.local = w_ip(0x0a000000, 5);
	}
	klink_have(w->klinks, &l);
}

static inline void
w_global(struct world *w, uint8_t value)
{
	struct evpn_conf c = { .on = value != 3,
		.advertise_all_vni = value != 2,
		.flooding_disable = value == 1,
		.as = 65000,
		.router_id = 0x0a000005,
		.dad_off = true,
		.source = w_ip(0x0a000000, 5),
		.anycast_mac = { { 0, 0, 0x5e, 0, 1, 1 } },
		.udp_port = 4789 };

	evpn_configure(w->evpn, &c);
}

static inline void
w_vni(struct world *w, const struct w_slot *s, uint8_t value)
{
	struct ecom rts[2];
	struct evi_conf c = { .explicit = true, .suppression = true };
	struct evi_gateway gw = { .ip = w_ip(0xc0a80000, 1), .plen = 24 };
	struct evi_static host = { .mac = w_mac(60), .ip = w_ip(0xc0a80000, 60) };
	struct ip vteps[] = { w_ip(0x0a000000, 2), w_ip(0x0a000000, 9) };

	W_CHECK(rt_parse("65000:100", &rts[0]) && rt_parse("65000:200", &rts[1]));
	if (value == 2)
		c.import = (struct rt_set){ rts, 2 };
	else if (value == 3)
		c.flood = EVI_FLOOD_DISABLE;
	else if (value == 5)
		c.flood = EVI_FLOOD_STATIC;
	c.vteps = vteps;
	c.nvteps = value == 5 ? 2 : 0;
	host.vtep = vteps[1];
	c.statics = &host;
	c.nstatics = value == 6;
	c.gateways = &gw;
	c.ngateways = value == 4;
	evpn_configure_vni(w->evpn, s->vni, value != 0 ? &c : NULL);
}

static inline void
w_vrf(struct world *w, const struct w_slot *s, uint8_t value)
{
	struct ecom rt;
	struct ipvrf_conf c = { .vni = s->vni };

	W_CHECK(rt_parse("65000:9999", &rt));
	c.prefix_routes_only = value == 3;
	c.advertise[IPVRF_V4] = value != 1;
	if (value == 2) {
		c.redistribute[IPVRF_V4] = IPVRF_KERNEL;
		c.import = (struct rt_set){ &rt, 1 };
	}
	evpn_configure_vrf(w->evpn, "default", value != 0 ? &c : NULL);
}

/* VALUE says by what the routes of one key differ. */
static inline struct attrs *
w_attrs(struct world *w, const struct w_slot *s, unsigned vtep, uint8_t value)
{
	struct attr_draft d = { .v = { .flags = ATTRS_LOCAL_PREF | ATTRS_MED } };
	struct mac rmac = { { 2, 0xaa, 0, 0, 0, (uint8_t)vtep } };
	struct ecom ext[5];
	uint16_t n = 0;

	d.v.nexthop = w_ip(0x0a000000, vtep);
	d.v.local_pref = 100 + (value == 4 ? 50 : 0);
	d.v.med = value == 3 ? 7 : 0;
	ext[n++] = ecom_encap(ENCAP_VXLAN);
	if (s->kind != W_PREFIX)
		ext[n++] = rt_of_as(65000, value == 2 ? 200 : s->vni);
	if (s->kind == W_PREFIX || s->kind == W_MACIP) {
		ext[n++] = rt_of_as(65000, value == 3 ? 9999 : W_L3);
		ext[n++] = ecom_rmac(&rmac);
	}
	d.v.ext = (struct blob){ ext[0].b, (uint16_t)(n * sizeof(ext[0])) };
	if (s->kind == W_IMET) {
		d.v.flags |= ATTRS_PMSI;
		d.v.pmsi =
		    (struct pmsi){ .type = 6, .label = s->vni, .tunnel = d.v.nexthop };
	}
	attr_draft_scan(&d);
	return attrs_intern(w->attrs, &d);
}

static inline void
w_route(struct world *w, const struct w_slot *s, uint8_t value)
{
	/* Both peers reflect: VTEP 2 is known from both, some hosts from one each. */
	unsigned vtep =
	    s->kind == W_IMET ? s->n : 2 + (s->n + s->peer * (s->n & 1)) % 2;
	struct nlri key = { .rd = rd_of_ip(0x0a000000 + vtep, s->vni) };
	struct nlri_info info = { .label = { s->vni, W_L3 }, .labels = 1 };
	struct attrs *a;

	if (s->kind == W_IMET) {
		key.type = NLRI_IMET;
		key.ip = w_ip(0x0a000000, vtep);
		info.labels = 0;
	} else if (s->kind == W_PREFIX) {
		key.type = NLRI_PREFIX;
		key.ip = w_ip(0xac100000, (unsigned)s->n << 8);
		key.plen = 24;
		info.label[0] = W_L3;
	} else {
		key.type = NLRI_MACIP;
		key.mac = w_mac(s->n);
		if (s->kind == W_MACIP) {
			key.ip = w_ip(0xc0a80000, s->n);
			info.labels = value == 4 ? 1 : 2;
		}
	}
	if (value == 0) {
		rib_withdraw(w->rib, &w->peers[s->peer], &key);
		return;
	}
	a = w_attrs(w, s, vtep, value);
	rib_update(w->rib, &w->peers[s->peer], &key, &info, a, 0, w->now);
	attrs_unref(w->attrs, a);
}

static inline void
w_kernels(struct world *w, const struct w_slot *s, uint8_t value, bool tell)
{
	struct mac mac = w_mac(s->n);
	struct ip ip = w_ip(0xc0a80000, s->n), none = { 0 };
	struct kkey key;
	struct kval val = { .state = NUD_REACHABLE };
	bool there = value != 0;

	if (s->kind == W_KROUTE) {
		struct prefix p = { .ip = w_ip(0xac100000, (unsigned)s->n << 8),
			.len = 24 };

		key = kkey_route(IPVRF_MAIN_TABLE, &p, value == 2 ? 50 : 0);
		val = kval_route_via(&none, 7, false);
		val.proto = value == 2 ? RTPROT_STATIC : RTPROT_BOOT;
		if (tell && !there) { /* whichever it was */
			key = kkey_route(IPVRF_MAIN_TABLE, &p, 50);
			w_put(w, &key, NULL, tell);
			key = kkey_route(IPVRF_MAIN_TABLE, &p, 0);
		}
	} else if (s->kind == W_LOCAL_MAC) {
		key = kkey_brfdb(W_BR(s->vni), 0, &mac);
		val.port = W_PORT(s->vni);
		there = there && w_value(w, W_BRIDGE, s->vni) != 0 &&
		    w_value(w, W_ACCESS, s->vni) != 0;
	} else {
		key = kkey_neigh(W_BR(s->vni), &ip);
		val.mac = mac;
		there = there && w_value(w, W_BRIDGE, s->vni) != 0;
	}
	w_put(w, &key, there ? &val : NULL, tell);
}

/* What stands on a device comes and goes with it. */
static inline void
w_follow(struct world *w, const struct w_slot *device)
{
	for (unsigned i = 0; i < W_SLOTS; i++) {
		const struct w_slot *s = &w_slots[i];

		if (s->vni != device->vni)
			continue;
		if (device->kind == W_BRIDGE &&
		    (s->kind == W_VXLAN || s->kind == W_ACCESS) && w->values[i] != 0)
			w_device(w, s, w->values[i]);
		if (s->kind == W_LOCAL_MAC || s->kind == W_LOCAL_IP)
			w_kernels(w, s, w->values[i], true);
	}
}

static inline void
w_set(struct world *w, unsigned i, uint8_t value)
{
	const struct w_slot *s = &w_slots[i];

	if (s->kind == W_KROUTE && value != w->values[i])
		w_kernels(w, s, 0, true);
	w->values[i] = value;
	switch ((enum w_kind)s->kind) {
	case W_BRIDGE:
	case W_VXLAN:
	case W_ACCESS:
		w_device(w, s, value);
		w_follow(w, s);
		break;
	case W_GLOBAL:
		w_global(w, value);
		break;
	case W_VNI:
		w_vni(w, s, value);
		break;
	case W_VRF:
		w_vrf(w, s, value);
		break;
	case W_IMET:
	case W_MAC:
	case W_MACIP:
	case W_PREFIX:
		w_route(w, s, value);
		break;
	case W_LOCAL_MAC:
	case W_LOCAL_IP:
	case W_KROUTE:
		w_kernels(w, s, value, true);
		break;
	}
}

/* The session of a peer ends: with it go its routes. */
static inline void
w_peer_down(struct world *w, unsigned peer)
{
	while (!rib_peer_flush(w->rib, &w->peers[peer], 7))
		continue;
	for (unsigned i = 0; i < W_SLOTS; i++)
		if (w_slots[i].kind >= W_IMET && w_slots[i].kind <= W_PREFIX &&
		    w_slots[i].peer == peer)
			w->values[i] = 0;
}

/* --- the path, as pipeline.c has it --- */

static inline struct evpn_path
w_view(const struct path *p)
{
	return (struct evpn_path){ .attrs = p->attrs,
		.label = p->label,
		.labels = p->labels,
		.peer = p->peer->id,
		.self = p->peer->self };
}

static inline bool
w_rib(struct world *w, unsigned budget)
{
	struct dest *d;

	while (budget-- > 0) {
		struct evpn_path view;
		struct path *best;

		if ((d = rib_changed(w->rib)) == NULL)
			return true;
		best = dest_best(d);
		if (best != NULL)
			view = w_view(best);
		evpn_route(
		    w->evpn, &d->nlri, d->carried, best != NULL ? &view : NULL, w->now);
		rib_carried(w->rib, d);
	}
	return false;
}

static inline bool
w_reimport(struct world *w, unsigned budget)
{
	struct dest *d;

	if (!w->reimporting && !evpn_wants_reimport(w->evpn))
		return true;
	if (!w->reimporting)
		w->walk = (struct nlri){ 0 };
	w->reimporting = true;
	for (d = rib_from(w->rib, &w->walk); d != NULL; d = rib_after(d)) {
		struct path *best = dest_best(d);

		if (budget-- == 0) {
			w->walk = d->nlri;
			return false;
		}
		if (d->changed) {
			d->touched = 1;
		} else if (best != NULL) {
			struct evpn_path view = w_view(best);

			evpn_reimport(w->evpn, &d->nlri, &view, w->now);
		}
	}
	w->reimporting = false;
	evpn_reimport_done(w->evpn);
	return true;
}

static inline void
w_origin(struct world *w, unsigned budget)
{
	struct evpn_origin o;

	while (budget-- > 0 && evpn_origin(w->evpn, &o)) {
		if (o.attrs == NULL) {
			rib_withdraw(w->rib, &w->self, &o.key);
			continue;
		}
		rib_update(w->rib, &w->self, &o.key, &o.info, o.attrs, 0, w->now);
		attrs_unref(w->attrs, o.attrs);
	}
}

/* One turn, with so much of each; true: nothing was left over. */
static inline bool
w_turn(struct world *w, unsigned budget)
{
	struct evpn_probe probe;
	struct klink *l;
	struct krow *r;
	bool idle = true;

	(void)evpn_tick(w->evpn, w->now);
	while ((l = klink_changed(w->klinks)) != NULL) {
		if (l->gone)
			ktab_device_gone(w->ktab, l->ifindex, w->now);
		evpn_link(w->evpn, l);
	}
	while ((r = ktab_heard(w->ktab)) != NULL)
		evpn_heard(w->evpn, r, w->now);
	idle = w_rib(w, budget) && idle;
	idle = w_reimport(w, budget) && idle;
	idle = evpn_drain(w->evpn, budget, w->now) && idle;
	w_origin(w, budget);
	idle = w_rib(w, budget) && idle;
	w_dumps(w, budget);
	w_requests(w, budget);
	while (evpn_probe(w->evpn, &probe)) /* nobody answers */
		continue;
	return idle && !evpn_wants_reimport(w->evpn);
}

/* Nobody disturbs any more, and as much time passes as anything here may take. */
static inline void
w_settle(struct world *w)
{
	uint64_t end = w->now + 1000000;
	unsigned quiet = 0;

	w->refuse = w->lose = 0;
	w->lost = true; /* whatever nobody heard of */
	while (w->now < end || quiet < 4) {
		uint64_t next, k;

		quiet = w_turn(w, 500) ? quiet + 1 : 0;
		W_CHECK(w->now < end + 1000000);
		w->now++;
		if (quiet < 3)
			continue;
		next = evpn_tick(w->evpn, w->now);
		k = ktab_deadline(w->ktab);
		next = k < next ? k : next;
		if (next > w->now)
			w->now = next < end ? next : end;
	}
}

static inline void
w_init(struct world *w, uint32_t seed)
{
	*w = (struct world){ .now = 1000000, .seed = seed };
	w->attrs = attr_table_new();
	w->rib = rib_new(w->attrs);
	w->ktab = ktab_new();
	w->klinks = klinks_new();
	w->evpn = evpn_new(w->attrs, w->ktab, w->klinks);
	ktab_release(w->ktab, 0);
	w->self.self = true;
	LIST_INIT(&w->self.list);
	for (unsigned p = 0; p < W_PEERS; p++) {
		w->peers[p] = (struct rib_peer){ .addr = w_ip(0x0a000000, 100 + p),
			.router_id = 0x0a000064 + p,
			.as = 65000,
			.ibgp = true,
			.id = (uint16_t)(p + 1) };
		LIST_INIT(&w->peers[p].list);
	}
	w_global(w, 0);
}

static inline void
w_fini(struct world *w)
{
	for (unsigned p = 0; p < W_PEERS; p++)
		w_peer_down(w, p);
	while (!rib_peer_flush(w->rib, &w->self, 1000))
		continue;
	evpn_free(w->evpn);
	rib_free(w->rib);
	W_CHECK(attr_table_count(w->attrs) == 0);
	attr_table_free(w->attrs);
	ktab_free(w->ktab);
	klinks_free(w->klinks);
}

/* --- where it stands --- */

struct digest {
	char **line;
	size_t n, room;
};

static inline void
digest_add(struct digest *d, const char *text)
{
	if (d->n == d->room) {
		d->room = d->room * 2 + 64;
		d->line = realloc(d->line, d->room * sizeof(*d->line));
		W_CHECK(d->line != NULL);
	}
	d->line[d->n++] = strdup(text);
}

static inline int
digest_cmp(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static inline void
digest_path(struct digest *d, const struct dest *dest, const struct path *p)
{
	const struct attr_value *v = &p->attrs->v;
	char text[1024];
	size_t n;

	n = (size_t)snprintf(text, sizeof(text), "rib %s %s from %u via %s labels",
	    RDSTR(&dest->nlri.rd), NLRISTR(&dest->nlri),
	    p->peer->self ? 0u : p->peer->id, IPSTR(&v->nexthop));
	for (unsigned i = 0; i < p->labels; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " %u", p->label[i]);
	n += (size_t)snprintf(
	    text + n, sizeof(text) - n, " pref %u med %u ext ", v->local_pref, v->med);
	for (unsigned i = 0; i < v->ext.len && n + 3 < sizeof(text); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%02x", v->ext.p[i]);
	digest_add(d, text);
}

/* The kernel, as it really is, and the RIB, in lines. */
static inline struct digest
world_digest(struct world *w)
{
	static const struct nlri first;
	struct digest d = { 0 };
	char a[KOBJ_STRLEN], b[KOBJ_STRLEN], text[2 * KOBJ_STRLEN + 16];

	for (unsigned i = 0; i < w->nrows; i++) {
		const struct w_row *r = &w->rows[i];

		snprintf(text, sizeof(text), "kernel dev %u %s %s", r->key.ifindex,
		    kkey_str(a, &r->key), kval_str(b, &r->key, &r->val));
		digest_add(&d, text);
	}
	for (struct dest *x = rib_from(w->rib, &first); x != NULL; x = rib_after(x))
		for (const struct path *p = x->paths; p != NULL; p = p->next)
			digest_path(&d, x, p);
	if (d.n > 0)
		qsort(d.line, d.n, sizeof(*d.line), digest_cmp);
	return d;
}

static inline void
digest_free(struct digest *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->line[i]);
	free(d->line);
}

static inline void
digest_print(const struct digest *d)
{
	for (size_t i = 0; i < d->n; i++)
		printf("%s\n", d->line[i]);
}

/* Says what is in one only; true: nothing. */
static inline bool
digest_same(const struct digest *a, const struct digest *b, const char *names)
{
	size_t i = 0, k = 0, differ = 0;

	while (i < a->n || k < b->n) {
		int c = i == a->n ? 1 : k == b->n ? -1 : strcmp(a->line[i], b->line[k]);

		if (c == 0) {
			i++;
			k++;
			continue;
		}
		if (differ++ == 0)
			fprintf(stderr, "%s:\n", names);
		fprintf(stderr, "  %c %s\n", c < 0 ? '-' : '+',
		    c < 0 ? a->line[i++] : b->line[k++]);
	}
	return differ == 0;
}

/* The kernel has what is wanted and nothing else of ours. */
static inline void
w_verify(struct world *w)
{
	struct ktab_stats s;

	ktab_stats(w->ktab, &s);
	W_CHECK(s.differing == 0);
	W_CHECK(s.inflight == 0);
	for (unsigned i = 0; i < w->nrows; i++) {
		const struct w_row *row = &w->rows[i];
		struct krow *r = ktab_find(w->ktab, &row->key);

		if (!ktab_managed(w->ktab, (enum kkind)row->key.kind, row->key.ifindex))
			continue;
		W_CHECK(r != NULL && r->present);
		W_CHECK(kval_same(&row->key, KROW_HAVE(r), &row->val));
		W_CHECK(!r->ours || r->wanted);
	}
}

/* Everything goes: then nothing of ours is left, anywhere. */
static inline void
w_clear(struct world *w)
{
	struct rib_stats s;

	for (unsigned i = W_SLOTS; i-- > 0;)
		w_set(w, i, 0);
	w_settle(w);
	w_verify(w);
	W_CHECK(w->nrows == 0);
	rib_stats(w->rib, &s);
	W_CHECK(s.dests == 0 && s.paths == 0);
}

#endif

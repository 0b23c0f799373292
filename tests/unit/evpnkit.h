/*
 * evpnkit.h - what the tests of lib/evpn share: a host with bridges and vxlan devices, a
 * kernel that obeys, a RIB as small as can be, routes and hosts made by number.
 */
#ifndef EVPNKIT_H
#define EVPNKIT_H

#include <stdio.h>

#include <linux/neighbour.h>

#include "bgp/extcomm.h"
#include "evpn/state.h"

#define KIT_ROUTES 512
#define BR(vni) (1000 + (vni)) /* ifindex of a VNI's bridge */
#define VX(vni) (2000 + (vni))
#define PORT(vni) (3000 + (vni))
#define SENSOR(vni) (4000 + (vni))
#define LABEL_OF_RT UINT32_MAX

struct kit_route {
	struct nlri key;
	struct attrs *attrs;
	uint32_t label[2];
	uint8_t labels;
	bool self; /* one of our own */
};

struct kit {
	struct attr_table *attrs;
	struct ktab *ktab;
	struct klinks *klinks;
	struct evpn *evpn;
	struct evpn_conf conf;
	uint64_t now;
	struct kit_route routes[KIT_ROUTES]; /* from peers */
	unsigned nroutes;
	struct kit_route own[KIT_ROUTES]; /* as evpn_origin() told */
	unsigned nown;
	unsigned announced, withdrawn; /* how often */
};

static inline struct ip
kit_vtep(unsigned n)
{
	return ip_of_v4(0x0a000000 + n);
}

static inline struct mac
kit_mac(unsigned n)
{
	return (struct mac){ { 2, 0, 0, 0, (uint8_t)(n >> 8), (uint8_t)n } };
}

/* 192.168.0.N; 0: none. */
static inline struct ip
kit_ip(unsigned n)
{
	return n != 0 ? ip_of_v4(0xc0a80000 + n) : (struct ip){ 0 };
}

/* 239.1.1.N; 0: none. */
static inline struct ip
kit_group(unsigned n)
{
	return n != 0 ? ip_of_v4(0xef010100 + n) : (struct ip){ 0 };
}

static inline void
kit_init(struct kit *k)
{
	*k = (struct kit){ .now = 1000000 };
	k->attrs = attr_table_new();
	k->ktab = ktab_new();
	k->klinks = klinks_new();
	k->evpn = evpn_new(k->attrs, k->ktab, k->klinks);
	ktab_release(k->ktab, 0);
	k->conf = (struct evpn_conf){ .on = true,
		.advertise_all_vni = true,
		.as = 65000,
		.router_id = 0x0a000005,
		.source = kit_vtep(5),
		.udp_port = 4789 };
	evpn_configure(k->evpn, &k->conf);
}

/* --- the kernel --- */

static inline void
kit_link(struct kit *k, const struct klink *l)
{
	klink_have(k->klinks, l);
}

static inline struct klink
kit_bridge(unsigned vni)
{
	struct klink l = { .ifindex = BR(vni),
		.kind = KLINK_BRIDGE,
		.up = true,
		.running = true,
		.mtu = 1500,
		.mac = { { 2, 0xbb, 0, 0, (uint8_t)(vni >> 8), (uint8_t)vni } } };

	snprintf(l.name, sizeof(l.name), "br%u", vni);
	return l;
}

static inline struct klink
kit_vxlan(unsigned vni)
{
	struct klink l = { .ifindex = VX(vni),
		.kind = KLINK_VXLAN,
		.up = true,
		.running = true,
		.master = BR(vni),
		.is_port = true };

	snprintf(l.name, sizeof(l.name), "vx%u", vni);
	l.vxlan.vni = vni;
	l.vxlan.port = 4789;
	l.vxlan.local = kit_vtep(5);
	return l;
}

static inline struct klink
kit_port(unsigned vni)
{
	struct klink l = { .ifindex = PORT(vni),
		.kind = KLINK_VETH,
		.up = true,
		.running = true,
		.master = BR(vni),
		.is_port = true };

	snprintf(l.name, sizeof(l.name), "veth%u", vni);
	return l;
}

/* The device that hears of unknown MACs, all set up. */
static inline struct klink
kit_sensor(unsigned vni)
{
	struct klink l = { .ifindex = SENSOR(vni),
		.kind = KLINK_VXLAN,
		.up = true,
		.running = true,
		.ours = true,
		.master = BR(vni),
		.is_port = true };

	snprintf(l.name, sizeof(l.name), "sensor%u", vni);
	l.vxlan.vni = vni;
	l.vxlan.port = SENSOR_PORT;
	l.vxlan.l2miss = true;
	l.port.flood = true;
	return l;
}

static inline void
kit_devices(struct kit *k, unsigned vni)
{
	struct klink br = kit_bridge(vni), vx = kit_vxlan(vni), port = kit_port(vni);

	kit_link(k, &br);
	kit_link(k, &vx);
	kit_link(k, &port);
}

/* --- everything carried on until nothing is left to do --- */

static inline struct kit_route *
kit_own(struct kit *k, const struct nlri *key)
{
	for (unsigned i = 0; i < k->nown; i++)
		if (nlri_cmp(&k->own[i].key, key) == 0)
			return &k->own[i];
	return NULL;
}

static inline struct evpn_path
kit_path(struct kit_route *r)
{
	return (struct evpn_path){ .attrs = r->attrs,
		.label = r->label,
		.labels = r->labels,
		.self = r->self,
		.peer = 1 };
}

/* As the RIB does: what we announce comes back as our own. */
static inline void
kit_take_origin(struct kit *k, const struct evpn_origin *o)
{
	struct kit_route *r = kit_own(k, &o->key);
	struct attrs *old = r != NULL ? r->attrs : NULL;
	struct evpn_path p;

	if (o->attrs == NULL) {
		k->withdrawn++;
		ck_assert_ptr_nonnull(r);
		evpn_route(k->evpn, &o->key, old, NULL, k->now);
		attrs_unref(k->attrs, old);
		*r = k->own[--k->nown];
		return;
	}
	k->announced++;
	if (r == NULL) {
		ck_assert_uint_lt(k->nown, KIT_ROUTES);
		r = &k->own[k->nown++];
		*r = (struct kit_route){ .key = o->key, .self = true };
	}
	r->attrs = o->attrs;
	memcpy(r->label, o->info.label, sizeof(r->label));
	r->labels = o->info.labels;
	p = kit_path(r);
	evpn_route(k->evpn, &o->key, old, &p, k->now);
	if (old != NULL)
		attrs_unref(k->attrs, old);
}

static inline void
kit_obey(struct kit *k)
{
	enum kkind kind;
	uint32_t ifindex;
	struct ktab_op op;

	while (ktab_dump_next(k->ktab, &kind, &ifindex))
		ktab_dump_end(k->ktab, kind, ifindex, true, k->now);
	while (ktab_next(k->ktab, k->now, &op))
		ck_assert(!ktab_done(k->ktab, &op, 0, k->now));
}

/* Hands everything over once; BUDGET rows of the drain. */
static inline bool
kit_turn(struct kit *k, unsigned budget)
{
	struct evpn_origin o;
	struct klink *l;
	struct krow *r;
	bool done;

	while ((l = klink_changed(k->klinks)) != NULL) {
		if (l->gone)
			ktab_device_gone(k->ktab, l->ifindex, k->now);
		evpn_link(k->evpn, l);
	}
	while ((r = ktab_heard(k->ktab)) != NULL)
		evpn_heard(k->evpn, r, k->now);
	done = evpn_drain(k->evpn, budget, k->now);
	if (done && evpn_wants_reimport(k->evpn)) {
		for (unsigned i = 0; i < k->nroutes; i++) {
			struct evpn_path p = kit_path(&k->routes[i]);

			evpn_reimport(k->evpn, &k->routes[i].key, &p, k->now);
		}
		for (unsigned i = 0; i < k->nown; i++) {
			struct evpn_path p = kit_path(&k->own[i]);

			evpn_reimport(k->evpn, &k->own[i].key, &p, k->now);
		}
		evpn_reimport_done(k->evpn);
		done = false;
	}
	while (evpn_origin(k->evpn, &o))
		kit_take_origin(k, &o);
	return done;
}

static inline void
kit_settle(struct kit *k)
{
	struct ktab_stats s;

	for (unsigned i = 0; i < 1000; i++) {
		if (!kit_turn(k, 1000))
			continue;
		kit_obey(k);
		if (!kit_turn(k, 1000))
			continue;
		ktab_stats(k->ktab, &s);
		if (s.differing == 0)
			return;
	}
	ck_abort_msg("does not settle");
}

/* Time passes, a second at a time; counts the probes sent. */
static inline unsigned
kit_wait(struct kit *k, unsigned seconds)
{
	struct evpn_probe p;
	unsigned n = 0;

	while (seconds-- > 0) {
		k->now += 1000;
		evpn_tick(k->evpn, k->now);
		kit_settle(k);
		while (evpn_probe(k->evpn, &p))
			n++;
	}
	return n;
}

/* --- routes --- */

struct kit_spec {
	unsigned vni, vtep, mac, ip;
	uint32_t seq;
	bool sticky, imet, gateway;
	uint16_t encap; /* 0: VXLAN; UINT16_MAX: none */
	const char *rt; /* NULL: 65000:VNI */
	uint32_t label; /* 0: the VNI */
	unsigned group; /* type 3: 239.1.1.N by PIM-SM; 0: ingress replication */
};

static inline struct attrs *
kit_attrs(struct kit *k, const struct kit_spec *s)
{
	struct attr_draft d = { 0 };
	struct ecom ext[4];
	uint16_t n = 0;

	d.v.nexthop = kit_vtep(s->vtep);
	if (s->encap != UINT16_MAX)
		ext[n++] = ecom_encap(s->encap != 0 ? s->encap : ENCAP_VXLAN);
	ext[n] = rt_of_as(65000, s->vni);
	if (s->rt != NULL)
		ck_assert(rt_parse(s->rt, &ext[n]));
	n++;
	if (s->seq > 0 || s->sticky)
		ext[n++] = ecom_mobility(s->seq, s->sticky);
	d.v.ext = (struct blob){ ext[0].b, (uint16_t)(n * sizeof(ext[0])) };
	if (s->imet) {
		d.v.flags |= ATTRS_PMSI;
		d.v.pmsi = (struct pmsi){
			.type = 6, .label = s->vni, .tunnel = kit_vtep(s->vtep)
		};
		if (s->group != 0) {
			d.v.pmsi.type = PMSI_PIM_SM;
			d.v.pmsi.tunnel = kit_group(s->group);
		}
	}
	attr_draft_scan(&d);
	return attrs_intern(k->attrs, &d);
}

static inline struct nlri
kit_key(const struct kit_spec *s)
{
	struct nlri key = { .rd = rd_of_ip(0x0a000000 + s->vtep, (uint16_t)s->vni),
		.type = s->imet ? NLRI_IMET : NLRI_MACIP };

	if (s->imet) {
		key.ip = kit_vtep(s->vtep);
	} else {
		key.mac = kit_mac(s->mac);
		key.ip = kit_ip(s->ip);
	}
	return key;
}

static inline struct kit_route *
kit_find(struct kit *k, const struct nlri *key)
{
	for (unsigned i = 0; i < k->nroutes; i++)
		if (nlri_cmp(&k->routes[i].key, key) == 0)
			return &k->routes[i];
	return NULL;
}

static inline void
kit_route(struct kit *k, const struct kit_spec *s)
{
	struct nlri key = kit_key(s);
	struct kit_route *r = kit_find(k, &key);
	struct attrs *old = NULL;
	struct evpn_path p;

	if (r == NULL) {
		ck_assert_uint_lt(k->nroutes, KIT_ROUTES);
		r = &k->routes[k->nroutes++];
		*r = (struct kit_route){ .key = key };
	}
	old = r->attrs;
	r->attrs = kit_attrs(k, s);
	r->label[0] = s->label != 0 ? s->label : s->vni;
	r->labels = s->imet ? 0 : 1;
	p = kit_path(r);
	evpn_route(k->evpn, &key, old, &p, k->now);
	if (old != NULL)
		attrs_unref(k->attrs, old);
}

static inline void
kit_withdraw(struct kit *k, const struct kit_spec *s)
{
	struct nlri key = kit_key(s);
	struct kit_route *r = kit_find(k, &key);

	if (r == NULL)
		return;
	evpn_route(k->evpn, &key, r->attrs, NULL, k->now);
	attrs_unref(k->attrs, r->attrs);
	*r = k->routes[--k->nroutes];
}

/* --- hosts --- */

static inline void
kit_fdb(struct kit *k, unsigned vni, unsigned mac, uint16_t state, uint8_t flags)
{
	struct mac m = kit_mac(mac);
	struct kkey key = kkey_brfdb(BR(vni), 0, &m);
	struct kval val = { .port = PORT(vni), .state = state, .flags = flags };

	ktab_have(k->ktab, &key, state != 0 ? &val : NULL, k->now);
}

static inline void
kit_learn(struct kit *k, unsigned vni, unsigned mac)
{
	kit_fdb(k, vni, mac, NUD_REACHABLE, 0);
}

static inline void
kit_age(struct kit *k, unsigned vni, unsigned mac)
{
	struct mac m = kit_mac(mac);
	struct kkey key = kkey_brfdb(BR(vni), 0, &m);
	struct krow *r = ktab_find(k->ktab, &key);

	if (r != NULL && krow_is_local(r))
		ktab_have(k->ktab, &key, NULL, k->now);
}

static inline void
kit_snoop(struct kit *k, unsigned vni, unsigned mac, unsigned ip)
{
	struct mac m = kit_mac(mac);
	struct ip a = kit_ip(ip);

	evpn_snooped(k->evpn, PORT(vni), 0, &m, &a, k->now);
}

/* --- looking --- */

/* VTEP to which the kernel is to send a MAC: N of 10.0.0.N; 0: none. */
static inline unsigned
kit_dst(struct kit *k, unsigned vni, unsigned mac)
{
	struct mac m = kit_mac(mac);
	struct kkey vx = kkey_vxfdb(VX(vni), 0, &m), br = kkey_brfdb(BR(vni), 0, &m);
	struct krow *v = ktab_find(k->ktab, &vx), *b = ktab_find(k->ktab, &br);
	bool on_vx = v != NULL && v->wanted, on_br = b != NULL && b->wanted;

	ck_assert_int_eq(on_vx, on_br);
	if (!on_vx)
		return 0;
	ck_assert_uint_eq(krow_want(b).port, VX(vni));
	return ip_v4(&KROW_WANT(v)->ip) & 0xff;
}

/* MAC that the neighbour table is to have for an IP; 0: none. */
static inline unsigned
kit_neigh(struct kit *k, unsigned vni, unsigned ip)
{
	struct ip a = kit_ip(ip);
	struct kkey key = kkey_neigh(BR(vni), &a);
	struct krow *r = ktab_find(k->ktab, &key);

	if (r == NULL || !r->wanted)
		return 0;
	return krow_want(r).mac.b[4] << 8 | krow_want(r).mac.b[5];
}

static inline bool
kit_floods(struct kit *k, unsigned vni, unsigned vtep)
{
	struct ip a = kit_vtep(vtep);
	struct kkey key = kkey_flood(VX(vni), 0, &a);
	struct krow *r = ktab_find(k->ktab, &key);

	return r != NULL && r->wanted;
}

/* Sequence number of our route for a MAC (and IP); -1: none; + 1000: sticky. */
static inline int
kit_seq(struct kit *k, unsigned vni, unsigned mac, unsigned ip)
{
	struct nlri key = { .type = NLRI_MACIP, .mac = kit_mac(mac), .ip = kit_ip(ip) };
	struct kit_route *r;

	key.rd = rd_of_ip(0x0a000005, (uint16_t)vni);
	r = kit_own(k, &key);
	if (r == NULL)
		return -1;
	ck_assert_uint_eq(r->label[0], vni);
	return (int)r->attrs->v.mm_seq + (r->attrs->v.flags & ATTRS_STICKY ? 1000 : 0);
}

static inline bool
kit_imet(struct kit *k, unsigned vni)
{
	struct nlri key = { .type = NLRI_IMET, .ip = kit_vtep(5) };

	key.rd = rd_of_ip(0x0a000005, (uint16_t)vni);
	return kit_own(k, &key) != NULL;
}

static inline void
kit_fini(struct kit *k)
{
	evpn_free(k->evpn);
	for (unsigned i = 0; i < k->nroutes; i++)
		attrs_unref(k->attrs, k->routes[i].attrs);
	for (unsigned i = 0; i < k->nown; i++)
		attrs_unref(k->attrs, k->own[i].attrs);
	ck_assert_uint_eq(attr_table_count(k->attrs), 0);
	attr_table_free(k->attrs);
	ktab_free(k->ktab);
	klinks_free(k->klinks);
}

#endif

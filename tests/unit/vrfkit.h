/*
 * vrfkit.h - what the tests of IP-VRFs share besides evpnkit.h: VRFs with their devices, type
 * 5 routes and hosts' routes with two labels, the kernel's routes, and how a prefix goes.
 */
#ifndef VRFKIT_H
#define VRFKIT_H

#include "evpnkit.h"

#include <limits.h>
#include <linux/rtnetlink.h>

#define L3 5000   /* of VRF "default", table 254 */
#define BLUE 7500 /* of VRF "blue", table 1000 */
#define L2 100    /* an EVI in "default" */
#define MAIN IPVRF_MAIN_TABLE
#define BLUE_TABLE 1000
#define BLUE_DEV 20000

struct vk_spec {
	unsigned vtep;
	const char *prefix; /* type 5; NULL: type 2 of HOST */
	const char *host;
	unsigned mac;  /* type 2 */
	unsigned rmac; /* 0: that of the VTEP; UINT_MAX: none */
	uint32_t label;
	unsigned rd; /* 0: 1 */
	unsigned l2; /* type 2: first label; 0: another host's VNI, 999 */
	const char *gateway;
	uint32_t pref, med, seq, as;
	uint8_t origin;
	uint8_t esi;
	bool sticky;
	const char *rt; /* NULL: 65000:L3 */
	const char *vtep6;
};

static inline struct mac
vk_rmac(unsigned n)
{
	return (struct mac){ { 2, 0xaa, 0, 0, (uint8_t)(n >> 8), (uint8_t)n } };
}

static inline struct ip
vk_ip(const char *s)
{
	struct ip ip;

	ck_assert(ip_parse(s, &ip));
	return ip;
}

static inline struct prefix
vk_prefix(const char *s)
{
	struct prefix p;

	ck_assert(prefix_parse(s, &p));
	return p;
}

/* --- VRFs --- */

/* A bridge and vxlan device for an L3 VNI; MASTER 0: the default VRF's. */
static inline void
vk_l3_devices(struct kit *k, unsigned vni, uint32_t master)
{
	struct klink br = kit_bridge(vni), vx = kit_vxlan(vni);

	br.master = master;
	kit_link(k, &br);
	kit_link(k, &vx);
}

static inline void
vk_blue_devices(struct kit *k)
{
	struct klink l = { .ifindex = BLUE_DEV,
		.name = "blue",
		.kind = KLINK_VRF,
		.up = true,
		.running = true,
		.table = BLUE_TABLE };

	kit_link(k, &l);
	vk_l3_devices(k, BLUE, BLUE_DEV);
}

static inline void
vk_configure(struct kit *k, const char *name, struct ipvrf_conf c)
{
	struct ecom rts[2];

	ck_assert(rt_parse("65000:5000", &rts[0]) && rt_parse("65000:7500", &rts[1]));
	if (c.import.n == UINT16_MAX) /* both VRFs' */
		c.import = (struct rt_set){ rts, 2 };
	evpn_configure_vrf(k->evpn, name, &c);
}

/* The default VRF with its L3 VNI, and an EVI in it. */
static inline void
vk_init(struct kit *k)
{
	kit_init(k);
	vk_l3_devices(k, L3, 0);
	kit_devices(k, L2);
	vk_configure(k, "default", (struct ipvrf_conf){ .vni = L3 });
	kit_settle(k);
}

static inline struct ipvrf *
vk_vrf(struct kit *k, const char *name)
{
	struct ipvrf *v = ipvrf_find(k->evpn, name);

	ck_assert_ptr_nonnull(v);
	return v;
}

/* --- routes --- */

static inline struct nlri
vk_key(const struct vk_spec *s)
{
	uint16_t rd = (uint16_t)(s->rd != 0 ? s->rd : 1);
	struct nlri key = { .rd = rd_of_ip(0x0a000000 + s->vtep, rd),
		.type = s->prefix != NULL ? NLRI_PREFIX : NLRI_MACIP };
	struct prefix p;

	if (s->prefix != NULL) {
		p = vk_prefix(s->prefix);
		key.ip = p.ip;
		key.plen = p.len;
	} else {
		key.mac = kit_mac(s->mac);
		key.ip = vk_ip(s->host);
	}
	return key;
}

static inline struct attrs *
vk_attrs(struct kit *k, const struct vk_spec *s)
{
	struct attr_draft d = { 0 };
	struct ecom ext[5];
	uint16_t n = 0;
	struct mac rmac = vk_rmac(s->rmac != 0 ? s->rmac : s->vtep);
	uint8_t path[6] = { 2, 1 };

	d.v.nexthop = s->vtep6 != NULL ? vk_ip(s->vtep6) : kit_vtep(s->vtep);
	ext[n++] = ecom_encap(ENCAP_VXLAN);
	ck_assert(rt_parse(s->rt != NULL ? s->rt : "65000:5000", &ext[n]));
	n++;
	if (s->prefix == NULL)
		ext[n++] = rt_of_as(65000, s->l2);
	if (s->seq > 0 || s->sticky)
		ext[n++] = ecom_mobility(s->seq, s->sticky);
	if (s->rmac != UINT_MAX)
		ext[n++] = ecom_rmac(&rmac);
	d.v.ext = (struct blob){ ext[0].b, (uint16_t)(n * sizeof(ext[0])) };
	if (s->pref != 0) {
		d.v.flags |= ATTRS_LOCAL_PREF;
		d.v.local_pref = s->pref;
	}
	d.v.flags |= ATTRS_MED;
	d.v.med = s->med;
	d.v.origin = s->origin;
	d.v.esi.b[0] = s->esi;
	if (s->gateway != NULL)
		d.v.gateway = vk_ip(s->gateway);
	if (s->as != 0) {
		path[4] = (uint8_t)(s->as >> 8);
		path[5] = (uint8_t)s->as;
		d.v.aspath = (struct blob){ path, sizeof(path) };
	}
	attr_draft_scan(&d);
	return attrs_intern(k->attrs, &d);
}

static inline void
vk_route(struct kit *k, const struct vk_spec *s)
{
	struct nlri key = vk_key(s);
	struct kit_route *r = kit_find(k, &key);
	struct attrs *old;
	struct evpn_path p;

	if (r == NULL) {
		ck_assert_uint_lt(k->nroutes, KIT_ROUTES);
		r = &k->routes[k->nroutes++];
		*r = (struct kit_route){ .key = key };
	}
	old = r->attrs;
	r->attrs = vk_attrs(k, s);
	if (s->prefix != NULL) {
		r->label[0] = s->label;
		r->labels = 1;
	} else {
		r->label[0] = s->l2 != 0 ? s->l2 : 999;
		r->label[1] = s->label;
		r->labels = s->label != 0 ? 2 : 1;
	}
	p = kit_path(r);
	evpn_route(k->evpn, &key, old, &p, k->now);
	if (old != NULL)
		attrs_unref(k->attrs, old);
}

static inline void
vk_withdraw(struct kit *k, const struct vk_spec *s)
{
	struct nlri key = vk_key(s);
	struct kit_route *r = kit_find(k, &key);

	if (r == NULL)
		return;
	evpn_route(k->evpn, &key, r->attrs, NULL, k->now);
	attrs_unref(k->attrs, r->attrs);
	*r = k->routes[--k->nroutes];
}

/* --- the kernel's routes --- */

/* PROTO 0: it goes. */
static inline void
vk_kernel(struct kit *k, uint32_t table, const char *prefix, uint32_t metric,
    uint8_t proto, const char *gateway, uint32_t port)
{
	struct prefix p = vk_prefix(prefix);
	struct ip gw = gateway != NULL ? vk_ip(gateway) : (struct ip){ 0 };
	struct kkey key = kkey_route(table, &p, metric);
	struct kval val = kval_route_via(&gw, port, false);

	val.proto = proto;
	ktab_have(k->ktab, &key, proto != 0 ? &val : NULL, k->now);
}

/* --- how a prefix goes --- */

static inline struct krow *
vk_wanted(struct kit *k, const struct kkey *key)
{
	struct krow *r = ktab_find(k->ktab, key);

	return r != NULL && r->wanted ? r : NULL;
}

static inline struct krow *
vk_route_row(struct kit *k, uint32_t table, const char *prefix)
{
	struct prefix p = vk_prefix(prefix);
	struct kkey key = kkey_route(table, &p, 20);

	return vk_wanted(k, &key);
}

/* One next hop: "2" for VTEP 10.0.0.2 with all that it needs, "@GATEWAY" on an EVI. */
static inline void
vk_hop(struct kit *k, uint32_t id, char *text, size_t len)
{
	struct kkey key = kkey_nexthop(id), neigh, vx;
	struct krow *nh = vk_wanted(k, &key), *n, *f;
	unsigned vni;

	ck_assert_ptr_nonnull(nh);
	ck_assert(krow_want(nh).flags & KNH_ONLINK);
	ck_assert_uint_eq(id >> 24, 0x5b);
	vni = krow_want(nh).port - BR(0);
	if (vni != L3 && vni != BLUE) {
		snprintf(text, len, "@%s", IPSTR(&KROW_WANT(nh)->ip));
		return;
	}
	neigh = kkey_neigh(krow_want(nh).port, &KROW_WANT(nh)->ip);
	n = vk_wanted(k, &neigh);
	ck_assert_ptr_nonnull(n);
	vx = kkey_vxfdb(VX(vni), 0, &KROW_WANT(n)->mac);
	f = vk_wanted(k, &vx);
	ck_assert_ptr_nonnull(f);
	key = kkey_brfdb(BR(vni), 0, &KROW_WANT(n)->mac);
	ck_assert_ptr_nonnull(vk_wanted(k, &key));
	snprintf(text, len, "%s%u", vni == BLUE ? "blue " : "",
	    krow_want(f).ip.b[ip_len(&KROW_WANT(f)->ip) - 1]);
	if (mac_cmp(&KROW_WANT(n)->mac,
		&(struct mac){ { 2, 0xaa, 0, 0, 0, krow_want(n).mac.b[5] } }) == 0 &&
	    krow_want(n).mac.b[5] != krow_want(f).ip.b[ip_len(&KROW_WANT(f)->ip) - 1])
		snprintf(text + strlen(text), len - strlen(text), " rmac %u",
		    krow_want(n).mac.b[5]);
}

/* "2", "2+3", "copy 10.1.1.1 dev 7", "": none. */
static inline const char *
vk_way_in(struct kit *k, uint32_t table, const char *prefix)
{
	static char text[256];
	struct krow *r = vk_route_row(k, table, prefix), *g;
	struct kkey key;

	text[0] = '\0';
	if (r == NULL)
		return text;
	if (krow_want(r).nhid == 0) {
		snprintf(text, sizeof(text), "copy %s dev %u", IPSTR(&KROW_WANT(r)->ip),
		    krow_want(r).port);
		return text;
	}
	key = kkey_nhgroup(krow_want(r).nhid);
	g = vk_wanted(k, &key);
	if (g == NULL) {
		vk_hop(k, krow_want(r).nhid, text, sizeof(text));
		return text;
	}
	for (unsigned bit = 0; bit < 256; bit++) /* in order of VTEPs, not of ids */
		for (int i = 0; i < KVAL_MEMBERS && krow_want(g).members[i] != 0; i++) {
			struct kkey nh = kkey_nexthop(krow_want(g).members[i]);
			struct krow *n = vk_wanted(k, &nh);
			size_t at = strlen(text);

			ck_assert_ptr_nonnull(n);
			if (krow_want(n).ip.b[ip_len(&KROW_WANT(n)->ip) - 1] != bit)
				continue;
			if (at > 0)
				text[at++] = '+';
			vk_hop(
			    k, krow_want(g).members[i], text + at, sizeof(text) - at);
		}
	return text;
}

static inline const char *
vk_way(struct kit *k, const char *prefix)
{
	return vk_way_in(k, MAIN, prefix);
}

/* Why a candidate of the prefix from this VTEP is not used; "": it is; "-": there is none. */
static inline const char *
vk_why(struct kit *k, const char *vrf, const struct vk_spec *s)
{
	struct nlri key = vk_key(s);
	struct prefix p = { .ip = key.ip,
		.len = key.type == NLRI_PREFIX ? key.plen
					       : (uint8_t)(ip_len(&key.ip) * 8) };
	struct vrfroute *row = vrfroute_find(vk_vrf(k, vrf), &p);
	const char *why;

	if (row == NULL)
		return "-";
	for (struct vrfroute_remote *r = row->remotes; r != NULL; r = r->next)
		if (rd_cmp(&r->rd, &key.rd) == 0 && r->type == key.type) {
			why = vrfroute_why_not(r);
			return why != NULL ? why : "";
		}
	return "-";
}

static inline unsigned
vk_count(struct kit *k, enum kkind kind)
{
	struct kkey key = { .kind = (uint8_t)kind };
	unsigned n = 0;

	for (struct krow *r = ktab_from(k->ktab, &key);
	     r != NULL && KROW_KEY(r)->kind == kind; r = ktab_after(r))
		n += r->wanted;
	return n;
}

/* Our type 5 route of a prefix; NULL: none. */
static inline struct kit_route *
vk_own(struct kit *k, const char *vrf, const char *prefix)
{
	struct prefix p = vk_prefix(prefix);
	struct nlri key = { .type = NLRI_PREFIX, .ip = p.ip, .plen = p.len };

	key.rd = vk_vrf(k, vrf)->rd;
	return kit_own(k, &key);
}

#endif

/* ribkit.h - what the tests of lib/rib share: routes, attributes and peers made by number. */
#ifndef RIBKIT_H
#define RIBKIT_H

#include "bgp/extcomm.h"
#include "rib/decide.h"
#include "rib/rib.h"

#define PEERS 8

struct kit {
	struct attr_table *attrs;
	struct rib *rib;
	struct rib_peer
	    peer[PEERS]; /* [0] is ourselves; odd ones are route reflector clients */
};

static inline void
kit_init(struct kit *k)
{
	unsigned i;

	*k = (struct kit){ .attrs = attr_table_new() };
	k->rib = rib_new(k->attrs);
	for (i = 0; i < PEERS; i++) {
		k->peer[i] = (struct rib_peer){
			.addr = ip_of_v4(0x0a000000 + i),
			.router_id = 0x0a000000 + i,
			.as = 65000,
			.self = i == 0,
			.ibgp = i != 0,
			.rr_client = i % 2 == 1,
			.id = (uint16_t)i,
		};
		LIST_INIT(&k->peer[i].list);
	}
}

static inline void
kit_fini(struct kit *k)
{
	rib_free(k->rib);
	ck_assert_uint_eq(attr_table_count(k->attrs), 0);
	attr_table_free(k->attrs);
}

static inline struct nlri
kit_mac(unsigned n)
{
	struct nlri key = { .rd = rd_of_ip(0x0a000001, 100), .type = NLRI_MACIP };

	key.mac = (struct mac){ { 2, 0, 0, 0, (uint8_t)(n >> 8), (uint8_t)n } };
	return key;
}

static inline struct nlri
kit_imet(unsigned n)
{
	struct nlri key = { .rd = rd_of_ip(0x0a000001, 100), .type = NLRI_IMET };

	key.ip = ip_of_v4(0x0a010000 + n);
	return key;
}

/* What a VTEP sends: next hop 10.2.0.VTEP, one route target, VXLAN. */
static inline struct attr_draft
kit_draft(unsigned vtep, struct ecom ext[3])
{
	struct attr_draft d = { .v.nexthop = ip_of_v4(0x0a020000 + vtep) };

	ext[0] = rt_of_as(65000, 100);
	ext[1] = ecom_encap(ENCAP_VXLAN);
	d.v.ext = (struct blob){ ext[0].b, 16 };
	d.v.flags = ATTRS_LOCAL_PREF;
	d.v.local_pref = 100;
	return d;
}

static inline struct attrs *
kit_attrs(struct kit *k, unsigned vtep, uint32_t med)
{
	struct ecom ext[3];
	struct attr_draft d = kit_draft(vtep, ext);

	if (med != 0) {
		d.v.flags |= ATTRS_MED;
		d.v.med = med;
	}
	attr_draft_scan(&d);
	return attrs_intern(k->attrs, &d);
}

/* PEER says: KEY is at VTEP with LABEL. */
static inline void
kit_update(struct kit *k, unsigned peer, const struct nlri *key, unsigned vtep,
    uint32_t med, uint32_t label)
{
	struct nlri_info info = { .label = { label }, .labels = label != 0 };
	struct attrs *a = kit_attrs(k, vtep, med);

	rib_update(k->rib, &k->peer[peer], key, &info, a, 0, 1000);
	attrs_unref(k->attrs, a);
}

/* Hands out everything changed to nobody; returns how many. */
static inline unsigned
kit_settle(struct kit *k)
{
	struct dest *d;
	unsigned n = 0;

	while ((d = rib_changed(k->rib)) != NULL) {
		rib_carried(k->rib, d);
		n++;
	}
	return n;
}

#endif

/*
 * krow - the rows of the kernel's table: where they are kept, what they say.
 *
 * A host is three rows, and there are a million hosts, so a row has what it must and shares
 * the rest. Of its key it keeps what its place does not say: rows with the same device (and
 * VLAN, or VNI) are in one place (struct kplace), a hash table; a MAC or an address is all
 * that is left, for most. There is a layout for each, and one for all others. Values are
 * kept once (struct kvalue): all MACs behind a VTEP want the same, and mostly have it. The
 * MAC of a neighbour is its own, so that one is kept in the row, and its value says so; if it
 * has another MAC than it wants, one of the two values is kept whole.
 *
 * Layouts, places and rows go by numbers of slabs: what refers to a row is its number in
 * the slab of its layout, times four, plus the layout.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "kern/ktabint.h"

enum layout { LAYOUT_FULL, LAYOUT_MAC, LAYOUT_IP4, LAYOUT_IP6 };

struct row_full {
	struct krow row;
	struct kkey key;
};

struct row_mac {
	struct krow row;
	struct mac mac;
};

struct row_ip4 {
	struct krow row;
	struct mac mac; /* of the value */
	uint8_t ip[4];
};

struct row_ip6 {
	struct krow row;
	struct mac mac;
	uint8_t ip[16];
};

static const size_t layout_size[LAYOUTS] = {
	[LAYOUT_FULL] = sizeof(struct row_full),
	[LAYOUT_MAC] = sizeof(struct row_mac),
	[LAYOUT_IP4] = sizeof(struct row_ip4),
	[LAYOUT_IP6] = sizeof(struct row_ip6),
};

/* A key taken apart, to look a row up in its place. */
struct look {
	enum layout layout;
	uint32_t sub;
	uint32_t hash;
	struct kkey rest; /* without what the place says; PAD as asked for */
};

static int
kplace_cmp(const struct kplace *a, const struct kplace *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->ifindex != b->ifindex)
		return a->ifindex < b->ifindex ? -1 : 1;
	return a->sub < b->sub ? -1 : a->sub > b->sub;
}

static int
kdev_cmp(const struct kdev *a, const struct kdev *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return a->ifindex < b->ifindex ? -1 : a->ifindex > b->ifindex;
}

RB_PROTOTYPE(kplaces, kplace, link, kplace_cmp)
RB_GENERATE(kplaces, kplace, link, kplace_cmp)
RB_GENERATE(kdevs, kdev, link, kdev_cmp)

/* --- keys --- */

static enum layout
layout_of(const struct kkey *rest, enum kkind kind)
{
	if (rest->plen != 0 || rest->vlan != 0 || rest->id != 0)
		return LAYOUT_FULL;
	if (kind == KOBJ_BRFDB || kind == KOBJ_VXFDB)
		return rest->ip.family == 0 ? LAYOUT_MAC : LAYOUT_FULL;
	if (kind != KOBJ_NEIGH || !mac_is_zero(&rest->mac))
		return LAYOUT_FULL;
	return rest->ip.family == 4 ? LAYOUT_IP4
	    : rest->ip.family == 6  ? LAYOUT_IP6
				    : LAYOUT_FULL;
}

static uint32_t
hash_of(enum layout layout, const struct kkey *rest)
{
	struct kkey k;

	switch (layout) {
	case LAYOUT_MAC:
		return lhash_of(&rest->mac, sizeof(rest->mac));
	case LAYOUT_IP4:
		return lhash_of(rest->ip.b, 4);
	case LAYOUT_IP6:
		return lhash_of(rest->ip.b, 16);
	case LAYOUT_FULL:
		break;
	}
	k = *rest;
	k.pad = 0;
	return lhash_of(&k, sizeof(k));
}

static struct look
look_of(const struct kkey *key)
{
	struct look l = { .rest = *key };

	l.rest.kind = 0;
	l.rest.ifindex = 0;
	if (key->kind == KOBJ_BRFDB) {
		l.sub = key->vlan;
		l.rest.vlan = 0;
	} else if (key->kind == KOBJ_VXFDB) {
		l.sub = key->id;
		l.rest.id = 0;
	}
	l.layout = layout_of(&l.rest, key->kind);
	l.hash = hash_of(l.layout, &l.rest);
	return l;
}

static struct kkey
rest_of(const struct krow *r)
{
	struct kkey k = { 0 };

	switch ((enum layout)r->layout) {
	case LAYOUT_FULL:
		return ((const struct row_full *)r)->key;
	case LAYOUT_MAC:
		k.mac = ((const struct row_mac *)r)->mac;
		break;
	case LAYOUT_IP4:
		k.ip = ip_of(((const struct row_ip4 *)r)->ip, 4);
		break;
	case LAYOUT_IP6:
		k.ip = ip_of(((const struct row_ip6 *)r)->ip, 16);
		break;
	}
	return k;
}

static void
rest_set(struct krow *r, const struct kkey *rest)
{
	switch ((enum layout)r->layout) {
	case LAYOUT_FULL:
		((struct row_full *)r)->key = *rest;
		break;
	case LAYOUT_MAC:
		((struct row_mac *)r)->mac = rest->mac;
		break;
	case LAYOUT_IP4:
		memcpy(((struct row_ip4 *)r)->ip, rest->ip.b, 4);
		break;
	case LAYOUT_IP6:
		memcpy(((struct row_ip6 *)r)->ip, rest->ip.b, 16);
		break;
	}
}

/* --- references --- */

uint32_t
krow_ref(const struct krow *r)
{
	return slab_number(r) << 2 | r->layout;
}

/* Of a row that is there. */
static struct krow *
row_at(const struct ktab *t, uint32_t ref)
{
	return slab_at(&t->row_slabs[ref & 3], ref >> 2);
}

struct krow *
krow_at(const struct ktab *t, uint32_t ref)
{
	struct krow *r = row_at(t, ref);

	return r != NULL && r->place != 0 ? r : NULL;
}

struct ktab *
krow_tab(const struct krow *r)
{
	return slab_of(r)->owner;
}

struct kplace *
krow_place(const struct krow *r)
{
	return slab_at(&krow_tab(r)->place_slab, r->place);
}

static void *
row_ops_at(void *arg, uint32_t ref)
{
	return row_at(arg, ref);
}

static uint32_t
row_hash(const void *row)
{
	const struct krow *r = row;
	struct kkey rest;

	if (r->layout == LAYOUT_MAC)
		return lhash_of(&((const struct row_mac *)r)->mac, sizeof(struct mac));
	rest = rest_of(r);
	return hash_of(r->layout, &rest);
}

static int
row_cmp(const void *row, const void *key)
{
	const struct krow *r = row;
	const struct look *l = key;
	struct kkey rest;

	if (r->layout == LAYOUT_MAC && l->layout == LAYOUT_MAC && l->rest.pad == 0)
		return mac_cmp(&((const struct row_mac *)r)->mac, &l->rest.mac);
	rest = rest_of(r);
	return memcmp(&rest, &l->rest, sizeof(rest));
}

static const struct lhash_ops row_ops = { row_ops_at, row_hash, row_cmp };

/* --- values --- */

static struct kvalue *
value_at(const struct ktab *t, uint32_t number)
{
	return slab_at(&t->value_slab, number);
}

static void *
value_ops_at(void *arg, uint32_t number)
{
	return value_at(arg, number);
}

static uint32_t
value_hash(const void *value)
{
	return lhash_of(&((const struct kvalue *)value)->val, sizeof(struct kval));
}

static int
value_cmp(const void *value, const void *key)
{
	return memcmp(&((const struct kvalue *)value)->val, key, sizeof(struct kval));
}

static const struct lhash_ops value_ops = { value_ops_at, value_hash, value_cmp };

/* VAL kept once; one reference more. MAC: the row's own, if it has one. */
static uint32_t
value_ref(struct ktab *t, const struct kval *val, const struct mac *mac)
{
	struct kval v = *val;
	struct kvalue *kept;
	uint32_t hash;

	if (mac != NULL && !mac_is_zero(mac) && mac_cmp(&v.mac, mac) == 0) {
		v.mac = (struct mac){ 0 };
		v.pad = 1;
	}
	hash = lhash_of(&v, sizeof(v));
	kept = lhash_find(&t->values, &value_ops, t, hash, &v);
	if (kept == NULL) {
		kept = slab_alloc(&t->value_slab);
		kept->val = v;
		lhash_insert(&t->values, &value_ops, t, hash, &v, slab_number(kept));
	}
	kept->refs++;
	return slab_number(kept);
}

static void
value_unref(struct ktab *t, uint32_t n)
{
	struct kvalue *kept = value_at(t, n);

	if (kept == NULL || --kept->refs > 0)
		return;
	lhash_remove(&t->values, &value_ops, t, value_hash(kept), n);
	slab_free(kept);
}

/* Where a row keeps the MAC of its value; NULL: it does not. */
static struct mac *
value_mac(const struct krow *r)
{
	if (r->layout == LAYOUT_IP4)
		return &((struct row_ip4 *)r)->mac;
	if (r->layout == LAYOUT_IP6)
		return &((struct row_ip6 *)r)->mac;
	return NULL;
}

static struct kval
value_of(const struct krow *r, uint32_t number)
{
	const struct kvalue *kept = value_at(krow_tab(r), number);
	const struct mac *mac = value_mac(r);
	struct kval v;

	if (kept == NULL)
		return (struct kval){ 0 };
	v = kept->val;
	if (mac != NULL && v.pad != 0) {
		v.mac = *mac;
		v.pad = 0;
	}
	return v;
}

/* Either may be NULL. The row's MAC is that of what is wanted, if that has one. */
static void
values_set(struct krow *r, const struct kval *want, const struct kval *have)
{
	struct ktab *t = krow_tab(r);
	uint32_t old_want = r->want, old_have = r->have;
	struct mac *mac = value_mac(r);

	if (mac != NULL && want != NULL && !mac_is_zero(&want->mac))
		*mac = want->mac;
	else if (mac != NULL && have != NULL)
		*mac = have->mac;
	r->want = want != NULL ? value_ref(t, want, mac) : 0;
	r->have = have != NULL ? value_ref(t, have, mac) : 0;
	value_unref(t, old_want);
	value_unref(t, old_have);
}

void
krow_set_want(struct krow *r, const struct kval *val)
{
	struct kval have = krow_have(r);

	values_set(r, val, r->have != 0 ? &have : NULL);
}

void
krow_set_have(struct krow *r, const struct kval *val)
{
	struct kval want = krow_want(r);

	values_set(r, r->want != 0 ? &want : NULL, val);
}

struct kval
krow_want(const struct krow *r)
{
	return value_of(r, r->want);
}

struct kval
krow_have(const struct krow *r)
{
	return value_of(r, r->have);
}

enum kkind
krow_kind(const struct krow *r)
{
	return krow_place(r)->kind;
}

struct kkey
krow_key(const struct krow *r)
{
	const struct kplace *p = krow_place(r);
	struct kkey k = rest_of(r);

	k.kind = p->kind;
	k.ifindex = p->ifindex;
	if (p->kind == KOBJ_BRFDB)
		k.vlan = (uint16_t)p->sub;
	else if (p->kind == KOBJ_VXFDB)
		k.id = p->sub;
	return k;
}

/* --- places --- */

static struct kplace *
place_find(struct ktab *t, const struct kkey *key, uint32_t sub)
{
	struct kplace like = { .kind = key->kind, .ifindex = key->ifindex, .sub = sub };
	struct kplace *p = t->last_place[key->kind];

	if (p != NULL && p->ifindex == key->ifindex && p->sub == sub)
		return p;
	p = RB_FIND(kplaces, &t->places, &like);
	if (p != NULL)
		t->last_place[key->kind] = p;
	return p;
}

static struct kplace *
place_get(struct ktab *t, const struct kkey *key, uint32_t sub)
{
	struct kplace *p = place_find(t, key, sub);

	if (p != NULL)
		return p;
	p = slab_alloc(&t->place_slab);
	p->kind = key->kind;
	p->ifindex = key->ifindex;
	p->sub = sub;
	p->dev = kdev_find(t, key->kind, key->ifindex);
	RB_INSERT(kplaces, &t->places, p);
	t->last_place[key->kind] = p;
	return p;
}

static void
place_free(struct ktab *t, struct kplace *p)
{
	if (t->last_place[p->kind] == p)
		t->last_place[p->kind] = NULL;
	RB_REMOVE(kplaces, &t->places, p);
	lhash_fini(&p->rows);
	slab_free(p);
}

void
kplaces_managed(struct ktab *t, enum kkind kind, uint32_t ifindex, struct kdev *d)
{
	struct kplace like = { .kind = (uint8_t)kind, .ifindex = ifindex };
	struct kplace *p = RB_NFIND(kplaces, &t->places, &like);

	for (; p != NULL && p->kind == kind && p->ifindex == ifindex;
	     p = RB_NEXT(kplaces, &t->places, p))
		p->dev = d;
}

struct kdev *
kdev_find(const struct ktab *t, enum kkind kind, uint32_t ifindex)
{
	struct kdev like = { .kind = (uint8_t)kind, .ifindex = ifindex };

	return RB_FIND(kdevs, (struct kdevs *)&t->devs, &like);
}

struct kdev *
kdev_of(struct ktab *t, const struct kkey *key)
{
	const struct kplace *p = t->last_place[key->kind];

	if (p != NULL && p->ifindex == key->ifindex)
		return p->dev;
	return kdev_find(t, key->kind, key->ifindex);
}

/* --- rows --- */

void
krow_init(struct ktab *t)
{
	RB_INIT(&t->places);
	RB_INIT(&t->devs);
	slab_init(&t->place_slab, sizeof(struct kplace), t);
	slab_init(&t->value_slab, sizeof(struct kvalue), t);
	for (int i = 0; i < LAYOUTS; i++)
		slab_init(&t->row_slabs[i], layout_size[i], t);
}

void
krow_fini(struct ktab *t)
{
	struct kplace *p;

	while ((p = RB_ROOT(&t->places)) != NULL)
		place_free(t, p);
	for (int i = 0; i < LAYOUTS; i++)
		slab_fini(&t->row_slabs[i]);
	lhash_fini(&t->values);
	slab_fini(&t->value_slab);
	slab_fini(&t->place_slab);
}

struct krow *
ktab_find(struct ktab *t, const struct kkey *key)
{
	struct look l = look_of(key);
	struct kplace *p = place_find(t, key, l.sub);

	return p != NULL ? lhash_find(&p->rows, &row_ops, t, l.hash, &l) : NULL;
}

struct krow *
krow_get(struct ktab *t, const struct kkey *key)
{
	struct look l = look_of(key);
	struct kplace *p = place_get(t, key, l.sub);
	struct krow *r = lhash_find(&p->rows, &row_ops, t, l.hash, &l);

	if (r != NULL)
		return r;
	r = slab_alloc(&t->row_slabs[l.layout]);
	r->place = slab_number(p);
	r->layout = (uint8_t)l.layout & 3;
	rest_set(r, &l.rest);
	lhash_insert(&p->rows, &row_ops, t, l.hash, &l, krow_ref(r));
	t->stats.rows[key->kind]++;
	return r;
}

void
krow_free(struct krow *r)
{
	struct ktab *t = krow_tab(r);
	struct kplace *p = krow_place(r);

	krow_queue(r, Q_NONE);
	krow_forgive(r);
	values_set(r, NULL, NULL);
	lhash_remove(&p->rows, &row_ops, t, row_hash(r), krow_ref(r));
	t->stats.rows[p->kind]--;
	if (p->rows.count == 0)
		place_free(t, p);
	slab_free(r);
}

/* The first row of a place or of those that follow. */
static struct krow *
first_from(const struct ktab *t, struct kplace *p)
{
	uint32_t ref = 0;

	for (; p != NULL && ref == 0; p = RB_NEXT(kplaces, &t->places, p))
		ref = lhash_first(&p->rows);
	return ref != 0 ? row_at(t, ref) : NULL;
}

struct krow *
ktab_from(struct ktab *t, const struct kkey *key)
{
	struct look l = look_of(key);
	struct kplace like = {
		.kind = key->kind, .ifindex = key->ifindex, .sub = l.sub
	};
	struct kplace *p = RB_NFIND(kplaces, &t->places, &like);
	uint32_t ref;

	if (p == NULL || kplace_cmp(p, &like) != 0)
		return first_from(t, p);
	ref = lhash_from(&p->rows, &row_ops, t, l.hash, &l);
	return ref != 0 ? row_at(t, ref)
			: first_from(t, RB_NEXT(kplaces, &t->places, p));
}

struct krow *
ktab_after(struct krow *r)
{
	struct ktab *t = krow_tab(r);
	struct kplace *p = krow_place(r);
	uint32_t ref = lhash_after(&p->rows, &row_ops, r);

	return ref != 0 ? row_at(t, ref)
			: first_from(t, RB_NEXT(kplaces, &t->places, p));
}

size_t
krow_bytes(const struct ktab *t)
{
	size_t n = slab_bytes(&t->place_slab) + slab_bytes(&t->value_slab) +
	    lhash_bytes(&t->values);
	struct kplace *p;

	for (int i = 0; i < LAYOUTS; i++)
		n += slab_bytes(&t->row_slabs[i]);
	RB_FOREACH (p, kplaces, (struct kplaces *)&t->places)
		n += lhash_bytes(&p->rows);
	return n;
}

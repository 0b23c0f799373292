/*
 * klink - see klink.h. Two trees over the devices (by ifindex, by name) and one over the
 * wishes (by name).
 *
 * A device that went away leaves the trees at once; its struct stays in the queue of
 * changes, marked GONE, until it has been handed out. klink_step() is the whole policy of
 * wishes: one function over one wish and one device. A step that the kernel takes without
 * effect is treated as a refused one: tried again later, and later still.
 */
#include "kern/klink.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

#define BACKOFF_MS 100
#define BACKOFF_MAX_MS 10000

RB_HEAD(klink_tree, klink);
RB_HEAD(klink_names, klink);
RB_HEAD(klink_wants, klink_want);

struct klinks {
	struct klink_tree links;
	struct klink_names names;
	struct klink_wants wants;
	TAILQ_HEAD(, klink) changed;
	struct klink *handed; /* GONE, by klink_changed(); freed at the next call */
	bool forward6;
	bool dirty;        /* a wish may have something to do */
	uint64_t deadline; /* when a refused step may be tried again */
};

static int
link_cmp(const struct klink *a, const struct klink *b)
{
	return a->ifindex < b->ifindex ? -1 : a->ifindex > b->ifindex;
}

/* While devices swap names two may have the same for a moment. */
static int
name_cmp(const struct klink *a, const struct klink *b)
{
	int c = strcmp(a->name, b->name);

	return c != 0 ? c : link_cmp(a, b);
}

static int
want_cmp(const struct klink_want *a, const struct klink_want *b)
{
	return strcmp(a->name, b->name);
}

RB_PROTOTYPE(klink_tree, klink, link, link_cmp)
RB_GENERATE(klink_tree, klink, link, link_cmp)
RB_PROTOTYPE(klink_names, klink, name_link, name_cmp)
RB_GENERATE(klink_names, klink, name_link, name_cmp)
RB_PROTOTYPE(klink_wants, klink_want, link, want_cmp)
RB_GENERATE(klink_wants, klink_want, link, want_cmp)

struct klinks *
klinks_new(void)
{
	struct klinks *t = xcalloc(1, sizeof(*t));

	RB_INIT(&t->links);
	RB_INIT(&t->names);
	RB_INIT(&t->wants);
	TAILQ_INIT(&t->changed);
	t->deadline = UINT64_MAX;
	return t;
}

void
klinks_free(struct klinks *t)
{
	struct klink *l, *next;
	struct klink_want *w;

	if (t == NULL)
		return;
	TAILQ_FOREACH_SAFE (l, &t->changed, changed_link, next)
		if (l->gone)
			free(l);
	free(t->handed);
	while ((l = RB_ROOT(&t->links)) != NULL) {
		RB_REMOVE(klink_tree, &t->links, l);
		free(l);
	}
	while ((w = RB_ROOT(&t->wants)) != NULL) {
		RB_REMOVE(klink_wants, &t->wants, w);
		free(w);
	}
	free(t);
}

/* --- the mirror --- */

static void
mark_changed(struct klinks *t, struct klink *l)
{
	t->dirty = true;
	if (l->changed)
		return;
	l->changed = true;
	TAILQ_INSERT_TAIL(&t->changed, l, changed_link);
}

/* Copies what the kernel said of a device and keeps the rest; true: it has changed. */
static bool
link_take(struct klink *have, const struct klink *said)
{
	struct klink old = *have, l = *said;

	l.link = old.link;
	l.name_link = old.name_link;
	l.changed_link = old.changed_link;
	l.changed = old.changed;
	l.gone = false;
	l.stale = false;
	if (l.is_port && old.is_port && l.master == old.master)
		l.port.pvid = old.port.pvid;
	old.stale = false;
	*have = l;
	return memcmp(&old, &l, sizeof(l)) != 0;
}

void
klink_have(struct klinks *t, const struct klink *said)
{
	struct klink *l = klink_find(t, said->ifindex);

	if (l == NULL) {
		l = xcalloc(1, sizeof(*l));
		link_take(l, said);
		RB_INSERT(klink_tree, &t->links, l);
		RB_INSERT(klink_names, &t->names, l);
		mark_changed(t, l);
		return;
	}
	RB_REMOVE(klink_names, &t->names, l);
	if (link_take(l, said))
		mark_changed(t, l);
	RB_INSERT(klink_names, &t->names, l);
}

void
klink_have_port(
    struct klinks *t, uint32_t ifindex, uint32_t master, const struct klink_port *port)
{
	struct klink *l = klink_find(t, ifindex);

	if (l == NULL || l->master != master || !l->is_port ||
	    memcmp(&l->port, port, sizeof(*port)) == 0)
		return;
	l->port = *port;
	mark_changed(t, l);
}

void
klink_have_forwarding(struct klinks *t, uint8_t family, uint32_t ifindex, bool forward)
{
	struct klink *l = klink_find(t, ifindex);

	if (family == 6)
		t->forward6 = forward;
	if (family != 4 || l == NULL || l->forward == forward)
		return;
	l->forward = forward;
	mark_changed(t, l);
}

bool
klinks_forward6(const struct klinks *t)
{
	return t->forward6;
}

static void
link_gone(struct klinks *t, struct klink *l)
{
	RB_REMOVE(klink_tree, &t->links, l);
	RB_REMOVE(klink_names, &t->names, l);
	l->gone = true;
	mark_changed(t, l);
}

void
klink_lost(struct klinks *t, uint32_t ifindex)
{
	struct klink *l = klink_find(t, ifindex);

	if (l != NULL)
		link_gone(t, l);
}

void
klink_dump_begin(struct klinks *t)
{
	struct klink *l;

	RB_FOREACH (l, klink_tree, &t->links)
		l->stale = true;
}

void
klink_dump_end(struct klinks *t)
{
	struct klink *l, *next;

	RB_FOREACH_SAFE (l, klink_tree, &t->links, next)
		if (l->stale)
			link_gone(t, l);
}

struct klink *
klink_find(struct klinks *t, uint32_t ifindex)
{
	struct klink k = { .ifindex = ifindex };

	return RB_FIND(klink_tree, &t->links, &k);
}

struct klink *
klink_by_name(struct klinks *t, const char *name)
{
	struct klink k = { .ifindex = 0 }, *l;

	snprintf(k.name, sizeof(k.name), "%s", name);
	l = RB_NFIND(klink_names, &t->names, &k);
	return l != NULL && strcmp(l->name, name) == 0 ? l : NULL;
}

struct klink *
klink_first(struct klinks *t)
{
	return RB_MIN(klink_tree, &t->links);
}

struct klink *
klink_after(struct klink *l)
{
	return RB_NEXT(klink_tree, NULL, l);
}

struct klink *
klink_changed(struct klinks *t)
{
	struct klink *l;

	free(t->handed);
	t->handed = NULL;
	l = TAILQ_FIRST(&t->changed);
	if (l == NULL)
		return NULL;
	TAILQ_REMOVE(&t->changed, l, changed_link);
	l->changed = false;
	if (l->gone)
		t->handed = l;
	return l;
}

/* --- the wishes --- */

/* What is known of the device's own MAC goes over from the wish as it was. */
static void
take_over_mac(struct klinks *t, const struct klink_want *was, struct klink_want *now)
{
	static const struct mac none;
	const struct klink *l = klink_by_name(t, was->name);
	bool had = was->what & KLINK_WANT_MAC, has = now->what & KLINK_WANT_MAC;
	struct mac set = had ? was->mac : was->set_mac;

	now->own_mac = was->own_mac;
	now->put_mac = none;
	now->set_mac = has ? none : set;
	/* While it has one that was set, the device does not show its own. */
	now->mac_seen =
	    was->mac_seen && (had || (l != NULL && mac_cmp(&l->mac, &set) == 0));
}

void
klink_want(struct klinks *t, const struct klink_want *want)
{
	struct klink_want *w = klink_want_find(t, want->name), n = *want;

	if (w == NULL) {
		w = xcalloc(1, sizeof(*w));
		memcpy(w->name, want->name, sizeof(w->name));
		RB_INSERT(klink_wants, &t->wants, w);
	}
	n.link = w->link;
	n.inflight = w->inflight;
	n.made = w->made;
	n.renewed = w->inflight;
	n.bounce = w->bounce;
	n.sent = w->sent;
	take_over_mac(t, w, &n);
	n.step = KLINK_NOTHING;
	n.fails = 0;
	n.error = 0;
	n.retry_ms = 0;
	*w = n;
	t->dirty = true;
}

static void
want_free(struct klinks *t, struct klink_want *w)
{
	RB_REMOVE(klink_wants, &t->wants, w);
	free(w);
}

/* Has the bridge or VRF a port that is neither ours nor wished for? */
static bool
has_foreign_port(struct klinks *t, const struct klink *master)
{
	struct klink *l;

	RB_FOREACH (l, klink_tree, &t->links)
		if (l->master == master->ifindex && !l->ours &&
		    klink_want_find(t, l->name) == NULL)
			return true;
	return false;
}

static bool
is_ours(const struct klink_want *w, const struct klink *l)
{
	return l->ours || w->made;
}

/* A bridge or VLAN device of somebody else's, that was to be in a VRF. */
static bool
is_adopted_svi(const struct klink_want *w, const struct klink *l)
{
	return (w->kind == KLINK_BRIDGE || w->kind == KLINK_VLAN) && !is_ours(w, l);
}

/*
 * The MAC that the kernel gives a bridge by itself, the lowest of its ports, or a VLAN device,
 * that of its lower device; zero: neither.
 */
static struct mac
chosen_mac(struct klinks *t, const struct klink *l)
{
	const struct klink *lower =
	    l->kind == KLINK_VLAN ? klink_find(t, l->lower) : NULL;
	struct mac mac = lower != NULL ? lower->mac : (struct mac){ { 0 } };
	struct klink *port;

	if (l->kind == KLINK_BRIDGE)
		RB_FOREACH (port, klink_tree, &t->links)
			if (port->master == l->ifindex && !mac_is_zero(&port->mac) &&
			    (mac_is_zero(&mac) || mac_cmp(&port->mac, &mac) < 0))
				mac = port->mac;
	return mac;
}

/* The MAC that the device is to get back; zero: it has it, or there is none to give back. */
static struct mac
mac_back(struct klinks *t, const struct klink_want *w, const struct klink *l)
{
	static const struct mac none;
	struct mac mac;

	if (mac_is_zero(&w->set_mac) || mac_cmp(&l->mac, &w->set_mac) != 0)
		return none;
	mac = mac_is_zero(&w->own_mac) ? chosen_mac(t, l) : w->own_mac;
	return mac_cmp(&mac, &l->mac) == 0 ? none : mac;
}

/* What is left to do for a wish that is over; 0: nothing. */
static uint32_t
farewell(struct klinks *t, const struct klink_want *w)
{
	const struct klink *l = klink_by_name(t, w->name);

	if (l != NULL && (w->kind == KLINK_OTHER || is_adopted_svi(w, l)))
		return w->what & KLINK_WANT_MASTER;
	if (w->kind == KLINK_OTHER)
		return 0;
	if (l == NULL)
		return w->inflight || w->made ? KLINK_WANT_GONE : 0;
	if (l->kind != w->kind)
		return 0;
	if (!is_ours(w, l))
		return l->is_port && !l->port.flood ? w->what & KLINK_WANT_FLOOD : 0;
	if ((l->kind == KLINK_BRIDGE || l->kind == KLINK_VRF) && has_foreign_port(t, l))
		return 0;
	return KLINK_WANT_GONE;
}

void
klink_unwant(struct klinks *t, const char *name)
{
	struct klink_want *w = klink_want_find(t, name);
	const struct klink *l;
	uint32_t last;

	if (w == NULL)
		return;
	last = farewell(t, w);
	l = klink_by_name(t, name);
	if (w->what & KLINK_WANT_MAC)
		w->set_mac = w->mac;
	if (last == KLINK_WANT_GONE || l == NULL)
		w->set_mac = (struct mac){ { 0 } };
	if (l != NULL)
		w->put_mac = mac_back(t, w, l);
	if (last == 0 && mac_is_zero(&w->put_mac)) {
		want_free(t, w);
		return;
	}
	if (last == 0)
		w->master[0] = '\0';
	w->what = last == KLINK_WANT_GONE ? last : KLINK_WANT_LEAVE;
	if (last == KLINK_WANT_FLOOD) {
		w->what |= KLINK_WANT_FLOOD;
		w->master[0] = '\0';
		w->port.flood = true;
	}
	t->dirty = true;
}

struct klink_want *
klink_want_find(struct klinks *t, const char *name)
{
	struct klink_want k = { .mtu = 0 };

	snprintf(k.name, sizeof(k.name), "%s", name);
	return RB_FIND(klink_wants, &t->wants, &k);
}

struct klink_want *
klink_want_first(struct klinks *t)
{
	return RB_MIN(klink_wants, &t->wants);
}

struct klink_want *
klink_want_after(struct klink_want *w)
{
	return RB_NEXT(klink_wants, NULL, w);
}

/* The underlay's family is fixed; a device without a local address is an IPv4 one. */
static bool
same_underlay(const struct klink_vxlan *a, const struct klink_vxlan *b)
{
	return (a->local.family == 6) == (b->local.family == 6);
}

static bool
needs_set(const struct klink_want *w, const struct klink *l)
{
	if ((w->what & KLINK_WANT_MTU) && l->mtu != w->mtu)
		return true;
	if ((w->what & KLINK_WANT_NOADDRGEN) && !l->noaddrgen)
		return true;
	if ((w->what & KLINK_WANT_FORWARD) && !l->forward)
		return true;
	return (w->what & KLINK_WANT_MAC) && mac_cmp(&l->mac, &w->mac) != 0;
}

/* Both families are those of the underlay; a group has one, none has any. */
static bool
group_fits(const struct klink_want *w, const struct klink *l)
{
	const struct ip *g = &w->vxlan.group;

	return !ip_is_set(g) ||
	    (g->family == 6) ==
	    (l->vxlan.local.family == 6 || l->vxlan.group.family == 6);
}

static bool
needs_group(
    const struct klink_want *w, const struct klink *l, const struct klink *lower)
{
	if (!(w->what & KLINK_WANT_GROUP) || l->kind != KLINK_VXLAN ||
	    !group_fits(w, l))
		return false;
	if (ip_is_set(&w->vxlan.group) && lower == NULL)
		return false; /* waits for it */
	return ip_cmp(&l->vxlan.group, &w->vxlan.group) != 0 ||
	    (ip_is_set(&w->vxlan.group) && l->vxlan.lower != lower->ifindex);
}

static bool
needs_vxlan(const struct klink_want *w, const struct klink *l)
{
	if (l->kind != KLINK_VXLAN)
		return false;
	if ((w->what & KLINK_WANT_LOCAL) && same_underlay(&l->vxlan, &w->vxlan) &&
	    ip_cmp(&l->vxlan.local, &w->vxlan.local) != 0)
		return true;
	if ((w->what & KLINK_WANT_GROUP) && w->vxlan.ttl != 0 &&
	    l->vxlan.ttl != w->vxlan.ttl)
		return true;
	return (w->what &
		   (l->vxlan.learning ? KLINK_WANT_NOLEARN : KLINK_WANT_LEARN)) != 0;
}

static bool
needs_port(const struct klink_want *w, const struct klink *l)
{
	if ((w->what & KLINK_WANT_TUNNEL) && l->is_port &&
	    l->port.vlan_tunnel != w->port.vlan_tunnel)
		return true;
	if ((w->what & KLINK_WANT_FLOOD) && l->is_port &&
	    l->port.flood != w->port.flood)
		return true;
	if ((w->what & KLINK_WANT_QUIET) && l->is_port &&
	    (l->port.mcast_flood || l->port.bcast_flood))
		return true;
	return (w->what & KLINK_WANT_PORT) && l->is_port &&
	    (l->port.learning != w->port.learning ||
		l->port.neigh_suppress != w->port.neigh_suppress);
}

/* The last step of a wish that is over. */
static enum klink_step
last_step(const struct klink_want *w, const struct klink *l, const struct klink *master)
{
	if (l == NULL)
		return KLINK_NOTHING;
	if (w->what & KLINK_WANT_GONE)
		return is_ours(w, l) && l->kind == w->kind ? KLINK_DELETE
							   : KLINK_NOTHING;
	if ((w->what & KLINK_WANT_FLOOD) && l->is_port && !l->port.flood)
		return KLINK_SET_PORT;
	if (!mac_is_zero(&w->put_mac))
		return KLINK_SET;
	return master != NULL && l->master == master->ifindex ? KLINK_LEAVE
							      : KLINK_NOTHING;
}

/* Is it done? Not before a device that we created has appeared. */
static bool
is_over(const struct klink_want *w, const struct klink *l, enum klink_step step)
{
	return (w->what & (KLINK_WANT_GONE | KLINK_WANT_LEAVE)) &&
	    step == KLINK_NOTHING && (l != NULL || !w->made);
}

/* Does every device in the VRF have a wish to be there, and so come back to it? */
static bool
ports_come_back(struct klinks *t, const struct klink *vrf)
{
	struct klink *l;

	RB_FOREACH (l, klink_tree, &t->links) {
		const struct klink_want *w = klink_want_find(t, l->name);

		if (l->master == vrf->ifindex &&
		    (w == NULL || !(w->what & KLINK_WANT_MASTER) ||
			strcmp(w->master, vrf->name) != 0))
			return false;
	}
	return true;
}

/* The kernel gives a VRF device its table once, when it is made. */
static bool
needs_anew(struct klinks *t, const struct klink_want *w, const struct klink *l)
{
	return l->kind == KLINK_VRF && (w->what & KLINK_WANT_CREATE) && l->ours &&
	    w->table != 0 && l->table != w->table && ports_come_back(t, l);
}

/* The next step from device L (NULL: not there) and its MASTER-to-be to the wish. */
static enum klink_step
klink_step(struct klinks *t, const struct klink_want *w, const struct klink *l,
    const struct klink *master, const struct klink *lower)
{
	bool create = w->what & KLINK_WANT_CREATE;

	if (w->what & (KLINK_WANT_GONE | KLINK_WANT_LEAVE))
		return last_step(w, l, master);
	if (l == NULL)
		return create && (w->lower[0] == '\0' || lower != NULL) ? KLINK_CREATE
									: KLINK_NOTHING;
	if (w->kind != KLINK_OTHER && w->kind != l->kind)
		return KLINK_NOTHING;
	if (w->made)
		return KLINK_SET_MARK;
	if (needs_anew(t, w, l))
		return KLINK_DELETE;
	if (needs_set(w, l) || !mac_is_zero(&w->put_mac))
		return KLINK_SET;
	if (needs_group(w, l, lower))
		return KLINK_SET_GROUP;
	if (needs_vxlan(w, l))
		return KLINK_SET_VXLAN;
	if ((w->what & KLINK_WANT_MASTER) && master != NULL &&
	    l->master != master->ifindex)
		return KLINK_ENSLAVE;
	if ((w->what & KLINK_WANT_MASTER) && w->master[0] == '\0' && l->master != 0)
		return KLINK_LEAVE;
	if (needs_port(w, l))
		return KLINK_SET_PORT;
	if ((w->what & KLINK_WANT_UP) && !l->up)
		return KLINK_SET_UP;
	return KLINK_NOTHING;
}

bool
klink_pending(struct klinks *t, const struct klink_want *w)
{
	return klink_step(t, w, klink_by_name(t, w->name), klink_by_name(t, w->master),
		   klink_by_name(t, w->lower)) != KLINK_NOTHING;
}

/* Which MAC the device has of its own, and whether it is to get it back. */
static void
look_at_mac(struct klinks *t, struct klink_want *w, const struct klink *l)
{
	if (l != NULL && (w->what & KLINK_WANT_MAC) && !w->mac_seen) {
		if (mac_cmp(&l->mac, &w->mac) != 0)
			w->own_mac = l->mac;
		w->mac_seen = true;
	}
	w->put_mac = l != NULL ? mac_back(t, w, l) : (struct mac){ { 0 } };
}

bool
klink_next(
    struct klinks *t, uint64_t now, enum klink_step *out_step, struct klink_want **out)
{
	struct klink_want *w, *next;

	if (!t->dirty && now < t->deadline)
		return false;
	t->deadline = UINT64_MAX;
	RB_FOREACH_SAFE (w, klink_wants, &t->wants, next) {
		struct klink *master = klink_by_name(t, w->master);
		struct klink *lower = klink_by_name(t, w->lower);
		struct klink *l = klink_by_name(t, w->name);
		enum klink_step step;

		if (l != NULL && l->ours)
			w->made = false;
		look_at_mac(t, w, l);
		step = klink_step(t, w, l, master, lower);

		if (w->inflight)
			continue;
		if (is_over(w, l, step)) {
			want_free(t, w);
			continue;
		}
		if (step == w->step && step != KLINK_NOTHING && now < w->retry_ms) {
			if (w->retry_ms < t->deadline)
				t->deadline = w->retry_ms;
			continue;
		}
		if (step != w->step) {
			w->fails = 0;
			w->error = 0;
		}
		w->step = (uint8_t)step;
		if (step == KLINK_NOTHING)
			continue;
		w->inflight = true;
		w->renewed = false;
		w->bounce = step == KLINK_SET_GROUP && (w->what & KLINK_WANT_REJOIN) &&
		    l != NULL && l->up;
		w->sent = (uint8_t)step;
		t->dirty = true;
		*out_step = step;
		*out = w;
		return true;
	}
	t->dirty = false;
	return false;
}

/*
 * A vxlan's settings are changed: of a device that is down the kernel tells nobody. Its
 * device below is that of the wish.
 */
static void
assume(struct klinks *t, struct klink *l, const struct klink_want *w)
{
	const struct klink *lower = klink_by_name(t, w->lower);
	struct klink_vxlan *v = &l->vxlan;

	if (w->sent == KLINK_SET_GROUP) {
		v->group = w->vxlan.group;
		if (ip_is_set(&v->group) && lower != NULL)
			v->lower = lower->ifindex;
	} else if (w->sent == KLINK_SET_VXLAN) {
		if (w->what & KLINK_WANT_LOCAL)
			v->local = w->vxlan.local;
		if (w->what & KLINK_WANT_GROUP && w->vxlan.ttl != 0)
			v->ttl = w->vxlan.ttl;
		if (w->what & (KLINK_WANT_LEARN | KLINK_WANT_NOLEARN))
			v->learning = w->what & KLINK_WANT_LEARN;
	} else {
		return;
	}
	mark_changed(t, l);
}

void
klink_done(struct klinks *t, const char *name, int err, uint64_t now)
{
	struct klink_want *w = klink_want_find(t, name);
	struct klink *l = klink_by_name(t, name);
	uint64_t delay;

	t->dirty = true;
	if (w == NULL)
		return;
	/* Of a device that is down the kernel does not tell these (6.1). */
	if (l != NULL && err == 0 && w->step == KLINK_SET) {
		l->noaddrgen = l->noaddrgen || (w->what & KLINK_WANT_NOADDRGEN);
		l->forward = l->forward || (w->what & KLINK_WANT_FORWARD);
	}
	delay = (uint64_t)BACKOFF_MS << (w->fails < 7 ? w->fails : 7);
	w->inflight = false;
	if (err == 0 && w->sent == KLINK_CREATE)
		w->made = true;
	if (err == 0 && w->sent == KLINK_DELETE)
		w->made = false;
	/* The kernel tells nobody of an alias while the device is down. */
	if (err == 0 && w->sent == KLINK_SET_MARK && l != NULL)
		l->ours = true;
	if (err == 0 && l != NULL && !l->up && !w->renewed)
		assume(t, l, w);
	w->error = (int16_t)err;
	w->fails += w->fails < 255;
	w->retry_ms = now + (delay < BACKOFF_MAX_MS ? delay : BACKOFF_MAX_MS);
}

uint64_t
klinks_deadline(const struct klinks *t)
{
	return t->deadline;
}

/* --- what cannot be mended --- */

static const char *const kind_names[] = {
	[KLINK_OTHER] = "other",
	[KLINK_BRIDGE] = "bridge",
	[KLINK_VXLAN] = "vxlan",
	[KLINK_VLAN] = "vlan",
	[KLINK_VRF] = "vrf",
	[KLINK_MACVLAN] = "macvlan",
	[KLINK_VETH] = "veth",
	[KLINK_DUMMY] = "dummy",
	[KLINK_BOND] = "bond",
};

static bool
wrong_vxlan(const struct klink *l, const struct klink_want *w, char *buf, size_t len)
{
	const struct klink_vxlan *have = &l->vxlan, *want = &w->vxlan;

	if (have->external != want->external)
		snprintf(buf, len, "external %s, wanted %s",
		    have->external ? "on" : "off", want->external ? "on" : "off");
	else if (have->vni != want->vni)
		snprintf(buf, len, "vni %u, wanted %u", have->vni, want->vni);
	else if (want->vnifilter && !have->vnifilter)
		snprintf(buf, len, "vnifilter off, wanted on");
	else if (want->port != 0 && have->port != want->port)
		snprintf(buf, len, "udp port %u, wanted %u", have->port, want->port);
	else if ((w->what & KLINK_WANT_GROUP) && !group_fits(w, l))
		snprintf(buf, len, "group %s is of the other address family",
		    IPSTR(&want->group));
	else if ((w->what & KLINK_WANT_LOCAL) && !same_underlay(have, want))
		snprintf(buf, len, "local address %s, wanted %s", IPSTR(&have->local),
		    IPSTR(&want->local));
	else
		return false;
	return true;
}

static bool
wrong_bridge(const struct klink *l, const struct klink_want *w, char *buf, size_t len)
{
	if (!(w->what & KLINK_WANT_FILTERING) || l->vlan_filtering == w->vlan_filtering)
		return false;
	snprintf(buf, len, "vlan_filtering %s, wanted %s",
	    l->vlan_filtering ? "on" : "off", w->vlan_filtering ? "on" : "off");
	return true;
}

static bool
wrong_vlan(const struct klink *l, const struct klink_want *w, char *buf, size_t len)
{
	if (w->vlan == 0 || l->vlan == w->vlan)
		return false;
	snprintf(buf, len, "vlan %u, wanted %u", l->vlan, w->vlan);
	return true;
}

static bool
wrong_vrf(const struct klink *l, const struct klink_want *w, char *buf, size_t len)
{
	if (w->table == 0 || l->table == w->table)
		return false;
	snprintf(buf, len, "table %u, wanted %u", l->table, w->table);
	return true;
}

const char *
klink_wrong(struct klinks *t, const struct klink_want *w, char *buf, size_t len)
{
	static bool (*const wrong[])(const struct klink *l, const struct klink_want *w,
	    char *buf, size_t len) = {
		[KLINK_BRIDGE] = wrong_bridge,
		[KLINK_VXLAN] = wrong_vxlan,
		[KLINK_VLAN] = wrong_vlan,
		[KLINK_VRF] = wrong_vrf,
		[KLINK_BOND] = NULL,
	};
	const struct klink *l = klink_by_name(t, w->name), *lower;

	if (l == NULL || w->kind == KLINK_OTHER)
		return NULL;
	lower = klink_by_name(t, w->lower);
	if (w->lower[0] != '\0' && lower == NULL)
		snprintf(buf, len, "there is no device %s", w->lower);
	else if (l->kind != w->kind)
		snprintf(buf, len, "is a %s device, wanted %s", kind_names[l->kind],
		    kind_names[w->kind]);
	else if (lower != NULL && l->kind != KLINK_VXLAN && l->lower != lower->ifindex)
		snprintf(buf, len, "not on %s", w->lower);
	else if (wrong[l->kind] == NULL || !wrong[l->kind](l, w, buf, len))
		return NULL;
	return buf;
}

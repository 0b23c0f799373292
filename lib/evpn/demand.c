/*
 * demand - resolution on demand: which kernel rows are wanted of all that BGP knows.
 *
 * A VNI with "resolution on-demand" keeps all routes in its tables as ever, but of the rows
 * that project.c would write for hosts elsewhere it writes only those that are in "use". A
 * use is an address (a MAC, or an IP) that somebody here has asked for: kept per EVI, in a
 * tree of its own, so that a route nobody asks for costs nothing here, nor does anything in a
 * VNI that is proactive (evi->demand is NULL then).
 *
 * Who asks. A frame to a MAC that the bridge does not know is flooded by it, also to a second
 * vxlan device, the sensor, that exists for this alone: it knows no MAC at all, so the kernel
 * tells us of each one (l2miss) and drops the frame. The forwarding device cannot do that
 * itself, since its list of VTEPs is an entry for all MACs; its port floods no unknown
 * unicast meanwhile. Devices made with l2miss and l3miss by somebody else ("direct") tell us
 * themselves: there the VTEPs stand under ff:ff:ff:ff:ff:ff instead. Questions for addresses
 * are heard on the ports (ARP, ND: evpn_asked()), for there we see who asks and can answer;
 * on SVIs the kernel asks by itself and holds the packet (app_solicit, see KOBJ_ASK).
 *
 * What follows. A use is WANTED while a route says where the address is, else UNKNOWN, for a
 * while: that is the negative cache, and a route that comes meanwhile is written at once. A
 * wanted IP makes its MAC wanted. Routes that move or go repoint or remove rows like in a
 * proactive VNI, by way of project.c asking demand_mac() and demand_ip(); the use stays for
 * some seconds, so that a host that comes back elsewhere is there at once.
 *
 * The end. A MAC not used for the configured time goes, and its addresses with it. The
 * kernel's own ageing of vxlan entries is not used: it wants entries without our mark, which
 * would not be known as ours after a restart, and leaves the bridge's entry and the
 * neighbour to us anyway. Instead the entry's time of last use is read (evpn_check()) when it
 * may have run out, that is once per MAC and period; of the three rows only the one in the
 * vxlan device has a time that counts for bridged and for routed traffic (6.18).
 *
 * Changing over. When a VNI becomes on-demand what is in the kernel then counts as used
 * (SEEDING, until the walk over the rows is done), and so does what an earlier life left
 * there. When it becomes proactive again the walk adds what is missing.
 *
 * Bounds: VNI_RATE and HOST_RATE looked-up misses a second, UNKNOWN_MAX addresses remembered
 * that nobody knows, OUTSTANDING_MAX not yet acknowledged. What is over is counted, and its
 * sender will try again.
 */
#include "evpn/demand.h"

#include <stdlib.h>

#include "base/mem.h"
#include "evpn/use.h"

#define VNI_RATE 5000 /* and as many at once */
#define HOST_RATE 20000
#define OUTSTANDING_MAX 4096
#define OUTSTANDING_MS 2000
#define CHECK_AGAIN_MS 1000
#define FRESH_S 2 /* questions about it may be older than its rows */

static const struct ip no_ip;

/* --- counting --- */

/* Eight steps an octave: what is read off is at most an eighth too much. */
static unsigned
bucket_of(uint64_t us)
{
	unsigned octave = 0;

	if (us < 8)
		return (unsigned)us;
	while (us >> octave >= 16)
		octave++;
	octave = (octave + 1) * 8 + (unsigned)(us >> octave & 7);
	return octave < DEMAND_BUCKETS ? octave : DEMAND_BUCKETS - 1;
}

/* The largest of a bucket. */
static uint32_t
bucket_end(unsigned i)
{
	unsigned octave = i / 8;

	if (octave == 0)
		return i;
	return (uint32_t)((8 + i % 8 + 1) << (octave - 1)) - 1;
}

uint32_t
demand_percentile(const struct demand_stats *s, unsigned per_mille)
{
	uint64_t all = 0, n = 0;

	for (unsigned i = 0; i < DEMAND_BUCKETS; i++)
		all += s->latency[i];
	for (unsigned i = 0; i < DEMAND_BUCKETS; i++) {
		n += s->latency[i];
		if (n > 0 && n * 1000 >= all * per_mille)
			return bucket_end(i);
	}
	return 0;
}

static void
count_miss(struct demand *d, uint64_t now)
{
	d->stats.missed++;
	if (now - d->rate_ms >= 1000) {
		d->stats.rate = now - d->rate_ms < 2000 ? d->rate_now : 0;
		d->rate_ms = now;
		d->rate_now = 0;
	}
	d->rate_now++;
}

/* --- what project.c asks --- */

/* Is the row in the kernel, and to be taken as used because of that? */
static bool
is_seed(struct evi *evi, const struct kkey *key)
{
	struct krow *r = key->ifindex != 0 ? ktab_find(evi->evpn->ktab, key) : NULL;

	return r != NULL && ((evi->demand->seeding && r->wanted) || r->adopted);
}

bool
demand_mac(struct evi *evi, const struct mac *mac, bool known, uint64_t now)
{
	struct kkey key;
	struct use *u;

	if (evi->demand == NULL)
		return known;
	u = use_find(evi->demand, mac, NULL);
	if (u == NULL) {
		key = kkey_vxfdb(evi->on.vxlan, evi->on.key_vni, mac);
		if (!known || !is_seed(evi, &key))
			return false;
		u = use_new(evi, mac, NULL, USE_WANTED, now);
	}
	use_turn(u, known ? USE_WANTED : USE_UNKNOWN, now);
	return known;
}

/* The MAC behind an address in use is in use. */
static void
use_mac_too(struct evi *evi, const struct mac *mac, uint64_t now)
{
	struct macip *own = macip_find(evi, mac, NULL);

	if (own == NULL || use_find(evi->demand, mac, NULL) != NULL)
		return;
	use_new(evi, mac, NULL, USE_WANTED, now);
	project_mac(own, now);
}

bool
demand_ip(
    struct evi *evi, const struct ip *ip, const struct macip *holder, uint64_t now)
{
	struct kkey key;
	struct use *u;

	if (evi->demand == NULL)
		return holder != NULL;
	u = use_find(evi->demand, NULL, ip);
	if (u == NULL) {
		key = kkey_neigh(evi->on.svi, ip);
		if (holder == NULL || !is_seed(evi, &key))
			return false;
		u = use_new(evi, NULL, ip, USE_WANTED, now);
	}
	use_turn(u, holder != NULL ? USE_WANTED : USE_UNKNOWN, now);
	if (holder != NULL)
		use_mac_too(evi, &holder->mac, now);
	return holder != NULL;
}

/* --- on and off --- */

void
demand_set(struct evi *evi, bool on)
{
	struct use *u;

	if (on == (evi->demand != NULL))
		return;
	if (on) {
		evi->demand = xcalloc(1, sizeof(*evi->demand));
		evi->demand->seeding = true;
		RB_INIT(&evi->demand->uses);
		TAILQ_INIT(&evi->demand->unknown);
		return;
	}
	while ((u = RB_ROOT(&evi->demand->uses)) != NULL)
		use_free(u);
	free(evi->demand);
	evi->demand = NULL;
}

void
demand_walked(struct evi *evi)
{
	if (evi->demand != NULL)
		evi->demand->seeding = false;
}

/* --- misses --- */

/* The row that has the IP, elsewhere. */
static struct macip *
holder_of(struct evi *evi, const struct ip *ip)
{
	struct macip *m;

	for (m = macip_by_ip(evi, ip); m != NULL; m = macip_ip_after(m))
		if (m->holder)
			return m->state == MACIP_REMOTE && m->best != NULL ? m : NULL;
	return NULL;
}

static void
hurry(struct evi *evi, const struct mac *mac, const struct ip *ip)
{
	struct ktab *t = evi->evpn->ktab;
	struct kkey br = kkey_brfdb(evi->on.bridge, (uint16_t)evi->on.vlan, mac);
	struct kkey vx = kkey_vxfdb(evi->on.vxlan, evi->on.key_vni, mac);
	struct kkey neigh;

	if (ip != NULL) {
		neigh = kkey_neigh(evi->on.svi, ip);
		ktab_hurry(t, &neigh);
	}
	ktab_hurry(t, &br);
	ktab_hurry(t, &vx);
}

static void
lost(struct evi *evi, struct kkey key, uint64_t now)
{
	struct krow *r = ktab_find(evi->evpn->ktab, &key);

	if (r != NULL && r->present && r->wanted && !r->inflight)
		ktab_have(evi->evpn->ktab, &key, NULL, now);
}

/*
 * The kernel asks for what it should have. Mostly the question is older than the row; if it
 * has lost the row without telling, it is written again.
 */
static void
asked_again(struct use *u, uint64_t now)
{
	struct evi *evi = u->evi;

	evi->demand->stats.coalesced++;
	if (u->missed_us != 0 || now_s(now) - u->since_s < FRESH_S)
		return;
	u->since_s = now_s(now);
	if (ip_is_set(&u->ip)) {
		lost(evi, kkey_neigh(evi->on.svi, &u->ip), now);
	} else {
		lost(evi, kkey_brfdb(evi->on.bridge, (uint16_t)evi->on.vlan, &u->mac),
		    now);
		lost(evi, kkey_vxfdb(evi->on.vxlan, evi->on.key_vni, &u->mac), now);
	}
}

static bool
within_bounds(struct evi *evi, uint64_t now)
{
	struct evpn *e = evi->evpn;
	struct demand *d = evi->demand;

	if (e->noutstanding < OUTSTANDING_MAX &&
	    bucket_take(&d->bucket, VNI_RATE, VNI_RATE, now) &&
	    bucket_take(&e->demand_bucket, HOST_RATE, HOST_RATE, now))
		return true;
	d->stats.limited++;
	return false;
}

/* MAC or IP, the other is NULL. */
static void
want(struct evi *evi, const struct mac *mac, const struct ip *ip, uint64_t now_us)
{
	struct demand *d = evi->demand;
	uint64_t now = now_us / 1000;
	struct use *u = use_find(d, mac, ip);
	struct macip *m;
	bool known;

	count_miss(d, now);
	if (u != NULL && u->state == USE_WANTED) {
		asked_again(u, now);
		return;
	}
	if (u != NULL) { /* the route that makes it wanted has not come */
		d->stats.negative++;
		return;
	}
	if (!within_bounds(evi, now))
		return;
	m = ip != NULL ? holder_of(evi, ip) : macip_find(evi, mac, NULL);
	known = m != NULL && m->state == MACIP_REMOTE && m->best != NULL;
	u = use_new(evi, mac, ip, known ? USE_WANTED : USE_UNKNOWN, now);
	if (!known) {
		d->stats.negative++;
		return;
	}
	use_set_outstanding(u, now_us);
	if (ip != NULL)
		project_ip(evi, ip, m, now);
	else
		project_mac(m, now);
	hurry(evi, &m->mac, ip);
}

/* The EVI on whose behalf a device without SOLICIT asks. */
static struct evi *
evi_of_miss(struct evpn *e, uint32_t ifindex)
{
	const struct evdev *dev = evdev_find(e, ifindex);
	struct evi *evi = NULL;

	if (dev != NULL && dev->role == EVDEV_SENSOR)
		evi = evi_find(e, dev->of);
	else if (dev != NULL && dev->role == EVDEV_VXLAN)
		evi = evi_by_vxlan(e, ifindex, 0);
	return evi;
}

void
evpn_demand(struct evpn *e, const struct kkey *key, bool solicit, uint64_t now_us)
{
	struct evi *evi =
	    solicit ? evi_by_svi(e, key->ifindex) : evi_of_miss(e, key->ifindex);

	if (evi == NULL || evi->demand == NULL)
		return;
	if (key->kind == KOBJ_NEIGH)
		want(evi, NULL, &key->ip, now_us);
	else
		want(evi, &key->mac, NULL, now_us);
}

bool
demand_asked(
    struct evi *evi, const struct ip *ip, uint64_t now_us, const struct macip **out)
{
	struct use *u;

	if (evi->demand == NULL)
		return false;
	want(evi, NULL, ip, now_us);
	u = use_find(evi->demand, NULL, ip);
	if (u == NULL || u->state != USE_WANTED)
		return false;
	*out = holder_of(evi, ip);
	/* What stood there before was answered by the bridge itself. */
	return *out != NULL && now_s(now_us / 1000) - u->since_s < FRESH_S;
}

bool
evpn_dropped(struct evpn *e, uint32_t ifindex, const struct mac *mac, uint64_t now_us,
    uint32_t *out_vni)
{
	struct evi *evi = evi_of_miss(e, ifindex);
	struct use *u;

	if (evi == NULL || evi->demand == NULL)
		return false;
	want(evi, mac, NULL, now_us);
	u = use_find(evi->demand, mac, NULL);
	*out_vni = evi->vni;
	return u != NULL && u->state == USE_WANTED;
}

bool
evpn_replay(struct evpn *e, uint32_t vni, const struct mac *mac, uint32_t *out_ifindex)
{
	struct evi *evi = evi_find(e, vni);
	struct use *u;

	if (evi == NULL || evi->demand == NULL || evi->on.vxlan == 0)
		return false;
	u = use_find(evi->demand, mac, NULL);
	if (u == NULL || u->state != USE_WANTED || !demand_installed(evi, mac, NULL))
		return false;
	evi->demand->stats.replayed++;
	*out_ifindex = evi->on.vxlan;
	return true;
}

/* --- what the kernel says to it --- */

static bool
is_installed(struct evpn *e, const struct kkey *key)
{
	struct krow *r = key->ifindex != 0 ? ktab_find(e->ktab, key) : NULL;

	return key->ifindex == 0 || r == NULL || !r->wanted ||
	    (r->present && !r->inflight && krow_op(r, true) == KOP_NONE);
}

bool
demand_installed(struct evi *evi, const struct mac *mac, const struct ip *ip)
{
	struct kkey keys[] = {
		kkey_brfdb(evi->on.bridge, (uint16_t)evi->on.vlan, mac),
		kkey_vxfdb(evi->on.vxlan, evi->on.key_vni, mac),
		kkey_neigh(evi->on.svi, ip != NULL ? ip : &no_ip),
	};
	unsigned n = ip != NULL ? 3 : 2;

	for (unsigned i = 0; i < n; i++)
		if (!is_installed(evi->evpn, &keys[i]))
			return false;
	return true;
}

static bool
use_installed(struct use *u)
{
	const struct macip *m;

	if (!ip_is_set(&u->ip))
		return demand_installed(u->evi, &u->mac, NULL);
	m = holder_of(u->evi, &u->ip);
	return m == NULL || demand_installed(u->evi, &m->mac, &u->ip);
}

void
evpn_demand_acked(struct evpn *e, uint64_t now_us)
{
	struct use *u, *next;
	unsigned budget = 512;

	TAILQ_FOREACH_SAFE (u, &e->outstanding, outstanding_link, next) {
		struct demand_stats *s = &u->evi->demand->stats;

		if (budget-- == 0)
			return;
		if (use_installed(u)) {
			s->resolved++;
			s->latency[bucket_of(now_us - u->missed_us)]++;
			use_set_outstanding(u, 0);
		} else if (now_us - u->missed_us > OUTSTANDING_MS * UINT64_C(1000)) {
			s->refused++;
			use_set_outstanding(u, 0);
		}
	}
}

/* --- ageing --- */

/* A MAC goes, and first its addresses. */
static void
use_end(struct use *u, uint64_t now)
{
	struct evi *evi = u->evi;
	struct macip *own = macip_find(evi, &u->mac, NULL);
	struct use *ip;

	evi->demand->stats.aged++;
	for (struct macip *m = own != NULL ? macip_sibling(own) : NULL; m != NULL;
	     m = macip_sibling(m)) {
		if (!m->holder || (ip = use_find(evi->demand, NULL, &m->ip)) == NULL)
			continue;
		use_free(ip);
		project_ip(evi, &m->ip, m, now);
	}
	use_free(u);
	if (own != NULL)
		project_mac(own, now);
}

bool
evpn_check(struct evpn *e, uint64_t now, struct kkey *out)
{
	struct use *u;

	while ((u = RB_MIN(demand_timers, &e->demand_timers)) != NULL &&
	    u->due_ms <= now) {
		if (u->state == USE_UNKNOWN) {
			use_free(u);
			continue;
		}
		*out = kkey_vxfdb(u->evi->on.vxlan, u->evi->on.key_vni, &u->mac);
		use_set_timer(u, now + CHECK_AGAIN_MS);
		if (out->ifindex != 0)
			return true;
	}
	return false;
}

void
evpn_checked(struct evpn *e, const struct kkey *key, uint32_t idle_ms, uint64_t now)
{
	struct evi *evi = evi_by_vxlan(e, key->ifindex, key->id);
	struct use *u;

	if (evi == NULL || evi->demand == NULL ||
	    (u = use_find(evi->demand, &key->mac, NULL)) == NULL ||
	    u->state != USE_WANTED)
		return;
	if (idle_ms >= use_age_ms(evi))
		use_end(u, now);
	else
		use_set_timer(u, now + use_age_ms(evi) - idle_ms);
}

uint64_t
demand_deadline(struct evpn *e)
{
	struct use *u = RB_MIN(demand_timers, &e->demand_timers);

	return u != NULL ? u->due_ms : UINT64_MAX;
}

void
demand_retime(struct evi *evi)
{
	struct use *u;

	if (evi->demand == NULL)
		return;
	RB_FOREACH (u, uses, &evi->demand->uses)
		if (u->state == USE_WANTED && !ip_is_set(&u->ip))
			use_set_timer(u, 1); /* at once */
}

/* --- looking at it --- */

struct demand_stats *
demand_count(struct evi *evi)
{
	return evi->demand != NULL ? &evi->demand->stats : NULL;
}

bool
evi_demand_stats(const struct evi *evi, uint64_t now, struct demand_stats *out)
{
	const struct demand *d = evi->demand;

	*out = (struct demand_stats){ 0 };
	if (d == NULL)
		return false;
	*out = d->stats;
	if (now - d->rate_ms >= 2000)
		out->rate = 0;
	else if (now - d->rate_ms >= 1000)
		out->rate = d->rate_now;
	return true;
}

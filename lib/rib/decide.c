/*
 * decide - which path of a dest is best.
 *
 * The steps are a table, in the order they are asked; the first one that sees a difference
 * decides and is the reason shown. Type 2 routes first go through the steps of RFC 7432, 15
 * within one NLRI (as FRR does), then through those of RFC 4271, 9.1.2.2 with RFC 4456, 9.
 * The interior cost to the next hop (RFC 4271, step e) is not asked: all we know of a next
 * hop is that the kernel routes to it.
 *
 * MED is compared between paths of one neighboring AS only, so "better" is no order over all
 * paths. dest_decide() therefore first strikes out every path that another one of its own AS
 * beats (RFC 4271, 9.1.2.2, c); what is left never compares MED.
 */
#include "rib/decide.h"

#define LOCAL_PREF_DEFAULT 100

struct step {
	int (*cmp)(const struct path *a, const struct path *b);
	enum decide_reason reason;
};

static int
cmp_u32(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

/* Paths that must not be used are worse than any other. */
static int
cmp_usable(const struct path *a, const struct path *b)
{
	const uint8_t unusable = PATH_LOOP | PATH_NEXTHOP;

	return !!(a->flags & unusable) - !!(b->flags & unusable);
}

/* RFC 9494, 4.3: what outlived its session by long is used when nothing else is there. */
static int
cmp_stale(const struct path *a, const struct path *b)
{
	return !!(a->flags & PATH_LLGR) - !!(b->flags & PATH_LLGR);
}

/* RFC 7432, 15.2: a static MAC is not moved. */
static int
cmp_sticky(const struct path *a, const struct path *b)
{
	return !!(b->attrs->v.flags & ATTRS_STICKY) -
	    !!(a->attrs->v.flags & ATTRS_STICKY);
}

/* RFC 7432, 15: the higher sequence number is the later move; none counts as 0. */
static int
cmp_sequence(const struct path *a, const struct path *b)
{
	return cmp_u32(b->attrs->v.mm_seq, a->attrs->v.mm_seq);
}

/* RFC 7432, 15: of equal sequence numbers the lower VTEP address. */
static int
cmp_vtep(const struct path *a, const struct path *b)
{
	return ip_cmp(&a->attrs->v.nexthop, &b->attrs->v.nexthop);
}

/* What we originate ourselves (FRR: weight 32768). */
static int
cmp_local(const struct path *a, const struct path *b)
{
	return b->peer->self - a->peer->self;
}

static uint32_t
local_pref(const struct path *p)
{
	const struct attr_value *v = &p->attrs->v;

	return v->flags & ATTRS_LOCAL_PREF ? v->local_pref : LOCAL_PREF_DEFAULT;
}

/* RFC 4271, 9.1.1: the degree of preference. */
static int
cmp_local_pref(const struct path *a, const struct path *b)
{
	return cmp_u32(local_pref(b), local_pref(a));
}

/* RFC 4271, 9.1.2.2, a: the shorter AS_PATH; a set counts as one. */
static int
cmp_as_path(const struct path *a, const struct path *b)
{
	return a->attrs->v.aspath_len - b->attrs->v.aspath_len;
}

/* b: the lower ORIGIN. */
static int
cmp_origin(const struct path *a, const struct path *b)
{
	return a->attrs->v.origin - b->attrs->v.origin;
}

static uint32_t
med(const struct path *p)
{
	return p->attrs->v.flags & ATTRS_MED ? p->attrs->v.med : 0;
}

/* The neighboring AS a path came through; iBGP paths without an AS_PATH are our own AS's. */
static bool
same_neighbor_as(const struct path *a, const struct path *b)
{
	return aspath_first(&a->attrs->v.aspath) == aspath_first(&b->attrs->v.aspath);
}

/* c: the lower MED of one neighboring AS; none counts as 0. */
static int
cmp_med(const struct path *a, const struct path *b)
{
	return same_neighbor_as(a, b) ? cmp_u32(med(a), med(b)) : 0;
}

/* d: learned from outside before learned inside. */
static int
cmp_peer_type(const struct path *a, const struct path *b)
{
	return a->peer->ibgp - b->peer->ibgp;
}

static uint32_t
router_id(const struct path *p)
{
	const struct attr_value *v = &p->attrs->v;

	return v->flags & ATTRS_ORIGINATOR_ID ? v->originator_id : p->peer->router_id;
}

/* f: the lower BGP identifier; RFC 4456, 9: ORIGINATOR_ID stands for it. */
static int
cmp_router_id(const struct path *a, const struct path *b)
{
	return cmp_u32(router_id(a), router_id(b));
}

/* RFC 4456, 9: the shorter CLUSTER_LIST. */
static int
cmp_cluster(const struct path *a, const struct path *b)
{
	return cmp_u32(a->attrs->v.cluster.len, b->attrs->v.cluster.len);
}

/* g: the lower peer address. */
static int
cmp_peer_ip(const struct path *a, const struct path *b)
{
	int c = ip_cmp(&a->peer->addr, &b->peer->addr);

	return c != 0 ? c : a->peer->id - b->peer->id;
}

static const struct step steps[] = {
	{ cmp_usable, DECIDE_NONE },
	{ cmp_stale, DECIDE_STALE },
	{ cmp_local, DECIDE_LOCAL },
	{ cmp_local_pref, DECIDE_LOCAL_PREF },
	{ cmp_as_path, DECIDE_AS_PATH },
	{ cmp_origin, DECIDE_ORIGIN },
	{ cmp_med, DECIDE_MED },
	{ cmp_peer_type, DECIDE_PEER_TYPE },
	{ cmp_router_id, DECIDE_ROUTER_ID },
	{ cmp_cluster, DECIDE_CLUSTER_LENGTH },
	{ cmp_peer_ip, DECIDE_PEER_IP },
};

/* Asked before STEPS, for type 2. */
static const struct step macip_steps[] = {
	{ cmp_usable, DECIDE_NONE },
	{ cmp_stale, DECIDE_STALE },
	{ cmp_sticky, DECIDE_STICKY },
	{ cmp_sequence, DECIDE_SEQUENCE },
	{ cmp_vtep, DECIDE_LOWER_IP },
};

#define N(a) (sizeof(a) / sizeof((a)[0]))

static int
walk(const struct step *s, size_t n, const struct path *a, const struct path *b,
    enum decide_reason *out)
{
	int c = 0;

	for (; n > 0 && c == 0; s++, n--) {
		c = s->cmp(a, b);
		*out = s->reason;
	}
	return c;
}

int
path_cmp(const struct path *a, const struct path *b, enum decide_reason *out)
{
	int c = 0;

	if (a->dest->nlri.type == NLRI_MACIP && !a->dest->nlri.opaque)
		c = walk(macip_steps, N(macip_steps), a, b, out);
	if (c == 0)
		c = walk(steps, N(steps), a, b, out);
	return c;
}

/* Does another path of P's neighboring AS beat it? */
static bool
beaten_at_home(const struct dest *d, const struct path *p)
{
	enum decide_reason why;
	const struct path *q;

	for (q = d->paths; q != NULL; q = q->next) {
		if (q != p && same_neighbor_as(q, p) && path_cmp(q, p, &why) < 0)
			return true;
	}
	return false;
}

/* The best of D but EXCEPT. */
static struct path *
pick(const struct dest *d, const struct path *except)
{
	struct path *p, *best = NULL;
	enum decide_reason why;

	for (p = d->paths; p != NULL; p = p->next) {
		if (p == except || (except == NULL && beaten_at_home(d, p)))
			continue;
		if (best == NULL || path_cmp(p, best, &why) < 0)
			best = p;
	}
	return best;
}

void
dest_decide(struct dest *d)
{
	enum decide_reason why = DECIDE_NONE;
	struct path **pp, *best;

	if (d->paths == NULL || d->paths->next == NULL) {
		d->reason = d->paths == NULL ? DECIDE_NONE : DECIDE_FIRST;
		return;
	}
	best = pick(d, NULL);
	for (pp = &d->paths; *pp != best; pp = &(*pp)->next)
		;
	*pp = best->next;
	best->next = d->paths;
	d->paths = best;
	path_cmp(best, pick(d, best), &why);
	/* The others may not be used at all: as good as alone. */
	d->reason = why == DECIDE_NONE ? DECIDE_FIRST : why;
}

static const char *const reason_names[] = {
	[DECIDE_NONE] = "Nothing to Select",
	[DECIDE_FIRST] = "First path received",
	[DECIDE_LOCAL_PREF] = "Local Pref",
	[DECIDE_LOCAL] = "Local Route",
	[DECIDE_AS_PATH] = "AS Path",
	[DECIDE_ORIGIN] = "Origin",
	[DECIDE_MED] = "MED",
	[DECIDE_PEER_TYPE] = "Peer Type",
	[DECIDE_STICKY] = "EVPN Sticky Mac",
	[DECIDE_SEQUENCE] = "EVPN sequence number",
	[DECIDE_LOWER_IP] = "EVPN lower IP",
	[DECIDE_ROUTER_ID] = "Router ID",
	[DECIDE_CLUSTER_LENGTH] = "Cluster length",
	[DECIDE_PEER_IP] = "Neighbor IP",
	[DECIDE_STALE] = "Path Staleness",
};

const char *
decide_reason_name(enum decide_reason reason)
{
	return reason < N(reason_names) ? reason_names[reason]
					: reason_names[DECIDE_NONE];
}

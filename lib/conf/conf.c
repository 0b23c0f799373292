/*
 * conf - the configuration as a value: making, copying, freeing, finding.
 *
 * Always: peers are groups by name, then neighbors by address; VNIs by number; VRFs by name;
 * a string field is NULL or not empty; arrays are as long as their count says.
 */
#include "conf/conf.h"

#include "base/mem.h"
#include "conf/text.h"

#include <stdlib.h>
#include <string.h>

struct conf *
conf_new(void)
{
	struct conf *c = xcalloc(1, sizeof(*c));

	TAILQ_INIT(&c->bgp.peers);
	TAILQ_INIT(&c->bgp.listens);
	TAILQ_INIT(&c->bgp.evpn.vnis);
	TAILQ_INIT(&c->vrfs);
	return c;
}

static void
peer_free(struct conf_peer *p)
{
	free(p->description);
	free(p->password);
	free(p->shutdown_message);
	free(p);
}

static void
vni_free(struct conf_vni *v)
{
	free(v->import.rt);
	free(v->export.rt);
	free(v->vteps);
	free(v->statics);
	free(v->ports);
	free(v->gateways);
	free(v);
}

bool
conf_vni_external(const struct conf *c, const struct conf_vni *v)
{
	const struct conf_vni *o;

	TAILQ_FOREACH (o, &c->bgp.evpn.vnis, link)
		if (v->vxlan[0] != '\0' && strcmp(o->vxlan, v->vxlan) == 0 &&
		    (o != v || v->external))
			return true;
	return false;
}

bool
conf_vni_tagged(
    const struct conf *c, const struct conf_vni *v, const struct conf_port *p)
{
	const struct conf_vni *o;

	if (p->tagged)
		return true;
	TAILQ_FOREACH (o, &c->bgp.evpn.vnis, link) {
		if (o == v || strcmp(o->bridge, v->bridge) != 0)
			continue;
		for (int i = 0; i < o->nports; i++)
			if (strcmp(o->ports[i].name, p->name) == 0 &&
			    !o->ports[i].tagged)
				return true;
	}
	return false;
}

void
conf_vrf_bgp_clear(struct conf_vrf *v)
{
	v->bgp = v->no_import_check = false;
	v->as = 0;
	v->advertise_v4 = v->advertise_v6 = v->originate_v4 = v->originate_v6 = false;
	v->rd = (struct rd){ { 0 } };
	free(v->import.rt);
	free(v->export.rt);
	v->import = v->export = (struct conf_rts){ NULL, 0 };
	v->redistribute4 = v->redistribute6 = 0;
	free(v->networks);
	v->networks = NULL;
	v->nnetworks = 0;
}

static void
vrf_free(struct conf_vrf *v)
{
	conf_vrf_bgp_clear(v);
	free(v);
}

void
conf_bgp_clear(struct conf *c)
{
	struct conf_peer *p;
	struct conf_listen *l;
	struct conf_vni *v;
	struct conf_vrf *r = conf_vrf_find(c, CONF_DEFAULT_VRF);

	if (r != NULL)
		conf_vrf_bgp_clear(r);
	while ((p = TAILQ_FIRST(&c->bgp.peers)) != NULL)
		conf_peer_del(c, p);
	while ((l = TAILQ_FIRST(&c->bgp.listens)) != NULL) {
		TAILQ_REMOVE(&c->bgp.listens, l, link);
		free(l);
	}
	while ((v = TAILQ_FIRST(&c->bgp.evpn.vnis)) != NULL)
		conf_vni_del(c, v);
	c->bgp = (struct conf_bgp){ .on = false };
	TAILQ_INIT(&c->bgp.peers);
	TAILQ_INIT(&c->bgp.listens);
	TAILQ_INIT(&c->bgp.evpn.vnis);
}

void
conf_free(struct conf *c)
{
	struct conf_vrf *v;

	if (c == NULL)
		return;
	conf_bgp_clear(c);
	while ((v = TAILQ_FIRST(&c->vrfs)) != NULL)
		conf_vrf_del(c, v);
	free(c->log.file);
	conf_debug_fini(&c->debugs);
	free(c);
}

static void *
copy_array(const void *p, size_t n, size_t size)
{
	void *q;

	if (n == 0)
		return NULL;
	q = xcalloc(n, size);
	memcpy(q, p, n * size);
	return q;
}

static char *
copy_string(const char *s)
{
	return s != NULL ? xstrdup(s) : NULL;
}

static struct conf_rts
copy_rts(const struct conf_rts *r)
{
	return (struct conf_rts){ copy_array(r->rt, r->n, sizeof(r->rt[0])), r->n };
}

static struct conf_peer *
copy_peer(const struct conf_peer *p)
{
	struct conf_peer *q = copy_array(p, 1, sizeof(*p));

	q->description = copy_string(p->description);
	q->password = copy_string(p->password);
	q->shutdown_message = copy_string(p->shutdown_message);
	return q;
}

static struct conf_vni *
copy_vni(const struct conf_vni *v)
{
	struct conf_vni *w = copy_array(v, 1, sizeof(*v));

	w->import = copy_rts(&v->import);
	w->export = copy_rts(&v->export);
	w->vteps = copy_array(v->vteps, v->nvteps, sizeof(v->vteps[0]));
	w->statics = copy_array(v->statics, v->nstatics, sizeof(v->statics[0]));
	w->ports = copy_array(v->ports, v->nports, sizeof(v->ports[0]));
	w->gateways = copy_array(v->gateways, v->ngateways, sizeof(v->gateways[0]));
	return w;
}

static struct conf_vrf *
copy_vrf(const struct conf_vrf *v)
{
	struct conf_vrf *w = copy_array(v, 1, sizeof(*v));

	w->import = copy_rts(&v->import);
	w->export = copy_rts(&v->export);
	w->networks = copy_array(v->networks, v->nnetworks, sizeof(v->networks[0]));
	return w;
}

struct conf *
conf_copy(const struct conf *c)
{
	struct conf *n = conf_new();
	const struct conf_peer *p;
	const struct conf_listen *l;
	const struct conf_vni *v;
	const struct conf_vrf *r;
	struct conf_peer *np;
	struct conf_listen *nl;
	struct conf_vni *nv;
	struct conf_vrf *nr;

	*n = *c;
	n->log.file = copy_string(c->log.file);
	n->debugs.list =
	    copy_array(c->debugs.list, c->debugs.n, sizeof(*c->debugs.list));
	TAILQ_INIT(&n->bgp.peers);
	TAILQ_INIT(&n->bgp.listens);
	TAILQ_INIT(&n->bgp.evpn.vnis);
	TAILQ_INIT(&n->vrfs);
	TAILQ_FOREACH (p, &c->bgp.peers, link) {
		np = copy_peer(p);
		TAILQ_INSERT_TAIL(&n->bgp.peers, np, link);
	}
	TAILQ_FOREACH (l, &c->bgp.listens, link) {
		nl = copy_array(l, 1, sizeof(*l));
		TAILQ_INSERT_TAIL(&n->bgp.listens, nl, link);
	}
	TAILQ_FOREACH (v, &c->bgp.evpn.vnis, link) {
		nv = copy_vni(v);
		TAILQ_INSERT_TAIL(&n->bgp.evpn.vnis, nv, link);
	}
	TAILQ_FOREACH (r, &c->vrfs, link) {
		nr = copy_vrf(r);
		TAILQ_INSERT_TAIL(&n->vrfs, nr, link);
	}
	return n;
}

/* A text under construction. */
struct text {
	char *s;
	size_t len, room;
};

static void
text_put(const char *s, void *arg)
{
	struct text *t = arg;
	size_t len = strlen(s);

	if (t->len + len + 1 > t->room) {
		t->room = (t->len + len + 1) * 2;
		t->s = xreallocarray(t->s, t->room, 1);
	}
	memcpy(t->s + t->len, s, len + 1);
	t->len += len;
}

char *
conf_text(const struct conf *c, bool secrets)
{
	struct text t = { NULL, 0, 0 };

	text_put("", &t);
	conf_write(c, secrets, text_put, &t);
	return t.s;
}

/* What is written alike is alike: the text says everything, once, in one order. */
bool
conf_equal(const struct conf *a, const struct conf *b)
{
	char *x = conf_text(a, true), *y = conf_text(b, true);
	bool equal = strcmp(x, y) == 0;

	free(x);
	free(y);
	return equal;
}

struct conf_peer *
conf_peer_find(const struct conf *c, const char *name)
{
	struct conf_peer *p;

	TAILQ_FOREACH (p, &c->bgp.peers, link)
		if (strcmp(p->name, name) == 0)
			return p;
	return NULL;
}

static int
peer_cmp(const struct conf_peer *a, const struct conf_peer *b)
{
	if (a->is_group != b->is_group)
		return a->is_group ? -1 : 1;
	return a->is_group ? strcmp(a->name, b->name) : ip_cmp(&a->addr, &b->addr);
}

struct conf_peer *
conf_peer_add(struct conf *c, const char *name, bool is_group)
{
	struct conf_peer *p = xcalloc(1, sizeof(*p)), *next;

	strlcpy(p->name, name, sizeof(p->name));
	p->is_group = is_group;
	if (!is_group)
		ip_parse(name, &p->addr);
	/* Files are mostly in order: look from the end. */
	next = TAILQ_LAST(&c->bgp.peers, conf_peers);
	while (next != NULL && peer_cmp(next, p) > 0)
		next = TAILQ_PREV(next, conf_peers, link);
	if (next != NULL)
		TAILQ_INSERT_AFTER(&c->bgp.peers, next, p, link);
	else
		TAILQ_INSERT_HEAD(&c->bgp.peers, p, link);
	return p;
}

void
conf_peer_del(struct conf *c, struct conf_peer *p)
{
	TAILQ_REMOVE(&c->bgp.peers, p, link);
	peer_free(p);
}

/* Takes FIELD from the group when it is zero. */
#define INHERIT(field)                      \
	do {                                \
		if (!r.field)               \
			r.field = g->field; \
	} while (0)

struct conf_peer
conf_peer_resolve(const struct conf *c, const struct conf_peer *p)
{
	struct conf_peer r = *p;
	const struct conf_peer *g =
	    p->group[0] != '\0' ? conf_peer_find(c, p->group) : NULL;

	if (g == NULL)
		return r;
	if (r.as_kind == CONF_AS_NONE) {
		r.as_kind = g->as_kind;
		r.as = g->as;
	}
	if (!ip_is_set(&r.update_source) && r.update_source_ifname[0] == '\0') {
		r.update_source = g->update_source;
		memcpy(r.update_source_ifname, g->update_source_ifname,
		    sizeof(r.update_source_ifname));
	}
	if (!r.timers) {
		r.timers = g->timers;
		r.keepalive_s = g->keepalive_s;
		r.hold_s = g->hold_s;
	}
	if (r.max_prefix == 0) {
		r.max_prefix = g->max_prefix;
		r.max_prefix_warn = g->max_prefix_warn;
		r.max_prefix_warning_only = g->max_prefix_warning_only;
		r.max_prefix_restart_min = g->max_prefix_restart_min;
	}
	/* A message belongs to its own shutdown. */
	if (r.shutdown == CONF_UNSET) {
		r.shutdown = g->shutdown;
		r.shutdown_message = g->shutdown_message;
	}
	if (r.bfd == CONF_UNSET) {
		r.bfd = g->bfd;
		r.bfd_mult = g->bfd_mult;
		r.bfd_rx_ms = g->bfd_rx_ms;
		r.bfd_tx_ms = g->bfd_tx_ms;
		r.bfd_check_control_plane = g->bfd_check_control_plane;
		memcpy(r.bfd_profile, g->bfd_profile, sizeof(r.bfd_profile));
	}
	INHERIT(port);
	INHERIT(description);
	INHERIT(password);
	INHERIT(connect_s);
	INHERIT(send_hold_s);
	INHERIT(ebgp_multihop);
	INHERIT(ttl_hops);
	INHERIT(passive);
	INHERIT(gr);
	INHERIT(capability_extended_nexthop);
	INHERIT(activate);
	INHERIT(rr_client);
	INHERIT(next_hop_self);
	INHERIT(soft_reconfiguration);
	INHERIT(allowas_in);
	return r;
}

struct conf_vni *
conf_vni_find(const struct conf *c, uint32_t vni)
{
	struct conf_vni *v;

	/* The last one added is what is looked for most. */
	TAILQ_FOREACH_REVERSE(v, &c->bgp.evpn.vnis, conf_vnis, link)
	{
		if (v->vni == vni)
			return v;
		if (v->vni < vni)
			return NULL;
	}
	return NULL;
}

struct conf_vni *
conf_vni_add(struct conf *c, uint32_t vni)
{
	struct conf_vni *v = xcalloc(1, sizeof(*v)), *before;

	v->vni = vni;
	before = TAILQ_LAST(&c->bgp.evpn.vnis, conf_vnis);
	while (before != NULL && before->vni > vni)
		before = TAILQ_PREV(before, conf_vnis, link);
	if (before != NULL)
		TAILQ_INSERT_AFTER(&c->bgp.evpn.vnis, before, v, link);
	else
		TAILQ_INSERT_HEAD(&c->bgp.evpn.vnis, v, link);
	return v;
}

void
conf_vni_del(struct conf *c, struct conf_vni *v)
{
	TAILQ_REMOVE(&c->bgp.evpn.vnis, v, link);
	vni_free(v);
}

struct conf_vrf *
conf_vrf_find(const struct conf *c, const char *name)
{
	struct conf_vrf *v;

	TAILQ_FOREACH (v, &c->vrfs, link)
		if (strcmp(v->name, name) == 0)
			return v;
	return NULL;
}

bool
conf_vrf_is_default(const struct conf_vrf *v)
{
	return strcmp(v->name, CONF_DEFAULT_VRF) == 0;
}

static bool
vrf_before(const struct conf_vrf *a, const struct conf_vrf *b)
{
	if (conf_vrf_is_default(a) || conf_vrf_is_default(b))
		return conf_vrf_is_default(a);
	return strcmp(a->name, b->name) < 0;
}

struct conf_vrf *
conf_vrf_add(struct conf *c, const char *name)
{
	struct conf_vrf *v = xcalloc(1, sizeof(*v)), *before;

	strlcpy(v->name, name, sizeof(v->name));
	before = TAILQ_LAST(&c->vrfs, conf_vrfs);
	while (before != NULL && vrf_before(v, before))
		before = TAILQ_PREV(before, conf_vrfs, link);
	if (before != NULL)
		TAILQ_INSERT_AFTER(&c->vrfs, before, v, link);
	else
		TAILQ_INSERT_HEAD(&c->vrfs, v, link);
	return v;
}

void
conf_vrf_del(struct conf *c, struct conf_vrf *v)
{
	TAILQ_REMOVE(&c->vrfs, v, link);
	vrf_free(v);
}

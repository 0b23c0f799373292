/*
 * peer_conf - brings neighbors in line with the configuration, touching what differs.
 *
 * What a change of a neighbor's setting costs is a column of a table: a new session, the
 * routes asked for again, the routes sent again, or nothing.
 */
#include <event2/event.h>
#include <stdlib.h>

#include "base/mem.h"
#include "peer_int.h"

#define LISTEN_LIMIT 100

enum {
	COST_RESET = 1 << 0,
	COST_IN = 1 << 1,    /* what we keep of its routes may change: route refresh */
	COST_OUT = 1 << 2,   /* another adj-RIB-out */
	COST_LIMIT = 1 << 3, /* maximum-prefix is looked at again */
	COST_KEY = 1 << 4,   /* a password: told to the kernel if there was one */
};

struct setting {
	uint16_t offset;
	uint16_t size; /* 0: a string of its own */
	uint8_t cost;
};

#define VALUE(field, cost)                                       \
	{                                                        \
		offsetof(struct conf_peer, field),               \
		    sizeof(((struct conf_peer *)0)->field), cost \
	}
#define STRING(field, cost)                                \
	{                                                  \
		offsetof(struct conf_peer, field), 0, cost \
	}

static const struct setting settings[] = {
	VALUE(as_kind, COST_RESET),
	VALUE(as, COST_RESET),
	VALUE(port, COST_RESET),
	STRING(password, COST_KEY),
	VALUE(update_source, COST_RESET),
	VALUE(update_source_ifname, COST_RESET),
	VALUE(ebgp_multihop, COST_RESET),
	VALUE(ttl_hops, COST_RESET),
	VALUE(capability_extended_nexthop, COST_RESET),
	VALUE(activate, COST_RESET),
	VALUE(gr, COST_RESET),
	VALUE(rr_client, COST_RESET), /* both directions change */
	VALUE(next_hop_self, COST_OUT),
	VALUE(allowas_in, COST_IN),
	VALUE(soft_reconfiguration, COST_IN),
	VALUE(max_prefix, COST_LIMIT),
	VALUE(max_prefix_warn, COST_LIMIT),
	VALUE(max_prefix_warning_only, COST_LIMIT),
};

static bool
string_differs(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a != b : strcmp(a, b) != 0;
}

static unsigned
cost_of(const struct conf_peer *old, const struct conf_peer *new)
{
	const char *a = (const char *)old, *b = (const char *)new;
	const struct setting *s = settings;
	unsigned cost = 0;

	for (; s < settings + sizeof(settings) / sizeof(settings[0]); s++) {
		bool differs = s->size > 0
		    ? memcmp(a + s->offset, b + s->offset, s->size) != 0
		    : string_differs(*(char *const *)(const void *)(a + s->offset),
			  *(char *const *)(const void *)(b + s->offset));

		if (differs)
			cost |= s->cost;
	}
	/* From none, or to none: TCP's options change, and with them the session. */
	if ((cost & COST_KEY) && (old->password == NULL || new->password == NULL))
		cost |= COST_RESET;
	return cost;
}

/* The kernel signs with the new password from now on, and asks for it. */
static void
rekey(struct peer *p)
{
	struct bgp_error err;
	int error = 0;

	if (p->other != NULL)
		error = session_rekey(p->other, p->conf.password);
	if (p->session != NULL && error == 0)
		error = session_rekey(p->session, p->conf.password);
	if (error == 0) {
		peer_log(p, LOG_NOTICE, "TCP MD5: the new password is in force");
		return;
	}
	err = peer_cease(BGP_CEASE_CONFIG, NULL, "configuration changed");
	peer_stop(p, &err);
}

/* Sessions point to these: a string that says the same stays where it is. */
static char *
keep(char *old, const char *s)
{
	if (old != NULL && s != NULL && strcmp(old, s) == 0)
		return old;
	free(old);
	return s != NULL ? xstrdup(s) : NULL;
}

void
peer_conf_fini(struct conf_peer *c)
{
	free(c->description);
	free(c->password);
	free(c->shutdown_message);
	c->description = c->password = c->shutdown_message = NULL;
}

static void
conf_take(struct peer *p, const struct conf_peer *new)
{
	struct conf_peer old = p->conf;

	p->conf = *new;
	p->conf.description = keep(old.description, new->description);
	p->conf.password = keep(old.password, new->password);
	p->conf.shutdown_message = keep(old.shutdown_message, new->shutdown_message);
}

struct bgp_error
peer_cease(uint8_t subcode, const char *words, const char *text)
{
	uint8_t data[BGP_ERROR_DATA];
	struct builder b = builder_of(data, sizeof(data));
	struct bgp_error err;
	size_t len;

	if (words != NULL &&
	    words[0] != '\0') { /* RFC 9003: a length octet, then UTF-8 */
		len = strlen(words);
		if (len > sizeof(data) - 1)
			len = sizeof(data) - 1;
		put_u8(&b, (uint8_t)len);
		put_bytes(&b, words, len);
	}
	bgp_error_set(&err, BGP_ERR_CEASE, subcode, data, put_len(&b), "%s", text);
	return err;
}

static struct bgp_error
shutdown_cease(const struct conf_peer *c)
{
	const char *words = c->shutdown_message;

	return peer_cease(BGP_CEASE_SHUTDOWN, words, words != NULL ? words : "");
}

static void
guess_side(struct peer *p)
{
	const struct conf_peer *c = &p->conf;

	p->local_as = p->peers->globals.as;
	p->rp.addr = c->addr;
	p->rp.as = c->as_kind == CONF_AS_NUMBER ? c->as
	    : c->as_kind == CONF_AS_INTERNAL    ? p->local_as
						: 0;
	p->rp.ibgp = c->as_kind == CONF_AS_INTERNAL || p->rp.as == p->local_as;
}

/* The settings of P are those of NEW from now on. RESET: for another reason already. */
static void
change(struct peer *p, const struct conf_peer *new, bool reset)
{
	unsigned cost = cost_of(&p->conf, new);
	bool down = new->shutdown == CONF_YES;
	struct bgp_error err;

	if (down && p->conf.shutdown != CONF_YES) {
		err = shutdown_cease(new);
		p->conf.shutdown = CONF_YES;
		peer_stop(p, &err);
	} else if (reset || (cost & COST_RESET)) {
		err = peer_cease(BGP_CEASE_CONFIG, NULL, "configuration changed");
		peer_stop(p, &err);
		peer_damp_forget(p);
		cost = COST_RESET;
	}
	if (down || reset || (cost & COST_RESET))
		peer_gr_forget(p);
	if (p->deleted) /* a dynamic neighbor goes with its session */
		return;
	conf_take(p, new);
	if ((cost & COST_KEY) && p->session != NULL)
		rekey(p);
	if (p->deleted)
		return;
	peer_bfd_apply(p);
	if (cost & (COST_RESET | COST_LIMIT)) {
		p->over_limit = false;
		evtimer_del(p->restart);
	}
	if (p->state != FSM_ESTABLISHED) {
		guess_side(p);
		peer_start(p);
		return;
	}
	if (cost & COST_OUT)
		peer_regroup(p);
	if (cost & COST_IN)
		peer_clear(p->peers, p, PEER_CLEAR_SOFT_IN);
	if ((cost & COST_LIMIT) && peer_check_limit(p, &err) == BGP_RESET)
		peer_stop(p, &err);
}

static struct peer_globals
globals_of(const struct evpnd *d)
{
	const struct conf_bgp *bgp = &d->conf->bgp;

	return (struct peer_globals){
		.as = bgp->as,
		.router_id = d->router_id,
		.cluster_id = bgp->cluster_id != 0 ? bgp->cluster_id : d->router_id,
		.llgr_s = bgp->llgr_s,
		.gr_restart_s = bgp->gr_restart_s,
		.gr_disable = bgp->gr_disable,
		.gr_helper = bgp->gr == CONF_NO,
		.gr_notification = bgp->gr_notification != CONF_NO,
		.gr_preserve_fw = bgp->gr_preserve_fw != CONF_NO,
	};
}

static bool
is_neighbor(const struct conf_peer *c)
{
	return !c->is_group && ip_is_set(&c->addr);
}

static void
apply_one(struct peers *ps, const struct conf_peer *c, bool reset)
{
	struct conf_peer resolved = conf_peer_resolve(ps->d->conf, c);
	struct peer *p = peers_by_addr(ps, &c->addr);

	if (p != NULL && p->dynamic) { /* it has a place of its own now */
		struct bgp_error err =
		    peer_cease(BGP_CEASE_CONFIG, NULL, "configured as a neighbor");

		peer_delete(p, &err);
		p = NULL;
	}
	if (p == NULL) {
		p = peer_new(ps, &c->addr, false);
		conf_take(p, &resolved);
		guess_side(p);
		peer_start(p);
	} else {
		change(p, &resolved, reset);
	}
	p->seen = true;
}

/* The range that covers ADDR most closely. */
static const struct conf_listen *
range_of(const struct conf *c, const struct ip *addr)
{
	const struct conf_listen *l, *best = NULL;

	if (!c->bgp.on)
		return NULL;
	TAILQ_FOREACH (l, &c->bgp.listens, link) {
		if (prefix_contains(&l->range, addr) &&
		    (best == NULL || l->range.len > best->range.len))
			best = l;
	}
	return best;
}

bool
peers_expect(struct peers *ps, const struct ip *addr)
{
	const struct peer *p = peers_by_addr(ps, addr);

	if (p != NULL)
		return peer_may_run(p) && peer_active(p);
	return ps->d->conf != NULL && range_of(ps->d->conf, addr) != NULL;
}

/* The settings of a caller of RANGE: those of its group. */
static struct conf_peer
dynamic_conf(
    const struct conf *c, const struct conf_listen *range, const struct ip *addr)
{
	struct conf_peer member = { .addr = *addr };

	ip_str(member.name, addr);
	memcpy(member.group, range->group, sizeof(member.group));
	return conf_peer_resolve(c, &member);
}

static void
apply_dynamic(struct peer *p, bool reset)
{
	const struct conf *c = p->peers->d->conf;
	const struct conf_listen *range = range_of(c, &p->conf.addr);
	struct conf_peer resolved;

	if (range == NULL)
		return;
	resolved = dynamic_conf(c, range, &p->conf.addr);
	p->seen = true;
	change(p, &resolved, reset);
}

struct peer *
peer_dynamic(struct peers *ps, const struct ip *addr)
{
	const struct conf *c = ps->d->conf;
	const struct conf_listen *range = c != NULL ? range_of(c, addr) : NULL;
	unsigned limit, n = 0;
	struct conf_peer resolved;
	struct peer *p;

	if (range == NULL)
		return NULL;
	limit = c->bgp.listen_limit != 0 ? c->bgp.listen_limit : LISTEN_LIMIT;
	TAILQ_FOREACH (p, &ps->list, link)
		n += p->dynamic;
	if (n >= limit) {
		log_warn("listen: %s: limit of %u dynamic neighbors reached",
		    IPSTR(addr), limit);
		return NULL;
	}
	resolved = dynamic_conf(c, range, addr);
	if (resolved.as_kind == CONF_AS_NONE || resolved.shutdown == CONF_YES)
		return NULL;
	p = peer_new(ps, addr, true);
	conf_take(p, &resolved);
	guess_side(p);
	return p;
}

static void
delete_unseen(struct peers *ps)
{
	struct bgp_error err =
	    peer_cease(BGP_CEASE_DECONFIGURED, NULL, "neighbor deleted");
	struct peer *p, *next;

	for (p = TAILQ_FIRST(&ps->list); p != NULL; p = next) {
		next = peers_after(p);
		if (!p->seen)
			peer_delete(p, &err);
	}
}

void
peers_apply(struct peers *ps)
{
	const struct conf *c = ps->d->conf;
	struct peer_globals globals = globals_of(ps->d);
	bool reset = memcmp(&globals, &ps->globals, sizeof(globals)) != 0;
	const struct conf_peer *cp;
	struct peer *p, *next;

	ps->globals = globals;
	ration_check(ps);
	TAILQ_FOREACH (p, &ps->list, link)
		p->seen = false;
	if (c->bgp.on) {
		TAILQ_FOREACH (cp, &c->bgp.peers, link) {
			if (is_neighbor(cp))
				apply_one(ps, cp, reset);
		}
	}
	for (p = TAILQ_FIRST(&ps->list); p != NULL; p = next) {
		next = peers_after(p);
		if (p->dynamic)
			apply_dynamic(p, reset);
	}
	delete_unseen(ps);
	listener_apply(ps->listener);
}

/* set_bgp - "router bgp" and what stands directly in it, neighbors apart. */
#include "conf/edit.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

bool
set_router_bgp(struct edit *e)
{
	struct conf_bgp *b = &e->c->bgp;
	uint32_t as = (uint32_t)strtoul(edit_arg(e, "AS"), NULL, 10);

	if (e->no) {
		if (!b->on || (as != 0 && as != b->as))
			return edit_refuse(e, "Can't find BGP instance");
		conf_bgp_clear(e->c);
		return true;
	}
	if (b->on && b->as != as)
		return edit_refuse(e, "BGP is already running; AS is %u", b->as);
	b->on = true;
	b->as = as;
	return true;
}

static uint32_t
id_of(const struct edit *e)
{
	struct ip ip;

	if (e->no || !ip_parse(edit_arg(e, "A.B.C.D"), &ip))
		return 0;
	return ip_v4(&ip);
}

bool
set_bgp_router_id(struct edit *e)
{
	e->c->bgp.router_id = id_of(e);
	return true;
}

bool
set_bgp_cluster_id(struct edit *e)
{
	e->c->bgp.cluster_id = id_of(e);
	return true;
}

bool
set_bgp_timers(struct edit *e)
{
	struct conf_bgp *b = &e->c->bgp;
	uint32_t hold = edit_number(e, 1);

	if (!e->no && (hold == 1 || hold == 2))
		return edit_refuse(
		    e, "hold time value must be either 0 or greater than 3");
	b->timers = !e->no;
	b->keepalive_s = e->no ? 0 : (uint16_t)edit_number(e, 0);
	b->hold_s = e->no ? 0 : (uint16_t)hold;
	return true;
}

bool
set_bgp_default_evpn(struct edit *e)
{
	e->c->bgp.default_l2vpn_evpn = !e->no;
	peer_settle(e->c);
	return true;
}

bool
set_bgp_policy(struct edit *e)
{
	e->c->bgp.ebgp_requires_policy = !e->no;
	return true;
}

bool
set_bgp_damping(struct edit *e)
{
	e->c->bgp.no_damping = e->no;
	return true;
}

bool
set_bgp_listen_limit(struct edit *e)
{
	e->c->bgp.listen_limit = e->no ? 0 : (uint16_t)edit_number(e, 0);
	return true;
}

static int
prefix_cmp(const struct prefix *a, const struct prefix *b)
{
	return memcmp(a, b, sizeof(*a));
}

static void
listen_insert(struct conf_bgp *b, struct conf_listen *l)
{
	struct conf_listen *before = TAILQ_LAST(&b->listens, conf_listens);

	while (before != NULL && prefix_cmp(&before->range, &l->range) > 0)
		before = TAILQ_PREV(before, conf_listens, link);
	if (before != NULL)
		TAILQ_INSERT_AFTER(&b->listens, before, l, link);
	else
		TAILQ_INSERT_HEAD(&b->listens, l, link);
}

bool
set_bgp_listen_range(struct edit *e)
{
	struct conf_bgp *b = &e->c->bgp;
	const struct conf_peer *g = conf_peer_find(e->c, edit_arg(e, "GROUP"));
	struct conf_listen *l;
	struct prefix range;

	if (!prefix_parse(edit_arg(e, "PREFIX"), &range))
		return edit_refuse(e, "Malformed listen range");
	if (g == NULL || !g->is_group)
		return edit_refuse(e, "Configure the peer-group first");
	TAILQ_FOREACH (l, &b->listens, link)
		if (prefix_cmp(&l->range, &range) == 0)
			break;
	if (e->no) {
		if (l == NULL || strcmp(l->group, g->name) != 0)
			return edit_refuse(e, "This listen range is not configured");
		TAILQ_REMOVE(&b->listens, l, link);
		free(l);
		return true;
	}
	if (l != NULL && strcmp(l->group, g->name) != 0)
		return edit_refuse(
		    e, "Same listen range is attached to peer-group %s", l->group);
	if (l != NULL)
		return true;
	l = xcalloc(1, sizeof(*l));
	l->range = range;
	strlcpy(l->group, g->name, sizeof(l->group));
	listen_insert(b, l);
	return true;
}

/* The times of graceful restart; 0: the default. */
bool
set_bgp_gr_time(struct edit *e)
{
	struct conf_bgp *b = &e->c->bgp;
	uint16_t s = e->no ? 0 : (uint16_t)edit_number(e, 0);

	switch (e->m->cmd->op) {
	case OP_BGP_GR_RESTART:
		b->gr_restart_s = s;
		break;
	case OP_BGP_GR_STALEPATH:
		b->gr_stalepath_s = s;
		break;
	case OP_BGP_GR_DEFER:
		b->gr_defer_s = s;
		break;
	default:
		b->gr_rib_stale_s = s;
		break;
	}
	return true;
}

bool
set_bgp_rib_limit(struct edit *e)
{
	e->c->bgp.rib_limit_mib = e->no ? 0 : edit_number(e, 0);
	return true;
}

bool
set_bgp_gr_tri(struct edit *e)
{
	struct conf_bgp *b = &e->c->bgp;
	enum conf_tri t = e->no ? CONF_NO : CONF_YES;

	if (e->m->cmd->op == OP_BGP_GR)
		b->gr = t;
	else if (e->m->cmd->op == OP_BGP_GR_NOTIFICATION)
		b->gr_notification = t;
	else
		b->gr_preserve_fw = t;
	return true;
}

bool
set_bgp_gr_disable(struct edit *e)
{
	e->c->bgp.gr_disable = !e->no;
	return true;
}

bool
set_bgp_llgr(struct edit *e)
{
	e->c->bgp.llgr_s = e->no ? 0 : edit_number(e, 0);
	return true;
}

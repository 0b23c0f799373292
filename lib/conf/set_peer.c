/*
 * set_peer - neighbors and peer-groups.
 *
 * A neighbor exists by its remote-as or by being member of a peer-group that has one; what
 * it does not say itself comes from the group when asked for (conf_peer_resolve). So "no" of
 * a member is kept as a "no", to win over the group's "yes"; elsewhere it is forgotten.
 */
#include "conf/edit.h"

#include "base/mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* An address in its one spelling, a group's name as it is. */
static const char *
peer_name(const struct edit *e, char *buf, struct ip *out_ip)
{
	const char *name = edit_arg(e, edit_has(e, "PEER") ? "PEER" : "GROUP");

	*out_ip = (struct ip){ 0 };
	return ip_parse(name, out_ip) ? ip_str(buf, out_ip) : name;
}

static struct conf_peer *
peer_of(struct edit *e)
{
	char buf[IP_STRLEN];
	struct ip ip;
	struct conf_peer *p = conf_peer_find(e->c, peer_name(e, buf, &ip));

	if (p == NULL)
		edit_refuse(e, "Specify remote-as or peer-group commands first");
	return p;
}

static void
settle(enum conf_tri *t)
{
	if (*t == CONF_NO)
		*t = CONF_UNSET;
}

void
peer_settle(struct conf *c)
{
	struct conf_peer *p;

	TAILQ_FOREACH (p, &c->bgp.peers, link) {
		if (p->group[0] != '\0')
			continue;
		settle(&p->passive);
		settle(&p->shutdown);
		settle(&p->capability_extended_nexthop);
		settle(&p->bfd);
		if (!c->bgp.default_l2vpn_evpn)
			settle(&p->activate);
		settle(&p->rr_client);
		settle(&p->next_hop_self);
		settle(&p->soft_reconfiguration);
	}
}

/* What "no" leaves in a field that a group or a default may say "yes" to. */
static enum conf_tri
tri_of(const struct edit *e, const struct conf_peer *p, bool by_default)
{
	if (!e->no)
		return CONF_YES;
	return p->group[0] != '\0' || by_default ? CONF_NO : CONF_UNSET;
}

static void
group_del(struct conf *c, struct conf_peer *g)
{
	struct conf_peer *p, *next;
	struct conf_listen *l, *lnext;

	TAILQ_FOREACH_SAFE (p, &c->bgp.peers, link, next)
		if (strcmp(p->group, g->name) == 0)
			conf_peer_del(c, p);
	TAILQ_FOREACH_SAFE (l, &c->bgp.listens, link, lnext) {
		if (strcmp(l->group, g->name) == 0) {
			TAILQ_REMOVE(&c->bgp.listens, l, link);
			free(l);
		}
	}
	conf_peer_del(c, g);
}

bool
set_peer(struct edit *e)
{
	struct conf_peer *p = peer_of(e);

	if (p == NULL)
		return false;
	if (p->is_group)
		group_del(e->c, p);
	else
		conf_peer_del(e->c, p);
	return true;
}

bool
set_peer_group(struct edit *e)
{
	const char *name = edit_arg(e, "GROUP");
	struct conf_peer *g = conf_peer_find(e->c, name);

	if (e->no) {
		if (g == NULL)
			return edit_refuse(e, "Configure the peer-group first");
		group_del(e->c, g);
	} else if (g == NULL) {
		conf_peer_add(e->c, name, true);
	}
	return true;
}

/* A VTEP without the session it is to have would be worse than a file that is refused. */
bool
set_peer_interface(struct edit *e)
{
	return edit_refuse(e,
	    "BGP unnumbered is not there: \"neighbor A.B.C.D remote-as\" takes the "
	    "neighbor's address on %s, or its loopback's",
	    edit_arg(e, "IFNAME"));
}

static bool
member_del(struct edit *e, struct conf_peer *p, const struct conf_peer *g)
{
	if (p == NULL || strcmp(p->group, g->name) != 0)
		return edit_refuse(e, "Peer is not a member of peer-group %s", g->name);
	p->group[0] = '\0';
	if (p->as_kind == CONF_AS_NONE)
		conf_peer_del(e->c, p);
	peer_settle(e->c);
	return true;
}

/* Refuses, too. */
static bool
is_self(struct edit *e, const struct ip *ip)
{
	if (e->c->is_own == NULL || !e->c->is_own(ip))
		return false;
	edit_refuse(e, "Can not configure the local system as neighbor");
	return true;
}

bool
set_peer_member(struct edit *e)
{
	char buf[IP_STRLEN];
	struct ip ip;
	const char *name = peer_name(e, buf, &ip);
	struct conf_peer *p = conf_peer_find(e->c, name);
	const struct conf_peer *g = conf_peer_find(e->c, edit_arg(e, "GROUP"));

	if (!ip_is_set(&ip))
		return edit_refuse(e, "A peer-group can't be a member of a peer-group");
	if (g == NULL || !g->is_group)
		return edit_refuse(e, "Configure the peer-group first");
	if (e->no)
		return member_del(e, p, g);
	if (p != NULL && p->group[0] != '\0' && strcmp(p->group, g->name) != 0)
		return edit_refuse(
		    e, "Cannot have different peer-group: it is in %s", p->group);
	if (g->as_kind == CONF_AS_NONE && (p == NULL || p->as_kind == CONF_AS_NONE))
		return edit_refuse(
		    e, "Specify remote-as or peer-group remote AS first");
	if (p == NULL && is_self(e, &ip))
		return false;
	if (p == NULL)
		p = conf_peer_add(e->c, name, false);
	strlcpy(p->group, g->name, sizeof(p->group));
	if (g->as_kind != CONF_AS_NONE) {
		p->as_kind = CONF_AS_NONE;
		p->as = 0;
	}
	return true;
}

/* Members have their AS from the group alone: without it they would have none. */
static bool
group_needs_as(const struct conf *c, const struct conf_peer *g)
{
	const struct conf_peer *p;

	TAILQ_FOREACH (p, &c->bgp.peers, link)
		if (strcmp(p->group, g->name) == 0 && p->as_kind == CONF_AS_NONE)
			return true;
	return false;
}

static bool
peer_as_del(struct edit *e, struct conf_peer *p)
{
	if (p == NULL)
		return edit_refuse(e, "Specify remote-as or peer-group commands first");
	if (p->is_group && group_needs_as(e->c, p))
		return edit_refuse(
		    e, "Members of %s have their remote-as from it", p->name);
	if (!p->is_group) {
		conf_peer_del(e->c, p);
		return true;
	}
	p->as_kind = CONF_AS_NONE;
	p->as = 0;
	return true;
}

bool
set_peer_as(struct edit *e)
{
	char buf[IP_STRLEN];
	struct ip ip;
	const char *name = peer_name(e, buf, &ip);
	struct conf_peer *p = conf_peer_find(e->c, name), *m;
	const struct conf_peer *g;

	if (e->no)
		return peer_as_del(e, p);
	if (p == NULL && !ip_is_set(&ip))
		return edit_refuse(e, "Create the peer-group first");
	g = p != NULL && p->group[0] != '\0' ? conf_peer_find(e->c, p->group) : NULL;
	if (g != NULL && g->as_kind != CONF_AS_NONE)
		return edit_refuse(
		    e, "Peer-group member cannot override remote-as of peer-group");
	if (p == NULL && is_self(e, &ip))
		return false;
	if (p == NULL)
		p = conf_peer_add(e->c, name, false);
	p->as = (uint32_t)strtoul(edit_arg(e, "AS"), NULL, 10);
	p->as_kind = edit_has(e, "internal") ? CONF_AS_INTERNAL
	    : edit_has(e, "external")        ? CONF_AS_EXTERNAL
					     : CONF_AS_NUMBER;
	if (p->is_group) {
		TAILQ_FOREACH (m, &e->c->bgp.peers, link) {
			if (strcmp(m->group, p->name) == 0) {
				m->as_kind = CONF_AS_NONE;
				m->as = 0;
			}
		}
	}
	return true;
}

bool
set_peer_port(struct edit *e)
{
	struct conf_peer *p = peer_of(e);

	if (p == NULL)
		return false;
	p->port = e->no ? 0 : (uint16_t)edit_number(e, 0);
	return true;
}

bool
set_peer_description(struct edit *e)
{
	struct conf_peer *p = peer_of(e);

	if (p == NULL)
		return false;
	if (strlen(edit_arg(e, "LINE")) > 512)
		return edit_refuse(e, "A description has at most 512 bytes");
	edit_string(e, &p->description, edit_arg(e, "LINE"));
	return true;
}

/*
 * RFC 2385 has no length; Linux takes 80 bytes. A comment behind it is not part of it, as
 * little as anyone would use one with blanks around a "!".
 */
bool
set_peer_password(struct edit *e)
{
	struct conf_peer *p = peer_of(e);
	char text[CLI_LINE];
	size_t len;

	if (p == NULL)
		return false;
	strlcpy(text, edit_arg(e, "LINE"), sizeof(text));
	for (len = 0; text[len] != '\0'; len++)
		if (text[len] == '!' && len > 0 &&
		    isspace((unsigned char)text[len - 1]) &&
		    (text[len + 1] == '\0' || isspace((unsigned char)text[len + 1])))
			break;
	while (len > 0 && text[len] != '\0' && isspace((unsigned char)text[len - 1]))
		len--;
	text[len] = '\0';
	if (len > 80)
		return edit_refuse(e, "A password has at most 80 bytes");
	edit_string(e, &p->password, text);
	return true;
}

/* The kernels this runs on have none (Debian 12's 6.1, or CONFIG_TCP_AO not set). */
bool
set_peer_ao(struct edit *e)
{
	return edit_refuse(
	    e, "TCP-AO (RFC 5925) is not spoken here: use a password (TCP MD5)");
}

bool
set_peer_source(struct edit *e)
{
	struct conf_peer *p = peer_of(e);
	struct ip ip = { 0 };

	if (p == NULL)
		return false;
	if (!e->no && edit_has(e, "IP"))
		ip_parse(edit_arg(e, "IP"), &ip);
	p->update_source = ip;
	strlcpy(p->update_source_ifname, e->no ? "" : edit_arg(e, "IFNAME"),
	    sizeof(p->update_source_ifname));
	return true;
}

bool
set_peer_timers(struct edit *e)
{
	struct conf_peer *p = peer_of(e);
	uint32_t hold = edit_number(e, 1);

	if (p == NULL)
		return false;
	if (!e->no && (hold == 1 || hold == 2))
		return edit_refuse(
		    e, "hold time value must be either 0 or greater than 3");
	p->timers = !e->no;
	p->keepalive_s = e->no ? 0 : (uint16_t)edit_number(e, 0);
	p->hold_s = e->no ? 0 : (uint16_t)hold;
	return true;
}

bool
set_peer_connect(struct edit *e)
{
	struct conf_peer *p = peer_of(e);

	if (p == NULL)
		return false;
	p->connect_s = e->no ? 0 : (uint16_t)edit_number(e, 0);
	return true;
}

bool
set_peer_send_hold(struct edit *e)
{
	struct conf_peer *p = peer_of(e);

	if (p == NULL)
		return false;
	p->send_hold_s = e->no ? 0 : (uint16_t)edit_number(e, 0);
	return true;
}

bool
set_peer_multihop(struct edit *e)
{
	struct conf_peer *p = peer_of(e);

	if (p == NULL)
		return false;
	if (!e->no && p->ttl_hops != 0)
		return edit_refuse(e, "Can't configure ebgp-multihop and ttl-security");
	p->ebgp_multihop = e->no ? 0 : 255;
	if (!e->no && edit_has(e, "NUMBER"))
		p->ebgp_multihop = (uint8_t)edit_number(e, 0);
	return true;
}

bool
set_peer_ttl(struct edit *e)
{
	struct conf_peer *p = peer_of(e);

	if (p == NULL)
		return false;
	if (!e->no && p->ebgp_multihop != 0)
		return edit_refuse(e, "Can't configure ebgp-multihop and ttl-security");
	p->ttl_hops = e->no ? 0 : (uint8_t)edit_number(e, 0);
	return true;
}

bool
set_peer_shutdown(struct edit *e)
{
	struct conf_peer *p = peer_of(e);

	if (p == NULL)
		return false;
	if (strlen(edit_arg(e, "LINE")) > 255)
		return edit_refuse(e, "A shutdown message has at most 255 bytes");
	p->shutdown = tri_of(e, p, false);
	edit_string(e, &p->shutdown_message, edit_arg(e, "LINE"));
	return true;
}

static enum conf_tri *
tri_field(const struct edit *e, struct conf_peer *p)
{
	switch (e->m->cmd->op) {
	case OP_PEER_PASSIVE:
		return &p->passive;
	case OP_PEER_EXTENDED_NEXTHOP:
		return &p->capability_extended_nexthop;
	case OP_PEER_ACTIVATE:
		return &p->activate;
	case OP_PEER_RR_CLIENT:
		return &p->rr_client;
	case OP_PEER_NEXTHOP_SELF:
		return &p->next_hop_self;
	default:
		return &p->soft_reconfiguration;
	}
}

bool
set_peer_tri(struct edit *e)
{
	struct conf_peer *p = peer_of(e);

	if (p == NULL)
		return false;
	*tri_field(e, p) = tri_of(
	    e, p, e->m->cmd->op == OP_PEER_ACTIVATE && e->c->bgp.default_l2vpn_evpn);
	return true;
}

bool
set_peer_gr(struct edit *e)
{
	struct conf_peer *p = peer_of(e);
	enum conf_gr gr = edit_has(e, "graceful-restart-helper") ? CONF_GR_HELPER
	    : edit_has(e, "graceful-restart-disable")            ? CONF_GR_DISABLE
								 : CONF_GR_RESTART;

	if (p == NULL)
		return false;
	if (!e->no)
		p->gr = gr;
	else if (p->gr == gr)
		p->gr = CONF_GR_UNSET;
	return true;
}

bool
set_peer_allowas_in(struct edit *e)
{
	struct conf_peer *p = peer_of(e);

	if (p == NULL)
		return false;
	p->allowas_in = e->no ? 0 : 3;
	if (!e->no && edit_has(e, "NUMBER"))
		p->allowas_in = (uint8_t)edit_number(e, 0);
	return true;
}

/* Numbers in order: the limit, the warning's percent when said, minutes when "restart". */
bool
set_peer_max_prefix(struct edit *e)
{
	struct conf_peer *p = peer_of(e);
	bool restart = edit_has(e, "restart");
	bool percent = edit_has(e, "NUMBER") &&
	    cli_arg_nth(e->m, "NUMBER", restart ? 2 : 1) != NULL;

	if (p == NULL)
		return false;
	p->max_prefix = e->no ? 0 : edit_number(e, 0);
	p->max_prefix_warn = !e->no && percent ? (uint8_t)edit_number(e, 1) : 0;
	p->max_prefix_warning_only =
	    !e->no && edit_has(e, "warning-only") ? CONF_YES : CONF_UNSET;
	p->max_prefix_restart_min =
	    !e->no && restart ? (uint16_t)edit_number(e, percent ? 2 : 1) : 0;
	return true;
}

/* The line says it all: without numbers they are the profile's, or FRR's defaults. */
bool
set_peer_bfd(struct edit *e)
{
	struct conf_peer *p = peer_of(e);
	bool said;

	if (p == NULL)
		return false;
	said = !e->no && edit_has(e, "NUMBER");
	p->bfd = tri_of(e, p, false);
	p->bfd_mult = said ? (uint8_t)edit_number(e, 0) : 0;
	p->bfd_rx_ms = said ? (uint16_t)edit_number(e, 1) : 0;
	p->bfd_tx_ms = said ? (uint16_t)edit_number(e, 2) : 0;
	if (e->no) {
		p->bfd_check_control_plane = false;
		p->bfd_profile[0] = '\0';
	}
	return true;
}

/* Both ask for BFD too, as in FRR. */
bool
set_peer_bfd_check(struct edit *e)
{
	struct conf_peer *p = peer_of(e);

	if (p == NULL)
		return false;
	p->bfd_check_control_plane = !e->no;
	if (!e->no)
		p->bfd = CONF_YES;
	return true;
}

bool
set_peer_bfd_profile(struct edit *e)
{
	struct conf_peer *p = peer_of(e);

	if (p == NULL)
		return false;
	if (strlen(edit_arg(e, "WORD")) >= sizeof(p->bfd_profile))
		return edit_refuse(e, "A profile's name has at most 63 bytes");
	strlcpy(
	    p->bfd_profile, e->no ? "" : edit_arg(e, "WORD"), sizeof(p->bfd_profile));
	if (!e->no)
		p->bfd = CONF_YES;
	return true;
}

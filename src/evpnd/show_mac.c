/*
 * show_mac - "show evpn mac" and "show evpn arp-cache": the rows of VNIs that have a winner.
 */
#include <stdio.h>

#include "show_int.h"

/* --- rows --- */

static bool
has_winner(const struct macip *m)
{
	return m->best_local || m->best != NULL;
}

static const struct ip *
vtep_of(const struct macip *m)
{
	return &m->best->attrs->v.nexthop;
}

static bool
wanted(const struct show *s, struct macip *m)
{
	if (!has_winner(m))
		return false;
	if (s->a.has_vtep && (m->best_local || ip_cmp(vtep_of(m), &s->a.vtep) != 0))
		return false;
	return !s->a.duplicate || macip_own(m)->duplicate;
}

static void
put_sequences(struct show *s, struct macip *m)
{
	const struct macip *own = macip_own(m);
	struct jout *j = &s->j;

	jout_int(j, "localSequence", own->local_seq);
	jout_int(j, "remoteSequence", own->remote_seq);
	jout_int(j, "detectionCount", own->moves);
	jout_bool(j, "isDuplicate", own->duplicate);
}

static void
put_since(struct show *s, const struct macip *m)
{
	uint64_t age = show_age(s, m->since_s);

	jout_str(&s->j, "uptime", show_uptime((char[SHOW_UPTIME]){ 0 }, age));
}

/* --- MACs --- */

/* IPs of a MAC; they stand behind its own row. */
static void
put_mac_neighbors(struct show *s, struct macip *own)
{
	struct jout *j = &s->j;
	struct macip *m = macip_after(own);

	if (m == NULL || mac_cmp(&m->mac, &own->mac) != 0) {
		jout_str(j, "neighbors", "none");
		return;
	}
	jout_open(j, "neighbors", '{');
	jout_open(j, "active", '[');
	for (; m != NULL && mac_cmp(&m->mac, &own->mac) == 0; m = macip_after(m))
		if (has_winner(m))
			jout_str(j, NULL, IPSTR(&m->ip));
	jout_close(j, ']');
	jout_open(j, "inactive", '[');
	for (m = macip_after(own); m != NULL && mac_cmp(&m->mac, &own->mac) == 0;
	     m = macip_after(m))
		if (!has_winner(m))
			jout_str(j, NULL, IPSTR(&m->ip));
	jout_close(j, ']');
	jout_close(j, '}');
}

static void
put_local_mac(struct show *s, const struct macip *m)
{
	const struct macip_local *l = m->local;
	struct jout *j = &s->j;

	jout_str(j, "type", "local");
	if (l == NULL)
		return;
	jout_str(j, "intf", show_ifname(s, l->port));
	if (s->a.detail)
		jout_int(j, "ifindex", l->port);
	if (m->evi->vlan != 0)
		jout_int(j, "vlan", m->evi->vlan);
	if (!s->a.detail)
		return;
	if (l->from & LOCAL_STICKY)
		jout_bool(j, "stickyMac", true);
	if (l->from & LOCAL_STATIC)
		jout_bool(j, "staticMac", true);
	if (l->from & LOCAL_SVI)
		jout_bool(j, "sviMac", true);
	if (l->from & LOCAL_GATEWAY)
		jout_bool(j, "defaultGateway", true);
}

static void
put_remote_mac(struct show *s, const struct macip *m)
{
	const struct attr_value *v = &m->best->attrs->v;
	struct jout *j = &s->j;

	jout_str(j, "type", "remote");
	jout_str(j, "remoteVtep", IPSTR(&v->nexthop));
	if (!s->a.detail)
		return;
	if (v->flags & ATTRS_STICKY)
		jout_bool(j, "stickyMac", true);
	if (v->flags & ATTRS_DEFAULT_GW)
		jout_bool(j, "remoteGatewayMac", true);
}

static void
put_mac(struct show *s, struct macip *m)
{
	struct jout *j = &s->j;

	jout_open(j, MACSTR(&m->mac), '{');
	if (m->best_local)
		put_local_mac(s, m);
	else
		put_remote_mac(s, m);
	if (s->a.detail)
		put_since(s, m);
	put_sequences(s, m);
	if (s->a.detail) {
		if (m->moves > 0)
			jout_str(j, "detectionStarted",
			    show_ctime((char[SHOW_UPTIME]){ 0 },
				show_epoch(s, (uint64_t)m->moves_from_s * 1000)));
		if (m->frozen)
			jout_bool(j, "isFrozen", true);
		jout_int(j, "syncNeighCount", 0);
		put_mac_neighbors(s, m);
	}
	jout_close(j, '}');
}

/* --- IPs --- */

static void
put_arp_members(struct show *s, struct macip *m)
{
	struct jout *j = &s->j;

	if (s->a.detail) {
		put_since(s, m);
		jout_str(j, "ip", IPSTR(&m->ip));
	}
	jout_str(j, "type", m->best_local ? "local" : "remote");
	jout_str(j, "state", "active");
	jout_str(j, "mac", MACSTR(&m->mac));
	if (!m->best_local) {
		jout_str(j, "remoteVtep", IPSTR(vtep_of(m)));
		if (s->a.detail && (m->best->attrs->v.flags & ATTRS_ROUTER))
			jout_bool(j, "routerFlag", true);
		if (m->best->attrs->v.flags & ATTRS_DEFAULT_GW)
			jout_bool(j, "defaultGateway", true);
	}
	put_sequences(s, m);
}

static void
put_arp(struct show *s, struct macip *m)
{
	jout_open(&s->j, IPSTR(&m->ip), '{');
	put_arp_members(s, m);
	jout_close(&s->j, '}');
}

/* --- the documents --- */

static bool
is_arp(const struct show *s)
{
	return s->desc->op == OP_SHOW_EVPN_ARP;
}

static bool
row_is_for(const struct show *s, struct macip *m)
{
	/* Of several MACs that claim an IP, one holds it. */
	return ip_is_set(&m->ip) == is_arp(s) && wanted(s, m) &&
	    (!is_arp(s) || m->holder);
}

static void
count_row(struct show *s, struct macip *m)
{
	(void)m;
	s->rows++;
}

/* The rows of one VNI from where the last step ended; true: to the end. */
static bool
step_rows(struct show *s, struct evi *evi, void (*each)(struct show *, struct macip *))
{
	struct macip *m;

	for (m = macip_from(evi, &s->mac, &s->ip); m != NULL; m = macip_after(m)) {
		if (s->left == 0) {
			s->mac = m->mac;
			s->ip = m->ip;
			return false;
		}
		s->left--;
		if (row_is_for(s, m))
			each(s, m);
	}
	s->mac = (struct mac){ 0 };
	s->ip = (struct ip){ 0 };
	return true;
}

enum { STAGE_COUNT, STAGE_ROWS };

/*
 * One VNI; true: complete. How many rows there are is told first, for a reader that writes
 * what comes as it comes.
 */
static bool
step_evi(struct show *s, struct evi *evi)
{
	if (s->in_vni == 0)
		show_vni_open(s, evi);
	if (s->stage == STAGE_COUNT) {
		if (!step_rows(s, evi, count_row))
			return false;
		jout_int(&s->j, is_arp(s) ? "numArpNd" : "numMacs", (int64_t)s->rows);
		s->inner = !is_arp(s);
		if (s->inner)
			jout_open(&s->j, "macs", '{');
		s->stage = STAGE_ROWS;
	}
	if (!step_rows(s, evi, is_arp(s) ? put_arp : put_mac))
		return false;
	if (s->inner)
		jout_close(&s->j, '}');
	s->inner = false;
	return true;
}

/* A VNI without rows is left out of the list of all, as FRR does for MACs. */
static bool
leave_out(const struct show *s, const struct evi *evi)
{
	if (s->a.has_vni)
		return false;
	return !is_arp(s) && evi->nmacs_local + evi->nmacs_remote == 0;
}

static bool
step_all(struct show *s)
{
	struct evi *evi;

	if (!s->open)
		jout_open(&s->j, NULL, '{');
	s->open = true;
	while ((evi = show_evi(s)) != NULL) {
		if (!leave_out(s, evi) && !step_evi(s, evi))
			return false;
		show_evi_done(s, evi);
		if (s->left == 0)
			return false;
	}
	jout_close(&s->j, '}');
	return true;
}

static bool
start_mac(struct show *s, char *msg, size_t len)
{
	struct evi *evi;
	struct macip *m;

	if (!show_start_vni(s, msg, len))
		return false;
	if (!s->a.has_mac || !s->a.has_vni)
		return true;
	s->a.detail = true;
	evi = evi_find(s->d->evpn, s->a.vni);
	m = macip_find(evi, &s->a.mac, &(struct ip){ 0 });
	if (m != NULL && has_winner(m))
		return true;
	snprintf(msg, len, "%% Requested MAC does not exist in VNI %u", s->a.vni);
	return false;
}

static bool
step_mac(struct show *s)
{
	struct evi *evi;
	struct macip *m = NULL;

	if (!s->a.has_mac || !s->a.has_vni)
		return step_all(s);
	evi = evi_find(s->d->evpn, s->a.vni);
	if (evi != NULL)
		m = macip_find(evi, &s->a.mac, &(struct ip){ 0 });
	jout_open(&s->j, NULL, '{');
	if (m != NULL && has_winner(m))
		put_mac(s, m);
	jout_close(&s->j, '}');
	return true;
}

static struct macip *
find_ip(struct show *s)
{
	struct evi *evi = evi_find(s->d->evpn, s->a.vni);
	struct macip *m = evi != NULL ? macip_by_ip(evi, &s->a.ip) : NULL;

	while (m != NULL && !(m->holder && has_winner(m)))
		m = macip_ip_after(m);
	return m;
}

static bool
start_arp(struct show *s, char *msg, size_t len)
{
	if (!show_start_vni(s, msg, len))
		return false;
	if (!s->a.has_ip || !s->a.has_vni)
		return true;
	s->a.detail = true;
	if (find_ip(s) != NULL)
		return true;
	snprintf(msg, len, "%% Requested neighbor does not exist in VNI %u", s->a.vni);
	return false;
}

static bool
step_arp(struct show *s)
{
	struct macip *m;

	if (!s->a.has_ip || !s->a.has_vni)
		return step_all(s);
	m = find_ip(s);
	jout_open(&s->j, NULL, '{');
	if (m != NULL)
		put_arp_members(s, m);
	jout_close(&s->j, '}');
	return true;
}

const struct show_desc show_mac_descs[] = {
	{ OP_SHOW_EVPN_MAC, start_mac, step_mac, "{}" },
	{ OP_SHOW_EVPN_ARP, start_arp, step_arp, "{}" },
	{ 0, NULL, NULL, NULL },
};

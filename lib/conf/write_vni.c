/* write_vni - struct conf to text: VNIs. */
#include "conf/edit.h"

#include <string.h>

static void
write_flooding(const struct writer *w, const struct conf_vni *v)
{
	int i;

	switch (v->flood) {
	case CONF_FLOOD_DEFAULT:
		break;
	case CONF_FLOOD_HER:
		out(w, "   flooding head-end-replication\n");
		break;
	case CONF_FLOOD_DISABLE:
		out(w, "   flooding disable\n");
		break;
	case CONF_FLOOD_MULTICAST:
		out(w, "   flooding multicast %s %s", IPSTR(&v->group),
		    v->group_ifname);
		if (v->group_ttl != 0)
			out(w, " ttl %u", v->group_ttl);
		out(w, "\n");
		break;
	case CONF_FLOOD_STATIC:
		for (i = 0; i < v->nvteps; i++)
			out(w, "   flooding static %s\n", IPSTR(&v->vteps[i]));
		break;
	}
}

static void
write_statics(const struct writer *w, const struct conf_vni *v)
{
	for (int i = 0; i < v->nstatics; i++) {
		const struct conf_static *s = &v->statics[i];

		out(w, "   mac %s vtep %s", MACSTR(&s->mac), IPSTR(&s->vtep));
		if (ip_is_set(&s->ip))
			out(w, " ip %s", IPSTR(&s->ip));
		out(w, "\n");
	}
}

static void
write_gateways(const struct writer *w, const struct conf_vni *v)
{
	const struct conf_gateway *g;
	int i;

	for (i = 0; i < v->ngateways; i++) {
		g = &v->gateways[i];
		out(w, "   gateway %s/%u", IPSTR(&g->ip), g->len);
		if (!mac_is_zero(&g->mac))
			out(w, " mac %s", MACSTR(&g->mac));
		out(w, "\n");
	}
}

static void
write_limit(const struct writer *w, const char *word, uint32_t all, uint32_t port)
{
	if (all != 0)
		out(w, "   %s %u", word, all);
	if (port != 0)
		out(w, " port %u", port);
	if (all != 0)
		out(w, "\n");
}

static void
write_vni_devices(const struct writer *w, const struct conf_vni *v)
{
	int i;

	if (v->bridge[0] != '\0')
		out(w, "   bridge %s\n", v->bridge);
	if (v->vxlan[0] != '\0')
		out(w, "   vxlan %s%s\n", v->vxlan, v->external ? " external" : "");
	if (v->vlan != 0)
		out(w, "   vlan %u\n", v->vlan);
	for (i = 0; i < v->nports; i++)
		out(w, "   port %s%s\n", v->ports[i].name,
		    v->ports[i].tagged ? " tagged" : "");
	write_gateways(w, v);
	if (v->vrf[0] != '\0')
		out(w, "   vrf %s\n", v->vrf);
	if (v->on_demand && v->on_demand_age_s != 0)
		out(w, "   resolution on-demand age %u\n", v->on_demand_age_s);
	else if (v->on_demand)
		out(w, "   resolution on-demand\n");
	if (v->no_suppression)
		out(w, "   no neighbor-suppression\n");
	if (v->drop_unknown)
		out(w, "   neighbor-suppression unknown drop\n");
	write_limit(w, "mac-limit", v->mac_limit, v->port_mac_limit);
	write_limit(w, "host-limit", v->host_limit, v->port_host_limit);
	if (v->mtu != 0)
		out(w, "   mtu %u\n", v->mtu);
}

static void
write_vni(const struct writer *w, const struct conf_vni *v)
{
	static const struct rd none;

	out(w, "  vni %u\n", v->vni);
	if (rd_cmp(&v->rd, &none) != 0)
		out(w, "   rd %s\n", RDSTR(&v->rd));
	write_flooding(w, v);
	if (v->learning)
		out(w, "   learning\n");
	write_statics(w, v);
	write_rts(w, "   ", &v->import, &v->export);
	if (v->advertise_default_gw == CONF_YES)
		out(w, "   advertise-default-gw\n");
	if (v->advertise_svi_ip == CONF_YES)
		out(w, "   advertise-svi-ip\n");
	write_vni_devices(w, v);
	out(w, "  exit-vni\n");
}

static void
write_dad(const struct writer *w, const struct conf_evpn *e)
{
	if (e->dad_off)
		out(w, "  no dup-addr-detection\n");
	if (e->dad_moves != 0)
		out(w, "  dup-addr-detection max-moves %u time %u\n", e->dad_moves,
		    e->dad_time_s);
	if (e->dad_freeze && e->dad_freeze_s == 0)
		out(w, "  dup-addr-detection freeze permanent\n");
	else if (e->dad_freeze)
		out(w, "  dup-addr-detection freeze %u\n", e->dad_freeze_s);
}

void
write_vnis(const struct writer *w, const struct conf_evpn *e)
{
	const struct conf_vni *v;

	if (e->advertise_all_vni)
		out(w, "  advertise-all-vni\n");
	TAILQ_FOREACH (v, &e->vnis, link)
		write_vni(w, v);
	if (e->advertise_default_gw)
		out(w, "  advertise-default-gw\n");
	if (e->advertise_svi_ip)
		out(w, "  advertise-svi-ip\n");
	if (e->redistribute_static_mac)
		out(w, "  redistribute static-mac\n");
	if (e->autort_rfc8365)
		out(w, "  autort rfc8365-compatible\n");
	write_dad(w, e);
	if (e->flooding_disable)
		out(w, "  flooding disable\n");
}

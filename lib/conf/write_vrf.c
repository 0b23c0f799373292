/* write_vrf - struct conf to text: VRFs and what BGP does in each. */
#include "conf/edit.h"

#include <string.h>

static void
write_advertise(const struct writer *w, const struct conf_vrf *v)
{
	if (v->advertise_v4)
		out(w, "  advertise ipv4 unicast\n");
	if (v->advertise_v6)
		out(w, "  advertise ipv6 unicast\n");
	if (v->originate_v4)
		out(w, "  default-originate ipv4\n");
	if (v->originate_v6)
		out(w, "  default-originate ipv6\n");
}

/* All of "address-family l2vpn evpn" that is about one VRF. */
void
write_vrf_evpn(const struct writer *w, const struct conf_vrf *v)
{
	static const struct rd none;

	if (v == NULL)
		return;
	write_advertise(w, v);
	if (rd_cmp(&v->rd, &none) != 0)
		out(w, "  rd %s\n", RDSTR(&v->rd));
	write_rts(w, "  ", &v->import, &v->export);
}

/* FRR writes the default VRF's VNI outside of any block. */
static void
write_default_vrf(const struct writer *w, const struct conf_vrf *v)
{
	if (v->vni == 0 && v->bridge[0] == '\0')
		return;
	if (v->vni != 0)
		out(w, "vni %u%s\n", v->vni,
		    v->prefix_routes_only ? " prefix-routes-only" : "");
	if (v->bridge[0] != '\0')
		out(w, "vrf %s\n bridge %s\nexit-vrf\n", v->name, v->bridge);
	out(w, "!\n");
}

void
write_vrfs(const struct writer *w, const struct conf *c)
{
	const struct conf_vrf *v;

	TAILQ_FOREACH (v, &c->vrfs, link) {
		if (conf_vrf_is_default(v)) {
			write_default_vrf(w, v);
			continue;
		}
		out(w, "vrf %s\n", v->name);
		if (v->vni != 0)
			out(w, " vni %u%s\n", v->vni,
			    v->prefix_routes_only ? " prefix-routes-only" : "");
		if (v->table != 0)
			out(w, " table %u\n", v->table);
		if (v->bridge[0] != '\0')
			out(w, " bridge %s\n", v->bridge);
		out(w, "exit-vrf\n!\n");
	}
}

static void
write_unicast(const struct writer *w, const struct conf_vrf *v, int family)
{
	/* In FRR's order. */
	static const struct {
		uint8_t bit;
		const char *name;
	} kinds[] = { { 4, "kernel" }, { 1, "connected" }, { 2, "static" } };
	uint8_t bits = family == 4 ? v->redistribute4 : v->redistribute6;
	bool any = bits != 0;
	int i;

	for (i = 0; i < v->nnetworks; i++)
		any = any || v->networks[i].ip.family == family;
	if (!any)
		return;
	out(w, " !\n address-family ipv%d unicast\n", family);
	for (i = 0; i < v->nnetworks; i++)
		if (v->networks[i].ip.family == family)
			out(w, "  network %s\n", PREFIXSTR(&v->networks[i]));
	for (i = 0; i < 3; i++)
		if (bits & kinds[i].bit)
			out(w, "  redistribute %s\n", kinds[i].name);
	out(w, " exit-address-family\n");
}

void
write_vrf_unicast(const struct writer *w, const struct conf_vrf *v)
{
	if (v == NULL)
		return;
	write_unicast(w, v, 4);
	write_unicast(w, v, 6);
}

void
write_vrfs_bgp(const struct writer *w, const struct conf *c)
{
	const struct conf_vrf *v;

	TAILQ_FOREACH (v, &c->vrfs, link) {
		if (!v->bgp)
			continue;
		out(w, "router bgp %u vrf %s\n", v->as, v->name);
		if (v->no_import_check)
			out(w, " no bgp network import-check\n");
		write_vrf_unicast(w, v);
		out(w, " !\n address-family l2vpn evpn\n");
		write_vrf_evpn(w, v);
		out(w, " exit-address-family\nexit\n!\n");
	}
}

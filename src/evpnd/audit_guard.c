/*
 * audit_guard - what hosts and VTEPs are refused: more MACs and addresses than the limits
 * allow, and a gateway's MAC or address (evpn/guard.c).
 */
#include "audit.h"

#include <stdio.h>

#include "ration.h"

static void
put_limit(struct show *s, struct evi *evi, bool ip, const char *ifname)
{
	struct audit_finding f = { "warning", ip ? "host-limit" : "mac-limit", evi->vni,
		ifname };
	enum evi_limit all = ip ? EVI_LIMIT_IPS : EVI_LIMIT_MACS, own = all + 1;
	uint32_t limit = evi_limit(evi, ifname != NULL ? own : all);
	char command[200];

	snprintf(command, sizeof(command),
	    "evpnsh -c 'configure terminal' -c 'router bgp %u' -c 'address-family "
	    "l2vpn "
	    "evpn' -c 'vni %u' -c '%s %u port %u'",
	    s->d->conf->bgp.as, evi->vni, f.what,
	    evi_limit(evi, all) * (ifname != NULL ? 1 : 2),
	    evi_limit(evi, own) * (ifname != NULL ? 2 : 1));
	audit_put(s, &f, command,
	    "%s limit %u %s%s is reached: new ones are not advertised, %ju refused so "
	    "far",
	    ip ? "host" : "MAC", limit, ifname != NULL ? "of port " : "of the VNI",
	    ifname != NULL ? ifname : "", (uintmax_t)evi->guard.refused[ip]);
}

static void
put_spoof(struct show *s, const struct evi *evi, const struct evi_spoof *x)
{
	bool remote = ip_is_set(&x->vtep), ip = ip_is_set(&x->ip);
	struct audit_finding f = { "warning", "spoofed-gateway", evi->vni,
		remote ? NULL : show_ifname(s, x->port) };

	audit_put(s, &f, NULL, "%s%s%s %s %s claims to be a gateway of ours; refused",
	    MACSTR(&x->mac), ip ? " with " : "", ip ? IPSTR(&x->ip) : "",
	    remote ? "at VTEP" : "behind port",
	    remote ? IPSTR(&x->vtep) : show_ifname(s, x->port));
}

void
audit_ration(struct show *s)
{
	struct audit_finding f = { .level = "error", .what = "rib-limit" };
	const struct ration *r = ration_of(s->d->peers);
	uintmax_t limit = ration_limit(s->d) >> 20, used = ration_used(s->d) >> 20;
	char command[120];

	if (!r->over)
		return;
	snprintf(command, sizeof(command),
	    "evpnsh -c 'configure terminal' -c 'router bgp %u' -c 'bgp rib-limit %ju'",
	    s->d->conf->bgp.as, limit * 2);
	audit_put(s, &f, command,
	    "routes take %ju MiB, rib-limit %ju MiB: new ones are not kept, %ju "
	    "refused so "
	    "far",
	    used, limit, (uintmax_t)r->refused);
}

void
audit_evi_guard(struct show *s, struct evi *evi)
{
	const struct evi_guard *g = &evi->guard;

	for (int ip = 0; ip < 2; ip++)
		if (g->over[ip])
			put_limit(s, evi, ip, NULL);
	for (uint32_t n = 0, port; evi_port_over(evi, n, &port) != 0; n++)
		for (int ip = 0; ip < 2; ip++)
			if (evi_port_over(evi, n, &port) & 1 << ip)
				put_limit(s, evi, ip, show_ifname(s, port));
	for (unsigned i = 0; i < EVI_SPOOFS; i++)
		if (g->spoofs[i].at_ms != 0 &&
		    s->now - g->spoofs[i].at_ms < EVI_SPOOF_MS)
			put_spoof(s, evi, &g->spoofs[i]);
}

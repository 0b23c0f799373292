/*
 * show_misses - "show evpn misses": what the kernel and hosts asked for, of VNIs that resolve
 * on demand, and how long it took; and what the kernel asked for on behalf of gateways.
 */
#include <stdio.h>

#include "netlink.h"
#include "show_int.h"

static void
put_latency(struct show *s, const struct demand_stats *st)
{
	static const struct {
		const char *key;
		unsigned per_mille;
	} points[] = {
		{ "p50", 500 },
		{ "p90", 900 },
		{ "p99", 990 },
		{ "max", 1000 },
	};

	jout_open(&s->j, "latencyUs", '{');
	for (unsigned i = 0; i < sizeof(points) / sizeof(points[0]); i++)
		jout_int(
		    &s->j, points[i].key, demand_percentile(st, points[i].per_mille));
	jout_close(&s->j, '}');
}

static void
put_stats(struct show *s, const struct demand_stats *st)
{
	struct jout *j = &s->j;

	jout_int(j, "misses", (int64_t)st->missed);
	jout_int(j, "rate", st->rate);
	jout_int(j, "outstanding", st->outstanding);
	jout_int(j, "resolved", (int64_t)st->resolved);
	jout_int(j, "known", (int64_t)st->coalesced);
	jout_int(j, "negative", (int64_t)st->negative);
	jout_int(j, "negativeCached", st->unknown);
	jout_int(j, "suppressed", (int64_t)st->limited);
	jout_int(j, "refused", (int64_t)st->refused);
	jout_int(j, "aged", (int64_t)st->aged);
	jout_int(j, "answered", (int64_t)st->answered);
	jout_int(j, "replayed", (int64_t)st->replayed);
	jout_int(j, "numMacs", st->macs);
	jout_int(j, "numArpNd", st->ips);
	put_latency(s, st);
}

/* Next hops that the kernel asked for on the SVI (lib/evpn/miss.c). */
static void
put_gateway(struct show *s, const struct evi_misses *m)
{
	struct jout *j = &s->j;

	jout_open(j, "gateway", '{');
	jout_int(j, "misses", (int64_t)m->missed);
	jout_int(j, "known", (int64_t)m->known);
	jout_int(j, "asked", (int64_t)m->asked);
	jout_int(j, "suppressed", (int64_t)m->limited);
	jout_close(j, '}');
}

static void
put_vni(struct show *s, const struct evi *evi)
{
	struct jout *j = &s->j;
	struct demand_stats st;
	char key[16];

	snprintf(key, sizeof(key), "%u", evi->vni);
	jout_open(j, key, '{');
	jout_int(j, "vni", evi->vni);
	if (evi->conf.on_demand) {
		jout_int(j, "age", evi_demand_age_s(evi));
		jout_bool(j, "onDemand", evi_demand_stats(evi, s->now, &st));
		if (evi->proactive != NULL)
			jout_str(j, "proactive", evi->proactive);
		put_stats(s, &st);
	}
	if (evi->misses.missed > 0)
		put_gateway(s, &evi->misses);
	jout_close(j, '}');
}

/* What was read of the kernel, of all devices. */
static void
put_kernel(struct show *s)
{
	struct netlink_stats n;

	netlink_stats(s->d->netlink, &n);
	jout_int(&s->j, "kernelMisses", (int64_t)n.misses);
	jout_int(&s->j, "kernelMuted", (int64_t)n.muted);
}

static bool
step_misses(struct show *s)
{
	struct evi *evi;

	if (!s->open) {
		jout_open(&s->j, NULL, '{');
		jout_open(&s->j, "vnis", '{');
		s->open = true;
		s->vni = s->a.vni;
	}
	for (; s->left > 0 && (evi = show_evi_from(s, s->vni)) != NULL; s->left--) {
		if (s->a.has_vni && evi->vni != s->a.vni)
			break;
		if (evi->conf.on_demand || evi->misses.missed > 0)
			put_vni(s, evi);
		s->vni = evi->vni + 1;
	}
	if (s->left == 0)
		return false;
	jout_close(&s->j, '}');
	put_kernel(s);
	jout_close(&s->j, '}');
	return true;
}

const struct show_desc show_misses_descs[] = {
	{ OP_SHOW_EVPN_MISSES, show_start_vni, step_misses, "{}" },
	{ 0, NULL, NULL, NULL },
};

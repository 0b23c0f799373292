/*
 * check - see check.h.
 *
 * What two places say of one thing is found by sorting: one list of names, gateways or RDs,
 * neighbours in it compared. A configuration may have thousands of VNIs, and this runs each
 * time that it changes.
 */
#include "conf/check.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct check {
	const struct conf *c;
	void (*report)(const char *text, void *arg);
	void *arg;
};

static void say(const struct check *k, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
say(const struct check *k, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	k->report(text, k->arg);
}

/* Who says it: a VNI of address-family l2vpn evpn, or a VRF. */
struct who {
	const struct conf_vni *vni;
	const struct conf_vrf *vrf;
};

#define WHO 48
#define WHOSTR(w) who_str((char[WHO]){ 0 }, (w))

static char *
who_str(char *buf, const struct who *w)
{
	if (w->vni != NULL)
		snprintf(buf, WHO, "VNI %u", w->vni->vni);
	else
		snprintf(buf, WHO, "VRF %s", w->vrf->name);
	return buf;
}

static size_t
count_vnis(const struct conf *c)
{
	const struct conf_vni *v;
	size_t n = 0;

	TAILQ_FOREACH (v, &c->bgp.evpn.vnis, link)
		n++;
	return n;
}

static size_t
count_vrfs(const struct conf *c)
{
	const struct conf_vrf *v;
	size_t n = 0;

	TAILQ_FOREACH (v, &c->vrfs, link)
		n++;
	return n;
}

/* --- gateways: subnets that overlap in one VRF --- */

struct gw {
	const struct conf_vni *vni;
	const struct conf_gateway *gw;
	struct prefix net;
};

static int
gw_cmp(const void *a, const void *b)
{
	const struct gw *x = a, *y = b;
	int d = strcmp(x->vni->vrf, y->vni->vrf);

	if (d == 0)
		d = ip_cmp(&x->net.ip, &y->net.ip);
	if (d == 0)
		d = x->net.len - y->net.len;
	if (d == 0)
		d = x->vni->vni < y->vni->vni ? -1 : x->vni->vni > y->vni->vni;
	return d;
}

static bool
overlap(const struct gw *wide, const struct gw *g)
{
	return strcmp(wide->vni->vrf, g->vni->vrf) == 0 && wide->vni != g->vni &&
	    wide->net.ip.family == g->net.ip.family &&
	    prefix_contains(&wide->net, &g->gw->ip) && !ip_is_linklocal(&g->gw->ip);
}

static struct gw *
list_gateways(const struct conf *c, size_t *out_n)
{
	const struct conf_vni *v;
	struct gw *list;
	size_t n = 0;

	TAILQ_FOREACH (v, &c->bgp.evpn.vnis, link)
		n += v->ngateways;
	list = xcalloc(n + 1, sizeof(*list));
	*out_n = 0;
	TAILQ_FOREACH (v, &c->bgp.evpn.vnis, link)
		for (int i = 0; i < v->ngateways; i++) {
			struct gw *g = &list[(*out_n)++];

			g->vni = v;
			g->gw = &v->gateways[i];
			g->net = (struct prefix){ g->gw->ip, g->gw->len };
			prefix_mask(&g->net);
		}
	return list;
}

/* In order of address a subnet comes after those that hold it. */
static void
check_gateways(const struct check *k)
{
	size_t n, i;
	struct gw *list = list_gateways(k->c, &n), *wide = list;

	qsort(list, n, sizeof(*list), gw_cmp);
	for (i = 1; i < n; i++) {
		if (overlap(wide, &list[i]))
			say(k,
			    "gateways %s/%u of VNI %u and %s/%u of VNI %u: their "
			    "subnets overlap%s%s",
			    IPSTR(&wide->gw->ip), wide->gw->len, wide->vni->vni,
			    IPSTR(&list[i].gw->ip), list[i].gw->len, list[i].vni->vni,
			    wide->vni->vrf[0] != '\0' ? " in VRF " : "",
			    wide->vni->vrf);
		else if (!prefix_contains(&wide->net, &list[i].net.ip) ||
		    strcmp(wide->vni->vrf, list[i].vni->vrf) != 0)
			wide = &list[i];
	}
	free(list);
}

/* --- route distinguishers --- */

struct named_rd {
	struct rd rd;
	struct who who;
};

static int
rd_order(const void *a, const void *b)
{
	const struct named_rd *x = a, *y = b;

	return rd_cmp(&x->rd, &y->rd);
}

static void
check_rds(const struct check *k)
{
	static const struct rd none;
	const struct conf_vni *v;
	const struct conf_vrf *f;
	struct named_rd *list =
	    xcalloc(count_vnis(k->c) + count_vrfs(k->c) + 1, sizeof(*list));
	size_t n = 0, i;

	TAILQ_FOREACH (v, &k->c->bgp.evpn.vnis, link)
		if (rd_cmp(&v->rd, &none) != 0)
			list[n++] = (struct named_rd){ v->rd, { .vni = v } };
	TAILQ_FOREACH (f, &k->c->vrfs, link)
		if (rd_cmp(&f->rd, &none) != 0)
			list[n++] = (struct named_rd){ f->rd, { .vrf = f } };
	qsort(list, n, sizeof(*list), rd_order);
	for (i = 1; i < n; i++)
		if (rd_cmp(&list[i - 1].rd, &list[i].rd) == 0)
			say(k,
			    "%s and %s have the same RD %s: routes of one hide those "
			    "of the other",
			    WHOSTR(&list[i - 1].who), WHOSTR(&list[i].who),
			    RDSTR(&list[i].rd));
	free(list);
}

/* --- bridges --- */

struct named_bridge {
	char name[CONF_IFNAME];
	uint16_t vlan;
	struct who who;
};

static int
bridge_order(const void *a, const void *b)
{
	const struct named_bridge *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* The bridge of a VRF's L3 VNI as far as it is known: what is made has a name of its own. */
static void
vrf_bridge(const struct conf_vrf *v, char *buf)
{
	if (v->bridge[0] != '\0')
		snprintf(buf, CONF_IFNAME, "%s", v->bridge);
	else if (v->table != 0 && v->vni != 0)
		snprintf(buf, CONF_IFNAME, "br%u", v->vni);
	else
		buf[0] = '\0';
}

/* Two VNIs on a bridge are one broadcast domain, unless it is VLAN-aware. */
static void
check_bridges(const struct check *k)
{
	const struct conf_vni *v;
	const struct conf_vrf *f;
	struct named_bridge *list =
	    xcalloc(count_vnis(k->c) + count_vrfs(k->c) + 1, sizeof(*list));
	size_t n = 0, i;

	TAILQ_FOREACH (v, &k->c->bgp.evpn.vnis, link) {
		memcpy(list[n].name, v->bridge, sizeof(list[n].name));
		list[n].vlan = v->vlan;
		list[n].who = (struct who){ .vni = v };
		n += v->bridge[0] != '\0';
	}
	TAILQ_FOREACH (f, &k->c->vrfs, link) {
		vrf_bridge(f, list[n].name);
		list[n].vlan = 0;
		list[n].who = (struct who){ .vrf = f };
		n += list[n].name[0] != '\0';
	}
	qsort(list, n, sizeof(*list), bridge_order);
	for (i = 1; i < n; i++)
		if (strcmp(list[i - 1].name, list[i].name) == 0 &&
		    (list[i - 1].vlan == 0 || list[i].vlan == 0))
			say(k, "%s and %s share bridge %s, and not both say a VLAN",
			    WHOSTR(&list[i - 1].who), WHOSTR(&list[i].who),
			    list[i].name);
	free(list);
}

/* --- VRFs --- */

static void
check_vrf(const struct check *k, const struct conf_vrf *v)
{
	bool advertises =
	    v->advertise_v4 || v->advertise_v6 || v->originate_v4 || v->originate_v6;
	bool has = v->redistribute4 || v->redistribute6 || v->nnetworks > 0;

	if (advertises && v->vni == 0)
		say(k, "VRF %s advertises nothing: it has no L3 VNI (\"vni N\")",
		    v->name);
	/* The underlay's router may redistribute for reasons of its own. */
	else if (has && v->vni != 0 && !v->advertise_v4 && !v->advertise_v6)
		say(k,
		    "VRF %s has routes to advertise, but neither \"advertise ipv4 "
		    "unicast\" nor \"advertise ipv6 unicast\"",
		    v->name);
}

static void
check_vni_vrf(const struct check *k, const struct conf_vni *v)
{
	if (v->vrf[0] != '\0' && strcmp(v->vrf, CONF_DEFAULT_VRF) != 0 &&
	    conf_vrf_find(k->c, v->vrf) == NULL)
		say(k,
		    "VNI %u: VRF %s is not configured; only a device of that name "
		    "will do",
		    v->vni, v->vrf);
}

void
conf_check(const struct conf *c, void (*report)(const char *text, void *arg), void *arg)
{
	struct check k = { .c = c, .report = report, .arg = arg };
	const struct conf_vni *v;
	const struct conf_vrf *f;

	check_gateways(&k);
	check_rds(&k);
	check_bridges(&k);
	TAILQ_FOREACH (f, &c->vrfs, link)
		check_vrf(&k, f);
	TAILQ_FOREACH (v, &c->bgp.evpn.vnis, link)
		check_vni_vrf(&k, v);
}

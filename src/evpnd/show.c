/* show - starts a show, feeds its steps, and holds what all of them need. */
#include "show.h"

#include <event2/buffer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "evpn/ipvrf.h"
#include "peer.h"
#include "feed.h"
#include "show_int.h"

static const struct show_desc *const tables[] = {
	show_audit_descs,
	show_bfd_descs,
	show_peer_descs,
	show_neighbor_descs,
	show_gr_descs,
	show_route_descs,
	show_vniroute_descs,
	show_bgp_vni_descs,
	show_evpn_descs,
	show_misses_descs,
	show_mac_descs,
	show_kernel_descs,
	show_explain_descs,
	show_conf_descs,
	show_vrf_descs,
	show_event_descs,
	show_debug_descs,
	show_values_descs,
};

/* --- arguments --- */

static const struct {
	const char *word;
	uint8_t type;
} route_types[] = {
	{ "ead", 1 },
	{ "1", 1 },
	{ "macip", 2 },
	{ "2", 2 },
	{ "multicast", 3 },
	{ "3", 3 },
	{ "es", 4 },
	{ "4", 4 },
	{ "prefix", 5 },
	{ "5", 5 },
};

static uint8_t
route_type(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(route_types) / sizeof(route_types[0]); i++)
		if (strcmp(word, route_types[i].word) == 0)
			return route_types[i].type;
	return 0;
}

static const struct {
	const char *word;
	size_t field; /* a bool of struct show_args */
} words[] = {
	{ "json", offsetof(struct show_args, json) },
	{ "all", offsetof(struct show_args, all) },
	{ "detail", offsetof(struct show_args, detail) },
	{ "established", offsetof(struct show_args, established) },
	{ "failed", offsetof(struct show_args, failed) },
	{ "duplicate", offsetof(struct show_args, duplicate) },
	{ "differing", offsetof(struct show_args, differing) },
	{ "l2vpn", offsetof(struct show_args, l2vpn) },
	{ "ipv4", offsetof(struct show_args, unicast) },
	{ "ipv6", offsetof(struct show_args, unicast) },
};

static void
read_word(struct show_args *a, const char *word)
{
	static const char *const subjects[] = { "bgp", "evpn", "kernel" };
	size_t i;

	for (i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
		if (strcmp(word, subjects[i]) == 0)
			a->subject = subjects[i];

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(word, words[i].word) == 0)
			*(bool *)((char *)a + words[i].field) = true;
}

/* An address counts for the keyword before it: "ip IP", "vtep IP", "multicast IP". */
static void
read_ip(struct show_args *a, const char *before, const char *text)
{
	if (strcmp(before, "vtep") == 0)
		a->has_vtep = ip_parse(text, &a->vtep);
	else if (strcmp(before, "multicast") == 0)
		a->has_multicast = ip_parse(text, &a->multicast);
	else
		a->has_ip = ip_parse(text, &a->ip);
}

/* Of "show values WORD after WORD like WORD"; what is too long fits nothing. */
static void
read_text(struct show_args *a, const char *before, const char *text)
{
	if (strcmp(before, "after") == 0)
		strlcpy(a->after, text, sizeof(a->after));
	else if (strcmp(before, "like") == 0)
		strlcpy(a->like, text, sizeof(a->like));
	else
		strlcpy(a->what, text, sizeof(a->what));
}

/* The grammar has checked the words; what does not parse here was not said. */
static void
read_args(struct show_args *a, const struct cli_match *m)
{
	const char *before = "";
	int i;

	for (i = 0; i < m->nargs; i++) {
		const char *name = m->args[i].name, *text = m->args[i].text;

		if (strcmp(before, "type") == 0)
			a->type = route_type(text);
		else if (strcmp(name, "VNI") == 0)
			a->has_vni = (a->vni = (uint32_t)strtoul(text, NULL, 10)) > 0;
		else if (strcmp(name, "MAC") == 0)
			a->has_mac = mac_parse(text, &a->mac);
		else if (strcmp(name, "IP") == 0)
			read_ip(a, before, text);
		else if (strcmp(name, "RD") == 0)
			a->has_rd = rd_parse(text, &a->rd);
		else if (strcmp(name, "PREFIX") == 0)
			a->has_prefix = prefix_parse(text, &a->prefix);
		else if (strcmp(name, "NUMBER") == 0)
			a->number = (unsigned)strtoul(text, NULL, 10);
		else if (strcmp(name, "VRF") == 0)
			a->has_vrf = snprintf(a->vrf, sizeof(a->vrf), "%s", text) > 0;
		else if (strcmp(name, "PEER") == 0)
			a->has_peer =
			    snprintf(a->peer, sizeof(a->peer), "%s", text) > 0;
		else if (strcmp(name, "WORD") == 0)
			read_text(a, before, text);
		else
			read_word(a, text);
		before = strcmp(before, "type") == 0 ? "" : text;
	}
}

/* --- helpers --- */

/* An EVI to be shown as such. */
static struct evi *
find_evi(struct show *s, uint32_t vni)
{
	struct evi *evi = evi_find(s->d->evpn, vni);

	return evi != NULL && !evi->l3 ? evi : NULL;
}

struct evi *
show_evi_from(struct show *s, uint32_t vni)
{
	struct evi *evi = find_evi(s, vni);

	if (evi != NULL)
		return evi;
	for (evi = evi_first(s->d->evpn); evi != NULL; evi = evi_after(evi))
		if (evi->vni >= vni && !evi->l3)
			return evi;
	return NULL;
}

/* The container of a VNI is closed, whether the VNI is still there or not. */
static void
close_vni(struct show *s)
{
	if (s->inner)
		jout_close(&s->j, '}');
	s->inner = false;
	if (s->in_vni != 0 && !s->a.has_vni)
		jout_close(&s->j, '}');
	s->in_vni = 0;
	s->stage = 0;
	s->rows = s->paths = 0;
	s->mac = (struct mac){ 0 };
	s->ip = (struct ip){ 0 };
}

struct evi *
show_evi(struct show *s)
{
	struct evi *evi;

	if (!s->a.has_vni)
		evi = show_evi_from(s, s->vni);
	else
		evi = s->vni <= s->a.vni ? find_evi(s, s->a.vni) : NULL;
	if (s->in_vni != 0 && (evi == NULL || evi->vni != s->in_vni))
		close_vni(s);
	return evi;
}

void
show_vni_open(struct show *s, const struct evi *evi)
{
	char vni[16];

	s->in_vni = s->vni = evi->vni;
	if (s->a.has_vni)
		return;
	snprintf(vni, sizeof(vni), "%u", evi->vni);
	jout_open(&s->j, vni, '{');
}

void
show_evi_done(struct show *s, const struct evi *evi)
{
	close_vni(s);
	s->vni = evi->vni + 1;
	if (s->left > 0)
		s->left--;
}

bool
show_start_vni(struct show *s, char *msg, size_t len)
{
	if (!s->a.has_vni || find_evi(s, s->a.vni) != NULL)
		return true;
	snprintf(msg, len, "%% VNI %u does not exist", s->a.vni);
	return false;
}

bool
show_start_any_vni(struct show *s, char *msg, size_t len)
{
	if (s->a.has_vrf && ipvrf_find(s->d->evpn, s->a.vrf) == NULL) {
		snprintf(msg, len, "%% VRF %s is not configured", s->a.vrf);
		return false;
	}
	if (s->a.has_vni && ipvrf_by_vni(s->d->evpn, s->a.vni) != NULL)
		return true;
	return show_start_vni(s, msg, len);
}

void
show_count_vnis(struct show *s, unsigned *out_l2, unsigned *out_l3)
{
	struct ipvrf *v;
	struct evi *evi;

	*out_l2 = *out_l3 = 0;
	for (evi = evi_first(s->d->evpn); evi != NULL; evi = evi_after(evi))
		*out_l2 += !evi->l3;
	for (v = ipvrf_first(s->d->evpn); v != NULL; v = ipvrf_after(v))
		*out_l3 += v->conf.vni != 0;
}

char *
show_uptime(char *buf, uint64_t t)
{
	const unsigned day = 86400, week = 7 * day, year = 365 * day;
	unsigned d = (unsigned)(t / day), h = (unsigned)(t / 3600 % 24),
		 m = (unsigned)(t / 60 % 60);

	if (t < day)
		snprintf(buf, SHOW_UPTIME, "%02u:%02u:%02u", h, m, (unsigned)(t % 60));
	else if (t < week)
		snprintf(buf, SHOW_UPTIME, "%ud%02uh%02um", d, h, m);
	else if (t < year)
		snprintf(buf, SHOW_UPTIME, "%02uw%ud%02uh", d / 7, d % 7, h);
	else
		snprintf(buf, SHOW_UPTIME, "%02uy%02uw%ud", d / 365, d % 365 / 7,
		    d % 365 % 7);
	return buf;
}

uint64_t
show_age(const struct show *s, uint32_t since_s)
{
	uint64_t now = s->now / 1000;

	return now > since_s ? now - since_s : 0;
}

int64_t
show_epoch(const struct show *s, uint64_t at_ms)
{
	return s->wall_s - ((int64_t)s->now - (int64_t)at_ms) / 1000;
}

char *
show_ctime(char *buf, int64_t epoch)
{
	time_t t = (time_t)epoch;
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(buf, SHOW_UPTIME, "%a %b %e %H:%M:%S %Y", &tm);
	return buf;
}

const char *
show_ifname(const struct show *s, uint32_t ifindex)
{
	const struct klink *l = klink_find(s->d->klinks, ifindex);

	return l != NULL ? l->name : "unknown";
}

const char *
show_peer_name(const struct show *s, uint16_t id)
{
	const struct peer *p = peers_by_id(s->d->peers, id);

	return p != NULL ? p->conf.name : "";
}

void
show_router_id(struct show *s, const char *key, uint32_t id)
{
	struct ip ip = ip_of_v4(id);

	jout_str(&s->j, key, IPSTR(&ip));
}

void
show_bgp_head(struct show *s)
{
	jout_int(&s->j, "bgpTableVersion", 0);
	show_router_id(s, "bgpLocalRouterId", s->d->router_id);
	jout_int(&s->j, "defaultLocPrf", 100);
	jout_int(&s->j, "localAS", s->d->conf->bgp.as);
}

/* --- the life of a show --- */

/* The document of a JSON request that was refused. */
static bool
step_empty(struct show *s)
{
	evbuffer_add_printf(s->j.out, "%s\n", s->desc->empty);
	return true;
}

static const struct show_desc *
find_desc(int op)
{
	const struct show_desc *t;
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (t = tables[i]; t->op != 0; t++)
			if (t->op == op)
				return t;
	return NULL;
}

struct show *
show_new(struct evpnd *d, const struct cli_match *m, char *msg, size_t len)
{
	const struct show_desc *desc = find_desc(m->cmd->op);
	struct show *s;

	msg[0] = '\0';
	if (desc == NULL)
		return NULL;
	s = xcalloc(1, sizeof(*s));
	s->d = d;
	s->desc = desc;
	s->now = evpnd_now();
	read_args(&s->a, m);
	if (desc->start == NULL || desc->start(s, msg, len))
		return s;
	if (s->a.json && desc->empty != NULL) {
		msg[0] = '\0';
		s->stage = -1;
		return s;
	}
	show_free(s);
	return NULL;
}

void
show_secrets(struct show *s, bool on)
{
	s->secrets = on;
}

bool
show_step(struct show *s, struct evbuffer *out)
{
	bool done;

	s->j.out = out;
	s->now = evpnd_now();
	s->wall_ms = evpnd_wall_ms();
	s->wall_s = s->wall_ms / 1000;
	s->left = SHOW_BUDGET;
	if (s->stage < 0)
		return step_empty(s);
	done = s->desc->step(s);
	if (done)
		jout_end(&s->j);
	jout_flush(&s->j);
	return done;
}

bool
show_streams(const struct show *s)
{
	return s->streams;
}

void
show_free(struct show *s)
{
	if (s == NULL)
		return;
	if (s->feed != NULL)
		feed_fini(s->feed);
	free(s->feed);
	free(s);
}

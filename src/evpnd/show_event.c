/*
 * show_event - "show evpn history", "monitor", and events as others show them. Every event
 * has a time, a subject and what happened; the rest depends on the subject.
 */
#include "show_event.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rib/decide.h"

/* Events that "show evpn explain" shows. */
#define LAST 20

/* --- an event --- */

static void
open_event(struct show *s, uint64_t at_ms, enum feed_subject subject, const char *what)
{
	int64_t epoch = show_epoch(s, at_ms);
	struct jout *j = &s->j;

	jout_open(j, NULL, '{');
	jout_str(j, "time", show_ctime((char[SHOW_UPTIME]){ 0 }, epoch));
	jout_int(j, "epoch", epoch);
	jout_int(j, "epochMs", s->wall_ms - ((int64_t)s->now - (int64_t)at_ms));
	jout_int(j, "msAgo", (int64_t)(s->now - at_ms));
	jout_str(j, "subject", feed_subject_name(subject));
	jout_str(j, "event", what);
}

static void
put_evpn(struct show *s, const struct feed_event *f)
{
	const struct evpn_event *e = &f->evpn;
	struct jout *j = &s->j;

	open_event(s, e->at_ms, FEED_EVPN, evpn_event_name(e->kind));
	jout_int(j, "vni", e->vni);
	if (!mac_is_zero(&e->mac))
		jout_str(j, "mac", MACSTR(&e->mac));
	if (ip_is_set(&e->ip))
		jout_str(j, "ip", IPSTR(&e->ip));
	if (ip_is_set(&e->vtep))
		jout_str(j, "vtep", IPSTR(&e->vtep));
	if (e->port != 0 && klink_find(s->d->klinks, e->port) != NULL)
		jout_str(j, "interface", show_ifname(s, e->port));
	else if (e->port != 0) /* gone since */
		jout_fmt(j, "interface", "ifindex %u", e->port);
	jout_int(j, "sequence", e->seq);
	jout_close(j, '}');
}

static void
put_kernel(struct show *s, const struct feed_event *f)
{
	const struct kevent *e = &f->kernel;
	uint32_t vni = show_kernel_vni(s, &e->key, &e->val);
	struct jout *j = &s->j;

	open_event(s, e->at_ms, FEED_KERNEL, kevent_name(e->kind));
	jout_str(j, "kind", kkind_name(e->key.kind));
	if (vni != 0)
		jout_int(j, "vni", vni);
	show_kernel_key(s, &e->key);
	show_kernel_value(s, "value", &e->key, &e->val);
	if (e->error != 0) {
		jout_int(j, "errno", -e->error);
		jout_str(j, "error", strerror(-e->error));
	}
	jout_close(j, '}');
}

static void
put_route(struct show *s, const struct bgpnews_event *e)
{
	struct jout *j = &s->j;

	jout_str(j, "rd", RDSTR(&e->nlri.rd));
	jout_str(j, "prefix", NLRISTR(&e->nlri));
	if (e->kind != BGPNEWS_BEST)
		return;
	jout_str(j, "nexthop", IPSTR(&e->next_hop));
	if (e->own)
		jout_bool(j, "own", true);
	jout_str(j, "selectionReason", decide_reason_name(e->reason));
}

static void
put_bgp(struct show *s, const struct feed_event *f)
{
	const struct bgpnews_event *e = &f->bgp;
	struct jout *j = &s->j;

	open_event(s, e->at_ms, FEED_BGP, bgpnews_name(e->kind));
	if (e->peer[0] != '\0')
		jout_str(j, "peer", e->peer);
	if (e->kind == BGPNEWS_UP)
		jout_int(j, "as", e->as);
	else if (e->kind == BGPNEWS_DOWN)
		jout_str(j, "reason", e->why);
	else
		put_route(s, e);
	jout_close(j, '}');
}

static void (*const put[FEED_SUBJECTS])(struct show *s, const struct feed_event *e) = {
	[FEED_BGP] = put_bgp,
	[FEED_EVPN] = put_evpn,
	[FEED_KERNEL] = put_kernel,
};

void
show_event(struct show *s, const struct feed_event *e)
{
	put[e->subject](s, e);
}

/* --- what is asked for --- */

static bool
is_evpn_asked(const struct show *s, const struct evpn_event *e)
{
	return !s->a.has_prefix && (!s->a.has_vni || e->vni == s->a.vni) &&
	    (!s->a.has_mac || mac_cmp(&e->mac, &s->a.mac) == 0) &&
	    (!s->a.has_ip || ip_cmp(&e->ip, &s->a.ip) == 0);
}

static bool
is_route_asked(const struct show *s, const struct kevent *e)
{
	struct prefix p = kkey_prefix(&e->key);
	const struct ipvrf *v;

	if (e->key.kind != KOBJ_ROUTE || memcmp(&p, &s->a.prefix, sizeof(p)) != 0)
		return false;
	v = ipvrf_by_table(s->d->evpn, e->key.ifindex);
	return v != NULL && strcmp(v->name, s->a.vrf) == 0;
}

/* A neighbour's MAC is its value; that of another entry is in its key. */
static bool
is_kernel_asked(struct show *s, const struct kevent *e)
{
	const struct mac *mac = e->key.kind == KOBJ_NEIGH ? &e->val.mac : &e->key.mac;

	if (s->a.has_prefix)
		return is_route_asked(s, e);
	return (!s->a.has_mac || mac_cmp(mac, &s->a.mac) == 0) &&
	    (!s->a.has_ip || ip_cmp(&e->key.ip, &s->a.ip) == 0) &&
	    (!s->a.has_vni || show_kernel_vni(s, &e->key, &e->val) == s->a.vni);
}

bool
show_event_is_asked(struct show *s, const struct feed_event *e)
{
	if (e->subject == FEED_EVPN)
		return is_evpn_asked(s, &e->evpn);
	return e->subject == FEED_KERNEL && is_kernel_asked(s, &e->kernel);
}

void
show_event_last(struct show *s, const char *key)
{
	struct feed_event *last = xcalloc(LAST, sizeof(*last)), e;
	unsigned n = 0, i;
	struct feed f;

	feed_init(&f, s->d, FEED_SUBJECTS, true);
	while (feed_next(&f, &e))
		if (show_event_is_asked(s, &e))
			last[n++ % LAST] = e;
	feed_fini(&f);
	jout_open(&s->j, key, '[');
	for (i = n > LAST ? n - LAST : 0; i < n; i++)
		show_event(s, &last[i % LAST]);
	jout_close(&s->j, ']');
	free(last);
}

/* --- history --- */

static bool
start_history(struct show *s, char *msg, size_t len)
{
	(void)msg;
	(void)len;
	s->feed = xcalloc(1, sizeof(*s->feed));
	feed_init(s->feed, s->d, FEED_SUBJECTS, true);
	return true;
}

static bool
step_history(struct show *s)
{
	struct feed_event e;

	if (!s->open) {
		jout_open(&s->j, NULL, '{');
		jout_open(&s->j, "events", '[');
	}
	s->open = true;
	for (; s->left > 0; s->left--) {
		if (!feed_next(s->feed, &e))
			break;
		if (!show_event_is_asked(s, &e))
			continue;
		show_event(s, &e);
		s->rows++;
	}
	if (s->left == 0)
		return false;
	jout_close(&s->j, ']');
	jout_int(&s->j, "numEvents", (int64_t)s->rows);
	jout_close(&s->j, '}');
	return true;
}

/* --- monitor --- */

static bool
start_monitor(struct show *s, char *msg, size_t len)
{
	(void)msg;
	(void)len;
	s->streams = true;
	s->feed = xcalloc(1, sizeof(*s->feed));
	feed_init(s->feed, s->d,
	    s->a.subject != NULL ? feed_subject_parse(s->a.subject) : FEED_SUBJECTS,
	    false);
	return true;
}

static void
put_missed(struct show *s, const struct feed_event *e)
{
	open_event(s, e->at_ms, e->subject, "missed");
	jout_int(&s->j, "missed", (int64_t)e->missed);
	jout_close(&s->j, '}');
	jout_end(&s->j);
}

/* Never complete: there may always be more. */
static bool
step_monitor(struct show *s)
{
	struct feed_event e;

	for (; s->left > 0 && feed_next(s->feed, &e); s->left--) {
		if (e.missed > 0)
			put_missed(s, &e);
		show_event(s, &e);
		jout_end(&s->j);
	}
	return false;
}

const struct show_desc show_event_descs[] = {
	{ OP_SHOW_EVPN_HISTORY, start_history, step_history, NULL },
	{ OP_MONITOR, start_monitor, step_monitor, NULL },
	{ 0, NULL, NULL, NULL },
};

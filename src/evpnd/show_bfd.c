/*
 * show_bfd - "show bfd peers" and "show bfd peer": BFD sessions, their timers and counters.
 *
 * Keys and types are those of FRR 8.4.4's bfdd. There are no more sessions than neighbors, so
 * each document is one step.
 */
#include <stdio.h>

#include "bfd.h"
#include "peer_int.h"
#include "show_int.h"

static struct bfd_session *
first(struct show *s)
{
	return bfds_first(s->d->peers->bfds);
}

static void
put_head(struct show *s, const struct bfd_session *b)
{
	struct jout *j = &s->j;

	jout_bool(j, "multihop", b->o.multihop);
	jout_str(j, "peer", IPSTR(&b->o.remote));
	jout_str(j, "local", IPSTR(&b->o.local));
	jout_str(j, "vrf", "default");
	if (!b->o.multihop)
		jout_str(j, "interface", show_ifname(s, b->o.ifindex));
}

static int64_t
ms_of(uint64_t us)
{
	return (int64_t)(us / 1000);
}

static void
put_session(struct show *s, const struct bfd_session *b)
{
	const struct bfd *f = &b->b;
	bool up = f->state == BFD_UP, heard = f->remote_mult != 0;
	struct jout *j = &s->j;

	put_head(s, b);
	jout_int(j, "id", f->my_disc);
	jout_int(j, "remote-id", f->your_disc);
	jout_bool(j, "passive-mode", false);
	if (b->o.multihop)
		jout_int(j, "minimum-ttl", b->o.min_ttl);
	jout_str(j, "status", bfd_state_name(f->state));
	jout_int(j, up ? "uptime" : "downtime",
	    (int64_t)((evpnd_now_us() - f->changed_us) / 1000000));
	jout_str(j, "diagnostic", bfd_diag_name(f->diag));
	jout_str(j, "remote-diagnostic", bfd_diag_name(f->remote_diag));
	jout_int(j, "receive-interval", ms_of(f->want.rx_us));
	jout_int(j, "transmit-interval", ms_of(f->want.tx_us));
	jout_int(j, "echo-receive-interval", 0);
	jout_int(j, "echo-transmit-interval", 0);
	jout_int(j, "detect-multiplier", f->want.mult);
	jout_int(j, "remote-receive-interval", heard ? ms_of(f->remote_rx_us) : 1000);
	jout_int(j, "remote-transmit-interval", heard ? ms_of(f->remote_tx_us) : 1000);
	jout_int(j, "remote-echo-receive-interval", ms_of(f->remote_echo_us));
	jout_int(j, "remote-detect-multiplier", heard ? f->remote_mult : BFD_MULT);
	jout_int(j, "rtt-min", 0);
	jout_int(j, "rtt-avg", 0);
	jout_int(j, "rtt-max", 0);
	/* ours from here */
	jout_int(j, "negotiated-transmit-interval", ms_of(bfd_tx_interval(f)));
	jout_int(j, "detection-time", ms_of(bfd_detection_time(f)));
}

static void
put_counters(struct show *s, const struct bfd_session *b)
{
	struct jout *j = &s->j;

	put_head(s, b);
	jout_int(j, "control-packet-input", (int64_t)b->received);
	jout_int(j, "control-packet-output", (int64_t)b->sent);
	jout_int(j, "echo-packet-input", 0);
	jout_int(j, "echo-packet-output", 0);
	jout_int(j, "session-up", (int64_t)b->ups);
	jout_int(j, "session-down", (int64_t)b->downs);
	jout_int(j, "zebra-notifications", (int64_t)b->notified);
	jout_int(j, "rejected-ttl", (int64_t)b->rejected);
}

static bool
step(struct show *s, void (*put)(struct show *, const struct bfd_session *))
{
	struct bfd_session *b;

	if (!s->a.has_ip)
		jout_open(&s->j, NULL, '[');
	for (b = first(s); b != NULL; b = bfds_after(b)) {
		if (s->a.has_ip && ip_cmp(&b->o.remote, &s->a.ip) != 0)
			continue;
		jout_open(&s->j, NULL, '{');
		put(s, b);
		jout_close(&s->j, '}');
		if (s->a.has_ip)
			return true;
	}
	if (!s->a.has_ip)
		jout_close(&s->j, ']');
	return true;
}

static bool
step_sessions(struct show *s)
{
	return step(s, put_session);
}

static bool
step_counters(struct show *s)
{
	return step(s, put_counters);
}

static bool
start_peer(struct show *s, char *msg, size_t len)
{
	struct bfd_session *b;

	for (b = first(s); b != NULL; b = bfds_after(b))
		if (ip_cmp(&b->o.remote, &s->a.ip) == 0)
			return true;
	snprintf(msg, len, "%% Unable to find 'peer %s'", IPSTR(&s->a.ip));
	return false;
}

const struct show_desc show_bfd_descs[] = {
	{ OP_SHOW_BFD_PEERS, NULL, step_sessions, NULL },
	{ OP_SHOW_BFD_BRIEF, NULL, step_sessions, NULL },
	{ OP_SHOW_BFD_COUNTERS, NULL, step_counters, NULL },
	{ OP_SHOW_BFD_PEER, start_peer, step_sessions, NULL },
	{ OP_SHOW_BFD_PEER_COUNTERS, start_peer, step_counters, NULL },
	{ 0, NULL, NULL, NULL },
};

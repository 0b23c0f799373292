/* render_bfd - "show bfd peers" and "show bfd peer", as FRR prints them. */
#include "evpnsh/render_int.h"

static void
print_head(struct json_object *o, FILE *out)
{
	const char *device = jstr(o, "interface");

	fprintf(out, "\tpeer %s%s local-address %s vrf %s", jstr(o, "peer"),
	    jtrue(o, "multihop") ? " multihop" : "", jstr(o, "local"), jstr(o, "vrf"));
	if (device[0] != '\0')
		fprintf(out, " interface %s", device);
	fputc('\n', out);
}

static void
print_interval(FILE *out, const char *name, int64_t ms)
{
	if (ms > 0)
		fprintf(out, "\t\t\t%s: %" PRId64 "ms\n", name, ms);
	else
		fprintf(out, "\t\t\t%s: disabled\n", name);
}

static void
print_session(struct json_object *o, FILE *out)
{
	bool up = strcmp(jstr(o, "status"), "up") == 0;

	print_head(o, out);
	fprintf(out, "\t\tID: %" PRId64 "\n", jint(o, "id"));
	fprintf(out, "\t\tRemote ID: %" PRId64 "\n", jint(o, "remote-id"));
	fprintf(out, "\t\tActive mode\n");
	if (jtrue(o, "multihop"))
		fprintf(out, "\t\tMinimum TTL: %" PRId64 "\n", jint(o, "minimum-ttl"));
	fprintf(out, "\t\tStatus: %s\n", jstr(o, "status"));
	fprintf(out, "\t\t%s: %" PRId64 " second(s)\n", up ? "Uptime" : "Downtime",
	    jint(o, up ? "uptime" : "downtime"));
	fprintf(out, "\t\tDiagnostics: %s\n", jstr(o, "diagnostic"));
	fprintf(out, "\t\tRemote diagnostics: %s\n", jstr(o, "remote-diagnostic"));
	fprintf(out, "\t\tPeer Type: dynamic\n");
	fprintf(out, "\t\tRTT min/avg/max: 0/0/0 usec\n");
	fprintf(out, "\t\tLocal timers:\n");
	fprintf(out, "\t\t\tDetect-multiplier: %" PRId64 "\n",
	    jint(o, "detect-multiplier"));
	print_interval(out, "Receive interval", jint(o, "receive-interval"));
	print_interval(out, "Transmission interval", jint(o, "transmit-interval"));
	print_interval(out, "Echo receive interval", jint(o, "echo-receive-interval"));
	print_interval(
	    out, "Echo transmission interval", jint(o, "echo-transmit-interval"));
	fprintf(out, "\t\tRemote timers:\n");
	fprintf(out, "\t\t\tDetect-multiplier: %" PRId64 "\n",
	    jint(o, "remote-detect-multiplier"));
	print_interval(out, "Receive interval", jint(o, "remote-receive-interval"));
	print_interval(
	    out, "Transmission interval", jint(o, "remote-transmit-interval"));
	print_interval(
	    out, "Echo receive interval", jint(o, "remote-echo-receive-interval"));
	fprintf(out, "\t\tAgreed timers:\n");
	print_interval(
	    out, "Transmission interval", jint(o, "negotiated-transmit-interval"));
	print_interval(out, "Detection time", jint(o, "detection-time"));
	fputc('\n', out);
}

static void
print_counters(struct json_object *o, FILE *out)
{
	static const struct {
		const char *words, *key, *unit;
	} rows[] = {
		{ "Control packet input", "control-packet-input", " packets" },
		{ "Control packet output", "control-packet-output", " packets" },
		{ "Echo packet input", "echo-packet-input", " packets" },
		{ "Echo packet output", "echo-packet-output", " packets" },
		{ "Session up events", "session-up", "" },
		{ "Session down events", "session-down", "" },
		{ "Zebra notifications", "zebra-notifications", "" },
		{ "Rejected for their TTL", "rejected-ttl", " packets" },
	};
	size_t i;

	print_head(o, out);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		fprintf(out, "\t\t%s: %" PRId64 "%s\n", rows[i].words,
		    jint(o, rows[i].key), rows[i].unit);
	fputc('\n', out);
}

static void
print_all(
    struct json_object *doc, FILE *out, void (*print)(struct json_object *, FILE *out))
{
	size_t i;

	fputs("BFD Peers:\n", out);
	for (i = 0; i < jlen(doc); i++)
		print(jat(doc, i), out);
}

void
render_bfd_peers(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	(void)m;
	print_all(doc, out, print_session);
}

void
render_bfd_counters(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	(void)m;
	print_all(doc, out, print_counters);
}

void
render_bfd_peer(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	(void)m;
	fputs("BFD Peer:\n", out);
	print_session(doc, out);
}

void
render_bfd_peer_counters(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	(void)m;
	print_counters(doc, out);
}

void
render_bfd_brief(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	size_t i, n = jlen(doc);

	(void)m;
	fprintf(out, "Session count: %zu\n", n);
	fprintf(out, "%-10s %-40s %-40s%-15s\n", "SessionId", "LocalAddress",
	    "PeerAddress", "Status");
	fprintf(out, "%-10s %-40s %-40s%-15s\n",
	    "=========", "============", "===========", "======");
	for (i = 0; i < n; i++) {
		struct json_object *o = jat(doc, i);

		fprintf(out, "%-10" PRId64 " %-40s %-40s%-15s\n", jint(o, "id"),
		    jstr(o, "local"), jstr(o, "peer"), jstr(o, "status"));
	}
}

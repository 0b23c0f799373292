/* render_event - what happened: "monitor" a line at a time, "show evpn history" as a table. */
#include "evpnsh/render_int.h"

#include <time.h>

static const char *
or_dash(const char *s)
{
	return s[0] != '\0' ? s : "-";
}

/* "19:20:03.123" on this machine's clock, with the day when DAY. */
static char *
clock_of(char *buf, size_t len, struct json_object *e, bool day)
{
	int64_t ms = jint(e, "epochMs");
	time_t t = (time_t)(ms / 1000);
	struct tm tm;
	size_t n;

	localtime_r(&t, &tm);
	n = strftime(buf, len, day ? "%Y/%m/%d %H:%M:%S" : "%H:%M:%S", &tm);
	snprintf(buf + n, len - n, ".%03d", (int)(ms % 1000));
	return buf;
}

static void
put_member(struct json_object *e, const char *key, const char *word, FILE *out)
{
	if (jget(e, key) != NULL)
		fprintf(out, " %s%s%s", word, word[0] != '\0' ? " " : "", jstr(e, key));
}

/* Members in the order of the sentence, and the word before each. */
static const struct {
	const char *key, *word;
} members[] = {
	{ "kind", "" },
	{ "vni", "VNI" },
	{ "mac", "MAC" },
	{ "ip", "IP" },
	{ "interface", "dev" },
	{ "vlan", "VLAN" },
	{ "table", "table" },
	{ "peer", "peer" },
	{ "as", "AS" },
	{ "rd", "RD" },
	{ "prefix", "" },
	{ "nexthop", "next hop" },
	{ "vtep", "VTEP" },
	{ "sequence", "sequence" },
	{ "value", "to" },
	{ "missed", "" },
	{ "selectionReason", "because:" },
	{ "reason", "because:" },
	{ "error", "because:" },
};

static void
put_line(struct json_object *e, bool day, FILE *out)
{
	char when[48];
	size_t i;

	fprintf(out, "%s %s: %s", clock_of(when, sizeof(when), e, day),
	    jstr(e, "subject"), jstr(e, "event"));
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		put_member(e, members[i].key, members[i].word, out);
	fputc('\n', out);
}

void
render_event(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	(void)m;
	put_line(doc, false, out);
}

void
render_events(struct json_object *events, const char *indent, FILE *out)
{
	size_t i;

	for (i = 0; i < jlen(events); i++) {
		fputs(indent, out);
		put_line(jat(events, i), true, out);
	}
}

void
render_history(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	static const char form[] = "%-24s %-8s %-16s %-17s %-15s %-15s %s%s%s\n";
	struct json_object *events = jget(doc, "events");
	char when[48];
	size_t i;

	(void)m;
	if (jlen(events) > 0)
		fprintf(out, form, "Time", "VNI", "Event", "MAC", "IP", "Where",
		    "Seq or entry", "", "");
	for (i = 0; i < jlen(events); i++) {
		struct json_object *e = jat(events, i);
		const char *where = jstr(e, "interface");
		bool kernel = strcmp(jstr(e, "subject"), "kernel") == 0;

		if (where[0] == '\0')
			where = jstr(e, "vtep");
		fprintf(out, form, clock_of(when, sizeof(when), e, true),
		    or_dash(jstr(e, "vni")), jstr(e, "event"), or_dash(jstr(e, "mac")),
		    or_dash(jstr(e, "ip")), or_dash(where),
		    kernel ? jstr(e, "kind") : jstr(e, "sequence"), kernel ? " " : "",
		    kernel && jget(e, "error") != NULL ? jstr(e, "error")
						       : jstr(e, "value"));
	}
}

void
render_debugging(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	struct json_object *debugs = jget(doc, "debugs");
	size_t i;

	(void)m;
	if (jlen(debugs) == 0)
		fprintf(out, "No debug switch is on.\n");
	for (i = 0; i < jlen(debugs); i++) {
		struct json_object *o = jat(debugs, i);

		fprintf(out, "  %s%s\n", jstr(o, "debug"),
		    jtrue(o, "configured") ? "" : "  (not in the configuration)");
	}
}

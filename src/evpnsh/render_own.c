/* render_own - commands that FRR does not have, and those about the program itself. */
#include "evpnsh/render_int.h"

/* --- "show evpn kernel" --- */

static const char *
or_dash(const char *s)
{
	return s[0] != '\0' ? s : "-";
}

static void
kernel_head(FILE *out)
{
	fprintf(out, "%-8s %-9s %-8s %-15s %-10s %s\n", "Kind", "State", "VNI",
	    "Interface", "Since", "Entry");
}

/* The key without its device, which has a column of its own. */
static int
key_len(const char *key)
{
	const char *on = strstr(key, " on ifindex ");

	return on != NULL ? (int)(on - key) : (int)strlen(key);
}

void
render_kernel_row(struct json_object *r, const char *indent, FILE *out)
{
	const char *want = or_dash(jstr(r, "want")), *have = or_dash(jstr(r, "have"));

	const char *where = jstr(r, "interface");

	/* A route is in a VRF's table, not on a device. */
	if (where[0] == '\0')
		where = or_dash(jstr(r, "vrf"));
	fprintf(out, "%s%-8s %-9s %-8s %-15s %-10s %.*s", indent, jstr(r, "kind"),
	    jstr(r, "state"), or_dash(jstr(r, "vni")), where, jstr(r, "since"),
	    key_len(jstr(r, "key")), jstr(r, "key"));
	if (jtrue(r, "differs"))
		fprintf(out, "\n%s         want: %s\n%s         have: %s\n", indent,
		    want, indent, have);
	else
		fprintf(out, " %s\n", jget(r, "have") != NULL ? have : want);
	if (jget(r, "error") != NULL)
		fprintf(out, "%s         refused %" PRId64 " time%s: %s\n", indent,
		    jint(r, "refusals"), jint(r, "refusals") == 1 ? "" : "s",
		    jstr(r, "error"));
}

static void
kernel_links(struct render_part *p, struct json_object *links, FILE *out)
{
	size_t i;

	for (i = 0; i < jlen(links); i++) {
		struct json_object *l = jat(links, i);

		if (!p->links)
			fprintf(out, "\n%-15s %-9s %-8s %s\n", "Device", "State", "VNI",
			    "Master");
		p->links = true;
		fprintf(out, "%-15s %-9s %-8s %s\n", jstr(l, "interface"),
		    jstr(l, "state"), jstr(l, "vni"), or_dash(jstr(l, "master")));
		if (jget(l, "wrong") != NULL)
			fprintf(out, "         %s\n", jstr(l, "wrong"));
		if (jget(l, "error") != NULL)
			fprintf(out, "         refused: %s\n", jstr(l, "error"));
	}
}

void
render_kernel(struct render_part *p, struct json_object *doc, FILE *out)
{
	struct json_object *rows = jget(doc, "rows");
	size_t i;

	if (p->rows == 0 && jlen(rows) > 0)
		kernel_head(out);
	p->rows += jlen(rows);
	for (i = 0; i < jlen(rows); i++)
		render_kernel_row(jat(rows, i), "", out);
	kernel_links(p, jget(doc, "links"), out);
	if (p->last)
		fprintf(out,
		    "%sDisplayed %" PRId64 " entries, %" PRId64 " in all differ%s\n",
		    p->rows > 0 ? "\n" : "", jint(doc, "numRows"),
		    jint(doc, "numDiffering"),
		    jtrue(doc, "synced") ? "" : "; the kernel is still being read");
}

/* --- "show evpn misses" --- */

struct counter {
	const char *key, *words;
};

static void
counters(const struct counter *table, size_t n, struct json_object *v, FILE *out)
{
	for (size_t i = 0; i < n; i++)
		fprintf(out, " %s: %s\n", table[i].words, jstr(v, table[i].key));
}

static void
misses_demand(struct json_object *v, FILE *out)
{
	static const struct counter table[] = {
		{ "misses", "Misses" },
		{ "rate", "  a second" },
		{ "outstanding", "  outstanding" },
		{ "resolved", "  resolved" },
		{ "known", "  resolved before" },
		{ "negative", "  not known to BGP" },
		{ "suppressed", "  suppressed" },
		{ "refused", "  refused by the kernel" },
		{ "negativeCached", "Remembered as not known" },
		{ "numMacs", "MACs in use" },
		{ "numArpNd", "Addresses in use" },
		{ "aged", "MACs no longer in use" },
		{ "answered", "ARP and ND answered" },
		{ "replayed", "Frames replayed" },
	};
	struct json_object *l = jget(v, "latencyUs");

	fprintf(out, ", age %s s\n", jstr(v, "age"));
	if (jget(v, "proactive") != NULL)
		fprintf(out, " Proactive: %s\n", jstr(v, "proactive"));
	counters(table, sizeof(table) / sizeof(table[0]), v, out);
	fprintf(out, " Miss to kernel, us: 50%% %s, 90%% %s, 99%% %s, max %s\n",
	    jstr(l, "p50"), jstr(l, "p90"), jstr(l, "p99"), jstr(l, "max"));
}

static void
misses_vni(struct json_object *v, FILE *out)
{
	static const struct counter table[] = {
		{ "misses", "Next hops that the kernel asked for" },
		{ "known", "  known to BGP" },
		{ "asked", "  asked for on the link" },
		{ "suppressed", "  suppressed" },
	};

	fprintf(out, "VNI: %s", jstr(v, "vni"));
	if (jget(v, "onDemand") != NULL)
		misses_demand(v, out);
	else
		fprintf(out, "\n");
	if (jget(v, "gateway") != NULL)
		counters(
		    table, sizeof(table) / sizeof(table[0]), jget(v, "gateway"), out);
}

void
render_misses(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	struct json_object *vnis = jget(doc, "vnis");
	bool any = false;

	(void)m;
	json_object_object_foreach (jmembers(vnis), key, v) {
		(void)key;
		misses_vni(v, out);
		any = true;
	}
	if (!any)
		fprintf(out, "No VNI resolves on demand\n");
	fprintf(out, "Misses read: %s, muted: %s\n", jstr(doc, "kernelMisses"),
	    jstr(doc, "kernelMuted"));
}

/* --- the program --- */

void
render_version(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	(void)m;
	fprintf(out, "%s %s (%s) on %s(%s), up %s.\n", jstr(doc, "name"),
	    jstr(doc, "version"), jstr(doc, "hostname"), jstr(doc, "system"),
	    jstr(doc, "release"), jstr(doc, "uptime"));
}

void
render_running(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	(void)m;
	fputs(jstr(doc, "text"), out);
}

void
render_transaction(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	struct json_object *rows = jget(doc, "revisions");
	size_t i;

	(void)m;
	if (jget(doc, "heldBy") != NULL)
		fprintf(out, "Held by %s.\n", jstr(doc, "heldBy"));
	if (jget(doc, "rolledBackInSeconds") != NULL)
		fprintf(out, "Rolled back in %" PRId64 " s unless committed again.\n",
		    jint(doc, "rolledBackInSeconds"));
	if (jlen(rows) > 0)
		fprintf(
		    out, "%-9s %-20s %-20s %s\n", "Revision", "Replaced", "With", "By");
	for (i = 0; i < jlen(rows); i++) {
		struct json_object *r = jat(rows, i);

		fprintf(out, "%-9" PRId64 " %-20s %-20s %s\n", jint(r, "number"),
		    jstr(r, "replaced"), jstr(r, "how"), jstr(r, "by"));
	}
}

void
render_memory(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	struct json_object *tables = jget(doc, "tables");
	char mem[MEMSTR];
	size_t i;

	(void)m;
	fprintf(out, "Memory statistics for evpnd:\nSystem allocator statistics:\n");
	fprintf(out, "  Total heap allocated:  %s\n",
	    memstr(mem, jint(doc, "heapAllocated")));
	fprintf(
	    out, "  Used ordinary blocks:  %s\n", memstr(mem, jint(doc, "heapUsed")));
	fprintf(
	    out, "  Free ordinary blocks:  %s\n", memstr(mem, jint(doc, "heapFree")));
	fprintf(
	    out, "  Resident, all counted: %s\n", memstr(mem, jint(doc, "resident")));
	fprintf(out, "%-30s: %10s %10s %14s\n", "Type", "Current#", "Size", "Total");
	for (i = 0; i < jlen(tables); i++) {
		struct json_object *t = jat(tables, i);

		fprintf(out, "%-30s: %10" PRId64 " %10" PRId64 " %14" PRId64 "\n",
		    jstr(t, "name"), jint(t, "rows"), jint(t, "bytesPerRow"),
		    jint(t, "bytes"));
	}
}

void
render_logging(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	struct json_object *lines = jget(doc, "lines");
	size_t i;

	(void)m;
	fprintf(out, "Logging configuration for evpnd:\n");
	fprintf(out, "Syslog logging: %s\nStdout logging: %s\nFile logging: %s",
	    jstr(doc, "syslog"), jstr(doc, "stdout"), jstr(doc, "file"));
	if (jget(doc, "filename") != NULL)
		fprintf(out, ", filename %s", jstr(doc, "filename"));
	if (jget(doc, "stderr") != NULL)
		fprintf(out, "\nStderr logging: %s, as no other is configured",
		    jstr(doc, "stderr"));
	fputs("\n\n", out);
	for (i = 0; i < jlen(lines); i++)
		fprintf(out, "%s\n", json_object_get_string(jat(lines, i)));
}

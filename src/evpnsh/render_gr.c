/* render_gr - "show bgp neighbors graceful-restart", as FRR prints it. */
#include "evpnsh/render_int.h"

static const char *
yes(struct json_object *o, const char *key)
{
	return jtrue(o, key) ? "Yes" : "No";
}

static const char *
truth(struct json_object *o, const char *key)
{
	return jtrue(o, key) ? "True" : "False";
}

/* A line for each number that is there. */
static void
numbers(struct json_object *o, const char *indent, FILE *out)
{
	static const struct {
		const char *key, *text;
	} rows[] = {
		{ "configuredRestartTimer", "Configured Restart Time(sec)" },
		{ "receivedRestartTimer", "Received Restart Time(sec)" },
		{ "restartTimerRemaining", "Restart Time Remaining(sec)" },
		{ "stalePathTimer", "Configured Stale Path Time(sec)" },
		{ "stalePathTimerRemaining", "Stale Path Remaining(sec)" },
		{ "selectionDeferralTimer", "Configured Selection Deferral Time(sec)" },
		{ "llgrStaleTimer", "Configured Long-lived Stale Time(sec)" },
		{ "llgrStaleTimerRemaining", "Long-lived Stale Time Remaining(sec)" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (jget(o, rows[i].key) != NULL)
			fprintf(out, "%s%s: %" PRId64 "\n", indent, rows[i].text,
			    jint(o, rows[i].key));
}

static void
neighbor(struct json_object *n, FILE *out)
{
	struct json_object *f = jget(n, "l2VpnEvpn"), *eor = jget(f, "endOfRibStatus");

	fprintf(out, "\nBGP neighbor is %s\n", jstr(n, "neighborAddr"));
	fprintf(out, "    Local GR Mode: %s\n    Remote GR Mode: %s\n",
	    jstr(n, "localGrMode"), jstr(n, "remoteGrMode"));
	fprintf(out, "    R bit: %s\n    N bit: %s\n    Timers:\n", truth(n, "rBit"),
	    truth(n, "nBit"));
	numbers(jget(n, "timers"), "      ", out);
	fprintf(out, "    L2VPN EVPN:\n      F bit: %s\n", truth(f, "fBit"));
	fprintf(out,
	    "      End-of-RIB sent: %s\n"
	    "      End-of-RIB sent after update: %s\n"
	    "      End-of-RIB received: %s\n      Timers:\n",
	    yes(eor, "endOfRibSend"), yes(eor, "endOfRibSentAfterUpdate"),
	    yes(eor, "endOfRibRecv"));
	numbers(jget(f, "timers"), "        ", out);
	if (jget(f, "stalePaths") != NULL)
		fprintf(out, "      Stale paths: %" PRId64 "\n", jint(f, "stalePaths"));
}

RENDERER(render_bgp_gr)
{
	bool first = true;

	(void)m;
	fputs("\nCodes: GR - Graceful Restart, * -  Inheriting Global GR Config,\n"
	      "       Restart - GR Mode-Restarting, Helper - GR Mode-Helper,\n"
	      "       Disable - GR Mode-Disable.\n\n",
	    out);
	json_object_object_foreach (jmembers(doc), key, n) {
		(void)key;
		if (first)
			fprintf(
			    out, "Global BGP GR Mode :  %s\n", jstr(n, "globalGrMode"));
		first = false;
		neighbor(n, out);
	}
	fputs("\n\n", out);
}

/* render_explain - "show evpn explain": the story of an address, or of a VRF's prefix. */
#include "evpnsh/render_int.h"

static const char *
or_dash(const char *s)
{
	return s[0] != '\0' ? s : "-";
}

static void
explain_words(struct json_object *words, const char *heading, FILE *out)
{
	size_t i;

	if (jlen(words) > 0)
		fprintf(out, "\n%s:\n", heading);
	for (i = 0; i < jlen(words); i++)
		fprintf(out, "  %s\n", json_object_get_string(jat(words, i)));
}

/* What comes last, for addresses and prefixes. */
static void
explain_end(struct json_object *doc, FILE *out)
{
	struct json_object *events = jget(doc, "events");

	explain_words(jget(doc, "problems"), "Problems", out);
	explain_words(jget(doc, "needed"), "What would make it known", out);
	if (jlen(events) > 0)
		fprintf(out, "\nLast events:\n");
	render_events(events, "  ", out);
}

/* --- an address of an L2 VNI --- */

static void
explain_local(struct json_object *c, FILE *out)
{
	struct json_object *from = jget(c, "from");
	size_t i;

	fprintf(out, "  %c local on %s,", jtrue(c, "best") ? '>' : ' ',
	    or_dash(jstr(c, "interface")));
	for (i = 0; i < jlen(from); i++)
		fprintf(out, " %s", json_object_get_string(jat(from, i)));
	fprintf(out, "%s sequence %" PRId64 ", for %s, last heard %s ago, %s\n",
	    jlen(from) > 0 ? "," : "", jint(c, "sequence"), jstr(c, "since"),
	    jstr(c, "heard"), jtrue(c, "advertised") ? "advertised" : "not advertised");
	if (jint(c, "probesUnanswered") > 0)
		fprintf(out, "      asked %" PRId64 " times without an answer\n",
		    jint(c, "probesUnanswered"));
}

static void
explain_remote(struct json_object *c, FILE *out)
{
	if (jtrue(c, "configured")) {
		fprintf(out, "  %c remote at %s, by the configuration, for %s\n",
		    jtrue(c, "best") ? '>' : ' ', jstr(c, "vtep"), jstr(c, "since"));
		return;
	}
	fprintf(out,
	    "  %c remote at %s, sequence %" PRId64
	    "%s, RD %s, from neighbor %s, for %s\n"
	    "      %s\n",
	    jtrue(c, "best") ? '>' : ' ', jstr(c, "vtep"), jint(c, "sequence"),
	    jtrue(c, "sticky") ? ", sticky" : "", jstr(c, "rd"),
	    or_dash(jstr(c, "peer")), jstr(c, "since"), jstr(c, "extendedCommunity"));
	if (jget(c, "unusable") != NULL)
		fprintf(out, "      not usable: %s\n", jstr(c, "unusable"));
}

static void
explain_verdict(struct json_object *r, FILE *out)
{
	const char *winner = jstr(r, "winner");

	fprintf(out, "MAC %s", jstr(r, "mac"));
	if (jget(r, "ip") != NULL)
		fprintf(out, " IP %s", jstr(r, "ip"));
	if (strcmp(winner, "local") == 0)
		fprintf(out, ": local on %s", jstr(r, "interface"));
	else if (strcmp(winner, "remote") == 0)
		fprintf(out, ": remote at %s", jstr(r, "vtep"));
	else
		fprintf(out, ": nowhere");
	fprintf(out, " for %s, because: %s\n", jstr(r, "since"), jstr(r, "rule"));
	if (jget(r, "holdsIp") != NULL && !jtrue(r, "holdsIp"))
		fprintf(out, "  another MAC holds this IP\n");
	fprintf(out,
	    "  sequence: local %" PRId64 ", remote %" PRId64 "; moves: %" PRId64
	    "%s%s\n",
	    jint(r, "localSequence"), jint(r, "remoteSequence"),
	    jint(r, "detectionCount"), jtrue(r, "isDuplicate") ? ", duplicate" : "",
	    jtrue(r, "isFrozen") ? ", frozen" : "");
}

static void
explain_row(struct json_object *r, FILE *out)
{
	struct json_object *candidates = jget(r, "candidates");
	struct json_object *kernel = jget(r, "kernel");
	size_t i;

	explain_verdict(r, out);
	for (i = 0; i < jlen(candidates); i++) {
		struct json_object *c = jat(candidates, i);

		if (strcmp(jstr(c, "source"), "local") == 0)
			explain_local(c, out);
		else
			explain_remote(c, out);
	}
	if (jlen(kernel) == 0 && jtrue(r, "onDemand"))
		fprintf(out, "  kernel: nothing: on demand, nobody here talks to it\n");
	else
		fprintf(out, "  kernel:%s\n", jlen(kernel) > 0 ? "" : " nothing");
	for (i = 0; i < jlen(kernel); i++)
		render_kernel_row(jat(kernel, i), "    ", out);
	fputc('\n', out);
}

static void
explain_route(struct json_object *r, FILE *out)
{
	fprintf(out, "  %s:%s\n", jstr(r, "rd"), jstr(r, "prefix"));
	fprintf(out, "    next hop %s, %s%s, for %s\n", jstr(r, "vtep"),
	    jtrue(r, "own") ? "our own" : "from neighbor ", jstr(r, "peer"),
	    jstr(r, "since"));
	fprintf(out, "    %s\n", jstr(r, "extendedCommunity"));
	if (jtrue(r, "own"))
		return;
	if (jtrue(r, "imported"))
		fprintf(out, "    imported\n");
	else
		fprintf(out, "    not imported: %s%s\n", jstr(r, "whyNot"),
		    jtrue(r, "rtMatched") ? " (its route target matches)" : "");
}

/* --- a prefix of a VRF --- */

static void
prefix_local(struct json_object *l, bool won, FILE *out)
{
	if (l == NULL)
		return;
	fprintf(out, "  %c the kernel's, %s", won ? '>' : ' ', jstr(l, "source"));
	if (jget(l, "gateway") != NULL)
		fprintf(out, ", via %s", jstr(l, "gateway"));
	if (jget(l, "interface") != NULL)
		fprintf(out, ", on %s", jstr(l, "interface"));
	fprintf(out, ", metric %" PRId64 "\n", jint(l, "metric"));
}

static void
prefix_candidate(struct json_object *c, FILE *out)
{
	bool remote = jget(c, "peer") != NULL;

	fprintf(out, "  %c type %" PRId64 " %s %s, RD %s", jtrue(c, "used") ? '>' : ' ',
	    jint(c, "routeType"), remote ? "at" : "of another VRF here, at",
	    jstr(c, "vtep"), jstr(c, "rd"));
	if (remote)
		fprintf(out, ", from neighbor %s", or_dash(jstr(c, "peer")));
	fprintf(out, ", for %s\n", jstr(c, "since"));
	fprintf(out,
	    "      VNI %s, local preference %" PRId64 ", AS path length %" PRId64
	    ", origin %s, metric %" PRId64,
	    or_dash(jstr(c, "label")), jint(c, "locPrf"), jint(c, "asPathLength"),
	    jstr(c, "origin"), jint(c, "metric"));
	if (jget(c, "sequence") != NULL)
		fprintf(out, ", sequence %" PRId64, jint(c, "sequence"));
	if (jget(c, "gatewayIP") != NULL)
		fprintf(out, ", gateway %s", jstr(c, "gatewayIP"));
	fprintf(out, "\n      %s\n", jstr(c, "extendedCommunity"));
	if (jget(c, "whyNot") != NULL)
		fprintf(out, "      not used: %s\n", jstr(c, "whyNot"));
}

static void
prefix_verdict(struct json_object *r, FILE *out)
{
	struct json_object *hops = jget(r, "nexthops");
	size_t i;

	fprintf(out, "Prefix %s: %s", jstr(r, "prefix"),
	    strcmp(jstr(r, "winner"), "none") == 0 ? "nothing is used"
						   : jstr(r, "winner"));
	if (jget(r, "since") != NULL)
		fprintf(out, " for %s", jstr(r, "since"));
	fprintf(out, ", because: %s\n", jstr(r, "rule"));
	for (i = 0; i < jlen(hops); i++) {
		struct json_object *n = jat(hops, i);

		fprintf(out, "  via %s on %s, VNI %" PRId64 "%s%s\n", jstr(n, "ip"),
		    or_dash(jstr(n, "interface")), jint(n, "vni"),
		    jget(n, "routerMac") != NULL ? ", router MAC " : "",
		    jstr(n, "routerMac"));
	}
	if (jtrue(r, "network"))
		fprintf(out, "  a network of the configuration\n");
	fprintf(
	    out, "  %s\n", jtrue(r, "advertised") ? "advertised" : "not advertised");
}

static void
prefix_row(struct json_object *r, FILE *out)
{
	struct json_object *candidates = jget(r, "candidates");
	struct json_object *kernel = jget(r, "kernel");
	size_t i;

	prefix_verdict(r, out);
	prefix_local(jget(r, "local"), strcmp(jstr(r, "winner"), "kernel") == 0, out);
	for (i = 0; i < jlen(candidates); i++)
		prefix_candidate(jat(candidates, i), out);
	fprintf(out, "  kernel:%s\n", jlen(kernel) > 0 ? "" : " nothing");
	for (i = 0; i < jlen(kernel); i++)
		render_kernel_row(jat(kernel, i), "    ", out);
	fputc('\n', out);
}

void
render_explain_prefix(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	struct json_object *rows = jget(doc, "rows"), *routes = jget(doc, "routes");
	size_t i;

	(void)m;
	fprintf(out, "VRF %s, VNI %" PRId64 ", table %" PRId64 ", %s %s\n",
	    jstr(doc, "vrf"), jint(doc, "vni"), jint(doc, "table"),
	    jget(doc, "prefix") != NULL ? "prefix" : "IP",
	    jget(doc, "prefix") != NULL ? jstr(doc, "prefix") : jstr(doc, "ip"));
	if (jget(doc, "vrfDown") != NULL)
		fprintf(out, "The VRF's VNI is not in use: %s\n", jstr(doc, "vrfDown"));
	if (!jtrue(doc, "found")) {
		fprintf(out,
		    "Never heard of: no route of the kernel and none of BGP names "
		    "it\n");
		explain_end(doc, out);
		return;
	}
	fputc('\n', out);
	for (i = 0; i < jlen(rows); i++)
		prefix_row(jat(rows, i), out);
	fprintf(out, "Routes:%s\n", jlen(routes) > 0 ? "" : " none");
	for (i = 0; i < jlen(routes); i++)
		explain_route(jat(routes, i), out);
	explain_end(doc, out);
}

void
render_explain(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	struct json_object *rows = jget(doc, "rows"), *routes = jget(doc, "routes");
	size_t i;

	if (jget(doc, "vrf") != NULL) {
		render_explain_prefix(m, doc, out);
		return;
	}
	fprintf(out, "VNI %" PRId64 ", %s %s\n", jint(doc, "vni"),
	    jget(doc, "mac") != NULL ? "MAC" : "IP",
	    jget(doc, "mac") != NULL ? jstr(doc, "mac") : jstr(doc, "ip"));
	if (jget(doc, "vniDown") != NULL)
		fprintf(out, "The VNI is not in use: %s\n", jstr(doc, "vniDown"));
	render_unknown(doc, "", out);
	if (!jtrue(doc, "found")) {
		fprintf(out,
		    "Never heard of: no port, no neighbor entry and no route "
		    "names it\n");
		explain_end(doc, out);
		return;
	}
	fputc('\n', out);
	for (i = 0; i < jlen(rows); i++)
		explain_row(jat(rows, i), out);
	fprintf(out, "Routes:%s\n", jlen(routes) > 0 ? "" : " none");
	for (i = 0; i < jlen(routes); i++)
		explain_route(jat(routes, i), out);
	explain_end(doc, out);
}

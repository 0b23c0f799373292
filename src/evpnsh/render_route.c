/* render_route - tables of EVPN routes and routes in detail, in FRR's layout. */
#include "evpnsh/render_int.h"

/* FRR puts most paths into an array of their own. */
static struct json_object *
path_at(struct json_object *paths, size_t i)
{
	struct json_object *p = jat(paths, i);

	return json_object_is_type(p, json_type_array) ? jat(p, 0) : p;
}

static struct json_object *
nexthop_of(struct json_object *path)
{
	return jat(jget(path, "nexthops"), 0);
}

static const char *
communities(struct json_object *path)
{
	return jstr(jget(path, "extendedCommunity"), "string");
}

/* --- one line of a table --- */

/* Metric, local preference and weight; blank what is not there. */
static void
numbers(struct json_object *p, FILE *out)
{
	if (jget(p, "metric") != NULL)
		fprintf(out, "%10" PRId64, jint(p, "metric"));
	else
		fprintf(out, "%10s", "");
	if (jget(p, "locPrf") != NULL)
		fprintf(out, "%7" PRId64, jint(p, "locPrf"));
	else
		fprintf(out, "%7s", "");
	fprintf(out, "%7" PRId64 " ", jint(p, "weight"));
}

static void
as_path(const char *path, char origin, FILE *out)
{
	fprintf(out, "%s%s%c\n", path, path[0] != '\0' ? " " : "", origin);
}

static char
origin_char(const char *origin)
{
	return strcmp(origin, "IGP") == 0 ? 'i'
	    : strcmp(origin, "EGP") == 0  ? 'e'
					  : '?';
}

/* In its column: on a line of its own where the prefix is longer than that of "Network". */
static void
next_hop(const char *prefix, const char *nh, FILE *out)
{
	int room = 17 - (int)strlen(prefix), pad = 16 - (int)strlen(nh);

	if (room < 1)
		fprintf(out, "\n%20s", "");
	else
		fprintf(out, "%*s", room, "");
	fprintf(out, "%s", nh);
	if (pad < 1)
		fprintf(out, "\n%36s", "");
	else
		fprintf(out, "%*s", pad, "");
}

static void
list_path(const char *prefix, struct json_object *p, FILE *out)
{
	const char *nh = jstr(nexthop_of(p), "ip");

	fprintf(out, "%c%c%c%s",
	    jtrue(p, "stale")       ? 'S'
		: jtrue(p, "valid") ? '*'
				    : ' ',
	    jtrue(p, "bestpath") ? '>' : ' ',
	    strcmp(jstr(p, "pathFrom"), "internal") == 0 ? 'i' : ' ', prefix);
	next_hop(prefix, nh, out);
	numbers(p, out);
	as_path(jstr(p, "path"), origin_char(jstr(p, "origin")), out);
	if (jget(p, "esi") != NULL)
		fprintf(out, "%20sESI:%s\n", "", jstr(p, "esi"));
	if (communities(p)[0] != '\0')
		fprintf(out, "%20s%s\n", "", communities(p));
}

static void
list_routes(struct json_object *table, FILE *out)
{
	size_t i;

	json_object_object_foreach (jmembers(table), prefix, route) {
		struct json_object *paths = jget(route, "paths");

		if (prefix[0] != '[')
			continue;
		for (i = 0; i < jlen(paths); i++)
			list_path(prefix, path_at(paths, i), out);
	}
}

/* --- heads --- */

static void
head_codes(FILE *out)
{
	fprintf(out,
	    "Status codes: s suppressed, d damped, h history, * valid, > best, "
	    "i - internal\n"
	    "Origin codes: i - IGP, e - EGP, ? - incomplete\n");
}

static void
head_version(struct json_object *doc, FILE *out)
{
	fprintf(out, "BGP table version is %" PRId64 ", local router ID is %s\n",
	    jint(doc, "bgpTableVersion"), jstr(doc, "bgpLocalRouterId"));
}

static void
head_prefixes(const char *type2, FILE *out)
{
	fprintf(out,
	    "EVPN type-1 prefix: [1]:[EthTag]:[ESI]:[IPlen]:[VTEP-IP]:[Frag-id]\n"
	    "EVPN type-2 prefix: [2]:[EthTag]:[MAClen]:[MAC]%s\n"
	    "EVPN type-3 prefix: [3]:[EthTag]:[IPlen]:[OrigIP]\n"
	    "EVPN type-4 prefix: [4]:[ESI]:[IPlen]:[OrigIP]\n"
	    "EVPN type-5 prefix: [5]:[EthTag]:[IPlen]:[IP]\n\n",
	    type2);
}

static void
head(struct json_object *doc, bool communities_too, FILE *out)
{
	head_version(doc, out);
	head_codes(out);
	head_prefixes(":[IPlen]:[IP]", out);
	fprintf(
	    out, "   Network          Next Hop            Metric LocPrf Weight Path\n");
	if (communities_too)
		fprintf(out, "%20sExtended Community\n", "");
}

static void
by_rd(struct json_object *doc, FILE *out)
{
	json_object_object_foreach (jmembers(doc), key, table) {
		(void)key;
		if (jget(table, "rd") != NULL)
			fprintf(out, "Route Distinguisher: %s\n", jstr(table, "rd"));
		list_routes(table, out);
	}
}

/* --- detail --- */

static void
advertised_to(struct json_object *peers, FILE *out)
{
	if (jlen(peers) == 0) {
		fprintf(out, "  Not advertised to any peer\n");
		return;
	}
	fprintf(out, "  Advertised to non peer-group peers:\n ");
	json_object_object_foreach (jmembers(peers), name, v) {
		(void)v;
		fprintf(out, " %s", name);
	}
	fputc('\n', out);
}

static void
detail_origin(struct json_object *p, FILE *out)
{
	struct json_object *best = jget(p, "bestpath");
	const char *type = jstr(jget(p, "peer"), "type");

	fprintf(out, "      Origin %s", jstr(p, "origin"));
	if (jget(p, "metric") != NULL)
		fprintf(out, ", metric %" PRId64, jint(p, "metric"));
	if (jget(p, "locPrf") != NULL)
		fprintf(out, ", localpref %" PRId64, jint(p, "locPrf"));
	if (jint(p, "weight") > 0)
		fprintf(out, ", weight %" PRId64, jint(p, "weight"));
	if (jtrue(p, "valid"))
		fprintf(out, ", valid");
	if (jtrue(p, "stale"))
		fprintf(out, ", stale");
	if (jtrue(p, "sourced"))
		fprintf(out, ", sourced");
	if (jtrue(p, "local"))
		fprintf(out, ", local");
	if (type[0] != '\0')
		fprintf(out, ", %s", type);
	if (best != NULL)
		fprintf(out, ", best (%s)", jstr(best, "selectionReason"));
	fputc('\n', out);
}

static void
detail_communities(struct json_object *p, FILE *out)
{
	static const struct {
		const char *key, *text;
	} kinds[] = {
		{ "community", "Community" },
		{ "extendedCommunity", "Extended Community" },
		{ "largeCommunity", "Large Community" },
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (jget(p, kinds[i].key) != NULL)
			fprintf(out, "      %s: %s\n", kinds[i].text,
			    jstr(jget(p, kinds[i].key), "string"));
}

static void
detail_reflection(struct json_object *p, FILE *out)
{
	struct json_object *list = jget(jget(p, "clusterList"), "list");
	size_t i;

	if (jget(p, "originatorId") == NULL && jlen(list) == 0)
		return;
	fprintf(out, "      ");
	if (jget(p, "originatorId") != NULL)
		fprintf(out, "Originator: %s", jstr(p, "originatorId"));
	if (jlen(list) > 0)
		fprintf(out,
		    "%sCluster list: ", jget(p, "originatorId") != NULL ? ", " : "");
	for (i = 0; i < jlen(list); i++)
		fprintf(out, "%s ", json_object_get_string(jat(list, i)));
	fputc('\n', out);
}

static void
detail_pmsi(struct json_object *pmsi, FILE *out)
{
	if (pmsi == NULL)
		return;
	fprintf(out, "      PMSI Tunnel Type: %s", jstr(pmsi, "tunnelType"));
	if (jget(pmsi, "label") != NULL)
		fprintf(out, ", label: %" PRId64, jint(pmsi, "label"));
	fputc('\n', out);
}

static void
detail_path(const char *prefix, struct json_object *p, FILE *out)
{
	struct json_object *peer = jget(p, "peer");
	const char *id = jstr(p, "originatorId");

	fprintf(out, "  Route %s", prefix);
	if (jget(p, "vni") != NULL)
		fprintf(out, " VNI %s", jstr(p, "vni"));
	if (jget(p, "esi") != NULL)
		fprintf(out, " ESI %s", jstr(p, "esi"));
	if (jget(p, "gatewayIP") != NULL &&
	    strcmp(jstr(p, "gatewayIP"), "0.0.0.0") != 0)
		fprintf(out, " Gateway IP %s", jstr(p, "gatewayIP"));
	if (jget(p, "importedFrom") != NULL)
		fprintf(out, "  Imported from %s, VNI %s\n", jstr(p, "importedFrom"),
		    jstr(p, "vni"));
	fputc('\n', out);
	fprintf(out, "  %s%s\n", jstr(jget(p, "aspath"), "string"),
	    jtrue(p, "rxedFromRrClient") ? ", (Received from a RR-client)" : "");
	fprintf(out, "    %s from %s (%s)\n", jstr(nexthop_of(p), "ip"),
	    jstr(peer, "peerId"), id[0] != '\0' ? id : jstr(peer, "routerId"));
	detail_origin(p, out);
	detail_communities(p, out);
	detail_reflection(p, out);
	fprintf(out, "      Last update: %s", jstr(jget(p, "lastUpdate"), "string"));
	detail_pmsi(jget(p, "pmsi"), out);
}

static size_t
best_of(struct json_object *paths)
{
	size_t i;

	for (i = 0; i < jlen(paths); i++)
		if (jget(path_at(paths, i), "bestpath") != NULL)
			return i + 1;
	return 0;
}

static void
detail_route(const char *rd, const char *prefix, struct json_object *peers,
    struct json_object *paths, FILE *out)
{
	size_t i, best = best_of(paths);

	fprintf(out, "BGP routing table entry for %s%s%s\n", rd,
	    rd[0] != '\0' ? ":" : "", prefix);
	fprintf(out, "Paths: (%zu available, ", jlen(paths));
	if (best > 0)
		fprintf(out, "best #%zu)\n", best);
	else
		fprintf(out, "no best path)\n");
	advertised_to(peers, out);
	for (i = 0; i < jlen(paths); i++)
		detail_path(prefix, path_at(paths, i), out);
}

static void
detail_routes(const char *rd, struct json_object *table, FILE *out)
{
	json_object_object_foreach (jmembers(table), prefix, route)
		if (prefix[0] == '[')
			detail_route(rd, prefix, jget(route, "advertisedTo"),
			    jget(route, "paths"), out);
}

/* The prefix of a document that is one route: its members put together. */
static void
prefix_of(char *buf, size_t len, struct json_object *doc)
{
	if (jint(doc, "routeType") == 3) {
		snprintf(buf, len, "[3]:[%" PRId64 "]:[%" PRId64 "]:[%s]",
		    jint(doc, "ethTag"), jint(doc, "ipLen"), jstr(doc, "ip"));
		return;
	}
	if (jint(doc, "routeType") == 5) {
		snprintf(buf, len, "[5]:[%" PRId64 "]:[%" PRId64 "]:[%s]",
		    jint(doc, "ethTag"), jint(doc, "ipLen"), jstr(doc, "ip"));
		return;
	}
	snprintf(buf, len, "[2]:[%" PRId64 "]:[48]:[%s]", jint(doc, "ethTag"),
	    jstr(doc, "mac"));
	if (jget(doc, "ip") != NULL) {
		size_t n = strlen(buf);

		snprintf(buf + n, len - n, ":[%" PRId64 "]:[%s]", jint(doc, "ipLen"),
		    jstr(doc, "ip"));
	}
}

static void
one_route(struct json_object *doc, FILE *out)
{
	struct json_object *paths;
	char prefix[160];

	if (jget(doc, "routeType") == NULL) {
		fprintf(out, "%% Network not in table\n");
		return;
	}
	prefix_of(prefix, sizeof(prefix), doc);
	paths = jget(doc, "paths");
	if (paths == NULL)
		paths = jget(doc, prefix);
	detail_route(jstr(doc, "rd"), prefix, jget(doc, "advertisedTo"), paths, out);
	fprintf(out, "\nDisplayed %zu paths for requested prefix\n", jlen(paths));
}

/* --- commands --- */

/* "type" and what follows it is said by the words of the command. */
static bool
of_type(const struct cli_match *m)
{
	return cli_arg(m, "type") != NULL;
}

static void
displayed(struct json_object *doc, const char *what, bool type, FILE *out)
{
	fprintf(out, "\nDisplayed %" PRId64 " prefixes (%" PRId64 " paths)%s%s\n",
	    jint(doc, "numPrefix"), jint(doc, "numPaths"), what,
	    type ? " (of requested type)" : "");
}

void
render_bgp_all(struct render_part *p, struct json_object *doc, FILE *out)
{
	if (p->first && p->last && jint(doc, "numPrefix") == 0) {
		fprintf(out, "No BGP prefixes displayed, %" PRId64 " exist\n",
		    jint(doc, "totalPrefix"));
		return;
	}
	if (p->first)
		head(doc, false, out);
	by_rd(doc, out);
	if (!p->last)
		return;
	fprintf(out, "\nDisplayed %" PRId64 " out of %" PRId64 " total prefixes\n",
	    jint(doc, "numPrefix"), jint(doc, "totalPrefix"));
}

/* Without "rd RD" each route distinguisher has a line of its own. */
static void
detail_by_rd(bool rd, struct json_object *doc, FILE *out)
{
	json_object_object_foreach (jmembers(doc), key, table) {
		if (!rd && jget(table, "rd") != NULL)
			fprintf(out, "Route Distinguisher: %s\n", jstr(table, "rd"));
		detail_routes(key, table, out);
	}
}

void
render_bgp_route(struct render_part *p, struct json_object *doc, FILE *out)
{
	const struct cli_match *m = p->m;
	bool rd = cli_arg(m, "RD") != NULL;

	if (rd && (cli_arg(m, "MAC") != NULL || cli_arg(m, "PREFIX") != NULL)) {
		one_route(doc, out);
		return;
	}
	if (p->first && p->last && jint(doc, "numPrefix") == 0) {
		if (!rd)
			fprintf(out, "No EVPN prefixes%s exist\n",
			    of_type(m) ? " (of requested type)" : "");
		return;
	}
	if (!rd && cli_arg(m, "detail") == NULL) {
		if (p->first)
			head(doc, true, out);
		by_rd(doc, out);
	} else {
		if (rd && p->first)
			head_prefixes("", out);
		detail_by_rd(rd, doc, out);
	}
	if (p->last)
		displayed(doc, rd ? " with this RD" : "", of_type(m), out);
}

/* GOES_ON: a slice before this one had the head. The totals are the table's end. */
static void
vni_table(const struct cli_match *m, bool goes_on, struct json_object *doc, FILE *out)
{
	bool ends = jget(doc, "numPrefix") != NULL;

	if (!goes_on && jint(doc, "numPrefix") == 0 && ends) {
		fprintf(out, "No EVPN prefixes%s exist for this VNI\n",
		    of_type(m) ? " (of requested type)" : "");
		return;
	}
	if (cli_arg(m, "detail") != NULL) {
		detail_routes(jstr(doc, "rd"), doc, out);
	} else {
		if (!goes_on)
			head(doc, false, out);
		list_routes(doc, out);
	}
	if (!ends)
		return;
	displayed(doc, "", of_type(m), out);
	fputc('\n', out);
}

void
render_bgp_route_vni(struct render_part *p, struct json_object *doc, FILE *out)
{
	const struct cli_match *m = p->m;
	bool one = cli_arg(m, "MAC") != NULL ||
	    (cli_arg(m, "multicast") != NULL && !of_type(m));
	bool goes_on;

	if (cli_arg(m, "VNI") != NULL) {
		if (one)
			one_route(doc, out);
		else
			vni_table(m, !p->first, doc, out);
		return;
	}
	json_object_object_foreach (jmembers(doc), vni, table) {
		if (!is_object(table))
			continue;
		goes_on = part_goes_on(p, vni);
		if (!goes_on)
			fprintf(out, "\nVNI: %s\n\n", vni);
		vni_table(m, goes_on, table, out);
	}
}

/* --- what was told to a neighbor --- */

static void
advertised_route(const char *prefix, struct json_object *r, FILE *out)
{
	const char *nh = jstr(r, "nextHop");

	fprintf(out, "%c%c %s", jtrue(jget(r, "appliedStatusSymbols"), "*") ? '*' : ' ',
	    jtrue(jget(r, "appliedStatusSymbols"), ">") ? '>' : ' ', prefix);
	next_hop(prefix, nh, out);
	numbers(r, out);
	as_path(jstr(r, "path"), jstr(r, "bgpOriginCode")[0], out);
}

static void
head_advertised(struct json_object *doc, FILE *out)
{
	head_version(doc, out);
	fprintf(out, "Default local pref %" PRId64 ", local AS %" PRId64 "\n",
	    jint(doc, "defaultLocPrf"), jint(doc, "localAS"));
	head_codes(out);
	fprintf(out,
	    "\n   Network          Next Hop            Metric LocPrf Weight Path\n");
}

void
render_bgp_advertised(struct render_part *p, struct json_object *doc, FILE *out)
{
	struct json_object *all = jget(doc, "advertisedRoutes");

	if (p->first && jlen(all) == 0)
		return;
	if (p->first)
		head_advertised(doc, out);
	json_object_object_foreach (jmembers(all), rd, table) {
		if (!part_goes_on(p, rd))
			fprintf(out, "Route Distinguisher: %s\n", rd);
		json_object_object_foreach (jmembers(table), prefix, r)
			if (prefix[0] == '[')
				advertised_route(prefix, r, out);
	}
	if (p->last)
		fprintf(out, "\nTotal number of prefixes %" PRId64 "\n",
		    jint(doc, "totalPrefixCounter"));
}

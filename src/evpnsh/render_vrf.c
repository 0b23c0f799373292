/* render_vrf - L3 VNIs: router MACs, next hops and VRFs in the layout of FRR. */
#include "evpnsh/render_int.h"

/* --- "show evpn rmac" --- */

static void
rmac_table(const char *title, struct json_object *rows, FILE *out)
{
	fprintf(out, "%-17s %-21s\n", title, "Remote VTEP");
	json_object_object_foreach (jmembers(rows), mac, r)
		if (is_object(r))
			fprintf(out, "%-17s %-21s%s\n", mac, jstr(r, "vtepIp"),
			    jtrue(r, "conflict") ? " not used: the VTEP has another one"
						 : "");
}

void
render_evpn_rmac(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	if (cli_arg(m, "MAC") != NULL) {
		if (jget(doc, "routerMac") != NULL)
			fprintf(out, "MAC: %s\n Remote VTEP: %s\n",
			    jstr(doc, "routerMac"), jstr(doc, "vtepIp"));
	} else if (cli_arg(m, "VNI") == NULL) {
		json_object_object_foreach (jmembers(doc), vni, v) {
			fprintf(out, "\nVNI %s #RMACs %" PRId64 "\n\n", vni,
			    jint(v, "numRmacs"));
			rmac_table("RMAC", v, out);
		}
	} else if (jint(doc, "numRmacs") > 0) {
		fprintf(out, "Number of Remote RMACs known for this VNI: %" PRId64 "\n",
		    jint(doc, "numRmacs"));
		rmac_table("MAC", doc, out);
	}
}

/* --- "show evpn next-hops" --- */

static void
nexthop_table(struct json_object *rows, FILE *out)
{
	int width = 15;

	json_object_object_foreach (jmembers(rows), ip, r)
		if (is_object(r) && (int)strlen(ip) > width)
			width = (int)strlen(ip);
	fprintf(out, "%*s %-17s\n", -width, "IP", "RMAC");
	json_object_object_foreach (jmembers(rows), ip2, n)
		if (is_object(n))
			fprintf(out, "%*s %-17s\n", -width, ip2, jstr(n, "routerMac"));
}

static void
one_nexthop(struct json_object *doc, FILE *out)
{
	struct json_object *list = jget(doc, "prefixList");
	size_t i;

	fprintf(out, "Ip: %s\n  RMAC: %s\n  Refcount: %" PRId64 "\n  Prefixes:\n",
	    jstr(doc, "ip"), jstr(doc, "routerMac"), jint(doc, "refCount"));
	for (i = 0; i < jlen(list); i++)
		fprintf(out, "    %s\n", json_object_get_string(jat(list, i)));
}

void
render_evpn_nexthops(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	if (cli_arg(m, "IP") != NULL) {
		if (jget(doc, "ip") != NULL)
			one_nexthop(doc, out);
	} else if (cli_arg(m, "VNI") == NULL) {
		json_object_object_foreach (jmembers(doc), vni, v) {
			fprintf(out, "\nVNI %s #Next-Hops %" PRId64 "\n\n", vni,
			    jint(v, "numNextHops"));
			nexthop_table(v, out);
		}
	} else if (jint(doc, "numNextHops") > 0) {
		fprintf(out, "Number of NH Neighbors known for this VNI: %" PRId64 "\n",
		    jint(doc, "numNextHops"));
		nexthop_table(doc, out);
	}
}

/* --- "show vrf vni" --- */

void
render_vrf_vni(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	struct json_object *vrfs = jget(doc, "vrfs");
	size_t i;

	(void)m;
	fprintf(out, "%-37s %-10s %-20s %-20s %-5s %-18s\n", "VRF", "VNI", "VxLAN IF",
	    "L3-SVI", "State", "Rmac");
	for (i = 0; i < jlen(vrfs); i++) {
		struct json_object *v = jat(vrfs, i);

		fprintf(out, "%-37s %-10s %-20s %-20s %-5s %-18s\n", jstr(v, "vrf"),
		    jstr(v, "vni"), jstr(v, "vxlanIntf"), jstr(v, "sviIntf"),
		    jstr(v, "state"), jstr(v, "routerMac"));
		if (jget(v, "down") != NULL)
			fprintf(out, "  not in use: %s\n", jstr(v, "down"));
	}
}

/* --- "show bgp vrf VRF vni" --- */

static void
inline_list(const char *title, struct json_object *list, FILE *out)
{
	size_t i;

	fprintf(out, "  %s:\n    ", title);
	for (i = 0; i < jlen(list); i++)
		fprintf(out, "%s  ", json_object_get_string(jat(list, i)));
	fputc('\n', out);
}

void
render_bgp_vrf_vni(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	(void)m;
	if (jget(doc, "vrf") == NULL)
		return;
	fprintf(out,
	    "BGP VRF: %s\n  Local-Ip: %s\n  L3-VNI: %" PRId64
	    "\n  Rmac: %s\n  VNI Filter: %s\n",
	    jstr(doc, "vrf"), jstr(doc, "local-ip"), jint(doc, "l3vni"),
	    jstr(doc, "rmac"), jstr(doc, "vniFilter"));
	inline_list("L2-VNI List", jget(doc, "l2vnis"), out);
	inline_list("Export-RTs", jget(doc, "export-rts"), out);
	inline_list("Import-RTs", jget(doc, "import-rts"), out);
	fprintf(out, "  RD: %s\n", jstr(doc, "rd"));
}

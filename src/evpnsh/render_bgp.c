/* render_bgp - summary of neighbors, and VNIs as BGP sees them, in FRR's layout. */
#include "evpnsh/render_int.h"

#include <stdlib.h>

#define NEIGHBOR_WIDTH 16

/* --- summary --- */

/* "*10.0.0.1 ": what stands in the first column. */
static int
neighbor_len(const char *name, struct json_object *peer)
{
	return (int)strlen(name) + 1 + jtrue(peer, "dynamicPeer");
}

static int
neighbor_width(struct json_object *peers)
{
	int width = NEIGHBOR_WIDTH;

	json_object_object_foreach (jmembers(peers), name, peer) {
		int len = neighbor_len(name, peer);

		if (len > width)
			width = len;
	}
	return width;
}

static void
summary_head(struct json_object *doc, FILE *out)
{
	char mem[MEMSTR];

	fprintf(out,
	    "BGP router identifier %s, local AS number %" PRId64 " vrf-id %d\n",
	    jstr(doc, "routerId"), jint(doc, "as"), 0);
	fprintf(out, "BGP table version %" PRId64 "\n", jint(doc, "tableVersion"));
	fprintf(out, "RIB entries %" PRId64 ", using %s of memory\n",
	    jint(doc, "ribCount"), memstr(mem, jint(doc, "ribMemory")));
	fprintf(out, "Peers %" PRId64 ", using %s of memory\n", jint(doc, "peerCount"),
	    memstr(mem, jint(doc, "peerMemory")));
	if (jint(doc, "peerGroupCount") > 0)
		fprintf(out, "Peer groups %" PRId64 ", using %s of memory\n",
		    jint(doc, "peerGroupCount"),
		    memstr(mem, jint(doc, "peerGroupMemory")));
	fputc('\n', out);
}

static void
summary_name(const char *name, struct json_object *peer, int width, FILE *out)
{
	fprintf(out, "%s%s%*s", jtrue(peer, "dynamicPeer") ? "*" : "", name,
	    width - neighbor_len(name, peer) + 1, "");
}

static void
failed_row(struct json_object *p, FILE *out)
{
	const char *what = jstr(p, "lastNotificationReason");

	fprintf(out, "%7" PRId64 " %7" PRId64 " %9s ",
	    jint(p, "connectionsEstablished"), jint(p, "connectionsDropped"),
	    jstr(p, "peerUptime"));
	if (what[0] != '\0')
		fprintf(out, "Notification %s (%s)\n",
		    jint(p, "lastResetCode") == 13 ? "received" : "sent", what);
	else
		fprintf(out, "%s\n", jstr(p, "lastResetDueTo"));
}

static void
summary_row(struct json_object *p, FILE *out)
{
	const char *desc = jstr(p, "desc");

	fprintf(out,
	    "4 %10" PRId64 " %9" PRId64 " %9" PRId64 " %8" PRId64 " %4" PRId64
	    " %4" PRId64 " %8s",
	    jint(p, "remoteAs"), jint(p, "msgRcvd"), jint(p, "msgSent"),
	    jint(p, "tableVersion"), jint(p, "inq"), jint(p, "outq"),
	    jstr(p, "peerUptime"));
	if (strcmp(jstr(p, "state"), "Established") != 0)
		fprintf(out, " %12s", jstr(p, "state"));
	else if (jtrue(p, "noEvpn"))
		fprintf(out, " %12s", "NoNeg");
	else
		fprintf(out, " %12" PRId64, jint(p, "pfxRcd"));
	fprintf(out, " %8" PRId64 " %s\n", jint(p, "pfxSnt"),
	    desc[0] != '\0' ? desc : "N/A");
}

static void
summary_tail(struct json_object *doc, bool filtered, FILE *out)
{
	fputc('\n', out);
	if (filtered)
		fprintf(out, "Displayed neighbors %zu\n", jlen(jget(doc, "peers")));
	fprintf(
	    out, "Total number of neighbors %" PRId64 "\n", jint(doc, "totalPeers"));
	if (jint(doc, "dynamicPeers") > 0)
		fprintf(out,
		    "* - dynamic neighbor\n%" PRId64
		    " dynamic neighbor(s), limit %" PRId64 "\n",
		    jint(doc, "dynamicPeers"), jint(doc, "dynamicPeersLimit"));
}

void
render_bgp_summary(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	struct json_object *inner = jget(doc, "l2VpnEvpn"), *peers;
	bool failed = cli_arg(m, "failed") != NULL;
	bool up = cli_arg(m, "established") != NULL;
	bool unicast = cli_arg(m, "ipv4") != NULL || cli_arg(m, "ipv6") != NULL;
	int width;

	if (jget(doc, "default") != NULL) {
		doc = jget(doc, "default");
		inner = jget(doc, "l2VpnEvpn");
	}
	if (inner != NULL) {
		fprintf(out, "\nL2VPN EVPN Summary (VRF default):\n");
		doc = inner;
	}
	peers = jget(doc, "peers");
	if (jlen(peers) == 0) {
		if (failed || up)
			fprintf(out, "%% No %s BGP neighbors found\n",
			    failed ? "failed" : "established");
		else
			fprintf(out, "No %s neighbor is configured\n",
			    !unicast                         ? "L2VPN EVPN"
				: cli_arg(m, "ipv4") != NULL ? "IPv4 Unicast"
							     : "IPv6 Unicast");
		return;
	}
	summary_head(doc, out);
	width = neighbor_width(peers);
	fprintf(out, "Neighbor%*s", width - 8, "");
	fprintf(out,
	    failed ? "EstdCnt DropCnt ResetTime Reason\n"
		   : "V         AS   MsgRcvd   MsgSent   TblVer  InQ OutQ"
		     "  Up/Down State/PfxRcd   PfxSnt Desc\n");
	json_object_object_foreach (jmembers(peers), name, peer) {
		summary_name(name, peer, width, out);
		if (failed)
			failed_row(peer, out);
		else
			summary_row(peer, out);
	}
	summary_tail(doc, failed || up, out);
}

/* --- VNIs --- */

static void
put_rts(const char *title, struct json_object *rts, FILE *out)
{
	size_t i;

	fprintf(out, "  %s Route Target:\n", title);
	for (i = 0; i < jlen(rts); i++)
		fprintf(out, "    %s\n", json_object_get_string(jat(rts, i)));
}

static void
one_l3_vni(struct json_object *doc, FILE *out)
{
	bool pip = strcmp(jstr(doc, "advertisePip"), "Enabled") == 0;

	fprintf(out, "  Tenant VRF: %s\n  RD: %s\n  Originator IP: %s\n",
	    jstr(doc, "tenantVrf"), jstr(doc, "rd"), jstr(doc, "originatorIp"));
	fprintf(out, "  Advertise-gw-macip : %s\n  Advertise-svi-macip : %s\n",
	    jstr(doc, "advertiseGatewayMacip"), jstr(doc, "advertiseSviMacIp"));
	fprintf(out,
	    "  Advertise-pip: %s\n  System-IP: %s\n  System-MAC: %s\n"
	    "  Router-MAC: %s\n",
	    pip ? "Yes" : "No", jstr(doc, "sysIP"), jstr(doc, "sysMac"),
	    jstr(doc, "rmac"));
}

static void
one_l2_vni(struct json_object *doc, FILE *out)
{
	fprintf(out, "  Tenant-Vrf: %s\n", jstr(doc, "tenantVrf"));
	fprintf(out, "  RD: %s\n", jstr(doc, "rd"));
	fprintf(out, "  Originator IP: %s\n", jstr(doc, "originatorIp"));
	fprintf(out, "  Mcast group: %s\n", jstr(doc, "mcastGroup"));
	fprintf(out, "  Advertise-gw-macip : %s\n", jstr(doc, "advertiseGatewayMacip"));
	fprintf(out, "  Advertise-svi-macip : %s\n", jstr(doc, "advertiseSviMacIp"));
	if (jget(doc, "sviInterface") != NULL)
		fprintf(out, "  SVI interface : %s\n", jstr(doc, "sviInterface"));
}

static void
one_vni(struct json_object *doc, FILE *out)
{
	fprintf(out, "VNI: %" PRId64 "%s\n", jint(doc, "vni"),
	    strcmp(jstr(doc, "inKernel"), "True") == 0 ? " (known to the kernel)" : "");
	fprintf(out, "  Type: %s\n", jstr(doc, "type"));
	if (strcmp(jstr(doc, "type"), "L3") == 0)
		one_l3_vni(doc, out);
	else
		one_l2_vni(doc, out);
	put_rts("Import", jget(doc, "importRts"), out);
	put_rts("Export", jget(doc, "exportRts"), out);
}

/* The first target, and that there are more. */
static const char *
first_rt(char *buf, size_t len, struct json_object *rts)
{
	if (jlen(rts) == 0)
		return "";
	snprintf(buf, len, "%s%s", json_object_get_string(jat(rts, 0)),
	    jlen(rts) > 1 ? ", ..." : "");
	return buf;
}

static void
vni_row(struct json_object *v, FILE *out)
{
	char import[64], export[64];

	fprintf(out, "%c %-10" PRId64 " %-4s %-21s %-25s %-25s%-37s\n",
	    strcmp(jstr(v, "inKernel"), "True") == 0 ? '*' : ' ', jint(v, "vni"),
	    jstr(v, "type"), jstr(v, "rd"),
	    first_rt(import, sizeof(import), jget(v, "importRTs")),
	    first_rt(export, sizeof(export), jget(v, "exportRTs")),
	    jstr(v, "tenantVrf"));
}

void
render_bgp_vni(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	if (cli_arg(m, "VNI") != NULL) {
		one_vni(doc, out);
		return;
	}
	fprintf(
	    out, "Advertise Gateway Macip: %s\n", jstr(doc, "advertiseGatewayMacip"));
	fprintf(out, "Advertise SVI Macip: %s\n", jstr(doc, "advertiseSviMacIp"));
	fprintf(out, "Advertise All VNI flag: %s\n", jstr(doc, "advertiseAllVnis"));
	fprintf(out, "BUM flooding: %s\n", jstr(doc, "flooding"));
	fprintf(out, "VXLAN flooding: %s\n", jstr(doc, "vxlanFlooding"));
	fprintf(out, "Number of L2 VNIs: %" PRId64 "\n", jint(doc, "numL2Vnis"));
	fprintf(out, "Number of L3 VNIs: %" PRId64 "\n", jint(doc, "numL3Vnis"));
	fprintf(out, "Flags: * - Kernel\n");
	fprintf(out, "  %-10s %-4s %-21s %-25s %-25s %-37s\n", "VNI", "Type", "RD",
	    "Import RT", "Export RT", "Tenant VRF");
	json_object_object_foreach (jmembers(doc), key, v) {
		(void)key;
		if (is_object(v))
			vni_row(v, out);
	}
}

void
render_bgp_import_rt(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	size_t i;

	(void)m;
	json_object_object_foreach (jmembers(doc), rt, v) {
		bool vrfs = jget(v, "vrfs") != NULL;
		struct json_object *vnis = jget(v, vrfs ? "vrfs" : "vnis");

		fprintf(out,
		    "Route-target: %s\n"
		    "List of %s importing routes with this route-target:\n",
		    rt, vrfs ? "VRFs" : "VNIs");
		for (i = 0; i < jlen(vnis); i++)
			fprintf(out, "  %s\n", json_object_get_string(jat(vnis, i)));
	}
}

/* render_evpn - VNIs, MACs and neighbors in the layout of FRR's zebra. */
#include "evpnsh/render_int.h"

/* --- "show evpn" --- */

static void
duplicates(struct json_object *doc, FILE *out)
{
	struct json_object *freeze = jget(doc, "detectionFreezeTime");

	fprintf(out, "  Detection max-moves %" PRId64 ", time %" PRId64 "\n",
	    jint(doc, "maxMoves"), jint(doc, "detectionTime"));
	if (json_object_is_type(freeze, json_type_string))
		fprintf(out, "  Detection freeze %s\n", json_object_get_string(freeze));
	else if (json_object_get_int64(freeze) > 0)
		fprintf(out, "  Detection freeze %" PRId64 "\n",
		    json_object_get_int64(freeze));
}

void
render_evpn(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	bool dad = jtrue(doc, "isDuplicateAddrDetection");

	(void)m;
	fprintf(out, "L2 VNIs: %" PRId64 "\nL3 VNIs: %" PRId64 "\n",
	    jint(doc, "numL2Vnis"), jint(doc, "numL3Vnis"));
	fprintf(
	    out, "Advertise gateway mac-ip: %s\n", jstr(doc, "advertiseGatewayMacip"));
	fprintf(out, "Advertise svi mac-ip: %s\n", jstr(doc, "advertiseSviMacip"));
	fprintf(out, "Advertise svi mac: %s\n", jstr(doc, "advertiseSviMac"));
	fprintf(out, "Duplicate address detection: %s\n", dad ? "Enable" : "Disable");
	if (dad)
		duplicates(doc, out);
	fprintf(out,
	    "EVPN MH:\n  mac-holdtime: %" PRId64 "s, neigh-holdtime: %" PRId64 "s\n"
	    "  startup-delay: %" PRId64 "s, start-delay-timer: %s\n"
	    "  uplink-cfg-cnt: %" PRId64 ", uplink-active-cnt: %" PRId64 "\n",
	    jint(doc, "macHoldtime"), jint(doc, "neighHoldtime"),
	    jint(doc, "startupDelay"), jstr(doc, "startupDelayTimer"),
	    jint(doc, "uplinkConfigCount"), jint(doc, "uplinkActiveCount"));
}

/* --- "show evpn vni" --- */

static void
vteps(struct json_object *list, FILE *out)
{
	size_t i;

	if (jlen(list) == 0) {
		fprintf(out, " No remote VTEPs known for this VNI\n");
		return;
	}
	fprintf(out, " Remote VTEPs for this VNI:\n");
	for (i = 0; i < jlen(list); i++)
		fprintf(out, "  %s flood: %s\n", jstr(jat(list, i), "ip"),
		    jstr(jat(list, i), "flood"));
}

static void
l3_detail(struct json_object *v, FILE *out)
{
	struct json_object *l2 = jget(v, "l2Vnis");
	size_t i;

	fprintf(out, "VNI: %" PRId64 "\n  Type: L3\n  Tenant VRF: %s\n", jint(v, "vni"),
	    jstr(v, "vrf"));
	if (jint(v, "vlan") > 0)
		fprintf(out, "  Vlan: %" PRId64 "\n", jint(v, "vlan"));
	fprintf(out,
	    "  Local Vtep Ip: %s\n  Vxlan-Intf: %s\n  SVI-If: %s\n  State: %s\n"
	    "  VNI Filter: %s\n  System MAC: %s\n  Router MAC: %s\n  L2 VNIs: ",
	    jstr(v, "localVtepIp"), jstr(v, "vxlanIntf"), jstr(v, "sviIntf"),
	    jstr(v, "state"), jstr(v, "vniFilter"), jstr(v, "sysMac"),
	    jstr(v, "routerMac"));
	for (i = 0; i < jlen(l2); i++)
		fprintf(out, "%s ", json_object_get_string(jat(l2, i)));
	fputc('\n', out);
	if (jget(v, "down") != NULL)
		fprintf(out, "  Not in use: %s\n", jstr(v, "down"));
	if (jint(v, "numConflicts") > 0)
		fprintf(out, "  VTEPs with two router MACs: %" PRId64 "\n",
		    jint(v, "numConflicts"));
}

void
render_unknown(struct json_object *v, const char *indent, FILE *out)
{
	if (jget(v, "unknownNeighbors") == NULL)
		return;
	fprintf(out, "%sRequests for unknown addresses: %s", indent,
	    jstr(v, "unknownNeighbors"));
	if (jget(v, "unknownNeighborsWhy") != NULL)
		fprintf(out, ", because %s", jstr(v, "unknownNeighborsWhy"));
	fputc('\n', out);
}

static void
vni_detail(struct json_object *v, FILE *out)
{
	if (strcmp(jstr(v, "type"), "L3") == 0) {
		l3_detail(v, out);
		return;
	}
	fprintf(out, "VNI: %" PRId64 "\n Type: %s\n", jint(v, "vni"), jstr(v, "type"));
	if (jint(v, "vlan") > 0)
		fprintf(out, " Vlan: %" PRId64 "\n", jint(v, "vlan"));
	fprintf(out, " Tenant VRF: %s\n", jstr(v, "vrf"));
	fprintf(out, " VxLAN interface: %s\n VxLAN ifIndex: %" PRId64 "\n",
	    jstr(v, "vxlanInterface"), jint(v, "ifindex"));
	if (jget(v, "sviInterface") != NULL)
		fprintf(out, " SVI interface: %s\n SVI ifIndex: %" PRId64 "\n",
		    jstr(v, "sviInterface"), jint(v, "sviIfindex"));
	fprintf(out, " Local VTEP IP: %s\n Mcast group: %s\n", jstr(v, "vtepIp"),
	    jstr(v, "mcastGroup"));
	vteps(jget(v, "remoteVteps"), out);
	fprintf(out,
	    " Number of MACs (local and remote) known for this VNI: %" PRId64 "\n"
	    " Number of ARPs (IPv4 and IPv6, local and remote) known for this VNI: "
	    "%" PRId64 "\n",
	    jint(v, "numMacs"), jint(v, "numArpNd"));
	fprintf(out, " Advertise-gw-macip: %s\n Advertise-svi-macip: %s\n",
	    jstr(v, "advertiseGatewayMacip"), jstr(v, "advertiseSviMacip"));
	render_unknown(v, " ", out);
	if (jget(v, "floodingWhy") != NULL)
		fprintf(out, " Flooding: %s\n", jstr(v, "floodingWhy"));
	if (jget(v, "down") != NULL)
		fprintf(out, " Not in use: %s\n", jstr(v, "down"));
}

static void
vni_table(struct json_object *doc, FILE *out)
{
	fprintf(out, "%-10s %-4s %-21s %-8s %-8s %-15s %-37s\n", "VNI", "Type",
	    "VxLAN IF", "# MACs", "# ARPs", "# Remote VTEPs", "Tenant VRF");
	json_object_object_foreach (jmembers(doc), key, v) {
		(void)key;
		fprintf(out, "%-10s %-4s %-21s %-8s %-8s %-15s %-37s\n", jstr(v, "vni"),
		    jstr(v, "type"), jstr(v, "vxlanIf"), jstr(v, "numMacs"),
		    jstr(v, "numArpNd"), jstr(v, "numRemoteVteps"),
		    jstr(v, "tenantVrf"));
	}
}

void
render_evpn_vni(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	size_t i;

	if (cli_arg(m, "VNI") != NULL) {
		vni_detail(doc, out);
		return;
	}
	if (cli_arg(m, "detail") == NULL) {
		vni_table(doc, out);
		return;
	}
	for (i = 0; i < jlen(doc); i++) {
		vni_detail(jat(doc, i), out);
		fputc('\n', out);
	}
}

/* --- "show evpn mac" --- */

static bool
is_local(struct json_object *row)
{
	return strcmp(jstr(row, "type"), "local") == 0;
}

static void
mac_row(const char *mac, struct json_object *r, FILE *out)
{
	bool local = is_local(r);
	char vlan[16] = "";

	if (jint(r, "vlan") > 0)
		snprintf(vlan, sizeof(vlan), "%" PRId64, jint(r, "vlan"));
	fprintf(out, "%-17s %-6s %-5s %-30s %-5s %" PRId64 "/%" PRId64 "\n", mac,
	    jstr(r, "type"), "", local ? jstr(r, "intf") : jstr(r, "remoteVtep"), vlan,
	    jint(r, "localSequence"), jint(r, "remoteSequence"));
}

static void
mac_head(bool vtep, FILE *out)
{
	if (!vtep)
		fprintf(out,
		    "Flags: N=sync-neighs, I=local-inactive, P=peer-active, "
		    "X=peer-proxy\n");
	fprintf(out, "%-17s %-6s %-5s%s%-30s %-5s %s\n", "MAC", "Type", "Flags",
	    vtep ? "" : " ", "Intf/Remote ES/VTEP", "VLAN", "Seq #'s");
}

static void
mac_rows(struct json_object *macs, FILE *out)
{
	json_object_object_foreach (jmembers(macs), mac, row)
		mac_row(mac, row, out);
}

static void
mac_neighbors(struct json_object *n, FILE *out)
{
	static const struct {
		const char *key, *text;
	} kinds[] = { { "active", "Active" }, { "inactive", "Inactive" } };
	size_t k, i;

	fprintf(out, " Neighbors:\n");
	if (!is_object(n)) {
		fprintf(out, "    No Neighbors\n");
		return;
	}
	for (k = 0; k < 2; k++) {
		struct json_object *list = jget(n, kinds[k].key);

		for (i = 0; i < jlen(list); i++)
			fprintf(out, "    %s %s\n",
			    json_object_get_string(jat(list, i)), kinds[k].text);
	}
}

static void
mac_detail(const char *mac, struct json_object *r, FILE *out)
{
	fprintf(out, "MAC: %s\n", mac);
	if (is_local(r))
		fprintf(out, " Intf: %s(%" PRId64 ") VLAN: %" PRId64, jstr(r, "intf"),
		    jint(r, "ifindex"), jint(r, "vlan"));
	else
		fprintf(out, " Remote VTEP: %s", jstr(r, "remoteVtep"));
	if (jtrue(r, "stickyMac"))
		fprintf(out, " Sticky Mac ");
	if (jtrue(r, "sviMac"))
		fprintf(out, " SVI-Mac ");
	if (jtrue(r, "defaultGateway"))
		fprintf(out, " Default-gateway Mac ");
	if (jtrue(r, "remoteGatewayMac"))
		fprintf(out, " Remote-gateway Mac ");
	fprintf(out, "\n Sync-info: neigh#: %" PRId64 "\n", jint(r, "syncNeighCount"));
	fprintf(out, " Local Seq: %" PRId64 " Remote Seq: %" PRId64 "\n",
	    jint(r, "localSequence"), jint(r, "remoteSequence"));
	fprintf(out, " Uptime: %s\n", jstr(r, "uptime"));
	if (jtrue(r, "isDuplicate"))
		fprintf(out, " Duplicate, detected at %s%s\n",
		    jstr(r, "detectionStarted"),
		    jtrue(r, "isFrozen") ? ", frozen" : "");
	else if (jget(r, "detectionStarted") != NULL)
		fprintf(out,
		    " Duplicate detection started at %s, detection count %" PRId64 "\n",
		    jstr(r, "detectionStarted"), jint(r, "detectionCount"));
	mac_neighbors(jget(r, "neighbors"), out);
	fputc('\n', out);
}

static void
mac_details(struct json_object *macs, FILE *out)
{
	json_object_object_foreach (jmembers(macs), mac, row)
		mac_detail(mac, row, out);
}

/* One VNI's part of "vni all". */
static void
mac_vni(struct render_part *p, const char *vni, struct json_object *v, FILE *out)
{
	struct json_object *macs = jget(v, "macs");
	bool vtep = cli_arg(p->m, "vtep") != NULL;
	bool detail = cli_arg(p->m, "detail") != NULL, goes_on;

	if (vtep && jlen(macs) == 0)
		return;
	goes_on = part_goes_on(p, vni);
	if (!goes_on && vtep)
		fprintf(out, "\nVNI %s\n\n", vni);
	else if (!goes_on)
		fprintf(out, "\nVNI %s #MACs (local and remote) %" PRId64 "\n\n", vni,
		    jint(v, "numMacs"));
	if (!goes_on && !detail)
		mac_head(vtep, out);
	if (detail)
		mac_details(macs, out);
	else
		mac_rows(macs, out);
}

void
render_evpn_mac(struct render_part *p, struct json_object *doc, FILE *out)
{
	const struct cli_match *m = p->m;
	struct json_object *macs = jget(doc, "macs");
	bool filtered = cli_arg(m, "vtep") != NULL || cli_arg(m, "duplicate") != NULL;

	if (cli_arg(m, "VNI") == NULL) {
		json_object_object_foreach (jmembers(doc), vni, v)
			mac_vni(p, vni, v, out);
	} else if (cli_arg(m, "MAC") != NULL) {
		mac_details(doc, out);
	} else if (cli_arg(m, "detail") != NULL) {
		mac_details(macs, out);
	} else if (filtered) {
		if (jlen(macs) > 0)
			mac_vni(p, cli_arg(m, "VNI"), doc, out);
	} else if (jlen(macs) > 0) {
		if (p->first) {
			fprintf(out,
			    "Number of MACs (local and remote) known for this VNI: "
			    "%" PRId64 "\n",
			    jint(doc, "numMacs"));
			mac_head(false, out);
		}
		mac_rows(macs, out);
	}
}

/* --- "show evpn arp-cache" --- */

/* As wide as the longest address needs, of those seen so far. */
static int
arp_width(struct json_object *rows, int width)
{
	json_object_object_foreach (jmembers(rows), ip, row)
		if (is_object(row) && (int)strlen(ip) > width)
			width = (int)strlen(ip);
	return width;
}

static void
arp_table(struct render_part *p, bool goes_on, struct json_object *rows, FILE *out)
{
	int width = arp_width(rows, goes_on ? p->width : 15);

	p->width = width;
	if (!goes_on) {
		fprintf(out, "Flags: I=local-inactive, P=peer-active, X=peer-proxy\n");
		fprintf(out, "%*s %-6s %-5s %-8s %-17s %-30s %s\n", -width, "Neighbor",
		    "Type", "Flags", "State", "MAC", "Remote ES/VTEP", "Seq #'s");
	}
	json_object_object_foreach (jmembers(rows), ip, r)
		if (is_object(r))
			fprintf(out,
			    "%*s %-6s %-5s %-8s %-17s %-30s %" PRId64 "/%" PRId64 "\n",
			    -width, ip, jstr(r, "type"), "", jstr(r, "state"),
			    jstr(r, "mac"), jstr(r, "remoteVtep"),
			    jint(r, "localSequence"), jint(r, "remoteSequence"));
}

static void
arp_detail(struct json_object *r, FILE *out)
{
	fprintf(out, "IP: %s\n Type: %s\n State: %s\n Uptime: %s\n MAC: %s\n",
	    jstr(r, "ip"), jstr(r, "type"), jstr(r, "state"), jstr(r, "uptime"),
	    jstr(r, "mac"));
	fprintf(out, " Sync-info: -\n");
	if (jget(r, "remoteVtep") != NULL)
		fprintf(out, " Remote VTEP: %s\n", jstr(r, "remoteVtep"));
	if (jtrue(r, "defaultGateway"))
		fprintf(out, " Flags: Default-gateway\n");
	if (jtrue(r, "routerFlag"))
		fprintf(out, " Flags: Router\n");
	fprintf(out, " Local Seq: %" PRId64 " Remote Seq: %" PRId64 "\n",
	    jint(r, "localSequence"), jint(r, "remoteSequence"));
	if (jtrue(r, "isDuplicate"))
		fprintf(out, " Duplicate, detection count %" PRId64 "\n",
		    jint(r, "detectionCount"));
}

/* Rows are the members that are objects. */
static bool
has_rows(struct json_object *o)
{
	json_object_object_foreach (jmembers(o), key, row) {
		(void)key;
		if (is_object(row))
			return true;
	}
	return false;
}

static void
arp_rows(struct render_part *p, bool goes_on, struct json_object *v, FILE *out)
{
	if (!has_rows(v))
		return;
	if (cli_arg(p->m, "detail") == NULL) {
		arp_table(p, goes_on, v, out);
		return;
	}
	json_object_object_foreach (jmembers(v), ip, row) {
		(void)ip;
		if (is_object(row))
			arp_detail(row, out);
	}
}

void
render_evpn_arp(struct render_part *p, struct json_object *doc, FILE *out)
{
	const struct cli_match *m = p->m;
	bool filtered = cli_arg(m, "vtep") != NULL || cli_arg(m, "duplicate") != NULL;
	bool goes_on;

	if (cli_arg(m, "VNI") == NULL) {
		json_object_object_foreach (jmembers(doc), vni, v) {
			goes_on = part_goes_on(p, vni);
			if (!goes_on)
				fprintf(out,
				    "\nVNI %s #ARP (IPv4 and IPv6, local and remote) "
				    "%" PRId64 "\n\n",
				    vni, jint(v, "numArpNd"));
			arp_rows(p, goes_on, v, out);
		}
	} else if (cli_arg(m, "IP") != NULL && !filtered) {
		arp_detail(doc, out);
	} else {
		if (p->first && !filtered && has_rows(doc))
			fprintf(out,
			    "Number of ARPs (local and remote) known for this VNI: "
			    "%" PRId64 "\n",
			    jint(doc, "numArpNd"));
		arp_rows(p, !p->first, doc, out);
	}
}

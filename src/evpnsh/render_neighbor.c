/* render_neighbor - "show bgp neighbors" in FRR's layout. */
#include "evpnsh/render_int.h"

static const char *
truth(struct json_object *o, const char *key)
{
	return jtrue(o, key) ? "True" : "False";
}

/* "advertisedAndReceived" as FRR says it in text. */
static const char *
way(const char *value)
{
	static const struct {
		const char *json, *text;
	} ways[] = {
		{ "advertised", "advertised" },
		{ "received", "received" },
		{ "advertisedAndReceived", "advertised and received" },
		{ "advertisedAndReceivedNew", "advertised and received(new)" },
		{ "advertisedAndReceivedOld", "advertised and received(old)" },
		{ "advertisedAndReceivedOldNew", "advertised and received(old & new)" },
	};
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (strcmp(value, ways[i].json) == 0)
			return ways[i].text;
	return value;
}

static const char *
family(const char *key)
{
	static const struct {
		const char *json, *text;
	} names[] = {
		{ "l2VpnEvpn", "L2VPN EVPN" },
		{ "ipv4Unicast", "IPv4 Unicast" },
		{ "ipv4Multicast", "IPv4 Multicast" },
		{ "ipv4LabeledUnicast", "IPv4 Labeled Unicast" },
		{ "ipv4Vpn", "IPv4 VPN" },
		{ "ipv4Flowspec", "IPv4 Flowspec" },
		{ "ipv6Unicast", "IPv6 Unicast" },
		{ "ipv6Multicast", "IPv6 Multicast" },
		{ "ipv6LabeledUnicast", "IPv6 Labeled Unicast" },
		{ "ipv6Vpn", "IPv6 VPN" },
		{ "ipv6Flowspec", "IPv6 Flowspec" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(key, names[i].json) == 0)
			return names[i].text;
	return key;
}

static void
head(const char *name, struct json_object *p, FILE *out)
{
	char age[AGESTR];

	fprintf(out,
	    "BGP neighbor is %s%s, remote AS %" PRId64 ", local AS %" PRId64
	    ", %s link\n",
	    jtrue(p, "dynamicPeer") ? "*" : "", name, jint(p, "remoteAs"),
	    jint(p, "localAs"), jtrue(p, "nbrInternalLink") ? "internal" : "external");
	fprintf(out, "  Local Role: %s\n  Remote Role: %s\n", jstr(p, "localRole"),
	    jstr(p, "remoteRole"));
	if (jget(p, "nbrDesc") != NULL)
		fprintf(out, " Description: %s\n", jstr(p, "nbrDesc"));
	if (jget(p, "hostname") != NULL)
		fprintf(out, "Hostname: %s\n", jstr(p, "hostname"));
	if (jget(p, "peerGroup") != NULL)
		fprintf(out, " Member of peer-group %s for session parameters\n",
		    jstr(p, "peerGroup"));
	if (jget(p, "peerSubnetRangeGroup") != NULL)
		fprintf(out, " Belongs to the subnet range group: %s\n",
		    jstr(p, "peerSubnetRangeGroup"));
	if (jtrue(p, "adminShutDown")) {
		fprintf(out, " Administratively shut down");
		if (jget(p, "adminShutDownMessage") != NULL)
			fprintf(out, ": %s", jstr(p, "adminShutDownMessage"));
		fputc('\n', out);
	}
	fprintf(out, "  BGP version 4, remote router ID %s, local router ID %s\n",
	    jstr(p, "remoteRouterId"), jstr(p, "localRouterId"));
	fprintf(out, "  BGP state = %s", jstr(p, "bgpState"));
	if (jtrue(p, "prefixOverflow"))
		fprintf(out, " (PfxCt)");
	if (jget(p, "bgpTimerUpMsec") != NULL)
		fprintf(out, ", up for %s", agestr(age, jint(p, "bgpTimerUpMsec")));
	fputc('\n', out);
}

static void
timers(struct json_object *p, FILE *out)
{
	char read[AGESTR], written[AGESTR] = "never";

	agestr(read, jint(p, "bgpTimerLastRead"));
	if (!jtrue(p, "neverWritten"))
		agestr(written, jint(p, "bgpTimerLastWrite"));
	fprintf(out, "  Last read %s, Last write %s\n", read, written);
	fprintf(out,
	    "  Hold time is %" PRId64 " seconds, keepalive interval is %" PRId64
	    " seconds\n",
	    jint(p, "bgpTimerHoldTimeMsecs") / 1000,
	    jint(p, "bgpTimerKeepAliveIntervalMsecs") / 1000);
	fprintf(out,
	    "  Configured hold time is %" PRId64
	    " seconds, keepalive interval is %" PRId64 " seconds\n",
	    jint(p, "bgpTimerConfiguredHoldTimeMsecs") / 1000,
	    jint(p, "bgpTimerConfiguredKeepAliveIntervalMsecs") / 1000);
	fprintf(out,
	    "  Configured conditional advertisements interval is %" PRId64 " seconds\n",
	    jint(p, "bgpTimerConfiguredConditionalAdvertisementsSec"));
}

/* --- capabilities --- */

static void
addpath(struct json_object *c, FILE *out)
{
	static const struct {
		const char *json, *text;
	} ways[] = {
		{ "txAdvertisedAndReceived", "TX advertised and received" },
		{ "txAdvertised", "TX advertised" },
		{ "txReceived", "TX received" },
		{ "rxAdvertisedAndReceived", "RX advertised and received" },
		{ "rxAdvertised", "RX advertised" },
		{ "rxReceived", "RX received" },
	};
	size_t i;

	fprintf(out, "    AddPath:\n");
	json_object_object_foreach (jmembers(c), key, f)
		for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
			if (jtrue(f, ways[i].json))
				fprintf(
				    out, "      %s: %s\n", family(key), ways[i].text);
}

static void
multiprotocol(struct json_object *c, FILE *out)
{
	json_object_object_foreach (jmembers(c), key, f) {
		const char *how = jtrue(f, "advertisedAndReceived")
		    ? "advertised and received"
		    : jtrue(f, "received") ? "received"
					   : "advertised";

		fprintf(out, "    Address Family %s: %s\n", family(key), how);
	}
}

static void
graceful(struct json_object *c, FILE *out)
{
	struct json_object *list = jget(c, "addressFamiliesByPeer");

	fprintf(out, "    Graceful Restart Capability: %s\n",
	    way(jstr(c, "gracefulRestart")));
	if (jget(c, "gracefulRestartRemoteTimerMsecs") == NULL)
		return;
	fprintf(out,
	    "      Remote Restart timer is %" PRId64 " seconds\n"
	    "      Address families by peer:\n        ",
	    jint(c, "gracefulRestartRemoteTimerMsecs") / 1000);
	if (!is_object(list)) {
		fprintf(out, "none\n");
		return;
	}
	json_object_object_foreach (jmembers(list), key, f)
		fprintf(out, "%s(%s)", family(key),
		    jtrue(f, "preserved") ? "preserved" : "not preserved");
	fputc('\n', out);
}

static void
capabilities(struct json_object *c, FILE *out)
{
	static const struct {
		const char *key, *text;
	} plain[] = {
		{ "routeRefresh", "Route refresh" },
		{ "enhancedRouteRefresh", "Enhanced Route Refresh" },
	};
	struct json_object *host = jget(c, "hostName");
	size_t i;

	if (c == NULL)
		return;
	fprintf(out, "  Neighbor capabilities:\n");
	fprintf(out, "    4 Byte AS: %s\n", way(jstr(c, "4byteAs")));
	fprintf(out, "    Extended Message: %s\n", way(jstr(c, "extendedMessage")));
	if (jget(c, "addPath") != NULL)
		addpath(jget(c, "addPath"), out);
	if (jget(c, "longLivedGracefulRestart") != NULL)
		fprintf(out,
		    "    Long-lived Graceful Restart: %s\n"
		    "      Address families by peer:\n",
		    way(jstr(c, "longLivedGracefulRestart")));
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		fprintf(out, "    %s: %s\n", plain[i].text, way(jstr(c, plain[i].key)));
	if (jget(c, "multiprotocolExtensions") != NULL)
		multiprotocol(jget(c, "multiprotocolExtensions"), out);
	if (host != NULL)
		fprintf(out,
		    "    Hostname Capability: advertised (name: %s,domain name: %s)"
		    " received (name: %s,domain name: %s)\n",
		    jstr(host, "advHostName"), jstr(host, "advDomainName"),
		    jstr(host, "rcvHostName"), jstr(host, "rcvDomainName"));
	if (jget(c, "gracefulRestart") != NULL)
		graceful(c, out);
}

static void
restart(struct json_object *r, FILE *out)
{
	struct json_object *t = jget(r, "timers");

	fprintf(out, "  Graceful restart information:\n");
	if (jtrue(jget(r, "endOfRibSend"), "l2VpnEvpn"))
		fprintf(out, "    End-of-RIB send: L2VPN EVPN\n");
	if (jtrue(jget(r, "endOfRibRecv"), "l2VpnEvpn"))
		fprintf(out, "    End-of-RIB received: L2VPN EVPN\n");
	fprintf(out, "    Local GR Mode: %s\n    Remote GR Mode: %s\n",
	    jstr(r, "localGrMode"), jstr(r, "remoteGrMode"));
	fprintf(out, "    R bit: %s\n    N bit: %s\n    Timers:\n", truth(r, "rBit"),
	    truth(r, "nBit"));
	fprintf(out,
	    "      Configured Restart Time(sec): %" PRId64
	    "\n      Received Restart Time(sec): %" PRId64 "\n",
	    jint(t, "configuredRestartTimer"), jint(t, "receivedRestartTimer"));
}

static void
counts(struct json_object *s, FILE *out)
{
	static const struct {
		const char *text, *sent, *received;
	} rows[] = {
		{ "Opens:", "opensSent", "opensRecv" },
		{ "Notifications:", "notificationsSent", "notificationsRecv" },
		{ "Updates:", "updatesSent", "updatesRecv" },
		{ "Keepalives:", "keepalivesSent", "keepalivesRecv" },
		{ "Route Refresh:", "routeRefreshSent", "routeRefreshRecv" },
		{ "Capability:", "capabilitySent", "capabilityRecv" },
		{ "Total:", "totalSent", "totalRecv" },
	};
	size_t i;

	fprintf(out,
	    "  Message statistics:\n    Inq depth is %" PRId64
	    "\n    Outq depth is %" PRId64 "\n",
	    jint(s, "depthInq"), jint(s, "depthOutq"));
	fprintf(out, "                         Sent       Rcvd\n");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		fprintf(out, "    %-15s%10" PRId64 " %10" PRId64 "\n", rows[i].text,
		    jint(s, rows[i].sent), jint(s, rows[i].received));
}

static void
queue(struct json_object *p, FILE *out)
{
	if (jint(p, "outputQueueBytes") > 0)
		fprintf(out,
		    "  %s%" PRId64 " bytes wait, nothing was read for %" PRId64 " ms\n",
		    jtrue(p, "slowPeer") ? "Slow peer: " : "Output: ",
		    jint(p, "outputQueueBytes"), jint(p, "outputStalledMsecs"));
}

/* What was wrong with what the peer sent; only when something was. */
static void
faults(struct json_object *p, FILE *out)
{
	static const struct {
		const char *key, *text;
	} rows[] = {
		{ "updatesMalformed", "Malformed updates" },
		{ "nlriMalformed", "Malformed routes" },
		{ "nlriUnknownType", "Routes of unknown type" },
		{ "prefixesDenied", "Routes denied" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (jint(p, rows[i].key) > 0)
			fprintf(out, "  %s: %" PRId64 "\n", rows[i].text,
			    jint(p, rows[i].key));
}

static void
address_family(struct json_object *f, FILE *out)
{
	fprintf(out, "\n For address family: L2VPN EVPN\n");
	if (jget(f, "peerGroupMember") != NULL)
		fprintf(out, "  %s peer-group member\n", jstr(f, "peerGroupMember"));
	if (jget(f, "updateGroupId") != NULL)
		fprintf(out,
		    "  Update group %" PRId64 ", subgroup %" PRId64
		    "\n  Packet Queue length %" PRId64 "\n",
		    jint(f, "updateGroupId"), jint(f, "subGroupId"),
		    jint(f, "packetQueueLength"));
	else
		fprintf(out, "  Not part of any update group\n");
	if (jtrue(f, "notNegotiated"))
		fprintf(out, "  Not negotiated: the neighbor has not offered it\n");
	if (jtrue(f, "routeReflectorClient"))
		fprintf(out, "  Route-Reflector Client\n");
	if (jtrue(f, "inboundSoftConfigPermit"))
		fprintf(out, "  Inbound soft reconfiguration allowed\n");
	if (jtrue(f, "routerAlwaysNextHop"))
		fprintf(out, "  NEXT_HOP is always this router\n");
	if (jtrue(f, "unchangedNextHopPropogatedToNbr"))
		fprintf(out, "  NEXT_HOP is propagated unchanged to this neighbor\n");
	fprintf(out, "  Community attribute sent to this neighbor(all)\n");
	if (jtrue(f, "advertiseAllVnis"))
		fprintf(out, "  advertise-all-vni\n");
	if (jget(f, "allowAsInCount") != NULL)
		fprintf(out, "  Local AS allowed in path, %" PRId64 " occurrences\n",
		    jint(f, "allowAsInCount"));
	fprintf(
	    out, "  %" PRId64 " accepted prefixes\n", jint(f, "acceptedPrefixCounter"));
	if (jget(f, "prefixAllowedMax") == NULL)
		return;
	fprintf(out,
	    "  Maximum prefixes allowed %" PRId64 "%s\n"
	    "  Threshold for warning message %" PRId64 "%%\n",
	    jint(f, "prefixAllowedMax"),
	    jtrue(f, "prefixAllowedMaxWarning") ? " (warning-only)" : "",
	    jint(f, "prefixAllowedWarningThresh"));
}

static void
last_reset(struct json_object *p, FILE *out)
{
	const char *notification = jstr(p, "lastNotificationReason");
	const char *due = jstr(p, "lastResetDueTo"), *why = jstr(p, "lastResetReason");
	char age[AGESTR];

	fprintf(out, "\n  Connections established %" PRId64 "; dropped %" PRId64 "\n",
	    jint(p, "connectionsEstablished"), jint(p, "connectionsDropped"));
	if (jget(p, "lastReset") != NULL) {
		fprintf(out, "  Last reset never\n");
		return;
	}
	fprintf(out, "  Last reset %s, ", agestr(age, jint(p, "lastResetTimerMsecs")));
	if (notification[0] != '\0')
		fprintf(out, " Notification %s (%s)\n",
		    jint(p, "lastResetCode") == 13 ? "received" : "sent", notification);
	else
		fprintf(out, " %s\n", due);
	if (jget(p, "lastShutdownDescription") != NULL)
		fprintf(out, "  Message: \"%s\"\n", jstr(p, "lastShutdownDescription"));
	if (why[0] != '\0' && strcmp(why, due) != 0)
		fprintf(out, "  Reason: %s\n", why);
}

static void
transport(struct json_object *p, FILE *out)
{
	bool internal = jget(p, "internalBgpNbrMaxHopsAway") != NULL;

	fprintf(out, "  %s BGP neighbor may be up to %" PRId64 " hops away.\n",
	    internal ? "Internal" : "External",
	    jint(p,
		internal ? "internalBgpNbrMaxHopsAway" : "externalBgpNbrMaxHopsAway"));
	if (jint(p, "portLocal") > 0) {
		fprintf(out, "Local host: %s, Local port: %" PRId64 "\n",
		    jstr(p, "hostLocal"), jint(p, "portLocal"));
		fprintf(out, "Foreign host: %s, Foreign port: %" PRId64 "\n",
		    jstr(p, "hostForeign"), jint(p, "portForeign"));
	}
	if (jget(p, "nexthop") != NULL)
		fprintf(out,
		    "Nexthop: %s\nNexthop global: %s\nNexthop local: %s\n"
		    "BGP connection: shared network\n",
		    jstr(p, "nexthop"), jstr(p, "nexthopGlobal"),
		    jstr(p, "nexthopLocal"));
	fprintf(out, "BGP Connect Retry Timer in Seconds: %" PRId64 "\n",
	    jint(p, "connectRetryTimer"));
	if (jint(p, "nextStartTimerDueInMsecs") > 0)
		fprintf(out, "Next start timer due in %" PRId64 " seconds\n",
		    jint(p, "nextStartTimerDueInMsecs") / 1000);
	if (jint(p, "oscillations") > 0)
		fprintf(out, "Sessions that ended soon: %" PRId64 "\n",
		    jint(p, "oscillations"));
	if (jget(p, "estimatedRttInMsecs") != NULL)
		fprintf(out, "Estimated round trip time: %" PRId64 " ms\n",
		    jint(p, "estimatedRttInMsecs"));
	if (jint(p, "authenticationEnabled") > 0)
		fprintf(out, "Peer Authentication Enabled\n");
	fprintf(out, "Read thread: %s  Write thread: %s\n\n", jstr(p, "readThread"),
	    jstr(p, "writeThread"));
}

static void
bfd(struct json_object *b, FILE *out)
{
	if (b == NULL)
		return;
	fprintf(out,
	    "  BFD: Type: %s\n  Detect Multiplier: %" PRId64
	    ", Min Rx interval: %" PRId64 ", Min Tx interval: %" PRId64
	    "\n  Status: %s, Last update: %s\n\n",
	    jstr(b, "type"), jint(b, "detectMultiplier"), jint(b, "rxMinInterval"),
	    jint(b, "txMinInterval"), jstr(b, "status"), jstr(b, "lastUpdate"));
}

void
render_bgp_neighbors(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	(void)m;
	json_object_object_foreach (jmembers(doc), name, p) {
		head(name, p, out);
		timers(p, out);
		capabilities(jget(p, "neighborCapabilities"), out);
		restart(jget(p, "gracefulRestartInfo"), out);
		counts(jget(p, "messageStats"), out);
		queue(p, out);
		faults(p, out);
		fprintf(out,
		    "  Minimum time between advertisement runs is %" PRId64
		    " seconds\n",
		    jint(p, "minBtwnAdvertisementRunsTimerMsecs") / 1000);
		address_family(jget(jget(p, "addressFamilyInfo"), "l2VpnEvpn"), out);
		last_reset(p, out);
		transport(p, out);
		bfd(jget(p, "peerBfdInfo"), out);
	}
}

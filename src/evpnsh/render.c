/* render - which function prints the answer of which command. */
#include "evpnsh/render_int.h"

static void (*const renderers[OP_COUNT])(
    const struct cli_match *m, struct json_object *doc, FILE *out) = {
	/* clang-format off */
	[OP_SHOW_BGP_SUMMARY]			= render_bgp_summary,
	[OP_SHOW_BGP_EVPN_SUMMARY]		= render_bgp_summary,
	[OP_SHOW_BGP_VRF_SUMMARY]		= render_bgp_summary,
	[OP_SHOW_BGP_NEIGHBORS]			= render_bgp_neighbors,
	[OP_SHOW_BGP_GR]			= render_bgp_gr,
	[OP_SHOW_BFD_PEERS]			= render_bfd_peers,
	[OP_SHOW_BFD_BRIEF]			= render_bfd_brief,
	[OP_SHOW_BFD_COUNTERS]			= render_bfd_counters,
	[OP_SHOW_BFD_PEER]			= render_bfd_peer,
	[OP_SHOW_BFD_PEER_COUNTERS]		= render_bfd_peer_counters,
	[OP_SHOW_BGP_EVPN_VNI]			= render_bgp_vni,
	[OP_SHOW_BGP_EVPN_IMPORT_RT]		= render_bgp_import_rt,
	[OP_SHOW_BGP_EVPN_VRF_IMPORT_RT]	= render_bgp_import_rt,
	[OP_SHOW_BGP_VRF_VNI]			= render_bgp_vrf_vni,
	[OP_SHOW_EVPN]				= render_evpn,
	[OP_SHOW_EVPN_VNI]			= render_evpn_vni,
	[OP_SHOW_EVPN_RMAC]			= render_evpn_rmac,
	[OP_SHOW_EVPN_NEXTHOPS]			= render_evpn_nexthops,
	[OP_SHOW_VRF_VNI]			= render_vrf_vni,
	[OP_SHOW_EVPN_MISSES]			= render_misses,
	[OP_SHOW_EVPN_EXPLAIN]			= render_explain,
	[OP_SHOW_EVPN_EXPLAIN_PREFIX]		= render_explain,
	[OP_SHOW_EVPN_HISTORY]			= render_history,
	[OP_SHOW_EVPN_AUDIT]			= render_audit,
	[OP_MONITOR]				= render_event,
	[OP_SHOW_VERSION]			= render_version,
	[OP_SHOW_RUNNING]			= render_running,
	[OP_SHOW_CANDIDATE]			= render_running,
	[OP_SHOW_CONF_DIFF]			= render_running,
	[OP_SHOW_TRANSACTION]			= render_transaction,
	[OP_SHOW_MEMORY]			= render_memory,
	[OP_SHOW_DEBUGGING]			= render_debugging,
	[OP_SHOW_LOGGING]			= render_logging,
	/* clang-format on */
};

/*
 * Tables that may be long, and how deep their rows are; one deeper when the rows of all VNIs
 * are asked for.
 */
static const struct {
	int depth;
	bool by_vni;
	void (*render)(struct render_part *p, struct json_object *doc, FILE *out);
} tables[OP_COUNT] = {
	/* clang-format off */
	[OP_SHOW_BGP_EVPN]			= { 2, false, render_bgp_all },
	[OP_SHOW_BGP_EVPN_PEER_ROUTES]		= { 2, false, render_bgp_all },
	[OP_SHOW_BGP_EVPN_PEER_ADVERTISED]	= { 3, false, render_bgp_advertised },
	[OP_SHOW_BGP_EVPN_ROUTE]		= { 2, false, render_bgp_route },
	[OP_SHOW_BGP_EVPN_ROUTE_VNI]		= { 1, true,  render_bgp_route_vni },
	[OP_SHOW_EVPN_MAC]			= { 2, true,  render_evpn_mac },
	[OP_SHOW_EVPN_ARP]			= { 1, true,  render_evpn_arp },
	[OP_SHOW_EVPN_KERNEL]			= { 2, false, render_kernel },
	/* clang-format on */
};

/* One route, MAC or address: its members are the document's. */
static bool
is_one(const struct cli_match *m)
{
	return cli_arg(m, "MAC") != NULL || cli_arg(m, "PREFIX") != NULL ||
	    (cli_arg(m, "IP") != NULL && cli_arg(m, "vtep") == NULL);
}

int
render_depth(const struct cli_match *m)
{
	int depth = tables[m->cmd->op].depth;

	if (is_one(m))
		return 0;
	return depth + (tables[m->cmd->op].by_vni && cli_arg(m, "VNI") == NULL);
}

bool
render_slice(struct render_part *p, struct json_object *doc, FILE *out)
{
	int op = p->m->cmd->op;

	if (tables[op].render != NULL)
		tables[op].render(p, doc, out);
	else if (renderers[op] != NULL)
		renderers[op](p->m, doc, out);
	else
		return false;
	return true;
}

bool
render(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	struct render_part whole = { .m = m, .first = true, .last = true };

	return render_slice(&whole, doc, out);
}

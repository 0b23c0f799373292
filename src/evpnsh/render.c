/* render - which function prints the answer of which command. */
#include "evpnsh/render_int.h"

static void (*const renderers[OP_COUNT])(
    const struct cli_match *m, struct json_object *doc, FILE *out) = {
	/* clang-format off */
	[OP_SHOW_BGP_SUMMARY]			= render_bgp_summary,
	[OP_SHOW_BGP_EVPN_SUMMARY]		= render_bgp_summary,
	[OP_SHOW_BGP_NEIGHBORS]			= render_bgp_neighbors,
	[OP_SHOW_BFD_PEERS]			= render_bfd_peers,
	[OP_SHOW_BFD_BRIEF]			= render_bfd_brief,
	[OP_SHOW_BFD_COUNTERS]			= render_bfd_counters,
	[OP_SHOW_BFD_PEER]			= render_bfd_peer,
	[OP_SHOW_BFD_PEER_COUNTERS]		= render_bfd_peer_counters,
	[OP_SHOW_BGP_EVPN]			= render_bgp_all,
	[OP_SHOW_BGP_EVPN_PEER_ROUTES]		= render_bgp_all,
	[OP_SHOW_BGP_EVPN_PEER_ADVERTISED]	= render_bgp_advertised,
	[OP_SHOW_BGP_EVPN_ROUTE]		= render_bgp_route,
	[OP_SHOW_BGP_EVPN_ROUTE_VNI]		= render_bgp_route_vni,
	[OP_SHOW_BGP_EVPN_VNI]			= render_bgp_vni,
	[OP_SHOW_BGP_EVPN_IMPORT_RT]		= render_bgp_import_rt,
	[OP_SHOW_BGP_EVPN_VRF_IMPORT_RT]	= render_bgp_import_rt,
	[OP_SHOW_BGP_VRF_VNI]			= render_bgp_vrf_vni,
	[OP_SHOW_EVPN]				= render_evpn,
	[OP_SHOW_EVPN_VNI]			= render_evpn_vni,
	[OP_SHOW_EVPN_MAC]			= render_evpn_mac,
	[OP_SHOW_EVPN_ARP]			= render_evpn_arp,
	[OP_SHOW_EVPN_RMAC]			= render_evpn_rmac,
	[OP_SHOW_EVPN_NEXTHOPS]			= render_evpn_nexthops,
	[OP_SHOW_VRF_VNI]			= render_vrf_vni,
	[OP_SHOW_EVPN_KERNEL]			= render_kernel,
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

bool
render(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	if (renderers[m->cmd->op] == NULL)
		return false;
	renderers[m->cmd->op](m, doc, out);
	return true;
}

/*
 * grammar - THE table of commands: one row each, for the shell, the daemon, the
 * configuration file, completion and the manual.
 *
 * Words, columns and arguments are FRR's where FRR has the command. The rows of a mode stand
 * in the order of the manual. A row marked CLI_HIDDEN is an older spelling or a line of
 * FRR's that means nothing here; it is understood and never offered. A row that is in the
 * table is carried out by somebody: what cannot be done yet is not here.
 */
#include "cli/grammar.h"

#include <string.h>

/* clang-format off */
#define X CLI_STAY

#define ROUTE_TYPE	"type (ead|1|macip|2|multicast|3|es|4|prefix|5)"
#define ROUTE_TAIL	"route [detail] [" ROUTE_TYPE "] " \
			"[rd (RD|all) [" ROUTE_TYPE "] [mac MAC [ip IP]|prefix PREFIX]] [json]"
#define ROUTE_VNI_TAIL	"route vni (VNI|all) [detail] " \
			"[type (macip|2|multicast|3|ead|1)|vtep IP|mac MAC [ip IP]|" \
			"multicast IP] [json]"
#define PEER_TAIL(what)	"neighbors PEER " what " [json]"
#define SUMMARY_TAIL	"summary [established|failed] [wide] [json]"
#define SOFT_TAIL	"(*|PEER) [soft [in|out]|in|out]"
#define LOG_LEVEL	"(emergencies|alerts|critical|errors|warnings|notifications|" \
			"informational|debugging)"
#define OTHER_AF	"(ipv4|ipv6) (multicast|vpn|labeled-unicast|flowspec)"
#define REDISTRIBUTE	"redistribute (connected|static|kernel)"

/* Debug switches; NO: "no " where "no" is no word of the mode. */
#define DEBUGS(mode, no, flags) \
	{ mode, no "debug bgp updates [in|out] [PEER]", \
	    "Routes received from and sent to neighbors.", OP_DEBUG_UPDATES, X, flags }, \
	{ mode, no "debug bgp keepalives [PEER]", \
	    "KEEPALIVE messages.", OP_DEBUG_KEEPALIVES, X, flags }, \
	{ mode, no "debug bgp neighbor-events [PEER]", \
	    "States of sessions.", OP_DEBUG_EVENTS, X, flags }, \
	{ mode, no "debug evpn", \
	    "What happens to MACs, VNIs and flood lists.", OP_DEBUG_EVPN, X, flags }, \
	{ mode, no "debug evpn mac MAC", \
	    "What happens to a MAC, and its kernel entries.", OP_DEBUG_MAC, X, flags }, \
	{ mode, no "debug evpn vni VNI", \
	    "What happens in a VNI.", OP_DEBUG_VNI, X, flags }, \
	{ mode, no "debug kernel", \
	    "Kernel entries written, lost, refused.", OP_DEBUG_KERNEL, X, flags }, \
	{ mode, no "debug zebra vxlan", "", OP_DEBUG_EVPN, X, (flags) | CLI_HIDDEN }, \
	{ mode, no "debug zebra kernel [LINE]", "", OP_DEBUG_KERNEL, X, \
	    (flags) | CLI_HIDDEN }, \
	{ mode, no "debug bgp updates prefix LINE", "", OP_IGNORED, X, \
	    (flags) | CLI_HIDDEN }, \
	{ mode, no "debug (bgp|zebra) LINE", "", OP_IGNORED, X, (flags) | CLI_HIDDEN }

static const struct cli_cmd commands[] = {
	/* --- exec: shows of BGP --- */
	{ CLI_EXEC, "show [ip] bgp " SUMMARY_TAIL,
	    "Summary of the BGP neighbors.", OP_SHOW_BGP_SUMMARY, X, 0 },
	{ CLI_EXEC, "show [ip] bgp vrf (all|VRF) [l2vpn evpn|(ipv4|ipv6) [unicast]] " SUMMARY_TAIL,
	    "Summary of the BGP neighbors of a VRF: all are in the default one.",
	    OP_SHOW_BGP_VRF_SUMMARY, X, 0 },
	{ CLI_EXEC, "show [ip] bgp (ipv4|ipv6) [unicast] " SUMMARY_TAIL,
	    "", OP_SHOW_BGP_VRF_SUMMARY, X, CLI_HIDDEN },
	{ CLI_EXEC, "show [ip] bgp neighbors [PEER] [json]",
	    "State, capabilities, timers and counters of BGP neighbors.",
	    OP_SHOW_BGP_NEIGHBORS, X, 0 },
	{ CLI_EXEC, "show [ip] bgp neighbors [PEER] graceful-restart [json]",
	    "Graceful restart of BGP neighbors: modes, timers, End-of-RIB.",
	    OP_SHOW_BGP_GR, X, 0 },
	{ CLI_EXEC, "show [ip] bgp l2vpn evpn " SUMMARY_TAIL,
	    "Summary of the EVPN neighbors.", OP_SHOW_BGP_EVPN_SUMMARY, X, 0 },
	{ CLI_EXEC, "show [ip] bgp l2vpn evpn [json]",
	    "All EVPN routes, by route distinguisher.", OP_SHOW_BGP_EVPN, X, 0 },
	{ CLI_EXEC, "show [ip] bgp l2vpn evpn rd (RD|all) [json]",
	    "EVPN routes of a route distinguisher.", OP_SHOW_BGP_EVPN, X, 0 },
	{ CLI_EXEC, "show [ip] bgp l2vpn evpn " PEER_TAIL("routes"),
	    "EVPN routes received from a neighbor.", OP_SHOW_BGP_EVPN_PEER_ROUTES, X, 0 },
	{ CLI_EXEC, "show [ip] bgp l2vpn evpn " PEER_TAIL("advertised-routes"),
	    "EVPN routes sent to a neighbor.", OP_SHOW_BGP_EVPN_PEER_ADVERTISED, X, 0 },
	{ CLI_EXEC, "show bgp l2vpn evpn " ROUTE_TAIL,
	    "EVPN routes, of one type or one route distinguisher.",
	    OP_SHOW_BGP_EVPN_ROUTE, X, 0 },
	{ CLI_EXEC, "show bgp l2vpn evpn " ROUTE_VNI_TAIL,
	    "EVPN routes imported into a VNI.", OP_SHOW_BGP_EVPN_ROUTE_VNI, X, 0 },
	{ CLI_EXEC, "show bgp l2vpn evpn vni [VNI] [json]",
	    "VNIs as BGP sees them: RD and route targets.", OP_SHOW_BGP_EVPN_VNI, X, 0 },
	{ CLI_EXEC, "show bgp l2vpn evpn import-rt [json]",
	    "Route targets and the VNIs that import them.",
	    OP_SHOW_BGP_EVPN_IMPORT_RT, X, 0 },
	{ CLI_EXEC, "show bgp l2vpn evpn vrf-import-rt [json]",
	    "Route targets and the VRFs that import them.",
	    OP_SHOW_BGP_EVPN_VRF_IMPORT_RT, X, 0 },
	{ CLI_EXEC, "show bgp vrf VRF vni [json]",
	    "L3 VNI of a VRF as BGP sees it.", OP_SHOW_BGP_VRF_VNI, X, 0 },
	{ CLI_EXEC, "show bgp evpn " SUMMARY_TAIL,
	    "", OP_SHOW_BGP_EVPN_SUMMARY, X, CLI_HIDDEN },
	{ CLI_EXEC, "show bgp evpn " ROUTE_TAIL,
	    "", OP_SHOW_BGP_EVPN_ROUTE, X, CLI_HIDDEN },
	{ CLI_EXEC, "show bgp evpn " ROUTE_VNI_TAIL,
	    "", OP_SHOW_BGP_EVPN_ROUTE_VNI, X, CLI_HIDDEN },
	{ CLI_EXEC, "show bgp evpn vni [VNI] [json]",
	    "", OP_SHOW_BGP_EVPN_VNI, X, CLI_HIDDEN },
	{ CLI_EXEC, "show bgp evpn import-rt [json]",
	    "", OP_SHOW_BGP_EVPN_IMPORT_RT, X, CLI_HIDDEN },
	{ CLI_EXEC, "show bgp evpn vrf-import-rt [json]",
	    "", OP_SHOW_BGP_EVPN_VRF_IMPORT_RT, X, CLI_HIDDEN },

	/* --- exec: shows of BFD --- */
	{ CLI_EXEC, "show bfd peers [json]",
	    "BFD sessions with state and timers.", OP_SHOW_BFD_PEERS, X, 0 },
	{ CLI_EXEC, "show bfd peers brief [json]",
	    "BFD sessions, a line each.", OP_SHOW_BFD_BRIEF, X, 0 },
	{ CLI_EXEC, "show bfd peers counters [json]",
	    "Packets and events of BFD sessions.", OP_SHOW_BFD_COUNTERS, X, 0 },
	{ CLI_EXEC, "show bfd peer IP [json]",
	    "One BFD session.", OP_SHOW_BFD_PEER, X, 0 },
	{ CLI_EXEC, "show bfd peer IP counters [json]",
	    "Packets and events of one BFD session.", OP_SHOW_BFD_PEER_COUNTERS, X, 0 },

	/* --- exec: shows of EVPN --- */
	{ CLI_EXEC, "show evpn [json]",
	    "Totals and settings of EVPN.", OP_SHOW_EVPN, X, 0 },
	{ CLI_EXEC, "show evpn vni [VNI|detail] [json]",
	    "VNIs with their devices and remote VTEPs.", OP_SHOW_EVPN_VNI, X, 0 },
	{ CLI_EXEC, "show evpn mac vni (VNI|all) [mac MAC|vtep IP|duplicate] [detail] [json]",
	    "MAC addresses, local and remote.", OP_SHOW_EVPN_MAC, X, 0 },
	{ CLI_EXEC, "show evpn arp-cache vni (VNI|all) [ip IP|vtep IP|duplicate] [detail] [json]",
	    "Hosts' IP addresses, local and remote.", OP_SHOW_EVPN_ARP, X, 0 },
	{ CLI_EXEC, "show evpn rmac vni (VNI|all) [mac MAC] [json]",
	    "Router MACs of L3 VNIs.", OP_SHOW_EVPN_RMAC, X, 0 },
	{ CLI_EXEC, "show evpn next-hops vni (VNI|all) [ip IP] [json]",
	    "Next hops of L3 VNIs.", OP_SHOW_EVPN_NEXTHOPS, X, 0 },
	{ CLI_EXEC, "show evpn kernel [vni VNI|vrf VRF] [differing] [json]",
	    "Kernel entries wanted and present, with state and last error.",
	    OP_SHOW_EVPN_KERNEL, X, 0 },
	{ CLI_EXEC, "show evpn misses [vni VNI] [json]",
	    "What VNIs on demand were asked for, and how fast it was there.",
	    OP_SHOW_EVPN_MISSES, X, 0 },
	{ CLI_EXEC, "show evpn explain vni VNI (mac MAC|ip IP) [json]",
	    "The whole story of one address: candidates, the choice, the kernel.",
	    OP_SHOW_EVPN_EXPLAIN, X, 0 },
	{ CLI_EXEC, "show evpn explain vrf VRF prefix PREFIX [json]",
	    "The whole story of one prefix of a VRF: candidates, the choice, the kernel.",
	    OP_SHOW_EVPN_EXPLAIN_PREFIX, X, 0 },
	{ CLI_EXEC, "show evpn history vni VNI [mac MAC] [json]",
	    "The last events of a VNI or a MAC.", OP_SHOW_EVPN_HISTORY, X, 0 },
	{ CLI_EXEC, "show evpn audit [json]",
	    "What is wrong around the VNIs, and what mends it.", OP_SHOW_EVPN_AUDIT, X, 0 },
	{ CLI_EXEC, "show vrf [all|VRF] vni [json]",
	    "VRFs and their L3 VNIs.", OP_SHOW_VRF_VNI, X, 0 },

	{ CLI_EXEC, "monitor [bgp|evpn|kernel] [json]",
	    "Events as they happen, one a line, until it is interrupted.", OP_MONITOR, X,
	    CLI_STREAM },

	/* --- exec: the program --- */
	{ CLI_EXEC, "show version [json]",
	    "Version of the daemon.", OP_SHOW_VERSION, X, 0 },
	{ CLI_EXEC, "show running-config [json]",
	    "The configuration in force.", OP_SHOW_RUNNING, X, 0 },
	{ CLI_EXEC, "write terminal",
	    "The configuration in force.", OP_SHOW_RUNNING, X, CLI_HIDDEN },
	{ CLI_EXEC, "show configuration candidate [json]",
	    "What is being configured, and not committed yet.", OP_SHOW_CANDIDATE, X, 0 },
	{ CLI_EXEC, "show configuration diff [rollback (1-20)] [json]",
	    "What a commit would change; or what changed since a revision.",
	    OP_SHOW_CONF_DIFF, X, 0 },
	{ CLI_EXEC, "show configuration transaction [json]",
	    "The revisions that can be rolled back to.", OP_SHOW_TRANSACTION, X, 0 },
	{ CLI_EXEC, "show configuration running [json]",
	    "", OP_SHOW_RUNNING, X, CLI_HIDDEN },
	{ CLI_EXEC, "show memory [json]",
	    "Memory by table.", OP_SHOW_MEMORY, X, 0 },
	{ CLI_EXEC, "show logging [json]",
	    "The last lines logged.", OP_SHOW_LOGGING, X, 0 },
	{ CLI_EXEC, "show debugging [json]",
	    "The debug lines that are asked for.", OP_SHOW_DEBUGGING, X, 0 },

	{ CLI_EXEC, "show values WORD [after WORD] [vni VNI] [like WORD]",
	    "", OP_SHOW_VALUES, X, CLI_HIDDEN },

	/* --- exec: doing --- */
	{ CLI_EXEC, "clear [ip] bgp " SOFT_TAIL,
	    "Reset a session, or ask for and send its routes again.", OP_CLEAR_BGP, X, 0 },
	{ CLI_EXEC, "clear [ip] bgp l2vpn evpn " SOFT_TAIL,
	    "Reset a session, or ask for and send its routes again.", OP_CLEAR_BGP, X, 0 },
	{ CLI_EXEC, "clear evpn dup-addr vni (all|VNI [mac MAC|ip IP])",
	    "Forget that addresses were found duplicate.", OP_CLEAR_DUP_ADDR, X, 0 },
	{ CLI_EXEC, "clear evpn kernel",
	    "Delete our kernel entries and write them again.", OP_CLEAR_EVPN_KERNEL, X, 0 },
	{ CLI_EXEC, "evpn mac add vni VNI mac MAC [ip IP] port IFNAME",
	    "Announce a local host before its first packet.", OP_EVPN_MAC_ADD, X, 0 },
	{ CLI_EXEC, "evpn mac del vni VNI mac MAC [ip IP] port IFNAME",
	    "Take an announced host back.", OP_EVPN_MAC_DEL, X, 0 },
	{ CLI_EXEC, "evpn drain",
	    "Leave for good: withdraw our routes, end the sessions.", OP_EVPN_DRAIN, X, 0 },
	DEBUGS(CLI_EXEC, "", 0),
	DEBUGS(CLI_EXEC, "no ", 0),
	{ CLI_EXEC, "no debug all",
	    "All debug switches off.", OP_DEBUG_ALL, X, 0 },
	{ CLI_EXEC, "[no] debug LINE", "", OP_IGNORED, X, CLI_HIDDEN },
	{ CLI_EXEC, "write [memory|file]",
	    "Write the configuration in force to the file.", OP_WRITE, X, 0 },
	{ CLI_EXEC, "copy running-config startup-config",
	    "Write the configuration in force to the file.", OP_WRITE, X, 0 },

	{ CLI_EXEC, "rollback configuration (1-20)",
	    "The configuration that was in force so many changes ago.",
	    OP_ROLLBACK_NOW, X, 0 },

	/* --- exec: the shell's own --- */
	{ CLI_EXEC, "configure [terminal]",
	    "Enter configuration.", OP_CONFIGURE, CLI_CONFIG, 0 },
	{ CLI_EXEC, "configure exclusive",
	    "Enter configuration; nothing is in force before \"commit\".",
	    OP_CONFIGURE_EXCLUSIVE, CLI_CONFIG, 0 },
	{ CLI_EXEC, "configure replace [WORD [confirmed (1-60)]]",
	    "What is in a file, and nothing else; without one: what is typed.",
	    OP_CONFIGURE_REPLACE, CLI_CONFIG, 0 },
	{ CLI_EXEC, "terminal length (0-512)",
	    "Lines to a page; 0: no paging.", OP_TERMINAL_LENGTH, X, 0 },
	{ CLI_EXEC, "terminal no length", "", OP_TERMINAL_LENGTH, X, CLI_HIDDEN },
	{ CLI_EXEC, "watch [(1-3600)] LINE",
	    "A show every so many seconds, changes highlighted; ^C ends it.", OP_WATCH, X, 0 },
	{ CLI_EXEC, "list", "All commands of this mode.", OP_LIST, X, 0 },
	{ CLI_EXEC, "exit", "Leave.", OP_EXIT, X, 0 },
	{ CLI_EXEC, "quit", "Leave.", OP_EXIT, X, 0 },
	{ CLI_EXEC, "end", "Back to the exec mode.", OP_END, CLI_EXEC, CLI_HIDDEN },

	/* --- configuration --- */
	{ CLI_CONFIG, "exit", "Leave this mode.", OP_EXIT, X, CLI_EVERYWHERE },
	{ CLI_CONFIG, "quit", "Leave this mode.", OP_EXIT, X, CLI_EVERYWHERE },
	{ CLI_CONFIG, "end", "Back to the exec mode.", OP_END, CLI_EXEC, CLI_EVERYWHERE },
	{ CLI_CONFIG, "list", "All commands of this mode.", OP_LIST, X, CLI_EVERYWHERE },
	{ CLI_CONFIG, "commit [confirmed [(1-60)|seconds (1-3600)]]",
	    "In \"configure exclusive\": now it is in force; confirmed: for so many minutes, 10.",
	    OP_COMMIT, X, CLI_EVERYWHERE },
	{ CLI_CONFIG, "commit check",
	    "In \"configure exclusive\": what may not work of it.",
	    OP_COMMIT_CHECK, X, CLI_EVERYWHERE },
	{ CLI_CONFIG, "rollback [(0-20)]",
	    "In \"configure exclusive\": begin again, from an older revision.",
	    OP_ROLLBACK, X, CLI_EVERYWHERE },
	{ CLI_CONFIG, "abort",
	    "In \"configure exclusive\": leave, and drop what is not committed.",
	    OP_ABORT, CLI_EXEC, CLI_EVERYWHERE },
	{ CLI_CONFIG, "show configuration candidate", "What is being configured.",
	    OP_SHOW_CANDIDATE, X, CLI_EVERYWHERE },
	{ CLI_CONFIG, "show configuration diff [rollback (1-20)]",
	    "What a commit would change.", OP_SHOW_CONF_DIFF, X, CLI_EVERYWHERE },
	{ CLI_CONFIG, "configure check", "",
	    OP_COMMIT_CHECK, X, CLI_EVERYWHERE | CLI_HIDDEN },
	{ CLI_CONFIG, "configure commit [confirmed [(1-60)|seconds (1-3600)]]", "",
	    OP_COMMIT, X, CLI_EVERYWHERE | CLI_HIDDEN },
	{ CLI_CONFIG, "configure rollback [(0-20)]", "",
	    OP_ROLLBACK, X, CLI_EVERYWHERE | CLI_HIDDEN },
	{ CLI_CONFIG, "discard", "",
	    OP_ROLLBACK, X, CLI_EVERYWHERE | CLI_HIDDEN },
	{ CLI_CONFIG, "hostname {NAME}",
	    "Name of this host in prompts, logs and the FQDN capability.", OP_HOSTNAME, X, 0 },
	{ CLI_CONFIG, "log (stdout|syslog) [" LOG_LEVEL "]",
	    "Where to log and from which severity on.", OP_LOG, X, 0 },
	{ CLI_CONFIG, "log file {WORD [" LOG_LEVEL "]}",
	    "Log to a file.", OP_LOG_FILE, X, 0 },
	DEBUGS(CLI_CONFIG, "", 0),
	{ CLI_CONFIG, "no debug all",
	    "All debug switches off.", OP_DEBUG_ALL, X, CLI_ONLY_NO },
	{ CLI_CONFIG, "vxlan",
	    "What we create VXLAN devices with.", OP_VXLAN, CLI_VXLAN, 0 },
	{ CLI_CONFIG, "router bgp {AS}",
	    "BGP and EVPN.", OP_ROUTER_BGP, CLI_BGP, 0 },
	{ CLI_CONFIG, "vrf VRF",
	    "A tenant VRF.", OP_VRF, CLI_VRF, 0 },
	{ CLI_CONFIG, "vni {VNI [prefix-routes-only]}",
	    "L3 VNI of the default VRF.", OP_VRF_VNI, X, 0 },
	{ CLI_CONFIG, "router bgp AS vrf VRF",
	    "EVPN routes of a tenant VRF.", OP_ROUTER_BGP_VRF, CLI_BGP_VRF, 0 },
	{ CLI_CONFIG, "no router bgp vrf VRF", "",
	    OP_ROUTER_BGP_VRF, X, CLI_HIDDEN | CLI_ONLY_NO },

	/* --- vxlan --- */
	{ CLI_VXLAN, "source-address {IP}",
	    "Address of this VTEP.", OP_VXLAN_SOURCE, X, 0 },
	{ CLI_VXLAN, "source-interface {IFNAME}",
	    "Interface whose address is that of this VTEP.", OP_VXLAN_SOURCE_IFNAME, X, 0 },
	{ CLI_VXLAN, "udp-port {(1-65535)}",
	    "UDP port of VXLAN; 4789.", OP_VXLAN_PORT, X, 0 },
	{ CLI_VXLAN, "anycast-mac {MAC}",
	    "MAC of the gateways of all VNIs.", OP_VXLAN_ANYCAST_MAC, X, 0 },
	{ CLI_VXLAN, "vtep-groups",
	    "Reach remote MACs through a nexthop group per VTEP.", OP_VXLAN_GROUPS, X, 0 },

	/* --- router bgp --- */
	{ CLI_BGP, "bgp router-id {A.B.C.D}",
	    "BGP identifier.", OP_BGP_ROUTER_ID, X, 0 },
	{ CLI_BGP, "bgp cluster-id {A.B.C.D}",
	    "Cluster of this route reflector; the router-id.", OP_BGP_CLUSTER_ID, X, 0 },
	{ CLI_BGP, "timers bgp {(0-65535) (0-65535)}",
	    "Keepalive and hold time, seconds.", OP_BGP_TIMERS, X, 0 },
	{ CLI_BGP, "bgp default l2vpn-evpn",
	    "Activate EVPN for every neighbor.", OP_BGP_DEFAULT_EVPN, X, 0 },
	{ CLI_BGP, "bgp ebgp-requires-policy",
	    "Kept for FRR's sake: there are no route-maps here.", OP_BGP_POLICY, X, 0 },
	{ CLI_BGP, "bgp damp-peer-oscillations",
	    "Leave neighbors alone whose sessions end soon, again and again; on.",
	    OP_BGP_DAMPING, X, 0 },
	{ CLI_BGP, "bgp listen limit {(1-65535)}",
	    "How many dynamic neighbors at most; 100.", OP_BGP_LISTEN_LIMIT, X, 0 },
	{ CLI_BGP, "bgp listen range PREFIX peer-group GROUP",
	    "Accept neighbors from these addresses.", OP_BGP_LISTEN_RANGE, X, 0 },
	{ CLI_BGP, "bgp graceful-restart",
	    "Peers keep our routes while we restart, we theirs; on, \"no\": only we do.", OP_BGP_GR, X, 0 },
	{ CLI_BGP, "bgp graceful-restart restart-time {(1-4095)}",
	    "How long peers keep our routes while we restart, seconds; 120.",
	    OP_BGP_GR_RESTART, X, 0 },
	{ CLI_BGP, "bgp graceful-restart stalepath-time {(1-4095)}",
	    "How long we keep the routes of a peer that restarts, seconds; 360.",
	    OP_BGP_GR_STALEPATH, X, 0 },
	{ CLI_BGP, "bgp rib-limit {(1-1048576)}",
	    "MiB that routes of neighbors may take; a quarter of the memory.",
	    OP_BGP_RIB_LIMIT, X, 0 },
	{ CLI_BGP, "bgp graceful-restart select-defer-time {(0-3600)}",
	    "How long End-of-RIB waits for that of others after a restart; 120.", OP_BGP_GR_DEFER, X, 0 },
	{ CLI_BGP, "bgp graceful-restart rib-stale-time {(1-3600)}",
	    "How long kernel entries are kept when peers do not come back; 300.", OP_BGP_GR_RIB_STALE, X, 0 },
	{ CLI_BGP, "bgp graceful-restart notification",
	    "A NOTIFICATION does not end it, but a Hard Reset does (RFC 8538); on.",
	    OP_BGP_GR_NOTIFICATION, X, 0 },
	{ CLI_BGP, "bgp graceful-restart preserve-fw-state",
	    "Tell peers that forwarding was kept, when it was; on.",
	    OP_BGP_GR_PRESERVE_FW, X, 0 },
	{ CLI_BGP, "bgp graceful-restart-disable",
	    "No graceful restart.", OP_BGP_GR_DISABLE, X, 0 },
	{ CLI_BGP, "bgp long-lived-graceful-restart stale-time {(1-4294967295)}",
	    "How long lost routes stay as a last resort, seconds (RFC 9494); off.", OP_BGP_LLGR, X, 0 },
	{ CLI_BGP, "no neighbor PEER",
	    "Remove a neighbor or a peer-group.", OP_PEER, X, CLI_ONLY_NO },
	{ CLI_BGP, "neighbor GROUP peer-group",
	    "Define a peer-group.", OP_PEER_GROUP, X, 0 },
	{ CLI_BGP, "neighbor PEER remote-as {(AS|internal|external)}",
	    "Define a neighbor by its AS.", OP_PEER_AS, X, 0 },
	{ CLI_BGP, "neighbor IFNAME interface [LINE]",
	    "", OP_PEER_INTERFACE, X, CLI_HIDDEN },
	{ CLI_BGP, "neighbor PEER peer-group GROUP",
	    "Make a neighbor member of a peer-group.", OP_PEER_MEMBER, X, 0 },
	{ CLI_BGP, "neighbor PEER description {LINE}",
	    "Words for people.", OP_PEER_DESCRIPTION, X, 0 },
	{ CLI_BGP, "neighbor PEER password {LINE}",
	    "TCP MD5 password.", OP_PEER_PASSWORD, X, CLI_SECRET },
	{ CLI_BGP, "neighbor PEER (ao-key|tcp-ao) LINE", "", OP_PEER_AO, X,
	    CLI_HIDDEN | CLI_SECRET | CLI_PLAIN },
	{ CLI_BGP, "neighbor PEER update-source {(IP|IFNAME)}",
	    "Our end of the session.", OP_PEER_SOURCE, X, 0 },
	{ CLI_BGP, "neighbor PEER port {(1-65535)}",
	    "TCP port of the neighbor; 179.", OP_PEER_PORT, X, 0 },
	{ CLI_BGP, "neighbor PEER timers {(0-65535) (0-65535)}",
	    "Keepalive and hold time, seconds.", OP_PEER_TIMERS, X, 0 },
	{ CLI_BGP, "neighbor PEER timers connect {(1-65535)}",
	    "Seconds between attempts to connect.", OP_PEER_CONNECT, X, 0 },
	{ CLI_BGP, "neighbor PEER timers send-hold {(1-65535)}",
	    "End the session when so long nothing is read; 480 or more.",
	    OP_PEER_SEND_HOLD, X, 0 },
	{ CLI_BGP, "neighbor PEER ebgp-multihop [(1-255)]",
	    "An eBGP neighbor more than one hop away.", OP_PEER_MULTIHOP, X, 0 },
	{ CLI_BGP, "neighbor PEER ttl-security hops {(1-254)}",
	    "Refuse packets from further away (RFC 5082).", OP_PEER_TTL, X, 0 },
	{ CLI_BGP, "neighbor PEER passive",
	    "Wait for the neighbor to connect.", OP_PEER_PASSIVE, X, 0 },
	{ CLI_BGP, "neighbor PEER (graceful-restart|graceful-restart-helper|"
	    "graceful-restart-disable)",
	    "Graceful restart both ways, only for its restarts, or not at all.",
	    OP_PEER_GR, X, 0 },
	{ CLI_BGP, "neighbor PEER shutdown [message {LINE}]",
	    "Keep the session down, and say why (RFC 9003).", OP_PEER_SHUTDOWN, X, 0 },
	{ CLI_BGP, "neighbor PEER bfd [(2-255) (50-60000) (50-60000)]",
	    "Watch the way by BFD: multiplier, receive and transmit ms; 3 300 300.",
	    OP_PEER_BFD, X, 0 },
	{ CLI_BGP, "neighbor PEER bfd check-control-plane-failure",
	    "Say that BFD survives a restart of BGP (the C bit).",
	    OP_PEER_BFD_CHECK, X, 0 },
	{ CLI_BGP, "neighbor PEER bfd profile {WORD}",
	    "Take BFD's timers from a profile.", OP_PEER_BFD_PROFILE, X, 0 },
	{ CLI_BGP, "neighbor PEER capability extended-nexthop",
	    "IPv6 next hops of IPv4 routes (RFC 8950).", OP_PEER_EXTENDED_NEXTHOP, X, 0 },
	{ CLI_BGP, "bgp network import-check",
	    "Advertise a network only while it is in the routing table; on.",
	    OP_VRF_IMPORT_CHECK, X, 0 },
	{ CLI_BGP, REDISTRIBUTE, "", OP_VRF_REDISTRIBUTE, X, CLI_HIDDEN },
	{ CLI_BGP, "network PREFIX", "", OP_VRF_NETWORK, X, CLI_HIDDEN },
	{ CLI_BGP, "address-family l2vpn evpn",
	    "EVPN.", OP_AF_EVPN, CLI_BGP_EVPN, CLI_PLAIN },
	{ CLI_BGP, "address-family ipv4 [unicast]",
	    "IPv4 routes of the default VRF.", OP_VRF_AF, CLI_BGP_V4, CLI_PLAIN },
	{ CLI_BGP, "address-family ipv6 [unicast]",
	    "IPv6 routes of the default VRF.", OP_VRF_AF, CLI_BGP_V6, CLI_PLAIN },
	{ CLI_BGP, "address-family " OTHER_AF,
	    "", OP_AF_OTHER, CLI_BGP_OTHER_AF, CLI_PLAIN | CLI_HIDDEN },

	/* --- address-family l2vpn evpn --- */
	{ CLI_BGP_EVPN, "neighbor PEER activate",
	    "Exchange EVPN routes with this neighbor.", OP_PEER_ACTIVATE, X, 0 },
	{ CLI_BGP_EVPN, "neighbor PEER route-reflector-client",
	    "Reflect routes to and from this neighbor.", OP_PEER_RR_CLIENT, X, 0 },
	{ CLI_BGP_EVPN, "neighbor PEER next-hop-self [force]",
	    "Send our address as next hop.", OP_PEER_NEXTHOP_SELF, X, 0 },
	{ CLI_BGP_EVPN, "neighbor PEER soft-reconfiguration inbound",
	    "Keep what the neighbor sent.", OP_PEER_SOFT_RECONFIG, X, 0 },
	{ CLI_BGP_EVPN, "neighbor PEER allowas-in [(1-10)]",
	    "Accept routes with our own AS in the path so many times; 3.",
	    OP_PEER_ALLOWAS_IN, X, 0 },
	{ CLI_BGP_EVPN, "neighbor PEER maximum-prefix "
	    "{(1-4294967295) [(1-100)] [restart (1-65535)|warning-only]}",
	    "Close the session after so many routes.", OP_PEER_MAX_PREFIX, X, 0 },
	{ CLI_BGP_EVPN, "advertise-all-vni",
	    "Take part with every VNI found in the kernel.", OP_EVPN_ALL_VNI, X, 0 },
	{ CLI_BGP_EVPN, "advertise-svi-ip",
	    "Advertise the bridges' own addresses.", OP_EVPN_SVI_IP, X, 0 },
	{ CLI_BGP_EVPN, "advertise-default-gw",
	    "Advertise the bridges' own addresses as default gateways.",
	    OP_EVPN_DEFAULT_GW, X, 0 },
	{ CLI_BGP_EVPN, "flooding (disable|head-end-replication)",
	    "What to do with broadcast.", OP_EVPN_FLOODING, X, 0 },
	{ CLI_BGP_EVPN, "redistribute static-mac",
	    "Advertise the hosts of \"mac MAC vtep IP\".", OP_EVPN_STATIC_MAC, X, 0 },
	{ CLI_BGP_EVPN, "autort rfc8365-compatible",
	    "Automatic route targets in the form of RFC 8365.", OP_EVPN_AUTORT, X, 0 },
	{ CLI_BGP_EVPN, "dup-addr-detection [max-moves (2-1000) time (2-1800)]",
	    "Notice addresses that move too often.", OP_EVPN_DAD, X, 0 },
	{ CLI_BGP_EVPN, "dup-addr-detection freeze {(permanent|(30-3600))}",
	    "Leave a duplicate address where it is, for so many seconds.",
	    OP_EVPN_DAD_FREEZE, X, 0 },
	{ CLI_BGP_EVPN, "advertise (ipv4|ipv6) unicast",
	    "Advertise the default VRF's routes as type 5.", OP_VRF_ADVERTISE, X, 0 },
	{ CLI_BGP_EVPN, "default-originate (ipv4|ipv6)",
	    "Advertise a default route for the default VRF.", OP_VRF_ORIGINATE, X, 0 },
	{ CLI_BGP_EVPN, "rd {RD}",
	    "Route distinguisher of the default VRF.", OP_VRF_RD, X, 0 },
	{ CLI_BGP_EVPN, "route-target (import|export|both) {RT...}",
	    "Route targets of the default VRF.", OP_VRF_RT, X, 0 },
	{ CLI_BGP_EVPN, "vni VNI",
	    "Settings of a VNI.", OP_VNI, CLI_VNI, 0 },
	{ CLI_BGP_EVPN, "exit-address-family",
	    "Leave this address family.", OP_EXIT, CLI_BGP, CLI_PLAIN },

	/* --- address-family ipv4, ipv6 unicast --- */
	{ CLI_BGP_V4, REDISTRIBUTE,
	    "Which routes of the VRF count.", OP_VRF_REDISTRIBUTE, X, 0 },
	{ CLI_BGP_V4, "network PREFIX",
	    "A prefix to advertise.", OP_VRF_NETWORK, X, 0 },
	{ CLI_BGP_V4, "exit-address-family",
	    "Leave this address family.", OP_EXIT, CLI_BGP, CLI_PLAIN },
	{ CLI_BGP_V6, REDISTRIBUTE,
	    "Which routes of the VRF count.", OP_VRF_REDISTRIBUTE, X, 0 },
	{ CLI_BGP_V6, "network PREFIX",
	    "A prefix to advertise.", OP_VRF_NETWORK, X, 0 },
	{ CLI_BGP_V6, "exit-address-family",
	    "Leave this address family.", OP_EXIT, CLI_BGP, CLI_PLAIN },

	/* --- vni --- */
	{ CLI_VNI, "rd {RD}",
	    "Route distinguisher; ROUTER-ID:VNI.", OP_VNI_RD, X, 0 },
	{ CLI_VNI, "route-target (import|export|both) {RT...}",
	    "Route targets; AS:VNI out, *:VNI in.", OP_VNI_RT, X, 0 },
	{ CLI_VNI, "flooding {(disable|head-end-replication|multicast IP IFNAME [ttl (1-255)]|static IP...)}",
	    "What to do with broadcast.", OP_VNI_FLOODING, X, 0 },
	{ CLI_VNI, "learning",
	    "Learn MACs from VTEPs that speak no BGP, too.", OP_VNI_LEARNING, X, 0 },
	{ CLI_VNI, "mac MAC {vtep IP [ip IP]}",
	    "A host behind a VTEP, whatever BGP says.", OP_VNI_MAC, X, 0 },
	{ CLI_VNI, "advertise-svi-ip",
	    "Advertise the bridge's own addresses.", OP_VNI_SVI_IP, X, 0 },
	{ CLI_VNI, "advertise-default-gw",
	    "Advertise the bridge's own addresses as default gateway.",
	    OP_VNI_DEFAULT_GW, X, 0 },
	{ CLI_VNI, "bridge {IFNAME}",
	    "The bridge; created when missing.", OP_VNI_BRIDGE, X, 0 },
	{ CLI_VNI, "vxlan {IFNAME [external]}",
	    "Name of the VXLAN device, vxlanVNI; external: one for all VNIs of its bridge.",
	    OP_VNI_VXLAN, X, 0 },
	{ CLI_VNI, "vlan {(1-4094)}",
	    "VLAN on a VLAN-aware bridge.", OP_VNI_VLAN, X, 0 },
	{ CLI_VNI, "port IFNAME [tagged]",
	    "A port to put in the bridge; in several VLANs: tagged.", OP_VNI_PORT, X, 0 },
	{ CLI_VNI, "gateway PREFIX [mac MAC]",
	    "Anycast gateway.", OP_VNI_GATEWAY, X, 0 },
	{ CLI_VNI, "vrf {VRF}",
	    "The VRF the bridge routes in.", OP_VNI_VRF, X, 0 },
	{ CLI_VNI, "resolution {(proactive|on-demand [age (1-86400)])}",
	    "Program what is known, or what is asked for.", OP_VNI_RESOLUTION, X, 0 },
	{ CLI_VNI, "neighbor-suppression",
	    "Answer ARP and ND from what is known; on.", OP_VNI_SUPPRESSION, X, 0 },
	{ CLI_VNI, "neighbor-suppression unknown {(flood|drop)}",
	    "ARP and ND requests for what is not known; flooded.", OP_VNI_UNKNOWN, X, 0 },
	{ CLI_VNI, "mac-limit {(1-16777216) [port (1-16777216)]}",
	    "MACs learned here, and behind one port; 262144, 65536.",
	    OP_VNI_MAC_LIMIT, X, 0 },
	{ CLI_VNI, "host-limit {(1-16777216) [port (1-16777216)]}",
	    "Addresses learned here, and behind one port; 524288, 131072.",
	    OP_VNI_HOST_LIMIT, X, 0 },
	{ CLI_VNI, "mtu {(576-65535)}",
	    "MTU of the devices; that of the underlay less the headers.", OP_VNI_MTU, X, 0 },
	{ CLI_VNI, "exit-vni", "Leave this VNI.", OP_EXIT, CLI_BGP_EVPN, CLI_PLAIN },

	/* --- vrf --- */
	{ CLI_VRF, "vni {VNI [prefix-routes-only]}",
	    "L3 VNI of the VRF.", OP_VRF_VNI, X, 0 },
	{ CLI_VRF, "table {(1-4294967295)}",
	    "Routing table of the VRF device, which is made when missing or changed.",
	    OP_VRF_TABLE, X, 0 },
	{ CLI_VRF, "bridge {IFNAME}",
	    "Bridge of the L3 VNI, created when missing.", OP_VRF_BRIDGE, X, 0 },
	{ CLI_VRF, "exit-vrf", "Leave this VRF.", OP_EXIT, CLI_CONFIG, CLI_PLAIN },

	/* --- router bgp AS vrf VRF --- */
	{ CLI_BGP_VRF, "bgp network import-check",
	    "Advertise a network only while it is in the routing table; on.",
	    OP_VRF_IMPORT_CHECK, X, 0 },
	{ CLI_BGP_VRF, REDISTRIBUTE, "", OP_VRF_REDISTRIBUTE, X, CLI_HIDDEN },
	{ CLI_BGP_VRF, "network PREFIX", "", OP_VRF_NETWORK, X, CLI_HIDDEN },
	{ CLI_BGP_VRF, "address-family l2vpn evpn",
	    "EVPN.", OP_VRF_AF, CLI_BGP_VRF_EVPN, CLI_PLAIN },
	{ CLI_BGP_VRF, "address-family ipv4 [unicast]",
	    "IPv4 routes of the VRF.", OP_VRF_AF, CLI_BGP_VRF_V4, CLI_PLAIN },
	{ CLI_BGP_VRF, "address-family ipv6 [unicast]",
	    "IPv6 routes of the VRF.", OP_VRF_AF, CLI_BGP_VRF_V6, CLI_PLAIN },
	{ CLI_BGP_VRF_EVPN, "advertise (ipv4|ipv6) unicast",
	    "Advertise the VRF's routes as type 5.", OP_VRF_ADVERTISE, X, 0 },
	{ CLI_BGP_VRF_EVPN, "default-originate (ipv4|ipv6)",
	    "Advertise a default route.", OP_VRF_ORIGINATE, X, 0 },
	{ CLI_BGP_VRF_EVPN, "rd {RD}",
	    "Route distinguisher of the VRF.", OP_VRF_RD, X, 0 },
	{ CLI_BGP_VRF_EVPN, "route-target (import|export|both) {RT...}",
	    "Route targets of the VRF.", OP_VRF_RT, X, 0 },
	{ CLI_BGP_VRF_EVPN, "exit-address-family",
	    "Leave this address family.", OP_EXIT, CLI_BGP_VRF, CLI_PLAIN },
	{ CLI_BGP_VRF_V4, REDISTRIBUTE,
	    "Which routes of the VRF count.", OP_VRF_REDISTRIBUTE, X, 0 },
	{ CLI_BGP_VRF_V4, "network PREFIX",
	    "A prefix to advertise.", OP_VRF_NETWORK, X, 0 },
	{ CLI_BGP_VRF_V4, "exit-address-family",
	    "Leave this address family.", OP_EXIT, CLI_BGP_VRF, CLI_PLAIN },
	{ CLI_BGP_VRF_V6, REDISTRIBUTE,
	    "Which routes of the VRF count.", OP_VRF_REDISTRIBUTE, X, 0 },
	{ CLI_BGP_VRF_V6, "network PREFIX",
	    "A prefix to advertise.", OP_VRF_NETWORK, X, 0 },
	{ CLI_BGP_VRF_V6, "exit-address-family",
	    "Leave this address family.", OP_EXIT, CLI_BGP_VRF, CLI_PLAIN },

	/* --- lines of FRR's that mean nothing here --- */
/* Their help is what is said of them, where it is more than that they mean nothing. */
#define IGNORED(mode, syntax) { mode, syntax, "", OP_IGNORED, X, CLI_HIDDEN }
/* Lines of a unicast family that are not about which routes count, and routes with strings. */
#define UNICAST	"(neighbor|maximum-paths|import|export|rd|rt|route-target|route-map|label|" \
		"aggregate-address|distance|nexthop|sid|table-map|bgp dampening) {LINE}"
#define UNUSED_ROUTES(mode) \
	IGNORED(mode, REDISTRIBUTE " LINE"), \
	IGNORED(mode, "redistribute (babel|bgp|eigrp|isis|nhrp|openfabric|ospf|ospf6|rip|" \
	    "ripng|sharp|table|vnc|vnc-direct) [LINE]"), \
	IGNORED(mode, "network (PREFIX LINE|A.B.C.D [LINE])")
#define NO_ADVERTISE(mode) \
	{ mode, "advertise (ipv4|ipv6) unicast LINE", \
	    "nothing is advertised by it, there are no route-maps here", OP_IGNORED, X, \
	    CLI_HIDDEN }
#define BLOCK(mode, syntax) { mode, syntax, "", OP_IGNORED, CLI_OTHER, CLI_HIDDEN }
	IGNORED(CLI_CONFIG, "frr (version|defaults) LINE"),
	IGNORED(CLI_CONFIG, "service LINE"),
	IGNORED(CLI_CONFIG, "domainname {LINE}"),
	{ CLI_CONFIG, "(password|enable) {LINE}", "", OP_IGNORED, X, CLI_HIDDEN | CLI_SECRET },
	{ CLI_CONFIG, "username LINE", "", OP_IGNORED, X, CLI_HIDDEN | CLI_SECRET },
	IGNORED(CLI_CONFIG, "banner LINE"),
	IGNORED(CLI_CONFIG, "log (record-priority|commands|timestamp LINE|facility LINE|"
	    "monitor LINE|trap LINE|error-category|unique-id|immediate-mode|filter-text LINE)"),
	IGNORED(CLI_CONFIG, "ip LINE"),
	IGNORED(CLI_CONFIG, "ipv6 LINE"),
	IGNORED(CLI_CONFIG, "debug LINE"),
	IGNORED(CLI_CONFIG, "zebra LINE"),
	IGNORED(CLI_CONFIG, "agentx"),
	IGNORED(CLI_CONFIG, "mac access-list LINE"),
	IGNORED(CLI_CONFIG, "access-list LINE"),
	IGNORED(CLI_CONFIG, "evpn mh LINE"),
	IGNORED(CLI_CONFIG, "bgp (as-path|community-list|extcommunity-list|"
	    "large-community-list|route-map|send-extra-data|session-dscp|"
	    "input-queue-limit|output-queue-limit) LINE"),
	IGNORED(CLI_CONFIG, "bgp (no-rib|suppress-fib-pending)"),
	BLOCK(CLI_CONFIG, "line vty"),
	BLOCK(CLI_CONFIG, "interface LINE"),
	BLOCK(CLI_CONFIG, "route-map LINE"),
	BLOCK(CLI_CONFIG, "router (ospf|ospf6|isis|rip|ripng|eigrp|babel|openfabric) [LINE]"),
	BLOCK(CLI_CONFIG, "bfd"),
	BLOCK(CLI_CONFIG, "nexthop-group LINE"),
	BLOCK(CLI_CONFIG, "key chain LINE"),
	IGNORED(CLI_OTHER, "LINE"),
	IGNORED(CLI_VRF, "(ip|ipv6|netns) {LINE}"),
	IGNORED(CLI_VRF, "router-id {A.B.C.D}"),
	IGNORED(CLI_BGP, "bgp default (ipv4-unicast|ipv6-unicast|show-hostname|"
	    "show-nexthop-hostname|local-preference {(0-4294967295)}|shutdown)"),
	IGNORED(CLI_BGP, "bgp (log-neighbor-changes|deterministic-med|always-compare-med|"
	    "fast-external-failover|fast-convergence|suppress-duplicates|"
	    "hard-administrative-reset|enforce-first-as|"
	    "client-to-client reflection|reject-as-sets|graceful-shutdown|"
	    "route-reflector allow-outbound-policy)"),
	IGNORED(CLI_BGP, "bgp (bestpath|dampening|update-delay|minimum-holdtime|"
	    "conditional-advertisement|route-map|lu-label|disable-ebgp-connected-route-check"
	    ") [LINE]"),
	IGNORED(CLI_BGP, "bgp graceful-restart disable-eor"),
	IGNORED(CLI_BGP, "(read-quanta|write-quanta|update-delay|coalesce-time|"
	    "maximum-paths|distance|aggregate-address|table-map|bmp|segment-routing|vnc|"
	    "vrf-policy) LINE"),
	UNUSED_ROUTES(CLI_BGP),
	IGNORED(CLI_BGP, "neighbor PEER (advertisement-interval|dont-capability-negotiate|"
	    "override-capability|strict-capability-match|enforce-first-as|"
	    "disable-connected-check|sender-as-path-loop-detection|"
	    "capability dynamic|capability fqdn) [LINE]"),
	IGNORED(CLI_BGP_V4, UNICAST),
	UNUSED_ROUTES(CLI_BGP_V4),
	IGNORED(CLI_BGP_V6, UNICAST),
	UNUSED_ROUTES(CLI_BGP_V6),
	IGNORED(CLI_BGP_OTHER_AF, "LINE"),
	{ CLI_BGP_OTHER_AF, "exit-address-family", "", OP_EXIT, CLI_BGP,
	    CLI_PLAIN | CLI_HIDDEN },
	{ CLI_BGP_EVPN, "neighbor PEER (route-map|prefix-list|filter-list|distribute-list) "
	    "[LINE]", "there are no route-maps and lists here, all routes pass",
	    OP_IGNORED, X, CLI_HIDDEN },
	IGNORED(CLI_BGP_EVPN, "neighbor PEER (send-community|attribute-unchanged|as-override|"
	    "remove-private-AS|addpath-tx-all-paths|addpath-tx-bestpath-per-AS|"
	    "disable-addpath-rx|route-server-client|unsuppress-map|weight) [LINE]"),
	IGNORED(CLI_BGP_EVPN, "(use-es-l3nhg|disable-ead-evi-rx|disable-ead-evi-tx|"
	    "enable-resolve-overlay-index)"),
	IGNORED(CLI_BGP_EVPN, "(ead-es-frag|ead-es-route-target|mac-vrf) {LINE}"),
	IGNORED(CLI_VNI, "advertise-subnet"),
	IGNORED(CLI_BGP_EVPN, "advertise-pip [LINE]"),
	NO_ADVERTISE(CLI_BGP_EVPN),
	IGNORED(CLI_BGP_EVPN, "network LINE"),
	IGNORED(CLI_BGP_VRF, "(bgp|neighbor|timers) LINE"),
	UNUSED_ROUTES(CLI_BGP_VRF),
	IGNORED(CLI_BGP_VRF_EVPN, "advertise-pip [LINE]"),
	NO_ADVERTISE(CLI_BGP_VRF_EVPN),
	IGNORED(CLI_BGP_VRF_EVPN, "network LINE"),
	IGNORED(CLI_BGP_VRF_V4, UNICAST),
	UNUSED_ROUTES(CLI_BGP_VRF_V4),
	IGNORED(CLI_BGP_VRF_V6, UNICAST),
	UNUSED_ROUTES(CLI_BGP_VRF_V6),
};

static const struct {
	const char *word;
	const char *help;
} words[] = {
	{ "show", "State and configuration" },
	{ "clear", "Reset" },
	{ "ip", "As FRR also spells it" },
	{ "bgp", "BGP" },
	{ "l2vpn", "Layer 2 VPNs" },
	{ "evpn", "Ethernet VPN" },
	{ "neighbor", "A neighbor or a peer-group" },
	{ "neighbors", "BGP neighbors" },
	{ "summary", "One line per neighbor" },
	{ "route", "EVPN routes" },
	{ "vni", "VXLAN network identifier" },
	{ "vrf", "Tenant VRF" },
	{ "mac", "MAC addresses" },
	{ "json", "As a JSON document" },
	{ "all", "All of them" },
	{ "detail", "At length" },
	{ "log", "Where to log" },
	{ "debug", "Debug lines" },
	{ "router", "A routing protocol" },
	{ "address-family", "Settings of one address family" },
	{ "timers", "Session timers" },
	{ "write", "Write the configuration" },
	{ "configuration", "What is configured, was and will be" },
	{ "configure", "Change the configuration" },
	{ "commit", "Put in force what was configured" },
	{ "rollback", "Back to an older configuration" },
	{ "dup-addr-detection", "Notice addresses that move too often" },
};
/* clang-format on */

const char *
cli_word_help(const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i].word) == len &&
		    memcmp(words[i].word, word, len) == 0)
			return words[i].help;
	return "";
}

const struct cli_cmd *
cli_command(int i)
{
	if (i < 0 || (size_t)i >= sizeof(commands) / sizeof(commands[0]))
		return NULL;
	return &commands[i];
}

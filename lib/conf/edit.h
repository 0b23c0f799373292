/*
 * edit - one command at work on a struct conf: what the setters share.
 *
 * A setter carries out one operation and its "no". It checks first and changes then, so that
 * a refused command has changed nothing.
 */
#ifndef CONF_EDIT_H
#define CONF_EDIT_H

#include "cli/grammar.h"
#include "conf/text.h"

struct edit {
	struct conf *c;
	struct conf_ctx *ctx;
	const struct cli_match *m;
	bool no;
	struct conf_msg *msg;
};

/* Refuses: "% " and the words go into the message. Returns false. */
bool edit_refuse(struct edit *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* The argument of that name, "" when it was left out. */
const char *edit_arg(const struct edit *e, const char *name);
bool edit_has(const struct edit *e, const char *name);
/* The I-th number in a range; 0 when left out. */
uint32_t edit_number(const struct edit *e, int i);
/* OUT becomes the string, or NULL after "no" and when it is empty. */
void edit_string(const struct edit *e, char **out, const char *s);
/* Adds the RTs of the command to LIST, or takes them out; all of them when none is named. */
void edit_rts(const struct edit *e, struct conf_rts *list);

/* The last of N elements of SIZE bytes goes to its place among the others, in order. */
void edit_place(
    void *array, size_t n, size_t size, int (*cmp)(const void *a, const void *b));

/* set_global.c */
bool set_hostname(struct edit *e);
bool set_log(struct edit *e);
bool set_log_file(struct edit *e);
bool set_debug(struct edit *e);
bool set_vxlan(struct edit *e);
bool set_vxlan_source(struct edit *e);
bool set_vxlan_source_ifname(struct edit *e);
bool set_vxlan_port(struct edit *e);
bool set_vxlan_anycast_mac(struct edit *e);
bool set_vxlan_groups(struct edit *e);

/* set_bgp.c */
bool set_router_bgp(struct edit *e);
bool set_bgp_router_id(struct edit *e);
bool set_bgp_cluster_id(struct edit *e);
bool set_bgp_timers(struct edit *e);
bool set_bgp_default_evpn(struct edit *e);
bool set_bgp_policy(struct edit *e);
bool set_bgp_damping(struct edit *e);
bool set_bgp_listen_limit(struct edit *e);
bool set_bgp_listen_range(struct edit *e);
bool set_bgp_rib_limit(struct edit *e);
bool set_bgp_gr_time(struct edit *e);
bool set_bgp_gr_disable(struct edit *e);
bool set_bgp_gr_tri(struct edit *e);
bool set_bgp_llgr(struct edit *e);

/* set_peer.c */
bool set_peer(struct edit *e);
bool set_peer_group(struct edit *e);
bool set_peer_interface(struct edit *e);
bool set_peer_member(struct edit *e);
bool set_peer_as(struct edit *e);
bool set_peer_port(struct edit *e);
bool set_peer_description(struct edit *e);
bool set_peer_password(struct edit *e);
bool set_peer_ao(struct edit *e);
bool set_peer_source(struct edit *e);
bool set_peer_timers(struct edit *e);
bool set_peer_connect(struct edit *e);
bool set_peer_send_hold(struct edit *e);
bool set_peer_multihop(struct edit *e);
bool set_peer_ttl(struct edit *e);
bool set_peer_shutdown(struct edit *e);
bool set_peer_tri(struct edit *e);
bool set_peer_gr(struct edit *e);
bool set_peer_allowas_in(struct edit *e);
bool set_peer_max_prefix(struct edit *e);
bool set_peer_bfd(struct edit *e);
bool set_peer_bfd_check(struct edit *e);
bool set_peer_bfd_profile(struct edit *e);
/* A "no" that only a group's or a default's "yes" gave meaning to is forgotten. */
void peer_settle(struct conf *c);

/* set_evpn.c */
bool set_evpn_flag(struct edit *e);
bool set_evpn_flooding(struct edit *e);
bool set_evpn_dad(struct edit *e);
bool set_evpn_dad_freeze(struct edit *e);

/* set_vni.c */
bool set_vni(struct edit *e);
bool set_vni_rd(struct edit *e);
bool set_vni_rt(struct edit *e);
bool set_vni_flooding(struct edit *e);
bool set_vni_tri(struct edit *e);
bool set_vni_name(struct edit *e);
bool set_vni_vrf(struct edit *e);
bool set_vni_number(struct edit *e);
bool set_vni_port(struct edit *e);
bool set_vni_gateway(struct edit *e);
bool set_vni_resolution(struct edit *e);
bool set_vni_suppression(struct edit *e);
bool set_vni_unknown(struct edit *e);
bool set_vni_learning(struct edit *e);
bool set_vni_mac(struct edit *e);
bool set_vni_limit(struct edit *e);

/* set_vrf.c */
bool set_vrf(struct edit *e);
bool set_vrf_vni(struct edit *e);
bool set_vrf_table(struct edit *e);
bool set_vrf_bridge(struct edit *e);
bool set_router_bgp_vrf(struct edit *e);
bool set_vrf_af(struct edit *e);
bool set_vrf_advertise(struct edit *e);
bool set_vrf_originate(struct edit *e);
bool set_vrf_rd(struct edit *e);
bool set_vrf_rt(struct edit *e);
bool set_vrf_redistribute(struct edit *e);
bool set_vrf_network(struct edit *e);
bool set_vrf_import_check(struct edit *e);

/* clash.c: what cannot be together is refused; true when it can. */
bool clash_l2(struct edit *e, uint32_t vni);
bool clash_l3(struct edit *e, const struct conf_vrf *v, uint32_t vni);
bool clash_table(struct edit *e, const struct conf_vrf *v, uint32_t table);
bool clash_gateway(
    struct edit *e, const struct conf_vni *v, const struct conf_gateway *g);
bool clash_vrf(struct edit *e, const struct conf_vni *v, const char *vrf);
bool clash_vlan(
    struct edit *e, const struct conf_vni *v, const char *bridge, uint16_t vlan);

/* log levels: the words of the grammar, index: syslog's number; NULL past the last. */
const char *conf_log_level(unsigned level);

/* write.c, write_vni.c, write_vrf.c: pieces of conf_write(). A VRF may be NULL. */
struct writer {
	void (*put)(const char *s, void *arg);
	void *arg;
	bool secrets;
};

void out(const struct writer *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void write_rts(const struct writer *w, const char *indent,
    const struct conf_rts *import, const struct conf_rts *export);
void write_peers(const struct writer *w, const struct conf *c);
void write_peers_evpn(const struct writer *w, const struct conf *c);
void write_vnis(const struct writer *w, const struct conf_evpn *e);
void write_vrf_evpn(const struct writer *w, const struct conf_vrf *v);
void write_vrf_unicast(const struct writer *w, const struct conf_vrf *v);
void write_vrfs(const struct writer *w, const struct conf *c);
void write_vrfs_bgp(const struct writer *w, const struct conf *c);

#endif

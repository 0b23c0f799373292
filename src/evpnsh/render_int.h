/*
 * render_int.h - what the render_*.c files share: reading a parsed document without asking
 * twice whether a member is there.
 */
#ifndef EVPNSH_RENDER_INT_H
#define EVPNSH_RENDER_INT_H

#include "evpnsh/render.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <string.h>

/* A member that is missing: NULL, "", 0, false. O may be NULL. */
struct json_object *jget(struct json_object *o, const char *key);
const char *jstr(struct json_object *o, const char *key);
int64_t jint(struct json_object *o, const char *key);
bool jtrue(struct json_object *o, const char *key);
/* Elements of an array, members of an object; 0 when it is neither. */
size_t jlen(struct json_object *o);
struct json_object *jat(struct json_object *array, size_t i);
bool is_object(struct json_object *o);
/* O, or an empty object when it is none: to go over the members of. */
struct json_object *jmembers(struct json_object *o);

/* FRR's "1344 bytes", "2896 KiB", "11 MiB". */
#define MEMSTR 32
char *memstr(char *buf, int64_t bytes);
/* hh:mm:ss and longer forms, of milliseconds. */
#define AGESTR 32
char *agestr(char *buf, int64_t ms);

/* A row of "show evpn kernel", for explain too. */
/* What becomes of requests for unknown addresses; nothing if that was not configured. */
void render_unknown(struct json_object *v, const char *indent, FILE *out);
void render_kernel_row(struct json_object *r, const char *indent, FILE *out);

/* A line for each. */
void render_events(struct json_object *events, const char *indent, FILE *out);

#define RENDERER(name) \
	void name(const struct cli_match *m, struct json_object *doc, FILE *out)

RENDERER(render_bfd_peers);
RENDERER(render_bfd_brief);
RENDERER(render_bfd_counters);
RENDERER(render_bfd_peer);
RENDERER(render_bfd_peer_counters);
/* One that gets its document in slices. */
#define TABLE_RENDERER(name) \
	void name(struct render_part *p, struct json_object *doc, FILE *out)

/* The container KEY goes on in this slice; notes it. */
bool part_goes_on(struct render_part *p, const char *key);

RENDERER(render_bgp_summary);
RENDERER(render_bgp_neighbors);
TABLE_RENDERER(render_bgp_all);
TABLE_RENDERER(render_bgp_route);
TABLE_RENDERER(render_bgp_route_vni);
TABLE_RENDERER(render_bgp_advertised);
RENDERER(render_bgp_gr);
RENDERER(render_bgp_vni);
RENDERER(render_bgp_import_rt);
RENDERER(render_evpn);
RENDERER(render_evpn_vni);
TABLE_RENDERER(render_evpn_mac);
TABLE_RENDERER(render_evpn_arp);
RENDERER(render_evpn_rmac);
RENDERER(render_evpn_nexthops);
RENDERER(render_bgp_vrf_vni);
RENDERER(render_vrf_vni);
TABLE_RENDERER(render_kernel);
RENDERER(render_misses);
RENDERER(render_explain);
RENDERER(render_explain_prefix);
RENDERER(render_history);
RENDERER(render_event);
RENDERER(render_debugging);
RENDERER(render_audit);
RENDERER(render_version);
RENDERER(render_running);
RENDERER(render_transaction);
RENDERER(render_memory);
RENDERER(render_logging);

#endif

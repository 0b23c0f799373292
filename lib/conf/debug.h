/*
 * debug - which debug lines are asked for: a set of switches, each of a subject, perhaps of
 * one neighbor, MAC or VNI only. In the configuration, and in the daemon as typed.
 */
#ifndef CONF_DEBUG_H
#define CONF_DEBUG_H

#include "base/addr.h"

struct cli_match;

enum conf_debug_what {
	DEBUG_BGP_KEEPALIVES,
	DEBUG_BGP_EVENTS,
	DEBUG_BGP_UPDATES_IN,
	DEBUG_BGP_UPDATES_OUT,
	DEBUG_EVPN,
	DEBUG_EVPN_MAC,
	DEBUG_EVPN_VNI,
	DEBUG_KERNEL,
	DEBUG_COUNT,
};

struct conf_debug {
	uint8_t what;  /* enum conf_debug_what */
	char only[64]; /* a neighbor, a MAC, a VNI, as written; "": all */
};

struct conf_debugs { /* in order, each once */
	struct conf_debug *list;
	uint16_t n;
};

#define CONF_DEBUGS 256 /* at the most */

/* Switches as the command says ("no debug all": all off). False: too many of them. */
bool conf_debug_command(struct conf_debugs *d, const struct cli_match *m);
/* False: too many. */
bool conf_debug_set(struct conf_debugs *d, const struct conf_debug *one, bool on);
bool conf_debug_has(const struct conf_debugs *d, const struct conf_debug *one);
/* Is there a switch of WHAT for ONLY, or for all? */
bool conf_debug_match(
    const struct conf_debugs *d, enum conf_debug_what what, const char *only);
#define CONF_DEBUG_STRLEN 128
/* "debug bgp updates in 10.0.0.1" */
char *conf_debug_str(char *buf, const struct conf_debug *one);
void conf_debug_fini(struct conf_debugs *d);

#endif

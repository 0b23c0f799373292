/*
 * audit.h - what the files of "show evpn audit" share. Each looks at one sort of thing and
 * reports with audit_put(): what is wrong, and the command that mends it.
 */
#ifndef EVPND_AUDIT_H
#define EVPND_AUDIT_H

#include "show_int.h"

struct audit_finding {
	const char
	    *level; /* "error": traffic is lost; "warning": it may be, or is slow */
	const char *what; /* a word for scripts */
	uint32_t vni;     /* 0: of the host */
	const char *ifname;
};

/* COMMAND NULL: no command mends it. */
void audit_put(struct show *s, const struct audit_finding *f, const char *command,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* audit_host.c */
void audit_host(struct show *s);

/* audit_guard.c: limits reached, and who claims to be a gateway */
void audit_evi_guard(struct show *s, struct evi *evi);
void audit_ration(struct show *s);

/* audit_down.c: what is down, and why */
void audit_evi_down(struct show *s, const struct evi *evi);
void audit_ipvrf_down(struct show *s, const struct ipvrf *v);
/* Devices that are not what the configuration wants, and cannot be made so. */
void audit_devices(struct show *s);

#endif

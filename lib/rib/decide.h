/*
 * decide - which path of a dest is best (RFC 4271, 9.1.2; RFC 4456, 9; RFC 7432, 15 within
 * one NLRI, as FRR does).
 */
#ifndef RIB_DECIDE_H
#define RIB_DECIDE_H

#include "rib/rib.h"

/*
 * Negative: A is better, positive: B is. Never 0 for different paths. OUT: the step that
 * decided.
 */
int path_cmp(const struct path *a, const struct path *b, enum decide_reason *out);
/* Sorts D's best path to the front and notes the reason. */
void dest_decide(struct dest *d);
/* FRR's words: "First path received", "Local Pref", "AS Path", "Router ID" ... */
const char *decide_reason_name(enum decide_reason reason);

#endif

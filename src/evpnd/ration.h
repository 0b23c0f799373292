/*
 * ration - how much memory the routes of all neighbors may take: "bgp rib-limit".
 *
 * At the limit routes that are new are not kept; those that replace another are, until an
 * eighth more is taken, and then the route they replace goes, too. Withdrawals always count.
 * Who lost routes that way is asked for all of them again (route refresh) once an eighth of
 * the limit is free. Our own routes are not limited here.
 */
#ifndef EVPND_RATION_H
#define EVPND_RATION_H

#include <stdbool.h>
#include <stdint.h>

struct evpnd;
struct nlri;
struct peer;
struct peers;

struct ration {
	bool over;
	uint64_t refused; /* routes, since the start */
};

uint64_t ration_limit(const struct evpnd *d); /* bytes */
uint64_t ration_used(const struct evpnd *d);
/* May P's route KEY be kept? If not, what it replaces may have to go: *OUT_LOSE. */
bool ration_admits(struct peer *p, const struct nlri *key, bool *out_lose);
const struct ration *ration_of(const struct peers *ps);
/* From time to time: is there room again? */
void ration_check(struct peers *ps);

#endif

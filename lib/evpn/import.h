/*
 * import - who takes routes in: the route targets of an EVI or an IP-VRF.
 *
 * An importer is filed under each target it imports (rt.c). When its targets change, its
 * generation does, and it waits for a round: the pipeline shows it every route that is in
 * the RIB already (evpn_reimport()); routes of an older generation are then swept.
 */
#ifndef EVPN_IMPORT_H
#define EVPN_IMPORT_H

#include "base/addr.h"

struct rt_set {
	struct ecom *rt;
	uint16_t n;
};

struct importer {
	uint32_t vni;   /* the number of automatic targets */
	bool l3;        /* an IP-VRF's; else an EVI's */
	bool automatic; /* imports any AS, number VNI or 0x10000000|VNI */
	bool reimport;  /* routes in the RIB are to be looked at again for it */
	bool in_round;  /* REIMPORT is under way for it */
	bool sweep;     /* the walk drops routes that the round has not confirmed */
	uint8_t gen;    /* of its import targets; its routes note it */
	uint32_t stamp; /* of the last route that it was shown */
	struct rt_set import; /* in force */
	struct rt_set export;
};

#endif

/*
 * unknown - "neighbor-suppression unknown drop": requests (ARP, ND) for addresses that nobody
 * knows are not flooded to other VTEPs.
 *
 * The bridge answers requests for neighbours it has, and keeps gratuitous ARP and probes for
 * duplicates from a port that suppresses; what is left of the requests to all, and goes out of
 * the vxlan device, is for addresses that BGP does not know. A filter there drops them, the
 * row KOBJ_REQDROP. Unicast requests pass: hosts ask so whether a neighbour still lives.
 *
 * On demand an address that BGP knows may be no neighbour yet: its request is dropped, too,
 * and answered by us (answer.c).
 *
 * Keeps: per EVI the device that has the row. Always: no row where the bridge does not answer
 * for what is known, or where the device is not the VNI's alone.
 */
#include "evpn/state.h"

const char *
evi_unknown_why_not(const struct evi *evi)
{
	const struct klink *vx = device_link_of(evi->evpn, evi->vxlan);

	if (vx == NULL || !vx->is_port)
		return "there is no vxlan device in a bridge";
	if (!evi->conf.suppression)
		return "nothing is suppressed";
	if (vx->vxlan.external)
		return "it shares its vxlan device with other VNIs";
	if (evi->proxy)
		return "its vxlan device answers for its neighbours, and drops all "
		       "other requests";
	if (evi->svi == 0)
		return "its VLAN has no device on the bridge, without which that does "
		       "not answer";
	if (!vx->port.neigh_suppress)
		return "the bridge does not suppress yet";
	return NULL;
}

void
unknown_update(struct evi *evi, uint64_t now)
{
	struct ktab *t = evi->evpn->ktab;
	bool on = evi->conf.drop_unknown && !evi->dying && evi->live &&
	    evi_unknown_why_not(evi) == NULL;
	uint32_t ifindex = on ? evi->vxlan : 0;
	struct kval val = kval_reqdrop();
	struct kkey key = kkey_reqdrop(evi->unknown_on);

	/* Also what an earlier life left is to go. */
	if (evi->vxlan != 0 && !evi->dying)
		ktab_manage(t, KOBJ_REQDROP, evi->vxlan, true);
	if (evi->unknown_on != 0 && evi->unknown_on != ifindex)
		ktab_want(t, &key, NULL, now);
	evi->unknown_on = ifindex;
	if (ifindex == 0)
		return;
	key = kkey_reqdrop(ifindex);
	ktab_want(t, &key, &val, now);
}

/*
 * underlay - the ways to the other VTEPs: which devices, and what fits through them.
 *
 * Looked at again when one of these devices changes, and a little after routes have come;
 * the smallest MTU is what the devices that we make are sized by.
 */
#ifndef EVPND_UNDERLAY_H
#define EVPND_UNDERLAY_H

#include <stdbool.h>
#include <stdint.h>

struct evpnd;
struct klink;

#define UNDERLAY_WAYS 16

struct underlay {
	struct {
		uint32_t ifindex, mtu;
	} ways[UNDERLAY_WAYS]; /* one per device: the smallest MTU */
	unsigned n;
	uint32_t mtu;     /* of all; 0: not known */
	bool due;         /* to be looked at in this turn */
	bool soon;        /* to be looked at SOON_MS after the last time */
	uint64_t look_ms; /* the last time */
};

/* Looks, now. */
void underlay_look(struct evpnd *d, uint64_t now);
/* A device changed. */
void underlay_link(struct evpnd *d, const struct klink *l);
/* Looks if it is due; true when the smallest MTU has changed. */
bool underlay_turn(struct evpnd *d, uint64_t now);
/* When underlay_turn() will have something to do; UINT64_MAX: never. */
uint64_t underlay_deadline(const struct evpnd *d);

#endif

/*
 * replay - frames to MACs that the bridge did not know, which the kernel drops at a sensor
 * device (lib/evpn/sensor.c): read there, kept until the MAC's rows are in the kernel, then
 * sent out of the vxlan device.
 */
#ifndef EVPND_REPLAY_H
#define EVPND_REPLAY_H

#include "base/addr.h"

struct event_base;
struct replay;

struct replay_env {
	struct event_base *base;
	/* A frame to MAC came to the sensor IFINDEX: is it to be kept, and for which VNI? */
	bool (*keep)(
	    void *arg, uint32_t ifindex, const struct mac *mac, uint32_t *out_vni);
	/* All frames that had come were told: what became wanted can be written. */
	void (*read)(void *arg);
	/* Can it be sent, and out of which device? */
	bool (*ready)(
	    void *arg, uint32_t vni, const struct mac *mac, uint32_t *out_ifindex);
	void (*log)(int level, const char *text); /* syslog levels; may be NULL */
	void *arg;
};

struct replay *replay_new(const struct replay_env *env);
void replay_free(struct replay *r);
/* Reads a sensor, or does no more. Idempotent. */
void replay_device(struct replay *r, uint32_t ifindex, bool on);
/* Sends what can be sent; what waited too long is dropped. */
void replay_send(struct replay *r, uint64_t now);

#endif

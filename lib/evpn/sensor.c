/*
 * sensor - can a VNI resolve on demand, and the device that it takes (demand.c says why).
 *
 * The sensor is a vxlan device of ours in the VNI's bridge, made and taken away by wish: its
 * UDP port is nobody's (SENSOR_PORT), it knows no MAC and so sends nothing, its port is
 * locked so that nothing comes in, and gets no broadcast. Its MTU is large and its MAC high,
 * since a bridge takes the smallest of each of its ports. Once it is in place the forwarding
 * device's port stops flooding unknown unicast; when the mode ends that starts again first.
 *
 * A VNI that is to be on demand but cannot (yet) is proactive meanwhile, with the reason in
 * words: evi->proactive.
 */
#include <stdio.h>
#include <stdlib.h>

#include "evpn/state.h"

#define SENSOR_MTU 65000

static void
sensor_name(const struct evi *evi, char *buf)
{
	snprintf(buf, KLINK_NAME, "sensor%u", evi->vni);
}

bool
sensor_is(const struct klink *l)
{
	return l->kind == KLINK_VXLAN && l->vxlan.l2miss && !l->vxlan.external &&
	    l->vxlan.port == SENSOR_PORT;
}

struct klink *
sensor_of(struct evi *evi)
{
	struct evdev *d = evdev_first(evi->evpn, EVDEV_SENSOR, evi->vni);

	return d != NULL ? device_link_of(evi->evpn, d->ifindex) : NULL;
}

static const char *
why_not_bridged(struct evi *evi, const struct klink *vx)
{
	const struct klink *br = device_link_of(evi->evpn, vx->master);
	const struct klink *s = sensor_of(evi);

	if (br != NULL && br->vlan_filtering && evi->conf.vlan == 0)
		return "\"vlan\" has to say which VLAN of the bridge it is";
	if (s == NULL || !s->up || !s->is_port || s->master != vx->master ||
	    !s->port.flood)
		return "its sensor device is not in place yet";
	if (br != NULL && br->vlan_filtering && s->port.pvid != evi->vlan)
		return "its sensor device is not in the VLAN yet";
	return NULL;
}

const char *
sensor_why_not(struct evi *evi)
{
	const struct klink *vx = device_link_of(evi->evpn, evi->vxlan);

	if (vx == NULL)
		return "there is no vxlan device";
	if (vx->vxlan.external)
		return "it shares its vxlan device with other VNIs";
	if (ip_is_set(&evi->group) && !evi->direct)
		return "unknown MACs go to the multicast group";
	if (evi->alone || evi->direct)
		return NULL;
	return why_not_bridged(evi, vx);
}

static bool
is_needed(const struct evi *evi, const struct klink *vx)
{
	return evi->conf.on_demand && vx != NULL && vx->is_port && !evi->direct &&
	    !vx->vxlan.external && !ip_is_set(&evi->group);
}

static struct klink_want
sensor_want(const struct evi *evi, const char *bridge)
{
	struct klink_want s = { .kind = KLINK_VXLAN,
		.what = KLINK_WANT_CREATE | KLINK_WANT_MASTER | KLINK_WANT_UP |
		    KLINK_WANT_PORT | KLINK_WANT_FLOOD | KLINK_WANT_QUIET |
		    KLINK_WANT_NOLEARN | KLINK_WANT_MTU | KLINK_WANT_MAC |
		    KLINK_WANT_NOADDRGEN,
		.mtu = SENSOR_MTU,
		.mac = { { 0xfe, 0xff, 0xfe, (uint8_t)(evi->vni >> 16),
		    (uint8_t)(evi->vni >> 8), (uint8_t)evi->vni } } };

	sensor_name(evi, s.name);
	memcpy(s.master, bridge, strnlen(bridge, KLINK_NAME - 1));
	s.vxlan.vni = evi->vni;
	s.vxlan.port = SENSOR_PORT;
	s.vxlan.l2miss = true;
	s.port.flood = true;
	s.port.neigh_suppress = true;
	return s;
}

/* One that an earlier life left goes like one of this life. */
static void
sensor_unwant(struct evi *evi, const struct klink *s)
{
	struct klinks *k = evi->evpn->klinks;
	struct klink_want want = sensor_want(evi, "");

	if (!s->ours || klink_want_find(k, s->name) != NULL)
		return;
	memcpy(want.name, s->name, sizeof(want.name));
	klink_want(k, &want);
	klink_unwant(k, want.name);
}

void
sensor_wish(struct wishes *w)
{
	struct evi *evi = w->evi;
	const struct klink *vx = device_link_of(evi->evpn, evi->vxlan);
	const struct klink *s = sensor_of(evi);
	struct klink_want want;

	/* It stays until the forwarding device floods again. */
	if (is_needed(evi, vx) ||
	    (s != NULL && s->ours && vx != NULL && vx->is_port && !vx->port.flood)) {
		want = sensor_want(evi, evi->bridge_name);
		wish_add(w, &want);
	} else if (s != NULL) {
		sensor_unwant(evi, s);
	}
}

void
sensor_port_wish(struct evi *evi, struct klink_want *v)
{
	const struct klink *s = sensor_of(evi);
	const struct klink_want *have = klink_want_find(evi->evpn->klinks, v->name);
	bool on = evi->demand != NULL && !evi->direct && !evi->alone;

	if (!on && (s == NULL || !s->ours) &&
	    (have == NULL || !(have->what & KLINK_WANT_FLOOD)))
		return;
	v->what |= KLINK_WANT_FLOOD;
	v->port.flood = !on;
}

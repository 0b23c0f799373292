/*
 * show_event.h - one event as a JSON object, and which events are about one address.
 */
#ifndef EVPND_SHOW_EVENT_H
#define EVPND_SHOW_EVENT_H

#include "feed.h"
#include "show_int.h"

/* An object; before it, when something was missed, another one that says so. */
void show_event(struct show *s, const struct feed_event *e);
/* Is it about the VNI, and the MAC or the IP, that the command names? */
bool show_event_is_asked(struct show *s, const struct feed_event *e);
/* The last events that are about the address asked for, as an array. */
void show_event_last(struct show *s, const char *key);

/* show_kernel.c: whose an entry is, 0: no VNI's; the members that name it; its value. */
uint32_t show_kernel_vni(struct show *s, const struct kkey *k, const struct kval *v);
void show_kernel_key(struct show *s, const struct kkey *k);
void show_kernel_value(
    struct show *s, const char *name, const struct kkey *k, const struct kval *v);

#endif

/*
 * packet - a packet socket, to hear one device or to send by. One that cannot be opened is
 * told of once, tried again, and told of when it is there.
 */
#ifndef EVPND_PACKET_H
#define EVPND_PACKET_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

struct sock_filter;

struct packet {
	/* the owner's, from before packet_open() on */
	const struct sock_filter
	    *filter; /* of NFILTER instructions; NULL: hears nothing */
	uint16_t nfilter;
	int option; /* of SOL_PACKET: switched on; 0: none */
	int rcvbuf; /* 0: default */
	uint32_t ifindex;
	const char *lost; /* what there is not without it, in words */
	struct event_base *base;
	event_callback_fn frames; /* there are some; with ARG */
	void *arg;
	void (*log)(int level, const char *text); /* syslog levels; may be NULL */
	/* packet's */
	int fd; /* -1: not open */
	struct event *ev, *retry;
	bool told;
};

void packet_open(struct packet *p);
void packet_close(struct packet *p);

#endif

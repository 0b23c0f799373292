/*
 * bfd - one BFD session (RFC 5880, 6), asynchronous mode: what comes in, what time it is and
 * some random bits give the state and the packets to send.
 *
 * Keeps: the state variables of 6.8.1. Pure: the caller owns the clock (microseconds,
 * monotonic), the sockets and the randomness, and calls bfd_expire() and bfd_output() when
 * bfd_deadline() has come and after every bfd_receive().
 *
 * Always: in any state but Up we offer to send once a second at the most (6.8.3); a longer
 * interval of ours holds, and a shorter one that we offer to receive counts for detection,
 * only when the other side has answered the poll.
 */
#ifndef BFD_BFD_H
#define BFD_BFD_H

#include "bfd/packet.h"

#define BFD_NEVER UINT64_MAX
#define BFD_SLOW_US 1000000

/* FRR's defaults. */
#define BFD_MULT 3
#define BFD_INTERVAL_MS 300

struct bfd_timers {
	uint8_t mult;
	uint32_t tx_us; /* desired minimum of what we send */
	uint32_t rx_us; /* required minimum of what we receive */
};

struct bfd {
	struct bfd_timers want; /* as configured */
	uint32_t my_disc, your_disc;
	uint8_t state, remote_state; /* enum bfd_state */
	uint8_t diag, remote_diag;
	bool independent; /* our C bit */
	bool remote_independent, remote_demand;
	uint8_t remote_mult;                 /* 0: nothing was heard yet */
	uint32_t remote_tx_us, remote_rx_us; /* what it last said */
	uint32_t remote_echo_us;
	uint32_t tx_us, rx_us;     /* ours, in force */
	bool polling;              /* a poll sequence is under way */
	bool final_due;            /* the other side polls */
	uint64_t tx_at, detect_at; /* BFD_NEVER: not */
	uint64_t changed_us;       /* entered or left Up */
};

void bfd_init(
    struct bfd *b, uint32_t my_disc, const struct bfd_timers *t, uint64_t now_us);
/* Other timers; in Up by a poll sequence. */
void bfd_configure(struct bfd *b, const struct bfd_timers *t, uint64_t now_us);
/* Into AdminDown, and out of it to Down. */
void bfd_admin_down(struct bfd *b, bool down, uint64_t now_us);
/* A packet of the other side that bfd_packet_get() let pass and that is of this session. */
void bfd_receive(struct bfd *b, const struct bfd_packet *p, uint64_t now_us);
/* The detection time may be over. */
void bfd_expire(struct bfd *b, uint64_t now_us);
/*
 * True: OUT is to be sent now; ask again. RANDOM gives the jitter of 6.8.7: a quarter of the
 * interval, less when a single lost packet ends the session.
 */
bool bfd_output(
    struct bfd *b, uint64_t now_us, uint32_t random, struct bfd_packet *out);
/* When to look again. */
uint64_t bfd_deadline(const struct bfd *b);

/* Agreed: how often we send, and after which silence the session is down. */
uint32_t bfd_tx_interval(const struct bfd *b);
uint64_t bfd_detection_time(const struct bfd *b);

#endif

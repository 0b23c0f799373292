/*
 * packet - the BFD control packet (RFC 5880, 4.1): bytes to struct and back.
 *
 * Times are microseconds, as on the wire. Authentication is not spoken: a packet with the A
 * bit is not for us (6.8.6), and none of ours has it.
 */
#ifndef BFD_PACKET_H
#define BFD_PACKET_H

#include "base/bytes.h"

#define BFD_VERSION 1
#define BFD_PACKET_LEN 24 /* without authentication */

enum bfd_state {
	BFD_ADMIN_DOWN,
	BFD_DOWN,
	BFD_INIT,
	BFD_UP,
};

enum bfd_diag {
	BFD_DIAG_NONE,
	BFD_DIAG_EXPIRED,       /* control detection time expired */
	BFD_DIAG_ECHO,          /* echo function failed */
	BFD_DIAG_NEIGHBOR_DOWN, /* neighbor signaled session down */
	BFD_DIAG_RESET,         /* forwarding plane reset */
	BFD_DIAG_PATH_DOWN,
	BFD_DIAG_CONCAT_DOWN,
	BFD_DIAG_ADMIN_DOWN,
	BFD_DIAG_REVERSE_DOWN,
	BFD_DIAGS,
};

struct bfd_packet {
	uint8_t state; /* enum bfd_state */
	uint8_t diag;  /* enum bfd_diag, or a number not assigned */
	bool poll, final;
	bool independent; /* C: survives a restart of the control plane */
	bool demand;
	uint8_t mult;
	uint32_t my_disc, your_disc;
	uint32_t min_tx_us, min_rx_us, min_echo_us;
};

/*
 * False: to be dropped, OUT_WHY says for what reason. All that 6.8.6 asks for before a session
 * is looked for has been checked.
 */
bool bfd_packet_get(struct cursor *c, struct bfd_packet *out, const char **out_why);
void bfd_packet_put(struct builder *b, const struct bfd_packet *p);

/* FRR's words: "up", "down", "init", "shutdown". */
const char *bfd_state_name(unsigned state);
/* FRR's words: "ok", "control detection time expired"; "invalid" when not assigned. */
const char *bfd_diag_name(unsigned diag);

#endif

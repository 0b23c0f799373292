/*
 * error - what a peer did wrong, and what that costs it (RFC 4271, 6; RFC 7606).
 */
#ifndef BGP_ERROR_H
#define BGP_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* RFC 7606, 2, in growing severity; the worst verdict of a message wins. */
enum bgp_verdict {
	BGP_OK,
	BGP_DISCARD,  /* attribute discarded, routes kept */
	BGP_WITHDRAW, /* the message's routes treated as withdrawn */
	BGP_RESET,    /* NOTIFICATION, session over */
};

/* A shutdown message of RFC 9003 fits, its length octet included. */
#define BGP_ERROR_DATA 256

/* The contents of a NOTIFICATION, and the words for our own log and shows. */
struct bgp_error {
	uint8_t code; /* RFC 4271, 4.5; 0: none */
	uint8_t subcode;
	bool hard; /* wrapped in a Cease/Hard Reset (RFC 8538, 3.1) */
	uint16_t len;
	uint8_t data[BGP_ERROR_DATA];
	char text[256]; /* "attribute ORIGIN: length 2, expected 1" */
};

enum { /* NOTIFICATION codes */
	BGP_ERR_HEADER = 1,
	BGP_ERR_OPEN = 2,
	BGP_ERR_UPDATE = 3,
	BGP_ERR_HOLD = 4,
	BGP_ERR_FSM = 5,
	BGP_ERR_CEASE = 6,
	BGP_ERR_REFRESH = 7,   /* RFC 7313 */
	BGP_ERR_SEND_HOLD = 8, /* RFC 9687 */
};

enum { /* subcodes of the header's errors */
	BGP_HEADER_SYNC = 1,
	BGP_HEADER_LENGTH = 2,
	BGP_HEADER_TYPE = 3,
};

enum { /* of an OPEN's; 0: unspecific */
	BGP_OPEN_VERSION = 1,
	BGP_OPEN_AS = 2,
	BGP_OPEN_ID = 3,
	BGP_OPEN_PARAMETER = 4,
	BGP_OPEN_HOLD = 6,
	BGP_OPEN_CAPABILITY = 7,
};

enum { /* of an UPDATE's */
	BGP_UPDATE_LIST = 1,
	BGP_UPDATE_WELLKNOWN = 2,
	BGP_UPDATE_MISSING = 3,
	BGP_UPDATE_FLAGS = 4,
	BGP_UPDATE_LENGTH = 5,
	BGP_UPDATE_ORIGIN = 6,
	BGP_UPDATE_NEXTHOP = 8,
	BGP_UPDATE_OPTIONAL = 9,
	BGP_UPDATE_NETWORK = 10,
	BGP_UPDATE_AS_PATH = 11,
};

enum { /* Cease, RFC 4486, RFC 8538, RFC 9384 */
	BGP_CEASE_MAXPREFIX = 1,
	BGP_CEASE_SHUTDOWN = 2,
	BGP_CEASE_DECONFIGURED = 3,
	BGP_CEASE_RESET = 4,
	BGP_CEASE_REJECTED = 5,
	BGP_CEASE_CONFIG = 6,
	BGP_CEASE_COLLISION = 7,
	BGP_CEASE_RESOURCES = 8,
	BGP_CEASE_HARD = 9,
	BGP_CEASE_BFD = 10,
};

/*
 * Fills ERR: code, subcode, LEN bytes of data (cut at BGP_ERROR_DATA) and a text. Returns
 * BGP_RESET, so that a decoder can say "return bgp_error_set(...)".
 */
enum bgp_verdict bgp_error_set(struct bgp_error *err, uint8_t code, uint8_t subcode,
    const void *data, size_t len, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));

/* FRR's words: "UPDATE Message Error", "Cease"; "Unknown" when it is. */
const char *bgp_error_code_name(uint8_t code);
/* "/Administratively Shutdown"-like subcode words, "" when there are none. */
const char *bgp_error_subcode_name(uint8_t code, uint8_t subcode);

#endif

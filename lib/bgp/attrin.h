/*
 * attrin - attributes on their way in: what the decoder of an UPDATE keeps while it goes
 * through them. For attr.c and update.c only.
 */
#ifndef BGP_ATTRIN_H
#define BGP_ATTRIN_H

#include "bgp/update.h"

struct attr_in {
	const struct attr_ctx *ctx;
	struct update *u;
	struct builder aspath; /* into u->aspath; used when AS numbers have two bytes */
	struct builder unknown; /* into u->unknown */
	struct blob as4_path;
	bool as4_aggregator; /* seen; the two below are valid */
	uint32_t as4_aggregator_as;
	uint32_t as4_aggregator_id;
	uint8_t seen[32]; /* one bit per attribute type */
};

/* A row of the table in attr.c. */
struct attr_desc {
	const char *name;
	uint8_t flags;
	uint8_t subcode; /* of the NOTIFICATION for bad contents */
	bool ibgp;       /* discarded when an external peer sends it */
	uint8_t unit;    /* the length is a multiple of it */
	uint16_t min, max;
	enum bgp_verdict on_error;
	const char *(*get)(struct attr_in *in, struct cursor *c);
	void (*put)(
	    struct builder *b, const struct attr_value *v, const struct attr_ctx *ctx);
};

/* NULL: unknown. */
const struct attr_desc *attr_find(uint8_t type);

/*
 * Keeps an attribute whole among the unknown, with FLAGS, as it is to be passed on; VALUE is
 * not consumed. NULL, or what is wrong.
 */
const char *attr_keep(
    struct attr_in *in, uint8_t type, uint8_t flags, const struct cursor *value);

/* CTX and U, whose verdict is BGP_OK and whose draft is zero, are kept. */
void attr_in_init(struct attr_in *in, const struct attr_ctx *ctx, struct update *u);
bool attr_in_seen(const struct attr_in *in, uint8_t type);

/*
 * Takes the next attribute off C, raising u->verdict and setting u->err when it is worse
 * than what came before. False: the attribute's length overruns C, nothing more can be read.
 */
bool attr_get(struct attr_in *in, struct cursor *c);

/* After the last one: merges AS4_PATH and AS4_AGGREGATOR, fills the draft's derived fields. */
void attr_in_finish(struct attr_in *in);

/* Raises the verdict of U; ERR's subcode of an UPDATE error and its text. */
void update_fault(struct update *u, enum bgp_verdict verdict, uint8_t subcode,
    const void *data, size_t len, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));

#endif

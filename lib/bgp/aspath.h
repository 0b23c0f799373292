/*
 * aspath - AS_PATH segments as bytes: checked, counted, widened, merged (RFC 4271, 4.3 and
 * 5.1.2; RFC 5065; RFC 6793). What other layers need of a path is in attr.h.
 */
#ifndef BGP_ASPATH_H
#define BGP_ASPATH_H

#include "bgp/attr.h"

#define AS_TRANS 23456 /* RFC 6793: stands for an AS that does not fit two bytes */

enum aspath_segment {
	ASPATH_SET = 1,
	ASPATH_SEQUENCE = 2,
	ASPATH_CONFED_SEQUENCE = 3,
	ASPATH_CONFED_SET = 4,
};

/* SIZE: bytes of an AS number, 2 or 4. NULL, or what is wrong (RFC 7606, 7.2). */
const char *aspath_check(const struct blob *path, unsigned size);
/* As the decision counts: a set is one, confederations are none. */
unsigned aspath_count(const struct blob *path);
/* A checked path of two-byte numbers, written with four. */
void aspath_widen(struct builder *b, const struct blob *path);
/*
 * B holds a widened AS_PATH; AS4, checked, is merged into it (RFC 6793, 4.2.3). Leaves B alone
 * when AS4 is longer.
 */
void aspath_merge(struct builder *b, const struct blob *as4);
/* With two-byte numbers; AS_TRANS for those that do not fit. */
void aspath_narrow(struct builder *b, const struct blob *path);
size_t aspath_narrow_len(const struct blob *path);
/* Does some AS number outside confederations need four bytes? Then AS4_PATH goes along. */
bool aspath_needs_as4(const struct blob *path);
/* What AS4_PATH carries: all but confederations. */
void aspath_as4(struct builder *b, const struct blob *path);
size_t aspath_as4_len(const struct blob *path);

#endif

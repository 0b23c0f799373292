/*
 * bucket - so much may come at once, and so much a second. A bucket of zeros is full.
 */
#ifndef BASE_BUCKET_H
#define BASE_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

struct bucket {
	uint64_t filled_ms;
	uint32_t left;
};

/* One out of the bucket that fills by RATE a second up to BURST; false: it is empty. */
bool bucket_take(struct bucket *b, uint32_t rate, uint32_t burst, uint64_t now);

#endif

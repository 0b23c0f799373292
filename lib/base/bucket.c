/*
 * bucket - see bucket.h. Only whole tokens are filled in, and only their time is used up: what
 * is taken at any pace is RATE a second. Time that goes backwards fills nothing.
 */
#include "base/bucket.h"

static void
fill(struct bucket *b, uint32_t rate, uint32_t burst, uint64_t now)
{
	uint64_t passed = now > b->filled_ms ? now - b->filled_ms : 0;
	uint64_t fresh;

	if (b->filled_ms == 0 || passed / 1000 > burst / rate) {
		b->left = burst;
		b->filled_ms = now;
		return;
	}
	fresh = passed * rate / 1000;
	b->filled_ms += fresh * 1000 / rate;
	b->left = b->left + fresh < burst ? (uint32_t)(b->left + fresh) : burst;
}

bool
bucket_take(struct bucket *b, uint32_t rate, uint32_t burst, uint64_t now)
{
	fill(b, rate, burst, now);
	if (b->left == 0)
		return false;
	b->left--;
	return true;
}

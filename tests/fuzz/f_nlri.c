/*
 * Fuzz target of bgp/nlri: the first byte says whether there are path identifiers, the rest
 * is a section of routes. A good route written again and read again is the same.
 */
#include "bgp/nlri.h"

#include "fuzz.h"

static void
again(const struct nlri *key, const struct nlri_info *info)
{
	uint8_t buf[260];
	struct builder b = builder_of(buf, sizeof(buf));
	struct cursor c;
	struct nlri_info info2;
	struct nlri key2;
	const char *why;
	enum nlri_result result;

	nlri_put(&b, key, info);
	FUZZ_CHECK(!b.full);
	c = cursor_of(buf, put_len(&b));
	result = nlri_get(&c, false, &key2, &info2, &why);
	FUZZ_CHECK(result == NLRI_OK || result == NLRI_UNKNOWN);
	FUZZ_CHECK(get_done(&c));
	FUZZ_CHECK(nlri_cmp(key, &key2) == 0);
	FUZZ_CHECK(info2.labels == info->labels && info2.rawlen == info->rawlen);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct nlri none;
	struct cursor c = cursor_of(data, size);
	bool addpath = get_u8(&c) & 1;
	enum nlri_result result;

	if (size == 0)
		return 0;
	do {
		struct nlri_info info;
		struct nlri key;
		const char *why;

		result = nlri_get(&c, addpath, &key, &info, &why);
		FUZZ_CHECK(
		    (why != NULL) == (result == NLRI_BAD || result == NLRI_BROKEN));
		if (result == NLRI_OK || result == NLRI_UNKNOWN)
			again(&key, &info);
		if (key.type == 0 && result != NLRI_UNKNOWN)
			FUZZ_CHECK(nlri_cmp(&key, &none) == 0);
		FUZZ_CHECK(NLRISTR(&key)[0] == '[');
	} while (result != NLRI_END && result != NLRI_BROKEN);
	return 0;
}

/* community - communities (RFC 1997) and large communities (RFC 8092) as text, see attr.h. */
#include "bgp/attr.h"

#include <stdio.h>

/* IANA's well-known communities, in FRR's words. */
static const struct {
	uint32_t value;
	const char *name;
} wellknown[] = {
	/* clang-format off */
	{ 0xffff0000, "graceful-shutdown" },
	{ 0xffff0001, "accept-own" },
	{ 0xffff0002, "route-filter-translated-v4" },
	{ 0xffff0003, "route-filter-v4" },
	{ 0xffff0004, "route-filter-translated-v6" },
	{ 0xffff0005, "route-filter-v6" },
	{ 0xffff0006, "llgr-stale" },
	{ 0xffff0007, "no-llgr" },
	{ 0xffff0008, "accept-own-nexthop" },
	{ 0xffff029a, "blackhole" },
	{ 0xffffff01, "no-export" },
	{ 0xffffff02, "no-advertise" },
	{ 0xffffff03, "local-AS" },
	{ 0xffffff04, "no-peer" },
	/* clang-format on */
};

static const char *
wellknown_name(uint32_t value)
{
	for (size_t i = 0; i < sizeof(wellknown) / sizeof(wellknown[0]); i++) {
		if (wellknown[i].value == value)
			return wellknown[i].name;
	}
	return NULL;
}

bool
community_has(const struct blob *community, uint32_t wanted)
{
	struct cursor c = cursor_of(community->p, community->len);

	while (get_left(&c) >= 4) {
		if (get_u32(&c) == wanted)
			return true;
	}
	return false;
}

char *
community_str(char *buf, size_t len, const struct blob *community)
{
	struct cursor c = cursor_of(community->p, community->len);
	size_t n = 0;

	buf[0] = '\0';
	while (get_left(&c) >= 4 && n < len) {
		uint32_t v = get_u32(&c);
		const char *name = wellknown_name(v);
		const char *blank = n > 0 ? " " : "";

		if (name != NULL)
			n += (size_t)snprintf(buf + n, len - n, "%s%s", blank, name);
		else
			n += (size_t)snprintf(
			    buf + n, len - n, "%s%u:%u", blank, v >> 16, v & 0xffff);
	}
	return buf;
}

char *
large_str(char *buf, size_t len, const struct blob *large)
{
	struct cursor c = cursor_of(large->p, large->len);
	size_t n = 0;

	buf[0] = '\0';
	while (get_left(&c) >= 12 && n < len) {
		uint32_t global = get_u32(&c), first = get_u32(&c),
			 second = get_u32(&c);

		n += (size_t)snprintf(buf + n, len - n, "%s%u:%u:%u", n > 0 ? " " : "",
		    global, first, second);
	}
	return buf;
}

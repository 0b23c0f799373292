/* addr - see addr.h. */
#include "base/addr.h"

#include <arpa/inet.h>
#include <stdio.h>

static const uint8_t zeros[16];

bool
ip_parse(const char *s, struct ip *out)
{
	struct ip ip = { 0 };

	if (inet_pton(AF_INET, s, ip.b) == 1)
		ip.family = 4;
	else if (inet_pton(AF_INET6, s, ip.b) == 1)
		ip.family = 6;
	else
		return false;
	*out = ip;
	return true;
}

char *
ip_str(char *buf, const struct ip *ip)
{
	int af = ip->family == 6 ? AF_INET6 : AF_INET;

	if (ip->family == 0 || inet_ntop(af, ip->b, buf, IP_STRLEN) == NULL)
		memcpy(buf, "-", 2);
	return buf;
}

struct ip
ip_of(const void *bytes, size_t len)
{
	struct ip ip = { 0 };

	if (len == 4 || len == 16) {
		ip.family = len == 4 ? 4 : 6;
		memcpy(ip.b, bytes, len);
	}
	return ip;
}

struct ip
ip_of_v4(uint32_t host_order)
{
	uint32_t n = htonl(host_order);

	return ip_of(&n, 4);
}

struct ip
ip_of_mac(const struct mac *mac)
{
	return (struct ip){ .family = 6,
		.b = { 0xfe, 0x80, [8] = mac->b[0] ^ 2, mac->b[1], mac->b[2], 0xff,
		    0xfe, mac->b[3], mac->b[4], mac->b[5] } };
}

uint32_t
ip_v4(const struct ip *ip)
{
	uint32_t n;

	if (ip->family != 4)
		return 0;
	memcpy(&n, ip->b, 4);
	return ntohl(n);
}

size_t
ip_len(const struct ip *ip)
{
	return ip->family == 4 ? 4 : ip->family == 6 ? 16 : 0;
}

bool
ip_is_any(const struct ip *ip)
{
	return memcmp(ip->b, zeros, sizeof(ip->b)) == 0;
}

bool
ip_is_loopback(const struct ip *ip)
{
	static const uint8_t v6[16] = { [15] = 1 };

	return ip->family == 4 ? ip->b[0] == 127
			       : ip->family == 6 && memcmp(ip->b, v6, 16) == 0;
}

bool
ip_is_linklocal(const struct ip *ip)
{
	if (ip->family == 4)
		return ip->b[0] == 169 && ip->b[1] == 254;
	return ip->family == 6 && ip->b[0] == 0xfe && (ip->b[1] & 0xc0) == 0x80;
}

bool
ip_is_multicast(const struct ip *ip)
{
	if (ip->family == 4)
		return (ip->b[0] & 0xf0) == 0xe0;
	return ip->family == 6 && ip->b[0] == 0xff;
}

void
prefix_mask(struct prefix *p)
{
	for (unsigned i = 0; i < sizeof(p->ip.b); i++) {
		unsigned from = i * 8;

		if (from >= p->len)
			p->ip.b[i] = 0;
		else if (p->len - from < 8)
			p->ip.b[i] &= (uint8_t)(0xff << (8 - (p->len - from)));
	}
}

/* A decimal number of digits only, at most MAX. */
static bool
number_parse(const char *s, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;

	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9')
			return false;
		v = v * 10 + (uint64_t)(*s - '0');
		if (v > max)
			return false;
	}
	*out = v;
	return true;
}

/* Splits "LEFT:RIGHT" (or /) at the last SEP; LEFT into BUF, RIGHT returned, or NULL. */
static const char *
split(const char *s, char sep, char *buf, size_t len)
{
	const char *at = strrchr(s, sep);

	if (at == NULL || (size_t)(at - s) >= len)
		return NULL;
	memcpy(buf, s, (size_t)(at - s));
	buf[at - s] = '\0';
	return at + 1;
}

bool
prefix_parse(const char *s, struct prefix *out)
{
	struct prefix p = { 0 };
	char left[IP_STRLEN];
	const char *right;
	uint64_t len;

	right = split(s, '/', left, sizeof(left));
	if (!ip_parse(right != NULL ? left : s, &p.ip))
		return false;
	len = ip_len(&p.ip) * 8;
	if (right != NULL && !number_parse(right, len, &len))
		return false;
	p.len = (uint8_t)len;
	prefix_mask(&p);
	*out = p;
	return true;
}

char *
prefix_str(char *buf, const struct prefix *p)
{
	snprintf(buf, PREFIX_STRLEN, "%s/%u", IPSTR(&p->ip), p->len);
	return buf;
}

bool
prefix_contains(const struct prefix *p, const struct ip *ip)
{
	struct prefix q = { *ip, p->len };

	if (p->ip.family != ip->family)
		return false;
	prefix_mask(&q);
	return memcmp(&q, p, sizeof(q)) == 0;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* N bytes in pairs of digits with colons between. */
static bool
hex_parse(const char *s, uint8_t *out, size_t n)
{
	uint8_t buf[16];

	for (size_t i = 0; i < n; i++) {
		int hi, lo;

		if (i > 0 && *s++ != ':')
			return false;
		hi = hex_digit(*s);
		if (hi < 0)
			return false;
		lo = hex_digit(s[1]);
		if (lo < 0)
			return false;
		buf[i] = (uint8_t)(hi << 4 | lo);
		s += 2;
	}
	if (*s != '\0')
		return false;
	memcpy(out, buf, n);
	return true;
}

static char *
hex_str(char *buf, const uint8_t *b, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char *p = buf;

	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			*p++ = ':';
		*p++ = digits[b[i] >> 4];
		*p++ = digits[b[i] & 15];
	}
	*p = '\0';
	return buf;
}

bool
mac_parse(const char *s, struct mac *out)
{
	return hex_parse(s, out->b, sizeof(out->b));
}

char *
mac_str(char *buf, const struct mac *m)
{
	return hex_str(buf, m->b, sizeof(m->b));
}

bool
mac_is_zero(const struct mac *m)
{
	return memcmp(m->b, zeros, sizeof(m->b)) == 0;
}

bool
mac_is_multicast(const struct mac *m)
{
	return m->b[0] & 1;
}

bool
esi_parse(const char *s, struct esi *out)
{
	return hex_parse(s, out->b, sizeof(out->b));
}

char *
esi_str(char *buf, const struct esi *esi)
{
	return hex_str(buf, esi->b, sizeof(esi->b));
}

bool
esi_is_zero(const struct esi *esi)
{
	return memcmp(esi->b, zeros, sizeof(esi->b)) == 0;
}

/*
 * The six bytes that RDs and RTs share, in the three layouts of RFC 4364, 4.2 and RFC 4360,
 * 3: 0: AS in 2 bytes and number in 4; 1: IPv4 in 4 and number in 2; 2: AS in 4 and number
 * in 2.
 */
struct admin {
	uint8_t type;
	uint8_t b[6];
};

static void
admin_fill(struct admin *a, uint8_t type, uint32_t left, uint32_t right)
{
	unsigned n = type == 0 ? 2 : 4;

	a->type = type;
	for (unsigned i = 0; i < n; i++)
		a->b[i] = (uint8_t)(left >> (8 * (n - 1 - i)));
	for (unsigned i = 5; i >= n; i--, right >>= 8)
		a->b[i] = (uint8_t)right;
}

static bool
admin_parse(const char *s, struct admin *out)
{
	char left[IP_STRLEN];
	const char *right = split(s, ':', left, sizeof(left));
	uint64_t as, n;
	struct ip ip;

	if (right == NULL)
		return false;
	if (number_parse(left, UINT32_MAX, &as)) {
		if (!number_parse(right, as > UINT16_MAX ? UINT16_MAX : UINT32_MAX, &n))
			return false;
		admin_fill(out, as > UINT16_MAX ? 2 : 0, (uint32_t)as, (uint32_t)n);
		return true;
	}
	if (!ip_parse(left, &ip) || ip.family != 4 ||
	    !number_parse(right, UINT16_MAX, &n))
		return false;
	admin_fill(out, 1, ip_v4(&ip), (uint32_t)n);
	return true;
}

static uint32_t
be(const uint8_t *b, size_t n)
{
	uint32_t v = 0;

	while (n-- > 0)
		v = v << 8 | *b++;
	return v;
}

static char *
admin_str(char *buf, size_t len, unsigned type, const uint8_t *b)
{
	if (type == 0)
		snprintf(buf, len, "%u:%u", be(b, 2), be(b + 2, 4));
	else if (type == 1)
		snprintf(
		    buf, len, "%u.%u.%u.%u:%u", b[0], b[1], b[2], b[3], be(b + 4, 2));
	else
		snprintf(buf, len, "%u:%u", be(b, 4), be(b + 4, 2));
	return buf;
}

bool
rd_parse(const char *s, struct rd *out)
{
	struct admin a;

	if (!admin_parse(s, &a))
		return false;
	out->b[0] = 0;
	out->b[1] = a.type;
	memcpy(out->b + 2, a.b, sizeof(a.b));
	return true;
}

char *
rd_str(char *buf, const struct rd *rd)
{
	unsigned type = be(rd->b, 2);

	if (type > 2) {
		snprintf(buf, RD_STRLEN, "?:%08x%08x", be(rd->b, 4), be(rd->b + 4, 4));
		return buf;
	}
	return admin_str(buf, RD_STRLEN, type, rd->b + 2);
}

struct rd
rd_of_ip(uint32_t router_id, uint16_t number)
{
	struct rd rd = { { 0, 1 } };
	struct admin a;

	admin_fill(&a, 1, router_id, number);
	memcpy(rd.b + 2, a.b, sizeof(a.b));
	return rd;
}

bool
rt_parse(const char *s, struct ecom *out)
{
	struct admin a;

	if (!admin_parse(s, &a))
		return false;
	out->b[0] = a.type;
	out->b[1] = 2;
	memcpy(out->b + 2, a.b, sizeof(a.b));
	return true;
}

char *
rt_str(char *buf, const struct ecom *rt)
{
	return admin_str(buf, RT_STRLEN, rt->b[0] & 0x3f, rt->b + 2);
}

struct ecom
rt_of_as(uint32_t as, uint32_t number)
{
	struct ecom rt = { { 0, 2 } };
	struct admin a;

	admin_fill(&a, 0, as & UINT16_MAX, number);
	memcpy(rt.b + 2, a.b, sizeof(a.b));
	return rt;
}

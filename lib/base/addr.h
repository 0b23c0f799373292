/*
 * addr - addresses and identifiers of the EVPN world as plain values: IP, prefix, MAC, route
 * distinguisher, route target, Ethernet segment.
 *
 * Every struct has a fixed size and no padding, and is all zero where it is "none", so
 * values compare with memcmp, copy with = and serve as keys. Numbers inside are in network
 * order, as on the wire.
 *
 * x_parse() takes the whole string or fails and then leaves OUT untouched; x_str() prints
 * into BUF, which has room for X_STRLEN bytes, and returns BUF. IPSTR(&ip) and its like
 * print into a buffer that lives as long as the enclosing block.
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define VNI_MAX 0xffffff

struct ip {
	uint8_t family; /* 0: none, 4 or 6 */
	uint8_t b[16];  /* IPv4: the first four, the rest zero */
};

struct prefix {
	struct ip ip; /* bits past LEN are zero */
	uint8_t len;
};

struct mac {
	uint8_t b[6];
};

/* RFC 4364, 4.2: type in two bytes, then administrator and number. */
struct rd {
	uint8_t b[8];
};

/* An extended community, RFC 4360: route targets are those of subtype 2. */
struct ecom {
	uint8_t b[8];
};

/* RFC 7432, 5: Ethernet segment identifier; all zero: single-homed. */
struct esi {
	uint8_t b[10];
};

_Static_assert(sizeof(struct ip) == 17, "struct ip has padding");
_Static_assert(sizeof(struct prefix) == 18, "struct prefix has padding");

#define IP_STRLEN 46
#define PREFIX_STRLEN 50
#define MAC_STRLEN 18
#define RD_STRLEN 28
#define RT_STRLEN 28
#define ESI_STRLEN 30

#define IPSTR(v) ip_str((char[IP_STRLEN]){ 0 }, (v))
#define PREFIXSTR(v) prefix_str((char[PREFIX_STRLEN]){ 0 }, (v))
#define MACSTR(v) mac_str((char[MAC_STRLEN]){ 0 }, (v))
#define RDSTR(v) rd_str((char[RD_STRLEN]){ 0 }, (v))
#define RTSTR(v) rt_str((char[RT_STRLEN]){ 0 }, (v))
#define ESISTR(v) esi_str((char[ESI_STRLEN]){ 0 }, (v))

bool ip_parse(const char *s, struct ip *out);
char *ip_str(char *buf, const struct ip *ip);
/* From 4 or 16 bytes in network order; any other LEN gives the empty address. */
struct ip ip_of(const void *bytes, size_t len);
struct ip ip_of_v4(uint32_t host_order);
/* The IPv6 link-local address with the modified EUI-64 of a MAC (RFC 4291, appendix A). */
struct ip ip_of_mac(const struct mac *mac);
/* IPv4 address as a number in host order; 0 for another family. */
uint32_t ip_v4(const struct ip *ip);
/* 4, 16, or 0 when empty. */
size_t ip_len(const struct ip *ip);
bool ip_is_any(const struct ip *ip);
bool ip_is_loopback(const struct ip *ip);
bool ip_is_linklocal(const struct ip *ip);
bool ip_is_multicast(const struct ip *ip);

static inline int
ip_cmp(const struct ip *a, const struct ip *b)
{
	return memcmp(a, b, sizeof(*a));
}

static inline bool
ip_is_set(const struct ip *ip)
{
	return ip->family != 0;
}

/* "10.0.0.0/8" or a bare address; bits past the length are cleared. */
bool prefix_parse(const char *s, struct prefix *out);
char *prefix_str(char *buf, const struct prefix *p);
bool prefix_contains(const struct prefix *p, const struct ip *ip);
void prefix_mask(struct prefix *p);

/* "02:00:00:00:00:01"; capitals are fine, other separators are not. */
bool mac_parse(const char *s, struct mac *out);
char *mac_str(char *buf, const struct mac *m);
bool mac_is_zero(const struct mac *m);
bool mac_is_multicast(const struct mac *m); /* broadcast too */

static inline int
mac_cmp(const struct mac *a, const struct mac *b)
{
	return memcmp(a, b, sizeof(*a));
}

/* "65000:100" (type 0, or 2 when the AS needs four bytes), "10.0.0.1:100" (type 1). */
bool rd_parse(const char *s, struct rd *out);
char *rd_str(char *buf, const struct rd *rd);
/* Type 1: router identifier (host order) and a number. */
struct rd rd_of_ip(uint32_t router_id, uint16_t number);

static inline int
rd_cmp(const struct rd *a, const struct rd *b)
{
	return memcmp(a, b, sizeof(*a));
}

/* Route targets, "AS:N" or "A.B.C.D:N"; AS in one to four bytes, as rd_parse(). */
bool rt_parse(const char *s, struct ecom *out);
char *rt_str(char *buf, const struct ecom *rt);
/* Type 0: the AS modulo 65536 and a 32-bit number, as automatic derivation uses them. */
struct ecom rt_of_as(uint32_t as, uint32_t number);

bool esi_parse(const char *s, struct esi *out);
char *esi_str(char *buf, const struct esi *esi);
bool esi_is_zero(const struct esi *esi);

#endif

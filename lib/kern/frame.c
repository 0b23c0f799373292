/* frame - see frame.h. */
#include "kern/frame.h"

#include "base/bytes.h"

#define ETH_ARP 0x0806
#define ETH_VLAN 0x8100
#define ETH_QINQ 0x88a8
#define ETH_IPV6 0x86dd
#define PROTO_ICMPV6 58
#define ND_SOLICIT 135
#define ND_ADVERT 136
#define ND_OPT_SOURCE 1
#define ND_OPT_TARGET 2
#define HOP_LIMIT 255 /* anything less has passed a router: not of this link */

static struct mac
get_mac(struct cursor *c)
{
	struct mac mac;

	get_bytes(c, &mac, sizeof(mac));
	return mac;
}

static struct ip
get_ip(struct cursor *c, size_t len)
{
	uint8_t b[16];

	get_bytes(c, b, len);
	return ip_of(b, len);
}

static bool
is_host(const struct mac *mac, const struct ip *ip)
{
	return !mac_is_zero(mac) && !mac_is_multicast(mac) && !ip_is_any(ip) &&
	    !ip_is_multicast(ip) && !ip_is_loopback(ip);
}

/* Requests, replies and announcements alike; the sender must be who sent the frame. */
static bool
arp_parse(struct cursor *c, struct frame_binding *b)
{
	uint16_t htype = get_u16(c), ptype = get_u16(c);
	uint8_t hlen = get_u8(c), plen = get_u8(c);
	uint16_t op = get_u16(c);
	struct mac sender = get_mac(c);

	b->ip = get_ip(c, 4);
	get_skip(c, 10); /* whom it asks or answers */
	return !c->bad && htype == 1 && ptype == 0x0800 && hlen == 6 && plen == 4 &&
	    (op == 1 || op == 2) && mac_cmp(&sender, &b->mac) == 0;
}

/*
 * The option of type WANT must name the frame's sender. It may be missing: answers to
 * unicast solicitations come without (RFC 4861, 7.2.4).
 */
static bool
options_agree(struct cursor *c, uint8_t want, const struct mac *sender)
{
	while (get_left(c) > 0) {
		uint8_t type = get_u8(c);
		size_t len = (size_t)get_u8(c) * 8;
		struct cursor opt;
		struct mac mac;

		if (c->bad || len == 0)
			return false;
		opt = get_sub(c, len - 2);
		mac = get_mac(&opt);
		if (opt.bad || (type == want && mac_cmp(&mac, sender) != 0))
			return false;
	}
	return !c->bad;
}

static bool
nd_parse(struct cursor *c, struct frame_binding *b)
{
	uint32_t version = get_u32(c) >> 28;
	uint16_t len = get_u16(c);
	uint8_t next = get_u8(c), hops = get_u8(c), type, code, flags;
	struct ip source = get_ip(c, 16), target;
	struct cursor m;

	get_skip(c, 16);
	m = get_sub(c, len); /* a short frame is padded */
	type = get_u8(&m);
	code = get_u8(&m);
	get_skip(&m, 2);
	flags = get_u8(&m);
	get_skip(&m, 3);
	target = get_ip(&m, 16);
	if (m.bad || version != 6 || next != PROTO_ICMPV6 || hops != HOP_LIMIT ||
	    code != 0)
		return false;
	if (type == ND_SOLICIT) {
		b->ip = source;
		return options_agree(&m, ND_OPT_SOURCE, &b->mac);
	}
	b->ip = target;
	b->router = flags & 0x80;
	return type == ND_ADVERT && options_agree(&m, ND_OPT_TARGET, &b->mac);
}

bool
frame_parse(const void *data, size_t len, struct frame_binding *out)
{
	struct cursor c = cursor_of(data, len);
	struct frame_binding b = { .vlan = 0 };
	uint16_t type;
	bool ok = false;

	get_skip(&c, 6);
	b.mac = get_mac(&c);
	type = get_u16(&c);
	if (type == ETH_VLAN || type == ETH_QINQ) {
		b.vlan = get_u16(&c) & 0xfff;
		type = get_u16(&c);
	}
	if (type == ETH_ARP)
		ok = arp_parse(&c, &b);
	else if (type == ETH_IPV6)
		ok = nd_parse(&c, &b);
	if (!ok || !is_host(&b.mac, &b.ip))
		return false;
	*out = b;
	return true;
}

static void
put_arp(struct builder *b, const struct mac *from, const struct ip *source,
    const struct ip *ip)
{
	static const uint8_t nothing[6];

	put_u16(b, 1);
	put_u16(b, 0x0800);
	put_u8(b, 6);
	put_u8(b, 4);
	put_u16(b, 1);
	put_bytes(b, from, sizeof(*from));
	put_bytes(b, source->b, 4);
	put_bytes(b, nothing, 6);
	put_bytes(b, ip->b, 4);
}

/* The sum of RFC 1071 over N bytes, N even. */
static uint32_t
sum16(uint32_t sum, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i + 1 < n; i += 2)
		sum += (uint32_t)(p[i] << 8 | p[i + 1]);
	return sum;
}

/* An ICMPv6 message of N bytes, N even, with its checksum and the header before it. */
static void
put_icmp6(struct builder *b, const struct ip *from, const struct ip *to, uint8_t *m,
    uint16_t n)
{
	uint32_t sum = sum16((uint32_t)n + PROTO_ICMPV6, from->b, 16);

	sum = sum16(sum, to->b, 16);
	sum = sum16(sum, m, n);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~((sum & 0xffff) + (sum >> 16));
	m[2] = (uint8_t)(sum >> 8);
	m[3] = (uint8_t)sum;
	put_u32(b, 0x60000000);
	put_u16(b, n);
	put_u8(b, PROTO_ICMPV6);
	put_u8(b, HOP_LIMIT);
	put_bytes(b, from->b, 16);
	put_bytes(b, to->b, 16);
	put_bytes(b, m, n);
}

static void
put_nd(struct builder *b, const struct mac *from, const struct ip *source,
    const struct ip *to, const struct ip *ip)
{
	uint8_t m[32] = { ND_SOLICIT, [24] = ND_OPT_SOURCE, 1 };

	memcpy(m + 8, ip->b, 16);
	memcpy(m + 26, from, sizeof(*from));
	put_icmp6(b, source, to, m, sizeof(m));
}

size_t
frame_probe(void *buf, size_t len, uint16_t vlan, const struct mac *from,
    const struct mac *to, const struct ip *ip)
{
	struct builder b = builder_of(buf, len);
	struct ip source = ip->family == 6 ? ip_of_mac(from) : (struct ip){ 0 };

	if (!ip_is_set(ip))
		return 0;
	put_bytes(&b, to, sizeof(*to));
	put_bytes(&b, from, sizeof(*from));
	if (vlan != 0) {
		put_u16(&b, ETH_VLAN);
		put_u16(&b, vlan);
	}
	put_u16(&b, ip->family == 6 ? ETH_IPV6 : ETH_ARP);
	if (ip->family == 6)
		put_nd(&b, from, &source, ip, ip);
	else
		put_arp(&b, from, &source, ip);
	return b.full ? 0 : put_len(&b);
}

/* RFC 4291, 2.7.1: the group that hosts with this address are in. */
static struct ip
solicited_node(const struct ip *ip)
{
	return (struct ip){ .family = 6,
		.b = { 0xff, 2, [11] = 1, 0xff, ip->b[13], ip->b[14], ip->b[15] } };
}

size_t
frame_ask(void *buf, size_t len, const struct mac *mac, const struct ip *source,
    const struct ip *ip)
{
	static const struct mac everybody = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };
	struct builder b = builder_of(buf, len);
	struct ip group = solicited_node(ip), from = *source;
	struct mac to = { { 0x33, 0x33, 0xff, ip->b[13], ip->b[14], ip->b[15] } };

	if (!ip_is_set(ip))
		return 0;
	if (ip->family == 6 && from.family != 6)
		from = ip_of_mac(mac);
	put_bytes(&b, ip->family == 6 ? &to : &everybody, sizeof(to));
	put_bytes(&b, mac, sizeof(*mac));
	put_u16(&b, ip->family == 6 ? ETH_IPV6 : ETH_ARP);
	if (ip->family == 6)
		put_nd(&b, mac, &from, &group, ip);
	else
		put_arp(&b, mac, &from, ip);
	return b.full ? 0 : put_len(&b);
}

/* --- questions and their answers --- */

static bool
arp_question(struct cursor *c, struct frame_question *q)
{
	uint16_t htype = get_u16(c), ptype = get_u16(c);
	uint8_t hlen = get_u8(c), plen = get_u8(c);
	uint16_t op = get_u16(c);
	struct mac sender = get_mac(c);

	q->ip = get_ip(c, 4);
	get_skip(c, 6);
	q->about = get_ip(c, 4);
	return !c->bad && htype == 1 && ptype == 0x0800 && hlen == 6 && plen == 4 &&
	    op == 1 && mac_cmp(&sender, &q->mac) == 0;
}

static bool
nd_question(struct cursor *c, struct frame_question *q)
{
	uint32_t version = get_u32(c) >> 28;
	uint16_t len = get_u16(c);
	uint8_t next = get_u8(c), hops = get_u8(c), type, code;
	struct cursor m;

	q->ip = get_ip(c, 16);
	get_skip(c, 16);
	m = get_sub(c, len);
	type = get_u8(&m);
	code = get_u8(&m);
	get_skip(&m, 6);
	q->about = get_ip(&m, 16);
	return !m.bad && version == 6 && next == PROTO_ICMPV6 && hops == HOP_LIMIT &&
	    type == ND_SOLICIT && code == 0 &&
	    options_agree(&m, ND_OPT_SOURCE, &q->mac);
}

bool
frame_question(const void *data, size_t len, struct frame_question *out)
{
	struct cursor c = cursor_of(data, len);
	struct frame_question q = { .vlan = 0 };
	uint16_t type;
	bool ok = false;

	get_skip(&c, 6);
	q.mac = get_mac(&c);
	type = get_u16(&c);
	if (type == ETH_VLAN || type == ETH_QINQ) {
		q.vlan = get_u16(&c) & 0xfff;
		type = get_u16(&c);
	}
	if (type == ETH_ARP)
		ok = arp_question(&c, &q);
	else if (type == ETH_IPV6)
		ok = nd_question(&c, &q);
	if (!ok || !is_host(&q.mac, &q.ip) || ip_is_any(&q.about) ||
	    ip_is_multicast(&q.about) || ip_cmp(&q.ip, &q.about) == 0)
		return false;
	*out = q;
	return true;
}

static void
put_arp_reply(struct builder *b, const struct frame_question *q, const struct mac *mac)
{
	put_u16(b, 1);
	put_u16(b, 0x0800);
	put_u8(b, 6);
	put_u8(b, 4);
	put_u16(b, 2);
	put_bytes(b, mac, sizeof(*mac));
	put_bytes(b, q->about.b, 4);
	put_bytes(b, &q->mac, sizeof(q->mac));
	put_bytes(b, q->ip.b, 4);
}

/* Solicited, overriding. */
static void
put_nd_reply(struct builder *b, const struct frame_question *q, const struct mac *mac,
    bool router)
{
	uint8_t m[32] = { ND_ADVERT, [4] = router ? 0xe0 : 0x60, [24] = ND_OPT_TARGET,
		1 };

	memcpy(m + 8, q->about.b, 16);
	memcpy(m + 26, mac, sizeof(*mac));
	put_icmp6(b, &q->about, &q->ip, m, sizeof(m));
}

size_t
frame_reply(void *buf, size_t len, const struct frame_question *q,
    const struct mac *mac, bool router)
{
	struct builder b = builder_of(buf, len);

	if (q->ip.family != q->about.family)
		return 0;
	put_bytes(&b, &q->mac, sizeof(q->mac));
	put_bytes(&b, mac, sizeof(*mac));
	if (q->vlan != 0) {
		put_u16(&b, ETH_VLAN);
		put_u16(&b, q->vlan);
	}
	put_u16(&b, q->about.family == 6 ? ETH_IPV6 : ETH_ARP);
	if (q->about.family == 6)
		put_nd_reply(&b, q, mac, router);
	else
		put_arp_reply(&b, q, mac);
	return b.full ? 0 : put_len(&b);
}

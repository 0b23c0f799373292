/* extcomm - see extcomm.h. */
#include "bgp/extcomm.h"

#include <stdio.h>

#include "base/bytes.h"

enum { /* types and subtypes, IANA */
	TYPE_AS = 0x00,
	TYPE_IP = 0x01,
	TYPE_AS4 = 0x02,
	TYPE_OPAQUE = 0x03,
	TYPE_EVPN = 0x06,
	SUB_RT = 0x02,
	SUB_ORIGIN = 0x03,
	SUB_ENCAP = 0x0c,
	SUB_DEFAULT_GW = 0x0d,
	SUB_MOBILITY = 0x00,
	SUB_ESI_LABEL = 0x01,
	SUB_ES_IMPORT = 0x02,
	SUB_RMAC = 0x03,
	SUB_DF = 0x06,
	SUB_ND = 0x08,
};

enum { /* flags in the first byte of the value */
	MOBILITY_STICKY = 0x01,
	ESI_LABEL_SINGLE = 0x01,
	ND_ROUTER = 0x01,
	ND_OVERRIDE = 0x02,
	ND_PROXY = 0x04, /* not in RFC 9047; FRR's */
	DF_ALG = 0x1f,
};

#define SORTED 64 /* as many are shown in order, any more as they come */

static bool
is(const struct ecom *e, uint8_t type, uint8_t sub)
{
	return e->b[0] == type && e->b[1] == sub;
}

struct ecom
ecom_encap(uint16_t tunnel)
{
	return (struct ecom){ { TYPE_OPAQUE, SUB_ENCAP, 0, 0, 0, 0,
	    (uint8_t)(tunnel >> 8), (uint8_t)tunnel } };
}

struct ecom
ecom_mobility(uint32_t seq, bool sticky)
{
	return (struct ecom){ { TYPE_EVPN, SUB_MOBILITY, sticky ? MOBILITY_STICKY : 0,
	    0, (uint8_t)(seq >> 24), (uint8_t)(seq >> 16), (uint8_t)(seq >> 8),
	    (uint8_t)seq } };
}

struct ecom
ecom_default_gw(void)
{
	return (struct ecom){ { TYPE_OPAQUE, SUB_DEFAULT_GW } };
}

struct ecom
ecom_rmac(const struct mac *mac)
{
	struct ecom e = { { TYPE_EVPN, SUB_RMAC } };

	memcpy(e.b + 2, mac->b, sizeof(mac->b));
	return e;
}

struct ecom
ecom_nd(bool router, bool override, bool proxy)
{
	return (struct ecom){ { TYPE_EVPN, SUB_ND,
	    (uint8_t)((router ? ND_ROUTER : 0) | (override ? ND_OVERRIDE : 0) |
		(proxy ? ND_PROXY : 0)) } };
}

bool
ecom_is_rt(const struct ecom *e)
{
	return e->b[0] <= TYPE_AS4 && e->b[1] == SUB_RT;
}

bool
ecom_is_encap(const struct ecom *e, uint16_t *tunnel)
{
	*tunnel = (uint16_t)(e->b[6] << 8 | e->b[7]);
	return is(e, TYPE_OPAQUE, SUB_ENCAP);
}

bool
ecom_is_mobility(const struct ecom *e, uint32_t *seq, bool *sticky)
{
	struct cursor c = cursor_of(e->b + 4, 4);

	*seq = get_u32(&c);
	*sticky = e->b[2] & MOBILITY_STICKY;
	return is(e, TYPE_EVPN, SUB_MOBILITY);
}

bool
ecom_is_rmac(const struct ecom *e, struct mac *out)
{
	memcpy(out->b, e->b + 2, sizeof(out->b));
	return is(e, TYPE_EVPN, SUB_RMAC);
}

bool
ecom_get(const struct blob *ext, unsigned i, struct ecom *out)
{
	if (i >= ext->len / sizeof(out->b))
		return false;
	memcpy(out->b, ext->p + i * sizeof(out->b), sizeof(out->b));
	return true;
}

uint32_t
ecom_rt_number(const struct ecom *rt)
{
	struct cursor c = cursor_of(rt->b + 4, 4);

	if (rt->b[0] != TYPE_AS)
		get_skip(&c, 2);
	return rt->b[0] == TYPE_AS ? get_u32(&c) : get_u16(&c);
}

/*
 * The mobility sequence that counts is the first community's; RFC 7432 allows one only.
 */
static void
scan_one(struct attr_value *v, const struct ecom *e)
{
	uint16_t tunnel;
	uint32_t seq;
	struct mac rmac;
	bool sticky;

	if (ecom_is_encap(e, &tunnel)) {
		v->flags |= ATTRS_ENCAP | (tunnel == ENCAP_VXLAN ? ATTRS_VXLAN : 0);
	} else if (ecom_is_mobility(e, &seq, &sticky)) {
		if (!(v->flags & ATTRS_MOBILITY))
			v->mm_seq = seq;
		v->flags |= ATTRS_MOBILITY | (sticky ? ATTRS_STICKY : 0);
	} else if (ecom_is_rmac(e, &rmac)) {
		if (!(v->flags & ATTRS_RMAC))
			v->rmac = rmac;
		v->flags |= ATTRS_RMAC;
	} else if (is(e, TYPE_OPAQUE, SUB_DEFAULT_GW)) {
		v->flags |= ATTRS_DEFAULT_GW;
	} else if (is(e, TYPE_EVPN, SUB_ND)) {
		v->flags |= (e->b[2] & ND_ROUTER ? ATTRS_ROUTER : 0) |
		    (e->b[2] & ND_PROXY ? ATTRS_PROXY : 0);
	}
}

void
extcomm_scan(struct attr_value *v)
{
	struct ecom e;

	v->flags &= (uint16_t) ~(ATTRS_STICKY | ATTRS_MOBILITY | ATTRS_DEFAULT_GW |
	    ATTRS_ROUTER | ATTRS_PROXY | ATTRS_RMAC | ATTRS_ENCAP | ATTRS_VXLAN);
	v->mm_seq = 0;
	v->rmac = (struct mac){ { 0 } };
	for (unsigned i = 0; ecom_get(&v->ext, i, &e); i++)
		scan_one(v, &e);
}

static void
encap_str(char *buf, const struct ecom *e)
{
	uint16_t tunnel;

	(void)ecom_is_encap(e, &tunnel);
	snprintf(buf, ECOM_STRLEN, "ET:%u", tunnel);
}

static void
default_gw_str(char *buf, const struct ecom *e)
{
	(void)e;
	snprintf(buf, ECOM_STRLEN, "Default Gateway");
}

static void
mobility_str(char *buf, const struct ecom *e)
{
	uint32_t seq;
	bool sticky;

	(void)ecom_is_mobility(e, &seq, &sticky);
	snprintf(buf, ECOM_STRLEN, "MM:%u%s", seq, sticky ? ", sticky MAC" : "");
}

static void
esi_label_str(char *buf, const struct ecom *e)
{
	snprintf(buf, ECOM_STRLEN, "ESI-label-Rt:%s",
	    e->b[2] & ESI_LABEL_SINGLE ? "SA" : "AA");
}

static void
es_import_str(char *buf, const struct ecom *e)
{
	struct mac mac;

	memcpy(mac.b, e->b + 2, sizeof(mac.b));
	snprintf(buf, ECOM_STRLEN, "ES-Import-Rt:%s", MACSTR(&mac));
}

static void
rmac_str(char *buf, const struct ecom *e)
{
	struct mac mac;

	(void)ecom_is_rmac(e, &mac);
	snprintf(buf, ECOM_STRLEN, "Rmac:%s", MACSTR(&mac));
}

/* RFC 8584, 2.2: algorithm, bitmap of capabilities; preference from the preference draft. */
static void
df_str(char *buf, const struct ecom *e)
{
	struct cursor c = cursor_of(e->b + 2, 6);
	unsigned alg = get_u8(&c) & DF_ALG;
	unsigned bitmap = get_u16(&c);
	unsigned pref;

	get_skip(&c, 1);
	pref = get_u16(&c);
	if (bitmap != 0)
		snprintf(buf, ECOM_STRLEN, "DF: (alg: %u, bmap: 0x%x pref: %u)", alg,
		    bitmap, pref);
	else
		snprintf(buf, ECOM_STRLEN, "DF: (alg: %u, pref: %u)", alg, pref);
}

/* FRR names one flag only, the proxy flag first. */
static void
nd_str(char *buf, const struct ecom *e)
{
	snprintf(buf, ECOM_STRLEN, "%s",
	    e->b[2] & ND_PROXY        ? "ND:Proxy"
		: e->b[2] & ND_ROUTER ? "ND:Router Flag"
				      : "ND");
}

/* RTSTR() prints the last six bytes of any community laid out like a target. */
static void
rt_text(char *buf, const struct ecom *e)
{
	snprintf(buf, ECOM_STRLEN, "RT:%s", RTSTR(e));
}

static void
origin_text(char *buf, const struct ecom *e)
{
	snprintf(buf, ECOM_STRLEN, "SoO:%s", RTSTR(e));
}

static const struct {
	uint8_t type;
	uint8_t sub;
	void (*str)(char *buf, const struct ecom *e);
} texts[] = {
	/* clang-format off */
	{ TYPE_AS,	SUB_RT,		rt_text },
	{ TYPE_IP,	SUB_RT,		rt_text },
	{ TYPE_AS4,	SUB_RT,		rt_text },
	{ TYPE_AS,	SUB_ORIGIN,	origin_text },
	{ TYPE_IP,	SUB_ORIGIN,	origin_text },
	{ TYPE_AS4,	SUB_ORIGIN,	origin_text },
	{ TYPE_OPAQUE,	SUB_ENCAP,	encap_str },
	{ TYPE_OPAQUE,	SUB_DEFAULT_GW,	default_gw_str },
	{ TYPE_EVPN,	SUB_MOBILITY,	mobility_str },
	{ TYPE_EVPN,	SUB_ESI_LABEL,	esi_label_str },
	{ TYPE_EVPN,	SUB_ES_IMPORT,	es_import_str },
	{ TYPE_EVPN,	SUB_RMAC,	rmac_str },
	{ TYPE_EVPN,	SUB_DF,		df_str },
	{ TYPE_EVPN,	SUB_ND,		nd_str },
	/* clang-format on */
};

char *
ecom_str(char *buf, const struct ecom *e)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (is(e, texts[i].type, texts[i].sub)) {
			texts[i].str(buf, e);
			return buf;
		}
	}
	snprintf(buf, ECOM_STRLEN, "UNK:%u, %u", e->b[0], e->b[1]);
	return buf;
}

/* The first SORTED of a blob in ascending order; how many they are. */
static unsigned
sorted_get(const struct blob *ext, struct ecom *out)
{
	struct ecom e;
	unsigned n = 0;

	for (; n < SORTED && ecom_get(ext, n, &e); n++) {
		unsigned i = n;

		for (; i > 0 && memcmp(&out[i - 1], &e, sizeof(e)) > 0; i--)
			out[i] = out[i - 1];
		out[i] = e;
	}
	return n;
}

char *
extcomm_str(char *buf, size_t len, const struct blob *ext)
{
	struct ecom sorted[SORTED], e;
	unsigned many = sorted_get(ext, sorted);
	char one[ECOM_STRLEN];
	size_t n = 0;

	buf[0] = '\0';
	for (unsigned i = 0; ecom_get(ext, i, &e) && n < len; i++) {
		if (i < many)
			e = sorted[i];
		n += (size_t)snprintf(
		    buf + n, len - n, "%s%s", i > 0 ? " " : "", ecom_str(one, &e));
	}
	return buf;
}

/*
 * caps - see caps.h.
 *
 * One row per capability: how it is read, and written when the struct has it. Families come
 * from the multiprotocol capability only, wherever in the OPEN it stands, so the parameters
 * are gone through twice: first for it, then for those that say something of a family.
 */
#include "bgp/caps.h"

#include <string.h>

enum {
	CAP_MULTIPROTOCOL = 1,
	CAP_REFRESH = 2,
	CAP_EXTENDED_NEXTHOP = 5,
	CAP_EXTENDED_MESSAGE = 6,
	CAP_RESTART = 64,
	CAP_AS4 = 65,
	CAP_ADDPATH = 69,
	CAP_ENHANCED_REFRESH = 70,
	CAP_LLGR = 71,
	CAP_FQDN = 73,
};

enum {
	PARAM_CAPABILITIES = 2,
	PARAM_EXTENDED = 255, /* RFC 9072, 2: where the first type would be */
};

enum { /* graceful restart, RFC 4724, 3 and RFC 8538, 2 */
	GR_RESTARTING = 0x8000,
	GR_NOTIFICATION = 0x4000,
	GR_TIME = 0x0fff,
};

enum { /* add-path, RFC 7911, 4 */
	ADDPATH_RECEIVE = 1,
	ADDPATH_SEND = 2,
};

#define AFI_IPV4 1
#define AFI_IPV6 2
#define SAFI_UNICAST 1

static struct caps_family *
family_find(struct caps *caps, uint16_t afi, uint8_t safi)
{
	for (unsigned i = 0; i < caps->families; i++) {
		struct caps_family *f = &caps->family[i];

		if (f->afi == afi && f->safi == safi)
			return f;
	}
	return NULL;
}

const struct caps_family *
caps_find(const struct caps *caps, uint16_t afi, uint8_t safi)
{
	return family_find((struct caps *)caps, afi, safi);
}

/* RFC 4760, 8: AFI, reserved, SAFI. */
static void
multiprotocol_get(struct cursor *c, struct caps *caps)
{
	struct caps_family f = { .afi = get_u16(c) };

	get_skip(c, 1);
	f.safi = get_u8(c);
	if (family_find(caps, f.afi, f.safi) != NULL)
		return;
	if (caps->families < CAPS_FAMILIES)
		caps->family[caps->families++] = f;
	else if (f.afi == AFI_L2VPN && f.safi == SAFI_EVPN)
		caps->family[CAPS_FAMILIES - 1] = f;
}

/* Once per family, each in a capability of its own. */
static bool
multiprotocol_put(struct builder *b, const struct caps *caps, unsigned i)
{
	if (i >= caps->families)
		return false;
	put_u16(b, caps->family[i].afi);
	put_u8(b, 0);
	put_u8(b, caps->family[i].safi);
	return true;
}

static void
refresh_get(struct cursor *c, struct caps *caps)
{
	(void)c;
	caps->refresh = true;
}

static bool
refresh_put(struct builder *b, const struct caps *caps, unsigned i)
{
	(void)b;
	return i == 0 && caps->refresh;
}

static void
extended_nexthop_get(struct cursor *c, struct caps *caps)
{
	while (get_left(c) > 0) {
		uint16_t afi = get_u16(c), safi = get_u16(c), over = get_u16(c);

		if (afi == AFI_IPV4 && safi == SAFI_UNICAST && over == AFI_IPV6)
			caps->extended_nexthop = true;
	}
}

static bool
extended_nexthop_put(struct builder *b, const struct caps *caps, unsigned i)
{
	if (i > 0 || !caps->extended_nexthop)
		return false;
	put_u16(b, AFI_IPV4);
	put_u16(b, SAFI_UNICAST);
	put_u16(b, AFI_IPV6);
	return true;
}

static void
extended_message_get(struct cursor *c, struct caps *caps)
{
	(void)c;
	caps->extended_message = true;
}

static bool
extended_message_put(struct builder *b, const struct caps *caps, unsigned i)
{
	(void)b;
	return i == 0 && caps->extended_message;
}

static void
restart_get(struct cursor *c, struct caps *caps)
{
	uint16_t head = get_u16(c);

	for (unsigned i = 0; i < caps->families; i++) /* of several the last counts */
		caps->family[i].gr_listed = false;
	caps->graceful_restart = true;
	caps->gr_restarting = head & GR_RESTARTING;
	caps->gr_notification = head & GR_NOTIFICATION;
	caps->gr_time = head & GR_TIME;
	while (get_left(c) >= 4) {
		uint16_t afi = get_u16(c);
		uint8_t safi = get_u8(c), flags = get_u8(c);
		struct caps_family *f = family_find(caps, afi, safi);

		if (f == NULL)
			continue;
		f->gr_listed = true;
		f->gr_flags = flags;
	}
}

static bool
restart_put(struct builder *b, const struct caps *caps, unsigned i)
{
	if (i > 0 || !caps->graceful_restart)
		return false;
	put_u16(b,
	    (uint16_t)((caps->gr_restarting ? GR_RESTARTING : 0) |
		(caps->gr_notification ? GR_NOTIFICATION : 0) |
		(caps->gr_time & GR_TIME)));
	for (unsigned n = 0; n < caps->families; n++) {
		const struct caps_family *f = &caps->family[n];

		if (!f->gr_listed)
			continue;
		put_u16(b, f->afi);
		put_u8(b, f->safi);
		put_u8(b, f->gr_flags);
	}
	return true;
}

static void
as4_get(struct cursor *c, struct caps *caps)
{
	caps->as4 = true;
	caps->as = get_u32(c);
}

static bool
as4_put(struct builder *b, const struct caps *caps, unsigned i)
{
	if (i > 0 || !caps->as4)
		return false;
	put_u32(b, caps->as);
	return true;
}

static void
addpath_get(struct cursor *c, struct caps *caps)
{
	while (get_left(c) >= 4) {
		uint16_t afi = get_u16(c);
		uint8_t safi = get_u8(c), mode = get_u8(c);
		struct caps_family *f = family_find(caps, afi, safi);

		if (f == NULL || mode > (ADDPATH_RECEIVE | ADDPATH_SEND))
			continue;
		f->addpath_rx = mode & ADDPATH_RECEIVE;
		f->addpath_tx = mode & ADDPATH_SEND;
	}
}

static bool
addpath_put(struct builder *b, const struct caps *caps, unsigned i)
{
	bool any = false;

	for (unsigned n = 0; i == 0 && n < caps->families; n++) {
		const struct caps_family *f = &caps->family[n];

		if (!f->addpath_rx && !f->addpath_tx)
			continue;
		any = true;
		put_u16(b, f->afi);
		put_u8(b, f->safi);
		put_u8(b,
		    (f->addpath_rx ? ADDPATH_RECEIVE : 0) |
			(f->addpath_tx ? ADDPATH_SEND : 0));
	}
	return any;
}

static void
enhanced_refresh_get(struct cursor *c, struct caps *caps)
{
	(void)c;
	caps->enhanced_refresh = true;
}

static bool
enhanced_refresh_put(struct builder *b, const struct caps *caps, unsigned i)
{
	(void)b;
	return i == 0 && caps->enhanced_refresh;
}

/* RFC 9494, 3: AFI, SAFI, flags and 24 bits of seconds. */
static void
llgr_get(struct cursor *c, struct caps *caps)
{
	for (unsigned i = 0; i < caps->families; i++)
		caps->family[i].llgr_listed = false;
	caps->llgr = true;
	while (get_left(c) >= 7) {
		uint16_t afi = get_u16(c);
		uint8_t safi = get_u8(c), flags = get_u8(c);
		uint32_t seconds = get_u24(c);
		struct caps_family *f = family_find(caps, afi, safi);

		if (f == NULL)
			continue;
		f->llgr_listed = true;
		f->llgr_flags = flags;
		f->llgr_s = seconds;
	}
}

static bool
llgr_put(struct builder *b, const struct caps *caps, unsigned i)
{
	if (i > 0 || !caps->llgr)
		return false;
	for (unsigned n = 0; n < caps->families; n++) {
		const struct caps_family *f = &caps->family[n];

		if (!f->llgr_listed)
			continue;
		put_u16(b, f->afi);
		put_u8(b, f->safi);
		put_u8(b, f->llgr_flags);
		put_u24(b, f->llgr_s);
	}
	return true;
}

/* A length octet and a name, cut to fit; bytes a terminal would obey become '?'. */
static void
name_get(struct cursor *c, char *out)
{
	struct cursor name = get_sub(c, get_u8(c));
	size_t n = 0;

	while (get_left(&name) > 0 && n < CAPS_NAME - 1) {
		uint8_t ch = get_u8(&name);

		out[n++] = (char)(ch < 0x20 || ch == 0x7f ? '?' : ch);
	}
	out[n] = '\0';
}

static void
fqdn_get(struct cursor *c, struct caps *caps)
{
	name_get(c, caps->hostname);
	name_get(c, caps->domain);
}

static bool
fqdn_put(struct builder *b, const struct caps *caps, unsigned i)
{
	size_t host = strlen(caps->hostname), domain = strlen(caps->domain);

	if (i > 0 || host == 0)
		return false;
	put_u8(b, (uint8_t)host);
	put_bytes(b, caps->hostname, host);
	put_u8(b, (uint8_t)domain);
	put_bytes(b, caps->domain, domain);
	return true;
}

/* Lengths: MIN, or more by a multiple of UNIT; a UNIT of 0 allows no more. */
struct caps_desc {
	uint8_t code;
	uint8_t min;
	uint8_t unit;
	const char *name;
	void (*get)(struct cursor *c, struct caps *caps);
	/* Writes the I-th of its kind, or returns false. */
	bool (*put)(struct builder *b, const struct caps *caps, unsigned i);
};

static const struct caps_desc table[] = {
	/* clang-format off */
	{ CAP_MULTIPROTOCOL,	4, 0, "multiprotocol",	  multiprotocol_get, multiprotocol_put },
	{ CAP_REFRESH,		0, 1, "route refresh",	  refresh_get, refresh_put },
	{ CAP_EXTENDED_NEXTHOP, 0, 6, "extended next hop", extended_nexthop_get, extended_nexthop_put },
	{ CAP_EXTENDED_MESSAGE, 0, 1, "extended message", extended_message_get, extended_message_put },
	{ CAP_RESTART,		2, 4, "graceful restart", restart_get, restart_put },
	{ CAP_AS4,		4, 0, "4-octet AS",	  as4_get, as4_put },
	{ CAP_ADDPATH,		0, 4, "add-path",	  addpath_get, addpath_put },
	{ CAP_ENHANCED_REFRESH, 0, 1, "enhanced refresh", enhanced_refresh_get, enhanced_refresh_put },
	{ CAP_LLGR,		0, 7, "long-lived graceful restart", llgr_get, llgr_put },
	{ CAP_FQDN,		2, 1, "FQDN",		  fqdn_get, fqdn_put },
	/* clang-format on */
};

#define ROWS (sizeof(table) / sizeof(table[0]))

static const struct caps_desc *
table_find(uint8_t code)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (table[i].code == code)
			return &table[i];
	}
	return NULL;
}

/* One capability; FAMILIES: only multiprotocol counts in this pass, or all but it. */
static enum bgp_verdict
capability_get(struct cursor *c, bool families, struct caps *out, struct bgp_error *err)
{
	uint8_t code = get_u8(c);
	struct cursor value = get_sub(c, get_u8(c));
	const struct caps_desc *d = table_find(code);
	size_t len = get_left(&value);

	if (value.bad)
		return bgp_error_set(err, BGP_ERR_OPEN, 0, NULL, 0,
		    "OPEN: capability %u exceeds its parameter", code);
	if (d == NULL || (code == CAP_MULTIPROTOCOL) != families)
		return BGP_OK;
	if (len < d->min || (d->unit == 0 && len > d->min) ||
	    (d->unit > 0 && (len - d->min) % d->unit != 0))
		return bgp_error_set(err, BGP_ERR_OPEN, 0, NULL, 0,
		    "OPEN: capability %s (%u): length %zu", d->name, code, len);
	d->get(&value, out);
	if (value.bad)
		return bgp_error_set(err, BGP_ERR_OPEN, 0, NULL, 0,
		    "OPEN: capability %s (%u): cut short", d->name, code);
	return BGP_OK;
}

static enum bgp_verdict
params_get(struct cursor c, bool extended, bool families, struct caps *out,
    struct bgp_error *err)
{
	enum bgp_verdict verdict = BGP_OK;

	while (get_left(&c) > 0 && verdict == BGP_OK) {
		uint8_t type = get_u8(&c);
		struct cursor value = get_sub(&c, extended ? get_u16(&c) : get_u8(&c));

		if (value.bad)
			return bgp_error_set(err, BGP_ERR_OPEN, 0, NULL, 0,
			    "OPEN: parameter %u exceeds the message", type);
		if (type != PARAM_CAPABILITIES)
			return bgp_error_set(err, BGP_ERR_OPEN, BGP_OPEN_PARAMETER,
			    NULL, 0, "OPEN: parameter type %u is not supported", type);
		while (get_left(&value) > 0 && verdict == BGP_OK)
			verdict = capability_get(&value, families, out, err);
	}
	return verdict;
}

enum bgp_verdict
caps_get(struct cursor *c, struct caps *out, struct bgp_error *err)
{
	enum bgp_verdict verdict;
	size_t len = get_u8(c);
	struct cursor peek = *c;
	bool extended = len > 0 && get_u8(&peek) == PARAM_EXTENDED && !peek.bad;

	*out = (struct caps){ 0 };
	if (extended) {
		*c = peek;
		len = get_u16(c);
	}
	if (c->bad || get_left(c) != len)
		return bgp_error_set(err, BGP_ERR_OPEN, 0, NULL, 0,
		    "OPEN: %zu bytes of parameters, length says %zu", get_left(c), len);
	verdict = params_get(*c, extended, true, out, err);
	if (verdict == BGP_OK)
		verdict = params_get(*c, extended, false, out, err);
	get_skip(c, len);
	return verdict;
}

/* Each capability in a parameter of its own, the form every peer understands. */
static void
params_put(struct builder *b, const struct caps *caps, bool extended)
{
	for (size_t row = 0; row < ROWS; row++) {
		for (unsigned i = 0;; i++) {
			size_t start = put_len(b), outer, inner;
			bool full = b->full;

			put_u8(b, PARAM_CAPABILITIES);
			outer = extended ? put_mark16(b) : put_mark8(b);
			put_u8(b, table[row].code);
			inner = put_mark8(b);
			if (!table[row].put(b, caps, i)) {
				put_cut(b, start);
				b->full = full;
				break;
			}
			put_fill8(b, inner);
			if (extended)
				put_fill16(b, outer);
			else
				put_fill8(b, outer);
		}
	}
}

void
caps_put(struct builder *b, const struct caps *caps)
{
	size_t start = put_len(b), mark = put_mark8(b);

	params_put(b, caps, false);
	if (put_len(b) - start - 1 < PARAM_EXTENDED) {
		put_fill8(b, mark);
		return;
	}
	put_cut(b, start);
	put_u8(b, PARAM_EXTENDED);
	put_u8(b, PARAM_EXTENDED);
	mark = put_mark16(b);
	params_put(b, caps, true);
	put_fill16(b, mark);
}

/*
 * kobj - see kobj.h. One table says, for every kind, what of a value counts, whether it
 * carries our mark and how it prints; everything else here asks that table.
 *
 * States are folded into classes before they are compared: reachable, stale, delay and
 * probe are steps that the kernel walks by itself, and so are incomplete and failed.
 */
#include "kern/kobj.h"

#include <stdio.h>

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#define NUD_ALIVE (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE)
#define NUD_DEAD (NUD_INCOMPLETE | NUD_FAILED)

struct kind {
	const char *name;
	bool placeless; /* not on a device */
	bool yields;
	struct kval mask; /* the bytes and bits that count in a comparison */
	bool (*ours)(const struct kval *val);
	bool (*replaceable)(const struct kval *have, const struct kval *want);
	void (*key_str)(char *buf, size_t len, const struct kkey *key);
	void (*val_str)(char *buf, size_t len, const struct kval *val);
};

#define ALL_IP                                             \
	{                                                  \
		.family = 0xff, .b = { [0 ... 15] = 0xff } \
	}
#define ALL_MAC                                            \
	{                                                  \
		{                                          \
			0xff, 0xff, 0xff, 0xff, 0xff, 0xff \
		}                                          \
	}

static bool
never_ours(const struct kval *val)
{
	(void)val;
	return false;
}

/* The decoder knows no other. */
static bool
marked(const struct kval *val)
{
	return val->flags & NTF_EXT_LEARNED;
}

static bool
proto_ours(const struct kval *val)
{
	return val->proto == KOBJ_PROTO;
}

static bool
always_ours(const struct kval *val)
{
	(void)val;
	return true;
}

static bool
always(const struct kval *have, const struct kval *want)
{
	(void)have;
	(void)want;
	return true;
}

/*
 * A bridge keeps "static" and "sticky" of an entry that becomes extern_learn, and
 * extern_learn of one that becomes static (6.18; br_fdb_external_learn_add()).
 */
static bool
brfdb_replaceable(const struct kval *have, const struct kval *want)
{
	uint8_t flags = NTF_STICKY;

	if (have->flags & NTF_EXT_LEARNED)
		flags |= NTF_EXT_LEARNED;
	return ((have->flags ^ want->flags) & flags) == 0 &&
	    ((have->state ^ want->state) & NUD_NOARP) == 0;
}

/*
 * A vxlan device ignores flags and state when extern_learn replaces an entry of a user
 * without it; between dst and nhid it refuses one way and ignores the other.
 */
static bool
vxfdb_replaceable(const struct kval *have, const struct kval *want)
{
	return (have->nhid != 0) == (want->nhid != 0) && have->state == want->state &&
	    ((have->flags ^ want->flags) & NTF_EXT_LEARNED) == 0;
}

/* A nexthop for one use does not become one for another. */
static bool
nexthop_replaceable(const struct kval *have, const struct kval *want)
{
	return ((have->flags ^ want->flags) & KNH_FDB) == 0;
}

/* A VLAN's tunnel_info is set once (EEXIST then, even when it is the same; 6.1). */
static bool
brvlan_replaceable(const struct kval *have, const struct kval *want)
{
	(void)want;
	return have->vni == 0;
}

static void
addr_key_str(char *buf, size_t len, const struct kkey *key)
{
	snprintf(buf, len, "%s/%u", IPSTR(&key->ip), key->plen);
}

static void
ask_key_str(char *buf, size_t len, const struct kkey *key)
{
	snprintf(buf, len, "%s", key->ip.family == 6 ? "IPv6" : "IPv4");
}

static void
brfdb_key_str(char *buf, size_t len, const struct kkey *key)
{
	if (key->vlan != 0)
		snprintf(buf, len, "%s vlan %u", MACSTR(&key->mac), key->vlan);
	else
		snprintf(buf, len, "%s", MACSTR(&key->mac));
}

static void
vxfdb_key_str(char *buf, size_t len, const struct kkey *key)
{
	char vni[24] = "", dst[IP_STRLEN + 8] = "";

	if (key->id != 0)
		snprintf(vni, sizeof(vni), " src_vni %u", key->id);
	if (ip_is_set(&key->ip))
		snprintf(dst, sizeof(dst), " dst %s", IPSTR(&key->ip));
	snprintf(buf, len, "%s%s%s", MACSTR(&key->mac), vni, dst);
}

static void
neigh_key_str(char *buf, size_t len, const struct kkey *key)
{
	snprintf(buf, len, "%s", IPSTR(&key->ip));
}

static void
nexthop_key_str(char *buf, size_t len, const struct kkey *key)
{
	snprintf(buf, len, "id %u", key->id);
}

static const struct {
	uint16_t bit;
	const char *name;
} flag_names[] = {
	/* clang-format off */
	{ NTF_EXT_LEARNED,	"extern_learn" },
	{ NTF_STICKY,		"sticky" },
	{ NTF_ROUTER,		"router" },
	{ NTF_PROXY,		"proxy" },
	/* clang-format on */
}, state_names[] = {
	/* clang-format off */
	{ NUD_PERMANENT,	"permanent" },
	{ NUD_NOARP,		"noarp" },
	{ NUD_REACHABLE,	"reachable" },
	{ NUD_STALE,		"stale" },
	{ NUD_DELAY,		"delay" },
	{ NUD_PROBE,		"probe" },
	{ NUD_INCOMPLETE,	"incomplete" },
	{ NUD_FAILED,		"failed" },
	/* clang-format on */
};

/* Appends " WORD" or "WORD" as the first. */
static void
word(char *buf, size_t len, const char *w)
{
	size_t at = strlen(buf);

	if (at < len)
		snprintf(buf + at, len - at, "%s%s", at > 0 ? " " : "", w);
}

static void
marks(char *buf, size_t len, const struct kval *val)
{
	for (size_t i = 0; i < sizeof(flag_names) / sizeof(flag_names[0]); i++)
		if (val->flags & flag_names[i].bit)
			word(buf, len, flag_names[i].name);
	for (size_t i = 0; i < sizeof(state_names) / sizeof(state_names[0]); i++)
		if (val->state & state_names[i].bit)
			word(buf, len, state_names[i].name);
}

static void
addr_val_str(char *buf, size_t len, const struct kval *val)
{
	(void)val;
	snprintf(buf, len, "present");
}

static void
brfdb_val_str(char *buf, size_t len, const struct kval *val)
{
	snprintf(buf, len, "port ifindex %u", val->port);
	marks(buf, len, val);
}

static void
vxfdb_val_str(char *buf, size_t len, const struct kval *val)
{
	if (val->nhid != 0)
		snprintf(buf, len, "nhid %u", val->nhid);
	else if (ip_is_set(&val->ip))
		snprintf(buf, len, "dst %s", IPSTR(&val->ip));
	marks(buf, len, val);
}

static void
neigh_val_str(char *buf, size_t len, const struct kval *val)
{
	if (!mac_is_zero(&val->mac))
		snprintf(buf, len, "lladdr %s", MACSTR(&val->mac));
	marks(buf, len, val);
}

static void
nexthop_val_str(char *buf, size_t len, const struct kval *val)
{
	char text[IP_STRLEN + 32];

	if (ip_is_set(&val->ip)) {
		snprintf(text, sizeof(text), "via %s", IPSTR(&val->ip));
		word(buf, len, text);
	}
	if (val->port != 0) {
		snprintf(text, sizeof(text), "ifindex %u", val->port);
		word(buf, len, text);
	}
	if (val->flags & KNH_ONLINK)
		word(buf, len, "onlink");
	if (val->flags & KNH_FDB)
		word(buf, len, "fdb");
}

static void
nhgroup_val_str(char *buf, size_t len, const struct kval *val)
{
	char id[16];

	word(buf, len, "group");
	for (int i = 0; i < KVAL_MEMBERS && val->members[i] != 0; i++) {
		snprintf(id, sizeof(id), "%u", val->members[i]);
		word(buf, len, val->members[i] == UINT32_MAX ? "..." : id);
	}
	if (val->flags & KNH_FDB)
		word(buf, len, "fdb");
}

static void
vni_key_str(char *buf, size_t len, const struct kkey *key)
{
	snprintf(buf, len, "vni %u", key->id);
}

static void
tagdrop_key_str(char *buf, size_t len, const struct kkey *key)
{
	(void)key;
	snprintf(buf, len, "tagged frames");
}

static void
reqdrop_key_str(char *buf, size_t len, const struct kkey *key)
{
	(void)key;
	snprintf(buf, len, "ARP and ND requests");
}

static void
drop_val_str(char *buf, size_t len, const struct kval *val)
{
	(void)val;
	snprintf(buf, len, "dropped");
}

static void
brvlan_key_str(char *buf, size_t len, const struct kkey *key)
{
	snprintf(buf, len, "vlan %u", key->vlan);
}

static void
brvlan_val_str(char *buf, size_t len, const struct kval *val)
{
	char vni[16];

	word(buf, len, "member");
	if (val->flags & KVLAN_PVID)
		word(buf, len, "pvid");
	if (val->flags & KVLAN_UNTAGGED)
		word(buf, len, "untagged");
	if (val->vni != 0) {
		snprintf(vni, sizeof(vni), "vni %u", val->vni);
		word(buf, len, vni);
	}
}

static void
route_key_str(char *buf, size_t len, const struct kkey *key)
{
	snprintf(buf, len, "%s/%u metric %u table %u", IPSTR(&key->ip), key->plen,
	    key->id, key->ifindex);
}

static void
route_val_str(char *buf, size_t len, const struct kval *val)
{
	static const char *const types[] = { [RTN_LOCAL] = "local",
		[RTN_BLACKHOLE] = "blackhole",
		[RTN_UNREACHABLE] = "unreachable",
		[RTN_PROHIBIT] = "prohibit" };
	char text[IP_STRLEN + 16];

	if (val->flags < sizeof(types) / sizeof(types[0]) && types[val->flags] != NULL)
		word(buf, len, types[val->flags]);
	if (val->nhid != 0) {
		snprintf(text, sizeof(text), "nhid %u", val->nhid);
		word(buf, len, text);
	}
	if (ip_is_set(&val->ip)) {
		snprintf(text, sizeof(text), "via %s", IPSTR(&val->ip));
		word(buf, len, text);
	}
	if (val->port != 0) {
		snprintf(text, sizeof(text), "ifindex %u", val->port);
		word(buf, len, text);
	}
	if (val->state & KROUTE_MULTI)
		word(buf, len, "multipath");
	snprintf(text, sizeof(text), "proto %u", val->proto);
	word(buf, len, text);
}

static const struct kind kinds[KOBJ_KINDS] = {
	[KOBJ_ADDR] = { "addr", false, true, { .port = 0 }, proto_ours, always,
	    addr_key_str, addr_val_str },
	[KOBJ_ASK] = { "ask", false, false, { .port = 0 }, always_ours, always,
	    ask_key_str, addr_val_str },
	[KOBJ_NEXTHOP] = { "nexthop", true, true,
	    { .flags = KNH_FDB | KNH_ONLINK,
		.proto = 0xff,
		.port = UINT32_MAX,
		.ip = ALL_IP },
	    proto_ours, nexthop_replaceable, nexthop_key_str, nexthop_val_str },
	[KOBJ_NHGROUP] = { "nhgroup", true, true,
	    { .flags = KNH_FDB,
		.proto = 0xff,
		.members = { [0 ... KVAL_MEMBERS - 1] = UINT32_MAX } },
	    proto_ours, nexthop_replaceable, nexthop_key_str, nhgroup_val_str },
	[KOBJ_VNI] = { "vni", false, false, { .port = 0 }, never_ours, always,
	    vni_key_str, addr_val_str },
	[KOBJ_BRVLAN] = { "brvlan", false, false,
	    { .flags = KVLAN_PVID | KVLAN_UNTAGGED, .vni = UINT32_MAX }, never_ours,
	    brvlan_replaceable, brvlan_key_str, brvlan_val_str },
	[KOBJ_TAGDROP] = { "tagdrop", false, false, { .port = 0 }, always_ours, always,
	    tagdrop_key_str, drop_val_str },
	[KOBJ_REQDROP] = { "reqdrop", false, false, { .port = 0 }, always_ours, always,
	    reqdrop_key_str, drop_val_str },
	[KOBJ_BRFDB] = { "brfdb", false, false,
	    { .port = UINT32_MAX,
		.state = NUD_PERMANENT | NUD_NOARP,
		.flags = NTF_EXT_LEARNED | NTF_STICKY },
	    marked, brfdb_replaceable, brfdb_key_str, brfdb_val_str },
	[KOBJ_VXFDB] = { "vxfdb", false, false,
	    { .nhid = UINT32_MAX,
		.state = NUD_PERMANENT | NUD_NOARP,
		.flags = NTF_EXT_LEARNED,
		.ip = ALL_IP },
	    marked, vxfdb_replaceable, vxfdb_key_str, vxfdb_val_str },
	[KOBJ_NEIGH] = { "neigh", false, false,
	    { .state = 0xffff,
		.flags = NTF_EXT_LEARNED | NTF_ROUTER | NTF_PROXY,
		.proto = 0xff,
		.mac = ALL_MAC },
	    proto_ours, always, neigh_key_str, neigh_val_str },
	[KOBJ_ROUTE] = { "route", true, true,
	    { .flags = 0xff,
		.proto = 0xff,
		.port = UINT32_MAX,
		.nhid = UINT32_MAX,
		.ip = ALL_IP },
	    proto_ours, always, route_key_str, route_val_str },
};

/* Entries with one destination per VTEP share flags and state: only being there counts. */
static bool
is_multi(const struct kkey *key)
{
	return key->kind == KOBJ_VXFDB &&
	    (mac_is_zero(&key->mac) || mac_is_multicast(&key->mac));
}

static uint16_t
state_class(uint16_t state)
{
	uint16_t fixed = state & (uint16_t) ~(NUD_ALIVE | NUD_DEAD);

	if (state & NUD_ALIVE)
		fixed |= NUD_REACHABLE;
	if (state & NUD_DEAD)
		fixed |= NUD_FAILED;
	return fixed;
}

bool
kval_same(const struct kkey *key, const struct kval *a, const struct kval *b)
{
	const uint8_t *mask = (const uint8_t *)&kinds[key->kind].mask;
	struct kval x = *a, y = *b;
	const uint8_t *p = (const uint8_t *)&x, *q = (const uint8_t *)&y;

	if (is_multi(key))
		return true;
	x.state = state_class(x.state);
	y.state = state_class(y.state);
	for (size_t i = 0; i < sizeof(x); i++)
		if ((p[i] ^ q[i]) & mask[i])
			return false;
	return true;
}

bool
kobj_is_ours(const struct kkey *key, const struct kval *val)
{
	return kinds[key->kind].ours(val);
}

bool
kval_replaceable(
    const struct kkey *key, const struct kval *have, const struct kval *want)
{
	return kinds[key->kind].replaceable(have, want);
}

bool
kval_neigh_valid(const struct kval *val)
{
	return val->state & (NUD_ALIVE | NUD_NOARP | NUD_PERMANENT);
}

bool
kval_is_own(const struct kkey *key, const struct kval *val)
{
	return key->kind == KOBJ_BRFDB && (val->state & NUD_PERMANENT);
}

bool
kval_is_static(const struct kkey *key, const struct kval *val)
{
	return key->kind == KOBJ_BRFDB && (val->state & NUD_NOARP);
}

struct kval
kval_remote_mac(uint32_t vxlan_ifindex, bool sticky)
{
	return (struct kval){ .port = vxlan_ifindex,
		.state = sticky ? NUD_NOARP : NUD_REACHABLE,
		.flags = sticky ? NTF_STICKY : NTF_EXT_LEARNED };
}

struct kval
kval_own_mac(uint32_t bridge_ifindex)
{
	return (struct kval){ .port = bridge_ifindex, .state = NUD_PERMANENT };
}

struct kval
kval_vxlan_dst(const struct ip *vtep)
{
	return (struct kval){ .ip = *vtep,
		.state = NUD_PERMANENT | NUD_NOARP,
		.flags = NTF_EXT_LEARNED };
}

struct kval
kval_vxlan_nhid(uint32_t nhid)
{
	return (struct kval){ .nhid = nhid,
		.state = NUD_PERMANENT | NUD_NOARP,
		.flags = NTF_EXT_LEARNED };
}

struct kval
kval_flood(void)
{
	return (struct kval){ .state = NUD_PERMANENT | NUD_NOARP,
		.flags = NTF_EXT_LEARNED };
}

struct kval
kval_remote_neigh(const struct mac *mac, bool router)
{
	return (struct kval){ .mac = *mac,
		.state = NUD_NOARP,
		.flags = (uint8_t)(NTF_EXT_LEARNED | (router ? NTF_ROUTER : 0)),
		.proto = KOBJ_PROTO };
}

struct kval
kval_addr(void)
{
	return (struct kval){ 0 };
}

struct kval
kval_gateway(void)
{
	return (struct kval){ .proto = KOBJ_PROTO };
}

struct kval
kval_ask(void)
{
	return (struct kval){ 0 };
}

struct kval
kval_nexthop(const struct ip *gateway, uint32_t ifindex, bool onlink)
{
	return (struct kval){ .port = ifindex,
		.ip = *gateway,
		.flags = onlink ? KNH_ONLINK : 0,
		.proto = KOBJ_PROTO };
}

struct kval
kval_fdb_nexthop(const struct ip *vtep)
{
	return (struct kval){ .ip = *vtep, .flags = KNH_FDB, .proto = KOBJ_PROTO };
}

/* Inserts in order; equal ones are one. */
struct kval
kval_nhgroup(const uint32_t *ids, size_t n, bool fdb)
{
	struct kval v = { .flags = fdb ? KNH_FDB : 0, .proto = KOBJ_PROTO };
	size_t used = 0;

	for (size_t i = 0; i < n && used < KVAL_MEMBERS; i++) {
		size_t at = 0;

		while (at < used && v.members[at] < ids[i])
			at++;
		if (ids[i] == 0 || (at < used && v.members[at] == ids[i]))
			continue;
		memmove(&v.members[at + 1], &v.members[at],
		    (used - at) * sizeof(v.members[0]));
		v.members[at] = ids[i];
		used++;
	}
	return v;
}

struct kval
kval_route_nhid(uint32_t nhid)
{
	return (struct kval){ .nhid = nhid, .flags = RTN_UNICAST, .proto = KOBJ_PROTO };
}

struct kval
kval_route_via(const struct ip *gateway, uint32_t ifindex, bool onlink)
{
	return (struct kval){ .port = ifindex,
		.ip = gateway != NULL ? *gateway : (struct ip){ 0 },
		.state = onlink ? KROUTE_ONLINK : 0,
		.flags = RTN_UNICAST,
		.proto = KOBJ_PROTO };
}

struct kval
kval_route_reject(uint8_t type)
{
	return (struct kval){ .flags = type, .proto = KOBJ_PROTO };
}

struct kval
kval_brvlan(uint8_t flags, uint32_t vni)
{
	return (struct kval){ .flags = flags, .vni = vni };
}

struct kval
kval_vni(void)
{
	return (struct kval){ 0 };
}

struct kval
kval_tagdrop(void)
{
	return (struct kval){ 0 };
}

struct kval
kval_reqdrop(void)
{
	return (struct kval){ 0 };
}

struct kval
kval_claimed(struct kval val)
{
	val.proto = KOBJ_PROTO;
	return val;
}

bool
kkey_among(const struct kkey *keys, unsigned n, const struct kkey *key)
{
	for (unsigned i = 0; i < n; i++)
		if (kkey_cmp(&keys[i], key) == 0)
			return true;
	return false;
}

struct kkey
kkey_addr(uint32_t ifindex, const struct ip *ip, uint8_t plen)
{
	return (struct kkey){
		.kind = KOBJ_ADDR, .ifindex = ifindex, .ip = *ip, .plen = plen
	};
}

struct kkey
kkey_ask(uint32_t ifindex, uint8_t family)
{
	return (struct kkey){
		.kind = KOBJ_ASK, .ifindex = ifindex, .ip = { .family = family }
	};
}

struct kkey
kkey_brfdb(uint32_t bridge_ifindex, uint16_t vlan, const struct mac *mac)
{
	return (struct kkey){
		.kind = KOBJ_BRFDB, .ifindex = bridge_ifindex, .vlan = vlan, .mac = *mac
	};
}

struct kkey
kkey_vxfdb(uint32_t vxlan_ifindex, uint32_t vni, const struct mac *mac)
{
	return (struct kkey){
		.kind = KOBJ_VXFDB, .ifindex = vxlan_ifindex, .id = vni, .mac = *mac
	};
}

struct kkey
kkey_flood(uint32_t vxlan_ifindex, uint32_t vni, const struct ip *vtep)
{
	return (struct kkey){
		.kind = KOBJ_VXFDB, .ifindex = vxlan_ifindex, .id = vni, .ip = *vtep
	};
}

struct kkey
kkey_neigh(uint32_t ifindex, const struct ip *ip)
{
	return (struct kkey){ .kind = KOBJ_NEIGH, .ifindex = ifindex, .ip = *ip };
}

struct kkey
kkey_nexthop(uint32_t id)
{
	return (struct kkey){ .kind = KOBJ_NEXTHOP, .id = id };
}

struct kkey
kkey_nhgroup(uint32_t id)
{
	return (struct kkey){ .kind = KOBJ_NHGROUP, .id = id };
}

struct kkey
kkey_vni(uint32_t vxlan_ifindex, uint32_t vni)
{
	return (struct kkey){ .kind = KOBJ_VNI, .ifindex = vxlan_ifindex, .id = vni };
}

struct kkey
kkey_tagdrop(uint32_t vxlan_ifindex)
{
	return (struct kkey){ .kind = KOBJ_TAGDROP, .ifindex = vxlan_ifindex };
}

struct kkey
kkey_reqdrop(uint32_t vxlan_ifindex)
{
	return (struct kkey){ .kind = KOBJ_REQDROP, .ifindex = vxlan_ifindex };
}

struct kkey
kkey_brvlan(uint32_t port_ifindex, uint16_t vlan)
{
	return (
	    struct kkey){ .kind = KOBJ_BRVLAN, .ifindex = port_ifindex, .vlan = vlan };
}

struct kkey
kkey_route(uint32_t table, const struct prefix *to, uint32_t metric)
{
	return (struct kkey){ .kind = KOBJ_ROUTE,
		.ifindex = table,
		.ip = to->ip,
		.plen = to->len,
		.id = metric == 0 && to->ip.family == 6 ? 1024 : metric };
}

struct prefix
kkey_prefix(const struct kkey *key)
{
	return (struct prefix){ .ip = key->ip, .len = key->plen };
}

/* 196: FRR's static routes ("zstatic" of iproute2's rt_protos). */
enum kroute_source
kval_route_source(const struct kval *val)
{
	static const struct {
		uint8_t proto;
		enum kroute_source source;
	} sources[] = {
		{ KOBJ_PROTO, KROUTE_OURS },
		{ RTPROT_STATIC, KROUTE_STATIC },
		{ 196, KROUTE_STATIC },
		{ RTPROT_UNSPEC, KROUTE_KERNEL },
		{ RTPROT_KERNEL, KROUTE_KERNEL },
		{ RTPROT_BOOT, KROUTE_KERNEL },
		{ RTPROT_RA, KROUTE_KERNEL },
		{ RTPROT_DHCP, KROUTE_KERNEL },
	};

	if (val->proto == RTPROT_KERNEL &&
	    (val->flags == RTN_UNICAST || val->flags == RTN_LOCAL) && val->port != 0 &&
	    !ip_is_set(&val->ip))
		return KROUTE_CONNECTED;
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (sources[i].proto == val->proto)
			return sources[i].source;
	return KROUTE_OTHER;
}

bool
kkind_on_device(enum kkind kind)
{
	return !kinds[kind].placeless;
}

bool
kkind_yields(enum kkind kind)
{
	return kinds[kind].yields;
}

bool
kkind_unmarked(enum kkind kind)
{
	return kinds[kind].ours == never_ours;
}

const char *
kkind_name(enum kkind kind)
{
	return kind < KOBJ_KINDS ? kinds[kind].name : "?";
}

char *
kkey_str(char *buf, const struct kkey *key)
{
	char what[KOBJ_STRLEN - 32];

	kinds[key->kind].key_str(what, sizeof(what), key);
	if (kinds[key->kind].placeless)
		snprintf(buf, KOBJ_STRLEN, "%s", what);
	else
		snprintf(buf, KOBJ_STRLEN, "%s on ifindex %u", what, key->ifindex);
	return buf;
}

char *
kval_str(char *buf, const struct kkey *key, const struct kval *val)
{
	buf[0] = '\0';
	if (val == NULL)
		memcpy(buf, "-", 2);
	else
		kinds[key->kind].val_str(buf, KOBJ_STRLEN, val);
	return buf;
}

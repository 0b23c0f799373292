/*
 * types - the kinds of arguments: one row each, with the function that tells whether a word
 * is one. Numbers in a range are written as the range in the synopsis and have no row.
 */
#include "cli/types.h"

#include "base/addr.h"
#include "cli/cli.h"

#include <ctype.h>
#include <string.h>

bool
cli_number(const char *text, uint64_t limit, uint64_t *out)
{
	uint64_t v = 0;
	const char *p;

	if (*text == '\0' || strlen(text) > 19)
		return false;
	for (p = text; *p != '\0'; p++) {
		if (!isdigit((unsigned char)*p))
			return false;
		v = v * 10 + (uint64_t)(*p - '0');
	}
	if (v > limit)
		return false;
	*out = v;
	return true;
}

static enum cli_fit
narrow(bool fits)
{
	return fits ? CLI_FIT_NARROW : CLI_FIT_NONE;
}

static enum cli_fit
fit_vni(const char *s)
{
	uint64_t v;

	return narrow(cli_number(s, VNI_MAX, &v) && v > 0);
}

static enum cli_fit
fit_as(const char *s)
{
	uint64_t v;

	return narrow(cli_number(s, UINT32_MAX, &v) && v > 0);
}

static enum cli_fit
fit_mac(const char *s)
{
	struct mac mac;

	return narrow(mac_parse(s, &mac));
}

static enum cli_fit
fit_ip(const char *s)
{
	struct ip ip;

	return narrow(ip_parse(s, &ip));
}

static enum cli_fit
fit_ipv4(const char *s)
{
	struct ip ip;

	return narrow(ip_parse(s, &ip) && ip.family == 4);
}

static enum cli_fit
fit_prefix(const char *s)
{
	struct prefix p;

	return narrow(strchr(s, '/') != NULL && prefix_parse(s, &p));
}

static enum cli_fit
fit_rd(const char *s)
{
	struct rd rd;

	return narrow(rd_parse(s, &rd));
}

static enum cli_fit
fit_rt(const char *s)
{
	struct ecom rt;

	return narrow(rt_parse(s, &rt));
}

static enum cli_fit
fit_esi(const char *s)
{
	struct esi esi;

	return narrow(esi_parse(s, &esi));
}

static enum cli_fit
fit_word(const char *s)
{
	return *s != '\0' ? CLI_FIT_WIDE : CLI_FIT_NONE;
}

/* Names must fit where they are kept: struct conf's CONF_NAME. */
static enum cli_fit
fit_name(const char *s)
{
	return *s != '\0' && strlen(s) < 64 ? CLI_FIT_WIDE : CLI_FIT_NONE;
}

static enum cli_fit
fit_group(const char *s)
{
	return fit_ip(s) == CLI_FIT_NONE ? fit_name(s) : CLI_FIT_NONE;
}

static enum cli_fit
fit_peer(const char *s)
{
	return fit_ip(s) != CLI_FIT_NONE ? CLI_FIT_NARROW : fit_name(s);
}

/* What Linux takes as a device's name: 15 bytes, no slash, not "." or "..". */
static enum cli_fit
fit_ifname(const char *s)
{
	if (*s == '\0' || strlen(s) > 15 || strpbrk(s, "/:") != NULL ||
	    strcmp(s, ".") == 0 || strcmp(s, "..") == 0)
		return CLI_FIT_NONE;
	return CLI_FIT_WIDE;
}

static enum cli_fit
fit_line(const char *s)
{
	(void)s;
	return CLI_FIT_LINE;
}

static const struct cli_type types[] = {
	/* clang-format off */
	{ "VNI",     "VXLAN network identifier",   "a VNI (1-16777215)",	fit_vni },
	{ "MAC",     "MAC address",		   "a MAC address X:X:X:X:X:X",	fit_mac },
	{ "IP",	     "IPv4 or IPv6 address",	   "an IPv4 or IPv6 address",	fit_ip },
	{ "A.B.C.D", "IPv4 address",		   "an IPv4 address",		fit_ipv4 },
	{ "PREFIX",  "Prefix A.B.C.D/M or X:X::X:X/M", "a prefix A.B.C.D/M or X:X::X:X/M",
	    fit_prefix },
	{ "AS",	     "AS number",		   "an AS number (1-4294967295)", fit_as },
	{ "PEER",    "Neighbor address or peer-group", "a neighbor's address or a peer-group",
	    fit_peer },
	{ "GROUP",   "Peer-group name",		   "a peer-group's name",	fit_group },
	{ "IFNAME",  "Interface name",		   "an interface name",		fit_ifname },
	{ "NAME",    "Name",			   "a name of at most 63 bytes", fit_name },
	{ "VRF",     "VRF name",
	    "a VRF's name (a device's: at most 15 bytes, no \"/\" or \":\")", fit_ifname },
	{ "RD",	     "Route distinguisher ASN:NN or A.B.C.D:NN",
	    "a route distinguisher ASN:NN or A.B.C.D:NN", fit_rd },
	{ "RT",	     "Route target ASN:NN or A.B.C.D:NN",
	    "a route target ASN:NN or A.B.C.D:NN", fit_rt },
	{ "ESI",     "Ethernet segment identifier", "an ESI of ten bytes XX:...:XX", fit_esi },
	{ "WORD",    "A word",			   "a word",			fit_word },
	{ "LINE",    "The rest of the line",	   "text",			fit_line },
	/* clang-format on */
};

const struct cli_type *
cli_type(int i)
{
	if (i < 0 || (size_t)i >= sizeof(types) / sizeof(types[0]))
		return NULL;
	return &types[i];
}

const struct cli_type *
cli_type_find(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strlen(types[i].name) == len &&
		    memcmp(types[i].name, name, len) == 0)
			return &types[i];
	return NULL;
}

bool
cli_type_check(const char *name, const char *text, const char **out_why)
{
	const struct cli_type *t = cli_type_find(name, strlen(name));

	if (out_why != NULL)
		*out_why = t != NULL ? t->why : "nothing";
	return t != NULL && t->fit(text) != CLI_FIT_NONE;
}

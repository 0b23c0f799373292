/*
 * commands - prints the table of commands as mdoc, a section per mode: the part of
 * evpnd.conf(5) that is made when building.
 */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static const struct {
	enum cli_mode mode;
	const char *title;
	const char *words;
} sections[] = {
	{ CLI_CONFIG, "Global commands", "At the beginning of the file." },
	{ CLI_VXLAN, "vxlan", "Settings of the VXLAN devices." },
	{ CLI_BGP, "router bgp AS", "BGP, its neighbors and peer-groups." },
	{ CLI_BGP_EVPN, "address-family l2vpn evpn",
	    "In a router bgp block: EVPN, for all VNIs." },
	{ CLI_VNI, "vni VNI", "In that address family: one VNI." },
	{ CLI_BGP_V4, "address-family ipv4 unicast",
	    "In a router bgp block: what the default VRF advertises; the same for "
	    "ipv6." },
	{ CLI_VRF, "vrf VRF", "A tenant VRF." },
	{ CLI_BGP_VRF, "router bgp AS vrf VRF", "What a tenant VRF advertises." },
	{ CLI_BGP_VRF_EVPN, "address-family l2vpn evpn of a VRF",
	    "In a router bgp block of a VRF." },
	{ CLI_BGP_VRF_V4, "address-family ipv4 unicast of a VRF",
	    "In a router bgp block of a VRF; the same for ipv6." },
};

static bool
shown(const struct cli_cmd *c)
{
	return !(c->flags & (CLI_HIDDEN | CLI_EVERYWHERE));
}

/* With places where a long line may be broken. */
static void
print_syntax(const char *s)
{
	printf(".It Ic ");
	for (; *s != '\0'; s++) {
		putchar(*s);
		if (*s == '|')
			fputs("\\:", stdout);
	}
	putchar('\n');
}

static void
print_section(size_t i)
{
	const struct cli_cmd *c;
	int k;

	printf(
	    ".Ss %s\n%s\n.Bl -tag -width Ds\n", sections[i].title, sections[i].words);
	for (k = 0; (c = cli_command(k)) != NULL; k++) {
		if (c->mode != sections[i].mode || !shown(c))
			continue;
		print_syntax(c->syntax);
		puts(c->help);
	}
	printf(".El\n");
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		print_section(i);
	return fflush(stdout) == 0 ? 0 : 1;
}

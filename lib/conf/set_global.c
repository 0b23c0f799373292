/* set_global - what stands outside of BGP: host name, logging, vxlan. */
#include "conf/edit.h"

#include <stdlib.h>
#include <string.h>

static const char *const log_levels[] = {
	"emergencies",
	"alerts",
	"critical",
	"errors",
	"warnings",
	"notifications",
	"informational",
	"debugging",
};

const char *
conf_log_level(unsigned level)
{
	if (level >= sizeof(log_levels) / sizeof(log_levels[0]))
		return NULL;
	return log_levels[level];
}

bool
set_hostname(struct edit *e)
{
	const char *name = edit_arg(e, "NAME");

	if (e->no)
		name = "";
	strlcpy(e->c->hostname, name, sizeof(e->c->hostname));
	return true;
}

/* The level of the command, plus one; all of them when it names none. */
static uint8_t
level_of(const struct edit *e)
{
	const char *name;
	unsigned i;

	if (e->no)
		return 0;
	for (i = 0; (name = conf_log_level(i)) != NULL; i++)
		if (edit_has(e, name))
			return (uint8_t)(i + 1);
	return (uint8_t)i;
}

bool
set_log(struct edit *e)
{
	struct conf_log *l = &e->c->log;

	*(edit_has(e, "stdout") ? &l->stdout_level : &l->syslog_level) = level_of(e);
	return true;
}

bool
set_log_file(struct edit *e)
{
	if (strlen(edit_arg(e, "WORD")) > 512)
		return edit_refuse(e, "A file name has at most 512 bytes here");
	edit_string(e, &e->c->log.file, edit_arg(e, "WORD"));
	e->c->log.file_level = level_of(e);
	return true;
}

bool
set_debug(struct edit *e)
{
	if (conf_debug_command(&e->c->debugs, e->m))
		return true;
	return edit_refuse(e, "At most %d debug lines", CONF_DEBUGS);
}

bool
set_vxlan(struct edit *e)
{
	if (e->no)
		e->c->vxlan = (struct conf_vxlan){ .udp_port = 0 };
	return true;
}

bool
set_vxlan_source(struct edit *e)
{
	struct conf_vxlan *v = &e->c->vxlan;
	struct ip ip = { 0 };

	if (!e->no &&
	    (!ip_parse(edit_arg(e, "IP"), &ip) || ip_is_any(&ip) ||
		ip_is_multicast(&ip)))
		return edit_refuse(e, "A VTEP needs a unicast address");
	v->source = ip;
	if (!e->no)
		v->source_ifname[0] = '\0';
	return true;
}

bool
set_vxlan_source_ifname(struct edit *e)
{
	struct conf_vxlan *v = &e->c->vxlan;

	strlcpy(v->source_ifname, e->no ? "" : edit_arg(e, "IFNAME"),
	    sizeof(v->source_ifname));
	if (!e->no)
		v->source = (struct ip){ 0 };
	return true;
}

bool
set_vxlan_port(struct edit *e)
{
	e->c->vxlan.udp_port = e->no ? 0 : (uint16_t)edit_number(e, 0);
	return true;
}

bool
set_vxlan_anycast_mac(struct edit *e)
{
	struct mac mac = { { 0 } };

	if (!e->no &&
	    (!mac_parse(edit_arg(e, "MAC"), &mac) || mac_is_multicast(&mac) ||
		mac_is_zero(&mac)))
		return edit_refuse(e, "A gateway needs a unicast MAC address");
	e->c->vxlan.anycast_mac = mac;
	return true;
}

bool
set_vxlan_groups(struct edit *e)
{
	e->c->vxlan.vtep_groups = !e->no;
	return true;
}

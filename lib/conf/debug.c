/* debug - see debug.h. */
#include "conf/debug.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/grammar.h"

static const char *const words[DEBUG_COUNT] = {
	[DEBUG_BGP_KEEPALIVES] = "debug bgp keepalives",
	[DEBUG_BGP_EVENTS] = "debug bgp neighbor-events",
	[DEBUG_BGP_UPDATES_IN] = "debug bgp updates in",
	[DEBUG_BGP_UPDATES_OUT] = "debug bgp updates out",
	[DEBUG_EVPN] = "debug evpn",
	[DEBUG_EVPN_MAC] = "debug evpn mac",
	[DEBUG_EVPN_VNI] = "debug evpn vni",
	[DEBUG_KERNEL] = "debug kernel",
};

/* Which switches a command means; AND: those with this keyword, or without any of them. */
static const struct {
	int op;
	const char *keyword;
	enum conf_debug_what what;
	const char *only; /* the argument */
} commands[] = {
	{ OP_DEBUG_KEEPALIVES, NULL, DEBUG_BGP_KEEPALIVES, "PEER" },
	{ OP_DEBUG_EVENTS, NULL, DEBUG_BGP_EVENTS, "PEER" },
	{ OP_DEBUG_UPDATES, "in", DEBUG_BGP_UPDATES_IN, "PEER" },
	{ OP_DEBUG_UPDATES, "out", DEBUG_BGP_UPDATES_OUT, "PEER" },
	{ OP_DEBUG_EVPN, NULL, DEBUG_EVPN, NULL },
	{ OP_DEBUG_MAC, NULL, DEBUG_EVPN_MAC, "MAC" },
	{ OP_DEBUG_VNI, NULL, DEBUG_EVPN_VNI, "VNI" },
	{ OP_DEBUG_KERNEL, NULL, DEBUG_KERNEL, NULL },
};

static int
cmp(const struct conf_debug *a, const struct conf_debug *b)
{
	if (a->what != b->what)
		return a->what < b->what ? -1 : 1;
	return strcmp(a->only, b->only);
}

/* Where ONE is, or would be. */
static uint16_t
place(const struct conf_debugs *d, const struct conf_debug *one)
{
	uint16_t i = 0;

	while (i < d->n && cmp(&d->list[i], one) < 0)
		i++;
	return i;
}

bool
conf_debug_has(const struct conf_debugs *d, const struct conf_debug *one)
{
	uint16_t i = place(d, one);

	return i < d->n && cmp(&d->list[i], one) == 0;
}

bool
conf_debug_set(struct conf_debugs *d, const struct conf_debug *one, bool on)
{
	uint16_t i = place(d, one);

	if (conf_debug_has(d, one) == on)
		return true;
	if (!on) {
		d->n--;
		memmove(&d->list[i], &d->list[i + 1],
		    (size_t)(d->n - i) * sizeof(*d->list));
		return true;
	}
	if (d->n >= CONF_DEBUGS)
		return false;
	d->list = xreallocarray(d->list, d->n + 1u, sizeof(*d->list));
	memmove(&d->list[i + 1], &d->list[i], (size_t)(d->n - i) * sizeof(*d->list));
	d->list[i] = *one;
	d->n++;
	return true;
}

bool
conf_debug_match(
    const struct conf_debugs *d, enum conf_debug_what what, const char *only)
{
	uint16_t i;

	for (i = 0; i < d->n; i++)
		if (d->list[i].what == what &&
		    (d->list[i].only[0] == '\0' || strcmp(d->list[i].only, only) == 0))
			return true;
	return false;
}

/* An address in the one form that it is compared in. */
static void
put_only(struct conf_debug *one, const char *text)
{
	struct mac mac;
	struct ip ip;

	if (ip_parse(text, &ip))
		text = IPSTR(&ip);
	else if (mac_parse(text, &mac))
		text = MACSTR(&mac);
	strlcpy(one->only, text, sizeof(one->only));
}

/* "no debug bgp updates" means those of single neighbors, too. */
static void
clear_what(struct conf_debugs *d, uint8_t what)
{
	uint16_t i, kept = 0;

	for (i = 0; i < d->n; i++)
		if (d->list[i].what != what)
			d->list[kept++] = d->list[i];
	d->n = kept;
}

bool
conf_debug_command(struct conf_debugs *d, const struct cli_match *m)
{
	bool off = m->no || strncmp(m->cmd->syntax, "no ", 3) == 0, ok = true;
	bool any = cli_arg(m, "in") == NULL && cli_arg(m, "out") == NULL;
	size_t i;

	if (m->cmd->op == OP_DEBUG_ALL)
		d->n = 0;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct conf_debug one = { .what = (uint8_t)commands[i].what };
		const char *only = NULL;

		if (commands[i].op != m->cmd->op ||
		    (!any && cli_arg(m, commands[i].keyword) == NULL))
			continue;
		if (commands[i].only != NULL)
			only = cli_arg(m, commands[i].only);
		if (only != NULL)
			put_only(&one, only);
		if (off && only == NULL)
			clear_what(d, one.what);
		else
			ok = conf_debug_set(d, &one, !off) && ok;
	}
	return ok;
}

char *
conf_debug_str(char *buf, const struct conf_debug *one)
{
	snprintf(buf, CONF_DEBUG_STRLEN, "%s%s%s", words[one->what],
	    one->only[0] != '\0' ? " " : "", one->only);
	return buf;
}

void
conf_debug_fini(struct conf_debugs *d)
{
	free(d->list);
	*d = (struct conf_debugs){ NULL, 0 };
}

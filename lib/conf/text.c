/*
 * text - configuration text to struct conf.
 *
 * A line is matched with the grammar (cli) and handed to the setter of its operation. The
 * context says where the line belongs; a line that does not fit there but fits around it
 * moves out first, as in FRR. Refusals leave the configuration and the context as they were.
 */
#include "conf/edit.h"

#include "base/mem.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
edit_refuse(struct edit *e, const char *fmt, ...)
{
	va_list ap;

	e->msg->text[0] = '%';
	e->msg->text[1] = ' ';
	va_start(ap, fmt);
	vsnprintf(e->msg->text + 2, sizeof(e->msg->text) - 2, fmt, ap);
	va_end(ap);
	return false;
}

const char *
edit_arg(const struct edit *e, const char *name)
{
	const char *s = cli_arg(e->m, name);

	return s != NULL ? s : "";
}

bool
edit_has(const struct edit *e, const char *name)
{
	return cli_arg(e->m, name) != NULL;
}

uint32_t
edit_number(const struct edit *e, int i)
{
	const char *s = cli_arg_nth(e->m, "NUMBER", i);

	return s != NULL ? (uint32_t)strtoul(s, NULL, 10) : 0;
}

void
edit_string(const struct edit *e, char **out, const char *s)
{
	char *copy = !e->no && *s != '\0' ? xstrdup(s) : NULL;

	free(*out);
	*out = copy;
}

static int
rt_find(const struct conf_rts *list, const struct ecom *rt)
{
	int i;

	for (i = 0; i < list->n; i++)
		if (memcmp(&list->rt[i], rt, sizeof(*rt)) == 0)
			return i;
	return -1;
}

void
edit_place(void *array, size_t n, size_t size, int (*cmp)(const void *a, const void *b))
{
	char *first = array, *last = first + (n - 1) * size, *at = last, *copy;

	/* Files are mostly in order: look from the end. */
	while (at > first && cmp(at - size, last) > 0)
		at -= size;
	if (at == last)
		return;
	copy = xcalloc(1, size);
	memcpy(copy, last, size);
	memmove(at + size, at, (size_t)(last - at));
	memcpy(at, copy, size);
	free(copy);
}

static int
rt_order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct ecom));
}

void
edit_rts(const struct edit *e, struct conf_rts *list)
{
	const char *text;
	struct ecom rt;
	int i, at;

	if (e->no && !edit_has(e, "RT"))
		list->n = 0;
	for (i = 0; (text = cli_arg_nth(e->m, "RT", i)) != NULL; i++) {
		if (!rt_parse(text, &rt))
			continue;
		at = rt_find(list, &rt);
		if (e->no && at >= 0) {
			list->n--;
			memmove(&list->rt[at], &list->rt[at + 1],
			    (size_t)(list->n - at) * sizeof(rt));
		} else if (!e->no && at < 0 && list->n < UINT16_MAX) {
			list->rt = xreallocarray(list->rt, list->n + 1u, sizeof(rt));
			list->rt[list->n++] = rt;
			edit_place(list->rt, list->n, sizeof(rt), rt_order);
		}
	}
	if (list->n == 0) {
		free(list->rt);
		list->rt = NULL;
	}
}

/* Entering a block needs nothing more than the grammar's next mode. */
static bool
set_nothing(struct edit *e)
{
	(void)e;
	return true;
}

static bool (*const setters[OP_COUNT])(struct edit *e) = {
	/* clang-format off */
	[OP_HOSTNAME]		= set_hostname,
	[OP_LOG]		= set_log,
	[OP_LOG_FILE]		= set_log_file,
	[OP_DEBUG_KEEPALIVES]	= set_debug,
	[OP_DEBUG_EVENTS]	= set_debug,
	[OP_DEBUG_UPDATES]	= set_debug,
	[OP_DEBUG_EVPN]		= set_debug,
	[OP_DEBUG_MAC]		= set_debug,
	[OP_DEBUG_VNI]		= set_debug,
	[OP_DEBUG_KERNEL]	= set_debug,
	[OP_DEBUG_ALL]		= set_debug,
	[OP_VXLAN]		= set_vxlan,
	[OP_VXLAN_SOURCE]	= set_vxlan_source,
	[OP_VXLAN_SOURCE_IFNAME] = set_vxlan_source_ifname,
	[OP_VXLAN_PORT]		= set_vxlan_port,
	[OP_VXLAN_ANYCAST_MAC]	= set_vxlan_anycast_mac,
	[OP_VXLAN_GROUPS]	= set_vxlan_groups,
	[OP_ROUTER_BGP]		= set_router_bgp,
	[OP_BGP_ROUTER_ID]	= set_bgp_router_id,
	[OP_BGP_CLUSTER_ID]	= set_bgp_cluster_id,
	[OP_BGP_TIMERS]		= set_bgp_timers,
	[OP_BGP_DEFAULT_EVPN]	= set_bgp_default_evpn,
	[OP_BGP_POLICY]		= set_bgp_policy,
	[OP_BGP_DAMPING]	= set_bgp_damping,
	[OP_BGP_LISTEN_LIMIT]	= set_bgp_listen_limit,
	[OP_BGP_LISTEN_RANGE]	= set_bgp_listen_range,
	[OP_BGP_RIB_LIMIT]	= set_bgp_rib_limit,
	[OP_BGP_GR]		= set_bgp_gr_tri,
	[OP_BGP_GR_RESTART]	= set_bgp_gr_time,
	[OP_BGP_GR_STALEPATH]	= set_bgp_gr_time,
	[OP_BGP_GR_DEFER]	= set_bgp_gr_time,
	[OP_BGP_GR_RIB_STALE]	= set_bgp_gr_time,
	[OP_BGP_GR_NOTIFICATION] = set_bgp_gr_tri,
	[OP_BGP_GR_PRESERVE_FW]	= set_bgp_gr_tri,
	[OP_BGP_GR_DISABLE]	= set_bgp_gr_disable,
	[OP_BGP_LLGR]		= set_bgp_llgr,
	[OP_PEER]		= set_peer,
	[OP_PEER_GROUP]		= set_peer_group,
	[OP_PEER_INTERFACE]	= set_peer_interface,
	[OP_PEER_MEMBER]	= set_peer_member,
	[OP_PEER_AS]		= set_peer_as,
	[OP_PEER_PORT]		= set_peer_port,
	[OP_PEER_DESCRIPTION]	= set_peer_description,
	[OP_PEER_PASSWORD]	= set_peer_password,
	[OP_PEER_AO]		= set_peer_ao,
	[OP_PEER_SOURCE]	= set_peer_source,
	[OP_PEER_TIMERS]	= set_peer_timers,
	[OP_PEER_CONNECT]	= set_peer_connect,
	[OP_PEER_SEND_HOLD]	= set_peer_send_hold,
	[OP_PEER_MULTIHOP]	= set_peer_multihop,
	[OP_PEER_TTL]		= set_peer_ttl,
	[OP_PEER_PASSIVE]	= set_peer_tri,
	[OP_PEER_SHUTDOWN]	= set_peer_shutdown,
	[OP_PEER_EXTENDED_NEXTHOP] = set_peer_tri,
	[OP_PEER_BFD]		= set_peer_bfd,
	[OP_PEER_BFD_CHECK]	= set_peer_bfd_check,
	[OP_PEER_BFD_PROFILE]	= set_peer_bfd_profile,
	[OP_PEER_GR]		= set_peer_gr,
	[OP_AF_EVPN]		= set_nothing,
	[OP_AF_OTHER]		= set_nothing,
	[OP_PEER_ACTIVATE]	= set_peer_tri,
	[OP_PEER_RR_CLIENT]	= set_peer_tri,
	[OP_PEER_NEXTHOP_SELF]	= set_peer_tri,
	[OP_PEER_SOFT_RECONFIG]	= set_peer_tri,
	[OP_PEER_ALLOWAS_IN]	= set_peer_allowas_in,
	[OP_PEER_MAX_PREFIX]	= set_peer_max_prefix,
	[OP_EVPN_ALL_VNI]	= set_evpn_flag,
	[OP_EVPN_SVI_IP]	= set_evpn_flag,
	[OP_EVPN_DEFAULT_GW]	= set_evpn_flag,
	[OP_EVPN_FLOODING]	= set_evpn_flooding,
	[OP_EVPN_STATIC_MAC]	= set_evpn_flag,
	[OP_EVPN_AUTORT]	= set_evpn_flag,
	[OP_EVPN_DAD]		= set_evpn_dad,
	[OP_EVPN_DAD_FREEZE]	= set_evpn_dad_freeze,
	[OP_VNI]		= set_vni,
	[OP_VNI_RD]		= set_vni_rd,
	[OP_VNI_RT]		= set_vni_rt,
	[OP_VNI_FLOODING]	= set_vni_flooding,
	[OP_VNI_SVI_IP]		= set_vni_tri,
	[OP_VNI_DEFAULT_GW]	= set_vni_tri,
	[OP_VNI_BRIDGE]		= set_vni_name,
	[OP_VNI_VXLAN]		= set_vni_name,
	[OP_VNI_VLAN]		= set_vni_number,
	[OP_VNI_PORT]		= set_vni_port,
	[OP_VNI_GATEWAY]	= set_vni_gateway,
	[OP_VNI_VRF]		= set_vni_vrf,
	[OP_VNI_RESOLUTION]	= set_vni_resolution,
	[OP_VNI_SUPPRESSION]	= set_vni_suppression,
	[OP_VNI_UNKNOWN]	= set_vni_unknown,
	[OP_VNI_LEARNING]	= set_vni_learning,
	[OP_VNI_MAC]		= set_vni_mac,
	[OP_VNI_MTU]		= set_vni_number,
	[OP_VNI_MAC_LIMIT]	= set_vni_limit,
	[OP_VNI_HOST_LIMIT]	= set_vni_limit,
	[OP_VRF]		= set_vrf,
	[OP_VRF_VNI]		= set_vrf_vni,
	[OP_VRF_TABLE]		= set_vrf_table,
	[OP_VRF_BRIDGE]		= set_vrf_bridge,
	[OP_ROUTER_BGP_VRF]	= set_router_bgp_vrf,
	[OP_VRF_AF]		= set_vrf_af,
	[OP_VRF_ADVERTISE]	= set_vrf_advertise,
	[OP_VRF_ORIGINATE]	= set_vrf_originate,
	[OP_VRF_RD]		= set_vrf_rd,
	[OP_VRF_RT]		= set_vrf_rt,
	[OP_VRF_REDISTRIBUTE]	= set_vrf_redistribute,
	[OP_VRF_NETWORK]	= set_vrf_network,
	[OP_VRF_IMPORT_CHECK]	= set_vrf_import_check,
	/* clang-format on */
};

static void
move(struct conf_ctx *ctx, const struct cli_match *m)
{
	if (m->cmd->op == OP_EXIT && m->cmd->next == CLI_STAY)
		ctx->mode = cli_mode_up(ctx->mode);
	else if (m->cmd->next != CLI_STAY && !m->no)
		ctx->mode = (enum cli_mode)m->cmd->next;
}

/* LINE for a message, which may end in a log: nothing after a word that a secret follows. */
static const char *
hide(const char *line, char *buf, size_t len)
{
	static const char *const words[] = { "password", "enable", "username", "ao-key",
		"tcp-ao" };
	const char *word = line, *end;
	size_t i, n;

	for (; *word != '\0'; word = end + strspn(end, " \t")) {
		n = strcspn(word, " \t");
		end = word + n;
		/* A word that is begun, or misspelt at its end, may be meant. */
		for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (n >= 5 && strncmp(word, words[i], 5) == 0 && *end != '\0') {
				snprintf(
				    buf, len, "%.*s <hidden>", (int)(end - line), line);
				return buf;
			}
	}
	return line;
}

/* The command of M, found in MODE. */
static enum conf_result
carry_out(struct conf *c, struct conf_ctx *ctx, enum cli_mode mode,
    const struct cli_match *m, const char *line, struct conf_msg *msg)
{
	struct conf_ctx moved = *ctx;
	struct edit e = { .c = c, .ctx = &moved, .m = m, .no = m->no, .msg = msg };
	char hidden[CLI_LINE];
	int op = m->cmd->op;

	/* "exit" is known to CLI_CONFIG for all modes and leaves the one it is typed in. */
	if (!(m->cmd->flags & CLI_EVERYWHERE))
		moved.mode = mode;
	if (setters[op] != NULL && !setters[op](&e))
		return CONF_ERROR;
	move(&moved, m);
	*ctx = moved;
	if (op != OP_IGNORED)
		return CONF_OK;
	snprintf(msg->text, sizeof(msg->text), "%% Ignored, %s: %s",
	    m->cmd->help[0] != '\0' ? m->cmd->help : "has no meaning here",
	    hide(line, hidden, sizeof(hidden)));
	return CONF_WARNING;
}

enum conf_result
conf_line(struct conf *c, struct conf_ctx *ctx, const char *line, struct conf_msg *msg)
{
	enum cli_mode mode = ctx->mode == CLI_EXEC ? CLI_CONFIG : ctx->mode;
	char hidden[CLI_LINE];
	struct cli_match m;

	msg->text[0] = msg->detail[0] = '\0';
	while (isspace((unsigned char)*line))
		line++;
	cli_match(mode, line, true, &m, &mode);
	msg->column = m.column;
	if (m.status == CLI_EMPTY)
		return CONF_OK;
	if (m.status != CLI_OK) {
		cli_refusal(&m, hide(line, hidden, sizeof(hidden)), msg->text,
		    sizeof(msg->text));
		cli_detail(&m, line, msg->detail, sizeof(msg->detail));
		return CONF_ERROR;
	}
	if (m.do_exec ||
	    (setters[m.cmd->op] == NULL && m.cmd->op != OP_IGNORED &&
		m.cmd->op != OP_EXIT && m.cmd->op != OP_END)) {
		snprintf(msg->text, sizeof(msg->text),
		    "%% This is not a configuration command: %s", line);
		return CONF_ERROR;
	}
	msg->column = m.nargs > 0 ? m.args[0].column : 1;
	return carry_out(c, ctx, mode, &m, line, msg);
}

/* FRR's message and ours in one line; a file's reader wants no "% ". */
static void
report_line(enum conf_result result, struct conf_msg *msg, int line, int indent,
    void (*report)(enum conf_result, const struct conf_msg *, void *), void *arg)
{
	struct conf_msg m = { .line = line, .column = msg->column + indent };
	const char *text = msg->text;
	int len;

	if (strncmp(text, "% ", 2) == 0)
		text += 2;
	len = (int)strlen(text);
	if (len > 0 && text[len - 1] == '.')
		len--;
	snprintf(m.text, sizeof(m.text), "%.*s%s%.250s", len < 250 ? len : 250, text,
	    msg->detail[0] != '\0' ? ", " : "", msg->detail);
	if (report != NULL)
		report(result, &m, arg);
}

int
conf_read(struct conf *c, const char *text,
    void (*report)(enum conf_result, const struct conf_msg *, void *arg), void *arg)
{
	struct conf_ctx ctx = { .mode = CLI_CONFIG };
	enum conf_result result;
	struct conf_msg msg;
	char line[CLI_LINE + 1];
	int n, indent, errors = 0;
	size_t len;

	for (n = 1; *text != '\0'; n++) {
		indent = (int)strspn(text, " \t");
		text += indent;
		len = strcspn(text, "\n");
		/* Too long a line stays too long when it is cut here. */
		snprintf(line, sizeof(line), "%.*s",
		    (int)(len < CLI_LINE ? len : CLI_LINE), text);
		text += len;
		if (*text == '\n')
			text++;
		result = conf_line(c, &ctx, line, &msg);
		if (ctx.mode == CLI_EXEC)
			ctx.mode = CLI_CONFIG;
		if (result == CONF_ERROR)
			errors++;
		if (result != CONF_OK)
			report_line(result, &msg, n, indent, report, arg);
	}
	return errors;
}

/*
 * fsm - see fsm.h. RFC 4271, 8.2.2, with what implementations agree on where it is optional.
 *
 * Where this is not the RFC to the letter: a connection that fails or is refused in Connect
 * or Active leads to Active and the retry timer, not to Idle, from where nothing would start
 * it again; a NOTIFICATION is never answered by another; a message before our OPEN was sent
 * ends the connection without one.
 */
#include "bgp/fsm.h"

#include <stddef.h>

/* clang-format off */
#define TO(action, next) { FSM_DO_##action, FSM_##next }

static const struct fsm_cell table[FSM_STATES][FSM_EVENTS] = {
	[FSM_IDLE] = {
		[FSM_START]	      = TO(CONNECT, CONNECT),
		[FSM_START_PASSIVE]   = TO(LISTEN, ACTIVE),
		[FSM_STOP]	      = TO(NOTHING, IDLE),
		[FSM_RETRY_TIMER]     = TO(NOTHING, IDLE),
		[FSM_HOLD_TIMER]      = TO(NOTHING, IDLE),
		[FSM_KEEPALIVE_TIMER] = TO(NOTHING, IDLE),
		[FSM_TCP_UP]	      = TO(DROP, IDLE),
		[FSM_TCP_FAIL]	      = TO(NOTHING, IDLE),
		[FSM_OPEN_GOOD]	      = TO(NOTHING, IDLE),
		[FSM_MSG_BAD]	      = TO(NOTHING, IDLE),
		[FSM_COLLISION]	      = TO(NOTHING, IDLE),
		[FSM_NOTIFICATION]    = TO(NOTHING, IDLE),
		[FSM_KEEPALIVE]	      = TO(NOTHING, IDLE),
		[FSM_UPDATE]	      = TO(NOTHING, IDLE),
	},
	[FSM_CONNECT] = {
		[FSM_START]	      = TO(NOTHING, CONNECT),
		[FSM_START_PASSIVE]   = TO(NOTHING, CONNECT),
		[FSM_STOP]	      = TO(DROP, IDLE),
		[FSM_RETRY_TIMER]     = TO(CONNECT, CONNECT),
		[FSM_HOLD_TIMER]      = TO(DROP, IDLE),
		[FSM_KEEPALIVE_TIMER] = TO(DROP, IDLE),
		[FSM_TCP_UP]	      = TO(OPEN, OPENSENT),
		[FSM_TCP_FAIL]	      = TO(RETRY, ACTIVE),
		[FSM_OPEN_GOOD]	      = TO(DROP, IDLE),
		[FSM_MSG_BAD]	      = TO(DROP, IDLE),
		[FSM_COLLISION]	      = TO(DROP, IDLE),
		[FSM_NOTIFICATION]    = TO(DROP, IDLE),
		[FSM_KEEPALIVE]	      = TO(DROP, IDLE),
		[FSM_UPDATE]	      = TO(DROP, IDLE),
	},
	[FSM_ACTIVE] = {
		[FSM_START]	      = TO(NOTHING, ACTIVE),
		[FSM_START_PASSIVE]   = TO(NOTHING, ACTIVE),
		[FSM_STOP]	      = TO(DROP, IDLE),
		[FSM_RETRY_TIMER]     = TO(CONNECT, CONNECT),
		[FSM_HOLD_TIMER]      = TO(DROP, IDLE),
		[FSM_KEEPALIVE_TIMER] = TO(DROP, IDLE),
		[FSM_TCP_UP]	      = TO(OPEN, OPENSENT),
		[FSM_TCP_FAIL]	      = TO(RETRY, ACTIVE),
		[FSM_OPEN_GOOD]	      = TO(DROP, IDLE),
		[FSM_MSG_BAD]	      = TO(DROP, IDLE),
		[FSM_COLLISION]	      = TO(DROP, IDLE),
		[FSM_NOTIFICATION]    = TO(DROP, IDLE),
		[FSM_KEEPALIVE]	      = TO(DROP, IDLE),
		[FSM_UPDATE]	      = TO(DROP, IDLE),
	},
	[FSM_OPENSENT] = {
		[FSM_START]	      = TO(NOTHING, OPENSENT),
		[FSM_START_PASSIVE]   = TO(NOTHING, OPENSENT),
		[FSM_STOP]	      = TO(CEASE, IDLE),
		[FSM_HOLD_TIMER]      = TO(EXPIRE, IDLE),
		[FSM_TCP_UP]	      = TO(NOTHING, OPENSENT), /* RFC 4271, 6.8 */
		[FSM_TCP_FAIL]	      = TO(RETRY, ACTIVE),
		[FSM_OPEN_GOOD]	      = TO(CONFIRM, OPENCONFIRM),
		[FSM_MSG_BAD]	      = TO(NOTIFY, IDLE),
		[FSM_COLLISION]	      = TO(CEASE, IDLE),
		[FSM_NOTIFICATION]    = TO(DROP, IDLE),
	},
	[FSM_OPENCONFIRM] = {
		[FSM_START]	      = TO(NOTHING, OPENCONFIRM),
		[FSM_START_PASSIVE]   = TO(NOTHING, OPENCONFIRM),
		[FSM_STOP]	      = TO(CEASE, IDLE),
		[FSM_HOLD_TIMER]      = TO(EXPIRE, IDLE),
		[FSM_KEEPALIVE_TIMER] = TO(KEEPALIVE, OPENCONFIRM),
		[FSM_TCP_UP]	      = TO(NOTHING, OPENCONFIRM),
		[FSM_TCP_FAIL]	      = TO(DROP, IDLE),
		[FSM_MSG_BAD]	      = TO(NOTIFY, IDLE),
		[FSM_COLLISION]	      = TO(CEASE, IDLE),
		[FSM_NOTIFICATION]    = TO(DROP, IDLE),
		[FSM_KEEPALIVE]	      = TO(ESTABLISH, ESTABLISHED),
	},
	[FSM_ESTABLISHED] = {
		[FSM_START]	      = TO(NOTHING, ESTABLISHED),
		[FSM_START_PASSIVE]   = TO(NOTHING, ESTABLISHED),
		[FSM_STOP]	      = TO(CEASE, IDLE),
		[FSM_HOLD_TIMER]      = TO(EXPIRE, IDLE),
		[FSM_KEEPALIVE_TIMER] = TO(KEEPALIVE, ESTABLISHED),
		[FSM_TCP_UP]	      = TO(NOTHING, ESTABLISHED),
		[FSM_TCP_FAIL]	      = TO(DROP, IDLE),
		[FSM_MSG_BAD]	      = TO(NOTIFY, IDLE),
		[FSM_COLLISION]	      = TO(CEASE, IDLE),
		[FSM_NOTIFICATION]    = TO(DROP, IDLE),
		[FSM_KEEPALIVE]	      = TO(HOLD, ESTABLISHED),
		[FSM_UPDATE]	      = TO(UPDATE, ESTABLISHED),
	},
};
/* clang-format on */

struct fsm_cell
fsm_next(enum fsm_state state, enum fsm_event event)
{
	return table[state][event];
}

const char *
fsm_state_name(enum fsm_state state)
{
	static const char *const names[FSM_STATES] = {
		[FSM_IDLE] = "Idle",
		[FSM_CONNECT] = "Connect",
		[FSM_ACTIVE] = "Active",
		[FSM_OPENSENT] = "OpenSent",
		[FSM_OPENCONFIRM] = "OpenConfirm",
		[FSM_ESTABLISHED] = "Established",
	};

	return names[state];
}

const char *
fsm_event_name(enum fsm_event event)
{
	static const char *const names[FSM_EVENTS] = {
		[FSM_START] = "start",
		[FSM_START_PASSIVE] = "passive start",
		[FSM_STOP] = "stop",
		[FSM_RETRY_TIMER] = "connect retry timer",
		[FSM_HOLD_TIMER] = "hold timer",
		[FSM_KEEPALIVE_TIMER] = "keepalive timer",
		[FSM_TCP_UP] = "TCP connected",
		[FSM_TCP_FAIL] = "TCP failed",
		[FSM_OPEN_GOOD] = "OPEN received",
		[FSM_MSG_BAD] = "bad message received",
		[FSM_COLLISION] = "connection collision",
		[FSM_NOTIFICATION] = "NOTIFICATION received",
		[FSM_KEEPALIVE] = "KEEPALIVE received",
		[FSM_UPDATE] = "UPDATE received",
	};

	return names[event];
}

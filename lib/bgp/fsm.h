/*
 * fsm - RFC 4271, 8 as a table: state and event give an action and the next state.
 *
 * An empty cell is the RFC's "FSM error" (NOTIFICATION 5, RFC 6608). The table knows nothing
 * of sockets; the session carries the action out and feeds what happened back as events.
 */
#ifndef BGP_FSM_H
#define BGP_FSM_H

#include <stdint.h>

enum fsm_state {
	FSM_IDLE,
	FSM_CONNECT,
	FSM_ACTIVE,
	FSM_OPENSENT,
	FSM_OPENCONFIRM,
	FSM_ESTABLISHED,
	FSM_STATES,
};

enum fsm_event {
	FSM_START,           /* 1, 3: manual or automatic */
	FSM_START_PASSIVE,   /* 4, 5 */
	FSM_STOP,            /* 2, 8 */
	FSM_RETRY_TIMER,     /* 9 */
	FSM_HOLD_TIMER,      /* 10 */
	FSM_KEEPALIVE_TIMER, /* 11 */
	FSM_TCP_UP,          /* 16, 17 */
	FSM_TCP_FAIL,        /* 18 */
	FSM_OPEN_GOOD,       /* 19 */
	FSM_MSG_BAD, /* 21, 22, 28: header, OPEN or UPDATE error; NOTIFICATION in hand */
	FSM_COLLISION,    /* 23: this one is the loser */
	FSM_NOTIFICATION, /* 24, 25 */
	FSM_KEEPALIVE,    /* 26 */
	FSM_UPDATE,       /* 27, and ROUTE-REFRESH */
	FSM_EVENTS,
};

enum fsm_action {
	FSM_DO_ERROR, /* empty cell: NOTIFICATION 5, drop, back to Idle */
	FSM_DO_NOTHING,
	FSM_DO_CONNECT,   /* start the retry timer, connect */
	FSM_DO_LISTEN,    /* start the retry timer, wait for the peer */
	FSM_DO_OPEN,      /* send OPEN, large hold timer */
	FSM_DO_CONFIRM,   /* send KEEPALIVE, start timers with the agreed hold time */
	FSM_DO_ESTABLISH, /* session is up: restart hold timer, announce */
	FSM_DO_KEEPALIVE, /* send KEEPALIVE, restart its timer */
	FSM_DO_HOLD,      /* restart the hold timer */
	FSM_DO_UPDATE,    /* restart the hold timer, process */
	FSM_DO_RETRY,     /* drop TCP, wait for the retry timer */
	FSM_DO_DROP,      /* release everything, no NOTIFICATION */
	FSM_DO_NOTIFY,    /* send the NOTIFICATION in hand, then as DROP */
	FSM_DO_EXPIRE,    /* NOTIFICATION 4, then as DROP */
	FSM_DO_CEASE,     /* NOTIFICATION 6, then as DROP */
};

struct fsm_cell {
	uint8_t action; /* enum fsm_action */
	uint8_t next;   /* enum fsm_state */
};

struct fsm_cell fsm_next(enum fsm_state state, enum fsm_event event);
/* FRR's words: "Idle", "Connect", "Active", "OpenSent", "OpenConfirm", "Established". */
const char *fsm_state_name(enum fsm_state state);
const char *fsm_event_name(enum fsm_event event);

#endif

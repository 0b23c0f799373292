/* Tests of bgp/fsm: the ways through the table, and what holds for all of it. */
#include "bgp/fsm.h"

#include <string.h>

#include "unit.h"

static const struct {
	const char *what;
	enum fsm_event events[6];
	unsigned n;
	enum fsm_action last;
	enum fsm_state end;
} ways[] = {
	/* clang-format off */
	{ "active open", { FSM_START, FSM_TCP_UP, FSM_OPEN_GOOD, FSM_KEEPALIVE }, 4,
	  FSM_DO_ESTABLISH, FSM_ESTABLISHED },
	{ "passive open", { FSM_START_PASSIVE, FSM_TCP_UP, FSM_OPEN_GOOD, FSM_KEEPALIVE }, 4,
	  FSM_DO_ESTABLISH, FSM_ESTABLISHED },
	{ "refused, then again", { FSM_START, FSM_TCP_FAIL, FSM_RETRY_TIMER, FSM_TCP_UP }, 4,
	  FSM_DO_OPEN, FSM_OPENSENT },
	{ "lost while OPEN is out", { FSM_START, FSM_TCP_UP, FSM_TCP_FAIL }, 3,
	  FSM_DO_RETRY, FSM_ACTIVE },
	{ "bad OPEN", { FSM_START, FSM_TCP_UP, FSM_MSG_BAD }, 3, FSM_DO_NOTIFY, FSM_IDLE },
	{ "UPDATE before OPEN", { FSM_START, FSM_TCP_UP, FSM_UPDATE }, 3, FSM_DO_ERROR,
	  FSM_IDLE },
	{ "KEEPALIVE before OPEN", { FSM_START, FSM_TCP_UP, FSM_KEEPALIVE }, 3, FSM_DO_ERROR,
	  FSM_IDLE },
	{ "UPDATE before KEEPALIVE", { FSM_START, FSM_TCP_UP, FSM_OPEN_GOOD, FSM_UPDATE }, 4,
	  FSM_DO_ERROR, FSM_IDLE },
	{ "collision lost", { FSM_START, FSM_TCP_UP, FSM_OPEN_GOOD, FSM_COLLISION }, 4,
	  FSM_DO_CEASE, FSM_IDLE },
	{ "refused by NOTIFICATION", { FSM_START, FSM_TCP_UP, FSM_NOTIFICATION }, 3,
	  FSM_DO_DROP, FSM_IDLE },
	{ "UPDATE", { FSM_START, FSM_TCP_UP, FSM_OPEN_GOOD, FSM_KEEPALIVE, FSM_UPDATE }, 5,
	  FSM_DO_UPDATE, FSM_ESTABLISHED },
	{ "OPEN again", { FSM_START, FSM_TCP_UP, FSM_OPEN_GOOD, FSM_KEEPALIVE, FSM_OPEN_GOOD },
	  5, FSM_DO_ERROR, FSM_IDLE },
	{ "hold time over", { FSM_START, FSM_TCP_UP, FSM_OPEN_GOOD, FSM_KEEPALIVE,
	  FSM_HOLD_TIMER }, 5, FSM_DO_EXPIRE, FSM_IDLE },
	{ "shut down", { FSM_START, FSM_TCP_UP, FSM_OPEN_GOOD, FSM_KEEPALIVE, FSM_STOP }, 5,
	  FSM_DO_CEASE, FSM_IDLE },
	{ "lost", { FSM_START, FSM_TCP_UP, FSM_OPEN_GOOD, FSM_KEEPALIVE, FSM_TCP_FAIL }, 5,
	  FSM_DO_DROP, FSM_IDLE },
	{ "keepalive", { FSM_START, FSM_TCP_UP, FSM_OPEN_GOOD, FSM_KEEPALIVE,
	  FSM_KEEPALIVE_TIMER }, 5, FSM_DO_KEEPALIVE, FSM_ESTABLISHED },
	/* clang-format on */
};

START_TEST(way)
{
	struct fsm_cell c = { FSM_DO_NOTHING, FSM_IDLE };

	for (unsigned i = 0; i < ways[_i].n; i++)
		c = fsm_next((enum fsm_state)c.next, ways[_i].events[i]);
	ck_assert_msg(
	    c.action == ways[_i].last, "%s: action %u", ways[_i].what, c.action);
	ck_assert_msg(c.next == ways[_i].end, "%s: state %s", ways[_i].what,
	    fsm_state_name((enum fsm_state)c.next));
}
END_TEST

/* What ends a session ends it in Idle; STOP and a peer's NOTIFICATION are never errors. */
START_TEST(whole)
{
	for (unsigned s = 0; s < FSM_STATES; s++) {
		for (unsigned e = 0; e < FSM_EVENTS; e++) {
			struct fsm_cell c =
			    fsm_next((enum fsm_state)s, (enum fsm_event)e);

			ck_assert(c.next < FSM_STATES);
			if (c.action == FSM_DO_ERROR || c.action >= FSM_DO_DROP)
				ck_assert_uint_eq(c.next, FSM_IDLE);
			if (c.action == FSM_DO_NOTHING)
				ck_assert_uint_eq(c.next, s);
			if (c.action == FSM_DO_ERROR)
				ck_assert_uint_ge(s, FSM_OPENSENT);
			if (e == FSM_STOP || e == FSM_NOTIFICATION)
				ck_assert(
				    c.action != FSM_DO_ERROR && c.next == FSM_IDLE);
			if (c.next == FSM_ESTABLISHED && s != FSM_ESTABLISHED)
				ck_assert(s == FSM_OPENCONFIRM && e == FSM_KEEPALIVE);
			ck_assert(strlen(fsm_event_name((enum fsm_event)e)) > 0);
		}
	}
	ck_assert_str_eq(fsm_state_name(FSM_OPENCONFIRM), "OpenConfirm");
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("fsm", &tc);

	tcase_add_loop_test(tc, way, 0, sizeof(ways) / sizeof(ways[0]));
	tcase_add_test(tc, whole);
	return unit_run(s);
}

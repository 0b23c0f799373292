/*
 * Tests of src/evpnd/peer_gr, peer_past: what becomes of the routes of a neighbor, played by
 * hand, that goes in all ways there are and comes back in all ways there are; and what we say
 * after a restart of our own.
 */
#include "sessionkit.h"

#define HAND "127.0.0.3"
#define ROUTES 20

/* The neighbor says the routes FROM to TO, and nothing else. */
static void
hand_say_routes(unsigned from, unsigned to)
{
	static uint8_t buf[70000];
	struct builder m = builder_of(buf, sizeof(buf));
	struct nlri_info info = { .labels = 1, .label = { 100 } };
	struct attr_draft d = { .v.nexthop = ip_of_v4(0x0a000003) };
	struct attr_ctx ctx = { .as4 = true, .ibgp = true };
	struct ecom rt = rt_of_as(65000, 100);
	struct update_writer w;

	d.v.ext = (struct blob){ rt.b, 8 };
	d.v.flags = ATTRS_LOCAL_PREF;
	d.v.local_pref = 100;
	attr_draft_scan(&d);
	update_begin_reach(&w, &m, MSG_MAX, &d.v, &ctx);
	for (; from < to; from++) {
		struct nlri key = route(from);

		ck_assert(update_add(&w, &key, &info));
	}
	update_end(&w);
	hand_say(buf, put_len(&m));
}

static void
hand_say_eor(void)
{
	uint8_t buf[64];
	struct builder m = builder_of(buf, sizeof(buf));

	update_put_eor(&m);
	hand_say(buf, put_len(&m));
}

static void
hand_say_notification(uint8_t code, uint8_t subcode, bool hard)
{
	uint8_t buf[600];
	struct builder m = builder_of(buf, sizeof(buf));
	struct bgp_error err;

	bgp_error_set(&err, code, subcode, NULL, 0, "x");
	err.hard = hard;
	msg_notification_put(&m, &err);
	hand_say(buf, put_len(&m));
}

static void
hand_say_rubbish(void)
{
	uint8_t buf[19] = { 0 };

	hand_say(buf, sizeof(buf));
}

/* How a session ends. */
enum end {
	END_TCP,
	END_CEASE,
	END_HOLD,
	END_HARD,
	END_HARD_BARE,
	END_RUBBISH,
	END_CLEAR,
	END_SHUT,
	END_DELETE,
	END_AGAIN
};

static void
end_session(enum end how, const struct msg_open *o)
{
	char text[600];

	switch (how) {
	case END_TCP:
		shutdown(hand.fd, SHUT_RDWR);
		break;
	case END_CEASE:
		hand_say_notification(BGP_ERR_CEASE, BGP_CEASE_RESET, false);
		break;
	case END_HOLD:
		hand_say_notification(BGP_ERR_HOLD, 0, false);
		break;
	case END_HARD:
		hand_say_notification(BGP_ERR_CEASE, BGP_CEASE_RESET, true);
		break;
	case END_HARD_BARE:
		hand_say_notification(BGP_ERR_CEASE, BGP_CEASE_HARD, false);
		break;
	case END_RUBBISH:
		hand_say_rubbish();
		break;
	case END_CLEAR:
		peer_clear(a.d.peers, peer(&a, HAND), PEER_CLEAR_HARD);
		break;
	case END_SHUT:
		snprintf(text, sizeof(text), "%s exit\nneighbor " HAND " shutdown\n",
		    conf_hand);
		configure(&a, text);
		break;
	case END_DELETE:
		configure(&a, "router bgp 65000\n");
		break;
	case END_AGAIN: {
		int old = dup(hand.fd);
		struct msg_open again = *o;

		again.caps.gr_restarting = true;
		hand_establish(&again);
		close(old);
		break;
	}
	}
}

enum { GR = 1, LISTED = 2, KEPT = 4, N = 8 };

static struct msg_open
open_with(unsigned bits)
{
	struct msg_open o = hand_open();

	o.caps.graceful_restart = bits & GR;
	o.caps.gr_time = 120;
	o.caps.gr_notification = bits & N;
	o.caps.family[0].gr_listed = bits & LISTED;
	o.caps.family[0].gr_flags = bits & KEPT ? CAPS_FORWARDING : 0;
	return o;
}

static const struct {
	const char *what, *conf; /* of the neighbor, more; NULL: nothing */
	unsigned bits;
	enum end end;
	bool kept;
} ends[] = {
	/* clang-format off */
	{ "no capability", NULL, 0, END_TCP, false },
	{ "capability without the family", NULL, GR, END_TCP, false },
	{ "... but the configuration says so", "graceful-restart", GR, END_TCP, true },
	{ "... which needs the capability", "graceful-restart", 0, END_TCP, false },
	{ "asked for, TCP ends", NULL, GR | LISTED, END_TCP, true },
	{ "a helper keeps too", "graceful-restart-helper", GR | LISTED, END_TCP, true },
	{ "switched off", "graceful-restart-disable", GR | LISTED, END_TCP, false },
	{ "a Cease without N", NULL, GR | LISTED, END_CEASE, false },
	{ "a Cease with N", NULL, GR | LISTED | N, END_CEASE, true },
	{ "hold timer without N", NULL, GR | LISTED, END_HOLD, false },
	{ "hold timer with N", NULL, GR | LISTED | N, END_HOLD, true },
	{ "a Hard Reset", NULL, GR | LISTED | N, END_HARD, false },
	{ "a Hard Reset of nothing", NULL, GR | LISTED | N, END_HARD_BARE, false },
	{ "its fault, without N", NULL, GR | LISTED, END_RUBBISH, false },
	{ "its fault, with N", NULL, GR | LISTED | N, END_RUBBISH, true },
	{ "cleared", NULL, GR | LISTED | N, END_CLEAR, false },
	{ "shut down", NULL, GR | LISTED | N, END_SHUT, false },
	{ "deleted", NULL, GR | LISTED | N, END_DELETE, false },
	/* clang-format on */
};

static void
configure_hand(const char *more)
{
	char text[1000];

	if (more == NULL) {
		configure(&a, conf_hand);
		return;
	}
	snprintf(
	    text, sizeof(text), "%s exit\nneighbor " HAND " %s\n", conf_hand, more);
	configure(&a, text);
}

static unsigned
stale_paths(void)
{
	struct nlri none = { 0 };
	struct dest *d;
	unsigned n = 0;

	for (d = rib_from(a.d.rib, &none); d != NULL; d = rib_after(d))
		if (d->paths != NULL && (d->paths->flags & PATH_STALE))
			n++;
	return n;
}

static bool
has_paths(unsigned n)
{
	struct rib_stats stats;

	rib_stats(a.d.rib, &stats);
	return stats.paths == n;
}

static void
begin(const char *conf, const struct msg_open *o)
{
	configure_hand(conf);
	hand_establish(o);
	hand_say_routes(0, ROUTES);
	hand_say_eor();
	WAIT(peer(&a, HAND)->eor_received && has_paths(ROUTES));
}

START_TEST(ended)
{
	struct msg_open o = open_with(ends[_i].bits);
	struct peer *p;

	begin(ends[_i].conf, &o);
	end_session(ends[_i].end, &o);
	if (!ends[_i].kept) {
		WAIT(has_paths(0));
		p = peers_find(a.d.peers, HAND);
		ck_assert(p == NULL || p->stale == STALE_NONE);
		return;
	}
	WAIT(!up(&a, HAND));
	p = peer(&a, HAND);
	for (unsigned i = 0; i < 5; i++)
		turn();
	ck_assert_msg(has_paths(ROUTES), "%s: lost", ends[_i].what);
	ck_assert_int_eq(p->stale, STALE_GR);
	ck_assert_uint_eq(stale_paths(), ROUTES);
	/* Nobody is believed for ever: the operator has the last word. */
	peer_clear(a.d.peers, p, PEER_CLEAR_HARD);
	WAIT(has_paths(0));
	ck_assert_int_eq(p->stale, STALE_NONE);
}
END_TEST

/* How it comes back, after it asked for it: what is left before End-of-RIB, of 20 routes. */
static const struct {
	const char *what;
	unsigned bits;
	uint32_t router_id;
	unsigned before;
} backs[] = {
	{ "as it went", GR | LISTED | KEPT, 0x0a000003, ROUTES },
	{ "forwarding was lost", GR | LISTED, 0x0a000003, 5 },
	{ "the family is not named any more", GR, 0x0a000003, 5 },
	{ "without the capability", 0, 0x0a000003, 5 },
	{ "as somebody else", GR | LISTED | KEPT, 0x0a000009, 5 },
};

START_TEST(back)
{
	struct msg_open o = open_with(GR | LISTED | N),
			again = open_with(backs[_i].bits);
	struct peer *p;

	begin(NULL, &o);
	p = peer(&a, HAND);
	end_session(END_TCP, &o);
	WAIT(!up(&a, HAND));
	again.caps.gr_restarting = true;
	again.router_id = backs[_i].router_id;
	hand_establish(&again);
	hand_say_routes(0, 5);
	hand_await(MSG_KEEPALIVE);
	WAIT(has_paths(backs[_i].before));
	ck_assert_uint_eq(stale_paths(), backs[_i].before - 5);
	ck_assert_int_eq(p->stale, backs[_i].before == 5 ? STALE_NONE : STALE_GR);
	hand_say_eor();
	WAIT(p->eor_received && has_paths(5));
	ck_assert_uint_eq(stale_paths(), 0);
	ck_assert_int_eq(p->stale, STALE_NONE);
}
END_TEST

/* Back without the family in its OPEN at all. */
START_TEST(back_without_evpn)
{
	struct msg_open o = open_with(GR | LISTED | KEPT), again = o;

	begin(NULL, &o);
	end_session(END_TCP, &o);
	WAIT(!up(&a, HAND));
	again.caps.families = 0;
	hand_establish(&again);
	WAIT(has_paths(0));
}
END_TEST

/* It calls again before we know that the old connection is dead. */
START_TEST(calls_again)
{
	struct msg_open o = open_with(GR | LISTED | KEPT);

	begin(NULL, &o);
	end_session(END_AGAIN, &o);
	WAIT(peer(&a, HAND)->established == 2);
	ck_assert(has_paths(ROUTES));
	ck_assert_uint_eq(stale_paths(), ROUTES);
	hand_say_routes(0, ROUTES);
	hand_say_eor();
	WAIT(peer(&a, HAND)->stale == STALE_NONE);
	ck_assert(has_paths(ROUTES));
	WAIT(stale_paths() == 0);
}
END_TEST

/* RFC 4724, 4.2: what was stale already when it went again goes. */
START_TEST(goes_twice)
{
	struct msg_open o = open_with(GR | LISTED | KEPT);

	begin(NULL, &o);
	end_session(END_TCP, &o);
	WAIT(!up(&a, HAND));
	hand_establish(&o);
	hand_say_routes(0, 5);
	WAIT(stale_paths() == ROUTES - 5);
	end_session(END_TCP, &o);
	WAIT(!up(&a, HAND) && has_paths(5));
	ck_assert_uint_eq(stale_paths(), 5);
}
END_TEST

/* Nobody is waited for longer than it said, nor longer than we say. */
static const struct {
	const char *conf;
	uint16_t gr_time;
	bool comes_back;
	unsigned left;
} waits[] = {
	{ "", 1, false, 0 },
	{ "", 0, false, 0 },
	{ "bgp graceful-restart stalepath-time 1\n", 4095, false, 0 },
	{ "bgp graceful-restart stalepath-time 1\n", 4095, true, 5 },
};

START_TEST(waited)
{
	struct msg_open o = open_with(GR | LISTED | KEPT);
	char text[1000];

	o.caps.gr_time = waits[_i].gr_time;
	snprintf(text, sizeof(text), "%s exit\n%s", conf_hand, waits[_i].conf);
	configure(&a, text);
	hand_establish(&o);
	hand_say_routes(0, ROUTES);
	WAIT(has_paths(ROUTES));
	end_session(END_TCP, &o);
	WAIT(!up(&a, HAND));
	if (waits[_i].comes_back) {
		hand_establish(&o);
		hand_say_routes(0, 5);
	}
	WAIT(has_paths(waits[_i].left));
	ck_assert_int_eq(peer(&a, HAND)->stale, STALE_NONE);
	ck_assert(up(&a, HAND) == waits[_i].comes_back);
}
END_TEST

/* Long-lived: a last resort, told only to those who know what that is. */
START_TEST(long_lived)
{
	struct msg_open o = open_with(GR | LISTED | KEPT);
	struct nlri key = route(1);
	char text[1000];
	struct dest *d;

	snprintf(text, sizeof(text),
	    "%s exit\nbgp long-lived-graceful-restart stale-time 600\n", conf_hand);
	configure(&a, text);
	o.caps.gr_time = 0;
	o.caps.llgr = true;
	o.caps.family[0].llgr_listed = true;
	o.caps.family[0].llgr_flags = CAPS_FORWARDING;
	o.caps.family[0].llgr_s = _i == 1 ? 1 : 3600;
	hand_establish(&o);
	hand_say_routes(0, ROUTES);
	WAIT(has_paths(ROUTES));
	end_session(END_TCP, &o);
	WAIT(peer(&a, HAND)->stale == STALE_LLGR && !peer(&a, HAND)->lingering);
	ck_assert_uint_eq(peer(&a, HAND)->llgr_s, _i == 1 ? 1 : 600);
	d = rib_find(a.d.rib, &key);
	ck_assert(d != NULL && d->paths->flags == (PATH_STALE | PATH_LLGR));
	if (_i == 1) { /* nor longer than it said */
		WAIT(has_paths(0));
		return;
	}
	o.caps.family[0].llgr_flags = _i == 2 ? 0 : CAPS_FORWARDING;
	hand_establish(&o);
	hand_say_routes(0, 5);
	WAIT(_i == 2 ? has_paths(5) : rib_find(a.d.rib, &key)->paths->flags == 0);
	hand_say_eor();
	WAIT(has_paths(5));
	ck_assert_int_eq(peer(&a, HAND)->stale, STALE_NONE);
}
END_TEST

/* A caller of a listen range stays known while its routes are kept. */
START_TEST(dynamic)
{
	struct msg_open o = open_with(GR | LISTED | KEPT);

	o.caps.gr_time = _i == 0 ? 120 : 1;
	configure(&a,
	    "router bgp 65000\nneighbor G peer-group\nneighbor G remote-as 65000\n"
	    "bgp listen range 127.0.0.0/24 peer-group G\n" EVPN
	    "neighbor G activate\n");
	hand_establish(&o);
	hand_say_routes(0, ROUTES);
	WAIT(has_paths(ROUTES));
	end_session(END_TCP, &o);
	WAIT(!up(&a, HAND));
	if (_i == 1) {
		WAIT(peers_find(a.d.peers, HAND) == NULL && has_paths(0));
		return;
	}
	ck_assert(has_paths(ROUTES));
	hand_establish(&o);
	hand_say_routes(0, 5);
	hand_say_eor();
	WAIT(has_paths(5));
}
END_TEST

/* What our own OPEN says. */
static const struct {
	const char *what, *conf, *peer_conf;
	bool restarting, forwarding;
	bool gr, n, listed;
	uint16_t time;
	uint8_t flags;
	uint32_t llgr_s;
} opens[] = {
	/* clang-format off */
	{ "as it is", "", NULL, false, true, true, true, true, 120, CAPS_FORWARDING, 0 },
	{ "restarted", "", NULL, true, true, true, true, true, 120, CAPS_FORWARDING, 0 },
	{ "restarted, forwarding lost", "", NULL, true, false, true, true, true, 120, 0, 0 },
	{ "not to say", "no bgp graceful-restart preserve-fw-state\n", NULL, true, true, true, true, true, 120, 0, 0 },
	{ "no N", "no bgp graceful-restart notification\n", NULL, false, true, true, false, true, 120, CAPS_FORWARDING, 0 },
	{ "time", "bgp graceful-restart restart-time 4095\n", NULL, false, true, true, true, true, 4095, CAPS_FORWARDING, 0 },
	{ "helper", "no bgp graceful-restart\n", NULL, false, true, true, true, false, 120, 0, 0 },
	{ "helper of one", "", "graceful-restart-helper", false, true, true, true, false, 120, 0, 0 },
	{ "off", "bgp graceful-restart-disable\n", NULL, true, true, false, false, false, 0, 0, 0 },
	{ "off but for one", "bgp graceful-restart-disable\n", "graceful-restart", false, true, true, true, true, 120, CAPS_FORWARDING, 0 },
	{ "off for one", "", "graceful-restart-disable", false, true, false, false, false, 0, 0, 0 },
	{ "long-lived", "bgp long-lived-graceful-restart stale-time 3600\n", NULL, false, true, true, true, true, 120, CAPS_FORWARDING, 3600 },
	{ "longest", "bgp long-lived-graceful-restart stale-time 4294967295\n", NULL, false, true, true, true, true, 120, CAPS_FORWARDING, CAPS_LLGR_MAX },
	/* clang-format on */
};

START_TEST(said)
{
	struct msg_open o = hand_open(), theirs;
	const struct caps_family *f;
	struct bgp_error err;
	struct cursor body;
	char text[1000];

	a.d.restarting = opens[_i].restarting;
	a.d.forwarding = opens[_i].forwarding;
	snprintf(text, sizeof(text), "%s exit\n%s%s%s\n", conf_hand, opens[_i].conf,
	    opens[_i].peer_conf != NULL ? "neighbor " HAND " " : "",
	    opens[_i].peer_conf != NULL ? opens[_i].peer_conf : "");
	configure(&a, text);
	hand_call(0);
	hand_say_open(&o);
	body = hand_await(MSG_OPEN);
	ck_assert_int_eq(msg_open_get(&body, &theirs, &err), BGP_OK);
	f = caps_find(&theirs.caps, AFI_L2VPN, SAFI_EVPN);
	ck_assert_int_eq(theirs.caps.graceful_restart, opens[_i].gr);
	ck_assert_int_eq(
	    theirs.caps.gr_restarting, opens[_i].gr && opens[_i].restarting);
	ck_assert_int_eq(theirs.caps.gr_notification, opens[_i].n);
	ck_assert_int_eq(theirs.caps.gr_time, opens[_i].time);
	ck_assert_int_eq(f->gr_listed, opens[_i].listed);
	ck_assert_int_eq(f->gr_flags, opens[_i].flags);
	ck_assert_int_eq(theirs.caps.llgr, opens[_i].llgr_s != 0);
	ck_assert_uint_eq(f->llgr_s, opens[_i].llgr_s);
}
END_TEST

/*
 * Our own restart: nobody is let in before peers_go(); a reflector's End-of-RIB waits for that
 * of those who were there before, but not for one who restarts as well.
 */
START_TEST(held)
{
	struct msg_open o = open_with(GR | LISTED | KEPT);
	struct ip past[2];
	char text[1000];
	struct peer *p;

	ck_assert(ip_parse(HAND, &past[0]) && ip_parse("192.0.2.99", &past[1]));
	a.d.restarting = true;
	peers_hold(a.d.peers);
	originate(&a, 1);
	snprintf(text, sizeof(text), "%sneighbor " HAND " route-reflector-client\n",
	    conf_hand);
	configure(&a, text);
	for (unsigned i = 0; i < 5; i++)
		turn();
	ck_assert_ptr_null(peer(&a, HAND)->session);
	peers_go(a.d.peers, past, 2); /* the second is no neighbor any more */
	o.caps.gr_restarting = _i == 1;
	o.hold_s = 0;
	hand_establish(&o);
	p = peer(&a, HAND);
	WAIT(p->counts.sent[MSG_UPDATE] > 0);
	if (_i == 0) {
		for (unsigned i = 0; i < 5; i++)
			turn();
		ck_assert(!p->eor_sent);
		hand_say_eor();
	}
	WAIT(p->eor_sent);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("peer_gr", &tc);

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, ended, 0, sizeof(ends) / sizeof(ends[0]));
	tcase_add_loop_test(tc, back, 0, sizeof(backs) / sizeof(backs[0]));
	tcase_add_test(tc, back_without_evpn);
	tcase_add_test(tc, calls_again);
	tcase_add_test(tc, goes_twice);
	tcase_add_loop_test(tc, waited, 0, sizeof(waits) / sizeof(waits[0]));
	tcase_add_loop_test(tc, long_lived, 0, 3);
	tcase_add_loop_test(tc, dynamic, 0, 2);
	tcase_add_loop_test(tc, said, 0, sizeof(opens) / sizeof(opens[0]));
	tcase_add_loop_test(tc, held, 0, 2);
	return unit_run(s);
}

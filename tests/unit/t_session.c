/*
 * Tests of src/evpnd/session, peer, listen: two daemons' worth of BGP in one event loop over
 * loopback, and a neighbor played by hand, byte for byte.
 */
#include "sessionkit.h"

/* Both connect: one session remains, routes go across, and leave with it. */
START_TEST(two_sides)
{
	struct nlri key = route(1);
	struct peer *pa, *pb;
	unsigned i;

	for (i = 0; i < 50; i++)
		originate(&a, i);
	configure(&a, conf_a);
	configure(&b, conf_b);
	WAIT(up(&a, "127.0.0.2") && up(&b, "127.0.0.1"));
	pa = peer(&a, "127.0.0.2");
	pb = peer(&b, "127.0.0.1");
	WAIT(
	    pb->accepted == 50 && pb->eor_received && pa->eor_received && pa->eor_sent);
	WAIT(pa->other == NULL && pb->other == NULL);
	ck_assert(pa->evpn && pb->evpn);
	ck_assert_uint_eq(pa->hold_s, 180);
	ck_assert_uint_eq(pa->keepalive_s, 60);
	ck_assert_str_eq(pa->open.caps.hostname, "side2");
	ck_assert_uint_eq(pa->established, 1);
	ck_assert(peers_converged(a.d.peers));
	ck_assert_ptr_nonnull(rib_find(b.d.rib, &key));
	ck_assert_ptr_nonnull(peer_advertised(pa, rib_find(a.d.rib, &key)));
	withdraw(&a, 1);
	WAIT(pb->accepted == 49);
	originate(&b, 1000);
	WAIT(pa->accepted == 1);
	peer_clear(a.d.peers, pa, PEER_CLEAR_SOFT_IN);
	i = (unsigned)pa->counts.received[MSG_UPDATE];
	WAIT(pa->counts.received[MSG_UPDATE] > i &&
	    pa->counts.received[MSG_REFRESH] == 2);
	ck_assert_uint_eq(pa->accepted, 1);
	peer_clear(a.d.peers, NULL, PEER_CLEAR_HARD);
	WAIT(pb->dropped == 1 && up(&a, "127.0.0.2") && up(&b, "127.0.0.1"));
	ck_assert_int_eq(pb->last_error.code, BGP_ERR_CEASE);
	ck_assert_int_eq(pb->last_error.subcode, BGP_CEASE_RESET);
	ck_assert(!pb->last_error_sent);
	WAIT(pb->accepted == 49);
	configure(&a, "router bgp 65000\n");
	WAIT(!up(&b, "127.0.0.1") && pb->rp.paths == 0);
	ck_assert_int_eq(pb->last_error.subcode, BGP_CEASE_DECONFIGURED);
	ck_assert_ptr_null(rib_find(b.d.rib, &key));
}
END_TEST

/* The shutdown message arrives; a change of settings costs what the table says. */
START_TEST(reconfigured)
{
	char text[2000];
	struct peer *pb;

	configure(&a, conf_a);
	configure(&b, conf_b);
	WAIT(up(&a, "127.0.0.2") && up(&b, "127.0.0.1"));
	pb = peer(&b, "127.0.0.1");
	snprintf(text, sizeof(text), "%s%s", conf_a,
	    "exit\nneighbor 127.0.0.2 description x\n"
	    "neighbor 127.0.0.2 timers 1 9\n");
	configure(&a, text);
	ck_assert(up(&a, "127.0.0.2"));
	ck_assert_str_eq(peer(&a, "127.0.0.2")->conf.description, "x");
	snprintf(text, sizeof(text), "%s%s", conf_a,
	    "neighbor 127.0.0.2 route-reflector-client\n");
	configure(&a, text);
	WAIT(pb->dropped == 1 && up(&b, "127.0.0.1") && up(&a, "127.0.0.2"));
	ck_assert_int_eq(pb->last_error.subcode, BGP_CEASE_CONFIG);
	ck_assert(peer(&a, "127.0.0.2")->rp.rr_client);
	snprintf(text, sizeof(text), "%s%s", conf_a,
	    "exit\nneighbor 127.0.0.2 shutdown message back at noon\n");
	configure(&a, text);
	WAIT(pb->dropped == 2);
	ck_assert_int_eq(pb->last_error.subcode, BGP_CEASE_SHUTDOWN);
	ck_assert_str_eq(pb->last_error.text, "back at noon");
	ck_assert_ptr_null(peer(&a, "127.0.0.2")->session);
	configure(&a, conf_a);
	WAIT(up(&a, "127.0.0.2") && up(&b, "127.0.0.1"));
	a.d.router_id = 0x0a000009;
	peers_apply(a.d.peers);
	WAIT(pb->dropped == 3 && up(&b, "127.0.0.1"));
	ck_assert_uint_eq(pb->open.router_id, 0x0a000009);
}
END_TEST

START_TEST(dynamic)
{
	configure(&b,
	    "router bgp 65000\nneighbor G peer-group\nneighbor G remote-as 65000\n"
	    "bgp listen range 127.0.0.0/8 peer-group G\n" EVPN "neighbor G activate\n");
	configure(&a, conf_a);
	originate(&a, 1);
	WAIT(up(&a, "127.0.0.2") && up(&b, "127.0.0.1"));
	ck_assert(peer(&b, "127.0.0.1")->dynamic);
	WAIT(peer(&b, "127.0.0.1")->accepted == 1);
	configure(&a, "router bgp 65000\n");
	WAIT(peers_find(b.d.peers, "127.0.0.1") == NULL);
	WAIT(rib_from(b.d.rib, &(struct nlri){ 0 }) == NULL);
	/* Out of its range it goes as well. */
	configure(&a, conf_a);
	WAIT(up(&a, "127.0.0.2"));
	configure(&b, "router bgp 65000\n");
	WAIT(!up(&a, "127.0.0.2"));
	ck_assert_ptr_null(peers_find(b.d.peers, "127.0.0.1"));
}
END_TEST

START_TEST(maximum_prefix)
{
	char text[2000];
	struct peer *pb;
	unsigned i;

	for (i = 0; i < 20; i++)
		originate(&a, i);
	snprintf(text, sizeof(text), "%s%s", conf_b,
	    "neighbor 127.0.0.1 maximum-prefix 10\n");
	configure(&b, text);
	configure(&a, conf_a);
	pb = peer(&b, "127.0.0.1");
	WAIT(pb->over_limit && pb->rp.paths == 0);
	ck_assert(pb->last_error_sent);
	ck_assert_int_eq(pb->last_error.subcode, BGP_CEASE_MAXPREFIX);
	WAIT(peer(&a, "127.0.0.2")->last_error.subcode == BGP_CEASE_MAXPREFIX);
	ck_assert_ptr_null(pb->session);
	snprintf(text, sizeof(text), "%s%s", conf_b,
	    "neighbor 127.0.0.1 maximum-prefix 10 warning-only\n");
	configure(&b, text);
	WAIT(up(&b, "127.0.0.1") && pb->accepted == 20 && pb->warned);
}
END_TEST

/* Wrong on one side: the reason is in words on both. */
START_TEST(wrong_as)
{
	struct peer *pa, *pb;

	configure(&a, conf_a);
	configure(&b,
	    "router bgp 65001\nneighbor 127.0.0.1 remote-as 65000\n"
	    "neighbor 127.0.0.1 update-source 127.0.0.2\n"
	    "neighbor 127.0.0.1 passive\n");
	pa = peer(&a, "127.0.0.2");
	pb = peer(&b, "127.0.0.1");
	WAIT(pa->last_error.code != 0 && pb->last_error.code != 0);
	ck_assert_int_eq(pa->last_error.code, BGP_ERR_OPEN);
	ck_assert_int_eq(pa->last_error.subcode, BGP_OPEN_AS);
	ck_assert_msg(
	    strstr(pa->last_reset, "OPEN has AS 65001, expected 65000") != NULL ||
		strstr(pb->last_reset, "OPEN has AS 65000, expected 65000") != NULL ||
		!pa->last_error_sent,
	    "%s", pa->last_reset);
}
END_TEST

START_TEST(external)
{
	struct peer *pb;

	configure(&a,
	    "router bgp 65001\nneighbor 127.0.0.2 remote-as external\n"
	    "neighbor 127.0.0.2 update-source 127.0.0.1\n"
	    "neighbor 127.0.0.2 port %B\n" EVPN "neighbor 127.0.0.2 activate\n");
	configure(&b,
	    "router bgp 65002\nneighbor 127.0.0.1 remote-as 65001\n"
	    "neighbor 127.0.0.1 update-source 127.0.0.2\n"
	    "neighbor 127.0.0.1 port %A\n" EVPN "neighbor 127.0.0.1 activate\n");
	originate(&a, 1);
	WAIT(up(&a, "127.0.0.2") && up(&b, "127.0.0.1"));
	pb = peer(&b, "127.0.0.1");
	WAIT(pb->accepted == 1);
	ck_assert(!pb->rp.ibgp);
	ck_assert_uint_eq(
	    aspath_first(&LIST_FIRST(&pb->rp.list)->attrs->v.aspath), 65001);
	ck_assert_uint_eq(
	    ip_v4(&LIST_FIRST(&pb->rp.list)->attrs->v.nexthop), 0x0a000001);
}
END_TEST

static bool
md5_works(void)
{
	struct tcp_md5sig sig = { .tcpm_keylen = 1, .tcpm_key = "x" };
	struct sockaddr_in *sin = (void *)&sig.tcpm_addr;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bool works;

	sin->sin_family = AF_INET;
	sin->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	works = setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG, &sig, sizeof(sig)) == 0;
	close(fd);
	return works;
}

START_TEST(password)
{
	char text[2000];
	struct peer *pa;

	if (!md5_works()) {
		printf("password: this kernel has no TCP MD5, not tested\n");
		return;
	}
	snprintf(text, sizeof(text), "%s%s", conf_b,
	    "exit\nneighbor 127.0.0.1 password right\nneighbor 127.0.0.1 timers "
	    "connect 2\n");
	configure(&b, text);
	snprintf(text, sizeof(text), "%s%s", conf_a,
	    "exit\nneighbor 127.0.0.2 password wrong\nneighbor 127.0.0.2 timers "
	    "connect 2\n");
	configure(&a, text);
	pa = peer(&a, "127.0.0.2");
	WAIT(strstr(pa->last_reset, "TCP MD5") != NULL);
	ck_assert_ptr_nonnull(strstr(pa->last_reset, "neighbor 127.0.0.2 password"));
	snprintf(text, sizeof(text), "%s%s", conf_a,
	    "exit\nneighbor 127.0.0.2 password right\n");
	configure(&a, text);
	WAIT(up(&a, "127.0.0.2") && up(&b, "127.0.0.1"));
	/* A range has one key for all. */
	configure(&b,
	    "router bgp 65000\nneighbor G peer-group\nneighbor G remote-as 65000\n"
	    "neighbor G password right\n"
	    "bgp listen range 127.0.0.0/24 peer-group G\n");
	WAIT(!up(&a, "127.0.0.2"));
	WAIT(up(&a, "127.0.0.2") && up(&b, "127.0.0.1"));
	ck_assert(!peer(&a, "127.0.0.2")->evpn);
}
END_TEST

struct bad_open {
	const char *what;
	uint8_t at, byte; /* changed in the message; 0: none */
	uint32_t as, router_id;
	uint16_t hold_s;
	uint8_t code, subcode;
};

static const struct bad_open bad_opens[] = {
	{ "version 3", 19, 3, 65000, 0x0a000003, 90, 2, 1 },
	{ "wrong AS", 0, 0, 65009, 0x0a000003, 90, 2, 2 },
	{ "identifier 0", 0, 0, 65000, 0, 90, 2, 3 },
	{ "our identifier", 0, 0, 65000, 0x0a000001, 90, 2, 3 },
	{ "hold time 1", 0, 0, 65000, 0x0a000003, 1, 2, 6 },
	{ "marker", 3, 0, 65000, 0x0a000003, 90, 1, 1 },
	{ "type", 18, 99, 65000, 0x0a000003, 90, 1, 3 },
	{ "length", 17, 5, 65000, 0x0a000003, 90, 1, 2 },
	{ "UPDATE first", 18, 2, 65000, 0x0a000003, 90, 5, 1 },
	{ "KEEPALIVE first", 18, 4, 65000, 0x0a000003, 90, 1, 2 },
};

START_TEST(open_refused)
{
	const struct bad_open *bad = &bad_opens[_i];
	struct msg_open o = hand_open();
	uint8_t buf[MSG_MAX];
	struct builder m = builder_of(buf, sizeof(buf));
	struct peer *p;

	configure(&a, conf_hand);
	p = peer(&a, "127.0.0.3");
	o.as = o.caps.as = bad->as;
	o.router_id = bad->router_id;
	o.hold_s = bad->hold_s;
	msg_open_put(&m, &o);
	if (bad->at != 0)
		buf[bad->at] = bad->byte;
	hand_call(0);
	hand_say(buf, put_len(&m));
	hand_expect_notification(bad->code, bad->subcode, bad->what);
	ck_assert(p->last_error_sent);
	ck_assert_int_eq(p->last_error.code, bad->code);
	ck_assert_msg(p->last_error.text[0] != '\0', "%s: no words", bad->what);
	/* And then it comes right. */
	o = hand_open();
	hand_establish(&o);
}
END_TEST

START_TEST(hold_timer)
{
	struct msg_open o = hand_open();
	struct peer *p;

	configure(&a, conf_hand);
	hand_establish(&o);
	p = peer(&a, "127.0.0.3");
	ck_assert_uint_eq(p->hold_s, 3);
	ck_assert_uint_eq(p->keepalive_s, 1);
	hand_await(MSG_KEEPALIVE);
	hand_expect_notification(BGP_ERR_HOLD, 0, "silence");
	ck_assert_ptr_nonnull(strstr(p->last_reset, "hold timer expired (3 s)"));
	WAIT(p->rp.paths == 0 && p->dropped == 1);
}
END_TEST

/* Rows of bytes to an established session and what they cost. */
static const struct {
	const char *what;
	uint8_t len, bytes[40];
	uint8_t code, subcode;
} blows[] = {
	{ "garbage", 20, { 1, 2, 3 }, 1, 1 },
	{ "an OPEN", 29,
	    { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
		255, 0, 29, 1, 4 },
	    5, 3 },
	{ "UPDATE with a withdrawn length beyond its end", 23,
	    { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
		255, 0, 23, 2, 99, 99, 0, 0 },
	    3, 1 },
};

START_TEST(struck)
{
	struct msg_open o = hand_open();

	configure(&a, conf_hand);
	hand_establish(&o);
	hand_say(blows[_i].bytes, blows[_i].len);
	hand_expect_notification(blows[_i].code, blows[_i].subcode, blows[_i].what);
	WAIT(!up(&a, "127.0.0.3"));
}
END_TEST

/* What costs no session: families nobody asked for, a bad and an unknown route. */
START_TEST(borne)
{
	static const uint8_t other[] = { 255, 255, 255, 255, 255, 255, 255, 255, 255,
		255, 255, 255, 255, 255, 255, 255, 0, 27, 2, 0, 4, 24, 10, 0, 1, 0, 0 };
	struct msg_open o = hand_open();
	struct msg_refresh refresh = { .afi = 1, .safi = 1 };
	uint8_t buf[MSG_MAX];
	struct builder m = builder_of(buf, sizeof(buf));
	struct attr_ctx ctx = { .as4 = true, .ibgp = true };
	struct attr_draft d = { .v.nexthop = ip_of_v4(0x0a000003) };
	struct nlri_info info = {
		.labels = 1, .label = { 100 }, .raw = other, .rawlen = 20
	};
	struct nlri key = route(1), unknown = { .type = 99, .opaque = 1 };
	struct update_writer w;
	struct peer *p;

	d.v.flags = ATTRS_LOCAL_PREF;
	configure(&a, conf_hand);
	hand_establish(&o);
	p = peer(&a, "127.0.0.3");
	hand_say(other, sizeof(other));
	msg_refresh_put(&m, &refresh);
	update_begin_reach(&w, &m, MSG_MAX, &d.v, &ctx);
	update_add(&w, &key, &info);
	update_add(&w, &unknown, &info);
	update_end(&w);
	hand_say(buf, put_len(&m));
	WAIT(p->accepted == 2);
	ck_assert_uint_eq(p->counts.nlri_unknown, 1);
	/* An UPDATE without mandatory attributes withdraws. */
	m = builder_of(buf, sizeof(buf));
	d.v.origin = 9;
	update_begin_reach(&w, &m, MSG_MAX, &d.v, &ctx);
	update_add(&w, &key, &info);
	update_end(&w);
	hand_say(buf, put_len(&m));
	WAIT(p->accepted == 1);
	ck_assert_uint_eq(p->counts.updates_bad, 1);
	ck_assert(up(&a, "127.0.0.3"));
	/* What is not repeated between begin and end of a refresh is gone. */
	refresh = (struct msg_refresh){ AFI_L2VPN, 1, SAFI_EVPN };
	m = builder_of(buf, sizeof(buf));
	msg_refresh_put(&m, &refresh);
	refresh.subtype = 2;
	msg_refresh_put(&m, &refresh);
	hand_say(buf, put_len(&m));
	WAIT(p->accepted == 0);
}
END_TEST

START_TEST(told_to_stop)
{
	struct msg_open o = hand_open();
	uint8_t buf[100];
	struct builder m = builder_of(buf, sizeof(buf));
	struct bgp_error err;
	struct peer *p;

	configure(&a, conf_hand);
	hand_establish(&o);
	p = peer(&a, "127.0.0.3");
	bgp_error_set(&err, BGP_ERR_CEASE, BGP_CEASE_SHUTDOWN, "\4lunch", 5, "x");
	msg_notification_put(&m, &err);
	hand_say(buf, put_len(&m));
	WAIT(!up(&a, "127.0.0.3"));
	ck_assert(!p->last_error_sent);
	ck_assert_int_eq(p->last_error.code, BGP_ERR_CEASE);
	ck_assert_str_eq(p->last_error.text, "lunc");
	ck_assert_ptr_nonnull(strstr(p->last_reset, "NOTIFICATION received: Cease"));
	/* The peer vanishes: no NOTIFICATION at all. */
	hand_establish(&o);
	shutdown(hand.fd, SHUT_WR);
	WAIT(p->dropped == 2);
	ck_assert_str_eq(p->last_reset, "connection closed by the peer");
}
END_TEST

/* A second connection of an established neighbor is refused and the first one lives. */
START_TEST(called_twice)
{
	struct msg_open o = hand_open();
	int first;

	configure(&a, conf_hand);
	hand_establish(&o);
	first = dup(hand.fd);
	hand_call(0);
	hand_say_open(&o);
	hand_expect_notification(BGP_ERR_CEASE, BGP_CEASE_COLLISION, "second call");
	ck_assert(up(&a, "127.0.0.3"));
	ck_assert_ptr_null(peer(&a, "127.0.0.3")->other);
	close(hand.fd);
	hand.fd = first;
	/* One that restarts gracefully has lost its first one. */
	o.caps.graceful_restart = true;
	configure(&a, "router bgp 65000\n");
	configure(&a, conf_hand);
	hand_establish(&o);
	first = dup(hand.fd);
	o.caps.gr_restarting = true;
	hand_establish(&o);
	WAIT(peer(&a, "127.0.0.3")->established == 2);
	ck_assert(up(&a, "127.0.0.3"));
	close(first);
}
END_TEST

/* A neighbor that reads nothing costs a bounded buffer, and gets everything in the end. */
START_TEST(slow_reader)
{
	struct msg_open o = hand_open();
	const unsigned routes = 100000;
	struct nlri_info info;
	struct attr_ctx ctx = { .as4 = true, .ibgp = true };
	static struct update u;
	enum msg_type type;
	struct cursor body;
	const char *why;
	unsigned i, got = 0;
	struct nlri key;
	bool eor = false;

	for (i = 0; i < routes; i++)
		originate(&a, i);
	configure(&a, conf_hand);
	hand_call(4096);
	o.hold_s = 0;
	hand_say_open(&o);
	hand_await(MSG_KEEPALIVE);
	hand_say_keepalive();
	WAIT(up(&a, "127.0.0.3"));
	for (i = 0; i < 50; i++)
		turn();
	ck_assert_uint_lt(peer(&a, "127.0.0.3")->counts.sent[MSG_UPDATE], routes / 50);
	ck_assert(!peer(&a, "127.0.0.3")->eor_sent);
	while (!eor) {
		WAIT(hand_hear(&type, &body));
		if (type != MSG_UPDATE)
			continue;
		ck_assert_int_eq(update_decode(&body, &ctx, &u), BGP_OK);
		eor = u.eor;
		while (u.has_reach &&
		    nlri_get(&u.reach, false, &key, &info, &why) == NLRI_OK)
			got++;
	}
	ck_assert_uint_eq(got, routes);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("session", &tc);

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, two_sides);
	tcase_add_test(tc, reconfigured);
	tcase_add_test(tc, dynamic);
	tcase_add_test(tc, maximum_prefix);
	tcase_add_test(tc, wrong_as);
	tcase_add_test(tc, external);
	tcase_add_test(tc, password);
	tcase_add_loop_test(
	    tc, open_refused, 0, sizeof(bad_opens) / sizeof(bad_opens[0]));
	tcase_add_test(tc, hold_timer);
	tcase_add_loop_test(tc, struck, 0, sizeof(blows) / sizeof(blows[0]));
	tcase_add_test(tc, borne);
	tcase_add_test(tc, told_to_stop);
	tcase_add_test(tc, called_twice);
	tcase_add_test(tc, slow_reader);
	return unit_run(s);
}

/*
 * Tests of conf/text, conf/debug, conf/check, conf/clash, conf/set_global, conf/set_bgp,
 * conf/set_peer, conf/set_evpn, conf/set_vni, conf/set_vrf, conf/write, conf/write_vni,
 * conf/write_vrf: the rows of tests/conf.t, and FRR's own configurations.
 */
#include "conf/text.h"

#include "base/mem.h"
#include "conf/check.h"

#include "unit.h"

#include <stdio.h>

struct buf {
	char *s;
	size_t len;
};

static void
put(const char *s, void *arg)
{
	struct buf *b = arg;
	size_t n = strlen(s);

	b->s = xreallocarray(b->s, b->len + n + 1, 1);
	memcpy(b->s + b->len, s, n + 1);
	b->len += n;
}

static char *
text_of(const struct conf *c, bool secrets)
{
	struct buf b = { NULL, 0 };

	conf_write(c, secrets, put, &b);
	return b.s;
}

/* --- tests/conf.t --- */

struct result {
	enum conf_result worst;
	char text[1024];
};

static void
keep(enum conf_result result, const struct conf_msg *msg, void *arg)
{
	struct result *r = arg;

	if (result > r->worst) {
		r->worst = result;
		snprintf(r->text, sizeof(r->text), "%d:%d: %s", msg->line, msg->column,
		    msg->text);
	}
}

static char *
trim(char *s)
{
	size_t n;

	s += strspn(s, " \t");
	n = strlen(s);
	while (n > 0 && strchr(" \t\n", s[n - 1]) != NULL)
		s[--n] = '\0';
	return s;
}

/* Each of the lines must be in TEXT, one after the other. */
static void
check_lines(char *lines, const char *text, const char *row)
{
	char *line, *want;
	const char *p = text;
	size_t n;

	while ((line = strsep(&lines, "|")) != NULL) {
		line = trim(line);
		if (*line == '\0')
			continue;
		want = xasprintf("%s\n", line);
		n = strlen(want);
		while (p != NULL) {
			p += strspn(p, " ");
			if (strncmp(p, want, n) == 0)
				break;
			p = strchr(p, '\n');
			if (p != NULL)
				p++;
		}
		ck_assert_msg(
		    p != NULL && *p != '\0', "%s: no \"%s\" in\n%s", row, line, text);
		p += n;
		free(want);
	}
}

/* "same": both texts mean the same. */
static void
check_same(char *other, const char *text, const char *row)
{
	struct result r = { CONF_OK, "" };
	struct conf *c = conf_new();
	char *p, *text2;

	for (p = other; *p != '\0'; p++)
		if (*p == '|')
			*p = '\n';
	ck_assert_msg(conf_read(c, other, keep, &r) == 0, "%s: %s", row, r.text);
	text2 = text_of(c, true);
	ck_assert_msg(
	    strcmp(text, text2) == 0, "%s:\n%s--- not ---\n%s", row, text, text2);
	free(text2);
	conf_free(c);
}

/* "lines ; ok|same|warning|error ; lines of the canonical form, or a piece of the message". */
static void
check_row(char *row, const char *name)
{
	static const char *const verdicts[] = { "ok", "warning", "error" };
	char *in = strsep(&row, ";"), *verdict = strsep(&row, ";"), *p, *text;
	char *expected = row != NULL ? row : (char[]){ "" };
	struct result r = { CONF_OK, "" };
	struct conf *c = conf_new();
	bool same;

	ck_assert_msg(verdict != NULL, "%s", name);
	for (p = in; *p != '\0'; p++)
		if (*p == '|')
			*p = '\n';
	conf_read(c, trim(in), keep, &r);
	verdict = trim(verdict);
	same = strcmp(verdict, "same") == 0;
	ck_assert_msg(strcmp(same ? "ok" : verdict, verdicts[r.worst]) == 0,
	    "%s: %s: %s", name, verdicts[r.worst], r.text);
	text = text_of(c, true);
	if (same)
		check_same(expected, text, name);
	else if (r.worst == CONF_OK)
		check_lines(expected, text, name);
	else
		ck_assert_msg(
		    strstr(r.text, trim(expected)) != NULL, "%s: %s", name, r.text);
	free(text);
	conf_free(c);
}

START_TEST(conf_t)
{
	const char *dir = getenv("srcdir");
	char *path = xasprintf("%s/tests/conf.t", dir != NULL ? dir : ".");
	FILE *f = fopen(path, "r");
	char row[1024], name[64];
	int n = 0;

	ck_assert_msg(f != NULL, "%s", path);
	while (fgets(row, sizeof(row), f) != NULL) {
		snprintf(name, sizeof(name), "conf.t:%d", ++n);
		if (row[0] != '#' && *trim(row) != '\0')
			check_row(row, name);
	}
	fclose(f);
	free(path);
	ck_assert_int_gt(n, 50);
}
END_TEST

static void
check_round_trip(const struct conf *c, unsigned seed)
{
	struct conf *again = conf_new(), *copy = conf_copy(c);
	char *text = text_of(c, true), *text2;
	struct result r = { CONF_OK, "" };
	int errors = conf_read(again, text != NULL ? text : "", keep, &r);

	text2 = text_of(again, true);
	ck_assert_msg(errors == 0, "seed %u: %s in\n%s", seed, r.text, text);
	ck_assert_msg(
	    strcmp(text, text2) == 0, "seed %u:\n%s---\n%s", seed, text, text2);
	ck_assert(conf_equal(c, again) && conf_equal(c, copy));
	free(text);
	free(text2);
	conf_free(again);
	conf_free(copy);
}

/* A file of the source tree, as one string. */
static char *
slurp(const char *name)
{
	const char *dir = getenv("srcdir");
	char *path = xasprintf("%s/%s", dir != NULL ? dir : ".", name), line[1024];
	FILE *f = fopen(path, "r");
	struct buf b = { NULL, 0 };

	ck_assert_msg(f != NULL, "%s", path);
	while (fgets(line, sizeof(line), f) != NULL)
		put(line, &b);
	fclose(f);
	free(path);
	return b.s;
}

/*
 * What FRR 8.4.4 writes of symmetric IRB is read without an error; written again, each of our
 * lines is one of FRR's, in FRR's order.
 */
START_TEST(frr)
{
	struct conf *c = conf_new();
	struct result r = { CONF_OK, "" };
	char *text = slurp("tests/data/frr/symmetric.conf"), *ours, *p, *line;
	const char *at = text;

	ck_assert_msg(conf_read(c, text, keep, &r) == 0, "%s", r.text);
	ck_assert_uint_eq(conf_vrf_find(c, "red")->vni, 5000);
	ck_assert_uint_eq(conf_vrf_find(c, "default")->vni, 7000);
	check_round_trip(c, 0);
	p = ours = text_of(c, true);
	while ((line = strsep(&p, "\n")) != NULL) {
		if (line[0] == '\0' || strcmp(trim(line), "!") == 0)
			continue;
		at = strstr(at, line);
		ck_assert_msg(at != NULL, "no \"%s\" there", line);
	}
	free(ours);
	free(text);
	conf_free(c);
}
END_TEST

/* Whole files as FRR's users have them: tests/data/frr/conf. */
static const char *const files[] = {
	"hypervisor",
	"leaf",
	"reflector",
	"border",
	"unnumbered",
};

static void
put_complaint(enum conf_result result, const struct conf_msg *msg, void *arg)
{
	char *line = xasprintf("%d:%d: %s: %s\n", msg->line, msg->column,
	    result == CONF_ERROR ? "error" : "warning", msg->text);

	put(line, arg);
	free(line);
}

/* What is said of it, and what is left of it, is in the file NAME.out. */
START_TEST(frr_files)
{
	char *in = xasprintf("tests/data/frr/conf/%s.conf", files[_i]);
	char *out = xasprintf("tests/data/frr/conf/%s.out", files[_i]);
	char *text = slurp(in), *expected = slurp(out);
	struct conf *c = conf_new();
	struct buf b = { NULL, 0 };

	conf_read(c, text, put_complaint, &b);
	conf_write(c, true, put, &b);
	ck_assert_msg(strcmp(b.s, expected) == 0, "%s:\n%s", in, b.s);
	check_round_trip(c, 0);
	free(in);
	free(out);
	free(text);
	free(expected);
	free(b.s);
	conf_free(c);
}
END_TEST

/* What may not work is told, in these words and no others. */
static const struct {
	const char *text, *doubts;
} doubtful[] = {
	{ "vrf red\n vni 5000\n", "" },
	{ "router bgp 1 vrf red\n address-family l2vpn evpn\n  advertise ipv4 "
	  "unicast\n",
	    "VRF red advertises nothing: it has no L3 VNI (\"vni N\")\n" },
	{ "vrf red\n vni 1\nrouter bgp 1 vrf red\n redistribute connected\n",
	    "VRF red has routes to advertise, but neither \"advertise ipv4 unicast\" "
	    "nor "
	    "\"advertise ipv6 unicast\"\n" },
	{ "router bgp 1\n redistribute connected\n", "" },
	{ "router bgp 1\n address-family l2vpn evpn\n  vni 1\n   vrf red\n",
	    "VNI 1: VRF red is not configured; only a device of that name will do\n" },
	{ "router bgp 1\n address-family l2vpn evpn\n  vni 1\n   gateway 10.1.2.1/24\n"
	  "  vni 2\n   gateway 10.1.0.1/16\n  vni 3\n   gateway 10.2.0.1/16\n",
	    "gateways 10.1.0.1/16 of VNI 2 and 10.1.2.1/24 of VNI 1: their subnets "
	    "overlap\n" },
	{ "vrf red\n vni 9\nrouter bgp 1\n address-family l2vpn evpn\n"
	  "  vni 1\n   gateway 10.1.0.1/24\n   vrf red\n  vni 2\n   gateway "
	  "10.1.0.1/24\n",
	    "" },
	{ "router bgp 1\n address-family l2vpn evpn\n  vni 1\n   gateway fe80::1/64\n"
	  "  vni 2\n   gateway fe80::1/64\n",
	    "" },
	{ "router bgp 1\n address-family l2vpn evpn\n  vni 1\n   rd 1:1\n  vni 2\n"
	  "   rd 1:1\n",
	    "VNI 1 and VNI 2 have the same RD 1:1: routes of one hide those of the "
	    "other\n" },
	{ "vrf red\n vni 9\n table 9\nrouter bgp 1\n address-family l2vpn evpn\n"
	  "  vni 1\n   bridge br9\n",
	    "VNI 1 and VRF red share bridge br9, and not both say a VLAN\n" },
	{ "router bgp 1\n address-family l2vpn evpn\n  vni 1\n   bridge br9\n"
	  "   vlan 10\n  vni 2\n   bridge br9\n   vlan 20\n",
	    "" },
};

static void
put_doubt(const char *text, void *arg)
{
	put(text, arg);
	put("\n", arg);
}

START_TEST(doubts)
{
	struct conf *c = conf_new();
	struct buf b = { NULL, 0 };
	struct result r = { CONF_OK, "" };

	put("", &b);
	ck_assert_msg(conf_read(c, doubtful[_i].text, keep, &r) == 0, "%s", r.text);
	conf_check(c, put_doubt, &b);
	ck_assert_str_eq(b.s, doubtful[_i].doubts);
	free(b.s);
	conf_free(c);
}
END_TEST

/* A refused line changes neither the configuration nor where we are. */
START_TEST(refused)
{
	struct conf_ctx ctx = { .mode = CLI_BGP };
	struct conf *c = conf_new(), *before;
	struct conf_msg msg;

	conf_read(c, "router bgp 65000\n neighbor RR peer-group\n", NULL, NULL);
	before = conf_copy(c);
	ck_assert_int_eq(
	    conf_line(c, &ctx, "neighbor 10.0.0.1 peer-group RR", &msg), CONF_ERROR);
	ck_assert_str_eq(msg.text, "% Specify remote-as or peer-group remote AS first");
	ck_assert_int_eq(conf_line(c, &ctx, "do show evpn", &msg), CONF_ERROR);
	ck_assert_int_eq(conf_line(c, &ctx, "router bgp 1", &msg), CONF_ERROR);
	ck_assert_int_eq(ctx.mode, CLI_BGP);
	ck_assert(conf_equal(c, before));
	conf_free(c);
	conf_free(before);
}
END_TEST

START_TEST(secrets)
{
	struct conf *c = conf_new();
	char *text;

	conf_read(c,
	    "router bgp 1\n neighbor 10.0.0.1 remote-as 2\n"
	    " neighbor 10.0.0.1 password hush\n",
	    NULL, NULL);
	text = text_of(c, false);
	ck_assert(
	    strstr(text, "hush") == NULL && strstr(text, "has a password") != NULL);
	free(text);
	text = text_of(c, true);
	ck_assert(strstr(text, "password hush\n") != NULL);
	free(text);
	conf_free(c);
}
END_TEST

START_TEST(resolve)
{
	struct conf *c = conf_new();
	struct conf_peer p;

	conf_read(c,
	    "router bgp 65000\n"
	    " neighbor G peer-group\n"
	    " neighbor G remote-as 65000\n"
	    " neighbor G timers 3 9\n"
	    " neighbor G passive\n"
	    " neighbor G password hush\n"
	    " neighbor 10.0.0.1 peer-group G\n"
	    " no neighbor 10.0.0.1 passive\n"
	    " neighbor 10.0.0.1 timers 1 3\n"
	    " address-family l2vpn evpn\n"
	    "  neighbor G activate\n",
	    NULL, NULL);
	p = conf_peer_resolve(c, conf_peer_find(c, "10.0.0.1"));
	ck_assert_int_eq(p.as_kind, CONF_AS_NUMBER);
	ck_assert_uint_eq(p.as, 65000);
	ck_assert_int_eq(p.passive, CONF_NO);
	ck_assert_int_eq(p.activate, CONF_YES);
	ck_assert_uint_eq(p.hold_s, 3);
	ck_assert_str_eq(p.password, "hush");
	conf_free(c);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("text", &tc);

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, conf_t);
	tcase_add_test(tc, frr);
	tcase_add_loop_test(tc, frr_files, 0, sizeof(files) / sizeof(files[0]));
	tcase_add_loop_test(tc, doubts, 0, sizeof(doubtful) / sizeof(doubtful[0]));
	tcase_add_test(tc, refused);
	tcase_add_test(tc, secrets);
	tcase_add_test(tc, resolve);
	return unit_run(s);
}

/*
 * Tests of cli/cli, cli/search, cli/synopsis, cli/types, cli/candidates, cli/grammar: what a
 * line is matched with, and what is offered at its end.
 */
#include "cli/grammar.h"
#include "cli/search.h"

#include "unit.h"

#include <stdio.h>

static const struct row {
	enum cli_mode mode;
	const char *line;
	enum cli_status status;
	const char *syntax; /* of the command, or what was expected; NULL: whatever */
	const char *args;   /* "VNI=100 json" */
} rows[] = {
	/* clang-format off */
	/* exec, whole and abbreviated */
	{ CLI_EXEC, "show evpn json", CLI_OK, "show evpn [json]", "json" },
	{ CLI_EXEC, "sh ev vni 100 j", CLI_OK, "show evpn vni [VNI|detail] [json]",
	    "VNI=100 json" },
	{ CLI_EXEC, "  show   evpn\tvni  ", CLI_OK, "show evpn vni [VNI|detail] [json]", "" },
	{ CLI_EXEC, "show v", CLI_OK, "show version [json]", "" },
	{ CLI_EXEC, "s v x y", CLI_UNKNOWN, NULL, NULL },
	{ CLI_EXEC, "show v vni", CLI_OK, "show vrf [all|VRF] vni [json]", "" },
	{ CLI_EXEC, "conf t", CLI_OK, "configure [terminal]", "terminal" },
	{ CLI_EXEC, "co", CLI_OK, "configure [terminal]", "" },
	{ CLI_EXEC, "write", CLI_OK, "write [memory|file]", "" },
	{ CLI_EXEC, "wr m", CLI_OK, "write [memory|file]", "memory" },
	{ CLI_EXEC, "show bgp l2vpn evpn route type 2 json", CLI_OK, NULL,
	    "type 2 json" },
	{ CLI_EXEC, "show bgp l2vpn evpn route type m", CLI_AMBIGUOUS, NULL, NULL },
	{ CLI_EXEC, "show bgp l2vpn evpn route type mu", CLI_OK, NULL, "type multicast" },
	{ CLI_EXEC, "show bgp l2vpn evpn route rd 10.0.0.1:2 mac 02:00:00:00:00:01 ip ::1",
	    CLI_OK, NULL, "rd RD=10.0.0.1:2 mac MAC=02:00:00:00:00:01 ip IP=::1" },
	{ CLI_EXEC, "show bgp evpn route vni all", CLI_OK, NULL, "all" },
	{ CLI_EXEC, "show bgp neighbors 10.0.0.1 json", CLI_OK, NULL, "PEER=10.0.0.1 json" },
	{ CLI_EXEC, "show bgp neighbors json", CLI_OK, NULL, "json" },
	{ CLI_EXEC, "clear bgp * soft in", CLI_OK, NULL, "* soft in" },
	{ CLI_EXEC, "clear bgp l2vpn evpn RR", CLI_OK, NULL, "PEER=RR" },
	{ CLI_EXEC, "terminal length 512", CLI_OK, NULL, "NUMBER=512" },
	/* what does not fit */
	{ CLI_EXEC, "", CLI_EMPTY, NULL, NULL },
	{ CLI_EXEC, " ! words", CLI_EMPTY, NULL, NULL },
	{ CLI_EXEC, "# words", CLI_EMPTY, NULL, NULL },
	{ CLI_EXEC, "show", CLI_INCOMPLETE, NULL, NULL },
	{ CLI_EXEC, "show evpn mac vni", CLI_INCOMPLETE,
	    "a VNI (1-16777215) or all", NULL },
	{ CLI_EXEC, "frobnicate", CLI_UNKNOWN, NULL, NULL },
	{ CLI_EXEC, "show evpn mac vni 0", CLI_UNKNOWN,
	    "a VNI (1-16777215) or all", NULL },
	{ CLI_EXEC, "show evpn mac vni 16777216", CLI_UNKNOWN, NULL, NULL },
	{ CLI_EXEC, "show evpn mac vni 1 mac 2:0:0:0:0:1", CLI_UNKNOWN,
	    "a MAC address X:X:X:X:X:X", NULL },
	{ CLI_EXEC, "show evpn json json", CLI_UNKNOWN, "", NULL },
	{ CLI_EXEC, "terminal length 513", CLI_UNKNOWN, "a number (0-512)", NULL },
	{ CLI_EXEC, "no show evpn", CLI_UNKNOWN, NULL, NULL },
	{ CLI_EXEC, "router bgp 1", CLI_UNKNOWN, NULL, NULL },
	/* configuration */
	{ CLI_CONFIG, "router bgp 65000", CLI_OK, "router bgp {AS}", "AS=65000" },
	{ CLI_CONFIG, "router bgp", CLI_INCOMPLETE, NULL, NULL },
	{ CLI_CONFIG, "no router bgp", CLI_OK, "router bgp {AS}", "" },
	{ CLI_CONFIG, "no router bgp 65000 vrf red", CLI_OK, "router bgp AS vrf VRF",
	    "AS=65000 VRF=red" },
	{ CLI_CONFIG, "do show evpn", CLI_OK, "show evpn [json]", "" },
	{ CLI_CONFIG, "do", CLI_INCOMPLETE, NULL, NULL },
	{ CLI_CONFIG, "no", CLI_INCOMPLETE, NULL, NULL },
	{ CLI_CONFIG, "show evpn", CLI_UNKNOWN, NULL, NULL },
	{ CLI_CONFIG, "no exit", CLI_UNKNOWN, NULL, NULL },
	{ CLI_CONFIG, "vxlan ! a comment", CLI_OK, "vxlan", "" },
	{ CLI_BGP, "neighbor 10.0.0.1 remote-as e", CLI_OK, NULL,
	    "PEER=10.0.0.1 external" },
	{ CLI_BGP, "neighbor 10.0.0.1 timers 3 9", CLI_OK, NULL,
	    "PEER=10.0.0.1 NUMBER=3 NUMBER=9" },
	{ CLI_BGP, "neighbor 10.0.0.1 timers connect 5", CLI_OK, NULL,
	    "PEER=10.0.0.1 NUMBER=5" },
	{ CLI_BGP, "neighbor R update-source lo", CLI_OK, NULL, "PEER=R IFNAME=lo" },
	{ CLI_BGP, "neighbor R update-source ::1", CLI_OK, NULL, "PEER=R IP=::1" },
	{ CLI_BGP, "neighbor 10.0.0.1 peer-group", CLI_INCOMPLETE, NULL, NULL },
	{ CLI_BGP, "neighbor R peer-group", CLI_OK, "neighbor GROUP peer-group", "GROUP=R" },
	{ CLI_BGP, "neighbor R description a  b ! c ", CLI_OK, NULL,
	    "PEER=R LINE=a  b ! c" },
	{ CLI_BGP, "no neighbor R description", CLI_OK, NULL, "PEER=R" },
	{ CLI_BGP, "no neighbor R", CLI_OK, "no neighbor PEER", "PEER=R" },
	{ CLI_BGP, "neighbor R", CLI_INCOMPLETE, NULL, NULL },
	{ CLI_BGP, "neighbor 10.0.0.1 shutdown message see you", CLI_OK, NULL,
	    "PEER=10.0.0.1 message LINE=see you" },
	{ CLI_BGP, "no address-family l2vpn evpn", CLI_UNKNOWN, NULL, NULL },
	{ CLI_VNI, "route-target both 1:1 2:2 3:3", CLI_OK, NULL,
	    "both RT=1:1 RT=2:2 RT=3:3" },
	{ CLI_VNI, "no route-target import", CLI_OK, NULL, "import" },
	{ CLI_VNI, "vlan 4095", CLI_UNKNOWN, "a number (1-4094)", NULL },
	{ CLI_VNI, "bridge fifteen-letter-", CLI_OK, NULL, NULL },
	{ CLI_VNI, "bridge sixteen--letter-", CLI_UNKNOWN, "an interface name", NULL },
	{ CLI_OTHER, "anything at all", CLI_OK, "LINE", "LINE=anything at all" },
	{ CLI_OTHER, "exit", CLI_OK, "exit", "" },
	/* out of the mode, into the one around it */
	{ CLI_VNI, "vni 200", CLI_OK, "vni VNI", "VNI=200" },
	{ CLI_VNI, "router bgp 1", CLI_OK, "router bgp {AS}", "AS=1" },
	{ CLI_BGP, "vrf red", CLI_OK, "vrf VRF", "VRF=red" },
	{ CLI_OTHER, "router bgp 1", CLI_OK, "router bgp {AS}", "AS=1" },
	{ CLI_BGP_OTHER_AF, "address-family l2vpn evpn", CLI_OK,
	    "address-family l2vpn evpn", "" },
	{ CLI_BGP_OTHER_AF, "neighbor R activate", CLI_OK, "LINE", NULL },
	/* clang-format on */
};

static void
args_text(const struct cli_match *m, char *buf, size_t len)
{
	size_t used = 0;
	int i;

	buf[0] = '\0';
	for (i = 0; i < m->nargs && used < len; i++) {
		const struct cli_arg *a = &m->args[i];
		bool keyword = strcmp(a->name, a->text) == 0;

		used += (size_t)snprintf(buf + used, len - used, "%s%s%s%s",
		    i > 0 ? " " : "", a->name, keyword ? "" : "=",
		    keyword ? "" : a->text);
	}
}

START_TEST(matching)
{
	const struct row *r = &rows[_i];
	struct cli_match m;
	enum cli_mode mode;
	char args[512];

	cli_match(r->mode, r->line, true, &m, &mode);
	ck_assert_msg(
	    m.status == r->status, "%s: %d: %s", r->line, m.status, m.expected);
	if (m.status == CLI_OK && r->syntax != NULL)
		ck_assert_str_eq(m.cmd->syntax, r->syntax);
	if (m.status != CLI_OK && r->syntax != NULL)
		ck_assert_str_eq(m.expected, r->syntax);
	args_text(&m, args, sizeof(args));
	if (r->args != NULL)
		ck_assert_str_eq(args, r->args);
}
END_TEST

START_TEST(above)
{
	struct cli_match m;
	enum cli_mode mode;

	cli_match(CLI_VNI, "vni 200", true, &m, &mode);
	ck_assert_int_eq(mode, CLI_BGP_EVPN);
	cli_match(CLI_VNI, "vni 200", false, &m, &mode);
	ck_assert_int_eq(m.status, CLI_UNKNOWN);
	cli_match(CLI_VNI, "do show evpn", true, &m, &mode);
	ck_assert_int_eq(mode, CLI_EXEC);
}
END_TEST

START_TEST(words_of_refusal)
{
	struct cli_match m;
	enum cli_mode mode;
	char buf[256];

	cli_match(CLI_BGP, "neighbor R descripton x", true, &m, &mode);
	ck_assert_int_eq(m.column, 12);
	ck_assert_str_eq(m.nearest, "description");
	ck_assert_str_eq(cli_refusal(&m, "neighbor R descripton x", buf, sizeof(buf)),
	    "% Unknown command: neighbor R descripton x");
	ck_assert(strstr(cli_detail(&m, "neighbor R descripton x", buf, sizeof(buf)),
		      "did you mean \"description\"") != NULL);
	cli_match(CLI_EXEC, "show", true, &m, &mode);
	ck_assert_str_eq(
	    cli_refusal(&m, "show", buf, sizeof(buf)), "% Command incomplete.");
	cli_match(CLI_EXEC, "show bgp l2vpn evpn route type m", true, &m, &mode);
	ck_assert_str_eq(cli_refusal(&m, "", buf, sizeof(buf)), "% Ambiguous command.");
}
END_TEST

static const struct {
	enum cli_mode mode;
	const char *line;
	enum cli_mode after;
} afters[] = {
	/* clang-format off */
	{ CLI_EXEC, "conf t", CLI_CONFIG },
	{ CLI_EXEC, "show version", CLI_EXEC },
	{ CLI_EXEC, "nonsense", CLI_EXEC },
	{ CLI_CONFIG, "router bgp 1", CLI_BGP },
	{ CLI_CONFIG, "no router bgp 1", CLI_CONFIG },
	{ CLI_BGP, "do show version", CLI_BGP },
	{ CLI_BGP, "exit", CLI_CONFIG },
	{ CLI_VNI, "exit-vni", CLI_BGP_EVPN },
	{ CLI_VNI, "vni 2", CLI_VNI },
	{ CLI_VNI, "hostname x", CLI_CONFIG },
	{ CLI_VNI, "quit", CLI_BGP_EVPN },
	{ CLI_VNI, "end", CLI_EXEC },
	/* clang-format on */
};

START_TEST(mode_after)
{
	ck_assert_int_eq(
	    cli_mode_after(afters[_i].mode, afters[_i].line), afters[_i].after);
}
END_TEST

static const struct {
	enum cli_mode mode;
	const char *line;
	const char *words;
} offers[] = {
	/* clang-format off */
	{ CLI_EXEC, "show evpn m", "mac misses" },
	{ CLI_EXEC, "show evpn mac vni ", "all VNI" },
	{ CLI_EXEC, "terminal length ", "(0-512)" },
	{ CLI_EXEC, "show evpn vni ", "detail json VNI <cr>" },
	{ CLI_EXEC, "nothing ", "" },
	{ CLI_BGP, "n", "neighbor no" },
	{ CLI_BGP, "no nei", "neighbor" },
	{ CLI_BGP, "do terminal ", "length" },
	{ CLI_BGP, "neighbor R t", "timers ttl-security" },
	{ CLI_BGP, "neighbor R update-source ", "IFNAME IP" },
	/* clang-format on */
};

static void
collect(const char *word, const char *help, bool is_arg, void *arg)
{
	char *list = arg;

	(void)help;
	(void)is_arg;
	if (*list != '\0')
		strlcat(list, " ", 512);
	strlcat(list, word, 512);
}

START_TEST(offering)
{
	char list[512] = "";

	cli_candidates(offers[_i].mode, offers[_i].line, collect, list);
	ck_assert_str_eq(list, offers[_i].words);
}
END_TEST

/* Every row of the table must be well-formed, have help, and lead somewhere known. */
START_TEST(table)
{
	struct synopsis syn;
	const struct cli_cmd *c;
	const char *s;
	int i;

	for (i = 0; (c = cli_command(i)) != NULL; i++) {
		s = c->syntax + ((c->flags & CLI_ONLY_NO) ? 3 : 0);
		ck_assert_msg(synopsis_compile(s, false, &syn), "%s", c->syntax);
		ck_assert_msg(synopsis_compile(s, true, &syn), "no %s", c->syntax);
		ck_assert(c->op > OP_NONE && c->op < OP_COUNT);
		ck_assert(c->next >= CLI_STAY && c->next < CLI_MODES);
		ck_assert_msg(
		    (c->flags & CLI_HIDDEN) || *c->help != '\0', "%s", c->syntax);
	}
	ck_assert_int_gt(i, 100);
	ck_assert_int_lt(i, CLI_ROWS);
}
END_TEST

static const char *const bad_synopses[] = { "", "a (b", "a b)", "a [b|c", "NOSUCHTYPE",
	"[a]", "a {b" };

START_TEST(bad_synopsis)
{
	struct synopsis syn;

	ck_assert_msg(
	    !synopsis_compile(bad_synopses[_i], false, &syn), "%s", bad_synopses[_i]);
}
END_TEST

START_TEST(mode_names)
{
	enum cli_mode mode;
	int i;

	for (i = 0; i < CLI_MODES; i++) {
		ck_assert(cli_mode_parse(cli_mode_name((enum cli_mode)i), &mode));
		ck_assert_int_eq((int)mode, i);
	}
	ck_assert(!cli_mode_parse("nowhere", &mode));
	ck_assert_str_eq(cli_mode_prompt(CLI_BGP_EVPN), "(config-router-af)");
}
END_TEST

START_TEST(long_lines)
{
	char line[2 * CLI_LINE];
	struct cli_match m;
	enum cli_mode mode;

	/* More words than are told apart: the rest is still there. */
	memset(line, 0, sizeof(line));
	strlcpy(line, "neighbor R description", sizeof(line));
	while (strlen(line) < 900)
		strlcat(line, " xx", sizeof(line));
	cli_match(CLI_BGP, line, true, &m, &mode);
	ck_assert_int_eq(m.status, CLI_OK);
	ck_assert_str_eq(cli_arg(&m, "LINE"), line + strlen("neighbor R description "));
	while (strlen(line) < CLI_LINE)
		strlcat(line, " xx", sizeof(line));
	cli_match(CLI_BGP, line, true, &m, &mode);
	ck_assert_int_eq(m.status, CLI_UNKNOWN);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("cli", &tc);

	tcase_add_loop_test(tc, matching, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, above);
	tcase_add_test(tc, words_of_refusal);
	tcase_add_loop_test(tc, offering, 0, sizeof(offers) / sizeof(offers[0]));
	tcase_add_loop_test(tc, mode_after, 0, sizeof(afters) / sizeof(afters[0]));
	tcase_add_test(tc, table);
	tcase_add_loop_test(
	    tc, bad_synopsis, 0, sizeof(bad_synopses) / sizeof(bad_synopses[0]));
	tcase_add_test(tc, mode_names);
	tcase_add_test(tc, long_lines);
	return unit_run(s);
}

/* Tests of conf/diff: two texts, and what is told of them. */
#include "conf/diff.h"

#include "base/mem.h"
#include "conf/text.h"

#include "unit.h"

static const struct {
	const char *what, *a, *b, *diff;
} rows[] = {
	{ "nothing", "", "", "" },
	{ "alike", "hostname x\nvxlan\n udp-port 1\n",
	    "vxlan\n udp-port 1\nexit\nhostname x\n", "" },
	{ "a line", "hostname x\n", "hostname y\n", "-hostname x\n+hostname y\n" },
	{ "a line more", "", "hostname y\n", "+hostname y\n" },
	{ "in a block", "vxlan\n udp-port 1\n source-address 10.0.0.1\n",
	    "vxlan\n udp-port 2\n source-address 10.0.0.1\n",
	    " vxlan\n- udp-port 1\n+ udp-port 2\n" },
	{ "a block less", "vxlan\n udp-port 1\nexit\nvrf red\n vni 1\n",
	    "vrf red\n vni 1\n", "-vxlan\n- udp-port 1\n-exit\n" },
	{ "deep down",
	    "router bgp 1\n address-family l2vpn evpn\n  vni 1\n   bridge a\n  vni 2\n"
	    "   bridge b\n",
	    "router bgp 1\n address-family l2vpn evpn\n  vni 1\n   bridge a\n  vni 2\n"
	    "   bridge c\n  vni 3\n",
	    " router bgp 1\n  address-family l2vpn evpn\n   vni 2\n-   bridge b\n"
	    "+   bridge c\n+  vni 3\n+  exit-vni\n" },
	{ "another AS", "router bgp 1\n", "router bgp 2\n",
	    "-router bgp 1\n- address-family l2vpn evpn\n- exit-address-family\n-exit\n"
	    "+router bgp 2\n+ address-family l2vpn evpn\n+ "
	    "exit-address-family\n+exit\n" },
	{ "two blocks of one name's sort", "vrf a\n vni 1\nvrf b\n vni 2\n",
	    "vrf a\n vni 3\nvrf c\n vni 2\n",
	    " vrf a\n- vni 1\n+ vni 3\n-vrf b\n- vni 2\n-exit-vrf\n"
	    "+vrf c\n+ vni 2\n+exit-vrf\n" },
};

static void
put(const char *s, void *arg)
{
	char **t = arg, *more = xasprintf("%s%s", *t, s);

	free(*t);
	*t = more;
}

static char *
diff_of(const char *a, const char *b, bool secrets)
{
	struct conf *x = conf_new(), *y = conf_new();
	char *out = xstrdup("");

	ck_assert_int_eq(conf_read(x, a, NULL, NULL), 0);
	ck_assert_int_eq(conf_read(y, b, NULL, NULL), 0);
	conf_diff(x, y, secrets, put, &out);
	conf_free(x);
	conf_free(y);
	return out;
}

START_TEST(diffs)
{
	char *out = diff_of(rows[_i].a, rows[_i].b, true);

	ck_assert_msg(strcmp(out, rows[_i].diff) == 0, "%s:\n%s", rows[_i].what, out);
	free(out);
}
END_TEST

/* Who may not see passwords is not told that they differ. */
START_TEST(secrets)
{
	static const char a[] = "router bgp 1\n neighbor 10.0.0.1 remote-as 2\n"
				" neighbor 10.0.0.1 password one\n";
	static const char b[] = "router bgp 1\n neighbor 10.0.0.1 remote-as 2\n"
				" neighbor 10.0.0.1 password two\n";
	char *out = diff_of(a, b, false);

	ck_assert_str_eq(out, "");
	free(out);
	out = diff_of(a, b, true);
	ck_assert_str_eq(out,
	    " router bgp 1\n- neighbor 10.0.0.1 password one\n"
	    "+ neighbor 10.0.0.1 password two\n");
	free(out);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("diff", &tc);

	tcase_add_loop_test(tc, diffs, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, secrets);
	return unit_run(s);
}

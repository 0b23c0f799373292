/* Tests of kern/frame: frames captured from Linux hosts, and bent ones. */
#include "kern/frame.h"

#include <stdio.h>

#include "unit.h"

#define A "02000000000a"
#define B "02000000000b"
#define ARP "080600010800060400"
#define IP1 "0a090001"
#define IP2 "0a090002"
#define V6(hops) "86dd6000000000203a" hops
#define FD1 "fd000000000000000000000000000001"
#define FD2 "fd000000000000000000000000000002"
#define NODE2 "ff0200000000000000000001ff000002"
#define ANY "00000000000000000000000000000000"

static const struct row {
	const char *what;
	const char *bytes;
	const char *ip; /* NULL: no binding */
	uint16_t vlan;
	bool router;
} rows[] = {
	/* clang-format off */
	{ "ARP request",	"ffffffffffff" A ARP "01" A IP1 "000000000000" IP2, "10.9.0.1", 0, false },
	{ "ARP reply",		A B ARP "02" B IP2 A IP1, "10.9.0.2", 0, false },
	{ "announcement, padded", "ffffffffffff" B ARP "01" B IP2 "000000000000" IP2
	    "00000000000000000000000000000000", "10.9.0.2", 0, false },
	{ "tagged",		A B "8100200a" ARP "02" B IP2 A IP1, "10.9.0.2", 10, false },
	{ "priority tag",	A B "8100e000" ARP "02" B IP2 A IP1, "10.9.0.2", 0, false },
	{ "ARP probe",		"ffffffffffff" A ARP "01" A "00000000" "000000000000" IP2, NULL, 0, false },
	{ "ARP of another",	A B ARP "02" A IP2 A IP1, NULL, 0, false },
	{ "ARP, multicast address", A B ARP "02" B "e0000001" A IP1, NULL, 0, false },
	{ "ARP, loopback address", A B ARP "02" B "7f000001" A IP1, NULL, 0, false },
	{ "ARP, op 3",		A B ARP "03" B IP2 A IP1, NULL, 0, false },
	{ "ARP, other hardware", A B "080600060800060400" "02" B IP2 A IP1, NULL, 0, false },
	{ "from multicast",	A "030000000001" ARP "02" "030000000001" IP2 A IP1, NULL, 0, false },
	{ "solicitation",	"3333ff000002" A V6("ff") FD1 NODE2 "87007d8e00000000" FD2 "0101" A,
	    "fd00::1", 0, false },
	{ "duplicate detection", "3333ff000002" A V6("ff") ANY NODE2 "870053fc00000000" FD2
	    "0e01b181625907c3", NULL, 0, false },
	{ "advertisement",	A B V6("ff") FD2 FD1 "88001c9160000000" FD2 "0201" B, "fd00::2", 0, false },
	{ "of a router",	A B V6("ff") FD2 FD1 "88001c91e0000000" FD2 "0201" B, "fd00::2", 0, true },
	{ "without option",	A B "86dd6000000000183aff" FD2 FD1 "88001c9160000000" FD2, "fd00::2", 0, false },
	{ "option of another",	A B V6("ff") FD2 FD1 "88001c9160000000" FD2 "0201" A, NULL, 0, false },
	{ "option of length 0",	A B V6("ff") FD2 FD1 "88001c9160000000" FD2 "0200" B, NULL, 0, false },
	{ "option too long",	A B V6("ff") FD2 FD1 "88001c9160000000" FD2 "0202" B, NULL, 0, false },
	{ "passed a router",	A B V6("fe") FD2 FD1 "88001c9160000000" FD2 "0201" B, NULL, 0, false },
	{ "code 1",		A B V6("ff") FD2 FD1 "88011c9160000000" FD2 "0201" B, NULL, 0, false },
	{ "echo",		A B V6("ff") FD2 FD1 "81001c9160000000" FD2 "0201" B, NULL, 0, false },
	{ "IPv4",		A B "0800" "4500001c00000000", NULL, 0, false },
	/* clang-format on */
};

static size_t
unhex(const char *s, uint8_t *out)
{
	size_t n = 0;
	unsigned v;

	for (; sscanf(s, "%2x", &v) == 1; s += 2)
		out[n++] = (uint8_t)v;
	return n;
}

START_TEST(parse)
{
	const struct row *r = &rows[_i];
	struct frame_binding b = { .vlan = 77 };
	uint8_t buf[200], *cut;
	size_t n = unhex(r->bytes, buf), least;

	ck_assert_msg(frame_parse(buf, n, &b) == (r->ip != NULL), "%s", r->what);
	if (r->ip == NULL) {
		ck_assert_uint_eq(b.vlan, 77);
		return;
	}
	ck_assert_str_eq(IPSTR(&b.ip), r->ip);
	ck_assert_uint_eq(b.vlan, r->vlan);
	ck_assert(b.router == r->router);
	ck_assert(memcmp(&b.mac, buf + 6, 6) == 0);
	/* Padding may be missing, nothing else. */
	least = strcmp(r->what, "announcement, padded") == 0 ? n - 16 : n;
	for (size_t len = 0; len < n; len++) {
		cut = malloc(len + 1);
		memcpy(cut, buf, len);
		ck_assert_msg(frame_parse(cut, len, &b) == (len >= least), "%s: %zu",
		    r->what, len);
		free(cut);
	}
}
END_TEST

/* A probe is answered by a host, and says nothing about us to other listeners. */
START_TEST(probe)
{
	static const char *const v6 = B A "86dd6000000000203aff"
					  "fe80000000000000000000fffe00000a" FD2 "8700";
	static const char *const v4 =
	    B A "810000c8" ARP "01" A "00000000000000000000" IP2;
	struct mac from = { { 2, 0, 0, 0, 0, 10 } }, to = { { 2, 0, 0, 0, 0, 11 } };
	struct frame_binding b;
	struct ip ip;
	uint8_t buf[FRAME_PROBE_MAX], want[200];
	uint32_t sum = 0;
	size_t n;

	ck_assert(ip_parse("10.9.0.2", &ip));
	n = frame_probe(buf, sizeof(buf), 200, &from, &to, &ip);
	ck_assert_uint_eq(n, unhex(v4, want));
	ck_assert_mem_eq(buf, want, n);
	ck_assert(!frame_parse(buf, n, &b));
	for (size_t len = 0; len < n; len++)
		ck_assert_uint_eq(frame_probe(buf, len, 200, &from, &to, &ip), 0);
	ck_assert(ip_parse("fd00::2", &ip));
	n = frame_probe(buf, sizeof(buf), 0, &from, &to, &ip);
	ck_assert_uint_eq(n, 14 + 40 + 32);
	ck_assert_mem_eq(buf, want, unhex(v6, want));
	ck_assert_uint_eq(buf[n - 8], 1);
	/* Pseudo-header and message sum to all ones (RFC 1071). */
	for (size_t i = 22; i < n; i += 2)
		sum += (uint32_t)(buf[i] << 8 | buf[i + 1]);
	sum += 32 + 58;
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	ck_assert_uint_eq(sum, 0xffff);
	n = frame_probe(buf, sizeof(buf), 4094, &from, &to, &ip);
	ck_assert_uint_eq(n, FRAME_PROBE_MAX);
	ip = (struct ip){ 0 };
	ck_assert_uint_eq(frame_probe(buf, sizeof(buf), 0, &from, &to, &ip), 0);
}
END_TEST

/* A question to all hosts, from an address or none. */
START_TEST(ask)
{
	static const char *const v4 =
	    "ffffffffffff" A ARP "01" A "0a090001000000000000" IP2;
	static const char *const v6 = "3333ff000002" A "86dd6000000000203aff" FD1
				      "ff0200000000000000000001ff000002"
				      "8700";
	struct mac mac = { { 2, 0, 0, 0, 0, 10 } };
	struct ip ip, from, none = { 0 };
	uint8_t buf[FRAME_PROBE_MAX], want[200];
	struct frame_binding b;
	uint32_t sum = 0;
	size_t n;

	ck_assert(ip_parse("10.9.0.2", &ip) && ip_parse("10.9.0.1", &from));
	n = frame_ask(buf, sizeof(buf), &mac, &from, &ip);
	ck_assert_uint_eq(n, unhex(v4, want));
	ck_assert_mem_eq(buf, want, n);
	ck_assert_uint_eq(frame_ask(buf, n - 1, &mac, &from, &ip), 0);
	n = frame_ask(buf, sizeof(buf), &mac, &none, &ip);
	ck_assert(n > 0 && !frame_parse(buf, n, &b));
	ck_assert(ip_parse("fd00::2", &ip) && ip_parse("fd00::1", &from));
	n = frame_ask(buf, sizeof(buf), &mac, &from, &ip);
	ck_assert_uint_eq(n, 14 + 40 + 32);
	ck_assert_mem_eq(buf, want, unhex(v6, want));
	for (size_t i = 22; i < n; i += 2)
		sum += (uint32_t)(buf[i] << 8 | buf[i + 1]);
	sum += 32 + 58;
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	ck_assert_uint_eq(sum, 0xffff);
	n = frame_ask(buf, sizeof(buf), &mac, &none, &ip);
	ck_assert(n > 0 && frame_parse(buf, n, &b) && ip_is_linklocal(&b.ip));
	ck_assert_uint_eq(frame_ask(buf, sizeof(buf), &mac, &none, &none), 0);
}
END_TEST

/* Who asks for what; and the answer that he takes for the host's own. */
START_TEST(question)
{
	static const struct {
		const char *what, *bytes, *about; /* NULL: none */
	} questions[] = {
		{ "ARP", "ffffffffffff" A ARP "01" A "0a090001000000000000" IP2,
		    "10.9.0.2" },
		{ "announcement", "ffffffffffff" A ARP "01" A IP2 "000000000000" IP2,
		    NULL },
		{ "probe", "ffffffffffff" A ARP "01" A "00000000000000000000" IP2,
		    NULL },
		{ "ARP reply", "ffffffffffff" A ARP "02" A "0a090001000000000000" IP2,
		    NULL },
		{ "solicitation",
		    "3333ff000002" A "86dd6000000000203aff" FD1
		    "ff0200000000000000000001ff000002"
		    "8700000000000000" FD2 "0101" A,
		    "fd00::2" },
		{ "duplicate detection",
		    "3333ff000002" A "86dd6000000000183aff"
		    "00000000000000000000000000000000"
		    "ff0200000000000000000001ff000002"
		    "8700000000000000" FD2,
		    NULL },
		{ "hops",
		    "3333ff000002" A "86dd6000000000203afe" FD1
		    "ff0200000000000000000001ff000002"
		    "8700000000000000" FD2 "0101" A,
		    NULL },
	};
	uint8_t buf[200], out[FRAME_REPLY_MAX], *cut;
	struct mac mac = { { 2, 0, 0, 0, 0, 12 } };
	struct frame_question q;
	struct frame_binding b;

	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		size_t n = unhex(questions[i].bytes, buf), r;
		bool is = frame_question(buf, n, &q);

		ck_assert_msg(
		    is == (questions[i].about != NULL), "%s", questions[i].what);
		for (size_t len = 0; len < n; len++) {
			cut = malloc(len + 1);
			memcpy(cut, buf, len);
			ck_assert(!frame_question(cut, len, &q));
			free(cut);
		}
		if (!is)
			continue;
		ck_assert(frame_question(buf, n, &q));
		ck_assert_str_eq(IPSTR(&q.about), questions[i].about);
		r = frame_reply(out, sizeof(out), &q, &mac, true);
		ck_assert(r > 0 && frame_parse(out, r, &b));
		ck_assert_str_eq(IPSTR(&b.ip), questions[i].about);
		ck_assert(memcmp(&b.mac, &mac, sizeof(mac)) == 0);
		ck_assert_mem_eq(out, buf + 6, 6);
		ck_assert_uint_eq(frame_reply(out, r - 1, &q, &mac, true), 0);
		q.vlan = 7;
		r = frame_reply(out, sizeof(out), &q, &mac, false);
		ck_assert(frame_parse(out, r, &b) && b.vlan == 7 && !b.router);
	}
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("frame", &tc);

	tcase_add_loop_test(tc, parse, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, probe);
	tcase_add_test(tc, ask);
	tcase_add_test(tc, question);
	return unit_run(s);
}

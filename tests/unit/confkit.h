/*
 * confkit.h - configurations made at random from the grammar's table.
 *
 * Lines fit their synopsis, and name few things each, so that they meet what others made. A
 * seed makes the same lines always.
 */
#ifndef UNIT_CONFKIT_H
#define UNIT_CONFKIT_H

#include "conf/text.h"

#include "cli/grammar.h"
#include "cli/search.h"

#include <stdio.h>
#include <string.h>

/* Few values each, so that commands meet what others made. */
static const struct {
	const char *type;
	const char *values[5];
} values[] = {
	/* clang-format off */
	{ "VNI",     { "100", "200", "300", "16777215" } },
	{ "MAC",     { "02:00:00:00:00:01", "00:00:5e:00:01:01" } },
	{ "IP",	     { "10.0.0.1", "10.0.0.2", "2001:db8::1", "239.1.1.1" } },
	{ "A.B.C.D", { "10.0.0.1", "10.0.0.2" } },
	{ "PREFIX",  { "10.1.0.1/24", "10.0.0.0/8", "2001:db8:1::1/64" } },
	{ "AS",	     { "65000", "65000", "65000", "4200000000" } },
	{ "PEER",    { "10.0.0.1", "10.0.0.2", "2001:DB8::1", "RR", "G" } },
	{ "GROUP",   { "RR", "G", "H" } },
	{ "IFNAME",  { "lo", "eth0", "br100" } },
	{ "NAME",    { "leaf1", "leaf2" } },
	{ "VRF",     { "red", "blue", "default", "fifteen-letters" } },
	{ "RD",	     { "10.0.0.1:100", "65000:7", "4200000000:7" } },
	{ "RT",	     { "65000:1", "65000:2", "10.0.0.1:3" } },
	{ "ESI",     { "03:44:38:39:ff:ff:01:00:00:01" } },
	{ "WORD",    { "/var/log/x", "word" } },
	{ "LINE",    { "a few  words", "x ! y", "one" } },
	/* clang-format on */
};

static inline unsigned
roll(unsigned *seed, unsigned n)
{
	*seed = *seed * 1103515245U + 12345U;
	return (*seed >> 16) % n;
}

static inline void
add_word(char *line, const struct syn_token *t, unsigned *seed)
{
	char word[64];
	size_t i, n;

	snprintf(word, sizeof(word), "%.*s", t->len, t->s);
	if (t->range)
		snprintf(word, sizeof(word), "%llu",
		    (unsigned long long)(t->min +
			roll(seed, 1000) * (t->max - t->min) / 999));
	for (i = 0; t->type != NULL && i < sizeof(values) / sizeof(values[0]); i++) {
		if (strcmp(values[i].type, t->type->name) != 0)
			continue;
		for (n = 0; n < 5 && values[i].values[n] != NULL; n++)
			;
		strlcpy(word, values[i].values[roll(seed, (unsigned)n)], sizeof(word));
	}
	if (line[0] != '\0')
		strlcat(line, " ", CLI_LINE);
	strlcat(line, word, CLI_LINE);
}

static inline int
pick(uint64_t set, unsigned *seed)
{
	unsigned k = roll(seed, (unsigned)__builtin_popcountll(set));
	int i;

	for (i = 0; i < 64; i++)
		if ((set & ((uint64_t)1 << i)) && k-- == 0)
			return i;
	return 0;
}

/* A random walk through the synopsis: some line that fits it. */
static inline void
some_line(const struct cli_cmd *c, bool no, unsigned *seed, char *line)
{
	struct synopsis syn;
	uint64_t next;
	int t;

	line[0] = '\0';
	if (!synopsis_compile(c->syntax + ((c->flags & CLI_ONLY_NO) ? 3 : 0), no, &syn))
		return;
	if (no)
		strlcpy(line, "no", CLI_LINE);
	for (next = syn.first; next != 0; next = syn.follow[t]) {
		t = pick(next, seed);
		add_word(line, &syn.tok[t], seed);
		if ((syn.last & ((uint64_t)1 << t)) && roll(seed, 2) == 0)
			break;
	}
}

static inline bool
may_follow(const struct cli_cmd *c, enum cli_mode mode)
{
	for (;; mode = cli_mode_up(mode)) {
		if (mode == CLI_EXEC)
			return false;
		if (c->mode == mode)
			return true;
	}
}

static inline unsigned
command_count(void)
{
	unsigned n = 0;

	while (cli_command((int)n) != NULL)
		n++;
	return n;
}

/*
 * A line for where CTX is, mostly one that stays at that depth. It may be refused all the
 * same: it fits its synopsis, not always what was said before.
 */
static inline void
random_line(const struct conf_ctx *ctx, unsigned *seed, char *line)
{
	unsigned commands = command_count();
	const struct cli_cmd *cmd;

	do
		cmd = cli_command((int)roll(seed, commands));
	while (!may_follow(cmd, ctx->mode) || (cmd->flags & CLI_EVERYWHERE) ||
	    (cmd->mode < ctx->mode && roll(seed, 4)));
	some_line(cmd,
	    (cmd->flags & CLI_ONLY_NO) ||
		(!(cmd->flags & CLI_PLAIN) && roll(seed, 8) == 0),
	    seed, line);
}

#endif

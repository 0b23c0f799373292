/*
 * Tests of conf/conf and conf/edit, and of the whole language: tests/conf.t has a row for each
 * command of the grammar and its "no"; any configuration at all, written and read again, line
 * by line, and in another order.
 */
#include "conf/conf.h"

#include "base/mem.h"

#include "unit.h"

#include "confkit.h"

/* --- every command has a row in tests/conf.t --- */

#define COMMANDS 1024

static bool covered[COMMANDS][2]; /* as it is, and after "no" */

/* The lines of one row, one after the other. */
static void
cover(char *lines)
{
	struct conf_ctx ctx = { .mode = CLI_CONFIG };
	struct conf *c = conf_new();
	struct conf_msg msg;
	struct cli_match m;
	enum cli_mode mode;
	char *line;

	while ((line = strsep(&lines, "|")) != NULL) {
		line += strspn(line, " ");
		cli_match(ctx.mode, line, true, &m, &mode);
		conf_line(c, &ctx, line, &msg);
		if (m.status != CLI_OK)
			continue;
		covered[m.cmd - cli_command(0)][m.no] = true;
		if (ctx.mode == CLI_EXEC)
			ctx.mode = CLI_CONFIG;
	}
	conf_free(c);
}

static bool
is_setting(const struct cli_cmd *c)
{
	return c->mode != CLI_EXEC && !(c->flags & CLI_EVERYWHERE);
}

START_TEST(every_command)
{
	const char *dir = getenv("srcdir");
	char *path = xasprintf("%s/tests/conf.t", dir != NULL ? dir : "."), row[1024];
	FILE *f = fopen(path, "r");
	const struct cli_cmd *c;
	char *missing = xstrdup(""), *more;
	int i, no;

	ck_assert_msg(f != NULL, "%s", path);
	ck_assert_uint_lt(command_count(), COMMANDS);
	while (fgets(row, sizeof(row), f) != NULL) {
		row[strcspn(row, ";\n")] = '\0';
		if (row[0] != '#')
			cover(row);
	}
	for (i = 0; (c = cli_command(i)) != NULL; i++) {
		for (no = 0; is_setting(c) && no < 2; no++) {
			if (covered[i][no] ||
			    (c->flags & (no ? CLI_PLAIN : CLI_ONLY_NO)))
				continue;
			more = xasprintf("%s%s: %s%s\n", missing,
			    cli_mode_name(c->mode), no ? "no " : "", c->syntax);
			free(missing);
			missing = more;
		}
	}
	fclose(f);
	free(path);
	ck_assert_msg(*missing == '\0', "no row in tests/conf.t for\n%s", missing);
	free(missing);
}
END_TEST

/* --- any configuration --- */

static void
keep_error(enum conf_result result, const struct conf_msg *msg, void *arg)
{
	if (result == CONF_ERROR)
		snprintf(arg, 600, "%d:%d: %s", msg->line, msg->column, msg->text);
}

/* TEXT is read without a complaint and is C. */
static void
check_reads(const struct conf *c, const char *text, const char *what, int seed)
{
	struct conf *again = conf_new();
	char error[600] = "", *x = conf_text(c, true), *y;
	int errors = conf_read(again, text, keep_error, error);

	y = conf_text(again, true);
	ck_assert_msg(errors == 0, "%s, seed %d: %s in\n%s", what, seed, error, text);
	ck_assert_msg(strcmp(x, y) == 0, "%s, seed %d:\n%s--- %s ---\n%s", what, seed,
	    x, text, y);
	free(x);
	free(y);
	conf_free(again);
}

/* As lines typed one by one, each on a copy of what was there. */
static void
check_typed(const struct conf *c, const char *text, int seed)
{
	struct conf_ctx ctx = { .mode = CLI_CONFIG };
	struct conf *now = conf_new(), *next;
	char *copy = xstrdup(text), *p = copy, *line;
	struct conf_msg msg;

	while ((line = strsep(&p, "\n")) != NULL) {
		next = conf_copy(now);
		ck_assert_msg(conf_line(next, &ctx, line, &msg) == CONF_OK,
		    "seed %d: %s: %s", seed, line, msg.text);
		conf_free(now);
		now = next;
	}
	ck_assert_msg(conf_equal(now, c), "seed %d, typed:\n%s", seed, text);
	free(copy);
	conf_free(now);
}

/* --- another order --- */

struct piece { /* a line with what is indented below it */
	const char *s;
	size_t len;
	unsigned rank;
};

static size_t
indent_of(const char *s)
{
	return strspn(s, " ");
}

static const char *
next_line(const char *s)
{
	s += strcspn(s, "\n");
	return *s != '\0' ? s + 1 : s;
}

/* What has to be said first: groups, neighbors, members, all else, address families. */
static unsigned
rank_of(const char *s)
{
	char line[CLI_LINE], word[3][64] = { "", "", "" };
	int n;

	snprintf(line, sizeof(line), "%.*s", (int)strcspn(s, "\n"), s);
	n = sscanf(line, "%63s %*s %63s %63s", word[0], word[1], word[2]);
	if (strcmp(word[0], "address-family") == 0)
		return 4;
	if (strcmp(word[0], "neighbor") == 0 && strcmp(word[1], "peer-group") == 0)
		return n == 2 ? 0 : 2;
	if (strcmp(word[0], "neighbor") == 0 && strcmp(word[1], "remote-as") == 0)
		return 1;
	return 3;
}

static void
append(char **text, const char *s, size_t len)
{
	char *more = xasprintf("%s%.*s", *text, (int)len, s);

	free(*text);
	*text = more;
}

static bool
closes(const char *s, size_t indent)
{
	return indent_of(s) == indent && strncmp(s + indent, "exit", 4) == 0;
}

/* The block of a line: the line, what is below it, the "exit" that ends it. */
static const char *
block_end(const char *s, const char *end)
{
	size_t indent = indent_of(s);

	for (s = next_line(s); s < end && indent_of(s) > indent;)
		s = next_line(s);
	return s < end && closes(s, indent) ? next_line(s) : s;
}

/* S to END, its blocks in another order, and so inside. Recursion is as deep as the modes. */
static void
shuffle(const char *s, const char *end, unsigned *seed, char **out)
{
	struct piece piece[512], swap;
	const char *head, *last;
	unsigned n = 0, i, k, rank;

	for (; s < end; s += piece[n++].len) {
		ck_assert_uint_lt(n, 512);
		piece[n] =
		    (struct piece){ s, (size_t)(block_end(s, end) - s), rank_of(s) };
	}
	for (i = n; i > 1; i--) {
		k = roll(seed, i);
		swap = piece[i - 1];
		piece[i - 1] = piece[k];
		piece[k] = swap;
	}
	for (rank = 0; rank < 5; rank++)
		for (i = 0; i < n; i++) {
			if (piece[i].rank != rank)
				continue;
			head = next_line(piece[i].s);
			for (last = piece[i].s;
			     next_line(last) < piece[i].s + piece[i].len;)
				last = next_line(last);
			append(out, piece[i].s, (size_t)(head - piece[i].s));
			if (last == piece[i].s)
				continue;
			if (!closes(last, indent_of(piece[i].s)))
				last = piece[i].s + piece[i].len;
			shuffle(head, last, seed, out);
			append(out, last, (size_t)(piece[i].s + piece[i].len - last));
		}
}

static void
check_order(const struct conf *c, const char *text, unsigned *seed, int name)
{
	char *other = xstrdup("");

	shuffle(text, text + strlen(text), seed, &other);
	ck_assert_uint_eq(strlen(other), strlen(text));
	check_reads(c, other, "in another order", name);
	free(other);
}

#define SEEDS 50
#define LINES 800

START_TEST(any_configuration)
{
	unsigned seed = (unsigned)_i * 7919U + 1, i;
	struct conf_ctx ctx = { .mode = CLI_CONFIG };
	struct conf *c = conf_new();
	struct conf_msg msg;
	char line[CLI_LINE], *text;

	for (i = 1; i <= LINES; i++) {
		random_line(&ctx, &seed, line);
		conf_line(c, &ctx, line, &msg);
		ck_assert_msg(strncmp(msg.text, "% Unknown command", 17) != 0 ||
			strncmp(line, "no ", 3) == 0,
		    "%s: %s %s", line, msg.text, msg.detail);
		if (ctx.mode == CLI_EXEC)
			ctx.mode = CLI_CONFIG;
		if (i % 10 != 0)
			continue;
		text = conf_text(c, true);
		check_reads(c, text, "as written", _i);
		check_order(c, text, &seed, _i);
		if (i % 100 == 0)
			check_typed(c, text, _i);
		free(text);
	}
	conf_free(c);
}
END_TEST

int
main(void)
{
	TCase *tc;
	Suite *s = unit_suite("conf", &tc);

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, every_command);
	tcase_add_loop_test(tc, any_configuration, 0, SEEDS);
	return unit_run(s);
}

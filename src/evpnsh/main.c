/*
 * evpnsh - the shell of evpnd: one command, several, a file, or interactive.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/cli.h"
#include "complete.h"
#include "config.h"
#include "line.h"
#include "load.h"
#include "paint.h"
#include "shell.h"

#define CTL_PATH "/run/evpnd/evpnd.sock"
#define CONF_PATH "/etc/evpnd/evpnd.conf"

enum { EXIT_REFUSED = 1, EXIT_NO_DAEMON = 2 };

static int
status(const struct shell *sh, bool ok)
{
	return sh->lost ? EXIT_NO_DAEMON : ok ? 0 : EXIT_REFUSED;
}

/* Commands of -c; each may be several lines. The first one refused is the last. */
static int
run_commands(struct shell *sh, char *const *commands, int n)
{
	bool ok = true;
	char *copy, *rest, *line;
	int i;

	for (i = 0; i < n && ok; i++) {
		copy = rest = xstrdup(commands[i]);
		while (ok && !sh->done && (line = strsep(&rest, "\n")) != NULL)
			ok = shell_run(sh, line);
		free(copy);
	}
	return status(sh, ok);
}

/* Every line is tried; the first bad one makes the exit status. */
static int
run_stream(struct shell *sh, FILE *f)
{
	char *line = NULL;
	size_t size = 0;
	bool ok = true;

	sh->file = "stdin";
	while (!sh->done && !sh->lost && getline(&line, &size, f) >= 0) {
		sh->lineno++;
		ok = shell_run(sh, line) && ok;
	}
	free(line);
	return status(sh, ok);
}

static int
run_file(struct shell *sh, const char *path)
{
	bool in = strcmp(path, "-") == 0;
	FILE *f = in ? stdin : fopen(path, "re");
	int st;

	if (f == NULL) {
		fprintf(stderr, "evpnsh: %s: %s\n", path, strerror(errno));
		return EXIT_REFUSED;
	}
	shell_configure(sh);
	st = status(sh, load_file(sh, f, in ? "stdin" : path));
	if (!in)
		fclose(f);
	return st;
}

static int
run_terminal(struct shell *sh)
{
	sh->terminal = isatty(STDOUT_FILENO);
	if (!isatty(STDIN_FILENO))
		return run_stream(sh, stdin);
	signal(SIGPIPE, SIG_IGN); /* a pager that was left */
	printf("evpnd " PACKAGE_VERSION ", \"?\" helps.\n");
	return line_loop(sh);
}

static const char usage_text[] =
    "usage: evpnsh [-bhv] [-s SOCKET] [-c COMMAND]... [-f FILE]\n";
static const char help_text[] =
    "  -c, --command COMMAND  run a command and leave; may be repeated\n"
    "  -f, --inputfile FILE   run the configuration commands of FILE (\"-\": standard "
    "input)\n"
    "  -b, --boot             the same with " CONF_PATH "\n"
    "  -s, --socket SOCKET    control socket, " CTL_PATH "\n"
    "  -h, --help             this text\n"
    "  -v, --version          print the version\n"
    "Without -c and -f commands come from the standard input; at a terminal \"?\" and "
    "TAB\n"
    "help. Exit status: 0 done, 1 a command was refused, 2 no daemon.\n";

static const struct option long_options[] = {
	{ "boot", no_argument, NULL, 'b' },
	{ "command", required_argument, NULL, 'c' },
	{ "inputfile", required_argument, NULL, 'f' },
	{ "help", no_argument, NULL, 'h' },
	{ "socket", required_argument, NULL, 's' },
	{ "version", no_argument, NULL, 'v' },
	{ "candidates", no_argument, NULL, 'C' }, /* for etc/evpnsh.bash */
	{ NULL, 0, NULL, 0 },
};

struct options {
	const char *socket, *file;
	char **commands;
	int ncommands;
	bool candidates;
	int left; /* what is done without a daemon has this exit status; -1: go on */
};

static void
print_word(enum complete_kind kind, const char *word, const char *help, void *arg)
{
	(void)help;
	(void)arg;
	if (kind != COMPLETE_TYPE)
		puts(word);
}

/* What may come at the end of the last command, typed after the others. */
static int
run_candidates(const struct options *o)
{
	struct shell sh = { .path = o->socket };
	int i;

	for (i = 0; i + 1 < o->ncommands; i++)
		sh.mode = cli_mode_after(sh.mode, o->commands[i]);
	if (o->ncommands > 0)
		complete(&sh, o->commands[o->ncommands - 1], print_word, NULL);
	return 0;
}

static int
run(const struct options *o)
{
	struct shell sh;
	int st;

	if (!shell_open(&sh, o->socket)) {
		shell_close(&sh);
		return EXIT_NO_DAEMON;
	}
	sh.paint = paint_wanted();
	if (o->ncommands > 0)
		st = run_commands(&sh, o->commands, o->ncommands);
	else if (o->file != NULL)
		st = run_file(&sh, o->file);
	else
		st = run_terminal(&sh);
	shell_close(&sh);
	return st;
}

static void
read_option(struct options *o, int c)
{
	switch (c) {
	case 'b':
		o->file = CONF_PATH;
		break;
	case 'c':
		o->commands[o->ncommands++] = optarg;
		break;
	case 'C':
		o->candidates = true;
		break;
	case 'f':
		o->file = optarg;
		break;
	case 'h':
		printf("%s%s", usage_text, help_text);
		o->left = 0;
		break;
	case 's':
		o->socket = optarg;
		break;
	case 'v':
		printf("evpnsh " PACKAGE_VERSION "\n");
		o->left = 0;
		break;
	default:
		fputs(usage_text, stderr);
		o->left = EXIT_REFUSED;
		break;
	}
}

int
main(int argc, char **argv)
{
	struct options o = { .socket = CTL_PATH, .left = -1 };
	int c, st;

	o.commands = xcalloc((size_t)argc, sizeof(*o.commands));
	while (o.left < 0 &&
	    (c = getopt_long(argc, argv, "bc:f:hs:v", long_options, NULL)) != -1)
		read_option(&o, c);
	if (o.left < 0 && optind < argc) {
		fputs(usage_text, stderr);
		o.left = EXIT_REFUSED;
	}
	st = o.left >= 0 ? o.left : o.candidates ? run_candidates(&o) : run(&o);
	free(o.commands);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "evpnsh: standard output: %s\n", strerror(errno));
		st = st != 0 ? st : EXIT_REFUSED;
	}
	return st;
}

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
#include "config.h"
#include "line.h"
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
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	int st;

	if (f == NULL) {
		fprintf(stderr, "evpnsh: %s: %s\n", path, strerror(errno));
		return EXIT_REFUSED;
	}
	shell_configure(sh);
	sh->file = path;
	st = status(sh, shell_load(sh, f));
	if (f != stdin)
		fclose(f);
	return st;
}

static int
run_terminal(struct shell *sh)
{
	sh->terminal = isatty(STDOUT_FILENO);
	if (!isatty(STDIN_FILENO))
		return run_stream(sh, stdin);
	printf("evpnd " PACKAGE_VERSION ", \"?\" helps.\n");
	return line_loop(sh);
}

static void
print_word(const char *word, const char *help, bool is_arg, void *arg)
{
	(void)help;
	(void)arg;
	if (!is_arg)
		puts(word);
}

static int
usage(void)
{
	fprintf(stderr, "usage: evpnsh [-bv] [-s socket] [-c command] ... [-f file]\n");
	return EXIT_REFUSED;
}

struct options {
	const char *socket, *file;
	char **commands;
	int ncommands;
};

static int
run(const struct options *o)
{
	struct shell sh;
	int st;

	if (!shell_open(&sh, o->socket)) {
		shell_close(&sh);
		return EXIT_NO_DAEMON;
	}
	if (o->ncommands > 0)
		st = run_commands(&sh, o->commands, o->ncommands);
	else if (o->file != NULL)
		st = run_file(&sh, o->file);
	else
		st = run_terminal(&sh);
	shell_close(&sh);
	return st;
}

int
main(int argc, char **argv)
{
	struct options o = { .socket = CTL_PATH };
	int c, st;

	/* Not getopt_long's: for completion alone, see etc/evpnsh.bash. */
	if (argc == 3 && strcmp(argv[1], "--candidates") == 0) {
		cli_candidates(CLI_EXEC, argv[2], print_word, NULL);
		return 0;
	}
	signal(SIGPIPE, SIG_IGN);
	o.commands = xcalloc((size_t)argc, sizeof(*o.commands));
	while ((c = getopt(argc, argv, "bc:f:s:v")) != -1) {
		switch (c) {
		case 'b':
			o.file = CONF_PATH;
			break;
		case 'c':
			o.commands[o.ncommands++] = optarg;
			break;
		case 'f':
			o.file = optarg;
			break;
		case 's':
			o.socket = optarg;
			break;
		case 'v':
			printf("evpnsh " PACKAGE_VERSION "\n");
			free(o.commands);
			return 0;
		default:
			free(o.commands);
			return usage();
		}
	}
	st = optind == argc ? run(&o) : usage();
	free(o.commands);
	return st;
}

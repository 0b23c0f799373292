/*
 * Fuzz target of the command language: the first byte is the mode, the rest a line to match
 * and to complete.
 */
#include "cli/cli.h"

#include <string.h>

#include "base/mem.h"
#include "fuzz.h"

static void
each(const char *word, const char *help, bool is_arg, void *arg)
{
	(void)is_arg;
	FUZZ_CHECK(*word != '\0' && help != NULL);
	*(int *)arg += 1;
}

static void
check_args(const struct cli_match *m)
{
	int i;

	FUZZ_CHECK(m->cmd != NULL && m->nargs <= CLI_ARGS);
	for (i = 0; i < m->nargs; i++) {
		const struct cli_arg *a = &m->args[i];

		FUZZ_CHECK(a->column >= 1 && strlen(a->text) < CLI_LINE);
		FUZZ_CHECK(cli_arg(m, a->name) != NULL);
		if (strcmp(a->name, a->text) != 0 && strcmp(a->name, "NUMBER") != 0)
			FUZZ_CHECK(cli_type_check(a->name, a->text, NULL));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line, buf[512];
	struct cli_match m;
	enum cli_mode mode, at;
	int n = 0;

	if (size == 0)
		return 0;
	mode = (enum cli_mode)(data[0] % CLI_MODES);
	line = xcalloc(size, 1);
	memcpy(line, data + 1, size - 1);
	cli_match(mode, line, (data[0] & 0x80) != 0, &m, &at);
	FUZZ_CHECK(at < CLI_MODES && m.column >= 1);
	if (m.status == CLI_OK)
		check_args(&m);
	else if (m.status != CLI_EMPTY)
		FUZZ_CHECK(*cli_refusal(&m, line, buf, sizeof(buf)) == '%');
	cli_detail(&m, line, buf, sizeof(buf));
	cli_candidates(mode, line, each, &n);
	free(line);
	return 0;
}

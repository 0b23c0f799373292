/*
 * replace - see replace.h.
 *
 * The file is read here, with the rights of who asks, and its lines go into a candidate that
 * is empty at first. The daemon commits it when no line was refused.
 */
#include "replace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "load.h"
#include "shell.h"

static bool
commit(struct shell *sh, const char *minutes)
{
	char *line = xasprintf("commit%s%s", minutes != NULL ? " confirmed " : "",
	    minutes != NULL ? minutes : "");
	bool ok = shell_run(sh, line) && shell_run(sh, "end");

	free(line);
	return ok;
}

bool
replace_file(struct shell *sh, const char *path, const char *minutes)
{
	FILE *f = fopen(path, "re");
	bool ok;

	if (f == NULL) {
		fprintf(stderr, "%% Can't read %s: %s\n", path, strerror(errno));
		return false;
	}
	ok = shell_run(sh, "configure replace");
	if (!ok) {
		fclose(f);
		return false;
	}
	ok = load_file(sh, f, path);
	if (ferror(f)) {
		fprintf(stderr, "%% Can't read %s: %s\n", path, strerror(errno));
		ok = false;
	}
	fclose(f);
	if (ok && commit(sh, minutes))
		return true;
	fprintf(stderr, "%% Nothing of %s is in force\n", path);
	if (!sh->lost)
		shell_run(sh, "abort");
	return false;
}

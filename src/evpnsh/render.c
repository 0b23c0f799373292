/*
 * render - which function prints the answer of which command.
 */
#include "evpnsh/render.h"

#include <json-c/json.h>

/* Of FRR's free texts (running-config, logging): the lines as they are. */
static void
render_lines(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	struct json_object *lines;
	size_t i;

	(void)m;
	if (!json_object_object_get_ex(doc, "lines", &lines))
		return;
	for (i = 0; i < json_object_array_length(lines); i++)
		fprintf(out, "%s\n",
		    json_object_get_string(json_object_array_get_idx(lines, i)));
}

static void (*const renderers[OP_COUNT])(
    const struct cli_match *m, struct json_object *doc, FILE *out) = {
	/* clang-format off */
	[OP_SHOW_RUNNING]	= render_lines,
	[OP_SHOW_LOGGING]	= render_lines,
	/* clang-format on */
};

bool
render(const struct cli_match *m, struct json_object *doc, FILE *out)
{
	if (renderers[m->cmd->op] == NULL)
		return false;
	renderers[m->cmd->op](m, doc, out);
	return true;
}

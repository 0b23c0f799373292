/* show_debug - "show debugging": the switches that are on, and which are configured. */
#include "conf/debug.h"
#include "show_int.h"

static bool
step_debugging(struct show *s)
{
	const struct conf_debugs *d = &s->d->debug;
	struct jout *j = &s->j;
	uint16_t i;

	jout_open(j, NULL, '{');
	jout_open(j, "debugs", '[');
	for (i = 0; i < d->n; i++) {
		jout_open(j, NULL, '{');
		jout_str(j, "debug",
		    conf_debug_str((char[CONF_DEBUG_STRLEN]){ 0 }, &d->list[i]));
		jout_bool(
		    j, "configured", conf_debug_has(&s->d->conf->debugs, &d->list[i]));
		jout_close(j, '}');
	}
	jout_close(j, ']');
	jout_close(j, '}');
	return true;
}

const struct show_desc show_debug_descs[] = {
	{ OP_SHOW_DEBUGGING, NULL, step_debugging, NULL },
	{ 0, NULL, NULL, NULL },
};

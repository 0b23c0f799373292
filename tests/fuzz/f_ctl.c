/*
 * Fuzz target of the control protocol: whatever is accepted is text, and its context is
 * understood when it comes back.
 */
#include "ctl_request.h"

#include <json-c/json.h>
#include <string.h>

#include "fuzz.h"

static void
check_text(const char *s)
{
	for (; s != NULL && *s != '\0'; s++)
		FUZZ_CHECK((unsigned char)*s >= ' ' || *s == '\t');
}

static void
check_context(const struct conf_ctx *ctx)
{
	struct json_object *o = json_object_new_object();
	struct ctl_request r;
	const char *text;

	json_object_object_add(o, "command", json_object_new_string("x"));
	json_object_object_add(o, "ctx", ctl_context(ctx));
	text = json_object_to_json_string(o);
	FUZZ_CHECK(ctl_request_parse(text, strlen(text), &r) == NULL);
	FUZZ_CHECK(r.ctx.mode == ctx->mode && r.ctx.vni == ctx->vni &&
	    strcmp(r.ctx.vrf, ctx->vrf) == 0);
	ctl_request_fini(&r);
	json_object_put(o);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctl_request r;
	size_t i;

	if (size > 65536 || ctl_request_parse((const char *)data, size, &r) != NULL)
		return 0;
	FUZZ_CHECK((r.command != NULL) != (r.commands != NULL));
	check_text(r.command);
	for (i = 0; r.commands != NULL && i < json_object_array_length(r.commands); i++)
		check_text(ctl_request_line(&r, i));
	check_context(&r.ctx);
	ctl_request_fini(&r);
	return 0;
}

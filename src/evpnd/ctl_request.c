/*
 * ctl_request - see ctl_request.h.
 *
 * Strict: RFC 8259 and nothing more, valid UTF-8, no control characters in commands (they
 * would end up in logs and files), members of the right type. Members that are not known are
 * passed over, so that later clients can say more.
 */
#include "ctl_request.h"

#include <json-c/json.h>
#include <string.h>

#include "base/addr.h"

/* Containers in each other; a request has three. */
#define DEPTH 8

struct json_object *
ctl_context(const struct conf_ctx *ctx)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(
	    o, "mode", json_object_new_string(cli_mode_name(ctx->mode)));
	if (ctx->vni != 0)
		json_object_object_add(o, "vni", json_object_new_int64(ctx->vni));
	if (ctx->vrf[0] != '\0')
		json_object_object_add(o, "vrf", json_object_new_string(ctx->vrf));
	if (ctx->exclusive)
		json_object_object_add(o, "exclusive", json_object_new_boolean(1));
	return o;
}

/* The string, or NULL: not one, or with characters that are no text. */
static const char *
text_of(struct json_object *o)
{
	const unsigned char *s;
	size_t len, i;

	if (!json_object_is_type(o, json_type_string))
		return NULL;
	s = (const unsigned char *)json_object_get_string(o);
	len = (size_t)json_object_get_string_len(o);
	for (i = 0; i < len; i++)
		if ((s[i] < ' ' && s[i] != '\t') || s[i] == 0x7f)
			return NULL;
	return (const char *)s;
}

/* What a client sent back; false: not what it was given. */
static bool
context_parse(struct json_object *o, struct conf_ctx *out)
{
	struct json_object *v;
	const char *text;
	int64_t vni;

	*out = (struct conf_ctx){ .mode = CLI_EXEC };
	if (json_object_object_get_ex(o, "mode", &v)) {
		text = text_of(v);
		if (text == NULL || !cli_mode_parse(text, &out->mode))
			return false;
	}
	if (json_object_object_get_ex(o, "vni", &v)) {
		vni = json_object_get_int64(v);
		if (!json_object_is_type(v, json_type_int) || vni < 0 || vni > VNI_MAX)
			return false;
		out->vni = (uint32_t)vni;
	}
	if (json_object_object_get_ex(o, "vrf", &v)) {
		text = text_of(v);
		if (text == NULL ||
		    strlcpy(out->vrf, text, sizeof(out->vrf)) >= sizeof(out->vrf))
			return false;
	}
	if (json_object_object_get_ex(o, "exclusive", &v))
		out->exclusive = json_object_get_boolean(v);
	return true;
}

/* The document of LINE, all of it; NULL with the reason. */
static struct json_object *
document(const char *line, size_t len, const char **out_why)
{
	struct json_tokener *t = json_tokener_new_ex(DEPTH);
	enum json_tokener_error err;
	struct json_object *o;

	json_tokener_set_flags(t, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	o = json_tokener_parse_ex(t, line, (int)len);
	err = json_tokener_get_error(t);
	*out_why = NULL;
	if (err == json_tokener_error_parse_utf8_string)
		*out_why = "% A request is UTF-8";
	else if (err != json_tokener_success || json_tokener_get_parse_end(t) != len ||
	    !json_object_is_type(o, json_type_object))
		*out_why = "% A request is one JSON object on one line";
	json_tokener_free(t);
	if (*out_why == NULL)
		return o;
	json_object_put(o);
	return NULL;
}

static const char *
members(struct ctl_request *r)
{
	struct json_object *v;

	if (json_object_object_get_ex(r->doc, "ctx", &v) &&
	    (!json_object_is_type(v, json_type_object) || !context_parse(v, &r->ctx)))
		return "% Bad ctx";
	if (json_object_object_get_ex(r->doc, "commands", &v)) {
		if (!json_object_is_type(v, json_type_array))
			return "% \"commands\" is an array of strings";
		if (json_object_array_length(v) > CTL_LINES)
			return "% Too many commands";
		r->commands = v;
		return NULL;
	}
	if (!json_object_object_get_ex(r->doc, "command", &v))
		return "% A request is {\"command\":\"...\"}";
	r->command = text_of(v);
	return r->command != NULL ? NULL : "% A command is one line of text";
}

const char *
ctl_request_parse(const char *line, size_t len, struct ctl_request *out)
{
	const char *why;

	*out = (struct ctl_request){ .ctx = { .mode = CLI_EXEC } };
	while (len > 0 && strchr(" \t\r", line[len - 1]) != NULL && line[len - 1] != 0)
		len--;
	out->doc = document(line, len, &why);
	if (out->doc == NULL)
		return why;
	why = members(out);
	if (why != NULL)
		ctl_request_fini(out);
	return why;
}

void
ctl_request_fini(struct ctl_request *r)
{
	json_object_put(r->doc);
	*r = (struct ctl_request){ .ctx = { .mode = CLI_EXEC } };
}

const char *
ctl_request_line(const struct ctl_request *r, size_t i)
{
	return text_of(json_object_array_get_idx(r->commands, i));
}

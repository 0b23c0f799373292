/* render_int - see render_int.h. */
#include "evpnsh/render_int.h"

struct json_object *
jget(struct json_object *o, const char *key)
{
	struct json_object *v = NULL;

	if (o != NULL)
		json_object_object_get_ex(o, key, &v);
	return v;
}

const char *
jstr(struct json_object *o, const char *key)
{
	struct json_object *v = jget(o, key);

	return v != NULL ? json_object_get_string(v) : "";
}

int64_t
jint(struct json_object *o, const char *key)
{
	return json_object_get_int64(jget(o, key));
}

bool
jtrue(struct json_object *o, const char *key)
{
	return json_object_get_boolean(jget(o, key));
}

size_t
jlen(struct json_object *o)
{
	if (json_object_is_type(o, json_type_array))
		return json_object_array_length(o);
	return is_object(o) ? (size_t)json_object_object_length(o) : 0;
}

struct json_object *
jat(struct json_object *array, size_t i)
{
	if (!json_object_is_type(array, json_type_array))
		return NULL;
	return json_object_array_get_idx(array, i);
}

bool
is_object(struct json_object *o)
{
	return json_object_is_type(o, json_type_object);
}

struct json_object *
jmembers(struct json_object *o)
{
	static struct json_object *none;

	if (is_object(o))
		return o;
	if (none == NULL)
		none = json_object_new_object();
	return none;
}

bool
part_goes_on(struct render_part *p, const char *key)
{
	bool same = !p->first && strcmp(p->key, key) == 0;

	snprintf(p->key, sizeof(p->key), "%s", key);
	return same;
}

char *
memstr(char *buf, int64_t bytes)
{
	int64_t m = bytes >> 20, k = bytes >> 10;

	if (m > 10)
		snprintf(buf, MEMSTR, "%" PRId64 " MiB", m + ((bytes >> 19) & 1));
	else if (k > 10)
		snprintf(buf, MEMSTR, "%" PRId64 " KiB", k + ((bytes >> 9) & 1));
	else
		snprintf(
		    buf, MEMSTR, "%" PRId64 " byte%s", bytes, bytes == 1 ? "" : "s");
	return buf;
}

char *
agestr(char *buf, int64_t ms)
{
	unsigned s = (unsigned)(ms / 1000), d = s / 86400, h = s / 3600 % 24;

	if (d == 0)
		snprintf(buf, AGESTR, "%02u:%02u:%02u", h, s / 60 % 60, s % 60);
	else if (d < 7)
		snprintf(buf, AGESTR, "%ud%02uh%02um", d, h, s / 60 % 60);
	else
		snprintf(buf, AGESTR, "%02uw%ud%02uh", d / 7, d % 7, h);
	return buf;
}

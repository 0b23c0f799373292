/*
 * link - talks to the daemon: a line of JSON out, a line of JSON and perhaps a document in.
 */
#include "link.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"

struct link {
	FILE *in;
	int fd;
	char *chunk;
	size_t room;
};

struct link *
link_open(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct link *l;
	int fd, saved;

	if (strlcpy(sun.sun_path, path, sizeof(sun.sun_path)) >= sizeof(sun.sun_path)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return NULL;
	if (connect(fd, (struct sockaddr *)&sun, sizeof(sun)) != 0) {
		saved = errno;
		close(fd);
		errno = saved;
		return NULL;
	}
	l = xcalloc(1, sizeof(*l));
	l->fd = fd;
	l->in = fdopen(fd, "r");
	if (l->in == NULL) {
		close(fd);
		free(l);
		return NULL;
	}
	return l;
}

void
link_close(struct link *l)
{
	if (l == NULL)
		return;
	fclose(l->in);
	free(l->chunk);
	free(l);
}

static bool
send_all(int fd, const char *s, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = send(fd, s, len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		s += n;
		len -= (size_t)n;
	}
	return true;
}

static const char *
head_text(struct json_object *head, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(head, key, &v) ? json_object_get_string(v)
							: "";
}

static bool
read_head(struct link *l, struct reply *out)
{
	struct json_object *v;
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	*out = (struct reply){ .host = "", .message = "", .detail = "" };
	do {
		clearerr(l->in);
		n = getline(&line, &size, l->in);
	} while (n < 0 && ferror(l->in) && errno == EINTR);
	out->head = n > 0 ? json_tokener_parse(line) : NULL;
	free(line);
	if (!json_object_is_type(out->head, json_type_object)) {
		reply_fini(out);
		return false;
	}
	out->refused = json_object_object_get_ex(out->head, "status", &v) &&
	    json_object_get_int(v) != 0;
	out->data = json_object_object_get_ex(out->head, "data", &v) &&
	    json_object_get_boolean(v);
	json_object_object_get_ex(out->head, "ctx", &out->ctx);
	json_object_object_get_ex(out->head, "results", &out->results);
	out->host = head_text(out->head, "host");
	out->message = head_text(out->head, "message");
	out->detail = head_text(out->head, "detail");
	return true;
}

static bool
exchange(struct link *l, const char *key, struct json_object *value,
    struct json_object *ctx, struct reply *out)
{
	struct json_object *o = json_object_new_object();
	const char *text;
	bool sent;

	json_object_object_add(o, key, value);
	if (ctx != NULL)
		json_object_object_add(o, "ctx", json_object_get(ctx));
	text = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN);
	sent = send_all(l->fd, text, strlen(text)) && send_all(l->fd, "\n", 1);
	json_object_put(o);
	return sent && read_head(l, out);
}

bool
link_request(
    struct link *l, const char *command, struct json_object *ctx, struct reply *out)
{
	return exchange(l, "command", json_object_new_string(command), ctx, out);
}

bool
link_requests(struct link *l, struct json_object *commands, struct json_object *ctx,
    struct reply *out)
{
	return exchange(l, "commands", json_object_get(commands), ctx, out);
}

void
reply_fini(struct reply *r)
{
	json_object_put(r->head);
	r->head = NULL;
}

bool
link_chunk(struct link *l, const char **out, size_t *len)
{
	char number[32], *end;
	unsigned long n;

	if (fgets(number, sizeof(number), l->in) == NULL)
		return false;
	n = strtoul(number, &end, 10);
	if (end == number || *end != '\n')
		return false;
	if (n > l->room) {
		l->room = n;
		l->chunk = xreallocarray(l->chunk, n, 1);
	}
	if (fread(l->chunk, 1, n, l->in) != n)
		return false;
	*out = l->chunk;
	*len = n;
	return true;
}

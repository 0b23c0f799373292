/*
 * link - talks to the daemon: a line of JSON out, a line of JSON and perhaps a document in.
 */
#include "link.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "stop.h"

#define READ_BYTES 65536

struct link {
	int fd;
	char *chunk; /* given out by link_chunk() */
	size_t room;
	char *part; /* of a line that has not come whole */
	size_t part_len;
	size_t left;     /* bytes of a chunk that was begun and not given out */
	size_t at, have; /* of BUF: the next byte, and the end */
	char buf[READ_BYTES];
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
	return l;
}

void
link_close(struct link *l)
{
	if (l == NULL)
		return;
	close(l->fd);
	free(l->chunk);
	free(l->part);
	free(l);
}

/* --- reading --- */

/* More bytes into the empty buffer. False: the end, an error, or Ctrl-C. */
static bool
fill(struct link *l)
{
	ssize_t n;

	do {
		if (!stop_wait(l->fd))
			return false;
		n = read(l->fd, l->buf, sizeof(l->buf));
	} while (n < 0 && errno == EINTR);
	if (n <= 0)
		return false;
	l->at = 0;
	l->have = (size_t)n;
	return true;
}

/* What is still to come of the chunk. */
static bool
read_left(struct link *l, char *out)
{
	size_t n;

	while (l->left > 0) {
		if (l->at == l->have && !fill(l))
			return false;
		n = l->have - l->at < l->left ? l->have - l->at : l->left;
		memcpy(out, l->buf + l->at, n);
		l->at += n;
		out += n;
		l->left -= n;
	}
	return true;
}

/*
 * A line, without its end; the caller frees it. NULL: no more link, or stopped: then the next
 * call goes on.
 */
static char *
read_line(struct link *l)
{
	char *line, *end = NULL;
	size_t n;

	while (end == NULL) {
		if (l->at == l->have && !fill(l))
			return NULL;
		end = memchr(l->buf + l->at, '\n', l->have - l->at);
		n = end != NULL ? (size_t)(end - l->buf) - l->at : l->have - l->at;
		l->part = xreallocarray(l->part, l->part_len + n + 1, 1);
		memcpy(l->part + l->part_len, l->buf + l->at, n);
		l->part_len += n;
		l->at += n + (end != NULL);
	}
	line = l->part;
	line[l->part_len] = '\0';
	l->part = NULL;
	l->part_len = 0;
	return line;
}

/* --- requests --- */

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
	char *line = read_line(l);

	*out = (struct reply){ .host = "", .message = "", .detail = "" };
	out->head = line != NULL ? json_tokener_parse(line) : NULL;
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

/* The size of the next chunk. */
static bool
read_size(struct link *l, size_t *out)
{
	char *number = read_line(l), *end;

	if (number == NULL)
		return false;
	*out = strtoul(number, &end, 10);
	if (end == number || *end != '\0')
		end = NULL;
	free(number);
	return end != NULL;
}

bool
link_chunk(struct link *l, const char **out, size_t *len)
{
	*len = l->left;
	if (*len == 0 && !read_size(l, len))
		return false;
	l->left = *len;
	if (*len > l->room) {
		l->room = *len;
		l->chunk = xreallocarray(l->chunk, l->room, 1);
	}
	*out = l->chunk;
	return read_left(l, l->chunk);
}

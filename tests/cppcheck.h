/*
 * What cppcheck has to know of other people's macros to follow the code; tests/cppcheck.sh has
 * every file include it. Never compiled.
 */
#include <sys/queue.h>
#include <sys/tree.h>

#define json_object_object_foreach(o, k, v)                         \
	for (char *k = first_key(o); k != NULL; k = next_key(o, k)) \
		for (struct json_object *v = value_of(o, k); v != NULL; v = NULL)
#define evutil_timercmp(a, b, op) ((a)->tv_sec op(b)->tv_sec)

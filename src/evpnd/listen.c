/*
 * listen - see listen.h.
 *
 * Keeps: one socket per family, and the keys the kernel was given. The kernel cannot be
 * asked for its keys, so those that are not wanted any more are found by comparing.
 */
#include "listen.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "peer_int.h"

#define ACCEPTS_MAX 32 /* in one callback */
#define COMPLAIN_MS 10000

struct key {
	struct prefix peers;
	char password[TCP_PASSWORD_MAX + 1];
};

struct keys {
	struct key *key;
	unsigned n;
};

struct door {
	uint8_t family;
	int fd;    /* -1: closed */
	int error; /* why it could not be opened, -errno; 0: it could */
	struct event *ev;
};

struct listener {
	struct peers *ps;
	struct door door[2];
	uint16_t port; /* of what is open */
	struct keys keys;
	uint64_t complained_ms;
	unsigned refused; /* since the last complaint */
};

/* Strangers are told nothing, and logged now and then only. */
static void
refuse(struct listener *l, int fd, const struct ip *who)
{
	uint64_t now = evpnd_now();

	close(fd);
	l->refused++;
	if (l->complained_ms != 0 && now - l->complained_ms < COMPLAIN_MS)
		return;
	log_info("listen: connection from %s refused: no such neighbor (%u so far)",
	    IPSTR(who), l->refused);
	l->complained_ms = now;
}

static void
on_call(evutil_socket_t fd, short what, void *arg)
{
	struct listener *l = arg;
	struct tcp_ends ends;
	struct peer *p;
	unsigned i;
	int new;

	(void)what;
	for (i = 0; i < ACCEPTS_MAX; i++) {
		new = tcp_accept((int)fd, &ends);
		if (new < 0)
			return;
		p = peers_by_addr(l->ps, &ends.remote);
		if (p == NULL)
			p = peer_dynamic(l->ps, &ends.remote);
		if (p == NULL)
			refuse(l, new, &ends.remote);
		else
			peer_accept(p, new);
	}
}

static void
door_close(struct door *door)
{
	if (door->ev != NULL)
		event_free(door->ev);
	if (door->fd >= 0)
		close(door->fd);
	door->ev = NULL;
	door->fd = -1;
}

/* True: it is open. The same error is told once. */
static bool
door_open(struct listener *l, struct door *door)
{
	int fd = tcp_listen(door->family, l->port);

	if (fd < 0) {
		if (fd != -EAFNOSUPPORT && door->error != fd)
			log_err("listen: port %u, IPv%u: %s", l->port, door->family,
			    strerror(-fd));
		door->error = fd;
		return false;
	}
	if (door->error != 0)
		log_notice("listen: port %u, IPv%u: open", l->port, door->family);
	door->error = 0;
	door->fd = fd;
	door->ev = event_new(l->ps->d->base, fd, EV_READ | EV_PERSIST, on_call, l);
	event_add(door->ev, NULL);
	return true;
}

static void
key_set(struct listener *l, const struct prefix *peers, const char *password)
{
	unsigned i;
	int error;

	for (i = 0; i < 2; i++) {
		if (l->door[i].fd < 0 || l->door[i].family != peers->ip.family)
			continue;
		error = tcp_password(l->door[i].fd, peers, password);
		if (error < 0)
			log_err("listen: TCP MD5 password for %s: %s", PREFIXSTR(peers),
			    strerror(-error));
	}
}

static struct prefix
host_of(const struct ip *ip)
{
	return (struct prefix){ *ip, (uint8_t)(ip_len(ip) * 8) };
}

static const struct key *
key_find(const struct keys *keys, const struct prefix *peers)
{
	unsigned i;

	for (i = 0; i < keys->n; i++) {
		if (memcmp(&keys->key[i].peers, peers, sizeof(*peers)) == 0)
			return &keys->key[i];
	}
	return NULL;
}

static void
key_add(struct keys *keys, const struct prefix *peers, const char *password)
{
	struct key *k;

	if (password == NULL || key_find(keys, peers) != NULL)
		return;
	keys->key = xreallocarray(keys->key, keys->n + 1, sizeof(*k));
	k = &keys->key[keys->n++];
	*k = (struct key){ .peers = *peers };
	strncpy(k->password, password, TCP_PASSWORD_MAX);
}

/* Inside a range with a password: who has none. */
struct bare {
	struct prefix *list;
	size_t n;
};

static struct bare
bare_peers(const struct peers *ps)
{
	const struct conf *c = ps->d->conf;
	const struct conf_listen *range;
	struct bare b = { 0 };
	const struct peer *p;
	size_t most = 0;

	TAILQ_FOREACH (p, &ps->list, link)
		most++;
	TAILQ_FOREACH (range, &c->bgp.listens, link)
		most++;
	b.list = xcalloc(most + 1, sizeof(*b.list));
	TAILQ_FOREACH (p, &ps->list, link)
		if (!p->dynamic && p->conf.password == NULL)
			b.list[b.n++] = host_of(&p->conf.addr);
	TAILQ_FOREACH (range, &c->bgp.listens, link) {
		const struct conf_peer *group = conf_peer_find(c, range->group);

		if (group == NULL || group->password == NULL)
			b.list[b.n++] = range->range;
	}
	return b;
}

static bool
holds(const struct prefix *wide, const struct prefix *p)
{
	return wide->ip.family == p->ip.family && wide->len <= p->len &&
	    prefix_contains(wide, &p->ip);
}

/*
 * The kernel takes the key of the longest prefix that fits, and has no word for "none": so a
 * range with a hole in it is halved until its pieces are whole.
 */
static void
key_add_around(struct keys *keys, const struct prefix *range, const char *password,
    const struct bare *b)
{
	struct prefix half = *range;
	bool hole = false;
	size_t i;

	for (i = 0; i < b->n; i++) {
		if (holds(&b->list[i], range))
			return;
		hole = hole || holds(range, &b->list[i]);
	}
	if (!hole) {
		key_add(keys, range, password);
		return;
	}
	half.len++;
	key_add_around(keys, &half, password, b);
	half.ip.b[range->len / 8] |= (uint8_t)(0x80 >> range->len % 8);
	key_add_around(keys, &half, password, b);
}

/*
 * Dynamic neighbors are covered by the key of their range; a configured one has its own, or
 * none.
 */
static struct keys
keys_wanted(const struct peers *ps)
{
	const struct conf *c = ps->d->conf;
	const struct conf_listen *range;
	struct bare b = bare_peers(ps);
	struct keys keys = { 0 };
	const struct peer *p;

	TAILQ_FOREACH (p, &ps->list, link) {
		struct prefix host = host_of(&p->conf.addr);

		if (!p->dynamic)
			key_add(&keys, &host, p->conf.password);
	}
	TAILQ_FOREACH (range, &c->bgp.listens, link) {
		const struct conf_peer *group = conf_peer_find(c, range->group);

		if (group != NULL && group->password != NULL)
			key_add_around(&keys, &range->range, group->password, &b);
	}
	free(b.list);
	return keys;
}

/* FRESH: the sockets were opened just now and have no keys. */
static void
keys_apply(struct listener *l, bool fresh)
{
	struct keys old = l->keys, wanted = keys_wanted(l->ps);
	const struct key *k;
	unsigned i;

	for (i = 0; i < old.n && !fresh; i++) {
		if (key_find(&wanted, &old.key[i].peers) == NULL)
			key_set(l, &old.key[i].peers, NULL);
	}
	for (i = 0; i < wanted.n; i++) {
		k = key_find(&old, &wanted.key[i].peers);
		if (fresh || k == NULL ||
		    strcmp(k->password, wanted.key[i].password) != 0)
			key_set(l, &wanted.key[i].peers, wanted.key[i].password);
	}
	free(old.key);
	l->keys = wanted;
}

void
listener_apply(struct listener *l)
{
	const struct evpnd *d = l->ps->d;
	uint16_t port =
	    d->conf->bgp.on && !l->ps->stopped && !l->ps->held ? d->bgp_port : 0;
	bool fresh = port != l->port;
	unsigned i;

	if (fresh) {
		l->port = port;
		for (i = 0; i < 2; i++) {
			door_close(&l->door[i]);
			if (port != 0)
				door_open(l, &l->door[i]);
		}
	}
	keys_apply(l, fresh);
}

void
listener_retry(struct listener *l)
{
	bool fresh = false;
	unsigned i;

	for (i = 0; i < 2; i++) {
		if (l->port != 0 && l->door[i].fd < 0)
			fresh |= door_open(l, &l->door[i]);
	}
	if (fresh)
		keys_apply(l, true);
}

struct listener *
listener_new(struct peers *ps)
{
	struct listener *l = xcalloc(1, sizeof(*l));

	l->ps = ps;
	l->door[0] = (struct door){ .family = 4, .fd = -1 };
	l->door[1] = (struct door){ .family = 6, .fd = -1 };
	return l;
}

void
listener_free(struct listener *l)
{
	if (l == NULL)
		return;
	door_close(&l->door[0]);
	door_close(&l->door[1]);
	free(l->keys.key);
	free(l);
}

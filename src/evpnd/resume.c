/*
 * resume - see resume.h.
 *
 * The file is text, one fact a line; "end" is the last one, and a file without it is none. It
 * is written in pieces, to a new file that then takes the old one's place, so whatever kills
 * us leaves a whole one. Writing begins WAIT_MS after a change and is not done again before
 * REST times as long as it took: a life that ends by SIGKILL may lose what changed in that
 * time, one that ends by SIGTERM loses nothing.
 */
#include "resume.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "evpnd.h"
#include "log.h"
#include "peer.h"

#define WAIT_MS 500
#define REST 20
#define ROWS 4096 /* looked at in one turn */
#define PEERS_MAX 65536

struct resume {
	struct evpnd *d;
	char *path, *new_path;
	char life[128]; /* boot and network namespace */
	struct resume_past past;
	struct event *timer;
	FILE *out; /* being written; NULL: nothing is */
	struct evpn_memo at;
	uint64_t began_ms, next_ms;
	bool dirty;
	bool complained;
	bool forwarding; /* as last written */
};

/* --- which life --- */

static void
read_line(const char *path, char *buf, size_t len)
{
	FILE *f = fopen(path, "re");

	buf[0] = '\0';
	if (f == NULL)
		return;
	if (fgets(buf, (int)len, f) == NULL)
		buf[0] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	fclose(f);
}

static void
find_life(char *buf, size_t len)
{
	char boot[64], ns[40];
	ssize_t n = readlink("/proc/self/ns/net", ns, sizeof(ns) - 1);

	ns[n > 0 ? n : 0] = '\0';
	read_line("/proc/sys/kernel/random/boot_id", boot, sizeof(boot));
	snprintf(buf, len, "life %s %s", boot, ns);
}

/* --- reading --- */

static void
add_peer(struct resume_past *past, const char *text)
{
	struct ip ip;

	if (!ip_parse(text, &ip) || past->npeers >= PEERS_MAX)
		return;
	past->peers = xreallocarray(past->peers, past->npeers + 1, sizeof(ip));
	past->peers[past->npeers++] = ip;
}

static void
add_host(struct evpnd *d, const char *text)
{
	struct evpn_memo m = { 0 };
	char mac[32], ip[64];

	if (sscanf(text, "%u %31s %u %63s", &m.vni, mac, &m.seq, ip) != 4 ||
	    !mac_parse(mac, &m.mac))
		return;
	if (strcmp(ip, "-") != 0 && !ip_parse(ip, &m.ip))
		return;
	evpn_recall(d->evpn, &m);
}

/* Takes the facts of F, from behind its first line; TAKE: else only looks for the end. */
static bool
read_facts(struct resume *r, FILE *f, bool take)
{
	char line[256];

	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, "end") == 0)
			return true;
		if (!take)
			continue;
		if (strcmp(line, "forwarding") == 0)
			r->past.forwarded = true;
		else if (strncmp(line, "peer ", 5) == 0)
			add_peer(&r->past, line + 5);
		else if (strncmp(line, "host ", 5) == 0)
			add_host(r->d, line + 5);
	}
	return false;
}

static void
read_file(struct resume *r)
{
	FILE *f = fopen(r->path, "re");
	char line[sizeof(r->life) + 2];

	if (f == NULL) {
		if (errno != ENOENT)
			log_warn("%s: %s", r->path, strerror(errno));
		return;
	}
	if (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, r->life) == 0 && read_facts(r, f, false)) {
			rewind(f);
			r->past.lived = fgets(line, sizeof(line), f) != NULL &&
			    read_facts(r, f, true);
		}
	}
	fclose(f);
}

/* --- writing --- */

static void
put_peer(const struct ip *ip, void *arg)
{
	fprintf(arg, "peer %s\n", IPSTR(ip));
}

static bool
has_entries(const struct evpnd *d)
{
	struct ktab_stats stats;

	ktab_stats(d->ktab, &stats);
	for (unsigned i = 0; i < KOBJ_KINDS; i++)
		if (stats.wanted[i] > 0)
			return true;
	/* Until the neighbors are back it is as the earlier life left it. */
	return ktab_adopts(d->ktab);
}

static void
complain(struct resume *r)
{
	if (!r->complained)
		log_warn("%s: %s: a restart will not be hitless", r->new_path,
		    strerror(errno));
	r->complained = true;
}

static bool
begin(struct resume *r)
{
	int fd = open(r->new_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	r->out = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (r->out == NULL) {
		complain(r);
		if (fd >= 0)
			close(fd);
		return false;
	}
	r->dirty = false;
	r->at = (struct evpn_memo){ 0 };
	r->began_ms = evpnd_now();
	fprintf(r->out, "%s\n", r->life);
	r->forwarding = has_entries(r->d);
	if (r->forwarding)
		fputs("forwarding\n", r->out);
	peers_past(r->d->peers, put_peer, r->out);
	return true;
}

/* True: all hosts are written. */
static bool
write_hosts(struct resume *r, unsigned budget)
{
	while (evpn_memo_next(r->d->evpn, &r->at, &budget))
		fprintf(r->out, "host %u %s %u %s\n", r->at.vni, MACSTR(&r->at.mac),
		    r->at.seq, ip_is_set(&r->at.ip) ? IPSTR(&r->at.ip) : "-");
	return budget > 0;
}

static void
end(struct resume *r)
{
	bool bad;

	fputs("end\n", r->out);
	bad = fflush(r->out) != 0 || ferror(r->out);
	bad |= fclose(r->out) != 0;
	r->out = NULL;
	if (bad || rename(r->new_path, r->path) < 0)
		complain(r);
	else
		r->complained = false;
	r->next_ms = evpnd_now() + (evpnd_now() - r->began_ms) * REST;
}

static void
arm(struct resume *r, uint64_t ms)
{
	struct timeval tv = {
		.tv_sec = (time_t)(ms / 1000),
		.tv_usec = (suseconds_t)(ms % 1000 * 1000),
	};

	evtimer_add(r->timer, &tv);
}

static void
arm_next(struct resume *r)
{
	uint64_t now = evpnd_now();

	arm(r, r->next_ms > now + WAIT_MS ? r->next_ms - now : WAIT_MS);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct resume *r = arg;

	(void)fd;
	(void)what;
	if (r->out == NULL && !begin(r))
		return;
	if (!write_hosts(r, ROWS)) {
		arm(r, 0);
		return;
	}
	end(r);
	if (r->dirty)
		arm_next(r);
}

/* --- public --- */

void
resume_dirty(struct resume *r)
{
	if (r == NULL || r->dirty)
		return;
	r->dirty = true;
	if (r->out == NULL)
		arm_next(r);
}

void
resume_look(struct resume *r)
{
	if (!r->d->peers_moved && has_entries(r->d) == r->forwarding)
		return;
	r->d->peers_moved = false;
	resume_dirty(r);
}

void
resume_flush(struct resume *r)
{
	if (r == NULL)
		return;
	evtimer_del(r->timer);
	if (r->out != NULL)
		fclose(r->out);
	r->out = NULL;
	if (!begin(r))
		return;
	while (!write_hosts(r, ROWS))
		;
	end(r);
}

const struct resume_past *
resume_past(const struct resume *r)
{
	return &r->past;
}

struct resume *
resume_new(struct evpnd *d)
{
	struct resume *r = xcalloc(1, sizeof(*r));
	size_t len = strlen(d->ctl_path) + 16;
	int stem = (int)strlen(d->ctl_path);

	if (stem > 5 && strcmp(d->ctl_path + stem - 5, ".sock") == 0)
		stem -= 5;
	r->d = d;
	r->path = xmalloc(len);
	r->new_path = xmalloc(len);
	snprintf(r->path, len, "%.*s.state", stem, d->ctl_path);
	snprintf(r->new_path, len, "%.*s.state.new", stem, d->ctl_path);
	r->timer = evtimer_new(d->base, on_timer, r);
	find_life(r->life, sizeof(r->life));
	read_file(r);
	return r;
}

void
resume_free(struct resume *r)
{
	if (r == NULL)
		return;
	if (r->out != NULL)
		fclose(r->out);
	event_free(r->timer);
	free(r->past.peers);
	free(r->path);
	free(r->new_path);
	free(r);
}

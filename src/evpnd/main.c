/*
 * main - starts evpnd, and ends it.
 *
 * SIGTERM and SIGINT are a planned restart: sessions close so that graceful-restart helpers
 * keep our routes, and the kernel's tables stay as they are. SIGHUP reads the configuration
 * again. A configuration with a bad line is not applied at all: at the start evpnd ends, and
 * leaves the kernel as it is; later the running one stays.
 */
#include <errno.h>
#include <event2/event.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "apply.h"
#include "base/mem.h"
#include "change.h"
#include "conf/check.h"
#include "conf/text.h"
#include "config.h"
#include "ctl.h"
#include "debug.h"
#include "evpnd.h"
#include "log.h"
#include "netlink.h"
#include "notify.h"
#include "peer.h"
#include "pipeline.h"
#include "priv.h"
#include "replay.h"
#include "resume.h"
#include "snoop.h"

#define CONF_PATH "/etc/evpnd/evpnd.conf"
#define CTL_PATH "/run/evpnd/evpnd.sock"

uint64_t
evpnd_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

int64_t
evpnd_wall_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

uint64_t
evpnd_now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

/* --- the configuration file --- */

/* The whole file; NULL with errno set. */
static char *
read_file(const char *path)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t size = 0, len;
	int saved;

	if (f == NULL)
		return NULL;
	do {
		text = xreallocarray(text, size + 65536 + 1, 1);
		len = fread(text + size, 1, 65536, f);
		size += len;
	} while (len > 0);
	text[size] = '\0';
	saved = ferror(f) ? EIO : 0;
	fclose(f);
	if (saved != 0) {
		free(text);
		errno = saved;
		return NULL;
	}
	return text;
}

struct report_arg {
	const char *path;
	bool to_log;
};

static void
report_line(enum conf_result result, const struct conf_msg *msg, void *arg)
{
	const struct report_arg *r = arg;
	bool error = result == CONF_ERROR;

	if (r->to_log)
		log_line(error ? LOG_ERR : LOG_WARNING, "%s:%d:%d: %s", r->path,
		    msg->line, msg->column, msg->text);
	else
		fprintf(stderr, "%s:%d:%d: %s: %s\n", r->path, msg->line, msg->column,
		    error ? "error" : "warning", msg->text);
}

/* Passwords are for the owner, and perhaps a group. */
static void
report_mode(const char *path, const struct conf *c, bool to_log)
{
	static const char text[] = "it has passwords, and everybody may read it";
	const struct conf_peer *p;
	struct stat st;

	TAILQ_FOREACH (p, &c->bgp.peers, link)
		if (p->password != NULL)
			break;
	if (p == NULL || stat(path, &st) != 0 || !(st.st_mode & S_IROTH))
		return;
	if (to_log)
		log_warn("%s: %s", path, text);
	else
		fprintf(stderr, "%s: warning: %s\n", path, text);
}

/*
 * The configuration of PATH; every bad line is reported. A missing file is an empty
 * configuration, told once. OUT_ERRORS: how many lines were bad; -1: no file.
 */
static struct conf *
load(const char *path, bool to_log, int *out_errors)
{
	struct report_arg arg = { .path = path, .to_log = to_log };
	struct conf *c = conf_new();
	char *text = read_file(path);

	c->is_own = apply_is_own;
	if (text == NULL) {
		*out_errors = -1;
		log_err("%s: %s", path, strerror(errno));
		return c;
	}
	*out_errors = conf_read(c, text, report_line, &arg);
	report_mode(path, c, to_log);
	free(text);
	return c;
}

static void
print_doubt(const char *text, void *arg)
{
	fprintf(stderr, "%s: warning: %s\n", (const char *)arg, text);
}

static int
check_only(const char *path)
{
	int errors;
	struct conf *c = load(path, false, &errors);

	conf_check(c, print_doubt, (void *)(uintptr_t)path);
	conf_free(c);
	if (errors > 0)
		fprintf(stderr, "%s: %d line%s not accepted\n", path, errors,
		    errors == 1 ? "" : "s");
	log_fini();
	return errors == 0 ? 0 : 1;
}

/* --- life --- */

static void
on_stop(evutil_socket_t sig, short what, void *arg)
{
	struct evpnd *d = arg;

	(void)what;
	notify_stopping(d->notify);
	log_notice("stopping on signal %d: forwarding stays as it is", (int)sig);
	event_base_loopexit(d->base, NULL);
}

static void
reload(struct evpnd *d)
{
	char why[256];
	struct conf *c;
	int errors;

	c = load(d->conf_path, true, &errors);
	if (errors != 0) {
		log_err("%s: nothing of it is applied, the running configuration stays",
		    d->conf_path);
		conf_free(c);
		return;
	}
	if (change_reload(d->change, c, why, sizeof(why)))
		log_notice("%s read again", d->conf_path);
	else
		log_err("%s: not read again: %s", d->conf_path, why + 2);
}

static void
on_reload(evutil_socket_t sig, short what, void *arg)
{
	struct evpnd *d = arg;

	(void)sig;
	(void)what;
	notify_reloading(d->notify);
	reload(d);
	notify_ready(d->notify);
}

static void
on_wake(void *arg)
{
	pipeline_wake(arg);
}

static void
on_missed(void *arg, const struct kkey *key, bool solicit)
{
	struct evpnd *d = arg;

	evpn_demand(d->evpn, key, solicit, evpnd_now_us());
	if (solicit)
		evpn_missed(d->evpn, key, evpnd_now());
	pipeline_wake(d);
}

static void
on_log(int level, const char *text)
{
	log_line(level, "%s", text);
}

static void
on_snooped(
    void *arg, uint32_t port, uint16_t vlan, const struct mac *mac, const struct ip *ip)
{
	struct evpnd *d = arg;

	evpn_snooped(d->evpn, port, vlan, mac, ip, evpnd_now());
	pipeline_wake(d);
}

static bool
on_asked(void *arg, uint32_t port, const struct frame_question *q)
{
	struct evpnd *d = arg;
	struct demand_question asked = { .port = port,
		.vlan = q->vlan,
		.mac = q->mac,
		.ip = q->ip,
		.about = q->about };

	pipeline_wake(d);
	return evpn_asked(d->evpn, &asked, evpnd_now_us());
}

static void
on_read(void *arg)
{
	pipeline_hurry(arg);
}

static bool
on_dropped(void *arg, uint32_t ifindex, const struct mac *mac, uint32_t *out_vni)
{
	struct evpnd *d = arg;
	bool keep = evpn_dropped(d->evpn, ifindex, mac, evpnd_now_us(), out_vni);

	pipeline_wake(d);
	return keep;
}

static bool
on_replay(void *arg, uint32_t vni, const struct mac *mac, uint32_t *out_ifindex)
{
	return evpn_replay(((struct evpnd *)arg)->evpn, vni, mac, out_ifindex);
}

/* Everything that needs no socket. */
static void
make_tables(struct evpnd *d)
{
	d->started_ms = evpnd_now();
	d->attrs = attr_table_new();
	d->rib = rib_new(d->attrs);
	d->self.self = true;
	LIST_INIT(&d->self.list);
	d->ktab = ktab_new();
	d->klinks = klinks_new();
	d->evpn = evpn_new(d->attrs, d->ktab, d->klinks);
	d->base = event_base_new();
	event_base_priority_init(d->base, 3); /* BFD first; the rest: the middle */
	d->pipeline = pipeline_new(d);
}

static bool
make_sockets(struct evpnd *d)
{
	struct netlink_env nl = {
		.base = d->base,
		.ktab = d->ktab,
		.klinks = d->klinks,
		.wake = on_wake,
		.log = on_log,
		.missed = on_missed,
		.read = on_read,
		.arg = d,
	};
	struct replay_env re = { .base = d->base,
		.read = on_read,
		.keep = on_dropped,
		.ready = on_replay,
		.log = on_log,
		.arg = d };
	struct snoop_env sn = { .base = d->base,
		.heard = on_snooped,
		.asked = on_asked,
		.read = on_read,
		.log = on_log,
		.arg = d };

	d->netlink = netlink_new(&nl);
	if (d->netlink == NULL) {
		log_err("netlink: %s", strerror(errno));
		return false;
	}
	d->snoop = snoop_new(&sn);
	d->replay = replay_new(&re);
	d->change = change_new(d);
	d->ctl = ctl_new(d, d->ctl_path);
	if (d->ctl == NULL) {
		log_err("control socket %s: %s", d->ctl_path, strerror(errno));
		return false;
	}
	d->peers = peers_new(d);
	peers_hold(d->peers);
	d->resume = resume_new(d);
	d->restarting = resume_past(d->resume)->lived;
	return true;
}

static void
destroy(struct evpnd *d)
{
	if (d->resume != NULL)
		resume_flush(d->resume);
	if (d->peers != NULL)
		peers_stop(d->peers, false);
	resume_free(d->resume);
	ctl_free(d->ctl);
	change_free(d->change);
	peers_free(d->peers);
	snoop_free(d->snoop);
	replay_free(d->replay);
	netlink_free(d->netlink);
	pipeline_free(d->pipeline);
	while (!rib_peer_flush(d->rib, &d->self, 65536))
		continue;
	evpn_free(d->evpn);
	rib_free(d->rib);
	klinks_free(d->klinks);
	ktab_free(d->ktab);
	attr_table_free(d->attrs);
	conf_free(d->conf);
	debug_fini(d);
	/* Until here a second SIGTERM does not cut the ending short. */
	for (unsigned i = 0; i < EVPND_SIGNALS && d->signals[i] != NULL; i++)
		event_free(d->signals[i]);
	notify_free(d->notify);
	event_base_free(d->base);
	libevent_global_shutdown();
	log_fini();
}

static void
catch_signals(struct evpnd *d)
{
	static const struct {
		int signal;
		event_callback_fn call;
	} table[EVPND_SIGNALS] = {
		{ SIGTERM, on_stop },
		{ SIGINT, on_stop },
		{ SIGHUP, on_reload },
	};

	for (unsigned i = 0; i < EVPND_SIGNALS; i++) {
		d->signals[i] =
		    evsignal_new(d->base, table[i].signal, table[i].call, d);
		evsignal_add(d->signals[i], NULL);
	}
}

static int
run(struct evpnd *d)
{
	struct conf *c;
	int errors;

	signal(SIGPIPE, SIG_IGN);
	c = load(d->conf_path, true, &errors);
	if (errors > 0)
		log_err("%s: not started: mend the line%s above, check with evpnd -t",
		    d->conf_path, errors == 1 ? "" : "s");
	else
		log_configure(&c->log);
	if (errors > 0 || priv_drop(d->ctl_path) < 0) {
		conf_free(c);
		log_fini();
		return 1;
	}
	log_notice("evpnd %s starts", PACKAGE_VERSION);
	make_tables(d);
	if (!make_sockets(d)) {
		conf_free(c);
		destroy(d);
		return 1;
	}
	catch_signals(d);
	apply_conf(d, c);
	d->notify = notify_new(d->base);
	notify_ready(d->notify);
	event_base_dispatch(d->base);
	destroy(d);
	return 0;
}

static void
usage(FILE *f)
{
	fputs("usage: evpnd [-f FILE] [-s SOCKET] [-p PORT] [-t] [-v]\n"
	      "  -f FILE    configuration, default " CONF_PATH "\n"
	      "  -s SOCKET  control socket, default " CTL_PATH "\n"
	      "  -p PORT    BGP port to listen on, default 179, 0: do not listen\n"
	      "  -t         check the configuration and say what is wrong with it\n"
	      "  -v         version\n",
	    f);
}

int
main(int argc, char **argv)
{
	struct evpnd d = {
		.conf_path = CONF_PATH,
		.ctl_path = CTL_PATH,
		.bgp_port = 179,
	};
	bool check = false;
	const char *bad;
	int opt;

	while ((opt = getopt(argc, argv, "f:s:p:tvh")) != -1) {
		switch (opt) {
		case 'f':
			d.conf_path = optarg;
			break;
		case 's':
			d.ctl_path = optarg;
			break;
		case 'p':
			d.bgp_port = (uint16_t)strtonum(optarg, 0, 65535, &bad);
			if (bad != NULL) {
				fprintf(stderr, "evpnd: port %s is %s\n", optarg, bad);
				return 1;
			}
			break;
		case 't':
			check = true;
			break;
		case 'v':
			puts("evpnd " PACKAGE_VERSION);
			return 0;
		default:
			usage(opt == 'h' ? stdout : stderr);
			return opt == 'h' ? 0 : 1;
		}
	}
	if (optind < argc) {
		usage(stderr);
		return 1;
	}
	return check ? check_only(d.conf_path) : run(&d);
}

/*
 * show_conf - the program itself: version, running configuration, memory, log.
 */
#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/utsname.h>

#include "change.h"
#include "conf/diff.h"
#include "conf/text.h"
#include "config.h"
#include "ctl.h"
#include "log.h"
#include "peer.h"
#include "revision.h"
#include "show_int.h"

static bool
step_version(struct show *s)
{
	struct jout *j = &s->j;
	struct utsname u;
	uint64_t up = (s->now - s->d->started_ms) / 1000;

	uname(&u);
	jout_open(j, NULL, '{');
	jout_str(j, "name", PACKAGE_NAME);
	jout_str(j, "version", PACKAGE_VERSION);
	jout_str(j, "hostname", s->d->hostname);
	jout_str(j, "system", u.sysname);
	jout_str(j, "release", u.release);
	jout_str(j, "uptime", show_uptime((char[SHOW_UPTIME]){ 0 }, up));
	jout_close(j, '}');
	return true;
}

/* --- configuration --- */

static void
put_text(const char *piece, void *arg)
{
	struct show *s = arg;

	jout_text(&s->j, piece);
}

static bool
step_running(struct show *s)
{
	jout_open(&s->j, NULL, '{');
	jout_text_open(&s->j, "text");
	conf_write(s->d->conf, s->secrets, put_text, s);
	jout_text_close(&s->j);
	jout_close(&s->j, '}');
	return true;
}

/* Only what somebody holds can be shown. */
static bool
start_candidate(struct show *s, char *msg, size_t len)
{
	if (change_candidate(s->d->change) != NULL)
		return true;
	snprintf(
	    msg, len, "%% There is no candidate: nobody is in \"configure exclusive\"");
	return false;
}

static bool
start_diff(struct show *s, char *msg, size_t len)
{
	if (s->a.number == 0)
		return start_candidate(s, msg, len);
	if (s->a.number <= change_revisions(s->d->change)->n)
		return true;
	snprintf(msg, len, "%% There is no revision %u", s->a.number);
	return false;
}

/* The candidate; of those who have none, what is in force. */
static const struct conf *
newest(const struct show *s)
{
	const struct conf *c = change_candidate(s->d->change);

	return c != NULL ? c : s->d->conf;
}

static bool
step_candidate(struct show *s)
{
	jout_open(&s->j, NULL, '{');
	jout_str(&s->j, "heldBy", change_holder(s->d->change));
	jout_text_open(&s->j, "text");
	conf_write(newest(s), s->secrets, put_text, s);
	jout_text_close(&s->j);
	jout_close(&s->j, '}');
	return true;
}

static bool
step_diff(struct show *s)
{
	struct conf *old = revision_conf(change_revisions(s->d->change), s->a.number);

	jout_open(&s->j, NULL, '{');
	jout_text_open(&s->j, "text");
	conf_diff(old != NULL ? old : s->d->conf, newest(s), s->secrets, put_text, s);
	jout_text_close(&s->j);
	jout_close(&s->j, '}');
	conf_free(old);
	return true;
}

static void
put_revision(struct show *s, unsigned i)
{
	const struct revision *r = &change_revisions(s->d->change)->row[i];
	char when[32];
	struct tm tm;

	strftime(
	    when, sizeof(when), "%Y-%m-%d %H:%M:%S", localtime_r(&r->replaced, &tm));
	jout_open(&s->j, NULL, '{');
	jout_int(&s->j, "number", (int64_t)i + 1);
	jout_str(&s->j, "replaced", when);
	jout_int(&s->j, "replacedEpoch", r->replaced);
	jout_str(&s->j, "by", r->by);
	jout_str(&s->j, "how", r->how);
	jout_close(&s->j, '}');
}

static bool
step_transaction(struct show *s)
{
	const struct change *ch = s->d->change;

	jout_open(&s->j, NULL, '{');
	if (change_candidate(ch) != NULL)
		jout_str(&s->j, "heldBy", change_holder(ch));
	if (change_left_s(ch) >= 0)
		jout_int(&s->j, "rolledBackInSeconds", change_left_s(ch));
	jout_open(&s->j, "revisions", '[');
	for (unsigned i = 0; i < change_revisions(ch)->n; i++)
		put_revision(s, i);
	jout_close(&s->j, ']');
	jout_close(&s->j, '}');
	return true;
}

/* --- memory --- */

static void
put_table(struct show *s, const char *name, uint64_t rows, uint64_t bytes)
{
	struct jout *j = &s->j;

	jout_open(j, NULL, '{');
	jout_str(j, "name", name);
	jout_int(j, "rows", (int64_t)rows);
	jout_int(j, "bytes", (int64_t)bytes);
	if (rows > 0)
		jout_int(j, "bytesPerRow", (int64_t)(bytes / rows));
	jout_close(j, '}');
}

static void
put_tables(struct show *s)
{
	struct ktab_stats ks;
	struct evpn_stats es;
	struct rib_stats rs;
	struct peer *p;
	uint64_t rows = 0, peers = 0;
	size_t bytes;
	unsigned sessions = ctl_sessions(s->d->ctl, &bytes);
	int i;

	rib_stats(s->d->rib, &rs);
	evpn_stats(s->d->evpn, &es);
	ktab_stats(s->d->ktab, &ks);
	for (i = 0; i < KOBJ_KINDS; i++)
		rows += ks.rows[i];
	for (p = peers_first(s->d->peers); p != NULL; p = peers_after(p))
		peers++;
	jout_open(&s->j, "tables", '[');
	put_table(s, "Destinations", rs.dests, rs.dest_bytes);
	put_table(s, "Paths", rs.paths, rs.path_bytes);
	put_table(s, "Path attributes", attr_table_count(s->d->attrs),
	    attr_table_bytes(s->d->attrs));
	put_table(s, "VNIs", es.l2vnis + es.l3vnis, es.bytes);
	put_table(s, "MAC and MAC/IP rows", es.rows, es.row_bytes);
	put_table(s, "Imported routes", es.imported, es.import_bytes);
	put_table(s, "Kernel entries", rows, ks.bytes);
	put_table(s, "Neighbors", peers, peers * sizeof(struct peer));
	put_table(s, "Kernel events", KEVENT_RING, KEVENT_RING * sizeof(struct kevent));
	put_table(s, "Control sessions", sessions, bytes);
	jout_close(&s->j, ']');
}

/* What the kernel counts as ours; 0: not known. */
static int64_t
resident(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	long pages = 0;

	if (f == NULL)
		return 0;
	if (fscanf(f, "%*s %ld", &pages) != 1)
		pages = 0;
	fclose(f);
	return (int64_t)pages * sysconf(_SC_PAGESIZE);
}

static bool
step_memory(struct show *s)
{
	struct mallinfo2 mi = mallinfo2();
	struct jout *j = &s->j;

	jout_open(j, NULL, '{');
	jout_int(j, "heapAllocated", (int64_t)mi.arena + (int64_t)mi.hblkhd);
	jout_int(j, "heapUsed", (int64_t)mi.uordblks + (int64_t)mi.hblkhd);
	jout_int(j, "heapFree", (int64_t)mi.fordblks);
	jout_int(j, "resident", resident());
	jout_int(j, "ordinaryBlocks", (int64_t)mi.ordblks);
	jout_int(j, "holdingBlocks", (int64_t)mi.hblks);
	put_tables(s);
	jout_close(j, '}');
	return true;
}

/* --- log --- */

static const char *
level_name(uint8_t level)
{
	static const char *const names[] = { "disabled", "level emergencies",
		"level alerts", "level critical", "level errors", "level warnings",
		"level notifications", "level informational", "level debugging" };

	return level < sizeof(names) / sizeof(names[0]) ? names[level] : "unknown";
}

static bool
step_logging(struct show *s)
{
	const struct conf_log *c = &s->d->conf->log;
	struct jout *j = &s->j;
	const char *line;
	unsigned i;

	jout_open(j, NULL, '{');
	jout_str(j, "syslog", level_name(c->syslog_level));
	jout_str(j, "stdout", level_name(c->stdout_level));
	/* Without any destination, lines go to the standard error. */
	if (c->stdout_level == 0 && c->syslog_level == 0 && c->file_level == 0)
		jout_str(j, "stderr", level_name(LOG_INFO + 1));
	jout_str(j, "file", level_name(c->file != NULL ? c->file_level : 0));
	if (c->file != NULL)
		jout_str(j, "filename", c->file);
	jout_open(j, "lines", '[');
	for (i = 0; (line = log_recent(i)) != NULL; i++)
		jout_str(j, NULL, line);
	jout_close(j, ']');
	jout_close(j, '}');
	return true;
}

const struct show_desc show_conf_descs[] = {
	{ OP_SHOW_VERSION, NULL, step_version, NULL },
	{ OP_SHOW_RUNNING, NULL, step_running, NULL },
	{ OP_SHOW_CANDIDATE, start_candidate, step_candidate, "{}" },
	{ OP_SHOW_CONF_DIFF, start_diff, step_diff, "{}" },
	{ OP_SHOW_TRANSACTION, NULL, step_transaction, NULL },
	{ OP_SHOW_MEMORY, NULL, step_memory, NULL },
	{ OP_SHOW_LOGGING, NULL, step_logging, NULL },
	{ 0, NULL, NULL, NULL },
};

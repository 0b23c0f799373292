/*
 * change - see change.h.
 *
 * Three ways lead to a new running configuration: lines of "configure terminal", each in force
 * at once; a candidate, which one session collects lines in until it says "commit"; and the
 * file, read again. All of them end in put_in_force().
 *
 * Always: at most one session has a candidate, and while it has one, or a commit waits to be
 * confirmed, nobody else changes anything, so that neither a commit nor a roll back undoes
 * what it does not know. A candidate goes with its connection; a commit that waits for its
 * confirmation does not, and is taken back when its time is over.
 */
#include "change.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "base/mem.h"
#include "cli/grammar.h"
#include "conf/check.h"
#include "evpnd.h"
#include "log.h"
#include "revision.h"

#define CONFIRM_MIN 10 /* minutes, when "commit confirmed" names none */

struct change {
	struct evpnd *d;
	struct conf *candidate; /* NULL: nobody holds the configuration */
	struct change_user holder;
	char held_by[64];
	/* a commit that waits to be confirmed */
	struct conf *before; /* what it replaced; NULL: none waits */
	char waiting_by[64];
	uint64_t until_ms;
	struct event *timer;
	struct revisions revisions;
};

static const char *
name_user(const struct change_user *u, char *buf, size_t len)
{
	if (u->uid == 0)
		snprintf(buf, len, "root (process %d)", (int)u->pid);
	else
		snprintf(
		    buf, len, "user %u (process %d)", (unsigned)u->uid, (int)u->pid);
	return buf;
}

#define USERSTR(u) name_user((u), (char[64]){ 0 }, 64)

static bool
holds(const struct change *ch, const struct change_user *u)
{
	return ch->candidate != NULL && ch->holder.session == u->session;
}

/* C takes the running configuration's place, if it says anything else. */
static bool
put_in_force(struct change *ch, struct conf *c, const char *by, const char *how,
    const void *session)
{
	if (conf_equal(c, ch->d->conf)) {
		conf_free(c);
		return false;
	}
	revision_add(&ch->revisions, ch->d->conf, by, how, session);
	apply_conf(ch->d, c);
	return true;
}

static void
drop_candidate(struct change *ch)
{
	conf_free(ch->candidate);
	ch->candidate = NULL;
}

static bool
is_changed(const struct change *ch)
{
	return !conf_equal(ch->candidate, ch->d->conf);
}

/* --- a commit that waits to be confirmed --- */

static void
stop_waiting(struct change *ch)
{
	event_del(ch->timer);
	conf_free(ch->before);
	ch->before = NULL;
}

static void
on_unconfirmed(evutil_socket_t fd, short what, void *arg)
{
	struct change *ch = arg;
	struct conf *before = ch->before;

	(void)fd;
	(void)what;
	ch->before = NULL;
	log_warn("configuration: the commit of %s was not confirmed and is rolled back",
	    ch->waiting_by);
	put_in_force(ch, before, "evpnd", "not confirmed", NULL);
}

/* BEFORE, taken over, is what is gone back to; an earlier commit's that waits stays it. */
static void
wait_for_confirmation(
    struct change *ch, const struct change_user *u, struct conf *before, unsigned s)
{
	struct timeval tv = { .tv_sec = (time_t)s };

	if (ch->before == NULL)
		ch->before = before;
	else
		conf_free(before);
	name_user(u, ch->waiting_by, sizeof(ch->waiting_by));
	ch->until_ms = evpnd_now() + (uint64_t)s * 1000;
	event_add(ch->timer, &tv);
	log_notice("configuration: commit of %s, rolled back in %u s if not confirmed",
	    ch->waiting_by, s);
}

int
change_left_s(const struct change *ch)
{
	uint64_t now = evpnd_now();

	if (ch->before == NULL)
		return -1;
	return ch->until_ms > now ? (int)((ch->until_ms - now) / 1000) : 0;
}

bool
change_settled(const struct change *ch, char *msg, size_t len)
{
	if (ch->before == NULL)
		return true;
	snprintf(msg, len,
	    "%% A commit of %s is rolled back in %d s unless it is confirmed: "
	    "\"configure exclusive\" and \"commit\"",
	    ch->waiting_by, change_left_s(ch));
	return false;
}

/* --- who may --- */

/* Nobody else has a candidate; MSG names who has. */
static bool
is_free(const struct change *ch, const struct change_user *u, char *msg, size_t len)
{
	if (ch->candidate == NULL || (u != NULL && holds(ch, u)))
		return true;
	snprintf(msg, len, "%% The configuration is held by %s: configure exclusive",
	    ch->held_by);
	return false;
}

struct conf *
change_begin(struct change *ch, const struct change_user *u, struct conf_ctx *ctx,
    char *msg, size_t len)
{
	if (ctx->exclusive && holds(ch, u))
		return ch->candidate;
	if (ctx->exclusive) {
		*ctx = (struct conf_ctx){ .mode = CLI_EXEC };
		snprintf(msg, len,
		    "%% The candidate went with the connection it was made on; nothing "
		    "of it is in force");
		return NULL;
	}
	/* Not the holder's own lines either, when they are not meant for the candidate. */
	if (!is_free(ch, NULL, msg, len) || !change_settled(ch, msg, len))
		return NULL;
	return conf_copy(ch->d->conf);
}

bool
change_end(struct change *ch, const struct change_user *u, struct conf *c,
    struct conf_ctx *ctx, const struct conf_ctx *before, char *msg, size_t len)
{
	if (!before->exclusive) {
		put_in_force(ch, c, USERSTR(u), "configure terminal", u->session);
		return true;
	}
	if (ctx->mode != CLI_EXEC)
		return true;
	if (is_changed(ch)) {
		snprintf(msg, len,
		    "%% Not committed yet: \"commit\" first, or \"abort\" to drop it");
		*ctx = *before;
		return false;
	}
	drop_candidate(ch);
	ctx->exclusive = false;
	return true;
}

bool
change_reload(struct change *ch, struct conf *c, char *msg, size_t len)
{
	if (!is_free(ch, NULL, msg, len) || !change_settled(ch, msg, len)) {
		conf_free(c);
		return false;
	}
	/* Also when nothing else changed: the log's file may have been moved away. */
	log_configure(&ch->d->conf->log);
	put_in_force(ch, c, "SIGHUP", "reload", NULL);
	return true;
}

void
change_gone(struct change *ch, const void *session)
{
	revision_forget(&ch->revisions, session);
	if (ch->candidate == NULL || ch->holder.session != session)
		return;
	if (is_changed(ch))
		log_notice("configuration: %s is gone, what it had not committed too",
		    ch->held_by);
	drop_candidate(ch);
}

/* --- commands --- */

struct command {
	struct change *ch;
	const struct change_user *u;
	const struct cli_match *m;
	struct conf_ctx *ctx;
	char *msg;
	size_t len;
};

static bool
say(const struct command *c, bool done, const char *text)
{
	snprintf(c->msg, c->len, "%s", text);
	return done;
}

static unsigned
number(const struct command *c, unsigned unsaid)
{
	const char *text = cli_arg(c->m, "NUMBER");

	return text != NULL ? (unsigned)strtoul(text, NULL, 10) : unsaid;
}

static bool
configure(const struct command *c)
{
	return is_free(c->ch, c->u, c->msg, c->len) &&
	    change_settled(c->ch, c->msg, c->len);
}

/* "configure exclusive", and "configure replace" with nothing in it yet. */
static bool
configure_candidate(const struct command *c)
{
	struct change *ch = c->ch;

	if (cli_arg(c->m, "WORD") != NULL)
		return say(c, false, "% evpnsh reads the file, not the daemon");
	if (c->m->do_exec || c->ctx->mode != CLI_EXEC)
		return say(c, false, "% Leave this mode first");
	if (!is_free(ch, c->u, c->msg, c->len))
		return false;
	drop_candidate(ch);
	ch->candidate =
	    c->m->cmd->op == OP_CONFIGURE_REPLACE ? conf_new() : conf_copy(ch->d->conf);
	ch->candidate->is_own = apply_is_own;
	ch->holder = *c->u;
	name_user(c->u, ch->held_by, sizeof(ch->held_by));
	c->ctx->exclusive = true;
	return true;
}

static bool
has_candidate(const struct command *c)
{
	if (c->ctx->exclusive && holds(c->ch, c->u))
		return true;
	if (c->ctx->exclusive)
		return say(
		    c, false, "% The candidate is gone; \"end\" and start again");
	return say(c, false, "% Only in \"configure exclusive\"");
}

static void
tell_doubt(const char *text, void *arg)
{
	const struct command *c = arg;
	size_t at = strlen(c->msg);

	snprintf(c->msg + at, c->len - at, "%s%% %s", at > 0 ? "\n" : "", text);
}

static bool
commit_check(const struct command *c)
{
	if (!has_candidate(c))
		return false;
	conf_check(c->ch->candidate, tell_doubt, (void *)(uintptr_t)c);
	if (c->msg[0] == '\0')
		say(c, true, "Candidate configuration validated successfully.");
	return true;
}

static bool
commit(const struct command *c)
{
	struct change *ch = c->ch;
	bool confirmed = cli_arg(c->m, "confirmed") != NULL, waited, changed;
	unsigned s =
	    number(c, CONFIRM_MIN) * (cli_arg(c->m, "seconds") != NULL ? 1 : 60);
	struct conf *before;

	if (!has_candidate(c))
		return false;
	waited = ch->before != NULL;
	changed = is_changed(ch);
	if (!changed && !waited)
		return say(c, true, "No configuration changes to commit.");
	before = conf_copy(ch->d->conf);
	put_in_force(ch, conf_copy(ch->candidate), USERSTR(c->u), "commit", NULL);
	if (confirmed) {
		wait_for_confirmation(ch, c->u, before, s);
		snprintf(c->msg, c->len,
		    "Committed for %u s; \"commit\" again keeps it.", s);
		return true;
	}
	conf_free(before);
	if (waited) {
		stop_waiting(ch);
		log_notice("configuration: commit confirmed by %s", USERSTR(c->u));
	}
	return say(c, true,
	    changed      ? "Configuration committed."
		: waited ? "Commit confirmed."
			 : "");
}

static bool
leave_uncommitted(const struct command *c)
{
	if (!has_candidate(c))
		return false;
	drop_candidate(c->ch);
	c->ctx->exclusive = false;
	return true;
}

/* Revision N; 0 is what is in force. */
static struct conf *
revision(const struct command *c, unsigned n)
{
	struct conf *old =
	    n == 0 ? conf_copy(c->ch->d->conf) : revision_conf(&c->ch->revisions, n);

	if (old == NULL)
		snprintf(c->msg, c->len, "%% There is no revision %u", n);
	return old;
}

/* The candidate becomes what was in force before. */
static bool
rollback(const struct command *c)
{
	struct conf *old;

	if (!has_candidate(c))
		return false;
	old = revision(c, number(c, 0));
	if (old == NULL)
		return false;
	drop_candidate(c->ch);
	c->ch->candidate = old;
	return true;
}

/* At once, as in FRR. */
static bool
rollback_now(const struct command *c)
{
	struct conf *old;

	if (!configure(c))
		return false;
	old = revision(c, number(c, 0));
	if (old == NULL)
		return false;
	if (!put_in_force(c->ch, old, USERSTR(c->u), "rollback", NULL))
		return say(c, true, "No configuration changes to commit.");
	return true;
}

static bool (*const commands[OP_COUNT])(const struct command *c) = {
	[OP_CONFIGURE] = configure,
	[OP_CONFIGURE_EXCLUSIVE] = configure_candidate,
	[OP_CONFIGURE_REPLACE] = configure_candidate,
	[OP_COMMIT] = commit,
	[OP_COMMIT_CHECK] = commit_check,
	[OP_ABORT] = leave_uncommitted,
	[OP_ROLLBACK] = rollback,
	[OP_ROLLBACK_NOW] = rollback_now,
};

bool
change_known(const struct cli_match *m)
{
	return commands[m->cmd->op] != NULL;
}

bool
change_run(struct change *ch, const struct change_user *u, const struct cli_match *m,
    struct conf_ctx *ctx, char *msg, size_t len)
{
	struct command c = {
		.ch = ch, .u = u, .m = m, .ctx = ctx, .msg = msg, .len = len
	};

	msg[0] = '\0';
	if (!commands[m->cmd->op](&c))
		return false;
	if (m->cmd->next != CLI_STAY && !m->do_exec)
		ctx->mode = (enum cli_mode)m->cmd->next;
	return true;
}

/* --- for shows --- */

const struct conf *
change_candidate(const struct change *ch)
{
	return ch->candidate;
}

const char *
change_holder(const struct change *ch)
{
	return ch->candidate != NULL ? ch->held_by : "";
}

const struct revisions *
change_revisions(const struct change *ch)
{
	return &ch->revisions;
}

/* --- life --- */

struct change *
change_new(struct evpnd *d)
{
	struct change *ch = xcalloc(1, sizeof(*ch));

	ch->d = d;
	ch->timer = evtimer_new(d->base, on_unconfirmed, ch);
	return ch;
}

void
change_free(struct change *ch)
{
	if (ch == NULL)
		return;
	if (ch->before != NULL)
		log_warn("configuration: the commit of %s was not confirmed; the file, "
			 "which is read at the next start, does not have it",
		    ch->waiting_by);
	event_free(ch->timer);
	conf_free(ch->before);
	conf_free(ch->candidate);
	revisions_fini(&ch->revisions);
	free(ch);
}

/*
 * log - see log.h.
 *
 * Keeps: the last lines for "show logging". Where lines go is the configuration's choice;
 * without one, to stderr at informational.
 */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "conf/conf.h"

#define RECENT 256

static struct {
	int stderr_level; /* -1: off */
	int syslog_level;
	int file_level;
	FILE *file;
	bool journal; /* stderr goes to the journal, which wants "<N>" and no time */
	char *recent[RECENT];
	unsigned next;
} logger = { .stderr_level = LOG_INFO, .syslog_level = -1, .file_level = -1 };

static const char *const level_names[] = {
	"emergency",
	"alert",
	"critical",
	"error",
	"warning",
	"notice",
	"info",
	"debug",
};

void
log_configure(const struct conf_log *c)
{
	bool any = c->stdout_level || c->syslog_level || c->file_level;

	logger.journal = getenv("JOURNAL_STREAM") != NULL;
	logger.stderr_level = any ? c->stdout_level - 1 : LOG_INFO;
	logger.syslog_level = c->syslog_level - 1;
	logger.file_level = -1;
	if (logger.file != NULL)
		fclose(logger.file);
	logger.file = NULL;
	if (c->file_level == 0 || c->file == NULL)
		return;
	logger.file = fopen(c->file, "ae");
	if (logger.file == NULL)
		log_err("log file %s: %s; logging to stderr only", c->file,
		    strerror(errno));
	else
		logger.file_level = c->file_level - 1;
}

void
log_fini(void)
{
	if (logger.file != NULL)
		fclose(logger.file);
	logger.file = NULL;
	for (unsigned i = 0; i < RECENT; i++) {
		free(logger.recent[i]);
		logger.recent[i] = NULL;
	}
}

static void
stamp(char *buf, size_t len)
{
	struct timespec ts;
	struct tm tm;
	size_t n;

	clock_gettime(CLOCK_REALTIME, &ts);
	localtime_r(&ts.tv_sec, &tm);
	n = strftime(buf, len, "%Y/%m/%d %H:%M:%S", &tm);
	snprintf(buf + n, len - n, ".%03ld", ts.tv_nsec / 1000000);
}

static void
remember(const char *when, int level, const char *text)
{
	char **slot = &logger.recent[logger.next++ % RECENT];

	free(*slot);
	*slot = xasprintf("%s %s: %s", when, level_names[level & 7], text);
}

static void
put_line(int level, const char *text, bool keep)
{
	char when[40];

	stamp(when, sizeof(when));
	if (keep)
		remember(when, level, text);
	if (level <= logger.stderr_level && logger.journal)
		fprintf(stderr, "<%d>%s\n", level, text);
	else if (level <= logger.stderr_level)
		fprintf(stderr, "%s %s: %s\n", when, level_names[level & 7], text);
	if (level <= logger.syslog_level)
		syslog(level, "%s", text);
	if (level <= logger.file_level) {
		fprintf(logger.file, "%s %s: %s\n", when, level_names[level & 7], text);
		fflush(logger.file);
	}
}

bool
log_takes(int level)
{
	return level <= logger.stderr_level || level <= logger.syslog_level ||
	    level <= logger.file_level;
}

void
log_line(int level, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (!log_takes(level) && level > LOG_INFO)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	put_line(level, text, level <= LOG_INFO);
}

void
log_asked(const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	put_line(LOG_DEBUG, text, true);
}

const char *
log_recent(unsigned i)
{
	unsigned first = logger.next > RECENT ? logger.next - RECENT : 0;

	if (i >= logger.next - first)
		return NULL;
	return logger.recent[(first + i) % RECENT];
}

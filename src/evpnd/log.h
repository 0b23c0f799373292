/*
 * log - lines to stderr (journal priorities under systemd), syslog or a file.
 *
 * Subject first, one fact, values at the end. Levels are syslog's.
 */
#ifndef EVPND_LOG_H
#define EVPND_LOG_H

#include <stdbool.h>
#include <syslog.h>

struct conf_log;

void log_configure(const struct conf_log *c);
void log_fini(void);
void log_line(int level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A debug line that somebody asked for: "show logging" has it, too. */
void log_asked(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Does any destination take lines of this level? */
bool log_takes(int level);
/* The last lines, oldest first, for "show logging": line I or NULL. */
const char *log_recent(unsigned i);

#define log_err(...) log_line(LOG_ERR, __VA_ARGS__)
#define log_warn(...) log_line(LOG_WARNING, __VA_ARGS__)
#define log_notice(...) log_line(LOG_NOTICE, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)

#endif

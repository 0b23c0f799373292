/*
 * stop - Ctrl-C: ends what runs now, not the shell.
 */
#ifndef EVPNSH_STOP_H
#define EVPNSH_STOP_H

#include <stdbool.h>

/* From here on SIGINT, SIGTERM, SIGHUP, SIGTSTP and SIGWINCH are only noted. */
void stop_catch(void);
/* SIGTERM or SIGHUP came: stop_asked(), too, and for good. */
bool stop_ended(void);
/* SIGINT came since stop_clear(). */
bool stop_asked(void);
void stop_clear(void);
/* ^Z came since the last call. */
bool stop_suspended(void);
/* The terminal has another size since the last call. */
bool stop_resized(void);
/* Waits for a moment, or until FD can be read: then true. */
bool stop_poll(int fd);
/* Waits until FD can be read. False: SIGINT came first. */
bool stop_wait(int fd);
/* Sleeps; false: SIGINT came. */
bool stop_sleep(int ms);

#endif

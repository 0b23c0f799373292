/*
 * check.h - what a configuration says that may not work.
 */
#ifndef CONF_CHECK_H
#define CONF_CHECK_H

#include "conf/conf.h"

/*
 * Doubts about C as a whole, each one line for people. None is an error: what can never work
 * was refused where it was said.
 */
void conf_check(
    const struct conf *c, void (*report)(const char *text, void *arg), void *arg);

#endif

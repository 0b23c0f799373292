/*
 * diff - two configurations compared as people read them: line by line, block by block.
 */
#ifndef CONF_DIFF_H
#define CONF_DIFF_H

#include "conf/conf.h"

/*
 * What makes B of A, to PUT piece by piece: "-" and a line of A alone, "+" and a line of B
 * alone, " " and the head of a block around them. Nothing when they are alike. SECRETS: also
 * passwords, and that they differ.
 */
void conf_diff(const struct conf *a, const struct conf *b, bool secrets,
    void (*put)(const char *s, void *arg), void *arg);

#endif
